//! Letters about a task: to its holder, to whoever decides for them, or about another's.

use super::{Button, Input, Letter, PayloadError};
use crate::mail::kind::MailKind;
use crate::mail::message::TaskMail;

/// Writes a letter about a task.
pub(super) fn write(input: &Input<'_>) -> Result<Letter, PayloadError> {
    let mail: TaskMail = input.read()?;
    let kind = mail.stage_kind.as_deref().unwrap_or("approve");
    // A letter is to the holder or about another's task, and its sentence must say which.
    let holder = mail.holder_name.as_deref().unwrap_or("none");
    let args = [
        ("initiator", mail.initiator_name.as_str()),
        ("kind", kind),
        ("holder", holder),
    ];
    let mut letter = input.about(&mail.about, &args);
    let is_theirs = matches!(
        input.kind,
        MailKind::StandsIn | MailKind::TaskDelegated | MailKind::DelegationEnded
    );
    let is_own = mail.holder_name.is_none() || is_theirs;
    let is_asked = is_own && input.kind != MailKind::TaskWithdrawn;
    if mail.about.url.is_some() && is_asked {
        let asked = match mail.stage_kind.as_deref() {
            Some("sign") => "do-sign",
            Some("acknowledge") => "do-acknowledge",
            _ => "do-approve",
        };
        let label = input.shared(asked, &[]);
        letter.button = letter.button.map(|button| Button { label, ..button });
        let known = mail.ways.iter().filter_map(|way| {
            let name = match way.verb.as_str() {
                "approve" => "way-approve",
                "acknowledge" => "way-acknowledge",
                "return" => "way-return",
                _ => return None,
            };
            Some(Button {
                label: (way.title.clone()).unwrap_or_else(|| input.shared(name, &[])),
                url: way.url.clone(),
            })
        });
        letter.ways = known.collect();
    }
    letter
        .facts
        .extend(input.optional("stage", mail.stage_title.as_ref()));
    letter
        .facts
        .push(input.fact("initiator", mail.initiator_name));
    if let Some(due_at) = mail.due_at {
        letter.facts.push(input.moment("due", &mail.about, due_at));
    }
    let comment = mail.comment.filter(|text| !text.is_empty());
    letter
        .quotes
        .extend(comment.map(|text| input.fact("comment", text)));
    let reason = mail.close_reason.as_deref().and_then(close_reason);
    let reason = reason.map(|name| input.shared(name, &[]));
    letter
        .facts
        .extend(input.optional("reason", reason.as_ref()));
    Ok(letter)
}

/// The text that says why a task was closed; nothing for a code of another release.
fn close_reason(code: &str) -> Option<&'static str> {
    match code {
        "quorum_reached" => Some("closed-quorum-reached"),
        "returned" => Some("closed-returned"),
        "rejected" => Some("closed-rejected"),
        "withdrawn" => Some("closed-withdrawn"),
        "new_version" => Some("closed-new-version"),
        "dropped" => Some("closed-dropped"),
        "cancelled" => Some("closed-cancelled"),
        "moved" => Some("closed-moved"),
        "seat_taken" => Some("closed-seat-taken"),
        "expired" => Some("closed-expired"),
        "route_changed" => Some("closed-route-changed"),
        _ => None,
    }
}
