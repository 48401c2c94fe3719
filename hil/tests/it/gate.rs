//! What leaves the gate and what does not: the ordinary lines of a run, and every trick by which a line could hide what it does.

mod budgets;
mod payloads;
mod recipients;
mod registers;

use std::collections::BTreeSet;

use ec20_hil::gate::{Gate, Rules, Ruling, UNASKED};
use ec20_manual::Effect;
use ec20_suite::residue::first_bytes;
use globset::{Glob, GlobSetBuilder};
use rstest::rstest;

/// A gate behind which the module's line buffer was made invalid, and nothing else.
pub(crate) fn begun(rules: Rules) -> Gate {
    let mut gate = Gate::new(rules);
    assert_eq!(gate.rule(0, &first_bytes()), Ruling::Leaves);
    gate
}

/// A gate that has seen a greeting answered, and S3, S4 and S5 read as usual: as every run begins.
pub(crate) fn greeted(rules: Rules) -> Gate {
    let mut gate = begun(rules);
    for (line, told) in
        [("AT", ""), ("ATS3?", "\r\n013\r\n"), ("ATS4?", "\r\n010\r\n"), ("ATS5?", "\r\n008\r\n")]
    {
        assert_eq!(gate.rule(0, format!("{line}\r").as_bytes()), Ruling::Leaves);
        gate.hear(1, format!("{line}\r{told}\r\nOK\r\n").as_bytes());
    }
    gate
}

/// The same with lists of recipients that were certainly emptied.
fn emptied(rules: Rules) -> Gate {
    let mut gate = greeted(rules);
    for line in ["AT+QMMSEDIT=0", "AT+QMMSEDIT=1", "AT+QMMSEDIT=2", "AT+QMMSEDIT=3"] {
        assert_eq!(gate.rule(2, format!("{line}\r").as_bytes()), Ruling::Leaves);
        gate.hear(3, format!("{line}\r\r\nOK\r\n").as_bytes());
    }
    gate
}

fn allowing(effects: &[Effect], recipients: &[&str]) -> Rules {
    let mut set = GlobSetBuilder::new();
    for glob in recipients {
        set.add(Glob::new(glob).expect("a glob"));
    }
    let allow: BTreeSet<Effect> = UNASKED.into_iter().chain(effects.iter().copied()).collect();
    Rules { allow, recipients: set.build().expect("a set of globs"), ..Rules::unasked() }
}

fn leaves(gate: &mut Gate, bytes: &[u8]) -> bool {
    gate.rule(1000, bytes) == Ruling::Leaves
}

#[track_caller]
fn withheld(gate: &mut Gate, bytes: &[u8]) -> String {
    match gate.rule(1000, bytes) {
        Ruling::Withheld(reason) => reason,
        Ruling::Leaves => panic!("left: {}", ec20_suite::escape::escaped(bytes)),
    }
}

#[rstest]
#[case::greeting(b"AT\r")]
#[case::with_line_feed(b"AT\r\n")]
#[case::bare_cr_behind_a_line_of_ours(b"\r")]
#[case::identity(b"ATI\r")]
#[case::echo(b"ATE0\r")]
#[case::settings_are_restored(b"AT+QMMSCFG=\"mmsc\",\"http://mmsc.example\"\r")]
#[case::the_message_is_volatile(b"AT+QMMSEDIT=1,1,\"13856122546\"\r")]
#[case::query(b"AT+QMMSEDIT=1\r")]
#[case::test_form_of_sending(b"AT+QMMSEND=?\r")]
#[case::lower_case(b"at+cpin?\r")]
#[case::chained(b"AT+CMEE=2;+CPIN?\r")]
#[case::two_lines(b"AT\rATI\r")]
#[case::upload_to_ram(b"AT+QFUPL=\"RAM:a.txt\",3,5\r")]
#[case::leaving_data_mode(b"+++")]
#[case::escape(b"\x1b")]
#[case::usual_line_end(b"ATS3=13\r")]
#[case::semicolon_in_a_title(b"AT+QMMSEDIT=4,1,\"one; two\"\r")]
fn leaves_unasked(#[case] bytes: &[u8]) {
    let mut gate = greeted(Rules::unasked());
    assert_eq!(gate.rule(1000, bytes), Ruling::Leaves);
}

#[rstest]
#[case::sending(b"AT+QMMSEND=30\r", "billable")]
#[case::sending_in_lower_case(b"at+qmmsend=30\r", "billable")]
#[case::sending_behind_another_command(b"AT+CMEE=2;+QMMSEND=30\r", "billable")]
#[case::sending_in_the_second_line(b"AT\rAT+QMMSEND=30\r", "billable")]
#[case::activation(b"AT+QIACT=1\r", "radio")]
#[case::flash(b"AT+QFUPL=\"a.txt\",3\r", "nv")]
#[case::wiping(b"AT+QFDEL=\"*\"\r", "destructive")]
#[case::wiping_what_is_not_ours(b"AT+QFDEL=\"RAM:a.txt\"\r", "destructive")]
#[case::factory(b"AT&F\r", "destructive")]
#[case::factory_behind_echo(b"ATE0&F\r", "destructive")]
#[case::reset(b"ATZ\r", "destructive")]
#[case::restart(b"AT+CFUN=1,1\r", "destructive")]
#[case::dialling(b"ATD112;\r", "destructive")]
#[case::text_message(b"AT+CMGS=\"112\"\r", "destructive")]
#[case::unknown(b"AT+QNOSUCH\r", "command table")]
#[case::the_sign_belongs_to_the_name(b"AT+E0\r", "command table")]
#[case::no_prefix(b"+QMMSEND=30\r", "destructive")]
#[case::garbage_before_the_prefix(b"xxAT+QMMSEND=30\r", "destructive")]
#[case::line_feed_inside(b"AT+QMMS\nEND=30\r", "control byte")]
#[case::line_feed_as_the_end(b"AT\nAT+QMMSEND=30\r", "control byte")]
#[case::erased_byte(b"AT+QMMSENX\x08D=30\r", "control byte")]
#[case::nul_inside(b"AT+QMM\0SEND=30\r", "control byte")]
#[case::cr_inside_a_string(b"AT+QMMSEDIT=4,1,\"a\rAT+QMMSEND=30\r\"\r", "destructive")]
#[case::open_quote(b"AT+QMMSEDIT=4,1,\"a;+QMMSEND=30\r", "destructive")]
#[case::command_in_a_string(b"AT+QMMSEDIT=4,1,\"a;+QMMSEND=30\"\r", "billable")]
#[case::escaped_quote(b"AT+QMMSEDIT=4,1,\"a\\\",\";D112;\"\r", "backslash")]
#[case::other_line_end(b"ATS3=88\r", "destructive")]
#[case::other_erase_byte(b"ATS5=88\r", "destructive")]
#[case::half_a_line(b"AT+QMM", "command table")]
#[case::half_a_line_that_could_be_ended(b"AT+QMMSEND=3", "billable")]
fn stays_unless_allowed(#[case] bytes: &[u8], #[case] word: &str) {
    let mut gate = greeted(Rules::unasked());
    let reason = withheld(&mut gate, bytes);
    assert!(reason.contains(word), "{reason}");
}

#[test]
fn what_is_withheld_leaves_no_trace() {
    let mut gate = greeted(Rules::unasked());
    withheld(&mut gate, b"AT+QMMSEND=3");
    // Had the half line stayed, this CR would have ended it.
    assert!(leaves(&mut gate, b"\r"));
    assert!(leaves(&mut gate, b"AT\r"));
}

#[test]
fn a_line_that_leaves_in_pieces_is_judged_whole() {
    let mut gate = greeted(Rules::unasked());
    assert!(leaves(&mut gate, b"AT+CMEE=1"));
    withheld(&mut gate, b";+QMMSEND=30\r");
    withheld(&mut gate, b"\x08");
    assert!(leaves(&mut gate, b";+CPIN?"));
    assert!(leaves(&mut gate, b"\r"));
}

#[test]
fn a_cr_before_the_first_line_would_run_what_somebody_left() {
    let mut gate = Gate::new(Rules::unasked());
    assert!(withheld(&mut gate, b"\r").contains("earlier program"));
    withheld(&mut gate, b"\n\r");
    for greeting in [&b"AT\r"[..], b"+++AT\r", b"\x1b\x08\x08AT\r", b"ATI\r"] {
        assert!(withheld(&mut gate, greeting).contains("half a line"));
    }
    assert!(leaves(&mut gate, b"+++"));
    assert!(leaves(&mut gate, &first_bytes()));
    assert!(leaves(&mut gate, b"AT\r"));
    assert!(leaves(&mut gate, b"\r"));
    gate.reopened();
    assert!(withheld(&mut gate, b"AT\r").contains("half a line"));
}

#[test]
fn a_repeat_is_the_line_it_repeats() {
    let mut fresh = begun(allowing(&Effect::ALL, &["*"]));
    assert!(withheld(&mut fresh, b"A/").contains("earlier program"));
    let mut gate = greeted(allowing(&[Effect::Radio], &[]));
    assert!(leaves(&mut gate, b"AT+QIACT=1\r"));
    assert!(leaves(&mut gate, b"A/"));
    assert!(leaves(&mut gate, b"a/AT\r"));
    // What was withheld was never sent, so it is not what would be repeated.
    withheld(&mut gate, b"AT&F\r");
    assert!(leaves(&mut gate, b"A/"));
    // It acts without a CR: what follows is a line of its own.
    withheld(&mut gate, b"A/AT+QMMSEND=30\r");
}

#[test]
fn allowing_one_effect_allows_no_other() {
    let mut gate = greeted(allowing(&[Effect::Destructive], &[]));
    assert!(leaves(&mut gate, b"AT&F\r"));
    assert!(leaves(&mut gate, b"AT+QNOSUCH\r"));
    assert!(withheld(&mut gate, b"AT+QIACT=1\r").contains("--allow radio"));
    assert!(withheld(&mut gate, b"AT&F;+QIACT=1\r").contains("--allow radio"));
}

#[test]
fn behind_a_moved_line_end_nothing_is_certain() {
    let mut gate = greeted(allowing(&[Effect::Destructive], &[]));
    assert!(leaves(&mut gate, b"ATS3=88\r"));
    // `X` may end a line now, and CR may be part of one.
    withheld(&mut gate, b"AT+QMM\r");
    withheld(&mut gate, b"SEND=30X\r");
    assert!(leaves(&mut gate, b"ATS5=8\r"), "a register alone may still be set");
}

#[test]
fn the_simulated_module_is_exempt() {
    let mut gate = Gate::new(Rules::simulated());
    for bytes in [&b"\r"[..], b"A/", b"AT+QMMSEND=30\r", b"\x00\xff", b"AT&F\r"] {
        assert_eq!(gate.rule(0, bytes), Ruling::Leaves);
    }
}

mod uploads {
    use super::*;

    const START: u64 = 1_000_000;

    /// A gate behind which an upload of `size` bytes with 5 s of patience was asked for.
    fn asked(size: u32) -> Gate {
        let mut gate = greeted(Rules::unasked());
        let line = format!("AT+QFUPL=\"RAM:a.txt\",{size},5\r");
        assert_eq!(gate.rule(START, line.as_bytes()), Ruling::Leaves);
        gate.hear(START + 1, line.as_bytes());
        gate
    }

    fn connected(size: u32) -> Gate {
        let mut gate = asked(size);
        gate.hear(START + 10, b"\r\nCONNECT\r\n");
        gate
    }

    #[test]
    fn bytes_are_payload_behind_connect_only() {
        let mut gate = asked(12);
        assert!(matches!(gate.rule(START + 5, b"AT+QMMSEND=1"), Ruling::Withheld(_)));
        assert!(matches!(gate.rule(START + 5, b"harmless"), Ruling::Withheld(_)));
        gate.hear(START + 10, b"\r\nCONNECT\r\n");
        assert_eq!(gate.rule(START + 20, b"harmless"), Ruling::Leaves);
    }

    #[test]
    fn not_one_byte_more_than_announced() {
        let mut gate = connected(3);
        assert!(matches!(gate.rule(START + 20, b"abcAT+QMMSEND=1\r"), Ruling::Withheld(_)));
        assert_eq!(gate.rule(START + 20, b"ab"), Ruling::Leaves);
        assert_eq!(gate.rule(START + 20, b"cAT\r"), Ruling::Leaves);
        assert!(matches!(gate.rule(START + 20, b"AT+QMMSEND=1\r"), Ruling::Withheld(_)));
    }

    #[test]
    fn the_final_result_ends_it_early() {
        let mut gate = connected(100);
        assert_eq!(gate.rule(START + 20, b"abc"), Ruling::Leaves);
        gate.hear(START + 30, b"\r\n+CME ERROR: 421\r\n");
        assert!(matches!(gate.rule(START + 40, b"AT+QMMSEND=1\r"), Ruling::Withheld(_)));
    }

    #[test]
    fn a_restart_ends_it() {
        let mut gate = connected(100);
        gate.hear(START + 30, b"\r\nRDY\r\n");
        assert!(matches!(gate.rule(START + 40, b"AT+QMMSEND=1\r"), Ruling::Withheld(_)));
    }

    #[test]
    fn so_does_a_silence_in_which_the_module_may_have_given_up() {
        let mut gate = connected(100);
        assert_eq!(gate.rule(START + 1_000_000, b"abc"), Ruling::Leaves);
        assert!(matches!(gate.rule(START + 4_000_000, b"AT+QMMSEND=1\r"), Ruling::Withheld(_)));
        // A command that would be harmless if it were one may leave.
        assert_eq!(gate.rule(START + 4_000_000, b"AT\r"), Ruling::Leaves);
    }

    #[test]
    fn and_three_pluses_which_may_escape_in_the_middle() {
        for parts in [&[&b"a+++AT+QMMSEND=1\r"[..]][..], &[b"a+", b"+", b"+", b"AT+QMMSEND=1\r"]] {
            let mut gate = connected(100);
            let ruled = parts.iter().map(|part| gate.rule(START + 20, part)).collect::<Vec<_>>();
            let (last, before) = ruled.split_last().unwrap();
            assert!(matches!(last, Ruling::Withheld(_)), "{ruled:?}");
            assert!(before.iter().all(|ruling| *ruling == Ruling::Leaves), "{ruled:?}");
        }
        let mut gate = connected(100);
        assert_eq!(gate.rule(START + 20, b"a++b++c"), Ruling::Leaves);
    }

    #[test]
    fn a_connect_to_anything_else_opens_nothing() {
        let mut gate = greeted(Rules::unasked());
        assert!(leaves(&mut gate, b"AT+QFDWL=\"RAM:a.txt\"\r"));
        gate.hear(START, b"AT+QFDWL=\"RAM:a.txt\"\r\r\nCONNECT\r\nCONNECT\r\n");
        assert!(matches!(gate.rule(START, b"AT+QMMSEND=1\r"), Ruling::Withheld(_)));
        assert!(matches!(gate.rule(START, b"payload"), Ruling::Withheld(_)));
    }

    #[rstest]
    #[case::echoed(b"AT\r\r\nCONNECT\r\n")]
    #[case::not_echoed(b"\r\nCONNECT\r\n")]
    fn a_connect_that_may_be_another_lines_opens_nothing(#[case] answer: &[u8]) {
        let mut gate = asked(100);
        assert_eq!(gate.rule(START + 1, b"AT\r"), Ruling::Leaves);
        gate.hear(START + 10, answer);
        assert!(matches!(gate.rule(START + 20, b"payload"), Ruling::Withheld(_)));
    }

    #[test]
    fn without_echo_an_unanswered_line_leaves_every_connect_in_doubt() {
        let mut gate = greeted(Rules::unasked());
        assert!(leaves(&mut gate, b"ATE0\r"));
        gate.hear(1500, b"ATE0\r\r\nOK\r\n");
        assert!(leaves(&mut gate, b"AT+CSQ\r"));
        assert!(leaves(&mut gate, b"AT+QFUPL=\"RAM:a.txt\",9,5\r"));
        gate.hear(2000, b"\r\nCONNECT\r\n");
        assert!(matches!(gate.rule(2100, b"harmless"), Ruling::Withheld(_)));
    }

    /// A line that was answered is not under way, however long its answer might have taken.
    #[test]
    fn without_echo_a_silence_after_an_unanswered_line_ends_the_doubt() {
        let mut gate = greeted(Rules::unasked());
        assert!(leaves(&mut gate, b"ATE0\r"));
        gate.hear(1500, b"ATE0\r\r\nOK\r\n");
        assert!(leaves(&mut gate, b"AT+CGATT?\r"));
        gate.hear(2000, b"\r\nOK\r\n");
        assert!(leaves(&mut gate, b"AT+CSQ\r"));
        assert_eq!(gate.rule(6_000_000, b"AT+QFUPL=\"RAM:a.txt\",9,5\r"), Ruling::Leaves);
        gate.hear(6_000_100, b"\r\nCONNECT\r\n");
        assert_eq!(gate.rule(6_000_200, b"harmless"), Ruling::Leaves);
    }

    #[test]
    fn only_what_this_run_uploaded_may_be_deleted() {
        let mut gate = connected(3);
        assert_eq!(gate.rule(START + 20, b"abc"), Ruling::Leaves);
        gate.hear(START + 30, b"\r\n+QFUPL: 3,262\r\n\r\nOK\r\n");
        for other in [
            &b"AT+QFDEL=\"RAM:b.txt\"\r"[..],
            b"AT+QFDEL=\"RAM:*\"\r",
            b"AT+QFDEL=\"a.txt\"\r",
            b"AT+QFDEL=\"*\"\r",
        ] {
            assert!(matches!(gate.rule(START + 40, other), Ruling::Withheld(_)));
        }
        assert_eq!(gate.rule(START + 40, b"AT+QFDEL=\"RAM:a.txt\"\r"), Ruling::Leaves);
        gate.hear(START + 50, b"\r\nOK\r\n");
        // A clean-up that comes twice does no harm.
        assert_eq!(gate.rule(START + 60, b"AT+QFDEL=\"RAM:a.txt\"\r"), Ruling::Leaves);
    }

    #[test]
    fn a_refused_upload_makes_no_file_ours() {
        let mut gate = asked(3);
        gate.hear(START + 10, b"\r\n+CME ERROR: 407\r\n");
        assert!(matches!(gate.rule(START + 40, b"AT+QFDEL=\"RAM:a.txt\"\r"), Ruling::Withheld(_)));
    }
}
