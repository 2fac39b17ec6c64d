//! The way in: the link's secret, or the typed code.

use actix_web::http::header::LOCATION;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use super::visitor::{VISIT, visit_cookie};
use crate::app::links::visit::LinkKey;
use crate::app::{App, AppError, FieldProblem};
use crate::web::limits::Limiter;
use crate::web::session::{app_and_facts, cookie_name};
use crate::web::{Answer, FormView, Outsider, PostedForm, Shell, present};

#[derive(Template)]
#[template(path = "pages/link/entry.html")]
struct EntryPage<'a> {
    shell: &'a Shell,
    form: FormView,
}

/// `GET /s`: the page a mailed link leads to. It reads nothing and changes nothing.
pub async fn get_entry(outsider: Outsider) -> Answer {
    let page = EntryPage {
        shell: &outsider.shell,
        form: FormView::default(),
    };
    present::page(&outsider.shell, &page)
}

/// `POST /s`: the secret of the fragment, or the code that was typed.
pub async fn post_entry(
    app: Data<App>,
    limiter: Data<Limiter>,
    request: HttpRequest,
    outsider: Outsider,
    form: PostedForm,
) -> Answer {
    let (_, facts) = app_and_facts(&request)?;
    limiter.check_address("link", &facts, app.config.rate_limits.link_per_minute)?;
    let key = match form.optional("secret") {
        Some(secret) => LinkKey::Secret(secret.to_owned()),
        None => LinkKey::Typed(form.text("code").to_owned()),
    };
    // The link of the mail once more in the same browser: the visit goes on.
    let cookie = request.cookie(&cookie_name(&request, VISIT));
    if let Some(cookie) = cookie
        && app.is_visiting(&key, cookie.value()).await?
    {
        return Ok(HttpResponse::SeeOther()
            .insert_header((LOCATION, "/s/document"))
            .finish());
    }
    match app.enter_link(&key, &facts.origin(), facts.locale).await {
        Ok(entered) => Ok(HttpResponse::SeeOther()
            .insert_header((LOCATION, "/s/document"))
            .cookie(visit_cookie(&request, &facts, &entered))
            .finish()),
        Err(AppError::Refused { code, .. }) => show_again(&outsider, &form, code),
        Err(error) => Err(error.into()),
    }
}

fn show_again(outsider: &Outsider, form: &PostedForm, code: &'static str) -> Answer {
    let problem = FieldProblem::new("code", code);
    let page = EntryPage {
        shell: &outsider.shell,
        form: form.view(outsider.shell.locale(), &[problem]),
    };
    present::page_with_errors(&outsider.shell, &page)
}
