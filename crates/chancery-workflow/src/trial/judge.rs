//! The examples of a file, played: which of them does not hold, and at which line.

use chancery_types::id::PersonId;
use uuid::Uuid;

use super::company::Company;
use super::play::{Obstacle, Trial, answered};
use super::steps::{Example, Move};
use crate::definition::{Definition, Node};
use crate::diagnostic::{Because, Diagnostic, Position};
use crate::directory::Directory;
use crate::event::Outcome;
use crate::expression::{EvaluationError, Expression, Given};
use crate::refusal::Refusal;
use crate::state::{Heard, Phase, StagePhase, State, Version};
use crate::view::{Forecast, preview};

/// An example that was tried.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tested {
    /// Its name.
    pub name: String,
    /// Where it stands: the line, from one.
    pub line: u32,
    /// What does not hold; nothing if it passes.
    pub findings: Vec<Diagnostic>,
}

/// Tries every example of a file, in its order.
#[must_use]
pub fn test(definition: &Definition) -> Vec<Tested> {
    let examples = definition.examples().iter();
    examples
        .map(|example| {
            let mut findings = try_example(definition, example).err().unwrap_or_default();
            findings.sort_by_key(|finding| (finding.line, finding.column));
            Tested {
                name: example.name.clone(),
                line: example.at.line,
                findings,
            }
        })
        .collect()
}

/// Where the file says what a run fails by, if that is no fault of the example's document.
fn place_of(definition: &Definition, refusal: &Refusal) -> Option<Position> {
    match refusal {
        Refusal::QuorumUnreachable { stage, .. } | Refusal::VetoHolderAbsent { stage } => {
            definition.stage(stage).map(|stage| stage.quorum_at)
        }
        _ => None,
    }
}

type Tried = Result<(), Vec<Diagnostic>>;

fn try_example(definition: &Definition, example: &Example) -> Tried {
    if example.script.is_none() {
        try_way(definition, example)?;
        // A later round depends on what was decided in the one before: only a script says.
        if example.round > 1 {
            return Ok(());
        }
    }
    let moves = example.script.as_deref().unwrap_or_default();
    let mut trial = Trial::new(definition, &example.scene, moves);
    known_people(example, &trial.company)?;
    trial.start().map_err(|why| match why {
        Obstacle::Refused(refusal) => {
            let (key, at) = match place_of(definition, &refusal) {
                Some(at) => ("test-quorum", at),
                None => ("test-not-started", example.document_at),
            };
            vec![refused(example, key, at, &refusal)]
        }
        other => obstacle(example, &trial.company, example.at, "", &other),
    })?;
    match &example.script {
        Some(script) => play(example, script, &mut trial)?,
        None => agree(definition, example, &mut trial)?,
    }
    let mut findings = compare(example, &trial);
    findings.extend(compare_pending(definition, example, &trial));
    if findings.is_empty() {
        Ok(())
    } else {
        Err(findings)
    }
}

fn play(example: &Example, script: &[Move], trial: &mut Trial<'_>) -> Tried {
    for step in script {
        trial
            .take(step)
            .map_err(|why| obstacle(example, &trial.company, step.at, &step.text, &why))?;
    }
    Ok(())
}

/// Everybody agrees. If then an answer is missing, that is what is wrong.
fn agree(definition: &Definition, example: &Example, trial: &mut Trial<'_>) -> Tried {
    trial
        .agree()
        .map_err(|why| obstacle(example, &trial.company, example.at, "", &why))?;
    let waits = definition.lookups().keys().find(|name| {
        let asked = trial.state.asked.get(*name);
        asked.is_some_and(|asked| asked.heard == Heard::Nothing)
    });
    match waits {
        Some(fact) => {
            let why = EvaluationError::FactAbsent { fact: fact.clone() };
            Err(vec![not_evaluated(example, example.at, &why)])
        }
        None => Ok(()),
    }
}

/// The names behind which the example puts people are names of the file.
fn known_people(example: &Example, company: &Company) -> Tried {
    let mut findings = Vec::new();
    for (seat, (_, at)) in &example.scene.people {
        if !company.seats().any(|known| known == seat) {
            let finding = Diagnostic::error("W201", "test-unknown-seat", *at);
            findings.push(finding.arg("name", seat).suggest(seat, company.seats()));
        }
    }
    if findings.is_empty() {
        Ok(())
    } else {
        Err(findings)
    }
}

fn about(example: &Example, key: &'static str, at: Position) -> Diagnostic {
    Diagnostic::error("W801", key, at).arg("name", &example.name)
}

fn not_evaluated(example: &Example, at: Position, why: &EvaluationError) -> Diagnostic {
    about(example, "test-not-evaluated", at).because(Because::Evaluation(why.clone()))
}

fn refused(example: &Example, key: &'static str, at: Position, why: &Refusal) -> Diagnostic {
    about(example, key, at).because(Because::Refusal(why.clone()))
}

fn obstacle(
    example: &Example,
    company: &Company,
    at: Position,
    step: &str,
    why: &Obstacle,
) -> Vec<Diagnostic> {
    let said = |key| about(example, key, at).arg("step", step);
    vec![match why {
        Obstacle::Refused(refusal) => {
            refused(example, "test-step-refused", at, refusal).arg("step", step)
        }
        Obstacle::OtherwiseRefused(refusal) => {
            refused(example, "test-step-otherwise-refused", at, refusal).arg("step", step)
        }
        Obstacle::Accepted => said("test-step-accepted"),
        Obstacle::NotAsked => said("test-step-not-asked"),
        Obstacle::Nobody(name) => said("test-step-nobody")
            .arg("person", name)
            .suggest(name, company.names()),
        Obstacle::TooMuch => said("test-too-much"),
    }]
}

/// What is expected in the end, against what is.
fn compare(example: &Example, trial: &Trial<'_>) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    let expected = &example.expected;
    for (key, wanted, found) in [
        ("test-fails", &expected.path, trial.path()),
        ("test-open", &expected.open, trial.open()),
    ] {
        let Some((wanted, at)) = wanted else {
            continue;
        };
        let (mut in_order, mut same) = (found.clone(), wanted.clone());
        in_order.sort();
        same.sort();
        if in_order != same {
            findings.push(mismatch(example, key, *at, wanted, &found));
        }
    }
    if let Some((wanted, at)) = &expected.outcome {
        let found = outcome(&trial.state);
        if wanted != found {
            let wanted = std::slice::from_ref(wanted);
            let found = [found.to_owned()];
            findings.push(mismatch(example, "test-outcome", *at, wanted, &found));
        }
    }
    findings
}

fn mismatch(
    example: &Example,
    key: &'static str,
    at: Position,
    wanted: &[String],
    found: &[String],
) -> Diagnostic {
    let none = |names: &[String]| match names {
        [] => "–".to_owned(),
        names => names.join(", "),
    };
    let finding = about(example, key, at).arg("expected", none(wanted));
    finding.arg("found", none(found))
}

/// Each of these is not reached, and asks somebody when it is.
fn compare_pending(
    definition: &Definition,
    example: &Example,
    trial: &Trial<'_>,
) -> Vec<Diagnostic> {
    let (Some((wanted, at)), Some(subject)) = (&example.expected.pending, &trial.state.subject)
    else {
        return Vec::new();
    };
    let ahead = preview(
        definition,
        &subject.card,
        &subject.version,
        subject.initiator,
        &trial.company.directory,
    );
    let ahead = ahead.unwrap_or_default();
    let is_pending = |path: &String| {
        let phase = trial.state.stages.get(path).map(|stage| &stage.phase);
        let waits = phase.is_none_or(|phase| *phase == StagePhase::Pending);
        let asks = ahead.iter().any(|stage| {
            let forecast = &stage.forecast;
            let is_out = matches!(forecast, Forecast::Skips(_) | Forecast::Blocks(_));
            stage.path == *path && !is_out
        });
        waits && asks && !trial.state.phase.is_final()
    };
    let missing: Vec<String> = wanted
        .iter()
        .filter(|path| !is_pending(path))
        .cloned()
        .collect();
    if missing.is_empty() {
        return Vec::new();
    }
    vec![mismatch(example, "test-pending", *at, wanted, &missing)]
}

/// How a run stands, in a word of the language: how it ended, or `suspended`, `rework`, `running`.
#[must_use]
pub const fn outcome(state: &State) -> &'static str {
    match state.outcome {
        Some(Outcome::Completed) => "completed",
        Some(Outcome::Rejected) => "rejected",
        Some(Outcome::Withdrawn) => "withdrawn",
        Some(Outcome::Cancelled) => "cancelled",
        Some(Outcome::Expired) => "expired",
        None if state.suspension.is_some() => "suspended",
        None if matches!(state.phase, Phase::Rework) => "rework",
        None => "running",
    }
}

/// What an example may expect as its outcome.
pub(crate) const OUTCOMES: [&str; 8] = [
    "completed",
    "rejected",
    "withdrawn",
    "cancelled",
    "expired",
    "suspended",
    "rework",
    "running",
];

/// The way by the conditions alone, if everybody agrees: says which field a condition misses.
fn try_way(definition: &Definition, example: &Example) -> Tried {
    let Some((wanted, at)) = &example.expected.path else {
        return Ok(());
    };
    match way(definition, example) {
        Ok(found) if found == *wanted => Ok(()),
        Ok(found) => Err(vec![other_way(example, *at, wanted, &found)]),
        Err(why) => Err(vec![not_evaluated(example, *at, &why)]),
    }
}

/// The expected stages in another order than the file's, or others than are met.
fn other_way(example: &Example, at: Position, wanted: &[String], found: &[String]) -> Diagnostic {
    let (mut met, mut same) = (found.to_vec(), wanted.to_vec());
    met.sort();
    same.sort();
    let turned = wanted.iter().zip(found).position(|(a, b)| a != b);
    let Some(place) = turned.filter(|_| met == same) else {
        return mismatch(example, "test-fails", at, wanted, found);
    };
    let stands = |names: &[String]| names.get(place).cloned().unwrap_or_default();
    mismatch(example, "test-path-order", at, wanted, found)
        .arg("place", place.saturating_add(1))
        .arg("stands", stands(wanted))
        .arg("belongs", stands(found))
}

fn way(definition: &Definition, example: &Example) -> Result<Vec<String>, EvaluationError> {
    // Who starts it is part of an example only where it says so: else a condition that asks has no
    // answer.
    let (directory, initiator) = match &example.scene.initiator {
        Some(_) => {
            let company = Company::new(definition, &example.scene, &[]);
            (company.directory, company.initiator)
        }
        None => (Directory::default(), PersonId(Uuid::nil())),
    };
    let version = Version {
        number: example.round,
        digest: chancery_types::Digest::of(b"example"),
        author: initiator,
    };
    let asked = answered(&example.scene.answers);
    let given = Given {
        card: &example.scene.card,
        initiator,
        version: &version,
        round: example.round,
        directory: &directory,
        actor: None,
        changed: None,
        voters: None,
        asked: Some(&asked),
    };
    let mut way = Vec::new();
    walk(definition.nodes(), true, &given, &mut way)?;
    Ok(way)
}

fn walk(
    nodes: &[Node],
    in_order: bool,
    given: &Given<'_>,
    way: &mut Vec<String>,
) -> Result<(), EvaluationError> {
    let mut until: Option<&str> = None;
    for node in nodes {
        if until.is_some_and(|until| until != node.id()) {
            continue;
        }
        until = None;
        let applies = |when: Option<&Expression>| when.map_or(Ok(true), |it| it.holds(given));
        if !applies(node.when())? {
            continue;
        }
        match node {
            Node::Stage(stage) => way.push(stage.path.clone()),
            Node::Parallel(block) => walk(&block.branches, false, given, way)?,
            Node::Sequence(block) => walk(&block.steps, true, given, way)?,
            Node::Automatic(automatic) => {
                for arm in &automatic.route {
                    if arm.when.holds(given)? {
                        until = arm.goto.as_deref().filter(|_| in_order);
                        break;
                    }
                }
            }
        }
    }
    Ok(())
}
