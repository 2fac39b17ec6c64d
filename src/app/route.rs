//! A document's route as a page shows it: every stage with its people, and what the reader may do.

mod colleagues;
mod drawing;
mod foreseen;
mod keeping;
mod mine;
mod seat;

use chancery_types::id::{DocumentId, RunId, TaskId};
use chancery_types::{FieldValue, Instant, Locale, Money};
use chancery_workflow::view::{Forecast, NodeView};
use chancery_workflow::{
    Assignee, Decision, Definition, Join, Kind, Phase, SkipReason, StageKind, StagePhase, WaitPhase,
};
use std::sync::Arc;

use crate::app::directory::load_directory_for;
use crate::app::documents::facts_of;
use crate::app::error::Args;
use crate::app::names::{names_of, names_of_holders};
use crate::app::refusal::refuse_in;
use crate::app::runs::{current_version, find_document};
use crate::app::transition::LoadedRun;
use crate::app::{App, AppError, allow};
use crate::domain::access::{Action, DocumentFacts, Resource, decide};
use crate::domain::actor::Actor;
use crate::store;
use crate::store::entity::documents;
pub use colleagues::Colleague;
use drawing::{Ahead, Drawing, next_titles};
use foreseen::{Sketch, mentioned};
use keeping::rights_of;
pub use keeping::{Added, Keeping, Stopped};
pub use mine::{HandedOn, MyTask};
use mine::{handed_on, my_task};
pub use seat::PoolMove;
pub(crate) use seat::pool_move;
use seat::stand_ins_of_run;

/// A document's route: before the start a forecast, afterwards what is.
#[derive(Clone, Debug)]
pub struct DocumentRoute {
    /// The run, once there is one.
    pub run: Option<RouteRun>,
    /// The steps in order.
    pub nodes: Vec<RouteNode>,
    /// Why a run could not start, if it could not.
    pub obstacle: Option<Obstacle>,
    /// The open task that the reader may decide.
    pub my_task: Option<MyTask>,
    /// Open tasks that the reader handed on.
    pub handed_on: Vec<HandedOn>,
    /// What the reader may do as the initiator.
    pub may: InitiatorMay,
    /// What stands beside the tasks of a run that goes on.
    pub keeping: Keeping,
    /// Whose move it is now, by name.
    pub waits_for: Vec<String>,
    /// Who comes after the stage that is open now, by name or by stage title.
    pub next: Vec<String>,
    /// The workflow: of the run, or the one that a start would take.
    pub definition: Option<Arc<Definition>>,
}

/// The run of a route.
#[derive(Clone, Debug)]
pub struct RouteRun {
    /// The run.
    pub id: RunId,
    /// The workflow's title in the reader's language.
    pub workflow_title: String,
    /// Where it stands.
    pub phase: Phase,
    /// The round, from one.
    pub round: u32,
    /// When it was started.
    pub started_at: Instant,
    /// When it ended.
    pub finished_at: Option<Instant>,
}

/// Why a run cannot start, as a refusal has it.
#[derive(Clone, Debug)]
pub struct Obstacle {
    /// The refusal's code.
    pub code: &'static str,
    /// Its values.
    pub args: Args,
}

/// A refusal that names a field of the card by its label, as the form does.
fn obstacle(kind: Option<&Kind>, locale: Locale, code: &'static str, mut args: Args) -> Obstacle {
    let label = args.get("field").and_then(|name| {
        let field = kind?.field(name)?;
        field.label.get(locale).map(str::to_owned)
    });
    if let Some(label) = label {
        args.insert("field", label);
    }
    Obstacle { code, args }
}

/// What the document's initiator may do now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct InitiatorMay {
    /// Start the run.
    pub start: bool,
    /// Send it round again.
    pub resubmit: bool,
    /// Whether a new version was added since it was returned: sending again is the next step then.
    pub is_revised: bool,
    /// Take it back, or give a draft up.
    pub withdraw: bool,
    /// Remind the holders of open tasks.
    pub remind: bool,
}

/// One step of a route.
#[derive(Clone, Debug)]
pub struct RouteNode {
    /// The title of a parallel block; `None` for a single stage.
    pub title: Option<String>,
    /// The stage, or the branches.
    pub stages: Vec<RouteStage>,
    /// The stage that asks nobody, or those of the block; none in a forecast.
    pub automatics: Vec<RouteAutomatic>,
    /// The documents that are waited for before it.
    pub waits: Vec<RouteWait>,
}

/// Documents that are waited for before a step.
#[derive(Clone, Debug)]
pub struct RouteWait {
    /// The title of their kind in the reader's language.
    pub title: String,
    /// How many must be completed.
    pub join: Join,
    /// Where the wait stands.
    pub phase: WaitPhase,
    /// How many are completed, and how many are under way, as they were counted last.
    pub counts: (u32, u32),
}

/// A stage that asks nobody: it waits for answers from other systems and chooses the way on.
#[derive(Clone, Debug)]
pub struct RouteAutomatic {
    /// The title in the reader's language.
    pub title: String,
    /// Where it stands.
    pub phase: StagePhase,
}

/// One stage.
#[derive(Clone, Debug)]
pub struct RouteStage {
    /// The path.
    pub path: String,
    /// The title in the reader's language.
    pub title: String,
    /// What it asks for.
    pub kind: StageKind,
    /// Where it stands. What a run that goes on has not reached is pending, or skipped if its
    /// condition would skip it now; what a run that is over never reached is cancelled.
    pub phase: StagePhase,
    /// Whether it was not reached: what is said of it is foreseen, or will not come.
    pub is_unreached: bool,
    /// Favourable decisions so far.
    pub approvals: u32,
    /// How many are needed; 0 if nobody knows yet.
    pub needed: u32,
    /// When its tasks are due.
    pub due_at: Option<Instant>,
    /// Whether that has passed and it is still open.
    pub is_overdue: bool,
    /// Its people: the tasks, or who will be asked.
    pub people: Vec<RoutePerson>,
    /// Before the start: what its conditions read in the card.
    pub reasons: Vec<Reason>,
    /// Before the start: its conditions, those of the blocks around it first.
    pub conditions: Vec<String>,
}

/// A value that decides whether a stage applies.
#[derive(Clone, Debug)]
pub struct Reason {
    /// The field's name.
    pub field: String,
    /// Its label in the reader's language.
    pub label: String,
    /// What the card holds; `None` if it is empty.
    pub value: Option<FieldValue>,
    /// The title of the choice that it is, in the reader's language, if it is one.
    pub choice: Option<String>,
}

impl RouteStage {
    /// Where it stands, as the API says it.
    #[must_use]
    pub const fn state_code(&self) -> &'static str {
        match self.phase {
            StagePhase::Pending => "pending",
            StagePhase::Active => "active",
            StagePhase::Satisfied => "satisfied",
            StagePhase::Returned => "returned",
            StagePhase::Rejected => "rejected",
            StagePhase::Skipped(_) => "skipped",
            StagePhase::Cancelled => "cancelled",
        }
    }
}

/// One person in a stage.
#[derive(Clone, Debug)]
pub struct RoutePerson {
    /// The task; `None` in a forecast.
    pub task_id: Option<TaskId>,
    /// Who holds it.
    pub name: String,
    /// Their position, or their organisation for a contact.
    pub beside: Option<String>,
    /// Whose slot it was, if it was handed over.
    pub in_place_of: Option<String>,
    /// In whose name they decide or decided: of those who handed it on, and of those who are away.
    pub on_behalf_of: Vec<String>,
    /// Who may decide as well, because they are away.
    pub stand_ins: Vec<String>,
    /// Of a forecast: the row of the register of mandates by which they may act, with its limit.
    pub mandate: Option<(String, Option<Money>)>,
    /// Whether they took it out of a pool, whose others do not see it any more.
    pub is_taken: bool,
    /// Whether somebody else of its pool took it.
    pub is_taken_by_another: bool,
    /// The decision.
    pub decision: Option<Decision>,
    /// When it was decided or closed.
    pub at: Option<Instant>,
    /// What was said.
    pub comment: Option<String>,
    /// Whether it waits.
    pub is_open: bool,
    /// Whether the decision counts for the present version.
    pub counts: bool,
    /// The round it belongs to; 0 in a forecast, [`u32::MAX`] for who will be asked by a stage that
    /// the run has not reached.
    pub round: u32,
    /// When its holder was last reminded.
    pub reminded_at: Option<Instant>,
    /// Before the start: until when they are away, if they are now.
    pub away_until: Option<Instant>,
}

impl App {
    /// The route of a document, as `actor` may see it.
    ///
    /// # Errors
    ///
    /// [`AppError::Hidden`] for whoever may not see the document.
    pub async fn document_route(
        &self,
        actor: &Actor,
        document_id: DocumentId,
    ) -> Result<DocumentRoute, AppError> {
        let reader = self.store.reader();
        let document = find_document(reader, actor, document_id).await?;
        let facts = facts_of(reader, &document, self.now()).await?;
        let resource = Resource::Document(facts.clone());
        allow(decide(actor, Action::SeeDocument, &resource))?;
        let run =
            store::runs::find_newest_run(reader, document.organisation_id, document.id).await?;
        match run {
            Some(row) => {
                let run = self.complete_run(reader, row).await?;
                let mut route = self.route_of_run(actor, &run, &facts).await?;
                if route.may.resubmit {
                    let newest = current_version(reader, &document).await?.number;
                    let round = run.state.subject.as_ref();
                    let round = round.map_or(0, |subject| i64::from(subject.version.number));
                    route.may.is_revised = newest > round;
                }
                Ok(route)
            }
            None => self.route_forecast(actor, &document, &facts).await,
        }
    }

    async fn route_forecast(
        &self,
        actor: &Actor,
        document: &documents::Model,
        facts: &DocumentFacts,
    ) -> Result<DocumentRoute, AppError> {
        let may_edit = may(actor, Action::EditDocument, facts);
        let mut route = DocumentRoute {
            run: None,
            nodes: Vec::new(),
            obstacle: None,
            my_task: None,
            handed_on: Vec::new(),
            may: InitiatorMay::default(),
            keeping: Keeping::default(),
            waits_for: Vec::new(),
            next: Vec::new(),
            definition: None,
        };
        route.may.withdraw = may_edit && document.state == "draft";
        let kind = self.chains.kinds().get(&document.kind);
        let foreseen = match self.foresee_run(actor, document.id.into()).await {
            Ok(foreseen) => foreseen,
            Err(AppError::Refused { code, args }) => {
                route.obstacle = Some(obstacle(kind, actor.locale, code, args));
                return Ok(route);
            }
            Err(other) => return Err(other),
        };
        let now = self.now();
        let (people, contacts) = mentioned(&foreseen, now);
        let organisation = actor.organisation.uuid();
        let names = names_of(self.store.reader(), organisation, people, contacts).await?;
        let definition = &foreseen.definition;
        let stages = foreseen.stages.iter();
        route.obstacle = stages.clone().find_map(|stage| match &stage.forecast {
            Forecast::Blocks(refusal) => match refuse_in(definition, refusal.clone()) {
                AppError::Refused { code, args } => Some(obstacle(kind, actor.locale, code, args)),
                _ => None,
            },
            _ => None,
        });
        route.may.start = may_edit && document.state == "draft" && route.obstacle.is_none();
        route.nodes = Sketch {
            foreseen: &foreseen,
            names: &names,
            kind,
            locale: actor.locale,
            now,
        }
        .nodes();
        route.definition = Some(std::sync::Arc::clone(definition));
        Ok(route)
    }

    async fn route_of_run(
        &self,
        actor: &Actor,
        run: &LoadedRun,
        facts: &DocumentFacts,
    ) -> Result<DocumentRoute, AppError> {
        let reader = self.store.reader();
        let mut names = self.names_of_run(reader, &run.row).await?;
        let nodes = run.state.nodes(&run.definition);
        let ahead = self.ahead_of_run(actor, run).await?;
        let now = self.now();
        let stand_ins = stand_ins_of_run(run, now);
        let tasks = run.state.tasks.values();
        let mentioned = tasks.flat_map(seat::mentioned);
        let others = stand_ins.values().flatten().copied().map(Assignee::Person);
        let electors = mentioned.chain(others).chain(ahead.assignees(&nodes));
        let electors = electors.chain(keeping::mentioned(&run.state));
        let electors: Vec<Assignee> = electors.collect();
        names.join(names_of_holders(reader, run.row.organisation_id, electors.into_iter()).await?);
        let rows =
            store::tasks::list_tasks_of_run(reader, run.row.organisation_id, run.row.id).await?;
        let drawing = Drawing {
            names: &names,
            rows: rows.iter().map(|row| (row.number, row)).collect(),
            ahead,
            stand_ins,
            taken: seat::taken_of_pools(&run.state),
            locale: actor.locale,
            now,
        };
        let mut waits_for: Vec<String> = run
            .state
            .open_tasks()
            .map(|(_, task)| names.of(task.assignee))
            .collect();
        if run.state.phase == Phase::Rework {
            waits_for = names.of_reworkers(&run.row, &run.state);
        }
        waits_for.sort();
        waits_for.dedup();
        let edits = may(actor, Action::EditDocument, facts) && run.row.finished_at.is_none();
        let rights = rights_of(actor, run, facts);
        Ok(DocumentRoute {
            my_task: my_task(actor, run, facts, &rows, drawing.names, drawing.now),
            handed_on: actor.person().map_or_else(Vec::new, |person| {
                handed_on(run, person.id, &rows, drawing.names)
            }),
            may: InitiatorMay {
                start: false,
                resubmit: edits && run.state.phase == Phase::Rework,
                is_revised: false,
                withdraw: rights.withdraw,
                remind: may(actor, Action::RemindTask, facts),
            },
            keeping: Keeping::of(actor, run, rights, drawing.names),
            next: next_titles(&nodes, &drawing.ahead, actor.locale),
            nodes: nodes.into_iter().map(|node| drawing.node(node)).collect(),
            obstacle: None,
            waits_for,
            definition: Some(Arc::clone(&run.definition)),
            run: Some(RouteRun {
                id: run.row.id.into(),
                workflow_title: run.definition.title(actor.locale).to_owned(),
                phase: run.state.phase,
                round: run.state.round,
                started_at: Instant::from_micros(run.row.started_at),
                finished_at: run.row.finished_at.map(Instant::from_micros),
            }),
        })
    }

    /// What is foreseen of the stages that `run` has not reached, as the organisation is now.
    async fn ahead_of_run(&self, actor: &Actor, run: &LoadedRun) -> Result<Ahead, AppError> {
        if run.row.finished_at.is_some() {
            return Ok(Ahead::Over);
        }
        let Some(subject) = run.state.subject.as_ref() else {
            return Ok(Ahead::of(Vec::new()));
        };
        let directory = load_directory_for(
            self.store.reader(),
            actor.organisation,
            &run.definition,
            self.now(),
        )
        .await?;
        let foreseen = chancery_workflow::preview(
            &run.definition,
            &subject.card,
            &subject.version,
            subject.initiator,
            &directory,
        );
        // An initiator who left foresees nothing; the run itself goes on.
        Ok(Ahead::of(foreseen.unwrap_or_default()))
    }
}

fn may(actor: &Actor, action: Action, facts: &DocumentFacts) -> bool {
    allow(decide(actor, action, &Resource::Document(facts.clone()))).is_ok()
}

/// Where every stage of a step stands.
fn phases(node: &NodeView) -> impl Iterator<Item = &StagePhase> {
    let automatics = node.automatics.iter().map(|one| &one.phase);
    node.stages
        .iter()
        .map(|stage| &stage.phase)
        .chain(automatics)
}

/// A skipped stage's reason, as the locales name it.
#[must_use]
pub const fn skip_code(reason: SkipReason) -> &'static str {
    match reason {
        SkipReason::Condition => "condition",
        SkipReason::OuterCondition => "outer-condition",
        SkipReason::NobodyFound => "nobody-found",
        SkipReason::WayOn => "way-on",
        SkipReason::Absorbed => "absorbed",
    }
}

/// A task's own page: what it asks, of which document, and the route around it.
#[derive(Clone, Debug)]
pub struct TaskSheet {
    /// The task.
    pub id: TaskId,
    /// The document.
    pub document_id: DocumentId,
    /// Its title.
    pub title: String,
    /// Its registration number.
    pub registration_number: Option<String>,
    /// The route, with the reader's own task if they have an open one.
    pub route: DocumentRoute,
}

impl App {
    /// A task with its document's gist and route.
    ///
    /// # Errors
    ///
    /// [`AppError::Hidden`] for whoever may not see the document.
    pub async fn task_sheet(&self, actor: &Actor, task_id: TaskId) -> Result<TaskSheet, AppError> {
        let reader = self.store.reader();
        let task = self
            .allowed_task(reader, actor, task_id, Action::SeeDocument)
            .await?;
        Ok(TaskSheet {
            id: task_id,
            document_id: task.document.id.into(),
            route: self.document_route(actor, task.document.id.into()).await?,
            title: task.document.title,
            registration_number: task.document.registration_number,
        })
    }
}
