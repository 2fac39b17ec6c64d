//! Documents that a workflow drafts: `create` among its effects.
//!
//! The effect is a row of `jobs`, written with the step. The job makes the draft: a card with what
//! the origin knows, and a first file that says the same on paper, because approvals and signatures
//! are about files. Its initiator is the initiator of the run; they complete the draft, bring a
//! file of their own in place of the first one if they have it, and start it like any other.

mod paper;

use bytes::Bytes;
use chancery_types::field::Card;
use chancery_types::id::{DocumentId, OrganisationId};
use chancery_types::{Digest, Instant, Locale, Title};
use chancery_workflow::{Kind, WaitView};
use sea_orm::ConnectionTrait;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::app::children::made;
use crate::app::documents::{DraftOf, Duplicate, draft_row, facts_of, with_search_text};
use crate::app::intake::{KeptFile, KeptMain};
use crate::app::signing::blocking;
use crate::app::versions::NewVersion;
use crate::app::work::{Progress, enqueue_job};
use crate::app::{App, AppError, audit};
use crate::blob::BlobSource;
use crate::domain::access::{Action, Decision, Resource, decide};
use crate::domain::actor::{Actor, PersonActor};
use crate::entropy;
use crate::i18n::{Formats, t};
use crate::store;
use crate::store::StoreError;
use crate::store::entity::{blobs, document_origins, documents, organisations, people, runs};
use paper::CardPaper;

const PDF: &str = "application/pdf";
/// The job that drafts.
pub const KIND: &str = "create_document";
/// How many drafts of a document are listed.
const LISTED_MAX: u64 = 50;

/// A draft that a workflow wants, as the job keeps it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Order {
    /// Made of meaning: the same is drafted once.
    pub(crate) key: String,
    /// The run whose effect it is.
    pub(crate) run_id: Uuid,
    /// The kind to draft.
    pub(crate) kind: String,
    /// What the origin knows of its card.
    pub(crate) card: Card,
}

/// Documents that belong together, as far as their reader may see them, and what a run waits for of
/// them: of that everybody who sees its document sees how many there are.
#[derive(Clone, Debug, Default)]
pub struct Relatives {
    /// What this one belongs to: a workflow has drafted it from that, or somebody made it of it.
    pub origin: Option<Duplicate>,
    /// What belongs to this one, the oldest first.
    pub created: Vec<Relative>,
    /// What the run of this one waits for, by entry of its workflow.
    pub waits: Vec<WaitView>,
    /// The kinds of which the reader may make documents that belong to this one.
    pub kinds: Vec<String>,
}

/// A document that belongs to another one.
#[derive(Clone, Debug)]
pub struct Relative {
    /// Which.
    pub document: Duplicate,
    /// The state, by its code.
    pub state: String,
    /// Whose move it is, by name; empty for nobody's.
    pub whose_move: String,
}

/// Writes a wanted draft down, in the step's transaction.
///
/// # Errors
///
/// [`AppError::Unavailable`].
pub(crate) async fn order(
    connection: &impl ConnectionTrait,
    organisation: OrganisationId,
    now: Instant,
    order: &Order,
) -> Result<(), AppError> {
    let payload = serde_json::to_value(order).map_err(|error| AppError::Internal(error.into()))?;
    let key = format!("create:{}", order.key);
    enqueue_job(connection, organisation, now, KIND, key, &payload).await
}

/// Everything that a draft is made of.
struct Basis {
    organisation: organisations::Model,
    run: runs::Model,
    origin: documents::Model,
    initiator: people::Model,
}

impl App {
    /// Makes a draft that was ordered, unless it is there: the job of [`KIND`].
    ///
    /// # Errors
    ///
    /// [`AppError::Refused`] `no-workflow` if the house has no such kind any more;
    /// [`AppError::Unavailable`].
    pub async fn draft_ordered(
        &self,
        organisation: OrganisationId,
        payload: &Value,
    ) -> Result<Progress, AppError> {
        let order: Order = serde_json::from_value(payload.clone())
            .map_err(|error| AppError::Internal(error.into()))?;
        let reader = self.store.reader();
        let made =
            store::document_origins::find_by_key(reader, organisation.uuid(), &order.key).await?;
        if made.is_some() {
            return Ok(Progress::Finished);
        }
        let kind = self.chains.kinds().get(&order.kind);
        let kind = kind
            .ok_or_else(|| AppError::refused_with("no-workflow", [("kind", order.kind.clone())]))?;
        let basis = self.order_basis(organisation, &order).await?;
        // A value that the other kind does not take is left for the initiator to fill in.
        let (card, left_out): (Card, Card) = order
            .card
            .clone()
            .into_iter()
            .partition(|(name, value)| kind.admits(name, value));
        let left_out: Vec<String> = left_out.into_keys().collect();
        let main = self.draft_paper(&basis, kind, &card).await?;
        self.write_draft(&order, &basis, kind, (&card, &left_out), main)
            .await?;
        Ok(Progress::Finished)
    }

    async fn order_basis(
        &self,
        organisation: OrganisationId,
        order: &Order,
    ) -> Result<Basis, AppError> {
        let (reader, id) = (self.store.reader(), organisation.uuid());
        let lost = |what: &str| AppError::internal(format!("run {}: no {what}", order.run_id));
        let run = store::runs::find_run(reader, id, order.run_id).await?;
        let run = run.ok_or_else(|| lost("row"))?;
        let origin = store::documents::find_document(reader, id, run.document_id).await?;
        Ok(Basis {
            organisation: store::organisations::load(reader, id).await?,
            origin: origin.ok_or_else(|| lost("document"))?,
            initiator: store::people::load(reader, id, run.initiator_id).await?,
            run,
        })
    }

    /// The first file of a draft: its card on paper, in its initiator's language.
    async fn draft_paper(
        &self,
        basis: &Basis,
        kind: &Kind,
        card: &Card,
    ) -> Result<KeptMain, AppError> {
        let names = self.names_around(&basis.origin, &[card], &[]).await?;
        let locale = basis.locale();
        let paper = CardPaper {
            kind,
            card,
            names: &names,
            origin: &basis.origin,
            formats: Formats::new(locale, &basis.organisation.time_zone),
        };
        let (name, blocks, words) = (paper.file_name(), paper.blocks(), paper.words());
        let set = blocking(move || words.pdf(&blocks)).await?;
        let bytes = Bytes::from(set.map_err(|error| AppError::Internal(error.into()))?);
        let pages_count = self.count_pages(bytes.clone(), kind).await?;
        let digest = Digest::of(&bytes);
        let size_bytes = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        let row = blobs::Model {
            organisation_id: basis.organisation.id,
            digest: digest.hex(),
            size_bytes: i64::try_from(size_bytes).unwrap_or(i64::MAX),
            media_type: PDF.to_owned(),
            created_at: self.now().micros(),
        };
        // As of an upload: no sweep removes the same bytes meanwhile.
        store::blobs::claim_blob(self.store.writer(), row).await?;
        let organisation = basis.organisation.id.into();
        self.blobs
            .put(organisation, &digest, BlobSource::Bytes(bytes), PDF)
            .await?;
        Ok(KeptMain {
            file: KeptFile {
                name,
                digest,
                size_bytes,
                media_type: PDF,
            },
            pages_count,
            repaired_from: None,
        })
    }

    async fn write_draft(
        &self,
        order: &Order,
        basis: &Basis,
        kind: &Kind,
        (card, left_out): (&Card, &[String]),
        main: KeptMain,
    ) -> Result<(), AppError> {
        let now = self.now();
        let id = DocumentId::from(entropy::id(now));
        let title = basis.title(kind)?;
        let actor = Actor::system(basis.organisation.id.into());
        let person = basis.initiator();
        let tx = self.store.begin().await?;
        let draft = DraftOf {
            id,
            title: &title,
            card,
        };
        let row = draft_row(&actor, &person, kind, draft, now)?;
        let mut row = with_search_text(&tx, row).await?;
        store::documents::insert_document(&tx, row.clone()).await?;
        let origin = document_origins::Model {
            document_id: row.id,
            organisation_id: row.organisation_id,
            origin_id: basis.origin.id,
            run_id: basis.run.id,
            key: order.key.clone(),
            created_at: now.micros(),
        };
        match store::document_origins::insert(&tx, origin).await {
            // Another worker made it, whose lease had run out.
            Err(StoreError::Duplicate) => return Ok(tx.rollback().await?),
            written => written?,
        }
        made(&tx, &row, basis.origin.id, now).await?;
        let new = NewVersion {
            number: 1,
            main,
            attachments: Vec::new(),
            comment: None,
        };
        let organisation = row.organisation_id.into();
        let material = self.material_of_kind(&tx, organisation, kind).await?;
        let version = self
            .write_version(&tx, &person, &material, card, &row, new, now)
            .await?;
        row.current_version_id = Some(version.id);
        store::documents::update_document(&tx, &row).await?;
        let happening = audit::Happening::to("document.drafted", "document", id)
            .on_document(id)
            .at_version(&version.digest)
            .with(json!({
                "kind": row.kind,
                "title": row.title,
                "origin": basis.origin.id,
                "run": basis.run.id,
                "left_out": left_out,
            }));
        audit::append(&tx, &actor, now, happening).await?;
        tx.commit().await?;
        self.wake_jobs();
        Ok(())
    }

    /// What a document was drafted from, and what was drafted from it, as far as the actor may see
    /// these.
    ///
    /// # Errors
    ///
    /// [`AppError::Unavailable`].
    pub(crate) async fn relatives_of(
        &self,
        actor: &Actor,
        document: &documents::Model,
    ) -> Result<Relatives, AppError> {
        let (reader, organisation) = (self.store.reader(), document.organisation_id);
        let (origin, created) =
            store::document_origins::list_around(reader, organisation, document.id, LISTED_MAX)
                .await?;
        let mut relatives = Relatives::default();
        if let Some(row) = origin {
            relatives.origin = self.seen_as(actor, row.origin_id).await?;
        }
        for row in created {
            let Some(row) = self.seen_row(actor, row.document_id).await? else {
                continue;
            };
            relatives.created.push(Relative {
                whose_move: self.move_of(&row).await?,
                state: row.state.clone(),
                document: told(row),
            });
        }
        (relatives.waits, relatives.kinds) = self.waits_of(actor, document).await?;
        Ok(relatives)
    }

    /// A document by its title and number; nothing if the actor may not see it.
    pub(crate) async fn seen_as(
        &self,
        actor: &Actor,
        id: Uuid,
    ) -> Result<Option<Duplicate>, AppError> {
        Ok(self.seen_row(actor, id).await?.map(told))
    }

    async fn seen_row(
        &self,
        actor: &Actor,
        id: Uuid,
    ) -> Result<Option<documents::Model>, AppError> {
        let reader = self.store.reader();
        let row = store::documents::find_document(reader, actor.organisation.uuid(), id).await?;
        let Some(row) = row else {
            return Ok(None);
        };
        let facts = facts_of(reader, &row, self.now()).await?;
        let seen = decide(actor, Action::SeeDocument, &Resource::Document(facts));
        Ok((seen == Decision::Allowed).then_some(row))
    }
}

fn told(row: documents::Model) -> Duplicate {
    Duplicate {
        id: row.id.into(),
        title: row.title,
        registration_number: row.registration_number,
    }
}

impl Basis {
    /// The language of the draft: its initiator's.
    fn locale(&self) -> Locale {
        let own = self.initiator.locale.as_deref();
        let code = own.unwrap_or(&self.organisation.locale);
        Locale::from_code(code).unwrap_or_default()
    }

    fn initiator(&self) -> PersonActor {
        PersonActor {
            id: self.initiator.id.into(),
            name: self.initiator.name.clone(),
            department: self.initiator.department_id.map(Into::into),
            roles: Vec::new(),
            heads: Vec::new(),
            scopes: None,
            token: None,
        }
    }

    /// What kind it is, and of what: cut where it is longer than a title may be.
    fn title(&self, kind: &Kind) -> Result<Title, AppError> {
        let locale = self.locale();
        let text = t(
            locale,
            "created-title",
            &[
                ("kind", kind.title(locale).into()),
                ("origin", self.origin.title.as_str().into()),
            ],
        );
        // As many characters are never more graphemes.
        let cut: String = text.chars().take(Title::GRAPHEMES_MAX).collect();
        Title::new(cut.trim()).map_err(|error| AppError::Internal(error.into()))
    }
}
