//! Reading how numbers of a journal look.

use super::{NumberPart, Numbering};
use crate::Vocabulary;
use crate::diagnostic::Diagnostic;
use crate::read::{self, Fields, Findings, Keys};
use crate::vocabulary::report_shared;
use crate::yaml::Node;

/// The longest pattern of a registration number, in bytes.
const PATTERN_BYTES_MAX: usize = 100;
/// The most leading zeros of a registration number.
const NUMBER_DIGITS_MAX: usize = 12;

/// `numbering` of a kind.
pub(super) fn read_numbering(
    node: &Node,
    vocabulary: &Vocabulary,
    findings: &mut Findings,
) -> Option<Numbering> {
    const KEYS: Keys = Keys {
        known: &["journal", "pattern"],
        later: &["by_department"],
    };
    let fields = Fields::open(node, KEYS, findings)?;
    let journal = fields
        .require("journal", findings)
        .and_then(|node| read::id(node, findings))?;
    let pattern = fields.require("pattern", findings)?;
    let numbering = read_pattern_of(journal, pattern, findings)?;
    let at = fields.key_at("journal");
    report_shared(
        vocabulary.journals(),
        &numbering,
        (at, pattern.at),
        findings,
    );
    Some(numbering)
}

/// The pattern of the numbers of a journal.
pub(crate) fn read_pattern_of(
    journal: String,
    pattern: &Node,
    findings: &mut Findings,
) -> Option<Numbering> {
    let written = read::text(pattern, findings)?;
    let Some(parts) = read_pattern(written) else {
        findings.push(
            Diagnostic::error("W102", "bad-number-pattern", pattern.at).arg("pattern", written),
        );
        return None;
    };
    Some(Numbering {
        journal,
        parts,
        at: pattern.at,
    })
}

/// `{journal}`, `{year}`, `{number}` or `{number:05}`; the number exactly once, the year at least
/// once (numbers begin anew each year, so without it two documents would have one number).
fn read_pattern(written: &str) -> Option<Vec<NumberPart>> {
    if written.len() > PATTERN_BYTES_MAX || chancery_types::name::check_line(written, 100).is_err()
    {
        return None;
    }
    let mut parts = Vec::new();
    let mut rest = written;
    while let Some((text, tail)) = rest.split_once('{') {
        let (name, tail) = tail.split_once('}')?;
        if !text.is_empty() {
            parts.push(NumberPart::Text(text.to_owned()));
        }
        parts.push(match name {
            "journal" => NumberPart::Journal,
            "year" => NumberPart::Year,
            "number" => NumberPart::Number(0),
            _ => {
                let digits: usize = name.strip_prefix("number:0")?.parse().ok()?;
                if digits == 0 || digits > NUMBER_DIGITS_MAX {
                    return None;
                }
                NumberPart::Number(digits)
            }
        });
        rest = tail;
    }
    if !rest.is_empty() {
        parts.push(NumberPart::Text(rest.to_owned()));
    }
    let numbers = parts
        .iter()
        .filter(|part| matches!(part, NumberPart::Number(_)))
        .count();
    (numbers == 1 && parts.contains(&NumberPart::Year) && !written.contains('\n')).then_some(parts)
}
