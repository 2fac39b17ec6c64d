//! What our validator says of a detached signature over the file that it covers.

use bytes::Bytes;
use chancery_signature::facts::{SignatureFacts, SignatureForm};
use chancery_signature::report::SignatureReport;
use chancery_signature::{
    Facts, ValidationReport, gather_cms, judge_with, signer_values, stamp_signers,
};
use chancery_types::Instant;
use chancery_types::id::OrganisationId;
use chancery_workflow as engine;
use chancery_workflow::Sealing;
use serde_json::{Value, json};

use super::Bringer;
use super::covered::Covered;
use crate::app::recheck::indication_code;
use crate::app::signing::demanded::require_demanded;
use crate::app::signing::outside::{is_vouched_for, verdict};
use crate::app::signing::prepare::blocking;
use crate::app::signing::presented::person_named;
use crate::app::signing::verdict::{failed, is_sound, unproven};
use crate::app::validation::{Basis, limits_for};
use crate::app::versions::parse_digest;
use crate::app::{App, AppError};
use crate::domain::signer_name;

/// A signature that is right.
pub(super) struct Judged {
    /// The verdict in a word: `TOTAL-PASSED` or `INDETERMINATE`.
    pub indication: &'static str,
    /// Whether it passed although nobody knows whether a certificate was revoked.
    pub leaves_revocation_open: bool,
    /// Whom the certificates name.
    pub names: Vec<String>,
    /// Each signer with what is said of it, for the evidence.
    pub told: Vec<Value>,
    /// The structure with our timestamps, if its own prove nothing for some signer.
    pub stamped: Option<Bytes>,
}

/// A structure and what our validator says of it.
pub(super) struct Reported {
    /// What is in it.
    pub facts: Facts,
    /// What is said of that.
    pub report: ValidationReport,
}

impl App {
    /// Judges a signature that somebody brings, over the file that it covers. A signer whose time
    /// nothing proves gets a timestamp now, as whoever signs here does: without one nobody could
    /// tell the signature from one that is made after its certificate ended.
    pub(super) async fn judge_brought(
        &self,
        bringer: &Bringer,
        file: &Bytes,
        covered: &Covered,
    ) -> Result<Judged, AppError> {
        let organisation = OrganisationId::from(bringer.document.organisation_id);
        let digest = parse_digest(&covered.digest)?;
        let content = self.blobs.get(organisation, &digest).await?;
        let mut found = self.report_brought(file, &content).await?;
        let stated = bringer.seat.as_ref().map(|seat| seat.signer.name.as_str());
        require_name(stated, &found.facts, &found.report)?;
        let bare = unproven_places(&found.report);
        let stamped = match bare.is_empty() {
            true => None,
            false => Some(self.stamped(organisation, file, &bare).await?),
        };
        if let Some(stamped) = &stamped {
            found = self.report_brought(stamped, &content).await?;
            if !unproven_places(&found.report).is_empty() {
                return Err(unproven());
            }
        }
        let Reported { facts, report } = found;
        if let Some(seat) = &bringer.seat {
            require_demanded_of_signer(&seat.sealing, &seat.signer.name, (&facts, &report))?;
        }
        Ok(Judged {
            indication: indication_code(report.indication),
            leaves_revocation_open: report.leaves_revocation_open(),
            names: signers(&facts, &report).map(|(name, _)| name).collect(),
            told: signers(&facts, &report)
                .map(|(name, one)| told(stated, &name, one))
                .collect(),
            stamped,
        })
    }

    /// What our validator says of a structure; refused if some signature is wrong by itself.
    async fn report_brought(&self, file: &Bytes, content: &Bytes) -> Result<Reported, AppError> {
        let basis = self.basis().await?;
        let found = self.report_over(file, content, basis, self.now()).await?;
        let mut all = found.report.signatures.iter();
        if let Some(wrong) = all.find(|one| !is_sound(one)) {
            return Err(failed(wrong));
        }
        match found.report.signatures.is_empty() {
            true => Err(AppError::refused("detached-unreadable")),
            false => Ok(found),
        }
    }

    /// What our validator says, by `basis` at `at`, of a structure over a file.
    pub(super) async fn report_over(
        &self,
        file: &Bytes,
        content: &Bytes,
        basis: Basis,
        at: Instant,
    ) -> Result<Reported, AppError> {
        let (file, content) = (file.clone(), content.clone());
        let (read, over) = (file.clone(), content.clone());
        let gathered = move || gather_cms(&read, Some(&over), &limits_for(over.len()));
        let basis = self.informed(basis, at, gathered).await?;
        blocking(move || {
            let facts = gather_cms(&file, Some(&content), &limits_for(content.len()));
            let report = judge_with(&facts, &basis.policy, at, &basis.anchors, &basis.evidence);
            Reported { facts, report }
        })
        .await
    }

    /// The structure with a timestamp for each signer at one of `places`.
    async fn stamped(
        &self,
        organisation: OrganisationId,
        file: &Bytes,
        places: &[usize],
    ) -> Result<Bytes, AppError> {
        let values = signer_values(file).map_err(|_| AppError::refused("detached-unreadable"))?;
        let authority = self.load_authority(organisation).await?;
        let mut tokens = Vec::with_capacity(places.len());
        for place in places {
            let value = values.get(*place);
            let value = value.ok_or_else(|| AppError::refused("detached-unreadable"))?;
            let stamp = self.stamp(&authority, value, self.now()).await?;
            tokens.push((*place, stamp.token));
        }
        let stamped = stamp_signers(file, &tokens);
        // The one that came is sound, but what it is written in cannot be taken apart.
        let stamped = stamped.map_err(|_| AppError::refused("detached-not-stamped"))?;
        Ok(stamped.into())
    }
}

/// The places, among its signers, of those whose time nothing proves.
fn unproven_places(report: &ValidationReport) -> Vec<usize> {
    let all = report.signatures.iter();
    let signers = all.filter(|one| one.form == SignatureForm::Cms);
    let bare = signers
        .enumerate()
        .filter(|(_, one)| one.time.proven.is_none());
    bare.map(|(place, _)| place).collect()
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

/// What the chain demands, of whoever signs for themselves: of several signers, of one who is them.
fn require_demanded_of_signer(
    sealing: &Sealing,
    stated: &str,
    (facts, report): (&Facts, &ValidationReport),
) -> Result<(), AppError> {
    let mut answer = Ok(());
    for (name, one) in signers(facts, report) {
        if !signer_name::agree(stated, &name) && !is_vouched_for(one) {
            continue;
        }
        answer = require_demanded(sealing, engine::SignatureForm::Detached, one);
        if answer.is_ok() {
            break;
        }
    }
    answer
}

/// Each signer's name with the report on its signature. Whoever only countersigned did not sign the
/// file.
pub(super) fn signers<'r>(
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

/// What the evidence says of a signer whose certificate is not ours.
pub(super) fn told(stated: Option<&str>, name: &str, one: &SignatureReport) -> Value {
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
