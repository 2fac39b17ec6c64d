//! Letters about decisions: remarks, returns, a rejection, all approvals.

use super::{Fact, Input, Letter, PayloadError};
use crate::mail::kind::MailKind;
use crate::mail::message::{DecisionMail, ReturnPart};

/// Writes `remarks`, `returned`, `rejected` or `approved`.
pub(super) fn write(input: &Input<'_>) -> Result<Letter, PayloadError> {
    let mut mail: DecisionMail = input.read()?;
    let mut parts = std::mem::take(&mut mail.returns);
    if parts.is_empty() {
        parts.push(ReturnPart {
            person_name: mail.person_name,
            stage_title: mail.stage_title,
            comment: mail.comment,
            protocol_name: mail.protocol_name,
            note: None,
            remarks: mail.remarks,
        });
    }
    let names: Vec<&str> = parts
        .iter()
        .filter_map(|part| part.person_name.as_deref())
        .collect();
    let names = names.join(", ");
    let args = [
        ("title", mail.about.document_title.as_str()),
        ("organisation", mail.about.organisation_name.as_str()),
        ("person", names.as_str()),
    ];
    let mut letter = input.about(&mail.about, &args[2..]);
    if mail.is_over {
        letter.lead = input.own("lead-over", &args);
    }
    if parts.len() > 1 {
        letter.lead = input.own("lead-many", &args);
    } else if input.kind == MailKind::Rejected && names.is_empty() {
        letter.lead = input.own("lead-outside", &args);
    }
    let is_one = parts.len() == 1;
    for part in parts {
        tell(input, &mut letter, part, is_one);
    }
    Ok(letter)
}

/// Adds what one person decided. Where several did, every comment bears its author's name.
fn tell(input: &Input<'_>, letter: &mut Letter, part: ReturnPart, is_one: bool) {
    let stage = input.optional("stage", part.stage_title.as_ref());
    let person = input.optional("decided-by", part.person_name.as_ref());
    let protocol = input.optional("protocol", part.protocol_name.as_ref());
    let note = input.optional("note", part.note.as_ref());
    let facts = [stage.filter(|_| is_one), person, protocol, note];
    letter.facts.extend(facts.into_iter().flatten());
    let label = |name: &str| {
        let label = input.shared(&format!("fact-{name}"), &[]);
        match &part.person_name {
            Some(person) if !is_one => format!("{label} ({person})"),
            _ => label,
        }
    };
    let comment = part.comment.filter(|text| !text.is_empty());
    letter.quotes.extend(comment.map(|value| Fact {
        label: label("comment"),
        value,
    }));
    if !part.remarks.is_empty() {
        let numbered = (1..).zip(&part.remarks);
        let lines: Vec<String> = numbered
            .map(|(number, text)| format!("{number}. {text}"))
            .collect();
        letter.quotes.push(Fact {
            label: label("remarks"),
            value: lines.join("\n"),
        });
    }
}
