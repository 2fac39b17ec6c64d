//! Which page images were really served to whom: the evidence of a signature tells them apart from
//! those that lay ready.

use chancery_types::id::DocumentId;
use sea_orm::{ColumnTrait as _, EntityTrait as _, PaginatorTrait as _, QueryFilter as _};
use uuid::Uuid;

use crate::app::pages::ShownPage;
use crate::app::{App, AppError};
use crate::domain::actor::Actor;
use crate::store;
use crate::store::entity::{shown_pages, tasks, versions};

impl App {
    /// As [`App::see_page`], noted if the actor is asked to sign that version.
    ///
    /// # Errors
    ///
    /// As [`App::see_page`].
    pub async fn show_page(
        &self,
        actor: &Actor,
        id: DocumentId,
        number: Option<i64>,
        page: i64,
    ) -> Result<ShownPage, AppError> {
        let version = self.see_version(actor, id, number).await?;
        let shown = self.page_of_version(&version, page).await?;
        if let Some(person) = actor.person() {
            let signs = tasks::Entity::find()
                .filter(tasks::Column::OrganisationId.eq(version.organisation_id))
                .filter(tasks::Column::PersonId.eq(person.id.uuid()))
                .filter(tasks::Column::VersionId.eq(version.id))
                .filter(tasks::Column::StageKind.eq("sign"))
                .filter(tasks::Column::State.eq("open"))
                .count(self.store.reader())
                .await?;
            if signs > 0 {
                self.note_shown(person.id.uuid(), &version, page, &shown)
                    .await?;
            }
        }
        Ok(shown)
    }

    /// Notes that a page's image was served to `viewer`: a visit through a link, or a person.
    pub(crate) async fn note_shown(
        &self,
        viewer: Uuid,
        version: &versions::Model,
        page: i64,
        shown: &ShownPage,
    ) -> Result<(), AppError> {
        let row = shown_pages::Model {
            organisation_id: version.organisation_id,
            viewer_id: viewer,
            file_digest: version.main_digest.clone(),
            page,
            image_digest: shown.digest.clone(),
            shown_at: self.now().micros(),
        };
        Ok(store::pages::insert_shown(self.store.writer(), row).await?)
    }
}
