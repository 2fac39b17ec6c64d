//! The JSON Schema (draft 2020-12) of the files that this engine accepts from a house.
//!
//! For editors: it completes keys and the house's own names, and marks what has another shape while
//! it is typed. What goes beyond shapes (conditions, reachability, controls) only reading the file
//! says. Keys that the house does not carry out are left out, as reading refuses them.

mod example;
mod json;
mod parts;
mod stage;
#[cfg(test)]
mod tests;

use chancery_types::FieldType;
use json::Json;

use super::House;
use super::document_read::FILES;
use super::rework_read::{EXTRA_ROUNDS_MAX, ROUNDS_MAX};
use super::start_read::EVENTS;
use super::succession_read::{TIMERS, VERSION_MAX};
use crate::means::{Ability, Means};
use parts::{
    boolean, choice, id, integer, list, object, one_of, pattern, reference, text, title, whole,
};

/// The schema of `workflows/chains/*.yaml` of a house that runs timers and carries out what `means`
/// name, as JSON.
#[must_use]
pub fn schema(house: &House<'_>, means: &Means) -> String {
    Schema {
        house,
        means,
        has_timers: true,
    }
    .whole()
    .to_string()
}

/// The schema for a house that runs no timers and has no other means: of what
/// [`super::Definition::parse`] accepts.
#[must_use]
pub fn schema_plain(house: &House<'_>) -> String {
    Schema {
        house,
        means: &crate::means::PLAIN,
        has_timers: false,
    }
    .whole()
    .to_string()
}

/// What a schema is made for.
struct Schema<'a> {
    house: &'a House<'a>,
    means: &'a Means,
    has_timers: bool,
}

/// Keys with the schemas of their values, and which of them must stand.
type Properties = Vec<(&'static str, Json)>;

impl Schema<'_> {
    fn whole(&self) -> Json {
        let required = ["apiVersion", "id", "title", "document", "stages"];
        let root = object(self.top(), &required);
        Json::map([
            (
                "$schema",
                Json::text("https://json-schema.org/draft/2020-12/schema"),
            ),
            ("$id", Json::text("approvals/v1")),
        ])
        .merged(root)
        .with("$defs", self.definitions())
    }

    fn top(&self) -> Properties {
        let kinds = self.house.kinds.keys();
        let mut all: Properties = vec![
            ("apiVersion", choice(["approvals/v1"])),
            ("id", id()),
            ("version", whole(1, VERSION_MAX)),
            ("title", title()),
            (
                "document",
                object(
                    vec![("type", choice(kinds)), ("when", reference("condition"))],
                    &["type"],
                ),
            ),
            (
                "material",
                object(
                    vec![
                        ("fields", list(text(), 0)),
                        ("files", list(choice(FILES), 1)),
                    ],
                    &[],
                )
                .with("minProperties", Json::Number(1)),
            ),
            ("participants", named(reference("resolver"))),
            ("defaults", self.defaults()),
            ("sod", list(self.rule(), 0)),
            ("rework", self.rework()),
            ("stages", list(reference("node"), 1)),
            ("tests", list(self.example(), 0)),
            ("owner", self.owner()),
            ("withdraw", withdraw()),
            ("start", self.start()),
            ("migrate", migrate()),
            ("effective_from", pattern("^[0-9]{4}-[0-9]{2}-[0-9]{2}$")),
            ("allow_no_approval", boolean()),
        ];
        if self.has_timers {
            all.push(("calendar", choice(self.house.calendars.keys())));
        }
        if self.means.can(Ability::Effects) {
            all.push(("effects", self.effects()));
        }
        if self.means.can(Ability::Subdocuments) {
            all.push(("subdocuments", named(self.subdocument())));
        }
        if self.means.can(Ability::Lookups) && !self.means.calls.is_empty() {
            all.push(("facts", named(self.lookup())));
        }
        all
    }

    fn start(&self) -> Json {
        let mut all: Properties = vec![("who", list(reference("who"), 1))];
        if !self.means.can(Ability::SelfStart) {
            return object(all, &["who"]);
        }
        all.push(("event", choice(EVENTS)));
        all.push(("when", reference("condition")));
        object(all, &[]).with("minProperties", Json::Number(1))
    }

    fn owner(&self) -> Json {
        let roles = choice(self.house.vocabulary.roles().keys());
        object(vec![("role", roles), ("department", id())], &["role"])
    }

    fn defaults(&self) -> Json {
        let mut all: Properties = vec![
            ("carry", reference("carry")),
            ("on_reject", reference("on_reject")),
            ("allow", self.allow()),
        ];
        if self.has_timers {
            all.push(("remind", reference("remind")));
            all.push(("due", reference("due")));
        }
        object(all, &[])
    }

    fn rework(&self) -> Json {
        let finish = object(vec![("finish", choice(["rejected"]))], &["finish"]);
        let mut escalate: Properties = vec![
            ("to", reference("who")),
            ("max", whole(1, EXTRA_ROUNDS_MAX)),
        ];
        if self.has_timers {
            escalate.push(("due", reference("span")));
        }
        let escalate = object(escalate, &["to"]);
        let escalate = object(vec![("escalate", escalate)], &["escalate"]);
        object(
            vec![
                ("max_rounds", whole(1, ROUNDS_MAX)),
                ("on_exhausted", one_of(vec![finish, escalate])),
                ("resume", text()),
                ("pause_sla", Json::map([("const", Json::Bool(true))])),
                ("to", reference("who")),
            ],
            &["max_rounds"],
        )
    }

    fn rule(&self) -> Json {
        let elector = object(vec![("manager_of", choice(["elector"]))], &["manager_of"]);
        let replace = one_of(vec![reference("who"), elector]);
        object(
            vec![
                ("id", id()),
                ("stages", list(text(), 0)),
                ("rule", reference("condition")),
                (
                    "on_conflict",
                    object(vec![("replace", replace)], &["replace"]),
                ),
            ],
            &["id", "rule"],
        )
    }

    fn effects(&self) -> Json {
        let means = self.means;
        let told = list(one_of(vec![text(), reference("resolver")]), 1);
        let register = object(vec![("journal", choice(&means.journals))], &["journal"]);
        let notify = object(
            vec![("to", told), ("template", choice(&means.templates))],
            &["to", "template"],
        );
        let create = object(
            vec![
                ("type", choice(self.house.kinds.keys())),
                ("fields", named(text())),
            ],
            &["type"],
        );
        // A choice of nothing is no schema.
        let mut one = Properties::new();
        if !means.journals.is_empty() {
            one.push(("register", register));
        }
        if !means.webhooks.is_empty() {
            one.push(("webhook", choice(&means.webhooks)));
        }
        if !means.templates.is_empty() {
            one.push(("notify", notify));
        }
        if means.can(Ability::Creation) {
            one.push(("create", create));
        }
        let one = object(one, &[]);
        let one = one
            .with("minProperties", Json::Number(1))
            .with("maxProperties", Json::Number(1));
        let keys = super::consequence_read::EFFECTS_KEYS.known;
        let lists = keys.iter().map(|key| (*key, list(one.clone(), 1)));
        object(lists.collect(), &[])
    }

    /// Documents that are waited for.
    fn subdocument(&self) -> Json {
        let most = super::subdocument_read::COUNT_MAX;
        let count = object(vec![("count", whole(1, most))], &["count"]);
        let keys = vec![
            ("kind", choice(self.house.kinds.keys())),
            ("wait", object(vec![("before", text())], &["before"])),
            ("join", one_of(vec![choice(["all", "any"]), count])),
            (
                "on_child_rejected",
                choice(super::subdocument_read::ON_CHILD_REJECTED),
            ),
            ("when", reference("condition")),
        ];
        object(keys, &["kind", "wait"])
    }

    /// One of the house's calls, each with what may be assumed in place of its answer.
    fn lookup(&self) -> Json {
        let calls = self.means.calls.iter().map(|(call, answer)| {
            let parts = answer.iter();
            let parts = parts.map(|(part, wanted)| (part.clone(), part_of_answer(*wanted)));
            let required = answer.keys().map(Json::text);
            let value = Json::map([
                ("type", Json::text("object")),
                ("additionalProperties", Json::Bool(false)),
                ("properties", Json::Map(parts.collect())),
                ("required", Json::List(required.collect())),
            ]);
            let value = object(vec![("value", value)], &["value"]);
            object(
                vec![
                    ("call", choice([call])),
                    ("args", named(text())),
                    ("timeout", reference("span")),
                    ("on_error", one_of(vec![choice(["incident"]), value])),
                ],
                &["call", "timeout", "on_error"],
            )
        });
        one_of(calls.collect())
    }
}

/// A part of an answer as a file gives it.
fn part_of_answer(wanted: FieldType) -> Json {
    match wanted {
        FieldType::Boolean => boolean(),
        FieldType::Integer => integer(),
        _ => text(),
    }
}

impl Json {
    /// With the keys of another map after its own.
    fn merged(self, other: Self) -> Self {
        match (self, other) {
            (Self::Map(mut own), Self::Map(more)) => {
                own.extend(more);
                Self::Map(own)
            }
            (own, _) => own,
        }
    }
}

/// Whom `who` names beside the initiator, participants by their names.
fn withdraw() -> Json {
    let keys = vec![("who", reference("people")), ("until", text())];
    object(keys, &[]).with("minProperties", Json::Number(1))
}

fn migrate() -> Json {
    let version = || whole(1, VERSION_MAX);
    let all = vec![
        ("from", list(version(), 1)),
        ("map", named(text())),
        ("timers", choice(TIMERS)),
    ];
    object(all, &[]).with("minProperties", Json::Number(1))
}

/// A mapping with names of the author's.
fn named(value: Json) -> Json {
    Json::map([
        ("type", Json::text("object")),
        ("additionalProperties", value),
    ])
}
