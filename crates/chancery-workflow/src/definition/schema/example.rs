//! The schema of `tests`.

use super::json::Json;
use super::parts::{boolean, choice, integer, list, object, one_of, text, whole};
use super::{Properties, Schema, named};
use crate::means::Ability;
use crate::refusal::Refusal;
use crate::trial::OUTCOMES;

fn value() -> Json {
    one_of(vec![text(), boolean(), integer()])
}

impl Schema<'_> {
    pub(super) fn example(&self) -> Json {
        let initiator = object(
            vec![
                ("login", text()),
                ("departments", list(text(), 0)),
                ("groups", list(text(), 0)),
            ],
            &[],
        );
        let mut all: Properties = vec![
            ("name", text()),
            ("doc", named(value())),
            ("round", whole(1, 51)),
            ("initiator", initiator),
            ("people", named(list(text(), 0))),
            ("at", text()),
            ("script", list(self.step(), 0)),
            ("expect", expected()),
        ];
        if self.means.can(Ability::Lookups) {
            all.push(("facts", named(named(value()))));
        }
        object(all, &["name", "doc", "expect"])
    }

    fn step(&self) -> Json {
        let refused = object(
            vec![("refused", text()), ("code", choice(Refusal::CODES))],
            &["refused"],
        );
        let version = object(vec![("version", named(value()))], &["version"]);
        let mut ways = vec![text(), version, refused];
        if self.means.can(Ability::Lookups) {
            let answer = named(named(value()));
            ways.push(object(vec![("answer", answer)], &["answer"]));
        }
        one_of(ways)
    }
}

fn expected() -> Json {
    let all: Properties = vec![
        ("path", list(text(), 0)),
        ("open", list(text(), 0)),
        ("pending", list(text(), 0)),
        ("outcome", choice(OUTCOMES)),
    ];
    object(all, &[]).with("minProperties", Json::Number(1))
}
