//! The manual's limits: for each the number that must be accepted, and the number that must be refused.
//!
//! What lies between the two is for hardware to answer; readings and builder let it pass.

/// One limit with its two numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    /// Up to and including this the module must accept.
    pub accept: u32,
    /// From this on the module must refuse, and so do the canonical reading and the builder.
    pub refuse: u32,
}

impl Limit {
    const fn new(accept: u32, refuse: u32) -> Self {
        Self { accept, refuse }
    }

    /// The largest value that the canonical reading lets pass.
    pub const fn largest(self) -> u32 {
        self.refuse.saturating_sub(1)
    }

    const fn max_len(self) -> usize {
        self.largest() as usize
    }
}

/// All limits of length and number that the MMS manual states.
///
/// ```
/// use ec20_at::Limits;
/// let url = Limits::MANUAL.url_bytes;
/// assert_eq!((url.accept, url.refuse), (100, 101));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of `<URL>` (2.1).
    pub url_bytes: Limit,
    /// Bytes of `<gateway>` (2.1). No IPv4 address is longer than 15 bytes, and the manual allows 50.
    pub gateway_bytes: Limit,
    /// Bytes of an address (2.2).
    pub address_bytes: Limit,
    /// Bytes of a title in ASCII (2.2).
    pub title_bytes: Limit,
    /// Digits of a title in hexadecimal: 200 digits at least, 200 bytes at most (2.2).
    pub title_hex_digits: Limit,
    /// Bytes of a file name, with or without its prefix `RAM:` (2.2).
    pub filename_bytes: Limit,
    /// Addresses in each of the three lists (2.2).
    pub list_addresses: Limit,
    /// Attachments (2.2).
    pub attachments: Limit,
}

impl Limits {
    /// The limits as the manual has them.
    pub const MANUAL: Self = Self {
        url_bytes: Limit::new(100, 101),
        gateway_bytes: Limit::new(15, 51),
        address_bytes: Limit::new(50, 51),
        title_bytes: Limit::new(200, 201),
        title_hex_digits: Limit::new(200, 402),
        filename_bytes: Limit::new(80, 85),
        list_addresses: Limit::new(6, 7),
        attachments: Limit::new(12, 13),
    };
}

pub(crate) const URL: usize = Limits::MANUAL.url_bytes.max_len();
pub(crate) const GATEWAY: usize = Limits::MANUAL.gateway_bytes.max_len();
pub(crate) const ADDRESS: usize = Limits::MANUAL.address_bytes.max_len();
pub(crate) const TITLE: usize = Limits::MANUAL.title_bytes.max_len();
pub(crate) const TITLE_HEX: usize = Limits::MANUAL.title_hex_digits.max_len();
pub(crate) const FILENAME: usize = Limits::MANUAL.filename_bytes.max_len();
/// APN user name and password ([TCPIP manual], QICSGP).
pub(crate) const CREDENTIAL: usize = 127;
/// A string that no manual limits.
pub(crate) const ANY: usize = usize::MAX;
