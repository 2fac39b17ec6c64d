//! What a use case answers when it does not do what was asked.
//!
//! Four kinds, never mixed: a refusal (the rules say no), invalid input, absent or hidden, a
//! failure. Texts are made at the edge from the codes (`locales/*/problem.ftl`: `problem-<code>`).

use std::collections::BTreeMap;
use std::error::Error;

use chancery_types::{Locale, Localized};

use crate::blob::BlobError;
use crate::domain::access::Decision;
use crate::store::StoreError;

/// Named values for a message, e.g. `max` → `20`.
pub type Args = BTreeMap<&'static str, String>;

/// A stage's title in each language, beside its path in `stage`.
const STAGE_TITLES: [(Locale, &str); 2] = [(Locale::Ru, "stage-ru"), (Locale::En, "stage-en")];

/// Puts the title of the stage whose path `args` have beside it, in every language that it has.
pub(crate) fn name_stage(args: &mut Args, title: &Localized) {
    for (locale, key) in STAGE_TITLES {
        if let Some(text) = title.get(locale) {
            args.insert(key, text.to_owned());
        }
    }
}

/// The values as a reader of `locale` gets them: a stage by its title rather than its path.
pub fn args_for(args: &Args, locale: Locale) -> impl Iterator<Item = (&str, &str)> {
    let own = STAGE_TITLES.iter().find(|(known, _)| *known == locale);
    let title = own.and_then(|(_, key)| args.get(key));
    args.iter().filter_map(move |(name, text)| match *name {
        "stage" => Some((*name, title.unwrap_or(text).as_str())),
        other if STAGE_TITLES.iter().any(|(_, key)| *key == other) => None,
        other => Some((other, text.as_str())),
    })
}

/// What lies beneath a failure: for the log, never for the reader.
pub type Cause = Box<dyn Error + Send + Sync>;

/// A failure and everything beneath it, in one line for the log.
#[must_use]
pub fn in_full(cause: &Cause) -> String {
    let mut line = cause.to_string();
    let mut beneath = cause.source();
    while let Some(cause) = beneath {
        line = format!("{line}: {cause}");
        beneath = cause.source();
    }
    line
}

/// Why a use case did not do it.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// Nobody is logged in, or the session, token or link is not good any more (401).
    #[error("nobody is logged in")]
    Unauthenticated,
    /// The actor sees it but may not do this (403).
    #[error("not allowed")]
    Denied,
    /// The person might, but came with a token that only reads (403).
    #[error("the token only reads")]
    OutOfScope,
    /// Absent, or not for this actor to know of (404).
    #[error("absent or hidden")]
    Hidden,
    /// The rules say no in the present state (409).
    #[error("refused: {code}")]
    Refused {
        /// A code that machines keep: `task-not-open`.
        code: &'static str,
        /// Values for the text.
        args: Args,
    },
    /// Fields that are not as they must be (422).
    #[error("invalid input in {} field(s)", fields.len())]
    Invalid {
        /// What is wrong with each.
        fields: Vec<FieldProblem>,
    },
    /// Somebody changed it since it was read (412).
    #[error("changed since it was read")]
    Stale,
    /// Larger than a limit (413).
    #[error("larger than {max_bytes} bytes")]
    TooLarge {
        /// The limit.
        max_bytes: u64,
    },
    /// A kind of file that is not taken (415).
    #[error("a file of this type is not taken")]
    UnsupportedMedia,
    /// Too many requests (429).
    #[error("too many requests")]
    TooMany {
        /// When to come back, in seconds.
        retry_after_seconds: u64,
    },
    /// Something needed is not there now (503): a worker, storage, the database.
    #[error("unavailable: {what}")]
    Unavailable {
        /// What.
        what: &'static str,
        /// Why.
        #[source]
        source: Cause,
    },
    /// A bug, or a row that cannot be (500).
    #[error("internal failure")]
    Internal(#[source] Cause),
}

/// What is wrong with one field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldProblem {
    /// The field's name as sent, or a JSON pointer.
    pub field: String,
    /// A code: `problem-field-<code>` in the locales.
    pub code: &'static str,
    /// Values for the text.
    pub args: Args,
}

impl FieldProblem {
    /// A problem without values.
    #[must_use]
    pub fn new(field: impl Into<String>, code: &'static str) -> Self {
        Self {
            field: field.into(),
            code,
            args: Args::new(),
        }
    }

    /// A refused name or text.
    #[must_use]
    pub fn of_name(field: impl Into<String>, error: chancery_types::NameError) -> Self {
        use chancery_types::NameError;
        match error {
            NameError::Empty => Self::new(field, "empty"),
            NameError::TooLong { max } => Self::new(field, "too-long").with("max", max),
            NameError::Control => Self::new(field, "control-character"),
            NameError::Invisible { code } => {
                Self::new(field, "invisible-character").with("code", format!("U+{code:04X}"))
            }
        }
    }

    /// With a value for the text.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.args.insert(name, value.to_string());
        self
    }
}

impl AppError {
    /// A refusal without values.
    #[must_use]
    pub fn refused(code: &'static str) -> Self {
        Self::Refused {
            code,
            args: Args::new(),
        }
    }

    /// A refusal with values.
    #[must_use]
    pub fn refused_with<const N: usize>(
        code: &'static str,
        args: [(&'static str, String); N],
    ) -> Self {
        Self::Refused {
            code,
            args: args.into_iter().collect(),
        }
    }

    /// One invalid field.
    #[must_use]
    pub fn invalid(field: impl Into<String>, code: &'static str) -> Self {
        Self::Invalid {
            fields: vec![FieldProblem::new(field, code)],
        }
    }

    /// A bug, in words for the log.
    #[must_use]
    pub fn internal(why: impl Into<String>) -> Self {
        Self::Internal(why.into().into())
    }
}

impl From<StoreError> for AppError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Absent { .. } => Self::Hidden,
            StoreError::Stale => Self::Stale,
            StoreError::Duplicate | StoreError::Reference | StoreError::Corrupt { .. } => {
                Self::Internal(error.into())
            }
            StoreError::Database(_) => Self::Unavailable {
                what: "database",
                source: error.into(),
            },
        }
    }
}

impl From<BlobError> for AppError {
    fn from(error: BlobError) -> Self {
        match error {
            BlobError::TooLarge { max_bytes } => Self::TooLarge { max_bytes },
            // Rows name the objects: one that is absent, damaged or misnamed is our failure.
            BlobError::Absent { .. }
            | BlobError::Damaged { .. }
            | BlobError::WrongDigest { .. }
            | BlobError::Local(_) => Self::Internal(error.into()),
            BlobError::NoBucket { .. }
            | BlobError::Directory { .. }
            | BlobError::Silent { .. }
            | BlobError::Unavailable { .. } => Self::Unavailable {
                what: "blobs",
                source: error.into(),
            },
        }
    }
}

impl From<sea_orm::DbErr> for AppError {
    fn from(error: sea_orm::DbErr) -> Self {
        StoreError::from(error).into()
    }
}

/// Turns an access decision into an answer.
///
/// # Errors
///
/// [`AppError::Denied`], [`AppError::OutOfScope`] or [`AppError::Hidden`].
pub const fn allow(decision: Decision) -> Result<(), AppError> {
    match decision {
        Decision::Allowed => Ok(()),
        Decision::Denied => Err(AppError::Denied),
        Decision::OutOfScope => Err(AppError::OutOfScope),
        Decision::Hidden => Err(AppError::Hidden),
    }
}

/// A refused name or text as the problem of `field`.
#[must_use]
pub fn name_problem(field: &str, error: chancery_types::NameError) -> AppError {
    AppError::Invalid {
        fields: vec![FieldProblem::of_name(field, error)],
    }
}

/// Both values, or everything that is wrong with either: a form shows it at once.
///
/// # Errors
///
/// [`AppError::Invalid`] with the problems of both; else the first error.
pub(crate) fn both<A, B>(
    first: Result<A, AppError>,
    second: Result<B, AppError>,
) -> Result<(A, B), AppError> {
    match (first, second) {
        (Ok(first), Ok(second)) => Ok((first, second)),
        (Err(AppError::Invalid { mut fields }), Err(AppError::Invalid { fields: others })) => {
            fields.extend(others);
            Err(AppError::Invalid { fields })
        }
        (Err(error), _) | (_, Err(error)) => Err(error),
    }
}
