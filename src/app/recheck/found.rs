//! What a check came to, as rows, and which verdicts are not what they were. Pure.

use chancery_signature::Indication;
use chancery_signature::facts::SignatureForm;
use chancery_signature::report::{
    Args, Check, Code, LinkReport, Reason, Revocation, SignatureReport,
};
use chancery_types::Instant;
use serde_json::{Value, json};
use uuid::Uuid;

use super::Seen;
use crate::entropy;
use crate::store::checked_files::{DueFile, DueForm};
use crate::store::entity::signature_checks::Model;

/// A verdict that is not the one before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Change {
    /// Which signature of the file, from 1.
    pub signature: i64,
    /// Whom its certificate names.
    pub signer: Option<String>,
    /// The verdict that it had.
    pub before: String,
    /// The verdict that it has.
    pub after: String,
    /// Since when a certificate of its path is revoked or on hold, in microseconds.
    pub revoked_at: Option<i64>,
}

impl Change {
    /// For the event and the letters.
    pub fn value(&self) -> Value {
        let mut value = json!({
            "signature": self.signature,
            "signer": self.signer,
            "before": self.before,
            "after": self.after,
        });
        if let Some(at) = self.revoked_at {
            value["revoked_at"] = json!(Instant::from_micros(at));
        }
        value
    }
}

/// As the rows and the wire name a verdict.
#[must_use]
pub const fn indication_code(indication: Indication) -> &'static str {
    match indication {
        Indication::TotalPassed => "TOTAL-PASSED",
        Indication::Indeterminate => "INDETERMINATE",
        Indication::TotalFailed => "TOTAL-FAILED",
    }
}

/// The rows of a file after a check: of every signature that it has, and of those that it had
/// before, or must have, and that the check did not see. These are undecided.
pub(super) fn found(
    organisation: Uuid,
    file: &DueFile,
    seen: &Seen,
    known: &[Model],
    now: Instant,
) -> Vec<Model> {
    let mut rows: Vec<Model> = match seen {
        Seen::Judged(report) => {
            let signatures = report.signatures.iter();
            let signatures = signatures.filter(|one| one.form != SignatureForm::DocumentTimestamp);
            let numbered = (1_i64..).zip(signatures);
            numbered
                .map(|(ordinal, one)| of_report(blank(organisation, file, ordinal, now), one, now))
                .collect()
        }
        Seen::Unreadable | Seen::TooLarge => Vec::new(),
    };
    let missing = serde_json::to_string(&why_missing(seen)).ok();
    let seen_count = i64::try_from(rows.len()).unwrap_or(i64::MAX);
    // A signed copy has a signature, whatever can be seen of it, and a detached one is one.
    let least = i64::from(file.form != DueForm::Main);
    let had = known.iter().map(|row| row.ordinal).fold(least, i64::max);
    rows.extend((seen_count.saturating_add(1)..=had).map(|ordinal| {
        let before = known.iter().find(|row| row.ordinal == ordinal);
        Model {
            reason: missing.clone(),
            signer_name: before.and_then(|row| row.signer_name.clone()),
            signer_organisation: before.and_then(|row| row.signer_organisation.clone()),
            ..blank(organisation, file, ordinal, now)
        }
    }));
    let after = |row: Model| match known.iter().find(|known| known.ordinal == row.ordinal) {
        Some(before) => following(before, row, now),
        None => row,
    };
    rows.into_iter().map(after).map(searched).collect()
}

/// A row with what a search looks into.
fn searched(row: Model) -> Model {
    let names = [
        row.signer_name.as_deref(),
        row.signer_organisation.as_deref(),
    ];
    let names: Vec<&str> = names.into_iter().flatten().collect();
    let search_text = names.join(" ").to_lowercase();
    Model { search_text, ..row }
}

/// The verdicts of `found` that are not what `known` has.
pub(super) fn changes(known: &[Model], found: &[Model]) -> Vec<Change> {
    let changed = found.iter().filter_map(|row| {
        let before = known.iter().find(|known| known.ordinal == row.ordinal)?;
        (before.indication != row.indication).then(|| Change {
            signature: row.ordinal,
            signer: row.signer_name.clone(),
            before: before.indication.clone(),
            after: row.indication.clone(),
            revoked_at: row.revoked_at,
        })
    });
    changed.collect()
}

/// A row in the place of the one before.
fn following(before: &Model, row: Model, now: Instant) -> Model {
    let is_changed = before.indication != row.indication;
    let (previous, changed_at) = if is_changed {
        (Some(before.indication.clone()), Some(now.micros()))
    } else {
        (before.previous_indication.clone(), before.changed_at)
    };
    Model {
        id: before.id,
        created_at: before.created_at,
        previous_indication: previous,
        changed_at,
        ..row
    }
}

/// A signature of which nothing is known: never green.
fn blank(organisation: Uuid, file: &DueFile, ordinal: i64, now: Instant) -> Model {
    Model {
        id: entropy::id(now),
        organisation_id: organisation,
        document_id: file.document_id,
        version_id: file.version_id,
        version_number: file.number,
        ordinal,
        digest: file.digest.clone(),
        indication: indication_code(Indication::Indeterminate).to_owned(),
        sub_indication: None,
        reason: None,
        signer_name: None,
        signer_organisation: None,
        certificate_ends_at: None,
        revoked_at: None,
        proven_at: None,
        claimed_at: None,
        weak_algorithm: None,
        checked_at: now.micros(),
        previous_indication: None,
        changed_at: None,
        created_at: now.micros(),
        subject_id: file.subject_id,
        detached_id: match file.form {
            DueForm::Main | DueForm::Copy => None,
            DueForm::Detached { .. } => Some(file.subject_id),
        },
        search_text: String::new(),
    }
}

fn of_report(blank: Model, one: &SignatureReport, now: Instant) -> Model {
    let signer = one.signer.as_ref().map(|signer| &signer.subject);
    let sub_indication = serde_json::to_value(one.sub_indication);
    let sub_indication = sub_indication.ok().and_then(|value| match value {
        Value::String(text) => Some(text),
        _ => None,
    });
    // What keeps a passed signature from being green comes before whatever else is told of it.
    let mut warnings = one.warnings.iter();
    let waived = warnings.find(|warning| warning.code == Code::RevocationWaived);
    let told = waived.or_else(|| one.warnings.first());
    let reason = one.reasons.first().or(told);
    Model {
        indication: indication_code(one.indication).to_owned(),
        sub_indication,
        reason: reason.and_then(|reason| serde_json::to_string(reason).ok()),
        signer_name: signer.map(|name| {
            let common = name.common_name.as_ref();
            common.unwrap_or(&name.text).clone()
        }),
        signer_organisation: signer.and_then(|name| name.organisation.clone()),
        certificate_ends_at: one.chain.first().map(|link| link.not_after.micros()),
        revoked_at: one.chain.iter().find_map(|link| revoked_at(link, now)),
        proven_at: one.time.proven.map(Instant::micros),
        claimed_at: one.time.claimed.clone(),
        weak_algorithm: weak_algorithm(one),
        ..blank
    }
}

/// Since when a certificate is revoked or on hold; the moment of the check if nothing says it.
fn revoked_at(link: &LinkReport, now: Instant) -> Option<i64> {
    match link.revocation {
        Revocation::Revoked | Revocation::OnHold | Revocation::RevokedLater => {
            Some(link.revoked_at.unwrap_or(now).micros())
        }
        Revocation::Anchor
        | Revocation::NotNeeded
        | Revocation::Good
        | Revocation::Stale
        | Revocation::Unknown
        | Revocation::Unchecked => None,
    }
}

/// What the algorithms are blamed for, whether it stands against the signature today or not.
fn weak_algorithm(one: &SignatureReport) -> Option<String> {
    let all = one.reasons.iter().chain(&one.warnings);
    let weak = all
        .filter(|reason| reason.code.check() == Check::Algorithms)
        .find(|reason| reason.code != Code::DigestsDisagree)?;
    let named = weak.args.get("algorithm").map(str::to_owned);
    Some(named.unwrap_or_else(|| weak.code.key().to_owned()))
}

fn why_missing(seen: &Seen) -> Reason {
    let unreadable = |why: &str| Reason {
        code: Code::Unreadable,
        args: Args::from([("why", why)]),
    };
    match seen {
        Seen::Judged(_) => Reason::from(Code::NoSignature),
        Seen::Unreadable => unreadable("storage"),
        Seen::TooLarge => unreadable("size"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::validation::sample;

    fn file(copy: Option<&str>) -> DueFile {
        DueFile {
            subject_id: Uuid::from_u128(1),
            version_id: Uuid::from_u128(1),
            document_id: Uuid::from_u128(2),
            number: 3,
            digest: copy.unwrap_or("aa").to_owned(),
            size_bytes: 1,
            form: copy.map_or(DueForm::Main, |_| DueForm::Copy),
            fence: None,
        }
    }

    fn rows(copy: Option<&str>, seen: &Seen, known: &[Model], at: i64) -> Vec<Model> {
        let now = Instant::from_micros(at);
        found(Uuid::nil(), &file(copy), seen, known, now)
    }

    /// Goal: what could not be read is never left green, and that is told once. Method: a copy that
    /// was in order, unreadable twice.
    #[test]
    fn a_signature_that_cannot_be_read_any_more_is_undecided_and_told_once() {
        let mut before = rows(Some("bb"), &Seen::Unreadable, &[], 1);
        before[0].indication = "TOTAL-PASSED".to_owned();
        before[0].signer_name = Some("Irene Orr".to_owned());
        let after = rows(Some("bb"), &Seen::Unreadable, &before, 2);
        let told = changes(&before, &after);
        let [change] = told.as_slice() else {
            panic!("{told:?}");
        };
        assert_eq!(change.after, "INDETERMINATE");
        assert_eq!(change.signer.as_deref(), Some("Irene Orr"));
        assert_eq!(
            after[0].previous_indication.as_deref(),
            Some("TOTAL-PASSED")
        );
        assert_eq!((after[0].id, after[0].changed_at), (before[0].id, Some(2)));
        let again = rows(Some("bb"), &Seen::Unreadable, &after, 3);
        assert_eq!(changes(&after, &again), []);
        assert_eq!((again[0].changed_at, again[0].checked_at), (Some(2), 3));
    }

    /// Goal: a signed copy without anything to see in it has a row all the same, and a file that
    /// never had a signature has none.
    #[test]
    fn a_copy_must_have_a_signature_and_a_main_file_need_not() {
        let copy = rows(Some("bb"), &Seen::TooLarge, &[], 1);
        assert_eq!((copy.len(), copy[0].digest.as_str()), (1, "bb"));
        assert!(
            copy[0]
                .reason
                .as_deref()
                .is_some_and(|why| why.contains("size"))
        );
        assert_eq!(rows(None, &Seen::TooLarge, &[], 1), []);
    }

    /// Goal: what keeps a passed signature from being green is what its row tells, whichever
    /// certificate it is about and whatever else is told, and of a timestamp of the document as
    /// well. Method: the warning behind another one; without it; another one alone.
    #[test]
    fn a_row_tells_first_that_a_revocation_is_open() {
        let told = |warnings: &[&str]| {
            let report = sample::passed(warnings, &Value::Null);
            let now = Instant::from_micros(1);
            let row = of_report(blank(Uuid::nil(), &file(Some("bb")), 1, now), &report, now);
            assert_eq!(row.indication, "TOTAL-PASSED");
            let reason = row.reason.map(|text| serde_json::from_str::<Reason>(&text));
            reason.map(|reason| reason.expect("a reason").code)
        };
        let open = Some(Code::RevocationWaived);
        assert_eq!(told(&["revocation_waived"]), open);
        assert_eq!(told(&["time_unproven", "revocation_waived"]), open);
        assert_eq!(told(&["time_unproven"]), Some(Code::TimeUnproven));
        assert_eq!(told(&[]), None);
    }
}
