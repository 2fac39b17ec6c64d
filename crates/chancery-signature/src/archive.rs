//! Archive timestamps of CAdES: what they are over, and what they prove to exist (EN 319 122-1,
//! 5.5.3; the form before it, TS 101 733, 6.4.3, has another index of hashes).
//!
//! The older archive-time-stamp (v2) and the oldest are told and not verified: what they are over
//! depends on an order of attributes that structures do not keep.

use std::collections::HashSet;

use const_oid::ObjectIdentifier;

use crate::algorithm::DigestAlgorithm;
use crate::asn1::{Asn1Error, Node, tag};
use crate::cms::{Attribute, SignedData, SignerInfo};
use crate::content::Content;
use crate::encode;
use crate::evidence;
use crate::facts::{Agreement, ArchiveFacts, EvidenceFacts};
use crate::gather_signer::gather_token;
use crate::oid;
use crate::opened::Opened;
use crate::scheme::AlgorithmId;
use crate::timestamp::TimestampToken;

/// Most archive timestamps of one signer.
const STAMPS_MAX: usize = 64;
/// Most hashes in one part of an index.
const HASHES_MAX: usize = 1_024;

/// Gathers the archive timestamps over one signer.
pub(crate) fn gather_archives(
    opened: &Opened<'_, '_>,
    signer: &SignerInfo<'_>,
    content: Option<Content<'_>>,
) -> Vec<ArchiveFacts> {
    let kinds = [
        oid::ARCHIVE_TIMESTAMP,
        oid::ARCHIVE_TIMESTAMP_V2,
        oid::ARCHIVE_TIMESTAMP_V3,
    ];
    let stamps = signer.unsigned.iter();
    let stamps = stamps.filter(|attribute| kinds.contains(&attribute.kind));
    let values = stamps.flat_map(|attribute| {
        let kind = attribute.kind;
        attribute.values.iter().map(move |value| (kind, value))
    });
    let mut values = values.peekable();
    let stamps = values.by_ref().take(STAMPS_MAX);
    let stamps = stamps
        .map(|(kind, value)| {
            if kind == oid::ARCHIVE_TIMESTAMP_V3 {
                return gather_v3(opened, signer, content, value);
            }
            let mut token = gather_token(value.raw, Content::of(&[]), opened.work, Some(opened));
            token.imprint = Agreement::Unknown;
            ArchiveFacts {
                token,
                supported: false,
                index_digest: None,
                covers: Vec::new(),
            }
        })
        .collect();
    if values.peek().is_some() {
        opened
            .work
            .exceed("archive_timestamps_max", STAMPS_MAX as u64);
    }
    stamps
}

fn gather_v3(
    opened: &Opened<'_, '_>,
    signer: &SignerInfo<'_>,
    content: Option<Content<'_>>,
    value: &Node<'_>,
) -> ArchiveFacts {
    let prepared = SignedData::parse(value.raw)
        .ok()
        .and_then(|(stamp, _)| prepare(&stamp, signer, opened, content));
    let Some(prepared) = prepared else {
        let mut token = gather_token(value.raw, Content::of(&[]), opened.work, Some(opened));
        token.imprint = Agreement::Unknown;
        return ArchiveFacts {
            token,
            supported: true,
            index_digest: None,
            covers: Vec::new(),
        };
    };
    let parts: Vec<&[u8]> = prepared.message.iter().map(Vec::as_slice).collect();
    let mut token = gather_token(value.raw, Content::of(&parts), opened.work, Some(opened));
    // A hash in the index that stands for nothing: something was taken away.
    if !prepared.complete && token.imprint == Agreement::Agrees {
        token.imprint = Agreement::Differs;
    }
    ArchiveFacts {
        token,
        supported: true,
        index_digest: Some(prepared.index_digest),
        covers: prepared.covers,
    }
}

/// What an archive timestamp is over, and what follows from it.
struct Prepared {
    message: Vec<Vec<u8>>,
    /// Whether every hash of the index stands for something that is there.
    complete: bool,
    index_digest: DigestAlgorithm,
    covers: Vec<String>,
}

fn prepare(
    stamp: &SignedData<'_>,
    signer: &SignerInfo<'_>,
    opened: &Opened<'_, '_>,
    content: Option<Content<'_>>,
) -> Option<Prepared> {
    let structure = opened.structure;
    let token = TimestampToken::from_tst_info(stamp.content.as_deref()?).ok()?;
    let [authority] = stamp.signers.as_slice() else {
        return None;
    };
    let index = HashIndex::of(authority)?;
    let hash = token.imprint_algorithm?;
    // The content stands as its hash, whatever else the imprint is over (5.5.3, step 2).
    let message = vec![
        encode::oid(structure.content_type),
        content?.digest(hash)?,
        signer.to_value.to_vec(),
        index.raw.to_vec(),
    ];
    let mut covered = Covered::default();
    let certificates = structure.certificate_choices.iter().map(|raw| (*raw, *raw));
    let mut complete = index.each(opened, &index.certificates, certificates, |raw| {
        covered.add(opened, raw, || vec![digest_of(raw)]);
    });
    let lists = structure.crls.iter().map(|node| (node.raw, *node));
    complete &= index.each(opened, &index.crls, lists, |node| {
        let inside = || evidence::other_revocation(&node).unwrap_or(node.raw);
        covered.add(opened, node.raw, || vec![digest_of(inside())]);
    });
    complete &= index.each_attribute(opened, &signer.unsigned, |attribute, value| {
        covered.add(opened, value.raw, || things_in_value(attribute.kind, value));
    });
    (!covered.is_cut).then(|| Prepared {
        message,
        complete,
        index_digest: index.digest,
        covers: covered.digests.into_iter().collect(),
    })
}

/// `ATSHashIndex`, of either form.
struct HashIndex<'a> {
    raw: &'a [u8],
    digest: DigestAlgorithm,
    certificates: HashSet<&'a [u8]>,
    crls: HashSet<&'a [u8]>,
    unsigned: HashSet<&'a [u8]>,
    /// Whether attributes stand as they are, not value by value.
    whole_attributes: bool,
}

impl<'a> HashIndex<'a> {
    /// The index in the unsigned attributes of the authority's signature: one, with one value.
    fn of(authority: &SignerInfo<'a>) -> Option<Self> {
        let kinds = [oid::ATS_HASH_INDEX, oid::ATS_HASH_INDEX_V3];
        let mut found = authority.unsigned.iter();
        let attribute = found.find(|attribute| kinds.contains(&attribute.kind))?;
        if found.any(|other| kinds.contains(&other.kind)) {
            return None;
        }
        let [value] = attribute.values.as_slice() else {
            return None;
        };
        Self::parse(*value, attribute.kind).ok()?
    }

    fn parse(value: Node<'a>, kind: ObjectIdentifier) -> Result<Option<Self>, Asn1Error> {
        let parts = value.expect(tag::SEQUENCE)?.children(4)?;
        let (named, lists) = match parts.as_slice() {
            [named, lists @ ..] if lists.len() == 3 => (Some(*named), lists),
            lists if kind == oid::ATS_HASH_INDEX => (None, lists),
            _ => return Err(Asn1Error::Value),
        };
        let [certificates, crls, unsigned] = lists else {
            return Err(Asn1Error::Value);
        };
        let digest = match named {
            None => Some(DigestAlgorithm::Sha256),
            Some(named) => DigestAlgorithm::from_oid(AlgorithmId::parse(named)?.oid),
        };
        let Some(digest) = digest else {
            return Ok(None);
        };
        Ok(Some(Self {
            raw: value.raw,
            digest,
            certificates: hashes(certificates)?,
            crls: hashes(crls)?,
            unsigned: hashes(unsigned)?,
            whole_attributes: kind == oid::ATS_HASH_INDEX,
        }))
    }

    /// Calls `found` for each part whose hash is in `wanted`; answers whether all are found.
    fn each<'p, T>(
        &self,
        opened: &Opened<'_, '_>,
        wanted: &HashSet<&[u8]>,
        parts: impl Iterator<Item = (&'p [u8], T)>,
        mut found: impl FnMut(T),
    ) -> bool {
        let mut seen = HashSet::new();
        for (raw, part) in parts {
            let hash = opened.digest(self.digest, &[], raw);
            if wanted.contains(&*hash) {
                seen.insert(hash);
                found(part);
            }
        }
        seen.len() == wanted.len()
    }

    fn each_attribute<'n>(
        &self,
        opened: &Opened<'_, '_>,
        unsigned: &[Attribute<'n>],
        mut found: impl FnMut(&Attribute<'n>, &Node<'n>),
    ) -> bool {
        let mut seen = HashSet::new();
        for attribute in unsigned {
            for value in &attribute.values {
                let hash = match self.whole_attributes {
                    true => opened.digest(self.digest, &[], attribute.raw),
                    false => opened.digest(self.digest, attribute.kind_raw, value.raw),
                };
                if self.unsigned.contains(&*hash) {
                    seen.insert(hash);
                    found(attribute, value);
                }
            }
        }
        seen.len() == self.unsigned.len()
    }
}

fn hashes<'a>(list: &Node<'a>) -> Result<HashSet<&'a [u8]>, Asn1Error> {
    let hashes = list.expect(tag::SEQUENCE)?.children(HASHES_MAX)?;
    let hashes = hashes
        .iter()
        .map(|hash| Ok(hash.expect(tag::OCTET_STRING)?.content));
    hashes.collect()
}

/// SHA-256, hexadecimal, of everything that a timestamp proves to exist.
#[derive(Default)]
struct Covered {
    digests: std::collections::BTreeSet<String>,
    /// Whether there is more than may be proven: nothing is then.
    is_cut: bool,
}

impl Covered {
    /// Adds what some bytes of the structure prove to exist.
    fn add(&mut self, opened: &Opened<'_, '_>, bytes: &[u8], find: impl FnOnce() -> Vec<String>) {
        // Asked before anything is made: the next timestamp asks the same.
        self.is_cut |= !opened.work.covers(1);
        if self.is_cut {
            return;
        }
        let found = opened.covered(bytes, find);
        self.is_cut |= !opened.work.covers(found.len());
        if self.is_cut {
            return;
        }
        self.digests.extend(found.iter().cloned());
    }
}

/// What one value of an unsigned attribute brings: itself, evidence, and what a token brings.
fn things_in_value(kind: ObjectIdentifier, value: &Node<'_>) -> Vec<String> {
    let mut found = vec![digest_of(value.raw)];
    found.extend(things_in(&evidence::of_value(kind, value)));
    let stamps = [
        oid::SIGNATURE_TIMESTAMP,
        oid::ARCHIVE_TIMESTAMP,
        oid::ARCHIVE_TIMESTAMP_V2,
        oid::ARCHIVE_TIMESTAMP_V3,
    ];
    if stamps.contains(&kind)
        && let Ok((token, _)) = SignedData::parse(value.raw)
    {
        found.extend(token.certificates.iter().map(|raw| digest_of(raw)));
        if let [signer] = token.signers.as_slice() {
            let brought = evidence::of_structure(&token, Some(signer));
            found.extend(things_in(&brought));
        }
    }
    found
}

fn things_in(facts: &EvidenceFacts) -> Vec<String> {
    let lists = [&facts.certificates, &facts.crls, &facts.ocsps];
    let pieces = lists.into_iter().flatten();
    pieces.map(|piece| digest_of(&piece.der.0)).collect()
}

/// The name under which an archive timestamp covers some bytes.
pub(crate) fn digest_of(bytes: &[u8]) -> String {
    hex::encode(DigestAlgorithm::Sha256.digest(&[bytes]))
}
