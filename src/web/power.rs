//! A power of attorney beside a signed file: how it is sent, and what is said of it.

use chancery_trust::{Organisation, Outcome, PowerSought, check_inn, check_ogrn};

use crate::app::validation::power::{GivenPower, JudgedPower, PowerAsked};
use crate::app::{AppError, FieldProblem};
use crate::i18n::authority::{AuthorityWords, authority_words};
use crate::i18n::verdict::{SignatureWords, Tone};
use crate::i18n::{Formats, t};

/// The largest power, and the largest signature of one, in bytes.
pub const POWER_BYTES_MAX: u64 = 256 * 1024;
/// The longest code of a power, and the longest number of an organisation.
pub const ANSWER_CHARACTERS_MAX: usize = 60;

/// What was sent of a power of attorney.
#[derive(Clone, Debug, Default)]
pub struct SentPower {
    /// The power and what lies beside it, if a power was sent.
    pub given: Option<GivenPower>,
    /// Whether something else of it was sent: its signature, a number, a code.
    pub has_more: bool,
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
    /// [`AppError::Invalid`]: what belongs to a power without it; a number that is none; a code
    /// that is too long.
    pub fn asked(self) -> Result<Option<PowerAsked>, AppError> {
        let (number, code) = (self.organisation.trim(), self.code.trim());
        let Some(given) = self.given else {
            let is_asked = self.has_more || !number.is_empty() || !code.is_empty();
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
        let sought = (!code.is_empty()).then(|| PowerSought {
            codes: vec![code.to_owned()],
            words: Vec::new(),
        });
        Ok(Some(PowerAsked {
            given,
            organisation: organisation(number)?,
            sought,
        }))
    }
}

/// An organisation by either of its numbers, told apart by their length.
fn organisation(number: &str) -> Result<Option<Organisation>, AppError> {
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

/// The judgement in words, with the one of the file's `signatures` that it was compared with. What
/// fits somebody of whom it is not shown that they signed is not green.
#[must_use]
pub fn power_words(
    judged: &JudgedPower,
    signatures: &[SignatureWords],
    formats: &Formats,
) -> AuthorityWords {
    let say = |key: &str| t(formats.locale, key, &[]);
    let mut words = authority_words(&judged.report, formats);
    let compared = judged.compared_with.and_then(|place| signatures.get(place));
    let with = compared.map_or_else(
        || say("authority-compared-with-nobody"),
        |one| format!("{}: {}", one.number, one.who),
    );
    let as_of = formats.exact(judged.report.judged_at);
    words.facts.push((say("authority-compared-with"), with));
    words.facts.push((say("authority-as-of"), as_of));
    if judged.not_compared > 0 {
        let count = [("count", judged.not_compared.to_string().into())];
        let text = t(formats.locale, "authority-not-compared", &count);
        words.warnings.insert(0, text);
    }
    if compared.is_some() && !judged.is_of_proven_signer() {
        words.warnings.insert(0, say("authority-signer-not-proven"));
        if judged.report.result == Outcome::Confirmed {
            words.tone = Tone::Attention;
            words.headline = say("authority-result-if-signer");
        }
    }
    words
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
