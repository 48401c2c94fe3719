//! The world round a module: card, network, power, cable.
//!
//! Knows what each event takes away and brings back, and what a restart keeps. Refuses to know commands.

use crate::event::Environment;
use crate::files::Storage;
use crate::module::{Mode, Module};
use crate::run::Running;
use crate::state::State;
use crate::unknown;

impl Module {
    pub(crate) fn environment(&mut self, event: Environment) {
        match event {
            Environment::SimOut => {
                self.state.radio.card = false;
                self.network_gone();
                self.unsolicited("+CPIN: NOT INSERTED");
            }
            Environment::SimIn => {
                self.state.radio.card = true;
                self.unsolicited("+CPIN: READY");
                self.registration_changed();
            }
            Environment::NetworkLost => {
                self.state.radio.network = false;
                self.network_gone();
                self.registration_changed();
            }
            Environment::NetworkBack => {
                self.state.radio.network = true;
                self.state.radio.attached = true;
                self.registration_changed();
            }
            Environment::ContextsRefused(refuses) => self.state.radio.refuses_contexts = refuses,
            Environment::PdpLost(context) => {
                if let Some(lost) = self.state.context(i64::from(context)).filter(|c| c.active) {
                    lost.active = false;
                    self.context_down(usize::from(context));
                }
            }
            Environment::Reboot => self.restart(),
            Environment::Unplug => {
                self.line.clear();
                self.backlog.clear();
                self.urcs.clear();
                self.running = Running::default();
                self.out.clear();
                if !matches!(self.mode, Mode::Booting(..)) {
                    self.mode = Mode::Line;
                }
            }
        }
    }

    /// Everything that hangs on the network falls.
    pub(crate) fn network_gone(&mut self) {
        for context in self.state.lose_contexts() {
            self.context_down(context);
        }
    }

    fn context_down(&mut self, context: usize) {
        self.unsolicited(format!("+QIURC: \"pdpdeact\",{context}"));
        self.send_lost_context(context);
    }

    /// Starts anew: RAM files, message, contexts and unsaved settings of the dialogue are gone.
    pub(crate) fn restart(&mut self) {
        self.drop_send();
        self.line.clear();
        self.backlog.clear();
        self.urcs.clear();
        self.running = Running::default();
        self.out.clear();
        let radio = self.state.radio.clone();
        let mut fresh = self.factory.clone();
        self.keep_over_restart(&mut fresh);
        fresh.session = self.stored.clone();
        fresh.radio.card = radio.card;
        fresh.radio.network = radio.network;
        fresh.radio.attached = radio.network && radio.card;
        fresh.radio.refuses_contexts = radio.refuses_contexts;
        self.state = fresh;
        let mut lines = self.profile.boot.clone();
        if self.habit(unknown::BOOT_ORDER) == "cpin-first" {
            // The other lines keep their order; only +CFUN comes last of all.
            lines.sort_by_key(|line| line.starts_with("+CFUN"));
        }
        let card = self.state.radio.card;
        let lines = lines
            .iter()
            .map(|line| if !card && line == "+CPIN: READY" { "+CPIN: NOT INSERTED" } else { line })
            .map(|line| line.as_bytes().to_vec())
            .collect();
        self.mode = Mode::Booting(self.now + self.profile.timing.boot_ms, lines);
    }

    /// Takes into a fresh state what this firmware keeps over a restart.
    fn keep_over_restart(&mut self, fresh: &mut State) {
        if self.habit(unknown::CFG_RESTART) == "kept" {
            fresh.settings = self.state.settings.clone();
            fresh.verbatim = self.state.verbatim.clone();
        }
        if self.habit(unknown::EDIT_RESTART) == "kept" {
            fresh.message = self.state.message.clone();
        }
        for (question, asked) in [
            (unknown::CFG_RESTART, "mmsc"),
            (unknown::EDIT_RESTART, "1"),
            (unknown::TITLE_NEVER, "4"),
            (unknown::RAM_RESTART, "ram"),
        ] {
            if let Some(lines) = self.other(question) {
                fresh.verbatim.insert(asked, lines.to_vec());
            }
        }
        fresh.files.restore(Storage::Ufs, &self.state.files);
        if self.habit(unknown::RAM_RESTART) == "kept" {
            fresh.files.restore(Storage::Ram, &self.state.files);
        }
        for (context, kept) in fresh.contexts.iter_mut().zip(&self.state.contexts) {
            *context = kept.clone();
            context.active = false;
            context.by_cgact = false;
        }
    }
}
