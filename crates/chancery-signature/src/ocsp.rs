//! OCSP answers by slices (RFC 6960, 4.2): who answers, about which certificates, and what.

use std::borrow::Cow;
use std::cell::RefCell;

use chancery_types::Instant;

use crate::algorithm::DigestAlgorithm;
use crate::asn1::{self, Asn1Error, Node, tag};
use crate::certificate::{Certificate, usage};
use crate::crl::{Entry, RevocationReason, each_extension, moment};
use crate::names::NameKey;
use crate::oid;
use crate::scheme::AlgorithmId;

/// Most certificates in one answer that may be asked about.
const SINGLES_MAX: usize = 4096;
/// Most certificates that an answer sends along.
const CERTIFICATES_MAX: usize = 16;

/// Who signed an answer.
#[derive(Clone, Debug)]
pub(crate) enum Responder<'a> {
    /// The whole `Name`.
    Name(&'a [u8]),
    /// SHA-1 of the key, whatever else is hashed with.
    Key(Cow<'a, [u8]>),
}

/// What an answer says of one certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CertificateStatus {
    Good,
    Revoked(Entry),
    Unknown,
}

/// `SingleResponse`.
#[derive(Clone, Debug)]
pub(crate) struct Single<'a> {
    digest: Option<DigestAlgorithm>,
    issuer_name_hash: Cow<'a, [u8]>,
    issuer_key_hash: Cow<'a, [u8]>,
    pub serial: &'a [u8],
    pub status: CertificateStatus,
    pub this_update: Instant,
    pub next_update: Option<Instant>,
    /// Certificates that ended at this moment or later are still remembered.
    pub keeps_expired_since: Option<Instant>,
    pub unknown_critical: bool,
}

/// `BasicOCSPResponse`.
#[derive(Debug)]
pub(crate) struct OcspAnswer<'a> {
    pub tbs: &'a [u8],
    pub responder: Responder<'a>,
    pub produced_at: Instant,
    pub singles: Vec<Single<'a>>,
    pub algorithm: AlgorithmId<'a>,
    pub signature: &'a [u8],
    pub certificates: Vec<&'a [u8]>,
    pub unknown_critical: bool,
}

impl<'a> OcspAnswer<'a> {
    /// Reads `OCSPResponse`, or the `BasicOCSPResponse` inside it, which some files keep alone.
    pub fn parse(der: &'a [u8]) -> Result<Self, Asn1Error> {
        let node = asn1::read_all(der, tag::SEQUENCE)?;
        let mut reader = node.reader();
        if reader.peek() != Some(tag::ENUMERATED) {
            return Self::basic(node);
        }
        // 0 is `successful`; the others bring no answer.
        if reader.next()?.enumerated()? != 0 {
            return Err(Asn1Error::Value);
        }
        let wrapped = reader.expect(tag::context_constructed(0))?.only()?;
        reader.finish()?;
        let mut inside = wrapped.expect(tag::SEQUENCE)?.reader();
        if inside.next()?.oid()? != oid::OCSP_BASIC {
            return Err(Asn1Error::Value);
        }
        let basic = inside.expect(tag::OCTET_STRING)?;
        inside.finish()?;
        Self::basic(asn1::read_all(basic.content, tag::SEQUENCE)?)
    }

    fn basic(node: Node<'a>) -> Result<Self, Asn1Error> {
        let mut outer = node.reader();
        let tbs = outer.expect(tag::SEQUENCE)?;
        let algorithm = AlgorithmId::parse(outer.next()?)?;
        let signature = outer.expect(tag::BIT_STRING)?.bits()?;
        let certificates = match outer.optional(tag::context_constructed(0))? {
            Some(wrapped) => wrapped
                .only()?
                .expect(tag::SEQUENCE)?
                .children(CERTIFICATES_MAX)?,
            None => Vec::new(),
        };
        outer.finish()?;
        let mut reader = tbs.reader();
        reader.optional(tag::context_constructed(0))?;
        let named = reader.next()?;
        let responder = match named.tag {
            one if one == tag::context_constructed(1) => {
                Responder::Name(named.only()?.expect(tag::SEQUENCE)?.raw)
            }
            one if one == tag::context_constructed(2) => Responder::Key(named.only()?.octets()?),
            _ => return Err(Asn1Error::Value),
        };
        let produced_at = reader.expect(tag::GENERALIZED_TIME)?.time()?;
        let singles = reader.expect(tag::SEQUENCE)?.children(SINGLES_MAX)?;
        let singles = singles.into_iter().map(Single::parse);
        let singles = singles.collect::<Result<_, _>>()?;
        let mut unknown_critical = false;
        if let Some(wrapped) = reader.optional(tag::context_constructed(1))? {
            for extension in each_extension(wrapped.only()?)? {
                let extension = extension?;
                let known = [oid::OCSP_NONCE].contains(&extension.id);
                unknown_critical |= extension.critical && !known;
            }
        }
        reader.finish()?;
        Ok(Self {
            tbs: tbs.raw,
            responder,
            produced_at,
            singles,
            algorithm,
            signature,
            certificates: certificates.iter().map(|node| node.raw).collect(),
            unknown_critical,
        })
    }

    /// Whether `certificate` is the one that the answer names as its signer.
    pub fn is_by(&self, certificate: &Certificate<'_>) -> bool {
        match &self.responder {
            Responder::Name(name) => {
                *name == certificate.subject.raw || NameKey::of(name) == certificate.subject_key()
            }
            Responder::Key(hash) => certificate
                .key_bits()
                .is_some_and(|bits| DigestAlgorithm::Sha1.digest(&[bits]) == hash.as_ref()),
        }
    }

    /// Whether somebody to whom `issuer` delegated it may have signed the answer: for answers, of
    /// this issuer alone, at the time of the answer.
    pub fn may_be_by(&self, one: &Certificate<'_>, issuer: &Certificate<'_>) -> bool {
        let purposes = one.extensions.purposes.as_ref();
        purposes.is_some_and(|purposes| purposes.oids.contains(&oid::OCSP_SIGNING))
            && (one.allows(usage::DIGITAL_SIGNATURE) || one.allows(usage::NON_REPUDIATION))
            && one.extensions.unknown_critical.is_empty()
            && one.issuer_key() == issuer.subject_key()
            && one.is_valid_at(self.produced_at)
    }
}

impl<'a> Single<'a> {
    fn parse(node: Node<'a>) -> Result<Self, Asn1Error> {
        let mut reader = node.expect(tag::SEQUENCE)?.reader();
        let mut id = reader.expect(tag::SEQUENCE)?.reader();
        let digest = DigestAlgorithm::from_oid(AlgorithmId::parse(id.next()?)?.oid);
        let (issuer_name_hash, issuer_key_hash) = (id.next()?.octets()?, id.next()?.octets()?);
        let serial = id.next()?.integer()?;
        id.finish()?;
        let status = read_status(reader.next()?)?;
        let this_update = reader.expect(tag::GENERALIZED_TIME)?.time()?;
        let next_update = match reader.optional(tag::context_constructed(0))? {
            Some(wrapped) => Some(wrapped.only()?.time()?),
            None => None,
        };
        let mut single = Self {
            digest,
            issuer_name_hash,
            issuer_key_hash,
            serial,
            status,
            this_update,
            next_update,
            keeps_expired_since: None,
            unknown_critical: false,
        };
        if let Some(wrapped) = reader.optional(tag::context_constructed(1))? {
            for extension in each_extension(wrapped.only()?)? {
                let extension = extension?;
                match extension.id {
                    oid::OCSP_ARCHIVE_CUTOFF => {
                        single.keeps_expired_since = Some(moment(extension.value)?);
                    }
                    // An answer may say whatever an entry of a list may (4.4.5).
                    oid::INVALIDITY_DATE => single.take_invalidity(moment(extension.value)?),
                    _ => single.unknown_critical |= extension.critical,
                }
            }
        }
        reader.finish()?;
        Ok(single)
    }

    fn take_invalidity(&mut self, since: Instant) {
        if let CertificateStatus::Revoked(entry) = &mut self.status {
            entry.invalid_since = Some(since);
        }
    }

    /// Whether it speaks of this certificate.
    pub fn is_about(&self, subject: &Subject<'_, '_>) -> bool {
        let Some(digest) = self.digest else {
            return false;
        };
        self.serial == subject.certificate.serial
            && subject.is_issued_by(digest, &self.issuer_name_hash, &self.issuer_key_hash)
    }
}

/// A certificate that answers may be about, with the hashes by which they name its issuer: each
/// made once, however many answers there are.
pub(crate) struct Subject<'s, 'a> {
    certificate: &'s Certificate<'a>,
    issuer: &'s Certificate<'a>,
    hashes: RefCell<Vec<(DigestAlgorithm, Hashes)>>,
}

struct Hashes {
    /// However either of the two wrote the one name.
    names: [Vec<u8>; 2],
    /// None for a key that cannot be read.
    key: Option<Vec<u8>>,
}

impl<'s, 'a> Subject<'s, 'a> {
    pub fn new(certificate: &'s Certificate<'a>, issuer: &'s Certificate<'a>) -> Self {
        Self {
            certificate,
            issuer,
            hashes: RefCell::default(),
        }
    }

    fn is_issued_by(&self, digest: DigestAlgorithm, name: &[u8], key: &[u8]) -> bool {
        let mut known = self.hashes.borrow_mut();
        if !known.iter().any(|(algorithm, _)| *algorithm == digest) {
            let names = [self.certificate.issuer.raw, self.issuer.subject.raw];
            let hashes = Hashes {
                names: names.map(|name| digest.digest(&[name])),
                key: self.issuer.key_bits().map(|bits| digest.digest(&[bits])),
            };
            known.push((digest, hashes));
        }
        let mut fitting = known.iter().filter(|(algorithm, _)| *algorithm == digest);
        fitting.any(|(_, own)| {
            own.names.iter().any(|own| own == name) && own.key.as_deref() == Some(key)
        })
    }
}

fn read_status(node: Node<'_>) -> Result<CertificateStatus, Asn1Error> {
    match node.tag {
        one if one == tag::context(0) => Ok(CertificateStatus::Good),
        one if one == tag::context_constructed(1) => {
            let mut reader = node.reader();
            let at = reader.expect(tag::GENERALIZED_TIME)?.time()?;
            let reason = match reader.optional(tag::context_constructed(0))? {
                Some(wrapped) => Some(RevocationReason(wrapped.only()?.enumerated()?)),
                None => None,
            };
            reader.finish()?;
            Ok(CertificateStatus::Revoked(Entry {
                at,
                reason,
                invalid_since: None,
            }))
        }
        one if one == tag::context(2) => Ok(CertificateStatus::Unknown),
        _ => Err(Asn1Error::Value),
    }
}
