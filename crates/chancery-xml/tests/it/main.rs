//! The reader and the canonical forms from outside.

mod canonical_forms;
mod properties;
mod refusals;
