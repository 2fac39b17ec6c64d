//! What a workflow's effects let people know, and that a run stands still.

use super::{Button, Fact, Input, Letter, PayloadError};
use crate::mail::message::{Incident, Notice};

/// The words are the vocabulary's own.
pub(super) fn notice(input: &Input<'_>) -> Result<Letter, PayloadError> {
    let mail: Notice = input.read()?;
    let args = [
        ("subject", mail.subject.as_str()),
        ("text", mail.text.as_str()),
    ];
    let mut letter = input.about(&mail.about, &args);
    letter
        .facts
        .extend(mail.entries.into_iter().map(|entry| Fact {
            label: entry.journal_title,
            value: entry.number,
        }));
    Ok(letter)
}

/// The button leads to where an administrator lets the run try again.
pub(super) fn incident(input: &Input<'_>) -> Result<Letter, PayloadError> {
    let mail: Incident = input.read()?;
    let mut letter = input.about(&mail.about, &[]);
    letter.facts.push(input.fact("stage", mail.stage_title));
    letter.quotes.push(input.fact("happened", mail.why));
    let label = input.own("open", &[]);
    letter.button = letter.button.map(|button| Button { label, ..button });
    Ok(letter)
}
