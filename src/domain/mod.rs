//! The law: what may be done, by whom, and in which order. Pure.

pub mod access;
pub mod actor;
pub mod email;
pub mod password;
pub mod roles;
pub mod tax_id;
