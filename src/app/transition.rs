//! THE place where runs move: read, apply, compare-and-set, effects as rows, one audit event.
//!
//! ```text
//! load_run ─► apply (pure) ─► one transaction: runs (WHERE seq = …), run_events, tasks, remarks,
//!                             documents, links, outbox, then the caller's own rows and the audit
//! ```
//!
//! Whoever loses the race for `seq` reads again and applies again: two simultaneous decisions both
//! count, or one is refused by the engine, by name. Nothing leaves the building: effects are rows.

mod calendars;
mod deeds;
mod effects;
mod endings;
mod handed;
mod history;
mod letters;
mod moved;
mod pinned;
mod planned;
mod times;
mod ways;

use std::sync::Arc;

use chancery_types::Instant;
use chancery_types::id::{OrganisationId, RunId};
use chancery_workflow::{
    Definition, Directory, Effect, Event, EventKind, Phase, State, Step, apply,
};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DatabaseTransaction, EntityTrait as _, QueryFilter as _,
};

use crate::app::audit::{self, Happening};
use crate::app::directory::load_directory_for;
use crate::app::refusal::refuse_in;
use crate::app::{App, AppError};
use crate::domain::actor::Actor;
use crate::store;
use crate::store::StoreError;
use crate::store::entity::{documents, run_events, runs, tasks, versions};
use effects::Scribe;
pub(crate) use handed::HandedOver;
pub(crate) use pinned::definition_row;
use planned::Planned;

/// How often a lost race is run again. From the second time on the run is locked first, so that on
/// PostgreSQL a run with many simultaneous decisions still moves at the second try.
const TRIES_MAX: u32 = 8;

/// A run with everything the engine needs for its next step.
#[derive(Clone, Debug)]
pub struct LoadedRun {
    /// The row, with the `seq` that the step is compared against.
    pub row: runs::Model,
    /// The engine's state.
    pub state: State,
    /// The workflow the run is pinned to.
    pub definition: Arc<Definition>,
    /// The document.
    pub document: documents::Model,
    /// The organisation's people as they are now.
    pub directory: Directory,
}

/// What a step led to.
#[derive(Clone, Debug)]
pub struct Advanced {
    /// The run's row as it is now.
    pub row: runs::Model,
    /// The engine's state now.
    pub state: State,
    /// Every effect, in order; their rows are written.
    pub effects: Vec<Effect>,
    /// The one audit event of the step, which [`App::move_run`] appends.
    pub happening: Happening,
}

impl App {
    /// Reads a run, its pinned workflow, its document and the directory.
    ///
    /// # Errors
    ///
    /// [`AppError::Hidden`] if the organisation has no such run.
    pub async fn load_run(
        &self,
        connection: &impl ConnectionTrait,
        organisation: OrganisationId,
        run: RunId,
    ) -> Result<LoadedRun, AppError> {
        let row = store::runs::find_run(connection, organisation.uuid(), run.uuid()).await?;
        self.complete_run(connection, row.ok_or(AppError::Hidden)?)
            .await
    }

    pub(crate) async fn complete_run(
        &self,
        connection: &impl ConnectionTrait,
        row: runs::Model,
    ) -> Result<LoadedRun, AppError> {
        let state: State =
            serde_json::from_str(&row.state).map_err(|error| corrupt(&row, error.to_string()))?;
        let document = documents::Entity::find_by_id(row.document_id)
            .filter(documents::Column::OrganisationId.eq(row.organisation_id))
            .one(connection)
            .await?
            .ok_or_else(|| corrupt(&row, "its document is absent".to_owned()))?;
        let definition = self.pinned_definition(connection, &row).await?;
        let organisation = row.organisation_id.into();
        let now = self.now();
        Ok(LoadedRun {
            directory: load_directory_for(connection, organisation, &definition, now).await?,
            definition,
            state,
            document,
            row,
        })
    }

    /// Moves a run: reads it, makes the events by `events`, applies them, lets `extra` add rows of
    /// its own to the same transaction, appends the one audit event and commits. Whoever loses a
    /// race comes back: `events` and `extra` may be called several times, and only the last call's
    /// rows stay. `extra` may add to `happening.details`.
    ///
    /// # Errors
    ///
    /// [`AppError::Hidden`] if there is no such run; those of `events`, of the engine and of
    /// `extra`; [`AppError::Unavailable`] if the race was lost again and again. `extra` may answer
    /// [`AppError::Stale`] to have everything read and done again.
    pub async fn move_run<T>(
        &self,
        actor: &Actor,
        run: RunId,
        events: impl AsyncFn(&LoadedRun) -> Result<Vec<Event>, AppError>,
        extra: impl AsyncFn(&DatabaseTransaction, &LoadedRun, &mut Advanced) -> Result<T, AppError>,
    ) -> Result<(Advanced, T), AppError> {
        let made = async |_: &DatabaseTransaction, loaded: &LoadedRun| events(loaded).await;
        self.move_run_reading(actor, run, made, extra).await
    }

    /// As [`App::move_run`], with events that are made of what the transaction reads: another
    /// connection would be waited for while this one is held.
    ///
    /// # Errors
    ///
    /// Those of [`App::move_run`].
    pub(crate) async fn move_run_reading<T>(
        &self,
        actor: &Actor,
        run: RunId,
        events: impl AsyncFn(&DatabaseTransaction, &LoadedRun) -> Result<Vec<Event>, AppError>,
        extra: impl AsyncFn(&DatabaseTransaction, &LoadedRun, &mut Advanced) -> Result<T, AppError>,
    ) -> Result<(Advanced, T), AppError> {
        for attempt in 0..TRIES_MAX {
            let first = match attempt {
                0 => Some(
                    self.load_run(self.store.reader(), actor.organisation, run)
                        .await?,
                ),
                _ => None,
            };
            let tx = self.store.begin().await?;
            let loaded = match first {
                Some(loaded) => loaded,
                None => {
                    let organisation = actor.organisation.uuid();
                    let row = store::runs::lock_run(&tx, organisation, run.uuid()).await?;
                    self.complete_run(&tx, row).await?
                }
            };
            let made = events(&tx, &loaded).await?;
            match self.advance(&tx, &loaded, &made, &extra).await {
                Err(AppError::Stale) => tx.rollback().await?,
                Err(other) => return Err(other),
                Ok((advanced, value)) => {
                    let now = made.last().map_or_else(|| self.now(), |event| event.at);
                    audit::append(&tx, actor, now, advanced.happening.clone()).await?;
                    tx.commit().await?;
                    self.wake_jobs();
                    return Ok((advanced, value));
                }
            }
        }
        Err(AppError::Unavailable {
            what: "run",
            source: Contended { run }.into(),
        })
    }

    /// Applies `events` to `run` and writes everything that follows into `tx`, `extra` before the
    /// letters. The audit event is left to the caller: exactly one a transaction.
    ///
    /// # Errors
    ///
    /// The engine's refusal; [`AppError::Stale`] if somebody else moved the run or the document
    /// first.
    pub(crate) async fn advance<T, F>(
        &self,
        tx: &DatabaseTransaction,
        run: &LoadedRun,
        events: &[Event],
        extra: &F,
    ) -> Result<(Advanced, T), AppError>
    where
        F: AsyncFn(&DatabaseTransaction, &LoadedRun, &mut Advanced) -> Result<T, AppError>,
    {
        let planned = Planned::of(tx, run, events).await?;
        let mut scribe = Scribe::open(self, tx, run, &planned.version, &planned.after).await?;
        let mut advanced = planned.write(&mut scribe, events).await?;
        let value = extra(tx, run, &mut advanced).await?;
        scribe.perform(planned.last, &mut advanced).await?;
        scribe
            .write_letters(planned.last, &advanced.effects)
            .await?;
        Ok((advanced, value))
    }

    /// As [`App::advance`], with nothing of the caller's own between the effects and the letters.
    pub(crate) async fn advance_alone(
        &self,
        tx: &DatabaseTransaction,
        run: &LoadedRun,
        events: &[Event],
    ) -> Result<Advanced, AppError> {
        let planned = Planned::of(tx, run, events).await?;
        let mut scribe = Scribe::open(self, tx, run, &planned.version, &planned.after).await?;
        let mut advanced = planned.write(&mut scribe, events).await?;
        scribe.perform(planned.last, &mut advanced).await?;
        scribe
            .write_letters(planned.last, &advanced.effects)
            .await?;
        Ok(advanced)
    }
}

async fn write_events(
    tx: &DatabaseTransaction,
    before: &runs::Model,
    events: &[Event],
) -> Result<(), AppError> {
    for (position, event) in (1_i64..).zip(events) {
        let row = run_events::Model {
            organisation_id: before.organisation_id,
            run_id: before.id,
            seq: before.seq.saturating_add(position),
            at: event.at.micros(),
            body: to_json(event)?,
        };
        store::runs::insert_run_event(tx, row).await?;
    }
    Ok(())
}

impl App {
    /// Writes the letter that reminds a task's holder, in the caller's transaction.
    pub(crate) async fn write_reminder(
        &self,
        tx: &DatabaseTransaction,
        run: &LoadedRun,
        task: &tasks::Model,
        now: Instant,
    ) -> Result<(), AppError> {
        let version = self.version_asked(tx, run, task).await?;
        let post = letters::Post::open(self, tx, run, &version).await?;
        let key = format!("n:{}:rem:{}", task.id, now.micros());
        post.reminder(now, task, key).await
    }
}

fn corrupt(row: &runs::Model, why: String) -> AppError {
    AppError::from(StoreError::Corrupt {
        table: "runs",
        id: row.id.to_string(),
        why,
    })
}

/// The race for a run was lost as often as it may be run again.
#[derive(Debug, thiserror::Error)]
#[error("run {run} was moved by others {TRIES_MAX} times")]
struct Contended {
    run: RunId,
}

struct Applied {
    state: State,
    effects: Vec<Effect>,
}

fn apply_all(run: &LoadedRun, events: &[Event]) -> Result<Vec<Applied>, AppError> {
    let mut steps: Vec<Applied> = Vec::with_capacity(events.len());
    for event in events {
        let before = steps.last().map_or(&run.state, |step| &step.state);
        let step = apply(&run.definition, before, event, &run.directory)
            .map_err(|refusal| refuse_in(&run.definition, refusal))?;
        steps.push(Applied {
            state: step.state,
            effects: step.effects,
        });
    }
    Ok(steps)
}

/// What would follow from an event, without writing anything: for whoever asks whether it is worth
/// a step.
pub(crate) fn foresee(run: &LoadedRun, event: &Event) -> Result<Vec<Effect>, AppError> {
    Ok(foresee_step(run, event)?.effects)
}

/// The same with the state that would be.
pub(crate) fn foresee_step(run: &LoadedRun, event: &Event) -> Result<Step, AppError> {
    let step = apply(&run.definition, &run.state, event, &run.directory);
    step.map_err(|refusal| refuse_in(&run.definition, refusal))
}

fn to_json(value: &impl serde::Serialize) -> Result<String, AppError> {
    serde_json::to_string(value).map_err(|error| AppError::Internal(error.into()))
}

async fn version_of(
    tx: &DatabaseTransaction,
    run: &LoadedRun,
    after: &State,
) -> Result<versions::Model, AppError> {
    let wanted = after.subject.as_ref().map(|subject| &subject.version);
    let wanted = wanted.ok_or_else(|| AppError::internal("a run without a version"))?;
    let found = versions::Entity::find()
        .filter(versions::Column::OrganisationId.eq(run.row.organisation_id))
        .filter(versions::Column::DocumentId.eq(run.row.document_id))
        .filter(versions::Column::Number.eq(i64::from(wanted.number)))
        .one(tx)
        .await?;
    match found {
        Some(version) if version.digest == wanted.digest.hex() => Ok(version),
        _ => Err(corrupt(&run.row, format!("no version {}", wanted.number))),
    }
}

fn moved_row(
    run: &LoadedRun,
    after: &State,
    version: &versions::Model,
    events: &[Event],
) -> Result<runs::Model, AppError> {
    let count = i64::try_from(events.len()).unwrap_or(i64::MAX);
    let finished_at = events.last().map(|event| event.at.micros());
    Ok(runs::Model {
        seq: run.row.seq.saturating_add(count),
        state: to_json(after)?,
        phase: phase_code(after.phase).to_owned(),
        round: i64::from(after.round),
        version_id: version.id,
        finished_at: run
            .row
            .finished_at
            .or_else(|| finished_at.filter(|_| after.phase.is_final())),
        incident_at: after.incident.as_ref().map(|it| it.at.micros()),
        ..run.row.clone()
    })
}

/// The phase as the row keeps it. A draft is never stored beyond its transaction.
const fn phase_code(phase: Phase) -> &'static str {
    match phase {
        Phase::Draft | Phase::Running => "running",
        Phase::Rework => "rework",
        Phase::Completed => "completed",
        Phase::Rejected => "rejected",
        Phase::Withdrawn => "withdrawn",
    }
}

/// The document's state that goes with a phase.
const fn document_state(phase: Phase) -> &'static str {
    match phase {
        Phase::Draft => "draft",
        Phase::Running => "in_run",
        Phase::Rework => "rework",
        Phase::Completed => "effective",
        Phase::Rejected => "rejected",
        Phase::Withdrawn => "withdrawn",
    }
}

/// Writes the document's state, or at least that it moved. A new state is compared with its
/// `row_version`, so that a new version or an edit that lands at the same moment is never
/// overlooked by a start or a resubmission.
async fn move_document(
    tx: &DatabaseTransaction,
    run: &LoadedRun,
    after: &State,
    event: &Event,
) -> Result<(), AppError> {
    let state = document_state(after.phase);
    let document = &run.document;
    if document.state == state && !matches!(event.kind, EventKind::Resubmitted { .. }) {
        let at = event.at.micros();
        return Ok(store::documents::touch(tx, document, at).await?);
    }
    store::documents::update_state(tx, document, state, event.at.micros()).await?;
    Ok(())
}
