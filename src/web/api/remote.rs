//! `/api/v1`: signing with a key that stays outside, by its holder's own certificate: what is to be
//! signed is asked for, and what was signed is brought, by a person or through a link.
//!
//! ```text
//! certificates ─► remote-signing ─► attributes, their digest ─► (the program that has the key)
//!              ─► remote-signings/completion ─► the signed copy
//! ```

use actix_web::web::{self, Data, Json, Path};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use utoipa::{OpenApi, ToSchema};
use uuid::Uuid;

use super::link::{VisitOnly, completed};
use crate::app::signing::CompletedSignature;
use crate::app::signing::outside::{Given, PreparedOutside};
use crate::app::signing::presented::Presented;
use crate::app::{App, AppError};
use crate::domain::actor::Actor;
use crate::web::pages::signing::CompletedView;
use crate::web::routes::{Audience, Route};
use crate::web::{Answer, PersonOnly, present};

/// This area's calls.
#[derive(Debug, OpenApi)]
#[openapi(
    paths(post_signing, post_completion, post_link_signing, post_link_completion),
    components(schemas(PreparedRemoteView))
)]
pub struct Api;

/// The one level that is made at once. The higher ones follow by themselves.
const LEVEL: &str = "B-T";

/// Whose key is to sign, and how.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PrepareRemoteBody {
    /// The signer's certificate and, after it, those of its issuers: each PEM (one or more), or DER
    /// in base64. At most 10, of 64 kilobytes together.
    pub certificates: Vec<String>,
    /// `ecdsa_p256`, `ecdsa_p384`, `ecdsa_p521`, `ed25519`, `rsa_pkcs1` or `rsa_pss`: one that the
    /// certificate's key signs by. The usual one of its kind without.
    pub algorithm: Option<String>,
    /// `B-T`, and nothing else: B-LT and B-LTA follow once nobody is to sign any more.
    pub level: Option<String>,
}

/// What the key is to sign, and how to check it.
#[derive(Debug, Serialize, ToSchema)]
pub struct PreparedRemoteView {
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
    /// `SHA-256`, `SHA-384` or `SHA-512`: of the two digests below.
    pub digest_algorithm: &'static str,
    /// The digest of the bytes of the range, hexadecimal.
    pub content_digest: String,
    /// DER of the attributes to sign, in base64.
    pub signed_attributes: String,
    /// The digest of those attributes, hexadecimal, for a signer that is given a digest; absent for
    /// Ed25519, which reads the whole message.
    pub attributes_digest: Option<String>,
    /// How the key is to sign them.
    pub algorithm: &'static str,
    /// Whom the certificate names.
    pub certificate_name: String,
    /// Whether that is the one whom the task asks, as far as a machine can tell. If it is not, the
    /// signature is taken only if somebody whom we trust vouches for the certificate, and the
    /// difference is shown beside it.
    pub names_agree: bool,
    /// Until when it can be completed, RFC 3339.
    pub expires_at: String,
}

impl PreparedRemoteView {
    fn new(made: PreparedOutside, file_base: &str) -> Self {
        let prepared = made.prepared;
        let digest = made.scheme.digest_algorithm();
        let attributes = &prepared.signed_attributes;
        let attributes_digest = made.scheme.signs_digests();
        let attributes_digest =
            attributes_digest.then(|| hex::encode(digest.digest(&[attributes])));
        Self {
            signing_id: prepared.id.uuid(),
            form: prepared.form.code(),
            file_url: format!("{file_base}/{}/file", prepared.id),
            prepared_sha256: prepared.prepared_digest,
            byte_range: prepared.byte_range,
            digest_algorithm: digest.name(),
            content_digest: prepared.content_digest,
            signed_attributes: STANDARD.encode(attributes),
            attributes_digest,
            algorithm: made.scheme.code(),
            certificate_name: made.certificate_name,
            names_agree: made.names_agree,
            expires_at: prepared.expires_at.to_string(),
        }
    }
}

/// What was signed: one of the two.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CompleteRemoteBody {
    /// From the first call.
    pub signing_id: Uuid,
    /// The value over the attributes: ECDSA as DER or r ‖ s, RSA as many bytes as the key has,
    /// Ed25519 as 64 bytes; base64.
    pub signature: Option<String>,
    /// Or a whole detached CMS structure over the bytes of the range, made with the certificate's
    /// key: DER in base64, or PEM.
    pub cms: Option<String>,
}

/// Prepares for a key that stays outside.
async fn prepare(
    app: &App,
    actor: &Actor,
    task: Uuid,
    body: PrepareRemoteBody,
    file_base: &str,
) -> Result<PreparedRemoteView, AppError> {
    if body.level.is_some_and(|level| level != LEVEL) {
        return Err(AppError::invalid("level", "level-not-offered"));
    }
    let presented = Presented {
        certificates: body.certificates,
        algorithm: body.algorithm,
    };
    let made = app.prepare_outside(actor, task, &presented).await?;
    Ok(PreparedRemoteView::new(made, file_base))
}

/// Completes with what came.
async fn complete(
    app: &App,
    actor: &Actor,
    body: CompleteRemoteBody,
) -> Result<CompletedSignature, AppError> {
    let id = body.signing_id;
    match (body.signature, body.cms) {
        (Some(value), None) => {
            let value = STANDARD.decode(value);
            let value = value.map_err(|_| AppError::refused("signature-wrong"))?;
            app.complete_with(actor, id, Given::Value(&value)).await
        }
        // Base64 and PEM are both taken off where the structure is read.
        (None, Some(cms)) => {
            app.complete_with(actor, id, Given::Cms(cms.as_bytes()))
                .await
        }
        _ => Err(AppError::invalid("signature", "one-of-two")),
    }
}

/// Prepares a signature for a key that stays outside, by its holder's own certificate.
#[utoipa::path(post, path = "/api/v1/tasks/{task}/remote-signing", tag = "signing",
    request_body = PrepareRemoteBody,
    responses((status = 200, description = "What to sign", body = PreparedRemoteView),
        (status = 404, description = "Not yours"),
        (status = 409, description = "consents-needed, pages-unopened, certificate-expired, \
            certificate-not-for-signing, certificate-rule-unknown, algorithm-not-of-key, …")))]
async fn post_signing(
    app: Data<App>,
    caller: PersonOnly,
    task: Path<Uuid>,
    body: Json<PrepareRemoteBody>,
) -> Answer {
    let body = body.into_inner();
    let prepared = prepare(&app, &caller.actor, *task, body, "/api/v1/signings").await?;
    present::json(&prepared)
}

/// Completes a signature that was prepared for an outside key: with the value, or with a whole CMS
/// structure.
#[utoipa::path(post, path = "/api/v1/remote-signings/completion", tag = "signing",
    request_body = CompleteRemoteBody,
    responses((status = 200, description = "Stored", body = CompletedView),
        (status = 409, description = "signing-stale, signing-expired, signature-wrong, \
            signature-failed, cms-digest-differs, cms-certificate-differs, \
            certificate-name-differs, …")))]
async fn post_completion(
    app: Data<App>,
    caller: PersonOnly,
    body: Json<CompleteRemoteBody>,
) -> Answer {
    let done = complete(&app, &caller.actor, body.into_inner()).await?;
    let page = format!("/documents/{}", done.document_id);
    present::json(&CompletedView::at(&page, &done))
}

/// Prepares a signature for a key of the link's reader that stays outside.
#[utoipa::path(post, path = "/api/v1/link/remote-signing", tag = "link",
    request_body = PrepareRemoteBody,
    responses((status = 200, description = "What to sign", body = PreparedRemoteView),
        (status = 409, description = "link-not-verified, consents-needed, pages-unread, \
            certificate-expired, certificate-not-for-signing, certificate-rule-unknown, …")))]
async fn post_link_signing(
    app: Data<App>,
    caller: VisitOnly,
    body: Json<PrepareRemoteBody>,
) -> Answer {
    caller.visit.require_verified()?;
    let task = caller.visit.link.task_id;
    let base = "/api/v1/link/signings";
    let prepared = prepare(&app, &caller.actor, task, body.into_inner(), base).await?;
    present::json(&prepared)
}

/// Completes it: with the value, or with a whole CMS structure.
#[utoipa::path(post, path = "/api/v1/link/remote-signings/completion", tag = "link",
    request_body = CompleteRemoteBody,
    responses((status = 200, description = "Stored", body = CompletedView),
        (status = 409, description = "link-not-verified, signing-stale, signature-wrong, \
            signature-failed, cms-digest-differs, certificate-name-differs, …")))]
async fn post_link_completion(
    app: Data<App>,
    caller: VisitOnly,
    body: Json<CompleteRemoteBody>,
) -> Answer {
    caller.visit.require_verified()?;
    let done = complete(&app, &caller.actor, body.into_inner()).await?;
    present::json(&completed(&done))
}

/// The routes.
pub const ROUTES: &[Route] = &[
    Route::post(
        "/api/v1/tasks/{task}/remote-signing",
        Audience::Person,
        || web::post().to(post_signing),
    ),
    Route::post(
        "/api/v1/remote-signings/completion",
        Audience::Person,
        || web::post().to(post_completion),
    ),
    Route::post("/api/v1/link/remote-signing", Audience::Link, || {
        web::post().to(post_link_signing)
    }),
    Route::post(
        "/api/v1/link/remote-signings/completion",
        Audience::Link,
        || web::post().to(post_link_completion),
    ),
];
