//! What signatures lock: `/Lock` of a signature's field, and the `FieldMDP` transform that signing
//! makes of it (ISO 32000-2:2020, 12.7.5.5 and 12.8.2.4).

use crate::error::PdfError;
use crate::form::{Field, SignatureDictionary};
use crate::object::{Dictionary, Object, ObjectId, decode_text};
use crate::reader::Pdf;

/// Most names in one lock.
const NAMES_MAX: usize = 10_000;

/// The fields that a lock closes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LockedFields {
    /// All.
    All,
    /// These, by full name, with everything beneath them.
    Include(Vec<String>),
    /// All but these, with everything beneath them.
    Exclude(Vec<String>),
}

/// One lock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldLock {
    /// The fields.
    pub fields: LockedFields,
    /// `/P`: the level that is left to the whole file, as that of a certification (1 to 3).
    pub permission: Option<i64>,
}

impl FieldLock {
    /// Whether the field of this full name is locked.
    #[must_use]
    pub fn locks(&self, field: &str) -> bool {
        match &self.fields {
            LockedFields::All => true,
            LockedFields::Include(names) => has(names, field),
            LockedFields::Exclude(names) => !has(names, field),
        }
    }

    /// Reads a `SigFieldLock`, or the parameters of a `FieldMDP` transform: both say it alike.
    ///
    /// # Errors
    ///
    /// As [`Pdf::indirect`].
    pub fn read(pdf: &Pdf<'_>, from: &Dictionary) -> Result<Self, PdfError> {
        let list = pdf.value(from, b"Fields")?;
        let (mut names, mut unread) = (Vec::new(), false);
        for name in list.as_array().unwrap_or(&[]).iter().take(NAMES_MAX) {
            let name = pdf.resolve(name)?;
            unread |= name.is_enciphered() && pdf.unopened().is_none();
            if let Some(name) = name.as_string() {
                names.push(decode_text(name));
            }
        }
        let fields = match pdf.value(from, b"Action")?.as_name() {
            // One name of several that does not decipher may be any.
            _ if unread => LockedFields::All,
            Some(b"Include") => LockedFields::Include(names),
            Some(b"Exclude") => LockedFields::Exclude(names),
            // Whatever else stands there was meant to lock: all is the safe reading.
            _ => LockedFields::All,
        };
        let permission = pdf.value(from, b"P")?.as_integer();
        Ok(Self { fields, permission })
    }

    /// Reads `/Lock` of the field that is object `id`.
    pub(crate) fn of_field(pdf: &Pdf<'_>, id: ObjectId) -> Result<Option<Self>, PdfError> {
        let Object::Dictionary(field) = pdf.get(id)? else {
            return Ok(None);
        };
        match pdf.value(&field, b"Lock")? {
            Object::Dictionary(lock) => Self::read(pdf, &lock).map(Some),
            _ => Ok(None),
        }
    }

    /// The same entries, beneath the `/Type` of where they stand.
    pub(crate) fn dictionary(&self, kind: &'static str) -> Dictionary {
        let (action, names) = match &self.fields {
            LockedFields::All => ("All", None),
            LockedFields::Include(names) => ("Include", Some(names)),
            LockedFields::Exclude(names) => ("Exclude", Some(names)),
        };
        let mut dictionary = Dictionary::new()
            .with("Type", Object::name(kind))
            .with("Action", Object::name(action));
        if let Some(names) = names {
            let names: Vec<_> = names.iter().map(|name| Object::text(name)).collect();
            dictionary.set(b"Fields", Object::from(names));
        }
        if let Some(permission) = self.permission {
            dictionary.set(b"P", Object::Integer(permission));
        }
        dictionary
    }

    /// Whether it can be written: not too many names, and a level that there is.
    pub(crate) fn is_writable(&self) -> bool {
        let names = match &self.fields {
            LockedFields::All => 0,
            LockedFields::Include(names) | LockedFields::Exclude(names) => names.len(),
        };
        names <= NAMES_MAX && self.permission.is_none_or(|level| (1..=3).contains(&level))
    }
}

/// Whether one of the names is that of `field`, or of something above it.
fn has(names: &[String], field: &str) -> bool {
    names.iter().any(|name| {
        let beneath = field.strip_prefix(name.as_str());
        beneath.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    })
}

/// Every lock of a signature: a program that signs copies the field's into the signature, and one
/// that does not must not unlock anything by it.
///
/// # Errors
///
/// As [`Pdf::indirect`].
pub fn locks_of(
    pdf: &Pdf<'_>,
    signature: &SignatureDictionary,
    field: &Field,
) -> Result<Vec<FieldLock>, PdfError> {
    let mut found = Vec::new();
    for reference in pdf.references_of(&signature.dictionary)? {
        let Some(reference) = reference.as_dictionary() else {
            continue;
        };
        if pdf.value(reference, b"TransformMethod")?.as_name() == Some(b"FieldMDP")
            && let Object::Dictionary(parameters) = pdf.value(reference, b"TransformParams")?
        {
            found.push(FieldLock::read(pdf, &parameters)?);
        }
    }
    found.extend(FieldLock::of_field(pdf, field.id)?);
    Ok(found)
}
