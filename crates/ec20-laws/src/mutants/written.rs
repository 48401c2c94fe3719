//! The mutants written by hand: behaviour, the wire, the frame, and what the kind of a clause does not say.
//!
//! Knows one table for each chapter of the catalogue. Refuses to know whether a mutant can be found: that is measured.

mod arriving;
mod beyond;

use arriving::{arriving, standards, strangers};
use beyond::{bearer, files, framing, sessions};
use ec20_manual::profile::{Argument, Change, Habit, Lines, Part};

use super::{
    Mutant, answer, argument, frame, habit, head, lines, patch, replace, respelled, result, setting, spills,
    unstored,
};

pub(super) fn mutants() -> Vec<Mutant> {
    [
        process(),
        configuration(),
        lists(),
        titles_and_files(),
        sending(),
        arriving(),
        strangers(),
        standards(),
        framing(),
        sessions(),
        files(),
        bearer(),
    ]
    .concat()
}

/// The five keys: name, the part they set, and the part of the key beside them.
const KEYS: [(&str, Part, Part); 5] = [
    ("contextid", Part::Contextid, Part::Mmsc),
    ("mmsc", Part::Mmsc, Part::Proxy),
    ("proxy", Part::Proxy, Part::Character),
    ("character", Part::Character, Part::Sendparam),
    ("sendparam", Part::Sendparam, Part::Contextid),
];

/// The five functions and the part they edit.
const FUNCTIONS: [(&str, Part); 5] = [
    ("to", Part::To),
    ("cc", Part::Cc),
    ("bcc", Part::Bcc),
    ("title", Part::Title),
    ("attach", Part::Attachments),
];

fn process() -> Vec<Mutant> {
    vec![
        Mutant::new("PROC-SIX-STEPS", "send-refused", answer("qmmsend_write", &["+CME ERROR: 751"], false)),
        Mutant::new(
            "PROC-REPEAT-MESSAGE",
            "busy-for-good",
            answer("qmmsend_write", &["+CME ERROR: 764"], false),
        ),
        Mutant::new("PROC-REPEAT-MESSAGE", "context-forgotten", habit(Habit::SendResetsSettings)),
        Mutant::new("PROC-REPEAT-SETTINGS", "url-not-set", unstored("qmmscfg_mmsc_write", Part::Mmsc)),
        Mutant::new("PROC-CPIN-READY", "quoted", lines("cpin_read", replace("READY", "\"READY\""))),
        Mutant::new("PROC-ATTACH", "inverted", lines("cgatt_read", replace("1", "0"))),
        Mutant::new("PROC-ATTACH", "refused", answer("cgatt_write", &["ERROR"], true)),
        Mutant::new("PROC-ATTACH", "line-missing", lines("cgatt_read", Lines::Drop(0))),
        Mutant::new("PROC-REGISTERED", "line-missing", lines("cgreg_read", Lines::Drop(0))),
        Mutant::new("PROC-REGISTERED", "refused", answer("cgreg_read", &["ERROR"], true)),
        Mutant::new("PROC-APN-SHOWN", "line-missing", lines("qicsgp_query", Lines::Drop(0))),
        Mutant::new("PROC-APN-SHOWN", "places-exchanged", lines("qicsgp_query", Lines::Exchange(1, 2))),
        Mutant::new("PROC-ACTIVE-CONTEXTS", "fourth-taken", habit(Habit::FourthContext)),
        Mutant::new("PROC-FAILURE-RECOVERY", "message-gone", habit(Habit::FailureClearsMessage)),
        Mutant::new("PROC-FAILURE-RECOVERY", "context-not-down", answer("qideact_write", &["ERROR"], true)),
    ]
}

fn configuration() -> Vec<Mutant> {
    let mut all = vec![
        Mutant::new(
            "CFG-CONTEXTID-DEFAULT",
            "is-2",
            Change::Factory { part: Part::Contextid, values: vec!["2".into()] },
        ),
        Mutant::new(
            "CFG-CONTEXTID-DEFAULT",
            "is-16",
            Change::Factory { part: Part::Contextid, values: vec!["16".into()] },
        ),
        Mutant::new("CFG-TEST", "reversed", lines("qmmscfg_test", Lines::Reverse)),
        Mutant::new("CFG-TEST-CONTEXTID", "from-0", lines("qmmscfg_test", replace("(1-16)", "(0-16)"))),
        Mutant::new("CFG-TEST-CONTEXTID", "to-7", lines("qmmscfg_test", replace("(1-16)", "(1-7)"))),
        Mutant::new("CFG-TEST-MMSC", "no-name", lines("qmmscfg_test", replace(",<URL>", ""))),
        Mutant::new("CFG-TEST-PROXY", "from-0", lines("qmmscfg_test", replace("(1-65535)", "(0-65535)"))),
        Mutant::new("CFG-TEST-CHARACTER", "no-gbk", lines("qmmscfg_test", replace(",\"GBK\"", ""))),
        Mutant::new(
            "CFG-TEST-SENDPARAM",
            "swapped",
            lines("qmmscfg_test", replace("(0-6),(0-3)", "(0-3),(0-6)")),
        ),
        Mutant::new("CFG-TEST-SENDPARAM", "runs-for-lists", lines("qmmscfg_test", replace("(0,1)", "(0-1)"))),
        Mutant::new("CFG-CONTEXTID", "one-more", argument("qmmscfg_contextid_write", 2, Argument::Plus(1))),
        Mutant::new("CFG-CONTEXTID-QUERY", "quoted", lines("qmmscfg_contextid_query", replace(",", ",0"))),
        Mutant::new("CFG-MMSC", "small-letters", argument("qmmscfg_mmsc_write", 2, Argument::Lower)),
        Mutant::new(
            "CFG-MMSC",
            "query-string-lost",
            argument("qmmscfg_mmsc_write", 2, Argument::Until("?".into())),
        ),
        Mutant::new("CFG-MMSC-QUERY", "unquoted", lines("qmmscfg_mmsc_query", replace(",\"", ","))),
        Mutant::new("CFG-PROXY", "port-one-more", argument("qmmscfg_proxy_write", 3, Argument::Plus(1))),
        Mutant::new("CFG-PROXY", "port-80", argument("qmmscfg_proxy_write", 3, Argument::Text("80".into()))),
        Mutant::new("CFG-PROXY", "gateway-cut", argument("qmmscfg_proxy_write", 2, Argument::Cut(10))),
        Mutant::new("CFG-PROXY-QUERY", "exchanged", lines("qmmscfg_proxy_query", Lines::Exchange(1, 2))),
        Mutant::new(
            "CFG-CHARACTER",
            "always-ascii",
            argument("qmmscfg_character_write", 2, Argument::Text("ASCII".into())),
        ),
        Mutant::new(
            "CFG-CHARACTER-QUERY",
            "unquoted",
            lines("qmmscfg_character_query", replace(",\"UTF8\"", ",UTF8")),
        ),
        Mutant::new("CFG-REPLACES", "first-stays", unstored("qmmscfg_mmsc_write", Part::Mmsc)),
    ];
    for nth in 2..7 {
        let id = format!("{nth}-and-{}-taken-exchanged", nth + 1);
        all.push(Mutant::new(
            "CFG-SENDPARAM",
            &id,
            argument("qmmscfg_sendparam_write", nth, Argument::Swap(nth + 1)),
        ));
        let id = format!("{}-and-{nth}-told-exchanged", nth - 1);
        all.push(Mutant::new(
            "CFG-SENDPARAM-QUERY",
            &id,
            lines("qmmscfg_sendparam_query", Lines::Exchange(nth - 1, nth)),
        ));
    }
    let charsets = ["ASCII", "UTF8", "UCS2", "GBK"];
    for (charset, taken) in charsets.into_iter().zip(charsets.into_iter().cycle().skip(1)) {
        let id = format!("{}-taken-as-{}", charset.to_lowercase(), taken.to_lowercase());
        let becomes = Argument::Replace(charset.into(), taken.into());
        all.push(Mutant::new("CFG-CHARACTER", &id, argument("qmmscfg_character_write", 2, becomes)));
    }
    for (nth, line) in ["CONTEXTID", "MMSC", "PROXY", "CHARACTER", "SENDPARAM"].into_iter().enumerate() {
        let clause = format!("CFG-TEST-{line}");
        all.push(Mutant::new(&clause, "line-missing", lines("qmmscfg_test", Lines::Drop(nth))));
    }
    // The blind list has this one.
    all.retain(|mutant| mutant.id != "cfg-sendparam-6-and-7-taken-exchanged");
    for (key, part, beside) in KEYS {
        let (write, query) = (format!("qmmscfg_{key}_write"), format!("qmmscfg_{key}_query"));
        let clause = format!("CFG-{}", key.to_uppercase());
        all.push(Mutant::new(&clause, "not-stored", unstored(&write, part)));
        all.push(Mutant::new("CFG-KEYS-SEPARATE", &format!("{key}-spills"), spills(&write, beside)));
        all.push(Mutant::new("CFG-QUERY-ONLY", &format!("{key}-forgets"), spills(&query, part)));
        let refusal = Change::RefusalSpills { at: write.clone(), part };
        all.push(Mutant::new("CFG-REFUSED-UNCHANGED", &format!("{key}-forgets"), refusal));
        all.push(Mutant::new(
            "EDIT-CLEAR-KEEPS-SETTINGS",
            &format!("{key}-forgotten"),
            spills("qmmsedit_clear", part),
        ));
        let kept = if key == "character" { Part::Title } else { Part::To };
        all.push(Mutant::new("EDIT-KEPT-OVER-CONFIG", &format!("{key}-forgets"), spills(&write, kept)));
    }
    all
}

fn lists() -> Vec<Mutant> {
    let mut all = vec![
        Mutant::new("EDIT-TEST", "to-4", lines("qmmsedit_test", replace("(0-5)", "(0-4)"))),
        Mutant::new("EDIT-TEST", "run-for-list", lines("qmmsedit_test", replace("(0,1)", "(0-1)"))),
        Mutant::new(
            "EDIT-CLEAR-TITLE",
            "line-missing-charset",
            lines("qmmsedit_query", replace("\"ASCII\",", "")),
        ),
        Mutant::new("EDIT-CLEAR-KEEPS-FILES", "files-gone", spills("qmmsedit_clear", Part::Ram)),
        Mutant::new(
            "EDIT-QUERY",
            "always-to",
            lines("qmmsedit_query", replace("+QMMSEDIT: 2", "+QMMSEDIT: 1")),
        ),
        Mutant::new(
            "EDIT-QUERY",
            "attach-as-title",
            lines("qmmsedit_query", replace("+QMMSEDIT: 5", "+QMMSEDIT: 4")),
        ),
        Mutant::new(
            "EDIT-QUERY",
            "name-as-printed",
            lines("qmmsedit_query", replace("+QMMSEDIT", "+QMMSEIDT")),
        ),
        Mutant::new("EDIT-QUERY", "unquoted", lines("qmmsedit_query", replace("\"", ""))),
        Mutant::new("EDIT-LIST", "first-missing", lines("qmmsedit_query", Lines::Drop(0))),
        Mutant::new("EDIT-LIST", "second-missing", lines("qmmsedit_query", Lines::Drop(1))),
        Mutant::new("EDIT-LIST", "first-twice", lines("qmmsedit_query", Lines::Double(0))),
        Mutant::new("EDIT-LIST", "cut", argument("qmmsedit_add", 3, Argument::Cut(12))),
        Mutant::new("EDIT-LIST", "one-replaces", habit(Habit::AddReplaces)),
        Mutant::new("EDIT-LIST-ORDER", "reversed", lines("qmmsedit_query", Lines::Reverse)),
        Mutant::new("EDIT-LIST-ORDER", "newest-first", habit(Habit::NewestFirst)),
        Mutant::new(
            "EDIT-LIST-EMPTY",
            "empty-line",
            lines("qmmsedit_query", Lines::Append("+QMMSEDIT: 1,\"\"".into())),
        ),
        Mutant::new("EDIT-LIST-EMPTY", "refused", answer("qmmsedit_query", &["ERROR"], true)),
        Mutant::new(
            "EDIT-ADDRESS-KINDS",
            "at-sign-refused",
            argument("qmmsedit_add", 3, Argument::Replace("@".into(), String::new())),
        ),
        Mutant::new("EDIT-ADDRESS-PLAIN", "in-hex", habit(Habit::AddressInHex)),
        Mutant::new("EDIT-KINDS-TOGETHER", "one-forgets-another", spills("qmmsedit_add", Part::Attachments)),
        Mutant::new("EDIT-AFTER-DELETE", "add-refused", Change::Keeps { part: Part::To, most: 0 }),
    ];
    for (name, part) in FUNCTIONS {
        let upper = name.to_uppercase();
        let add = if name == "title" { "EDIT-TITLE-SET".into() } else { format!("EDIT-{upper}-ADD") };
        all.push(Mutant::new(&add, "not-stored", unstored("qmmsedit_add", part)));
        let delete = format!("EDIT-{upper}-DELETE");
        all.push(Mutant::new(&delete, "stays", unstored("qmmsedit_delete", part)));
        if name != "title" {
            all.push(Mutant::new(&delete, "takes-one", habit(Habit::DeletesOne)));
        }
        if !matches!(part, Part::Bcc | Part::Attachments) {
            all.push(Mutant::new("EDIT-CLEAR", &format!("{name}-stays"), unstored("qmmsedit_clear", part)));
        }
        if part != Part::To {
            all.push(Mutant::new(
                "EDIT-DELETE-ONLY",
                &format!("takes-{name}-too"),
                spills("qmmsedit_delete", part),
            ));
        }
        all.push(Mutant::new(
            "EDIT-QUERY-ONLY",
            &format!("{name}-forgotten"),
            spills("qmmsedit_query", part),
        ));
        let refusal = Change::RefusalSpills { at: "qmmsedit_add".into(), part };
        all.push(Mutant::new("EDIT-REFUSED-UNCHANGED", &format!("{name}-forgotten"), refusal));
    }
    for (name, part, most) in [("cc", Part::Cc, 5), ("bcc", Part::Bcc, 5), ("attach", Part::Attachments, 11)]
    {
        let clause = format!("EDIT-{}-COUNT", name.to_uppercase());
        all.push(Mutant::new(&clause, "last-lost", Change::Keeps { part, most }));
    }
    all
}

fn titles_and_files() -> Vec<Mutant> {
    vec![
        Mutant::new("EDIT-TITLE-REPLACE", "appends", habit(Habit::TitleAppends)),
        Mutant::new("EDIT-TITLE-QUERY", "charset-missing", lines("qmmsedit_query", Lines::Exchange(1, 2))),
        Mutant::new(
            "EDIT-TITLE-QUERY",
            "charset-ascii",
            lines("qmmsedit_query", replace("\"GBK\"", "\"ASCII\"")),
        ),
        Mutant::new("EDIT-TITLE-EMPTY", "nothing", lines("qmmsedit_query", replace(",\"\"", ""))),
        Mutant::new("EDIT-TITLE-EMPTY", "stays", unstored("qmmsedit_delete", Part::Title)),
        Mutant::new("EDIT-TITLE-HEX", "cut", argument("qmmsedit_add", 3, Argument::Cut(8))),
        Mutant::new("EDIT-TITLE-HEX", "told-in-part", lines("qmmsedit_query", replace("74", "54"))),
        Mutant::new("EDIT-TITLE-LENGTH", "kept-to-199", argument("qmmsedit_add", 3, Argument::Cut(199))),
        Mutant::new("EDIT-TITLE-HEX-LENGTH", "kept-to-198", argument("qmmsedit_add", 3, Argument::Cut(198))),
        Mutant::new("EDIT-ADDRESS-LENGTH", "kept-to-49", argument("qmmsedit_add", 3, Argument::Cut(49))),
        Mutant::new("EDIT-FILENAME-LENGTH", "kept-to-79", argument("qmmsedit_add", 3, Argument::Cut(79))),
        Mutant::new("EDIT-ATTACH-ADD", "prefix-lost", lines("qmmsedit_query", replace("RAM:", ""))),
        Mutant::new("EDIT-FILE-MISSING", "attached-unseen", habit(Habit::AttachesUnseen)),
    ]
}

fn sending() -> Vec<Mutant> {
    let mut all = vec![
        Mutant::new("SEND-TEST", "from-0", lines("qmmsend_test", replace("(1-", "(0-"))),
        Mutant::new("SEND-TEST", "one-more", lines("qmmsend_test", replace("65535", "65536"))),
        Mutant::new("SEND-WRITE", "refused", answer("qmmsend_write", &["ERROR"], false)),
        Mutant::new("SEND-WRITE", "silent", answer("qmmsend_write", &[], false)),
        Mutant::new("SEND-OK-FIRST", "result-first", habit(Habit::ResultBeforeOk)),
        Mutant::new("SEND-ONE-RESULT", "never", habit(Habit::ResultNever)),
        Mutant::new("SEND-ONE-RESULT", "twice", Change::Result(Lines::Double(0))),
        Mutant::new("SEND-RESULT-FORM", "fields-by-semicolon", result(",", ";")),
        Mutant::new("SEND-RESULT-FORM", "no-blank", result(": ", ":")),
        Mutant::new("SEND-RESULT-FORM", "quoted-numbers", result(": 0", ": \"0\"")),
        Mutant::new("SEND-RESULT-ENDS", "busy-at-once", answer("qmmsend_write", &["+CME ERROR: 764"], true)),
        Mutant::new("SEND-SUCCESS", "err-751", result(": 0,", ": 751,")),
        Mutant::new("SEND-SUCCESS", "http-0", result(",200", ",0")),
        Mutant::new("SEND-SUCCESS", "http-202", result(",200", ",202")),
        Mutant::new("SEND-MMSRSP", "letters-lost", result("e", "_")),
        Mutant::new("SEND-FAILURE-ERR", "ignores-status", habit(Habit::IgnoresStatus)),
        Mutant::new("SEND-TIMEOUT-ENDS", "no-limit", habit(Habit::NoTimeLimit)),
        Mutant::new(
            "SEND-TIMEOUT-ENDS",
            "twenty-seconds-more",
            argument("qmmsend_write", 1, Argument::Plus(20)),
        ),
        Mutant::new("SEND-TIMEOUT-SECONDS", "milliseconds", habit(Habit::TimeLimitTooShort)),
        Mutant::new("SEND-TIMEOUT-CODE", "says-776", result("775", "776")),
        Mutant::new("SEND-BUSY", "never-busy", habit(Habit::NeverBusy)),
        Mutant::new("SEND-NO-RECIPIENT", "sends-to-nobody", habit(Habit::SendsToNobody)),
        Mutant::new("SEND-FAILURE-KEEPS-MESSAGE", "cleared", habit(Habit::FailureClearsMessage)),
        Mutant::new("SEND-SUCCESS-KEEPS-MESSAGE", "cleared", habit(Habit::SuccessClearsMessage)),
        Mutant::new("SEND-KEEPS-FILES", "deleted", habit(Habit::SendDeletesFiles)),
        Mutant::new("SEND-KEEPS-SETTINGS", "reset", habit(Habit::SendResetsSettings)),
        Mutant::new("CODE-TABLE", "below", result(": 77", ": 70")),
        Mutant::new("CODE-TABLE", "above", result(": 7", ": 17")),
        Mutant::new("CODE-NUMERIC", "no-blank", respelled("ERROR: ", "ERROR:")),
        Mutant::new("CODE-NUMERIC", "bare", respelled("+CME ERROR: 7", "ERROR 7")),
        Mutant::new("HTTP-TABLE", "always-200", habit(Habit::HttpAlwaysOk)),
    ];
    for (from, to) in
        [(765, "http"), (766, "status"), (767, "report"), (771, "connect"), (774, "closed"), (753, "name")]
    {
        let id = format!("{to}-failure-told-as-0");
        all.push(Mutant::new("SEND-FAILURE-ERR", &id, result(&format!(": {from}"), ": 0")));
    }
    for (code, told) in [(400, 403), (403, 404), (409, 411), (411, 409), (500, 502), (502, 500)] {
        let id = format!("{code}-told-as-{told}");
        all.push(Mutant::new("HTTP-TABLE", &id, result(&format!(",{code}"), &format!(",{told}"))));
    }
    all
}
