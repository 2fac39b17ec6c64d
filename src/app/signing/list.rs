//! What a document's page shows of its signatures and of the questions asked through links.

use bytes::Bytes;
use chancery_types::id::OrganisationId;
use chancery_types::{Digest, Instant};
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _};
use sea_orm::{QueryOrder as _, QuerySelect as _};
use uuid::Uuid;

use crate::app::documents::facts_of;
use crate::app::links::files::signed_name;
use crate::app::{App, AppError, allow};
use crate::domain::access::{self, Action, Resource};
use crate::domain::actor::Actor;
use crate::store::entity::{
    authority_keys, certificates, contacts, documents, links, questions, signatures, signed_copies,
    versions,
};

/// Most rows shown of each list.
const ROWS_MAX: u64 = 200;

/// A signature on one of a document's versions.
#[derive(Clone, Debug)]
pub struct SignatureRow {
    /// The row.
    pub signature: signatures::Model,
    /// The version's number.
    pub version_number: i64,
    /// The serial number of its certificate.
    pub serial: String,
    /// SHA-256 of the signer's public key.
    pub key_digest: String,
}

/// A link of a document, without anything that opens it.
#[derive(Clone, Debug)]
pub struct LinkRow {
    /// The link.
    pub link: links::Model,
    /// Whom it was sent to.
    pub contact_name: String,
}

/// A question with who asked.
#[derive(Clone, Debug)]
pub struct QuestionRow {
    /// The question.
    pub question: questions::Model,
    /// Who asked.
    pub contact_name: String,
    /// Whether this reader may answer it.
    pub can_answer: bool,
}

/// Everything about signing that a document's page shows.
#[derive(Clone, Debug, Default)]
pub struct DocumentSignatures {
    /// Signatures, oldest first.
    pub signatures: Vec<SignatureRow>,
    /// Signed copies by version number.
    pub copies: Vec<(i64, signed_copies::Model)>,
    /// Links, newest first.
    pub links: Vec<LinkRow>,
    /// Questions, newest first.
    pub questions: Vec<QuestionRow>,
}

impl App {
    /// The signatures, signed copies, links and questions of a document.
    ///
    /// # Errors
    ///
    /// [`AppError::Hidden`] if the actor may not see the document.
    pub async fn document_signatures(
        &self,
        actor: &Actor,
        document_id: Uuid,
    ) -> Result<DocumentSignatures, AppError> {
        let connection = self.store.reader();
        let document = visible(connection, actor, document_id).await?;
        let versions = versions::Entity::find()
            .filter(versions::Column::DocumentId.eq(document.id))
            .all(connection)
            .await?;
        let number = |id: Uuid| {
            versions
                .iter()
                .find(|version| version.id == id)
                .map_or(0, |version| version.number)
        };
        let mut found = DocumentSignatures::default();
        let rows = signatures::Entity::find()
            .filter(signatures::Column::DocumentId.eq(document.id))
            .order_by_asc(signatures::Column::SignedAt)
            .limit(ROWS_MAX)
            .all(connection)
            .await?;
        for signature in rows {
            let certificate = certificates::Entity::find_by_id(signature.certificate_id);
            let certificate = certificate.one(connection).await?;
            found.signatures.push(SignatureRow {
                version_number: number(signature.version_id),
                serial: certificate
                    .as_ref()
                    .map(|row| row.serial.clone())
                    .unwrap_or_default(),
                key_digest: certificate.map(|row| row.key_digest).unwrap_or_default(),
                signature,
            });
        }
        let ids: Vec<Uuid> = versions.iter().map(|version| version.id).collect();
        let copies = signed_copies::Entity::find()
            .filter(signed_copies::Column::VersionId.is_in(ids))
            .all(connection)
            .await?;
        found.copies = copies
            .into_iter()
            .map(|copy| (number(copy.version_id), copy))
            .collect();
        found.links = list_links(connection, &document).await?;
        found.questions = list_questions(connection, actor, &document).await?;
        Ok(found)
    }

    /// The signed copy of a version (by number), with a file name.
    ///
    /// # Errors
    ///
    /// [`AppError::Hidden`] if the actor may not see the document or nothing is signed.
    pub async fn signed_copy(
        &self,
        actor: &Actor,
        document_id: Uuid,
        version_number: i64,
    ) -> Result<(String, Bytes), AppError> {
        let connection = self.store.reader();
        let document = visible(connection, actor, document_id).await?;
        let version = versions::Entity::find()
            .filter(versions::Column::DocumentId.eq(document.id))
            .filter(versions::Column::Number.eq(version_number))
            .one(connection)
            .await?
            .ok_or(AppError::Hidden)?;
        let copy = signed_copies::Entity::find_by_id(version.id)
            .one(connection)
            .await?;
        let copy = copy.ok_or(AppError::Hidden)?;
        let digest: Digest = copy
            .digest
            .parse()
            .map_err(|_| AppError::internal("a signed copy's digest is not a digest"))?;
        let file = self.blobs.get(actor.organisation, &digest).await?;
        Ok((signed_name(&version.main_name), file))
    }

    /// The organisation's root and issuing certificates as PEM: what others trust to check our
    /// signatures.
    ///
    /// # Errors
    ///
    /// [`AppError::Hidden`] until something was signed: the authority is made with the first
    /// signature.
    pub async fn anchors_pem(&self, organisation: OrganisationId) -> Result<String, AppError> {
        let rows = authority_keys::Entity::find()
            .filter(authority_keys::Column::OrganisationId.eq(organisation.uuid()))
            .filter(authority_keys::Column::Purpose.is_in(["root", "issuing"]))
            .order_by_asc(authority_keys::Column::CreatedAt)
            .all(self.store.reader())
            .await?;
        if rows.is_empty() {
            return Err(AppError::Hidden);
        }
        Ok(rows.iter().map(|row| pem(&row.certificate)).collect())
    }
}

/// A certificate as text (RFC 7468, 5).
fn pem(der: &[u8]) -> String {
    use base64::Engine as _;
    let encoded = base64::engine::general_purpose::STANDARD.encode(der);
    let mut text = String::from("-----BEGIN CERTIFICATE-----\n");
    for line in encoded.as_bytes().chunks(64) {
        text.push_str(&String::from_utf8_lossy(line));
        text.push('\n');
    }
    text.push_str("-----END CERTIFICATE-----\n");
    text
}

async fn visible(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    document_id: Uuid,
) -> Result<documents::Model, AppError> {
    let document = documents::Entity::find_by_id(document_id)
        .filter(documents::Column::OrganisationId.eq(actor.organisation.uuid()))
        .one(connection)
        .await?
        .ok_or(AppError::Hidden)?;
    let facts = facts_of(connection, &document).await?;
    allow(access::decide(
        actor,
        Action::SeeDocument,
        &Resource::Document(facts),
    ))?;
    Ok(document)
}

async fn contact_name(
    connection: &impl ConnectionTrait,
    contact: Uuid,
) -> Result<String, AppError> {
    let found = contacts::Entity::find_by_id(contact)
        .one(connection)
        .await?;
    Ok(found.map(|contact| contact.name).unwrap_or_default())
}

async fn list_links(
    connection: &impl ConnectionTrait,
    document: &documents::Model,
) -> Result<Vec<LinkRow>, AppError> {
    let rows = links::Entity::find()
        .filter(links::Column::DocumentId.eq(document.id))
        .order_by_desc(links::Column::CreatedAt)
        .limit(ROWS_MAX)
        .all(connection)
        .await?;
    let mut found = Vec::with_capacity(rows.len());
    for link in rows {
        let contact_name = contact_name(connection, link.contact_id).await?;
        found.push(LinkRow { link, contact_name });
    }
    Ok(found)
}

async fn list_questions(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    document: &documents::Model,
) -> Result<Vec<QuestionRow>, AppError> {
    let own = actor
        .person()
        .is_some_and(|person| person.id.uuid() == document.initiator_id);
    let rows = questions::Entity::find()
        .filter(questions::Column::DocumentId.eq(document.id))
        .order_by_desc(questions::Column::AskedAt)
        .limit(ROWS_MAX)
        .all(connection)
        .await?;
    let mut found = Vec::with_capacity(rows.len());
    for question in rows {
        found.push(QuestionRow {
            contact_name: contact_name(connection, question.contact_id).await?,
            can_answer: own && question.answered_at.is_none(),
            question,
        });
    }
    Ok(found)
}

impl SignatureRow {
    /// When it was made.
    #[must_use]
    pub const fn signed_at(&self) -> Instant {
        Instant::from_micros(self.signature.signed_at)
    }
}
