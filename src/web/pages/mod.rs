//! HTML: one file a screen or a few that belong together.

pub mod absences;
pub mod archive;
pub mod audit;
pub mod calls;
pub mod chains;
pub mod counterparties;
pub mod documents;
pub mod journals;
pub mod links;
pub mod login;
pub mod mail;
pub mod mandates;
pub mod organisation;
pub mod passwords;
pub mod people;
pub mod profile;
pub mod progress;
pub mod reference;
pub mod revision;
pub mod revocation;
pub mod signatures;
pub mod signing;
pub mod tasks;
pub mod templates;
pub mod verify;

use crate::app::AppError;
use crate::web::{Desk, Shell};

/// The languages as choices of a form.
pub(crate) fn languages(shell: &Shell) -> Vec<(String, String)> {
    ["ru", "en"]
        .map(|code| (code.to_owned(), shell.t(&format!("language-{code}"))))
        .into()
}

/// A form that only administrators can send is shown to nobody else; the use case decides again.
pub(crate) fn require_administrator(desk: &Desk) -> Result<(), AppError> {
    if desk.actor.has_role("administrator") {
        Ok(())
    } else {
        Err(AppError::Hidden)
    }
}
