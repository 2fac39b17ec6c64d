//! What the partials about a run show, ready to print:
//! `partials/document/{route,decision,remarks}`.

use std::collections::BTreeMap;

use chancery_types::{FieldValue, Instant};
use chancery_workflow::{
    Decision, Drawing, Join, Phase, StageKind, StagePhase, Standing, WaitPhase,
};

use super::keeping::KeepingView;
use super::moves::{going_back, moves, waits_outside};
use super::strip::{node_lines, told_shown};
use crate::app::error::args_for;
use crate::app::route::{
    DocumentRoute, PoolMove, RouteAutomatic, RoutePerson, RouteStage, RouteWait, skip_code,
};
use crate::web::Shell;
use crate::web::i18n;
use crate::web::pages::documents::view::value_text;

/// A route line: `partials/document/route.html` takes it as `route`.
#[derive(Clone, Debug)]
pub struct RouteView {
    /// The document, for the forms.
    pub document_id: String,
    /// "Round 2", from the second round on; else empty.
    pub round: String,
    /// Whose move it is, in words; empty if nobody's.
    pub waits_for: String,
    /// What comes next, in words; empty if nothing.
    pub next: String,
    /// Why a run cannot start; empty if it can.
    pub obstacle: String,
    /// The steps.
    pub nodes: Vec<NodeLine>,
    /// Which of them the line of steps shows, in words; empty if it shows all.
    pub shown: String,
    /// Whether no run was started: all of it is foreseen.
    pub is_ahead: bool,
    /// Whether the reader may start the run.
    pub may_start: bool,
    /// Whether the reader may send it round again.
    pub may_resubmit: bool,
    /// Whether a new version waits to be sent round.
    pub is_revised: bool,
    /// Whether the reader may take it back.
    pub may_withdraw: bool,
    /// What stands beside the tasks of the run.
    pub keeping: KeepingView,
    /// Tasks that the reader handed on, and who decides them now, in words.
    pub handed_on: Vec<(String, String)>,
    /// The workflow as SVG, with where its stages stand; empty if there is none.
    pub drawing: String,
}

/// A moment, ready to print.
#[derive(Clone, Debug)]
pub struct When {
    /// For `datetime`.
    pub machine: String,
    /// For hover and screen readers.
    pub exact: String,
    /// "2 days ago".
    pub relative: String,
}

impl When {
    pub(super) fn new(shell: &Shell, at: Instant) -> Self {
        Self {
            machine: shell.formats.machine(at),
            exact: shell.formats.exact(at),
            relative: shell.formats.relative(at, shell.now),
        }
    }
}

/// One step.
#[derive(Clone, Debug)]
pub struct NodeLine {
    /// The title of a parallel block; empty for a single stage.
    pub title: String,
    /// `done`, `now`, `later`, `skipped`, `bad`.
    pub class: &'static str,
    /// The stages.
    pub stages: Vec<StageLine>,
    /// Whether the line of steps shows it.
    pub is_shown: bool,
}

/// One stage.
#[derive(Clone, Debug)]
pub struct StageLine {
    /// The title.
    pub title: String,
    /// `done`, `now`, `later`, `skipped`, `bad`.
    pub class: &'static str,
    /// The state in words, with the count where several are needed.
    pub state: String,
    /// What the line of steps says: whom it waits for, or who decided, or else the state.
    pub brief: String,
    /// "by tomorrow 18:00" in words; empty if there is no due instant.
    pub due: String,
    /// Whether that has passed.
    pub is_overdue: bool,
    /// The people of the stage's newest round, or who will be asked.
    pub people: Vec<PersonLine>,
    /// How many people more there are than stand there, in words; may be empty.
    pub more: String,
    /// What was decided in earlier rounds; tasks that nobody decided are left out.
    pub earlier: Vec<PersonLine>,
    /// Before the start: what decides whether it applies, in words; may be empty.
    pub because: String,
    /// Before the start: the conditions themselves, in words.
    pub conditions: Vec<String>,
}

/// One person in a stage.
#[derive(Clone, Debug)]
pub struct PersonLine {
    /// The name.
    pub name: String,
    /// Position or organisation, and in whose place; may be empty.
    pub beside: String,
    /// What they decided, in words; empty while they have not.
    pub decision: String,
    /// When.
    pub at: Option<When>,
    /// What they said; may be empty.
    pub comment: String,
    /// The task to remind of; empty if the reader may not or it is not open.
    pub remind: String,
    /// "Reminded 2 hours ago"; empty if never.
    pub reminded: String,
}

/// How many documents will be waited for.
fn wait_ahead(shell: &Shell, join: Join) -> String {
    match join {
        Join::All => shell.t("stage-later-documents"),
        Join::Any => shell.t1("stage-later-documents-count", "count", 1),
        Join::Count(count) => shell.t1("stage-later-documents-count", "count", count),
    }
}

fn class_of(phase: &StagePhase) -> &'static str {
    match phase {
        StagePhase::Pending => "later",
        StagePhase::Active => "now",
        StagePhase::Satisfied => "done",
        StagePhase::Returned | StagePhase::Rejected => "bad",
        StagePhase::Skipped(_) | StagePhase::Cancelled => "skipped",
    }
}

/// The class of a block: what is worst, or else what is going on.
pub(super) fn class_of_block(stages: &[StageLine]) -> &'static str {
    let order = ["bad", "now", "later", "done", "skipped"];
    order
        .into_iter()
        .find(|class| stages.iter().any(|stage| stage.class == *class))
        .unwrap_or("later")
}

/// The key of a decision's word in the past.
#[must_use]
pub const fn decided_key(decision: Decision) -> &'static str {
    match decision {
        Decision::Approve => "decided-approve",
        Decision::ApproveWithRemarks => "decided-approve-with-remarks",
        Decision::Return => "decided-return",
        Decision::Reject => "decided-reject",
        Decision::Abstain => "decided-abstain",
        Decision::Hold => "decided-hold",
        Decision::Acknowledge => "decided-acknowledge",
        Decision::Sign => "decided-sign",
    }
}

/// What the reader may do with a task of a pool, as its address says it; empty if it is of none.
#[must_use]
pub const fn pool_verb(may: Option<PoolMove>) -> &'static str {
    match may {
        Some(PoolMove::Take) => "claim",
        Some(PoolMove::GiveBack) => "unclaim",
        None => "",
    }
}

impl RouteView {
    /// The route line of a document; `conditions` of its workflow in words, by their source.
    #[must_use]
    pub fn new(
        shell: &Shell,
        document_id: impl ToString,
        route: &DocumentRoute,
        conditions: BTreeMap<String, String>,
    ) -> Self {
        let phase = route.run.as_ref().map(|run| run.phase);
        let round = route.run.as_ref().map_or(0, |run| run.round);
        let named = |key: &str, name: &str, list: &[String]| match list {
            [] => String::new(),
            list => shell.t1(key, name, list.join(", ")),
        };
        let live = matches!(phase, Some(Phase::Running | Phase::Rework));
        let nodes = in_words(node_lines(shell, route), &conditions);
        Self {
            document_id: document_id.to_string(),
            round: if round > 1 {
                shell.t1("run-round", "count", round)
            } else {
                String::new()
            },
            waits_for: match (live, route.may.resubmit, route.may.is_revised) {
                (false, ..) => String::new(),
                (true, true, false) => shell.t("run-your-move"),
                (true, true, true) => shell.t("run-your-move-revised"),
                (true, false, _) if phase == Some(Phase::Running) => {
                    match moves(shell, route).as_slice() {
                        [] => waits_outside(shell, route),
                        names => named("run-waits-for", "names", names),
                    }
                }
                (true, false, _) => named("run-waits-for", "names", &route.waits_for),
            },
            next: match (live, going_back(shell, route)) {
                (false, _) => String::new(),
                (true, Some(told)) => told,
                (true, None) => named("run-next", "names", &route.next),
            },
            obstacle: route
                .obstacle
                .as_ref()
                .map_or_else(String::new, |obstacle| {
                    let args = args_for(&obstacle.args, shell.locale());
                    i18n::t_named(shell.locale(), &format!("problem-{}", obstacle.code), args)
                }),
            shown: told_shown(shell, &nodes),
            nodes,
            is_ahead: route.run.is_none(),
            may_start: route.may.start,
            may_resubmit: route.may.resubmit,
            is_revised: route.may.is_revised,
            may_withdraw: route.may.withdraw,
            keeping: KeepingView::new(shell, &route.keeping),
            drawing: drawing(shell, route, conditions),
            handed_on: route
                .handed_on
                .iter()
                .map(|one| {
                    let told = shell.t1("task-handed-on", "name", one.to.as_str());
                    (one.id.to_string(), told)
                })
                .collect(),
        }
    }
}

/// The same with the conditions of stages in words.
fn in_words(mut nodes: Vec<NodeLine>, words: &BTreeMap<String, String>) -> Vec<NodeLine> {
    let stages = nodes.iter_mut().flat_map(|node| &mut node.stages);
    for condition in stages.flat_map(|stage| &mut stage.conditions) {
        if let Some(words) = words.get(condition.as_str()) {
            condition.clone_from(words);
        }
    }
    nodes
}

/// The picture of the workflow with where its stages stand.
fn drawing(shell: &Shell, route: &DocumentRoute, conditions: BTreeMap<String, String>) -> String {
    let Some(definition) = &route.definition else {
        return String::new();
    };
    let stages = route.nodes.iter().flat_map(|node| &node.stages);
    let standings = stages.map(|stage| {
        let standing = match &stage.phase {
            StagePhase::Pending => Standing::Waiting,
            StagePhase::Active => Standing::Open,
            StagePhase::Satisfied => Standing::Done,
            StagePhase::Returned | StagePhase::Rejected => Standing::Refused,
            StagePhase::Skipped(_) | StagePhase::Cancelled => Standing::Skipped,
        };
        (stage.path.clone(), standing)
    });
    let drawing = Drawing {
        standings: standings.collect(),
        conditions,
        prefix: "route".to_owned(),
        is_file: false,
    };
    definition.drawing(&drawing, shell.locale())
}

/// How many people of a stage the page shows: thousands may have to read one document.
const PEOPLE_SHOWN_MAX: usize = 60;

/// The names that matter most in a stage; `None` where its state says more.
fn brief(stage: &RouteStage, newest: Option<u32>) -> Option<String> {
    let waits = |person: &&RoutePerson| match stage.phase {
        StagePhase::Pending => true,
        StagePhase::Active => person.is_open,
        _ => person.decision.is_some(),
    };
    let people = stage
        .people
        .iter()
        .filter(|person| Some(person.round) == newest);
    let names: Vec<&str> = people
        .filter(waits)
        .map(|person| person.name.as_str())
        .collect();
    let is_told = !matches!(stage.phase, StagePhase::Skipped(_) | StagePhase::Cancelled);
    match names.as_slice() {
        _ if !is_told => None,
        [] => None,
        [first, second, more @ ..] if !more.is_empty() => {
            Some(format!("{first}, {second} +{}", more.len()))
        }
        names => Some(names.join(", ")),
    }
}

impl StageLine {
    /// A stage that asks nobody.
    pub(super) fn of_automatic(shell: &Shell, automatic: &RouteAutomatic) -> Self {
        let state = match &automatic.phase {
            StagePhase::Pending => shell.t("stage-later-automatic"),
            StagePhase::Active => shell.t("stage-open-automatic"),
            StagePhase::Satisfied => shell.t("stage-satisfied-automatic"),
            StagePhase::Skipped(reason) => {
                shell.t(&format!("stage-skipped-{}", skip_code(*reason)))
            }
            StagePhase::Cancelled | StagePhase::Returned | StagePhase::Rejected => {
                shell.t("stage-cancelled")
            }
        };
        Self {
            title: automatic.title.clone(),
            class: class_of(&automatic.phase),
            brief: state.clone(),
            state,
            due: String::new(),
            is_overdue: false,
            people: Vec::new(),
            more: String::new(),
            earlier: Vec::new(),
            because: String::new(),
            conditions: Vec::new(),
        }
    }

    pub(super) fn of_wait(shell: &Shell, wait: &RouteWait) -> Self {
        let (completed, open) = wait.counts;
        let counts = [("completed", completed.into()), ("open", open.into())];
        let say = |key: &str| i18n::t(shell.locale(), key, &counts);
        let (class, state) = match wait.phase {
            WaitPhase::Pending => ("later", wait_ahead(shell, wait.join)),
            WaitPhase::Waiting => ("now", say("stage-open-documents")),
            WaitPhase::Refused => ("bad", shell.t("stage-refused-documents")),
            WaitPhase::Met => ("done", shell.t("stage-satisfied-documents")),
        };
        Self {
            title: shell.t1("route-documents", "kind", wait.title.as_str()),
            class,
            brief: state.clone(),
            state,
            due: String::new(),
            is_overdue: false,
            people: Vec::new(),
            more: String::new(),
            earlier: Vec::new(),
            because: String::new(),
            conditions: Vec::new(),
        }
    }

    pub(super) fn new(shell: &Shell, stage: &RouteStage, may_remind: bool) -> Self {
        let state = match &stage.phase {
            StagePhase::Pending => match stage.kind {
                StageKind::Approve => shell.t("stage-later-approve"),
                StageKind::Sign => shell.t("stage-later-sign"),
                StageKind::Acknowledge => shell.t("stage-later-acknowledge"),
            },
            StagePhase::Active if stage.needed > 1 => shell.t2(
                "stage-open-count",
                "given",
                stage.approvals,
                "needed",
                stage.needed,
            ),
            StagePhase::Active => match stage.kind {
                StageKind::Approve => shell.t("stage-open"),
                StageKind::Sign => shell.t("stage-open-sign"),
                StageKind::Acknowledge => shell.t("stage-open-acknowledge"),
            },
            StagePhase::Satisfied => shell.t("stage-satisfied"),
            StagePhase::Returned => shell.t("stage-returned"),
            StagePhase::Rejected => shell.t("stage-rejected"),
            StagePhase::Cancelled if stage.is_unreached => shell.t("stage-unreached"),
            StagePhase::Cancelled => shell.t("stage-cancelled"),
            StagePhase::Skipped(reason) => {
                shell.t(&format!("stage-skipped-{}", skip_code(*reason)))
            }
        };
        let is_open = stage.phase == StagePhase::Active;
        let due = stage
            .due_at
            .filter(|_| is_open)
            .map_or_else(String::new, |due| {
                let key = if stage.is_overdue {
                    "task-overdue"
                } else {
                    "task-due"
                };
                shell.t1(key, "when", shell.formats.moment(due))
            });
        let newest = stage.people.iter().map(|person| person.round).max();
        let brief = brief(stage, newest).unwrap_or_else(|| state.clone());
        let line = |person: &RoutePerson| PersonLine::new(shell, person, may_remind);
        let is_newest = |person: &&RoutePerson| Some(person.round) == newest;
        let (people, left) = shown_of(stage.people.iter().filter(is_newest).collect());
        let more = match left {
            0 => String::new(),
            left => shell.t1("stage-people-more", "count", left),
        };
        let earlier = stage.people.iter().filter(|person| !is_newest(person));
        Self {
            title: stage.title.clone(),
            class: class_of(&stage.phase),
            state,
            brief,
            due,
            is_overdue: stage.is_overdue,
            people: people.into_iter().map(line).collect(),
            more,
            earlier: earlier
                .filter(|person| person.decision.is_some())
                .take(PEOPLE_SHOWN_MAX)
                .map(line)
                .collect(),
            because: because(shell, stage),
            conditions: stage.conditions.clone(),
        }
    }
}

/// The people that the page has room for, and how many there are beside them. Whoever is waited for
/// stands before those who have decided, where not all have room.
fn shown_of(all: Vec<&RoutePerson>) -> (Vec<&RoutePerson>, usize) {
    let left = all.len().saturating_sub(PEOPLE_SHOWN_MAX);
    if left == 0 {
        return (all, 0);
    }
    let (open, closed): (Vec<_>, Vec<_>) = all.into_iter().partition(|person| person.is_open);
    let shown = open.into_iter().chain(closed).take(PEOPLE_SHOWN_MAX);
    (shown.collect(), left)
}

/// What the conditions of a stage read, as the card has it: "Amount: 90 000 ₽".
fn because(shell: &Shell, stage: &RouteStage) -> String {
    let said = stage.reasons.iter().map(|reason| {
        let value = match &reason.value {
            _ if reason.choice.is_some() => reason.choice.clone().unwrap_or_default(),
            Some(FieldValue::Reference(_)) => shell.t("stage-because-filled"),
            Some(value) => value_text(shell, None, value, &BTreeMap::new()),
            None => shell.t("stage-because-empty"),
        };
        format!("{}: {value}", reason.label)
    });
    let said: Vec<String> = said.collect();
    if said.is_empty() {
        return String::new();
    }
    let key = match stage.phase {
        StagePhase::Skipped(_) => "stage-because-skipped",
        _ => "stage-because",
    };
    shell.t1(key, "values", said.join(" · "))
}
