//! Levels of detached CAdES: the structure grows, what is signed stays.

use crate::authority::Holder;
use crate::support::{at, folder, run};
use crate::town::*;
use chancery_signature as sig;
use sig::{
    Extended, Extension, GivenEvidence, Indication, KeyKind, LongTermLevel, ValidationPolicy,
    ValidationReport,
};

const CONTENT: &[u8] = "Договор поставки № 7".as_bytes();

fn signed(town: &Town, signer: &Holder, moment: Option<&str>) -> Vec<u8> {
    let algorithm = signer.key.kind().digest_algorithm();
    let digest = algorithm.digest(&[CONTENT]);
    let attributes =
        sig::detached_attributes(algorithm, &digest, &signer.certificate, at(SIGNED)).unwrap();
    town.cms(signer, &attributes, moment)
}

fn extended(
    town: &Town,
    cms: &[u8],
    level: LongTermLevel,
    (stamps, moment): (&Holder, &str),
    evidence: &GivenEvidence,
) -> Result<Extended, sig::ExtendError> {
    let wanted = Extension {
        level,
        evidence,
        anchors: &town.anchors(),
        policy: &ValidationPolicy::default(),
        at: at(moment),
        limits: &sig::Limits::default(),
    };
    sig::extend_cms(cms, CONTENT, &wanted, |imprint| {
        Ok(stamp(stamps, imprint, moment))
    })
}

fn judged(town: &Town, cms: &[u8], moment: &str, given: &GivenEvidence) -> ValidationReport {
    let facts = sig::gather_cms(cms, Some(CONTENT), &sig::Limits::default());
    let policy = ValidationPolicy::default();
    sig::judge_with(&facts, &policy, at(moment), &town.anchors(), given)
}

/// Whether OpenSSL verifies the signature, if it is here.
fn openssl(town: &Town, cms: &[u8], name: &str) -> Option<(bool, String)> {
    let folder = folder(&format!("levels-cms-{name}"));
    let write = |file: &str, bytes: &[u8]| {
        let path = folder.join(file);
        std::fs::write(&path, bytes).expect("a written file");
        path.to_str().expect("a UTF-8 path").to_owned()
    };
    let signature = write("a.p7s", cms);
    let content = write("a.txt", CONTENT);
    let trust = write("root.pem", town.pem().as_bytes());
    let moment = at(GATHERED).seconds().to_string();
    let arguments = [
        "cms",
        "-verify",
        "-cades",
        "-binary",
        "-inform",
        "DER",
        "-in",
        &signature,
        "-content",
        &content,
        "-CAfile",
        &trust,
        "-attime",
        &moment,
        "-purpose",
        "any",
        "-out",
        "/dev/null",
    ];
    run("openssl", &arguments)
}

#[test]
fn every_level_of_a_detached_signature_passes_and_openssl_agrees() {
    let town = Town::new(Stamps::NeverRevoked);
    let none = GivenEvidence::none();
    for kind in crate::levels::KINDS {
        let signer = town.person(kind, 10);
        let bare = signed(&town, &signer, None);
        let report = judged(&town, &bare, GATHERED, &town.evidence());
        all_passed(&report, 1, &format!("B-B {kind:?}"));
        let claimed = report.signatures[0].time.claimed.as_deref();
        assert_eq!(claimed, Some(SIGNED));

        let stamped = signed(&town, &signer, Some(SIGNED));
        let report = judged(&town, &stamped, GATHERED, &town.evidence());
        all_passed(&report, 1, &format!("B-T {kind:?}"));

        let by = (&town.first_stamps, GATHERED);
        let kept = extended(&town, &stamped, LongTermLevel::Lt, by, &town.evidence());
        let kept = kept.unwrap().bytes;
        let archived = extended(&town, &kept, LongTermLevel::Lta, by, &none)
            .unwrap()
            .bytes;
        for moment in [GATHERED, YEARS_LATER] {
            let report = judged(&town, &kept, moment, &none);
            all_passed(&report, 1, &format!("B-LT {kind:?} {moment}"));
            let report = judged(&town, &archived, moment, &none);
            all_passed(&report, 1, &format!("B-LTA {kind:?} {moment}"));
            let proven = report.signatures[0].time.proven;
            assert_eq!(proven, Some(at(SIGNED)));
        }
        let by = (&town.second_stamps, RENEWED);
        let renewed = extended(&town, &archived, LongTermLevel::Lta, by, &none);
        let renewed = renewed.unwrap().bytes;
        let report = judged(&town, &renewed, DECADE_LATER, &none);
        all_passed(&report, 1, &format!("B-LTA again {kind:?}"));
        for earlier in [&stamped, &kept, &archived] {
            let report = judged(&town, earlier, DECADE_LATER, &none);
            assert_ne!(report.indication, Indication::TotalPassed);
        }
        for (cms, level) in [
            (&bare, "B-B"),
            (&stamped, "B-T"),
            (&kept, "B-LT"),
            (&archived, "B-LTA"),
            (&renewed, "B-LTA again"),
        ] {
            let Some((good, text)) = openssl(&town, cms, &format!("{kind:?}")) else {
                continue;
            };
            // OpenSSL 3 verifies no Ed25519 in CMS; a newer one may.
            assert!(good || kind == KeyKind::Ed25519, "{level} {kind:?}: {text}");
        }
    }
}

#[test]
fn answers_of_a_responder_go_into_the_structure() {
    use crate::authority::{Reply, Says};
    let town = Town::new(Stamps::NeverRevoked);
    let signer = town.person(KeyKind::EcdsaP256, 10);
    let stamped = signed(&town, &signer, Some(SIGNED));
    let reply = Reply::new(
        Says::Good,
        "2026-08-01T00:00:00Z",
        Some("2026-08-08T00:00:00Z"),
    );
    let evidence = given(&[
        reply.about(2, &town.root, &town.root),
        reply.about(10, &town.authority, &town.authority),
    ]);
    let by = (&town.first_stamps, GATHERED);
    let archived = extended(&town, &stamped, LongTermLevel::Lta, by, &evidence);
    let archived = archived.unwrap().bytes;
    let report = judged(&town, &archived, YEARS_LATER, &GivenEvidence::none());
    all_passed(&report, 1, "B-LTA by OCSP");
    let again = extended(&town, &archived, LongTermLevel::Lt, by, &evidence);
    assert_eq!(again.unwrap().bytes, archived, "nothing is added twice");
}

#[test]
fn a_detached_level_that_would_not_carry_is_refused() {
    let town = Town::new(Stamps::NeverRevoked);
    let signer = town.person(KeyKind::EcdsaP256, 10);
    let by = (&town.first_stamps, GATHERED);
    let refused = |cms: &[u8], evidence: &GivenEvidence| {
        let refused = extended(&town, cms, LongTermLevel::Lta, by, evidence);
        refused.unwrap_err().to_string()
    };
    let bare = signed(&town, &signer, None);
    let none = GivenEvidence::none();
    assert_eq!(refused(&bare, &none), "the signature 1 has no timestamp");
    let stamped = signed(&town, &signer, Some(SIGNED));
    assert_eq!(
        refused(&stamped, &none),
        "the signatures would not pass by what the file holds: revocation_unchecked"
    );
    assert_eq!(
        refused(b"nothing", &none),
        "there is no signature to extend"
    );
    for cut in [1, 100, stamped.len() / 2] {
        let cut = &stamped[..stamped.len() - cut];
        assert_eq!(refused(cut, &none), "there is no signature to extend");
    }
}

/// Goal: no structure makes extending panic, and nothing broken is given out. Method: each byte of
/// a signature in turn is changed or the rest cut away.
#[test]
fn damaged_structures_are_refused_or_still_pass() {
    let town = Town::new(Stamps::NeverRevoked);
    let signer = town.person(KeyKind::EcdsaP256, 10);
    let stamped = signed(&town, &signer, Some(SIGNED));
    let by = (&town.first_stamps, GATHERED);
    let evidence = town.evidence();
    let (mut refused, mut passed) = (0, 0);
    for place in (0..stamped.len()).step_by(7) {
        let mut damaged = stamped.clone();
        damaged[place] ^= 0x15;
        for cms in [damaged, stamped[..place].to_vec()] {
            match extended(&town, &cms, LongTermLevel::Lta, by, &evidence) {
                Ok(extended) => {
                    let report = judged(&town, &extended.bytes, GATHERED, &evidence);
                    all_passed(&report, 1, &format!("byte {place}"));
                    passed += 1;
                }
                Err(_) => refused += 1,
            }
        }
    }
    assert!(
        refused > 100 && passed < refused,
        "{refused} refused, {passed} passed"
    );
}
