//! The detached signatures of a link's version, as calls.

use actix_web::web::{Data, Path, Query};
use uuid::Uuid;

use super::VisitOnly;
use crate::app::App;
use crate::app::links::files::BesidePart;
use crate::web::pages::documents::detached::FormParameters;
use crate::web::pages::documents::files;
use crate::web::pages::links::proof::DetachedEvidence;
use crate::web::{Answer, present};

/// The detached signatures of the version: each is a file of its own, and none stands in the signed
/// copy. Their files are in the evidence too.
#[utoipa::path(get, path = "/api/v1/link/detached-signatures", tag = "link",
    responses((status = 200, description = "Oldest first; empty while this link's reader may not \
            have them", body = [DetachedEvidence])))]
pub async fn get_list(app: Data<App>, caller: VisitOnly) -> Answer {
    let beside = app.link_beside(&caller.visit).await?;
    let views = beside
        .into_iter()
        .map(|one| DetachedEvidence::of(one, None));
    present::json(&views.collect::<Vec<_>>())
}

/// The file of a detached signature, raised to a level that lasts if it was; by `?form=as_it_came`
/// the one that was brought.
#[utoipa::path(get, path = "/api/v1/link/detached-signatures/{signature}", tag = "link",
    params(("signature" = String, Path, description = "From the list"), FormParameters),
    responses((status = 200, description = "The file",
            content_type = "application/pkcs7-signature"),
        (status = 404, description = "Absent or hidden")))]
pub async fn get_signature(
    app: Data<App>,
    caller: VisitOnly,
    id: Path<Uuid>,
    query: Query<FormParameters>,
) -> Answer {
    let part = BesidePart::Signature(query.form()?);
    let file = app.link_beside_file(&caller.visit, *id, part).await?;
    Ok(files::download(file))
}

/// The file that a detached signature is over.
#[utoipa::path(get, path = "/api/v1/link/detached-signatures/{signature}/file", tag = "link",
    params(("signature" = String, Path, description = "From the list")),
    responses((status = 200, description = "PDF", content_type = "application/pdf"),
        (status = 404, description = "Absent or hidden")))]
pub async fn get_covered(app: Data<App>, caller: VisitOnly, id: Path<Uuid>) -> Answer {
    let part = BesidePart::Covered;
    let file = app.link_beside_file(&caller.visit, *id, part).await?;
    Ok(files::download(file))
}
