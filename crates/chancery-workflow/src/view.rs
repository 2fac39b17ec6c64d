//! A run as a page shows it: every stage with its people, before and after the start.

use chancery_types::field::Card;
use chancery_types::id::PersonId;
use chancery_types::{Instant, Localized};

use crate::definition::{
    Automatic, Definition, Due, Join, Node, Quorum, Stage, StageKind, Subdocument, Via,
};
use crate::directory::Directory;
use crate::engine::{self, Counted};
use crate::event::{Decision, SkipReason};
use crate::refusal::Refusal;
use crate::state::{
    Assignee, Heard, Seat, StagePhase, State, Task, TaskNumber, TaskState, Version, WaitPhase,
};

/// One step of a route line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NodeView {
    /// The step's identifier.
    pub id: String,
    /// The title of a block; `None` for a single stage.
    pub block_title: Option<Localized>,
    /// The stage, or all stages of the block in order.
    pub stages: Vec<StageView>,
    /// The stage that asks nobody, or all such stages of the block in order.
    pub automatics: Vec<AutomaticView>,
    /// The documents that the run waits for before the step, by entry of the file.
    pub waits: Vec<WaitView>,
}

/// One entry of `subdocuments` in a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WaitView {
    /// Its name in the file.
    pub name: String,
    /// The kind of the documents.
    pub kind: String,
    /// The title of the kind.
    pub kind_title: Localized,
    /// How many must be completed.
    pub join: Join,
    /// Where it stands.
    pub phase: WaitPhase,
    /// When the run began to wait last, if it ever did.
    pub since: Option<Instant>,
    /// How many of the documents are under way, as they were counted last.
    pub open: u32,
    /// How many were completed.
    pub completed: u32,
    /// How many ended otherwise, without those that the run's keepers have passed over.
    pub lost: u32,
}

/// One stage that asks nobody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AutomaticView {
    /// The path.
    pub path: String,
    /// The title.
    pub title: Localized,
    /// Where it stands.
    pub phase: StagePhase,
    /// What it asks elsewhere, by name, in the order of the file, and what was heard; `None` where
    /// it was not asked yet.
    pub asks: Vec<(String, Option<Heard>)>,
    /// Over the steps up to which one it has gone, if it has.
    pub to: Option<String>,
}

/// One stage of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StageView {
    /// The path: `expertise/legal`.
    pub path: String,
    /// The title.
    pub title: Localized,
    /// What it asks for.
    pub kind: StageKind,
    /// How its assignees reach it.
    pub via: Via,
    /// Whether the run waits for it.
    pub blocking: bool,
    /// Where it stands.
    pub phase: StagePhase,
    /// What its quorum has reached on the present version: approvals, or their weight.
    pub approvals: u32,
    /// What it needs, in the same unit; 0 before it opens.
    pub needed: u32,
    /// When it was opened last.
    pub opened_at: Option<Instant>,
    /// When its tasks are due.
    pub due_at: Option<Instant>,
    /// Its tasks in all rounds, by number.
    pub tasks: Vec<TaskView>,
}

/// One task of a stage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaskView {
    /// Its number in the run.
    pub number: TaskNumber,
    /// The round it was opened in.
    pub round: u32,
    /// Whose slot it is by the definition.
    pub elector: Assignee,
    /// Who holds it, or held it last.
    pub assignee: Assignee,
    /// Who decided: the holder, or somebody in their place.
    pub by: Option<Assignee>,
    /// In whose name, besides: those who handed it on, then whoever was stood in for.
    pub on_behalf_of: Vec<PersonId>,
    /// What was decided.
    pub decision: Option<Decision>,
    /// When it was decided or closed.
    pub at: Option<Instant>,
    /// When it is due.
    pub due_at: Option<Instant>,
    /// Whether it waits for its assignee.
    pub open: bool,
    /// Since when its holder waits for something, if they do.
    pub held_at: Option<Instant>,
    /// Whether its decision counts: given on the present version and not set aside.
    pub counts: bool,
}

impl State {
    /// The run as a route line. A stage that was never reached is pending. Where an extra round is
    /// asked for, or was refused, that stands last.
    #[must_use]
    pub fn nodes(&self, definition: &Definition) -> Vec<NodeView> {
        let steps = definition.nodes().iter().map(|node| NodeView {
            id: node.id().to_owned(),
            block_title: block_title(node),
            stages: node
                .stages()
                .into_iter()
                .map(|stage| self.stage_view(stage))
                .collect(),
            automatics: node
                .automatics()
                .into_iter()
                .map(|automatic| self.automatic_view(automatic))
                .collect(),
            waits: self.waits(definition, node.id()),
        });
        let extra = definition.extra_round().map(|(stage, _)| stage);
        let extra = extra.map(|stage| self.stage_view(stage));
        let extra = extra.filter(|view| view.phase != StagePhase::Pending);
        let extra = extra.map(|view| NodeView {
            id: view.path.clone(),
            block_title: None,
            stages: vec![view],
            automatics: Vec::new(),
            waits: Vec::new(),
        });
        steps.chain(extra).collect()
    }

    /// What the run waits for before a step of the top level.
    fn waits(&self, definition: &Definition, step: &str) -> Vec<WaitView> {
        let own = definition.subdocuments().iter();
        let own = own.filter(|one| one.before == step).map(|one| {
            let entry = self.awaited.get(&one.name);
            let counted = Counted::of(one, &self.children, entry);
            WaitView {
                name: one.name.clone(),
                kind: one.kind.clone(),
                kind_title: one.kind_title.clone(),
                join: one.join,
                phase: entry.map(|entry| entry.phase).unwrap_or_default(),
                since: entry.and_then(|entry| entry.since),
                open: counted.open,
                completed: counted.completed,
                lost: counted.rejected.saturating_add(counted.withdrawn),
            }
        });
        own.collect()
    }

    fn stage_view(&self, stage: &Stage) -> StageView {
        let entry = self.stages.get(&stage.path).cloned().unwrap_or_default();
        let tasks: Vec<TaskView> = self
            .tasks
            .iter()
            .filter(|(_, task)| task.stage == stage.path)
            .map(|(number, task)| self.task_view(*number, task))
            .collect();
        let said = |slot: Assignee| {
            let mut counted = tasks
                .iter()
                .filter(|task| task.elector == slot && task.counts);
            counted.next_back().and_then(|task| task.decision)
        };
        let (approvals, needed) = if entry.electorate.is_empty() {
            (0, 0)
        } else {
            self.tally(stage, said).progress()
        };
        StageView {
            path: stage.path.clone(),
            title: stage.title.clone(),
            kind: stage.kind,
            via: stage.via,
            blocking: stage.blocking,
            phase: entry.phase,
            approvals,
            needed,
            opened_at: entry.opened_at,
            due_at: entry.due_at,
            tasks,
        }
    }

    fn automatic_view(&self, automatic: &Automatic) -> AutomaticView {
        let entry = self.automatic.get(&automatic.path);
        let entry = entry.cloned().unwrap_or_default();
        let taken = entry.taken.map(|way| way as usize);
        let way = taken.and_then(|way| automatic.route.get(way));
        let went = entry.phase == StagePhase::Satisfied;
        AutomaticView {
            path: automatic.path.clone(),
            title: automatic.title.clone(),
            phase: entry.phase,
            asks: automatic
                .need
                .iter()
                .map(|name| {
                    let asked = self.asked.get(name);
                    (name.clone(), asked.map(|asked| asked.heard.clone()))
                })
                .collect(),
            to: way.filter(|_| went).and_then(|way| way.goto.clone()),
        }
    }

    fn task_view(&self, number: TaskNumber, task: &Task) -> TaskView {
        let (decision, by, at, aside) = match &task.state {
            TaskState::Open => (None, None, None, false),
            TaskState::Decided {
                decision,
                by,
                at,
                set_aside,
            } => (Some(*decision), Some(*by), Some(*at), *set_aside),
            TaskState::Closed { at, .. } => (None, None, Some(*at), false),
        };
        TaskView {
            number,
            round: task.round,
            elector: task.elector,
            assignee: task.assignee,
            by,
            on_behalf_of: task.on_behalf_of.clone(),
            decision,
            at,
            due_at: task.due_at,
            open: task.is_open(),
            held_at: task.held_at.filter(|_| task.is_open()),
            counts: decision.is_some() && !aside && self.is_on_present_version(number),
        }
    }
}

/// One stage before the start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PreviewStage {
    /// The path: `expertise/legal`.
    pub path: String,
    /// The title of the parallel block around it, if there is one.
    pub block_title: Option<Localized>,
    /// The title.
    pub title: Localized,
    /// What it asks for.
    pub kind: StageKind,
    /// How long its tasks may take.
    pub due: Option<Due>,
    /// The documents that are waited for before its step opens, where it is the first of it.
    pub waits: Vec<Subdocument>,
    /// Whether it applies, and to whom.
    pub forecast: Forecast,
}

/// What a preview says of a stage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Forecast {
    /// It will ask these, as things are now.
    Asks {
        /// Who.
        assignees: Vec<Assignee>,
        /// What is particular to each, in the same order: by which of the stage's assignees.
        seats: Vec<Seat>,
        /// How many of them are needed.
        needed: u32,
        /// The quorum that is taken for this document.
        quorum: Quorum,
    },
    /// Whether it will apply is known only when somebody elsewhere has answered.
    Depends {
        /// Which question.
        on: String,
    },
    /// It will not apply.
    Skips(SkipReason),
    /// The run cannot start because of it.
    Blocks(Refusal),
}

/// Which stages will apply and who will be asked, if `initiator` started a run now.
///
/// # Errors
///
/// A [`Refusal`] if no run could start at all: an inactive initiator, a card that does not fit.
pub fn preview(
    definition: &Definition,
    card: &Card,
    version: &Version,
    initiator: PersonId,
    directory: &Directory,
) -> Result<Vec<PreviewStage>, Refusal> {
    let forecasts = engine::forecast(definition, card, version, initiator, directory)?;
    let waits = engine::forecast_waits(definition, card, version, initiator, directory)?;
    let is_first = |node: &Node, stage: &Stage| {
        let first = node.stages().first().map(|first| first.path.clone());
        first.as_deref() == Some(stage.path.as_str())
    };
    let waits_of = |node: &Node, stage: &Stage| -> Vec<Subdocument> {
        let own = waits.iter().filter(|one| one.before == node.id());
        let own = own.filter(|_| is_first(node, stage));
        own.map(|one| Subdocument::clone(one)).collect()
    };
    Ok(definition
        .nodes()
        .iter()
        .flat_map(|node| node.stages().into_iter().map(move |stage| (node, stage)))
        .zip(forecasts)
        .map(|((node, stage), forecast)| PreviewStage {
            path: stage.path.clone(),
            block_title: block_title(node),
            title: stage.title.clone(),
            kind: stage.kind,
            due: stage.timing.due.clone(),
            waits: waits_of(node, stage),
            forecast,
        })
        .collect())
}

fn block_title(node: &Node) -> Option<Localized> {
    match node {
        Node::Stage(_) | Node::Automatic(_) => None,
        Node::Parallel(_) | Node::Sequence(_) => Some(node.title().clone()),
    }
}
