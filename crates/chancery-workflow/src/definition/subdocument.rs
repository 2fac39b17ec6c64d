//! Documents that belong to this one and whose completion its run waits for.

use std::collections::{BTreeMap, BTreeSet};

use chancery_types::Localized;

use super::{Definition, Join};
use crate::diagnostic::{Diagnostic, Position};
use crate::expression::Expression;

/// One entry of `subdocuments`: what is waited for, and before which step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subdocument {
    /// Its name in the file.
    pub name: String,
    /// The kind of the documents.
    pub kind: String,
    /// The title of the kind, as it was when the file was read.
    pub kind_title: Localized,
    /// The identifier of the step of the top level before which the run waits.
    pub before: String,
    /// How many must be completed. [`Join::All`] is every one that there is, and at least one.
    pub join: Join,
    /// What one that was rejected does.
    pub on_rejected: OnChildRejected,
    /// Whether it is waited for.
    pub when: Option<Expression>,
    /// Where its name stands in the file.
    pub at: Position,
}

/// What a document that was rejected does to the run that waits for it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OnChildRejected {
    /// The run stands still until its keepers let it go on without that document.
    #[default]
    Incident,
    /// The run ends as rejected.
    Reject,
    /// It is as if that document were not there.
    Ignore,
}

impl OnChildRejected {
    /// The word in YAML.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Incident => "incident",
            Self::Reject => "reject",
            Self::Ignore => "ignore",
        }
    }
}

/// Every entry of `subdocuments` of `definition` from which ways lead back to its own kind, over
/// whatever workflow of `others` is for the kinds on the way: documents would wait for documents
/// that wait for further ones, without an end. One of its own kind is refused when the file is
/// read.
#[must_use]
pub fn subdocument_cycles<'d>(
    definition: &Definition,
    others: impl IntoIterator<Item = &'d Definition>,
) -> Vec<Diagnostic> {
    let mut waits: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    // A file may be among the others as it was before; its own kind is what is looked for.
    let others = others.into_iter().filter(|one| one.id() != definition.id());
    for other in others {
        let kinds = other.subdocuments().iter().map(|one| one.kind.as_str());
        waits.entry(other.kind()).or_default().extend(kinds);
    }
    let comes_back = |start: &Subdocument| {
        let mut met = BTreeSet::new();
        let mut next = vec![start.kind.as_str()];
        while let Some(kind) = next.pop() {
            if kind == definition.kind() {
                return true;
            }
            if met.insert(kind) {
                next.extend(waits.get(kind).into_iter().flatten());
            }
        }
        false
    };
    let cycles = definition
        .subdocuments()
        .iter()
        .filter(|one| comes_back(one));
    cycles
        .map(|one| {
            Diagnostic::error("W601", "waits-in-a-circle", one.at)
                .arg("name", &one.name)
                .arg("kind", &one.kind)
                .arg("own", definition.kind())
        })
        .collect()
}
