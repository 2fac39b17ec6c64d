//! The demo's own pages: a login by one click, and the captured mailbox. Only the demo serves them.

use actix_web::http::header::{
    CONTENT_SECURITY_POLICY, ContentDisposition, DispositionParam, DispositionType, LOCATION,
};
use actix_web::web::{self, Data, Path, Query};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use chancery_types::id::PersonId;
use serde::Deserialize;

use super::history::DOCUMENTS_COUNT;
use super::mailbox::{self, Mail};
use super::people::{self, Face};
use crate::app::{App, AppError};
use crate::web::routes::{Audience, Route};
use crate::web::session::{self, app_and_facts};
use crate::web::{Answer, Outsider, PostedForm, Shell, present};

/// How many mails a page lists.
const MAILS_SHOWN: usize = 50;

/// Nothing in a mail runs or is fetched; its own inline styles may show.
const MAIL_POLICY: &str = "sandbox; default-src 'none'; style-src 'unsafe-inline'; \
     form-action 'none'; frame-ancestors 'none'; base-uri 'none'";

/// The routes.
pub const ROUTES: &[Route] = &[
    Route::get("/demo", Audience::Everyone, || web::get().to(get_front)),
    Route::post("/demo/login", Audience::Everyone, || {
        web::post().to(post_login)
    }),
    Route::get("/demo/mail", Audience::Everyone, || {
        web::get().to(get_mails)
    }),
    Route::get("/demo/mail/{name}", Audience::Everyone, || {
        web::get().to(get_mail)
    }),
    Route::get("/demo/mail/{name}/html", Audience::Everyone, || {
        web::get().to(get_html)
    }),
    Route::get(
        "/demo/mail/{name}/files/{index}",
        Audience::Everyone,
        || web::get().to(get_attached),
    ),
];

#[derive(Template)]
#[template(path = "pages/demo.html")]
struct FrontPage<'a> {
    shell: &'a Shell,
    people: Vec<Face>,
    outsiders: Vec<Face>,
}

/// How often the front page asks whether the history is whole, in seconds.
const SEEDING_REFRESH_SECONDS: u32 = 3;

#[derive(Template)]
#[template(path = "pages/demo-seeding.html")]
struct SeedingPage<'a> {
    shell: &'a Shell,
    done: u64,
    all: u32,
}

/// `GET /demo`: who can be logged in as; how far it is while the history is made.
async fn get_front(app: Data<App>, outsider: Outsider) -> Answer {
    let shell = &outsider.shell;
    if let Some(done) = people::count_while_seeding(&app).await? {
        let page = SeedingPage {
            shell,
            done,
            all: DOCUMENTS_COUNT,
        };
        let mut answer = HttpResponse::Ok();
        answer.insert_header(("Refresh", SEEDING_REFRESH_SECONDS.to_string()));
        return present::page_with(answer, shell, &page);
    }
    let page = FrontPage {
        shell,
        people: people::list_people(&app, shell.locale()).await?,
        outsiders: people::list_outsiders(&app).await?,
    };
    present::page(shell, &page)
}

/// `POST /demo/login`: a session as this person.
async fn post_login(app: Data<App>, request: HttpRequest, form: PostedForm) -> Answer {
    let (_, facts) = app_and_facts(&request)?;
    // The clock is in the past until the history is whole.
    if people::count_while_seeding(&app).await?.is_some() {
        return Ok(HttpResponse::SeeOther()
            .insert_header((LOCATION, "/demo"))
            .finish());
    }
    let person: PersonId = form.parse("person")?;
    let opened = app.open_session(person, facts.origin()).await?;
    Ok(HttpResponse::SeeOther()
        .insert_header((LOCATION, "/"))
        .cookie(session::cookie(&request, &facts, &opened))
        .finish())
}

/// The frame of a page that tells moments as the demo's company does.
async fn in_house_time(app: &App, outsider: Outsider) -> Result<Shell, AppError> {
    let mut shell = outsider.shell;
    if let Some(company) = app.list_organisations().await?.first() {
        let locale = shell.locale();
        shell.set_reader_place(locale, &company.draft.time_zone);
    }
    Ok(shell)
}

#[derive(Template)]
#[template(path = "pages/demo-mails.html")]
struct MailsPage<'a> {
    shell: &'a Shell,
    mails: Vec<Mail>,
    to: String,
    next: String,
}

#[derive(Deserialize)]
struct MailsQuery {
    to: Option<String>,
    before: Option<String>,
}

/// `GET /demo/mail?to=…&before=…`: the latest mails, of everybody or to one address.
async fn get_mails(app: Data<App>, outsider: Outsider, query: Query<MailsQuery>) -> Answer {
    let query = query.into_inner();
    let to = query.to.unwrap_or_default();
    let (folder, address) = (app.config.mail.directory.clone(), to.clone());
    let found = blocking(move || {
        let before = query.before.unwrap_or_else(|| "~".to_owned());
        let names = mailbox::list(&folder)?;
        let older = names.into_iter().filter(|name| *name < before);
        let mails = older.filter_map(|name| mailbox::read(&folder, &name).transpose());
        let ours = mails.filter(|mail| match mail {
            Ok(mail) => address.is_empty() || mail.address() == address,
            Err(_) => true,
        });
        ours.take(MAILS_SHOWN)
            .collect::<std::io::Result<Vec<Mail>>>()
    });
    let mails = found.await?;
    let last = mails.get(MAILS_SHOWN.saturating_sub(1));
    let next = last.map(|mail| {
        let to = crate::web::edge::urlencode(&to);
        format!("/demo/mail?to={to}&before={}", mail.name)
    });
    let shell = &in_house_time(&app, outsider).await?;
    let page = MailsPage {
        shell,
        mails,
        to,
        next: next.unwrap_or_default(),
    };
    present::page(shell, &page)
}

#[derive(Template)]
#[template(path = "pages/demo-mail.html")]
struct MailPage<'a> {
    shell: &'a Shell,
    mail: &'a Mail,
    pieces: Vec<Piece>,
}

/// A piece of a mail's text: words, or an address on this server that can be followed.
struct Piece {
    text: String,
    is_link: bool,
}

/// `GET /demo/mail/{name}`: one mail, its text with links on this server.
async fn get_mail(app: Data<App>, outsider: Outsider, name: Path<String>) -> Answer {
    let mail = read(&app, name.into_inner()).await?;
    let shell = &in_house_time(&app, outsider).await?;
    let pieces = pieces(&mail.text, &app.config.server.public_url);
    let mail = &mail;
    let page = MailPage {
        shell,
        mail,
        pieces,
    };
    present::page(shell, &page)
}

/// `GET /demo/mail/{name}/html`: the HTML part as it came, in a sandbox of its own.
async fn get_html(app: Data<App>, name: Path<String>) -> Answer {
    let mail = read(&app, name.into_inner()).await?;
    Ok(HttpResponse::Ok()
        .content_type("text/html; charset=utf-8")
        .insert_header((CONTENT_SECURITY_POLICY, MAIL_POLICY))
        .body(mail.html))
}

/// `GET /demo/mail/{name}/files/{index}`: a file that came with it, saved and never shown.
async fn get_attached(app: Data<App>, path: Path<(String, usize)>) -> Answer {
    let (name, index) = path.into_inner();
    let mail = read(&app, name).await?;
    let file = mail.files.into_iter().nth(index).ok_or(AppError::Hidden)?;
    let disposition = ContentDisposition {
        disposition: DispositionType::Attachment,
        parameters: vec![DispositionParam::Filename(file.name)],
    };
    Ok(HttpResponse::Ok()
        .content_type("application/octet-stream")
        .insert_header(disposition)
        .insert_header((CONTENT_SECURITY_POLICY, MAIL_POLICY))
        .body(file.content))
}

async fn read(app: &App, name: String) -> Result<Mail, AppError> {
    let folder = app.config.mail.directory.clone();
    let found = blocking(move || mailbox::read(&folder, &name)).await?;
    found.ok_or(AppError::Hidden)
}

/// Cuts out the addresses on this server. Everything else stays text, whatever it says.
fn pieces(text: &str, own_url: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut rest = text;
    let mut plain = String::new();
    while let Some(at) = rest.find(own_url) {
        let (before, from) = rest.split_at(at);
        plain.push_str(before);
        let end = from
            .find(|c: char| c.is_whitespace() || "<>\"'),;".contains(c))
            .unwrap_or(from.len());
        let (address, after) = from.split_at(end);
        let address = address.trim_end_matches('.');
        let path = address.strip_prefix(own_url).unwrap_or_default();
        let is_link = path.is_empty() || path.starts_with('/');
        pieces.push(Piece {
            text: std::mem::take(&mut plain),
            is_link: false,
        });
        pieces.push(Piece {
            text: address.to_owned(),
            is_link,
        });
        plain.extend((address.len() < end).then_some('.'));
        rest = after;
    }
    plain.push_str(rest);
    pieces.push(Piece {
        text: plain,
        is_link: false,
    });
    pieces
}

/// Reads files where it stops nobody.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> std::io::Result<T> + Send + 'static,
) -> Result<T, AppError> {
    let done = tokio::task::spawn_blocking(work).await;
    let read = done.map_err(|error| AppError::Internal(error.into()))?;
    read.map_err(|error| AppError::Internal(error.into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Vec<(String, bool)> {
        let pieces = pieces(text, "http://127.0.0.1:8080");
        pieces.into_iter().map(|p| (p.text, p.is_link)).collect()
    }

    #[test]
    fn only_addresses_on_this_server_become_links() {
        let text = "open http://127.0.0.1:8080/s#abc. or http://evil.example/ now";
        let expected = [
            ("open ", false),
            ("http://127.0.0.1:8080/s#abc", true),
            (". or http://evil.example/ now", false),
        ];
        assert_eq!(shown(text), expected.map(|(t, l)| (t.to_owned(), l)));
        let fooled = shown("http://127.0.0.1:8080.evil.example/x");
        assert!(fooled.iter().all(|(_, is_link)| !is_link), "{fooled:?}");
    }
}
