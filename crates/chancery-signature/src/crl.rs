//! Revocation lists by slices (RFC 5280, 5): whose they are, what they speak of, whom they name.
//!
//! A list is used only if everything in it that must be understood is understood. What is not read
//! here as a plain, complete list of its own issuer answers a [`Defect`], and settles nothing.

use std::cell::OnceCell;

use chancery_types::Instant;
use const_oid::ObjectIdentifier;

use crate::asn1::{self, Asn1Error, Node, Reader, tag};
use crate::certificate::Certificate;
use crate::names;
use crate::oid;
use crate::scheme::AlgorithmId;

/// Most extensions of a list or of one of its entries.
const EXTENSIONS_MAX: usize = 64;
/// Most names of a distribution point, and most points of a certificate.
const NAMES_MAX: usize = 64;

/// Why a list or an answer settles nothing, as a stable word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Defect {
    /// It cannot be read.
    Malformed,
    /// A delta list: changes to a list, not a list.
    Delta,
    /// A list that speaks for other issuers.
    Indirect,
    /// It is older than the certificate.
    Early,
    /// It must be understood to be used, and is not.
    RuleUnknown,
    /// It leaves out some reasons for revocation.
    SomeReasons,
    /// It speaks of other certificates than this one.
    Scope,
    /// Its signature does not fit, or nobody at hand may have made it.
    Signature,
    /// It is signed with an algorithm that proves nothing any more.
    Weak,
    /// The responder that signed it may itself be revoked.
    Responder,
    /// It is of a later time than the judgement.
    InFuture,
    /// Nothing proves that it existed while its signature could be trusted.
    NoProof,
    /// It is of a time when lists may have forgotten the certificate.
    Forgotten,
    /// The responder does not know the certificate.
    Unknown,
    /// There is more evidence about one certificate than is looked at.
    TooMany,
}

impl Defect {
    pub fn key(self) -> &'static str {
        match self {
            Self::Malformed => "malformed",
            Self::Delta => "delta",
            Self::Indirect => "indirect",
            Self::Early => "early",
            Self::RuleUnknown => "rule_unknown",
            Self::SomeReasons => "some_reasons",
            Self::Scope => "scope",
            Self::Signature => "signature",
            Self::Weak => "weak",
            Self::Responder => "responder",
            Self::InFuture => "in_future",
            Self::NoProof => "no_proof",
            Self::Forgotten => "forgotten",
            Self::Unknown => "unknown",
            Self::TooMany => "too_many",
        }
    }
}

impl From<Asn1Error> for Defect {
    fn from(_: Asn1Error) -> Self {
        Self::Malformed
    }
}

/// Why a certificate was revoked (RFC 5280, 5.3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RevocationReason(pub u8);

impl RevocationReason {
    pub const UNSPECIFIED: Self = Self(0);
    const KEY_COMPROMISE: Self = Self(1);
    const CA_COMPROMISE: Self = Self(2);
    pub const HOLD: Self = Self(6);
    pub const REMOVED: Self = Self(8);

    /// Whether the key is in other hands, whichever certificate it is in.
    pub fn is_of_key(self) -> bool {
        [Self::KEY_COMPROMISE, Self::CA_COMPROMISE].contains(&self)
    }

    /// The name of the standard, which every program that shows revocation uses.
    pub fn name(self) -> &'static str {
        match self.0 {
            1 => "keyCompromise",
            2 => "cACompromise",
            3 => "affiliationChanged",
            4 => "superseded",
            5 => "cessationOfOperation",
            6 => "certificateHold",
            8 => "removeFromCRL",
            9 => "privilegeWithdrawn",
            10 => "aACompromise",
            _ => "unspecified",
        }
    }
}

/// What an entry says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    pub at: Instant,
    /// Absent where the entry gives none.
    pub reason: Option<RevocationReason>,
    /// Since when the issuer holds that the certificate was good for nothing (5.3.2).
    pub invalid_since: Option<Instant>,
}

impl Entry {
    /// From when on nothing counts that the certificate was used for.
    pub fn effective(&self) -> Instant {
        self.invalid_since.unwrap_or(self.at).min(self.at)
    }

    /// Whether it may be lifted again.
    pub fn is_hold(&self) -> bool {
        self.reason == Some(RevocationReason::HOLD)
    }
}

/// `CertificateList`.
#[derive(Debug)]
pub(crate) struct Crl<'a> {
    pub tbs: &'a [u8],
    pub issuer: Node<'a>,
    pub this_update: Instant,
    pub next_update: Option<Instant>,
    pub algorithm: AlgorithmId<'a>,
    pub signature: &'a [u8],
    pub issuer_key_id: Option<&'a [u8]>,
    /// Entries of certificates that ended at this moment or later are still there.
    pub keeps_expired_since: Option<Instant>,
    entries: &'a [u8],
    delta: bool,
    unknown_critical: bool,
    scope: Scope<'a>,
    index: OnceCell<Index>,
}

/// The entries of a list.
#[derive(Debug, Default)]
struct Index {
    /// Where each stands, sorted by serial number.
    places: Vec<u32>,
    /// What makes all of them unusable.
    defect: Option<Defect>,
}

/// `IssuingDistributionPoint`.
#[derive(Debug, Default)]
struct Scope<'a> {
    point: Option<Point<'a>>,
    only_end_entities: bool,
    only_authorities: bool,
    some_reasons: bool,
    indirect: bool,
    only_attributes: bool,
}

/// `DistributionPointName`.
#[derive(Debug)]
enum Point<'a> {
    Full(Vec<Node<'a>>),
    Relative,
}

impl<'a> Crl<'a> {
    /// Reads a list that fills `der`; its entries are read when first asked for.
    pub fn parse(der: &'a [u8]) -> Result<Self, Asn1Error> {
        let mut outer = asn1::read_all(der, tag::SEQUENCE)?.reader();
        let tbs = outer.expect(tag::SEQUENCE)?;
        let outer_algorithm = outer.expect(tag::SEQUENCE)?;
        let signature = outer.expect(tag::BIT_STRING)?.bits()?;
        outer.finish()?;
        let mut reader = tbs.reader();
        // Absent, or 1 for version 2, which alone has extensions (5.1.2.1).
        let version = reader.optional(tag::INTEGER)?;
        if version.is_some_and(|version| version.small() != Ok(1)) {
            return Err(Asn1Error::Value);
        }
        let inner_algorithm = reader.expect(tag::SEQUENCE)?;
        // RFC 5280, 5.1.1.2, as for certificates.
        if inner_algorithm.raw != outer_algorithm.raw {
            return Err(Asn1Error::Value);
        }
        let issuer = reader.expect(tag::SEQUENCE)?;
        let this_update = reader.next()?.time()?;
        let next_update = match reader.peek() {
            Some(tag::UTC_TIME | tag::GENERALIZED_TIME) => Some(reader.next()?.time()?),
            _ => None,
        };
        let entries = reader.optional(tag::SEQUENCE)?;
        let extensions = reader.optional(tag::context_constructed(0))?;
        reader.finish()?;
        if version.is_none() && extensions.is_some() {
            return Err(Asn1Error::Value);
        }
        let mut list = Self {
            tbs: tbs.raw,
            issuer,
            this_update,
            next_update,
            algorithm: AlgorithmId::parse(outer_algorithm)?,
            signature,
            issuer_key_id: None,
            keeps_expired_since: None,
            entries: entries.map_or(&[], |entries| entries.content),
            delta: false,
            unknown_critical: false,
            scope: Scope::default(),
            index: OnceCell::new(),
        };
        if let Some(wrapped) = extensions {
            for extension in each_extension(wrapped.only()?)? {
                list.take(&extension?)?;
            }
        }
        Ok(list)
    }

    fn take(&mut self, extension: &Extension<'a>) -> Result<(), Asn1Error> {
        let value = extension.value;
        match extension.id {
            oid::AUTHORITY_KEY_ID => {
                let mut reader = asn1::read_all(value, tag::SEQUENCE)?.reader();
                self.issuer_key_id = reader.optional(tag::context(0))?.map(|node| node.content);
            }
            oid::CRL_NUMBER => {}
            oid::DELTA_CRL => self.delta = true,
            oid::ISSUING_DISTRIBUTION_POINT => self.scope = Scope::parse(value)?,
            oid::EXPIRED_CERTS_ON_CRL => {
                self.keeps_expired_since = Some(moment(value)?);
            }
            _ => self.unknown_critical |= extension.critical,
        }
        Ok(())
    }

    /// What stands against using the list at all: what must be understood and is not.
    pub fn defect(&self) -> Option<Defect> {
        self.unknown_critical.then_some(Defect::RuleUnknown)
    }

    /// Whether the list would name `certificate` if it were revoked for any reason (RFC 5280,
    /// 6.3.3, b).
    pub fn covers(&self, certificate: &Certificate<'_>) -> Result<(), Defect> {
        let scope = &self.scope;
        if self.delta {
            return Err(Defect::Delta);
        }
        if scope.indirect {
            return Err(Defect::Indirect);
        }
        let is_ca = certificate.extensions.is_ca;
        let other_kind = scope.only_attributes
            || scope.only_end_entities && is_ca
            || scope.only_authorities && !is_ca;
        if other_kind || !self.names_point_of(certificate)? {
            return Err(Defect::Scope);
        }
        if scope.some_reasons {
            return Err(Defect::SomeReasons);
        }
        Ok(())
    }

    /// A list for one distribution point speaks of the certificates that name this point.
    fn names_point_of(&self, certificate: &Certificate<'_>) -> Result<bool, Defect> {
        let own = match &self.scope.point {
            None => return Ok(true),
            Some(Point::Relative) => return Ok(false),
            Some(Point::Full(names)) => names,
        };
        let Some(points) = certificate.extensions.distribution_points else {
            return Ok(false);
        };
        for point in points.children(NAMES_MAX)? {
            let mut reader = point.expect(tag::SEQUENCE)?.reader();
            let Some(wrapped) = reader.optional(tag::context_constructed(0))? else {
                continue;
            };
            let name = wrapped.only()?;
            if name.tag == tag::context_constructed(0) {
                let names = name.children(NAMES_MAX)?;
                if names
                    .iter()
                    .any(|one| own.iter().any(|own| own.raw == one.raw))
                {
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }

    /// What the list says of the certificate with this serial number.
    pub fn find(&self, serial: &[u8]) -> Result<Option<Entry>, Defect> {
        let index = self.index.get_or_init(|| self.make_index());
        if let Some(defect) = index.defect {
            return Err(defect);
        }
        let mut weightiest = None;
        for one in self.entries_of(serial) {
            // RFC 5280, 5.3.1: only delta lists take certificates off.
            if one.entry.reason == Some(RevocationReason::REMOVED) {
                match self.delta {
                    true => continue,
                    false => return Err(Defect::Malformed),
                }
            }
            weightiest = weightier(weightiest, one.entry);
        }
        Ok(weightiest)
    }

    /// The entry for this serial number, in a list that may not be used as well: what could be read
    /// of it.
    pub fn names(&self, serial: &[u8]) -> Option<Entry> {
        let entries = self.entries_of(serial).map(|one| one.entry);
        let revoking = entries.filter(|one| one.reason != Some(RevocationReason::REMOVED));
        revoking.fold(None, weightier)
    }

    /// The entries for this serial number.
    fn entries_of(&self, serial: &[u8]) -> impl Iterator<Item = ReadEntry<'a>> {
        let index = self.index.get_or_init(|| self.make_index());
        let places = &index.places;
        let first = places.partition_point(|place| self.serial_at(*place) < serial);
        let own = places.get(first..).unwrap_or_default().iter();
        let own = own.filter_map(|place| read_entry(self.node_at(*place).ok()?).ok());
        own.take_while(move |one| one.serial == serial)
    }

    fn node_at(&self, place: u32) -> Result<Node<'a>, Asn1Error> {
        let place = usize::try_from(place).map_err(|_| Asn1Error::Truncated)?;
        let bytes = self.entries.get(place..).ok_or(Asn1Error::Truncated)?;
        Ok(asn1::read(bytes)?.0)
    }

    fn serial_at(&self, place: u32) -> &'a [u8] {
        let serial = self.node_at(place).and_then(|node| node.reader().next());
        serial.map_or(&[], |serial| serial.content)
    }

    /// Reads every entry once: one that cannot be read, or must be understood and is not, makes the
    /// whole list unusable (RFC 5280, 5.3).
    fn make_index(&self) -> Index {
        let mut index = Index::default();
        let mut rest = self.entries;
        // An entry that names no issuer is of the issuer of the one before (5.3.3).
        let mut is_own = true;
        while !rest.is_empty() {
            let place = self.entries.len().saturating_sub(rest.len());
            let Ok((node, after)) = asn1::read(rest) else {
                index.object(Defect::Malformed);
                break;
            };
            rest = after;
            let Ok(one) = read_entry(node) else {
                index.object(Defect::Malformed);
                continue;
            };
            if let Some(names) = one.issuer {
                // Of another issuer: an indirect list that does not say so.
                if !self.scope.indirect {
                    index.object(Defect::Indirect);
                }
                is_own = self.is_among(names).unwrap_or_else(|_| {
                    index.object(Defect::Malformed);
                    false
                });
            }
            if let Some(defect) = one.defect {
                index.object(defect);
            }
            match u32::try_from(place) {
                Ok(place) if is_own => index.places.push(place),
                Ok(_) => {}
                Err(_) => index.object(Defect::Malformed),
            }
        }
        index.places.sort_by_key(|place| self.serial_at(*place));
        index
    }
}

impl Index {
    /// The first defect counts.
    fn object(&mut self, defect: Defect) {
        self.defect.get_or_insert(defect);
    }
}

/// The one of two entries for a certificate that counts: a hold takes nothing from what is lasting.
fn weightier(known: Option<Entry>, other: Entry) -> Option<Entry> {
    let weight = |one: &Entry| (one.reason == Some(RevocationReason::HOLD), one.at);
    let known = known.filter(|known| weight(known) <= weight(&other));
    known.or(Some(other))
}

impl Crl<'_> {
    /// Whether the issuer of the list is one of these `GeneralNames`.
    fn is_among(&self, names: &[u8]) -> Result<bool, Asn1Error> {
        let names = asn1::read_all(names, tag::SEQUENCE)?.children(NAMES_MAX)?;
        let mut directory = names
            .iter()
            .filter(|one| one.tag == tag::context_constructed(4));
        Ok(directory.any(|one| names::is_same(one.content, self.issuer.raw)))
    }
}

impl<'a> Scope<'a> {
    fn parse(value: &'a [u8]) -> Result<Self, Asn1Error> {
        let mut reader = asn1::read_all(value, tag::SEQUENCE)?.reader();
        let mut scope = Self::default();
        if let Some(wrapped) = reader.optional(tag::context_constructed(0))? {
            let name = wrapped.only()?;
            scope.point = Some(match name.tag == tag::context_constructed(0) {
                true => Point::Full(name.children(NAMES_MAX)?),
                false => Point::Relative,
            });
        }
        let mut last = tag::context(0);
        while !reader.is_empty() {
            let node = reader.next()?;
            // Each once and in order: whoever takes the first and whoever takes the last of two
            // read two lists.
            if node.tag <= last {
                return Err(Asn1Error::Value);
            }
            last = node.tag;
            let flag = Node {
                tag: tag::BOOLEAN,
                ..node
            };
            let is_set = match node.tag == tag::context(3) {
                true => !node.content.is_empty(),
                false => flag.boolean()?,
            };
            match node.tag {
                one if one == tag::context(1) => scope.only_end_entities = is_set,
                one if one == tag::context(2) => scope.only_authorities = is_set,
                one if one == tag::context(3) && is_set => scope.some_reasons = true,
                one if one == tag::context(4) => scope.indirect = is_set,
                one if one == tag::context(5) => scope.only_attributes = is_set,
                _ => return Err(Asn1Error::Value),
            }
        }
        let kinds = [
            scope.only_end_entities,
            scope.only_authorities,
            scope.only_attributes,
        ];
        // RFC 5280, 5.2.5: at most one of them.
        if kinds.iter().filter(|one| **one).count() > 1 {
            return Err(Asn1Error::Value);
        }
        Ok(scope)
    }
}

/// One extension of a list, an entry or an answer.
pub(crate) struct Extension<'a> {
    pub id: ObjectIdentifier,
    pub critical: bool,
    pub value: &'a [u8],
}

/// The extensions in a `SEQUENCE OF Extension`, none of which may stand twice (RFC 5280, 4.2).
pub(crate) fn each_extension<'a>(
    list: Node<'a>,
) -> Result<impl Iterator<Item = Result<Extension<'a>, Asn1Error>>, Asn1Error> {
    let nodes = list.expect(tag::SEQUENCE)?.children(EXTENSIONS_MAX)?;
    let mut seen = Vec::new();
    Ok(nodes.into_iter().map(move |node| {
        let mut reader = node.expect(tag::SEQUENCE)?.reader();
        let id = reader.expect(tag::OID)?.oid()?;
        let critical = match reader.optional(tag::BOOLEAN)? {
            Some(node) => node.boolean()?,
            None => false,
        };
        let value = reader.expect(tag::OCTET_STRING)?.content;
        reader.finish()?;
        if seen.contains(&id) {
            return Err(Asn1Error::Value);
        }
        seen.push(id);
        Ok(Extension {
            id,
            critical,
            value,
        })
    }))
}

/// An entry as far as it can be read.
struct ReadEntry<'a> {
    serial: &'a [u8],
    entry: Entry,
    /// The issuer that it names.
    issuer: Option<&'a [u8]>,
    /// What stands against using it.
    defect: Option<Defect>,
}

/// Reads an entry; what cannot be read behind its moment is a defect of it.
fn read_entry(node: Node<'_>) -> Result<ReadEntry<'_>, Asn1Error> {
    let mut reader = node.expect(tag::SEQUENCE)?.reader();
    let serial = reader.next()?.integer()?;
    let mut one = ReadEntry {
        serial,
        entry: Entry {
            at: reader.next()?.time()?,
            reason: None,
            invalid_since: None,
        },
        issuer: None,
        defect: None,
    };
    if let Err(defect) = one.take_extensions(reader) {
        one.defect = Some(defect);
    }
    Ok(one)
}

impl<'a> ReadEntry<'a> {
    fn take_extensions(&mut self, mut reader: Reader<'a>) -> Result<(), Defect> {
        let list = reader.optional(tag::SEQUENCE)?;
        reader.finish()?;
        let Some(list) = list else {
            return Ok(());
        };
        let mut unknown = false;
        for extension in each_extension(list)? {
            let extension = extension?;
            match extension.id {
                oid::CRL_REASON => {
                    let code = asn1::read_all(extension.value, tag::ENUMERATED)?.enumerated()?;
                    self.entry.reason = Some(RevocationReason(code));
                }
                oid::INVALIDITY_DATE => {
                    self.entry.invalid_since = Some(moment(extension.value)?);
                }
                oid::CERTIFICATE_ISSUER => self.issuer = Some(extension.value),
                _ => unknown |= extension.critical,
            }
        }
        match unknown {
            true => Err(Defect::RuleUnknown),
            false => Ok(()),
        }
    }
}

/// `GeneralizedTime`, which an extension holds.
pub(crate) fn moment(value: &[u8]) -> Result<Instant, Asn1Error> {
    asn1::read_all(value, tag::GENERALIZED_TIME)?.time()
}
