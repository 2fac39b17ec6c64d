//! What is said of a power of attorney beside a signature.

use chancery_trust::Outcome;

use crate::app::validation::power::JudgedPower;
use crate::i18n::authority::{AuthorityWords, authority_words};
use crate::i18n::verdict::{SignatureWords, Tone};
use crate::i18n::{Formats, t};

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
