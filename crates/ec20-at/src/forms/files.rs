//! The file commands (FILE manual of the module family).

use super::limits::{ANY, FILENAME};
use super::{
    Answers::{Download, Nothing, Prefixed, Upload},
    CommandSpec, FieldSpec, Rule, bare, bracketed, field, spec,
};
use crate::Form::{Execute, Read, Test, Write};

const FILE_NAME: FieldSpec = field("filename", Rule::String(FILENAME), "FILE-NAME-LENGTH");
const HANDLE: FieldSpec = field("filehandle", Rule::Integer, "");
const LENGTH: FieldSpec = field("length", Rule::Integer, "");
const MODE: FieldSpec = field("mode", Rule::In(&[(0, 2)]), "");
const COUNTED: [FieldSpec; 2] = [field("size", Rule::Integer, ""), field("checksum", Rule::Checksum, "")];

const fn any(name: &'static str) -> FieldSpec {
    field(name, Rule::AnyItem, "")
}

pub(super) const COMMANDS: &[CommandSpec] = &[
    CommandSpec {
        name: "+QFUPL",
        forms: &[
            (Test, bare("qfupl_test")),
            (
                Write,
                spec(
                    "qfupl_write",
                    &[
                        FILE_NAME,
                        field("filesize", Rule::In(&[(1, 999_999_999)]), "FILE-UPLOAD-SIZE"),
                        field("timeout", Rule::In(&[(1, 65535)]), "FILE-UPLOAD-TIMEOUT"),
                        field("ackmode", Rule::In(&[(0, 1)]), "FILE-UPLOAD-ACK"),
                    ],
                    &[1, 2, 3, 4],
                ),
            ),
        ],
        lines: &[
            spec("qfupl_info", &COUNTED, &[2]),
            bracketed(
                "qfupl_test_info",
                &[any("filename"), any("filesize"), any("timeout"), any("ackmode")],
                &[4],
            ),
        ],
        plain_lines: &[],
        answers: [Prefixed, Prefixed, Prefixed, Upload],
    },
    CommandSpec {
        name: "+QFDWL",
        forms: &[(Test, bare("qfdwl_test")), (Write, spec("qfdwl_write", &[FILE_NAME], &[1]))],
        lines: &[spec("qfdwl_info", &COUNTED, &[2]), bracketed("qfdwl_test_info", &[any("filename")], &[1])],
        plain_lines: &[],
        answers: [Prefixed, Prefixed, Prefixed, Download],
    },
    CommandSpec {
        name: "+QFLST",
        forms: &[
            (Test, bare("qflst_test")),
            (Execute, bare("qflst_exec")),
            (
                Write,
                spec("qflst_write", &[field("pattern", Rule::String(FILENAME), "FILE-NAME-LENGTH")], &[1]),
            ),
        ],
        lines: &[spec("qflst_info", &[FILE_NAME, field("filesize", Rule::Integer, "")], &[2])],
        plain_lines: &[],
        answers: [Prefixed, Prefixed, Prefixed, Prefixed],
    },
    CommandSpec {
        name: "+QFDEL",
        forms: &[(Test, bare("qfdel_test")), (Write, spec("qfdel_write", &[FILE_NAME], &[1]))],
        lines: &[bracketed("qfdel_test_info", &[any("filename")], &[1])],
        plain_lines: &[],
        answers: [Prefixed, Prefixed, Prefixed, Nothing],
    },
    CommandSpec {
        name: "+QFLDS",
        forms: &[
            (Test, bare("qflds_test")),
            (Execute, bare("qflds_exec")),
            (Write, spec("qflds_write", &[field("pattern", Rule::String(ANY), "")], &[1])),
        ],
        lines: &[spec(
            "qflds_info",
            &[field("freesize", Rule::Integer, ""), field("totalsize", Rule::Integer, "")],
            &[2],
        )],
        plain_lines: &[],
        answers: [Prefixed, Prefixed, Prefixed, Prefixed],
    },
    CommandSpec {
        name: "+QFOPEN",
        forms: &[
            (Test, bare("qfopen_test")),
            (Read, bare("qfopen_read")),
            (Write, spec("qfopen_write", &[FILE_NAME, MODE], &[1, 2])),
        ],
        lines: &[
            spec("qfopen_info", &[HANDLE], &[1]),
            spec("qfopen_entry_info", &[FILE_NAME, HANDLE, MODE], &[3]),
            bracketed("qfopen_test_info", &[any("filename"), any("mode")], &[2]),
        ],
        plain_lines: &[],
        answers: [Prefixed, Prefixed, Prefixed, Prefixed],
    },
    CommandSpec {
        name: "+QFREAD",
        forms: &[(Test, bare("qfread_test")), (Write, spec("qfread_write", &[HANDLE, LENGTH], &[1, 2]))],
        lines: &[bracketed("qfread_test_info", &[any("filehandle"), any("length")], &[2])],
        plain_lines: &[],
        answers: [Prefixed, Prefixed, Prefixed, Download],
    },
    CommandSpec {
        name: "+QFWRITE",
        forms: &[
            (Test, bare("qfwrite_test")),
            (
                Write,
                spec(
                    "qfwrite_write",
                    &[HANDLE, LENGTH, field("timeout", Rule::In(&[(0, 65535)]), "")],
                    &[1, 2, 3],
                ),
            ),
        ],
        lines: &[
            spec(
                "qfwrite_info",
                &[field("written", Rule::Integer, ""), field("total", Rule::Integer, "")],
                &[2],
            ),
            bracketed("qfwrite_test_info", &[any("filehandle"), any("length"), any("timeout")], &[3]),
        ],
        plain_lines: &[],
        answers: [Prefixed, Prefixed, Prefixed, Upload],
    },
    CommandSpec {
        name: "+QFSEEK",
        forms: &[
            (Test, bare("qfseek_test")),
            (
                Write,
                spec(
                    "qfseek_write",
                    &[HANDLE, field("offset", Rule::Integer, ""), field("position", Rule::In(&[(0, 2)]), "")],
                    &[2, 3],
                ),
            ),
        ],
        lines: &[bracketed("qfseek_test_info", &[any("filehandle"), any("offset"), any("position")], &[3])],
        plain_lines: &[],
        answers: [Prefixed, Prefixed, Prefixed, Nothing],
    },
    CommandSpec {
        name: "+QFPOSITION",
        forms: &[(Test, bare("qfposition_test")), (Write, spec("qfposition_write", &[HANDLE], &[1]))],
        lines: &[
            spec("qfposition_info", &[field("offset", Rule::Integer, "")], &[1]),
            bracketed("qfposition_test_info", &[any("filehandle")], &[1]),
        ],
        plain_lines: &[],
        answers: [Prefixed, Prefixed, Prefixed, Prefixed],
    },
    CommandSpec {
        name: "+QFTUCAT",
        forms: &[(Test, bare("qftucat_test")), (Write, spec("qftucat_write", &[HANDLE], &[1]))],
        lines: &[bracketed("qftucat_test_info", &[any("filehandle")], &[1])],
        plain_lines: &[],
        answers: [Prefixed, Prefixed, Prefixed, Nothing],
    },
    CommandSpec {
        name: "+QFCLOSE",
        forms: &[(Test, bare("qfclose_test")), (Write, spec("qfclose_write", &[HANDLE], &[1]))],
        lines: &[bracketed("qfclose_test_info", &[any("filehandle")], &[1])],
        plain_lines: &[],
        answers: [Prefixed, Prefixed, Prefixed, Nothing],
    },
];
