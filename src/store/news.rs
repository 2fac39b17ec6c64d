//! What others did on documents that concern a person, and until when the person has seen it.

use sea_orm::sea_query::{Expr, ExprTrait as _, OnConflict, Query, SelectStatement};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, Condition, ConnectionTrait, EntityTrait as _,
    IntoActiveModel as _, JoinType, QueryFilter as _, QueryOrder as _, QuerySelect as _,
    RelationDef,
};
use uuid::Uuid;

use crate::store::StoreError;
use crate::store::documents::{SeenBy, is_seen_by};
use crate::store::entity::{audit_events, comment_mentions, documents, news_marks, tasks};
use crate::store::reworkers;

/// Which events are news, by what the person is to the document.
#[derive(Clone, Debug)]
pub struct NewsFilter {
    /// The person.
    pub person_id: Uuid,
    /// What they see; everything of the organisation without.
    pub seen_by: Option<SeenBy>,
    /// Only later than this, in microseconds.
    pub since: i64,
    /// Not later than this, in microseconds.
    pub until: i64,
    /// Actions on documents that the person started, or is to rework.
    pub on_own: &'static [&'static str],
    /// Actions on documents of which the person holds a task.
    pub on_held: &'static [&'static str],
    /// Actions on documents of which the person held a task.
    pub on_decided: &'static [&'static str],
    /// A decision against a document, of which whoever held a task is told too: the action, and
    /// how its details begin to say so.
    pub against: (&'static str, &'static [&'static str]),
    /// What a comment that names the person is called.
    pub mention: &'static str,
}

/// The documents of which the person holds or held a task, by the state of the task.
fn with_task(organisation_id: Uuid, person_id: Uuid, states: &[&str]) -> SelectStatement {
    Query::select()
        .column(tasks::Column::DocumentId)
        .from(tasks::Entity)
        .and_where(Expr::col(tasks::Column::OrganisationId).eq(organisation_id))
        .and_where(Expr::col(tasks::Column::PersonId).eq(person_id))
        .and_where(Expr::col(tasks::Column::State).is_in(states.iter().copied()))
        .to_owned()
}

/// The comments that name the person.
fn naming(organisation_id: Uuid, person_id: Uuid) -> SelectStatement {
    Query::select()
        .column(comment_mentions::Column::CommentId)
        .from(comment_mentions::Entity)
        .and_where(Expr::col(comment_mentions::Column::OrganisationId).eq(organisation_id))
        .and_where(Expr::col(comment_mentions::Column::PersonId).eq(person_id))
        .to_owned()
}

/// What others did on documents that concern the person and that they may see, newest first, at
/// most `rows_max`.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn list_news(
    connection: &impl ConnectionTrait,
    organisation_id: Uuid,
    filter: &NewsFilter,
    rows_max: u64,
) -> Result<Vec<audit_events::Model>, StoreError> {
    use audit_events::Column;
    let to_document: RelationDef = audit_events::Entity::belongs_to(documents::Entity)
        .from(Column::DocumentId)
        .to(documents::Column::Id)
        .into();
    let person = filter.person_id;
    let of = |actions: &[&str]| Column::Action.is_in(actions.iter().copied());
    let held = with_task(organisation_id, person, &["open"]);
    let decided = with_task(organisation_id, person, &["done"]);
    let reworked = reworkers::of_person(organisation_id, person);
    let against = filter.against.1.iter();
    let against = against.fold(Condition::any(), |any, said| {
        any.add(Column::Details.contains(*said))
    });
    let concerns = Condition::any()
        .add(
            documents::Column::InitiatorId
                .eq(person)
                .and(of(filter.on_own)),
        )
        .add(of(filter.on_own).and(Column::DocumentId.in_subquery(reworked)))
        .add(of(filter.on_held).and(Column::DocumentId.in_subquery(held)))
        .add(of(filter.on_decided).and(Column::DocumentId.in_subquery(decided.clone())))
        .add(
            Condition::all()
                .add(Column::Action.eq(filter.against.0))
                .add(against)
                .add(Column::DocumentId.in_subquery(decided)),
        )
        .add(
            Column::Action
                .eq(filter.mention)
                .and(Column::SubjectId.in_subquery(naming(organisation_id, person))),
        );
    let by_others = Condition::any()
        .add(Column::ActorId.is_null())
        .add(Column::ActorId.ne(person));
    let seen_by = filter.seen_by.as_ref();
    Ok(audit_events::Entity::find()
        .join(JoinType::InnerJoin, to_document)
        .filter(Column::OrganisationId.eq(organisation_id))
        .filter(Column::At.gt(filter.since))
        .filter(Column::At.lte(filter.until))
        .filter(by_others)
        .filter(concerns)
        .filter(Condition::all().add_option(seen_by.map(|of| is_seen_by(organisation_id, of))))
        .order_by_desc(Column::At)
        .order_by_desc(Column::Id)
        .limit(rows_max)
        .all(connection)
        .await?)
}

/// Until when the person has seen their news, in microseconds; `None` if they never said so.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn find_mark(
    connection: &impl ConnectionTrait,
    organisation_id: Uuid,
    person_id: Uuid,
) -> Result<Option<i64>, StoreError> {
    let found = news_marks::Entity::find_by_id(person_id)
        .filter(news_marks::Column::OrganisationId.eq(organisation_id))
        .one(connection)
        .await?;
    Ok(found.map(|row| row.seen_at))
}

/// Moves the person's mark on. One that is further on already stays.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn update_mark(
    connection: &impl ConnectionTrait,
    row: news_marks::Model,
) -> Result<(), StoreError> {
    let seen_at = row.seen_at;
    let kept = Expr::col((news_marks::Entity, news_marks::Column::SeenAt));
    let forward = OnConflict::column(news_marks::Column::PersonId)
        .update_column(news_marks::Column::SeenAt)
        .action_and_where(kept.lt(seen_at))
        .to_owned();
    news_marks::Entity::insert(row.into_active_model().reset_all())
        .on_conflict(forward)
        .exec_without_returning(connection)
        .await?;
    Ok(())
}
