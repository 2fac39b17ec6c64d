//! What object identifiers mean, all of them.

use std::collections::BTreeSet;

use chancery_gost::{Curve, Identifier, Size};
use const_oid::ObjectIdentifier;

fn meaning(text: &str) -> Option<Identifier> {
    Identifier::of(ObjectIdentifier::new_unwrap(text))
}

#[test]
fn every_identifier_of_the_standards_has_its_meaning() {
    use Identifier::{Digest, Key, Legacy, Signature, TestCurve};
    let known = [
        ("1.2.643.7.1.1.1.1", Key(Size::Bits256)),
        ("1.2.643.7.1.1.1.2", Key(Size::Bits512)),
        ("1.2.643.7.1.1.2.2", Digest(Size::Bits256)),
        ("1.2.643.7.1.1.2.3", Digest(Size::Bits512)),
        ("1.2.643.7.1.1.3.2", Signature(Size::Bits256)),
        ("1.2.643.7.1.1.3.3", Signature(Size::Bits512)),
        ("1.2.643.2.2.35.1", Identifier::Curve(Curve::CryptoProA)),
        ("1.2.643.2.2.35.2", Identifier::Curve(Curve::CryptoProB)),
        ("1.2.643.2.2.35.3", Identifier::Curve(Curve::CryptoProC)),
        ("1.2.643.2.2.36.0", Identifier::Curve(Curve::CryptoProXchA)),
        ("1.2.643.2.2.36.1", Identifier::Curve(Curve::CryptoProXchB)),
        ("1.2.643.7.1.2.1.1.1", Identifier::Curve(Curve::Tc26A256)),
        ("1.2.643.7.1.2.1.1.2", Identifier::Curve(Curve::Tc26B256)),
        ("1.2.643.7.1.2.1.1.3", Identifier::Curve(Curve::Tc26C256)),
        ("1.2.643.7.1.2.1.1.4", Identifier::Curve(Curve::Tc26D256)),
        ("1.2.643.7.1.2.1.2.1", Identifier::Curve(Curve::Tc26A512)),
        ("1.2.643.7.1.2.1.2.2", Identifier::Curve(Curve::Tc26B512)),
        ("1.2.643.7.1.2.1.2.3", Identifier::Curve(Curve::Tc26C512)),
        ("1.2.643.2.2.19", Legacy("GOST R 34.10-2001")),
        ("1.2.643.2.2.9", Legacy("GOST R 34.11-94")),
        (
            "1.2.643.2.2.3",
            Legacy("GOST R 34.10-2001 with GOST R 34.11-94"),
        ),
        (
            "1.2.643.2.2.35.0",
            TestCurve("id-GostR3410-2001-TestParamSet"),
        ),
    ];
    let mut names = BTreeSet::new();
    for (oid, expected) in known {
        assert_eq!(meaning(oid), Some(expected), "{oid}");
        assert!(names.insert(expected.name()), "{}", expected.name());
    }
}

#[test]
fn other_identifiers_mean_nothing_here() {
    for other in ["1.2.643.7.1.1.1", "1.2.643.7.1.1.1.3", "1.2.840.10045.2.1"] {
        assert_eq!(meaning(other), None);
    }
}

#[test]
fn a_size_and_a_curve_know_their_own_identifiers() {
    for size in Size::ALL {
        assert_eq!(Identifier::of(size.key_oid()), Some(Identifier::Key(size)));
        assert_eq!(
            Identifier::of(size.digest_oid()),
            Some(Identifier::Digest(size))
        );
        assert_eq!(size.digest(&[]).len() * 8, size.bits() as usize);
    }
    for curve in Curve::ALL {
        let wide = curve.name().contains("-512-");
        assert_eq!(curve.size() == Size::Bits512, wide);
        assert!(curve.name().starts_with("id-"));
    }
}
