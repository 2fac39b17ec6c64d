//! Table `reworkers`: who else than the initiator reworks a document, while it is returned.

use sea_orm::sea_query::{Expr, ExprTrait as _, Query, SelectStatement};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, EntityTrait as _,
    IntoActiveModel as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
};
use uuid::Uuid;

use crate::store::StoreError;
use crate::store::entity::reworkers::{Column, Entity, Model};

/// Writes down who reworks a document from now on.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn insert_reworkers(
    connection: &impl ConnectionTrait,
    rows: Vec<Model>,
) -> Result<(), StoreError> {
    if rows.is_empty() {
        return Ok(());
    }
    let rows = rows
        .into_iter()
        .map(|row| row.into_active_model().reset_all());
    Entity::insert_many(rows)
        .exec_without_returning(connection)
        .await?;
    Ok(())
}

/// Nobody else than the initiator reworks the document of a run any more.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn delete_reworkers(
    connection: &impl ConnectionTrait,
    organisation: Uuid,
    run: Uuid,
) -> Result<(), StoreError> {
    Entity::delete_many()
        .filter(Column::OrganisationId.eq(organisation))
        .filter(Column::RunId.eq(run))
        .exec(connection)
        .await?;
    Ok(())
}

/// Who reworks a document; nobody where that is its initiator alone, or where it is not returned.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn list_reworkers(
    connection: &impl ConnectionTrait,
    organisation: Uuid,
    document: Uuid,
) -> Result<Vec<Uuid>, StoreError> {
    Ok(Entity::find()
        .select_only()
        .column(Column::PersonId)
        .filter(Column::OrganisationId.eq(organisation))
        .filter(Column::DocumentId.eq(document))
        .order_by_asc(Column::PersonId)
        .into_tuple()
        .all(connection)
        .await?)
}

/// The documents of an organisation that somebody reworks.
fn returned(organisation: Uuid) -> SelectStatement {
    Query::select()
        .column((Entity, Column::DocumentId))
        .from(Entity)
        .and_where(Expr::col((Entity, Column::OrganisationId)).eq(organisation))
        .to_owned()
}

/// The documents of an organisation that `person` reworks.
pub(super) fn of_person(organisation: Uuid, person: Uuid) -> SelectStatement {
    returned(organisation)
        .and_where(Expr::col((Entity, Column::PersonId)).eq(person))
        .to_owned()
}

/// The documents of an organisation that others than their initiator alone rework.
pub(super) fn of_anybody(organisation: Uuid) -> SelectStatement {
    returned(organisation)
}
