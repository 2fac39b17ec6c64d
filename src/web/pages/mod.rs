//! HTML: one file a screen or a few that belong together.

pub mod login;
