//! The way in: the link's secret or the typed code, then the code from the mailbox.

use actix_web::http::header::LOCATION;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use chancery_types::{Instant, Money};

use super::visitor::{Visitor, visit_cookie};
use crate::app::links::open::digest_start;
use crate::app::links::visit::{LinkKey, LinkState};
use crate::app::{App, AppError};
use crate::web::limits::Limiter;
use crate::web::session::app_and_facts;
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
    match app.enter_link(&key, &facts.origin(), facts.locale).await {
        Ok(entered) => Ok(HttpResponse::SeeOther()
            .insert_header((LOCATION, "/s/document"))
            .cookie(visit_cookie(&request, &facts, &entered))
            .finish()),
        Err(AppError::Refused { code, .. }) => {
            let problem = crate::app::FieldProblem::new("code", code);
            let form = form.view(outsider.shell.locale(), &[problem]);
            let page = EntryPage {
                shell: &outsider.shell,
                form,
            };
            present::page_with_errors(&outsider.shell, &page)
        }
        Err(error) => Err(error.into()),
    }
}

/// What every page of a link says about the document.
#[derive(Clone, Debug)]
pub struct Gist {
    /// The title.
    pub title: String,
    /// The registration number, and the day it was given.
    pub number: Option<(String, String)>,
    /// The amount, in the reader's way of writing.
    pub amount: Option<String>,
    /// Who asks.
    pub initiator: String,
    /// Their position.
    pub position: Option<String>,
    /// Who is asked.
    pub contact: String,
    /// On whose behalf.
    pub counterparty: String,
    /// The first characters of the main file's digest.
    pub digest_start: String,
    /// By when.
    pub expires: String,
    /// How many pages.
    pub pages_count: i64,
    /// Pages the reader went through.
    pub read_count: usize,
}

impl Gist {
    /// Of a visit, for its reader.
    #[must_use]
    pub fn of(visitor: &Visitor) -> Self {
        let subject = &visitor.visit.subject;
        let formats = &visitor.shell.formats;
        let number = subject.document.registration_number.clone().map(|number| {
            let at = subject.document.registered_at.map(Instant::from_micros);
            (number, at.map(|at| formats.date(at)).unwrap_or_default())
        });
        Self {
            title: subject.document.title.clone(),
            number,
            amount: subject
                .amount()
                .and_then(|text| amount(&text))
                .map(|m| formats.money(&m)),
            initiator: subject.initiator.name.clone(),
            position: subject.initiator.position.clone(),
            contact: subject.contact.name.clone(),
            counterparty: subject.counterparty.name.clone(),
            digest_start: digest_start(&subject.version.main_digest),
            expires: formats.moment(Instant::from_micros(visitor.visit.link.expires_at)),
            pages_count: subject.version.pages_count,
            read_count: visitor.visit.pages_read().len(),
        }
    }
}

fn amount(text: &str) -> Option<Money> {
    let (currency, amount) = text.split_once(' ')?;
    Money::parse(amount, currency).ok()
}

/// An address with most of it hidden: enough to recognise, too little to learn.
#[must_use]
pub fn masked(email: &str) -> String {
    let (local, domain) = email.split_once('@').unwrap_or((email, ""));
    let first: String = local.chars().take(1).collect();
    format!("{first}•••@{domain}")
}

#[derive(Template)]
#[template(path = "pages/link/front.html")]
struct FrontPage<'a> {
    shell: &'a Shell,
    gist: Gist,
    state: LinkState,
    is_verified: bool,
    has_read_all: bool,
    email: String,
    form: FormView,
}

fn front<'a>(visitor: &'a Visitor, form: FormView) -> FrontPage<'a> {
    FrontPage {
        shell: &visitor.shell,
        gist: Gist::of(visitor),
        state: visitor.visit.link_state,
        is_verified: visitor.visit.visit.verified_at.is_some(),
        has_read_all: visitor.visit.has_read_all(),
        email: masked(&visitor.visit.subject.contact.email),
        form,
    }
}

/// `GET /s/document`: who asks what, and what is to be done next.
pub async fn get_front(visitor: Visitor) -> Answer {
    present::page(&visitor.shell, &front(&visitor, FormView::default()))
}

/// `POST /s/code/send`
pub async fn post_send_code(app: Data<App>, visitor: Visitor, form: PostedForm) -> Answer {
    match app.send_code(&visitor.actor, &visitor.visit).await {
        Ok(()) => present::see_other("/s/document", "flash-code-sent", &[]),
        Err(AppError::Refused { code, args }) => {
            let problem = crate::app::FieldProblem {
                field: "code".to_owned(),
                code,
                args,
            };
            let form = form.view(visitor.shell.locale(), &[problem]);
            present::page_with_errors(&visitor.shell, &front(&visitor, form))
        }
        Err(error) => Err(error.into()),
    }
}

/// `POST /s/code`
pub async fn post_code(
    app: Data<App>,
    limiter: Data<Limiter>,
    request: HttpRequest,
    visitor: Visitor,
    form: PostedForm,
) -> Answer {
    let (_, facts) = app_and_facts(&request)?;
    limiter.check_address("code", &facts, app.config.rate_limits.link_per_minute)?;
    match app
        .give_code(&visitor.actor, &visitor.visit, form.text("code"))
        .await
    {
        Ok(()) => present::see_other("/s/read", "flash-code-right", &[]),
        Err(AppError::Refused { code, args }) => {
            let problem = crate::app::FieldProblem {
                field: "code".to_owned(),
                code,
                args,
            };
            let form = form.view(visitor.shell.locale(), &[problem]);
            present::page_with_errors(&visitor.shell, &front(&visitor, form))
        }
        Err(error) => Err(error.into()),
    }
}

/// `POST /s/renew`: a new link to the same address, in place of one whose time has passed.
pub async fn post_renew(app: Data<App>, visitor: Visitor, _form: PostedForm) -> Answer {
    app.renew_link(&visitor.actor, &visitor.visit).await?;
    present::see_other("/s/document", "flash-link-renewed", &[])
}
