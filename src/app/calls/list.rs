//! Calls as the administrator sees them: what waits, what was given up and why, try again; and the
//! runs that stand still.

use chancery_types::Instant;
use chancery_types::id::{CallId, DocumentId, RunId};
use serde_json::{Value, json};

use super::CallKind;
use crate::app::audit::{self, Happening};
use crate::app::organisations::allow_whole;
use crate::app::page::{Cursor, Page, PageRequest};
use crate::app::runs::engine_actor;
use crate::app::transition::LoadedRun;
use crate::app::{App, AppError};
use crate::domain::access::Action;
use crate::domain::actor::Actor;
use crate::store;
use crate::store::entity::calls;

/// The states of a call, as rows and the wire name them.
pub const STATES: [&str; 4] = ["ready", "calling", "done", "failed"];
/// The most runs that stand still that are listed.
const INCIDENTS_MAX: u64 = 50;

/// A call, without what it says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallLine {
    /// The call.
    pub id: CallId,
    /// What it is for; `None` if a newer program wrote it.
    pub kind: Option<CallKind>,
    /// Whom it goes to, by the name of the configuration.
    pub name: String,
    /// The document it is about.
    pub document_id: DocumentId,
    /// `ready`, `calling`, `done`, `failed`.
    pub state: String,
    /// How often it was tried.
    pub attempts: i64,
    /// When it is tried next, while it is `ready`.
    pub next_at: Option<Instant>,
    /// What the last try failed with.
    pub last_error: Option<String>,
    /// When it was written down.
    pub created_at: Instant,
    /// When it was made.
    pub done_at: Option<Instant>,
    /// Whether an administrator may have it made again: a webhook that was given up. A lookup is
    /// asked again by its run.
    pub may_repeat: bool,
}

/// One call with what it says.
#[derive(Clone, Debug)]
pub struct CallSheet {
    /// The call.
    pub line: CallLine,
    /// Its key, the same on every try.
    pub key: String,
    /// What is sent; `None` if its document is not the administrator's to see.
    pub body: Option<Value>,
}

/// A run that stands still until an administrator tries again.
#[derive(Clone, Debug)]
pub struct Incident {
    /// The run.
    pub run_id: RunId,
    /// Its document.
    pub document_id: DocumentId,
    /// The workflow's title in the reader's language.
    pub workflow: String,
    /// The title of the stage in which it happened.
    pub stage: String,
    /// What happened.
    pub why: String,
    /// When.
    pub at: Instant,
}

impl From<calls::Model> for CallLine {
    fn from(row: calls::Model) -> Self {
        let kind = CallKind::from_code(&row.kind);
        Self {
            id: row.id.into(),
            may_repeat: kind == Some(CallKind::Webhook) && row.state == "failed",
            kind,
            name: row.name,
            document_id: row.document_id.into(),
            next_at: (row.state == "ready").then(|| Instant::from_micros(row.next_at)),
            state: row.state,
            attempts: row.attempts,
            last_error: row.last_error,
            created_at: Instant::from_micros(row.created_at),
            done_at: row.done_at.map(Instant::from_micros),
        }
    }
}

impl App {
    /// The organisation's calls, newest first: those in `state`, all if `None`.
    ///
    /// # Errors
    ///
    /// [`AppError::Hidden`] for anybody but an administrator; [`AppError::Invalid`] for a state
    /// that is none.
    pub async fn list_calls(
        &self,
        actor: &Actor,
        state: Option<&str>,
        page: &PageRequest,
    ) -> Result<Page<CallLine>, AppError> {
        allow_whole(actor, Action::SeeCalls)?;
        if state.is_some_and(|state| !STATES.contains(&state)) {
            return Err(AppError::invalid("state", "not-a-choice"));
        }
        let before = match &page.after {
            None => None,
            Some(cursor) => Some((cursor.micros()?, cursor.id)),
        };
        let (reader, organisation) = (self.store.reader(), actor.organisation.uuid());
        let rows_max = page.rows_max.saturating_add(1);
        let rows = store::calls::list(reader, organisation, state, before, rows_max).await?;
        let page = Page::of(rows, page.rows_max, |row| {
            Cursor::after(row.created_at, row.id)
        });
        Ok(page.map(CallLine::from))
    }

    /// One call with what it says, as far as the administrator may read it.
    ///
    /// # Errors
    ///
    /// [`AppError::Hidden`] for anybody but an administrator, or if there is none here.
    pub async fn load_call(&self, actor: &Actor, id: CallId) -> Result<CallSheet, AppError> {
        allow_whole(actor, Action::SeeCalls)?;
        let organisation = actor.organisation.uuid();
        let row = store::calls::load(self.store.reader(), organisation, id.uuid()).await?;
        let document = DocumentId::from(row.document_id);
        let seen = self
            .document_for(actor, document, Action::SeeDocument)
            .await;
        let is_seen = match seen {
            Ok(_) => true,
            Err(AppError::Hidden | AppError::Denied | AppError::OutOfScope) => false,
            Err(error) => return Err(error),
        };
        let body = serde_json::from_str(&row.payload).ok();
        Ok(CallSheet {
            key: row.key.clone(),
            body: body.filter(|_| is_seen),
            line: row.into(),
        })
    }

    /// Has a webhook that was given up told again, under the same key. Asked twice, it is told once
    /// more and the second answer is `call-not-failed`.
    ///
    /// # Errors
    ///
    /// [`AppError::Hidden`] for anybody but an administrator; `call-not-failed`; `call-of-run` for
    /// a lookup, which its run asks again.
    pub async fn repeat_call(&self, actor: &Actor, id: CallId) -> Result<CallLine, AppError> {
        allow_whole(actor, Action::ManageCalls)?;
        let now = self.now();
        let organisation = actor.organisation.uuid();
        let tx = self.store.begin().await?;
        let row = store::calls::load(&tx, organisation, id.uuid()).await?;
        if row.kind == CallKind::Lookup.code() {
            return Err(AppError::refused("call-of-run"));
        }
        let is_failed = row.state == "failed";
        if !is_failed || !store::calls::update_ready_again(&tx, &row, now.micros()).await? {
            return Err(AppError::refused("call-not-failed"));
        }
        // As with a letter: in the document's history it would make the administrator a part of it.
        let happening = Happening::to("call.repeated", "call", id)
            .with(json!({ "name": row.name, "document": row.document_id }));
        audit::append(&tx, actor, now, happening).await?;
        let row = store::calls::load(&tx, organisation, id.uuid()).await?;
        tx.commit().await?;
        self.wake_jobs();
        Ok(row.into())
    }

    /// The organisation's runs that stand still, the longest first.
    ///
    /// # Errors
    ///
    /// [`AppError::Hidden`] for anybody but an administrator.
    pub async fn list_incidents(&self, actor: &Actor) -> Result<Vec<Incident>, AppError> {
        allow_whole(actor, Action::SeeCalls)?;
        let (reader, organisation) = (self.store.reader(), actor.organisation.uuid());
        let rows = store::runs::list_incidents(reader, organisation, INCIDENTS_MAX).await?;
        let mut incidents = Vec::with_capacity(rows.len());
        for row in rows {
            let run = self.complete_run(reader, row).await?;
            let Some(incident) = &run.state.incident else {
                continue;
            };
            incidents.push(Incident {
                run_id: run.row.id.into(),
                document_id: run.row.document_id.into(),
                workflow: run.definition.title(actor.locale).to_owned(),
                stage: automatic_title(&run, &incident.stage, actor),
                why: incident.why.clone(),
                at: incident.at,
            });
        }
        Ok(incidents)
    }

    /// Lets a run that stands still try again what it could not do.
    ///
    /// # Errors
    ///
    /// [`AppError::Hidden`] for anybody but an administrator, or if there is no such run;
    /// `no-incident` if it does not stand still (any more); the engine's refusals, if what it needs
    /// is still not there.
    pub async fn retry_run(&self, actor: &Actor, run: RunId) -> Result<DocumentId, AppError> {
        allow_whole(actor, Action::ManageCalls)?;
        let now = self.now();
        let events = async |_: &LoadedRun| {
            Ok(vec![chancery_workflow::Event {
                at: now,
                actor: engine_actor(actor),
                kind: chancery_workflow::EventKind::IncidentRetried,
            }])
        };
        let nothing = async |_: &_, _: &_, _: &mut _| Ok(());
        let (advanced, ()) = self.move_run(actor, run, events, nothing).await?;
        Ok(advanced.row.document_id.into())
    }
}

/// The title of an automatic stage, or of a step before which documents are waited for, in the
/// reader's language, else its path.
pub(super) fn automatic_title(run: &LoadedRun, path: &str, actor: &Actor) -> String {
    let mut all = run.definition.automatics();
    let found = all.find(|automatic| automatic.path == path);
    let found = found.map(|automatic| &automatic.title);
    let mut steps = run.definition.nodes().iter();
    let step = steps.find(|node| node.id() == path);
    let found = found.or_else(|| step.map(|node| node.title()));
    let title = found.and_then(|title| title.get(actor.locale));
    title.unwrap_or(path).to_owned()
}
