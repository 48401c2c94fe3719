//! The stand-in for a secret: of the same length and the same classes of characters, the same for the same secret under one key.
//!
//! It knows how to turn a value into its stand-in. It does not know which values are secrets.

use sha2::{Digest as _, Sha256};

/// What stand-ins are drawn with. Two runs with one key have the same stand-in for the same secret; without the key nobody can try
/// values against it.
#[derive(Clone)]
pub struct Key([u8; 32]);

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Key(…)")
    }
}

/// The block of SHA-256, which HMAC (RFC 2104) pads its key to.
const BLOCK: usize = 64;

impl Key {
    /// A key from 32 bytes, as drawn for one run.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// A key from words, as a bench file has them.
    pub fn from_words(words: &str) -> Self {
        Self(Sha256::digest(words.as_bytes()).into())
    }

    /// The key itself, for whoever must keep it until a run has ended.
    pub const fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    fn hmac(&self, message: &[&[u8]]) -> [u8; 32] {
        let pad = |with: u8| {
            let mut block = [with; BLOCK];
            block.iter_mut().zip(self.0).for_each(|(byte, key)| *byte ^= key);
            block
        };
        let mut inner = Sha256::new();
        inner.update(pad(0x36));
        for part in message {
            inner.update(part);
        }
        let mut outer = Sha256::new();
        outer.update(pad(0x5c));
        outer.update(inner.finalize());
        outer.finalize().into()
    }

    /// The stand-in for `value`: digits stay digits, hexadecimal letters such, other letters letters, all in their case; ASCII signs stay
    /// as they are, and characters beyond ASCII keep their number of bytes. It depends on the value without regard to case.
    pub fn stand_in(&self, value: &[u8]) -> Vec<u8> {
        let folded = value.to_ascii_lowercase();
        let mut drawn = folded.clone();
        // A draw that gives the value itself hides nothing.
        for round in 0..8_u8 {
            drawn = self.draw(&folded, round);
            if drawn != folded {
                break;
            }
        }
        drawn.iter().zip(value).map(|(&drawn, &was)| in_case_of(drawn, was)).collect()
    }

    fn draw(&self, value: &[u8], round: u8) -> Vec<u8> {
        let mut out = Vec::with_capacity(value.len());
        let mut dice = Dice { key: self, value, round, block: 0, left: Vec::new() };
        for chunk in value.utf8_chunks() {
            for c in chunk.valid().chars() {
                let mut buffer = [0; 4];
                out.extend_from_slice(other(c, dice.roll()).encode_utf8(&mut buffer).as_bytes());
            }
            out.extend(chunk.invalid().iter().map(|_| 0x80 | (dice.roll() & 0x7f) as u8));
        }
        out
    }
}

/// Another character of the same class and the same number of bytes.
fn other(c: char, roll: u32) -> char {
    let within = |first: char, many: u32| char::from_u32(u32::from(first) + roll % many).unwrap_or(first);
    match c {
        '0'..='9' => within('0', 10),
        'a'..='f' => within('a', 6),
        'g'..='z' => within('g', 20),
        c if c.is_ascii() => c,
        // Cyrillic letters, Chinese signs, animals.
        c => match c.len_utf8() {
            2 => within('а', 32),
            3 => within('一', 0x5000),
            _ => within('\u{1F400}', 64),
        },
    }
}

fn in_case_of(drawn: u8, was: u8) -> u8 {
    if was.is_ascii_uppercase() { drawn.to_ascii_uppercase() } else { drawn }
}

/// Numbers from the key and the value, as many as are asked for.
struct Dice<'a> {
    key: &'a Key,
    value: &'a [u8],
    round: u8,
    block: u32,
    left: Vec<u8>,
}

impl Dice<'_> {
    fn roll(&mut self) -> u32 {
        if self.left.len() < 4 {
            let block = self.block.to_be_bytes();
            self.left = self.key.hmac(&[&[self.round], &block, self.value]).to_vec();
            self.block += 1;
        }
        let rest = self.left.split_off(4);
        let number = std::mem::replace(&mut self.left, rest);
        number.iter().fold(0, |sum, &byte| sum << 8 | u32::from(byte))
    }
}

#[cfg(test)]
mod tests {
    use super::Key;

    /// Test case 2 of RFC 4231 has a key of four bytes; ours are padded with zeros, which HMAC does anyway.
    #[test]
    fn the_draw_is_hmac() {
        let mut key = [0; 32];
        key[..4].copy_from_slice(b"Jefe");
        let mac = Key::from_bytes(key).hmac(&[b"what do ya want ", b"for nothing?"]);
        assert_eq!(mac[..8], [0x5b, 0xdc, 0xc1, 0x46, 0xbf, 0x60, 0x75, 0x4e]);
    }

    #[test]
    fn length_and_classes_stay() {
        let key = Key::from_words("bench 3");
        for value in ["861234567890123", "Ab.Zz@example.com", "89860318760000F", "пароль-秘密", "p a\"ss"]
        {
            let stand_in = String::from_utf8(key.stand_in(value.as_bytes())).expect("UTF-8");
            assert_eq!(stand_in.len(), value.len());
            assert_ne!(stand_in, value);
            for (was, is) in value.chars().zip(stand_in.chars()) {
                let class =
                    |c: char| (c.is_ascii_digit(), c.is_uppercase(), c.is_ascii_hexdigit(), c.len_utf8());
                assert_eq!(class(was), class(is), "{value} {stand_in}");
                assert!(was.is_alphanumeric() || was == is);
            }
        }
    }

    #[test]
    fn equal_is_equal_under_one_key_only() {
        let (one, two) = (Key::from_words("one"), Key::from_words("two"));
        assert_eq!(one.stand_in(b"13900000001"), one.stand_in(b"13900000001"));
        assert_ne!(one.stand_in(b"13900000001"), one.stand_in(b"13900000002"));
        assert_ne!(one.stand_in(b"13900000001"), two.stand_in(b"13900000001"));
        assert_eq!(one.stand_in(b"Ann@x.org").to_ascii_lowercase(), one.stand_in(b"ann@x.org"));
    }
}
