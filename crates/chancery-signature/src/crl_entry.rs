//! Entries of revocation lists (RFC 5280, 5.3), and the extensions that lists, entries and answers
//! have.

use chancery_types::Instant;
use const_oid::ObjectIdentifier;

use crate::asn1::{self, Asn1Error, Node, Reader, tag};
use crate::crl::Defect;
use crate::oid;

/// Most extensions of a list or of one of its entries.
const EXTENSIONS_MAX: usize = 64;

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

    /// Whether the key is in other hands.
    pub fn is_of_key(&self) -> bool {
        self.reason.is_some_and(RevocationReason::is_of_key)
    }

    /// Whether it may be lifted again.
    pub fn is_hold(&self) -> bool {
        self.reason == Some(RevocationReason::HOLD)
    }
}

/// The entries of a list.
#[derive(Debug, Default)]
pub(crate) struct Index {
    /// Where each stands, sorted by serial number.
    pub places: Vec<u32>,
    /// What makes all of them unusable.
    pub defect: Option<Defect>,
}

impl Index {
    /// The first defect counts.
    pub fn object(&mut self, defect: Defect) {
        self.defect.get_or_insert(defect);
    }
}

/// The one of two entries for a certificate that counts: a hold takes nothing from what is lasting.
pub(crate) fn weightier(known: Option<Entry>, other: Entry) -> Option<Entry> {
    let weight = |one: &Entry| (one.reason == Some(RevocationReason::HOLD), one.at);
    let known = known.filter(|known| weight(known) <= weight(&other));
    known.or(Some(other))
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
pub(crate) struct ReadEntry<'a> {
    pub serial: &'a [u8],
    pub entry: Entry,
    /// The issuer that it names.
    pub issuer: Option<&'a [u8]>,
    /// What stands against using it.
    pub defect: Option<Defect>,
}

/// Reads an entry; what cannot be read behind its moment is a defect of it.
pub(crate) fn read_entry(node: Node<'_>) -> Result<ReadEntry<'_>, Asn1Error> {
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
