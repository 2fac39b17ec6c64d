//! `chancery workflow explore FILE`: every decision on documents that stand for all.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use chancery_types::Locale;
use chancery_workflow::span::{Measure, PARTS_OF_A_DAY};
use chancery_workflow::trial::{Cut, Longest, Reach, Survey, Way, survey};
use chancery_workflow::{Definition, Outcome, render};
use clap::Args;
use serde_json::{Value, json};

use super::open::{Beside, Opened, open_uncontrolled, said_known};
use super::words::{self, Clock, listed, steps};
use super::{locale, print_line, print_text, say};
use crate::clock::Stopwatch;
use crate::config;
use crate::i18n::t;

/// The arguments of `explore`.
#[derive(Debug, Args)]
pub(in crate::cli) struct Explore {
    /// A chain: a file of workflows/chains.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// In how many rounds decisions are tried: what is returned in the last one is left there.
    #[arg(long, value_name = "N", default_value_t = 2,
        value_parser = clap::value_parser!(u32).range(1..=10))]
    rounds: u32,
    /// For how many seconds at most.
    #[arg(long, value_name = "N", default_value_t = 60,
        value_parser = clap::value_parser!(u64).range(1..=3600))]
    seconds: u64,
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

/// The most states that are looked at of one document.
const STATES_MAX: usize = 20_000;
/// The most documents that are tried.
const DOCUMENTS_MAX: usize = 400;

/// Explores and prints. 1: a run can be completed without an approval, or gets stuck; the file is
/// refused.
pub(in crate::cli) fn run(arguments: &Explore) -> ExitCode {
    let locale = arguments.lang.unwrap_or_else(config::terminal_locale);
    // A path without a control refuses a file, and this is who shows it.
    let Some(known) = said_known(arguments.config.as_deref(), locale) else {
        return ExitCode::FAILURE;
    };
    let beside = Beside {
        workflows: arguments.workflows.as_deref(),
        known: &known,
    };
    match open_uncontrolled(&arguments.file, beside) {
        Ok(Ok((opened, findings))) => {
            if !findings.is_empty() && !arguments.json {
                let path = opened.path.display().to_string();
                let shown = render(&findings, &opened.source, &path, locale);
                print_line(shown.trim_end());
            }
            explore(arguments, &opened, locale)
        }
        Ok(Err(refused)) => {
            print_text(&[refused], locale);
            ExitCode::FAILURE
        }
        Err(error) => {
            say(&format!("chancery: {error}"));
            ExitCode::FAILURE
        }
    }
}

fn explore(arguments: &Explore, opened: &Opened, locale: Locale) -> ExitCode {
    let reach = Reach {
        rounds_max: arguments.rounds,
        states_max: STATES_MAX,
        documents_max: DOCUMENTS_MAX,
    };
    let watch = Stopwatch::start();
    let limit = Duration::from_secs(arguments.seconds);
    let found = survey(&opened.definition, &opened.kind, reach, &mut || {
        watch.elapsed() < limit
    });
    if arguments.json {
        print_line(&as_json(opened, &found, locale).to_string());
    } else {
        print(arguments, opened, &found, locale);
    }
    if found.without_approval.is_some() || found.stuck.is_some() {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    }
}

fn print(arguments: &Explore, opened: &Opened, found: &Survey, locale: Locale) {
    let line = |key: &str, args: &[(&str, crate::i18n::Value<'_>)]| {
        print_line(&t(locale, key, args));
    };
    let path = opened.path.display().to_string();
    line(
        "workflow-explore-what",
        &[
            ("file", path.as_str().into()),
            ("documents", found.documents.into()),
            ("rounds", arguments.rounds.into()),
            ("states", found.states.into()),
        ],
    );
    line("workflow-explore-ends", &[]);
    for (outcome, way) in &found.ends {
        print_line(&format!(
            "  {}",
            words::word(locale, "outcome", outcome_code(*outcome))
        ));
        print_way(way, locale);
    }
    let never = listed(&found.never_reached);
    // That they never ask anybody is known only where everything was looked at.
    let is_whole = found.cuts.is_empty();
    let key = match is_whole {
        true => "workflow-explore-never",
        false => "workflow-explore-not-reached",
    };
    line(key, &[("stages", never.as_str().into())]);
    if let Some(longest) = &found.longest {
        print_line(&longest_text(&opened.definition, longest, locale));
        print_line(&format!("    {}", words::card(&longest.card, None, locale)));
    }
    if !found.without_due.is_empty() {
        let stages = listed(&found.without_due);
        line(
            "workflow-explore-no-due",
            &[("stages", stages.as_str().into())],
        );
    }
    let refusals = listed(&found.refusals);
    line(
        "workflow-explore-refusals",
        &[("codes", refusals.as_str().into())],
    );
    for (card, why) in &found.not_started {
        let card = words::card(card, None, locale);
        let why = why.text(locale);
        line(
            "workflow-explore-not-started",
            &[("card", card.as_str().into()), ("why", why.as_str().into())],
        );
    }
    for cut in &found.cuts {
        line(cut_key(*cut), &[("seconds", arguments.seconds.into())]);
    }
    if let Some(way) = &found.stuck {
        line("workflow-explore-stuck", &[]);
        print_way(way, locale);
    }
    match &found.without_approval {
        Some(way) => {
            line("workflow-explore-uncontrolled", &[]);
            print_way(way, locale);
        }
        None if is_whole => line("workflow-explore-controlled", &[]),
        None => line("workflow-explore-controlled-so-far", &[]),
    }
}

/// The document, then the decisions, a line each.
fn print_way(way: &Way, locale: Locale) {
    let card = words::card(&way.card, way.initiator.as_ref(), locale);
    print_line(&format!("    {card}"));
    for step in steps(way, locale) {
        print_line(&format!("      {step}"));
    }
}

const fn cut_key(cut: Cut) -> &'static str {
    match cut {
        Cut::Documents => "workflow-explore-cut-documents",
        Cut::States => "workflow-explore-cut-states",
        Cut::Time => "workflow-explore-cut-time",
    }
}

pub(super) const fn outcome_code(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Completed => "completed",
        Outcome::Rejected => "rejected",
        Outcome::Withdrawn => "withdrawn",
        Outcome::Cancelled => "cancelled",
        Outcome::Expired => "expired",
    }
}

/// How long it lasts: hours of the clock, and working days where the chain has a calendar.
struct Length {
    clock_hours: i64,
    /// In hundredths.
    working_days: Option<i64>,
}

fn length(definition: &Definition, longest: &Longest) -> Length {
    let seconds = longest.until.seconds_since(longest.from);
    let working = definition.calendar().map(|calendar| {
        let elapsed = calendar.elapsed(longest.from, longest.until, Measure::WorkingDays);
        elapsed.parts.saturating_mul(100) / PARTS_OF_A_DAY
    });
    Length {
        clock_hours: seconds / 3600,
        working_days: working,
    }
}

fn longest_text(definition: &Definition, longest: &Longest, locale: Locale) -> String {
    let length = length(definition, longest);
    let clock = Clock::of(definition);
    let (from, until) = (clock.shown(longest.from), clock.shown(longest.until));
    let (days, hours) = (length.clock_hours / 24, length.clock_hours % 24);
    let working = length.working_days.map(|parts| {
        let days = format!("{}.{:02}", parts / 100, parts % 100);
        let calendar = definition.calendar().map_or("", |calendar| calendar.id());
        t(
            locale,
            "workflow-explore-working",
            &[
                ("days", days.as_str().into()),
                ("calendar", calendar.into()),
            ],
        )
    });
    let working = working.unwrap_or_default();
    t(
        locale,
        "workflow-explore-longest",
        &[
            ("days", days.into()),
            ("hours", hours.into()),
            ("working", working.as_str().into()),
            ("rounds", longest.rounds.into()),
            ("from", from.as_str().into()),
            ("until", until.as_str().into()),
        ],
    )
}

fn as_json(opened: &Opened, found: &Survey, locale: Locale) -> Value {
    let way = |way: &Way| {
        json!({
            "document": card_json(&way.card),
            "initiator": way.initiator.as_ref().map(|initiator| json!({
                "login": initiator.login,
                "departments": initiator.departments,
                "groups": initiator.groups,
            })),
            "steps": steps(way, locale),
        })
    };
    let ends = found.ends.iter();
    let ends: serde_json::Map<String, Value> = ends
        .map(|(outcome, one)| (outcome_code(*outcome).to_owned(), way(one)))
        .collect();
    let longest = found.longest.as_ref().map(|longest| {
        let length = length(&opened.definition, longest);
        json!({
            "document": card_json(&longest.card),
            "rounds": longest.rounds,
            "from": longest.from.to_string(),
            "until": longest.until.to_string(),
            "clock_hours": length.clock_hours,
            "working_days_hundredths": length.working_days,
        })
    });
    let not_started: Vec<Value> = found
        .not_started
        .iter()
        .map(|(card, why)| json!({ "document": card_json(card), "refusal": why.code() }))
        .collect();
    let cuts = found.cuts.iter().map(|cut| match cut {
        Cut::Documents => "documents",
        Cut::States => "states",
        Cut::Time => "time",
    });
    json!({
        "file": opened.path,
        "documents": found.documents,
        "states": found.states,
        "ends": ends,
        // Not known where not everything was looked at.
        "never_reached": found.cuts.is_empty().then_some(&found.never_reached),
        "longest": longest,
        "without_due": found.without_due,
        "refusals": found.refusals,
        "not_started": not_started,
        "stuck": found.stuck.as_ref().map(way),
        "without_approval": found.without_approval.as_ref().map(way),
        "cut": cuts.collect::<Vec<_>>(),
    })
}

fn card_json(card: &chancery_types::field::Card) -> Value {
    let fields = card.iter();
    let fields = fields.map(|(name, held)| (name.clone(), Value::from(words::value(held))));
    Value::Object(fields.collect())
}
