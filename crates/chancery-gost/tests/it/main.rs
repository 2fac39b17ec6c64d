//! Signatures of others, forgeries, and bytes that are neither.

#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "what cannot be read is a failed test"
)]

mod certificates;
mod digests;
mod identifiers;
mod properties;
mod refusals;
mod support;
