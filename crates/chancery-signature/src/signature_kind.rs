//! The kind of a signature in law, as far as its certificate tells: simple, advanced, qualified
//! (63-ФЗ, article 5; eIDAS, article 3). A signature with a certificate is never a simple one.
//!
//! A certificate only claims: whether its issuer may issue such is told by the trusted lists of
//! states. So a claim counts as confirmed only where the signature passed by an anchor of which
//! such a list says that it may; by 63-ФЗ only with a key of GOST, as qualified means have no
//! others.

use std::collections::BTreeMap;

use const_oid::ObjectIdentifier;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::asn1::{self, Asn1Error, Node, tag};
use crate::certificate::Certificate;
use crate::listed::Granted;
use crate::public_key::is_gost_key;

/// `id-etsi-qcs-QcCompliance`: issued as a qualified certificate (ETSI EN 319 412-5, 4.2.1).
const QC_COMPLIANCE: ObjectIdentifier = ObjectIdentifier::new_unwrap("0.4.0.1862.1.1");
/// `id-etsi-qcs-QcSSCD`: the key is in a qualified device (4.2.2).
const QC_DEVICE: ObjectIdentifier = ObjectIdentifier::new_unwrap("0.4.0.1862.1.4");
/// `id-etsi-qcs-QcType` (4.2.3) and its values.
const QC_TYPE: ObjectIdentifier = ObjectIdentifier::new_unwrap("0.4.0.1862.1.6");
const QC_SIGN: ObjectIdentifier = ObjectIdentifier::new_unwrap("0.4.0.1862.1.6.1");
const QC_SEAL: ObjectIdentifier = ObjectIdentifier::new_unwrap("0.4.0.1862.1.6.2");
/// `id-etsi-qcs-QcCClegislation`: qualified by the law of other countries (4.2.4).
const QC_LEGISLATION: ObjectIdentifier = ObjectIdentifier::new_unwrap("0.4.0.1862.1.7");
/// The policies of qualified certificates for organisations and for web sites (EN 319 411-2, 5.3):
/// `qcp-legal`, `qcp-legal-qscd`, `qcp-web`.
const POLICIES_OF_SEALS: [ObjectIdentifier; 2] = [
    ObjectIdentifier::new_unwrap("0.4.0.194112.1.1"),
    ObjectIdentifier::new_unwrap("0.4.0.194112.1.3"),
];
const POLICY_OF_SITES: ObjectIdentifier = ObjectIdentifier::new_unwrap("0.4.0.194112.1.4");
/// Statements that bind nobody who verifies: how long documents are kept, where the terms stand
/// (EN 319 412-5, 4.3.3 and 4.3.4), and by which syntax a name is read (RFC 3739, 3.2.6.1).
const QC_REMARKS: [ObjectIdentifier; 4] = [
    ObjectIdentifier::new_unwrap("0.4.0.1862.1.3"),
    ObjectIdentifier::new_unwrap("0.4.0.1862.1.5"),
    ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.11.1"),
    ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.11.2"),
];
/// The classes of signing programs КС1 to КА1 (ФСБ order 795, clause 29).
const RUSSIAN_CLASSES: &str = "1.2.643.100.113.";
/// Most statements, and most values of one.
const STATEMENTS_MAX: usize = 64;

/// What a signature is in law.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LegalClass {
    /// Усиленная неквалифицированная (НЭП); AdES.
    Advanced,
    /// AdES with a qualified certificate whose key is not said to be in a qualified device.
    AdvancedWithQualifiedCertificate,
    /// Усиленная квалифицированная (УКЭП); QES, or a qualified seal.
    Qualified,
}

/// By whose law.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Law {
    /// 63-ФЗ.
    Russia,
    /// eIDAS, Regulation (EU) 910/2014.
    EuropeanUnion,
    /// Of another country that the certificate names.
    Other,
}

/// What a certificate says of the kind of its signatures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SignatureKind {
    /// The class.
    pub class: LegalClass,
    /// By whose law it is claimed; nothing for a class that claims nothing.
    pub law: Option<Law>,
    /// A seal of an organisation and not a signature of a person.
    pub seal: bool,
    /// Whether what is claimed is borne out: the signature passed, and where a law is named, a
    /// trusted list says that an authority of the path may issue such certificates.
    pub confirmed: bool,
    /// Why it is not, or not all that the certificate says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remark: Option<KindRemark>,
}

/// Why a kind is not confirmed, or is less than the certificate says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum KindRemark {
    /// The signature itself is not proven.
    Unproven,
    /// No trusted list at hand, of this law, names an issuer of it.
    Unlisted,
    /// A list says that the issuer might not issue such certificates then.
    NotGranted,
    /// A list names the issuer for something else: seals and no signatures, or the other way.
    OtherUse,
    /// A list says that this certificate is no such one.
    TakenBack,
    /// The list is older than what it would have to tell.
    Outdated,
    /// By 63-ФЗ the key must be one of GOST.
    Key,
    /// A list says that the key is in no qualified device, whatever the certificate says.
    NoDevice,
    /// The certificate is a qualified one for web sites alone.
    ForSites,
}

/// What the qualified-certificate statements say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct QualifiedStatements {
    complies: bool,
    device: bool,
    pub seal: bool,
    /// It is said to be for the signatures of persons, perhaps among others.
    pub signs: bool,
    /// It says what it is for.
    typed: bool,
    other_law: bool,
    /// Whether there is one that we do not know, or cannot read.
    pub unknown: bool,
}

impl QualifiedStatements {
    /// Reads the extension `qcStatements` (RFC 3739, 3.2.6). What cannot be read claims nothing.
    pub(crate) fn read(value: &[u8]) -> Self {
        Self::parse(value).unwrap_or(Self {
            unknown: true,
            ..Self::default()
        })
    }

    /// What we do not know is passed over.
    fn parse(value: &[u8]) -> Result<Self, Asn1Error> {
        let mut found = Self::default();
        let (mut signs, mut seals) = (false, false);
        for statement in asn1::read_all(value, tag::SEQUENCE)?.children(STATEMENTS_MAX)? {
            let mut reader = statement.expect(tag::SEQUENCE)?.reader();
            match reader.expect(tag::OID)?.oid()? {
                QC_COMPLIANCE => found.complies = true,
                QC_DEVICE => found.device = true,
                QC_LEGISLATION => found.other_law = true,
                QC_TYPE => {
                    found.typed = true;
                    let types = reader.expect(tag::SEQUENCE)?.children(STATEMENTS_MAX)?;
                    let types = types.iter().map(Node::oid);
                    let types = types.collect::<Result<Vec<_>, _>>()?;
                    signs |= types.contains(&QC_SIGN);
                    seals |= types.contains(&QC_SEAL);
                }
                known if QC_REMARKS.contains(&known) => {}
                _ => found.unknown = true,
            }
        }
        found.seal = seals && !signs;
        found.signs = signs;
        Ok(found)
    }

    /// With what its policies say of its use, where it says nothing of that itself.
    pub(crate) fn with_policies(mut self, policies: &[ObjectIdentifier]) -> Self {
        if self.complies && !self.typed {
            let is_of_site = policies.contains(&POLICY_OF_SITES);
            let is_of_seal = POLICIES_OF_SEALS.iter().any(|one| policies.contains(one));
            self.seal = is_of_seal && !is_of_site;
            self.typed = is_of_site;
        }
        self
    }

    /// Whether it is for something that is neither a signature nor a seal.
    fn is_for_other_use(self) -> bool {
        self.typed && !self.seal && !self.signs
    }
}

/// Whether a certificate says that it is a qualified one, by whatever law.
pub(crate) fn claims(certificate: &Certificate<'_>) -> bool {
    certificate.extensions.qualified.complies || claims_by_russian_law(certificate)
}

/// ФСБ order 795: both must be there in a qualified certificate (clauses 29 and 32).
fn claims_by_russian_law(certificate: &Certificate<'_>) -> bool {
    let extensions = &certificate.extensions;
    let is_russian = |policy: &ObjectIdentifier| policy.to_string().starts_with(RUSSIAN_CLASSES);
    extensions.issuer_sign_tool && extensions.policies.iter().any(is_russian)
}

/// By whose law a certificate says that it is a qualified one, if it says so.
pub(crate) fn law_of(certificate: &Certificate<'_>) -> Option<Law> {
    of(certificate, false, &BTreeMap::new()).law
}

/// What the certificate of whoever signed claims of a signature that passed, with nothing open, or
/// did not, by a path to which trusted lists grant this.
pub(crate) fn of(
    certificate: &Certificate<'_>,
    is_proven: bool,
    all_granted: &BTreeMap<Law, Granted>,
) -> SignatureKind {
    let extensions = &certificate.extensions;
    let qualified = extensions.qualified;
    let kind = |class, law: Option<Law>| {
        let granted = law.and_then(|law| all_granted.get(&law)).copied();
        let granted = granted.unwrap_or_default();
        let seal = qualified.seal || granted.is_for_seals;
        let is_less = class == LegalClass::Qualified && granted.no_device;
        let class = match is_less {
            // Its certificate says more than the list lets count.
            true => LegalClass::AdvancedWithQualifiedCertificate,
            false => class,
        };
        let is_listed = law.is_some_and(|law| all_granted.contains_key(&law));
        let doubt = match law {
            _ if !is_proven => Some(KindRemark::Unproven),
            None => None,
            Some(_) if !is_listed => Some(KindRemark::Unlisted),
            Some(Law::Russia) if !is_gost_key(certificate.spki) => Some(KindRemark::Key),
            Some(_) => granted.doubt(seal),
        };
        SignatureKind {
            class,
            law,
            seal,
            confirmed: doubt.is_none(),
            remark: doubt.or(is_less.then_some(KindRemark::NoDevice)),
        }
    };
    if claims_by_russian_law(certificate) {
        return kind(LegalClass::Qualified, Some(Law::Russia));
    }
    // One for a web site alone is no qualified one for signatures or seals (EN 319 412-5, 4.2.3).
    if !qualified.complies {
        return kind(LegalClass::Advanced, None);
    }
    if qualified.is_for_other_use() {
        let advanced = kind(LegalClass::Advanced, None);
        let remark = advanced.remark.or(Some(KindRemark::ForSites));
        return SignatureKind { remark, ..advanced };
    }
    let law = match qualified.other_law {
        true => Law::Other,
        false => Law::EuropeanUnion,
    };
    match qualified.device {
        true => kind(LegalClass::Qualified, Some(law)),
        false => kind(LegalClass::AdvancedWithQualifiedCertificate, Some(law)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::encode;

    fn statement(id: ObjectIdentifier, parts: &[&[u8]]) -> Vec<u8> {
        encode::sequence(&[&encode::oid(id), &parts.concat()])
    }

    fn types(list: &[ObjectIdentifier]) -> Vec<u8> {
        let list: Vec<u8> = list.iter().flat_map(|id| encode::oid(*id)).collect();
        encode::sequence(&[&list])
    }

    #[test]
    fn statements_are_read_and_unknown_ones_passed_over() {
        let retention = ObjectIdentifier::new_unwrap("0.4.0.1862.1.3");
        let all = encode::sequence(&[
            &statement(QC_COMPLIANCE, &[]),
            &statement(retention, &[&encode::unsigned(&[15])]),
            &statement(QC_DEVICE, &[]),
            &statement(QC_TYPE, &[&types(&[QC_SEAL])]),
        ]);
        let found = QualifiedStatements::parse(&all).expect("statements");
        let expected = QualifiedStatements {
            complies: true,
            device: true,
            seal: true,
            signs: false,
            typed: true,
            other_law: false,
            unknown: false,
        };
        assert_eq!(found, expected);
        let both = statement(QC_TYPE, &[&types(&[QC_SEAL, QC_SIGN])]);
        let found = QualifiedStatements::parse(&encode::sequence(&[&both]));
        assert!(!found.expect("statements").seal, "a person's too");
        for cut in 0..all.len() {
            assert!(QualifiedStatements::parse(&all[..cut]).is_err(), "{cut}");
        }
    }
}
