//! CMS `SignedData` taken apart, so that more can be put into it: what was there keeps its bytes.
//!
//! Certificates, revocation information and unsigned attributes may be added to a structure
//! without touching what is signed (RFC 5652, 5.1 and 5.3). Sets are written in the order of DER.

use crate::asn1::{self, Asn1Error, Node, tag};
use crate::encode;
use crate::oid;

/// Most members of one set.
const MEMBERS_MAX: usize = 1_024;

/// A structure in parts.
#[derive(Clone, Debug)]
pub(crate) struct OpenedCms<'a> {
    version: u64,
    /// `digestAlgorithms` and `encapContentInfo`, as they were sent.
    head: [&'a [u8]; 2],
    certificates: Vec<Vec<u8>>,
    crls: Vec<Vec<u8>>,
    signers: Vec<OpenedSigner<'a>>,
}

/// A signer in parts.
#[derive(Clone, Debug)]
struct OpenedSigner<'a> {
    to_value: &'a [u8],
    unsigned: Vec<Vec<u8>>,
}

impl<'a> OpenedCms<'a> {
    /// Takes a `ContentInfo` apart that fills `bytes`.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, Asn1Error> {
        let mut outer = asn1::read_all(bytes, tag::SEQUENCE)?.reader();
        if outer.expect(tag::OID)?.oid()? != oid::SIGNED_DATA {
            return Err(Asn1Error::Value);
        }
        let wrapped = outer.expect(tag::context_constructed(0))?;
        outer.finish()?;
        let mut reader = wrapped.only()?.expect(tag::SEQUENCE)?.reader();
        let version = reader.next()?.small()?;
        let digests = reader.expect(tag::SET)?.raw;
        let encapsulated = reader.expect(tag::SEQUENCE)?.raw;
        let certificates = members(reader.optional(tag::context_constructed(0))?)?;
        let crls = members(reader.optional(tag::context_constructed(1))?)?;
        let signers = reader.expect(tag::SET)?.children(MEMBERS_MAX)?;
        reader.finish()?;
        let signers = signers.into_iter().map(OpenedSigner::parse);
        Ok(Self {
            version,
            head: [digests, encapsulated],
            certificates,
            crls,
            signers: signers.collect::<Result<_, _>>()?,
        })
    }

    /// Adds a certificate, DER; one that is there already is not added again.
    pub fn add_certificate(&mut self, der: &[u8]) {
        add(&mut self.certificates, der.to_vec());
    }

    /// Adds a revocation list, DER.
    pub fn add_crl(&mut self, der: &[u8]) {
        add(&mut self.crls, der.to_vec());
    }

    /// Adds an OCSP response, DER, as other revocation information (RFC 5940, 2.1).
    pub fn add_ocsp(&mut self, der: &[u8]) {
        let content = [encode::oid(oid::OCSP_IN_CMS).as_slice(), der].concat();
        add(
            &mut self.crls,
            encode::value(tag::context_constructed(1), &content),
        );
        // RFC 5652, 5.1: version 5 when there is such information.
        self.version = 5;
    }

    /// Adds an unsigned attribute, DER, to the signer at `place`, if there is one.
    pub fn add_unsigned(&mut self, place: usize, attribute: Vec<u8>) {
        if let Some(signer) = self.signers.get_mut(place) {
            signer.unsigned.push(attribute);
        }
    }

    /// How many signers there are.
    pub fn signer_count(&self) -> usize {
        self.signers.len()
    }

    /// All certificates, as they will be written.
    pub fn certificates(&self) -> &[Vec<u8>] {
        &self.certificates
    }

    /// All revocation information, as it will be written.
    pub fn crls(&self) -> &[Vec<u8>] {
        &self.crls
    }

    /// The fields of the signer at `place` up to its value, and its unsigned attributes.
    pub fn signer(&self, place: usize) -> Option<(&'a [u8], &[Vec<u8>])> {
        let signer = self.signers.get(place)?;
        Some((signer.to_value, &signer.unsigned))
    }

    /// Puts everything together again.
    pub fn encode(&self) -> Vec<u8> {
        let set = |number: u8, parts: &[Vec<u8>]| match parts {
            [] => Vec::new(),
            parts => encode::value(tag::context_constructed(number), &encode::sorted(parts)),
        };
        let signers: Vec<Vec<u8>> = self.signers.iter().map(OpenedSigner::encode).collect();
        let [digests, encapsulated] = self.head;
        let signed_data = encode::sequence(&[
            &encode::unsigned(&self.version.to_be_bytes()),
            digests,
            encapsulated,
            &set(0, &self.certificates),
            &set(1, &self.crls),
            &encode::set_of(&signers),
        ]);
        encode::sequence(&[
            &encode::oid(oid::SIGNED_DATA),
            &encode::explicit(0, &signed_data),
        ])
    }
}

impl<'a> OpenedSigner<'a> {
    fn parse(node: Node<'a>) -> Result<Self, Asn1Error> {
        let mut reader = node.expect(tag::SEQUENCE)?.reader();
        // Version, identifier, digest algorithm.
        for _ in 0..3 {
            reader.next()?;
        }
        reader.optional(tag::context_constructed(0))?;
        // Signature algorithm, value.
        for _ in 0..2 {
            reader.next()?;
        }
        let rest = reader.rest().len();
        let to_value = node.content.len().checked_sub(rest);
        let to_value = to_value.and_then(|len| node.content.get(..len));
        let unsigned = members(reader.optional(tag::context_constructed(1))?)?;
        reader.finish()?;
        Ok(Self {
            to_value: to_value.ok_or(Asn1Error::Truncated)?,
            unsigned,
        })
    }

    fn encode(&self) -> Vec<u8> {
        let unsigned = match self.unsigned.as_slice() {
            [] => Vec::new(),
            parts => encode::value(tag::context_constructed(1), &encode::sorted(parts)),
        };
        encode::sequence(&[self.to_value, &unsigned])
    }
}

fn members(set: Option<Node<'_>>) -> Result<Vec<Vec<u8>>, Asn1Error> {
    let Some(set) = set else {
        return Ok(Vec::new());
    };
    let members = set.children(MEMBERS_MAX)?;
    Ok(members.iter().map(|node| node.raw.to_vec()).collect())
}

fn add(list: &mut Vec<Vec<u8>>, der: Vec<u8>) {
    if !list.contains(&der) {
        list.push(der);
    }
}
