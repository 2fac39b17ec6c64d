//! JSON under `/api/v1`: one file a resource.

pub mod absences;
pub mod archive;
pub mod audit;
pub mod calls;
pub mod counterparties;
pub mod detached;
pub mod documents;
pub mod journals;
pub mod link;
pub mod links;
pub mod mail;
pub mod organisation;
pub mod outside;
pub mod passwords;
pub mod people;
pub mod powers;
pub mod profile;
pub mod protocol;
pub mod questions;
pub mod remote;
pub mod runs;
pub mod session;
pub mod signatures;
pub mod signing;
pub mod tasks;
pub mod verify;
