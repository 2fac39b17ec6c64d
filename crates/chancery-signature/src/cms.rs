//! CMS `SignedData` by slices (RFC 5652, 5): DER, and BER where older programs write it.

use std::borrow::Cow;

use const_oid::ObjectIdentifier;

use crate::asn1::{self, Asn1Error, Node, tag};
use crate::digest::DigestAlgorithm;
use crate::encode;
use crate::oid;
use crate::scheme::{self, AlgorithmId};

/// Most signers in one structure.
const SIGNERS_MAX: usize = 64;
/// Most certificates in one structure.
const CERTIFICATES_MAX: usize = 256;
/// Most bytes of all certificates together: each report on a signer reads its own several times.
const CERTIFICATES_BYTES_MAX: usize = 512 * 1024;
/// Most digests that are named: an identifier stands once for each signer in some structures.
const DIGESTS_MAX: usize = SIGNERS_MAX;
/// Most of them that we do not know, or that have parameters of their own.
const ODD_DIGESTS_MAX: usize = 4;
/// Longest name of a digest that we do not know, in characters.
const UNKNOWN_NAME_MAX: usize = 40;
/// Longest parameters of an algorithm, in bytes: three names of GOST's.
const PARAMETERS_MAX: usize = 48;
/// Longest parameters of RSA-PSS.
const PSS_PARAMETERS_MAX: usize = 96;
/// Most attributes of a signer, and most values of an attribute.
const ATTRIBUTES_MAX: usize = 256;

/// `SignedData`.
#[derive(Clone, Debug)]
pub(crate) struct SignedData<'a> {
    /// The digests that it says its signers use.
    digests: Vec<Node<'a>>,
    /// The content with what wraps it, as it was sent.
    pub content_raw: Option<&'a [u8]>,
    pub content_type: ObjectIdentifier,
    pub content: Option<Cow<'a, [u8]>>,
    /// The X.509 certificates as they were sent; other kinds are left out.
    pub certificates: Vec<&'a [u8]>,
    /// The certificates of every kind as they were sent.
    pub certificate_choices: Vec<&'a [u8]>,
    /// Revocation information as it was sent.
    pub crls: Vec<Node<'a>>,
    pub signers: Vec<SignerInfo<'a>>,
}

/// `SignerInfo`.
#[derive(Clone, Debug)]
pub(crate) struct SignerInfo<'a> {
    pub signer: SignerId<'a>,
    pub digest_algorithm: AlgorithmId<'a>,
    pub signed: Option<Attributes<'a>>,
    pub signature_algorithm: AlgorithmId<'a>,
    pub value: Cow<'a, [u8]>,
    pub unsigned: Vec<Attribute<'a>>,
    /// All fields up to the value, as they were sent.
    pub to_value: &'a [u8],
}

/// How a signer names its certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SignerId<'a> {
    IssuerAndSerial { issuer: &'a [u8], serial: &'a [u8] },
    KeyId(&'a [u8]),
}

/// Attributes with the bytes they were sent as.
#[derive(Clone, Debug)]
pub(crate) struct Attributes<'a> {
    node: Node<'a>,
    pub list: Vec<Attribute<'a>>,
}

/// One attribute.
#[derive(Clone, Debug)]
pub(crate) struct Attribute<'a> {
    pub kind: ObjectIdentifier,
    /// The same as it was sent.
    pub kind_raw: &'a [u8],
    pub values: Vec<Node<'a>>,
    /// The whole attribute as it was sent.
    pub raw: &'a [u8],
}

impl<'a> Attributes<'a> {
    /// All of them with their header, as they were sent.
    pub fn raw(&self) -> &'a [u8] {
        self.node.raw
    }
}

impl Attributes<'_> {
    /// The bytes that are signed: as sent, with the tag of `SET OF` (RFC 5652, 5.4).
    pub fn as_sent(&self) -> Vec<u8> {
        encode::value(tag::SET, self.node.content)
    }

    /// The same as DER asks: sorted, lengths definite. Equal to [`Attributes::as_sent`] for a
    /// careful sender.
    pub fn as_der(&self) -> Result<Vec<u8>, Asn1Error> {
        let parts = self.node.children(ATTRIBUTES_MAX)?;
        let parts: Result<Vec<Vec<u8>>, Asn1Error> =
            parts.iter().map(|part| encode::der_of(part, 32)).collect();
        Ok(encode::set_of(&parts?))
    }
}

impl<'a> SignedData<'a> {
    /// Reads a `ContentInfo` that begins `bytes`; answers what follows it too.
    pub fn parse(bytes: &'a [u8]) -> Result<(Self, &'a [u8]), Asn1Error> {
        let (node, rest) = asn1::read(bytes)?;
        let mut reader = node.expect(tag::SEQUENCE)?.reader();
        let kind = reader.expect(tag::OID)?.oid()?;
        if kind != oid::SIGNED_DATA {
            return Err(Asn1Error::Value);
        }
        let wrapped = reader.expect(tag::context_constructed(0))?;
        reader.finish()?;
        Ok((Self::from_node(wrapped.only()?)?, rest))
    }

    fn from_node(node: Node<'a>) -> Result<Self, Asn1Error> {
        let mut reader = node.expect(tag::SEQUENCE)?.reader();
        reader.next()?.small()?;
        let digests = reader.expect(tag::SET)?.children(DIGESTS_MAX)?;
        let mut encapsulated = reader.expect(tag::SEQUENCE)?.reader();
        let content_type = encapsulated.expect(tag::OID)?.oid()?;
        let wrapped = encapsulated.optional(tag::context_constructed(0))?;
        let content_raw = wrapped.map(|wrapped| wrapped.raw);
        let content = match wrapped {
            Some(wrapped) => Some(content_of(content_type, wrapped.only()?)?),
            None => None,
        };
        encapsulated.finish()?;
        let certificates = match reader.optional(tag::context_constructed(0))? {
            Some(set) => set.children(CERTIFICATES_MAX)?,
            None => Vec::new(),
        };
        let crls = match reader.optional(tag::context_constructed(1))? {
            Some(set) => set.children(CERTIFICATES_MAX)?,
            None => Vec::new(),
        };
        let bytes = certificates.iter().map(|node| node.raw.len());
        if bytes.fold(0, usize::saturating_add) > CERTIFICATES_BYTES_MAX {
            return Err(Asn1Error::Size);
        }
        let signers = reader.expect(tag::SET)?.children(SIGNERS_MAX)?;
        reader.finish()?;
        let x509 = certificates.iter().filter(|node| node.tag == tag::SEQUENCE);
        Ok(Self {
            digests,
            content_raw,
            content_type,
            content,
            certificates: x509.map(|node| node.raw).collect(),
            certificate_choices: certificates.iter().map(|node| node.raw).collect(),
            crls,
            signers: signers
                .into_iter()
                .map(SignerInfo::parse)
                .collect::<Result<_, _>>()?,
        })
    }
}

impl SignedData<'_> {
    /// Whether the algorithms that it and its signers name hold nothing beside their names: nobody
    /// signs those of the digests (RFC 5652, 5.4), and nothing else reads them.
    pub fn names_plain_digests(&self) -> bool {
        let mut odd = 0_usize;
        let listed = self.digests.iter().all(|node| {
            AlgorithmId::parse(*node).is_ok_and(|one| {
                let plain = is_known_digest(one.oid) && one.real_parameters().is_none();
                odd = odd.saturating_add(usize::from(!plain));
                let short = one.oid.to_string().len() <= UNKNOWN_NAME_MAX;
                (plain || short) && has_plain_parameters(&one)
            })
        });
        let signers = self.signers.iter();
        listed
            && odd <= ODD_DIGESTS_MAX
            && signers
                .clone()
                .all(|one| has_plain_parameters(&one.digest_algorithm))
            && signers
                .into_iter()
                .all(|one| has_plain_parameters(&one.signature_algorithm))
    }
}

/// A digest that is known, or a scheme in its place, as PKCS#7 of old has it.
fn is_known_digest(named: ObjectIdentifier) -> bool {
    DigestAlgorithm::from_oid(named).is_some() || scheme::digest_in_scheme(named).is_some()
}

/// Absent, `NULL` (RFC 5754, 2), or as short as a length, the names of GOST's and of PSS's own.
fn has_plain_parameters(algorithm: &AlgorithmId<'_>) -> bool {
    let most = match algorithm.oid {
        oid::RSA_PSS => PSS_PARAMETERS_MAX,
        _ => PARAMETERS_MAX,
    };
    match algorithm.parameters {
        None => true,
        Some(node) if node.tag == tag::NULL => node.content.is_empty(),
        Some(node) => node.raw.len() <= most,
    }
}

/// The content octets. PKCS#7 of old wraps other types than an octet string: their content octets
/// are signed without the header (RFC 5652, 5.2.1). Data never was anything else.
fn content_of(kind: ObjectIdentifier, node: Node<'_>) -> Result<Cow<'_, [u8]>, Asn1Error> {
    match node.tag {
        tag::SEQUENCE if ![oid::DATA, oid::TST_INFO].contains(&kind) => {
            Ok(Cow::Borrowed(node.content))
        }
        _ => node.octets(),
    }
}

impl<'a> SignerInfo<'a> {
    /// Reads one `SignerInfo`.
    pub fn parse(node: Node<'a>) -> Result<Self, Asn1Error> {
        let mut reader = node.expect(tag::SEQUENCE)?.reader();
        reader.next()?.small()?;
        let id = reader.next()?;
        let signer = if id.tag == tag::context(0) {
            SignerId::KeyId(id.content)
        } else {
            let mut parts = id.expect(tag::SEQUENCE)?.reader();
            let issuer = parts.expect(tag::SEQUENCE)?.raw;
            let serial = parts.next()?.integer()?;
            parts.finish()?;
            SignerId::IssuerAndSerial { issuer, serial }
        };
        let digest_algorithm = AlgorithmId::parse(reader.next()?)?;
        let signed = match reader.optional(tag::context_constructed(0))? {
            Some(node) => Some(Attributes {
                node,
                list: attributes(node)?,
            }),
            None => None,
        };
        let signature_algorithm = AlgorithmId::parse(reader.next()?)?;
        let value = reader.next()?.octets()?;
        let unsigned_bytes = reader.rest().len();
        let to_value = node.content.len().checked_sub(unsigned_bytes);
        let to_value = to_value.and_then(|len| node.content.get(..len));
        let unsigned = match reader.optional(tag::context_constructed(1))? {
            Some(node) => attributes(node)?,
            None => Vec::new(),
        };
        reader.finish()?;
        Ok(Self {
            signer,
            digest_algorithm,
            signed,
            signature_algorithm,
            value,
            unsigned,
            to_value: to_value.ok_or(Asn1Error::Truncated)?,
        })
    }
}

fn attributes(set: Node<'_>) -> Result<Vec<Attribute<'_>>, Asn1Error> {
    let mut list = Vec::new();
    for node in set.children(ATTRIBUTES_MAX)? {
        list.push(attribute(node)?);
    }
    Ok(list)
}

fn attribute(node: Node<'_>) -> Result<Attribute<'_>, Asn1Error> {
    let mut reader = node.expect(tag::SEQUENCE)?.reader();
    let kind = reader.expect(tag::OID)?;
    let values = reader.expect(tag::SET)?.children(ATTRIBUTES_MAX)?;
    reader.finish()?;
    Ok(Attribute {
        kind: oid::or_unknown(&kind)?,
        kind_raw: kind.raw,
        values,
        raw: node.raw,
    })
}

/// Reads one attribute that fills `bytes`.
pub(crate) fn attribute_of(bytes: &[u8]) -> Result<Attribute<'_>, Asn1Error> {
    attribute(asn1::read_all(bytes, tag::SEQUENCE)?)
}
