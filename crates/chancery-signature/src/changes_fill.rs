//! The part of a revision's changes that filling in a form brings: a value, and what shows it.
//!
//! A field may be filled in such a way that its value says one thing and its appearance another
//! (shadow attacks, "replace via overlay"). So a new appearance must show the value and nothing
//! else, in letters of fonts that were there before or are built into every reader.

use std::collections::HashSet;

use chancery_pdf::{Dictionary, Object, ObjectId, PdfError, is_hidden};

use crate::changes::Comparison;
use crate::changes_walk::{pairs, same_entry, same_option};
use crate::facts::{Beneath, Change};
use crate::fill_rules::{ABOVE_MAX, inherited};
use crate::fill_signs::said;

/// What filling in a field may change, in the field and in its widgets.
const VALUE_KEYS: &[&[u8]] = &[b"V", b"AP", b"AS", b"I", b"M"];
/// Most widgets of one field.
const WIDGETS_MAX: usize = 4_000;

/// Whether a value was more than an empty field's: a text, a choice, a box that is ticked.
fn says_something(value: &Object) -> bool {
    match value {
        Object::Null => false,
        Object::Name(name) => name.as_slice() != b"Off",
        Object::Array(chosen) => !chosen.is_empty(),
        text => text.as_text().is_none_or(|text| !text.trim().is_empty()),
    }
}

impl Comparison<'_, '_> {
    /// Fields other than signatures whose value or appearance this revision wrote.
    pub(crate) fn filled_values(&mut self) -> Result<(), PdfError> {
        // Readers that know the other form show what that says.
        let form = self.before.form()?.unwrap_or_default();
        let is_xfa = !matches!(self.before.value(&form, b"XFA")?, Object::Null);
        for field in self.met_fields().into_iter().map(|one| one.field) {
            if field.kind.as_deref() == Some(b"Sig") || field.kind.is_none() {
                continue;
            }
            if self.looks.is_spent() {
                self.unexplained(field.id.number, "more form fields than are read");
                continue;
            }
            let start = self.read_so_far();
            let numbers = self.widgets_of(field.id)?;
            let touched: Vec<ObjectId> = numbers
                .iter()
                .copied()
                .filter(|id| self.is_touched_widget(*id))
                .collect();
            if touched.is_empty() {
                continue;
            }
            let kind = field.kind.clone().unwrap_or_default();
            let filled = Filled {
                id: field.id,
                name: field.name.clone(),
                value: self.value_of(field.id)?,
                kind,
            };
            let own: HashSet<u32> = numbers.iter().map(|id| id.number).collect();
            let (mut beneath, mut page) = (Beneath::Nothing, None);
            let mut redrawn = false;
            for id in touched {
                redrawn |= self.is_redrawn(id)?;
                self.filled_widget(&filled, id)?;
                let (found, at) = self.beneath_new(&filled, id, &own)?;
                if found > beneath {
                    (beneath, page) = (found, at);
                }
            }
            let mut seen = numbers.iter();
            let page = page.or_else(|| seen.find_map(|id| self.page_of_widget(id.number)));
            let earlier = self.earlier_value(field.id)?;
            let stale = !self.is_in_its_place(&filled, &field.name, &numbers)?
                || !self.is_said_once(&filled, &numbers)?
                || earlier != filled.value
                    && !(self.all_show(&filled, &numbers)? && self.one_shows(&filled, &numbers)?);
            if stale || is_xfa {
                self.unexplained(field.id.number, "a field that does not show its value");
            }
            self.looks.spend(self.read_so_far().saturating_sub(start));
            self.note(Change::FieldFilled {
                field: field.name,
                replaces: says_something(&earlier) && earlier != filled.value
                    || redrawn && earlier == filled.value,
                page,
                beneath,
            });
        }
        Ok(())
    }

    /// Whether the tree is the same from above and from below, and every field of this name says
    /// the same: readers find a field's name and value by `/Parent` or by `/Kids`, and may take all
    /// fields of a name for one (12.7.4.2).
    fn is_in_its_place(
        &self,
        filled: &Filled,
        name: &str,
        widgets: &[ObjectId],
    ) -> Result<bool, PdfError> {
        for number in self.fields_after()?.named(name) {
            let other = self.after.by_number(*number)?.id;
            if other != filled.id && self.value_of(other)? != filled.value {
                return Ok(false);
            }
        }
        let known: HashSet<ObjectId> = widgets.iter().copied().collect();
        for id in widgets.iter().filter(|id| **id != filled.id) {
            let kid = self.after.get(*id)?;
            let above = kid.as_dictionary().and_then(|one| one.get(b"Parent"));
            let above = above.and_then(Object::as_reference);
            if !above.is_some_and(|above| known.contains(&above)) {
                return Ok(false);
            }
        }
        let mut below = filled.id;
        for _ in 0..ABOVE_MAX {
            let node = self.after.shared(below.number)?;
            let above = node
                .object
                .as_dictionary()
                .and_then(|own| own.get(b"Parent"));
            let Some(above) = above.and_then(Object::as_reference) else {
                return Ok(true);
            };
            let node = self.after.shared(above.number)?;
            let Some(own) = node.object.as_dictionary() else {
                return Ok(false);
            };
            let kids = self.after.value(own, b"Kids")?;
            let kids = kids.as_array().unwrap_or(&[]);
            self.looks.spend_elements(kids.len());
            if !kids.contains(&Object::Reference(below)) {
                return Ok(false);
            }
            below = above;
        }
        Ok(false)
    }

    /// Whether no widget says of itself what its field does not: some readers draw what stands in
    /// the widget, others what stands in the field.
    fn is_said_once(&self, filled: &Filled, widgets: &[ObjectId]) -> Result<bool, PdfError> {
        for id in widgets.iter().filter(|id| **id != filled.id) {
            let (Object::Dictionary(old), Object::Dictionary(new)) =
                (self.before.get(*id)?, self.after.get(*id)?)
            else {
                return Ok(false);
            };
            for key in [b"V".as_slice(), b"I"] {
                let value = self.after.value(&new, key)?;
                let said = match key {
                    b"V" => filled.value.clone(),
                    _ => inherited(self.after, filled.id, key)?,
                };
                let stays = same_option(old.get(key), new.get(key))
                    && self.earlier_value(filled.id)? == filled.value;
                if value != Object::Null && value != said && !stays {
                    return Ok(false);
                }
            }
        }
        Ok(true)
    }

    fn read_so_far(&self) -> u64 {
        let (before, after) = (self.before.read_bytes(), self.after.read_bytes());
        before.saturating_add(after)
    }

    /// Whether a widget had an appearance and has another one now.
    fn is_redrawn(&self, id: ObjectId) -> Result<bool, PdfError> {
        let (Object::Dictionary(old), Object::Dictionary(new)) =
            (self.before.get(id)?, self.after.get(id)?)
        else {
            return Ok(false);
        };
        let (was, is) = (old.get(b"AP"), new.get(b"AP"));
        let stays = is.is_some_and(|is| self.is_untouched(was, is));
        Ok(was.is_some() && !stays)
    }

    /// A field and everything beneath it that has no name of its own.
    fn widgets_of(&self, field: ObjectId) -> Result<Vec<ObjectId>, PdfError> {
        let mut numbers = vec![field];
        let mut known = HashSet::from([field]);
        let mut next = 0;
        while let Some(id) = numbers.get(next).copied() {
            next = next.saturating_add(1);
            if let Object::Dictionary(dictionary) = self.before.get(id)? {
                let kids = self.before.value(&dictionary, b"Kids")?;
                let kids = kids.as_array().unwrap_or(&[]).iter();
                for kid in kids.filter_map(Object::as_reference) {
                    if numbers.len() >= WIDGETS_MAX {
                        return Err(PdfError::LimitExceeded {
                            limit: "widgets_max",
                            max: WIDGETS_MAX as u64,
                        });
                    }
                    if known.insert(kid) {
                        numbers.push(kid);
                    }
                }
            }
        }
        Ok(numbers)
    }

    /// Whether every widget that this revision left as it was shows the value that it brought.
    fn all_show(&self, filled: &Filled, widgets: &[ObjectId]) -> Result<bool, PdfError> {
        for id in widgets {
            let Object::Dictionary(widget) = self.after.get(*id)? else {
                return Ok(false);
            };
            let is_parent = widget.get(b"Kids").is_some();
            let flags = self.after.value(&widget, b"F")?.as_integer().unwrap_or(0);
            if is_parent || is_hidden(flags) || self.is_touched_widget(*id) {
                continue;
            }
            // Readers draw those that bring no appearance.
            let Some(appearance) = widget.get(b"AP") else {
                continue;
            };
            let shows = match filled.kind.as_slice() {
                b"Btn" => self.chooses_own_state(filled, &widget)?,
                _ => self.text_agrees(filled, &widget, appearance)?,
            };
            if !shows {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// What stands beneath a widget that shows something else now than it did; nothing if it shows
    /// what it showed.
    fn beneath_new(
        &mut self,
        filled: &Filled,
        id: ObjectId,
        own: &HashSet<u32>,
    ) -> Result<(Beneath, Option<u32>), PdfError> {
        let nothing = (Beneath::Nothing, None);
        let (Object::Dictionary(old), Object::Dictionary(new)) =
            (self.before.get(id)?, self.after.get(id)?)
        else {
            return Ok(nothing);
        };
        let stays = match new.get(b"AP") {
            // Readers draw the value.
            None => {
                !says_something(&filled.value) || self.earlier_value(filled.id)? == filled.value
            }
            Some(appearance) => {
                self.is_untouched(old.get(b"AP"), appearance)
                    && same_option(old.get(b"AS"), new.get(b"AS"))
            }
        };
        if stays {
            return Ok(nothing);
        }
        let (beneath, page) = self.beneath_filled(id.number, &new, own)?;
        if beneath <= Beneath::Nothing && !self.is_seen(filled, id, own)? {
            return Ok((Beneath::Unread, self.page_of_widget(id.number)));
        }
        Ok((beneath, page))
    }

    /// Whether the object or what its appearance leads to was written.
    fn is_touched_widget(&self, id: ObjectId) -> bool {
        if self.touched.contains(&id.number) {
            return true;
        }
        let Ok(Object::Dictionary(dictionary)) = self.after.get(id) else {
            return false;
        };
        let appearance = dictionary.get(b"AP");
        appearance.is_some_and(|appearance| self.leads_to_written(appearance))
    }

    /// What the field says now, itself or from above (ISO 32000-2, 12.7.4.1, table 226).
    fn value_of(&self, id: ObjectId) -> Result<Object, PdfError> {
        inherited(self.after, id, b"V")
    }

    pub(crate) fn earlier_value(&self, id: ObjectId) -> Result<Object, PdfError> {
        inherited(self.before, id, b"V")
    }

    fn filled_widget(&mut self, filled: &Filled, id: ObjectId) -> Result<(), PdfError> {
        let (Object::Dictionary(old), Object::Dictionary(new)) =
            (self.before.get(id)?, self.after.get(id)?)
        else {
            self.unexplained(id.number, "a form field");
            return Ok(());
        };
        let mut only_value = true;
        for (key, (was, is)) in pairs(&old, &new) {
            only_value &= VALUE_KEYS.contains(&key)
                || same_entry(key, was, is)
                || self.may_change(filled, id, key, &new)?;
        }
        // A state that was there may be another, and is a state still.
        let state_stays = old.get(b"AS").is_none() || new.get(b"AS").is_some();
        if new.has_duplicate_keys() || !only_value || !state_stays {
            self.unexplained(id.number, "a form field");
            return Ok(());
        }
        if self.is_closed(filled, &old, &new)? {
            self.content_changed(id.number);
            return Ok(());
        }
        if !self.may_choose(filled)? || !self.shows_value(filled, &old, &new)? {
            if self.shows_own_letters(&new)? {
                let page = self.page_of_widget(id.number);
                self.note(Change::FieldLetters {
                    field: filled.name.clone(),
                    page,
                });
            }
            self.unexplained(id.number, "a field that does not show its value");
            return Ok(());
        }
        // Fields and widgets are named from many places, all of which mean this very field.
        self.explained.insert(id.number);
        if let Some(value) = new.get(b"V").cloned() {
            self.explain_beneath(&value)?;
        }
        self.appearance_of(&old, &new)
    }

    /// Whether what the widget shows now is what the field says now.
    fn shows_value(
        &self,
        filled: &Filled,
        old: &Dictionary,
        new: &Dictionary,
    ) -> Result<bool, PdfError> {
        if !self.says_one_thing(filled, old, new)? {
            return Ok(false);
        }
        let Some(appearance) = new.get(b"AP") else {
            return self.readers_draw(filled, (old, new));
        };
        let untouched = self.is_untouched(old.get(b"AP"), appearance);
        let same_value = same_choice(&self.earlier_value(filled.id)?, &filled.value);
        let same_state = same_option(old.get(b"AS"), new.get(b"AS"));
        match filled.kind.as_slice() {
            // Buttons choose among appearances that were there, and say what they chose.
            b"Btn" => Ok((untouched || self.same_states(old.get(b"AP"), appearance)?)
                && (same_state || !same_value)
                && self.chooses_own_state(filled, new)?),
            b"Tx" | b"Ch" if untouched && same_state && same_value => Ok(true),
            b"Tx" | b"Ch" => self.text_agrees(filled, new, appearance),
            _ => Ok(false),
        }
    }

    /// The texts that the field may show: its value, or what an option with this value is called.
    pub(crate) fn texts_of(&self, filled: &Filled) -> Result<Vec<String>, PdfError> {
        let text = said_by;
        let value = match &filled.value {
            Object::Null => String::new(),
            value => match text(value) {
                Some(value) => value,
                None => return Ok(Vec::new()),
            },
        };
        let mut texts = Vec::new();
        if let Object::Dictionary(field) = self.after.get(filled.id)? {
            let options = self.after.value(&field, b"Opt")?;
            let options = options.as_array().unwrap_or(&[]);
            self.looks.spend_elements(options.len());
            for option in options {
                let option = self.after.resolve(option)?;
                if let Some([export, display]) = option.as_array()
                    && text(export).as_ref() == Some(&value)
                {
                    texts.extend(text(display));
                }
            }
        }
        texts.dedup();
        // Of two names of one value nobody knows which was chosen.
        if texts.len() > 1 {
            return Ok(Vec::new());
        }
        // What is chosen is shown by its name, where it has one.
        if texts.is_empty() {
            texts.push(value);
        }
        Ok(texts)
    }
}

pub(crate) struct Filled {
    pub id: ObjectId,
    pub name: String,
    pub kind: Vec<u8>,
    pub value: Object,
}

/// Whether a value says the same as before: a button without one is off (12.7.5.2.3).
fn same_choice(was: &Object, is: &Object) -> bool {
    let is_off = |value: &Object| match value {
        Object::Null => true,
        Object::Name(name) => name.as_slice() == b"Off",
        _ => false,
    };
    was == is || is_off(was) && is_off(is)
}

/// What a text string says, the signs of PDFDocEncoding among it that Latin-1 lacks (7.9.2.2).
pub(crate) fn said_by(text: &Object) -> Option<String> {
    let read = text.as_text()?;
    let bytes = text.as_string()?;
    let marks: [&[u8]; 2] = [&[0xFE, 0xFF], &[0xEF, 0xBB, 0xBF]];
    match marks.iter().any(|mark| bytes.starts_with(mark)) {
        true => Some(read),
        false => Some(bytes.iter().map(|byte| said(*byte)).collect()),
    }
}

/// Lines may be broken anywhere in an appearance: only what is not white space is compared.
pub(crate) fn squeezed(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}
