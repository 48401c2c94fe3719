//! Bytes as pest wants them and back. pest reads `&str`; AT is bytes. Each byte becomes the character of the same number
//! (U+0000 to U+00FF), and offsets into that text are mapped back to offsets into the bytes.

use std::borrow::Cow;

/// Bytes spelled as text, with the way back.
pub(crate) struct Spelled<'a> {
    text: Cow<'a, str>,
    /// Offsets, in the text, of the second halves: characters from U+0080 on take two bytes there. Empty for ASCII.
    second_halves: Vec<usize>,
}

impl<'a> Spelled<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        if bytes.is_ascii()
            && let Ok(text) = std::str::from_utf8(bytes)
        {
            return Self { text: Cow::Borrowed(text), second_halves: Vec::new() };
        }
        let mut text = String::with_capacity(bytes.len() * 2);
        let mut second_halves = Vec::new();
        for &byte in bytes {
            text.push(char::from(byte));
            if !byte.is_ascii() {
                second_halves.push(text.len() - 1);
            }
        }
        Self { text: Cow::Owned(text), second_halves }
    }

    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// The offset in the bytes for an offset in the text.
    pub(crate) fn offset(&self, in_text: usize) -> usize {
        in_text - self.second_halves.partition_point(|&half| half < in_text)
    }
}

#[cfg(test)]
mod tests {
    use super::Spelled;

    #[test]
    fn every_byte_keeps_its_place() {
        let bytes: Vec<u8> = (0..=255).chain(0..=255).collect();
        let spelled = Spelled::new(&bytes);
        let places: Vec<usize> = spelled.text().char_indices().map(|(at, _)| spelled.offset(at)).collect();
        assert_eq!(places, (0..512).collect::<Vec<_>>());
        assert_eq!(spelled.offset(spelled.text().len()), 512);
    }
}
