//! Whether this process can do its work now: asked by load balancers and container engines.

use std::time::Duration;

use sea_orm::EntityTrait as _;

use crate::app::App;
use crate::mail::MailError;
use crate::store::entity::{authority_keys, organisations};

const PART_SECONDS_MAX: u64 = 3;

/// One part of the house and what is wrong with it, if anything.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartState {
    /// `database`, `blobs`, `mail`, `keys`.
    pub part: &'static str,
    /// What is wrong, for an operator; no secrets.
    pub problem: Option<String>,
}

impl App {
    /// Asks every part, each for at most three seconds. Mail counts as usable when its settings
    /// are: the outbox waits for a mail server that is away.
    pub async fn readiness(&self) -> Vec<PartState> {
        let (database, blobs, keys) = futures::join!(
            limited(self.check_database()),
            limited(async {
                let asked = self.blobs.check_bucket().await;
                asked.map_err(|error| error.to_string())
            }),
            limited(self.check_keys()),
        );
        let mail = self.mailer.check_folder();
        let mail = mail.map_err(|error: MailError| error.to_string());
        [
            ("database", database),
            ("blobs", blobs),
            ("mail", mail),
            ("keys", keys),
        ]
        .map(|(part, answer)| PartState {
            part,
            problem: answer.err(),
        })
        .into()
    }

    async fn check_database(&self) -> Result<(), String> {
        let asked = organisations::Entity::find().one(self.store.reader());
        asked.await.map_err(|error| error.to_string())?;
        Ok(())
    }

    /// Whether the master key opens what was sealed with it: a key of the authority.
    async fn check_keys(&self) -> Result<(), String> {
        let asked = authority_keys::Entity::find().one(self.store.reader());
        match asked.await.map_err(|error| error.to_string())? {
            None => Ok(()),
            Some(row) => {
                let opened = self.vault.open(row.id.as_bytes(), &row.sealed_key);
                opened.map(|_| ()).map_err(|error| error.to_string())
            }
        }
    }
}

async fn limited(asked: impl Future<Output = Result<(), String>>) -> Result<(), String> {
    let answer = tokio::time::timeout(Duration::from_secs(PART_SECONDS_MAX), asked).await;
    answer.unwrap_or_else(|_| Err(format!("no answer in {PART_SECONDS_MAX} seconds")))
}
