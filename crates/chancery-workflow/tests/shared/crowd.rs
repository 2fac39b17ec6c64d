//! An order that thousands must read.

use std::collections::BTreeSet;

use chancery_types::field::Card;
use chancery_types::id::PersonId;
use chancery_types::{Digest, Instant};
use chancery_workflow::{
    Actor, Assignee, Decision, Definition, Directory, Event, EventKind, Person, Refusal, State,
    TaskNumber, TaskState, apply,
};
use uuid::Uuid;

use crate::shared::company::{actor, directory, version, with_stages};

/// The group that reads.
const GROUP: &str = "contract_board";
/// When they read.
const READ_AT: i64 = 1_800_000_060;

/// A chain whose last stage is read by a whole group, with a due date and a reminder for each.
pub fn chain() -> String {
    let rest = format!(
        "calendar: ru-5x8
stages:
  - {{ id: agree, type: approve, title: {{ ru: а, en: a }}, assignees: [{{ user: pavel }}] }}
  - id: read
    type: acknowledge
    title: {{ ru: б, en: b }}
    assignees: [{{ group: {GROUP} }}]
    due: 5bd
    remind: [{{ before: 1bd }}]
    on_timeout: {{ notify: [initiator] }}
"
    );
    with_stages(&rest)
}

/// The company with so many more people, all of whom are to read.
pub fn company(size: u128) -> Directory {
    let mut directory = directory();
    let mut group = BTreeSet::new();
    for number in 0..size {
        let id = PersonId(Uuid::from_u128(100_000 + number));
        let person = Person {
            id,
            login: format!("reader{number}"),
            active: true,
            departments: BTreeSet::new(),
            roles: BTreeSet::new(),
            manager: None,
        };
        directory.people.insert(id, person);
        group.insert(id);
    }
    directory.groups.insert(GROUP.to_owned(), group);
    directory
}

/// The run of a document that everybody is asked to read.
pub fn opened(
    definition: &Definition,
    directory: &Directory,
    card: &Card,
) -> Result<State, Refusal> {
    let version = version(1, "olga");
    let task = TaskNumber(1);
    let agrees = decided(task, actor("pavel"), Decision::Approve, version.digest);
    let start = Event {
        at: Instant::from_seconds(1_800_000_000),
        actor: actor("olga"),
        kind: EventKind::Started {
            card: card.clone(),
            version,
        },
    };
    let state = apply(definition, &State::draft(), &start, directory)?.state;
    apply(definition, &state, &agrees, directory).map(|step| step.state)
}

/// The next one reads; `None` where nobody is left to.
pub fn next_reads(state: &State) -> Option<Event> {
    let (number, task) = state.open_tasks().next()?;
    let digest = task.version_digest;
    Some(decided(
        number,
        who(task.assignee),
        Decision::Acknowledge,
        digest,
    ))
}

fn decided(task: TaskNumber, actor: Actor, decision: Decision, version_digest: Digest) -> Event {
    Event {
        at: Instant::from_seconds(READ_AT),
        actor,
        kind: EventKind::Decided {
            task,
            decision,
            version_digest,
            comment: None,
            remarks: Vec::new(),
        },
    }
}

/// As many of them read as `count`, one after another.
pub fn read_by(
    definition: &Definition,
    directory: &Directory,
    state: State,
    count: usize,
) -> Result<State, Refusal> {
    let mut state = state;
    for _ in 0..count {
        let Some(event) = next_reads(&state) else {
            break;
        };
        state = apply(definition, &state, &event, directory)?.state;
    }
    Ok(state)
}

/// The same without a step: as the state would be.
pub fn as_if_read_by(mut state: State, count: usize) -> State {
    for task in state
        .tasks
        .values_mut()
        .filter(|task| task.is_open())
        .take(count)
    {
        task.state = TaskState::Decided {
            decision: Decision::Acknowledge,
            by: task.assignee,
            at: Instant::from_seconds(READ_AT),
            set_aside: false,
        };
    }
    let tasks = &state.tasks;
    state.timers.retain(|_, timer| tasks[&timer.task].is_open());
    state
}

const fn who(assignee: Assignee) -> Actor {
    match assignee {
        Assignee::Person(id) => Actor::Person(id),
        Assignee::Contact(id) => Actor::Contact(id),
    }
}
