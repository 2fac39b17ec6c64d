//! What every page of a link says about the document and its reader.

use chancery_types::{Instant, Money};

use super::enter::known_words;
use super::visitor::Visitor;
use crate::app::links::open::digest_start;
use crate::app::links::visit::LinkState;
use crate::app::links::why::known_title;

/// The document, who asks, who is asked, and by when.
#[derive(Clone, Debug)]
pub struct Gist {
    /// The title.
    pub title: String,
    /// The registration number, and the day it was given.
    pub number: Option<(String, String)>,
    /// The amount, in the reader's way of writing.
    pub amount: Option<String>,
    /// What the document is about.
    pub purpose: Option<String>,
    /// Who asks.
    pub initiator: String,
    /// Their position.
    pub position: Option<String>,
    /// Who is asked.
    pub contact: String,
    /// On whose behalf.
    pub counterparty: String,
    /// The first characters of the main file's digest.
    pub digest_start: String,
    /// By when a signature is wanted.
    pub due: Option<String>,
    /// Until when the link works.
    pub expires: String,
    /// How many pages.
    pub pages_count: i64,
    /// Pages the reader went through.
    pub read_count: usize,
    /// When the link ended; empty for one that works.
    pub ended: String,
    /// Why the organisation took the link back, as sentences name it.
    pub why_revoked: String,
    /// Which document a link that was revoked was about, and who sent it, as its letter said.
    pub known: String,
    /// What the reader answered instead of signing; only where their mailbox was verified.
    pub answered: Option<String>,
}

impl Gist {
    /// Of a visit, for its reader.
    #[must_use]
    pub fn of(visitor: &Visitor) -> Self {
        let subject = &visitor.visit.subject;
        let formats = &visitor.shell.formats;
        let number = subject.document.registration_number.clone().map(|number| {
            let at = subject.document.registered_at.map(Instant::from_micros);
            (number, at.map(|at| formats.date(at)).unwrap_or_default())
        });
        let due_at = subject.task.due_at.map(Instant::from_micros);
        Self {
            title: subject.document.title.clone(),
            number,
            amount: subject
                .amount()
                .and_then(|text| amount(&text))
                .map(|m| formats.money(&m)),
            purpose: subject.purpose(),
            initiator: subject.initiator.name.clone(),
            position: subject.initiator.position.clone(),
            contact: subject.contact.name.clone(),
            counterparty: subject.counterparty.name.clone(),
            digest_start: digest_start(&subject.version.main_digest),
            due: due_at.map(|at| formats.moment_in_zone(at)),
            expires: formats.moment_in_zone(Instant::from_micros(visitor.visit.link.expires_at)),
            pages_count: subject.version.pages_count,
            read_count: visitor.visit.said_read().len(),
            ended: visitor
                .visit
                .ended_at()
                .map(|at| formats.moment_in_zone(at))
                .unwrap_or_default(),
            why_revoked: visitor
                .visit
                .why_revoked
                .map(|why| why.code().to_owned())
                .unwrap_or_default(),
            known: known(visitor),
            answered: answered(visitor),
        }
    }
}

fn known(visitor: &Visitor) -> String {
    let visit = &visitor.visit;
    let title = known_title(&visit.link, visit.why_revoked, &visit.subject);
    known_words(&visitor.shell, title, &visit.subject.organisation.name)
}

/// The words that ended the link, for whoever proved to be the one who wrote them: the key alone
/// may have been passed on.
fn answered(visitor: &Visitor) -> Option<String> {
    let visit = &visitor.visit;
    let is_own = matches!(visit.link_state, LinkState::Refused | LinkState::Returned)
        && visit.visit.verified_at.is_some();
    is_own.then(|| visit.subject.task.comment.clone()).flatten()
}

fn amount(text: &str) -> Option<Money> {
    let (currency, amount) = text.split_once(' ')?;
    Money::parse(amount, currency).ok()
}

/// An address with most of it hidden: enough to recognise, too little to learn.
#[must_use]
pub fn masked(email: &str) -> String {
    let (local, domain) = email.split_once('@').unwrap_or((email, ""));
    let first: String = local.chars().take(1).collect();
    format!("{first}•••@{domain}")
}
