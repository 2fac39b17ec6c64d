//! A role of a person, perhaps in one department: table `person_roles`. Plain columns, no
//! behaviour.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "person_roles")]
pub struct Model {
    /// Identifier (UUIDv7).
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// References `organisations`.
    pub organisation_id: Uuid,
    /// References `people`.
    pub person_id: Uuid,
    /// Role.
    #[sea_orm(column_type = "Text")]
    pub role: String,
    /// References `departments`.
    pub department_id: Option<Uuid>,
}

/// No relations are declared: queries join by hand in `store`.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
