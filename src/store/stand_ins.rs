//! Table `stand_ins`: which tasks somebody was told of because its holder is away. Whether they are
//! still away is for the caller to say: absences end by themselves.

use sea_orm::sea_query::{Expr, ExprTrait as _, OnConflict, Query, SelectStatement};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, Condition, ConnectionTrait, EntityTrait as _,
    FromQueryResult, IntoActiveModel as _, JoinType, QueryFilter as _, QuerySelect as _,
    RelationDef, Select,
};
use uuid::Uuid;

use crate::store::StoreError;
use crate::store::entity::stand_ins::{Column, Entity, Model};
use crate::store::entity::{documents, tasks};

/// Somebody was told of an open task.
#[derive(Clone, Debug, FromQueryResult)]
pub struct StandIn {
    /// The task.
    pub task_id: Uuid,
    /// Who was told.
    pub person_id: Uuid,
    /// Who holds it.
    pub holder_id: Uuid,
    /// What is asked.
    pub stage_kind: String,
}

/// What somebody may do in another's place.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Matter {
    /// In whose.
    pub holder_id: Uuid,
    /// The kind of the documents.
    pub kind: String,
    /// What is asked.
    pub stage_kind: String,
}

fn to_task() -> RelationDef {
    Entity::belongs_to(tasks::Entity)
        .from(Column::TaskId)
        .to(tasks::Column::Id)
        .into()
}

/// Whoever was told of tasks that people of ours hold and that are open.
fn open(organisation: Uuid) -> Select<Entity> {
    Entity::find()
        .join(JoinType::InnerJoin, to_task())
        .filter(Column::OrganisationId.eq(organisation))
        .filter(tasks::Column::State.eq("open"))
        .filter(tasks::Column::PersonId.is_not_null())
        .select_only()
}

/// Writes down that somebody was told of a task, once.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn insert_once(connection: &impl ConnectionTrait, row: Model) -> Result<(), StoreError> {
    let known = OnConflict::columns([Column::TaskId, Column::PersonId])
        .do_nothing()
        .to_owned();
    Entity::insert(row.into_active_model().reset_all())
        .on_conflict(known)
        .exec_without_returning(connection)
        .await?;
    Ok(())
}

/// Whoever was told of open tasks of a document.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn list_of_document(
    connection: &impl ConnectionTrait,
    organisation: Uuid,
    document: Uuid,
) -> Result<Vec<StandIn>, StoreError> {
    Ok(open(organisation)
        .filter(tasks::Column::DocumentId.eq(document))
        .columns([Column::TaskId, Column::PersonId])
        .column_as(tasks::Column::PersonId, "holder_id")
        .column(tasks::Column::StageKind)
        .into_model()
        .all(connection)
        .await?)
}

/// In whose place, and in what, somebody was told that they may decide: of open tasks, each once.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn list_matters(
    connection: &impl ConnectionTrait,
    organisation: Uuid,
    person: Uuid,
) -> Result<Vec<Matter>, StoreError> {
    let to_document: RelationDef = tasks::Entity::belongs_to(documents::Entity)
        .from(tasks::Column::DocumentId)
        .to(documents::Column::Id)
        .into();
    Ok(open(organisation)
        .join(JoinType::InnerJoin, to_document)
        .filter(Column::PersonId.eq(person))
        .column_as(tasks::Column::PersonId, "holder_id")
        .column(documents::Column::Kind)
        .column(tasks::Column::StageKind)
        .distinct()
        .into_model()
        .all(connection)
        .await?)
}

/// The tasks that `person` was told of, whoever is away now.
fn told(organisation: Uuid, person: Uuid) -> SelectStatement {
    Query::select()
        .column(Column::TaskId)
        .from(Entity)
        .and_where(Expr::col(Column::OrganisationId).eq(organisation))
        .and_where(Expr::col(Column::PersonId).eq(person))
        .to_owned()
}

/// Open tasks in these matters that `person` was told of: for a query that joins tasks with
/// documents.
#[must_use]
pub fn of_tasks(organisation: Uuid, person: Uuid, matters: &[Matter]) -> Condition {
    let mut any = Condition::any();
    for matter in matters {
        any = any.add(
            tasks::Column::PersonId
                .eq(matter.holder_id)
                .and(tasks::Column::StageKind.eq(matter.stage_kind.as_str()))
                .and(documents::Column::Kind.eq(matter.kind.as_str())),
        );
    }
    Condition::all()
        .add(tasks::Column::State.eq("open"))
        .add(tasks::Column::Id.in_subquery(told(organisation, person)))
        .add(any)
}

/// Documents with such a task: for a query of documents.
#[must_use]
pub fn of_documents(organisation: Uuid, person: Uuid, matters: &[Matter]) -> Condition {
    let mut any = Condition::any();
    for matter in matters {
        let held = Query::select()
            .column(tasks::Column::DocumentId)
            .from(tasks::Entity)
            .and_where(Expr::col(tasks::Column::OrganisationId).eq(organisation))
            .and_where(Expr::col(tasks::Column::State).eq("open"))
            .and_where(Expr::col(tasks::Column::PersonId).eq(matter.holder_id))
            .and_where(Expr::col(tasks::Column::StageKind).eq(matter.stage_kind.as_str()))
            .and_where(Expr::col(tasks::Column::Id).in_subquery(told(organisation, person)))
            .to_owned();
        any = any.add(
            documents::Column::Kind
                .eq(matter.kind.as_str())
                .and(documents::Column::Id.in_subquery(held)),
        );
    }
    any
}
