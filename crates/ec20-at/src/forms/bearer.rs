//! The bearer: contexts, registration, quality of service (TCPIP and AT manuals of the module family, 3GPP TS 27.007).

use super::limits::{ANY, CREDENTIAL};
use super::{
    Answers::{Nothing, Prefixed},
    CommandSpec, FieldSpec, Rule, bare, field, spec, test_line,
};
use crate::Form::{Execute, Read, Test, Write};

const CONTEXT_ID: FieldSpec = field("contextid", Rule::In(&[(1, 16)]), "BEARER-CONTEXTID-RANGE");
const CID: FieldSpec = field("cid", Rule::In(&[(1, 16)]), "");
const CONTEXT_TYPE: FieldSpec = field("contexttype", Rule::In(&[(1, 3)]), "BEARER-CONTEXTTYPE-RANGE");
const APN: FieldSpec = field("apn", Rule::String(ANY), "");
const USER_NAME: FieldSpec = field("username", Rule::String(CREDENTIAL), "BEARER-CREDENTIAL-LENGTH");
const PASSWORD: FieldSpec = field("password", Rule::String(CREDENTIAL), "BEARER-CREDENTIAL-LENGTH");
const AUTHENTICATION: FieldSpec = field("authentication", Rule::In(&[(0, 3)]), "BEARER-AUTHENTICATION-RANGE");
const STATE: FieldSpec = field("state", Rule::In(&[(0, 1)]), "");
const REGISTRATION_N: FieldSpec = field("n", Rule::In(&[(0, 2)]), "");
const STAT: FieldSpec = field("stat", Rule::In(&[(0, 10)]), "");
const LAC: FieldSpec = field("lac", Rule::HexString, "");
const TAC: FieldSpec = field("tac", Rule::HexString, "");
const CI: FieldSpec = field("ci", Rule::HexString, "");
const ACT: FieldSpec = field("act", Rule::In(&[(0, 9)]), "");
const RAC: FieldSpec = field("rac", Rule::HexString, "");

const PDP_TYPE: FieldSpec = field("pdptype", Rule::Quoted(&["IP", "PPP", "IPV6", "IPV4V6"]), "");
const DEFINITION: &[FieldSpec] = &[
    CID,
    PDP_TYPE,
    APN,
    field("pdpaddr", Rule::String(ANY), ""),
    field("dcomp", Rule::In(&[(0, 4)]), ""),
    field("hcomp", Rule::In(&[(0, 4)]), ""),
    field("ipv4addralloc", Rule::Integer, ""),
    field("requesttype", Rule::Integer, ""),
];

const QOS: &[FieldSpec] = &[
    CID,
    field("precedence", Rule::In(&[(0, 3)]), ""),
    field("delay", Rule::In(&[(0, 4)]), ""),
    field("reliability", Rule::In(&[(0, 5)]), ""),
    field("peak", Rule::In(&[(0, 9)]), ""),
    field("mean", Rule::In(&[(0, 18), (31, 31)]), ""),
];
const QOS_TEST: &[FieldSpec] = &[
    field("pdptype", Rule::String(ANY), ""),
    any("precedence"),
    any("delay"),
    any("reliability"),
    any("peak"),
    any("mean"),
];

const UMTS_QOS: &[FieldSpec] = &[
    CID,
    field("trafficclass", Rule::In(&[(0, 4)]), ""),
    field("maxbitrateul", Rule::Integer, ""),
    field("maxbitratedl", Rule::Integer, ""),
    field("guaranteedbitrateul", Rule::Integer, ""),
    field("guaranteedbitratedl", Rule::Integer, ""),
    field("deliveryorder", Rule::In(&[(0, 2)]), ""),
    field("maxsdusize", Rule::Integer, ""),
    field("sduerrorratio", Rule::String(ANY), ""),
    field("residualbiterrorratio", Rule::String(ANY), ""),
    field("deliveryoferroneoussdus", Rule::In(&[(0, 3)]), ""),
    field("transferdelay", Rule::Integer, ""),
    field("traffichandlingpriority", Rule::In(&[(0, 3)]), ""),
];
const UMTS_QOS_TEST: &[FieldSpec] = &[
    field("pdptype", Rule::String(ANY), ""),
    any("trafficclass"),
    any("maxbitrateul"),
    any("maxbitratedl"),
    any("guaranteedbitrateul"),
    any("guaranteedbitratedl"),
    any("deliveryorder"),
    any("maxsdusize"),
    any("sduerrorratio"),
    any("residualbiterrorratio"),
    any("deliveryoferroneoussdus"),
    any("transferdelay"),
    any("traffichandlingpriority"),
];

pub(super) const AREA: &[FieldSpec] = &[STAT, LAC, CI, ACT, RAC];
pub(super) const TRACKING_AREA: &[FieldSpec] = &[STAT, TAC, CI, ACT];
pub(super) const DEACTIVATED: &[FieldSpec] = &[CONTEXT_ID];

const fn any(name: &'static str) -> FieldSpec {
    field(name, Rule::AnyItem, "")
}

/// `+CREG`, `+CGREG`, `+CEREG`: the same but for the names of the area.
macro_rules! registration {
    ($command:literal, $stem:literal, [$($field:expr),*], $counts:expr) => {
        CommandSpec {
            name: $command,
            forms: &[
                (Test, bare(concat!($stem, "_test"))),
                (Read, bare(concat!($stem, "_read"))),
                (Write, spec(concat!($stem, "_write"), &[REGISTRATION_N], &[1])),
            ],
            lines: &[
                spec(concat!($stem, "_info"), &[REGISTRATION_N, $($field),*], $counts),
                test_line(concat!($stem, "_test_info"), "", &[any("n")], &[1]),
            ],
            plain_lines: &[],
            answers: [Prefixed, Prefixed, Prefixed, Nothing],
        }
    };
}

/// Commands of 27.007 that set one list of numbers per context.
macro_rules! quality {
    ($command:literal, $stem:literal, $fields:expr, $written:expr, $count:expr, $test:expr, $test_count:expr) => {
        CommandSpec {
            name: $command,
            forms: &[
                (Test, bare(concat!($stem, "_test"))),
                (Read, bare(concat!($stem, "_read"))),
                (Write, spec(concat!($stem, "_write"), $fields, $written)),
            ],
            lines: &[
                spec(concat!($stem, "_info"), $fields, &[$count]),
                test_line(concat!($stem, "_test_info"), "", $test, &[$test_count]),
            ],
            plain_lines: &[],
            answers: [Prefixed, Prefixed, Prefixed, Nothing],
        }
    };
}

const UP_TO_6: &[usize] = &[1, 2, 3, 4, 5, 6];
const UP_TO_13: &[usize] = &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13];

pub(super) const COMMANDS: &[CommandSpec] = &[
    CommandSpec {
        name: "+QICSGP",
        forms: &[
            (Test, bare("qicsgp_test")),
            (Write, spec("qicsgp_query", &[CONTEXT_ID], &[1])),
            (
                Write,
                spec(
                    "qicsgp_write",
                    &[CONTEXT_ID, CONTEXT_TYPE, APN, USER_NAME, PASSWORD, AUTHENTICATION],
                    &[3, 5, 6],
                ),
            ),
        ],
        lines: &[
            spec("qicsgp_info", &[CONTEXT_TYPE, APN, USER_NAME, PASSWORD, AUTHENTICATION], &[5]),
            test_line(
                "qicsgp_test_info",
                "",
                &[
                    any("contextid"),
                    any("contexttype"),
                    any("apn"),
                    any("username"),
                    any("password"),
                    any("authentication"),
                ],
                &[6],
            ),
        ],
        plain_lines: &[],
        answers: [Prefixed, Prefixed, Prefixed, Prefixed],
    },
    CommandSpec {
        name: "+QIACT",
        forms: &[
            (Test, bare("qiact_test")),
            (Read, bare("qiact_read")),
            (Write, spec("qiact_write", &[CONTEXT_ID], &[1])),
        ],
        lines: &[
            spec(
                "qiact_info",
                &[
                    CONTEXT_ID,
                    STATE,
                    field("type", Rule::In(&[(1, 3)]), ""),
                    field("address", Rule::String(ANY), ""),
                ],
                &[3, 4],
            ),
            test_line("qiact_test_info", "", &[any("contextid")], &[1]),
        ],
        plain_lines: &[],
        answers: [Prefixed, Prefixed, Prefixed, Nothing],
    },
    CommandSpec {
        name: "+QIDEACT",
        forms: &[(Test, bare("qideact_test")), (Write, spec("qideact_write", &[CONTEXT_ID], &[1]))],
        lines: &[test_line("qideact_test_info", "", &[any("contextid")], &[1])],
        plain_lines: &[],
        answers: [Prefixed, Prefixed, Prefixed, Nothing],
    },
    CommandSpec {
        name: "+QIGETERROR",
        forms: &[(Test, bare("qigeterror_test")), (Execute, bare("qigeterror_exec"))],
        lines: &[spec(
            "qigeterror_info",
            &[
                field("err", Rule::In(&[(0, 0), (550, 576)]), ""),
                field("description", Rule::StringOrText, ""),
            ],
            &[2],
        )],
        plain_lines: &[],
        answers: [Prefixed, Prefixed, Prefixed, Prefixed],
    },
    CommandSpec {
        name: "+CGATT",
        forms: &[
            (Test, bare("cgatt_test")),
            (Read, bare("cgatt_read")),
            (Write, spec("cgatt_write", &[STATE], &[1])),
        ],
        lines: &[spec("cgatt_info", &[STATE], &[1]), test_line("cgatt_test_info", "", &[any("state")], &[1])],
        plain_lines: &[],
        answers: [Prefixed, Prefixed, Prefixed, Nothing],
    },
    CommandSpec {
        name: "+CGACT",
        forms: &[
            (Test, bare("cgact_test")),
            (Read, bare("cgact_read")),
            (Write, spec("cgact_write", &[STATE, CID], &[1, 2])),
        ],
        lines: &[
            spec("cgact_info", &[CID, STATE], &[2]),
            test_line("cgact_test_info", "", &[any("state")], &[1]),
        ],
        plain_lines: &[],
        answers: [Prefixed, Prefixed, Prefixed, Nothing],
    },
    registration!("+CREG", "creg", [STAT, LAC, CI, ACT, RAC], &[2, 4, 5, 6]),
    registration!("+CGREG", "cgreg", [STAT, LAC, CI, ACT, RAC], &[2, 4, 5, 6]),
    registration!("+CEREG", "cereg", [STAT, TAC, CI, ACT], &[2, 4, 5]),
    CommandSpec {
        name: "+CGDCONT",
        forms: &[
            (Test, bare("cgdcont_test")),
            (Read, bare("cgdcont_read")),
            (Write, spec("cgdcont_write", DEFINITION, UP_TO_6)),
        ],
        lines: &[
            spec("cgdcont_info", DEFINITION, &[6, 8]),
            test_line(
                "cgdcont_test_info",
                "",
                &[
                    field("cid", Rule::AnyRange, ""),
                    field("pdptype", Rule::String(ANY), ""),
                    field("", Rule::Gap, ""),
                    field("", Rule::Gap, ""),
                    field("dcomp", Rule::AnyRange, ""),
                    field("hcomp", Rule::AnyRange, ""),
                    field("ipv4addralloc", Rule::AnyRange, ""),
                    field("requesttype", Rule::AnyRange, ""),
                ],
                &[6, 8],
            ),
        ],
        plain_lines: &[],
        answers: [Prefixed, Prefixed, Prefixed, Nothing],
    },
    quality!("+CGQMIN", "cgqmin", QOS, UP_TO_6, 6, QOS_TEST, 6),
    quality!("+CGQREQ", "cgqreq", QOS, UP_TO_6, 6, QOS_TEST, 6),
    quality!("+CGEQMIN", "cgeqmin", UMTS_QOS, UP_TO_13, 13, UMTS_QOS_TEST, 13),
    quality!("+CGEQREQ", "cgeqreq", UMTS_QOS, UP_TO_13, 13, UMTS_QOS_TEST, 13),
];
