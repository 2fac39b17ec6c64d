//! The letter to the initiator of a document whose route was changed under way.

use chancery_types::Instant;
use sea_orm::DatabaseTransaction;
use serde_json::json;

use super::LoadedRun;
use super::letters::Post;
use super::version_of;
use crate::app::moves::RouteText;
use crate::app::outbox::MailKind;
use crate::app::{App, AppError};
use crate::domain::actor::Actor;
use crate::store;

impl App {
    /// Tells the initiator, unless it is they who moved it. Whoever gained or lost a task was told
    /// with that.
    pub(crate) async fn tell_of_move(
        &self,
        tx: &DatabaseTransaction,
        run: &LoadedRun,
        (actor, before, after): (&Actor, RouteText, RouteText),
        now: Instant,
    ) -> Result<(), AppError> {
        let Some(person) = actor.person() else {
            return Ok(());
        };
        if person.id.uuid() == run.document.initiator_id {
            return Ok(());
        }
        let version = version_of(tx, run, &run.state).await?;
        let post = Post::open(self, tx, run, &version).await?;
        let by = store::people::load(tx, run.row.organisation_id, person.id.uuid()).await?;
        let title = run.definition.title(post.initiator_locale());
        let values = json!({
            "person_name": by.name,
            "workflow_title": title,
            "before": before.code(),
            "before_number": before.number(),
            "after": after.code(),
            "after_number": after.number(),
        });
        let key = format!("n:{}:route:{}", run.row.id, run.row.seq);
        post.to_initiator(now, MailKind::RouteChanged, key, values)
            .await
    }
}
