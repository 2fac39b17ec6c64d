//! The law: what may be done, by whom, and in which order. Pure.

pub mod absence;
pub mod access;
pub mod actor;
pub mod audit_actions;
pub mod comparison;
pub mod cycles;
pub mod document;
pub mod email;
pub mod hosts;
pub mod media;
pub mod password;
pub mod place;
pub mod reach;
pub mod signer_name;
pub mod tax_id;
pub mod version;
