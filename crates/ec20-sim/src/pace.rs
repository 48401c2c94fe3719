//! Bytes at the speed of a UART: how many of those offered have arrived by now, and when the next one will.
//!
//! Knows that a byte takes ten bit times (start, eight data, stop). Refuses to know what the bytes are and where they
//! go.

/// Paces one direction of one line.
///
/// ```
/// use ec20_sim::pace::Pace;
///
/// let mut pace = Pace::new(9600);
/// pace.offer(0, 5);
/// assert_eq!(pace.take(1_000), 0);
/// assert_eq!(pace.ready_at(), Some(1_042));
/// assert_eq!(pace.take(3_125), 3);
/// assert_eq!(pace.take(60_000), 2);
/// ```
#[derive(Debug, Clone)]
pub struct Pace {
    byte_ns: u64,
    waiting: usize,
    next_ns: u64,
}

const BITS_PER_BYTE: u64 = 10;
const NS_PER_S: u64 = 1_000_000_000;
const NS_PER_US: u64 = 1_000;

impl Pace {
    /// A line of so many bits per second; 0 is taken for 1.
    pub fn new(baud: u32) -> Self {
        Self { byte_ns: BITS_PER_BYTE * NS_PER_S / u64::from(baud.max(1)), waiting: 0, next_ns: 0 }
    }

    /// So many more bytes are put on the line, at a time in microseconds.
    pub fn offer(&mut self, now_us: u64, count: usize) {
        if self.waiting == 0 {
            self.next_ns = now_us * NS_PER_US + self.byte_ns;
        }
        self.waiting += count;
    }

    /// How many bytes have arrived since the last call.
    pub fn take(&mut self, now_us: u64) -> usize {
        let Some(late) = (now_us * NS_PER_US).checked_sub(self.next_ns).filter(|_| self.waiting > 0) else {
            return 0;
        };
        let count =
            usize::try_from(late / self.byte_ns).unwrap_or(usize::MAX).saturating_add(1).min(self.waiting);
        self.waiting -= count;
        self.next_ns += self.byte_ns * u64::try_from(count).unwrap_or(0);
        count
    }

    /// When the next byte arrives, in microseconds.
    pub fn ready_at(&self) -> Option<u64> {
        (self.waiting > 0).then(|| self.next_ns.div_ceil(NS_PER_US))
    }
}
