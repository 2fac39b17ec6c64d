//! Every certificate at hand, each read once, found by its name; and who signed whom, asked once.

use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

use chancery_types::Instant;

use crate::algorithm::{self, DigestAlgorithm, Verification};
use crate::anchors::{Term, Terms};
use crate::certificate::Certificate;
use crate::chain::Anchors;
use crate::judge_trust::Purpose;
use crate::name_constraints::{self, NameFailure};
use crate::names::NameKey;
use crate::ocsp::Responder;
use crate::public_key::PublicKey;
use crate::scheme;
use crate::work::Work;

/// Certificates by their bytes and by the name of their subject.
#[derive(Debug, Default)]
pub(crate) struct Pool<'a> {
    known: HashMap<&'a [u8], Rc<Certificate<'a>>>,
    by_subject: HashMap<NameKey, Vec<Rc<Certificate<'a>>>>,
    /// By the key, however it is written.
    by_whole_key: HashMap<Rc<[u8]>, Vec<Rc<Certificate<'a>>>>,
    /// In the order they were added.
    in_order: Vec<Rc<Certificate<'a>>>,
    /// By SHA-1 of the key, made when first asked for.
    by_key: OnceCell<ByKey<'a>>,
    /// Each with until when it is trusted.
    anchors: HashMap<&'a [u8], Terms>,
    /// The same by the key, where one of them has ended or will: whichever of its certificates a
    /// path goes through.
    ended: HashMap<Rc<[u8]>, Terms>,
    /// Whether the second of a pair signed the first; the places are those of the bytes in `known`.
    verified: RefCell<HashMap<(Place, Place), bool>>,
    /// Whether the names of the second of a pair keep to the constraints of the first.
    constrained: RefCell<HashMap<(Place, Place), Result<(), NameFailure>>>,
    /// What may still be spent on that.
    work: Rc<Work>,
}

/// Where the bytes of a certificate stand, and how many they are: to ask by that costs the same
/// however long it is, and as long as the pool lives nothing else stands there.
type Place = (usize, usize);

fn place(certificate: &Certificate<'_>) -> Place {
    (certificate.raw.as_ptr().addr(), certificate.raw.len())
}

/// Certificates in the order they were added, by the hash of their key.
type ByKey<'a> = HashMap<Vec<u8>, Vec<Rc<Certificate<'a>>>>;

impl<'a> Pool<'a> {
    /// The anchors, which are found before anything that is added later.
    pub fn new(anchors: &'a Anchors) -> Self {
        let mut pool = Self::default();
        for (der, terms) in anchors.each() {
            pool.anchors.insert(der, terms);
            pool.add(der);
        }
        if anchors.each().any(|(_, terms)| terms.may_end()) {
            for (der, terms) in anchors.each() {
                if let Some(one) = pool.known.get(der) {
                    let known = pool.ended.entry(one.key_form()).or_insert(terms);
                    *known = known.longer(terms);
                }
            }
        }
        pool
    }

    /// The same, sharing what may be spent with somebody else.
    pub fn within(anchors: &'a Anchors, work: &Rc<Work>) -> Self {
        Self {
            work: Rc::clone(work),
            ..Self::new(anchors)
        }
    }

    /// What may still be spent.
    pub fn work(&self) -> &Rc<Work> {
        &self.work
    }

    /// Adds a certificate; what cannot be read is none.
    pub fn add(&mut self, der: &'a [u8]) {
        if self.known.contains_key(der) {
            return;
        }
        let Ok(certificate) = Certificate::parse(der) else {
            return;
        };
        let certificate = Rc::new(certificate);
        self.known.insert(der, Rc::clone(&certificate));
        self.in_order.push(Rc::clone(&certificate));
        let same_key = self.by_whole_key.entry(certificate.key_form()).or_default();
        same_key.push(Rc::clone(&certificate));
        let subject = certificate.subject_key();
        self.by_subject
            .entry(subject)
            .or_default()
            .push(certificate);
    }

    /// The certificate with these bytes.
    pub fn get(&self, der: &[u8]) -> Option<&Rc<Certificate<'a>>> {
        self.known.get(der)
    }

    /// Whether it is trusted by itself for this use of what was there at `at`. Who is trusted for
    /// timestamps alone vouches for no signer, though one above it may.
    pub fn vouches_at(&self, certificate: &Certificate<'_>, at: Instant, purpose: Purpose) -> bool {
        self.term(certificate, purpose).holds_at(at)
    }

    /// Until when whoever has this key was trusted for this use, if that was before `at`: then
    /// nobody above vouches for it either.
    pub fn ended_before(
        &self,
        certificate: &Certificate<'_>,
        at: Instant,
        purpose: Purpose,
    ) -> Option<Instant> {
        if self.vouches_at(certificate, at, purpose) {
            return None;
        }
        self.end_of(certificate, purpose)
            .filter(|until| *until < at)
    }

    /// Until when whoever has this key is trusted for this use, if that ends.
    pub fn end_of(&self, certificate: &Certificate<'_>, purpose: Purpose) -> Option<Instant> {
        if self.ended.is_empty() {
            return None;
        }
        match self.ended.get(&certificate.key_form())?.of(purpose) {
            Term::Ended(until) => Some(until),
            _ => None,
        }
    }

    /// Until when an anchor is trusted for this use.
    pub fn term(&self, certificate: &Certificate<'_>, purpose: Purpose) -> Term {
        let terms = self.anchors.get(certificate.raw);
        terms.map_or(Term::Never, |terms| terms.of(purpose))
    }

    /// Certificates that may have issued `certificate`, anchors first: by name, and by key
    /// identifier where both say one.
    pub fn issuers<'p>(
        &'p self,
        certificate: &'p Certificate<'a>,
    ) -> impl Iterator<Item = &'p Rc<Certificate<'a>>> {
        let named = self.by_subject.get(&certificate.issuer_key());
        let named = named.map_or(&[][..], Vec::as_slice).iter();
        named.filter(|candidate| ids_agree(certificate, candidate))
    }

    /// The other certificates of the same key.
    pub fn of_same_key<'p>(
        &'p self,
        certificate: &'p Certificate<'a>,
    ) -> impl Iterator<Item = &'p Rc<Certificate<'a>>> {
        let known = self.by_whole_key.get(&certificate.key_form());
        let known = known.map_or(&[][..], Vec::as_slice).iter();
        known.filter(|one| one.raw != certificate.raw)
    }

    /// Certificates of this subject, a whole `Name`.
    pub fn named(&self, subject: &[u8]) -> &[Rc<Certificate<'a>>] {
        let found = self.by_subject.get(&NameKey::of(subject));
        found.map_or(&[], Vec::as_slice)
    }

    /// Certificates that an answer may name as its signer.
    pub fn responders(&self, responder: &Responder<'_>) -> &[Rc<Certificate<'a>>] {
        let found = match responder {
            Responder::Name(name) => return self.named(name),
            Responder::Key(hash) => self
                .by_key
                .get_or_init(|| self.hash_keys())
                .get(hash.as_ref()),
        };
        found.map_or(&[], Vec::as_slice)
    }

    fn hash_keys(&self) -> ByKey<'a> {
        let mut found: ByKey<'a> = HashMap::new();
        for certificate in &self.in_order {
            if let Some(bits) = certificate.key_bits() {
                let hash = DigestAlgorithm::Sha1.digest(&[bits]);
                found.entry(hash).or_default().push(Rc::clone(certificate));
            }
        }
        found
    }

    /// Whether it is already known who signed the one: then asking costs nothing.
    pub fn is_answered(&self, certificate: &Certificate<'a>, issuer: &Certificate<'a>) -> bool {
        let verified = self.verified.borrow();
        verified.contains_key(&(place(certificate), place(issuer)))
    }

    /// Whether `issuer` signed `certificate`.
    pub fn is_signed_by(&self, certificate: &Certificate<'a>, issuer: &Certificate<'a>) -> bool {
        let pair = (place(certificate), place(issuer));
        if let Some(answer) = self.verified.borrow().get(&pair) {
            return *answer;
        }
        let message = certificate.tbs;
        let answer = self.fits(
            issuer,
            &certificate.algorithm,
            message,
            certificate.signature,
        );
        self.verified.borrow_mut().insert(pair, answer);
        answer
    }

    /// Whether the names of `certificate` keep to the constraints of `authority`.
    pub fn is_within(
        &self,
        authority: &Certificate<'a>,
        certificate: &Certificate<'a>,
    ) -> Result<(), NameFailure> {
        let Some(constraints) = authority.extensions.name_constraints else {
            return Ok(());
        };
        let pair = (place(authority), place(certificate));
        let known = self.constrained.borrow().get(&pair).copied();
        let answer = known.unwrap_or_else(|| name_constraints::check(constraints, certificate));
        self.constrained.borrow_mut().insert(pair, answer);
        answer
    }

    /// As [`fits`], as long as that may be asked.
    pub fn fits(
        &self,
        signer: &Certificate<'_>,
        algorithm: &scheme::AlgorithmId<'_>,
        message: &[u8],
        value: &[u8],
    ) -> bool {
        fits_within(&self.work, signer, algorithm, (message, value))
    }
}

/// Whether the value over `message` was made with the key of `signer`.
pub(crate) fn fits(
    signer: &Certificate<'_>,
    algorithm: &scheme::AlgorithmId<'_>,
    message: &[u8],
    value: &[u8],
) -> bool {
    fits_within(&Work::default(), signer, algorithm, (message, value))
}

/// The same within what may be spent on it.
pub(crate) fn fits_within(
    work: &Work,
    signer: &Certificate<'_>,
    algorithm: &scheme::AlgorithmId<'_>,
    (message, value): (&[u8], &[u8]),
) -> bool {
    if !work.verifies(signer.spki) {
        return false;
    }
    let (Ok(key), Ok(scheme)) = (
        PublicKey::parse(signer.spki),
        scheme::scheme_of(algorithm, None),
    ) else {
        return false;
    };
    algorithm::verify(&key, scheme, &[message], value) == Verification::Valid
}

/// Key identifiers are hints; two that differ save a verification.
fn ids_agree(certificate: &Certificate<'_>, issuer: &Certificate<'_>) -> bool {
    match (
        certificate.extensions.authority_key_id,
        issuer.extensions.subject_key_id,
    ) {
        (Some(wanted), Some(has)) => wanted == has,
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{AuthorityRequest, KeyKind, SignatureLimits, SigningKey, make_root};

    #[test]
    fn check_37_a_pool_verifies_as_long_as_it_may() {
        let roots = [1, 2].map(|seed| {
            let key = SigningKey::from_seed(KeyKind::EcdsaP256, &[seed; 32]).unwrap();
            let request = AuthorityRequest {
                common_name: "Root".to_owned(),
                organisation: None,
                serial: [seed; 16],
                not_before: "2026-01-01T00:00:00Z".parse().unwrap(),
                not_after: "2036-01-01T00:00:00Z".parse().unwrap(),
            };
            make_root(&key, &request).unwrap()
        });
        let limits = SignatureLimits {
            verification_work_max: 4,
            ..SignatureLimits::default()
        };
        let (anchors, work) = (Anchors::none(), Rc::new(Work::new(&limits)));
        let pool = Pool::within(&anchors, &work);
        let [first, second] = roots.each_ref().map(|der| Certificate::parse(der).unwrap());
        assert!(pool.is_signed_by(&first, &first));
        assert!(!pool.is_signed_by(&second, &second), "not asked any more");
        assert!(pool.is_signed_by(&first, &first), "known");
        assert!(work.exceeded().is_some());
    }
}
