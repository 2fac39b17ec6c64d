//! Who is away, and who stands in for them: table `absences`. Plain columns, no behaviour.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "absences")]
pub struct Model {
    /// Identifier (UUIDv7).
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// References `organisations`.
    pub organisation_id: Uuid,
    /// References `people`: who is away.
    pub person_id: Uuid,
    /// References `people`: who stands in.
    pub substitute_id: Option<Uuid>,
    /// JSON: for which kinds of documents; empty for all.
    #[sea_orm(column_type = "Text")]
    pub kinds: String,
    /// One of `decide`, `sign`.
    #[sea_orm(column_type = "Text")]
    pub powers: String,
    /// When: microseconds since the epoch.
    pub from_at: i64,
    /// When they are back: microseconds since the epoch.
    pub until_at: i64,
    /// When: microseconds since the epoch.
    pub recorded_at: i64,
    /// When it was ended early: microseconds since the epoch.
    pub ended_at: Option<i64>,
    /// When whoever stands in was told of open tasks: microseconds since the epoch.
    pub told_at: Option<i64>,
}

/// No relations are declared: queries join by hand in `store`.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
