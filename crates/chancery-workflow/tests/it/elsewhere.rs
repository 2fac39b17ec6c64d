//! What is asked elsewhere, and the stages that go their way by the answers.

use std::collections::{BTreeMap, BTreeSet};

use chancery_types::field::Card;
use chancery_types::{FieldValue, Locale};
use chancery_workflow::{
    Actor, Bound, Definition, Effect, Event, EventKind, Forecast, Heard, LookupAnswer, Outcome,
    Phase, Refusal, SkipReason, StagePhase, State, Taken, apply, explain, explore, preview,
};
use proptest::prelude::*;
use proptest::sample::Index;

use crate::support::*;

/// An invoice in small: a match that may go straight on, a check of fraud, a budget.
const MATCHED: &str = "facts:
  match: { call: erp-match, args: { sum: doc.amount, who: doc.executor }, timeout: 30s, on_error: incident }
  account: { call: bank-account, timeout: 1m, on_error: { value: { ok: false } } }
effects:
  incident: [{ notify: { to: [{ role: administrator }], template: incident } }]
material: { fields: [amount, executor, counterparty] }
stages:
  - id: matching
    type: automatic
    title: { ru: Сверка, en: Match }
    need: [match, account]
    route:
      - { when: \"!facts.account.ok\", goto: fraud }
      - { when: \"facts.match.matched && facts.match.score > 90\", goto: pay }
      - { else: continue }
  - { id: fraud, type: approve, title: { ru: а, en: a }, when: \"!facts.account.ok\", assignees: [{ user: tom }] }
  - { id: budget, type: approve, title: { ru: б, en: b }, assignees: [{ user: boris }] }
  - { id: pay, type: approve, title: { ru: в, en: c }, assignees: [{ user: anna }] }
";

struct Desk {
    play: Play,
    minute: i64,
}

impl Desk {
    fn start(source: &str) -> Self {
        let definition = define_with_means(&with_stages(source));
        let mut play = Play::new(definition, contract("1"));
        play.must("olga starts");
        Self { play, minute: 100 }
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

    fn answers(&mut self, lookup: &str, times: u32, answer: LookupAnswer) -> String {
        let kind = EventKind::LookupAnswered {
            lookup: lookup.to_owned(),
            times,
            answer,
        };
        self.send(Actor::System, kind)
    }

    fn account(&mut self, times: u32, ok: bool) -> String {
        let values = Card::from([("ok".to_owned(), FieldValue::Boolean(ok))]);
        self.answers("account", times, LookupAnswer::Given { values })
    }

    fn matches(&mut self, times: u32, score: i64) -> String {
        self.answers(
            "match",
            times,
            LookupAnswer::Given {
                values: matched(score),
            },
        )
    }

    fn fails(&mut self, lookup: &str, times: u32) -> String {
        let why = "no route to host".to_owned();
        self.answers(lookup, times, LookupAnswer::Failed { why })
    }

    fn asked(&self) -> Vec<(String, u32, Vec<String>)> {
        let effects = self.play.effects.iter();
        effects
            .filter_map(|effect| match effect {
                Effect::AskLookup {
                    lookup,
                    times,
                    args,
                    ..
                } => Some((lookup.clone(), *times, args.keys().cloned().collect())),
                _ => None,
            })
            .collect()
    }
}

fn matched(score: i64) -> Card {
    Card::from([
        ("matched".to_owned(), FieldValue::Boolean(score > 0)),
        ("score".to_owned(), FieldValue::Integer(score)),
        ("note".to_owned(), FieldValue::Text(String::new())),
        (
            "paid_on".to_owned(),
            FieldValue::Date("2026-01-31".parse().expect("a date")),
        ),
    ])
}

/// Goal: the start asks, the run waits for both answers, and goes straight on over the budget;
/// what was left out says why. The call gets what the card has, and when an answer is too late.
#[test]
fn an_automatic_stage_asks_waits_and_goes_on() {
    let mut desk = Desk::start(MATCHED);
    assert_eq!(desk.play.now(), "Running 1 []");
    let wanted = [
        ("match".to_owned(), 1, vec!["sum".to_owned()]),
        ("account".to_owned(), 1, vec![]),
    ];
    assert_eq!(desk.asked(), wanted, "the executor is absent and left out");
    let until: Vec<i64> = desk
        .play
        .effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::AskLookup { until, .. } => Some(until.micros() / 1_000_000),
            _ => None,
        })
        .collect();
    assert_eq!(until, [60 + 30, 60 + 60]);
    assert_eq!(desk.account(1, true), "Running 1 []");
    assert_eq!(desk.matches(1, 95), "Running 1 [1 pay anna]");
    let way = Effect::TakeWay {
        path: "matching".to_owned(),
        way: Some(1),
        to: Some("pay".to_owned()),
    };
    assert!(desk.play.effects.contains(&way), "{:?}", desk.play.effects);
    for left_out in ["fraud", "budget"] {
        let phase = &desk.play.state.stages[left_out].phase;
        assert_eq!(*phase, StagePhase::Skipped(SkipReason::WayOn));
    }
    let view = desk.play.state.nodes(&desk.play.definition);
    let matching = &view[0].automatics[0];
    assert_eq!(matching.phase, StagePhase::Satisfied);
    assert_eq!(matching.to.as_deref(), Some("pay"));
    assert!(matches!(matching.asks[0].1, Some(Heard::Answer { .. })));
    desk.play.must("anna approves pay");
    assert_eq!(desk.play.state.outcome, Some(Outcome::Completed));
}

/// Goal: where no way holds the next step is taken; a condition on an answer decides it.
#[test]
fn without_a_way_the_next_step_is_taken() {
    let mut desk = Desk::start(MATCHED);
    desk.matches(1, 10);
    assert_eq!(desk.account(1, true), "Running 1 [1 budget boris]");
    let fraud = &desk.play.state.stages["fraud"].phase;
    assert_eq!(*fraud, StagePhase::Skipped(SkipReason::Condition));
}

/// Goal: what is assumed without an answer is written down as such, and leads where it says.
#[test]
fn without_an_answer_what_is_assumed_counts() {
    let mut desk = Desk::start(MATCHED);
    desk.matches(1, 95);
    assert_eq!(desk.fails("account", 1), "Running 1 [1 fraud tom]");
    let heard = &desk.play.state.asked["account"].heard;
    assert!(matches!(heard, Heard::Assumed { why, .. } if why == "no route to host"));
    assert_eq!(desk.play.state.incident, None);
}

/// Goal: a failure that the file does not answer for waits for an administrator, says so once, and
/// is asked again.
#[test]
fn a_failure_waits_for_an_administrator() {
    let mut desk = Desk::start(MATCHED);
    desk.account(1, true);
    assert_eq!(desk.fails("match", 1), "Running 1 []");
    let incident = desk.play.state.incident.clone().expect("an incident");
    assert_eq!((incident.number, incident.stage.as_str()), (1, "matching"));
    let told = desk
        .play
        .effects
        .iter()
        .any(|effect| matches!(effect, Effect::Perform { times: 1, .. }));
    assert!(told, "{:?}", desk.play.effects);
    let retry = |desk: &mut Desk, who: &str| desk.send(actor(who), EventKind::IncidentRetried);
    assert_eq!(
        retry(&mut desk, "boris"),
        "refused: only an administrator or the owner of the workflow may do this"
    );
    assert_eq!(retry(&mut desk, "tom"), "Running 1 []");
    assert_eq!(desk.asked()[0].1, 2, "asked a second time");
    assert_eq!(
        desk.asked().len(),
        1,
        "what was answered is not asked again"
    );
    assert_eq!(retry(&mut desk, "tom"), "refused: the run has no incident");
    assert_eq!(
        desk.matches(1, 95),
        "Running 1 []",
        "an answer to the first asking"
    );
    assert_eq!(desk.matches(2, 95), "Running 1 [1 pay anna]");
}

/// Goal: an answer without a part, with one too many or of another type is no answer.
#[test]
fn an_answer_of_another_shape_is_a_failure() {
    let mut wrong = Vec::new();
    let mut less = matched(95);
    less.remove("note");
    wrong.push(less);
    let mut more = matched(95);
    more.insert("extra".to_owned(), FieldValue::Integer(1));
    wrong.push(more);
    let mut other = matched(95);
    other.insert("score".to_owned(), FieldValue::Boolean(true));
    wrong.push(other);
    for values in wrong {
        let mut desk = Desk::start(MATCHED);
        desk.account(1, true);
        desk.answers("match", 1, LookupAnswer::Given { values });
        assert!(desk.play.state.incident.is_some());
    }
}

/// Goal: only the service answers; a person's answer is refused, and a name nobody asks for means
/// nothing.
#[test]
fn only_the_service_brings_answers() {
    let mut desk = Desk::start(MATCHED);
    let kind = |lookup: &str| EventKind::LookupAnswered {
        lookup: lookup.to_owned(),
        times: 1,
        answer: LookupAnswer::Given {
            values: matched(95),
        },
    };
    let refused = "refused: only the service itself may do this";
    assert_eq!(desk.send(actor("tom"), kind("match")), refused);
    let before = desk.play.state.clone();
    assert_eq!(desk.send(Actor::System, kind("nothing")), "Running 1 []");
    assert_eq!(desk.play.state, before);
}

/// Goal: a run is not moved while something has failed, nor away from a question that is open, nor
/// past a way that it would have taken otherwise.
#[test]
fn a_run_is_moved_only_where_its_answers_stand() {
    let moved = |desk: &Desk, source: &str| {
        let to = define_with_means(&with_stages(source));
        let play = &desk.play;
        let plan = chancery_workflow::migration::plan(&play.definition, &to, &play.state)?;
        let kind = EventKind::Migrated {
            pinned_from: plan.from,
            pinned_to: plan.to,
            plan: Box::new(plan),
        };
        let at = chancery_types::Instant::from_seconds(100_000);
        let event = Event {
            at,
            actor: actor("tom"),
            kind,
        };
        apply(&to, &play.state, &event, &play.directory).map(|step| step.state)
    };
    let code = |answer: Result<State, Refusal>| answer.err().map(|refusal| refusal.code());
    let none = "facts:\n  match: { call: erp-match, args: { sum: doc.amount, who: doc.executor }, timeout: 30s, on_error: incident }\n  \
                account: { call: bank-account, timeout: 1m, on_error: { value: { ok: false } } }\nmaterial";
    let (_, rest) = MATCHED.split_once("material").expect("material");
    let renamed = format!("{none}{}", rest.replace("id: matching", "id: comparing"));
    let longer = MATCHED.replace("timeout: 30s", "timeout: 40s");
    let mut desk = Desk::start(MATCHED);
    assert_eq!(code(moved(&desk, &renamed)), Some("open-stage-gone"));
    assert_eq!(code(moved(&desk, &longer)), Some("open-stage-changed"));
    desk.fails("match", 1);
    assert_eq!(code(moved(&desk, MATCHED)), Some("has-incident"));
    let mut desk = Desk::start(MATCHED);
    desk.account(1, true);
    desk.matches(1, 95);
    assert_eq!(desk.play.now(), "Running 1 [1 pay anna]");
    // Its answers stand, and the way that it took.
    assert!(moved(&desk, MATCHED).is_ok());
    // It would have gone another way: the budget would be left behind.
    let stricter = MATCHED.replace("score > 90", "score > 99");
    assert_eq!(code(moved(&desk, &stricter)), Some("stage-passed"));
    // Its answers are of another question.
    assert_eq!(code(moved(&desk, &longer)), Some("stage-passed"));
    // It would have gone the same way by another condition.
    let laxer = MATCHED.replace("score > 90", "score > 80");
    assert!(moved(&desk, &laxer).is_ok());
}

/// Goal: what the service starts and cannot go through with is an incident, and the answer is kept.
#[test]
fn an_answer_that_leads_to_nobody_is_an_incident_and_not_lost() {
    let mut desk = Desk::start(MATCHED);
    let anna = person("anna");
    desk.account(1, true);
    let gone = |desk: &mut Desk, gone: bool| {
        for who in ["anna", "boris", "svetlana"] {
            let entry = desk.play.directory.people.get_mut(&person(who));
            entry.expect(who).active = !gone;
        }
    };
    gone(&mut desk, true);
    assert_eq!(desk.matches(1, 95), "Running 1 []");
    let incident = desk.play.state.incident.clone().expect("an incident");
    assert_eq!(incident.why, "stage pay has no assignee");
    assert!(desk.play.state.asked["match"].values().is_some(), "kept");
    gone(&mut desk, false);
    let now = desk.send(actor("tom"), EventKind::IncidentRetried);
    assert_eq!(now, "Running 1 [1 pay anna]");
    assert_eq!(desk.asked(), [], "nothing is asked again");
    assert_eq!(desk.play.state.incident, None);
    assert!(desk.play.directory.active(anna).is_some());
}

/// Goal: a new version and a new round ask anew; a late answer about the version before is not
/// heard; a run that ends asks no more.
#[test]
fn answers_are_about_one_version() {
    let mut desk = Desk::start(MATCHED);
    desk.account(1, true);
    desk.play.must("olga edits 2");
    let wanted: Vec<u32> = desk.asked().iter().map(|(_, times, _)| *times).collect();
    assert_eq!(wanted, [2, 2]);
    assert_eq!(
        desk.matches(1, 95),
        "Running 1 []",
        "about the version before"
    );
    desk.account(2, true);
    assert_eq!(desk.matches(2, 5), "Running 1 [1 budget boris]");
    desk.play.must("boris returns budget");
    assert_eq!(desk.asked(), []);
    desk.play.must("olga resubmits answering");
    assert_eq!(desk.asked()[0].1, 3);
    desk.fails("match", 3);
    assert!(desk.play.state.incident.is_some());
    desk.play.must("olga withdraws");
    assert_eq!(desk.play.state.incident, None);
    let closed = desk
        .play
        .effects
        .iter()
        .any(|effect| matches!(effect, Effect::CloseIncident { number: 1 }));
    assert!(closed, "{:?}", desk.play.effects);
    let voids = desk.play.state.asked.values();
    assert!(
        voids.clone().all(|asked| asked.heard == Heard::Void),
        "{:?}",
        voids
    );
}

/// Goal: an answer that comes while the run is stopped is kept, and the run goes on with it.
#[test]
fn an_answer_to_a_stopped_run_waits_with_it() {
    let mut desk = Desk::start(MATCHED);
    desk.account(1, true);
    desk.play.must("tom suspends");
    assert_eq!(desk.matches(1, 95), "Running 1 []");
    desk.play.must("tom resumes");
    assert_eq!(desk.play.now(), "Running 1 [1 pay anna]");
}

/// Goal: before a start nobody knows whether a stage that waits for an answer applies; that is no
/// obstacle, and is explained. The diagram shows the ways.
#[test]
fn what_depends_on_an_answer_is_said_before_the_start() {
    let definition = define_with_means(&with_stages(MATCHED));
    let stages = preview(
        &definition,
        &contract("1"),
        &version(1, "olga"),
        person("olga"),
        &directory(),
    )
    .expect("a preview");
    let fraud = &stages[0];
    assert_eq!(
        (fraud.path.as_str(), &fraud.forecast),
        (
            "fraud",
            &Forecast::Depends {
                on: "account".to_owned()
            }
        )
    );
    assert!(matches!(stages[1].forecast, Forecast::Asks { .. }));
    let explained = explain(
        &definition,
        &contract("1"),
        &version(1, "olga"),
        person("olga"),
        &directory(),
    )
    .expect("explained");
    assert_eq!(explained[0].conditions, ["!facts.account.ok"]);
    let diagram = definition.diagram(Locale::Ru);
    assert!(diagram.contains("s_matching{\"Сверка\"}"), "{diagram}");
    let way = "s_matching -.->|\"!facts.account.ok\"| s_fraud\n";
    assert!(diagram.contains(way), "{diagram}");
}

/// Goal: every answer is tried: the run ends in every way, is stuck nowhere, and what only one
/// answer leads to is found.
#[test]
fn every_answer_is_explored() {
    let definition = define_with_means(&with_stages(MATCHED));
    let bound = Bound {
        card: contract("1"),
        initiator: person("olga"),
        rounds_max: 1,
        states_max: 20_000,
    };
    let found = explore(&definition, &directory(), &bound).expect("it starts");
    assert_eq!(found.stuck, None);
    assert_eq!(found.without_approval, None);
    assert_eq!(found.never_reached, BTreeSet::new());
    let ends: Vec<Outcome> = found.ends.keys().copied().collect();
    let all = [Outcome::Completed, Outcome::Rejected, Outcome::Withdrawn];
    assert_eq!(ends, all);
    let way: &[Taken] = &found.ends[&Outcome::Completed];
    assert_eq!(way[0].by, None, "an answer comes first: {way:?}");
}

/// Within blocks: a condition around it, a branch that is no longer needed, two that need the same.
const BLOCKS: &str = "facts:
  account: { call: bank-account, timeout: 1m, on_error: incident }
stages:
  - id: either
    title: { ru: а, en: a }
    parallel:
      join: any
      branches:
        - id: checked
          title: { ru: б, en: b }
          sequence:
            - { id: ask, type: automatic, title: { ru: в, en: c }, need: [account], route: [{ else: continue }] }
            - { id: clerk, type: approve, title: { ru: г, en: d }, assignees: [{ user: nina }] }
        - { id: chief, type: approve, title: { ru: д, en: e }, assignees: [{ user: lev }] }
  - id: late
    title: { ru: е, en: f }
    when: \"doc.payment_days > 90\"
    sequence:
      - { id: again, type: automatic, title: { ru: ж, en: g }, need: [account], route: [{ else: continue }] }
      - { id: money, type: approve, title: { ru: з, en: h }, assignees: [{ user: boris }] }
  - { id: last, type: approve, title: { ru: и, en: i }, assignees: [{ user: tom }] }
";

/// Goal: a branch that is no longer needed asks no more, and what it asked is asked again by the
/// next that needs it; a block that does not apply asks nothing.
#[test]
fn a_branch_that_is_left_asks_no_more() {
    let mut desk = Desk::start(BLOCKS);
    assert_eq!(desk.play.now(), "Running 1 [1 either/chief lev]");
    desk.play.must("lev approves chief");
    assert_eq!(desk.play.now(), "Running 1 [2 last tom]");
    assert_eq!(
        desk.play.state.automatic["either/checked/ask"].phase,
        StagePhase::Cancelled
    );
    let again = &desk.play.state.automatic["late/again"].phase;
    assert_eq!(*again, StagePhase::Skipped(SkipReason::OuterCondition));
    assert_eq!(desk.account(1, true), "Running 1 [2 last tom]", "too late");
    let source = BLOCKS.replace("> 90", "> 9");
    let mut desk = Desk::start(&source);
    desk.play.must("lev approves chief");
    assert_eq!(desk.asked(), [("account".to_owned(), 2, vec![])]);
    assert_eq!(desk.account(1, true), "Running 1 []", "to the first asking");
    assert_eq!(desk.account(2, true), "Running 1 [2 late/money boris]");
}

// ---- whatever happens

fn any_moves() -> impl Strategy<Value = Vec<(u8, Index)>> {
    prop::collection::vec((0_u8..100, any::<Index>()), 0..50)
}

fn played(moves: &[(u8, Index)], mut look: impl FnMut(&Definition, &State, &[Effect])) -> State {
    static CHAINS: std::sync::LazyLock<Vec<Definition>> = std::sync::LazyLock::new(|| {
        let wide = BLOCKS.replace("> 90", "> 9");
        [MATCHED, BLOCKS, &wide]
            .iter()
            .map(|source| define_with_means(&with_stages(source)))
            .collect()
    });
    let which = moves.first().map_or(0, |(_, pick)| pick.index(3));
    let definition = &CHAINS[which];
    let directory = directory();
    let mut state = State::draft();
    for (minute, (sort, pick)) in (0_i64..).zip(moves) {
        let open: Vec<_> = state.open_tasks().map(|(number, _)| number).collect();
        let waiting: Vec<(String, u32)> = state
            .asked
            .iter()
            .map(|(name, asked)| (name.clone(), asked.times))
            .collect();
        let mut actor = Actor::Person(person("olga"));
        let number = state.subject.as_ref().map_or(0, |it| it.version.number) + 1;
        let kind = match sort {
            _ if state.phase == Phase::Draft => EventKind::Started {
                card: contract("1"),
                version: version(1, "olga"),
            },
            0..6 => EventKind::NewVersion {
                version: version(number, "olga"),
                card: contract("2"),
                changed: BTreeSet::new(),
            },
            6..10 => {
                actor = crate::support::actor("tom");
                let reason = "Проверка".to_owned();
                match pick.index(3) {
                    0 => EventKind::Suspended { reason },
                    _ => EventKind::Resumed,
                }
            }
            10..20 => {
                actor = crate::support::actor("tom");
                EventKind::IncidentRetried
            }
            20..70 if !waiting.is_empty() => {
                actor = Actor::System;
                let (lookup, times) = waiting[pick.index(waiting.len())].clone();
                let values = match (lookup.as_str(), sort % 3) {
                    ("account", 0) => Card::from([("ok".to_owned(), FieldValue::Boolean(false))]),
                    ("account", _) => Card::from([("ok".to_owned(), FieldValue::Boolean(true))]),
                    (_, score) => matched(i64::from(score) * 50),
                };
                let answer = match sort {
                    20..28 => LookupAnswer::Failed {
                        why: "нет связи".to_owned(),
                    },
                    _ => LookupAnswer::Given { values },
                };
                EventKind::LookupAnswered {
                    lookup,
                    times: times - u32::from(*sort < 32 && times > 1),
                    answer,
                }
            }
            _ if state.phase == Phase::Rework => EventKind::Resubmitted {
                comment: Some("Да".to_owned()),
            },
            _ if !open.is_empty() => {
                let task = open[pick.index(open.len())];
                actor = crate::support::actor(&name(state.tasks[&task].assignee));
                EventKind::Decided {
                    task,
                    decision: if *sort > 96 {
                        chancery_workflow::Decision::Return
                    } else {
                        chancery_workflow::Decision::Approve
                    },
                    version_digest: state.tasks[&task].version_digest,
                    comment: (*sort > 96).then(|| "Нет".to_owned()),
                    remarks: Vec::new(),
                }
            }
            _ => continue,
        };
        let at = chancery_types::Instant::from_seconds(minute);
        let event = Event { at, actor, kind };
        if let Ok(step) = apply(definition, &state, &event, &directory) {
            state = step.state;
            look(definition, &state, &step.effects);
        }
    }
    state
}

proptest! {
    /// A running run waits for somebody: a task, an answer, or an administrator. An asking comes
    /// once for each number; an incident is open exactly between its two effects; nothing is waited
    /// for when the run is not running.
    #[test]
    fn a_run_never_waits_for_nobody(moves in any_moves()) {
        let mut numbers: BTreeMap<String, u32> = BTreeMap::new();
        let mut incident = None;
        played(&moves, |_, state, effects| {
            for effect in effects {
                match effect {
                    Effect::AskLookup { lookup, times, .. } => {
                        let before = numbers.insert(lookup.clone(), *times);
                        assert_eq!(*times, before.unwrap_or(0) + 1);
                    }
                    Effect::OpenIncident { number, .. } => {
                        assert_eq!(incident.replace(*number), None);
                    }
                    Effect::CloseIncident { number } => assert_eq!(incident.take(), Some(*number)),
                    _ => {}
                }
            }
            assert_eq!(incident, state.incident.as_ref().map(|it| it.number));
            let waits = state.asked.values().any(|asked| asked.heard == Heard::Nothing);
            let failed = state
                .asked
                .values()
                .any(|asked| matches!(asked.heard, Heard::Failure { .. }));
            let tasks = state.open_tasks().next().is_some();
            if state.phase == Phase::Running {
                let stopped = state.suspension.is_some();
                let somebody = tasks || waits || incident.is_some() || stopped;
                assert!(somebody, "a silent stall: {state:?}");
                assert!(!failed || incident.is_some(), "a failure that nobody is told of");
            } else {
                assert!(!waits && !failed && incident.is_none(), "{state:?}");
            }
        });
    }

    /// The same events give the same bytes, through the stored form.
    #[test]
    fn a_run_with_answers_survives_its_stored_form(moves in any_moves()) {
        let state = played(&moves, |_, _, _| {});
        let stored = serde_json::to_string(&state).expect("a text");
        let read: State = serde_json::from_str(&stored).expect("a state");
        prop_assert_eq!(&read, &state);
    }
}
