//! The timers of a run that goes on by another definition: what is used up stays used up, what
//! there is is what the new definition gives.

use super::Run;
use crate::definition::{OnTimeout, Reminder, Stage};
use crate::event::Effect;
use crate::migration::Plan;
use crate::refusal::Refusal;
use crate::span::Budget;
use crate::state::{TaskNumber, Timer, TimerKind, TimerNumber};

impl Run<'_> {
    /// Gives the timers of open tasks the budgets of the new definition. What it does not have is
    /// stopped; what it has and the old one had not is armed, if its time has not passed.
    pub(super) fn rebudget(&mut self, plan: &Plan) -> Result<(), Refusal> {
        if self.state.calendar.is_some() {
            let calendar = self.definition.calendar();
            self.state.calendar = calendar.map(|calendar| calendar.digest());
        }
        if plan.restarts_timers && self.definition.runs_timers() {
            return self.restart(plan);
        }
        let numbers: Vec<TimerNumber> = self.state.timers.keys().copied().collect();
        for number in numbers {
            let Some(timer) = self.state.timers.get(&number).cloned() else {
                continue;
            };
            let stage = self.stage(&self.task(timer.task)?.stage)?;
            match self
                .budget_of(stage, &timer, plan)?
                .filter(|_| self.definition.runs_timers())
            {
                Some(budget) => self.set_budget(number, budget)?,
                None => self.stop(number, &timer),
            }
        }
        if self.definition.runs_timers() {
            self.arm_anew(plan)?;
        }
        Ok(())
    }

    /// The clocks of open tasks begin anew, as if they had been opened now: what is used up is
    /// forgotten. For how long a task may still be on hold is not.
    fn restart(&mut self, plan: &Plan) -> Result<(), Refusal> {
        for (number, timer) in self.state.timers.clone() {
            if timer.kind != TimerKind::HoldEnd {
                self.disarm(number, &timer);
                continue;
            }
            let stage = self.stage(&self.task(timer.task)?.stage)?;
            match self.budget_of(stage, &timer, plan)? {
                Some(budget) => self.set_budget(number, budget)?,
                None => self.disarm(number, &timer),
            }
        }
        let open = self.state.open_tasks();
        let open: Vec<_> = open
            .map(|(number, task)| (number, task.stage.clone(), task.due_at))
            .collect();
        for (number, path, was_due) in open {
            let stage = self.stage(&path)?;
            self.arm_task(number, stage)?;
            let due = self.due_budget(stage, self.at)?;
            let due_at = due.map(|due| self.reckon(self.at, due)).transpose()?;
            let due_at = due_at.map(|reckoned| reckoned.at);
            if due_at != was_due {
                self.set_due(number, due_at);
            }
        }
        Ok(())
    }

    fn set_budget(&mut self, number: TimerNumber, budget: Budget) -> Result<(), Refusal> {
        let Some(timer) = self.state.timers.get_mut(&number) else {
            return Ok(());
        };
        // What was used up in another measure is in no measure of this one: it is forgiven.
        if timer.budget.measure != budget.measure {
            timer.consumed = 0;
        }
        timer.budget = budget;
        let (since, left, due_at) = (timer.running_since, timer.left(), timer.due_at);
        let Some(since) = since else {
            return Ok(());
        };
        let reckoned = self.reckon(since, left)?;
        if due_at != Some(reckoned.at) {
            self.move_timer(number, Some((since, reckoned)));
        } else if let Some(timer) = self.state.timers.get_mut(&number) {
            timer.beyond = reckoned.beyond;
        }
        Ok(())
    }

    fn disarm(&mut self, number: TimerNumber, timer: &Timer) {
        self.state.timers.remove(&number);
        if timer.due_at.is_some() {
            self.effects.push(Effect::DisarmTimer { timer: number });
        }
    }

    fn stop(&mut self, number: TimerNumber, timer: &Timer) {
        self.disarm(number, timer);
        if timer.kind == TimerKind::Due {
            self.set_due(timer.task, None);
        }
    }

    fn set_due(&mut self, number: TaskNumber, due_at: Option<chancery_types::Instant>) {
        if let Some(task) = self.state.tasks.get_mut(&number) {
            task.due_at = due_at;
            if let Some(stage) = self.state.stages.get_mut(&task.stage) {
                stage.due_at = due_at;
            }
        }
        self.effects.push(Effect::SetDue {
            task: number,
            due_at,
        });
    }

    fn arm_anew(&mut self, plan: &Plan) -> Result<(), Refusal> {
        let open = self.state.open_tasks();
        let open: Vec<_> = open
            .map(|(number, task)| (number, task.stage.clone(), task.opened_at))
            .collect();
        for (number, path, opened_at) in open {
            let stage = self.stage(&path)?;
            let timing = &stage.timing;
            let due = self.due_budget(stage, opened_at)?;
            if let Some(due) = due.filter(|_| plan.due_anew.contains(&path)) {
                let at = self.reckon(opened_at, due)?.at;
                self.arm(number, TimerKind::Due, due, opened_at)?;
                self.set_due(number, Some(at));
            }
            if !plan.reminded_anew.contains(&path) {
                continue;
            }
            for (rule, reminder) in (0_u32..).zip(&timing.reminders) {
                let budget = match (reminder, due) {
                    (Reminder::After { after, .. }, _) => Some(after.budget()),
                    (Reminder::Before(before), Some(due)) => {
                        self.until_reminder(opened_at, due, before.budget())?
                    }
                    (Reminder::Before(_), None) => None,
                };
                let Some(budget) = budget else { continue };
                // What should have been said before is not said late.
                if self.reckon(opened_at, budget)?.at > self.at {
                    let kind = TimerKind::Remind { rule, number: 1 };
                    self.arm(number, kind, budget, opened_at)?;
                }
            }
        }
        Ok(())
    }

    /// How much time a timer has by the new definition; none if it has no such timer.
    fn budget_of(
        &self,
        stage: &Stage,
        timer: &Timer,
        plan: &Plan,
    ) -> Result<Option<Budget>, Refusal> {
        let timing = &stage.timing;
        Ok(match timer.kind {
            TimerKind::Due => return self.budget_by(stage, timer),
            TimerKind::Remind { .. } if plan.reminded_anew.contains(&stage.path) => None,
            TimerKind::Remind { .. } => Some(timer.budget),
            TimerKind::Escalate { rung } => {
                let rung = timing.escalation.get(rung as usize);
                rung.map(|rung| rung.after.budget())
            }
            TimerKind::Overdue { .. } => match &timing.on_timeout {
                Some(OnTimeout::Notify {
                    repeat: Some(repeat),
                    ..
                }) => Some(repeat.every.budget()),
                Some(OnTimeout::Notify { repeat: None, .. } | OnTimeout::Escalate(_)) | None => {
                    None
                }
            },
            TimerKind::HoldEnd => timing.hold_max.map(|longest| longest.budget()),
        })
    }
}
