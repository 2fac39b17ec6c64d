//! Timestamps inside the structure of a signature: over everything in it, and over its content.

use chancery_types::Instant;

use crate::facts::{ArchiveFacts, SignatureFacts, TokenFacts};
use crate::judge::Judge;
use crate::judge_order::TokenOutcome;
use crate::judge_trust::Moment;
use crate::proofs::{Archived, Existence};
use crate::report::{Code, Reason, TimestampReport};
use crate::standing;

impl<'a> Judge<'a> {
    /// Judges archive timestamps from the last to the first, as document timestamps.
    pub fn archive_timestamps(&self) -> Archived {
        let mut archived = Archived::default();
        for (index, signature) in self.facts.signatures.iter().enumerate() {
            let signer = signature.signer.iter();
            let mut stamps: Vec<&ArchiveFacts> = signer
                .flat_map(|signer| &signer.archives)
                .filter(|one| one.supported)
                .collect();
            let stated = |one: &&ArchiveFacts| one.token.token.as_ref().map(|one| one.gen_time);
            stamps.sort_by_key(|one| std::cmp::Reverse(stated(one)));
            for stamp in stamps {
                if let (Ok(proof), _) = self.archive(signature, stamp, &archived) {
                    archived.add(index, &stamp.covers, &proof);
                }
            }
        }
        archived
    }

    /// The moment that one archive timestamp proves, by those that cover it.
    fn archive(
        &self,
        signature: &'a SignatureFacts,
        stamp: &'a ArchiveFacts,
        archived: &Archived,
    ) -> (TokenOutcome, TimestampReport) {
        let coverage = signature.coverage.as_ref();
        let revision = coverage.map_or(0, |coverage| coverage.revision);
        let covered = archived.thing(&stamp.token.sha256);
        let moment = self.moment_of(revision, covered, &self.proofs);
        let existence = Existence {
            archived,
            ..self.existence(None)
        };
        let (proof, mut report) = self.trust.judge_archive(stamp, moment, existence);
        let proof = proof.and_then(|proof| {
            let later = self.later_covered(signature, stamp, existence);
            later.map_or(Ok(proof), Err)
        });
        report.objection = proof.as_ref().err().cloned();
        (proof, report)
    }

    /// What an archive timestamp covers was there before it: where a trusted timestamp among that
    /// states a later time, one of the two clocks is wrong, and the earlier time is not proven
    /// (EN 319 102-1, 5.6.3).
    fn later_covered(
        &self,
        signature: &'a SignatureFacts,
        stamp: &'a ArchiveFacts,
        existence: Existence<'_>,
    ) -> Option<Reason> {
        let own = stamp.token.token.as_ref()?.latest();
        let signer = signature.signer.as_ref()?;
        let archives = signer.archives.iter().map(|one| &one.token);
        let mut all = signer.tokens.iter().chain(archives);
        let is_later = |facts: &&TokenFacts| {
            let token = facts.token.as_ref();
            token.is_some_and(|token| is_out_of_order(own, token.earliest()))
        };
        all.find_map(|facts| {
            let token = Some(facts).filter(is_later)?.token.as_ref()?;
            if !stamp.covers.contains(&facts.sha256) {
                return None;
            }
            // Judged at the earliest proven time that does not contradict it.
            let proven = existence.archived.thing(&facts.sha256);
            let proven = proven.filter(|proven| *proven >= token.gen_time);
            let moment = Moment {
                at: proven.unwrap_or(existence.now),
                is_proven: proven.is_some(),
                made_after: None,
                stated: None,
                names_certificate: true,
            };
            let stands = self.trust.judge_token(facts, moment, existence).is_ok();
            let reason = || order_reason(own, token.earliest());
            stands.then(reason).flatten()
        })
    }

    /// What stands against the archive timestamps of a signature; what is told of them joins
    /// `reports`.
    pub fn archive_reasons(
        &self,
        signature: &'a SignatureFacts,
        reports: &mut Vec<TimestampReport>,
    ) -> Vec<Reason> {
        let signer = signature.signer.iter();
        let stamps = signer.flat_map(|signer| &signer.archives);
        let reasons = stamps.filter_map(|stamp| match stamp.supported {
            false => Some(Code::ArchiveUnsupported.into()),
            true => {
                let (proof, report) = self.archive(signature, stamp, &self.archived);
                reports.push(report);
                proof.err()
            }
        });
        reasons.collect()
    }

    /// What the timestamps over the content say of the moment: it was signed after them. What is
    /// told of them joins `reports`.
    pub fn content_reasons(
        &self,
        facts: &'a SignatureFacts,
        moment: &mut Moment,
        reports: &mut Vec<TimestampReport>,
    ) -> Vec<Reason> {
        let mut reasons = Vec::new();
        for token in facts.signer.iter().flat_map(|one| &one.content_tokens) {
            let existence = self.existence(None);
            let (proof, report) = self.trust.judge_content_token(token, *moment, existence);
            reports.push(report);
            match proof {
                Ok(after) => {
                    moment.made_after = moment.made_after.max(Some(after));
                    let proven = moment.is_proven.then_some(moment.at);
                    reasons.extend(proven.and_then(|proven| order_reason(proven, after)));
                }
                Err(reason) => reasons.push(reason),
            }
        }
        reasons
    }
}

/// How far the clocks of two authorities may differ: each keeps to a second (EN 319 421, 7.7.2).
pub(crate) const CLOCKS_SECONDS_MAX: i64 = 2;

/// Whether what is proven to exist by `proven` cannot cover something of `covered`.
pub(crate) fn is_out_of_order(proven: Instant, covered: Instant) -> bool {
    proven.plus_seconds(CLOCKS_SECONDS_MAX) < covered
}

/// A signature covers what was there before it (EN 319 102-1, 5.5.4: the order of timestamps).
pub(crate) fn order_reason(proven: Instant, covered: Instant) -> Option<Reason> {
    if !is_out_of_order(proven, covered) {
        return None;
    }
    let args = [
        ("content", covered.to_string()),
        ("proven", proven.to_string()),
    ];
    Some(standing::reason(Code::TimestampOrder, &args))
}
