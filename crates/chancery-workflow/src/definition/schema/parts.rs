//! The pieces that schemas are made of.

use super::Properties;
use super::json::Json;

/// A mapping of these keys and no others.
pub(super) fn object(properties: Properties, required: &[&str]) -> Json {
    let properties = properties.into_iter();
    let properties = properties.map(|(key, value)| (key.to_owned(), value));
    let all = Json::map([
        ("type", Json::text("object")),
        ("additionalProperties", Json::Bool(false)),
        ("properties", Json::Map(properties.collect())),
    ]);
    if required.is_empty() {
        return all;
    }
    let required = required.iter().map(|key| Json::text(*key));
    all.with("required", Json::List(required.collect()))
}

/// A list of at least so many.
pub(super) fn list(member: Json, least: i64) -> Json {
    let all = Json::map([("type", Json::text("array")), ("items", member)]);
    if least == 0 {
        return all;
    }
    all.with("minItems", Json::Number(least))
}

/// One of these texts. Of none, nothing is accepted.
pub(super) fn choice<T: AsRef<str>>(words: impl IntoIterator<Item = T>) -> Json {
    let words = words.into_iter().map(|word| Json::text(word.as_ref()));
    Json::map([("enum", Json::List(words.collect()))])
}

pub(super) fn one_of(schemas: Vec<Json>) -> Json {
    Json::map([("anyOf", Json::List(schemas))])
}

pub(super) fn reference(name: &str) -> Json {
    Json::map([("$ref", Json::text(format!("#/$defs/{name}")))])
}

pub(super) fn text() -> Json {
    Json::map([("type", Json::text("string"))])
}

pub(super) fn boolean() -> Json {
    Json::map([("type", Json::text("boolean"))])
}

pub(super) fn integer() -> Json {
    Json::map([("type", Json::text("integer"))])
}

pub(super) fn whole(least: i64, most: i64) -> Json {
    Json::map([
        ("type", Json::text("integer")),
        ("minimum", Json::Number(least)),
        ("maximum", Json::Number(most)),
    ])
}

/// A text of a pattern.
pub(super) fn pattern(pattern: &str) -> Json {
    text().with("pattern", Json::text(pattern))
}

/// An identifier.
pub(super) fn id() -> Json {
    pattern("^[a-z][a-z0-9_-]{0,63}$")
}

/// A title in both languages.
pub(super) fn title() -> Json {
    object(vec![("ru", text()), ("en", text())], &["ru", "en"])
}
