//! Thirty mutants written from the manual and the list of clauses, before any case and any other mutant was read.
//!
//! They measure how well the cases find what nobody had in mind when writing them, and are never changed to be found.

use ec20_manual::profile::{Argument, Change, Habit, Header, Part, Wire};

use super::{Mutant, argument, habit, head, lines, patch, replace, result, setting, spills, unstored};

pub(super) fn mutants() -> Vec<Mutant> {
    let blind = |clause: &str, what: &str, change| {
        let mutant = Mutant::new(clause, what, change);
        Mutant { id: format!("blind-{}", mutant.id), ..mutant }
    };
    let add = "qmmsedit_add";
    let send = "qmmsend_write";
    vec![
        blind("EDIT-TO-COUNT", "sixth-lost", Change::Keeps { part: Part::To, most: 5 }),
        blind("EDIT-LIST", "small-letters", argument(add, 3, Argument::Lower)),
        blind("EDIT-LIST", "plus-lost", argument(add, 3, Argument::Replace("+".into(), String::new()))),
        blind("EDIT-TITLE-SET", "ends-at-comma", argument(add, 3, Argument::Until(",".into()))),
        blind(
            "EDIT-TITLE-QUERY",
            "ucs2-told-as-utf8",
            lines("qmmsedit_query", replace("\"UCS2\"", "\"UTF8\"")),
        ),
        blind("EDIT-DELETE-ONLY", "takes-to-too", spills("qmmsedit_delete", Part::To)),
        blind(
            "EDIT-QUERY",
            "bcc-told-as-cc",
            lines("qmmsedit_query", replace("+QMMSEDIT: 3", "+QMMSEDIT: 2")),
        ),
        blind("EDIT-CLEAR", "bcc-stays", unstored("qmmsedit_clear", Part::Bcc)),
        blind("EDIT-CLEAR", "attachments-stay", unstored("qmmsedit_clear", Part::Attachments)),
        blind("EDIT-DELETE-KEEPS-FILES", "files-gone", spills("qmmsedit_delete", Part::Ram)),
        blind(
            "CFG-CONTEXTID-RANGE",
            "four-bits",
            argument("qmmscfg_contextid_write", 2, Argument::Modulo(16)),
        ),
        blind(
            "CFG-PROXY-PORT-RANGE",
            "fifteen-bits",
            argument("qmmscfg_proxy_write", 3, Argument::Modulo(32768)),
        ),
        blind("CFG-MMSC-LENGTH", "kept-to-99", argument("qmmscfg_mmsc_write", 2, Argument::Cut(99))),
        // When it was written, SEND-ARRIVES-PROXY had this demand of RFC 2616 in it.
        blind("SEND-HTTP-TARGET", "origin-form", head("http://10.64.64.1:8002", "")),
        blind(
            "CFG-SENDPARAM",
            "visible-and-class-swapped",
            argument("qmmscfg_sendparam_write", 6, Argument::Swap(7)),
        ),
        blind("SEND-ARRIVES-VISIBLE", "always-shown", setting(Header::Visibility, 1)),
        blind("SEND-ARRIVES-CLASS", "auto-as-personal", patch("8a83", "8a80")),
        blind("SEND-ARRIVES-VALID", "week-as-day", patch("093a80", "015180")),
        blind("SEND-TIMEOUT-SECONDS", "eight-bits", argument(send, 1, Argument::Modulo(256))),
        blind("SEND-TIMEOUT-RANGE", "fifteen-bits", Change::Limit { min: None, max: Some(32767) }),
        blind("SEND-RESULT-ENDS", "busy-after-timeout", habit(Habit::BusyAfterTimeout)),
        blind("SEND-RESULT-FORM", "text-unquoted", result("\"", "")),
        blind("HTTP-TABLE", "404-told-as-400", result(",404", ",400")),
        blind("EDIT-LISTS-SEPARATE", "room-for-twelve", habit(Habit::ListsShareRoom)),
        blind("SEND-TIMEOUT-CODE", "says-closed", result("775", "774")),
        blind("SEND-ARRIVES-ATTACHMENTS", "cut-at-1024", Change::Wire(Wire::PartsAtMost(1024))),
        blind("SEND-ARRIVES-BCC", "as-cc", Change::Wire(Wire::Swap(Header::Cc, Header::Bcc))),
        blind("CFG-KEYS-SEPARATE", "proxy-forgets-url", spills("qmmscfg_proxy_write", Part::Mmsc)),
        blind("EDIT-TITLE-SET", "blank-at-end-lost", argument(add, 3, Argument::Trim)),
        blind("SEND-FAILURE-KEEPS-MESSAGE", "title-lost", habit(Habit::FailureClearsTitle)),
    ]
}
