//! The move: each document in a transaction of its own. One that has changed meanwhile stays as it
//! is, and keeps none of the others back.

use chancery_types::id::RunId;
use chancery_workflow::weakenings;
use serde_json::{Value, json};

use super::fate::votes_lost;
use super::{MOVES_AT_ONCE, MoveOutcome, Moving, RouteText};
use crate::app::organisations::allow_whole;
use crate::app::runs::engine_actor;
use crate::app::transition::definition_row;
use crate::app::{App, AppError, audit};
use crate::domain::access::Action;
use crate::domain::actor::Actor;
use crate::store;
use crate::store::StoreError;

impl App {
    /// Lets these documents go on by the text in force.
    ///
    /// # Errors
    ///
    /// As [`App::list_moves`]; [`AppError::Invalid`] on `run` for none of them or too many, and on
    /// `weaker` if a control becomes weaker and nobody took note; `move-to-another` if another text
    /// is in force than the reader saw.
    pub async fn move_documents(
        &self,
        actor: &Actor,
        workflow: &str,
        moving: &Moving,
    ) -> Result<Vec<MoveOutcome>, AppError> {
        allow_whole(actor, Action::ManageOrganisation)?;
        let count = u64::try_from(moving.runs.len()).unwrap_or(u64::MAX);
        if count == 0 {
            return Err(AppError::invalid("run", "empty"));
        }
        if count > MOVES_AT_ONCE {
            return Err(AppError::invalid("run", "too-many"));
        }
        let (reader, organisation) = (self.store.reader(), actor.organisation.uuid());
        let texts = self.texts(reader, actor, workflow).await?;
        if texts.chain.digest != moving.digest {
            return Err(AppError::refused("move-to-another"));
        }
        let mut lines = Vec::with_capacity(moving.runs.len());
        for (id, seq) in &moving.runs {
            let row = store::runs::find_run(reader, organisation, id.uuid()).await?;
            let row = row.filter(|row| row.workflow_id == workflow);
            let row = row.ok_or(AppError::Hidden)?;
            lines.push((self.try_move(actor, &texts, row).await?, *seq));
        }
        let weakens = |line: &super::MoveLine| line.fate.is_ok() && !line.weaker.is_empty();
        if !moving.has_seen_weaker && lines.iter().any(|(line, _)| weakens(line)) {
            return Err(AppError::invalid("weaker", "not-noted"));
        }
        let mut outcomes = Vec::with_capacity(lines.len());
        for (mut line, seq) in lines {
            let fate = std::mem::replace(&mut line.fate, Ok(super::Fate::default()));
            let done = match fate {
                _ if line.seq != seq => Err(AppError::Stale),
                Err(refused) => Err(refused),
                Ok(_) => {
                    let one = (line.run, seq, moving.digest.as_str());
                    self.move_one(actor, workflow, one).await
                }
            };
            if let Err(error @ (AppError::Unavailable { .. } | AppError::Internal(_))) = done {
                return Err(error);
            }
            outcomes.push(MoveOutcome { line, done });
        }
        self.wake_jobs();
        Ok(outcomes)
    }

    async fn move_one(
        &self,
        actor: &Actor,
        workflow: &str,
        (run, seq, digest): (RunId, i64, &str),
    ) -> Result<(), AppError> {
        let (now, organisation) = (self.now(), actor.organisation.uuid());
        let tx = self.store.begin().await?;
        let row = store::runs::lock_run(&tx, organisation, run.uuid()).await;
        let row = row.map_err(|error| match error {
            StoreError::Absent { .. } => AppError::Hidden,
            other => other.into(),
        })?;
        if row.seq != seq || row.finished_at.is_some() {
            return Err(AppError::Stale);
        }
        let loaded = self.complete_run(&tx, row).await?;
        let texts = self.texts(&tx, actor, workflow).await?;
        let chain = &texts.chain;
        if chain.digest != digest {
            return Err(AppError::refused("move-to-another"));
        }
        let (moved, event) = self
            .prepare_move(&tx, engine_actor(actor), &texts.chain, &loaded)
            .await?;
        let (pinned, digest) = (&chain.pinned, &chain.digest);
        let definition = definition_row(organisation, &chain.definition, digest, pinned, now);
        store::definitions::insert_definition(&tx, definition).await?;
        let (before, after) = (texts.of(&loaded.definition), texts.in_force);
        let advanced = self.advance_alone(&tx, &moved, &[event]).await?;
        let mut happening = advanced.happening;
        if let Some(details) = happening.details.as_object_mut() {
            details.insert("from_text".to_owned(), text(before));
            details.insert("to_text".to_owned(), text(after));
            let weaker = weakenings(&loaded.definition, &chain.definition);
            let weaker = weaker.iter().map(|one| one.key);
            details.insert("weaker".to_owned(), json!(weaker.collect::<Vec<_>>()));
        }
        self.tell_of_move(&tx, &moved, (actor, before, after), now)
            .await?;
        let lost = votes_lost(&loaded.state, &advanced.state);
        self.tell_of_lost_votes(&tx, &loaded, (actor, &lost), now)
            .await?;
        audit::append(&tx, actor, now, happening).await?;
        tx.commit().await?;
        Ok(())
    }
}

/// A text as the history keeps it: the number of an edition, or a word.
fn text(text: RouteText) -> Value {
    match text {
        RouteText::Edition(number) => json!(number),
        RouteText::File | RouteText::Same | RouteText::Earlier => json!(text.code()),
    }
}
