//! Writes command lines: every command form of the manual, into a buffer of the caller.
//!
//! Refuses what cannot be said (a quote, CR or LF inside a string) and what the manual forbids (a value out of range),
//! with a reason. Knows nothing of what a command does, nor of what was said before: whether a title is spelt as the character
//! set in force wants it, whether a list is full, whether `<gateway>` is an address, is not judged.
//!
//! ```
//! use ec20_at::{build, request::Request};
//!
//! let mut buffer = [0; 64];
//! let add = Request::QmmseditAdd { function: 1, optstring: b"13856122546" };
//! assert_eq!(build::line(&mut buffer, &[add])?, b"AT+QMMSEDIT=1,1,\"13856122546\"\r");
//!
//! let several = [Request::EWrite { value: 0 }, Request::CmeeWrite { n: 1 }, Request::CsqExec];
//! assert_eq!(build::line(&mut buffer, &several)?, b"ATE0+CMEE=1;+CSQ\r");
//!
//! let refused = build::line(&mut buffer, &[Request::QmmseditAdd { function: 1, optstring: b"a\"b" }]).unwrap_err();
//! assert_eq!(refused.to_string(), "optstring of qmmsedit_add: a quote inside a string cannot be said");
//! # Ok::<(), ec20_at::build::Refusal>(())
//! ```

use core::fmt;

use crate::forms::{self, FieldSpec, Rule, Spec};
use crate::request::Request;
use crate::typed::Value;
use crate::{Dialect, ErrorKind, Expected, Form, Found, Parameter, ParameterKind, Span, command_line, judge};

/// Why a command is not written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The form that was to be written; empty where the line as a whole is meant.
    pub form: &'static str,
    /// The field that stands in the way, or empty.
    pub field: &'static str,
    /// What is wrong with it.
    pub reason: Reason,
    /// The clause that forbids it, where one does.
    pub clause: Option<&'static str>,
}

/// What is wrong with a command that is not written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reason {
    /// The language has no way to write a quote inside a string.
    Quote,
    /// CR or LF would end the line inside the string.
    LineBreak,
    /// Another control byte inside a string.
    Control,
    /// The value breaks a limit.
    Limit {
        /// What the form takes.
        expected: Expected,
        /// What was given.
        found: Found,
    },
    /// A parameter is given though one before it is left out, or one is left out that must come with another.
    Gap,
    /// The buffer is too short.
    BufferFull,
    /// [`Builder::push_verbatim`] takes exactly one well-formed command.
    NotACommand,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.field.is_empty() {
            write!(f, "{} of {}: ", self.field, self.form)?;
        } else if !self.form.is_empty() {
            write!(f, "{}: ", self.form)?;
        }
        match self.reason {
            Reason::Quote => f.write_str("a quote inside a string cannot be said"),
            Reason::LineBreak => f.write_str("a line break inside a string cannot be said"),
            Reason::Control => f.write_str("a control byte inside a string cannot be said"),
            Reason::Limit { expected, found } => write!(f, "expected {expected}, found {found}"),
            Reason::Gap => {
                f.write_str("a parameter is missing before this one, or the one that belongs to it")
            }
            Reason::BufferFull => f.write_str("the buffer is too short"),
            Reason::NotACommand => f.write_str("not one well-formed command"),
        }?;
        match self.clause {
            Some(clause) => write!(f, " ({clause})"),
            None => Ok(()),
        }
    }
}

impl core::error::Error for Refusal {}

impl Refusal {
    const fn of_line(reason: Reason) -> Self {
        Self { form: "", field: "", reason, clause: None }
    }
}

/// Writes one line of these commands, its CR included, to the front of `buffer`. Without any it is `AT`.
///
/// # Errors
/// The first reason why the line cannot be written.
pub fn line<'b>(buffer: &'b mut [u8], requests: &[Request<'_>]) -> Result<&'b [u8], Refusal> {
    let mut builder = Builder::new(buffer)?;
    for request in requests {
        builder.push(request)?;
    }
    builder.finish()
}

/// A command line in the making. A refused command leaves the line as it was before.
#[derive(Debug)]
pub struct Builder<'b> {
    buffer: &'b mut [u8],
    len: usize,
    /// What the next command needs before it.
    separator: Separator,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Separator {
    Nothing,
    Semicolon,
}

impl<'b> Builder<'b> {
    /// Begins a line with `AT`.
    ///
    /// # Errors
    /// [`Reason::BufferFull`].
    pub fn new(buffer: &'b mut [u8]) -> Result<Self, Refusal> {
        let mut builder = Self { buffer, len: 0, separator: Separator::Nothing };
        builder.put(b"AT").map_err(Refusal::of_line)?;
        Ok(builder)
    }

    /// Appends a command, chained to the one before.
    ///
    /// # Errors
    /// Why it cannot be written.
    pub fn push(&mut self, request: &Request<'_>) -> Result<&mut Self, Refusal> {
        let form = request.form();
        let Some((name, sort, spec)) = spec_of(form) else {
            return Err(Refusal { form, field: "", reason: Reason::NotACommand, clause: None });
        };
        let before = (self.len, self.separator);
        if let Err(mut refusal) = self.command(name, sort, spec, request) {
            (self.len, self.separator) = before;
            refusal.form = form;
            return Err(refusal);
        }
        Ok(self)
    }

    /// Appends a command that the tables lack, as its bytes: `+CLAC`, `+FOO=1,"x"`.
    ///
    /// # Errors
    /// [`Reason::NotACommand`] unless `command` is one well-formed extended command.
    ///
    /// ```
    /// # use ec20_at::build::{Builder, Reason};
    /// let mut buffer = [0; 32];
    /// let mut builder = Builder::new(&mut buffer)?;
    /// builder.push_verbatim(b"+CLAC")?;
    /// assert_eq!(builder.push_verbatim(b"+X=1\r").unwrap_err().reason, Reason::NotACommand);
    /// assert_eq!(builder.finish()?, b"AT+CLAC\r");
    /// # Ok::<(), ec20_at::build::Refusal>(())
    /// ```
    pub fn push_verbatim(&mut self, command: &[u8]) -> Result<&mut Self, Refusal> {
        let before = (self.len, self.separator);
        let written = self.verbatim(command);
        if let Err(reason) = written {
            (self.len, self.separator) = before;
            return Err(Refusal::of_line(reason));
        }
        Ok(self)
    }

    /// Ends the line with its CR.
    ///
    /// # Errors
    /// [`Reason::BufferFull`].
    pub fn finish(mut self) -> Result<&'b [u8], Refusal> {
        self.put(b"\r").map_err(Refusal::of_line)?;
        let Self { buffer, len, .. } = self;
        let line: &'b [u8] = buffer;
        Ok(line.get(..len).unwrap_or_default())
    }

    fn put(&mut self, bytes: &[u8]) -> Result<(), Reason> {
        let end = self.len.saturating_add(bytes.len());
        let Some(room) = self.buffer.get_mut(self.len..end) else { return Err(Reason::BufferFull) };
        room.copy_from_slice(bytes);
        self.len = end;
        Ok(())
    }

    fn put_number(&mut self, number: u32) -> Result<(), Reason> {
        let mut digits = [0_u8; 10];
        self.put(decimal(number, &mut digits))
    }

    fn verbatim(&mut self, command: &[u8]) -> Result<(), Reason> {
        let start = self.len;
        if self.separator == Separator::Semicolon {
            self.put(b";")?;
        }
        self.put(command)?;
        self.separator = Separator::Semicolon;
        // Read back as it stands behind what was there: one command more than before, and that one an extended one.
        let line = self.buffer.get(..self.len).unwrap_or_default();
        let behind = command_line::read(line, Dialect::CANONICAL).map_err(|_| Reason::NotACommand)?;
        let mut found = 0_usize;
        for read in behind.commands() {
            let read = read.map_err(|_| Reason::NotACommand)?;
            if read.span().start >= start {
                let whole = read.bytes() == command && read.is_extended();
                found = if whole { found.wrapping_add(1) } else { return Err(Reason::NotACommand) };
            }
        }
        if found == 1 { Ok(()) } else { Err(Reason::NotACommand) }
    }

    fn command(
        &mut self,
        name: &'static str,
        form: Form,
        spec: &'static Spec,
        request: &Request<'_>,
    ) -> Result<(), Refusal> {
        let extended = name.starts_with('+');
        if self.separator == Separator::Semicolon {
            self.put(b";").map_err(Refusal::of_line)?;
        }
        self.put(name.as_bytes()).map_err(Refusal::of_line)?;
        let sign: &[u8] = match form {
            Form::Test => b"=?",
            Form::Read => b"?",
            Form::Write if extended || name.starts_with('S') => b"=",
            Form::Write | Form::Execute => b"",
        };
        self.put(sign).map_err(Refusal::of_line)?;
        self.separator = if extended { Separator::Semicolon } else { Separator::Nothing };
        if !spec.key.is_empty() {
            self.quoted(spec.key.as_bytes()).map_err(Refusal::of_line)?;
        }
        self.fields(spec, request)
    }

    fn fields(&mut self, spec: &'static Spec, request: &Request<'_>) -> Result<(), Refusal> {
        let mut function = Value::Absent;
        let mut count = 0_usize;
        let mut gap: Option<&'static str> = None;
        for (index, field) in spec.fields.iter().enumerate() {
            let refusal = |reason, clause| Refusal { form: "", field: field.name, reason, clause };
            let value = match constant(field) {
                Some(constant) => Value::Number(constant),
                None => request.value(if field.name == "type" { "r#type" } else { field.name }),
            };
            if value == Value::Absent {
                gap = gap.or(Some(field.name));
                continue;
            }
            if gap.is_some() {
                return Err(refusal(Reason::Gap, None));
            }
            check(field, value, function)?;
            if index > 0 || !spec.key.is_empty() {
                self.put(b",").map_err(|reason| refusal(reason, None))?;
            }
            match value {
                Value::Number(number) => self.put_number(number),
                Value::String(bytes) => self.quoted(bytes),
                Value::Absent => Ok(()),
            }
            .map_err(|reason| refusal(reason, None))?;
            if index == 0 {
                function = value;
            }
            count = count.wrapping_add(1);
        }
        if spec.counts.contains(&count) {
            return Ok(());
        }
        Err(Refusal { form: "", field: gap.unwrap_or_default(), reason: Reason::Gap, clause: None })
    }

    fn quoted(&mut self, bytes: &[u8]) -> Result<(), Reason> {
        self.put(b"\"")?;
        self.put(bytes)?;
        self.put(b"\"")
    }
}

/// The value of a field that has only one: the form itself says it, so no view carries it.
fn constant(field: &FieldSpec) -> Option<u32> {
    match field.rule {
        Rule::Zero => Some(0),
        Rule::In(&[(min, max)]) if min == max && field.name != "value" => Some(min),
        _ => None,
    }
}

fn spec_of(form: &str) -> Option<(&'static str, Form, &'static Spec)> {
    let mut all = forms::commands()
        .flat_map(|command| command.forms.iter().map(|(form, spec)| (command.name, *form, spec)));
    all.find(|(_, _, spec)| spec.name == form)
}

/// Holds a value against its rule, as the canonical reading would.
fn check(field: &FieldSpec, value: Value<'_>, function: Value<'_>) -> Result<(), Refusal> {
    let refusal = |reason, clause| Refusal { form: "", field: field.name, reason, clause };
    let mut digits = [0_u8; 10];
    let (kind, bytes) = match value {
        Value::Absent => return Ok(()),
        Value::Number(number) => (ParameterKind::Integer, decimal(number, &mut digits)),
        Value::String(bytes) => (ParameterKind::String, bytes),
    };
    if kind == ParameterKind::String {
        for &byte in bytes {
            let reason = match byte {
                b'"' => Reason::Quote,
                b'\r' | b'\n' => Reason::LineBreak,
                0..=0x1F | 0x7F => Reason::Control,
                _ => continue,
            };
            return Err(refusal(reason, None));
        }
    }
    let mut of = [0_u8; 10];
    let function = match function {
        Value::Number(number) => decimal(number, &mut of),
        Value::String(bytes) => bytes,
        Value::Absent => b"",
    };
    let parameter = Parameter::new(kind, bytes, Span::new(0, bytes.len()));
    match judge::parameter(field, &parameter, function, Dialect::CANONICAL) {
        Ok(_) => Ok(()),
        Err(error) => {
            let found =
                if error.kind == ErrorKind::TooLong { Found::Length(bytes.len()) } else { error.found };
            Err(refusal(Reason::Limit { expected: error.expected, found }, error.clause))
        }
    }
}

/// The decimal digits of a number, at the end of `digits`.
fn decimal(mut number: u32, digits: &mut [u8; 10]) -> &[u8] {
    let mut used = 0_usize;
    for slot in digits.iter_mut().rev() {
        *slot = b'0'.wrapping_add((number % 10) as u8);
        used = used.wrapping_add(1);
        number /= 10;
        if number == 0 {
            break;
        }
    }
    digits.get(10_usize.wrapping_sub(used)..).unwrap_or_default()
}
