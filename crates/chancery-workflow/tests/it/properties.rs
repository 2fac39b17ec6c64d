//! Whatever arrives, in whatever order: what always holds, and a witness that the generator gets
//! everywhere.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use chancery_types::{FieldValue, Instant};
use chancery_workflow::{
    Actor, Assignee, Carry, Decision, Definition, Directory, Effect, Event, EventKind, Join, Node,
    Phase, Place, Quorum, Seat, Stage, StageKind, StagePhase, State, Step, Task, TaskNumber,
    TaskState, Version, apply,
};
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;

use crate::support::*;

/// Which of several, before it is known how many there are.
#[derive(Clone, Copy, Debug)]
pub struct Pick(pub u64);

impl Pick {
    /// Below `count`, which is not 0.
    pub fn index(self, count: usize) -> usize {
        let scaled = u128::from(self.0) * count as u128;
        usize::try_from(scaled >> 64).expect("below the count")
    }
}

/// One move of a player: mostly a legal one, so that runs reach their end; sometimes noise.
#[derive(Clone, Debug)]
pub struct Move {
    /// Below 80: go on as the state asks. Below 100: noise of several sorts. Above: what changes a
    /// run from outside its tasks.
    pub sort: u8,
    pub pick: Pick,
    pub other: Pick,
}

pub fn any_moves() -> impl Strategy<Value = Vec<Move>> {
    let one = (0_u8..120, any::<u64>(), any::<u64>()).prop_map(|(sort, pick, other)| Move {
        sort,
        pick: Pick(pick),
        other: Pick(other),
    });
    prop::collection::vec(one, 0..50)
}

/// The workflows that are played: the house's own, its impatient twin, and one that has a quorum,
/// a rule, a condition on the round and a blocking acknowledgement.
static DEFINITIONS: LazyLock<Vec<Definition>> = LazyLock::new(definitions);
static DIRECTORY: LazyLock<Directory> = LazyLock::new(directory);

fn definitions() -> Vec<Definition> {
    let contract = read_chain("contract").replace("max_rounds: 5", "max_rounds: 2");
    let mixed = with_stages(
        "rework: { max_rounds: 2 }
sod: [{ id: four-eyes, stages: [last], rule: \"!(actor in voters('board'))\" }]
stages:
  - id: board
    type: approve
    title: { ru: а, en: a }
    assignees: [{ group: contract_board }, { user: gone }]
    quorum: { count: 2 }
  - id: again
    type: approve
    title: { ru: б, en: b }
    when: round > 1
    assignees: [{ role: cfo }]
    decisions: [approve, return]
  - { id: read, type: acknowledge, title: { ru: в, en: c }, assignees: [{ department: sales }], quorum: any }
  - { id: last, type: approve, title: { ru: г, en: d }, assignees: [{ role: employee }], quorum: any }
",
    );
    let patient = define(&counting());
    let impatient = counting().replace("finish_others", "cancel_others");
    vec![
        define(&contract),
        define(&contract.replace("finish_others", "cancel_others")),
        define(&mixed),
        patient,
        define(
            &impatient
                .replace("{ count: 2 }\n      on", "any\n      on")
                .replace(
                    "max_rounds: 2",
                    "max_rounds: 1, on_exhausted: { finish: rejected }, resume: restart",
                ),
        ),
        define(&with_stages(ASKS_FOR_ROUNDS)),
    ]
}

/// A workflow in which somebody lets a document go round more often than it may.
const ASKS_FOR_ROUNDS: &str =
    "rework: { max_rounds: 1, to: author, on_exhausted: { escalate: { to: { role: cfo }, max: 2 } } }
stages:
  - id: board
    type: approve
    title: { ru: а, en: a }
    assignees: [{ group: contract_board }]
    quorum: { count: 2 }
    on_reject: { count: true, then: rework }
    carry: \"!changed('doc.amount')\"
  - { id: last, type: approve, title: { ru: б, en: b }, assignees: [{ user: lev }], on_reject: { rework: { to: { role: lawyer } } } }
";

/// How many workflows are played.
const PLAYED: usize = 6;

/// A workflow that counts in every way: by percent with a veto, in sequence, by weight, by group,
/// by a condition; blocks within blocks; a stage that may be skipped for want of people.
pub fn counting() -> String {
    with_stages(
        "rework: { max_rounds: 2 }
stages:
  - id: board
    type: approve
    title: { ru: а, en: a }
    assignees: [{ group: contract_board }, { user: boris }]
    quorum: { percent: 60, min: 2, veto: [{ user: boris }] }
    carry: \"!changed('doc.amount')\"
    allow: [add_approver]
    on_reject: { count: true }
    decisions: [approve, approve_with_remarks, return, reject, abstain, hold]
  - id: block
    title: { ru: б, en: b }
    parallel:
      join: { count: 2 }
      on_branch_reject: finish_others
      branches:
        - id: legal_way
          title: { ru: в, en: c }
          sequence:
            - id: lawyers
              type: approve
              title: { ru: г, en: d }
              mode: sequential
              assignees: [{ role: lawyer }, { who: { user: nina }, when: round > 1 }]
              decisions: [approve, reject, abstain]
              carry: always
              allow: [add_approver]
              on_reject: { count: true }
            - { id: chief, type: approve, title: { ru: д, en: e }, assignees: [{ user: lev }] }
        - id: money
          type: approve
          title: { ru: е, en: f }
          assignees: [{ department: finance }, { user: anna }]
          dedupe: same_person
          quorum: { weight: 3 }
          weights: [{ who: { role: cfo }, weight: 2 }]
          on_reject: { rework: { to: initiator } }
        - id: office
          type: approve
          title: { ru: ж, en: g }
          assignees: [{ user: nina }, { user: tom }]
          quorum: { when: [{ if: round > 1, use: all }, { else: any }] }
          decisions: [approve, reject, hold]
  - { id: audit, type: approve, title: { ru: з, en: h }, assignees: [{ role: auditor }], if_empty: skip }
  - { id: groups, type: approve, title: { ru: и, en: i }, quorum: { each_group: 1 }, assignees: [{ role: lawyer }, { department: finance }] }
",
    )
}

pub fn as_event(definition: &Definition, state: &State, made: &Move, minute: i64) -> Event {
    let everybody: Vec<&str> = logins().collect();
    let somebody = everybody[made.pick.index(everybody.len())];
    let at = Instant::from_seconds(minute * 60);
    let event = |who: Actor, kind| Event {
        at,
        actor: who,
        kind,
    };
    if made.sort >= 100 {
        return change(state, made, at);
    }
    if made.sort >= 80 {
        return noise(state, made, at);
    }
    if state.suspension.is_some() && !state.phase.is_final() && made.sort >= 20 {
        return event(actor("tom"), EventKind::Resumed);
    }
    let card = contract(["90000.00", "200000.00", "6000000.00"][made.other.index(3)]);
    let initiator = state
        .subject
        .as_ref()
        .map_or(actor("olga"), |it| Actor::Person(it.initiator));
    match state.phase {
        Phase::Draft => event(
            actor(somebody),
            EventKind::Started {
                card,
                version: version(1, somebody),
            },
        ),
        Phase::Rework if made.sort < 40 => {
            let number = state.subject.as_ref().map_or(0, |it| it.version.number) + 1;
            let author = if made.sort < 10 { somebody } else { "olga" };
            // Whoever it went to brings the version.
            let named = state
                .reworkers
                .first()
                .map(|id| name(Assignee::Person(*id)));
            let named = named.filter(|_| (10..30).contains(&made.sort));
            let author = named.as_deref().unwrap_or(author);
            let version = version(number, author);
            event(
                actor(author),
                EventKind::NewVersion {
                    version,
                    card,
                    changed: BTreeSet::new(),
                },
            )
        }
        Phase::Rework => {
            let comment = Some("Исправлено".to_owned());
            let named = state.reworkers.len();
            let by = match named {
                0 => initiator,
                _ if made.sort.is_multiple_of(2) => initiator,
                _ => Actor::Person(state.reworkers[made.pick.index(named)]),
            };
            event(by, EventKind::Resubmitted { comment })
        }
        Phase::Running if made.sort == 79 => event(
            initiator,
            EventKind::Withdrawn {
                reason: "Передумали".to_owned(),
            },
        ),
        _ => {
            // Now and then somebody does not wait for who was put before them.
            let mut open = answerable(state);
            let waiting: Vec<(TaskNumber, &Task)> = state
                .open_tasks()
                .filter(|(number, _)| open.iter().all(|(other, _)| other != number))
                .collect();
            if (61..66).contains(&made.sort) && !waiting.is_empty() {
                open = waiting;
            }
            if open.is_empty() {
                return noise(state, made, at);
            }
            let (number, task) = open[made.pick.index(open.len())];
            let who = actor(&name(task.assignee));
            if (70..79).contains(&made.sort) {
                let to = assignee(everybody[made.other.index(everybody.len())]);
                return event(who, EventKind::Reassigned { task: number, to });
            }
            event(who, answer(definition, number, task, made.sort))
        }
    }
}

/// The open tasks that do not wait for somebody who was put before them.
fn answerable(state: &State) -> Vec<(TaskNumber, &Task)> {
    let place = |task: &Task| {
        let entry = state.stages.get(&task.stage)?;
        let index = entry
            .electorate
            .iter()
            .position(|slot| *slot == task.elector)?;
        entry.seats.get(index)?.added.map(|added| added.place)
    };
    let first: BTreeSet<&str> = state
        .open_tasks()
        .filter(|(_, task)| place(task) == Some(Place::Before))
        .map(|(_, task)| task.stage.as_str())
        .collect();
    state
        .open_tasks()
        .filter(|(_, task)| {
            !first.contains(task.stage.as_str()) || place(task) == Some(Place::Before)
        })
        .collect()
}

/// What changes a run from outside its tasks: versions in flight, approvers, votes taken back, and
/// what an administrator does.
fn change(state: &State, made: &Move, at: Instant) -> Event {
    let everybody: Vec<&str> = logins().collect();
    let somebody = everybody[made.other.index(everybody.len())];
    let event = |who: Actor, kind| Event {
        at,
        actor: who,
        kind,
    };
    let reason = "Проверка".to_owned();
    let open: Vec<(TaskNumber, &Task)> = state.open_tasks().collect();
    match made.sort {
        100 => event(actor("tom"), EventKind::Suspended { reason }),
        101 if made.pick.index(4) == 0 => event(actor("tom"), EventKind::Cancelled { reason }),
        101 => event(actor(somebody), EventKind::Suspended { reason }),
        102 | 103 => event(actor("tom"), EventKind::Resumed),
        104..108 => {
            let number = state.subject.as_ref().map_or(0, |it| it.version.number) + 1;
            let days = i64::try_from(made.pick.index(3)).expect("small");
            let mut card = contract(["90000.00", "200000.00"][made.other.index(2)]);
            card.insert("payment_days".to_owned(), FieldValue::Integer(days));
            let kind = EventKind::NewVersion {
                version: version(number, somebody),
                card,
                changed: BTreeSet::new(),
            };
            event(actor(somebody), kind)
        }
        108..114 if !open.is_empty() => {
            let (_, task) = open[made.pick.index(open.len())];
            let kind = EventKind::ApproverAdded {
                stage: task.stage.clone(),
                person: person(somebody),
                place: [Place::Before, Place::Beside, Place::After][usize::from(made.sort % 3)],
                required: made.sort != 113,
            };
            event(actor(&name(task.assignee)), kind)
        }
        114..116 if !state.added.is_empty() => {
            let added = &state.added[made.pick.index(state.added.len())];
            let kind = EventKind::ApproverDropped {
                stage: added.stage.clone(),
                person: added.person,
            };
            let by = if made.sort == 114 {
                Actor::Person(added.added_by)
            } else {
                actor(somebody)
            };
            event(by, kind)
        }
        _ => {
            let decided: Vec<(TaskNumber, Assignee)> = state
                .tasks
                .iter()
                .filter_map(|(number, task)| match &task.state {
                    TaskState::Decided { by, .. } => Some((*number, *by)),
                    _ => None,
                })
                .collect();
            let last = decided.last().copied();
            let (task, by) = last.unwrap_or((TaskNumber(1), assignee(somebody)));
            event(actor(&name(by)), EventKind::VoteRevoked { task })
        }
    }
}

/// Mostly agreement; a return or a rejection now and then.
fn answer(definition: &Definition, number: TaskNumber, task: &Task, sort: u8) -> EventKind {
    let kind = definition.stage(&task.stage).expect("a stage").kind;
    let version_digest = task.version_digest;
    let decision = match (kind, sort) {
        (StageKind::Acknowledge, _) => Decision::Acknowledge,
        (_, 0..2) => Decision::Reject,
        (_, 2..14) => Decision::Return,
        (StageKind::Sign, _) => {
            return EventKind::Signed {
                task: number,
                version_digest,
            };
        }
        (_, 14..20) => Decision::ApproveWithRemarks,
        (_, 20..24) => Decision::Abstain,
        (_, 24..28) => Decision::Hold,
        _ => Decision::Approve,
    };
    let offered = &definition.stage(&task.stage).expect("a stage").decisions;
    let decision = if offered.contains(&decision) {
        decision
    } else {
        Decision::Approve
    };
    let refuses = matches!(
        decision,
        Decision::Return | Decision::Reject | Decision::Hold
    );
    let remarks = if decision == Decision::ApproveWithRemarks {
        vec!["Срок".to_owned()]
    } else {
        vec![]
    };
    let comment = refuses.then(|| "Нет сметы".to_owned());
    EventKind::Decided {
        task: number,
        decision,
        version_digest,
        comment,
        remarks,
    }
}

/// Anything at all, chosen without a look at what is possible.
fn noise(state: &State, made: &Move, at: Instant) -> Event {
    let everybody: Vec<&str> = logins().collect();
    let who = everybody[made.pick.index(everybody.len())];
    let to = if made.sort.is_multiple_of(4) {
        "carl"
    } else {
        everybody[made.other.index(everybody.len())]
    };
    let task = TaskNumber(1 + u32::try_from(made.other.index(12)).expect("small"));
    let present = state
        .subject
        .as_ref()
        .map_or(digest(1), |it| it.version.digest);
    let seen = if made.sort.is_multiple_of(3) {
        digest(99)
    } else {
        present
    };
    let holder = state
        .tasks
        .get(&task)
        .map(|task| actor(&name(task.assignee)));
    let who = holder
        .filter(|_| made.sort.is_multiple_of(2))
        .unwrap_or(actor(who));
    let kind = match made.pick.index(9) {
        0 => EventKind::Started {
            card: contract("1"),
            version: version(1, "olga"),
        },
        1 => EventKind::Withdrawn {
            reason: if made.sort < 90 { "Зря" } else { "" }.to_owned(),
        },
        2 => EventKind::Resubmitted { comment: None },
        3 => EventKind::NewVersion {
            version: Version {
                number: 1 + u32::from(made.sort % 3),
                digest: seen,
                ..version(1, "olga")
            },
            card: contract("5"),
            changed: BTreeSet::new(),
        },
        4 => EventKind::Reassigned {
            task,
            to: assignee(to),
        },
        5 => EventKind::Signed {
            task,
            version_digest: seen,
        },
        index => EventKind::Decided {
            task,
            decision: [
                Decision::Approve,
                Decision::ApproveWithRemarks,
                Decision::Return,
                Decision::Reject,
                Decision::Acknowledge,
                Decision::Sign,
                Decision::Abstain,
                Decision::Hold,
            ][made.other.index(8)],
            version_digest: seen,
            comment: (index == 6).then(|| "Да".to_owned()),
            remarks: vec![
                "Нет".to_owned();
                usize::from(made.sort.is_multiple_of(5)) * 101 + usize::from(index == 7)
            ],
        },
    };
    // A new version of noise fails for its content, not always for its author.
    let author = matches!(kind, EventKind::NewVersion { .. }) && made.sort.is_multiple_of(2);
    let actor = if author { actor("olga") } else { who };
    Event { at, actor, kind }
}

/// Plays moves and hands every step to `look`; the accepted events are returned.
fn play(
    definition: &Definition,
    moves: &[Move],
    mut look: impl FnMut(&State, &Event, &Result<Step, chancery_workflow::Refusal>),
) -> (State, Vec<Event>) {
    let mut state = State::draft();
    let mut accepted = Vec::new();
    for (minute, made) in moves.iter().enumerate() {
        let event = as_event(
            definition,
            &state,
            made,
            i64::try_from(minute).expect("small"),
        );
        let answer = apply(definition, &state, &event, &DIRECTORY);
        look(&state, &event, &answer);
        if let Ok(step) = answer {
            state = step.state;
            accepted.push(event);
        }
    }
    (state, accepted)
}

/// What must hold in every state that can be reached.
pub fn check_state(definition: &Definition, state: &State, directory: &Directory) {
    let Some(subject) = &state.subject else {
        assert_eq!(state, &State::draft());
        return;
    };
    let present = (subject.version.number, subject.version.digest);
    let asks_about = |task: &Task| (task.version_number, task.version_digest);
    let extra_max = definition.extra_round().map_or(0, |(_, max)| max);
    assert!(
        state.round <= definition.rework_max() + state.extra_rounds + 1
            && state.extra_rounds <= extra_max,
        "rounds are bounded"
    );
    assert!(
        state.phase == Phase::Rework || state.reworkers.is_empty(),
        "nobody reworks what is not returned"
    );
    let mut by_stage: BTreeMap<&str, Vec<(Assignee, Assignee)>> = BTreeMap::new();
    for (number, task) in &state.tasks {
        let stage = definition.stage(&task.stage).expect("a stage");
        let stands = stands(state, *number, task);
        if task.is_open() {
            assert!(!state.phase.is_final() || stage.kind == StageKind::Acknowledge);
            assert_eq!(
                asks_about(task),
                present,
                "an open task asks about the present version"
            );
            if let Assignee::Person(person) = task.assignee {
                assert!(directory.active(person).is_some(), "somebody can act on it");
            }
        }
        let counted = matches!(
            &task.state,
            TaskState::Decided { decision, set_aside: false, .. } if decision.is_favourable()
        );
        if let (true, TaskState::Decided { by, .. }) = (counted && stands, &task.state) {
            by_stage
                .entry(&task.stage)
                .or_default()
                .push((task.elector, *by));
        }
        let decides = stage.kind != StageKind::Acknowledge;
        if decides && stands && (counted || task.is_open()) {
            let excluded = [subject.initiator, subject.version.author].map(Assignee::Person);
            assert!(!excluded.contains(&task.assignee), "separation of duties");
        }
    }
    for votes in by_stage.values() {
        let electors: BTreeSet<Assignee> = votes.iter().map(|(elector, _)| *elector).collect();
        let voters: BTreeSet<Assignee> = votes.iter().map(|(_, by)| *by).collect();
        assert_eq!(
            (electors.len(), voters.len()),
            (votes.len(), votes.len()),
            "one slot, one vote"
        );
    }
    let blocking_open = state.open_tasks().any(|(_, task)| {
        definition
            .stage(&task.stage)
            .is_some_and(|stage| stage.blocking)
    });
    assert_eq!(
        state.phase == Phase::Running,
        blocking_open,
        "no silent stall"
    );
    if state.phase == Phase::Completed {
        for node in definition.nodes() {
            assert!(agreed(state, node) != Some(false), "{}", node.path());
        }
    }
}

/// Whether a node agreed in a completed run; `None` if it did not apply or never asked. Counted
/// anew from the tasks, without a look at how the engine counts.
fn agreed(state: &State, node: &Node) -> Option<bool> {
    let within = |nodes: &[Node]| -> Vec<bool> {
        nodes
            .iter()
            .filter_map(|node| agreed(state, node))
            .collect()
    };
    match node {
        Node::Stage(stage) if !stage.blocking => None,
        Node::Stage(stage) => match state.stages.get(&stage.path).map(|entry| &entry.phase) {
            Some(StagePhase::Skipped(_)) => None,
            Some(StagePhase::Satisfied) => Some(enough(state, stage)),
            _ => Some(false),
        },
        Node::Automatic(_) => None,
        Node::Sequence(block) => {
            let steps = within(&block.steps);
            (!steps.is_empty()).then(|| steps.iter().all(|step| *step))
        }
        Node::Parallel(block) => {
            let branches = within(&block.branches);
            let number = branches.iter().filter(|branch| **branch).count();
            let wanted = match block.join {
                Join::All => branches.len(),
                Join::Any => 1,
                Join::Count(count) => count as usize,
            };
            (!branches.is_empty()).then(|| number >= wanted.min(branches.len()))
        }
    }
}

/// Whether a task's vote is about the present version, or was carried over to it.
fn stands(state: &State, number: TaskNumber, task: &Task) -> bool {
    let present = &state.subject.as_ref().expect("a subject").version;
    let carried = state.carried.get(&number);
    (task.version_number, task.version_digest) == (present.number, present.digest)
        || carried.is_some_and(|carried| carried.version_number == present.number)
}

/// A vote is carried only by its stage's rule, which holds of what has changed, and only if it
/// agreed and its voter has not made the version.
fn check_carried(definition: &Definition, state: &State, task: &Task, rule: &str) {
    let stage = definition.stage(&task.stage).expect("a stage");
    let subject = state.subject.as_ref().expect("a subject");
    assert_ne!(stage.kind, StageKind::Sign, "a signature is never carried");
    let TaskState::Decided { decision, by, .. } = &task.state else {
        panic!("an open task is not carried");
    };
    assert!(decision.is_favourable());
    let author = Assignee::Person(subject.version.author);
    let decides = stage.kind != StageKind::Acknowledge;
    assert!(!decides || (*by != author && task.elector != author));
    if rule == "refusers_only" {
        let asks_refusers_only = definition.source().contains("resume: refusers_only");
        assert!(asks_refusers_only, "the file asks everybody again");
        return;
    }
    match &stage.carry {
        Carry::Never => panic!("{} carries nothing", stage.path),
        Carry::Always => assert_eq!(rule, "always"),
        Carry::When(carry) => {
            assert_eq!(rule, carry.source());
            assert!(
                !subject.changed.contains("doc.amount"),
                "its rule is about the amount"
            );
        }
    }
}

fn enough(state: &State, stage: &Stage) -> bool {
    let entry = &state.stages[&stage.path];
    let vote = |slot: Assignee| {
        let mut tasks = state.tasks.iter().filter(|(number, task)| {
            task.stage == stage.path && task.elector == slot && stands(state, **number, task)
        });
        tasks.find_map(|(_, task)| match &task.state {
            TaskState::Decided {
                decision,
                set_aside: false,
                ..
            } => Some(*decision),
            _ => None,
        })
    };
    let seats: Vec<(Seat, Option<Decision>)> = entry
        .electorate
        .iter()
        .enumerate()
        .map(|(index, slot)| {
            let seat = entry
                .seats
                .get(index)
                .cloned()
                .unwrap_or_else(|| Seat::plain(0));
            (seat, vote(*slot))
        })
        .collect();
    let said_yes = |vote: &Option<Decision>| {
        vote.is_some_and(|vote| vote.is_favourable() || vote == Decision::Abstain)
    };
    let added_agree = seats
        .iter()
        .filter(|(seat, _)| seat.added.is_some_and(|added| added.required))
        .all(|(_, vote)| said_yes(vote));
    let seats: Vec<(Seat, Option<Decision>)> = seats
        .into_iter()
        .filter(|(seat, _)| seat.added.is_none())
        .collect();
    let yes: Vec<&Seat> = seats
        .iter()
        .filter(|(_, vote)| vote.is_some_and(Decision::is_favourable))
        .map(|(seat, _)| seat)
        .collect();
    let hats = |seats: &[&Seat]| seats.iter().map(|seat| seat.hats).sum::<u32>();
    let everybody: Vec<&Seat> = seats.iter().map(|(seat, _)| seat).collect();
    let vetoes_agree = seats.iter().filter(|(seat, _)| seat.veto).all(|(_, vote)| {
        vote.is_some_and(|vote| vote.is_favourable() || vote == Decision::Abstain)
    });
    let met = match entry.quorum.unwrap_or(stage.quorum) {
        Quorum::All => {
            let said = |(_, vote): &(Seat, Option<Decision>)| {
                vote.is_some_and(|vote| vote.is_favourable() || vote == Decision::Abstain)
            };
            seats.iter().all(said) && !yes.is_empty()
        }
        Quorum::Any => !yes.is_empty(),
        Quorum::Count(count) => hats(&yes) >= count,
        Quorum::Percent { percent, min } => {
            hats(&yes) * 100 >= hats(&everybody) * percent && hats(&yes) >= min
        }
        Quorum::Weight(weight) => yes.iter().map(|seat| seat.weight).sum::<u32>() >= weight,
        Quorum::EachGroup(each) => {
            // Those whose condition does not hold are no group of this round.
            let applies = |group: &u32| {
                let unconditional = stage.assignee_conditions[*group as usize].is_none();
                unconditional || everybody.iter().any(|seat| seat.groups.contains(group))
            };
            let groups = 0..u32::try_from(stage.assignees.len()).expect("few");
            groups.filter(applies).all(|group| {
                yes.iter()
                    .filter(|seat| seat.groups.contains(&group))
                    .count()
                    >= each as usize
            })
        }
    };
    met && vetoes_agree && added_agree
}

/// What the effects of a step say of open tasks is what its state has, and a final run stays final.
pub fn check_effects(
    definition: &Definition,
    before: &State,
    step: &Step,
    open: &mut BTreeMap<TaskNumber, Assignee>,
) {
    for effect in &step.effects {
        match effect {
            Effect::OpenTask {
                task,
                assignee,
                stage_kind,
                ..
            } => {
                assert!(open.insert(*task, *assignee).is_none(), "opened twice");
                // An acknowledgement that does not block may go on, and be taken back.
                let reads = *stage_kind == StageKind::Acknowledge;
                assert!(reads || !before.phase.is_final(), "opened after the end");
            }
            Effect::CloseTask { task, .. } => {
                assert!(open.remove(task).is_some(), "closed twice");
            }
            Effect::MoveTask { task, from, to } => {
                assert_eq!(open.insert(*task, *to), Some(*from));
            }
            Effect::HoldTask { task, comment } => {
                assert!(step.state.tasks[task].held_at.is_some() && !comment.is_empty());
            }
            Effect::CarryVote { task, rule } => {
                assert!(step.state.is_on_present_version(*task), "it stands now");
                check_carried(definition, &step.state, &step.state.tasks[task], rule);
            }
            Effect::RevokeVote { task } => {
                let task = &step.state.tasks[task];
                let TaskState::Decided { set_aside, .. } = &task.state else {
                    panic!("an open vote is not taken back");
                };
                assert!(*set_aside, "it stands no more");
            }
            Effect::RecordRemarks { remarks, .. } => assert!(!remarks.is_empty()),
            Effect::Finish { outcome } => assert_eq!(step.state.outcome, Some(*outcome)),
            Effect::OpenRework {
                round,
                returned_by,
                to,
            } => {
                assert_eq!(*to, step.state.reworkers);
                assert_eq!(*round, before.round);
                assert!(!returned_by.is_empty(), "somebody returned it");
            }
            Effect::OpenRound { round } => assert_eq!(*round, before.round + 1),
            Effect::SkipStage { path, .. } | Effect::CloseStage { path } => {
                assert!(definition.stage(path).is_some());
            }
            Effect::ArmTimer { .. }
            | Effect::DisarmTimer { .. }
            | Effect::SetDue { .. }
            | Effect::Remind { .. }
            | Effect::TellOverdue { .. }
            | Effect::Escalate { .. }
            | Effect::EndHold { .. }
            | Effect::FillCard { .. }
            | Effect::AskLookup { .. }
            | Effect::TakeWay { .. }
            | Effect::OpenIncident { .. }
            | Effect::CloseIncident { .. }
            | Effect::Perform { .. }
            | Effect::TellSubstitute { .. } => panic!("these files have none: {effect:?}"),
        }
    }
    let held: BTreeMap<TaskNumber, Assignee> = step
        .state
        .open_tasks()
        .map(|(number, task)| (number, task.assignee))
        .collect();
    assert_eq!(*open, held);
    if before.phase.is_final() {
        assert_eq!(before.phase, step.state.phase);
        assert_eq!(before.outcome, step.state.outcome);
    }
}

proptest! {
    /// The effects and the state never disagree about what is open, and a final run stays final.
    #[test]
    fn effects_and_state_never_disagree(which in 0..PLAYED, moves in any_moves()) {
        let definition = &DEFINITIONS[which];
        let mut open: BTreeMap<TaskNumber, Assignee> = BTreeMap::new();
        play(definition, &moves, |before, _, answer| {
            if let Ok(step) = answer {
                check_effects(definition, before, step, &mut open);
            }
        });
    }

    /// Every state that can be reached is sound.
    #[test]
    fn every_reachable_state_is_sound(which in 0..PLAYED, moves in any_moves()) {
        let definition = &DEFINITIONS[which];
        play(definition, &moves, |_, _, answer| {
            if let Ok(step) = answer {
                check_state(definition, &step.state, &DIRECTORY);
            }
        });
    }

    /// A signature is asked for only when everything before it agrees on this very version.
    #[test]
    fn a_signature_opens_only_on_what_is_approved(which in 0_usize..2, moves in any_moves()) {
        let definition = &DEFINITIONS[which];
        play(definition, &moves, |_, _, answer| {
            let Ok(step) = answer else { return };
            for effect in &step.effects {
                let Effect::OpenTask {
                    path, stage_kind: StageKind::Sign, version_digest, ..
                } = effect else { continue };
                let subject = step.state.subject.as_ref();
                assert_eq!(subject.map(|it| it.version.digest), Some(*version_digest));
                let before = definition.stages().take_while(|stage| stage.path != *path);
                for stage in before.filter(|stage| stage.blocking) {
                    let phase = &step.state.stages[&stage.path].phase;
                    let is_done = matches!(phase, StagePhase::Satisfied | StagePhase::Skipped(_));
                    assert!(is_done, "{phase:?}");
                }
            }
        });
    }

    /// A vote against and one more approver never close a stage; an approval never opens one again.
    #[test]
    fn a_quorum_is_monotone(which in 0..PLAYED, moves in any_moves()) {
        let definition = &DEFINITIONS[which];
        play(definition, &moves, |before, event, answer| {
            let Ok(step) = answer else { return };
            let closed: BTreeSet<&str> = step
                .effects
                .iter()
                .filter_map(|effect| match effect {
                    Effect::CloseStage { path } => Some(path.as_str()),
                    _ => None,
                })
                .collect();
            match &event.kind {
                EventKind::ApproverAdded { .. } => assert!(closed.is_empty(), "{closed:?}"),
                EventKind::Decided { task, decision, .. } if decision.is_refusal() => {
                    let task = &before.tasks[task];
                    // Whoever made the stage wait and now only counts against ends the waiting.
                    let waited = task.held_at.is_some();
                    let stage = task.stage.as_str();
                    assert!(waited || !closed.contains(stage), "{stage}");
                }
                EventKind::Decided { decision, .. } if decision.is_favourable() => {
                    for (path, entry) in &before.stages {
                        let now = &step.state.stages[path].phase;
                        let was = entry.phase == StagePhase::Satisfied;
                        assert!(!was || *now == StagePhase::Satisfied, "{path} is {now:?}");
                    }
                }
                _ => {}
            }
        });
    }

    /// Every opening of a stage has a number of its own, one more than the one before.
    #[test]
    fn every_opening_of_a_stage_is_counted(which in 0..PLAYED, moves in any_moves()) {
        let definition = &DEFINITIONS[which];
        play(definition, &moves, |before, event, answer| {
            let Ok(step) = answer else { return };
            let anew = matches!(
                &event.kind,
                EventKind::NewVersion { .. } | EventKind::Resubmitted { .. }
            );
            for (path, now) in &step.state.stages {
                let was = before.stages.get(path).cloned().unwrap_or_default();
                let is_walked_anew = anew && step.state.phase == Phase::Running;
                let was_active = was.phase == StagePhase::Active;
                let opened =
                    now.phase == StagePhase::Active && (!was_active || is_walked_anew);
                let wanted = was.activation + u32::from(opened);
                // Votes that stand, or another branch, may close it in the step that opens it.
                let closed_at_once =
                    matches!(now.phase, StagePhase::Satisfied | StagePhase::Cancelled);
                assert!(
                    now.activation == wanted || (closed_at_once && now.activation == wanted + 1),
                    "{path}: {} after {}",
                    now.activation,
                    was.activation
                );
            }
        });
    }

    /// The same events give the same bytes.
    #[test]
    fn a_replay_gives_the_same_bytes(which in 0..PLAYED, moves in any_moves()) {
        let definition = &DEFINITIONS[which];
        let (state, events) = play(definition, &moves, |_, _, _| {});
        let mut again = State::draft();
        for event in &events {
            // Through the stored form each time, as the service does it.
            let stored = serde_json::to_string(&again).expect("a text");
            let read: State = serde_json::from_str(&stored).expect("a state");
            again = apply(definition, &read, event, &DIRECTORY).expect("accepted before").state;
        }
        let bytes = |state: &State| serde_json::to_string(state).expect("a text");
        prop_assert_eq!(bytes(&again), bytes(&state));
    }

    /// From wherever a run has got to, it completes if everybody agrees from now on. (Where the
    /// author of the version is the only one who could sign it, somebody else makes the next one.)
    #[test]
    fn whatever_happened_agreement_completes_the_run(
        which in 0..PLAYED,
        moves in any_moves(),
        pick in any::<u64>(),
    ) {
        let (definition, pick) = (&DEFINITIONS[which], Pick(pick));
        let (mut state, _) = play(definition, &moves, |_, _, _| {});
        let (mut sort, mut refused) = (60, 0_u64);
        for _ in 0..60 {
            if state.phase.is_final() {
                break;
            }
            // Whoever made the version may be one who has to agree: then another makes the next.
            let turn = Pick(pick.0.wrapping_add(refused.wrapping_mul(u64::MAX / 7)));
            let event = as_event(definition, &state, &Move { sort, pick: turn, other: turn }, 1000);
            match apply(definition, &state, &event, &DIRECTORY) {
                Ok(step) => {
                    state = step.state;
                    sort = 60;
                }
                Err(refusal) => {
                    // A draft may find no way: its initiator may leave a stage without anybody.
                    if state.phase == Phase::Draft {
                        break;
                    }
                    // Anybody (5) may be one who may not bring a version; whoever reworks (20) may.
                    prop_assert!(state.phase == Phase::Rework && sort != 20, "{}", refusal);
                    refused += 1;
                    sort = if refused.is_multiple_of(2) { 5 } else { 20 };
                }
            }
        }
        prop_assert!(state.phase.is_final() || state.phase == Phase::Draft, "{:?}", state.phase);
    }
}

/// What only a broken file, card, state or directory leads to, a timer, the move to another
/// definition, or what not everybody who runs files carries out: `moving.rs`, `script.rs`,
/// `timers.rs`, `people.rs`, `outside.rs` and `elsewhere.rs` reach each of them.
const ONLY_IN_SCRIPTS: [&str; 30] = [
    "approver-lost",
    "calendar-mismatch",
    "card-not-accepted",
    "condition-not-evaluated",
    "delegated-too-often",
    "form-incomplete",
    "has-incident",
    "mandate-absent",
    "mandate-ended",
    "mandate-too-small",
    "may-not-delegate",
    "may-not-start",
    "may-not-withdraw",
    "not-taken",
    "no-incident",
    "not-delegated",
    "not-of-pool",
    "not-a-person",
    "not-the-service",
    "open-stage-changed",
    "open-stage-gone",
    "plan-mismatch",
    "quorum-unreachable",
    "signature-lost",
    "stage-passed",
    "state-corrupt",
    "too-many-assignees",
    "veto-holder-absent",
    "votes-would-decide",
    "would-end",
];

/// The witness: the generated runs visit every phase, every phase of a stage, every effect, every
/// event and every refusal.
#[test]
fn the_generator_reaches_every_phase_effect_and_refusal() {
    let mut runner = TestRunner::deterministic();
    let mut seen: BTreeSet<String> = BTreeSet::new();
    let first = |text: String| text.split([' ', '(', '{']).next().unwrap_or("").to_owned();
    for round in 0..2500 {
        let moves = any_moves().new_tree(&mut runner).expect("moves").current();
        play(
            &DEFINITIONS[round % PLAYED],
            &moves,
            |_, event, answer| match answer {
                Ok(step) => {
                    seen.insert(format!("phase {:?}", step.state.phase));
                    seen.insert(format!("event {}", first(format!("{:?}", event.kind))));
                    for stage in step.state.stages.values() {
                        seen.insert(format!("stage {}", first(format!("{:?}", stage.phase))));
                    }
                    for effect in &step.effects {
                        seen.insert(format!("effect {}", first(format!("{effect:?}"))));
                    }
                }
                Err(refusal) => {
                    seen.insert(format!("refusal {}", refusal.code()));
                }
            },
        );
    }
    let mut wanted: Vec<String> = Vec::new();
    let mut want = |kind: &str, names: &[&str]| {
        wanted.extend(names.iter().map(|name| format!("{kind} {name}")));
    };
    want(
        "phase",
        &["Running", "Rework", "Completed", "Rejected", "Withdrawn"],
    );
    want(
        "stage",
        &[
            "Pending",
            "Active",
            "Satisfied",
            "Returned",
            "Rejected",
            "Skipped",
            "Cancelled",
        ],
    );
    want(
        "event",
        &[
            "Started",
            "Decided",
            "Signed",
            "NewVersion",
            "Resubmitted",
            "Reassigned",
            "Withdrawn",
            "ApproverAdded",
            "ApproverDropped",
            "VoteRevoked",
            "Cancelled",
            "Suspended",
            "Resumed",
        ],
    );
    want(
        "effect",
        &[
            "SkipStage",
            "OpenTask",
            "CloseTask",
            "MoveTask",
            "HoldTask",
            "CarryVote",
            "RevokeVote",
            "RecordRemarks",
            "CloseStage",
            "OpenRework",
            "OpenRound",
            "Finish",
        ],
    );
    let source = include_str!("../../src/refusal.rs");
    let codes: Vec<&str> = source
        .split(" => \"")
        .skip(1)
        .filter_map(|part| part.split('"').next())
        .filter(|code| code.contains('-'))
        .filter(|code| !ONLY_IN_SCRIPTS.contains(code))
        .collect();
    assert!(codes.len() >= 25, "the refusals were found: {codes:?}");
    want("refusal", &codes);
    let missing: Vec<&String> = wanted.iter().filter(|name| !seen.contains(*name)).collect();
    assert!(missing.is_empty(), "never reached: {missing:?}");
}
