//! Documents: create, edit, list, look at.

mod sight;

use std::collections::BTreeMap;

use chancery_types::field::Card;
use chancery_types::id::DocumentId;
use chancery_types::{FieldValue, Instant, Title};
use chancery_workflow::Kind;
use sea_orm::{ConnectionTrait, EntityTrait as _};
use serde_json::json;
use uuid::Uuid;

use crate::app::catalogue::{card_of_row, department_of, reference};
use crate::app::children::Parent;
use crate::app::error::both;
use crate::app::intake::Repair;
use crate::app::page::{Cursor, Page, PageRequest};
use crate::app::spool::Upload;
use crate::app::versions::NewVersion;
use crate::app::{App, AppError, allow, audit, name_problem};
use crate::domain::access::{Action, Decision, Resource, decide};
use crate::domain::actor::{Actor, PersonActor};
use crate::domain::document::DocumentState;
use crate::entropy;
use crate::store;
use crate::store::documents::DocumentFilter;
use crate::store::entity::{counterparties, documents, people, versions};

pub(in crate::app) use sight::departments_seen;
pub(crate) use sight::facts_of;

/// What a new document is made of.
#[derive(Debug)]
pub struct NewDocument {
    /// The kind.
    pub kind: String,
    /// The title as typed.
    pub title: String,
    /// The card as typed.
    pub card: BTreeMap<String, String>,
    /// The main file; `None` if none was sent.
    pub main: Option<Upload>,
    /// Further files.
    pub attachments: Vec<Upload>,
    /// What to do with a main file whose table lies.
    pub repair: Repair,
    /// The document that it belongs to, if it belongs to one.
    pub parent: Option<DocumentId>,
}

/// What came of a new document or version.
#[derive(Clone, Debug)]
pub struct Created {
    /// The document.
    pub id: DocumentId,
    /// The version's number.
    pub version: i64,
    /// Other documents with the same main file that the actor may see.
    pub duplicates: Vec<Duplicate>,
    /// Whether a repaired copy was kept.
    pub is_repaired: bool,
    /// Whether its main file is that of the version before: perhaps the wrong file was chosen.
    pub is_same_file: bool,
}

/// What came of an edit.
#[derive(Clone, Debug)]
pub struct Edited {
    /// The document as it is now.
    pub row: documents::Model,
    /// The number of the new version, if the edit made one.
    pub new_version: Option<i64>,
}

/// Another document with the same main file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Duplicate {
    /// The document.
    pub id: DocumentId,
    /// Its title.
    pub title: String,
    /// Its number.
    pub registration_number: Option<String>,
}

/// Which documents a person wants listed.
#[derive(Clone, Debug, Default)]
pub struct DocumentQuery {
    /// Only their own.
    pub is_mine: bool,
    /// Only of this kind.
    pub kind: Option<String>,
    /// Only in this state.
    pub state: Option<DocumentState>,
    /// Only with these words in title, number or counterparty.
    pub words: String,
}

/// What the history says of a new document.
fn created(
    row: &documents::Model,
    version: &versions::Model,
    is_repaired: bool,
    parent: Option<&Parent>,
) -> audit::Happening {
    audit::Happening::to("document.created", "document", row.id)
        .on_document(row.id)
        .at_version(&version.digest)
        .with(json!({
            "kind": row.kind,
            "title": row.title,
            "repaired": is_repaired,
            "origin": parent.map(Parent::id),
        }))
}

/// The most words of a search that count.
const WORDS_MAX: usize = 8;

impl App {
    /// Creates a draft with its first version.
    ///
    /// # Errors
    ///
    /// [`AppError::Denied`]; [`AppError::Invalid`] with every wrong field, files among them.
    /// Nothing is left behind.
    pub async fn create_document(
        &self,
        actor: &Actor,
        new: NewDocument,
    ) -> Result<Created, AppError> {
        allow(decide(
            actor,
            Action::CreateDocument,
            &Resource::Organisation(actor.organisation),
        ))?;
        let person = actor.person().ok_or(AppError::Denied)?;
        let now = self.now();
        let kind = self.kind(&new.kind)?;
        let parent = self.parent_of_new(actor, &new).await?;
        let content = self
            .read_content(actor, kind, &new.title, &new.card, &Card::new())
            .await;
        let files = self
            .examine_files(actor, kind, new.main, new.attachments, new.repair)
            .await;
        let ((title, card), files) = both(content, files)?;
        let (main, attachments) = self.keep_files(actor, files).await?;

        let id = DocumentId::from(entropy::id(now));
        // A hint for the reader, asked before the one writer of SQLite is held.
        let duplicates = self
            .find_duplicates(actor, &main.file.digest.hex(), id.uuid())
            .await?;
        let tx = self.store.begin().await?;
        let (title, card) = (&title, &card);
        let row = draft_row(actor, person, kind, DraftOf { id, title, card }, now)?;
        let mut row = with_search_text(&tx, row).await?;
        store::documents::insert_document(&tx, row.clone()).await?;
        if let Some(parent) = &parent {
            parent.take(&tx, &row, now).await?;
        }
        let is_repaired = main.repaired_from.is_some();
        let new_version = NewVersion {
            number: 1,
            main,
            attachments,
            comment: None,
        };
        let material = self.material_of_kind(&tx, actor.organisation, kind).await?;
        let version = self
            .write_version(&tx, person, &material, card, &row, new_version, now)
            .await?;
        row.current_version_id = Some(version.id);
        store::documents::update_document(&tx, &row).await?;
        self.order_start(&tx, &row, &version, now).await?;
        let happening = created(&row, &version, is_repaired, parent.as_ref());
        audit::append(&tx, actor, now, happening).await?;
        tx.commit().await?;
        self.wake_jobs();
        Ok(Created {
            id,
            version: 1,
            duplicates,
            is_repaired,
            is_same_file: false,
        })
    }

    async fn parent_of_new(
        &self,
        actor: &Actor,
        new: &NewDocument,
    ) -> Result<Option<Parent>, AppError> {
        match new.parent {
            Some(parent) => Ok(Some(self.parent_for(actor, parent, &new.kind).await?)),
            None => Ok(None),
        }
    }

    /// Reads a title and a card; both are checked before anything is said, so that a form shows
    /// everything at once.
    async fn read_content(
        &self,
        actor: &Actor,
        kind: &Kind,
        title: &str,
        card: &BTreeMap<String, String>,
        before: &Card,
    ) -> Result<(Title, Card), AppError> {
        let title = Title::new(title).map_err(|why| name_problem("title", why));
        let reader = self.store.reader();
        let card = self.read_card(reader, actor, kind, card, before).await;
        let card = card.map_err(under_card);
        both(title, card)
    }

    /// Changes a draft's title and card. If a material field changes, that is a new version with
    /// the same files.
    ///
    /// # Errors
    ///
    /// [`AppError::Hidden`], [`AppError::Denied`], [`AppError::Stale`] for another row version,
    /// [`AppError::Refused`] `document-takes-no-changes`, [`AppError::Invalid`].
    pub async fn edit_document(
        &self,
        actor: &Actor,
        id: DocumentId,
        row_version: i64,
        title: &str,
        card: &BTreeMap<String, String>,
    ) -> Result<Edited, AppError> {
        let now = self.now();
        let row = self.document_for(actor, id, Action::EditDocument).await?;
        let person = actor.person().ok_or(AppError::Denied)?;
        check_changeable(&row, Some(row_version))?;
        let kind = self.kind_of_row(&row.kind)?;
        let before = card_of_row(&row.card)?;
        let (title, card) = self.read_content(actor, kind, title, card, &before).await?;

        let tx = self.store.begin().await?;
        let material = self.material_of(&tx, &row).await?;
        let is_material = material.fields_of(&before) != material.fields_of(&card);
        let mut row = documents::Model {
            title: title.to_string(),
            card: card_text(&card)?,
            department_id: department_of(kind, &card).or(row.department_id),
            counterparty_id: reference(&card, kind.list().counterparty.as_deref()),
            updated_at: now.micros(),
            ..row
        };
        let mut version = self.current_version(&tx, &row).await?;
        if is_material {
            let same = self.same_files(&tx, &version).await?;
            version = self
                .write_version(&tx, person, &material, &card, &row, same, now)
                .await?;
            row.current_version_id = Some(version.id);
        }
        let mut row = with_search_text(&tx, row).await?;
        store::documents::update_document(&tx, &row).await?;
        row.row_version = row.row_version.saturating_add(1);
        let happening = audit::Happening::to("document.edited", "document", id)
            .on_document(id)
            .at_version(&version.digest)
            .with(json!({ "title": row.title, "version": version.number }));
        audit::append(&tx, actor, now, happening).await?;
        tx.commit().await?;
        Ok(Edited {
            row,
            new_version: is_material.then_some(version.number),
        })
    }

    /// The documents that an actor may see and asks for, the latest change first.
    ///
    /// # Errors
    ///
    /// [`AppError::Denied`] for others than people; [`AppError::Invalid`] for a strange cursor.
    pub async fn list_documents(
        &self,
        actor: &Actor,
        query: &DocumentQuery,
        page: &PageRequest,
    ) -> Result<Page<documents::Model>, AppError> {
        let person = actor.person().ok_or(AppError::Denied)?;
        let after = match &page.after {
            None => None,
            Some(cursor) => Some((cursor.micros()?, cursor.id)),
        };
        let words = query.words.split_whitespace().take(WORDS_MAX);
        // Quotation marks around a name are how it is written, not what is looked for.
        let words = words.map(|word| word.trim_matches(QUOTES));
        let words = words.filter(|word| !word.is_empty());
        let filter = DocumentFilter {
            seen_by: self.seen_by(actor, person).await?,
            initiator_id: query.is_mine.then(|| person.id.uuid()),
            kind: query.kind.clone(),
            state: query.state.map(|state| state.code().to_owned()),
            words: words.map(str::to_lowercase).collect(),
            after,
        };
        let rows_max = page.rows_max;
        let found = store::documents::list_documents(
            self.store.reader(),
            actor.organisation.uuid(),
            &filter,
            rows_max.saturating_add(1),
        )
        .await?;
        Ok(Page::of(found, rows_max, |row| {
            Cursor::after(row.updated_at, row.id)
        }))
    }

    /// A document that `actor` may change, and that takes changes now.
    ///
    /// # Errors
    ///
    /// [`AppError::Hidden`], [`AppError::Denied`], `document-takes-no-changes`.
    pub async fn editable_document(
        &self,
        actor: &Actor,
        id: DocumentId,
    ) -> Result<documents::Model, AppError> {
        let row = self.document_for(actor, id, Action::EditDocument).await?;
        check_changeable(&row, None)?;
        Ok(row)
    }

    /// A document that `actor` may do `action` to.
    ///
    /// # Errors
    ///
    /// [`AppError::Hidden`], [`AppError::Denied`].
    pub async fn document_for(
        &self,
        actor: &Actor,
        id: DocumentId,
        action: Action,
    ) -> Result<documents::Model, AppError> {
        let reader = self.store.reader();
        let row = store::documents::find_document(reader, actor.organisation.uuid(), id.uuid())
            .await?
            .ok_or(AppError::Hidden)?;
        let facts = facts_of(reader, &row, self.now()).await?;
        allow(decide(actor, action, &Resource::Document(facts)))?;
        Ok(row)
    }

    /// Documents beside `except` that have these bytes as a main file, as far as the actor may see
    /// them.
    ///
    /// # Errors
    ///
    /// [`AppError::Unavailable`].
    pub(crate) async fn find_duplicates(
        &self,
        actor: &Actor,
        main_digest: &str,
        except: Uuid,
    ) -> Result<Vec<Duplicate>, AppError> {
        const ROWS_MAX: u64 = 20;
        let connection = self.store.reader();
        let rows = store::versions::list_documents_with_main(
            connection,
            actor.organisation.uuid(),
            main_digest,
            ROWS_MAX,
        )
        .await?;
        let mut duplicates = Vec::new();
        let given_up = DocumentState::Withdrawn.code();
        let others = rows.into_iter().filter(|row| row.id != except);
        for row in others.filter(|row| row.state != given_up) {
            let facts = facts_of(connection, &row, self.now()).await?;
            let seen = decide(actor, Action::SeeDocument, &Resource::Document(facts));
            if seen == Decision::Allowed {
                duplicates.push(Duplicate {
                    id: row.id.into(),
                    title: row.title,
                    registration_number: row.registration_number,
                });
            }
        }
        Ok(duplicates)
    }
}

/// What a draft is called and what its card says.
#[derive(Clone, Copy)]
pub(crate) struct DraftOf<'a> {
    pub(crate) id: DocumentId,
    pub(crate) title: &'a Title,
    pub(crate) card: &'a Card,
}

/// The row of a draft that has no version yet.
pub(crate) fn draft_row(
    actor: &Actor,
    person: &PersonActor,
    kind: &Kind,
    DraftOf { id, title, card }: DraftOf<'_>,
    now: Instant,
) -> Result<documents::Model, AppError> {
    Ok(documents::Model {
        id: id.uuid(),
        organisation_id: actor.organisation.uuid(),
        kind: kind.id().to_owned(),
        title: title.to_string(),
        card: card_text(card)?,
        state: DocumentState::Draft.code().to_owned(),
        initiator_id: person.id.uuid(),
        department_id: department_of(kind, card).or(person.department.map(Uuid::from)),
        counterparty_id: reference(card, kind.list().counterparty.as_deref()),
        registration_number: None,
        registered_at: None,
        current_version_id: None,
        search_text: String::new(),
        created_at: now.micros(),
        updated_at: now.micros(),
        row_version: 0,
    })
}

/// Names a card's fields as forms and the API do: `card.amount`.
fn under_card(error: AppError) -> AppError {
    let AppError::Invalid { mut fields } = error else {
        return error;
    };
    for problem in &mut fields {
        problem.field = format!("card.{}", problem.field);
    }
    AppError::Invalid { fields }
}

/// Whether a row may be changed now, and is the one that was read.
pub(crate) fn check_changeable(
    row: &documents::Model,
    row_version: Option<i64>,
) -> Result<(), AppError> {
    if row_version.is_some_and(|expected| expected != row.row_version) {
        return Err(AppError::Stale);
    }
    let state = DocumentState::from_code(&row.state);
    if state.is_some_and(DocumentState::takes_changes) {
        Ok(())
    } else {
        Err(AppError::refused("document-takes-no-changes"))
    }
}

/// A card as its row has it.
pub(crate) fn card_text(card: &Card) -> Result<String, AppError> {
    serde_json::to_string(card).map_err(|error| AppError::Internal(error.into()))
}

/// What stands around a name.
const QUOTES: [char; 9] = ['"', '\'', '«', '»', '“', '”', '„', '(', ')'];

/// The row with what a search looks into: title, number and counterparty, case-folded.
pub(crate) async fn with_search_text(
    connection: &impl ConnectionTrait,
    row: documents::Model,
) -> Result<documents::Model, AppError> {
    let counterparty = match row.counterparty_id {
        None => None,
        Some(id) => {
            counterparties::Entity::find_by_id(id)
                .one(connection)
                .await?
        }
    };
    let initiator = people::Entity::find_by_id(row.initiator_id)
        .one(connection)
        .await?;
    let mut parts = vec![row.title.clone()];
    parts.extend(row.registration_number.clone());
    if let Some(found) = counterparty {
        parts.push(found.name);
        parts.extend([found.inn, found.vat_id].into_iter().flatten());
    }
    parts.extend(initiator.map(|person| person.name));
    for value in card_of_row(&row.card)?.into_values() {
        if let FieldValue::Money(money) = value {
            parts.push(money.amount.to_string());
        }
    }
    let search_text = parts.join(" ").to_lowercase();
    Ok(documents::Model { search_text, ..row })
}

/// When a row was last changed.
#[must_use]
pub fn updated_at(row: &documents::Model) -> Instant {
    Instant::from_micros(row.updated_at)
}
