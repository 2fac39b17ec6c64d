//! From a payload to the parts of a letter: what every mail of ours is made of, in its reader's
//! language. The two templates (`templates/mail/letter.{txt,html}`) lay the parts out.

mod absence;
mod completed;
mod contact;
mod decision;
mod digest;
mod effect;
mod invitation;
mod task;
mod unread;
mod verdict;

use chancery_types::{Instant, Locale, Money};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::kind::MailKind;
use super::message::{
    About, AccessMail, AccessSecret, AddressChanged, AnswerRecorded, Attachment, CertificateIssued,
    Code, CodeSecret, Completed, HandedOver, Mentioned, QuestionAnswered, QuestionAsked, Refused,
    Signed,
};
use crate::i18n::{self, Formats};

pub use unread::unread_fields;

/// The parts of a letter, in the order they are read.
#[derive(Clone, Debug, Default)]
pub struct Letter {
    /// The subject, which is also the heading.
    pub subject: String,
    /// What happened and what is asked, in a sentence or two.
    pub lead: String,
    /// What is known: label and value.
    pub facts: Vec<Fact>,
    /// Words of people.
    pub quotes: Vec<Fact>,
    /// A code to be read off.
    pub code: Option<String>,
    /// The one thing to do.
    pub button: Option<Button>,
    /// What else can be done at once.
    pub ways: Vec<Button>,
    /// What else must be said, small.
    pub notes: Vec<String>,
    /// Who writes, and that nobody reads answers.
    pub footer: String,
    /// The files that go with it.
    pub attachments: Vec<Attachment>,
}

/// A label and its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// What it is.
    pub label: String,
    /// What it says.
    pub value: String,
}

/// A link that does something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Button {
    /// What it does.
    pub label: String,
    /// Where it leads.
    pub url: String,
}

/// A payload that is not of its kind.
#[derive(Debug, thiserror::Error)]
#[error("the payload of a {kind} mail: {why}")]
pub struct PayloadError {
    kind: &'static str,
    why: String,
}

/// Writes a letter of `kind`.
///
/// # Errors
///
/// [`PayloadError`] if the payload or the secret lacks what the kind needs.
pub fn compose(
    kind: MailKind,
    locale: Locale,
    payload: &Value,
    secret: Option<&Value>,
) -> Result<Letter, PayloadError> {
    let input = Input {
        kind,
        locale,
        payload,
        secret,
    };
    match kind {
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
        | MailKind::RunExpired => task::write(&input),
        MailKind::AbsenceRecorded => absence::write(&input),
        MailKind::ContactMoved => contact::write(&input),
        MailKind::TaskDigest => digest::write(&input),
        MailKind::Remarks | MailKind::Returned | MailKind::Rejected | MailKind::Approved => {
            decision::write(&input)
        }
        MailKind::SigningInvitation | MailKind::SigningReminder => invitation::write(&input),
        MailKind::ContactAddressChanged | MailKind::LoginChanged => address_changed(&input),
        MailKind::Code => code(&input),
        MailKind::CertificateIssued => certificate_issued(&input),
        MailKind::Signed => signed(&input),
        MailKind::Refused => refused(&input),
        MailKind::AnswerRecorded => answer_recorded(&input),
        MailKind::QuestionAsked => question_asked(&input),
        MailKind::Mentioned => mentioned(&input),
        MailKind::HandedOver => handed_over(&input),
        MailKind::QuestionAnswered => question_answered(&input),
        MailKind::Completed => completed::write(&input),
        MailKind::PasswordReset | MailKind::Invitation => access(&input),
        MailKind::VerdictChanged => verdict::write(&input),
        MailKind::PowerChanged => verdict::write_of_powers(&input),
        MailKind::Notice => effect::notice(&input),
        MailKind::Incident => effect::incident(&input),
        MailKind::NotStarted => effect::not_started(&input),
        MailKind::RouteChanged => effect::route_changed(&input),
        MailKind::VoteSetAside => effect::vote_set_aside(&input),
        MailKind::Edition => effect::edition(&input),
    }
}

/// What stands in place of a link or a code that must not be shown.
const MASK: &str = "••••••";

/// The subject without anything of the sealed part: for lists. `None` if the payload is not of its
/// kind.
#[must_use]
pub fn subject(kind: MailKind, locale: Locale, payload: &Value) -> Option<String> {
    let masked = serde_json::json!({
        "code": MASK, "link_url": MASK, "typed_code": MASK, "entry_url": MASK,
    });
    let secret = kind.holds_secret().then_some(&masked);
    let letter = compose(kind, locale, payload, secret).ok()?;
    Some(letter.subject)
}

/// The stored files that a mail carries, with their media types: the caller fetches them. No file
/// twice.
#[must_use]
pub fn attachments_of(kind: MailKind, payload: &Value) -> Vec<(Attachment, &'static str)> {
    if kind != MailKind::Completed {
        return Vec::new();
    }
    let read: Result<Completed, _> = serde_json::from_value(payload.clone());
    read.map(|mail| mail.files()).unwrap_or_default()
}

impl Completed {
    /// The signed file, and each signature beside it with what it is over.
    fn files(&self) -> Vec<(Attachment, &'static str)> {
        let mut files: Vec<(Attachment, &'static str)> = Vec::new();
        if self.is_too_large {
            return files;
        }
        files.extend(self.attachment.clone().map(|file| (file, PDF)));
        for one in &self.beside {
            for (file, media_type) in [(&one.signature, SIGNATURE), (&one.covered, PDF)] {
                if files.iter().all(|(known, _)| known.digest != file.digest) {
                    files.push((file.clone(), media_type));
                }
            }
        }
        files
    }
}

const PDF: &str = "application/pdf";
/// RFC 5751, 3.2.1.
const SIGNATURE: &str = "application/pkcs7-signature";

struct Input<'a> {
    kind: MailKind,
    locale: Locale,
    payload: &'a Value,
    secret: Option<&'a Value>,
}

impl Input<'_> {
    fn read<T: DeserializeOwned>(&self) -> Result<T, PayloadError> {
        self.parse(self.payload)
    }

    fn read_secret<T: DeserializeOwned>(&self) -> Result<T, PayloadError> {
        self.parse(self.secret.unwrap_or(&Value::Null))
    }

    fn parse<T: DeserializeOwned>(&self, value: &Value) -> Result<T, PayloadError> {
        serde_json::from_value(value.clone()).map_err(|error| PayloadError {
            kind: self.kind.code(),
            // The message names a field or a type, never a value of the sealed part.
            why: error.to_string(),
        })
    }

    /// A text of this kind: `mail-<kind>-<part>`.
    fn own(&self, part: &str, args: &[(&str, &str)]) -> String {
        self.find(&format!("mail-{}-{part}", self.kind.code()), args)
    }

    /// A text of all mails: `mail-<name>`.
    fn shared(&self, name: &str, args: &[(&str, &str)]) -> String {
        self.find(&format!("mail-{name}"), args)
    }

    fn find(&self, key: &str, args: &[(&str, &str)]) -> String {
        let args: Vec<(&str, i18n::Value<'_>)> = args
            .iter()
            .map(|(name, value)| (*name, i18n::Value::from(*value)))
            .collect();
        i18n::t(self.locale, key, &args)
    }

    fn fact(&self, label: &str, value: impl Into<String>) -> Fact {
        Fact {
            label: self.shared(&format!("fact-{label}"), &[]),
            value: value.into(),
        }
    }

    fn optional(&self, label: &str, value: Option<&String>) -> Option<Fact> {
        let value = value.filter(|text| !text.is_empty())?;
        Some(self.fact(label, value))
    }

    fn formats(&self, zone: &str) -> Formats {
        Formats::new(self.locale, zone)
    }

    fn moment(&self, label: &str, about: &About, at: Instant) -> Fact {
        self.fact(label, self.formats(&about.time_zone).moment_in_zone(at))
    }

    /// The beginning that all letters about documents share.
    fn about(&self, about: &About, args: &[(&str, &str)]) -> Letter {
        self.about_as(about, args, "")
    }

    /// The same for one of the ways in which a letter begins: `-refusal`.
    fn about_as(&self, about: &About, args: &[(&str, &str)], way: &str) -> Letter {
        let mut named = vec![
            ("title", about.document_title.as_str()),
            ("organisation", about.organisation_name.as_str()),
        ];
        named.extend(args);
        let formats = self.formats(&about.time_zone);
        let date = about.registered_at.map(|at| formats.date(at));
        let amount = about.amount.as_deref().map(|text| money(&formats, text));
        let facts = [
            Some(self.fact("document", &about.document_title)),
            self.optional("number", about.registration_number.as_ref()),
            self.optional("date", date.as_ref()),
            self.optional("amount", amount.as_ref()),
            self.optional("counterparty", about.counterparty_name.as_ref()),
        ];
        let button = about.url.as_ref().map(|url| Button {
            label: self.shared("open-document", &[]),
            url: url.clone(),
        });
        Letter {
            subject: self.own(&format!("subject{way}"), &named),
            lead: self.own(&format!("lead{way}"), &named),
            facts: facts.into_iter().flatten().collect(),
            button,
            footer: self.footer(&about.organisation_name),
            ..Letter::default()
        }
    }

    fn footer(&self, organisation: &str) -> String {
        let name = if organisation.is_empty() {
            "footer"
        } else {
            "footer-organisation"
        };
        self.shared(name, &[("organisation", organisation)])
    }
}

/// `RUB 1250000.00` as the reader writes it; anything else as it is.
fn money(formats: &Formats, text: &str) -> String {
    text.split_once(' ')
        .and_then(|(currency, amount)| Money::parse(amount, currency).ok())
        .map_or_else(|| text.to_owned(), |money| formats.money(&money))
}

fn address_changed(input: &Input<'_>) -> Result<Letter, PayloadError> {
    let mail: AddressChanged = input.read()?;
    let args = [
        ("organisation", mail.organisation_name.as_str()),
        ("person", mail.person_name.as_str()),
    ];
    let at = input.formats(&mail.time_zone).moment(mail.changed_at);
    let after = mail.address_after.as_ref();
    let after = after.map(|address| input.fact("address-after", address));
    Ok(Letter {
        subject: input.own("subject", &args),
        lead: input.own("lead", &args),
        facts: std::iter::once(input.fact("changed-at", at))
            .chain(after)
            .collect(),
        notes: vec![input.own("links", &args), input.own("warning", &args)],
        footer: input.footer(&mail.organisation_name),
        ..Letter::default()
    })
}

fn code(input: &Input<'_>) -> Result<Letter, PayloadError> {
    let mail: Code = input.read()?;
    let secret: CodeSecret = input.read_secret()?;
    let mut letter = input.about(&mail.about, &[("code", &secret.code)]);
    let minutes = i18n::Value::from(mail.minutes);
    let until = i18n::t(input.locale, "mail-code-until", &[("minutes", minutes)]);
    let purpose = match (mail.is_for_proof, mail.is_for_answer) {
        (true, _) => Some(("subject-proof", "lead-proof")),
        (false, true) => Some(("subject-answer", "lead-answer")),
        (false, false) => None,
    };
    if let Some((subject, lead)) = purpose {
        let title = &mail.about.document_title;
        letter.subject = input.own(subject, &[("code", &secret.code), ("title", title)]);
        letter.lead = input.own(lead, &[]);
    }
    letter.code = Some(secret.code);
    letter.button = None;
    letter.notes = vec![until, input.own("warning", &[])];
    Ok(letter)
}

fn certificate_issued(input: &Input<'_>) -> Result<Letter, PayloadError> {
    let mail: CertificateIssued = input.read()?;
    let mut letter = input.about(&mail.about, &[]);
    letter.facts.push(input.fact("serial", mail.serial));
    letter.facts.push(input.fact("key-digest", mail.key_digest));
    letter
        .facts
        .push(input.fact("document-digest", mail.document_digest));
    let until = input.moment("valid-until", &mail.about, mail.not_after);
    letter.facts.push(until);
    let place = match mail.key_made_in.as_deref() {
        Some("browser") => Some("key-made-in-browser"),
        Some("server") => Some("key-made-in-server"),
        _ => None,
    };
    let place = place.map(|name| input.shared(name, &[]));
    letter
        .facts
        .extend(input.optional("key-made-in", place.as_ref()));
    letter.notes = vec![input.own("warning", &[])];
    Ok(letter)
}

fn signed(input: &Input<'_>) -> Result<Letter, PayloadError> {
    let mail: Signed = input.read()?;
    let mut letter = input.about(&mail.about, &[("person", &mail.signer_name)]);
    letter.facts.push(input.fact("signed-by", mail.signer_name));
    let when = input.moment("signed-at", &mail.about, mail.signed_at);
    letter.facts.push(when);
    Ok(letter)
}

fn refused(input: &Input<'_>) -> Result<Letter, PayloadError> {
    let mail: Refused = input.read()?;
    let mut letter = input.about(&mail.about, &[("person", &mail.contact_name)]);
    letter.quotes.push(input.fact("reason", mail.reason));
    Ok(letter)
}

fn answer_recorded(input: &Input<'_>) -> Result<Letter, PayloadError> {
    let mail: AnswerRecorded = input.read()?;
    let way = match mail.protocol_name {
        Some(_) => "-protocol",
        None if mail.is_handed_over => "-hand-over",
        None => "-refusal",
    };
    let mut letter = input.about_as(&mail.about, &[], way);
    letter
        .facts
        .push(input.moment("recorded-at", &mail.about, mail.recorded_at));
    let digest = input.fact("digest-start", mail.digest_start);
    letter.facts.push(digest);
    let protocol = input.optional("protocol", mail.protocol_name.as_ref());
    letter.facts.extend(protocol);
    let digest = input.optional("protocol-digest", mail.protocol_digest.as_ref());
    letter.facts.extend(digest);
    letter.quotes.push(input.fact("your-words", mail.words));
    letter.notes = vec![input.own("keep", &[])];
    Ok(letter)
}

fn question_asked(input: &Input<'_>) -> Result<Letter, PayloadError> {
    let mail: QuestionAsked = input.read()?;
    let mut letter = input.about(&mail.about, &[("person", &mail.contact_name)]);
    letter.quotes.push(input.fact("question", mail.text));
    Ok(letter)
}

fn mentioned(input: &Input<'_>) -> Result<Letter, PayloadError> {
    let mail: Mentioned = input.read()?;
    let mut letter = input.about(&mail.about, &[("person", &mail.person_name)]);
    letter.quotes.push(input.fact("said", mail.text));
    letter.notes = vec![input.own("answer", &[])];
    Ok(letter)
}

fn handed_over(input: &Input<'_>) -> Result<Letter, PayloadError> {
    let mail: HandedOver = input.read()?;
    let named = [
        ("person", mail.contact_name.as_str()),
        ("named", mail.named_name.as_str()),
    ];
    let mut letter = input.about(&mail.about, &named);
    letter
        .facts
        .push(input.fact("handed-by", &mail.contact_name));
    letter.facts.push(input.fact("signs-now", &mail.named_name));
    letter
        .facts
        .extend(input.optional("position", mail.named_position.as_ref()));
    letter.facts.push(input.fact("address", &mail.named_email));
    letter.notes = vec![input.own("check", &[])];
    Ok(letter)
}

fn question_answered(input: &Input<'_>) -> Result<Letter, PayloadError> {
    let mail: QuestionAnswered = input.read()?;
    let mut letter = input.about(&mail.about, &[("person", &mail.initiator_name)]);
    letter.quotes.push(input.fact("question", mail.question));
    letter.quotes.push(input.fact("answer", mail.answer));
    letter.notes = vec![input.own("continue", &[])];
    Ok(letter)
}

fn access(input: &Input<'_>) -> Result<Letter, PayloadError> {
    let mail: AccessMail = input.read()?;
    let secret: AccessSecret = input.read_secret()?;
    let inviter = mail.inviter_name.as_deref().unwrap_or("");
    let args = [
        ("organisation", mail.organisation_name.as_str()),
        ("inviter", inviter),
    ];
    let until = input.formats(&mail.time_zone).moment(mail.expires_at);
    Ok(Letter {
        subject: input.own("subject", &args),
        lead: input.own("lead", &args),
        facts: vec![input.fact("link-until", until)],
        button: Some(Button {
            label: input.own("button", &[]),
            url: secret.link_url,
        }),
        notes: vec![input.own("warning", &[])],
        footer: input.footer(&mail.organisation_name),
        ..Letter::default()
    })
}
