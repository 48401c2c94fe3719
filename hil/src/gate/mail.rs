//! The lists of recipients as the module itself reads them back, and whether each address on them may be sent to.
//!
//! A list counts only as long as nothing has left that could have changed it.

use globset::GlobSet;

/// The names of the lists 1 to 3.
const NAMES: [&str; 3] = ["TO", "CC", "BCC"];

/// What is known of the lists 1 to 3.
#[derive(Debug, Clone, Default)]
pub(super) struct Mail {
    lists: [Option<Vec<Vec<u8>>>; 3],
}

impl Mail {
    /// Something left that may have changed the message.
    pub(super) fn forget(&mut self) {
        *self = Self::default();
    }

    /// The module has read back a list, whole.
    pub(super) fn learn(&mut self, list: usize, addresses: Vec<Vec<u8>>) {
        if let Some(place) = self.lists.get_mut(list) {
            *place = Some(addresses);
        }
    }

    /// Whether a message to these lists may be sent.
    ///
    /// # Errors
    /// Why not: the list that was not read back, or the address that no pattern covers.
    pub(super) fn vetted(&self, recipients: &GlobSet) -> Result<(), String> {
        for ((number, name), list) in (1..).zip(NAMES).zip(&self.lists) {
            let Some(addresses) = list else {
                return Err(format!(
                    "list {number} ({name}) was not read back since the message was last edited"
                ));
            };
            for address in addresses {
                // An address that is not UTF-8 matches no pattern a person could have written.
                let covered = std::str::from_utf8(address).is_ok_and(|address| recipients.is_match(address));
                if !covered {
                    let shown = ec20_suite::escape::escaped(address);
                    return Err(format!("{name} holds {shown}, which no --recipient covers"));
                }
            }
        }
        Ok(())
    }
}
