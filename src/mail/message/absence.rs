//! What is told of somebody's absence.

use chancery_types::Instant;
use serde::{Deserialize, Serialize};

/// `absence-recorded`: to whoever is said to be away, and to whoever is to stand in.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AbsenceRecorded {
    /// The organisation.
    pub organisation_name: String,
    /// Who is said to be away.
    pub person_name: String,
    /// Who recorded it.
    pub recorder_name: String,
    /// Who is to stand in, if anybody.
    #[serde(default)]
    pub substitute_name: Option<String>,
    /// From when.
    pub away_from: Instant,
    /// When they are back.
    pub away_until: Instant,
    /// What whoever stands in may do: `decide`, `sign`.
    pub powers: String,
    /// Whether the reader is the one who is to stand in.
    #[serde(default)]
    pub is_substitute: bool,
    /// The page of the person's absences.
    pub url: String,
    /// The IANA zone that times are shown in; UTC if missing.
    #[serde(default)]
    pub time_zone: String,
}
