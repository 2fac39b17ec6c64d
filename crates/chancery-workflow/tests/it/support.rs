//! A small company, the files of the house, and a way to play a run line by line.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use chancery_types::field::Card;
use chancery_types::{FieldType, Instant};
use chancery_workflow::{
    Ability, Calendar, Decision, Definition, Directory, Effect, Event, EventKind, House, Kind,
    Means, Place, State, TaskNumber, Version, Vocabulary, apply, parse_parameters,
};

pub use crate::shared::company::*;

/// The folder `workflows/` of the repository.
pub fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../workflows")
}

pub fn read(path: &str) -> String {
    std::fs::read_to_string(folder().join(path)).expect(path)
}

/// The contract or the invoice of the small company, as one without timers and without means would
/// have it, and without its examples: what time does is the matter of `timers`, what is done
/// outside that of `outside`, and what a test changes may be what an example holds fast. They are
/// files of the tests, apart from those of the house: what the engine does is told on few stages.
pub fn read_chain(id: &str) -> String {
    let source = read_small(id);
    let source = source
        .split("\n# `chancery workflow test")
        .next()
        .unwrap_or_default();
    let (before, effects) = source.split_once("\neffects:\n").expect("effects");
    let (_, after) = effects.split_once("\n\n").unwrap_or((effects, ""));
    let own = ["remind: ", "on_timeout: ", "allow: [delegate]"];
    let is_own = |line: &&str| own.iter().any(|key| line.trim_start().starts_with(key));
    let told = |line: &&str| id == "contract" && line.starts_with("  clerk: ");
    let source = format!("{before}\n\n{after}");
    let lines = source.split_inclusive('\n');
    let kept = lines.filter(|line| !is_own(line) && !told(line));
    kept.chain(Some("\n")).collect()
}

/// The same whole.
pub fn read_small(id: &str) -> String {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/small");
    std::fs::read_to_string(folder.join(format!("{id}.yaml"))).expect(id)
}

pub fn vocabulary() -> Vocabulary {
    let vocabulary = Vocabulary::parse(&read("vocabulary.yaml")).expect("the vocabulary");
    let parameters = parse_parameters(&read("parameters.yaml")).expect("the parameters");
    vocabulary.with_parameters(parameters)
}

pub fn kinds() -> BTreeMap<String, Kind> {
    ["contract", "invoice"]
        .into_iter()
        .map(|id| {
            let source = read(&format!("kinds/{id}.yaml"));
            (
                id.to_owned(),
                Kind::parse(&source, &vocabulary()).expect(id),
            )
        })
        .collect()
}

pub fn chain(id: &str) -> Definition {
    define(&read_chain(id))
}

/// Parses a workflow that must be accepted.
pub fn define(source: &str) -> Definition {
    Definition::parse(source, &kinds(), &vocabulary()).unwrap_or_else(|findings| {
        let locale = chancery_types::Locale::En;
        panic!(
            "{}",
            chancery_workflow::render(&findings, source, "test.yaml", locale)
        )
    })
}

/// What a house has that carries out the whole language.
pub fn means() -> Means {
    let names = |all: &[&str]| all.iter().map(|name| (*name).to_owned()).collect();
    let answer = |parts: &[(&str, FieldType)]| {
        let parts = parts.iter();
        parts
            .map(|(name, wanted)| ((*name).to_owned(), *wanted))
            .collect::<BTreeMap<String, FieldType>>()
    };
    let vocabulary = vocabulary();
    let mut journals: BTreeSet<String> = names(&["contracts"]);
    journals.extend(vocabulary.journals().keys().cloned());
    let mut templates: BTreeSet<String> = names(&["signed", "withdrawn", "incident"]);
    templates.extend(vocabulary.templates().keys().cloned());
    Means {
        abilities: BTreeSet::from(Ability::ALL),
        journals,
        webhooks: names(&["erp-signed"]),
        templates,
        calls: BTreeMap::from([
            (
                "bank-account".to_owned(),
                answer(&[("ok", FieldType::Boolean)]),
            ),
            (
                "erp-match".to_owned(),
                answer(&[
                    ("matched", FieldType::Boolean),
                    ("score", FieldType::Integer),
                    ("note", FieldType::Text),
                    ("paid_on", FieldType::Date),
                ]),
            ),
        ]),
    }
}

/// The calendars of the house, by identifier.
pub fn calendars() -> BTreeMap<String, Calendar> {
    let ids = ["eu-5x8", "ru-5x8"];
    ids.into_iter()
        .map(|id| {
            let source = read(&format!("calendars/{id}.yaml"));
            (id.to_owned(), Calendar::parse(&source).expect(id))
        })
        .collect()
}

/// Parses a workflow that must be accepted by whoever carries out the whole language.
pub fn define_with_means(source: &str) -> Definition {
    let (kinds, vocabulary, calendars) = (kinds(), vocabulary(), calendars());
    let house = House {
        kinds: &kinds,
        vocabulary: &vocabulary,
        calendars: &calendars,
    };
    Definition::parse_with(source, &house, &means()).unwrap_or_else(|findings| {
        let locale = chancery_types::Locale::En;
        panic!(
            "{}",
            chancery_workflow::render(&findings, source, "test.yaml", locale)
        )
    })
}

/// A run being played.
pub struct Play {
    pub definition: Definition,
    pub directory: Directory,
    pub state: State,
    pub card: Card,
    pub effects: Vec<Effect>,
    minute: i64,
}

impl Play {
    pub fn new(definition: Definition, card: Card) -> Self {
        Self {
            definition,
            directory: directory(),
            state: State::draft(),
            card,
            effects: Vec::new(),
            minute: 0,
        }
    }

    /// One line: `irina returns legal`. The task is the actor's open one in that stage, else any
    /// open one there, else the last one there.
    pub fn event(&self, line: &str) -> Event {
        let words: Vec<&str> = line.split_whitespace().collect();
        let (who, verb) = (words[0], words[1]);
        let argument = words.get(2).copied().unwrap_or("");
        let task = || self.task(who, argument);
        let seen = self
            .state
            .subject
            .as_ref()
            .map_or(digest(1), |it| it.version.digest);
        let decided = |decision, comment: Option<&str>, remarks: &[&str]| EventKind::Decided {
            task: task(),
            decision,
            version_digest: if words.last() == Some(&"(stale)") {
                digest(77)
            } else {
                seen
            },
            comment: comment.map(str::to_owned),
            remarks: remarks.iter().map(|remark| (*remark).to_owned()).collect(),
        };
        let kind = match verb {
            "starts" => EventKind::Started {
                card: self.card.clone(),
                version: version(1, who),
            },
            "starts-for" => EventKind::Started {
                card: self.card.clone(),
                version: version(1, argument),
            },
            "approves" => decided(Decision::Approve, None, &[]),
            "remarks" => decided(Decision::ApproveWithRemarks, None, &["п. 4.2: срок"]),
            "returns" => decided(Decision::Return, Some("Нет сметы"), &["п. 4.2: срок"]),
            "rejects" => decided(Decision::Reject, Some("Не наш договор"), &[]),
            "abstains" => decided(Decision::Abstain, None, &[]),
            "holds" => decided(Decision::Hold, Some("Ждём закрывающие"), &[]),
            "returns-silently" => decided(Decision::Return, None, &[]),
            "reads" => decided(Decision::Acknowledge, None, &[]),
            "signs" => EventKind::Signed {
                task: task(),
                version_digest: seen,
            },
            "revises" => {
                let number = argument.parse().expect("a number");
                EventKind::NewVersion {
                    version: version(number, who),
                    card: self.card.clone(),
                    changed: BTreeSet::from(["file.main".to_owned()]),
                }
            }
            // Other attachments, and nothing else.
            "attaches" => {
                let number = argument.parse().expect("a number");
                let digest = match self.definition.has_material_attachments() {
                    true => digest(number),
                    false => seen,
                };
                EventKind::NewVersion {
                    version: Version {
                        digest,
                        ..version(number, who)
                    },
                    card: self.card.clone(),
                    changed: BTreeSet::from(["file.attachments".to_owned()]),
                }
            }
            // A new number with the content of an earlier version.
            "reverts" => EventKind::NewVersion {
                version: Version {
                    digest: digest(words[3].parse().expect("a number")),
                    ..version(argument.parse().expect("a number"), who)
                },
                card: self.card.clone(),
                changed: BTreeSet::new(),
            },
            "resubmits" => EventKind::Resubmitted {
                comment: (argument == "answering").then(|| "Смета приложена".to_owned()),
            },
            "passes" => EventKind::Reassigned {
                task: task(),
                to: assignee(words[4]),
            },
            "hands" => EventKind::Delegated {
                task: task(),
                to: person(words[4]),
            },
            "claims" => EventKind::Claimed { task: task() },
            "unclaims" => EventKind::Unclaimed { task: task() },
            "takes-back" => EventKind::DelegationEnded { task: task() },
            // A new number, with the card as the test has made it and the same files.
            "edits" => EventKind::NewVersion {
                version: version(argument.parse().expect("a number"), who),
                card: self.card.clone(),
                changed: BTreeSet::new(),
            },
            // `adds boris board before`, perhaps `optional`.
            "adds" => EventKind::ApproverAdded {
                stage: self.path(words[3]),
                person: person(argument),
                place: match words[4] {
                    "before" => Place::Before,
                    "after" => Place::After,
                    _ => Place::Beside,
                },
                required: words.last() != Some(&"optional"),
            },
            "drops" => EventKind::ApproverDropped {
                stage: self.path(words[3]),
                person: person(argument),
            },
            "revokes" => EventKind::VoteRevoked {
                task: self.last_vote(who, argument),
            },
            "cancels" => EventKind::Cancelled {
                reason: "Ошибка".to_owned(),
            },
            "suspends" => EventKind::Suspended {
                reason: "Проверка".to_owned(),
            },
            "resumes" => EventKind::Resumed,
            "withdraws" => EventKind::Withdrawn {
                reason: "Передумали".to_owned(),
            },
            other => panic!("unknown verb {other}"),
        };
        Event {
            at: Instant::from_seconds(self.minute * 60),
            actor: actor(who),
            kind,
        }
    }

    fn path(&self, id: &str) -> String {
        let found = self.definition.stages().find(|stage| stage.id == id);
        found.map_or_else(|| id.to_owned(), |stage| stage.path.clone())
    }

    /// The last task in which `who` has decided in a stage.
    fn last_vote(&self, who: &str, stage: &str) -> TaskNumber {
        let path = self.path(stage);
        let mut tasks = self.state.tasks.iter().rev();
        tasks
            .find(|(_, task)| {
                task.stage == path && task.assignee == assignee(who) && !task.is_open()
            })
            .map_or(TaskNumber(999), |(number, _)| *number)
    }

    fn task(&self, who: &str, stage: &str) -> TaskNumber {
        let there = |path: &str| path == stage || path.ends_with(&format!("/{stage}"));
        let mine = |number: &TaskNumber| self.state.tasks[number].assignee == assignee(who);
        let open: Vec<TaskNumber> = self
            .state
            .open_tasks()
            .filter(|(_, task)| there(&task.stage))
            .map(|(number, _)| number)
            .collect();
        let last = || {
            let tasks = self
                .state
                .tasks
                .iter()
                .filter(|(_, task)| there(&task.stage));
            tasks.map(|(number, _)| *number).next_back()
        };
        open.iter()
            .copied()
            .find(mine)
            .or_else(|| open.first().copied())
            .or_else(last)
            .unwrap_or(TaskNumber(999))
    }

    /// Plays one line and says what became of it.
    pub fn line(&mut self, line: &str) -> String {
        self.minute += 1;
        let event = self.event(line);
        match apply(&self.definition, &self.state, &event, &self.directory) {
            Ok(step) => {
                self.state = step.state;
                self.effects = step.effects;
                self.now()
            }
            Err(refusal) => format!("refused: {refusal}"),
        }
    }

    /// Plays lines that must all be accepted.
    pub fn must(&mut self, script: &str) -> &mut Self {
        for line in script
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty())
        {
            let answer = self.line(line);
            assert!(!answer.starts_with("refused"), "{line}: {answer}");
        }
        self
    }

    /// The phase, the round and the open tasks.
    pub fn now(&self) -> String {
        let open: Vec<String> = self
            .state
            .open_tasks()
            .map(|(number, task)| format!("{number} {} {}", task.stage, name(task.assignee)))
            .collect();
        format!(
            "{:?} {} [{}]",
            self.state.phase,
            self.state.round,
            open.join(", ")
        )
    }
}

/// Plays a script and writes beside each line what became of it.
pub fn trace(play: &mut Play, script: &str) -> String {
    let mut out = String::new();
    for line in script.lines() {
        let line = line.split('|').next().unwrap_or("").trim();
        if !line.is_empty() {
            let answer = play.line(line);
            out.push_str(&format!("{line} | {answer}\n"));
        }
    }
    out
}

/// The script of a table `line | answer` must give the table.
pub fn check(play: &mut Play, table: &str) {
    let wanted: String = table
        .lines()
        .filter(|line| !line.trim().is_empty())
        .map(|line| {
            let (script, answer) = line.split_once('|').unwrap_or((line, ""));
            format!("{} | {}\n", script.trim(), answer.trim())
        })
        .collect();
    let found = trace(play, table);
    assert!(found == wanted, "found:\n{found}\nwanted:\n{wanted}");
}
