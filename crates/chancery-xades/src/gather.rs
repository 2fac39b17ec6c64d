//! From bytes to [`Facts`], as for CMS and PDF.

use chancery_signature::facts::{
    Agreement, AttributeFacts, CoverageFacts, Der, EvidenceFacts, Facts, FileFormat,
    SignatureFacts, SignatureForm, SignerFacts, Unreadable, XmlCoverage, XmlDeclarations, XmlFacts,
    XmlReferenceState,
};
use chancery_signature::{DigestAlgorithm, Verification, verify_value};
use chancery_xml::{Document, Element, NodeId, Subset, canonicalize, canonicalize_told};

use crate::algorithms::{digest_of, scheme_of};
use crate::budget::Budget;
use crate::coverage;
use crate::declared;
use crate::identifiers::Identifiers;
use crate::names::{DSIG, XADES};
use crate::properties::{Named, Properties, instant_of};
use crate::reference::{self, Covered, References};
use crate::standing::Cover;
use crate::stated::differing;
use crate::structure::{self, Structure};
use crate::unsigned::Stated;

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
    /// Most looks at a node, for all references and signatures of the document together.
    pub steps_max: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            xml: chancery_xml::Limits::default(),
            signatures_max: 32,
            references_max: 64,
            transforms_max: 8,
            certificates_max: 64,
            canonical_bytes_max: 128 * 1024 * 1024,
            steps_max: 100_000_000,
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

/// Gathers every signature of an XML document, each followed by its counter-signatures.
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
    match read_all(&document, limits) {
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

/// Reads every signature of a document, but counter-signatures, in order.
///
/// # Errors
///
/// The name of the limit that is exceeded.
pub fn read_signatures(
    document: &Document,
    limits: &Limits,
) -> Result<Vec<XmlSignature>, &'static str> {
    let all = read_all(document, limits)?;
    let plain = all.into_iter();
    Ok(plain
        .filter(|one| one.facts.counter_signs.is_none())
        .collect())
}

/// Reads every signature of a document, counter-signatures as well, in order: so one that is signed
/// comes before those that sign it.
fn read_all(document: &Document, limits: &Limits) -> Result<Vec<XmlSignature>, &'static str> {
    let past = signature_elements(document).nth(limits.signatures_max);
    if past.is_some() {
        return Err("signatures_max");
    }
    let identifiers = Identifiers::of(document);
    let budget = Budget::new(limits.canonical_bytes_max, limits.steps_max);
    let mut found: Vec<XmlSignature> = Vec::new();
    for element in signature_elements(document) {
        let reader = Reader {
            document,
            identifiers: &identifiers,
            limits,
            budget: &budget,
        };
        let signed = countersigned(element);
        let place = signed.and_then(|signed| {
            let is_it = |one: &XmlSignature| one.element == signed.id();
            u32::try_from(found.iter().position(is_it)?).ok()
        });
        // One that signs none of the signatures is judged as any other.
        let mut one = reader.read(element, signed.filter(|_| place.is_some()));
        one.facts.counter_signs = place;
        // What was left out says nothing, for this signature or any other.
        if budget.is_spent() {
            return Err("steps_max");
        }
        found.push(one);
    }
    Ok(found)
}

fn signature_elements(document: &Document) -> impl Iterator<Item = Element<'_>> {
    let all = document.root().descendants();
    all.filter(|one| one.is(DSIG, "Signature"))
}

/// The signature that this one is a counter-signature of, by the place where it stands
/// (EN 319 132-1, 5.2.7.2).
fn countersigned(element: Element<'_>) -> Option<Element<'_>> {
    let mut at = element;
    for local in [
        "CounterSignature",
        "UnsignedSignatureProperties",
        "UnsignedProperties",
        "QualifyingProperties",
    ] {
        at = at.parent()?;
        if at.local() != local || !XADES.contains(&at.namespace()) {
            return None;
        }
    }
    let object = at.parent().filter(|one| one.is(DSIG, "Object"))?;
    object.parent().filter(|one| one.is(DSIG, "Signature"))
}

struct Reader<'d, 'r> {
    document: &'d Document,
    identifiers: &'r Identifiers<'d>,
    limits: &'r Limits,
    budget: &'r Budget,
}

impl<'d> Reader<'d, '_> {
    /// Reads a signature, or a counter-signature of `signed`.
    fn read(&self, element: Element<'d>, signed: Option<Element<'d>>) -> XmlSignature {
        let mut facts = SignatureFacts::empty(SignatureForm::Xml);
        facts.field = element.attribute("Id").map(str::to_owned);
        facts.signers = 1;
        facts.coverage = Ok(coverage_of(&[], false));
        let mut covered = Vec::new();
        let (limits, document) = (self.limits, self.document);
        let read = structure::read(element, limits.references_max, limits.certificates_max);
        let computed = read.and_then(|structure| {
            let references = reference::compute(
                document,
                self.identifiers,
                &structure,
                limits.transforms_max,
                self.budget,
            )?;
            let properties = Properties::of(&structure)?;
            if signed.is_some_and(|signed| !covers_value(&references, signed)) {
                return Err("counter_signature");
            }
            Ok((structure, references, properties))
        });
        match computed {
            Ok((structure, mut references, properties)) => {
                facts.certificates = structure
                    .certificates
                    .iter()
                    .cloned()
                    .map(Der::from)
                    .collect();
                let certificates = &structure.certificates;
                self.note_signed_info(&structure, &mut references);
                let (found, declarations) =
                    self.account(element, signed.is_some(), certificates, &references);
                let is_bare = found.comments == 0 && declarations.is_none();
                let whole = found.coverage == XmlCoverage::Whole && is_bare;
                facts.coverage = Ok(coverage_of(&references.covered, whole));
                let signer = self.signer(&structure, &references, properties);
                let time = signer.attributes.as_ref().and_then(|one| one.signing_time);
                facts.claimed_time = time.map(|time| time.to_string());
                let name_differs = name_differs(&found.stated, &signer, certificates, properties);
                facts.signer = Some(signer);
                facts.xml = Some(XmlFacts {
                    references: references.reports,
                    coverage: found.coverage,
                    comments_uncovered: found.comments as u64,
                    declarations_uncovered: declarations,
                    name_differs,
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

    fn signer(
        &self,
        structure: &Structure<'d>,
        references: &References<'d>,
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
            content_tokens: Vec::new(),
            tokens: properties
                .map(|one| one.tokens(document, structure))
                .unwrap_or_default(),
            archives: Vec::new(),
        }
    }

    /// What of the document is covered, and which declarations are not.
    fn account(
        &self,
        element: Element<'d>,
        is_counter: bool,
        certificates: &[Vec<u8>],
        references: &References<'d>,
    ) -> (coverage::Found<'d>, Option<XmlDeclarations>) {
        let (document, budget) = (self.document, self.budget);
        let cover = Cover::of(document, &references.covered, budget);
        let (mut found, top) = if is_counter {
            let found = coverage::of_counter(document, element, &cover, certificates, budget);
            (found, element)
        } else {
            let found = coverage::of(document, element, &cover, certificates, budget);
            (found, document.root())
        };
        let declarations = declared::uncovered((element, top), &cover, &references.written, budget);
        // A value that uses what is not digested says what anybody wants.
        if let Some(element) = &references.loose
            && !matches!(found.coverage, XmlCoverage::Part { .. })
        {
            let element = element.clone();
            found.coverage = XmlCoverage::Part { element };
        }
        (found, declarations)
    }

    /// What the octets of `SignedInfo` say of bindings.
    fn note_signed_info(&self, structure: &Structure<'d>, references: &mut References<'d>) {
        let Some(form) = &structure.form else {
            return;
        };
        let (document, signed) = (self.document, structure.signed.id());
        let nodes = document.span(signed).len();
        if !self
            .budget
            .spend_written(nodes, form.inclusive_prefixes.len())
        {
            return;
        }
        let (subset, bytes) = (Subset::of(signed), self.budget.bytes());
        let told = canonicalize_told(document, &subset, form, bytes, declared::is_usual);
        if let Ok((_, told)) = told {
            references.written.extend(told.written);
            let loose = told.loose.as_ref().map(declared::spelled_binding);
            references.loose = references.loose.take().or(loose);
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
            named.any(|one| {
                let affordable = self.budget.spend_digest(certificate.len(), one.digest());
                affordable && one.names(certificate) == Agreement::Agrees
            })
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
        let octets = canonicalize(self.document, &subset, form, self.budget.bytes());
        let Ok(octets) = octets else {
            return (Some(first), unsupported(structure.form_name));
        };
        let verify = |certificate: &Vec<u8>| match self.budget.spend_verification() {
            true => verify_value(certificate, scheme, &[&octets], &structure.value),
            false => unsupported(structure.method_name),
        };
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

/// An XML signature covers no range of the file: the bytes are those that were digested, in
/// canonical form, as those of CMS are those of its content.
fn coverage_of(covered: &[Covered], whole_file: bool) -> CoverageFacts {
    let bytes = covered.iter().map(|one| one.octets.len() as u64).sum();
    CoverageFacts {
        byte_range: [0, bytes, bytes, 0],
        revision: 0,
        whole_file,
        revision_sha256: None,
    }
}

/// Whether a counter-signature covers the value of the signature that it stands in.
fn covers_value(references: &References<'_>, signed: Element<'_>) -> bool {
    let value = signed.only(DSIG, "SignatureValue").map(Element::id);
    // A digest that differs is the reason then, and weightier than what it is of.
    let differs = together(references) == Agreement::Differs;
    differs || references.covered.iter().any(|one| Some(one.apex) == value)
}

/// The first name in an unsigned place that is not that of a certificate.
fn name_differs(
    stated: &[Stated<'_>],
    signer: &SignerFacts,
    certificates: &[Vec<u8>],
    properties: Option<Properties<'_>>,
) -> Option<String> {
    let mut evidence = EvidenceFacts::default();
    if let Some(properties) = properties {
        properties.evidence(&mut evidence);
    }
    let added = evidence.certificates.iter().map(|one| one.der.0.as_slice());
    let at_hand = certificates.iter().map(Vec::as_slice).chain(added);
    let at_hand: Vec<&[u8]> = at_hand.collect();
    let own = signer.certificate.and_then(|one| usize::try_from(one).ok());
    let own = own.and_then(|index| certificates.get(index));
    differing(stated, own.map(Vec::as_slice), &at_hand)
}

/// All digests as one answer: one that differs decides, one that was not computed leaves open.
fn together(references: &References<'_>) -> Agreement {
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
