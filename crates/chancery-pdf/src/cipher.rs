//! Deciphering of strings and streams with a file's key (ISO 32000-2:2020, 7.6.3).
//!
//! What does not decipher exactly is not guessed at: readers differ over it, so nothing of it may
//! count as equal to anything but the same bytes.

use std::cell::RefCell;

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
pub(crate) struct ObjectKey {
    method: Method,
    key: Vec<u8>,
    /// What RC4 makes of it, as far as it was asked for: all strings of an object begin with the
    /// same bytes of it.
    keystream: RefCell<Option<Keystream>>,
}

/// The bytes of RC4 for one key, and where it goes on.
struct Keystream {
    made: Vec<u8>,
    rest: Rc4,
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
        let keystream = RefCell::default();
        Self {
            method,
            key,
            keystream,
        }
    }

    /// The plain bytes; nothing for bytes that this key cannot have made.
    pub(crate) fn decipher(&self, bytes: &[u8]) -> Option<Vec<u8>> {
        // Writers leave out the vector of what is empty.
        if bytes.is_empty() {
            return Some(Vec::new());
        }
        match self.method {
            Method::Identity => Some(bytes.to_vec()),
            Method::Rc4 => self.mix(bytes),
            Method::AesV2 | Method::AesV3 => {
                let (vector, rest) = bytes.split_at_checked(BLOCK)?;
                let mut plain = rest.to_vec();
                let kept = self.unchain(vector, &mut plain)?;
                plain.truncate(kept);
                Some(plain)
            }
        }
    }

    /// Mixes bytes with those of RC4 (7.6.3.2).
    fn mix(&self, bytes: &[u8]) -> Option<Vec<u8>> {
        let mut known = self.keystream.borrow_mut();
        let Keystream { made, rest } = match known.as_mut() {
            Some(known) => known,
            None => known.insert(Keystream {
                made: Vec::new(),
                rest: Rc4::new_from_slice(&self.key).ok()?,
            }),
        };
        let from = made.len();
        if from < bytes.len() {
            made.resize(bytes.len(), 0);
            rest.apply_keystream(made.get_mut(from..)?);
        }
        let mixed = bytes.iter().zip(made.iter());
        Some(mixed.map(|(byte, key)| byte ^ key).collect())
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Goal: all strings of an object are deciphered as each alone. Method: strings of several
    /// lengths, longer and shorter ones in turn, with one key and with a key for each.
    #[test]
    fn strings_of_one_object_begin_with_one_keystream() {
        let id = ObjectId {
            number: 7,
            generation: 0,
        };
        let key = || ObjectKey::new(b"01234", Method::Rc4, id);
        let shared = key();
        let text: Vec<u8> = (0..=255).cycle().take(700).collect();
        for length in [3, 1, 0, 300, 2, 700, 299] {
            let part = &text[..length];
            let mixed = key().decipher(part).unwrap();
            assert_eq!(shared.decipher(part), Some(mixed.clone()), "{length}");
            assert_eq!(shared.decipher(&mixed).as_deref(), Some(part));
        }
        // RFC 6229: a key of forty bits.
        let plain = ObjectKey {
            method: Method::Rc4,
            key: vec![1, 2, 3, 4, 5],
            keystream: RefCell::default(),
        };
        let stream = plain.decipher(&[0; 4]);
        assert_eq!(stream, Some(vec![0xb2, 0x39, 0x63, 0x05]));
    }
}
