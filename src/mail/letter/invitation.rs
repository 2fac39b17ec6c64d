//! The letter that asks a counterparty's contact to sign, or reminds them.

use super::{Button, Input, Letter, PayloadError};
use crate::mail::kind::MailKind;
use crate::mail::message::{SigningInvitation, SigningInvitationSecret};

pub(super) fn write(input: &Input<'_>) -> Result<Letter, PayloadError> {
    let mail: SigningInvitation = input.read()?;
    let secret: SigningInvitationSecret = input.read_secret()?;
    let counterparty = mail.about.counterparty_name.clone().unwrap_or_default();
    let args = [
        ("initiator", mail.initiator_name.as_str()),
        ("counterparty", counterparty.as_str()),
    ];
    let mut letter = input.about(&mail.about, &args);
    let asker = match &mail.initiator_position {
        Some(position) => format!("{}, {position}", mail.initiator_name),
        None => mail.initiator_name.clone(),
    };
    letter
        .facts
        .extend(input.optional("purpose", mail.purpose.as_ref()));
    letter.facts.push(input.fact("asks", asker));
    letter
        .facts
        .push(input.fact("digest-start", mail.digest_start));
    if let Some(due_at) = mail.due_at {
        letter
            .facts
            .push(input.moment("sign-by", &mail.about, due_at));
    }
    let until = input.moment("link-until", &mail.about, mail.expires_at);
    letter.facts.push(until);
    letter.button = Some(Button {
        label: input.shared("signing-invitation-button", &[]),
        url: secret.link_url,
    });
    let entry = [
        ("url", secret.entry_url.as_str()),
        ("code", secret.typed_code.as_str()),
    ];
    let note = |part: &str, args: &[(&str, &str)]| {
        input.shared(&format!("signing-invitation-{part}"), args)
    };
    letter.notes = vec![
        note("why", &[("counterparty", counterparty.as_str())]),
        note("typed-code", &entry),
        note("recorded", &[]),
        note("personal", &[]),
    ];
    if input.kind == MailKind::SigningReminder || mail.replaces {
        let replaced = input.shared("signing-reminder-replaced", &[]);
        letter.notes.insert(0, replaced);
    }
    if let Some(before) = &mail.before_name {
        let told = note("before", &[("person", before.as_str())]);
        letter.notes.insert(0, told);
    }
    if let Some(answer) = mail.answer.filter(|words| !words.is_empty()) {
        letter
            .quotes
            .push(input.fact("answer-to-disagreements", answer));
    }
    Ok(letter)
}
