//! What the host sends: one command line, split into commands, each with name, form and parameters.
//!
//! Knows the syntax of V.250 chapter 5 (prefix, basic and extended commands, chaining, `A/`), so it reads commands that
//! no manual mentions, of any length. Refuses to know what a command means: that is [`Request`](crate::request::Request).
//!
//! ```
//! use ec20_at::{Dialect, Form, command_line};
//!
//! let line = command_line::read(b"ATE0V1+CMEE=1;+QMMSEDIT=1,1,\"a;b\"", Dialect::CANONICAL)?;
//! let names: Vec<_> = line.commands().map(|command| command.map(|c| (c.name().to_vec(), c.form()))).collect();
//! assert_eq!(names, [
//!     Ok((b"E".to_vec(), Form::Write)),
//!     Ok((b"V".to_vec(), Form::Write)),
//!     Ok((b"+CMEE".to_vec(), Form::Write)),
//!     Ok((b"+QMMSEDIT".to_vec(), Form::Write)),
//! ]);
//! # Ok::<(), ec20_at::Error>(())
//! ```

use crate::parameter::{self, Place, skip_blanks};
use crate::{Dialect, Error, Parameter, ParameterKind, Span, Tolerance};

/// The form of a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Form {
    /// `AT+X=?`: which parameters are there?
    Test,
    /// `AT+X?`: how are they set?
    Read,
    /// `AT+X`: do it.
    Execute,
    /// `AT+X=…`, and `ATE0` for a basic command.
    Write,
}

/// A command line that has its prefix. What follows the prefix is read by [`commands`](Self::commands).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CommandLine<'a> {
    line: &'a [u8],
    dialect: Dialect,
    repeat: bool,
}

/// Reads a command line, given without the CR that ends it.
///
/// # Errors
/// [`ErrorKind::Syntax`](crate::ErrorKind::Syntax) when the line starts neither with `AT` nor is `A/` (V.250 5.2.1, 5.2.4).
/// Mistakes behind the prefix are reported by the iterator, so that the commands before them are known.
pub fn read(line: &[u8], dialect: Dialect) -> Result<CommandLine<'_>, Error> {
    match line {
        [b'A' | b'a', b'/'] => return Ok(CommandLine { line, dialect, repeat: true }),
        [b'A', b'T', ..] | [b'a', b't', ..] => {}
        [b'A', b't', ..] | [b'a', b'T', ..] if dialect.allows(Tolerance::MixedPrefix) => {}
        [b'A' | b'a', ..] => return Err(Error::syntax(line, 1, "the prefix AT or at")),
        _ => return Err(Error::syntax(line, 0, "the prefix AT or at")),
    }
    Ok(CommandLine { line, dialect, repeat: false })
}

impl<'a> CommandLine<'a> {
    /// Whether the line is `A/`, which repeats the line before (and needs no CR).
    pub const fn is_repeat(&self) -> bool {
        self.repeat
    }

    /// The commands in their order. After a mistake nothing more comes.
    pub fn commands(&self) -> Commands<'a> {
        let blanks = self.dialect.allows(Tolerance::BlankBetweenCommands);
        // Behind `AT`; behind `A/` there is nothing.
        let next = if blanks { skip_blanks(self.line, 2) } else { 2 };
        Commands { line: self.line, next, dialect: self.dialect }
    }

    /// The whole line.
    pub const fn bytes(&self) -> &'a [u8] {
        self.line
    }
}

/// The commands of a line; see [`CommandLine::commands`].
#[derive(Clone, Debug)]
pub struct Commands<'a> {
    line: &'a [u8],
    next: usize,
    dialect: Dialect,
}

impl<'a> Iterator for Commands<'a> {
    type Item = Result<Command<'a>, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        let first = *self.line.get(self.next)?;
        let read = if is_sign(first) { self.extended() } else { self.basic(first) };
        if read.is_err() {
            self.next = self.line.len();
        }
        Some(read)
    }
}

/// The signs that begin the name of an extended command. V.250 has only `+`; the others are vendors' ways.
const fn is_sign(byte: u8) -> bool {
    matches!(byte, b'+' | b'$' | b'%' | b'^' | b'*' | b'#')
}

/// Bytes of an extended command's name behind the sign (V.250 5.4.1).
const fn is_name_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'!' | b'%' | b'-' | b'.' | b'/' | b':' | b'_')
}

impl<'a> Commands<'a> {
    fn byte(&self, at: usize) -> Option<u8> {
        self.line.get(at).copied()
    }

    fn run(&self, from: usize, belongs: fn(u8) -> bool) -> usize {
        let rest = self.line.get(from..).unwrap_or_default();
        from.wrapping_add(rest.iter().take_while(|&&byte| belongs(byte)).count())
    }

    /// `+NAME`, `+NAME?`, `+NAME=?`, `+NAME=…`; must end the line or be followed by `;`.
    fn extended(&mut self) -> Result<Command<'a>, Error> {
        let start = self.next;
        let name_end = self.run(start.wrapping_add(1), is_name_byte);
        if name_end == start.wrapping_add(1) {
            return Err(Error::syntax(self.line, name_end, "the name of a command"));
        }
        let (form, arguments) = self.form_of(name_end)?;
        let (end, at) = match form {
            Form::Write => self.parameters_end(arguments)?,
            _ => (arguments, arguments),
        };
        let command = self.command(Span::new(start, name_end), form, Span::new(arguments, end));
        self.next = self.separator(at, true)?;
        Ok(command)
    }

    /// A letter, or `&` and a letter, with the digits behind it; `S` takes a register, `D` the rest of the line.
    fn basic(&mut self, first: u8) -> Result<Command<'a>, Error> {
        let start = self.next;
        let letter_at = start.wrapping_add(usize::from(matches!(first, b'&' | b'\\')));
        let Some(letter) = self.byte(letter_at).filter(u8::is_ascii_alphabetic) else {
            return Err(Error::syntax(self.line, letter_at, "a command"));
        };
        let plain = letter_at == start;
        let mut name_end = letter_at.wrapping_add(1);
        if plain && letter.eq_ignore_ascii_case(&b'D') {
            return self.dial(start, name_end);
        }
        if plain && letter.eq_ignore_ascii_case(&b'S') {
            name_end = self.run(name_end, |byte| byte.is_ascii_digit());
        }
        let digits_end = self.run(name_end, |byte| byte.is_ascii_digit());
        let (form, arguments) = if digits_end > name_end {
            (Form::Write, Span::new(name_end, digits_end))
        } else {
            match (self.byte(name_end), self.byte(name_end.wrapping_add(1))) {
                (Some(b'?'), _) => (Form::Read, Span::at(name_end.wrapping_add(1))),
                (Some(b'='), Some(b'?')) => (Form::Test, Span::at(name_end.wrapping_add(2))),
                (Some(b'='), _) => {
                    let from = name_end.wrapping_add(1);
                    (Form::Write, Span::new(from, self.run(from, |byte| byte.is_ascii_digit())))
                }
                _ => (Form::Execute, Span::at(name_end)),
            }
        };
        let command = self.command(Span::new(start, name_end), form, arguments);
        self.next = self.separator(arguments.end, false)?;
        Ok(command)
    }

    /// `D` swallows everything: what follows is a number to call, with letters and signs of its own (V.250 6.3.1).
    fn dial(&mut self, start: usize, name_end: usize) -> Result<Command<'a>, Error> {
        let rest = self.line.get(name_end..).unwrap_or_default();
        if let Some(at) = rest.iter().position(|&byte| byte == b'\r' || byte == b'\n') {
            let at = name_end.wrapping_add(at);
            return Err(Error::syntax(self.line, at, "a command line without CR or LF"));
        }
        let form = if rest.is_empty() { Form::Execute } else { Form::Write };
        self.next = self.line.len();
        Ok(self.command(Span::new(start, name_end), form, Span::new(name_end, self.line.len())))
    }

    fn command(&self, name: Span, form: Form, arguments: Span) -> Command<'a> {
        Command { line: self.line, name, form, arguments, dialect: self.dialect }
    }

    /// What stands behind the name of an extended command, and where its parameters begin.
    fn form_of(&self, at: usize) -> Result<(Form, usize), Error> {
        let behind = at.wrapping_add(1);
        match self.byte(at) {
            None | Some(b';') => Ok((Form::Execute, at)),
            Some(b'?') => Ok((Form::Read, behind)),
            Some(b'=') if self.byte(behind) == Some(b'?') && self.command_ends(behind.wrapping_add(1)) => {
                Ok((Form::Test, behind.wrapping_add(1)))
            }
            Some(b'=') => Ok((Form::Write, behind)),
            Some(b' ') if self.command_ends(at) => Ok((Form::Execute, at)),
            Some(_) => Err(Error::syntax(self.line, at, "`=`, `?`, `;` or the end behind a command's name")),
        }
    }

    /// Whether only blanks (where they are forgiven) stand between `at` and the command's end.
    fn command_ends(&self, at: usize) -> bool {
        let blanks = self.dialect.allows(Tolerance::BlankBetweenCommands);
        let at = if blanks { skip_blanks(self.line, at) } else { at };
        matches!(self.byte(at), None | Some(b';'))
    }

    /// Checks every parameter; returns where the last one ends and where the reading stands.
    fn parameters_end(&self, start: usize) -> Result<(usize, usize), Error> {
        let mut at = start;
        loop {
            let (parameter, stopped) = parameter::read(self.line, at, Place::Command, self.dialect)?;
            if self.byte(stopped) != Some(b',') {
                return Ok((parameter.outer_span().end, stopped));
            }
            at = parameter::behind_comma(self.line, stopped, self.dialect);
        }
    }

    /// Steps over what separates two commands; an extended command needs its `;` where another follows.
    fn separator(&self, at: usize, needed: bool) -> Result<usize, Error> {
        let blanks = self.dialect.allows(Tolerance::BlankBetweenCommands);
        let skip = |at| if blanks { skip_blanks(self.line, at) } else { at };
        let at = skip(at);
        match self.byte(at) {
            Some(b';') => {
                let next = skip(at.wrapping_add(1));
                match self.byte(next) {
                    None | Some(b';') => Err(Error::syntax(self.line, next, "a command behind `;`")),
                    Some(_) => Ok(next),
                }
            }
            Some(_) if needed => Err(Error::syntax(self.line, at, "`;` or the end")),
            _ => Ok(at),
        }
    }
}

/// One command of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Command<'a> {
    line: &'a [u8],
    name: Span,
    form: Form,
    arguments: Span,
    dialect: Dialect,
}

impl<'a> Command<'a> {
    /// The name as sent, sign included: `+QMMSCFG`, `E`, `&F`, `S3`.
    pub fn name(&self) -> &'a [u8] {
        self.name.of(self.line)
    }

    /// Whether the command has this name, in any case. `name` carries its sign: `"+QMMSCFG"`.
    pub fn is(&self, name: &str) -> bool {
        self.name().eq_ignore_ascii_case(name.as_bytes())
    }

    /// Which form it has.
    pub const fn form(&self) -> Form {
        self.form
    }

    /// The parameters in their order: none but in a [`Form::Write`], where there is at least one, perhaps empty.
    pub fn parameters(&self) -> Parameters<'a> {
        let wanted = matches!(self.form, Form::Write);
        let end = if self.is_extended() { self.line.len() } else { self.arguments.end };
        let line = self.line.get(..end).unwrap_or_default();
        Parameters {
            line,
            next: wanted.then_some(self.arguments.start),
            place: Place::Command,
            dialect: self.dialect,
            whole: !self.is_extended(),
        }
    }

    /// The parameter at `index`, counted from 0.
    pub fn parameter(&self, index: usize) -> Option<Parameter<'a>> {
        self.parameters().nth(index)
    }

    /// From the sign or letter to the last byte of the last parameter.
    pub const fn span(&self) -> Span {
        Span::new(self.name.start, self.arguments.end)
    }

    /// The bytes of [`span`](Self::span).
    pub fn bytes(&self) -> &'a [u8] {
        self.span().of(self.line)
    }

    /// Where the name stands in the line.
    pub const fn name_span(&self) -> Span {
        self.name
    }

    /// The line that the command stands in.
    pub const fn line(&self) -> &'a [u8] {
        self.line
    }

    /// All parameters as they stand, commas included.
    pub fn arguments(&self) -> &'a [u8] {
        self.arguments.of(self.line)
    }

    /// Whether the command begins with a sign and so takes comma-separated parameters.
    pub fn is_extended(&self) -> bool {
        self.name().first().is_some_and(|&byte| is_sign(byte))
    }

    /// The dialect that the line was read in.
    pub const fn dialect(&self) -> Dialect {
        self.dialect
    }
}

/// The parameters of a command; see [`Command::parameters`].
#[derive(Clone, Debug)]
pub struct Parameters<'a> {
    line: &'a [u8],
    next: Option<usize>,
    place: Place,
    dialect: Dialect,
    /// The rest of the line is one parameter, whatever bytes it holds: a dial string, the digits of a basic command.
    whole: bool,
}

impl<'a> Iterator for Parameters<'a> {
    type Item = Parameter<'a>;

    fn next(&mut self) -> Option<Parameter<'a>> {
        let start = self.next.take()?;
        if self.whole {
            let span = Span::new(start, self.line.len());
            let kind = match span.of(self.line) {
                [] => ParameterKind::Empty,
                bytes if parameter::is_numeral(bytes) => ParameterKind::Integer,
                _ => ParameterKind::Word,
            };
            return Some(Parameter::new(kind, self.line, span));
        }
        // The line was checked when the command was read, so an error cannot come; if it did, the list would end.
        let (parameter, stopped) = parameter::read(self.line, start, self.place, self.dialect).ok()?;
        let comma = self.line.get(stopped) == Some(&b',');
        self.next = comma.then(|| parameter::behind_comma(self.line, stopped, self.dialect));
        Some(parameter)
    }
}
