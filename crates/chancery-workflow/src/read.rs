//! Reading the tree: typed values with their places, every key accounted for.

use std::collections::BTreeSet;

use chancery_types::Localized;
use chancery_types::name::check_line;

use crate::diagnostic::{DIAGNOSTICS_MAX, Diagnostic, Position, Severity};
use crate::yaml::{Key, Node, Value};

/// The longest title, label or hint, in graphemes.
const LINE_GRAPHEMES_MAX: usize = 200;
/// The longest identifier of a stage, a field, a role, in characters.
const ID_CHARS_MAX: usize = 64;

/// Collects findings, up to a limit.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    list: Vec<Diagnostic>,
    /// The parameters that what was read so far names.
    parameters: BTreeSet<String>,
}

impl Findings {
    pub(crate) fn push(&mut self, finding: Diagnostic) {
        if self.list.len() < DIAGNOSTICS_MAX {
            self.list.push(finding);
        }
    }

    /// Remembers that what is read names this parameter: a run is pinned to its value.
    pub(crate) fn name_parameter(&mut self, name: &str) {
        self.parameters.insert(name.to_owned());
    }

    /// The parameters that what was read so far names.
    pub(crate) const fn parameters(&self) -> &BTreeSet<String> {
        &self.parameters
    }

    pub(crate) fn has_errors(&self) -> bool {
        self.list
            .iter()
            .any(|finding| finding.severity == Severity::Error)
    }

    /// The findings in the order of the file.
    pub(crate) fn into_list(mut self) -> Vec<Diagnostic> {
        self.list
            .sort_by_key(|finding| (finding.line, finding.column, finding.code));
        self.list.dedup();
        self.list
    }
}

/// What a mapping may hold: the keys that are read, and the keys of the language that are not
/// carried out yet.
#[derive(Clone, Copy)]
pub(crate) struct Keys {
    pub(crate) known: &'static [&'static str],
    pub(crate) later: &'static [&'static str],
}

/// An opened mapping.
#[derive(Clone, Copy)]
pub(crate) struct Fields<'a> {
    pub(crate) at: Position,
    pairs: &'a [(Key, Node)],
}

impl<'a> Fields<'a> {
    /// Opens `node` as a mapping and reports every key that is not known.
    pub(crate) fn open(node: &'a Node, keys: Keys, findings: &mut Findings) -> Option<Self> {
        let fields = Self::open_any(node, findings)?;
        for (key, _) in fields.pairs {
            if keys.known.contains(&key.name.as_str()) {
                continue;
            }
            if is_yaml_answer(&key.name) {
                let finding = Diagnostic::error("W007", "yaml-answer-key", key.at);
                findings.push(finding.arg("key", &key.name));
            } else if keys.later.contains(&key.name.as_str()) {
                findings.push(Diagnostic::error("W010", "later-key", key.at).arg("key", &key.name));
            } else {
                let all = keys.known.iter().chain(keys.later).copied();
                findings.push(
                    Diagnostic::error("W005", "unknown-key", key.at)
                        .arg("key", &key.name)
                        .suggest(&key.name, all),
                );
            }
        }
        Some(fields)
    }

    /// Opens `node` as a mapping whose keys are names of the author's.
    pub(crate) fn open_any(node: &'a Node, findings: &mut Findings) -> Option<Self> {
        match &node.value {
            Value::Map(pairs) => Some(Self { at: node.at, pairs }),
            _ => {
                findings.push(wrong_shape(node, "mapping"));
                None
            }
        }
    }

    pub(crate) fn pairs(&self) -> &'a [(Key, Node)] {
        self.pairs
    }

    pub(crate) fn get(&self, name: &str) -> Option<&'a Node> {
        self.pairs
            .iter()
            .find(|(key, _)| key.name == name)
            .map(|(_, node)| node)
    }

    /// The place of a key, else of the mapping.
    pub(crate) fn key_at(&self, name: &str) -> Position {
        self.pairs
            .iter()
            .find(|(key, _)| key.name == name)
            .map_or(self.at, |(key, _)| key.at)
    }

    pub(crate) fn require(&self, name: &str, findings: &mut Findings) -> Option<&'a Node> {
        let found = self.get(name);
        if found.is_none() {
            findings.push(Diagnostic::error("W006", "missing-key", self.at).arg("key", name));
        }
        found
    }
}

/// The words that YAML 1.1, and many tools with it, read as true or false. A trap, as a key.
pub(crate) fn is_yaml_answer(name: &str) -> bool {
    const ANSWERS: [&str; 8] = ["on", "off", "yes", "no", "y", "n", "true", "false"];
    ANSWERS
        .iter()
        .any(|answer| name.eq_ignore_ascii_case(answer))
}

fn wrong_shape(node: &Node, expected: &'static str) -> Diagnostic {
    let key = match expected {
        "mapping" => "expected-mapping",
        "list" => "expected-list",
        _ => "expected-text",
    };
    Diagnostic::error("W006", key, node.at)
}

/// A scalar's text.
pub(crate) fn text<'a>(node: &'a Node, findings: &mut Findings) -> Option<&'a str> {
    match &node.value {
        Value::Scalar(scalar) => Some(&scalar.text),
        _ => {
            findings.push(wrong_shape(node, "text"));
            None
        }
    }
}

/// A list's nodes.
pub(crate) fn list<'a>(node: &'a Node, findings: &mut Findings) -> Option<&'a [Node]> {
    match &node.value {
        Value::List(nodes) => Some(nodes),
        _ => {
            findings.push(wrong_shape(node, "list"));
            None
        }
    }
}

/// An identifier: lower-case Latin letters, digits, `_` and `-`, a letter first, at most 64.
pub(crate) fn id(node: &Node, findings: &mut Findings) -> Option<String> {
    let name = text(node, findings)?;
    if is_id(name) {
        return Some(name.to_owned());
    }
    findings.push(Diagnostic::error("W101", "bad-id", node.at).arg("id", name));
    None
}

pub(crate) fn is_id(name: &str) -> bool {
    let letter = |c: char| c.is_ascii_lowercase();
    name.len() <= ID_CHARS_MAX
        && name.starts_with(letter)
        && name
            .chars()
            .all(|c| letter(c) || c.is_ascii_digit() || matches!(c, '_' | '-'))
}

/// `true` or `false`, in these words only.
pub(crate) fn boolean(node: &Node, findings: &mut Findings) -> Option<bool> {
    match text(node, findings)? {
        "true" => Some(true),
        "false" => Some(false),
        other => {
            findings
                .push(Diagnostic::error("W006", "expected-boolean", node.at).arg("text", other));
            None
        }
    }
}

/// A whole number within bounds.
pub(crate) fn whole(
    node: &Node,
    bounds: std::ops::RangeInclusive<i64>,
    findings: &mut Findings,
) -> Option<i64> {
    let written = text(node, findings)?;
    match written.parse::<i64>() {
        Ok(number) if bounds.contains(&number) => Some(number),
        _ => {
            findings.push(
                Diagnostic::error("W006", "expected-number", node.at)
                    .arg("text", written)
                    .arg("min", bounds.start())
                    .arg("max", bounds.end()),
            );
            None
        }
    }
}

/// One of a few words.
pub(crate) fn word(
    node: &Node,
    words: &[&'static str],
    findings: &mut Findings,
) -> Option<&'static str> {
    let written = text(node, findings)?;
    let found = words.iter().find(|word| **word == written);
    if found.is_none() {
        findings.push(
            Diagnostic::error("W006", "expected-word", node.at)
                .arg("text", written)
                .arg("words", words.join(", "))
                .suggest(written, words.iter().copied()),
        );
    }
    found.copied()
}

/// A line of text.
pub(crate) fn line(node: &Node, findings: &mut Findings) -> Option<String> {
    let written = text(node, findings)?;
    match check_line(written, LINE_GRAPHEMES_MAX) {
        Ok(line) => Some(line),
        Err(why) => {
            findings.push(Diagnostic::error("W006", "bad-line", node.at).arg("why", why));
            None
        }
    }
}

/// A text in both languages. Both are required: a reader of either language meets it.
pub(crate) fn localized(node: &Node, findings: &mut Findings) -> Option<Localized> {
    const KEYS: Keys = Keys {
        known: &["ru", "en"],
        later: &[],
    };
    let fields = Fields::open(node, KEYS, findings)?;
    let mut read = |name: &'static str| -> Option<String> {
        let node = fields.require(name, findings)?;
        line(node, findings)
    };
    let (ru, en) = (read("ru"), read("en"));
    Some(Localized { ru, en })
}
