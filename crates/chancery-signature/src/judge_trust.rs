//! Trust: the path to an anchor at one moment, revocation along it, and timestamps.

use chancery_types::Instant;

use crate::algorithm::{DigestAlgorithm, Verification};
use crate::certificate::{Certificate, usage};
use crate::chain::{self, Anchors, PathFailure};
use crate::facts::{Agreement, Der, SignerFacts, TokenFacts};
use crate::oid;
use crate::policy::ValidationPolicy;
use crate::report::{Code, LinkReport, Reason, Revocation};
use crate::scheme::scheme_of;
use crate::timestamp::is_timestamping;

/// Digests that no certificate and no timestamp may rest on.
const WEAK: [DigestAlgorithm; 3] = [
    DigestAlgorithm::Md5,
    DigestAlgorithm::Sha1,
    DigestAlgorithm::Gost94,
];

/// For what a certificate was used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    Signature,
    Timestamp,
}

/// The moment of judgement, and whether it is proven or simply now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Moment {
    pub at: Instant,
    pub is_proven: bool,
}

/// What is trusted, and by which rules.
#[derive(Clone, Copy)]
pub(crate) struct Trust<'a> {
    pub anchors: &'a Anchors,
    pub policy: &'a ValidationPolicy,
}

/// The path of one certificate and what stands against it.
#[derive(Clone, Debug, Default)]
pub(crate) struct TrustOutcome {
    pub reasons: Vec<Reason>,
    pub links: Vec<LinkReport>,
}

impl Trust<'_> {
    /// Judges the signer's certificate at `moment`.
    pub fn judge(
        &self,
        certificate: &Certificate<'_>,
        pool: &[Der],
        moment: Moment,
        purpose: Purpose,
    ) -> TrustOutcome {
        let mut outcome = TrustOutcome::default();
        if !is_fit(certificate, purpose) {
            outcome.reasons.push(Code::KeyUsageWrong.into());
        }
        let path = chain::build(certificate, pool, self.anchors, moment.at);
        outcome.reasons.extend(
            path.failure
                .as_ref()
                .map(|failure| reason_of(failure, moment)),
        );
        let complete = !matches!(path.failure, Some(PathFailure::None));
        for (index, link) in path.certificates.iter().enumerate() {
            let Ok(described) = link.describe() else {
                continue;
            };
            let subject = described.subject.text.clone();
            let revocation = self.revocation(link, index, purpose);
            if complete && revocation == Revocation::Unchecked {
                let args = [("subject", subject.as_str())];
                outcome
                    .reasons
                    .push(Reason::new(Code::RevocationUnchecked, &args));
            }
            let digest = scheme_of(&link.algorithm, None).ok();
            let digest = digest.and_then(|scheme| scheme.digest());
            if let Some(weak) = digest.filter(|digest| WEAK.contains(digest))
                && revocation != Revocation::Anchor
            {
                let args = [("subject", subject.as_str()), ("algorithm", weak.name())];
                outcome.reasons.push(Reason::new(Code::ChainWeak, &args));
            }
            outcome.links.push(LinkReport {
                subject: described.subject,
                issuer: described.issuer,
                serial: described.serial,
                not_before: described.not_before,
                not_after: described.not_after,
                sha256: described.sha256,
                revocation,
            });
        }
        outcome
    }

    fn revocation(&self, link: &Certificate<'_>, index: usize, purpose: Purpose) -> Revocation {
        if self.anchors.holds(link.raw) {
            return Revocation::Anchor;
        }
        // RFC 9608, 3: the extension is for end entities only.
        let declared = link.extensions.no_rev_avail && !link.extensions.is_ca && index == 0;
        let seconds = link.not_after.seconds_since(link.not_before);
        let short = seconds <= self.policy.no_revocation_seconds_max;
        if declared && (short || purpose == Purpose::Timestamp) {
            Revocation::NotNeeded
        } else {
            Revocation::Unchecked
        }
    }

    /// The moment that a token proves and who proves it, or why it proves nothing.
    pub fn judge_token(
        &self,
        facts: &TokenFacts,
        pool: &[Der],
        moment: Moment,
    ) -> Result<(Instant, String), Reason> {
        let unsound = |why: &str| Reason::new(Code::TimestampUnsound, &[("why", why)]);
        let untrusted = |why: &str| Reason::new(Code::TimestampUntrusted, &[("why", why)]);
        let (Some(token), Some(signer)) = (&facts.token, &facts.signer) else {
            return Err(unsound("unreadable"));
        };
        match facts.imprint {
            Agreement::Agrees => {}
            Agreement::Differs | Agreement::Absent => return Err(unsound("imprint")),
            Agreement::Unknown => return Err(untrusted("imprint_unsupported")),
        }
        check_token_signer(signer).map_err(|why| match why {
            "unsupported" | "weak" => untrusted(why),
            why => unsound(why),
        })?;
        let Some(certificate) = chain::at_index(&facts.certificates, signer.certificate) else {
            return Err(untrusted("no_certificate"));
        };
        if token.gen_time > moment.at {
            return Err(untrusted("in_future"));
        }
        let trust = self.judge(&certificate, pool, moment, Purpose::Timestamp);
        match trust.reasons.first() {
            Some(reason) => Err(untrusted(reason.code.key())),
            None if !certificate.is_valid_at(token.gen_time) => Err(untrusted("out_of_bounds")),
            None => {
                let name = crate::certificate::Name::parse(certificate.subject);
                Ok((
                    token.gen_time,
                    name.map(|name| name.text).unwrap_or_default(),
                ))
            }
        }
    }
}

pub(crate) fn check_token_signer(signer: &SignerFacts) -> Result<(), &'static str> {
    match signer.value {
        Verification::Valid => {}
        Verification::Unsupported { .. } => return Err("unsupported"),
        Verification::Invalid | Verification::Inconsistent => return Err("value"),
    }
    let attributes = signer.attributes.as_ref().ok_or("attributes")?;
    let agree = [attributes.content_type, attributes.message_digest];
    if agree.iter().any(|one| *one != Agreement::Agrees) || attributes.repeated {
        return Err("attributes");
    }
    if attributes.signing_certificate != Agreement::Agrees {
        return Err("signing_certificate");
    }
    let digests = [signer.digest, signer.signature_digest];
    if WEAK.iter().any(|weak| digests.contains(&Some(*weak))) {
        return Err("weak");
    }
    Ok(())
}

fn is_fit(certificate: &Certificate<'_>, purpose: Purpose) -> bool {
    let signs =
        certificate.allows(usage::DIGITAL_SIGNATURE) || certificate.allows(usage::NON_REPUDIATION);
    match purpose {
        Purpose::Timestamp => signs && is_timestamping(certificate),
        Purpose::Signature => {
            let purposes = certificate.extensions.purposes.as_ref();
            let stamps_only =
                purposes.is_some_and(|purposes| purposes.oids == [oid::TIME_STAMPING]);
            signs && !stamps_only
        }
    }
}

fn reason_of(failure: &PathFailure, moment: Moment) -> Reason {
    match failure {
        PathFailure::None => Code::ChainMissing.into(),
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
        PathFailure::Constraint { subject } => {
            Reason::new(Code::ChainConstraint, &[("subject", subject)])
        }
        PathFailure::Unknown { subject, rule } => Reason::new(
            Code::ChainRuleUnknown,
            &[("subject", subject), ("rule", rule)],
        ),
    }
}
