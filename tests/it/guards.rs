//! Guards: what must hold for every route, walked from the table of routes.

mod access;
mod actions;
mod bodies;
mod browser;
mod contract;
mod limits;
mod lockout;
mod repeated_forms;
mod routes;
mod tokens;
pub mod world;

pub use browser::{Browser, MULTIPART, multipart};
