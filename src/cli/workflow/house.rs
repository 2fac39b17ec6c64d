//! The house of a chain: the files that it is checked against.

use std::collections::BTreeMap;
use std::path::Path;

use chancery_workflow::{BrokenFiles, Calendar, Kind, Means, Pack, Vocabulary};

use super::Checked;
use crate::app::chains::{ChainsError, Known, load_parameters, means, read, read_folder};

/// What chains are checked against.
pub(super) struct House {
    pub(super) vocabulary: Vocabulary,
    pub(super) kinds: BTreeMap<String, Kind>,
    pub(super) calendars: BTreeMap<String, Calendar>,
    pub(super) packs: BTreeMap<String, Pack>,
    pub(super) means: Means,
}

impl House {
    pub(super) const fn files(&self) -> chancery_workflow::House<'_> {
        chancery_workflow::House {
            kinds: &self.kinds,
            vocabulary: &self.vocabulary,
            calendars: &self.calendars,
        }
    }
}

/// A house, as far as it can be read.
pub(super) struct Loaded {
    pub(super) house: House,
    /// What is wrong with its kinds and calendars.
    pub(super) broken: Vec<Checked>,
    /// The same files, for what follows from them.
    pub(super) files: BrokenFiles,
}

/// The vocabulary, the kinds and the calendars, or the first of their files that is refused.
pub(super) fn load_house(
    root: &Path,
    known: &Known,
) -> Result<Result<House, Checked>, ChainsError> {
    let loaded = load_as_far(root, known)?;
    Ok(
        loaded.and_then(|loaded| match loaded.broken.into_iter().next() {
            Some(broken) => Err(broken),
            None => Ok(loaded.house),
        }),
    )
}

/// As [`load_house`], but beside kinds and calendars that are refused everything else; of such a
/// kind what could be read of it. Without a vocabulary nothing can be.
pub(super) fn load_as_far(
    root: &Path,
    known: &Known,
) -> Result<Result<Loaded, Checked>, ChainsError> {
    let path = root.join("vocabulary.yaml");
    let source = read(&path)?;
    let vocabulary = match Vocabulary::parse(&source) {
        Ok(vocabulary) => vocabulary,
        Err(findings) => {
            return Ok(Err(Checked::of(&path, source, findings)));
        }
    };
    let vocabulary = match load_parameters(root) {
        Ok(parameters) => vocabulary.with_parameters(parameters),
        Err(ChainsError::Refused(mut files)) if !files.is_empty() => {
            let file = files.swap_remove(0);
            return Ok(Err(Checked::of(&file.path, file.source, file.diagnostics)));
        }
        Err(other) => return Err(other),
    };
    let mut broken = Vec::new();
    let mut files = BrokenFiles::default();
    let mut kinds = BTreeMap::new();
    for (name, path, source) in read_folder(&root.join("kinds"))? {
        let (kind, findings) = Kind::parse_as_far(&source, &vocabulary);
        if !findings.is_empty() {
            files.add_kind(&name, &source, kind.as_ref());
            broken.push(Checked::of(&path, source, findings));
        }
        kinds.extend(kind.map(|kind| (kind.id().to_owned(), kind)));
    }
    let calendars = load_calendars(root, &mut broken, &mut files)?;
    let packs = load_packs(root, &kinds)?;
    let house = House {
        means: means(&vocabulary, known),
        vocabulary,
        kinds,
        calendars,
        packs,
    };
    Ok(Ok(Loaded {
        house,
        broken,
        files,
    }))
}

/// The calendars that can be read; the others become `broken`.
fn load_calendars(
    root: &Path,
    broken: &mut Vec<Checked>,
    files: &mut BrokenFiles,
) -> Result<BTreeMap<String, Calendar>, ChainsError> {
    let folder = root.join("calendars");
    let mut calendars = BTreeMap::new();
    if !folder.exists() {
        return Ok(calendars);
    }
    for (name, path, source) in read_folder(&folder)? {
        match Calendar::parse(&source) {
            Ok(calendar) => {
                calendars.insert(calendar.id().to_owned(), calendar);
            }
            Err(findings) => {
                files.add_calendar(&name);
                broken.push(Checked::of(&path, source, findings));
            }
        }
    }
    Ok(calendars)
}

/// The packs that can be read: what is wrong with another one is no matter of a chain, and is told
/// of its own file.
fn load_packs(
    root: &Path,
    kinds: &BTreeMap<String, Kind>,
) -> Result<BTreeMap<String, Pack>, ChainsError> {
    let folder = root.join("packs");
    if !folder.exists() {
        return Ok(BTreeMap::new());
    }
    let sources = read_folder(&folder)?.into_iter();
    let packs = sources.filter_map(|(_, _, source)| Pack::parse(&source, kinds).ok());
    Ok(packs.map(|pack| (pack.id().to_owned(), pack)).collect())
}
