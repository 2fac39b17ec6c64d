//! Evidence for later years: certificates, revocation lists and OCSP answers that a file brings.

use std::collections::HashSet;

use chancery_pdf::reader::Place;
use chancery_pdf::xref::XrefEntry;
use chancery_pdf::{Dictionary, Object, ObjectId, Pdf};
use const_oid::ObjectIdentifier;

use crate::asn1::{Asn1Error, Node, tag};
use crate::cms::{Attribute, SignedData, SignerInfo};
use crate::facts::{Change, Der, EvidenceFacts, Piece};
use crate::oid;

/// Most pieces of one kind.
const PIECES_MAX: usize = 512;
/// Largest certificate, in bytes: the pool of them is gone through for every signature.
const CERTIFICATE_BYTES_MAX: usize = 16 * 1024;
/// Largest piece of another kind, in bytes.
const PIECE_BYTES_MAX: usize = 16 * 1024 * 1024;
/// All pieces together, in bytes.
const BYTES_MAX: usize = 64 * 1024 * 1024;

/// Most references in all stores of a file that are looked at.
const REFERENCES_MAX: usize = 262_144;

/// Collects pieces within the bounds, each once.
#[derive(Default)]
struct Collector {
    facts: EvidenceFacts,
    bytes: usize,
    seen: HashSet<Vec<u8>>,
}

/// Where a piece stands.
#[derive(Clone, Copy, Default)]
struct Origin {
    revision: Option<u32>,
    signed: bool,
}

#[derive(Clone, Copy)]
enum Kind {
    Certificate,
    Crl,
    Ocsp,
}

impl Collector {
    fn add(&mut self, kind: Kind, raw: &[u8], from: Origin) {
        let total = self.bytes.saturating_add(raw.len());
        let list = match kind {
            Kind::Certificate => &mut self.facts.certificates,
            Kind::Crl => &mut self.facts.crls,
            Kind::Ocsp => &mut self.facts.ocsps,
        };
        let most = match kind {
            Kind::Certificate => CERTIFICATE_BYTES_MAX,
            Kind::Crl | Kind::Ocsp => PIECE_BYTES_MAX,
        };
        if list.len() >= PIECES_MAX || raw.len() > most || total > BYTES_MAX {
            // Certificates that are missing hide no revocation.
            self.facts.cut |= !matches!(kind, Kind::Certificate);
            return;
        }
        let digest = crate::DigestAlgorithm::Sha256.digest(&[raw]);
        if self.seen.insert(digest) {
            self.bytes = total;
            list.push(Piece {
                der: Der::from(raw.to_vec()),
                revision: from.revision,
                signed: from.signed,
            });
        }
    }
}

/// What a structure brings beside its certificates: `SignedData.crls` (RFC 5652, 10.2.1), and
/// what the attributes of `signer` hold.
pub(crate) fn of_structure(
    structure: &SignedData<'_>,
    signer: Option<&SignerInfo<'_>>,
) -> EvidenceFacts {
    gathered(&structure.crls, signer)
}

/// What the attributes of one signer hold.
pub(crate) fn of_signer(signer: &SignerInfo<'_>) -> EvidenceFacts {
    gathered(&[], Some(signer))
}

/// What one value of an attribute of this kind holds.
pub(crate) fn of_value(kind: ObjectIdentifier, value: &Node<'_>) -> EvidenceFacts {
    let mut collector = Collector::default();
    collector.take_value(kind, value, Origin::default());
    collector.facts
}

fn gathered(crls: &[Node<'_>], signer: Option<&SignerInfo<'_>>) -> EvidenceFacts {
    let mut collector = Collector::default();
    let apart = Origin::default();
    // Signed pieces first: of two equal ones, the one that is proven older is kept.
    if let Some(signer) = signer {
        let signed = Origin {
            signed: true,
            ..apart
        };
        for attribute in signer.signed.iter().flat_map(|signed| &signed.list) {
            collector.take_attribute(attribute, signed);
        }
    }
    for node in crls {
        if node.tag == tag::SEQUENCE {
            collector.add(Kind::Crl, node.raw, apart);
        } else if let Some(ocsp) = other_revocation(node) {
            collector.add(Kind::Ocsp, ocsp, apart);
        }
    }
    for attribute in signer.iter().flat_map(|signer| &signer.unsigned) {
        collector.take_attribute(attribute, apart);
    }
    collector.facts
}

/// `OtherRevocationInfoFormat` with an OCSP response (RFC 5940, 2.1).
pub(crate) fn other_revocation<'a>(node: &Node<'a>) -> Option<&'a [u8]> {
    if node.tag != tag::context_constructed(1) {
        return None;
    }
    let mut reader = node.reader();
    if reader.next().ok()?.oid().ok()? != oid::OCSP_IN_CMS {
        return None;
    }
    Some(reader.next().ok()?.raw)
}

impl Collector {
    fn take_attribute(&mut self, attribute: &Attribute<'_>, from: Origin) {
        for value in &attribute.values {
            self.take_value(attribute.kind, value, from);
        }
    }

    fn take_value(&mut self, kind: ObjectIdentifier, value: &Node<'_>, from: Origin) {
        // What cannot be read is no evidence; what is too much could be some.
        let taken = match kind {
            oid::ADOBE_REVOCATION | oid::REVOCATION_VALUES => {
                self.take_revocation_values(value, from)
            }
            oid::CERTIFICATE_VALUES => self.take_each(*value, Kind::Certificate, from),
            _ => return,
        };
        self.facts.cut |= taken == Err(Asn1Error::Count);
    }

    /// `RevocationInfoArchival` (ISO 32000-2, 12.8.3.3.2) and `RevocationValues` (EN 319 122-1,
    /// 5.4.2.2): lists under `[0]`, OCSP answers under `[1]`.
    fn take_revocation_values(&mut self, value: &Node<'_>, from: Origin) -> Result<(), Asn1Error> {
        let mut reader = value.expect(tag::SEQUENCE)?.reader();
        if let Some(wrapped) = reader.optional(tag::context_constructed(0))? {
            self.take_each(wrapped.only()?, Kind::Crl, from)?;
        }
        if let Some(wrapped) = reader.optional(tag::context_constructed(1))? {
            self.take_each(wrapped.only()?, Kind::Ocsp, from)?;
        }
        Ok(())
    }

    fn take_each(&mut self, list: Node<'_>, kind: Kind, from: Origin) -> Result<(), Asn1Error> {
        for node in list.expect(tag::SEQUENCE)?.children(PIECES_MAX)? {
            self.add(kind, node.raw, from);
        }
        Ok(())
    }
}

/// The document security stores of a file: what a later revision leaves out of its own was there
/// all the same. A store that cannot be read is no evidence, and no reason to refuse the file.
pub(crate) struct Stores<'p, 'a> {
    whole: &'p Pdf<'a>,
    collector: Collector,
    /// Pieces that were read, by the place among the kinds at which they stood and their own in
    /// the file: thousands of records may name one.
    met: HashSet<(usize, u64)>,
    /// References that were looked at.
    looked: usize,
}

impl<'p, 'a> Stores<'p, 'a> {
    /// Reads the store of the newest revision.
    pub fn of(whole: &'p Pdf<'a>) -> Self {
        let mut stores = Self {
            whole,
            collector: Collector::default(),
            met: HashSet::new(),
            looked: 0,
        };
        stores.take(whole);
        stores
    }

    /// What they held, newest first.
    pub fn finish(self) -> EvidenceFacts {
        self.collector.facts
    }

    /// Takes the store of `before` if the next revision, with these changes, may have left
    /// something out of its own.
    pub fn take_dropped(&mut self, before: &Pdf<'_>, changes: &[Change]) {
        let may_drop =
            |one: &Change| matches!(one, Change::EvidenceAdded | Change::Unexplained { .. });
        if changes.iter().any(may_drop) {
            self.take(before);
        }
    }

    /// Takes the store of `pdf`: the file, or its beginning up to the end of a revision.
    fn take(&mut self, pdf: &Pdf<'_>) {
        let store = pdf
            .catalog()
            .and_then(|catalog| pdf.value(&catalog, b"DSS"));
        let Ok(Object::Dictionary(store)) = store else {
            return;
        };
        let mut lists = HashSet::new();
        self.take_lists(pdf, &store, [b"Certs", b"CRLs", b"OCSPs"], &mut lists);
        if let Ok(Object::Dictionary(records)) = pdf.value(&store, b"VRI") {
            self.collector.facts.cut |= records.entries().len() > PIECES_MAX;
            for entry in records.entries().iter().take(PIECES_MAX) {
                if let Ok(Object::Dictionary(record)) = pdf.resolve(&entry.value) {
                    self.take_lists(pdf, &record, [b"Cert", b"CRL", b"OCSP"], &mut lists);
                }
            }
        }
    }

    /// `lists` are those of this store that were read, by the place among the kinds.
    fn take_lists(
        &mut self,
        pdf: &Pdf<'_>,
        from: &Dictionary,
        keys: [&[u8]; 3],
        lists: &mut HashSet<(usize, u32)>,
    ) {
        let kinds = [Kind::Certificate, Kind::Crl, Kind::Ocsp];
        for (place, (key, kind)) in keys.into_iter().zip(kinds).enumerate() {
            let known = from.get(key).and_then(Object::as_reference);
            if known.is_some_and(|id| !lists.insert((place, id.number))) {
                continue;
            }
            let Ok(list) = pdf.value(from, key) else {
                continue;
            };
            let list = list.as_array().unwrap_or(&[]);
            // Certificates that are missing hide no revocation.
            self.collector.facts.cut |= place > 0 && list.len() > PIECES_MAX;
            for object in list.iter().take(PIECES_MAX) {
                if self.looked >= REFERENCES_MAX {
                    self.collector.facts.cut = true;
                    return;
                }
                self.looked = self.looked.saturating_add(1);
                if let Object::Reference(id) = object {
                    self.take_piece(pdf, *id, (place, kind));
                }
            }
        }
    }

    fn take_piece(&mut self, pdf: &Pdf<'_>, id: ObjectId, (place, kind): (usize, Kind)) {
        let Some(XrefEntry::InFile { offset, .. }) = pdf.entry(id.number) else {
            return;
        };
        if !self.met.insert((place, offset)) {
            return;
        }
        let Ok(indirect) = pdf.indirect(id) else {
            return;
        };
        let (Object::Stream(stream), Place::File { offset, .. }) =
            (&indirect.object, indirect.place)
        else {
            return;
        };
        if let Ok(decoded) = pdf.stream_bytes(id, stream) {
            let from = Origin {
                revision: revision_of(self.whole, offset),
                signed: false,
            };
            self.collector.add(kind, &decoded, from);
        }
    }
}

/// The revision whose bytes hold `offset`.
fn revision_of(pdf: &Pdf<'_>, offset: usize) -> Option<u32> {
    let revisions = pdf.revisions();
    let index = revisions.partition_point(|one| one.start <= offset);
    u32::try_from(index.checked_sub(1)?).ok()
}
