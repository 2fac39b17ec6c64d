//! What a revision changed, by a strict rule: what is not shown to be harmless is unexplained.
//!
//! Both revisions are opened as files of their own, cut at their ends, and every object that the
//! later one writes must be explained by the place it has: a signature field with its widget and
//! appearance, the form's list of fields, a page's list of annotations, the evidence store, the
//! metadata. Objects that the signed pages draw may never be touched, whatever else they also are.

use std::collections::{BTreeSet, HashSet};

use chancery_pdf::reader::Place;
use chancery_pdf::{Dictionary, Limits, Object, ObjectId, Pdf, PdfError, Revision};

use crate::bytes_accounted::{Hidden, hidden_bytes};
use crate::facts::Change;

/// What every trailer says anew: sizes, places, the second half of the identifier, and how a
/// cross-reference stream is packed. `/Info` is looked at by itself.
const TRAILER_KEYS: &[&[u8]] = &[
    b"Size",
    b"Prev",
    b"XRefStm",
    b"ID",
    b"Info",
    b"Type",
    b"W",
    b"Index",
    b"Filter",
    b"Length",
    b"DecodeParms",
];
/// Most changes listed for one revision.
const CHANGES_MAX: usize = 100;

/// Compares revision `index` of `bytes` with the one before it.
pub(crate) fn compare(
    bytes: &[u8],
    limits: &Limits,
    revisions: &[Revision],
    index: usize,
) -> Vec<Change> {
    let unexplained = |what: &str| {
        vec![Change::Unexplained {
            object: 0,
            what: what.to_owned(),
        }]
    };
    let previous = index
        .checked_sub(1)
        .and_then(|previous| revisions.get(previous));
    let (Some(old), Some(new)) = (previous, revisions.get(index)) else {
        return unexplained("the revisions");
    };
    let cut = |revision: &Revision| bytes.get(..revision.end?);
    let (Some(old_bytes), Some(new_bytes)) = (cut(old), cut(new)) else {
        return unexplained("a revision without an end");
    };
    let opened = Pdf::survey(old_bytes, limits)
        .and_then(|before| Ok((before, Pdf::survey(new_bytes, limits)?)));
    let Ok((before, after)) = opened else {
        return unexplained("a revision that cannot be read");
    };
    let mut comparison = Comparison::new(&before, &after);
    if comparison.run(new).is_err() {
        comparison.note(Change::Unexplained {
            object: 0,
            what: "an unreadable part".to_owned(),
        });
    }
    comparison.changes
}

pub(crate) struct Comparison<'p, 'a> {
    pub before: &'p Pdf<'a>,
    pub after: &'p Pdf<'a>,
    /// Numbers whose value differs.
    pub touched: BTreeSet<u32>,
    /// Those of them that have a harmless place.
    pub explained: BTreeSet<u32>,
    /// Numbers that the earlier revision refers to anywhere.
    mentioned: HashSet<u32>,
    /// Numbers that the earlier revision's pages draw.
    drawn: HashSet<u32>,
    /// Numbers that the appearances of its annotations draw.
    shown: HashSet<u32>,
    /// Numbers that unknown keys of its trailer refer to: whatever uses them must go on doing so.
    pub named_by_trailer: HashSet<u32>,
    /// Widgets of signatures that this revision adds, as yet on no page.
    pub widgets: BTreeSet<u32>,
    pub changes: Vec<Change>,
}

impl<'p, 'a> Comparison<'p, 'a> {
    fn new(before: &'p Pdf<'a>, after: &'p Pdf<'a>) -> Self {
        Self {
            before,
            after,
            touched: BTreeSet::new(),
            explained: BTreeSet::new(),
            mentioned: HashSet::new(),
            drawn: HashSet::new(),
            shown: HashSet::new(),
            named_by_trailer: HashSet::new(),
            widgets: BTreeSet::new(),
            changes: Vec::new(),
        }
    }

    fn run(&mut self, revision: &Revision) -> Result<(), PdfError> {
        if !self.after.dishonest_entries().is_empty() {
            let new = self.after.dishonest_entries();
            if new
                .iter()
                .any(|entry| entry.section as usize >= revision.start)
            {
                self.unexplained(0, "an untrue cross-reference");
            }
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
            self.look_around()?;
        }
        self.trailers()?;
        if self.touched.is_empty() {
            return Ok(());
        }
        self.catalogs()?;
        self.form()?;
        self.pages()?;
        self.containers()?;
        let left: Vec<u32> = self.touched.difference(&self.explained).copied().collect();
        for number in left {
            if self.drawn.contains(&number) {
                self.note(Change::ContentChanged { object: number });
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
        self.note(Change::Unexplained {
            object,
            what: what.to_owned(),
        });
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

    /// An object that the earlier revision neither has nor refers to: whatever it is, nothing old
    /// shows it.
    fn is_new(&self, number: u32) -> Result<bool, PdfError> {
        let old = self.before.by_number(number)?;
        Ok(old.object == Object::Null && !self.mentioned.contains(&number))
    }

    /// Explains `number`, unless pages or appearances draw it too.
    pub fn explain(&mut self, number: u32) {
        if !self.drawn.contains(&number) && !self.shown.contains(&number) {
            self.explained.insert(number);
        }
    }

    /// Explains everything new that `object` leads to.
    pub fn explain_beneath(&mut self, object: &Object) -> Result<(), PdfError> {
        let mut waiting = vec![object.clone()];
        while let Some(object) = waiting.pop() {
            match &object {
                Object::Reference(id) => {
                    let number = id.number;
                    let fresh = self.touched.contains(&number) && self.is_new(number)?;
                    if fresh && !self.explained.contains(&number) {
                        self.explain(number);
                        waiting.push(self.after.get(*id)?);
                    }
                }
                Object::Array(array) => waiting.extend(array.iter().cloned()),
                Object::Dictionary(_) | Object::Stream(_) => {
                    let Some(dictionary) = object.as_dictionary() else {
                        continue;
                    };
                    for key in [b"JS".as_slice(), b"AA"] {
                        if dictionary.get(key).is_some() {
                            self.note(Change::ActionAdded { object: 0 });
                        }
                    }
                    let entries = dictionary.entries().iter();
                    waiting.extend(entries.map(|entry| entry.value.clone()));
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// What the earlier revision refers to, and what its pages draw.
    fn look_around(&mut self) -> Result<(), PdfError> {
        for (number, _) in self.before.numbers() {
            // An object that cannot be read is shown by no reader; what it says cannot bind us.
            let Ok(indirect) = self.before.by_number(number) else {
                continue;
            };
            let object = &indirect.object;
            // A cross-reference stream is a trailer: see `trailers`.
            if object
                .as_dictionary()
                .is_some_and(|one| one.is_name(b"Type", b"XRef"))
            {
                continue;
            }
            references(object, Keys::All, &mut |id| {
                self.mentioned.insert(id.number);
            });
        }
        let catalog = self.before.catalog()?;
        let mut waiting: Vec<ObjectId> = Vec::new();
        if let Some(Object::Reference(root)) = catalog.get(b"Pages") {
            waiting.push(*root);
        }
        while let Some(id) = waiting.pop() {
            if !self.drawn.insert(id.number) {
                continue;
            }
            let Ok(object) = self.before.get(id) else {
                continue;
            };
            references(&object, Keys::Drawn, &mut |id| waiting.push(id));
        }
        self.look_at_appearances()
    }

    fn look_at_appearances(&mut self) -> Result<(), PdfError> {
        let mut waiting: Vec<ObjectId> = Vec::new();
        for (number, _) in self.before.numbers() {
            let Ok(indirect) = self.before.by_number(number) else {
                continue;
            };
            if let Some(appearance) = indirect
                .object
                .as_dictionary()
                .and_then(|one| one.get(b"AP"))
            {
                references(appearance, Keys::Drawn, &mut |id| waiting.push(id));
            }
        }
        while let Some(id) = waiting.pop() {
            if self.shown.insert(id.number) {
                let Ok(object) = self.before.get(id) else {
                    continue;
                };
                references(&object, Keys::Drawn, &mut |id| waiting.push(id));
            }
        }
        Ok(())
    }

    fn trailers(&mut self) -> Result<(), PdfError> {
        let (Some(old), Some(new)) = (self.before.trailer(), self.after.trailer()) else {
            return Err(PdfError::WrongType { what: "a trailer" });
        };
        for key in keys(old, new) {
            if TRAILER_KEYS.contains(&key.as_slice()) {
                continue;
            }
            let known = matches!(key.as_slice(), b"Root" | b"Encrypt");
            if let Some(extra) = old.get(&key).filter(|_| !known) {
                let named = &mut self.named_by_trailer;
                references(extra, Keys::All, &mut |id| {
                    named.insert(id.number);
                });
            }
            // A key that no reader knows may be left out by the next writer, never changed.
            let dropped = !known && new.get(&key).is_none();
            if !dropped && !same_option(old.get(&key), new.get(&key)) {
                let what = format!("the trailer's /{}", String::from_utf8_lossy(&key));
                self.unexplained(0, &what);
            }
        }
        if let Some(Object::Reference(id)) = new.get(b"Info") {
            let dictionary = matches!(self.after.get(*id)?, Object::Dictionary(_));
            // What anything else refers to is more than a note about the file.
            let alone = !self.mentioned.contains(&id.number);
            if self.touched.contains(&id.number) && dictionary && alone {
                self.explain(id.number);
                self.note(Change::MetadataChanged);
            }
        }
        Ok(())
    }

    fn catalogs(&mut self) -> Result<(), PdfError> {
        let (old, new) = (self.before.catalog()?, self.after.catalog()?);
        let number = self.after.catalog_id()?.number;
        self.explain(number);
        for key in keys(&old, &new) {
            let same = same_option(old.get(&key), new.get(&key));
            match key.as_slice() {
                b"DSS" => self.evidence(old.get(b"DSS"), new.get(b"DSS"))?,
                b"Metadata" => self.metadata(new.get(b"Metadata"))?,
                // Both are looked at with the form and mean nothing to what is shown.
                b"AcroForm" | b"Extensions" | b"Version" => {}
                _ if same => {}
                b"OpenAction" | b"AA" => self.note(Change::ActionAdded { object: number }),
                b"Pages" | b"OCProperties" => {
                    self.note(Change::ContentChanged { object: number });
                }
                other => {
                    let what = format!("the catalog's /{}", String::from_utf8_lossy(other));
                    self.unexplained(number, &what);
                }
            }
        }
        if let Some(extensions) = new.get(b"Extensions").cloned() {
            self.explain_beneath(&extensions)?;
        }
        Ok(())
    }

    fn metadata(&mut self, new: Option<&Object>) -> Result<(), PdfError> {
        let Some(Object::Reference(id)) = new else {
            return Ok(());
        };
        if !self.touched.contains(&id.number) {
            return Ok(());
        }
        if let Object::Stream(stream) = self.after.get(*id)?
            && stream.dictionary.is_name(b"Type", b"Metadata")
        {
            self.explain(id.number);
            self.note(Change::MetadataChanged);
        }
        Ok(())
    }

    /// The document security store (ISO 32000-2, 12.8.4.3): lists of certificates and answers.
    fn evidence(&mut self, old: Option<&Object>, new: Option<&Object>) -> Result<(), PdfError> {
        let Some(new) = new else {
            self.unexplained(0, "the evidence was removed");
            return Ok(());
        };
        let before = self.explained.len();
        // The store and its lists may be rewritten; the streams in them may only be added.
        self.rewritten(new);
        let store = self.after.resolve(new)?;
        if let Some(store) = store.as_dictionary() {
            for entry in store.entries() {
                self.rewritten(&entry.value);
                let value = self.after.resolve(&entry.value)?;
                if entry.key == b"VRI" {
                    for one in value.as_dictionary().map_or(&[][..], Dictionary::entries) {
                        self.rewritten(&one.value);
                        let record = self.after.resolve(&one.value)?;
                        for list in record.as_dictionary().map_or(&[][..], Dictionary::entries) {
                            self.rewritten(&list.value);
                            self.explain_beneath(&list.value)?;
                        }
                        self.explain_beneath(&one.value)?;
                    }
                }
                self.explain_beneath(&value)?;
            }
        }
        self.explain_beneath(&store)?;
        if self.explained.len() > before || !same_option(old, Some(new)) {
            self.note(Change::EvidenceAdded);
        }
        Ok(())
    }

    /// Explains a list or dictionary that was written anew under its old number.
    fn rewritten(&mut self, object: &Object) {
        if let Object::Reference(id) = object {
            let value = self.after.get(*id);
            let list = matches!(value, Ok(Object::Array(_) | Object::Dictionary(_)));
            if list && self.touched.contains(&id.number) {
                self.explain(id.number);
            }
        }
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
}

/// Which references to follow.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Keys {
    All,
    /// All but the way up and the annotations, which are looked at by themselves.
    Drawn,
}

fn references(object: &Object, which: Keys, found: &mut impl FnMut(ObjectId)) {
    let mut waiting = vec![object];
    while let Some(object) = waiting.pop() {
        match object {
            Object::Reference(id) => found(*id),
            Object::Array(array) => waiting.extend(array),
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

/// The keys of both, each once.
pub(crate) fn keys(old: &Dictionary, new: &Dictionary) -> BTreeSet<Vec<u8>> {
    let entries = old.entries().iter().chain(new.entries());
    entries.map(|entry| entry.key.clone()).collect()
}

pub(crate) fn same_option(old: Option<&Object>, new: Option<&Object>) -> bool {
    match (old, new) {
        (None | Some(Object::Null), None | Some(Object::Null)) => true,
        (Some(old), Some(new)) => same_value(old, new),
        _ => false,
    }
}

fn same_dictionary(old: &Dictionary, new: &Dictionary) -> bool {
    !old.has_duplicate_keys()
        && !new.has_duplicate_keys()
        && keys(old, new)
            .iter()
            .all(|key| same_option(old.get(key), new.get(key)))
}

/// Equality of values; where they stand in the file is not part of them.
fn same_value(old: &Object, new: &Object) -> bool {
    match (old, new) {
        (Object::Dictionary(old), Object::Dictionary(new)) => same_dictionary(old, new),
        (Object::Array(old), Object::Array(new)) => {
            old.len() == new.len() && old.iter().zip(new).all(|(old, new)| same_value(old, new))
        }
        (Object::String(old), Object::String(new)) => old.bytes == new.bytes,
        (Object::Stream(_), _) | (_, Object::Stream(_)) => false,
        (Object::Integer(_), Object::Real(_)) | (Object::Real(_), Object::Integer(_)) => {
            old.as_number() == new.as_number()
        }
        (old, new) => old == new,
    }
}
