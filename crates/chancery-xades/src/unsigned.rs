//! What may stand in a signature without being signed, by expanded name (XML Signature 1.1, 4;
//! EN 319 132-1, 5): values that are checked themselves, and what helps to check them.
//!
//! Everything else in a signature is content that nobody signed, wherever it hides: an element of
//! another namespace or in another place, a text, a comment, an instruction, an attribute that no
//! grammar knows. What is opaque must be what its name promises: DER, a digest, a piece of the
//! certificate. Names of keys and persons are handed out, to be compared with the certificates.
//!
//! `RetrievalMethod`, `PGPData`, `SPKIData`, `MgmtData`, `XMLTimeStamp`, `SPDocSpecification` and
//! whatever a grammar leaves open (`OtherCertificate`, `OtherValues`) are not listed: nothing here
//! reads them, so nothing here can say what they tell.

use chancery_xml::{Content, Element};
use memchr::memmem;

use crate::coverage::spelled;
use crate::names::{DSIG, DSIG11, EXCLUSIVE, XADES, XADES_141, base64_of};
use crate::structure::PREFIXES_MAX;

/// The longest identifier, algorithm or address in an attribute, in bytes.
const TOKEN_BYTES_MAX: usize = 256;
/// The longest number or time, in bytes.
const NUMBER_BYTES_MAX: usize = 160;
/// Most values that are looked for in the certificates of one signature, and the longest
/// certificate, in bytes, that is searched: each is looked for everywhere.
const PIECES_MAX: usize = 16;
const SEARCHED_BYTES_MAX: usize = 64 * 1024;
/// The digests that are known, in bytes.
const DIGEST_BYTES: std::ops::RangeInclusive<usize> = 16..=64;

/// The attributes of the listed elements. None of them is for people.
const ATTRIBUTES: [&str; 8] = [
    "Id",
    "Algorithm",
    "Encoding",
    "URI",
    "Target",
    "PrefixList",
    "referencedData",
    "MimeType",
];

#[derive(Clone, Copy)]
enum Space {
    Dsig,
    Dsig11,
    Exclusive,
    Xades,
    Xades141,
}

impl Space {
    fn is(self, namespace: &str) -> bool {
        match self {
            Self::Dsig => namespace == DSIG,
            Self::Dsig11 => namespace == DSIG11,
            Self::Exclusive => namespace == EXCLUSIVE,
            Self::Xades => XADES.contains(&namespace),
            Self::Xades141 => namespace == XADES_141,
        }
    }
}

/// What an element may hold.
#[derive(Clone, Copy)]
enum Holds {
    /// These, and white space.
    Parts(&'static [Rule]),
    /// One signature, which is judged by itself.
    Signature,
    /// Only what a reference covers.
    Covered,
    /// Nothing.
    Nothing,
    /// The value that was verified, in Base64.
    Value,
    /// DER in Base64.
    Der,
    /// A digest in Base64.
    Digest,
    /// Bytes of a certificate at hand, in Base64.
    OfCertificate,
    /// A number or a time.
    Number,
    /// The name of the signer's key.
    KeyName,
    /// The name of the subject or the issuer of a certificate.
    Name,
}

/// An element that may stand somewhere.
pub(crate) struct Rule(Space, &'static str, Holds);

use Holds::{Covered, Der, Digest, KeyName, Name, Nothing, Number, OfCertificate, Parts, Value};
use Space::{Dsig, Dsig11, Exclusive, Xades, Xades141};

/// Right beneath `Signature`, beside `SignedInfo` and `Object`.
pub(crate) const PARTS: &[Rule] = &[
    Rule(Dsig, "SignatureValue", Value),
    Rule(Dsig, "KeyInfo", Parts(KEY_INFO)),
];
const KEY_INFO: &[Rule] = &[
    Rule(Dsig, "KeyName", KeyName),
    Rule(Dsig, "KeyValue", Parts(KEY_VALUE)),
    Rule(Dsig, "X509Data", Parts(X509_DATA)),
    Rule(Dsig11, "DEREncodedKeyValue", OfCertificate),
];
const KEY_VALUE: &[Rule] = &[
    Rule(Dsig, "RSAKeyValue", Parts(RSA_KEY_VALUE)),
    Rule(Dsig11, "ECKeyValue", Parts(EC_KEY_VALUE)),
];
const RSA_KEY_VALUE: &[Rule] = &[
    Rule(Dsig, "Modulus", OfCertificate),
    Rule(Dsig, "Exponent", OfCertificate),
];
const EC_KEY_VALUE: &[Rule] = &[
    Rule(Dsig11, "NamedCurve", Nothing),
    Rule(Dsig11, "PublicKey", OfCertificate),
];
const X509_DATA: &[Rule] = &[
    Rule(Dsig, "X509Certificate", Der),
    Rule(Dsig, "X509CRL", Der),
    Rule(Dsig, "X509SKI", OfCertificate),
    Rule(Dsig, "X509SubjectName", Name),
    Rule(Dsig, "X509IssuerSerial", Parts(ISSUER_SERIAL)),
    Rule(Dsig11, "X509Digest", Digest),
];
const ISSUER_SERIAL: &[Rule] = &[
    Rule(Dsig, "X509IssuerName", Name),
    Rule(Dsig, "X509SerialNumber", Number),
];

/// Right beneath an `Object` of a signature.
pub(crate) const QUALIFYING: &[Rule] = &[Rule(Xades, "QualifyingProperties", Parts(PROPERTIES))];
const PROPERTIES: &[Rule] = &[
    Rule(Xades, "SignedProperties", Covered),
    Rule(Xades, "UnsignedProperties", Parts(UNSIGNED)),
];
const UNSIGNED: &[Rule] = &[Rule(
    Xades,
    "UnsignedSignatureProperties",
    Parts(UNSIGNED_SIGNATURE),
)];
const UNSIGNED_SIGNATURE: &[Rule] = &[
    Rule(Xades, "CounterSignature", Holds::Signature),
    Rule(Xades, "SignatureTimeStamp", Parts(TIMESTAMP)),
    Rule(Xades, "SigAndRefsTimeStamp", Parts(TIMESTAMP)),
    Rule(Xades, "RefsOnlyTimeStamp", Parts(TIMESTAMP)),
    Rule(Xades, "ArchiveTimeStamp", Parts(TIMESTAMP)),
    Rule(Xades141, "SigAndRefsTimeStampV2", Parts(TIMESTAMP)),
    Rule(Xades141, "RefsOnlyTimeStampV2", Parts(TIMESTAMP)),
    Rule(Xades141, "ArchiveTimeStamp", Parts(TIMESTAMP)),
    Rule(Xades, "CertificateValues", Parts(CERTIFICATES)),
    Rule(Xades, "AttrAuthoritiesCertValues", Parts(CERTIFICATES)),
    Rule(Xades, "RevocationValues", Parts(REVOCATION)),
    Rule(Xades, "AttributeRevocationValues", Parts(REVOCATION)),
    Rule(Xades141, "TimeStampValidationData", Parts(VALIDATION_DATA)),
    Rule(Xades, "CompleteCertificateRefs", Parts(CERTIFICATE_REFS)),
    Rule(Xades, "AttributeCertificateRefs", Parts(CERTIFICATE_REFS)),
    Rule(
        Xades141,
        "CompleteCertificateRefsV2",
        Parts(CERTIFICATE_REFS),
    ),
    Rule(
        Xades141,
        "AttributeCertificateRefsV2",
        Parts(CERTIFICATE_REFS),
    ),
    Rule(Xades, "CompleteRevocationRefs", Parts(REVOCATION_REFS)),
    Rule(Xades, "AttributeRevocationRefs", Parts(REVOCATION_REFS)),
];
const TIMESTAMP: &[Rule] = &[
    Rule(Xades, "Include", Nothing),
    Rule(Dsig, "CanonicalizationMethod", Parts(CANONICALIZATION)),
    Rule(Xades, "EncapsulatedTimeStamp", Der),
];
const CANONICALIZATION: &[Rule] = &[Rule(Exclusive, "InclusiveNamespaces", Nothing)];
const VALIDATION_DATA: &[Rule] = &[
    Rule(Xades, "CertificateValues", Parts(CERTIFICATES)),
    Rule(Xades, "RevocationValues", Parts(REVOCATION)),
];
const CERTIFICATES: &[Rule] = &[Rule(Xades, "EncapsulatedX509Certificate", Der)];
const REVOCATION: &[Rule] = &[
    Rule(Xades, "CRLValues", Parts(CRLS)),
    Rule(Xades, "OCSPValues", Parts(OCSPS)),
];
const CRLS: &[Rule] = &[Rule(Xades, "EncapsulatedCRLValue", Der)];
const OCSPS: &[Rule] = &[Rule(Xades, "EncapsulatedOCSPValue", Der)];
const CERTIFICATE_REFS: &[Rule] = &[
    Rule(Xades, "CertRefs", Parts(CERTS)),
    Rule(Xades141, "CertRefs", Parts(CERTS)),
];
const CERTS: &[Rule] = &[Rule(Xades, "Cert", Parts(CERT))];
const CERT: &[Rule] = &[
    Rule(Xades, "CertDigest", Parts(DIGEST)),
    Rule(Xades, "IssuerSerial", Parts(ISSUER_SERIAL)),
    Rule(Xades, "IssuerSerialV2", Der),
];
const DIGEST: &[Rule] = &[
    Rule(Dsig, "DigestMethod", Nothing),
    Rule(Dsig, "DigestValue", Digest),
];
const REVOCATION_REFS: &[Rule] = &[
    Rule(Xades, "CRLRefs", Parts(CRL_REFS)),
    Rule(Xades, "OCSPRefs", Parts(OCSP_REFS)),
];
const CRL_REFS: &[Rule] = &[Rule(Xades, "CRLRef", Parts(CRL_REF))];
const CRL_REF: &[Rule] = &[
    Rule(Xades, "DigestAlgAndValue", Parts(DIGEST)),
    Rule(Xades, "CRLIdentifier", Parts(CRL_IDENTIFIER)),
];
const CRL_IDENTIFIER: &[Rule] = &[
    Rule(Xades, "Issuer", Name),
    Rule(Xades, "IssueTime", Number),
    Rule(Xades, "Number", Number),
];
const OCSP_REFS: &[Rule] = &[Rule(Xades, "OCSPRef", Parts(OCSP_REF))];
const OCSP_REF: &[Rule] = &[
    Rule(Xades, "OCSPIdentifier", Parts(OCSP_IDENTIFIER)),
    Rule(Xades, "DigestAlgAndValue", Parts(DIGEST)),
];
const OCSP_IDENTIFIER: &[Rule] = &[
    Rule(Xades, "ResponderID", Parts(RESPONDER)),
    Rule(Xades, "ProducedAt", Number),
];
const RESPONDER: &[Rule] = &[Rule(Xades, "ByName", Name), Rule(Xades, "ByKey", Digest)];

/// A name that an unsigned place gives.
pub(crate) struct Stated<'d> {
    /// Where.
    pub element: Element<'d>,
    /// Whether it is the name of the signer's own key.
    pub of_signer: bool,
}

/// The list, applied to one signature.
pub(crate) struct List<'a, 'd, F> {
    certificates: &'a [Vec<u8>],
    /// Whether a reference covers an element with everything beneath it.
    is_covered: F,
    stated: &'a mut Vec<Stated<'d>>,
    pieces: usize,
}

impl<'a, 'd, F: FnMut(Element<'d>) -> bool> List<'a, 'd, F> {
    /// The list, with the certificates of the signature.
    pub fn new(
        certificates: &'a [Vec<u8>],
        is_covered: F,
        stated: &'a mut Vec<Stated<'d>>,
    ) -> Self {
        Self {
            certificates,
            is_covered,
            stated,
            pieces: 0,
        }
    }

    /// The first thing in `element` that is neither as `rules` have it nor covered.
    pub fn check(
        &mut self,
        parent: Element<'d>,
        element: Element<'d>,
        rules: &'static [Rule],
    ) -> Option<String> {
        let mut left = Vec::new();
        if let Some(what) = self.one(parent, element, rules, &mut left) {
            return Some(what);
        }
        // As deep as the list and no deeper.
        while let Some((element, rules)) = left.pop() {
            for child in element.children() {
                if let Some(what) = self.one(element, child, rules, &mut left) {
                    return Some(what);
                }
            }
        }
        None
    }

    fn one(
        &mut self,
        parent: Element<'d>,
        element: Element<'d>,
        rules: &'static [Rule],
        left: &mut Vec<(Element<'d>, &'static [Rule])>,
    ) -> Option<String> {
        if (self.is_covered)(element) {
            return None;
        }
        let uncovered = || Some(element.local().to_owned());
        let rule = rules.iter().find(|Rule(space, local, _)| {
            element.local() == *local
                && space.is(element.namespace())
                // One edition of XAdES within another is none.
                && !(XADES.contains(&parent.namespace())
                    && XADES.contains(&element.namespace())
                    && parent.namespace() != element.namespace())
        });
        let Some(Rule(_, _, holds)) = rule else {
            return uncovered();
        };
        if let Some(what) = strange_attribute(element) {
            return Some(what);
        }
        match holds {
            Parts(rules) => {
                if let Some(what) = strange_content(element) {
                    return Some(what);
                }
                left.push((element, rules));
                None
            }
            Holds::Signature => {
                let mut children = element.children();
                let is_one = children.next().is_some_and(|one| one.is(DSIG, "Signature"))
                    && children.next().is_none();
                match is_one {
                    true => strange_content(element),
                    false => uncovered(),
                }
            }
            Covered => uncovered(),
            Nothing | Value | Der | Digest | OfCertificate | Number | KeyName | Name => {
                let other = element
                    .contents()
                    .find(|one| !matches!(one, Content::Text(_)));
                if let Some(other) = other {
                    return Some(spelled(other));
                }
                (!self.is_leaf(*holds, element)).then(|| element.local().to_owned())
            }
        }
    }

    fn is_leaf(&mut self, holds: Holds, element: Element<'d>) -> bool {
        let text = element.text();
        match holds {
            Nothing => is_blank(&text),
            // The value is verified, and what is not Base64 was refused before.
            Value => true,
            Der => base64_of(&text).is_some_and(|bytes| is_der(&bytes)),
            Digest => {
                let mut lines = text.lines().map(str::trim);
                lines.all(|line| !line.contains(char::is_whitespace))
                    && base64_of(&text).is_some_and(|bytes| DIGEST_BYTES.contains(&bytes.len()))
            }
            OfCertificate => base64_of(&text).is_some_and(|bytes| self.is_in_certificate(&bytes)),
            Number => {
                let text = text.trim();
                let plain = |byte: u8| byte.is_ascii_digit() || b"+-:.TZ".contains(&byte);
                text.len() <= NUMBER_BYTES_MAX && text.bytes().all(plain)
            }
            KeyName | Name => {
                self.stated.push(Stated {
                    element,
                    of_signer: matches!(holds, KeyName),
                });
                true
            }
            Parts(_) | Holds::Signature | Covered => false,
        }
    }

    fn is_in_certificate(&mut self, bytes: &[u8]) -> bool {
        self.pieces += 1;
        // A number may be written with a leading zero or without.
        let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
        let bytes = bytes.get(zeros..).unwrap_or(&[]);
        let finder = memmem::Finder::new(bytes);
        let holds = |one: &Vec<u8>| finder.find(one).is_some();
        let mut searched = self
            .certificates
            .iter()
            .filter(|one| one.len() <= SEARCHED_BYTES_MAX);
        !bytes.is_empty() && self.pieces <= PIECES_MAX && searched.any(holds)
    }
}

/// What stands in an element beside elements: a text, a comment, an instruction; or an attribute
/// that is not known.
pub(crate) fn bare(element: Element<'_>) -> Option<String> {
    strange_attribute(element).or_else(|| strange_content(element))
}

fn strange_content(element: Element<'_>) -> Option<String> {
    element.contents().find_map(|content| match content {
        Content::Element(_) => None,
        Content::Text(text) if is_blank(text) => None,
        Content::Text(_) => Some(element.local().to_owned()),
        Content::Comment(_) | Content::Instruction(_) => Some(spelled(content)),
    })
}

fn strange_attribute(element: Element<'_>) -> Option<String> {
    let strange = element.attributes().find(|one| {
        let known = one.namespace.is_empty() && ATTRIBUTES.contains(&one.local);
        let fits = match one.local {
            // A list of prefixes names what is bound.
            "PrefixList" => {
                let mut prefixes = one.value.split_ascii_whitespace();
                let is_bound = |prefix: &str| {
                    prefix == "#default" || element.namespace_of_prefix(prefix).is_some()
                };
                prefixes.by_ref().take(PREFIXES_MAX).all(is_bound) && prefixes.next().is_none()
            }
            _ => is_token(one.value),
        };
        !known || !fits
    });
    strange.map(|one| attribute_of(element, one.local))
}

/// How a report names an attribute.
pub(crate) fn attribute_of(element: Element<'_>, local: &str) -> String {
    format!("{}/@{local}", element.local())
}

/// Whether a text is one word, as identifiers, algorithms and addresses are.
pub(crate) fn is_token(text: &str) -> bool {
    text.len() <= TOKEN_BYTES_MAX && !text.contains(|c: char| c.is_whitespace() || c.is_control())
}

/// Whether a text is white space as XML has it.
pub(crate) fn is_blank(text: &str) -> bool {
    text.bytes()
        .all(|byte| matches!(byte, b' ' | b'\t' | b'\r' | b'\n'))
}

/// Whether bytes are one DER structure to their end, or one of indefinite length, which some
/// authorities send.
fn is_der(bytes: &[u8]) -> bool {
    let Some([0x30, first, rest @ ..]) = bytes.get(..) else {
        return false;
    };
    match first {
        0x80 => rest.ends_with(&[0, 0]),
        0..0x80 => rest.len() == usize::from(*first),
        _ => {
            let count = usize::from(first & 0x7f);
            let Some((length, content)) = rest.split_at_checked(count) else {
                return false;
            };
            let read = length.iter().try_fold(0_usize, |sum, byte| {
                sum.checked_mul(256)?.checked_add(usize::from(*byte))
            });
            read == Some(content.len())
        }
    }
}
