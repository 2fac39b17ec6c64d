//! The discussion on a document, ready to print, and its forms:
//! `partials/document/discussion.html`.

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use askama::Template;
use chancery_types::id::{DocumentId, PersonId};
use uuid::Uuid;

use super::place::{FIELDS, place_words, posted_place};
use super::view::When;
use crate::app::comments::{CommentDraft, Discussion, KnownComment};
use crate::app::route::Colleague;
use crate::app::{App, AppError};
use crate::web::{Answer, Desk, FormView, PostedForm, Problem, Shell, present};

/// A comment.
pub struct CommentLine {
    /// The comment.
    pub id: Uuid,
    /// Who says it.
    pub author: String,
    /// When.
    pub at: When,
    /// "version 2".
    pub version: String,
    /// Where, in words: "page 3, mark 2"; empty if of the document as a whole.
    pub place: String,
    /// The address of that place.
    pub place_href: String,
    /// What.
    pub text: String,
    /// Whom it tells, in one line; may be empty.
    pub mentioned: String,
    /// Whether the counterparty sees it.
    pub is_for_counterparty: bool,
    /// When it was struck out.
    pub struck: Option<When>,
    /// Whether the reader may strike it out.
    pub may_strike: bool,
}

/// The discussion.
pub struct DiscussionView {
    /// The comments, oldest first.
    pub comments: Vec<CommentLine>,
    /// Whether there are older ones that are not shown.
    pub has_more: bool,
    /// Whether the reader may say something.
    pub may_comment: bool,
    /// The form, if they may.
    pub form: CommentForm,
}

/// What the form for a comment needs.
pub struct CommentForm {
    /// The document.
    pub document: DocumentId,
    /// What was typed, with what is wrong with it.
    pub form: FormView,
    /// Whom the reader may choose to tell.
    pub people: Vec<(String, String)>,
    /// Whether the counterparty may be let see it.
    pub may_tell_counterparty: bool,
    /// Which place it is about, in words; may be empty.
    pub place: String,
    /// The hidden fields of that place.
    pub place_fields: Vec<(&'static str, String)>,
}

#[derive(Template)]
#[template(path = "pages/documents/comment.html")]
struct CommentPage<'a> {
    shell: &'a Shell,
    discussion: CommentForm,
    /// Why it was refused; may be empty.
    refused: String,
}

impl CommentLine {
    fn new(shell: &Shell, document: DocumentId, comment: KnownComment) -> Self {
        let (number, key) = (comment.version_number, comment.row.id.to_string());
        let about = (comment.place, comment.mark, key.as_str());
        let (place, place_href) = place_words(shell, document, number, about);
        Self {
            place,
            place_href,
            id: comment.row.id,
            author: comment.author_name,
            at: When::new(shell, comment.row.created_at),
            version: shell.t1("document-version", "number", comment.version_number),
            text: comment.row.text,
            mentioned: comment.mentioned.join(", "),
            is_for_counterparty: comment.row.audience == "counterparty",
            struck: comment.row.struck_at.map(|at| When::new(shell, at)),
            may_strike: comment.may_strike,
        }
    }
}

impl CommentForm {
    /// The form, filled with what was typed and, if it is about a place, with that.
    pub(super) fn new(
        shell: &Shell,
        document: DocumentId,
        found: &Discussion,
        form: FormView,
    ) -> Self {
        let place_fields = FIELDS.map(|name| (name, form.value(name).to_owned()));
        let page: i64 = form.value("at_page").parse().unwrap_or(0);
        let place = match (page, form.value("at_x").is_empty()) {
            (0, _) => String::new(),
            (page, true) => shell.t1("place-form-page", "page", page),
            (page, false) => shell.t1("place-form", "page", page),
        };
        let named = |person: &Colleague| match &person.position {
            Some(position) => format!("{} · {position}", person.name),
            None => person.name.clone(),
        };
        Self {
            document,
            form,
            people: found
                .people
                .iter()
                .map(|person| (person.id.to_string(), named(person)))
                .collect(),
            may_tell_counterparty: found.may_tell_counterparty,
            place,
            place_fields: place_fields
                .into_iter()
                .filter(|(_, value)| !value.is_empty())
                .collect(),
        }
    }
}

impl DiscussionView {
    /// In the reader's words.
    #[must_use]
    pub fn new(shell: &Shell, document: DocumentId, found: Discussion) -> Self {
        Self {
            form: CommentForm::new(shell, document, &found, FormView::default()),
            has_more: found.has_more,
            may_comment: found.may_comment,
            comments: found
                .comments
                .into_iter()
                .map(|comment| CommentLine::new(shell, document, comment))
                .collect(),
        }
    }
}

/// A comment as the form has it.
fn posted(form: &PostedForm) -> Result<CommentDraft, AppError> {
    let person = |id: &str| -> Result<PersonId, AppError> {
        id.parse()
            .map_err(|_| AppError::invalid("text", "not-a-choice"))
    };
    Ok(CommentDraft {
        text: form.text("text").to_owned(),
        people: form.all("tell").map(person).collect::<Result<_, _>>()?,
        is_for_counterparty: form.text("counterparty") == "yes",
        place: posted_place(form)?,
    })
}

/// `POST /documents/{document}/comments`
pub(super) async fn post_comment(
    app: Data<App>,
    desk: Desk,
    document: Path<DocumentId>,
    form: PostedForm,
) -> Answer {
    let said = match posted(&form) {
        Ok(draft) => app.add_comment(&desk.actor, *document, &draft).await,
        Err(error) => Err(error),
    };
    match said {
        Ok(id) => {
            let place = format!("/documents/{document}#comment-{id}");
            present::see_other(&place, "flash-comment-added", &[])
        }
        Err(error) => again(&app, &desk, *document, &form, error).await,
    }
}

/// The form again with what is wrong; anything but a refusal or a wrong text goes on.
async fn again(
    app: &App,
    desk: &Desk,
    document: DocumentId,
    form: &PostedForm,
    error: AppError,
) -> Answer {
    let shell = &desk.shell;
    let (problems, refused) = match error {
        AppError::Invalid { fields } => (fields, String::new()),
        AppError::Refused { .. } | AppError::TooMany { .. } => {
            let detail = Problem::from(error).facts().detail(shell.locale());
            (Vec::new(), detail)
        }
        other => return Err(other.into()),
    };
    let found = app.discussion(&desk.actor, document).await?;
    let filled = form.view(shell.locale(), &problems);
    let page = CommentPage {
        shell,
        discussion: CommentForm::new(shell, document, &found, filled),
        refused,
    };
    match page.refused.is_empty() {
        true => present::page_with_errors(shell, &page),
        false => present::page_with(HttpResponse::Conflict(), shell, &page),
    }
}

/// `POST /comments/{comment}/strike`
pub(super) async fn post_strike(
    app: Data<App>,
    desk: Desk,
    comment: Path<Uuid>,
    _form: PostedForm,
) -> Answer {
    let document = app.strike_comment(&desk.actor, *comment).await?;
    let place = format!("/documents/{document}#comment-{comment}");
    present::see_other(&place, "flash-comment-struck", &[])
}
