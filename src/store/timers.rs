//! Table `timers`: alarm clocks of runs. The run's state holds the truth; a row that rings for a
//! timer that has moved on is not heard.

use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, EntityTrait as _,
    IntoActiveModel as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
};
use uuid::Uuid;

use crate::store::StoreError;
use crate::store::entity::timers::{Column, Entity, Model};

/// Sets a timer, in the place of an earlier arm of the same number.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn put(connection: &impl ConnectionTrait, row: Model) -> Result<(), StoreError> {
    let anew = OnConflict::columns([Column::RunId, Column::Number])
        .update_columns([
            Column::Generation,
            Column::TaskId,
            Column::DueAt,
            Column::Beyond,
            Column::RingsAt,
        ])
        .to_owned();
    Entity::insert(row.into_active_model().reset_all())
        .on_conflict(anew)
        .exec_without_returning(connection)
        .await?;
    Ok(())
}

/// Takes a timer away, if it is there.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn delete(
    connection: &impl ConnectionTrait,
    run_id: Uuid,
    number: i64,
) -> Result<(), StoreError> {
    Entity::delete_many()
        .filter(Column::RunId.eq(run_id))
        .filter(Column::Number.eq(number))
        .exec(connection)
        .await?;
    Ok(())
}

/// Takes the timer away that rang, unless it was set anew meanwhile.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn delete_rung(
    connection: &impl ConnectionTrait,
    rung: &Model,
) -> Result<(), StoreError> {
    Entity::delete_many()
        .filter(Column::RunId.eq(rung.run_id))
        .filter(Column::Number.eq(rung.number))
        .filter(Column::Generation.eq(rung.generation))
        .exec(connection)
        .await?;
    Ok(())
}

/// What rings by `now` (microseconds), the earliest first.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn list_ringing(
    connection: &impl ConnectionTrait,
    now: i64,
    count_max: u64,
) -> Result<Vec<Model>, StoreError> {
    Ok(Entity::find()
        .filter(Column::RingsAt.lte(now))
        .order_by_asc(Column::RingsAt)
        .order_by_asc(Column::RunId)
        .order_by_asc(Column::Number)
        .limit(count_max)
        .all(connection)
        .await?)
}

/// Puts off a timer that could not be heard.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn put_off(
    connection: &impl ConnectionTrait,
    rung: &Model,
    until: i64,
) -> Result<(), StoreError> {
    Entity::update_many()
        .col_expr(Column::RingsAt, Expr::value(until))
        .filter(Column::RunId.eq(rung.run_id))
        .filter(Column::Number.eq(rung.number))
        .filter(Column::Generation.eq(rung.generation))
        .exec(connection)
        .await?;
    Ok(())
}
