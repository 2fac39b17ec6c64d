//! What holds for every signature and every forgery.

use chancery_gost::{Curve, PublicKey, verify};
use proptest::prelude::*;
use proptest::sample::{Index, select};

use crate::support::{Vector, vectors};

/// The same bytes with one bit turned.
fn flipped(bytes: &[u8], bit: Index) -> Vec<u8> {
    let bit = bit.index(bytes.len() * 8);
    let mut changed = bytes.to_vec();
    changed[bit / 8] ^= 1 << (bit % 8);
    changed
}

/// What the properties below change does verify as it is.
#[test]
fn every_vector_verifies_unchanged() {
    let vectors = vectors();
    assert_eq!(vectors.len(), 7);
    for vector in vectors {
        let verified = verify(&vector.key(), &vector.digest, &vector.signature);
        assert_eq!(verified, Ok(()), "{:?}", vector.curve);
    }
}

/// No key but its own accepts a signature.
#[test]
fn no_key_verifies_what_another_signed() {
    for vector in vectors() {
        for other in vectors() {
            let verified = verify(&other.key(), &vector.digest, &vector.signature);
            assert_eq!(verified.is_ok(), vector.curve == other.curve);
        }
    }
}

fn any_vector() -> impl Strategy<Value = Vector> {
    select(vectors())
}

fn any_curve() -> impl Strategy<Value = Curve> {
    select(Curve::ALL.to_vec())
}

/// Bytes of a length that means something, or of any.
fn bytes() -> impl Strategy<Value = Vec<u8>> {
    let length = prop_oneof![
        select(vec![0, 1, 32, 63, 64, 65, 127, 128, 129]),
        0..200_usize
    ];
    length.prop_flat_map(|length| prop::collection::vec(any::<u8>(), length))
}

proptest! {
    #[test]
    fn a_signature_with_one_bit_turned_does_not_verify(vector in any_vector(), bit: Index) {
        let signature = flipped(&vector.signature, bit);
        prop_assert!(verify(&vector.key(), &vector.digest, &signature).is_err());
    }

    #[test]
    fn a_digest_with_one_bit_turned_does_not_verify(vector in any_vector(), bit: Index) {
        let digest = flipped(&vector.digest, bit);
        prop_assert!(verify(&vector.key(), &digest, &vector.signature).is_err());
    }

    /// Most such keys are no keys; one that is does not verify.
    #[test]
    fn a_key_with_one_bit_turned_does_not_verify(vector in any_vector(), bit: Index) {
        let coordinates = flipped(&vector.coordinates, bit);
        if let Ok(key) = PublicKey::from_raw(vector.curve, &coordinates) {
            prop_assert!(verify(&key, &vector.digest, &vector.signature).is_err());
        }
    }

    #[test]
    fn random_numbers_do_not_verify(vector in any_vector(), seed in any::<[u8; 128]>()) {
        let signature = &seed[..vector.signature.len()];
        prop_assert!(verify(&vector.key(), &vector.digest, signature).is_err());
    }

    #[test]
    fn no_bytes_stop_a_verification(vector in any_vector(), digest in bytes(), other in bytes()) {
        prop_assert!(verify(&vector.key(), &digest, &other).is_err());
    }

    #[test]
    fn no_bytes_stop_the_reading_of_a_key(curve in any_curve(), any in bytes()) {
        prop_assert!(PublicKey::from_raw(curve, &any).is_err());
        prop_assert!(PublicKey::from_spki(&any).is_err());
    }
}
