//! Writes a transcript's body in its one canonical form: the formatter behind `cargo xtask fmt`.
//!
//! It knows blanks and order, never meaning: comments, empty lines and the front matter stay as their author wrote them.

use super::{Alternative, Outcome, Payload, Step, StepKind, Text, Transcript};
use crate::mistake::Mistake;

/// The file's text in canonical form: one blank after a mark, suffixes after two, no blanks at a line's end,
/// no more than one empty line in a row, one LF at the end.
///
/// # Errors
/// The text is no transcript.
///
/// ```
/// let rough = "---\nid = \"x\"\ntitle = \"t\"\nclauses = [\"A\"]\n---\n>   AT \n< OK   #A-B\n\n\n";
/// let fine = "---\nid = \"x\"\ntitle = \"t\"\nclauses = [\"A\"]\n---\n> AT\n< OK  #A-B\n";
/// assert_eq!(ec20_suite::transcript::canonical("x.atx", rough).unwrap(), fine);
/// ```
pub fn canonical(file: &str, text: &str) -> Result<String, Mistake> {
    let transcript = Transcript::read(file, text)?;
    let mut rendered = std::collections::BTreeMap::new();
    for step in transcript.body.iter().chain(&transcript.finally) {
        render_step(step, &mut rendered);
    }
    let mut out = String::new();
    let mut empty_before = false;
    for (index, line) in text.lines().enumerate() {
        let line = rendered.get(&(index + 1)).map_or_else(|| line.trim_end(), String::as_str);
        if !(line.is_empty() && empty_before) {
            out.push_str(line);
            out.push('\n');
        }
        empty_before = line.is_empty();
    }
    out.truncate(out.trim_end().len());
    out.push('\n');
    Ok(out)
}

fn render_step(step: &Step, lines: &mut std::collections::BTreeMap<usize, String>) {
    let line = match &step.kind {
        StepKind::Send(text) => format!("> {text}"),
        StepKind::Raw(text) => format!(">> {text}"),
        StepKind::Expect(alternatives) => return render_alternatives("< ", alternatives, lines),
        StepKind::Await { within_ms, alternatives } => {
            return render_alternatives(&format!("! {} ", duration(*within_ms)), alternatives, lines);
        }
        StepKind::Observe(unknown) => format!("? {}", unknown.value),
        StepKind::Quiet { for_ms, forbidden, judges } => {
            let text = forbidden.as_ref().map_or_else(String::new, |text: &Text| format!(" {text}"));
            let judges = judges.as_ref().map_or_else(String::new, |id| format!("  #{}", id.value));
            format!("quiet {}{text}{judges}", duration(*for_ms))
        }
        StepKind::Wait { for_ms } => format!("wait {}", duration(*for_ms)),
        StepKind::Data(Payload::Text(text)) => format!("data {text}"),
        StepKind::Data(Payload::Hex(bytes)) => {
            let pairs: Vec<String> = bytes.iter().map(|byte| format!("{byte:02X}")).collect();
            format!("data hex {}", pairs.join(" "))
        }
        StepKind::Data(Payload::File(name)) => format!("data file {}", name.value),
        StepKind::Order(text) => format!("mmsc {text}"),
    };
    lines.insert(step.line, line);
}

fn render_alternatives(
    mark: &str,
    alternatives: &[Alternative],
    lines: &mut std::collections::BTreeMap<usize, String>,
) {
    for (index, alternative) in alternatives.iter().enumerate() {
        let mark = match index {
            _ if alternative.repeats => "* ",
            0 => mark,
            _ => "| ",
        };
        let outcome = match &alternative.outcome {
            Outcome::Pass => String::new(),
            Outcome::Fail(reason) if reason.is_empty() => "  => fail".to_owned(),
            Outcome::Fail(reason) => format!("  => fail \"{reason}\""),
            Outcome::Inconclusive(cause) => format!("  => inconclusive({cause})"),
            Outcome::Observed { unknown, answer } => format!("  => observed {} {answer}", unknown.value),
        };
        let judges = alternative.judges.as_ref().map_or_else(String::new, |id| format!("  #{}", id.value));
        lines.insert(alternative.line, format!("{mark}{}{outcome}{judges}", alternative.text));
    }
}

fn duration(ms: u64) -> String {
    if ms.is_multiple_of(1000) { format!("{}s", ms / 1000) } else { format!("{ms}ms") }
}
