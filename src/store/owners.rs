//! Who answers for the workflows of documents, as people hold roles now: the same as
//! `chancery_workflow::Directory::holders` says of an owner.

use sea_orm::sea_query::{Expr, ExprTrait as _, Query, SelectStatement};
use sea_orm::{Condition, ConnectionTrait, JoinType};
use uuid::Uuid;

use crate::store::StoreError;
use crate::store::entity::{definitions, departments, people, person_roles, runs};

/// Runs with the text that each is pinned to, and whoever holds the role that answers for it.
fn answering() -> SelectStatement {
    use {definitions::Column as Text, person_roles::Column as Held};
    let text = Condition::all()
        .add(
            Expr::col((definitions::Entity, Text::OrganisationId))
                .equals((runs::Entity, runs::Column::OrganisationId)),
        )
        .add(
            Expr::col((definitions::Entity, Text::Digest))
                .equals((runs::Entity, runs::Column::DefinitionDigest)),
        );
    let held = Condition::all()
        .add(
            Expr::col((person_roles::Entity, Held::OrganisationId))
                .equals((runs::Entity, runs::Column::OrganisationId)),
        )
        .add(
            Expr::col((person_roles::Entity, Held::Role))
                .equals((definitions::Entity, Text::OwnerRole)),
        );
    let person = Condition::all()
        .add(
            Expr::col((people::Entity, people::Column::Id))
                .equals((person_roles::Entity, Held::PersonId)),
        )
        .add(Expr::col((people::Entity, people::Column::State)).eq("active"));
    let department = Condition::all()
        .add(
            Expr::col((departments::Entity, departments::Column::OrganisationId))
                .equals((runs::Entity, runs::Column::OrganisationId)),
        )
        .add(
            Expr::col((departments::Entity, departments::Column::Key))
                .equals((definitions::Entity, Text::OwnerDepartment)),
        );
    // Held there, or everywhere by somebody who belongs there.
    let there = (departments::Entity, departments::Column::Id);
    let everywhere = Condition::all()
        .add(Expr::col((person_roles::Entity, Held::DepartmentId)).is_null())
        .add(Expr::col((people::Entity, people::Column::DepartmentId)).equals(there));
    let counts = Condition::any()
        .add(Expr::col((definitions::Entity, Text::OwnerDepartment)).is_null())
        .add(Expr::col((person_roles::Entity, Held::DepartmentId)).equals(there))
        .add(everywhere);
    Query::select()
        .from(runs::Entity)
        .join(JoinType::InnerJoin, definitions::Entity, text)
        .join(JoinType::InnerJoin, person_roles::Entity, held)
        .join(JoinType::InnerJoin, people::Entity, person)
        .join(JoinType::LeftJoin, departments::Entity, department)
        .cond_where(counts)
        .to_owned()
}

/// The documents of an organisation for whose runs a person answers.
pub(super) fn of_person(organisation: Uuid, person: Uuid) -> SelectStatement {
    answering()
        .column((runs::Entity, runs::Column::DocumentId))
        .and_where(Expr::col((runs::Entity, runs::Column::OrganisationId)).eq(organisation))
        .and_where(Expr::col((people::Entity, people::Column::Id)).eq(person))
        .to_owned()
}

/// Who answers for the runs of a document, the ended ones too.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn list_owners(
    connection: &impl ConnectionTrait,
    organisation: Uuid,
    document: Uuid,
) -> Result<Vec<Uuid>, StoreError> {
    let select = answering()
        .column((people::Entity, people::Column::Id))
        .and_where(Expr::col((runs::Entity, runs::Column::OrganisationId)).eq(organisation))
        .and_where(Expr::col((runs::Entity, runs::Column::DocumentId)).eq(document))
        .to_owned();
    let rows = connection.query_all(&select).await?;
    let mut owners = Vec::new();
    for row in rows {
        let owner: Uuid = row.try_get_by_index(0)?;
        if !owners.contains(&owner) {
            owners.push(owner);
        }
    }
    Ok(owners)
}
