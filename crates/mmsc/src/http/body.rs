//! The body of a request: counted, or in chunks. It takes octets as they come and never holds more than the bound.

use super::Refusal;

/// How long the line before a chunk may be; extensions are skipped.
const CHUNK_LINE_MAX: usize = 256;
/// How many octets of trailer fields are skipped after the last chunk.
const TRAILER_MAX: usize = 4096;

/// A body while it arrives.
#[derive(Debug)]
pub(crate) struct Body {
    octets: Vec<u8>,
    state: State,
}

#[derive(Debug)]
enum State {
    /// So many octets are still to come.
    Sized(usize),
    /// The line before a chunk, as far as it has arrived.
    ChunkLine(Vec<u8>),
    /// So many octets of the chunk are still to come.
    Chunk(usize),
    /// The end of line after a chunk; whether its CR has come.
    ChunkEnd(bool),
    /// Trailer fields: octets of the current line, octets in all.
    Trailer { line: usize, all: usize },
    /// Everything has come.
    Done,
}

/// What became of some octets.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Progress {
    /// All of them belong to the body, which is not complete.
    More,
    /// The body is complete after so many of them.
    Done(usize),
}

impl Body {
    pub(crate) fn sized(length: usize) -> Self {
        Self { octets: Vec::new(), state: if length == 0 { State::Done } else { State::Sized(length) } }
    }

    pub(crate) fn chunked() -> Self {
        Self { octets: Vec::new(), state: State::ChunkLine(Vec::new()) }
    }

    /// The octets that have arrived.
    pub(crate) fn into_octets(self) -> Vec<u8> {
        self.octets
    }

    /// Takes octets; those after the end of the body are not touched.
    pub(crate) fn take(&mut self, octets: &[u8], body_max: usize) -> Result<Progress, Refusal> {
        let mut rest = octets;
        loop {
            if matches!(self.state, State::Done) {
                return Ok(Progress::Done(octets.len() - rest.len()));
            }
            let Some((&next, after)) = rest.split_first() else { return Ok(Progress::More) };
            match &mut self.state {
                State::Sized(missing) | State::Chunk(missing) => {
                    let (taken, left) = rest.split_at((*missing).min(rest.len()));
                    *missing -= taken.len();
                    self.octets.extend_from_slice(taken);
                    rest = left;
                    self.state = match self.state {
                        State::Sized(0) => State::Done,
                        State::Chunk(0) => State::ChunkEnd(false),
                        _ => return Ok(Progress::More),
                    };
                    continue;
                }
                State::ChunkLine(line) => {
                    line.push(next);
                    if next == b'\n' {
                        let size = chunk_size(line)?;
                        self.state = match self.octets.len().checked_add(size) {
                            _ if size == 0 => State::Trailer { line: 0, all: 0 },
                            Some(all) if all <= body_max => State::Chunk(size),
                            _ => return Err(too_large(body_max)),
                        };
                    } else if line.len() >= CHUNK_LINE_MAX {
                        return Err(Refusal::new(400, "the line before a chunk does not end"));
                    }
                }
                State::ChunkEnd(seen) => match (next, *seen) {
                    (b'\r', false) => *seen = true,
                    (b'\n', _) => self.state = State::ChunkLine(Vec::new()),
                    _ => return Err(Refusal::new(400, "a chunk is longer than its size")),
                },
                State::Trailer { line, all } => {
                    *all += 1;
                    match next {
                        b'\n' if *line == 0 => self.state = State::Done,
                        b'\n' => *line = 0,
                        b'\r' => {}
                        _ => *line += 1,
                    }
                    if matches!(self.state, State::Trailer { all, .. } if all > TRAILER_MAX) {
                        return Err(Refusal::new(431, "the trailer does not end"));
                    }
                }
                State::Done => {}
            }
            rest = after;
        }
    }
}

fn too_large(body_max: usize) -> Refusal {
    Refusal::new(413, format!("a body of more than {body_max} octets"))
}

/// The size in a line before a chunk: hex digits, then an extension or nothing.
fn chunk_size(line: &[u8]) -> Result<usize, Refusal> {
    let digits = line.iter().take_while(|octet| octet.is_ascii_hexdigit()).count();
    let (size, rest) = line.split_at(digits);
    let sound = matches!(rest.trim_ascii_start().first(), None | Some(b';'));
    let size = std::str::from_utf8(size).ok().and_then(|size| usize::from_str_radix(size, 16).ok());
    size.filter(|_| sound && (1..=15).contains(&digits))
        .ok_or_else(|| Refusal::new(400, "the line before a chunk has no size"))
}
