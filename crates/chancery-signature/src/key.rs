//! Keys that sign here: ECDSA P-256 by default, RSA and Ed25519 by choice.

use std::sync::Arc;

use p256::pkcs8::DecodePrivateKey as _;
use p256::pkcs8::EncodePrivateKey as _;
use serde::{Deserialize, Serialize};
use signature::Signer as _;

use crate::algorithm::{self, DigestAlgorithm, Verification};
use crate::asn1::{self, tag};
use crate::encode;
use crate::oid;
use crate::public_key::{Key, PublicKey};
use crate::rsa_key::{RSA_BITS_MIN, RsaKey};
use crate::scheme::{self, AlgorithmId};

/// The kinds of key that sign here.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyKind {
    /// ECDSA over P-256 with SHA-256: what every viewer verifies.
    #[default]
    EcdsaP256,
    /// Ed25519 with SHA-512 (RFC 8419): not verifiable in Acrobat, poppler or OpenSSL 3 today.
    Ed25519,
    /// RSA of 2048 bits and more, PKCS#1 v1.5 with SHA-256: for what knows no elliptic curves.
    Rsa,
}

impl KeyKind {
    /// The digest that goes with the key in CMS: SHA-256, or SHA-512 as RFC 8419 demands.
    #[must_use]
    pub fn digest_algorithm(self) -> DigestAlgorithm {
        match self {
            Self::EcdsaP256 | Self::Rsa => DigestAlgorithm::Sha256,
            Self::Ed25519 => DigestAlgorithm::Sha512,
        }
    }

    /// `AlgorithmIdentifier` of a signature: no parameters with curves (RFC 5758, RFC 8410), NULL
    /// with RSA (RFC 4055, 5).
    pub(crate) fn signature_algorithm(self) -> Vec<u8> {
        match self {
            Self::EcdsaP256 => encode::sequence(&[&encode::oid(oid::ECDSA_SHA256)]),
            Self::Ed25519 => encode::sequence(&[&encode::oid(oid::ED25519)]),
            Self::Rsa => encode::sequence(&[&encode::oid(oid::RSA_SHA256), &encode::null()]),
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
    /// [`KeyError`] if it is not DER, not a key of these kinds, not a point of its curve, or too
    /// short a modulus.
    pub fn of_spki(spki_der: &[u8]) -> Result<Self, KeyError> {
        let node = asn1::read_all(spki_der, tag::SEQUENCE).map_err(|_| KeyError::Malformed)?;
        let parsed = PublicKey::parse(node).map_err(|_| KeyError::Malformed)?;
        match parsed.key {
            Key::P256(_) => Ok(Self::EcdsaP256),
            Key::Ed25519(_) => Ok(Self::Ed25519),
            Key::Rsa(_) if parsed.description.bits < RSA_BITS_MIN => Err(KeyError::RsaSize),
            Key::Rsa(_) => Ok(Self::Rsa),
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
    #[error("the key is neither ECDSA P-256 nor Ed25519 nor RSA")]
    Unsupported,
    /// An RSA modulus that is too short to be safe, or too long to be computed with.
    #[error("an RSA key must have 2048 to 4096 bits, in steps of 1024")]
    RsaSize,
    /// A key that stays in a store of its own was asked for itself.
    #[error("the key does not leave its store")]
    Held,
    /// The store of the key gave no value.
    #[error("the store of the key does not sign now")]
    StoreSilent,
    /// The store of the key gave a value that is not of this key over this message: it is damaged,
    /// or holds another key.
    #[error("the store of the key signed with something else")]
    StoreWrong,
}

/// A key in a store that it does not leave, such as a PKCS#11 token. Whoever implements it does
/// I/O: a call may take as long as the store does.
pub trait KeyHolder: std::fmt::Debug + Send + Sync {
    /// The public key as `SubjectPublicKeyInfo` (DER), the same at every call.
    fn spki_der(&self) -> Vec<u8>;

    /// Signs a message, with the digest of [`KeyKind::digest_algorithm`]: ECDSA as DER.
    ///
    /// # Errors
    ///
    /// [`KeyError::StoreSilent`] if the store gives no value; why, its implementation tells.
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, KeyError>;
}

/// A private key. It is never shown by `Debug`, and wiped from memory when dropped (of RSA only the
/// encoded form: see [`RsaKey`]).
#[derive(Clone)]
pub enum SigningKey {
    /// ECDSA over P-256.
    EcdsaP256(p256::ecdsa::SigningKey),
    /// Ed25519.
    Ed25519(ed25519_dalek::SigningKey),
    /// RSA.
    Rsa(RsaKey),
    /// One that stays where it is.
    Held {
        /// What it is.
        kind: KeyKind,
        /// Where.
        holder: Arc<dyn KeyHolder>,
    },
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
    /// draw again. [`KeyError::Unsupported`] for RSA, whose keys are made elsewhere.
    pub fn from_seed(kind: KeyKind, seed: &[u8; 32]) -> Result<Self, KeyError> {
        match kind {
            KeyKind::EcdsaP256 => p256::ecdsa::SigningKey::from_slice(seed)
                .map(Self::EcdsaP256)
                .map_err(|_| KeyError::Malformed),
            KeyKind::Ed25519 => Ok(Self::Ed25519(ed25519_dalek::SigningKey::from_bytes(seed))),
            KeyKind::Rsa => Err(KeyError::Unsupported),
        }
    }

    /// Reads PKCS#8 (DER).
    ///
    /// # Errors
    ///
    /// [`KeyError::Unsupported`] if it is not a key of one of the kinds, [`KeyError::RsaSize`] if
    /// it is RSA of another size than 2048 to 4096 bits.
    pub fn from_pkcs8_der(der: &[u8]) -> Result<Self, KeyError> {
        if let Ok(key) = p256::ecdsa::SigningKey::from_pkcs8_der(der) {
            return Ok(Self::EcdsaP256(key));
        }
        if let Ok(key) = ed25519_dalek::SigningKey::from_pkcs8_der(der) {
            return Ok(Self::Ed25519(key));
        }
        RsaKey::from_pkcs8_der(der).map(Self::Rsa)
    }

    /// A key that its holder does not give away.
    ///
    /// # Errors
    ///
    /// As [`KeyKind::of_spki`] of its public key.
    pub fn held(holder: Arc<dyn KeyHolder>) -> Result<Self, KeyError> {
        let kind = KeyKind::of_spki(&holder.spki_der())?;
        Ok(Self::Held { kind, holder })
    }

    /// Writes PKCS#8 (DER). Secret: encrypt it before it is kept.
    ///
    /// # Errors
    ///
    /// [`KeyError::Held`] for a key that stays in its store; [`KeyError::Malformed`] if the encoder
    /// fails, which it has no reason to.
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
            Self::Rsa(key) => Ok(key.pkcs8_der()),
            Self::Held { .. } => Err(KeyError::Held),
        }
    }

    /// The kind.
    #[must_use]
    pub fn kind(&self) -> KeyKind {
        match self {
            Self::EcdsaP256(_) => KeyKind::EcdsaP256,
            Self::Ed25519(_) => KeyKind::Ed25519,
            Self::Rsa(_) => KeyKind::Rsa,
            Self::Held { kind, .. } => *kind,
        }
    }

    /// The public key as `SubjectPublicKeyInfo` (DER).
    #[must_use]
    pub fn spki_der(&self) -> Vec<u8> {
        match self {
            Self::EcdsaP256(key) => p256_info(key.verifying_key().to_sec1_point(false).as_bytes()),
            Self::Ed25519(key) => {
                let algorithm = encode::sequence(&[&encode::oid(oid::ED25519)]);
                let point = key.verifying_key().to_bytes();
                encode::sequence(&[&algorithm, &encode::bits(&point)])
            }
            Self::Rsa(key) => key.spki_der(),
            Self::Held { holder, .. } => holder.spki_der(),
        }
    }

    /// Signs a message: ECDSA with SHA-256 and a deterministic nonce (RFC 6979), as DER; Ed25519,
    /// 64 bytes; RSA with SHA-256, as many bytes as the modulus has.
    ///
    /// # Errors
    ///
    /// [`KeyError::Malformed`] if the arithmetic fails, which no message can bring about;
    /// [`KeyError::StoreSilent`], [`KeyError::StoreWrong`] of a key in a store of its own.
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
            Self::Rsa(key) => key.sign(message),
            Self::Held { kind, holder } => {
                let value = holder.sign(message)?;
                let is_own = verifies(*kind, &holder.spki_der(), message, &value);
                is_own.then_some(value).ok_or(KeyError::StoreWrong)
            }
        }
    }
}

/// Whether a value is what this key makes of this message.
fn verifies(kind: KeyKind, spki_der: &[u8], message: &[u8], value: &[u8]) -> bool {
    let algorithm = kind.signature_algorithm();
    let read = asn1::read_all(&algorithm, tag::SEQUENCE).and_then(AlgorithmId::parse);
    let key = asn1::read_all(spki_der, tag::SEQUENCE).and_then(PublicKey::parse);
    let (Ok(read), Ok(key)) = (read, key) else {
        return false;
    };
    scheme::scheme_of(&read, None).is_ok_and(|scheme| {
        algorithm::verify(&key, scheme, &[message], value) == Verification::Valid
    })
}

/// The public key (`SubjectPublicKeyInfo`, DER) of an uncompressed point of P-256: 04, x, y
/// (SEC 1, 2.3.3).
///
/// # Errors
///
/// [`KeyError::Malformed`] if it is not a point of the curve.
pub fn p256_spki(point: &[u8]) -> Result<Vec<u8>, KeyError> {
    p256::ecdsa::VerifyingKey::from_sec1_bytes(point).map_err(|_| KeyError::Malformed)?;
    Ok(p256_info(point))
}

fn p256_info(point: &[u8]) -> Vec<u8> {
    let curve = [encode::oid(oid::EC_KEY), encode::oid(oid::P256)].concat();
    let algorithm = encode::sequence(&[&curve]);
    encode::sequence(&[&algorithm, &encode::bits(point)])
}
