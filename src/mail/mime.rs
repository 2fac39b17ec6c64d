//! From a letter to the bytes of a message: RFC 5322, MIME, both alternatives.

use std::time::{Duration, SystemTime};

use bytes::Bytes;
use chancery_types::{Digest, Instant, Locale};
use lettre::message::header::{
    ContentTransferEncoding, ContentType, Header, HeaderName, HeaderValue,
};
use lettre::message::{Attachment, Body, Mailbox, MultiPart, SinglePart};
use lettre::{Address, Message};
use serde_json::Value;

use super::kind::MailKind;
use super::letter::{Letter, compose};
use super::template::{Html, Text};
use super::{MailError, Sender};
use crate::i18n;

/// A mail to send: the row, opened.
#[derive(Clone, Debug)]
pub struct Outgoing {
    /// The kind.
    pub kind: MailKind,
    /// The reader's language.
    pub locale: Locale,
    /// The reader's address.
    pub to_address: String,
    /// The reader's name.
    pub to_name: String,
    /// As [`super::message`] has it for the kind.
    pub payload: Value,
    /// The sealed part, opened.
    pub secret: Option<Value>,
    /// With its angle brackets; the same on every attempt.
    pub message_id: String,
    /// When the mail was written down.
    pub written_at: Instant,
    /// When it is sent.
    pub sent_at: Instant,
    /// The files that [`super::letter::attachments_of`] asked for.
    pub attached: Vec<Attached>,
}

/// A file on its way.
#[derive(Clone, Debug)]
pub struct Attached {
    /// Its name.
    pub name: String,
    /// Its media type.
    pub media_type: String,
    /// Its bytes.
    pub content: Bytes,
}

/// RFC 3834, 5: no out-of-office answers, please.
#[derive(Clone)]
struct AutoSubmitted;

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}

/// Writes the message.
///
/// # Errors
///
/// [`MailError::Unwritable`] if the payload is not of its kind or the address is none: trying again
/// will not help.
pub fn write(sender: &Sender, mail: &Outgoing) -> Result<Message, MailError> {
    let letter = compose(mail.kind, mail.locale, &mail.payload, mail.secret.as_ref());
    let letter = letter.map_err(|error| MailError::unwritable(&error))?;
    let address: Address = mail
        .to_address
        .parse()
        .map_err(|_| MailError::unwritable(&"the reader's address is not an address"))?;
    let name = Some(one_line(&mail.to_name)).filter(|name| !name.is_empty());
    let builder = Message::builder()
        .from(Mailbox::new(
            Some(sender.name.clone()),
            sender.address.clone(),
        ))
        .to(Mailbox::new(name, address))
        .subject(one_line(&letter.subject))
        .message_id(Some(one_line(&mail.message_id)))
        .date(system_time(mail.sent_at))
        .header(AutoSubmitted);
    let body = alternatives(mail, &letter)?;
    let body = match mail.attached.as_slice() {
        [] => body,
        files => {
            let mixed = MultiPart::mixed().boundary(boundary(mail, "mixed"));
            let mut mixed = mixed.multipart(body);
            for file in files {
                mixed = mixed.singlepart(attach(file)?);
            }
            mixed
        }
    };
    builder
        .multipart(body)
        .map_err(|error| MailError::unwritable(&error))
}

fn alternatives(mail: &Outgoing, letter: &Letter) -> Result<MultiPart, MailError> {
    let name = i18n::Value::from(one_line(&mail.to_name));
    let greeting = i18n::t(mail.locale, "mail-greeting", &[("name", name)]);
    let text = Text {
        letter,
        greeting: &greeting,
    };
    let html = Html {
        letter,
        greeting: &greeting,
        locale: mail.locale.code(),
    };
    let written = |rendered: Result<String, askama::Error>| {
        rendered.map_err(|error| MailError::unwritable(&error))
    };
    Ok(MultiPart::alternative()
        .boundary(boundary(mail, "alternative"))
        .singlepart(SinglePart::plain(written(askama::Template::render(&text))?))
        .singlepart(SinglePart::html(written(askama::Template::render(&html))?)))
}

/// The words of a mail without a sealed part, as its text alternative has them; `None` if the
/// payload is not of its kind.
#[must_use]
pub fn words_of(kind: MailKind, locale: Locale, payload: &Value, to_name: &str) -> Option<String> {
    let letter = compose(kind, locale, payload, None).ok()?;
    let name = i18n::Value::from(one_line(to_name));
    let greeting = i18n::t(locale, "mail-greeting", &[("name", name)]);
    let text = Text {
        letter: &letter,
        greeting: &greeting,
    };
    askama::Template::render(&text).ok()
}

fn attach(file: &Attached) -> Result<SinglePart, MailError> {
    let media_type = ContentType::parse(&file.media_type);
    let media_type = media_type.map_err(|error| MailError::unwritable(&error))?;
    // Base64 whatever the bytes are: a signed file must not have its line ends changed on the way.
    let encoding = ContentTransferEncoding::Base64;
    let body = Body::new_with_encoding(file.content.to_vec(), encoding)
        .map_err(|_| MailError::unwritable(&"the attachment cannot be encoded"))?;
    Ok(Attachment::new(one_line(&file.name)).body(body, media_type))
}

/// The same mail has the same bytes on every attempt but for its date.
fn boundary(mail: &Outgoing, part: &str) -> String {
    let digest = Digest::of(format!("{}/{part}", mail.message_id).as_bytes());
    digest.hex().chars().take(32).collect()
}

/// Names and titles come from people: nothing in them may end a header line.
fn one_line(text: &str) -> String {
    let spaced: String = text
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn system_time(at: Instant) -> SystemTime {
    let seconds = u64::try_from(at.seconds()).unwrap_or(0);
    SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)
}
