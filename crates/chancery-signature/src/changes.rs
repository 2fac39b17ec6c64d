//! What a revision changed, by a strict rule: what is not shown to be harmless is unexplained.
//!
//! Both revisions are opened as files of their own, cut at their ends, and every object that the
//! later one writes must be explained by the place it has: a signature field with its widget and
//! appearance, a filled field, the form's list of fields, a page's list of annotations, the
//! evidence store, the metadata. An object that has a second place is not explained by its first.

use std::collections::{BTreeSet, HashSet};

use chancery_pdf::object::Stream;
use chancery_pdf::reader::Place;
use chancery_pdf::xref::XrefEntry;
use chancery_pdf::{Limits, Object, Pdf, PdfError, Revision};

use crate::bytes_accounted::{Hidden, hidden_bytes};
use crate::changes_mark::PagesShown;
use crate::changes_page::pages_of_objects;
use crate::changes_spent::{ComparisonLimits, Spent, TEXT_MAX};
use crate::changes_tables::{Known, Met};
use crate::changes_walk::{same_dictionary, same_option, same_value};
use crate::evidence::Stores;
use crate::facts::{Change, RevisionChanges};
use crate::fill_shown::Looks;
use crate::surroundings::{STANDARD_ENTRIES, Surroundings};

/// Most changes of one revision. What comes beyond is told: it could be the one that counts.
const CHANGES_MAX: usize = 10_000;
/// Elements of a list that are compared in the time of reading one object; entries of a dictionary
/// are looked up and take as long.
const ELEMENTS_A_STEP: usize = 64;
/// Entries of one object that cost nothing: every revision writes some dictionaries.
const ENTRIES_FREE: usize = 128;
/// What a stream needs to be decoded, and nothing more.
pub(crate) const BARE_KEYS: &[&[u8]] = &[b"Length", b"Filter", b"DecodeParms"];
/// What a form says that is left behind without a program.
const FORM_KEYS: &[&[u8]] = &[
    b"Type",
    b"Subtype",
    b"FormType",
    b"BBox",
    b"Matrix",
    b"Resources",
    b"Length",
];

/// Compares every revision of `pdf` after the one at `first` with the one before it, and takes the
/// stores of evidence that were written anew, as they were.
pub(crate) fn compare_all(
    pdf: &Pdf<'_>,
    limits: &Limits,
    (first, most): (usize, ComparisonLimits),
    stores: &mut Stores<'_, '_>,
) -> Vec<RevisionChanges> {
    let revisions = pdf.revisions();
    let mut compared = Vec::new();
    let mut spent = Spent::default();
    let mut pair: Option<(Pdf<'_>, Pdf<'_>)> = None;
    let mut known = Known::default();
    let (mut shown, mut looks) = (PagesShown::default(), Looks::default());
    for index in first.saturating_add(1)..revisions.len() {
        let within = spent.allows(compared.len(), &most);
        let last = pair.take().filter(|_| within);
        pair = match last.and_then(|pair| grown(pair, pdf)) {
            Some(pair) => Some(pair),
            None if within && spent.reopens(&most) => {
                spent.reopened = spent.reopened.saturating_add(1);
                let rows = pdf.table_rows().saturating_mul(2);
                spent.rows = spent.rows.saturating_add(rows);
                known = Known::default();
                open_pair(pdf, limits, index).ok()
            }
            None => None,
        };
        if let Some((before, after)) = &mut pair {
            let left = spent.left_for_each(&most);
            before.parse_at_most(left);
            after.parse_at_most(left);
        }
        let mut changes = match (&pair, revisions.get(index)) {
            (Some((before, after)), Some(new)) => {
                let changes = compare(before, after, new, (&mut known, &mut shown, &mut looks));
                stores.take_dropped(before, &changes);
                let walked = std::mem::take(&mut known.walked);
                spent.objects = spent.objects.saturating_add(walked);
                let read = before.read_bytes().saturating_add(after.read_bytes());
                spent.bytes = spent.bytes.saturating_add(read);
                changes
            }
            _ => vec![Change::unexplained(0, "a revision that cannot be compared")],
        };
        spent.changes = spent.changes.saturating_add(changes.len());
        let text = changes.iter().map(Change::text_bytes).sum();
        spent.text = spent.text.saturating_add(text);
        changes.shrink_to_fit();
        compared.push(RevisionChanges {
            revision: u32::try_from(index).unwrap_or(u32::MAX),
            changes,
        });
    }
    compared
}

/// Both files, each grown by one revision of `whole`, if they can grow.
fn grown<'a>(
    (mut before, mut after): (Pdf<'a>, Pdf<'a>),
    whole: &Pdf<'a>,
) -> Option<(Pdf<'a>, Pdf<'a>)> {
    if !before.advance(whole) {
        return None;
    }
    before.take_recent(&mut after);
    after.advance(whole).then_some((before, after))
}

/// Opens revision `index` and the one before it as files of their own.
fn open_pair<'a>(
    whole: &Pdf<'a>,
    limits: &Limits,
    index: usize,
) -> Result<(Pdf<'a>, Pdf<'a>), PdfError> {
    let open = |index: Option<usize>| {
        let end = index.and_then(|index| whole.revisions().get(index)?.end);
        let bytes = end.and_then(|end| whole.bytes().get(..end));
        let bytes = bytes.ok_or(PdfError::WrongType { what: "a revision" })?;
        let mut pdf = Pdf::survey(bytes, limits)?;
        pdf.share_with(whole);
        Ok(pdf)
    };
    Ok((open(index.checked_sub(1))?, open(Some(index))?))
}

/// Compares two revisions; what is known is of the earlier one, and of the later one afterwards.
fn compare(
    before: &Pdf<'_>,
    after: &Pdf<'_>,
    revision: &Revision,
    (known, shown, looks): (&mut Known, &mut PagesShown, &mut Looks),
) -> Vec<Change> {
    let mut comparison = Comparison::new(before, after, revision, std::mem::take(known));
    comparison.shown = std::mem::take(shown);
    comparison.looks = std::mem::take(looks);
    let in_order = comparison.run(revision).is_ok();
    if !in_order {
        comparison.note(Change::unexplained(0, "an unreadable part"));
    }
    let changes = comparison.changes_with_pages();
    *shown = std::mem::take(&mut comparison.shown);
    shown.forget(&changes);
    *looks = std::mem::take(&mut comparison.looks);
    looks.forget();
    let walked = comparison.known.walked.saturating_add(looks.walked.take());
    comparison.known.walked = walked;
    *known = comparison.leave(in_order);
    changes
}

impl Change {
    fn unexplained(object: u32, what: &str) -> Self {
        Self::Unexplained {
            object,
            what: what.to_owned(),
            page: None,
        }
    }

    /// How many bytes its names take.
    pub(crate) fn text_bytes(&self) -> usize {
        match self {
            Self::SignatureAdded { field: name, .. }
            | Self::SignatureFieldAdded { field: name, .. }
            | Self::FieldFilled { field: name, .. }
            | Self::FieldLetters { field: name, .. }
            | Self::AnnotationAdded { kind: name, .. }
            | Self::Unexplained { what: name, .. } => name.len(),
            Self::PermissionsChanged
            | Self::EvidenceAdded
            | Self::MetadataChanged
            | Self::ContentChanged { .. }
            | Self::PagesChanged { .. }
            | Self::ActionAdded { .. }
            | Self::HiddenBytes { .. }
            | Self::OrphanAdded { .. } => 0,
        }
    }
}

pub(crate) struct Comparison<'p, 'a> {
    pub before: &'p Pdf<'a>,
    pub after: &'p Pdf<'a>,
    /// Numbers that the later one wrote.
    pub written: BTreeSet<u32>,
    /// Those of them whose value differs.
    pub touched: BTreeSet<u32>,
    /// Those of them that have a harmless place.
    pub explained: BTreeSet<u32>,
    /// What is known of the earlier revision.
    pub known: Known,
    /// What was written, by its place.
    pub met: Option<Met>,
    /// Widgets of signatures that this revision adds, as yet on no page.
    pub widgets: BTreeSet<u32>,
    /// What pages show that marks were put on.
    pub shown: PagesShown,
    /// What the appearances of fields show.
    pub looks: Looks,
    changes: Vec<Change>,
    noted: HashSet<Change>,
    /// How many bytes the names in `changes` take.
    text: usize,
}

impl<'p, 'a> Comparison<'p, 'a> {
    fn new(before: &'p Pdf<'a>, after: &'p Pdf<'a>, revision: &Revision, known: Known) -> Self {
        Self {
            before,
            after,
            written: revision.numbers.iter().copied().collect(),
            touched: BTreeSet::new(),
            explained: BTreeSet::new(),
            known,
            met: None,
            widgets: BTreeSet::new(),
            shown: PagesShown::default(),
            looks: Looks::default(),
            changes: Vec::new(),
            noted: HashSet::new(),
            text: 0,
        }
    }

    fn run(&mut self, revision: &Revision) -> Result<(), PdfError> {
        let mut untrue = self.after.dishonest_entries().iter();
        if untrue.any(|entry| entry.section as usize >= revision.start) {
            self.unexplained(0, "an untrue cross-reference");
        }
        if self.after.is_linearized_whole() {
            self.unexplained(0, "a linearization that holds only now");
        }
        let hidden = hidden_bytes(self.after, revision)?;
        if hidden.decoys {
            self.unexplained(0, "what looks like an object within another");
        }
        match hidden {
            Hidden { bytes: 0, .. } => {}
            Hidden { hybrid: true, .. } => self.unexplained(0, "bytes outside the objects"),
            Hidden { bytes, .. } => self.note(Change::HiddenBytes { bytes }),
        }
        for number in revision.numbers.iter() {
            self.weigh(*number)?;
            self.reads_alike(*number)?;
            if self.differs(*number)? {
                self.touched.insert(*number);
            }
        }
        self.two_readings(revision)?;
        // The trailer may lead to another catalog of the file, and no object was written then.
        let moved = self.before.catalog_id()? != self.after.catalog_id()?;
        let nothing = self.touched.is_empty() && !moved;
        let around = match self.known.around.take() {
            Some(around) => around,
            None => Surroundings::of(self.before)?,
        };
        let unread = around.unread;
        self.known.around = Some(around);
        if unread {
            self.unexplained(0, "more bytes after what cannot be read");
        }
        self.leads_nowhere()?;
        self.trailers()?;
        if nothing {
            return Ok(());
        }
        self.catalogs()?;
        self.meet_tables()?;
        self.form()?;
        self.pages()?;
        self.containers(revision)?;
        self.orphans()?;
        let left: Vec<u32> = self.touched.difference(&self.explained).copied().collect();
        for number in left {
            if self.is_drawn(number) {
                self.content_changed(number);
            } else {
                self.unexplained(number, "an object");
            }
        }
        Ok(())
    }

    pub fn note(&mut self, change: Change) {
        let text = self.text.saturating_add(change.text_bytes());
        let change = match self.changes.len() {
            0..CHANGES_MAX if text <= TEXT_MAX => change,
            _ => Change::unexplained(0, "more changes than are listed"),
        };
        if self.noted.insert(change.clone()) {
            self.text = self.text.saturating_add(change.text_bytes());
            self.changes.push(change);
        }
    }

    pub fn unexplained(&mut self, object: u32, what: &str) {
        self.note(Change::unexplained(object, what));
    }

    pub fn content_changed(&mut self, object: u32) {
        self.note(Change::ContentChanged { object, page: None });
    }

    /// Counts the entries of what was written: a revision of a few bytes may put a dictionary of
    /// thousands in the place of another one.
    fn weigh(&mut self, number: u32) -> Result<(), PdfError> {
        let indirect = self.after.shared(number)?;
        let (mut entries, mut elements) = (0, 0);
        let mut waiting = vec![&indirect.object];
        while let Some(object) = waiting.pop() {
            if let Object::Array(array) = object {
                elements += array.len();
                waiting.extend(array.iter());
            } else if let Some(dictionary) = object.as_dictionary() {
                entries += dictionary.entries().len();
                waiting.extend(dictionary.entries().iter().map(|entry| &entry.value));
            }
        }
        let beyond = entries.saturating_sub(ENTRIES_FREE);
        let steps = (beyond + elements / ELEMENTS_A_STEP) as u64;
        self.known.walked = self.known.walked.saturating_add(steps);
        Ok(())
    }

    fn differs(&self, number: u32) -> Result<bool, PdfError> {
        let (old, new) = (self.before.shared(number)?, self.after.shared(number)?);
        // Who refers to it by its old generation finds nothing any more.
        if old.id != new.id && (old.object != Object::Null || new.object != Object::Null) {
            return Ok(true);
        }
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
                same_dictionary(&old.dictionary, &new.dictionary) && self.same_bytes(old, new)?
            }
            _ => same_value(old, new),
        })
    }

    /// New object streams and cross-reference streams hold what the table leads to, and only that:
    /// readers that search a file take everything that such a stream holds.
    fn containers(&mut self, revision: &Revision) -> Result<(), PdfError> {
        let sections = self.after.sections_of_last(revision.start);
        let sections: Vec<u32> = sections
            .filter_map(|one| Some(one.stream?.number))
            .collect();
        let trailer = self.after.trailer().clone();
        for number in self.touched.clone() {
            let indirect = self.after.shared(number)?;
            let Object::Stream(stream) = &indirect.object else {
                continue;
            };
            let packs = stream.dictionary.is_name(b"Type", b"ObjStm");
            let sound = match packs {
                true => self.is_packed_as_told(number),
                false if !stream.dictionary.is_name(b"Type", b"XRef") => continue,
                // Some writers leave one behind, which says what the trailer does.
                false => {
                    let own = &stream.dictionary;
                    let same = |key: &&[u8]| same_option(own.get(key), trailer.get(key));
                    sections.contains(&number) || STANDARD_ENTRIES.iter().all(same)
                }
            };
            if !sound {
                self.unexplained(number, "a stream that holds more than is told");
            } else if !self.explained.contains(&number) && self.is_new(number)? {
                self.explain(number);
            }
        }
        Ok(())
    }

    /// Whether all that an object stream holds is taken from it.
    fn is_packed_as_told(&self, container: u32) -> bool {
        let Ok(members) = self.after.packed(container) else {
            return false;
        };
        let mut members = members.into_iter().zip(0_u32..);
        members.all(|(number, index)| {
            self.after.entry(number) == Some(XrefEntry::InStream { container, index })
        })
    }

    /// Bare streams that neither revision refers to: some writers leave a copy behind. Without a
    /// type no reader takes them for anything; bringing one to light would take a change elsewhere.
    fn orphans(&mut self) -> Result<(), PdfError> {
        let left: Vec<u32> = self.touched.difference(&self.explained).copied().collect();
        let mut bare = Vec::new();
        for number in left {
            if let Object::Stream(stream) = self.after.by_number(number)?.object
                && self.is_new(number)?
                && self.is_bare(&stream)
            {
                bare.push(number);
            }
        }
        if bare.is_empty() {
            return Ok(());
        }
        let Some(around) = &self.known.around else {
            return Ok(());
        };
        let later = around.mentioned_after(self.before, self.after, &self.touched, &bare)?;
        for number in bare {
            if !later.contains(&number) {
                self.explained.insert(number);
                self.note(Change::OrphanAdded { object: number });
            }
        }
        Ok(())
    }

    /// Whether a stream says nothing of its own: bytes alone, or a form without any.
    fn is_bare(&self, stream: &Stream) -> bool {
        let own = &stream.dictionary;
        let of = |keys: &[&[u8]]| {
            let mut all = own.entries().iter();
            all.all(|entry| keys.contains(&entry.key.as_slice()))
        };
        let plain = own.get(b"Type").is_none() || own.is_name(b"Type", b"XObject");
        let form = plain && own.is_name(b"Subtype", b"Form") && of(FORM_KEYS);
        let empty = || self.after.stream_raw(stream).is_ok_and(<[u8]>::is_empty);
        of(BARE_KEYS) || form && empty()
    }

    /// The changes, each with the page it is to be seen on, from 1, where it has one.
    fn changes_with_pages(&mut self) -> Vec<Change> {
        let mut changes = std::mem::take(&mut self.changes);
        let placed = |change: &Change| {
            matches!(
                change,
                Change::ContentChanged { .. } | Change::Unexplained { .. }
            )
        };
        if changes.iter().any(placed) {
            let pages = pages_of_objects(self.after);
            let walked = self.known.walked.saturating_add(pages.len() as u64);
            self.known.walked = walked;
            for change in &mut changes {
                if let Change::ContentChanged { object, page }
                | Change::Unexplained { object, page, .. } = change
                {
                    *page = page.or_else(|| pages.get(object).copied());
                }
            }
            // Said first: it is what a reader looks for.
            let exchanged = self.pages_changed().filter(|_| changes.len() < CHANGES_MAX);
            if let Some(change) = exchanged {
                changes.insert(0, change);
            }
        }
        changes
    }
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
            bytes_max: u64::MAX,
            changes_max: usize::MAX,
        };
        let (mut joined, mut left) = (0, 0);
        for path in &paths {
            let bytes = std::fs::read(path).unwrap();
            let Ok(pdf) = Pdf::survey(&bytes, &limits) else {
                continue;
            };
            let revisions = pdf.revisions();
            let quick = compare_all(&pdf, &limits, (0, most), &mut Stores::of(&pdf));
            for (place, one) in quick.iter().enumerate() {
                let index = place + 1;
                assert_eq!(one.revision as usize, index);
                let gave_up = vec![Change::unexplained(0, "a revision that cannot be compared")];
                if one.changes == gave_up {
                    left += 1;
                    continue;
                }
                let (before, after) = open_pair(&pdf, &limits, index).unwrap();
                let looks = &mut Looks::default();
                let anew = (&mut Known::default(), &mut PagesShown::default(), looks);
                let slow = compare(&before, &after, &revisions[index], anew);
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
