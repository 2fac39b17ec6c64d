//! What a document's page says of keys that are not ours: whom their certificates name beside whom
//! was asked, detached signatures with their verdicts, and the form that brings one.

use actix_multipart::Multipart;
use actix_web::HttpRequest;
use actix_web::web::{Data, Path, Query};
use chancery_signature::ValidationReport;
use chancery_signature::report::{Reason, SignatureReport};
use chancery_types::Instant;
use chancery_types::id::DocumentId;
use serde::Deserialize;
use serde_json::Value;
use uuid::Uuid;

use super::files::download;
use super::powers::{Beside, PowerBlock, PowerDesk};
use super::view::When;
use crate::app::signing::detached::{Bringing, DetachedForm, DetachedRow, FIELD};
use crate::app::signing::list::SignatureRow;
use crate::app::signing::powers::SignatureName;
use crate::app::{App, AppError};
use crate::domain::actor::Actor;
use crate::i18n::verdict::{Tone, file_word, file_words, level_words, reason_text};
use crate::store::entity::raised_signatures;
use crate::web::pages::signing::{ConsentView, ticked};
use crate::web::{Answer, Desk, FormView, PersonOnly, Shell, present, upload};

/// A signature in the signed copy that was made with an outside key.
pub struct OutsideLine {
    /// Whom the task asked.
    pub signer: String,
    /// What is said of the certificate's name, in words.
    pub name_note: String,
    /// Whether the names differ.
    pub differs: bool,
    /// When.
    pub at: When,
}

/// A detached signature.
pub struct DetachedLine {
    /// The signature.
    pub id: Uuid,
    /// Whom its certificates name.
    pub signer: String,
    /// What it covers, in words.
    pub covers: String,
    /// Who brought it, or made it here, in words.
    pub brought: String,
    /// What is said of the certificate's name, in words; empty where nothing is to be said.
    pub name_note: String,
    /// The verdict in a word; empty while it is not known.
    pub word: String,
    /// Its tone.
    pub tone: &'static str,
    /// How far each signer's signature carries: `CAdES B-T`; empty where it is not known.
    pub level: String,
    /// Why it is not proven, in sentences.
    pub reasons: Vec<String>,
    /// What must be known of it all the same.
    pub warnings: Vec<String>,
    /// The file's name.
    pub name: String,
    /// Its size.
    pub size: String,
    /// What leads to it as it came or was made; empty where it is that still.
    pub first: String,
    /// How long it carries by itself, in words; empty if nothing is to be said.
    pub lasting: String,
    /// When it came or was made.
    pub at: When,
    /// What stands of powers of attorney beside it.
    pub power: PowerBlock,
}

/// `partials/document/outside-keys.html` takes it as `keys`.
#[derive(Default)]
pub struct OutsideKeysView {
    /// In signed copies, oldest first.
    pub embedded: Vec<OutsideLine>,
    /// Detached, oldest first.
    pub detached: Vec<DetachedLine>,
    /// What the form says that one may bring; empty if nothing.
    pub bring: String,
    /// The consents that go with the file, where they are not given yet.
    pub consents: Vec<ConsentView>,
    /// The form as it is first shown.
    pub form: FormView,
}

impl OutsideKeysView {
    /// Of a document, for a reader who may see it.
    ///
    /// # Errors
    ///
    /// [`AppError::Hidden`] for anybody else.
    pub async fn of(
        app: &App,
        actor: &Actor,
        shell: &Shell,
        id: DocumentId,
        state: &str,
        (made, powers): (&[SignatureRow], &PowerDesk<'_>),
    ) -> Result<Self, AppError> {
        let mut detached = Vec::new();
        for row in app.list_detached(actor, id).await? {
            detached.push(line(shell, &row, powers).await);
        }
        let may = app.may_bring(actor, id).await?;
        let owed = match may {
            Some(Bringing::Own) => app.owed_consents(actor, id).await?,
            Some(Bringing::Another) | None => None,
        };
        let bring = match may {
            Some(Bringing::Own) => shell.t("detached-bring-own"),
            // Before the run there is nothing yet that anybody is asked to sign.
            Some(Bringing::Another) if matches!(state, "in_run" | "effective") => {
                shell.t("detached-bring-another")
            }
            Some(Bringing::Another) | None => String::new(),
        };
        Ok(Self {
            embedded: made.iter().filter_map(|row| outside(shell, row)).collect(),
            detached,
            bring,
            consents: owed.map_or_else(Vec::new, |seat| ConsentView::all(&seat, actor.locale)),
            form: FormView::default(),
        })
    }

    /// Whether there is nothing to show.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.embedded.is_empty() && self.detached.is_empty() && self.bring.is_empty()
    }
}

fn outside(shell: &Shell, row: &SignatureRow) -> Option<OutsideLine> {
    let certified = row.certificate_name.as_ref()?;
    let evidence: Value = serde_json::from_str(&row.signature.evidence).unwrap_or_default();
    let differs = evidence["certificate"]["names_agree"] != true;
    let key = match differs {
        true => "outside-key-name-differs",
        false => "outside-key-name",
    };
    Some(OutsideLine {
        signer: row.signature.signer_name.clone(),
        name_note: shell.t1(key, "name", certified.as_str()),
        differs,
        at: When::new(shell, row.signature.signed_at),
    })
}

async fn line(shell: &Shell, row: &DetachedRow, powers: &PowerDesk<'_>) -> DetachedLine {
    let signature = &row.signature;
    let words = row.report.as_deref();
    let words = words.map(|report| file_words(report, &shell.formats).signatures);
    let beside = Beside {
        name: SignatureName::Id(signature.id),
        subject: signature.id,
        place: 0,
        by: signature.person_id,
        report: row.report.as_ref(),
        words: words.as_deref().unwrap_or_default(),
    };
    let power = powers.block(beside).await;
    let evidence: Value = serde_json::from_str(&signature.evidence).unwrap_or_default();
    let report = row.report.as_deref();
    let covers = format!("detached-covers-{}", signature.covers.replace('_', "-"));
    let is_made_here = signature.signing_id.is_some();
    let brought = match (is_made_here, signature.task_id) {
        (true, _) => match evidence["key_made_in"].as_str() {
            Some("browser") => "detached-made-browser",
            Some("server") => "detached-made-server",
            _ => "detached-made-outside",
        },
        (false, Some(_)) => "detached-brought-own",
        (false, None) => "detached-brought-another",
    };
    let name_note = match &evidence["certificates"][0]["names_agree"] {
        Value::Bool(false) => {
            let asked = evidence["signer"]["name"].as_str().unwrap_or_default();
            shell.t1("detached-name-differs", "name", asked)
        }
        _ => String::new(),
    };
    DetachedLine {
        id: signature.id,
        signer: signature.signer_name.clone(),
        covers: shell.t1(&covers, "number", row.version_number),
        brought: shell.t1(brought, "name", row.brought_by.as_str()),
        name_note,
        word: report.map_or_else(String::new, |report| file_word(shell.locale(), report)),
        tone: report.map_or("plain", |report| Tone::of_file(report).class()),
        level: report.map_or_else(String::new, |report| levels(shell, report)),
        reasons: sentences(shell, report, |one| &one.reasons),
        warnings: sentences(shell, report, |one| &one.warnings),
        name: signature.name.clone(),
        size: shell
            .formats
            .size(u64::try_from(row.raised.size_bytes).unwrap_or(0)),
        first: match (row.raised.digest == signature.digest, is_made_here) {
            (true, _) => String::new(),
            (false, true) => shell.t("detached-as-it-was-made"),
            (false, false) => shell.t("detached-as-it-came"),
        },
        lasting: lasting(shell, &row.raised),
        at: When::new(shell, signature.received_at),
        power,
    }
}

/// How long it carries by itself, or why it could not be raised; empty if nothing is to be said.
fn lasting(shell: &Shell, row: &raised_signatures::Model) -> String {
    match (&row.level, row.lasts_until, &row.raise_problem) {
        (_, _, Some(code)) => {
            let reason = shell.t(&format!("raise-{code}"));
            shell.t1("detached-not-raised", "reason", reason)
        }
        (Some(level), Some(until), None) => {
            let date = shell.formats.date(Instant::from_micros(until));
            shell.t2("detached-lasting", "level", level.as_str(), "date", date)
        }
        _ => String::new(),
    }
}

fn levels(shell: &Shell, report: &ValidationReport) -> String {
    let all = report.signatures.iter();
    let all = all.map(|one| level_words(one, &shell.formats));
    let mut all: Vec<String> = all.collect();
    all.retain(|level| !level.is_empty());
    all.dedup();
    all.join(", ")
}

/// What is said of all its signers, each sentence once.
fn sentences(
    shell: &Shell,
    report: Option<&ValidationReport>,
    of: impl Fn(&SignatureReport) -> &Vec<Reason>,
) -> Vec<String> {
    let signatures = report.map_or(&[][..], |report| &report.signatures);
    let all = signatures.iter().flat_map(of);
    let mut told: Vec<String> = Vec::new();
    for reason in all {
        let text = reason_text(reason, &shell.formats);
        if !told.contains(&text) {
            told.push(text);
        }
    }
    told
}

/// `POST /documents/{document}/detached-signatures`
pub async fn post_signature(
    app: Data<App>,
    desk: Desk,
    id: Path<DocumentId>,
    request: HttpRequest,
    parts: Multipart,
) -> Answer {
    let posted = upload::read_page(&app, &request, parts).await?;
    // With the file, so that it need not be chosen a second time.
    if let Some(seat) = app.owed_consents(&desk.actor, *id).await? {
        let given = ticked(&posted.form);
        app.give_consents(&desk.actor, seat.task.id, &given).await?;
    }
    let mut files = posted.files.into_iter();
    let file = files.find(|file| file.field == FIELD);
    let taken = app.take_detached(&desk.actor, *id, file, posted.problems);
    let flash = match taken.await?.is_completing {
        true => "flash-signed",
        false => "flash-signature-brought",
    };
    present::see_other(&format!("/documents/{id}#signatures"), flash, &[])
}

/// Which file of a detached signature is asked for.
#[derive(Clone, Debug, Default, Deserialize, utoipa::IntoParams)]
pub struct FormParameters {
    /// `as_it_came` for the one that was brought; without it the one that it has become.
    #[serde(default)]
    pub form: String,
}

impl FormParameters {
    /// What is asked of the use case.
    ///
    /// # Errors
    ///
    /// [`AppError::Invalid`] for another word.
    pub fn form(&self) -> Result<DetachedForm, AppError> {
        match self.form.as_str() {
            "" => Ok(DetachedForm::Now),
            "as_it_came" => Ok(DetachedForm::AsItCame),
            _ => Err(AppError::invalid("form", "not-a-choice")),
        }
    }
}

/// `GET /documents/{document}/detached-signatures/{signature}`: the file, to be saved.
pub async fn get_signature(
    app: Data<App>,
    reader: PersonOnly,
    path: Path<(DocumentId, Uuid)>,
    query: Query<FormParameters>,
) -> Answer {
    let (document, id) = path.into_inner();
    let file = app.open_detached(&reader.actor, document, id, query.form()?);
    Ok(download(file.await?))
}
