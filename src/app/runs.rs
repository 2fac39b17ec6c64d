//! Starting, withdrawing and resubmitting a run; what it would be before it starts.

use std::collections::BTreeSet;

use chancery_types::field::Card;
use chancery_types::id::{DocumentId, RunId};
use chancery_types::name::check_text;
use chancery_types::{Digest, Instant};
use chancery_workflow as engine;
use chancery_workflow::{Event, EventKind, State, Version};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DatabaseTransaction, EntityTrait as _, QueryFilter as _,
};
use serde_json::json;

use crate::app::chains::Chain;
use crate::app::directory::load_directory_for;
use crate::app::documents::facts_of;
use crate::app::refusal::refuse_in;
use crate::app::self_start::StartsBy;
use crate::app::transition::{Advanced, LoadedRun, definition_row};
use crate::app::versions::COMMENT_GRAPHEMES_MAX;
use crate::app::{App, AppError, allow, audit, name_problem};
use crate::domain::access::{Action, Resource, decide};
use crate::domain::actor::{Actor, Who};
use crate::domain::document::DocumentState;
use crate::entropy;
use crate::store;
use crate::store::StoreError;
use crate::store::entity::{documents, runs, versions};

/// The document, if this organisation has it.
pub(crate) async fn find_document(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    id: DocumentId,
) -> Result<documents::Model, AppError> {
    documents::Entity::find_by_id(id.uuid())
        .filter(documents::Column::OrganisationId.eq(actor.organisation.uuid()))
        .one(connection)
        .await?
        .ok_or(AppError::Hidden)
}

/// The actor as the engine knows it.
pub(crate) fn engine_actor(actor: &Actor) -> engine::Actor {
    match &actor.who {
        Who::Person(person) => engine::Actor::Person(person.id),
        Who::Contact(contact) => engine::Actor::Contact(contact.id),
        Who::System | Who::Operator => engine::Actor::System,
    }
}

/// A version as the engine knows it, and its card.
pub(crate) fn engine_version(row: &versions::Model) -> Result<(Version, Card), AppError> {
    let corrupt = |why: String| {
        AppError::from(StoreError::Corrupt {
            table: "versions",
            id: row.id.to_string(),
            why,
        })
    };
    let number = u32::try_from(row.number).map_err(|error| corrupt(error.to_string()))?;
    let digest: Digest = row
        .digest
        .parse()
        .map_err(|_| corrupt("its digest".to_owned()))?;
    let card = serde_json::from_str(&row.card).map_err(|error| corrupt(error.to_string()))?;
    let version = Version {
        number,
        digest,
        author: row.author_id.into(),
    };
    Ok((version, card))
}

/// The document's present version.
pub(crate) async fn current_version(
    connection: &impl ConnectionTrait,
    document: &documents::Model,
) -> Result<versions::Model, AppError> {
    let id = document
        .current_version_id
        .ok_or_else(|| AppError::refused("document-without-version"))?;
    versions::Entity::find_by_id(id)
        .filter(versions::Column::OrganisationId.eq(document.organisation_id))
        .one(connection)
        .await?
        .ok_or_else(|| AppError::internal(format!("document {}: no version", document.id)))
}

/// The event of the document's newest version, if the run has not taken it yet.
async fn newer_version(
    connection: &impl ConnectionTrait,
    run: &LoadedRun,
) -> Result<Option<EventKind>, AppError> {
    if run.document.current_version_id == Some(run.row.version_id) {
        return Ok(None);
    }
    let row = current_version(connection, &run.document).await?;
    let (version, card) = engine_version(&row)?;
    // The engine compares the cards itself; of the files it knows nothing.
    let changed = changed_files(connection, run, &row).await?;
    Ok(Some(EventKind::NewVersion {
        version,
        card,
        changed,
    }))
}

/// Which files `newer` has otherwise than the version that the run knows, named as `changed()`
/// names them.
async fn changed_files(
    connection: &impl ConnectionTrait,
    run: &LoadedRun,
    newer: &versions::Model,
) -> Result<BTreeSet<String>, AppError> {
    let known = versions::Entity::find_by_id(run.row.version_id)
        .filter(versions::Column::OrganisationId.eq(run.row.organisation_id))
        .one(connection)
        .await?
        .ok_or_else(|| AppError::internal(format!("run {}: no version", run.row.id)))?;
    let attached = async |version: &versions::Model| {
        let (organisation, id) = (version.organisation_id, version.id);
        let rows = store::versions::list_attachments(connection, organisation, id).await?;
        let files = rows.into_iter().map(|row| (row.name, row.digest));
        Ok::<Vec<(String, String)>, AppError>(files.collect())
    };
    let mut changed = BTreeSet::new();
    if known.main_digest != newer.main_digest {
        changed.insert("file.main".to_owned());
    }
    if attached(&known).await? != attached(newer).await? {
        changed.insert("file.attachments".to_owned());
    }
    Ok(changed)
}

/// What a run would do, as things are now.
#[derive(Clone, Debug)]
pub struct Foreseen {
    /// Each stage, in the order of the workflow.
    pub stages: Vec<engine::PreviewStage>,
    /// Why, for each of them, in the same order.
    pub reasons: Vec<engine::Explanation>,
    /// The workflow.
    pub definition: std::sync::Arc<engine::Definition>,
    /// The card that conditions read.
    pub card: Card,
    /// The organisation, with who is away.
    pub directory: engine::Directory,
}

impl App {
    /// The document, if `actor` may do `action` to it.
    pub(crate) async fn allowed_document(
        &self,
        connection: &impl ConnectionTrait,
        actor: &Actor,
        id: DocumentId,
        action: Action,
    ) -> Result<documents::Model, AppError> {
        let document = find_document(connection, actor, id).await?;
        let facts = facts_of(connection, &document, self.now()).await?;
        allow(decide(actor, action, &Resource::Document(facts)))?;
        Ok(document)
    }

    /// What a run would ask, of whom and why, if the document's initiator started it now.
    ///
    /// # Errors
    ///
    /// [`AppError::Hidden`] for whoever may not see the document; a refusal if no run could start.
    pub async fn foresee_run(
        &self,
        actor: &Actor,
        document_id: DocumentId,
    ) -> Result<Foreseen, AppError> {
        let connection = self.store.reader();
        let document = self
            .allowed_document(connection, actor, document_id, Action::SeeDocument)
            .await?;
        let version = current_version(connection, &document).await?;
        let (version, card) = engine_version(&version)?;
        let chain = self
            .chain_for(connection, actor.organisation, &document.kind)
            .await?;
        let definition = &chain.definition;
        let directory =
            load_directory_for(connection, actor.organisation, definition, self.now()).await?;
        let initiator = document.initiator_id.into();
        let refused = |refusal| refuse_in(definition, refusal);
        let stages = engine::preview(definition, &card, &version, initiator, &directory);
        let reasons = engine::explain(definition, &card, &version, initiator, &directory);
        Ok(Foreseen {
            stages: stages.map_err(refused)?,
            reasons: reasons.map_err(refused)?,
            definition: std::sync::Arc::clone(definition),
            card,
            directory,
        })
    }

    /// Starts the run of a draft: registers the document, pins the workflow, opens its first tasks.
    ///
    /// # Errors
    ///
    /// `document-not-draft` if it is in another state, `document-without-version`, `no-workflow`;
    /// `file-signed-before`, `lock-fields-absent` by what the chain asks of signatures; the
    /// engine's refusals (`stage-has-no-assignee`).
    pub async fn start_run(
        &self,
        actor: &Actor,
        document_id: DocumentId,
    ) -> Result<RunId, AppError> {
        self.start_run_by(actor, document_id, StartsBy::Hand).await
    }

    /// As [`App::start_run`], perhaps without anybody who does it: then the log says that it was
    /// the system, and by what.
    pub(super) async fn start_run_by(
        &self,
        actor: &Actor,
        document_id: DocumentId,
        by: StartsBy,
    ) -> Result<RunId, AppError> {
        let now = self.now();
        self.require_sealable_draft(actor, document_id).await?;
        let tx = self.store.begin().await?;
        let document = self
            .allowed_document(&tx, actor, document_id, Action::EditDocument)
            .await?;
        if !by.is_of(&document) {
            return Err(AppError::refused("document-not-draft"));
        }
        let version = current_version(&tx, &document).await?;
        let (subject, card) = engine_version(&version)?;
        let chain = self
            .chain_for(&tx, actor.organisation, &document.kind)
            .await?;
        let run = self
            .open_run(&tx, actor, &document, &version, &chain, now)
            .await?;
        let document = self.register_document(&tx, &document, now).await?;
        let registration_number = document.registration_number.clone();
        let loaded = LoadedRun {
            row: run,
            state: State::draft(),
            definition: std::sync::Arc::clone(&chain.definition),
            directory: load_directory_for(&tx, actor.organisation, &chain.definition, now).await?,
            document,
        };
        let event = Event {
            at: now,
            actor: engine_actor(actor),
            kind: EventKind::Started {
                card,
                version: subject,
            },
        };
        let nothing = async |_: &_, _: &_, _: &mut _| Ok(());
        let (advanced, ()) = self.advance(&tx, &loaded, &[event], &nothing).await?;
        let mut happening = advanced.happening;
        if let Some(details) = happening.details.as_object_mut() {
            details.insert("registration_number".to_owned(), json!(registration_number));
            if let StartsBy::Itself { event, .. } = by {
                details.insert("event".to_owned(), json!(event.code()));
            }
        }
        let system = Actor::system(actor.organisation);
        let who = match by {
            StartsBy::Hand => actor,
            StartsBy::Itself { .. } => &system,
        };
        audit::append(&tx, who, now, happening).await?;
        tx.commit().await?;
        self.wake_jobs();
        Ok(advanced.row.id.into())
    }

    /// Before the one writer of SQLite is held: the file is read.
    async fn require_sealable_draft(
        &self,
        actor: &Actor,
        document_id: DocumentId,
    ) -> Result<(), AppError> {
        let reader = self.store.reader();
        let document = self
            .allowed_document(reader, actor, document_id, Action::EditDocument)
            .await?;
        let chain = self
            .chain_for(reader, actor.organisation, &document.kind)
            .await?;
        let definition = &chain.definition;
        let version = current_version(reader, &document).await?;
        let directory =
            load_directory_for(reader, actor.organisation, definition, self.now()).await?;
        self.require_sealable(definition, &document, &version, &directory)
            .await
    }

    /// The row of a run that has not moved yet, and its pinned definition.
    async fn open_run(
        &self,
        tx: &sea_orm::DatabaseTransaction,
        actor: &Actor,
        document: &documents::Model,
        version: &versions::Model,
        chain: &Chain,
        now: Instant,
    ) -> Result<runs::Model, AppError> {
        let organisation_id = actor.organisation.uuid();
        let (pinned, digest) = (&chain.pinned, &chain.digest);
        let definition = definition_row(organisation_id, &chain.definition, digest, pinned, now);
        store::definitions::insert_definition(tx, definition).await?;
        let state = serde_json::to_string(&State::draft());
        let run = runs::Model {
            id: entropy::id(now),
            organisation_id,
            document_id: document.id,
            workflow_id: chain.definition.id().to_owned(),
            definition_digest: chain.digest.clone(),
            state: state.map_err(|error| AppError::Internal(error.into()))?,
            seq: 0,
            phase: "running".to_owned(),
            round: 0,
            version_id: version.id,
            initiator_id: document.initiator_id,
            started_at: now.micros(),
            finished_at: None,
            incident_at: None,
        };
        match store::runs::insert_run(tx, run.clone()).await {
            // Two clicks at once: the other one started it.
            Err(StoreError::Duplicate) => Err(AppError::refused("document-not-draft")),
            other => Ok(other.map(|()| run)?),
        }
    }

    /// Takes the document back: ends its run, whose open tasks are closed, or gives up a draft,
    /// which needs no reason: nobody was asked yet.
    ///
    /// # Errors
    ///
    /// `no-live-run`, `too-late-to-withdraw`; [`AppError::Denied`] for anybody but the initiator
    /// and whom else the workflow names.
    pub async fn withdraw_document(
        &self,
        actor: &Actor,
        document_id: DocumentId,
        reason: &str,
    ) -> Result<(), AppError> {
        let reader = self.store.reader();
        let document = self
            .allowed_document(reader, actor, document_id, Action::MoveRun)
            .await?;
        if DocumentState::from_code(&document.state) == Some(DocumentState::Draft) {
            let action = Action::EditDocument;
            self.allowed_document(reader, actor, document_id, action)
                .await?;
            return self.withdraw_draft(actor, document, reason).await;
        }
        let run = self.live_run(actor, document_id, Action::MoveRun).await?;
        let kind = EventKind::Withdrawn {
            reason: reason.to_owned(),
        };
        match self.move_by(actor, run, kind).await {
            // Whom the workflow does not name may see the document, and no more.
            Err(AppError::Refused {
                code: "not-initiator" | "may-not-withdraw",
                ..
            }) => Err(AppError::Denied),
            other => other.map(|_| ()),
        }
    }

    /// Applies one event of `actor` to a run.
    pub(super) async fn move_by(
        &self,
        actor: &Actor,
        run: RunId,
        kind: EventKind,
    ) -> Result<Advanced, AppError> {
        let event = Event {
            at: self.now(),
            actor: engine_actor(actor),
            kind,
        };
        let events = async |_: &LoadedRun| Ok(vec![event.clone()]);
        let nothing = async |_: &_, _: &_, _: &mut _| Ok(());
        let (advanced, ()) = self.move_run(actor, run, events, nothing).await?;
        Ok(advanced)
    }

    async fn withdraw_draft(
        &self,
        actor: &Actor,
        document: documents::Model,
        reason: &str,
    ) -> Result<(), AppError> {
        let reason = match reason.trim() {
            "" => None,
            words => Some(
                check_text(words, COMMENT_GRAPHEMES_MAX)
                    .map_err(|why| name_problem("comment", why))?,
            ),
        };
        let now = self.now();
        let id = DocumentId::from(document.id);
        let tx = self.store.begin().await?;
        let state = DocumentState::Withdrawn.code();
        store::documents::update_state(&tx, &document, state, now.micros()).await?;
        let happening = audit::Happening::to("document.withdrawn", "document", id)
            .on_document(id)
            .with(json!({ "reason": reason }));
        audit::append(&tx, actor, now, happening).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Sends a returned document round again: with the newest version if there is a new one, else
    /// with a comment.
    ///
    /// # Errors
    ///
    /// `no-live-run`, `not-in-this-phase`; [`AppError::Invalid`] without a new version and a
    /// comment; [`AppError::Denied`] for anybody but the initiator.
    pub async fn resubmit_run(
        &self,
        actor: &Actor,
        document_id: DocumentId,
        comment: Option<&str>,
    ) -> Result<(), AppError> {
        let run = self
            .live_run(actor, document_id, Action::EditDocument)
            .await?;
        let reader = self.store.reader();
        let loaded = self.load_run(reader, actor.organisation, run).await?;
        let version = current_version(reader, &loaded.document).await?;
        self.require_sealable(
            &loaded.definition,
            &loaded.document,
            &version,
            &loaded.directory,
        )
        .await?;
        let now = self.now();
        let comment = comment
            .filter(|text| !text.trim().is_empty())
            .map(str::to_owned);
        let events = async |tx: &DatabaseTransaction, loaded: &LoadedRun| {
            let event = |by, kind| Event {
                at: now,
                actor: by,
                kind,
            };
            let mut events = Vec::new();
            if let Some(kind) = newer_version(tx, loaded).await? {
                // Whoever sends it round again need not have made the version.
                let by = match &kind {
                    EventKind::NewVersion { version, .. } => engine::Actor::Person(version.author),
                    _ => engine_actor(actor),
                };
                events.push(event(by, kind));
            }
            let comment = comment.clone();
            events.push(event(
                engine_actor(actor),
                EventKind::Resubmitted { comment },
            ));
            Ok(events)
        };
        self.move_run_reading(actor, run, events, async |_, _, _| Ok(()))
            .await?;
        Ok(())
    }

    pub(super) async fn live_run(
        &self,
        actor: &Actor,
        document_id: DocumentId,
        action: Action,
    ) -> Result<RunId, AppError> {
        let connection = self.store.reader();
        let document = self
            .allowed_document(connection, actor, document_id, action)
            .await?;
        let run =
            store::runs::find_newest_run(connection, document.organisation_id, document.id).await?;
        let live = run.filter(|run| run.finished_at.is_none());
        live.map(|run| run.id.into())
            .ok_or_else(|| AppError::refused("no-live-run"))
    }
}
