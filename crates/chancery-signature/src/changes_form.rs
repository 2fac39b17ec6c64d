//! The part of a revision's changes that signing brings: fields, widgets, annotations.

use chancery_pdf::{Dictionary, Object, ObjectId, PdfError};

use crate::changes::Comparison;
use crate::changes_walk::{Old, keys, same_option};
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
        let catalog = self.after.catalog()?;
        self.explain_only_mention(catalog.get(b"AcroForm"));
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
        self.filled_values()?;
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
        self.explain_only_mention(new.get(b"Fields"));
        let was = self.before.value(old, b"Fields")?;
        let is = self.after.value(new, b"Fields")?;
        let (was, is) = (was.as_array().unwrap_or(&[]), is.as_array().unwrap_or(&[]));
        let had = |list: &[Object], one: &Object| {
            list.iter().any(|other| same_option(Some(other), Some(one)))
        };
        // The order of the list means nothing; that nothing was lost or doubled does.
        let kept = was.iter().all(|one| had(is, one));
        let added: Vec<&Object> = is.iter().filter(|one| !had(was, one)).collect();
        if !kept || is.len() != was.len().saturating_add(added.len()) {
            self.unexplained(0, "the list of fields");
            return Ok(());
        }
        for added in added {
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
        if !field.is_name(b"FT", b"Sig") || !known {
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
        if field.get(b"V").is_some() {
            return self.signature_added(id, &field, false);
        }
        self.empty_field(id, &field)
    }

    /// A field for a signature to come, which must show nothing yet.
    fn empty_field(&mut self, id: ObjectId, field: &Dictionary) -> Result<(), PdfError> {
        let shows = field.get(b"AP").is_some() && self.share_of_page(id.number, field)? > 0;
        if shows || field.get(b"Kids").is_some() {
            self.unexplained(id.number, "a signature field without a signature");
            return Ok(());
        }
        let name = self.after.value(field, b"T")?;
        let name = name.as_string().map(chancery_pdf::object::decode_text);
        let page = self.page_of_widget(id.number);
        self.note(Change::SignatureFieldAdded {
            field: name.unwrap_or_default(),
            page,
        });
        Ok(())
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
            self.appearance_of(&old, &new)?;
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
                    self.appearance_of(was, is)?;
                }
            }
            self.signature_added(id, &new, true)?;
        }
        Ok(())
    }

    fn only_filled(&self, old: &Dictionary, new: &Dictionary) -> bool {
        // An appearance that something else refers to has a second place, which would go on
        // showing the old one.
        let was = old.get(b"AP");
        let shared = was.and_then(Object::as_reference).is_some_and(|id| {
            let count = self.around.mentions.get(&id.number);
            count.is_some_and(|count| *count > 1)
        });
        if shared && !same_option(was, new.get(b"AP")) {
            return false;
        }
        keys(old, new).iter().all(|key| {
            FILLED_KEYS.contains(&key.as_slice()) || same_option(old.get(key), new.get(key))
        })
    }

    /// What a widget shows may be replaced, as far as it is shown by this widget alone.
    pub(crate) fn appearance_of(
        &mut self,
        old: &Dictionary,
        new: &Dictionary,
    ) -> Result<(), PdfError> {
        match new.get(b"AP").cloned() {
            Some(is) => self.explain_place(old.get(b"AP"), &is, Old::Rewritten),
            None => Ok(()),
        }
    }

    fn signature_added(
        &mut self,
        id: ObjectId,
        field: &Dictionary,
        existing: bool,
    ) -> Result<(), PdfError> {
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
        let page = self.page_of_widget(id.number);
        self.note(Change::SignatureAdded {
            field: name,
            covers_percent,
            page,
            existing,
        });
        Ok(())
    }
}
