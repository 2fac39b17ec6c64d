//! The curves that keys may name.

use const_oid::ObjectIdentifier;

use crate::parameters::{self, Short, Wide};
use crate::size::Size;

/// A curve with its group and generator, as a key names it.
///
/// Five of the twelve names are second and third names of the same numbers: `CryptoProXchA` and
/// `Tc26B256` are `CryptoProA`, `Tc26C256` is `CryptoProB`, `CryptoProXchB` and `Tc26D256` are
/// `CryptoProC` (RFC 4357, 11.4; RFC 9215, appendix C).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Curve {
    /// `id-GostR3410-2001-CryptoPro-A-ParamSet`.
    CryptoProA,
    /// `id-GostR3410-2001-CryptoPro-B-ParamSet`.
    CryptoProB,
    /// `id-GostR3410-2001-CryptoPro-C-ParamSet`.
    CryptoProC,
    /// `id-GostR3410-2001-CryptoPro-XchA-ParamSet`.
    CryptoProXchA,
    /// `id-GostR3410-2001-CryptoPro-XchB-ParamSet`.
    CryptoProXchB,
    /// `id-tc26-gost-3410-2012-256-paramSetA`: four times as many points as signatures use.
    Tc26A256,
    /// `id-tc26-gost-3410-2012-256-paramSetB`.
    Tc26B256,
    /// `id-tc26-gost-3410-2012-256-paramSetC`.
    Tc26C256,
    /// `id-tc26-gost-3410-2012-256-paramSetD`.
    Tc26D256,
    /// `id-tc26-gost-3410-12-512-paramSetA`.
    Tc26A512,
    /// `id-tc26-gost-3410-12-512-paramSetB`.
    Tc26B512,
    /// `id-tc26-gost-3410-2012-512-paramSetC`: four times as many points as signatures use.
    Tc26C512,
}

/// The numbers behind a curve.
#[derive(Clone, Copy)]
pub(crate) enum Numbers {
    Short(&'static Short),
    Wide(&'static Wide),
}

/// What a name stands for.
struct Row {
    curve: Curve,
    oid: ObjectIdentifier,
    name: &'static str,
    numbers: Numbers,
}

const fn row(curve: Curve, oid: &str, name: &'static str, numbers: Numbers) -> Row {
    Row {
        curve,
        oid: ObjectIdentifier::new_unwrap(oid),
        name,
        numbers,
    }
}

/// One row a name, in the order of the names: [`Curve::row`] looks up by place.
static ROWS: [Row; 12] = [
    row(
        Curve::CryptoProA,
        "1.2.643.2.2.35.1",
        "id-GostR3410-2001-CryptoPro-A-ParamSet",
        Numbers::Short(&parameters::CRYPTO_PRO_A),
    ),
    row(
        Curve::CryptoProB,
        "1.2.643.2.2.35.2",
        "id-GostR3410-2001-CryptoPro-B-ParamSet",
        Numbers::Short(&parameters::CRYPTO_PRO_B),
    ),
    row(
        Curve::CryptoProC,
        "1.2.643.2.2.35.3",
        "id-GostR3410-2001-CryptoPro-C-ParamSet",
        Numbers::Short(&parameters::CRYPTO_PRO_C),
    ),
    row(
        Curve::CryptoProXchA,
        "1.2.643.2.2.36.0",
        "id-GostR3410-2001-CryptoPro-XchA-ParamSet",
        Numbers::Short(&parameters::CRYPTO_PRO_A),
    ),
    row(
        Curve::CryptoProXchB,
        "1.2.643.2.2.36.1",
        "id-GostR3410-2001-CryptoPro-XchB-ParamSet",
        Numbers::Short(&parameters::CRYPTO_PRO_C),
    ),
    row(
        Curve::Tc26A256,
        "1.2.643.7.1.2.1.1.1",
        "id-tc26-gost-3410-2012-256-paramSetA",
        Numbers::Short(&parameters::TC26_A_256),
    ),
    row(
        Curve::Tc26B256,
        "1.2.643.7.1.2.1.1.2",
        "id-tc26-gost-3410-2012-256-paramSetB",
        Numbers::Short(&parameters::CRYPTO_PRO_A),
    ),
    row(
        Curve::Tc26C256,
        "1.2.643.7.1.2.1.1.3",
        "id-tc26-gost-3410-2012-256-paramSetC",
        Numbers::Short(&parameters::CRYPTO_PRO_B),
    ),
    row(
        Curve::Tc26D256,
        "1.2.643.7.1.2.1.1.4",
        "id-tc26-gost-3410-2012-256-paramSetD",
        Numbers::Short(&parameters::CRYPTO_PRO_C),
    ),
    row(
        Curve::Tc26A512,
        "1.2.643.7.1.2.1.2.1",
        "id-tc26-gost-3410-12-512-paramSetA",
        Numbers::Wide(&parameters::TC26_A_512),
    ),
    row(
        Curve::Tc26B512,
        "1.2.643.7.1.2.1.2.2",
        "id-tc26-gost-3410-12-512-paramSetB",
        Numbers::Wide(&parameters::TC26_B_512),
    ),
    row(
        Curve::Tc26C512,
        "1.2.643.7.1.2.1.2.3",
        "id-tc26-gost-3410-2012-512-paramSetC",
        Numbers::Wide(&parameters::TC26_C_512),
    ),
];

impl Curve {
    /// Every name.
    pub const ALL: [Self; 12] = [
        Self::CryptoProA,
        Self::CryptoProB,
        Self::CryptoProC,
        Self::CryptoProXchA,
        Self::CryptoProXchB,
        Self::Tc26A256,
        Self::Tc26B256,
        Self::Tc26C256,
        Self::Tc26D256,
        Self::Tc26A512,
        Self::Tc26B512,
        Self::Tc26C512,
    ];

    const fn row(self) -> &'static Row {
        &ROWS[self as usize]
    }

    /// The curve that this object identifier names, if it is one of the twelve. The curves that
    /// are for tests only are not among them: see [`Identifier::TestCurve`](crate::Identifier).
    #[must_use]
    pub fn from_oid(oid: ObjectIdentifier) -> Option<Self> {
        let row = ROWS.iter().find(|row| row.oid == oid)?;
        Some(row.curve)
    }

    /// Its object identifier.
    #[must_use]
    pub const fn oid(self) -> ObjectIdentifier {
        self.row().oid
    }

    /// Its name in the standards, `id-tc26-gost-3410-2012-256-paramSetA`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.row().name
    }

    /// The size of its keys, and so of the digests they sign.
    #[must_use]
    pub const fn size(self) -> Size {
        match self.row().numbers {
            Numbers::Short(_) => Size::Bits256,
            Numbers::Wide(_) => Size::Bits512,
        }
    }

    pub(crate) const fn numbers(self) -> Numbers {
        self.row().numbers
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_row_stands_at_the_place_of_its_name() {
        for (place, curve) in Curve::ALL.into_iter().enumerate() {
            assert_eq!(curve as usize, place);
            assert_eq!(curve.row().curve, curve);
            assert_eq!(Curve::from_oid(curve.oid()), Some(curve));
        }
    }

    #[test]
    fn second_names_share_their_numbers_and_no_others_do() {
        let address = |curve: Curve| match curve.numbers() {
            Numbers::Short(numbers) => std::ptr::from_ref(numbers).addr(),
            Numbers::Wide(numbers) => std::ptr::from_ref(numbers).addr(),
        };
        let first = |curve| match curve {
            Curve::CryptoProXchA | Curve::Tc26B256 => Curve::CryptoProA,
            Curve::Tc26C256 => Curve::CryptoProB,
            Curve::CryptoProXchB | Curve::Tc26D256 => Curve::CryptoProC,
            other => other,
        };
        for left in Curve::ALL {
            for right in Curve::ALL {
                let same = first(left) == first(right);
                assert_eq!(address(left) == address(right), same, "{left:?} {right:?}");
            }
        }
    }
}
