//! What a move does to the stages of a run.

use std::collections::BTreeSet;

use chancery_types::Locale;
use chancery_types::id::PersonId;
use chancery_workflow::{
    Assignee, Definition, Event, EventKind, StagePhase, State, Step, TaskState,
};

use super::Fate;

/// What becomes of the stages of a run that goes on by `after`.
pub(super) fn of_stages(
    (before, old): (&State, &Definition),
    (step, after): (&Step, &Definition),
    event: &Event,
    locale: Locale,
) -> Fate {
    let EventKind::Migrated { plan, .. } = &event.kind else {
        return Fate::default();
    };
    let titled = |definition: &Definition, path: &str| {
        let stage = definition.stage(path);
        let title = stage.and_then(|stage| stage.title.get(locale));
        title.unwrap_or(path).to_owned()
    };
    let mut fate = Fate::default();
    for (path, entry) in &before.stages {
        let is_open = entry.phase == StagePhase::Active;
        if let Some(new) = plan.renamed.get(path).filter(|_| is_open) {
            let names = (titled(old, path), titled(after, new));
            fate.renamed.push(names);
        }
        let new = plan
            .path_of(path)
            .and_then(|path| step.state.stages.get(path));
        let is_walked =
            |phase: &StagePhase| matches!(phase, StagePhase::Active | StagePhase::Pending);
        if entry.phase == StagePhase::Satisfied && new.is_some_and(|new| is_walked(&new.phase)) {
            fate.reopened.push(titled(old, path));
        }
    }
    let lost = votes_lost(before, &step.state);
    let stages: BTreeSet<&str> = lost.iter().map(|(stage, _)| *stage).collect();
    fate.set_aside = stages.into_iter().map(|path| titled(old, path)).collect();
    fate
}

/// Who agreed on the present version with a vote that counts no more after a move: the stage's path
/// before it, and whose vote it was.
pub(super) fn votes_lost<'s>(before: &'s State, after: &State) -> Vec<(&'s str, PersonId)> {
    let mut lost = Vec::new();
    for (number, task) in &before.tasks {
        let TaskState::Decided {
            decision,
            by: Assignee::Person(person),
            set_aside: false,
            ..
        } = &task.state
        else {
            continue;
        };
        if !decision.is_favourable() || !before.is_on_present_version(*number) {
            continue;
        }
        let now = after.tasks.get(number).map(|task| &task.state);
        let counts = matches!(
            now,
            Some(TaskState::Decided {
                set_aside: false,
                ..
            })
        );
        if !counts {
            lost.push((task.stage.as_str(), *person));
        }
    }
    lost
}
