//! Text of modules, files and arguments in Markdown: nothing in it is markup, HTML, a link or the name of a person, whatever it is.
//!
//! It knows GitHub's Markdown. It does not know which report it writes for.

use std::fmt::Write as _;

/// Text as code: `<code>` with every character that means something in Markdown or HTML as an entity, or a plain code span where the
/// text holds none of them.
pub(crate) fn code(text: &str) -> String {
    let plain: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    if plain.trim().is_empty() {
        return String::new();
    }
    if plain.contains(['`', '<', '>', '&', '|', '@']) {
        format!("<code>{}</code>", entities(&plain))
    } else {
        format!("`{plain}`")
    }
}

/// Text as text.
pub(crate) fn text(text: &str) -> String {
    let plain: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    entities(&plain)
}

/// Every character that begins something in Markdown or HTML as its entity, and addresses broken so that no renderer makes links of them.
fn entities(plain: &str) -> String {
    let mut out = String::with_capacity(plain.len());
    let mut before = String::new();
    for c in plain.chars() {
        let links = c == ':' || (c == '.' && before.to_ascii_lowercase().ends_with("www"));
        if links || "<>&|*_`[]#\\@~!{}^$".contains(c) {
            let _ = write!(out, "&#{};", u32::from(c));
        } else {
            out.push(c);
        }
        before.push(c);
    }
    // What begins a line could begin a list, a heading or a rule.
    match out.chars().next() {
        Some(first) if "-+=0123456789".contains(first) => {
            let rest: String = out.chars().skip(1).collect();
            format!("&#{};{rest}", u32::from(first))
        }
        _ => out,
    }
}

#[cfg(test)]
mod tests {
    use super::{code, text};

    #[test]
    fn nothing_in_a_text_is_markup() {
        for hostile in [
            "<script>alert(1)</script>",
            "<img src=x onerror=alert(1)>",
            "[a](https://evil.example)",
            "![a](https://evil.example/x.png)",
            "https://evil.example",
            "www.evil.example",
            "@everyone",
            "a | b",
            "```\nrm\n```",
            "&lt;script&gt;",
            "# head",
            "--- ",
            "**bold** _it_ ~~gone~~",
            "$x$",
        ] {
            for out in [code(hostile), text(hostile)] {
                let inner =
                    out.strip_prefix("<code>").and_then(|out| out.strip_suffix("</code>")).unwrap_or(&out);
                let inner = inner.strip_prefix('`').and_then(|out| out.strip_suffix('`')).unwrap_or(inner);
                assert!(!inner.contains(['<', '>', '|', '`', '@', '\n']), "{hostile:?}: {out}");
            }
            let out = text(hostile);
            assert!(
                !out.contains(['[', ']', '*', '_', '!']) && !out.contains("://") && !out.contains("www."),
                "{out}"
            );
            assert!(!out.starts_with(['#', '-']), "{out}");
        }
    }

    #[test]
    fn what_holds_no_markup_is_a_plain_code_span() {
        assert_eq!(code("+CME ERROR: 756"), "`+CME ERROR: 756`");
        assert_eq!(code("a\nb"), "`a b`");
        assert_eq!(code(""), "");
        assert_eq!(code("a|b"), "<code>a&#124;b</code>");
    }
}
