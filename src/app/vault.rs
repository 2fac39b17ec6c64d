//! Seals what must not lie at rest in clear, with the installation's master key.

use chacha20poly1305::aead::{Aead as _, KeyInit as _, Payload};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};
use hmac::{Hmac, Mac as _};
use sha2::Sha256;

use crate::entropy;

/// The master key, ready to seal and open. `Debug` shows nothing of it.
#[derive(Clone)]
pub struct Vault {
    cipher: XChaCha20Poly1305,
    hash_key: [u8; 32],
}

/// Why something cannot be opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VaultError {
    /// Not 64 hexadecimal digits.
    #[error("the master key is 64 hexadecimal digits; make one with `chancery config new-key`")]
    NotAKey,
    /// Sealed with another key, for another place, or damaged.
    #[error("a sealed value cannot be opened with this master key")]
    CannotOpen,
}

const NONCE_BYTES: usize = 24;

impl Vault {
    /// From the 64 hexadecimal digits of the configuration.
    ///
    /// # Errors
    ///
    /// [`VaultError::NotAKey`].
    pub fn from_hex(digits: &str) -> Result<Self, VaultError> {
        let mut key = [0_u8; 32];
        hex::decode_to_slice(digits.trim(), &mut key).map_err(|_| VaultError::NotAKey)?;
        // Two uses, two keys: the one for hashes is derived, so neither tells of the other.
        let hash_key = hmac(&key, &[b"chancery keyed hash v1"]);
        Ok(Self {
            cipher: XChaCha20Poly1305::new(&Key::from(key)),
            hash_key,
        })
    }

    /// A hash of `text` for `place` that nobody without the master key can search: for short codes,
    /// whose plain hash would be guessed in a moment. 64 hexadecimal digits.
    #[must_use]
    pub fn keyed_hash(&self, place: &[u8], text: &[u8]) -> String {
        let length = u64::try_from(place.len()).unwrap_or(u64::MAX).to_be_bytes();
        hex::encode(hmac(&self.hash_key, &[&length, place, text]))
    }

    /// Seals `plain` so that it opens only in `place` (a row's identifier): nonce, then ciphertext.
    #[must_use]
    pub fn seal(&self, place: &[u8], plain: &[u8]) -> Vec<u8> {
        let nonce: [u8; NONCE_BYTES] = entropy::bytes();
        let payload = Payload {
            msg: plain,
            aad: place,
        };
        let mut sealed = nonce.to_vec();
        // Encryption fails only for a plaintext of 256 GB; an empty text then opens as an error.
        sealed.extend(
            self.cipher
                .encrypt(&XNonce::from(nonce), payload)
                .unwrap_or_default(),
        );
        sealed
    }

    /// Opens what [`Vault::seal`] made for the same `place`.
    ///
    /// # Errors
    ///
    /// [`VaultError::CannotOpen`].
    pub fn open(&self, place: &[u8], sealed: &[u8]) -> Result<Vec<u8>, VaultError> {
        let (nonce, cipher) = sealed
            .split_at_checked(NONCE_BYTES)
            .ok_or(VaultError::CannotOpen)?;
        let nonce: [u8; NONCE_BYTES] = nonce.try_into().map_err(|_| VaultError::CannotOpen)?;
        let payload = Payload {
            msg: cipher,
            aad: place,
        };
        self.cipher
            .decrypt(&XNonce::from(nonce), payload)
            .map_err(|_| VaultError::CannotOpen)
    }
}

/// HMAC-SHA-256 (RFC 2104) over the parts, one after the other.
fn hmac(key: &[u8; 32], parts: &[&[u8]]) -> [u8; 32] {
    // A key shorter than the block of 64 bytes is padded with zeros (RFC 2104, 2).
    let mut block = [0_u8; 64];
    block[..32].copy_from_slice(key);
    let block = hmac::digest::Key::<Hmac<Sha256>>::from(block);
    let mut mac = Hmac::<Sha256>::new(&block);
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

impl std::fmt::Debug for Vault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Vault")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sealed_value_opens_in_its_place_only() {
        let vault = Vault::from_hex(&"ab".repeat(32)).expect("a key");
        let sealed = vault.seal(b"here", b"secret");
        assert_eq!(vault.open(b"here", &sealed), Ok(b"secret".to_vec()));
        assert_eq!(vault.open(b"there", &sealed), Err(VaultError::CannotOpen));
        assert_eq!(
            vault.open(b"here", &sealed[..10]),
            Err(VaultError::CannotOpen)
        );
    }
}
