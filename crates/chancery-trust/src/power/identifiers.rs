//! Russian identifiers and their control digits: ИНН, ОГРН and ОГРНИП, СНИЛС.
//!
//! Sources: ФНС order ЕД-7-14/559@ (ИНН), order of the Ministry of Finance 165н of 2017 (ОГРН,
//! ОГРНИП), resolution 192п of the Pension Fund of 2014 (СНИЛС).

/// Whether an identifier is right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Digits {
    Right,
    /// Not as long as it must be, or with other characters.
    Form,
    /// The control digits do not fit: a digit was mistyped.
    Control,
}

fn digits(text: &str) -> Option<Vec<u32>> {
    text.chars().map(|c| c.to_digit(10)).collect()
}

fn weighted(weights: &[u32], digits: &[u32]) -> u32 {
    let pairs = weights.iter().zip(digits);
    pairs.map(|(weight, digit)| weight * digit).sum()
}

fn answer(fits: bool) -> Digits {
    if fits { Digits::Right } else { Digits::Control }
}

pub(crate) fn inn(text: &str) -> Digits {
    const TEN: [u32; 9] = [2, 4, 10, 3, 5, 9, 4, 6, 8];
    const ELEVEN: [u32; 10] = [7, 2, 4, 10, 3, 5, 9, 4, 6, 8];
    const TWELVE: [u32; 11] = [3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8];
    let Some(all) = digits(text) else {
        return Digits::Form;
    };
    if !text.is_empty() && is_nothing(text) {
        return Digits::Control;
    }
    let control = |weights: &[u32]| weighted(weights, &all) % 11 % 10;
    match all.as_slice() {
        [.., last] if all.len() == 10 => answer(control(&TEN) == *last),
        [.., before, last] if all.len() == 12 => {
            answer(control(&ELEVEN) == *before && control(&TWELVE) == *last)
        }
        _ => Digits::Form,
    }
}

pub(crate) fn ogrn(text: &str) -> Digits {
    if digits(text).is_none() {
        return Digits::Form;
    }
    if !text.is_empty() && is_nothing(text) {
        return Digits::Control;
    }
    let divisor = match text.len() {
        13 => 11,
        15 => 13,
        _ => return Digits::Form,
    };
    let (body, last) = text.split_at(text.len() - 1);
    let body: Option<u64> = body.parse().ok();
    let last: Option<u64> = last.parse().ok();
    answer(body.map(|body| body % divisor % 10) == last)
}

/// Eleven digits, as they are or as they are grouped on paper: `112-233-445 95`, and with a third
/// hyphen, as older forms have it.
pub(crate) fn snils(text: &str) -> Digits {
    let Some(all) = snils_digits(text).and_then(|text| digits(&text)) else {
        return Digits::Form;
    };
    if is_nothing(text) {
        return Digits::Control;
    }
    let sum = weighted(&[9, 8, 7, 6, 5, 4, 3, 2, 1], &all);
    let control = match sum % 101 {
        100 => 0,
        rest => rest,
    };
    let number = all.iter().take(9).fold(0, |sum, digit| sum * 10 + digit);
    let last = all.iter().skip(9).fold(0, |sum, digit| sum * 10 + digit);
    // Numbers up to 001-001-998 have no control digits.
    answer(number <= 1_001_998 || control == last)
}

/// The eleven digits of a text that is a СНИЛС in its form and nothing else.
pub(crate) fn snils_digits(text: &str) -> Option<String> {
    let grouped = text.len() == 14;
    let fits = |(at, byte): (usize, u8)| match at {
        3 | 7 if grouped => byte == b'-',
        11 if grouped => matches!(byte, b' ' | b'-'),
        _ => byte.is_ascii_digit(),
    };
    let whole = (grouped || text.len() == 11) && text.bytes().enumerate().all(fits);
    whole.then(|| only_digits(text))
}

/// Whether a number has no digit but zeros: it is nobody's, whatever its control digits are.
pub(crate) fn is_nothing(text: &str) -> bool {
    !text.bytes().any(|byte| matches!(byte, b'1'..=b'9'))
}

fn only_digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

/// Whether two numbers are the same, if both are there and each is somebody's.
pub(crate) fn pair(one: Option<&str>, other: Option<&str>) -> Option<bool> {
    let (one, other) = (only_digits(one?), only_digits(other?));
    (!is_nothing(&one) && !is_nothing(&other)).then(|| one == other)
}

/// As [`pair`], of ОГРН and ОГРНИП, which are of two registers and never compared.
pub(crate) fn pair_ogrn(one: Option<&str>, other: Option<&str>) -> Option<bool> {
    let (one, other) = (one?, other?);
    (one.len() == other.len())
        .then(|| pair(Some(one), Some(other)))
        .flatten()
}

/// Whether a text is an ИНН: 10 digits of an organisation or 12 of a person, control digits right.
#[must_use]
pub fn check_inn(text: &str) -> bool {
    inn(text) == Digits::Right
}

/// Whether a text is an ОГРН (13 digits) or an ОГРНИП (15), its control digit right.
#[must_use]
pub fn check_ogrn(text: &str) -> bool {
    ogrn(text) == Digits::Right
}

/// Whether a text is a СНИЛС, with or without its separators, control digits right.
#[must_use]
pub fn check_snils(text: &str) -> bool {
    snils(text) == Digits::Right
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_identifiers_pass_and_mistyped_ones_do_not() {
        for good in ["7707083893", "500100732259", "7700000016"] {
            assert_eq!(inn(good), Digits::Right, "{good}");
        }
        for good in ["1027700132195", "304500116000157", "1027700000019"] {
            assert_eq!(ogrn(good), Digits::Right, "{good}");
        }
        for good in [
            "112-233-445 95",
            "11223344595",
            "123-456-789 64",
            "087-654-303 00",
            "001-001-998 11",
        ] {
            assert_eq!(snils(good), Digits::Right, "{good}");
        }
        assert_eq!(inn("7707083894"), Digits::Control);
        assert_eq!(ogrn("1027700132196"), Digits::Control);
        assert_eq!(ogrn("304500116000158"), Digits::Control);
        assert_eq!(snils("112-233-445 96"), Digits::Control);
        for bad in ["", "770708389", "77070838930", "770708389x", "٧٧٠٧٠٨٣٨٩٣"] {
            assert_eq!((inn(bad), ogrn(bad)), (Digits::Form, Digits::Form), "{bad}");
        }
        for nobody in ["0000000000", "000000000000"] {
            assert_eq!(inn(nobody), Digits::Control, "{nobody}");
        }
        assert_eq!(ogrn("0000000000000"), Digits::Control);
        assert_eq!(snils("000-000-000 00"), Digits::Control);
        assert_eq!(pair(Some("000-000-000 00"), Some("00000000000")), None);
        assert_eq!(snils("112-233-445-95"), Digits::Right);
        for bad in [
            "",
            "112-233-445",
            "112.233.445.95",
            "112-233-445 955",
            "1122334 45-95",
            "112 233 445 95",
            "-112-23344595",
        ] {
            assert_eq!(snils(bad), Digits::Form, "{bad}");
        }
    }
}
