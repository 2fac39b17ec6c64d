//! What happened, in the reader's words: for a document's history and for the audit page.

use serde_json::Value;

use super::Shell;
use super::i18n::{self, Value as Word};
use crate::app::audit_log::actor_title;
use crate::app::event_names::EventNames;
use crate::domain::audit_actions;

/// An event in words, with what its details tell and the names of whom they speak of.
#[must_use]
pub fn sentence(shell: &Shell, action: &str, details: &Value, names: &EventNames) -> String {
    let number = details.get("version").and_then(Value::as_i64);
    let decision = details.get("decision").and_then(Value::as_str);
    let what = details.get("what").and_then(Value::as_str);
    let (from, to) = (details.get("from"), details.get("to"));
    let args = [
        ("version", Word::from(number.unwrap_or(0))),
        ("decision", Word::from(decision.unwrap_or(""))),
        ("what", Word::from(what.unwrap_or("none"))),
        ("from", Word::from(names.of_value(from).unwrap_or("—"))),
        ("to", Word::from(receiver(details, names.of_value(to)))),
        (
            "before",
            Word::from(route_text(shell, details.get("from_text"))),
        ),
        (
            "after",
            Word::from(route_text(shell, details.get("to_text"))),
        ),
    ];
    // Only a newer release beside this one writes an action that we have no words for.
    let told = i18n::find(shell.locale(), &audit_actions::key(action), &args)
        .unwrap_or_else(|| shell.t1("history-other", "action", action));
    let told = match entered(details).as_str() {
        "" => told,
        numbers => shell.t2("entered-told", "told", told.as_str(), "numbers", numbers),
    };
    let told = match details.get("together") {
        Some(Value::Bool(true)) => format!("{told} · {}", shell.t("history-together")),
        _ => told,
    };
    let told = match mandates(details, names).as_str() {
        "" => told,
        by => format!("{told} · {}", shell.t1("mandates-told", "basis", by)),
    };
    let behind = names.all_of_value(details.get("on_behalf_of"));
    match behind.is_empty() {
        true => told,
        false => format!(
            "{told} · {}",
            shell.t1("person-on-behalf-of", "names", behind.join(", "))
        ),
    }
}

/// What somebody does who has a link and has not given the code of its mailbox: who it is, nobody
/// knows.
const BEFORE_CODE: [&str; 3] = ["link.opened", "link.code_sent", "link.code_refused"];

/// Whose act an event is.
#[must_use]
pub fn actor(shell: &Shell, action: &str, kind: &str, name: &str) -> String {
    let title = actor_title(shell.locale(), kind, name);
    match kind == "contact" && BEFORE_CODE.contains(&action) {
        true => shell.t1("audit-actor-of-link", "name", title),
        false => title,
    }
}

/// The rows of the register of mandates by which somebody was asked or has acted, each once.
fn mandates(details: &Value, names: &EventNames) -> String {
    let rows = details.get("mandates").and_then(Value::as_array);
    let mut told: Vec<&str> = Vec::new();
    for row in rows.into_iter().flatten() {
        let name = names.of_value(row.get("mandate"));
        told.extend(name.filter(|name| !told.contains(name)));
    }
    told.join(", ")
}

/// The numbers that the document was given in journals with it.
fn entered(details: &Value) -> String {
    let entries = details.get("entered").and_then(Value::as_array);
    let numbers = entries.into_iter().flatten();
    let numbers: Vec<&str> = numbers
        .filter_map(|entry| entry.get("number")?.as_str())
        .collect();
    numbers.join(", ")
}

/// What somebody said with it: the comment, the reason, the remarks.
#[must_use]
pub fn words(details: &Value) -> Vec<String> {
    let said = ["comment", "reason"].into_iter();
    let said = said.filter_map(|name| details.get(name)?.as_str());
    let remarks = details.get("remarks").and_then(Value::as_array);
    let remarks = remarks.into_iter().flatten().filter_map(Value::as_str);
    said.chain(remarks)
        .filter(|text| !text.trim().is_empty())
        .map(str::to_owned)
        .collect()
}

/// Which text of its workflow a document goes by: the number of an edition, or a word.
fn route_text(shell: &Shell, value: Option<&Value>) -> String {
    match value {
        Some(Value::Number(number)) => {
            shell.t1("moves-text-edition", "number", number.as_i64().unwrap_or(0))
        }
        Some(Value::String(word)) if word == "file" => shell.t("moves-text-file"),
        Some(Value::String(word)) if word == "same" => shell.t("moves-text-same"),
        Some(_) => shell.t("moves-text-earlier"),
        None => "none".to_owned(),
    }
}

/// Who a task was given to: `none` if nobody is known. With whom a counterparty named comes the
/// address that the link went to.
fn receiver(details: &Value, name: Option<&str>) -> String {
    let named = |key| details.get("named")?.get(key)?.as_str();
    match (named("name").or(name), named("email")) {
        (Some(name), Some(email)) => format!("{name} ({email})"),
        (Some(name), None) => name.to_owned(),
        (None, _) => "none".to_owned(),
    }
}

/// An action in words, without any event.
#[must_use]
pub fn title(shell: &Shell, action: &str) -> String {
    sentence(shell, action, &Value::Null, &EventNames::default())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn words_are_whatever_somebody_said_and_nothing_else() {
        let decided = json!({"decision": "return", "comment": "Price?", "remarks": ["a", "b"]});
        assert_eq!(words(&decided), ["Price?", "a", "b"]);
        assert_eq!(words(&json!({"reason": "Late", "comment": null})), ["Late"]);
        assert!(words(&json!({"comment": "  ", "version": 2})).is_empty());
        assert!(words(&Value::Null).is_empty());
    }
}
