//! The part of a revision's changes that pages show: their entries, their annotations, their tree.

use std::collections::{HashMap, HashSet};

use chancery_pdf::page::Page;
use chancery_pdf::{Dictionary, Object, ObjectId, Pdf, PdfError};

use crate::changes::Comparison;
use crate::changes_walk::{Keys, pairs, references, same_entry, same_option};
use crate::facts::Change;

/// Most objects that are walked to find the page of a changed one.
const PAGE_WALK_MAX: usize = 100_000;
/// What a node of the page tree means by (ISO 32000-2, 7.7.3.2); a private mark beside them draws
/// nothing.
const NODE_KEYS: &[&[u8]] = &[
    b"Type",
    b"Parent",
    b"Kids",
    b"Count",
    b"Resources",
    b"MediaBox",
    b"CropBox",
    b"Rotate",
];

impl Comparison<'_, '_> {
    pub(crate) fn pages(&mut self) -> Result<(), PdfError> {
        let Some(met) = &self.met else {
            return Ok(());
        };
        let (upper, pages) = (met.upper.clone(), met.pages.clone());
        for id in upper {
            self.page_tree_node(id)?;
        }
        for page in pages {
            self.page(&page)?;
        }
        Ok(())
    }

    /// A node above the pages that was written anew and says what it said.
    fn page_tree_node(&mut self, id: ObjectId) -> Result<(), PdfError> {
        if !self.touched.contains(&id.number) {
            return Ok(());
        }
        if let (Object::Dictionary(old), Object::Dictionary(new)) =
            (self.before.get(id)?, self.after.get(id)?)
            && same_node(&old, &new)
        {
            // The tree draws itself, so this is not for `explain`.
            self.explained.insert(id.number);
        }
        Ok(())
    }

    /// Which pages are gone and which are new, if any are. A page is the object that it is: one
    /// that was exchanged for another is both. Nothing where a tree cannot be read.
    pub(crate) fn pages_changed(&mut self) -> Option<Change> {
        let (old, new) = (self.before.pages().ok()?, self.after.pages().ok()?);
        let walked = old.len().saturating_add(new.len()) as u64;
        self.known.walked = self.known.walked.saturating_add(walked);
        let (removed, removed_first) = missing_in(&old, &new);
        let (added, added_first) = missing_in(&new, &old);
        let is_other = removed > 0 || added > 0;
        is_other.then_some(Change::PagesChanged {
            removed,
            removed_first,
            added,
            added_first,
        })
    }

    fn page(&mut self, page: &Page) -> Result<(), PdfError> {
        let number = page.id.number;
        let (Object::Dictionary(old), Object::Dictionary(new)) =
            (self.before.get(page.id)?, self.after.get(page.id)?)
        else {
            self.content_changed(number);
            return Ok(());
        };
        for (key, (was, is)) in pairs(&old, &new) {
            if same_entry(key, was, is) {
                continue;
            }
            match key {
                // The annotations are looked at below; a date draws nothing.
                b"Annots" if self.is_list(is)? => {}
                b"LastModified" if is.is_none_or(|is| is.as_string().is_some()) => {}
                b"Contents" | b"Resources" | b"MediaBox" | b"CropBox" | b"Rotate" | b"Parent" => {
                    self.content_changed(number);
                }
                _ => self.unexplained(number, "an entry of a page"),
            }
        }
        // The pages draw themselves, so this is not for `explain`.
        self.explained.insert(number);
        self.annotations(number, &old, &new)
    }

    /// Whether nothing is there, or a list, or the way to one.
    fn is_list(&self, value: Option<&Object>) -> Result<bool, PdfError> {
        let value = value.map(|value| self.after.resolve(value)).transpose()?;
        Ok(value.is_none_or(|value| matches!(value, Object::Array(_) | Object::Null)))
    }

    /// Every old annotation stays, in its order; what is new are widgets of new signatures.
    fn annotations(
        &mut self,
        number: u32,
        old: &Dictionary,
        new: &Dictionary,
    ) -> Result<(), PdfError> {
        let was = self.before.value(old, b"Annots")?;
        let is = self.after.value(new, b"Annots")?;
        self.explain_only_mention(old.get(b"Annots"), new.get(b"Annots"));
        let (was, is) = (was.as_array().unwrap_or(&[]), is.as_array().unwrap_or(&[]));
        let mut kept = was.iter().peekable();
        let mut strange: Vec<Object> = Vec::new();
        for annotation in is {
            if kept
                .next_if(|old| same_option(Some(old), Some(annotation)))
                .is_some()
            {
                continue;
            }
            let ours = annotation
                .as_reference()
                .is_some_and(|id| self.widgets.contains(&id.number));
            if !ours {
                strange.push(annotation.clone());
            }
        }
        let page = self.page_number(number);
        for annotation in &strange {
            let value = self.after.resolve(annotation).unwrap_or(Object::Null);
            let kind = value
                .as_dictionary()
                .and_then(|one| one.get(b"Subtype")?.as_name());
            let kind = kind.map(|name| String::from_utf8_lossy(name).into_owned());
            self.note(Change::AnnotationAdded {
                kind: kind.unwrap_or_default(),
                page,
            });
        }
        if kept.peek().is_some() {
            self.unexplained(number, "the annotations of a page");
        }
        Ok(())
    }

    /// The number, from 1, of the page that is object `number`.
    fn page_number(&self, number: u32) -> Option<u32> {
        self.pages_after().ok()?.number_of(number)
    }

    /// The number, from 1, of the page on which an annotation stands.
    pub(crate) fn page_of_widget(&self, number: u32) -> Option<u32> {
        let (_, page) = self.pages_after().ok()?.showing(number)?;
        Some(page)
    }
}

/// How many of `pages` are not among `others`, and the number, from 1, of the first.
fn missing_in(pages: &[Page], others: &[Page]) -> (u32, Option<u32>) {
    let others: HashSet<ObjectId> = others.iter().map(|page| page.id).collect();
    let numbered = (1_u32..).zip(pages);
    let mut missing = numbered.filter(|(_, page)| !others.contains(&page.id));
    let first = missing.next().map(|(number, _)| number);
    let further = u32::try_from(missing.count()).unwrap_or(u32::MAX);
    (first.map_or(0, |_| further.saturating_add(1)), first)
}

fn same_node(old: &Dictionary, new: &Dictionary) -> bool {
    !new.has_duplicate_keys()
        && pairs(old, new).into_iter().all(|(key, (was, is))| {
            let scalar = !matches!(
                is,
                Some(Object::Reference(_) | Object::Array(_) | Object::Dictionary(_))
            );
            same_entry(key, was, is) || scalar && !NODE_KEYS.contains(&key) && is_private(key)
        })
}

/// A mark of a program of its own, of letters and digits alone: nobody reads another key in it.
fn is_private(key: &[u8]) -> bool {
    !key.is_empty() && key.iter().all(u8::is_ascii_alphanumeric)
}

/// The first page that each object belongs to.
pub(crate) fn pages_of_objects(pdf: &Pdf<'_>) -> HashMap<u32, u32> {
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
