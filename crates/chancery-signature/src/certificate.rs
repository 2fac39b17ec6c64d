//! X.509 certificates, read by slices (RFC 5280, 4.1).
//!
//! The bytes that the issuer signed are the bytes that were sent: nothing is decoded into a
//! structure and encoded back, which changes, for example, the type of a date.

use std::cell::OnceCell;
use std::rc::Rc;

use chancery_types::Instant;
use const_oid::ObjectIdentifier;
use serde::{Deserialize, Serialize};

use crate::asn1::{self, Asn1Error, Node, tag};
use crate::names::NameKey;
use crate::oid;
use crate::public_key::{KeyDescription, PublicKey, one_form};
use crate::scheme::AlgorithmId;
use crate::shown_name;
pub use crate::shown_name::Name;
pub(crate) use crate::shown_name::clean;
use crate::signature_kind::QualifiedStatements;

/// Most extensions in a certificate.
const EXTENSIONS_MAX: usize = 64;
/// Most parts of a name, and most names or purposes in an extension.
const NAMES_MAX: usize = 64;

/// Bits of `KeyUsage` by their number (RFC 5280, 4.2.1.3).
pub(crate) mod usage {
    pub const DIGITAL_SIGNATURE: u8 = 0;
    pub const NON_REPUDIATION: u8 = 1;
    pub const KEY_CERT_SIGN: u8 = 5;
    pub const CRL_SIGN: u8 = 6;
}

/// A certificate over its bytes.
#[derive(Clone, Debug)]
pub(crate) struct Certificate<'a> {
    pub raw: &'a [u8],
    pub tbs: &'a [u8],
    /// Of the time before extensions.
    pub is_version_1: bool,
    pub serial: &'a [u8],
    pub issuer: Node<'a>,
    pub subject: Node<'a>,
    pub not_before: Instant,
    pub not_after: Instant,
    pub spki: Node<'a>,
    pub algorithm: AlgorithmId<'a>,
    pub signature: &'a [u8],
    pub extensions: Extensions<'a>,
    forms: Forms,
}

/// What of a certificate is compared, in the form in which it is, made when first asked for.
#[derive(Clone, Debug, Default)]
struct Forms {
    issuer: OnceCell<NameKey>,
    subject: OnceCell<NameKey>,
    key: OnceCell<Rc<[u8]>>,
}

/// The extensions that decide anything here.
#[derive(Clone, Debug, Default)]
pub(crate) struct Extensions<'a> {
    pub is_ca: bool,
    pub path_len: Option<u64>,
    /// The content bytes of the bit string without the count of unused bits.
    pub key_usage: Option<&'a [u8]>,
    pub purposes: Option<Purposes>,
    pub subject_key_id: Option<&'a [u8]>,
    pub authority_key_id: Option<&'a [u8]>,
    pub emails: Vec<String>,
    pub no_rev_avail: bool,
    /// Its issuer vouches for its whole, short life (ETSI EN 319 412-1, 5.2).
    pub validity_assured: bool,
    /// A responder that need not be asked about itself (RFC 6960, 4.2.2.2.1).
    pub ocsp_no_check: bool,
    /// `NameConstraints`, whole.
    pub name_constraints: Option<Node<'a>>,
    /// The alternative names of the subject.
    pub alternative_names: Vec<Node<'a>>,
    /// `CRLDistributionPoints`, whole.
    pub distribution_points: Option<Node<'a>>,
    /// `AuthorityInfoAccess`, whole; nothing if it cannot be read: it only says whom one may ask.
    pub information_access: Option<Node<'a>>,
    pub policies: Vec<ObjectIdentifier>,
    /// What it demands of policies along the path.
    pub policy_demand: PolicyDemand,
    /// What it says of being qualified.
    pub qualified: QualifiedStatements,
    /// Whether it names the program that its issuer signed with: Russian qualified ones do.
    pub issuer_sign_tool: bool,
    /// Critical ones that we cannot process.
    pub unknown_critical: Vec<ObjectIdentifier>,
}

/// What a certificate says of policies along a path (RFC 5280, 4.2.1.5, 4.2.1.11 and 4.2.1.14).
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct PolicyDemand {
    /// `requireExplicitPolicy`: one policy must go all along.
    pub explicit: bool,
    /// Something changes what policies mean beneath it.
    pub changes_meaning: bool,
}

impl PolicyDemand {
    fn take(&mut self, id: ObjectIdentifier, value: &[u8]) -> Result<(), Asn1Error> {
        match id {
            oid::POLICY_CONSTRAINTS => {
                let mut reader = asn1::read_all(value, tag::SEQUENCE)?.reader();
                let demand = reader.optional(tag::context(0))?;
                self.explicit = demand.is_some();
            }
            // Without a demand for policies these two change nothing (RFC 5280, 6.1.1).
            oid::INHIBIT_ANY_POLICY => {
                asn1::read_all(value, tag::INTEGER)?.small()?;
                self.changes_meaning = true;
            }
            _ => self.changes_meaning = true,
        }
        Ok(())
    }
}

/// `ExtKeyUsageSyntax`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Purposes {
    pub critical: bool,
    pub oids: Vec<ObjectIdentifier>,
}

impl<'a> Certificate<'a> {
    /// Reads one certificate that fills `der`.
    pub fn parse(der: &'a [u8]) -> Result<Self, Asn1Error> {
        Self::from_node(asn1::read_all(der, tag::SEQUENCE)?)
    }

    /// Reads a certificate out of a structure.
    pub fn from_node(node: Node<'a>) -> Result<Self, Asn1Error> {
        let mut outer = node.expect(tag::SEQUENCE)?.reader();
        let tbs = outer.expect(tag::SEQUENCE)?;
        let outer_algorithm = outer.expect(tag::SEQUENCE)?;
        let signature = outer.expect(tag::BIT_STRING)?.bits()?;
        outer.finish()?;
        let mut reader = tbs.reader();
        // RFC 5280, 4.1: from 0 for version 1 to 2 for version 3.
        let version = match reader.optional(tag::context_constructed(0))? {
            Some(wrapped) => wrapped.only()?.small()?,
            None => 0,
        };
        if version > 2 {
            return Err(Asn1Error::Value);
        }
        let serial = reader.next()?.integer()?;
        let inner_algorithm = reader.expect(tag::SEQUENCE)?;
        // RFC 5280, 4.1.1.2: the two must be the same, or one of them is a lie.
        if inner_algorithm.raw != outer_algorithm.raw {
            return Err(Asn1Error::Value);
        }
        let issuer = reader.expect(tag::SEQUENCE)?;
        let mut validity = reader.expect(tag::SEQUENCE)?.reader();
        let (not_before, not_after) = (validity.next()?.time()?, validity.next()?.time()?);
        validity.finish()?;
        let subject = reader.expect(tag::SEQUENCE)?;
        let spki = reader.expect(tag::SEQUENCE)?;
        reader.optional(tag::context(1))?;
        reader.optional(tag::context(2))?;
        let extensions = match reader.optional(tag::context_constructed(3))? {
            // 4.1.2.9: in version 3 alone.
            Some(_) if version < 2 => return Err(Asn1Error::Value),
            Some(wrapped) => Extensions::parse(wrapped.only()?)?,
            None => Extensions::default(),
        };
        reader.finish()?;
        Ok(Self {
            raw: node.raw,
            tbs: tbs.raw,
            is_version_1: version == 0,
            serial,
            issuer,
            subject,
            not_before,
            not_after,
            spki,
            algorithm: AlgorithmId::parse(outer_algorithm)?,
            signature,
            extensions,
            forms: Forms::default(),
        })
    }

    /// Whether `bit` of `KeyUsage` is set; a certificate without the extension allows every use.
    pub fn allows(&self, bit: u8) -> bool {
        let Some(bits) = self.extensions.key_usage else {
            return true;
        };
        let byte = bits.get(usize::from(bit / 8)).copied().unwrap_or(0);
        byte & 0x80_u8.checked_shr(u32::from(bit % 8)).unwrap_or(0) != 0
    }

    /// Whether `instant` lies within the validity period, both ends included.
    pub fn is_valid_at(&self, instant: Instant) -> bool {
        self.not_before <= instant && instant.seconds() <= self.not_after.seconds()
    }

    /// Whether it claims that nobody will publish its revocation, or that none can come: RFC 9608
    /// (for end entities only), or an issuer who vouches for its short life.
    pub fn declares_no_revocation(&self) -> bool {
        !self.extensions.is_ca && (self.extensions.no_rev_avail || self.extensions.validity_assured)
    }

    /// The bits of its public key, which OCSP hashes.
    pub fn key_bits(&self) -> Option<&'a [u8]> {
        let mut reader = self.spki.reader();
        reader.next().ok()?;
        reader.next().ok()?.bits().ok()
    }

    /// Its issuer's name as it is compared.
    pub fn issuer_key(&self) -> NameKey {
        *self
            .forms
            .issuer
            .get_or_init(|| NameKey::of(self.issuer.raw))
    }

    /// Its subject's name as it is compared.
    pub fn subject_key(&self) -> NameKey {
        *self
            .forms
            .subject
            .get_or_init(|| NameKey::of(self.subject.raw))
    }

    /// Its key, however it is written.
    pub fn key_form(&self) -> Rc<[u8]> {
        let form = self.forms.key.get_or_init(|| one_form(self.spki).into());
        Rc::clone(form)
    }

    /// How long it lives, in seconds.
    pub fn life_seconds(&self) -> i64 {
        self.not_after.seconds_since(self.not_before)
    }

    /// The subject as a report shows it; empty if it cannot be read.
    pub fn subject_text(&self) -> String {
        Name::parse(self.subject)
            .map(|name| name.text)
            .unwrap_or_default()
    }

    /// The kinds of names of which the subject has several different ones.
    pub fn ambiguous_names(&self) -> Option<String> {
        shown_name::ambiguous(self.subject)
    }

    /// Whether subject and issuer are one name.
    pub fn is_self_issued(&self) -> bool {
        self.subject.raw == self.issuer.raw || self.subject_key() == self.issuer_key()
    }

    /// What a report says of it.
    pub fn describe(&self) -> Result<CertificateDescription, Asn1Error> {
        let subject = Name::parse(self.subject)?;
        let key = PublicKey::parse(self.spki)?.description;
        // Where the alternative names have an address, the old place for it is bound by nobody's
        // name constraints (RFC 5280, 4.2.1.6 and 4.2.1.10), so it names nobody.
        let mut emails = self.extensions.emails.clone();
        if emails.is_empty() {
            emails.extend(subject.email.clone());
        }
        // Of two hosts readers choose one (`a@here.example@there.example`).
        emails.retain(|one| one.matches('@').count() == 1);
        Ok(CertificateDescription {
            emails,
            subject,
            issuer: Name::parse(self.issuer)?,
            serial: hex::encode(self.serial),
            not_before: self.not_before,
            not_after: self.not_after,
            key,
            sha256: hex::encode(crate::DigestAlgorithm::Sha256.digest(&[self.raw])),
        })
    }
}

impl<'a> Extensions<'a> {
    fn parse(list: Node<'a>) -> Result<Self, Asn1Error> {
        let mut found = Self::default();
        let mut seen: Vec<ObjectIdentifier> = Vec::new();
        for extension in list.expect(tag::SEQUENCE)?.children(EXTENSIONS_MAX)? {
            let mut reader = extension.expect(tag::SEQUENCE)?.reader();
            let id = oid::or_unknown(&reader.expect(tag::OID)?)?;
            let critical = match reader.optional(tag::BOOLEAN)? {
                Some(node) => node.boolean()?,
                None => false,
            };
            let value = reader.expect(tag::OCTET_STRING)?.content;
            reader.finish()?;
            // RFC 5280, 4.2: never two of a kind.
            if id != oid::UNKNOWN && seen.contains(&id) {
                return Err(Asn1Error::Value);
            }
            seen.push(id);
            found.take(id, critical, value)?;
        }
        found.qualified = found.qualified.with_policies(&found.policies);
        Ok(found)
    }

    fn take(
        &mut self,
        id: ObjectIdentifier,
        critical: bool,
        value: &'a [u8],
    ) -> Result<(), Asn1Error> {
        match id {
            oid::BASIC_CONSTRAINTS => {
                let mut reader = asn1::read_all(value, tag::SEQUENCE)?.reader();
                if let Some(flag) = reader.optional(tag::BOOLEAN)? {
                    self.is_ca = flag.boolean()?;
                }
                if let Some(len) = reader.optional(tag::INTEGER)? {
                    self.path_len = Some(len.small()?);
                }
                reader.finish()?;
            }
            oid::KEY_USAGE => {
                let node = asn1::read_all(value, tag::BIT_STRING)?;
                self.key_usage = Some(named_bits(node)?);
            }
            oid::EXTENDED_KEY_USAGE => {
                let purposes = asn1::read_all(value, tag::SEQUENCE)?.children(NAMES_MAX)?;
                let oids = purposes.iter().map(oid::or_unknown);
                let oids = oids.collect::<Result<_, _>>()?;
                self.purposes = Some(Purposes { critical, oids });
            }
            oid::SUBJECT_KEY_ID => {
                self.subject_key_id = Some(asn1::read_all(value, tag::OCTET_STRING)?.content);
            }
            oid::AUTHORITY_KEY_ID => {
                let mut reader = asn1::read_all(value, tag::SEQUENCE)?.reader();
                self.authority_key_id = reader.optional(tag::context(0))?.map(|node| node.content);
            }
            oid::SUBJECT_ALT_NAME => {
                let names = asn1::read_all(value, tag::SEQUENCE)?.children(NAMES_MAX)?;
                let emails = names.iter().filter(|name| name.tag == tag::context(1));
                let emails = emails.map(|name| clean(&String::from_utf8_lossy(name.content)));
                self.emails.extend(emails);
                self.alternative_names = names;
            }
            oid::CERTIFICATE_POLICIES => self.policies = policies(value)?,
            oid::NO_REV_AVAIL => self.no_rev_avail = true,
            oid::VALIDITY_ASSURED => self.validity_assured = true,
            oid::OCSP_NO_CHECK => self.ocsp_no_check = true,
            // RFC 5280, 4.2.1.10: must be critical; one that is not binds all the same.
            oid::NAME_CONSTRAINTS => {
                self.name_constraints = Some(asn1::read_all(value, tag::SEQUENCE)?);
            }
            oid::DISTRIBUTION_POINTS => {
                self.distribution_points = Some(asn1::read_all(value, tag::SEQUENCE)?);
            }
            oid::POLICY_MAPPINGS | oid::INHIBIT_ANY_POLICY | oid::POLICY_CONSTRAINTS => {
                self.policy_demand.take(id, value)?;
            }
            // RFC 3739, 3.2.6: critical, it makes each of its statements critical.
            oid::QC_STATEMENTS => self.take_statements(critical, value),
            other if critical => self.unknown_critical.push(other),
            oid::INFORMATION_ACCESS => self.information_access = whole(value),
            oid::ISSUER_SIGN_TOOL => self.issuer_sign_tool = true,
            _ => {}
        }
        Ok(())
    }
}

impl Extensions<'_> {
    fn take_statements(&mut self, critical: bool, value: &[u8]) {
        self.qualified = QualifiedStatements::read(value);
        if critical && self.qualified.unknown {
            self.unknown_critical.push(oid::QC_STATEMENTS);
        }
    }
}

/// A sequence that fills its extension.
fn whole(value: &[u8]) -> Option<Node<'_>> {
    asn1::read_all(value, tag::SEQUENCE).ok()
}

fn policies(value: &[u8]) -> Result<Vec<ObjectIdentifier>, Asn1Error> {
    let list = asn1::read_all(value, tag::SEQUENCE)?.children(NAMES_MAX)?;
    let mut named = Vec::new();
    for policy in &list {
        let id = oid::or_unknown(&policy.expect(tag::SEQUENCE)?.reader().next()?)?;
        // RFC 5280, 4.2.1.4: none twice.
        if id != oid::UNKNOWN && named.contains(&id) {
            return Err(Asn1Error::Value);
        }
        named.push(id);
    }
    Ok(named)
}

/// The bits of a `BIT STRING` of named bits; those that are not used are not set (X.690, 11.2.1).
fn named_bits(node: Node<'_>) -> Result<&[u8], Asn1Error> {
    let (unused, bits) = node.content.split_first().ok_or(Asn1Error::Value)?;
    let spare = 1_u8
        .checked_shl(u32::from(*unused))
        .ok_or(Asn1Error::Value)?;
    let spare = spare.wrapping_sub(1);
    match bits.last() {
        Some(last) if last & spare != 0 => Err(Asn1Error::Value),
        None if *unused != 0 => Err(Asn1Error::Value),
        _ => Ok(bits),
    }
}

/// A certificate as a report shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CertificateDescription {
    /// Whom it names.
    pub subject: Name,
    /// Who issued it.
    pub issuer: Name,
    /// E-mail addresses: of the alternative names, or else of the subject.
    pub emails: Vec<String>,
    /// The serial number, hexadecimal.
    pub serial: String,
    /// The first moment of its validity.
    pub not_before: Instant,
    /// The last second of its validity.
    pub not_after: Instant,
    /// Its key.
    pub key: KeyDescription,
    /// SHA-256 of its bytes, hexadecimal.
    pub sha256: String,
}
