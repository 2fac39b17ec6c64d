//! Which of the evidence at hand the paths of a file's signatures and timestamps need.

use std::collections::{BTreeSet, HashSet};
use std::rc::Rc;

use chancery_pdf::Evidence;
use chancery_types::Instant;

use crate::certificate::Certificate;
use crate::chain::{self, Path};
use crate::crl::Crl;
use crate::extend::{ExtendError, Extension};
use crate::facts::{Der, Facts, SignerFacts, TokenFacts};
use crate::judge_trust::Purpose;
use crate::names::NameKey;
use crate::ocsp::{OcspAnswer, Subject};
use crate::pool::Pool;

/// A signer with the certificates that were sent along.
type Sent<'f> = (&'f SignerFacts, &'f [Der]);

/// Chooses the certificates of all paths, the lists of their issuers, and the answers about them.
pub(crate) fn needed(facts: &Facts, wanted: &Extension<'_>) -> Result<Evidence, ExtendError> {
    let signers = signers(facts);
    let pool = pool_of(facts, wanted);
    let mut chosen = Chosen::default();
    for (signer, sent) in &signers {
        let leaf = chain::at_index(sent, signer.certificate);
        let Some(leaf) = leaf.map(Rc::new) else {
            return Err(ExtendError::PathMissing {
                subject: String::new(),
            });
        };
        let paths = chain::build(&leaf, &pool, wanted.at, Purpose::of(&leaf));
        let best = paths.paths.into_iter().next();
        let best = best.ok_or_else(|| ExtendError::PathMissing {
            subject: leaf.subject_text(),
        })?;
        chosen.take(best);
    }
    let evidence = wanted.evidence;
    Ok(Evidence {
        crls: kept(evidence.crls(), |der| chosen.needs_list(der)),
        ocsps: kept(evidence.ocsps(), |der| chosen.needs_answer(der)),
        certificates: chosen.certificates,
    })
}

/// Every certificate at hand, and whom is trusted.
pub(crate) fn pool_of<'a>(facts: &'a Facts, wanted: &Extension<'a>) -> Pool<'a> {
    let mut pool = Pool::new(wanted.anchors);
    for der in wanted.evidence.certificates() {
        pool.add(der);
    }
    for piece in &facts.evidence.certificates {
        pool.add(&piece.der.0);
    }
    let signers = signers(facts);
    for der in signers.iter().flat_map(|(_, sent)| *sent) {
        pool.add(&der.0);
    }
    pool
}

/// What is worth keeping of the evidence at hand beside a file that cannot grow yet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Keepable {
    /// Certificates of the paths that the file does not bring, lists of their issuers, and answers
    /// about them: DER, each once. What the file holds already is left out.
    pub pieces: Vec<Vec<u8>>,
    /// When certificates of the paths end whose revocation must be known, each moment that is ahead
    /// once, the earliest first. Nothing if revocation need not be known of any (RFC 9608).
    pub ends: Vec<Instant>,
}

/// Chooses what the paths of all signatures and timestamps of a file will need when it is raised,
/// and says until when it can be had. A signature without a path takes part in nothing.
#[must_use]
pub fn keepable(facts: &Facts, wanted: &Extension<'_>) -> Keepable {
    let pool = pool_of(facts, wanted);
    let mut chosen = Chosen::default();
    let mut ends = BTreeSet::new();
    for (signer, sent) in &signers(facts) {
        let leaf = chain::at_index(sent, signer.certificate).map(Rc::new);
        let best = leaf.and_then(|leaf| {
            let paths = chain::build(&leaf, &pool, wanted.at, Purpose::of(&leaf)).paths;
            paths.into_iter().next()
        });
        let Some(best) = best else { continue };
        let issued = best.certificates.iter().rev().skip(1);
        let open = issued.filter(|one| !one.declares_no_revocation());
        ends.extend(open.map(|one| one.not_after));
        chosen.take(best);
    }
    if ends.is_empty() {
        return Keepable::default();
    }
    let held = &facts.evidence;
    let held = held
        .certificates
        .iter()
        .chain(&held.crls)
        .chain(&held.ocsps);
    let held: HashSet<&[u8]> = held.map(|piece| piece.der.0.as_slice()).collect();
    let (evidence, chosen) = (wanted.evidence, &chosen);
    let above = kept(evidence.certificates(), |der| chosen.seen.contains(der));
    let lists = kept(evidence.crls(), |der| chosen.needs_list(der));
    let answers = kept(evidence.ocsps(), |der| chosen.needs_answer(der));
    let all = above.into_iter().chain(lists).chain(answers);
    Keepable {
        pieces: all.filter(|der| !held.contains(der.as_slice())).collect(),
        ends: ends.into_iter().filter(|end| *end > wanted.at).collect(),
    }
}

/// Everybody who signed: the signatories, and the authorities of all timestamps.
fn signers(facts: &Facts) -> Vec<Sent<'_>> {
    fn of_token(token: &TokenFacts) -> Option<Sent<'_>> {
        Some((token.signer.as_deref()?, &token.certificates))
    }
    let mut signers: Vec<Sent<'_>> = Vec::new();
    for one in &facts.signatures {
        let Some(signer) = &one.signer else { continue };
        signers.push((signer, &one.certificates));
        let archives = signer.archives.iter().map(|archive| &archive.token);
        let tokens = signer.tokens.iter().chain(archives);
        signers.extend(tokens.filter_map(of_token));
    }
    signers
}

fn kept<'e>(pieces: impl Iterator<Item = &'e [u8]>, needs: impl Fn(&[u8]) -> bool) -> Vec<Vec<u8>> {
    let needed = pieces.filter(|der| needs(der));
    needed.map(<[u8]>::to_vec).collect()
}

/// What was chosen so far.
#[derive(Default)]
struct Chosen<'a> {
    certificates: Vec<Vec<u8>>,
    seen: HashSet<&'a [u8]>,
    /// Each certificate with its issuer.
    pairs: Vec<(Rc<Certificate<'a>>, Rc<Certificate<'a>>)>,
}

impl<'a> Chosen<'a> {
    fn take(&mut self, path: Path<'a>) {
        let above = path.certificates.iter().skip(1);
        for (one, issuer) in path.certificates.iter().zip(above) {
            self.pairs.push((Rc::clone(one), Rc::clone(issuer)));
        }
        for one in path.certificates {
            if self.seen.insert(one.raw) {
                self.certificates.push(one.raw.to_vec());
            }
        }
    }

    /// A list of an issuer, made while one of its certificates had not ended: later ones forget.
    fn needs_list(&self, der: &[u8]) -> bool {
        Crl::parse(der).is_ok_and(|list| {
            let issuer = NameKey::of(list.issuer.raw);
            let mut pairs = self.pairs.iter();
            pairs.any(|(certificate, _)| {
                let times = (list.this_update, list.keeps_expired_since);
                certificate.issuer_key() == issuer && remembers(certificate, times)
            })
        })
    }

    fn needs_answer(&self, der: &[u8]) -> bool {
        let pairs = self.pairs.iter();
        let subjects = pairs.map(|(one, issuer)| (one, Subject::new(one, issuer)));
        let subjects: Vec<_> = subjects.collect();
        let about = |answer: OcspAnswer<'_>| {
            let mut singles = answer.singles.iter();
            singles.any(|one| {
                let times = (one.this_update, one.keeps_expired_since);
                let mut all = subjects.iter();
                all.any(|(certificate, subject)| {
                    one.is_about(subject) && remembers(certificate, times)
                })
            })
        };
        OcspAnswer::parse(der).is_ok_and(about)
    }
}

/// Whether what was said at this moment speaks of the certificate, which may have ended.
fn remembers(certificate: &Certificate<'_>, (said, kept): (Instant, Option<Instant>)) -> bool {
    let ends = certificate.not_after;
    said.seconds() <= ends.seconds() || kept.is_some_and(|kept| kept <= ends)
}
