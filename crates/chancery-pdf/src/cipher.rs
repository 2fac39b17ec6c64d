//! Deciphering of strings and streams with a file's key (ISO 32000-2:2020, 7.6.3).
//!
//! What does not decipher exactly is not guessed at: readers differ over it, so nothing of it may
//! count as equal to anything but the same bytes.

use aes::{Aes128, Aes256};
use cbc::cipher::block_padding::Pkcs7;
use cbc::cipher::{BlockModeDecrypt as _, KeyIvInit as _};
use md5::{Digest, Md5};
use rc4::{KeyInit as _, Rc4, StreamCipher as _};

use crate::object::ObjectId;

/// A block of AES, and its vector, in bytes.
const BLOCK: usize = 16;

/// How something is enciphered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Method {
    /// Not at all.
    Identity,
    /// RC4 with a key for each object.
    Rc4,
    /// AES-128 in CBC mode with a key for each object.
    AesV2,
    /// AES-256 in CBC mode with the file's key.
    AesV3,
}

/// The key of one object by one method.
#[derive(Debug)]
pub(crate) struct ObjectKey {
    method: Method,
    key: Vec<u8>,
}

impl ObjectKey {
    /// Algorithms 1 and 1.A (7.6.3.2 and 7.6.3.3).
    pub(crate) fn new(file_key: &[u8], method: Method, id: ObjectId) -> Self {
        let key = match method {
            Method::Identity => Vec::new(),
            Method::AesV3 => file_key.to_vec(),
            Method::Rc4 | Method::AesV2 => {
                let mut digest = Md5::new();
                digest.update(file_key);
                let [low, middle, high, _] = id.number.to_le_bytes();
                digest.update([low, middle, high]);
                digest.update(id.generation.to_le_bytes());
                if method == Method::AesV2 {
                    digest.update(b"sAlT");
                }
                let mut key = digest.finalize().to_vec();
                key.truncate(file_key.len().saturating_add(5));
                key
            }
        };
        Self { method, key }
    }

    /// The plain bytes; nothing for bytes that this key cannot have made.
    pub(crate) fn decipher(&self, bytes: &[u8]) -> Option<Vec<u8>> {
        // Writers leave out the vector of what is empty.
        if bytes.is_empty() {
            return Some(Vec::new());
        }
        match self.method {
            Method::Identity => Some(bytes.to_vec()),
            Method::Rc4 => {
                let mut plain = bytes.to_vec();
                Rc4::new_from_slice(&self.key)
                    .ok()?
                    .apply_keystream(&mut plain);
                Some(plain)
            }
            Method::AesV2 | Method::AesV3 => {
                let (vector, rest) = bytes.split_at_checked(BLOCK)?;
                let mut plain = rest.to_vec();
                let kept = self.unchain(vector, &mut plain)?;
                plain.truncate(kept);
                Some(plain)
            }
        }
    }

    /// Whether this key can have made these bytes: of AES, whole blocks behind a vector, of which
    /// the last ends with its padding (7.6.3.1).
    pub(crate) fn fits(&self, bytes: &[u8]) -> bool {
        match self.method {
            Method::Identity | Method::Rc4 => true,
            Method::AesV2 | Method::AesV3 => {
                let last = bytes.len().checked_sub(2 * BLOCK);
                let last = last.and_then(|at| bytes.get(at..));
                bytes.is_empty()
                    || bytes.len().is_multiple_of(BLOCK)
                        && last.is_some_and(|last| self.decipher(last).is_some())
            }
        }
    }

    /// Deciphers in place; how many bytes stand before the padding.
    fn unchain(&self, vector: &[u8], text: &mut [u8]) -> Option<usize> {
        let plain = match self.method {
            Method::AesV2 => cbc::Decryptor::<Aes128>::new_from_slices(&self.key, vector)
                .ok()?
                .decrypt_padded::<Pkcs7>(text),
            _ => cbc::Decryptor::<Aes256>::new_from_slices(&self.key, vector)
                .ok()?
                .decrypt_padded::<Pkcs7>(text),
        };
        plain.ok().map(<[u8]>::len)
    }
}
