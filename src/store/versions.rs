//! Tables `versions` and `attachments`: written once, read often.

use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, EntityTrait as _,
    IntoActiveModel as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
};
use uuid::Uuid;

use crate::store::StoreError;
use crate::store::entity::{attachments, documents, signed_copies, tasks, versions};
use crate::store::rows;

/// A version of a document by its number.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn find_version(
    connection: &impl ConnectionTrait,
    organisation_id: Uuid,
    document_id: Uuid,
    number: i64,
) -> Result<Option<versions::Model>, StoreError> {
    Ok(versions::Entity::find()
        .filter(versions::Column::OrganisationId.eq(organisation_id))
        .filter(versions::Column::DocumentId.eq(document_id))
        .filter(versions::Column::Number.eq(number))
        .one(connection)
        .await?)
}

/// A version by its identifier.
///
/// # Errors
///
/// [`StoreError::Absent`], [`StoreError::Database`].
pub async fn load_version(
    connection: &impl ConnectionTrait,
    organisation_id: Uuid,
    id: Uuid,
) -> Result<versions::Model, StoreError> {
    rows::load::<versions::Entity>(connection, organisation_id, id).await
}

/// Every version of a document, newest first.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn list_versions(
    connection: &impl ConnectionTrait,
    organisation_id: Uuid,
    document_id: Uuid,
) -> Result<Vec<versions::Model>, StoreError> {
    Ok(versions::Entity::find()
        .filter(versions::Column::OrganisationId.eq(organisation_id))
        .filter(versions::Column::DocumentId.eq(document_id))
        .order_by_desc(versions::Column::Number)
        .all(connection)
        .await?)
}

/// A document's signed copies with the numbers of their versions, newest first.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn list_signed_copies(
    connection: &impl ConnectionTrait,
    organisation_id: Uuid,
    document_id: Uuid,
) -> Result<Vec<(i64, signed_copies::Model)>, StoreError> {
    let versions = list_versions(connection, organisation_id, document_id).await?;
    let copies = signed_copies::Entity::find()
        .filter(signed_copies::Column::OrganisationId.eq(organisation_id))
        .filter(signed_copies::Column::VersionId.is_in(versions.iter().map(|row| row.id)))
        .all(connection)
        .await?;
    let copy_of = |row: &versions::Model| {
        let copy = copies.iter().find(|copy| copy.version_id == row.id)?;
        Some((row.number, copy.clone()))
    };
    Ok(versions.iter().filter_map(copy_of).collect())
}

/// A version's attachments in their order.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn list_attachments(
    connection: &impl ConnectionTrait,
    organisation_id: Uuid,
    version_id: Uuid,
) -> Result<Vec<attachments::Model>, StoreError> {
    Ok(attachments::Entity::find()
        .filter(attachments::Column::OrganisationId.eq(organisation_id))
        .filter(attachments::Column::VersionId.eq(version_id))
        .order_by_asc(attachments::Column::Position)
        .all(connection)
        .await?)
}

/// Writes a version with its attachments.
///
/// # Errors
///
/// [`StoreError::Duplicate`] if the document has this number already; [`StoreError::Database`].
pub async fn insert_version(
    connection: &impl ConnectionTrait,
    version: versions::Model,
    attached: Vec<attachments::Model>,
) -> Result<(), StoreError> {
    versions::Entity::insert(version.into_active_model().reset_all())
        .exec_without_returning(connection)
        .await?;
    for attachment in attached {
        attachments::Entity::insert(attachment.into_active_model().reset_all())
            .exec_without_returning(connection)
            .await?;
    }
    Ok(())
}

/// Who brought these bytes into the organisation as a main file, first.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn find_author_of_main(
    connection: &impl ConnectionTrait,
    organisation_id: Uuid,
    main_digest: &str,
) -> Result<Option<Uuid>, StoreError> {
    let first = versions::Entity::find()
        .filter(versions::Column::OrganisationId.eq(organisation_id))
        .filter(versions::Column::MainDigest.eq(main_digest))
        .order_by_asc(versions::Column::CreatedAt)
        .one(connection)
        .await?;
    Ok(first.map(|version| version.author_id))
}

/// Other documents of the organisation that have these bytes as the main file of a version, at
/// most `rows_max`, the latest first.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn list_documents_with_main(
    connection: &impl ConnectionTrait,
    organisation_id: Uuid,
    main_digest: &str,
    rows_max: u64,
) -> Result<Vec<documents::Model>, StoreError> {
    let holders = versions::Entity::find()
        .filter(versions::Column::OrganisationId.eq(organisation_id))
        .filter(versions::Column::MainDigest.eq(main_digest))
        .order_by_desc(versions::Column::CreatedAt)
        .limit(rows_max)
        .all(connection)
        .await?;
    let ids: Vec<Uuid> = holders
        .into_iter()
        .map(|version| version.document_id)
        .collect();
    Ok(documents::Entity::find()
        .filter(documents::Column::OrganisationId.eq(organisation_id))
        .filter(documents::Column::Id.is_in(ids))
        .order_by_desc(documents::Column::UpdatedAt)
        .all(connection)
        .await?)
}

/// The highest number among the versions that a person has acted on: decided about, or written.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn find_last_acted_on(
    connection: &impl ConnectionTrait,
    organisation_id: Uuid,
    document_id: Uuid,
    person_id: Uuid,
) -> Result<Option<i64>, StoreError> {
    let decided = tasks::Entity::find()
        .filter(tasks::Column::OrganisationId.eq(organisation_id))
        .filter(tasks::Column::DocumentId.eq(document_id))
        .filter(tasks::Column::PersonId.eq(person_id))
        .filter(tasks::Column::Decision.is_not_null())
        .all(connection)
        .await?;
    let decided: Vec<Uuid> = decided.into_iter().map(|task| task.version_id).collect();
    let acted_on = versions::Entity::find()
        .filter(versions::Column::OrganisationId.eq(organisation_id))
        .filter(versions::Column::DocumentId.eq(document_id))
        .filter(
            Expr::col(versions::Column::Id)
                .is_in(decided)
                .or(Expr::col(versions::Column::AuthorId).eq(person_id)),
        )
        .order_by_desc(versions::Column::Number)
        .one(connection)
        .await?;
    Ok(acted_on.map(|version| version.number))
}
