//! Who refers to whom in one revision, and what it shows: extended by the next one, not made anew.
//!
//! To walk all objects for each revision costs as the square of their number. A revision changes
//! what it writes; everything else refers to what it did.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use chancery_pdf::reader::{Indirect, Place};
use chancery_pdf::xref::{Section, XrefEntry, XrefKind};
use chancery_pdf::{Object, ObjectId, Pdf, PdfError};

use crate::changes_walk::{Keys, references};

/// Entries of a trailer that lead to what readers show (ISO 32000-2, 7.5.5).
pub(crate) const STANDARD_ENTRIES: &[&[u8]] = &[b"Root", b"Info", b"Encrypt"];

/// What one revision refers to, and what it shows.
pub(crate) struct Surroundings {
    /// How often each number is referred to, anywhere.
    pub mentions: HashMap<u32, u32>,
    /// How often under a generation that is not the first: few files have any.
    generations: HashMap<u32, HashMap<u16, u32>>,
    /// Numbers that are referred to and lead to nothing for some reader.
    lost: HashSet<u32>,
    /// Numbers that the pages draw.
    drawn: Reach,
    /// Numbers that the appearances of annotations draw.
    shown: Reach,
    /// Numbers beneath the evidence store.
    stored: Reach,
    /// What the appearance of each object that has one names.
    appearances: HashMap<u32, Vec<u32>>,
    /// What the trailer mentions.
    trailer: Vec<ObjectId>,
    /// Object streams that hold objects in use.
    containers: HashSet<u32>,
    /// Whether some object cannot be read, or some stream does not end where it says. Other readers
    /// mend that, each in its own way; and with more bytes it may be read as something else.
    pub unread: bool,
    /// Where cross-reference streams begin.
    sections: HashSet<usize>,
    /// How many objects were read, beside those that revisions wrote.
    pub walked: u64,
}

/// What some roots lead to. May hold more, after something was cut off.
struct Reach {
    keys: Keys,
    roots: Vec<u32>,
    reached: HashSet<u32>,
    stale: bool,
}

impl Reach {
    fn new(keys: Keys) -> Self {
        Self {
            keys,
            roots: Vec::new(),
            reached: HashSet::new(),
            stale: false,
        }
    }

    /// Takes everything beneath `roots`, whatever generation a reference names.
    fn add(&mut self, pdf: &Pdf<'_>, roots: impl IntoIterator<Item = u32>) {
        let mut waiting: Vec<u32> = roots.into_iter().collect();
        while let Some(number) = waiting.pop() {
            if self.reached.insert(number)
                && let Ok(indirect) = pdf.by_number(number)
            {
                references(&indirect.object, self.keys, &mut |id| {
                    waiting.push(id.number);
                });
            }
        }
    }

    /// Takes over a new value of an object.
    fn replace(&mut self, after: &Pdf<'_>, number: u32, old: &Object, new: &Object) {
        if !self.reached.contains(&number) {
            return;
        }
        let (was, is) = (numbers(old, self.keys), numbers(new, self.keys));
        let (was, is): (BTreeSet<u32>, BTreeSet<u32>) =
            (was.into_iter().collect(), is.into_iter().collect());
        self.stale |= !was.is_subset(&is);
        self.add(after, is.difference(&was).copied());
    }

    fn set_roots(&mut self, after: &Pdf<'_>, roots: Vec<u32>) {
        if roots != self.roots {
            self.stale |= self.roots.iter().any(|root| !roots.contains(root));
            self.add(after, roots.iter().copied());
            self.roots = roots;
        }
    }

    /// Whether the roots lead to `number`; `walked` counts what that costs.
    fn holds(&mut self, pdf: &Pdf<'_>, number: u32, roots: &[u32], walked: &mut u64) -> bool {
        if self.stale && self.reached.contains(&number) {
            self.reached.clear();
            self.add(pdf, roots.iter().copied());
            self.stale = false;
            *walked = walked.saturating_add(self.reached.len() as u64);
        }
        self.reached.contains(&number)
    }
}

impl Surroundings {
    /// Reads all objects of a revision.
    pub fn of(pdf: &Pdf<'_>) -> Result<Self, PdfError> {
        let mut found = Self {
            mentions: HashMap::new(),
            generations: HashMap::new(),
            lost: HashSet::new(),
            drawn: Reach::new(Keys::Drawn),
            shown: Reach::new(Keys::Drawn),
            stored: Reach::new(Keys::All),
            appearances: HashMap::new(),
            trailer: Vec::new(),
            containers: HashSet::new(),
            unread: false,
            sections: HashSet::new(),
            walked: 0,
        };
        found
            .sections
            .extend(pdf.sections().filter_map(section_start));
        for (number, entry) in pdf.numbers() {
            found.walked = found.walked.saturating_add(1);
            if let XrefEntry::InStream { container, .. } = entry {
                found.containers.insert(container);
            }
            let Ok(indirect) = pdf.by_number(number) else {
                // What is nothing stays so, now and later.
                found.unread |= !is_nothing(Some(entry));
                continue;
            };
            found.unread |= !is_whole(pdf, &indirect);
            let mentioned = found.mentioned(&indirect);
            found.mention(&mentioned);
            let names = found.appearance(&indirect);
            if !names.is_empty() {
                found.appearances.insert(number, names);
            }
        }
        found.trailer = trailer_mentions(pdf);
        let trailer = found.trailer.clone();
        found.mention(&trailer);
        let mentioned: Vec<u32> = found.mentions.keys().copied().collect();
        found.lose(pdf, mentioned);
        let roots = found.appearances.values().flatten().copied();
        found.shown.add(pdf, roots);
        found.set_catalog_roots(pdf)?;
        Ok(found)
    }

    fn set_catalog_roots(&mut self, pdf: &Pdf<'_>) -> Result<(), PdfError> {
        let catalog = pdf.shared(pdf.catalog_id()?.number)?;
        let value = |key: &[u8]| catalog.object.as_dictionary().and_then(|one| one.get(key));
        let pages = value(b"Pages").and_then(Object::as_reference);
        let pages = pages.map(|id| id.number).into_iter().collect();
        self.drawn.set_roots(pdf, pages);
        let store = value(b"DSS").map(|store| numbers(store, Keys::All));
        self.stored.set_roots(pdf, store.unwrap_or_default());
        Ok(())
    }

    /// Whether the pages draw `number`, in the revision that this was read from.
    pub fn draws(&mut self, pdf: &Pdf<'_>, number: u32) -> bool {
        let roots = self.drawn.roots.clone();
        self.drawn.holds(pdf, number, &roots, &mut self.walked)
    }

    /// Whether the appearance of some annotation draws `number`.
    pub fn shows(&mut self, pdf: &Pdf<'_>, number: u32) -> bool {
        if !self.shown.reached.contains(&number) {
            return false;
        }
        let roots: Vec<u32> = match self.shown.stale {
            true => self.appearances.values().flatten().copied().collect(),
            false => Vec::new(),
        };
        self.shown.holds(pdf, number, &roots, &mut self.walked)
    }

    /// Whether some of these may stand beneath the evidence store.
    pub fn may_store(&self, numbers: &BTreeSet<u32>) -> bool {
        let mut numbers = numbers.iter();
        numbers.any(|number| self.stored.reached.contains(number))
    }

    /// Whether every object that `after` did not write reads as it did: none was unreadable before,
    /// and none stands in an object stream that is another one now.
    pub fn is_steady(&self, before: &Pdf<'_>, after: &Pdf<'_>, written: &BTreeSet<u32>) -> bool {
        let dependent = before.has_dependent_streams() || after.has_dependent_streams();
        let repacked = written.iter().any(|one| self.containers.contains(one));
        !(self.unread || dependent || repacked)
    }

    /// Goes on from `before`, which this was read from, to `after`, which wrote `written` and
    /// changed `touched` of them. Answers whether it could; if not, this is of no use any more.
    pub fn advance(
        &mut self,
        before: &Pdf<'_>,
        after: &Pdf<'_>,
        written: &BTreeSet<u32>,
        touched: &BTreeSet<u32>,
    ) -> bool {
        if !self.is_steady(before, after, written) {
            return false;
        }
        let new = after.sections_of_last(before.bytes().len());
        self.sections.extend(new.filter_map(section_start));
        for number in written {
            if let Some(XrefEntry::InStream { container, .. }) = after.entry(*number) {
                self.containers.insert(container);
            }
        }
        let mut changed: HashSet<u32> = written.iter().copied().collect();
        for number in touched {
            let (Ok(old), Ok(new)) = (before.shared(*number), after.shared(*number)) else {
                return false;
            };
            if old.id != new.id || !is_whole(after, &new) {
                return false;
            }
            changed.extend(self.replace(after, *number, &old, &new));
        }
        let trailer = trailer_mentions(after);
        let old = std::mem::replace(&mut self.trailer, trailer.clone());
        self.forget(&old);
        self.mention(&trailer);
        changed.extend(old.iter().chain(&trailer).map(|id| id.number));
        self.lose(after, changed);
        self.set_catalog_roots(after).is_ok()
    }

    /// Takes over a new value of an object; answers which numbers are referred to more or less.
    fn replace(
        &mut self,
        after: &Pdf<'_>,
        number: u32,
        old: &Indirect,
        new: &Indirect,
    ) -> Vec<u32> {
        let (was, is) = (self.mentioned(old), self.mentioned(new));
        // Most of a long list stays as it was.
        let same = was.iter().zip(&is).take_while(|(a, b)| a == b).count();
        let (was, is) = (
            was.get(same..).unwrap_or(&[]),
            is.get(same..).unwrap_or(&[]),
        );
        self.forget(was);
        self.mention(is);
        for reach in [&mut self.drawn, &mut self.shown, &mut self.stored] {
            reach.replace(after, number, &old.object, &new.object);
        }
        let names = self.appearance(new);
        let old_names = self.appearances.remove(&number).unwrap_or_default();
        self.shown.stale |= old_names.iter().any(|name| !names.contains(name));
        self.shown.add(after, names.iter().copied());
        if !names.is_empty() {
            self.appearances.insert(number, names);
        }
        was.iter().chain(is).map(|id| id.number).collect()
    }

    /// The numbers among `asked` that `after` refers to.
    pub fn mentioned_after(
        &self,
        before: &Pdf<'_>,
        after: &Pdf<'_>,
        touched: &BTreeSet<u32>,
        asked: &[u32],
    ) -> Result<HashSet<u32>, PdfError> {
        let asked: HashSet<u32> = asked.iter().copied().collect();
        let known = |number: &u32| self.mentions.get(number).copied().unwrap_or(0);
        let counts = asked.iter().map(|one| (*one, i64::from(known(one))));
        let mut counts: HashMap<u32, i64> = counts.collect();
        let mut count = |ids: &[ObjectId], step: i64| {
            for id in ids {
                if let Some(count) = counts.get_mut(&id.number) {
                    *count = count.saturating_add(step);
                }
            }
        };
        for number in touched {
            count(&self.mentioned(&*before.shared(*number)?), -1);
            count(&self.mentioned(&*after.shared(*number)?), 1);
        }
        count(&self.trailer, -1);
        count(&trailer_mentions(after), 1);
        let still = counts.into_iter().filter(|(_, count)| *count > 0);
        Ok(still.map(|(number, _)| number).collect())
    }

    /// What an object mentions. A cross-reference stream is a trailer, looked at by itself; one
    /// that only calls itself so, as writers leave some, mentions whatever a trailer does not.
    fn mentioned(&self, indirect: &Indirect) -> Vec<ObjectId> {
        if self.is_section(indirect) {
            return Vec::new();
        }
        let dictionary = indirect.object.as_dictionary();
        let Some(left) = dictionary.filter(|one| one.is_name(b"Type", b"XRef")) else {
            return ids(&indirect.object, Keys::All);
        };
        let entries = left.entries().iter();
        let own = entries.filter(|entry| !STANDARD_ENTRIES.contains(&entry.key.as_slice()));
        own.flat_map(|entry| ids(&entry.value, Keys::All)).collect()
    }

    /// What the appearances within an object name: annotations may stand in a list themselves.
    fn appearance(&self, indirect: &Indirect) -> Vec<u32> {
        let mut found = Vec::new();
        if self.is_section(indirect) {
            return found;
        }
        let mut waiting = vec![&indirect.object];
        while let Some(object) = waiting.pop() {
            if let Object::Array(array) = object {
                waiting.extend(array.iter());
            } else if let Some(dictionary) = object.as_dictionary() {
                for entry in dictionary.entries() {
                    match entry.key.as_slice() {
                        b"AP" => found.extend(numbers(&entry.value, Keys::Drawn)),
                        _ => waiting.push(&entry.value),
                    }
                }
            }
        }
        found
    }

    /// Whether this is a section, and does not only call itself one.
    fn is_section(&self, indirect: &Indirect) -> bool {
        match indirect.place {
            Place::File { offset, .. } => self.sections.contains(&offset),
            Place::ObjectStream { .. } => false,
        }
    }

    fn mention(&mut self, ids: &[ObjectId]) {
        for id in ids {
            let count = self.mentions.entry(id.number).or_default();
            *count = count.saturating_add(1);
            if id.generation > 0 {
                let own = self.generations.entry(id.number).or_default();
                let count = own.entry(id.generation).or_default();
                *count = count.saturating_add(1);
            }
        }
    }

    fn forget(&mut self, ids: &[ObjectId]) {
        for id in ids {
            if let Some(count) = self.mentions.get_mut(&id.number) {
                *count = count.saturating_sub(1);
                if *count == 0 {
                    self.mentions.remove(&id.number);
                }
            }
            if let Some(own) = self.generations.get_mut(&id.number) {
                own.entry(id.generation)
                    .and_modify(|count| *count = count.saturating_sub(1));
                own.retain(|_, count| *count > 0);
                if own.is_empty() {
                    self.generations.remove(&id.number);
                }
            }
        }
    }

    /// Whether something refers to what some reader does not find.
    pub fn leads_nowhere(&self) -> bool {
        !self.lost.is_empty()
    }

    /// Finds out anew which of these numbers lead to nothing for some reader.
    fn lose(&mut self, pdf: &Pdf<'_>, numbers: impl IntoIterator<Item = u32>) {
        for number in numbers {
            match self.is_lost(pdf, number) {
                true => self.lost.insert(number),
                false => self.lost.remove(&number),
            };
        }
    }

    fn is_lost(&self, pdf: &Pdf<'_>, number: u32) -> bool {
        let Some(all) = self.mentions.get(&number) else {
            return false;
        };
        let others = self.generations.get(&number);
        let generation = match pdf.entry(number) {
            entry if is_nothing(entry) => return true,
            Some(XrefEntry::InFile { generation, .. }) => generation,
            _ => 0,
        };
        let later = others.map_or(0, |others| others.values().sum::<u32>());
        let fitting = match generation {
            0 => all.saturating_sub(later),
            own => others
                .and_then(|others| others.get(&own))
                .copied()
                .unwrap_or(0),
        };
        fitting < *all
    }
}

/// Whether an entry says of a number that there is no such object: no object stands where a file
/// begins, though some writers say so of numbers that they never wrote.
pub(crate) fn is_nothing(entry: Option<XrefEntry>) -> bool {
    matches!(
        entry,
        None | Some(XrefEntry::Free | XrefEntry::InFile { offset: 0, .. })
    )
}

/// The numbers that a value refers to, in the order in which they stand.
fn numbers(object: &Object, keys: Keys) -> Vec<u32> {
    ids(object, keys).iter().map(|id| id.number).collect()
}

fn ids(object: &Object, keys: Keys) -> Vec<ObjectId> {
    let mut found = Vec::new();
    references(object, keys, &mut |id| found.push(id));
    // The walk takes lists from their ends.
    found.reverse();
    found
}

/// Whether a stream ends where it says; whatever else is read is whole.
fn is_whole(pdf: &Pdf<'_>, indirect: &Indirect) -> bool {
    match &indirect.object {
        Object::Stream(stream) => pdf.stream_raw(stream).is_ok(),
        _ => true,
    }
}

/// Where a section begins that is an object of the file.
fn section_start(section: &Arc<Section>) -> Option<usize> {
    let start = (section.kind == XrefKind::Stream).then_some(section.offset)?;
    usize::try_from(start).ok()
}

/// What the trailer mentions. A private entry shows nothing: it binds the objects it leads to, and
/// not the numbers that stand for nothing yet.
fn trailer_mentions(pdf: &Pdf<'_>) -> Vec<ObjectId> {
    let mut found = Vec::new();
    for entry in pdf.trailer().entries() {
        let standard = STANDARD_ENTRIES.contains(&entry.key.as_slice());
        references(&entry.value, Keys::All, &mut |id| {
            if standard || !matches!(pdf.get(id), Ok(Object::Null)) {
                found.push(id);
            }
        });
    }
    found
}
