//! How much room steps take before they are placed.

use crate::Decision;
use crate::definition::{Node, OnReject, Parallel, Stage};

pub(super) const TASK: (i32, i32) = (140, 80);
pub(super) const GATE: i32 = 50;
pub(super) const EVENT: i32 = 36;
/// Between two steps, and between branches.
pub(super) const GAP: i32 = 50;
/// Around the steps in their sub-process.
pub(super) const PADDING: i32 = 50;
/// How far a way around a step keeps from it.
pub(super) const AROUND: i32 = 30;

/// How much room steps take: their width, and what they need above and beneath their line.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Room {
    pub(super) width: i32,
    pub(super) above: i32,
    pub(super) beneath: i32,
}

/// Whether a stage may send the document back, and whether it may end the run.
pub(super) fn refuses(stage: &Stage) -> (bool, bool) {
    let may = |decision| stage.decisions.contains(&decision);
    let rework = matches!(
        stage.on_reject,
        OnReject::Rework | OnReject::CountThenRework
    );
    (
        may(Decision::Return) || (may(Decision::Reject) && rework),
        may(Decision::Reject) && !rework,
    )
}

pub(super) fn steps_room(nodes: &[Node]) -> Room {
    let mut room = Room::default();
    for (index, node) in nodes.iter().enumerate() {
        let step = node_room(node);
        room.width += step.width + if index == 0 { 0 } else { GAP };
        room.above = room.above.max(step.above);
        room.beneath = room.beneath.max(step.beneath);
    }
    room
}

/// Steps in a sub-process of their own, with its beginning and its end.
pub(super) fn boxed_room(nodes: &[Node]) -> Room {
    let room = steps_room(nodes);
    Room {
        width: room.width + 2 * (PADDING + EVENT + GAP),
        above: room.above.max(EVENT) + PADDING,
        beneath: room.beneath.max(EVENT) + PADDING,
    }
}

pub(super) fn node_room(node: &Node) -> Room {
    let bare = match node {
        Node::Stage(stage) => stage_room(stage),
        Node::Automatic(automatic) => {
            let has_ways = automatic.route.iter().any(|arm| arm.goto.is_some());
            Room {
                width: TASK.0 + if has_ways { GAP + GATE } else { 0 },
                above: TASK.1 / 2,
                beneath: TASK.1 / 2 + if has_ways { AROUND } else { 0 },
            }
        }
        Node::Sequence(block) => boxed_room(&block.steps),
        Node::Parallel(block) => branches_room(block),
    };
    match node.when() {
        None => bare,
        Some(_) => Room {
            width: bare.width + 2 * (GATE + GAP),
            above: bare.above.max(GATE / 2) + AROUND,
            beneath: bare.beneath.max(GATE / 2),
        },
    }
}

fn stage_room(stage: &Stage) -> Room {
    if !stage.blocking {
        return Room {
            width: GATE + GAP + TASK.0 + GAP + EVENT,
            above: GATE / 2,
            beneath: GATE / 2 + AROUND + TASK.1,
        };
    }
    let (returns, rejects) = refuses(stage);
    let ends = i32::from(returns) + i32::from(rejects);
    Room {
        width: TASK.0 + if ends > 0 { GAP + GATE } else { 0 },
        above: TASK.1 / 2,
        beneath: (TASK.1 / 2).max(GATE / 2 + ends * (AROUND + EVENT)),
    }
}

pub(super) fn branches_room(block: &Parallel) -> Room {
    let rooms = block.branches.iter().map(node_room);
    let (mut width, mut height) = (0, 0);
    for (index, room) in rooms.enumerate() {
        width = width.max(room.width);
        height += room.above + room.beneath + if index == 0 { 0 } else { GAP };
    }
    Room {
        width: width + 2 * (GATE + GAP),
        above: (height / 2).max(GATE / 2),
        beneath: (height - height / 2).max(GATE / 2),
    }
}
