//! A private key as text: PKCS#8, enciphered with a passphrase (RFC 5958, 3; PBES2 of RFC 8018),
//! in PEM. Pure: what is random is handed in.
//!
//! One way of enciphering is written and read: PBKDF2 with HMAC-SHA-256, AES-256-CBC. It is what
//! `openssl pkcs8 -topk8 -v2 aes-256-cbc -iter 600000` makes, so a passphrase can be changed with
//! it. AES-CBC proves nothing of what comes out: the caller compares the public key.

use chancery_signature::{KeyKind, SigningKey};
use pkcs8::der::asn1::OctetStringRef;
use pkcs8::der::pem::{LineEnding, PemLabel as _};
use pkcs8::der::{Decode as _, Document};
use pkcs8::pkcs5::pbes2::{EncryptionScheme, Kdf, Parameters, Pbkdf2Prf};
use pkcs8::{EncryptedPrivateKeyInfoRef, SecretDocument};
use zeroize::Zeroizing;

/// Rounds of PBKDF2 with HMAC-SHA-256 in what is written, and the fewest that are read: what OWASP
/// asks for (Password Storage Cheat Sheet, 2023 and since).
pub(super) const ROUNDS: u32 = 600_000;
/// The most rounds that are read: a file that asks for more would hold up the server for seconds.
pub(super) const ROUNDS_MAX: u32 = 5_000_000;
/// Bytes of salt in what is written.
const SALT_BYTES: usize = 16;
/// The fewest that are read (RFC 8018, 4.1); OpenSSL 3.0 writes as many.
const SALT_BYTES_MIN: usize = 8;
/// Random bytes that enciphering takes: the salt, then the first block of AES-CBC.
pub(super) const RANDOM_BYTES: usize = 32;

/// Why a text is not a key that opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unsealable {
    /// Not PEM of this label, or not DER within.
    Damaged,
    /// Enciphered in another way, or with too few or too many rounds.
    Otherwise,
    /// The passphrase is not the one, or what is enciphered is damaged.
    Closed,
    /// It opens, and is no key of P-256.
    NotP256,
}

/// The text of a key. `random` is used once: for one key and one passphrase.
///
/// `None` if the key does not leave its store, or the encoder fails, which it has no reason to.
pub(super) fn seal(
    key: &SigningKey,
    passphrase: &str,
    random: &[u8; RANDOM_BYTES],
) -> Option<String> {
    let plain = Zeroizing::new(key.to_pkcs8_der().ok()?);
    let (salt, iv) = random.split_first_chunk::<SALT_BYTES>()?;
    let iv = iv.try_into().ok()?;
    let way = Parameters::generate_pbkdf2_sha256_aes256cbc(ROUNDS, salt, iv).ok()?;
    let enciphered = way.encrypt(passphrase, &plain).ok()?;
    let parts = EncryptedPrivateKeyInfoRef {
        encryption_algorithm: way.into(),
        encrypted_data: OctetStringRef::new(&enciphered).ok()?,
    };
    let written = SecretDocument::encode_msg(&parts).ok()?;
    let label = EncryptedPrivateKeyInfoRef::PEM_LABEL;
    let text = written.to_pem(label, LineEnding::LF).ok()?;
    Some(text.to_string())
}

/// The key of a text. It costs [`ROUNDS`] to [`ROUNDS_MAX`] rounds, and no memory to speak of.
pub(super) fn unseal(text: &[u8], passphrase: &str) -> Result<SigningKey, Unsealable> {
    let text = std::str::from_utf8(text).map_err(|_| Unsealable::Damaged)?;
    let (label, document) = Document::from_pem(text).map_err(|_| Unsealable::Damaged)?;
    if label != EncryptedPrivateKeyInfoRef::PEM_LABEL {
        return Err(Unsealable::Damaged);
    }
    let parts = EncryptedPrivateKeyInfoRef::from_der(document.as_bytes());
    let parts = parts.map_err(|_| Unsealable::Damaged)?;
    let way = parts.encryption_algorithm.pbes2();
    let way = way
        .filter(|way| is_ours(way))
        .ok_or(Unsealable::Otherwise)?;
    let mut buffer = Zeroizing::new(parts.encrypted_data.as_bytes().to_vec());
    let plain = way.decrypt_in_place(passphrase, &mut buffer);
    let plain = plain.map_err(|_| Unsealable::Closed)?;
    let key = SigningKey::from_pkcs8_der(plain).map_err(|_| Unsealable::Closed)?;
    match key.kind() {
        KeyKind::EcdsaP256 => Ok(key),
        KeyKind::Ed25519 | KeyKind::Rsa => Err(Unsealable::NotP256),
    }
}

fn is_ours(way: &Parameters) -> bool {
    let Kdf::Pbkdf2(derived) = &way.kdf else {
        return false;
    };
    derived.prf == Pbkdf2Prf::HmacWithSha256
        && (ROUNDS..=ROUNDS_MAX).contains(&derived.iteration_count)
        && derived.salt.as_ref().len() >= SALT_BYTES_MIN
        && matches!(way.encryption, EncryptionScheme::Aes256Cbc { .. })
}

#[cfg(test)]
mod tests {
    use super::*;

    const PASSPHRASE: &str = "correct horse battery";

    fn key(seed: u8) -> SigningKey {
        SigningKey::from_seed(KeyKind::EcdsaP256, &[seed; 32]).expect("a key")
    }

    /// The text of these DER bytes enciphered in this way.
    fn text(way: Parameters, plain: &[u8]) -> String {
        let enciphered = way.encrypt(PASSPHRASE, plain).expect("enciphered");
        let parts = EncryptedPrivateKeyInfoRef {
            encryption_algorithm: way.into(),
            encrypted_data: OctetStringRef::new(&enciphered).expect("octets"),
        };
        let written = SecretDocument::encode_msg(&parts).expect("DER");
        let label = EncryptedPrivateKeyInfoRef::PEM_LABEL;
        written
            .to_pem(label, LineEnding::LF)
            .expect("PEM")
            .to_string()
    }

    #[test]
    fn a_key_comes_back_with_its_passphrase_only() {
        let sealed = seal(&key(7), PASSPHRASE, &[9; 32]).expect("sealed");
        assert!(sealed.starts_with("-----BEGIN ENCRYPTED PRIVATE KEY-----\n"));
        let back = unseal(sealed.as_bytes(), PASSPHRASE).expect("opened");
        assert_eq!(back.spki_der(), key(7).spki_der());
        let other = unseal(sealed.as_bytes(), "correct horse batteri");
        assert_eq!(other.expect_err("another"), Unsealable::Closed);
    }

    /// Goal: what a file asks for is bounded before anything is computed. Method: ways that are
    /// written nowhere here; the last would take a gigabyte and more.
    #[test]
    fn other_ways_are_refused_before_they_cost_anything() {
        let plain = key(7).to_pkcs8_der().expect("DER");
        let by = |rounds, salt: &[u8]| {
            Parameters::generate_pbkdf2_sha256_aes256cbc(rounds, salt, [1; 16]).expect("a way")
        };
        let narrow = Parameters::generate_pbkdf2_sha256_aes128cbc(ROUNDS, &[1; 16], [1; 16]);
        for way in [
            by(ROUNDS - 1, &[1; 16]),
            by(ROUNDS, &[1; SALT_BYTES_MIN - 1]),
            narrow.expect("a way"),
        ] {
            let told = unseal(text(way, &plain).as_bytes(), PASSPHRASE);
            assert_eq!(told.expect_err("refused"), Unsealable::Otherwise);
        }
        // Of this many rounds the text itself cannot be made in a test: the number is exchanged.
        let sealed = seal(&key(7), PASSPHRASE, &[9; 32]).expect("sealed");
        let (_, document) = Document::from_pem(&sealed).expect("PEM");
        let rounds = ROUNDS.to_be_bytes();
        let mut der = document.as_bytes().to_vec();
        let found = der.windows(3).position(|part| part == &rounds[1..]);
        let at = found.expect("the rounds");
        der[at..at + 3].copy_from_slice(&(ROUNDS_MAX + 1).to_be_bytes()[1..]);
        let label = EncryptedPrivateKeyInfoRef::PEM_LABEL;
        let many = Document::try_from(der).expect("DER");
        let many = many.to_pem(label, LineEnding::LF).expect("PEM");
        let told = unseal(many.as_bytes(), PASSPHRASE);
        assert_eq!(told.expect_err("refused"), Unsealable::Otherwise);
    }

    #[test]
    fn what_is_no_key_is_named_and_never_a_panic() {
        let sealed = seal(&key(7), PASSPHRASE, &[9; 32]).expect("sealed");
        let cut = sealed.len() / 2;
        let bare = sealed.replace("ENCRYPTED PRIVATE KEY", "PRIVATE KEY");
        for text in ["", "\u{0}", &sealed[..cut], &sealed[cut..], bare.as_str()] {
            let told = unseal(text.as_bytes(), PASSPHRASE);
            assert_eq!(told.expect_err("no key"), Unsealable::Damaged);
        }
        assert_eq!(
            unseal(&[0xff; 40], PASSPHRASE).expect_err("bytes"),
            Unsealable::Damaged
        );
        let ed25519 = SigningKey::from_seed(KeyKind::Ed25519, &[7; 32]).expect("a key");
        let sealed = seal(&ed25519, PASSPHRASE, &[9; 32]).expect("sealed");
        let told = unseal(sealed.as_bytes(), PASSPHRASE);
        assert_eq!(told.expect_err("another kind"), Unsealable::NotP256);
    }
}
