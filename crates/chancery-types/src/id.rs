//! Typed identifiers: UUIDv7, one type a noun, so that a task never stands where a run should.
//!
//! New identifiers are made by `entropy` in the root package (rule 5: no randomness here).

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! typed_ids {
    ($($(#[$doc:meta])* $name:ident;)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl $name {
            /// The bare UUID, as the database keeps it.
            #[must_use]
            pub const fn uuid(self) -> Uuid {
                self.0
            }
        }

        impl From<Uuid> for $name {
            fn from(value: Uuid) -> Self {
                Self(value)
            }
        }

        impl From<$name> for Uuid {
            fn from(value: $name) -> Self {
                value.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::parse_str(text).map(Self)
            }
        }
    )+};
}

typed_ids! {
    /// Somebody is away for a time.
    AbsenceId;
    /// One append to the audit log.
    AuditEventId;
    /// One call to a system outside.
    CallId;
    /// One certificate that our CA issued.
    CertificateId;
    /// A person at a counterparty.
    ContactId;
    /// Another organisation we exchange with.
    CounterpartyId;
    /// A department of the organisation.
    DepartmentId;
    /// The thing with a kind, a number and a life; not its bytes.
    DocumentId;
    /// A link that lets an outsider sign.
    LinkId;
    /// One mail in the outbox.
    OutboxId;
    /// A tenant: everything belongs to one organisation.
    OrganisationId;
    /// A person of the organisation.
    PersonId;
    /// One row of the register of who may act for which of our legal entities.
    MandateId;
    /// What an approver wants changed.
    RemarkId;
    /// One document going through one workflow.
    RunId;
    /// A browser session.
    SessionId;
    /// A cryptographic signature on a signed copy.
    SignatureId;
    /// A prepared, not yet completed signature.
    SigningId;
    /// What one assignee must do in one stage of one run.
    TaskId;
    /// A personal API token.
    TokenId;
    /// Immutable content of a document at a moment.
    VersionId;
}
