//! A calendar is another than before: the runs that reckon by it take the new one, and their dates
//! to come are reckoned anew from what is left.

use chancery_types::id::OrganisationId;
use chancery_workflow::{Actor as Cause, Event, EventKind};
use uuid::Uuid;

use super::definition_row;
use crate::app::chains::Renewed;
use crate::app::{App, AppError, audit};
use crate::domain::actor::Actor;
use crate::store;
use crate::store::StoreError;

/// How many runs are read at once.
const RUNS_AT_ONCE: u64 = 100;
/// After how many runs of one definition a look makes way for what else the worker does.
const TAKEN_AT_ONCE: usize = 100;

impl App {
    /// Lets every open run take the calendar of this name that the house has now, and says how many
    /// did. A run that moves meanwhile takes it at the next look; it may run beside another. What
    /// cannot be read or moved is told in the log and keeps nobody else from theirs.
    ///
    /// # Errors
    ///
    /// [`AppError::Unavailable`].
    pub async fn adopt_calendars(&self) -> Result<usize, AppError> {
        let (reader, mut taken) = (self.store.reader(), 0_usize);
        for organisation in self.list_organisations().await? {
            let digests = store::runs::list_open_digests(reader, organisation.id.uuid()).await?;
            for digest in digests {
                let renewed = told_and_passed_over(
                    self.renewed(organisation.id, &digest).await,
                    "a kept definition cannot take a changed calendar",
                    &digest,
                )?;
                let Some(renewed) = renewed.flatten() else {
                    continue;
                };
                let runs = self.adopt_all(organisation.id, &digest, &renewed).await?;
                taken = taken.saturating_add(runs);
            }
        }
        Ok(taken)
    }

    /// A kept definition with the calendar of now, if that is another one.
    async fn renewed(
        &self,
        organisation: OrganisationId,
        digest: &str,
    ) -> Result<Option<Renewed>, AppError> {
        let reader = self.store.reader();
        let kept = store::definitions::load_definition(reader, organisation.uuid(), digest).await?;
        let renewed = self.chains.renewed(&kept.source);
        renewed.map_err(|why| {
            AppError::from(StoreError::Corrupt {
                table: "definitions",
                id: digest.to_owned(),
                why,
            })
        })
    }

    /// Lets the runs of one definition take it. Goes on behind those that cannot: they stay the
    /// first ones, and would hold up the rest for ever.
    async fn adopt_all(
        &self,
        organisation: OrganisationId,
        digest: &str,
        renewed: &Renewed,
    ) -> Result<usize, AppError> {
        let (reader, mut taken, mut after) = (self.store.reader(), 0_usize, None);
        while taken < TAKEN_AT_ONCE {
            let id = organisation.uuid();
            let runs = store::runs::list_open_of(reader, id, digest, after, RUNS_AT_ONCE).await?;
            let Some(last) = runs.last() else { break };
            after = Some(*last);
            for run in runs {
                let adopted = told_and_passed_over(
                    self.adopt(organisation, run, digest, renewed).await,
                    "a run cannot take a changed calendar",
                    &run,
                )?;
                taken = taken.saturating_add(usize::from(adopted.is_some()));
            }
        }
        Ok(taken)
    }

    async fn adopt(
        &self,
        organisation: OrganisationId,
        run: Uuid,
        before: &str,
        renewed: &Renewed,
    ) -> Result<(), AppError> {
        let now = self.now();
        let tx = self.store.begin().await?;
        let row = store::runs::lock_run(&tx, organisation.uuid(), run).await?;
        let mut loaded = self.complete_run(&tx, row).await?;
        if loaded.row.definition_digest != before || loaded.state.phase.is_final() {
            return Err(AppError::Stale);
        }
        let (pinned, digest) = (&renewed.pinned, &renewed.digest);
        let organisation_id = organisation.uuid();
        let definition = definition_row(organisation_id, &renewed.definition, digest, pinned, now);
        store::definitions::insert_definition(&tx, definition).await?;
        loaded.row.definition_digest.clone_from(&renewed.digest);
        loaded.definition = std::sync::Arc::clone(&renewed.definition);
        let event = Event {
            at: now,
            actor: Cause::System,
            kind: EventKind::CalendarChanged {
                digest: renewed.calendar,
            },
        };
        let advanced = self.advance_alone(&tx, &loaded, &[event]).await?;
        let actor = Actor::system(organisation);
        audit::append(&tx, &actor, now, advanced.happening).await?;
        tx.commit().await?;
        Ok(())
    }
}

/// What came out, or nothing if it can be passed over: all but a house that is not there now.
fn told_and_passed_over<T>(
    outcome: Result<T, AppError>,
    what: &str,
    id: &dyn std::fmt::Display,
) -> Result<Option<T>, AppError> {
    match outcome {
        Ok(made) => Ok(Some(made)),
        Err(error @ AppError::Unavailable { .. }) => Err(error),
        // It moved meanwhile.
        Err(AppError::Stale) => Ok(None),
        Err(error) => {
            tracing::error!(%id, error = ?error, "{what}");
            Ok(None)
        }
    }
}
