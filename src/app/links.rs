//! Signing links: how a counterparty's person comes in, proves the mailbox, and what they may do.
//!
//! A link is bound to one contact, one task and one version. Its secret is 256 random bits that
//! stand only in a URL fragment; the row keeps a hash. A short typed code is the way in without
//! JavaScript. A visit begins when either is posted, and is worth nothing until a six-digit code
//! from the mailbox is given.
//!
//! A link keeps the name and address that it was opened for: letters, codes, the certificate and
//! the evidence use these, whatever becomes of the contact's row.

pub mod codes;
pub mod disagreement;
pub mod ending;
pub mod files;
mod hand_over;
pub(crate) mod limit;
pub mod open;
pub mod outcome;
pub mod resend;
pub mod said_read;
mod state;
pub(crate) mod terms;
pub mod visit;
pub mod why;

pub use open::{LinkOpening, Wording, open_link, revoke_links_of_task};
