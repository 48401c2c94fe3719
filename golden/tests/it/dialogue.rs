//! The lines of a transcript as the manual would print them: no marks, no clauses, variables at their defaults.

use ec20_suite::transcript::{Bindings, Payload, Piece, StepKind, Text, Transcript};

/// One dialogue of the manual, as meant.
pub(crate) struct Dialogue {
    /// The file's name without folder and ending.
    pub(crate) example: &'static str,
    pub(crate) lines: Vec<Line>,
}

/// One line of it.
pub(crate) struct Line {
    pub(crate) text: String,
    pub(crate) is_command: bool,
}

/// Every example of the manual.
pub(crate) fn all() -> Vec<Dialogue> {
    let bindings = defaults();
    let of = |(path, text): &(&'static str, &'static str)| {
        let example = path.strip_prefix("manual/")?.strip_suffix(".atx")?;
        let transcript = Transcript::read(path, text).unwrap_or_else(|mistake| panic!("{mistake}"));
        let lines = transcript.body.iter().filter_map(|step| line(&step.kind, &bindings)).collect();
        Some(Dialogue { example, lines })
    };
    ec20_golden::transcripts().iter().filter_map(of).collect()
}

/// The bench variables at their defaults.
fn defaults() -> Bindings {
    let table: toml::Table = ec20_golden::VARIABLES.parse().expect("the variables are TOML");
    let mut bindings = Bindings::default();
    for (name, value) in &table {
        bindings.bind(name, value.as_str().expect("a variable is a string"));
    }
    bindings
}

fn line(step: &StepKind, bindings: &Bindings) -> Option<Line> {
    let text = match step {
        StepKind::Send(text) => return Some(Line { text: shown(text, bindings), is_command: true }),
        StepKind::Expect(alternatives) => {
            assert_eq!(alternatives.len(), 1, "an example of the manual has no alternatives");
            shown(&alternatives.first()?.text, bindings)
        }
        // The example shows the first; whether a success has a third field is an unknown.
        StepKind::Await { alternatives, .. } => shown(&alternatives.first()?.text, bindings),
        StepKind::Data(Payload::Text(data)) => {
            let size = data.bytes(bindings).expect("the data has no placeholders").len();
            format!("<Input {size} bytes data>")
        }
        _ => return None,
    };
    Some(Line { text, is_command: false })
}

/// Values filled in; a placeholder as it is written.
fn shown(text: &Text, bindings: &Bindings) -> String {
    let piece = |piece: &Piece| match piece {
        Piece::Literal(bytes) => String::from_utf8_lossy(bytes).into_owned(),
        Piece::Variable(name) => {
            let value = bindings.get(&name.value).unwrap_or_else(|| panic!("{} has no default", name.value));
            String::from_utf8_lossy(value).into_owned()
        }
        other => other.to_string(),
    };
    text.pieces.iter().map(piece).collect()
}
