//! URCs and final results: lines that belong to no command's answer, or end one.

use super::limits::ANY;
use super::{FieldSpec, Layout, Rule, Spec, bare, bearer, field, general, keyed, mms, spec};

/// URCs with a prefix, by the prefix's name.
pub(crate) const URCS: &[(&str, &[Spec])] = &[
    (
        "+QMMSEND",
        &[
            spec("qmmsend_urc", mms::RESULT, &[2, 3]),
            Spec { name: "qmmsend_urc", key: "", fields: mms::RESULT, counts: &[1], layout: Layout::Short },
        ],
    ),
    ("+QIURC", &[keyed("qiurc_pdpdeact_urc", "pdpdeact", bearer::DEACTIVATED, &[1])]),
    ("+CREG", &[spec("creg_urc", bearer::AREA, &[1, 3, 4, 5])]),
    ("+CGREG", &[spec("cgreg_urc", bearer::AREA, &[1, 3, 4, 5])]),
    ("+CEREG", &[spec("cereg_urc", bearer::TRACKING_AREA, &[1, 3, 4])]),
    ("+CFUN", &[spec("cfun_urc", &[general::FUNCTIONALITY], &[1])]),
    ("+CPIN", &[spec("cpin_urc", &[general::PIN_STATE], &[1])]),
    ("+QUSIM", &[spec("qusim_urc", &[field("status", Rule::In(&[(0, 1)]), "")], &[1])]),
    (
        "+CMTI",
        &[spec("cmti_urc", &[field("mem", Rule::String(ANY), ""), field("index", Rule::Integer, "")], &[2])],
    ),
    ("+QIND", &[bare("qind_sms_done_urc"), bare("qind_pb_done_urc")]),
];

/// What stands behind `+QIND: `, in the order of its forms.
pub(crate) const INDICATIONS: [&[u8]; 2] = [b"SMS DONE", b"PB DONE"];

/// URCs that are one fixed text.
pub(crate) const PLAIN_URCS: &[(&str, Spec)] =
    &[("RDY", bare("rdy_urc")), ("POWERED DOWN", bare("powered_down_urc")), ("RING", bare("ring_urc"))];

/// `+CME ERROR: <err>` as a number (CMEE=1) and as text (CMEE=2).
pub(crate) const CME: [Spec; 2] = [
    spec("final_cme_numeric", &[CODE], &[1]),
    spec("final_cme_verbose", &[field("text", Rule::Text, "")], &[1]),
];

/// `+CMS ERROR: <err>`, which the short message service of the same module uses.
pub(crate) const CMS: [Spec; 2] = [
    spec("final_cms_numeric", &[CODE], &[1]),
    spec("final_cms_verbose", &[field("text", Rule::Text, "")], &[1]),
];

const CODE: FieldSpec = field("err", Rule::In(&[(0, 999)]), "");

/// `CONNECT` with the number of bytes to come, which QFREAD prints.
pub(crate) const CONNECT: Spec = spec("final_connect", &[field("length", Rule::Integer, "")], &[0, 1]);

/// Final results that are one fixed text.
pub(crate) const PLAIN_FINALS: &[(&str, Spec)] = &[
    ("OK", bare("final_ok")),
    ("ERROR", bare("final_error")),
    ("NO CARRIER", bare("final_no_carrier")),
    ("NO DIALTONE", bare("final_no_dialtone")),
    ("BUSY", bare("final_busy")),
    ("NO ANSWER", bare("final_no_answer")),
];

/// The result codes of ATV0 (V.250 5.7.1).
pub(crate) const NUMERIC: Spec =
    spec("final_numeric", &[field("code", Rule::In(&[(0, 4), (6, 8)]), "V250-NUMERIC")], &[1]);

/// The prompt for text.
pub(crate) const PROMPT: Spec = bare("prompt_text");
