//! What is not a key and not a signature, one reason at a time.

use chancery_gost::{Curve, KeyError, PublicKey, SignatureError, Size, verify};
use const_oid::ObjectIdentifier;

use crate::certificates::{self, der};
use crate::support::{Signed, Vector, vectors};

fn reversed(hex: &str) -> Vec<u8> {
    let mut bytes = hex::decode(hex).expect("hexadecimal");
    bytes.reverse();
    bytes
}

/// A point as a key writes it, from coordinates as standards print them.
fn point(x: &str, y: &str) -> Vec<u8> {
    [reversed(x), reversed(y)].concat()
}

fn vector_on(curve: Curve) -> Vector {
    let mut all = vectors().into_iter();
    all.find(|vector| vector.curve == curve).expect("a vector")
}

/// `p` and `q` of each curve that has a vector, most significant byte first.
fn moduli(curve: Curve) -> [Vec<u8>; 2] {
    let bytes = |text: &str| hex::decode(text).expect("hexadecimal");
    let [p, q] = match curve {
        Curve::CryptoProA => [
            "fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffd97",
            "ffffffffffffffffffffffffffffffff6c611070995ad10045841b09b761b893",
        ],
        Curve::Tc26A256 => [
            "fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffd97",
            "400000000000000000000000000000000fd8cddfc87b6635c115af556c360c67",
        ],
        Curve::Tc26C512 => [
            "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff\
             fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffdc7",
            "3fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff\
             c98cdba46506ab004c33a9ff5147502cc8eda9e7a769a12694623cef47f023ed",
        ],
        other => panic!("{other:?} is not written down here"),
    };
    [bytes(p), bytes(q)]
}

const CURVES: [Curve; 3] = [Curve::CryptoProA, Curve::Tc26A256, Curve::Tc26C512];

/// Goal: `r` and `s` are above zero and below `q`, each. Method: the good signature with one of
/// them replaced by zero, by `q`, by all ones, and by itself plus `q`, the same modulo `q`.
#[test]
fn numbers_out_of_range_are_refused() {
    for curve in CURVES {
        let vector = vector_on(curve);
        let [_, q] = moduli(curve);
        let half = q.len();
        for place in [0..half, half..2 * half] {
            let good = &vector.signature[place.clone()];
            let mut forms = vec![vec![0; half], q.clone(), vec![0xff; half]];
            forms.extend(sum(good, &q));
            for number in forms {
                let mut signature = vector.signature.clone();
                signature[place.clone()].copy_from_slice(&number);
                let found = verify(&vector.key(), &vector.digest, &signature);
                assert_eq!(found, Err(SignatureError::Range), "{curve:?} {place:?}");
            }
        }
        let nothing = vec![0; 2 * half];
        let found = verify(&vector.key(), &vector.digest, &nothing);
        assert_eq!(found, Err(SignatureError::Range));
    }
}

/// The sum of two numbers of one length, most significant byte first; nothing if it is longer.
fn sum(left: &[u8], right: &[u8]) -> Option<Vec<u8>> {
    let mut carry = 0;
    let mut digits: Vec<u8> = Vec::new();
    for (left, right) in left.iter().rev().zip(right.iter().rev()) {
        let digit = u16::from(*left) + u16::from(*right) + carry;
        digits.push(digit.to_le_bytes()[0]);
        carry = digit >> 8;
    }
    digits.reverse();
    (carry == 0).then_some(digits)
}

/// A digest of the other size is refused even by its length, and so is every other length.
#[test]
fn other_lengths_are_refused() {
    for vector in vectors() {
        let expected = vector.digest.len();
        let key = vector.key();
        for found in [0, expected - 1, expected + 1, 96 - expected] {
            let digest = vec![1; found];
            let refused = Err(SignatureError::DigestLength { expected, found });
            assert_eq!(verify(&key, &digest, &vector.signature), refused);
        }
        let expected = 2 * expected;
        for found in [0, expected - 1, expected + 1, expected / 2, expected * 2] {
            let signature = vec![1; found];
            let refused = Err(SignatureError::Length { expected, found });
            assert_eq!(verify(&key, &vector.digest, &signature), refused);
            let refused = Err(KeyError::Length { expected, found });
            assert_eq!(PublicKey::from_raw(vector.curve, &signature), refused);
        }
    }
}

#[test]
fn a_point_off_the_curve_is_refused() {
    for vector in vectors() {
        let mut exchanged = vector.coordinates.clone();
        exchanged.rotate_left(vector.digest.len());
        let found = PublicKey::from_raw(vector.curve, &exchanged);
        assert!(
            matches!(found, Err(KeyError::OffCurve)),
            "{:?}",
            vector.curve
        );
        let mut next = vector.coordinates.clone();
        next[0] ^= 1;
        let found = PublicKey::from_raw(vector.curve, &next);
        assert!(
            matches!(found, Err(KeyError::OffCurve)),
            "{:?}",
            vector.curve
        );
    }
}

/// Some programs write infinity as zeros; on none of the curves is that a point.
#[test]
fn zeros_are_not_a_key() {
    for curve in Curve::ALL {
        let zeros = vec![0; curve.size().bits() as usize / 4];
        assert_eq!(
            PublicKey::from_raw(curve, &zeros),
            Err(KeyError::OffCurve),
            "{curve:?}"
        );
    }
}

/// A coordinate plus the prime is the same modulo the prime, and not the same key.
#[test]
fn a_coordinate_that_is_not_reduced_is_refused() {
    let generator = (
        "01",
        "8d91e471e0989cda27df505a453f2b7635294f2ddf23e3b122acc99c9e9f1e14",
    );
    let [prime, _] = moduli(Curve::CryptoProA);
    let padded = |text: &str| hex::decode(format!("{text:0>64}")).expect("hexadecimal");
    let (x, y) = (padded(generator.0), padded(generator.1));
    let little = |bytes: &[u8]| bytes.iter().rev().copied().collect::<Vec<u8>>();
    let key = |x: &[u8], y: &[u8]| {
        let coordinates = [little(x), little(y)].concat();
        PublicKey::from_raw(Curve::CryptoProA, &coordinates)
    };
    assert!(key(&x, &y).is_ok());
    let larger = sum(&x, &prime).expect("fits");
    assert_eq!(key(&larger, &y), Err(KeyError::Range));
    assert_eq!(key(&prime, &y), Err(KeyError::Range));
    assert_eq!(key(&x, &prime), Err(KeyError::Range));
    assert_eq!(key(&x, &[0xff; 32]), Err(KeyError::Range));
}

/// Goal: on the curves with cofactor four, a point outside the group is no key. Method: their
/// points of order two and four, and the generator plus each of them. They follow from the twisted
/// Edwards form `e·u² + v² = 1 + d·u²·v²`, with `e = 1`, that RFC 7836, 5.2, gives beside the
/// Weierstrass form: `(t, 0)`, and `(t + s, ±s)`, where `s = (e - d)/4` and `t = (e + d)/6`.
#[test]
fn points_outside_the_group_are_refused() {
    for (curve, x, y) in OUTSIDE {
        let key = point(x, y);
        let found = PublicKey::from_raw(curve, &key);
        assert_eq!(found, Err(KeyError::WrongGroup), "{curve:?} {x}");
    }
}

/// A `SubjectPublicKeyInfo` of a certificate, for changing.
fn spki() -> Vec<u8> {
    let file = der(certificates::CERTIFICATE_XCH_A);
    Signed::read(&file).spki().raw.to_vec()
}

/// The same bytes with the first `from` replaced by `to`, of the same length.
fn replaced(bytes: &[u8], from: &str, to: &str) -> Vec<u8> {
    let (from, to) = (oid(from), oid(to));
    let (from, to) = (from.as_bytes(), to.as_bytes());
    assert_eq!(from.len(), to.len());
    let place = bytes.windows(from.len()).position(|window| window == from);
    let place = place.expect("what is to be replaced");
    let mut changed = bytes.to_vec();
    changed[place..place + to.len()].copy_from_slice(to);
    changed
}

fn oid(text: &str) -> ObjectIdentifier {
    ObjectIdentifier::new_unwrap(text)
}

/// A value with this tag; at most 127 bytes long.
fn value(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = u8::try_from(content.len()).expect("short");
    assert!(length < 0x80);
    [&[tag, length], content].concat()
}

/// Goal: what the parameters say of the digest is not judged, as long as it is true. Method: a key
/// with and without the digest, on a curve with which RFC 9215 demands it and on one with which it
/// forbids it; then with a third parameter, and with none.
#[test]
fn a_digest_beside_the_curve_may_be_there_or_not() {
    let vector = vector_on(Curve::CryptoProA);
    let coordinates = value(4, &vector.coordinates);
    let bits = value(3, &[&[0], &coordinates[..]].concat());
    let key = |parameters: &[ObjectIdentifier]| {
        let written: Vec<u8> = parameters
            .iter()
            .flat_map(|oid| value(6, oid.as_bytes()))
            .collect();
        let algorithm = value(6, Size::Bits256.key_oid().as_bytes());
        let algorithm = value(0x30, &[algorithm, value(0x30, &written)].concat());
        PublicKey::from_spki(&value(0x30, &[algorithm, bits.clone()].concat()))
    };
    let digest = Size::Bits256.digest_oid();
    for curve in [Curve::CryptoProA, Curve::Tc26B256] {
        for parameters in [&[curve.oid()][..], &[curve.oid(), digest]] {
            let key = key(parameters).expect("a key");
            assert_eq!(key.curve(), curve);
            assert_eq!(verify(&key, &vector.digest, &vector.signature), Ok(()));
        }
        let three = [curve.oid(), digest, digest];
        assert_eq!(key(&three), Err(KeyError::Malformed));
    }
    assert_eq!(key(&[]), Err(KeyError::Malformed));
    assert_eq!(key(&[digest]), Err(KeyError::Curve(digest)));
}

#[test]
fn parameters_that_contradict_the_key_are_refused() {
    let good = spki();
    assert!(PublicKey::from_spki(&good).is_ok());
    let wide = "1.2.643.7.1.1.1.2";
    let changed = replaced(&good, "1.2.643.7.1.1.1.1", wide);
    let curve = oid("1.2.643.2.2.36.0");
    assert_eq!(PublicKey::from_spki(&changed), Err(KeyError::Curve(curve)));

    let changed = replaced(&good, "1.2.643.7.1.1.2.2", "1.2.643.7.1.1.2.3");
    let digest = Size::Bits512.digest_oid();
    assert_eq!(
        PublicKey::from_spki(&changed),
        Err(KeyError::Digest(digest))
    );

    let changed = replaced(&good, "1.2.643.2.2.36.0", "1.2.643.2.2.36.9");
    let curve = oid("1.2.643.2.2.36.9");
    assert_eq!(PublicKey::from_spki(&changed), Err(KeyError::Curve(curve)));

    let signature = "1.2.643.7.1.1.3.2";
    let changed = replaced(&good, "1.2.643.7.1.1.1.1", signature);
    let refused = Err(KeyError::Algorithm(oid(signature)));
    assert_eq!(PublicKey::from_spki(&changed), refused);
}

/// Goal: nothing but the exact structure is read. Method: every prefix, a byte after the end, and
/// every byte of the structure around the coordinates changed in every bit.
#[test]
fn a_structure_that_is_not_exact_is_refused() {
    let good = spki();
    for length in 0..good.len() {
        let found = PublicKey::from_spki(&good[..length]);
        assert_eq!(found, Err(KeyError::Malformed), "{length}");
    }
    let longer = [&good[..], &[0]].concat();
    assert_eq!(PublicKey::from_spki(&longer), Err(KeyError::Malformed));
    let same_curve = ["1.2.643.2.2.35.1", "1.2.643.7.1.2.1.1.2"].map(oid);
    for place in 0..good.len() - 64 {
        for bit in 0..8 {
            let mut changed = good.clone();
            changed[place] ^= 1 << bit;
            if let Ok(key) = PublicKey::from_spki(&changed) {
                assert!(same_curve.contains(&key.curve().oid()), "{place} {bit}");
            }
        }
    }
}

const OUTSIDE: [(Curve, &str, &str); 12] = [
    (
        Curve::Tc26A256,
        "0100fe73f595ff158e974b44d478d9588744fe5c192ac47ea63075dce7a14aaa",
        "0000000000000000000000000000000000000000000000000000000000000000",
    ),
    (
        Curve::Tc26A256,
        "7f7f80c60535007538b45a5d95c39353bc5d80d1f36a9dc0ace7c5118c2f5977",
        "7e7e82520f9f015faa1d0f18c14ab9fb35188275da3fd94206b74f34a48e0ecd",
    ),
    (
        Curve::Tc26A256,
        "7f7f80c60535007538b45a5d95c39353bc5d80d1f36a9dc0ace7c5118c2f5977",
        "81817dadf060fea055e2f0e73eb54604cae77d8a25c026bdf948b0cb5b71eeca",
    ),
    (
        Curve::Tc26A256,
        "18476b1af2e5cecdc380e4c91d2a3a5c2b6c0788066615e2b4e9a63246463e96",
        "4cfa952e3b48a1409977e07faba396136986d7e8edc05c336154375be5070030",
    ),
    (
        Curve::Tc26A256,
        "ddb921090cc4903145ec19c1e5a683137e548e895e189c8f32b7e8d45a953ae1",
        "266b0860f3c4da7273ab5c51d5dfd1b1fd3971404eeb66d9b296eb3d7e342d8a",
    ),
    (
        Curve::Tc26A256,
        "ed6d66698e072825f2cab9a7f2f7005e1ea86627efe04706f3afeeca27a635c8",
        "8498fbb4ed179dc7c61ddec98072e9b14ae397a15bb15ead05cf06ec4d1c8763",
    ),
    (
        Curve::Tc26C512,
        "9a628f975594ecefd89ba28a2539ffb79c8ab238aeed0851fa5c1abb02b80b44\
         c6734501b83a011dd625cd0b5145091a6d9acd4b1f5c5b1e21b2b249ddfd1271",
        "0000000000000000000000000000000000000000000000000000000000000000\
         0000000000000000000000000000000000000000000000000000000000000000",
    ),
    (
        Curve::Tc26C512,
        "b2ceb8345535898813b22ebaed63002431baa6e3a8897bd702d1f2a27ea3fa5d\
         9cc65d7f23e2ff7114ed197a575d7b72c932995a7051d270ef26a6db1101748f",
        "186c289cffa09c983b168c30c829006c952ff4aaf99c73850875d7e77bebef18\
         d653187d6ba8fe533ec74c6f061872585b97cc0f50f57752cd73f4913304621e",
    ),
    (
        Curve::Tc26C512,
        "b2ceb8345535898813b22ebaed63002431baa6e3a8897bd702d1f2a27ea3fa5d\
         9cc65d7f23e2ff7114ed197a575d7b72c932995a7051d270ef26a6db1101748f",
        "e793d763005f6367c4e973cf37d6ff936ad00b5506638c7af78a2818841410e7\
         29ace782945701acc138b390f9e78da7a46833f0af0a88ad328c0b6eccfb9ba9",
    ),
    (
        Curve::Tc26C512,
        "a971a08c11434aed18be284bda0575df3112277f7f11db4cfc63762467acf3a9\
         ad39e333d5727748008ca4a7275f22ce793d6e36a77cf3ee6793fda38008c4bb",
        "a9d47f0ed920fac7438c4de7042d95e15b4dced16636d7d59c54ecb3089d0f88\
         9dd8856efe606b368bddd793c97053e7c676f70f5bfe30663501b4b3e8c6749d",
    ),
    (
        Curve::Tc26C512,
        "acf4504e3af7bf24456c836bf8df6b20905250923b610cc0004381f95df26b3c\
         06afa85b9b447be0d3df4549aa21b044a263d3585da9263fd5a943413714189e",
        "158ccd230a088e65ae5aebcc473f84ce8e6fa15cc101bc424b2da4ab1e4692ab\
         cafaa586faaa7fdae92228dd2832a926b28f37db2be88d1971abd1666160ef3d",
    ),
    (
        Curve::Tc26C512,
        "f78f532419c34cfa6964512672b1d21113ebafd3f24d3bea786efc3fd2923c47\
         223483fd12b95d5762ce95bc68931fe4da0f43945b77301bf0c7b001f043768f",
        "8569cf09614ec77babf6f407ea52c2a1dbcee95ef61b1068fb8f2de0ba4ad5a1\
         e0ca73ab8b88eb5d47151bcaf84e72afc5b766136de9e9e11a505a195bd784ee",
    ),
];
