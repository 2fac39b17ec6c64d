//! Invented workflows and organisations, drawn from a seed.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use chancery_types::Instant;
use chancery_workflow::{Absence, Directory, Substitute};

use super::company::*;
use super::moves::Pick;

/// Numbers that look drawn: SplitMix64 (Steele, Lea, Flood, 2014).
pub struct Draw(pub u64);

impl Draw {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// Below `limit`.
    pub fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit
    }

    /// One time in `many`.
    pub fn once_in(&mut self, many: u64) -> bool {
        self.below(many) == 0
    }

    fn one<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[usize::try_from(self.below(of.len() as u64)).expect("small")]
    }

    pub fn pick(&mut self) -> Pick {
        Pick(self.next())
    }
}

/// Steps of an invented workflow, with names that no other step has.
struct Author<'d> {
    draw: &'d mut Draw,
    steps: u32,
    /// The stages that decide, so far: rules name them.
    deciding: Vec<String>,
}

const WHO: [&str; 13] = [
    "{ role: lawyer }",
    "{ role: cfo }",
    "{ role: accountant }",
    "{ role: employee }",
    "{ department: finance }",
    "{ group: contract_board }",
    "{ user: boris }",
    "{ user: nina }",
    "{ manager_of: initiator }",
    "{ who: { user: lev }, when: round > 1 }",
    "{ group: contract_board, pick: pool }",
    "{ role: lawyer, pick: pool }",
    "{ department: finance, pick: pool }",
];
const WHEN: [&str; 5] = [
    "round > 1",
    "\"doc.amount.currency == 'RUB' && doc.amount >= money('RUB', '100000.00')\"",
    "\"doc.amount.currency == 'RUB' && doc.amount < money('RUB', '100000.00')\"",
    "doc.payment_days > 5",
    "doc.payment_days <= 1",
];
const QUORUM: [&str; 9] = [
    "all",
    "any",
    "{ count: 1 }",
    "{ count: 2 }",
    "{ percent: 50 }",
    "{ percent: 60, min: 2 }",
    "{ each_group: 1 }",
    "{ when: [{ if: round > 1, use: all }, { else: any }] }",
    "{ percent: 60, veto: [{ user: boris }] }",
];
const DECISIONS: [&str; 4] = [
    "[approve, approve_with_remarks, return, reject]",
    "[approve, return]",
    "[approve, reject, abstain]",
    "[approve, approve_with_remarks, return, reject, abstain, hold]",
];
const ALLOW: [&str; 3] = ["[add_approver]", "[delegate]", "[add_approver, delegate]"];
const DUE: [&str; 3] = ["5m", "20m", "1h"];
const REMIND: [&str; 4] = [
    "[{ before: 2m }]",
    "[{ after: 3m, every: 4m, max: 3 }]",
    "[{ before: 4m }, { after: 2m }]",
    "[{ after: 3m }]",
];
const LATE: [&str; 5] = [
    "on_timeout: { notify: [initiator, { manager_of: assignee }], repeat: { every: 3m, max: 2 } }",
    "on_timeout: { notify: [initiator], repeat: { every: 2m, max: 3 }, then: { finish: expired } }",
    "on_timeout: { escalate: { to: [{ role: cfo }] } }",
    "escalate: [{ after: 3m, add: [{ user: lev }] }, { after: 8m, replace: [{ user: svetlana }] }]",
    "on_timeout: { notify: [initiator] }",
];
const ON_REJECT: [&str; 3] = [
    "{ count: true }",
    "{ rework: { to: initiator } }",
    "{ finish: rejected }",
];

impl Author<'_> {
    fn name(&mut self) -> String {
        self.steps += 1;
        format!("s{}", self.steps)
    }

    /// Some of them, each once.
    fn some(&mut self, of: &[&str], most: u64) -> String {
        let count = 1 + self.draw.below(most);
        let mut chosen = BTreeSet::new();
        for _ in 0..count {
            chosen.insert(self.draw.one(of));
        }
        chosen.into_iter().collect::<Vec<_>>().join(", ")
    }

    fn stage(&mut self) -> String {
        let id = self.name();
        let who = self.some(&WHO, 3);
        let mut text = format!("id: {id}, title: {{ ru: а, en: a }}, assignees: [{who}]");
        let also = |text: &mut String, key: &str, value: &str| {
            write!(text, ", {key}: {value}").expect("a string");
        };
        if self.draw.once_in(3) {
            also(&mut text, "when", self.draw.one(&WHEN));
        }
        if self.draw.once_in(4) {
            also(
                &mut text,
                "if_empty",
                self.draw.one(&["skip", "{ use: [{ user: svetlana }] }"]),
            );
        }
        if self.draw.once_in(3) {
            also(&mut text, "due", self.draw.one(&DUE));
            if self.draw.once_in(2) {
                also(&mut text, "remind", self.draw.one(&REMIND));
            }
            if self.draw.once_in(2) {
                write!(text, ", {}", self.draw.one(&LATE)).expect("a string");
            }
        }
        if self.draw.once_in(6) {
            also(&mut text, "type", "acknowledge");
            also(&mut text, "quorum", self.draw.one(&["all", "any"]));
            if self.draw.once_in(2) {
                also(&mut text, "blocking", "false");
            }
            return format!("{{ {text} }}");
        }
        self.deciding.push(id);
        also(&mut text, "type", "approve");
        also(&mut text, "quorum", self.draw.one(&QUORUM));
        if self.draw.once_in(2) {
            also(&mut text, "decisions", self.draw.one(&DECISIONS));
        }
        if self.draw.once_in(3) {
            also(&mut text, "on_reject", self.draw.one(&ON_REJECT));
        }
        if self.draw.once_in(3) {
            let carry = self.draw.one(&["always", "\"!changed('doc.amount')\""]);
            also(&mut text, "carry", carry);
        }
        if self.draw.once_in(4) {
            also(&mut text, "mode", "sequential");
        }
        if self.draw.once_in(4) {
            also(&mut text, "dedupe", "same_person");
        }
        if self.draw.once_in(2) {
            also(&mut text, "allow", self.draw.one(&ALLOW));
        }
        format!("{{ {text} }}")
    }

    /// A stage, or a block with steps within it.
    fn step(&mut self, depth: u64) -> String {
        if depth == 0 || !self.draw.once_in(3) {
            return self.stage();
        }
        let id = self.name();
        let when = match self.draw.once_in(3) {
            true => format!(", when: {}", self.draw.one(&WHEN)),
            false => String::new(),
        };
        let steps: Vec<String> = (0..2 + self.draw.below(2))
            .map(|_| self.step(depth - 1))
            .collect();
        let steps = steps.join(", ");
        let within = if self.draw.once_in(3) {
            format!("sequence: [{steps}]")
        } else {
            let join = self.draw.one(&["all", "any", "{ count: 2 }"]);
            let refused = self.draw.one(&["finish_others", "cancel_others"]);
            format!(
                "parallel: {{ join: {join}, on_branch_reject: {refused}, branches: [{steps}] }}"
            )
        };
        format!("{{ id: {id}, title: {{ ru: б, en: b }}{when}, {within} }}")
    }

    fn workflow(&mut self) -> String {
        let rounds = 1 + self.draw.below(3);
        let mut rework = format!("max_rounds: {rounds}");
        if self.draw.once_in(3) {
            let ends = [
                "finish: rejected",
                "escalate: { to: { role: cfo } }",
                "escalate: { to: { user: svetlana }, max: 3 }",
            ];
            let end = self.draw.one(&ends);
            write!(rework, ", on_exhausted: {{ {end} }}").expect("a string");
        }
        if self.draw.once_in(3) {
            let to = self
                .draw
                .one(&["author", "{ role: lawyer }", "{ user: gone }"]);
            write!(rework, ", to: {to}").expect("a string");
        }
        let resume = ["first_unsatisfied", "restart", "refusers_only"];
        write!(rework, ", resume: {}", self.draw.one(&resume)).expect("a string");
        let steps: Vec<String> = (0..1 + self.draw.below(4)).map(|_| self.step(2)).collect();
        let mut text = format!("rework: {{ {rework} }}\n");
        if self.deciding.len() > 1 && self.draw.once_in(3) {
            let (first, last) = (&self.deciding[0], &self.deciding[self.deciding.len() - 1]);
            writeln!(
                text,
                "sod: [{{ id: eyes, stages: [{last}], rule: \"!(actor in voters('{first}'))\" }}]"
            )
            .expect("a string");
        }
        text.push_str("stages:\n");
        for step in steps {
            writeln!(text, "  - {step}").expect("a string");
        }
        if self.draw.once_in(2) {
            text.push_str(
                "  - { id: sign, type: sign, title: { ru: в, en: c }, \
                 assignees: [{ role: signatory }, { role: cfo }], quorum: any }\n",
            );
        }
        with_stages(&text)
    }
}

/// Somebody left, somebody has a role more or another manager, a department another head; somebody
/// is away, or will be within two hours of `minute`, until long after the run.
pub fn organisation(draw: &mut Draw, minute: i64) -> Directory {
    let mut invented = directory();
    let everybody: Vec<_> = invented.people.keys().copied().collect();
    let whom = |draw: &mut Draw| everybody[draw.pick().index(everybody.len())];
    for _ in 0..draw.below(4) {
        let somebody = whom(draw);
        let role = draw
            .one(&["lawyer", "accountant", "cfo", "signatory"])
            .to_owned();
        let manager = whom(draw);
        let leaves = draw.once_in(2);
        let Some(person) = invented.people.get_mut(&somebody) else {
            continue;
        };
        if leaves {
            person.active = false;
        } else if manager == somebody {
            person.manager = None;
        } else {
            person.roles.insert(chancery_workflow::RoleHeld {
                role,
                department: None,
            });
            person.manager = Some(manager);
        }
    }
    let heads: Vec<_> = invented.departments.keys().copied().collect();
    for id in heads {
        let head = draw.once_in(3).then(|| whom(draw));
        if let (Some(head), Some(department)) = (head, invented.departments.get_mut(&id)) {
            department.head = Some(head);
        }
    }
    for _ in 0..draw.below(4) {
        let away = whom(draw);
        let substitute = whom(draw);
        let from = minute + i64::try_from(draw.below(120)).expect("small");
        invented.absences.insert(Absence {
            person: away,
            from: Instant::from_seconds(from * 60),
            until: Instant::from_seconds((minute + 100_000) * 60),
            substitute: (away != substitute).then(|| Substitute {
                person: substitute,
                kinds: BTreeSet::new(),
                signs: draw.once_in(2),
            }),
        });
    }
    invented
}

pub fn workflow(draw: &mut Draw) -> String {
    let mut author = Author {
        draw,
        steps: 0,
        deciding: Vec::new(),
    };
    author.workflow()
}
