//! Why a file could not be read or written, one variant a reason.

use crate::object::ObjectId;

/// Why a PDF was not read, or an update to it not written.
///
/// Offsets are in bytes from the first byte of the file, or of the decoded object stream when the
/// failure happened inside one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PdfError {
    /// There is no byte at all.
    #[error("the file is empty")]
    Empty,
    /// No `%PDF-` header within the first 1,024 bytes.
    #[error("there is no PDF header")]
    NotAPdf,
    /// No `startxref … %%EOF` at the end: the end of the file is missing.
    #[error("the file ends before its end-of-file marker")]
    Truncated,
    /// Something that must be there is not, or is not what it must be.
    #[error("{what} is damaged at byte {offset}")]
    Damaged {
        /// The part of the file, in a few English words.
        what: &'static str,
        /// Where.
        offset: usize,
    },
    /// A cross-reference table says that something is where it is not. Such a file shows different
    /// things to different readers; it may be rewritten, never appended to.
    #[error("the cross-reference table is wrong about object {number} (byte {offset})")]
    TableDishonest {
        /// The object that was promised; 0 when it is a cross-reference section itself.
        number: u32,
        /// Where it should have been.
        offset: u64,
    },
    /// A bound of [`Limits`](crate::Limits) would have been passed.
    #[error("the file passes the limit {limit} = {max}")]
    LimitExceeded {
        /// The name of the field of `Limits`.
        limit: &'static str,
        /// Its value.
        max: u64,
    },
    /// The `/Prev` chain comes back to a section it has passed.
    #[error("the chain of revisions has a loop at byte {offset}")]
    RevisionLoop {
        /// The section that is reached a second time.
        offset: u64,
    },
    /// The page tree comes back to a node it has passed.
    #[error("the page tree has a loop at object {number}")]
    PageTreeLoop {
        /// The node that is reached a second time.
        number: u32,
    },
    /// The tree of form fields comes back to a field it has passed.
    #[error("the form fields have a loop at object {number}")]
    FieldLoop {
        /// The field that is reached a second time.
        number: u32,
    },
    /// An object is absent, or of another type than needed.
    #[error("{what} is missing or of the wrong type")]
    WrongType {
        /// The part of the file, in a few English words.
        what: &'static str,
    },
    /// A filter this reader does not undo (it needs only those of cross-references).
    #[error("stream {id} uses a filter that is not supported here")]
    FilterUnsupported {
        /// The stream.
        id: ObjectId,
    },
    /// The file is encrypted, and the operation needs it not to be.
    #[error("the file is encrypted")]
    Encrypted,
    /// The author's certification (DocMDP) allows no further signature.
    #[error("the file is certified against every change")]
    CertifiedAgainstChanges,
    /// A certification was asked for a file that already carries a signature.
    #[error("only the first signature may certify the file")]
    CertificationTooLate,
    /// A lock of an earlier signature closes the whole file (`/P` 1).
    #[error("the signature in field {by:?} locks the file against every change")]
    LockedAgainstChanges {
        /// The field of that signature.
        by: String,
    },
    /// A lock of an earlier signature closes the field that was to be signed.
    #[error("the field {name:?} is locked by the signature in field {by:?}")]
    FieldLocked {
        /// The field to sign.
        name: String,
        /// The field of the signature that locks it.
        by: String,
    },
    /// The lock leaves more open than earlier signatures do.
    #[error("the lock of field {name:?} would allow what earlier signatures forbid")]
    LockLoosens {
        /// The field to sign.
        name: String,
    },
    /// There is no field of this name to sign.
    #[error("there is no field {name:?}")]
    FieldMissing {
        /// The field to sign.
        name: String,
    },
    /// The field of this name is not for a signature.
    #[error("the field {name:?} is not a signature field")]
    FieldNotForSigning {
        /// The field to sign.
        name: String,
    },
    /// Somebody has signed in this field.
    #[error("the field {name:?} is signed already")]
    FieldSigned {
        /// The field to sign.
        name: String,
    },
    /// The field's seed values (12.7.5.5) demand something of the signer that is not given here.
    #[error("the field {name:?} makes demands on its signature that are not met here")]
    FieldDemands {
        /// The field to sign.
        name: String,
    },
    /// A field of the plan cannot be written: an empty name, a malformed date.
    #[error("the signature plan's {field} cannot be written")]
    PlanInvalid {
        /// The name of the field of the plan.
        field: &'static str,
    },
    /// A font given by the caller cannot be read or subset.
    #[error("the font cannot be used: {why}")]
    Font {
        /// The reason, in a few English words.
        why: &'static str,
    },
}

/// Limits that one object passes by its shape, and no file by its size.
const SHAPES: [&str; 2] = ["depth_max", "values_max"];

impl PdfError {
    /// Whether reading the file has cost all that it may: nothing more of it is read then.
    #[must_use]
    pub fn is_spent(&self) -> bool {
        matches!(self, Self::LimitExceeded { limit, .. } if !SHAPES.contains(limit))
    }
}
