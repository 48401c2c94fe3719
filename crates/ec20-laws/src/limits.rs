//! Each limit's numbers are the same in the catalogue, the grammar and the parser: what the catalogue says must be accepted both readings
//! take canonically, what it says must be refused both refuse, and object from exactly there on.
//!
//! Knows where a limit's value stands in a command. Counts of entries are state, not language: their numbers alone are compared.

use ec20_at::{Dialect, Limits, read_unit};
use ec20_grammar::{Strictness, Unit, read};
use ec20_manual::{Catalogue, Clause};

/// A command line in which one value is open.
#[derive(Debug, Clone, Copy)]
pub struct Probe {
    /// The clause that limits the value.
    pub clause: &'static str,
    before: &'static str,
    after: &'static str,
    /// What a string is filled with; a number stands for itself.
    filling: Option<&'static str>,
}

const fn number(clause: &'static str, before: &'static str, after: &'static str) -> Probe {
    Probe { clause, before, after, filling: None }
}

const fn string(
    clause: &'static str,
    before: &'static str,
    after: &'static str,
    filling: &'static str,
) -> Probe {
    Probe { clause, before, after, filling: Some(filling) }
}

impl Probe {
    /// The value, or if that many letters would be too many to be worth filling in, one that is not.
    #[must_use]
    pub const fn bounded(self, value: u32) -> u32 {
        if self.filling.is_some() { value % 2048 } else { value }
    }
}

/// Where each limit of the catalogue is probed.
pub const PROBES: [Probe; 38] = [
    number("CFG-CONTEXTID-RANGE", "AT+QMMSCFG=\"contextid\",", ""),
    string("CFG-MMSC-LENGTH", "AT+QMMSCFG=\"mmsc\",\"", "\"", "u"),
    string("CFG-PROXY-GATEWAY-LENGTH", "AT+QMMSCFG=\"proxy\",\"", "\",80", "1"),
    number("CFG-PROXY-PORT-RANGE", "AT+QMMSCFG=\"proxy\",\"10.0.0.172\",", ""),
    number("CFG-SENDPARAM-VALID-RANGE", "AT+QMMSCFG=\"sendparam\",", ",0,0,0,0,0"),
    number("CFG-SENDPARAM-PRI-RANGE", "AT+QMMSCFG=\"sendparam\",0,", ",0,0,0,0"),
    number("CFG-SENDPARAM-SENDREP-RANGE", "AT+QMMSCFG=\"sendparam\",0,0,", ",0,0,0"),
    number("CFG-SENDPARAM-READREP-RANGE", "AT+QMMSCFG=\"sendparam\",0,0,0,", ",0,0"),
    number("CFG-SENDPARAM-VISIBLE-RANGE", "AT+QMMSCFG=\"sendparam\",0,0,0,0,", ",0"),
    number("CFG-SENDPARAM-CLASS-RANGE", "AT+QMMSCFG=\"sendparam\",0,0,0,0,0,", ""),
    number("EDIT-FUNCTION-RANGE", "AT+QMMSEDIT=", ""),
    string("EDIT-ADDRESS-LENGTH", "AT+QMMSEDIT=1,1,\"", "\"", "1"),
    string("EDIT-ADDRESS-LENGTH", "AT+QMMSEDIT=2,1,\"", "\"", "c"),
    string("EDIT-ADDRESS-LENGTH", "AT+QMMSEDIT=3,1,\"", "\"", "\u{e9}"),
    string("EDIT-TITLE-LENGTH", "AT+QMMSEDIT=4,1,\"", "\"", "t"),
    string("EDIT-TITLE-HEX-LENGTH", "AT+QMMSEDIT=4,1,\"", "\"", "4"),
    string("EDIT-FILENAME-LENGTH", "AT+QMMSEDIT=5,1,\"", "\"", "f"),
    number("SEND-TIMEOUT-RANGE", "AT+QMMSEND=", ""),
    number("V250-ECHO-RANGE", "ATE", ""),
    number("V250-QUIET-RANGE", "ATQ", ""),
    number("V250-VERBOSE-RANGE", "ATV", ""),
    number("V250-REGISTER-RANGE", "ATS3=", ""),
    number("V250-REGISTER-RANGE", "ATS4=", ""),
    number("V250-REGISTER-RANGE", "ATS5=", ""),
    number("CORE-CMEE-RANGE", "AT+CMEE=", ""),
    number("FILE-UPLOAD-SIZE", "AT+QFUPL=\"RAM:a\",", ""),
    number("FILE-UPLOAD-TIMEOUT", "AT+QFUPL=\"RAM:a\",1,", ""),
    number("FILE-UPLOAD-ACK", "AT+QFUPL=\"RAM:a\",1,1,", ""),
    string("FILE-NAME-LENGTH", "AT+QFUPL=\"", "\",1", "f"),
    string("FILE-NAME-LENGTH", "AT+QFDEL=\"", "\"", "f"),
    string("FILE-NAME-LENGTH", "AT+QFDWL=\"", "\"", "f"),
    number("BEARER-CONTEXTID-RANGE", "AT+QICSGP=", ",1,\"a\""),
    number("BEARER-CONTEXTID-RANGE", "AT+QIACT=", ""),
    number("BEARER-CONTEXTID-RANGE", "AT+QIDEACT=", ""),
    number("BEARER-CONTEXTTYPE-RANGE", "AT+QICSGP=1,", ",\"a\""),
    number("BEARER-AUTHENTICATION-RANGE", "AT+QICSGP=1,1,\"a\",\"\",\"\",", ""),
    string("BEARER-CREDENTIAL-LENGTH", "AT+QICSGP=1,1,\"a\",\"", "\",\"\"", "u"),
    string("BEARER-CREDENTIAL-LENGTH", "AT+QICSGP=1,1,\"a\",\"\",\"", "\"", "p"),
];

/// Limits that no single command can show, and why.
pub const NOT_IN_A_LINE: [(&str, &str); 7] = [
    ("PROC-ACTIVE-CONTEXTS", "counts contexts"),
    ("EDIT-TO-COUNT", "counts entries"),
    ("EDIT-CC-COUNT", "counts entries"),
    ("EDIT-BCC-COUNT", "counts entries"),
    ("EDIT-ATTACH-COUNT", "counts entries"),
    ("EDIT-OPERATION-RANGE", "which operation is legal depends on what follows it; the forms are the limit"),
    ("CODE-TABLE", "limits an answer, not a command"),
];

/// The smallest and the largest value that the canonical readings take, by the catalogue.
fn taken(clause: &Clause) -> Option<(u32, u32)> {
    match (clause.limit.as_ref(), clause.range.as_ref()) {
        (Some(limit), _) => Some((0, limit.refuse - 1)),
        (None, Some(range)) => Some((range.min, range.max)),
        (None, None) => None,
    }
}

/// At this value both readings accept or refuse a probe as the catalogue says, and the parser blames the clause.
pub fn limit_holds_at(probe: Probe, value: u32) {
    let clause = Catalogue::manual().clause(probe.clause);
    let Some((least, most)) = clause.and_then(taken) else { panic!("{} has no limit", probe.clause) };
    let filled = probe.filling.map_or_else(
        || value.to_string().into_bytes(),
        |filling| filling.chars().map(|letter| letter as u8).collect::<Vec<_>>().repeat(value as usize),
    );
    let line = [probe.before.as_bytes(), &filled, probe.after.as_bytes()].concat();
    let wanted = (least..=most).contains(&value);
    let by_grammar = read(Unit::CommandLine, Strictness::Canonical, &line).is_ok();
    let by_parser = read_unit(ec20_at::Unit::CommandLine, Dialect::CANONICAL, &line, |_| {});
    let shown = line.escape_ascii();
    assert_eq!(by_grammar, wanted, "{}: the grammar on {value}: {shown}", probe.clause);
    assert_eq!(by_parser.is_ok(), wanted, "{}: the parser on {value}: {shown}", probe.clause);
    if let Err(error) = by_parser {
        assert!(error.kind.is_limit(), "{}: not a broken limit but {error}: {shown}", probe.clause);
        assert_eq!(error.clause, Some(probe.clause), "the parser blames another clause: {shown}");
    }
}

/// The same on both sides of both ends, and a little further.
pub fn limit_holds(probe: Probe) {
    let clause = Catalogue::manual().clause(probe.clause);
    let Some((least, most)) = clause.and_then(taken) else { panic!("{} has no limit", probe.clause) };
    let accept = clause.and_then(|clause| clause.limit.as_ref()).map_or(most, |limit| limit.accept);
    for end in [least, accept, most] {
        for value in [end.saturating_sub(1), end, end.saturating_add(1)] {
            limit_holds_at(probe, value);
        }
    }
}

/// Every clause with a limit is probed, or is known not to show in a line.
pub fn every_limit_is_probed() {
    let known = |id: &str| {
        PROBES.iter().any(|probe| probe.clause == id) || NOT_IN_A_LINE.iter().any(|(clause, _)| *clause == id)
    };
    let forgotten: Vec<&str> = Catalogue::manual()
        .clauses()
        .iter()
        .filter(|clause| taken(clause).is_some() && !known(&clause.id))
        .map(|clause| clause.id.as_str())
        .collect();
    assert!(forgotten.is_empty(), "no probe for {forgotten:?}");
}

/// The numbers that the parser publishes are the catalogue's.
pub fn published_limits_are_the_catalogues() {
    let ours = Limits::MANUAL;
    for (id, ours) in [
        ("CFG-MMSC-LENGTH", ours.url_bytes),
        ("CFG-PROXY-GATEWAY-LENGTH", ours.gateway_bytes),
        ("EDIT-ADDRESS-LENGTH", ours.address_bytes),
        ("EDIT-TITLE-LENGTH", ours.title_bytes),
        ("EDIT-TITLE-HEX-LENGTH", ours.title_hex_digits),
        ("EDIT-FILENAME-LENGTH", ours.filename_bytes),
        ("EDIT-TO-COUNT", ours.list_addresses),
        ("EDIT-CC-COUNT", ours.list_addresses),
        ("EDIT-BCC-COUNT", ours.list_addresses),
        ("EDIT-ATTACH-COUNT", ours.attachments),
    ] {
        let limit = Catalogue::manual().clause(id).and_then(|clause| clause.limit.as_ref());
        let theirs = limit.map(|limit| (limit.accept, limit.refuse));
        assert_eq!(theirs, Some((ours.accept, ours.refuse)), "{id}");
    }
}

/// Each character set of the catalogue, and no other word, is one for both readings.
pub fn words_are_the_catalogues() {
    let words = Catalogue::manual().clause("CFG-CHARACTER-VALUES").map_or(&[][..], |clause| &clause.words);
    assert_eq!(words.len(), 4, "{words:?}");
    let taken = |word: &str| {
        let line = format!("AT+QMMSCFG=\"character\",\"{word}\"");
        let by_grammar = read(Unit::CommandLine, Strictness::Canonical, line.as_bytes()).is_ok();
        let by_parser =
            read_unit(ec20_at::Unit::CommandLine, Dialect::CANONICAL, line.as_bytes(), |_| {}).is_ok();
        (by_grammar, by_parser)
    };
    for word in words {
        assert_eq!(taken(word), (true, true), "{word}");
        assert_eq!(taken(&word.to_ascii_lowercase()), (false, false), "{word} in small letters");
    }
    assert_eq!(taken("UTF-8"), (false, false));
}
