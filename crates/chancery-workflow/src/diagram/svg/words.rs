//! The words in a drawing.

use std::collections::BTreeMap;

use chancery_types::Locale;

use super::super::{Drawing, Standing, as_written};
use crate::definition::{
    Automatic, Definition, Due, Join, Node, Quorum, Stage, StageKind, Subdocument,
};
use crate::diagnostic::message;
use crate::expression::Expression;
use crate::parameter::Parameters;
use crate::span::{Span, Unit};

pub(super) struct Words<'a> {
    pub(super) locale: Locale,
    /// Conditions in words, by their source.
    pub(super) conditions: &'a BTreeMap<String, String>,
    /// The parameters that conditions name.
    pub(super) parameters: &'a Parameters,
    /// Documents that are waited for.
    pub(super) waits: &'a [Subdocument],
}

impl Words<'_> {
    fn condition(&self, when: &Expression) -> String {
        match self.conditions.get(when.source()) {
            Some(words) => words.clone(),
            None => as_written(when, self.parameters, self.locale),
        }
    }

    fn say(&self, key: &str, args: &[(&'static str, String)]) -> String {
        let args: BTreeMap<&'static str, String> = args.iter().cloned().collect();
        message(self.locale, key, &args)
    }

    pub(super) fn when(&self, when: &Expression) -> String {
        self.say("diagram-when", &[("condition", self.condition(when))])
    }

    /// What a stage asks, how many must agree, and until when.
    pub(super) fn of_stage(&self, stage: &Stage) -> Vec<String> {
        let kind = self.say(
            match stage.kind {
                StageKind::Approve if stage.is_review => "diagram-review",
                StageKind::Approve => "diagram-approve",
                StageKind::Sign => "diagram-sign",
                StageKind::Acknowledge => "diagram-acknowledge",
            },
            &[],
        );
        let due = stage.timing.due.as_ref().map(|due| self.due(due));
        let first = match due {
            Some(due) => format!("{kind} · {due}"),
            None => kind,
        };
        vec![first, self.quorum(stage)]
    }

    fn due(&self, due: &Due) -> String {
        match due {
            Due::After(span) => self.say("diagram-due", &[("due", self.span(*span))]),
            Due::By {
                field,
                before: None,
            } => self.say("diagram-due-by", &[("field", field.clone())]),
            Due::By {
                field,
                before: Some(span),
            } => {
                let args = [("field", field.clone()), ("span", self.span(*span))];
                self.say("diagram-due-before", &args)
            }
        }
    }

    /// `2 working days`, in short.
    fn span(&self, span: Span) -> String {
        let written = span.to_string();
        let count = written.trim_end_matches(|c: char| c.is_ascii_alphabetic());
        let unit = match span.unit() {
            Unit::WorkingDays => "diagram-unit-bd",
            Unit::WorkingHours => "diagram-unit-bh",
            Unit::Days => "diagram-unit-d",
            Unit::Hours => "diagram-unit-h",
            Unit::Minutes => "diagram-unit-m",
            Unit::Seconds => "diagram-unit-s",
        };
        self.say(unit, &[("count", count.to_owned())])
    }

    fn quorum(&self, stage: &Stage) -> String {
        if !stage.quorum_cases.is_empty() {
            return self.say("diagram-quorum-varies", &[]);
        }
        let count = |key: &str, count: u32| self.say(key, &[("count", count.to_string())]);
        match stage.quorum {
            Quorum::All => self.say("diagram-quorum-all", &[]),
            Quorum::Any => self.say("diagram-quorum-any", &[]),
            Quorum::Count(needed) => count("diagram-quorum-count", needed),
            Quorum::Percent { percent, .. } => count("diagram-quorum-percent", percent),
            Quorum::Weight(weight) => count("diagram-quorum-weight", weight),
            Quorum::EachGroup(each) => count("diagram-quorum-each", each),
        }
    }

    pub(super) fn of_automatic(&self, automatic: &Automatic) -> Vec<String> {
        let mut all = vec![self.say("diagram-automatic", &[])];
        all.extend(automatic.route.iter().filter_map(|arm| {
            let to = arm.goto.clone()?;
            let condition = self.condition(&arm.when);
            Some(self.say("diagram-way", &[("to", to), ("condition", condition)]))
        }));
        all
    }

    /// The documents that are waited for before a step.
    pub(super) fn of_waits(&self, step: &str) -> Vec<String> {
        let own = self.waits.iter().filter(|one| one.before == step);
        let said = own.map(|one| {
            let (key, count) = match one.join {
                Join::All => ("diagram-waits-all", 1),
                Join::Any => ("diagram-waits-any", 1),
                Join::Count(count) => ("diagram-waits-count", count),
            };
            let kind = one.kind_title.get(self.locale).unwrap_or(&one.kind);
            let kind = kind.to_owned();
            let first = self.say(key, &[("kind", kind), ("count", count.to_string())]);
            match &one.when {
                Some(when) => format!("{first} · {}", self.when(when)),
                None => first,
            }
        });
        said.collect()
    }

    pub(super) fn join(&self, join: Join, branches: usize) -> String {
        match join {
            Join::All => self.say("diagram-join-all", &[]),
            Join::Any => self.say("diagram-join-any", &[]),
            Join::Count(count) => self.say(
                "diagram-join-count",
                &[
                    ("count", count.to_string()),
                    ("branches", branches.to_string()),
                ],
            ),
        }
    }

    pub(super) fn standing(&self, standing: Standing) -> String {
        self.say(&format!("diagram-standing-{}", standing.code()), &[])
    }
}

/// The drawing in words, for whoever does not see it.
pub(super) fn described(definition: &Definition, drawing: &Drawing, words: &Words<'_>) -> String {
    let steps = definition.nodes().iter();
    let steps: Vec<String> = steps.map(|node| step(node, drawing, words)).collect();
    steps.join(" → ")
}

fn step(node: &Node, drawing: &Drawing, words: &Words<'_>) -> String {
    let title = node.title().get(words.locale).unwrap_or(node.id());
    let mut said = title.to_owned();
    for wait in words.of_waits(node.id()) {
        said = format!("{wait} → {said}");
    }
    let children = node.children().iter();
    let children: Vec<String> = children.map(|child| step(child, drawing, words)).collect();
    match node {
        Node::Parallel(_) => said = format!("{said}: [{}]", children.join(" | ")),
        Node::Sequence(_) => said = format!("{said}: ({})", children.join(" → ")),
        Node::Stage(_) | Node::Automatic(_) => {}
    }
    if let Some(standing) = drawing.standings.get(node.path()) {
        said = format!("{said} – {}", words.standing(*standing));
    }
    if let Some(when) = node.when() {
        said = format!("{said} ({})", words.when(when));
    }
    said
}
