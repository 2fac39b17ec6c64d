//! When tasks are due that are due by a date of the card.

use chancery_types::{FieldValue, Instant};

use super::Run;
use super::timers::no_calendar;
use crate::definition::{Due, Reminder, Stage, deadline};
use crate::expression::EvaluationError;
use crate::refusal::Refusal;
use crate::span::{Budget, Measure, Span};
use crate::state::{Timer, TimerKind, TimerNumber};

impl Run<'_> {
    /// How much time a task of `stage` has that opens at `opened`; none if it is never due.
    pub(super) fn due_budget(
        &self,
        stage: &Stage,
        opened: Instant,
    ) -> Result<Option<Budget>, Refusal> {
        match &stage.timing.due {
            None => Ok(None),
            Some(Due::After(span)) => Ok(Some(span.budget())),
            Some(Due::By { field, before }) => {
                let budget = self.working_time_until(stage, field, *before, opened)?;
                Ok(Some(budget))
            }
        }
    }

    /// The working time between `from` and the deadline: none if that has passed.
    fn working_time_until(
        &self,
        stage: &Stage,
        field: &str,
        before: Option<Span>,
        from: Instant,
    ) -> Result<Budget, Refusal> {
        let unanswered = || Refusal::Condition {
            subject: stage.path.clone(),
            why: EvaluationError::FieldAbsent {
                field: field.to_owned(),
            },
        };
        let Some(FieldValue::Date(date)) = self.subject()?.card.get(field) else {
            return Err(unanswered());
        };
        let calendar = self.definition.calendar().ok_or_else(no_calendar)?;
        let until = deadline(calendar, *date, before).ok_or_else(unanswered)?;
        let measure = Measure::WorkingTime;
        let parts = calendar.elapsed(from, until, measure).parts;
        Ok(Budget { measure, parts })
    }

    /// The whole budget of a timer of a due date: what it has used up, and what is left. A date of
    /// the card does not move when a run stands still.
    pub(super) fn budget_by(
        &self,
        stage: &Stage,
        timer: &Timer,
    ) -> Result<Option<Budget>, Refusal> {
        let from = timer.running_since.unwrap_or(self.at);
        let Some(due) = self.due_budget(stage, from)? else {
            return Ok(None);
        };
        let is_by_date = matches!(stage.timing.due, Some(Due::By { .. }));
        let used = match is_by_date && timer.budget.measure == due.measure {
            true => timer.consumed,
            false => 0,
        };
        let parts = due.parts.saturating_add(used);
        Ok(Some(Budget { parts, ..due }))
    }

    /// What a timer has left that goes on, or is reckoned anew, from an instant. What hangs on a
    /// date of the card, and a reminder before it, stays where it is.
    pub(super) fn left_from(
        &mut self,
        number: TimerNumber,
        timer: &Timer,
        from: Instant,
    ) -> Result<Budget, Refusal> {
        let stage = self.stage(&self.task(timer.task)?.stage)?;
        let Some(left) = self.left_until_date(stage, timer.kind, from)? else {
            return Ok(timer.left());
        };
        if let Some(timer) = self.state.timers.get_mut(&number) {
            let parts = left.parts.saturating_add(timer.consumed);
            timer.budget = Budget { parts, ..left };
        }
        Ok(left)
    }

    /// The working time from an instant until a timer of a date of the card; nothing for one that
    /// does not hang on it. A reminder whose moment has passed is due at once.
    fn left_until_date(
        &self,
        stage: &Stage,
        kind: TimerKind,
        from: Instant,
    ) -> Result<Option<Budget>, Refusal> {
        let hangs_on_date = matches!(stage.timing.due, Some(Due::By { .. }));
        let Some(due) = self.due_budget(stage, from)?.filter(|_| hangs_on_date) else {
            return Ok(None);
        };
        let rule = match kind {
            TimerKind::Due => return Ok(Some(due)),
            TimerKind::Remind { rule, .. } => stage.timing.reminders.get(rule as usize),
            _ => None,
        };
        let Some(Reminder::Before(before)) = rule else {
            return Ok(None);
        };
        let left = self.until_reminder(from, due, before.budget())?;
        Ok(Some(left.unwrap_or(Budget { parts: 0, ..due })))
    }
}
