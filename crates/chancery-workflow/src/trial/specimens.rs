//! Documents that stand for all documents: one for each way in which the conditions of a workflow
//! can answer.
//!
//! For each field that a condition reads, the values on both sides of whatever it is compared with
//! are tried, and its absence where it may be absent; of documents that all conditions answer
//! alike, one is kept.

use std::collections::{BTreeMap, BTreeSet};

use chancery_types::{Digest, FieldType, FieldValue, Money};
use rust_decimal::Decimal;

use super::card::{conditions, reference};
use super::company::Company;
use super::steps::{Initiator, Named, Scene};
use crate::definition::Definition;
use crate::expression::{Expression, Given, Literals, Probes};
use crate::kind::{Bounds, Field, Kind};
use crate::state::Version;

/// The most documents that are looked at to find them.
const TRIED_MAX: usize = 50_000;
/// The most values that are tried of one field.
const VALUES_MAX: usize = 60;

/// Documents that stand for all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Specimens {
    pub(super) scenes: Vec<Scene>,
    /// Whether there were more than were looked at.
    pub(super) is_cut: bool,
}

/// One value of a field; `None` for its absence.
type Value = Option<(FieldValue, Option<Named>)>;

/// Finds at most `count_max` documents.
pub(super) fn specimens(definition: &Definition, kind: &Kind, count_max: usize) -> Specimens {
    let mut probes = Probes::default();
    let mut atoms: Vec<Expression> = Vec::new();
    let rules = definition.rules().iter().map(|rule| &rule.rule);
    for condition in conditions(definition).into_iter().chain(rules) {
        condition.probe(&mut probes);
        for atom in condition.atoms() {
            if !atoms.contains(&atom) {
                atoms.push(atom);
            }
        }
    }
    let axes: Vec<(&Field, Vec<Value>)> = probes
        .fields
        .iter()
        .filter_map(|(name, literals)| {
            let field = kind.field(name)?;
            Some((field, values(field, literals)))
        })
        .collect();
    let mut found = Specimens::default();
    let mut seen: BTreeSet<Vec<Option<bool>>> = BTreeSet::new();
    let mut tried = 0_usize;
    for initiator in initiators(&probes) {
        // Only whoever starts it is asked for: the rest of the organisation answers no condition.
        let mut company = Company::of_initiator(&Scene {
            initiator: initiator.clone(),
            ..Scene::default()
        });
        let values = axes.iter().flat_map(|(_, values)| values.iter().flatten());
        for named in values.filter_map(|(_, named)| named.as_ref()) {
            company.name(named);
        }
        let mut digits = vec![0_usize; axes.len()];
        loop {
            if tried >= TRIED_MAX || found.scenes.len() >= count_max {
                found.is_cut = true;
                return found;
            }
            tried += 1;
            let scene = scene(&axes, &digits, initiator.clone());
            if seen.insert(answers(&atoms, &scene, &company)) {
                found.scenes.push(scene);
            }
            if !count_up(&mut digits, &axes) {
                break;
            }
        }
    }
    found
}

/// The next combination; false after the last one.
fn count_up(digits: &mut [usize], axes: &[(&Field, Vec<Value>)]) -> bool {
    for (digit, (_, values)) in digits.iter_mut().zip(axes) {
        *digit += 1;
        if *digit < values.len() {
            return true;
        }
        *digit = 0;
    }
    false
}

fn scene(axes: &[(&Field, Vec<Value>)], digits: &[usize], initiator: Option<Initiator>) -> Scene {
    let mut scene = Scene {
        initiator,
        ..Scene::default()
    };
    for ((field, values), digit) in axes.iter().zip(digits) {
        if let Some(Some((value, named))) = values.get(*digit) {
            scene.card.insert(field.name.clone(), value.clone());
            scene.named.extend(named.clone());
        }
    }
    scene
}

/// How each atom answers; `None` where it has no answer.
fn answers(atoms: &[Expression], scene: &Scene, company: &Company) -> Vec<Option<bool>> {
    let version = Version {
        number: 1,
        digest: Digest::of(b"specimen"),
        author: company.initiator,
    };
    let given = Given {
        card: &scene.card,
        initiator: company.initiator,
        version: &version,
        round: 1,
        directory: &company.directory,
        actor: None,
        changed: None,
        voters: None,
        asked: None,
    };
    let atoms = atoms.iter();
    atoms.map(|atom| atom.holds(&given).ok()).collect()
}

fn initiators(probes: &Probes) -> Vec<Option<Initiator>> {
    let mut all = vec![None];
    all.extend(probes.logins.iter().map(|login| {
        Some(Initiator {
            login: Some(login.clone()),
            ..Initiator::default()
        })
    }));
    all.extend(probes.departments.iter().map(|key| {
        Some(Initiator {
            departments: vec![key.clone()],
            ..Initiator::default()
        })
    }));
    all.extend(probes.groups.iter().map(|group| {
        Some(Initiator {
            groups: vec![group.clone()],
            ..Initiator::default()
        })
    }));
    all.truncate(VALUES_MAX);
    all
}

fn values(field: &Field, literals: &Literals) -> Vec<Value> {
    let mut values: Vec<FieldValue> = match field.field_type {
        FieldType::Boolean => [false, true].map(FieldValue::Boolean).to_vec(),
        FieldType::Integer => integers(field, literals),
        FieldType::Money => amounts(field, literals),
        FieldType::Date => dates(field, literals),
        FieldType::Choice => {
            let choices = field.choices.iter();
            choices
                .map(|choice| FieldValue::Text(choice.code.clone()))
                .collect()
        }
        FieldType::Text | FieldType::LongText => {
            let other = std::iter::once("?".to_owned());
            let texts = other.chain(literals.texts.iter().cloned());
            texts.map(FieldValue::Text).collect()
        }
        FieldType::Department => return departments(field, literals),
        FieldType::Person | FieldType::Counterparty | FieldType::Contact => Vec::new(),
    };
    values.truncate(VALUES_MAX);
    let mut all: Vec<Value> = values
        .into_iter()
        .map(|value| Some((value, None)))
        .collect();
    if all.is_empty() {
        let name = format!("doc.{}", field.name);
        all.push(Some(reference(&field.name, field.field_type, &name)));
    }
    if !field.required {
        all.push(None);
    }
    all
}

/// Each department that is asked for, and one that is not.
fn departments(field: &Field, literals: &Literals) -> Vec<Value> {
    let other = format!("doc.{}", field.name);
    let keys = literals.texts.iter().take(VALUES_MAX).cloned();
    let named = std::iter::once(other).chain(keys);
    let mut all: Vec<Value> = named
        .map(|key| Some(reference(&field.name, field.field_type, &key)))
        .collect();
    if !field.required {
        all.push(None);
    }
    all
}

fn integers(field: &Field, literals: &Literals) -> Vec<FieldValue> {
    let (min, max) = match field.bounds {
        Bounds::Integer { min, max } => (min, max),
        _ => (None, None),
    };
    let near = |number: &i64| [number.checked_sub(1), Some(*number), number.checked_add(1)];
    let mut all: BTreeSet<i64> = literals.integers.iter().flat_map(near).flatten().collect();
    all.insert(min.or(max).unwrap_or(1));
    all.retain(|number| min.is_none_or(|min| *number >= min));
    all.retain(|number| max.is_none_or(|max| *number <= max));
    all.into_iter().map(FieldValue::Integer).collect()
}

fn dates(field: &Field, literals: &Literals) -> Vec<FieldValue> {
    let (min, max) = match field.bounds {
        Bounds::Date { min, max } => (min, max),
        _ => (None, None),
    };
    let near =
        |date: &jiff::civil::Date| [date.yesterday().ok(), Some(*date), date.tomorrow().ok()];
    let mut all: BTreeSet<_> = literals.dates.iter().flat_map(near).flatten().collect();
    all.insert(min.or(max).unwrap_or(jiff::civil::date(2026, 3, 2)));
    all.retain(|date| min.is_none_or(|min| *date >= min));
    all.retain(|date| max.is_none_or(|max| *date <= max));
    all.into_iter().map(FieldValue::Date).collect()
}

/// In each currency that is asked for, and in one that is not, both sides of each amount.
fn amounts(field: &Field, literals: &Literals) -> Vec<FieldValue> {
    let (min, max) = match field.bounds {
        Bounds::Money { min, max } => (min, max),
        _ => (None, None),
    };
    let of_amounts = literals.amounts.iter().map(|money| &money.currency);
    let asked: BTreeSet<&String> = literals.texts.iter().chain(of_amounts).collect();
    let other = field.currencies.iter().find(|code| !asked.contains(code));
    let known = field.currencies.iter().filter(|code| asked.contains(code));
    let smallest = Decimal::new(1, 2);
    let mut all: BTreeMap<(String, Decimal), FieldValue> = BTreeMap::new();
    for currency in known.chain(other) {
        let own = literals.amounts.iter();
        let own = own.filter(|money| money.currency == *currency || Some(currency) == other);
        let mut amounts: BTreeSet<Decimal> = own
            .flat_map(|money| {
                let (below, above) = (
                    money.amount.checked_sub(smallest),
                    money.amount.checked_add(smallest),
                );
                [below, Some(money.amount), above]
            })
            .flatten()
            .collect();
        amounts.insert(min.or(max).unwrap_or(Decimal::ONE));
        amounts.retain(|amount| min.is_none_or(|min| *amount >= min));
        amounts.retain(|amount| max.is_none_or(|max| *amount <= max));
        for amount in amounts {
            let money = Money {
                amount,
                currency: currency.clone(),
            };
            all.insert((currency.clone(), amount), FieldValue::Money(money));
        }
    }
    all.into_values().collect()
}
