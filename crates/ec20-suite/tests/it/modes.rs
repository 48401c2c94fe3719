//! How answers look after a command line: what it may change, what it leaves, what it orders the echo to be.

use ec20_suite::standing::Modes;
use rstest::rstest;

/// Whether lines are framed, results are numbers, and results come.
type Look = (bool, bool, bool);

const FACTORY: Look = (true, false, true);
const NUMBERS: Look = (false, true, true);
const SILENT: Look = (true, false, false);
const OTHER_MARKS: Look = (false, false, true);

fn look(modes: Modes) -> Look {
    (modes.framed(), modes.numeric(), modes.results)
}

/// From the factory's state, after one line.
#[rstest]
#[case("AT", false, FACTORY)]
#[case("AT+CSQ", false, FACTORY)]
#[case("ATE0", false, FACTORY)]
#[case("ATV0", true, NUMBERS)]
#[case("ATV", true, NUMBERS)]
#[case("ATV1", true, FACTORY)]
#[case("ATQ1", true, SILENT)]
#[case("ATQ0", true, FACTORY)]
#[case("ATQ", true, FACTORY)]
#[case("ATS3=13", true, FACTORY)]
#[case("ATS3=013", true, FACTORY)]
#[case("ATS3=14", true, OTHER_MARKS)]
#[case("ATS4=10", true, FACTORY)]
#[case("ATS4=13", true, OTHER_MARKS)]
#[case("ATS3", true, FACTORY)]
#[case("ATS4", true, FACTORY)]
#[case("ATS3?", false, FACTORY)]
#[case("ATS3=?", false, FACTORY)]
#[case("ATV?", false, FACTORY)]
#[case("ATQ?", false, FACTORY)]
#[case("ATS5=8", false, FACTORY)]
#[case("ATV0S3=13", true, NUMBERS)]
#[case("ATV0S3=20", true, OTHER_MARKS)]
#[case("ATV0;+CSQ", true, NUMBERS)]
#[case("ATV0Z", true, FACTORY)]
#[case("ATV0Q1&F", true, FACTORY)]
#[case("ATS3=20S4=20Z", true, FACTORY)]
#[case("no command line", false, FACTORY)]
fn after_a_line(#[case] line: &str, #[case] changes: bool, #[case] left: Look) {
    let mut modes = Modes::default();
    assert_eq!(modes.command(line.as_bytes()), changes);
    assert_eq!(look(modes), left);
}

/// What is asked for again is there again; other marks stay until they are put back.
#[rstest]
#[case("ATV0", "ATV1", FACTORY)]
#[case("ATQ1", "ATQ0", FACTORY)]
#[case("ATQ1", "ATV1", SILENT)]
#[case("ATS3=20", "ATS3=13", FACTORY)]
#[case("ATS4=20", "ATS4=10", FACTORY)]
#[case("ATS3=20", "ATS4=10", OTHER_MARKS)]
#[case("ATS3=20", "ATV1", OTHER_MARKS)]
#[case("ATV0S3=20", "ATS3=13", NUMBERS)]
#[case("ATS3=20", "AT&F", FACTORY)]
#[case("ATS3=20", "AT+CSQ", OTHER_MARKS)]
fn after_two_lines(#[case] first: &str, #[case] second: &str, #[case] left: Look) {
    let mut modes = Modes::default();
    modes.command(first.as_bytes());
    modes.command(second.as_bytes());
    assert_eq!(look(modes), left);
}

#[rstest]
#[case("ATE0", Some(false), true)]
#[case("ATE1", Some(true), true)]
#[case("ATE0E1", Some(true), true)]
#[case("ATE1V0", Some(true), true)]
#[case("ATV0E0", Some(false), true)]
#[case("AT", None, false)]
#[case("ATV0", None, false)]
#[case("ATZ", None, true)]
#[case("ATE1Z", None, true)]
#[case("AT&FE1", None, true)]
#[case("ATE0;+CFUN=1,1", None, true)]
#[case("AT+CFUN?", None, false)]
#[case("AT+CFUN=?", None, false)]
#[case("AT+CSQ", None, false)]
#[case("no command line", None, false)]
fn echo(#[case] line: &str, #[case] ordered: Option<bool>, #[case] may_change: bool) {
    assert_eq!(Modes::ordered_echo(line.as_bytes()), ordered);
    assert_eq!(Modes::may_change_echo(line.as_bytes()), may_change);
}
