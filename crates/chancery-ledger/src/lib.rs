//! Append-only log with proofs (RFC 6962).

use sha2::{Digest as _, Sha256};

/// One audit event as bytes that never change: an ordered list of named texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leaf(Vec<u8>);

impl Leaf {
    /// Encodes the fields: a version byte, then each name and value with its length (4 bytes, big
    /// endian) before it.
    #[must_use]
    pub fn new<'a>(fields: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let mut bytes = vec![1];
        for (name, value) in fields {
            for text in [name, value] {
                let length = u32::try_from(text.len()).unwrap_or(u32::MAX);
                bytes.extend(length.to_be_bytes());
                bytes.extend(text.as_bytes());
            }
        }
        Self(bytes)
    }

    /// The bytes that are hashed.
    #[must_use]
    pub fn canonical_bytes(&self) -> &[u8] {
        &self.0
    }
}

/// The leaf hash of RFC 6962, 2.1: SHA-256(0x00 ‖ leaf).
#[must_use]
pub fn leaf_hash(leaf: &[u8]) -> [u8; 32] {
    Sha256::new()
        .chain_update([0])
        .chain_update(leaf)
        .finalize()
        .into()
}
