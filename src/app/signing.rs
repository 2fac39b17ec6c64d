//! Signing by our signatory and by the counterparty: one way for both.
//!
//! ```text
//! consents ─► prepare (certificate, tail with a hole, attributes) ─► the key signs the attributes
//!          ─► complete (value checked, token, embedded, judged by our own validator, stored)
//! ```
//!
//! The signer's key is made in their browser, or here and forgotten, or it stays outside
//! (`outside`): then its holder presents their own certificate, and either the value comes back or
//! a whole CMS structure. Where the chain asks for it, a signature stands in a file of its own
//! beside the file that it is over (`ground`, `detached`); one that was made elsewhere comes as
//! such a file. By what power of attorney somebody signed is told beside the signature
//! (`powers`).
//!
//! A version has one signed copy. A signature is prepared on the copy as it is; if another
//! signature lands in between, completing is refused as stale and preparing starts again.

pub mod complete;
pub mod consent;
pub mod copies;
mod demanded;
pub mod detached;
pub mod evidence;
mod ground;
pub mod judged;
pub mod list;
pub mod mark;
pub mod named;
pub mod outside;
pub mod pen;
pub mod powers;
pub mod prepare;
pub mod presented;
pub mod revision;
mod rows;
pub mod seal;
pub mod seat;
pub mod sheet;
pub mod shown;
mod told;
pub mod verdict;

pub use complete::CompletedSignature;
pub use consent::ShownConsent;
pub(crate) use prepare::blocking;
pub use prepare::{PreparedSignature, SignerKey};
pub use seat::SigningSeat;
