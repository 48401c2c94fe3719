//! S3, S4 and S5: whether the module reads lines by the rules that the gate judges them by.
//!
//! An earlier program may have set them, and so may what it stored for the next start. Only what the module certainly told counts, or
//! certainly took back. It reads no line.

use ec20_suite::residue::{REGISTERS, Register};

use super::ear::News;

/// What is known of the registers.
#[derive(Debug, Clone, Default)]
pub(super) struct Registers {
    /// Whether the module told the usual value, or took it, since the port was opened and since it started.
    usual: [bool; 3],
    /// How many lines may have moved it since.
    moved: [u32; 3],
}

/// S3 says where a line ends.
const S3: usize = 0;
/// S4 stands in answers only: it does not change what a line is.
const IN_ANSWERS: usize = 1;

impl Registers {
    /// Whether a line of this run may have changed where lines end, or what erases a byte in them.
    pub(super) fn are_moved(&self) -> bool {
        self.moved.iter().enumerate().any(|(at, moved)| at != IN_ANSWERS && *moved > 0)
    }

    /// A register that does not certainly hold its usual value.
    pub(super) fn uncertain(&self) -> Option<&'static Register> {
        let certain = self.usual.iter().zip(self.moved).map(|(usual, moved)| *usual && moved == 0);
        REGISTERS.iter().zip(certain).find_map(|(register, certain)| (!certain).then_some(register))
    }

    /// Lines left that may have moved these.
    pub(super) fn moved(&mut self, moves: [bool; 3]) {
        for (moved, moves) in self.moved.iter_mut().zip(moves) {
            *moved = moved.saturating_add(u32::from(moves));
        }
    }

    /// They hold whatever an earlier program left, or stored.
    pub(super) fn forget(&mut self) {
        self.usual = [false; 3];
    }

    /// The module said something of them.
    pub(super) fn heard(&mut self, news: News) {
        match news {
            News::Restarted => self.forget(),
            News::EndsLines => self.moved[S3] = 0,
            News::PutBack(at) => self.hold(at, true),
            News::Reads(at, usual) => self.hold(at, usual),
            News::Refused(at) => {
                if let Some(moved) = self.moved.get_mut(at) {
                    *moved = moved.saturating_sub(1);
                }
            }
        }
    }

    fn hold(&mut self, at: usize, told: bool) {
        if let (Some(moved), Some(usual)) = (self.moved.get_mut(at), self.usual.get_mut(at)) {
            *usual = told;
            if told {
                *moved = 0;
            }
        }
    }
}
