//! The letter about all open tasks.

use chancery_types::Instant;
use serde::{Deserialize, Serialize};

/// `task-digest`: all open tasks of the reader.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct TaskDigest {
    /// The organisation.
    #[serde(default)]
    pub organisation_name: String,
    /// The IANA zone that times are shown in.
    #[serde(default)]
    pub time_zone: String,
    /// How many tasks wait.
    pub tasks_count: i64,
    /// How many of them are late.
    pub late_count: i64,
    /// The first of them, the soonest due first.
    pub tasks: Vec<DigestTask>,
    /// Where all of them are.
    pub url: String,
}

/// One task of a [`TaskDigest`].
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct DigestTask {
    /// The document.
    pub document_title: String,
    /// Its number.
    #[serde(default)]
    pub registration_number: Option<String>,
    /// The stage's title in the reader's language.
    pub stage_title: String,
    /// By when.
    #[serde(default)]
    pub due_at: Option<Instant>,
    /// Where it is decided.
    pub url: String,
}
