//! `chancery workflow simulate FILE SCRIPT`: what follows from each event, and when.

mod effects;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;

use chancery_types::Locale;
use chancery_workflow::trial::{Happened, Obstacle, SceneFile, Trial};
use chancery_workflow::{Actor, Assignee, Effect, EventKind, TaskNumber};
use clap::Args;
use serde_json::{Value, json};

use super::open::{Opened, read_scene, with_chain};
use super::words::{Clock, listed, name, word};
use super::{locale, print_line};
use crate::config;
use crate::i18n::t;
use effects::Effects;

/// The arguments of `simulate`.
#[derive(Debug, Args)]
pub(in crate::cli) struct Simulate {
    /// A chain: a file of workflows/chains.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// What is played: `doc`, `script`, and perhaps `initiator`, `people`, `at`, as in the `tests`
    /// of a chain.
    #[arg(value_name = "SCRIPT")]
    script: PathBuf,
    /// The folder with the vocabulary and the kinds; by default the one above the file's own, else
    /// `workflows`.
    #[arg(long, value_name = "DIR")]
    workflows: Option<PathBuf>,
    /// The configuration of the server, for the names of its webhooks and lookups.
    #[arg(long, value_name = "FILE", env = "CHANCERY_CONFIG")]
    config: Option<PathBuf>,
    /// The language: ru or en; by default that of LC_ALL, LC_MESSAGES or LANG.
    #[arg(long, value_parser = locale)]
    lang: Option<Locale>,
    /// One JSON object.
    #[arg(long)]
    json: bool,
}

/// Plays and prints. 1: a step of the script cannot be; a file is refused.
pub(in crate::cli) fn run(arguments: &Simulate) -> ExitCode {
    let locale = arguments.lang.unwrap_or_else(config::terminal_locale);
    with_chain(
        &arguments.file,
        (arguments.workflows.as_deref(), arguments.config.as_deref()),
        locale,
        |opened| match read_scene(&arguments.script, opened, locale) {
            Some(scene) => play(arguments, opened, &scene, locale),
            None => ExitCode::FAILURE,
        },
    )
}

/// What was printed of a script: events in order, and steps that could not be.
enum Line {
    Happened(Happened),
    Impossible(String, Obstacle),
}

fn play(arguments: &Simulate, opened: &Opened, scene: &SceneFile, locale: Locale) -> ExitCode {
    let mut trial = Trial::new(&opened.definition, &scene.scene, &scene.script);
    let mut lines = Vec::new();
    let mut told = 0;
    // A refusal is in the history like any other event.
    let started = trial.start();
    let mut is_whole = tell(&mut lines, &mut told, &trial, "start", started);
    for step in &scene.script {
        let done = trial.take(step);
        is_whole &= tell(&mut lines, &mut told, &trial, &step.text, done);
    }
    if arguments.json {
        print_line(&as_json(opened, &trial, &lines).to_string());
    } else {
        print(opened, &trial, &lines, locale);
    }
    if is_whole {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// Takes what has happened since; false if the step could not be.
fn tell(
    lines: &mut Vec<Line>,
    told: &mut usize,
    trial: &Trial<'_>,
    step: &str,
    done: Result<(), Obstacle>,
) -> bool {
    let new = trial.history.iter().skip(*told).cloned();
    lines.extend(new.map(Line::Happened));
    *told = trial.history.len();
    match done {
        Ok(()) | Err(Obstacle::Refused(_)) => true,
        Err(obstacle) => {
            lines.push(Line::Impossible(step.to_owned(), obstacle));
            false
        }
    }
}

fn print(opened: &Opened, trial: &Trial<'_>, lines: &[Line], locale: Locale) {
    let clock = Clock::of(&opened.definition);
    let mut holders = BTreeMap::new();
    if let Some(itself) = starts(trial, locale) {
        print_line(&itself);
    }
    for line in lines {
        match line {
            Line::Happened(happened) => {
                follow(&mut holders, happened, false);
                let effects = Effects {
                    trial,
                    holders: &holders,
                    clock: &clock,
                    locale,
                };
                let at = clock.shown(happened.event.at);
                print_line(&format!("{at}  {}", event(trial, happened, locale)));
                match &happened.answer {
                    Ok(all) => {
                        for effect in all {
                            print_line(&format!("                    {}", effects.text(effect)));
                        }
                    }
                    Err(why) => {
                        let why = why.text(locale);
                        let refused = [("why", why.as_str().into())];
                        let refused = t(locale, "workflow-simulate-refused", &refused);
                        print_line(&format!("                    {refused}"));
                    }
                }
                follow(&mut holders, happened, true);
            }
            Line::Impossible(step, why) => print_line(&impossible(step, why, locale)),
        }
    }
    let open = trial.state.open_tasks();
    let open =
        open.map(|(_, task)| format!("{} ({})", task.stage, name(&trial.company, task.assignee)));
    let open = listed(open);
    let outcome = chancery_workflow::trial::outcome(&trial.state);
    let outcome = word(locale, "outcome", outcome);
    let end = [
        ("at", clock.shown(trial.at).into()),
        ("outcome", outcome.as_str().into()),
        ("open", open.as_str().into()),
    ];
    print_line(&t(locale, "workflow-simulate-end", &end));
}

/// Whether it starts by itself, in words; nothing of a chain that says nothing of that.
fn starts(trial: &Trial<'_>, locale: Locale) -> Option<String> {
    Some(match trial.starts_itself()? {
        Ok(true) => t(locale, "workflow-simulate-starts-itself", &[]),
        Ok(false) => t(locale, "workflow-simulate-started", &[]),
        Err(why) => {
            let why = why.text(locale);
            let args = [("why", why.as_str().into())];
            t(locale, "workflow-simulate-start-unclear", &args)
        }
    })
}

/// Who holds the tasks: those that an event opens before it is told, those that move after it.
fn follow(holders: &mut BTreeMap<TaskNumber, Assignee>, happened: &Happened, is_over: bool) {
    for effect in happened.answer.iter().flatten() {
        match effect {
            Effect::OpenTask { task, assignee, .. } if !is_over => {
                holders.insert(*task, *assignee);
            }
            Effect::MoveTask { task, to, .. } if is_over => {
                holders.insert(*task, *to);
            }
            _ => {}
        }
    }
}

fn impossible(step: &str, why: &Obstacle, locale: Locale) -> String {
    let why = match why {
        Obstacle::Refused(refusal) | Obstacle::OtherwiseRefused(refusal) => refusal.text(locale),
        Obstacle::Accepted => t(locale, "workflow-simulate-accepted", &[]),
        Obstacle::NotAsked => t(locale, "workflow-simulate-not-asked", &[]),
        Obstacle::Nobody(name) => t(
            locale,
            "workflow-simulate-nobody",
            &[("name", name.as_str().into())],
        ),
        Obstacle::TooMuch => t(locale, "workflow-simulate-too-much", &[]),
    };
    let args = [("step", step.into()), ("why", why.as_str().into())];
    t(locale, "workflow-simulate-impossible", &args)
}

/// Who did what: in the words of a script what a script says, in those of people all else.
fn event(trial: &Trial<'_>, happened: &Happened, locale: Locale) -> String {
    let by = match happened.event.actor {
        Actor::Person(id) => name(&trial.company, Assignee::Person(id)),
        Actor::Contact(id) => name(&trial.company, Assignee::Contact(id)),
        Actor::System => "–".to_owned(),
    };
    let stage = |task| {
        let task = trial.state.tasks.get(task);
        task.map_or("", |task| task.stage.as_str())
    };
    let told = |key: &str, what: String| t(locale, key, &[("what", what.as_str().into())]);
    let what = match &happened.event.kind {
        EventKind::Started { .. } => told("workflow-event-start", String::new()),
        EventKind::Decided { task, decision, .. } => format!("{decision} {}", stage(task)),
        EventKind::Signed { task, .. } => format!("sign {}", stage(task)),
        EventKind::FormFilled { task, .. } => told("workflow-event-form", stage(task).to_owned()),
        EventKind::NewVersion { version, .. } => format!("version {}", version.number),
        EventKind::Resubmitted { .. } => "resubmit".to_owned(),
        EventKind::VoteRevoked { task } => format!("revoke {}", stage(task)),
        EventKind::Withdrawn { .. } => "withdraw".to_owned(),
        EventKind::Cancelled { .. } => "cancel".to_owned(),
        EventKind::Suspended { .. } => "suspend".to_owned(),
        EventKind::Resumed => "resume".to_owned(),
        EventKind::TimerFired { timer, .. } => told("workflow-event-timer", timer.to_string()),
        EventKind::LookupAnswered { lookup, .. } => format!("answer {lookup}"),
        EventKind::ChildrenCounted { children } => {
            told("workflow-event-children", children.len().to_string())
        }
        // No script says any of these.
        EventKind::Reassigned { .. }
        | EventKind::Claimed { .. }
        | EventKind::Unclaimed { .. }
        | EventKind::Delegated { .. }
        | EventKind::DelegationEnded { .. }
        | EventKind::AbsenceBegan { .. }
        | EventKind::ApproverAdded { .. }
        | EventKind::ApproverDropped { .. }
        | EventKind::IncidentRetried
        | EventKind::Migrated { .. }
        | EventKind::CalendarChanged { .. } => String::new(),
    };
    format!("{by}: {what}")
}

fn as_json(opened: &Opened, trial: &Trial<'_>, lines: &[Line]) -> Value {
    let events = lines.iter().map(|line| match line {
        Line::Happened(happened) => json!({
            "at": happened.event.at.to_string(),
            "event": event(trial, happened, Locale::En),
            "refusal": happened.answer.as_ref().err().map(chancery_workflow::Refusal::code),
            "effects": happened.answer.as_ref().map_or_else(
                |_| Vec::new(),
                |effects| effects.iter().map(|effect| json!(effect)).collect::<Vec<_>>(),
            ),
        }),
        Line::Impossible(step, why) => json!({
            "step": step,
            "impossible": match why {
                Obstacle::Refused(refusal) | Obstacle::OtherwiseRefused(refusal) => refusal.code(),
                Obstacle::Accepted => "accepted",
                Obstacle::NotAsked => "not-asked",
                Obstacle::Nobody(_) => "nobody",
                Obstacle::TooMuch => "too-much",
            },
        }),
    });
    let events: Vec<Value> = events.collect();
    let people = trial.company.directory.people.values();
    let people = people.map(|person| (person.id.to_string(), Value::from(person.login.clone())));
    json!({
        "file": opened.path,
        "people": Value::Object(people.collect()),
        "starts_itself": trial.starts_itself().and_then(Result::ok),
        "events": events,
        "at": trial.at.to_string(),
        "outcome": chancery_workflow::trial::outcome(&trial.state),
        "open": trial.open(),
    })
}
