//! Every decision on every document: where a workflow can end, and where it cannot.

use std::collections::{BTreeMap, BTreeSet};

use chancery_types::Instant;
use chancery_types::field::Card;

use super::card::{complete, form};
use super::company::Company;
use super::play::{Obstacle, Trial, agreement};
use super::specimens::specimens;
use super::steps::{Initiator, Scene};
use crate::definition::{Definition, OnReject};
use crate::event::{Decision, Outcome};
use crate::explore::{Bound, Explored, Taken, explore_while};
use crate::kind::Kind;
use crate::refusal::Refusal;
use crate::state::Phase;

/// The most rounds whose length is played.
const ROUNDS_PLAYED_MAX: u32 = 20;
/// How many stages are tried as the one that sends a document back.
const RETURNS_PLAYED_MAX: usize = 24;

/// How far a survey goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reach {
    /// In how many rounds decisions are tried.
    pub rounds_max: u32,
    /// How many states are looked at of one document, at most 20 000.
    pub states_max: usize,
    /// How many documents are tried.
    pub documents_max: usize,
}

/// A document with which something happens, and the decisions that lead there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Way {
    /// What conditions read of the document; an absent field is not there.
    pub card: Card,
    /// Who starts it, if conditions ask.
    pub initiator: Option<Initiator>,
    /// The decisions.
    pub taken: Vec<Taken>,
    /// Whoever takes part.
    pub company: Company,
}

/// The longest time that a run takes if everybody decides when their task is due, one of the stages
/// sends the document back in each round but the last, and each new version changes everything.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Longest {
    /// With which document.
    pub card: Card,
    /// In how many rounds.
    pub rounds: u32,
    /// When it began.
    pub from: Instant,
    /// When it was completed.
    pub until: Instant,
}

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Survey {
    /// How runs end, each with the first way there.
    pub ends: BTreeMap<Outcome, Way>,
    /// The stages, by path, that ask nobody whatever the document and whatever is decided.
    pub never_reached: BTreeSet<String>,
    /// The refusals that were met, by code.
    pub refusals: BTreeSet<&'static str>,
    /// Documents with which no run starts, and why.
    pub not_started: Vec<(Card, Refusal)>,
    /// Completion although nobody approved and nobody signed.
    pub without_approval: Option<Way>,
    /// A state in which nothing is accepted, though the run is not over.
    pub stuck: Option<Way>,
    /// The longest run.
    pub longest: Option<Longest>,
    /// The stages whose tasks are never due: a run may wait in them for ever.
    pub without_due: BTreeSet<String>,
    /// How many documents were tried.
    pub documents: usize,
    /// How many states were looked at.
    pub states: usize,
    /// Which bounds were hit.
    pub cuts: BTreeSet<Cut>,
}

/// A bound that was hit: there is more than was looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cut {
    /// Of documents.
    Documents,
    /// Of states.
    States,
    /// Of time.
    Time,
}

/// Tries every decision on documents that stand for all, as long as `goes_on` says so.
#[must_use]
pub fn survey(
    definition: &Definition,
    kind: &Kind,
    reach: Reach,
    goes_on: &mut dyn FnMut() -> bool,
) -> Survey {
    let found = specimens(definition, kind, reach.documents_max);
    let mut survey = Survey {
        never_reached: definition
            .stages()
            .map(|stage| stage.path.clone())
            .collect(),
        ..Survey::default()
    };
    if found.is_cut {
        survey.cuts.insert(Cut::Documents);
    }
    let skips = definition.stages().any(|stage| stage.skips_if_empty);
    for specimen in &found.scenes {
        let mut scene = complete(definition, specimen);
        // Whoever fills a form has filled it: it decides nothing.
        for stage in definition.stages() {
            let filled = form(definition, stage, &scene.card);
            scene.card.extend(filled);
        }
        let company = Company::new(definition, &scene, &[]);
        survey.measure(definition, specimen, &scene, reach.rounds_max);
        let mut houses = vec![company.clone()];
        if skips {
            houses.push(company.without_skipped(definition));
        }
        for company in houses {
            if !goes_on() {
                survey.cuts.insert(Cut::Time);
                return survey;
            }
            survey.look(definition, specimen, &scene, company, reach, goes_on);
        }
        survey.documents += 1;
    }
    survey
}

impl Survey {
    fn look(
        &mut self,
        definition: &Definition,
        specimen: &Scene,
        scene: &Scene,
        company: Company,
        reach: Reach,
        goes_on: &mut dyn FnMut() -> bool,
    ) {
        let bound = Bound {
            card: scene.card.clone(),
            initiator: company.initiator,
            rounds_max: reach.rounds_max,
            states_max: reach.states_max,
        };
        let mut in_time = true;
        let found = explore_while(definition, &company.directory, &bound, &mut || {
            in_time = in_time && goes_on();
            in_time
        });
        if !in_time {
            self.cuts.insert(Cut::Time);
        }
        match found {
            Ok(found) => self.take(specimen, company, found, in_time),
            // Not a document of this chain: nothing is said of it.
            Err(Refusal::NotTaken) => {}
            Err(refusal) => {
                self.refusals.insert(refusal.code());
                self.not_started.push((specimen.card.clone(), refusal));
            }
        }
    }

    fn take(&mut self, specimen: &Scene, company: Company, found: Explored, in_time: bool) {
        let way = |taken: Vec<Taken>| Way {
            card: specimen.card.clone(),
            initiator: specimen.initiator.clone(),
            taken,
            company: company.clone(),
        };
        self.states += found.states;
        if found.is_cut && in_time {
            self.cuts.insert(Cut::States);
        }
        self.refusals.extend(found.refusals);
        self.never_reached
            .retain(|path| found.never_reached.contains(path));
        for (outcome, taken) in found.ends {
            self.ends.entry(outcome).or_insert_with(|| way(taken));
        }
        if self.without_approval.is_none() {
            self.without_approval = found.without_approval.map(way);
        }
        if self.stuck.is_none() {
            self.stuck = found.stuck.map(way);
        }
    }

    /// Plays runs in which everybody decides when their task is due, one for each stage that may
    /// send the document back.
    fn measure(&mut self, definition: &Definition, specimen: &Scene, scene: &Scene, rounds: u32) {
        let rounds = rounds.clamp(1, ROUNDS_PLAYED_MAX);
        let start = Trial::new(definition, scene, &[]);
        let sending = match rounds {
            1 => Vec::new(),
            _ => sending_back(definition, &start),
        };
        let ways = sending.iter().map(Some).chain([None]);
        for back in ways.take(RETURNS_PLAYED_MAX) {
            let mut trial = start.clone();
            let Ok(without_due) = play_slowly(definition, &mut trial, (rounds, back)) else {
                continue;
            };
            self.without_due.extend(without_due);
            if trial.state.outcome != Some(Outcome::Completed) {
                continue;
            }
            let longest = Longest {
                card: specimen.card.clone(),
                rounds: trial.state.round,
                from: start.at,
                until: trial.at,
            };
            let known = self.longest.as_ref();
            if known.is_none_or(|known| known.until < longest.until) {
                self.longest = Some(longest);
            }
        }
    }
}

/// The stages that are met and may send the document back, by path, with how.
fn sending_back(definition: &Definition, start: &Trial<'_>) -> Vec<(String, Decision)> {
    let mut whole = start.clone();
    if whole.start().and_then(|()| whole.agree()).is_err() {
        return Vec::new();
    }
    let met = whole.path();
    let stages = definition.stages();
    let met = stages.filter(|stage| stage.blocking && met.contains(&stage.path));
    met.filter_map(|stage| {
        let may = |decision: Decision| stage.decisions.contains(&decision);
        let how = if may(Decision::Return) {
            Decision::Return
        } else if may(Decision::Reject) && stage.on_reject == OnReject::Rework {
            Decision::Reject
        } else {
            return None;
        };
        Some((stage.path.clone(), how))
    })
    .collect()
}

/// Everybody agrees at the last moment; one stage sends the document back, as soon as it is asked
/// in time, until the last round. Answers the stages that are never due.
fn play_slowly(
    definition: &Definition,
    trial: &mut Trial<'_>,
    (rounds, back): (u32, Option<&(String, Decision)>),
) -> Result<BTreeSet<String>, Obstacle> {
    let mut without_due = BTreeSet::new();
    trial.start()?;
    while trial.state.phase == Phase::Running {
        let open = trial.state.open_tasks();
        let blocking = open.filter(|(_, task)| {
            let stage = definition.stage(&task.stage);
            stage.is_some_and(|stage| stage.blocking)
        });
        // Whoever is never due decides at once, so that the others are not closed before.
        let next = blocking.min_by_key(|(number, task)| (task.due_at, *number));
        let Some((number, task)) = next else {
            // How long other documents take is not this file's.
            if trial.complete_children()? {
                continue;
            }
            break;
        };
        let (due, stage) = (task.due_at, task.stage.clone());
        match due {
            Some(due) => trial.arrive(due)?,
            None => {
                without_due.insert(stage.clone());
            }
        }
        // What is late may have gone to somebody else, or have been taken back.
        let Some(holder) = trial.holder_of(number) else {
            continue;
        };
        let back = back.filter(|(path, _)| *path == stage && trial.state.round < rounds);
        let decision = match back {
            Some((_, decision)) => *decision,
            None => agreement(definition.stage(&stage).ok_or(Obstacle::NotAsked)?),
        };
        trial.decide_task(number, holder, decision)?;
        if trial.state.phase == Phase::Rework {
            trial.revise_and_resubmit()?;
        }
    }
    Ok(without_due)
}
