//! Keys that sign here: ECDSA P-256 by default, Ed25519 by choice.
//!
//! RSA keys are verified, not used for signing; whoever needs them brings a token of their own in a
//! later issue.

use p256::pkcs8::DecodePrivateKey as _;
use p256::pkcs8::EncodePrivateKey as _;
use serde::{Deserialize, Serialize};
use signature::Signer as _;

use crate::algorithm::DigestAlgorithm;
use crate::asn1::{self, tag};
use crate::encode;
use crate::oid;
use crate::public_key::{Key, PublicKey};

/// The kinds of key that sign here.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyKind {
    /// ECDSA over P-256 with SHA-256: what every viewer verifies.
    #[default]
    EcdsaP256,
    /// Ed25519 with SHA-512 (RFC 8419): not verifiable in Acrobat, poppler or OpenSSL 3 today.
    Ed25519,
}

impl KeyKind {
    /// The digest that goes with the key in CMS: SHA-256, or SHA-512 as RFC 8419 demands.
    #[must_use]
    pub fn digest_algorithm(self) -> DigestAlgorithm {
        match self {
            Self::EcdsaP256 => DigestAlgorithm::Sha256,
            Self::Ed25519 => DigestAlgorithm::Sha512,
        }
    }

    /// `AlgorithmIdentifier` of a signature: no parameters in either kind (RFC 5758, RFC 8410).
    pub(crate) fn signature_algorithm(self) -> Vec<u8> {
        match self {
            Self::EcdsaP256 => encode::sequence(&[&encode::oid(oid::ECDSA_SHA256)]),
            Self::Ed25519 => encode::sequence(&[&encode::oid(oid::ED25519)]),
        }
    }

    /// `AlgorithmIdentifier` of the digest: the parameters are absent (RFC 5754, 2).
    pub(crate) fn digest_identifier(self) -> Vec<u8> {
        encode::sequence(&[&encode::oid(self.digest_algorithm().oid())])
    }

    /// The kind of the key in a `SubjectPublicKeyInfo` (DER).
    ///
    /// # Errors
    ///
    /// [`KeyError`] if it is not DER, not a key of these kinds, or not a point of its curve.
    pub fn of_spki(spki_der: &[u8]) -> Result<Self, KeyError> {
        let node = asn1::read_all(spki_der, tag::SEQUENCE).map_err(|_| KeyError::Malformed)?;
        match PublicKey::parse(node).map_err(|_| KeyError::Malformed)?.key {
            Key::P256(_) => Ok(Self::EcdsaP256),
            Key::Ed25519(_) => Ok(Self::Ed25519),
            _ => Err(KeyError::Unsupported),
        }
    }
}

/// Why bytes are not a key that signs here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// Not a key at all, or out of range.
    #[error("the key is malformed")]
    Malformed,
    /// A key of another kind.
    #[error("the key is neither ECDSA P-256 nor Ed25519")]
    Unsupported,
}

/// A private key. It is never shown by `Debug` and wiped from memory when dropped.
#[derive(Clone)]
pub enum SigningKey {
    /// ECDSA over P-256.
    EcdsaP256(p256::ecdsa::SigningKey),
    /// Ed25519.
    Ed25519(ed25519_dalek::SigningKey),
}

impl std::fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SigningKey({:?})", self.kind())
    }
}

impl SigningKey {
    /// The key that 32 random bytes make.
    ///
    /// # Errors
    ///
    /// [`KeyError::Malformed`] for P-256 if they are zero or not below the order (one of 2³²):
    /// draw again.
    pub fn from_seed(kind: KeyKind, seed: &[u8; 32]) -> Result<Self, KeyError> {
        match kind {
            KeyKind::EcdsaP256 => p256::ecdsa::SigningKey::from_slice(seed)
                .map(Self::EcdsaP256)
                .map_err(|_| KeyError::Malformed),
            KeyKind::Ed25519 => Ok(Self::Ed25519(ed25519_dalek::SigningKey::from_bytes(seed))),
        }
    }

    /// Reads PKCS#8 (DER).
    ///
    /// # Errors
    ///
    /// [`KeyError::Unsupported`] if it is not a key of one of the two kinds.
    pub fn from_pkcs8_der(der: &[u8]) -> Result<Self, KeyError> {
        if let Ok(key) = p256::ecdsa::SigningKey::from_pkcs8_der(der) {
            return Ok(Self::EcdsaP256(key));
        }
        let key = ed25519_dalek::SigningKey::from_pkcs8_der(der);
        key.map(Self::Ed25519).map_err(|_| KeyError::Unsupported)
    }

    /// Writes PKCS#8 (DER). Secret: encrypt it before it is kept.
    ///
    /// # Errors
    ///
    /// [`KeyError::Malformed`] if the encoder fails, which it has no reason to.
    pub fn to_pkcs8_der(&self) -> Result<Vec<u8>, KeyError> {
        match self {
            Self::EcdsaP256(key) => {
                let written = key.to_pkcs8_der().map_err(|_| KeyError::Malformed)?;
                Ok(written.as_bytes().to_vec())
            }
            Self::Ed25519(key) => {
                // RFC 8410, 7: version 0, no parameters, the seed in two octet strings.
                let algorithm = encode::sequence(&[&encode::oid(oid::ED25519)]);
                let seed = encode::octets(&encode::octets(&key.to_bytes()));
                Ok(encode::sequence(&[
                    &encode::unsigned(&[0]),
                    &algorithm,
                    &seed,
                ]))
            }
        }
    }

    /// The kind.
    #[must_use]
    pub fn kind(&self) -> KeyKind {
        match self {
            Self::EcdsaP256(_) => KeyKind::EcdsaP256,
            Self::Ed25519(_) => KeyKind::Ed25519,
        }
    }

    /// The public key as `SubjectPublicKeyInfo` (DER).
    #[must_use]
    pub fn spki_der(&self) -> Vec<u8> {
        match self {
            Self::EcdsaP256(key) => {
                let curve = [encode::oid(oid::EC_KEY), encode::oid(oid::P256)].concat();
                let point = key.verifying_key().to_sec1_point(false);
                let algorithm = encode::sequence(&[&curve]);
                encode::sequence(&[&algorithm, &encode::bits(point.as_bytes())])
            }
            Self::Ed25519(key) => {
                let algorithm = encode::sequence(&[&encode::oid(oid::ED25519)]);
                let point = key.verifying_key().to_bytes();
                encode::sequence(&[&algorithm, &encode::bits(&point)])
            }
        }
    }

    /// Signs a message: ECDSA with SHA-256 and a deterministic nonce (RFC 6979), as DER; Ed25519,
    /// 64 bytes.
    ///
    /// # Errors
    ///
    /// [`KeyError::Malformed`] if the arithmetic fails, which no message can bring about.
    pub fn sign(&self, message: &[u8]) -> Result<Vec<u8>, KeyError> {
        match self {
            Self::EcdsaP256(key) => {
                let value: p256::ecdsa::DerSignature =
                    key.try_sign(message).map_err(|_| KeyError::Malformed)?;
                Ok(value.as_bytes().to_vec())
            }
            Self::Ed25519(key) => {
                let value = key.try_sign(message).map_err(|_| KeyError::Malformed)?;
                Ok(value.to_bytes().to_vec())
            }
        }
    }
}
