//! Remarks: read with their authors, closed one by one with an answer.

use chancery_types::id::{DocumentId, RemarkId};
use chancery_types::name::check_text;
use serde_json::json;

use crate::app::audit::{self, Happening};
use crate::app::documents::facts_of;
use crate::app::refusal::WORDS_MAX;
use crate::app::runs::find_document;
use crate::app::{App, AppError, allow, name_problem};
use crate::domain::access::{Action, DocumentFacts, RemarkFacts, Resource, decide};
use crate::domain::actor::Actor;
use crate::domain::place::Place;
use crate::store;
use crate::store::StoreError;
use crate::store::entity::remarks;

/// A remark with the names around it.
#[derive(Clone, Debug)]
pub struct KnownRemark {
    /// The row.
    pub row: remarks::Model,
    /// Who wants it.
    pub author_name: String,
    /// Who closed it.
    pub closed_by_name: Option<String>,
    /// The number of the version it was given on.
    pub version_number: i64,
    /// The page, or the place on it, that it is about.
    pub place: Option<Place>,
    /// The number of its mark on the page; 0 without a place.
    pub mark: usize,
    /// Whether the actor may close it.
    pub may_close: bool,
}

impl App {
    /// The remarks on a document, oldest first.
    ///
    /// # Errors
    ///
    /// [`AppError::Hidden`] for whoever may not see the document.
    pub async fn list_remarks(
        &self,
        actor: &Actor,
        document_id: DocumentId,
    ) -> Result<Vec<KnownRemark>, AppError> {
        let connection = self.store.reader();
        let document = find_document(connection, actor, document_id).await?;
        let facts = facts_of(connection, &document, self.now()).await?;
        let seen = Resource::Document(facts.clone());
        allow(decide(actor, Action::SeeDocument, &seen))?;
        let organisation = document.organisation_id;
        let rows = store::remarks::list_remarks(connection, organisation, document.id).await?;
        let marks = store::comments::list_placed(connection, organisation, document.id).await?;
        let mark = |row: &remarks::Model| {
            let at = marks.iter().position(|id| Some(*id) == row.comment_id);
            at.map_or(0, |at| at.saturating_add(1))
        };
        let names = self
            .names_of_document(connection, organisation, document.id)
            .await?;
        Ok(rows
            .into_iter()
            .map(|row| KnownRemark {
                author_name: names.either(row.person_id, row.contact_id),
                closed_by_name: row.closed_by_id.map(|id| names.either(Some(id), None)),
                version_number: names.version_number(row.version_id),
                place: Place::of_columns(row.page, row.place_x, row.place_y),
                mark: mark(&row),
                may_close: row.state == "open" && may_close(actor, &facts, &row).is_ok(),
                row,
            })
            .collect())
    }

    /// Closes an open remark with an answer.
    ///
    /// # Errors
    ///
    /// [`AppError::Hidden`], [`AppError::Denied`]; [`AppError::Invalid`] without an answer;
    /// `remark-closed` if it is closed already.
    pub async fn close_remark(
        &self,
        actor: &Actor,
        remark_id: RemarkId,
        answer: &str,
    ) -> Result<DocumentId, AppError> {
        let person = actor.person().ok_or(AppError::Hidden)?.id;
        let now = self.now();
        let tx = self.store.begin().await?;
        let found =
            store::remarks::find_remark(&tx, actor.organisation.uuid(), remark_id.uuid()).await?;
        let mut row = found.ok_or(AppError::Hidden)?;
        let document = find_document(&tx, actor, row.document_id.into()).await?;
        let facts = facts_of(&tx, &document, now).await?;
        may_close(actor, &facts, &row)?;
        let answer = check_text(answer, WORDS_MAX).map_err(|why| name_problem("answer", why))?;
        row.answer = Some(answer.clone());
        row.closed_at = Some(now.micros());
        row.closed_by_id = Some(person.uuid());
        match store::remarks::update_remark_closed(&tx, &row).await {
            Err(StoreError::Stale) => return Err(AppError::refused("remark-closed")),
            other => other?,
        }
        let happening = Happening::to("remark.closed", "remark", row.id)
            .on_document(row.document_id)
            .with(json!({ "text": row.text, "answer": answer }));
        audit::append(&tx, actor, now, happening).await?;
        tx.commit().await?;
        Ok(row.document_id.into())
    }
}

/// Whether the actor may close this remark of a document.
fn may_close(
    actor: &Actor,
    document: &DocumentFacts,
    row: &remarks::Model,
) -> Result<(), AppError> {
    let facts = RemarkFacts {
        document: document.clone(),
        author: row.person_id.map(Into::into),
    };
    allow(decide(actor, Action::CloseRemark, &Resource::Remark(facts)))
}
