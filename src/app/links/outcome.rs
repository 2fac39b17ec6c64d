//! What a reader may do beside signing: consent, ask, and be answered.

use chancery_types::name::check_text;
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveModelTrait as _, ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use sea_orm::{QueryOrder as _, QuerySelect as _};
use serde_json::json;
use uuid::Uuid;

use super::limit;
use super::open::LinkSubject;
use super::visit::Visit;
use crate::app::audit::{self, Happening};
use crate::app::documents::facts_of;
use crate::app::outbox::{self, Letter, MailKind};
use crate::app::{App, AppError, FieldProblem, allow};
use crate::domain::access::{Action, Resource, decide};
use crate::domain::actor::Actor;
use crate::entropy;
use crate::store;
use crate::store::entity::{documents, questions};

/// The longest question, answer or reason, in graphemes.
pub const WORDS_MAX: usize = 4000;

const DAY_SECONDS: i64 = 86_400;

/// The most questions that a link's page shows.
const QUESTIONS_MAX: u64 = 100;

/// Checks a text that a person wrote into `field`.
///
/// # Errors
///
/// [`AppError::Invalid`] with what is wrong.
pub fn check_words(field: &str, text: &str) -> Result<String, AppError> {
    check_text(text, WORDS_MAX).map_err(|error| AppError::Invalid {
        fields: vec![FieldProblem::of_name(field, error)],
    })
}

impl App {
    /// Writes down a question from a link's reader and mails it to the initiator.
    ///
    /// # Errors
    ///
    /// `link-not-active`, `link-not-verified`, or an invalid text; [`AppError::TooMany`] when the
    /// day's questions are asked.
    pub async fn ask_question(
        &self,
        actor: &Actor,
        visit: &Visit,
        text: &str,
    ) -> Result<(), AppError> {
        visit.require_verified()?;
        let text = check_words("question", text)?;
        let now = self.now();
        let id = entropy::id(now);
        let subject = &visit.subject;
        let tx = self.store.begin().await?;
        store::links::lock_link(&tx, visit.link.id).await?;
        let since = now.plus_seconds(-DAY_SECONDS).micros();
        let asked = store::links::list_questions_asked(&tx, visit.link.id, since).await?;
        let max = self.config.links.questions_per_day_max;
        limit::check(&asked, max, DAY_SECONDS, now)?;
        let row = questions::ActiveModel {
            id: Set(id),
            organisation_id: Set(visit.link.organisation_id),
            document_id: Set(subject.document.id),
            version_id: Set(subject.version.id),
            link_id: Set(visit.link.id),
            contact_id: Set(subject.contact.id),
            text: Set(text.clone()),
            asked_at: Set(now.micros()),
            answer: Set(None),
            answered_by_id: Set(None),
            answered_at: Set(None),
        };
        row.insert(&tx).await?;
        let letter = Letter {
            key: format!("q:{id}:asked"),
            kind: MailKind::QuestionAsked,
            to: subject.initiator_reader(),
            document_id: Some(subject.document.id),
            payload: json!({
                "document_title": subject.document.title,
                "registration_number": subject.document.registration_number,
                "contact_name": subject.contact.name,
                "counterparty_name": subject.counterparty.name,
                "text": text,
                "url": self.url(&format!("/documents/{}", subject.document.id)),
            }),
            secret: None,
        };
        outbox::enqueue(&tx, self, visit.link.organisation_id, now, letter).await?;
        let happening = visit
            .happening("question.asked")
            .with(json!({ "question": id }));
        audit::append(&tx, actor, now, happening).await?;
        tx.commit().await?;
        Ok(())
    }

    /// What the reader of a link asked about its document, by this link and those before it, oldest
    /// first. Nothing until the mailbox is verified.
    ///
    /// # Errors
    ///
    /// [`AppError::Unavailable`] if the database fails.
    pub async fn link_questions(&self, visit: &Visit) -> Result<Vec<questions::Model>, AppError> {
        if visit.visit.verified_at.is_none() || !visit.link_state.shows_document() {
            return Ok(Vec::new());
        }
        Ok(questions::Entity::find()
            .filter(questions::Column::OrganisationId.eq(visit.link.organisation_id))
            .filter(questions::Column::DocumentId.eq(visit.link.document_id))
            .filter(questions::Column::ContactId.eq(visit.link.contact_id))
            .order_by_asc(questions::Column::AskedAt)
            .order_by_asc(questions::Column::Id)
            .limit(QUESTIONS_MAX)
            .all(self.store.reader())
            .await?)
    }

    /// Answers a question; the answer is mailed to who asked and shown on their link.
    ///
    /// # Errors
    ///
    /// [`AppError::Denied`] for who sees the document but did not create it, [`AppError::Hidden`]
    /// for anybody else; `question-answered` if it has an answer; an invalid text.
    pub async fn answer_question(
        &self,
        actor: &Actor,
        question_id: Uuid,
        text: &str,
    ) -> Result<(), AppError> {
        let person = actor.person().ok_or(AppError::Hidden)?.id.uuid();
        let now = self.now();
        let tx = self.store.begin().await?;
        let question = questions::Entity::find_by_id(question_id)
            .filter(questions::Column::OrganisationId.eq(actor.organisation.uuid()))
            .one(&tx)
            .await?
            .ok_or(AppError::Hidden)?;
        let document = documents::Entity::find_by_id(question.document_id)
            .one(&tx)
            .await?;
        let document = document.ok_or(AppError::Hidden)?;
        let facts = facts_of(&tx, &document, now).await?;
        allow(decide(
            actor,
            Action::AnswerQuestion,
            &Resource::Document(facts),
        ))?;
        let text = check_words("answer", text)?;
        let answered = questions::Entity::update_many()
            .col_expr(questions::Column::Answer, Expr::value(text.clone()))
            .col_expr(questions::Column::AnsweredById, Expr::value(person))
            .col_expr(questions::Column::AnsweredAt, Expr::value(now.micros()))
            .filter(questions::Column::Id.eq(question.id))
            .filter(questions::Column::AnsweredAt.is_null())
            .exec(&tx)
            .await?;
        if answered.rows_affected == 0 {
            return Err(AppError::refused("question-answered"));
        }
        let letter = self.answer_letter(&tx, &question, &text).await?;
        outbox::enqueue(&tx, self, question.organisation_id, now, letter).await?;
        let happening = Happening::to("question.answered", "question", question.id)
            .on_document(question.document_id);
        audit::append(&tx, actor, now, happening).await?;
        tx.commit().await?;
        Ok(())
    }

    async fn answer_letter(
        &self,
        tx: &impl sea_orm::ConnectionTrait,
        question: &questions::Model,
        answer: &str,
    ) -> Result<Letter, AppError> {
        let link = crate::store::entity::links::Entity::find_by_id(question.link_id);
        let link = link.one(tx).await?.ok_or(AppError::Hidden)?;
        // Whoever asked is answered, even if another signs by now.
        let subject = LinkSubject::of_link(tx, &link).await?;
        Ok(Letter {
            key: format!("q:{}:answered", question.id),
            kind: MailKind::QuestionAnswered,
            to: subject.reader(),
            document_id: Some(question.document_id),
            payload: json!({
                "organisation_name": subject.organisation.name,
                "initiator_name": subject.initiator.name,
                "document_title": subject.document.title,
                "registration_number": subject.document.registration_number,
                "question": question.text,
                "answer": answer,
            }),
            secret: None,
        })
    }
}
