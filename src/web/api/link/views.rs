//! A link and its visit on the wire.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::app::links::visit::{Entered, Visit};
use crate::app::links::why::WhyRevoked;
use crate::app::pages::PagePlace;
use crate::web::pages::links::gist::masked;

/// What leads in: exactly one of the two.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EntryBody {
    /// The text after `#` of the mailed link.
    pub secret: Option<String>,
    /// The short code of the same mail.
    pub code: Option<String>,
}

/// A visit that has begun.
#[derive(Debug, Serialize, ToSchema)]
pub struct EntryView {
    /// What every other call carries: `Authorization: Bearer <visit>`.
    pub visit: String,
    /// When it ends, RFC 3339.
    pub expires_at: String,
}

impl From<Entered> for EntryView {
    fn from(entered: Entered) -> Self {
        Self {
            visit: entered.cookie_secret,
            expires_at: entered.expires_at.to_string(),
        }
    }
}

/// The mailed code.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CodeBody {
    /// Six digits.
    pub code: String,
}

/// Which pages were read.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReadingBody {
    /// The first of them, from 1.
    pub from: i64,
    /// The last of them.
    pub to: i64,
}

/// How much is read.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReadingView {
    /// The pages that the reader says they have read, from 1.
    pub pages_read: Vec<i64>,
    /// Whether that is all of them.
    pub is_all_read: bool,
}

/// Who asks what of whom, and how far it has come. Of a link that is neither `active` nor `signed`
/// only its state is told, when it ended and why.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct VisitView {
    /// `active`, `expired`, `signed`, `refused`, `returned`, `handed_over` or `revoked`.
    pub state: &'static str,
    /// Whether the mailed code was given in this visit.
    pub is_verified: bool,
    /// When the link ended, RFC 3339; nothing for one that works.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<String>,
    /// Why it was revoked: `newer` (another link was sent), `other_signatory`, `new_version`,
    /// `document_over` or `sender`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why_revoked: Option<&'static str>,
    /// Until when the link works, RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<String>,
    /// The address that codes are mailed to, most of it hidden.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// Who asks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organisation: Option<String>,
    /// Their person.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub initiator: Option<String>,
    /// What that person is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub initiator_position: Option<String>,
    /// Who is asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contact: Option<String>,
    /// On whose behalf.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub counterparty: Option<String>,
    /// The document.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Its number, once it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub registration_number: Option<String>,
    /// Its amount, as `RUB 1250000.00`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount: Option<String>,
    /// SHA-256 of the main file, hexadecimal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub main_digest: Option<String>,
    /// The digest of the version that the link is bound to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version_digest: Option<String>,
    /// How many pages it has.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pages_count: Option<i64>,
    /// The pages that the reader says they have read, in this visit, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pages_read: Option<Vec<i64>>,
    /// The attachments; empty until the visit is verified.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attachments: Option<Vec<LinkAttachmentView>>,
}

/// An attachment.
#[derive(Debug, Serialize, ToSchema)]
pub struct LinkAttachmentView {
    /// Its place, from 1.
    pub position: i64,
    /// Its name.
    pub name: String,
}

impl VisitView {
    /// Of a visit.
    #[must_use]
    pub fn new(visit: &Visit, attachments: Vec<(i64, String)>) -> Self {
        let subject = &visit.subject;
        let expires_at = chancery_types::Instant::from_micros(visit.link.expires_at);
        let over = Self {
            state: visit.link_state.code(),
            is_verified: visit.visit.verified_at.is_some(),
            ended_at: visit.ended_at().map(|at| at.to_string()),
            why_revoked: visit.why_revoked.map(WhyRevoked::code),
            ..Self::default()
        };
        if !visit.link_state.shows_document() {
            return over;
        }
        let attachments = attachments
            .into_iter()
            .map(|(position, name)| LinkAttachmentView { position, name });
        Self {
            expires_at: Some(expires_at.to_string()),
            address: Some(masked(&subject.contact.email)),
            organisation: Some(subject.organisation.name.clone()),
            initiator: Some(subject.initiator.name.clone()),
            initiator_position: subject.initiator.position.clone(),
            contact: Some(subject.contact.name.clone()),
            counterparty: Some(subject.counterparty.name.clone()),
            title: Some(subject.document.title.clone()),
            registration_number: subject.document.registration_number.clone(),
            amount: subject.amount(),
            main_digest: Some(subject.version.main_digest.clone()),
            version_digest: Some(subject.version.digest.clone()),
            pages_count: Some(subject.version.pages_count),
            pages_read: Some(visit.said_read().pages().collect()),
            attachments: Some(attachments.collect()),
            ..over
        }
    }
}

/// One page.
#[derive(Debug, Serialize, ToSchema)]
pub struct LinkPageView {
    /// From 1.
    pub number: i64,
    /// Width of its image, pixels.
    pub width: i64,
    /// Height of its image, pixels.
    pub height: i64,
    /// Its text, once it is drawn.
    pub text: Option<String>,
}

impl From<PagePlace> for LinkPageView {
    fn from(place: PagePlace) -> Self {
        Self {
            number: place.number,
            width: place.width,
            height: place.height,
            text: place.text,
        }
    }
}

/// A question to the initiator.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct QuestionBody {
    /// The question.
    pub question: String,
}

/// Why the document is not signed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RefusalBody {
    /// The reason.
    pub reason: String,
}

/// What the reader does not agree with, as multipart/form-data.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "describes the form; it is read field by field")]
pub struct DisagreementsForm {
    /// The gist in a few words.
    disagreements: String,
    /// The protocol: a PDF or DOCX file.
    #[schema(value_type = String, format = Binary)]
    protocol: Vec<u8>,
}

/// Who signs instead, at the same counterparty.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HandoverBody {
    /// Their name.
    pub name: String,
    /// Their address: a link and codes of their own go there.
    pub email: String,
    /// What they are.
    pub position: Option<String>,
}
