//! When a stored file was checked for signatures last: table `checked_files`. Plain columns, no
//! behaviour.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "checked_files")]
pub struct Model {
    /// Of `versions`, whose signed copy it is, or else whose main file; or of
    /// `detached_signatures`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub subject_id: Uuid,
    /// References `organisations`.
    pub organisation_id: Uuid,
    /// SHA-256 of the file that was checked, 64 hexadecimal digits; null until the first check.
    #[sea_orm(column_type = "Text", nullable)]
    pub digest: Option<String>,
    /// One of `judged`, `unreadable`, `too_large`; null until the first check.
    #[sea_orm(column_type = "Text", nullable)]
    pub outcome: Option<String>,
    /// How many signatures it has.
    pub signatures_count: i64,
    /// When it was checked last: microseconds since the epoch.
    pub checked_at: Option<i64>,
    /// Until when a worker has it in hand: microseconds since the epoch.
    pub claimed_until: Option<i64>,
    /// Counts the claims: whoever finishes says which it held.
    pub fence: i64,
}

/// No relations are declared: queries join by hand in `store`.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
