//! Stages, blocks, and what stands within them.

use super::json::Json;
use super::parts::{
    boolean, choice, id, list, object, one_of, pattern, reference, text, title, whole,
};
use super::{Properties, Schema};
use crate::definition::asked::TYPES;
use crate::definition::link::VIEWS_MAX;
use crate::definition::people::LEVEL_MAX;
use crate::definition::sealing_read::{FORMATS, KINDS, NAME_CHARS_MAX};
use crate::expression::EXPRESSION_CHARS_MAX;
use crate::means::Ability;

impl Schema<'_> {
    /// Everything that is referred to by name.
    pub(super) fn definitions(&self) -> Json {
        let most = i64::try_from(EXPRESSION_CHARS_MAX).unwrap_or(i64::MAX);
        let condition = text().with("maxLength", Json::Number(most));
        let carry = one_of(vec![choice(["never", "always"]), reference("condition")]);
        let units = if self.has_timers {
            "^([0-9]+(bd|bh|d|h|m|s)|param\\(.*\\))$"
        } else {
            "^[0-9]+(d|h|m|s)$"
        };
        let mut nodes = vec![
            reference("stage"),
            reference("parallel"),
            reference("sequence"),
        ];
        let mut all: Properties = vec![
            ("condition", condition),
            ("carry", carry),
            ("span", pattern(units)),
            ("resolver", self.resolver()),
            ("who", one_of(vec![text(), reference("resolver")])),
            ("people", list(reference("who"), 1)),
            ("on_reject", on_reject()),
            ("simple_quorum", simple_quorum()),
            ("quorum", quorum()),
            ("stage", self.stage()),
            ("parallel", parallel()),
            ("sequence", sequence()),
        ];
        if self.has_timers {
            all.push(("due", due()));
            all.push(("remind", list(reminder(), 0)));
        }
        if self.means.can(Ability::Lookups) {
            nodes.push(reference("automatic"));
            all.push(("automatic", automatic()));
        }
        all.push(("node", one_of(nodes)));
        let all = all.into_iter();
        Json::Map(all.map(|(key, value)| (key.to_owned(), value)).collect())
    }

    pub(super) fn allow(&self) -> Json {
        let mut words = crate::definition::allow::WORDS.to_vec();
        if !self.means.can(Ability::Delegation) {
            words.retain(|word| *word != "delegate");
        }
        list(choice(words), 0)
    }

    /// Exactly one way to name people; a role perhaps with a department.
    fn resolver(&self) -> Json {
        let roles = || choice(self.house.vocabulary.roles().keys());
        let groups = choice(self.house.vocabulary.groups().keys());
        let one = |key: &'static str, value: Json| object(vec![(key, value)], &[key]);
        let several = |key: &'static str, mut all: Properties| {
            all.push(("except", list(reference("who"), 1)));
            if self.means.can(Ability::Pools) {
                all.push(("pick", choice(crate::definition::resolver::PICKS)));
            }
            object(all, &[key])
        };
        one_of(vec![
            one("user", text()),
            several(
                "role",
                vec![
                    ("role", roles()),
                    ("department", text()),
                    ("entity", text()),
                ],
            ),
            several("signatory", vec![("signatory", signatory())]),
            several("group", vec![("group", groups)]),
            several("department", vec![("department", text())]),
            one("head_of", text()),
            object(
                vec![
                    ("manager_of", choice(["initiator"])),
                    ("level", whole(1, i64::from(LEVEL_MAX))),
                ],
                &["manager_of"],
            ),
            one("field", pattern("^doc\\.")),
            object(
                vec![
                    ("contact", pattern("^doc\\.")),
                    ("external", Json::map([("const", Json::Bool(true))])),
                ],
                &["contact"],
            ),
        ])
    }

    fn stage(&self) -> Json {
        let weight = object(
            vec![("who", reference("who")), ("weight", whole(0, 1000))],
            &["who", "weight"],
        );
        let assignee = object(
            vec![("who", reference("who")), ("when", reference("condition"))],
            &["who"],
        );
        let assignee = one_of(vec![reference("who"), assignee]);
        let instead = object(vec![("use", reference("people"))], &["use"]);
        let due = if self.has_timers { "due" } else { "span" };
        let mut all: Properties = vec![
            ("id", id()),
            ("type", choice(TYPES)),
            ("title", title()),
            ("when", reference("condition")),
            ("assignees", list(assignee, 1)),
            ("quorum", reference("quorum")),
            ("decisions", list(self.decision(), 0)),
            ("due", reference(due)),
            ("if_empty", one_of(vec![choice(["fail", "skip"]), instead])),
            ("blocking", boolean()),
            ("via", choice(["account", "link"])),
            ("carry", reference("carry")),
            ("mode", choice(["parallel", "sequential"])),
            ("weights", list(weight, 0)),
            ("dedupe", choice(["same_person"])),
            ("on_reject", reference("on_reject")),
            ("allow", self.allow()),
            ("signature", signature()),
            ("link", link()),
        ];
        if self.has_timers {
            all.push(("remind", reference("remind")));
            all.push(("escalate", list(rung(), 1)));
            all.push(("on_timeout", on_timeout()));
        }
        if self.means.can(Ability::Absorption) {
            all.push(("absorb", choice(["same_person"])));
        }
        if self.means.can(Ability::Forms) {
            let form = object(vec![("required", list(text(), 1))], &["required"]);
            all.push(("form", form));
        }
        object(all, &["id", "type", "title", "assignees"])
    }

    fn decision(&self) -> Json {
        let words = [
            "approve",
            "approve_with_remarks",
            "return",
            "reject",
            "abstain",
            "hold",
            "acknowledge",
            "sign",
        ];
        let titled = || vec![("id", text()), ("title", title())];
        let mut all = vec![choice(words), object(titled(), &["id", "title"])];
        if self.has_timers {
            let mut stops = titled();
            stops.push(("effect", choice(["suspend_sla"])));
            stops.push(("max", reference("span")));
            all.push(object(stops, &["id", "title", "effect", "max"]));
        }
        one_of(all)
    }
}

fn signatory() -> Json {
    let amount = pattern("^doc\\.");
    object(
        vec![("entity", text()), ("amount", amount), ("currency", text())],
        &["entity"],
    )
}

fn signature() -> Json {
    let most = i64::try_from(NAME_CHARS_MAX).unwrap_or(i64::MAX);
    let names = list(text().with("maxLength", Json::Number(most)), 1);
    object(
        vec![
            ("form", choice(["embedded", "detached"])),
            (
                "certify",
                choice(["no_changes", "fill_and_sign", "annotate"]),
            ),
            ("lock", one_of(vec![choice(["all"]), names])),
            ("kind", choice(KINDS)),
            ("format", choice(FORMATS)),
            ("detached", boolean()),
        ],
        &[],
    )
    .with("minProperties", Json::Number(1))
}

fn link() -> Json {
    object(
        vec![
            ("expires", pattern("^[0-9]+(d|h|m|s)$")),
            ("max_views", whole(1, VIEWS_MAX)),
            ("otp", choice(["email"])),
        ],
        &[],
    )
    .with("minProperties", Json::Number(1))
}

fn on_reject() -> Json {
    let note = one_of(vec![text(), title()]);
    let to = object(vec![("to", reference("who")), ("note", note)], &[]);
    let yes = || Json::map([("const", Json::Bool(true))]);
    one_of(vec![
        object(vec![("finish", choice(["rejected"]))], &["finish"]),
        object(vec![("rework", to)], &["rework"]),
        object(
            vec![("count", yes()), ("then", choice(["finish", "rework"]))],
            &["count"],
        ),
    ])
}

/// Without conditions.
fn simple_quorum() -> Json {
    let veto = || ("veto", reference("people"));
    let one = |key: &'static str, most: i64| object(vec![(key, whole(1, most)), veto()], &[key]);
    let percent = vec![("percent", whole(1, 100)), ("min", whole(1, 200)), veto()];
    one_of(vec![
        choice(["all", "any"]),
        one("count", 200),
        one("weight", 1000),
        one("each_group", 200),
        object(percent, &["percent"]),
        object(vec![veto()], &["veto"]),
    ])
}

fn quorum() -> Json {
    let case = object(
        vec![
            ("if", reference("condition")),
            ("use", reference("simple_quorum")),
        ],
        &["if", "use"],
    );
    let otherwise = object(vec![("else", reference("simple_quorum"))], &["else"]);
    let cases = list(one_of(vec![case, otherwise]), 1);
    one_of(vec![
        reference("simple_quorum"),
        object(
            vec![("when", cases), ("veto", reference("people"))],
            &["when"],
        ),
    ])
}

/// Who takes a task over, or is told.
fn successors() -> Json {
    let manager = object(vec![("manager_of", choice(["assignee"]))], &["manager_of"]);
    list(one_of(vec![reference("who"), manager]), 1)
}

fn reminder() -> Json {
    one_of(vec![
        object(vec![("before", reference("span"))], &["before"]),
        object(vec![("after", reference("span"))], &["after"]),
        object(
            vec![
                ("after", reference("span")),
                ("every", reference("span")),
                ("max", whole(1, 20)),
            ],
            &["after", "every", "max"],
        ),
    ])
}

fn rung() -> Json {
    let one = |key: &'static str| {
        object(
            vec![("after", reference("span")), (key, successors())],
            &["after", key],
        )
    };
    one_of(vec![one("add"), one("replace")])
}

fn on_timeout() -> Json {
    let to = object(vec![("to", successors())], &["to"]);
    let repeat = object(
        vec![("every", reference("span")), ("max", whole(1, 20))],
        &["every", "max"],
    );
    let then = object(vec![("finish", choice(["expired"]))], &["finish"]);
    one_of(vec![
        object(vec![("escalate", to)], &["escalate"]),
        object(
            vec![("notify", successors()), ("repeat", repeat), ("then", then)],
            &["notify"],
        ),
    ])
}

fn parallel() -> Json {
    let count = object(vec![("count", whole(1, 100))], &["count"]);
    let inner = object(
        vec![
            ("join", one_of(vec![choice(["all", "any"]), count])),
            (
                "on_branch_reject",
                choice(["finish_others", "cancel_others"]),
            ),
            ("branches", list(reference("node"), 2)),
        ],
        &["branches"],
    );
    block("parallel", inner)
}

fn sequence() -> Json {
    block("sequence", list(reference("node"), 1))
}

fn block(key: &'static str, inner: Json) -> Json {
    object(
        vec![
            ("id", id()),
            ("title", title()),
            ("when", reference("condition")),
            (key, inner),
        ],
        &["id", "title", key],
    )
}

fn automatic() -> Json {
    let when = || ("when", reference("condition"));
    let on = Json::map([("const", Json::Bool(true))]);
    let way = one_of(vec![
        object(vec![when(), ("goto", text())], &["when", "goto"]),
        object(vec![when(), ("continue", on)], &["when", "continue"]),
        object(vec![("else", choice(["continue"]))], &["else"]),
    ]);
    object(
        vec![
            ("id", id()),
            ("type", choice(["automatic"])),
            ("title", title()),
            when(),
            ("need", list(text(), 0)),
            ("route", list(way, 1)),
        ],
        &["id", "type", "title"],
    )
}

/// A span, or a date of the card and how much working time before it.
fn due() -> Json {
    one_of(vec![reference("span"), pattern("^doc\\.")])
}
