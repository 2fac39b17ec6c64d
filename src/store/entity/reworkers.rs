//! Who reworks a returned document: table `reworkers`. Plain columns, no behaviour.

use sea_orm::entity::prelude::*;

/// One row. There is none where the initiator alone reworks it, and none of another phase.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "reworkers")]
pub struct Model {
    /// References `runs`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub run_id: Uuid,
    /// References `people`; perhaps the initiator, if the workflow names them with others.
    #[sea_orm(primary_key, auto_increment = false)]
    pub person_id: Uuid,
    /// References `organisations`.
    pub organisation_id: Uuid,
    /// References `documents`.
    pub document_id: Uuid,
    /// When it was returned: microseconds since the epoch.
    pub asked_at: i64,
}

/// No relations are declared: queries join by hand in `store`.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
