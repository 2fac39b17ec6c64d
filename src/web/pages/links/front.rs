//! The first page of a link: who asks what, what is to be done next, and how it ended.

use actix_web::http::header::{CONTENT_DISPOSITION, HeaderValue, RETRY_AFTER};
use actix_web::web::{Data, Query};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use chancery_types::Instant;
use serde::Deserialize;

use super::gist::{Gist, masked};
use super::proof::EvidenceView;
use super::visitor::Visitor;
use crate::app::comments::SaidOutside;
use crate::app::links::codes::PendingCode;
use crate::app::links::files::LinkProof;
use crate::app::links::visit::LinkState;
use crate::app::signing::copies::{CopyCause, CopyState};
use crate::app::{App, AppError, FieldProblem};
use crate::i18n::t;
use crate::store::entity::questions;
use crate::web::evidence_words::EvidenceWords;
use crate::web::limits::Limiter;
use crate::web::pages::revocation::RootView;
use crate::web::pages::signing::beside::{BesideView, LINK_BASE};
use crate::web::problem::minutes_of;
use crate::web::session::app_and_facts;
use crate::web::{Answer, FormView, PostedForm, Problem, Shell, present};

/// Where a reader wanted to go when the code still stood in the way.
const WAYS: [&str; 4] = ["ask", "hand-over", "disagree", "refuse"];

/// So long after a signature the letter with the file may still be on its way: an hour.
const FRESH_SECONDS: i64 = 3600;

#[derive(Template)]
#[template(path = "pages/link/front.html")]
struct FrontPage<'a> {
    shell: &'a Shell,
    gist: Gist,
    state: LinkState,
    is_verified: bool,
    has_read_all: bool,
    is_renewed: bool,
    is_spent: bool,
    email: String,
    pending: Option<CodeView>,
    proof: Option<ProofView>,
    /// What others check the signature by; only where it is there.
    roots: Vec<RootView>,
    questions: Vec<QuestionView>,
    then: &'static str,
    form: FormView,
}

impl FrontPage<'_> {
    /// The key of what comes after the code.
    fn then_key(&self) -> String {
        format!("link-{}", self.then)
    }
}

/// A mailed code as the page speaks of it.
struct CodeView {
    sent: String,
    until: String,
}

impl CodeView {
    fn of(shell: &Shell, code: PendingCode) -> Self {
        Self {
            sent: shell.formats.moment_in_zone(code.sent_at),
            until: shell.formats.moment_in_zone(code.expires_at),
        }
    }
}

/// What a signer keeps.
struct ProofView {
    name: String,
    size: String,
    digest: String,
    signed: String,
    is_complete: bool,
    /// Whether the letter with the file has hardly arrived yet.
    is_fresh: bool,
    state: String,
    serial: String,
    key_digest: String,
    made_by_server: bool,
    /// Where the signatures stand, if not all of them in the signed file.
    places: String,
    beside: Vec<BesideView>,
    /// The reader's signature, if it is a file of its own.
    own: Option<BesideView>,
    /// What is known of the making of the reader's signature.
    told: EvidenceWords,
    /// What the signed copy was and is, oldest first, each in a sentence with its digest.
    copies: Vec<(String, String)>,
    /// Whether others signed in a copy of the file that is not the one above.
    has_copy: bool,
}

impl ProofView {
    fn of(shell: &Shell, proof: LinkProof) -> Self {
        let mut beside = BesideView::all(&shell.formats, LINK_BASE, &proof.beside);
        let own = proof.own.as_ref().and_then(|own| {
            let place = proof.beside.iter().position(|one| one.id == own.id)?;
            Some(beside.remove(place))
        });
        let copy = proof.copy.as_ref();
        Self {
            has_copy: copy.is_some_and(|copy| copy.digest != proof.file.digest),
            copies: proof
                .copies
                .iter()
                .map(|state| (copy_words(shell, state), state.digest.clone()))
                .collect(),
            told: EvidenceWords::of(&proof.evidence, &shell.formats),
            name: proof.file.name,
            size: shell
                .formats
                .size(u64::try_from(proof.file.size_bytes).unwrap_or(0)),
            digest: proof.file.digest,
            signed: shell.formats.exact(proof.signed_at),
            is_complete: proof.is_complete,
            is_fresh: shell.now.seconds_since(proof.signed_at) < FRESH_SECONDS,
            state: shell.t(&format!(
                "document-state-{}",
                proof.document_state.replace('_', "-")
            )),
            serial: proof.serial,
            key_digest: proof.key_digest,
            made_by_server: proof.made_by_server,
            places: match proof.beside.len() {
                0 => String::new(),
                count => shell.t2(
                    "link-proof-places",
                    "inside",
                    proof.inside_count,
                    "beside",
                    count,
                ),
            },
            beside,
            own,
        }
    }
}

/// Since when a copy is so, and why.
fn copy_words(shell: &Shell, state: &CopyState) -> String {
    let at = shell.formats.moment_in_zone(state.at);
    let count = state.signatures_count;
    let (key, name, value) = match &state.cause {
        CopyCause::Signed { signer } => ("link-copy-signed", "name", signer),
        CopyCause::Extended { level } => ("link-copy-extended", "level", level),
    };
    let args = [
        ("at", at.as_str().into()),
        (name, value.as_str().into()),
        ("count", count.into()),
    ];
    t(shell.locale(), key, &args)
}

impl FrontPage<'_> {
    /// Whether the house said something that nobody asked.
    fn has_said(&self) -> bool {
        self.questions.iter().any(|one| !one.author.is_empty())
    }
}

/// A question of the reader, with its answer once there is one; or what the house says.
struct QuestionView {
    /// Who says it, if it is no question.
    author: String,
    at: Instant,
    /// Which page it is about, in words; may be empty.
    place: String,
    /// The number of that page; 0 without.
    page: i64,
    text: String,
    asked: String,
    answer: String,
    answered: String,
}

impl QuestionView {
    fn of(shell: &Shell, row: questions::Model) -> Self {
        let moment = |micros| shell.formats.moment_in_zone(Instant::from_micros(micros));
        Self {
            author: String::new(),
            place: String::new(),
            page: 0,
            at: Instant::from_micros(row.asked_at),
            asked: moment(row.asked_at),
            answered: row.answered_at.map(moment).unwrap_or_default(),
            answer: row.answer.unwrap_or_default(),
            text: row.text,
        }
    }

    fn said(shell: &Shell, said: SaidOutside) -> Self {
        Self {
            author: said.author_name,
            place: said.place.map_or_else(String::new, |place| {
                shell.t1("place-on", "page", place.page)
            }),
            page: said.place.map_or(0, |place| place.page),
            at: said.at,
            asked: shell.formats.moment_in_zone(said.at),
            answered: String::new(),
            answer: String::new(),
            text: said.text,
        }
    }

    /// Questions and what the house says, in the order of time.
    async fn all(app: &App, visitor: &Visitor) -> Result<Vec<Self>, AppError> {
        let shell = &visitor.shell;
        let asked = app.link_questions(&visitor.visit).await?;
        let said = app.said_outside(&visitor.visit).await?;
        let asked = asked.into_iter().map(|row| Self::of(shell, row));
        let said = said.into_iter().map(|one| Self::said(shell, one));
        let mut all: Vec<Self> = asked.chain(said).collect();
        all.sort_by_key(|one| one.at);
        Ok(all)
    }
}

/// What the reader wanted to do next.
#[derive(Debug, Deserialize)]
pub struct FrontQuery {
    then: Option<String>,
}

fn way(asked: Option<&str>) -> &'static str {
    let known = WAYS.into_iter().find(|way| Some(*way) == asked);
    known.unwrap_or_default()
}

async fn front<'a>(
    app: &App,
    visitor: &'a Visitor,
    then: &'static str,
    form: FormView,
) -> Result<FrontPage<'a>, AppError> {
    let (visit, shell) = (&visitor.visit, &visitor.shell);
    let pending = app.pending_code(visit).await?;
    let proof = app.link_proof(visit).await?;
    let roots = match proof.is_some() {
        true => app.roots_of(visitor.actor.organisation).await?,
        false => Vec::new(),
    };
    let is_spent = visit.link_state == LinkState::Active && app.is_spent(visit.link.id).await?;
    Ok(FrontPage {
        shell,
        gist: Gist::of(visitor),
        state: visit.link_state,
        is_verified: visit.visit.verified_at.is_some(),
        has_read_all: visit.has_read_all(),
        is_renewed: visit.link.state == "expired",
        is_spent,
        email: masked(&visit.subject.contact.email),
        pending: pending.map(|code| CodeView::of(shell, code)),
        proof: proof.map(|proof| ProofView::of(shell, proof)),
        roots: RootView::all(&shell.formats, roots),
        questions: QuestionView::all(app, visitor).await?,
        then,
        form,
    })
}

/// `GET /s/document`: who asks what, and what is to be done next.
pub async fn get_front(app: Data<App>, visitor: Visitor, query: Query<FrontQuery>) -> Answer {
    let then = way(query.then.as_deref());
    let page = front(&app, &visitor, then, FormView::default()).await?;
    present::page(&visitor.shell, &page)
}

/// The page again, with what is wrong about the code.
async fn refused(app: &App, visitor: &Visitor, form: &PostedForm, error: Problem) -> Answer {
    let mut builder = HttpResponse::UnprocessableEntity();
    let problem = match error {
        Problem::App(AppError::Refused { code, args }) => FieldProblem {
            field: "code".to_owned(),
            code,
            args,
        },
        // Whoever has to wait for another code may still give the one that was sent.
        Problem::App(AppError::TooMany {
            retry_after_seconds,
        }) => {
            builder = HttpResponse::TooManyRequests();
            builder.insert_header((RETRY_AFTER, retry_after_seconds.to_string()));
            let code = match app.pending_code(&visitor.visit).await? {
                Some(_) => "codes-too-many",
                None => "codes-too-many-none",
            };
            FieldProblem::new("code", code).with("minutes", minutes_of(retry_after_seconds))
        }
        other => return Err(other),
    };
    let view = form.view(visitor.shell.locale(), &[problem]);
    let page = front(app, visitor, way(form.optional("then")), view).await?;
    present::page_with(builder, &visitor.shell, &page)
}

/// `POST /s/code/send`
pub async fn post_send_code(
    app: Data<App>,
    limiter: Data<Limiter>,
    request: HttpRequest,
    visitor: Visitor,
    form: PostedForm,
) -> Answer {
    let (_, facts) = app_and_facts(&request)?;
    let per_minute = app.config.rate_limits.link_per_minute;
    let sent = match limiter.check_address("code-sending", &facts, per_minute) {
        Ok(()) => app.send_code(&visitor.actor, &visitor.visit).await,
        Err(refusal) => Err(refusal),
    };
    match sent {
        Ok(()) => {
            let then = way(form.optional("then"));
            let page = match then {
                "" => "/s/document".to_owned(),
                then => format!("/s/document?then={then}"),
            };
            present::see_other(&page, "flash-code-sent", &[])
        }
        Err(error) => refused(&app, &visitor, &form, error.into()).await,
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
    let per_minute = app.config.rate_limits.link_per_minute;
    let given = form.text("code");
    let taken = match limiter.check_address("code", &facts, per_minute) {
        Ok(()) => app.give_code(&visitor.actor, &visitor.visit, given).await,
        Err(refusal) => Err(refusal),
    };
    match taken {
        Ok(()) => {
            let page = match way(form.optional("then")) {
                // Who signed comes for the proof, who refused for their words: both stand on the
                // first page.
                _ if visitor.visit.link_state != LinkState::Active => "/s/document".to_owned(),
                "" => "/s/read".to_owned(),
                then => format!("/s/{then}"),
            };
            present::see_other(&page, "flash-code-right", &[])
        }
        Err(error) => refused(&app, &visitor, &form, error.into()).await,
    }
}

/// `GET /s/evidence.json`: what is written down about the reader's signature, and its certificate.
pub async fn get_evidence(app: Data<App>, visitor: Visitor) -> Answer {
    let proof = EvidenceView::of(&app, &visitor.visit).await?;
    let mut answer = present::json(&proof)?;
    let saved = HeaderValue::from_static("attachment; filename=\"evidence.json\"");
    answer.headers_mut().insert(CONTENT_DISPOSITION, saved);
    Ok(answer)
}

/// `POST /s/renew`: a new link to the same address, in place of one whose time has passed.
pub async fn post_renew(app: Data<App>, visitor: Visitor, _form: PostedForm) -> Answer {
    app.renew_link(&visitor.actor, &visitor.visit).await?;
    present::see_other("/s/document", "flash-link-renewed", &[])
}
