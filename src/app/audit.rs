//! Every change leaves exactly one audit event, in the transaction of the change.

use chancery_types::{Digest, Instant};
use sea_orm::ActiveValue::Set;
use sea_orm::{ActiveModelTrait as _, ConnectionTrait};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::app::AppError;
use crate::domain::actor::Actor;
use crate::domain::audit_actions;
use crate::store::entity::audit_events;
use crate::{entropy, store};

/// What happened, beside who and when.
#[derive(Clone, Debug)]
pub struct Happening {
    /// One of [`audit_actions::ALL`]: `document.created`, `task.decided`.
    pub action: &'static str,
    /// The noun of the subject: `document`, `person`.
    pub subject_kind: &'static str,
    /// The subject.
    pub subject_id: Uuid,
    /// The document concerned, so that its history shows the event.
    pub document_id: Option<Uuid>,
    /// The digest of the version concerned.
    pub version_digest: Option<String>,
    /// Values that a reader of the history needs. No secret, no file content.
    pub details: Value,
}

impl Happening {
    /// Something that happened to a subject outside documents.
    #[must_use]
    pub fn to(
        action: &'static str,
        subject_kind: &'static str,
        subject_id: impl Into<Uuid>,
    ) -> Self {
        Self {
            action,
            subject_kind,
            subject_id: subject_id.into(),
            document_id: None,
            version_digest: None,
            details: json!({}),
        }
    }

    /// … that belongs to a document's history.
    #[must_use]
    pub fn on_document(mut self, document: impl Into<Uuid>) -> Self {
        self.document_id = Some(document.into());
        self
    }

    /// … concerning a version.
    #[must_use]
    pub fn at_version(mut self, digest: &str) -> Self {
        self.version_digest = Some(digest.to_owned());
        self
    }

    /// … with values.
    #[must_use]
    pub fn with(mut self, details: Value) -> Self {
        self.details = details;
        self
    }
}

/// Appends one event, and marks the key of a request that may be repeated as done: in one
/// transaction with the change, so that a crash never lets it be made twice. The canonical bytes
/// are what the Merkle log will hash: they never change.
///
/// # Errors
///
/// [`AppError::Unavailable`] if the database fails; [`AppError::Internal`] for an action that is
/// not in [`audit_actions::ALL`], for which no page would have words; [`AppError::Refused`]
/// `idempotency-key-in-use` if a later request took the key over meanwhile: one of them changes.
pub async fn append(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    now: Instant,
    happening: Happening,
) -> Result<Uuid, AppError> {
    if !audit_actions::is_known(happening.action) {
        let why = format!("`{}` is no audit action", happening.action);
        return Err(AppError::internal(why));
    }
    let (actor_kind, actor_id, actor_name) = actor.for_audit();
    let id = entropy::id(now);
    let details = happening.details.to_string();
    let optional = |id: Option<Uuid>| id.map(|id| id.to_string()).unwrap_or_default();
    let micros = now.micros().to_string();
    let leaf = chancery_ledger::Leaf::new([
        ("id", id.to_string().as_str()),
        ("organisation", &actor.organisation.to_string()),
        ("at", &micros),
        ("actor_kind", actor_kind),
        ("actor_id", &optional(actor_id)),
        ("actor_name", &actor_name),
        ("action", happening.action),
        ("subject_kind", happening.subject_kind),
        ("subject_id", &happening.subject_id.to_string()),
        ("document_id", &optional(happening.document_id)),
        (
            "version_digest",
            happening.version_digest.as_deref().unwrap_or(""),
        ),
        ("address", actor.origin.address.as_deref().unwrap_or("")),
        (
            "request_id",
            actor.origin.request_id.as_deref().unwrap_or(""),
        ),
        ("details", &details),
    ]);
    let canonical = leaf.canonical_bytes().to_vec();
    let leaf_hash = Digest::from_bytes(chancery_ledger::leaf_hash(&canonical)).hex();
    let row = audit_events::ActiveModel {
        id: Set(id),
        organisation_id: Set(actor.organisation.uuid()),
        at: Set(now.micros()),
        actor_kind: Set(actor_kind.to_owned()),
        actor_id: Set(actor_id),
        actor_name: Set(actor_name),
        action: Set(happening.action.to_owned()),
        subject_kind: Set(happening.subject_kind.to_owned()),
        subject_id: Set(happening.subject_id),
        document_id: Set(happening.document_id),
        version_digest: Set(happening.version_digest),
        address: Set(actor.origin.address.clone()),
        request_id: Set(actor.origin.request_id.clone()),
        details: Set(details),
        canonical: Set(canonical),
        leaf_hash: Set(leaf_hash),
    };
    row.insert(connection).await?;
    if let Some(repeat) = &actor.origin.repeat {
        let organisation = actor.organisation.uuid();
        let (owner, key, begun_at) = (repeat.owner, repeat.key.as_str(), repeat.begun_at);
        let marked =
            store::idempotency::mark_done(connection, organisation, owner, key, begun_at, id)
                .await?;
        if !marked {
            return Err(AppError::refused("idempotency-key-in-use"));
        }
    }
    Ok(id)
}
