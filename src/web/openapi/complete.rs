//! What follows from a route's place in the table is written into its operation here, so that no
//! handler can forget it: who may call, its identifiers, its key, the problems it answers with.

use serde_json::{Map, Value, json};

use crate::web::routes::{Audience, Route, Verb};

/// Completes every operation that has a route, and says how callers prove who they are.
pub fn complete(document: &mut Value, routes: impl Iterator<Item = Route>) {
    for route in routes.filter(Route::is_api) {
        let verb = verb(route.method);
        if let Some(operation) = document
            .get_mut("paths")
            .and_then(|paths| paths.get_mut(route.path))
            .and_then(|at| at.get_mut(verb))
            .and_then(Value::as_object_mut)
        {
            operation.insert(
                "operationId".to_owned(),
                identifier(verb, route.path).into(),
            );
            operation.insert("security".to_owned(), security(&route));
            parameters(operation, &route);
            responses(operation, &route);
        }
    }
    if let Some(components) = document
        .get_mut("components")
        .and_then(Value::as_object_mut)
    {
        components.insert("securitySchemes".to_owned(), schemes());
    }
}

/// As the document names a method.
const fn verb(method: Verb) -> &'static str {
    match method {
        Verb::Get => "get",
        Verb::Post => "post",
        Verb::Put => "put",
        Verb::Delete => "delete",
    }
}

/// `get_documents_document`: handlers in several files share their names, paths do not.
fn identifier(verb: &str, path: &str) -> String {
    let path = path.strip_prefix("/api/v1/").unwrap_or(path);
    let words = path.split(|c: char| !c.is_ascii_alphanumeric());
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    format!("{verb}_{}", words.join("_"))
}

fn schemes() -> Value {
    json!({
        "token": {
            "type": "http", "scheme": "bearer",
            "description": "A personal token, made on the page of one's profile. `read` reads; \
                `write` does everything its person may do."
        },
        "session": {
            "type": "apiKey", "in": "cookie", "name": "__Host-chancery_session",
            "description": "The session of a browser; a change also needs `X-CSRF-Token`."
        },
        "visit": {
            "type": "http", "scheme": "bearer",
            "description": "The secret of a visit, from `POST /api/v1/link/visits`."
        }
    })
}

fn security(route: &Route) -> Value {
    match route.audience {
        Audience::Person => json!([{ "token": [] }, { "session": [] }]),
        Audience::Link => json!([{ "visit": [] }]),
        Audience::Everyone | Audience::Operation => json!([]),
    }
}

fn has_caller(route: &Route) -> bool {
    matches!(route.audience, Audience::Person | Audience::Link)
}

/// The identifiers of the path, and the key of a POST, unless the handler has described them.
fn parameters(operation: &mut Map<String, Value>, route: &Route) {
    let given = operation.entry("parameters").or_insert_with(|| json!([]));
    let Some(given) = given.as_array_mut() else {
        return;
    };
    for part in route.path.split('/') {
        let name = part
            .strip_prefix('{')
            .and_then(|rest| rest.split('}').next());
        if let Some(name) = name {
            add(given, name, "path", format!("The {name}."));
        }
    }
    if route.method == Verb::Post && has_caller(route) {
        let why = "Of your own choice, at most 200 bytes. The same key with the same body is done \
            once and answered as the first time, for a day.";
        add(given, "Idempotency-Key", "header", why.to_owned());
    }
    if given.iter().any(|one| one["name"] == "If-Match") {
        let why = "The `ETag` that the change was made of.";
        add(given, "If-Match", "header", why.to_owned());
    }
    if given.is_empty() {
        operation.remove("parameters");
    }
}

/// Adds a parameter, or only what it is for if the handler has named it.
fn add(given: &mut Vec<Value>, name: &str, place: &str, description: String) {
    let is_there = given.iter_mut().find(|one| one["name"] == name);
    if let Some(one) = is_there.and_then(Value::as_object_mut) {
        one.entry("description")
            .or_insert_with(|| description.into());
        return;
    }
    given.push(json!({
        "name": name, "in": place, "required": true, "description": description,
        "schema": { "type": "string" }
    }));
}

/// The problems that a call of this shape may be answered with.
fn responses(operation: &mut Map<String, Value>, route: &Route) {
    let is_change = route.method != Verb::Get;
    let has_body = operation.contains_key("requestBody");
    let is_edit = operation
        .get("parameters")
        .and_then(Value::as_array)
        .is_some_and(|all| all.iter().any(|one| one["name"] == "If-Match"));
    let mut problems = vec![(500, "A failure; nothing was done")];
    if has_caller(route) {
        problems.push((401, "Nobody, or not any more"));
        problems.push((503, "Something that is needed is not there now"));
    }
    if has_caller(route) && (is_change || route.path.contains('{')) {
        problems.push((403, "Seen, but not yours to do"));
    }
    if route.path.contains('{') {
        problems.push((404, "Absent, or not for you to know of"));
    }
    if is_change && has_caller(route) {
        problems.push((400, "Unreadable, or without its key"));
        problems.push((409, "Refused by the present state; `code` says why"));
        problems.push((413, "Too large"));
        problems.push((422, "A field is wrong, or the key came with another body"));
    }
    if has_body {
        problems.push((400, "Unreadable"));
        problems.push((413, "Too large"));
        problems.push((415, "Another media type is wanted"));
        problems.push((422, "A field is wrong"));
    }
    if is_edit {
        problems.push((412, "Changed since it was read"));
        problems.push((428, "Without `If-Match`"));
    }
    let known = operation.entry("responses").or_insert_with(|| json!({}));
    let Some(known) = known.as_object_mut() else {
        return;
    };
    for (status, description) in problems {
        let described = known.entry(status.to_string());
        described.or_insert_with(|| json!({ "description": description }));
    }
    for (status, answer) in known {
        if let Some(answer) = answer.as_object_mut().filter(|_| status.as_str() >= "400") {
            answer.insert("content".to_owned(), problem_content());
        }
    }
}

fn problem_content() -> Value {
    json!({ "application/problem+json": {
        "schema": { "$ref": "#/components/schemas/ProblemBody" }
    } })
}
