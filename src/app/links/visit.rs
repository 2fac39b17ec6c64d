//! A visit: from the posted secret to the pages read. Its codes are in `codes`.

use chancery_types::id::{ContactId, LinkId, OrganisationId};
use chancery_types::{Instant, Locale};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _,
};
use serde_json::json;

use super::open::LinkSubject;
use super::said_read::SaidRead;
use super::why::{WhyRevoked, ended_at, why_over};
use crate::app::audit::{self, Happening};
use crate::app::signing::shown::{require_opened, unopened_pages};
use crate::app::{App, AppError};
use crate::domain::actor::{Actor, ContactActor, Origin, Who};
use crate::entropy;
use crate::store;
use crate::store::entity::{link_visits, links};

/// What a reader brings to come in: never in a path or a query.
#[derive(Clone, Debug)]
pub enum LinkKey {
    /// The secret of the fragment, posted by the page's script.
    Secret(String),
    /// The short code of the mail, typed by hand.
    Typed(String),
}

impl LinkKey {
    fn hash(&self) -> String {
        match self {
            Self::Secret(secret) => entropy::secret_hash(secret.trim()),
            Self::Typed(code) => entropy::secret_hash(&normalise_typed(code)),
        }
    }
}

/// A typed code as it was mailed: capitals, groups of four.
fn normalise_typed(code: &str) -> String {
    let letters: Vec<char> = code
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .take(12)
        .map(|c| c.to_ascii_uppercase())
        .collect();
    let groups: Vec<String> = letters
        .chunks(4)
        .map(|group| group.iter().collect())
        .collect();
    groups.join("-")
}

/// What a fresh visit is carried by.
#[derive(Clone, Debug)]
pub struct Entered {
    /// The cookie's value: 256 random bits, kept hashed.
    pub cookie_secret: String,
    /// When the cookie ends.
    pub expires_at: Instant,
    /// The language that the inviter stated.
    pub locale: Locale,
}

/// A visit with everything its page speaks of.
#[derive(Clone, Debug)]
pub struct Visit {
    /// The visit's row.
    pub visit: link_visits::Model,
    /// The link's row.
    pub link: links::Model,
    /// What the link leads to.
    pub subject: LinkSubject,
    /// The link's state now: an active link whose time has passed is `expired`.
    pub link_state: LinkState,
    /// Why it was revoked, if it was.
    pub why_revoked: Option<WhyRevoked>,
}

/// What a link is good for now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkState {
    /// It leads to the document.
    Active,
    /// Its time has passed: a new one can be asked for.
    Expired,
    /// The document is signed: the proof can be downloaded.
    Signed,
    /// Refused by its reader.
    Refused,
    /// Returned with disagreements.
    Returned,
    /// Its reader named another signatory.
    HandedOver,
    /// Withdrawn by the organisation, or replaced.
    Revoked,
}

impl LinkState {
    /// From a row, at a moment.
    #[must_use]
    pub fn of(link: &links::Model, now: Instant) -> Self {
        match link.state.as_str() {
            "active" if link.expires_at <= now.micros() => Self::Expired,
            "active" => Self::Active,
            "signed" => Self::Signed,
            "refused" => Self::Refused,
            "returned" => Self::Returned,
            "handed_over" => Self::HandedOver,
            "expired" => Self::Expired,
            _ => Self::Revoked,
        }
    }
}

impl Visit {
    /// The visitor as an actor.
    #[must_use]
    pub fn actor(&self, origin: Origin, locale: Locale) -> Actor {
        Actor {
            organisation: OrganisationId::from(self.link.organisation_id),
            who: Who::Contact(ContactActor {
                id: ContactId::from(self.link.contact_id),
                name: self.subject.contact.name.clone(),
                link: LinkId::from(self.link.id),
                visit: self.visit.id,
                verified: self.visit.verified_at.is_some(),
            }),
            locale,
            origin,
        }
    }

    /// The pages that the reader says they have read.
    #[must_use]
    pub fn said_read(&self) -> SaidRead {
        SaidRead::parse(&self.visit.pages_read)
    }

    /// Whether the reader says so of every page.
    #[must_use]
    pub fn has_read_all(&self) -> bool {
        self.said_read().has_all(self.subject.version.pages_count)
    }

    /// When the link ended: by what was done with it, or by its time.
    #[must_use]
    pub fn ended_at(&self) -> Option<Instant> {
        ended_at(&self.link, self.link_state)
    }

    /// Refuses codes for a link after which nothing is left to be shown.
    ///
    /// # Errors
    ///
    /// `link-not-active`.
    pub fn require_provable(&self) -> Result<(), AppError> {
        if self.link_state.shows_something() {
            Ok(())
        } else {
            Err(AppError::refused("link-not-active"))
        }
    }

    /// Refuses what only an active link with a verified mailbox may do.
    ///
    /// # Errors
    ///
    /// `link-not-active` or `link-not-verified`.
    pub fn require_verified(&self) -> Result<(), AppError> {
        if self.link_state != LinkState::Active {
            return Err(AppError::refused("link-not-active"));
        }
        if self.visit.verified_at.is_none() {
            return Err(AppError::refused("link-not-verified"));
        }
        Ok(())
    }
}

impl App {
    /// Begins a visit. Mail scanners only GET, so they never come here.
    ///
    /// # Errors
    ///
    /// `link-unknown` for a key that leads nowhere; it does not say why. `link-revoked`,
    /// `link-handed-over`, `link-over` for a link that nobody comes in through any more;
    /// `link-views-used-up`.
    pub async fn enter_link(
        &self,
        key: &LinkKey,
        origin: &Origin,
        locale: Locale,
    ) -> Result<Entered, AppError> {
        let now = self.now();
        let tx = self.store.begin().await?;
        let link = find_link(&tx, key).await?;
        let link = link.ok_or_else(|| AppError::refused("link-unknown"))?;
        let is_past = link.expires_at <= now.micros();
        if let Some(code) = LinkState::of(&link, now).closed_code(is_past) {
            let args = why_over(&tx, &link, now, locale).await?;
            return Err(AppError::Refused { code, args });
        }
        self.require_views_left(&tx, &link).await?;
        let cookie_secret = entropy::secret();
        let expires_at = now.plus_seconds(self.config.links.visit_hours * 3600);
        let visit_id = entropy::id(now);
        let row = link_visits::ActiveModel {
            id: Set(visit_id),
            organisation_id: Set(link.organisation_id),
            link_id: Set(link.id),
            secret_hash: Set(entropy::secret_hash(&cookie_secret)),
            created_at: Set(now.micros()),
            expires_at: Set(expires_at.micros()),
            verified_at: Set(None),
            pages_read: Set("{}".to_owned()),
            address: Set(origin.address.clone()),
            agent: Set(origin.agent.clone()),
        };
        let visit = row.insert(&tx).await?;
        links::Entity::update_many()
            .col_expr(links::Column::OpenedAt, Expr::value(now.micros()))
            .filter(links::Column::Id.eq(link.id))
            .filter(links::Column::OpenedAt.is_null())
            .exec(&tx)
            .await?;
        let visit = self.with_subject(&tx, visit, link, now).await?;
        let actor = visit.actor(origin.clone(), locale);
        let happening = visit
            .happening("link.opened")
            .with(json!({ "by": key.name() }));
        audit::append(&tx, &actor, now, happening).await?;
        tx.commit().await?;
        Ok(Entered {
            cookie_secret,
            expires_at,
            locale: visit.subject.locale(),
        })
    }

    /// Whether `key` leads where the visit of a cookie is already: the reader then goes on with it,
    /// and nothing new has happened.
    ///
    /// # Errors
    ///
    /// [`AppError::Unavailable`] if the database fails.
    pub async fn is_visiting(&self, key: &LinkKey, cookie_secret: &str) -> Result<bool, AppError> {
        let visit = match self.find_visit(cookie_secret).await {
            Err(AppError::Unauthenticated) => return Ok(false),
            found => found?,
        };
        let link = find_link(self.store.reader(), key).await?;
        let same = link.is_some_and(|link| link.id == visit.link.id);
        Ok(same && visit.link_state.closed_code(true).is_none())
    }

    /// The visit a cookie stands for, if it has not ended.
    ///
    /// # Errors
    ///
    /// [`AppError::Unauthenticated`] if there is none.
    pub async fn find_visit(&self, cookie_secret: &str) -> Result<Visit, AppError> {
        let now = self.now();
        let visit = link_visits::Entity::find()
            .filter(link_visits::Column::SecretHash.eq(entropy::secret_hash(cookie_secret)))
            .filter(link_visits::Column::ExpiresAt.gt(now.micros()))
            .one(self.store.reader())
            .await?
            .ok_or(AppError::Unauthenticated)?;
        let link = links::Entity::find_by_id(visit.link_id)
            .one(self.store.reader())
            .await?;
        let link = link.ok_or(AppError::Unauthenticated)?;
        self.with_subject(self.store.reader(), visit, link, now)
            .await
    }

    async fn with_subject(
        &self,
        connection: &impl ConnectionTrait,
        visit: link_visits::Model,
        link: links::Model,
        now: Instant,
    ) -> Result<Visit, AppError> {
        let subject = LinkSubject::of_link(connection, &link).await?;
        let link_state = LinkState::of(&link, now);
        let why_revoked = WhyRevoked::of(connection, &link, link_state, &subject).await?;
        Ok(Visit {
            visit,
            link,
            subject,
            link_state,
            why_revoked,
        })
    }

    /// Records that the reader went through `pages` (from 1). Pages that do not exist are ignored.
    ///
    /// # Errors
    ///
    /// As [`Visit::require_verified`]; `pages-unopened` for pages that this visit was never sent.
    pub async fn read_pages(
        &self,
        actor: &Actor,
        visit: &Visit,
        pages: std::ops::RangeInclusive<i64>,
    ) -> Result<(), AppError> {
        visit.require_verified()?;
        let (reader, version) = (self.store.reader(), &visit.subject.version);
        let mut unopened = unopened_pages(reader, visit.visit.id, version).await?;
        unopened.retain(|page| pages.contains(page));
        require_opened(&unopened)?;
        let now = self.now();
        let tx = self.store.begin().await?;
        // Two pages may be said read at once: neither may forget the other.
        let row = store::links::lock_visit(&tx, visit.visit.id).await?;
        let mut said = SaidRead::parse(&row.pages_read);
        let last = visit.subject.version.pages_count;
        let last = std::cmp::Ord::min(last, *pages.end());
        said.add(std::cmp::Ord::max(*pages.start(), 1)..=last, now);
        let text = said.to_text()?;
        link_visits::Entity::update_many()
            .col_expr(link_visits::Column::PagesRead, Expr::value(text))
            .filter(link_visits::Column::Id.eq(visit.visit.id))
            .exec(&tx)
            .await?;
        let details = json!({ "from": pages.start(), "to": last });
        audit::append(
            &tx,
            actor,
            now,
            visit.happening("link.pages_read").with(details),
        )
        .await?;
        tx.commit().await?;
        Ok(())
    }

    /// Opens a new link in place of one whose time has passed, or whose wrong codes are used up, to
    /// the contact's address as the link has it.
    ///
    /// # Errors
    ///
    /// `link-not-expired` if it still works or ended otherwise; `link-renewed-already` when a newer
    /// one is out.
    pub async fn renew_link(&self, actor: &Actor, visit: &Visit) -> Result<(), AppError> {
        let is_spent =
            visit.link_state == LinkState::Active && self.is_spent(visit.link.id).await?;
        if visit.link_state != LinkState::Expired && !is_spent {
            return Err(AppError::refused("link-not-expired"));
        }
        let now = self.now();
        let tx = self.store.begin().await?;
        // Whoever withdraws the document or hands the task over locks the task too.
        let organisation = visit.link.organisation_id;
        let task = store::tasks::lock_task(&tx, organisation, visit.link.task_id).await?;
        let link = store::links::lock_link(&tx, visit.link.id).await?;
        if link.state == "expired" {
            return Err(AppError::refused("link-renewed-already"));
        }
        let is_theirs = task.contact_id == Some(link.contact_id);
        if link.state != "active" || task.state != "open" || !is_theirs {
            return Err(AppError::refused("link-not-expired"));
        }
        super::ending::close_link(&tx, link.id, "expired", now.micros()).await?;
        let opening = super::LinkOpening {
            organisation_id: organisation,
            task_id: task.id,
            expires_at: None,
            replaces: Some(link.id),
            wording: super::Wording::Invitation,
            answer: None,
        };
        super::open_link(&tx, self, opening, now).await?;
        audit::append(&tx, actor, now, visit.happening("link.renewed")).await?;
        tx.commit().await?;
        self.wake_jobs();
        Ok(())
    }
}

async fn find_link(
    connection: &impl ConnectionTrait,
    key: &LinkKey,
) -> Result<Option<links::Model>, AppError> {
    let column = match key {
        LinkKey::Secret(_) => links::Column::SecretHash,
        LinkKey::Typed(_) => links::Column::TypedCodeHash,
    };
    let found = links::Entity::find().filter(column.eq(key.hash()));
    Ok(found.one(connection).await?)
}

impl LinkKey {
    const fn name(&self) -> &'static str {
        match self {
            Self::Secret(_) => "link",
            Self::Typed(_) => "typed_code",
        }
    }
}

impl Visit {
    /// An audit event about this link, in its document's history.
    #[must_use]
    pub fn happening(&self, action: &'static str) -> Happening {
        Happening::to(action, "link", self.link.id)
            .on_document(self.link.document_id)
            .at_version(&self.subject.version.digest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_typed_code_is_read_as_people_type_it() {
        assert_eq!(normalise_typed(" abcd efgh-jkmn "), "ABCD-EFGH-JKMN");
        assert_eq!(normalise_typed("ABCDEFGHJKMN"), "ABCD-EFGH-JKMN");
    }
}
