//! Timers: which stand, which fire, and what stops them.
//!
//! A timer is a budget and how much of it is used up, not a date: so it can stand still while a
//! run is suspended or a task waits, and go on with what is left; and when the calendar changes,
//! its date is reckoned anew. The state holds the truth. A row of the shell with the same number
//! and generation is an alarm clock, and one that rings for a timer that has moved on is not heard.

use chancery_types::Instant;

use super::Run;
use crate::calendar::Reckoned;
use crate::definition::{OnTimeout, Reminder, Repeat, Stage};
use crate::event::{Actor, CloseReason, Effect, Outcome};
use crate::refusal::Refusal;
use crate::span::{Budget, Measure};
use crate::state::{Phase, Task, TaskNumber, Timer, TimerKind, TimerNumber};

impl Run<'_> {
    /// When a budget has passed from `from`, by the workflow's calendar.
    pub(super) fn reckon(&self, from: Instant, budget: Budget) -> Result<Reckoned, Refusal> {
        if budget.measure == Measure::Clock {
            let at = Instant::from_micros(from.micros().saturating_add(budget.parts));
            return Ok(Reckoned { at, beyond: None });
        }
        let calendar = self.definition.calendar();
        calendar
            .map(|calendar| calendar.after(from, budget))
            .ok_or_else(no_calendar)
    }

    fn used(&self, from: Instant, until: Instant, measure: Measure) -> Result<i64, Refusal> {
        if measure == Measure::Clock {
            return Ok(until.micros().saturating_sub(from.micros()).max(0));
        }
        let calendar = self.definition.calendar();
        calendar
            .map(|calendar| calendar.elapsed(from, until, measure).parts)
            .ok_or_else(no_calendar)
    }

    /// Arms what a task that opens now waits for.
    pub(super) fn arm_task(&mut self, number: TaskNumber, stage: &Stage) -> Result<(), Refusal> {
        if !self.definition.runs_timers() {
            return Ok(());
        }
        let opened = self.at;
        let due = self.due_budget(stage, opened)?;
        if let Some(due) = due {
            self.arm(number, TimerKind::Due, due, opened)?;
        }
        for (rule, reminder) in (0_u32..).zip(&stage.timing.reminders) {
            let budget = match reminder {
                Reminder::After { after, .. } => Some(after.budget()),
                Reminder::Before(before) => match due {
                    Some(due) => self.until_reminder(opened, due, before.budget())?,
                    None => None,
                },
            };
            let kind = TimerKind::Remind { rule, number: 1 };
            if let Some(budget) = budget {
                self.arm(number, kind, budget, opened)?;
            }
        }
        Ok(())
    }

    /// How much of the due date's measure passes until a reminder before it; `None` if the task
    /// opens later than that.
    pub(super) fn until_reminder(
        &self,
        opened: Instant,
        due: Budget,
        before: Budget,
    ) -> Result<Option<Budget>, Refusal> {
        let due_at = self.reckon(opened, due)?.at;
        let at = match self.definition.calendar() {
            Some(calendar) => calendar.before(due_at, before),
            None => Instant::from_micros(due_at.micros().saturating_sub(before.parts)),
        };
        let parts = self.used(opened, at, due.measure)?;
        let measure = due.measure;
        Ok((parts > 0).then_some(Budget { measure, parts }))
    }

    pub(super) fn arm(
        &mut self,
        task: TaskNumber,
        kind: TimerKind,
        budget: Budget,
        from: Instant,
    ) -> Result<(), Refusal> {
        let reckoned = self.reckon(from, budget)?;
        let number = TimerNumber(self.state.timers_given.saturating_add(1));
        self.state.timers_given = number.0;
        self.state.calendar = self.definition.calendar().map(|calendar| calendar.digest());
        let timer = Timer {
            task,
            kind,
            generation: 1,
            budget,
            consumed: 0,
            running_since: Some(from),
            due_at: Some(reckoned.at),
            beyond: reckoned.beyond,
        };
        self.state.timers.insert(number, timer);
        self.effects.push(Effect::ArmTimer {
            timer: number,
            generation: 1,
            task,
            due_at: reckoned.at,
            beyond: reckoned.beyond,
        });
        Ok(())
    }

    /// Arms what follows a timer that fired: from its own date, so that a late alarm delays
    /// nothing; but from now if that has passed too, so that a long silence is not made up for by a
    /// row of messages.
    fn arm_next(&mut self, fired: &Timer, kind: TimerKind, budget: Budget) -> Result<(), Refusal> {
        let from = fired.due_at.unwrap_or(self.at);
        let from = if self.reckon(from, budget)?.at <= self.at {
            self.at
        } else {
            from
        };
        self.arm(fired.task, kind, budget, from)
    }

    /// An alarm rings. For a timer that was stopped, moved or done with it means nothing.
    pub(super) fn fire(
        &mut self,
        actor: Actor,
        number: TimerNumber,
        generation: u32,
    ) -> Result<(), Refusal> {
        if actor != Actor::System {
            return Err(Refusal::NotTheService);
        }
        let rings = |timer: &&Timer| {
            timer.generation == generation && timer.due_at.is_some_and(|due_at| due_at <= self.at)
        };
        let Some(timer) = self.state.timers.get(&number).filter(rings).cloned() else {
            return Ok(());
        };
        self.state.timers.remove(&number);
        let task = self.task(timer.task)?.clone();
        let stage = self.stage(&task.stage)?;
        match timer.kind {
            TimerKind::Remind { rule, number } => self.remind(&timer, stage, rule, number),
            TimerKind::Due => self.overdue(&timer, &task, stage),
            TimerKind::Escalate { rung } => {
                let Some(step) = stage.timing.escalation.get(rung as usize) else {
                    return Ok(());
                };
                self.escalate(timer.task, rung.saturating_add(1), step.action, &step.to)
            }
            TimerKind::Overdue { number } => self.still_overdue(&timer, &task, stage, number),
            TimerKind::HoldEnd => {
                self.end_hold(timer.task);
                Ok(())
            }
        }
    }

    fn remind(
        &mut self,
        timer: &Timer,
        stage: &Stage,
        rule: u32,
        number: u32,
    ) -> Result<(), Refusal> {
        self.effects.push(Effect::Remind {
            task: timer.task,
            rule,
            number,
        });
        let reminder = stage.timing.reminders.get(rule as usize);
        let Some(Reminder::After {
            repeat: Some(repeat),
            ..
        }) = reminder
        else {
            return Ok(());
        };
        if number >= repeat.times_max {
            return Ok(());
        }
        let next = TimerKind::Remind {
            rule,
            number: number.saturating_add(1),
        };
        self.arm_next(timer, next, repeat.every.budget())
    }

    /// The due date has come.
    fn overdue(&mut self, timer: &Timer, task: &Task, stage: &Stage) -> Result<(), Refusal> {
        let whom = match &stage.timing.on_timeout {
            Some(OnTimeout::Notify { whom, .. }) => self.told(task, whom)?,
            Some(OnTimeout::Escalate(_)) | None => Vec::new(),
        };
        self.effects.push(Effect::TellOverdue {
            task: timer.task,
            whom,
            number: 0,
        });
        // Whoever was asked in another's seat is the answer to one delay, not the cause of more.
        if task.is_escalated {
            return Ok(());
        }
        for (rung, step) in (0_u32..).zip(&stage.timing.escalation) {
            self.arm_next(timer, TimerKind::Escalate { rung }, step.after.budget())?;
        }
        match &stage.timing.on_timeout {
            None => Ok(()),
            Some(OnTimeout::Escalate(to)) => {
                self.escalate(timer.task, 0, crate::definition::Action::Replace, to)
            }
            Some(OnTimeout::Notify {
                repeat: Some(repeat),
                ..
            }) => {
                let next = TimerKind::Overdue { number: 1 };
                self.arm_next(timer, next, repeat.every.budget())
            }
            Some(OnTimeout::Notify { then_expires, .. }) => {
                self.expire_if(*then_expires);
                Ok(())
            }
        }
    }

    /// The task is overdue for some time now.
    fn still_overdue(
        &mut self,
        timer: &Timer,
        task: &Task,
        stage: &Stage,
        number: u32,
    ) -> Result<(), Refusal> {
        let Some(OnTimeout::Notify {
            whom,
            repeat: Some(Repeat { every, times_max }),
            then_expires,
        }) = &stage.timing.on_timeout
        else {
            return Ok(());
        };
        let whom = self.told(task, whom)?;
        self.effects.push(Effect::TellOverdue {
            task: timer.task,
            whom,
            number,
        });
        if number < *times_max {
            let next = TimerKind::Overdue {
                number: number.saturating_add(1),
            };
            return self.arm_next(timer, next, every.budget());
        }
        self.expire_if(*then_expires);
        Ok(())
    }

    /// Ends a running run whose time is over. One that has ended stays as it ended.
    fn expire_if(&mut self, expires: bool) {
        if expires && self.state.phase == Phase::Running {
            self.close_tasks(CloseReason::Expired, |_| true);
            self.cancel_active();
            self.finish(Outcome::Expired);
        }
    }

    /// The task is on hold no more, and no later hold stops its clock again.
    fn end_hold(&mut self, number: TaskNumber) {
        if let Some(task) = self.state.tasks.get_mut(&number) {
            task.held_at = None;
            task.is_hold_spent = true;
        }
        self.effects.push(Effect::EndHold { task: number });
    }

    /// A task is held: its clock stands from now, if the stage says so, for as long as it says.
    pub(super) fn arm_hold(&mut self, number: TaskNumber, stage: &Stage) -> Result<(), Refusal> {
        let Some(longest) = stage
            .timing
            .hold_max
            .filter(|_| self.definition.runs_timers())
        else {
            return Ok(());
        };
        let is_spent = self.task(number)?.is_hold_spent;
        let mut timers = self.state.timers.values();
        let runs = timers.any(|timer| timer.task == number && timer.kind == TimerKind::HoldEnd);
        // Saying it again does not make it longer.
        if is_spent || runs {
            return Ok(());
        }
        self.arm(number, TimerKind::HoldEnd, longest.budget(), self.at)
    }

    /// The calendar of this run's house has changed: dates to come are reckoned anew from what is
    /// left of their budgets. What has passed since a timer started is measured by the new one too.
    pub(super) fn change_calendar(
        &mut self,
        actor: Actor,
        digest: chancery_types::Digest,
    ) -> Result<(), Refusal> {
        let may = match actor {
            Actor::System => true,
            Actor::Person(person) => self.is_administrator(person),
            Actor::Contact(_) => false,
        };
        if !may {
            return Err(Refusal::NotAdministrator);
        }
        let present = self.definition.calendar().map(|calendar| calendar.digest());
        if present != Some(digest) {
            return Err(Refusal::CalendarMismatch);
        }
        self.state.calendar = present;
        let numbers: Vec<TimerNumber> = self.state.timers.keys().copied().collect();
        for number in numbers {
            let Some(timer) = self.state.timers.get(&number).cloned() else {
                continue;
            };
            let Some(since) = timer.running_since else {
                continue;
            };
            let left = self.left_from(number, &timer, since)?;
            let reckoned = self.reckon(since, left)?;
            if timer.due_at != Some(reckoned.at) {
                self.move_timer(number, Some((since, reckoned)));
            } else if let Some(timer) = self.state.timers.get_mut(&number) {
                timer.beyond = reckoned.beyond;
            }
        }
        Ok(())
    }

    /// After every event: timers of tasks that are not open are gone; those of a suspended run or
    /// of a task whose hold stops its clock stand; the others run.
    pub(super) fn settle_timers(&mut self) -> Result<(), Refusal> {
        let mut unsettled = Vec::new();
        for (number, timer) in &self.state.timers {
            let task = self.task(timer.task)?;
            let stands = self.stands(timer, task)?;
            if !task.is_open() || stands == timer.running_since.is_some() {
                unsettled.push((*number, task.is_open(), timer.clone()));
            }
        }
        for (number, is_open, timer) in unsettled {
            match timer.running_since {
                _ if !is_open => {
                    self.state.timers.remove(&number);
                    if timer.due_at.is_some() {
                        self.effects.push(Effect::DisarmTimer { timer: number });
                    }
                }
                Some(since) => {
                    let used = self.used(since, self.at, timer.budget.measure)?;
                    if let Some(timer) = self.state.timers.get_mut(&number) {
                        let used = used.min(timer.left().parts);
                        timer.consumed = timer.consumed.saturating_add(used);
                    }
                    self.move_timer(number, None);
                }
                None => {
                    let left = self.left_from(number, &timer, self.at)?;
                    let reckoned = self.reckon(self.at, left)?;
                    self.move_timer(number, Some((self.at, reckoned)));
                }
            }
        }
        Ok(())
    }

    /// Whether the clock of an open task's timer is to stand still.
    fn stands(&self, timer: &Timer, task: &Task) -> Result<bool, Refusal> {
        let stops = |stage: &Stage| stage.timing.hold_max.is_some();
        let is_held = timer.kind != TimerKind::HoldEnd
            && task.held_at.is_some()
            && !task.is_hold_spent
            && stops(self.stage(&task.stage)?);
        Ok(self.state.suspension.is_some() || is_held)
    }

    /// Lets a timer run since an instant until another, or stand.
    pub(super) fn move_timer(&mut self, number: TimerNumber, runs: Option<(Instant, Reckoned)>) {
        let Some(timer) = self.state.timers.get_mut(&number) else {
            return;
        };
        timer.running_since = runs.map(|(since, _)| since);
        timer.due_at = runs.map(|(_, reckoned)| reckoned.at);
        timer.beyond = runs.and_then(|(_, reckoned)| reckoned.beyond);
        let effect = match runs {
            Some((_, reckoned)) => {
                timer.generation = timer.generation.saturating_add(1);
                Effect::ArmTimer {
                    timer: number,
                    generation: timer.generation,
                    task: timer.task,
                    due_at: reckoned.at,
                    beyond: reckoned.beyond,
                }
            }
            None => Effect::DisarmTimer { timer: number },
        };
        let (task, kind, due_at) = (timer.task, timer.kind, timer.due_at);
        self.effects.push(effect);
        if kind != TimerKind::Due {
            return;
        }
        if let Some(task) = self.state.tasks.get_mut(&task) {
            task.due_at = due_at;
            if let Some(stage) = self.state.stages.get_mut(&task.stage) {
                stage.due_at = due_at;
            }
        }
        self.effects.push(Effect::SetDue { task, due_at });
    }
}

pub(super) fn no_calendar() -> Refusal {
    Refusal::Corrupt {
        what: "calendar".to_owned(),
    }
}
