//! Documents that belong to the run's own and that it waits for.

use std::collections::BTreeSet;

use chancery_types::Locale;
use chancery_types::id::DocumentId;
use chancery_workflow::{
    Actor, Bound, CHILDREN_MAX, Child, Decision, Definition, Diagnostic, Effect, Event, EventKind,
    Fate, House, Outcome, Phase, Refusal, State, WaitPhase, apply, explain, explore, preview,
    subdocument_cycles,
};
use proptest::prelude::*;
use proptest::sample::Index;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;
use uuid::Uuid;

use crate::support::*;

/// A contract that is paid when its invoices are through.
const WAITS: &str = "material: { fields: [amount, counterparty] }
rework: { max_rounds: 2 }
effects:
  incident: [{ notify: { to: [{ role: administrator }], template: incident } }]
stages:
  - { id: first, type: approve, title: { ru: а, en: a }, assignees: [{ user: boris }] }
  - { id: pay, type: approve, title: { ru: б, en: b }, assignees: [{ user: anna }] }
subdocuments:
  bills: { kind: invoice, wait: { before: pay } }
";

fn findings_with_means(source: &str) -> Vec<Diagnostic> {
    let (kinds, vocabulary, calendars) = (kinds(), vocabulary(), calendars());
    let house = House {
        kinds: &kinds,
        vocabulary: &vocabulary,
        calendars: &calendars,
    };
    Definition::parse_with(source, &house, &means()).expect_err("a refusal")
}

struct Desk {
    play: Play,
    minute: i64,
}

impl Desk {
    /// Olga has started it and Boris has agreed: the turn of the payment has come.
    fn waiting(source: &str) -> Self {
        let definition = define_with_means(&with_stages(source));
        let mut play = Play::new(definition, contract("1"));
        play.must("olga starts");
        play.must("boris approves first");
        Self { play, minute: 100 }
    }

    fn with(join: &str) -> Self {
        Self::waiting(&WAITS.replace("before: pay }", &format!("before: pay }}, {join}")))
    }

    fn send(&mut self, actor: Actor, kind: EventKind) -> String {
        self.minute += 1;
        let at = chancery_types::Instant::from_seconds(self.minute * 60);
        let event = Event { at, actor, kind };
        let play = &mut self.play;
        match apply(&play.definition, &play.state, &event, &play.directory) {
            Ok(step) => {
                play.state = step.state;
                play.effects = step.effects;
                play.now()
            }
            Err(refusal) => format!("refused: {refusal}"),
        }
    }

    fn counted(&mut self, fates: &[Fate]) -> String {
        let children = children(fates);
        self.send(Actor::System, EventKind::ChildrenCounted { children })
    }

    fn retried(&mut self) -> String {
        self.send(actor("tom"), EventKind::IncidentRetried)
    }

    fn phase(&self) -> WaitPhase {
        self.play.state.awaited["bills"].phase
    }
}

fn children(fates: &[Fate]) -> Vec<Child> {
    let numbered = (1_u128..).zip(fates);
    let children = numbered.map(|(number, fate)| Child {
        document: DocumentId::from(Uuid::from_u128(number)),
        kind: "invoice".to_owned(),
        fate: *fate,
    });
    children.collect()
}

const WAITING: &str = "Running 1 []";
const PAID: &str = "Running 1 [2 pay anna]";

/// Goal: the run waits, says so once, and goes on when every document is through; doubled and late
/// counts change nothing, and none at all is not enough.
#[test]
fn a_run_waits_until_all_of_them_are_through() {
    let mut desk = Desk::waiting(WAITS);
    assert_eq!(desk.play.now(), WAITING);
    let told = Effect::AwaitChildren {
        name: "bills".to_owned(),
        kind: "invoice".to_owned(),
        times: 1,
    };
    assert!(desk.play.effects.contains(&told), "{:?}", desk.play.effects);
    assert_eq!(desk.counted(&[]), WAITING, "all of none is nothing");
    assert_eq!(desk.counted(&[Fate::Open]), WAITING);
    let one_open = [Fate::Completed, Fate::Open];
    assert_eq!(desk.counted(&one_open), WAITING, "one was added meanwhile");
    assert!(!desk.play.effects.contains(&told), "said once");
    let before = desk.play.state.clone();
    assert_eq!(desk.counted(&one_open), WAITING);
    assert_eq!(desk.play.state, before, "a doubled count is no change");
    assert_eq!(desk.counted(&[Fate::Completed; 2]), PAID);
    let passed = Effect::PassChildren {
        name: "bills".to_owned(),
    };
    assert!(desk.play.effects.contains(&passed));
    let late = desk.play.state.clone();
    assert_eq!(desk.counted(&[Fate::Completed, Fate::Open]), PAID);
    assert_eq!(desk.play.state, late, "nobody waits any more");
    desk.play.must("anna approves pay");
    assert_eq!(desk.play.state.outcome, Some(Outcome::Completed));
}

/// Goal: each `join`, at its edge.
#[test]
fn any_and_a_number_of_them_may_be_enough() {
    let mut desk = Desk::with("join: any");
    assert_eq!(desk.counted(&[Fate::Open, Fate::Open]), WAITING);
    assert_eq!(desk.counted(&[Fate::Open, Fate::Completed]), PAID);
    let mut desk = Desk::with("join: { count: 2 }");
    assert_eq!(desk.counted(&[Fate::Completed]), WAITING);
    assert_eq!(desk.counted(&[Fate::Completed; 2]), PAID);
    let mut desk = Desk::with("join: any");
    let enough = [Fate::Rejected, Fate::Completed];
    assert_eq!(
        desk.counted(&enough),
        PAID,
        "one is enough, whatever the other"
    );
}

/// Goal: a document that did not end in completion is an incident, told once; the keepers let the
/// run go on without it, and then others must be completed all the same.
#[test]
fn one_that_was_rejected_stands_until_a_keeper_goes_on_without_it() {
    for lost in [Fate::Rejected, Fate::Withdrawn] {
        let mut desk = Desk::waiting(WAITS);
        assert_eq!(desk.counted(&[lost, Fate::Open]), WAITING);
        let incident = desk.play.state.incident.clone().expect("an incident");
        assert_eq!((incident.number, incident.stage.as_str()), (1, "pay"));
        assert!(
            desk.play
                .effects
                .iter()
                .any(|effect| matches!(effect, Effect::Perform { .. }))
        );
        desk.counted(&[lost, Fate::Completed]);
        assert!(desk.play.effects.is_empty(), "told once");
        assert_eq!(desk.phase(), WaitPhase::Refused);
        let boris = desk.send(actor("boris"), EventKind::IncidentRetried);
        assert!(
            boris.starts_with("refused: only an administrator"),
            "{boris}"
        );
        assert_eq!(desk.retried(), PAID);
        assert_eq!(desk.play.state.incident, None);
    }
    let mut desk = Desk::waiting(WAITS);
    desk.counted(&[Fate::Rejected]);
    assert_eq!(desk.retried(), WAITING, "nothing is completed yet");
    assert_eq!(desk.phase(), WaitPhase::Waiting);
    assert_eq!(desk.counted(&[Fate::Rejected, Fate::Rejected]), WAITING);
    assert!(
        desk.play.state.incident.is_some(),
        "the second one is another"
    );
    // Put right by itself: it went round again and was completed.
    assert_eq!(desk.counted(&[Fate::Rejected, Fate::Completed]), PAID);
    assert_eq!(desk.play.state.incident, None);
}

/// Goal: where the file says so a rejection ends the run or does not matter; a document that was
/// taken back ends nothing.
#[test]
fn a_rejection_does_what_the_file_says() {
    let mut desk = Desk::with("on_child_rejected: reject");
    assert_eq!(desk.counted(&[Fate::Withdrawn]), WAITING);
    assert!(desk.play.state.incident.is_some());
    assert_eq!(desk.counted(&[Fate::Rejected]), "Rejected 1 []");
    assert_eq!(desk.play.state.outcome, Some(Outcome::Rejected));
    assert_eq!(desk.play.state.incident, None);
    assert_eq!(desk.counted(&[Fate::Completed]), "Rejected 1 []");
    let mut desk = Desk::with("on_child_rejected: ignore");
    assert_eq!(desk.counted(&[Fate::Rejected]), WAITING);
    assert_eq!(desk.play.state.incident, None);
    assert_eq!(desk.counted(&[Fate::Rejected, Fate::Completed]), PAID);
}

/// Goal: nobody but the service counts, not twice the same, not without a bound, not before a
/// start.
#[test]
fn a_count_that_cannot_be_is_refused() {
    let mut desk = Desk::waiting(WAITS);
    let counted = |children| EventKind::ChildrenCounted { children };
    let by_olga = desk.send(actor("olga"), counted(children(&[Fate::Completed])));
    assert!(by_olga.starts_with("refused:"), "{by_olga}");
    let mut twice = children(&[Fate::Completed]);
    twice.push(twice[0].clone());
    let many = children(&vec![Fate::Completed; CHILDREN_MAX + 1]);
    for wrong in [twice, many] {
        let said = desk.send(Actor::System, counted(wrong));
        assert!(said.starts_with("refused:"), "{said}");
    }
    let play = Play::new(define_with_means(&with_stages(WAITS)), contract("1"));
    let at = chancery_types::Instant::from_seconds(0);
    let (actor, kind) = (Actor::System, counted(Vec::new()));
    let event = Event { at, actor, kind };
    let answer = apply(&play.definition, &play.state, &event, &play.directory);
    assert!(matches!(answer, Err(Refusal::NotInThisPhase { .. })));
    let mut desk = Desk::waiting(WAITS);
    let mut others = children(&[Fate::Completed]);
    others[0].kind = "contract".to_owned();
    assert_eq!(desk.send(Actor::System, counted(others)), WAITING);
    assert!(desk.play.state.children.is_empty(), "of another kind");
}

/// Goal: what is counted while the run is stopped is kept and counts when it goes on; a run that is
/// ended waits for nothing.
#[test]
fn a_stop_keeps_what_was_counted_and_an_end_forgets_the_wait() {
    let mut desk = Desk::waiting(WAITS);
    let reason = || "Проверка".to_owned();
    desk.send(actor("tom"), EventKind::Suspended { reason: reason() });
    assert_eq!(desk.counted(&[Fate::Completed]), WAITING);
    assert_eq!(desk.send(actor("tom"), EventKind::Resumed), PAID);
    let mut desk = Desk::waiting(WAITS);
    let ended = desk.send(actor("tom"), EventKind::Cancelled { reason: reason() });
    assert_eq!(ended, "Withdrawn 1 []");
    assert_eq!(desk.phase(), WaitPhase::Pending);
    assert_eq!(desk.counted(&[Fate::Completed]), "Withdrawn 1 []");
}

/// Goal: a new version, and a new round, wait anew for what is counted after that.
#[test]
fn a_new_version_and_a_new_round_count_again() {
    let mut desk = Desk::waiting(WAITS);
    assert_eq!(desk.counted(&[Fate::Completed]), PAID);
    let kind = EventKind::NewVersion {
        version: version(2, "olga"),
        card: contract("2"),
        changed: BTreeSet::new(),
    };
    assert_eq!(desk.send(actor("olga"), kind), "Running 1 [3 first boris]");
    assert_eq!(desk.phase(), WaitPhase::Pending);
    desk.play.must("boris approves first");
    assert_eq!(desk.play.state.awaited["bills"].times, 2);
    assert_eq!(
        desk.play.now(),
        WAITING,
        "what was seen before decides nothing"
    );
    assert_eq!(desk.counted(&[Fate::Completed]), "Running 1 [4 pay anna]");
    desk.play.must("anna returns pay");
    assert_eq!(desk.play.state.phase, Phase::Rework);
    assert_eq!(desk.counted(&[Fate::Open]), "Rework 1 []");
    let comment = Some("Да".to_owned());
    desk.send(actor("olga"), EventKind::Resubmitted { comment });
    assert_eq!(desk.play.now(), "Running 2 []", "the first vote stands");
    assert_eq!(desk.counted(&[Fate::Completed]), "Running 2 [5 pay anna]");
}

/// Goal: a wait whose condition is false, or whose step does not apply, is none.
#[test]
fn a_wait_may_not_apply() {
    let cheap = "when: \"doc.amount.currency == 'RUB' && doc.amount > money('RUB', '100.00')\"";
    let desk = Desk::with(cheap);
    assert_eq!(desk.play.now(), PAID);
    let source = WAITS.replace("title: { ru: б", &format!("{cheap}, title: {{ ru: б"));
    let desk = Desk::waiting(&source);
    assert_eq!(desk.play.now(), "Completed 1 []");
    let source = WAITS.replace("[amount, counterparty]", "[counterparty]");
    let source = source.replace("before: pay }", &format!("before: pay }}, {cheap}"));
    let found = findings_with_means(&with_stages(&source));
    let said: Vec<_> = found.iter().map(|one| (one.code, one.key)).collect();
    assert_eq!(said, [("W210", "field-not-material")]);
}

/// Goal: states of before are read, and equal bytes come of the stored form.
#[test]
fn a_state_of_before_is_read() {
    let state = serde_json::to_value(State::draft()).expect("a value");
    assert!(state.get("awaited").is_none() && state.get("children").is_none());
    let mut desk = Desk::waiting(WAITS);
    desk.counted(&[Fate::Rejected]);
    desk.retried();
    let stored = serde_json::to_string(&desk.play.state).expect("a text");
    let read: State = serde_json::from_str(&stored).expect("a state");
    assert_eq!(read, desk.play.state);
    let mut other = desk.play.state.clone();
    let entry = other.awaited.remove("bills").expect("an entry");
    other.awaited.insert("others".to_owned(), entry);
    let at = chancery_types::Instant::from_seconds(0);
    let (actor, kind) = (actor("tom"), EventKind::Resumed);
    let event = Event { at, actor, kind };
    let answer = apply(&desk.play.definition, &other, &event, &desk.play.directory);
    assert!(matches!(answer, Err(Refusal::Corrupt { .. })));
}

/// Goal: the preview, the explanation, the route line, the drawings and the model say the wait; the
/// model comes back as it was.
#[test]
fn whoever_looks_sees_the_wait() {
    let desk = {
        let mut desk = Desk::with("join: { count: 2 }");
        desk.counted(&[Fate::Completed, Fate::Open, Fate::Withdrawn]);
        desk
    };
    let (definition, directory) = (&desk.play.definition, &desk.play.directory);
    let view = &desk.play.state.nodes(definition)[1].waits[0];
    assert_eq!((view.open, view.completed, view.lost), (1, 1, 1));
    assert_eq!(view.phase, WaitPhase::Refused);
    let (card, own, olga) = (contract("1"), version(1, "olga"), person("olga"));
    let stages = preview(definition, &card, &own, olga, directory).expect("a preview");
    let waits: Vec<usize> = stages.iter().map(|stage| stage.waits.len()).collect();
    assert_eq!(waits, [0, 1]);
    let explained = explain(definition, &card, &own, olga, directory).expect("explained");
    assert_eq!(explained[1].waits[0].kind, "invoice");
    for (locale, words) in [
        (Locale::En, "first 2: Incoming invoice"),
        (Locale::Ru, "сначала 2: Входящий счёт"),
    ] {
        assert!(
            definition.diagram(locale).contains(words),
            "{}",
            definition.diagram(locale)
        );
        let model = definition.bpmn(locale);
        assert!(model.contains(words), "{model}");
        let drawn = definition.drawing(&chancery_workflow::Drawing::default(), locale);
        assert!(drawn.contains(words), "{drawn}");
    }
}

/// Goal: every end is found, through the wait, and nothing is stuck.
#[test]
fn the_exploration_goes_through_the_wait() {
    let ways = |on: &str| {
        let source = with_stages(&WAITS.replace("before: pay }", &format!("before: pay }}, {on}")));
        let definition = define_with_means(&source);
        let bound = Bound {
            card: contract("1"),
            initiator: person("olga"),
            rounds_max: 1,
            states_max: 2_000,
        };
        explore(&definition, &directory(), &bound).expect("explored")
    };
    let found = ways("join: { count: 3 }");
    assert!(found.never_reached.is_empty() && found.stuck.is_none());
    let way = &found.ends[&Outcome::Completed];
    let stages: Vec<&str> = way.iter().map(|taken| taken.stage.as_str()).collect();
    assert_eq!(stages, ["first", "pay", "pay"]);
    assert_eq!(way[1].by, None);
    let found = ways("on_child_rejected: reject");
    let way = &found.ends[&Outcome::Rejected];
    assert!(way.len() <= 2, "{way:?}");
}

/// Goal: examples play the wait: by line, and by themselves where everybody agrees.
#[test]
fn examples_play_the_wait() {
    let tests = "tests:
  - { name: all agree, doc: { amount: \"RUB 1.00\" }, expect: { path: [first, pay], outcome: completed } }
  - name: it waits
    doc: { amount: \"RUB 1.00\" }
    script: [approve first, child bills open]
    expect: { path: [first], outcome: running }
  - name: one after another
    doc: { amount: \"RUB 1.00\" }
    script: [child bills open, approve first, child bills completed, approve pay]
    expect: { outcome: completed }
  - name: it stands
    doc: { amount: \"RUB 1.00\" }
    script: [approve first, child bills rejected, child bills completed]
    expect: { path: [first], outcome: running }
";
    let definition = define_with_means(&with_stages(&format!("{WAITS}{tests}")));
    assert_eq!(definition.examples().len(), 4);
    let wrong = tests.replace("child bills open]", "child bills completed]");
    let found = findings_with_means(&with_stages(&format!("{WAITS}{wrong}")));
    assert!(found.iter().any(|one| one.code == "W801"), "{found:?}");
}

/// Goal: files that wait for one another in a circle are found from each of them, a chain of waits
/// that ends is not.
#[test]
fn a_circle_of_waits_over_files_is_found() {
    let contracts = define_with_means(&with_stages(WAITS));
    let other = |waits: &str| {
        let source = format!(
            "apiVersion: approvals/v1
id: bill
title: {{ ru: а, en: a }}
document: {{ type: invoice }}
stages:
  - {{ id: look, type: approve, title: {{ ru: б, en: b }}, assignees: [{{ role: cfo }}] }}
{waits}"
        );
        define_with_means(&source)
    };
    let plain = other("");
    assert_eq!(subdocument_cycles(&contracts, [&plain]), []);
    let back = other("subdocuments: { papers: { kind: contract, wait: { before: look } } }\n");
    for (one, others) in [
        (&contracts, [&back, &contracts]),
        (&back, [&contracts, &back]),
    ] {
        let found = subdocument_cycles(one, others);
        let said: Vec<_> = found.iter().map(|it| (it.code, it.key)).collect();
        assert_eq!(said, [("W601", "waits-in-a-circle")]);
        for locale in Locale::ALL {
            assert!(found[0].help(locale).is_some());
            assert_ne!(found[0].text(locale), "waits-in-a-circle");
        }
    }
}

/// What may happen to a run that waits.
#[derive(Clone, Debug)]
struct Turn {
    sort: u8,
    pick: Index,
}

fn any_turns() -> impl Strategy<Value = Vec<Turn>> {
    let one = (0_u8..100, any::<Index>()).prop_map(|(sort, pick)| Turn { sort, pick });
    prop::collection::vec(one, 0..40)
}

/// Plays what is possible: decisions, counts of every sort, stops, versions, retries.
fn played(definition: &Definition, turns: &[Turn], mut look: impl FnMut(&State, &[Effect])) {
    let directory = directory();
    let mut state = State::draft();
    for (minute, turn) in (1_i64..).zip(turns) {
        let number = u32::try_from(minute).expect("few");
        let open: Vec<_> = state.open_tasks().map(|(task, _)| task).collect();
        let mut who = actor("olga");
        let kind = match turn.sort {
            _ if state.phase == Phase::Draft => EventKind::Started {
                card: contract("1"),
                version: version(1, "olga"),
            },
            0..5 => EventKind::NewVersion {
                version: version(number, "olga"),
                card: contract("2"),
                changed: BTreeSet::new(),
            },
            5..10 => {
                who = actor("tom");
                match turn.pick.index(3) {
                    0 => EventKind::Suspended {
                        reason: "Проверка".to_owned(),
                    },
                    _ => EventKind::Resumed,
                }
            }
            10..20 => {
                who = actor("tom");
                EventKind::IncidentRetried
            }
            20..60 => {
                who = Actor::System;
                let all = [
                    Fate::Open,
                    Fate::Completed,
                    Fate::Completed,
                    Fate::Rejected,
                    Fate::Withdrawn,
                ];
                let count = turn.pick.index(4);
                let fates: Vec<Fate> = (0..count)
                    .map(|index| all[(usize::from(turn.sort) + index * 3) % all.len()])
                    .collect();
                let children = children(&fates);
                EventKind::ChildrenCounted { children }
            }
            _ if state.phase == Phase::Rework => EventKind::Resubmitted {
                comment: Some("Да".to_owned()),
            },
            sort if !open.is_empty() => {
                let task = open[turn.pick.index(open.len())];
                who = actor(&name(state.tasks[&task].assignee));
                let returns = sort > 92;
                EventKind::Decided {
                    task,
                    decision: if returns {
                        Decision::Return
                    } else {
                        Decision::Approve
                    },
                    version_digest: state.tasks[&task].version_digest,
                    comment: returns.then(|| "Нет".to_owned()),
                    remarks: Vec::new(),
                }
            }
            _ => continue,
        };
        let at = chancery_types::Instant::from_seconds(minute * 60);
        let event = Event {
            at,
            actor: who,
            kind,
        };
        if let Ok(step) = apply(definition, &state, &event, &directory) {
            state = step.state;
            look(&state, &step.effects);
        }
    }
}

fn files() -> Vec<Definition> {
    let ways = [
        "",
        "join: any",
        "join: { count: 2 }, on_child_rejected: ignore",
        "on_child_rejected: reject",
    ];
    let files = ways.iter().map(|way| {
        let source = WAITS.replace("before: pay }", &format!("before: pay }}, {way}"));
        define_with_means(&with_stages(&source.replace("}, }", "} }")))
    });
    files.collect()
}

proptest! {
    /// A running run waits for somebody: a task, a document, or its keepers. It is said once for
    /// each time that it begins to wait; the incident is open exactly while a document stands in
    /// the way; nothing is waited for when the run is not running; the payment is never asked for
    /// before enough are completed.
    #[test]
    fn a_run_that_waits_for_documents_never_waits_for_nobody(turns in any_turns()) {
        for definition in files() {
            let mut times = 0;
            let mut passed = false;
            played(&definition, &turns, |state, effects| {
                for effect in effects {
                    match effect {
                        Effect::AwaitChildren { times: now, .. } => {
                            times += 1;
                            passed = false;
                            assert_eq!(*now, times);
                        }
                        Effect::PassChildren { .. } => passed = true,
                        Effect::OpenTask { path, .. } if path == "pay" => {
                            assert!(passed, "asked before enough were completed");
                        }
                        _ => {}
                    }
                }
                let phase = state.awaited.get("bills").map(|it| it.phase);
                let waits = phase.is_some_and(WaitPhase::is_open);
                let refused = phase == Some(WaitPhase::Refused);
                assert_eq!(refused, state.incident.is_some(), "{state:?}");
                let tasks = state.open_tasks().next().is_some();
                if state.phase == Phase::Running {
                    assert!(tasks || waits, "a silent stall: {state:?}");
                } else {
                    assert!(!waits, "{state:?}");
                }
                let stored = serde_json::to_string(state).expect("a text");
                let read: State = serde_json::from_str(&stored).expect("a state");
                assert_eq!(read, *state);
            });
        }
    }
}

/// Goal: the generator gets everywhere: a wait met, refused, begun again, and ended by a rejection.
#[test]
fn the_generator_reaches_every_end_of_a_wait() {
    let mut runner = TestRunner::deterministic();
    let mut reached = BTreeSet::new();
    let files = files();
    for _ in 0..300 {
        let turns = any_turns().new_tree(&mut runner).expect("turns").current();
        for definition in &files {
            played(definition, &turns, |state, _| {
                for entry in state.awaited.values() {
                    reached.insert(format!("{:?}", entry.phase));
                    if entry.times > 1 {
                        reached.insert("again".to_owned());
                    }
                    if !entry.passed_over.is_empty() && entry.phase == WaitPhase::Met {
                        reached.insert("without one".to_owned());
                    }
                }
                if state.outcome == Some(Outcome::Rejected) {
                    reached.insert("rejected".to_owned());
                }
            });
        }
    }
    let all = [
        "Met",
        "Pending",
        "Refused",
        "Waiting",
        "again",
        "rejected",
        "without one",
    ];
    assert_eq!(reached, all.map(str::to_owned).into());
}
