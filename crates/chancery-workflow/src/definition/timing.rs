//! What a stage does as time passes: due dates, reminders, escalation.

use super::Resolver;
use super::due::Due;
use crate::span::Span;

/// What a stage does as time passes. Every span is of the clock or of the workflow's calendar.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Timing {
    /// When each of its tasks is due.
    pub due: Option<Due>,
    /// When their holders are reminded.
    pub reminders: Vec<Reminder>,
    /// What happens when a task is overdue, and how long after its due date.
    pub escalation: Vec<Rung>,
    /// What happens at the due date itself.
    pub on_timeout: Option<OnTimeout>,
    /// If a hold stops the clock of its task: for how long at most.
    pub hold_max: Option<Span>,
}

/// When the holder of a task is reminded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reminder {
    /// Once, so long before the task is due.
    Before(Span),
    /// So long after the task has opened, and perhaps again.
    After {
        /// How long after.
        after: Span,
        /// And then again and again.
        repeat: Option<Repeat>,
    },
}

/// How often something is done again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Repeat {
    /// How long after the time before.
    pub every: Span,
    /// How often in all: reminders with the first one, messages about what is overdue after it.
    pub times_max: u32,
}

/// A rung of the escalation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rung {
    /// How long after the due date.
    pub after: Span,
    /// What is done.
    pub action: Action,
    /// With whom; the first who may, or for [`Action::Add`] everybody who may.
    pub to: Vec<Successor>,
}

/// What a rung does with a task that is overdue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Others are asked in the same seat: whoever decides first decides for it.
    Add,
    /// The task goes to somebody else.
    Replace,
}

/// What happens at the due date.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OnTimeout {
    /// The task goes to the first of these who may.
    Escalate(Vec<Successor>),
    /// These are told.
    Notify {
        /// Who.
        whom: Vec<Successor>,
        /// And again.
        repeat: Option<Repeat>,
        /// Whether the run then ends as expired.
        then_expires: bool,
    },
}

/// Who is told of an overdue task, or takes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Successor {
    /// The managers above whoever holds the task, the nearest first.
    ManagerOfAssignee,
    /// The initiator. They are told; they never decide.
    Initiator,
    /// Whom a resolver finds.
    Resolver(Resolver),
}
