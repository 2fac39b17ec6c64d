//! What the tables must have, by the state that the engine came to in memory.

use std::collections::{BTreeMap, BTreeSet};

use chancery_workflow::{
    Assignee, CloseReason, Directory, Effect, Event, EventKind, Phase, State, Step, Task, TaskState,
};

use super::paper::Stored;

/// What was to be written so far.
#[derive(Debug)]
pub struct Expected {
    pub state: State,
    /// How many events were accepted.
    pub seq: i64,
    /// The letters about tasks that open, move and close.
    letters: BTreeSet<String>,
    /// What steps have written that is only counted, by table.
    written: BTreeMap<&'static str, i64>,
    /// What there was before.
    begun: BTreeMap<&'static str, i64>,
}

impl Expected {
    /// A draft beside which there is what `stored` has.
    pub fn draft(stored: &Stored) -> Self {
        Self {
            state: State::draft(),
            seq: 0,
            letters: BTreeSet::new(),
            written: BTreeMap::new(),
            begun: stored.counts.clone(),
        }
    }

    /// An event was accepted: `stored` is read for the identifiers of tasks alone.
    pub fn take(&mut self, event: &Event, step: Step, directory: &Directory, stored: &Stored) {
        let id = |number: &chancery_workflow::TaskNumber| {
            let row = stored.tasks.iter();
            let mut row = row.filter(|row| row.number == i64::from(number.0));
            row.next().expect("the row of a task").id
        };
        let told = |who: &Assignee| match who {
            Assignee::Person(person) => directory.active(*person).is_some(),
            Assignee::Contact(_) => false,
        };
        let seq = self.seq;
        // Whoever hands a task on says so in a letter of its own; whoever takes one says nothing.
        let is_handed = matches!(
            event.kind,
            EventKind::Delegated { .. } | EventKind::DelegationEnded { .. }
        );
        let is_claimed = matches!(event.kind, EventKind::Claimed { .. });
        for effect in &step.effects {
            match effect {
                Effect::OpenTask { task, assignee, .. } if told(assignee) => {
                    self.letters.insert(format!("n:{}:open", id(task)));
                }
                Effect::CloseTask { task, reason } => {
                    let holder = step.state.tasks[task].assignee;
                    let is_decided = matches!(reason, CloseReason::Decided(_));
                    if !is_decided && !is_claimed && told(&holder) {
                        self.letters.insert(format!("n:{}:drop", id(task)));
                    }
                }
                Effect::MoveTask { task, from, to } if !is_handed => {
                    if told(from) {
                        self.letters.insert(format!("n:{}:moved:{seq}", id(task)));
                    }
                    if told(to) {
                        self.letters.insert(format!("n:{}:open:{seq}", id(task)));
                    }
                }
                Effect::RecordRemarks { remarks, .. } => {
                    let count = i64::try_from(remarks.len()).expect("few");
                    *self.written.entry("remarks").or_default() += count;
                }
                _ => {}
            }
        }
        if matches!(event.kind, EventKind::Started { .. }) {
            *self.written.entry("runs").or_default() += 1;
        }
        *self.written.entry("run_events").or_default() += 1;
        *self.written.entry("audit_events").or_default() += 1;
        self.seq += 1;
        self.state = step.state;
    }

    /// Every table has what the state says, and nothing else.
    pub fn check(&self, stored: &Stored) {
        let state = &self.state;
        let Some(run) = &stored.run else {
            assert_eq!(self.seq, 0, "a run that was started is stored");
            assert_eq!(stored.document.state, "draft");
            assert!(stored.tasks.is_empty() && stored.letters.is_empty());
            return self.check_counts(stored);
        };
        let kept: State = serde_json::from_str(&run.state).expect("a state");
        assert!(kept == *state, "stored:\n{kept:?}\nin memory:\n{state:?}");
        assert_eq!(run.seq, self.seq, "revisions are dense");
        assert_eq!(run.round, i64::from(state.round));
        assert_eq!(run.finished_at.is_some(), state.phase.is_final());
        let subject = state.subject.as_ref().expect("started");
        let number = stored.versions[&run.version_id].0;
        assert_eq!(number, i64::from(subject.version.number));
        assert_eq!(run.initiator_id, subject.initiator.uuid());
        let (phase, document) = match state.phase {
            Phase::Draft => panic!("a stored run was started"),
            Phase::Running => ("running", "in_run"),
            Phase::Rework => ("rework", "rework"),
            Phase::Completed => ("completed", "effective"),
            Phase::Rejected => ("rejected", "rejected"),
            Phase::Withdrawn => ("withdrawn", "withdrawn"),
        };
        assert_eq!(
            (run.phase.as_str(), stored.document.state.as_str()),
            (phase, document)
        );
        self.check_tasks(stored);
        let armed: Vec<(i64, i64, i64)> = state
            .timers
            .iter()
            .filter_map(|(number, timer)| {
                let due_at = timer.due_at?.micros();
                Some((i64::from(number.0), i64::from(timer.generation), due_at))
            })
            .collect();
        let rows = stored.timers.iter();
        let rows = rows.map(|row| (row.number, row.generation, row.due_at));
        assert_eq!(rows.collect::<Vec<_>>(), armed, "timers");
        let reworkers = state.reworkers.iter().map(|person| person.uuid());
        assert_eq!(stored.reworkers, reworkers.collect(), "reworkers");
        self.check_letters(stored);
        self.check_counts(stored);
    }

    fn check_tasks(&self, stored: &Stored) {
        assert_eq!(stored.tasks.len(), self.state.tasks.len(), "tasks");
        for (row, (number, task)) in stored.tasks.iter().zip(&self.state.tasks) {
            assert_eq!(row.number, i64::from(number.0));
            assert_eq!((&row.path, row.round), (&task.stage, i64::from(task.round)));
            let holder = match task.assignee {
                Assignee::Person(id) => (Some(id.uuid()), None),
                Assignee::Contact(id) => (None, Some(id.uuid())),
            };
            assert_eq!((row.person_id, row.contact_id), holder, "task {number}");
            assert_eq!(
                stored.versions[&row.version_id].1,
                task.version_digest.hex()
            );
            assert_eq!(row.opened_at, task.opened_at.micros());
            let state = (row.state.as_str(), row.decision.as_deref());
            assert_eq!(state, expected_state(task), "task {number}");
            assert_eq!(row.closed_at.is_some(), !task.is_open());
            let due_at = task.due_at.map(|at| at.micros());
            assert!(!task.is_open() || row.due_at == due_at, "task {number}");
        }
    }

    /// Letters about tasks that open, move and close: each that must be, once, and no other.
    fn check_letters(&self, stored: &Stored) {
        let of_tasks = stored.letters.iter().filter(|key| {
            let what = key.split(':').nth(2);
            matches!(what, Some("open" | "drop" | "moved"))
        });
        assert_eq!(of_tasks.cloned().collect::<BTreeSet<_>>(), self.letters);
        let ids = stored.tasks.iter().map(|row| row.id);
        let ids = ids.chain(stored.run.as_ref().map(|run| run.id));
        let known: BTreeSet<String> = ids.map(|id| id.to_string()).collect();
        for key in &stored.letters {
            let about = key.split(':').nth(1).unwrap_or_default();
            let is_link = key.starts_with("l:");
            assert!(is_link || known.contains(about), "{key} is about nothing");
        }
    }

    fn check_counts(&self, stored: &Stored) {
        for table in ["audit_events", "run_events", "remarks", "runs"] {
            let written = self.written.get(table).copied().unwrap_or_default();
            assert_eq!(stored.counts[table] - self.begun[table], written, "{table}");
        }
        let tasks = i64::try_from(stored.tasks.len()).expect("few");
        assert_eq!(
            stored.counts["tasks"] - self.begun["tasks"],
            tasks,
            "tasks of nobody"
        );
        let told = self
            .state
            .tasks
            .values()
            .map(|task| task.told.len())
            .sum::<usize>();
        let told = i64::try_from(told).expect("few");
        let stand_ins = stored.counts["stand_ins"] - self.begun["stand_ins"];
        assert_eq!(stand_ins, told, "who may decide in whose place");
        let letters = i64::try_from(stored.letters.len()).expect("few");
        let all = stored.counts["outbox"] - self.begun["outbox"];
        assert_eq!(all, letters, "letters about nothing");
    }
}

fn expected_state(task: &Task) -> (&'static str, Option<&'static str>) {
    match &task.state {
        TaskState::Open => ("open", None),
        TaskState::Decided { decision, .. } => ("done", Some(decision.code())),
        TaskState::Closed { .. } => ("closed", None),
    }
}
