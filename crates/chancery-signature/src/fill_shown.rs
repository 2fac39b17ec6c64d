//! What the appearance of a widget shows, and whether anything that it leads to was written: read
//! once for each appearance, since thousands of widgets may share one.

use std::cell::{Cell, RefCell};
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use chancery_pdf::object::Stream;
use chancery_pdf::{Dictionary, Object, ObjectId, PdfError};

use crate::changes::Comparison;
use crate::changes_fill::{Filled, squeezed};
use crate::changes_walk::{Keys, references, same_option};
use crate::fill_ground::Painted;
use crate::fill_look::{self, SIZE_MIN};

/// Most bytes of appearances that are read in one file, with what their reading reads beside them
/// and what each value costs: ten thousand revisions that each fill one field in stay beneath it.
const READ_MAX: u64 = 192 * 1024 * 1024;
/// What looking at an element of a list costs, in bytes.
const ELEMENT_COST: u64 = 16;
/// Most objects that one appearance leads to; with more, some of them count as written.
const BENEATH_MAX: usize = 10_000;
/// How many blanks more than its value an appearance may show.
const BLANKS_BESIDE: usize = 2;

/// What an appearance shows, where it shows text and nothing else.
struct Shown {
    /// Without white space, which is seen where these numbers of letters were.
    text: String,
    breaks: Vec<usize>,
    blanks: usize,
    size: f64,
    /// The darkest and the lightest of what is written upon the page itself.
    inks: Option<(f64, f64)>,
}

/// What was read of the appearances of one revision, and what may still be read in the file.
pub(crate) struct Looks {
    left: Cell<u64>,
    seen: RefCell<HashMap<u32, Option<Rc<Shown>>>>,
    /// Objects that lead to nothing that the revision wrote, and such as lead to something.
    steady: RefCell<HashSet<u32>>,
    changed: RefCell<HashSet<u32>>,
    /// Where annotations of each page paint.
    painted: RefCell<HashMap<u32, Painted>>,
    /// How many objects were read for that.
    pub walked: Cell<u64>,
}

impl Default for Looks {
    fn default() -> Self {
        Self {
            left: Cell::new(READ_MAX),
            seen: RefCell::default(),
            steady: RefCell::default(),
            changed: RefCell::default(),
            painted: RefCell::default(),
            walked: Cell::new(0),
        }
    }
}

impl Looks {
    /// Forgets one revision.
    pub fn forget(&mut self) {
        self.seen.get_mut().clear();
        self.steady.get_mut().clear();
        self.changed.get_mut().clear();
        self.painted.get_mut().clear();
    }

    pub fn painted(&self, page: u32) -> Option<Painted> {
        self.painted.borrow().get(&page).cloned()
    }

    pub fn keep_painted(&self, page: u32, painted: &Painted) {
        self.painted.borrow_mut().insert(page, painted.clone());
    }

    /// Whether nothing more is read in this file.
    pub fn is_spent(&self) -> bool {
        self.left.get() == 0
    }

    pub fn spend(&self, bytes: u64) {
        self.left.set(self.left.get().saturating_sub(bytes));
    }

    /// Counts elements of a list that are looked at, however they came to be there.
    pub fn spend_elements(&self, count: usize) {
        self.spend((count as u64).saturating_mul(ELEMENT_COST));
    }
}

impl Comparison<'_, '_> {
    /// Whether an appearance is the one that was there, down to the last object that it leads to.
    pub(crate) fn is_untouched(&self, old: Option<&Object>, new: &Object) -> bool {
        same_option(old, Some(new)) && !self.leads_to_written(new)
    }

    /// Whether something that `object` leads to, however deep, was written.
    pub(crate) fn leads_to_written(&self, object: &Object) -> bool {
        let mut roots = Vec::new();
        references(object, Keys::All, &mut |id| roots.push(id.number));
        roots.into_iter().any(|root| self.is_changed_beneath(root))
    }

    fn is_changed_beneath(&self, root: u32) -> bool {
        if self.looks.changed.borrow().contains(&root) {
            return true;
        }
        let mut steady = self.looks.steady.borrow_mut();
        let (mut waiting, mut met) = (vec![root], HashSet::new());
        while let Some(number) = waiting.pop() {
            if steady.contains(&number) || !met.insert(number) {
                continue;
            }
            let unwritten = !self.touched.contains(&number) && met.len() <= BENEATH_MAX;
            let value = self.after.shared(number).ok().filter(|_| unwritten);
            let Some(value) = value else {
                self.looks.changed.borrow_mut().insert(root);
                return true;
            };
            references(&value.object, Keys::All, &mut |id| waiting.push(id.number));
        }
        let walked = self.looks.walked.get().saturating_add(met.len() as u64);
        self.looks.walked.set(walked);
        steady.extend(met);
        false
    }

    /// Whether the normal appearance shows the value of the field, and nothing else is there.
    pub(crate) fn text_agrees(
        &self,
        filled: &Filled,
        widget: &Dictionary,
        appearance: &Object,
    ) -> Result<bool, PdfError> {
        let Object::Dictionary(appearance) = self.after.resolve(appearance)? else {
            return Ok(false);
        };
        // Only the normal appearance: others show something else when pressed or touched.
        let [entry] = appearance.entries() else {
            return Ok(false);
        };
        let (b"N", Object::Reference(id)) = (entry.key.as_slice(), &entry.value) else {
            return Ok(false);
        };
        let Object::Stream(stream) = self.after.get(*id)? else {
            return Ok(false);
        };
        let Some(scale) = self.scale_of(widget, &stream.dictionary)? else {
            return Ok(false);
        };
        let Some(shown) = self.shown_by(*id, &stream)? else {
            return Ok(false);
        };
        if !shown.text.is_empty() && shown.size * scale < SIZE_MIN {
            return Ok(false);
        }
        let wanted = self.texts_of(filled)?;
        let mut wanted = wanted.iter().filter(|text| is_spaced(text, &shown.breaks));
        Ok(wanted.any(|text| {
            let blanks = text.chars().filter(|c| c.is_whitespace()).count();
            squeezed(text) == shown.text && shown.blanks <= blanks.saturating_add(BLANKS_BESIDE)
        }))
    }

    /// The inks of what an appearance writes upon the page itself.
    pub(crate) fn inks_in(&self, appearance: &Object) -> Result<Option<(f64, f64)>, PdfError> {
        let appearance = self.after.resolve(appearance)?;
        let normal = appearance.as_dictionary().and_then(|one| one.get(b"N"));
        let Some(id) = normal.and_then(Object::as_reference) else {
            return Ok(None);
        };
        let Object::Stream(stream) = self.after.get(id)? else {
            return Ok(None);
        };
        Ok(self.shown_by(id, &stream)?.and_then(|shown| shown.inks))
    }

    fn shown_by(&self, id: ObjectId, stream: &Stream) -> Result<Option<Rc<Shown>>, PdfError> {
        if let Some(known) = self.looks.seen.borrow().get(&id.number) {
            return Ok(known.clone());
        }
        if self.looks.is_spent() {
            return Ok(None);
        }
        self.looks.spend(1);
        let shown = self.read_shown(id, stream);
        let shown = shown?.map(Rc::new);
        let mut seen = self.looks.seen.borrow_mut();
        seen.insert(id.number, shown.clone());
        Ok(shown)
    }

    fn read_shown(&self, id: ObjectId, stream: &Stream) -> Result<Option<Shown>, PdfError> {
        let form = &stream.dictionary;
        if !is_plain_form(form) {
            return Ok(None);
        }
        let (Ok(content), Some(area)) = (
            self.after.stream_bytes(id, stream),
            self.after.rectangle(form, b"BBox")?,
        ) else {
            return Ok(None);
        };
        let Some(fonts) = self.only_fonts(form)? else {
            return Ok(None);
        };
        let faces = |name: &[u8]| self.face(&fonts, name).ok().flatten();
        let Some(look) = fill_look::look(&content, ordered(area), &faces) else {
            return Ok(None);
        };
        Ok(Some(Shown {
            text: squeezed(&look.text),
            breaks: breaks_in(&look.text),
            blanks: look.blanks,
            size: look.size,
            inks: look.inks,
        }))
    }

    /// How much larger the page shows a widget's form; nothing where the form is neither upright
    /// nor turned by quarters, or stretched to another shape.
    fn scale_of(&self, widget: &Dictionary, form: &Dictionary) -> Result<Option<f64>, PdfError> {
        let area = self.after.rectangle(form, b"BBox")?;
        let rect = self.after.rectangle(widget, b"Rect")?;
        let (Some(area), Some(rect)) = (area, rect) else {
            return Ok(None);
        };
        let size = |[left, bottom, right, top]: [f64; 4]| (right - left, top - bottom);
        let (area, rect) = (ordered(area), ordered(rect));
        let matrix = self.after.value(form, b"Matrix")?;
        let matrix: Option<Vec<f64>> = match &matrix {
            Object::Null => Some(vec![1.0, 0.0, 0.0, 1.0, 0.0, 0.0]),
            matrix => matrix
                .as_array()
                .and_then(|numbers| numbers.iter().map(Object::as_number).collect()),
        };
        let turned = match matrix.as_deref() {
            Some([a, b, c, d, _, _]) if *b == 0.0 && *c == 0.0 && *a == 1.0 && *d == 1.0 => false,
            Some([a, b, c, d, _, _]) if *a == 0.0 && *d == 0.0 && b * c == -1.0 => true,
            _ => return Ok(None),
        };
        let (width, height) = size(rect);
        let (across, up) = match (size(area), turned) {
            ((across, up), false) => (width / across, height / up),
            ((across, up), true) => (width / up, height / across),
        };
        let shaped = across > 0.0 && up > 0.0 && across <= 2.0 * up && up <= 2.0 * across;
        Ok(shaped.then_some(across.min(up)))
    }
}

/// Behind how many letters white space stands between words, in order.
fn breaks_in(text: &str) -> Vec<usize> {
    let words = text.split_whitespace().map(|word| word.chars().count());
    let mut breaks: Vec<usize> = words
        .scan(0_usize, |before, count| {
            *before = before.saturating_add(count);
            Some(*before)
        })
        .collect();
    // Behind the last one nothing stands.
    breaks.pop();
    breaks
}

/// Whether white is seen between all words of a text.
fn is_spaced(text: &str, seen: &[usize]) -> bool {
    let mut breaks = breaks_in(text).into_iter();
    breaks.all(|at| seen.binary_search(&at).is_ok())
}

fn ordered([a, b, c, d]: [f64; 4]) -> [f64; 4] {
    [a.min(c), b.min(d), a.max(c), b.max(d)]
}

/// Whether a form is drawn by every reader, always, and from its own bytes: no layer it belongs to
/// (8.11.3.3), no page of another file in its place (8.10.4), no bytes elsewhere (7.3.8.2).
fn is_plain_form(form: &Dictionary) -> bool {
    let others: [&[u8]; 6] = [b"OC", b"Ref", b"F", b"OPI", b"PS", b"Subtype2"];
    let has = |key: &&[u8]| !matches!(form.get(key), None | Some(Object::Null));
    form.is_name(b"Subtype", b"Form") && !form.has_duplicate_keys() && !others.iter().any(has)
}
