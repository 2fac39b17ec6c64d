//! What a signature locks: the `FieldMDP` transform of its dictionary, and `/Lock` of its field.

use chancery_pdf::form::Field;
use chancery_pdf::object::decode_text;
use chancery_pdf::{Dictionary, Object, Pdf, PdfError, SignatureDictionary};

use crate::facts::FieldLock;

/// Most names in one lock.
const NAMES_MAX: usize = 10_000;

/// What one signature locks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Locks {
    /// The tightest `/P`.
    pub permission: Option<i64>,
    pub locks: Vec<FieldLock>,
}

/// Reads both places (ISO 32000-2, 12.8.2.4 and 12.7.5.5): a reader that signs copies the second
/// into the first, and one that does not must not unlock anything by it.
pub(crate) fn of(
    pdf: &Pdf<'_>,
    signature: &SignatureDictionary,
    field: &Field,
) -> Result<Locks, PdfError> {
    let mut found = Locks::default();
    let references = pdf.value(&signature.dictionary, b"Reference")?;
    for reference in references.as_array().unwrap_or(&[]) {
        let reference = pdf.resolve(reference)?;
        let Some(reference) = reference.as_dictionary() else {
            continue;
        };
        if pdf.value(reference, b"TransformMethod")?.as_name() == Some(b"FieldMDP")
            && let Object::Dictionary(parameters) = pdf.value(reference, b"TransformParams")?
        {
            found.take(pdf, &parameters)?;
        }
    }
    if let Object::Dictionary(dictionary) = pdf.get(field.id)?
        && let Object::Dictionary(lock) = pdf.value(&dictionary, b"Lock")?
    {
        found.take(pdf, &lock)?;
    }
    Ok(found)
}

impl Locks {
    fn take(&mut self, pdf: &Pdf<'_>, from: &Dictionary) -> Result<(), PdfError> {
        let permission = pdf.value(from, b"P")?.as_integer();
        self.permission = match (self.permission, permission) {
            (Some(one), Some(other)) => Some(one.min(other)),
            (one, other) => one.or(other),
        };
        let fields = pdf.value(from, b"Fields")?;
        let mut names = Vec::new();
        for name in fields.as_array().unwrap_or(&[]).iter().take(NAMES_MAX) {
            if let Some(name) = pdf.resolve(name)?.as_string() {
                names.push(decode_text(name));
            }
        }
        let lock = match pdf.value(from, b"Action")?.as_name() {
            Some(b"Include") => FieldLock::Include(names),
            Some(b"Exclude") => FieldLock::Exclude(names),
            // Whatever else stands there was meant to lock: all is the safe reading.
            _ => FieldLock::All,
        };
        if !self.locks.contains(&lock) {
            self.locks.push(lock);
        }
        Ok(())
    }
}
