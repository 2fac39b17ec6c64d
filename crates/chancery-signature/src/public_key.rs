//! Public keys out of `SubjectPublicKeyInfo` (RFC 5280, 4.1.2.7).

use serde::{Deserialize, Serialize};

use crate::asn1::{self, Asn1Error, Node, tag};
use crate::oid;
use crate::scheme::{self, AlgorithmId, Scheme, SchemeError};

/// The largest RSA modulus that is worth the time, in bits.
const RSA_BITS_MAX: usize = 8192;

/// A public key with what a report says of it.
#[derive(Clone, Debug)]
pub(crate) struct PublicKey {
    pub key: Key,
    /// The object identifier of the key's algorithm, of its curve for elliptic curves.
    pub algorithm: String,
    pub description: KeyDescription,
}

#[derive(Clone, Debug)]
pub(crate) enum Key {
    Rsa(rsa::PublicKey),
    /// For RSASSA-PSS alone (RFC 4055, 1.2), with these parameters and a salt at least as long
    /// (3.3) if it has any.
    RsaPss(rsa::PublicKey, Option<Scheme>),
    P256(p256::ecdsa::VerifyingKey),
    P384(p384::ecdsa::VerifyingKey),
    P521(p521::ecdsa::VerifyingKey),
    BrainpoolP256(ecdsa::VerifyingKey<bp256::BrainpoolP256r1>),
    BrainpoolP384(ecdsa::VerifyingKey<bp384::BrainpoolP384r1>),
    /// A curve that has no crate of its own.
    Brainpool(chancery_gost::ecdsa::PublicKey),
    Ed25519(ed25519_dalek::VerifyingKey),
    Ed448(ed448_goldilocks::VerifyingKey),
    Gost(chancery_gost::PublicKey),
    Gost2001(chancery_gost::PublicKey),
    Unsupported,
}

/// A key as a report shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct KeyDescription {
    /// `RSA`, `ECDSA P-256`, `Ed25519`, …; the object identifier for a key we do not know.
    pub algorithm: String,
    /// The size: of the modulus for RSA, of the order for curves; 0 if not known.
    pub bits: u32,
}

impl PublicKey {
    /// Reads a `SubjectPublicKeyInfo`. A key of an unknown kind is no error.
    pub fn parse(node: Node<'_>) -> Result<Self, Asn1Error> {
        let mut reader = node.expect(tag::SEQUENCE)?.reader();
        let algorithm = AlgorithmId::parse(reader.next()?)?;
        let bits = reader.expect(tag::BIT_STRING)?.bits()?;
        reader.finish()?;
        let described = |key, name: &str, bits| Self {
            key,
            algorithm: algorithm.oid.to_string(),
            description: KeyDescription {
                algorithm: name.to_owned(),
                bits,
            },
        };
        if let Some(chancery_gost::Identifier::Key(size)) =
            chancery_gost::Identifier::of(algorithm.oid)
        {
            let key = chancery_gost::PublicKey::from_spki(node.raw);
            let key = key.map_err(|_| Asn1Error::Value)?;
            return Ok(described(Key::Gost(key), "GOST R 34.10-2012", size.bits()));
        }
        match algorithm.oid {
            oid::GOST2001_KEY => {
                let key = gost2001_key(&algorithm, bits)?;
                Ok(described(Key::Gost2001(key), "GOST R 34.10-2001", 256))
            }
            oid::RSA => {
                let (key, size) = rsa_key(bits)?;
                Ok(described(
                    key.map_or(Key::Unsupported, Key::Rsa),
                    "RSA",
                    size,
                ))
            }
            oid::RSA_PSS => {
                let (key, size) = rsa_key(bits)?;
                Ok(described(pss_key(key, &algorithm)?, "RSA", size))
            }
            oid::ED25519 => {
                if algorithm.parameters.is_some() {
                    return Err(Asn1Error::Value);
                }
                let bytes = bits.try_into().map_err(|_| Asn1Error::Value)?;
                let key = ed25519_dalek::VerifyingKey::from_bytes(bytes);
                let key = key.map_err(|_| Asn1Error::Value)?;
                Ok(described(Key::Ed25519(key), "Ed25519", 256))
            }
            oid::ED448 => {
                let absent = algorithm.parameters.is_none();
                let bytes = bits.try_into().ok().filter(|_| absent);
                let bytes: &[u8; 57] = bytes.ok_or(Asn1Error::Value)?;
                let key = ed448_goldilocks::VerifyingKey::from_bytes(bytes);
                let key = key.map_err(|_| Asn1Error::Value)?;
                Ok(described(Key::Ed448(key), "Ed448", 448))
            }
            oid::EC_KEY => {
                let curve = algorithm.parameters.filter(|node| node.tag == tag::OID);
                let Some(curve) = curve else {
                    // Parameters written out in full: whoever chooses them chooses the secret.
                    return Ok(described(Key::Unsupported, "ECDSA", 0));
                };
                let curve = curve.oid()?;
                let (key, name, size) = curve_key(curve, bits)?;
                Ok(Self {
                    algorithm: curve.to_string(),
                    ..described(key, &name, size)
                })
            }
            other => Ok(described(Key::Unsupported, &other.to_string(), 0)),
        }
    }
}

/// A key of the standard before (RFC 4491, 2.3.2): the same curves, the same encoding of the point.
fn gost2001_key(
    algorithm: &AlgorithmId<'_>,
    bits: &[u8],
) -> Result<chancery_gost::PublicKey, Asn1Error> {
    let parameters = algorithm.real_parameters().ok_or(Asn1Error::Value)?;
    let curve = parameters.expect(tag::SEQUENCE)?.reader().next()?.oid()?;
    let curve = chancery_gost::Curve::from_oid(curve).ok_or(Asn1Error::Value)?;
    let point = asn1::read_all(bits, tag::OCTET_STRING)?.content;
    chancery_gost::PublicKey::from_raw(curve, point).map_err(|_| Asn1Error::Value)
}

/// A point on a named curve, with the name and the size of the curve.
fn curve_key(
    curve: const_oid::ObjectIdentifier,
    bits: &[u8],
) -> Result<(Key, String, u32), Asn1Error> {
    let wrong = |_| Asn1Error::Value;
    let (key, name, size) = match curve {
        oid::P256 => {
            let key = p256::ecdsa::VerifyingKey::from_sec1_bytes(bits);
            (Key::P256(key.map_err(wrong)?), "ECDSA P-256", 256)
        }
        oid::P384 => {
            let key = p384::ecdsa::VerifyingKey::from_sec1_bytes(bits);
            (Key::P384(key.map_err(wrong)?), "ECDSA P-384", 384)
        }
        oid::P521 => {
            let key = p521::ecdsa::VerifyingKey::from_sec1_bytes(bits);
            (Key::P521(key.map_err(wrong)?), "ECDSA P-521", 521)
        }
        oid::BRAINPOOL_P256R1 => {
            let key = ecdsa::VerifyingKey::from_sec1_bytes(bits);
            let key = Key::BrainpoolP256(key.map_err(wrong)?);
            (key, "ECDSA brainpoolP256r1", 256)
        }
        oid::BRAINPOOL_P384R1 => {
            let key = ecdsa::VerifyingKey::from_sec1_bytes(bits);
            let key = Key::BrainpoolP384(key.map_err(wrong)?);
            (key, "ECDSA brainpoolP384r1", 384)
        }
        other => {
            let Some(curve) = chancery_gost::ecdsa::Curve::from_oid(other) else {
                return Ok((Key::Unsupported, format!("ECDSA {other}"), 0));
            };
            let key = chancery_gost::ecdsa::PublicKey::from_sec1(curve, bits);
            let key = Key::Brainpool(key.map_err(|_| Asn1Error::Value)?);
            return Ok((key, format!("ECDSA {}", curve.name()), curve.bits()));
        }
    };
    Ok((key, name.to_owned(), size))
}

/// A key that is bound to RSASSA-PSS, and to what its parameters say.
fn pss_key(key: Option<rsa::PublicKey>, algorithm: &AlgorithmId<'_>) -> Result<Key, Asn1Error> {
    let bound = match algorithm.real_parameters() {
        None => None,
        Some(_) => match scheme::scheme_of(algorithm, None) {
            Ok(scheme) => Some(scheme),
            Err(SchemeError::Unsupported(_)) => return Ok(Key::Unsupported),
            Err(SchemeError::Inconsistent) => return Err(Asn1Error::Value),
        },
    };
    Ok(key.map_or(Key::Unsupported, |key| Key::RsaPss(key, bound)))
}

/// Whether a key that is bound to some parameters may make values of this scheme.
pub(crate) fn pss_allows(bound: Option<Scheme>, scheme: Scheme) -> bool {
    match (bound, scheme) {
        (None, Scheme::RsaPss { .. }) => true,
        (
            Some(Scheme::RsaPss {
                digest: bound,
                salt_bytes: least,
            }),
            Scheme::RsaPss { digest, salt_bytes },
        ) => bound == digest && salt_bytes >= least,
        _ => false,
    }
}

/// Modulus and exponent of `RSAPublicKey` (RFC 8017, A.1.1).
fn rsa_numbers(bits: &[u8]) -> Result<(&[u8], &[u8]), Asn1Error> {
    let mut reader = asn1::read_all(bits, tag::SEQUENCE)?.reader();
    let modulus = reader.next()?.integer()?;
    let exponent = reader.next()?.integer()?;
    reader.finish()?;
    Ok((modulus, exponent))
}

/// A key in one form, however its `SubjectPublicKeyInfo` is written: the numbers of an RSA key,
/// whatever it is bound to, and the whole point of one of a curve, however the curve is named. Of
/// other keys their kind and their bits, whatever parameters stand beside them, and of what cannot
/// be read the bytes as they are.
pub(crate) fn one_form(spki: Node<'_>) -> Vec<u8> {
    form_of(spki).unwrap_or_else(|| spki.raw.to_vec())
}

fn form_of(spki: Node<'_>) -> Option<Vec<u8>> {
    let mut reader = spki.reader();
    let algorithm = AlgorithmId::parse(reader.next().ok()?).ok()?;
    let bits = reader.next().ok()?.bits().ok()?;
    if [oid::RSA, oid::RSA_PSS].contains(&algorithm.oid) {
        let (modulus, exponent) = rsa_numbers(bits).ok()?;
        let [modulus, exponent] = [modulus, exponent].map(|digits| {
            let zeros = digits.iter().take_while(|byte| **byte == 0).count();
            digits.get(zeros..).unwrap_or_default()
        });
        let length = (modulus.len() as u64).to_be_bytes();
        return Some([&length, modulus, exponent].concat());
    }
    if algorithm.oid == oid::EC_KEY {
        let key = PublicKey::parse(spki).map(|one| one.key);
        let point = match key {
            Ok(Key::P256(key)) => key.to_sec1_point(false).as_bytes().to_vec(),
            Ok(Key::P384(key)) => key.to_sec1_point(false).as_bytes().to_vec(),
            Ok(Key::P521(key)) => key.to_sec1_point(false).as_bytes().to_vec(),
            Ok(Key::BrainpoolP256(key)) => key.to_sec1_point(false).as_bytes().to_vec(),
            Ok(Key::BrainpoolP384(key)) => key.to_sec1_point(false).as_bytes().to_vec(),
            Ok(Key::Brainpool(key)) => key.to_sec1(),
            _ => bits.to_vec(),
        };
        return Some([b"point", point.as_slice()].concat());
    }
    // One point of one curve under several names of it (RFC 9215, 4.2), under several names of the
    // digest beside it, or under none, and under the standard before.
    if is_gost(&algorithm) {
        let point = asn1::read_all(bits, tag::OCTET_STRING).map_or(bits, |node| node.content);
        return Some([b"gost", point].concat());
    }
    let kind = algorithm.oid;
    Some([b"bits", kind.as_bytes(), bits].concat())
}

fn is_gost(algorithm: &AlgorithmId<'_>) -> bool {
    let known = chancery_gost::Identifier::of(algorithm.oid);
    algorithm.oid == oid::GOST2001_KEY || matches!(known, Some(chancery_gost::Identifier::Key(_)))
}

/// Whether a key is one of GOST R 34.10, of 2012 or of 2001.
pub(crate) fn is_gost_key(spki: Node<'_>) -> bool {
    let algorithm = spki.reader().next().and_then(AlgorithmId::parse);
    algorithm.is_ok_and(|algorithm| is_gost(&algorithm))
}

/// How many bits of a number count.
fn significant(digits: &[u8]) -> usize {
    let zeros = digits.iter().take_while(|byte| **byte == 0).count();
    let digits = digits.get(zeros..).unwrap_or(&[]);
    let first = digits
        .first()
        .map_or(0, |byte| byte.leading_zeros() as usize);
    digits.len().saturating_mul(8).saturating_sub(first)
}

/// The sizes of modulus and exponent of an RSA key, in bits, without making one, which costs as
/// much as to verify with it; nothing for another key.
pub(crate) fn rsa_sizes(spki: Node<'_>) -> Option<(u32, u32)> {
    let mut reader = spki.reader();
    let algorithm = AlgorithmId::parse(reader.next().ok()?).ok()?;
    if ![oid::RSA, oid::RSA_PSS].contains(&algorithm.oid) {
        return None;
    }
    let (modulus, exponent) = rsa_numbers(reader.next().ok()?.bits().ok()?).ok()?;
    let bits = |digits| u32::try_from(significant(digits)).unwrap_or(u32::MAX);
    Some((bits(modulus), bits(exponent)))
}

/// The key, if it is one that is worth the time, and its size.
fn rsa_key(bits: &[u8]) -> Result<(Option<rsa::PublicKey>, u32), Asn1Error> {
    let (modulus, exponent) = rsa_numbers(bits)?;
    let size = significant(modulus);
    let shown = u32::try_from(size).unwrap_or(u32::MAX);
    if size > RSA_BITS_MAX || significant(exponent) > 33 {
        return Ok((None, shown));
    }
    let number = |digits: &[u8]| rsa::BoxedUint::from_be_slice_vartime(digits);
    let key =
        rsa::PublicKey::new_with_size_limits(number(modulus), number(exponent), 512..=RSA_BITS_MAX);
    Ok((key.ok(), shown))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::encode;

    /// A key of this kind with these parameters and bits.
    fn spki(kind: &str, parameters: &[u8], bits: &[u8]) -> Vec<u8> {
        let kind = encode::oid(const_oid::ObjectIdentifier::new_unwrap(kind));
        encode::sequence(&[&encode::sequence(&[&kind, parameters]), &encode::bits(bits)])
    }

    fn form(spki: &[u8]) -> Vec<u8> {
        one_form(asn1::read_all(spki, tag::SEQUENCE).unwrap())
    }

    #[test]
    fn check_27_a_key_is_one_key_whatever_parameters_stand_beside_it() {
        let named = |names: &[&str]| {
            let names = names
                .iter()
                .map(|one| const_oid::ObjectIdentifier::new_unwrap(one));
            let names = names.map(encode::oid);
            encode::sequence(&[&names.collect::<Vec<_>>().concat()])
        };
        let point = encode::octets(&[7; 64]);
        let forms = [
            ("1.2.643.7.1.1.1.1", named(&["1.2.643.7.1.2.1.1.1"])),
            (
                "1.2.643.7.1.1.1.1",
                named(&["1.2.643.2.2.35.1", "1.2.643.7.1.1.2.2"]),
            ),
            (
                "1.2.643.7.1.1.1.1",
                named(&["1.2.643.2.2.36.0", "1.2.643.7.1.1.2.2"]),
            ),
            (
                "1.2.643.2.2.19",
                named(&["1.2.643.2.2.35.1", "1.2.643.2.2.30.1"]),
            ),
        ];
        let forms = forms.map(|(kind, parameters)| form(&spki(kind, &parameters, &point)));
        assert!(forms.iter().all(|one| *one == forms[0]));
        let other = encode::octets(&[8; 64]);
        let other = form(&spki(
            "1.2.643.7.1.1.1.1",
            &named(&["1.2.643.7.1.2.1.1.1"]),
            &other,
        ));
        assert_ne!(other, forms[0]);
        let edwards = [&[][..], &[5, 0]].map(|one| form(&spki("1.3.101.112", one, &[7; 32])));
        assert_eq!(edwards[0], edwards[1]);
        assert_ne!(edwards[0], form(&spki("1.3.101.110", &[], &[7; 32])));
        // A curve written out in full, and one that is named.
        let own = crate::SigningKey::from_seed(crate::KeyKind::EcdsaP256, &[1; 32]).unwrap();
        let own = own.spki_der();
        let mut reader = asn1::read_all(&own, tag::SEQUENCE).unwrap().reader();
        reader.next().unwrap();
        let bits = reader.next().unwrap().bits().unwrap();
        let full = spki("1.2.840.10045.2.1", &encode::sequence(&[&[2, 1, 1]]), bits);
        assert_eq!(form(&own), form(&full));
    }
}
