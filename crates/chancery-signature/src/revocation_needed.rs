//! Whom to ask about revocation that nothing at hand settles: OCSP responders (RFC 6960) and the
//! places of revocation lists (RFC 5280, 4.2.1.13), as the certificates of the paths name them.
//!
//! Nothing is asked here. The addresses are what a stranger wrote into a file: whoever asks decides
//! which of them may be asked at all, and what comes is judged like any other evidence.

use std::cell::RefCell;
use std::collections::HashSet;
use std::rc::Rc;

use chancery_types::Instant;

use crate::algorithm::DigestAlgorithm;
use crate::asn1::{Asn1Error, Node, tag};
use crate::certificate::Certificate;
use crate::chain::Anchors;
use crate::encode;
use crate::evidence_given::GivenEvidence;
use crate::facts::Facts;
use crate::judge::{Judge, report_of};
use crate::judge_trust::Trust;
use crate::oid;
use crate::policy::ValidationPolicy;

/// Most addresses of one kind that are taken from one certificate.
const ADDRESSES_MAX: usize = 3;
/// Longest address, in bytes.
const ADDRESS_BYTES_MAX: usize = 2_048;
/// Most entries that are read of an extension.
const ENTRIES_MAX: usize = 64;
/// Most certificates of one file that somebody is asked about.
const CERTIFICATES_MAX: usize = 256;

/// A certificate whose revocation nothing at hand settles.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RevocationNeed {
    /// SHA-256 of the certificate.
    pub certificate: [u8; 32],
    /// Who may be asked, in this order: responders, then lists. Empty if it names nobody.
    pub questions: Vec<RevocationQuestion>,
}

/// One question about revocation.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RevocationQuestion {
    /// The address as the certificate has it, `http://` or `https://`.
    pub address: String,
    /// The OCSP request (DER) to send there; nothing asks for a revocation list.
    pub request: Option<Vec<u8>>,
}

/// Certificates that were asked about in vain, each with its issuer, once.
#[derive(Debug, Default)]
pub(crate) struct Unsettled<'a>(RefCell<Vec<Pair<'a>>>);

type Pair<'a> = (Rc<Certificate<'a>>, Rc<Certificate<'a>>);

impl<'a> Unsettled<'a> {
    pub fn add(&self, certificate: &Rc<Certificate<'a>>, issuer: &Rc<Certificate<'a>>) {
        let mut pairs = self.0.borrow_mut();
        let known = |(one, by): &Pair<'a>| one.raw == certificate.raw && by.raw == issuer.raw;
        if pairs.len() < CERTIFICATES_MAX && !pairs.iter().any(known) {
            pairs.push((Rc::clone(certificate), Rc::clone(issuer)));
        }
    }

    fn needs(&self) -> Vec<RevocationNeed> {
        let pairs = self.0.borrow();
        let needs = pairs.iter().map(|(certificate, issuer)| RevocationNeed {
            certificate: *chancery_types::Digest::of(certificate.raw).as_bytes(),
            questions: questions(certificate, issuer),
        });
        needs.collect()
    }
}

/// Which certificates of the paths of a file lack evidence that [`judge_with`] could use, by the
/// same arguments, and whom one may ask about each. Once what came is given too, another call says
/// what is still open, which may be a responder that has to be asked about itself.
///
/// Only certificates on a path to one of the `anchors` are named: a stranger's file by a stranger's
/// authority leads nowhere.
///
/// [`judge_with`]: crate::judge_with
#[must_use]
pub fn needed_revocation(
    facts: &Facts,
    policy: &ValidationPolicy,
    at: Instant,
    anchors: &Anchors,
    given: &GivenEvidence,
) -> Vec<RevocationNeed> {
    let judge = Judge::new(facts, at, Trust::new(facts, policy, anchors, given));
    let _report = report_of(&judge, anchors);
    judge.trust.unsettled().needs()
}

/// What may be asked about `certificate`, each question once.
fn questions(certificate: &Certificate<'_>, issuer: &Certificate<'_>) -> Vec<RevocationQuestion> {
    let request = ocsp_request(certificate, issuer);
    // What cannot be read names nobody.
    let responders = responders(certificate).unwrap_or_default();
    let lists = lists(certificate).unwrap_or_default();
    let responders = responders.into_iter().filter_map(|address| {
        let request = request.clone()?;
        Some((address, Some(request)))
    });
    let lists = lists.into_iter().map(|address| (address, None));
    let mut seen = HashSet::new();
    responders
        .take(ADDRESSES_MAX)
        .chain(lists.take(ADDRESSES_MAX))
        .map(|(address, request)| RevocationQuestion { address, request })
        .filter(|question| seen.insert(question.clone()))
        .collect()
}

/// `OCSPRequest` for one certificate (RFC 6960, 4.1.1): without a nonce, so that an answer made
/// before will do (RFC 5019, 4), and by SHA-1, the one digest that every responder knows; nothing
/// rests on its strength, since the answer is about the serial number under the issuer's own key.
fn ocsp_request(certificate: &Certificate<'_>, issuer: &Certificate<'_>) -> Option<Vec<u8>> {
    let digest = DigestAlgorithm::Sha1;
    let algorithm = encode::sequence(&[&encode::oid(oid::SHA1), &encode::null()]);
    let id = encode::sequence(&[
        &algorithm,
        &encode::octets(&digest.digest(&[certificate.issuer.raw])),
        &encode::octets(&digest.digest(&[issuer.key_bits()?])),
        &encode::value(tag::INTEGER, certificate.serial),
    ]);
    let list = encode::sequence(&[&encode::sequence(&[&id])]);
    Some(encode::sequence(&[&encode::sequence(&[&list])]))
}

/// The responders of `AuthorityInfoAccess` (RFC 5280, 4.2.2.1).
fn responders(certificate: &Certificate<'_>) -> Result<Vec<String>, Asn1Error> {
    let mut found = Vec::new();
    let access = certificate.extensions.information_access;
    for description in entries(access)? {
        let mut reader = description.expect(tag::SEQUENCE)?.reader();
        if reader.next()?.oid()? == oid::OCSP {
            found.extend(address(&reader.next()?));
        }
    }
    Ok(found)
}

/// The places of the issuer's own, complete lists: points for some reasons or of another issuer
/// lead to lists that settle nothing.
fn lists(certificate: &Certificate<'_>) -> Result<Vec<String>, Asn1Error> {
    let mut found = Vec::new();
    for point in entries(certificate.extensions.distribution_points)? {
        let mut reader = point.expect(tag::SEQUENCE)?.reader();
        let name = reader.optional(tag::context_constructed(0))?;
        let (Some(name), true) = (name, reader.is_empty()) else {
            continue;
        };
        let name = name.only()?;
        if name.tag == tag::context_constructed(0) {
            found.extend(name.children(ENTRIES_MAX)?.iter().filter_map(address));
        }
    }
    Ok(found)
}

fn entries(list: Option<Node<'_>>) -> Result<Vec<Node<'_>>, Asn1Error> {
    list.map_or_else(|| Ok(Vec::new()), |list| list.children(ENTRIES_MAX))
}

/// `uniformResourceIdentifier` of HTTP; other schemes are nobody's that we could ask.
fn address(name: &Node<'_>) -> Option<String> {
    let text = std::str::from_utf8(name.content).ok();
    let text = text.filter(|_| name.tag == tag::context(6))?;
    let plain = text.len() <= ADDRESS_BYTES_MAX && text.bytes().all(|byte| byte.is_ascii_graphic());
    let scheme = text.split(':').next().unwrap_or("").to_ascii_lowercase();
    (plain && ["http", "https"].contains(&scheme.as_str())).then(|| text.to_owned())
}
