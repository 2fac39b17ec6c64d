//! When the tasks of a stage are due: so long after they open, or by a date of the card.

use std::fmt;

use chancery_types::FieldType;

use super::timing_read::Clock;
use crate::calendar::Calendar;
use crate::diagnostic::{Diagnostic, Position};
use crate::kind::{Kind, type_name};
use crate::read::{self, Findings};
use crate::span::Span;
use crate::yaml::Node;

/// When a task is due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Due {
    /// So long after it opened.
    After(Span),
    /// When the working time of a date of the card ends, or so long before.
    By {
        /// The field, a date that every card has.
        field: String,
        /// How long before: working days or working hours.
        before: Option<Span>,
    },
}

impl Due {
    /// The span that is written in it, if there is one.
    #[must_use]
    pub const fn span(&self) -> Option<Span> {
        match self {
            Self::After(span) => Some(*span),
            Self::By { before, .. } => *before,
        }
    }

    /// The field of the card that it hangs on, if it does.
    #[must_use]
    pub fn field(&self) -> Option<&str> {
        match self {
            Self::After(_) => None,
            Self::By { field, .. } => Some(field),
        }
    }
}

impl fmt::Display for Due {
    /// As files write it: `2bd`, `doc.due_date - bd(1)`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::After(span) => span.fmt(f),
            Self::By {
                field,
                before: None,
            } => write!(f, "doc.{field}"),
            Self::By {
                field,
                before: Some(span),
            } => {
                let written = span.to_string();
                let count = written.trim_end_matches(|c: char| c.is_ascii_alphabetic());
                let unit = written.trim_start_matches(|c: char| c.is_ascii_digit());
                write!(f, "doc.{field} - {unit}({count})")
            }
        }
    }
}

/// Reads `due` of a stage or of `defaults`: a span, or `doc.due_date - bd(1)`.
pub(super) fn read_due(
    node: &Node,
    kind: &Kind,
    clock: Clock<'_>,
    findings: &mut Findings,
) -> Option<Due> {
    let written = read::text(node, findings)?;
    if !written.starts_with("doc.") {
        return clock.read_span(node, findings).map(Due::After);
    }
    let mut refuse = |code, key| {
        findings.push(Diagnostic::error(code, key, node.at).arg("text", written));
        None
    };
    let Some((name, before)) = parts(written) else {
        return refuse("W405", "bad-due");
    };
    match clock {
        Clock::Stopped => return refuse("W401", "calendar-later"),
        Clock::Running { is_named, .. } if !is_named => return refuse("W401", "calendar-missing"),
        Clock::Running { .. } => {}
    }
    check_field(name, kind, node.at, findings)?;
    Some(Due::By {
        field: name.to_owned(),
        before,
    })
}

/// The field's name and the span before it.
fn parts(written: &str) -> Option<(&str, Option<Span>)> {
    let (date, before) = match written.split_once('-') {
        Some((date, before)) => (date, Some(before.trim())),
        None => (written, None),
    };
    let name = date.trim().strip_prefix("doc.")?;
    let Some(call) = before else {
        return Some((name, None));
    };
    let (unit, rest) = call.split_once('(')?;
    let count = rest.strip_suffix(')')?.trim();
    let unit = unit.trim();
    if !matches!(unit, "bd" | "bh") {
        return None;
    }
    Some((name, Some(Span::parse(&format!("{count}{unit}"))?)))
}

/// A date, and there: a task whose date is not known would never be due.
fn check_field(name: &str, kind: &Kind, at: Position, findings: &mut Findings) -> Option<()> {
    let Some(field) = kind.field(name) else {
        let names = kind.fields().iter().map(|field| field.name.as_str());
        let finding = Diagnostic::error("W203", "unknown-field", at).arg("name", name);
        findings.push(finding.arg("kind", kind.id()).suggest(name, names));
        return None;
    };
    if field.field_type != FieldType::Date {
        let finding = Diagnostic::error("W204", "type-mismatch", at).arg("expected", "date");
        findings.push(finding.arg("found", type_name(field.field_type)));
        return None;
    }
    if !field.required {
        findings.push(Diagnostic::error("W206", "optional-due", at).arg("name", name));
        return None;
    }
    Some(())
}

/// The moment by which a task is due that is due by `date`: its working time, counted from any
/// moment before, is over then. Before it if so much working time is to be left.
pub(crate) fn deadline(
    calendar: &Calendar,
    date: jiff::civil::Date,
    before: Option<Span>,
) -> Option<chancery_types::Instant> {
    let ends = calendar.ends(date)?;
    Some(before.map_or(ends, |span| calendar.before(ends, span.budget())))
}
