//! A structure with what its signers share: read, copied and digested once, however many there are.

use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

use crate::algorithm::DigestAlgorithm;
use crate::certificate::Certificate;
use crate::cms::{SignedData, SignerId};
use crate::evidence_given::GivenEvidence;
use crate::facts::Der;
use crate::names::NameKey;
use crate::work::Work;

/// Most certificates that are taken from what is at hand.
const GIVEN_MAX: usize = 64;

/// Where bytes of the structure stand, and by what they are digested.
type Place = (usize, usize, Option<DigestAlgorithm>);

/// A structure in the course of gathering.
pub(crate) struct Opened<'s, 'a> {
    pub structure: &'s SignedData<'a>,
    /// Its certificates as facts keep them.
    pub certificates: Vec<Der>,
    pub work: &'s Work,
    /// Those of signers that brought none and are at hand beside the file, behind them.
    given: Vec<&'s [u8]>,
    read: OnceCell<Vec<(usize, Certificate<'s>)>>,
    digests: RefCell<HashMap<Place, Rc<[u8]>>>,
    covered: RefCell<HashMap<Place, Rc<[String]>>>,
}

impl<'s, 'a> Opened<'s, 'a> {
    pub fn new(structure: &'s SignedData<'a>, work: &'s Work) -> Self {
        let certificates = structure.certificates.iter();
        Self {
            structure,
            certificates: certificates.map(|raw| Der::from(raw.to_vec())).collect(),
            work,
            given: Vec::new(),
            read: OnceCell::new(),
            digests: RefCell::default(),
            covered: RefCell::default(),
        }
    }

    /// With the certificates that are at hand, for signers that the structure brings none of: it
    /// need not (RFC 5652, 5.1; ETSI EN 319 102-1, 5.2.3).
    pub fn given(mut self, evidence: &'s GivenEvidence) -> Self {
        let signers = self.structure.signers.iter().map(|one| &one.signer);
        let alone: Vec<_> = signers.filter(|id| self.named(id).is_empty()).collect();
        let is_wanted = |der: &&[u8]| {
            let certificate = Certificate::parse(der).ok();
            certificate.is_some_and(|one| alone.iter().any(|id| Wanted::of(id).fits(&one)))
        };
        if !alone.is_empty() {
            let wanted = evidence.certificates().filter(is_wanted);
            self.given = wanted.take(GIVEN_MAX).collect();
        }
        let given = self.given.iter();
        self.certificates
            .extend(given.map(|der| Der::from(der.to_vec())));
        self.read = OnceCell::new();
        self
    }

    /// The certificates that fit a signer identifier, each with its place: more than one where a
    /// key was certified anew, or where somebody put another one beside it.
    pub fn named(&self, id: &SignerId<'_>) -> Vec<(usize, &Certificate<'s>)> {
        let read = self.read.get_or_init(|| {
            let own = self.structure.certificates.iter().copied();
            let all = own.chain(self.given.iter().copied()).enumerate();
            all.filter_map(|(index, raw)| Some((index, Certificate::parse(raw).ok()?)))
                .collect()
        });
        let wanted = Wanted::of(id);
        let fitting = read
            .iter()
            .filter(|(_, certificate)| wanted.fits(certificate));
        fitting.map(|(index, one)| (*index, one)).collect()
    }

    /// The digest of `before` and some bytes of the structure, which say by themselves what stands
    /// before them.
    pub fn digest(&self, digest: DigestAlgorithm, before: &[u8], bytes: &[u8]) -> Rc<[u8]> {
        let place = (bytes.as_ptr().addr(), bytes.len(), Some(digest));
        if let Some(known) = self.digests.borrow().get(&place) {
            return Rc::clone(known);
        }
        let made: Rc<[u8]> = digest.digest(&[before, bytes]).into();
        let mut known = self.digests.borrow_mut();
        known.insert(place, Rc::clone(&made));
        made
    }

    /// What some bytes of the structure prove to exist once they are proven themselves: found once
    /// by `find`.
    pub fn covered(&self, bytes: &[u8], find: impl FnOnce() -> Vec<String>) -> Rc<[String]> {
        let place = (bytes.as_ptr().addr(), bytes.len(), None);
        if let Some(known) = self.covered.borrow().get(&place) {
            return Rc::clone(known);
        }
        let found: Rc<[String]> = find().into();
        let mut known = self.covered.borrow_mut();
        known.insert(place, Rc::clone(&found));
        found
    }
}

/// A signer identifier, with the name of the issuer as it is compared: made once, however many
/// certificates are asked.
struct Wanted<'i, 's> {
    id: &'i SignerId<'s>,
    issuer: OnceCell<NameKey>,
}

impl<'i, 's> Wanted<'i, 's> {
    fn of(id: &'i SignerId<'s>) -> Self {
        let issuer = OnceCell::new();
        Self { id, issuer }
    }

    /// Whether a certificate is the one that is named.
    fn fits(&self, certificate: &Certificate<'_>) -> bool {
        match self.id {
            SignerId::IssuerAndSerial { issuer, serial } => {
                let wanted = || *self.issuer.get_or_init(|| NameKey::of(issuer));
                certificate.serial == *serial
                    && (certificate.issuer.raw == *issuer || certificate.issuer_key() == wanted())
            }
            SignerId::KeyId(id) => certificate.extensions.subject_key_id == Some(*id),
        }
    }
}
