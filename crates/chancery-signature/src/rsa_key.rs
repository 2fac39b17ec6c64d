//! RSA private keys. They are ring's: its arithmetic takes the same time whatever the key is,
//! which that of the `rsa` crate does not (RUSTSEC-2023-0071); this one only verifies here.
//!
//! Only PKCS#1 v1.5 is signed with: it needs no randomness, of which this crate has none, while
//! PSS needs a salt.

use std::sync::Arc;

use p256::pkcs8::SecretDocument;
use ring::signature::{RSA_PKCS1_SHA256, RsaKeyPair};

use crate::asn1::{self, Asn1Error, tag};
use crate::encode;
use crate::key::KeyError;
use crate::oid;

/// The shortest modulus that signs here, in bits.
pub(crate) const RSA_BITS_MIN: u32 = 2048;
/// The longest one that ring computes with, and what all sizes are multiples of.
const RSA_BITS_MAX: u32 = 4096;
const RSA_BITS_STEP: u32 = 1024;

/// An RSA private key with a modulus of 2048, 3072 or 4096 bits (any multiple of 1024 between).
///
/// The PKCS#8 that it came from is wiped from memory when dropped; the numbers that ring keeps are
/// not, since ring has no way to.
#[derive(Clone)]
pub struct RsaKey {
    pair: Arc<RsaKeyPair>,
    pkcs8: Arc<SecretDocument>,
}

impl std::fmt::Debug for RsaKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("RsaKey")
    }
}

impl RsaKey {
    /// Reads PKCS#8 (DER, RFC 5958) with the key of RFC 8017, A.1.2.
    ///
    /// # Errors
    ///
    /// [`KeyError::RsaSize`] for a modulus that is too short or too long, and
    /// [`KeyError::Unsupported`] for anything else than a sound RSA key.
    pub(crate) fn from_pkcs8_der(der: &[u8]) -> Result<Self, KeyError> {
        let bits = modulus_bits(der).map_err(|_| KeyError::Unsupported)?;
        if !(RSA_BITS_MIN..=RSA_BITS_MAX).contains(&bits) || bits % RSA_BITS_STEP != 0 {
            return Err(KeyError::RsaSize);
        }
        let pair = RsaKeyPair::from_pkcs8(der).map_err(|_| KeyError::Unsupported)?;
        let pkcs8 = SecretDocument::try_from(der).map_err(|_| KeyError::Malformed)?;
        Ok(Self {
            pair: Arc::new(pair),
            pkcs8: Arc::new(pkcs8),
        })
    }

    pub(crate) fn pkcs8_der(&self) -> Vec<u8> {
        self.pkcs8.as_bytes().to_vec()
    }

    /// `SubjectPublicKeyInfo` (RFC 3279, 2.3.1).
    pub(crate) fn spki_der(&self) -> Vec<u8> {
        let algorithm = encode::sequence(&[&encode::oid(oid::RSA), &encode::null()]);
        encode::sequence(&[&algorithm, &encode::bits(self.pair.public().as_ref())])
    }

    /// Signs by RSASSA-PKCS1-v1_5 over SHA-256 (RFC 8017, 8.2.1).
    pub(crate) fn sign(&self, message: &[u8]) -> Result<Vec<u8>, KeyError> {
        let mut value = vec![0; self.pair.public().modulus_len()];
        // Asked for by the interface; this padding draws nothing from it.
        let unused = ring::rand::SystemRandom::new();
        let signed = self
            .pair
            .sign(&RSA_PKCS1_SHA256, &unused, message, &mut value);
        signed.map_err(|_| KeyError::Malformed)?;
        Ok(value)
    }
}

/// The size of the modulus in PKCS#8: `PrivateKeyInfo { version, algorithm, RSAPrivateKey }`.
fn modulus_bits(der: &[u8]) -> Result<u32, Asn1Error> {
    let mut outer = asn1::read_all(der, tag::SEQUENCE)?.reader();
    outer.expect(tag::INTEGER)?;
    let algorithm = outer.expect(tag::SEQUENCE)?.reader().next()?.oid()?;
    if algorithm != oid::RSA {
        return Err(Asn1Error::Value);
    }
    let inner = outer.expect(tag::OCTET_STRING)?.content;
    let mut key = asn1::read_all(inner, tag::SEQUENCE)?.reader();
    key.expect(tag::INTEGER)?;
    let digits = key.next()?.integer()?;
    let zeros = digits.iter().take_while(|byte| **byte == 0).count();
    let digits = digits.get(zeros..).unwrap_or(&[]);
    let first = digits.first().map_or(0, |byte| byte.leading_zeros());
    let bits = u32::try_from(digits.len().saturating_mul(8)).unwrap_or(u32::MAX);
    Ok(bits.saturating_sub(first))
}
