//! Starting, withdrawing, resubmitting, stopping and ending from a document's page.

use actix_web::web::{Data, Path};
use chancery_types::id::{DocumentId, PersonId};

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
    /// To stop a run for a while.
    Suspend,
    /// To end a run whatever it waits for.
    Cancel,
}

fn page<'a>(shell: &'a Shell, document: DocumentId, title: &str, verb: Verb) -> WordsPage<'a> {
    let (code, place) = match verb {
        Verb::Withdraw => ("withdraw", "withdraw"),
        Verb::WithdrawDraft => ("withdraw-draft", "withdraw"),
        Verb::Resubmit => ("resubmit", "resubmit"),
        Verb::ResubmitSame => ("resubmit-same", "resubmit"),
        Verb::Suspend => ("suspend", "suspend"),
        Verb::Cancel => ("cancel-run", "cancel"),
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
            _ => "words-comment",
        },
        required: !matches!(verb, Verb::WithdrawDraft | Verb::Resubmit),
        submit: shell.t(&format!("words-{code}-submit")),
        is_dangerous: matches!(verb, Verb::Withdraw | Verb::WithdrawDraft | Verb::Cancel),
        asks_for_person: false,
        asks_for_words: true,
        people: Vec::new(),
        refused: String::new(),
        warns: String::new(),
        said: Vec::new(),
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
        .document_for(&desk.actor, document, Action::MoveRun)
        .await?;
    let verb = match DocumentState::from_code(&row.state) {
        Some(DocumentState::Draft) => Verb::WithdrawDraft,
        _ => Verb::Withdraw,
    };
    // The initiator is told in words that it is too late; anybody else, whom the workflow does not
    // name now, that it is not theirs to do.
    let own = app
        .document_for(&desk.actor, document, Action::EditDocument)
        .await;
    if let Err(error) = own {
        let route = app.document_route(&desk.actor, document).await?;
        if verb == Verb::WithdrawDraft || !route.may.withdraw {
            return Err(error);
        }
    }
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

/// The page about stopping a run or ending it: for who keeps it and may see the document.
async fn keeping<'a>(
    app: &App,
    desk: &'a Desk,
    document: DocumentId,
    verb: Verb,
) -> Result<WordsPage<'a>, AppError> {
    app.document_for(&desk.actor, document, Action::KeepRun)
        .await?;
    let row = app
        .document_for(&desk.actor, document, Action::SeeDocument)
        .await?;
    Ok(page(&desk.shell, document, &row.title, verb))
}

/// `GET /documents/{document}/run/suspend`
pub(super) async fn get_suspend(app: Data<App>, desk: Desk, document: Path<DocumentId>) -> Answer {
    let page = keeping(&app, &desk, *document, Verb::Suspend).await?;
    present::page(&desk.shell, &page)
}

/// `POST /documents/{document}/run/suspend`
pub(super) async fn post_suspend(
    app: Data<App>,
    desk: Desk,
    document: Path<DocumentId>,
    form: PostedForm,
) -> Answer {
    let page = keeping(&app, &desk, *document, Verb::Suspend).await?;
    let reason = form.text("comment");
    match app.suspend_run(&desk.actor, *document, reason).await {
        Ok(()) => back_to(*document, "flash-run-suspended"),
        Err(error) => again(page, &form, error),
    }
}

/// `GET /documents/{document}/run/cancel`
pub(super) async fn get_cancel(app: Data<App>, desk: Desk, document: Path<DocumentId>) -> Answer {
    let page = keeping(&app, &desk, *document, Verb::Cancel).await?;
    present::page(&desk.shell, &page)
}

/// `POST /documents/{document}/run/cancel`
pub(super) async fn post_cancel(
    app: Data<App>,
    desk: Desk,
    document: Path<DocumentId>,
    form: PostedForm,
) -> Answer {
    let page = keeping(&app, &desk, *document, Verb::Cancel).await?;
    let reason = form.text("comment");
    match app.cancel_run(&desk.actor, *document, reason).await {
        Ok(()) => back_to(*document, "flash-run-cancelled"),
        Err(error) => again(page, &form, error),
    }
}

/// `POST /documents/{document}/run/resume`
pub(super) async fn post_resume(
    app: Data<App>,
    desk: Desk,
    document: Path<DocumentId>,
    _form: PostedForm,
) -> Answer {
    keeping(&app, &desk, *document, Verb::Suspend).await?;
    app.resume_run(&desk.actor, *document).await?;
    back_to(*document, "flash-run-resumed")
}

/// `POST /documents/{document}/run/retry`
pub(super) async fn post_retry(
    app: Data<App>,
    desk: Desk,
    document: Path<DocumentId>,
    _form: PostedForm,
) -> Answer {
    keeping(&app, &desk, *document, Verb::Suspend).await?;
    app.retry_run_of(&desk.actor, *document).await?;
    back_to(*document, "flash-run-retried")
}

/// `POST /documents/{document}/run/approvers/drop`
pub(super) async fn post_drop(
    app: Data<App>,
    desk: Desk,
    document: Path<DocumentId>,
    form: PostedForm,
) -> Answer {
    app.document_for(&desk.actor, *document, Action::SeeDocument)
        .await?;
    let (stage, person) = (form.text("stage"), form.parse::<PersonId>("person")?);
    app.drop_approver(&desk.actor, *document, stage, person)
        .await?;
    back_to(*document, "flash-approver-dropped")
}

fn back_to(document: DocumentId, flash: &'static str) -> Answer {
    present::see_other(&format!("/documents/{document}"), flash, &[])
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
