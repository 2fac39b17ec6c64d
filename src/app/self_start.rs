//! Runs that start by themselves: `start: { event: document_brought }` of a workflow.
//!
//! The order is a row of `jobs`, written with the document that was brought. The job starts the run
//! in the name of whoever brought it: they are its initiator and decide nothing in it. Where the
//! rules say no, nothing is done by halves: the document stays a draft, and its initiator is told
//! why. A draft that was changed or started meanwhile is in its initiator's hands and left to them.

use chancery_types::id::OrganisationId;
use chancery_types::{Instant, Locale};
use chancery_workflow::{Refusal, StartEvent};
use sea_orm::ConnectionTrait;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::app::directory::load_directory_for;
use crate::app::error::args_for;
use crate::app::outbox::{self, Letter, MailKind, MailTo};
use crate::app::runs::{current_version, engine_version};
use crate::app::work::{Progress, enqueue_job};
use crate::app::{App, AppError, audit};
use crate::domain::actor::{Actor, Origin, PersonActor, Who};
use crate::i18n;
use crate::store;
use crate::store::entity::{documents, organisations, people, versions};

/// The job that starts a run.
pub const KIND: &str = "start_run";

/// A run that is to start by itself, as the job keeps it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Order {
    document_id: Uuid,
    /// What was brought: another version is another matter.
    version_id: Uuid,
}

/// By what a run starts.
#[derive(Clone, Copy, Debug)]
pub(in crate::app) enum StartsBy {
    /// Somebody starts it.
    Hand,
    /// It starts by itself, of this version and no other.
    Itself {
        /// What happened.
        event: StartEvent,
        /// The version that was brought.
        version_id: Uuid,
    },
}

impl StartsBy {
    /// Whether the draft is what the run was to start of.
    pub(in crate::app) fn is_of(self, document: &documents::Model) -> bool {
        let is_brought = match self {
            Self::Hand => true,
            Self::Itself { version_id, .. } => document.current_version_id == Some(version_id),
        };
        document.state == "draft" && is_brought
    }
}

/// Why a run that was to start by itself did not.
enum NotStarted {
    /// Its workflow's condition cannot be answered.
    Unclear(Refusal),
    /// What a person who started it would be told.
    Refused(AppError),
}

impl NotStarted {
    const fn code(&self) -> &'static str {
        match self {
            Self::Unclear(refusal) => refusal.code(),
            Self::Refused(AppError::Refused { code, .. }) => code,
            Self::Refused(_) => "denied",
        }
    }

    /// What, where, what to do.
    fn text(&self, locale: Locale) -> String {
        match self {
            Self::Unclear(refusal) => refusal.text(locale),
            Self::Refused(AppError::Refused { code, args }) => {
                i18n::t_named(locale, &format!("problem-{code}"), args_for(args, locale))
            }
            Self::Refused(_) => i18n::t(locale, "problem-denied", &[]),
        }
    }
}

impl App {
    /// Writes down, in the transaction that brings a document, that its run is to start by itself,
    /// if its workflow says so. Whether it is for this document the job asks.
    ///
    /// # Errors
    ///
    /// [`AppError::Unavailable`].
    pub(in crate::app) async fn order_start(
        &self,
        tx: &impl ConnectionTrait,
        document: &documents::Model,
        version: &versions::Model,
        now: Instant,
    ) -> Result<(), AppError> {
        let organisation = document.organisation_id.into();
        let chain = match self.chain_for(tx, organisation, &document.kind).await {
            Ok(chain) => chain,
            // A workflow that nothing starts by, or that does not fit, hinders no draft.
            Err(AppError::Refused { .. }) => return Ok(()),
            Err(other) => return Err(other),
        };
        if chain.definition.self_start().is_none() {
            return Ok(());
        }
        let order = Order {
            document_id: document.id,
            version_id: version.id,
        };
        let payload =
            serde_json::to_value(&order).map_err(|error| AppError::Internal(error.into()))?;
        let key = format!("start:{}", document.id);
        enqueue_job(tx, organisation, now, KIND, key, &payload).await
    }

    /// Starts a run that was ordered, if the workflow says so and nobody did meanwhile: the job of
    /// [`KIND`]. If it cannot start, its initiator is told.
    ///
    /// # Errors
    ///
    /// [`AppError::Stale`] if somebody changes the document at the same moment;
    /// [`AppError::Unavailable`].
    pub async fn start_ordered(
        &self,
        organisation: OrganisationId,
        payload: &Value,
    ) -> Result<Progress, AppError> {
        let order: Order = serde_json::from_value(payload.clone())
            .map_err(|error| AppError::Internal(error.into()))?;
        let reader = self.store.reader();
        let document =
            store::documents::find_document(reader, organisation.uuid(), order.document_id).await?;
        let Some(document) = document else {
            return Ok(Progress::Finished);
        };
        let initiator =
            store::people::load(reader, organisation.uuid(), document.initiator_id).await?;
        match self.try_to_start(&order, &document, &initiator).await {
            Ok(None) => {}
            Ok(Some(why)) => self.tell_not_started(&document, &initiator, &why).await?,
            Err(AppError::Refused {
                code: "document-not-draft",
                ..
            }) => {}
            Err(error @ (AppError::Refused { .. } | AppError::Denied)) => {
                let why = NotStarted::Refused(error);
                self.tell_not_started(&document, &initiator, &why).await?;
            }
            Err(other) => return Err(other),
        }
        Ok(Progress::Finished)
    }

    /// Starts the run, if it is to start; why not, if the condition has no answer.
    async fn try_to_start(
        &self,
        order: &Order,
        document: &documents::Model,
        initiator: &people::Model,
    ) -> Result<Option<NotStarted>, AppError> {
        let organisation = OrganisationId::from(document.organisation_id);
        let reader = self.store.reader();
        let chain = self.chain_for(reader, organisation, &document.kind).await?;
        let definition = &chain.definition;
        let Some(own) = definition.self_start() else {
            return Ok(None);
        };
        let by = StartsBy::Itself {
            event: own.event,
            version_id: order.version_id,
        };
        if !by.is_of(document) {
            return Ok(None);
        }
        let (version, card) = engine_version(&current_version(reader, document).await?)?;
        let directory = load_directory_for(reader, organisation, definition, self.now()).await?;
        match own.is_for(&card, &version, initiator.id.into(), &directory) {
            Ok(false) => Ok(None),
            Err(refusal) => Ok(Some(NotStarted::Unclear(refusal))),
            Ok(true) => {
                let actor = in_their_name(initiator);
                let started = self.start_run_by(&actor, document.id.into(), by).await;
                started.map(|_| None)
            }
        }
    }

    /// One letter and one event, however often the job runs.
    async fn tell_not_started(
        &self,
        document: &documents::Model,
        initiator: &people::Model,
        why: &NotStarted,
    ) -> Result<(), AppError> {
        let now = self.now();
        let organisation = document.organisation_id;
        let key = format!("n:{}:not-started", document.id);
        let tx = self.store.begin().await?;
        if outbox::is_written(&tx, organisation, &key).await? {
            return Ok(tx.rollback().await?);
        }
        let house = store::organisations::load(&tx, organisation).await?;
        // Whoever's access was taken away is told nothing of documents any more.
        if initiator.state != "disabled" {
            let letter = self.not_started_letter(&house, document, initiator, why, key);
            outbox::enqueue(&tx, self, organisation, now, letter).await?;
        }
        let happening = audit::Happening::to("document.not_started", "document", document.id)
            .on_document(document.id)
            .with(json!({ "code": why.code(), "reason": why.text(house_locale(&house)) }));
        let actor = Actor::system(organisation.into());
        audit::append(&tx, &actor, now, happening).await?;
        tx.commit().await?;
        self.wake_jobs();
        Ok(())
    }

    fn not_started_letter(
        &self,
        house: &organisations::Model,
        document: &documents::Model,
        initiator: &people::Model,
        why: &NotStarted,
        key: String,
    ) -> Letter {
        let to = MailTo::of_person(house, initiator);
        let payload = json!({
            "organisation_name": house.name,
            "time_zone": house.time_zone,
            "document_title": document.title,
            "url": self.url(&format!("/documents/{}", document.id)),
            "why": why.text(to.locale),
        });
        Letter {
            key,
            kind: MailKind::NotStarted,
            to,
            document_id: Some(document.id),
            payload,
            secret: None,
        }
    }
}

fn house_locale(house: &organisations::Model) -> Locale {
    Locale::from_code(&house.locale).unwrap_or_default()
}

/// The initiator, as whom the run starts: what others hold or head gives them nothing here.
fn in_their_name(initiator: &people::Model) -> Actor {
    let person = PersonActor {
        id: initiator.id.into(),
        name: initiator.name.clone(),
        department: initiator.department_id.map(Into::into),
        roles: Vec::new(),
        heads: Vec::new(),
        scopes: None,
        token: None,
    };
    Actor {
        organisation: initiator.organisation_id.into(),
        who: Who::Person(person),
        locale: Locale::default(),
        origin: Origin::default(),
    }
}
