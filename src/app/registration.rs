//! Registration numbers: gap-free in each journal and year, given when a run starts.

use chancery_types::Instant;
use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{ColumnTrait as _, DatabaseTransaction, EntityTrait as _, QueryFilter as _};

use crate::app::{App, AppError};
use crate::store;
use crate::store::StoreError;
use crate::store::entity::{documents, organisations};

impl App {
    /// Gives the document its number, unless it has one, and returns the row as it is then. Part of
    /// the caller's transaction: if that fails, the number was never taken.
    ///
    /// # Errors
    ///
    /// [`AppError::Stale`] if somebody changed the document since it was read;
    /// `registration-number-taken` if another document bears the number: another journal's pattern,
    /// in an earlier year's files, wrote it.
    pub(crate) async fn register_document(
        &self,
        tx: &DatabaseTransaction,
        document: &documents::Model,
        now: Instant,
    ) -> Result<documents::Model, AppError> {
        if document.registration_number.is_some() {
            return Ok(document.clone());
        }
        let kind = self.chains.kinds().get(&document.kind);
        let numbering = kind
            .ok_or_else(|| AppError::internal(format!("no kind {}", document.kind)))?
            .numbering();
        let organisation = organisations::Entity::find_by_id(document.organisation_id)
            .one(tx)
            .await?
            .ok_or(AppError::Hidden)?;
        let year = year_in(now, &organisation.time_zone);
        let journal = numbering.journal();
        let taken =
            store::journals::update_journal(tx, document.organisation_id, journal, year).await?;
        let number = numbering.format(year, u64::try_from(taken).unwrap_or(0));
        let mut row = document.clone();
        row.search_text = format!("{} {}", row.search_text, number.to_lowercase());
        row.registration_number = Some(number);
        row.registered_at = Some(now.micros());
        row.row_version += 1;
        let changed = documents::Entity::update_many()
            .col_expr(
                documents::Column::RegistrationNumber,
                Expr::value(row.registration_number.clone()),
            )
            .col_expr(
                documents::Column::RegisteredAt,
                Expr::value(row.registered_at),
            )
            .col_expr(
                documents::Column::SearchText,
                Expr::value(row.search_text.clone()),
            )
            .col_expr(
                documents::Column::RowVersion,
                Expr::col(documents::Column::RowVersion).add(1),
            )
            .filter(documents::Column::Id.eq(row.id))
            .filter(documents::Column::OrganisationId.eq(row.organisation_id))
            .filter(documents::Column::RowVersion.eq(document.row_version))
            .exec(tx)
            .await
            .map_err(StoreError::from);
        match changed {
            Ok(changed) if changed.rows_affected == 1 => Ok(row),
            Ok(_) => Err(AppError::Stale),
            Err(StoreError::Duplicate) => {
                let number = row.registration_number.unwrap_or_default();
                Err(AppError::refused_with(
                    "registration-number-taken",
                    [("number", number)],
                ))
            }
            Err(other) => Err(other.into()),
        }
    }
}

/// The calendar year of `now` in an IANA zone; an unknown one counts as UTC.
pub(crate) fn year_in(now: Instant, zone: &str) -> i16 {
    let zone = jiff::tz::TimeZone::get(zone).unwrap_or(jiff::tz::TimeZone::UTC);
    zone.to_datetime(now.timestamp()).year()
}
