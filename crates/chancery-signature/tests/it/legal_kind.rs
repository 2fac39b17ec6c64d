//! What a signature is said to be in law: by its certificate, and borne out only by a verdict.

use chancery_signature as sig;
use sig::facts::Der;
use sig::listed::{ListedAuthority, ListedIssue, ListedSpan};
use sig::signature_kind::{KindRemark, Law, LegalClass, SignatureKind};
use sig::{Anchors, Limits, ValidationPolicy};

use crate::authority::{Draft, Extras, Holder, NO_REV_AVAIL, Signs, signed_cms};
use crate::forge::{algorithm, der, oid};
use crate::support::at;

const QC_STATEMENTS: &str = "1.3.6.1.5.5.7.1.3";
const POLICIES: &str = "2.5.29.32";
const ISSUER_SIGN_TOOL: &str = "1.2.643.100.112";

fn statements(ids: &[&str], seal: bool) -> Vec<u8> {
    let mut list: Vec<Vec<u8>> = ids.iter().map(|id| der(0x30, &[&oid(id)])).collect();
    if seal {
        let types = der(0x30, &[&oid("0.4.0.1862.1.6.2")]);
        list.push(der(0x30, &[&oid("0.4.0.1862.1.6"), &types]));
    }
    let parts: Vec<&[u8]> = list.iter().map(Vec::as_slice).collect();
    der(0x30, &parts)
}

fn policies(id: &str) -> Vec<u8> {
    der(0x30, &[&der(0x30, &[&oid(id)])])
}

fn russian(class: &str) -> Draft {
    // КриптоПро in the place of the program's name: what it says is not looked at.
    let tool = der(0x30, &[&der(0x0c, &["КриптоПро CSP".as_bytes()])]);
    Draft::person("Person", 2)
        .with(POLICIES, false, &policies(class))
        .with(ISSUER_SIGN_TOOL, false, &tool)
}

fn of_statements(ids: &[&str], seal: bool) -> Draft {
    Draft::person("Person", 2).with(QC_STATEMENTS, false, &statements(ids, seal))
}

/// A list's authority that may issue for signatures and seals, since long ago.
fn listed(holder: &Holder, law: Law) -> ListedIssue {
    let authority = ListedAuthority {
        certificates: vec![Der(holder.certificate.clone().into())],
        spans: vec![ListedSpan {
            since: at("2010-01-01T00:00:00Z"),
            until: None,
            signatures: true,
            seals: true,
            qualifications: Vec::new(),
        }],
    };
    ListedIssue {
        law,
        territory: None,
        sequence: None,
        issued: at("2026-05-01T00:00:00Z"),
        due: at("2026-11-01T00:00:00Z"),
        authorities: vec![authority],
    }
}

/// What the list says of the issuer of a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Issuer {
    Unknown,
    Trusted,
    Accredited(Law),
}

/// The report on a signature by this certificate.
fn judged(draft: Draft, issuer: Issuer) -> sig::report::SignatureReport {
    judged_with(draft, issuer, &Extras::default())
}

fn judged_with(draft: Draft, issuer: Issuer, extras: &Extras) -> sig::report::SignatureReport {
    let root = Draft::authority("Root", 1).own();
    let short = draft.valid("2026-06-01T00:00:00Z", "2026-06-02T00:00:00Z");
    let signer: Holder = short.with(NO_REV_AVAIL, false, &der(5, &[])).by(&root);
    let content: &[u8] = b"a contract";
    let cms = signed_cms(&signer, &[content], extras);
    let facts = sig::gather_cms(&cms, Some(content), &Limits::default());
    let trusted = Anchors::from_pem_or_der(&root.certificate).expect("a root");
    let anchors = match issuer {
        Issuer::Unknown => Anchors::none(),
        Issuer::Trusted => trusted,
        Issuer::Accredited(law) => trusted.with_listed([listed(&root, law)]),
    };
    let policy = ValidationPolicy::default();
    let report = sig::judge(&facts, &policy, at("2026-06-01T12:00:00Z"), &anchors);
    report.signatures[0].clone()
}

/// The kind that it tells.
fn kind(draft: Draft, issuer: Issuer) -> SignatureKind {
    let one = judged(draft, issuer);
    let passed = one.indication == sig::Indication::TotalPassed;
    assert_eq!(passed, issuer != Issuer::Unknown, "{:?}", one.reasons);
    one.kind.expect("a kind")
}

/// Goal: the class, the law and the seal are those that the certificate names, and a claim by a law
/// counts only of a signature that passed by an issuer of whom a list of that law says that it may;
/// by 63-ФЗ only with a key of GOST. Method: certificates with each of the marks and keys of P-256,
/// with an issuer who is unknown, trusted, or accredited by each law.
#[test]
fn the_kind_is_what_the_certificate_claims_and_a_list_confirms() {
    use LegalClass::{Advanced, AdvancedWithQualifiedCertificate, Qualified};
    const COMPLIES: &str = "0.4.0.1862.1.1";
    const DEVICE: &str = "0.4.0.1862.1.4";
    const ELSEWHERE: &str = "0.4.0.1862.1.7";
    let eu = Some(Law::EuropeanUnion);
    for (draft, class, law, seal) in [
        (Draft::person("Person", 2), Advanced, None, false),
        (of_statements(&[DEVICE], false), Advanced, None, false),
        (
            of_statements(&[COMPLIES], false),
            AdvancedWithQualifiedCertificate,
            eu,
            false,
        ),
        (
            of_statements(&[COMPLIES, DEVICE], false),
            Qualified,
            eu,
            false,
        ),
        (
            of_statements(&[COMPLIES, DEVICE], true),
            Qualified,
            eu,
            true,
        ),
        (
            of_statements(&[COMPLIES, DEVICE, ELSEWHERE], false),
            Qualified,
            Some(Law::Other),
            false,
        ),
        (
            russian("1.2.643.100.113.1"),
            Qualified,
            Some(Law::Russia),
            false,
        ),
        (
            russian("1.2.643.100.113.6"),
            Qualified,
            Some(Law::Russia),
            false,
        ),
        // A policy of somebody else's, or the class alone, is not enough.
        (russian("1.2.643.100.114"), Advanced, None, false),
        (
            Draft::person("Person", 2).with(POLICIES, false, &policies("1.2.643.100.113.1")),
            Advanced,
            None,
            false,
        ),
        // Its policy is that of organisations, with a device, or of web sites (EN 319 411-2, 5.3).
        (
            of_statements(&[COMPLIES, DEVICE], false).with(
                POLICIES,
                false,
                &policies("0.4.0.194112.1.3"),
            ),
            Qualified,
            eu,
            true,
        ),
        (
            of_statements(&[COMPLIES], false).with(POLICIES, false, &policies("0.4.0.194112.1.4")),
            Advanced,
            None,
            false,
        ),
        // What cannot be read claims nothing, and harms nothing.
        (
            Draft::person("Person", 2).with(QC_STATEMENTS, false, &[0x30, 9, 1]),
            Advanced,
            None,
            false,
        ),
    ] {
        for issuer in [
            Issuer::Unknown,
            Issuer::Trusted,
            Issuer::Accredited(Law::Russia),
            Issuer::Accredited(Law::EuropeanUnion),
        ] {
            let confirmed = match law {
                None => issuer != Issuer::Unknown,
                Some(Law::EuropeanUnion) => issuer == Issuer::Accredited(Law::EuropeanUnion),
                // No key of P-256 makes one by 63-ФЗ, and of others' laws no list is known here.
                Some(Law::Russia | Law::Other) => false,
            };
            let expected = SignatureKind {
                class,
                law,
                seal,
                confirmed,
                remark: None,
            };
            let found = kind(draft.clone(), issuer);
            let is_for_sites = found.remark == Some(KindRemark::ForSites);
            assert!(
                found.remark.is_some() != confirmed || is_for_sites,
                "{found:?}"
            );
            let found = SignatureKind {
                remark: None,
                ..found
            };
            assert_eq!(found, expected, "{issuer:?}");
        }
    }
}

/// RFC 3739, 3.2.6: marked critical, every statement must be understood.
#[test]
fn statements_that_must_be_understood_are_or_leave_it_open() {
    for (statement, critical, passes) in [
        ("0.4.0.1862.1.1", true, true),
        ("0.4.0.1862.1.5", true, true),
        // A limit on what may be signed for, which nobody here keeps to.
        ("0.4.0.1862.1.2", true, false),
        ("0.4.0.1862.1.2", false, true),
    ] {
        let draft = Draft::person("Person", 2);
        let draft = draft.with(QC_STATEMENTS, critical, &statements(&[statement], false));
        let one = judged(draft, Issuer::Trusted);
        let passed = one.indication == sig::Indication::TotalPassed;
        assert_eq!(passed, passes, "{statement}: {:?}", one.reasons);
    }
}

/// The generator of CryptoPro-A (RFC 4357, 11.4), which is the public key of the private key one.
const GENERATOR_Y: [u8; 32] = [
    0x8d, 0x91, 0xe4, 0x71, 0xe0, 0x98, 0x9c, 0xda, 0x27, 0xdf, 0x50, 0x5a, 0x45, 0x3f, 0x2b, 0x76,
    0x35, 0x29, 0x4f, 0x2d, 0xdf, 0x23, 0xe3, 0xb1, 0x22, 0xac, 0xc9, 0x9c, 0x9e, 0x9f, 0x1e, 0x14,
];

/// That key as certificates have it: `x ‖ y`, little-endian (RFC 9215, 4.3).
fn gost_spki() -> Vec<u8> {
    let mut point = vec![0; 32];
    point[0] = 1;
    point.extend(GENERATOR_Y.iter().rev());
    let parameters = der(0x30, &[&oid("1.2.643.2.2.35.1"), &oid("1.2.643.7.1.1.2.2")]);
    let algorithm = der(0x30, &[&oid("1.2.643.7.1.1.1.1"), &parameters]);
    let bits = der(3, &[&[0], &der(4, &[&point])]);
    der(0x30, &[&algorithm, &bits])
}

/// `s ‖ r` by the private key `d = 1` with the random number `k = 1` (RFC 7091, 6.1): then `r = 1`
/// and `s = e + 1`, and no arithmetic of points is needed.
fn gost_sign(message: &[u8]) -> Vec<u8> {
    // Streebog gives its least significant byte first.
    let mut s = sig::DigestAlgorithm::Streebog256.digest(&[message]);
    for byte in &mut s {
        let (sum, carried) = byte.overflowing_add(1);
        *byte = sum;
        if !carried {
            break;
        }
    }
    s.reverse();
    let mut r = vec![0; 32];
    r[31] = 1;
    [s, r].concat()
}

/// Goal: a signature is УКЭП where the certificate says so, its key is of GOST, and a list names
/// its issuer among the accredited; trust alone does not make it one. Method: a key of GOST R
/// 34.10-2012 under an issuer who is trusted, accredited by 63-ФЗ, and listed by another law.
#[test]
fn a_qualified_signature_of_russia_needs_a_key_of_gost_and_an_accredited_issuer() {
    let draft = || russian("1.2.643.100.113.1").of_spki(gost_spki());
    let extras = || Extras {
        signed_by: Some((algorithm("1.2.643.7.1.1.3.2"), gost_sign as Signs)),
        digest: Some((sig::DigestAlgorithm::Streebog256, "1.2.643.7.1.1.2.2")),
        ..Extras::default()
    };
    for (issuer, confirmed) in [
        (Issuer::Unknown, false),
        (Issuer::Trusted, false),
        (Issuer::Accredited(Law::EuropeanUnion), false),
        (Issuer::Accredited(Law::Russia), true),
    ] {
        let one = judged_with(draft(), issuer, &extras());
        let passed = one.indication == sig::Indication::TotalPassed;
        assert_eq!(passed, issuer != Issuer::Unknown, "{:?}", one.reasons);
        let kind = one.kind.expect("a kind");
        assert_eq!(kind.class, LegalClass::Qualified);
        assert_eq!((kind.law, kind.confirmed), (Some(Law::Russia), confirmed));
    }
}
