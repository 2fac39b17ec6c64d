//! Money: an exact decimal with its currency. Never a float.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// The most digits before the decimal point that an amount may have.
pub const INTEGER_DIGITS_MAX: u32 = 15;
/// The most digits after the decimal point (no currency of ISO 4217 has more than four).
pub const FRACTION_DIGITS_MAX: u32 = 4;

/// Currencies whose smallest unit is not the hundredth: how many digits they have after the decimal
/// point (ISO 4217, list one, column "minor unit").
const MINOR_UNITS: &[(u32, &[&str])] = &[
    (
        0,
        &[
            "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI",
            "VND", "VUV", "XAF", "XOF", "XPF",
        ],
    ),
    (3, &["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"]),
    (4, &["CLF", "UYW"]),
];

/// How many digits an amount of `currency` has after the decimal point at most: what is typed with
/// more is a slip, such as a point between thousands.
#[must_use]
pub fn fraction_digits(currency: &str) -> u32 {
    let other = MINOR_UNITS
        .iter()
        .find(|(_, codes)| codes.contains(&currency));
    other.map_or(2, |(digits, _)| *digits)
}

/// An amount in a currency. Two amounts compare only in the same currency: see [`Money::compare`].
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Money {
    /// The amount, exact; its scale is kept as written.
    pub amount: Decimal,
    /// Three capital letters (ISO 4217).
    pub currency: String,
}

/// Why a text is not an amount of money.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    /// Not digits with at most one point or comma. Exponents are refused: `1E+100` is no price.
    #[error("an amount is written in digits, like 1250000.00")]
    NotANumber,
    /// More digits than [`INTEGER_DIGITS_MAX`] before the point.
    #[error("an amount has at most 15 digits before the point")]
    TooLarge,
    /// More digits than [`FRACTION_DIGITS_MAX`] after the point.
    #[error("an amount has at most 4 digits after the point")]
    TooFine,
    /// Not three capital Latin letters.
    #[error("a currency is three capital letters, like RUB")]
    NotACurrency,
}

impl Money {
    /// Reads an amount as people type it: digits, optional spaces between groups, a point or a
    /// comma, an optional leading minus.
    ///
    /// # Errors
    ///
    /// A [`MoneyError`] that names what is wrong with the amount or the currency.
    pub fn parse(amount: &str, currency: &str) -> Result<Self, MoneyError> {
        let currency = currency.trim();
        if currency.len() != 3 || !currency.bytes().all(|b| b.is_ascii_uppercase()) {
            return Err(MoneyError::NotACurrency);
        }
        let plain: String = amount
            .trim()
            .chars()
            .filter(|c| !matches!(c, ' ' | '\u{a0}' | '\u{202f}'))
            .map(|c| if c == ',' { '.' } else { c })
            .collect();
        let digits = plain.strip_prefix('-').unwrap_or(&plain);
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
        let all_digits = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
        if !all_digits(whole) || !all_digits(fraction) {
            return Err(MoneyError::NotANumber);
        }
        if whole.trim_start_matches('0').len() > INTEGER_DIGITS_MAX as usize {
            return Err(MoneyError::TooLarge);
        }
        if fraction.len() > FRACTION_DIGITS_MAX as usize {
            return Err(MoneyError::TooFine);
        }
        let mut amount = Decimal::from_str_exact(&plain).map_err(|_| MoneyError::NotANumber)?;
        if amount.is_zero() {
            // There is one nothing: a minus would show, and differ in a digest.
            amount.set_sign_positive(true);
        }
        Ok(Self {
            amount,
            currency: currency.to_owned(),
        })
    }

    /// Orders two amounts of the same currency; `None` across currencies.
    #[must_use]
    pub fn compare(&self, other: &Self) -> Option<std::cmp::Ordering> {
        (self.currency == other.currency).then(|| self.amount.cmp(&other.amount))
    }
}

impl std::fmt::Display for Money {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.currency, self.amount)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_s_ways_of_writing_are_read_exactly() {
        let money = Money::parse("1 250 000,00", "RUB").expect("money");
        assert_eq!(money.to_string(), "RUB 1250000.00");
        assert_eq!(
            Money::parse("0.1", "EUR")
                .expect("money")
                .amount
                .to_string(),
            "0.1"
        );
    }

    /// Ten thousand digits.
    const NINES: &str = match std::str::from_utf8(&[b'9'; 10_000]) {
        Ok(text) => text,
        Err(_) => "",
    };

    #[test]
    fn a_minus_before_nothing_is_nothing() {
        for text in ["-0", "-0,00", "0"] {
            let money = Money::parse(text, "RUB").expect("money");
            assert!(!money.to_string().contains('-'), "{money}");
        }
        let zeros = "0".repeat(10_000) + "1";
        let money = Money::parse(&zeros, "RUB");
        assert!(money.is_err() || money.is_ok_and(|money| money.to_string() == "RUB 1"));
    }

    #[test]
    fn what_is_not_an_amount_is_refused_by_name() {
        for (text, why) in [
            ("1E+100", MoneyError::NotANumber),
            ("", MoneyError::NotANumber),
            ("1.2.3", MoneyError::NotANumber),
            ("NaN", MoneyError::NotANumber),
            ("1e400", MoneyError::NotANumber),
            ("inf", MoneyError::NotANumber),
            ("0x10", MoneyError::NotANumber),
            ("--1", MoneyError::NotANumber),
            ("+1", MoneyError::NotANumber),
            ("-", MoneyError::NotANumber),
            (".5", MoneyError::NotANumber),
            ("٣", MoneyError::NotANumber),
            (NINES, MoneyError::TooLarge),
            ("1234567890123456", MoneyError::TooLarge),
            ("0.00001", MoneyError::TooFine),
        ] {
            assert_eq!(Money::parse(text, "RUB"), Err(why), "{text}");
        }
        assert_eq!(Money::parse("1", "rub"), Err(MoneyError::NotACurrency));
    }

    #[test]
    fn most_currencies_have_hundredths() {
        let digits = ["RUB", "EUR", "JPY", "KWD", "CLF"].map(fraction_digits);
        assert_eq!(digits, [2, 2, 0, 3, 4]);
    }

    #[test]
    fn currencies_do_not_compare() {
        let rub = Money::parse("1", "RUB").expect("money");
        let eur = Money::parse("1", "EUR").expect("money");
        assert_eq!(rub.compare(&eur), None);
    }
}
