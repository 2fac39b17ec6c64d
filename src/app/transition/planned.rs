//! A step between its run's rows and its effects.

use chancery_workflow::{Event, State};
use sea_orm::DatabaseTransaction;

use super::effects::Scribe;
use super::history::happening;
use super::{
    Advanced, Applied, LoadedRun, apply_all, move_document, moved_row, version_of, write_events,
};
use crate::app::AppError;
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
        move_document(tx, run, &after, last).await?;
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
