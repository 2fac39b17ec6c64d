//! The other ways out of a link: ask, refuse, disagree, hand over; and a new link for an old one.

use actix_multipart::Multipart;
use actix_web::HttpRequest;
use actix_web::web::{Data, Json};

use super::VisitOnly;
use super::views::{DisagreementsForm, HandoverBody, QuestionBody, RefusalBody};
use crate::app::App;
use crate::app::links::disagreement::{FILE_FIELD, WORDS_FIELD};
use crate::app::links::ending::NewSignatory;
use crate::web::{Answer, present, upload};

/// Asks the initiator a question; the answer comes by mail.
#[utoipa::path(post, path = "/api/v1/link/questions", tag = "link", request_body = QuestionBody,
    responses((status = 204, description = "Asked"),
        (status = 409, description = "link-not-verified, link-not-active")))]
pub async fn post_question(app: Data<App>, caller: VisitOnly, body: Json<QuestionBody>) -> Answer {
    app.ask_question(&caller.actor, &caller.visit, &body.question)
        .await?;
    present::no_content()
}

/// Refuses to sign, with a reason.
#[utoipa::path(post, path = "/api/v1/link/refusal", tag = "link", request_body = RefusalBody,
    responses((status = 204, description = "Refused"),
        (status = 409, description = "link-not-verified, link-not-active")))]
pub async fn post_refusal(app: Data<App>, caller: VisitOnly, body: Json<RefusalBody>) -> Answer {
    app.refuse_to_sign(&caller.actor, &caller.visit, &body.reason)
        .await?;
    present::no_content()
}

/// Returns the document with a protocol of disagreements instead of a signature.
#[utoipa::path(post, path = "/api/v1/link/disagreements", tag = "link",
    request_body(content = DisagreementsForm, content_type = "multipart/form-data"),
    responses((status = 204, description = "Returned"),
        (status = 409, description = "link-not-verified, link-not-active"),
        (status = 422, description = "The words or the file are not as they must be")))]
pub async fn post_disagreements(
    app: Data<App>,
    caller: VisitOnly,
    request: HttpRequest,
    parts: Multipart,
) -> Answer {
    caller.visit.require_verified()?;
    let posted = upload::read_call(&app, &request, parts).await?;
    let mut files = posted.files.into_iter();
    let file = files.find(|file| file.field == FILE_FIELD);
    let words = posted.form.text(WORDS_FIELD);
    app.return_with_disagreements(&caller.actor, &caller.visit, words, file, posted.problems)
        .await?;
    present::no_content()
}

/// "I am not the signatory": names who is.
#[utoipa::path(post, path = "/api/v1/link/handover", tag = "link", request_body = HandoverBody,
    responses((status = 204, description = "Handed over"),
        (status = 409, description = "link-not-verified, link-not-active")))]
pub async fn post_handover(app: Data<App>, caller: VisitOnly, body: Json<HandoverBody>) -> Answer {
    let body = body.into_inner();
    let named = NewSignatory {
        name: body.name,
        email: body.email,
        position: body.position,
    };
    app.hand_over(&caller.actor, &caller.visit, &named).await?;
    present::no_content()
}

/// Mails a new link to the same address in place of one whose time has passed.
#[utoipa::path(post, path = "/api/v1/link/renewal", tag = "link",
    responses((status = 204, description = "Mailed"),
        (status = 409, description = "link-not-expired, link-renewed-already")))]
pub async fn post_renewal(app: Data<App>, caller: VisitOnly) -> Answer {
    app.renew_link(&caller.actor, &caller.visit).await?;
    present::no_content()
}
