//! What each change is sent with in the guards: right for the house of [`super::world`], so that
//! access decides and not a missing field.

use serde_json::{Value, json};

use chancery::web::routes::{Route, Verb};

use super::browser::{MULTIPART, multipart};
use super::world::World;
use crate::signing::contract::small_pdf;
use crate::support::House;

/// What is done to a run that goes on.
const KEPT: [&str; 6] = [
    "/withdraw",
    "/run/suspen",
    "/run/resum",
    "/run/cancel",
    "/run/retry",
    "/run/approvers",
];

/// A path with the identifiers of a house.
pub fn aimed(route: &Route, house: &House, world: &World) -> String {
    let path = route.path;
    let document = match path {
        _ if path.contains("/questions") || path.contains("/links") => world.sent,
        _ if path.contains("/comments") => world.sent,
        _ if path.contains("/disagreements") || path.contains("/detached-") => world.sent,
        _ if path.contains("/signed") || path.contains("/signatures") => world.sent,
        _ if path.ends_with("/sheet.png") => world.sent,
        _ if path.contains("/powers") => world.sent,
        _ if KEPT.iter().any(|part| path.contains(part)) => world.asked,
        _ if path.contains("/remarks") || path.contains("/resub") => world.approved,
        _ => world.draft,
    };
    let signs = ["/sign", "-signing", "/consents"]
        .iter()
        .any(|part| path.contains(part));
    let invites = path.contains("{task}/link") || path.ends_with("{task}/contact");
    let task = if invites {
        world.invited
    } else if signs {
        world.signature
    } else {
        world.approval
    };
    let signing = if path.contains("/link/") || path.starts_with("/s/") {
        world.link_signing
    } else {
        world.signing
    };
    let filled = path
        .replace("{person}", &house.person("second_lawyer").to_string())
        .replace("{counterparty}", &house.counterparty.to_string())
        .replace("{contact}", &house.contact.to_string())
        .replace("{department}", &house.departments["finance"].to_string())
        .replace("{document}", &document.to_string())
        .replace("{task}", &task.to_string())
        .replace("{signing}", &signing.to_string())
        .replace("{remark}", &world.remark.to_string())
        .replace("{comment}", &world.comment.to_string())
        .replace("{question}", &world.question.to_string())
        .replace("{disagreement}", &world.disagreement.to_string())
        .replace("{signature}", &world.detached.to_string())
        .replace("{power}", &world.power.to_string())
        .replace("{absence}", &world.absence.to_string())
        .replace("{mandate}", &world.mandate.to_string())
        .replace("{session}", &world.session.to_string())
        .replace("{token}", &world.token.to_string())
        .replace("{letter}", &world.letter.to_string())
        // Nobody calls out of this house: there is no such call, and no run that stands still.
        .replace("{call}", &uuid::Uuid::nil().to_string())
        .replace("{run}", &uuid::Uuid::nil().to_string())
        .replace("{journal}", "contracts_in_force")
        .replace("{workflow}", "contract")
        .replace("{code}", "not-found")
        .replace("{kind}", "contract")
        .replace("{file}", "chancery.css");
    let numbers = ["{page}", "{number}", "{version}", "{position}"];
    let filled = numbers
        .iter()
        .fold(filled, |path, name| path.replace(name, "1"));
    assert!(
        !filled.contains('{'),
        "{route:?}: what stands for this identifier in `guards::world`?"
    );
    filled
}

/// The card of a contract, as a form has it.
fn card(house: &House) -> Vec<(String, String)> {
    [
        ("counterparty", house.counterparty.to_string()),
        ("counterparty_contact", house.contact.to_string()),
        ("subject", "Paper".to_owned()),
        ("amount", "50000.00".to_owned()),
        ("amount.currency", "RUB".to_owned()),
        ("payment_days", "10".to_owned()),
        ("department", house.departments["sales"].to_string()),
    ]
    .map(|(name, value)| (format!("card.{name}"), value))
    .into()
}

/// The fields of every plain form: each page takes its own.
fn fields(house: &House, world: &World) -> String {
    let mut fields = format!(
        "row_version=0&name=Name&email=name%40example.org&country=DE&theme=light&letters=each&language=ru\
         &locale=ru&key=abc&scope=read&days=3&role=employee&login=nobody%40example.org&title=Title\
         &comment=Because&text=Hello&remarks=Mend&answer=Soon&question=When%3F&reason=No&disagreements=No\
         &time_zone=Europe%2FMoscow&signing_rules_ru=a&signing_rules_en=a&personal_data_ru=a\
         &personal_data_en=a&electronic_signature=yes&personal_data=yes&electronic_signature_sha256={}\
         &personal_data_sha256={}&from=1&to=1&away_from=2026-12-01&away_until=2026-12-02&version_digest={}&person={}&contact={}&against={}&weaker=yes",
        world.texts[0],
        world.texts[1],
        world.asked_digest,
        house.person("second_lawyer"),
        house.contact,
        world.in_force,
    );
    for (name, value) in card(house) {
        fields.push_str(&format!("&{name}={value}"));
    }
    fields
}

fn file_parts(house: &House, world: &World, token: Option<&str>) -> String {
    let file = String::from_utf8(small_pdf()).expect("Latin letters");
    let card = card(house);
    let mut parts: Vec<(&str, Option<&str>, &str)> = Vec::new();
    parts.extend(token.map(|token| ("_csrf", None, token)));
    parts.extend([
        ("kind", None, "contract"),
        ("title", None, "Title"),
        ("row_version", None, "0"),
    ]);
    parts.extend(
        card.iter()
            .map(|(name, value)| (name.as_str(), None, value.as_str())),
    );
    parts.push(("main", Some("c.pdf"), &file));
    parts.push(("file", Some("c.pdf"), &file));
    parts.push(("disagreements", None, "No"));
    parts.push(("protocol", Some("c.pdf"), &file));
    parts.push(("signature", Some("c.p7s"), &world.detached_file));
    parts.push(("power", Some("p.xml"), &world.power_file));
    multipart(&parts)
}

/// Whether a route reads a form with files.
pub fn is_upload(path: &str) -> bool {
    let last = path.rsplit('/').next().unwrap_or("");
    matches!(
        last,
        "documents"
            | "versions"
            | "verify"
            | "disagree"
            | "disagreements"
            | "detached-signatures"
            | "powers"
    )
}

/// The type and body of a page's change.
pub fn of_page(route: &Route, house: &House, world: &World, token: &str) -> (String, String) {
    if is_upload(route.path) {
        return (MULTIPART.to_owned(), file_parts(house, world, Some(token)));
    }
    if route.path.ends_with("/prepare") || route.path.ends_with("/complete") {
        let signing = if route.path.starts_with("/s/") {
            world.link_signing
        } else {
            world.signing
        };
        let body = match route.path.rsplit('/').next() {
            Some("prepare") => json!({ "spki": world.spki }),
            _ => json!({ "signing_id": signing, "signature": "AAAA" }),
        };
        return ("application/json".to_owned(), body.to_string());
    }
    let mut fields = fields(house, world);
    if route.path.ends_with("/approve") {
        fields = fields.replace("&remarks=Mend", "");
    }
    if route.path == "/mandates" {
        fields = fields.replace("&from=1", "&basis=Charter&from=2026-12-01");
    }
    let mut body = format!("_csrf={token}&place=beside&{fields}");
    if route.path.ends_with("/moves") {
        let (run, seq, digest) = &world.moved;
        body.push_str(&format!("&run={run}&seq-{run}={seq}&digest={digest}"));
    }
    if route.path == "/s" {
        body.push_str(&format!("&secret={}", world.link_secret));
    }
    ("application/x-www-form-urlencoded".to_owned(), body)
}

/// The type and body of a call.
pub fn of_call(route: &Route, house: &House, world: &World) -> (String, String) {
    if is_upload(route.path) {
        return (MULTIPART.to_owned(), file_parts(house, world, None));
    }
    (
        "application/json".to_owned(),
        json_of(route, house, world).to_string(),
    )
}

fn json_of(route: &Route, house: &House, world: &World) -> Value {
    let person = json!({
        "name": "Name", "email": "name@example.org", "roles": [{ "role": "employee" }]
    });
    let plain_card: serde_json::Map<String, Value> = card(house)
        .into_iter()
        .map(|(name, value)| (name.trim_start_matches("card.").to_owned(), value.into()))
        .collect();
    let path = route.path.trim_start_matches("/api/v1");
    match path {
        "/people" | "/people/{person}" => person,
        "/counterparties" | "/counterparties/{counterparty}" => {
            json!({ "name": "Name", "country": "DE" })
        }
        "/counterparties/{counterparty}/contacts" | "/contacts/{contact}" => {
            json!({ "name": "Name", "email": "name@example.org", "locale": "en" })
        }
        "/organisation" => json!({
            "name": "Name", "country": "DE", "locale": "en", "time_zone": "Europe/Berlin",
            "signing_rules_ru": "a", "signing_rules_en": "a", "personal_data_ru": "a",
            "personal_data_en": "a"
        }),
        "/departments" => json!({ "key": "abc", "name": "Name" }),
        "/departments/{department}" => json!({ "name": "Name" }),
        "/profile" => json!({ "theme": "light", "locale": "ru", "letters": "each" }),
        "/profile/password" => json!({ "current_password": "a", "password": "b" }),
        "/profile/tokens" => json!({ "name": "Name", "scope": "read", "days": 3 }),
        "/password/reset" => json!({ "login": "nobody@example.org" }),
        "/password/set" => json!({ "code": "a", "password": "correct horse battery" }),
        "/documents/{document}" => json!({ "title": "Title", "card": plain_card }),
        "/documents/{document}/run/withdrawal"
        | "/documents/{document}/run/resubmission"
        | "/documents/{document}/run/suspension"
        | "/documents/{document}/run/cancellation" => json!({ "comment": "Because" }),
        "/documents/{document}/run/approvers/drop" => {
            json!({ "stage": "manager", "person_id": house.person("second_lawyer") })
        }
        "/tasks/{task}/decision" => json!({
            "decision": "approve", "version_digest": world.asked_digest
        }),
        "/workflows/{workflow}/check" => json!({ "source": "id: contract" }),
        "/workflows/{workflow}/editions" => json!({ "source": "id: contract" }),
        "/workflows/{workflow}/editions/{number}/publication" => {
            json!({ "row_version": 0, "against": world.in_force })
        }
        "/workflows/{workflow}/editions/{number}/return" => {
            json!({ "row_version": 0, "reason": "No" })
        }
        "/workflows/{workflow}/editions/{number}/discard" => json!({ "row_version": 0 }),
        "/workflows/{workflow}/moves" => {
            let (run, seq, digest) = &world.moved;
            json!({ "digest": digest, "runs": [{ "run_id": run, "seq": seq }] })
        }
        "/mandates" => json!({
            "person_id": house.person("second_lawyer"), "from": "2026-12-01T00:00:00Z",
            "basis": "Charter"
        }),
        "/people/{person}/absences" => json!({
            "away_from": "2026-12-01T00:00:00Z", "away_until": "2026-12-02T00:00:00Z"
        }),
        "/people/{person}/tasks/reassignment" => json!({ "to": house.person("second_lawyer") }),
        "/tasks/{task}/form" => json!({ "version_digest": world.asked_digest, "fields": {} }),
        "/tasks/{task}/reassignment" | "/tasks/{task}/delegation" | "/tasks/{task}/approvers" => {
            json!({ "person_id": house.person("second_lawyer") })
        }
        "/tasks/{task}/consents" | "/link/consents" => {
            json!({
                "electronic_signature": true, "electronic_signature_sha256": world.texts[0],
                "personal_data": true, "personal_data_sha256": world.texts[1],
            })
        }
        "/tasks/{task}/signing" | "/link/signing" => json!({ "spki": world.spki }),
        "/tasks/{task}/remote-signing" | "/link/remote-signing" => {
            json!({ "certificates": [world.outside_certificate] })
        }
        "/remote-signings/completion" => {
            json!({ "signing_id": world.signing, "signature": "AAAA" })
        }
        "/link/remote-signings/completion" => {
            json!({ "signing_id": world.link_signing, "signature": "AAAA" })
        }
        "/signings/completion" => json!({ "signing_id": world.signing, "signature": "AAAA" }),
        "/link/signings/completion" => {
            json!({ "signing_id": world.link_signing, "signature": "AAAA" })
        }
        "/tasks/{task}/link/revocation" => json!({ "reason": "No" }),
        "/tasks/{task}/contact" => json!({ "contact_id": house.contact }),
        "/remarks/{remark}/answer" | "/questions/{question}/answer" => json!({ "answer": "Soon" }),
        "/documents/{document}/comments" => json!({ "text": "Hello" }),
        "/news/seen" => json!({}),
        "/link/visits" => json!({ "secret": world.link_secret }),
        "/link/code" => json!({ "code": "000000" }),
        "/link/reading" => json!({ "from": 1, "to": 1 }),
        "/link/questions" => json!({ "question": "When?" }),
        "/link/refusal" => json!({ "reason": "No" }),
        "/link/handover" => json!({ "name": "Name", "email": "name@example.org" }),
        // These read no body.
        _ if route.method == Verb::Post => Value::Null,
        other => panic!("what body does {other} take? say it in `guards::bodies`"),
    }
}
