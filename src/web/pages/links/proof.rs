//! The proof of a signature as its signer takes it away: the same by page and by call.

use serde::Serialize;
use utoipa::ToSchema;

use crate::app::links::files::LinkProof;
use crate::app::signing::list::pem;

/// What is known about a signature of the link's reader.
#[derive(Debug, Serialize, ToSchema)]
pub struct EvidenceView {
    /// When it was made, RFC 3339.
    pub signed_at: String,
    /// Whether everybody has signed.
    pub is_complete: bool,
    /// The document's state: `in_run`, `effective`, …
    pub document_state: String,
    /// SHA-256 of the signed copy as it is now, hexadecimal.
    pub copy_sha256: String,
    /// The certificate's serial number, hexadecimal.
    pub certificate_serial: String,
    /// SHA-256 of the public key, hexadecimal.
    pub key_sha256: String,
    /// The certificate, PEM.
    pub certificate: String,
    /// What was written down about the moment of signing.
    #[schema(value_type = Object)]
    pub evidence: serde_json::Value,
}

impl From<LinkProof> for EvidenceView {
    fn from(proof: LinkProof) -> Self {
        Self {
            signed_at: proof.signed_at.to_string(),
            is_complete: proof.is_complete,
            document_state: proof.document_state,
            copy_sha256: proof.digest,
            certificate_serial: proof.serial,
            key_sha256: proof.key_digest,
            certificate: pem(&proof.certificate),
            evidence: proof.evidence,
        }
    }
}
