//! Counterparties and their contacts.

use actix_web::web::{self, Data, Path, Query};
use askama::Template;
use chancery_types::Locale;
use chancery_types::id::{ContactId, CounterpartyId};
use serde::Deserialize;

use super::organisation::{tax_id_values, tax_ids_of};
use crate::app::counterparties::{ContactCard, ContactDraft, CounterpartyCard, CounterpartyDraft};
use crate::app::page::{Cursor, Page};
use crate::app::{App, AppError};
use crate::web::pagination::PageQuery;
use crate::web::routes::{Audience, Route};
use crate::web::{Answer, Desk, FormView, PostedForm, Shell, present};

#[derive(Template)]
#[template(path = "pages/counterparties.html")]
struct ListPage<'a> {
    shell: &'a Shell,
    counterparties: Page<CounterpartyCard>,
    is_archived: bool,
    next: String,
}

#[derive(Template)]
#[template(path = "pages/counterparty.html")]
struct CounterpartyPage<'a> {
    shell: &'a Shell,
    counterparty: CounterpartyCard,
    contacts: Vec<ContactCard>,
    archived: Vec<ContactCard>,
}

#[derive(Template)]
#[template(path = "pages/counterparty-form.html")]
struct CounterpartyForm<'a> {
    shell: &'a Shell,
    form: FormView,
    id: Option<CounterpartyId>,
}

#[derive(Template)]
#[template(path = "pages/contact-form.html")]
struct ContactForm<'a> {
    shell: &'a Shell,
    form: FormView,
    languages: Vec<(String, String)>,
    counterparty: CounterpartyId,
    counterparty_name: String,
    action: String,
    contact: Option<ContactCard>,
}

/// `?archived=1&cursor=…`
#[derive(Debug, Default, Deserialize)]
struct ListQuery {
    #[serde(default)]
    archived: String,
    cursor: Option<String>,
}

/// `GET /counterparties`
async fn get_counterparties(app: Data<App>, desk: Desk, query: Query<ListQuery>) -> Answer {
    let is_archived = !query.archived.is_empty();
    let page = PageQuery {
        cursor: query.cursor.clone(),
        limit: None,
    };
    let found = app
        .list_counterparties_of(&desk.actor, &page.request(&app)?, is_archived)
        .await?;
    let next = found.next.as_ref().map(Cursor::encode);
    let archived = if is_archived { "archived=1&" } else { "" };
    let page = ListPage {
        shell: &desk.shell,
        next: next.map_or_else(String::new, |next| {
            format!("/counterparties?{archived}cursor={next}")
        }),
        counterparties: found,
        is_archived,
    };
    present::page(&desk.shell, &page)
}

fn draft_of(form: &PostedForm) -> CounterpartyDraft {
    CounterpartyDraft {
        name: form.text("name").to_owned(),
        tax_ids: tax_ids_of(form),
        address: form.optional("address").map(str::to_owned),
    }
}

/// `GET /counterparties/new`
async fn get_new(desk: Desk) -> Answer {
    let country = match desk.shell.locale() {
        Locale::Ru => "RU",
        Locale::En => "",
    };
    let page = CounterpartyForm {
        shell: &desk.shell,
        form: FormView::of([("country", country)]),
        id: None,
    };
    present::page(&desk.shell, &page)
}

fn show_again(
    desk: &Desk,
    form: &PostedForm,
    id: Option<CounterpartyId>,
    error: AppError,
) -> Answer {
    let AppError::Invalid { fields } = error else {
        return Err(error.into());
    };
    let page = CounterpartyForm {
        shell: &desk.shell,
        form: form.view(desk.shell.locale(), &fields),
        id,
    };
    present::page_with_errors(&desk.shell, &page)
}

/// `POST /counterparties`
async fn post_counterparty(app: Data<App>, desk: Desk, form: PostedForm) -> Answer {
    match app.create_counterparty(&desk.actor, &draft_of(&form)).await {
        Ok(id) => present::see_other(&format!("/counterparties/{id}"), "flash-saved", &[]),
        Err(error) => show_again(&desk, &form, None, error),
    }
}

/// `GET /counterparties/{counterparty}`
async fn get_counterparty(app: Data<App>, desk: Desk, id: Path<CounterpartyId>) -> Answer {
    let (counterparty, contacts) = app.load_counterparty(&desk.actor, *id).await?;
    let page = CounterpartyPage {
        shell: &desk.shell,
        archived: app.list_archived_contacts(&desk.actor, *id).await?,
        counterparty,
        contacts,
    };
    present::page(&desk.shell, &page)
}

/// `GET /counterparties/{counterparty}/edit`
async fn get_edit(app: Data<App>, desk: Desk, id: Path<CounterpartyId>) -> Answer {
    let (card, _) = app.load_counterparty(&desk.actor, *id).await?;
    let mut values = vec![
        ("row_version", card.row_version.to_string()),
        ("name", card.draft.name),
        ("address", card.draft.address.unwrap_or_default()),
    ];
    values.extend(tax_id_values(&card.draft.tax_ids));
    let page = CounterpartyForm {
        shell: &desk.shell,
        form: FormView::of(values),
        id: Some(*id),
    };
    present::page(&desk.shell, &page)
}

/// `POST /counterparties/{counterparty}/edit`
async fn post_edit(
    app: Data<App>,
    desk: Desk,
    id: Path<CounterpartyId>,
    form: PostedForm,
) -> Answer {
    let version = form.parse("row_version")?;
    let draft = draft_of(&form);
    match app
        .edit_counterparty(&desk.actor, *id, version, &draft)
        .await
    {
        Ok(()) => present::see_other(&format!("/counterparties/{id}"), "flash-saved", &[]),
        Err(error) => show_again(&desk, &form, Some(*id), error),
    }
}

fn contact_of(form: &PostedForm) -> ContactDraft {
    ContactDraft {
        name: form.text("name").to_owned(),
        position: form.optional("position").map(str::to_owned),
        email: form.text("email").to_owned(),
        locale: Locale::from_code(form.text("locale")).unwrap_or_default(),
    }
}

async fn contact_page<'a>(
    app: &App,
    desk: &'a Desk,
    counterparty: CounterpartyId,
    contact: Option<ContactId>,
    form: FormView,
) -> Result<ContactForm<'a>, AppError> {
    let (card, _) = app.load_counterparty(&desk.actor, counterparty).await?;
    let contact = match contact {
        Some(id) => Some(app.load_contact(&desk.actor, id).await?),
        None => None,
    };
    let action = match &contact {
        Some(contact) => format!("/contacts/{}", contact.id),
        None => format!("/counterparties/{counterparty}/contacts"),
    };
    Ok(ContactForm {
        shell: &desk.shell,
        form,
        languages: super::languages(&desk.shell),
        counterparty,
        counterparty_name: card.draft.name,
        action,
        contact,
    })
}

/// `GET /counterparties/{counterparty}/contacts/new`
async fn get_new_contact(app: Data<App>, desk: Desk, id: Path<CounterpartyId>) -> Answer {
    let form = FormView::of([("locale", desk.shell.lang())]);
    let page = contact_page(&app, &desk, *id, None, form).await?;
    present::page(&desk.shell, &page)
}

/// `POST /counterparties/{counterparty}/contacts`
async fn post_contact(
    app: Data<App>,
    desk: Desk,
    id: Path<CounterpartyId>,
    form: PostedForm,
) -> Answer {
    match app
        .create_contact(&desk.actor, *id, &contact_of(&form))
        .await
    {
        Ok(_) => present::see_other(&format!("/counterparties/{id}"), "flash-saved", &[]),
        Err(AppError::Invalid { fields }) => {
            let form = form.view(desk.shell.locale(), &fields);
            let page = contact_page(&app, &desk, *id, None, form).await?;
            present::page_with_errors(&desk.shell, &page)
        }
        Err(error) => Err(error.into()),
    }
}

/// `GET /contacts/{contact}`
async fn get_contact(app: Data<App>, desk: Desk, id: Path<ContactId>) -> Answer {
    let card = app.load_contact(&desk.actor, *id).await?;
    let form = FormView::of([
        ("row_version", card.row_version.to_string()),
        ("name", card.draft.name),
        ("position", card.draft.position.unwrap_or_default()),
        ("email", card.draft.email),
        ("locale", card.draft.locale.code().to_owned()),
    ]);
    let page = contact_page(&app, &desk, card.counterparty, Some(*id), form).await?;
    present::page(&desk.shell, &page)
}

/// `POST /contacts/{contact}`
async fn post_edit_contact(
    app: Data<App>,
    desk: Desk,
    id: Path<ContactId>,
    form: PostedForm,
) -> Answer {
    let version = form.parse("row_version")?;
    let known = app.load_contact(&desk.actor, *id).await?.counterparty;
    let draft = contact_of(&form);
    match app.edit_contact(&desk.actor, *id, version, &draft).await {
        Ok(edited) => {
            let count = edited.links_revoked.to_string();
            let flash = match edited.links_revoked {
                0 => "flash-saved",
                _ => "flash-contact-links-revoked",
            };
            present::see_other(
                &format!("/counterparties/{known}"),
                flash,
                &[("count", &count)],
            )
        }
        Err(AppError::Invalid { fields }) => {
            let form = form.view(desk.shell.locale(), &fields);
            let page = contact_page(&app, &desk, known, Some(*id), form).await?;
            present::page_with_errors(&desk.shell, &page)
        }
        Err(error) => Err(error.into()),
    }
}

/// The routes.
pub const ROUTES: &[Route] = &[
    Route::get("/counterparties", Audience::Person, || {
        web::get().to(get_counterparties)
    }),
    Route::post("/counterparties", Audience::Person, || {
        web::post().to(post_counterparty)
    }),
    Route::get("/counterparties/new", Audience::Person, || {
        web::get().to(get_new)
    }),
    Route::get("/counterparties/{counterparty}", Audience::Person, || {
        web::get().to(get_counterparty)
    }),
    Route::get(
        "/counterparties/{counterparty}/edit",
        Audience::Person,
        || web::get().to(get_edit),
    ),
    Route::post(
        "/counterparties/{counterparty}/edit",
        Audience::Person,
        || web::post().to(post_edit),
    ),
    Route::get(
        "/counterparties/{counterparty}/contacts/new",
        Audience::Person,
        || web::get().to(get_new_contact),
    ),
    Route::post(
        "/counterparties/{counterparty}/contacts",
        Audience::Person,
        || web::post().to(post_contact),
    ),
    Route::get("/contacts/{contact}", Audience::Person, || {
        web::get().to(get_contact)
    }),
    Route::post("/contacts/{contact}", Audience::Person, || {
        web::post().to(post_edit_contact)
    }),
];
