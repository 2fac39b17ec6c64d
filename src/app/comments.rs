//! The discussion on a document: what people say of it outside any decision, and whom they tell.
//!
//! Whoever may see a document may say something; a mention tells only people who may see it too and
//! never lets anybody in. Nothing is edited: an author strikes out, and the words stay readable to
//! the house (ADR 0012).

mod mentions;
mod stage;

use std::collections::{BTreeMap, BTreeSet};

use chancery_types::id::{DocumentId, PersonId};
use chancery_types::{Digest, Instant};
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _};
use sea_orm::{QueryOrder as _, QuerySelect as _};
use serde_json::json;
use uuid::Uuid;

use crate::app::audit::{self, Happening};
use crate::app::documents::facts_of;
use crate::app::links::outcome::check_words;
use crate::app::links::{limit, visit::Visit};
use crate::app::outbox::{self, Letter, MailKind, MailTo};
use crate::app::route::Colleague;
use crate::app::runs::{current_version, find_document};
use crate::app::sessions::actor_of;
use crate::app::{App, AppError, FieldProblem, allow};
use crate::domain::access::{Action, Decision, DocumentFacts, Resource, decide};
use crate::domain::actor::{Actor, Origin};
use crate::entropy;
use crate::store::entity::{comments, departments, documents, organisations, people};
use crate::store::{self, StoreError};
use mentions::{Named, Unread};

/// The most comments on one document.
pub const COMMENTS_MAX: u64 = 1_000;
/// The most people that one comment tells.
pub const MENTIONS_MAX: usize = 20;
/// The most comments of one person in an hour.
pub const PER_HOUR_MAX: i64 = 60;
/// The most comments that a page shows, the newest.
pub const SHOWN_MAX: u64 = 200;

const HOUR_SECONDS: i64 = 3_600;

/// What somebody wants to say.
#[derive(Clone, Debug)]
pub struct CommentDraft {
    /// The words, with `@` before names or addresses of people to tell.
    pub text: String,
    /// Further people to tell.
    pub people: Vec<PersonId>,
    /// Whether the counterparty sees it too.
    pub is_for_counterparty: bool,
}

/// A comment with the names around it.
#[derive(Clone, Debug)]
pub struct KnownComment {
    /// The row.
    pub row: comments::Model,
    /// Who says it.
    pub author_name: String,
    /// Whom it tells.
    pub mentioned: Vec<String>,
    /// The number of the version it was said of.
    pub version_number: i64,
    /// Whether the reader may strike it out.
    pub may_strike: bool,
}

/// A document's discussion as one reader sees it.
#[derive(Clone, Debug)]
pub struct Discussion {
    /// The comments, oldest first, the newest [`SHOWN_MAX`] of them.
    pub comments: Vec<KnownComment>,
    /// Whether there are older ones.
    pub has_more: bool,
    /// Who has to do with the document, for the reader to choose whom to tell.
    pub people: Vec<Colleague>,
    /// Whether the reader may say something.
    pub may_comment: bool,
    /// Whether the reader may let the counterparty see it.
    pub may_tell_counterparty: bool,
}

/// What the house says to a counterparty.
#[derive(Clone, Debug)]
pub struct SaidOutside {
    /// Who says it.
    pub author_name: String,
    /// What.
    pub text: String,
    /// When.
    pub at: Instant,
}

impl App {
    /// The discussion on a document.
    ///
    /// # Errors
    ///
    /// [`AppError::Hidden`] for whoever may not see the document.
    pub async fn discussion(
        &self,
        actor: &Actor,
        document_id: DocumentId,
    ) -> Result<Discussion, AppError> {
        let reader = self.store.reader();
        let document = find_document(reader, actor, document_id).await?;
        let facts = facts_of(reader, &document, self.now()).await?;
        allow(decide(
            actor,
            Action::SeeDocument,
            &Resource::Document(facts.clone()),
        ))?;
        let organisation = document.organisation_id;
        let rows_max = SHOWN_MAX.saturating_add(1);
        let mut rows =
            store::comments::list_comments(reader, organisation, document.id, rows_max).await?;
        let shown = usize::try_from(SHOWN_MAX).unwrap_or(usize::MAX);
        let has_more = rows.len() > shown;
        rows.truncate(shown);
        rows.reverse();
        Ok(Discussion {
            comments: self.known_comments(actor, &document, rows).await?,
            has_more,
            people: people_around(reader, actor, &document, &facts).await?,
            may_comment: may(actor, Action::Comment, &facts)
                && self.may_comment(reader, actor, &document).await?,
            may_tell_counterparty: speaks_outside(actor, &facts) && !facts.contacts.is_empty(),
        })
    }

    async fn known_comments(
        &self,
        actor: &Actor,
        document: &documents::Model,
        rows: Vec<comments::Model>,
    ) -> Result<Vec<KnownComment>, AppError> {
        let (reader, organisation) = (self.store.reader(), document.organisation_id);
        let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
        let told = store::comments::list_mentions(reader, organisation, &ids).await?;
        let wanted = rows.iter().map(|row| row.person_id);
        let wanted: BTreeSet<Uuid> = wanted.chain(told.iter().map(|row| row.person_id)).collect();
        let names = names_of(reader, organisation, wanted).await?;
        let versions = store::versions::list_versions(reader, organisation, document.id).await?;
        let versions: BTreeMap<Uuid, i64> =
            versions.iter().map(|row| (row.id, row.number)).collect();
        let name = |id: &Uuid| names.get(id).cloned().unwrap_or_default();
        let own = actor.person().map(|person| person.id.uuid());
        let known = rows.into_iter().map(|row| KnownComment {
            author_name: name(&row.person_id),
            mentioned: told
                .iter()
                .filter(|mention| mention.comment_id == row.id)
                .map(|mention| name(&mention.person_id))
                .collect(),
            version_number: versions.get(&row.version_id).copied().unwrap_or(0),
            may_strike: own == Some(row.person_id) && row.struck_at.is_none(),
            row,
        });
        Ok(known.collect())
    }

    /// Says something on a document and tells the people it names.
    ///
    /// # Errors
    ///
    /// [`AppError::Hidden`]; [`AppError::Denied`] for who may not speak to the counterparty and
    /// wants to; [`AppError::Invalid`] for a text that is empty, too long, or names somebody whom
    /// nobody knows or who may not see the document; `comment-nobody-outside` if no counterparty
    /// has a link; `comment-not-in-stage` for who holds a task in a stage that does not allow it;
    /// `comments-full`; [`AppError::TooMany`].
    pub async fn add_comment(
        &self,
        actor: &Actor,
        document_id: DocumentId,
        draft: &CommentDraft,
    ) -> Result<Uuid, AppError> {
        let author = actor.person().ok_or(AppError::Hidden)?.id.uuid();
        let now = self.now();
        let tx = self.store.begin().await?;
        let document = find_document(&tx, actor, document_id).await?;
        let facts = facts_of(&tx, &document, now).await?;
        let seen = Resource::Document(facts.clone());
        allow(decide(actor, Action::Comment, &seen))?;
        if !self.may_comment(&tx, actor, &document).await? {
            return Err(AppError::refused("comment-not-in-stage"));
        }
        if draft.is_for_counterparty {
            allow(decide(actor, Action::AnswerQuestion, &seen))?;
            if facts.contacts.is_empty() {
                return Err(AppError::refused("comment-nobody-outside"));
            }
        }
        let text = check_words("text", &draft.text)?;
        let told = self.told(&tx, actor, &facts, &text, &draft.people).await?;
        let since = now.plus_seconds(-HOUR_SECONDS).micros();
        let said = store::comments::list_said(&tx, author, since).await?;
        limit::check(&said, PER_HOUR_MAX, HOUR_SECONDS, now)?;
        if store::comments::count_comments(&tx, document.id).await? >= COMMENTS_MAX {
            return Err(AppError::refused("comments-full"));
        }
        let row = comments::Model {
            id: entropy::id(now),
            organisation_id: document.organisation_id,
            document_id: document.id,
            version_id: current_version(&tx, &document).await?.id,
            person_id: author,
            audience: match draft.is_for_counterparty {
                true => "counterparty",
                false => "inside",
            }
            .to_owned(),
            created_at: now.micros(),
            struck_at: None,
            text,
        };
        let told: Vec<Uuid> = told.into_iter().filter(|id| *id != author).collect();
        store::comments::insert_comment(&tx, row.clone(), &told).await?;
        self.tell_mentioned(&tx, actor, &document, &row, &told)
            .await?;
        let happening = Happening::to("comment.added", "comment", row.id)
            .on_document(document.id)
            .with(json!({
                "audience": row.audience,
                "mentioned": told,
                "text_digest": Digest::of(row.text.as_bytes()).hex(),
            }));
        audit::append(&tx, actor, now, happening).await?;
        tx.commit().await?;
        Ok(row.id)
    }

    /// Whom a comment tells: everybody that its text names and whoever was chosen beside.
    async fn told(
        &self,
        connection: &impl ConnectionTrait,
        actor: &Actor,
        facts: &DocumentFacts,
        text: &str,
        chosen: &[PersonId],
    ) -> Result<BTreeSet<Uuid>, AppError> {
        let mut told: BTreeSet<Uuid> = chosen.iter().map(|id| id.uuid()).collect();
        if text.contains('@') {
            let people = active_people(connection, actor.organisation.uuid()).await?;
            told.extend(mentions::mentioned(text, &people, MENTIONS_MAX).map_err(unread)?);
        }
        if told.len() > MENTIONS_MAX {
            return Err(unread(Unread::TooMany));
        }
        for id in &told {
            require_sight(connection, actor, facts, *id).await?;
        }
        Ok(told)
    }

    async fn tell_mentioned(
        &self,
        tx: &impl ConnectionTrait,
        actor: &Actor,
        document: &documents::Model,
        row: &comments::Model,
        told: &[Uuid],
    ) -> Result<(), AppError> {
        let house = organisations::Entity::find_by_id(row.organisation_id);
        let house = house.one(tx).await?.ok_or(AppError::Hidden)?;
        let readers = people::Entity::find()
            .filter(people::Column::OrganisationId.eq(row.organisation_id))
            .filter(people::Column::Id.is_in(told.iter().copied()))
            .all(tx)
            .await?;
        let name = actor.person().map(|person| person.name.clone());
        for reader in readers {
            let letter = Letter {
                key: format!("c:{}:{}", row.id, reader.id),
                kind: MailKind::Mentioned,
                to: MailTo::of_person(&house, &reader),
                document_id: Some(document.id),
                payload: json!({
                    "organisation_name": house.name,
                    "document_title": document.title,
                    "registration_number": document.registration_number,
                    "person_name": name,
                    "text": row.text,
                    "url": self.url(&format!("/documents/{}#comment-{}", document.id, row.id)),
                }),
                secret: None,
            };
            outbox::enqueue(tx, self, row.organisation_id, self.now(), letter).await?;
        }
        Ok(())
    }

    /// Strikes out what the actor said: its words stay readable to the house, the counterparty sees
    /// them no more.
    ///
    /// # Errors
    ///
    /// [`AppError::Hidden`]; [`AppError::Denied`] for what somebody else said; `comment-struck`.
    pub async fn strike_comment(
        &self,
        actor: &Actor,
        comment_id: Uuid,
    ) -> Result<DocumentId, AppError> {
        let person = actor.person().ok_or(AppError::Hidden)?.id.uuid();
        let now = self.now();
        let tx = self.store.begin().await?;
        let organisation = actor.organisation.uuid();
        let found = store::comments::find_comment(&tx, organisation, comment_id).await?;
        let row = found.ok_or(AppError::Hidden)?;
        let document = find_document(&tx, actor, row.document_id.into()).await?;
        let facts = facts_of(&tx, &document, now).await?;
        allow(decide(actor, Action::Comment, &Resource::Document(facts)))?;
        if row.person_id != person {
            return Err(AppError::Denied);
        }
        match store::comments::update_struck(&tx, row.id, now.micros()).await {
            Err(StoreError::Stale) => return Err(AppError::refused("comment-struck")),
            other => other?,
        }
        let happening =
            Happening::to("comment.struck", "comment", row.id).on_document(row.document_id);
        audit::append(&tx, actor, now, happening).await?;
        tx.commit().await?;
        Ok(row.document_id.into())
    }

    /// What the house says to whoever holds a link to a document, oldest first, the newest
    /// [`SHOWN_MAX`]. Nothing until the mailbox is verified.
    ///
    /// # Errors
    ///
    /// [`AppError::Unavailable`] if the database fails.
    pub async fn said_outside(&self, visit: &Visit) -> Result<Vec<SaidOutside>, AppError> {
        if visit.visit.verified_at.is_none() || !visit.link_state.shows_document() {
            return Ok(Vec::new());
        }
        let (reader, link) = (self.store.reader(), &visit.link);
        let organisation = link.organisation_id;
        let document = link.document_id;
        let mut rows =
            store::comments::list_for_counterparty(reader, organisation, document, SHOWN_MAX)
                .await?;
        rows.reverse();
        let authors = rows.iter().map(|row| row.person_id).collect();
        let names = names_of(reader, organisation, authors).await?;
        let said = rows.into_iter().map(|row| SaidOutside {
            author_name: names.get(&row.person_id).cloned().unwrap_or_default(),
            text: row.text,
            at: Instant::from_micros(row.created_at),
        });
        Ok(said.collect())
    }
}

fn may(actor: &Actor, action: Action, facts: &DocumentFacts) -> bool {
    decide(actor, action, &Resource::Document(facts.clone())) == Decision::Allowed
}

/// Whoever answers a counterparty's questions speaks to it.
fn speaks_outside(actor: &Actor, facts: &DocumentFacts) -> bool {
    may(actor, Action::AnswerQuestion, facts)
}

fn unread(why: Unread) -> AppError {
    let problem = match why {
        Unread::Unknown(name) => FieldProblem::new("text", "mention-unknown").with("name", name),
        Unread::Ambiguous(name) => {
            FieldProblem::new("text", "mention-ambiguous").with("name", name)
        }
        Unread::TooMany => FieldProblem::new("text", "mention-too-many").with("max", MENTIONS_MAX),
    };
    AppError::Invalid {
        fields: vec![problem],
    }
}

/// Refuses to tell somebody who is away from the house for good or may not see the document.
async fn require_sight(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    facts: &DocumentFacts,
    id: Uuid,
) -> Result<(), AppError> {
    let known = people::Entity::find_by_id(id)
        .filter(people::Column::OrganisationId.eq(actor.organisation.uuid()))
        .filter(people::Column::State.eq("active"))
        .one(connection)
        .await?;
    let Some(known) = known else {
        return Err(AppError::invalid("text", "not-a-choice"));
    };
    let person = store::sessions::load_person_facts(connection, id).await?;
    let reader = actor_of(&person, None, Origin::default(), actor.locale);
    if may(&reader, Action::SeeDocument, facts) {
        return Ok(());
    }
    Err(AppError::Invalid {
        fields: vec![FieldProblem::new("text", "mention-hidden").with("name", known.name)],
    })
}

async fn active_people(
    connection: &impl ConnectionTrait,
    organisation: Uuid,
) -> Result<Vec<Named>, AppError> {
    let rows: Vec<(Uuid, String, String)> = people::Entity::find()
        .select_only()
        .columns([
            people::Column::Id,
            people::Column::Name,
            people::Column::Email,
        ])
        .filter(people::Column::OrganisationId.eq(organisation))
        .filter(people::Column::State.eq("active"))
        .into_tuple()
        .all(connection)
        .await?;
    let named = rows.into_iter();
    Ok(named
        .map(|(id, name, email)| Named { id, name, email })
        .collect())
}

async fn names_of(
    connection: &impl ConnectionTrait,
    organisation: Uuid,
    ids: BTreeSet<Uuid>,
) -> Result<BTreeMap<Uuid, String>, AppError> {
    let rows: Vec<(Uuid, String)> = people::Entity::find()
        .select_only()
        .columns([people::Column::Id, people::Column::Name])
        .filter(people::Column::OrganisationId.eq(organisation))
        .filter(people::Column::Id.is_in(ids))
        .into_tuple()
        .all(connection)
        .await?;
    Ok(rows.into_iter().collect())
}

/// Everybody who has to do with a document: who started it, who has or had a task, who stands in,
/// and the head of its department; without the reader.
async fn people_around(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    document: &documents::Model,
    facts: &DocumentFacts,
) -> Result<Vec<Colleague>, AppError> {
    let mut ids: BTreeSet<Uuid> = facts.participants.iter().map(|id| id.uuid()).collect();
    ids.insert(document.initiator_id);
    ids.extend(facts.reworkers.iter().map(|id| id.uuid()));
    ids.extend(facts.stand_ins.iter().map(|(_, id)| id.uuid()));
    if let Some(department) = document.department_id {
        let row = departments::Entity::find_by_id(department);
        let row = row.one(connection).await?;
        ids.extend(row.and_then(|row| row.head_id));
    }
    if let Some(person) = actor.person() {
        ids.remove(&person.id.uuid());
    }
    let rows = people::Entity::find()
        .filter(people::Column::OrganisationId.eq(document.organisation_id))
        .filter(people::Column::Id.is_in(ids))
        .filter(people::Column::State.eq("active"))
        .order_by_asc(people::Column::Name)
        .all(connection)
        .await?;
    let around = rows.into_iter().map(|row| Colleague {
        id: row.id.into(),
        name: row.name,
        position: row.position,
    });
    Ok(around.collect())
}
