//! How a command ends: its exit code, and in one line why it is that one.
//!
//! It knows the words of the codes. It does not know which command has which reason.

use ec20_suite::verdict::Exit;

use super::complaint;

/// The end of a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Ending {
    exit: Exit,
    /// Why, in words; `None` where the command has said it in its last line.
    why: Option<String>,
}

impl From<Exit> for Ending {
    /// An end whose reason is what its code always means.
    fn from(exit: Exit) -> Self {
        Self::because(exit, exit.to_string())
    }
}

impl Ending {
    /// An end for this reason.
    pub(super) fn because(exit: Exit, why: impl Into<String>) -> Self {
        Self { exit, why: Some(why.into()) }
    }

    /// An end whose reason the user has read in the command's last line.
    pub(super) const fn said(exit: Exit) -> Self {
        Self { exit, why: None }
    }

    /// Says the reason in the command's last line, on standard error, unless all is well; the process's exit code.
    pub(super) fn say(&self) -> u8 {
        if let Some(why) = self.why.as_ref().filter(|_| self.exit != Exit::Kept) {
            complaint::say(&format!("exit {}: {why}", self.exit.code()));
        }
        self.exit.code()
    }
}
