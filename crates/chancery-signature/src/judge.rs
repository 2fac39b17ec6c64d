//! From [`Facts`], a policy, a moment and anchors to a [`ValidationReport`].
//!
//! The same four arguments give the same report on any machine and in any year: nothing is asked of
//! a clock, a network or the file.

use chancery_types::Instant;

use crate::certificate::Certificate;
use crate::chain::{self, Anchors};
use crate::facts::{Der, Facts, SignatureFacts, SignatureForm, TokenFacts};
use crate::judge_signer::{crypto_answer, digest_name, own_reasons};
use crate::judge_trust::{Moment, Purpose, Trust, TrustOutcome};
use crate::policy::ValidationPolicy;
use crate::reason::Weight;
use crate::report::{
    AlgorithmReport, Answer, Check, CheckResult, CheckedResult, Code, CoversReport, Indication,
    Reason, Revocation, SignatureReport, SignerReport, SubIndication, TimeReport, ValidationReport,
};

/// Judges what was gathered, at `at`.
#[must_use]
pub fn judge(
    facts: &Facts,
    policy: &ValidationPolicy,
    at: Instant,
    anchors: &Anchors,
) -> ValidationReport {
    let judge = Judge {
        facts,
        at,
        trust: Trust { anchors, policy },
    };
    let proofs = judge.document_timestamps();
    let signatures: Vec<SignatureReport> = facts
        .signatures
        .iter()
        .map(|one| judge.signature(one, &proofs))
        .collect();
    let reasons = judge.file_reasons();
    let (mut indication, mut sub_indication) = conclude(&reasons);
    for signature in &signatures {
        if signature.indication > indication {
            (indication, sub_indication) = (signature.indication, signature.sub_indication);
        }
    }
    let own = match conclude(&reasons).0 {
        Indication::TotalPassed => Answer::Yes,
        Indication::Indeterminate | Indication::TotalFailed => Answer::Undecided,
    };
    let intact = signatures
        .iter()
        .map(|one| one.intact)
        .chain([own])
        .fold(Answer::Yes, worse);
    // A document timestamp is no signature (EN 319 102-1, 5.4): where there are both, it is asked
    // only what it proves, and a broken one still keeps the file from being intact.
    let is_stamp = |one: &&SignatureReport| one.form == SignatureForm::DocumentTimestamp;
    let only_stamps = signatures.iter().all(|one| is_stamp(&one));
    let crypto = signatures
        .iter()
        .filter(|one| only_stamps || !is_stamp(one))
        .map(|one| one.crypto)
        .fold(Answer::Yes, worse);
    let crypto = match signatures.is_empty() {
        false => crypto,
        true => crypto_of_none(facts),
    };
    ValidationReport {
        file: None,
        sha256: facts.sha256.clone(),
        bytes: facts.bytes,
        format: facts.format,
        indication,
        sub_indication,
        intact,
        crypto,
        reasons,
        signatures,
        judged_at: at,
        policy: policy.name.clone(),
    }
}

/// Where no signature was found: one that cannot be read does not verify, and where none was ever
/// claimed there is nothing to verify.
fn crypto_of_none(facts: &Facts) -> Answer {
    match &facts.unreadable {
        Some(why) if why.code != "limit_exceeded" && facts.claims_signature => Answer::No,
        _ => Answer::Undecided,
    }
}

fn worse(one: Answer, other: Answer) -> Answer {
    match (one, other) {
        (Answer::No, _) | (_, Answer::No) => Answer::No,
        (Answer::Undecided, _) | (_, Answer::Undecided) => Answer::Undecided,
        (Answer::Yes, Answer::Yes) => Answer::Yes,
    }
}

/// The weightiest reason decides.
fn conclude(reasons: &[Reason]) -> (Indication, Option<SubIndication>) {
    let mut undecided = None;
    for reason in reasons {
        match reason.code.weight() {
            Weight::Fails(sub) => return (Indication::TotalFailed, Some(sub)),
            Weight::Undecides(sub) => undecided = undecided.or(Some(sub)),
            Weight::Warns => {}
        }
    }
    match undecided {
        Some(sub) => (Indication::Indeterminate, Some(sub)),
        None => (Indication::TotalPassed, None),
    }
}

fn answer_of(reasons: &[Reason]) -> Answer {
    let about_file: Vec<Reason> = reasons
        .iter()
        .filter(|reason| !reason.code.concerns_trust())
        .cloned()
        .collect();
    match conclude(&about_file).0 {
        Indication::TotalPassed => Answer::Yes,
        Indication::Indeterminate => Answer::Undecided,
        Indication::TotalFailed => Answer::No,
    }
}

/// A document timestamp that is in order: whatever ends with an earlier revision existed then.
struct Proof {
    revision: u32,
    gen_time: Instant,
    by: String,
}

pub(crate) struct Judge<'a> {
    pub facts: &'a Facts,
    at: Instant,
    pub trust: Trust<'a>,
}

impl Judge<'_> {
    fn file_reasons(&self) -> Vec<Reason> {
        let mut reasons = Vec::new();
        if let Some(why) = &self.facts.unreadable {
            let args = [("why", why.code.as_str()), ("detail", why.detail.as_str())];
            reasons.push(Reason::new(Code::Unreadable, &args));
        } else if self.facts.signatures.is_empty() {
            reasons.push(Code::NoSignature.into());
        }
        let strays = self
            .facts
            .pdf
            .as_ref()
            .map_or(0, |pdf| pdf.stray_signatures);
        if strays > 0 {
            let count = strays.to_string();
            reasons.push(Reason::new(Code::StraySignature, &[("count", &count)]));
        }
        reasons
    }

    /// Judges document timestamps from the last to the first: a later one proves an earlier one.
    fn document_timestamps(&self) -> Vec<Proof> {
        let stamps = self.facts.signatures.iter();
        let mut stamps: Vec<(u32, &SignatureFacts)> = stamps
            .filter(|one| one.form == SignatureForm::DocumentTimestamp)
            .filter_map(|one| Some((one.coverage.as_ref().ok()?.revision, one)))
            .collect();
        stamps.sort_by_key(|(revision, _)| std::cmp::Reverse(*revision));
        let mut proofs: Vec<Proof> = Vec::new();
        for (revision, facts) in stamps {
            let moment = self.moment_of(revision, None, &proofs);
            let (Some(token), true) = (&facts.token, self.is_sound(facts)) else {
                continue;
            };
            let Some(certificate) = signer_certificate(facts) else {
                continue;
            };
            let outcome = self.trust.judge(
                &certificate,
                &self.pool(facts, &[]),
                moment,
                Purpose::Timestamp,
            );
            let in_time = token.gen_time <= moment.at && certificate.is_valid_at(token.gen_time);
            if outcome.reasons.is_empty() && in_time {
                let name = crate::certificate::Name::parse(certificate.subject);
                let by = name.map(|name| name.text).unwrap_or_default();
                proofs.push(Proof {
                    revision,
                    gen_time: token.gen_time,
                    by,
                });
            }
        }
        proofs
    }

    /// The earliest proven moment for what ends with `revision`.
    fn moment_of(&self, revision: u32, token: Option<Instant>, proofs: &[Proof]) -> Moment {
        let later = proofs.iter().filter(|proof| proof.revision > revision);
        let proven = later.map(|proof| proof.gen_time).chain(token).min();
        Moment {
            at: proven.unwrap_or(self.at),
            is_proven: proven.is_some(),
        }
    }

    /// Every certificate at hand: of the token, of the structure, of the document's store.
    fn pool(&self, facts: &SignatureFacts, token: &[Der]) -> Vec<Der> {
        let store = &self.facts.evidence.certificates;
        let all = token.iter().chain(&facts.certificates).chain(store);
        all.cloned().collect()
    }

    /// In order by itself: nothing fails or is undecided, and the value verifies.
    pub fn is_sound(&self, facts: &SignatureFacts) -> bool {
        let reasons = own_reasons(facts, self.trust.policy, None);
        answer_of(&reasons) == Answer::Yes && crypto_answer(facts) == Answer::Yes
    }

    fn signature(&self, facts: &SignatureFacts, proofs: &[Proof]) -> SignatureReport {
        let revision = facts
            .coverage
            .as_ref()
            .map_or(0, |coverage| coverage.revision);
        let mut reasons = Vec::new();
        let before = self.moment_of(revision, None, proofs);
        let mut token_time = None;
        for token in facts.signer.iter().flat_map(|signer| &signer.tokens) {
            match self.token(token, facts, before) {
                Ok(proof) => token_time = Some(earlier(token_time, proof)),
                Err(reason) => reasons.push(reason),
            }
        }
        let own_time = token_time
            .as_ref()
            .map(|(time, _): &(Instant, String)| *time);
        let moment = self.moment_of(revision, own_time, proofs);
        let proven = moment.is_proven.then_some(moment.at);
        if proven.is_none() && facts.form != SignatureForm::DocumentTimestamp {
            reasons.push(Code::TimeUnproven.into());
        }
        reasons.extend(own_reasons(facts, self.trust.policy, proven));
        reasons.extend(self.change_reasons(facts));
        let certificate = signer_certificate(facts);
        let outcome = match &certificate {
            Some(certificate) => {
                let purpose = match facts.form {
                    SignatureForm::DocumentTimestamp => Purpose::Timestamp,
                    SignatureForm::Pdf | SignatureForm::Cms | SignatureForm::CounterSignature => {
                        Purpose::Signature
                    }
                };
                self.trust
                    .judge(certificate, &self.pool(facts, &[]), moment, purpose)
            }
            None => TrustOutcome::default(),
        };
        reasons.extend(outcome.reasons.iter().cloned());
        let proven_by = proven.map(|_| {
            let own = token_time
                .filter(|(time, _)| *time == moment.at)
                .map(|(_, by)| by);
            let other = proofs.iter().find(|proof| proof.gen_time == moment.at);
            own.or_else(|| other.map(|proof| proof.by.clone()))
                .unwrap_or_default()
        });
        let time = TimeReport {
            claimed: facts.claimed_time.clone(),
            proven,
            proven_by,
            judged_at: moment.at,
        };
        self.report(facts, reasons, outcome, certificate.as_ref(), time)
    }

    fn token(
        &self,
        token: &TokenFacts,
        facts: &SignatureFacts,
        moment: Moment,
    ) -> Result<(Instant, String), Reason> {
        let pool = self.pool(facts, &token.certificates);
        self.trust.judge_token(token, &pool, moment)
    }

    fn report(
        &self,
        facts: &SignatureFacts,
        mut reasons: Vec<Reason>,
        outcome: TrustOutcome,
        certificate: Option<&Certificate<'_>>,
        time: TimeReport,
    ) -> SignatureReport {
        let weight = |reason: &Reason| match reason.code.weight() {
            Weight::Fails(_) => 0,
            Weight::Undecides(_) => 1,
            Weight::Warns => 2,
        };
        reasons.sort_by_key(weight);
        let (indication, sub_indication) = conclude(&reasons);
        let ground = Ground {
            content: facts.coverage.is_ok(),
            certificate: certificate.is_some(),
            time: time.proven.is_some(),
            revocation: !outcome.links.is_empty()
                && outcome
                    .links
                    .iter()
                    .all(|link| link.revocation != Revocation::Unchecked),
        };
        let checks = checks(&reasons, &ground);
        let intact = answer_of(&reasons);
        let crypto = crypto_answer(facts);
        let (warnings, reasons): (Vec<Reason>, Vec<Reason>) = reasons
            .into_iter()
            .partition(|reason| reason.code.weight() == Weight::Warns);
        let described = certificate.and_then(|certificate| certificate.describe().ok());
        SignatureReport {
            field: facts.field.clone(),
            form: facts.form,
            sub_filter: facts.sub_filter.clone(),
            counter_signs: facts.counter_signs,
            indication,
            sub_indication,
            intact: if crypto == Answer::Yes {
                intact
            } else {
                worse(intact, crypto)
            },
            crypto,
            reasons,
            warnings,
            checks,
            algorithm: facts.signer.as_ref().map(|signer| AlgorithmReport {
                key: described.as_ref().map(|one| one.key.clone()),
                digest: digest_name(signer),
                signature: signer.signature_oid.clone(),
            }),
            signer: described.map(|one| SignerReport {
                subject: one.subject,
                emails: one.emails,
                issuer: one.issuer,
                serial: one.serial,
            }),
            time,
            covers: self.covers(facts),
            changes: self.changes_after(facts),
            chain: outcome.links,
        }
    }

    fn covers(&self, facts: &SignatureFacts) -> Option<CoversReport> {
        let coverage = facts.coverage.as_ref().ok()?;
        let [_, first, restart, second] = coverage.byte_range;
        let end = restart.saturating_add(second);
        let revisions = self.facts.pdf.as_ref().map_or(1, |pdf| pdf.revisions);
        let revision = coverage.revision.saturating_add(1);
        let in_pdf = matches!(
            facts.form,
            SignatureForm::Pdf | SignatureForm::DocumentTimestamp
        );
        Some(CoversReport {
            byte_range: coverage.byte_range,
            bytes: first.saturating_add(second),
            whole_file: coverage.whole_file,
            revision,
            revisions_after: revisions.saturating_sub(revision),
            bytes_after: if in_pdf {
                self.facts.bytes.saturating_sub(end)
            } else {
                0
            },
        })
    }
}

fn signer_certificate(facts: &SignatureFacts) -> Option<Certificate<'_>> {
    chain::at_index(&facts.certificates, facts.signer.as_ref()?.certificate)
}

fn earlier(known: Option<(Instant, String)>, other: (Instant, String)) -> (Instant, String) {
    match known {
        Some(known) if known.0 <= other.0 => known,
        _ => other,
    }
}

/// What checks stand on: without it none was made, and silence is no praise.
struct Ground {
    content: bool,
    certificate: bool,
    time: bool,
    revocation: bool,
}

impl Ground {
    fn carries(&self, check: Check, is_digest_right: bool) -> bool {
        match check {
            Check::Format | Check::Attributes | Check::Algorithms => true,
            Check::Coverage | Check::Digest => self.content,
            Check::Changes => self.content && is_digest_right,
            Check::Value | Check::Chain => self.certificate,
            Check::Time => self.time,
            Check::Revocation => self.revocation,
        }
    }
}

fn checks(reasons: &[Reason], ground: &Ground) -> Vec<CheckedResult> {
    let is_digest_right = !reasons.iter().any(|reason| {
        reason.code.check() == Check::Digest && !matches!(reason.code.weight(), Weight::Warns)
    });
    let result = |check| {
        let about = reasons.iter().filter(|reason| reason.code.check() == check);
        let weights = about.map(|reason| match reason.code.weight() {
            Weight::Fails(_) => CheckResult::Failed,
            Weight::Undecides(_) => CheckResult::Undecided,
            Weight::Warns => CheckResult::Warned,
        });
        let rank = |result: &CheckResult| match result {
            CheckResult::NotMade | CheckResult::Passed => 0,
            CheckResult::Warned => 1,
            CheckResult::Undecided => 2,
            CheckResult::Failed => 3,
        };
        let silent = if ground.carries(check, is_digest_right) {
            CheckResult::Passed
        } else {
            CheckResult::NotMade
        };
        let result = weights.max_by_key(rank).unwrap_or(silent);
        CheckedResult { check, result }
    };
    Check::ALL.map(result).to_vec()
}
