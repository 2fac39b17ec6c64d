//! Object identifiers of GOST signatures: what each one means here.

use const_oid::ObjectIdentifier;

use crate::curve::Curve;
use crate::size::Size;

/// What an object identifier of the GOST family means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Identifier {
    /// The algorithm of a key (RFC 9215, 4.1). In CMS it also stands where the algorithm of the
    /// signature is named, and then means the same as [`Identifier::Signature`]: signing programs
    /// in use write either.
    Key(Size),
    /// A Streebog digest (RFC 9215, 3).
    Digest(Size),
    /// A signature with its digest (RFC 9215, 2).
    Signature(Size),
    /// A curve, as the parameter of a key (RFC 9215, 4.2).
    Curve(Curve),
    /// A curve that must not be used outside tests (RFC 9215, 4.2): refused, under this name.
    TestCurve(&'static str),
    /// Keys, digests and signatures of GOST R 34.10-2001, 34.10-94 and 34.11-94 (RFC 4491), which
    /// no new signature may use: known by this name, not supported.
    Legacy(&'static str),
}

const fn oid(text: &str) -> ObjectIdentifier {
    ObjectIdentifier::new_unwrap(text)
}

const TEST_CURVES: [(ObjectIdentifier, &str); 2] = [
    (oid("1.2.643.2.2.35.0"), "id-GostR3410-2001-TestParamSet"),
    (
        oid("1.2.643.7.1.2.1.2.0"),
        "id-tc26-gost-3410-2012-512-paramSetTest",
    ),
];

const LEGACY: [(ObjectIdentifier, &str); 5] = [
    (
        oid("1.2.643.2.2.3"),
        "GOST R 34.10-2001 with GOST R 34.11-94",
    ),
    (oid("1.2.643.2.2.4"), "GOST R 34.10-94 with GOST R 34.11-94"),
    (oid("1.2.643.2.2.9"), "GOST R 34.11-94"),
    (oid("1.2.643.2.2.19"), "GOST R 34.10-2001"),
    (oid("1.2.643.2.2.20"), "GOST R 34.10-94"),
];

impl Identifier {
    /// The meaning of an object identifier; nothing if it is not of this family.
    ///
    /// # Example
    ///
    /// ```
    /// use chancery_gost::{Identifier, Size};
    /// use const_oid::ObjectIdentifier;
    ///
    /// let key = ObjectIdentifier::new_unwrap("1.2.643.7.1.1.1.2");
    /// assert_eq!(Identifier::of(key), Some(Identifier::Key(Size::Bits512)));
    ///
    /// let old = Identifier::of(ObjectIdentifier::new_unwrap("1.2.643.2.2.19"));
    /// assert_eq!(old, Some(Identifier::Legacy("GOST R 34.10-2001")));
    /// ```
    #[must_use]
    pub fn of(oid: ObjectIdentifier) -> Option<Self> {
        let by_size = Size::ALL.into_iter().find_map(|size| match oid {
            _ if oid == size.key_oid() => Some(Self::Key(size)),
            _ if oid == size.digest_oid() => Some(Self::Digest(size)),
            _ if oid == size.signature_oid() => Some(Self::Signature(size)),
            _ => None,
        });
        let named = |table: &[(ObjectIdentifier, &'static str)]| {
            let row = table.iter().find(|(one, _)| *one == oid);
            row.map(|(_, name)| *name)
        };
        by_size
            .or_else(|| Curve::from_oid(oid).map(Self::Curve))
            .or_else(|| named(&TEST_CURVES).map(Self::TestCurve))
            .or_else(|| named(&LEGACY).map(Self::Legacy))
    }

    /// The name, as the standards have it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Key(Size::Bits256) => "GOST R 34.10-2012 (256 bits)",
            Self::Key(Size::Bits512) => "GOST R 34.10-2012 (512 bits)",
            Self::Digest(Size::Bits256) => "GOST R 34.11-2012 (256 bits)",
            Self::Digest(Size::Bits512) => "GOST R 34.11-2012 (512 bits)",
            Self::Signature(Size::Bits256) => "GOST R 34.10-2012 with GOST R 34.11-2012 (256 bits)",
            Self::Signature(Size::Bits512) => "GOST R 34.10-2012 with GOST R 34.11-2012 (512 bits)",
            Self::Curve(curve) => curve.name(),
            Self::TestCurve(name) | Self::Legacy(name) => name,
        }
    }
}
