//! What a signature locks: the `FieldMDP` transform of its dictionary, and `/Lock` of its field.

use chancery_pdf::form::Field;
use chancery_pdf::lock::locks_of;
use chancery_pdf::{LockedFields, Pdf, PdfError, SignatureDictionary};

use crate::facts::FieldLock;

/// What one signature locks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Locks {
    /// The tightest `/P`.
    pub permission: Option<i64>,
    pub locks: Vec<FieldLock>,
}

/// Reads both places (ISO 32000-2, 12.8.2.4 and 12.7.5.5).
pub(crate) fn of(
    pdf: &Pdf<'_>,
    signature: &SignatureDictionary,
    field: &Field,
) -> Result<Locks, PdfError> {
    let mut found = Locks::default();
    for lock in locks_of(pdf, signature, field)? {
        let levels = [found.permission, lock.permission];
        found.permission = levels.into_iter().flatten().min();
        let lock = match lock.fields {
            LockedFields::All => FieldLock::All,
            LockedFields::Include(names) => FieldLock::Include(names),
            LockedFields::Exclude(names) => FieldLock::Exclude(names),
        };
        if !found.locks.contains(&lock) {
            found.locks.push(lock);
        }
    }
    Ok(found)
}
