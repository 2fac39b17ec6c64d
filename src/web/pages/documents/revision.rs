//! The file as a signature found it, to be saved, and beside the present one.

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use askama::Template;
use chancery_types::id::DocumentId;

use super::files::download_bytes;
use super::powers::named;
use crate::app::signing::powers::SignatureName;
use crate::app::signing::revision::SeenSince;
use crate::app::{App, AppError};
use crate::domain::actor::Actor;
use crate::domain::comparison::Change;
use crate::i18n::verdict::{FileWords, file_words};
use crate::web::pages::revision::{SeenView, about_key};
use crate::web::{Answer, Desk, Shell, present};

#[derive(Template)]
#[template(path = "pages/documents/revision.html")]
struct RevisionPage<'a> {
    shell: &'a Shell,
    id: DocumentId,
    /// What the signature goes by in addresses.
    name: SignatureName,
    title: String,
    /// Whose signature, and when it was made.
    about: String,
    /// The verdict on the file that holds it, and its place in that.
    verdict: FileWords,
    place: usize,
    seen: SeenView,
    /// What our validator says was added, in words.
    changes: Vec<String>,
}

/// The bytes that a signature covers, as an answer that a browser saves.
///
/// # Errors
///
/// As [`App::open_revision`].
pub async fn answer(
    app: &App,
    actor: &Actor,
    (id, signature): (DocumentId, String),
) -> Result<HttpResponse, AppError> {
    let name = named(&signature)?;
    let revision = app.open_revision(actor, id, name).await?;
    Ok(download_bytes(
        &revision.name,
        "application/pdf",
        revision.bytes,
    ))
}

/// `GET /documents/{document}/signatures/{signature}/revision`
pub async fn get_revision(app: Data<App>, desk: Desk, path: Path<(DocumentId, String)>) -> Answer {
    Ok(answer(&app, &desk.actor, path.into_inner()).await?)
}

/// `GET /documents/{document}/signatures/{signature}/comparison`
pub async fn get_comparison(
    app: Data<App>,
    desk: Desk,
    path: Path<(DocumentId, String)>,
) -> Answer {
    let (id, signature) = path.into_inner();
    let name = named(&signature)?;
    let found = app.compare_revision(&desk.actor, id, name).await?;
    let page = page_of(&desk.shell, (id, name), found)?;
    present::page(&desk.shell, &page)
}

fn page_of(
    shell: &Shell,
    (id, name): (DocumentId, SignatureName),
    found: SeenSince,
) -> Result<RevisionPage<'_>, AppError> {
    let SeenSince { signature, seen } = found;
    let verdict = file_words(&signature.report, &shell.formats);
    let place = signature.place;
    let one = verdict.signatures.get(place).ok_or(AppError::Hidden)?;
    let since = signature.report.signatures.get(place);
    let since = since.ok_or(AppError::Hidden)?;
    Ok(RevisionPage {
        shell,
        id,
        name,
        about: shell.t2(
            about_key(&seen),
            "who",
            one.who.as_str(),
            "when",
            one.when.as_str(),
        ),
        title: signature.document.title,
        seen: SeenView::new(shell, &seen, since),
        // Of a detached one nothing stands in the file.
        changes: match signature.detached {
            Some(_) => Vec::new(),
            None => one.after.clone(),
        },
        verdict,
        place,
    })
}
