//! The templates of the house: 21 kinds with their chains, the packs that switch them on, and the
//! parameters that an administrator changes in one place.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::LazyLock;

use chancery_types::field::Card;
use chancery_types::id::{DepartmentId, PersonId};
use chancery_types::{Digest, FieldType, FieldValue, Instant, Locale, Money};
use chancery_workflow::expression::{Comparison, Expression, Said, SaidValue};
use chancery_workflow::kind::Bounds;
use chancery_workflow::{
    Ability, Actor, Assignee, Calendar, Decision, Definition, Department, Diagnostic, Directory,
    Event, EventKind, House, Kind, Means, Pack, ParameterValue, Person, Phase, RoleHeld, StageKind,
    State, Version, Vocabulary, apply, outside_packs, parse_parameters, render,
};
use uuid::Uuid;

use crate::files::files;
use crate::support::*;

/// Every kind of the house, by id.
pub fn all_kinds() -> BTreeMap<String, Kind> {
    let sources = files("kinds");
    let kinds = sources.iter().map(|name| {
        let kind = Kind::parse(&read(&format!("kinds/{name}")), &vocabulary()).expect(name);
        (kind.id().to_owned(), kind)
    });
    kinds.collect()
}

/// What the server carries out today.
fn server() -> Means {
    let vocabulary = vocabulary();
    Means {
        abilities: BTreeSet::from([
            Ability::Absorption,
            Ability::Delegation,
            Ability::Creation,
            Ability::Effects,
            Ability::Forms,
            Ability::Lookups,
            Ability::Pools,
        ]),
        journals: vocabulary.journals().keys().cloned().collect(),
        templates: vocabulary.templates().keys().cloned().collect(),
        ..Means::default()
    }
}

/// What files of the house are read against, read once.
static FILES: LazyLock<(BTreeMap<String, Kind>, BTreeMap<String, Calendar>)> =
    LazyLock::new(|| (all_kinds(), calendars()));

fn parsed(source: &str, vocabulary: &Vocabulary) -> Result<Definition, Vec<Diagnostic>> {
    let house = House {
        kinds: &FILES.0,
        vocabulary,
        calendars: &FILES.1,
    };
    Definition::parse_with(source, &house, &server())
}

/// Every chain of the house, by id, as the server reads it: with its embedded tests.
pub fn all_chains() -> BTreeMap<String, Definition> {
    let vocabulary = vocabulary();
    let sources = files("chains");
    let chains = sources.iter().map(|name| {
        let source = read(&format!("chains/{name}"));
        let chain = parsed(&source, &vocabulary)
            .unwrap_or_else(|found| panic!("{}", render(&found, &source, name, Locale::En)));
        (chain.id().to_owned(), chain)
    });
    chains.collect()
}

fn packs() -> BTreeMap<String, Pack> {
    let kinds = all_kinds();
    let sources = files("packs");
    let packs = sources.iter().map(|name| {
        let pack = Pack::parse(&read(&format!("packs/{name}")), &kinds).expect(name);
        assert_eq!(format!("{}.yaml", pack.id()), *name, "named after its id");
        (pack.id().to_owned(), pack)
    });
    packs.collect()
}

/// Goal: every template is there, each with several examples of its own that the reader follows.
#[test]
fn every_template_is_there_with_examples_of_its_own() {
    let chains = all_chains();
    assert_eq!(chains.len(), 21);
    for (id, chain) in &chains {
        let examples = chain.source().matches("\n  - name: ").count();
        assert!(examples >= 3, "{id}: {examples} examples");
        assert!(chain.calendar().is_some(), "{id} reckons by no calendar");
    }
}

/// Goal: every kind is in a pack, and one that is in none is told at its place in both languages.
#[test]
fn every_kind_is_in_a_pack() {
    let (kinds, packs) = (all_kinds(), packs());
    for kind in kinds.values() {
        assert_eq!(outside_packs(kind, &packs), None, "{}", kind.id());
    }
    let others: BTreeMap<String, Pack> = packs
        .into_iter()
        .filter(|(id, _)| id != "medical")
        .collect();
    let lonely = kinds.get("medical_equipment").expect("the kind");
    let finding = outside_packs(lonely, &others).expect("told");
    assert_eq!((finding.code, finding.line, finding.column), ("W202", 3, 5));
    for locale in Locale::ALL {
        assert!(finding.text(locale).contains("medical_equipment"));
        assert!(
            finding
                .help(locale)
                .is_some_and(|help| help.contains("workflows/packs"))
        );
    }
    assert_eq!(
        outside_packs(lonely, &BTreeMap::new()),
        None,
        "without packs"
    );
}

/// Goal: a value that is changed in one file changes the route, its due dates and the examples with
/// it, and only what is read after the change.
#[test]
fn a_parameter_is_changed_in_one_place() {
    let source = read("chains/purchase_request.yaml");
    let before = parsed(&source, &vocabulary()).expect("it is read");
    let text = read("parameters.yaml");
    let changed = text
        .replace(
            "value: RUB 3000000.00, title: { ru: \"Заявка на закупку",
            "value: RUB 700000.00, title: { ru: \"Заявка на закупку",
        )
        .replace(
            "value: 5bd, title: { ru: Срок решения",
            "value: 9bd, title: { ru: Срок решения",
        );
    let parameters = parse_parameters(&changed).expect("parameters");
    let after = parsed(&source, &vocabulary().with_parameters(parameters)).expect("it is read");
    let value = |chain: &Definition, name: &str| {
        chain
            .parameters()
            .get(name)
            .expect(name)
            .value()
            .to_string()
    };
    for (name, old, new) in [
        ("purchase_committee_from", "RUB 3000000.00", "RUB 700000.00"),
        ("committee_time", "5bd", "9bd"),
        ("purchase_cfo_from", "RUB 500000.00", "RUB 500000.00"),
    ] {
        assert_eq!(
            (value(&before, name), value(&after, name)),
            (old.to_owned(), new.to_owned())
        );
    }
    assert_eq!(before.parameters().len(), 3, "only what it names");
    let due = |chain: &Definition| {
        let stage = chain.stage("committee");
        stage.and_then(|stage| stage.timing.due.clone())
    };
    assert_eq!(
        due(&before).map(|due| due.to_string()).as_deref(),
        Some("5bd")
    );
    assert_eq!(
        due(&after).map(|due| due.to_string()).as_deref(),
        Some("9bd")
    );
    assert_ne!(before, after, "the conditions hold the values");
    // What a run was pinned to is read with its own values, whatever the house has by then.
    let pinned = serde_json::to_string(before.parameters()).expect("a text");
    let own = serde_json::from_str(&pinned).expect("read");
    let again = parsed(
        &source,
        &Vocabulary::parse(&read("vocabulary.yaml"))
            .expect("it")
            .with_parameters(own),
    );
    assert_eq!(again.expect("it is read"), before);
}

/// Goal: a threshold that makes a stage unreachable is refused where it is named.
#[test]
fn a_value_that_leaves_a_stage_without_documents_is_refused() {
    let source = read("chains/inventory_act.yaml");
    let text = read("parameters.yaml");
    let old = "shortage_director_points: { type: integer, value: 10,";
    assert!(text.contains(old));
    let text = text.replace(old, &old.replace("10,", "10001,"));
    let parameters = parse_parameters(&text).expect("parameters");
    let found = parsed(&source, &vocabulary().with_parameters(parameters)).map(|_| ());
    let found = found.expect_err("the card has ten thousand at most");
    assert!(
        found.iter().any(|finding| finding.key == "guard-never"),
        "{found:?}"
    );
}

/// Goal: the values of a house are of their types, and each is named by some chain.
#[test]
fn every_parameter_is_named_by_a_chain() {
    let vocabulary = vocabulary();
    let chains = all_chains();
    let named: BTreeSet<&String> = chains
        .values()
        .flat_map(|chain| chain.parameters().keys())
        .collect();
    for (name, parameter) in vocabulary.parameters() {
        assert!(named.contains(name), "{name}");
        for locale in Locale::ALL {
            assert!(!parameter.title(locale).is_empty());
        }
    }
    let spans = vocabulary.parameters().values();
    let spans = spans.filter(|parameter| matches!(parameter.value(), ParameterValue::Span(_)));
    assert_eq!(spans.count(), 6);
}

/// Goal: where a condition has no words and is told as it is written, a parameter in it is told by
/// its title and value. Method: a chain with such a condition, drawn in each form and language;
/// what only looks like a parameter stays.
#[test]
fn a_parameter_is_told_by_title_and_value() {
    let when = "doc.payment_days + 1 > param( 'contract_payment_days' ) || size(doc.subject) == 0";
    let chain = define(&with_stages(&format!(
        "stages:\n  - {{ id: a, type: approve, title: {{ ru: а, en: a }}, \
         assignees: [{{ role: lawyer }}], quorum: any }}\n\
         \x20 - {{ id: b, type: approve, title: {{ ru: б, en: b }}, assignees: [{{ role: cfo }}], \
         quorum: any, when: \"{when}\" }}\n"
    )));
    let own = chain.stage("b").and_then(|stage| stage.when.as_ref());
    let own = own.expect("a condition");
    assert!(own.said().is_none(), "it has words");
    let titles = [
        (
            Locale::En,
            "“Contract: financial control above this payment term, days” (30)",
        ),
        (
            Locale::Ru,
            "«Договор: финансовый контроль — при отсрочке больше, дней» (30)",
        ),
    ];
    for (locale, told) in titles {
        let drawing = chancery_workflow::Drawing::default();
        for drawn in [chain.diagram(locale), chain.drawing(&drawing, locale)] {
            assert!(!drawn.contains("param("), "{drawn}");
            assert!(drawn.contains(told), "{drawn}");
        }
    }
    let none = own.source_with(&BTreeMap::new(), |_| "?".to_owned());
    assert_eq!(none, when, "one that is not known stays as it is written");
    let value = |parameter: &chancery_workflow::Parameter| parameter.value().to_string();
    assert_eq!(
        own.source_with(chain.parameters(), value),
        "doc.payment_days + 1 > 30 || size(doc.subject) == 0"
    );
    let literal = define(&with_stages(
        "stages:\n  - { id: a, type: approve, title: { ru: а, en: a }, \
         assignees: [{ role: lawyer }], quorum: any }\n\
         \x20 - { id: b, type: approve, title: { ru: б, en: b }, assignees: [{ role: cfo }], \
         quorum: any, when: \"doc.subject == 'param' || doc.subject == 'param(x'\" }\n",
    ));
    let own = literal.stage("b").and_then(|stage| stage.when.as_ref());
    let own = own.expect("a condition");
    assert_eq!(own.source_with(chain.parameters(), value), own.source());
}

/// Goal: what decides a way is told in words, with the values of parameters. Method: every
/// condition and rule of the house has them; some are compared whole.
#[test]
fn every_condition_of_the_house_has_words() {
    let chains = all_chains();
    for chain in chains.values() {
        for stage in chain.stages() {
            assert!(stage.when.as_ref().is_none_or(|when| when.said().is_some()));
            for (when, _) in &stage.quorum_cases {
                assert!(when.said().is_some(), "{}", when.source());
            }
        }
        for rule in chain.rules() {
            assert!(rule.rule.said().is_some(), "{}", rule.rule.source());
        }
    }
    let said = |chain: &str, stage: &str| {
        let stage = chains[chain].stage(stage).expect("a stage");
        stage
            .when
            .as_ref()
            .and_then(Expression::said)
            .expect("words")
    };
    let million = Money::parse("1000000.00", "RUB").expect("money");
    let text = |text: &str| SaidValue::Text(text.to_owned());
    assert_eq!(
        said("power_of_attorney", "cfo"),
        Said::Any(vec![
            Said::OneOf("powers".to_owned(), true, vec![text("bank")]),
            Said::All(vec![
                Said::OneOf("powers".to_owned(), true, vec![text("contracts")]),
                Said::Any(vec![
                    Said::Given("limit".to_owned(), false),
                    Said::Compared(
                        "limit".to_owned(),
                        Comparison::AtLeast,
                        SaidValue::Money(million)
                    ),
                ]),
            ]),
        ])
    );
    assert_eq!(
        said("act_upd", "checks/codes"),
        Said::Yes("marked".to_owned(), true),
        "that it is there goes without saying"
    );
    assert_eq!(
        chains["it_access"].rules()[0].rule.said(),
        Some(Said::NotPersonOf("holder".to_owned()))
    );
}

fn fixtures(of: &str) -> Vec<(String, String)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures")
        .join(of);
    let entries = std::fs::read_dir(folder).expect("the folder");
    let mut all: Vec<(String, String)> = entries
        .map(|entry| {
            let path = entry.expect("an entry").path();
            let name = path
                .file_stem()
                .and_then(|stem| stem.to_str())
                .expect("a name");
            let source = std::fs::read_to_string(&path).expect("a text");
            (name.to_owned(), source)
        })
        .collect();
    all.sort();
    all
}

fn said(of: &str, source: &str) -> Vec<Diagnostic> {
    match of {
        "parameters" => parse_parameters(source).expect_err("a refusal"),
        _ => Pack::parse(source, &kinds()).expect_err("a refusal"),
    }
}

/// The codes and keys that broken packs and parameters show, and a kind in no pack.
pub fn shown() -> BTreeSet<(String, String)> {
    let mut shown = BTreeSet::from([("W202".to_owned(), "kind-in-no-pack".to_owned())]);
    for of in ["packs", "parameters"] {
        for (_, source) in fixtures(of) {
            let found = said(of, &source).into_iter();
            shown.extend(found.map(|finding| (finding.code.to_owned(), finding.key.to_owned())));
        }
    }
    shown
}

/// Goal: what is wrong with packs and parameters is said at its place, with a cure, in both
/// languages. `CHANCERY_GOLDEN=write` writes the golden messages anew.
#[test]
fn broken_packs_and_parameters_get_their_golden_messages() {
    let write = std::env::var_os("CHANCERY_GOLDEN").is_some_and(|value| value == "write");
    let mut different = Vec::new();
    for of in ["packs", "parameters"] {
        for (name, source) in fixtures(of) {
            let found = said(of, &source);
            let (code, key) = name.split_once('-').expect("a code");
            let is_shown =
                |finding: &Diagnostic| finding.code == code.to_uppercase() && finding.key == key;
            assert!(found.iter().any(is_shown), "{name}: {found:?}");
            for locale in Locale::ALL {
                assert!(
                    found.iter().all(|finding| finding.help(locale).is_some()),
                    "{name}"
                );
                let text = render(&found, &source, &format!("{name}.yaml"), locale);
                let language = if locale == Locale::Ru { "ru" } else { "en" };
                let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
                    .join("tests/golden")
                    .join(of);
                let path = path.join(format!("{name}.{language}.txt"));
                if write {
                    std::fs::write(&path, &text).expect("written");
                } else if std::fs::read_to_string(&path).unwrap_or_default() != text {
                    different.push(format!("{name} ({language}):\n{text}"));
                }
            }
        }
    }
    assert!(
        different.is_empty(),
        "other words than the golden ones:\n{}",
        different.join("\n")
    );
}

/// A company with two people in every role and three in every group, and somebody for every field
/// that names a person.
struct Town {
    directory: Directory,
    next: u128,
}

impl Town {
    const OFFICE: DepartmentId = DepartmentId(Uuid::from_u128(1));

    fn new(vocabulary: &Vocabulary) -> Self {
        let mut town = Self {
            directory: Directory::default(),
            next: 1,
        };
        let top = town.moves_in(&[], None);
        let head = town.moves_in(&[], Some(top));
        town.directory.departments.insert(
            Self::OFFICE,
            Department {
                id: Self::OFFICE,
                key: "office".to_owned(),
                head: Some(head),
                parent: None,
            },
        );
        for role in vocabulary.roles().keys() {
            for _ in 0..2 {
                town.moves_in(&[role], Some(top));
            }
        }
        for group in vocabulary.groups().keys() {
            let members = (0..3).map(|_| town.moves_in(&[], Some(top)));
            let members = members.collect();
            town.directory.groups.insert(group.clone(), members);
        }
        town
    }

    fn moves_in(&mut self, roles: &[&str], manager: Option<PersonId>) -> PersonId {
        self.next += 1;
        let id = PersonId(Uuid::from_u128(self.next));
        let held = roles.iter().map(|role| RoleHeld {
            role: (*role).to_owned(),
            department: None,
        });
        let person = Person {
            id,
            login: format!("p{}", self.next),
            active: true,
            departments: BTreeSet::from([Self::OFFICE]),
            roles: held.collect(),
            manager,
        };
        self.directory.people.insert(id, person);
        id
    }

    /// A card with every field that must be there, and those that stages fill. `is_high`: the last
    /// choices, large numbers, everything that may be ticked, and everybody who may be named.
    fn card(&mut self, kind: &Kind, chain: &Definition, is_high: bool) -> Card {
        let form: BTreeSet<&String> = chain.stages().flat_map(|stage| &stage.form).collect();
        let mut card = Card::new();
        for field in kind.fields() {
            if !field.required && !is_high && !form.contains(&field.name) {
                continue;
            }
            let value = match field.field_type {
                FieldType::Text | FieldType::LongText => FieldValue::Text("…".to_owned()),
                FieldType::Integer => FieldValue::Integer(match field.bounds {
                    Bounds::Integer { max: Some(max), .. } if is_high => max,
                    Bounds::Integer { min: Some(min), .. } => min,
                    _ => 1,
                }),
                FieldType::Money => {
                    let amount = if is_high { "99000000.00" } else { "0.01" };
                    FieldValue::Money(Money::parse(amount, "RUB").expect("money"))
                }
                FieldType::Date => FieldValue::Date("2026-12-15".parse().expect("a date")),
                FieldType::Boolean => FieldValue::Boolean(is_high),
                FieldType::Choice => {
                    let mut choices = field.choices.iter();
                    let choice = if is_high {
                        choices.next_back()
                    } else {
                        choices.next()
                    };
                    FieldValue::Text(choice.expect("a choice").code.clone())
                }
                FieldType::Person => FieldValue::Reference(self.moves_in(&[], None).uuid()),
                FieldType::Department => FieldValue::Reference(Self::OFFICE.uuid()),
                FieldType::Counterparty | FieldType::Contact => {
                    FieldValue::Reference(Uuid::from_u128(7))
                }
            };
            card.insert(field.name.clone(), value);
        }
        card
    }
}

/// Whoever has something to decide agrees, until nothing is open: the last state, and the stages
/// that asked.
fn everybody_agrees(
    chain: &Definition,
    town: &Town,
    card: Card,
    initiator: PersonId,
) -> (State, BTreeSet<String>) {
    let at = Instant::from_seconds(1_800_000_000);
    let version = Version {
        number: 1,
        digest: Digest::of(b"a version"),
        author: initiator,
    };
    let digest = version.digest;
    let mut asked = BTreeSet::new();
    let mut next = Some((
        Actor::Person(initiator),
        EventKind::Started { card, version },
    ));
    let mut state = State::draft();
    while let Some((actor, kind)) = next {
        let event = Event { at, actor, kind };
        let step = apply(chain, &state, &event, &town.directory);
        state = step
            .unwrap_or_else(|refusal| panic!("{}: {refusal}", chain.id()))
            .state;
        next = state.open_tasks().next().map(|(task, open)| {
            let actor = match open.assignee {
                Assignee::Person(id) => Actor::Person(id),
                Assignee::Contact(id) => Actor::Contact(id),
            };
            asked.insert(open.stage.clone());
            let stage = chain.stage(&open.stage).expect("a stage");
            let decision = match stage.kind {
                StageKind::Approve => Decision::Approve,
                StageKind::Acknowledge => Decision::Acknowledge,
                StageKind::Sign => {
                    return (
                        actor,
                        EventKind::Signed {
                            task,
                            version_digest: digest,
                        },
                    );
                }
            };
            let kind = EventKind::Decided {
                task,
                decision,
                version_digest: digest,
                comment: None,
                remarks: Vec::new(),
            };
            (actor, kind)
        });
    }
    (state, asked)
}

/// Goal: every template can be gone through to its end, the small document and the one that asks
/// everybody, with an approval or a signature on each way. Method: everybody agrees.
#[test]
fn every_template_is_gone_through_to_its_end() {
    let (kinds, chains) = (all_kinds(), all_chains());
    for (id, chain) in &chains {
        let kind = &kinds[chain.kind()];
        let mut ways = Vec::new();
        for is_high in [false, true] {
            let mut town = Town::new(&vocabulary());
            let initiator = town.moves_in(&[], Some(PersonId(Uuid::from_u128(3))));
            let card = town.card(kind, chain, is_high);
            let (state, asked) = everybody_agrees(chain, &town, card, initiator);
            assert_eq!(state.phase, Phase::Completed, "{id}");
            let controls = |path: &String| {
                let stage = chain.stage(path).expect("a stage");
                stage.kind != StageKind::Acknowledge
            };
            assert!(
                asked.iter().any(controls),
                "{id} is completed without a control"
            );
            ways.push(asked);
        }
        assert!(ways[0].len() <= ways[1].len(), "{id}: {ways:?}");
    }
}
