//! XAdES: what the signer says under the signature, and what was added to it later
//! (EN 319 132-1, 5).

use chancery_signature::facts::{Agreement, Der, EvidenceFacts, Piece, TokenFacts};
use chancery_signature::{DigestAlgorithm, describe_certificate, gather_timestamp};
use chancery_types::Instant;
use chancery_xml::{Canonical, Document, Element, Subset, canonicalize};

use crate::algorithms::digest_of;
use crate::names::{DSIG, XADES, XADES_141, algorithm_of, base64_child, base64_of, is_decimal};
use crate::reference::Covered;
use crate::structure::{Structure, form_of};

/// Most certificates that `SigningCertificate` may name.
const NAMED_MAX: usize = 16;
/// Most timestamps of one signature that are read.
const TOKENS_MAX: usize = 16;
/// Most elements for timestamps that are looked into.
const STAMPS_MAX: usize = 64;
/// Most certificates, lists and answers that one signature may bring.
const EVIDENCE_MAX: usize = 512;
/// The longest canonical form of a signature value, in bytes.
const VALUE_BYTES_MAX: usize = 256 * 1024;

/// `QualifyingProperties` of one signature.
#[derive(Clone, Copy)]
pub(crate) struct Properties<'d> {
    namespace: &'d str,
    signed: Option<Element<'d>>,
    unsigned: Option<Element<'d>>,
}

impl<'d> Properties<'d> {
    /// The properties of a signature: in one of its objects, and aimed at it.
    ///
    /// # Errors
    ///
    /// A word, if there are two, or they are aimed at another signature.
    pub fn of(structure: &Structure<'d>) -> Result<Option<Self>, &'static str> {
        let objects = structure.objects.iter();
        let mut all = objects.flat_map(|object| object.children()).filter(|one| {
            one.local() == "QualifyingProperties" && XADES.contains(&one.namespace())
        });
        let Some(found) = all.next() else {
            return Ok(None);
        };
        let id = structure.element.attribute("Id");
        let target = found.attribute("Target");
        let target = target.and_then(|one| one.strip_prefix('#'));
        if all.next().is_some() || (target.is_some() && target != id) {
            return Err("qualifying_properties");
        }
        let namespace = found.namespace();
        let unsigned = found.only(namespace, "UnsignedProperties");
        Ok(Some(Self {
            namespace,
            signed: found.only(namespace, "SignedProperties"),
            unsigned: unsigned.and_then(|one| one.only(namespace, "UnsignedSignatureProperties")),
        }))
    }

    /// The signed properties, if the signature covers them.
    fn covered(&self, document: &Document, covered: &[Covered]) -> Option<Element<'d>> {
        let signed = self.signed?;
        let holds = covered.iter().any(|one| one.holds(document, signed.id()));
        let found = signed.only(self.namespace, "SignedSignatureProperties")?;
        holds.then_some(found)
    }

    /// The time that the signer claims.
    pub fn signing_time(&self, document: &Document, covered: &[Covered]) -> Option<String> {
        let properties = self.covered(document, covered)?;
        let time = properties.only(self.namespace, "SigningTime")?;
        Some(time.text().trim().to_owned())
    }

    /// The certificates that the signer names, each as a digest.
    pub fn named(&self, document: &Document, covered: &[Covered]) -> Option<Vec<Named<'d>>> {
        let properties = self.covered(document, covered)?;
        let namespace = self.namespace;
        let list = properties
            .only(namespace, "SigningCertificateV2")
            .or_else(|| properties.only(namespace, "SigningCertificate"))?;
        let certificates = list.named(namespace, "Cert").take(NAMED_MAX);
        Some(
            certificates
                .filter_map(|one| Named::of(one, namespace))
                .collect(),
        )
    }

    /// The timestamps over the value of the signature.
    pub fn tokens(&self, document: &Document, structure: &Structure<'_>) -> Vec<TokenFacts> {
        let Some(unsigned) = self.unsigned else {
            return Vec::new();
        };
        let stamps = unsigned.named(self.namespace, "SignatureTimeStamp");
        let mut found = Vec::new();
        // Each costs the value's canonical form, whether it holds a token or not.
        for stamp in stamps.take(STAMPS_MAX) {
            let form = stamp.child(DSIG, "CanonicalizationMethod");
            let form = match form {
                Some(named) => form_of(named),
                None => Some(Canonical::inclusive()),
            };
            let subset = Subset::of(structure.value_element.id());
            let message =
                form.and_then(|form| canonicalize(document, &subset, &form, VALUE_BYTES_MAX).ok());
            for token in stamp.named(self.namespace, "EncapsulatedTimeStamp") {
                let (Some(message), Some(token)) = (&message, base64_of(&token.text())) else {
                    continue;
                };
                if found.len() < TOKENS_MAX {
                    found.push(gather_timestamp(&token, &[message]));
                }
            }
        }
        found
    }

    /// Certificates and answers about revocation that were added for later years.
    pub fn evidence(&self, evidence: &mut EvidenceFacts) {
        let Some(unsigned) = self.unsigned else {
            return;
        };
        let mut left = EVIDENCE_MAX;
        for element in unsigned.descendants() {
            if ![self.namespace, XADES_141].contains(&element.namespace()) {
                continue;
            }
            let list = match element.local() {
                "EncapsulatedX509Certificate" => &mut evidence.certificates,
                "EncapsulatedCRLValue" => &mut evidence.crls,
                "EncapsulatedOCSPValue" => &mut evidence.ocsps,
                _ => continue,
            };
            let Some(der) = base64_of(&element.text()).map(Der::from) else {
                continue;
            };
            if left == 0 {
                evidence.cut = true;
                return;
            }
            left -= 1;
            if list.iter().all(|piece| piece.der != der) {
                list.push(Piece {
                    der,
                    revision: None,
                    signed: false,
                });
            }
        }
    }
}

/// A certificate that the signer names.
pub(crate) struct Named<'d> {
    digest_name: &'d str,
    digest: Vec<u8>,
    serial: Option<String>,
}

impl<'d> Named<'d> {
    fn of(element: Element<'d>, namespace: &str) -> Option<Self> {
        let digest = element.only(namespace, "CertDigest")?;
        let serial = element
            .only(namespace, "IssuerSerial")
            .and_then(|one| one.only(DSIG, "X509SerialNumber"));
        Some(Self {
            digest_name: algorithm_of(digest, "DigestMethod")?,
            digest: base64_child(digest, DSIG, "DigestValue")?,
            serial: serial.map(|one| one.text()),
        })
    }

    /// The digest by which the certificate is named, if it is known.
    pub fn digest(&self) -> Option<DigestAlgorithm> {
        digest_of(self.digest_name)
    }

    /// Whether this names the certificate (EN 319 132-1, 5.2.2). Issuer and serial are a hint, but
    /// a hint at another certificate is a lie.
    pub fn names(&self, certificate: &[u8]) -> Agreement {
        let Some(digest) = digest_of(self.digest_name) else {
            return Agreement::Unknown;
        };
        if digest.digest(&[certificate]) != self.digest {
            return Agreement::Differs;
        }
        let Some(serial) = &self.serial else {
            return Agreement::Agrees;
        };
        let own = describe_certificate(certificate).map(|one| one.serial);
        let own = own.ok().and_then(|own| hex::decode(own).ok());
        if own.is_some_and(|own| is_decimal(&own, serial)) {
            Agreement::Agrees
        } else {
            Agreement::Differs
        }
    }
}

/// A time as XML writes it; without a zone it is taken as UTC.
pub(crate) fn instant_of(text: &str) -> Option<Instant> {
    let zoned = text.parse().ok();
    zoned.or_else(|| format!("{text}Z").parse().ok())
}
