//! From bytes to [`Facts`], as for CMS and PDF.

use chancery_signature::facts::{
    Agreement, AttributeFacts, CoverageFacts, Der, Facts, FileFormat, SignatureFacts,
    SignatureForm, SignerFacts, Unreadable, XmlCoverage, XmlFacts, XmlReferenceState,
};
use chancery_signature::{DigestAlgorithm, Verification, verify_value};
use chancery_xml::{Document, Element, NodeId, Subset, canonicalize};

use crate::algorithms::{digest_of, scheme_of};
use crate::coverage;
use crate::identifiers::Identifiers;
use crate::names::DSIG;
use crate::properties::{Named, Properties, instant_of};
use crate::reference::{self, Covered, References};
use crate::structure::{self, Structure};

/// Bounds on what one document may cost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// What the reader may spend.
    pub xml: chancery_xml::Limits,
    /// Most signatures that are read.
    pub signatures_max: usize,
    /// Most references of one signature.
    pub references_max: usize,
    /// Most transforms of one reference.
    pub transforms_max: usize,
    /// Most certificates in one signature.
    pub certificates_max: usize,
    /// Most octets in canonical form for all references of the document together.
    pub canonical_bytes_max: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            xml: chancery_xml::Limits::default(),
            signatures_max: 32,
            references_max: 64,
            transforms_max: 8,
            certificates_max: 64,
            canonical_bytes_max: 256 * 1024 * 1024,
        }
    }
}

/// One signature of a document.
#[derive(Clone, Debug)]
pub struct XmlSignature {
    /// Where it stands.
    pub element: NodeId,
    /// What was gathered of it.
    pub facts: SignatureFacts,
    covered: Vec<Covered>,
}

impl XmlSignature {
    /// What it covers: nothing, unless its value fits the key and every reference agrees.
    #[must_use]
    pub fn covered(&self) -> &[Covered] {
        let signer = self.facts.signer.as_ref();
        let fits = signer.is_some_and(|signer| {
            let attributes = signer.attributes.as_ref();
            let agrees = attributes.is_some_and(|one| one.message_digest == Agreement::Agrees);
            signer.value == Verification::Valid && agrees
        });
        if fits { &self.covered } else { &[] }
    }

    /// The signer's certificate (DER), if one was found.
    #[must_use]
    pub fn certificate(&self) -> Option<&[u8]> {
        let index = self.facts.signer.as_ref()?.certificate?;
        let der = self.facts.certificates.get(usize::try_from(index).ok()?)?;
        Some(&der.0)
    }
}

/// Gathers every signature of an XML document, but counter-signatures.
#[must_use]
pub fn gather_xml(bytes: &[u8], limits: &Limits) -> Facts {
    let mut facts = Facts::of(bytes, FileFormat::Xml);
    let document = match Document::parse(bytes, &limits.xml) {
        Ok(document) => document,
        Err(error) => {
            facts.unreadable = Some(Unreadable::new(error.code(), error));
            return facts;
        }
    };
    match read_signatures(&document, facts.bytes, limits) {
        Ok(signatures) => {
            for element in signature_elements(&document) {
                if let Ok(one) =
                    structure::read(element, limits.references_max, limits.certificates_max)
                    && let Ok(Some(properties)) = Properties::of(&one)
                {
                    properties.evidence(&mut facts.evidence);
                }
            }
            facts.signatures = signatures.into_iter().map(|one| one.facts).collect();
        }
        Err(limit) => facts.unreadable = Some(Unreadable::new("limit_exceeded", limit)),
    }
    facts
}

/// Reads every signature of a document of `bytes` bytes, but counter-signatures, in order.
///
/// # Errors
///
/// The name of the limit that is exceeded.
pub fn read_signatures(
    document: &Document,
    bytes: u64,
    limits: &Limits,
) -> Result<Vec<XmlSignature>, &'static str> {
    let identifiers = Identifiers::of(document);
    let mut bytes_left = limits.canonical_bytes_max;
    let mut found = Vec::new();
    for element in signature_elements(document) {
        if found.len() >= limits.signatures_max {
            return Err("signatures_max");
        }
        let mut reader = Reader {
            document,
            identifiers: &identifiers,
            limits,
            bytes_left: &mut bytes_left,
            bytes,
        };
        found.push(reader.read(element));
    }
    Ok(found)
}

/// The signatures of a document; one inside another's properties is a counter-signature.
fn signature_elements(document: &Document) -> impl Iterator<Item = Element<'_>> {
    let all = document.root().descendants();
    all.filter(|one| one.is(DSIG, "Signature")).filter(|one| {
        let parent = one.parent();
        parent.is_none_or(|parent| parent.local() != "CounterSignature")
    })
}

struct Reader<'d, 'r> {
    document: &'d Document,
    identifiers: &'r Identifiers<'d>,
    limits: &'r Limits,
    bytes_left: &'r mut usize,
    bytes: u64,
}

impl<'d> Reader<'d, '_> {
    fn read(&mut self, element: Element<'d>) -> XmlSignature {
        let mut facts = SignatureFacts::empty(SignatureForm::Xml);
        facts.field = element.attribute("Id").map(str::to_owned);
        facts.signers = 1;
        facts.coverage = Ok(self.coverage(false));
        let mut covered = Vec::new();
        let (limits, document) = (self.limits, self.document);
        let read = structure::read(element, limits.references_max, limits.certificates_max);
        let computed = read.and_then(|structure| {
            let references = reference::compute(
                document,
                self.identifiers,
                &structure,
                limits.transforms_max,
                self.bytes_left,
            )?;
            let properties = Properties::of(&structure)?;
            Ok((structure, references, properties))
        });
        match computed {
            Ok((structure, references, properties)) => {
                facts.certificates = structure.certificates.iter().cloned().map(Der).collect();
                let coverage = coverage::of(document, &references.covered);
                let whole = coverage == XmlCoverage::Whole;
                facts.coverage = Ok(self.coverage(whole));
                let signer = self.signer(&structure, &references, properties);
                let time = signer.attributes.as_ref().and_then(|one| one.signing_time);
                facts.claimed_time = time.map(|time| time.to_string());
                facts.signer = Some(signer);
                facts.xml = Some(XmlFacts {
                    references: references.reports,
                    coverage,
                });
                covered = references.covered;
            }
            Err(why) => facts.malformed = Some(why.to_owned()),
        }
        XmlSignature {
            element: element.id(),
            facts,
            covered,
        }
    }

    fn coverage(&self, whole_file: bool) -> CoverageFacts {
        CoverageFacts {
            byte_range: [0, self.bytes, self.bytes, 0],
            revision: 0,
            whole_file,
        }
    }

    fn signer(
        &self,
        structure: &Structure<'d>,
        references: &References,
        properties: Option<Properties<'d>>,
    ) -> SignerFacts {
        let document = self.document;
        let covered = references.covered.as_slice();
        let named = properties.and_then(|one| one.named(document, covered));
        let time = properties.and_then(|one| one.signing_time(document, covered));
        let (certificate, value) = self.choose(structure, named.as_deref());
        let chosen = certificate.and_then(|index| structure.certificates.get(index));
        let digest_name = weakest(&references.digests);
        let scheme = scheme_of(structure.method);
        SignerFacts {
            certificate: certificate.and_then(|index| u32::try_from(index).ok()),
            digest_oid: digest_name.to_owned(),
            digest: digest_of(digest_name),
            signature_oid: structure.method_name.to_owned(),
            signature_digest: scheme.and_then(|scheme| scheme.digest()),
            attributes: Some(AttributeFacts {
                content_type: Agreement::Agrees,
                message_digest: together(references),
                signing_certificate: binding(named.as_deref(), chosen.map(Vec::as_slice)),
                repeated: false,
                signing_time: time.as_deref().and_then(instant_of),
            }),
            content_reads_as_attributes: false,
            value,
            value_plain: false,
            attributes_in_order: true,
            tokens: properties
                .map(|one| one.tokens(document, structure))
                .unwrap_or_default(),
            archives: Vec::new(),
        }
    }

    /// The signer's certificate and whether the value fits its key: the one that the signer names,
    /// else the one whose key fits, else the first.
    fn choose(
        &self,
        structure: &Structure<'_>,
        named: Option<&[Named<'_>]>,
    ) -> (Option<usize>, Verification) {
        let unsupported = |algorithm: &str| Verification::Unsupported {
            algorithm: algorithm.to_owned(),
        };
        if structure.certificates.is_empty() {
            return (None, unsupported("no_certificate"));
        }
        let agrees = |certificate: &Vec<u8>| {
            let mut named = named.unwrap_or(&[]).iter();
            named.any(|one| one.names(certificate) == Agreement::Agrees)
        };
        let by_name = structure.certificates.iter().position(agrees);
        let first = by_name.unwrap_or(0);
        let Some(form) = &structure.form else {
            return (Some(first), unsupported(structure.form_name));
        };
        let Some(scheme) = scheme_of(structure.method) else {
            return (Some(first), unsupported(structure.method_name));
        };
        let subset = Subset::of(structure.signed.id());
        let octets = canonicalize(self.document, &subset, form, *self.bytes_left);
        let Ok(octets) = octets else {
            return (Some(first), unsupported(structure.form_name));
        };
        let verify =
            |certificate: &Vec<u8>| verify_value(certificate, scheme, &[&octets], &structure.value);
        if by_name.is_none() {
            let fits = |one: &Vec<u8>| verify(one) == Verification::Valid;
            if let Some(index) = structure.certificates.iter().position(fits) {
                return (Some(index), Verification::Valid);
            }
        }
        let value = structure.certificates.get(first).map(verify);
        (
            Some(first),
            value.unwrap_or_else(|| unsupported("no_certificate")),
        )
    }
}

/// All digests as one answer: one that differs decides, one that was not computed leaves open.
fn together(references: &References) -> Agreement {
    let states = || references.reports.iter().map(|one| &one.state);
    if states().any(|state| {
        matches!(
            state,
            XmlReferenceState::Differs | XmlReferenceState::Ambiguous
        )
    }) {
        return Agreement::Differs;
    }
    if states().all(|state| *state == XmlReferenceState::Agrees) {
        return Agreement::Agrees;
    }
    Agreement::Unknown
}

/// Of several digests the one that a policy would object to, else the first.
fn weakest(names: &[String]) -> &str {
    let weak = |name: &&String| {
        matches!(
            digest_of(name),
            None | Some(DigestAlgorithm::Md5 | DigestAlgorithm::Sha1 | DigestAlgorithm::Gost94)
        )
    };
    let found = names.iter().find(weak).or_else(|| names.first());
    found.map_or("", |name| name)
}

/// Whether the signer names the certificate under the signature.
fn binding(named: Option<&[Named<'_>]>, certificate: Option<&[u8]>) -> Agreement {
    let (Some(named), Some(certificate)) = (named, certificate) else {
        return match named {
            None => Agreement::Absent,
            Some(_) => Agreement::Unknown,
        };
    };
    let answers: Vec<Agreement> = named.iter().map(|one| one.names(certificate)).collect();
    if answers.contains(&Agreement::Agrees) {
        Agreement::Agrees
    } else if answers.contains(&Agreement::Unknown) {
        Agreement::Unknown
    } else {
        Agreement::Differs
    }
}
