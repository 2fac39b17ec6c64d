//! Somebody changed a contact's address: to the initiator of a document that goes there.

use super::{Button, Input, Letter, PayloadError};
use crate::mail::message::ContactMoved;

pub(super) fn write(input: &Input<'_>) -> Result<Letter, PayloadError> {
    let mail: ContactMoved = input.read()?;
    let args = [
        ("contact", mail.contact_name.as_str()),
        ("counterparty", mail.counterparty_name.as_str()),
        ("by", mail.changed_by.as_str()),
        ("title", mail.document_title.as_str()),
    ];
    Ok(Letter {
        subject: input.own("subject", &args),
        lead: input.own("lead", &args),
        facts: vec![
            input.fact("document", &mail.document_title),
            input.fact("contact", &mail.contact_name),
            input.fact("address-before", &mail.address_before),
            input.fact("address-after", &mail.address_after),
            input.fact("changed-by", &mail.changed_by),
        ],
        button: Some(Button {
            label: input.own("button", &[]),
            url: mail.url,
        }),
        notes: vec![input.own("warning", &args)],
        footer: input.footer(&mail.organisation_name),
        ..Letter::default()
    })
}
