//! The linter: silent on healthy logs, precise on the others.

use ec20_suite::lint::{Kind, Options, lint};
use rstest::rstest;

/// Logs of modules that keep every promise, in the ways people write them down. A finding here is a false alarm.
#[rstest]
#[case::raw("AT\r\r\nOK\r\nAT+QMMSCFG=\"contextid\"\r\r\n+QMMSCFG: \"contextid\",1\r\n\r\nOK\r\n")]
#[case::echo_off_raw("\r\nOK\r\n\r\n+QMMSCFG: \"contextid\",1\r\n\r\nOK\r\n")]
#[case::title("> AT+QMMSEDIT=4\n< +QMMSEDIT: 4,\"UTF8\",\"746573\"\n<\n< OK\n")]
#[case::refusal("> AT+QMMSEDIT=1,1,\"13856122546\"\n< +CME ERROR: 757\n")]
#[case::lower_case("> at+cmee=1\n< OK\n> ati\n< Quectel\n< EC20F\n< Revision: EC20CEFAGR06A10M4G\n< OK\n")]
#[case::send("> AT+QMMSEND=100\n< OK\n< \n< +QMMSEND: 0,200\n")]
#[case::send_three_fields("> AT+QMMSEND=100\n< OK\n< +QMMSEND: 0,404,0\n")]
#[case::send_one_field("> AT+QMMSEND=100\n< OK\n< +QMMSEND: 775\n")]
#[case::tail_of_a_log("< +QMMSEND: 0,200\n> AT\n< OK\n")]
#[case::urc_between("> AT+CSQ\n< +CREG: 1\n< +CSQ: 20,99\n< OK\n")]
#[case::unknown_urc("> AT+CSQ\n< +CSQ: 20,99\n< +QNEVERHEARD: 7,\"x\"\n< OK\n")]
#[case::unknown_command(
    "> AT+QNWINFO\n< +QNWINFO: \"FDD LTE\",46001,\"LTE BAND 3\",1650\n< OK\n> AT+QGPS=1\n< +CME ERROR: 504\n"
)]
#[case::upload("> AT+QFUPL=\"RAM:a.txt\",5,5,1\n< CONNECT\n> AT+XX\n< +QFUPL: 5,4a4b\n< OK\n")]
#[case::upload_acknowledged("AT+QFUPL=\"RAM:a\",3000,5,1\r\r\nCONNECT\r\nAA+QFUPL: 3000,0\r\n\r\nOK\r\n")]
#[case::download("AT+QFDWL=\"RAM:a\"\r\r\nCONNECT\r\nOK\r\nERROR\r\nline\r\n+QFDWL: 17,1a2b\r\n\r\nOK\r\n")]
#[case::two_pairs("AT+QFLST\r\r\n+QFLST: \"RAM:a\",1\r\n\r\n+QFLST: \"RAM:b\",2\r\n\r\nOK\r\n")]
#[case::module_only("\r\n+CPIN: READY\r\n\r\n+QUSIM: 1\r\n\r\nRDY\r\n\r\nOK\r\n\r\nOK\r\n")]
#[case::at_until_heard("> AT\n> AT\n> AT\n< OK\n")]
#[case::echo_in_a_marked_log("> AT+CMEE?\n< AT+CMEE?\n< +CMEE: 1\n< OK\n")]
#[case::plain_listing(
    "AT+CGATT?\n+CGATT: 1\n\nOK\nAT+QIACT=1\nOK\nAT+QIACT?\n+QIACT: 1,1,1,\"10.7.157.1\"\n\nOK\n"
)]
#[case::numerals("> ATV0\n< 0\n> AT+CMEE?\n< +CMEE: 1\n< 0\n")]
#[case::quiet_mode("> ATQ1\n> AT+CMEE=1\n> AT+CMEE=2\n> ATQ0\n< OK\n")]
#[case::cut_at_the_end("> AT+QIACT=1\n")]
#[case::arrows_the_other_way_and_an_echo("<- AT+CREG?\n-> AT+CREG?\n-> +CREG: 0,1\n-> OK\n")]
#[case::times_behind("<- AT (15318)\n-> OK (15320)\n<- AT+QIACT=1 (15321)\n-> ERROR (15334)\n")]
#[case::trace(
    "<debug> (ttyUSB2): --> 'ATX4<CR>'\n<debug> (ttyUSB2): <-- '<CR><LF>OK<CR><LF>'\n<debug> open count is 2\n\
     <debug> (ttyUSB2): --> 'AT+CSCS?<CR>'\n<debug> (ttyUSB2): <-- '<CR><LF>+CSCS: \"UCS2\"<CR><LF><CR><LF>OK<CR><LF>'\n"
)]
#[case::trace_in_pieces(
    "[INFO]: AT TX ( 6): AT+CSQ\n[INFO]: AT TX ( 1): <cr>\n[INFO]: AT RX ( 7): AT+CSQ<cr>\n[INFO]: AT RX ( 3): \
     <cr><ln>+\n[INFO]: AT RX ( 9): CSQ: 19,99\n[INFO]: AT RX ( 8): <cr><ln><cr><ln>OK<cr><ln>\nRSSI -75\n"
)]
#[case::other_basic_commands("> ATX4V1E0\n< OK\n> ATE0Q0V1X4&C1&D2\n< OK\n> AT&W\n< OK\n")]
// A client that ends its lines in CR LF, with the echo off.
#[case::line_feed_behind_the_command(
    "tx b'AT+CSQ\\r\\n'\nrx b'\\r\\n+CSQ: 20,99\\r\\n\\r\\nOK\\r\\n'\ntx b'AT+CMEE?\\r\\n'\nrx b'\\r\\n+CMEE: 1\\r\\n\\r\\nOK\\r\\n'\n"
)]
#[case::no_results_kept(
    "AT+CSQ\n+CSQ: 20,99\n\nAT+QNWINFO\n+QNWINFO: \"FDD LTE\",46001,\"LTE BAND 3\",1650\n"
)]
#[case::results_left_out_by_hand(
    "CMD -> AT+CFUN=1\n\tOK\nCMD -> AT+CSQ\n\t+CSQ: 20,99\nCMD -> AT+CREG?\n\t+CREG: 0,1\n"
)]
#[case::tail_never_answered("> AT+QIACT?\n< OK\n> AT+CGDCONT=1,\"IP\",\"a\"\n> AT+CGDCONT?\n")]
#[case::elided("[net] AT+QICSGP=1,1,\"apn\",...\n[net] OK\n[net] AT+CSQ\n[net] +CSQ: 20,99\n[net] OK\n")]
#[case::two_ports(
    "[ttyUSB2/at] --> 'AT<CR>'\n[ttyUSB3/at] --> 'AT<CR>'\n[ttyUSB2/at] <-- '<CR><LF>OK<CR><LF>'\n[ttyUSB3/at] <-- \
     'AT<CR><CR><LF>OK<CR><LF>'\n"
)]
#[case::two_sessions("me@box:~$ tool AT+QTEMP\nAT+QTEMP\nme@box:~$ picocom\nAT+CSQ\n+CSQ: 20,99\n\nOK\n")]
#[case::waking_up("me@box:~$ dial\n--> Sending: ATZ\n--> Sending: ATQ0\n--> Sending: ATZ\nATZ\nOK\n")]
#[case::call_cleared("> ATD*99#\n< NO CARRIER\n> AT\n< OK\n> ATD*99#\n< NO CARRIER\n< ERROR\n> AT\n< OK\n")]
#[case::message_refused("> AT+CMGS=\"10086\"\n< >\n> at home, see you\n< +CMS ERROR: 305\n> AT\n< OK\n")]
#[case::other_finals("> AT+QISEND=0,2\n< >\n> hi\n< SEND OK\n> AT\n< OK\n")]
#[case::started_anew("> AT+CGREG?\n< RDY\n< +CFUN: 1\n> AT+CGREG?\n< +CGREG: 0,1\n< OK\n")]
#[case::upload_shown(
    "AT+QFUPL=\"a.pem\",9,5\nCONNECT\n-----PEM- +QFUPL: 9,1a2b\nOK\nAT+CSQ\n+CSQ: 20,99\n\nOK\n"
)]
#[case::more_than_the_standard_had(
    "> AT+CGDCONT?\n< +CGDCONT: 1,\"IPV4V6\",\"\",\"0.0.0.0\",0,0,0,0,,,,,\"\",,0\n< OK\n> AT+CGDCONT=1,\"IP\",\"a\",,0,0\n< OK\n> \
     AT+COPS?\n< +COPS: 0,0,\"NET\",13\n< OK\n> AT+CSCS?\n< +CSCS: \"HEX\"\n< OK\n"
)]
#[case::an_echo_without_its_command(
    "RECEIVED frame 16\n41A|54T|2B+|43C|4DM|45E|45E|3D=|311|0D |0D |0A |4FO|4BK|0D |0A  AT+CMEE=1...OK..\n"
)]
#[case::lines_without_ends(
    "SENT DATA\n    41 54                  |AT      \nRECV\n    41 54                  |AT      \nRECV\n    4f 4b                  |OK      \n"
)]
#[case::blank_after_comma("> AT+QMMSCFG=\"character\", \"UTF8\"\n< OK\n")]
fn a_healthy_log_is_silent(#[case] log: &str) {
    let findings = lint(log.as_bytes(), Options::default()).expect("the log is a log");
    assert_eq!(findings, [], "{log}");
}

/// Each kind of trouble, where it stands and what says so.
#[rstest]
#[case::out_of_range(
    "> AT+QMMSCFG=\"contextid\",17\n< +CME ERROR: 756\n",
    Kind::OutOfRange,
    "17",
    Some("CFG-CONTEXTID-RANGE")
)]
#[case::answer_out_of_range(
    "> AT+QMMSCFG=\"contextid\"\n< +QMMSCFG: \"contextid\",17\n< OK\n",
    Kind::OutOfRange,
    "17",
    Some("CFG-CONTEXTID-RANGE")
)]
#[case::result_out_of_range("> AT+QMMSEND=100\n< OK\n< +QMMSEND: 790,0\n", Kind::OutOfRange, "790", None)]
#[case::smart_quotes("> AT+QMMSCFG=“mmsc”\n< ERROR\n", Kind::Erratum, "", Some("E03"))]
#[case::key_blank("> AT+QMMSCFG=\"character \",\"UTF8\"\n< ERROR\n", Kind::Erratum, "", Some("E02"))]
#[case::five_values(
    "> AT+QMMSCFG=\"sendparam\",6,3,0,2,4\n< ERROR\n",
    Kind::Erratum,
    "+QMMSCFG=\"sendparam\",6,3,0,2,4",
    Some("E01")
)]
#[case::misprinted_name(
    "> AT+QMMSEDIT=1\n< +QMMSEIDT: 1,\"10086\"\n< OK\n",
    Kind::Erratum,
    "+QMMSEIDT:",
    Some("E14")
)]
#[case::line_feed_only(
    "AT\r\r\nOK\r\nAT+CMEE?\r\n+CMEE: 1\r\n\r\nOK\r\n",
    Kind::Framing,
    "",
    Some("V250-FRAME")
)]
#[case::wrong_key(
    "> AT+QMMSCFG=\"mmsc\"\n< +QMMSCFG: \"contextid\",1\n< OK\n",
    Kind::WrongAnswer,
    "+QMMSCFG: \"contextid\",1",
    Some("V250-ANSWER-FITS")
)]
#[case::wrong_shape(
    "> AT+QMMSEDIT=1\n< +QMMSEDIT: 1,13856122546\n< OK\n",
    Kind::WrongAnswer,
    "+QMMSEDIT: 1,13856122546",
    Some("V250-ANSWER-FITS")
)]
#[case::result_before_ok(
    "> AT+QMMSEND=100\n< +QMMSEND: 0,200\n< OK\n",
    Kind::UrcPlace,
    "+QMMSEND: 0,200",
    Some("SEND-OK-FIRST")
)]
#[case::second_result(
    "> AT+QMMSEND=100\n< OK\n< +QMMSEND: 0,200\n< +QMMSEND: 0,200\n",
    Kind::UrcPlace,
    "+QMMSEND: 0,200",
    Some("SEND-ONE-RESULT")
)]
#[case::no_final(
    "> AT+QMMSEDIT=0\n> AT+CSQ\n< +CSQ: 20,99\n< OK\n",
    Kind::FinalMissing,
    "AT+QMMSEDIT=0",
    Some("V250-ONE-FINAL")
)]
#[case::second_final("> AT+QMMSEDIT=0\n< OK\n< OK\n", Kind::SurplusFinal, "OK", Some("V250-ONE-FINAL"))]
#[case::no_final_though_answered(
    "> AT+QMMSEDIT=1\n< +QMMSEDIT: 1,\"10086\"\n> AT+CSQ\n< +CSQ: 20,99\n< OK\n",
    Kind::FinalMissing,
    "AT+QMMSEDIT=1",
    Some("V250-ONE-FINAL")
)]
#[case::on_one_port(
    "[ttyUSB2] --> 'AT+QMMSEND=0<CR>'\n[ttyUSB3] --> 'AT<CR>'\n[ttyUSB2] <-- '<CR><LF>ERROR<CR><LF>'\n[ttyUSB3] <-- '<CR><LF>OK<CR><LF>'\n",
    Kind::OutOfRange,
    "0",
    Some("SEND-TIMEOUT-RANGE")
)]
#[case::among_the_lines_of_a_program(
    "<dbg> at: sending: AT+QMMSCFG=\"contextid\"\n<dbg> at: step: 3\n<dbg> at: received: +QMMSCFG: \"contextid\",0\n<dbg> at: received: OK\n",
    Kind::OutOfRange,
    "0",
    Some("CFG-CONTEXTID-RANGE")
)]
#[case::behind_stamps_and_arrows(
    "07:00:01.100 -> AT+QMMSEND=70000\n\n07:00:01.110 -> OK\n",
    Kind::OutOfRange,
    "70000",
    Some("SEND-TIMEOUT-RANGE")
)]
#[case::bytes_without_a_line_feed(
    "tx b'AT+CSQ\\r'\nrx b'\\r+CSQ: 20,99\\r\\n\\r\\nOK\\r\\n'\n",
    Kind::Framing,
    "",
    Some("V250-FRAME")
)]
#[case::open_quote("> AT+QMMSCFG=\"mmsc\n< ERROR\n", Kind::Malformed, "", None)]
fn a_finding_says_where_and_why(
    #[case] log: &str,
    #[case] kind: Kind,
    #[case] at: &str,
    #[case] clause: Option<&str>,
) {
    let findings = lint(log.as_bytes(), Options::default()).expect("the log is a log");
    let [finding] = findings.as_slice() else { panic!("one finding, not {findings:#?}") };
    assert_eq!(finding.kind, kind, "{finding:?}");
    if !at.is_empty() {
        assert_eq!(&log[finding.span.clone()], at);
    }
    if clause.is_some() {
        assert_eq!(finding.clause.as_deref(), clause);
    }
}

#[test]
fn unknown_names_are_told_when_asked_for() {
    let log = b"> AT+QNWINFO\n< OK\n< +QNEVERHEARD: 7\n";
    let kinds = |options| lint(log, options).unwrap().iter().map(|finding| finding.kind).collect::<Vec<_>>();
    assert_eq!(kinds(Options::default()), []);
    assert_eq!(kinds(Options { unknown: true }), [Kind::Unknown, Kind::Unknown]);
}

proptest::proptest! {
    /// No log makes the linter panic, and every finding lies within the log.
    #[test]
    fn linting_is_total(log in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..300), text in "[ATat+QMSENDCFGIT=:\",0-9<> \r\n\\\\]{0,300}") {
        for log in [log.as_slice(), text.as_bytes()] {
            for finding in lint(log, Options { unknown: true }).unwrap_or_default() {
                proptest::prop_assert!(finding.span.end <= log.len() && finding.span.start <= finding.span.end);
            }
        }
    }
}
