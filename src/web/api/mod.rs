//! JSON under `/api/v1`: one file a resource.

pub mod session;
pub mod tasks;
