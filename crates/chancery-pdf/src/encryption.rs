//! How a file is enciphered, and whether it opens without a password (ISO 32000-2:2020, 7.6).
//!
//! Only the standard handler with the empty user password: that is how every viewer opens a file
//! that asks its reader for nothing. We decipher and never encipher. The bytes and offsets of the
//! file stay what they are; only what strings and streams *say* is deciphered.

use std::sync::Arc;

use crate::cipher::{Method, ObjectKey};
use crate::cipher_key::KeySource;
use crate::lexer::Parser;
use crate::object::{Dictionary, Object, ObjectId, Stream};
use crate::reader::Pdf;
use crate::xref::{Section, XrefEntry};

/// Why what an enciphered file says cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unopened {
    /// It opens with a password only.
    Password,
    /// Its handler is another than the standard one, or of a version that is not known here:
    /// certificates of recipients, the rights management of a company.
    Handler,
    /// What it says about its encryption is incomplete, or says two things.
    Unclear,
}

impl Unopened {
    /// A stable word: `password`, `handler`, `unclear`.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::Handler => "handler",
            Self::Unclear => "unclear",
        }
    }
}

/// The way into an enciphered file.
#[derive(Debug)]
pub(crate) enum Cipher {
    Open(Opened),
    Unopened(Unopened),
}

/// An enciphered file whose key is known.
#[derive(Debug)]
pub(crate) struct Opened {
    key: Vec<u8>,
    strings: Method,
    streams: Method,
    embedded: Method,
    /// Further filters by name, for streams that choose one.
    named: Vec<(Vec<u8>, Method)>,
    /// Whether streams of metadata are enciphered.
    metadata: bool,
    /// The object that says all this, which is not enciphered itself.
    pub own: Option<u32>,
}

impl Opened {
    /// The key for the strings of an object.
    pub(crate) fn string_key(&self, id: ObjectId) -> ObjectKey {
        ObjectKey::new(&self.key, self.strings, id)
    }

    /// The key for the bytes of a stream; nothing if it is not clear which one it is.
    pub(crate) fn stream_key(&self, id: ObjectId, stream: &Stream) -> Option<ObjectKey> {
        let method = self.method_of(&stream.dictionary)?;
        Some(ObjectKey::new(&self.key, method, id))
    }

    /// Whether readers decipher a stream of this `/Type` each in its own way where it is drawn:
    /// some go by it, as 7.6 says, and others by its place.
    pub(crate) fn is_told_apart(&self, kind: &[u8]) -> bool {
        match kind {
            b"Metadata" => !self.metadata && self.streams != Method::Identity,
            b"EmbeddedFile" => self.embedded != self.streams,
            b"XRef" => self.streams != Method::Identity,
            _ => false,
        }
    }

    /// Whether these are bytes that streams of this object may have.
    pub(crate) fn fits(&self, id: ObjectId, raw: &[u8]) -> bool {
        ObjectKey::new(&self.key, self.streams, id).fits(raw)
    }

    fn method_of(&self, dictionary: &Dictionary) -> Option<Method> {
        let mut filters = match dictionary.get(b"Filter") {
            None | Some(Object::Null) => &[][..],
            Some(Object::Array(filters)) => filters.as_slice(),
            Some(name @ Object::Name(_)) => std::slice::from_ref(name),
            Some(_) => return None,
        };
        let own = filters.first().and_then(Object::as_name) == Some(b"Crypt");
        if own {
            filters = filters.get(1..).unwrap_or(&[]);
        }
        // 7.4.10: it comes first, and once.
        if filters.iter().any(|one| !is_plain_filter(one)) {
            return None;
        }
        if own {
            return self.chosen(dictionary);
        }
        let kind = dictionary.get(b"Type").and_then(Object::as_name);
        Some(match kind {
            Some(b"Metadata") if !self.metadata => Method::Identity,
            Some(b"EmbeddedFile") => self.embedded,
            _ => self.streams,
        })
    }

    /// What the `/Crypt` filter of a stream names (7.4.10, table 14).
    fn chosen(&self, dictionary: &Dictionary) -> Option<Method> {
        let parameters = match dictionary.get(b"DecodeParms") {
            Some(Object::Array(each)) => each.first(),
            one => one,
        };
        let name = match parameters {
            None | Some(Object::Null) => b"Identity".as_slice(),
            Some(Object::Dictionary(one)) => match one.get(b"Name") {
                None => b"Identity",
                Some(name) => name.as_name()?,
            },
            Some(_) => return None,
        };
        method_named(&self.named, name)
    }
}

fn is_plain_filter(filter: &Object) -> bool {
    filter.as_name().is_some_and(|name| name != b"Crypt")
}

fn method_named(named: &[(Vec<u8>, Method)], name: &[u8]) -> Option<Method> {
    if name == b"Identity" {
        return Some(Method::Identity);
    }
    let found = named.iter().find(|(known, _)| known == name);
    found.map(|(_, method)| *method)
}

impl<'a> Pdf<'a> {
    /// Why what this enciphered file says cannot be read; nothing for a file that is not
    /// enciphered, and for one that opens without a password.
    #[must_use]
    pub fn unopened(&self) -> Option<Unopened> {
        match self.cipher().map(AsRef::as_ref) {
            Some(Cipher::Unopened(why)) => Some(*why),
            _ => None,
        }
    }

    /// The way into the file, if it is enciphered. The key is made once.
    pub(crate) fn cipher(&self) -> Option<&Arc<Cipher>> {
        let cipher = self.cipher.get_or_init(|| {
            self.is_encrypted().then(|| {
                let opened = self.encryption().and_then(|said| self.open_with(&said));
                Arc::new(opened.map_or_else(Cipher::Unopened, Cipher::Open))
            })
        });
        cipher.as_ref()
    }

    /// Takes over the key of the file that this one is a beginning of, where both say the same.
    pub(crate) fn share_cipher(&self, whole: &Pdf<'a>) {
        let same = says_same(self.trailer.get(b"Encrypt"), whole.trailer.get(b"Encrypt"))
            && says_same(self.first_half(), whole.first_half())
            && self.encryption_entry() == whole.encryption_entry();
        if !same {
            return;
        }
        if let Some(cipher) = whole.cipher()
            && matches!(cipher.as_ref(), Cipher::Open(_))
        {
            // One that is there already was made of the same.
            let _ = self.cipher.set(Some(Arc::clone(cipher)));
        }
    }

    /// Whether a later section leaves the way into the file as it is.
    pub(crate) fn keeps_cipher(&self, section: &Section, trailer: &Dictionary) -> bool {
        let Some(_) = self.cipher() else {
            return !section.is_encrypted;
        };
        let own = self.trailer.get(b"Encrypt").and_then(Object::as_reference);
        let rewritten = own.is_some_and(|id| section.entries.numbers().contains(&id.number));
        let half = trailer.get(b"ID").and_then(|id| id.as_array()?.first());
        !rewritten
            && says_same(self.trailer.get(b"Encrypt"), trailer.get(b"Encrypt"))
            && says_same(self.first_half(), half)
    }

    fn encryption_entry(&self) -> Option<XrefEntry> {
        let id = self
            .trailer
            .get(b"Encrypt")
            .and_then(Object::as_reference)?;
        self.entry(id.number)
    }

    /// The half of the identifier that stays (14.4).
    fn first_half(&self) -> Option<&Object> {
        self.trailer.get(b"ID")?.as_array()?.first()
    }

    /// The encryption dictionary that the newest trailer leads to, if every other trailer that
    /// names one names it too.
    pub(crate) fn encryption(&self) -> Result<Dictionary, Unopened> {
        let newest = self.trailer.get(b"Encrypt");
        for section in self.sections.iter().filter(|one| one.is_encrypted) {
            let trailer = section.read_trailer(self.bytes, &self.limits);
            let trailer = trailer.map_err(|_| Unopened::Unclear)?;
            if !says_same(newest, trailer.get(b"Encrypt")) {
                return Err(Unopened::Unclear);
            }
        }
        let dictionary = match newest {
            Some(Object::Dictionary(dictionary)) => dictionary.clone(),
            Some(Object::Reference(id)) => self.plain_dictionary(*id).ok_or(Unopened::Unclear)?,
            _ => return Err(Unopened::Unclear),
        };
        match is_self_contained(&Object::Dictionary(dictionary.clone())) {
            true => Ok(dictionary),
            false => Err(Unopened::Unclear),
        }
    }

    /// An object of the file itself, read without a key.
    fn plain_dictionary(&self, id: ObjectId) -> Option<Dictionary> {
        let Some(XrefEntry::InFile { offset, generation }) = self.entry(id.number) else {
            return None;
        };
        let start = usize::try_from(offset).ok()?;
        let (depth, values) = (self.limits.depth_max, self.limits.values_max);
        let mut parser = Parser::new(self.bytes, start, depth, values);
        let found = parser.object_header()?;
        if found != id || generation != id.generation {
            return None;
        }
        parser.dictionary().ok()
    }

    fn open_with(&self, said: &Dictionary) -> Result<Opened, Unopened> {
        let source = self.key_source(said)?;
        let filters = match source.revision {
            2 | 3 => Filters::single(),
            revision => Filters::read(said, revision)?,
        };
        let own = self.trailer.get(b"Encrypt").and_then(Object::as_reference);
        Ok(Opened {
            key: source.open().ok_or(Unopened::Password)?,
            strings: filters.strings,
            streams: filters.streams,
            embedded: filters.embedded,
            named: filters.named,
            metadata: source.metadata,
            own: own.map(|id| id.number),
        })
    }

    /// What the key of the file is made from.
    pub(crate) fn key_source(&self, said: &Dictionary) -> Result<KeySource, Unopened> {
        if !said.is_name(b"Filter", b"Standard") {
            return Err(Unopened::Handler);
        }
        let number = |key: &[u8]| said.get(key).and_then(Object::as_integer);
        let text = |key: &[u8], least: usize| {
            let text = said.get(key).and_then(Object::as_string);
            let text = text.filter(|text| text.len() >= least).map(<[u8]>::to_vec);
            text.ok_or(Unopened::Unclear)
        };
        let revision = match (number(b"V"), number(b"R")) {
            (Some(1 | 2), Some(revision @ (2 | 3)))
            | (Some(4), Some(revision @ 4))
            | (Some(5), Some(revision @ (5 | 6))) => u8::try_from(revision).ok(),
            (None, _) | (_, None) => None,
            _ => return Err(Unopened::Handler),
        };
        let revision = revision.ok_or(Unopened::Unclear)?;
        let newest = revision >= 5;
        let permissions = number(b"P").ok_or(Unopened::Unclear)?;
        let permissions = u32::try_from(permissions)
            .or_else(|_| i32::try_from(permissions).map(i32::cast_unsigned));
        let identifier = match self.first_half() {
            None => Vec::new(),
            Some(half) => half.as_string().ok_or(Unopened::Unclear)?.to_vec(),
        };
        let metadata = match said.get(b"EncryptMetadata") {
            None => true,
            Some(Object::Boolean(whether)) => *whether,
            Some(_) => return Err(Unopened::Unclear),
        };
        Ok(KeySource {
            revision,
            key_len: key_len(revision, number(b"Length")).ok_or(Unopened::Unclear)?,
            owner: text(b"O", 32)?,
            proof: text(b"U", if newest { 48 } else { 32 })?,
            wrapped: match newest {
                true => text(b"UE", 32)?,
                false => Vec::new(),
            },
            owner_wrapped: text(b"OE", 32).unwrap_or_default(),
            sealed: text(b"Perms", 16).unwrap_or_default(),
            permissions: permissions.map_err(|_| Unopened::Unclear)?,
            identifier,
            metadata,
        })
    }
}

/// The length of the key in bytes. From version 4 on the filters say it, and all say the same.
fn key_len(revision: u8, bits: Option<i64>) -> Option<usize> {
    match revision {
        2 => Some(5),
        3 => {
            let bits = usize::try_from(bits.unwrap_or(40)).ok()?;
            let sound = bits.is_multiple_of(8) && (40..=128).contains(&bits);
            sound.then_some(bits / 8)
        }
        4 => Some(16),
        _ => Some(32),
    }
}

/// The crypt filters of a file (7.6.6).
struct Filters {
    strings: Method,
    streams: Method,
    embedded: Method,
    named: Vec<(Vec<u8>, Method)>,
}

impl Filters {
    /// Those of a file that has no choice.
    fn single() -> Self {
        Self {
            strings: Method::Rc4,
            streams: Method::Rc4,
            embedded: Method::Rc4,
            named: Vec::new(),
        }
    }

    fn read(said: &Dictionary, revision: u8) -> Result<Self, Unopened> {
        let (mut named, mut strange) = (Vec::new(), Vec::new());
        let filters = match said.get(b"CF") {
            None => &[][..],
            Some(Object::Dictionary(filters)) => filters.entries(),
            Some(_) => return Err(Unopened::Unclear),
        };
        for entry in filters {
            let filter = entry.value.as_dictionary().ok_or(Unopened::Unclear)?;
            let method = filter.get(b"CFM").and_then(Object::as_name);
            let method = match (method, revision) {
                (Some(b"V2"), 4) => Method::Rc4,
                (Some(b"AESV2"), 4) => Method::AesV2,
                (Some(b"AESV3"), 5 | 6) => Method::AesV3,
                // `/None`, and what is not known: nobody but its author deciphers it. What names
                // another filter opens all the same.
                _ => {
                    strange.push(entry.key.as_slice());
                    continue;
                }
            };
            // 7.6.6: the name of the filter that does nothing cannot be given to another.
            if entry.key == b"Identity" {
                return Err(Unopened::Unclear);
            }
            named.push((entry.key.clone(), method));
        }
        let chosen = |key: &[u8], usual: Method| match said.get(key) {
            None => Ok(usual),
            Some(Object::Name(name)) if strange.contains(&name.as_slice()) => {
                Err(Unopened::Handler)
            }
            Some(Object::Name(name)) => method_named(&named, name).ok_or(Unopened::Unclear),
            Some(_) => Err(Unopened::Unclear),
        };
        let streams = chosen(b"StmF", Method::Identity)?;
        let strings = chosen(b"StrF", Method::Identity)?;
        let embedded = chosen(b"EFF", streams)?;
        Ok(Self {
            strings,
            streams,
            embedded,
            named,
        })
    }
}

/// Whether nothing within refers elsewhere, and no key stands twice: everybody reads the same.
fn is_self_contained(object: &Object) -> bool {
    let mut waiting = vec![object];
    while let Some(object) = waiting.pop() {
        match object {
            Object::Reference(_) | Object::Stream(_) => return false,
            Object::Array(array) => waiting.extend(array.iter()),
            Object::Dictionary(dictionary) if dictionary.has_duplicate_keys() => return false,
            Object::Dictionary(dictionary) => {
                waiting.extend(dictionary.entries().iter().map(|entry| &entry.value));
            }
            _ => {}
        }
    }
    true
}

/// Whether two values say the same, wherever they stand; in doubt not.
fn says_same(one: Option<&Object>, other: Option<&Object>) -> bool {
    match (one, other) {
        (Some(Object::Dictionary(one)), Some(Object::Dictionary(other))) => {
            let (one, other) = (one.entries(), other.entries());
            one.len() == other.len()
                && one.iter().zip(other).all(|(one, other)| {
                    one.key == other.key && says_same(Some(&one.value), Some(&other.value))
                })
        }
        (Some(Object::Array(one)), Some(Object::Array(other))) => {
            one.len() == other.len()
                && one
                    .iter()
                    .zip(other.iter())
                    .all(|(one, other)| says_same(Some(one), Some(other)))
        }
        (Some(Object::String(one)), Some(Object::String(other))) => one.bytes == other.bytes,
        (one, other) => one == other,
    }
}
