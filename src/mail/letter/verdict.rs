//! A stored signature, or a power of attorney beside one, is judged otherwise than before.

use super::{Fact, Input, Letter, PayloadError};
use crate::i18n::authority::kept_result_key;
use crate::i18n::verdict::verdict_word;
use crate::i18n::{self, Value};
use crate::mail::message::{PowerChange, PowerChanged, VerdictChange, VerdictChanged};

pub(super) fn write(input: &Input<'_>) -> Result<Letter, PayloadError> {
    let mail: VerdictChanged = input.read()?;
    let failed = |change: &VerdictChange| change.after == "TOTAL-FAILED";
    let worse = |change: &VerdictChange| change.after != "TOTAL-PASSED";
    let kind = if mail.changes.iter().any(failed) {
        "failed"
    } else if mail.changes.iter().any(worse) {
        "indeterminate"
    } else {
        "passed"
    };
    let mut letter = input.about(&mail.about, &[("worst", kind)]);
    letter
        .facts
        .push(input.fact("version", mail.version.to_string()));
    if let Some(name) = &mail.detached {
        letter.facts.push(input.fact("detached", name.clone()));
    }
    letter
        .facts
        .extend(mail.changes.iter().map(|change| fact(input, &mail, change)));
    letter.notes = vec![input.own("list", &[("url", &mail.list_url)])];
    if mail.is_last_of_day {
        letter.notes.insert(0, input.own("last", &[]));
    }
    Ok(letter)
}

/// Which signature, from which verdict to which, and since when its certificate is revoked.
fn fact(input: &Input<'_>, mail: &VerdictChanged, change: &VerdictChange) -> Fact {
    let number = ("number", Value::from(change.signature));
    let label = i18n::t(input.locale, "verify-signature-number", &[number]);
    let before = verdict_word(input.locale, &change.before);
    let after = verdict_word(input.locale, &change.after);
    let mut change_text = input.own("change", &[("before", &before), ("after", &after)]);
    // A certificate that was revoked after it signed leaves a signature as valid as before.
    if let Some(at) = change.revoked_at.filter(|_| change.after != "TOTAL-PASSED") {
        let at = input.formats(&mail.about.time_zone).moment_in_zone(at);
        change_text = format!("{change_text}. {}", input.own("revoked", &[("at", &at)]));
    }
    Fact {
        label,
        value: match &change.signer {
            Some(signer) => format!("{signer}. {change_text}"),
            None => change_text,
        },
    }
}

/// The same of powers of attorney.
pub(super) fn write_of_powers(input: &Input<'_>) -> Result<Letter, PayloadError> {
    let mail: PowerChanged = input.read()?;
    let refused = |change: &PowerChange| change.after == "refused";
    let open = |change: &PowerChange| change.after != "confirmed";
    let worst = if mail.changes.iter().any(refused) {
        "refused"
    } else if mail.changes.iter().any(open) {
        "undecided"
    } else {
        "confirmed"
    };
    let mut letter = input.about(&mail.about, &[("worst", worst)]);
    letter
        .facts
        .push(input.fact("version", mail.version.to_string()));
    letter
        .facts
        .extend(input.optional("detached", mail.detached.as_ref()));
    for change in &mail.changes {
        let word = |code: &str| input.find(&kept_result_key(code), &[]);
        let (before, after) = (word(&change.before), word(&change.after));
        let changed = input.own("change", &[("before", &before), ("after", &after)]);
        let number = change.number.as_deref().unwrap_or_default();
        let label = input.own(
            "power",
            &[("name", &change.signer_name), ("number", number)],
        );
        letter.facts.push(Fact {
            label,
            value: changed,
        });
    }
    if mail.is_last_of_day {
        letter.notes.push(input.own("last", &[]));
    }
    Ok(letter)
}
