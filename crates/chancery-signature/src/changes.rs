//! What a revision changed, by a strict rule: what is not shown to be harmless is unexplained.
//!
//! Both revisions are opened as files of their own, cut at their ends, and every object that the
//! later one writes must be explained by the place it has: a signature field with its widget and
//! appearance, a filled field, the form's list of fields, a page's list of annotations, the
//! evidence store, the metadata. An object that has a second place is not explained by its first.

use std::collections::{BTreeSet, HashMap};

use chancery_pdf::reader::Place;
use chancery_pdf::{Limits, Object, ObjectId, Pdf, PdfError, Revision};

use crate::bytes_accounted::{Hidden, hidden_bytes};
use crate::changes_walk::{Keys, Surroundings, references, same_dictionary, same_value};
use crate::facts::{Change, RevisionChanges};

/// Most changes listed for one revision.
const CHANGES_MAX: usize = 100;
/// What a stream needs to be decoded, and nothing more.
const BARE_KEYS: &[&[u8]] = &[b"Length", b"Filter", b"DecodeParms"];
/// Most objects that are walked to find the page of a changed one.
const PAGE_WALK_MAX: usize = 100_000;

/// How much comparing may cost.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ComparisonLimits {
    /// Most revisions that are compared.
    pub revisions_max: usize,
    /// Most of them that must be opened anew, because they do not stand in order. As many are
    /// compared whatever they cost.
    pub reopened_max: usize,
    /// Most objects that are walked for the others, over all of them: each walks its whole file.
    pub objects_max: u64,
}

/// Compares every revision of `pdf` after the one at `first` with the one before it.
pub(crate) fn compare_all(
    pdf: &Pdf<'_>,
    limits: &Limits,
    first: usize,
    most: ComparisonLimits,
) -> Vec<RevisionChanges> {
    let revisions = pdf.revisions();
    let mut compared = Vec::new();
    let (mut reopened, mut walked) = (0, 0_u64);
    let mut pair: Option<(Pdf<'_>, Pdf<'_>)> = None;
    for index in first.saturating_add(1)..revisions.len() {
        let cheap = compared.len() < most.reopened_max || walked <= most.objects_max;
        let within = cheap && compared.len() < most.revisions_max;
        let advanced = pair
            .take()
            .filter(|_| within)
            .and_then(|(mut before, mut after)| {
                (before.advance(pdf) && after.advance(pdf)).then_some((before, after))
            });
        pair = match advanced {
            Some(pair) => Some(pair),
            None if within && reopened < most.reopened_max => {
                reopened = reopened.saturating_add(1);
                open_pair(pdf.bytes(), limits, revisions, index).ok()
            }
            None => None,
        };
        let objects = pair
            .as_ref()
            .map_or(0, |(_, after)| after.numbers().count());
        walked = walked.saturating_add(objects as u64);
        let changes = match (&pair, revisions.get(index)) {
            (Some((before, after)), Some(new)) => compare(before, after, new),
            _ => vec![Change::unexplained(0, "a revision that cannot be compared")],
        };
        compared.push(RevisionChanges {
            revision: u32::try_from(index).unwrap_or(u32::MAX),
            changes,
        });
    }
    compared
}

/// Opens revision `index` and the one before it as files of their own.
fn open_pair<'a>(
    bytes: &'a [u8],
    limits: &Limits,
    revisions: &[Revision],
    index: usize,
) -> Result<(Pdf<'a>, Pdf<'a>), PdfError> {
    let cut = |index: Option<usize>| {
        let end = index.and_then(|index| revisions.get(index)?.end);
        let bytes = end.and_then(|end| bytes.get(..end));
        bytes.ok_or(PdfError::WrongType { what: "a revision" })
    };
    let before = Pdf::survey(cut(index.checked_sub(1))?, limits)?;
    Ok((before, Pdf::survey(cut(Some(index))?, limits)?))
}

fn compare(before: &Pdf<'_>, after: &Pdf<'_>, revision: &Revision) -> Vec<Change> {
    let mut comparison = Comparison::new(before, after);
    if comparison.run(revision).is_err() {
        comparison.note(Change::unexplained(0, "an unreadable part"));
    }
    comparison.changes_with_pages()
}

impl Change {
    fn unexplained(object: u32, what: &str) -> Self {
        Self::Unexplained {
            object,
            what: what.to_owned(),
            page: None,
        }
    }
}

pub(crate) struct Comparison<'p, 'a> {
    pub before: &'p Pdf<'a>,
    pub after: &'p Pdf<'a>,
    /// Numbers whose value differs.
    pub touched: BTreeSet<u32>,
    /// Those of them that have a harmless place.
    pub explained: BTreeSet<u32>,
    /// The earlier revision around them.
    pub around: Surroundings,
    /// Widgets of signatures that this revision adds, as yet on no page.
    pub widgets: BTreeSet<u32>,
    changes: Vec<Change>,
}

impl<'p, 'a> Comparison<'p, 'a> {
    fn new(before: &'p Pdf<'a>, after: &'p Pdf<'a>) -> Self {
        Self {
            before,
            after,
            touched: BTreeSet::new(),
            explained: BTreeSet::new(),
            around: Surroundings::default(),
            widgets: BTreeSet::new(),
            changes: Vec::new(),
        }
    }

    fn run(&mut self, revision: &Revision) -> Result<(), PdfError> {
        let mut untrue = self.after.dishonest_entries().iter();
        if untrue.any(|entry| entry.section as usize >= revision.start) {
            self.unexplained(0, "an untrue cross-reference");
        }
        match hidden_bytes(self.after, revision)? {
            Hidden { bytes: 0, .. } => {}
            Hidden { hybrid: true, .. } => self.unexplained(0, "bytes outside the objects"),
            Hidden { bytes, .. } => self.note(Change::HiddenBytes { bytes }),
        }
        for number in &revision.numbers {
            if self.differs(*number)? {
                self.touched.insert(*number);
            }
        }
        if !self.touched.is_empty() {
            self.around = Surroundings::of(self.before)?;
        }
        self.trailers()?;
        if self.touched.is_empty() {
            return Ok(());
        }
        self.catalogs()?;
        self.form()?;
        self.pages()?;
        self.containers()?;
        self.orphans()?;
        let left: Vec<u32> = self.touched.difference(&self.explained).copied().collect();
        for number in left {
            if self.around.drawn.contains(&number) {
                self.content_changed(number);
            } else {
                self.unexplained(number, "an object");
            }
        }
        Ok(())
    }

    pub fn note(&mut self, change: Change) {
        if self.changes.len() < CHANGES_MAX && !self.changes.contains(&change) {
            self.changes.push(change);
        }
    }

    pub fn unexplained(&mut self, object: u32, what: &str) {
        self.note(Change::unexplained(object, what));
    }

    pub fn content_changed(&mut self, object: u32) {
        self.note(Change::ContentChanged { object, page: None });
    }

    fn differs(&self, number: u32) -> Result<bool, PdfError> {
        let (old, new) = (
            self.before.by_number(number)?,
            self.after.by_number(number)?,
        );
        if old.id == new.id && old.place == new.place && matches!(old.place, Place::File { .. }) {
            // The same bytes; or absent in both.
            let absent = old.object == Object::Null && new.object == Object::Null;
            return Ok(!absent && !self.same(&old.object, &new.object)?);
        }
        Ok(!self.same(&old.object, &new.object)?)
    }

    /// Whether two objects say the same, wherever they stand.
    pub fn same(&self, old: &Object, new: &Object) -> Result<bool, PdfError> {
        Ok(match (old, new) {
            (Object::Stream(old), Object::Stream(new)) => {
                same_dictionary(&old.dictionary, &new.dictionary)
                    && self.before.stream_raw(old)? == self.after.stream_raw(new)?
            }
            _ => same_value(old, new),
        })
    }

    /// New object streams and cross-reference streams hold what the table leads to, and only that.
    fn containers(&mut self) -> Result<(), PdfError> {
        let left: Vec<u32> = self.touched.difference(&self.explained).copied().collect();
        for number in left {
            let Object::Stream(stream) = self.after.by_number(number)?.object else {
                continue;
            };
            let kind = &stream.dictionary;
            let container = kind.is_name(b"Type", b"ObjStm") || kind.is_name(b"Type", b"XRef");
            if container && self.is_new(number)? {
                self.explain(number);
            }
        }
        Ok(())
    }

    /// Bare streams that neither revision refers to: some writers leave a copy behind. Without a
    /// type no reader takes them for anything; bringing one to light would take a change elsewhere.
    fn orphans(&mut self) -> Result<(), PdfError> {
        let left: Vec<u32> = self.touched.difference(&self.explained).copied().collect();
        let mut bare = Vec::new();
        for number in left {
            if let Object::Stream(stream) = self.after.by_number(number)?.object
                && self.is_new(number)?
            {
                let mut keys = stream.dictionary.entries().iter();
                if keys.all(|entry| BARE_KEYS.contains(&entry.key.as_slice())) {
                    bare.push(number);
                }
            }
        }
        if bare.is_empty() {
            return Ok(());
        }
        let later = Surroundings::of(self.after)?;
        for number in bare {
            if !later.mentions.contains_key(&number) {
                self.explained.insert(number);
                self.note(Change::OrphanAdded { object: number });
            }
        }
        Ok(())
    }

    /// The changes, each with the page it is to be seen on, from 1, where it has one.
    fn changes_with_pages(mut self) -> Vec<Change> {
        let mut changes = std::mem::take(&mut self.changes);
        let placed = |change: &Change| {
            matches!(
                change,
                Change::ContentChanged { .. } | Change::Unexplained { .. }
            )
        };
        if changes.iter().any(placed) {
            let pages = pages_of_objects(self.after);
            for change in &mut changes {
                if let Change::ContentChanged { object, page }
                | Change::Unexplained { object, page, .. } = change
                {
                    *page = page.or_else(|| pages.get(object).copied());
                }
            }
        }
        changes
    }
}

/// The first page that each object belongs to.
fn pages_of_objects(pdf: &Pdf<'_>) -> HashMap<u32, u32> {
    let mut found: HashMap<u32, u32> = HashMap::new();
    let pages = pdf.pages().unwrap_or_default();
    for (index, page) in pages.iter().enumerate() {
        let number = u32::try_from(index).unwrap_or(u32::MAX).saturating_add(1);
        let mut waiting: Vec<ObjectId> = vec![page.id];
        while let Some(id) = waiting.pop() {
            if found.contains_key(&id.number) {
                continue;
            }
            if found.len() >= PAGE_WALK_MAX {
                return found;
            }
            found.insert(id.number, number);
            let Ok(object) = pdf.get(id) else { continue };
            references(&object, Keys::Drawn, &mut |id| waiting.push(id));
            // Annotations belong to the page, and lead back to others.
            if id == page.id
                && let Some(dictionary) = object.as_dictionary()
                && let Ok(annotations) = pdf.value(dictionary, b"Annots")
            {
                references(&annotations, Keys::Drawn, &mut |id| waiting.push(id));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every PDF beneath `folder`.
    fn files(folder: &std::path::Path, found: &mut Vec<std::path::PathBuf>) {
        let Ok(entries) = std::fs::read_dir(folder) else {
            return;
        };
        for entry in entries.flatten() {
            let path = entry.path();
            if path.is_dir() {
                files(&path, found);
            } else if path.extension().is_some_and(|one| one == "pdf") {
                found.push(path);
            }
        }
    }

    /// Goal: a file that grew by revisions reads like one that was opened anew at each of them.
    /// Method: every file of the corpus with more than one revision, from its first on, compared
    /// both ways. Without the corpus nothing is compared, as in `tests/it/corpus.rs`.
    #[test]
    fn revisions_in_order_are_compared_as_if_opened_anew() {
        let root = std::env::var("CHANCERY_CORPUS").unwrap_or_default();
        let mut paths = Vec::new();
        files(std::path::Path::new(&root), &mut paths);
        let limits = Limits::default();
        let most = ComparisonLimits {
            revisions_max: usize::MAX,
            reopened_max: 1,
            objects_max: u64::MAX,
        };
        let (mut joined, mut left) = (0, 0);
        for path in &paths {
            let bytes = std::fs::read(path).unwrap();
            let Ok(pdf) = Pdf::survey(&bytes, &limits) else {
                continue;
            };
            let revisions = pdf.revisions();
            let quick = compare_all(&pdf, &limits, 0, most);
            for (place, one) in quick.iter().enumerate() {
                let index = place + 1;
                assert_eq!(one.revision as usize, index);
                let gave_up = vec![Change::unexplained(0, "a revision that cannot be compared")];
                if one.changes == gave_up {
                    left += 1;
                    continue;
                }
                let (before, after) = open_pair(&bytes, &limits, revisions, index).unwrap();
                let slow = compare(&before, &after, &revisions[index]);
                assert_eq!(one.changes, slow, "{} revision {index}", path.display());
                joined += usize::from(place > 0);
            }
        }
        println!(
            "{} files, {joined} revisions joined, {left} not compared",
            paths.len()
        );
        assert!(paths.is_empty() || joined > 100, "{joined} {left}");
    }
}
