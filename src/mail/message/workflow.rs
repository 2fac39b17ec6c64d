//! Payloads of what workflows let people know, and of what becomes of workflows.

use chancery_types::Instant;
use serde::{Deserialize, Serialize};

use super::About;

/// `notice`: to whom a workflow's effects name.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Notice {
    /// The document.
    #[serde(flatten)]
    pub about: About,
    /// The subject, in the reader's language.
    pub subject: String,
    /// The text, in the reader's language.
    pub text: String,
    /// The document's numbers in journals.
    #[serde(default)]
    pub entries: Vec<NoticeEntry>,
}

/// One of them.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct NoticeEntry {
    /// The journal's title in the reader's language.
    pub journal_title: String,
    /// The number there.
    pub number: String,
}

/// `incident`: to administrators, and to whoever answers for the workflow.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Incident {
    /// The document; its `url` is where the reader lets the run try again: the list of calls, or
    /// the document.
    #[serde(flatten)]
    pub about: About,
    /// The title of the stage in the reader's language.
    pub stage_title: String,
    /// What happened.
    pub why: String,
    /// Whether the reader answers for the workflow, and is no administrator.
    #[serde(default)]
    pub is_owner: bool,
}

/// `not-started`: to the initiator.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct NotStarted {
    /// The document.
    #[serde(flatten)]
    pub about: About,
    /// Why, in the reader's language.
    pub why: String,
}

/// `route-changed`: to the initiator.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RouteChanged {
    /// The document.
    #[serde(flatten)]
    pub about: About,
    /// The workflow's title in the reader's language.
    pub workflow_title: String,
    /// Who changed it.
    pub person_name: String,
    /// What it went by: `edition`, `file`, `same`, `earlier`.
    pub before: String,
    /// The number of that edition.
    pub before_number: Option<i64>,
    /// What it goes by now.
    pub after: String,
    /// The number of that edition.
    pub after_number: Option<i64>,
}

/// `vote-set-aside`: to whoever agreed.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct VoteSetAside {
    /// The document.
    #[serde(flatten)]
    pub about: About,
    /// The workflow's title in the reader's language.
    pub workflow_title: String,
    /// Who changed the route.
    pub person_name: String,
    /// The titles of the stages in which the reader agreed.
    pub stage_titles: Vec<String>,
}

/// `edition`: to administrators, or to the author.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct EditionMail {
    /// `proposed`, `published`, `returned`, `withdrawn`.
    pub what: String,
    /// The organisation that writes.
    pub organisation_name: String,
    /// The IANA zone that times are shown in.
    pub time_zone: String,
    /// The workflow's title in the reader's language.
    pub workflow_title: String,
    /// Which edition.
    pub number: i64,
    /// Who did it.
    pub person_name: String,
    /// What they say.
    #[serde(default)]
    pub words: Option<String>,
    /// From when new documents go by it.
    #[serde(default)]
    pub effective_at: Option<Instant>,
    /// Where it is read and decided on.
    pub url: String,
}
