//! What happened, in the reader's words: for a document's history and for the audit page.

use serde_json::Value;

use super::Shell;
use super::i18n::{self, Value as Word};
use crate::domain::audit_actions;

/// An event in words, with what its details tell.
#[must_use]
pub fn sentence(shell: &Shell, action: &str, details: &Value) -> String {
    let number = details.get("version").and_then(Value::as_i64);
    let decision = details.get("decision").and_then(Value::as_str);
    let args = [
        ("version", Word::from(number.unwrap_or(0))),
        ("decision", Word::from(decision.unwrap_or(""))),
    ];
    // Only a newer release beside this one writes an action that we have no words for.
    i18n::find(shell.locale(), &audit_actions::key(action), &args)
        .unwrap_or_else(|| shell.t1("history-other", "action", action))
}

/// An action in words, without any event.
#[must_use]
pub fn title(shell: &Shell, action: &str) -> String {
    sentence(shell, action, &Value::Null)
}
