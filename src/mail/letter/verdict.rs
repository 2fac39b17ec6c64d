//! A stored signature is judged otherwise than before.

use super::{Fact, Input, Letter, PayloadError};
use crate::i18n::verdict::verdict_word;
use crate::i18n::{self, Value};
use crate::mail::message::{VerdictChange, VerdictChanged};

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
        .extend(mail.changes.iter().map(|change| fact(input, change)));
    letter.notes = vec![input.own("list", &[("url", &mail.list_url)])];
    if mail.is_last_of_day {
        letter.notes.insert(0, input.own("last", &[]));
    }
    Ok(letter)
}

/// Which signature, and from which verdict to which.
fn fact(input: &Input<'_>, change: &VerdictChange) -> Fact {
    let number = ("number", Value::from(change.signature));
    let label = i18n::t(input.locale, "verify-signature-number", &[number]);
    let before = verdict_word(input.locale, &change.before);
    let after = verdict_word(input.locale, &change.after);
    let change_text = input.own("change", &[("before", &before), ("after", &after)]);
    Fact {
        label,
        value: match &change.signer {
            Some(signer) => format!("{signer}. {change_text}"),
            None => change_text,
        },
    }
}
