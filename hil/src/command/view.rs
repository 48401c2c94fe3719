//! The run on a terminal: lines on standard output as cases end, and on a terminal a progress bar below them.

use std::io::{IsTerminal as _, Write as _};
use std::time::Duration;

use ec20_suite::journal::Event;
use ec20_suite::report::terminal::Live;
use indicatif::{ProgressBar, ProgressStyle};

/// What a person sees while a run goes on.
pub(super) struct View {
    live: Live,
    bar: Option<ProgressBar>,
}

impl View {
    /// A view on this process's terminal, or plain lines where there is none.
    pub(super) fn new() -> Self {
        let colour = std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none();
        let bar = std::io::stderr().is_terminal().then(|| {
            let bar = ProgressBar::new(0);
            let style = ProgressStyle::with_template("{spinner} {pos}/{len} cases, {elapsed}  {wide_msg}");
            bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
            bar.enable_steady_tick(Duration::from_millis(250));
            bar
        });
        Self { live: Live::new(colour), bar }
    }

    /// Shows what an event adds.
    pub(super) fn on(&mut self, event: &Event) {
        if let Some(text) = self.live.on(event) {
            self.say(&text);
        }
        let (ended, total) = self.live.progress();
        if let Some(bar) = &self.bar {
            bar.set_length(total as u64);
            bar.set_position(ended as u64);
            if let Event::CaseStart { case, .. } = event {
                bar.set_message(case.clone());
            }
        }
    }

    /// Prints lines that stay.
    pub(super) fn say(&self, text: &str) {
        let print = || {
            // A reader that went away (`| head`) must not end a run that still has settings to restore.
            let _ = writeln!(std::io::stdout().lock(), "{text}");
        };
        match &self.bar {
            Some(bar) => bar.suspend(print),
            None => print(),
        }
    }

    /// Takes the progress bar away.
    pub(super) fn close(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
