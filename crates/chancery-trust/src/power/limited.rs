//! What bounds a power: up to which sum, for what, before which office. It is shown, and a person
//! weighs it.

use chancery_xml::Element;

use crate::power::names::{LIMIT, LIMIT_WORDS, OFFICE, POWER};
use crate::text::{attribute_text, shown, text_of};

/// Most limits of one power, and of the whole.
const EACH_MAX: usize = 100;

/// The limits of one power by its code: whatever stands within it bounds it.
pub(crate) fn of_power(power: Element<'_>) -> Vec<String> {
    let within = power.children().map(in_words);
    of_attributes(power).chain(within).take(EACH_MAX).collect()
}

/// The limits that stand beside the powers, or with the term.
pub(crate) fn of_whole(element: Element<'_>) -> Vec<String> {
    let bounds = |one: &Element<'_>| one.local().contains(LIMIT) || one.local() == OFFICE;
    let within = element.children().filter(bounds).map(in_words);
    let office = attribute_text(element, OFFICE).map(|office| format!("{OFFICE}: {office}"));
    let all = of_attributes(element).chain(office).chain(within);
    all.take(EACH_MAX).collect()
}

/// The limits of `body` that stand neither within a power nor in the `usual` places: they bound all
/// the same.
pub(crate) fn elsewhere(body: Element<'_>, usual: &[Element<'_>]) -> Vec<String> {
    let mut found = Vec::new();
    let mut pending: Vec<Element<'_>> = vec![body];
    while let Some(one) = pending.pop() {
        if one.local() == POWER && one.parent().is_some_and(|above| usual.contains(&above)) {
            continue;
        }
        if !usual.contains(&one) {
            found.extend(of_whole(one));
        }
        if found.len() >= EACH_MAX {
            break;
        }
        let within = one.children().filter(|one| !one.local().contains(LIMIT));
        pending.extend(within);
    }
    found
}

fn of_attributes<'d>(element: Element<'d>) -> impl Iterator<Item = String> + use<'d> {
    let limits = element.attributes().filter(|one| one.local.contains(LIMIT));
    limits.map(|one| format!("{}: {}", one.local, shown(one.value)))
}

/// A limit in the file's words: its names and values, else its text, else what it is called.
fn in_words(limit: Element<'_>) -> String {
    let mut words = Vec::new();
    for one in limit.descendants().take(EACH_MAX) {
        for attribute in one.attributes() {
            if LIMIT_WORDS
                .iter()
                .any(|start| attribute.local.starts_with(start))
            {
                words.push(shown(attribute.value));
            }
        }
        let leaf = one.children().next().is_none();
        words.extend(leaf.then(|| text_of(one)).flatten());
    }
    words.retain(|word| !word.is_empty());
    match words.is_empty() {
        true => shown(limit.local()),
        false if limit.local() == OFFICE => format!("{OFFICE}: {}", words.join(": ")),
        false => words.join(": "),
    }
}
