//! The key of an enciphered file, made from the empty password (ISO 32000-2:2020, 7.6.4).
//!
//! A key is handed out only where the file's own check says that it is the right one: with another,
//! everything would decipher to noise.

use aes::{Aes128, Aes256};
use cbc::cipher::block_padding::NoPadding;
use cbc::cipher::{BlockModeDecrypt as _, BlockModeEncrypt as _, KeyIvInit as _};
use md5::Md5;
use rc4::{KeyInit as _, Rc4, StreamCipher as _};
use sha2::{Digest, Sha256, Sha384, Sha512};

/// What fills up a password, and stands for the empty one (7.6.4.3.2, a).
const PADDING: [u8; 32] = [
    0x28, 0xBF, 0x4E, 0x5E, 0x4E, 0x75, 0x8A, 0x41, 0x64, 0x00, 0x4E, 0x56, 0xFF, 0xFA, 0x01, 0x08,
    0x2E, 0x2E, 0x00, 0xB6, 0xD0, 0x68, 0x3E, 0x80, 0x2F, 0x0C, 0xA9, 0xFE, 0x64, 0x53, 0x69, 0x7A,
];
/// Rounds that the newest hash takes at least, and at most: the last byte of a round lets it end
/// sooner, and is at most 255 (7.6.4.3.4, e).
const ROUNDS_MIN: usize = 64;
const ROUNDS_MAX: usize = ROUNDS_MIN + 256;
/// How often one round of the newest hash repeats its input.
const REPEATED: usize = 64;

/// What the dictionary of the standard handler says about its key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct KeySource {
    /// `/R`: 2 to 6.
    pub revision: u8,
    /// In bytes: 5 to 16, or 32.
    pub key_len: usize,
    /// `/O`, at least 32 bytes.
    pub owner: Vec<u8>,
    /// `/U`, at least 32 bytes, and 48 from revision 5 on.
    pub proof: Vec<u8>,
    /// `/UE`, 32 bytes, from revision 5 on.
    pub wrapped: Vec<u8>,
    /// `/OE`, 32 bytes, from revision 5 on; empty if it is not there.
    pub owner_wrapped: Vec<u8>,
    /// `/Perms`, 16 bytes, from revision 5 on; empty if it is not there.
    pub sealed: Vec<u8>,
    /// `/P`, as the unsigned number of the same bits.
    pub permissions: u32,
    /// The first half of the file's identifier.
    pub identifier: Vec<u8>,
    /// `/EncryptMetadata`.
    pub metadata: bool,
}

impl KeySource {
    /// The key, if the empty password opens the file.
    pub(crate) fn open(&self) -> Option<Vec<u8>> {
        match self.revision {
            2 => self.open_first(),
            3 | 4 => self.open_later(),
            5 | 6 => self.open_newest(),
            _ => None,
        }
    }

    /// Algorithm 2 (7.6.4.3.2).
    fn digested(&self) -> Option<Vec<u8>> {
        let mut digest = Md5::new();
        digest.update(PADDING);
        digest.update(self.owner.get(..32)?);
        digest.update(self.permissions.to_le_bytes());
        digest.update(&self.identifier);
        if self.revision >= 4 && !self.metadata {
            digest.update([0xFF; 4]);
        }
        let mut key = digest.finalize().to_vec();
        if self.revision >= 3 {
            for _ in 0..50 {
                key = Md5::digest(key.get(..self.key_len)?).to_vec();
            }
        }
        key.truncate(self.key_len);
        Some(key)
    }

    /// Algorithms 4 and 6 for revision 2 (7.6.4.4.2, 7.6.4.4.5).
    fn open_first(&self) -> Option<Vec<u8>> {
        let key = self.digested()?;
        let mut check = PADDING;
        Rc4::new_from_slice(&key).ok()?.apply_keystream(&mut check);
        (self.proof.get(..32)? == check).then_some(key)
    }

    /// Algorithms 5 and 6 for revisions 3 and 4 (7.6.4.4.3, 7.6.4.4.5).
    fn open_later(&self) -> Option<Vec<u8>> {
        let key = self.digested()?;
        let mut digest = Md5::new();
        digest.update(PADDING);
        digest.update(&self.identifier);
        let mut check = digest.finalize().to_vec();
        for round in 0..20_u8 {
            let turned: Vec<u8> = key.iter().map(|byte| byte ^ round).collect();
            Rc4::new_from_slice(&turned)
                .ok()?
                .apply_keystream(&mut check);
        }
        (self.proof.get(..16)? == check).then_some(key)
    }

    /// Algorithms 2.A and 11 (7.6.4.3.3, 7.6.4.4.10); revision 5 digests once.
    fn open_newest(&self) -> Option<Vec<u8>> {
        self.unwrap(&self.proof, &[], &self.wrapped)?
    }

    /// Whether the file has one key for everybody who has no password. Readers that take the empty
    /// password for the owner's first (algorithms 2.A, 12) get the key that `/OE` holds, and the
    /// others the one of `/UE`; some open nothing where `/Perms` was not sealed with the key
    /// (algorithm 13). The keys of earlier revisions are made from one password by construction.
    pub(crate) fn has_one_key(&self) -> bool {
        if self.revision < 5 {
            return true;
        }
        let reader = self.proof.get(..48);
        let owner = self.unwrap(&self.owner, reader.unwrap_or(&[]), &self.owner_wrapped);
        match (self.open_newest(), owner) {
            (Some(key), None) => self.is_sealed_with(&key),
            (Some(key), Some(other)) => other.as_ref() == Some(&key) && self.is_sealed_with(&key),
            (None, owner) => owner.is_none(),
        }
    }

    /// What `wrapped` holds, if the empty password fits `said`, which is a hash and two salts;
    /// nothing within, if it holds none.
    #[expect(
        clippy::option_option,
        reason = "no fit, no key and a key are three answers"
    )]
    fn unwrap(&self, said: &[u8], reader: &[u8], wrapped: &[u8]) -> Option<Option<Vec<u8>>> {
        let (check, salts) = said.split_at_checked(32)?;
        let (validation, rest) = salts.split_at_checked(8)?;
        if self.hash(validation, reader)? != check {
            return None;
        }
        let key = self.hash(rest.get(..8)?, reader)?;
        Some(wrapped.get(..32).and_then(|wrapped| blocks(&key, wrapped)))
    }

    /// Whether `/Perms` was sealed with this key, and says what `/P` and `/EncryptMetadata` do.
    /// That metadata is in the clear may be said there alone: writers do that, and no reader minds.
    fn is_sealed_with(&self, key: &[u8]) -> bool {
        let sealed = self.sealed.get(..16).and_then(|one| blocks(key, one));
        let metadata = |one: u8| one == b'F' || one == b'T' && self.metadata;
        sealed.is_some_and(|said| {
            said.get(..4) == Some(&self.permissions.to_le_bytes()[..])
                && said.get(8).copied().is_some_and(metadata)
                && said.get(9..12) == Some(b"adb")
        })
    }

    fn hash(&self, salt: &[u8], reader: &[u8]) -> Option<Vec<u8>> {
        match self.revision {
            5 => Some(Sha256::digest([salt, reader].concat()).to_vec()),
            _ => hardened(salt, reader),
        }
    }
}

/// Whole blocks without padding, deciphered by AES-256 with the empty vector.
fn blocks(key: &[u8], enciphered: &[u8]) -> Option<Vec<u8>> {
    let mut opened = enciphered.to_vec();
    let decryptor = cbc::Decryptor::<Aes256>::new_from_slices(key, &[0; 16]).ok()?;
    decryptor.decrypt_padded::<NoPadding>(&mut opened).ok()?;
    Some(opened)
}

/// Algorithm 2.B for the empty password (7.6.4.3.4): at most 321 rounds over seven kilobytes each.
/// `reader` is `/U` where the password is the owner's, and empty where it is the user's.
fn hardened(salt: &[u8], reader: &[u8]) -> Option<Vec<u8>> {
    let mut hash = Sha256::digest([salt, reader].concat()).to_vec();
    for round in 0..ROUNDS_MAX {
        let (key, rest) = hash.split_at_checked(16)?;
        let encryptor = cbc::Encryptor::<Aes128>::new_from_slices(key, rest.get(..16)?).ok()?;
        let mut text = [&hash, reader].concat().repeat(REPEATED);
        let len = text.len();
        encryptor.encrypt_padded::<NoPadding>(&mut text, len).ok()?;
        // 256 is 1 modulo 3: the number that 16 bytes are is congruent to their sum.
        let sum: u32 = text.iter().take(16).map(|byte| u32::from(*byte)).sum();
        hash = match sum % 3 {
            0 => Sha256::digest(&text).to_vec(),
            1 => Sha384::digest(&text).to_vec(),
            _ => Sha512::digest(&text).to_vec(),
        };
        let last = usize::from(*text.last()?);
        let done = round.saturating_add(1);
        if done >= ROUNDS_MIN && last.saturating_add(32) <= done {
            break;
        }
    }
    hash.truncate(32);
    Some(hash)
}
