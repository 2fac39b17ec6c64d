//! The document security store (ISO 32000-2:2020, 12.8.4.3; EN 319 142-1, 5.4.2): certificates,
//! revocation lists and OCSP answers that a file keeps for later years.
//!
//! Records for single signatures (`/VRI`) are optional, and none are written; those that are there
//! stay.

use std::collections::HashSet;

use sha2::{Digest, Sha256};

use crate::append::Update;
use crate::error::PdfError;
use crate::limits::Limits;
use crate::object::{Dictionary, Object, ObjectId};
use crate::reader::Pdf;

/// Most pieces of one kind in a store.
const PIECES_MAX: usize = 512;
/// Most bytes of one certificate.
const CERTIFICATE_BYTES_MAX: usize = 16 * 1024;
/// Most bytes of another piece.
const PIECE_BYTES_MAX: usize = 16 * 1024 * 1024;
/// Most bytes that are added at once.
const BYTES_MAX: usize = 64 * 1024 * 1024;

/// What to keep, each piece in DER. Nothing of it is looked into.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Evidence {
    /// Certificates, at most 16 KiB each.
    pub certificates: Vec<Vec<u8>>,
    /// Revocation lists, at most 16 MiB each.
    pub crls: Vec<Vec<u8>>,
    /// OCSP responses (RFC 6960, 4.2.1), at most 16 MiB each.
    pub ocsps: Vec<Vec<u8>>,
}

/// The key of a list, its pieces, and the most bytes of one.
type List<'e> = (&'static [u8], &'e [Vec<u8>], usize);

impl Evidence {
    fn lists(&self) -> [List<'_>; 3] {
        [
            (b"Certs", &self.certificates, CERTIFICATE_BYTES_MAX),
            (b"CRLs", &self.crls, PIECE_BYTES_MAX),
            (b"OCSPs", &self.ocsps, PIECE_BYTES_MAX),
        ]
    }
}

/// Adds `evidence` to the store of `original` as one more revision: the bytes to append, or nothing
/// if the store holds every piece already.
///
/// Pieces are told apart by their bytes, and each is kept once. The store is made if there is none.
///
/// # Errors
///
/// * Whatever [`Pdf::open`] and [`Update::new`] refuse.
/// * [`PdfError::LimitExceeded`] for more than 512 pieces of a kind, those that are there included,
///   for a piece that is too large, and for more than 64 MiB at once.
pub fn append_evidence(
    original: &[u8],
    limits: &Limits,
    evidence: &Evidence,
) -> Result<Option<Vec<u8>>, PdfError> {
    let pdf = Pdf::open(original, limits)?;
    let mut update = Update::new(&pdf)?;
    let catalog_id = pdf.catalog_id()?;
    let mut catalog = pdf.catalog()?;
    let own = catalog.get(b"DSS").and_then(Object::as_reference);
    let mut store = match pdf.value(&catalog, b"DSS")? {
        Object::Dictionary(store) => store,
        _ => Dictionary::new().with("Type", Object::name("DSS")),
    };
    let (mut left, mut added) = (BYTES_MAX, false);
    for (key, pieces, piece_max) in evidence.lists() {
        let (mut known, mut count) = held(&pdf, &store, key)?;
        for piece in pieces {
            if !known.insert(digest(piece)) {
                continue;
            }
            count = count.saturating_add(1);
            left = within(piece.len(), piece_max, left)?;
            if count > PIECES_MAX {
                return Err(limit("evidence_pieces_max", PIECES_MAX));
            }
            let id = update.add_stream(Dictionary::new(), piece)?;
            update.push_within(&mut store, key, Object::Reference(id))?;
            added = true;
        }
    }
    if !added {
        return Ok(None);
    }
    match own.filter(|id| matches!(pdf.get(*id), Ok(Object::Dictionary(_)))) {
        Some(id) => update.put(id, store),
        None => {
            let id = update.add(store);
            catalog.set(b"DSS", Object::Reference(id));
            update.put(catalog_id, catalog);
        }
    }
    update.write().map(|written| Some(written.tail))
}

/// How many bytes are left after this piece.
fn within(len: usize, piece_max: usize, left: usize) -> Result<usize, PdfError> {
    if len > piece_max {
        return Err(limit("evidence_piece_bytes_max", piece_max));
    }
    left.checked_sub(len)
        .ok_or_else(|| limit("evidence_bytes_max", BYTES_MAX))
}

fn limit(name: &'static str, max: usize) -> PdfError {
    PdfError::LimitExceeded {
        limit: name,
        max: max as u64,
    }
}

/// The digests of what one list of the store holds, and how long it is. What cannot be decoded is
/// nothing that could be added again.
fn held(
    pdf: &Pdf<'_>,
    store: &Dictionary,
    key: &[u8],
) -> Result<(HashSet<Vec<u8>>, usize), PdfError> {
    let list = pdf.value(store, key)?;
    let list = list.as_array().unwrap_or(&[]);
    let mut known = HashSet::new();
    for id in list.iter().filter_map(Object::as_reference) {
        known.extend(decoded(pdf, id)?.map(|bytes| digest(&bytes)));
    }
    Ok((known, list.len()))
}

fn decoded(pdf: &Pdf<'_>, id: ObjectId) -> Result<Option<Vec<u8>>, PdfError> {
    let Object::Stream(stream) = pdf.get(id)? else {
        return Ok(None);
    };
    match pdf.stream_bytes(id, &stream) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(limit @ PdfError::LimitExceeded { .. }) => Err(limit),
        Err(_) => Ok(None),
    }
}

fn digest(bytes: &[u8]) -> Vec<u8> {
    Sha256::digest(bytes).to_vec()
}
