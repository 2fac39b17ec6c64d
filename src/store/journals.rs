//! Registration journals: the last number of each journal and year.

use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, ExprTrait as _, OnConflict};
use sea_orm::{ConnectionTrait, EntityTrait as _};
use uuid::Uuid;

use crate::store::StoreError;
use crate::store::entity::journals;

/// Takes the next number of a journal in a year, from one. The row stays locked until the end of
/// the transaction, so numbers have no gap: a transaction that fails gives its number back.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn update_journal(
    connection: &impl ConnectionTrait,
    organisation_id: Uuid,
    journal: &str,
    year: i16,
) -> Result<i64, StoreError> {
    let key = [
        journals::Column::OrganisationId,
        journals::Column::Journal,
        journals::Column::Year,
    ];
    let next = Expr::col((journals::Entity, journals::Column::LastNumber)).add(1);
    let row = journals::ActiveModel {
        organisation_id: Set(organisation_id),
        journal: Set(journal.to_owned()),
        year: Set(i64::from(year)),
        last_number: Set(1),
    };
    let taken = journals::Entity::insert(row)
        .on_conflict(
            OnConflict::columns(key)
                .value(journals::Column::LastNumber, next)
                .to_owned(),
        )
        .exec_with_returning(connection)
        .await?;
    Ok(taken.last_number)
}
