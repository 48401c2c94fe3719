//! Who gets the message: the lists as they are read back, and every address that this run added.

use ec20_hil::gate::{Gate, Rules};
use ec20_manual::Effect;
use rstest::rstest;

use super::{allowing, emptied, greeted, leaves, withheld};

/// A gate that allows sending to numbers that begin with 1385, behind which the three lists were read back as given.
fn read_back(lists: [&str; 3]) -> Gate {
    let mut gate = emptied(allowing(&[Effect::Billable], &["1385*"]));
    for (number, list) in (1..).zip(lists) {
        ask(&mut gate, number, list);
    }
    gate
}

fn ask(gate: &mut Gate, number: usize, list: &str) {
    assert!(leaves(gate, format!("AT+QMMSEDIT={number}\r").as_bytes()));
    let entry = |address| format!("\r\n+QMMSEDIT: {number},\"{address}\"");
    let entries = list.split_whitespace().map(entry).collect::<Vec<_>>().concat();
    gate.hear(2000, format!("AT+QMMSEDIT={number}\r{entries}\r\n\r\nOK\r\n").as_bytes());
}

#[test]
fn allowed_ones_are_sent_to() {
    let mut gate = read_back(["13856122546 13850000000", "13856122546", ""]);
    assert!(leaves(&mut gate, b"AT+QMMSEND=30\r"));
    gate.hear(3000, b"\r\nOK\r\n\r\n+QMMSEND: 0,200\r\n");
    assert!(leaves(&mut gate, b"A/"));
}

#[rstest]
#[case::to(["110", "", ""], "TO holds 110")]
#[case::second_of_the_list(["13856122546 110", "", ""], "TO holds 110")]
#[case::cc(["13856122546", "boss@example.com", ""], "CC holds boss@example.com")]
#[case::bcc(["13856122546", "", "1"], "BCC holds 1")]
#[case::a_pattern_covers_the_whole_address(["0013856122546", "", ""], "TO holds 0013856122546")]
fn others_never(#[case] lists: [&str; 3], #[case] word: &str) {
    let reason = withheld(&mut read_back(lists), b"AT+QMMSEND=30\r");
    assert!(reason.contains(word), "{reason}");
}

#[rstest]
#[case::nothing_read(&[])]
#[case::bcc_not_read(&[1, 2])]
#[case::to_not_read(&[2, 3])]
fn a_list_that_was_not_read_back_may_hold_anybody(#[case] lists: &[usize]) {
    let mut gate = greeted(allowing(&[Effect::Billable], &["*"]));
    for &number in lists {
        ask(&mut gate, number, "");
    }
    assert!(withheld(&mut gate, b"AT+QMMSEND=30\r").contains("not read back"));
}

#[rstest]
#[case::added(b"AT+QMMSEDIT=1,1,\"110\"\r")]
#[case::added_in_lower_case(b"at+qmmsedit=3,1,\"110\"\r")]
#[case::cleared(b"AT+QMMSEDIT=0\r")]
#[case::added_behind_another(b"AT+CMEE=1;+QMMSEDIT=1,1,\"110\"\r")]
fn an_edit_makes_the_reading_stale(#[case] edit: &[u8]) {
    let mut gate = read_back(["13856122546", "", ""]);
    assert!(leaves(&mut gate, edit));
    gate.hear(3000, b"\r\nOK\r\n");
    assert!(withheld(&mut gate, b"AT+QMMSEND=30\r").contains("not read back"));
}

#[test]
fn an_edit_in_the_same_bytes_does_too() {
    for bytes in [&b"AT+QMMSEDIT=1,1,\"110\";+QMMSEND=30\r"[..], b"AT+QMMSEDIT=1,1,\"110\"\rAT+QMMSEND=30\r"]
    {
        withheld(&mut read_back(["13856122546", "", ""]), bytes);
    }
}

#[rstest]
#[case::echoed("AT+CGSN\r", "AT+QMMSEDIT=1\r")]
#[case::not_echoed("", "")]
fn the_end_of_another_answer_is_no_empty_list(#[case] echo: &str, #[case] next_echo: &str) {
    let mut gate = read_back(["110", "", ""]);
    if echo.is_empty() {
        assert!(leaves(&mut gate, b"ATE0\r"));
        gate.hear(2400, b"ATE0\r\r\nOK\r\n");
    }
    // The OK of the first must not pass for an empty list 1.
    assert!(leaves(&mut gate, b"AT+CGSN\rAT+QMMSEDIT=1\r"));
    gate.hear(2500, format!("{echo}\r\n861234567890123\r\n\r\nOK\r\n").as_bytes());
    assert!(withheld(&mut gate, b"AT+QMMSEND=30\r").contains("list 1 (TO) was not read back"));
    gate.hear(2600, format!("{next_echo}\r\n+QMMSEDIT: 1,\"111\"\r\n\r\nOK\r\n").as_bytes());
    let reason = withheld(&mut gate, b"AT+QMMSEND=30\r");
    assert!(reason.contains("TO holds 111") || reason.contains("list 1 (TO) was not read back"), "{reason}");
}

#[rstest]
#[case::refused("\r\n+CME ERROR: 3\r\n")]
#[case::another_list("\r\n+QMMSEDIT: 2,\"13856122546\"\r\n\r\nOK\r\n")]
#[case::no_closing_quote("\r\n+QMMSEDIT: 1,\"13856122546\r\n\r\nOK\r\n")]
#[case::two_strings("\r\n+QMMSEDIT: 1,\"13856122546\",\"110\"\r\n\r\nOK\r\n")]
#[case::not_ended("\r\n+QMMSEDIT: 1,\"13856122546\"\r\n")]
fn an_answer_that_cannot_be_read_tells_nothing(#[case] answer: &str) {
    let mut gate = emptied(allowing(&[Effect::Billable], &["*"]));
    ask(&mut gate, 2, "");
    ask(&mut gate, 3, "");
    assert!(leaves(&mut gate, b"AT+QMMSEDIT=1\r"));
    gate.hear(2000, format!("AT+QMMSEDIT=1\r{answer}").as_bytes());
    assert!(withheld(&mut gate, b"AT+QMMSEND=30\r").contains("list 1 (TO)"));
}

#[test]
fn a_restart_makes_every_reading_stale() {
    let mut gate = read_back(["13856122546", "", ""]);
    gate.hear(3000, b"\r\nRDY\r\n");
    assert!(withheld(&mut gate, b"AT+QMMSEND=30\r").contains("not read back"));
}

#[test]
fn no_effect_stands_in_for_a_recipient() {
    let every = Rules { allow: Effect::ALL.into(), ..Rules::unasked() };
    for bytes in
        [&b"AT+QMMSEND=30\r"[..], b"AT+QMM\nSEND=30\r", b"AT+QMMSENX\x08D=30\r", b"AT+CMEE=1;+QMMSEND=30\r"]
    {
        let mut gate = emptied(every.clone());
        ask(&mut gate, 1, "110");
        ask(&mut gate, 2, "");
        ask(&mut gate, 3, "");
        assert!(withheld(&mut gate, bytes).contains("may send a message"));
    }
}

/// What this run added counts, whatever the module says: none, only the first, another, or in a form that is none.
#[rstest]
#[case::told_none("")]
#[case::told_only_the_first("\r\n+QMMSEDIT: 1,\"13856122546\"\r\n")]
#[case::lied("\r\n+QMMSEDIT: 1,\"13850000000\"\r\n")]
#[case::without_the_prefix("\r\n1,\"110\"\r\n")]
#[case::without_the_sign("\r\nQMMSEDIT: 1,\"110\"\r\n")]
#[case::in_small_letters("\r\n+qmmsedit: 1,\"110\"\r\n")]
#[case::a_blank_before("\r\n +QMMSEDIT: 1,\"110\"\r\n")]
fn an_address_that_was_added_stays(#[case] answer: &str) {
    let mut gate = emptied(allowing(&[Effect::Billable], &["1385*"]));
    for address in ["13856122546", "110"] {
        let line = format!("AT+QMMSEDIT=1,1,\"{address}\"\r");
        assert!(leaves(&mut gate, line.as_bytes()));
        gate.hear(1500, format!("{line}\r\nOK\r\n").as_bytes());
    }
    answered(&mut gate, 1, answer);
    ask(&mut gate, 2, "");
    ask(&mut gate, 3, "");
    withheld(&mut gate, b"AT+QMMSEND=30\r");
}

fn answered(gate: &mut Gate, list: usize, lines: &str) {
    assert!(leaves(gate, format!("AT+QMMSEDIT={list}\r").as_bytes()));
    gate.hear(2000, format!("AT+QMMSEDIT={list}\r{lines}\r\nOK\r\n").as_bytes());
}

/// A list that an earlier program may have filled is unknown until it is read in the known form.
#[rstest]
#[case::empty("", true)]
#[case::known("\r\n+QMMSEDIT: 1,\"13856122546\"\r\n", true)]
#[case::a_known_line_came_by_itself("\r\n+CMTI: \"SM\",3\r\n", true)]
#[case::without_the_prefix("\r\n1,\"110\"\r\n", false)]
#[case::without_the_sign("\r\nQMMSEDIT: 1,\"13856122546\"\r\n", false)]
#[case::in_small_letters("\r\n+qmmsedit: 1,\"13856122546\"\r\n", false)]
#[case::a_blank_before("\r\n +QMMSEDIT: 1,\"13856122546\"\r\n", false)]
#[case::a_blank_behind("\r\n+QMMSEDIT: 1,\"13856122546\" \r\n", false)]
#[case::a_blank_inside("\r\n+QMMSEDIT: 1, \"13856122546\"\r\n", false)]
#[case::misprinted("\r\n+QMMSEIDT: 1,\"13856122546\"\r\n", false)]
#[case::no_quotes("\r\n+QMMSEDIT: 1,13856122546\r\n", false)]
#[case::no_closing_quote("\r\n+QMMSEDIT: 1,\"13856122546\r\n", false)]
#[case::a_list_with_a_zero("\r\n+QMMSEDIT: 01,\"13856122546\"\r\n", false)]
#[case::an_unknown_line("\r\n+NOBODY: 1\r\n", false)]
#[case::an_unknown_line_without_a_sign("\r\nhello\r\n", false)]
fn only_the_known_form_is_a_reading(#[case] answer: &str, #[case] sends: bool) {
    let mut gate = emptied(allowing(&[Effect::Billable], &["1385*"]));
    ask(&mut gate, 2, "");
    ask(&mut gate, 3, "");
    answered(&mut gate, 1, answer);
    assert_eq!(leaves(&mut gate, b"AT+QMMSEND=30\r"), sends);
}

/// An entry behind the end of its answer makes the reading stale; an answer that comes too late is none.
#[test]
fn late_and_surplus_entries_tell_nothing() {
    let mut gate = read_back(["13856122546", "", ""]);
    gate.hear(3000, b"\r\n+QMMSEDIT: 1,\"110\"\r\n");
    withheld(&mut gate, b"AT+QMMSEND=30\r");

    let mut gate = read_back(["13856122546", "", ""]);
    assert!(leaves(&mut gate, b"AT+QMMSEDIT=0\r"));
    gate.hear(2000, b"AT+QMMSEDIT=0\r\r\nOK\r\n");
    for list in 1..=3 {
        assert!(leaves(&mut gate, format!("AT+QMMSEDIT={list}\r").as_bytes()));
        gate.hear(40_000_000, format!("AT+QMMSEDIT={list}\r\r\nOK\r\n").as_bytes());
    }
    withheld(&mut gate, b"AT+QMMSEND=30\r");
}

/// However an address gets onto a list.
#[rstest]
#[case::plain("AT+QMMSEDIT=1,1,\"110\"")]
#[case::small("at+qmmsedit=1,1,\"110\"")]
#[case::with_zeros("AT+QMMSEDIT=01,1,\"110\"")]
#[case::with_blanks("AT+QMMSEDIT= 1 , 1 , \"110\"")]
#[case::without_quotes("AT+QMMSEDIT=1,1,110")]
#[case::chained("AT+QMMSEDIT=1,1,\"13856122546\";+QMMSEDIT=1,1,\"110\"")]
#[case::one_of_two("AT+QMMSEDIT=1,1,\"13856122546\",\"110\"")]
#[case::another_operation("AT+QMMSEDIT=1,2,\"110\"")]
#[case::by_index("AT+QMMSEDIT=1,0,\"110\"")]
#[case::list_unknown("AT+QMMSEDIT=7,1,\"110\"")]
#[case::hex("AT+QMMSEDIT=1,1,\"313130\"")]
#[case::ucs2("AT+QMMSEDIT=1,1,\"003100330038003500390039\"")]
#[case::hidden_in_a_title("AT+QMMSEDIT=4,1,\"x;+QMMSEDIT=1,1,110\"")]
fn every_way_to_add_counts(#[case] line: &str) {
    let mut gate = emptied(allowing(&[Effect::Billable], &["1385*", "31*", "0*"]));
    let bytes = format!("{line}\r");
    if leaves(&mut gate, bytes.as_bytes()) {
        gate.hear(1500, format!("{bytes}\r\nOK\r\n").as_bytes());
    }
    for list in 1..=3 {
        ask(&mut gate, list, "");
    }
    if line.contains("0031003300380035") {
        // It is 138599 for a module that takes strings for UCS2, and that is covered.
        assert!(leaves(&mut gate, b"AT+QMMSEND=30\r"));
    } else {
        withheld(&mut gate, b"AT+QMMSEND=30\r");
    }
}

/// A repeat adds again what was cleared.
#[test]
fn a_repeat_adds_again() {
    let mut gate = emptied(allowing(&[Effect::Billable], &["1385*"]));
    cleared(&mut gate, "AT+QMMSEDIT=0", "OK");
    assert!(leaves(&mut gate, b"AT+QMMSEDIT=1,1,\"110\"\rA/"));
    gate.hear(2000, b"AT+QMMSEDIT=1,1,\"110\"\r\r\nOK\r\n\r\nOK\r\n");
    for list in 1..=3 {
        ask(&mut gate, list, "");
    }
    assert!(withheld(&mut gate, b"AT+QMMSEND=30\r").contains("added 110"));
}

fn cleared(gate: &mut Gate, clear: &str, answer: &str) {
    assert!(leaves(gate, format!("{clear}\r").as_bytes()));
    gate.hear(2000, format!("{clear}\r\r\n{answer}\r\n").as_bytes());
    for list in 1..=3 {
        ask(gate, list, "");
    }
}

/// Only an OK to a line that certainly clears, and an empty reading behind it, takes an address away.
#[rstest]
#[case::all("AT+QMMSEDIT=0", "OK", true)]
#[case::the_list("AT+QMMSEDIT=1,0", "OK", true)]
#[case::small("at+qmmsedit=1,0", "OK", true)]
#[case::another_list("AT+QMMSEDIT=2,0", "OK", false)]
#[case::refused("AT+QMMSEDIT=0", "ERROR", false)]
#[case::an_address_deleted("AT+QMMSEDIT=1,0,\"110\"", "OK", false)]
#[case::with_blanks("AT+QMMSEDIT= 0", "OK", false)]
#[case::in_a_chain("AT+CMEE=1;+QMMSEDIT=0", "OK", false)]
#[case::nothing_cleared("AT+CMEE=1", "OK", false)]
fn a_list_that_was_certainly_emptied_is_empty(
    #[case] clear: &str,
    #[case] answer: &str,
    #[case] sends: bool,
) {
    let mut gate = emptied(allowing(&[Effect::Billable], &["1385*"]));
    assert!(leaves(&mut gate, b"AT+QMMSEDIT=1,1,\"110\"\r"));
    gate.hear(1500, b"AT+QMMSEDIT=1,1,\"110\"\r\r\nOK\r\n");
    cleared(&mut gate, clear, answer);
    assert_eq!(leaves(&mut gate, b"AT+QMMSEND=30\r"), sends);
    // Whatever is added afterwards counts anew.
    assert!(leaves(&mut gate, b"AT+QMMSEDIT=1,1,\"13850000000\"\r"));
    gate.hear(2500, b"AT+QMMSEDIT=1,1,\"13850000000\"\r\r\nOK\r\n");
    for list in 1..=3 {
        ask(&mut gate, list, "");
    }
    assert_eq!(leaves(&mut gate, b"AT+QMMSEND=30\r"), sends);
}

/// The OK to a clearing that does not read back empty empties nothing, and neither does a start behind it.
#[test]
fn an_ok_alone_empties_nothing() {
    let mut gate = emptied(allowing(&[Effect::Billable], &["1385*"]));
    assert!(leaves(&mut gate, b"AT+QMMSEDIT=1,1,\"110\"\r"));
    gate.hear(1500, b"AT+QMMSEDIT=1,1,\"110\"\r\r\nOK\r\n");
    assert!(leaves(&mut gate, b"AT+QMMSEDIT=0\r"));
    gate.hear(1600, b"AT+QMMSEDIT=0\r\r\nOK\r\n");
    for list in 1..=3 {
        ask(&mut gate, list, "13850000000");
    }
    assert!(withheld(&mut gate, b"AT+QMMSEND=30\r").contains("added 110"));
}

/// An address that something could take apart or decode matches no pattern, not even one for everybody.
#[rstest]
#[case("+4911111111", true)]
#[case("13856122546", true)]
#[case("X.y-z_1@Bench.example", true)]
#[case("+4911111111/TYPE=PLMN", true)]
#[case("+49222;x@bench.example", false)]
#[case("+49222,x@bench.example", false)]
#[case("+49222 x@bench.example", false)]
#[case(" x@bench.example", false)]
#[case("+49222:x@bench.example", false)]
#[case("+49222%3Bx@bench.example", false)]
#[case("110=3Bx@bench.example", false)]
#[case("=?UTF-8?Q?110?=@bench.example", false)]
#[case("boss%elsewhere@bench.example", false)]
#[case("elsewhere!boss@bench.example", false)]
#[case("boss@elsewhere@bench.example", false)]
#[case("<110>x@bench.example", false)]
#[case("110(x)@bench.example", false)]
#[case("110\\3Bx@bench.example", false)]
#[case("110'x@bench.example", false)]
#[case("110&x@bench.example", false)]
#[case("110\tx@bench.example", false)]
#[case("110\u{1f}x@bench.example", false)]
#[case("110\u{7f}x@bench.example", false)]
#[case("110\u{37e}x@bench.example", false)]
#[case("110\u{ff1b}x@bench.example", false)]
#[case("110\u{a0}x@bench.example", false)]
#[case("b\u{f6}ss@bench.example", false)]
#[case("3131303b@bench.example", true)]
#[case("3131303b", false)]
#[case("00310031003b0030", false)]
fn what_is_no_single_address_matches_nothing(#[case] address: &str, #[case] sends: bool) {
    let mut gate = emptied(allowing(&[Effect::Billable], &["*", "*@bench.example"]));
    answered(&mut gate, 1, &format!("\r\n+QMMSEDIT: 1,\"{address}\"\r\n"));
    ask(&mut gate, 2, "");
    ask(&mut gate, 3, "");
    assert_eq!(leaves(&mut gate, b"AT+QMMSEND=30\r"), sends);
}

/// A pattern is for the whole address, as it stands: sign, case and all.
#[rstest]
#[case("+4911111111", "+4911111111", true)]
#[case("+4911111111", "4911111111", false)]
#[case("+4911111111", "004911111111", false)]
#[case("+4911111111", "+49111111112", false)]
#[case("4911111111", "+4911111111", false)]
#[case("*@bench.example", "to@bench.example", true)]
#[case("*@bench.example", "to@BENCH.example", false)]
#[case("*@bench.example", "to@bench.example.net", false)]
fn a_pattern_is_for_the_whole_address(#[case] pattern: &str, #[case] address: &str, #[case] sends: bool) {
    let mut gate = emptied(allowing(&[Effect::Billable], &[pattern]));
    for (list, addresses) in [(1, address), (2, ""), (3, "")] {
        ask(&mut gate, list, addresses);
    }
    assert_eq!(leaves(&mut gate, b"AT+QMMSEND=30\r"), sends);
}

/// What an earlier program added is not known, whatever the module reads back, until the lists were certainly emptied; nor what another
/// program added while the port was closed.
#[test]
fn an_earlier_program_may_have_added_anybody() {
    let mut gate = greeted(allowing(&[Effect::Billable], &["1385*"]));
    for list in 1..=3 {
        ask(&mut gate, list, "");
    }
    assert!(withheld(&mut gate, b"AT+QMMSEND=30\r").contains("an earlier program"));
    cleared(&mut gate, "AT+QMMSEDIT=0", "OK");
    assert!(leaves(&mut gate, b"AT+QMMSEND=30\r"));
    gate.reopened();
    assert!(leaves(&mut gate, &ec20_suite::residue::first_bytes()));
    for list in 1..=3 {
        ask(&mut gate, list, "");
    }
    assert!(withheld(&mut gate, b"AT+QMMSEND=30\r").contains("an earlier program"));
}
