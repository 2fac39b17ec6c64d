//! Invented workflows over invented organisations, played at length: crashes (the state goes
//! through its stored form), deliveries that come twice or late. Everything that `properties` says
//! of a state and of a step must hold at each step.
//!
//! `CHANCERY_SIMULATED_EVENTS` says how many events (20,000 without it), `CHANCERY_SIMULATED_SEED`
//! where to begin. What fails names the seed of its run: that number as the seed, and one event,
//! plays it again.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::time::Instant as Clock;

use chancery_workflow::{Definition, Directory, Event, Kind, State, Vocabulary, apply};

use crate::properties::{Move, Pick, as_event, check_effects, check_state};
use crate::support::*;

/// How many events one run gets.
const EVENTS_A_RUN: u32 = 200;
/// How many of them before it started and after it ended.
const IDLE_MAX: u32 = 12;

/// Numbers that look drawn: SplitMix64 (Steele, Lea, Flood, 2014).
struct Draw(u64);

impl Draw {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// Below `limit`.
    fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit
    }

    /// One time in `many`.
    fn once_in(&mut self, many: u64) -> bool {
        self.below(many) == 0
    }

    fn one<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[usize::try_from(self.below(of.len() as u64)).expect("small")]
    }

    fn pick(&mut self) -> Pick {
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

const WHO: [&str; 10] = [
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
        if self.draw.once_in(3) {
            also(&mut text, "allow", "[add_approver]");
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

/// Somebody left, somebody has a role more or another manager, a department another head.
fn organisation(draw: &mut Draw) -> Directory {
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
    invented
}

/// The kinds and the vocabulary that workflows are read with.
type Files = (BTreeMap<String, Kind>, Vocabulary);

/// What was played.
#[derive(Default)]
struct Tally {
    events: u64,
    accepted: u64,
    runs: u64,
    refused_files: u64,
    refusals: BTreeMap<String, u64>,
    crashes: u64,
    repeated: u64,
    late: u64,
    ends: BTreeMap<String, u64>,
}

fn workflow(draw: &mut Draw) -> String {
    let mut author = Author {
        draw,
        steps: 0,
        deciding: Vec::new(),
    };
    author.workflow()
}

fn play(seed: u64, house: &Files, tally: &mut Tally) {
    let mut draw = Draw(seed);
    let source = workflow(&mut draw);
    // What the linter refuses is nobody's workflow.
    let definition = match Definition::parse(&source, &house.0, &house.1) {
        Ok(definition) => definition,
        Err(findings) => {
            tally.refused_files += 1;
            if let Some(finding) = findings.first() {
                let why = format!("{} {}", finding.code, finding.key);
                *tally.refusals.entry(why).or_default() += 1;
            }
            return;
        }
    };
    let directory = organisation(&mut draw);
    tally.runs += 1;
    let (mut state, mut open) = (State::draft(), BTreeMap::new());
    let mut before: Option<Event> = None;
    let mut kept: Option<Event> = None;
    let mut idle = 0;
    for minute in 0..EVENTS_A_RUN {
        // What never started, or is over, is soon left alone.
        let still = state.subject.is_none() || state.phase.is_final();
        idle = if still { idle + 1 } else { 0 };
        if idle > IDLE_MAX {
            break;
        }
        // Mostly what the run waits for, so that it gets on; one time in four anything.
        let sorts = if draw.once_in(4) { 120 } else { 61 };
        let sort = u8::try_from(draw.below(sorts)).expect("small");
        let made = Move {
            sort,
            pick: draw.pick(),
            other: draw.pick(),
        };
        let fresh = as_event(&definition, &state, &made, i64::from(minute));
        let event = match draw.below(40) {
            // The same delivery a second time.
            0 if before.is_some() => {
                tally.repeated += 1;
                before.clone().unwrap_or(fresh)
            }
            // One is overtaken by the next.
            1 => {
                tally.late += 1;
                kept.replace(fresh.clone()).unwrap_or(fresh)
            }
            _ => fresh,
        };
        if draw.once_in(20) {
            tally.crashes += 1;
            let stored = serde_json::to_string(&state).expect("a text");
            state = serde_json::from_str(&stored).expect("a state");
        }
        tally.events += 1;
        if let Ok(step) = apply(&definition, &state, &event, &directory) {
            if std::env::var_os("CHANCERY_SIMULATED_TOLD").is_some() {
                eprintln!("{event:?}\n  {:?}\n", step.effects);
            }
            check_effects(&definition, &state, &step, &mut open);
            check_state(&definition, &step.state, &directory);
            state = step.state;
            tally.accepted += 1;
            before = Some(event);
        }
    }
    let end = format!("{:?}", state.phase).to_lowercase();
    *tally.ends.entry(end).or_default() += 1;
}

fn number(name: &str, without: u64) -> u64 {
    let given = std::env::var(name).ok();
    given.map_or(without, |text| text.parse().expect("a number"))
}

/// Goal: no invariant is broken, whatever the workflow, the organisation and the order of what
/// arrives. Method: as many events as are asked for; every tenth run and more ends, most files are
/// accepted, every sort of disturbance happened.
#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "how long it took is printed, and decides nothing"
)]
fn invented_workflows_over_invented_organisations_hold_every_invariant() {
    let wanted = number("CHANCERY_SIMULATED_EVENTS", 20_000);
    let first = number("CHANCERY_SIMULATED_SEED", 1);
    let house = (kinds(), vocabulary());
    let (begun, mut tally, mut seed) = (Clock::now(), Tally::default(), first);
    while tally.events < wanted {
        let one = catch_unwind(AssertUnwindSafe(|| play(seed, &house, &mut tally)));
        if let Err(why) = one {
            let source = workflow(&mut Draw(seed));
            eprintln!(
                "CHANCERY_SIMULATED_SEED={seed} CHANCERY_SIMULATED_EVENTS=1 plays it again
{source}"
            );
            resume_unwind(why);
        }
        seed += 1;
    }
    let seconds = begun.elapsed().as_secs_f64();
    println!(
        "seeds {first} to {}: {} events, {} accepted, {} runs, {} files refused; {} crashes, \
         {} deliveries twice, {} late; ends {:?}; refused {:?}; {seconds:.1} s",
        seed - 1,
        tally.events,
        tally.accepted,
        tally.runs,
        tally.refused_files,
        tally.crashes,
        tally.repeated,
        tally.late,
        tally.ends,
        tally.refusals
    );
    if wanted < 20_000 {
        return;
    }
    assert!(
        tally.refused_files < tally.runs,
        "the generator writes workflows"
    );
    assert!(tally.accepted * 3 > tally.events, "and plays them");
    for end in ["completed", "rejected", "withdrawn"] {
        assert!(tally.ends.contains_key(end), "{end}: {:?}", tally.ends);
    }
    assert!(tally.crashes > 0 && tally.repeated > 0 && tally.late > 0);
}
