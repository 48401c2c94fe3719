//! The questions that only hardware answers, at the places where a module must do one thing or the other.
//!
//! Knows the ids of those questions and one mechanism for all of them ([`Module::decide`]): the profile's answer is
//! looked up; an answer that the place can carry out is carried out; any other is said word for word and has no effect.
//! Refuses to know what is asked: that stands in `unknowns.toml`.

use ec20_manual::Catalogue;
use ec20_manual::profile::Answer;

use crate::module::Module;
use crate::reply::Refusal;

/// A place where the profile decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Question {
    /// The unknown.
    pub(crate) id: &'static str,
    /// The names of the answers that this place can carry out. All others are replies and nothing more.
    pub(crate) acts: &'static [&'static str],
    /// The answer when the profile has none.
    pub(crate) otherwise: &'static str,
}

const fn ask(id: &'static str, acts: &'static [&'static str], otherwise: &'static str) -> Question {
    Question { id, acts, otherwise }
}

const TAKEN: &[&str] = &["taken"];
const NEVER: &[&str] = &[];
const KEPT: &[&str] = &["kept", "lost"];
const BINDS: &[&str] = &["send", "edit"];
/// What was found stands in the answer's own lines.
const FOUND: &[&str] = &[];

macro_rules! questions {
    ($($(#[$doc:meta])* $name:ident = $question:expr;)*) => {
        $($(#[$doc])* pub(crate) const $name: Question = $question;)*
        /// Every question that the simulator asks its profile.
        #[cfg(test)]
        pub(crate) const ALL: &[Question] = &[$($name),*];
    };
}

questions! {
    // How a line is written.
    FRAME_LINES = ask("U-FRAME-LINES", &["one", "two"], "one");
    VERBOSE_CODES = ask("U-FRAME-VERBOSE-MMS", &["text", "number", "error"], "text");
    PLAIN_CODES = ask("U-FRAME-MMS-CMEE-0", &["error", "cme-752"], "error");
    BLANK_AFTER_COMMA = ask("U-LINE-BLANK-AFTER-COMMA", TAKEN, "taken");
    BLANK_BEFORE_COMMA = ask("U-LINE-BLANK-BEFORE-COMMA", TAKEN, "error");
    BLANK_IN_NAME = ask("U-LINE-BLANK-BEFORE-EQUALS", TAKEN, "taken");
    BACKSLASH = ask("U-LINE-BACKSLASH", &["kept", "decoded", "nothing"], "kept");
    INNER_QUOTE = ask("U-LINE-INNER-QUOTE", TAKEN, "error");
    OPEN_QUOTE = ask("U-LINE-OPEN-QUOTE", TAKEN, "error");
    LEADING_ZERO = ask("U-LINE-LEADING-ZERO", TAKEN, "taken");
    SMART_QUOTES = ask("U-LINE-SMART-QUOTES", TAKEN, "error");
    LINE_LENGTH = ask("U-LINE-LENGTH", TAKEN, "taken");
    ECHO_LF = ask("U-LINE-ECHO-LF", &["echoed", "not-echoed"], "not-echoed");
    ODD_FORM_CFG_READ = ask("U-CFG-READ-FORM", TAKEN, "error");
    ODD_FORM_CFG_EXEC = ask("U-CFG-EXEC-FORM", TAKEN, "error");
    ODD_FORM_EDIT_READ = ask("U-EDIT-READ-FORM", TAKEN, "error");
    ODD_FORM_EDIT_EXEC = ask("U-EDIT-EXEC-FORM", TAKEN, "error");
    ODD_FORM_SEND_READ = ask("U-SEND-READ-FORM", TAKEN, "error");
    ODD_FORM_SEND_EXEC = ask("U-SEND-EXEC-FORM", TAKEN, "error");

    // AT+QMMSCFG.
    TEST_PORT = ask("U-CFG-TEST-PORT", &["range", "word"], "range");
    TEST_BRACKETS = ask("U-CFG-TEST-BRACKETS", &["none", "brackets", "brackets-and-blank"], "none");
    TEST_MORE = ask("U-CFG-TEST-MORE", &["none", "two", "supportfield", "connecttimeout"], "none");
    SUPPORTFIELD = ask("U-CFG-SUPPORTFIELD", &["there"], "cme-756");
    CONNECTTIMEOUT = ask("U-CFG-CONNECTTIMEOUT", &["there"], "cme-756");
    CONTEXTID_FOUND = ask("U-CFG-CONTEXTID-FOUND", FOUND, "is-1");
    MMSC_FOUND = ask("U-CFG-MMSC-FOUND", FOUND, "empty");
    PROXY_FOUND = ask("U-CFG-PROXY-FOUND", FOUND, "zero");
    CHARACTER_FOUND = ask("U-CFG-CHARACTER-FOUND", FOUND, "ascii");
    SENDPARAM_FOUND = ask("U-CFG-SENDPARAM-FOUND", FOUND, "network");
    KEY_CASE = ask("U-CFG-KEY-CASE", TAKEN, "error");
    KEY_UNQUOTED = ask("U-CFG-KEY-UNQUOTED", TAKEN, "error");
    KEY_BLANK = ask("U-CFG-KEY-BLANK", TAKEN, "cme-756");
    KEY_UNKNOWN = ask("U-CFG-KEY-UNKNOWN", NEVER, "cme-756");
    CFG_SURPLUS = ask("U-CFG-SURPLUS", TAKEN, "cme-756");
    CONTEXTID_CODE = ask("U-CFG-CONTEXTID-CODE", NEVER, "cme-756");
    CONTEXT_INACTIVE = ask("U-CFG-CONTEXTID-INACTIVE", TAKEN, "taken");
    URL_CODE = ask("U-CFG-MMSC-CODE", NEVER, "cme-756");
    URL_EMPTY = ask("U-CFG-MMSC-EMPTY", TAKEN, "taken");
    URL_BARE = ask("U-CFG-MMSC-NO-SCHEME", TAKEN, "taken");
    URL_SCHEME = ask("U-CFG-MMSC-SCHEME", TAKEN, "cme-753");
    URL_SPELLING = ask("U-CFG-MMSC-MALFORMED", TAKEN, "cme-753");
    GATEWAY_CODE = ask("U-CFG-GATEWAY-CODE", NEVER, "cme-755");
    GATEWAY_BETWEEN = ask("U-CFG-GATEWAY-BETWEEN", TAKEN, "cme-755");
    GATEWAY_NAME = ask("U-CFG-GATEWAY-NAME", TAKEN, "cme-755");
    GATEWAY_IPV6 = ask("U-CFG-GATEWAY-IPV6", TAKEN, "cme-755");
    GATEWAY_SCHEME = ask("U-CFG-GATEWAY-SCHEME", TAKEN, "cme-754");
    GATEWAY_EMPTY = ask("U-CFG-GATEWAY-EMPTY", TAKEN, "taken");
    GATEWAY_ZERO = ask("U-CFG-PROXY-ZERO", TAKEN, "taken");
    PORT_CODE = ask("U-CFG-PORT-CODE", NEVER, "cme-756");
    PROXY_PARTIAL = ask("U-CFG-PROXY-PARTIAL", TAKEN, "cme-756");
    CHARSET_CASE = ask("U-CFG-CHARACTER-CASE", TAKEN, "cme-756");
    CHARSET_CODE = ask("U-CFG-CHARACTER-CODE", NEVER, "cme-756");
    SENDPARAM_PARTIAL = ask("U-CFG-SENDPARAM-PARTIAL", TAKEN, "cme-756");
    SENDPARAM_CODE = ask("U-CFG-SENDPARAM-CODE", NEVER, "cme-756");
    EXTRA_CODE = ask("U-CFG-EXTRA-CODE", NEVER, "cme-756");
    CFG_BUSY = ask("U-CFG-WHILE-SENDING", TAKEN, "taken");
    CFG_RESTART = ask("U-CFG-AFTER-RESTART", KEPT, "kept");
    CFG_RESET = ask("U-CFG-AFTER-ATZ", KEPT, "kept");
    CFG_FACTORY = ask("U-CFG-AFTER-FACTORY", KEPT, "kept");

    // AT+QMMSEDIT.
    FUNCTION_CODE = ask("U-EDIT-FUNCTION-CODE", NEVER, "cme-756");
    FUNCTION_QUOTED = ask("U-EDIT-FUNCTION-QUOTED", TAKEN, "cme-756");
    OPERATION_CODE = ask("U-EDIT-OPERATION-CODE", NEVER, "cme-756");
    CLEAR_SURPLUS = ask("U-EDIT-CLEAR-SURPLUS", TAKEN, "cme-756");
    ADD_TO_NOTHING = ask("U-EDIT-ADD-TO-NOTHING", NEVER, "cme-756");
    DELETE_SURPLUS = ask("U-EDIT-DELETE-SURPLUS", TAKEN, "cme-756");
    DELETE_EMPTY = ask("U-EDIT-DELETE-EMPTY", TAKEN, "taken");
    ADD_SURPLUS = ask("U-EDIT-ADD-SURPLUS", TAKEN, "cme-756");
    ADD_BARE = ask("U-EDIT-ADD-BARE", NEVER, "cme-756");
    ADD_UNQUOTED = ask("U-EDIT-ADD-UNQUOTED", TAKEN, "cme-756");
    ADDRESS_CODE = ask("U-EDIT-ADDRESS-LENGTH-CODE", NEVER, "cme-756");
    ADDRESS_EMPTY = ask("U-EDIT-ADDRESS-EMPTY", TAKEN, "cme-756");
    ADDRESS_MALFORMED = ask("U-EDIT-ADDRESS-MALFORMED", TAKEN, "taken");
    ADDRESS_BLANK = ask("U-EDIT-ADDRESS-BLANK", &["kept", "dropped", "nothing"], "kept");
    ADDRESS_DUPLICATE = ask("U-EDIT-ADDRESS-DUPLICATE", &["taken", "once"], "taken");
    ADDRESS_TWO_LISTS = ask("U-EDIT-ADDRESS-TWO-LISTS", &["taken", "left-out"], "taken");
    TITLE_CODE = ask("U-EDIT-TITLE-LENGTH-CODE", NEVER, "cme-756");
    TITLE_HEX_LENGTH = ask("U-EDIT-TITLE-HEX-LENGTH", TAKEN, "taken");
    TITLE_NOT_HEX = ask("U-EDIT-TITLE-NOT-HEX", TAKEN, "cme-756");
    TITLE_ODD_HEX = ask("U-EDIT-TITLE-ODD-HEX", TAKEN, "cme-756");
    TITLE_UCS2_HALF = ask("U-EDIT-TITLE-UCS2-HALF", TAKEN, "taken");
    TITLE_NO_TEXT = ask("U-EDIT-TITLE-NO-TEXT", TAKEN, "taken");
    TITLE_HEX_CASE = ask("U-EDIT-TITLE-HEX-CASE", &["kept", "upper", "nothing"], "kept");
    TITLE_EMPTY = ask("U-EDIT-TITLE-EMPTY", TAKEN, "taken");
    TITLE_HIGH_BYTES = ask("U-EDIT-TITLE-HIGH-BYTES", TAKEN, "cme-756");
    TITLE_CHARSET = ask("U-EDIT-TITLE-CHARSET", &["bound", "current", "recoded"], "bound");
    TITLE_NEVER = ask("U-EDIT-TITLE-NEVER", &["line", "nothing"], "line");
    CLEAR_CHARSET = ask("U-EDIT-CLEAR-TITLE-CHARSET", &["current", "ascii"], "current");
    TITLE_CSCS = ask("U-EDIT-TITLE-CSCS", &["untouched", "converted", "nothing"], "untouched");
    ATTACH_UFS = ask("U-EDIT-ATTACH-UFS", TAKEN, "taken");
    FILE_NAME_CODE = ask("U-EDIT-FILE-NAME-CODE", NEVER, "cme-756");
    ATTACH_NAME_PREFIX = ask("U-EDIT-FILE-NAME-PREFIX", TAKEN, "taken");
    ATTACH_MISSING = ask("U-EDIT-FILE-MISSING", TAKEN, "cme-763");
    ATTACH_DUPLICATE = ask("U-EDIT-FILE-DUPLICATE", TAKEN, "taken");
    EDIT_BUSY = ask("U-EDIT-WHILE-SENDING", TAKEN, "cme-764");
    EDIT_RESTART = ask("U-EDIT-AFTER-RESTART", KEPT, "lost");
    EDIT_RESET = ask("U-EDIT-AFTER-ATZ", KEPT, "kept");

    // AT+QMMSEND.
    TIMEOUT_CODE = ask("U-SEND-TIMEOUT-CODE", NEVER, "cme-756");
    SEND_BARE = ask("U-SEND-BARE", TAKEN, "cme-756");
    SEND_SURPLUS = ask("U-SEND-SURPLUS", TAKEN, "cme-756");
    NO_RECIPIENT = ask("U-SEND-NO-RECIPIENT", &["result"], "cme-762");
    CC_ONLY = ask("U-SEND-CC-ONLY", &["sent", "result-762"], "sent");
    NO_TITLE = ask("U-SEND-NO-TITLE", &["sent"], "sent");
    EMPTY_MESSAGE = ask("U-SEND-EMPTY-MESSAGE", &["sent", "result-776"], "sent");
    NO_MMSC = ask("U-SEND-NO-MMSC", &["result"], "cme-753");
    NO_CONTEXT = ask("U-SEND-NO-CONTEXT", &["result-768", "result-769", "activates", "other"], "result-769");
    FILE_GONE = ask("U-SEND-FILE-GONE", &["result-761", "result-763", "other"], "result-761");
    SUCCESS_FIELDS = ask("U-SEND-SUCCESS-FIELDS", &["two", "three"], "two");
    FAILURE_FIELDS = ask("U-SEND-FAILURE-FIELDS", &["one", "two", "three"], "two");
    HTTP_MISSING = ask("U-SEND-HTTP-MISSING", &["zero", "absent", "other"], "zero");
    HTTP_OTHER = ask("U-SEND-HTTP-OTHER", &["as-it-came", "other"], "as-it-came");
    HTTP_ERR = ask("U-SEND-HTTP-ERR", &["765", "766", "767", "777", "751", "other"], "765");
    STATUS_ERR = ask("U-SEND-STATUS-ERR", &["765", "766", "767", "777", "751", "other"], "766");
    REPORT_ERR = ask("U-SEND-REPORT-ERR", &["765", "766", "767", "777", "751", "other"], "767");
    CONNECT_ERR = ask("U-SEND-CONNECT-ERR", &["771", "770", "774", "775", "751", "other"], "771");
    CLOSED_ERR = ask("U-SEND-CLOSED-ERR", &["774", "772", "765", "775", "751", "other"], "774");
    URL_ERR = ask("U-SEND-URL-ERR", &["753", "771", "765", "775", "751", "other"], "753");
    STATUS_TEXT = ask("U-SEND-STATUS-TEXT", &["text", "status", "none", "other"], "text");
    RESULT_PORT = ask("U-SEND-RESULT-PORT", &["same", "other"], "same");
    MESSAGE_KIND = ask("U-SEND-BODY", &["mixed", "related"], "mixed");
    TITLE_WIRE = ask("U-SEND-SUBJECT-CHARSET", &["utf8", "native", "other"], "utf8");
    FILE_WIRE = ask("U-SEND-FILE-CHARSET", &["as-set", "utf-8", "none"], "as-set");
    FILE_TYPE = ask("U-SEND-FILE-TYPE", &["octet-stream", "text", "other"], "octet-stream");
    AUTO_REPORTS = ask("U-SEND-AUTO-REPORTS", &["sent", "left-out"], "sent");
    MAXIMUM_EXPIRY = ask("U-SEND-MAXIMUM-EXPIRY", &["absent", "week-and-more"], "absent");
    PARAM_BINDS = ask("U-SEND-PARAM-BINDS", BINDS, "send");
    MMSC_BINDS = ask("U-SEND-MMSC-BINDS", BINDS, "send");
    PROXY_BINDS = ask("U-SEND-PROXY-BINDS", BINDS, "send");
    CONTEXT_BINDS = ask("U-SEND-CONTEXT-BINDS", BINDS, "send");
    FILE_BINDS = ask("U-SEND-FILE-BINDS", &["send", "attach"], "send");
    TITLE_SENT = ask("U-SEND-TITLE-NOT-HEX", &["text", "nothing", "failed", "refused"], "failed");
    FILE_NAME_WIRE = ask("U-SEND-FILE-NAME", &["name", "path", "none", "other"], "name");
    ADDRESS_TYPE = ask("U-SEND-ADDRESS-TYPE", &["plmn", "bare"], "plmn");
    DATE = ask("U-SEND-DATE", &["absent", "there"], "absent");

    // Files, contexts and starting.
    DELETE_MISSING = ask("U-FILE-DELETE-MISSING", TAKEN, "cme-405");
    FILE_NAME_PREFIX = ask("U-FILE-NAME-PREFIX", TAKEN, "taken");
    UPLOAD_EXISTS = ask("U-FILE-UPLOAD-EXISTS", TAKEN, "cme-407");
    UPLOAD_DEFAULT = ask("U-FILE-UPLOAD-DEFAULT", TAKEN, "taken");
    UPLOAD_SILENCE = ask("U-FILE-UPLOAD-SILENCE", &["kept"], "kept");
    ESCAPE_GUARD = ask("U-FILE-ESCAPE-GUARD", &["guarded", "anywhere"], "guarded");
    LIST_PREFIX = ask("U-FILE-LIST-PREFIX", &["with-prefix", "bare"], "bare");
    LIST_MISSING = ask("U-FILE-LIST-MISSING", TAKEN, "taken");
    DOWNLOAD_MISSING = ask("U-FILE-DOWNLOAD-MISSING", NEVER, "cme-405");
    RAM_RESTART = ask("U-FILE-RAM-AFTER-RESTART", KEPT, "lost");
    ACTIVATE_AGAIN = ask("U-BEARER-ACTIVATE-AGAIN", TAKEN, "taken");
    CGACT_FIRST = ask("U-BEARER-CGACT-FIRST", TAKEN, "error");
    NO_APN = ask("U-BEARER-NO-APN", TAKEN, "error");
    DEFINE_ACTIVE = ask("U-BEARER-DEFINE-ACTIVE", TAKEN, "taken");
    DEACTIVATE_INACTIVE = ask("U-BEARER-DEACTIVATE-INACTIVE", TAKEN, "taken");
    BOOT_ORDER = ask("U-CORE-BOOT", &["cfun-first", "cpin-first"], "cfun-first");
}

impl Module {
    /// What this firmware does about a question: the name of an answer that the place can carry out, or a reply that
    /// has no effect.
    pub(crate) fn decide(&self, question: Question) -> Result<&'static str, Refusal> {
        let name = match self.profile.answer(question.id) {
            Some(Answer::Other(lines)) => return Err(Refusal::from_lines(lines)),
            Some(Answer::Named(name)) => name,
            None => question.otherwise,
        };
        if let Some(act) = question.acts.iter().find(|act| **act == name) {
            return Ok(act);
        }
        Err(reply_of(question.id, name))
    }

    /// Goes on if this firmware takes what is asked about.
    pub(crate) fn allow(&self, question: Question) -> Result<(), Refusal> {
        self.decide(question).map(|_| ())
    }

    /// Whether this firmware takes what is asked about.
    pub(crate) fn accepts(&self, question: Question) -> bool {
        self.decide(question).is_ok()
    }

    /// The reply of this firmware where only refusing is possible.
    pub(crate) fn refusal(&self, question: Question) -> Refusal {
        self.decide(question).err().unwrap_or(Refusal::Error)
    }

    /// The lines of this firmware's answer, if it is one that the catalogue does not know.
    pub(crate) fn other(&self, question: Question) -> Option<&[String]> {
        match self.profile.answer(question.id) {
            Some(Answer::Other(lines)) => Some(lines),
            _ => None,
        }
    }

    /// The name of what this firmware does, for places that carry every answer out.
    pub(crate) fn habit(&self, question: Question) -> &'static str {
        self.decide(question).unwrap_or(question.otherwise)
    }
}

/// The lines of a known answer, in the catalogue's own spelling.
pub(crate) fn catalogue_lines(id: &str, name: &str) -> Vec<String> {
    let known = Catalogue::manual().unknown(id).and_then(|unknown| unknown.answer(name));
    known.map(|answer| answer.lines.clone()).unwrap_or_default()
}

/// The reply that a known answer stands for: its lines in the catalogue, else what its name says (`error`, `ok`,
/// `cme-756`).
fn reply_of(id: &str, name: &str) -> Refusal {
    let lines = catalogue_lines(id, name);
    if !lines.is_empty() {
        return Refusal::from_lines(&lines);
    }
    match name.strip_prefix("cme-").and_then(|code| code.parse().ok()) {
        Some(code) => Refusal::Cme(code),
        None if name == "ok" => Refusal::Verbatim(vec!["OK".into()]),
        None => Refusal::Error,
    }
}

#[cfg(test)]
mod tests {
    use ec20_manual::profile::Profile;

    use super::*;

    #[test]
    fn an_answer_is_an_act_or_a_reply() {
        let with =
            |answer| Module::new(&Profile::manual().clone().answering(KEY_CASE.id, answer)).decide(KEY_CASE);
        assert_eq!(with(Answer::Named("taken".into())), Ok("taken"));
        assert_eq!(with(Answer::Named("cme-756".into())), Err(Refusal::Cme(756)));
        assert_eq!(with(Answer::Named("error".into())), Err(Refusal::Error));
        assert_eq!(with(Answer::Other(vec!["+CME ERROR: 3".into()])), Err(Refusal::Cme(3)));
        let odd = vec!["+QMMSCFG: ?".to_owned(), "OK".to_owned()];
        assert_eq!(with(Answer::Other(odd.clone())), Err(Refusal::Verbatim(odd)));
    }

    #[test]
    fn every_unknown_of_the_catalogue_is_asked_and_nothing_else() {
        let catalogue = Catalogue::manual();
        for unknown in catalogue.unknowns() {
            assert!(ALL.iter().any(|question| question.id == unknown.id), "nobody asks {}", unknown.id);
        }
        for (at, question) in ALL.iter().enumerate() {
            assert!(
                ALL[at + 1..].iter().all(|other| other.id != question.id),
                "{} stands twice",
                question.id
            );
            let unknown =
                catalogue.unknown(question.id).unwrap_or_else(|| panic!("no unknown {}", question.id));
            for name in question.acts.iter().chain([&question.otherwise]) {
                assert!(unknown.answer(name).is_some(), "{} has no answer {name}", question.id);
            }
        }
    }

    #[test]
    fn every_known_answer_is_an_act_or_has_lines() {
        for unknown in Catalogue::manual().unknowns() {
            let question =
                ALL.iter().find(|question| question.id == unknown.id).expect("every unknown is asked");
            for answer in &unknown.answers {
                let act = question.acts.contains(&answer.name.as_str());
                assert!(
                    act || !answer.lines.is_empty() || REFUSED.contains(&answer.name.as_str()),
                    "{} {}",
                    unknown.id,
                    answer.name
                );
            }
        }
    }

    /// Answers that say only that something is refused; the simulator then says `ERROR`.
    const REFUSED: &[&str] = &[
        "refused", "error", "cme-762", "cme-768", "cme-769", "cme-761", "cme-763", "cme-753", "cme-752",
        "cme-756",
    ];

    #[test]
    fn every_built_in_profile_answers_with_what_the_catalogue_knows() {
        for name in Profile::built_in_names() {
            let profile = Profile::built_in(name).expect("built in");
            for (id, answer) in &profile.answers {
                let unknown =
                    Catalogue::manual().unknown(id).unwrap_or_else(|| panic!("{name}: no unknown {id}"));
                if let Answer::Named(answer) = answer {
                    assert!(unknown.answer(answer).is_some(), "{name}: {id} has no answer {answer}");
                }
            }
        }
        for unknown in Catalogue::manual().unknowns() {
            assert!(Profile::manual().answers.contains_key(&unknown.id), "manual leaves {} open", unknown.id);
        }
    }
}
