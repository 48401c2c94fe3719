//! HTTP as the module speaks it: one POST, and the answer to it.
//!
//! Knows origin and absolute form, and answers that are sized, chunked or ended by closing. Refuses to know sockets and
//! what the body says.

/// The longest head, the most headers and the longest body that are read.
const HEAD_MAX: usize = 16_384;
const HEADERS_MAX: usize = 64;
const BODY_MAX: usize = 65_536;

/// A complete HTTP answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Vec<u8>,
}

/// Where reading stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Progress {
    /// More has to come.
    More,
    Done(Answer),
    /// This is no HTTP answer.
    Wrong,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Body {
    Sized(usize),
    Chunked,
    UntilClosed,
}

/// Reads one answer from pieces.
#[derive(Debug, Clone, Default)]
pub(crate) struct AnswerReader {
    /// What is not yet understood.
    pending: Vec<u8>,
    head: Option<(u16, Body)>,
    body: Vec<u8>,
    /// How many bytes the chunk under way still has, with the line end behind them.
    chunk: Option<usize>,
    last_chunk: bool,
}

impl AnswerReader {
    /// Takes the next bytes.
    pub(crate) fn take(&mut self, bytes: &[u8]) -> Progress {
        self.pending.extend_from_slice(bytes);
        while self.head.is_none() {
            match self.read_head() {
                Ok(true) => {}
                Ok(false) => return Progress::More,
                Err(()) => return Progress::Wrong,
            }
        }
        match self.read_body() {
            Ok(true) => self.done(),
            Ok(false) if self.body.len() > BODY_MAX || self.pending.len() > BODY_MAX => Progress::Wrong,
            Ok(false) => Progress::More,
            Err(()) => Progress::Wrong,
        }
    }

    /// The far end has closed: `More` means that it did so too early.
    pub(crate) fn closed(&mut self) -> Progress {
        match self.head {
            Some((_, Body::UntilClosed)) => self.done(),
            _ => Progress::More,
        }
    }

    fn done(&mut self) -> Progress {
        let status = self.head.map_or(0, |(status, _)| status);
        Progress::Done(Answer { status, body: std::mem::take(&mut self.body) })
    }

    /// Reads the head; interim answers (1xx) are passed over. `Ok(false)`: it is not complete.
    fn read_head(&mut self) -> Result<bool, ()> {
        let mut headers = [httparse::EMPTY_HEADER; HEADERS_MAX];
        let mut response = httparse::Response::new(&mut headers);
        let length = match response.parse(&self.pending) {
            Ok(httparse::Status::Complete(length)) => length,
            Ok(httparse::Status::Partial) if self.pending.len() < HEAD_MAX => return Ok(false),
            _ => return Err(()),
        };
        let status = response.code.ok_or(())?;
        let body = body_kind(status, response.headers)?;
        self.pending.drain(..length);
        if !(100..200).contains(&status) {
            self.head = Some((status, body));
        }
        Ok(true)
    }

    /// Moves body bytes; says whether the body is complete.
    fn read_body(&mut self) -> Result<bool, ()> {
        match self.head {
            Some((_, Body::Sized(length))) => {
                let missing = length.saturating_sub(self.body.len()).min(self.pending.len());
                self.body.extend(self.pending.drain(..missing));
                Ok(self.body.len() >= length)
            }
            Some((_, Body::UntilClosed)) => {
                self.body.append(&mut self.pending);
                Ok(false)
            }
            Some((_, Body::Chunked)) => self.read_chunks(),
            None => Ok(false),
        }
    }

    fn read_chunks(&mut self) -> Result<bool, ()> {
        loop {
            if let Some(left) = self.chunk {
                if self.pending.len() < left + 2 {
                    return Ok(false);
                }
                self.body.extend(self.pending.drain(..left));
                if self.pending.drain(..2).ne(*b"\r\n") {
                    return Err(());
                }
                self.chunk = None;
            } else {
                let Some(end) = self.pending.windows(2).position(|w| w == b"\r\n") else {
                    return if self.pending.len() > HEAD_MAX { Err(()) } else { Ok(false) };
                };
                let line: Vec<u8> = self.pending.drain(..end + 2).take(end).collect();
                if self.last_chunk {
                    if line.is_empty() {
                        return Ok(true);
                    }
                    continue;
                }
                let size = chunk_size(&line)?;
                if size == 0 {
                    self.last_chunk = true;
                } else {
                    self.chunk = Some(size);
                }
            }
            if self.body.len() > BODY_MAX {
                return Err(());
            }
        }
    }
}

fn chunk_size(line: &[u8]) -> Result<usize, ()> {
    let digits = line.split(|b| *b == b';').next().unwrap_or_default();
    let text = std::str::from_utf8(digits).map_err(|_| ())?.trim();
    let size = usize::from_str_radix(text, 16).map_err(|_| ())?;
    if size > BODY_MAX || text.starts_with('+') { Err(()) } else { Ok(size) }
}

fn body_kind(status: u16, headers: &[httparse::Header<'_>]) -> Result<Body, ()> {
    if matches!(status, 100..=199 | 204 | 304) {
        return Ok(Body::Sized(0));
    }
    let named = |name: &'static str| {
        headers.iter().filter(move |h| h.name.eq_ignore_ascii_case(name)).map(|h| h.value.trim_ascii())
    };
    if named("Transfer-Encoding").any(|value| value.to_ascii_lowercase().ends_with(b"chunked")) {
        return Ok(Body::Chunked);
    }
    let mut length = None;
    for value in named("Content-Length") {
        let text = std::str::from_utf8(value).map_err(|_| ())?;
        let here: usize = text.parse().map_err(|_| ())?;
        if here > BODY_MAX || length.is_some_and(|before| before != here) {
            return Err(());
        }
        length = Some(here);
    }
    Ok(length.map_or(Body::UntilClosed, Body::Sized))
}

/// An `http://` URL taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Target {
    pub(crate) host: String,
    pub(crate) port: u16,
    /// With its leading slash.
    pub(crate) path: String,
}

impl Target {
    /// Reads a URL; the scheme may be missing, as in the manual's own example. `None` when no host can be made out.
    pub(crate) fn read(url: &str) -> Option<Self> {
        let head = url.get(..7).unwrap_or_default();
        let rest = if head.eq_ignore_ascii_case("http://") { &url[7..] } else { url };
        let cut = rest.find(['/', '?']).unwrap_or(rest.len());
        let (authority, path) = rest.split_at(cut);
        let (host, port) = match authority.rsplit_once(':') {
            Some((host, port)) => (host, port.parse().ok().filter(|port| *port > 0)?),
            None => (authority, 80),
        };
        let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_');
        if host.is_empty() || !host.bytes().all(plain) || path.bytes().any(|b| b <= b' ' || b > 126) {
            return None;
        }
        let path = if path.starts_with('/') { path.into() } else { format!("/{path}") };
        Some(Self { host: host.into(), port, path })
    }

    fn authority(&self) -> String {
        if self.port == 80 { self.host.clone() } else { format!("{}:{}", self.host, self.port) }
    }

    /// The head of the POST: origin form to the message centre itself, absolute form to a proxy.
    pub(crate) fn head(&self, absolute: bool, agent: &str, length: usize) -> String {
        let authority = self.authority();
        let target = if absolute { format!("http://{authority}{}", self.path) } else { self.path.clone() };
        format!(
            "POST {target} HTTP/1.1\r\n\
             Host: {authority}\r\n\
             User-Agent: {agent}\r\n\
             Accept: */*, application/vnd.wap.mms-message\r\n\
             Content-Type: application/vnd.wap.mms-message\r\n\
             Content-Length: {length}\r\n\
             Connection: close\r\n\r\n"
        )
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn read(bytes: &[u8], piece: usize) -> Progress {
        let mut reader = AnswerReader::default();
        for chunk in bytes.chunks(piece) {
            match reader.take(chunk) {
                Progress::More => {}
                other => return other,
            }
        }
        reader.closed()
    }

    #[rstest]
    #[case("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi", Some((200, "hi")))]
    #[case("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 404 No\r\ncontent-length: 0\r\n\r\n", Some((404, "")))]
    #[case("HTTP/1.0 200 OK\r\n\r\nto the end", Some((200, "to the end")))]
    #[case("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n1;x=y\r\n!\r\n0\r\nT: 1\r\n\r\n", Some((200, "hi!")))]
    #[case("HTTP/1.1 204 No Content\r\n\r\n", Some((204, "")))]
    #[case("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhi", None)]
    #[case("HTTP/1.1 200", None)]
    fn answers(#[case] bytes: &str, #[case] expected: Option<(u16, &str)>) {
        for piece in [1, 3, bytes.len()] {
            let expected = expected.map_or(Progress::More, |(status, body)| {
                Progress::Done(Answer { status, body: body.as_bytes().to_vec() })
            });
            assert_eq!(read(bytes.as_bytes(), piece), expected, "in pieces of {piece}");
        }
    }

    #[rstest]
    #[case("garbage\r\n\r\n")]
    #[case("HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n")]
    #[case("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab")]
    #[case("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n")]
    #[case("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhiXX")]
    fn no_answers(#[case] bytes: &str) {
        assert_eq!(read(bytes.as_bytes(), 1), Progress::Wrong);
    }

    #[rstest]
    #[case("mmsc.myuni.com", Some(("mmsc.myuni.com", 80, "/")))]
    #[case("http://10.0.0.1:8080/a/b?c", Some(("10.0.0.1", 8080, "/a/b?c")))]
    #[case("HTTP://x?y", Some(("x", 80, "/?y")))]
    #[case("http://", None)]
    #[case("ftp://x/", None)]
    #[case("x:0", None)]
    #[case("x y", None)]
    fn urls(#[case] url: &str, #[case] expected: Option<(&str, u16, &str)>) {
        let expected =
            expected.map(|(host, port, path)| Target { host: host.into(), port, path: path.into() });
        assert_eq!(Target::read(url), expected);
    }
}
