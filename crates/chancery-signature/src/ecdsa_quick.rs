//! ECDSA as nearly every signature has it, by `ring`: the curve with the digest of its own size.
//!
//! A page with its timestamp holds four such values, and verifying them in portable Rust took nine
//! tenths of the time of a report. Keys and values are read by the same code as everywhere, so that
//! only the arithmetic is another; what `ring` has no name for stays with the curve's own crate.

use ring::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P384_SHA384_FIXED, UnparsedPublicKey, VerificationAlgorithm,
};

use crate::digest::DigestAlgorithm;

/// Whether `value` fits; nothing if this is not the place to ask.
pub(crate) fn p256(
    key: &p256::ecdsa::VerifyingKey,
    digest: DigestAlgorithm,
    message: &[&[u8]],
    value: &[u8],
) -> Option<bool> {
    let whole = whole(message).filter(|_| digest == DigestAlgorithm::Sha256)?;
    let value = p256::ecdsa::Signature::from_der(value)
        .or_else(|_| p256::ecdsa::Signature::from_slice(value));
    let point = key.to_sec1_point(false);
    Some(value.is_ok_and(|value| {
        let bytes = value.to_bytes();
        fits(&ECDSA_P256_SHA256_FIXED, point.as_bytes(), whole, &bytes)
    }))
}

/// As [`p256`], for the larger curve.
pub(crate) fn p384(
    key: &p384::ecdsa::VerifyingKey,
    digest: DigestAlgorithm,
    message: &[&[u8]],
    value: &[u8],
) -> Option<bool> {
    let whole = whole(message).filter(|_| digest == DigestAlgorithm::Sha384)?;
    let value = p384::ecdsa::Signature::from_der(value)
        .or_else(|_| p384::ecdsa::Signature::from_slice(value));
    let point = key.to_sec1_point(false);
    Some(value.is_ok_and(|value| {
        let bytes = value.to_bytes();
        fits(&ECDSA_P384_SHA384_FIXED, point.as_bytes(), whole, &bytes)
    }))
}

/// The message, if it is in one part: attributes and certificates are.
fn whole<'m>(message: &[&'m [u8]]) -> Option<&'m [u8]> {
    match message {
        [whole] => Some(whole),
        _ => None,
    }
}

fn fits(
    algorithm: &'static dyn VerificationAlgorithm,
    point: &[u8],
    message: &[u8],
    value: &[u8],
) -> bool {
    let key = UnparsedPublicKey::new(algorithm, point);
    key.verify(message, value).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use signature::Signer as _;
    use signature::hazmat::PrehashVerifier as _;

    /// Goal: both ways of computing agree, on values that fit and on values that nearly do. Method:
    /// values of many keys, each with every one of its bytes changed in turn, asked both ways.
    macro_rules! agrees {
        ($curve:ident, $digest:expr, $bytes:expr) => {{
            let mut fitting = 0;
            for seed in 1..=6_u8 {
                let secret = $curve::ecdsa::SigningKey::from_slice(&[seed; $bytes]).unwrap();
                let key = $curve::ecdsa::VerifyingKey::from(&secret);
                let message = [seed; 40];
                let value: $curve::ecdsa::Signature = secret.sign(&message);
                let other = $digest.digest(&[&message[..39]]);
                let digest = $digest.digest(&[&message]);
                let raw = value.to_bytes().to_vec();
                assert_eq!(
                    $curve(&key, $digest, &[&message[..39]], &raw),
                    Some(key.verify_prehash(&other, &value).is_ok())
                );
                let der = value.to_der();
                assert_eq!(
                    $curve(&key, $digest, &[&message], der.as_bytes()),
                    Some(true)
                );
                for place in 0..=raw.len() {
                    let mut changed = raw.clone();
                    if let Some(byte) = changed.get_mut(place) {
                        *byte ^= 1 << (place % 8);
                    }
                    let parsed = $curve::ecdsa::Signature::from_slice(&changed);
                    let slow = parsed.is_ok_and(|one| key.verify_prehash(&digest, &one).is_ok());
                    let quick = $curve(&key, $digest, &[&message], &changed);
                    assert_eq!(quick, Some(slow), "seed {seed}, byte {place}");
                    fitting += usize::from(slow);
                }
                // The other half of the pairs: -s fits where s does.
                let (r, s) = value.split_scalars();
                let mirrored = $curve::ecdsa::Signature::from_scalars(*r, -*s).unwrap();
                let quick = $curve(&key, $digest, &[&message], &mirrored.to_bytes());
                assert_eq!(quick, Some(key.verify_prehash(&digest, &mirrored).is_ok()));
                assert_eq!(quick, Some(true));
            }
            assert_eq!(fitting, 6);
        }};
    }

    #[test]
    fn both_ways_of_computing_agree() {
        agrees!(p256, DigestAlgorithm::Sha256, 32);
        agrees!(p384, DigestAlgorithm::Sha384, 48);
    }

    #[test]
    fn what_is_no_pair_of_numbers_in_range_does_not_fit() {
        let secret = p256::ecdsa::SigningKey::from_slice(&[1; 32]).unwrap();
        let key = p256::ecdsa::VerifyingKey::from(&secret);
        for value in [
            &[0; 64][..],
            &[0xff; 64],
            &[1; 63],
            &[],
            b"\x30\x06\x02\x01\x00\x02\x01\x00",
        ] {
            let quick = super::p256(&key, DigestAlgorithm::Sha256, &[b"text"], value);
            assert_eq!(quick, Some(false));
        }
        let two = super::p256(&key, DigestAlgorithm::Sha256, &[b"te", b"xt"], &[1; 64]);
        assert_eq!(two, None, "two parts");
        let long = super::p256(&key, DigestAlgorithm::Sha512, &[b"text"], &[1; 64]);
        assert_eq!(long, None, "another digest");
    }
}
