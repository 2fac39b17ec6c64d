//! What a system outside answers: bounded, and of the types that the configuration names.

use chancery_types::field::Card;
use chancery_types::{FieldType, FieldValue};
use chancery_workflow::means::Answer;
use serde_json::Value;

/// How deep an answer may be; its own parts are at the first depth.
const DEPTH_MAX: usize = 8;
/// The longest text of an answer, in characters.
const TEXT_CHARS_MAX: usize = 2_000;

/// Reads an answer: a JSON object that has every part of `wanted`, each of its type. What else it
/// has is passed over.
///
/// # Errors
///
/// What is wrong with it, in words.
pub fn read_answer(bytes: &[u8], wanted: &Answer) -> Result<Card, String> {
    // The reader of JSON goes 128 levels deep at most.
    let read: Value = serde_json::from_slice(bytes)
        .map_err(|error| format!("the answer is not JSON: {error}"))?;
    if depth(&read) > DEPTH_MAX {
        return Err(format!("the answer is more than {DEPTH_MAX} levels deep"));
    }
    let Value::Object(parts) = read else {
        return Err("the answer is not a JSON object".to_owned());
    };
    let mut answer = Card::new();
    for (name, wanted) in wanted {
        let part = parts
            .get(name)
            .ok_or_else(|| format!("the answer has no `{name}`"))?;
        let value = value(part, *wanted)
            .ok_or_else(|| format!("`{name}` of the answer is not {}", told(*wanted)))?;
        answer.insert(name.clone(), value);
    }
    Ok(answer)
}

fn value(part: &Value, wanted: FieldType) -> Option<FieldValue> {
    match (wanted, part) {
        (FieldType::Boolean, Value::Bool(yes)) => Some(FieldValue::Boolean(*yes)),
        (FieldType::Integer, Value::Number(number)) => number.as_i64().map(FieldValue::Integer),
        (FieldType::Date, Value::String(text)) => text.parse().ok().map(FieldValue::Date),
        (FieldType::Text, Value::String(text)) => {
            let is_short = text.chars().count() <= TEXT_CHARS_MAX;
            let is_plain = !text.chars().any(|c| c.is_control() && c != '\n');
            (is_short && is_plain).then(|| FieldValue::Text(text.clone()))
        }
        _ => None,
    }
}

const fn told(wanted: FieldType) -> &'static str {
    match wanted {
        FieldType::Boolean => "true or false",
        FieldType::Integer => "a whole number",
        FieldType::Date => "a day such as \"2026-12-31\"",
        _ => "a text of at most 2000 characters without control characters",
    }
}

fn depth(value: &Value) -> usize {
    let within = |depths: &mut dyn Iterator<Item = usize>| depths.max().unwrap_or(0);
    match value {
        Value::Array(all) => 1 + within(&mut all.iter().map(depth)),
        Value::Object(all) => 1 + within(&mut all.values().map(depth)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wanted() -> Answer {
        Answer::from([
            ("ok".to_owned(), FieldType::Boolean),
            ("score".to_owned(), FieldType::Integer),
            ("note".to_owned(), FieldType::Text),
            ("paid_on".to_owned(), FieldType::Date),
        ])
    }

    #[test]
    fn an_answer_has_every_part_of_its_type() {
        let text = br#"{"ok":true,"score":-7,"note":"a","paid_on":"2026-11-27","more":[1]}"#;
        let answer = read_answer(text, &wanted()).expect("an answer");
        assert_eq!(answer.len(), 4);
        assert_eq!(answer.get("ok"), Some(&FieldValue::Boolean(true)));
        assert_eq!(answer.get("score"), Some(&FieldValue::Integer(-7)));
    }

    #[test]
    fn what_is_no_such_answer_is_told() {
        let deep = format!(
            r#"{{"ok":true,"score":1,"note":"a","paid_on":"2026-11-27","x":{}1{}}}"#,
            "[".repeat(60),
            "]".repeat(60)
        );
        let abyss = "[".repeat(100_000);
        for (text, said) in [
            ("<p>Hello</p>", "not JSON"),
            ("", "not JSON"),
            (abyss.as_str(), "not JSON"),
            (deep.as_str(), "levels deep"),
            ("[1]", "not a JSON object"),
            (r#"{"ok":true}"#, "has no `note`"),
            (
                r#"{"ok":"true","score":1,"note":"a","paid_on":"2026-11-27"}"#,
                "`ok` of the answer is not true or false",
            ),
            (
                r#"{"ok":true,"score":1.5,"note":"a","paid_on":"2026-11-27"}"#,
                "`score` of the answer is not a whole number",
            ),
            (
                r#"{"ok":true,"score":1,"note":"a","paid_on":"tomorrow"}"#,
                "`paid_on` of the answer is not a day",
            ),
            (
                r#"{"ok":true,"score":1,"note":"\u0007","paid_on":"2026-11-27"}"#,
                "`note` of the answer is not a text",
            ),
        ] {
            let why = read_answer(text.as_bytes(), &wanted()).expect_err("no answer");
            assert!(why.contains(said), "{text:.40}: {why}");
        }
    }
}
