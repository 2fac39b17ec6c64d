//! Evidence for later years: certificates, revocation lists and OCSP answers that a file brings.

use std::collections::HashSet;

use chancery_pdf::{Dictionary, Object, Pdf};

use crate::asn1::tag;
use crate::cms::SignedData;
use crate::facts::{Der, EvidenceFacts};

/// Most pieces of one kind.
const PIECES_MAX: usize = 512;
/// Largest certificate, in bytes: the pool of them is gone through for every signature.
const CERTIFICATE_BYTES_MAX: usize = 16 * 1024;
/// Largest piece of another kind, in bytes.
const PIECE_BYTES_MAX: usize = 16 * 1024 * 1024;
/// All pieces together, in bytes.
const BYTES_MAX: usize = 64 * 1024 * 1024;

/// Collects pieces within the bounds, each once.
#[derive(Default)]
struct Collector {
    facts: EvidenceFacts,
    bytes: usize,
    seen: HashSet<Vec<u8>>,
}

#[derive(Clone, Copy)]
enum Kind {
    Certificate,
    Crl,
    Ocsp,
}

impl Collector {
    fn add(&mut self, kind: Kind, raw: &[u8]) {
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
            self.facts.cut = true;
            return;
        }
        let digest = crate::DigestAlgorithm::Sha256.digest(&[raw]);
        if self.seen.insert(digest) {
            self.bytes = total;
            list.push(Der(raw.to_vec()));
        }
    }
}

/// What a structure brings beside its certificates: `SignedData.crls` (RFC 5652, 10.2.1).
pub(crate) fn of_structure(structure: &SignedData<'_>) -> EvidenceFacts {
    let mut collector = Collector::default();
    for node in &structure.crls {
        if node.tag == tag::SEQUENCE {
            collector.add(Kind::Crl, node.raw);
        } else if let Some(ocsp) = other_revocation(node) {
            collector.add(Kind::Ocsp, ocsp);
        }
    }
    collector.facts
}

/// `OtherRevocationInfoFormat` with an OCSP response (RFC 5940, 2.1).
fn other_revocation<'a>(node: &crate::asn1::Node<'a>) -> Option<&'a [u8]> {
    if node.tag != tag::context_constructed(1) {
        return None;
    }
    let mut reader = node.reader();
    reader.next().ok()?.oid().ok()?;
    Some(reader.next().ok()?.raw)
}

/// What the document security store of the newest revision holds. A store that cannot be read is
/// no evidence, and no reason to refuse the file.
pub(crate) fn of_store(pdf: &Pdf<'_>) -> EvidenceFacts {
    let mut collector = Collector::default();
    let store = pdf
        .catalog()
        .and_then(|catalog| pdf.value(&catalog, b"DSS"));
    if let Ok(Object::Dictionary(store)) = store {
        take_lists(pdf, &store, [b"Certs", b"CRLs", b"OCSPs"], &mut collector);
        if let Ok(Object::Dictionary(records)) = pdf.value(&store, b"VRI") {
            for entry in records.entries().iter().take(PIECES_MAX) {
                if let Ok(Object::Dictionary(record)) = pdf.resolve(&entry.value) {
                    take_lists(pdf, &record, [b"Cert", b"CRL", b"OCSP"], &mut collector);
                }
            }
        }
    }
    collector.facts
}

fn take_lists(pdf: &Pdf<'_>, from: &Dictionary, keys: [&[u8]; 3], collector: &mut Collector) {
    for (key, kind) in keys
        .into_iter()
        .zip([Kind::Certificate, Kind::Crl, Kind::Ocsp])
    {
        let Ok(list) = pdf.value(from, key) else {
            continue;
        };
        for object in list.as_array().unwrap_or(&[]).iter().take(PIECES_MAX) {
            let Object::Reference(id) = object else {
                continue;
            };
            if let Ok(Object::Stream(stream)) = pdf.get(*id)
                && let Ok(decoded) = pdf.stream_bytes(*id, &stream)
            {
                collector.add(kind, &decoded);
            }
        }
    }
}
