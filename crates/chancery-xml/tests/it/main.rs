//! The reader and the canonical forms from outside.

#![expect(clippy::expect_used, reason = "a test fails by panicking")]

mod canonical_forms;
mod properties;
mod refusals;
