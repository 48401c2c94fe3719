//! Who answers for a package: SSH signatures over the archive, as `ssh-keygen -Y sign` and `ssh-keygen -Y verify` make and check them.
//!
//! It knows the signature file (`PACKAGE.sig`), the namespace [`NAMESPACE`] and OpenSSH's file of allowed signers. It opens no file and has no
//! clock. Benches have SSH keys already, and whoever does not believe this program can check with OpenSSH's own. Signing takes Ed25519 and
//! NIST P-256 keys without a passphrase; for any other key, an agent or a hardware token, `ssh-keygen -Y sign -n ec20-package` does it, and
//! Ed25519, P-256 and their `sk-` forms are checked here. RSA keys are not: their crate has an open advisory.
//!
//! A signature says that whoever holds the key packed these bytes. It does not say that the bytes are true.

use std::ops::Range;

use ec20_manual::bound::{self, clipped};
use jiff::Zoned;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use ssh_key::{HashAlg, LineEnding, PrivateKey, PublicKey, SshSig};

use crate::mistake::{Mistake, MistakeKind, Source};

/// What a signature is for, in the words of SSH signatures: one for another purpose is none for a package.
pub const NAMESPACE: &str = "ec20-package";
/// The most bytes of a signature or key file.
pub const FILE_BYTES: usize = 1 << 16;
/// The most lines of a file of allowed signers that name a key.
const SIGNERS: usize = 10_000;

/// Why there is no signature, or none that counts.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    /// The private key cannot be read.
    #[error("expected an OpenSSH private key (Ed25519 or NIST P-256), found {0}")]
    Key(String),
    /// The private key has a passphrase.
    #[error(
        "expected a key without a passphrase; for this one use `ssh-keygen -Y sign -n {NAMESPACE} -f KEY PACKAGE`, which asks for it"
    )]
    Passphrase,
    /// The bytes are no SSH signature.
    #[error("expected an SSH signature, found {0}")]
    Form(String),
    /// It is for something else.
    #[error("expected a signature for `{NAMESPACE}`, found one for `{0}`")]
    Namespace(String),
    /// The key is not trusted.
    #[error("the key {0} is not among the allowed signers")]
    Unknown(String),
    /// The key is named, but not for this.
    #[error("the key {0} is among the allowed signers, but {1}")]
    NotNow(String, String),
    /// It is a signature over other bytes.
    #[error("the signature of {0} is over other bytes than this package")]
    Other(String),
}

/// Who signed a package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signer {
    /// What the file of allowed signers calls the key's holder.
    pub principals: String,
    /// The key's fingerprint.
    pub fingerprint: String,
}

/// A file of allowed signers.
#[derive(Debug, Clone, Default)]
pub struct Trusted(Vec<Allowed>);

/// A line of it.
#[derive(Debug, Clone)]
struct Allowed {
    principals: String,
    key: PublicKey,
    /// Why the key is not for packages, if it is not.
    barred: Option<String>,
    after: Option<Day>,
    before: Option<Day>,
}

/// A time of a file of allowed signers: the bench's own, or UTC.
#[derive(Debug, Clone, Copy)]
struct Day {
    at: DateTime,
    utc: bool,
}

/// Signs the bytes of an archive with the text of a private key; gives the text of the signature file.
///
/// # Errors
/// The key cannot be read, or is of a kind that only `ssh-keygen` can use.
pub fn sign(archive: &[u8], key: &str) -> Result<String, SignatureError> {
    if key.len() > FILE_BYTES {
        return Err(SignatureError::Key(format!(
            "{} bytes, of which a key has at most {FILE_BYTES}",
            key.len()
        )));
    }
    let key = PrivateKey::from_openssh(key).map_err(|error| SignatureError::Key(said(&error)))?;
    if key.is_encrypted() {
        return Err(SignatureError::Passphrase);
    }
    let signed = SshSig::sign(&key, NAMESPACE, HashAlg::Sha512, archive);
    let signed =
        signed.map_err(|error| SignatureError::Key(format!("a {} key ({error})", key.algorithm())))?;
    signed.to_pem(LineEnding::LF).map_err(|error| SignatureError::Key(said(&error)))
}

fn said(error: &ssh_key::Error) -> String {
    clipped(&error.to_string(), bound::FOUND)
}

impl Trusted {
    /// Reads a file of allowed signers: `PRINCIPALS [OPTIONS] KEYTYPE KEY [COMMENT]` in each line, as `ssh-keygen(1)` explains.
    ///
    /// A certificate authority (`cert-authority`) is not asked: its line trusts nobody here.
    ///
    /// ```
    /// use ec20_suite::pack::signature::Trusted;
    /// let key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAILM+rvN+ot98qgEN796jTiQfZfG1KaT0PtFDJ/XFSqti";
    /// assert!(Trusted::read("signers", &format!("bench@example.org {key}\n")).is_ok());
    /// let mistake = Trusted::read("signers", "# ours\nbench@example.org ssh-ed25519 AAAA\n").unwrap_err();
    /// assert!(mistake.to_string().starts_with("signers:2:19: expected a public key"));
    /// ```
    ///
    /// # Errors
    /// The first line that is none, with its place.
    pub fn read(file: &str, text: &str) -> Result<Self, Mistake> {
        bound::text(text).map_err(|excess| Mistake::excess(file, text, excess))?;
        let source = Source { file, text };
        let mut all = Vec::new();
        let mut at = 0;
        for line in text.split('\n') {
            let start = at + (line.len() - line.trim_start().len());
            at += line.len() + 1;
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            if all.len() >= SIGNERS {
                let expected = format!("at most {SIGNERS} signers");
                return Err(source.mistake(MistakeKind::Excess, start..start, expected, "more"));
            }
            let allowed = Allowed::read(line).map_err(|wrong| {
                let span = start + wrong.span.start..start + wrong.span.end;
                source.mistake(MistakeKind::Syntax, span, wrong.expected, wrong.found)
            })?;
            all.push(allowed);
        }
        Ok(Self(all))
    }

    /// Who signed the archive, if the signature counts at this time.
    ///
    /// # Errors
    /// Why it does not.
    pub fn check(&self, archive: &[u8], signature: &str, now: &Zoned) -> Result<Signer, SignatureError> {
        if signature.len() > FILE_BYTES {
            let found = format!("{} bytes, of which a signature has at most {FILE_BYTES}", signature.len());
            return Err(SignatureError::Form(found));
        }
        let signature = SshSig::from_pem(signature).map_err(|error| SignatureError::Form(said(&error)))?;
        if signature.namespace() != NAMESPACE {
            return Err(SignatureError::Namespace(clipped(signature.namespace(), bound::FOUND)));
        }
        let fingerprint = signature.public_key().fingerprint(HashAlg::Sha256).to_string();
        let mut of_key =
            self.0.iter().filter(|allowed| allowed.key.key_data() == signature.public_key()).peekable();
        let Some(first) = of_key.peek() else { return Err(SignatureError::Unknown(fingerprint)) };
        first.key.verify(NAMESPACE, archive, &signature).map_err(|error| match error {
            ssh_key::Error::Crypto => SignatureError::Other(fingerprint.clone()),
            // A key of a kind that is not checked here is no proof against the package, and none for it.
            other => SignatureError::NotNow(
                fingerprint.clone(),
                format!("is of a kind that only `ssh-keygen -Y verify -n {NAMESPACE}` checks ({other})"),
            ),
        })?;
        let mut barred = None;
        for allowed in of_key {
            match allowed.bar(now) {
                None => {
                    return Ok(Signer {
                        principals: clipped(&allowed.principals, bound::FOUND),
                        fingerprint,
                    });
                }
                Some(why) => barred = Some(why),
            }
        }
        Err(SignatureError::NotNow(fingerprint, barred.unwrap_or_default()))
    }
}

/// What is wrong with a line of allowed signers.
struct Wrong {
    span: Range<usize>,
    expected: &'static str,
    found: String,
}

/// A word up to the next blank; blanks in quotes are part of it.
fn word(line: &str) -> (&str, usize) {
    let mut quoted = false;
    let end = line.char_indices().find(|(_, c)| {
        quoted ^= *c == '"';
        !quoted && c.is_ascii_whitespace()
    });
    let end = end.map_or(line.len(), |(at, _)| at);
    let (word, rest) = line.split_at(end);
    (word, end + (rest.len() - rest.trim_start().len()))
}

impl Allowed {
    fn read(line: &str) -> Result<Self, Wrong> {
        let (principals, mut at) = word(line);
        let rest = |at: usize| line.get(at..).unwrap_or_default();
        let (first, length) = word(rest(at));
        let is_key = ["ssh-", "ecdsa-", "sk-"].iter().any(|kind| first.starts_with(kind));
        let mut allowed = (None, None, None);
        if !is_key {
            for option in options(first) {
                let wrong = |expected| Wrong {
                    span: at..at + first.len(),
                    expected,
                    found: format!("`{}`", clipped(option, bound::FOUND)),
                };
                let (name, value) = option.split_once('=').unwrap_or((option, ""));
                let value = value.trim_matches('"');
                match name.to_ascii_lowercase().as_str() {
                    "namespaces" if !fits(value, NAMESPACE) => {
                        let value = clipped(value, bound::FOUND);
                        allowed.0 = Some(format!("for `{value}`, not for `{NAMESPACE}`"));
                    }
                    "namespaces" => {}
                    "cert-authority" => {
                        allowed.0 = Some("as a certificate authority, which is not asked here".to_owned());
                    }
                    "valid-after" => allowed.1 = Some(Day::read(value).ok_or_else(|| wrong(TIME))?),
                    "valid-before" => allowed.2 = Some(Day::read(value).ok_or_else(|| wrong(TIME))?),
                    _ => {
                        return Err(wrong(
                            "`namespaces=`, `valid-after=`, `valid-before=` or `cert-authority`",
                        ));
                    }
                }
            }
            at += length;
        }
        let key = PublicKey::from_openssh(rest(at)).map_err(|error| Wrong {
            span: at..line.len().max(at),
            expected: "a public key as OpenSSH writes it",
            found: said(&error),
        })?;
        let principals = principals.trim_matches('"').to_owned();
        let (barred, after, before) = allowed;
        Ok(Self { principals, key, barred, after, before })
    }

    /// Why the key does not count at this time.
    fn bar(&self, now: &Zoned) -> Option<String> {
        let early = self.after.filter(|after| after.of(now) < after.at);
        let late = self.before.filter(|before| before.of(now) > before.at);
        let barred = self.barred.clone();
        barred
            .or_else(|| early.map(|after| format!("only from {}", after.at)))
            .or_else(|| late.map(|before| format!("only until {}", before.at)))
    }
}

const TIME: &str = "a time such as 20270331, 202703311200 or 20270331120000Z";

impl Day {
    /// `YYYYMMDD[HHMM[SS]][Z]`.
    fn read(text: &str) -> Option<Self> {
        let (digits, utc) = text.strip_suffix('Z').map_or((text, false), |digits| (digits, true));
        if !digits.bytes().all(|byte| byte.is_ascii_digit()) || ![8, 12, 14].contains(&digits.len()) {
            return None;
        }
        let whole = format!("{digits:0<14}");
        DateTime::strptime("%Y%m%d%H%M%S", whole).ok().map(|at| Self { at, utc })
    }

    /// The time on the clock that this time is of.
    fn of(self, now: &Zoned) -> DateTime {
        if self.utc { now.with_time_zone(TimeZone::UTC).datetime() } else { now.datetime() }
    }
}

/// Options, cut at the commas that stand outside of quotes.
fn options(text: &str) -> impl Iterator<Item = &str> {
    let mut quoted = false;
    text.split(move |c: char| {
        quoted ^= c == '"';
        c == ',' && !quoted
    })
}

/// OpenSSH's lists of patterns: `*` and `?`, and a pattern that begins with `!` forbids.
fn fits(patterns: &str, name: &str) -> bool {
    let mut fits = false;
    for pattern in patterns.split(',') {
        match pattern.strip_prefix('!') {
            Some(forbidden) if like(forbidden.as_bytes(), name.as_bytes()) => return false,
            Some(_) => {}
            None => fits |= like(pattern.as_bytes(), name.as_bytes()),
        }
    }
    fits
}

/// Whether a name is like a pattern of `*` and `?`; in time of one times the other.
fn like(pattern: &[u8], name: &[u8]) -> bool {
    let mut reached = vec![false; name.len() + 1];
    reached[0] = true;
    for sign in pattern {
        let before = reached.clone();
        let mut any = false;
        for (at, now) in reached.iter_mut().enumerate() {
            any |= before.get(at).copied().unwrap_or(false);
            let one = at.checked_sub(1).filter(|last| before.get(*last).copied().unwrap_or(false));
            *now = match sign {
                b'*' => any,
                b'?' => one.is_some(),
                sign => one.is_some_and(|last| name.get(last) == Some(sign)),
            };
        }
    }
    reached.last().copied().unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use super::{Day, fits};

    #[test]
    fn a_list_of_patterns_is_read_as_openssh_reads_it() {
        for (patterns, wanted) in [
            ("ec20-package", true),
            ("git,ec20-*", true),
            ("file", false),
            ("*", true),
            ("*,!ec20-package", false),
            ("ec20?package", true),
            ("ec20-packag", false),
            ("", false),
        ] {
            assert_eq!(fits(patterns, "ec20-package"), wanted, "{patterns}");
        }
    }

    #[test]
    fn a_time_is_read_as_openssh_reads_it() {
        let read = |text| Day::read(text).map(|day| (day.at.to_string(), day.utc));
        assert_eq!(read("20270331"), Some(("2027-03-31T00:00:00".to_owned(), false)));
        assert_eq!(read("202703311205Z"), Some(("2027-03-31T12:05:00".to_owned(), true)));
        for wrong in ["2027", "2027-03-31", "20271301", "Z", "202703311205999"] {
            assert!(read(wrong).is_none(), "{wrong}");
        }
    }
}
