//! The forms: a new document, its card, a new version.

use actix_multipart::Multipart;
use actix_web::HttpRequest;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path, Query};
use askama::Template;
use chancery_types::id::DocumentId;
use chancery_workflow::Kind;
use serde::Deserialize;

use super::fields::{FieldInput, Input, card_values, inputs};
use super::view::kinds;
use crate::app::catalogue::card_of_row;
use crate::app::choices::Asked;
use crate::app::documents::{Created, Duplicate, NewDocument};
use crate::app::intake::Repair;
use crate::app::spool::Upload;
use crate::app::versions::VersionUpload;
use crate::app::{App, AppError, FieldProblem};
use crate::domain::access::Action;
use crate::i18n;
use crate::store::entity::documents;
use crate::web::{Answer, Desk, FormView, PostedForm, Shell, present, upload};
use chancery_types::FieldType;

#[derive(Template)]
#[template(path = "pages/documents/form.html")]
struct FormPage<'a> {
    shell: &'a Shell,
    form: FormView,
    kind: String,
    kinds: Vec<(String, String)>,
    fields: Vec<FieldInput>,
    has_counterparty: bool,
    id: Option<DocumentId>,
    /// The document that it is to belong to.
    parent: Option<Duplicate>,
    offers_repair: bool,
    /// Whether files were sent and lost with an error.
    files_again: bool,
    megabytes_max: u64,
}

#[derive(Template)]
#[template(path = "pages/documents/version.html")]
struct VersionPage<'a> {
    shell: &'a Shell,
    form: FormView,
    id: DocumentId,
    title: String,
    /// Place and name of each attachment of the version before.
    attached: Vec<(String, String)>,
    offers_repair: bool,
    files_again: bool,
    megabytes_max: u64,
}

#[derive(Deserialize)]
pub struct KindQuery {
    kind: Option<String>,
    /// A document whose title and card the form begins with.
    from: Option<DocumentId>,
    /// A document that the new one is to belong to.
    parent: Option<DocumentId>,
}

fn megabytes_max(app: &App) -> u64 {
    app.config.limits.upload_bytes_max / i18n::MEGABYTE
}

async fn show(
    app: &App,
    desk: &Desk,
    kind: &Kind,
    id: Option<DocumentId>,
    form: FormView,
    offers_repair: bool,
) -> Answer {
    // Only a document that is there may keep what has gone into the archive since.
    let chosen = form.identifiers("card.");
    let asked = Asked {
        kept: id.map_or_else(Vec::new, |_| chosen.clone()),
        chosen,
        counterparty: kind
            .list()
            .counterparty
            .as_ref()
            .and_then(|field| form.value(&format!("card.{field}")).parse().ok()),
        letters: form.under("find.card."),
    };
    let choices = app.card_choices(&desk.actor, kind, &asked).await?;
    let shell = &desk.shell;
    let status = if form.errors.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    let parent = form.value("parent").parse().ok();
    let page = FormPage {
        parent: app.title_of_parent(&desk.actor, parent).await?,
        fields: inputs(kind, shell.locale(), &choices),
        kind: kind.id().to_owned(),
        kinds: kinds(app, shell.locale()),
        megabytes_max: megabytes_max(app),
        has_counterparty: asked.counterparty.is_some(),
        files_again: id.is_none() && was_sent(&form),
        shell,
        form,
        id,
        offers_repair,
    };
    present::page_with(actix_web::HttpResponse::build(status), shell, &page)
}

/// `GET /documents/new`
pub async fn get_new(app: Data<App>, desk: Desk, query: Query<KindQuery>) -> Answer {
    if let Some(from) = query.from {
        let row = app
            .document_for(&desk.actor, from, Action::SeeDocument)
            .await?;
        // Of a kind whose pack is off nothing is begun again.
        let kind = app.kind(&row.kind).map_err(|_| AppError::Hidden)?;
        let form = FormView::of(values_of(&row)?);
        return show(&app, &desk, kind, None, form, false).await;
    }
    let first = kinds(&app, desk.shell.locale()).into_iter().next();
    let wanted = query.kind.clone().or(first.map(|(id, _)| id));
    let kind = app.kind(wanted.as_deref().unwrap_or_default())?;
    let mut values = Vec::from_iter(own_department(&desk, kind));
    if let Some(parent) = query.parent {
        app.parent_for(&desk.actor, parent, kind.id()).await?;
        values.push(("parent".to_owned(), parent.to_string()));
    }
    let form = FormView::of(values);
    show(&app, &desk, kind, None, form, false).await
}

/// The reader's department in the card of a new document of theirs.
fn own_department(desk: &Desk, kind: &Kind) -> Option<(String, String)> {
    let department = desk.actor.person()?.department?;
    let mut fields = kind.fields().iter();
    let own = fields.find(|field| field.field_type == FieldType::Department)?;
    Some((format!("card.{}", own.name), department.to_string()))
}

/// Whether the form was sent before: what it showed of files is lost then.
fn was_sent(form: &FormView) -> bool {
    !form.errors.is_empty() || !form.value("find").is_empty()
}

/// Whether the button beside a long list was pressed: the form comes back filled, with the list as
/// it was asked for. Works without JavaScript; only the files must be chosen again.
fn looks_in_a_list(form: &PostedForm) -> bool {
    !form.text("find").is_empty()
}

fn repair_of(form: &PostedForm) -> Repair {
    match form.text("repair") {
        "accept" => Repair::Accept,
        _ => Repair::Offer,
    }
}

fn problems_of(error: AppError) -> Result<Vec<FieldProblem>, AppError> {
    match error {
        AppError::Invalid { fields } => Ok(fields),
        AppError::TooLarge { max_bytes } => Ok(vec![
            FieldProblem::new("main", "file-too-large")
                .with("megabytes", max_bytes / i18n::MEGABYTE),
        ]),
        // A refusal of one file: said beside it, with the form as it was filled.
        AppError::Refused {
            code: "version-same-content",
            ..
        } => Ok(vec![FieldProblem::new("main", "same-content")]),
        other => Err(other),
    }
}

fn offers_repair(problems: &[FieldProblem]) -> bool {
    problems
        .iter()
        .any(|problem| ["file-table-dishonest", "file-starts-otherwise"].contains(&problem.code))
}

/// After a file was taken: to the document, saying what was noticed.
fn taken(created: &Created, version: Option<i64>) -> Answer {
    let path = format!("/documents/{}", created.id);
    let number = version.map(|number| number.to_string());
    let args: Vec<(&str, &str)> = number.iter().map(|n| ("number", n.as_str())).collect();
    let key = match (version.is_some(), created.is_repaired) {
        (true, _) if created.is_same_file => "flash-version-same-file",
        (false, false) => "flash-document-created",
        (false, true) => "flash-document-created-repaired",
        (true, false) => "flash-version-added",
        (true, true) => "flash-version-added-repaired",
    };
    present::see_other(&path, key, &args)
}

fn new_document(
    kind: &Kind,
    form: &PostedForm,
    main: Option<Upload>,
    attachments: Vec<Upload>,
) -> Result<NewDocument, AppError> {
    // What is no identifier is no document that anybody sees.
    let parent = form.parse_optional("parent");
    Ok(NewDocument {
        parent: parent.map_err(|_| AppError::Hidden)?,
        kind: kind.id().to_owned(),
        title: form.text("title").to_owned(),
        card: form.under("card."),
        main,
        attachments,
        repair: repair_of(form),
    })
}

/// `POST /documents`
pub async fn post_document(
    app: Data<App>,
    desk: Desk,
    request: HttpRequest,
    parts: Multipart,
) -> Answer {
    let posted = upload::read_page(&app, &request, parts).await?;
    let checked = posted.check(&app);
    let (form, main, attachments) = posted.split();
    let kind = app.kind(form.text("kind"))?;
    if looks_in_a_list(&form) {
        let view = form.view(desk.shell.locale(), &[]);
        return show(&app, &desk, kind, None, view, false).await;
    }
    let new = new_document(kind, &form, main, attachments)?;
    let created = match checked {
        Ok(()) => app.create_document(&desk.actor, new).await,
        Err(error) => Err(error),
    };
    match created {
        Ok(created) => taken(&created, None),
        Err(error) => {
            let problems = problems_of(error)?;
            let view = form.view(desk.shell.locale(), &problems);
            show(&app, &desk, kind, None, view, offers_repair(&problems)).await
        }
    }
}

/// A document's title and card as a form has them.
fn values_of(row: &documents::Model) -> Result<Vec<(String, String)>, AppError> {
    let mut values = vec![("title".to_owned(), row.title.clone())];
    values.extend(card_values(&card_of_row(&row.card)?));
    Ok(values)
}

/// `GET /documents/{document}/edit`
pub async fn get_edit(app: Data<App>, desk: Desk, id: Path<DocumentId>) -> Answer {
    let row = app.editable_document(&desk.actor, *id).await?;
    let kind = app.kind_of_row(&row.kind)?;
    let mut values = values_of(&row)?;
    values.push(("row_version".to_owned(), row.row_version.to_string()));
    show(&app, &desk, kind, Some(*id), FormView::of(values), false).await
}

/// `POST /documents/{document}/edit`
pub async fn post_edit(
    app: Data<App>,
    desk: Desk,
    id: Path<DocumentId>,
    form: PostedForm,
) -> Answer {
    let row_version = form.parse("row_version")?;
    if looks_in_a_list(&form) {
        let row = app
            .document_for(&desk.actor, *id, Action::EditDocument)
            .await?;
        let kind = app.kind_of_row(&row.kind)?;
        let view = form.view(desk.shell.locale(), &[]);
        return show(&app, &desk, kind, Some(*id), view, false).await;
    }
    let (title, card) = (form.text("title"), form.under("card."));
    let edited = app
        .edit_document(&desk.actor, *id, row_version, title, &card)
        .await;
    match edited {
        Ok(edited) => saved(*id, edited.new_version),
        Err(error) => show_edit_again(&app, &desk, *id, &form, error).await,
    }
}

/// After an edit: to the document, saying whether it made a version.
fn saved(id: DocumentId, new_version: Option<i64>) -> Answer {
    let path = format!("/documents/{id}");
    let Some(number) = new_version.map(|number| number.to_string()) else {
        return present::see_other(&path, "flash-saved", &[]);
    };
    present::see_other(&path, "flash-saved-as-version", &[("number", &number)])
}

/// The card's form again, with what was typed and what is wrong.
async fn show_edit_again(
    app: &App,
    desk: &Desk,
    id: DocumentId,
    form: &PostedForm,
    error: AppError,
) -> Answer {
    let (problems, is_stale) = match error {
        AppError::Invalid { fields } => (fields, false),
        AppError::Stale => (vec![FieldProblem::new("title", "card-changed")], true),
        other => return Err(other.into()),
    };
    let row = app.editable_document(&desk.actor, id).await?;
    let kind = app.kind_of_row(&row.kind)?;
    let mut view = form.view(desk.shell.locale(), &problems);
    if is_stale {
        // Saved once more, what was typed replaces what came meanwhile.
        view = view.with("row_version", &row.row_version.to_string());
    }
    show(app, desk, kind, Some(id), view, false).await
}

/// `GET /documents/{document}/versions/new`
pub async fn get_version(app: Data<App>, desk: Desk, id: Path<DocumentId>) -> Answer {
    let row = app.editable_document(&desk.actor, *id).await?;
    let attached = attached(&app, &desk, *id).await?;
    let mut values = vec![("row_version".to_owned(), row.row_version.to_string())];
    let kept = attached
        .iter()
        .map(|(place, _)| ("keep".to_owned(), place.clone()));
    values.extend(kept);
    let page = VersionPage {
        shell: &desk.shell,
        form: FormView::of(values),
        id: *id,
        title: row.title,
        attached,
        offers_repair: false,
        files_again: false,
        megabytes_max: megabytes_max(&app),
    };
    present::page(&desk.shell, &page)
}

/// Place and name of each attachment of the present version.
async fn attached(
    app: &App,
    desk: &Desk,
    id: DocumentId,
) -> Result<Vec<(String, String)>, AppError> {
    let rows = app.list_attachments(&desk.actor, id).await?;
    let named = rows
        .into_iter()
        .map(|row| (row.position.to_string(), row.name));
    Ok(named.collect())
}

/// `POST /documents/{document}/versions`
pub async fn post_version(
    app: Data<App>,
    desk: Desk,
    id: Path<DocumentId>,
    request: HttpRequest,
    parts: Multipart,
) -> Answer {
    let posted = upload::read_page(&app, &request, parts).await?;
    let checked = posted.check(&app);
    let (form, main, attachments) = posted.split();
    let row_version = form.parse("row_version")?;
    let new = VersionUpload {
        main,
        attachments,
        keep: upload::kept_places(&form)?,
        comment: form.text("comment").to_owned(),
        repair: repair_of(&form),
    };
    let added = match checked {
        Ok(()) => app.add_version(&desk.actor, *id, row_version, new).await,
        Err(error) => Err(error),
    };
    match added {
        Ok(created) => taken(&created, Some(created.version)),
        Err(error) => show_version_again(&app, &desk, *id, &form, error).await,
    }
}

async fn show_version_again(
    app: &App,
    desk: &Desk,
    id: DocumentId,
    form: &PostedForm,
    error: AppError,
) -> Answer {
    let problems = problems_of(error)?;
    let row = app
        .document_for(&desk.actor, id, Action::EditDocument)
        .await?;
    let page = VersionPage {
        shell: &desk.shell,
        form: form.view(desk.shell.locale(), &problems),
        id,
        title: row.title,
        attached: attached(app, desk, id).await?,
        offers_repair: offers_repair(&problems),
        files_again: true,
        megabytes_max: megabytes_max(app),
    };
    present::page_with_errors(&desk.shell, &page)
}
