//! Frames and values by winnow and by nom, put together from their combinators; and a line split by memchr, the physical
//! limit.
//!
//! They read whole buffers of well-formed exchanges and do nothing else: no commands, no owners, no quotes across lines.

use crate::data::Tally;
use std::cell::Cell;

/// A value as a combinator gives it.
enum Value<'a> {
    Number(u32),
    String(&'a [u8]),
    Word(&'a [u8]),
}

fn count(tally: &Cell<Tally>, value: &Value<'_>) {
    let mut sum = tally.get();
    match value {
        Value::Number(number) => sum.number(*number),
        Value::String(string) => sum.string(string),
        Value::Word(word) => sum.word(word),
    }
    tally.set(sum);
}

fn add_line(tally: &Cell<Tally>) {
    let mut sum = tally.get();
    sum.lines += 1;
    tally.set(sum);
}

fn add_final(tally: &Cell<Tally>) {
    let mut sum = tally.get();
    sum.finals += 1;
    tally.set(sum);
}

pub(crate) fn winnow(bytes: &[u8]) -> Tally {
    use winnow::ascii::dec_uint;
    use winnow::combinator::{alt, delimited, opt, preceded, repeat, separated, terminated};
    use winnow::prelude::*;
    use winnow::token::take_till;

    fn value<'a>(input: &mut &'a [u8]) -> ModalResult<Value<'a>> {
        alt((
            delimited(b'"', take_till(0.., b'"'), b'"').map(Value::String),
            terminated(dec_uint, winnow::combinator::peek(alt((b',', b'\r')))).map(Value::Number),
            take_till(0.., (b',', b'\r')).map(Value::Word),
        ))
        .parse_next(input)
    }
    let tally = Cell::new(Tally::default());
    let echo = (b"AT", take_till(0.., b'\r'), b'\r').void();
    let result = alt((&b"OK"[..], b"ERROR")).map(|_| add_final(&tally));
    let values = separated::<_, _, (), _, _, _, _>(1.., value.map(|value| count(&tally, &value)), b',');
    let line = (preceded(b'+', take_till(1.., b':')), b": ", values).map(|_| add_line(&tally));
    let frame = alt((echo, delimited(opt(b"\r\n"), alt((result, line)), b"\r\n").void()));
    let mut frames = repeat::<_, _, (), _, _>(0.., frame);
    let mut input = bytes;
    let read: ModalResult<()> = frames.parse_next(&mut input);
    assert!(read.is_ok() && input.is_empty());
    tally.get()
}

pub(crate) fn nom(bytes: &[u8]) -> Tally {
    use nom::branch::alt;
    use nom::bytes::complete::{tag, take_till, take_till1};
    use nom::character::complete::{char, one_of, u32 as number};
    use nom::combinator::{map, opt, peek};
    use nom::multi::fold_many0;
    use nom::sequence::{delimited, preceded, terminated};
    use nom::{IResult, Parser};

    fn value(input: &[u8]) -> IResult<&[u8], Value<'_>> {
        alt((
            map(delimited(char('"'), take_till(|byte| byte == b'"'), char('"')), Value::String),
            map(terminated(number, peek(one_of(",\r"))), Value::Number),
            map(take_till(|byte| byte == b',' || byte == b'\r'), Value::Word),
        ))
        .parse(input)
    }
    let tally = Cell::new(Tally::default());
    let crlf = || tag::<_, _, nom::error::Error<&[u8]>>(&b"\r\n"[..]);
    let echo = map((tag(&b"AT"[..]), take_till(|byte| byte == b'\r'), char('\r')), |_| ());
    let result = map(alt((tag(&b"OK"[..]), tag(&b"ERROR"[..]))), |_| add_final(&tally));
    let counted = || map(value, |value| count(&tally, &value));
    let values = (counted(), fold_many0(preceded(char(','), counted()), || (), |(), ()| ()));
    let name = preceded(char('+'), take_till1(|byte| byte == b':'));
    let line = map((name, tag(&b": "[..]), values), |_| add_line(&tally));
    let frame = alt((echo, map(delimited(opt(crlf()), alt((result, line)), crlf()), |()| ())));
    let (rest, ()) = fold_many0(frame, || (), |(), ()| ()).parse(bytes).unwrap();
    assert!(rest.is_empty());
    tally.get()
}

/// Line ends and the first byte of each line.
pub(crate) fn memchr_lines(bytes: &[u8]) -> u64 {
    let mut start = 0;
    let mut sum = 0;
    for end in memchr::memchr_iter(b'\n', bytes) {
        sum += u64::from(bytes[start]);
        start = end + 1;
    }
    sum
}
