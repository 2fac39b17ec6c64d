//! Systems outside that workflows call: webhooks, which effects tell of something, and lookups,
//! which automatic stages ask.
//!
//! ```text
//! effect ─► row of `calls` (in the step's transaction) ─► claimed, sent, tried again
//!                                                         └► a lookup's answer moves its run
//! ```
//!
//! A call's key is made of its meaning and goes with every try, so that whoever receives it twice
//! after a crash knows it. Only hosts on the administrator's lists are called.

mod answer;
mod body;
mod list;
mod of_document;
mod peers;
mod work;

pub use answer::read_answer;
pub(crate) use body::{LookupBody, WebhookBody, plain_card};
pub use list::{CallLine, CallSheet, Incident, STATES};
pub use of_document::{AskedLine, DocumentCalls, StandStill};
pub use peers::{Peers, PeersError, SECRET_CHARS_MIN, SIGNATURE_HEADER, signature};
pub use work::{ClaimedCall, Made};

/// What a call is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallKind {
    /// It tells of something.
    Webhook,
    /// It asks something.
    Lookup,
}

impl CallKind {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Webhook, Self::Lookup];

    /// As the row keeps it.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Webhook => "webhook",
            Self::Lookup => "lookup",
        }
    }

    /// From a row's text.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}
