//! Who covers whom in a PDF, and when: whatever a signature covers was there before it
//! (EN 319 102-1, 5.5.4 and 5.6.3).
//!
//! A document timestamp that states an earlier time than something it covers proves no time at all:
//! otherwise one authority with a wrong clock could put a signature before a revocation.

use std::collections::HashSet;

use chancery_types::Instant;

use crate::facts::{SignatureFacts, SignatureForm};
use crate::judge::{Judge, signer_certificate};
use crate::judge_times::{is_out_of_order, order_reason};
use crate::judge_token::open_links;
use crate::judge_trust::{Moment, Purpose};
use crate::proofs::{Existence, Proof, Proofs, Stated};
use crate::report::{Reason, TimestampOver, TimestampReport};
use crate::timestamp::TimestampToken;

/// Most times that document timestamps are judged anew without those that are out of order.
const ROUNDS_MAX: usize = 8;

/// What a timestamp of a signature proves, and who proves it, or why it proves nothing.
pub(crate) type TokenOutcome = Result<(Instant, String), Reason>;

/// A document timestamp that is in order by itself.
struct Stamp {
    /// Its place in the facts.
    place: usize,
    revision: u32,
    earliest: Instant,
    latest: Instant,
}

impl<'a> Judge<'a> {
    /// Judges every timestamp; then again without the document timestamps that are out of order,
    /// since what they proved decided about the others.
    pub fn order_times(&mut self) {
        let mut disordered = HashSet::new();
        for _ in 0..ROUNDS_MAX {
            self.stated = Stated::default();
            let (proofs, stamps) = self.document_timestamps(&disordered);
            self.proofs = proofs;
            self.archived = self.archive_timestamps();
            self.tokens = self.signature_timestamps();
            let mut moments = self.moments_of_tokens();
            moments.extend(stamps.iter().map(|one| (one.revision, one.earliest)));
            self.stated = Stated::new(moments);
            let known = disordered.len();
            disordered.extend(stamps.iter().filter_map(|one| {
                let covered = self.stated.latest_before(one.revision)?;
                is_out_of_order(one.latest, covered).then_some(one.place)
            }));
            if disordered.len() == known {
                return;
            }
        }
        // So many contradictions that nobody knows what is true: none of them proves anything.
        self.proofs = Proofs::default();
    }

    /// Judges document timestamps from the last to the first: a later one proves an earlier one,
    /// to any depth. Those in `disordered` prove nothing.
    fn document_timestamps(&self, disordered: &HashSet<usize>) -> (Proofs, Vec<Stamp>) {
        let found = self.facts.signatures.iter().enumerate();
        let mut found: Vec<(u32, usize, &SignatureFacts)> = found
            .filter(|(_, one)| one.form == SignatureForm::DocumentTimestamp)
            .filter_map(|(place, one)| Some((one.coverage.as_ref().ok()?.revision, place, one)))
            .collect();
        found.sort_by_key(|(revision, _, _)| std::cmp::Reverse(*revision));
        let (mut proofs, mut stamps) = (Proofs::default(), Vec::new());
        for (revision, place, facts) in found {
            let Some(token) = &facts.token else {
                continue;
            };
            let mut moment = self.moment_of(revision, None, &proofs);
            let contradicted = token.gen_time > moment.at;
            if contradicted && moment.is_proven {
                moment = self.uncontradicted(revision, token, &proofs);
            }
            let Some((by, open)) = self.carries(facts, token, moment, &proofs) else {
                continue;
            };
            stamps.push(Stamp {
                place,
                revision,
                earliest: token.earliest(),
                latest: token.latest(),
            });
            if !contradicted && !disordered.contains(&place) {
                proofs.add(Proof {
                    revision,
                    gen_time: token.latest().min(moment.at),
                    by,
                    open,
                });
            }
        }
        (proofs, stamps)
    }

    /// Who made a document timestamp, and what nobody knows of their revocation, if it is in order
    /// by itself at that moment.
    fn carries(
        &self,
        facts: &'a SignatureFacts,
        token: &TimestampToken,
        mut moment: Moment,
        proofs: &Proofs,
    ) -> Option<(String, Vec<Reason>)> {
        moment.stated = Some(token.latest());
        if !self.is_sound(facts, moment.is_proven.then_some(moment.at)) {
            return None;
        }
        let certificate = signer_certificate(facts)?;
        let existence = Existence {
            proofs,
            ..self.existence(None)
        };
        let outcome = self
            .trust
            .judge(&certificate, moment, Purpose::Timestamp, existence);
        let in_time = token.gen_time <= moment.at && certificate.is_valid_at(token.gen_time);
        (outcome.objection().is_none() && in_time)
            .then(|| (certificate.subject_text(), open_links(&outcome.links)))
    }

    /// The earliest proven moment that does not contradict a timestamp in `revision`; now, if there
    /// is none.
    pub fn uncontradicted(&self, revision: u32, token: &TimestampToken, proofs: &Proofs) -> Moment {
        let proven = proofs.earliest_from(revision.saturating_add(1), token.gen_time);
        Moment {
            at: proven.unwrap_or(self.at),
            is_proven: proven.is_some(),
            made_after: None,
            stated: None,
            names_certificate: true,
        }
    }

    fn signature_timestamps(&self) -> Vec<Vec<(TokenOutcome, TimestampReport)>> {
        let all = self.facts.signatures.iter();
        let judged = all.map(|facts| {
            let revision = facts.coverage.as_ref().map_or(0, |one| one.revision);
            let tokens = facts.signer.iter().flat_map(|signer| &signer.tokens);
            let outcomes = tokens.map(|token| {
                let covered = self.archived.thing(&token.sha256);
                let before = self.moment_of(revision, covered, &self.proofs);
                let over = TimestampOver::Signature;
                self.trust
                    .report_token(over, token, before, self.existence(None))
            });
            outcomes.collect()
        });
        judged.collect()
    }

    /// The moments of signature timestamps in a PDF that are in order, by the revision that holds
    /// them; of those as well that something behind them contradicts.
    fn moments_of_tokens(&self) -> Vec<(u32, Instant)> {
        let mut moments = Vec::new();
        let all = self.facts.signatures.iter().zip(&self.tokens);
        for (facts, outcomes) in all.filter(|(facts, _)| facts.form.is_in_pdf()) {
            let Ok(coverage) = &facts.coverage else {
                continue;
            };
            let tokens = facts.signer.iter().flat_map(|signer| &signer.tokens);
            for (facts, (outcome, _)) in tokens.zip(outcomes) {
                let Some(token) = &facts.token else {
                    continue;
                };
                let stands = match outcome {
                    Ok(_) => true,
                    Err(reason) if reason.args.get("why") == Some("in_future") => {
                        let later = self.uncontradicted(coverage.revision, token, &self.proofs);
                        let existence = self.existence(None);
                        self.trust.judge_token(facts, later, existence).is_ok()
                    }
                    Err(_) => false,
                };
                if stands {
                    moments.push((coverage.revision, token.earliest()));
                }
            }
        }
        moments
    }

    /// What stands against a signature, or a document timestamp, that is older than something it
    /// covers.
    pub fn covered_reason(&self, facts: &SignatureFacts, moment: Moment) -> Option<Reason> {
        let stated = facts.token.as_ref().map(TimestampToken::latest);
        let proven = stated.or(moment.is_proven.then_some(moment.at))?;
        order_reason(proven, moment.made_after?)
    }
}
