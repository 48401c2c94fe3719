//! The stack does not grow with the input: long and deep inputs pass in a thread with a small one.

use ec20_laws::session::{Cut, SEND, hear};
use ec20_laws::total;

/// Room for the framer, the test harness and little else; other readers of AT need this much for a few hundred lines.
const SMALL: usize = 96 * 1024;

#[track_caller]
fn passes_on_a_small_stack(deed: impl FnOnce() + Send + 'static) {
    let thread = std::thread::Builder::new().stack_size(SMALL).spawn(deed).expect("a thread");
    thread.join().expect("the deed passes");
}

#[test]
fn many_short_lines() {
    let stream = b"\r\na".repeat(100_000);
    passes_on_a_small_stack(move || assert!(hear(&stream, 0, Cut::Whole).events.len() >= 100_000));
}

#[test]
fn one_quote_that_never_closes() {
    let stream =
        [&[SEND][..], b"AT+QMMSEDIT=4\r", &[0xFA], b"\r\n+QMMSEDIT: 4,\"", &b"x\r\n".repeat(100_000)]
            .concat();
    passes_on_a_small_stack(move || drop(hear(&stream, 4096, Cut::Pieces(&[64]))));
}

#[test]
fn a_command_line_of_ten_thousand_commands() {
    let line = [&b"AT"[..], &b"E0".repeat(10_000)].concat();
    passes_on_a_small_stack(move || total::parser_is_total(&line));
}

#[test]
fn a_parameter_of_a_megabyte() {
    let line = [&b"AT+QMMSEDIT=4,1,\""[..], &b"4".repeat(1 << 20), b"\""].concat();
    passes_on_a_small_stack(move || total::parser_is_total(&line));
}
