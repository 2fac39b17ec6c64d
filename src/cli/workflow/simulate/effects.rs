//! What follows from an event, a sentence each.

use std::collections::BTreeMap;

use chancery_types::{Instant, Locale};
use chancery_workflow::trial::Trial;
use chancery_workflow::{Assignee, CloseReason, Deed, Effect, TaskNumber, TimerKind, TimerNumber};

use super::super::words::{Clock, listed, name, word};
use crate::app::route::skip_code;
use crate::i18n::{Value, t_named};

/// What the sentences need.
pub(super) struct Effects<'a> {
    pub(super) trial: &'a Trial<'a>,
    /// Who holds the tasks when it happens.
    pub(super) holders: &'a BTreeMap<TaskNumber, Assignee>,
    pub(super) clock: &'a Clock,
    pub(super) locale: Locale,
}

type Args = Vec<(&'static str, String)>;

impl Effects<'_> {
    /// The sentence of an effect.
    pub(super) fn text(&self, effect: &Effect) -> String {
        let (key, args) = self.said(effect);
        let args = args
            .iter()
            .map(|(name, text)| (*name, Value::from(text.as_str())));
        let args: Vec<(&str, Value<'_>)> = args.collect();
        crate::i18n::t(self.locale, key, &args)
    }

    fn said(&self, effect: &Effect) -> (&'static str, Args) {
        match effect {
            Effect::OpenTask {
                task,
                path,
                assignee,
                due_at,
                ..
            } => self.opened(*task, path, *assignee, *due_at),
            Effect::CloseTask { task, reason } => {
                let mut args = self.task(*task);
                args.push(("reason", self.word("close", close_code(*reason))));
                ("workflow-effect-close-task", args)
            }
            Effect::MoveTask { task, from, to } => {
                let mut args = self.task(*task);
                args.extend([("from", self.name(*from)), ("to", self.name(*to))]);
                ("workflow-effect-move-task", args)
            }
            Effect::HoldTask { task, .. } => ("workflow-effect-hold-task", self.task(*task)),
            Effect::RecordRemarks { task, remarks } => {
                let mut args = self.task(*task);
                args.push(("count", remarks.len().to_string()));
                ("workflow-effect-remarks", args)
            }
            Effect::RevokeVote { task } => ("workflow-effect-revoke-vote", self.task(*task)),
            Effect::CarryVote { task, rule } => {
                let mut args = self.task(*task);
                args.push(("rule", rule.clone()));
                ("workflow-effect-carry-vote", args)
            }
            Effect::FillCard { task, fields } => {
                let mut args = self.task(*task);
                args.push(("fields", listed(fields.keys())));
                ("workflow-effect-fill-card", args)
            }
            Effect::TellSubstitute {
                task, substitute, ..
            } => {
                let mut args = self.task(*task);
                args.push(("who", self.name(Assignee::Person(*substitute))));
                ("workflow-effect-tell-substitute", args)
            }
            other => self.of_time(other),
        }
    }

    fn opened(
        &self,
        task: TaskNumber,
        path: &str,
        assignee: Assignee,
        due_at: Option<Instant>,
    ) -> (&'static str, Args) {
        let mut args = vec![
            ("task", task.to_string()),
            ("stage", path.to_owned()),
            ("who", self.name(assignee)),
        ];
        match due_at {
            Some(due) => {
                args.push(("due", self.clock.shown(due)));
                ("workflow-effect-open-task", args)
            }
            None => ("workflow-effect-open-task-without-due", args),
        }
    }

    /// What time does.
    fn of_time(&self, effect: &Effect) -> (&'static str, Args) {
        match effect {
            Effect::ArmTimer {
                timer,
                task,
                due_at,
                ..
            } => {
                let mut args = self.task(*task);
                args.extend([
                    ("timer", timer.to_string()),
                    ("what", self.timer(*timer)),
                    ("at", self.clock.shown(*due_at)),
                ]);
                ("workflow-effect-arm-timer", args)
            }
            Effect::DisarmTimer { timer } => (
                "workflow-effect-disarm-timer",
                vec![("timer", timer.to_string())],
            ),
            Effect::SetDue { task, due_at } => {
                let mut args = self.task(*task);
                let due = due_at.map_or_else(|| "–".to_owned(), |due| self.clock.shown(due));
                args.push(("due", due));
                ("workflow-effect-set-due", args)
            }
            Effect::Remind { task, .. } => ("workflow-effect-remind", self.task(*task)),
            Effect::TellOverdue { task, whom, .. } => {
                let mut args = self.task(*task);
                args.push(("whom", self.names(whom)));
                ("workflow-effect-overdue", args)
            }
            Effect::Escalate { task, to, .. } => {
                let mut args = self.task(*task);
                args.push(("whom", self.names(to)));
                ("workflow-effect-escalate", args)
            }
            Effect::EndHold { task } => ("workflow-effect-end-hold", self.task(*task)),
            other => self.of_run(other),
        }
    }

    /// What becomes of stages and of the run.
    fn of_run(&self, effect: &Effect) -> (&'static str, Args) {
        match effect {
            Effect::SkipStage { path, reason } => (
                "workflow-effect-skip-stage",
                vec![
                    ("stage", path.clone()),
                    ("reason", self.word("skip", skip_code(*reason))),
                ],
            ),
            Effect::CloseStage { path } => {
                ("workflow-effect-close-stage", vec![("stage", path.clone())])
            }
            Effect::OpenRework { to, .. } if to.is_empty() => {
                ("workflow-effect-rework", Vec::new())
            }
            Effect::OpenRework { to, .. } => {
                let to: Vec<Assignee> = to.iter().copied().map(Assignee::Person).collect();
                ("workflow-effect-rework-to", vec![("whom", self.names(&to))])
            }
            Effect::OpenRound { round } => {
                ("workflow-effect-round", vec![("round", round.to_string())])
            }
            Effect::AskLookup { lookup, .. } => {
                ("workflow-effect-ask", vec![("lookup", lookup.clone())])
            }
            Effect::AwaitChildren { name, kind, .. } => (
                "workflow-effect-await",
                vec![("name", name.clone()), ("kind", kind.clone())],
            ),
            Effect::PassChildren { name } => ("workflow-effect-pass", vec![("name", name.clone())]),
            Effect::TakeWay { path, to, .. } => {
                let to = to.clone().unwrap_or_else(|| "–".to_owned());
                (
                    "workflow-effect-way",
                    vec![("stage", path.clone()), ("to", to)],
                )
            }
            Effect::OpenIncident { why, .. } => {
                ("workflow-effect-incident", vec![("why", why.clone())])
            }
            Effect::CloseIncident { .. } => ("workflow-effect-incident-over", Vec::new()),
            Effect::Perform { occasion, deed, .. } => (
                "workflow-effect-perform",
                vec![
                    ("occasion", self.word("occasion", occasion.code())),
                    ("deed", self.deed(deed)),
                ],
            ),
            Effect::Finish { outcome } => {
                let outcome = super::super::explore::outcome_code(*outcome);
                let outcome = self.word("outcome", outcome);
                ("workflow-effect-finish", vec![("outcome", outcome)])
            }
            // Told before.
            _ => ("workflow-effect-other", Vec::new()),
        }
    }

    /// A task with its stage and its holder.
    fn task(&self, number: TaskNumber) -> Args {
        let task = self.trial.state.tasks.get(&number);
        let stage = task.map_or_else(String::new, |task| task.stage.clone());
        let holder = self.holders.get(&number);
        let who = holder.map_or_else(String::new, |holder| self.name(*holder));
        vec![("task", number.to_string()), ("stage", stage), ("who", who)]
    }

    /// What a timer is for, if it still is.
    fn timer(&self, number: TimerNumber) -> String {
        let timer = self.trial.kinds.get(&number);
        let key = match timer {
            Some(TimerKind::Due) => "workflow-timer-due",
            Some(TimerKind::Remind { .. }) => "workflow-timer-remind",
            Some(TimerKind::Escalate { .. }) => "workflow-timer-escalate",
            Some(TimerKind::Overdue { .. }) => "workflow-timer-overdue",
            Some(TimerKind::HoldEnd) => "workflow-timer-hold-end",
            None => return String::new(),
        };
        t_named(self.locale, key, [])
    }

    /// What an effect's occasion does outside.
    fn deed(&self, deed: &Deed) -> String {
        let (kind, name) = match deed {
            Deed::Register { journal } => ("register", journal),
            Deed::CallWebhook { webhook } => ("webhook", webhook),
            Deed::Notify { template, .. } => ("notify", template),
            Deed::CreateDocument { kind, .. } => ("create", kind),
        };
        let key = format!("workflow-deed-{kind}");
        crate::i18n::t(self.locale, &key, &[("name", name.as_str().into())])
    }

    fn word(&self, of: &str, code: &str) -> String {
        word(self.locale, of, code)
    }

    fn name(&self, assignee: Assignee) -> String {
        name(&self.trial.company, assignee)
    }

    fn names(&self, all: &[Assignee]) -> String {
        listed(all.iter().map(|one| self.name(*one)))
    }
}

const fn close_code(reason: CloseReason) -> &'static str {
    match reason {
        CloseReason::Decided(decision) => decision.code(),
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
