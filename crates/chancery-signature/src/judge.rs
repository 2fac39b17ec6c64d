//! From [`Facts`], a policy, a moment and anchors to a [`ValidationReport`].
//!
//! The same four arguments give the same report on any machine and in any year: nothing is asked of
//! a clock, a network or the file.

use chancery_types::Instant;

use crate::certificate::Certificate;
use crate::chain::{self, Anchors};
use crate::checks::{Ground, checks};
use crate::claimed::{claim_reason, claimed_time, outside_reason, unsure_seconds};
use crate::evidence_given::GivenEvidence;
use crate::facts::{Agreement, Facts, SignatureFacts, SignatureForm};
use crate::judge_order::TokenOutcome;
use crate::judge_signer::{algorithm_of, crypto_answer, own_reasons, rights_of};
use crate::judge_token::waived;
use crate::judge_trust::{Moment, Purpose, Trust, TrustOutcome};
use crate::ledger::{Ledger, Order};
use crate::level::{Levels, Roots};
use crate::policy::ValidationPolicy;
use crate::proofs::{Archived, Existence, Proofs, Stated};
use crate::reason::Weight;
use crate::report::{
    Answer, Code, Indication, Reason, SignatureReport, SignerReport, SubIndication, TimeReport,
    TimestampReport, ValidationReport,
};
use crate::shared::Met;
use crate::signature_kind;
use crate::timestamp::TimestampToken;

/// Judges what was gathered, at `at`, by the evidence that the file itself brings.
#[must_use]
pub fn judge(
    facts: &Facts,
    policy: &ValidationPolicy,
    at: Instant,
    anchors: &Anchors,
) -> ValidationReport {
    judge_with(facts, policy, at, anchors, &GivenEvidence::none())
}

/// Judges what was gathered, at `at`, by the evidence that the file brings and by what is `given`
/// beside it.
#[must_use]
pub fn judge_with(
    facts: &Facts,
    policy: &ValidationPolicy,
    at: Instant,
    anchors: &Anchors,
    given: &GivenEvidence,
) -> ValidationReport {
    let judge = Judge::new(facts, at, Trust::new(facts, policy, anchors, given));
    report_of(&judge, anchors)
}

pub(crate) fn report_of(judge: &Judge<'_>, anchors: &Anchors) -> ValidationReport {
    let facts = judge.facts;
    let mut names = Met::default();
    let signatures = facts.signatures.iter().enumerate();
    let signatures = signatures.map(|(index, one)| {
        let mut report = judge.signature(index, one);
        report.share_names(&mut names);
        report
    });
    let mut signatures: Vec<SignatureReport> = signatures.collect();
    // Told beside the verdict, and after it, out of a purse of their own: what strangers put into
    // a file takes nothing away from what the verdict rests on.
    let roots = Roots::of(facts, anchors);
    let levels = Levels::new(facts, &roots);
    for (report, one) in signatures.iter_mut().zip(&facts.signatures) {
        report.level = levels.of(one, report.time.judged_at);
    }
    let reasons = judge.file_reasons();
    let (mut indication, mut sub_indication) = conclude(&reasons);
    for signature in &signatures {
        if signature.indication > indication {
            (indication, sub_indication) = (signature.indication, signature.sub_indication);
        }
    }
    // Nobody signed it, and yet nothing about it changed.
    let about_file = reasons
        .iter()
        .filter(|one| one.code != Code::OnlyTimestamps);
    let own = match conclude(about_file).0 {
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
        judged_at: judge.at,
        policy: judge.trust.policy.name.clone(),
        rules: Some(Box::new(judge.trust.policy.clone())),
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
fn conclude<'r>(
    reasons: impl IntoIterator<Item = &'r Reason>,
) -> (Indication, Option<SubIndication>) {
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
    let about_file = reasons.iter();
    match conclude(about_file.filter(|reason| !reason.code.concerns_trust())).0 {
        Indication::TotalPassed => Answer::Yes,
        Indication::Indeterminate => Answer::Undecided,
        Indication::TotalFailed => Answer::No,
    }
}

pub(crate) struct Judge<'a> {
    pub facts: &'a Facts,
    pub at: Instant,
    pub trust: Trust<'a>,
    pub proofs: Proofs,
    pub archived: Archived,
    /// What the timestamps of each signature prove.
    pub tokens: Vec<Vec<(TokenOutcome, TimestampReport)>>,
    pub stated: Stated,
    pub order: Order<'a>,
    pub ledger: Ledger<'a>,
}

impl<'a> Judge<'a> {
    pub fn new(facts: &'a Facts, at: Instant, trust: Trust<'a>) -> Self {
        let mut judge = Judge {
            facts,
            at,
            trust,
            proofs: Proofs::default(),
            archived: Archived::default(),
            tokens: Vec::new(),
            stated: Stated::default(),
            order: Order::new(&facts.signatures),
            ledger: Ledger::default(),
        };
        judge.order_times();
        judge.ledger = Ledger::new(judge.judged_changes(), facts.signatures.len());
        judge
    }

    fn file_reasons(&self) -> Vec<Reason> {
        let mut reasons = Vec::new();
        if let Some(why) = &self.facts.unreadable {
            let args = [("why", why.code.as_str()), ("detail", why.detail.as_str())];
            reasons.push(Reason::new(Code::Unreadable, &args));
        } else if self.facts.signatures.is_empty() {
            reasons.push(Code::NoSignature.into());
        } else if self.facts.signatures.iter().all(is_stamp) {
            reasons.push(Code::OnlyTimestamps.into());
        }
        let pdf = self.facts.pdf.as_ref();
        if let Some(why) = pdf.and_then(|pdf| pdf.reads_two_ways.as_deref()) {
            reasons.push(Reason::new(Code::ReadsTwoWays, &[("why", why)]));
        }
        for how in pdf.iter().flat_map(|pdf| &pdf.varies) {
            reasons.push(Reason::new(Code::AppearanceVaries, &[("how", how)]));
        }
        if let Some(why) = pdf.and_then(|pdf| pdf.unopened.as_deref()) {
            reasons.push(Reason::new(Code::FileUnopened, &[("why", why)]));
        }
        if pdf.is_some_and(|pdf| pdf.carries_other) {
            reasons.push(Reason::new(Code::CarriesOther, &[("what", "added")]));
        }
        let leading = pdf.map_or(0, |pdf| pdf.leading_bytes);
        if leading > 0 {
            let bytes = leading.to_string();
            reasons.push(Reason::new(Code::ExcessBytes, &[("bytes", &bytes)]));
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
        let removed = self.facts.pdf.as_ref();
        let removed = removed.map_or(0, |pdf| pdf.removed_signatures);
        if removed > 0 {
            let count = removed.to_string();
            reasons.push(Reason::new(Code::SignatureRemoved, &[("count", &count)]));
        }
        reasons
    }

    pub fn existence(&self, own: Option<(usize, Instant)>) -> Existence<'_> {
        Existence {
            now: self.at,
            proofs: &self.proofs,
            archived: &self.archived,
            own,
        }
    }

    /// The earliest proven moment for what ends with `revision`.
    pub fn moment_of(&self, revision: u32, token: Option<Instant>, proofs: &Proofs) -> Moment {
        let later = proofs.earliest(revision.saturating_add(1));
        let proven = later.map(|proof| proof.gen_time);
        let proven = proven.into_iter().chain(token).min();
        Moment {
            at: proven.unwrap_or(self.at),
            is_proven: proven.is_some(),
            made_after: self.stated.latest_before(revision),
            stated: None,
            names_certificate: true,
        }
    }

    /// In order by itself: nothing fails or is undecided, and the value verifies. `proven` is since
    /// when it exists.
    pub fn is_sound(&self, facts: &SignatureFacts, proven: Option<Instant>) -> bool {
        let reasons = own_reasons(facts, self.trust.policy, proven);
        answer_of(&reasons) == Answer::Yes && crypto_answer(facts) == Answer::Yes
    }

    /// As [`Judge::is_sound`], by what the timestamps of the document prove.
    pub fn is_sound_then(&self, facts: &SignatureFacts) -> bool {
        let coverage = facts.coverage.as_ref();
        let revision = coverage.map_or(0, |coverage| coverage.revision);
        let moment = self.moment_of(revision, None, &self.proofs);
        self.is_sound(facts, moment.is_proven.then_some(moment.at))
    }

    fn signature(&self, index: usize, facts: &'a SignatureFacts) -> SignatureReport {
        let revision = facts
            .coverage
            .as_ref()
            .map_or(0, |coverage| coverage.revision);
        let mut reasons = Vec::new();
        let mut token_time = self.archived.signature(index).cloned();
        let tokens = self.tokens.get(index).into_iter().flatten();
        let mut stamps: Vec<TimestampReport> =
            tokens.clone().map(|(_, stamp)| stamp.clone()).collect();
        for (outcome, _) in tokens {
            match outcome {
                Ok(proof) => token_time = Some(earlier(token_time, proof.clone())),
                Err(reason) => reasons.push(reason.clone()),
            }
        }
        reasons.extend(self.archive_reasons(facts, &mut stamps));
        let own_time = token_time.as_ref().map(|(time, _)| *time);
        let mut moment = self.moment_of(revision, own_time, &self.proofs);
        reasons.extend(self.covered_reason(facts, moment));
        reasons.extend(self.content_reasons(facts, &mut moment, &mut stamps));
        let proven = moment.is_proven.then_some(moment.at);
        if proven.is_none() && facts.form != SignatureForm::DocumentTimestamp {
            reasons.push(Code::TimeUnproven.into());
        }
        reasons.extend(self.claim_reason(facts, proven));
        reasons.extend(own_reasons(facts, self.trust.policy, proven));
        reasons.extend(self.change_reasons(facts));
        let certificate = signer_certificate(facts);
        reasons.extend(self.outside_reason(facts, certificate.as_ref()));
        let outcome = match &certificate {
            Some(certificate) => {
                let purpose = match facts.form {
                    SignatureForm::DocumentTimestamp => Purpose::Timestamp,
                    SignatureForm::Pdf
                    | SignatureForm::Cms
                    | SignatureForm::CounterSignature
                    | SignatureForm::Xml => Purpose::Signature,
                };
                moment.stated = facts.token.as_ref().map(TimestampToken::latest);
                moment.names_certificate = names_certificate(facts);
                let existence = self.existence(proven.map(|at| (index, at)));
                self.trust.judge(certificate, moment, purpose, existence)
            }
            None => TrustOutcome::default(),
        };
        reasons.extend(outcome.reasons.iter().cloned());
        add_new(&mut reasons, stamps.iter().flat_map(waived));
        // Those of the document that cover it, and all that they rest on in turn.
        let over = self.proofs.over(revision.saturating_add(1));
        add_new(&mut reasons, over.flat_map(|one| one.open.iter().cloned()));
        let mut time = TimeReport {
            claimed: facts.claimed_time.clone(),
            proven,
            proven_by: proven.map(|_| self.prover(token_time, moment, revision)),
            judged_at: moment.at,
        };
        if let Some((token, stated)) = facts.token.as_ref().zip(moment.stated) {
            time.claimed = Some(token.gen_time.to_string());
            // A timestamp that stands proves the moment that it states.
            if reasons.iter().all(|one| one.code.weight() == Weight::Warns) {
                time.proven = Some(stated);
                time.proven_by = certificate.as_ref().map(Certificate::subject_text);
            }
        }
        SignatureReport {
            timestamps: stamps,
            ..self.report(facts, reasons, outcome, certificate.as_ref(), time)
        }
    }

    /// Who proves the moment at which a signature is judged.
    fn prover(
        &self,
        token_time: Option<(Instant, String)>,
        moment: Moment,
        revision: u32,
    ) -> String {
        let own = token_time.filter(|(time, _)| *time == moment.at);
        let other = self.proofs.earliest(revision.saturating_add(1));
        own.map(|(_, by)| by)
            .or_else(|| other.map(|proof| proof.by.clone()))
            .unwrap_or_default()
    }

    /// Whether a signer claims a moment at which they had no such certificate. Timestamps are held
    /// to theirs by the path.
    fn outside_reason(
        &self,
        facts: &SignatureFacts,
        certificate: Option<&Certificate<'_>>,
    ) -> Option<Reason> {
        if facts.token.is_some() {
            return None;
        }
        let text = facts.claimed_time.as_deref()?;
        let claim = (claimed_time(text)?, unsure_seconds(text));
        outside_reason(claim, certificate?, self.trust.policy)
    }

    /// What stands against the moment that a signature claims, or that a timestamp states.
    fn claim_reason(&self, facts: &SignatureFacts, proven: Option<Instant>) -> Option<Reason> {
        let stated = facts.token.as_ref().map(|token| (token.gen_time, 0));
        let claim = || {
            let text = facts.claimed_time.as_deref()?;
            Some((claimed_time(text)?, unsure_seconds(text)))
        };
        claim_reason(stated.or_else(claim)?, proven, self.at, self.trust.policy)
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
        reasons.extend(certificate.and_then(|one| outcome.outdated_list(one)));
        reasons.sort_by_key(weight);
        let (indication, sub_indication) = conclude(&reasons);
        // Nobody may call it proven of whom nobody asked whether they still might.
        let is_open = reasons.iter().any(|one| one.code == Code::RevocationWaived);
        let is_proven = indication == Indication::TotalPassed && !is_open;
        let crypto = crypto_answer(facts);
        let ground = Ground {
            certificate: certificate.is_some(),
            time: time.proven.is_some(),
            ..Ground::of(self.facts, facts, &outcome.links)
        };
        let checks = checks(&reasons, &ground);
        let intact = answer_of(&reasons);
        let (warnings, reasons): (Vec<Reason>, Vec<Reason>) = reasons
            .into_iter()
            .partition(|reason| reason.code.weight() == Weight::Warns);
        let (changes, changes_left_out) = self.changes_after(facts);
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
            rights: rights_of(facts),
            algorithm: algorithm_of(facts, described.as_ref()),
            signer: described.map(SignerReport::from),
            kind: certificate
                .filter(|_| facts.form != SignatureForm::DocumentTimestamp)
                .map(|one| signature_kind::of(one, is_proven, &outcome.granted)),
            // Set by whoever knows the whole file.
            level: None,
            time,
            covers: self.covers(facts),
            changes,
            changes_left_out,
            chain: outcome.links,
            timestamps: Vec::new(),
        }
    }
}

/// Whether the signature signs which certificate it is by: one that it does not name can be made at
/// any later time.
fn names_certificate(facts: &SignatureFacts) -> bool {
    let signer = facts.signer.as_ref();
    let attributes = signer.and_then(|signer| signer.attributes.as_ref());
    attributes.is_some_and(|one| one.signing_certificate == Agreement::Agrees)
}

/// Anybody's timestamp can be had for any file: it is no signature (EN 319 102-1, 5.4).
fn is_stamp(facts: &SignatureFacts) -> bool {
    facts.form == SignatureForm::DocumentTimestamp
}

pub(crate) fn signer_certificate(facts: &SignatureFacts) -> Option<Certificate<'_>> {
    chain::at_index(&facts.certificates, facts.signer.as_ref()?.certificate)
}

fn earlier(known: Option<(Instant, String)>, other: (Instant, String)) -> (Instant, String) {
    match known {
        Some(known) if known.0 <= other.0 => known,
        _ => other,
    }
}

/// Adds what is not among the reasons yet.
fn add_new(reasons: &mut Vec<Reason>, more: impl Iterator<Item = Reason>) {
    for one in more {
        if !reasons.contains(&one) {
            reasons.push(one);
        }
    }
}
