//! Draws units of the language from the grammar itself, then changes them a little: so every form that is ever added is fuzzed at once.
//!
//! Knows how a pest rule is walked to write instead of to read. Look-ahead is ignored, so that a sentence is nearly legal, not always.

use std::collections::HashMap;
use std::sync::LazyLock;

use arbitrary::{Arbitrary, Result, Unstructured};
use ec20_grammar::{Strictness, Unit, source};
use pest_meta::ast::Expr;
use pest_meta::parser::{Rule, consume_rules, parse};

/// The kinds of unit and the grammar's rule for each. Answers without a name are drawn by way of a few of their commands.
const UNITS: [(Unit<'static>, &str); 12] = [
    (Unit::CommandLine, "command_line"),
    (Unit::Information, "information_line"),
    (Unit::Urc, "urc_line"),
    (Unit::Final, "final_line"),
    (Unit::CommandLine, "command_line"),
    (Unit::Information, "information_line"),
    (Unit::Prompt, "prompt_line"),
    (Unit::InformationOf("i"), "i_line"),
    (Unit::InformationOf("s3"), "s3_line"),
    (Unit::InformationOf("cimi"), "cimi_line"),
    (Unit::InformationOf("cgmr"), "cgmr_line"),
    (Unit::InformationOf("qmmscfg"), "information_line"),
];

/// How often something is repeated: a few times, or just below and above one of the manual's lengths.
const REPEATS: [usize; 20] = [0, 1, 2, 3, 4, 5, 8, 9, 15, 50, 51, 80, 84, 85, 100, 101, 127, 128, 200, 402];

/// Bytes that are a unit of the language or nearly one, and the unit they are near to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sentence {
    /// What the bytes are to be taken for.
    pub unit: Unit<'static>,
    /// The bytes.
    pub bytes: Vec<u8>,
}

impl<'a> Arbitrary<'a> for Sentence {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let strictness = if u.arbitrary()? { Strictness::Canonical } else { Strictness::Tolerant };
        let &(unit, rule) = u.choose(&UNITS)?;
        let mut bytes = legal(rule, strictness, u)?;
        for _ in 0..u.int_in_range(0..=3)? {
            change(&mut bytes, u)?;
        }
        Ok(Self { unit, bytes })
    }
}

/// A command line, drawn from the canonical grammar and not changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Command(pub Vec<u8>);

impl<'a> Arbitrary<'a> for Command {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        legal("command_line", Strictness::Canonical, u).map(Self)
    }
}

/// A sentence of one rule, nearly always legal.
///
/// # Errors
/// Passes on what `u` says when its bytes make no choice possible.
pub fn legal(rule: &str, strictness: Strictness, u: &mut Unstructured<'_>) -> Result<Vec<u8>> {
    static CANONICAL: LazyLock<Grammar> = LazyLock::new(|| Grammar::new(Strictness::Canonical));
    static TOLERANT: LazyLock<Grammar> = LazyLock::new(|| Grammar::new(Strictness::Tolerant));
    let grammar = match strictness {
        Strictness::Canonical => &CANONICAL,
        Strictness::Tolerant => &TOLERANT,
    };
    let mut bytes = Vec::new();
    grammar.write_rule(rule, u, &mut bytes)?;
    Ok(bytes)
}

/// One small change: a byte replaced, put in, taken out, or a run of bytes doubled.
fn change(bytes: &mut Vec<u8>, u: &mut Unstructured<'_>) -> Result<()> {
    const TELLING: &[u8] = b"\",;=?:+-()[]<> \r\n\x000129AaZz\xE2\x80\x9C\x9D\xFF";
    let at = u.int_in_range(0..=bytes.len())?;
    let byte = if u.ratio(3, 4)? { *u.choose(TELLING)? } else { u.arbitrary()? };
    let until = u.int_in_range(at..=bytes.len().min(at + 6))?;
    match u.int_in_range(0..=3)? {
        0 => bytes.insert(at, byte),
        1 if at < bytes.len() => bytes[at] = byte,
        2 => drop(bytes.drain(at..until)),
        _ => {
            let run = bytes[at..until].to_vec();
            bytes.splice(at..at, run);
        }
    }
    Ok(())
}

struct Grammar {
    rules: HashMap<String, Expr>,
}

impl Grammar {
    fn new(strictness: Strictness) -> Self {
        let text = source(strictness);
        // The very text that the parser was derived from: if pest could not read it there would be no parser to test.
        let rules = parse(Rule::grammar_rules, &text).ok().and_then(|pairs| consume_rules(pairs).ok());
        let rules = rules.unwrap_or_default().into_iter().map(|rule| (rule.name, rule.expr)).collect();
        Self { rules }
    }

    fn write_rule(&self, rule: &str, u: &mut Unstructured<'_>, out: &mut Vec<u8>) -> Result<()> {
        let byte = match rule {
            "SOI" | "EOI" => return Ok(()),
            "ANY" => u.arbitrary()?,
            "ASCII_DIGIT" => u.int_in_range(b'0'..=b'9')?,
            "ASCII_ALPHA" => u.int_in_range(b'A'..=b'Z')?,
            "ASCII_HEX_DIGIT" => *u.choose(b"0123456789ABCDEFabcdef")?,
            "ASCII_ALPHANUMERIC" => *u.choose(b"0123456789ABCXYZabcxyz")?,
            _ => return self.rules.get(rule).map_or(Ok(()), |expr| self.write(expr, u, out)),
        };
        out.push(byte);
        Ok(())
    }

    fn write(&self, expr: &Expr, u: &mut Unstructured<'_>, out: &mut Vec<u8>) -> Result<()> {
        match expr {
            Expr::Insens(text) if u.ratio(1, 4)? => {
                out.extend(text.to_ascii_lowercase().chars().map(byte_of));
            }
            Expr::Str(text) | Expr::Insens(text) => out.extend(text.chars().map(byte_of)),
            Expr::Range(first, last) => {
                let end = |text: &str| text.chars().next().map_or(0, byte_of);
                out.push(u.int_in_range(end(first)..=end(last))?);
            }
            Expr::Ident(rule) => self.write_rule(rule, u, out)?,
            Expr::Seq(first, then) => {
                self.write(first, u, out)?;
                self.write(then, u, out)?;
            }
            Expr::Choice(..) => {
                let mut ways = Vec::new();
                flatten(expr, &mut ways);
                self.write(u.choose(&ways)?, u, out)?;
            }
            Expr::Opt(inner) if u.arbitrary()? => self.write(inner, u, out)?,
            Expr::Rep(inner) => self.repeat(inner, *u.choose(&REPEATS)?, u, out)?,
            Expr::RepOnce(inner) | Expr::RepMin(inner, _) => {
                self.repeat(inner, 1 + *u.choose(&REPEATS)?, u, out)?;
            }
            Expr::RepExact(inner, times) => self.repeat(inner, *times as usize, u, out)?,
            Expr::RepMax(inner, most) => {
                let times = u.int_in_range(0..=*most)?;
                self.repeat(inner, times as usize, u, out)?;
            }
            Expr::RepMinMax(inner, least, most) => {
                let times = u.int_in_range(*least..=*most)?;
                self.repeat(inner, times as usize, u, out)?;
            }
            // Look-ahead writes nothing; the rest is not used by this grammar.
            _ => {}
        }
        Ok(())
    }

    fn repeat(&self, inner: &Expr, times: usize, u: &mut Unstructured<'_>, out: &mut Vec<u8>) -> Result<()> {
        for _ in 0..times {
            // Nothing left to draw from: more of the same would tell nothing.
            if u.is_empty() {
                break;
            }
            self.write(inner, u, out)?;
        }
        Ok(())
    }
}

/// pest nests `a | b | c` to one side; drawn evenly it must be flat.
fn flatten<'e>(expr: &'e Expr, ways: &mut Vec<&'e Expr>) {
    match expr {
        Expr::Choice(first, then) => {
            flatten(first, ways);
            flatten(then, ways);
        }
        _ => ways.push(expr),
    }
}

/// The grammar spells bytes as U+0000 to U+00FF.
fn byte_of(letter: char) -> u8 {
    u8::try_from(u32::from(letter)).unwrap_or(b'?')
}
