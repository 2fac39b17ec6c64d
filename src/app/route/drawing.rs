//! From the engine's view of a run, or of a forecast, to the steps of a route.

use std::collections::{BTreeMap, BTreeSet};

use chancery_types::id::PersonId;
use chancery_types::{Instant, Locale};
use chancery_workflow::view::{Forecast, NodeView, TaskView};
use chancery_workflow::{
    Assignee, AutomaticView, PreviewStage, StagePhase, StageView, TaskNumber, WaitView,
};

use super::{RouteAutomatic, RouteNode, RoutePerson, RouteStage, RouteWait, phases};
use crate::app::names::Names;
use crate::store::entity::tasks;

/// The titles of what comes after the open stages, at most three; none where a stage has returned
/// or rejected the document, though others still decide. What a condition will skip, as
/// things are now, does not come.
pub(super) fn next_titles(nodes: &[NodeView], ahead: &Ahead, locale: Locale) -> Vec<String> {
    let goes_back = |node: &NodeView| {
        let mut phases = node.stages.iter().map(|stage| &stage.phase);
        phases.any(|phase| matches!(phase, StagePhase::Returned | StagePhase::Rejected))
    };
    if nodes.iter().any(goes_back) {
        return Vec::new();
    }
    nodes
        .iter()
        .skip_while(|node| phases(node).all(|phase| *phase != StagePhase::Active))
        .filter(|node| {
            node.stages
                .iter()
                .all(|stage| stage.phase == StagePhase::Pending)
        })
        .filter(|node| !node.stages.iter().all(|stage| ahead.skips(stage)))
        .filter_map(|node| {
            let title = node.block_title.as_ref();
            let title = title.or_else(|| node.stages.first().map(|stage| &stage.title))?;
            title.get(locale).map(str::to_owned)
        })
        .take(3)
        .collect()
}

/// What is foreseen of the stages that a run has not reached.
#[derive(Clone, Debug)]
pub(super) enum Ahead {
    /// The run goes on: whom each stage will ask, by its path. Empty if nothing can be foreseen.
    Goes(BTreeMap<String, Forecast>),
    /// The run is over: nothing comes.
    Over,
}

impl Ahead {
    pub(super) fn of(stages: Vec<PreviewStage>) -> Self {
        let forecasts = stages.into_iter().map(|stage| (stage.path, stage.forecast));
        Self::Goes(forecasts.collect())
    }

    fn of_stage(&self, path: &str) -> Option<&Forecast> {
        match self {
            Self::Goes(forecasts) => forecasts.get(path),
            Self::Over => None,
        }
    }

    fn skips(&self, stage: &StageView) -> bool {
        matches!(self.of_stage(&stage.path), Some(Forecast::Skips(_)))
    }

    /// Everybody whom stages of `nodes` that were not reached will ask.
    pub(super) fn assignees(&self, nodes: &[NodeView]) -> Vec<Assignee> {
        let stages = nodes.iter().flat_map(|node| &node.stages);
        let pending = stages.filter(|stage| stage.phase == StagePhase::Pending);
        pending
            .filter_map(|stage| match self.of_stage(&stage.path)? {
                Forecast::Asks { assignees, .. } => Some(assignees.iter().copied()),
                Forecast::Skips(_) | Forecast::Depends { .. } | Forecast::Blocks(_) => None,
            })
            .flatten()
            .collect()
    }
}

/// What drawing a route needs.
pub(super) struct Drawing<'a> {
    pub(super) names: &'a Names,
    pub(super) rows: BTreeMap<i64, &'a tasks::Model>,
    pub(super) ahead: Ahead,
    pub(super) stand_ins: BTreeMap<TaskNumber, Vec<PersonId>>,
    /// Tasks that somebody took out of their pool.
    pub(super) taken: BTreeSet<TaskNumber>,
    pub(super) locale: Locale,
    pub(super) now: Instant,
}

impl Drawing<'_> {
    pub(super) fn node(&self, node: NodeView) -> RouteNode {
        let title = node
            .block_title
            .as_ref()
            .and_then(|title| title.get(self.locale));
        RouteNode {
            title: title.map(str::to_owned),
            stages: node
                .stages
                .into_iter()
                .map(|stage| self.stage(stage))
                .collect(),
            automatics: node
                .automatics
                .into_iter()
                .map(|one| self.automatic(one))
                .collect(),
            waits: node.waits.into_iter().map(|one| self.wait(one)).collect(),
        }
    }

    fn wait(&self, wait: WaitView) -> RouteWait {
        let title = wait.kind_title.get(self.locale);
        RouteWait {
            title: title.unwrap_or(&wait.kind).to_owned(),
            join: wait.join,
            phase: wait.phase,
            counts: (wait.completed, wait.open),
        }
    }

    fn automatic(&self, automatic: AutomaticView) -> RouteAutomatic {
        let title = automatic.title.get(self.locale);
        RouteAutomatic {
            title: title.unwrap_or(&automatic.path).to_owned(),
            phase: match (&self.ahead, automatic.phase) {
                (Ahead::Over, StagePhase::Pending) => StagePhase::Cancelled,
                (_, phase) => phase,
            },
        }
    }

    fn stage(&self, stage: StageView) -> RouteStage {
        if stage.phase == StagePhase::Pending {
            return self.stage_ahead(stage);
        }
        let is_open = stage.phase == StagePhase::Active;
        RouteStage {
            title: stage
                .title
                .get(self.locale)
                .unwrap_or(&stage.path)
                .to_owned(),
            path: stage.path,
            kind: stage.kind,
            phase: stage.phase,
            is_unreached: false,
            approvals: stage.approvals,
            needed: stage.needed,
            due_at: stage.due_at,
            is_overdue: is_open && stage.due_at.is_some_and(|due| due < self.now),
            people: stage.tasks.iter().map(|task| self.person(task)).collect(),
            reasons: Vec::new(),
            conditions: Vec::new(),
        }
    }

    /// A stage that was not reached: whom it will ask, as things are now. What was decided in
    /// rounds before stays beside.
    fn stage_ahead(&self, stage: StageView) -> RouteStage {
        let mut people: Vec<RoutePerson> =
            stage.tasks.iter().map(|task| self.person(task)).collect();
        let (phase, needed) = match (&self.ahead, self.ahead.of_stage(&stage.path)) {
            (Ahead::Over, _) => (StagePhase::Cancelled, 0),
            (_, Some(Forecast::Skips(reason))) => (StagePhase::Skipped(*reason), 0),
            (
                _,
                Some(Forecast::Asks {
                    assignees, needed, ..
                }),
            ) => {
                let asked = assignees.iter().map(|assignee| RoutePerson {
                    // Behind every round that was: the pages show the newest first.
                    round: u32::MAX,
                    ..asked(*assignee, self.names)
                });
                people.extend(asked);
                (StagePhase::Pending, *needed)
            }
            (_, Some(Forecast::Blocks(_) | Forecast::Depends { .. }) | None) => {
                (StagePhase::Pending, 0)
            }
        };
        RouteStage {
            title: stage
                .title
                .get(self.locale)
                .unwrap_or(&stage.path)
                .to_owned(),
            path: stage.path,
            kind: stage.kind,
            phase,
            is_unreached: true,
            approvals: 0,
            needed,
            due_at: None,
            is_overdue: false,
            people,
            reasons: Vec::new(),
            conditions: Vec::new(),
        }
    }

    fn person(&self, task: &TaskView) -> RoutePerson {
        let row = self.rows.get(&i64::from(task.number.0));
        // Whoever handed it on stands among those in whose name it is decided.
        let moved = task.elector != task.assignee && task.on_behalf_of.is_empty();
        let who = task.by.unwrap_or(task.assignee);
        let named = |people: &[PersonId]| {
            let names = people.iter().map(|id| self.names.of(Assignee::Person(*id)));
            names.collect::<Vec<String>>()
        };
        RoutePerson {
            task_id: row.map(|row| row.id.into()),
            name: self.names.of(who),
            beside: self.names.beside(who),
            on_behalf_of: named(&task.on_behalf_of),
            stand_ins: named(self.stand_ins.get(&task.number).map_or(&[], Vec::as_slice)),
            mandate: None,
            is_taken: self.taken.contains(&task.number),
            is_taken_by_another: row
                .is_some_and(|row| row.close_reason.as_deref() == Some("claimed")),
            in_place_of: moved.then(|| self.names.of(task.elector)),
            decision: task.decision,
            at: task.at,
            comment: row.and_then(|row| row.comment.clone()),
            is_open: task.open,
            counts: task.counts,
            round: task.round,
            reminded_at: row
                .and_then(|row| row.reminded_at)
                .map(Instant::from_micros),
            away_until: None,
        }
    }
}

/// Somebody who will be asked.
pub(super) fn asked(assignee: Assignee, names: &Names) -> RoutePerson {
    RoutePerson {
        task_id: None,
        name: names.of(assignee),
        beside: names.beside(assignee),
        in_place_of: None,
        on_behalf_of: Vec::new(),
        stand_ins: Vec::new(),
        mandate: None,
        is_taken: false,
        is_taken_by_another: false,
        decision: None,
        at: None,
        comment: None,
        is_open: false,
        counts: false,
        round: 0,
        reminded_at: None,
        away_until: None,
    }
}
