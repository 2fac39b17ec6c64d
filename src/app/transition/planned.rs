//! A step between its run's rows and its effects.

use chancery_workflow::{Event, EventKind, Phase, State};
use sea_orm::DatabaseTransaction;

use super::effects::Scribe;
use super::history::happening;
use super::{
    Advanced, Applied, LoadedRun, apply_all, document_state, move_document, moved_row, version_of,
    write_events,
};
use crate::app::AppError;
use crate::app::children::tell_parent;
use crate::store;
use crate::store::entity::{runs, versions};

/// A step whose run is moved, and whose effects are not written yet.
pub(super) struct Planned<'e> {
    steps: Vec<Applied>,
    pub(super) last: &'e Event,
    pub(super) after: State,
    pub(super) version: versions::Model,
    row: runs::Model,
}

impl<'e> Planned<'e> {
    /// Applies `events` to `run` and writes the run's own rows.
    pub(super) async fn of(
        tx: &DatabaseTransaction,
        run: &LoadedRun,
        events: &'e [Event],
    ) -> Result<Self, AppError> {
        let steps = apply_all(run, events)?;
        let Some((last, after)) = events
            .last()
            .zip(steps.last().map(|step| step.state.clone()))
        else {
            return Err(AppError::internal("a transition without an event"));
        };
        let version = version_of(tx, run, &after).await?;
        let row = moved_row(run, &after, &version, events)?;
        store::runs::update_run(tx, run.row.seq, &row).await?;
        write_events(tx, &run.row, events).await?;
        rename_tasks(tx, run, events).await?;
        move_document(tx, run, &after, last).await?;
        let moved = (run.row.id, row.seq);
        let state = document_state(after.phase);
        tell_parent(tx, &run.document, state, moved, last.at).await?;
        if !run.state.reworkers.is_empty() && after.phase != Phase::Rework {
            let organisation = run.row.organisation_id;
            store::reworkers::delete_reworkers(tx, organisation, run.row.id).await?;
        }
        Ok(Self {
            steps,
            last,
            after,
            version,
            row,
        })
    }

    /// Writes the effects.
    pub(super) async fn write(
        &self,
        scribe: &mut Scribe<'_>,
        events: &[Event],
    ) -> Result<Advanced, AppError> {
        for (event, step) in events.iter().zip(&self.steps) {
            for effect in &step.effects {
                scribe.write(event, effect).await?;
            }
        }
        let effects = self.steps.iter().flat_map(|step| &step.effects);
        Ok(Advanced {
            row: self.row.clone(),
            happening: happening(scribe.run, self.last, &self.after, scribe),
            effects: effects.cloned().collect(),
            state: self.after.clone(),
        })
    }
}

/// Tasks stand where the definition that their run is moved to has their stages.
async fn rename_tasks(
    tx: &DatabaseTransaction,
    run: &LoadedRun,
    events: &[Event],
) -> Result<(), AppError> {
    let renamed = events.iter().filter_map(|event| match &event.kind {
        EventKind::Migrated { plan, .. } if !plan.renamed.is_empty() => Some(&plan.renamed),
        _ => None,
    });
    for renamed in renamed {
        let organisation = run.row.organisation_id;
        for task in store::tasks::list_tasks_of_run(tx, organisation, run.row.id).await? {
            if let Some(path) = renamed.get(&task.path) {
                store::tasks::update_path(tx, organisation, task.id, path).await?;
            }
        }
    }
    Ok(())
}
