//! What the tables `signed_copies` and `raised_signatures` have in common: rows that are due to be
//! raised to a level that lasts, taken in hand, replaced, put off.

use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait as _, Condition, ConnectionTrait, EntityTrait, QueryFilter as _};
use uuid::Uuid;

use crate::store::StoreError;

/// Which rows are to be raised. Moments are microseconds since the epoch.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    /// Levels that are too low.
    pub below: &'static [&'static str],
    /// One that was raised and ends by this moment is due too …
    pub ends_by: i64,
    /// … if it ends before this one, at which one that is raised now would end.
    pub would_end: i64,
    /// One that rests on one of these digests is due too: names.
    pub aged: &'a [&'static str],
    /// Whether one is due of which it is not known on which digests it rests.
    pub are_unknown_due: bool,
    /// One that rests on an RSA key that is shorter is due too, in bits; 0 for none.
    pub rsa_bits_below: i64,
    /// Whether one is due of which it is not known on which keys it rests.
    pub are_unknown_keys_due: bool,
}

/// What one became.
#[derive(Clone, Debug)]
pub struct Raised {
    /// SHA-256 of the file.
    pub digest: String,
    /// Its size in bytes.
    pub size_bytes: i64,
    /// Its level.
    pub level: &'static str,
    /// Until when it carries by itself.
    pub lasts_until: Option<i64>,
    /// The digests that it rests on, as [`joined`] writes them.
    pub rests_on: String,
    /// The shortest RSA key that it rests on, in bits: 0 if none is RSA.
    pub rests_on_rsa_bits: i64,
    /// It is not raised again before.
    pub raise_after: i64,
    /// When it was raised.
    pub at: i64,
}

/// The columns of such a table.
#[derive(Clone, Copy, Debug)]
pub struct Columns<C> {
    /// What a row goes by.
    pub key: C,
    /// Whose it is.
    pub organisation_id: C,
    /// SHA-256 of the file.
    pub digest: C,
    /// Its size in bytes.
    pub size_bytes: C,
    /// Its level.
    pub level: C,
    /// Until when it carries by itself.
    pub lasts_until: C,
    /// The digests that it rests on.
    pub rests_on: C,
    /// The shortest RSA key that it rests on.
    pub rests_on_rsa_bits: C,
    /// When the file last changed.
    pub updated_at: C,
    /// It is not due before.
    pub raise_after: C,
    /// Why it was not raised.
    pub raise_problem: C,
    /// The lock of the row.
    pub row_version: C,
}

/// A row that is due, of one of the tables.
pub trait Due {
    /// Its table.
    type Table: EntityTrait;

    /// The table's columns.
    fn columns() -> Columns<<Self::Table as EntityTrait>::Column>;

    /// What the row goes by, and its lock.
    fn held(&self) -> (Uuid, i64);
}

/// Names, each between commas, so that one is found whole.
pub fn joined<'n>(names: impl Iterator<Item = &'n str>) -> String {
    names.fold(",".to_owned(), |text, name| text + name + ",")
}

/// Which raised rows have to be raised again: what they rest on ends, or ages. Of those that were
/// raised before their digests and keys were kept, these are not known.
pub(super) fn ends<D: Due>(wanted: Wanted<'_>) -> Condition {
    let columns = D::columns();
    let by_date = Condition::all()
        .add(columns.lasts_until.lte(wanted.ends_by))
        .add(columns.lasts_until.lt(wanted.would_end));
    let mut ends = Condition::any().add(by_date);
    for name in wanted.aged {
        ends = ends.add(columns.rests_on.contains(joined([*name].into_iter())));
    }
    if wanted.are_unknown_due {
        ends = ends.add(columns.rests_on.is_null());
    }
    if wanted.rsa_bits_below > 0 {
        // None that is RSA is kept as 0.
        let shorter = columns
            .rests_on_rsa_bits
            .between(1, wanted.rsa_bits_below.saturating_sub(1));
        ends = ends.add(shorter);
    }
    if wanted.are_unknown_keys_due {
        ends = ends.add(columns.rests_on_rsa_bits.is_null());
    }
    let is_raised = columns.level.is_in(["B-LT", "B-LTA"]);
    Condition::all().add(is_raised).add(ends)
}

/// Takes one in hand until `until`, unless another has it or it has changed.
///
/// # Errors
///
/// [`StoreError::Stale`] then.
pub async fn claim<D: Due>(
    connection: &impl ConnectionTrait,
    due: &D,
    now: i64,
    until: i64,
) -> Result<(), StoreError> {
    let (columns, (key, row_version)) = (D::columns(), due.held());
    let claimed = D::Table::update_many()
        .col_expr(columns.raise_after, Expr::value(until))
        .filter(columns.key.eq(key))
        .filter(columns.row_version.eq(row_version))
        .filter(columns.raise_after.lte(now))
        .exec(connection)
        .await?;
    changed_once(claimed.rows_affected)
}

/// Puts what was raised in the place of exactly what it was raised from.
///
/// # Errors
///
/// [`StoreError::Stale`] if it has changed meanwhile.
pub async fn replace<D: Due>(
    connection: &impl ConnectionTrait,
    due: &D,
    raised: &Raised,
) -> Result<(), StoreError> {
    let (columns, (key, row_version)) = (D::columns(), due.held());
    let replaced = D::Table::update_many()
        .col_expr(columns.digest, Expr::value(raised.digest.as_str()))
        .col_expr(columns.size_bytes, Expr::value(raised.size_bytes))
        .col_expr(columns.level, Expr::value(raised.level))
        .col_expr(columns.lasts_until, Expr::value(raised.lasts_until))
        .col_expr(columns.rests_on, Expr::value(raised.rests_on.as_str()))
        .col_expr(
            columns.rests_on_rsa_bits,
            Expr::value(raised.rests_on_rsa_bits),
        )
        .col_expr(columns.updated_at, Expr::value(raised.at))
        .col_expr(columns.raise_after, Expr::value(raised.raise_after))
        .col_expr(columns.raise_problem, Expr::value(None::<String>))
        .col_expr(
            columns.row_version,
            Expr::value(row_version.saturating_add(1)),
        )
        .filter(columns.key.eq(key))
        .filter(columns.row_version.eq(row_version))
        .exec(connection)
        .await?;
    changed_once(replaced.rows_affected)
}

/// Notes why one was not raised, and when it is tried again.
///
/// # Errors
///
/// [`StoreError::Stale`] if it has changed meanwhile.
pub async fn put_off<D: Due>(
    connection: &impl ConnectionTrait,
    due: &D,
    problem: &str,
    until: i64,
) -> Result<(), StoreError> {
    let (columns, (key, row_version)) = (D::columns(), due.held());
    let noted = D::Table::update_many()
        .col_expr(columns.raise_after, Expr::value(until))
        .col_expr(columns.raise_problem, Expr::value(problem))
        .filter(columns.key.eq(key))
        .filter(columns.row_version.eq(row_version))
        .exec(connection)
        .await?;
    changed_once(noted.rows_affected)
}

/// Makes due at once what was put off with a problem.
///
/// # Errors
///
/// [`StoreError`].
pub async fn retry<D: Due>(
    connection: &impl ConnectionTrait,
    organisation: Uuid,
) -> Result<(), StoreError> {
    let columns = D::columns();
    D::Table::update_many()
        .col_expr(columns.raise_after, Expr::value(0_i64))
        .filter(columns.organisation_id.eq(organisation))
        .filter(columns.raise_problem.is_not_null())
        .exec(connection)
        .await?;
    Ok(())
}

fn changed_once(rows: u64) -> Result<(), StoreError> {
    match rows {
        0 => Err(StoreError::Stale),
        _ => Ok(()),
    }
}
