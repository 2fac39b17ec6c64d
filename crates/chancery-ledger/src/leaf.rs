//! The canonical bytes of an audit event: an ordered list of named texts.
//!
//! ```text
//! offset  length  content
//! 0       7       ASCII "CHLEAF" and one zero byte
//! 7       1       version of this encoding: 0x01
//! 8       8       number of fields, unsigned, most significant byte first
//! 16      …       the fields, in the order they were given; each is
//!           8       length of the name in bytes, unsigned, most significant byte first
//!           n       the name, UTF-8, as given (no normalisation)
//!           8       length of the value in bytes, unsigned, most significant byte first
//!           v       the value, UTF-8, as given; an absent value is written as the empty text
//! ```
//!
//! Nothing follows the last field. Every length stands before what it measures and the number of
//! fields before them all, so no two lists of fields have the same bytes, whatever they contain:
//! no separator exists that a value could imitate. A change of this table is a new version number,
//! and old leaves keep their bytes and their hash.

use std::fmt;

/// The version of the encoding that [`Leaf::new`] writes.
pub const LEAF_VERSION: u8 = 1;

const MAGIC: &[u8; 7] = b"CHLEAF\0";
const LENGTH_BYTES: usize = 8;

/// One audit event as it is hashed.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Leaf {
    bytes: Vec<u8>,
}

/// Why bytes are not a leaf.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LeafError {
    /// The bytes do not begin as a leaf does.
    #[error("these bytes do not begin with the mark of a leaf")]
    NotALeaf,
    /// A version that this program does not know.
    #[error("leaf version {version} is not known here")]
    UnknownVersion {
        /// The version that the bytes name.
        version: u8,
    },
    /// A length reaches beyond the end.
    #[error("the leaf ends in the middle of a field, at byte {at}")]
    Truncated {
        /// Offset of what could not be read, in bytes.
        at: usize,
    },
    /// Bytes follow the last field.
    #[error("{count} bytes follow the last field")]
    TrailingBytes {
        /// How many.
        count: usize,
    },
    /// A name or value is not UTF-8.
    #[error("the text at byte {at} is not UTF-8")]
    NotText {
        /// Offset of the text, in bytes.
        at: usize,
    },
}

impl Leaf {
    /// Encodes `fields`, each `(name, value)`, in the order given.
    ///
    /// Order and names belong to what is hashed: the caller fixes both for each kind of event, and
    /// writes an absent value as `""`.
    #[must_use]
    pub fn new<const N: usize>(fields: [(&str, &str); N]) -> Self {
        let texts: usize = fields
            .iter()
            .map(|(name, value)| name.len() + value.len())
            .sum();
        let mut bytes = Vec::with_capacity(16 + N * 2 * LENGTH_BYTES + texts);
        bytes.extend_from_slice(MAGIC);
        bytes.push(LEAF_VERSION);
        bytes.extend_from_slice(&length(N));
        for (name, value) in fields {
            for text in [name, value] {
                bytes.extend_from_slice(&length(text.len()));
                bytes.extend_from_slice(text.as_bytes());
            }
        }
        Self { bytes }
    }

    /// Reads what [`Leaf::new`] wrote, and nothing else: what is accepted encodes to itself.
    ///
    /// # Errors
    ///
    /// A [`LeafError`] that names the first thing wrong. No length is believed before that many
    /// bytes are there, so a lying leaf costs no memory.
    pub fn parse(bytes: &[u8]) -> Result<Self, LeafError> {
        let leaf = Self {
            bytes: bytes.to_vec(),
        };
        leaf.read_fields(|_, _| ())?;
        Ok(leaf)
    }

    /// The bytes that are hashed: the table at the head of this file.
    #[must_use]
    pub fn canonical_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The fields, in their order.
    #[must_use]
    pub fn fields(&self) -> Vec<(&str, &str)> {
        let mut fields = Vec::new();
        // A leaf was written by `new` or read by `parse`: it has no error to report here.
        let _ = self.read_fields(|name, value| fields.push((name, value)));
        fields
    }

    fn read_fields<'a>(&'a self, mut each: impl FnMut(&'a str, &'a str)) -> Result<(), LeafError> {
        let mut reader = Reader {
            bytes: &self.bytes,
            at: 0,
        };
        if reader.take(MAGIC.len()).map_err(|_| LeafError::NotALeaf)? != MAGIC {
            return Err(LeafError::NotALeaf);
        }
        match reader.take(1)? {
            [LEAF_VERSION] => {}
            [version] => return Err(LeafError::UnknownVersion { version: *version }),
            _ => return Err(LeafError::NotALeaf),
        }
        for _ in 0..reader.length()? {
            let name = reader.text()?;
            let value = reader.text()?;
            each(name, value);
        }
        match self.bytes.len() - reader.at {
            0 => Ok(()),
            count => Err(LeafError::TrailingBytes { count }),
        }
    }
}

impl fmt::Debug for Leaf {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Names only: the values are people, addresses and comments, and logs keep none of them.
        let names: Vec<&str> = self.fields().into_iter().map(|(name, _)| name).collect();
        formatter
            .debug_struct("Leaf")
            .field("names", &names)
            .finish_non_exhaustive()
    }
}

/// A length as eight bytes. No target of Rust has a `usize` of more than 64 bits.
fn length(count: usize) -> [u8; LENGTH_BYTES] {
    (count as u64).to_be_bytes()
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    fn take(&mut self, count: usize) -> Result<&'a [u8], LeafError> {
        let truncated = LeafError::Truncated { at: self.at };
        let end = self.at.checked_add(count).ok_or(truncated)?;
        let taken = self.bytes.get(self.at..end).ok_or(truncated)?;
        self.at = end;
        Ok(taken)
    }

    fn length(&mut self) -> Result<usize, LeafError> {
        let truncated = LeafError::Truncated { at: self.at };
        let bytes = self.take(LENGTH_BYTES)?.try_into().map_err(|_| truncated)?;
        usize::try_from(u64::from_be_bytes(bytes)).map_err(|_| truncated)
    }

    fn text(&mut self) -> Result<&'a str, LeafError> {
        let count = self.length()?;
        let at = self.at;
        std::str::from_utf8(self.take(count)?).map_err(|_| LeafError::NotText { at })
    }
}
