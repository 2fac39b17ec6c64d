//! A protocol of disagreements: a file and a few words, instead of a signature.

use actix_multipart::Multipart;
use actix_web::HttpRequest;
use actix_web::web::Data;
use askama::Template;

use super::gist::Gist;
use super::visitor::Visitor;
use crate::app::links::disagreement::{FILE_FIELD, WORDS_FIELD};
use crate::app::{App, AppError};
use crate::i18n;
use crate::web::{Answer, FormView, Shell, present, upload};

#[derive(Template)]
#[template(path = "pages/link/disagree.html")]
struct DisagreePage<'a> {
    shell: &'a Shell,
    gist: Gist,
    megabytes_max: u64,
    form: FormView,
}

fn page<'a>(app: &App, visitor: &'a Visitor, form: FormView) -> DisagreePage<'a> {
    DisagreePage {
        shell: &visitor.shell,
        gist: Gist::of(visitor),
        megabytes_max: app.config.limits.upload_bytes_max / i18n::MEGABYTE,
        form,
    }
}

/// `GET /s/disagree`
pub async fn get_disagree(app: Data<App>, visitor: Visitor) -> Answer {
    if visitor.must_verify() {
        return visitor.to_code("disagree");
    }
    visitor.visit.require_verified()?;
    present::page(&visitor.shell, &page(&app, &visitor, FormView::default()))
}

/// `POST /s/disagree`: nobody without a verified mailbox sends us files.
pub async fn post_disagree(
    app: Data<App>,
    visitor: Visitor,
    request: HttpRequest,
    parts: Multipart,
) -> Answer {
    visitor.visit.require_verified()?;
    let posted = upload::read_page(&app, &request, parts).await?;
    let mut files = posted.files.into_iter();
    let file = files.find(|file| file.field == FILE_FIELD);
    let (actor, visit) = (&visitor.actor, &visitor.visit);
    let words = posted.form.text(WORDS_FIELD);
    let returned = app.return_with_disagreements(actor, visit, words, file, posted.problems);
    match returned.await {
        Ok(()) => {
            let title = [("title", visitor.title())];
            present::see_other("/s/document", "flash-disagreed", &title)
        }
        Err(AppError::Invalid { fields }) => {
            let form = posted.form.view(visitor.shell.locale(), &fields);
            present::page_with_errors(&visitor.shell, &page(&app, &visitor, form))
        }
        Err(error) => Err(error.into()),
    }
}
