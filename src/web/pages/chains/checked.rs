//! What is to be said of a workflow's text, ready to print.

use chancery_workflow::trial::Tested;
use chancery_workflow::{Diagnostic, Severity};

use super::drawing;
use crate::app::App;
use crate::app::editions::Checked;
use crate::web::Shell;

/// The longest line of a text that is shown beside a finding, in characters.
const SHOWN_MAX: usize = 200;

/// One finding with the line that it is about.
pub(super) struct FindingView {
    pub is_error: bool,
    pub code: &'static str,
    pub line: u32,
    pub text: String,
    pub help: String,
    /// The line up to what is meant, what is meant, and the rest.
    pub parts: (String, String, String),
}

/// An example with what does not hold of it.
pub(super) struct ExampleView {
    pub name: String,
    pub holds: bool,
    pub why: Vec<String>,
}

/// Everything that is said of a text.
pub(super) struct CheckedView {
    pub errors: Vec<FindingView>,
    pub warnings: Vec<FindingView>,
    pub weaker: Vec<FindingView>,
    pub examples: Vec<ExampleView>,
    /// The picture; empty while something is wrong.
    pub drawing: String,
    pub is_good: bool,
}

pub(super) fn findings(shell: &Shell, found: &[Diagnostic], source: &str) -> Vec<FindingView> {
    let lines: Vec<&str> = source.lines().collect();
    let views = found.iter().map(|finding| {
        let index = (finding.line as usize).saturating_sub(1);
        FindingView {
            is_error: finding.severity == Severity::Error,
            code: finding.code,
            line: finding.line,
            text: finding.text(shell.locale()),
            help: finding.help(shell.locale()).unwrap_or_default(),
            parts: parts(lines.get(index).copied().unwrap_or_default(), finding),
        }
    });
    views.collect()
}

fn parts(line: &str, finding: &Diagnostic) -> (String, String, String) {
    let plain = |c: char| if c.is_control() { ' ' } else { c };
    let characters: Vec<char> = line.chars().take(SHOWN_MAX).map(plain).collect();
    let from = (finding.column as usize)
        .saturating_sub(1)
        .min(characters.len());
    let to = from
        .saturating_add(finding.length as usize)
        .min(characters.len());
    let text = |part: Option<&[char]>| part.unwrap_or_default().iter().collect::<String>();
    (
        text(characters.get(..from)),
        text(characters.get(from..to)),
        text(characters.get(to..)),
    )
}

pub(super) fn examples(shell: &Shell, tested: &[Tested]) -> Vec<ExampleView> {
    let views = tested.iter().map(|example| {
        let why = example.findings.iter();
        ExampleView {
            name: example.name.clone(),
            holds: example.findings.is_empty(),
            why: why.map(|finding| finding.text(shell.locale())).collect(),
        }
    });
    views.collect()
}

pub(super) fn view(app: &App, shell: &Shell, checked: &Checked, source: &str) -> CheckedView {
    CheckedView {
        errors: findings(shell, &checked.errors, source),
        warnings: findings(shell, &checked.warnings, source),
        weaker: findings(shell, &checked.weaker, source),
        examples: examples(shell, &checked.examples),
        drawing: match &checked.chain {
            Some(chain) => drawing(app, shell, &chain.definition),
            None => String::new(),
        },
        is_good: checked.is_good(),
    }
}
