//! Journals in which effects enter documents: `journals` of `workflows/vocabulary.yaml`.

use std::collections::BTreeMap;

use chancery_types::{Locale, Localized};

use crate::diagnostic::{Diagnostic, Position};
use crate::kind::{Numbering, read_pattern_of};
use crate::read::{self, Fields, Findings, Keys};
use crate::yaml::Node;

/// A journal of its own: a document gets a number in it beside its registration number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Journal {
    title: Localized,
    numbering: Numbering,
}

impl Journal {
    /// What people read; its identifier where it has no title in `locale`.
    #[must_use]
    pub fn title(&self, locale: Locale) -> &str {
        let title = self.title.get(locale);
        title.unwrap_or_else(|| self.numbering.journal())
    }

    /// How its numbers look.
    #[must_use]
    pub const fn numbering(&self) -> &Numbering {
        &self.numbering
    }
}

/// The journals by their identifiers.
pub(super) fn read_journals(node: &Node, findings: &mut Findings) -> BTreeMap<String, Journal> {
    const KEYS: Keys = Keys {
        known: &["title", "pattern"],
        later: &[],
    };
    let mut journals = BTreeMap::<String, Journal>::new();
    let names = Fields::open_any(node, findings);
    for (key, value) in names.iter().flat_map(Fields::pairs) {
        if !read::is_id(&key.name) {
            findings.push(Diagnostic::error("W101", "bad-id", key.at).arg("id", &key.name));
            continue;
        }
        let Some(fields) = Fields::open(value, KEYS, findings) else {
            continue;
        };
        let title = fields.require("title", findings);
        let title = title.and_then(|node| read::localized(node, findings));
        let pattern = fields.require("pattern", findings);
        let numbering = pattern.and_then(|node| read_pattern_of(key.name.clone(), node, findings));
        let Some((title, numbering)) = title.zip(numbering) else {
            continue;
        };
        let twin = journals
            .values()
            .find(|other| other.numbering.looks_like(&numbering));
        if let Some(twin) = twin {
            let finding = Diagnostic::error("W103", "numbers-collide", numbering.at());
            findings.push(finding.arg("journal", twin.numbering.journal()));
        }
        journals.insert(key.name.clone(), Journal { title, numbering });
    }
    journals
}

/// What is wrong with a kind that numbers in one of `journals`, or as one of them does. Two counts
/// in one journal would leave gaps in each, and two journals of the same numbers could not be told
/// apart. `at` is where the kind names its journal, and its pattern.
pub(crate) fn report_shared(
    journals: &BTreeMap<String, Journal>,
    numbering: &Numbering,
    at: (Position, Position),
    findings: &mut Findings,
) {
    for (name, journal) in journals {
        if *name == numbering.journal() {
            let finding = Diagnostic::error("W103", "journal-of-effects", at.0);
            findings.push(finding.arg("journal", name));
        } else if journal.numbering.looks_like(numbering) {
            let finding = Diagnostic::error("W103", "numbers-collide", at.1);
            findings.push(finding.arg("journal", name));
        }
    }
}
