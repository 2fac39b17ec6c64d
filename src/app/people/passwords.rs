//! Setting a password by a mailed link: after an invitation, or when it was forgotten.
//!
//! The link's secret stands in the URL fragment, so no log and no Referer has it; without
//! JavaScript the reader pastes it. It is kept hashed, works once, and a new link ends those before
//! it.

use chancery_types::id::PersonId;
use chancery_types::{Instant, Locale};
use sea_orm::ActiveModelTrait as _;
use sea_orm::ActiveValue::Set;
use sea_orm::ConnectionTrait;
use serde_json::json;
use uuid::Uuid;

use crate::app::audit::{self, Happening};
use crate::app::organisations::allow_whole;
use crate::app::outbox::{self, Letter, MailKind, MailTo};
use crate::app::sessions::{actor_of, end_all, hashing};
use crate::app::{App, AppError, FieldProblem};
use crate::domain::access::Action;
use crate::domain::actor::{Actor, Origin, Who};
use crate::domain::password::{self, PasswordError};
use crate::store::entity::{people, person_links};
use crate::{entropy, store};

/// Within so many seconds …
const RESET_SECONDS: i64 = 3600;
/// … a person is mailed at most so many links …
const RESETS_MAX: usize = 3;
/// … and none while the last one is younger than this and unused.
const RESET_AGAIN_SECONDS: i64 = 120;
/// No link is mailed so soon after an administrator changed the address that it would go to: else
/// they could become anybody at once. Who was told at the old address has three days to object;
/// until then the password that they have still lets them in, or the operator does.
const RESET_QUIET_SECONDS: i64 = 72 * 3600;
/// Changes of a person within that time that are looked through.
const EDITS_MAX: u64 = 100;

/// A link that sets a password, for the operator to hand over.
#[derive(Debug)]
pub struct PasswordLink {
    /// With its secret in the fragment; told once.
    pub url: String,
    /// Until when it works.
    pub expires_at: Instant,
}

impl App {
    /// Makes a link that sets a person's password, without a mail. Only the operator may have it:
    /// whoever has it can become that person. Links before it end.
    ///
    /// # Errors
    ///
    /// [`AppError::Denied`] for anybody else; [`AppError::Hidden`]; [`AppError::Refused`]
    /// `person-already-disabled`.
    pub async fn issue_password_link(
        &self,
        actor: &Actor,
        id: PersonId,
    ) -> Result<PasswordLink, AppError> {
        if !matches!(actor.who, Who::Operator) {
            return Err(AppError::Denied);
        }
        let now = self.now();
        let tx = self.store.begin().await?;
        let link = hand_over(self, &tx, actor, now, id).await?;
        let happening = Happening::to("person.link_issued", "person", id);
        audit::append(&tx, actor, now, happening).await?;
        tx.commit().await?;
        Ok(link)
    }

    /// Mails a new invitation to a person who has not set a password.
    ///
    /// # Errors
    ///
    /// [`AppError::Refused`] `person-not-invited`.
    pub async fn resend_invitation(&self, actor: &Actor, id: PersonId) -> Result<(), AppError> {
        allow_whole(actor, Action::ManagePeople)?;
        let now = self.now();
        let tx = self.store.begin().await?;
        let person = store::people::load(&tx, actor.organisation.uuid(), id.uuid()).await?;
        if person.state != "invited" {
            return Err(AppError::refused("person-not-invited"));
        }
        invite(self, &tx, actor, now, &person).await?;
        let happening = Happening::to("person.invitation_resent", "person", id);
        audit::append(&tx, actor, now, happening).await?;
        tx.commit().await?;
        self.wake_jobs();
        Ok(())
    }

    /// Mails a link that sets a new password, if `login` is an active person's, and has been for
    /// three days. The answer is the same whether or not it is.
    ///
    /// # Errors
    ///
    /// [`AppError::Unavailable`] if the database fails.
    pub async fn request_password_reset(
        &self,
        login: &str,
        origin: Origin,
    ) -> Result<(), AppError> {
        let login = login.trim().to_lowercase();
        let now = self.now();
        let tx = self.store.begin().await?;
        let found = store::people::find_by_login(&tx, &login).await?;
        let Some(person) = found.filter(|person| person.state == "active") else {
            return Ok(());
        };
        let (organisation, id) = (person.organisation_id, person.id);
        let lately = store::people::list_links_since(
            &tx,
            organisation,
            id,
            now.plus_seconds(-RESET_SECONDS).micros(),
        )
        .await?;
        if !may_mail_again(&lately, now) || is_login_fresh(&tx, &person, now).await? {
            return Ok(());
        }
        let facts = store::sessions::load_person_facts(&tx, person.id).await?;
        let actor = actor_of(&facts, None, origin, Locale::default());
        write_link(self, &tx, &actor, now, &person, Purpose::PasswordReset).await?;
        let happening = Happening::to("person.password_reset_requested", "person", person.id);
        audit::append(&tx, &actor, now, happening).await?;
        tx.commit().await?;
        self.wake_jobs();
        Ok(())
    }

    /// Sets the password of whom the link with `secret` was mailed to; every session of theirs
    /// ends.
    ///
    /// # Errors
    ///
    /// [`AppError::Refused`] `link-not-good` for a secret that is unknown, used or past its time;
    /// [`AppError::Invalid`] for a bad password.
    pub async fn set_password(
        &self,
        secret: &str,
        password: &str,
        origin: Origin,
    ) -> Result<PersonId, AppError> {
        let hash = entropy::secret_hash(secret.trim());
        let now = self.now();
        let refused = || AppError::refused("link-not-good");
        let reader = self.store.reader();
        let link = store::people::find_link(reader, &hash)
            .await?
            .ok_or_else(refused)?;
        let person = store::people::load(reader, link.organisation_id, link.person_id).await?;
        if now.micros() >= link.expires_at || person.state == "disabled" {
            return Err(refused());
        }
        let password_hash = hash_new_password(password, &person.login, &person.name).await?;
        let tx = self.store.begin().await?;
        let id = PersonId::from(person.id);
        let ended =
            store::people::update_links_used(&tx, person.organisation_id, person.id, now.micros())
                .await?;
        if ended == 0 {
            return Err(refused());
        }
        let facts = store::sessions::load_person_facts(&tx, person.id).await?;
        let actor = actor_of(&facts, None, origin, Locale::default());
        let row = people::Model {
            password_hash: Some(password_hash),
            state: "active".to_owned(),
            ..person
        };
        store::people::update(&tx, row).await?;
        end_all(&tx, actor.organisation, id, None, now).await?;
        let happening =
            Happening::to("person.password_set", "person", id).with(json!({ "by": link.purpose }));
        audit::append(&tx, &actor, now, happening).await?;
        tx.commit().await?;
        Ok(id)
    }
}

/// Whether another mail with a link may go out. Anybody may ask for one in another's name: it must
/// neither flood them nor end the link that they were just sent.
fn may_mail_again(lately: &[person_links::Model], now: Instant) -> bool {
    let fresh = now.plus_seconds(-RESET_AGAIN_SECONDS).micros();
    let is_fresh = |link: &person_links::Model| link.used_at.is_none() && link.created_at > fresh;
    lately.len() < RESETS_MAX && !lately.iter().any(is_fresh)
}

/// Whether somebody changed the address lately that a person logs in with.
async fn is_login_fresh(
    connection: &impl ConnectionTrait,
    person: &people::Model,
    now: Instant,
) -> Result<bool, AppError> {
    let since = now.plus_seconds(-RESET_QUIET_SECONDS).micros();
    let edited = store::audit::list_since(
        connection,
        person.organisation_id,
        ("person.edited", person.id),
        since,
        EDITS_MAX,
    );
    let edited = edited.await?;
    let is_full = edited.len() as u64 >= EDITS_MAX;
    let moved = edited.iter().any(|event| {
        let details: serde_json::Value = serde_json::from_str(&event.details).unwrap_or_default();
        details["login"] != details["login_before"]
    });
    // Who changes a person a hundred times in three days hides something.
    Ok(moved || is_full)
}

/// Hashes a new password where it stops nobody.
pub(crate) async fn hash_new_password(
    password: &str,
    login: &str,
    name: &str,
) -> Result<String, AppError> {
    password::check(password, login, name).map_err(|error| refused_password("password", error))?;
    let password = password.to_owned();
    let hashed = hashing(move || password::hash(&password)).await?;
    hashed.map_err(|error| AppError::Internal(error.into()))
}

/// A refused password as the problem of `field`.
pub(crate) fn refused_password(field: &str, error: PasswordError) -> AppError {
    let problem = match error {
        PasswordError::TooShort => {
            FieldProblem::new(field, "password-short").with("min", password::CHARACTERS_MIN)
        }
        PasswordError::TooLong => {
            FieldProblem::new(field, "too-long").with("max", password::BYTES_MAX)
        }
        PasswordError::TooEasy => FieldProblem::new(field, "password-easy"),
        PasswordError::Hash => return AppError::Internal(error.into()),
    };
    AppError::Invalid {
        fields: vec![problem],
    }
}

#[derive(Clone, Copy)]
enum Purpose {
    Invitation,
    PasswordReset,
}

/// Writes an invitation: link and mail.
pub(super) async fn invite(
    app: &App,
    connection: &impl ConnectionTrait,
    actor: &Actor,
    now: Instant,
    person: &people::Model,
) -> Result<(), AppError> {
    write_link(app, connection, actor, now, person, Purpose::Invitation).await
}

/// Makes a link for the operator to hand over; the caller appends the audit event.
pub(crate) async fn hand_over(
    app: &App,
    connection: &impl ConnectionTrait,
    actor: &Actor,
    now: Instant,
    id: PersonId,
) -> Result<PasswordLink, AppError> {
    let organisation = actor.organisation.uuid();
    let person = store::people::load(connection, organisation, id.uuid()).await?;
    let purpose = match person.state.as_str() {
        "invited" => Purpose::Invitation,
        "active" => Purpose::PasswordReset,
        _ => return Err(AppError::refused("person-already-disabled")),
    };
    let (_, link) = insert_link(app, connection, now, &person, purpose).await?;
    Ok(link)
}

async fn insert_link(
    app: &App,
    connection: &impl ConnectionTrait,
    now: Instant,
    person: &people::Model,
    purpose: Purpose,
) -> Result<(Uuid, PasswordLink), AppError> {
    let (code, hours) = match purpose {
        Purpose::Invitation => ("invitation", app.config.sessions.invitation_hours),
        Purpose::PasswordReset => ("password_reset", app.config.sessions.password_reset_hours),
    };
    let organisation_id = person.organisation_id;
    store::people::update_links_used(connection, organisation_id, person.id, now.micros()).await?;
    let secret = entropy::secret();
    let expires_at = now.plus_seconds(hours.saturating_mul(3600));
    let id = entropy::id(now);
    let row = person_links::ActiveModel {
        id: Set(id),
        organisation_id: Set(organisation_id),
        person_id: Set(person.id),
        purpose: Set(code.to_owned()),
        secret_hash: Set(entropy::secret_hash(&secret)),
        created_at: Set(now.micros()),
        expires_at: Set(expires_at.micros()),
        used_at: Set(None),
    };
    row.insert(connection).await?;
    let url = app.url(&format!("/password/set#{secret}"));
    Ok((id, PasswordLink { url, expires_at }))
}

async fn write_link(
    app: &App,
    connection: &impl ConnectionTrait,
    actor: &Actor,
    now: Instant,
    person: &people::Model,
    purpose: Purpose,
) -> Result<(), AppError> {
    let (kind, inviter) = match purpose {
        Purpose::Invitation => {
            let inviter = actor.person().map(|person| person.name.clone());
            (MailKind::Invitation, inviter)
        }
        Purpose::PasswordReset => (MailKind::PasswordReset, None),
    };
    let organisation_id = person.organisation_id;
    let organisation = store::organisations::load(connection, organisation_id).await?;
    let (id, link) = insert_link(app, connection, now, person, purpose).await?;
    let spoken = person.locale.as_deref().unwrap_or(&organisation.locale);
    let letter = Letter {
        key: format!("person-link:{id}"),
        kind,
        to: MailTo {
            address: person.email.clone(),
            name: person.name.clone(),
            locale: Locale::from_code(spoken).unwrap_or_default(),
            person_id: Some(person.id),
            contact_id: None,
        },
        document_id: None,
        payload: json!({
            "organisation_name": organisation.name,
            "inviter_name": inviter,
            "expires_at": link.expires_at,
            "time_zone": organisation.time_zone,
        }),
        secret: Some(json!({ "link_url": link.url })),
    };
    outbox::enqueue(connection, app, organisation_id, now, letter).await
}
