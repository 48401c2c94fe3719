//! One typed line, `+QMMSEDIT: 1,"13856122546"`, into a number and a string, by each peer's own means.

use at_commands::parser::CommandParser;
use atat::atat_derive::AtatResp;
use ec20_at::Dialect;
use ec20_at::fields::Fields;
use ec20_at::information::Information;

/// Many lines, so that no branch is learned by heart; each with its line end.
pub(crate) fn lines() -> Vec<Vec<u8>> {
    let line = |n: usize| {
        let digits = 13_856_122_546_usize + n * 7919;
        format!("+QMMSEDIT: {},\"{}\"\r\n", n % 5 + 1, &digits.to_string()[..7 + n % 5]).into_bytes()
    };
    (0..256).map(line).collect()
}

type Sum = (u64, usize);
type Peer = (&'static str, fn(&[Vec<u8>]) -> Sum);

pub(crate) const PEERS: [Peer; 4] =
    [("at-commands", at_commands), ("serde_at", serde_at), ("winnow", winnow), ("nom", nom)];

#[inline]
fn sum(lines: &[Vec<u8>], parse: impl Fn(&[u8]) -> Option<(u64, usize)>) -> Sum {
    lines.iter().fold((0, 0), |sum, line| {
        let (number, len) = parse(line).expect("the lines are well formed");
        (sum.0 + number, sum.1 + len)
    })
}

pub(crate) fn own(lines: &[Vec<u8>]) -> Sum {
    sum(lines, |line| {
        let mut fields = Fields::behind(line.strip_suffix(b"\r\n")?, b"+QMMSEDIT: ").ok()?;
        let number = fields.number().ok()?;
        let string = fields.string().ok()?;
        fields.end().ok()?;
        Some((u64::from(number), string.len()))
    })
}

pub(crate) fn own_by_tables(lines: &[Vec<u8>]) -> Sum {
    sum(lines, |line| match Information::read(line.strip_suffix(b"\r\n")?, Dialect::TOLERANT).ok()? {
        Information::QmmseditEntry { function, optstring } => Some((u64::from(function), optstring.len())),
        _ => None,
    })
}

fn at_commands(lines: &[Vec<u8>]) -> Sum {
    sum(lines, |line| {
        let (number, string) = CommandParser::parse(line)
            .expect_identifier(b"+QMMSEDIT:")
            .expect_int_parameter()
            .expect_string_parameter()
            .expect_identifier(b"\r\n")
            .finish()
            .ok()?;
        Some((u64::from(number.unsigned_abs()), string.len()))
    })
}

#[derive(Clone, AtatResp)]
struct QmmsEdit {
    #[at_arg(position = 0)]
    function: u8,
    #[at_arg(position = 1)]
    optstring: heapless::String<64>,
}

fn serde_at(lines: &[Vec<u8>]) -> Sum {
    sum(lines, |line| {
        let edit: QmmsEdit = serde_at::from_slice(line.strip_suffix(b"\r\n")?).ok()?;
        Some((u64::from(edit.function), edit.optstring.len()))
    })
}

fn winnow(lines: &[Vec<u8>]) -> Sum {
    use winnow::ascii::dec_uint;
    use winnow::combinator::{delimited, terminated};
    use winnow::prelude::*;
    use winnow::token::take_till;
    sum(lines, |line| {
        let mut parser = (
            delimited(b"+QMMSEDIT: ", dec_uint::<_, u32, winnow::error::ContextError>, b','),
            terminated(delimited(b'"', take_till(0.., b'"'), b'"'), b"\r\n"),
        );
        let (number, string): (u32, &[u8]) = parser.parse(line).ok()?;
        Some((u64::from(number), string.len()))
    })
}

fn nom(lines: &[Vec<u8>]) -> Sum {
    use nom::Parser;
    use nom::bytes::complete::{tag, take_till};
    use nom::character::complete::{char, u32 as number};
    use nom::sequence::{delimited, terminated};
    sum(lines, |line| {
        let mut parser = (
            delimited(tag::<_, _, nom::error::Error<&[u8]>>(&b"+QMMSEDIT: "[..]), number, char(',')),
            terminated(delimited(char('"'), take_till(|byte| byte == b'"'), char('"')), tag(&b"\r\n"[..])),
        );
        let (_, (number, string)) = parser.parse(line).ok()?;
        Some((u64::from(number), string.len()))
    })
}
