//! Where a signature stands, and what it does to the file beyond standing in it
//! (ISO 32000-2:2020, 12.8.2).

use std::collections::BTreeSet;

/// What the signatures of a stage are to the file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sealing {
    /// Where they stand.
    pub form: SignatureForm,
    /// The first of them certifies the file; the others approve it.
    pub certify: Option<Certify>,
    /// What each of them locks.
    pub lock: Option<LockedForm>,
    /// What they must be in law, at least.
    pub kind: DemandedKind,
    /// How far each must carry by itself when it is made or brought (EN 319 102-1), at least.
    pub level: Option<DemandedLevel>,
}

/// What a signature must be in law, at least (63-ФЗ, article 5; eIDAS, article 3).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum DemandedKind {
    /// Anything that is taken at all.
    #[default]
    Any,
    /// Simple. Whatever has a certificate is more.
    Simple,
    /// Advanced: усиленная неквалифицированная.
    Advanced,
    /// Qualified: усиленная квалифицированная.
    Qualified,
}

impl DemandedKind {
    /// Every one, the least first.
    pub const ALL: [Self; 4] = [Self::Any, Self::Simple, Self::Advanced, Self::Qualified];

    /// As files say it.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Any => "any",
            Self::Simple => "simple",
            Self::Advanced => "advanced",
            Self::Qualified => "qualified",
        }
    }
}

/// How far a signature carries by itself, of the levels that one has when it is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum DemandedLevel {
    /// It binds its certificate.
    B,
    /// And a timestamp tells since when it exists.
    T,
}

/// Where a signature stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SignatureForm {
    /// In the file that it signs (PAdES).
    #[default]
    Embedded,
    /// In a file of its own beside it (CAdES): the file that is signed keeps every byte.
    Detached,
}

impl SignatureForm {
    /// As files say it.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Embedded => "embedded",
            Self::Detached => "detached",
        }
    }
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
    /// Whether the signatures stand in files of their own.
    #[must_use]
    pub const fn is_detached(&self) -> bool {
        matches!(self.form, SignatureForm::Detached)
    }

    /// Whether they do more to the file than stand in it or beside it.
    #[must_use]
    pub const fn binds_file(&self) -> bool {
        self.certify.is_some() || self.lock.is_some()
    }

    /// What is demanded of a signature's form, as files say it: `CAdES-T`; none if nothing is.
    #[must_use]
    pub fn format(&self) -> Option<String> {
        let family = match self.form {
            SignatureForm::Embedded => "PAdES",
            SignatureForm::Detached => "CAdES",
        };
        let level = match self.level? {
            DemandedLevel::B => "B",
            DemandedLevel::T => "T",
        };
        Some(format!("{family}-{level}"))
    }

    /// Whether a signature after it would break it.
    #[must_use]
    pub fn is_final(&self) -> bool {
        self.certify == Some(Certify::NoChanges) || self.lock == Some(LockedForm::All)
    }
}
