//! A workflow beside files that are refused: what is wrong with it itself is told all the same, and
//! what only follows from those files is not.

use std::collections::BTreeMap;

use crate::diagnostic::{Diagnostic, Position, Severity};
use crate::kind::{Field, Kind};
use crate::read;

/// The kinds and calendars of a house whose files are refused.
#[derive(Clone, Debug, Default)]
pub struct BrokenFiles {
    /// By identifier: the text, and what of it could be read.
    kinds: BTreeMap<String, (String, Option<Kind>)>,
    /// By the name of the file.
    calendars: Vec<String>,
}

impl BrokenFiles {
    /// Adds a kind; `name` is that of its file, for one whose identifier could not be read.
    pub fn add_kind(&mut self, name: &str, source: &str, read: Option<&Kind>) {
        let id = read.map_or(name, Kind::id);
        let kept = (source.to_owned(), read.cloned());
        self.kinds.insert(id.to_owned(), kept);
    }

    /// Adds a calendar by the name of its file.
    pub fn add_calendar(&mut self, name: &str) {
        self.calendars.push(name.to_owned());
    }

    /// What is left of the findings of a workflow without what follows from these files. Where an
    /// error did follow and none is left, one says that the file is not checked to its end, with
    /// the name of what it waits for.
    #[must_use]
    pub fn own(&self, findings: Vec<Diagnostic>) -> Vec<Diagnostic> {
        let is_error = |finding: &&Diagnostic| finding.severity == Severity::Error;
        let is_lost = |finding: &Diagnostic| {
            finding.key == "unknown-calendar" && self.cause(finding).is_some()
        };
        let lost = findings.iter().find(|finding| is_lost(finding));
        let lost = lost.and_then(|finding| self.cause(finding));
        let mut own = Vec::new();
        let mut left = None;
        for finding in findings {
            // Whoever waits working time in an example misses the calendar too.
            let needs_calendar = finding.key == "test-needs-calendar";
            let also = lost.clone().filter(|_| needs_calendar);
            match self.cause(&finding).or(also) {
                Some(name) if is_error(&&finding) => left = left.or(Some((name, finding))),
                Some(_) => {}
                None => own.push(finding),
            }
        }
        if let Some((name, first)) = left.filter(|_| !own.iter().any(|one| is_error(&one))) {
            let at = Position {
                line: first.line,
                column: first.column,
                length: first.length,
            };
            own.push(Diagnostic::error("W201", "beside-broken", at).arg("name", name));
        }
        own
    }

    /// The kind or calendar whose file may be why this is said.
    fn cause(&self, finding: &Diagnostic) -> Option<String> {
        let name = finding.args.get("name")?;
        match finding.key {
            "unknown-kind" if self.kinds.contains_key(name) => return Some(name.clone()),
            "unknown-calendar" if self.calendars.contains(name) => return Some(name.clone()),
            _ => {}
        }
        let mut kinds = self.kinds.iter();
        let (id, _) = kinds.find(|(_, (source, kind))| {
            let field = kind.as_ref().and_then(|kind| kind.field(name));
            match finding.key {
                "no-such-choice" => field.is_some_and(takes_nothing),
                _ => field.is_none() && is_named(source, name),
            }
        })?;
        Some(id.clone())
    }
}

/// Whether a field has no values because what it may have could not be read.
const fn takes_nothing(field: &Field) -> bool {
    field.choices.is_empty() && field.currencies.is_empty()
}

/// Whether a text has this identifier as a word of its own.
fn is_named(source: &str, name: &str) -> bool {
    let is_letter = |letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '-');
    read::is_id(name)
        && source
            .split(|letter| !is_letter(letter))
            .any(|word| word == name)
}
