//! The run on a terminal: lines on standard output as cases end, and on a terminal a progress line below them.

use std::io::{IsTerminal as _, Write as _};
use std::time::Duration;

use clap::Args;
use ec20_suite::journal::Event;
use ec20_suite::report::terminal::{Live, Telling, colour};
use indicatif::{ProgressBar, ProgressStyle};

use super::forecast::{Forecast, rounded};
use super::terminal::{self, Colour};

/// How a run shows itself.
#[derive(Debug, Clone, Args)]
pub(super) struct Look {
    /// Print only the progress line, cases that need a look, and the end of the run
    #[arg(long, short, conflicts_with = "verbose")]
    quiet: bool,

    /// Print every byte on the wire as well, with its time
    #[arg(long, short)]
    verbose: bool,

    /// When to use colours
    #[arg(long, value_enum, default_value_t = Colour::Auto, value_name = "WHEN")]
    color: Colour,
}

/// What a person sees while a run goes on.
pub(super) struct View {
    live: Live,
    bar: Option<ProgressBar>,
    forecast: Forecast,
    colour: bool,
    /// The case that runs.
    case: String,
    /// Lines are fitted to a terminal of its own.
    fitted: bool,
}

impl View {
    /// A view on this process's terminal, or plain lines where there is none or a machine reads it.
    pub(super) fn new(look: &Look, forecast: Forecast) -> Self {
        let colour = look.color.on_standard_output();
        let telling = match (look.quiet, look.verbose) {
            (true, _) => Telling::Little,
            (_, true) => Telling::Everything,
            _ => Telling::Usual,
        };
        let by_a_machine = std::env::var_os("CI").is_some_and(|value| !value.is_empty());
        let bar = (std::io::stderr().is_terminal() && !by_a_machine).then(|| {
            let bar = ProgressBar::new(0);
            // ASCII alone: nothing here depends on a font or a locale. The last part is cut where the line ends.
            let style = ProgressStyle::with_template("{spinner} {pos}/{len}, {elapsed}, {wide_msg}");
            let style = style.unwrap_or_else(|_| ProgressStyle::default_bar());
            bar.set_style(style.tick_chars("|/-\\ "));
            bar.enable_steady_tick(Duration::from_millis(250));
            bar
        });
        let live = Live::new(colour).telling(telling);
        let fitted = std::io::stdout().is_terminal();
        Self { live, bar, forecast, colour, case: String::new(), fitted }
    }

    /// Shows what an event adds.
    pub(super) fn on(&mut self, event: &Event) {
        if let Some(text) = self.live.on(event) {
            self.say(&text);
        }
        let Some(bar) = &self.bar else { return };
        match event {
            Event::CaseStart { case, .. } => self.case.clone_from(case),
            Event::CaseEnd(end) => self.forecast.ended(&end.case),
            Event::Planned(_) => {}
            _ => return,
        }
        let (ended, total) = self.live.progress();
        bar.set_length(total as u64);
        bar.set_position(ended as u64);
        let elapsed_ms = u64::try_from(bar.elapsed().as_millis()).unwrap_or(u64::MAX);
        bar.set_message(self.message(elapsed_ms));
    }

    /// The time left, the counts, and the case that runs.
    fn message(&self, elapsed_ms: u64) -> String {
        let counts = self.live.counts().into_iter().map(|(verdict, count)| {
            let text = format!("{count} {}", verdict.word());
            if self.colour { format!("\x1b[{}m{text}\x1b[0m", colour(verdict)) } else { text }
        });
        let counts: Vec<String> = counts.collect();
        format!("{} left  {}  {}", rounded(self.forecast.left_ms(elapsed_ms)), counts.join(", "), self.case)
    }

    /// Prints lines that stay.
    pub(super) fn say(&self, text: &str) {
        let text = if self.fitted { terminal::fitted(text, terminal::width()) } else { text.to_owned() };
        let print = || {
            // A reader that went away (`| head`) must not end a run that still has settings to restore.
            let _ = writeln!(std::io::stdout().lock(), "{text}");
        };
        match &self.bar {
            Some(bar) => bar.suspend(print),
            None => print(),
        }
    }

    /// Takes the progress line away.
    pub(super) fn close(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
