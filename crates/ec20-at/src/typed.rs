//! How a reading becomes a typed view and back: one macro, and the values that a field may have.
//!
//! Knows the Rust types of fields; the names and limits stand in [`forms`](crate::forms).

use crate::{Error, ErrorKind, Expected, Found, Reading, Span, parameter};

/// The sum that the module reports over a file: the exclusive or of its big-endian 16-bit words, an odd last byte
/// counting as the high one (FILE manual, QFUPL).
///
/// ```
/// use ec20_at::Checksum;
/// assert_eq!(Checksum::of(b"abc"), Checksum(0x0262));
/// assert_eq!(Checksum::of(&[b'x'; 100]).to_string(), "0");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Checksum(pub u16);

impl Checksum {
    /// The sum over `bytes`.
    pub fn of(bytes: &[u8]) -> Self {
        let (words, last) = bytes.as_chunks::<2>();
        let sum = words.iter().fold(0, |sum, word| sum ^ u16::from_be_bytes(*word));
        Self(last.iter().fold(sum, |sum, &byte| sum ^ u16::from_be_bytes([byte, 0])))
    }

    /// The sum over everything so far and one byte more, which is the high one of its word or the low one.
    #[must_use]
    pub(crate) const fn and(self, byte: u8, high: bool) -> Self {
        Self(self.0 ^ if high { u16::from_be_bytes([byte, 0]) } else { byte as u16 })
    }

    /// Reads lower- or upper-case hexadecimal digits.
    pub(crate) fn read(digits: &[u8]) -> Option<Self> {
        let mut value: u32 = 0;
        for &byte in digits {
            let digit = char::from(byte).to_digit(16)?;
            value = value.checked_mul(16)?.checked_add(digit)?;
        }
        if digits.is_empty() { None } else { u16::try_from(value).ok().map(Self) }
    }
}

impl core::fmt::Display for Checksum {
    /// As the module prints it: lower-case hexadecimal, without zeros in front.
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "{:x}", self.0)
    }
}

/// A value on its way into a command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Value<'a> {
    Absent,
    Number(u32),
    String(&'a [u8]),
}

/// A Rust type that a field can have.
pub(crate) trait Slot<'a>: Sized {
    fn take(reading: &Reading, name: &str, line: &'a [u8]) -> Result<Self, Error>;
    fn give(self) -> Value<'a>;
}

/// The span of a field that the form always has.
fn place(reading: &Reading, name: &str) -> Span {
    reading.field(name.strip_prefix("r#").unwrap_or(name)).unwrap_or_default()
}

impl<'a> Slot<'a> for u32 {
    fn take(reading: &Reading, name: &str, line: &'a [u8]) -> Result<Self, Error> {
        let span = place(reading, name);
        let expected = Expected::Integer { min: 0, max: u32::MAX };
        parameter::number(span.of(line)).ok_or(Error::new(ErrorKind::Overflow, span, expected, Found::Value))
    }

    fn give(self) -> Value<'a> {
        Value::Number(self)
    }
}

impl<'a> Slot<'a> for &'a [u8] {
    fn take(reading: &Reading, name: &str, line: &'a [u8]) -> Result<Self, Error> {
        Ok(place(reading, name).of(line))
    }

    fn give(self) -> Value<'a> {
        Value::String(self)
    }
}

impl<'a> Slot<'a> for Checksum {
    fn take(reading: &Reading, name: &str, line: &'a [u8]) -> Result<Self, Error> {
        let span = place(reading, name);
        let expected = Expected::Words("a sum of 16 bits");
        Self::read(span.of(line)).ok_or(Error::new(ErrorKind::Overflow, span, expected, Found::Value))
    }

    fn give(self) -> Value<'a> {
        Value::Number(u32::from(self.0))
    }
}

impl<'a, T: Slot<'a>> Slot<'a> for Option<T> {
    fn take(reading: &Reading, name: &str, line: &'a [u8]) -> Result<Self, Error> {
        if reading.field(name).is_none() { Ok(None) } else { T::take(reading, name, line).map(Some) }
    }

    fn give(self) -> Value<'a> {
        self.map_or(Value::Absent, Slot::give)
    }
}

/// Declares a typed view: a variant for each form, a field for each parameter that the form leaves open.
macro_rules! view {
    (
        $(#[$outer:meta])*
        $view:ident {
            $( $(#[$inner:meta])* $variant:ident = $form:literal $({ $($field:ident: $kind:ty),* $(,)? })?; )*
        }
    ) => {
        $(#[$outer])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[non_exhaustive]
        pub enum $view<'a> {
            $(
                $(#[$inner])*
                #[doc = concat!("(form `", $form, "`)")]
                $variant $({ $(
                    /// The manual's parameter of this name.
                    $field: $kind,
                )* })?,
            )*
        }

        impl<'a> $view<'a> {
            /// The name of the form, as [`Reading::name`] has it.
            pub const fn form(&self) -> &'static str {
                match self {
                    $( Self::$variant { .. } => $form, )*
                }
            }

            /// The typed view of a reading of `line`; `None` for a form of another kind of unit.
            ///
            /// # Errors
            /// [`ErrorKind::Overflow`](crate::ErrorKind::Overflow) for a number that the tolerant reading let pass and
            /// that no 32 bits hold.
            pub fn from_reading(
                reading: &Reading,
                line: &'a [u8],
            ) -> Result<Option<Self>, Error> {
                Ok(Some(match reading.name() {
                    $( $form => Self::$variant $({
                        $( $field: Slot::take(reading, stringify!($field), line)?, )*
                    })?, )*
                    _ => return Ok(None),
                }))
            }

            #[allow(dead_code, reason = "only commands are built; the view of an answer needs no way back")]
            pub(crate) fn value(&self, name: &str) -> Value<'a> {
                match *self {
                    $( Self::$variant $({ $($field),* })? => {
                        $( $( if name == stringify!($field) { return Slot::give($field); } )* )?
                        Value::Absent
                    } )*
                }
            }
        }
    };
}

pub(crate) use view;
