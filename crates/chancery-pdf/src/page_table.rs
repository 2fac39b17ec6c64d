//! The pages of a file that grows by revisions, and which annotation stands on which: a table that
//! is extended, not made anew.

use std::collections::{BTreeSet, HashMap, HashSet};

use crate::error::PdfError;
use crate::field_table::pass;
use crate::object::{Dictionary, Object, ObjectId};
use crate::page::Page;
use crate::reader::Pdf;

/// What makes a node a page, and what it hands down (ISO 32000-2, 7.7.3.4).
const TREE_KEYS: [&[u8]; 5] = [b"Type", b"Kids", b"MediaBox", b"CropBox", b"Rotate"];
/// Most nodes above pages that are walked.
const NODES_MAX: usize = 100_000;
/// Most annotations that are taken from a page one by one.
const TAKEN_MAX: usize = 16;

/// The pages of one revision.
///
/// Tells the same as [`Pdf::pages`] of that revision.
pub struct PageTable {
    root: ObjectId,
    pages: Vec<Page>,
    /// Nodes with `/Kids`.
    upper: HashMap<u32, ObjectId>,
    /// Objects that shape the tree otherwise than as a page.
    structure: HashSet<u32>,
    /// The pages themselves and what leads to their lists of annotations, each with the place of
    /// the page.
    places: BTreeSet<(u32, usize)>,
    /// The annotations of each page, in order.
    lists: Vec<Vec<u32>>,
    /// Each annotation with the places of the pages that list it.
    shown: BTreeSet<(u32, usize)>,
}

impl PageTable {
    /// Reads the page tree and the lists of annotations.
    ///
    /// # Errors
    ///
    /// As [`Pdf::pages`].
    pub fn of(pdf: &Pdf<'_>) -> Result<Self, PdfError> {
        let pages = pdf.pages()?;
        let mut table = Self {
            root: pdf.page_tree_root()?,
            lists: vec![Vec::new(); pages.len()],
            pages,
            upper: HashMap::new(),
            structure: HashSet::new(),
            places: BTreeSet::new(),
            shown: BTreeSet::new(),
        };
        table.read_upper(pdf)?;
        for place in 0..table.pages.len() {
            table.read_page(pdf, place)?;
        }
        Ok(table)
    }

    /// How many objects the tree has.
    #[must_use]
    pub fn size(&self) -> usize {
        self.pages.len().saturating_add(self.upper.len())
    }

    /// All pages in order.
    #[must_use]
    pub fn pages(&self) -> &[Page] {
        &self.pages
    }

    /// The nodes with `/Kids` among `written`.
    #[must_use]
    pub fn upper_among(&self, written: &BTreeSet<u32>) -> Vec<ObjectId> {
        let found = written.iter().filter_map(|number| self.upper.get(number));
        found.copied().collect()
    }

    /// The pages that `written` may have changed: themselves, or their lists of annotations.
    #[must_use]
    pub fn touched_by(&self, written: &BTreeSet<u32>) -> Vec<Page> {
        let places = self.places_of(written);
        let pages = places.into_iter().filter_map(|place| self.pages.get(place));
        pages.cloned().collect()
    }

    /// The number, from 1, of the page that is object `number`.
    #[must_use]
    pub fn number_of(&self, number: u32) -> Option<u32> {
        let mut places = self.places.range((number, 0)..=(number, usize::MAX));
        let is_page =
            |place: &usize| self.pages.get(*place).map(|one| one.id.number) == Some(number);
        let (_, place) = places.find(|(_, place)| is_page(place))?;
        u32::try_from(*place).ok()?.checked_add(1)
    }

    /// The first page that lists the annotation `number`, and its own number, from 1.
    #[must_use]
    pub fn showing(&self, number: u32) -> Option<(&Page, u32)> {
        let mut places = self.shown.range((number, 0)..=(number, usize::MAX));
        let (_, place) = places.next()?;
        let shown = u32::try_from(*place).ok()?.checked_add(1)?;
        Some((self.pages.get(*place)?, shown))
    }

    /// Every page that lists the annotation `number`, with its own number, from 1.
    pub fn all_showing(&self, number: u32) -> impl Iterator<Item = (&Page, u32)> {
        let places = self.shown.range((number, 0)..=(number, usize::MAX));
        places.filter_map(|(_, place)| {
            let shown = u32::try_from(*place).ok()?.checked_add(1)?;
            Some((self.pages.get(*place)?, shown))
        })
    }

    /// Turns the table of `before` into that of `after`, which differs from it by the objects
    /// `written`. Answers how many objects were read, beside those written.
    ///
    /// # Errors
    ///
    /// As [`Pdf::pages`]; the table is then of no use.
    pub fn advance(
        &mut self,
        before: &Pdf<'_>,
        after: &Pdf<'_>,
        written: &BTreeSet<u32>,
    ) -> Result<usize, PdfError> {
        let places = self.places_of(written);
        let shaped = after.page_tree_root()? != self.root
            || written.iter().any(|number| self.structure.contains(number))
            || !self.keep_shape(before, after, &places)?;
        if shaped {
            *self = Self::of(after)?;
            return Ok(self.size());
        }
        for place in places {
            self.read_page(after, place)?;
        }
        Ok(0)
    }

    fn places_of(&self, written: &BTreeSet<u32>) -> BTreeSet<usize> {
        let places = written.iter().flat_map(|number| {
            let places = self.places.range((*number, 0)..=(*number, usize::MAX));
            places.map(|(_, place)| *place)
        });
        places.collect()
    }

    /// Whether the pages at these places are still pages, and of the same form.
    fn keep_shape(
        &self,
        before: &Pdf<'_>,
        after: &Pdf<'_>,
        places: &BTreeSet<usize>,
    ) -> Result<bool, PdfError> {
        for page in places.iter().filter_map(|place| self.pages.get(*place)) {
            let number = page.id.number;
            let (old, new) = (before.shared(number)?, after.shared(number)?);
            let (Object::Dictionary(was), Object::Dictionary(is)) = (&old.object, &new.object)
            else {
                return Ok(false);
            };
            let same = TREE_KEYS.iter().all(|key| was.get(key) == is.get(key));
            if !same || old.id != page.id || new.id != page.id {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn read_upper(&mut self, pdf: &Pdf<'_>) -> Result<(), PdfError> {
        let mut waiting = vec![self.root];
        let mut seen = HashSet::new();
        while let Some(id) = waiting.pop() {
            if !seen.insert(id.number) || seen.len() > NODES_MAX {
                continue;
            }
            let Object::Dictionary(node) = pdf.get(id)? else {
                // What is no node yet may become one.
                self.structure.insert(id.number);
                continue;
            };
            self.read_shape(pdf, &node)?;
            let kids = pdf.value(&node, b"Kids")?;
            let Some(kids) = kids.as_array() else {
                continue;
            };
            self.structure.insert(id.number);
            self.upper.insert(id.number, id);
            waiting.extend(kids.iter().filter_map(Object::as_reference));
        }
        Ok(())
    }

    /// Takes the objects that say what shape a node has and how large its pages are.
    fn read_shape(&mut self, pdf: &Pdf<'_>, node: &Dictionary) -> Result<(), PdfError> {
        for key in TREE_KEYS {
            let Some(value) = node.get(key) else {
                continue;
            };
            let structure = &mut self.structure;
            let mut passed = |number| {
                structure.insert(number);
            };
            pass(pdf, value, &mut passed)?;
            // A rectangle may have its numbers elsewhere; what `/Kids` names are nodes.
            let boxed = matches!(key, b"MediaBox" | b"CropBox");
            if boxed && let Some(sides) = pdf.resolve(value)?.as_array() {
                for side in sides.iter().take(4) {
                    pass(pdf, side, &mut passed)?;
                }
            }
        }
        Ok(())
    }

    fn read_page(&mut self, pdf: &Pdf<'_>, place: usize) -> Result<(), PdfError> {
        let Some(page) = self.pages.get(place) else {
            return Ok(());
        };
        let number = page.id.number;
        self.places.insert((number, place));
        let page = pdf.shared(number)?;
        let mut list = Vec::new();
        if let Some(dictionary) = page.object.as_dictionary()
            && let Some(annotations) = dictionary.get(b"Annots")
        {
            pass(pdf, annotations, &mut |number| {
                self.places.insert((number, place));
            })?;
            let resolved;
            let array = match annotations {
                Object::Array(array) => array.as_slice(),
                other => {
                    resolved = pdf.resolve(other)?;
                    resolved.as_array().unwrap_or(&[])
                }
            };
            let named = array.iter().filter_map(Object::as_reference);
            list.extend(named.map(|id| id.number));
        }
        self.take_list(place, list);
        Ok(())
    }

    fn take_list(&mut self, place: usize, new: Vec<u32>) {
        let Some(slot) = self.lists.get_mut(place) else {
            return;
        };
        let old = std::mem::replace(slot, new);
        let new = slot;
        // Most of a long list stays as it was.
        let same = old.iter().zip(new.iter()).take_while(|(a, b)| a == b);
        let first = same.count();
        let (gone, come) = (old.get(first..), new.get(first..));
        let (gone, come) = (gone.unwrap_or(&[]), come.unwrap_or(&[]));
        let (gone, come) = match gone.len() > TAKEN_MAX {
            true => (old.as_slice(), new.as_slice()),
            false => (gone, come),
        };
        for number in gone {
            // It may stand in the part that stayed, too.
            let stays = gone.len() <= TAKEN_MAX && new.contains(number);
            if !stays {
                self.shown.remove(&(*number, place));
            }
        }
        self.shown
            .extend(come.iter().map(|number| (*number, place)));
    }
}
