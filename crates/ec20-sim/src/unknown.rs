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
    VERBOSE_CODES = ask("U-FRAME-VERBOSE-MMS", &["text", "number"], "text");
    BLANK_AFTER_COMMA = ask("U-LINE-BLANK-AFTER-COMMA", TAKEN, "taken");
    BLANK_BEFORE_COMMA = ask("U-LINE-BLANK-BEFORE-COMMA", TAKEN, "error");
    BLANK_IN_NAME = ask("U-LINE-BLANK-BEFORE-EQUALS", TAKEN, "taken");
    BACKSLASH = ask("U-LINE-BACKSLASH", &["kept", "decoded"], "kept");
    INNER_QUOTE = ask("U-LINE-INNER-QUOTE", TAKEN, "error");
    ODD_FORM_CFG_READ = ask("U-CFG-READ-FORM", TAKEN, "error");
    ODD_FORM_CFG_EXEC = ask("U-CFG-EXEC-FORM", TAKEN, "error");
    ODD_FORM_EDIT_READ = ask("U-EDIT-READ-FORM", TAKEN, "error");
    ODD_FORM_EDIT_EXEC = ask("U-EDIT-EXEC-FORM", TAKEN, "error");
    ODD_FORM_SEND_READ = ask("U-SEND-READ-FORM", TAKEN, "error");
    ODD_FORM_SEND_EXEC = ask("U-SEND-EXEC-FORM", TAKEN, "error");

    // AT+QMMSCFG.
    KEY_CASE = ask("U-CFG-KEY-CASE", TAKEN, "error");
    KEY_UNQUOTED = ask("U-CFG-KEY-UNQUOTED", TAKEN, "error");
    KEY_BLANK = ask("U-CFG-KEY-BLANK", TAKEN, "cme-756");
    KEY_UNKNOWN = ask("U-CFG-KEY-UNKNOWN", NEVER, "cme-756");
    CFG_SURPLUS = ask("U-CFG-SURPLUS", TAKEN, "cme-756");
    CONTEXTID_CODE = ask("U-CFG-CONTEXTID-CODE", NEVER, "cme-756");
    CONTEXT_INACTIVE = ask("U-CFG-CONTEXTID-INACTIVE", TAKEN, "taken");
    EXTRA_CODE = ask("U-CFG-EXTRA-CODE", NEVER, "cme-756");
    URL_CODE = ask("U-CFG-MMSC-CODE", NEVER, "cme-756");
    URL_EMPTY = ask("U-CFG-MMSC-EMPTY", TAKEN, "taken");
    URL_SCHEME = ask("U-CFG-MMSC-SCHEME", TAKEN, "cme-753");
    URL_SPELLING = ask("U-CFG-MMSC-MALFORMED", TAKEN, "cme-753");
    GATEWAY_CODE = ask("U-CFG-GATEWAY-CODE", NEVER, "cme-755");
    GATEWAY_NAME = ask("U-CFG-GATEWAY-NAME", TAKEN, "cme-755");
    GATEWAY_SCHEME = ask("U-CFG-GATEWAY-SCHEME", TAKEN, "cme-754");
    GATEWAY_EMPTY = ask("U-CFG-GATEWAY-EMPTY", TAKEN, "taken");
    PORT_CODE = ask("U-CFG-PORT-CODE", NEVER, "cme-756");
    PROXY_PARTIAL = ask("U-CFG-PROXY-PARTIAL", TAKEN, "cme-756");
    CHARSET_CASE = ask("U-CFG-CHARACTER-CASE", TAKEN, "cme-756");
    CHARSET_CODE = ask("U-CFG-CHARACTER-CODE", NEVER, "cme-756");
    SENDPARAM_PARTIAL = ask("U-CFG-SENDPARAM-PARTIAL", TAKEN, "cme-756");
    SENDPARAM_CODE = ask("U-CFG-SENDPARAM-CODE", NEVER, "cme-756");
    CFG_BUSY = ask("U-CFG-WHILE-SENDING", TAKEN, "taken");
    CFG_RESTART = ask("U-CFG-AFTER-RESTART", KEPT, "kept");
    CFG_RESET = ask("U-CFG-AFTER-ATZ", KEPT, "kept");
    CFG_FACTORY = ask("U-CFG-AFTER-FACTORY", KEPT, "kept");

    // AT+QMMSEDIT.
    FUNCTION_CODE = ask("U-EDIT-FUNCTION-CODE", NEVER, "cme-756");
    OPERATION_CODE = ask("U-EDIT-OPERATION-CODE", NEVER, "cme-756");
    CLEAR_SURPLUS = ask("U-EDIT-CLEAR-SURPLUS", TAKEN, "cme-756");
    DELETE_SURPLUS = ask("U-EDIT-DELETE-SURPLUS", TAKEN, "cme-756");
    ADD_SURPLUS = ask("U-EDIT-ADD-SURPLUS", TAKEN, "cme-756");
    ADD_BARE = ask("U-EDIT-ADD-BARE", NEVER, "cme-756");
    ADDRESS_CODE = ask("U-EDIT-ADDRESS-LENGTH-CODE", NEVER, "cme-756");
    ADDRESS_EMPTY = ask("U-EDIT-ADDRESS-EMPTY", TAKEN, "cme-756");
    ADDRESS_DUPLICATE = ask("U-EDIT-ADDRESS-DUPLICATE", &["taken", "once"], "taken");
    TITLE_CODE = ask("U-EDIT-TITLE-LENGTH-CODE", NEVER, "cme-756");
    TITLE_HEX_LENGTH = ask("U-EDIT-TITLE-HEX-LENGTH", TAKEN, "taken");
    TITLE_NOT_HEX = ask("U-EDIT-TITLE-NOT-HEX", TAKEN, "cme-756");
    TITLE_ODD_HEX = ask("U-EDIT-TITLE-ODD-HEX", TAKEN, "cme-756");
    TITLE_HEX_CASE = ask("U-EDIT-TITLE-HEX-CASE", &["kept", "upper"], "kept");
    TITLE_EMPTY = ask("U-EDIT-TITLE-EMPTY", TAKEN, "taken");
    TITLE_HIGH_BYTES = ask("U-EDIT-TITLE-HIGH-BYTES", TAKEN, "cme-756");
    TITLE_CHARSET = ask("U-EDIT-TITLE-CHARSET", &["bound", "current"], "bound");
    TITLE_NEVER = ask("U-EDIT-TITLE-NEVER", &["line", "nothing"], "line");
    FILE_NAME_CODE = ask("U-EDIT-FILE-NAME-CODE", NEVER, "cme-756");
    ATTACH_NAME_PREFIX = ask("U-EDIT-FILE-NAME-PREFIX", TAKEN, "taken");
    ATTACH_MISSING = ask("U-EDIT-FILE-MISSING", TAKEN, "cme-763");
    ATTACH_DUPLICATE = ask("U-EDIT-FILE-DUPLICATE", TAKEN, "taken");
    EDIT_BUSY = ask("U-EDIT-WHILE-SENDING", TAKEN, "cme-764");
    EDIT_RESTART = ask("U-EDIT-AFTER-RESTART", KEPT, "lost");
    EDIT_RESET = ask("U-EDIT-AFTER-ATZ", KEPT, "kept");

    // AT+QMMSEND.
    TIMEOUT_CODE = ask("U-SEND-TIMEOUT-CODE", NEVER, "cme-756");
    SEND_SURPLUS = ask("U-SEND-SURPLUS", TAKEN, "cme-756");
    NO_RECIPIENT = ask("U-SEND-NO-RECIPIENT", &["result"], "cme-762");
    NO_MMSC = ask("U-SEND-NO-MMSC", &["result"], "cme-753");
    NO_CONTEXT = ask("U-SEND-NO-CONTEXT", &["result-768", "result-769", "activates"], "result-769");
    FILE_GONE = ask("U-SEND-FILE-GONE", &["result-761", "result-763"], "result-761");
    EMPTY_MESSAGE = ask("U-SEND-EMPTY-MESSAGE", &["sent", "result-776"], "sent");
    FAILURE_ARITY = ask("U-SEND-FAILURE-FIELDS", &["one", "two"], "two");
    HTTP_ERR = ask("U-SEND-HTTP-ERR", &["765", "766", "767", "777"], "765");
    STATUS_ERR = ask("U-SEND-STATUS-ERR", &["765", "766", "767"], "766");
    REPORT_ERR = ask("U-SEND-REPORT-ERR", &["765", "766", "767", "777"], "767");
    STATUS_TEXT = ask("U-SEND-STATUS-TEXT", &["text", "status", "none"], "text");
    MESSAGE_KIND = ask("U-SEND-BODY", &["mixed", "related"], "mixed");
    SUBJECT_CHARSET = ask("U-SEND-SUBJECT-CHARSET", &["utf8", "native"], "utf8");
    MAXIMUM_EXPIRY = ask("U-SEND-MAXIMUM-EXPIRY", &["absent", "week-and-more"], "absent");

    // Files and contexts.
    DELETE_MISSING = ask("U-FILE-DELETE-MISSING", TAKEN, "cme-405");
    FILE_NAME_PREFIX = ask("U-FILE-NAME-PREFIX", TAKEN, "taken");
    ESCAPE_GUARD = ask("U-FILE-ESCAPE-GUARD", &["guarded", "anywhere"], "guarded");
    UPLOAD_SILENCE = ask("U-FILE-UPLOAD-SILENCE", &["kept"], "kept");
    RAM_RESTART = ask("U-FILE-RAM-AFTER-RESTART", KEPT, "lost");
    ACTIVATE_AGAIN = ask("U-BEARER-ACTIVATE-AGAIN", TAKEN, "taken");
    NO_APN = ask("U-BEARER-NO-APN", TAKEN, "error");
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

    /// The name of what this firmware does, for places that carry every answer out.
    pub(crate) fn habit(&self, question: Question) -> &'static str {
        self.decide(question).unwrap_or(question.otherwise)
    }
}

/// The reply that a known answer stands for: its lines in the catalogue, else what its name says (`error`, `ok`,
/// `cme-756`).
fn reply_of(id: &str, name: &str) -> Refusal {
    let known = Catalogue::manual().unknown(id).and_then(|unknown| unknown.answer(name));
    if let Some(answer) = known.filter(|answer| !answer.lines.is_empty()) {
        return Refusal::from_lines(&answer.lines);
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
    fn ids_are_unique_and_every_fallback_makes_sense() {
        for (at, question) in ALL.iter().enumerate() {
            assert!(
                ALL[at + 1..].iter().all(|other| other.id != question.id),
                "{} stands twice",
                question.id
            );
            let reply = question.otherwise == "error" || question.otherwise.starts_with("cme-");
            assert!(reply || question.acts.contains(&question.otherwise), "{}", question.id);
        }
    }
}
