//! `/api/reference`: the OpenAPI document as a page, for people. No script, nothing from elsewhere.

use std::collections::BTreeMap;

use actix_web::web;
use askama::Template;
use serde_json::Value;

use crate::web::routes::{Audience, Route};
use crate::web::{Answer, Outsider, Shell, openapi, present};

/// A named value: a parameter, a field of a body.
struct FieldView {
    name: String,
    kind: Kind,
    is_required: bool,
    text: String,
}

/// A type in words, and the schema it leads to, if it is one of ours.
struct Kind {
    words: String,
    schema: Option<String>,
}

/// One answer of a call.
struct AnswerView {
    status: String,
    text: String,
    kind: Option<Kind>,
}

/// One call.
struct CallView {
    id: String,
    method: String,
    path: String,
    /// What it does, in a line.
    summary: String,
    text: String,
    /// `token`, `visit` or `nobody`: the key of who may call.
    caller: &'static str,
    parameters: Vec<FieldView>,
    body: Option<Kind>,
    answers: Vec<AnswerView>,
}

/// The calls of one area.
struct Section {
    tag: String,
    calls: Vec<CallView>,
}

/// One schema.
struct SchemaView {
    name: String,
    text: String,
    fields: Vec<FieldView>,
}

#[derive(Template)]
#[template(path = "pages/reference.html")]
struct ReferencePage<'a> {
    shell: &'a Shell,
    version: String,
    sections: Vec<Section>,
    schemas: Vec<SchemaView>,
}

/// `GET /api/reference`
async fn get_reference(outsider: Outsider) -> Answer {
    let document = openapi::document()?;
    let shell = &outsider.shell;
    let page = ReferencePage {
        shell,
        version: text(&document["info"]["version"]),
        sections: sections(&document["paths"]),
        schemas: schemas(&document["components"]["schemas"]),
    };
    present::page(shell, &page)
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or("").to_owned()
}

fn members(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

fn elements(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn sections(paths: &Value) -> Vec<Section> {
    let mut by_tag: BTreeMap<String, Vec<CallView>> = BTreeMap::new();
    for (path, at) in members(paths) {
        for (method, operation) in members(at) {
            let tag = text(&operation["tags"][0]);
            by_tag
                .entry(tag)
                .or_default()
                .push(call(path, method, operation));
        }
    }
    by_tag
        .into_iter()
        .map(|(tag, calls)| Section { tag, calls })
        .collect()
}

fn call(path: &str, method: &str, operation: &Value) -> CallView {
    let words = [&operation["summary"], &operation["description"]];
    let words = words.into_iter().map(text).filter(|text| !text.is_empty());
    let callers = operation["security"][0].as_object();
    let is = |name: &str| callers.is_some_and(|one| one.contains_key(name));
    CallView {
        id: text(&operation["operationId"]),
        method: method.to_uppercase(),
        path: path.to_owned(),
        summary: text(&operation["summary"]),
        text: words.collect::<Vec<_>>().join(" "),
        caller: match (is("token"), is("visit")) {
            (true, _) => "token",
            (_, true) => "visit",
            _ => "nobody",
        },
        parameters: elements(&operation["parameters"]).map(parameter).collect(),
        body: content(&operation["requestBody"]),
        answers: members(&operation["responses"])
            .map(|(status, answer)| AnswerView {
                status: status.clone(),
                text: text(&answer["description"]),
                kind: content(answer),
            })
            .collect(),
    }
}

fn parameter(one: &Value) -> FieldView {
    let Kind { words, schema } = kind(&one["schema"]);
    FieldView {
        name: text(&one["name"]),
        kind: Kind {
            words: format!("{}, {words}", text(&one["in"])),
            schema,
        },
        is_required: one["required"] == true,
        text: text(&one["description"]),
    }
}

/// The media type of a body or answer with its type.
fn content(holder: &Value) -> Option<Kind> {
    let (media_type, body) = members(&holder["content"]).next()?;
    let Kind { words, schema } = kind(&body["schema"]);
    let words = if words.is_empty() || schema.is_some() {
        media_type.clone()
    } else {
        format!("{media_type}: {words}")
    };
    Some(Kind { words, schema })
}

fn kind(schema: &Value) -> Kind {
    if let Some(name) = reference(schema) {
        let words = name.clone();
        let schema = Some(name);
        return Kind { words, schema };
    }
    let either = elements(&schema["oneOf"]).chain(elements(&schema["allOf"]));
    if let Some(found) = either.map(kind).find(|one| one.schema.is_some()) {
        return found;
    }
    if schema["type"] == "array" {
        let of = kind(&schema["items"]);
        let words = format!("[{}]", of.words);
        let schema = of.schema;
        return Kind { words, schema };
    }
    let words = match &schema["type"] {
        Value::String(one) => one.clone(),
        Value::Array(several) => several.iter().map(text).collect::<Vec<_>>().join(" | "),
        _ => String::new(),
    };
    Kind {
        words,
        schema: None,
    }
}

fn reference(schema: &Value) -> Option<String> {
    let target = schema["$ref"].as_str()?;
    Some(target.rsplit('/').next().unwrap_or(target).to_owned())
}

fn schemas(all: &Value) -> Vec<SchemaView> {
    let view = |(name, schema): (&String, &Value)| SchemaView {
        name: name.clone(),
        text: text(&schema["description"]),
        fields: fields(schema),
    };
    members(all).map(view).collect()
}

/// The fields of an object, or of the objects it is put together from.
fn fields(schema: &Value) -> Vec<FieldView> {
    let required: Vec<&str> = elements(&schema["required"])
        .filter_map(Value::as_str)
        .collect();
    let own = members(&schema["properties"]).map(|(name, field)| FieldView {
        name: name.clone(),
        kind: kind(field),
        is_required: required.contains(&name.as_str()),
        text: text(&field["description"]),
    });
    let mut found: Vec<FieldView> = own.collect();
    for part in elements(&schema["allOf"]) {
        match reference(part) {
            Some(name) => found.push(FieldView {
                name: "…".to_owned(),
                kind: kind(part),
                is_required: true,
                text: name,
            }),
            None => found.extend(fields(part)),
        }
    }
    found
}

/// The routes.
pub const ROUTES: &[Route] = &[Route::get("/api/reference", Audience::Everyone, || {
    web::get().to(get_reference)
})];
