//! The other half of the contract of payloads: what is sent is also read.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{Input, PayloadError};
use crate::mail::kind::MailKind;
use crate::mail::message::{
    AbsenceRecorded, AccessMail, AccessSecret, AddressChanged, AnswerRecorded, CertificateIssued,
    Code, CodeSecret, Completed, ContactMoved, DecisionMail, EditionMail, HandedOver, Incident,
    Mentioned, NotStarted, Notice, PowerChanged, QuestionAnswered, QuestionAsked, Refused,
    RouteChanged, Signed, SigningInvitation, SigningInvitationSecret, TaskDigest, TaskMail,
    VerdictChanged, VoteSetAside,
};

/// The fields of a payload and its sealed part that no letter of `kind` reads. A row of another
/// release may have some, so writing a letter does not refuse them; what this release enqueues has
/// none.
///
/// # Errors
///
/// [`PayloadError`] if the payload or the secret lacks what the kind needs.
pub fn unread_fields(
    kind: MailKind,
    payload: &Value,
    secret: Option<&Value>,
) -> Result<Vec<String>, PayloadError> {
    let input = Input {
        kind,
        locale: chancery_types::Locale::default(),
        payload,
        secret,
    };
    let of_payload = match kind {
        MailKind::TaskOpened
        | MailKind::StandsIn
        | MailKind::TaskDelegated
        | MailKind::DelegationEnded
        | MailKind::DelegationTakenBack
        | MailKind::TaskWithdrawn
        | MailKind::Reminder
        | MailKind::DueReminder
        | MailKind::Overdue
        | MailKind::EscalationFailed
        | MailKind::HoldEnded
        | MailKind::RunExpired => again::<TaskMail>(&input, payload),
        MailKind::AbsenceRecorded => again::<AbsenceRecorded>(&input, payload),
        MailKind::ContactMoved => again::<ContactMoved>(&input, payload),
        MailKind::TaskDigest => again::<TaskDigest>(&input, payload),
        MailKind::Remarks | MailKind::Returned | MailKind::Rejected | MailKind::Approved => {
            again::<DecisionMail>(&input, payload)
        }
        MailKind::SigningInvitation | MailKind::SigningReminder => {
            again::<SigningInvitation>(&input, payload)
        }
        MailKind::ContactAddressChanged | MailKind::LoginChanged => {
            again::<AddressChanged>(&input, payload)
        }
        MailKind::Code => again::<Code>(&input, payload),
        MailKind::CertificateIssued => again::<CertificateIssued>(&input, payload),
        MailKind::Signed => again::<Signed>(&input, payload),
        MailKind::Refused => again::<Refused>(&input, payload),
        MailKind::AnswerRecorded => again::<AnswerRecorded>(&input, payload),
        MailKind::QuestionAsked => again::<QuestionAsked>(&input, payload),
        MailKind::Mentioned => again::<Mentioned>(&input, payload),
        MailKind::HandedOver => again::<HandedOver>(&input, payload),
        MailKind::QuestionAnswered => again::<QuestionAnswered>(&input, payload),
        MailKind::Completed => again::<Completed>(&input, payload),
        MailKind::PasswordReset | MailKind::Invitation => again::<AccessMail>(&input, payload),
        MailKind::VerdictChanged => again::<VerdictChanged>(&input, payload),
        MailKind::PowerChanged => again::<PowerChanged>(&input, payload),
        MailKind::Notice => again::<Notice>(&input, payload),
        MailKind::Incident => again::<Incident>(&input, payload),
        MailKind::NotStarted => again::<NotStarted>(&input, payload),
        MailKind::RouteChanged => again::<RouteChanged>(&input, payload),
        MailKind::VoteSetAside => again::<VoteSetAside>(&input, payload),
        MailKind::Edition => again::<EditionMail>(&input, payload),
    }?;
    let mut unread = Vec::new();
    compare("", payload, &of_payload, &mut unread);
    if let Some(secret) = secret {
        compare("", secret, &read_secret(&input, secret)?, &mut unread);
    }
    Ok(unread)
}

/// What remains of the sealed part; nothing for a kind that has none.
fn read_secret(input: &Input<'_>, secret: &Value) -> Result<Value, PayloadError> {
    match input.kind {
        MailKind::SigningInvitation | MailKind::SigningReminder => {
            again::<SigningInvitationSecret>(input, secret)
        }
        MailKind::Code => again::<CodeSecret>(input, secret),
        MailKind::PasswordReset | MailKind::Invitation => again::<AccessSecret>(input, secret),
        _ => Ok(Value::Null),
    }
}

/// What remains of a value that went through its struct.
fn again<T: DeserializeOwned + Serialize>(
    input: &Input<'_>,
    value: &Value,
) -> Result<Value, PayloadError> {
    let read: T = input.parse(value)?;
    serde_json::to_value(read).map_err(|error| PayloadError {
        kind: input.kind.code(),
        why: error.to_string(),
    })
}

fn compare(path: &str, sent: &Value, read: &Value, unread: &mut Vec<String>) {
    match (sent, read) {
        (Value::Object(sent), Value::Object(read)) => {
            for (name, value) in sent {
                let path = format!("{path}{name}");
                match read.get(name) {
                    Some(known) => compare(&format!("{path}."), value, known, unread),
                    None => unread.push(path),
                }
            }
        }
        (Value::Array(sent), Value::Array(read)) => {
            for (value, known) in sent.iter().zip(read) {
                compare(path, value, known, unread);
            }
        }
        (Value::Object(sent), _) => {
            unread.extend(sent.keys().map(|name| format!("{path}{name}")));
        }
        _ => {}
    }
}
