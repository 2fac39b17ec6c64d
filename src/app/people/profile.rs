//! What a person changes about themselves: language, look, password.

use chancery_types::Locale;
use chancery_types::id::{PersonId, SessionId};
use serde_json::json;

use super::passwords::hash_new_password;
use crate::app::audit::{self, Happening};
use crate::app::sessions::{end_all, hashing, own_access, own_profile};
use crate::app::{App, AppError, FieldProblem, allow};
use crate::domain::access::{self, Action, Resource};
use crate::domain::actor::Actor;
use crate::domain::password;
use crate::store;
use crate::store::entity::people;

/// How pages look to a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Theme {
    /// As their system does.
    System,
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

impl Theme {
    /// Every theme.
    pub const ALL: [Self; 3] = [Self::System, Self::Light, Self::Dark];

    /// As the row and the wire name it.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// From a code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|theme| theme.code() == code)
    }
}

/// How a person is told of tasks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Letters {
    /// By a letter each.
    Each,
    /// By one letter on the morning of a weekday; at once of what is due before it.
    Daily,
}

impl Letters {
    /// Every way.
    pub const ALL: [Self; 2] = [Self::Each, Self::Daily];

    /// As the row and the wire name it.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Each => "each",
            Self::Daily => "daily",
        }
    }

    /// From a code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|letters| letters.code() == code)
    }
}

/// What a person changes of their own profile; what is `None` stays, but for the language.
#[derive(Clone, Copy, Debug, Default)]
pub struct ProfileDraft {
    /// The language; `None` follows the browser.
    pub locale: Option<Locale>,
    /// How pages look.
    pub theme: Option<Theme>,
    /// How they are told of tasks.
    pub letters: Option<Letters>,
}

/// What a person sees of their own profile.
#[derive(Clone, Debug)]
pub struct OwnProfile {
    /// The person.
    pub id: PersonId,
    /// Their name.
    pub name: String,
    /// Their address.
    pub email: String,
    /// What they are.
    pub position: Option<String>,
    /// Their language; `None` follows the browser.
    pub locale: Option<Locale>,
    /// How pages look to them.
    pub theme: Theme,
    /// How they are told of tasks.
    pub letters: Letters,
    /// The optimistic lock.
    pub row_version: i64,
}

impl App {
    /// The actor's own profile.
    ///
    /// # Errors
    ///
    /// [`AppError::Denied`] for who is not a person.
    pub async fn load_own_profile(&self, actor: &Actor) -> Result<OwnProfile, AppError> {
        let whole = Resource::Organisation(actor.organisation);
        allow(access::decide(actor, Action::SeeDirectory, &whole))?;
        let person = actor.person().ok_or(AppError::Denied)?.id;
        let organisation = actor.organisation.uuid();
        let row = store::people::load(self.store.reader(), organisation, person.uuid()).await?;
        Ok(OwnProfile {
            id: person,
            locale: row.locale.as_deref().and_then(Locale::from_code),
            theme: Theme::from_code(&row.theme).unwrap_or(Theme::System),
            letters: Letters::from_code(&row.letters).unwrap_or(Letters::Each),
            name: row.name,
            email: row.email,
            position: row.position,
            row_version: row.row_version,
        })
    }

    /// Changes the actor's own profile.
    ///
    /// # Errors
    ///
    /// [`AppError::Denied`] for who is not a person; [`AppError::Stale`] if it changed meanwhile.
    pub async fn edit_own_profile(
        &self,
        actor: &Actor,
        draft: ProfileDraft,
    ) -> Result<(), AppError> {
        self.edit_own_profile_at(actor, None, draft).await
    }

    /// As [`App::edit_own_profile`], if the profile is still at `row_version`.
    ///
    /// # Errors
    ///
    /// As [`App::edit_own_profile`].
    pub async fn edit_own_profile_at(
        &self,
        actor: &Actor,
        row_version: Option<i64>,
        draft: ProfileDraft,
    ) -> Result<(), AppError> {
        let person = own_profile(actor)?;
        let now = self.now();
        let tx = self.store.begin().await?;
        let known = store::people::load(&tx, actor.organisation.uuid(), person.uuid()).await?;
        let row = people::Model {
            locale: draft.locale.map(|locale| locale.code().to_owned()),
            theme: (draft.theme).map_or(known.theme.clone(), |theme| theme.code().to_owned()),
            letters: (draft.letters).map_or(known.letters.clone(), |way| way.code().to_owned()),
            row_version: row_version.unwrap_or(known.row_version),
            ..known
        };
        let details = json!({
            "locale": row.locale, "theme": row.theme, "letters": row.letters,
        });
        store::people::update(&tx, row).await?;
        let happening = Happening::to("person.profile_edited", "person", person).with(details);
        audit::append(&tx, actor, now, happening).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Changes the actor's own password; their other sessions end.
    ///
    /// # Errors
    ///
    /// [`AppError::Invalid`] on `current_password` or `password`.
    pub async fn change_own_password(
        &self,
        actor: &Actor,
        session: Option<SessionId>,
        current: &str,
        new: &str,
    ) -> Result<(), AppError> {
        let person = own_access(actor)?;
        let organisation = actor.organisation.uuid();
        let known = store::people::load(self.store.reader(), organisation, person.uuid()).await?;
        let (given, kept) = (current.to_owned(), known.password_hash.clone());
        if !hashing(move || password::verify(&given, kept.as_deref())).await? {
            return Err(AppError::Invalid {
                fields: vec![FieldProblem::new("current_password", "password-wrong")],
            });
        }
        let password_hash = hash_new_password(new, &known.login, &known.name).await?;
        let now = self.now();
        let tx = self.store.begin().await?;
        let row = people::Model {
            password_hash: Some(password_hash),
            ..known
        };
        store::people::update(&tx, row).await?;
        end_all(&tx, actor.organisation, person, session, now).await?;
        let happening = Happening::to("person.password_changed", "person", person);
        audit::append(&tx, actor, now, happening).await?;
        tx.commit().await?;
        Ok(())
    }
}
