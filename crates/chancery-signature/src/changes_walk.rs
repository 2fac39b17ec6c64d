//! Walks over both revisions of a comparison: who refers to whom, and what belongs to one place.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chancery_pdf::object::{Stream, StringForm};
use chancery_pdf::{Dictionary, Object, ObjectId, PdfError};

use crate::changes::Comparison;
use crate::facts::Change;

/// Most objects beneath one place.
const BENEATH_MAX: usize = 10_000;
/// Actions that a later revision may not bring (ISO 32000-2, 12.6.4).
const ACTIONS: &[&[u8]] = &[
    b"JavaScript",
    b"Launch",
    b"URI",
    b"SubmitForm",
    b"ImportData",
    b"ResetForm",
    b"GoToR",
    b"GoToE",
    b"Hide",
    b"SetOCGState",
    b"Rendition",
    b"RichMediaExecute",
];

/// Which references to follow.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Keys {
    All,
    /// All but the way up and the annotations, which are looked at by themselves.
    Drawn,
}

pub(crate) fn references(object: &Object, which: Keys, found: &mut impl FnMut(ObjectId)) {
    let mut waiting = vec![object];
    while let Some(object) = waiting.pop() {
        match object {
            Object::Reference(id) => found(*id),
            Object::Array(array) => waiting.extend(array.iter()),
            Object::Dictionary(_) | Object::Stream(_) => {
                let entries = object.as_dictionary().map_or(&[][..], Dictionary::entries);
                for entry in entries {
                    let skipped = matches!(entry.key.as_slice(), b"Parent" | b"Annots" | b"P");
                    if which == Keys::All || !skipped {
                        waiting.push(&entry.value);
                    }
                }
            }
            _ => {}
        }
    }
}

impl Comparison<'_, '_> {
    /// Whether two streams are of the same bytes, or were before they were enciphered. What does
    /// not decipher is the same as nothing but itself: readers differ over it.
    pub(crate) fn same_bytes(&self, old: &Stream, new: &Stream) -> Result<bool, PdfError> {
        let raw = (self.before.stream_raw(old)?, self.after.stream_raw(new)?);
        if old.key_of == new.key_of && (old.key_of.is_none() || raw.0 == raw.1) {
            return Ok(raw.0 == raw.1);
        }
        let plain = (self.before.stream_plain(old), self.after.stream_plain(new));
        match plain {
            (Ok(old), Ok(new)) => Ok(old == new),
            (Err(limit @ PdfError::LimitExceeded { .. }), _)
            | (_, Err(limit @ PdfError::LimitExceeded { .. })) => Err(limit),
            _ => Ok(false),
        }
    }

    /// An object that the earlier revision neither has nor refers to: whatever it is, nothing old
    /// shows it.
    pub fn is_new(&self, number: u32) -> Result<bool, PdfError> {
        let old = self.before.by_number(number)?;
        Ok(old.object == Object::Null && self.mentions(number) == 0)
    }

    /// Explains `number`, unless pages or appearances draw it too.
    pub fn explain(&mut self, number: u32) {
        let around = self.known.around.as_mut();
        if !around.is_some_and(|around| around.shows(self.before, number)) && !self.is_drawn(number)
        {
            self.explained.insert(number);
        }
    }

    /// Whether the pages of the earlier revision draw `number`.
    pub fn is_drawn(&mut self, number: u32) -> bool {
        let around = self.known.around.as_mut();
        around.is_some_and(|around| around.draws(self.before, number))
    }

    /// How often the earlier revision refers to `number`.
    pub fn mentions(&self, number: u32) -> u32 {
        let around = self.known.around.as_ref();
        let count = around.and_then(|around| around.mentions.get(&number));
        count.copied().unwrap_or(0)
    }

    /// Explains the list or dictionary that a place leads to now, if nothing led to it before or
    /// this place alone did.
    pub fn explain_only_mention(&mut self, was: Option<&Object>, is: Option<&Object>) {
        let Some(Object::Reference(id)) = is else {
            return;
        };
        let own = u32::from(same_option(was, is));
        if self.touched.contains(&id.number) && self.mentions(id.number) <= own {
            self.explain(id.number);
        }
    }

    /// Explains everything new that `object` leads to.
    pub fn explain_beneath(&mut self, object: &Object) -> Result<(), PdfError> {
        self.explain_place(None, object, Old::Kept)
    }

    /// Explains everything new beneath the later value of one place, and what is old there and
    /// belongs to this place alone: all that refers to it stands beneath the earlier value.
    pub fn explain_place(
        &mut self,
        was: Option<&Object>,
        is: &Object,
        old: Old,
    ) -> Result<(), PdfError> {
        let inside = match was {
            Some(was) => self.mentions_beneath(was)?,
            None => HashMap::new(),
        };
        let mut seen = BTreeSet::new();
        let mut waiting = vec![is.clone()];
        while let Some(object) = waiting.pop() {
            match &object {
                Object::Reference(id) => {
                    let number = id.number;
                    let touched = self.touched.contains(&number);
                    // Nothing new can hang on what was not written: see `is_new`.
                    if !touched && old == Old::Kept || !seen.insert(number) {
                        continue;
                    }
                    if seen.len() > BENEATH_MAX {
                        return Ok(());
                    }
                    let beside = u64::from(!touched);
                    self.known.walked = self.known.walked.saturating_add(beside);
                    let value = self.after.get(*id)?;
                    if !touched {
                        waiting.push(value);
                    } else if self.may_stand(number, &value, &inside, old)? {
                        self.explained.insert(number);
                        waiting.push(value);
                    }
                }
                Object::Array(array) => waiting.extend(array.iter().cloned()),
                Object::Dictionary(_) | Object::Stream(_) => {
                    let Some(dictionary) = object.as_dictionary() else {
                        continue;
                    };
                    self.note_actions(dictionary);
                    let entries = dictionary.entries().iter();
                    waiting.extend(entries.map(|entry| entry.value.clone()));
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn may_stand(
        &self,
        number: u32,
        value: &Object,
        inside: &HashMap<u32, u32>,
        old: Old,
    ) -> Result<bool, PdfError> {
        if self.is_new(number)? {
            return Ok(true);
        }
        let all = self.mentions(number);
        let alone = inside.get(&number).copied().unwrap_or(0) >= all;
        Ok(match old {
            Old::Kept => false,
            Old::ListsRewritten => {
                alone && matches!(value, Object::Array(_) | Object::Dictionary(_))
            }
            Old::Rewritten => alone,
        })
    }

    /// How often each number is referred to beneath `root` in the earlier revision, by `root`
    /// itself and by objects that nothing else leads to.
    fn mentions_beneath(&mut self, root: &Object) -> Result<HashMap<u32, u32>, PdfError> {
        let mut counts: HashMap<u32, u32> = HashMap::new();
        let mut waiting = vec![root.clone()];
        while let Some(object) = waiting.pop() {
            let mut fresh = Vec::new();
            references(&object, Keys::All, &mut |id| {
                let count = counts.entry(id.number).or_default();
                *count = count.saturating_add(1);
                // Only what belongs to this place alone says what else does.
                if self.mentions(id.number) == *count {
                    fresh.push(id);
                }
            });
            if counts.len() > BENEATH_MAX {
                return Ok(HashMap::new());
            }
            let walked = self.known.walked.saturating_add(fresh.len() as u64);
            self.known.walked = walked;
            for id in fresh {
                if let Ok(value) = self.before.get(id) {
                    waiting.push(value);
                }
            }
        }
        Ok(counts)
    }

    fn note_actions(&mut self, dictionary: &Dictionary) {
        let acts = dictionary.entries().iter().any(|entry| {
            let key = entry.key.as_slice();
            let named = entry.value.as_name();
            matches!(key, b"JS" | b"AA" | b"OpenAction")
                || key == b"S" && named.is_some_and(|name| ACTIONS.contains(&name))
        });
        if acts {
            self.note(Change::ActionAdded { object: 0 });
        }
    }
}

/// What may happen to the old objects of a place.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Old {
    /// Nothing.
    Kept,
    /// Lists and dictionaries may be written anew, streams may not.
    ListsRewritten,
    /// Everything may be written anew.
    Rewritten,
}

/// Whether some dictionary within has a key twice.
pub(crate) fn repeats_a_key(object: &Object) -> bool {
    let mut waiting = vec![object];
    while let Some(object) = waiting.pop() {
        if let Object::Array(array) = object {
            waiting.extend(array.iter());
        } else if let Some(dictionary) = object.as_dictionary() {
            if dictionary.has_duplicate_keys() {
                return true;
            }
            waiting.extend(dictionary.entries().iter().map(|entry| &entry.value));
        }
    }
    false
}

/// A value of the earlier dictionary, and of the later one.
pub(crate) type Pair<'d> = (Option<&'d Object>, Option<&'d Object>);

/// The values of both, by key. A dictionary may have a hundred thousand keys: nothing is looked up
/// one by one.
pub(crate) fn pairs<'d>(old: &'d Dictionary, new: &'d Dictionary) -> BTreeMap<&'d [u8], Pair<'d>> {
    let mut found: BTreeMap<&[u8], Pair<'_>> = BTreeMap::new();
    for entry in old.entries() {
        found.entry(&entry.key).or_default().0 = Some(&entry.value);
    }
    for entry in new.entries() {
        found.entry(&entry.key).or_default().1 = Some(&entry.value);
    }
    found
}

/// Equality of entries. A key with `null` is not the same as none: of inheritance in the tree of
/// pages (7.7.3.4) readers differ.
pub(crate) fn same_option(old: Option<&Object>, new: Option<&Object>) -> bool {
    match (old, new) {
        (None, None) => true,
        (Some(old), Some(new)) => same_value(old, new),
        _ => false,
    }
}

pub(crate) fn same_dictionary(old: &Dictionary, new: &Dictionary) -> bool {
    !old.has_duplicate_keys()
        && !new.has_duplicate_keys()
        && pairs(old, new)
            .into_iter()
            .all(|(key, (was, is))| same_entry(key, was, is))
}

/// Entries whose numbers may be whole or not (7.9.5): all readers take both for a place, a matrix
/// or a colour. Elsewhere some count with what they read, and find nothing in `90.0`.
const MEASURED: [&[u8]; 14] = [
    b"Rect",
    b"BBox",
    b"MediaBox",
    b"CropBox",
    b"BleedBox",
    b"TrimBox",
    b"ArtBox",
    b"Matrix",
    b"C",
    b"IC",
    b"BC",
    b"BG",
    b"Border",
    b"RD",
];

/// Equality of what two dictionaries have at `key`.
pub(crate) fn same_entry(key: &[u8], old: Option<&Object>, new: Option<&Object>) -> bool {
    let measures = || match (old, new) {
        (Some(Object::Array(old)), Some(Object::Array(new))) => same_place(old, new),
        _ => false,
    };
    same_option(old, new) || MEASURED.contains(&key) && measures()
}

/// Whether both are the same one to six numbers.
fn same_place(old: &[Object], new: &[Object]) -> bool {
    let is_number = |object: &Object| matches!(object, Object::Integer(_) | Object::Real(_));
    (1..=6).contains(&old.len())
        && old.len() == new.len()
        && old.iter().chain(new).all(is_number)
        && old
            .iter()
            .zip(new)
            .all(|(old, new)| old.as_number() == new.as_number())
}

/// Equality of values; where they stand in the file is not part of them.
pub(crate) fn same_value(old: &Object, new: &Object) -> bool {
    match (old, new) {
        (Object::Dictionary(old), Object::Dictionary(new)) => same_dictionary(old, new),
        (Object::Array(old), Object::Array(new)) => {
            old.len() == new.len()
                && old
                    .iter()
                    .zip(new.iter())
                    .all(|(old, new)| same_value(old, new))
        }
        (Object::String(old), Object::String(new)) => {
            // What was folded may have been other bytes, and is to some readers.
            let is_folded = [old.form, new.form].contains(&StringForm::Folded);
            old.enciphered == new.enciphered && old.bytes == new.bytes && !is_folded
        }
        (Object::Stream(_), _) | (_, Object::Stream(_)) => false,
        // As written: some readers ask for a whole number, and find none in 90.0.
        (old, new) => old == new,
    }
}
