//! Files from strangers that are too large, too deep or too many: each is refused before anything of that size is built, in a message that
//! names the limit, in a time that its size explains.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use ec20_suite::journal::Event;
use ec20_suite::recorded::{Recorded, Times};
use ec20_suite::suite::{Suite, Variables};
use ec20_suite::transcript::{Bindings, Text, Transcript};
use ec20_suite::waiver::Waivers;
use rstest::rstest;

const HEAD: &str = "id = \"x\"\ntitle = \"t\"\nclauses = [\"EDIT-TO-ADD\"]\n";

fn transcript(front: &str, body: &str) -> String {
    format!("---\n{HEAD}{front}---\n{body}")
}

/// The mistakes of a suite that is one transcript, with a variable of 65,000 bytes.
fn mistakes(text: &str) -> Vec<String> {
    let variables = format!("long = \"{}\"\n", "y".repeat(65_000));
    let variables = Variables::read("variables.toml", &variables).expect("variables");
    let wrong = Suite::assemble([("f.atx", text)], BTreeMap::new(), &variables).err().unwrap_or_default();
    wrong.iter().map(ToString::to_string).collect()
}

/// No reader takes longer over a file, also in a build that is not optimised and on a machine that does ten other things.
const PATIENCE: Duration = Duration::from_secs(90);

#[track_caller]
fn refused(started: Instant, messages: &[String], wanted: &str) {
    assert!(started.elapsed() < PATIENCE, "it took {:?}", started.elapsed());
    assert!(messages.iter().any(|message| message.contains(wanted)), "{wanted}: {messages:.900?}");
    for message in messages {
        assert!(message.len() <= 2000, "a message of {} bytes", message.len());
    }
}

#[rstest]
#[case::a_word_again_and_again("", &format!("> {{{}*99999}}\n< OK\n", "word".repeat(10)), "at most 1048576 bytes")]
#[case::a_long_word_again_and_again("", &format!("> {{{}*99999}}\n< OK\n", "w".repeat(500_000)), "at most 1048576 bytes")]
#[case::many_repetitions("", &format!("> {}\n< OK\n", "{x*99999}".repeat(11)), "at most 1048576 bytes")]
#[case::a_variable_again_and_again("", &format!("> {}\n< OK\n", "{long}".repeat(20)), "at most 1048576 bytes")]
#[case::a_row_again_and_again(&format!("rows = [{{ a = \"{}\" }}]\n", "{x*99999}".repeat(11)), "> {a}\n< OK\n", "1048576")]
#[case::lines("", &"> AT\n< OK\n".repeat(30_000), "a file of at most 20000 lines")]
#[case::alternatives("", &format!("> AT\n< OK\n{}", "| ERROR\n".repeat(15_000)), "at most 1000 lines in place of one")]
#[case::many("", &format!("> AT\n{}< OK\n", "* X\n".repeat(15_000)), "at most 1000 lines in place of one")]
#[case::bytes("", &format!("> {}\n< OK\n", "x".repeat(2_000_000)), "a file of at most 1048576 bytes")]
#[case::rows(&format!("rows = [{}]\n", "{a=\"1\"},".repeat(12_000)), "> AT\n< OK\n", "at most 10000 rows")]
#[case::rows_of_long_lines(
    &format!("rows = [{}]\n", "{a=\"1\"},".repeat(9_000)),
    "> {x*90000}\n< OK\n",
    "texts of at most 67108864 bytes over all rows"
)]
#[case::deep(&format!("needs = {}\n", "[".repeat(200_000)), "> AT\n< OK\n", "at most 32 brackets in each other")]
#[case::deep_tables(&format!("x = {}\n", "{ a = ".repeat(100_000)), "> AT\n< OK\n", "at most 32 brackets in each other")]
#[case::dotted(&format!("{} = 1\n", "a.".repeat(200_000) + "a"), "> AT\n< OK\n", "at most 32 parts of a key")]
#[case::clauses(&format!("needs = [{}]\n", "\"n\",".repeat(100_000)), "> AT\n< OK\n", "at most 64 needs")]
#[case::title(&format!("use = [\"{}\"]\n", "u".repeat(900_000)), "> AT\n< OK\n", "the id of another transcript")]
#[case::unknown_names("", &format!("{}< OK\n", "> AT{nope}\n".repeat(15_000)), "a column of `rows`")]
#[case::a_long_unknown_name("", &format!("> {{{}}}\n< OK\n", "n".repeat(900_000)), "a column of `rows`")]
#[case::a_line_that_is_none("", &format!("{}\n", "?".repeat(900_000)), "expected")]
fn a_transcript_beyond_the_limits(#[case] front: &str, #[case] body: &str, #[case] wanted: &str) {
    let text = transcript(front, body);
    let started = Instant::now();
    refused(started, &mistakes(&text), wanted);
}

/// What is allowed is taken: the limits are far from what people write.
#[test]
fn what_is_large_and_allowed_is_taken() {
    let rows = "{ a = \"{9*51}\" },".repeat(2_000);
    let body = format!(
        "> AT{{a}}\n< OK\n{}> AT+QFUPL=\"RAM:a\",99999\n< CONNECT\ndata {{k*99999}}\n< OK\n",
        "| ERROR\n".repeat(500)
    );
    assert_eq!(mistakes(&transcript(&format!("rows = [{rows}]\n"), "> AT{a}\n< OK\n")), [""; 0]);
    assert_eq!(mistakes(&transcript("", &body.replace("{a}", ""))), [""; 0]);
}

/// Set-ups that use each other in pairs: each path through them would be one of 2⁴⁰.
#[test]
fn set_ups_that_fork_and_join_are_looked_at_once() {
    let started = Instant::now();
    let text = |id: usize, uses: &str| {
        format!(
            "---\nid = \"s{id}\"\ntitle = \"t\"\nclauses = [\"EDIT-TO-ADD\"]\nuse = [{uses}]\n---\n> AT\n< OK\n"
        )
    };
    let two = |id: usize| if id < 2 { String::new() } else { format!("\"s{}\", \"s{}\"", id - 1, id - 2) };
    for (count, good) in [(60, true), (500, false)] {
        let texts: Vec<(String, String)> =
            (0..count).map(|id| (format!("s{id}.atx"), text(id, &two(id)))).collect();
        let pairs = texts.iter().map(|(file, text)| (file.as_str(), text.as_str()));
        match Suite::assemble(pairs, BTreeMap::new(), &Variables::default()) {
            Ok(suite) => assert!(good && suite.cases().len() == count),
            Err(mistakes) => {
                let words: Vec<String> = mistakes.iter().map(ToString::to_string).collect();
                assert!(!good, "{words:.500?}");
                refused(started, &words, "at most 64 set-ups, theirs included");
            }
        }
    }
}

#[test]
fn a_suite_has_so_many_cases() {
    let started = Instant::now();
    let texts: Vec<(String, String)> = (0..3)
        .map(|file| {
            let front = format!("rows = [{}]\n", "{a=\"1\"},".repeat(9_000));
            (
                format!("{file}.atx"),
                transcript(&front, "> AT{a}\n< OK\n").replace("\"x\"", &format!("\"x{file}\"")),
            )
        })
        .collect();
    let pairs = texts.iter().map(|(file, text)| (file.as_str(), text.as_str()));
    let wrong = Suite::assemble(pairs, BTreeMap::new(), &Variables::default()).expect_err("too many");
    refused(
        started,
        &wrong.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "at most 20000 cases in a suite",
    );
}

#[rstest]
#[case::deep(&"a = [".repeat(200_000), "at most 32 brackets")]
#[case::deep_inline(&"{a=".repeat(200_000), "at most 32 brackets")]
#[case::dotted(&("a.".repeat(200_000) + "a = 1\n"), "at most 32 parts of a key")]
#[case::header(&format!("[{}a]\n", "a.".repeat(200_000)), "at most 32 parts of a key")]
#[case::lines(&"\n".repeat(500_000), "a file of at most 20000 lines")]
#[case::a_long_key(&format!("{} = 1\n", "k".repeat(900_000)), "expected")]
#[case::a_long_value(&format!("a = {}\n", "v".repeat(900_000)), "expected")]
#[case::a_string_without_end(&format!("a = \"{}", "v".repeat(900_000)), "expected")]
fn a_toml_file_beyond_the_limits(#[case] text: &str, #[case] wanted: &str) {
    let started = Instant::now();
    let wrong = Variables::read("f.toml", text).expect_err("it is refused");
    refused(started, &[wrong.to_string()], wanted);
    let wrong = Waivers::read("f.toml", text).expect_err("it is refused");
    refused(started, &wrong.iter().map(ToString::to_string).collect::<Vec<_>>(), wanted);
    let wrong = ec20_manual::profile::Profile::from_toml(text).expect_err("it is refused");
    refused(started, &[wrong.to_string()], wanted);
}

#[test]
fn variables_have_so_many_bytes_together() {
    let many = |count: u32, value: &str| {
        let lines: Vec<String> = (0..count).map(|name| format!("v{name} = \"{value}\"\n")).collect();
        lines.concat()
    };
    let many_bytes = many(100, "{xxxxxxxxxx*99999}");
    let wrong = Variables::read("f.toml", &many_bytes).expect_err("too many bytes");
    assert!(wrong.to_string().contains("variables of at most 67108864 bytes together"), "{wrong}");
    let wrong = Variables::read("f.toml", &many(1500, "x")).expect_err("too many");
    assert!(wrong.to_string().contains("at most 1000 variables"), "{wrong}");
}

#[test]
fn waivers_are_so_many() {
    let started = Instant::now();
    let one = "[[waive]]\ncase = \"a\"\nfirmware = \"*\"\nevidence = { text = \"x\" }\nreason = \"r\"\nissue = \"i\"\nowner = \"o\"\nexpires = 2027-03-31\n";
    let wrong = Waivers::read("f.toml", &one.repeat(2000)).expect_err("too many");
    refused(started, &[wrong[0].to_string()], "at most 1000 waivers");
    let long = one.replace("\"a\"", &format!("\"{}\"", "*a".repeat(5_000)));
    let wrong = Waivers::read("f.toml", &long).expect_err("too long");
    refused(started, &[wrong[0].to_string()], "of which a glob has at most 500");
}

/// A text of placeholders against a line that almost fits: the number of ways to cut the line is no measure of the time.
#[test]
fn a_text_is_held_against_a_line_in_a_time_that_its_length_explains() {
    let text = Text::read(&format!("{}end", "{:any}".repeat(12))).expect("a text");
    let started = Instant::now();
    assert_eq!(text.matches(&b"x".repeat(150), &Bindings::default(), &|_, _| true), None);
    assert!(started.elapsed() < PATIENCE, "it took {:?}", started.elapsed());
}

const RUN: &str = r#"{"event":"run","format":1,"version":"0.1.0","suite_hash":"00","started":"","port":"sim","command":"ec20 hil"}"#;

#[rstest]
#[case::twice(&format!("{RUN}\n{{\"event\":\"bench\",\"t_us\":5,\"note\":\"n\"}}\n{RUN}\n"), "line 3, column 1: expected an event, found the head of a second run")]
#[case::late(&format!("{RUN}\n{{\"event\":\"finally\",\"t_us\":9000000000000000}}\n"), "longer than any run")]
#[case::long_wait(&format!("{RUN}\n{{\"event\":\"waited\",\"t_us\":1,\"for_us\":18446744073709551615}}\n"), "longer than any run")]
#[case::deep(&format!("{RUN}\n{}\n\n", "[".repeat(200_000)), "line 2")]
#[case::long(&format!("{RUN}\n{{\"event\":\"{}\"}}\n\n", "x".repeat(900_000)), "line 2")]
fn a_journal_that_is_none(#[case] text: &str, #[case] wanted: &str) {
    let started = Instant::now();
    let wrong = Recorded::read(text.as_bytes()).expect_err("it is refused").to_string();
    refused(started, &[wrong], wanted);
}

/// Waits that overlap, go back, or contain each other: the parts of the time stay the whole, and nothing runs over.
#[test]
fn waits_in_any_order_are_counted_once() {
    let mut dice = fastrand::Rng::with_seed(1);
    for _ in 0..500 {
        let events: Vec<Event> = (0..30)
            .map(|_| {
                let t_us = dice.u64(..1000);
                if dice.bool() {
                    Event::Waited { t_us, for_us: dice.u64(..2000), why: String::new() }
                } else {
                    let dir = if dice.bool() {
                        ec20_suite::journal::Direction::Host
                    } else {
                        ec20_suite::journal::Direction::Module
                    };
                    Event::Wire { t_us, dir, bytes: "AT".repeat(dice.usize(..9)) }
                }
            })
            .collect();
        let times = Times::of(&events);
        assert_eq!(
            times.wire_us + times.module_us + times.declared_us + times.rest_us,
            times.wall_us,
            "{events:?}"
        );
    }
}

/// Events in masses that each look at what came before: so many lines, so many that are held, in one stretch.
#[test]
fn a_journal_is_read_in_linear_time() {
    let line = r#"{"event":"line","t_us":7,"class":"information","text":"X"}"#;
    let held = r#"{"event":"held","t_us":7,"expected":"Y","came":"Y"}"#;
    let sent = r#"{"event":"wire","t_us":7,"dir":"host","bytes":"x"}"#;
    let started = Instant::now();
    for many in [[line, held], [line, sent], [sent, held]] {
        let mut text =
            format!("{RUN}\n{{\"event\":\"wire\",\"t_us\":6,\"dir\":\"host\",\"bytes\":\"AT\\\\r\"}}\n");
        for part in many {
            text.push_str(&(part.to_owned() + "\n").repeat(40_000));
        }
        Recorded::read(text.as_bytes()).expect("a journal");
    }
    assert!(started.elapsed() < PATIENCE, "it took {:?}", started.elapsed());
}

/// A transcript's own reader says so too, before there is a suite.
#[test]
fn a_transcript_is_refused_by_itself() {
    let text = transcript("", &format!("> {{{}*99999}}\n", "w".repeat(100_000)));
    let wrong = Transcript::read("f.atx", &text).expect_err("too large").to_string();
    assert!(
        wrong.starts_with("f.atx:6:1: expected a text of at most 1048576 bytes, found 9999900000 bytes"),
        "{wrong}"
    );
}
