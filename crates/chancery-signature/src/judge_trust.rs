//! Trust: the path to an anchor at one moment, revocation along it, and timestamps.
//!
//! Revocation goes down the path from the anchor (EN 319 102-1, 5.6.2.2): once an authority was
//! revoked, nothing beneath it counts that is not proven to be older than that.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

use chancery_types::Instant;

use crate::anchors::Term;
use crate::certificate::Certificate;
use crate::chain::{self, Anchors, Found, Path, PathFailure};
use crate::crl::Defect;
use crate::evidence_given::GivenEvidence;
use crate::facts::{EvidenceFacts, Facts};
use crate::listed::{Granted, Listed};
use crate::lost_key::TrustedIssuer;
use crate::policy::ValidationPolicy;
use crate::pool::Pool;
use crate::proofs::Existence;
pub(crate) use crate::purposes::Purpose;
use crate::purposes::{is_for_other_uses, unfit};
use crate::reason::Weight;
use crate::report::{Code, LinkReport, Reason, Revocation};
use crate::revocation::{Ground, Held, Question, Revocations, Used};
use crate::revocation_needed::Unsettled;
use crate::revocation_word::Finding;
use crate::signature_kind::{self, Law};
use crate::standing::{Revoked, Standing, link_report, open_standing, reason};

/// What is said of a certificate that is revoked.
const REVOKED: [Code; 4] = [
    Code::CertificateRevokedBefore,
    Code::CertificateInvalidSince,
    Code::CertificateRevoked,
    Code::AuthorityRevoked,
];

/// The moment of judgement, and whether it is proven or simply now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Moment {
    pub at: Instant,
    pub is_proven: bool,
    /// The signature covers something of this moment: it was made afterwards.
    pub made_after: Option<Instant>,
    /// For a timestamp, the moment that it states.
    pub stated: Option<Instant>,
    /// Whether what was made then names its certificate, which so is as old.
    pub names_certificate: bool,
}

/// What is trusted, by which rules, and everything that is at hand to judge by.
pub(crate) struct Trust<'a> {
    pub policy: &'a ValidationPolicy,
    pub pool: Pool<'a>,
    pub revocations: Revocations<'a>,
    listed: Listed<'a>,
    given: &'a GivenEvidence,
    /// The first revision whose timestamp proves a certificate.
    certificate_places: HashMap<&'a [u8], u32>,
    /// Whom a path of its own leads from a certificate to, if there is one.
    pub trusted_issuers: RefCell<HashMap<Used<'a>, TrustedIssuer<'a>>>,
}

/// The path of one certificate and what stands against it.
#[derive(Clone, Debug, Default)]
pub(crate) struct TrustOutcome {
    pub reasons: Vec<Reason>,
    pub links: Vec<LinkReport>,
    /// What trusted lists grant to the certificate, by each law that one of them knows it by.
    pub granted: BTreeMap<Law, Granted>,
}

impl TrustOutcome {
    /// The weightiest thing that stands against it: 0 for nothing.
    fn weight(&self) -> u8 {
        let weights = self.reasons.iter().map(|one| match one.code.weight() {
            Weight::Warns => 0,
            Weight::Undecides(_) => 1,
            Weight::Fails(_) => 2,
        });
        weights.max().unwrap_or(0)
    }

    /// That the list which would confirm what a certificate says of itself no longer tells what is.
    pub fn outdated_list(&self, certificate: &Certificate<'_>) -> Option<Reason> {
        let law = signature_kind::law_of(certificate)?;
        let due = self.granted.get(&law)?.outdated?;
        let due = due.to_string();
        Some(Reason::new(Code::ListOutdated, &[("until", due.as_str())]))
    }

    /// Who was asked in vain, for the technical part of a report.
    pub fn asked(&self) -> String {
        let asked = self.reasons.iter();
        let asked = asked.filter(|one| one.code == Code::RevocationAsked);
        let asked = asked.map(|one| {
            let of = |name| one.args.get(name).unwrap_or_default();
            format!("{}: {}", of("host"), of("came"))
        });
        asked.collect::<Vec<_>>().join(", ")
    }

    /// The first thing that stands against it, remarks aside.
    pub fn objection(&self) -> Option<&Reason> {
        let mut reasons = self.reasons.iter();
        reasons.find(|one| one.code.weight() != Weight::Warns)
    }
}

/// No path: the issuer is unknown, or there is none beside the holder; or nobody knows, because
/// there was too much to look at.
fn missing_chain(leaf: &Certificate<'_>, found: &Found<'_>) -> Reason {
    if let Some(ended) = &found.ended {
        let until = ended.until.to_string();
        let args = [("subject", ended.subject.as_str()), ("until", &until)];
        return Reason::new(Code::TrustEnded, &args);
    }
    if found.is_cut {
        return Code::ChainUnsearched.into();
    }
    if leaf.is_self_issued() {
        return Reason::new(Code::ChainMissing, &[("self_signed", "yes")]);
    }
    Code::ChainMissing.into()
}

impl<'a> Trust<'a> {
    /// Reads everything at hand once. What the caller gives comes before what the file brings.
    pub fn new(
        facts: &'a Facts,
        policy: &'a ValidationPolicy,
        anchors: &'a Anchors,
        given: &'a GivenEvidence,
    ) -> Self {
        let mut trust = Self {
            policy,
            pool: Pool::new(anchors),
            revocations: Revocations::default(),
            listed: Listed::new(anchors.listed()),
            given,
            certificate_places: HashMap::new(),
            trusted_issuers: RefCell::default(),
        };
        for der in given.certificates() {
            trust.pool.add(der);
        }
        for der in given.crls() {
            trust.revocations.add_list(der, Held::default());
        }
        for der in given.ocsps() {
            trust
                .revocations
                .add_answer(der, Held::default(), &mut trust.pool);
        }
        trust.add_evidence(&facts.evidence, None);
        for (index, signature) in facts.signatures.iter().enumerate() {
            // What hangs on a signature is proven by what covers the next revision.
            let coverage = signature.coverage.as_ref().ok();
            let next = coverage.map(|coverage| coverage.revision.saturating_add(1));
            for der in &signature.certificates {
                trust.add_certificate(&der.0, next);
            }
            trust.add_evidence(&signature.evidence, Some((index, next)));
            let signer = signature.signer.iter();
            let archives = signer.clone().flat_map(|signer| &signer.archives);
            let tokens =
                signer.flat_map(|signer| signer.tokens.iter().chain(&signer.content_tokens));
            for token in tokens.chain(archives.map(|archive| &archive.token)) {
                for der in &token.certificates {
                    trust.add_certificate(&der.0, next);
                }
                trust.add_evidence(&token.evidence, Some((index, next)));
            }
        }
        trust
    }

    fn add_certificate(&mut self, der: &'a [u8], revision: Option<u32>) {
        self.pool.add(der);
        if let Some(revision) = revision {
            let known = self.certificate_places.entry(der).or_insert(revision);
            *known = revision.min(*known);
        }
    }

    /// Adds what the store holds, or what hangs on the signature of this place, proven by the
    /// timestamp of this revision.
    fn add_evidence(&mut self, facts: &'a EvidenceFacts, on: Option<(usize, Option<u32>)>) {
        for piece in &facts.certificates {
            let revision = piece.revision.or_else(|| on?.1);
            self.add_certificate(&piece.der.0, revision);
        }
        self.revocations.cut |= facts.cut;
        let held = |revision: Option<u32>, signed: bool| Held {
            revision: revision.or_else(|| on?.1),
            signed_by: on.map(|(index, _)| index).filter(|_| signed),
        };
        for piece in &facts.crls {
            let held = held(piece.revision, piece.signed);
            self.revocations.add_list(&piece.der.0, held);
        }
        for piece in &facts.ocsps {
            let held = held(piece.revision, piece.signed);
            self.revocations
                .add_answer(&piece.der.0, held, &mut self.pool);
        }
    }

    /// Judges the signer's certificate at `moment`: by the path that carries best.
    pub fn judge(
        &self,
        certificate: &Certificate<'a>,
        moment: Moment,
        purpose: Purpose,
        existence: Existence<'_>,
    ) -> TrustOutcome {
        let known = self.pool.get(certificate.raw).cloned();
        let leaf = known.unwrap_or_else(|| Rc::new(certificate.clone()));
        let mut best: Option<TrustOutcome> = None;
        // What lists grant along the ways that carry equally well: who made the file chose them.
        let mut granted = BTreeMap::new();
        let found = chain::build(&leaf, &self.pool, moment.at, purpose);
        for path in &found.paths {
            let mut outcome = self.judge_path(path, moment, purpose, existence);
            let known = best.as_ref().map(TrustOutcome::weight);
            if known.is_none_or(|known| outcome.weight() < known) {
                granted = std::mem::take(&mut outcome.granted);
                best = Some(outcome);
            } else if known == Some(outcome.weight()) {
                for (law, here) in outcome.granted {
                    let all = granted.entry(law).or_insert(here);
                    *all = all.and(here);
                }
            }
        }
        let mut outcome = best.unwrap_or_else(|| TrustOutcome {
            reasons: vec![missing_chain(&leaf, &found)],
            links: link_report(&leaf, &Standing::of(Revocation::Unchecked), None)
                .into_iter()
                .collect(),
            granted: BTreeMap::new(),
        });
        outcome.granted = granted;
        outcome.reasons.extend(self.work_reason());
        outcome.reasons.extend(name_reason(&leaf));
        if let Some(reason) = unfit(&leaf, purpose, self.policy) {
            outcome.reasons.insert(0, reason);
        }
        if let Some(reason) = self.key_reason(&leaf, moment, existence.now) {
            outcome.reasons.insert(0, reason);
        }
        outcome
    }

    /// Once something was not verified any more, nothing that is asked afterwards can be answered:
    /// what did not fit, and what was not tried, are one to whoever asks.
    fn work_reason(&self) -> Option<Reason> {
        let (limit, max) = self.pool.work().exceeded()?;
        let max = max.to_string();
        let args = [("limit", limit), ("max", max.as_str())];
        Some(Reason::new(Code::WorkExceeded, &args))
    }

    fn judge_path(
        &self,
        path: &Path<'a>,
        moment: Moment,
        purpose: Purpose,
        existence: Existence<'_>,
    ) -> TrustOutcome {
        let failure = path.failure.as_ref();
        let issuers = path.certificates.iter().skip(1);
        let leaf = path.certificates.first();
        let mut outcome = TrustOutcome {
            reasons: failure
                .map(|failure| reason_of(failure, moment))
                .into_iter()
                .collect(),
            links: Vec::new(),
            granted: leaf
                .map(|leaf| self.listed.granted(leaf, issuers, moment.at))
                .unwrap_or_default(),
        };
        outcome.reasons.extend(self.other_use(path, purpose));
        let mut control = existence.now;
        for (index, link) in path.certificates.iter().enumerate().rev() {
            let issuer = path.certificates.get(index.saturating_add(1));
            let place = self.certificate_places.get(link.raw).copied();
            let since = match index {
                0 if moment.is_proven && moment.names_certificate => moment.at,
                _ => existence.of(link.raw, place),
            };
            let standing = match issuer {
                Some(issuer) if !self.pool.vouches_at(link, moment.at, purpose) => {
                    // Whoever has the key of an authority that was revoked, or has ended, certifies
                    // whom they like ever after.
                    let until = self.issues_until(issuer, index, moment, purpose);
                    if since > control || since.seconds() > until.seconds() {
                        let args = [("subject", link.subject_text())];
                        outcome.reasons.push(reason(Code::ProofMissing, &args));
                    }
                    outcome.reasons.extend(self.weak_link(link, issuer, since));
                    let question = Question {
                        certificate: link,
                        issuer,
                        used: moment.at,
                        control,
                    };
                    self.standing(question, index, moment, purpose, existence)
                }
                _ => Standing::of(Revocation::Anchor),
            };
            control = control.min(standing.control.unwrap_or(control));
            // What the key of somebody who has ended says afterwards is nobody's word.
            let end = self.pool.end_of(link, purpose);
            control = end.map_or(control, |end| control.min(end));
            outcome.reasons.extend(standing.reason.clone());
            outcome.reasons.extend(self.asked_in_vain(link, &standing));
            let evidence = standing.source.zip(issuer);
            let evidence = evidence.and_then(|(piece, by)| self.revocations.evidence(piece, by));
            let told = link_report(link, &standing, evidence);
            outcome.links.extend(told.map(|told| LinkReport {
                trusted_until: end,
                ..told
            }));
        }
        outcome.links.reverse();
        // What is known to be wrong says more than what is not known.
        outcome
            .reasons
            .sort_by_key(|one| !REVOKED.contains(&one.code));
        outcome
    }

    /// An authority between the anchor and the leaf that is for other uses. The anchor is trusted
    /// for whatever there is (RFC 5280, 6.1.1, d).
    fn other_use(&self, path: &Path<'a>, purpose: Purpose) -> Option<Reason> {
        let between = path.certificates.iter().rev().skip(1).rev().skip(1);
        let mut other = between.filter(|one| is_for_other_uses(one, purpose, self.policy));
        let args = [("subject", other.next()?.subject_text())];
        Some(reason(Code::ChainConstraint, &args))
    }

    /// Until when the word of an issuer on the certificate at `index` counts: to the end of its own
    /// life. Of a signer also to the end of the trust in an authority that was replaced; what
    /// stands between the two was handed out long before.
    fn issues_until(
        &self,
        issuer: &Certificate<'_>,
        index: usize,
        moment: Moment,
        purpose: Purpose,
    ) -> Instant {
        let is_anchor = index == 0 && self.pool.vouches_at(issuer, moment.at, purpose);
        match self.pool.term(issuer, purpose) {
            Term::Until(until) if is_anchor => until.min(issuer.not_after),
            _ => issuer.not_after,
        }
    }

    /// How one certificate of a path stands to revocation.
    fn standing(
        &self,
        question: Question<'_, 'a>,
        index: usize,
        moment: Moment,
        purpose: Purpose,
        existence: Existence<'_>,
    ) -> Standing {
        let link = question.certificate;
        let short = link.life_seconds() <= self.policy.no_revocation_seconds_max;
        let exempt = short || purpose == Purpose::Timestamp && link.extensions.no_rev_avail;
        let needless = index == 0 && link.declares_no_revocation() && exempt;
        let ground = Ground {
            pool: &self.pool,
            policy: self.policy,
            existence,
            purpose,
        };
        let subject = || ("subject", link.subject_text());
        let word = self.ask_of_key(question, ground);
        let settled = matches!(
            word.finding,
            Finding::Revoked { .. } | Finding::HeldThen { .. } | Finding::Good { .. }
        );
        if !settled && !needless {
            self.revocations.unsettled.add(link, question.issuer);
        }
        let standing = match word.finding {
            Finding::Revoked { entry, source } => {
                let revoked = Revoked { entry, source };
                revoked.standing(link, index, moment, purpose)
            }
            Finding::HeldThen { entry, source } => {
                let args = [subject(), ("at", entry.at.to_string())];
                Standing {
                    source: Some(source),
                    reason: Some(reason(Code::CertificateHeldThen, &args)),
                    ..Standing::of(Revocation::OnHold)
                }
            }
            Finding::Good { source } => Standing {
                source: Some(source),
                ..Standing::of(Revocation::Good)
            },
            // Beneath a heap may lie what revokes: that nobody need ask does not excuse it.
            finding @ Finding::Unusable(Defect::TooMany) => open_standing(finding, subject()),
            _ if needless => Standing::of(Revocation::NotNeeded),
            _ if !self.policy.revocation_required => Standing {
                reason: Some(reason(Code::RevocationWaived, &[subject()])),
                ..Standing::of(Revocation::Unchecked)
            },
            finding => open_standing(finding, subject()),
        };
        match word.doubt {
            Some(doubt) => standing.with(doubt, link, index, moment, purpose),
            None => standing,
        }
    }

    /// Certificates whose revocation nothing settled.
    pub fn unsettled(&self) -> &Unsettled<'a> {
        &self.revocations.unsettled
    }

    /// Who was asked about a certificate whose revocation stays open, and what came.
    fn asked_in_vain(&self, link: &Certificate<'_>, standing: &Standing) -> Vec<Reason> {
        let open = standing.reason.as_ref().map(|reason| reason.code);
        let open = open.is_some_and(|code| {
            use Code::{
                RevocationDoubted, RevocationStale, RevocationUnchecked, RevocationUnknown,
                RevocationUnproven,
            };
            let known = [
                RevocationDoubted,
                RevocationStale,
                RevocationUnchecked,
                RevocationUnknown,
                RevocationUnproven,
            ];
            known.contains(&code)
        });
        if !open {
            return Vec::new();
        }
        let asked = self.given.asked_about(link.raw);
        asked.map(|asked| asked.reason(link)).collect()
    }
}

/// That a certificate names its holder in two ways.
fn name_reason(certificate: &Certificate<'_>) -> Option<Reason> {
    let kinds = certificate.ambiguous_names()?;
    let names = certificate.subject_text();
    let args = [("kinds", kinds.as_str()), ("names", names.as_str())];
    Some(Reason::new(Code::NameAmbiguous, &args))
}

fn reason_of(failure: &PathFailure, moment: Moment) -> Reason {
    match failure {
        PathFailure::Expired { subject } => {
            Reason::new(Code::CertificateExpired, &[("subject", subject)])
        }
        PathFailure::NotYetValid { subject } => {
            let code = if moment.is_proven {
                Code::CertificateNotYetValid
            } else {
                Code::CertificateInFuture
            };
            Reason::new(code, &[("subject", subject)])
        }
        PathFailure::Younger { subject } => {
            let code = match moment.is_proven {
                true => Code::AuthorityYounger,
                false => Code::CertificateInFuture,
            };
            Reason::new(code, &[("subject", subject)])
        }
        PathFailure::Constraint { subject } => {
            Reason::new(Code::ChainConstraint, &[("subject", subject)])
        }
        PathFailure::Unknown { subject, rule } => Reason::new(
            Code::ChainRuleUnknown,
            &[("subject", subject), ("rule", rule)],
        ),
    }
}
