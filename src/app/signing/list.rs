//! What a document's page shows of its signatures and of the questions asked through links.

use std::collections::BTreeMap;

use chancery_types::Instant;
use chancery_types::id::OrganisationId;
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _};
use sea_orm::{QueryOrder as _, QuerySelect as _};
use uuid::Uuid;

use crate::app::documents::facts_of;
use crate::app::links::files::signed_name;
use crate::app::versions::FileToServe;
use crate::app::{App, AppError, allow};
use crate::domain::access::{self, Action, Resource};
use crate::domain::actor::Actor;
use crate::store;
use crate::store::entity::{
    authority_keys, certificates, contacts, documents, links, questions, signatures, signed_copies,
    versions,
};

/// Most links, and most questions, that are shown.
pub const ROWS_MAX: u64 = 200;

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
    /// Whom an outside key's certificate names; nothing for ours, which names the signer.
    pub certificate_name: Option<String>,
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
    /// Links, newest first, at most [`ROWS_MAX`].
    pub links: Vec<LinkRow>,
    /// Whether there are older links.
    pub has_more_links: bool,
    /// Questions, newest first, at most [`ROWS_MAX`].
    pub questions: Vec<QuestionRow>,
    /// Whether there are older questions.
    pub has_more_questions: bool,
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
        let document = visible(connection, actor, document_id, self.now()).await?;
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
        let rows = signatures::Entity::find()
            .filter(signatures::Column::DocumentId.eq(document.id))
            .order_by_asc(signatures::Column::SignedAt)
            .all(connection)
            .await?;
        let mut certified = certificates_of(connection, &document, &rows).await?;
        let signatures = rows.into_iter().map(|signature| {
            let known = certified.remove(&signature.id).unwrap_or_default();
            SignatureRow {
                version_number: number(signature.version_id),
                serial: known.serial,
                key_digest: known.key_digest,
                certificate_name: known.outside_name,
                signature,
            }
        });
        let ids: Vec<Uuid> = versions.iter().map(|version| version.id).collect();
        let copies = signed_copies::Entity::find()
            .filter(signed_copies::Column::VersionId.is_in(ids))
            .all(connection)
            .await?;
        let (links, has_more_links) = list_links(connection, &document).await?;
        let (questions, has_more_questions) = list_questions(connection, actor, &document).await?;
        Ok(DocumentSignatures {
            signatures: signatures.collect(),
            copies: copies
                .into_iter()
                .map(|copy| (number(copy.version_id), copy))
                .collect(),
            links,
            has_more_links,
            questions,
            has_more_questions,
        })
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
    ) -> Result<FileToServe, AppError> {
        let connection = self.store.reader();
        let document = visible(connection, actor, document_id, self.now()).await?;
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
        let name = signed_name(&version.main_name);
        let file = self.pdf_to_serve(actor, name, copy.digest).await?;
        self.note_file_of_signer(actor, &version).await?;
        Ok(file)
    }

    /// The organisation's root and issuing certificates as PEM: what others trust to check our
    /// signatures. An issuing certificate that its root revoked is none of them: beside the root's
    /// list it would still be believed by whoever takes it for an anchor.
    ///
    /// # Errors
    ///
    /// [`AppError::Hidden`] if the organisation has no authority: one is made with it, and at every
    /// start for those that lack one.
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
        let revoked = self.revoked_authorities().await?;
        let trusted = rows.iter().filter(|row| !revoked.contains(&row.id));
        Ok(trusted.map(|row| pem(&row.certificate)).collect())
    }
}

/// A certificate as text (RFC 7468, 5).
#[must_use]
pub fn pem(der: &[u8]) -> String {
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
    now: Instant,
) -> Result<documents::Model, AppError> {
    let document = documents::Entity::find_by_id(document_id)
        .filter(documents::Column::OrganisationId.eq(actor.organisation.uuid()))
        .one(connection)
        .await?
        .ok_or(AppError::Hidden)?;
    let facts = facts_of(connection, &document, now).await?;
    allow(access::decide(
        actor,
        Action::SeeDocument,
        &Resource::Document(facts),
    ))?;
    Ok(document)
}

/// What is shown of a signature's certificate.
#[derive(Default)]
struct Certified {
    serial: String,
    key_digest: String,
    outside_name: Option<String>,
}

/// The certificate of each signature, by the signature.
async fn certificates_of(
    connection: &impl ConnectionTrait,
    document: &documents::Model,
    rows: &[signatures::Model],
) -> Result<BTreeMap<Uuid, Certified>, AppError> {
    let ids: Vec<Uuid> = rows.iter().filter_map(|row| row.certificate_id).collect();
    let ours = certificates::Entity::find().filter(certificates::Column::Id.is_in(ids));
    let ours = ours.all(connection).await?;
    let outside = rows.iter().filter(|row| row.certificate_id.is_none());
    let outside = outside.map(|row| row.signing_id).collect();
    let organisation = document.organisation_id;
    let outside =
        store::outside_certificates::list_of_signings(connection, organisation, outside).await?;
    let certified = rows.iter().filter_map(|signature| {
        let own = ours
            .iter()
            .find(|row| Some(row.id) == signature.certificate_id);
        let own = own.map(|row| Certified {
            serial: row.serial.clone(),
            key_digest: row.key_digest.clone(),
            outside_name: None,
        });
        let presented = || {
            let mut all = outside.iter();
            let row = all.find(|row| row.signing_id == signature.signing_id)?;
            Some(Certified {
                serial: row.serial.clone(),
                key_digest: row.key_digest.clone(),
                outside_name: Some(row.name.clone()),
            })
        };
        Some((signature.id, own.or_else(presented)?))
    });
    Ok(certified.collect())
}

/// The newest rows that are shown, and whether there are more.
fn newest<T>(mut rows: Vec<T>) -> (Vec<T>, bool) {
    let max = usize::try_from(ROWS_MAX).unwrap_or(usize::MAX);
    let has_more = rows.len() > max;
    rows.truncate(max);
    (rows, has_more)
}

async fn list_links(
    connection: &impl ConnectionTrait,
    document: &documents::Model,
) -> Result<(Vec<LinkRow>, bool), AppError> {
    let rows = links::Entity::find()
        .filter(links::Column::DocumentId.eq(document.id))
        .order_by_desc(links::Column::CreatedAt)
        .order_by_desc(links::Column::Id)
        .limit(ROWS_MAX.saturating_add(1))
        .all(connection)
        .await?;
    let (rows, has_more) = newest(rows);
    let rows = rows.into_iter().map(|link| LinkRow {
        contact_name: link.contact_name.clone(),
        link,
    });
    Ok((rows.collect(), has_more))
}

async fn list_questions(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    document: &documents::Model,
) -> Result<(Vec<QuestionRow>, bool), AppError> {
    let own = actor
        .person()
        .is_some_and(|person| person.id.uuid() == document.initiator_id);
    let rows = questions::Entity::find()
        .filter(questions::Column::DocumentId.eq(document.id))
        .order_by_desc(questions::Column::AskedAt)
        .order_by_desc(questions::Column::Id)
        .limit(ROWS_MAX.saturating_add(1))
        .all(connection)
        .await?;
    let (rows, has_more) = newest(rows);
    let ids: Vec<Uuid> = rows.iter().map(|row| row.contact_id).collect();
    let names = contacts::Entity::find().filter(contacts::Column::Id.is_in(ids));
    let names = names.all(connection).await?.into_iter();
    let names: BTreeMap<Uuid, String> = names.map(|row| (row.id, row.name)).collect();
    let rows = rows.into_iter().map(|question| QuestionRow {
        contact_name: names.get(&question.contact_id).cloned().unwrap_or_default(),
        can_answer: own && question.answered_at.is_none(),
        question,
    });
    Ok((rows.collect(), has_more))
}

impl SignatureRow {
    /// When it was made.
    #[must_use]
    pub const fn signed_at(&self) -> Instant {
        Instant::from_micros(self.signature.signed_at)
    }
}
