//! Branches that do not concern each other need not be walked in every order.
//!
//! Where all branches of a block are needed and each is waited for whatever the others say
//! (`join: all`, `on_branch_reject: finish_others`), a decision in one neither opens nor closes nor
//! forbids anything in another: a condition does not read votes, and no rule asks here for the
//! votes of a sibling. So every order of the same decisions leads to the same state, and one order
//! is enough: first whatever may be decided in the first branch that is open, then in the next.
//! Nothing behind the block happens meanwhile, so long as all of it blocks.

use crate::definition::{Definition, Join, Node, OnBranchReject};
use crate::state::{Phase, StagePhase, State};

/// The branch whose decisions stand for all, if everything that is open is in such a block.
pub(super) fn to_follow<'a>(definition: &'a Definition, state: &State) -> Option<&'a Node> {
    let mut open = state.open_tasks().map(|(_, task)| task.stage.as_str());
    let first = open.next()?;
    let node = definition.nodes().iter().find(|node| holds(node, first))?;
    let Node::Parallel(block) = node else {
        return None;
    };
    if !is_patient(definition, node) || !open.all(|path| holds(node, path)) {
        return None;
    }
    let is_open = |branch: &&Node| {
        let mut open = state.open_tasks();
        open.any(|(_, task)| holds(branch, &task.stage))
    };
    block.branches.iter().find(is_open)
}

/// Whether a node is a block of which all branches are needed and waited for, that blocks as a
/// whole and asks nobody about its own votes.
fn is_patient(definition: &Definition, node: &Node) -> bool {
    let Node::Parallel(block) = node else {
        return false;
    };
    block.join == Join::All
        && block.on_branch_reject == OnBranchReject::FinishOthers
        && node.automatics().is_empty()
        && node.stages().iter().all(|stage| stage.blocking)
        && !reads_itself(definition, node)
}

/// Whether a rule that applies within a block may ask who has voted there.
fn reads_itself(definition: &Definition, node: &Node) -> bool {
    let stages = node.stages();
    definition.rules().iter().any(|rule| {
        let mut all = stages.iter();
        let applies = rule.stages.is_empty() || all.any(|one| rule.stages.contains(&one.id));
        let source = rule.rule.source();
        applies && stages.iter().any(|one| source.contains(&one.id))
    })
}

/// The block in which the run is and whose refusal is certain: one of its branches, which are all
/// needed, is rejected, and the others are waited for. Whatever these decide, the run is rejected
/// then; what its closed stages have come to decides nothing more.
pub(super) fn lost<'a>(definition: &'a Definition, state: &State) -> Option<&'a Node> {
    if state.phase != Phase::Running {
        return None;
    }
    let mut open = state.open_tasks().map(|(_, task)| task.stage.as_str());
    let first = open.next()?;
    let node = definition.nodes().iter().find(|node| holds(node, first))?;
    let Node::Parallel(block) = node else {
        return None;
    };
    let rejects = |node: &Node| {
        let entry = state.stages.get(node.path());
        let is_rejected = entry.is_some_and(|entry| entry.phase == StagePhase::Rejected);
        matches!(node, Node::Stage(_)) && is_rejected
    };
    let is_rejected = |branch: &Node| match branch {
        Node::Sequence(block) => block.steps.iter().any(rejects),
        _ => rejects(branch),
    };
    let is_certain = is_patient(definition, node)
        && block.branches.iter().any(is_rejected)
        && open.all(|path| holds(node, path));
    is_certain.then_some(node)
}

/// Whether a stage is in a node.
pub(super) fn holds(node: &Node, path: &str) -> bool {
    node.stages().iter().any(|stage| stage.path == path)
}
