//! An absence begins: whoever stands in is told of the tasks that are open. Those to come tell them
//! by themselves.

use chancery_types::Instant;
use chancery_types::id::PersonId;
use chancery_workflow::{Actor as Cause, Effect, Event, EventKind};
use serde_json::json;
use uuid::Uuid;

use super::People;
use crate::app::directory::load_directory;
use crate::app::transition::foresee;
use crate::app::{App, AppError, audit};
use crate::domain::actor::Actor;
use crate::store;
use crate::store::entity::absences;

/// How many absences one look begins.
const BEGUN_AT_ONCE: u64 = 16;
/// How many open tasks of people who are away are looked at for one absence.
const RUNS_MAX: u64 = 10_000;

impl App {
    /// Tells whoever stands in of the tasks that are open, for some of the absences that have
    /// begun, and says how many those were. It may run beside another, and again after a crash:
    /// everybody is told once for each task.
    ///
    /// # Errors
    ///
    /// [`AppError::Unavailable`].
    pub async fn begin_absences(&self) -> Result<usize, AppError> {
        let now = self.now();
        let reader = self.store.reader();
        let begun = store::absences::list_untold(reader, now.micros(), BEGUN_AT_ONCE).await?;
        let mut told = 0_usize;
        for absence in &begun {
            if self.tell_of_absence(absence, now).await? {
                store::absences::update_told(self.store.writer(), absence, now.micros()).await?;
                told = told.saturating_add(1);
            }
        }
        Ok(told)
    }

    /// Whether everybody is told; a run that moves meanwhile is looked at again.
    async fn tell_of_absence(
        &self,
        absence: &absences::Model,
        now: Instant,
    ) -> Result<bool, AppError> {
        let is_over = absence.ended_at.is_some() || absence.until_at <= now.micros();
        if is_over || absence.substitute_id.is_none() {
            return Ok(true);
        }
        let (reader, organisation) = (self.store.reader(), absence.organisation_id);
        let away = self.concerned_by(absence, now).await?;
        let runs = store::runs::list_with_tasks_of(reader, organisation, &away, RUNS_MAX).await?;
        let mut is_whole = true;
        for run in runs {
            match self.tell_in_run(absence, run, now).await {
                Ok(()) => {}
                Err(AppError::Stale) => is_whole = false,
                Err(error @ AppError::Unavailable { .. }) => return Err(error),
                // A rule that cannot be evaluated: others do not wait for it.
                Err(error) => {
                    tracing::error!(%run, error = ?error, "nobody could be told of an absence");
                }
            }
        }
        Ok(is_whole)
    }

    /// Whose tasks it is about: whoever is away, and those who are away too and whom they stand in
    /// for, as far as the engine follows.
    async fn concerned_by(
        &self,
        absence: &absences::Model,
        now: Instant,
    ) -> Result<People, AppError> {
        let organisation = absence.organisation_id.into();
        let directory = load_directory(self.store.reader(), organisation, now).await?;
        let mut away = People::from([absence.person_id]);
        for _ in 1..chancery_workflow::absence::SUBSTITUTES_CHAIN_MAX {
            for one in directory.absences.iter().filter(|one| one.holds_at(now)) {
                let leads = one.substitute.as_ref();
                if leads.is_some_and(|other| away.contains(&other.person.uuid())) {
                    away.insert(one.person.uuid());
                }
            }
        }
        Ok(away)
    }

    async fn tell_in_run(
        &self,
        absence: &absences::Model,
        run: Uuid,
        now: Instant,
    ) -> Result<(), AppError> {
        let organisation = absence.organisation_id;
        let event = Event {
            at: now,
            actor: Cause::System,
            kind: EventKind::AbsenceBegan {
                person: PersonId::from(absence.person_id),
            },
        };
        let tx = self.store.begin().await?;
        let row = store::runs::lock_run(&tx, organisation, run).await?;
        let loaded = self.complete_run(&tx, row).await?;
        let effects = foresee(&loaded, &event)?;
        let told = effects.iter().filter_map(|effect| match effect {
            Effect::TellSubstitute { substitute, .. } => Some(substitute.uuid()),
            _ => None,
        });
        let told: People = told.collect();
        if told.is_empty() {
            return Ok(());
        }
        let mut advanced = self.advance_alone(&tx, &loaded, &[event]).await?;
        advanced.happening.details["to"] = json!(told);
        audit::append(
            &tx,
            &Actor::system(organisation.into()),
            now,
            advanced.happening,
        )
        .await?;
        tx.commit().await?;
        self.wake_jobs();
        Ok(())
    }
}
