//! Frames and values by winnow and by nom, written as their authors would; and a line split by memchr, the physical limit.
//!
//! They read whole buffers of well-formed exchanges and do nothing else: no commands, no owners, no quotes across lines.

use crate::data::Tally;

pub(crate) fn winnow(bytes: &[u8]) -> Tally {
    use winnow::ascii::dec_uint;
    use winnow::combinator::{alt, delimited};
    use winnow::prelude::*;
    use winnow::token::take_till;

    enum Value<'a> {
        Number(u32),
        String(&'a [u8]),
        Word(&'a [u8]),
    }
    fn value<'a>(input: &mut &'a [u8]) -> ModalResult<Value<'a>> {
        alt((
            delimited(b'"', take_till(0.., b'"'), b'"').map(Value::String),
            dec_uint.map(Value::Number),
            take_till(0.., (b',', b'\r')).map(Value::Word),
        ))
        .parse_next(input)
    }
    fn line<'a>(input: &mut &'a [u8], tally: &mut Tally) -> ModalResult<&'a [u8]> {
        let name = take_till(1.., b':').parse_next(input)?;
        b": ".parse_next(input)?;
        loop {
            match value.parse_next(input)? {
                Value::Number(number) => tally.number(number),
                Value::String(string) => tally.string(string),
                Value::Word(word) => tally.word(word),
            }
            if input.first() != Some(&b',') {
                break;
            }
            b",".parse_next(input)?;
        }
        b"\r\n".parse_next(input)?;
        tally.lines += 1;
        Ok(name)
    }
    fn frame(input: &mut &[u8], tally: &mut Tally) -> ModalResult<()> {
        match input.first() {
            Some(b'A') => {
                (take_till(1.., b'\r'), b'\r').void().parse_next(input)?;
            }
            Some(b'\r') => {
                b"\r\n".parse_next(input)?;
            }
            Some(b'+') => {
                line(input, tally)?;
            }
            _ => {
                alt((&b"OK\r\n"[..], b"ERROR\r\n")).parse_next(input)?;
                tally.finals += 1;
            }
        }
        Ok(())
    }
    let mut input = bytes;
    let mut tally = Tally::default();
    while !input.is_empty() && frame(&mut input, &mut tally).is_ok() {}
    tally
}

pub(crate) fn nom(bytes: &[u8]) -> Tally {
    use nom::branch::alt;
    use nom::bytes::complete::{tag, take_till, take_till1};
    use nom::character::complete::{char, u32 as number};
    use nom::combinator::map;
    use nom::sequence::delimited;
    use nom::{IResult, Parser};

    enum Value<'a> {
        Number(u32),
        String(&'a [u8]),
        Word(&'a [u8]),
    }
    fn value(input: &[u8]) -> IResult<&[u8], Value<'_>> {
        alt((
            map(delimited(char('"'), take_till(|byte| byte == b'"'), char('"')), Value::String),
            map(number, Value::Number),
            map(take_till(|byte| byte == b',' || byte == b'\r'), Value::Word),
        ))
        .parse(input)
    }
    fn line<'a>(input: &'a [u8], tally: &mut Tally) -> IResult<&'a [u8], ()> {
        let (input, _) = take_till1(|byte| byte == b':').parse(input)?;
        let (mut input, _) = tag(&b": "[..]).parse(input)?;
        loop {
            let (rest, value) = value(input)?;
            match value {
                Value::Number(number) => tally.number(number),
                Value::String(string) => tally.string(string),
                Value::Word(word) => tally.word(word),
            }
            input = rest;
            if input.first() != Some(&b',') {
                break;
            }
            (input, _) = tag(&b","[..]).parse(input)?;
        }
        let (input, _) = tag(&b"\r\n"[..]).parse(input)?;
        tally.lines += 1;
        Ok((input, ()))
    }
    fn frame<'a>(input: &'a [u8], tally: &mut Tally) -> IResult<&'a [u8], ()> {
        match input.first() {
            Some(b'A') => {
                let (input, _) = (take_till1(|byte| byte == b'\r'), char('\r')).parse(input)?;
                Ok((input, ()))
            }
            Some(b'\r') => {
                let (input, _) = tag(&b"\r\n"[..]).parse(input)?;
                Ok((input, ()))
            }
            Some(b'+') => line(input, tally),
            _ => {
                let (input, _) = alt((tag(&b"OK\r\n"[..]), tag(&b"ERROR\r\n"[..]))).parse(input)?;
                tally.finals += 1;
                Ok((input, ()))
            }
        }
    }
    let mut input = bytes;
    let mut tally = Tally::default();
    while !input.is_empty() {
        let Ok((rest, ())) = frame(input, &mut tally) else { break };
        input = rest;
    }
    tally
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
