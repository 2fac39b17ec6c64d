//! Tasks that are agreed to together, on one page, where their workflows allow it.

use chancery_types::Digest;
use chancery_types::id::TaskId;
use chancery_workflow::Decision;
use uuid::Uuid;

use crate::app::desk::DeskTask;
use crate::app::tasks::{TaskDecision, TaskOutcome};
use crate::app::{App, AppError};
use crate::domain::actor::Actor;
use crate::store;
use crate::store::desk::DeskFilter;

/// What came of one task among others.
#[derive(Debug)]
pub struct TogetherOutcome {
    /// The task, as the desk says it.
    pub task: DeskTask,
    /// What its decision led to, or why there is none.
    pub outcome: Result<TaskOutcome, AppError>,
}

impl App {
    /// Those of `ids` that wait for the actor and may be agreed to among others, the soonest due
    /// first.
    ///
    /// # Errors
    ///
    /// [`AppError::Hidden`] for whoever is no person; `too-many-tasks` beyond
    /// `limits.page_rows_max`.
    pub async fn list_tasks_together(
        &self,
        actor: &Actor,
        ids: &[TaskId],
    ) -> Result<Vec<DeskTask>, AppError> {
        let rows_max = self.config.limits.page_rows_max.max(1);
        if u64::try_from(ids.len()).unwrap_or(u64::MAX) > rows_max {
            return Err(AppError::invalid("task", "too-many-tasks"));
        }
        let mut lines = self.list_waiting(actor, ids).await?;
        lines.retain(|line| line.is_bulk);
        Ok(lines)
    }

    /// Those of `ids` that wait for the actor, as the desk says them.
    ///
    /// # Errors
    ///
    /// [`AppError::Hidden`] for whoever is no person.
    pub async fn list_waiting(
        &self,
        actor: &Actor,
        ids: &[TaskId],
    ) -> Result<Vec<DeskTask>, AppError> {
        let rows_max = self.config.limits.page_rows_max.max(1);
        let ids: Vec<Uuid> = ids.iter().map(|id| id.uuid()).collect();
        let filter = DeskFilter {
            ids: Some(ids),
            ..DeskFilter::default()
        };
        let seat = self.seat_of(actor).await?;
        let reader = self.store.reader();
        let rows = store::desk::list_open_tasks(reader, &seat, &filter, rows_max).await?;
        self.desk_lines(actor, rows).await
    }

    /// Agrees to each of these tasks, each in a transition of its own, at the version whose digest
    /// the actor saw. One that is refused keeps none of the others back. Tasks that do not wait for
    /// the actor any more, or may not be decided so, are left out.
    ///
    /// # Errors
    ///
    /// As [`App::list_tasks_together`].
    pub async fn decide_together(
        &self,
        actor: &Actor,
        given: &[(TaskId, Digest)],
    ) -> Result<Vec<TogetherOutcome>, AppError> {
        let ids: Vec<TaskId> = given.iter().map(|(id, _)| *id).collect();
        let mut outcomes = Vec::with_capacity(ids.len());
        for task in self.list_tasks_together(actor, &ids).await? {
            let seen = given.iter().find(|(id, _)| *id == task.task_id);
            let Some((id, version_digest)) = seen else {
                continue;
            };
            let decision = TaskDecision {
                decision: Decision::Approve,
                version_digest: *version_digest,
                comment: None,
                remarks: Vec::new(),
                said: Vec::new(),
            };
            let outcome = self.decide_among(actor, *id, decision, true).await;
            outcomes.push(TogetherOutcome { task, outcome });
        }
        Ok(outcomes)
    }
}
