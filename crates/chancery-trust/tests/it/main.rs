//! Trusted lists and powers of attorney, signed by other programs and changed here. The fixtures
//! were made by hand with xmlsec1 and the Python package `cryptography`; the keys were thrown away.
//!
//! Beside them the lists of 31 countries in the public test suite of the European Commission's DSS
//! were read by hand, each with the signers that its list of lists names.

#![expect(clippy::expect_used, reason = "a test fails by panicking")]

mod authority;
mod bounded;
mod corpus;
mod forge;
mod granted;
mod lists;
mod mixed;
mod replay;
mod revoked;
mod support;
mod words;
