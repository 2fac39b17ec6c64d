//! What changed between two versions of a document, for whoever may see it.

use chancery_types::id::DocumentId;

use crate::app::{App, AppError};
use crate::domain::access::Action;
use crate::domain::actor::Actor;
use crate::domain::comparison::{ComparedPage, compare};
use crate::store;
use crate::store::entity::{documents, versions};

/// Two versions side by side.
#[derive(Clone, Debug)]
pub struct Comparison {
    /// The document.
    pub document: documents::Model,
    /// The older version.
    pub from: versions::Model,
    /// The newer version.
    pub to: versions::Model,
    /// Every version's number, newest first, to choose from.
    pub numbers: Vec<i64>,
    /// The newer version's pages.
    pub pages: Vec<ComparedPage>,
}

impl App {
    /// Compares the texts of two versions. Without `to` it is the current version; without `from`
    /// the version that this person last acted on, or else the one before `to`.
    ///
    /// # Errors
    ///
    /// [`AppError::Hidden`]; [`AppError::Refused`] `nothing-to-compare` when there is only one
    /// version, `page-not-drawable`.
    pub async fn compare_versions(
        &self,
        actor: &Actor,
        id: DocumentId,
        from: Option<i64>,
        to: Option<i64>,
    ) -> Result<Comparison, AppError> {
        let document = self.document_for(actor, id, Action::SeeDocument).await?;
        let reader = self.store.reader();
        let organisation = document.organisation_id;
        let all = store::versions::list_versions(reader, organisation, document.id).await?;
        let numbered = |number: i64| all.iter().find(|version| version.number == number).cloned();
        let to = match to {
            Some(number) => numbered(number).ok_or(AppError::Hidden)?,
            None => self.current_version(reader, &document).await?,
        };
        let from = match from {
            Some(number) => number,
            None => self
                .last_acted_on(actor, &document)
                .await?
                .filter(|number| *number < to.number)
                .unwrap_or_else(|| to.number.saturating_sub(1)),
        };
        if from == 0 {
            return Err(AppError::refused("nothing-to-compare"));
        }
        let from = numbered(from).ok_or(AppError::Hidden)?;
        let older = self.texts_of_version(&from).await?;
        let newer = self.texts_of_version(&to).await?;
        let pages = tokio::task::spawn_blocking(move || compare(&older, &newer))
            .await
            .map_err(|error| AppError::Internal(error.into()))?;
        Ok(Comparison {
            document,
            numbers: all.iter().map(|version| version.number).collect(),
            from,
            to,
            pages,
        })
    }

    /// The version that this person last decided about or wrote.
    ///
    /// # Errors
    ///
    /// [`AppError::Unavailable`].
    pub async fn last_acted_on(
        &self,
        actor: &Actor,
        document: &documents::Model,
    ) -> Result<Option<i64>, AppError> {
        let Some(person) = actor.person() else {
            return Ok(None);
        };
        Ok(store::versions::find_last_acted_on(
            self.store.reader(),
            document.organisation_id,
            document.id,
            person.id.uuid(),
        )
        .await?)
    }
}
