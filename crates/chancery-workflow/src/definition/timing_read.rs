//! Reading `due`, `remind`, `escalate` and `on_timeout` of a stage.

use super::due::read_due;
use super::resolver::Resolvers;
use super::timing::{Action, OnTimeout, Reminder, Repeat, Rung, Successor, Timing};
use crate::calendar::Calendar;
use crate::diagnostic::Diagnostic;
use crate::kind::Kind;
use crate::parameter::{self, ParameterValue, Parameters};
use crate::read::{self, Fields, Findings, Keys};
use crate::span::Span;
use crate::yaml::{Node, Value};

/// The most reminders of one task, and the most rungs of one stage.
const REMINDERS_MAX: i64 = 20;

/// What a file may say of time.
#[derive(Clone, Copy)]
pub(super) enum Clock<'a> {
    /// Whoever reads it runs no timers: a plain `due` is shown, and nothing else is accepted.
    Stopped,
    /// Timers run.
    Running {
        /// The calendar that the file names, if it is known.
        calendar: Option<&'a Calendar>,
        /// Whether it names one: that it is unknown was said.
        is_named: bool,
        /// What `param('name')` stands for.
        parameters: &'a Parameters,
    },
}

impl<'a> Clock<'a> {
    pub(super) const fn calendar(self) -> Option<&'a Calendar> {
        match self {
            Self::Stopped => None,
            Self::Running { calendar, .. } => calendar,
        }
    }
}

impl Clock<'_> {
    /// Refuses keys that only timers carry out.
    pub(super) fn refuse_keys(self, fields: &Fields<'_>, keys: &[&str], findings: &mut Findings) {
        if matches!(self, Self::Running { .. }) {
            return;
        }
        for (key, _) in fields.pairs() {
            if keys.contains(&key.name.as_str()) {
                findings.push(Diagnostic::error("W010", "later-key", key.at).arg("key", &key.name));
            }
        }
    }

    /// A span: `2d`, `4h`, `30m`, where there is a calendar `2bd`, `4bh`; or a parameter of the
    /// house that is one.
    pub(super) fn read_span(self, node: &Node, findings: &mut Findings) -> Option<Span> {
        let written = read::text(node, findings)?;
        let found = match (parameter::named(written), self) {
            (Some(name), Clock::Running { parameters, .. }) => {
                Some(named_span(parameters, name, node, findings)?)
            }
            _ => Span::parse(written),
        };
        let mut refuse = |code, key| {
            findings.push(Diagnostic::error(code, key, node.at).arg("text", written));
            None
        };
        let Some(span) = found else {
            // `P1D` of ISO 8601 is read as a day of 24 hours by some and of 8 by others.
            return if written.starts_with(['P', 'p']) && written.ends_with(is_iso_unit) {
                refuse("W405", "iso-span")
            } else {
                refuse("W405", "bad-span")
            };
        };
        if span.budget().measure.is_working() {
            match self {
                Clock::Stopped => return refuse("W401", "calendar-later"),
                Clock::Running { is_named, .. } if !is_named => {
                    return refuse("W401", "calendar-missing");
                }
                Clock::Running { .. } => {}
            }
        }
        Some(span)
    }
}

/// The span that a parameter stands for; what is wrong is said at `node`.
pub(super) fn named_span(
    parameters: &Parameters,
    name: &str,
    node: &Node,
    findings: &mut Findings,
) -> Option<Span> {
    let value = parameter::find(parameters, name, node, findings)?.value();
    if let ParameterValue::Span(span) = value {
        return Some(*span);
    }
    let finding = Diagnostic::error("W204", "parameter-of-other-type", node.at).arg("name", name);
    findings.push(
        finding
            .arg("expected", "span")
            .arg("found", value.type_name()),
    );
    None
}

fn is_iso_unit(c: char) -> bool {
    matches!(c.to_ascii_uppercase(), 'D' | 'H' | 'M' | 'S' | 'W' | 'Y')
}

/// The nodes that a stage's timing is read from: its own, or those of `defaults`.
#[derive(Clone, Copy, Default)]
pub(super) struct TimingNodes<'n> {
    pub(super) due: Option<&'n Node>,
    pub(super) remind: Option<&'n Node>,
    pub(super) escalate: Option<&'n Node>,
    pub(super) on_timeout: Option<&'n Node>,
}

pub(super) fn read_timing(
    nodes: TimingNodes<'_>,
    (kind, has_due): (&Kind, bool),
    clock: Clock<'_>,
    resolvers: &mut Resolvers<'_>,
    findings: &mut Findings,
) -> Timing {
    let due = nodes
        .due
        .and_then(|node| read_due(node, kind, clock, findings));
    if !has_due {
        for node in nodes.escalate.into_iter().chain(nodes.on_timeout) {
            findings.push(Diagnostic::error("W404", "timeout-without-due", node.at));
        }
    }
    if matches!(clock, Clock::Stopped) {
        // What else is there was refused by its key.
        return Timing {
            due,
            ..Timing::default()
        };
    }
    let reminders = nodes
        .remind
        .map(|node| read_reminders(node, has_due, clock, findings))
        .unwrap_or_default();
    let escalation = nodes
        .escalate
        .map(|node| read_rungs(node, clock, resolvers, findings))
        .unwrap_or_default();
    let on_timeout = nodes
        .on_timeout
        .and_then(|node| read_on_timeout(node, clock, resolvers, findings));
    Timing {
        due,
        reminders,
        escalation,
        on_timeout,
        hold_max: None,
    }
}

/// `[{ before: 4bh }, { after: 1bd, every: 1bd, max: 3 }]`.
pub(super) fn read_reminders(
    node: &Node,
    has_due: bool,
    clock: Clock<'_>,
    findings: &mut Findings,
) -> Vec<Reminder> {
    const KEYS: Keys = Keys {
        known: &["before", "after", "every", "max"],
        later: &[],
    };
    let nodes = read::list(node, findings).unwrap_or_default();
    let mut reminders = Vec::new();
    let mut count = 0;
    for node in nodes {
        let Some(fields) = Fields::open(node, KEYS, findings) else {
            continue;
        };
        if let Some(before) = fields.get("before") {
            if fields.pairs().len() > 1 {
                findings.push(Diagnostic::error("W404", "before-alone", node.at));
            }
            if !has_due {
                findings.push(Diagnostic::error("W404", "before-without-due", before.at));
            }
            count += 1;
            reminders.extend(clock.read_span(before, findings).map(Reminder::Before));
            continue;
        }
        let after = fields
            .require("after", findings)
            .and_then(|node| clock.read_span(node, findings));
        let repeat = read_repeat(&fields, clock, findings);
        count += repeat.map_or(1, |repeat| i64::from(repeat.times_max));
        reminders.extend(after.map(|after| Reminder::After { after, repeat }));
    }
    if count > REMINDERS_MAX {
        let finding = Diagnostic::error("W404", "reminders-too-many", node.at);
        findings.push(finding.arg("max", REMINDERS_MAX));
    }
    reminders
}

/// `every` and `max`, both or neither.
fn read_repeat(fields: &Fields<'_>, clock: Clock<'_>, findings: &mut Findings) -> Option<Repeat> {
    if fields.get("every").is_none() && fields.get("max").is_none() {
        return None;
    }
    let every = fields
        .require("every", findings)
        .and_then(|node| clock.read_span(node, findings));
    let times = fields
        .require("max", findings)
        .and_then(|node| read::whole(node, 1..=REMINDERS_MAX, findings));
    Some(Repeat {
        every: every?,
        times_max: u32::try_from(times?).ok()?,
    })
}

/// `[{ after: 1bd, add: […] }, { after: 3bd, replace: […] }]`.
fn read_rungs(
    node: &Node,
    clock: Clock<'_>,
    resolvers: &mut Resolvers<'_>,
    findings: &mut Findings,
) -> Vec<Rung> {
    const KEYS: Keys = Keys {
        known: &["after", "add", "replace"],
        later: &["notify"],
    };
    let nodes = read::list(node, findings).unwrap_or_default();
    if nodes.is_empty() || i64::try_from(nodes.len()).unwrap_or(i64::MAX) > REMINDERS_MAX {
        findings.push(Diagnostic::error("W006", "too-many", node.at).arg("max", REMINDERS_MAX));
        return Vec::new();
    }
    let mut rungs = Vec::new();
    for node in nodes {
        let Some(fields) = Fields::open(node, KEYS, findings) else {
            continue;
        };
        let after = fields
            .require("after", findings)
            .and_then(|node| clock.read_span(node, findings));
        let (action, to) = match (fields.get("add"), fields.get("replace")) {
            (Some(to), None) => (Action::Add, to),
            (None, Some(to)) => (Action::Replace, to),
            _ => {
                findings.push(Diagnostic::error("W006", "one-rung", node.at));
                continue;
            }
        };
        let to = read_successors(to, false, resolvers, findings);
        rungs.extend(after.map(|after| Rung { after, action, to }));
    }
    rungs
}

/// `{ escalate: { to: […] } }`, or `{ notify: […] }`, perhaps with `repeat: { every, max }` and
/// `then: { finish: expired }`.
fn read_on_timeout(
    node: &Node,
    clock: Clock<'_>,
    resolvers: &mut Resolvers<'_>,
    findings: &mut Findings,
) -> Option<OnTimeout> {
    const KEYS: Keys = Keys {
        known: &["escalate", "notify", "repeat", "then", "auto_approve"],
        later: &[],
    };
    const ESCALATE: Keys = Keys {
        known: &["to"],
        later: &[],
    };
    const REPEAT: Keys = Keys {
        known: &["every", "max"],
        later: &[],
    };
    const THEN: Keys = Keys {
        known: &["finish"],
        later: &[],
    };
    if let Value::Scalar(scalar) = &node.value
        && scalar.text == "auto_approve"
    {
        findings.push(Diagnostic::error("W406", "auto-approve", node.at));
        return None;
    }
    let fields = Fields::open(node, KEYS, findings)?;
    if fields.get("auto_approve").is_some() {
        let at = fields.key_at("auto_approve");
        findings.push(Diagnostic::error("W406", "auto-approve", at));
        return None;
    }
    match (fields.get("escalate"), fields.get("notify")) {
        (Some(node), None) if fields.pairs().len() == 1 => {
            let to = Fields::open(node, ESCALATE, findings)?.require("to", findings)?;
            let to = read_successors(to, false, resolvers, findings);
            Some(OnTimeout::Escalate(to))
        }
        (None, Some(whom)) => {
            let whom = read_successors(whom, true, resolvers, findings);
            let repeat = fields
                .get("repeat")
                .and_then(|node| Fields::open(node, REPEAT, findings))
                .and_then(|fields| read_repeat(&fields, clock, findings));
            let finish = fields
                .get("then")
                .and_then(|node| Fields::open(node, THEN, findings))
                .and_then(|fields| fields.require("finish", findings))
                .and_then(|node| read::word(node, &["expired"], findings));
            Some(OnTimeout::Notify {
                whom,
                repeat,
                then_expires: finish.is_some(),
            })
        }
        _ => {
            findings.push(Diagnostic::error("W006", "one-on-timeout", node.at));
            None
        }
    }
}

/// Who is told, or takes a task over: participants, resolvers, `{ manager_of: assignee }`; to be
/// told also `initiator`.
fn read_successors(
    node: &Node,
    is_told: bool,
    resolvers: &mut Resolvers<'_>,
    findings: &mut Findings,
) -> Vec<Successor> {
    let nodes = read::list(node, findings).unwrap_or_default();
    if nodes.is_empty() {
        findings.push(Diagnostic::error("W006", "expected-some", node.at));
    }
    let mut found = Vec::new();
    for node in nodes {
        let successor = match &node.value {
            Value::Scalar(scalar) if is_told && scalar.text == "initiator" => {
                Some(Successor::Initiator)
            }
            Value::Map(pairs) if is_manager_of_assignee(pairs) => {
                Some(Successor::ManagerOfAssignee)
            }
            _ => resolvers.read_one(node, findings).map(Successor::Resolver),
        };
        if let Some(Successor::Resolver(super::Resolver::Contact(_))) = &successor {
            findings.push(Diagnostic::error("W121", "contact-needs-link", node.at));
            continue;
        }
        found.extend(successor);
    }
    found
}

fn is_manager_of_assignee(pairs: &[(crate::yaml::Key, Node)]) -> bool {
    let [(key, value)] = pairs else {
        return false;
    };
    let assignee = matches!(&value.value, Value::Scalar(to) if to.text == "assignee");
    key.name == "manager_of" && assignee
}
