//! A calendar is another than before: the runs that reckon by it take the new one, and their dates
//! to come are reckoned anew from what is left.

use chancery_types::id::OrganisationId;
use chancery_workflow::{Actor as Cause, Event, EventKind};
use uuid::Uuid;

use crate::app::chains::Renewed;
use crate::app::{App, AppError, audit};
use crate::domain::actor::Actor;
use crate::store;
use crate::store::StoreError;
use crate::store::entity::definitions;

/// How many runs are read at once.
const RUNS_AT_ONCE: u64 = 100;

impl App {
    /// Lets every open run take the calendar of this name that the house has now, and says how many
    /// did. A run that moves meanwhile takes it at the next look; it may run beside another.
    ///
    /// # Errors
    ///
    /// [`AppError::Unavailable`]; [`AppError::Internal`] if a kept definition cannot be read.
    pub async fn adopt_calendars(&self) -> Result<usize, AppError> {
        let (reader, mut taken) = (self.store.reader(), 0_usize);
        for organisation in self.list_organisations().await? {
            let id = organisation.id.uuid();
            for digest in store::runs::list_open_digests(reader, id).await? {
                let kept = store::definitions::load_definition(reader, id, &digest).await?;
                let renewed = self.chains.renewed(&kept.source).map_err(|why| {
                    AppError::from(StoreError::Corrupt {
                        table: "definitions",
                        id: digest.clone(),
                        why,
                    })
                })?;
                let Some(renewed) = renewed else { continue };
                let runs = store::runs::list_open_of(reader, id, &digest, RUNS_AT_ONCE).await?;
                for run in runs {
                    match self.adopt(organisation.id, run, &digest, &renewed).await {
                        Ok(()) => taken = taken.saturating_add(1),
                        Err(AppError::Stale) => {}
                        Err(error) => return Err(error),
                    }
                }
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
        let definition = definitions::Model {
            organisation_id: organisation.uuid(),
            digest: renewed.digest.clone(),
            workflow_id: renewed.definition.id().to_owned(),
            kind: renewed.definition.kind().to_owned(),
            source: renewed.pinned.clone(),
            created_at: now.micros(),
        };
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
