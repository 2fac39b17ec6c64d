//! What a letter about a task offers at once, and whether the task waits for the letter of the day.

use chancery_types::Instant;
use chancery_workflow::Decision;
use sea_orm::EntityTrait as _;
use serde_json::{Value, json};

use super::letters::Post;
use crate::app::AppError;
use crate::app::daily::waits_for_letter;
use crate::store::entity::{people, tasks};

impl Post<'_> {
    /// Whether a task's holder reads of it in the letter of the day.
    pub(super) async fn is_told_daily(
        &self,
        now: Instant,
        task: &tasks::Model,
    ) -> Result<bool, AppError> {
        let Some(id) = task.person_id else {
            return Ok(false);
        };
        let person = people::Entity::find_by_id(id).one(self.tx).await?;
        let house = &self.organisation;
        Ok(person.is_some_and(|person| waits_for_letter(&person, house, task.due_at, now)))
    }

    /// Where a letter's reader decides at once about the version that it speaks of: pages that ask
    /// once more. Nothing for a contact, for whom nothing stands behind a login.
    pub(super) fn ways(&self, task: &tasks::Model) -> Vec<Value> {
        const WAYS: [(Decision, &str); 3] = [
            (Decision::Approve, "approve"),
            (Decision::Acknowledge, "acknowledge"),
            (Decision::Return, "return"),
        ];
        let stage = self.definition.stage(&task.path);
        let stage = stage.filter(|_| task.person_id.is_some());
        let may = |decision| stage.is_some_and(|stage| stage.decisions.contains(&decision));
        let ways = WAYS.into_iter().filter(|(decision, _)| may(*decision));
        let ways = ways.map(|(_, verb)| {
            let path = format!("/tasks/{}/{verb}?version={}", task.id, self.version_digest);
            json!({ "verb": verb, "url": self.app.url(&path) })
        });
        ways.collect()
    }
}
