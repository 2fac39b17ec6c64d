//! Letters that effects send: `templates` of `workflows/vocabulary.yaml`.

use std::collections::BTreeMap;

use chancery_types::name::{check_line, check_text};
use chancery_types::{Locale, Localized};

use crate::diagnostic::Diagnostic;
use crate::read::{self, Fields, Findings, Keys};
use crate::yaml::Node;

/// The longest subject, in graphemes, before its places are filled.
const SUBJECT_GRAPHEMES_MAX: usize = 150;
/// The longest text, in graphemes, before its places are filled.
const TEXT_GRAPHEMES_MAX: usize = 2_000;

/// What may stand in braces in a letter.
pub const PLACES: [&str; 5] = [
    "title",
    "number",
    "counterparty",
    "initiator",
    "organisation",
];

/// A letter in both languages, with places in braces: `{title}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LetterTemplate {
    subject: Localized,
    text: Localized,
}

impl LetterTemplate {
    /// The subject in `locale`, each place filled with what `value` says of it.
    #[must_use]
    pub fn subject(&self, locale: Locale, value: impl Fn(&str) -> String) -> String {
        filled(self.subject.get(locale).unwrap_or_default(), value)
    }

    /// The text in `locale`, filled likewise.
    #[must_use]
    pub fn text(&self, locale: Locale, value: impl Fn(&str) -> String) -> String {
        filled(self.text.get(locale).unwrap_or_default(), value)
    }
}

/// One pass: a value that happens to contain braces is not filled again.
fn filled(pattern: &str, value: impl Fn(&str) -> String) -> String {
    let mut out = String::with_capacity(pattern.len());
    let mut rest = pattern;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let Some((name, tail)) = after.split_once('}') else {
            out.push('{');
            rest = after;
            continue;
        };
        out.push_str(&value(name));
        rest = tail;
    }
    out.push_str(rest);
    out
}

/// The letters by their names.
pub(super) fn read_templates(
    node: &Node,
    findings: &mut Findings,
) -> BTreeMap<String, LetterTemplate> {
    const KEYS: Keys = Keys {
        known: &["subject", "text"],
        later: &[],
    };
    let mut templates = BTreeMap::new();
    let names = Fields::open_any(node, findings);
    for (key, value) in names.iter().flat_map(Fields::pairs) {
        if !read::is_id(&key.name) {
            findings.push(Diagnostic::error("W101", "bad-id", key.at).arg("id", &key.name));
            continue;
        }
        let Some(fields) = Fields::open(value, KEYS, findings) else {
            continue;
        };
        let subject = fields.require("subject", findings);
        let subject = subject.and_then(|node| read_words(node, Words::Subject, findings));
        let text = fields.require("text", findings);
        let text = text.and_then(|node| read_words(node, Words::Text, findings));
        if let Some((subject, text)) = subject.zip(text) {
            templates.insert(key.name.clone(), LetterTemplate { subject, text });
        }
    }
    templates
}

#[derive(Clone, Copy)]
enum Words {
    Subject,
    Text,
}

/// `{ ru: …, en: … }`; both are required: a reader of either language gets the letter.
fn read_words(node: &Node, words: Words, findings: &mut Findings) -> Option<Localized> {
    const KEYS: Keys = Keys {
        known: &["ru", "en"],
        later: &[],
    };
    let fields = Fields::open(node, KEYS, findings)?;
    let mut read = |language: &'static str| -> Option<String> {
        let node = fields.require(language, findings)?;
        let written = read::text(node, findings)?;
        for place in places(written) {
            if !PLACES.contains(&place) {
                let finding = Diagnostic::error("W504", "unknown-place", node.at);
                findings.push(finding.arg("name", place).suggest(place, PLACES));
            }
        }
        let checked = match words {
            Words::Subject => check_line(written, SUBJECT_GRAPHEMES_MAX),
            Words::Text => check_text(written, TEXT_GRAPHEMES_MAX),
        };
        match checked {
            Ok(words) => Some(words),
            Err(why) => {
                findings.push(Diagnostic::error("W006", "bad-line", node.at).arg("why", why));
                None
            }
        }
    };
    let (ru, en) = (read("ru"), read("en"));
    Some(Localized { ru, en })
}

/// What stands in braces; an opening one without its end is a place without a name.
fn places(written: &str) -> impl Iterator<Item = &str> {
    written
        .split('{')
        .skip(1)
        .map(|part| part.split_once('}').map_or("", |(name, _)| name))
}
