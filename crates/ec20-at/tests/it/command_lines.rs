//! Command lines, any command: how they fall into commands, forms and parameters.

use ec20_at::{Dialect, ErrorKind, Form, ParameterKind, command_line};
use rstest::rstest;

/// `NAME form(parameter, …)` for each command, `name` as sent; a string in quotes, an error as `kind@start..end`.
fn render(line: &str, dialect: Dialect) -> String {
    let line = line.as_bytes();
    let read = match command_line::read(line, dialect) {
        Ok(read) => read,
        Err(error) => return format!("{:?}@{}..{}", error.kind, error.span.start, error.span.end),
    };
    if read.is_repeat() {
        return "repeat".into();
    }
    let commands = read.commands().map(|command| match command {
        Err(error) => format!("{:?}@{}..{}", error.kind, error.span.start, error.span.end),
        Ok(command) => {
            let name = command.name().escape_ascii();
            let parameters: Vec<_> = command
                .parameters()
                .map(|p| match p.kind() {
                    ParameterKind::String => format!("{:?}", p.bytes().escape_ascii().to_string()),
                    ParameterKind::Empty => "-".into(),
                    ParameterKind::Integer => format!("{}", p.bytes().escape_ascii()),
                    ParameterKind::Word => format!("word:{}", p.bytes().escape_ascii()),
                })
                .collect();
            match command.form() {
                Form::Test => format!("{name} test"),
                Form::Read => format!("{name} read"),
                Form::Execute => format!("{name} exec"),
                Form::Write => format!("{name}({})", parameters.join(", ")),
            }
        }
    });
    commands.collect::<Vec<_>>().join("; ")
}

#[rstest]
#[case("AT", "")]
#[case("at", "")]
#[case("A/", "repeat")]
#[case("a/", "repeat")]
#[case("A/x", "Syntax@1..2")]
#[case("", "Syntax@0..0")]
#[case("XT", "Syntax@0..1")]
#[case("aT", "Syntax@1..2")]
#[case("ATI", "I exec")]
#[case("ati0", "i(0)")]
#[case("ATE0V1Q0", "E(0); V(1); Q(0)")]
#[case("ATE0;V1", "E(0); V(1)")]
#[case("AT&F", "&F exec")]
#[case("AT&F0Z", "&F(0); Z exec")]
#[case("ATS3=13", "S3(13)")]
#[case("ATS3?S4?", "S3 read; S4 read")]
#[case("ATS3=?", "S3 test")]
#[case("ATS3=", "S3(-)")]
#[case("ATS0=0+CMEE=1", "S0(0); +CMEE(1)")]
#[case("ATD*99***1#", "D(word:*99***1#)")]
#[case("AT+QMMSCFG=?", "+QMMSCFG test")]
#[case("AT+CPIN?", "+CPIN read")]
#[case("at+cgmi", "+cgmi exec")]
#[case("AT+CMEE=1;+CREG=2", "+CMEE(1); +CREG(2)")]
#[case("AT+CMEE=1;E0", "+CMEE(1); E(0)")]
#[case("AT$TSSPCSW=?", "$TSSPCSW test")]
#[case(r#"AT+QMMSEDIT=1,1,"a;b,c""#, r#"+QMMSEDIT(1, 1, "a;b,c")"#)]
#[case(r#"AT+QMMSEDIT=4,1," a  b ""#, r#"+QMMSEDIT(4, 1, " a  b ")"#)]
#[case(r#"AT+QICSGP=1,1,"x","","",1"#, r#"+QICSGP(1, 1, "x", "", "", 1)"#)]
#[case("AT+X=", "+X(-)")]
#[case("AT+X=1,,-2,a b,", "+X(1, -, -2, word:a b, -)")]
#[case("AT+X=99999999999999999999", "+X(99999999999999999999)")]
#[case("AT+X=?1", "+X(word:?1)")]
#[case("AT+X=a?", "+X(word:a?)")]
#[case("AT+X= 1", "+X(word: 1)")]
#[case("AT+X=1 ", "+X(word:1 )")]
#[case("AT+X= \"a\"", "Syntax@6..7")]
#[case("AT+X=\"a", "UnterminatedString@5..7")]
#[case("AT+CMEE=1;+X=\"a", "+CMEE(1); UnterminatedString@13..15")]
#[case("AT+X=\"a\"b", "Syntax@8..9")]
#[case("AT+X=1\"a\"", "Syntax@6..7")]
#[case("AT+X=\"a\" ", "Syntax@8..9")]
#[case("AT+X=\"a\" ;+Y", "Syntax@8..9")]
#[case("AT+X=1;", "Syntax@7..7")]
#[case("AT+X;;+Y", "Syntax@5..6")]
#[case("AT;", "Syntax@2..3")]
#[case("AT+", "Syntax@3..3")]
#[case("AT+X Y", "Syntax@4..5")]
#[case("AT+X?Y", "Syntax@5..6")]
#[case("AT+X=1\r", "Syntax@6..7")]
#[case("AT+X=\"\n\"", "Syntax@6..7")]
#[case("AT E0", "Syntax@2..3")]
#[case("AT&", "Syntax@3..3")]
fn canonical(#[case] line: &str, #[case] expected: &str) {
    assert_eq!(render(line, Dialect::CANONICAL), expected);
}

#[rstest]
#[case("aT+CSQ", "+CSQ exec")]
#[case("AT E0 V1  S0=0 ", "E(0); V(1); S0(0)")]
#[case("AT+CSQ ", "+CSQ exec")]
#[case("AT+CSQ ; +CREG? ;E0", "+CSQ exec; +CREG read; E(0)")]
#[case("AT+X=1, \"a\" ;+Y=? ", "+X(1, \"a\"); +Y test")]
#[case("AT+X=1 ", "+X(1)")]
#[case("AT+X=1 ,2", "+X(word:1 , 2)")]
#[case("AT+X=\"a\" ,2", "Syntax@8..9")]
#[case("AT+X =1", "Syntax@4..5")]
#[case("AT+QMMSCFG=“character”,”ASCII”", r#"+QMMSCFG("character", "ASCII")"#)]
#[case("AT+X=“a\"”", "Syntax@9..10")]
#[case("AT+X=“a", "UnterminatedString@5..9")]
#[case("AT+X=\"a“b\"", r#"+X("a\\xe2\\x80\\x9cb")"#)]
fn tolerant(#[case] line: &str, #[case] expected: &str) {
    assert_eq!(render(line, Dialect::TOLERANT), expected);
}

#[test]
fn spans_lie_in_the_line() {
    let line = br#"ATE0;+QMMSEDIT=1,1,"a@b.example";+CSQ"#;
    let read = command_line::read(line, Dialect::CANONICAL).unwrap();
    let commands: Vec<_> = read.commands().map(Result::unwrap).collect();
    let spans: Vec<_> = commands.iter().map(|command| command.span().of(line)).collect();
    assert_eq!(spans, [&b"E0"[..], br#"+QMMSEDIT=1,1,"a@b.example""#, b"+CSQ"]);
    let address = commands[1].parameter(2).unwrap();
    assert_eq!(address.span().of(line), b"a@b.example");
    assert_eq!(address.outer_span().of(line), br#""a@b.example""#);
    assert!(commands[1].is("+qmmsedit"));
    assert!(!commands[1].is("+QMMSEDI") && !commands[1].is("+QMMSEND"));
}

#[test]
fn a_repeat_has_no_commands_of_its_own() {
    let read = command_line::read(b"A/", Dialect::CANONICAL).unwrap();
    assert!(read.is_repeat());
    assert_eq!(read.commands().count(), 0);
}

#[rstest]
#[case("\"a\"", false)]
#[case("\u{201C}a\u{201D}", true)]
#[case("1", false)]
#[case("", false)]
fn typographic_quotes_are_told(#[case] parameter: &str, #[case] smart: bool) {
    let line = format!("AT+X={parameter}");
    let read = command_line::read(line.as_bytes(), Dialect::TOLERANT).unwrap();
    let command = read.commands().next().unwrap().unwrap();
    assert_eq!(command.parameter(0).unwrap().is_smart_quoted(), smart);
    assert_eq!(command.parameter(0).unwrap().outer_span().of(line.as_bytes()), parameter.as_bytes());
}

#[rstest]
#[case("0", Ok(0))]
#[case("4294967295", Ok(u32::MAX))]
#[case("4294967296", Err(ErrorKind::Overflow))]
#[case("99999999999999999999999", Err(ErrorKind::Overflow))]
#[case("-1", Err(ErrorKind::ParameterType))]
#[case("1x", Err(ErrorKind::ParameterType))]
#[case("\"1\"", Err(ErrorKind::ParameterType))]
#[case("", Err(ErrorKind::ParameterType))]
fn numbers_are_checked(#[case] parameter: &str, #[case] expected: Result<u32, ErrorKind>) {
    let line = format!("AT+X={parameter}");
    let read = command_line::read(line.as_bytes(), Dialect::CANONICAL).unwrap();
    let command = read.commands().next().unwrap().unwrap();
    assert_eq!(command.parameter(0).unwrap().number().map_err(|error| error.kind), expected);
}
