//! The signature sheet as people see it: its words before it is drawn, its image afterwards. It is
//! the page that the first signature in a file appends to it.

use chancery_pdf::sheet::Sheet;
use chancery_types::Locale;
use chancery_types::id::DocumentId;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};

use super::detached::BesideSignature;
use super::mark;
use super::seat::SigningSeat;
use crate::app::links::visit::Visit;
use crate::app::pages::ShownPage;
use crate::app::{App, AppError};
use crate::domain::actor::Actor;
use crate::store::entity::{signed_copies, versions};

/// The sheet that a signature at this seat would append; nothing where it appends none, because
/// it is a file of its own, or because an earlier one did.
#[must_use]
pub fn to_come(seat: &SigningSeat, beside: &[BesideSignature], locale: Locale) -> Option<Sheet> {
    let is_first = seat.signed_copy.is_none();
    let is_embedded = seat.sealing.form == chancery_workflow::SignatureForm::Embedded;
    (is_first && is_embedded).then(|| mark::sheet_of(seat, beside, locale))
}

impl App {
    /// The image of a version's signature sheet, with the marks that are on it now; of the sheet's
    /// first page where it has several.
    ///
    /// # Errors
    ///
    /// [`AppError::Hidden`] if the actor may not see the document or nobody signed in the file;
    /// `page-not-drawable`; [`AppError::Unavailable`].
    pub async fn see_sheet(
        &self,
        actor: &Actor,
        id: DocumentId,
        number: i64,
    ) -> Result<ShownPage, AppError> {
        let version = self.see_version(actor, id, Some(number)).await?;
        self.sheet_of_version(&version).await
    }

    /// The same, for a link's reader who is given the signatures that are there.
    ///
    /// # Errors
    ///
    /// As [`App::see_sheet`].
    pub async fn link_sheet(&self, visit: &Visit) -> Result<ShownPage, AppError> {
        if !visit.may_see_signatures() {
            return Err(AppError::Hidden);
        }
        self.sheet_of_version(&visit.subject.version).await
    }

    async fn sheet_of_version(&self, version: &versions::Model) -> Result<ShownPage, AppError> {
        let copy = signed_copies::Entity::find_by_id(version.id)
            .filter(signed_copies::Column::OrganisationId.eq(version.organisation_id))
            .one(self.store.reader())
            .await?;
        let copy = copy.ok_or(AppError::Hidden)?;
        let page = version.pages_count.saturating_add(1);
        self.page_of_file(version.organisation_id.into(), &copy.digest, page)
            .await
    }
}
