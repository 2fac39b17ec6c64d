//! The part of a revision's changes that signing brings: fields, widgets, annotations.

use chancery_pdf::page::Page;
use chancery_pdf::{Dictionary, Object, ObjectId, PdfError};

use crate::changes::{Comparison, keys, same_option};
use crate::facts::Change;

/// What a new signature field merged with its widget may say.
const FIELD_KEYS: &[&[u8]] = &[
    b"Type",
    b"Subtype",
    b"FT",
    b"T",
    b"TU",
    b"TM",
    b"V",
    b"F",
    b"Ff",
    b"Rect",
    b"AP",
    b"AS",
    b"P",
    b"Parent",
    b"MK",
    b"DA",
    b"Q",
    b"Lock",
    b"SV",
    b"BS",
    b"Border",
    b"M",
    b"NM",
    b"Kids",
    b"H",
    b"StructParent",
    b"DR",
    b"C",
    b"Contents",
];
/// What filling an empty signature field may change.
const FILLED_KEYS: &[&[u8]] = &[b"V", b"AP", b"AS", b"M", b"F", b"MK", b"NM", b"DA"];

impl Comparison<'_, '_> {
    pub(crate) fn form(&mut self) -> Result<(), PdfError> {
        let (old, new) = (self.before.form()?, self.after.form()?);
        let Some(new) = new else {
            if old.is_some() {
                self.unexplained(0, "the form was removed");
            }
            return Ok(());
        };
        if let Some(Object::Reference(id)) = self.after.catalog()?.get(b"AcroForm")
            && self.touched.contains(&id.number)
        {
            self.explain(id.number);
        }
        let present = old.is_some();
        let old = old.unwrap_or_default();
        for key in keys(&old, &new) {
            let (was, is) = (old.get(&key), new.get(&key));
            match key.as_slice() {
                b"Fields" => {}
                b"SigFlags" => {}
                _ if same_option(was, is) => {}
                // A form of a signature's own, or what it lacked to show the mark.
                b"DR" | b"DA" if was.is_none_or(|was| self.extends(was, is)) => {
                    if let Some(is) = is.cloned() {
                        self.explain_beneath(&is)?;
                    }
                }
                b"NeedAppearances" if !present && is == Some(&Object::Boolean(false)) => {}
                other => {
                    let what = format!("the form's /{}", String::from_utf8_lossy(other));
                    self.unexplained(0, &what);
                }
            }
        }
        self.filled_fields()?;
        self.field_list(&old, &new)
    }

    /// Whether `new` says what `old` says, and perhaps more: fonts beside those that were there.
    fn extends(&self, old: &Object, new: Option<&Object>) -> bool {
        let new = new.unwrap_or(&Object::Null);
        match (self.before.resolve(old), self.after.resolve(new)) {
            (Ok(Object::Dictionary(old)), Ok(Object::Dictionary(new))) => {
                old.entries().iter().all(|entry| {
                    let other = new.get(&entry.key);
                    same_option(Some(&entry.value), other)
                        || matches!(&entry.value, Object::Dictionary(_))
                            && self.extends(&entry.value, other)
                })
            }
            (Ok(old), Ok(new)) => same_option(Some(&old), Some(&new)),
            _ => false,
        }
    }

    fn field_list(&mut self, old: &Dictionary, new: &Dictionary) -> Result<(), PdfError> {
        if let Some(Object::Reference(id)) = new.get(b"Fields")
            && self.touched.contains(&id.number)
        {
            self.explain(id.number);
        }
        let was = self.before.value(old, b"Fields")?;
        let is = self.after.value(new, b"Fields")?;
        let (was, is) = (was.as_array().unwrap_or(&[]), is.as_array().unwrap_or(&[]));
        let kept = is.len() >= was.len()
            && was
                .iter()
                .zip(is)
                .all(|(old, new)| same_option(Some(old), Some(new)));
        if !kept {
            self.unexplained(0, "the list of fields");
            return Ok(());
        }
        for added in is.iter().skip(was.len()) {
            match added {
                Object::Reference(id) => self.added_field(*id)?,
                _ => self.unexplained(0, "a field without a number"),
            }
        }
        Ok(())
    }

    fn added_field(&mut self, id: ObjectId) -> Result<(), PdfError> {
        let Object::Dictionary(field) = self.after.get(id)? else {
            self.unexplained(id.number, "a field");
            return Ok(());
        };
        let known = field
            .entries()
            .iter()
            .all(|entry| FIELD_KEYS.contains(&entry.key.as_slice()));
        if !field.is_name(b"FT", b"Sig") || field.get(b"V").is_none() || !known {
            self.unexplained(id.number, "a field that is not a signature");
            return Ok(());
        }
        self.explain_beneath(&Object::Reference(id))?;
        self.widgets.insert(id.number);
        let kids = self.after.value(&field, b"Kids")?;
        for kid in kids
            .as_array()
            .unwrap_or(&[])
            .iter()
            .filter_map(Object::as_reference)
        {
            self.widgets.insert(kid.number);
        }
        self.signature_added(id, &field)
    }

    /// Empty signature fields of the earlier revision that carry a signature now.
    fn filled_fields(&mut self) -> Result<(), PdfError> {
        for empty in self.before.signature_fields()? {
            if empty.signature.is_some() || !self.touched.contains(&empty.field.id.number) {
                continue;
            }
            let id = empty.field.id;
            let (Object::Dictionary(old), Object::Dictionary(new)) =
                (self.before.get(id)?, self.after.get(id)?)
            else {
                continue;
            };
            if new.get(b"V").is_none() || !self.only_filled(&old, &new) {
                self.unexplained(id.number, "a signature field");
                continue;
            }
            self.explain(id.number);
            self.explain_beneath(&Object::Dictionary(new.clone()))?;
            let kids = self.after.value(&new, b"Kids")?;
            for kid in kids
                .as_array()
                .unwrap_or(&[])
                .iter()
                .filter_map(Object::as_reference)
            {
                let (was, is) = (self.before.get(kid)?, self.after.get(kid)?);
                let (Some(was), Some(is)) = (was.as_dictionary(), is.as_dictionary()) else {
                    continue;
                };
                if self.touched.contains(&kid.number) && self.only_filled(was, is) {
                    self.explain(kid.number);
                    self.explain_beneath(&Object::Dictionary(is.clone()))?;
                }
            }
            self.signature_added(id, &new)?;
        }
        Ok(())
    }

    fn only_filled(&self, old: &Dictionary, new: &Dictionary) -> bool {
        let appearance = old.get(b"AP").and_then(Object::as_reference);
        if appearance.is_some_and(|id| self.named_by_trailer.contains(&id.number)) {
            return false;
        }
        keys(old, new).iter().all(|key| {
            FILLED_KEYS.contains(&key.as_slice()) || same_option(old.get(key), new.get(key))
        })
    }

    fn signature_added(&mut self, id: ObjectId, field: &Dictionary) -> Result<(), PdfError> {
        let fields = self.after.signature_fields()?;
        let named = fields
            .iter()
            .find(|one| one.field.id == id && one.signature.is_some());
        let Some(named) = named else {
            self.unexplained(id.number, "a signature field without a signature");
            return Ok(());
        };
        let name = named.field.name.clone();
        let mut covers_percent = self.share_of_page(id.number, field)?;
        let kids = self.after.value(field, b"Kids")?;
        for kid in kids
            .as_array()
            .unwrap_or(&[])
            .iter()
            .filter_map(Object::as_reference)
        {
            if let Object::Dictionary(widget) = self.after.get(kid)? {
                covers_percent = covers_percent.max(self.share_of_page(kid.number, &widget)?);
            }
        }
        self.note(Change::SignatureAdded {
            field: name,
            covers_percent,
        });
        Ok(())
    }

    /// How much of its page a widget covers, in percent rounded up; 100 if that cannot be told.
    fn share_of_page(&self, number: u32, widget: &Dictionary) -> Result<u8, PdfError> {
        let Some(rect) = self
            .after
            .value(widget, b"Rect")?
            .as_array()
            .and_then(four_numbers)
        else {
            return Ok(0);
        };
        let size =
            |[left, bottom, right, top]: [f64; 4]| ((right - left).abs(), (top - bottom).abs());
        let (width, height) = size(rect);
        if width < 0.5 || height < 0.5 {
            return Ok(0);
        }
        for page in self.after.pages()? {
            let Object::Dictionary(dictionary) = self.after.get(page.id)? else {
                continue;
            };
            let annotations = self.after.value(&dictionary, b"Annots")?;
            let mut here = annotations.as_array().unwrap_or(&[]).iter();
            if here.any(|one| one.as_reference().is_some_and(|id| id.number == number)) {
                let (across, up) = size(page.crop_box.unwrap_or(page.media_box));
                let share = (width.min(across) * height.min(up)) / (across * up) * 100.0;
                return Ok(percent(share));
            }
        }
        // On no page: nothing shows it.
        Ok(0)
    }

    pub(crate) fn pages(&mut self) -> Result<(), PdfError> {
        for page in self.before.pages()? {
            self.page(&page)?;
        }
        Ok(())
    }

    fn page(&mut self, page: &Page) -> Result<(), PdfError> {
        let number = page.id.number;
        let (Object::Dictionary(old), Object::Dictionary(new)) =
            (self.before.get(page.id)?, self.after.get(page.id)?)
        else {
            self.note(Change::ContentChanged { object: number });
            return Ok(());
        };
        for key in keys(&old, &new) {
            if same_option(old.get(&key), new.get(&key)) {
                continue;
            }
            match key.as_slice() {
                // The annotations are looked at below; a date draws nothing.
                b"Annots" | b"LastModified" => {}
                b"Contents" | b"Resources" | b"MediaBox" | b"CropBox" | b"Rotate" | b"Parent" => {
                    self.note(Change::ContentChanged { object: number });
                }
                _ => self.unexplained(number, "an entry of a page"),
            }
        }
        // The pages draw themselves, so this is not for `explain`.
        self.explained.insert(number);
        let was = self.before.value(&old, b"Annots")?;
        let is = self.after.value(&new, b"Annots")?;
        if let Some(Object::Reference(id)) = new.get(b"Annots")
            && self.touched.contains(&id.number)
        {
            self.explain(id.number);
        }
        let (was, is) = (was.as_array().unwrap_or(&[]), is.as_array().unwrap_or(&[]));
        let kept = is.len() >= was.len()
            && was
                .iter()
                .zip(is)
                .all(|(old, new)| same_option(Some(old), Some(new)));
        let mut added = is.iter().skip(was.len());
        let ours = |one: &Object| {
            one.as_reference()
                .is_some_and(|id| self.widgets.contains(&id.number))
        };
        if !kept || !added.all(ours) {
            self.unexplained(number, "the annotations of a page");
        }
        Ok(())
    }
}

fn four_numbers(array: &[Object]) -> Option<[f64; 4]> {
    match array {
        [left, bottom, right, top] => Some([
            left.as_number()?,
            bottom.as_number()?,
            right.as_number()?,
            top.as_number()?,
        ]),
        _ => None,
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped to 0..=100 just before"
)]
fn percent(share: f64) -> u8 {
    if share.is_nan() {
        100
    } else {
        share.ceil().clamp(0.0, 100.0) as u8
    }
}
