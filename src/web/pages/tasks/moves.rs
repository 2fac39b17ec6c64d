//! Whose move it is in a run, and what comes of a stage that has decided already, in words.

use chancery_workflow::StagePhase;

use crate::app::route::{DocumentRoute, RouteStage};
use crate::web::{Shell, i18n};

/// How many names are said of those whose move it is: thousands may have to read one document.
const NAMES_SHOWN_MAX: usize = 12;

/// Whose move it is, a piece for each open stage; the reader is told so.
pub(super) fn moves(shell: &Shell, route: &DocumentRoute) -> Vec<String> {
    let stages = route.nodes.iter().flat_map(|node| &node.stages);
    let open = stages.filter(|stage| stage.phase == StagePhase::Active);
    let reader = shell.reader.as_ref().map(|reader| reader.name.as_str());
    let reader = reader.filter(|_| route.my_task.is_some());
    let told = open.map(|stage| {
        let holders = stage.people.iter().filter(|person| person.is_open);
        let mut names: Vec<String> = holders
            .map(|person| match reader == Some(person.name.as_str()) {
                true => shell.t("run-you"),
                false => person.name.clone(),
            })
            .collect();
        names.sort();
        names.dedup();
        // The reader first: it is their move that they look for.
        let you = shell.t("run-you");
        names.sort_by_key(|name| *name != you);
        if let Some(rest) = names
            .len()
            .checked_sub(NAMES_SHOWN_MAX)
            .filter(|rest| *rest > 0)
        {
            names.truncate(NAMES_SHOWN_MAX);
            return shell.t2("run-and-more", "names", names.join(", "), "count", rest);
        }
        match (names.pop(), stage.needed) {
            (Some(last), 1) if !names.is_empty() => {
                shell.t2("run-any-of", "names", names.join(", "), "last", last)
            }
            (Some(last), _) => {
                names.push(last);
                names.join(", ")
            }
            (None, _) => String::new(),
        }
    });
    let mut told: Vec<String> = told.filter(|piece| !piece.is_empty()).collect();
    // The stages of a block decide beside each other.
    match told.len() > 1 {
        true => vec![told.join("; ")],
        false => std::mem::take(&mut told),
    }
}

/// What a stage that returned or rejected the document means while others beside it still decide.
pub(super) fn going_back(shell: &Shell, route: &DocumentRoute) -> Option<String> {
    let is_open = |stage: &&RouteStage| stage.phase == StagePhase::Active;
    let node = route
        .nodes
        .iter()
        .find(|node| node.stages.iter().any(|stage| is_open(&stage)))?;
    node.stages.iter().find_map(|stage| {
        let key = match stage.phase {
            StagePhase::Returned => "run-next-returned",
            StagePhase::Rejected => "run-next-rejected",
            _ => return None,
        };
        Some(shell.t1(key, "stage", stage.title.as_str()))
    })
}

/// Which stage waits for an answer from another system, or for which documents the run waits, if it
/// is nobody's move; else nothing.
pub(super) fn waits_outside(shell: &Shell, route: &DocumentRoute) -> String {
    let mut waits = route.nodes.iter().flat_map(|node| &node.waits);
    if let Some(wait) = waits.find(|wait| wait.phase.is_open()) {
        let (completed, open) = wait.counts;
        let args = [
            ("kind", wait.title.as_str().into()),
            ("completed", completed.into()),
            ("open", open.into()),
        ];
        return i18n::t(shell.locale(), "run-waits-documents", &args);
    }
    let mut all = route.nodes.iter().flat_map(|node| &node.automatics);
    let open = all.find(|one| one.phase == StagePhase::Active);
    open.map_or_else(String::new, |one| {
        shell.t1("run-waits-outside", "stage", one.title.as_str())
    })
}
