//! The keys of an authority: made in the process, in a token or in files, kept in their rows.
//!
//! What a row seals is the key itself (PKCS#8), or where it is (`places`): `pkcs11:` and the label
//! of the token, or `file:` and the name of the file.

use chancery_signature::{
    AuthorityRequest, IssuingAuthority, SigningKey, describe_certificate, make_issuing, make_root,
    make_timestamping, public_key_info,
};
use chancery_types::Instant;
use chancery_types::id::OrganisationId;
use sea_orm::ActiveValue::Set;
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, DatabaseTransaction, EntityTrait as _,
    QueryFilter as _, QueryOrder as _, QuerySelect as _,
};
use uuid::Uuid;
use zeroize::Zeroizing;

use super::places::{KeyPlace, Shelf};
use super::{issue_error, random_serial};
use crate::app::signing::blocking;
use crate::app::{App, AppError};
use crate::entropy;
use crate::key_file::KeyFileError;
use crate::store::entity::authority_keys;

/// How many keys a probe looks through for those that are in a token or in files.
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
    shelf: Shelf,
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
    shelf: Shelf,
}

/// Keys that stand in no row yet.
#[derive(Clone, Debug)]
pub(super) struct Made(pub Vec<MadeKey>);

impl Workshop {
    /// # Errors
    ///
    /// [`AppError::Internal`] if the store of the settings is not set up.
    pub fn new(
        app: &App,
        organisation: OrganisationId,
        name: &str,
        now: Instant,
    ) -> Result<Self, AppError> {
        Ok(Self {
            shelf: Shelf::of(app)?,
            organisation,
            name: name.to_owned(),
            now,
        })
    }

    /// Works where it stops nobody: a token may take seconds, as does what enciphers a file.
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
        let mut made = MadeKey {
            id,
            purpose,
            certificate: Vec::new(),
            key: self.shelf.make(id, purpose, self.organisation)?,
            shelf: self.shelf.clone(),
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
    fn plain(&self) -> Result<Zeroizing<Vec<u8>>, AppError> {
        self.shelf.plain(self.id, self.purpose, &self.key)
    }

    /// Takes it out of its store again.
    fn undo(&self) {
        self.shelf.undo(self.id, self.purpose);
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

    /// They were not kept: none stays in a token or in a file.
    pub async fn undo(self) {
        let undoing = move || self.0.iter().for_each(MadeKey::undo);
        if let Err(error) = blocking(undoing).await {
            tracing::warn!(?error, "keys that are not used may stay in their store");
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
    /// [`AppError::Internal`] if it does not open with the master key, or is in a token or a folder
    /// that the settings do not name.
    pub(super) fn open_key(&self, row: &authority_keys::Model) -> Result<SigningKey, AppError> {
        let plain = self.plain_of(row)?;
        let spki_der =
            || public_key_info(&row.certificate).map_err(|error| AppError::Internal(error.into()));
        match KeyPlace::of(&plain) {
            KeyPlace::Sealed => {
                let key = SigningKey::from_pkcs8_der(&plain);
                key.map_err(|error| AppError::Internal(error.into()))
            }
            KeyPlace::Token(label) => {
                let token = self.key_token.as_ref();
                let token = token.filter(|token| token.label() == label);
                let token = token.ok_or_else(|| {
                    AppError::internal("a key is in a token that keys.pkcs11_token does not name")
                })?;
                let key = token.key(row.id.as_bytes(), spki_der()?);
                key.map_err(|error| AppError::Internal(error.into()))
            }
            KeyPlace::File(name) => {
                let folder = self.key_folder.as_ref();
                let folder = folder.ok_or_else(|| {
                    AppError::internal("a key is in a file, and keys.file_directory is empty")
                })?;
                let key = folder.key(&name, spki_der()?);
                key.map_err(|error| AppError::Internal(error.into()))
            }
        }
    }

    fn plain_of(&self, row: &authority_keys::Model) -> Result<Zeroizing<Vec<u8>>, AppError> {
        let plain = self.vault.open(row.id.as_bytes(), &row.sealed_key);
        let plain = plain.map_err(|error| AppError::Internal(error.into()))?;
        Ok(Zeroizing::new(plain))
    }

    /// A key that is in the token of the settings; nothing if none is.
    ///
    /// # Errors
    ///
    /// [`AppError::Unavailable`] if the database fails; as [`App::open_key`].
    pub(crate) async fn held_key(&self) -> Result<Option<SigningKey>, AppError> {
        for row in &self.present_keys(Some(PROBED_MAX)).await? {
            if matches!(self.place_of(row)?, Some(KeyPlace::Token(_))) {
                return self.open_key(row).map(Some);
            }
        }
        Ok(None)
    }

    /// The names of the files that keys in use are in, of the newest so many keys or of all, each
    /// with its public key (`SubjectPublicKeyInfo`, DER).
    async fn file_keys(&self, count_max: Option<u64>) -> Result<Vec<(String, Vec<u8>)>, AppError> {
        let mut found = Vec::new();
        for row in &self.present_keys(count_max).await? {
            if let Some(KeyPlace::File(name)) = self.place_of(row)? {
                let spki_der = public_key_info(&row.certificate)
                    .map_err(|error| AppError::Internal(error.into()))?;
                found.push((name, spki_der));
            }
        }
        Ok(found)
    }

    /// As [`App::file_keys`], as many as a probe looks at.
    ///
    /// # Errors
    ///
    /// [`AppError::Unavailable`] if the database fails; [`AppError::Internal`] if a row does not
    /// open.
    pub(crate) async fn probed_file_keys(&self) -> Result<Vec<(String, Vec<u8>)>, AppError> {
        self.file_keys(Some(PROBED_MAX)).await
    }

    /// Opens every file that a key in use is in and compares it with its certificate: at the start
    /// of a server, so that none runs that cannot sign. It takes a good part of a second for each.
    ///
    /// # Errors
    ///
    /// [`AppError::Unavailable`] with the [`KeyFileError`] that says what to do, or if the database
    /// fails; [`AppError::Internal`] if a row does not open or no folder is named.
    pub async fn check_key_files(&self) -> Result<(), AppError> {
        let keys = self.file_keys(None).await?;
        if keys.is_empty() {
            return Ok(());
        }
        let folder = self.key_folder.clone().ok_or_else(|| {
            AppError::internal("keys are in files: name their folder by keys.file_directory")
        })?;
        let checked = blocking(move || {
            let mut keys = keys.iter();
            keys.try_for_each(|(name, spki_der)| folder.check_key(name, spki_der))
        });
        checked
            .await?
            .map_err(|error: KeyFileError| AppError::Unavailable {
                what: "keys",
                source: error.into(),
            })
    }

    /// The rows of keys in use, the newest first.
    async fn present_keys(
        &self,
        count_max: Option<u64>,
    ) -> Result<Vec<authority_keys::Model>, AppError> {
        Ok(authority_keys::Entity::find()
            .filter(authority_keys::Column::RetiredAt.is_null())
            .order_by_desc(authority_keys::Column::CreatedAt)
            .limit(count_max)
            .all(self.store.reader())
            .await?)
    }

    /// Where a row's key is; `None` if it is destroyed.
    pub(super) fn place_of(
        &self,
        row: &authority_keys::Model,
    ) -> Result<Option<KeyPlace>, AppError> {
        if row.sealed_key.is_empty() {
            return Ok(None);
        }
        Ok(Some(KeyPlace::of(&self.plain_of(row)?)))
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
