//! What waits for one person: the queries of the desk.

use sea_orm::sea_query::{Expr, ExprTrait as _, Func, Query, SimpleExpr};
use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait, EntityTrait as _, FromQueryResult, JoinType,
    PaginatorTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _, RelationDef, Select,
};
use uuid::Uuid;

use crate::store::StoreError;
use crate::store::entity::{
    audit_events, counterparties, documents, people, runs, tasks, versions,
};
use crate::store::stand_ins::{self, Matter};

/// A task with what a line of the desk says of its document.
#[derive(Clone, Debug, FromQueryResult)]
pub struct DeskRow {
    /// The task.
    pub id: Uuid,
    /// The stage's path in the workflow.
    pub path: String,
    /// What is asked.
    pub stage_kind: String,
    /// Who holds it, if one of ours.
    pub holder_id: Option<Uuid>,
    /// Their name.
    pub holder_name: Option<String>,
    /// What was decided, if it was.
    pub decision: Option<String>,
    /// When it was opened.
    pub opened_at: i64,
    /// By when it is due.
    pub due_at: Option<i64>,
    /// When it was done.
    pub closed_at: Option<i64>,
    /// The document.
    pub document_id: Uuid,
    /// Its kind.
    pub kind: String,
    /// Its title.
    pub title: String,
    /// Its state.
    pub document_state: String,
    /// Its number.
    pub registration_number: Option<String>,
    /// With whom.
    pub counterparty_name: Option<String>,
    /// The card of the version asked about.
    pub card: String,
    /// The version asked about.
    pub version_number: i64,
    /// Its digest.
    pub version_digest: String,
    /// The workflow that the run is pinned to.
    pub definition_digest: String,
    /// The run.
    pub run_id: Uuid,
    /// The task's number in it.
    pub number: i64,
}

/// Which open tasks are listed.
#[derive(Clone, Debug, Default)]
pub struct DeskFilter {
    /// Only documents of this kind.
    pub kind: Option<String>,
    /// Only these tasks.
    pub ids: Option<Vec<Uuid>>,
    /// Only tasks due after this instant.
    pub due_from: Option<i64>,
    /// Only tasks due at or before this instant.
    pub due_until: Option<i64>,
    /// Only tasks that this person holds.
    pub holder_id: Option<Uuid>,
    /// Whether they are listed by the kind of their document first, and only then by urgency.
    pub is_by_kind: bool,
    /// Only tasks after this one.
    pub after: Option<DeskPlace>,
}

/// A place in the list of tasks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeskPlace {
    /// The kind of the document.
    pub kind: String,
    /// When the task is due, or [`i64::MAX`].
    pub due: i64,
    /// The task.
    pub id: Uuid,
}

/// How many open tasks of one holder somebody may decide.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct HolderCount {
    /// The holder.
    pub holder_id: Uuid,
    /// Their name.
    pub name: String,
    /// How many.
    pub tasks_count: i64,
}

/// How many open tasks of one kind of documents there are.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct DeskCount {
    /// The kind.
    pub kind: String,
    /// How many.
    pub tasks_count: i64,
    /// How many of them are due at or before the asked instant.
    pub urgent_count: i64,
}

fn to_document() -> RelationDef {
    tasks::Entity::belongs_to(documents::Entity)
        .from(tasks::Column::DocumentId)
        .to(documents::Column::Id)
        .into()
}

fn to_version() -> RelationDef {
    tasks::Entity::belongs_to(versions::Entity)
        .from(tasks::Column::VersionId)
        .to(versions::Column::Id)
        .into()
}

fn to_run() -> RelationDef {
    tasks::Entity::belongs_to(runs::Entity)
        .from(tasks::Column::RunId)
        .to(runs::Column::Id)
        .into()
}

fn document_to_counterparty() -> RelationDef {
    documents::Entity::belongs_to(counterparties::Entity)
        .from(documents::Column::CounterpartyId)
        .to(counterparties::Column::Id)
        .into()
}

fn to_holder() -> RelationDef {
    tasks::Entity::belongs_to(people::Entity)
        .from(tasks::Column::PersonId)
        .to(people::Column::Id)
        .into()
}

/// Whose desk it is.
#[derive(Clone, Debug)]
pub struct Seat {
    /// The organisation.
    pub organisation_id: Uuid,
    /// The person.
    pub person_id: Uuid,
    /// In whose place, and in what, they may decide now.
    pub standing: Vec<Matter>,
}

impl Seat {
    /// Open tasks that they may decide.
    fn open(&self) -> Select<tasks::Entity> {
        let (organisation, person) = (self.organisation_id, self.person_id);
        let mut whose = Condition::any().add(tasks::Column::PersonId.eq(person));
        if !self.standing.is_empty() {
            whose = whose.add(stand_ins::of_tasks(organisation, person, &self.standing));
        }
        of_organisation(organisation, "open").filter(whose)
    }
}

fn of_organisation(organisation_id: Uuid, state: &str) -> Select<tasks::Entity> {
    tasks::Entity::find()
        .join(JoinType::InnerJoin, to_document())
        .filter(tasks::Column::OrganisationId.eq(organisation_id))
        .filter(tasks::Column::State.eq(state))
}

/// Who decided a task: its holder, unless it says otherwise.
fn decider() -> SimpleExpr {
    Func::coalesce([
        Expr::col((tasks::Entity, tasks::Column::DecidedById)),
        Expr::col((tasks::Entity, tasks::Column::PersonId)),
    ])
    .into()
}

fn with_columns(select: Select<tasks::Entity>) -> Select<tasks::Entity> {
    select
        .join(JoinType::InnerJoin, to_version())
        .join(JoinType::InnerJoin, to_run())
        .join(JoinType::LeftJoin, document_to_counterparty())
        .join(JoinType::LeftJoin, to_holder())
        .select_only()
        .columns([
            tasks::Column::Id,
            tasks::Column::Path,
            tasks::Column::StageKind,
            tasks::Column::Decision,
            tasks::Column::OpenedAt,
            tasks::Column::DueAt,
            tasks::Column::ClosedAt,
            tasks::Column::DocumentId,
        ])
        .column_as(tasks::Column::PersonId, "holder_id")
        .column_as(people::Column::Name, "holder_name")
        .column(documents::Column::Kind)
        .column(documents::Column::Title)
        .column_as(documents::Column::State, "document_state")
        .column(documents::Column::RegistrationNumber)
        .column_as(counterparties::Column::Name, "counterparty_name")
        .column(versions::Column::Card)
        .column_as(versions::Column::Number, "version_number")
        .column_as(versions::Column::Digest, "version_digest")
        .column(runs::Column::DefinitionDigest)
        .columns([tasks::Column::RunId, tasks::Column::Number])
}

/// When a task is due, as a number that puts tasks without a due instant last.
fn due_or_last() -> SimpleExpr {
    Func::coalesce([
        Expr::col((tasks::Entity, tasks::Column::DueAt)),
        Expr::value(i64::MAX),
    ])
    .into()
}

/// What the list has after `place`.
fn comes_after(place: &DeskPlace, is_by_kind: bool) -> Condition {
    let soon = due_or_last();
    let later = Condition::any().add(soon.clone().gt(place.due)).add(
        Condition::all()
            .add(soon.eq(place.due))
            .add(tasks::Column::Id.gt(place.id)),
    );
    if !is_by_kind {
        return later;
    }
    let same = Condition::all()
        .add(documents::Column::Kind.eq(place.kind.as_str()))
        .add(later);
    Condition::any()
        .add(documents::Column::Kind.gt(place.kind.as_str()))
        .add(same)
}

/// The tasks that wait for a person, the soonest due first, at most `rows_max`.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn list_open_tasks(
    connection: &impl ConnectionTrait,
    seat: &Seat,
    filter: &DeskFilter,
    rows_max: u64,
) -> Result<Vec<DeskRow>, StoreError> {
    let mut select = seat.open();
    if let Some(kind) = &filter.kind {
        select = select.filter(documents::Column::Kind.eq(kind.as_str()));
    }
    if let Some(ids) = &filter.ids {
        select = select.filter(tasks::Column::Id.is_in(ids.iter().copied()));
    }
    if let Some(from) = filter.due_from {
        select = select.filter(tasks::Column::DueAt.gt(from));
    }
    if let Some(until) = filter.due_until {
        select = select.filter(tasks::Column::DueAt.lte(until));
    }
    if let Some(holder) = filter.holder_id {
        select = select.filter(tasks::Column::PersonId.eq(holder));
    }
    if let Some(place) = &filter.after {
        select = select.filter(comes_after(place, filter.is_by_kind));
    }
    if filter.is_by_kind {
        select = select.order_by_asc(documents::Column::Kind);
    }
    Ok(with_columns(select)
        .order_by_asc(due_or_last())
        .order_by_asc(tasks::Column::Id)
        .limit(rows_max)
        .into_model()
        .all(connection)
        .await?)
}

/// The open tasks that a person handed on once and that somebody else of ours holds, the soonest
/// due first, at most `rows_max`.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn list_handed_tasks(
    connection: &impl ConnectionTrait,
    organisation_id: Uuid,
    person_id: Uuid,
    rows_max: u64,
) -> Result<Vec<DeskRow>, StoreError> {
    let handed = Query::select()
        .column(audit_events::Column::SubjectId)
        .from(audit_events::Entity)
        .and_where(Expr::col(audit_events::Column::OrganisationId).eq(organisation_id))
        .and_where(Expr::col(audit_events::Column::ActorId).eq(person_id))
        // As a word of the statement: only so it is seen that the index `audit_events_handed` has
        // all of them.
        .and_where(Expr::cust("action = 'task.delegated'"))
        .to_owned();
    let open = of_organisation(organisation_id, "open")
        .filter(tasks::Column::PersonId.ne(person_id))
        .filter(tasks::Column::Id.in_subquery(handed));
    Ok(with_columns(open)
        .order_by_asc(due_or_last())
        .order_by_asc(tasks::Column::Id)
        .limit(rows_max)
        .into_model()
        .all(connection)
        .await?)
}

/// The tasks the person did last, newest first.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn list_done_tasks(
    connection: &impl ConnectionTrait,
    organisation_id: Uuid,
    person_id: Uuid,
    rows_max: u64,
) -> Result<Vec<DeskRow>, StoreError> {
    let done = of_organisation(organisation_id, "done").filter(decider().eq(person_id));
    Ok(with_columns(done)
        .order_by_desc(tasks::Column::ClosedAt)
        .order_by_desc(tasks::Column::Id)
        .limit(rows_max)
        .into_model()
        .all(connection)
        .await?)
}

/// How many tasks wait for a person, by kind of document; urgent are those due until `due_until`.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn list_open_counts(
    connection: &impl ConnectionTrait,
    seat: &Seat,
    due_until: i64,
) -> Result<Vec<DeskCount>, StoreError> {
    let due = tasks::Column::DueAt.lte(due_until);
    let urgent: SimpleExpr = Expr::case(due, tasks::Column::Id.into_expr()).into();
    Ok(seat
        .open()
        .select_only()
        .column(documents::Column::Kind)
        .column_as(tasks::Column::Id.count(), "tasks_count")
        .expr_as(Func::count(urgent), "urgent_count")
        .group_by(documents::Column::Kind)
        .order_by_asc(documents::Column::Kind)
        .into_model()
        .all(connection)
        .await?)
}

/// Whose open tasks a person may decide and how many of each, by name, at most `rows_max` holders.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn list_open_holders(
    connection: &impl ConnectionTrait,
    seat: &Seat,
    rows_max: u64,
) -> Result<Vec<HolderCount>, StoreError> {
    Ok(seat
        .open()
        .join(JoinType::InnerJoin, to_holder())
        .select_only()
        .column_as(tasks::Column::PersonId, "holder_id")
        .column(people::Column::Name)
        .column_as(tasks::Column::Id.count(), "tasks_count")
        .group_by(tasks::Column::PersonId)
        .group_by(people::Column::Name)
        .order_by_asc(people::Column::Name)
        .order_by_asc(tasks::Column::PersonId)
        .limit(rows_max)
        .into_model()
        .all(connection)
        .await?)
}

/// How many tasks wait for a person.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn count_open_tasks(
    connection: &impl ConnectionTrait,
    seat: &Seat,
) -> Result<u64, StoreError> {
    Ok(seat.open().count(connection).await?)
}

/// For each of `documents`: the newest version that the person decided on.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn list_versions_acted_on(
    connection: &impl ConnectionTrait,
    organisation_id: Uuid,
    person_id: Uuid,
    document_ids: &[Uuid],
) -> Result<Vec<(Uuid, i64)>, StoreError> {
    Ok(tasks::Entity::find()
        .join(JoinType::InnerJoin, to_version())
        .filter(tasks::Column::OrganisationId.eq(organisation_id))
        .filter(decider().eq(person_id))
        .filter(tasks::Column::State.eq("done"))
        .filter(tasks::Column::DocumentId.is_in(document_ids.iter().copied()))
        .select_only()
        .column(tasks::Column::DocumentId)
        .column_as(versions::Column::Number.max(), "number")
        .group_by(tasks::Column::DocumentId)
        .into_tuple()
        .all(connection)
        .await?)
}
