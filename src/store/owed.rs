//! What documents of their own want of an initiator now: the queries of the desk's second part.

use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait, EntityTrait as _, FromQueryResult, JoinType,
    PaginatorTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _, RelationDef, Select,
};
use uuid::Uuid;

use crate::store::entity::{contacts, documents, people, questions, remarks, tasks};
use crate::store::{StoreError, reworkers};

/// States of documents that somebody still waits for: of an ended one nothing is asked any more.
const UNENDED: [&str; 3] = ["draft", "in_run", "rework"];
/// Decisions that bring a document back to its initiator.
const BROUGHT_BACK: [&str; 2] = ["return", "reject"];

/// A question of a counterparty that waits for the initiator's answer.
#[derive(Clone, Debug, FromQueryResult)]
pub struct OpenQuestionRow {
    /// The question.
    pub id: Uuid,
    /// The document.
    pub document_id: Uuid,
    /// Its title.
    pub title: String,
    /// Its number.
    pub registration_number: Option<String>,
    /// Who asks.
    pub contact_name: String,
    /// What.
    pub text: String,
    /// When.
    pub asked_at: i64,
}

/// What `person_id` is to rework: documents of theirs that the workflow gave to nobody else, and
/// those that it gave to them.
fn to_rework(organisation_id: Uuid, person_id: Uuid) -> Condition {
    let elsewhere = reworkers::of_anybody(organisation_id);
    let own = Condition::all()
        .add(documents::Column::InitiatorId.eq(person_id))
        .add(documents::Column::Id.not_in_subquery(elsewhere));
    let given = reworkers::of_person(organisation_id, person_id);
    Condition::all()
        .add(documents::Column::OrganisationId.eq(organisation_id))
        .add(documents::Column::State.eq("rework"))
        .add(
            Condition::any()
                .add(own)
                .add(documents::Column::Id.in_subquery(given)),
        )
}

/// Documents that `person_id` is to rework, the longest waiting first, at most `rows_max`.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn list_to_rework(
    connection: &impl ConnectionTrait,
    organisation_id: Uuid,
    person_id: Uuid,
    rows_max: u64,
) -> Result<Vec<documents::Model>, StoreError> {
    Ok(documents::Entity::find()
        .filter(to_rework(organisation_id, person_id))
        .order_by_asc(documents::Column::UpdatedAt)
        .order_by_asc(documents::Column::Id)
        .limit(rows_max)
        .all(connection)
        .await?)
}

/// Documents of `initiator_id` in a state (`draft`), the longest waiting first, at most
/// `rows_max`.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn list_own_documents(
    connection: &impl ConnectionTrait,
    organisation_id: Uuid,
    initiator_id: Uuid,
    state: &str,
    rows_max: u64,
) -> Result<Vec<documents::Model>, StoreError> {
    Ok(documents::Entity::find()
        .filter(documents::Column::OrganisationId.eq(organisation_id))
        .filter(documents::Column::InitiatorId.eq(initiator_id))
        .filter(documents::Column::State.eq(state))
        .order_by_asc(documents::Column::UpdatedAt)
        .order_by_asc(documents::Column::Id)
        .limit(rows_max)
        .all(connection)
        .await?)
}

/// Who returned or refused a document, and why.
#[derive(Clone, Debug, FromQueryResult)]
pub struct ReturnRow {
    /// The document.
    pub document_id: Uuid,
    /// The person's name.
    pub person_name: Option<String>,
    /// The contact's name, if it was one.
    pub contact_name: Option<String>,
    /// Why.
    pub comment: Option<String>,
}

/// Who returned or refused each of `document_ids`, the newest of each document last.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn list_returns(
    connection: &impl ConnectionTrait,
    organisation_id: Uuid,
    document_ids: &[Uuid],
) -> Result<Vec<ReturnRow>, StoreError> {
    let to_person: RelationDef = tasks::Entity::belongs_to(people::Entity)
        .from(tasks::Column::PersonId)
        .to(people::Column::Id)
        .into();
    let to_contact: RelationDef = tasks::Entity::belongs_to(contacts::Entity)
        .from(tasks::Column::ContactId)
        .to(contacts::Column::Id)
        .into();
    Ok(tasks::Entity::find()
        .join(JoinType::LeftJoin, to_person)
        .join(JoinType::LeftJoin, to_contact)
        .filter(tasks::Column::OrganisationId.eq(organisation_id))
        .filter(tasks::Column::DocumentId.is_in(document_ids.iter().copied()))
        .filter(tasks::Column::Decision.is_in(BROUGHT_BACK))
        .select_only()
        .columns([tasks::Column::DocumentId, tasks::Column::Comment])
        .column_as(people::Column::Name, "person_name")
        .column_as(contacts::Column::Name, "contact_name")
        .order_by_asc(tasks::Column::ClosedAt)
        .order_by_asc(tasks::Column::Id)
        .into_model::<ReturnRow>()
        .all(connection)
        .await?)
}

/// How many documents `initiator_id` is to rework, how many of theirs have open remarks, and how
/// many questions on them wait for an answer.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn count_owed(
    connection: &impl ConnectionTrait,
    organisation_id: Uuid,
    initiator_id: Uuid,
) -> Result<u64, StoreError> {
    let returned = documents::Entity::find()
        .filter(to_rework(organisation_id, initiator_id))
        .count(connection)
        .await?;
    let asked = open_questions(organisation_id, initiator_id)
        .count(connection)
        .await?;
    let remarked = open_remarks(organisation_id, initiator_id)
        .select_only()
        .column(remarks::Column::DocumentId)
        .distinct()
        .count(connection)
        .await?;
    Ok(returned.saturating_add(asked).saturating_add(remarked))
}

fn open_questions(organisation_id: Uuid, initiator_id: Uuid) -> Select<questions::Entity> {
    let to_document: RelationDef = questions::Entity::belongs_to(documents::Entity)
        .from(questions::Column::DocumentId)
        .to(documents::Column::Id)
        .into();
    questions::Entity::find()
        .join(JoinType::InnerJoin, to_document)
        .filter(questions::Column::OrganisationId.eq(organisation_id))
        .filter(questions::Column::AnsweredAt.is_null())
        .filter(documents::Column::InitiatorId.eq(initiator_id))
        .filter(documents::Column::State.is_in(UNENDED))
}

/// Questions without an answer on documents of `initiator_id`, the longest waiting first, at most
/// `rows_max`.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn list_open_questions(
    connection: &impl ConnectionTrait,
    organisation_id: Uuid,
    initiator_id: Uuid,
    rows_max: u64,
) -> Result<Vec<OpenQuestionRow>, StoreError> {
    let to_contact: RelationDef = questions::Entity::belongs_to(contacts::Entity)
        .from(questions::Column::ContactId)
        .to(contacts::Column::Id)
        .into();
    Ok(open_questions(organisation_id, initiator_id)
        .join(JoinType::InnerJoin, to_contact)
        .select_only()
        .columns([
            questions::Column::Id,
            questions::Column::DocumentId,
            questions::Column::Text,
            questions::Column::AskedAt,
        ])
        .column(documents::Column::Title)
        .column(documents::Column::RegistrationNumber)
        .column_as(contacts::Column::Name, "contact_name")
        .order_by_asc(questions::Column::AskedAt)
        .order_by_asc(questions::Column::Id)
        .limit(rows_max)
        .into_model::<OpenQuestionRow>()
        .all(connection)
        .await?)
}

fn open_remarks(organisation_id: Uuid, initiator_id: Uuid) -> Select<remarks::Entity> {
    let to_document: RelationDef = remarks::Entity::belongs_to(documents::Entity)
        .from(remarks::Column::DocumentId)
        .to(documents::Column::Id)
        .into();
    remarks::Entity::find()
        .join(JoinType::InnerJoin, to_document)
        .filter(remarks::Column::OrganisationId.eq(organisation_id))
        .filter(remarks::Column::State.eq("open"))
        .filter(documents::Column::InitiatorId.eq(initiator_id))
        .filter(documents::Column::State.is_in(UNENDED))
}

/// A document with remarks that wait for the initiator's answer.
#[derive(Clone, Debug, FromQueryResult)]
pub struct RemarkedRow {
    /// The document.
    pub document_id: Uuid,
    /// Its title.
    pub title: String,
    /// Its number.
    pub registration_number: Option<String>,
    /// How many of its remarks are open.
    pub remarks_count: i64,
    /// When the oldest of them was made.
    pub since: i64,
}

/// Documents of `initiator_id` with open remarks, the longest waiting first, at most `rows_max`.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn list_remarked(
    connection: &impl ConnectionTrait,
    organisation_id: Uuid,
    initiator_id: Uuid,
    rows_max: u64,
) -> Result<Vec<RemarkedRow>, StoreError> {
    Ok(open_remarks(organisation_id, initiator_id)
        .select_only()
        .column(remarks::Column::DocumentId)
        .column(documents::Column::Title)
        .column(documents::Column::RegistrationNumber)
        .column_as(remarks::Column::Id.count(), "remarks_count")
        .column_as(remarks::Column::CreatedAt.min(), "since")
        .group_by(remarks::Column::DocumentId)
        .group_by(documents::Column::Title)
        .group_by(documents::Column::RegistrationNumber)
        .order_by_asc(remarks::Column::CreatedAt.min())
        .order_by_asc(remarks::Column::DocumentId)
        .limit(rows_max)
        .into_model::<RemarkedRow>()
        .all(connection)
        .await?)
}
