//! The core: V.250's basic commands, identity, SIM, functionality, signal (AT manual of the module family, TS 27.007).

use super::limits::ANY;
use super::{
    Answers::{Nothing, Plain, Prefixed},
    CommandSpec, FieldSpec, Rule, Spec, bare, field, keyed, spec, test_line,
};
use crate::Form::{Execute, Read, Test, Write};

const URC_PORTS: &[&str] = &["usbat", "usbmodem", "uart1", "uart2", "all"];
const URC_PORT: FieldSpec = field("urcport", Rule::Quoted(URC_PORTS), "");
pub(super) const FUNCTIONALITY: FieldSpec = field("fun", Rule::In(&[(0, 1), (4, 4)]), "");
pub(super) const PIN_STATE: FieldSpec = field("code", Rule::PinState, "");

const fn any(name: &'static str) -> FieldSpec {
    field(name, Rule::AnyItem, "")
}

/// `AT` and `A/` have no name; their forms are found by the reader of the line itself.
pub(crate) const AT: Spec = bare("at_exec");
pub(crate) const REPEAT: Spec = bare("repeat_exec");

/// A basic command that answers nothing: a letter alone, or with a number.
macro_rules! basic {
    ($command:literal, $stem:literal, $values:expr, $clause:literal) => {
        CommandSpec {
            name: $command,
            forms: &[
                (Execute, bare(concat!($stem, "_exec"))),
                (Write, spec(concat!($stem, "_write"), &[field("value", Rule::In($values), $clause)], &[1])),
            ],
            lines: &[],
            plain_lines: &[],
            answers: [Nothing; 4],
        }
    };
}

/// A register that holds one byte of the framing.
macro_rules! register {
    ($command:literal, $stem:literal) => {
        CommandSpec {
            name: $command,
            forms: &[
                (Read, bare(concat!($stem, "_read"))),
                (
                    Write,
                    spec(
                        concat!($stem, "_write"),
                        &[field("value", Rule::Register, "V250-REGISTER-RANGE")],
                        &[1],
                    ),
                ),
            ],
            lines: &[],
            plain_lines: &[spec(
                concat!($stem, "_info"),
                &[field("value", Rule::RegisterLine, "V250-REGISTER-RANGE")],
                &[1],
            )],
            answers: [Nothing, Plain, Nothing, Nothing],
        }
    };
}

/// A command that prints one line about the module or the SIM, without a prefix.
macro_rules! identity {
    ($command:literal, $stem:literal, $name:literal, $rule:expr) => {
        CommandSpec {
            name: $command,
            forms: &[(Test, bare(concat!($stem, "_test"))), (Execute, bare(concat!($stem, "_exec")))],
            lines: &[],
            plain_lines: &[spec(concat!($stem, "_info"), &[field($name, $rule, "")], &[1])],
            answers: [Nothing, Nothing, Plain, Nothing],
        }
    };
}

const CMEE_N: FieldSpec = field("n", Rule::In(&[(0, 2)]), "CORE-CMEE-RANGE");
const CHARACTER_SET: FieldSpec = field("chset", Rule::Quoted(&["GSM", "IRA", "UCS2"]), "");
const OPERATOR: &[FieldSpec] = &[
    field("mode", Rule::In(&[(0, 4)]), ""),
    field("format", Rule::In(&[(0, 2)]), ""),
    field("oper", Rule::String(ANY), ""),
    field("act", Rule::In(&[(0, 9)]), ""),
];
const IMEI: Rule = Rule::Digits(15, 15);

pub(super) const COMMANDS: &[CommandSpec] = &[
    basic!("E", "e", &[(0, 1)], "V250-ECHO-RANGE"),
    basic!("V", "v", &[(0, 1)], "V250-VERBOSE-RANGE"),
    basic!("Q", "q", &[(0, 1)], "V250-QUIET-RANGE"),
    basic!("Z", "z", &[(0, 0)], ""),
    basic!("&F", "amp_f", &[(0, 0)], ""),
    CommandSpec {
        name: "I",
        forms: &[
            (Execute, bare("i_exec")),
            (Write, spec("i_write", &[field("value", Rule::In(&[(0, 9)]), "")], &[1])),
        ],
        lines: &[],
        plain_lines: &[
            spec("i_revision_info", &[field("revision", Rule::Text, "")], &[1]),
            spec("i_info", &[field("text", Rule::Text, "")], &[1]),
        ],
        answers: [Nothing, Nothing, Plain, Plain],
    },
    register!("S3", "s3"),
    register!("S4", "s4"),
    register!("S5", "s5"),
    CommandSpec {
        name: "+CMEE",
        forms: &[
            (Test, bare("cmee_test")),
            (Read, bare("cmee_read")),
            (Write, spec("cmee_write", &[CMEE_N], &[1])),
        ],
        lines: &[spec("cmee_info", &[CMEE_N], &[1]), test_line("cmee_test_info", "", &[any("n")], &[1])],
        plain_lines: &[],
        answers: [Prefixed, Prefixed, Prefixed, Nothing],
    },
    CommandSpec {
        name: "+CSCS",
        forms: &[
            (Test, bare("cscs_test")),
            (Read, bare("cscs_read")),
            (Write, spec("cscs_write", &[CHARACTER_SET], &[1])),
        ],
        lines: &[
            spec("cscs_info", &[CHARACTER_SET], &[1]),
            test_line("cscs_test_info", "", &[field("chset", Rule::AnyRange, "")], &[1]),
        ],
        plain_lines: &[],
        answers: [Prefixed, Prefixed, Prefixed, Nothing],
    },
    CommandSpec {
        name: "+CPIN",
        forms: &[
            (Test, bare("cpin_test")),
            (Read, bare("cpin_read")),
            (
                Write,
                spec("cpin_write", &[field("pin", Rule::Pin, ""), field("newpin", Rule::Pin, "")], &[1, 2]),
            ),
        ],
        lines: &[spec("cpin_info", &[PIN_STATE], &[1])],
        plain_lines: &[],
        answers: [Prefixed, Prefixed, Prefixed, Nothing],
    },
    CommandSpec {
        name: "+CFUN",
        forms: &[
            (Test, bare("cfun_test")),
            (Read, bare("cfun_read")),
            (Write, spec("cfun_write", &[FUNCTIONALITY, field("rst", Rule::In(&[(0, 1)]), "")], &[1, 2])),
        ],
        lines: &[
            spec("cfun_info", &[FUNCTIONALITY], &[1]),
            test_line("cfun_test_info", "", &[any("fun"), any("rst")], &[2]),
        ],
        plain_lines: &[],
        answers: [Prefixed, Prefixed, Prefixed, Nothing],
    },
    CommandSpec {
        name: "+CSQ",
        forms: &[(Test, bare("csq_test")), (Execute, bare("csq_exec"))],
        lines: &[
            spec(
                "csq_info",
                &[
                    field("rssi", Rule::In(&[(0, 31), (99, 99), (100, 191), (199, 199)]), ""),
                    field("ber", Rule::In(&[(0, 7), (99, 99)]), ""),
                ],
                &[2],
            ),
            test_line("csq_test_info", "", &[any("rssi"), any("ber")], &[2]),
        ],
        plain_lines: &[],
        answers: [Prefixed, Prefixed, Prefixed, Nothing],
    },
    CommandSpec {
        name: "+COPS",
        forms: &[
            (Test, bare("cops_test")),
            (Read, bare("cops_read")),
            (Write, spec("cops_write", OPERATOR, &[1, 2, 3, 4])),
        ],
        lines: &[
            spec("cops_info", OPERATOR, &[1, 3, 4]),
            spec("cops_test_info", &[field("list", Rule::Operators, "")], &[1]),
        ],
        plain_lines: &[],
        answers: [Prefixed, Prefixed, Prefixed, Nothing],
    },
    identity!("+CIMI", "cimi", "imsi", Rule::Digits(6, 15)),
    CommandSpec {
        name: "+QCCID",
        forms: &[(Test, bare("qccid_test")), (Execute, bare("qccid_exec"))],
        lines: &[spec("qccid_info", &[field("iccid", Rule::Iccid, "")], &[1])],
        plain_lines: &[],
        answers: [Prefixed, Prefixed, Prefixed, Nothing],
    },
    identity!("+CGSN", "cgsn", "imei", IMEI),
    identity!("+GSN", "gsn", "imei", IMEI),
    identity!("+CGMI", "cgmi", "manufacturer", Rule::Text),
    identity!("+GMI", "gmi", "manufacturer", Rule::Text),
    identity!("+CGMM", "cgmm", "model", Rule::Text),
    identity!("+GMM", "gmm", "model", Rule::Text),
    identity!("+CGMR", "cgmr", "revision", Rule::Text),
    identity!("+GMR", "gmr", "revision", Rule::Text),
    identity!("+QGMR", "qgmr", "revision", Rule::Text),
    CommandSpec {
        name: "+QURCCFG",
        forms: &[
            (Test, bare("qurccfg_test")),
            (Write, keyed("qurccfg_urcport_query", "urcport", &[], &[0])),
            (Write, keyed("qurccfg_urcport_write", "urcport", &[URC_PORT], &[1])),
        ],
        lines: &[
            keyed("qurccfg_urcport_info", "urcport", &[URC_PORT], &[1]),
            test_line("qurccfg_urcport_test_info", "urcport", &[field("urcport", Rule::AnyRange, "")], &[1]),
        ],
        plain_lines: &[],
        answers: [Prefixed, Prefixed, Prefixed, Prefixed],
    },
];
