//! Makes an [`App`] of a configuration: opens everything it needs, or says in one line what to do.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;

use crate::app::App;
use crate::app::calls::{Peers, PeersError};
use crate::app::chains::{Chains, ChainsError, Known};
use crate::app::online::{Online, OnlineError};
use crate::app::readiness::KeysError;
use crate::app::stamps::Stamps;
use crate::app::trusted::Trusted;
use crate::app::validation::Validator;
use crate::app::vault::{Vault, VaultError};
use crate::app::work::Wake;
use crate::blob::{BlobError, Blobs};
use crate::clock::Clock;
use crate::config::{Config, KeyStore};
use crate::entropy;
use crate::key_file::{KeyFileError, KeyFolder};
use crate::key_token::{KeyToken, KeyTokenError};
use crate::mail::{MailError, Mailer};
use crate::outbound::{OutboundError, choose_ciphers};
use crate::pdf_worker::{PdfWorker, WorkerSettings};
use crate::private;
use crate::store::{Store, StoreError};

/// Why the server does not start. One line each, with what to do.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// No master key was given.
    #[error(
        "no master key: run `chancery config new-key`, and give the key by \
         CHANCERY__SECRETS__MASTER_KEY or in the file named by secrets.master_key_file"
    )]
    NoMasterKey,
    /// The master key is not one.
    #[error("secrets.master_key: {0}")]
    MasterKey(#[from] VaultError),
    /// The master key is another than the one that sealed what the database holds.
    #[error(
        "secrets.master_key: this key does not open what the database holds, so nothing could be \
         signed; give the key that this database was begun with"
    )]
    OtherMasterKey,
    /// The folder of workflows is refused.
    #[error("workflows.directory: {0}")]
    Workflows(#[from] ChainsError),
    /// A folder cannot be made.
    #[error("{path}: cannot be made: {why}; check the path and its rights")]
    Folder {
        /// Which.
        path: PathBuf,
        /// The operating system's words.
        why: String,
    },
    /// The database does not answer.
    #[error("database.url: the database cannot be opened ({why}); check the address and rights")]
    Database {
        /// The database's words, without the address.
        why: String,
    },
    /// The files' place is not usable.
    #[error(transparent)]
    Blobs(#[from] BlobError),
    /// The mail settings are not usable.
    #[error(transparent)]
    Mail(#[from] MailError),
    /// What the checks are to trust cannot be read.
    #[error("[trust]: {0}")]
    Trust(String),
    /// New keys are to be made in a token that cannot be used.
    #[error("{0}")]
    KeyToken(#[from] KeyTokenError),
    /// New keys are to be made in a token, and none is named.
    #[error("keys.store is \"pkcs11\": name the token by keys.pkcs11_module and keys.pkcs11_token")]
    NoKeyToken,
    /// New keys are to be made in files that cannot be.
    #[error("{0}")]
    KeyFile(#[from] KeyFileError),
    /// New keys are to be made in files, and no folder is named.
    #[error("keys.store is \"file\": name the folder by keys.file_directory")]
    NoKeyFolder,
    /// The timestamping authority cannot be asked.
    #[error("signing.tsa_url: {0}")]
    Timestamps(OutboundError),
    /// Those who may be asked about revocation cannot be.
    #[error("trust.online: {0}")]
    Online(#[from] OnlineError),
    /// Somebody whom workflows call cannot be called.
    #[error(transparent)]
    Calls(#[from] PeersError),
    /// The schema is older than the program.
    #[error(
        "the database lacks {count} migration(s): run `chancery migrate` (or `chancery serve \
         --migrate`) first"
    )]
    SchemaBehind {
        /// How many.
        count: usize,
    },
}

impl App {
    /// Opens everything that `config` names beside the database. `store` is a database whose schema
    /// is up to date (the entrance sees to that: `cli::start`); `clock` is the machine's, except in
    /// tests and in the demo.
    ///
    /// # Errors
    ///
    /// The first [`StartError`] found.
    pub async fn build(config: Config, clock: Clock, store: Store) -> Result<Self, StartError> {
        choose_ciphers();
        let vault = open_vault(&config)?;
        let peers = Peers::open(&config)?;
        let chains = Chains::load_knowing(&config.workflows.directory, Known::of(&config))?;
        chains.check_switched_on(&config.workflows.packs)?;
        let pdf = PdfWorker::new(WorkerSettings::of(&config));
        let blobs = Blobs::open(&config.blobs, &entropy::secret()).await?;
        let mailer = Mailer::open(&config.mail)?;
        let trusted = Trusted::open(&config.trust, clock.now())?;
        let app = Self {
            key_token: open_key_token(&config)?,
            key_folder: open_key_folder(&config)?,
            trusted,
            stamps: Stamps::open(&config.signing, &config.trust)?,
            online: Online::open(&config.trust)?,
            peers,
            validator: Validator::new(config.limits.verify_parallel_max),
            config: Arc::new(config),
            clock,
            store,
            blobs,
            mailer,
            pdf,
            vault,
            chains: Arc::new(chains),
            signing_turns: Arc::new(Semaphore::new(cores())),
            is_seeding: Arc::default(),
            wake: Arc::new(Wake::default()),
        };
        match app.check_keys().await {
            Ok(()) => Ok(app),
            Err(KeysError::Vault(_)) => Err(StartError::OtherMasterKey),
            Err(KeysError::Store(error)) => Err(error.into()),
        }
    }
}

/// The token of the settings; it is logged in to now if new keys are to be made in it. One that
/// only holds keys of before is asked when they sign.
///
/// # Errors
///
/// [`StartError::NoKeyToken`], [`StartError::KeyToken`].
pub fn open_key_token(config: &Config) -> Result<Option<KeyToken>, StartError> {
    let token = KeyToken::of(&config.keys);
    if config.keys.store == KeyStore::Pkcs11 {
        token.as_ref().ok_or(StartError::NoKeyToken)?.check()?;
    }
    Ok(token)
}

/// The folder of key files of the settings; it is made and looked at now if new keys are to be made
/// in it. The files are opened when a server starts ([`App::check_key_files`]), and else when their
/// keys sign.
///
/// # Errors
///
/// [`StartError::NoKeyFolder`], [`StartError::KeyFile`].
pub fn open_key_folder(config: &Config) -> Result<Option<KeyFolder>, StartError> {
    let folder = KeyFolder::of(&config.keys);
    if config.keys.store == KeyStore::File {
        folder.as_ref().ok_or(StartError::NoKeyFolder)?.check()?;
    }
    Ok(folder)
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZeroUsize::get)
}

/// The vault of the configured master key.
///
/// # Errors
///
/// [`StartError::NoMasterKey`], [`StartError::MasterKey`].
pub fn open_vault(config: &Config) -> Result<Vault, StartError> {
    if config.secrets.master_key.is_empty() {
        return Err(StartError::NoMasterKey);
    }
    Ok(Vault::from_hex(config.secrets.master_key.reveal())?)
}

/// Connects to the configured database; makes the folder of a SQLite file.
///
/// # Errors
///
/// [`StartError::Folder`], [`StartError::Database`].
pub async fn open_store(config: &Config) -> Result<Store, StartError> {
    let url = config.database.url.reveal();
    if let Some(file) = sqlite_file(url) {
        make_private_file(&file)?;
    }
    let acquire_timeout = Duration::from_millis(config.database.acquire_timeout_ms);
    Ok(Store::connect(url, config.database.connections_max, acquire_timeout).await?)
}

/// The file of a SQLite database: made before the database is opened, because SQLite itself would
/// make it, and its journals after it, for everybody to read.
fn sqlite_file(url: &str) -> Option<PathBuf> {
    let rest = url.strip_prefix("sqlite:")?;
    let file = rest.strip_prefix("//").unwrap_or(rest);
    let (file, options) = file.split_once('?').unwrap_or((file, ""));
    let is_file = !file.is_empty() && file != ":memory:" && !options.contains("mode=memory");
    is_file.then(|| PathBuf::from(file))
}

fn make_private_file(file: &Path) -> Result<(), StartError> {
    if let Some(folder) = file
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
    {
        make_folder(folder)?;
    }
    private::touch(file).map_err(|error| StartError::Folder {
        path: file.to_owned(),
        why: error.to_string(),
    })
}

/// Makes a folder and those above it, if they are not there.
///
/// # Errors
///
/// [`StartError::Folder`].
pub fn make_folder(path: &Path) -> Result<(), StartError> {
    private::make_folder(path).map_err(|error| StartError::Folder {
        path: path.to_owned(),
        why: error.to_string(),
    })
}

impl From<StoreError> for StartError {
    fn from(error: StoreError) -> Self {
        let why = match error {
            StoreError::Database(cause) => cause.to_string(),
            other => other.to_string(),
        };
        Self::Database { why }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_of_a_sqlite_database_is_found() {
        let file = |url| sqlite_file(url).map(|path| path.display().to_string());
        assert_eq!(
            file("sqlite://data/x.db?mode=rwc").as_deref(),
            Some("data/x.db")
        );
        assert_eq!(file("sqlite:///var/x.db").as_deref(), Some("/var/x.db"));
        assert_eq!(file("sqlite://x.db").as_deref(), Some("x.db"));
        assert_eq!(file("sqlite::memory:"), None);
        assert_eq!(file("postgres://host/name"), None);
    }
}
