//! Habits: changes of behaviour that have a name of their own because no general change describes them.
//!
//! Knows their names. Refuses to know how the simulator carries them out.

use serde::{Deserialize, Serialize};

/// A habit that has a name of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Habit {
    /// Adding an address, or a file, forgets those added before.
    AddReplaces,
    /// The newest entry of a list comes first.
    NewestFirst,
    /// A new title is put behind the old one.
    TitleAppends,
    /// Deleting one list takes only its first entry.
    DeletesOne,
    /// A file is attached unseen.
    AttachesUnseen,
    /// A second send is accepted while one is under way.
    NeverBusy,
    /// The time limit of a send is not kept.
    NoTimeLimit,
    /// The time limit of a send is taken for milliseconds.
    TimeLimitTooShort,
    /// The result of a send comes before its OK.
    ResultBeforeOk,
    /// The result of a send never comes.
    ResultNever,
    /// A send that succeeded deletes the files it sent.
    SendDeletesFiles,
    /// A send that failed clears the message.
    FailureClearsMessage,
    /// A send that failed loses the title.
    FailureClearsTitle,
    /// A send that its time limit ended leaves the module busy.
    BusyAfterTimeout,
    /// Under UTF8, UCS2 and GBK an address is wanted in hexadecimal digits, as a title is.
    AddressInHex,
    /// The three lists of recipients share room for twelve addresses.
    ListsShareRoom,
    /// A send that succeeded clears the message.
    SuccessClearsMessage,
    /// A send puts the settings back to what the factory set.
    SendResetsSettings,
    /// HTTP 200 is taken for success, whatever the message centre says.
    IgnoresStatus,
    /// Any HTTP status is reported as 200.
    HttpAlwaysOk,
    /// A send without any recipient goes out.
    SendsToNobody,
    /// A hexadecimal title is kept as the text of its digits.
    HexKeptAsText,
    /// The charset of a text file is the one in force when sending, not when attaching.
    LateCharset,
    /// The charset of the title is the one in force when sending, not when the title was given.
    LateTitleCharset,
    /// Under ASCII a title of an even number of hexadecimal digits is decoded.
    DigitsDecoded,
    /// A title that, decoded, is again an even number of hexadecimal digits is decoded again.
    DigitsDecodedTwice,
    /// A title of decimal digits leaves as the number that they are, without zeros before it.
    DigitsAsNumber,
    /// A title that looks like an encoded word of RFC 2047 leaves as the text of that word.
    EncodedWordDecoded,
    /// A title ends at its first character beyond ASCII.
    TitleAsciiOnly,
    /// All messages have one transaction id.
    TransactionRepeated,
    /// The same message has the same transaction id as long as it is not edited.
    TransactionOfMessage,
    /// The port of the proxy is not looked at: it is 80.
    ProxyPortIgnored,
    /// A file of the same name in flash is sent in place of the one in RAM.
    FlashFirst,
    /// A fourth context is activated.
    FourthContext,
    /// The echo of a command line is missing.
    NoEcho,
    /// The echo comes with one byte changed to a question mark.
    EchoMangled,
    /// A result `OK` comes twice.
    OkTwice,
    /// Commands after the first of a chained line are not carried out.
    ChainStops,
    /// An error in a chained line does not stop those after it.
    ChainGoesOn,
    /// `AT+CMEE` is taken but the form of errors stays.
    CmeeStuck,
    /// The checksum of an upload is the sum of its bytes.
    ChecksumSum,
    /// Command names in small letters are not known.
    CapitalsOnly,
    /// A line feed after a command line is answered as a wrong line of its own.
    LineFeedCounts,
    /// `A/` is not known.
    NoRepeat,
    /// A command that does not exist is answered `OK`.
    UnknownIsOk,
    /// A command that does not exist is not answered.
    UnknownIsSilent,
    /// An upload ends one byte early.
    UploadShort,
}
