//! The letter to the initiator of a document whose route was changed under way.

use std::collections::BTreeSet;

use chancery_types::Instant;
use chancery_types::id::PersonId;
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

    /// Tells whoever agreed in a stage that the text in force has not, or has for another thing,
    /// that their vote counts no more: each of them once, by the names of before. Whoever moved the
    /// document knows it.
    pub(crate) async fn tell_of_lost_votes(
        &self,
        tx: &DatabaseTransaction,
        before: &LoadedRun,
        (actor, lost): (&Actor, &[(&str, PersonId)]),
        now: Instant,
    ) -> Result<(), AppError> {
        let mover = actor.person().map(|person| person.id);
        let people: BTreeSet<PersonId> = lost.iter().map(|(_, person)| *person).collect();
        let people = people.into_iter().filter(|person| Some(*person) != mover);
        let people: Vec<PersonId> = people.collect();
        if people.is_empty() {
            return Ok(());
        }
        let version = version_of(tx, before, &before.state).await?;
        let post = Post::open(self, tx, before, &version).await?;
        let by = match mover {
            Some(id) => {
                store::people::load(tx, before.row.organisation_id, id.uuid())
                    .await?
                    .name
            }
            None => String::new(),
        };
        for person in people {
            let Some(reader) = post.person(person).await? else {
                continue;
            };
            let own = lost.iter().filter(|(_, voter)| *voter == person);
            let stages = own.map(|(path, _)| post.stage_title(path, reader.locale));
            let stages: BTreeSet<String> = stages.collect();
            let stages: Vec<String> = stages.into_iter().collect();
            let values = json!({
                "person_name": by,
                "workflow_title": before.definition.title(reader.locale),
                "stage_titles": stages,
            });
            let key = format!("n:{}:aside:{}:{person}", before.row.id, before.row.seq);
            post.send(now, MailKind::VoteSetAside, reader, key, values)
                .await?;
        }
        Ok(())
    }
}
