//! Rows of `journal_entries`.

use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, EntityTrait as _, ExprTrait as _,
    IntoActiveModel as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
};
use uuid::Uuid;

use super::StoreError;
use super::entity::journal_entries::{Column, Entity, Model};

/// Which entries of a journal are wanted.
#[derive(Clone, Debug, Default)]
pub struct EntryFilter {
    /// The journal.
    pub journal: String,
    /// Only of this year.
    pub year: Option<i64>,
    /// Only those entered at or after this moment, in microseconds.
    pub from: Option<i64>,
    /// Only those entered before this moment, in microseconds.
    pub until: Option<i64>,
    /// Only what comes after the entry of this year and number, newest first.
    pub after: Option<(i64, i64)>,
}

/// Writes an entry.
///
/// # Errors
///
/// [`StoreError::Duplicate`] if its key or its number is there; [`StoreError::Database`].
pub async fn insert(connection: &impl ConnectionTrait, row: Model) -> Result<(), StoreError> {
    Entity::insert(row.into_active_model().reset_all())
        .exec_without_returning(connection)
        .await?;
    Ok(())
}

/// The entry with this key, if it was made.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn find_by_key(
    connection: &impl ConnectionTrait,
    organisation_id: Uuid,
    key: &str,
) -> Result<Option<Model>, StoreError> {
    let found = Entity::find()
        .filter(Column::OrganisationId.eq(organisation_id))
        .filter(Column::Key.eq(key));
    Ok(found.one(connection).await?)
}

/// Entries of a journal, the newest year and the greatest number first.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn list(
    connection: &impl ConnectionTrait,
    organisation_id: Uuid,
    filter: &EntryFilter,
    rows_max: u64,
) -> Result<Vec<Model>, StoreError> {
    let mut query = Entity::find()
        .filter(Column::OrganisationId.eq(organisation_id))
        .filter(Column::Journal.eq(filter.journal.as_str()));
    if let Some(year) = filter.year {
        query = query.filter(Column::Year.eq(year));
    }
    if let Some(from) = filter.from {
        query = query.filter(Column::EnteredAt.gte(from));
    }
    if let Some(until) = filter.until {
        query = query.filter(Column::EnteredAt.lt(until));
    }
    if let Some((year, number)) = filter.after {
        let same_year = Column::Year.eq(year).and(Column::Number.lt(number));
        query = query.filter(Column::Year.lt(year).or(same_year));
    }
    let query = query
        .order_by_desc(Column::Year)
        .order_by_desc(Column::Number);
    Ok(query.limit(rows_max).all(connection).await?)
}

/// The entries of a document, in the order in which they were made.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn list_of_document(
    connection: &impl ConnectionTrait,
    organisation_id: Uuid,
    document_id: Uuid,
) -> Result<Vec<Model>, StoreError> {
    let found = Entity::find()
        .filter(Column::OrganisationId.eq(organisation_id))
        .filter(Column::DocumentId.eq(document_id));
    Ok(found.order_by_asc(Column::Id).all(connection).await?)
}

/// The journals that have entries, with how many.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn count_by_journal(
    connection: &impl ConnectionTrait,
    organisation_id: Uuid,
) -> Result<Vec<(String, i64)>, StoreError> {
    let counted = Entity::find()
        .select_only()
        .column(Column::Journal)
        .column_as(Column::Id.count(), "entries")
        .filter(Column::OrganisationId.eq(organisation_id))
        .group_by(Column::Journal);
    Ok(counted.into_tuple().all(connection).await?)
}

/// The years in which a journal has entries, the newest first.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn list_years(
    connection: &impl ConnectionTrait,
    organisation_id: Uuid,
    journal: &str,
) -> Result<Vec<i64>, StoreError> {
    let years = Entity::find()
        .select_only()
        .column(Column::Year)
        .distinct()
        .filter(Column::OrganisationId.eq(organisation_id))
        .filter(Column::Journal.eq(journal))
        .order_by_desc(Column::Year);
    Ok(years.into_tuple().all(connection).await?)
}
