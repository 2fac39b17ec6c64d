//! Guards: what must hold for every route, walked from the table of routes.

mod access;
mod browser;
mod routes;

pub use browser::Browser;
