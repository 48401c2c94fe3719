//! One part of a message to be written: content type, Content-ID, Content-Location, data.

use std::borrow::Cow;

use crate::charset::Charset;
use crate::error::{EncodeError, EncodeErrorKind};
use crate::field::{Field, PartField};
use crate::media::{media_type_of_file, well_known_number};
use crate::writer::{Writer, check_text, check_token};

/// One part of a message to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartBuilder<'a> {
    media: Cow<'a, str>,
    charset: Option<Charset>,
    name: Option<Cow<'a, str>>,
    content_id: Option<Cow<'a, str>>,
    content_location: Option<Cow<'a, str>>,
    data: Cow<'a, [u8]>,
}

impl<'a> PartBuilder<'a> {
    /// A part of this media type, without name.
    pub fn new(media: impl Into<Cow<'a, str>>, data: impl Into<Cow<'a, [u8]>>) -> Self {
        Self {
            media: media.into(),
            charset: None,
            name: None,
            content_id: None,
            content_location: None,
            data: data.into(),
        }
    }

    /// A part for a file: the media type follows from the name (see [`media_type_of_file`]).
    pub fn of_file(name: impl Into<Cow<'a, str>>, data: impl Into<Cow<'a, [u8]>>) -> Self {
        let name = name.into();
        Self::new(media_type_of_file(&name), data).name(name)
    }

    /// Sets the charset parameter. The data are not touched: they must be in that charset already.
    #[must_use]
    pub fn charset(mut self, charset: Charset) -> Self {
        self.charset = Some(charset);
        self
    }

    /// Sets the file name, as Name parameter and as Content-Location, where readers look for it.
    #[must_use]
    pub fn name(mut self, name: impl Into<Cow<'a, str>>) -> Self {
        let name = name.into();
        self.content_location = Some(name.clone());
        self.name = Some(name);
        self
    }

    /// Sets the Content-ID; angle brackets are put around it where they are missing.
    #[must_use]
    pub fn content_id(mut self, id: impl Into<Cow<'a, str>>) -> Self {
        self.content_id = Some(id.into());
        self
    }

    /// Sets the Content-Location to something else than the name.
    #[must_use]
    pub fn content_location(mut self, location: impl Into<Cow<'a, str>>) -> Self {
        self.content_location = Some(location.into());
        self
    }

    pub(crate) fn write(&self, index: usize, writer: &mut Writer) -> Result<(), EncodeError> {
        let mut headers = Writer::new();
        self.write_content_type(index, &mut headers)?;
        if let Some(id) = &self.content_id {
            check_token(Field::Part(index, PartField::ContentId), id)?;
            headers.raw(&[0xC0, b'"']);
            headers.raw(in_angles(id).as_bytes());
            headers.octet(0);
        }
        if let Some(location) = &self.content_location {
            check_text(Field::Part(index, PartField::ContentLocation), location.as_bytes())?;
            headers.octet(0x8E);
            headers.text_string(location.as_bytes());
        }
        writer.length(Field::Part(index, PartField::HeadersLength), headers.len())?;
        writer.length(Field::Part(index, PartField::DataLength), self.data.len())?;
        writer.raw(&headers.finish());
        writer.raw(&self.data);
        Ok(())
    }

    fn write_content_type(&self, index: usize, writer: &mut Writer) -> Result<(), EncodeError> {
        let field = Field::Part(index, PartField::ContentType);
        check_token(field, &self.media)?;
        if !self.media.contains('/') {
            let expected = "type and subtype";
            return Err(EncodeError { kind: EncodeErrorKind::Undefined, field, at: 0, expected });
        }
        let mut media = Writer::new();
        match well_known_number(&self.media) {
            Some(number) => media.octet(number | 0x80),
            None => media.text_string(self.media.as_bytes()),
        }
        let mut parameters = Writer::new();
        if let Some(charset) = self.charset {
            if charset.0 == 0 {
                let expected = "a charset other than 0 (any)";
                return Err(EncodeError { kind: EncodeErrorKind::Undefined, field, at: 0, expected });
            }
            parameters.octet(0x81);
            parameters.integer(u64::from(charset.0));
        }
        if let Some(name) = &self.name {
            check_text(Field::Part(index, PartField::Name), name.as_bytes())?;
            parameters.octet(0x85);
            parameters.text_string(name.as_bytes());
        }
        if parameters.len() == 0 {
            writer.raw(&media.finish());
            return Ok(());
        }
        media.raw(&parameters.finish());
        writer.counted(field, &media.finish())
    }
}

/// The id in angle brackets, whether it came in them or not.
pub(crate) fn in_angles(id: &str) -> String {
    let bare = id.strip_prefix('<').and_then(|id| id.strip_suffix('>')).unwrap_or(id);
    format!("<{bare}>")
}
