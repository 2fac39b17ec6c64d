//! Values that OpenSSL made, and what no key and no value is.

use super::*;
use vectors::VECTORS;

mod vectors;

/// A key, a digest and a value; numbers in hexadecimal.
struct Vector {
    curve: Curve,
    digest: &'static str,
    key: &'static str,
    short: &'static str,
    value: &'static str,
}

impl Vector {
    fn key(&self) -> PublicKey {
        PublicKey::from_sec1(self.curve, &bytes(self.key)).expect("a key of OpenSSL")
    }
}

fn bytes(hex: &str) -> Vec<u8> {
    hex::decode(hex).expect("hexadecimal")
}

/// The order of a curve, one below it and one above, most significant byte first.
fn around_order(curve: Curve) -> [Vec<u8>; 3] {
    let numbers = |hex: &str| {
        let order = bytes(hex);
        let near = |last: i8| {
            let mut near = order.clone();
            let end = near.last_mut().expect("bytes");
            *end = end.checked_add_signed(last).expect("no carry");
            near
        };
        [near(-1), order.clone(), near(1)]
    };
    numbers(match curve {
        Curve::BrainpoolP256t1 => {
            "a9fb57dba1eea9bc3e660a909d838d718c397aa3b561a6f7901e0e82974856a7"
        }
        Curve::BrainpoolP384t1 => {
            "8cb91e82a3386d280f5d6f7e50e641df152f7109ed5456b31f166e6cac0425a7\
             cf3ab6af6b7fc3103b883202e9046565"
        }
        Curve::BrainpoolP512r1 | Curve::BrainpoolP512t1 => {
            "aadd9db8dbe9c48b3fd4e6ae33c9fc07cb308db3b3c9d20ed6639cca70330870\
             553e5c414ca92619418661197fac10471db1d381085ddaddb58796829ca90069"
        }
    })
}

/// Digests shorter than the order, of its size, and longer.
#[test]
fn values_of_openssl_verify_and_every_change_of_one_is_noticed() {
    for vector in &VECTORS {
        let (key, digest, value) = (vector.key(), bytes(vector.digest), bytes(vector.value));
        assert_eq!(key.verify(&digest, &value), Ok(()), "{:?}", vector.curve);
        for place in (0..value.len()).step_by(7) {
            let mut other = value.clone();
            other[place] ^= 1;
            assert!(key.verify(&digest, &other).is_err(), "{place}");
        }
        // The leftmost bits count, and so does each of the rest of a digest that is no longer.
        let counts = digest.len().min(value.len() / 2);
        for place in [0, counts - 1] {
            let mut other = digest.clone();
            other[place] ^= 1;
            let mismatch = Err(SignatureError::Mismatch);
            assert_eq!(key.verify(&other, &value), mismatch, "{place}");
        }
        let longer = [&digest[..], &[7; 64]].concat();
        let verdict = key.verify(&longer, &value).is_ok();
        assert_eq!(verdict, digest.len() >= value.len() / 2);
    }
}

#[test]
fn a_point_is_one_key_in_either_form() {
    for vector in &VECTORS {
        let short = PublicKey::from_sec1(vector.curve, &bytes(vector.short)).expect("a key");
        assert_eq!(short, vector.key());
        assert_eq!(short.to_sec1(), bytes(vector.key));
        let mut other = bytes(vector.short);
        other[0] ^= 1;
        let negative = PublicKey::from_sec1(vector.curve, &other).expect("a key");
        assert_ne!(negative, short);
        let value = bytes(vector.value);
        assert!(negative.verify(&bytes(vector.digest), &value).is_err());
    }
}

#[test]
fn numbers_out_of_range_are_refused() {
    for vector in &VECTORS {
        let (key, digest, value) = (vector.key(), bytes(vector.digest), bytes(vector.value));
        let half = value.len() / 2;
        let (r, s) = value.split_at(half);
        let [below, order, above] = around_order(vector.curve);
        let range = Err(SignatureError::Range);
        for wrong in [&vec![0; half], &order, &above, &vec![0xff; half]] {
            assert_eq!(key.verify(&digest, &[wrong, s].concat()), range);
            assert_eq!(key.verify(&digest, &[r, wrong].concat()), range);
        }
        let mismatch = Err(SignatureError::Mismatch);
        assert_eq!(key.verify(&digest, &[&below, s].concat()), mismatch);
        assert_eq!(key.verify(&digest, &[r, &below].concat()), mismatch);
        for length in [0, 1, half, value.len() - 1, value.len() + 1] {
            let mut other = value.clone();
            other.resize(length, 1);
            let refused = key.verify(&digest, &other);
            assert!(matches!(refused, Err(SignatureError::Length { .. })));
        }
        // No digest at all is the number zero, of which the sum is no infinity here.
        assert_eq!(key.verify(&[], &value), mismatch);
    }
}

#[test]
fn what_is_no_point_of_the_curve_is_no_key() {
    for vector in &VECTORS {
        let read = |bytes: &[u8]| PublicKey::from_sec1(vector.curve, bytes).err();
        let key = bytes(vector.key);
        let half = key.len() / 2;
        let mut off = key.clone();
        off[key.len() - 1] ^= 1;
        assert_eq!(read(&off), Some(KeyError::OffCurve));
        // Of order two, were it on the curve; and the place of nothing.
        let zero_y = [&key[..=half], &vec![0; half][..]].concat();
        assert_eq!(read(&zero_y), Some(KeyError::OffCurve));
        let zeros = [&[4][..], &vec![0; 2 * half]].concat();
        assert_eq!(read(&zeros), Some(KeyError::OffCurve));
        let beyond = [&[4][..], &vec![0xff; half], &key[1 + half..]].concat();
        assert_eq!(read(&beyond), Some(KeyError::Range));
        for first in [0, 1, 5, 6, 7, 0xff] {
            let other = [&[first][..], &key[1..]].concat();
            assert_eq!(read(&other), Some(KeyError::Malformed), "{first}");
        }
        for length in [1, half, half + 1, key.len() - 1] {
            let refused = read(&key[..length]);
            assert!(matches!(refused, Some(KeyError::Length { .. })), "{length}");
        }
        assert!(matches!(read(&[]), Some(KeyError::Length { .. })));
        assert_eq!(read(&[0]), Some(KeyError::Malformed), "infinity");
        // About half of all numbers are no x of a point.
        let mut short = bytes(vector.short);
        let refused = (0..=255).filter(|last| {
            *short.last_mut().expect("bytes") = *last;
            read(&short) == Some(KeyError::OffCurve)
        });
        let refused = refused.count();
        assert!((64..192).contains(&refused), "{refused}");
    }
}

#[test]
fn a_curve_has_one_name_and_one_identifier() {
    for curve in Curve::ALL {
        assert_eq!(Curve::from_oid(curve.oid()), Some(curve));
    }
    let p256r1 = ObjectIdentifier::new_unwrap("1.3.36.3.3.2.8.1.1.7");
    assert_eq!(Curve::from_oid(p256r1), None);
}
