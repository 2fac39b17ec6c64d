//! The last step of a link: consents, the signature, the proof.

use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::web::{Data, Json, Path};
use actix_web::{FromRequest, HttpRequest};
use askama::Template;
use chancery_types::Instant;
use uuid::Uuid;

use super::gist::Gist;
use super::visitor::Visitor;
use crate::app::{App, AppError};
use crate::web::pages::documents::files::{download, image};
use crate::web::pages::signing::{
    CompleteBody, CompletedView, PrepareBody, SeatPaths, SeatView, complete, flash_of, prepare,
    ticked,
};
use crate::web::{Answer, FormView, PostedForm, Problem, Shell, csrf, present};

#[derive(Template)]
#[template(path = "pages/link/sign.html")]
struct SignPage<'a> {
    shell: &'a Shell,
    gist: Gist,
    seat: SeatView,
}

async fn page(app: &App, visitor: &Visitor, form: FormView) -> Result<SeatView, AppError> {
    visitor.visit.require_verified()?;
    let seat = app
        .signing_seat(&visitor.actor, visitor.visit.link.task_id)
        .await?;
    let view = SeatView::of(app, &visitor.actor, &seat, SeatPaths::of_link(), form);
    let questions = app.link_questions(&visitor.visit).await?;
    let open = questions.into_iter().filter(|row| row.answer.is_none());
    let formats = &visitor.shell.formats;
    let told = open.map(|row| {
        let at = formats.moment_in_zone(Instant::from_micros(row.asked_at));
        (at, row.text)
    });
    Ok(SeatView {
        unanswered: told.collect(),
        ..view.await?
    })
}

/// `GET /s/sign`
pub async fn get_sign(app: Data<App>, visitor: Visitor) -> Answer {
    if visitor.must_verify() {
        return visitor.to_code("");
    }
    visitor.visit.require_verified()?;
    if !visitor.visit.has_read_all() {
        return present::see_other("/s/read", "flash-read-first", &[]);
    }
    let seat = page(&app, &visitor, FormView::default()).await?;
    let page = SignPage {
        shell: &visitor.shell,
        gist: Gist::of(&visitor),
        seat,
    };
    present::page(&visitor.shell, &page)
}

/// `POST /s/consents`
pub async fn post_consents(app: Data<App>, visitor: Visitor, form: PostedForm) -> Answer {
    let task = visitor.visit.link.task_id;
    let given = ticked(&form);
    match app.give_consents(&visitor.actor, task, &given).await {
        Ok(()) => present::see_other("/s/sign", "flash-consents-given", &[]),
        Err(AppError::Invalid { fields }) => {
            let form = form.view(visitor.shell.locale(), &fields);
            let seat = page(&app, &visitor, form).await?;
            let page = SignPage {
                shell: &visitor.shell,
                gist: Gist::of(&visitor),
                seat,
            };
            present::page_with_errors(&visitor.shell, &page)
        }
        Err(error) => Err(error.into()),
    }
}

/// `POST /s/sign`: without a script, by a key that the server makes and forgets.
pub async fn post_sign(app: Data<App>, visitor: Visitor, _form: PostedForm) -> Answer {
    let task = visitor.visit.link.task_id;
    let done = app.sign_with_server_key(&visitor.actor, task).await?;
    present::see_other("/s/document", flash_of(&done), &[])
}

/// A visitor whose own page's script calls.
pub struct ScriptOfVisitor(Visitor);

impl FromRequest for ScriptOfVisitor {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let visitor = Visitor::from_request(request, payload);
        let request = request.clone();
        Box::pin(async move {
            let visitor = visitor.await?;
            csrf::check_header(&request).await?;
            Ok(Self(visitor))
        })
    }
}

/// `POST /s/sign/prepare`
pub async fn post_prepare(
    app: Data<App>,
    caller: ScriptOfVisitor,
    body: Json<PrepareBody>,
) -> Answer {
    let visitor = caller.0;
    let task = visitor.visit.link.task_id;
    present::json(&prepare(&app, &visitor.actor, task, &body, "/s/sign").await?)
}

/// `GET /s/sign/{signing}/file`
pub async fn get_prepared(app: Data<App>, visitor: Visitor, signing: Path<Uuid>) -> Answer {
    Ok(download(app.prepared_file(&visitor.actor, *signing).await?))
}

/// `GET /s/sign/file`: the exact bytes that the signature extends.
pub async fn get_base(app: Data<App>, visitor: Visitor) -> Answer {
    visitor.visit.require_verified()?;
    let task = visitor.visit.link.task_id;
    Ok(download(app.base_file(&visitor.actor, task).await?))
}

/// `POST /s/sign/complete`
pub async fn post_complete(
    app: Data<App>,
    caller: ScriptOfVisitor,
    body: Json<CompleteBody>,
) -> Answer {
    let done = complete(&app, &caller.0.actor, &body).await?;
    let view = CompletedView::at("/s/document", &done);
    present::json_with_flash(&view, flash_of(&done))
}

/// `GET /s/signed.pdf`: the proof; a later visit through the same link has it again after a code.
pub async fn get_signed(app: Data<App>, visitor: Visitor) -> Answer {
    Ok(download(app.link_signed_copy(&visitor.visit).await?))
}

/// `GET /s/sheet.png`: the page that signatures are shown on, with those that are there.
pub async fn get_sheet(app: Data<App>, visitor: Visitor, request: HttpRequest) -> Answer {
    Ok(image(&request, app.link_sheet(&visitor.visit).await?))
}
