//! What is known of the moment of signing of the signatures in a judged file.

use chancery_types::id::DocumentId;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use serde_json::Value;

use super::judged::{FileVerdict, Known};
use crate::app::{App, AppError};
use crate::domain::access::Action;
use crate::domain::actor::Actor;
use crate::store;
use crate::store::entity::signatures;

impl App {
    /// The evidence (`chancery-evidence/1`) of each signature of a judged file that was made here,
    /// with its place in the report, in the order of the report.
    ///
    /// # Errors
    ///
    /// [`AppError::Hidden`] if the actor may not see the document.
    pub async fn making_of(
        &self,
        actor: &Actor,
        document: DocumentId,
        verdict: &FileVerdict,
    ) -> Result<Vec<(usize, Value)>, AppError> {
        let document = self
            .document_for(actor, document, Action::SeeDocument)
            .await?;
        let Known::Report(report) = &verdict.known else {
            return Ok(Vec::new());
        };
        let (reader, organisation) = (self.store.reader(), document.organisation_id);
        // Written by ourselves as JSON; a hand in the database shows as nothing.
        let read = |text: &str| serde_json::from_str(text).unwrap_or_default();
        if verdict.covered.is_some() {
            let row = store::detached_signatures::find_signature(
                reader,
                organisation,
                document.id,
                verdict.subject_id,
            );
            let row = row.await?;
            return Ok(row
                .map(|row| (0, read(&row.evidence)))
                .into_iter()
                .collect());
        }
        let rows = signatures::Entity::find()
            .filter(signatures::Column::OrganisationId.eq(organisation))
            .filter(signatures::Column::VersionId.eq(verdict.subject_id))
            .all(reader)
            .await?;
        let made = report.signatures.iter().enumerate();
        let made = made.filter_map(|(place, one)| {
            let mut rows = rows.iter();
            let row = rows.find(|row| one.field.as_ref() == Some(&row.field_name))?;
            Some((place, read(&row.evidence)))
        });
        Ok(made.collect())
    }
}
