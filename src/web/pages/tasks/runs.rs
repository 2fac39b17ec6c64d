//! Starting, withdrawing and resubmitting from a document's page.

use actix_web::web::{Data, Path};
use chancery_types::id::DocumentId;

use super::words::{WordsPage, again};
use crate::app::App;
use crate::domain::access::Action;
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

fn page<'a>(shell: &'a Shell, document: DocumentId, code: &str, form: FormView) -> WordsPage<'a> {
    let withdraws = code == "withdraw";
    WordsPage {
        form,
        heading: shell.t(&format!("words-{code}-title")),
        title: shell.t("words-document"),
        back: format!("/documents/{document}"),
        action: format!("/documents/{document}/run/{code}"),
        explains: shell.t(&format!("words-{code}-text")),
        field: "comment",
        label: "words-comment",
        required: withdraws,
        submit: shell.t(&format!("words-{code}-submit")),
        is_dangerous: withdraws,
        asks_for_person: false,
        people: Vec::new(),
        refused: String::new(),
        shell,
    }
}

/// `GET /documents/{document}/run/withdraw`
pub(super) async fn get_withdraw(app: Data<App>, desk: Desk, document: Path<DocumentId>) -> Answer {
    app.document_for(&desk.actor, *document, Action::EditDocument)
        .await?;
    let page = page(&desk.shell, *document, "withdraw", FormView::default());
    present::page(&desk.shell, &page)
}

/// `POST /documents/{document}/run/withdraw`
pub(super) async fn post_withdraw(
    app: Data<App>,
    desk: Desk,
    document: Path<DocumentId>,
    form: PostedForm,
) -> Answer {
    match app
        .withdraw_run(&desk.actor, *document, form.text("comment"))
        .await
    {
        Ok(()) => present::see_other(
            &format!("/documents/{document}"),
            "flash-run-withdrawn",
            &[],
        ),
        Err(error) => again(
            page(&desk.shell, *document, "withdraw", FormView::default()),
            &form,
            error,
        ),
    }
}

/// `GET /documents/{document}/run/resubmit`
pub(super) async fn get_resubmit(app: Data<App>, desk: Desk, document: Path<DocumentId>) -> Answer {
    app.document_for(&desk.actor, *document, Action::EditDocument)
        .await?;
    let page = page(&desk.shell, *document, "resubmit", FormView::default());
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
            page(&desk.shell, *document, "resubmit", FormView::default()),
            &form,
            error,
        ),
    }
}
