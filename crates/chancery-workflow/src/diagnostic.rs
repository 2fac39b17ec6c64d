//! What is wrong with a file, where, and in both languages.

use std::collections::BTreeMap;

use chancery_types::Locale;

use crate::expression::EvaluationError;
use crate::refusal::Refusal;

/// The most diagnostics one file may get; what comes after them is not reported.
pub const DIAGNOSTICS_MAX: usize = 50;

const RUSSIAN: &str = include_str!("../messages/ru.txt");
const ENGLISH: &str = include_str!("../messages/en.txt");

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The file is accepted.
    Warning,
    /// The file is refused.
    Error,
}

/// A place in a file: line and column from one, both in characters; length in characters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The line, from one.
    pub line: u32,
    /// The column, from one, in characters.
    pub column: u32,
    /// How many characters the finding covers, at least one.
    pub length: u32,
}

/// One finding in a file of `workflows/`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// The code a machine can keep: `W203`.
    pub code: &'static str,
    /// The key of the sentence within the code: `unknown-field`.
    pub key: &'static str,
    /// The values of the sentence's placeholders.
    pub args: BTreeMap<&'static str, String>,
    /// Error or warning.
    pub severity: Severity,
    /// The line, from one.
    pub line: u32,
    /// The column, from one, in characters.
    pub column: u32,
    /// How many characters the finding covers, at least one.
    pub length: u32,
    /// The nearest known name, if what was written looks like a slip.
    pub suggestion: Option<String>,
    /// Why, where the engine says so: stands in the sentence as `{why}`.
    pub because: Option<Box<Because>>,
}

/// What the engine says of a trial.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Because {
    /// It refuses.
    Refusal(Refusal),
    /// A condition has no answer.
    Evaluation(EvaluationError),
}

impl Diagnostic {
    /// An error at `position`. `key` names a sentence of `messages/{ru,en}.txt`.
    #[must_use]
    pub fn error(code: &'static str, key: &'static str, position: Position) -> Self {
        Self {
            code,
            key,
            args: BTreeMap::new(),
            severity: Severity::Error,
            line: position.line,
            column: position.column,
            length: position.length.max(1),
            suggestion: None,
            because: None,
        }
    }

    /// A warning at `position`.
    #[must_use]
    pub fn warning(code: &'static str, key: &'static str, position: Position) -> Self {
        Self {
            severity: Severity::Warning,
            ..Self::error(code, key, position)
        }
    }

    /// With the value of one placeholder, cut to 200 characters.
    #[must_use]
    pub fn arg(mut self, name: &'static str, value: impl ToString) -> Self {
        let value: String = value.to_string().chars().take(200).collect();
        self.args.insert(name, value);
        self
    }

    /// With the nearest of `known` to `given`, if there is one.
    #[must_use]
    pub fn suggest<'a>(mut self, given: &str, known: impl IntoIterator<Item = &'a str>) -> Self {
        self.suggestion = crate::suggest::nearest(given, known).map(str::to_owned);
        self
    }

    /// With what the engine says.
    #[must_use]
    pub fn because(mut self, why: Because) -> Self {
        self.because = Some(Box::new(why));
        self
    }

    /// The sentence in `locale`, with the suggestion if there is one; no position.
    #[must_use]
    pub fn text(&self, locale: Locale) -> String {
        let mut args = self.args.clone();
        if let Some(why) = &self.because {
            let why = match why.as_ref() {
                Because::Refusal(refusal) => refusal.text(locale),
                Because::Evaluation(why) => why.text(locale),
            };
            args.insert("why", why);
        }
        let mut text = message(locale, self.key, &args);
        if let Some(name) = &self.suggestion {
            let args = BTreeMap::from([("name", name.clone())]);
            text.push_str(&message(locale, "did-you-mean", &args));
        }
        text
    }

    /// What to do about it, in `locale`.
    #[must_use]
    pub fn help(&self, locale: Locale) -> Option<String> {
        let key = match self.args.contains_key("shape") {
            true => "help-shape".to_owned(),
            false => format!("help-{}", self.key),
        };
        lookup(catalogue(locale), &key)?;
        Some(message(locale, &key, &self.args))
    }
}

const fn catalogue(locale: Locale) -> &'static str {
    match locale {
        Locale::Ru => RUSSIAN,
        Locale::En => ENGLISH,
    }
}

/// The sentence `key` of the catalogue, its `{name}` placeholders replaced. A missing key gives
/// the key itself, so that nothing is ever silent.
pub(crate) fn message(locale: Locale, key: &str, args: &BTreeMap<&'static str, String>) -> String {
    let Some(pattern) = lookup(catalogue(locale), key) else {
        return key.to_owned();
    };
    let mut text = String::with_capacity(pattern.len());
    let mut rest = pattern;
    // One pass: a value that happens to contain braces is not expanded again.
    while let Some((before, after)) = rest.split_once('{') {
        text.push_str(before);
        let Some((name, tail)) = after.split_once('}') else {
            break;
        };
        match args.get(name) {
            Some(value) => text.push_str(value),
            None => text.extend(["{", name, "}"]),
        }
        rest = tail;
    }
    text.push_str(rest);
    text
}

fn lookup(catalogue: &'static str, key: &str) -> Option<&'static str> {
    catalogue
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once(" = "))
        .find(|(name, _)| *name == key)
        .map(|(_, text)| text)
}

/// The findings as a person reads them in a terminal: code and sentence, place, the line itself
/// with a caret beneath it, and what to do.
#[must_use]
pub fn render(diagnostics: &[Diagnostic], source: &str, path: &str, locale: Locale) -> String {
    let mut out = String::new();
    for finding in diagnostics {
        let word = match finding.severity {
            Severity::Error => "severity-error",
            Severity::Warning => "severity-warning",
        };
        let word = message(locale, word, &BTreeMap::new());
        let (line, column) = (finding.line, finding.column);
        out.push_str(&format!(
            "{word}[{}]: {}\n  --> {path}:{line}:{column}\n",
            finding.code,
            finding.text(locale)
        ));
        let gutter = " ".repeat(line.to_string().len());
        if let Some(text) = source.lines().nth((line as usize).saturating_sub(1)) {
            out.push_str(&snippet(finding, text, &gutter));
        }
        if let Some(help) = finding.help(locale) {
            let word = message(locale, "word-help", &BTreeMap::new());
            out.push_str(&format!("{gutter} = {word}: {help}\n"));
        }
    }
    out
}

/// The line and the caret beneath it.
fn snippet(finding: &Diagnostic, text: &str, gutter: &str) -> String {
    // A tab is drawn as one space, so that the caret stands under its character.
    let text: String = text
        .chars()
        .take(400)
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    let width = text.chars().count();
    let before = (finding.column as usize).saturating_sub(1).min(width);
    let carets = (finding.length as usize).clamp(1, (width - before).max(1));
    format!(
        "{gutter} |\n{} | {text}\n{gutter} | {}{}\n",
        finding.line,
        " ".repeat(before),
        "^".repeat(carets)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn placeholders(text: &str) -> Vec<&str> {
        let mut found: Vec<&str> = text
            .split('{')
            .skip(1)
            .filter_map(|part| part.split_once('}').map(|(name, _)| name))
            .collect();
        found.sort_unstable();
        found.dedup();
        found
    }

    #[test]
    fn both_catalogues_have_the_same_keys_and_placeholders() {
        let read = |catalogue: &'static str| -> BTreeMap<&'static str, Vec<&'static str>> {
            catalogue
                .lines()
                .filter(|line| !line.is_empty() && !line.starts_with('#'))
                .map(|line| line.split_once(" = ").expect("key = text"))
                .map(|(key, text)| (key, placeholders(text)))
                .collect()
        };
        assert_eq!(read(RUSSIAN), read(ENGLISH));
    }

    #[test]
    fn every_refusal_has_its_sentence() {
        for code in Refusal::CODES {
            let key = format!("refusal-{code}");
            assert!(lookup(ENGLISH, &key).is_some(), "{key}");
        }
        let source = include_str!("refusal.rs");
        let arms = source.lines().filter_map(|line| line.split_once("=> \""));
        let codes: Vec<&str> = arms
            .filter_map(|(_, rest)| rest.split_once('"').map(|(code, _)| code))
            .collect();
        assert_eq!(codes, Refusal::CODES);
    }

    #[test]
    fn a_value_with_braces_is_not_expanded_again() {
        let args = BTreeMap::from([("name", "{name}{key}".to_owned())]);
        assert_eq!(
            message(Locale::En, "did-you-mean", &args),
            "; did you mean `{name}{key}`?"
        );
    }

    #[test]
    fn the_caret_stands_under_its_character_and_never_leaves_the_line() {
        let finding = Diagnostic::error(
            "W005",
            "unknown-key",
            Position {
                line: 2,
                column: 3,
                length: 99,
            },
        )
        .arg("key", "quorm")
        .suggest("quorm", ["quorum"]);
        let text = render(&[finding], "a: 1\n  quorm: all\n", "x.yaml", Locale::En);
        assert!(
            text.contains("2 |   quorm: all\n  |   ^^^^^^^^^^\n  = help: "),
            "{text}"
        );
    }
}
