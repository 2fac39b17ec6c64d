//! One move of a player as an event: mostly legal, so that runs reach their end; sometimes noise.

use std::collections::BTreeSet;

use chancery_types::{FieldValue, Instant};
use chancery_workflow::{
    Actor, Assignee, Decision, Definition, Event, EventKind, Phase, Place, StageKind, State, Task,
    TaskNumber, TaskState, Version,
};

use super::company::*;

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
    /// Below 80: go on as the state asks. Below 100: noise of several sorts. Below 120: what
    /// changes a run from outside its tasks. Above: tasks are taken, given back, handed on.
    pub sort: u8,
    pub pick: Pick,
    pub other: Pick,
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
    if made.sort >= 120 {
        return hand(state, made, at);
    }
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

/// Tasks of pools are taken and given back, tasks are handed on and come back, somebody's absence
/// begins.
fn hand(state: &State, made: &Move, at: Instant) -> Event {
    let everybody: Vec<&str> = logins().collect();
    let somebody = everybody[made.other.index(everybody.len())];
    let open: Vec<(TaskNumber, &Task)> = state.open_tasks().collect();
    let event = |actor, kind| Event { at, actor, kind };
    if made.sort == 120 || open.is_empty() {
        let person = person(somebody);
        return event(Actor::System, EventKind::AbsenceBegan { person });
    }
    let (task, known) = open[made.pick.index(open.len())];
    let holder = actor(&name(known.assignee));
    match made.sort {
        121..124 => event(holder, EventKind::Claimed { task }),
        124 | 125 => event(holder, EventKind::Unclaimed { task }),
        126 | 127 => {
            let to = person(somebody);
            event(holder, EventKind::Delegated { task, to })
        }
        128 => event(holder, EventKind::DelegationEnded { task }),
        _ => {
            let handed = known.on_behalf_of.first();
            let by = handed.map_or(actor(somebody), |first| Actor::Person(*first));
            event(by, EventKind::DelegationEnded { task })
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
