//! A workflow's text that an organisation keeps in place of the file: read with the same house.

use std::collections::BTreeMap;
use std::sync::{Arc, MutexGuard, PoisonError};

use chancery_types::Digest;
use chancery_workflow::{Definition, Diagnostic, House, Position, subdocument_cycles};

use super::{Chain, Chains, PARSED_MAX, pin};

impl Chains {
    /// The workflow `id` by the text of an edition, with what a run of it is pinned to.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with the text; another identifier or another kind than the file
    /// has; a circle of waits.
    pub fn read_edition(&self, id: &str, source: &str) -> Result<Chain, Vec<Diagnostic>> {
        let house = House {
            kinds: &self.kinds,
            vocabulary: &self.vocabulary,
            calendars: &self.calendars,
        };
        let definition = Definition::parse_with(source, &house, &self.means())?;
        let mut another = self.another(id, &definition);
        let others = self.chains.values().map(|chain| chain.definition.as_ref());
        another.extend(subdocument_cycles(&definition, others));
        if another.is_empty() {
            Ok(pin(definition, source.to_owned(), &self.sources))
        } else {
            Err(another)
        }
    }

    /// The same of one that was published, which stays in memory.
    ///
    /// # Errors
    ///
    /// As [`Chains::read_edition`]: the house is another since it was published.
    pub(crate) fn read_published(&self, id: &str, source: &str) -> Result<Chain, Vec<Diagnostic>> {
        let digest = Digest::of(source.as_bytes());
        let known = self.editions().get(&digest).cloned();
        if let Some(known) = known.filter(|known| known.definition.id() == id) {
            return Ok(known);
        }
        let chain = self.read_edition(id, source)?;
        let mut cache = self.editions();
        if cache.len() >= PARSED_MAX {
            cache.clear();
        }
        cache.insert(digest, chain.clone());
        Ok(chain)
    }

    fn editions(&self) -> MutexGuard<'_, BTreeMap<Digest, Chain>> {
        self.editions.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What makes it another workflow than the file's: kinds go by it, and runs are found by it.
    fn another(&self, id: &str, definition: &Definition) -> Vec<Diagnostic> {
        let mut found = Vec::new();
        if definition.id() != id {
            let at = place_of(definition.source(), "id");
            found.push(Diagnostic::error("W101", "edition-of-another", at).arg("id", id));
        }
        let kind = self.chains.get(id).map(|chain| chain.definition.kind());
        if let Some(kind) = kind.filter(|kind| definition.kind() != *kind) {
            let at = place_of(definition.source(), "kind");
            found.push(Diagnostic::error("W101", "edition-of-another-kind", at).arg("kind", kind));
        }
        found
    }

    /// The definition with this digest among the editions in memory.
    pub(super) fn known_edition(&self, digest: &str) -> Option<Arc<Definition>> {
        let cache = self.editions();
        let found = cache.values().find(|chain| chain.digest == digest);
        found.map(|chain| Arc::clone(&chain.definition))
    }
}

/// Where a key of the file's outermost level stands; the first line if it is written otherwise.
fn place_of(source: &str, key: &str) -> Position {
    let line = source.lines().position(|line| {
        let rest = line.strip_prefix(key).map(str::trim_start);
        rest.is_some_and(|rest| rest.starts_with(':'))
    });
    let line = line.unwrap_or(0).saturating_add(1);
    Position {
        line: u32::try_from(line).unwrap_or(u32::MAX),
        column: 1,
        length: u32::try_from(key.len()).unwrap_or(1),
    }
}
