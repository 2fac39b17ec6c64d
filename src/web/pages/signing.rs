//! The signing page, the same for our signatory and for the counterparty: consents, then the
//! signature by a key that the browser makes. Persons come by their task, outsiders by their link.

pub mod beside;
mod script;
mod seals;
mod steps;

use actix_web::web::{self, Data, Json, Path};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use chancery_pdf::sheet::Sheet;
use chancery_types::Locale;
use chancery_types::id::DocumentId;
use chancery_workflow::{DemandedKind, SignatureForm};
use uuid::Uuid;

use beside::{BesideView, LINK_BASE};
use script::ScriptOfDesk;
use seals::sealing_sentences;
pub use steps::{
    CompleteBody, CompletedView, PrepareBody, PreparedView, complete, flash_of, place_of, prepare,
};

use crate::app::links::open::digest_start;
use crate::app::links::open::text_digest;
use crate::app::signing::consent::{ConsentKind, has_consents_for};
use crate::app::signing::detached::Places;
use crate::app::signing::{ShownConsent, SigningSeat, sheet, shown};
use crate::app::{App, AppError};
use crate::domain::actor::Actor;
use crate::i18n::Formats;
use crate::web::pages::documents::files::{download, image};
use crate::web::pages::documents::view::SheetView;
use crate::web::pages::tasks::remarks::RemarksView;
use crate::web::routes::{Audience, Route};
use crate::web::{Answer, Desk, FormView, PersonOnly, PostedForm, Problem, Shell, present};

/// Where one seat's actions are.
#[derive(Clone, Debug)]
pub struct SeatPaths {
    /// Posts the consents.
    pub consents: String,
    /// Posts without a script: the server makes the key.
    pub sign: String,
    /// The script's first call.
    pub prepare: String,
    /// The script's second call.
    pub complete: String,
    /// The exact file that the signature extends.
    pub file: String,
    /// Back to the document.
    pub back: String,
    /// Where its pages are.
    pub read: String,
    /// The image of the signature sheet, once there is one.
    pub sheet: String,
    /// Where the version's detached signatures are, each by its identifier.
    pub detached: String,
}

impl SeatPaths {
    /// Of a person's task.
    #[must_use]
    pub fn of_task(task: Uuid, document: Uuid, version: i64) -> Self {
        let base = format!("/tasks/{task}/sign");
        Self {
            consents: format!("{base}/consents"),
            prepare: format!("{base}/prepare"),
            complete: format!("{base}/complete"),
            file: format!("{base}/file"),
            back: format!("/documents/{document}"),
            read: "#pages-title".to_owned(),
            sheet: format!("/documents/{document}/versions/{version}/sheet.png"),
            detached: format!("/documents/{document}/detached-signatures"),
            sign: base,
        }
    }

    /// Of a link's visitor.
    #[must_use]
    pub fn of_link() -> Self {
        Self {
            consents: "/s/consents".to_owned(),
            sign: "/s/sign".to_owned(),
            prepare: "/s/sign/prepare".to_owned(),
            complete: "/s/sign/complete".to_owned(),
            file: "/s/sign/file".to_owned(),
            back: "/s/document".to_owned(),
            read: "/s/read?from=1".to_owned(),
            sheet: "/s/sheet.png".to_owned(),
            detached: LINK_BASE.to_owned(),
        }
    }
}

/// A consent as the page asks for it.
#[derive(Clone, Debug)]
pub struct ConsentView {
    /// The field's name.
    pub field: &'static str,
    /// The key of its sentence.
    pub sentence_key: String,
    /// The text that is agreed to.
    pub text: String,
    /// Its digest, which the consent records.
    pub digest: String,
}

impl ConsentView {
    /// Both consents for a seat, in the reader's language.
    #[must_use]
    pub fn all(seat: &SigningSeat, locale: Locale) -> Vec<Self> {
        let view = |kind: ConsentKind| {
            let text = kind.text(&seat.organisation, locale);
            Self {
                field: kind.code(),
                sentence_key: format!("sign-consent-{}", kind.code().replace('_', "-")),
                digest: text_digest(text),
                text: text.to_owned(),
            }
        };
        ConsentKind::ALL.into_iter().map(view).collect()
    }

    /// Its paragraphs: each line that says something.
    pub fn paragraphs(&self) -> impl Iterator<Item = &str> {
        let lines = self.text.lines().map(str::trim);
        lines.filter(|line| !line.is_empty())
    }
}

/// The words of the signature sheet before it is drawn.
#[derive(Clone, Debug)]
pub struct SheetPreview {
    /// Its title.
    pub title: String,
    /// What it says of the document, its attachments, and of signatures in files of their own.
    pub rows: Vec<(String, String)>,
    /// The heading above the marks.
    pub marks: String,
    /// What stands at its foot.
    pub footer: String,
}

impl SheetPreview {
    fn of(sheet: Sheet) -> Self {
        let attachments = sheet.attachments.map(|all| all.rows);
        let apart = sheet.apart.map(|all| all.rows);
        let more = attachments.into_iter().chain(apart).flatten();
        let rows = sheet.subject.into_iter().chain(more);
        Self {
            title: sheet.title,
            rows: rows.map(|row| (row.label, row.value)).collect(),
            marks: sheet.marks_heading,
            footer: sheet.footer,
        }
    }
}

/// What the signing part of a page shows.
#[derive(Clone, Debug)]
pub struct SeatView {
    /// Where its actions are.
    pub paths: SeatPaths,
    /// Whether both consents are there.
    pub is_consented: bool,
    /// The consents to ask for.
    pub consents: Vec<ConsentView>,
    /// Who signs.
    pub signer: String,
    /// For whom.
    pub organisation: String,
    /// The document's title.
    pub title: String,
    /// Its number, if it has one.
    pub number: Option<String>,
    /// Digest of the main file, hexadecimal.
    pub main_digest: String,
    /// Its size in bytes.
    pub main_size: i64,
    /// Digest of the file that the signature extends, hexadecimal.
    pub base_digest: String,
    /// Its size, in words.
    pub base_size: String,
    /// Whether that file bears signatures already.
    pub is_signed_before: bool,
    /// The signatures that stand in no file: each is one of its own.
    pub beside: Vec<BesideView>,
    /// How the digest of the document itself begins.
    pub main_start: String,
    /// The pages that the signer was not shown yet: `2, 4–7`. Empty if there are none.
    pub unopened: String,
    /// `ecdsa_p256`, `rsa_pkcs1` or `ed25519`.
    pub algorithm: &'static str,
    /// What the signer asked and nobody answered yet: when, and the question.
    pub unanswered: Vec<(String, String)>,
    /// The page that it will append, if it appends one.
    pub sheet: Option<SheetPreview>,
    /// What the signature does to the file beyond standing in it, in words.
    pub seals: Vec<String>,
    /// Where the signature will stand.
    pub signature_form: SignatureForm,
    /// Whether only a key of the signer's own is enough, which signs through the API or elsewhere.
    pub needs_own_key: bool,
    /// The form as it was posted, with what is wrong.
    pub form: FormView,
}

impl SeatView {
    /// Of a seat, for the actor who holds it.
    ///
    /// # Errors
    ///
    /// If the database fails.
    pub async fn of(
        app: &App,
        actor: &Actor,
        seat: &SigningSeat,
        paths: SeatPaths,
        form: FormView,
    ) -> Result<Self, AppError> {
        let unopened = match shown::viewer_of(actor) {
            Some(viewer) => {
                shown::unopened_pages(app.store.reader(), viewer, &seat.version).await?
            }
            None => Vec::new(),
        };
        let formats = Formats::new(actor.locale, &seat.organisation.time_zone);
        let places = Places::of(app.store.reader(), &seat.version).await?;
        Ok(Self {
            unopened: shown::in_ranges(&unopened),
            beside: BesideView::all(&formats, &paths.detached, &places.beside),
            paths,
            unanswered: Vec::new(),
            sheet: sheet::to_come(seat, &places.beside, actor.locale).map(SheetPreview::of),
            is_consented: has_consents_for(app, seat).await?,
            consents: ConsentView::all(seat, actor.locale),
            signer: seat.signer.name.clone(),
            organisation: seat.signer.organisation_name.clone(),
            title: seat.document.title.clone(),
            number: seat.document.registration_number.clone(),
            main_digest: seat.version.main_digest.clone(),
            main_size: seat.version.main_size_bytes,
            base_digest: seat.base().0.to_owned(),
            base_size: formats.size(u64::try_from(seat.base().1).unwrap_or(0)),
            main_start: digest_start(&seat.version.main_digest),
            is_signed_before: seat.signed_copy.is_some(),
            algorithm: app.config.signing.algorithm.code(),
            seals: sealing_sentences(actor.locale, &seat.sealing),
            signature_form: seat.sealing.form,
            needs_own_key: seat.sealing.kind == DemandedKind::Qualified,
            form,
        })
    }

    /// Whether the signature will be a file of its own.
    #[must_use]
    pub fn is_detached(&self) -> bool {
        self.signature_form == SignatureForm::Detached
    }

    /// Of two keys the one that says where the signature will stand: in the file, or beside it.
    #[must_use]
    pub fn either<'k>(&self, inside: &'k str, beside: &'k str) -> &'k str {
        match self.signature_form {
            SignatureForm::Embedded => inside,
            SignatureForm::Detached => beside,
        }
    }
}

/// The consents that a form ticks, each to the text that stood beside it.
#[must_use]
pub fn ticked(form: &PostedForm) -> Vec<ShownConsent> {
    ConsentKind::ALL
        .into_iter()
        .filter(|kind| form.optional(kind.code()).is_some())
        .map(|kind| ShownConsent {
            kind,
            text_digest: form.text(&format!("{}_sha256", kind.code())).to_owned(),
        })
        .collect()
}

#[derive(Template)]
#[template(path = "pages/sign.html")]
struct SignPage<'a> {
    shell: &'a Shell,
    sheet: SheetView,
    /// How many remarks are open.
    remarks_open: usize,
    seat: SeatView,
}

impl<'a> SignPage<'a> {
    async fn of(
        app: &App,
        desk: &'a Desk,
        seat: &SigningSeat,
        form: FormView,
    ) -> Result<Self, AppError> {
        let (actor, shell) = (&desk.actor, &desk.shell);
        let id = DocumentId::from(seat.document.id);
        let sheet = app
            .document_sheet(actor, id, Some(seat.version.number))
            .await?;
        let kind = app.kind_of_row(&sheet.document.kind)?;
        let remarks = app.list_remarks(actor, id).await?;
        let paths = SeatPaths::of_task(seat.task.id, seat.document.id, seat.version.number);
        Ok(Self {
            shell,
            sheet: SheetView::new(shell, kind, sheet),
            remarks_open: RemarksView::new(shell, &remarks).open_count,
            seat: SeatView::of(app, actor, seat, paths, form).await?,
        })
    }
}

async fn get_sign(app: Data<App>, desk: Desk, task: Path<Uuid>) -> Answer {
    let seat = match app.signing_seat(&desk.actor, *task).await {
        // They see the document, so also whom it waits for.
        Err(AppError::Denied) => {
            let name = app.signer_asked(&desk.actor, *task).await?;
            return Err(Problem::NotAsked { name });
        }
        seat => seat?,
    };
    let page = SignPage::of(&app, &desk, &seat, FormView::default()).await?;
    present::page(&desk.shell, &page)
}

async fn post_consents(app: Data<App>, desk: Desk, task: Path<Uuid>, form: PostedForm) -> Answer {
    let seat = app.signing_seat(&desk.actor, *task).await?;
    let paths = SeatPaths::of_task(*task, seat.document.id, seat.version.number);
    match app.give_consents(&desk.actor, *task, &ticked(&form)).await {
        Ok(()) => present::see_other(&paths.sign, "flash-consents-given", &[]),
        Err(AppError::Invalid { fields }) => {
            let form = form.view(desk.shell.locale(), &fields);
            let page = SignPage::of(&app, &desk, &seat, form).await?;
            present::page_with_errors(&desk.shell, &page)
        }
        Err(error) => Err(error.into()),
    }
}

async fn post_sign(app: Data<App>, desk: Desk, task: Path<Uuid>, _form: PostedForm) -> Answer {
    let done = app.sign_with_server_key(&desk.actor, *task).await?;
    present::see_other(&place_of(&done), flash_of(&done), &[])
}

async fn post_prepare(
    app: Data<App>,
    caller: ScriptOfDesk,
    task: Path<Uuid>,
    body: Json<PrepareBody>,
) -> Answer {
    let base = format!("/tasks/{task}/sign");
    present::json(&prepare(&app, &caller.0.actor, *task, &body, &base).await?)
}

async fn get_prepared(app: Data<App>, desk: Desk, path: Path<(Uuid, Uuid)>) -> Answer {
    let (_, signing) = path.into_inner();
    Ok(download(app.prepared_file(&desk.actor, signing).await?))
}

async fn get_base(app: Data<App>, desk: Desk, task: Path<Uuid>) -> Answer {
    Ok(download(app.base_file(&desk.actor, *task).await?))
}

async fn post_complete(
    app: Data<App>,
    caller: ScriptOfDesk,
    _task: Path<Uuid>,
    body: Json<CompleteBody>,
) -> Answer {
    let done = complete(&app, &caller.0.actor, &body).await?;
    let view = CompletedView::at(&place_of(&done), &done);
    present::json_with_flash(&view, flash_of(&done))
}

async fn get_signed(app: Data<App>, desk: Desk, path: Path<(Uuid, i64)>) -> Answer {
    let (document, number) = path.into_inner();
    let copy = app.signed_copy(&desk.actor, document, number).await?;
    Ok(download(copy))
}

async fn get_sheet(
    app: Data<App>,
    reader: PersonOnly,
    path: Path<(Uuid, i64)>,
    request: HttpRequest,
) -> Answer {
    let (document, number) = path.into_inner();
    let shown = app
        .see_sheet(&reader.actor, document.into(), number)
        .await?;
    Ok(image(&request, shown))
}

async fn get_root(app: Data<App>, desk: Desk) -> Answer {
    let pem = app.anchors_pem(desk.actor.organisation).await?;
    Ok(HttpResponse::Ok()
        .content_type("application/x-pem-file")
        .insert_header(("Content-Disposition", "attachment; filename=\"ca.pem\""))
        .body(pem))
}

async fn post_answer(
    app: Data<App>,
    desk: Desk,
    path: Path<(Uuid, Uuid)>,
    form: PostedForm,
) -> Answer {
    let (document, question) = path.into_inner();
    app.answer_question(&desk.actor, question, form.text("answer"))
        .await?;
    present::see_other(
        &format!("/documents/{document}"),
        "flash-question-answered",
        &[],
    )
}

/// The routes of persons.
pub const ROUTES: &[Route] = &[
    Route::get("/tasks/{task}/sign", Audience::Person, || {
        web::get().to(get_sign)
    }),
    Route::post("/tasks/{task}/sign", Audience::Person, || {
        web::post().to(post_sign)
    }),
    Route::post("/tasks/{task}/sign/consents", Audience::Person, || {
        web::post().to(post_consents)
    }),
    Route::post("/tasks/{task}/sign/prepare", Audience::Person, || {
        web::post().to(post_prepare)
    }),
    Route::get("/tasks/{task}/sign/file", Audience::Person, || {
        web::get().to(get_base)
    }),
    Route::get(
        "/tasks/{task}/sign/{signing}/file",
        Audience::Person,
        || web::get().to(get_prepared),
    ),
    Route::get(
        "/documents/{document}/versions/{number}/signed.pdf",
        Audience::Person,
        || web::get().to(get_signed),
    ),
    Route::get(
        "/documents/{document}/versions/{number}/sheet.png",
        Audience::Person,
        || web::get().to(get_sheet),
    ),
    Route::get("/ca.pem", Audience::Person, || web::get().to(get_root)),
    Route::post(
        "/documents/{document}/questions/{question}/answer",
        Audience::Person,
        || web::post().to(post_answer),
    ),
    Route::post("/tasks/{task}/sign/complete", Audience::Person, || {
        web::post().to(post_complete)
    }),
];
