//! A setting that must never be printed.

use std::path::Path;

use serde::Deserialize;
use toml::{Table, Value};
use zeroize::{Zeroize as _, Zeroizing};

use super::ConfigError;
use super::load::read;

/// A secret text: `Debug` says only whether there is one, and it is wiped from memory when it is
/// dropped.
#[derive(Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    /// Wraps a secret.
    #[must_use]
    pub const fn new(text: String) -> Self {
        Self(text)
    }

    /// The secret itself: the one way to read it, easy to search for.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// Whether it is empty.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Drop for Secret {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if self.0.is_empty() {
            "(none)"
        } else {
            "(secret)"
        })
    }
}

/// What stands in the file that `<section>.<key>_file` names, where `<key>` is not given itself.
pub(super) fn fill_secret(base: &mut Table, section: &str, key: &str) -> Result<(), ConfigError> {
    match base.get_mut(section) {
        Some(Value::Table(keys)) => fill_from_file(keys, key),
        _ => Ok(()),
    }
}

/// The secret of each call of a section.
pub(super) fn fill_secrets_of_calls(base: &mut Table, section: &str) -> Result<(), ConfigError> {
    let Some(Value::Table(keys)) = base.get_mut(section) else {
        return Ok(());
    };
    let calls = keys.get_mut("calls").and_then(Value::as_table_mut);
    for (_, call) in calls.into_iter().flatten() {
        if let Value::Table(call) = call {
            fill_from_file(call, "secret")?;
        }
    }
    Ok(())
}

/// What stands in the file that `<key>_file` names, where `key` is not given itself.
fn fill_from_file(keys: &mut Table, key: &str) -> Result<(), ConfigError> {
    let file = keys
        .get(&format!("{key}_file"))
        .and_then(Value::as_str)
        .unwrap_or("")
        .to_owned();
    let given = keys
        .get(key)
        .and_then(Value::as_str)
        .is_some_and(|text| !text.is_empty());
    if file.is_empty() || given {
        return Ok(());
    }
    let text = Zeroizing::new(read(Path::new(&file))?);
    keys.insert(key.to_owned(), Value::String(text.trim().to_owned()));
    Ok(())
}
