//! What our validator says of a detached signature over the file that it covers.

use bytes::Bytes;
use chancery_signature::facts::{SignatureFacts, SignatureForm};
use chancery_signature::report::SignatureReport;
use chancery_signature::{Facts, ValidationReport, gather_cms, judge_with};
use chancery_types::id::OrganisationId;
use serde_json::{Value, json};

use super::Bringer;
use super::covered::Covered;
use crate::app::recheck::indication_code;
use crate::app::signing::outside::{is_vouched_for, verdict};
use crate::app::signing::prepare::blocking;
use crate::app::signing::presented::person_named;
use crate::app::signing::verdict::{failed, is_sound};
use crate::app::validation::limits_for;
use crate::app::versions::parse_digest;
use crate::app::{App, AppError};
use crate::domain::signer_name;

/// A signature that is right.
pub(super) struct Judged {
    /// The verdict in a word: `TOTAL-PASSED` or `INDETERMINATE`.
    pub indication: &'static str,
    /// Whom the certificates name.
    pub names: Vec<String>,
    /// Each signer with what is said of it, for the evidence.
    pub told: Vec<Value>,
}

impl App {
    /// Judges a signature that somebody brings, over the file that it covers.
    pub(super) async fn judge_brought(
        &self,
        bringer: &Bringer,
        file: &Bytes,
        covered: &Covered,
    ) -> Result<Judged, AppError> {
        let organisation = OrganisationId::from(bringer.document.organisation_id);
        let digest = parse_digest(&covered.digest)?;
        let content = self.blobs.get(organisation, &digest).await?;
        let basis = self.basis().await?;
        let (file, now) = (file.clone(), self.now());
        let (read, over) = (file.clone(), content.clone());
        let gathered = move || gather_cms(&read, Some(&over), &limits_for(over.len()));
        let basis = self.informed(basis, now, gathered).await?;
        let (facts, report) = blocking(move || {
            let facts = gather_cms(&file, Some(&content), &limits_for(content.len()));
            let report = judge_with(&facts, &basis.policy, now, &basis.anchors, &basis.evidence);
            (facts, report)
        })
        .await?;
        let wrong = report.signatures.iter().find(|one| !is_sound(one));
        if let Some(wrong) = wrong {
            return Err(failed(wrong));
        }
        if report.signatures.is_empty() {
            return Err(AppError::refused("detached-unreadable"));
        }
        let stated = bringer.seat.as_ref().map(|seat| seat.signer.name.as_str());
        require_name(stated, &facts, &report)?;
        Ok(Judged {
            indication: indication_code(report.indication),
            names: signers(&facts, &report).map(|(name, _)| name).collect(),
            told: signers(&facts, &report)
                .map(|(name, one)| told(stated, &name, one))
                .collect(),
        })
    }
}

/// The rule of names of [`crate::app::signing::outside`], where somebody signs for themselves: of
/// several signers, one is them.
fn require_name(
    stated: Option<&str>,
    facts: &Facts,
    report: &ValidationReport,
) -> Result<(), AppError> {
    let Some(stated) = stated else {
        return Ok(());
    };
    let mut all = signers(facts, report);
    if all.any(|(name, one)| signer_name::agree(stated, &name) || is_vouched_for(one)) {
        return Ok(());
    }
    let names: Vec<String> = signers(facts, report).map(|(name, _)| name).collect();
    Err(AppError::refused_with(
        "certificate-name-differs",
        [("name", names.join(", "))],
    ))
}

/// Each signer's name with the report on its signature. Whoever only countersigned did not sign the
/// file.
fn signers<'r>(
    facts: &'r Facts,
    report: &'r ValidationReport,
) -> impl Iterator<Item = (String, &'r SignatureReport)> {
    let pairs = facts.signatures.iter().zip(&report.signatures);
    pairs
        .filter(|(_, one)| one.form == SignatureForm::Cms)
        .map(|(facts, one)| (name_of(facts, one), one))
}

fn name_of(facts: &SignatureFacts, one: &SignatureReport) -> String {
    let Some(signer) = &one.signer else {
        return String::new();
    };
    let at = facts.signer.as_ref().and_then(|signer| signer.certificate);
    let at = at.and_then(|at| usize::try_from(at).ok());
    let der = at.and_then(|at| facts.certificates.get(at));
    person_named(der.map_or(&[][..], |der| der.0.as_slice()), &signer.subject)
}

fn told(stated: Option<&str>, name: &str, one: &SignatureReport) -> Value {
    json!({
        "name": name,
        "stated_name": stated,
        "names_agree": stated.map(|stated| signer_name::agree(stated, name)),
        "subject": one.signer.as_ref().map(|signer| &signer.subject.text),
        "issuer": one.signer.as_ref().map(|signer| &signer.issuer.text),
        "serial": one.signer.as_ref().map(|signer| &signer.serial),
        "claimed_at": one.time.claimed,
        "proven_at": one.time.proven,
        "verdict": verdict(one),
    })
}
