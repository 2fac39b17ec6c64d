//! Personal API tokens: shown once, kept hashed, limited by scope, revocable.

use chancery_types::id::{PersonId, TokenId};
use chancery_types::{Instant, Locale, Title};
use sea_orm::ActiveModelTrait as _;
use sea_orm::ActiveValue::Set;
use serde_json::json;

use crate::app::audit::{self, Happening};
use crate::app::sessions::{actor_of, own_access, own_profile};
use crate::app::{App, AppError, FieldProblem};
use crate::domain::actor::{Actor, Origin, Who};
use crate::entropy;
use crate::store;
use crate::store::entity::api_tokens;

/// How every token begins, so that a leaked one is found by scanners.
pub const PREFIX: &str = "chancery_";
/// The most days a token may live.
pub const DAYS_MAX: i64 = 366;
/// A token is noted as used at most once in so many seconds.
const USED_SECONDS: i64 = 60;

/// What a token may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Only read.
    Read,
    /// Everything its person may do.
    Write,
}

impl Scope {
    /// As the row and the wire name it.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
        }
    }

    /// From a code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Read, Self::Write]
            .into_iter()
            .find(|scope| scope.code() == code)
    }
}

/// A token that was just made: its secret is told once.
#[derive(Debug)]
pub struct CreatedToken {
    /// The token.
    pub id: TokenId,
    /// What goes into `Authorization: Bearer …`.
    pub secret: String,
}

/// A token as its owner sees it.
#[derive(Clone, Debug)]
pub struct TokenRow {
    /// The token.
    pub id: TokenId,
    /// What its owner calls it.
    pub name: String,
    /// What it may do.
    pub scope: Scope,
    /// When it was made.
    pub created_at: Instant,
    /// When it ends.
    pub expires_at: Option<Instant>,
    /// When it was last used, to the minute.
    pub last_used_at: Option<Instant>,
}

impl App {
    /// Makes a token for the actor that works `days` days (1 to [`DAYS_MAX`]).
    ///
    /// # Errors
    ///
    /// [`AppError::Invalid`] for a bad name or number of days; [`AppError::Refused`]
    /// `person-without-access`.
    pub async fn create_token(
        &self,
        actor: &Actor,
        name: &str,
        scope: Scope,
        days: i64,
    ) -> Result<CreatedToken, AppError> {
        let person = own_access(actor)?;
        self.create_token_for(actor, person, name, scope, days)
            .await
    }

    /// As [`App::create_token`], for another person: only the operator's own command does it.
    pub(crate) async fn create_token_for(
        &self,
        actor: &Actor,
        person: PersonId,
        name: &str,
        scope: Scope,
        days: i64,
    ) -> Result<CreatedToken, AppError> {
        let name = Title::new(name).map_err(|error| crate::app::name_problem("name", error))?;
        if !(1..=DAYS_MAX).contains(&days) {
            let problem = FieldProblem::new("days", "out-of-range");
            let problem = problem.with("min", 1).with("max", DAYS_MAX);
            return Err(AppError::Invalid {
                fields: vec![problem],
            });
        }
        let now = self.now();
        let id = TokenId::from(entropy::id(now));
        let secret = format!("{PREFIX}{}", entropy::secret());
        let expires_at = now.plus_seconds(days.saturating_mul(86_400));
        let tx = self.store.begin().await?;
        let owner = store::people::load(&tx, actor.organisation.uuid(), person.uuid()).await?;
        if owner.state != "active" {
            return Err(AppError::refused("person-without-access"));
        }
        let row = api_tokens::ActiveModel {
            id: Set(id.uuid()),
            organisation_id: Set(actor.organisation.uuid()),
            person_id: Set(person.uuid()),
            name: Set(name.as_str().to_owned()),
            secret_hash: Set(entropy::secret_hash(&secret)),
            scopes: Set(scope.code().to_owned()),
            created_at: Set(now.micros()),
            expires_at: Set(Some(expires_at.micros())),
            last_used_at: Set(None),
            revoked_at: Set(None),
        };
        row.insert(&tx).await?;
        let happening = Happening::to("token.created", "person", person.uuid())
            .with(json!({ "token": id, "name": name, "scope": scope.code() }));
        audit::append(&tx, actor, now, happening).await?;
        tx.commit().await?;
        Ok(CreatedToken { id, secret })
    }

    /// The actor's own tokens that are not revoked, the newest first.
    ///
    /// # Errors
    ///
    /// [`AppError::Denied`] for who is not a person.
    pub async fn list_tokens(&self, actor: &Actor) -> Result<Vec<TokenRow>, AppError> {
        let person = own_profile(actor)?;
        self.list_tokens_of(actor, person).await
    }

    /// As [`App::list_tokens`], of another person: only the operator's own command asks.
    pub(crate) async fn list_tokens_of(
        &self,
        actor: &Actor,
        person: PersonId,
    ) -> Result<Vec<TokenRow>, AppError> {
        let organisation = actor.organisation.uuid();
        let reader = self.store.reader();
        let rows = store::tokens::list_of_person(reader, organisation, person.uuid()).await?;
        Ok(rows.into_iter().map(TokenRow::from).collect())
    }

    /// Revokes one of the actor's own tokens.
    ///
    /// # Errors
    ///
    /// [`AppError::Hidden`] if the actor has no such token.
    pub async fn revoke_token(&self, actor: &Actor, token: TokenId) -> Result<(), AppError> {
        let person = own_profile(actor)?;
        self.revoke_token_of(actor, person, token).await
    }

    /// As [`App::revoke_token`], of another person: only the operator's own command does it.
    pub(crate) async fn revoke_token_of(
        &self,
        actor: &Actor,
        person: PersonId,
        token: TokenId,
    ) -> Result<(), AppError> {
        let now = self.now();
        let tx = self.store.begin().await?;
        let revoked = store::tokens::update_revoked(
            &tx,
            actor.organisation.uuid(),
            person.uuid(),
            Some(token.uuid()),
            now.micros(),
        )
        .await?;
        if revoked == 0 {
            return Err(AppError::Hidden);
        }
        let happening =
            Happening::to("token.revoked", "person", person.uuid()).with(json!({ "token": token }));
        audit::append(&tx, actor, now, happening).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Who a bearer token stands for; `None` if it is unknown, revoked or past its end, or its
    /// person is disabled.
    ///
    /// # Errors
    ///
    /// [`AppError::Unavailable`] if the database fails.
    pub async fn resume_token(
        &self,
        secret: &str,
        origin: Origin,
        fallback: Locale,
    ) -> Result<Option<Actor>, AppError> {
        let now = self.now();
        let reader = self.store.reader();
        let hash = entropy::secret_hash(secret);
        let found = store::tokens::find_by_secret(reader, &hash).await?;
        let Some(row) = found.filter(|row| is_good(row, now)) else {
            return Ok(None);
        };
        let facts = store::sessions::load_person_facts(reader, row.person_id).await?;
        if facts.person.state != "active" {
            return Ok(None);
        }
        let last_used = row.last_used_at.map_or(i64::MIN, |at| at / 1_000_000);
        if now.seconds().saturating_sub(last_used) >= USED_SECONDS {
            store::tokens::update_last_used(self.store.writer(), row.id, now.micros()).await?;
        }
        let scopes = row.scopes.split(' ').map(str::to_owned).collect();
        let mut actor = actor_of(&facts, Some(scopes), origin, fallback);
        if let Who::Person(person) = &mut actor.who {
            person.token = Some(row.id);
        }
        Ok(Some(actor))
    }
}

fn is_good(row: &api_tokens::Model, now: Instant) -> bool {
    row.revoked_at.is_none() && row.expires_at.is_none_or(|end| now.micros() < end)
}

impl From<api_tokens::Model> for TokenRow {
    fn from(row: api_tokens::Model) -> Self {
        Self {
            id: row.id.into(),
            name: row.name,
            // A scope that this program does not know gives no more than reading.
            scope: Scope::from_code(&row.scopes).unwrap_or(Scope::Read),
            created_at: Instant::from_micros(row.created_at),
            expires_at: row.expires_at.map(Instant::from_micros),
            last_used_at: row.last_used_at.map(Instant::from_micros),
        }
    }
}
