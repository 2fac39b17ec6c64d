//! The register of mandates: who may act for which of our legal entities, up to what amount, from
//! when until when.
//!
//! A mandate is a fact about the organisation, as an absence is: it is read with the rest of the
//! directory before each step. Who is asked by it is frozen when a stage opens; that it still
//! stands is asked again when they act.

use std::cmp::Ordering;

use chancery_types::id::{MandateId, PersonId};
use chancery_types::{Instant, Money};
use serde::{Deserialize, Serialize};

/// One row of the register.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mandate {
    /// The row.
    pub id: MandateId,
    /// Who may act.
    pub person: PersonId,
    /// For which of our legal entities, by its key; without, for each of them.
    #[serde(default)]
    pub entity: Option<String>,
    /// In which role; without, they sign.
    #[serde(default)]
    pub role: Option<String>,
    /// Up to this amount, itself included, and in its currency alone; without, any amount.
    #[serde(default)]
    pub limit: Option<Money>,
    /// From this instant.
    pub from: Instant,
    /// Until this instant; without, until it is ended.
    #[serde(default)]
    pub until: Option<Instant>,
    /// By what: a charter, a power of attorney with its number and date.
    pub basis: String,
}

/// What is to be done by a mandate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Act {
    /// For which entity.
    pub(crate) entity: String,
    /// In which role; without, signing.
    pub(crate) role: Option<String>,
    /// Of what amount, where the workflow says that; without, only what has no limit is enough.
    pub(crate) amount: Option<Money>,
    /// Whether the amount is what the mandates are held against at all: not in a role.
    pub(crate) is_limited: bool,
}

/// Why a person has no mandate for an act.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Lack {
    /// The register has none for the entity.
    #[error("there is none for the entity")]
    Absent,
    /// It has ended, or has not begun.
    #[error("this one does not stand: {basis}")]
    Ended {
        /// By what it was.
        basis: String,
    },
    /// The amount is above its limit, or of another currency.
    #[error("this one is not enough: {basis}, up to {limit}")]
    TooSmall {
        /// By what it is.
        basis: String,
        /// Its limit.
        limit: String,
    },
}

impl Lack {
    /// What sentences about it name: `basis`, and `limit` where it is too small.
    #[must_use]
    pub fn values(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Absent => Vec::new(),
            Self::Ended { basis } => vec![("basis", basis.clone())],
            Self::TooSmall { basis, limit } => {
                vec![("basis", basis.clone()), ("limit", limit.clone())]
            }
        }
    }
}

impl Mandate {
    /// Whether it stands at an instant.
    #[must_use]
    pub fn stands(&self, at: Instant) -> bool {
        self.from <= at && self.until.is_none_or(|until| at < until)
    }

    fn is_of(&self, act: &Act) -> bool {
        let is_entity = self.entity.as_ref().is_none_or(|own| *own == act.entity);
        is_entity && self.role == act.role
    }

    fn reaches(&self, act: &Act) -> bool {
        let Some(limit) = self.limit.as_ref().filter(|_| act.is_limited) else {
            return true;
        };
        let order = act.amount.as_ref().and_then(|amount| amount.compare(limit));
        matches!(order, Some(Ordering::Less | Ordering::Equal))
    }
}

/// The mandate of a person for an act: the first of the register that stands and reaches, or why
/// there is none.
pub(crate) fn find<'m>(
    register: &'m [Mandate],
    person: PersonId,
    act: &Act,
    at: Instant,
) -> Result<&'m Mandate, Lack> {
    let own = register
        .iter()
        .filter(|one| one.person == person && one.is_of(act));
    let mut lack = Lack::Absent;
    for mandate in own {
        let basis = || mandate.basis.clone();
        match (mandate.stands(at), mandate.reaches(act), &mandate.limit) {
            (true, true, _) => return Ok(mandate),
            (true, false, limit) => {
                let limit = limit.as_ref().map(ToString::to_string);
                let limit = limit.unwrap_or_default();
                lack = Lack::TooSmall {
                    basis: basis(),
                    limit,
                };
            }
            (false, ..) if lack == Lack::Absent => lack = Lack::Ended { basis: basis() },
            (false, ..) => {}
        }
    }
    Err(lack)
}
