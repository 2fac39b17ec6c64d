//! The fields of a file that grows by revisions: a table that is extended, not made anew.
//!
//! To walk the whole form for each revision costs as the square of their number. A revision that
//! signs adds one field to the list and writes another one: only these are read.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::rc::Rc;

use crate::error::PdfError;
use crate::form::{Field, SignatureDictionary, Terminal, Visited};
use crate::object::{Dictionary, Object, ObjectId};
use crate::reader::Pdf;

/// What the tree of fields is made of: a field that changes none of these stays where it is.
const TREE_KEYS: [&[u8]; 3] = [b"T", b"FT", b"Kids"];

/// The terminal fields of one revision.
///
/// Tells the same as [`Pdf::fields`] of that revision.
pub struct FieldTable {
    catalog: ObjectId,
    /// Every object on the way from the trailer to the list of fields.
    way: BTreeSet<u32>,
    roots: Vec<ObjectId>,
    visited: HashSet<ObjectId>,
    fields: HashMap<u32, TableField>,
    /// The fields of each full name.
    names: HashMap<String, Vec<u32>>,
    /// Objects that shape the tree otherwise than as a terminal field.
    structure: HashSet<u32>,
    /// Objects beside the field itself that belong to it, each with the field.
    belongings: BTreeSet<(u32, u32)>,
    next_place: u64,
}

/// A terminal field of a table.
#[derive(Clone, Debug)]
pub struct TableField {
    /// The field.
    pub field: Field,
    place: u64,
    inherited: Option<Rc<Object>>,
    belongings: Vec<u32>,
}

impl FieldTable {
    /// Reads the form.
    ///
    /// # Errors
    ///
    /// As [`Pdf::fields`].
    pub fn of(pdf: &Pdf<'_>) -> Result<Self, PdfError> {
        let mut table = Self {
            catalog: pdf.catalog_id()?,
            way: BTreeSet::new(),
            roots: Vec::new(),
            visited: HashSet::new(),
            fields: HashMap::new(),
            names: HashMap::new(),
            structure: HashSet::new(),
            belongings: BTreeSet::new(),
            next_place: 0,
        };
        table.way = way_to_list(pdf)?;
        let roots = pdf.field_roots()?;
        table.add_roots(pdf, &roots)?;
        table.roots = roots;
        Ok(table)
    }

    /// How many objects the form's tree has.
    #[must_use]
    pub fn size(&self) -> usize {
        self.visited.len()
    }

    /// Whether `written` may have changed the form's dictionary or its list of fields.
    #[must_use]
    pub fn is_form_written(&self, after: &Pdf<'_>, written: &BTreeSet<u32>) -> bool {
        after.catalog_id() != Ok(self.catalog) || !self.way.is_disjoint(written)
    }

    /// The terminal fields that `written` may have changed: themselves, their widgets, or what
    /// these show. In the order of the form.
    #[must_use]
    pub fn touched_by(&self, written: &BTreeSet<u32>) -> Vec<TableField> {
        let mut numbers = BTreeSet::new();
        for number in written {
            if self.fields.contains_key(number) {
                numbers.insert(*number);
            }
            let owners = self.belongings.range((*number, 0)..=(*number, u32::MAX));
            numbers.extend(owners.map(|(_, owner)| *owner));
        }
        let found = numbers.iter().filter_map(|number| self.fields.get(number));
        let mut found: Vec<TableField> = found.cloned().collect();
        found.sort_by_key(|one| one.place);
        found
    }

    /// All terminal fields, in the order of the form.
    #[must_use]
    pub fn all(&self) -> Vec<TableField> {
        let mut all: Vec<TableField> = self.fields.values().cloned().collect();
        all.sort_by_key(|one| one.place);
        all
    }

    /// The numbers of the fields with this full name: readers may take several for one.
    #[must_use]
    pub fn named(&self, name: &str) -> &[u32] {
        self.names.get(name).map_or(&[], Vec::as_slice)
    }

    /// The terminal field that is object `id`.
    #[must_use]
    pub fn get(&self, id: ObjectId) -> Option<&TableField> {
        self.fields.get(&id.number).filter(|one| one.field.id == id)
    }

    /// Turns the table of `before` into that of `after`, which differs from it by the objects
    /// `written`. Answers how many objects were read, beside those written.
    ///
    /// # Errors
    ///
    /// As [`Pdf::fields`]; the table is then of no use.
    pub fn advance(
        &mut self,
        before: &Pdf<'_>,
        after: &Pdf<'_>,
        written: &BTreeSet<u32>,
    ) -> Result<usize, PdfError> {
        if self.is_tree_written(before, after, written)? {
            *self = Self::of(after)?;
            return Ok(self.size());
        }
        for field in self.touched_by(written) {
            self.read_belongings(after, field.field.id)?;
        }
        if self.is_form_written(after, written) {
            let roots = after.field_roots()?;
            let Some(added) = roots.strip_prefix(self.roots.as_slice()) else {
                *self = Self::of(after)?;
                return Ok(self.size());
            };
            self.catalog = after.catalog_id()?;
            self.way = way_to_list(after)?;
            self.add_roots(after, added)?;
            self.roots = roots;
        }
        Ok(0)
    }

    fn is_tree_written(
        &self,
        before: &Pdf<'_>,
        after: &Pdf<'_>,
        written: &BTreeSet<u32>,
    ) -> Result<bool, PdfError> {
        for number in written {
            if self.structure.contains(number) {
                return Ok(true);
            }
            let mut owners = self.belongings.range((*number, 0)..=(*number, u32::MAX));
            let keys: &[&[u8]] = if self.fields.contains_key(number) {
                &TREE_KEYS
            } else if owners.next().is_some() {
                // A widget that is given a name is a field.
                &[b"T"]
            } else {
                continue;
            };
            let (old, new) = (before.shared(*number)?, after.shared(*number)?);
            let value = |object: &Object, key: &[u8]| object.as_dictionary()?.get(key).cloned();
            let same = keys
                .iter()
                .all(|key| value(&old.object, key) == value(&new.object, key));
            let is_field = |object: &Object| matches!(object, Object::Dictionary(_));
            if !same || old.id != new.id || is_field(&old.object) != is_field(&new.object) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn add_roots(&mut self, pdf: &Pdf<'_>, roots: &[ObjectId]) -> Result<(), PdfError> {
        let mut visited = std::mem::take(&mut self.visited);
        let mut added = Vec::new();
        pdf.walk_fields(roots, &mut visited, &mut |visit| {
            added.extend(self.add(visit));
        })?;
        self.visited = visited;
        for (id, values) in added {
            for value in &values {
                pass(pdf, value, &mut |number| {
                    self.structure.insert(number);
                })?;
            }
            self.read_kids(pdf, id)?;
            self.read_belongings(pdf, id)?;
        }
        Ok(())
    }

    /// Widgets of a field that has fields beneath it: given a name, they would be fields too.
    fn read_kids(&mut self, pdf: &Pdf<'_>, id: ObjectId) -> Result<(), PdfError> {
        if self.fields.contains_key(&id.number) {
            return Ok(());
        }
        if let Some(dictionary) = pdf.get(id)?.as_dictionary() {
            let kids = pdf.value(dictionary, b"Kids")?;
            let kids = kids.as_array().unwrap_or(&[]).iter();
            let widgets = kids.filter_map(Object::as_reference);
            let widgets = widgets.filter(|id| !self.visited.contains(id));
            self.structure.extend(widgets.map(|id| id.number));
        }
        Ok(())
    }

    /// Takes one object of the tree; answers it with those of its values that are references and
    /// shape the tree.
    fn add(&mut self, visit: Visited<'_>) -> Option<(ObjectId, Vec<Object>)> {
        let Some(dictionary) = visit.dictionary else {
            // What is no field yet may become one.
            self.structure.insert(visit.id.number);
            return None;
        };
        match visit.terminal {
            Some(Terminal { field, inherited }) => {
                let place = self.next_place;
                self.next_place = place.saturating_add(1);
                let belongings = Vec::new();
                let named = self.names.entry(field.name.clone()).or_default();
                named.push(field.id.number);
                self.fields.insert(
                    field.id.number,
                    TableField {
                        field,
                        place,
                        inherited,
                        belongings,
                    },
                );
            }
            None => {
                self.structure.insert(visit.id.number);
            }
        }
        let values = TREE_KEYS.iter().filter_map(|key| dictionary.get(key));
        let values = values.filter(|value| value.as_reference().is_some());
        Some((visit.id, values.cloned().collect()))
    }

    /// Reads which objects belong to a terminal field: its widgets, and what all of them show.
    fn read_belongings(&mut self, pdf: &Pdf<'_>, id: ObjectId) -> Result<(), PdfError> {
        let Some(known) = self.fields.get(&id.number) else {
            return Ok(());
        };
        let mut belongings = Vec::new();
        let field = pdf.get(id)?;
        if let Some(dictionary) = field.as_dictionary() {
            appearance_of(dictionary, &mut belongings);
            let kids = pdf.value(dictionary, b"Kids")?;
            let kids = kids.as_array().unwrap_or(&[]).iter();
            for kid in kids.filter_map(Object::as_reference) {
                belongings.push(kid.number);
                if let Some(widget) = pdf.get(kid)?.as_dictionary() {
                    appearance_of(widget, &mut belongings);
                }
            }
        }
        for old in &known.belongings {
            self.belongings.remove(&(*old, id.number));
        }
        for new in &belongings {
            self.belongings.insert((*new, id.number));
        }
        if let Some(known) = self.fields.get_mut(&id.number) {
            known.belongings = belongings;
        }
        Ok(())
    }
}

impl TableField {
    /// The signature in this field, as it is in `pdf`.
    ///
    /// # Errors
    ///
    /// As [`Pdf::signature_fields`].
    pub fn signature(&self, pdf: &Pdf<'_>) -> Result<Option<SignatureDictionary>, PdfError> {
        let object = pdf.get(self.field.id)?;
        let own = object.as_dictionary().and_then(|one| one.get(b"V"));
        pdf.signature_of(self.field.id, own.or(self.inherited.as_deref()))
    }
}

/// The numbers that an appearance dictionary names.
fn appearance_of(widget: &Dictionary, numbers: &mut Vec<u32>) {
    let mut waiting: Vec<&Object> = widget.get(b"AP").into_iter().collect();
    while let Some(object) = waiting.pop() {
        match object {
            Object::Reference(id) => numbers.push(id.number),
            Object::Array(array) => waiting.extend(array.iter()),
            Object::Dictionary(inner) => {
                waiting.extend(inner.entries().iter().map(|entry| &entry.value));
            }
            _ => {}
        }
    }
}

/// Every object that is passed from the catalog to the list of fields.
fn way_to_list(pdf: &Pdf<'_>) -> Result<BTreeSet<u32>, PdfError> {
    let mut way = BTreeSet::from([pdf.catalog_id()?.number]);
    let catalog = pdf.catalog()?;
    let Some(form) = catalog.get(b"AcroForm") else {
        return Ok(way);
    };
    pass(pdf, form, &mut |number| {
        way.insert(number);
    })?;
    if let Object::Dictionary(form) = pdf.resolve(form)?
        && let Some(list) = form.get(b"Fields")
    {
        pass(pdf, list, &mut |number| {
            way.insert(number);
        })?;
    }
    Ok(way)
}

/// Tells every object that is passed when `object` is resolved.
pub(crate) fn pass(
    pdf: &Pdf<'_>,
    object: &Object,
    passed: &mut impl FnMut(u32),
) -> Result<(), PdfError> {
    let mut next = object.as_reference();
    for _ in 0..pdf.limits.depth_max {
        let Some(id) = next else {
            return Ok(());
        };
        passed(id.number);
        next = pdf.shared(id.number)?.object.as_reference();
    }
    Err(pdf.limit("depth_max", pdf.limits.depth_max))
}
