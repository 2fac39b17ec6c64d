//! Table `documents`, with what decides who may see a row.

use chancery_types::field::Card;
use sea_orm::sea_query::{Expr, ExprTrait as _, LikeExpr, Query, SelectStatement};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, Condition, ConnectionTrait, EntityTrait as _,
    IntoActiveModel as _, PaginatorTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
};
use uuid::Uuid;

use crate::store::StoreError;
use crate::store::entity::{audit_events, contacts, documents, links, tasks};
use crate::store::rows::{self, Before};
use crate::store::stand_ins::{self, Matter};
use crate::store::{owners, reworkers};

/// Which documents a list shows.
#[derive(Clone, Debug, Default)]
pub struct DocumentFilter {
    /// Only those this person may see; everything of the organisation without.
    pub seen_by: Option<SeenBy>,
    /// Only those this person started.
    pub initiator_id: Option<Uuid>,
    /// Only of this kind.
    pub kind: Option<String>,
    /// Only in this state.
    pub state: Option<String>,
    /// Only those whose case-folded search text has all these words.
    pub words: Vec<String>,
    /// Only those after this place of the list: its `updated_at` and identifier.
    pub after: Option<(i64, Uuid)>,
}

/// A person whose rights are limited, as a list's condition.
#[derive(Clone, Debug)]
pub struct SeenBy {
    /// The person: initiator, holder of a task now or before, or whoever did something to it.
    pub person_id: Uuid,
    /// Departments all of whose documents they see.
    pub departments: Vec<Uuid>,
    /// In whose place, and in what, they may decide open tasks now.
    pub standing: Vec<Matter>,
}

/// One document.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn find_document(
    connection: &impl ConnectionTrait,
    organisation_id: Uuid,
    id: Uuid,
) -> Result<Option<documents::Model>, StoreError> {
    rows::find::<documents::Entity>(connection, organisation_id, id).await
}

/// The documents that `filter` names, the latest change first, at most `rows_max`.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn list_documents(
    connection: &impl ConnectionTrait,
    organisation_id: Uuid,
    filter: &DocumentFilter,
    rows_max: u64,
) -> Result<Vec<documents::Model>, StoreError> {
    let mut wanted = Condition::all().add(documents::Column::OrganisationId.eq(organisation_id));
    if let Some(seen_by) = &filter.seen_by {
        wanted = wanted.add(is_seen_by(organisation_id, seen_by));
    }
    if let Some(initiator) = filter.initiator_id {
        wanted = wanted.add(documents::Column::InitiatorId.eq(initiator));
    }
    if let Some(kind) = &filter.kind {
        wanted = wanted.add(documents::Column::Kind.eq(kind.as_str()));
    }
    if let Some(state) = &filter.state {
        wanted = wanted.add(documents::Column::State.eq(state.as_str()));
    }
    for word in &filter.words {
        wanted = wanted.add(documents::Column::SearchText.like(containing(word)));
    }
    if let Some((updated_at, id)) = filter.after {
        let later = Condition::any()
            .add(documents::Column::UpdatedAt.lt(updated_at))
            .add(
                Condition::all()
                    .add(documents::Column::UpdatedAt.eq(updated_at))
                    .add(documents::Column::Id.lt(id)),
            );
        wanted = wanted.add(later);
    }
    Ok(documents::Entity::find()
        .filter(wanted)
        .order_by_desc(documents::Column::UpdatedAt)
        .order_by_desc(documents::Column::Id)
        .limit(rows_max)
        .all(connection)
        .await?)
}

/// The documents of a contact's organisation that are under way, or may be again, and that are to
/// go to the contact: by their card, or because somebody named them for an open task. The oldest
/// first.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn list_open_with_contact(
    connection: &impl ConnectionTrait,
    contact: &contacts::Model,
) -> Result<Vec<documents::Model>, StoreError> {
    let named = containing(&format!("\"{}\"", contact.id));
    let mut held = Query::select();
    held.column(tasks::Column::DocumentId)
        .from(tasks::Entity)
        .and_where(tasks::Column::ContactId.eq(contact.id))
        .and_where(tasks::Column::State.eq("open"));
    let by_card = documents::Column::CounterpartyId
        .eq(contact.counterparty_id)
        .and(Expr::col(documents::Column::Card).like(named));
    Ok(documents::Entity::find()
        .filter(documents::Column::OrganisationId.eq(contact.organisation_id))
        .filter(documents::Column::State.is_in(["draft", "in_run", "rework"]))
        .filter(by_card.or(documents::Column::Id.in_subquery(held)))
        .order_by_asc(documents::Column::Id)
        .all(connection)
        .await?)
}

/// A pattern for texts that contain `word`, whose own `%` and `_` mean nothing.
pub(super) fn containing(word: &str) -> LikeExpr {
    let mut pattern = String::from("%");
    for c in word.chars() {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern.push('%');
    LikeExpr::new(pattern).escape('\\')
}

/// The identifiers of documents whose search text has `word`: within a query that is of one
/// organisation.
pub(super) fn is_named(word: &str) -> SelectStatement {
    let mut select = Query::select();
    select
        .column(documents::Column::Id)
        .from(documents::Entity)
        .and_where(Expr::col(documents::Column::SearchText).like(containing(word)));
    select
}

/// The identifiers of an organisation's documents whose search text has all `words`.
pub(super) fn with_words(organisation_id: Uuid, words: &[String]) -> SelectStatement {
    let mut select = Query::select();
    select
        .column(documents::Column::Id)
        .from(documents::Entity)
        .and_where(Expr::col(documents::Column::OrganisationId).eq(organisation_id));
    for word in words {
        select.and_where(Expr::col(documents::Column::SearchText).like(containing(word)));
    }
    select
}

/// What an administrator, or the owner of its workflow, does to a task or a run of a document: no
/// part in it.
const FROM_OUTSIDE: [&str; 7] = [
    "task.reassigned_from_outside",
    "run.approver_dropped",
    "run.cancelled",
    "run.incident_retried",
    "run.migrated",
    "run.resumed",
    "run.suspended",
];

/// Whether a document is seen by somebody whose rights are limited.
pub(super) fn is_seen_by(organisation_id: Uuid, seen_by: &SeenBy) -> Condition {
    let held = Query::select()
        .column(tasks::Column::DocumentId)
        .from(tasks::Entity)
        .and_where(Expr::col(tasks::Column::OrganisationId).eq(organisation_id))
        .and_where(Expr::col(tasks::Column::PersonId).eq(seen_by.person_id))
        .to_owned();
    let touched = Query::select()
        .column(audit_events::Column::DocumentId)
        .from(audit_events::Entity)
        .and_where(Expr::col(audit_events::Column::OrganisationId).eq(organisation_id))
        .and_where(Expr::col(audit_events::Column::ActorId).eq(seen_by.person_id))
        .and_where(Expr::col(audit_events::Column::ActorKind).eq("person"))
        .and_where(Expr::col(audit_events::Column::Action).is_not_in(FROM_OUTSIDE))
        .and_where(Expr::col(audit_events::Column::DocumentId).is_not_null())
        .to_owned();
    let standing = (!seen_by.standing.is_empty())
        .then(|| stand_ins::of_documents(organisation_id, seen_by.person_id, &seen_by.standing));
    Condition::any()
        .add(documents::Column::InitiatorId.eq(seen_by.person_id))
        .add(documents::Column::DepartmentId.is_in(seen_by.departments.clone()))
        .add(documents::Column::Id.in_subquery(held))
        .add(documents::Column::Id.in_subquery(touched))
        .add(
            documents::Column::Id
                .in_subquery(owners::of_person(organisation_id, seen_by.person_id)),
        )
        .add(
            documents::Column::Id
                .in_subquery(reworkers::of_person(organisation_id, seen_by.person_id)),
        )
        .add_option(standing)
}

/// Everybody who holds or held a task on a document, and whoever did something to it.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn list_participants(
    connection: &impl ConnectionTrait,
    organisation_id: Uuid,
    document_id: Uuid,
) -> Result<Vec<Uuid>, StoreError> {
    let holders: Vec<Option<Uuid>> = tasks::Entity::find()
        .select_only()
        .column(tasks::Column::PersonId)
        .filter(tasks::Column::OrganisationId.eq(organisation_id))
        .filter(tasks::Column::DocumentId.eq(document_id))
        .distinct()
        .into_tuple()
        .all(connection)
        .await?;
    let actors: Vec<Option<Uuid>> = audit_events::Entity::find()
        .select_only()
        .column(audit_events::Column::ActorId)
        .filter(audit_events::Column::OrganisationId.eq(organisation_id))
        .filter(audit_events::Column::DocumentId.eq(document_id))
        .filter(audit_events::Column::ActorKind.eq("person"))
        .filter(audit_events::Column::Action.is_not_in(FROM_OUTSIDE))
        .distinct()
        .into_tuple()
        .all(connection)
        .await?;
    Ok(holders.into_iter().chain(actors).flatten().collect())
}

/// The contacts that have or had a link to a document.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn list_linked_contacts(
    connection: &impl ConnectionTrait,
    organisation_id: Uuid,
    document_id: Uuid,
) -> Result<Vec<Uuid>, StoreError> {
    Ok(links::Entity::find()
        .select_only()
        .column(links::Column::ContactId)
        .filter(links::Column::OrganisationId.eq(organisation_id))
        .filter(links::Column::DocumentId.eq(document_id))
        .distinct()
        .into_tuple()
        .all(connection)
        .await?)
}

/// Writes a new document.
///
/// # Errors
///
/// [`StoreError::Reference`], [`StoreError::Database`].
pub async fn insert_document(
    connection: &impl ConnectionTrait,
    document: documents::Model,
) -> Result<(), StoreError> {
    documents::Entity::insert(document.into_active_model().reset_all())
        .exec_without_returning(connection)
        .await?;
    Ok(())
}

/// Writes what an edit, a new version or a registration changes, if the row still has
/// `document.row_version`, and raises that.
///
/// # Errors
///
/// [`StoreError::Stale`], [`StoreError::Database`].
pub async fn update_document(
    connection: &impl ConnectionTrait,
    document: &documents::Model,
) -> Result<(), StoreError> {
    use documents::Column;
    let edit = documents::Entity::update_many()
        .col_expr(Column::Title, Expr::value(document.title.as_str()))
        .col_expr(Column::Card, Expr::value(document.card.as_str()))
        .col_expr(Column::DepartmentId, Expr::value(document.department_id))
        .col_expr(
            Column::CounterpartyId,
            Expr::value(document.counterparty_id),
        )
        .col_expr(
            Column::RegistrationNumber,
            Expr::value(document.registration_number.clone()),
        )
        .col_expr(Column::RegisteredAt, Expr::value(document.registered_at))
        .col_expr(
            Column::CurrentVersionId,
            Expr::value(document.current_version_id),
        )
        .col_expr(
            Column::SearchText,
            Expr::value(document.search_text.as_str()),
        )
        .col_expr(Column::UpdatedAt, Expr::value(document.updated_at));
    rows::update(connection, before(document), edit).await
}

/// Writes a document's state at `now`, if the row still has `document.row_version`, and raises
/// that.
///
/// # Errors
///
/// [`StoreError::Stale`], [`StoreError::Database`].
pub async fn update_state(
    connection: &impl ConnectionTrait,
    document: &documents::Model,
    state: &str,
    now: i64,
) -> Result<(), StoreError> {
    use documents::Column;
    let edit = documents::Entity::update_many()
        .col_expr(Column::State, Expr::value(state))
        .col_expr(Column::UpdatedAt, Expr::value(now));
    rows::update(connection, before(document), edit).await
}

/// Writes what a stage fills into a document's card at `now`, beside what is there. The card of
/// its version stays as it was decided on.
///
/// # Errors
///
/// [`StoreError::Absent`]; [`StoreError::Corrupt`] if the card cannot be read;
/// [`StoreError::Database`].
pub async fn fill_card(
    connection: &impl ConnectionTrait,
    document: &documents::Model,
    fields: &Card,
    now: i64,
) -> Result<(), StoreError> {
    use documents::Column;
    let (organisation, id) = (document.organisation_id, document.id);
    let row = rows::load::<documents::Entity>(connection, organisation, id).await?;
    let corrupt = |error: serde_json::Error| StoreError::Corrupt {
        table: "documents",
        id: id.to_string(),
        why: error.to_string(),
    };
    let mut card: Card = serde_json::from_str(&row.card).map_err(corrupt)?;
    let filled = fields.iter();
    card.extend(filled.map(|(name, value)| (name.clone(), value.clone())));
    let text = serde_json::to_string(&card).map_err(corrupt)?;
    let edit = documents::Entity::update_many()
        .col_expr(Column::Card, Expr::value(text))
        .col_expr(Column::UpdatedAt, Expr::value(now));
    rows::update(connection, before(&row), edit).await
}

/// Notes that something happened to a document at `now`: lists are in that order. Nothing that is
/// edited changes, so its `row_version` stays.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn touch(
    connection: &impl ConnectionTrait,
    document: &documents::Model,
    now: i64,
) -> Result<(), StoreError> {
    documents::Entity::update_many()
        .col_expr(documents::Column::UpdatedAt, Expr::value(now))
        .filter(documents::Column::OrganisationId.eq(document.organisation_id))
        .filter(documents::Column::Id.eq(document.id))
        .exec(connection)
        .await?;
    Ok(())
}

const fn before(document: &documents::Model) -> Before {
    Before {
        organisation: document.organisation_id,
        id: document.id,
        row_version: document.row_version,
    }
}

/// The documents with these identifiers.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn list_by_ids(
    connection: &impl ConnectionTrait,
    organisation_id: Uuid,
    ids: impl IntoIterator<Item = Uuid>,
) -> Result<Vec<documents::Model>, StoreError> {
    Ok(documents::Entity::find()
        .filter(documents::Column::OrganisationId.eq(organisation_id))
        .filter(documents::Column::Id.is_in(ids))
        .all(connection)
        .await?)
}

/// How many documents there are in all organisations.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn count_all(connection: &impl ConnectionTrait) -> Result<u64, StoreError> {
    Ok(documents::Entity::find().count(connection).await?)
}
