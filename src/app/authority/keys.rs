//! The keys of an authority: made in the process or in a token, kept in their rows.
//!
//! What a row seals is the key itself (PKCS#8), or where it is: `pkcs11:` and the token's label. In
//! the token it has the row's identifier as `CKA_ID`.

use chancery_signature::{
    AuthorityRequest, IssuingAuthority, KeyKind, SigningKey, describe_certificate, make_issuing,
    make_root, make_timestamping, public_key_info,
};
use chancery_types::Instant;
use chancery_types::id::OrganisationId;
use sea_orm::ActiveValue::Set;
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, DatabaseTransaction, EntityTrait as _,
    QueryFilter as _, QueryOrder as _, QuerySelect as _,
};
use uuid::Uuid;

use super::{fresh_key, issue_error, random_serial};
use crate::app::signing::blocking;
use crate::app::{App, AppError};
use crate::entropy;
use crate::key_token::{KeyToken, KeyTokenError};
use crate::store::entity::authority_keys;

/// How what a row seals begins if the key itself is in a token; a key begins with 0x30.
const TOKEN_PREFIX: &str = "pkcs11:";

/// How many keys are looked through for one that is in a token.
const PROBED_MAX: u64 = 100;

/// How long before its making an authority is valid: a certificate must lie within its issuer's
/// life, and the clock of another node, or ours once it is set right, may be behind the one that
/// made the authority.
const AUTHORITY_GRACE_SECONDS: i64 = 86_400;

/// How long the root, issuing and timestamping certificates are valid: twenty years, so that what
/// they prove stands as long as contracts are kept.
const AUTHORITY_SECONDS: i64 = 20 * 366 * 86_400;

/// Where the keys of one organisation are made, and for whom.
#[derive(Clone, Debug)]
pub(super) struct Workshop {
    token: Option<KeyToken>,
    organisation: OrganisationId,
    name: String,
    now: Instant,
}

/// A key with its certificate.
#[derive(Clone, Debug)]
pub(super) struct MadeKey {
    /// The identifier of its row.
    pub id: Uuid,
    /// `root`, `issuing` or `timestamp`.
    pub purpose: &'static str,
    /// Its certificate, DER.
    pub certificate: Vec<u8>,
    key: SigningKey,
    token: Option<KeyToken>,
}

/// Keys that stand in no row yet.
#[derive(Clone, Debug)]
pub(super) struct Made(pub Vec<MadeKey>);

impl Workshop {
    pub fn new(app: &App, organisation: OrganisationId, name: &str, now: Instant) -> Self {
        Self {
            token: KeyToken::for_new_keys(&app.config.keys, app.key_token.as_ref()),
            organisation,
            name: name.to_owned(),
            now,
        }
    }

    /// Works where it stops nobody: a token may take seconds.
    pub async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Self) -> Result<T, AppError> + Send + 'static,
    ) -> Result<T, AppError> {
        let own = self.clone();
        blocking(move || work(&own)).await?
    }

    /// A key and, by it, its certificate.
    fn make(
        &self,
        purpose: &'static str,
        certify: impl FnOnce(&SigningKey) -> Result<Vec<u8>, AppError>,
    ) -> Result<MadeKey, AppError> {
        let id = entropy::id(self.now);
        let key = match &self.token {
            None => fresh_key(KeyKind::EcdsaP256),
            Some(token) => {
                let label = format!("chancery {purpose} {}", self.organisation.uuid());
                let made = token.make_key(id.as_bytes(), &label);
                made.map_err(token_error)?
            }
        };
        let mut made = MadeKey {
            id,
            purpose,
            certificate: Vec::new(),
            key,
            token: self.token.clone(),
        };
        match certify(&made.key) {
            Ok(certificate) => {
                made.certificate = certificate;
                Ok(made)
            }
            Err(error) => {
                made.undo();
                Err(error)
            }
        }
    }

    fn request(&self, role: &str, ends: Instant) -> AuthorityRequest {
        let name = shorten(&self.name);
        AuthorityRequest {
            common_name: format!("{name} {role}"),
            organisation: Some(name),
            serial: random_serial(),
            not_before: life(self.now).0,
            not_after: ends,
        }
    }
}

impl MadeKey {
    /// What its row seals.
    fn plain(&self) -> Result<Vec<u8>, AppError> {
        match &self.token {
            Some(token) => Ok(format!("{TOKEN_PREFIX}{}", token.label()).into_bytes()),
            None => {
                let written = self.key.to_pkcs8_der();
                written.map_err(|error| AppError::Internal(error.into()))
            }
        }
    }

    /// Takes it out of its token again. One that stays there signs nothing that anybody trusts.
    fn undo(&self) {
        if let Some(token) = &self.token
            && let Err(error) = token.destroy(self.id.as_bytes())
        {
            tracing::warn!(id = %self.id, %error, "a key that is not used stays in the token");
        }
    }
}

impl Made {
    /// A root, an issuing and a timestamping key.
    pub fn all(workshop: &Workshop) -> Result<Self, AppError> {
        let (_, ends) = life(workshop.now);
        let root = workshop.make("root", |key| {
            make_root(key, &workshop.request("Root CA", ends)).map_err(issue_error)
        })?;
        let beneath = IssuingAuthority::new(root.key.clone(), root.certificate.clone())
            .map_err(issue_error)
            .and_then(|authority| Self::beneath(workshop, &authority));
        match beneath {
            Ok(Self(mut made)) => {
                made.insert(0, root);
                Ok(Self(made))
            }
            Err(error) => {
                root.undo();
                Err(error)
            }
        }
    }

    /// An issuing and a timestamping key beneath a root.
    pub fn beneath(workshop: &Workshop, root: &IssuingAuthority) -> Result<Self, AppError> {
        let described = describe_certificate(root.certificate());
        let root_ends = described
            .map_err(|error| AppError::Internal(error.into()))?
            .not_after;
        let ends = life(workshop.now).1.min(root_ends);
        let issuing = workshop.make("issuing", |key| {
            let request = workshop.request("Issuing CA", ends);
            make_issuing(root, &key.spki_der(), &request).map_err(issue_error)
        })?;
        // Straight from the root: a token is then provable without the issuing certificate.
        let timestamp = workshop.make("timestamp", |key| {
            let request = workshop.request("Time Stamping", ends);
            make_timestamping(root, &key.spki_der(), &request).map_err(issue_error)
        });
        match timestamp {
            Ok(timestamp) => Ok(Self(vec![issuing, timestamp])),
            Err(error) => {
                issuing.undo();
                Err(error)
            }
        }
    }

    /// They were not kept: none stays in a token.
    pub async fn undo(self) {
        let undoing = move || self.0.iter().for_each(MadeKey::undo);
        if let Err(error) = blocking(undoing).await {
            tracing::warn!(?error, "keys that are not used may stay in the token");
        }
    }
}

impl App {
    /// Writes the rows; answers with the identifier of the first.
    pub(super) async fn insert_keys(
        &self,
        tx: &DatabaseTransaction,
        organisation: OrganisationId,
        made: &Made,
        now: Instant,
    ) -> Result<Uuid, AppError> {
        for one in &made.0 {
            let row = authority_keys::ActiveModel {
                id: Set(one.id),
                organisation_id: Set(organisation.uuid()),
                purpose: Set(one.purpose.to_owned()),
                algorithm: Set("ecdsa_p256".to_owned()),
                certificate: Set(one.certificate.clone()),
                sealed_key: Set(self.vault.seal(one.id.as_bytes(), &one.plain()?)),
                created_at: Set(now.micros()),
                retired_at: Set(None),
            };
            row.insert(tx).await?;
        }
        let first = made.0.first().map(|one| one.id);
        first.ok_or_else(|| AppError::internal("no key was made"))
    }

    /// The key of a row.
    ///
    /// # Errors
    ///
    /// [`AppError::Internal`] if it does not open with the master key, or is in a token that the
    /// settings do not name.
    pub(super) fn open_key(&self, row: &authority_keys::Model) -> Result<SigningKey, AppError> {
        let plain = self
            .vault
            .open(row.id.as_bytes(), &row.sealed_key)
            .map_err(|error| AppError::Internal(error.into()))?;
        let Some(label) = label_of(&plain) else {
            let key = SigningKey::from_pkcs8_der(&plain);
            return key.map_err(|error| AppError::Internal(error.into()));
        };
        let token = self.key_token.as_ref();
        let token = token
            .filter(|token| token.label() == label)
            .ok_or_else(|| {
                AppError::internal("a key is in a token that keys.pkcs11_token does not name")
            })?;
        let spki_der =
            public_key_info(&row.certificate).map_err(|error| AppError::Internal(error.into()))?;
        let key = token.key(row.id.as_bytes(), spki_der);
        key.map_err(|error| AppError::Internal(error.into()))
    }

    /// A key that is in the token of the settings; nothing if none is.
    ///
    /// # Errors
    ///
    /// [`AppError::Unavailable`] if the database fails; as [`App::open_key`].
    pub(crate) async fn held_key(&self) -> Result<Option<SigningKey>, AppError> {
        let rows = authority_keys::Entity::find()
            .filter(authority_keys::Column::RetiredAt.is_null())
            .order_by_desc(authority_keys::Column::CreatedAt)
            .limit(PROBED_MAX)
            .all(self.store.reader())
            .await?;
        for row in &rows {
            if self.token_of(row)?.is_some() {
                return self.open_key(row).map(Some);
            }
        }
        Ok(None)
    }

    /// The label of the token that a row's key is in; `None` if the row holds it.
    pub(super) fn token_of(&self, row: &authority_keys::Model) -> Result<Option<String>, AppError> {
        if row.sealed_key.is_empty() {
            return Ok(None);
        }
        let plain = self
            .vault
            .open(row.id.as_bytes(), &row.sealed_key)
            .map_err(|error| AppError::Internal(error.into()))?;
        Ok(label_of(&plain).map(str::to_owned))
    }
}

fn label_of(plain: &[u8]) -> Option<&str> {
    let text = std::str::from_utf8(plain).ok()?;
    text.strip_prefix(TOKEN_PREFIX)
}

fn token_error(error: KeyTokenError) -> AppError {
    AppError::Unavailable {
        what: "keys",
        source: error.into(),
    }
}

/// The first and the last moment of an authority that is made now.
const fn life(now: Instant) -> (Instant, Instant) {
    (
        now.plus_seconds(-AUTHORITY_GRACE_SECONDS),
        now.plus_seconds(AUTHORITY_SECONDS),
    )
}

/// A name that fits into a certificate's field of 64 characters (X.520, ub-common-name) beside a
/// role.
fn shorten(name: &str) -> String {
    name.chars().take(48).collect()
}
