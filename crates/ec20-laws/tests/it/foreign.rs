//! A foreign decoder confirms the encoder: thousands of drawn messages in one capture file, read by tshark and, for
//! texts, by Python's codecs.
//!
//! tshark slices every header and says what it means; both must agree with our decoder. It ignores the charset of
//! header texts, so the octets it sliced go to Python, which cuts the value open by itself and decodes it.
//!
//! Without tshark or python3 the test says so and passes; with `EC20_DEMAND_TSHARK` set it fails.

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::process::{Command, Stdio};

use arbitrary::{Arbitrary, Unstructured};
use ec20_laws::pdu::Draft;
use mms_pdu::{Charset, Header, HeaderCode, HeaderName, SendReq, Sender, When};

const MESSAGES: u64 = 3000;

#[test]
fn tshark_and_python_agree() {
    for tool in ["tshark", "python3"] {
        if Command::new(tool).arg("--version").output().is_err() {
            assert!(std::env::var_os("EC20_DEMAND_TSHARK").is_none(), "{tool} is demanded and not installed");
            eprintln!("skipped: {tool} is not installed (Debian: apt-get install tshark python3)");
            return;
        }
    }
    let pdus: Vec<Vec<u8>> =
        (0..MESSAGES).map(drawn).map(|draft| draft.builder().encode().unwrap()).collect();
    let packets = dissect(&pdus);
    assert_eq!(packets.len(), pdus.len(), "one packet for each message");
    let mut texts = Vec::new();
    for (pdu, packet) in pdus.iter().zip(&packets) {
        let message = SendReq::decode(pdu).unwrap();
        agree(&message, packet, &mut texts);
    }
    assert!(texts.len() > 1000, "only {} texts", texts.len());
    python_agrees(&texts);
}

/// The message of this number: always the same one.
fn drawn(number: u64) -> Draft {
    let mix = |state: u64| {
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    };
    let start = mix(number + 1);
    let octets: Vec<u8> = (1..600_u64).flat_map(|word| mix(start.wrapping_add(word)).to_le_bytes()).collect();
    let mut draft = Draft::arbitrary(&mut Unstructured::new(&octets)).unwrap();
    for part in &mut draft.parts {
        // tshark 4.0 looks into the data of parts for messages, and stumbles over data that are shorter than it looks.
        if part.data.len() < 2 || part.data[0] == 0x8C {
            let front = part.charset.unwrap_or(Charset::US_ASCII).encode("data").unwrap();
            part.data.splice(0..0, front);
        }
    }
    draft
}

/// Every message as a POST in a TCP segment of its own, as a capture file of raw IP packets.
fn capture_file(pdus: &[Vec<u8>]) -> Vec<u8> {
    let mut file = Vec::new();
    for word in [0xA1B2_C3D4_u32, 0x0004_0002, 0, 0, 262_144, 101] {
        file.extend(word.to_le_bytes());
    }
    for (number, pdu) in (0_u16..).zip(pdus) {
        let mut packet = vec![0x45, 0, 0, 0, 0, 0, 0, 0, 64, 6, 0, 0, 10, 0, 0, 1, 192, 0, 2, 1];
        packet.extend((10_000 + number).to_be_bytes());
        packet.extend(80_u16.to_be_bytes());
        packet.extend([0, 0, 0, 1, 0, 0, 0, 1, 0x50, 0x18, 0xFF, 0xFF, 0, 0, 0, 0]);
        packet.extend(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Type: application/vnd.wap.mms-message\r\n");
        packet.extend(format!("Content-Length: {}\r\n\r\n", pdu.len()).into_bytes());
        packet.extend(pdu);
        let length = u16::try_from(packet.len()).unwrap();
        packet[2..4].copy_from_slice(&length.to_be_bytes());
        for word in [u32::from(number), 0, u32::from(length), u32::from(length)] {
            file.extend(word.to_le_bytes());
        }
        file.extend(packet);
    }
    file
}

/// A field as tshark shows it.
#[derive(Debug)]
struct Field {
    name: String,
    show: String,
    octets: Vec<u8>,
}

/// What tshark makes of the messages: for each one its fields, in order.
fn dissect(pdus: &[Vec<u8>]) -> Vec<Vec<Field>> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("messages.pcap");
    fs::write(&path, capture_file(pdus)).unwrap();

    // The data of pictures are drawn octets, which the dissectors of pictures dislike: leave the data alone.
    let pictures = "image-gif\nimage-jfif\npng\ntiff\nbmp\nxml\ndata-text-lines\nmedia\nmp4\n";
    fs::write(folder.path().join("disabled_protos"), pictures).unwrap();
    let output = Command::new("tshark")
        .env("WIRESHARK_CONFIG_DIR", folder.path())
        .args(["-n", "-2", "-Y", "mmse", "-T", "pdml", "-r"])
        .arg(&path)
        .output()
        .unwrap();
    // The texts in it are in any charset: the file as a whole is no UTF-8.
    let pdml = String::from_utf8_lossy(&output.stdout);
    assert!(!pdml.contains("[Malformed Packet"), "tshark finds a message malformed");
    // Not by lines: the texts may hold line ends.
    let fields = |packet: &str| packet.split("<field ").skip(1).filter_map(field).collect();
    pdml.split("<packet>").skip(1).map(fields).collect()
}

/// A field of the message protocols; nothing for any other.
fn field(element: &str) -> Option<Field> {
    let name =
        attribute(element, "name").filter(|name| name.starts_with("mmse.") || name.starts_with("wsp."))?;
    let show = attribute(element, "show").unwrap_or_default();
    Some(Field { name, show, octets: unhex(&attribute(element, "value").unwrap_or_default()) })
}

fn attribute(element: &str, name: &str) -> Option<String> {
    let (_, rest) = element.split_once(&format!("{name}=\""))?;
    let (value, _) = rest.split_once('"')?;
    let value =
        value.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&apos;", "'");
    Some(value.replace("&amp;", "&"))
}

fn unhex(digits: &str) -> Vec<u8> {
    let pairs = digits.as_bytes().chunks(2).map(|pair| std::str::from_utf8(pair).unwrap_or_default());
    pairs.map_while(|pair| u8::from_str_radix(pair, 16).ok()).collect()
}

fn hex(octets: &[u8]) -> String {
    octets.iter().fold(String::new(), |mut digits, octet| {
        let _ = write!(digits, "{octet:02x}");
        digits
    })
}

/// A text for Python: the value as tshark sliced it, or the data of a part with their charset; and what we read.
struct Told {
    charset: Option<Charset>,
    octets: Vec<u8>,
    text: String,
}

#[track_caller]
fn agree(message: &SendReq<'_>, packet: &[Field], texts: &mut Vec<Told>) {
    let mut fields = packet.iter().filter(|field| field.name.starts_with("mmse."));
    let content_type = HeaderName::Code(HeaderCode::CONTENT_TYPE);
    for header in message.headers().iter().filter(|header| header.name != content_type) {
        let field = fields.next().unwrap_or_else(|| panic!("tshark does not see {header:?}"));
        let (name, show) = expected(message, header);
        assert_eq!(field.name, name, "{header:?}");
        assert_eq!(field.octets, header.raw, "the octets of {name}");
        match show {
            Some(show) => assert_eq!(field.show, show, "{name}"),
            None => texts.push(Told {
                charset: None,
                octets: field.octets[1..].to_vec(),
                text: message.subject().unwrap().text().unwrap().into_owned(),
            }),
        }
    }
    assert!(fields.next().is_none(), "tshark sees more");
    agree_on_parts(message, packet, texts);
}

/// The name tshark has for a header, and what it shows; nothing for a text that it cannot show.
fn expected(message: &SendReq<'_>, header: &Header<'_>) -> (&'static str, Option<String>) {
    let HeaderName::Code(code) = header.name else { panic!("an application header") };
    let octet = || header.raw.get(1).map(|octet| format!("0x{octet:02x}"));
    let text = |mut list: Vec<&[u8]>| {
        // The address that is equal in octets: which one of several it is, their order has shown.
        list.retain(|text| header.raw[1..].starts_with(text));
        list.first().map(|text| String::from_utf8_lossy(text).into_owned())
    };
    match code {
        HeaderCode::MESSAGE_TYPE => ("mmse.message_type", octet()),
        HeaderCode::TRANSACTION_ID => {
            ("mmse.transaction_id", Some(message.transaction_id().text_lossy().into_owned()))
        }
        HeaderCode::MMS_VERSION => ("mmse.mms_version", message.version().map(|version| version.to_string())),
        HeaderCode::DATE => ("mmse.date", message.date().map(moment)),
        HeaderCode::FROM => {
            let show = message.from().map(|from| match from {
                Sender::Insert => "<insert address>".to_owned(),
                Sender::Address(text) => text.text_lossy().into_owned(),
            });
            ("mmse.from", show)
        }
        HeaderCode::TO => ("mmse.to", text(message.to().map(|text| text.octets()).collect())),
        HeaderCode::CC => ("mmse.cc", text(message.cc().map(|text| text.octets()).collect())),
        HeaderCode::BCC => ("mmse.bcc", text(message.bcc().map(|text| text.octets()).collect())),
        HeaderCode::SUBJECT => ("mmse.subject", None),
        HeaderCode::MESSAGE_CLASS => ("mmse.message_class.id", octet()),
        HeaderCode::EXPIRY => time(message.expiry(), ["mmse.expiry.abs", "mmse.expiry.rel"]),
        HeaderCode::DELIVERY_TIME => {
            time(message.delivery_time(), ["mmse.delivery_time.abs", "mmse.delivery_time.rel"])
        }
        HeaderCode::PRIORITY => ("mmse.priority", octet()),
        HeaderCode::SENDER_VISIBILITY => ("mmse.sender_visibility", octet()),
        HeaderCode::DELIVERY_REPORT => ("mmse.delivery_report", octet()),
        HeaderCode::READ_REPLY => ("mmse.read_report", octet()),
        other => panic!("{other}"),
    }
}

fn time(when: Option<When>, names: [&'static str; 2]) -> (&'static str, Option<String>) {
    match when.unwrap() {
        When::Absolute(seconds) => (names[0], Some(moment(seconds))),
        When::Relative(seconds) => (names[1], Some(format!("{seconds}.000000000"))),
    }
}

/// A moment as tshark shows it. The calendar is counted out, so as not to ask the library under test.
fn moment(seconds: u64) -> String {
    const MONTHS: [(&str, u64); 12] = [
        ("Jan", 31),
        ("Feb", 28),
        ("Mar", 31),
        ("Apr", 30),
        ("May", 31),
        ("Jun", 30),
        ("Jul", 31),
        ("Aug", 31),
        ("Sep", 30),
        ("Oct", 31),
        ("Nov", 30),
        ("Dec", 31),
    ];
    let mut days = seconds / 86_400;
    let mut year = 1970;
    let leap = |year: u64| year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    while days >= 365 + u64::from(leap(year)) {
        days -= 365 + u64::from(leap(year));
        year += 1;
    }
    let mut month = 0;
    let length = |month: usize| MONTHS[month].1 + u64::from(month == 1 && leap(year));
    while days >= length(month) {
        days -= length(month);
        month += 1;
    }
    let (hour, minute, second) = (seconds / 3600 % 24, seconds / 60 % 60, seconds % 60);
    format!("{} {:2}, {year} {hour:02}:{minute:02}:{second:02}.000000000 UTC", MONTHS[month].0, days + 1)
}

#[track_caller]
fn agree_on_parts(message: &SendReq<'_>, packet: &[Field], texts: &mut Vec<Told>) {
    let body = packet.iter().position(|field| field.name == "wsp.post.data").unwrap_or(packet.len());
    let (head, body) = packet.split_at(body);
    let one = |fields: &[Field], name: &str| {
        fields.iter().find(|field| field.name == name).map(|field| (field.show.clone(), field.octets.clone()))
    };
    let show = |fields: &[Field], name: &str| one(fields, name).map(|(show, _)| show);
    assert_eq!(show(head, "wsp.header.content_type").as_deref(), Some(&*message.content_type().essence()));
    assert_eq!(
        show(head, "wsp.parameter.upart.type").as_deref(),
        message.content_type().related_type().as_deref()
    );
    let start = message.content_type().start().map(|start| start.text_lossy());
    assert_eq!(show(head, "wsp.parameter.start").as_deref(), start.as_deref());

    let starts: Vec<usize> = (0..body.len()).filter(|at| body[*at].name == "wsp.multipart").collect();
    assert_eq!(starts.len(), message.parts().len(), "the number of parts");
    for (index, part) in message.parts().iter().enumerate() {
        let end = starts.get(index + 1).copied().unwrap_or(body.len());
        let fields = &body[starts[index]..end];
        assert!(fields[0].octets.ends_with(part.data()), "the data of part {index}");
        let essence = show(fields, "wsp.header.content_type");
        assert!(
            essence.as_deref().is_some_and(|essence| part.content_type().is(essence)),
            "{essence:?} for {}",
            part.content_type()
        );
        let charset = one(fields, "wsp.parameter.charset").map(|(show, _)| show);
        assert_eq!(charset.as_deref(), part.content_type().charset().map(charset_as_shown));
        let text_value = |text: &[u8]| {
            let quote: &[u8] = if text.first().is_some_and(|octet| *octet > 127) { &[0x7F] } else { &[] };
            [quote, text, &[0]].concat()
        };
        let name = part.content_type().name().map(|name| text_value(name.octets()));
        assert_eq!(one(fields, "wsp.parameter.name").map(|(_, octets)| octets), name);
        let location =
            part.content_location().map(|text| [&[0x8E], text_value(text.octets()).as_slice()].concat());
        assert_eq!(one(fields, "wsp.header.content_location").map(|(_, octets)| octets), location);
        let id = part.content_id().map(|id| format!("\"<{id}>\""));
        assert_eq!(show(fields, "wsp.header.content_id"), id);
        if let (Some(charset), Some(text)) = (part.content_type().charset(), part.text()) {
            texts.push(Told {
                charset: Some(charset),
                octets: part.data().to_vec(),
                text: text.into_owned(),
            });
        }
    }
}

/// The names tshark has for charsets.
fn charset_as_shown(charset: Charset) -> &'static str {
    match charset {
        Charset::US_ASCII => "US-ASCII",
        Charset::UTF8 => "UTF-8",
        Charset::GBK => "GBK",
        Charset::UCS2 => "ISO-10646-UCS-2",
        other => panic!("{other}"),
    }
}

/// Cuts an encoded string open and decodes it, knowing nothing of this project.
const PYTHON: &str = r#"
import sys

CODECS = {3: "ascii", 4: "latin-1", 106: "utf-8", 113: "gbk", 1000: "utf-16-be", 1013: "utf-16-be"}

def encoded_string(value):
    if not value or value[0] > 31:
        return 106, value[:-1]
    at = 1
    if value[0] == 31:
        while value[at] & 128:
            at += 1
        at += 1
    if value[at] & 128:
        charset, at = value[at] & 127, at + 1
    else:
        count = value[at]
        charset, at = int.from_bytes(value[at + 1:at + 1 + count], "big"), at + 1 + count
    return charset, value[at:-2] if charset in (1000, 1013) else value[at:-1]

for line in sys.stdin:
    kind, digits = line.rstrip("\n").split(" ")
    octets = bytes.fromhex(digits)
    charset = int(kind)
    if charset == 0:
        charset, octets = encoded_string(octets)
        if charset not in (1000, 1013) and octets[:1] == b"\x7f":
            octets = octets[1:]
    print(octets.decode(CODECS[charset]).encode("utf-8").hex())
"#;

fn python_agrees(texts: &[Told]) {
    let mut python = Command::new("python3")
        .args(["-c", PYTHON])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = texts.iter().fold(String::new(), |mut lines, told| {
        let _ = writeln!(lines, "{} {}", told.charset.map_or(0, |charset| charset.0), hex(&told.octets));
        lines
    });
    let mut stdin = python.stdin.take().unwrap();
    let feeding = std::thread::spawn(move || stdin.write_all(lines.as_bytes()));
    let output = python.wait_with_output().unwrap();
    feeding.join().unwrap().unwrap();
    let answers = String::from_utf8(output.stdout).unwrap();
    let answers: Vec<&str> = answers.lines().collect();
    assert_eq!(answers.len(), texts.len(), "python answers for every text");
    for (told, answer) in texts.iter().zip(answers) {
        assert_eq!(hex(told.text.as_bytes()), answer, "{:?} {}", told.text, hex(&told.octets));
    }
}
