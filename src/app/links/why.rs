//! Why a link ended, for who comes back to it: no more than its reader may know. The initiator's
//! own words about a revoked link stay with the initiator.

use chancery_types::{Instant, Locale};
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _};

use super::open::LinkSubject;
use super::visit::LinkState;
use crate::app::error::Args;
use crate::app::{App, AppError};
use crate::entropy;
use crate::i18n::Formats;
use crate::store;
use crate::store::entity::{link_visits, links};

/// Why a link was revoked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WhyRevoked {
    /// The same person was sent another link to the same version.
    Newer,
    /// The organisation named somebody else as the signatory.
    OtherSignatory,
    /// The document has another version since.
    NewVersion,
    /// The document waits for no signature any more.
    DocumentOver,
    /// The organisation took the link back, and the document still waits.
    Sender,
}

impl WhyRevoked {
    /// As sentences and the wire name it.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Newer => "newer",
            Self::OtherSignatory => "other_signatory",
            Self::NewVersion => "new_version",
            Self::DocumentOver => "document_over",
            Self::Sender => "sender",
        }
    }

    /// Of a link, from what became of its task and its document; nothing of one that was not
    /// revoked.
    ///
    /// # Errors
    ///
    /// [`AppError::Unavailable`] if the database fails.
    pub(super) async fn of(
        connection: &impl ConnectionTrait,
        link: &links::Model,
        state: LinkState,
        subject: &LinkSubject,
    ) -> Result<Option<Self>, AppError> {
        if state != LinkState::Revoked {
            return Ok(None);
        }
        let (organisation, contact) = (link.organisation_id, link.contact_id);
        if subject.task.contact_id != Some(contact) {
            return Ok(Some(Self::OtherSignatory));
        }
        let document = link.document_id;
        let newest =
            store::links::find_newest_of_contact(connection, organisation, document, contact);
        let newest = newest.await?.filter(|newest| newest.id != link.id);
        let is_same = newest.is_some_and(|newest| newest.version_id == link.version_id);
        Ok(Some(match subject.task.state.as_str() {
            _ if is_same => Self::Newer,
            _ if subject.document.current_version_id != Some(link.version_id) => Self::NewVersion,
            "open" => Self::Sender,
            _ => Self::DocumentOver,
        }))
    }
}

/// The title of the document of a link that was revoked, as its letter named it: empty once the
/// document has another version, whose title may be another one.
#[must_use]
pub fn known_title<'s>(
    link: &links::Model,
    why: Option<WhyRevoked>,
    subject: &'s LinkSubject,
) -> &'s str {
    let is_same = subject.document.current_version_id == Some(link.version_id);
    match why {
        Some(_) if is_same => &subject.document.title,
        _ => "",
    }
}

/// When a link ended: by what was done with it, or by its time.
pub(super) fn ended_at(link: &links::Model, state: LinkState) -> Option<Instant> {
    let at = match state {
        LinkState::Active => None,
        LinkState::Expired => Some(link.expires_at),
        _ => link.closed_at,
    };
    at.map(Instant::from_micros)
}

/// What the sentences about a link that nobody comes in through any more need: `why`, and `at`, the
/// day in the organisation's zone.
///
/// # Errors
///
/// [`AppError::Unavailable`] if the database fails.
pub(super) async fn why_over(
    connection: &impl ConnectionTrait,
    link: &links::Model,
    now: Instant,
    locale: Locale,
) -> Result<Args, AppError> {
    let state = LinkState::of(link, now);
    let subject = LinkSubject::of_link(connection, link).await?;
    let why = WhyRevoked::of(connection, link, state, &subject).await?;
    let formats = Formats::new(locale, &subject.organisation.time_zone);
    let at = ended_at(link, state).map(|at| formats.date(at));
    let (title, organisation) = match (why, known_title(link, why, &subject)) {
        (Some(_), title) => (title, subject.organisation.name.as_str()),
        (None, _) => ("", ""),
    };
    Ok(Args::from([
        ("why", why.map_or(state.code(), WhyRevoked::code).to_owned()),
        ("at", at.unwrap_or_default()),
        ("title", title.to_owned()),
        ("organisation", organisation.to_owned()),
    ]))
}

impl App {
    /// Why the visit of a cookie ended, if it ended because its link was revoked: as [`why_over`].
    /// Who holds the cookie came in by the link's key, and read its letter.
    ///
    /// # Errors
    ///
    /// [`AppError::Unavailable`] if the database fails.
    pub async fn why_visit_ended(
        &self,
        cookie_secret: &str,
        locale: Locale,
    ) -> Result<Option<Args>, AppError> {
        let (reader, now) = (self.store.reader(), self.now());
        let visit = link_visits::Entity::find()
            .filter(link_visits::Column::SecretHash.eq(entropy::secret_hash(cookie_secret)))
            .one(reader)
            .await?;
        let Some(visit) = visit else {
            return Ok(None);
        };
        let link = links::Entity::find_by_id(visit.link_id).one(reader).await?;
        match link.filter(|link| LinkState::of(link, now) == LinkState::Revoked) {
            Some(link) => Ok(Some(why_over(reader, &link, now, locale).await?)),
            None => Ok(None),
        }
    }
}
