//! A power of attorney as somebody sends it: its files, and what is asked of it.

use chancery_trust::{Organisation, PowerSought, check_inn, check_ogrn};

use super::{GivenPower, PowerAsked, Sent, pair};
use crate::app::{AppError, FieldProblem};

/// The largest power, and the largest signature of one, in bytes.
pub const POWER_BYTES_MAX: u64 = 256 * 1024;
/// The longest code of a power, and the longest number of an organisation.
pub const ANSWER_CHARACTERS_MAX: usize = 60;

/// What was sent of a power of attorney.
#[derive(Clone, Debug, Default)]
pub struct SentPower {
    /// The power and what lies beside it, if a power was sent.
    pub given: Option<GivenPower>,
    /// Those that it was passed on from, with their signatures, in any order.
    pub parents: Vec<Sent>,
    /// Whether its signature was sent.
    pub has_signature: bool,
    /// ИНН or ОГРН of the organisation for which the file was signed.
    pub organisation: String,
    /// The code of the power that is needed.
    pub code: String,
}

impl SentPower {
    /// What is asked, if anything is.
    ///
    /// # Errors
    ///
    /// [`AppError::Invalid`]: what belongs to a power without it; as [`pair`]; a number that is
    /// none; a code that is too long.
    pub fn asked(self) -> Result<Option<PowerAsked>, AppError> {
        let (number, code) = (self.organisation.trim(), self.code.trim());
        let Some(given) = self.given else {
            let has_files = self.has_signature || !self.parents.is_empty();
            let is_asked = has_files || !number.is_empty() || !code.is_empty();
            return match is_asked {
                true => Err(AppError::invalid("power", "power-missing")),
                false => Ok(None),
            };
        };
        if code.chars().count() > ANSWER_CHARACTERS_MAX {
            let problem = FieldProblem::new("power_code", "too-long");
            return Err(AppError::Invalid {
                fields: vec![problem.with("max", ANSWER_CHARACTERS_MAX)],
            });
        }
        let parents = pair(&self.parents).map_err(|problem| AppError::Invalid {
            fields: vec![problem],
        })?;
        let sought = (!code.is_empty()).then(|| PowerSought {
            codes: vec![code.to_owned()],
            words: Vec::new(),
        });
        Ok(Some(PowerAsked {
            given,
            parents,
            organisation: organisation(number)?,
            sought,
        }))
    }
}

/// An organisation by either of its numbers, told apart by their length; nothing for no number.
///
/// # Errors
///
/// [`AppError::Invalid`] on `organisation` for what is no such number.
pub(crate) fn organisation(number: &str) -> Result<Option<Organisation>, AppError> {
    if number.is_empty() {
        return Ok(None);
    }
    let wrong = |code| AppError::invalid("organisation", code);
    if !number.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(wrong("tax-id-format"));
    }
    let (inn, ogrn) = match number.len() {
        10 | 12 => (Some(number.to_owned()), None),
        13 | 15 => (None, Some(number.to_owned())),
        _ => return Err(wrong("tax-id-format")),
    };
    let is_right = inn.as_deref().is_some_and(check_inn) || ogrn.as_deref().is_some_and(check_ogrn);
    match is_right {
        true => Ok(Some(Organisation { inn, ogrn })),
        false => Err(wrong("tax-id-control-digit")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Goal: numbers are told apart, and a typing error is not taken for another organisation.
    #[test]
    fn an_organisation_is_known_by_either_number() {
        let of = |number: &str| match organisation(number) {
            Ok(Some(Organisation { inn, ogrn })) => (inn.is_some(), ogrn.is_some()),
            _ => (false, false),
        };
        assert_eq!(of("7700000016"), (true, false));
        assert_eq!(of("1027700000019"), (false, true));
        for wrong in [
            "7700000017",
            "1027700000018",
            "77",
            "77-00000016",
            "\u{661}",
        ] {
            assert_eq!(of(wrong), (false, false), "{wrong}");
        }
        assert!(matches!(organisation(""), Ok(None)));
    }
}
