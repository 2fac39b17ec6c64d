//! The proof of a signature as its signer takes it away: the same by page and by call. And the
//! signatures that stand in no file.

use actix_web::web::{Data, Path, Query};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use chancery_workflow::SignatureForm;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::visitor::Visitor;
use crate::app::links::files::{BesidePart, LinkProof};
use crate::app::links::visit::Visit;
use crate::app::signing::copies::{CopyCause, CopyState};
use crate::app::signing::detached::BesideSignature;
use crate::app::signing::list::pem;
use crate::app::{App, AppError};
use crate::web::Answer;
use crate::web::pages::documents::detached::FormParameters;
use crate::web::pages::documents::files::download;

/// What is known about a signature of the link's reader.
#[derive(Debug, Serialize, ToSchema)]
pub struct EvidenceView {
    /// When it was made, RFC 3339.
    pub signed_at: String,
    /// Whether everybody has signed.
    pub is_complete: bool,
    /// The document's state: `in_run`, `effective`, …
    pub document_state: String,
    /// `embedded` in the signed copy, or `detached`: a file of its own.
    pub form: &'static str,
    /// Which of `detached_signatures` it is, if it is a file of its own.
    pub detached_id: Option<Uuid>,
    /// SHA-256 of the signed copy as it is now, or of the file that a detached signature is over;
    /// hexadecimal.
    pub copy_sha256: String,
    /// What the signed copy was and is, oldest first; empty if nobody signed in the file.
    pub copies: Vec<CopyEvidence>,
    /// The certificate's serial number, hexadecimal.
    pub certificate_serial: String,
    /// SHA-256 of the public key, hexadecimal.
    pub key_sha256: String,
    /// The certificate, PEM.
    pub certificate: String,
    /// What was written down about the moment of signing.
    #[schema(value_type = Object)]
    pub evidence: serde_json::Value,
    /// How many signatures were made here in the signed copy.
    pub signatures_inside: u64,
    /// The signatures of the same version that are files of their own, oldest first.
    pub detached_signatures: Vec<DetachedEvidence>,
}

/// A state of the signed copy. Each begins with every byte of the one before, so an earlier one
/// stays good.
#[derive(Debug, Serialize, ToSchema)]
pub struct CopyEvidence {
    /// SHA-256 of it, hexadecimal.
    pub sha256: String,
    /// Since when, RFC 3339.
    pub since: String,
    /// Why its digest is another one than before: `signed`, or `extended` by evidence and a
    /// timestamp that keep its signatures provable.
    pub because: &'static str,
    /// Who signed, where somebody did.
    pub signer_name: Option<String>,
    /// Its level since, where it was extended: `B-LT`, `B-LTA`.
    pub level: Option<String>,
    /// How many signatures that were made here it holds.
    pub signatures_inside: usize,
}

impl CopyEvidence {
    /// Of a state.
    #[must_use]
    pub fn of(state: CopyState) -> Self {
        let (because, signer_name, level) = match state.cause {
            CopyCause::Signed { signer } => ("signed", Some(signer), None),
            CopyCause::Extended { level } => ("extended", None, Some(level)),
        };
        Self {
            sha256: state.digest,
            since: state.at.to_string(),
            because,
            signer_name,
            level,
            signatures_inside: state.signatures_count,
        }
    }
}

/// A detached signature of the version, to be checked with the file that it is over.
#[derive(Debug, Serialize, ToSchema)]
pub struct DetachedEvidence {
    /// The signature.
    pub id: Uuid,
    /// Whom its certificates name.
    pub signer_name: String,
    /// When it came, RFC 3339.
    pub received_at: String,
    /// The name of its file.
    pub name: String,
    /// SHA-256 of its file, hexadecimal.
    pub sha256: String,
    /// The size of its file in bytes.
    pub size_bytes: i64,
    /// Its file, CMS, in Base64; nothing where all of them together are larger than 16 MB.
    pub content: Option<String>,
    /// The name of the file that it is over.
    pub covered_name: String,
    /// SHA-256 of that file, hexadecimal.
    pub covered_sha256: String,
}

impl DetachedEvidence {
    /// Of a signature, with its file if it stands in the evidence.
    #[must_use]
    pub fn of(one: BesideSignature, content: Option<&[u8]>) -> Self {
        Self {
            id: one.id,
            signer_name: one.signer_name,
            received_at: one.received_at.to_string(),
            name: one.now.name,
            sha256: one.now.digest,
            size_bytes: one.now.size_bytes,
            content: content.map(|bytes| STANDARD.encode(bytes)),
            covered_name: one.covered.name,
            covered_sha256: one.covered.digest,
        }
    }
}

impl EvidenceView {
    /// Of the signature that was made through the link of a visit.
    ///
    /// # Errors
    ///
    /// [`AppError::Hidden`] unless the link ended so and its visit was verified.
    pub async fn of(app: &App, visit: &Visit) -> Result<Self, AppError> {
        let proof = app.link_proof(visit).await?.ok_or(AppError::Hidden)?;
        let organisation = visit.link.organisation_id.into();
        let contents = app.bytes_beside(organisation, &proof.beside).await?;
        Ok(Self::with(proof, &contents))
    }

    fn with(proof: LinkProof, contents: &[Option<Bytes>]) -> Self {
        let beside = proof.beside.into_iter().zip(contents);
        Self {
            detached_signatures: beside
                .map(|(one, content)| DetachedEvidence::of(one, content.as_deref()))
                .collect(),
            signatures_inside: proof.inside_count,
            signed_at: proof.signed_at.to_string(),
            is_complete: proof.is_complete,
            document_state: proof.document_state,
            form: match proof.own {
                Some(_) => SignatureForm::Detached.code(),
                None => SignatureForm::Embedded.code(),
            },
            detached_id: proof.own.map(|own| own.id),
            copy_sha256: proof.file.digest,
            copies: proof.copies.into_iter().map(CopyEvidence::of).collect(),
            certificate_serial: proof.serial,
            key_sha256: proof.key_digest,
            certificate: pem(&proof.certificate),
            evidence: proof.evidence,
        }
    }
}

/// `GET /s/detached/{signature}`: a detached signature of the version, to be saved.
pub async fn get_detached(
    app: Data<App>,
    visitor: Visitor,
    id: Path<Uuid>,
    query: Query<FormParameters>,
) -> Answer {
    let part = BesidePart::Signature(query.form()?);
    let file = app.link_beside_file(&visitor.visit, *id, part).await?;
    Ok(download(file))
}

/// `GET /s/detached/{signature}/file`: the file that it is over.
pub async fn get_covered(app: Data<App>, visitor: Visitor, id: Path<Uuid>) -> Answer {
    let part = BesidePart::Covered;
    let file = app.link_beside_file(&visitor.visit, *id, part).await?;
    Ok(download(file))
}
