//! Chancery: documents, approval chains, signatures, links, evidence.
//!
//! The floors, from the ground up (`ARCHITECTURE.md` draws them; `cargo xtask tidy` holds them):
//! cellars `store blob mail outbound pdf_worker key_token key_file clock entropy telemetry
//! trust_files`, law `domain`,
//! stair `app`, rooms `web jobs`, entrance `cli demo`.

pub mod app;
pub mod blob;
pub mod cli;
pub mod clock;
pub mod config;
pub mod demo;
pub mod domain;
pub mod entropy;
pub mod i18n;
pub mod jobs;
pub mod key_file;
pub mod key_token;
pub mod mail;
pub mod outbound;
pub mod pdf_worker;
pub mod private;
pub mod store;
pub mod telemetry;
pub mod trust_files;
pub mod web;
