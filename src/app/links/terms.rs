//! What a chain says of the links that lead to one of its stages: how long each works, and how
//! often it may be opened.

use chancery_workflow::LinkTerms;
use sea_orm::ConnectionTrait;

use super::visit::LinkState;
use crate::app::{App, AppError};
use crate::store;
use crate::store::entity::{links, tasks};

/// Most links, each sent in place of the one before because that had ended, whose views are one
/// sum.
const RENEWALS_MAX: usize = 100;

/// What the chain of a task says of its links.
pub(crate) async fn terms_of(
    connection: &impl ConnectionTrait,
    app: &App,
    task: &tasks::Model,
) -> Result<LinkTerms, AppError> {
    let run = store::runs::find_run(connection, task.organisation_id, task.run_id).await?;
    let run = run.ok_or_else(|| AppError::internal(format!("task {}: no run", task.id)))?;
    let definition = app.pinned_definition(connection, &run).await?;
    let stage = definition.stage(&task.path);
    Ok(stage.map(|stage| stage.link).unwrap_or_default())
}

impl App {
    /// Refuses a link that was opened as often as its chain allows. A view is a visit whose mailbox
    /// was proven: nobody uses them up by knocking. Whoever let a link end and asked for the next
    /// one has no more of them than before; one that the house sends has all.
    ///
    /// # Errors
    ///
    /// `link-views-used-up`.
    pub(super) async fn require_views_left(
        &self,
        connection: &impl ConnectionTrait,
        link: &links::Model,
    ) -> Result<(), AppError> {
        if LinkState::of(link, self.now()) != LinkState::Active {
            return Ok(());
        }
        let task = store::tasks::find_task(connection, link.organisation_id, link.task_id).await?;
        let task = task.ok_or_else(|| AppError::internal(format!("link {}: no task", link.id)))?;
        let Some(max) = terms_of(connection, self, &task).await?.views_max else {
            return Ok(());
        };
        let mut same = vec![link.id];
        let mut before = link.replaces_id;
        while let (Some(id), true) = (before, same.len() < RENEWALS_MAX) {
            let found = store::links::find_link(connection, link.organisation_id, id).await?;
            let Some(ended) = found.filter(|one| one.state == "expired") else {
                break;
            };
            same.push(id);
            before = ended.replaces_id;
        }
        let views = store::links::count_views(connection, &same).await?;
        if views < u64::from(max) {
            return Ok(());
        }
        let args = [("max", max.to_string())];
        Err(AppError::refused_with("link-views-used-up", args))
    }
}
