//! Starting, withdrawing and resubmitting from a document's page.

use actix_web::web::{Data, Path};
use chancery_types::id::DocumentId;

use super::remarks::RemarksView;
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
    /// To send a new version round.
    Resubmit,
    /// To send the same version round again, with an answer.
    ResubmitSame,
}

fn page<'a>(shell: &'a Shell, document: DocumentId, title: &str, verb: Verb) -> WordsPage<'a> {
    let (code, place) = match verb {
        Verb::Withdraw => ("withdraw", "withdraw"),
        Verb::WithdrawDraft => ("withdraw-draft", "withdraw"),
        Verb::Resubmit => ("resubmit", "resubmit"),
        Verb::ResubmitSame => ("resubmit-same", "resubmit"),
    };
    WordsPage {
        form: FormView::default(),
        heading: shell.t(&format!("words-{code}-title")),
        title: title.to_owned(),
        about: Vec::new(),
        back: format!("/documents/{document}"),
        action: format!("/documents/{document}/run/{place}"),
        explains: shell.t(&format!("words-{code}-text")),
        field: "comment",
        label: match verb {
            Verb::Resubmit | Verb::ResubmitSame => "words-answer",
            Verb::Withdraw | Verb::WithdrawDraft => "words-comment",
        },
        required: matches!(verb, Verb::Withdraw | Verb::ResubmitSame),
        submit: shell.t(&format!("words-{code}-submit")),
        is_dangerous: matches!(verb, Verb::Withdraw | Verb::WithdrawDraft),
        asks_for_person: false,
        asks_for_words: true,
        people: Vec::new(),
        refused: String::new(),
        warns: String::new(),
        shell,
    }
}

/// The page about withdrawing the document, as it is now.
async fn withdrawal<'a>(
    app: &App,
    desk: &'a Desk,
    document: DocumentId,
) -> Result<WordsPage<'a>, AppError> {
    let row = app
        .document_for(&desk.actor, document, Action::EditDocument)
        .await?;
    let verb = match DocumentState::from_code(&row.state) {
        Some(DocumentState::Draft) => Verb::WithdrawDraft,
        _ => Verb::Withdraw,
    };
    Ok(page(&desk.shell, document, &row.title, verb))
}

/// `GET /documents/{document}/run/withdraw`
pub(super) async fn get_withdraw(app: Data<App>, desk: Desk, document: Path<DocumentId>) -> Answer {
    let page = withdrawal(&app, &desk, *document).await?;
    present::page(&desk.shell, &page)
}

/// `POST /documents/{document}/run/withdraw`
pub(super) async fn post_withdraw(
    app: Data<App>,
    desk: Desk,
    document: Path<DocumentId>,
    form: PostedForm,
) -> Answer {
    let page = withdrawal(&app, &desk, *document).await?;
    let done = app
        .withdraw_document(&desk.actor, *document, form.text("comment"))
        .await;
    match done {
        Ok(()) => present::see_other(
            &format!("/documents/{document}"),
            "flash-run-withdrawn",
            &[],
        ),
        Err(error) => again(page, &form, error),
    }
}

/// The page about sending the document round again, as it is now.
async fn resubmission<'a>(
    app: &App,
    desk: &'a Desk,
    document: DocumentId,
) -> Result<WordsPage<'a>, AppError> {
    let row = app
        .document_for(&desk.actor, document, Action::EditDocument)
        .await?;
    let route = app.document_route(&desk.actor, document).await?;
    let verb = match route.may.is_revised {
        true => Verb::Resubmit,
        false => Verb::ResubmitSame,
    };
    let remarks = app.list_remarks(&desk.actor, document).await?;
    let open = RemarksView::new(&desk.shell, &remarks).open_count;
    let page = page(&desk.shell, document, &row.title, verb);
    Ok(WordsPage {
        warns: match open {
            0 => String::new(),
            open => format!(
                "{} {}",
                desk.shell.t1("remarks-open", "count", open),
                desk.shell.t("remarks-open-resubmit")
            ),
        },
        ..page
    })
}

/// `GET /documents/{document}/run/resubmit`
pub(super) async fn get_resubmit(app: Data<App>, desk: Desk, document: Path<DocumentId>) -> Answer {
    let page = resubmission(&app, &desk, *document).await?;
    present::page(&desk.shell, &page)
}

/// `POST /documents/{document}/run/resubmit`
pub(super) async fn post_resubmit(
    app: Data<App>,
    desk: Desk,
    document: Path<DocumentId>,
    form: PostedForm,
) -> Answer {
    let page = resubmission(&app, &desk, *document).await?;
    let done = app
        .resubmit_run(&desk.actor, *document, form.optional("comment"))
        .await;
    match done {
        Ok(()) => present::see_other(
            &format!("/documents/{document}"),
            "flash-run-resubmitted",
            &[],
        ),
        Err(error) => again(page, &form, error),
    }
}
