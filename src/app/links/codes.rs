//! Six-digit codes: they prove that the reader of a link has its mailbox, and no more than that.

use chancery_types::Instant;
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _,
    QueryOrder as _,
};
use serde_json::json;
use subtle::ConstantTimeEq as _;
use uuid::Uuid;

use super::limit;
use super::visit::{LinkState, Visit};
use crate::app::outbox::{self, Letter, MailKind, MailTo};
use crate::app::{App, AppError, audit};
use crate::domain::actor::Actor;
use crate::entropy;
use crate::store;
use crate::store::entity::{link_codes, link_visits};

const HOUR_SECONDS: i64 = 3600;
/// What `entropy::six_digits` makes.
const CODE_DIGITS: usize = 6;

/// A code that was mailed and still works.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PendingCode {
    /// When it was mailed.
    pub sent_at: Instant,
    /// When it ends.
    pub expires_at: Instant,
    /// How many tries are left.
    pub tries_left: i64,
}

impl App {
    /// The code that a link's reader may give now, if one was mailed and has not ended.
    ///
    /// # Errors
    ///
    /// [`AppError::Unavailable`] if the database fails.
    pub async fn pending_code(&self, visit: &Visit) -> Result<Option<PendingCode>, AppError> {
        let found = newest_code(self.store.reader(), visit, self.now()).await?;
        let tries_max = self.config.links.code_tries_max;
        Ok(found
            .map(|code| PendingCode {
                sent_at: Instant::from_micros(code.sent_at),
                expires_at: Instant::from_micros(code.expires_at),
                tries_left: tries_max.saturating_sub(code.tries),
            })
            .filter(|code| code.tries_left > 0))
    }

    /// Whether so many wrong codes were given for a link that only a new one helps.
    ///
    /// # Errors
    ///
    /// [`AppError::Unavailable`] if the database fails.
    pub async fn is_spent(&self, link: Uuid) -> Result<bool, AppError> {
        let wrong = store::links::count_wrong_codes(self.store.reader(), link).await?;
        Ok(wrong >= self.config.links.code_failures_max)
    }

    /// Mails a fresh six-digit code to the link's contact. Earlier codes of the link end.
    ///
    /// # Errors
    ///
    /// `link-not-active`; `code-link-spent` when too many wrong codes were given in the link's
    /// life; [`AppError::TooMany`] when the hour's codes are used up.
    pub async fn send_code(&self, actor: &Actor, visit: &Visit) -> Result<(), AppError> {
        visit.require_provable()?;
        let now = self.now();
        let tx = self.store.begin().await?;
        // Two calls at once are counted one after the other, and a link that is revoked meanwhile
        // gets no code.
        let link = store::links::lock_link(&tx, visit.link.id).await?;
        let state = LinkState::of(&link, now);
        if !state.shows_something() {
            return Err(AppError::refused("link-not-active"));
        }
        self.require_unspent(&tx, visit).await?;
        let since = now.plus_seconds(-HOUR_SECONDS).micros();
        let sent = store::links::list_codes_sent(&tx, visit.link.id, since).await?;
        let max = self.config.links.codes_per_hour_max;
        limit::check(&sent, max, HOUR_SECONDS, now)?;
        let code = entropy::six_digits();
        let id = entropy::id(now);
        let expires_at = now.plus_seconds(self.config.links.code_minutes * 60);
        link_codes::Entity::update_many()
            .col_expr(link_codes::Column::ExpiresAt, Expr::value(now.micros()))
            .filter(link_codes::Column::LinkId.eq(visit.link.id))
            .filter(link_codes::Column::UsedAt.is_null())
            .filter(link_codes::Column::ExpiresAt.gt(now.micros()))
            .exec(&tx)
            .await?;
        let row = link_codes::ActiveModel {
            id: Set(id),
            organisation_id: Set(visit.link.organisation_id),
            link_id: Set(visit.link.id),
            code_hash: Set(self.vault.keyed_hash(id.as_bytes(), code.as_bytes())),
            sent_at: Set(now.micros()),
            expires_at: Set(expires_at.micros()),
            tries: Set(0),
            used_at: Set(None),
        };
        row.insert(&tx).await?;
        let letter = Letter {
            key: format!("c:{id}"),
            kind: MailKind::Code,
            // In the language that they read the page in.
            to: MailTo {
                locale: actor.locale,
                ..visit.subject.reader()
            },
            document_id: Some(visit.subject.document.id),
            payload: json!({
                "organisation_name": visit.subject.organisation.name,
                "document_title": visit.subject.document.title,
                "registration_number": visit.subject.document.registration_number,
                "minutes": self.config.links.code_minutes,
                "is_for_proof": state == LinkState::Signed,
                "is_for_answer": matches!(state, LinkState::Refused | LinkState::Returned),
            }),
            secret: Some(json!({ "code": code })),
        };
        outbox::enqueue(&tx, self, visit.link.organisation_id, now, letter).await?;
        audit::append(&tx, actor, now, visit.happening("link.code_sent")).await?;
        tx.commit().await?;
        self.wake_jobs();
        Ok(())
    }

    async fn require_unspent(
        &self,
        tx: &impl ConnectionTrait,
        visit: &Visit,
    ) -> Result<(), AppError> {
        let wrong = store::links::count_wrong_codes(tx, visit.link.id).await?;
        if wrong < self.config.links.code_failures_max {
            return Ok(());
        }
        Err(AppError::refused("code-link-spent"))
    }

    /// Checks a typed code. Every try is counted in the database before it is compared, whatever
    /// becomes of the request.
    ///
    /// # Errors
    ///
    /// `code-absent` (none was sent, or it ended), `code-exhausted`, `code-wrong` with the tries
    /// left; `code-link-spent` when too many wrong codes were given in the link's life;
    /// `link-views-used-up`.
    pub async fn give_code(
        &self,
        actor: &Actor,
        visit: &Visit,
        typed: &str,
    ) -> Result<(), AppError> {
        visit.require_provable()?;
        let digits: String = typed.chars().filter(char::is_ascii_digit).take(7).collect();
        if digits.len() != CODE_DIGITS {
            // A slip, not a guess: it costs no try.
            return Err(AppError::refused("code-not-six-digits"));
        }
        let now = self.now();
        let tries_max = self.config.links.code_tries_max;
        let tx = self.store.begin().await?;
        // Tries of two codes at once are counted one after the other.
        let link = store::links::lock_link(&tx, visit.link.id).await?;
        self.require_unspent(&tx, visit).await?;
        if visit.visit.verified_at.is_none() {
            self.require_views_left(&tx, &link).await?;
        }
        let code = newest_code(&tx, visit, now)
            .await?
            .ok_or_else(|| AppError::refused("code-absent"))?;
        let tries = Expr::col(link_codes::Column::Tries);
        let counted = link_codes::Entity::update_many()
            .col_expr(link_codes::Column::Tries, ExprTrait::add(tries, 1))
            .filter(link_codes::Column::Id.eq(code.id))
            .filter(link_codes::Column::UsedAt.is_null())
            .filter(link_codes::Column::Tries.lt(tries_max))
            .exec(&tx)
            .await?;
        if counted.rows_affected == 0 {
            return Err(AppError::refused("code-exhausted"));
        }
        let given = self.vault.keyed_hash(code.id.as_bytes(), digits.as_bytes());
        let is_right = bool::from(given.as_bytes().ct_eq(code.code_hash.as_bytes()));
        if is_right {
            self.verify_visit(&tx, visit, &code, now).await?;
        }
        let action = if is_right {
            "link.verified"
        } else {
            "link.code_refused"
        };
        audit::append(&tx, actor, now, visit.happening(action)).await?;
        tx.commit().await?;
        if is_right {
            return Ok(());
        }
        let left = tries_max.saturating_sub(code.tries).saturating_sub(1);
        Err(AppError::refused_with(
            "code-wrong",
            [("left", left.to_string())],
        ))
    }

    async fn verify_visit(
        &self,
        tx: &impl ConnectionTrait,
        visit: &Visit,
        code: &link_codes::Model,
        now: Instant,
    ) -> Result<(), AppError> {
        link_codes::Entity::update_many()
            .col_expr(link_codes::Column::UsedAt, Expr::value(now.micros()))
            .filter(link_codes::Column::Id.eq(code.id))
            .exec(tx)
            .await?;
        link_visits::Entity::update_many()
            .col_expr(link_visits::Column::VerifiedAt, Expr::value(now.micros()))
            .filter(link_visits::Column::Id.eq(visit.visit.id))
            .exec(tx)
            .await?;
        Ok(())
    }
}

async fn newest_code(
    connection: &impl ConnectionTrait,
    visit: &Visit,
    now: Instant,
) -> Result<Option<link_codes::Model>, AppError> {
    Ok(link_codes::Entity::find()
        .filter(link_codes::Column::LinkId.eq(visit.link.id))
        .filter(link_codes::Column::UsedAt.is_null())
        .filter(link_codes::Column::ExpiresAt.gt(now.micros()))
        .order_by_desc(link_codes::Column::SentAt)
        .order_by_desc(link_codes::Column::Id)
        .one(connection)
        .await?)
}
