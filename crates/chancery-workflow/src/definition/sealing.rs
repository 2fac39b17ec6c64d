//! What a signature does to the file beyond standing in it (ISO 32000-2:2020, 12.8.2).

use std::collections::BTreeSet;

/// What the signatures of a stage do to the file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sealing {
    /// The first of them certifies the file; the others approve it.
    pub certify: Option<Certify>,
    /// What each of them locks.
    pub lock: Option<LockedForm>,
}

/// What may be done to a file after its certification (table 257).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Certify {
    /// Nothing: level 1.
    NoChanges,
    /// Forms are filled in and further signatures made: level 2.
    FillAndSign,
    /// Comments, too: level 3.
    Annotate,
}

impl Certify {
    /// As files say it.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::NoChanges => "no_changes",
            Self::FillAndSign => "fill_and_sign",
            Self::Annotate => "annotate",
        }
    }
}

/// Which fields of the file's form are locked (table 236).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LockedForm {
    /// All, and those of signatures to come.
    All,
    /// These, by full name, with everything beneath them; those that are not in the file are none.
    Fields(BTreeSet<String>),
}

impl Sealing {
    /// Whether a signature after it would break it.
    #[must_use]
    pub fn is_final(&self) -> bool {
        self.certify == Some(Certify::NoChanges) || self.lock == Some(LockedForm::All)
    }
}
