//! What we say to a file at the door: a description, or one refusal with one code.

use crate::active::{ActiveKind, ActiveScan};
use crate::error::PdfError;
use crate::limits::Limits;
use crate::object::ObjectId;
use crate::page::PageSize;
use crate::reader::Pdf;
use crate::xref::XrefKind;

/// What to do with files that carry active content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ActiveContentRule {
    /// Refuse them: what is signed must be what is seen.
    Refuse,
    /// Take them and report what they carry.
    Report,
}

/// The rules of the door that an organisation may choose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IntakePolicy {
    /// Scripts, launch actions, XFA and the like.
    pub active_content: ActiveContentRule,
    /// Most pages of one file.
    pub pages_max: u32,
}

impl Default for IntakePolicy {
    fn default() -> Self {
        Self {
            active_content: ActiveContentRule::Refuse,
            pages_max: 2_000,
        }
    }
}

/// A file that may enter.
#[derive(Clone, Debug, PartialEq)]
pub struct Intake {
    /// The PDF version, `1.7`.
    pub version: String,
    /// How many pages.
    pub pages: u32,
    /// The visible size of each.
    pub page_sizes: Vec<PageSize>,
    /// How many revisions.
    pub revisions: u32,
    /// The full names of the fields that already carry a signature.
    pub signatures: Vec<String>,
    /// The level of an author's certification that still allows signing: 2 or 3.
    pub certification: Option<i64>,
    /// Whether the newest cross-references are a stream.
    pub uses_xref_stream: bool,
    /// Active content (only with [`ActiveContentRule::Report`]) and embedded files.
    pub active: ActiveScan,
}

/// Why a file may not enter. Each has a stable one-word [code](IntakeRefusal::code).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IntakeRefusal {
    /// No byte at all.
    #[error("the file is empty")]
    Empty,
    /// Something else than a PDF.
    #[error("the file is not a PDF")]
    NotAPdf,
    /// More bytes than allowed.
    #[error("the file is larger than {bytes_max} bytes")]
    TooLarge {
        /// The limit, in bytes.
        bytes_max: u64,
    },
    /// The end is missing.
    #[error("the file is cut off")]
    Truncated,
    /// A part cannot be read.
    #[error("{what} is damaged at byte {offset}")]
    Damaged {
        /// Which part.
        what: &'static str,
        /// Where; 0 if the place is not known.
        offset: usize,
    },
    /// Readable by searching, but its table is wrong: a rewritten new version would be accepted.
    #[error("the cross-reference table is wrong about object {number}")]
    TableDishonest {
        /// The first object it is wrong about; 0 for the table itself.
        number: u32,
        /// Where that should have been.
        offset: u64,
    },
    /// Needs a password, or was made to.
    #[error("the file is encrypted")]
    Encrypted,
    /// Scripts and the like.
    #[error("the file carries active content")]
    ActiveContent {
        /// What and where, at most 1,000 findings.
        found: Vec<(ActiveKind, ObjectId)>,
    },
    /// The author certified that nothing may be added, a signature neither.
    #[error("the file is certified against every change")]
    CertifiedAgainstChanges,
    /// The pages never end.
    #[error("the page tree has a loop")]
    PageTreeLoop,
    /// There is nothing to read or sign.
    #[error("the file has no pages")]
    NoPages,
    /// More pages than allowed.
    #[error("the file has more than {pages_max} pages")]
    TooManyPages {
        /// The limit.
        pages_max: u32,
    },
    /// Built to cost: a bound of the reader was met.
    #[error("the file passes the limit {limit} = {max}")]
    LimitExceeded {
        /// Which bound.
        limit: &'static str,
        /// Its value.
        max: u64,
    },
}

/// Parts whose damage hides nothing: the objects can be found without them.
const TABLE_PARTS: [&str; 4] = [
    "a cross-reference table",
    "a cross-reference stream",
    "/XRefStm",
    "/Prev",
];

impl IntakeRefusal {
    /// The code for machines: stable, one word, as in problem documents and translations.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::NotAPdf => "not_a_pdf",
            Self::TooLarge { .. } => "too_large",
            Self::Truncated => "truncated",
            Self::Damaged { .. } => "damaged",
            Self::TableDishonest { .. } => "table_dishonest",
            Self::Encrypted => "encrypted",
            Self::ActiveContent { .. } => "active_content",
            Self::CertifiedAgainstChanges => "certified_against_changes",
            Self::PageTreeLoop => "page_tree_loop",
            Self::NoPages => "no_pages",
            Self::TooManyPages { .. } => "too_many_pages",
            Self::LimitExceeded { .. } => "limit_exceeded",
        }
    }
}

impl From<PdfError> for IntakeRefusal {
    fn from(error: PdfError) -> Self {
        match error {
            PdfError::Empty => Self::Empty,
            PdfError::NotAPdf => Self::NotAPdf,
            PdfError::Truncated => Self::Truncated,
            PdfError::Damaged { what, offset } if TABLE_PARTS.contains(&what) => {
                Self::TableDishonest {
                    number: 0,
                    offset: u64::try_from(offset).unwrap_or(u64::MAX),
                }
            }
            PdfError::Damaged { what, offset } => Self::Damaged { what, offset },
            PdfError::TableDishonest { number, offset } => Self::TableDishonest { number, offset },
            PdfError::LimitExceeded {
                limit: "bytes_max",
                max,
            } => Self::TooLarge { bytes_max: max },
            PdfError::LimitExceeded { limit, max } => Self::LimitExceeded { limit, max },
            PdfError::RevisionLoop { offset } => Self::Damaged {
                what: "the chain of revisions",
                offset: usize::try_from(offset).unwrap_or(0),
            },
            PdfError::PageTreeLoop { .. } => Self::PageTreeLoop,
            PdfError::FieldLoop { .. } => Self::Damaged {
                what: "the form fields",
                offset: 0,
            },
            PdfError::WrongType { what } => Self::Damaged { what, offset: 0 },
            PdfError::FilterUnsupported { .. } => Self::Damaged {
                what: "an object stream",
                offset: 0,
            },
            PdfError::Encrypted => Self::Encrypted,
            PdfError::CertifiedAgainstChanges => Self::CertifiedAgainstChanges,
            // These come from writing only.
            PdfError::CertificationTooLate
            | PdfError::LockedAgainstChanges { .. }
            | PdfError::LockLoosens { .. }
            | PdfError::FieldLocked { .. }
            | PdfError::FieldMissing { .. }
            | PdfError::FieldNotForSigning { .. }
            | PdfError::FieldSigned { .. }
            | PdfError::FieldDemands { .. }
            | PdfError::PlanInvalid { .. }
            | PdfError::Font { .. } => Self::Damaged {
                what: "the file",
                offset: 0,
            },
        }
    }
}

/// Describes a file that may be stored, approved and signed here, or refuses it.
///
/// Reads at most what [`Limits`] allow, decodes no page, runs nothing, and is safe in the server's
/// own process.
///
/// # Errors
///
/// The first [`IntakeRefusal`] met.
pub fn examine(
    bytes: &[u8],
    limits: &Limits,
    policy: &IntakePolicy,
) -> Result<Intake, IntakeRefusal> {
    let pages_max = limits.pages_max.min(policy.pages_max);
    let limits = Limits {
        pages_max,
        ..limits.clone()
    };
    let pdf = Pdf::survey(bytes, &limits)?;
    // Encryption first: it makes everything else unreadable, and is the truer answer.
    if pdf.is_encrypted() {
        return Err(IntakeRefusal::Encrypted);
    }
    if let Some(entry) = pdf.dishonest_entries().first() {
        let (number, offset) = (entry.number, entry.offset);
        return Err(IntakeRefusal::TableDishonest { number, offset });
    }
    let pages = pdf.pages().map_err(|error| match error {
        PdfError::LimitExceeded {
            limit: "pages_max", ..
        } => IntakeRefusal::TooManyPages { pages_max },
        other => other.into(),
    })?;
    if pages.is_empty() {
        return Err(IntakeRefusal::NoPages);
    }
    let signatures = pdf.signature_fields()?;
    let certified = signatures
        .iter()
        .filter_map(|field| field.signature.as_ref()?.certification);
    let certification = pdf.certification()?.into_iter().chain(certified).min();
    if certification.is_some_and(|level| level < 2) {
        return Err(IntakeRefusal::CertifiedAgainstChanges);
    }
    let active = pdf.active_content()?;
    if policy.active_content == ActiveContentRule::Refuse && !active.found.is_empty() {
        let found = active
            .found
            .iter()
            .map(|content| (content.kind, content.object))
            .collect();
        return Err(IntakeRefusal::ActiveContent { found });
    }
    Ok(Intake {
        version: pdf.version(),
        pages: u32::try_from(pages.len()).unwrap_or(u32::MAX),
        page_sizes: pages.iter().map(crate::page::Page::size).collect(),
        revisions: u32::try_from(pdf.revisions().len()).unwrap_or(u32::MAX),
        signatures: signatures
            .into_iter()
            .filter(|field| field.signature.is_some())
            .map(|field| field.field.name)
            .collect(),
        certification,
        uses_xref_stream: pdf.xref_kind() == XrefKind::Stream,
        active,
    })
}
