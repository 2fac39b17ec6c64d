//! Which of the evidence at hand the paths of a file's signatures and timestamps need.

use std::collections::HashSet;
use std::rc::Rc;

use chancery_pdf::Evidence;
use chancery_types::Instant;

use crate::certificate::Certificate;
use crate::chain::{self, Path};
use crate::crl::Crl;
use crate::extend::{ExtendError, Extension};
use crate::facts::{Der, Facts, SignerFacts, TokenFacts};
use crate::names::NameKey;
use crate::ocsp::{OcspAnswer, Subject};
use crate::pool::Pool;

/// A signer with the certificates that were sent along.
type Sent<'f> = (&'f SignerFacts, &'f [Der]);

/// Chooses the certificates of all paths, the lists of their issuers, and the answers about them.
pub(crate) fn needed(facts: &Facts, wanted: &Extension<'_>) -> Result<Evidence, ExtendError> {
    let signers = signers(facts);
    let mut pool = Pool::new(wanted.anchors);
    for der in wanted.evidence.certificates() {
        pool.add(der);
    }
    for piece in &facts.evidence.certificates {
        pool.add(&piece.der.0);
    }
    for der in signers.iter().flat_map(|(_, sent)| *sent) {
        pool.add(&der.0);
    }
    let mut chosen = Chosen::default();
    for (signer, sent) in &signers {
        let leaf = chain::at_index(sent, signer.certificate);
        let Some(leaf) = leaf.map(Rc::new) else {
            return Err(ExtendError::PathMissing {
                subject: String::new(),
            });
        };
        let paths = chain::build(&leaf, &pool, wanted.at);
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
