//! What time leads to: timers as rows that ring, other due dates, and the letters about them.

use std::collections::BTreeSet;

use chancery_types::Instant;
use chancery_types::id::OrganisationId;
use chancery_workflow::{
    Actor as Cause, Assignee, Effect, Event, EventKind, Reminder, TaskNumber, TimerKind,
    TimerNumber,
};
use serde_json::{Value, json};

use super::LoadedRun;
use super::effects::Scribe;
use crate::app::audit;
use crate::app::links::Wording;
use crate::app::outbox::MailKind;
use crate::app::{App, AppError};
use crate::domain::actor::Actor;
use crate::store;
use crate::store::entity::timers;

/// How many timers one look rings.
const RUNG_AT_ONCE: u64 = 64;
/// When a timer is tried again that its run could not be moved by, in seconds.
const AGAIN_SECONDS: i64 = 300;

impl App {
    /// Rings some of the timers that are due, the earliest first, and says how many they were. It
    /// may run beside another: a timer is heard once.
    ///
    /// # Errors
    ///
    /// [`AppError::Unavailable`].
    pub async fn ring_timers(&self) -> Result<usize, AppError> {
        let now = self.now();
        let reader = self.store.reader();
        let due = store::timers::list_ringing(reader, now.micros(), RUNG_AT_ONCE).await?;
        for rung in &due {
            match self.ring(rung, now).await {
                // Somebody else moved the run or its document: at the next look.
                Ok(()) | Err(AppError::Stale) => {}
                Err(error @ AppError::Unavailable { .. }) => return Err(error),
                Err(error) => {
                    // A rule that cannot be evaluated, a directory that lacks somebody: others
                    // do not wait for it.
                    tracing::error!(
                        run = %rung.run_id, timer = rung.number, error = ?error,
                        "a timer could not be applied"
                    );
                    let until = now.plus_seconds(AGAIN_SECONDS).micros();
                    store::timers::put_off(self.store.writer(), rung, until).await?;
                }
            }
        }
        Ok(due.len())
    }

    async fn ring(&self, rung: &timers::Model, now: Instant) -> Result<(), AppError> {
        let (Ok(number), Ok(generation)) =
            (u32::try_from(rung.number), u32::try_from(rung.generation))
        else {
            return Err(AppError::internal("a timer without a number"));
        };
        let timer = TimerNumber(number);
        let organisation = OrganisationId::from(rung.organisation_id);
        let event = Event {
            at: now,
            actor: Cause::System,
            kind: EventKind::TimerFired { timer, generation },
        };
        let tx = self.store.begin().await?;
        let row = store::runs::lock_run(&tx, rung.organisation_id, rung.run_id).await?;
        let run = self.complete_run(&tx, row).await?;
        // What the step arms anew under this number has another generation.
        store::timers::delete_rung(&tx, rung).await?;
        if is_heard(&run, timer, generation, now) {
            let advanced = self.advance_alone(&tx, &run, &[event]).await?;
            let actor = Actor::system(organisation);
            audit::append(&tx, &actor, now, advanced.happening).await?;
        }
        tx.commit().await?;
        self.wake_jobs();
        Ok(())
    }
}

/// What the history says of a timer that rang: what for, at which stage, and whose task it is.
pub(super) fn told(run: &LoadedRun, timer: TimerNumber) -> Value {
    let Some(known) = run.state.timers.get(&timer) else {
        return json!({});
    };
    let what = match known.kind {
        TimerKind::Due => "due",
        TimerKind::Remind { .. } => "remind",
        TimerKind::Escalate { .. } => "escalate",
        TimerKind::Overdue { .. } => "overdue",
        TimerKind::HoldEnd => "hold_end",
    };
    let task = run.state.tasks.get(&known.task);
    json!({
        "what": what,
        "stage": task.map(|task| &task.stage),
        "to": task.map(|task| task.assignee),
    })
}

/// Whether the run's timer is still the one that rings.
fn is_heard(run: &LoadedRun, timer: TimerNumber, generation: u32, now: Instant) -> bool {
    let known = run.state.timers.get(&timer);
    known.is_some_and(|known| {
        known.generation == generation && known.due_at.is_some_and(|due_at| due_at <= now)
    })
}

impl Scribe<'_> {
    /// Writes one effect about time; others write nothing here.
    pub(super) async fn write_time(
        &mut self,
        event: &Event,
        effect: &Effect,
    ) -> Result<(), AppError> {
        let at = event.at;
        match effect {
            Effect::ArmTimer {
                timer,
                generation,
                task,
                due_at,
                beyond,
            } => {
                let row = timers::Model {
                    run_id: self.run.row.id,
                    number: i64::from(timer.0),
                    organisation_id: self.run.row.organisation_id,
                    generation: i64::from(*generation),
                    task_id: self.task(*task)?.id,
                    due_at: due_at.micros(),
                    beyond: beyond.map(i64::from),
                    rings_at: due_at.micros(),
                };
                Ok(store::timers::put(self.tx, row).await?)
            }
            Effect::DisarmTimer { timer } => {
                let number = i64::from(timer.0);
                Ok(store::timers::delete(self.tx, self.run.row.id, number).await?)
            }
            Effect::SetDue { task, due_at } => self.set_due(*task, *due_at).await,
            Effect::Remind { task, rule, number }
                if !self.is_late_reminder(at, *task, *rule)? =>
            {
                self.remind(at, *task, &format!("rem:{rule}:{number}"))
                    .await
            }
            Effect::TellOverdue { task, whom, number } => {
                self.tell_overdue(at, *task, whom, *number).await
            }
            // Whoever was found is told of a task of their own.
            Effect::Escalate { task, rung, to } if to.is_empty() => {
                self.tell_of_nobody(at, *task, *rung).await
            }
            Effect::EndHold { task } => {
                let row = self.task(*task)?;
                let key = format!("n:{}:hold", row.id);
                self.post
                    .to_holder(at, row, key, MailKind::HoldEnded, None)
                    .await
            }
            _ => Ok(()),
        }
    }

    /// Whether a reminder of a due date rings when that is over: its holder is told so already.
    fn is_late_reminder(
        &self,
        at: Instant,
        number: TaskNumber,
        rule: u32,
    ) -> Result<bool, AppError> {
        let row = self.task(number)?;
        let stage = self.run.definition.stage(&row.path);
        let rule = stage.and_then(|stage| stage.timing.reminders.get(rule as usize));
        let is_over = row.due_at.is_some_and(|due_at| due_at <= at.micros());
        Ok(is_over && matches!(rule, Some(Reminder::Before(_))))
    }

    async fn set_due(
        &mut self,
        number: TaskNumber,
        due_at: Option<Instant>,
    ) -> Result<(), AppError> {
        let mut row = self.task(number)?.clone();
        row.due_at = due_at.map(Instant::micros);
        store::tasks::update_due(self.tx, &row).await?;
        self.put_row(number, row);
        Ok(())
    }

    async fn remind(
        &mut self,
        at: Instant,
        number: TaskNumber,
        what: &str,
    ) -> Result<(), AppError> {
        let row = self.task(number)?.clone();
        if row.contact_id.is_none() {
            let key = format!("n:{}:{what}", row.id);
            return self
                .post
                .to_holder(at, &row, key, MailKind::DueReminder, None)
                .await;
        }
        // First the task, as whoever replaces a link does.
        store::tasks::lock_task(self.tx, row.organisation_id, row.id).await?;
        let active =
            store::links::lock_active_of_task(self.tx, row.organisation_id, row.id).await?;
        // A link whose time has passed offers a new one itself.
        if !active.iter().any(|link| link.expires_at > at.micros()) {
            return Ok(());
        }
        let sent = self.app.replace_link(self.tx, &row, Wording::Reminder, at);
        match sent.await {
            // A link that somebody revoked stays so; the hour's links may be used up.
            Err(AppError::Refused { .. } | AppError::TooMany { .. }) => Ok(()),
            other => other.map(|_| ()),
        }
    }

    /// To the holder, if one of ours, and to whom the stage names.
    async fn tell_overdue(
        &self,
        at: Instant,
        number: TaskNumber,
        whom: &[Assignee],
        times: u32,
    ) -> Result<(), AppError> {
        let row = self.task(number)?;
        let key = format!("n:{}:late:{times}", row.id);
        if row.person_id.is_some() {
            let (post, key) = (&self.post, key.clone());
            post.to_holder(at, row, key, MailKind::Overdue, None)
                .await?;
        }
        let others: BTreeSet<&Assignee> = whom.iter().collect();
        for assignee in others {
            let Assignee::Person(id) = assignee else {
                continue;
            };
            if row.person_id == Some(id.uuid()) {
                continue;
            }
            if let Some(reader) = self.post.person(*id).await? {
                let key = format!("{key}:{id}");
                self.post
                    .about_task(at, row, MailKind::Overdue, reader, key)
                    .await?;
            }
        }
        Ok(())
    }

    /// To administrators: they can put the directory right, or move the task.
    async fn tell_of_nobody(
        &self,
        at: Instant,
        number: TaskNumber,
        rung: u32,
    ) -> Result<(), AppError> {
        let row = self.task(number)?;
        for (id, reader) in self.post.administrators().await? {
            let key = format!("n:{}:esc:{rung}:{id}", row.id);
            self.post
                .about_task(at, row, MailKind::EscalationFailed, reader, key)
                .await?;
        }
        Ok(())
    }

    /// To the initiator: time ran out at the task whose timer rang.
    pub(super) async fn tell_of_expiry(&self, last: &Event) -> Result<(), AppError> {
        let EventKind::TimerFired { timer, .. } = &last.kind else {
            return Ok(());
        };
        let Some(rung) = self.run.state.timers.get(timer) else {
            return Ok(());
        };
        let row = self.task(rung.task)?;
        let key = format!("n:{}:expired", self.run.row.id);
        let reader = self.post.initiator_reader();
        self.post
            .about_task(last.at, row, MailKind::RunExpired, reader, key)
            .await
    }
}
