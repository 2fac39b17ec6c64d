//! From the engine's effects to rows: tasks, remarks, links. Letters are in `letters`.

use std::collections::BTreeMap;

use chancery_types::id::PersonId;
use chancery_types::{Digest, Instant};
use chancery_workflow::{
    Actor as Cause, Assignee, CloseReason, Decision, Effect, Event, EventKind, Phase, StageKind,
    State, TaskNumber,
};
use sea_orm::DatabaseTransaction;
use uuid::Uuid;

use super::LoadedRun;
use super::letters::Post;
use crate::app::links::{LinkOpening, Wording, open_link, revoke_links_of_task};
use crate::app::outbox::MailKind;
use crate::app::{App, AppError};
use crate::entropy;
use crate::store;
use crate::store::entity::{remarks, reworkers, stand_ins, tasks, versions};

/// Why a task closed that somebody else of its pool took.
pub(super) const CLAIMED: &str = "claimed";

/// Writes down what follows from a step, in the transaction of the step.
pub(super) struct Scribe<'a> {
    pub(super) app: &'a App,
    pub(super) tx: &'a DatabaseTransaction,
    pub(super) run: &'a LoadedRun,
    pub(super) version: &'a versions::Model,
    pub(super) after: &'a State,
    pub(super) post: Post<'a>,
    tasks: BTreeMap<TaskNumber, tasks::Model>,
}

impl<'a> Scribe<'a> {
    /// Reads the run's tasks and what letters speak of.
    pub(super) async fn open(
        app: &'a App,
        tx: &'a DatabaseTransaction,
        run: &'a LoadedRun,
        version: &'a versions::Model,
        after: &'a State,
    ) -> Result<Self, AppError> {
        let rows = store::tasks::list_tasks_of_run(tx, run.row.organisation_id, run.row.id).await?;
        let number = |row: &tasks::Model| {
            u32::try_from(row.number)
                .map(TaskNumber)
                .map_err(|_| AppError::internal(format!("task {}: number {}", row.id, row.number)))
        };
        let mut tasks = BTreeMap::new();
        for row in rows {
            tasks.insert(number(&row)?, row);
        }
        let post = Post::open(app, tx, run, version).await?;
        Ok(Self {
            app,
            tx,
            run,
            version,
            after,
            post,
            tasks,
        })
    }

    /// The row of a task.
    pub(super) fn task(&self, number: TaskNumber) -> Result<&tasks::Model, AppError> {
        self.tasks.get(&number).ok_or_else(|| {
            AppError::internal(format!("run {}: no row of task {number}", self.run.row.id))
        })
    }

    /// The row of a task as it is now.
    pub(super) fn put_row(&mut self, number: TaskNumber, row: tasks::Model) {
        self.tasks.insert(number, row);
    }

    /// The rows of every task of the run.
    pub(super) fn rows(&self) -> impl Iterator<Item = &tasks::Model> {
        self.tasks.values()
    }

    /// The identifier of a task.
    pub(super) fn task_id(&self, number: TaskNumber) -> Option<Uuid> {
        self.tasks.get(&number).map(|row| row.id)
    }

    /// Writes one effect of `event`.
    pub(super) async fn write(&mut self, event: &Event, effect: &Effect) -> Result<(), AppError> {
        match effect {
            Effect::OpenTask { .. } => self.open_task(event, effect).await,
            Effect::CloseTask { task, reason } => self.close_task(event, *task, *reason).await,
            Effect::MoveTask { task, from, to } => self.move_task(event, *task, *from, *to).await,
            Effect::RecordRemarks { task, remarks } => {
                self.record_remarks(event, *task, remarks).await
            }
            // The state and the event hold them; no table does.
            Effect::HoldTask { .. }
            | Effect::CarryVote { .. }
            | Effect::RevokeVote { .. }
            | Effect::SkipStage { .. }
            | Effect::CloseStage { .. }
            | Effect::OpenRound { .. }
            | Effect::Finish { .. } => Ok(()),
            Effect::OpenRework { to, .. } => self.hand_back(event.at, to).await,
            Effect::ArmTimer { .. }
            | Effect::DisarmTimer { .. }
            | Effect::SetDue { .. }
            | Effect::Remind { .. }
            | Effect::TellOverdue { .. }
            | Effect::Escalate { .. }
            | Effect::EndHold { .. } => self.write_time(event, effect).await,
            Effect::TellSubstitute {
                task, substitute, ..
            } => self.tell_substitute(event.at, *task, *substitute).await,
            Effect::FillCard { fields, .. } => {
                let at = event.at.micros();
                Ok(store::documents::fill_card(self.tx, &self.run.document, fields, at).await?)
            }
            Effect::AskLookup { .. } => self.ask(event.at, effect).await,
            Effect::AwaitChildren { name, kind, times } => {
                self.await_children(event.at, (name, *times), kind).await
            }
            Effect::OpenIncident { number, path, why } => {
                self.tell_of_incident(event.at, *number, path, why).await
            }
            // The state and the event hold the ways; what is performed is written last, when
            // everything that it tells of is there.
            Effect::TakeWay { .. }
            | Effect::PassChildren { .. }
            | Effect::CloseIncident { .. }
            | Effect::Perform { .. } => Ok(()),
        }
    }

    async fn open_task(&mut self, event: &Event, effect: &Effect) -> Result<(), AppError> {
        let Effect::OpenTask {
            task,
            path,
            stage_kind,
            assignee,
            due_at,
            version_digest,
            ..
        } = effect
        else {
            return Ok(());
        };
        self.check_version(version_digest)?;
        let (person_id, contact_id) = holder(*assignee);
        let round = self.after.tasks.get(task).map_or(0, |task| task.round);
        let row = tasks::Model {
            id: entropy::id(event.at),
            organisation_id: self.run.row.organisation_id,
            run_id: self.run.row.id,
            document_id: self.run.row.document_id,
            version_id: self.version.id,
            number: i64::from(task.0),
            path: path.clone(),
            stage_kind: stage_code(*stage_kind).to_owned(),
            person_id,
            contact_id,
            state: "open".to_owned(),
            decision: None,
            comment: None,
            close_reason: None,
            round: i64::from(round),
            opened_at: event.at.micros(),
            due_at: due_at.map(Instant::micros),
            closed_at: None,
            reminded_at: None,
            decided_by_id: None,
        };
        store::tasks::insert_task(self.tx, row.clone()).await?;
        self.invite(event, &row, format!("n:{}:open", row.id))
            .await?;
        self.tasks.insert(*task, row);
        Ok(())
    }

    /// Tells a task's holder of it: a person by a mail, a contact by a link.
    async fn invite(
        &mut self,
        event: &Event,
        row: &tasks::Model,
        key: String,
    ) -> Result<(), AppError> {
        if row.contact_id.is_none() {
            return self.post.task_opened(event.at, row, key).await;
        }
        let opening = LinkOpening {
            organisation_id: row.organisation_id,
            task_id: row.id,
            expires_at: None,
            replaces: None,
            wording: Wording::Invitation,
            answer: match &event.kind {
                EventKind::Resubmitted { comment } => comment.as_deref(),
                _ => None,
            },
        };
        open_link(self.tx, self.app, opening, event.at).await?;
        Ok(())
    }

    async fn close_task(
        &mut self,
        event: &Event,
        number: TaskNumber,
        reason: CloseReason,
    ) -> Result<(), AppError> {
        let mut row = self.task(number)?.clone();
        row.closed_at = Some(event.at.micros());
        let CloseReason::Decided(decision) = reason else {
            row.state = "closed".to_owned();
            let is_claimed = matches!(event.kind, EventKind::Claimed { .. });
            let code = if is_claimed {
                CLAIMED
            } else {
                reason_code(reason)
            };
            row.close_reason = Some(code.to_owned());
            store::tasks::update_open_task(self.tx, &row).await?;
            if row.contact_id.is_some() {
                revoke_links_of_task(self.tx, row.organisation_id, row.id, event.at).await?;
            }
            // A contact who was still asked is told of the rejection itself.
            // Nor is anybody mailed whenever another one of their pool takes a task: it is seen.
            let is_told =
                is_claimed || row.contact_id.is_some() && self.after.phase == Phase::Rejected;
            if !is_told {
                self.post
                    .task_withdrawn(event.at, &row, format!("n:{}:drop", row.id))
                    .await?;
            }
            self.tasks.insert(number, row);
            return Ok(());
        };
        row.state = "done".to_owned();
        row.decision = Some(decision.code().to_owned());
        row.decided_by_id = match event.actor {
            Cause::Person(id) => Some(id.uuid()).filter(|by| row.person_id != Some(*by)),
            Cause::Contact(_) | Cause::System => None,
        };
        if let EventKind::Decided { comment, .. } = &event.kind {
            row.comment.clone_from(comment);
        }
        // The link of a contact who decided is closed by whoever brought the decision: it knows
        // whether it was signed, refused or returned.
        store::tasks::update_open_task(self.tx, &row).await?;
        self.tasks.insert(number, row);
        Ok(())
    }

    async fn move_task(
        &mut self,
        event: &Event,
        number: TaskNumber,
        from: Assignee,
        to: Assignee,
    ) -> Result<(), AppError> {
        let mut row = self.task(number)?.clone();
        let seq = self.run.row.seq;
        // Whoever hands a task on, or back, says so in a letter of its own.
        let is_handed = matches!(
            event.kind,
            EventKind::Delegated { .. } | EventKind::DelegationEnded { .. }
        );
        if is_handed {
            (row.person_id, row.contact_id) = holder(to);
            row.reminded_at = None;
            store::tasks::update_open_task(self.tx, &row).await?;
            self.tasks.insert(number, row);
            return Ok(());
        }
        if matches!(from, Assignee::Person(_)) {
            let key = format!("n:{}:moved:{seq}", row.id);
            self.post.task_withdrawn(event.at, &row, key).await?;
        } else {
            // First the task, as a renewal does: a link that it makes meanwhile is revoked too.
            store::tasks::lock_task(self.tx, row.organisation_id, row.id).await?;
            revoke_links_of_task(self.tx, row.organisation_id, row.id, event.at).await?;
        }
        (row.person_id, row.contact_id) = holder(to);
        row.reminded_at = None;
        store::tasks::update_open_task(self.tx, &row).await?;
        self.invite(event, &row, format!("n:{}:open:{seq}", row.id))
            .await?;
        self.tasks.insert(number, row);
        Ok(())
    }

    /// Lets whom the workflow names see the returned document and change it.
    async fn hand_back(&self, at: Instant, to: &[PersonId]) -> Result<(), AppError> {
        let run = &self.run.row;
        let rows = to.iter().map(|person| reworkers::Model {
            run_id: run.id,
            person_id: person.uuid(),
            organisation_id: run.organisation_id,
            document_id: run.document_id,
            asked_at: at.micros(),
        });
        store::reworkers::insert_reworkers(self.tx, rows.collect()).await?;
        Ok(())
    }

    /// Lets somebody see and decide a task whose holder is away, and tells them.
    async fn tell_substitute(
        &self,
        at: Instant,
        number: TaskNumber,
        substitute: PersonId,
    ) -> Result<(), AppError> {
        let row = self.task(number)?;
        let told = stand_ins::Model {
            task_id: row.id,
            person_id: substitute.uuid(),
            organisation_id: row.organisation_id,
            told_at: at.micros(),
        };
        store::stand_ins::insert_once(self.tx, told).await?;
        let Some(reader) = self.post.person(substitute).await? else {
            return Ok(());
        };
        let key = format!("n:{}:sub:{substitute}", row.id);
        self.post
            .about_task(at, row, MailKind::StandsIn, reader, key)
            .await
    }

    async fn record_remarks(
        &mut self,
        event: &Event,
        number: TaskNumber,
        texts: &[String],
    ) -> Result<(), AppError> {
        let (task, at) = (self.task(number)?, event.at);
        // Remarks are of whoever made them, also in another's place.
        let person_id = match event.actor {
            Cause::Person(id) => Some(id.uuid()),
            Cause::Contact(_) | Cause::System => task.person_id,
        };
        let rows = texts.iter().map(|text| remarks::Model {
            id: entropy::id(at),
            organisation_id: task.organisation_id,
            document_id: task.document_id,
            version_id: task.version_id,
            task_id: Some(task.id),
            person_id,
            contact_id: task.contact_id,
            text: text.clone(),
            page: None,
            place_x: None,
            place_y: None,
            comment_id: None,
            state: "open".to_owned(),
            created_at: at.micros(),
            closed_at: None,
            closed_by_id: None,
            answer: None,
        });
        store::remarks::insert_remarks(self.tx, rows.collect()).await?;
        Ok(())
    }

    fn check_version(&self, digest: &Digest) -> Result<(), AppError> {
        if self.version.digest == digest.hex() {
            return Ok(());
        }
        Err(AppError::internal(
            "a task opened on another version than the run's",
        ))
    }
}

fn holder(assignee: Assignee) -> (Option<Uuid>, Option<Uuid>) {
    match assignee {
        Assignee::Person(id) => (Some(id.uuid()), None),
        Assignee::Contact(id) => (None, Some(id.uuid())),
    }
}

/// The stage's kind as the row keeps it.
pub(super) const fn stage_code(kind: StageKind) -> &'static str {
    match kind {
        StageKind::Approve => "approve",
        StageKind::Sign => "sign",
        StageKind::Acknowledge => "acknowledge",
    }
}

const fn reason_code(reason: CloseReason) -> &'static str {
    match reason {
        CloseReason::Decided(_) => "decided",
        CloseReason::QuorumReached => "quorum_reached",
        CloseReason::Returned => "returned",
        CloseReason::Rejected => "rejected",
        CloseReason::Withdrawn => "withdrawn",
        CloseReason::NewVersion => "new_version",
        CloseReason::Dropped => "dropped",
        CloseReason::Cancelled => "cancelled",
        CloseReason::SeatTaken => "seat_taken",
        CloseReason::Expired => "expired",
        CloseReason::RouteChanged => "route_changed",
    }
}

/// The decision of a finished task, from its row.
pub(super) fn is_decision(row: &tasks::Model, decision: Decision) -> bool {
    row.decision.as_deref() == Some(decision.code())
}
