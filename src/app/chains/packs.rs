//! Which kinds are offered to start documents of: those of the packs that the configuration
//! switches on. A kind that is switched off keeps its documents and their runs.

use std::collections::BTreeMap;
use std::path::Path;

use chancery_workflow::{ALL_PACKS, Diagnostic, Kind, Pack, outside_packs};

use super::seen::Seen;
use super::{Chains, ChainsError, FileFindings, read_folder};

/// The packs of a folder; none without the folder.
pub(super) fn load(
    folder: &Path,
    kinds: &BTreeMap<String, Kind>,
) -> Result<BTreeMap<String, Pack>, ChainsError> {
    let mut packs = BTreeMap::new();
    if !folder.exists() {
        return Ok(packs);
    }
    let mut findings = Vec::new();
    let mut seen = Seen::default();
    for (_, path, source) in read_folder(folder)? {
        match Pack::parse(&source, kinds) {
            Ok(pack) => {
                seen.take(pack.id(), &path)?;
                packs.insert(pack.id().to_owned(), pack);
            }
            Err(diagnostics) => findings.push(FileFindings {
                path,
                source,
                diagnostics,
            }),
        }
    }
    if findings.is_empty() {
        Ok(packs)
    } else {
        Err(ChainsError::Refused(findings))
    }
}

impl Chains {
    /// The packs, by id; none where the folder has none, and then every kind is offered.
    #[must_use]
    pub const fn packs(&self) -> &BTreeMap<String, Pack> {
        &self.packs
    }

    /// Whether the packs that are switched on are all there.
    ///
    /// # Errors
    ///
    /// [`ChainsError::UnknownPack`].
    pub fn check_switched_on(&self, on: &[String]) -> Result<(), ChainsError> {
        // Without packs there is nothing that a name could switch.
        let is_known = |name: &&String| {
            self.packs.is_empty() || *name == ALL_PACKS || self.packs.contains_key(name.as_str())
        };
        match on.iter().find(|name| !is_known(name)) {
            None => Ok(()),
            Some(name) => Err(ChainsError::UnknownPack {
                name: name.clone(),
                known: self.packs.keys().cloned().collect::<Vec<_>>().join(", "),
            }),
        }
    }

    /// The packs that are switched on by these names, by id.
    pub fn switched_on<'a>(&'a self, on: &'a [String]) -> impl Iterator<Item = &'a Pack> {
        let is_on = |id: &str| on.iter().any(|name| name == id || name == ALL_PACKS);
        self.packs.values().filter(move |pack| is_on(pack.id()))
    }

    /// Whether documents of this kind may be started: a pack that is on names it, or none does.
    #[must_use]
    pub fn offers(&self, kind: &Kind, on: &[String]) -> bool {
        let names = |pack: &Pack| pack.kinds().iter().any(|name| name == kind.id());
        self.switched_on(on).any(names) || !self.packs.values().any(names)
    }

    /// What to say of the kinds that no pack names: they cannot be switched off.
    pub fn outside_packs(&self) -> impl Iterator<Item = Diagnostic> {
        let kinds = self.kinds.values();
        kinds.filter_map(|kind| outside_packs(kind, &self.packs))
    }
}
