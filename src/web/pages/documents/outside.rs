//! What came from the counterparty: links, questions, protocols of disagreements; and the answers.

use actix_web::web::{Data, Path};
use chancery_types::Instant;
use chancery_types::id::DocumentId;
use uuid::Uuid;

use super::files::download;
use super::view::When;
use crate::app::links::disagreement::DisagreementRow;
use crate::app::links::resend::ContactTask;
use crate::app::signing::list::{LinkRow, QuestionRow};
use crate::app::{App, AppError};
use crate::domain::actor::Actor;
use crate::web::{Answer, PersonOnly, Shell};

/// A link, without anything that opens it.
pub struct LinkLine {
    /// Whom it went to.
    pub contact: String,
    /// Where.
    pub email: String,
    /// Why it was revoked; empty if nobody said.
    pub reason: String,
    /// Its state in words.
    pub state: String,
    /// The state's pill.
    pub pill: &'static str,
    /// When it was mailed.
    pub sent: When,
    /// When it was first opened.
    pub opened: Option<When>,
    /// Whether it works.
    pub is_active: bool,
    /// Until when it works.
    pub until: When,
    /// When it ended, by somebody's hand or by its time.
    pub closed: Option<When>,
}

/// A question and its answer.
pub struct QuestionLine {
    /// The question.
    pub id: Uuid,
    /// Who asks.
    pub contact: String,
    /// When.
    pub at: When,
    /// What.
    pub text: String,
    /// The answer; empty if there is none.
    pub answer: String,
    /// When it was answered.
    pub answered: Option<When>,
    /// Whether this reader may answer.
    pub can_answer: bool,
}

/// A protocol of disagreements.
pub struct ProtocolLine {
    /// The protocol.
    pub id: Uuid,
    /// Who sent it.
    pub contact: String,
    /// When.
    pub at: When,
    /// What they say of it.
    pub comment: String,
    /// The file's name.
    pub name: String,
    /// Its size.
    pub size: String,
    /// The first characters of its digest.
    pub digest: String,
}

/// Everything that came from the other side.
#[derive(Default)]
pub struct OutsideView {
    /// Links, newest first.
    pub links: Vec<LinkLine>,
    /// Questions, newest first.
    pub questions: Vec<QuestionLine>,
    /// Protocols, newest first.
    pub protocols: Vec<ProtocolLine>,
    /// How many questions wait for an answer.
    pub open_count: usize,
    /// Contacts who are asked to sign, for who asked them.
    pub asked: Vec<ContactTask>,
    /// Whether older links, questions or protocols are not shown.
    pub has_more: bool,
}

impl OutsideView {
    /// Of a document, for a reader who may see it.
    ///
    /// # Errors
    ///
    /// [`AppError::Hidden`] for anybody else.
    pub async fn of(
        app: &App,
        actor: &Actor,
        shell: &Shell,
        document: DocumentId,
    ) -> Result<Self, AppError> {
        let found = app.document_signatures(actor, document.uuid()).await?;
        let (protocols, has_more_protocols) = app.list_disagreements(actor, document).await?;
        let waits = |row: &&QuestionRow| row.question.answered_at.is_none();
        Ok(Self {
            asked: app.contact_tasks(actor, document).await?,
            has_more: found.has_more_links || found.has_more_questions || has_more_protocols,
            open_count: found.questions.iter().filter(waits).count(),
            links: found.links.iter().map(|row| link(shell, row)).collect(),
            questions: found
                .questions
                .into_iter()
                .map(|row| question(shell, row))
                .collect(),
            protocols: protocols
                .into_iter()
                .map(|row| protocol(shell, row))
                .collect(),
        })
    }

    /// Whether a task is a contact's who has no link: there is nothing to be reminded of.
    #[must_use]
    pub fn is_without_link(&self, task: &str) -> bool {
        let mut asked = self.asked.iter();
        asked.any(|one| !one.has_link && one.task.to_string() == task)
    }

    /// Whether there is nothing to show.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.links.is_empty()
            && self.questions.is_empty()
            && self.protocols.is_empty()
            && self.asked.is_empty()
    }
}

fn link(shell: &Shell, row: &LinkRow) -> LinkLine {
    let is_over = row.link.expires_at <= shell.now.micros();
    let state = match row.link.state.as_str() {
        "active" if is_over => "expired",
        other => other,
    };
    LinkLine {
        contact: row.contact_name.clone(),
        email: row.link.contact_email.clone(),
        reason: row.link.close_reason.clone().unwrap_or_default(),
        state: shell.t(&format!("outside-link-{}", state.replace('_', "-"))),
        pill: match state {
            "active" => "going",
            "signed" => "good",
            "refused" => "bad",
            "returned" | "expired" => "attention",
            _ => "plain",
        },
        sent: When::new(shell, row.link.created_at),
        opened: row.link.opened_at.map(|at| When::new(shell, at)),
        is_active: state == "active",
        until: When::new(shell, row.link.expires_at),
        closed: row
            .link
            .closed_at
            .or(is_over.then_some(row.link.expires_at))
            .map(|at| When::new(shell, at)),
    }
}

fn question(shell: &Shell, row: QuestionRow) -> QuestionLine {
    QuestionLine {
        id: row.question.id,
        contact: row.contact_name,
        at: When::new(shell, row.question.asked_at),
        text: row.question.text,
        answer: row.question.answer.unwrap_or_default(),
        answered: row.question.answered_at.map(|at| When::new(shell, at)),
        can_answer: row.can_answer,
    }
}

fn protocol(shell: &Shell, row: DisagreementRow) -> ProtocolLine {
    let file = row.protocol;
    ProtocolLine {
        id: file.id,
        contact: row.contact_name,
        at: When::new(shell, file.created_at),
        comment: file.comment,
        name: file.name,
        size: shell
            .formats
            .size(u64::try_from(file.size_bytes).unwrap_or(0)),
        digest: file.digest.chars().take(12).collect(),
    }
}

/// `GET /documents/{document}/disagreements/{disagreement}`: the file, to be saved.
pub async fn get_disagreement(
    app: Data<App>,
    reader: PersonOnly,
    path: Path<(DocumentId, Uuid)>,
) -> Answer {
    let (document, id) = path.into_inner();
    Ok(download(
        app.open_disagreement(&reader.actor, document, id).await?,
    ))
}

/// A moment for a program.
#[must_use]
pub fn moment(micros: i64) -> String {
    Instant::from_micros(micros).to_string()
}
