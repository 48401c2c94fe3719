//! Units by their forms: names, fields and refusals, canonical and tolerant.

use std::ops::Range;

use ec20_at::information::Information;
use ec20_at::unsolicited::Final;
use ec20_at::{Checksum, Dialect, ErrorKind, Span, Unit, read_unit};
use rstest::rstest;

/// `name(field=value, …)` for each form, or `kind at "bytes" [clause]` for a refusal.
fn render(unit: Unit<'_>, dialect: Dialect, bytes: &str) -> String {
    let bytes = bytes.as_bytes();
    let mut forms = Vec::new();
    let read = read_unit(unit, dialect, bytes, |form| {
        let fields: Vec<_> =
            form.fields().map(|f| format!("{}={}", f.name, f.span.of(bytes).escape_ascii())).collect();
        forms.push(format!("{}({})", form.name(), fields.join(", ")));
    });
    match read {
        Ok(()) => forms.join("; "),
        Err(e) => {
            let clause = e.clause.map(|clause| format!(" {clause}")).unwrap_or_default();
            format!("{:?} at {:?}{clause}", e.kind, e.span.of(bytes).escape_ascii().to_string())
        }
    }
}

/// The same in both dialects.
#[track_caller]
fn both(unit: Unit<'_>, bytes: &str, expected: &str) {
    assert_eq!(render(unit, Dialect::CANONICAL, bytes), expected, "canonical {bytes}");
    assert_eq!(render(unit, Dialect::TOLERANT, bytes), expected, "tolerant {bytes}");
}

#[rstest]
#[case("AT", "at_exec()")]
#[case("A/", "repeat_exec()")]
#[case("ATE0V1Q0", "e_write(value=0); v_write(value=1); q_write(value=0)")]
#[case("ATZ", "z_exec()")]
#[case("AT&F", "amp_f_exec()")]
#[case("ATS3=013S4?", "s3_write(value=013); s4_read()")]
#[case("ATI", "i_exec()")]
#[case("AT+CMEE=1;+CREG?", "cmee_write(n=1); creg_read()")]
#[case("AT+QMMSCFG=?", "qmmscfg_test()")]
#[case(r#"AT+QMMSCFG="contextid""#, "qmmscfg_contextid_query()")]
#[case(r#"AT+QMMSCFG="contextid",16"#, "qmmscfg_contextid_write(contextid=16)")]
#[case(r#"AT+QMMSCFG="proxy","10.0.0.172",80"#, "qmmscfg_proxy_write(gateway=10.0.0.172, port=80)")]
#[case(r#"AT+QMMSCFG="character","UCS2""#, "qmmscfg_character_write(charset=UCS2)")]
#[case(
    r#"AT+QMMSCFG="sendparam",6,2,0,0,2,4"#,
    "qmmscfg_sendparam_write(valid=6, pri=2, sendrep=0, readrep=0, visible=2, class=4)"
)]
#[case("AT+QMMSEDIT=0", "qmmsedit_clear(function=0)")]
#[case("AT+QMMSEDIT=4", "qmmsedit_query(function=4)")]
#[case("AT+QMMSEDIT=5,0", "qmmsedit_delete(function=5, operation=0)")]
#[case(r#"AT+QMMSEDIT=4,1,"a;b""#, "qmmsedit_add(function=4, operation=1, optstring=a;b)")]
#[case("AT+QMMSEND=100", "qmmsend_write(timeout=100)")]
#[case(
    r#"AT+QFUPL="RAM:test_mms.txt",100,200,1"#,
    "qfupl_write(filename=RAM:test_mms.txt, filesize=100, timeout=200, ackmode=1)"
)]
#[case(r#"AT+QFLST="RAM:*""#, "qflst_write(pattern=RAM:*)")]
#[case(r#"AT+QFDEL="RAM:test_mms.txt""#, "qfdel_write(filename=RAM:test_mms.txt)")]
#[case("AT+QFLDS", "qflds_exec()")]
#[case(
    r#"AT+QICSGP=1,1,"UNIWAP","","",1"#,
    "qicsgp_write(contextid=1, contexttype=1, apn=UNIWAP, username=, password=, authentication=1)"
)]
#[case("AT+QICSGP=1", "qicsgp_query(contextid=1)")]
#[case("AT+QIACT?", "qiact_read()")]
#[case("at+qiact=1", "qiact_write(contextid=1)")]
#[case("AT+CPIN=1234,\"5678\"", "cpin_write(pin=1234, newpin=5678)")]
#[case(r#"AT+QURCCFG="urcport","usbat""#, "qurccfg_urcport_write(urcport=usbat)")]
fn commands(#[case] line: &str, #[case] expected: &str) {
    both(Unit::CommandLine, line, expected);
}

#[rstest]
#[case(r#"AT+QMMSCFG="contextid",0"#, "OutOfRange at \"0\" CFG-CONTEXTID-RANGE")]
#[case(r#"AT+QMMSCFG="contextid",17"#, "OutOfRange at \"17\" CFG-CONTEXTID-RANGE")]
#[case(r#"AT+QMMSCFG="contextid",-1"#, "OutOfRange at \"-1\" CFG-CONTEXTID-RANGE")]
#[case(r#"AT+QMMSCFG="contextid",01"#, "Syntax at \"01\"")]
#[case(r#"AT+QMMSCFG="contextid","1""#, "ParameterType at \"\\\\\\\"1\\\\\\\"\" CFG-CONTEXTID-RANGE")]
#[case("AT+QMMSCFG=contextid,1", "ParameterType at \"contextid\"")]
#[case(r#"AT+QMMSCFG="character ""#, "Unknown at \"character \"")]
#[case(r#"AT+QMMSCFG="CONTEXTID",1"#, "Unknown at \"CONTEXTID\"")]
#[case(r#"AT+QMMSCFG="sendparam",6,2,0,0,2"#, "ParameterCount at \"\"")]
#[case(r#"AT+QMMSCFG="proxy","10.0.0.172""#, "ParameterCount at \"\"")]
#[case(r#"AT+QMMSCFG="proxy","10.0.0.172",0"#, "OutOfRange at \"0\" CFG-PROXY-PORT-RANGE")]
#[case(r#"AT+QMMSCFG="proxy","10.0.0.172",65536"#, "OutOfRange at \"65536\" CFG-PROXY-PORT-RANGE")]
#[case("AT+QMMSEDIT=6", "OutOfRange at \"6\" EDIT-FUNCTION-RANGE")]
#[case("AT+QMMSEDIT=1,2", "OutOfRange at \"2\" EDIT-OPERATION-RANGE")]
#[case("AT+QMMSEDIT=1,1", "OutOfRange at \"1\" EDIT-OPERATION-RANGE")]
#[case("AT+QMMSEDIT=4,1,\"a\tb\"", "Syntax at \"\\\\t\"")]
#[case("AT+QMMSEND=0", "OutOfRange at \"0\" SEND-TIMEOUT-RANGE")]
#[case("AT+QMMSEND=4294967297", "OutOfRange at \"4294967297\" SEND-TIMEOUT-RANGE")]
#[case("AT+QMMSEND", "Unknown at \"+QMMSEND\"")]
#[case("AT+QMMSEND?", "Unknown at \"+QMMSEND?\"")]
#[case("AT+QMMURL=\"x\"", "Unknown at \"+QMMURL\"")]
#[case("ATE2", "OutOfRange at \"2\" V250-ECHO-RANGE")]
#[case("ATS3=128", "OutOfRange at \"128\" V250-REGISTER-RANGE")]
#[case("AT+CMEE=1;+CMEE=3", "OutOfRange at \"3\" CORE-CMEE-RANGE")]
fn refused_by_the_canonical_reading(#[case] line: &str, #[case] expected: &str) {
    assert_eq!(render(Unit::CommandLine, Dialect::CANONICAL, line), expected);
}

#[rstest]
#[case(r#"AT+QMMSCFG="contextid",017"#, "qmmscfg_contextid_write(contextid=017)")]
#[case("AT+QMMSCFG=“character ”, ”ASCII”", "qmmscfg_character_write(charset=ASCII)")]
#[case(r#"AT+QMMSCFG="CONTEXTID""#, "qmmscfg_contextid_query()")]
#[case("AT+QMMSEDIT=00", "qmmsedit_query(function=00)")]
#[case("AT+QMMSEDIT=1,1", "qmmsedit_delete(function=1, operation=1)")]
#[case("AT+QMMSEDIT=9,9,\"a\tb\"", "qmmsedit_add(function=9, operation=9, optstring=a\\tb)")]
#[case("At E0 V1 ", "e_write(value=0); v_write(value=1)")]
fn read_by_shape_in_the_tolerant_reading(#[case] line: &str, #[case] expected: &str) {
    assert_eq!(render(Unit::CommandLine, Dialect::TOLERANT, line), expected);
}

/// Each limit's two numbers: the largest value that passes and the smallest that does not.
#[rstest]
#[case(r#"AT+QMMSCFG="mmsc","{}""#, 100, "CFG-MMSC-LENGTH")]
#[case(r#"AT+QMMSCFG="proxy","{}",80"#, 50, "CFG-PROXY-GATEWAY-LENGTH")]
#[case(r#"AT+QMMSEDIT=1,1,"{}""#, 50, "EDIT-ADDRESS-LENGTH")]
#[case(r#"AT+QMMSEDIT=2,1,"{}""#, 50, "EDIT-ADDRESS-LENGTH")]
#[case(r#"AT+QMMSEDIT=3,1,"{}""#, 50, "EDIT-ADDRESS-LENGTH")]
#[case(r#"AT+QMMSEDIT=4,1,"x{}""#, 199, "EDIT-TITLE-LENGTH")]
#[case(r#"AT+QMMSEDIT=4,1,"{}""#, 401, "EDIT-TITLE-HEX-LENGTH")]
#[case(r#"AT+QMMSEDIT=5,1,"{}""#, 84, "EDIT-FILENAME-LENGTH")]
fn lengths(#[case] pattern: &str, #[case] largest: usize, #[case] clause: &str) {
    let line = |len: usize| pattern.replace("{}", &"4".repeat(len));
    let passes = render(Unit::CommandLine, Dialect::CANONICAL, &line(largest));
    assert!(passes.ends_with(')'), "{passes}");
    let refused = render(Unit::CommandLine, Dialect::CANONICAL, &line(largest + 1));
    assert!(refused.starts_with("TooLong at") && refused.ends_with(clause), "{refused}");
    let by_shape = render(Unit::CommandLine, Dialect::TOLERANT, &line(largest + 1));
    assert!(by_shape.ends_with(')'), "{by_shape}");
}

#[rstest]
#[case(r#"+QMMSCFG: "contextid",1"#, "qmmscfg_contextid_info(contextid=1)")]
#[case(r#"+QMMSCFG: "proxy","",0"#, "qmmscfg_proxy_info(gateway=, port=0)")]
#[case(r#"+QMMSCFG: "contextid",(1-16)"#, "qmmscfg_contextid_test_info(contextid=(1-16))")]
#[case(r#"+QMMSCFG: "mmsc",<URL>"#, "qmmscfg_mmsc_test_info(url=<URL>)")]
#[case(r#"+QMMSCFG: "proxy",<gateway>,<port>"#, "qmmscfg_proxy_test_info(gateway=<gateway>, port=<port>)")]
#[case(
    r#"+QMMSCFG: "character",("ASCII","UTF8","UCS2","GBK")"#,
    r#"qmmscfg_character_test_info(charset=(\"ASCII\",\"UTF8\",\"UCS2\",\"GBK\"))"#
)]
#[case(
    r#"+QMMSCFG: "sendparam",(0-6),(0-3),(0,1),(0,1),(0-2),(0-4)"#,
    "qmmscfg_sendparam_test_info(valid=(0-6), pri=(0-3), sendrep=(0,1), readrep=(0,1), visible=(0-2), class=(0-4))"
)]
#[case(r#"+QMMSEDIT: 1,"13856122546""#, "qmmsedit_entry_info(function=1, optstring=13856122546)")]
#[case(r#"+QMMSEDIT: 4,"UTF8","""#, "qmmsedit_title_info(function=4, charset=UTF8, optstring=)")]
#[case(
    "+QMMSEDIT: (0-5),(0,1),<optstring>",
    "qmmsedit_test_info(function=(0-5), operation=(0,1), optstring=<optstring>)"
)]
#[case("+QMMSEND: (1-65535)", "qmmsend_test_info(timeout=(1-65535))")]
#[case("+QFUPL: 100,0", "qfupl_info(size=100, checksum=0)")]
#[case(
    "+QFUPL: <filename>[,(1-<freesize>)[,(1-65535)[,(0,1)]]]",
    "qfupl_test_info(filename=<filename>, filesize=(1-<freesize>), timeout=(1-65535), ackmode=(0,1))"
)]
#[case(
    "+QFUPL: <filename>,(1-<freesize>),<timeout>,(0,1)",
    "qfupl_test_info(filename=<filename>, filesize=(1-<freesize>), timeout=<timeout>, ackmode=(0,1))"
)]
#[case(r#"+QFLST: "UFS:client.crt",851"#, "qflst_info(filename=UFS:client.crt, filesize=851)")]
#[case("+QFOPEN: 1000", "qfopen_info(filehandle=1000)")]
#[case(r#"+QIACT: 1,1,1,"10.7.157.1""#, "qiact_info(contextid=1, state=1, type=1, address=10.7.157.1)")]
#[case("+QIGETERROR: 0,operate successfully", "qigeterror_info(err=0, description=operate successfully)")]
#[case(r#"+CREG: 2,1,"18CB","0A2F""#, "creg_info(n=2, stat=1, lac=18CB, ci=0A2F)")]
#[case(
    r#"+CGDCONT: (1-16),"IP",,,(0-2),(0-4)"#,
    "cgdcont_test_info(cid=(1-16), pdptype=IP, dcomp=(0-2), hcomp=(0-4))"
)]
#[case(
    r#"+CGDCONT: (1-999999999),"IP",,,(0-2),(0-4)"#,
    "cgdcont_test_info(cid=(1-999999999), pdptype=IP, dcomp=(0-2), hcomp=(0-4))"
)]
#[case("+CSQ: 31,99", "csq_info(rssi=31, ber=99)")]
#[case("+CPIN: SIM PIN", "cpin_info(code=SIM PIN)")]
#[case(
    r#"+COPS: (2,"CHINA MOBILE","CMCC","46000",7),,(0-4),(0-2)"#,
    r#"cops_test_info(list=(2,\"CHINA MOBILE\",\"CMCC\",\"46000\",7),,(0-4),(0-2))"#
)]
fn information(#[case] line: &str, #[case] expected: &str) {
    both(Unit::Information, line, expected);
}

#[rstest]
#[case(r#"+QMMSEDIX: 1,"a""#, "a wrong name")]
#[case("+QMMSEDIT: 1,abc", "a string without quotes")]
#[case(r#"+QMMSEDIT: 1"abc""#, "a missing comma")]
#[case(r#"+QMMSEDIT: 1,,"a""#, "a comma too many")]
#[case(r#"+QMMSEDIT: 1,X"abc""#, "bytes before a quote")]
#[case(r#"+QMMSEDIT: 1,"abc"#, "no closing quote")]
#[case(r#"+QMMSEDIT: 1,"abc","#, "a trailing comma")]
#[case(r#"+QMMSEDIT: 1,"abc",2"#, "a surplus parameter")]
#[case(r#"+QMMSEDIT: 1-2+3,"abc""#, "an expression for a number")]
#[case(r#"+QMMSEDIT: -,"abc""#, "a sign without digits")]
#[case(r#"+QMMSCFG: "contextid""#, "a query's shape as an answer")]
#[case("460001234567890", "a line without prefix")]
#[case("+QFUPL: 100,", "a missing checksum")]
#[case("+QIND: SMS DONE", "a URC")]
fn no_information(#[case] line: &str, #[case] why: &str) {
    for dialect in [Dialect::CANONICAL, Dialect::TOLERANT] {
        assert!(read_unit(Unit::Information, dialect, line.as_bytes(), |_| ()).is_err(), "{why}: {line}");
    }
}

#[rstest]
#[case(" +QFUPL: 100,0 ", "qfupl_info(size=100, checksum=0)")]
#[case("+QMMSEDIT:1, \"a\"", "qmmsedit_entry_info(function=1, optstring=a)")]
#[case("+QMMSEDIT: 99999999999,\"a\r\nb\"", "qmmsedit_entry_info(function=99999999999, optstring=a\\r\\nb)")]
#[case(
    "+QMMSCFG: “sendparam”[, (0-6),(0-3),(0,1),(0,1),(0-2),(0-4)]",
    "qmmscfg_sendparam_test_info(valid=(0-6), pri=(0-3), sendrep=(0,1), readrep=(0,1), visible=(0-2), class=(0-4))"
)]
#[case("+QMMSEND: <timeout>", "qmmsend_test_info(timeout=<timeout>)")]
#[case("+QIGETERROR: 0,\"a\tb\"", "qigeterror_info(err=0, description=a\\tb)")]
fn tolerated_information(#[case] line: &str, #[case] expected: &str) {
    assert_eq!(render(Unit::Information, Dialect::TOLERANT, line), expected);
    assert!(read_unit(Unit::Information, Dialect::CANONICAL, line.as_bytes(), |_| ()).is_err(), "{line}");
}

#[rstest]
#[case("cimi", "460001234567890", "cimi_info(imsi=460001234567890)")]
#[case("i", "EC20F", "i_info(text=EC20F)")]
#[case("i", "Revision: EC20CEFAGR06A10M4G", "i_revision_info(revision=EC20CEFAGR06A10M4G)")]
#[case("s3", "013", "s3_info(value=013)")]
#[case("qgmr", "EC20CEFAGR06A10M4G_01.002.01.002", "qgmr_info(revision=EC20CEFAGR06A10M4G_01.002.01.002)")]
#[case("qmmscfg", r#"+QMMSCFG: "contextid",1"#, "qmmscfg_contextid_info(contextid=1)")]
fn information_of_a_command(#[case] command: &str, #[case] line: &str, #[case] expected: &str) {
    both(Unit::InformationOf(command), line, expected);
}

#[rstest]
#[case("+QMMSEND: 0,200", "qmmsend_urc(err=0, httprsp=200)")]
#[case(r#"+QMMSEND: 765,404,"Not found""#, "qmmsend_urc(err=765, httprsp=404, mmsrsp=Not found)")]
#[case(r#"+QIURC: "pdpdeact",1"#, "qiurc_pdpdeact_urc(contextid=1)")]
#[case("RDY", "rdy_urc()")]
#[case("+CFUN: 1", "cfun_urc(fun=1)")]
#[case("+CPIN: NOT READY", "cpin_urc(code=NOT READY)")]
#[case("+QIND: PB DONE", "qind_pb_done_urc()")]
#[case("+CREG: 1", "creg_urc(stat=1)")]
#[case(r#"+CREG: 1,"18CB","0A2F",7"#, "creg_urc(stat=1, lac=18CB, ci=0A2F, act=7)")]
#[case(r#"+CMTI: "ME",1"#, "cmti_urc(mem=ME, index=1)")]
fn urcs(#[case] line: &str, #[case] expected: &str) {
    both(Unit::Urc, line, expected);
}

#[rstest]
#[case("+QMMSEND: 702", "qmmsend_urc(err=702)")]
#[case("+QMMSEND: 0,404,0", "qmmsend_urc(err=0, httprsp=404, mmsrsp=0)")]
fn tolerated_urcs(#[case] line: &str, #[case] expected: &str) {
    assert_eq!(render(Unit::Urc, Dialect::TOLERANT, line), expected);
    assert!(read_unit(Unit::Urc, Dialect::CANONICAL, line.as_bytes(), |_| ()).is_err(), "{line}");
}

#[rstest]
#[case("OK", "final_ok()")]
#[case("ERROR", "final_error()")]
#[case("CONNECT", "final_connect()")]
#[case("CONNECT 512", "final_connect(length=512)")]
#[case("CONNECT 0", "final_connect(length=0)")]
#[case("CONNECT 999999999", "final_connect(length=999999999)")]
#[case("NO CARRIER", "final_no_carrier()")]
#[case("+CME ERROR: 756", "final_cme_numeric(err=756)")]
#[case("+CME ERROR: SIM not inserted", "final_cme_verbose(text=SIM not inserted)")]
#[case("+CMS ERROR: 500", "final_cms_numeric(err=500)")]
#[case("0", "final_numeric(code=0)")]
#[case("8", "final_numeric(code=8)")]
fn finals(#[case] line: &str, #[case] expected: &str) {
    both(Unit::Final, line, expected);
}

#[rstest]
#[case("5")]
#[case("00")]
#[case("OKAY")]
#[case("ERRORLOG")]
#[case("ok")]
#[case("+CME ERROR:")]
#[case("+CME ERROR: ")]
#[case("CONNECTED")]
fn no_finals(#[case] line: &str) {
    for dialect in [Dialect::CANONICAL, Dialect::TOLERANT] {
        assert!(read_unit(Unit::Final, dialect, line.as_bytes(), |_| ()).is_err(), "{line}");
    }
}

/// What the tolerant reading takes for a text may be no number of bytes that the manual's grammar knows.
#[rstest]
#[case("CONNECT 05", "Unknown at \"CONNECT 05\"")]
#[case("CONNECT 1000000000", "OutOfRange at \"1000000000\"")]
#[case("CONNECT 115200/ARQ", "Unknown at \"CONNECT 115200/ARQ\"")]
fn finals_by_shape(#[case] line: &str, #[case] expected: &str) {
    assert_eq!(render(Unit::Final, Dialect::CANONICAL, line), expected);
    let length = line.strip_prefix("CONNECT ").unwrap();
    assert_eq!(render(Unit::Final, Dialect::TOLERANT, line), format!("final_connect(length={length})"));
}

/// Every final result either says that the command succeeded, or that data follow, or neither.
#[rstest]
#[case("OK", true, false)]
#[case("0", true, false)]
#[case("CONNECT", false, true)]
#[case("CONNECT 512", false, true)]
#[case("1", false, true)]
#[case("ERROR", false, false)]
#[case("4", false, false)]
#[case("NO CARRIER", false, false)]
#[case("+CME ERROR: 0", false, false)]
#[case("+CMS ERROR: 500", false, false)]
fn what_a_final_result_says(#[case] line: &str, #[case] success: bool, #[case] connect: bool) {
    let result = Final::read(line.as_bytes(), Dialect::CANONICAL).unwrap();
    assert_eq!((result.is_success(), result.is_connect()), (success, connect));
}

/// The sum of a file as a line has it: hexadecimal in either case, of 16 bits.
#[rstest]
#[case("0", Ok(0))]
#[case("1a2B", Ok(0x1A2B))]
#[case("ffff", Ok(0xFFFF))]
#[case("10000", Err(ErrorKind::Overflow))]
#[case("99999999999", Err(ErrorKind::Overflow))]
fn sums(#[case] digits: &str, #[case] expected: Result<u16, ErrorKind>) {
    let line = format!("+QFUPL: 100,{digits}");
    let read = Information::read(line.as_bytes(), Dialect::TOLERANT).map_err(|error| error.kind);
    let sum = |sum| Information::Qfupl { size: 100, checksum: Checksum(sum) };
    assert_eq!(read, expected.map(sum));
}

/// The exclusive or of big-endian words, byte by byte by hand.
#[rstest]
#[case(b"", 0)]
#[case(b"\xAB", 0xAB00)]
#[case(b"\xAB\xCD", 0xABCD)]
#[case(b"\xF0\x0F\xFF\xFF", 0x0FF0)]
#[case(b"\xFF\xFF\xFF\xFF\xFF", 0xFF00)]
#[case(b"\x12\x34\x12\x30\x80", 0x8004)]
fn sums_of_bytes(#[case] bytes: &[u8], #[case] sum: u16) {
    assert_eq!(Checksum::of(bytes), Checksum(sum));
}

/// Readings are equal where form, place and fields are.
#[rstest]
#[case("AT+QMMSEND=100", "AT+QMMSEND=100", true)]
#[case("AT+QMMSEND=100", "AT+QMMSEND=900", true)]
#[case("AT+QMMSEND=100", "AT+QMMSEND=10", false)]
#[case("AT+CMEE=1", "AT+CREG=1", false)]
#[case("AT+CMEE=1", "ATE0+CMEE=1", false)]
#[case("AT+QMMSEDIT=4,1,\"aa\"", "AT+QMMSEDIT=4,1,\"a\"", false)]
#[case("AT+CPIN=1234,\"56789\"", "AT+CPIN=12345,\"6789\"", false)]
fn readings_compare(#[case] left: &str, #[case] right: &str, #[case] equal: bool) {
    let last = |line: &str| {
        let mut last = None;
        read_unit(Unit::CommandLine, Dialect::CANONICAL, line.as_bytes(), |reading| last = Some(reading))
            .unwrap();
        last.unwrap()
    };
    assert_eq!(last(left) == last(right), equal);
}

#[rstest]
#[case(Span::new(3, 7), 4)]
#[case(Span::at(3), 0)]
#[case(Span::new(7, 3), 0)]
fn spans(#[case] span: Span, #[case] len: usize) {
    assert_eq!((span.len(), span.is_empty()), (len, len == 0));
    assert_eq!(Range::from(span), span.start..span.end);
}
