//! `chancery workflow explain FILE --doc FILE`: who would decide on this document, and why.

use std::path::PathBuf;
use std::process::ExitCode;

use chancery_types::id::{MandateId, PersonId};
use chancery_types::{Instant, Locale};
use chancery_workflow::trial::{Company, SceneFile, Trial};
use chancery_workflow::view::Forecast;
use chancery_workflow::{
    Assignee, Directory, Explanation, Matter, Quorum, Refusal, Stage, Version, explain,
};
use clap::Args;
use serde_json::{Value, json};

use super::open::{Opened, read_scene, with_chain};
use super::people::{self, read_directory};
use super::words::{Clock, listed};
use super::{locale, print_line, say};
use crate::app::route::skip_code;
use crate::cli::people::told;
use crate::config;
use crate::i18n::t;

/// The arguments of `explain`.
#[derive(Debug, Args)]
pub(in crate::cli) struct Explain {
    /// A chain: a file of workflows/chains.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The document: `doc`, and perhaps `initiator`, `people`, `at`, as in the `tests` of a chain.
    #[arg(long = "doc", value_name = "FILE")]
    document: PathBuf,
    /// The folder with the vocabulary and the kinds; by default the one above the file's own, else
    /// `workflows`.
    #[arg(long, value_name = "DIR")]
    workflows: Option<PathBuf>,
    /// The configuration of the server, for the names of its webhooks and lookups.
    #[arg(long, value_name = "FILE", env = "CHANCERY_CONFIG")]
    config: Option<PathBuf>,
    /// Without one somebody is invented for every role, group and field.
    #[command(flatten)]
    company: people::Company,
    /// The language: ru or en; by default that of LC_ALL, LC_MESSAGES or LANG.
    #[arg(long, value_parser = locale)]
    lang: Option<Locale>,
    /// One JSON object.
    #[arg(long)]
    json: bool,
}

/// Explains and prints. 1: no run could start; a file is refused.
pub(in crate::cli) fn run(arguments: &Explain) -> ExitCode {
    let locale = arguments.lang.unwrap_or_else(config::terminal_locale);
    with_chain(
        &arguments.file,
        (arguments.workflows.as_deref(), arguments.config.as_deref()),
        locale,
        |opened| {
            let Some(scene) = read_scene(&arguments.document, opened, locale) else {
                return ExitCode::FAILURE;
            };
            let Some(house) = House::of(arguments, opened, &scene, locale) else {
                return ExitCode::FAILURE;
            };
            explain_in(arguments, opened, &house, locale)
        },
    )
}

/// Who is asked, and when.
struct House {
    company: Company,
    directory: Directory,
    initiator: PersonId,
    version: Version,
    card: chancery_types::field::Card,
    at: Instant,
}

impl House {
    /// The organisation of the file that was named, else an invented one. `None` if something is
    /// refused, which is said.
    fn of(arguments: &Explain, opened: &Opened, scene: &SceneFile, locale: Locale) -> Option<Self> {
        let trial = Trial::new(&opened.definition, &scene.scene, &[]);
        let company = trial.company.clone();
        let mut house = Self {
            directory: company.directory.clone(),
            initiator: company.initiator,
            version: trial.version(1),
            card: trial.card().clone(),
            at: match scene.scene.at {
                Some(_) => trial.at,
                None => crate::clock::Clock::System.now(),
            },
            company,
        };
        let known = (&opened.definition, &opened.house.vocabulary);
        house.directory = match (&arguments.company.org, arguments.company.today) {
            (Some(path), _) => read_directory(path, known, locale)?,
            (None, true) => todays_directory(arguments, opened)?,
            (None, false) => return Some(house),
        };
        house.directory.read_at = Some(house.at);
        // What was invented for the card names nobody of this organisation.
        house.card.clone_from(&scene.scene.card);
        for (name, held) in trial.card() {
            let is_named = matches!(held, chancery_types::FieldValue::Reference(_));
            if !is_named || is_required(opened, name) {
                house
                    .card
                    .entry(name.clone())
                    .or_insert_with(|| held.clone());
            }
        }
        if house.directory.active(house.initiator).is_none() {
            say(&format!(
                "chancery: {}",
                t(locale, "workflow-explain-no-initiator", &[])
            ));
            return None;
        }
        Some(house)
    }

    fn name(&self, assignee: Assignee) -> String {
        match assignee {
            Assignee::Person(id) => self
                .directory
                .people
                .get(&id)
                .map_or_else(|| "?".to_owned(), |person| person.login.clone()),
            Assignee::Contact(_) => self.company.name_of(assignee).to_owned(),
        }
    }

    /// Until when somebody is away, if they are.
    fn away_until(&self, person: PersonId) -> Option<Instant> {
        let absences = self.directory.absences.iter();
        let now = absences.filter(|away| away.person == person && away.holds_at(self.at));
        now.map(|away| away.until).max()
    }

    /// A row of the register of mandates, as it names itself.
    fn mandate(&self, id: MandateId) -> Option<String> {
        let mut register = self.directory.mandates.iter();
        let row = register.find(|row| row.id == id)?;
        let limit = row.limit.as_ref().map(|limit| format!(" ≤ {limit}"));
        Some(format!("{}{}", row.basis, limit.unwrap_or_default()))
    }

    /// Who may decide in somebody's place.
    fn stand_ins(&self, opened: &Opened, stage: &Stage, person: PersonId) -> Vec<String> {
        let matter = Matter {
            kind: opened.definition.kind(),
            stage_kind: stage.kind,
            at: self.at,
        };
        let found = self.directory.substitutes(person, &matter, |_| true);
        found
            .keys()
            .map(|id| self.name(Assignee::Person(*id)))
            .collect()
    }
}

/// The organisation of the server as it is now, for this chain.
fn todays_directory(arguments: &Explain, opened: &Opened) -> Option<Directory> {
    let config = arguments.config.as_deref();
    arguments.company.ask(config, async |app, operator| {
        let asked = app.directory_for(operator, &opened.definition).await;
        Ok(asked.map_err(told)?.as_in_scenes())
    })
}

fn is_required(opened: &Opened, field: &str) -> bool {
    opened.kind.field(field).is_some_and(|field| field.required)
}

fn explain_in(arguments: &Explain, opened: &Opened, house: &House, locale: Locale) -> ExitCode {
    let explained = explain(
        &opened.definition,
        &house.card,
        &house.version,
        house.initiator,
        &house.directory,
    );
    let stages = match explained {
        Ok(stages) => stages,
        Err(refusal) => {
            not_started(arguments, &refusal, locale);
            return ExitCode::FAILURE;
        }
    };
    let asked: Vec<Asked> = stages
        .iter()
        .map(|stage| Asked::of(opened, house, stage))
        .collect();
    if arguments.json {
        let all = stages.iter().zip(&asked);
        let all: Vec<Value> = all
            .map(|(stage, asked)| as_json(opened, stage, asked, locale))
            .collect();
        print_line(&Value::from(all).to_string());
    } else {
        for (stage, asked) in stages.iter().zip(&asked) {
            print(opened, stage, asked, locale);
        }
    }
    let blocks = stages
        .iter()
        .any(|stage| matches!(stage.forecast, Forecast::Blocks(_)));
    if blocks {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    }
}

fn not_started(arguments: &Explain, refusal: &Refusal, locale: Locale) {
    if arguments.json {
        print_line(&json!({ "refusal": refusal.code() }).to_string());
        return;
    }
    let why = refusal.text(locale);
    let args = [("why", why.as_str().into())];
    print_line(&t(locale, "workflow-explain-not-started", &args));
}

/// Somebody who is asked.
struct Person {
    name: String,
    /// Whom the file names for this seat.
    named: Vec<String>,
    away_until: Option<Instant>,
    stand_ins: Vec<String>,
    /// The row of the register of mandates by which they are asked.
    mandate: Option<String>,
    /// What their agreement weighs, where agreements are weighed.
    weight: Option<u32>,
    /// Whether nothing goes on without their agreement or abstention.
    has_veto: bool,
}

/// Whom a stage asks.
struct Asked {
    people: Vec<Person>,
}

impl Asked {
    fn of(opened: &Opened, house: &House, stage: &Explanation) -> Self {
        let (
            Forecast::Asks {
                assignees,
                seats,
                quorum,
                ..
            },
            Some(own),
        ) = (&stage.forecast, opened.definition.stage(&stage.path))
        else {
            return Self { people: Vec::new() };
        };
        let people = assignees.iter().zip(seats).map(|(assignee, seat)| {
            let groups = seat.groups.iter();
            let named = groups.filter_map(|group| stage.named.get(*group as usize));
            let id = match assignee {
                Assignee::Person(id) => Some(*id),
                Assignee::Contact(_) => None,
            };
            let away_until = id.and_then(|id| house.away_until(id));
            Person {
                name: house.name(*assignee),
                named: named.map(|(resolver, _)| resolver.clone()).collect(),
                away_until,
                mandate: seat.mandate.and_then(|id| house.mandate(id)),
                weight: matches!(quorum, Quorum::Weight(_)).then_some(seat.weight),
                has_veto: seat.veto,
                stand_ins: match (id, away_until) {
                    (Some(id), Some(_)) => house.stand_ins(opened, own, id),
                    _ => Vec::new(),
                },
            }
        });
        Self {
            people: people.collect(),
        }
    }
}

/// What a stage will do, in words.
fn foretold(opened: &Opened, stage: &Explanation, asked: &Asked, locale: Locale) -> String {
    match &stage.forecast {
        Forecast::Asks { needed, quorum, .. } => {
            let own = opened.definition.stage(&stage.path);
            let due = own.and_then(|own| own.timing.due.as_ref());
            let due = due.map_or_else(|| "–".to_owned(), |due| due.to_string());
            let args = [
                ("needed", (*needed).into()),
                ("asked", asked.people.len().into()),
                ("due", due.as_str().into()),
            ];
            let key = match quorum {
                Quorum::Weight(_) => "workflow-explain-asks-weight",
                Quorum::EachGroup(_) => "workflow-explain-asks-each",
                Quorum::All | Quorum::Any | Quorum::Count(_) | Quorum::Percent { .. } => {
                    "workflow-explain-asks"
                }
            };
            t(locale, key, &args)
        }
        Forecast::Depends { on } => t(
            locale,
            "workflow-explain-depends",
            &[("on", on.as_str().into())],
        ),
        Forecast::Skips(reason) => {
            let reason = t(
                locale,
                &format!("workflow-skip-{}", skip_code(*reason)),
                &[],
            );
            t(
                locale,
                "workflow-explain-skips",
                &[("why", reason.as_str().into())],
            )
        }
        Forecast::Blocks(refusal) => {
            let why = refusal.text(locale);
            t(
                locale,
                "workflow-explain-blocks",
                &[("why", why.as_str().into())],
            )
        }
    }
}

fn print(opened: &Opened, stage: &Explanation, asked: &Asked, locale: Locale) {
    let title = stage.title.get(locale).unwrap_or(&stage.path);
    let what = foretold(opened, stage, asked, locale);
    for wait in &stage.waits {
        let kind = wait.kind_title.get(locale).unwrap_or(&wait.kind);
        let args = [("kind", kind.into()), ("name", wait.name.as_str().into())];
        print_line(&t(locale, "workflow-explain-waits", &args));
    }
    print_line(&format!("{} ({title}): {what}", stage.path));
    for (condition, answer) in stage.conditions.iter().zip(&stage.answers) {
        let key = match answer {
            Some(true) => "workflow-explain-holds",
            Some(false) => "workflow-explain-holds-not",
            None => "workflow-explain-unanswered",
        };
        print_line(&format!(
            "    {}",
            t(locale, key, &[("condition", condition.as_str().into())])
        ));
    }
    if !stage.reads.is_empty() {
        let reads = stage.reads.iter();
        let reads = listed(
            reads.map(|(name, held)| format!("{name} = {}", held.as_deref().unwrap_or("–"))),
        );
        print_line(&format!("    {reads}"));
    }
    print_people(opened, asked, locale);
}

fn print_people(opened: &Opened, asked: &Asked, locale: Locale) {
    let clock = Clock::of(&opened.definition);
    for person in &asked.people {
        let named = listed(&person.named);
        print_line(&format!("    {} ← {named}", person.name));
        if let Some(weight) = person.weight {
            let told = t(
                locale,
                "workflow-explain-weighs",
                &[("weight", weight.into())],
            );
            print_line(&format!("      {told}"));
        }
        if person.has_veto {
            print_line(&format!(
                "      {}",
                t(locale, "workflow-explain-veto", &[])
            ));
        }
        if let Some(mandate) = &person.mandate {
            let args = [("basis", mandate.as_str().into())];
            let told = t(locale, "workflow-explain-mandate", &args);
            print_line(&format!("      {told}"));
        }
        if let Some(until) = person.away_until {
            let (until, instead) = (clock.shown(until), listed(&person.stand_ins));
            let args = [
                ("until", until.as_str().into()),
                ("instead", instead.as_str().into()),
            ];
            print_line(&format!(
                "      {}",
                t(locale, "workflow-explain-away", &args)
            ));
        }
    }
}

fn as_json(opened: &Opened, stage: &Explanation, asked: &Asked, locale: Locale) -> Value {
    let (forecast, detail) = match &stage.forecast {
        Forecast::Asks { needed, .. } => ("asks", json!(needed)),
        Forecast::Depends { on } => ("depends", json!(on)),
        Forecast::Skips(reason) => ("skips", json!(skip_code(*reason))),
        Forecast::Blocks(refusal) => ("blocks", json!(refusal.code())),
    };
    let conditions = stage.conditions.iter().zip(&stage.answers);
    let conditions = conditions.map(|(text, holds)| json!({ "text": text, "holds": holds }));
    let people = asked.people.iter().map(|person| {
        json!({
            "name": person.name,
            "named_by": person.named,
            "away_until": person.away_until.map(|until| until.to_string()),
            "stand_ins": person.stand_ins,
            "mandate": person.mandate,
            "weight": person.weight,
            "veto": person.has_veto,
        })
    });
    let waits = stage.waits.iter();
    let waits = waits.map(|wait| json!({ "name": wait.name, "kind": wait.kind }));
    let due = opened.definition.stage(&stage.path);
    let due = due
        .and_then(|own| own.timing.due.as_ref())
        .map(|due| due.to_string());
    json!({
        "stage": stage.path,
        "title": stage.title.get(locale),
        "forecast": forecast,
        "detail": detail,
        "due": due,
        "conditions": conditions.collect::<Vec<_>>(),
        "reads": stage.reads,
        "waits": waits.collect::<Vec<_>>(),
        "people": people.collect::<Vec<_>>(),
    })
}
