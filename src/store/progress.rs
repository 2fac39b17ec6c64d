//! Where the documents that are under way stand: whose move it is, since when, what is late.

use sea_orm::sea_query::{
    Alias, Expr, ExprTrait as _, Func, JoinType, Query, SelectStatement, SimpleExpr,
};
use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait, EntityTrait as _, FromQueryResult,
    PaginatorTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _, RelationDef, Select,
};
use uuid::Uuid;

use crate::store::StoreError;
use crate::store::entity::{contacts, documents, people, questions, runs, tasks};

/// Which documents are told of.
#[derive(Clone, Debug, Default)]
pub struct ProgressFilter {
    /// Only those this person started.
    pub initiator_id: Option<Uuid>,
    /// Only those of these departments.
    pub departments: Option<Vec<Uuid>>,
    /// Only those that wait for this person.
    pub holder_id: Option<Uuid>,
    /// Only those a task of which was due before this instant, in microseconds.
    pub due_before: Option<i64>,
    /// Only those after this place of the list: when its next task is due (or [`i64::MAX`]) and
    /// its identifier.
    pub after: Option<(i64, Uuid)>,
}

/// A document under way.
#[derive(Clone, Debug, FromQueryResult)]
pub struct ProgressRow {
    /// The document.
    pub id: Uuid,
    /// Its title.
    pub title: String,
    /// Its kind.
    pub kind: String,
    /// Its number.
    pub registration_number: Option<String>,
    /// Its state: `in_run`, `rework`.
    pub state: String,
    /// Who started it.
    pub initiator_name: String,
    /// When its open task that is due first is due.
    pub due_at: Option<i64>,
    /// When it changed last, in microseconds.
    pub updated_at: i64,
    /// The workflow that its run is pinned to.
    pub definition_digest: String,
    /// Since when its run stands still for an administrator.
    pub incident_at: Option<i64>,
}

/// An open task of a document: whose move it is.
#[derive(Clone, Debug, FromQueryResult)]
pub struct MoveRow {
    /// The document.
    pub document_id: Uuid,
    /// The stage's path in the workflow.
    pub path: String,
    /// The holder's name, if one of ours.
    pub person_name: Option<String>,
    /// The holder, if a counterparty's.
    pub contact_id: Option<Uuid>,
    /// Their name.
    pub contact_name: Option<String>,
    /// Since when it waits, in microseconds.
    pub opened_at: i64,
}

/// What one person holds of the documents under way.
#[derive(Clone, Debug, FromQueryResult)]
pub struct HolderRow {
    /// The person.
    pub person_id: Uuid,
    /// Their name.
    pub name: String,
    /// How many tasks wait for them.
    pub tasks_count: i64,
    /// How many of them are late.
    pub late_count: i64,
    /// Since when the oldest waits, in microseconds.
    pub opened_at: i64,
}

/// How fast one person decided lately.
#[derive(Clone, Debug, FromQueryResult)]
pub struct PaceRow {
    /// The person.
    pub person_id: Uuid,
    /// Their name.
    pub name: String,
    /// How many tasks they did.
    pub done_count: i64,
    /// How long those waited, together, in seconds.
    pub waited_seconds: i64,
}

/// The name of [`open_tasks`] in a statement.
const OPEN: &str = "open_tasks";

fn open_column(column: tasks::Column) -> SimpleExpr {
    Expr::col((Alias::new(OPEN), column))
}

/// Of each document with open tasks: when the first of them is due.
fn open_tasks(organisation_id: Uuid) -> SelectStatement {
    Query::select()
        .column(tasks::Column::DocumentId)
        .expr_as(
            Func::min(Expr::col(tasks::Column::DueAt)),
            tasks::Column::DueAt,
        )
        .from(tasks::Entity)
        .and_where(Expr::col(tasks::Column::OrganisationId).eq(organisation_id))
        .and_where(Expr::col(tasks::Column::State).eq("open"))
        .group_by_col(tasks::Column::DocumentId)
        .to_owned()
}

/// When the next task of a document is due, as a number that puts documents without one last.
fn due_or_last() -> SimpleExpr {
    Func::coalesce([open_column(tasks::Column::DueAt), Expr::value(i64::MAX)]).into()
}

/// Documents whose run is not over.
fn under_way(organisation_id: Uuid, filter: &ProgressFilter) -> Condition {
    let held = |person: Uuid| {
        let mut held = Query::select();
        held.column(tasks::Column::DocumentId)
            .from(tasks::Entity)
            .and_where(Expr::col(tasks::Column::OrganisationId).eq(organisation_id))
            .and_where(Expr::col(tasks::Column::State).eq("open"))
            .and_where(Expr::col(tasks::Column::PersonId).eq(person));
        documents::Column::Id.in_subquery(held)
    };
    within(organisation_id, filter)
        .add(documents::Column::State.is_in(["in_run", "rework"]))
        .add_option(filter.holder_id.map(held))
}

/// Documents of whoever `filter` names, under way or not.
fn within(organisation_id: Uuid, filter: &ProgressFilter) -> Condition {
    let started = filter.initiator_id;
    let departments = filter.departments.as_ref();
    Condition::all()
        .add(documents::Column::OrganisationId.eq(organisation_id))
        .add_option(started.map(|person| documents::Column::InitiatorId.eq(person)))
        .add_option(departments.map(|of| documents::Column::DepartmentId.is_in(of.clone())))
}

fn selected(organisation_id: Uuid, filter: &ProgressFilter) -> Select<documents::Entity> {
    let mut select = documents::Entity::find().filter(under_way(organisation_id, filter));
    let same = Expr::col((documents::Entity, documents::Column::Id))
        .equals((Alias::new(OPEN), tasks::Column::DocumentId));
    let open = open_tasks(organisation_id);
    sea_orm::QuerySelect::query(&mut select).join_subquery(
        JoinType::LeftJoin,
        open,
        Alias::new(OPEN),
        same,
    );
    match filter.due_before {
        Some(until) => select.filter(open_column(tasks::Column::DueAt).lt(until)),
        None => select,
    }
}

fn to_run() -> RelationDef {
    documents::Entity::belongs_to(runs::Entity)
        .from(documents::Column::Id)
        .to(runs::Column::DocumentId)
        .on_condition(|_, run| {
            Condition::all().add(Expr::col((run, runs::Column::FinishedAt)).is_null())
        })
        .into()
}

fn to_initiator() -> RelationDef {
    documents::Entity::belongs_to(people::Entity)
        .from(documents::Column::InitiatorId)
        .to(people::Column::Id)
        .into()
}

/// The documents under way that `filter` names, what is due first first, those without an open
/// task last, at most `rows_max`.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn list_progress(
    connection: &impl ConnectionTrait,
    organisation_id: Uuid,
    filter: &ProgressFilter,
    rows_max: u64,
) -> Result<Vec<ProgressRow>, StoreError> {
    let mut select = selected(organisation_id, filter)
        .join(JoinType::InnerJoin, to_run())
        .join(JoinType::InnerJoin, to_initiator());
    if let Some((due, id)) = filter.after {
        let same = due_or_last().eq(due).and(documents::Column::Id.gt(id));
        select = select.filter(due_or_last().gt(due).or(same));
    }
    Ok(select
        .select_only()
        .columns([
            documents::Column::Id,
            documents::Column::Title,
            documents::Column::Kind,
            documents::Column::RegistrationNumber,
            documents::Column::State,
            documents::Column::UpdatedAt,
        ])
        .column_as(people::Column::Name, "initiator_name")
        .expr_as(open_column(tasks::Column::DueAt), "due_at")
        .columns([runs::Column::DefinitionDigest, runs::Column::IncidentAt])
        .order_by_asc(due_or_last())
        .order_by_asc(documents::Column::Id)
        .limit(rows_max)
        .into_model()
        .all(connection)
        .await?)
}

/// How many documents under way `filter` names.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn count_progress(
    connection: &impl ConnectionTrait,
    organisation_id: Uuid,
    filter: &ProgressFilter,
) -> Result<u64, StoreError> {
    Ok(selected(organisation_id, filter).count(connection).await?)
}

/// The open tasks of these documents, the oldest first.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn list_moves(
    connection: &impl ConnectionTrait,
    organisation_id: Uuid,
    document_ids: &[Uuid],
) -> Result<Vec<MoveRow>, StoreError> {
    let to_contact: RelationDef = tasks::Entity::belongs_to(contacts::Entity)
        .from(tasks::Column::ContactId)
        .to(contacts::Column::Id)
        .into();
    Ok(tasks::Entity::find()
        .join(JoinType::LeftJoin, to_holder())
        .join(JoinType::LeftJoin, to_contact)
        .filter(tasks::Column::OrganisationId.eq(organisation_id))
        .filter(tasks::Column::State.eq("open"))
        .filter(tasks::Column::DocumentId.is_in(document_ids.iter().copied()))
        .select_only()
        .columns([
            tasks::Column::DocumentId,
            tasks::Column::Path,
            tasks::Column::ContactId,
            tasks::Column::OpenedAt,
        ])
        .column_as(people::Column::Name, "person_name")
        .column_as(contacts::Column::Name, "contact_name")
        .order_by_asc(tasks::Column::OpenedAt)
        .order_by_asc(tasks::Column::Id)
        .into_model()
        .all(connection)
        .await?)
}

/// A question of a counterparty that waits for the initiator's answer.
#[derive(Clone, Debug, FromQueryResult)]
pub struct AskedRow {
    /// The document.
    pub document_id: Uuid,
    /// Who asks.
    pub contact_id: Uuid,
    /// Since when it waits, in microseconds.
    pub asked_at: i64,
}

/// The questions on these documents that nobody has answered, of each of their askers the oldest.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn list_asked(
    connection: &impl ConnectionTrait,
    organisation_id: Uuid,
    document_ids: &[Uuid],
) -> Result<Vec<AskedRow>, StoreError> {
    Ok(questions::Entity::find()
        .filter(questions::Column::OrganisationId.eq(organisation_id))
        .filter(questions::Column::AnsweredAt.is_null())
        .filter(questions::Column::DocumentId.is_in(document_ids.iter().copied()))
        .select_only()
        .columns([questions::Column::DocumentId, questions::Column::ContactId])
        .column_as(questions::Column::AskedAt.min(), "asked_at")
        .group_by(questions::Column::DocumentId)
        .group_by(questions::Column::ContactId)
        .into_model()
        .all(connection)
        .await?)
}

fn to_holder() -> RelationDef {
    tasks::Entity::belongs_to(people::Entity)
        .from(tasks::Column::PersonId)
        .to(people::Column::Id)
        .into()
}

/// Who holds what of the documents that `filter` names, whoever has most that is late first, at
/// most `rows_max`; late is what was due before `now`, in microseconds.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn list_holders(
    connection: &impl ConnectionTrait,
    organisation_id: Uuid,
    filter: &ProgressFilter,
    now: i64,
    rows_max: u64,
) -> Result<Vec<HolderRow>, StoreError> {
    let to_document: RelationDef = tasks::Entity::belongs_to(documents::Entity)
        .from(tasks::Column::DocumentId)
        .to(documents::Column::Id)
        .into();
    let is_late = tasks::Column::DueAt.lt(now);
    let late: SimpleExpr = Expr::case(is_late, tasks::Column::Id.into_expr()).into();
    let late = Func::count(late);
    Ok(tasks::Entity::find()
        .join(JoinType::InnerJoin, to_document)
        .join(JoinType::InnerJoin, to_holder())
        .filter(under_way(organisation_id, filter))
        .filter(tasks::Column::State.eq("open"))
        .select_only()
        .column_as(people::Column::Id, "person_id")
        .column(people::Column::Name)
        .column_as(tasks::Column::Id.count(), "tasks_count")
        .expr_as(late.clone(), "late_count")
        .column_as(tasks::Column::OpenedAt.min(), "opened_at")
        .group_by(people::Column::Id)
        .group_by(people::Column::Name)
        .order_by_desc(SimpleExpr::from(late))
        .order_by_desc(tasks::Column::Id.count())
        .order_by_asc(people::Column::Name)
        .limit(rows_max)
        .into_model()
        .all(connection)
        .await?)
}

/// Who did how many tasks after `since`, in microseconds, on the documents of whoever `filter`
/// names, and how long those waited; whoever did most first, at most `rows_max`. A task counts for
/// whoever decided it, also in another's place.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn list_paces(
    connection: &impl ConnectionTrait,
    organisation_id: Uuid,
    filter: &ProgressFilter,
    since: i64,
    rows_max: u64,
) -> Result<Vec<PaceRow>, StoreError> {
    let to_document: RelationDef = tasks::Entity::belongs_to(documents::Entity)
        .from(tasks::Column::DocumentId)
        .to(documents::Column::Id)
        .into();
    let column = |column: tasks::Column| Expr::col((tasks::Entity, column));
    let decider = || {
        Func::coalesce([
            column(tasks::Column::DecidedById),
            column(tasks::Column::PersonId),
        ])
    };
    let to_decider = Expr::expr(decider()).equals((people::Entity, people::Column::Id));
    let waited = column(tasks::Column::ClosedAt).sub(column(tasks::Column::OpenedAt));
    let waited: SimpleExpr = Func::sum(waited.div(1_000_000_i64)).into();
    let mut select = tasks::Entity::find().join(JoinType::InnerJoin, to_document);
    sea_orm::QuerySelect::query(&mut select).join(JoinType::InnerJoin, people::Entity, to_decider);
    Ok(select
        .filter(within(organisation_id, filter))
        .filter(tasks::Column::OrganisationId.eq(organisation_id))
        .filter(tasks::Column::State.eq("done"))
        .filter(tasks::Column::ClosedAt.gt(since))
        .select_only()
        .column_as(people::Column::Id, "person_id")
        .column(people::Column::Name)
        .column_as(tasks::Column::Id.count(), "done_count")
        .expr_as(waited.cast_as("bigint"), "waited_seconds")
        .group_by(people::Column::Id)
        .group_by(people::Column::Name)
        .order_by_desc(tasks::Column::Id.count())
        .order_by_asc(people::Column::Name)
        .limit(rows_max)
        .into_model()
        .all(connection)
        .await?)
}
