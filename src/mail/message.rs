//! The payload of each kind of mail: the contract between who enqueues a mail and who writes it.
//!
//! A payload is a JSON object; instants are RFC 3339, money is `RUB 1250000.00`. Fields that a
//! struct gives as `Option` or with a default may be missing. Unknown fields are ignored, so that
//! a row written by another release can still be sent. `…Secret` structs come sealed, apart.

mod absence;
mod contact;
mod digest;
mod workflow;

use chancery_types::{Digest, Instant};
use serde::{Deserialize, Serialize};

pub use absence::AbsenceRecorded;
pub use contact::ContactMoved;
pub use digest::{DigestTask, TaskDigest};
pub use workflow::{
    EditionMail, Incident, NotStarted, Notice, NoticeEntry, RouteChanged, VoteSetAside,
};

/// What every mail about a document says; its fields stand beside the kind's own.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct About {
    /// The organisation that writes.
    #[serde(default)]
    pub organisation_name: String,
    /// The document's title.
    pub document_title: String,
    /// Its registration number.
    #[serde(default)]
    pub registration_number: Option<String>,
    /// When it was registered.
    #[serde(default)]
    pub registered_at: Option<Instant>,
    /// Its amount: `RUB 1250000.00`.
    #[serde(default)]
    pub amount: Option<String>,
    /// The other side.
    #[serde(default)]
    pub counterparty_name: Option<String>,
    /// The IANA zone that times are shown in; UTC if missing.
    #[serde(default)]
    pub time_zone: String,
    /// Where the document is, for people of the organisation.
    #[serde(default)]
    pub url: Option<String>,
}

/// `task-opened`, `task-withdrawn` and `reminder`: about a task of the reader.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct TaskMail {
    /// The document.
    #[serde(flatten)]
    pub about: About,
    /// The document's initiator; for a reminder, who reminds.
    pub initiator_name: String,
    /// The stage's title in the reader's language.
    #[serde(default)]
    pub stage_title: Option<String>,
    /// What is asked: `approve`, `sign` or `acknowledge`.
    #[serde(default)]
    pub stage_kind: Option<String>,
    /// By when.
    #[serde(default)]
    pub due_at: Option<Instant>,
    /// Why the task was withdrawn: `quorum_reached`, `returned`, `rejected`, `withdrawn`, `moved`.
    #[serde(default)]
    pub close_reason: Option<String>,
    /// Who holds the task, if somebody else than the reader; whoever handed it on or back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub holder_name: Option<String>,
    /// What they said with it.
    #[serde(default)]
    pub comment: Option<String>,
    /// Where the reader decides at once.
    #[serde(default)]
    pub ways: Vec<TaskWay>,
}

/// A page that asks once more and then decides.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct TaskWay {
    /// What it does: `approve`, `acknowledge`, `return`.
    pub verb: String,
    /// What the workflow calls it, if it has a title of its own.
    #[serde(default)]
    pub title: Option<String>,
    /// Where it is.
    pub url: String,
}

/// `remarks`, `returned`, `rejected`, `approved`: about a decision, to the initiator; a rejection
/// also to whoever had agreed and to the counterparty's contact.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct DecisionMail {
    /// The document.
    #[serde(flatten)]
    pub about: About,
    /// Who decided; missing for `approved`, which many did, and in a letter to a contact.
    #[serde(default)]
    pub person_name: Option<String>,
    /// The stage's title in the reader's language.
    #[serde(default)]
    pub stage_title: Option<String>,
    /// The comment.
    #[serde(default)]
    pub comment: Option<String>,
    /// The name of the protocol of disagreements that came with a return.
    #[serde(default)]
    pub protocol_name: Option<String>,
    /// What they want changed, one by one.
    #[serde(default)]
    pub remarks: Vec<String>,
    /// Everybody who returned it in this round, if it is a return; the fields above are then
    /// missing.
    #[serde(default)]
    pub returns: Vec<ReturnPart>,
    /// Whether nothing is left to be done: of `approved`.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_over: bool,
}

/// One of those who returned a document.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct ReturnPart {
    /// Who.
    #[serde(default)]
    pub person_name: Option<String>,
    /// The stage's title in the reader's language.
    #[serde(default)]
    pub stage_title: Option<String>,
    /// The comment.
    #[serde(default)]
    pub comment: Option<String>,
    /// The name of the protocol of disagreements that came with it.
    #[serde(default)]
    pub protocol_name: Option<String>,
    /// What the workflow says to whoever reworks it, in the reader's language.
    #[serde(default)]
    pub note: Option<String>,
    /// What they want changed, one by one.
    #[serde(default)]
    pub remarks: Vec<String>,
}

/// `signing-invitation` and `signing-reminder`: to a counterparty's contact.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SigningInvitation {
    /// The document.
    #[serde(flatten)]
    pub about: About,
    /// Who asks.
    pub initiator_name: String,
    /// Their position.
    #[serde(default)]
    pub initiator_position: Option<String>,
    /// What the document is about, in its initiator's words.
    #[serde(default)]
    pub purpose: Option<String>,
    /// The first characters of the digest of the version's main file.
    pub digest_start: String,
    /// By when a signature is wanted.
    #[serde(default)]
    pub due_at: Option<Instant>,
    /// Until when the link works.
    pub expires_at: Instant,
    /// Whether earlier links to this document, now dead, were mailed to the reader.
    #[serde(default)]
    pub replaces: bool,
    /// Who held the task before, if it was another contact.
    #[serde(default)]
    pub before_name: Option<String>,
    /// What the initiator answered to the disagreements of the reader.
    #[serde(default)]
    pub answer: Option<String>,
}

/// The sealed part of `signing-invitation` and `signing-reminder`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SigningInvitationSecret {
    /// The link, with its secret in the fragment.
    pub link_url: String,
    /// The code to type where the link does not work.
    pub typed_code: String,
    /// Where to type it.
    pub entry_url: String,
}

/// `contact-address-changed`, `login-changed`: to the address that somebody had, and to the one
/// that they have now.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AddressChanged {
    /// The organisation that keeps the address.
    pub organisation_name: String,
    /// Whose address it is.
    pub person_name: String,
    /// When it was changed.
    pub changed_at: Instant,
    /// The address from now on, where its owner must know it to log in.
    #[serde(default)]
    pub address_after: Option<String>,
    /// The IANA zone that times are shown in; UTC if missing.
    #[serde(default)]
    pub time_zone: String,
}

/// `code`: to a counterparty's contact.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Code {
    /// The document.
    #[serde(flatten)]
    pub about: About,
    /// Minutes it works.
    pub minutes: i64,
    /// Whether the reader has signed already and comes for the file.
    #[serde(default)]
    pub is_for_proof: bool,
    /// Whether the reader comes back for what they answered instead of signing.
    #[serde(default)]
    pub is_for_answer: bool,
}

/// The sealed part of `code`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CodeSecret {
    /// Six digits.
    pub code: String,
}

/// `certificate-issued`: to the person it names.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CertificateIssued {
    /// The document.
    #[serde(flatten)]
    pub about: About,
    /// The serial number, hexadecimal.
    pub serial: String,
    /// SHA-256 of the public key.
    pub key_digest: String,
    /// SHA-256 of the document.
    pub document_digest: String,
    /// Until when it is valid.
    pub not_after: Instant,
    /// Where the key was made: `browser` or `server`.
    #[serde(default)]
    pub key_made_in: Option<String>,
}

/// `signed`: to the initiator.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Signed {
    /// The document.
    #[serde(flatten)]
    pub about: About,
    /// Who signed.
    pub signer_name: String,
    /// When.
    pub signed_at: Instant,
}

/// `refused`: to the initiator.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Refused {
    /// The document.
    #[serde(flatten)]
    pub about: About,
    /// Who refused.
    pub contact_name: String,
    /// Why.
    pub reason: String,
}

/// `answer-recorded`: to the contact who refused, or returned a protocol of disagreements.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AnswerRecorded {
    /// The document.
    #[serde(flatten)]
    pub about: About,
    /// When it was recorded.
    pub recorded_at: Instant,
    /// The first characters of the digest of the file that was read.
    pub digest_start: String,
    /// What they wrote.
    pub words: String,
    /// The protocol's name, if one was sent.
    #[serde(default)]
    pub protocol_name: Option<String>,
    /// Its SHA-256, in hexadecimal digits.
    #[serde(default)]
    pub protocol_digest: Option<String>,
    /// Whether they named somebody else to sign; `words` then says whom.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_handed_over: bool,
}

/// `question-asked`: to the initiator.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct QuestionAsked {
    /// The document.
    #[serde(flatten)]
    pub about: About,
    /// Who asks.
    pub contact_name: String,
    /// The question.
    pub text: String,
}

/// `mentioned`: to whom a comment names.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Mentioned {
    /// The document.
    #[serde(flatten)]
    pub about: About,
    /// Who says it.
    pub person_name: String,
    /// What.
    pub text: String,
}

/// `handed-over`: to the initiator.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct HandedOver {
    /// The document.
    #[serde(flatten)]
    pub about: About,
    /// Who was asked to sign.
    pub contact_name: String,
    /// Whom they named instead.
    pub named_name: String,
    /// Where the new link went.
    pub named_email: String,
    /// The position they named.
    #[serde(default)]
    pub named_position: Option<String>,
}

/// `question-answered`: to who asked.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct QuestionAnswered {
    /// The document.
    #[serde(flatten)]
    pub about: About,
    /// Who answers.
    pub initiator_name: String,
    /// The question.
    pub question: String,
    /// The answer.
    pub answer: String,
}

/// `completed`: to the initiator, to whoever approved, and to both sides' signatories.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Completed {
    /// The document. With `url` the mail has a button.
    #[serde(flatten)]
    pub about: About,
    /// The signed file, if the kind lets it travel by mail and anybody signed in it.
    #[serde(default)]
    pub attachment: Option<Attachment>,
    /// How many signatures stand in it.
    #[serde(default)]
    pub inside_count: u64,
    /// The signatures in files of their own: they travel if the signed file does.
    #[serde(default)]
    pub beside: Vec<BesideFile>,
    /// Whether the kind lets them travel, but they are larger than what goes with a mail.
    #[serde(default)]
    pub is_too_large: bool,
    /// For a contact: where the link of the invitation, or its short code, leads in again.
    #[serde(default)]
    pub entry_url: Option<String>,
}

/// `verdict-changed`: to compliance officers.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct VerdictChanged {
    /// The document.
    #[serde(flatten)]
    pub about: About,
    /// The number of the version whose file was checked.
    pub version: i64,
    /// The name of the detached signature that was checked; nothing for a version's own file.
    #[serde(default)]
    pub detached: Option<String>,
    /// The signatures that are judged otherwise than before.
    pub changes: Vec<VerdictChange>,
    /// Whether further changes of the day are not mailed.
    #[serde(default)]
    pub is_last_of_day: bool,
    /// Where all signatures are listed.
    pub list_url: String,
}

/// One of them. Verdicts are `TOTAL-PASSED`, `INDETERMINATE`, `TOTAL-FAILED`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct VerdictChange {
    /// Which signature of the file, from 1.
    pub signature: i64,
    /// Whom its certificate names.
    #[serde(default)]
    pub signer: Option<String>,
    /// The verdict that it had.
    pub before: String,
    /// The verdict that it has.
    pub after: String,
    /// Since when a certificate of its path is revoked or on hold.
    #[serde(default)]
    pub revoked_at: Option<Instant>,
}

/// `power-changed`: to compliance officers.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PowerChanged {
    /// The document.
    #[serde(flatten)]
    pub about: About,
    /// The number of the version whose signatures were checked.
    pub version: i64,
    /// The name of the detached signature that was checked; nothing for those in a file.
    #[serde(default)]
    pub detached: Option<String>,
    /// The powers that came to something else than before.
    pub changes: Vec<PowerChange>,
    /// Whether further changes of the day are not mailed.
    #[serde(default)]
    pub is_last_of_day: bool,
}

/// One of them. Results are `confirmed`, `undecided`, `refused`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PowerChange {
    /// Who signed with it.
    pub signer_name: String,
    /// Its number.
    #[serde(default)]
    pub number: Option<String>,
    /// What it came to.
    pub before: String,
    /// What it comes to.
    pub after: String,
}

/// A detached signature with the file that it is over.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct BesideFile {
    /// Whom its certificates name.
    pub signer_name: String,
    /// The signature.
    pub signature: Attachment,
    /// What it is over.
    pub covered: Attachment,
    /// What our check came to when it came, by EN 319 102-1; empty in older letters.
    #[serde(default)]
    pub indication: String,
    /// Whether it passed although nobody knew whether a certificate was revoked; a letter from
    /// before this was told knows no better.
    #[serde(default = "yes")]
    pub leaves_revocation_open: bool,
}

const fn yes() -> bool {
    true
}

/// A stored file that goes with a mail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    /// Which blob of the mail's organisation.
    pub digest: Digest,
    /// The file's name.
    pub name: String,
}

/// `password-reset` and `invitation`: to a person of the organisation.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AccessMail {
    /// The organisation.
    pub organisation_name: String,
    /// Who invites; missing for a reset.
    #[serde(default)]
    pub inviter_name: Option<String>,
    /// Until when the link works.
    pub expires_at: Instant,
    /// The IANA zone that times are shown in; UTC if missing.
    #[serde(default)]
    pub time_zone: String,
}

/// The sealed part of `password-reset` and `invitation`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AccessSecret {
    /// The link, with its secret in the fragment.
    pub link_url: String,
}
