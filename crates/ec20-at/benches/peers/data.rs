//! The bytes that every row reads, from a fixed seed, and what is in them.

/// What a parser found: the same for all that read as much.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) finals: u32,
    /// Information lines and URCs.
    pub(crate) lines: u32,
    pub(crate) numbers: u64,
    pub(crate) string_bytes: u64,
    pub(crate) word_bytes: u64,
}

impl Tally {
    pub(crate) fn number(&mut self, number: u32) {
        self.numbers = self.numbers.wrapping_add(u64::from(number));
    }

    pub(crate) fn string(&mut self, string: &[u8]) {
        self.string_bytes += string.len() as u64;
    }

    pub(crate) fn word(&mut self, word: &[u8]) {
        self.word_bytes += word.len() as u64;
    }
}

/// A recording of a module, with the commands that caused it.
#[derive(Default)]
pub(crate) struct Data {
    pub(crate) bytes: Vec<u8>,
    /// In their order, each with its CR.
    pub(crate) commands: Vec<Vec<u8>>,
    pub(crate) tally: Tally,
    /// What a framer of responses gives: one for each command, one for each URC.
    pub(crate) responses_and_urcs: u32,
}

struct Seed(u64);

impl Seed {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit
    }
}

/// Exchanges of an MMS client with echo, until there are `size` bytes: settings read back, lists of addresses and files as
/// long as the manual lets them be, the bearer, and results between them.
pub(crate) fn exchanges(size: usize) -> Data {
    let mut seed = Seed(0x2545_F491_4F6C_DD1D);
    let mut data = Data::default();
    while data.bytes.len() < size {
        let n = u32::try_from(seed.below(60_000)).unwrap();
        match seed.below(14) {
            0 => data.exchange("AT", &[]),
            1 => data.exchange("AT+CSQ", &[format!("+CSQ: {},99", n % 32)]),
            2 => data.exchange("AT+CPIN?", &["+CPIN: READY".into()]),
            3 => data.exchange("AT+QIACT?", &["+QIACT: 1,1,1,\"10.7.157.1\"".into()]),
            4 => data.exchange("AT+QMMSCFG=\"contextid\"", &["+QMMSCFG: \"contextid\",1".into()]),
            5 => {
                let line = format!("+QMMSCFG: \"proxy\",\"10.0.0.172\",{n}");
                data.exchange("AT+QMMSCFG=\"proxy\"", &[line]);
            }
            6 => {
                let line = "+QMMSCFG: \"mmsc\",\"http://mmsc.myuni.com\"".into();
                data.exchange("AT+QMMSCFG=\"mmsc\"", &[line]);
            }
            7 => data.exchange("AT+QMMSCFG=\"sendparam\"", &["+QMMSCFG: \"sendparam\",6,2,0,0,2,4".into()]),
            8 => {
                let line = |i| format!("+QMMSEDIT: 1,\"test{}@quectel.com\"", n + i);
                data.exchange("AT+QMMSEDIT=1", &(0..=n % 6).map(line).collect::<Vec<_>>());
            }
            9 => {
                let line = format!("+QMMSEDIT: 4,\"UTF8\",\"746573742065633230206D6D73{n:08X}\"");
                data.exchange("AT+QMMSEDIT=4", &[line]);
            }
            10 => {
                let line = |i| format!("+QMMSEDIT: 5,\"RAM:a{}.jpg\"", n + i);
                data.exchange("AT+QMMSEDIT=5", &(0..=n % 6).map(line).collect::<Vec<_>>());
            }
            11 => {
                let line = |i| format!("+QFLST: \"RAM:a{}.jpg\",{n}", n + i);
                data.exchange("AT+QFLST=\"RAM:*\"", &(0..=n % 12).map(line).collect::<Vec<_>>());
            }
            12 => data.exchange("AT+QMMSEDIT=2,1,\"copy.test@quectel.com\"", &[]),
            _ => data.urc("+QMMSEND: 0,200"),
        }
    }
    data
}

/// Answers of many lines, each of `size` bytes, one behind the other until there are `total` bytes. A short answer is measured many times over
/// with ever other numbers in it, so that it is as new to the processor as a long one, and lies in memory like it.
pub(crate) fn long_answers(size: usize, total: usize) -> Data {
    let mut seed = Seed(0x9E37_79B9_7F4A_7C15);
    let mut data = Data::default();
    for _ in 0..total / size {
        let mut line = |_| format!("+QFLST: \"UFS:f{}.dat\",{}", seed.below(10_000_000), seed.below(100_000));
        let lines: Vec<String> = (0..size / 30).map(&mut line).collect();
        data.exchange("AT+QFLST=\"*\"", &lines);
    }
    data
}

impl Data {
    fn exchange(&mut self, command: &str, lines: &[String]) {
        let sent = format!("{command}\r");
        self.bytes.extend_from_slice(sent.as_bytes());
        self.commands.push(sent.into_bytes());
        for (index, line) in lines.iter().enumerate() {
            if index == 0 {
                self.bytes.extend_from_slice(b"\r\n");
            }
            self.bytes.extend_from_slice(line.as_bytes());
            self.bytes.extend_from_slice(b"\r\n");
            self.count(line);
        }
        self.bytes.extend_from_slice(b"\r\nOK\r\n");
        self.tally.finals += 1;
        self.responses_and_urcs += 1;
    }

    fn urc(&mut self, line: &str) {
        self.bytes.extend_from_slice(format!("\r\n{line}\r\n").as_bytes());
        self.count(line);
        self.responses_and_urcs += 1;
    }

    fn count(&mut self, line: &str) {
        self.tally.lines += 1;
        let (_, values) = line.split_once(": ").unwrap();
        for value in values.split(',') {
            match value.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
                Some(string) => self.tally.string(string.as_bytes()),
                None => match value.parse() {
                    Ok(number) => self.tally.number(number),
                    Err(_) => self.tally.word(value.as_bytes()),
                },
            }
        }
    }
}
