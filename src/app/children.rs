//! Documents that belong to another one, and the runs that wait for them: `subdocuments`.
//!
//! ```text
//! a run begins to wait ─┐
//! a child is made       ├─► row of `jobs` ─► counts all of them ─► ChildrenCounted, if it changes
//! a child's run ends    ┘   (same transaction)                     anything
//! ```
//!
//! A job says only whose children are to be counted, and counts what is there when it runs: one
//! that is lost is made up for by the next, one that runs twice changes nothing.

use chancery_types::Instant;
use chancery_types::id::{DocumentId, OrganisationId};
use chancery_workflow::{
    Actor as Cause, Assignee, CHILDREN_MAX, Child, Event, EventKind, Fate, State, WaitView,
};
use sea_orm::ConnectionTrait;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::app::documents::{Duplicate, facts_of};
use crate::app::names::names_of_holders;
use crate::app::transition::{LoadedRun, foresee_step};
use crate::app::work::{Progress, enqueue_job};
use crate::app::{App, AppError, audit};
use crate::domain::access::{Action, Decision, Resource, decide};
use crate::domain::actor::Actor;
use crate::store;
use crate::store::entity::{document_origins, documents, runs};

/// The job that counts.
pub const KIND: &str = "count_children";
/// The most documents that people make from one.
const CHILDREN_OF_ONE_MAX: usize = 200;

/// Whose documents are to be counted.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Order {
    document_id: Uuid,
}

/// A document that a new one is to belong to.
#[derive(Clone, Debug)]
pub(crate) struct Parent {
    document: documents::Model,
    run: runs::Model,
}

/// Wants the documents counted that belong to this one, in the caller's transaction. `meaning` is
/// what makes it another count than those before.
///
/// # Errors
///
/// [`AppError::Unavailable`].
pub(crate) async fn order_count(
    connection: &impl ConnectionTrait,
    organisation: OrganisationId,
    now: Instant,
    document_id: Uuid,
    meaning: &str,
) -> Result<(), AppError> {
    let order = json!(Order { document_id });
    let key = format!("children:{document_id}:{meaning}");
    enqueue_job(connection, organisation, now, KIND, key, &order).await
}

/// A document has moved from one state to another: if it belongs to another one and its end has
/// come, or is gone, that one's are counted anew.
///
/// # Errors
///
/// [`AppError::Unavailable`].
pub(crate) async fn tell_parent(
    connection: &impl ConnectionTrait,
    document: &documents::Model,
    after: &str,
    (run, seq): (Uuid, i64),
    now: Instant,
) -> Result<(), AppError> {
    if fate_of(&document.state) == fate_of(after) {
        return Ok(());
    }
    let organisation = document.organisation_id;
    let origin =
        store::document_origins::find_origin(connection, organisation, document.id).await?;
    let Some(origin) = origin else {
        return Ok(());
    };
    let meaning = format!("{run}:{seq}");
    let parent = origin.origin_id;
    order_count(connection, organisation.into(), now, parent, &meaning).await
}

/// How far a document is that a run may wait for.
fn fate_of(state: &str) -> Fate {
    match state {
        "effective" => Fate::Completed,
        "rejected" => Fate::Rejected,
        // What was annulled has come into effect and is no more.
        "withdrawn" | "annulled" => Fate::Withdrawn,
        _ => Fate::Open,
    }
}

/// The documents that belong to one, as a run counts them.
async fn counted(
    connection: &impl ConnectionTrait,
    organisation: Uuid,
    document: Uuid,
) -> Result<Vec<Child>, AppError> {
    let rows_max = u64::try_from(CHILDREN_MAX).unwrap_or(u64::MAX);
    let rows = store::document_origins::list_children(connection, organisation, document, rows_max)
        .await?;
    let children = rows.into_iter().map(|row| Child {
        document: row.id.into(),
        fate: fate_of(&row.state),
        kind: row.kind,
    });
    Ok(children.collect())
}

fn waits(run: &LoadedRun) -> bool {
    let mut entries = run.state.awaited.values();
    entries.any(|entry| entry.phase.is_open())
}

impl App {
    /// Counts the documents that belong to one, for its run, if that waits for them: the job of
    /// [`KIND`].
    ///
    /// # Errors
    ///
    /// [`AppError::Unavailable`].
    pub async fn count_children(
        &self,
        organisation: OrganisationId,
        payload: &Value,
    ) -> Result<Progress, AppError> {
        let order: Order = serde_json::from_value(payload.clone())
            .map_err(|error| AppError::Internal(error.into()))?;
        let (reader, id) = (self.store.reader(), organisation.uuid());
        let run = store::runs::find_newest_run(reader, id, order.document_id).await?;
        let Some(run) = run.filter(|run| run.finished_at.is_none()) else {
            return Ok(Progress::Finished);
        };
        let run_id = run.id;
        let loaded = self.complete_run(reader, run).await?;
        // Most documents are nobody's: the one writer of SQLite is not held for them.
        if !waits(&loaded) {
            return Ok(Progress::Finished);
        }
        let tx = self.store.begin().await?;
        let row = store::runs::lock_run(&tx, id, run_id).await?;
        let loaded = self.complete_run(&tx, row).await?;
        let seen = self.counted_now(&tx, &loaded).await?;
        // What would change nothing is no step, and no line of the history.
        if foresee_step(&loaded, &seen)?.state == loaded.state {
            tx.rollback().await?;
            return Ok(Progress::Finished);
        }
        let at = seen.at;
        let advanced = self.advance_alone(&tx, &loaded, &[seen]).await?;
        let actor = Actor::system(organisation);
        audit::append(&tx, &actor, at, advanced.happening).await?;
        tx.commit().await?;
        self.wake_jobs();
        Ok(Progress::Finished)
    }

    async fn counted_now(
        &self,
        connection: &impl ConnectionTrait,
        run: &LoadedRun,
    ) -> Result<Event, AppError> {
        let (organisation, document) = (run.row.organisation_id, run.row.document_id);
        let children = counted(connection, organisation, document).await?;
        Ok(Event {
            at: self.now(),
            actor: Cause::System,
            kind: EventKind::ChildrenCounted { children },
        })
    }

    /// The document that a new one of this kind is to belong to, if the actor may do that: its run
    /// waits for documents of the kind, or will.
    ///
    /// # Errors
    ///
    /// [`AppError::Hidden`], [`AppError::Denied`]; [`AppError::Refused`] `parent-takes-no-children`
    /// or `parent-has-too-many`.
    pub(crate) async fn parent_for(
        &self,
        actor: &Actor,
        parent: DocumentId,
        kind: &str,
    ) -> Result<Parent, AppError> {
        let document = self.document_for(actor, parent, Action::AddChild).await?;
        let (reader, organisation) = (self.store.reader(), document.organisation_id);
        let run = store::runs::find_newest_run(reader, organisation, document.id).await?;
        let run = run.filter(|run| run.finished_at.is_none());
        let refused = || AppError::refused("parent-takes-no-children");
        let run = self.complete_run(reader, run.ok_or_else(refused)?).await?;
        let mut all = run.definition.subdocuments().iter();
        if !all.any(|one| one.kind == kind) {
            return Err(refused());
        }
        let children = counted(reader, organisation, document.id).await?;
        if children.len() >= CHILDREN_OF_ONE_MAX {
            return Err(AppError::refused("parent-has-too-many"));
        }
        let run = run.row;
        Ok(Parent { document, run })
    }

    /// The document that a form's new one is to belong to, if its reader sees it.
    pub(crate) async fn title_of_parent(
        &self,
        actor: &Actor,
        parent: Option<DocumentId>,
    ) -> Result<Option<Duplicate>, AppError> {
        match parent {
            Some(parent) => self.seen_as(actor, parent.uuid()).await,
            None => Ok(None),
        }
    }

    /// What the present run of a document waits for, and of which kinds the actor may make
    /// documents that belong to it.
    pub(crate) async fn waits_of(
        &self,
        actor: &Actor,
        document: &documents::Model,
    ) -> Result<(Vec<WaitView>, Vec<String>), AppError> {
        let (reader, organisation) = (self.store.reader(), document.organisation_id);
        let run = store::runs::find_newest_run(reader, organisation, document.id).await?;
        let Some(run) = run.filter(|run| run.finished_at.is_none()) else {
            return Ok((Vec::new(), Vec::new()));
        };
        let definition = self.pinned_definition(reader, &run).await?;
        if definition.subdocuments().is_empty() {
            return Ok((Vec::new(), Vec::new()));
        }
        let state: State =
            serde_json::from_str(&run.state).map_err(|error| AppError::Internal(error.into()))?;
        let nodes = state.nodes(&definition).into_iter();
        let waits = nodes.flat_map(|node| node.waits).collect();
        let facts = facts_of(reader, document, self.now()).await?;
        let house = Resource::Organisation(actor.organisation);
        let may = decide(actor, Action::AddChild, &Resource::Document(facts)) == Decision::Allowed
            && decide(actor, Action::CreateDocument, &house) == Decision::Allowed;
        let mut kinds: Vec<String> = Vec::new();
        for one in definition.subdocuments() {
            // Of a kind whose pack is off nothing is begun.
            if may && !kinds.contains(&one.kind) && self.kind(&one.kind).is_ok() {
                kinds.push(one.kind.clone());
            }
        }
        Ok((waits, kinds))
    }

    /// Whose move a document has that the actor sees: the holders of its open tasks, or whoever
    /// prepares or reworks it.
    pub(crate) async fn move_of(&self, document: &documents::Model) -> Result<String, AppError> {
        let (reader, organisation) = (self.store.reader(), document.organisation_id);
        let run = store::runs::find_newest_run(reader, organisation, document.id).await?;
        let run = run.filter(|run| run.finished_at.is_none());
        let mut holders = Vec::new();
        if let Some(run) = run.filter(|run| run.phase == "running") {
            let tasks = store::tasks::list_tasks_of_run(reader, organisation, run.id).await?;
            for task in tasks.iter().filter(|task| task.state == "open") {
                let person = task.person_id.map(|id| Assignee::Person(id.into()));
                holders.extend(person.or(task.contact_id.map(|id| Assignee::Contact(id.into()))));
            }
        } else if matches!(document.state.as_str(), "draft" | "rework") {
            holders.push(Assignee::Person(document.initiator_id.into()));
        }
        let names = names_of_holders(reader, organisation, holders.iter().copied()).await?;
        let mut told: Vec<String> = holders.into_iter().map(|one| names.of(one)).collect();
        told.sort();
        told.dedup();
        Ok(told.join(", "))
    }
}

impl Parent {
    /// Writes down that a new document belongs to this one, in the caller's transaction.
    ///
    /// # Errors
    ///
    /// [`AppError::Unavailable`].
    pub(crate) async fn take(
        &self,
        connection: &impl ConnectionTrait,
        child: &documents::Model,
        now: Instant,
    ) -> Result<(), AppError> {
        let row = document_origins::Model {
            document_id: child.id,
            organisation_id: child.organisation_id,
            origin_id: self.document.id,
            run_id: self.run.id,
            // A person makes each one of them.
            key: format!("made:{}", child.id),
            created_at: now.micros(),
        };
        store::document_origins::insert(connection, row).await?;
        made(connection, child, self.document.id, now).await
    }

    /// The document.
    pub(crate) const fn id(&self) -> Uuid {
        self.document.id
    }
}

/// A document that belongs to another one was made.
///
/// # Errors
///
/// [`AppError::Unavailable`].
pub(crate) async fn made(
    connection: &impl ConnectionTrait,
    child: &documents::Model,
    parent: Uuid,
    now: Instant,
) -> Result<(), AppError> {
    let organisation = child.organisation_id.into();
    let meaning = format!("made:{}", child.id);
    order_count(connection, organisation, now, parent, &meaning).await
}
