//! What anybody's checks need of our authorities: their revocation lists, and their roots.

use actix_web::HttpResponse;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use actix_web::web::{self, Data, Path};

use crate::app::authority::roots::PublishedRoot;
use crate::app::signing::list::pem;
use crate::app::{App, AppError};
use crate::i18n::Formats;
use crate::web::Answer;
use crate::web::routes::{Audience, Route};

/// The longest that others keep a list, in seconds: a revocation is to be heard of within the hour.
const KEPT_SECONDS_MAX: i64 = 3600;

/// `GET /crl/{file}`: the newest list of the issuer whose certificate has the SHA-256 that the file
/// is called by (RFC 5280, 5; RFC 2585, 4.2).
async fn get_list(app: Data<App>, file: Path<String>) -> Answer {
    let fingerprint = file.strip_suffix(".crl").ok_or(AppError::Hidden)?;
    let list = app.published_list(fingerprint).await?;
    let left = list.next_at.seconds_since(app.now());
    let age = left.clamp(0, KEPT_SECONDS_MAX);
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "application/pkix-crl"))
        .insert_header((CACHE_CONTROL, format!("public, max-age={age}")))
        .body(list.der))
}

/// A root as pages offer it.
#[derive(Clone, Debug)]
pub struct RootView {
    /// Whom it names.
    pub name: String,
    /// From when.
    pub from: String,
    /// Until when.
    pub until: String,
    /// SHA-256 of its bytes, hexadecimal.
    pub sha256: String,
    /// Where it is as text.
    pub pem_path: String,
    /// Where it is as bytes.
    pub der_path: String,
    /// Where the list is of what it revoked.
    pub list_path: String,
}

impl RootView {
    /// The digest in groups of four, as people compare it aloud; copied, it is one word.
    pub fn groups(&self) -> impl Iterator<Item = &str> {
        let starts = (0..self.sha256.len()).step_by(4);
        starts.filter_map(|start| self.sha256.get(start..start.saturating_add(4)))
    }

    /// Of roots, in the reader's way of writing.
    #[must_use]
    pub fn all(formats: &Formats, roots: Vec<PublishedRoot>) -> Vec<Self> {
        let roots = roots.into_iter().map(|root| Self {
            from: formats.date(root.not_before),
            until: formats.date(root.not_after),
            pem_path: format!("/roots/{}.pem", root.sha256),
            der_path: format!("/roots/{}.cer", root.sha256),
            list_path: format!("/crl/{}.crl", root.sha256),
            name: root.name,
            sha256: root.sha256,
        });
        roots.collect()
    }
}

/// `GET /roots/{file}`: the root certificate that the file is called by the SHA-256 of, as text
/// (`.pem`, RFC 7468) or as bytes (`.cer`, RFC 2585, 4.1). What a digest names never changes.
async fn get_root(app: Data<App>, file: Path<String>) -> Answer {
    let (digest, form) = file.split_once('.').ok_or(AppError::Hidden)?;
    let (media, is_text) = match form {
        "pem" => ("application/x-pem-file", true),
        "cer" => ("application/pkix-cert", false),
        _ => return Err(AppError::Hidden.into()),
    };
    let root = app.root_by_digest(digest).await?;
    let name = format!("attachment; filename=\"root.{form}\"");
    let body = match is_text {
        true => pem(&root.der).into_bytes(),
        false => root.der,
    };
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, media))
        .insert_header((CONTENT_DISPOSITION, name))
        .insert_header((CACHE_CONTROL, "public, max-age=31536000, immutable"))
        .body(body))
}

/// The routes.
pub const ROUTES: &[Route] = &[
    Route::get("/crl/{file}", Audience::Everyone, || {
        web::get().to(get_list)
    }),
    Route::get("/roots/{file}", Audience::Everyone, || {
        web::get().to(get_root)
    }),
];
