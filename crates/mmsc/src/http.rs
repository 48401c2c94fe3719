//! HTTP/1 requests as far as an MMSC needs them: the head, and how the body is delimited.
//!
//! `httparse` reads the octets; this file judges them. Whatever it refuses it refuses with a code of the 4xx or 5xx
//! classes and a reason. Source: RFC 2616 (which the manual cites), RFC 9112 where that is stricter about framing.

mod body;

pub(crate) use body::{Body, Progress};

/// How many header fields a request may have.
const FIELDS_MAX: usize = 64;

/// The head of a request, as it was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// The method.
    pub method: String,
    /// The target, untouched: the whole URL when the client speaks to a proxy, a path otherwise.
    pub target: String,
    /// The minor version: 0 or 1.
    pub minor: u8,
    /// The header fields in order. Octets beyond ASCII are read as ISO-8859-1.
    pub fields: Vec<(String, String)>,
}

/// Why a request is not served.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) code: u16,
    pub(crate) why: String,
    /// Whether the answer is its head alone: the request was HEAD (RFC 2616 9.4).
    pub(crate) head_only: bool,
}

impl Refusal {
    pub(crate) fn new(code: u16, why: impl Into<String>) -> Self {
        Self { code, why: why.into(), head_only: false }
    }
}

impl Head {
    /// The head at the start of some octets and its length, or `None` while it is incomplete.
    pub(crate) fn read(octets: &[u8]) -> Result<Option<(Self, usize)>, Refusal> {
        let mut fields = [httparse::EMPTY_HEADER; FIELDS_MAX];
        let mut request = httparse::Request::new(&mut fields);
        let length = match request.parse(octets) {
            Ok(httparse::Status::Complete(length)) => length,
            Ok(httparse::Status::Partial) => return Ok(None),
            Err(httparse::Error::TooManyHeaders) => {
                return Err(Refusal::new(431, format!("more than {FIELDS_MAX} header fields")));
            }
            Err(httparse::Error::Version) => return Err(Refusal::new(505, "not HTTP/1.0 or HTTP/1.1")),
            Err(error) => return Err(Refusal::new(400, format!("not an HTTP request: {error}"))),
        };
        let fields = request.headers.iter().map(|field| {
            let value = field.value.iter().copied().map(char::from).collect();
            (field.name.to_owned(), value)
        });
        let head = Self {
            method: request.method.unwrap_or_default().to_owned(),
            target: request.path.unwrap_or_default().to_owned(),
            minor: request.version.unwrap_or_default(),
            fields: fields.collect(),
        };
        Ok(Some((head, length)))
    }

    /// The first value of a field, its name in upper or lower case.
    pub fn field(&self, name: &str) -> Option<&str> {
        self.fields(name).next()
    }

    fn fields(&self, name: &str) -> impl Iterator<Item = &str> {
        let named = self.fields.iter().filter(move |(known, _)| known.eq_ignore_ascii_case(name));
        named.map(|(_, value)| value.trim())
    }

    /// Whether a comma-separated field holds a word, as `Connection: close`.
    fn lists(&self, name: &str, word: &str) -> bool {
        self.fields(name)
            .flat_map(|value| value.split(','))
            .any(|item| item.trim().eq_ignore_ascii_case(word))
    }

    /// Whether the client may go on with the same connection.
    pub(crate) fn keeps_alive(&self) -> bool {
        let says = |word| self.lists("Connection", word) || self.lists("Proxy-Connection", word);
        !says("close") && (self.minor >= 1 || says("keep-alive"))
    }

    /// Whether the client waits for `100 Continue` before it sends the body.
    pub(crate) fn expects_continue(&self) -> bool {
        self.minor >= 1 && self.lists("Expect", "100-continue")
    }

    /// Whether the request is one this server serves, and how its body is delimited.
    pub(crate) fn body(&self, body_max: usize) -> Result<Body, Refusal> {
        if self.method != "POST" {
            let refusal = Refusal::new(405, format!("{}: only POST is served", self.method));
            return Err(Refusal { head_only: self.method == "HEAD", ..refusal });
        }
        if self.minor >= 1 && !self.target.contains("://") && self.field("Host").is_none() {
            return Err(Refusal::new(400, "no Host"));
        }
        let mut codings = self.fields("Transfer-Encoding").flat_map(|value| value.split(',')).map(str::trim);
        let lengths: Vec<&str> = self.fields("Content-Length").collect();
        match (codings.next(), codings.next(), lengths.as_slice()) {
            (None, _, []) => Err(Refusal::new(411, "neither Content-Length nor chunks")),
            (None, _, [first, others @ ..]) => {
                if others.iter().any(|other| other != first) {
                    return Err(Refusal::new(400, "Content-Length twice, with different values"));
                }
                let digits = !first.is_empty() && first.bytes().all(|octet| octet.is_ascii_digit());
                if !digits {
                    return Err(Refusal::new(400, "Content-Length is no number"));
                }
                match first.parse::<usize>() {
                    Ok(length) if length <= body_max => Ok(Body::sized(length)),
                    _ => Err(Refusal::new(413, format!("a body of more than {body_max} octets"))),
                }
            }
            (Some(_), _, [_, ..]) => Err(Refusal::new(400, "both Content-Length and Transfer-Encoding")),
            (Some(coding), None, []) if coding.eq_ignore_ascii_case("chunked") => Ok(Body::chunked()),
            (Some(_), ..) => Err(Refusal::new(501, "a Transfer-Encoding other than chunked")),
        }
    }
}

/// The reason phrase of a code.
pub(crate) fn reason(code: u16) -> &'static str {
    match code {
        200 => "OK",
        302 => "Found",
        400 => "Bad Request",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        408 => "Request Timeout",
        409 => "Conflict",
        411 => "Length Required",
        413 => "Content Too Large",
        431 => "Request Header Fields Too Large",
        500 => "Internal Server Error",
        501 => "Not Implemented",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        505 => "HTTP Version Not Supported",
        other => match other / 100 {
            2 => "Success",
            3 => "Redirection",
            4 => "Client Error",
            _ => "Server Error",
        },
    }
}
