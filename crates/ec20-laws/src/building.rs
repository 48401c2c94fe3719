//! Builder and parser are inverse: what is built is read back as what was meant, and what is read can be built again with the same meaning.

use arbitrary::Arbitrary;
use ec20_at::build::{Reason, line};
use ec20_at::request::Request;
use ec20_at::{Dialect, command_line};

/// Commands whose values may be anything at all: what can be said must arrive, what cannot must be refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Arbitrary)]
#[expect(missing_docs, reason = "each variant and field is the request of the same name")]
pub enum Wish<'a> {
    ContextId { contextid: u32 },
    Mmsc { url: &'a [u8] },
    Proxy { gateway: &'a [u8], port: u32 },
    Character { charset: &'a [u8] },
    SendParam { values: [u32; 6] },
    Add { function: u32, optstring: &'a [u8] },
    Query { function: u32 },
    Send { timeout: u32 },
    Upload { filename: &'a [u8], filesize: Option<u32>, timeout: Option<u32>, ackmode: Option<u32> },
    Delete { filename: &'a [u8] },
    Activate { contextid: u32 },
    Echo { value: u32 },
    Errors { n: u32 },
}

impl<'a> Wish<'a> {
    fn request(self) -> Request<'a> {
        match self {
            Self::ContextId { contextid } => Request::QmmscfgContextidWrite { contextid },
            Self::Mmsc { url } => Request::QmmscfgMmscWrite { url },
            Self::Proxy { gateway, port } => Request::QmmscfgProxyWrite { gateway, port },
            Self::Character { charset } => Request::QmmscfgCharacterWrite { charset },
            Self::SendParam { values: [valid, pri, sendrep, readrep, visible, class] } => {
                Request::QmmscfgSendparamWrite { valid, pri, sendrep, readrep, visible, class }
            }
            Self::Add { function, optstring } => Request::QmmseditAdd { function, optstring },
            Self::Query { function } => Request::QmmseditQuery { function },
            Self::Send { timeout } => Request::QmmsendWrite { timeout },
            Self::Upload { filename, filesize, timeout, ackmode } => {
                Request::QfuplWrite { filename, filesize, timeout, ackmode }
            }
            Self::Delete { filename } => Request::QfdelWrite { filename },
            Self::Activate { contextid } => Request::QiactWrite { contextid },
            Self::Echo { value } => Request::EWrite { value },
            Self::Errors { n } => Request::CmeeWrite { n },
        }
    }
}

/// Parse of build is identity: a line that the builder writes is read, canonically, as the very requests it was built from.
pub fn parse_of_build_is_identity(wishes: &[Wish<'_>]) {
    let requests: Vec<Request<'_>> = wishes.iter().take(8).map(|wish| wish.request()).collect();
    let mut buffer = vec![0; 16 * 1024];
    match line(&mut buffer, &requests) {
        Ok(written) => {
            assert_eq!(meaning(written, Dialect::CANONICAL), Some(requests), "{}", written.escape_ascii());
        }
        Err(refusal) => {
            assert!(refusal.reason != Reason::BufferFull || requests.len() > 4, "{refusal} for {requests:?}");
            assert!(!refusal.to_string().is_empty(), "a refusal that says nothing");
        }
    }
}

/// Build of parse has the same meaning: a canonical command line can be built from its requests, and reads as they do.
pub fn build_of_parse_has_the_same_meaning(command_line: &[u8]) {
    let Some(requests) = meaning(command_line, Dialect::CANONICAL) else { return };
    let mut buffer = vec![0; 16 * 1024];
    match line(&mut buffer, &requests) {
        Ok(written) => {
            assert_eq!(meaning(written, Dialect::CANONICAL), Some(requests), "{}", written.escape_ascii());
        }
        Err(refusal) => panic!("what was read cannot be built: {refusal}: {}", command_line.escape_ascii()),
    }
}

/// The requests of a line, if it is read and all of them are of the manual. The line may end in its CR.
fn meaning(line: &[u8], dialect: Dialect) -> Option<Vec<Request<'_>>> {
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    let read = command_line::read(line, dialect).ok().filter(|read| !read.is_repeat())?;
    read.commands().map(|command| command.ok()?.request().ok()).collect()
}
