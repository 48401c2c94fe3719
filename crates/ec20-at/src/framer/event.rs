//! What the framer says: events, whose they are, and where their bytes stand.

use crate::Span;

/// A command that was handed to [`Framer::sent`](super::Framer::sent); they count up from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CommandId(pub u32);

/// One frame of the stream. Frames follow each other without a gap: every byte is in exactly one of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Event {
    /// What it is.
    pub kind: EventKind,
    /// All its bytes, with the line end before its text and the one behind, as offsets into the stream.
    pub frame: Span,
    /// Its text without line ends, as offsets into the stream. Of data and of what is
    /// [`Overlong`](EventKind::Overlong) it is the whole frame, line ends included.
    pub text: Span,
    /// Whether the bytes were read a second time with quotes as ordinary bytes, because a quote stayed open.
    pub reread: bool,
}

/// What a frame is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum EventKind {
    /// A command came back as it was sent.
    Echo(CommandId),
    /// A command line that was not sent, or not so: a second talker, or a damaged echo.
    ForeignEcho,
    /// An information line: it stands between a command and its final result and fits the command, by its prefix, or
    /// without one where the command is answered so (`AT+CIMI`, `ATI`, and what no table has).
    ///
    /// Read it by [`Information::read`](crate::information::Information::read).
    Information(Owner),
    /// An unsolicited line. Read it by [`Urc::read`](crate::unsolicited::Urc::read).
    Urc {
        /// Whether its name is one that the manuals mention.
        known: bool,
    },
    /// A final result; `+CME ERROR: …` and the numerals of ATV0 among them.
    ///
    /// Which code an error has is read from the text by [`Final::read`](crate::unsolicited::Final::read).
    Final {
        /// Which.
        result: FinalKind,
        /// Whose.
        owner: Owner,
    },
    /// `CONNECT`: data follow, from the host or from the module, and the final result after them.
    Connect(Owner),
    /// The prompt for text.
    Prompt(Owner),
    /// One byte `A`: the module has taken 1024 bytes of an upload that asked for it by its ack mode.
    Acknowledgement,
    /// Bytes of a download, in blocks of [`Framer::BLOCK`](super::Framer::BLOCK), the last one shorter.
    Data,
    /// A line that no open command expects and that no manual knows, without a prefix.
    Stray,
    /// A line end that belongs to no text.
    Blank,
    /// A piece of a line that is longer than the framer's capacity; what follows up to the next line end are such pieces.
    Overlong {
        /// Whether the line's end was found: the next frame is read as usual.
        ended: bool,
    },
    /// What stood there without a line end when the caller gave up.
    Unfinished,
}

/// Whose an answer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Owner {
    /// The command sent last.
    Command(CommandId),
    /// A command that was given up, or overtaken by another.
    Late(CommandId),
    /// One of the commands from the first to the last; nobody can tell which, so do not take it for the last one's.
    Ambiguous {
        /// The oldest that may own it.
        first: CommandId,
        /// The newest that may own it.
        last: CommandId,
    },
    /// No command that is open: a surplus answer.
    Nobody,
}

impl Owner {
    /// Whether the answer certainly belongs to this command.
    pub fn is(self, command: CommandId) -> bool {
        matches!(self, Self::Command(id) | Self::Late(id) if id == command)
    }
}

/// Which final result a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FinalKind {
    /// `OK`, or `0`.
    Ok,
    /// `ERROR`, or `4`.
    Error,
    /// `+CME ERROR: …`; number and text alike.
    CmeError,
    /// `+CMS ERROR: …`.
    CmsError,
    /// `NO CARRIER`, or `3`.
    NoCarrier,
    /// `NO DIALTONE`, or `6`.
    NoDialtone,
    /// `BUSY`, or `7`.
    Busy,
    /// `NO ANSWER`, or `8`.
    NoAnswer,
}
