//! What changed between two versions of a document, for whoever may see it.

use std::collections::BTreeMap;

use chancery_types::field::Card;
use chancery_types::id::DocumentId;
use uuid::Uuid;

use crate::app::catalogue::card_of_row;
use crate::app::{App, AppError};
use crate::domain::access::Action;
use crate::domain::actor::Actor;
use crate::domain::comparison::parts::{
    FieldChange, FileChange, NamedFile, compare_cards, compare_files,
};
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
    /// The fields of the card that differ.
    pub fields: Vec<FieldChange>,
    /// The attachments that differ.
    pub attachments: Vec<FileChange>,
    /// Names of whatever the differing fields refer to.
    pub names: BTreeMap<Uuid, String>,
}

impl Comparison {
    /// Whether the text of any page differs.
    #[must_use]
    pub fn is_text_changed(&self) -> bool {
        self.pages.iter().any(ComparedPage::is_changed)
    }

    /// Whether the main files are not the same bytes.
    #[must_use]
    pub fn is_main_replaced(&self) -> bool {
        self.from.main_digest != self.to.main_digest
    }
}

impl App {
    /// Compares the texts, the cards and the attachments of two versions. Without `to` it is the
    /// current version; without `from` the version that this person last acted on, or else the one
    /// before `to`.
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
        let (old_card, new_card) = (card_of_row(&from.card)?, card_of_row(&to.card)?);
        let fields = self.changed_fields(&document, &old_card, &new_card)?;
        let attachments = self.changed_attachments(&from, &to).await?;
        let names = self
            .names_around(&document, &[&old_card, &new_card], &[])
            .await?;
        Ok(Comparison {
            fields,
            attachments,
            names,
            document,
            numbers: all.iter().map(|version| version.number).collect(),
            from,
            to,
            pages,
        })
    }

    fn changed_fields(
        &self,
        document: &documents::Model,
        older: &Card,
        newer: &Card,
    ) -> Result<Vec<FieldChange>, AppError> {
        let kind = self.kind_of_row(&document.kind)?;
        let order = kind.fields().iter().map(|field| field.name.as_str());
        Ok(compare_cards(older, newer, order))
    }

    async fn changed_attachments(
        &self,
        from: &versions::Model,
        to: &versions::Model,
    ) -> Result<Vec<FileChange>, AppError> {
        let older = self.attached_files(from).await?;
        let newer = self.attached_files(to).await?;
        Ok(compare_files(&older, &newer))
    }

    async fn attached_files(&self, version: &versions::Model) -> Result<Vec<NamedFile>, AppError> {
        let reader = self.store.reader();
        let organisation = version.organisation_id;
        let rows = store::versions::list_attachments(reader, organisation, version.id).await?;
        let named = |row: crate::store::entity::attachments::Model| NamedFile {
            name: row.name,
            digest: row.digest,
        };
        Ok(rows.into_iter().map(named).collect())
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
