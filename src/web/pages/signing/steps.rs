//! The two steps of a signature by a key that is elsewhere: what is to be signed is given out, and
//! the value comes back. The same for the page's script and for calls.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chancery_workflow::SignatureForm;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::app::signing::{CompletedSignature, PreparedSignature, SignerKey};
use crate::app::{App, AppError};
use crate::domain::actor::Actor;

/// The body of the script's first call.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PrepareBody {
    /// The public key: SubjectPublicKeyInfo (DER) in base64.
    pub spki: String,
}

/// What the script is to sign, and how to check it.
#[derive(Debug, Serialize, ToSchema)]
pub struct PreparedView {
    /// To complete it with.
    pub signing_id: Uuid,
    /// `embedded` in the file, or `detached`: a file of its own beside it.
    pub form: &'static str,
    /// The prepared file; for a detached signature, the file that it is over, as it is.
    pub file_url: String,
    /// SHA-256 of all of it, with the hole still empty; hexadecimal.
    pub prepared_sha256: String,
    /// `[0, a, b, c]` over that file; `[0, n, n, 0]` for all of its `n` bytes.
    pub byte_range: [u64; 4],
    /// The digest of those bytes, hexadecimal.
    pub content_digest: String,
    /// DER of the attributes to sign, in base64.
    pub signed_attributes: String,
    /// The certificate issued for the key, DER in base64.
    pub certificate: String,
    /// Until when it can be completed, RFC 3339.
    pub expires_at: String,
}

/// The body of the script's second call.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CompleteBody {
    /// From the first call.
    pub signing_id: Uuid,
    /// The value over the attributes: ECDSA as r ‖ s or DER, Ed25519 as 64 bytes; base64.
    pub signature: String,
}

/// Where to go once the signature is stored.
#[derive(Debug, Serialize, ToSchema)]
pub struct CompletedView {
    /// The page that says so.
    pub location: String,
    /// The signature.
    pub signature_id: Uuid,
    /// `embedded` in the signed copy, or `detached`: a file of its own.
    pub form: &'static str,
    /// SHA-256 of the signed copy, or of the file that a detached signature is over; hexadecimal.
    pub copy_sha256: String,
}

impl CompletedView {
    /// Of a signature, with the place that says so.
    #[must_use]
    pub fn at(location: &str, done: &CompletedSignature) -> Self {
        Self {
            location: location.to_owned(),
            signature_id: done.id.uuid(),
            form: done.form.code(),
            copy_sha256: done.copy_digest.clone(),
        }
    }
}

/// The page of the document where a signature that was just made is found.
#[must_use]
pub fn place_of(done: &CompletedSignature) -> String {
    let part = match done.form {
        SignatureForm::Embedded => "",
        SignatureForm::Detached => "#outside-keys",
    };
    format!("/documents/{}{part}", done.document_id)
}

/// What the next page says of it.
#[must_use]
pub const fn flash_of(done: &CompletedSignature) -> &'static str {
    match done.form {
        SignatureForm::Embedded => "flash-signed",
        SignatureForm::Detached => "flash-signed-beside",
    }
}

/// Prepares for a browser's key.
///
/// # Errors
///
/// `key-invalid` for what is not base64; else as [`App::prepare_signature`].
pub async fn prepare(
    app: &App,
    actor: &Actor,
    task: Uuid,
    body: &PrepareBody,
    file_base: &str,
) -> Result<PreparedView, AppError> {
    let spki_der = STANDARD
        .decode(&body.spki)
        .map_err(|_| AppError::refused("key-invalid"))?;
    let key = SignerKey::Browser { spki_der };
    let prepared: PreparedSignature = app.prepare_signature(actor, task, &key).await?;
    Ok(PreparedView {
        signing_id: prepared.id.uuid(),
        form: prepared.form.code(),
        file_url: format!("{file_base}/{}/file", prepared.id),
        prepared_sha256: prepared.prepared_digest,
        byte_range: prepared.byte_range,
        content_digest: prepared.content_digest,
        signed_attributes: STANDARD.encode(prepared.signed_attributes),
        certificate: STANDARD.encode(prepared.certificate),
        expires_at: prepared.expires_at.to_string(),
    })
}

/// Completes with a browser's value.
///
/// # Errors
///
/// `signature-wrong` for what is not base64; else as [`App::complete_signature`].
pub async fn complete(
    app: &App,
    actor: &Actor,
    body: &CompleteBody,
) -> Result<CompletedSignature, AppError> {
    let value = STANDARD
        .decode(&body.signature)
        .map_err(|_| AppError::refused("signature-wrong"))?;
    app.complete_signature(actor, body.signing_id, &value).await
}
