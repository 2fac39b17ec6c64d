//! JSON under `/api/v1`: one file a resource.

pub mod counterparties;
pub mod documents;
pub mod outside;
pub mod people;
pub mod runs;
pub mod session;
pub mod signing;
pub mod tasks;
pub mod verify;
