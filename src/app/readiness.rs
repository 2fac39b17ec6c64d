//! Whether this process can do its work now: asked by load balancers and container engines.

use std::sync::atomic::Ordering;
use std::time::Duration;

use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};

use crate::app::App;
use crate::app::vault::VaultError;
use crate::store::StoreError;
use crate::store::entity::{authority_keys, organisations};

const PART_SECONDS_MAX: u64 = 3;

/// One part of the house and what is wrong with it, if anything.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartState {
    /// `database`, `blobs`, `mail`, `keys`, `contents`, `timestamps`, `key_token`, `key_files`.
    pub part: &'static str,
    /// Whether the process is not ready without it. What only hinders signing sends nobody away who
    /// comes to read: every process would be sent away at once, since all ask the same authority.
    pub is_needed: bool,
    /// What is wrong, for an operator; no secrets.
    pub problem: Option<String>,
}

/// Why the authority's keys cannot be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum KeysError {
    /// The database does not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// They were sealed with another master key.
    #[error(transparent)]
    Vault(#[from] VaultError),
}

impl App {
    /// Asks every part, each for at most three seconds. The mail server's answer is kept for half a
    /// minute: probes come often, and each would be a login. Another's timestamping authority
    /// is not asked: it counts what it last did.
    pub async fn readiness(&self) -> Vec<PartState> {
        let (database, blobs, mail, keys, token, files) = futures::join!(
            limited(self.check_database()),
            limited(async {
                let asked = self.blobs.check_bucket().await;
                asked.map_err(|error| error.to_string())
            }),
            limited(async {
                let asked = self.mailer.check_recently(self.now()).await;
                asked.map_err(|error| error.to_string())
            }),
            limited(async { self.check_keys().await.map_err(|error| error.to_string()) }),
            limited(self.check_token()),
            limited(self.check_files()),
        );
        let contents = match self.is_seeding.load(Ordering::Relaxed) {
            true => Err("the demo's documents are still being made".to_owned()),
            false => Ok(()),
        };
        [
            ("database", database, true),
            ("blobs", blobs, true),
            ("mail", mail, true),
            ("keys", keys, true),
            ("contents", contents, true),
            ("timestamps", self.stamps.check_lately(), false),
            ("key_token", token, false),
            ("key_files", files, false),
        ]
        .map(|(part, answer, is_needed)| PartState {
            part,
            is_needed,
            problem: answer.err(),
        })
        .into()
    }

    async fn check_database(&self) -> Result<(), String> {
        let asked = organisations::Entity::find().one(self.store.reader());
        asked.await.map_err(|error| error.to_string())?;
        Ok(())
    }

    /// Whether the token signs that an authority's key is in; well if none is. Its thread may wait
    /// for the token longer than the asker does, and no second one waits beside it.
    async fn check_token(&self) -> Result<(), String> {
        let Some(token) = self.key_token.clone() else {
            return Ok(());
        };
        let key = self.held_key().await.map_err(|error| error.to_string())?;
        let Some(key) = key else {
            return Ok(());
        };
        let now = self.now();
        let asked = tokio::task::spawn_blocking(move || token.probe(&key, now));
        asked.await.map_err(|error| error.to_string())?
    }

    /// Whether the files are still there that keys of authorities are in, nobody else's, and what
    /// they were; well if there are none.
    async fn check_files(&self) -> Result<(), String> {
        let Some(folder) = self.key_folder.clone() else {
            return Ok(());
        };
        let keys = self.probed_file_keys().await;
        let keys = keys.map_err(|error| error.to_string())?;
        let asked = tokio::task::spawn_blocking(move || folder.probe(&keys));
        asked.await.map_err(|error| error.to_string())?
    }

    /// Whether the master key opens what was sealed with it: a key of the authority.
    ///
    /// # Errors
    ///
    /// [`KeysError`].
    pub(crate) async fn check_keys(&self) -> Result<(), KeysError> {
        let asked = authority_keys::Entity::find()
            .filter(authority_keys::Column::RetiredAt.is_null())
            .one(self.store.reader());
        if let Some(row) = asked.await.map_err(StoreError::from)? {
            self.vault.open(row.id.as_bytes(), &row.sealed_key)?;
        }
        Ok(())
    }
}

async fn limited(asked: impl Future<Output = Result<(), String>>) -> Result<(), String> {
    let answer = tokio::time::timeout(Duration::from_secs(PART_SECONDS_MAX), asked).await;
    answer.unwrap_or_else(|_| Err(format!("no answer in {PART_SECONDS_MAX} seconds")))
}
