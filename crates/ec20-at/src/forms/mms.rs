//! The MMS commands (chapter 2 of the MMS manual).

use super::limits::{GATEWAY, URL};
use super::{
    Answers::{Nothing, Prefixed},
    CommandSpec, FieldSpec, Rule, bare, field, keyed, spec, test_line,
};
use crate::Form::{Test, Write};

const CONTEXT_ID: FieldSpec = field("contextid", Rule::In(&[(1, 16)]), "CFG-CONTEXTID-RANGE");
const CHARSETS: &[&str] = &["ASCII", "UTF8", "UCS2", "GBK"];
const SEND_PARAM: &[FieldSpec] = &[
    field("valid", Rule::In(&[(0, 6)]), "CFG-SENDPARAM-VALID-RANGE"),
    field("pri", Rule::In(&[(0, 3)]), "CFG-SENDPARAM-PRI-RANGE"),
    field("sendrep", Rule::In(&[(0, 1)]), "CFG-SENDPARAM-SENDREP-RANGE"),
    field("readrep", Rule::In(&[(0, 1)]), "CFG-SENDPARAM-READREP-RANGE"),
    field("visible", Rule::In(&[(0, 2)]), "CFG-SENDPARAM-VISIBLE-RANGE"),
    field("class", Rule::In(&[(0, 4)]), "CFG-SENDPARAM-CLASS-RANGE"),
];
const URL_FIELD: FieldSpec = field("url", Rule::String(URL), "CFG-MMSC-LENGTH");
const GATEWAY_FIELD: FieldSpec = field("gateway", Rule::String(GATEWAY), "CFG-PROXY-GATEWAY-LENGTH");
const CHARSET: FieldSpec = field("charset", Rule::Quoted(CHARSETS), "CFG-CHARACTER-VALUES");
const SUPPORT_FIELD: FieldSpec = field("supportfield", Rule::In(&[(0, 1)]), "");
const CONNECT_TIMEOUT: FieldSpec = field("connecttimeout", Rule::Integer, "");
const LIST: Rule = Rule::In(&[(1, 5)]);

pub(super) const COMMANDS: &[CommandSpec] = &[
    CommandSpec {
        name: "+QMMSCFG",
        forms: &[
            (Test, bare("qmmscfg_test")),
            (Write, keyed("qmmscfg_contextid_query", "contextid", &[], &[0])),
            (Write, keyed("qmmscfg_contextid_write", "contextid", &[CONTEXT_ID], &[1])),
            (Write, keyed("qmmscfg_mmsc_query", "mmsc", &[], &[0])),
            (Write, keyed("qmmscfg_mmsc_write", "mmsc", &[URL_FIELD], &[1])),
            (Write, keyed("qmmscfg_proxy_query", "proxy", &[], &[0])),
            (
                Write,
                keyed(
                    "qmmscfg_proxy_write",
                    "proxy",
                    &[GATEWAY_FIELD, field("port", Rule::In(&[(1, 65535)]), "CFG-PROXY-PORT-RANGE")],
                    &[2],
                ),
            ),
            (Write, keyed("qmmscfg_character_query", "character", &[], &[0])),
            (Write, keyed("qmmscfg_character_write", "character", &[CHARSET], &[1])),
            (Write, keyed("qmmscfg_sendparam_query", "sendparam", &[], &[0])),
            (Write, keyed("qmmscfg_sendparam_write", "sendparam", SEND_PARAM, &[6])),
            (Write, keyed("qmmscfg_supportfield_query", "supportfield", &[], &[0])),
            (Write, keyed("qmmscfg_supportfield_write", "supportfield", &[SUPPORT_FIELD], &[1])),
            (Write, keyed("qmmscfg_connecttimeout_query", "connecttimeout", &[], &[0])),
            (Write, keyed("qmmscfg_connecttimeout_write", "connecttimeout", &[CONNECT_TIMEOUT], &[1])),
        ],
        lines: &[
            keyed("qmmscfg_contextid_info", "contextid", &[CONTEXT_ID], &[1]),
            keyed("qmmscfg_mmsc_info", "mmsc", &[URL_FIELD], &[1]),
            // Port 0 is how an unset proxy may show; the manual is silent on it.
            keyed(
                "qmmscfg_proxy_info",
                "proxy",
                &[GATEWAY_FIELD, field("port", Rule::In(&[(0, 65535)]), "CFG-PROXY-PORT-RANGE")],
                &[2],
            ),
            keyed("qmmscfg_character_info", "character", &[CHARSET], &[1]),
            keyed("qmmscfg_sendparam_info", "sendparam", SEND_PARAM, &[6]),
            keyed("qmmscfg_supportfield_info", "supportfield", &[SUPPORT_FIELD], &[1]),
            keyed("qmmscfg_connecttimeout_info", "connecttimeout", &[CONNECT_TIMEOUT], &[1]),
            test_line("qmmscfg_contextid_test_info", "contextid", &[item("contextid", &["(1-16)"])], &[1]),
            test_line("qmmscfg_mmsc_test_info", "mmsc", &[item("url", &["<URL>"])], &[1]),
            test_line(
                "qmmscfg_proxy_test_info",
                "proxy",
                &[item("gateway", &["<gateway>"]), item("port", &["(1-65535)", "<port>"])],
                &[2],
            ),
            test_line(
                "qmmscfg_character_test_info",
                "character",
                &[item("charset", &["(\"ASCII\",\"UTF8\",\"UCS2\",\"GBK\")"])],
                &[1],
            ),
            test_line(
                "qmmscfg_sendparam_test_info",
                "sendparam",
                &[
                    item("valid", &["(0-6)"]),
                    item("pri", &["(0-3)"]),
                    item("sendrep", &["(0,1)"]),
                    item("readrep", &["(0,1)"]),
                    item("visible", &["(0-2)"]),
                    item("class", &["(0-4)"]),
                ],
                &[6],
            ),
            test_line(
                "qmmscfg_supportfield_test_info",
                "supportfield",
                &[item("supportfield", &["(0,1)"])],
                &[1],
            ),
            test_line(
                "qmmscfg_connecttimeout_test_info",
                "connecttimeout",
                &[field("connecttimeout", Rule::AnyRange, "CFG-TEST")],
                &[1],
            ),
        ],
        plain_lines: &[],
        answers: [Prefixed, Prefixed, Prefixed, Prefixed],
    },
    CommandSpec {
        name: "+QMMSEDIT",
        forms: &[
            (Test, bare("qmmsedit_test")),
            (Write, spec("qmmsedit_clear", &[field("function", Rule::Zero, "EDIT-CLEAR")], &[1])),
            (Write, spec("qmmsedit_query", &[field("function", LIST, "EDIT-FUNCTION-RANGE")], &[1])),
            (
                Write,
                spec(
                    "qmmsedit_delete",
                    &[
                        field("function", LIST, "EDIT-FUNCTION-RANGE"),
                        field("operation", Rule::In(&[(0, 0)]), "EDIT-OPERATION-RANGE"),
                    ],
                    &[2],
                ),
            ),
            (
                Write,
                spec(
                    "qmmsedit_add",
                    &[
                        field("function", LIST, "EDIT-FUNCTION-RANGE"),
                        field("operation", Rule::In(&[(1, 1)]), "EDIT-OPERATION-RANGE"),
                        field("optstring", Rule::EditText, ""),
                    ],
                    &[3],
                ),
            ),
        ],
        lines: &[
            spec(
                "qmmsedit_entry_info",
                &[
                    field("function", Rule::In(&[(1, 3), (5, 5)]), "EDIT-FUNCTION-RANGE"),
                    field("optstring", Rule::EditText, ""),
                ],
                &[2],
            ),
            spec(
                "qmmsedit_title_info",
                &[
                    field("function", Rule::In(&[(4, 4)]), "EDIT-FUNCTION-RANGE"),
                    CHARSET,
                    field("optstring", Rule::EditText, ""),
                ],
                &[3],
            ),
            test_line(
                "qmmsedit_test_info",
                "",
                &[
                    item("function", &["(0-5)"]),
                    item("operation", &["(0,1)"]),
                    item("optstring", &["<optstring>"]),
                ],
                &[3],
            ),
        ],
        plain_lines: &[],
        answers: [Prefixed, Prefixed, Prefixed, Prefixed],
    },
    CommandSpec {
        name: "+QMMSEND",
        forms: &[
            (Test, bare("qmmsend_test")),
            (
                Write,
                spec(
                    "qmmsend_write",
                    &[field("timeout", Rule::In(&[(1, 65535)]), "SEND-TIMEOUT-RANGE")],
                    &[1],
                ),
            ),
        ],
        lines: &[test_line("qmmsend_test_info", "", &[item("timeout", &["(1-65535)"])], &[1])],
        plain_lines: &[],
        answers: [Prefixed, Prefixed, Nothing, Nothing],
    },
];

/// `+QMMSEND: <err>[,<httprsp>[,<mmsrsp>]]`: the result of sending, any time after OK. The canonical form has two or
/// three fields; a first field alone is [`Tolerance::ResultArity`](crate::Tolerance::ResultArity).
pub(super) const RESULT: &[FieldSpec] = &[
    field("err", Rule::In(&[(0, 0), (751, 777)]), "CODE-TABLE"),
    field("httprsp", Rule::In(&[(0, 0), (100, 599)]), "HTTP-TABLE"),
    field("mmsrsp", Rule::StringOrNumber, "SEND-RESULT-FORM"),
];

const fn item(name: &'static str, items: &'static [&'static str]) -> FieldSpec {
    field(name, Rule::Items(items), "")
}
