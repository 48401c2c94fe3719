//! A rule's expression as a railroad picture: an inline SVG that takes its colours from the page.
//!
//! It knows pest's expressions and a few idioms that read better drawn as what they mean: "at most so many", "no more digits", "one or
//! more with something between". It knows no rule.

use pest_meta::ast::Expr;
use railroad::{
    Choice, Comment, Diagram, Empty, LabeledBox, Link, Node, NonTerminal, Optional, Repeat, Sequence,
    SimpleEnd, SimpleStart, Stack, Terminal,
};

/// A row of a picture wider than this goes on in the next row.
const WIDEST: i64 = 720;

/// The picture of an expression.
pub(super) fn of(expr: &Expr) -> String {
    let mut rows: Vec<Vec<Box<dyn Node>>> = vec![Vec::new()];
    let mut width = 0;
    for node in sequence(expr) {
        let wide = node.width();
        if width > 0 && width + wide > WIDEST {
            rows.push(Vec::new());
            width = 0;
        }
        width += wide;
        if let Some(row) = rows.last_mut() {
            row.push(node);
        }
    }
    let mut rows: Vec<Sequence<Box<dyn Node>>> = rows.into_iter().map(Sequence::new).collect();
    let body: Box<dyn Node> = match rows.pop() {
        Some(only) if rows.is_empty() => Box::new(only),
        last => Box::new(Stack::new(rows.into_iter().chain(last).collect())),
    };
    let whole: Vec<Box<dyn Node>> = vec![Box::new(SimpleStart), body, Box::new(SimpleEnd)];
    // The crate's own style sheet would come once with every picture: the page has one for all.
    let mut diagram = Diagram::new(Sequence::new(whole));
    // Without a size of its own a picture would fill its column, and short rules would shout.
    let size = format!("width:{}px;height:{}px", diagram.width(), diagram.height());
    diagram.attr("style".to_owned()).or_insert(size);
    diagram.to_string()
}

/// The nodes of an expression that is read from left to right.
fn sequence(expr: &Expr) -> Vec<Box<dyn Node>> {
    let mut parts = Vec::new();
    flat(expr, &mut parts, |expr| match expr {
        Expr::Seq(left, right) => Some((left, right)),
        _ => None,
    });
    let mut nodes: Vec<Box<dyn Node>> = Vec::new();
    let mut at = 0;
    while let Some(&part) = parts.get(at) {
        let next = parts.get(at + 1).copied();
        if let Some(node) = next.and_then(|next| bounded(part, next).or_else(|| separated(part, next))) {
            nodes.push(node);
            at += 2;
        } else {
            nodes.push(node(part));
            at += 1;
        }
    }
    nodes
}

/// The leaves of a left- or right-leaning tree of the same operator.
fn flat<'a>(expr: &'a Expr, into: &mut Vec<&'a Expr>, split: fn(&'a Expr) -> Option<(&'a Expr, &'a Expr)>) {
    match split(expr) {
        Some((left, right)) => {
            flat(left, into, split);
            flat(right, into, split);
        }
        None => into.push(expr),
    }
}

/// `!(x{n} ~ x) ~ x*`: at most n of them.
fn bounded(guard: &Expr, run: &Expr) -> Option<Box<dyn Node>> {
    let Expr::NegPred(guard) = guard else { return None };
    let Expr::Seq(exact, one_more) = &**guard else { return None };
    let Expr::RepExact(unit, most) = &**exact else { return None };
    let (inner, least) = match run {
        Expr::Rep(inner) => (inner, 0),
        Expr::RepOnce(inner) => (inner, 1),
        _ => return None,
    };
    (unit == one_more && unit == inner)
        .then(|| Box::new(repeated(inner, &format!("{least} to {most} times"))) as Box<dyn Node>)
}

/// `x ~ (between ~ x)*`: one or more with something between.
fn separated(first: &Expr, rest: &Expr) -> Option<Box<dyn Node>> {
    let Expr::Rep(rest) = rest else { return None };
    let Expr::Seq(between, again) = &**rest else { return None };
    (**again == *first).then(|| Box::new(Repeat::new(node(first), node(between))) as Box<dyn Node>)
}

fn repeated(inner: &Expr, times: &str) -> Repeat<Box<dyn Node>, Comment> {
    Repeat::new(node(inner), Comment::new(times.to_owned()))
}

fn node(expr: &Expr) -> Box<dyn Node> {
    match expr {
        Expr::Str(text) if text.is_empty() => Box::new(Comment::new("nothing".to_owned())),
        Expr::Str(text) => Box::new(Terminal::new(shown(text))),
        Expr::Insens(text) => {
            let mut terminal = Terminal::new(shown(text));
            terminal.attr("data-case".to_owned()).or_insert_with(|| "any".to_owned());
            Box::new(terminal)
        }
        Expr::Range(from, to) => Box::new(Terminal::new(format!("{} … {}", shown(from), shown(to)))),
        Expr::Ident(name) => ident(name),
        Expr::Seq(..) => Box::new(Sequence::new(sequence(expr))),
        Expr::Choice(..) => {
            let mut parts = Vec::new();
            flat(expr, &mut parts, |expr| match expr {
                Expr::Choice(left, right) => Some((left, right)),
                _ => None,
            });
            Box::new(Choice::new(parts.into_iter().map(node).collect()))
        }
        Expr::Opt(inner) => Box::new(Optional::new(node(inner))),
        Expr::Rep(inner) => Box::new(Optional::new(Repeat::new(node(inner), Empty))),
        Expr::RepOnce(inner) => Box::new(Repeat::new(node(inner), Empty)),
        Expr::RepExact(inner, times) => Box::new(repeated(inner, &format!("{times} times"))),
        Expr::RepMin(inner, least) => Box::new(repeated(inner, &format!("{least} times or more"))),
        Expr::RepMax(inner, most) => Box::new(repeated(inner, &format!("0 to {most} times"))),
        Expr::RepMinMax(inner, least, most) => Box::new(repeated(inner, &format!("{least} to {most} times"))),
        Expr::PosPred(inner) => boxed(inner, "what follows is"),
        Expr::NegPred(inner) => match &**inner {
            Expr::Ident(name) if name == "ASCII_DIGIT" => Box::new(Comment::new("no more digits".to_owned())),
            _ => boxed(inner, "what follows is not"),
        },
        // The grammar uses no stack; whoever adds it sees it named here.
        Expr::PeekSlice(..) | Expr::Skip(_) | Expr::Push(_) => Box::new(Comment::new(expr.to_string())),
    }
}

fn boxed(inner: &Expr, label: &str) -> Box<dyn Node> {
    Box::new(LabeledBox::new(node(inner), Comment::new(label.to_owned())))
}

/// A rule by its name, as a link; what pest itself provides in words.
fn ident(name: &str) -> Box<dyn Node> {
    let words = match name {
        "ANY" => "any byte",
        "SOI" => "the beginning",
        "EOI" => "the end",
        "ASCII_DIGIT" => "0 … 9",
        "ASCII_HEX_DIGIT" => "hexadecimal digit",
        "ASCII_ALPHANUMERIC" => "letter or digit",
        "ASCII_ALPHA" => "letter",
        _ => {
            return Box::new(Link::new(NonTerminal::new(name.to_owned()), format!("#{name}")));
        }
    };
    Box::new(Comment::new(words.to_owned()))
}

/// Text of the grammar, in which each character stands for one byte, as a person reads it.
fn shown(text: &str) -> String {
    let bytes: Option<Vec<u8>> = text.chars().map(|c| u8::try_from(u32::from(c)).ok()).collect();
    let escaped = bytes.map_or_else(|| text.to_owned(), |bytes| ec20_suite::escape::escaped(&bytes));
    escaped.replace(' ', "␣")
}

#[cfg(test)]
mod tests {
    use super::of;
    use pest_meta::ast::Expr;

    fn expression(text: &str) -> Expr {
        let grammar = format!("x = {{ {text} }}\na = {{ \"a\" }}");
        let pairs = pest_meta::parser::parse(pest_meta::parser::Rule::grammar_rules, &grammar)
            .expect("the test's own grammar");
        pest_meta::parser::consume_rules(pairs).expect("the test's own grammar").remove(0).expr
    }

    #[track_caller]
    fn shows(text: &str, wanted: &[&str], unwanted: &[&str]) {
        let svg = of(&expression(text)).replace('\n', "");
        for word in wanted {
            assert!(svg.contains(word), "{word} in {svg}");
        }
        for word in unwanted {
            assert!(!svg.contains(word), "no {word} in {svg}");
        }
    }

    #[test]
    fn idioms_are_drawn_as_what_they_mean() {
        shows("!(a{84} ~ a) ~ a*", &["0 to 84 times"], &["what follows"]);
        shows("!(a{84} ~ a) ~ a+", &["1 to 84 times"], &["what follows"]);
        shows("a ~ !ASCII_DIGIT", &["no more digits"], &["ASCII_DIGIT"]);
        shows("a ~ (\",\" ~ a)*", &[">,<", "#a"], &["times"]);
    }

    #[test]
    fn a_rule_is_a_link_and_a_text_is_escaped() {
        shows("a ~ \"<b>\" ~ \": \"", &["href=\"#a\"", "&lt;b&gt;", ":␣"], &["<b>"]);
    }

    #[test]
    fn bytes_that_do_not_show_are_spelled() {
        shows(r#""\r" ~ '\u{80}'..'\u{FF}'"#, &["\\r", "\\x80 … \\xff"], &["\r"]);
    }
}
