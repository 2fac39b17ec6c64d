//! Who stands in for whom at this moment, for what is open: an absence ends by itself, so it is
//! asked each time.

use chancery_types::Instant;
use chancery_types::id::{OrganisationId, PersonId};
use chancery_workflow::absence::Matter as Asked;
use chancery_workflow::{Directory, StageKind};
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use crate::app::directory::load_directory;
use crate::app::{App, AppError};
use crate::store;
use crate::store::entity::documents;
use crate::store::stand_ins::Matter;

/// The tasks of a document that somebody may decide now in their holder's place, each with whom.
pub(crate) async fn standing_of_document(
    connection: &impl ConnectionTrait,
    document: &documents::Model,
    now: Instant,
) -> Result<Vec<(Uuid, PersonId)>, AppError> {
    let organisation = document.organisation_id;
    let told = store::stand_ins::list_of_document(connection, organisation, document.id).await?;
    if told.is_empty() {
        return Ok(Vec::new());
    }
    let directory = load_directory(connection, organisation.into(), now).await?;
    let holds = told.into_iter().filter(|one| {
        let matter = Matter {
            holder_id: one.holder_id,
            kind: document.kind.clone(),
            stage_kind: one.stage_kind.clone(),
        };
        stands_in(&directory, one.person_id.into(), &matter, now)
    });
    Ok(holds
        .map(|one| (one.task_id, one.person_id.into()))
        .collect())
}

impl App {
    /// In whose place, and in what, `person` may decide open tasks now.
    pub(crate) async fn list_standing(
        &self,
        connection: &impl ConnectionTrait,
        organisation: OrganisationId,
        person: PersonId,
    ) -> Result<Vec<Matter>, AppError> {
        let (id, person_id) = (organisation.uuid(), person.uuid());
        let mut matters = store::stand_ins::list_matters(connection, id, person_id).await?;
        if !matters.is_empty() {
            let now = self.now();
            let directory = load_directory(connection, organisation, now).await?;
            matters.retain(|matter| stands_in(&directory, person, matter, now));
        }
        Ok(matters)
    }
}

/// Whether the absences that hold at an instant lead from the holder to `person`. Whether rules
/// of the workflow let them, the engine said when they were told of the task, and says again when
/// they decide.
fn stands_in(directory: &Directory, person: PersonId, matter: &Matter, at: Instant) -> bool {
    let stage_kind = match matter.stage_kind.as_str() {
        "sign" => StageKind::Sign,
        "acknowledge" => StageKind::Acknowledge,
        _ => StageKind::Approve,
    };
    let asked = Asked {
        kind: &matter.kind,
        stage_kind,
        at,
    };
    let found = directory.substitutes(matter.holder_id.into(), &asked, |_| true);
    found.contains_key(&person)
}
