//! Revocation lists by slices (RFC 5280, 5): whose they are, what they speak of, whom they name.
//!
//! A list is used only if everything in it that must be understood is understood. What is not read
//! here as a plain, complete list of its own issuer answers a [`Defect`], and settles nothing.

use std::cell::OnceCell;

use chancery_types::Instant;

use crate::asn1::{self, Asn1Error, Node, tag};
use crate::certificate::Certificate;
pub(crate) use crate::crl_entry::{Entry, RevocationReason, each_extension, moment};
use crate::crl_entry::{Extension, Index, ReadEntry, read_entry, weightier};
use crate::names;
use crate::oid;
use crate::scheme::AlgorithmId;

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
    /// There are more certificates that may lead to who made it than are looked at.
    Unsearched,
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
            Self::Unsearched => "unsearched",
        }
    }
}

impl From<Asn1Error> for Defect {
    fn from(_: Asn1Error) -> Self {
        Self::Malformed
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
