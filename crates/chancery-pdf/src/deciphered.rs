//! What strings and streams of an enciphered file say (ISO 32000-2:2020, 7.6.2).

use std::borrow::Cow;
use std::sync::Arc;

use crate::cipher::ObjectKey;
use crate::encryption::{Cipher, Opened};
use crate::error::PdfError;
use crate::object::{Dictionary, Object, ObjectId, PdfString, Stream, StringForm};
use crate::reader::Pdf;

/// What deciphering one string costs beside its length, in bytes parsed.
const STRING_COST: usize = 64;

impl<'a> Pdf<'a> {
    /// Deciphers the strings of an object that was read from the file itself, and notes whose key
    /// the bytes of a stream need. Members of object streams come deciphered with their stream.
    pub(crate) fn decipher(
        &self,
        id: ObjectId,
        offset: u64,
        object: &mut Object,
    ) -> Result<(), PdfError> {
        let Some(cipher) = self.cipher() else {
            return Ok(());
        };
        if let Object::Stream(stream) = object {
            // 7.5.8.2: a cross-reference stream is a trailer.
            if is_table(stream) && self.sections().any(|one| one.offset == offset) {
                return Ok(());
            }
            stream.key_of = Some(id);
        }
        let pretends = matches!(object, Object::Stream(stream) if is_table(stream));
        let opened = match cipher.as_ref() {
            Cipher::Open(opened) if opened.own == Some(id.number) => return Ok(()),
            Cipher::Open(opened) if !pretends => Some(opened),
            Cipher::Open(_) => None,
            Cipher::Unopened(_) => None,
        };
        let mut strings = Strings {
            opened,
            id,
            key: None,
            cost: 0,
        };
        strings.decipher(object);
        self.spend_parsing(strings.cost)
    }

    /// The bytes of a stream as they were before they were enciphered: the raw ones, if they were
    /// not. A `/Crypt` filter has done its work then, and others are left as they are. Some viewers
    /// do not heed it, so that [`Pdf::stream_bytes`] decodes no stream that has one.
    ///
    /// # Errors
    ///
    /// As [`Pdf::stream_raw`]; [`PdfError::Encrypted`] where the key cannot be had, and
    /// [`PdfError::Damaged`] for bytes that it does not fit.
    pub fn stream_plain(&self, stream: &Stream) -> Result<Cow<'a, [u8]>, PdfError> {
        let raw = self.stream_raw(stream)?;
        let (Some(id), Some(cipher)) = (stream.key_of, self.cipher()) else {
            return Ok(Cow::Borrowed(raw));
        };
        let Cipher::Open(opened) = cipher.as_ref() else {
            return Err(PdfError::Encrypted);
        };
        let left = self.decoded_left.get();
        let left = left
            .checked_sub(raw.len() as u64)
            .ok_or(PdfError::LimitExceeded {
                limit: "decoded_bytes_max",
                max: self.limits.decoded_bytes_max,
            })?;
        self.decoded_left.set(left);
        let key = opened.stream_key(id, stream);
        let key = key.filter(|_| !is_table(stream));
        let plain = key.and_then(|key| key.decipher(raw));
        plain.map(Cow::Owned).ok_or(PdfError::Damaged {
            what: "an enciphered stream",
            offset: stream.start,
        })
    }
}

/// Whether a stream says that it is one of cross-references. Readers take its word for it, or look
/// whether it is: what one says that is none is deciphered by some.
fn is_table(stream: &Stream) -> bool {
    stream.dictionary.is_name(b"Type", b"XRef")
}

/// The strings of one object on their way to be deciphered.
struct Strings<'o> {
    /// Nothing, if the key cannot be had: then they stay as they are, and are known for it.
    opened: Option<&'o Opened>,
    id: ObjectId,
    key: Option<ObjectKey>,
    cost: usize,
}

impl Strings<'_> {
    /// Objects nest no deeper than the parser allowed.
    fn decipher(&mut self, object: &mut Object) {
        match object {
            Object::String(string) => self.decipher_string(string),
            Object::Array(array) => {
                // Just parsed: nobody shares it yet.
                for element in Arc::make_mut(array) {
                    self.decipher(element);
                }
            }
            Object::Dictionary(dictionary) => self.decipher_dictionary(dictionary),
            Object::Stream(stream) => self.decipher_dictionary(&mut stream.dictionary),
            _ => {}
        }
    }

    fn decipher_dictionary(&mut self, dictionary: &mut Dictionary) {
        // 7.6.2: the value of a signature stands outside of what it covers, and in the clear.
        let signature = dictionary.get(b"ByteRange").is_some();
        for entry in dictionary.entries_mut() {
            if !(signature && entry.key == b"Contents") {
                self.decipher(&mut entry.value);
            }
        }
    }

    fn decipher_string(&mut self, string: &mut PdfString) {
        let Some(opened) = self.opened else {
            string.enciphered = true;
            return;
        };
        let key = self.key.get_or_insert_with(|| opened.string_key(self.id));
        let cost = string.bytes.len().saturating_add(STRING_COST);
        self.cost = self.cost.saturating_add(cost);
        // What was folded is to some readers other bytes, and other text.
        let whole = string.form != StringForm::Folded;
        match key.decipher(&string.bytes).filter(|_| whole) {
            Some(plain) => string.bytes = plain,
            None => string.enciphered = true,
        }
    }
}
