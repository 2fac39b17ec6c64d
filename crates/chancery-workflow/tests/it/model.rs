//! The engine against an executable model of the semantics, state by state.
//!
//! The model knows three steps: two of a and b; where the price is 1, two of b, c and d; then e
//! signs. It is written without a look at the engine: sets of votes and three small tables. Method:
//! breadth first over the model's states, with new versions (by the initiator or by b, of the file
//! or of the price), a hand-over, an added approver, returns, withdrawal and decisions on a version
//! that is gone. In a second workflow a document goes to whoever made its version, or to g where e
//! has returned it, and when its rounds are used up k decides whether there is one more. The engine
//! is taken along the same way, must accept and refuse the same, and must ask the same people.
//!
//! Two versions: with a third the two differ on purpose, because the engine asks anew whoever comes
//! back to a seat that a manager held meanwhile.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use chancery_types::id::PersonId;
use chancery_types::{FieldValue, Instant};
use chancery_workflow::{
    Assignee, Decision, Definition, Directory, EXTRA_ROUND, Event, EventKind, Person, Phase, Place,
    RoleHeld, State, TaskNumber, Version, apply,
};
use uuid::Uuid;

use crate::support::*;

const VERSIONS_MAX: u32 = 2;
const ROUNDS_MAX: u32 = 1;
/// The most states of the model that are looked at.
const STATES_MAX: usize = 8_000;
const INITIATOR: char = 'i';
/// Who reworks what e has returned, where the workflow says so.
const REWORKER: char = 'g';
/// Where it is asked in the model whether there is one more round, and of whom.
const DECIDES_MORE: (usize, char) = (3, 'k');

// ---- the model

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Slots {
    Open,
    Voted,
    Gone,
}

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
struct Slot {
    id: char,
    added: bool,
    who: char,
    holder: char,
    state: Slots,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Step {
    Pending,
    Active,
    Satisfied,
    Skipped,
}

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
struct Point {
    step: Step,
    slots: Vec<Slot>,
    added: Vec<char>,
}

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
struct Vote {
    point: usize,
    slot: char,
    actor: char,
    principal: char,
    approves: bool,
    version: u32,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Stand {
    Running,
    /// Whether there is one more round is being asked.
    Asks,
    Rework,
    Completed,
    Rejected,
    Withdrawn,
}

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
struct Model {
    /// How many extra rounds there may be; with any, returned documents go to others too.
    extra_max: u32,
    /// How many there were.
    extra: u32,
    /// Who reworks it beside the initiator, as long as it is reworked.
    reworkers: BTreeSet<char>,
    /// Where it was returned.
    returned_at: usize,
    version: u32,
    author: char,
    price: i64,
    stand: Stand,
    round: u32,
    points: [Point; 3],
    votes: BTreeSet<Vote>,
    adds: u32,
    moves: u32,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Change {
    Main,
    Price,
}

#[derive(Clone, Copy, Debug)]
enum Happens {
    Decides {
        point: usize,
        slot: char,
        actor: char,
        approves: bool,
        seen: u32,
    },
    Moves {
        point: usize,
        slot: char,
        to: char,
    },
    Adds {
        point: usize,
    },
    Revises {
        author: char,
        change: Change,
    },
    Resubmits {
        by: char,
    },
    Answers {
        approves: bool,
    },
    Withdraws,
}

const fn people_of(point: usize) -> &'static [char] {
    match point {
        0 => &['a', 'b'],
        1 => &['b', 'c', 'd'],
        _ => &['e'],
    }
}

const fn needed(point: usize) -> usize {
    if point == 2 { 1 } else { 2 }
}

const fn applies(point: usize, price: i64) -> bool {
    point != 1 || price == 1
}

fn carries(point: usize, change: Change) -> bool {
    match point {
        0 => change != Change::Main,
        1 => change != Change::Price,
        _ => false,
    }
}

#[derive(PartialEq, Eq)]
enum Count {
    Open,
    Satisfied,
    Rejected,
}

impl Model {
    fn start(extra_max: u32) -> Self {
        let point = Point {
            step: Step::Pending,
            slots: Vec::new(),
            added: Vec::new(),
        };
        let mut model = Self {
            extra_max,
            extra: 0,
            reworkers: BTreeSet::new(),
            returned_at: 0,
            version: 1,
            author: INITIATOR,
            price: 0,
            stand: Stand::Running,
            round: 0,
            points: [point.clone(), point.clone(), point],
            votes: BTreeSet::new(),
            adds: 0,
            moves: 0,
        };
        model.walk(false);
        model
    }

    fn excluded(&self, who: char) -> bool {
        who == INITIATOR || who == self.author
    }

    fn counted(&self, point: usize) -> Vec<&Vote> {
        let slots = &self.points[point].slots;
        let live = |id: char| {
            if slots.is_empty() {
                people_of(point).contains(&id)
            } else {
                slots.iter().any(|slot| slot.id == id)
            }
        };
        self.votes
            .iter()
            .filter(|vote| vote.point == point && vote.version == self.version && live(vote.slot))
            .collect()
    }

    fn count(&self, point: usize) -> Count {
        let votes = self.counted(point);
        let said = |approves: bool| -> BTreeSet<char> {
            let votes = votes.iter().filter(|vote| vote.approves == approves);
            votes.map(|vote| vote.slot).collect()
        };
        let (yes, no) = (said(true), said(false));
        let added: BTreeSet<char> = self.points[point].added.iter().copied().collect();
        let base: BTreeSet<char> = people_of(point).iter().copied().collect();
        let lost = no.intersection(&base).count();
        if no.intersection(&added).count() > 0 || base.len() - lost < needed(point) {
            return Count::Rejected;
        }
        if yes.intersection(&base).count() >= needed(point) && added.is_subset(&yes) {
            return Count::Satisfied;
        }
        Count::Open
    }

    fn activate(&mut self, point: usize) {
        let added = self.points[point].added.clone();
        let mut slots: Vec<Slot> = Vec::new();
        for id in people_of(point)
            .iter()
            .copied()
            .chain(added.iter().copied())
        {
            let taken = |who: char| slots.iter().any(|slot| slot.who == who);
            let who = if self.excluded(id) {
                let mut above = ['m', 'k'].into_iter();
                above
                    .find(|who| !self.excluded(*who) && !taken(*who))
                    .expect("somebody")
            } else {
                id
            };
            let voted = self
                .votes
                .iter()
                .any(|vote| vote.point == point && vote.slot == id && vote.version == self.version);
            slots.push(Slot {
                id,
                added: added.contains(&id),
                who,
                holder: who,
                state: if voted { Slots::Voted } else { Slots::Open },
            });
        }
        self.points[point] = Point {
            step: Step::Active,
            slots,
            added,
        };
    }

    fn close(&mut self, point: usize, step: Step) {
        self.points[point].step = step;
        for slot in &mut self.points[point].slots {
            if slot.state == Slots::Open {
                slot.state = Slots::Gone;
            }
        }
    }

    fn walk(&mut self, mut anew: bool) {
        if self.stand != Stand::Running {
            return;
        }
        for point in 0..3 {
            if !applies(point, self.price) {
                self.close(point, Step::Skipped);
                continue;
            }
            let step = self.points[point].step;
            if step == Step::Satisfied && self.count(point) == Count::Satisfied {
                continue;
            }
            if step != Step::Active || anew {
                for later in point..3 {
                    let lost = later > point
                        && self.points[later].step == Step::Satisfied
                        && self.count(later) != Count::Satisfied;
                    if self.points[later].step == Step::Active || lost {
                        self.close(later, Step::Pending);
                    }
                }
                self.activate(point);
                anew = false;
            }
            match self.count(point) {
                Count::Satisfied => self.close(point, Step::Satisfied),
                Count::Rejected => {
                    self.close(point, Step::Pending);
                    self.returned_at = point;
                    if self.round < ROUNDS_MAX + self.extra {
                        self.hand_back();
                    } else if self.extra < self.extra_max {
                        self.stand = Stand::Asks;
                    } else {
                        self.stand = Stand::Rejected;
                    }
                    return;
                }
                Count::Open => return,
            }
        }
        self.stand = Stand::Completed;
    }

    fn hand_back(&mut self) {
        self.stand = Stand::Rework;
        if self.extra_max == 0 {
            return;
        }
        let named = if self.returned_at == 2 {
            REWORKER
        } else {
            self.author
        };
        self.reworkers = BTreeSet::from([named]);
        self.reworkers.remove(&INITIATOR);
    }

    fn active(&self) -> Option<usize> {
        let is_active = |point: &Point| point.step == Step::Active;
        (self.stand == Stand::Running)
            .then(|| self.points.iter().position(is_active))
            .flatten()
    }

    /// Who is asked now, and where.
    fn asked(&self) -> BTreeSet<(usize, char)> {
        if self.stand == Stand::Asks {
            return BTreeSet::from([DECIDES_MORE]);
        }
        let Some(point) = self.active() else {
            return BTreeSet::new();
        };
        let slots = self.points[point].slots.iter();
        let open = slots.filter(|slot| slot.state == Slots::Open);
        open.map(|slot| (point, slot.holder)).collect()
    }

    fn possible(&self) -> Vec<Happens> {
        let mut all = Vec::new();
        if matches!(
            self.stand,
            Stand::Completed | Stand::Rejected | Stand::Withdrawn
        ) {
            return all;
        }
        if let Some(point) = self.active() {
            for slot in &self.points[point].slots {
                if slot.state != Slots::Open {
                    continue;
                }
                for approves in [true, false] {
                    for seen in BTreeSet::from([self.version, (self.version - 1).max(1)]) {
                        let (slot, actor) = (slot.id, slot.holder);
                        all.push(Happens::Decides {
                            point,
                            slot,
                            actor,
                            approves,
                            seen,
                        });
                    }
                }
                if self.moves < 1 {
                    for to in ['c', 'g', INITIATOR] {
                        all.push(Happens::Moves {
                            point,
                            slot: slot.id,
                            to,
                        });
                    }
                }
            }
            if self.adds < 1 && point != 2 {
                all.push(Happens::Adds { point });
            }
        }
        if self.version < VERSIONS_MAX {
            for author in [INITIATOR, 'b'] {
                for change in [Change::Main, Change::Price] {
                    all.push(Happens::Revises { author, change });
                }
            }
        }
        if matches!(self.stand, Stand::Rework | Stand::Asks) {
            all.extend([INITIATOR, 'b', REWORKER].map(|by| Happens::Resubmits { by }));
        }
        if self.stand == Stand::Asks {
            all.extend([true, false].map(|approves| Happens::Answers { approves }));
        }
        all.push(Happens::Withdraws);
        all
    }

    /// The next state, or nothing where the rules say no.
    fn step(&self, happens: Happens) -> Option<Self> {
        let mut next = self.clone();
        match happens {
            Happens::Decides {
                point,
                slot,
                actor,
                approves,
                seen,
            } => {
                if seen != self.version {
                    return None;
                }
                let slots = &mut next.points[point].slots;
                let place = slots.iter_mut().find(|one| one.id == slot)?;
                let principal = place.who;
                if self.excluded(actor) || self.excluded(principal) {
                    return None;
                }
                // Whoever alone sends it back, as e does, may not when nobody is asked any more.
                let is_over = self.extra_max > 0
                    && self.extra == self.extra_max
                    && self.round >= ROUNDS_MAX + self.extra;
                if point == 2 && !approves && is_over {
                    return None;
                }
                place.state = Slots::Voted;
                let version = self.version;
                next.votes.insert(Vote {
                    point,
                    slot,
                    actor,
                    principal,
                    approves,
                    version,
                });
                next.walk(false);
            }
            Happens::Moves { point, slot, to } => {
                let slots = &mut next.points[point].slots;
                let mut sitting = slots.iter();
                if self.excluded(to)
                    || sitting.any(|one| one.holder == to || one.who == to || one.id == to)
                {
                    return None;
                }
                slots.iter_mut().find(|one| one.id == slot)?.holder = to;
                next.moves += 1;
            }
            Happens::Adds { point } => {
                let here = &mut next.points[point];
                if here
                    .slots
                    .iter()
                    .any(|one| one.who == 'f' || one.holder == 'f')
                {
                    return None;
                }
                let state = Slots::Open;
                here.slots.push(Slot {
                    id: 'f',
                    added: true,
                    who: 'f',
                    holder: 'f',
                    state,
                });
                here.added.push('f');
                next.adds += 1;
                next.walk(false);
            }
            Happens::Revises { .. } if self.stand == Stand::Asks => return None,
            Happens::Revises { author, change } => {
                next.author = author;
                next.version += 1;
                if change == Change::Price {
                    next.price = 1 - next.price;
                }
                let mut votes = BTreeSet::new();
                for point in 0..3 {
                    for vote in self.counted(point) {
                        let stands = vote.approves && carries(point, change);
                        if stands && !next.excluded(vote.actor) && !next.excluded(vote.principal) {
                            votes.insert(Vote {
                                version: next.version,
                                ..vote.clone()
                            });
                        }
                    }
                }
                next.votes = votes;
                next.round += u32::from(self.stand == Stand::Rework);
                next.reworkers.clear();
                next.stand = Stand::Running;
                next.walk(true);
            }
            Happens::Resubmits { by } => {
                let may = by == INITIATOR || self.reworkers.contains(&by);
                if self.stand != Stand::Rework || !may {
                    return None;
                }
                next.reworkers.clear();
                next.votes.retain(|vote| vote.approves);
                next.round += 1;
                next.stand = Stand::Running;
                next.walk(true);
            }
            Happens::Answers { approves: true } => {
                next.extra += 1;
                next.hand_back();
            }
            Happens::Answers { approves: false } => next.stand = Stand::Rejected,
            Happens::Withdraws => {
                next.reworkers.clear();
                next.stand = Stand::Withdrawn;
            }
        }
        Some(next)
    }
}

// ---- the engine beside it

const EVERYBODY: [char; 11] = ['i', 'a', 'b', 'c', 'd', 'e', 'f', 'g', 'm', 'k', 't'];

fn id(who: char) -> PersonId {
    PersonId(Uuid::from_u128(u128::from(u32::from(who))))
}

/// Everybody reports to m, m to k; t is the administrator.
fn small_house() -> Directory {
    let person = |who: char| Person {
        id: id(who),
        login: format!("x{who}"),
        active: true,
        departments: BTreeSet::new(),
        roles: (who == 't')
            .then(|| RoleHeld {
                role: "administrator".to_owned(),
                department: None,
            })
            .into_iter()
            .collect(),
        manager: match who {
            'k' => None,
            'm' => Some(id('k')),
            _ => Some(id('m')),
        },
    };
    Directory {
        people: EVERYBODY
            .into_iter()
            .map(|who| (id(who), person(who)))
            .collect(),
        ..Directory::default()
    }
}

fn chain_of_model(extra_max: u32) -> Definition {
    let (rework, back) = if extra_max == 0 {
        ("on_exhausted: { finish: rejected }".to_owned(), "initiator")
    } else {
        let more = format!("escalate: {{ to: {{ user: xk }}, max: {extra_max} }}");
        (
            format!("to: author, on_exhausted: {{ {more} }}"),
            "{ user: xg }",
        )
    };
    let chain = "rework: { max_rounds: 1, REWORK }
stages:
  - id: n0
    type: approve
    title: { ru: а, en: a }
    assignees: [{ user: xa }, { user: xb }]
    quorum: { count: 2 }
    on_reject: { count: true, then: rework }
    carry: \"!changed('file.main')\"
  - id: n1
    type: approve
    title: { ru: б, en: b }
    when: \"doc.payment_days == 1\"
    assignees: [{ user: xb }, { user: xc }, { user: xd }]
    quorum: { count: 2 }
    on_reject: { count: true, then: rework }
    carry: \"!changed('doc.payment_days')\"
  - id: n2
    type: sign
    title: { ru: в, en: c }
    assignees: [{ user: xe }]
    on_reject: { rework: { to: BACK } }
";
    let chain = chain.replace("REWORK", &rework).replace("BACK", back);
    define(&with_stages(&chain))
}

fn card_of(price: i64) -> chancery_types::field::Card {
    let mut card = contract("1");
    card.insert("payment_days".to_owned(), FieldValue::Integer(price));
    card
}

fn version_of(number: u32, author: char) -> Version {
    Version {
        number,
        digest: digest(number),
        author: id(author),
    }
}

fn by(who: char, kind: EventKind) -> Event {
    Event {
        at: Instant::from_seconds(0),
        actor: chancery_workflow::Actor::Person(id(who)),
        kind,
    }
}

fn task_of(state: &State, point: usize, holder: char) -> TaskNumber {
    let found = state.open_task_of(&format!("n{point}"), Assignee::Person(id(holder)));
    found.unwrap_or(TaskNumber(9999))
}

/// What the engine is told of one thing that happens in the model.
fn events(model: &Model, state: &State, happens: Happens) -> Vec<Event> {
    let comment = || Some("Исправлено".to_owned());
    let resubmits = |who| by(who, EventKind::Resubmitted { comment: comment() });
    match happens {
        Happens::Decides {
            point,
            actor,
            approves,
            seen,
            ..
        } => {
            let task = task_of(state, point, actor);
            let version_digest = digest(seen);
            if point == 2 && approves {
                return vec![by(
                    actor,
                    EventKind::Signed {
                        task,
                        version_digest,
                    },
                )];
            }
            let kind = EventKind::Decided {
                task,
                decision: if approves {
                    Decision::Approve
                } else {
                    Decision::Reject
                },
                version_digest,
                comment: comment(),
                remarks: Vec::new(),
            };
            vec![by(actor, kind)]
        }
        Happens::Moves { point, slot, to } => {
            let slots = model.points[point].slots.iter();
            let holder = slots
                .filter(|one| one.id == slot)
                .map(|one| one.holder)
                .next();
            let holder = holder.expect("a slot");
            let task = task_of(state, point, holder);
            vec![by(
                holder,
                EventKind::Reassigned {
                    task,
                    to: Assignee::Person(id(to)),
                },
            )]
        }
        Happens::Adds { point } => {
            let kind = EventKind::ApproverAdded {
                stage: format!("n{point}"),
                person: id('f'),
                place: Place::Beside,
                required: true,
            };
            vec![by('t', kind)]
        }
        Happens::Revises { author, change } => {
            let is_price = change == Change::Price;
            let price = if is_price {
                1 - model.price
            } else {
                model.price
            };
            let file = (!is_price).then(|| "file.main".to_owned());
            let kind = EventKind::NewVersion {
                version: version_of(model.version + 1, author),
                card: card_of(price),
                changed: file.into_iter().collect(),
            };
            let mut all = vec![by(author, kind)];
            // In the model a new version goes round again by itself.
            all.extend((model.stand == Stand::Rework).then(|| resubmits(INITIATOR)));
            all
        }
        Happens::Resubmits { by } => vec![resubmits(by)],
        Happens::Answers { approves } => {
            let (_, who) = DECIDES_MORE;
            let task = state.open_task_of(EXTRA_ROUND, Assignee::Person(id(who)));
            let decision = match approves {
                true => Decision::Approve,
                false => Decision::Reject,
            };
            let kind = EventKind::Decided {
                task: task.unwrap_or(TaskNumber(9999)),
                decision,
                version_digest: digest(model.version),
                comment: comment(),
                remarks: Vec::new(),
            };
            vec![by(who, kind)]
        }
        Happens::Withdraws => {
            let reason = "Зря".to_owned();
            vec![by(INITIATOR, EventKind::Withdrawn { reason })]
        }
    }
}

fn stand_of(state: &State) -> Stand {
    let mut asked = state.open_tasks();
    match state.phase {
        Phase::Draft => Stand::Running,
        Phase::Running if asked.any(|(_, task)| task.stage == EXTRA_ROUND) => Stand::Asks,
        Phase::Running => Stand::Running,
        Phase::Rework => Stand::Rework,
        Phase::Completed => Stand::Completed,
        Phase::Rejected => Stand::Rejected,
        Phase::Withdrawn => Stand::Withdrawn,
    }
}

fn asked_by_engine(state: &State) -> BTreeSet<(usize, char)> {
    let letters: BTreeMap<PersonId, char> =
        EVERYBODY.into_iter().map(|who| (id(who), who)).collect();
    state
        .open_tasks()
        .map(|(_, task)| {
            let Assignee::Person(person) = task.assignee else {
                panic!("a person");
            };
            let point = match task.stage.as_str() {
                EXTRA_ROUND => DECIDES_MORE.0,
                stage => stage[1..].parse().expect("a point"),
            };
            (point, letters[&person])
        })
        .collect()
}

#[test]
fn the_engine_does_what_the_model_does() {
    compare(0, 5);
}

#[test]
fn the_engine_lets_go_round_and_hands_back_as_the_model_does() {
    compare(1, 6);
}

/// Takes the engine along every way of the model that has so many extra rounds, which comes to so
/// many different stands.
fn compare(extra_max: u32, stands: usize) {
    let (definition, directory) = (chain_of_model(extra_max), small_house());
    let start = by(
        INITIATOR,
        EventKind::Started {
            card: card_of(0),
            version: version_of(1, INITIATOR),
        },
    );
    let first = apply(&definition, &State::draft(), &start, &directory)
        .expect("it starts")
        .state;
    let mut seen = BTreeSet::from([Model::start(extra_max)]);
    let mut waiting = VecDeque::from([(Model::start(extra_max), first, Vec::new())]);
    let (mut compared, mut refused) = (0_u32, 0_u32);
    let mut ends: BTreeSet<Stand> = BTreeSet::new();
    while let Some((model, state, way)) = waiting.pop_front() {
        assert_eq!(model.stand, stand_of(&state), "{way:?}");
        assert_eq!(model.round + 1, state.round, "{way:?}");
        assert_eq!(model.asked(), asked_by_engine(&state), "{way:?}");
        let reworkers: Vec<PersonId> = model.reworkers.iter().map(|who| id(*who)).collect();
        assert_eq!(reworkers, state.reworkers, "{way:?}");
        ends.insert(model.stand);
        for happens in model.possible() {
            let mut way: Vec<Happens> = way.clone();
            way.push(happens);
            let wanted = model.step(happens);
            let mut now = Ok(state.clone());
            for event in events(&model, &state, happens) {
                let step = |state: State| apply(&definition, &state, &event, &directory);
                now = now.and_then(step).map(|step| step.state);
            }
            compared += 1;
            match (wanted, now) {
                (None, Err(_)) => refused += 1,
                (Some(next), Ok(state)) => {
                    if seen.len() < STATES_MAX && seen.insert(next.clone()) {
                        waiting.push_back((next, state, way));
                    } else {
                        assert_eq!(next.asked(), asked_by_engine(&state), "{way:?}");
                    }
                }
                (None, Ok(_)) => panic!("only the engine accepts {way:?}"),
                (Some(_), Err(refusal)) => panic!("only the engine refuses {way:?}: {refusal}"),
            }
        }
    }
    assert_eq!(
        ends.len(),
        stands,
        "every end and every stand was reached: {ends:?}"
    );
    assert!(
        compared > 20_000 && refused > 2_000,
        "{compared} compared, {refused} refused"
    );
}
