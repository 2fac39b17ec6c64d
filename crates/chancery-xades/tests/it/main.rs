//! Signatures of other programs, and what becomes of them when somebody changes, moves or doubles
//! something.
//!
//! The fixtures were made by hand with xmlsec1, signxml (RSA-PSS) and a GOST signer in Python, with
//! keys that were thrown away. Beside them, 570 signed documents of the public test suites of
//! xmlsec and of the European Commission's DSS were compared by hand.

#![expect(clippy::expect_used, reason = "a test fails by panicking")]

mod costs;
mod declared;
mod fixtures;
mod mutations;
mod signed_here;
mod signer;
mod support;
mod uncovered;
mod wrapping;
