//! What must hold of every state and every step, counted anew without a look at the engine.

use std::collections::{BTreeMap, BTreeSet};

use chancery_types::Instant;
use chancery_workflow::{
    Assignee, Carry, Decision, Definition, Directory, EXTRA_ROUND, Effect, Event, EventKind, Join,
    Node, Phase, Quorum, Seat, Stage, StageKind, StagePhase, State, Step, Task, TaskNumber,
    TaskState, TimerNumber,
};

/// What must hold in every state that can be reached: I1, I4, I5, I7, I9 and I10 of
/// `docs/workflow-invariants.md`.
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
        "I10: rounds are bounded"
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
            let reads = stage.kind == StageKind::Acknowledge;
            assert!(!state.phase.is_final() || reads, "I9: the end is the end");
            assert_eq!(
                asks_about(task),
                present,
                "an open task asks about the present version"
            );
            if let Assignee::Person(person) = task.assignee {
                assert!(
                    directory.active(person).is_some(),
                    "I7: somebody can act on it"
                );
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
            assert!(
                !excluded.contains(&task.assignee),
                "I5: duties are separate"
            );
            let mut named = task.on_behalf_of.iter().copied().map(Assignee::Person);
            assert!(
                !counted || !named.any(|person| excluded.contains(&person)),
                "I5: through every hand"
            );
        }
    }
    for votes in by_stage.values() {
        let electors: BTreeSet<Assignee> = votes.iter().map(|(elector, _)| *elector).collect();
        let voters: BTreeSet<Assignee> = votes.iter().map(|(_, by)| *by).collect();
        assert_eq!(
            (electors.len(), voters.len()),
            (votes.len(), votes.len()),
            "I4: one slot, one vote"
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
        "I7: no silent stall"
    );
    for timer in state.timers.values() {
        assert!(state.tasks[&timer.task].is_open(), "I9: a timer of nothing");
    }
    if state.phase == Phase::Completed {
        for node in definition.nodes() {
            assert!(agreed(state, node) != Some(false), "I1: {}", node.path());
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
    assert_ne!(
        stage.kind,
        StageKind::Sign,
        "I6: a signature is never carried"
    );
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
        Carry::Never => panic!("I2: {} carries nothing", stage.path),
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

/// What a shell that only reads effects has in its tables.
#[derive(Debug, Default)]
pub struct Rows {
    /// Who is asked, by open task.
    open: BTreeMap<TaskNumber, Assignee>,
    /// What rings, by timer: which of its arms, and when.
    alarms: BTreeMap<TimerNumber, (u32, Instant)>,
}

/// I3: a vote against and one more approver never close a stage; an approval never undoes one.
pub fn check_monotone(before: &State, event: &Event, step: &Step) {
    let closed: BTreeSet<&str> = step
        .effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::CloseStage { path } => Some(path.as_str()),
            _ => None,
        })
        .collect();
    match &event.kind {
        EventKind::ApproverAdded { .. } => assert!(closed.is_empty(), "I3: {closed:?}"),
        EventKind::Decided { task, decision, .. } if decision.is_refusal() => {
            let task = &before.tasks[task];
            // Whoever made the stage wait and now only counts against ends the waiting.
            let waited = task.held_at.is_some();
            let stage = task.stage.as_str();
            assert!(waited || !closed.contains(stage), "I3: {stage}");
        }
        EventKind::Decided { decision, .. } if decision.is_favourable() => {
            for (path, entry) in &before.stages {
                let now = &step.state.stages[path].phase;
                let was = entry.phase == StagePhase::Satisfied;
                // Whether there is one more round is asked each time anew.
                let is_asked_anew = path == EXTRA_ROUND;
                let stays = *now == StagePhase::Satisfied || is_asked_anew;
                assert!(!was || stays, "I3: {path} is {now:?}");
            }
        }
        _ => {}
    }
}

/// I6: a signature is asked for on the present version, and only where everything before agrees on
/// it, counted anew.
pub fn check_signatures(definition: &Definition, step: &Step) {
    for effect in &step.effects {
        let Effect::OpenTask {
            path,
            stage_kind: StageKind::Sign,
            version_digest,
            ..
        } = effect
        else {
            continue;
        };
        let subject = step.state.subject.as_ref();
        let present = subject.map(|subject| subject.version.digest);
        assert_eq!(present, Some(*version_digest), "I6: the present version");
        let holds = |node: &&Node| node.stages().iter().any(|stage| stage.path == *path);
        for node in definition.nodes().iter().take_while(|node| !holds(node)) {
            assert!(
                agreed(&step.state, node) != Some(false),
                "I6: {}",
                node.path()
            );
        }
    }
}

/// What the effects of a step say of open tasks and timers is what its state has (I8), a final run
/// stays final (I9), and votes are carried by their rule (I2).
pub fn check_effects(
    definition: &Definition,
    before: &State,
    event: &Event,
    step: &Step,
    rows: &mut Rows,
) {
    let Rows { open, alarms } = rows;
    if let EventKind::TimerFired { timer, generation } = &event.kind {
        // Whoever rings it takes it away, unless it was armed anew.
        if alarms
            .get(timer)
            .is_some_and(|(known, _)| known == generation)
        {
            alarms.remove(timer);
        }
    }
    for effect in &step.effects {
        match effect {
            Effect::OpenTask {
                task,
                assignee,
                stage_kind,
                ..
            } => {
                assert!(open.insert(*task, *assignee).is_none(), "I8: opened twice");
                // An acknowledgement that does not block may go on, and be taken back.
                let reads = *stage_kind == StageKind::Acknowledge;
                assert!(
                    reads || !before.phase.is_final(),
                    "I9: opened after the end"
                );
            }
            Effect::CloseTask { task, .. } => {
                assert!(open.remove(task).is_some(), "I8: closed twice");
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
            Effect::ArmTimer {
                timer,
                generation,
                due_at,
                ..
            } => {
                let known = alarms.insert(*timer, (*generation, *due_at));
                assert!(known.is_none_or(|(known, _)| known < *generation), "I8");
            }
            Effect::DisarmTimer { timer } => {
                assert!(alarms.remove(timer).is_some(), "I8: {timer} was not armed");
            }
            Effect::SetDue { task, .. }
            | Effect::Remind { task, .. }
            | Effect::TellOverdue { task, .. }
            | Effect::Escalate { task, .. }
            | Effect::EndHold { task }
            | Effect::TellSubstitute { task, .. } => {
                assert!(step.state.tasks.contains_key(task), "of a task of the run");
            }
            Effect::FillCard { .. }
            | Effect::AskLookup { .. }
            | Effect::AwaitChildren { .. }
            | Effect::PassChildren { .. }
            | Effect::TakeWay { .. }
            | Effect::OpenIncident { .. }
            | Effect::CloseIncident { .. }
            | Effect::Perform { .. } => panic!("these files have none: {effect:?}"),
        }
    }
    let held: BTreeMap<TaskNumber, Assignee> = step
        .state
        .open_tasks()
        .map(|(number, task)| (number, task.assignee))
        .collect();
    assert_eq!(*open, held, "I8: a notice for each open task");
    let armed: BTreeMap<TimerNumber, (u32, Instant)> = step
        .state
        .timers
        .iter()
        .filter_map(|(number, timer)| Some((*number, (timer.generation, timer.due_at?))))
        .collect();
    assert_eq!(*alarms, armed, "I8: an alarm for each timer");
    if before.phase.is_final() {
        assert_eq!(before.phase, step.state.phase, "I9: the end is the end");
        assert_eq!(before.outcome, step.state.outcome);
    }
}
