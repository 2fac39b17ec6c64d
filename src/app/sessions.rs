//! Sessions: logging in and out, and who a cookie stands for.

use std::num::NonZero;
use std::sync::LazyLock;
use std::time::Duration;

use chancery_types::id::{OrganisationId, PersonId, SessionId};
use chancery_types::{Instant, Locale};
use sea_orm::ActiveValue::Set;
use sea_orm::{ActiveModelTrait as _, ConnectionTrait};
use serde_json::json;
use tokio::sync::Semaphore;

use crate::app::audit::{self, Happening};
use crate::app::{App, AppError, allow};
use crate::domain::access::{self, Action, Resource};
use crate::domain::actor::{Actor, Origin, PersonActor, Who};
use crate::domain::password;
use crate::entropy;
use crate::store;
use crate::store::entity::sessions;
use crate::store::sessions::PersonFacts;

/// A session is noted as used at most once in so many seconds: reading pages must not write.
const SEEN_SECONDS: i64 = 60;

/// What a good session cookie stands for.
#[derive(Clone, Debug)]
pub struct LoggedIn {
    /// The session itself.
    pub session: SessionId,
    /// What forms of this session must carry.
    pub csrf_token: String,
    /// Who acts.
    pub actor: Actor,
    /// What their pages need.
    pub reader: Reader,
}

/// What every page of a person needs to know.
#[derive(Clone, Debug)]
pub struct Reader {
    /// The name of their organisation.
    pub organisation_name: String,
    /// Its time zone, an IANA name.
    pub time_zone: String,
    /// `system`, `light` or `dark`.
    pub theme: String,
    /// The language of their profile, if they chose one.
    pub locale: Option<Locale>,
}

/// A session that was just opened: its secret is told once.
#[derive(Debug)]
pub struct OpenedSession {
    /// The session.
    pub session: SessionId,
    /// The cookie's value.
    pub secret: String,
    /// Whose it is.
    pub person: PersonId,
    /// When it ends in any case.
    pub expires_at: Instant,
}

/// A session as its owner sees it.
#[derive(Clone, Debug)]
pub struct SessionRow {
    /// The session.
    pub id: SessionId,
    /// When it was opened.
    pub created_at: Instant,
    /// When it was last used, to the minute.
    pub last_seen_at: Instant,
    /// Where from.
    pub address: Option<String>,
    /// What the browser called itself.
    pub agent: Option<String>,
}

impl App {
    /// Opens a session for who knows the password of `login`.
    ///
    /// # Errors
    ///
    /// [`AppError::Refused`] `login-failed` for an unknown login, a wrong password, a person who is
    /// disabled or has not accepted the invitation: all alike, and after the same work.
    pub async fn log_in(
        &self,
        login: &str,
        password: &str,
        origin: Origin,
    ) -> Result<OpenedSession, AppError> {
        let login = login.trim().to_lowercase();
        let found = store::people::find_by_login(self.store.reader(), &login).await?;
        let hash = found
            .as_ref()
            .and_then(|person| person.password_hash.clone());
        let given = password.to_owned();
        let good = hashing(move || password::verify(&given, hash.as_deref())).await?;
        match found.filter(|person| good && person.state == "active") {
            Some(person) => self.open_session(person.id.into(), origin).await,
            None => Err(AppError::refused("login-failed")),
        }
    }

    /// Where the person with this login has logged in from lately; nothing for an unknown login.
    ///
    /// # Errors
    ///
    /// [`AppError::Unavailable`] if the database fails.
    pub async fn list_login_addresses(&self, login: &str) -> Result<Vec<String>, AppError> {
        let reader = self.store.reader();
        let login = login.trim().to_lowercase();
        match store::people::find_by_login(reader, &login).await? {
            None => Ok(Vec::new()),
            Some(person) => {
                let (whole, id) = (person.organisation_id, person.id);
                Ok(store::sessions::list_addresses(reader, whole, id).await?)
            }
        }
    }

    /// Opens a session for an active person without a password: after it was just set, and in the
    /// demo. Never reachable by a request that proves nothing.
    ///
    /// # Errors
    ///
    /// [`AppError::Hidden`] if there is no such active person.
    pub async fn open_session(
        &self,
        person: PersonId,
        origin: Origin,
    ) -> Result<OpenedSession, AppError> {
        let now = self.now();
        let tx = self.store.begin().await?;
        let facts = store::sessions::load_person_facts(&tx, person.uuid()).await?;
        if facts.person.state != "active" {
            return Err(AppError::Hidden);
        }
        let secret = entropy::secret();
        let id = SessionId::from(entropy::id(now));
        let expires_at = now.plus_seconds(self.config.sessions.absolute_hours.saturating_mul(3600));
        let row = sessions::ActiveModel {
            id: Set(id.uuid()),
            organisation_id: Set(facts.organisation.id),
            person_id: Set(person.uuid()),
            secret_hash: Set(entropy::secret_hash(&secret)),
            csrf_token: Set(entropy::secret()),
            created_at: Set(now.micros()),
            last_seen_at: Set(now.micros()),
            expires_at: Set(expires_at.micros()),
            revoked_at: Set(None),
            address: Set(origin.address.clone()),
            agent: Set(origin.agent.clone()),
        };
        row.insert(&tx).await?;
        let actor = actor_of(&facts, None, origin, Locale::default());
        let happening = Happening::to("session.opened", "person", person.uuid());
        audit::append(&tx, &actor, now, happening).await?;
        tx.commit().await?;
        Ok(OpenedSession {
            session: id,
            secret,
            person,
            expires_at,
        })
    }

    /// Who the cookie with this secret stands for; `None` if it is unknown, ended or idle too long,
    /// or its person is disabled. `fallback` is the language when the profile names none.
    ///
    /// # Errors
    ///
    /// [`AppError::Unavailable`] if the database fails.
    pub async fn resume_session(
        &self,
        secret: &str,
        origin: Origin,
        fallback: Locale,
    ) -> Result<Option<LoggedIn>, AppError> {
        let now = self.now();
        let reader = self.store.reader();
        let hash = entropy::secret_hash(secret);
        let Some(row) = store::sessions::find_by_secret(reader, &hash).await? else {
            return Ok(None);
        };
        let idle_seconds = self.config.sessions.idle_minutes.saturating_mul(60);
        let last_seen = Instant::from_micros(row.last_seen_at);
        let ended = row.revoked_at.is_some()
            || now.micros() >= row.expires_at
            || now.seconds_since(last_seen) >= idle_seconds;
        if ended {
            return Ok(None);
        }
        let facts = store::sessions::load_person_facts(reader, row.person_id).await?;
        if facts.person.state != "active" {
            return Ok(None);
        }
        if now.seconds_since(last_seen) >= SEEN_SECONDS {
            store::sessions::update_last_seen(self.store.writer(), row.id, now.micros()).await?;
        }
        Ok(Some(LoggedIn {
            session: row.id.into(),
            csrf_token: row.csrf_token,
            reader: reader_of(&facts),
            actor: actor_of(&facts, None, origin, fallback),
        }))
    }

    /// Ends one of the actor's own sessions.
    ///
    /// # Errors
    ///
    /// [`AppError::Hidden`] if the actor has no such open session.
    pub async fn close_session(&self, actor: &Actor, session: SessionId) -> Result<(), AppError> {
        let person = own_profile(actor)?;
        let now = self.now();
        let tx = self.store.begin().await?;
        let ended = store::sessions::update_revoked(
            &tx,
            actor.organisation.uuid(),
            person.uuid(),
            session.uuid(),
            now.micros(),
        )
        .await?;
        if !ended {
            return Err(AppError::Hidden);
        }
        let happening = Happening::to("session.closed", "person", person.uuid())
            .with(json!({ "session": session }));
        audit::append(&tx, actor, now, happening).await?;
        tx.commit().await?;
        Ok(())
    }

    /// The actor's own open sessions, the latest first.
    ///
    /// # Errors
    ///
    /// [`AppError::Denied`] for who is not a person.
    pub async fn list_sessions(&self, actor: &Actor) -> Result<Vec<SessionRow>, AppError> {
        let person = own_profile(actor)?;
        let now = self.now().micros();
        let organisation = actor.organisation.uuid();
        let rows =
            store::sessions::list_open(self.store.reader(), organisation, person.uuid(), now)
                .await?;
        Ok(rows.into_iter().map(SessionRow::from).collect())
    }
}

impl From<sessions::Model> for SessionRow {
    fn from(row: sessions::Model) -> Self {
        Self {
            id: row.id.into(),
            created_at: Instant::from_micros(row.created_at),
            last_seen_at: Instant::from_micros(row.last_seen_at),
            address: row.address,
            agent: row.agent,
        }
    }
}

/// The person who may change their own profile, sessions and tokens: the actor.
pub(crate) fn own_profile(actor: &Actor) -> Result<PersonId, AppError> {
    let whole = Resource::Organisation(actor.organisation);
    allow(access::decide(actor, Action::ManageOwnProfile, &whole))?;
    actor
        .person()
        .map(|person| person.id)
        .ok_or(AppError::Denied)
}

/// The person who may change how they come in: password and tokens. Not by a token, which must not
/// outlive itself.
pub(crate) fn own_access(actor: &Actor) -> Result<PersonId, AppError> {
    let person = own_profile(actor)?;
    match actor.person() {
        Some(person) if person.scopes.is_some() => Err(AppError::Denied),
        _ => Ok(person),
    }
}

pub(crate) fn reader_of(facts: &PersonFacts) -> Reader {
    Reader {
        organisation_name: facts.organisation.name.clone(),
        time_zone: facts.organisation.time_zone.clone(),
        theme: facts.person.theme.clone(),
        locale: facts.person.locale.as_deref().and_then(Locale::from_code),
    }
}

pub(crate) fn actor_of(
    facts: &PersonFacts,
    scopes: Option<Vec<String>>,
    origin: Origin,
    fallback: Locale,
) -> Actor {
    let profile = facts.person.locale.as_deref().and_then(Locale::from_code);
    Actor {
        organisation: OrganisationId::from(facts.organisation.id),
        locale: profile.unwrap_or(fallback),
        origin,
        who: Who::Person(PersonActor {
            id: facts.person.id.into(),
            name: facts.person.name.clone(),
            department: facts.person.department_id.map(Into::into),
            roles: facts
                .roles
                .iter()
                .map(|(role, department)| (role.clone(), department.map(Into::into)))
                .collect(),
            heads: facts.heads.iter().copied().map(Into::into).collect(),
            scopes,
            token: None,
        }),
    }
}

/// Ends every session and token of a person, but for one session.
pub(crate) async fn end_all(
    connection: &impl ConnectionTrait,
    organisation: OrganisationId,
    person: PersonId,
    kept: Option<SessionId>,
    now: Instant,
) -> Result<(), AppError> {
    let (organisation, person) = (organisation.uuid(), person.uuid());
    let kept = kept.map(SessionId::uuid);
    let now = now.micros();
    store::sessions::update_all_revoked(connection, organisation, person, kept, now).await?;
    store::tokens::update_revoked(connection, organisation, person, None, now).await?;
    Ok(())
}

/// How many passwords are hashed at once: argon2id takes 19 MiB and a core for each.
static HASHING: LazyLock<Semaphore> = LazyLock::new(|| {
    let cores = std::thread::available_parallelism().map_or(2, NonZero::get);
    Semaphore::new(cores.saturating_mul(2))
});
/// How long one waits for a turn before being told to come back.
const HASHING_WAIT: Duration = Duration::from_secs(10);

/// Runs work on a password when its turn comes.
pub(crate) async fn hashing<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, AppError> {
    let too_many = || AppError::TooMany {
        retry_after_seconds: HASHING_WAIT.as_secs(),
    };
    let turn = tokio::time::timeout(HASHING_WAIT, HASHING.acquire()).await;
    let turn = turn.map_err(|_| too_many())?.map_err(|_| too_many())?;
    let done = blocking(work).await;
    drop(turn);
    done
}

/// Runs slow work where it stops nobody.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, AppError> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|error| AppError::Internal(error.into()))
}
