//! A final result is never silently given to another command. The framer is told what the host sends and hears what a module says; here an
//! honest module is played along, so that the true owner of each result is known, and every claim of the framer is held against it.

use arbitrary::{Arbitrary, Result, Unstructured};
use ec20_at::framer::{CommandId, Echo, EventKind, Framer, Owner};

/// A module and a host that is out of step with it: answers come late, or after the host has given up.
#[derive(Debug, Clone)]
pub struct Errands {
    /// Whether the module sends commands back.
    echo: bool,
    /// Whether the host was told so.
    told: bool,
    /// Whether results are numerals (`ATV0`).
    numerals: bool,
    steps: Vec<Step>,
}

#[derive(Debug, Clone, Copy, Arbitrary)]
enum Step {
    /// The host sends this command.
    Send(u8),
    /// The module takes the oldest command that it has not answered, and sends its whole answer.
    Answer(u8),
    /// The host's deadline for its last command passes.
    GiveUp,
    /// The module says something unasked.
    Urc,
    /// Everything sent has been answered, and the host knows.
    Settle,
}

impl<'a> Arbitrary<'a> for Errands {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let (echo, told, numerals) = (u.arbitrary()?, u.arbitrary()?, u.ratio(1, 4)?);
        let count = u.int_in_range(0..=24)?;
        let steps = (0..count).map(|_| u.arbitrary()).collect::<Result<_>>()?;
        Ok(Self { echo, told, numerals, steps })
    }
}

const COMMANDS: [&str; 6] = ["AT", "AT+CSQ", "AT+QMMSEDIT=1", "AT+QIACT=1", "AT+QMMSEND=100", "AT+CREG?"];
/// `NO CARRIER` and its like are not among them: none of these commands makes a call, so that such a line is not their result.
const WORDS: [&str; 3] = ["OK", "ERROR", "+CME ERROR: 756"];
const NUMERALS: [&str; 3] = ["0", "4", "+CME ERROR: 756"];

/// How many commands without a result a framer tells apart, by its documentation.
const REMEMBERED: u32 = 4;

/// Whatever the order of sending, answering and giving up, no result is claimed for a command that it does not answer.
pub fn results_find_their_commands(errands: &Errands) {
    let mut framer = Framer::new();
    if errands.told {
        framer.set_echo(if errands.echo { Echo::On } else { Echo::Off });
    }
    let mut waiting: std::collections::VecDeque<(CommandId, &str)> = std::collections::VecDeque::new();
    let mut buffer = Vec::new();
    let mut last = None;
    for step in &errands.steps {
        let mut owner = None;
        match *step {
            Step::Send(which) => {
                let command = COMMANDS[usize::from(which) % COMMANDS.len()];
                let sent = framer.sent(format!("{command}\r").as_bytes());
                waiting.extend(sent.map(|id| (id, command)));
                last = sent.or(last);
            }
            Step::Answer(which) => {
                let Some((id, command)) = waiting.pop_front() else { continue };
                owner = Some(id);
                buffer.extend(answer(errands, command, which));
            }
            Step::GiveUp => framer.give_up(),
            Step::Urc => buffer.extend(b"\r\n+QIURC: \"pdpdeact\",1\r\n"),
            Step::Settle if waiting.is_empty() => framer.settle(),
            Step::Settle => {}
        }
        while let Some(event) = framer.next(&buffer) {
            if let EventKind::Final { owner: claimed, .. } = event.kind {
                check(claimed, owner, last, errands);
                owner = None;
            }
        }
        buffer.drain(..framer.release());
        assert_eq!(owner, None, "a result was not seen at all: {errands:?}");
    }
}

/// What the module sends for one command: its echo, perhaps a line, and a result.
fn answer(errands: &Errands, command: &str, which: u8) -> Vec<u8> {
    let mut answer = String::new();
    if errands.echo {
        answer.push_str(command);
        answer.push('\r');
    }
    let result = usize::from(which) % WORDS.len();
    if command == "AT+CSQ" && result == 0 {
        answer.push_str("\r\n+CSQ: 20,99\r\n");
    }
    let (word, numeral) = (WORDS[result], NUMERALS[result]);
    let ending = if errands.numerals && numeral.len() == 1 {
        [numeral, "\r"].concat()
    } else {
        ["\r\n", word, "\r\n"].concat()
    };
    answer.push_str(&ending);
    answer.into_bytes()
}

fn check(claimed: Owner, owner: Option<CommandId>, last: Option<CommandId>, errands: &Errands) {
    // So many commands later the oldest is remembered no more: its result may then be nobody's, but not another's.
    let forgotten = matches!((owner, last), (Some(owner), Some(last)) if owner.0 + REMEMBERED <= last.0);
    let may_be = match (claimed, owner) {
        (Owner::Command(id) | Owner::Late(id), Some(owner)) => id == owner,
        (Owner::Ambiguous { first, last }, Some(owner)) => first <= owner && owner <= last,
        (Owner::Nobody, Some(_)) => forgotten,
        (_, None) => false,
    };
    assert!(may_be, "a result of {owner:?} is given to {claimed:?}: {errands:?}");
}
