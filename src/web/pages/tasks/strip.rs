//! The line of steps: all of a short route, and of a long one what stands around its turn.

use super::view::{NodeLine, StageLine, class_of_block};
use crate::app::route::DocumentRoute;
use crate::web::Shell;
use crate::web::i18n;

/// Most steps on one line; a longer route is shown around where it stands.
const STEPS_MAX: usize = 8;
/// How many of them stand before the one whose turn it is.
const STEPS_BEFORE: usize = 2;

/// The steps of a route.
pub fn node_lines(shell: &Shell, route: &DocumentRoute) -> Vec<NodeLine> {
    let nodes = route.nodes.iter().map(|node| {
        let stages = node.stages.iter();
        let stages = stages.map(|stage| StageLine::new(shell, stage, route.may.remind));
        let automatics = node.automatics.iter();
        let automatics = automatics.map(|one| StageLine::of_automatic(shell, one));
        let waits = node.waits.iter();
        let waits = waits.map(|one| StageLine::of_wait(shell, one));
        let stages: Vec<StageLine> = waits.chain(automatics).chain(stages).collect();
        NodeLine {
            title: node.title.clone().unwrap_or_default(),
            class: class_of_block(&stages),
            stages,
            is_shown: true,
        }
    });
    let mut nodes: Vec<NodeLine> = nodes.collect();
    if nodes.len() > STEPS_MAX {
        let is_ahead = |node: &NodeLine| !matches!(node.class, "done" | "skipped");
        let now = nodes.iter().position(is_ahead).unwrap_or(nodes.len());
        let last_start = nodes.len().saturating_sub(STEPS_MAX);
        let start = now.saturating_sub(STEPS_BEFORE).min(last_start);
        let shown = start..start.saturating_add(STEPS_MAX);
        for (index, node) in nodes.iter_mut().enumerate() {
            node.is_shown = shown.contains(&index);
        }
    }
    nodes
}

/// Which steps the line shows, in words; nothing if all.
pub fn told_shown(shell: &Shell, nodes: &[NodeLine]) -> String {
    let first = nodes.iter().position(|node| node.is_shown).unwrap_or(0);
    let count = nodes.iter().filter(|node| node.is_shown).count();
    if count == nodes.len() {
        return String::new();
    }
    let args = [
        ("from", first.saturating_add(1).into()),
        ("to", first.saturating_add(count).into()),
        ("count", nodes.len().into()),
    ];
    i18n::t(shell.locale(), "route-shown", &args)
}
