//! Starting, withdrawing and resubmitting from a document's page.

use actix_web::web::{Data, Path};
use chancery_types::id::DocumentId;

use super::words::{WordsPage, again};
use crate::app::{App, AppError};
use crate::domain::access::Action;
use crate::domain::document::DocumentState;
use crate::web::{Answer, Desk, FormView, PostedForm, Shell, present};

/// `POST /documents/{document}/run`: starts the run.
pub(super) async fn post_start(
    app: Data<App>,
    desk: Desk,
    document: Path<DocumentId>,
    _form: PostedForm,
) -> Answer {
    app.start_run(&desk.actor, *document).await?;
    present::see_other(&format!("/documents/{document}"), "flash-run-started", &[])
}

/// What the page asks about.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Verb {
    /// To end a run.
    Withdraw,
    /// To give a draft up.
    WithdrawDraft,
    Resubmit,
}

fn page<'a>(shell: &'a Shell, document: DocumentId, verb: Verb) -> WordsPage<'a> {
    let (code, place) = match verb {
        Verb::Withdraw => ("withdraw", "withdraw"),
        Verb::WithdrawDraft => ("withdraw-draft", "withdraw"),
        Verb::Resubmit => ("resubmit", "resubmit"),
    };
    WordsPage {
        form: FormView::default(),
        heading: shell.t(&format!("words-{code}-title")),
        title: shell.t("words-document"),
        back: format!("/documents/{document}"),
        action: format!("/documents/{document}/run/{place}"),
        explains: shell.t(&format!("words-{code}-text")),
        field: "comment",
        label: "words-comment",
        required: verb == Verb::Withdraw,
        submit: shell.t(&format!("words-{code}-submit")),
        is_dangerous: verb != Verb::Resubmit,
        asks_for_person: false,
        people: Vec::new(),
        refused: String::new(),
        shell,
    }
}

/// What withdrawing the document means now.
async fn withdrawal(app: &App, desk: &Desk, document: DocumentId) -> Result<Verb, AppError> {
    let row = app
        .document_for(&desk.actor, document, Action::EditDocument)
        .await?;
    Ok(match DocumentState::from_code(&row.state) {
        Some(DocumentState::Draft) => Verb::WithdrawDraft,
        _ => Verb::Withdraw,
    })
}

/// `GET /documents/{document}/run/withdraw`
pub(super) async fn get_withdraw(app: Data<App>, desk: Desk, document: Path<DocumentId>) -> Answer {
    let verb = withdrawal(&app, &desk, *document).await?;
    present::page(&desk.shell, &page(&desk.shell, *document, verb))
}

/// `POST /documents/{document}/run/withdraw`
pub(super) async fn post_withdraw(
    app: Data<App>,
    desk: Desk,
    document: Path<DocumentId>,
    form: PostedForm,
) -> Answer {
    let verb = withdrawal(&app, &desk, *document).await?;
    match app
        .withdraw_document(&desk.actor, *document, form.text("comment"))
        .await
    {
        Ok(()) => present::see_other(
            &format!("/documents/{document}"),
            "flash-run-withdrawn",
            &[],
        ),
        Err(error) => again(
            page(&desk.shell, *document, verb),
            &form,
            error,
        ),
    }
}

/// `GET /documents/{document}/run/resubmit`
pub(super) async fn get_resubmit(app: Data<App>, desk: Desk, document: Path<DocumentId>) -> Answer {
    app.document_for(&desk.actor, *document, Action::EditDocument)
        .await?;
    let page = page(&desk.shell, *document, Verb::Resubmit);
    present::page(&desk.shell, &page)
}

/// `POST /documents/{document}/run/resubmit`
pub(super) async fn post_resubmit(
    app: Data<App>,
    desk: Desk,
    document: Path<DocumentId>,
    form: PostedForm,
) -> Answer {
    match app
        .resubmit_run(&desk.actor, *document, form.optional("comment"))
        .await
    {
        Ok(()) => present::see_other(
            &format!("/documents/{document}"),
            "flash-run-resubmitted",
            &[],
        ),
        Err(error) => again(
            page(&desk.shell, *document, Verb::Resubmit),
            &form,
            error,
        ),
    }
}
