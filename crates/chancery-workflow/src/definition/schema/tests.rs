//! The schema and the reader agree: whatever is read has the shape, whatever has not is refused.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use chancery_types::FieldType;

use super::json::Json;
use super::{Schema, schema, schema_plain};
use crate::calendar::Calendar;
use crate::definition::{Definition, House};
use crate::kind::Kind;
use crate::means::{Ability, Means, PLAIN};
use crate::vocabulary::Vocabulary;
use crate::yaml::{self, Node, Value};

impl Json {
    fn get(&self, key: &str) -> Option<&Self> {
        match self {
            Self::Map(pairs) => pairs.iter().find(|(name, _)| name == key).map(|(_, it)| it),
            _ => None,
        }
    }

    fn words(&self) -> Vec<&str> {
        let Self::List(members) = self else {
            return Vec::new();
        };
        members
            .iter()
            .filter_map(|member| match member {
                Self::Text(word) => Some(word.as_str()),
                _ => None,
            })
            .collect()
    }
}

/// Whether a file has the shape of a schema: as much of the standard as the schema uses.
fn fits(root: &Json, schema: &Json, node: &Node) -> bool {
    let Json::Map(rules) = schema else {
        return false;
    };
    rules
        .iter()
        .all(|(rule, value)| match (rule.as_str(), value) {
            ("$schema" | "$id" | "$defs" | "items" | "additionalProperties", _) => true,
            ("$ref", Json::Text(name)) => {
                let name = name.strip_prefix("#/$defs/").expect("a definition");
                let target = root.get("$defs").and_then(|all| all.get(name));
                fits(root, target.expect(name), node)
            }
            ("anyOf", Json::List(all)) => all.iter().any(|one| fits(root, one, node)),
            ("enum", words) => scalar(node).is_some_and(|text| words.words().contains(&text)),
            ("const", Json::Bool(true)) => scalar(node) == Some("true"),
            ("type", Json::Text(wanted)) => has_type(root, schema, wanted, node),
            ("properties", properties) => has_keys(root, schema, properties, node),
            ("required", words) => {
                let keys = keys(node);
                words.words().iter().all(|key| keys.contains(key))
            }
            ("minItems", Json::Number(least)) => match &node.value {
                Value::List(all) => i64::try_from(all.len()).expect("few") >= *least,
                _ => false,
            },
            ("minProperties", Json::Number(least)) => size(node) >= *least,
            ("maxProperties", Json::Number(most)) => size(node) <= *most,
            ("minimum", Json::Number(least)) => number(node).is_some_and(|it| it >= *least),
            ("maximum", Json::Number(most)) => number(node).is_some_and(|it| it <= *most),
            ("maxLength", Json::Number(most)) => match &node.value {
                Value::Scalar(it) => i64::try_from(it.text.chars().count()).expect("few") <= *most,
                _ => false,
            },
            ("pattern", Json::Text(pattern)) => match &node.value {
                Value::Scalar(it) => matches_pattern(pattern, &it.text),
                _ => false,
            },
            other => panic!("a rule that is not known here: {other:?}"),
        })
}

fn scalar(node: &Node) -> Option<&str> {
    match &node.value {
        Value::Scalar(it) => Some(&it.text),
        _ => None,
    }
}

/// How many keys a mapping has.
fn size(node: &Node) -> i64 {
    i64::try_from(keys(node).len()).expect("few")
}

fn keys(node: &Node) -> Vec<&str> {
    match &node.value {
        Value::Map(pairs) => pairs.iter().map(|(key, _)| key.name.as_str()).collect(),
        _ => Vec::new(),
    }
}

fn number(node: &Node) -> Option<i64> {
    match &node.value {
        Value::Scalar(it) => it.text.parse().ok(),
        _ => None,
    }
}

fn has_type(root: &Json, schema: &Json, wanted: &str, node: &Node) -> bool {
    match (wanted, &node.value) {
        ("string", Value::Scalar(_)) => true,
        ("integer", Value::Scalar(_)) => number(node).is_some(),
        ("boolean", Value::Scalar(it)) => matches!(it.text.as_str(), "true" | "false"),
        ("array", Value::List(all)) => {
            let member = schema.get("items").expect("members");
            all.iter().all(|node| fits(root, member, node))
        }
        ("object", Value::Map(pairs)) => match schema.get("additionalProperties") {
            Some(Json::Bool(false)) => true,
            Some(value) => pairs.iter().all(|(_, node)| fits(root, value, node)),
            None => panic!("an open mapping: {schema}"),
        },
        _ => false,
    }
}

fn has_keys(root: &Json, schema: &Json, properties: &Json, node: &Node) -> bool {
    let Value::Map(pairs) = &node.value else {
        return false;
    };
    assert_eq!(schema.get("additionalProperties"), Some(&Json::Bool(false)));
    pairs.iter().all(|(key, node)| {
        let value = properties.get(&key.name);
        value.is_some_and(|value| fits(root, value, node))
    })
}

/// The patterns that the schema has.
fn matches_pattern(pattern: &str, text: &str) -> bool {
    match pattern {
        "^[a-z][a-z0-9_-]{0,63}$" => crate::read::is_id(text),
        "^doc\\." => text.starts_with("doc."),
        "^([0-9]+(bd|bh|d|h|m|s)|param\\(.*\\))$" if text.starts_with("param(") => {
            text.ends_with(')')
        }
        "^([0-9]+(bd|bh|d|h|m|s)|param\\(.*\\))$" | "^[0-9]+(d|h|m|s)$" => {
            let unit = text.trim_start_matches(|c: char| c.is_ascii_digit());
            let working = pattern.contains("bd") && matches!(unit, "bd" | "bh");
            unit.len() < text.len() && (working || matches!(unit, "d" | "h" | "m" | "s"))
        }
        other => panic!("a pattern that is not known here: {other}"),
    }
}

// ---- the house

fn here(path: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn read(path: &str) -> String {
    std::fs::read_to_string(here(path)).expect(path)
}

struct Owned {
    kinds: BTreeMap<String, Kind>,
    vocabulary: Vocabulary,
    calendars: BTreeMap<String, Calendar>,
    means: Means,
}

impl Owned {
    fn new() -> Self {
        let root = "../../workflows";
        let vocabulary = Vocabulary::parse(&read(&format!("{root}/vocabulary.yaml"))).expect("it");
        let parameters = read(&format!("{root}/parameters.yaml"));
        let parameters = crate::parse_parameters(&parameters).expect("the parameters");
        let vocabulary = vocabulary.with_parameters(parameters);
        let mut sources = vec![read("tests/fixtures/purchase.yaml")];
        for entry in std::fs::read_dir(here(&format!("{root}/kinds"))).expect("the folder") {
            let path = entry.expect("an entry").path();
            sources.push(std::fs::read_to_string(path).expect("a kind"));
        }
        let kinds = sources.iter().map(|source| {
            let kind = Kind::parse(source, &vocabulary).expect("a kind");
            (kind.id().to_owned(), kind)
        });
        let kinds = kinds.collect();
        let calendars = ["eu-5x8", "ru-5x8"].into_iter().map(|id| {
            let source = read(&format!("{root}/calendars/{id}.yaml"));
            (id.to_owned(), Calendar::parse(&source).expect(id))
        });
        let calendars = calendars.collect();
        let names = |all: &[&str]| all.iter().map(|name| (*name).to_owned()).collect();
        let answer = BTreeMap::from([("ok".to_owned(), FieldType::Boolean)]);
        let means = Means {
            abilities: BTreeSet::from(Ability::ALL),
            journals: names(&["contracts", "contracts_in_force", "invoices_to_pay"]),
            webhooks: names(&["erp-signed"]),
            templates: names(&["signed", "withdrawn", "incident", "contract_in_force"]),
            calls: BTreeMap::from([("bank-account".to_owned(), answer)]),
        };
        Self {
            kinds,
            vocabulary,
            calendars,
            means,
        }
    }

    fn house(&self) -> House<'_> {
        House {
            kinds: &self.kinds,
            vocabulary: &self.vocabulary,
            calendars: &self.calendars,
        }
    }
}

fn has_shape(house: &House<'_>, means: &Means, has_timers: bool, source: &str) -> Option<bool> {
    let tree = yaml::parse(source).ok()?;
    let schema = Schema {
        house,
        means,
        has_timers,
    }
    .whole();
    Some(fits(&schema, &schema, &tree))
}

/// What only reading a file says of its shape: a schema knows neither the other keys of a list's
/// member nor the kind of the stage around a word.
const BEYOND_SHAPE: [&str; 9] = [
    "W006 bad-line",
    "W006 effect-of-hold",
    "W006 expected-number",
    "W006 expected-word",
    "W006 too-many",
    "W006 expected-some",
    "W006 one-effect",
    "W006 start-when-alone",
    "W007 yaml-answer-key",
];

/// Goal: a file that is read fits, one that is refused for its shape does not. Method: every broken
/// file, and every file of the house; with all means and with none.
#[test]
fn the_schema_and_the_reader_agree() {
    let owned = Owned::new();
    let house = owned.house();
    let (mut accepted, mut refused, mut wrong) = (0, 0, Vec::new());
    let mut folders = vec![
        here("tests/fixtures/broken"),
        here("../../workflows/chains"),
    ];
    folders.push(here("tests/fixtures"));
    for folder in folders {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            let Ok(source) = std::fs::read_to_string(&path) else {
                continue;
            };
            if !source.contains("apiVersion:") {
                continue;
            }
            for (means, has_timers) in [(&owned.means, true), (&PLAIN, false)] {
                let read = if has_timers {
                    Definition::parse_with(&source, &house, means)
                } else {
                    Definition::parse(&source, house.kinds, house.vocabulary)
                };
                let Some(fits) = has_shape(&house, means, has_timers, &source) else {
                    continue;
                };
                let shape = |found: &crate::diagnostic::Diagnostic| {
                    let name = format!("{} {}", found.code, found.key);
                    matches!(found.code, "W005" | "W006" | "W007" | "W009" | "W010")
                        && !BEYOND_SHAPE.contains(&name.as_str())
                };
                match read {
                    Ok(_) => {
                        accepted += 1;
                        if !fits {
                            wrong.push(format!("{} is read and does not fit", path.display()));
                        }
                    }
                    Err(found) if found.iter().any(shape) => {
                        refused += 1;
                        if fits {
                            wrong.push(format!("{} fits: {found:?}", path.display()));
                        }
                    }
                    Err(_) => {}
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(accepted > 20 && refused > 20, "{accepted}, {refused}");
}

/// Goal: every key that the reader knows is offered, and no other. Method: the reader's own lists.
#[test]
fn the_schema_offers_the_keys_of_the_reader() {
    let owned = Owned::new();
    let house = owned.house();
    let whole = Schema {
        house: &house,
        means: &owned.means,
        has_timers: true,
    }
    .whole();
    let offered = |json: &Json| -> BTreeSet<String> {
        match json.get("properties") {
            Some(Json::Map(pairs)) => pairs.iter().map(|(key, _)| key.clone()).collect(),
            other => panic!("{other:?}"),
        }
    };
    let known = |keys: &[&str]| {
        keys.iter()
            .map(|key| (*key).to_owned())
            .collect::<BTreeSet<_>>()
    };
    let definition = |name: &str| {
        whole
            .get("$defs")
            .and_then(|all| all.get(name))
            .expect("it")
    };
    let property = |json: &'_ Json, name: &str| -> Json {
        let found = json.get("properties").and_then(|all| all.get(name));
        found.expect("a property").clone()
    };
    assert_eq!(
        offered(&whole),
        known(crate::definition::parse::TOP_KEYS.known)
    );
    assert_eq!(
        offered(definition("stage")),
        known(crate::definition::stage::STAGE_KEYS.known)
    );
    assert_eq!(
        offered(definition("automatic")),
        known(crate::definition::automatic_read::AUTOMATIC_KEYS.known)
    );
    assert_eq!(
        offered(&property(&whole, "defaults")),
        known(crate::definition::stage::DEFAULTS_KEYS.known)
    );
    assert_eq!(
        offered(&property(&whole, "effects")),
        known(crate::definition::consequence_read::EFFECTS_KEYS.known)
    );
    let tests = property(&whole, "tests");
    let example = tests.get("items").expect("an example");
    assert_eq!(
        offered(example),
        known(crate::definition::examples::EXAMPLE_KEYS.known)
    );
    let facts = property(&whole, "facts");
    let calls = facts.get("additionalProperties").expect("a question");
    let Some(Json::List(calls)) = calls.get("anyOf") else {
        panic!("{calls}");
    };
    assert_eq!(calls.len(), 1, "each of the house's calls");
    assert_eq!(
        offered(&calls[0]),
        known(crate::definition::lookup_read::LOOKUP_KEYS.known)
    );
    let subdocuments = property(&whole, "subdocuments");
    let one = subdocuments.get("additionalProperties").expect("an entry");
    assert_eq!(
        offered(one),
        known(crate::definition::subdocument_read::SUBDOCUMENT_KEYS.known)
    );
    assert_eq!(
        offered(&property(one, "wait")),
        known(crate::definition::subdocument_read::WAIT_KEYS.known)
    );
    let form = property(definition("stage"), "form");
    assert_eq!(
        offered(&form),
        known(crate::definition::form::FORM_KEYS.known)
    );
    for (name, keys) in [
        ("parallel", crate::definition::nodes::PARALLEL_KEYS),
        ("sequence", crate::definition::nodes::SEQUENCE_KEYS),
    ] {
        assert_eq!(offered(definition(name)), known(keys.known));
    }
    let Some(Json::List(ways)) = definition("resolver").get("anyOf") else {
        panic!("several ways");
    };
    let all: BTreeSet<String> = ways.iter().flat_map(offered).collect();
    assert_eq!(all, known(crate::definition::resolver::RESOLVER_KEYS.known));
}

/// Goal: it is JSON, it offers what the house has, and without means nothing that needs them.
#[test]
fn the_schema_is_json_with_the_names_of_the_house() {
    let owned = Owned::new();
    let text = schema(&owned.house(), &owned.means);
    let read: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    let kinds = &read["properties"]["document"]["properties"]["type"]["enum"];
    let own: Vec<&String> = owned.kinds.keys().collect();
    assert_eq!(*kinds, serde_json::json!(own));
    assert!(read["properties"]["facts"].is_object());
    let plain = schema_plain(&owned.house());
    let read: serde_json::Value = serde_json::from_str(&plain).expect("JSON");
    for key in ["facts", "effects", "calendar"] {
        assert!(read["properties"][key].is_null(), "{key}");
    }
    assert!(!plain.contains("\"delegate\"") && !plain.contains("\"automatic\""));
    let tricky = Json::text("\"\\\n\u{1}");
    let back: String = serde_json::from_str(&tricky.to_string()).expect("a text");
    assert_eq!(back, "\"\\\n\u{1}");
}
