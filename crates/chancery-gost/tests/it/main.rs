//! Signatures of others, forgeries, and bytes that are neither.

#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "what cannot be read is a failed test"
)]

mod certificates;
mod corpus;
mod digests;
mod identifiers;
mod properties;
mod refusals;
mod support;
