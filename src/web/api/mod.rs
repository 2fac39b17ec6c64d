//! JSON under `/api/v1`: one file a resource.

pub mod documents;
pub mod session;
pub mod signing;
pub mod tasks;
