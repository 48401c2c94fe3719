//! The mutants beyond the MMS commands: frames, sessions, files, the bearer.
//!
//! Knows V.250 and the sibling manuals' clauses. Refuses to know whether a mutant can be found: that is measured.

use ec20_manual::profile::{Argument, Change, FrameMark, Habit, Lines, Part};

use super::{Mutant, answer, argument, frame, habit, lines, replace, respelled, spills, unstored};

pub(super) fn framing() -> Vec<Mutant> {
    let query = "qmmscfg_contextid_query";
    vec![
        Mutant::new("V250-COMMAND-LINE", "refused", answer("at_exec", &["ERROR"], true)),
        Mutant::new("V250-COMMAND-LINE", "silent", answer("at_exec", &[], true)),
        Mutant::new("V250-CASE", "capitals-only", habit(Habit::CapitalsOnly)),
        Mutant::new("V250-LINE-END", "line-feed-counts", habit(Habit::LineFeedCounts)),
        Mutant::new("V250-BASIC", "refused", answer("e_exec", &["ERROR"], true)),
        Mutant::new("V250-EXTENDED", "no-test", answer("cmee_test", &["ERROR"], true)),
        Mutant::new("V250-EXTENDED", "no-read", answer("cmee_read", &["ERROR"], true)),
        Mutant::new(
            "V250-PARAMETERS",
            "exchanged",
            argument("qmmscfg_sendparam_write", 2, Argument::Swap(3)),
        ),
        Mutant::new("V250-NUMBER", "refused", answer("qmmscfg_proxy_write", &["ERROR"], true)),
        Mutant::new(
            "V250-STRING",
            "blanks-lost",
            argument("qmmsedit_add", 3, Argument::Replace(" ".into(), String::new())),
        ),
        Mutant::new("V250-STRING", "ends-at-comma", argument("qmmsedit_add", 3, Argument::Until(",".into()))),
        Mutant::new("V250-CHAIN", "first-only", habit(Habit::ChainStops)),
        Mutant::new("V250-CHAIN-STOPS", "goes-on", habit(Habit::ChainGoesOn)),
        Mutant::new("V250-UNKNOWN", "taken", habit(Habit::UnknownIsOk)),
        Mutant::new("V250-UNKNOWN", "silent", habit(Habit::UnknownIsSilent)),
        Mutant::new("V250-PROMPT", "another-word", respelled("CONNECT", "READY")),
        Mutant::new("V250-TEST-RANGE", "edit-dots", lines("qmmsedit_test", replace("-", ".."))),
        Mutant::new("V250-TEST-RANGE", "send-brackets", lines("qmmsend_test", replace("(", "["))),
        Mutant::new("V250-ECHO", "none", habit(Habit::NoEcho)),
        Mutant::new("V250-ECHO", "mangled", habit(Habit::EchoMangled)),
        Mutant::new("V250-FRAME", "information-without-start", frame(FrameMark::InformationStart, "")),
        Mutant::new("V250-FRAME", "information-ends-in-lf", frame(FrameMark::InformationEnd, "\n")),
        Mutant::new("V250-FRAME", "final-without-start", frame(FrameMark::FinalStart, "")),
        Mutant::new("V250-FRAME", "final-ends-in-cr", frame(FrameMark::FinalEnd, "\r")),
        Mutant::new("V250-FRAME", "final-ends-in-lf", frame(FrameMark::FinalEnd, "\n")),
        Mutant::new("V250-URC", "without-start", frame(FrameMark::UrcStart, "")),
        Mutant::new("V250-URC", "ends-in-lf", frame(FrameMark::UrcEnd, "\n")),
        Mutant::new("V250-INFO-LINE", "fields-missing", lines(query, replace(",", ""))),
        Mutant::new("V250-INFO-TEXT", "cr-inside", lines(query, replace(",", "\r,"))),
        Mutant::new(
            "V250-ANSWER-FITS",
            "another-commands-line",
            lines(query, Lines::Append("+QFLST: \"RAM:x\",1".into())),
        ),
        Mutant::new("V250-ONE-FINAL", "ok-twice", habit(Habit::OkTwice)),
        Mutant::new("V250-RESULT-CODE", "small-ok", respelled("OK", "Ok")),
        Mutant::new("V250-RESULT-CODE", "unknown-error", respelled("ERROR", "FAILED")),
        Mutant::new("V250-NUMERIC", "with-line-feed", frame(FrameMark::FinalEnd, "\r\n")),
    ]
}

pub(super) fn sessions() -> Vec<Mutant> {
    vec![
        Mutant::new("CORE-REPEAT", "unknown", habit(Habit::NoRepeat)),
        Mutant::new("CORE-S3", "default-10", lines("s3_read", replace("013", "010"))),
        Mutant::new("CORE-S3", "no-zero", lines("s3_read", replace("013", "13"))),
        Mutant::new("CORE-S4", "default-13", lines("s4_read", replace("010", "013"))),
        Mutant::new("CORE-S5", "default-127", lines("s5_read", replace("008", "127"))),
        Mutant::new("CORE-ATI", "no-revision", lines("i_exec", Lines::Drop(2))),
        Mutant::new("CORE-ATI", "reversed", lines("i_exec", Lines::Reverse)),
        Mutant::new("CORE-CMEE", "stuck", habit(Habit::CmeeStuck)),
        Mutant::new("CORE-CMEE", "told-as-0", lines("cmee_read", replace("1", "0"))),
        Mutant::new("CORE-CME-NUMERIC", "words", respelled("+CME ERROR: ", "+CME ERROR: error ")),
        Mutant::new("CORE-CME-VERBOSE", "bare", respelled("+CME ERROR: ", "ERROR: ")),
        Mutant::new("CORE-CSCS", "read-missing", lines("cscs_read", Lines::Drop(0))),
        Mutant::new("CORE-CSCS", "not-set", answer("cscs_write", &["OK"], false)),
        Mutant::new("CORE-CPIN", "quoted", lines("cpin_read", replace("READY", "\"READY\""))),
        Mutant::new("CORE-CSQ", "out-of-range", lines("csq_exec", replace(": ", ": 9"))),
        Mutant::new("CORE-COPS", "no-mode", lines("cops_read", replace(": 0", ": "))),
        Mutant::new("CORE-IDENTITY", "pair-differs", lines("gmr_exec", replace("EC20", "EC21"))),
        Mutant::new("CORE-CIMI", "sixteen-digits", lines("cimi_exec", replace("46001", "460011"))),
        Mutant::new("CORE-QCCID", "eighteen-digits", lines("qccid_exec", replace("8986", "86"))),
        Mutant::new("CORE-QGMR", "another-revision", lines("qgmr_exec", replace("EC20", "EC21"))),
        Mutant::new("CORE-QURCCFG", "unquoted", lines("qurccfg_query", replace("\"urcport\"", "urcport"))),
    ]
}

pub(super) fn files() -> Vec<Mutant> {
    vec![
        Mutant::new("FILE-UPLOAD", "not-kept", unstored("qfupl_write", Part::Ram)),
        Mutant::new("FILE-UPLOAD", "one-byte-short", habit(Habit::UploadShort)),
        Mutant::new("FILE-UPLOAD-RESULT", "exchanged", lines("qfupl_write", Lines::Exchange(0, 1))),
        Mutant::new("FILE-UPLOAD-RESULT", "missing", lines("qfupl_write", Lines::Drop(0))),
        Mutant::new("FILE-CHECKSUM", "sum", habit(Habit::ChecksumSum)),
        Mutant::new("FILE-LIST", "size-missing", lines("qflst_write", Lines::Exchange(0, 1))),
        Mutant::new("FILE-LIST", "line-missing", lines("qflst_write", Lines::Drop(0))),
        Mutant::new("FILE-LIST-NAME", "line-twice", lines("qflst_write", Lines::Double(0))),
        Mutant::new("FILE-LIST-TEST", "refused", answer("qflst_test", &["ERROR"], true)),
        Mutant::new("FILE-DELETE", "stays", unstored("qfdel_write", Part::Ram)),
        Mutant::new("FILE-DELETE", "all-gone", spills("qfdel_write", Part::Ram)),
        Mutant::new("FILE-DELETE-MISSING", "taken", answer("qfdel_write", &["OK"], true)),
        Mutant::new("FILE-DOWNLOAD", "exchanged", lines("qfdwl_write", Lines::Exchange(0, 1))),
        Mutant::new("FILE-DOWNLOAD", "line-missing", lines("qfdwl_write", Lines::Drop(0))),
        Mutant::new("FILE-DOWNLOAD-MISSING", "taken", answer("qfdwl_write", &["OK"], true)),
        Mutant::new("FILE-SPACE", "exchanged", lines("qflds_write", Lines::Exchange(0, 1))),
        Mutant::new("FILE-SPACE", "count-missing", lines("qflds_exec", Lines::Drop(0))),
        Mutant::new("FILE-SPACE-TEST", "refused", answer("qflds_test", &["ERROR"], true)),
        Mutant::new("FILE-UPLOAD-EXISTS", "taken", answer("qfupl_write", &["OK"], false)),
        Mutant::new("FILE-UPLOAD-SHORT", "silent", answer("qfupl_write", &[], true)),
        Mutant::new("FILE-UPLOAD-SHORT", "later", argument("qfupl_write", 3, Argument::Plus(5))),
        Mutant::new("FILE-UPLOAD-SHORT", "sooner", argument("qfupl_write", 3, Argument::Modulo(4))),
    ]
}

pub(super) fn bearer() -> Vec<Mutant> {
    let late = |at: &str, ms| Change::Late { at: at.into(), ms };
    vec![
        Mutant::new(
            "BEARER-QICSGP",
            "apn-and-user-exchanged",
            argument("qicsgp_write", 3, Argument::Swap(4)),
        ),
        Mutant::new(
            "BEARER-QICSGP-QUERY",
            "with-number",
            lines("qicsgp_query", replace("+QICSGP: ", "+QICSGP: 1,")),
        ),
        Mutant::new("BEARER-QIACT", "too-late", late("qiact_write", 153_000)),
        Mutant::new(
            "BEARER-QIACT-QUERY",
            "state-and-type-exchanged",
            lines("qiact_read", Lines::Exchange(0, 3)),
        ),
        Mutant::new("BEARER-QIDEACT", "too-late", late("qideact_write", 43_000)),
        Mutant::new("BEARER-QIGETERROR", "text-missing", lines("qigeterror_exec", Lines::Exchange(0, 1))),
        Mutant::new("BEARER-CGATT", "word", lines("cgatt_read", replace("1", "attached"))),
        Mutant::new("BEARER-CGACT", "state-missing", lines("cgact_read", replace(",", ""))),
        Mutant::new("BEARER-CGDCONT", "no-comma", lines("cgdcont_read", replace(",", ";"))),
        Mutant::new("BEARER-QOS", "no-comma", lines("cgqmin_read", replace(",", ";"))),
    ]
}
