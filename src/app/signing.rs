//! Signing by our signatory and by the counterparty: one way for both.
//!
//! ```text
//! consents ─► prepare (certificate, tail with a hole, attributes) ─► the key signs the attributes
//!          ─► complete (value checked, token, embedded, judged by our own validator, stored)
//! ```
//!
//! A version has one signed copy. A signature is prepared on the copy as it is; if another
//! signature lands in between, completing is refused as stale and preparing starts again.

pub mod complete;
pub mod consent;
pub mod evidence;
pub mod judged;
pub mod list;
pub mod mark;
pub mod prepare;
pub mod seat;
pub mod shown;
pub mod verdict;

pub use complete::CompletedSignature;
pub use consent::ShownConsent;
pub use prepare::{PreparedSignature, SignerKey};
pub use seat::SigningSeat;
