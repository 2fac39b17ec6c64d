//! What is said of a file as a whole: shapes to copy where one was missed, and nothing that only
//! follows from what was said before.

use crate::diagnostic::{Diagnostic, Severity};

/// What people write in one word, and how it is written.
const SHAPES: [(&str, &str); 22] = [
    ("allow", "[delegate, bulk]"),
    ("assignees", "[{ role: lawyer }]"),
    ("decisions", "[approve, return]"),
    ("defaults", "{ due: 2bd }"),
    ("document", "{ type: contract }"),
    (
        "effects",
        "{ completed: [{ register: { journal: contracts_in_force } }] }",
    ),
    (
        "escalate",
        "[{ after: 1bd, add: [{ manager_of: assignee }] }]",
    ),
    ("form", "{ required: [doc.field] }"),
    ("if_empty", "{ use: [{ role: cfo }] }"),
    ("join", "{ count: 2 }"),
    ("link", "{ expires: 14d }"),
    ("material", "{ fields: [amount] }"),
    ("on_exhausted", "{ finish: rejected }"),
    ("on_reject", "{ rework: { to: author } }"),
    (
        "on_timeout",
        "{ escalate: { to: [{ manager_of: assignee }] } }",
    ),
    ("participants", "{ manager: { manager_of: initiator } }"),
    ("quorum", "{ count: 2 }"),
    ("remind", "[{ after: 1bd }]"),
    ("rework", "{ max_rounds: 3 }"),
    ("start", "{ who: [{ role: employee }] }"),
    ("title", "{ ru: …, en: … }"),
    ("to", "[{ role: cfo }]"),
];
/// The sentences that say that something is written in another shape than it should be.
const SHAPELESS: [&str; 3] = ["expected-list", "expected-mapping", "expected-word"];
/// The sentences about names of steps that are not there.
const UNKNOWN_STEPS: [&str; 2] = ["unknown-stage", "unknown-step"];

/// The findings of a refused file, each with what helps.
pub(super) fn refined(source: &str, mut findings: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let lines: Vec<&str> = source.lines().collect();
    for finding in &mut findings {
        let key = key_before(&lines, finding);
        let shape = SHAPES.iter().find(|(name, _)| Some(*name) == key);
        if let (true, Some((name, shape))) = (SHAPELESS.contains(&finding.key), shape) {
            finding.args.insert("shape", format!("{name}: {shape}"));
        }
    }
    let shapeless: Vec<(u32, u32)> = findings
        .iter()
        .filter(|one| SHAPELESS.contains(&one.key))
        .map(|one| (one.line, one.column))
        .collect();
    let is_error = |one: &Diagnostic| one.severity == Severity::Error;
    let others = findings
        .iter()
        .filter(|one| !UNKNOWN_STEPS.contains(&one.key));
    let has_others = others.filter(|one| is_error(one)).count() > 0;
    let has_unknown_people = findings.iter().any(|one| {
        matches!(
            one.key,
            "unknown-group" | "unknown-role" | "unknown-participant"
        )
    });
    findings.retain(|one| {
        let follows = match one.key {
            // A stage that is refused has its name all the same.
            "unknown-stage" | "unknown-step" => has_others && names_step(&lines, one),
            // What has another shape is not empty as well.
            "expected-some" | "too-many" => shapeless.contains(&(one.line, one.column)),
            // Whom nobody knows is counted by nobody.
            "quorum-unreachable" => {
                has_unknown_people && one.args.get("available").is_some_and(|of| of == "0")
            }
            // Whatever uses them may be what was refused.
            "participant-unused" => true,
            _ => false,
        };
        !follows
    });
    findings
}

/// The key of the line in which a finding stands, if its value is what was found.
fn key_before<'s>(lines: &[&'s str], finding: &Diagnostic) -> Option<&'s str> {
    let line = lines.get(usize::try_from(finding.line).ok()?.checked_sub(1)?)?;
    let column = usize::try_from(finding.column).ok()?.checked_sub(1)?;
    let (end, _) = line.char_indices().nth(column)?;
    let before = line.get(..end)?.trim_end().strip_suffix(':')?;
    let is_name = |c: char| c.is_ascii_lowercase() || c == '_';
    let start = before.rfind(|c| !is_name(c));
    before.get(start.map_or(0, |at| at.saturating_add(1))..)
}

/// Whether some step of the file has the name that was not found.
fn names_step(lines: &[&str], finding: &Diagnostic) -> bool {
    let name = finding.args.get("name").map_or("", String::as_str);
    let last = name.rsplit('/').next().unwrap_or_default();
    let ends = |rest: &str| !rest.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_');
    lines.iter().any(|line| {
        let mut found = line.match_indices("id: ");
        found.any(|(at, key)| {
            let rest = line.get(at.saturating_add(key.len())..).unwrap_or_default();
            rest.strip_prefix(last).is_some_and(ends)
        })
    })
}
