//! What timestamp tokens prove, and who proves it.

use chancery_types::Instant;

use crate::algorithm::{DigestAlgorithm, Verification};
use crate::chain;
use crate::facts::{Agreement, ArchiveFacts, SignerFacts, TokenFacts};
use crate::judge_order::TokenOutcome;
use crate::judge_trust::{Moment, Purpose, Trust};
use crate::proofs::Existence;
use crate::report::{Code, LinkReport, Reason, SignerReport, TimestampOver, TimestampReport};
use crate::timestamp::TimestampToken;

fn unsound(why: &str) -> Reason {
    Reason::new(Code::TimestampUnsound, &[("why", why)])
}

fn untrusted(why: &str) -> Reason {
    Reason::new(Code::TimestampUntrusted, &[("why", why)])
}

/// What nobody knows of the certificates behind a timestamp that is believed all the same.
pub(crate) fn waived(stamp: &TimestampReport) -> Vec<Reason> {
    if stamp.objection.is_some() {
        return Vec::new();
    }
    open_links(&stamp.chain)
}

/// What nobody knows of the certificates of a path that is believed all the same.
pub(crate) fn open_links(links: &[LinkReport]) -> Vec<Reason> {
    let open = links.iter();
    let open = open.filter(|link| !link.revocation.is_known_good());
    open.map(|link| Reason::new(Code::RevocationWaived, &[("subject", &link.subject.text)]))
        .collect()
}

impl<'a> Trust<'a> {
    /// The moment that a token proves and who proves it, or why it proves nothing.
    pub fn judge_token(
        &self,
        facts: &'a TokenFacts,
        moment: Moment,
        existence: Existence<'_>,
    ) -> TokenOutcome {
        self.token(facts, moment, existence, &mut Vec::new())
    }

    /// As [`Trust::judge_token`], with what a report says of the token.
    pub fn report_token(
        &self,
        over: TimestampOver,
        facts: &'a TokenFacts,
        moment: Moment,
        existence: Existence<'_>,
    ) -> (TokenOutcome, TimestampReport) {
        let mut links = Vec::new();
        let outcome = self.token(facts, moment, existence, &mut links);
        let report = token_report(over, facts, outcome.as_ref().err(), links);
        (outcome, report)
    }

    fn token(
        &self,
        facts: &'a TokenFacts,
        moment: Moment,
        existence: Existence<'_>,
        links: &mut Vec<LinkReport>,
    ) -> TokenOutcome {
        let (Some(token), Some(signer)) = (&facts.token, &facts.signer) else {
            return Err(unsound("unreadable"));
        };
        match facts.imprint {
            Agreement::Agrees => {}
            Agreement::Differs | Agreement::Absent => return Err(unsound("imprint")),
            Agreement::Unknown => return Err(untrusted("imprint_unsupported")),
        }
        check_token_signer(signer).map_err(unsound_or_untrusted)?;
        // Who can make two messages of one imprint can exchange what was stamped.
        let digests = [
            signer.digest,
            signer.signature_digest,
            token.imprint_algorithm,
        ];
        if !self.are_reliable(digests, moment) {
            return Err(untrusted("weak"));
        }
        let Some(certificate) = chain::at_index(&facts.certificates, signer.certificate) else {
            return Err(untrusted("no_certificate"));
        };
        if token.gen_time > moment.at {
            return Err(untrusted("in_future"));
        }
        let moment = Moment {
            stated: Some(token.latest()),
            ..moment
        };
        let trust = self.judge(&certificate, moment, Purpose::Timestamp, existence);
        links.clone_from(&trust.links);
        match trust.objection() {
            Some(reason) => {
                let mut why = untrusted(reason.code.key());
                let asked = trust.asked();
                if !asked.is_empty() {
                    why.args.insert("asked", &asked);
                }
                Err(why)
            }
            None if !certificate.is_valid_at(token.gen_time) => Err(untrusted("out_of_bounds")),
            // Whatever its clock was worth, it exists by the moment that it is judged at.
            None => Ok((token.latest().min(moment.at), certificate.subject_text())),
        }
    }

    /// The moment after which a signature was certainly made that covers this timestamp over its
    /// content, if the timestamp proves anything. The signature is proven to exist at `moment`.
    pub fn judge_content_token(
        &self,
        facts: &'a TokenFacts,
        moment: Moment,
        existence: Existence<'_>,
    ) -> (Result<Instant, Reason>, TimestampReport) {
        let over = TimestampOver::Content;
        let judged = self.report_token(over, facts, moment, existence);
        // One of after that moment is judged as of now: that the two contradict each other is said
        // elsewhere.
        let now = Moment {
            at: existence.now,
            is_proven: false,
            ..moment
        };
        let (proof, report) = match &judged.0 {
            Err(reason) if &reason.args["why"] == "in_future" => {
                self.report_token(over, facts, now, existence)
            }
            _ => judged,
        };
        let token = facts.token.as_ref();
        let proof = proof.map(|(at, _)| token.map_or(at, TimestampToken::earliest));
        (proof, report)
    }

    /// As [`Trust::judge_token`], for an archive timestamp: what stands in its index can be
    /// exchanged if the digest of the index is broken.
    pub fn judge_archive(
        &self,
        facts: &'a ArchiveFacts,
        moment: Moment,
        existence: Existence<'_>,
    ) -> (TokenOutcome, TimestampReport) {
        let over = TimestampOver::Archive;
        if !self.are_reliable([facts.index_digest], moment) {
            let weak = untrusted("weak");
            let report = token_report(over, &facts.token, Some(&weak), Vec::new());
            return (Err(weak), report);
        }
        self.report_token(over, &facts.token, moment, existence)
    }

    /// Whether these digests prove anything at the moment that a token is proven for.
    fn are_reliable(
        &self,
        digests: impl IntoIterator<Item = Option<DigestAlgorithm>>,
        moment: Moment,
    ) -> bool {
        let mut digests = digests.into_iter().flatten();
        digests.all(|digest| self.policy.is_reliable(digest, moment.at))
    }
}

fn token_report(
    over: TimestampOver,
    facts: &TokenFacts,
    objection: Option<&Reason>,
    chain: Vec<LinkReport>,
) -> TimestampReport {
    let signer = facts.signer.as_ref();
    let certificate = signer.and_then(|one| chain::at_index(&facts.certificates, one.certificate));
    let described = certificate.and_then(|certificate| certificate.describe().ok());
    TimestampReport {
        over,
        at: facts.token.as_ref().map(|token| token.gen_time),
        authority: described.map(SignerReport::from),
        objection: objection.cloned(),
        chain,
    }
}

fn unsound_or_untrusted(why: &str) -> Reason {
    match why {
        "unsupported" | "no_certificate" => untrusted(why),
        _ => unsound(why),
    }
}

/// What stands against a token's signature, whoever made it and whenever.
pub(crate) fn check_token_signer(signer: &SignerFacts) -> Result<(), &'static str> {
    match signer.value {
        Verification::Valid => {}
        Verification::Unsupported { .. } if signer.certificate.is_none() => {
            return Err("no_certificate");
        }
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
    Ok(())
}
