//! A command line taken apart as a module does it: commands, their operation, their arguments.
//!
//! Knows the signs of V.250: letters with numbers, names after `+` or `$`, `=`, `?`, `=?`, commas, quotes, semicolons.
//! Refuses to know any command. It is laxer than the grammar on purpose: what a module makes of an odd line is decided
//! by its profile, so an odd line must first be held in the hand.

/// What is asked of a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Operation {
    /// `AT+X`
    Execute,
    /// `AT+X?`
    Read,
    /// `AT+X=?`
    Test,
    /// `AT+X=…`
    Write,
}

/// One argument of a write command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Value {
    /// Nothing between two commas.
    Missing,
    /// Digits.
    Number(i64),
    /// A quoted string, without its quotes.
    Text(Vec<u8>),
    /// Anything else that stands without quotes.
    Word(Vec<u8>),
}

impl Value {
    /// The number, if it is one.
    pub(crate) fn number(&self) -> Option<i64> {
        match self {
            Self::Number(n) => Some(*n),
            _ => None,
        }
    }

    /// The quoted text, if it is one.
    pub(crate) fn text(&self) -> Option<&[u8]> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }
}

/// One command of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Command {
    /// Upper case, with its sign: `+QMMSCFG`, `E`, `&F`, `S3`, empty for the bare `AT`.
    pub(crate) name: String,
    pub(crate) operation: Operation,
    pub(crate) values: Vec<Value>,
    /// What odd writing was met and passed over.
    pub(crate) odd: Oddities,
}

/// Odd writing that some firmwares pass over and others refuse.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is met or not, whatever the others are")]
pub(crate) struct Oddities {
    /// A blank right after a comma or the equals sign.
    pub(crate) blank_after: bool,
    /// A blank right before a comma, or at the end of the arguments.
    pub(crate) blank_before: bool,
    /// A blank between the name and its sign, or between `AT` and the name.
    pub(crate) blank_in_name: bool,
    /// A character after a closing quote that is no comma: a quote inside a string.
    pub(crate) inner_quote: bool,
    /// A string without its closing quote.
    pub(crate) open_quote: bool,
    /// Typographic quotes, as the manual prints them.
    pub(crate) smart_quotes: bool,
    /// A number with a zero before it.
    pub(crate) leading_zero: bool,
}

/// A line of which nothing can be made, from some command on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Unreadable;

/// Takes the bytes after `AT` apart. What stands before an unreadable piece is still returned, since a module carries
/// it out before it stumbles.
pub(crate) fn read_line(mut rest: &[u8]) -> Vec<Result<Command, Unreadable>> {
    let mut commands = Vec::new();
    if rest.iter().all(|b| *b == b' ') {
        return vec![Ok(Command::bare(String::new(), Operation::Execute))];
    }
    loop {
        let blanks = rest.iter().take_while(|b| **b == b' ').count();
        rest = rest.get(blanks..).unwrap_or_default();
        let Some(first) = rest.first().copied() else { return commands };
        let taken = match first {
            b'+' | b'$' | b'^' | b'%' | b'*' | b'#' => extended(rest),
            b';' => Some((None, 1)),
            _ => basic(rest).map(|(command, used)| (Some(command), used)),
        };
        match taken {
            Some((command, used)) if used > 0 => {
                if let Some(mut command) = command {
                    command.odd.blank_in_name |= blanks > 0;
                    commands.push(Ok(command));
                }
                rest = rest.get(used..).unwrap_or_default();
            }
            _ => {
                commands.push(Err(Unreadable));
                return commands;
            }
        }
    }
}

impl Command {
    fn bare(name: String, operation: Operation) -> Self {
        Self { name, operation, values: Vec::new(), odd: Oddities::default() }
    }
}

/// A basic command: one letter, or `&` and one letter, or `S` with its number; then a number, `=` number, or `?`.
fn basic(text: &[u8]) -> Option<(Command, usize)> {
    let mut used = usize::from(text.first() == Some(&b'&'));
    let letter = text.get(used)?.to_ascii_uppercase();
    if !letter.is_ascii_alphabetic() {
        return None;
    }
    used += 1;
    let mut name = String::from(if used == 2 { "&" } else { "" });
    name.push(char::from(letter));
    if name == "D" {
        let end = text.iter().position(|b| *b == b';').map_or(text.len(), |at| at + 1);
        let number = text.get(used..end).unwrap_or_default().to_vec();
        let command = Command { values: vec![Value::Word(number)], ..Command::bare(name, Operation::Write) };
        return Some((command, end));
    }
    let (number, digits) = digits(text.get(used..).unwrap_or_default());
    used += digits;
    if name == "S" {
        name.push_str(&number?.to_string());
        return register(text, used, name);
    }
    match text.get(used..).unwrap_or_default() {
        [b'=', b'?', ..] => Some((Command::bare(name, Operation::Test), used + 2)),
        [b'?', ..] => Some((Command::bare(name, Operation::Read), used + 1)),
        _ => {
            let values = number.map(Value::Number).into_iter().collect();
            Some((Command { values, ..Command::bare(name, Operation::Execute) }, used))
        }
    }
}

fn register(text: &[u8], used: usize, name: String) -> Option<(Command, usize)> {
    match text.get(used..).unwrap_or_default() {
        [b'?', ..] => Some((Command::bare(name, Operation::Read), used + 1)),
        [b'=', b'?', ..] => Some((Command::bare(name, Operation::Test), used + 2)),
        [b'=', rest @ ..] => {
            let (number, count) = digits(rest);
            let values = vec![number.map_or(Value::Missing, Value::Number)];
            Some((Command { values, ..Command::bare(name, Operation::Write) }, used + 1 + count))
        }
        _ => None,
    }
}

fn digits(text: &[u8]) -> (Option<i64>, usize) {
    let count = text.iter().take_while(|b| b.is_ascii_digit()).count();
    let number = std::str::from_utf8(text.get(..count).unwrap_or_default()).ok().and_then(|d| d.parse().ok());
    (number, count)
}

/// An extended command, up to its semicolon or the end. `None` when it cannot be read.
fn extended(text: &[u8]) -> Option<(Option<Command>, usize)> {
    let letters = text.iter().skip(1).take_while(|b| is_name_byte(**b)).count();
    let mut used = 1 + letters;
    if letters == 0 {
        return None;
    }
    let name = String::from_utf8_lossy(text.get(..used)?).to_ascii_uppercase();
    let blanks = text.iter().skip(used).take_while(|b| **b == b' ').count();
    used += blanks;
    let mut command = match text.get(used..).unwrap_or_default() {
        [] => Command::bare(name, Operation::Execute),
        [b';', ..] => return Some((Some(Command::bare(name, Operation::Execute)), used + 1)),
        [b'?', rest @ ..] => {
            return ended(rest).map(|more| (Some(Command::bare(name, Operation::Read)), used + 1 + more));
        }
        [b'=', b'?', rest @ ..] if ended(rest).is_some() => {
            return ended(rest).map(|more| (Some(Command::bare(name, Operation::Test)), used + 2 + more));
        }
        [b'=', rest @ ..] => {
            let mut command = Command::bare(name, Operation::Write);
            used += 1 + arguments(rest, &mut command)?;
            command
        }
        _ => return None,
    };
    command.odd.blank_in_name = blanks > 0 && command.operation != Operation::Execute;
    Some((Some(command), used))
}

/// Bytes of an extended command's name behind its sign (V.250 5.4.1).
fn is_name_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'!' | b'%' | b'-' | b'.' | b'/' | b':' | b'_')
}

/// How many bytes the end of a command takes: blanks and a semicolon; `None` when something else follows.
fn ended(rest: &[u8]) -> Option<usize> {
    let blanks = rest.iter().take_while(|b| **b == b' ').count();
    match rest.get(blanks) {
        None => Some(blanks),
        Some(b';') => Some(blanks + 1),
        Some(_) => None,
    }
}

/// Reads the arguments into the command; says how many bytes they took, with the semicolon that ends them.
fn arguments(text: &[u8], command: &mut Command) -> Option<usize> {
    let mut at = 0;
    loop {
        let blanks = text.iter().skip(at).take_while(|b| **b == b' ').count();
        command.odd.blank_after |= blanks > 0;
        at += blanks;
        let rest = text.get(at..)?;
        let (value, used) = if rest.first() == Some(&b'"') {
            quoted(rest, &mut command.odd)
        } else if is_smart_quote(rest) {
            smart_quoted(rest, &mut command.odd)?
        } else {
            bare(rest, &mut command.odd)?
        };
        command.values.push(value);
        at += used;
        let blanks = text.iter().skip(at).take_while(|b| **b == b' ').count();
        command.odd.blank_before |= blanks > 0;
        at += blanks;
        match text.get(at) {
            None => return Some(at),
            Some(b';') => return Some(at + 1),
            Some(b',') => at += 1,
            Some(_) => return None,
        }
    }
}

/// A quoted string. It ends at the first quote that an argument's end follows; without one it takes all that is left.
fn quoted(text: &[u8], odd: &mut Oddities) -> (Value, usize) {
    let mut inner = false;
    let mut at = 1;
    while let Some(byte) = text.get(at) {
        if *byte == b'"' {
            let after = text.iter().skip(at + 1).find(|b| **b != b' ');
            if matches!(after, None | Some(b',' | b';')) {
                odd.inner_quote |= inner;
                return (Value::Text(text.get(1..at).unwrap_or_default().to_vec()), at + 1);
            }
            inner = true;
        }
        at += 1;
    }
    odd.open_quote = true;
    (Value::Text(text.get(1..).unwrap_or_default().to_vec()), text.len())
}

/// U+201C and U+201D as UTF-8 differ in their last byte only.
fn is_smart_quote(text: &[u8]) -> bool {
    matches!(text, [0xE2, 0x80, 0x9C | 0x9D, ..])
}

/// A string in typographic quotes, opening or closing; `None` when no second one ends it.
fn smart_quoted(text: &[u8], odd: &mut Oddities) -> Option<(Value, usize)> {
    const QUOTE: usize = 3;
    odd.smart_quotes = true;
    let length = text.get(QUOTE..)?.windows(QUOTE).position(is_smart_quote)?;
    Some((Value::Text(text.get(QUOTE..QUOTE + length)?.to_vec()), QUOTE + length + QUOTE))
}

/// An argument without quotes: a number, nothing, or a word; `None` for bytes that can only stand between quotes.
fn bare(text: &[u8], odd: &mut Oddities) -> Option<(Value, usize)> {
    let end = text.iter().position(|b| matches!(b, b',' | b';')).unwrap_or(text.len());
    let whole = text.get(..end).unwrap_or_default();
    let kept = whole.len() - whole.iter().rev().take_while(|b| **b == b' ').count();
    let word = whole.get(..kept).unwrap_or_default();
    if word.iter().any(|b| !(b' '..=b'~').contains(b)) {
        return None;
    }
    let number = std::str::from_utf8(word).ok().filter(|w| !w.starts_with('+')).and_then(|w| w.parse().ok());
    odd.leading_zero |= number.is_some() && matches!(word, [b'0', b'0'..=b'9', ..]);
    let value = match number {
        _ if word.is_empty() => Value::Missing,
        Some(number) => Value::Number(number),
        None => Value::Word(word.to_vec()),
    };
    Some((value, kept))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(line: &str, expected: &[(&str, Operation, &[Value])]) {
        let read: Vec<_> = read_line(line.as_bytes()).into_iter().map(|c| c.expect("readable")).collect();
        let found: Vec<_> = read.iter().map(|c| (c.name.as_str(), c.operation, &c.values[..])).collect();
        assert_eq!(found, expected, "{line}");
    }

    fn text(text: &str) -> Value {
        Value::Text(text.as_bytes().to_vec())
    }

    #[test]
    fn lines_come_apart() {
        use Operation::{Execute, Read, Test, Write};
        use Value::{Missing, Number};
        check("", &[("", Execute, &[])]);
        check("e0", &[("E", Execute, &[Number(0)])]);
        check(
            "Q0 V1 E1 S0=0",
            &[
                ("Q", Execute, &[Number(0)]),
                ("V", Execute, &[Number(1)]),
                ("E", Execute, &[Number(1)]),
                ("S0", Write, &[Number(0)]),
            ],
        );
        check("&F", &[("&F", Execute, &[])]);
        check("S3?", &[("S3", Read, &[])]);
        check("+CMEE=1;+CREG=2", &[("+CMEE", Write, &[Number(1)]), ("+CREG", Write, &[Number(2)])]);
        check("+QMMSCFG=?", &[("+QMMSCFG", Test, &[])]);
        check("E1+CREG?;+CSQ", &[("E", Execute, &[Number(1)]), ("+CREG", Read, &[]), ("+CSQ", Execute, &[])]);
        check("+QMMSEDIT=1,1,\"a;b, c\"", &[("+QMMSEDIT", Write, &[Number(1), Number(1), text("a;b, c")])]);
        check("+X=1,,\"\"", &[("+X", Write, &[Number(1), Missing, text("")])]);
        check("+X=a b", &[("+X", Write, &[Value::Word(b"a b".to_vec())])]);
        check("D123;", &[("D", Write, &[Value::Word(b"123;".to_vec())])]);
    }

    #[test]
    fn what_cannot_be_read_ends_the_line() {
        for line in ["+", "+X?junk", "?", "\u{201c}", "+X=\u{201c}", "+X=\u{e9}"] {
            assert!(read_line(line.as_bytes()).last().is_some_and(Result::is_err), "{line}");
        }
        let read = read_line(b"+CSQ;+X?y");
        assert!(read[0].is_ok() && read[1].is_err());
    }

    #[test]
    fn odd_writing_is_seen() {
        let odd = |line: &str| read_line(line.as_bytes()).remove(0).expect("readable").odd;
        assert!(odd("+X=1, 2").blank_after);
        assert!(odd("+X=1 ,2").blank_before);
        assert!(odd("+X =1").blank_in_name);
        assert!(odd("+X=\"a\"b\",1").inner_quote);
        assert!(odd("+X=\"a").open_quote);
        assert!(odd("+X=01").leading_zero);
        assert!(odd("+X=\u{201c}a\u{201d},1").smart_quotes);
        assert_eq!(odd("+X=\"a\",0,1"), Oddities::default());
    }

    /// A line that the library's reader takes without any tolerance is read alike here: same commands, same values.
    fn reads_alike(line: &[u8]) {
        let Ok(theirs) = ec20_at::command_line::read(line, ec20_at::Dialect::CANONICAL) else { return };
        let Ok(theirs) = theirs.commands().collect::<Result<Vec<_>, _>>() else { return };
        // `AT&F=` is split by the library and refused afterwards, for no form of it; here it is refused at once.
        let formless = |command: &ec20_at::Command<'_>| !command.is_extended() && command.reading().is_err();
        if theirs.iter().any(|command| command.is("D") || formless(command)) || theirs.is_empty() {
            return;
        }
        let ours = read_line(line.get(2..).unwrap_or_default());
        assert_eq!(ours.len(), theirs.len(), "{}", line.escape_ascii());
        for (ours, theirs) in ours.into_iter().zip(theirs) {
            let ours = ours.unwrap_or_else(|_| panic!("unreadable here: {}", line.escape_ascii()));
            assert!(theirs.is(&ours.name), "{}", line.escape_ascii());
            let form = match ours.operation {
                Operation::Execute => ec20_at::Form::Execute,
                Operation::Read => ec20_at::Form::Read,
                Operation::Test => ec20_at::Form::Test,
                Operation::Write => ec20_at::Form::Write,
            };
            // A basic command with its number is a write to the library and an execution here: `ATE0`.
            assert!(form == theirs.form() || !theirs.is_extended(), "{}", line.escape_ascii());
            let texts = ours.values.iter().map(|value| match value {
                Value::Missing => Vec::new(),
                Value::Number(number) => number.to_string().into_bytes(),
                Value::Text(text) | Value::Word(text) => text.clone(),
            });
            let same = texts.eq(theirs.parameters().map(|parameter| parameter.bytes().to_vec()));
            assert!(
                same || ours.odd != Oddities::default() || !theirs.is_extended(),
                "{}",
                line.escape_ascii()
            );
        }
    }

    proptest::proptest! {
        #[test]
        fn what_is_written_well_is_read_alike(
            pieces in proptest::collection::vec(
                proptest::sample::select(vec![
                    "E0", "V1", "&F", "S3=13", "S4?", "+CMEE", "+QMMSCFG", "+QMMSEDIT", "=", "?", "=?", ",", ";", "1", "16", "-3",
                    "\"mmsc\"", "\"a;b,c\"", "\"\"", "word",
                ]),
                0..12,
            ),
        ) {
            reads_alike(format!("AT{}", pieces.concat()).as_bytes());
        }
    }
}
