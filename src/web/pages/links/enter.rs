//! The way in: the link's secret, or the typed code.

use actix_web::http::header::LOCATION;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use super::visitor::{language_cookie, visit_cookie};
use crate::app::error::{Args, args_for};
use crate::app::links::visit::LinkKey;
use crate::app::{App, AppError, FieldProblem};
use crate::i18n;
use crate::web::edge::VISIT;
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
    let key = key_of(&form);
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
            .cookie(language_cookie(&facts, entered.locale))
            .finish()),
        // A slip of the fingers is mended where it was made; a link that leads nowhere is no slip.
        Err(AppError::Refused { code: UNKNOWN, .. }) if matches!(key, LinkKey::Typed(_)) => {
            show_again(&outsider, &form, UNKNOWN)
        }
        Err(AppError::Refused { code, args }) => show_over(&outsider, code, args),
        Err(error) => Err(error.into()),
    }
}

fn key_of(form: &PostedForm) -> LinkKey {
    match form.optional("secret") {
        Some(secret) => LinkKey::Secret(secret.to_owned()),
        None => LinkKey::Typed(form.text("code").to_owned()),
    }
}

/// The code of a key that leads nowhere.
const UNKNOWN: &str = "link-unknown";

/// A link that nobody comes in through: why, and what can be done.
#[derive(Template)]
#[template(path = "pages/link/over.html")]
struct OverPage<'a> {
    shell: &'a Shell,
    code: &'static str,
    args: Args,
}

impl OverPage<'_> {
    fn title_key(&self) -> String {
        format!("problem-{}-title", self.code)
    }

    /// Who asked, and for what: as the letter with the link said. Empty where that may not be said.
    fn known(&self) -> String {
        known_words(
            self.shell,
            self.args.get("title").map_or("", String::as_str),
            self.args.get("organisation").map_or("", String::as_str),
        )
    }

    fn text(&self) -> String {
        let args = args_for(&self.args, self.shell.locale());
        i18n::t_named(self.shell.locale(), &format!("problem-{}", self.code), args)
    }
}

/// Which document a link was about, and who sent it; empty where neither may be said.
#[must_use]
pub fn known_words(shell: &Shell, title: &str, organisation: &str) -> String {
    match (title, organisation) {
        (_, "") => String::new(),
        ("", organisation) => shell.t1("link-over-sender", "organisation", organisation),
        (title, organisation) => shell.t2(
            "link-over-known",
            "title",
            title,
            "organisation",
            organisation,
        ),
    }
}

fn show_over(outsider: &Outsider, code: &'static str, args: Args) -> Answer {
    let builder = match code {
        UNKNOWN => HttpResponse::NotFound(),
        _ => HttpResponse::Gone(),
    };
    let shell = &outsider.shell;
    present::page_with(builder, shell, &OverPage { shell, code, args })
}

fn show_again(outsider: &Outsider, form: &PostedForm, code: &'static str) -> Answer {
    let problem = FieldProblem::new("code", code);
    let page = EntryPage {
        shell: &outsider.shell,
        form: form.view(outsider.shell.locale(), &[problem]),
    };
    present::page_with_errors(&outsider.shell, &page)
}
