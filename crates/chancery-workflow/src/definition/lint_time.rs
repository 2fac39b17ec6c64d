//! What a file says of time without saying it: units that do not go together, reminders that come
//! too late or never, a calendar that ends too early.

use chancery_types::Instant;

use super::check::Read;
use super::due::Due;
use super::nodes::ReadNode;
use super::stage::StagePlace;
use super::timing::{OnTimeout, Reminder, Successor};
use super::{Definition, Mode, Node, Quorum, Resolver, Stage, Via};
use crate::diagnostic::{Diagnostic, Position};
use crate::read::Findings;
use crate::span::{Span, Unit};

/// What must hold whenever the file is read.
pub(super) fn check_time(read: &Read<'_, '_>, findings: &mut Findings) {
    for (stage, place) in read.nodes.iter().flat_map(ReadNode::stages) {
        let timing = &stage.timing;
        let escalates = matches!(timing.on_timeout, Some(OnTimeout::Escalate(_)));
        if stage.via == Via::Link && (escalates || !timing.escalation.is_empty()) {
            let key = if escalates { "on_timeout" } else { "escalate" };
            let at = place.fields.key_at(key);
            findings.push(Diagnostic::error("W121", "link-not-escalated", at));
        }
        if let Some(name) = timing.due.as_ref().and_then(Due::field)
            && !read.material.contains(name)
        {
            let own = place.fields.get("due").map(|node| node.at);
            let default = || place_of_default(read, "due").unwrap_or_else(|| place.id_at());
            findings.push(super::check::not_material(
                name,
                own.unwrap_or_else(default),
            ));
        }
        // Whoever takes a task over decides, so a field that names them decides the route.
        for resolver in stage.successors() {
            if let Some(name) = resolver
                .field()
                .filter(|name| !read.material.contains(*name))
            {
                let key = ["escalate", "on_timeout"]
                    .into_iter()
                    .find(|key| place.fields.get(key).is_some());
                let at = place.fields.key_at(key.unwrap_or("id"));
                findings.push(super::check::not_material(name, at));
            }
        }
    }
}

impl Stage {
    /// The resolvers of whoever may take its tasks over.
    pub(super) fn successors(&self) -> Vec<&Resolver> {
        let rungs = self.timing.escalation.iter().flat_map(|rung| &rung.to);
        let last = match &self.timing.on_timeout {
            Some(OnTimeout::Escalate(to)) => to.as_slice(),
            Some(OnTimeout::Notify { .. }) | None => &[],
        };
        let all = rungs.chain(last);
        all.filter_map(|successor| match successor {
            Successor::Resolver(resolver) => Some(resolver),
            Successor::ManagerOfAssignee | Successor::Initiator => None,
        })
        .collect()
    }

    /// Every span of its timing.
    fn spans(&self) -> Vec<Span> {
        let timing = &self.timing;
        let mut spans: Vec<Span> = timing
            .due
            .iter()
            .filter_map(Due::span)
            .chain(timing.hold_max)
            .collect();
        for reminder in &timing.reminders {
            match reminder {
                Reminder::Before(span) => spans.push(*span),
                Reminder::After { after, repeat } => {
                    spans.push(*after);
                    spans.extend(repeat.map(|repeat| repeat.every));
                }
            }
        }
        spans.extend(timing.escalation.iter().map(|rung| rung.after));
        if let Some(OnTimeout::Notify {
            repeat: Some(repeat),
            ..
        }) = &timing.on_timeout
        {
            spans.push(repeat.every);
        }
        spans
    }
}

/// What is odd: warnings.
pub(super) fn lint_time(read: &Read<'_, '_>, findings: &mut Findings) {
    for (stage, place) in read.nodes.iter().flat_map(ReadNode::stages) {
        lint_units(stage, place, findings);
        lint_reminders(read, stage, place, findings);
        lint_heads(stage, place, findings);
    }
}

/// Several tasks of a stage may be late, of which one person can take one: the others stay where
/// they are, and the stage that needs them does not go on.
fn lint_heads(stage: &Stage, place: &StagePlace<'_>, findings: &mut Findings) {
    if goes_late_to_one(stage) {
        let at = place.fields.key_at("on_timeout");
        findings.push(Diagnostic::warning("W315", "late-to-one", at).arg("stage", &stage.id));
    }
}

/// Whether the file alone says that several late tasks of a stage go to one person.
pub(super) fn goes_late_to_one(stage: &Stage) -> bool {
    let Some(OnTimeout::Escalate(to)) = &stage.timing.on_timeout else {
        return false;
    };
    let is_one = |resolver: &Resolver| resolver.people_max() == Some(1);
    let goes_to_one = match to.as_slice() {
        [Successor::Resolver(resolver)] => is_one(resolver),
        [Successor::Initiator] => true,
        _ => false,
    };
    let asks_one = matches!(stage.assignees.as_slice(), [resolver] if is_one(resolver));
    let needs_one = matches!(stage.quorum, Quorum::Any | Quorum::Count(1));
    goes_to_one && !asks_one && !needs_one && stage.mode == Mode::Parallel
}

/// Days of the week and working days in one stage: one of the two is a slip.
fn lint_units(stage: &Stage, place: &StagePlace<'_>, findings: &mut Findings) {
    let units: Vec<Unit> = stage.spans().into_iter().map(Span::unit).collect();
    if units.contains(&Unit::Days) && units.contains(&Unit::WorkingDays) {
        let at = place
            .fields
            .get("due")
            .map_or(place.fields.at, |node| node.at);
        findings.push(Diagnostic::warning("W403", "days-mixed", at).arg("stage", &stage.id));
    }
}

/// Where a key of `defaults` stands.
pub(super) fn place_of_default(read: &Read<'_, '_>, key: &str) -> Option<Position> {
    let crate::yaml::Value::Map(pairs) = &read.top.get("defaults")?.value else {
        return None;
    };
    let mut pairs = pairs.iter();
    let found = pairs.find(|(name, _)| name.name == key);
    found.map(|(_, node)| node.at)
}

/// A reminder that is to come before the task opens, or only after it is due.
fn lint_reminders(
    read: &Read<'_, '_>,
    stage: &Stage,
    place: &StagePlace<'_>,
    findings: &mut Findings,
) {
    let Some(Due::After(due)) = &stage.timing.due else {
        return;
    };
    let due = due.budget();
    let own = place.fields.get("remind").map(|node| node.at);
    let default = || place_of_default(read, "remind");
    let at = own.or_else(default).unwrap_or_else(|| place.id_at());
    for reminder in &stage.timing.reminders {
        let (key, span, is_odd): (_, _, fn(i64, i64) -> bool) = match reminder {
            Reminder::Before(span) => ("reminder-early", *span, |before, due| before >= due),
            Reminder::After { after, .. } => ("reminder-late", *after, |after, due| after > due),
        };
        // Of two measures neither is longer: a working day has no fixed number of hours.
        let budget = span.budget();
        if budget.measure == due.measure && is_odd(budget.parts, due.parts) {
            let finding = match key {
                "reminder-early" => Diagnostic::warning("W404", "reminder-early", at),
                _ => Diagnostic::warning("W404", "reminder-late", at),
            };
            findings.push(finding.arg("stage", &stage.id).arg("span", span));
        }
    }
}

impl Definition {
    /// Whether the calendar ends before a run that starts now could: when each of its tasks takes
    /// all the time it has, in one round. A warning, at the place where the calendar is named.
    #[must_use]
    pub fn calendar_shortfall(&self, now: Instant) -> Option<Diagnostic> {
        let calendar = self.calendar()?;
        let mut beyond = None;
        let mut at = now;
        for node in self.nodes() {
            at = self.reach(node, at, &mut beyond);
        }
        beyond?;
        let finding = Diagnostic::warning("W402", "calendar-ends", self.calendar_at);
        let finding = finding.arg("calendar", calendar.id());
        Some(finding.arg("year", calendar.years().end()))
    }

    /// When a node that opens at `at` is over at the latest.
    fn reach(&self, node: &Node, at: Instant, beyond: &mut Option<i16>) -> Instant {
        match node {
            Node::Stage(stage) => {
                let calendar = self.calendar();
                let Some((Due::After(due), calendar)) = stage.timing.due.as_ref().zip(calendar)
                else {
                    return at;
                };
                let reckoned = calendar.after(at, due.budget());
                *beyond = beyond.or(reckoned.beyond);
                reckoned.at
            }
            Node::Automatic(_) => at,
            Node::Sequence(block) => {
                let steps = block.steps.iter();
                steps.fold(at, |at, step| self.reach(step, at, beyond))
            }
            Node::Parallel(block) => {
                let branches = block.branches.iter();
                let ends = branches.map(|branch| self.reach(branch, at, beyond));
                ends.fold(at, Instant::max)
            }
        }
    }
}

/// The place of `calendar`, for what is said of it later.
pub(super) fn calendar_at(top: &crate::read::Fields<'_>) -> Position {
    top.get("calendar").map_or(top.at, |node| node.at)
}
