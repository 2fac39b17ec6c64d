//! The administrator's and the auditor's rooms: mail, audit, archive, profile, commands.

mod access;
mod archive;
mod audit;
mod audit_names;
mod commands;
pub mod editions;
mod mail_room;
mod menu;
mod moves;
mod profile;
mod renaming;
mod today;

use reqwest::header::HeaderMap;
use serde_json::Value;

use crate::guards::Browser;

/// What the API answered.
pub struct Told {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Value,
}

/// One call of the API with a session's cookie, its token and a key of its own.
pub async fn call(browser: &Browser<'_>, verb: &str, path: &str, body: Value) -> Told {
    let key = chancery::entropy::secret();
    call_with(browser, verb, path, body, &[("idempotency-key", &key)]).await
}

/// As [`call`], of what was read at `version`.
pub async fn call_at(
    browser: &Browser<'_>,
    verb: &str,
    path: &str,
    body: Value,
    version: i64,
) -> Told {
    let key = chancery::entropy::secret();
    let tag = format!("\"{version}\"");
    let headers = [("idempotency-key", key.as_str()), ("if-match", &tag)];
    call_with(browser, verb, path, body, &headers).await
}

/// As [`call`], with these headers.
pub async fn call_with(
    browser: &Browser<'_>,
    verb: &str,
    path: &str,
    body: Value,
    headers: &[(&str, &str)],
) -> Told {
    let mut all = vec![
        ("content-type", "application/json"),
        ("x-csrf-token", browser.token.as_str()),
    ];
    all.extend(headers);
    let answer = browser.send(verb, path, &all, body.to_string()).await;
    Told {
        status: answer.status,
        headers: answer.headers,
        body: serde_json::from_str(&answer.body).unwrap_or_default(),
    }
}
