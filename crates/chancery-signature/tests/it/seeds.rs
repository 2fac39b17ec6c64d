//! The files that fuzzing starts from, `fuzz/seeds`: small, one of each form, made here.

use std::path::{Path, PathBuf};

use crate::authority::{Extras, List, Reply, Says, entry, signed_cms};
use crate::forge::{Forge, Plan, certification, countersign, house, plain, sig1, signed};
use crate::support::{at, packed_pdf, plan, small_pdf};
use crate::town::{GATHERED, SIGNED, Stamps, Town, stamp};
use chancery_pdf::SignaturePlan;
use chancery_signature as sig;
use sig::{KeyKind, LongTermLevel};

/// As `CONTENT` of the targets.
const CONTENT: &[u8] = b"Chancery\n";

/// Compares a seed with what is made now, or writes it where refreshing is asked for.
fn check(target: &str, name: &str, bytes: &[u8]) {
    let folder = folder(target);
    let path = folder.join(name);
    if std::env::var_os("CHANCERY_TEST_REFRESH").is_some() {
        std::fs::create_dir_all(&folder).expect("a folder");
        std::fs::write(path, bytes).expect("a seed");
        return;
    }
    let kept = std::fs::read(&path).expect("a seed");
    assert!(
        kept == bytes,
        "{target}/{name} is not what is made now: CHANCERY_TEST_REFRESH=1 writes it anew"
    );
}

/// As [`check`], of a file with compressed parts: which bytes they take is the packer's choice.
fn check_packed(target: &str, name: &str, bytes: &[u8]) {
    if std::env::var_os("CHANCERY_TEST_REFRESH").is_some() {
        return check(target, name, bytes);
    }
    let kept = std::fs::read(folder(target).join(name)).expect("a seed");
    let held = |file: &[u8]| {
        let facts = sig::gather_pdf(file, &sig::Limits::default());
        (facts.signatures.len(), facts.evidence)
    };
    assert_eq!(held(&kept), held(bytes), "{target}/{name}");
}

fn folder(target: &str) -> PathBuf {
    let own = Path::new(env!("CARGO_MANIFEST_DIR"));
    own.join("../../fuzz/seeds").join(target)
}

fn small_plan(name: &str) -> SignaturePlan<'static> {
    SignaturePlan {
        contents_bytes: 3000,
        ..plan(name)
    }
}

fn check_pdfs(town: &Town) {
    check("pdf", "unsigned.pdf", &small_pdf());
    check("pdf", "unsigned-packed.pdf", &packed_pdf());
    let house = house();
    for (name, file) in crate::enciphered::TWICE {
        let name = format!("enciphered-{}.pdf", name.to_lowercase());
        check("pdf", &name, file);
    }
    check("pdf", "enciphered-rc4.pdf", crate::enciphered::RC4);
    check("pdf", "form-signed.pdf", &signed(&house).bytes);
    let mut twice = signed(&house);
    countersign(&mut twice, &house, "0 0 0 0", "", plain);
    check("pdf", "form-signed-twice.pdf", &twice.bytes);
    let mut certified = Forge::form();
    let mut certification_plan = Plan::new(9, vec![sig1(9)]);
    certification_plan.extra = certification(2);
    certified.sign(&certification_plan, |spans| plain(&house, spans));
    let filled = "<</Type/Annot/Subtype/Widget/FT/Tx/T(Amount)/V(200)/Rect[10 10 110 30]/P 3 0 R\
                  /AP<</N 8 0 R>>>>";
    let shown = crate::forge::appearance("(200)");
    certified.update(&[(5, filled.to_owned()), (8, shown)]);
    check("pdf", "certified-filled.pdf", &certified.bytes);
    for (name, file) in [("table", small_pdf()), ("stream", packed_pdf())] {
        let signer = town.person(KeyKind::EcdsaP256, 10);
        let stamped = town.sign(&file, &signer, &small_plan(&signer.name), Some(SIGNED));
        check("pdf", &format!("b-t-{name}.pdf"), &stamped);
        let kept = town.extended(&stamped, LongTermLevel::Lt);
        check_packed("pdf", &format!("b-lt-{name}.pdf"), &kept);
    }
}

fn check_cms(town: &Town) {
    for (name, kind) in [
        ("p256", KeyKind::EcdsaP256),
        ("ed25519", KeyKind::Ed25519),
        ("rsa", KeyKind::Rsa),
    ] {
        let signer = town.person(kind, 10);
        let algorithm = kind.digest_algorithm();
        let digest = algorithm.digest(&[CONTENT]);
        let certificate = &signer.certificate;
        let attributes = sig::detached_attributes(algorithm, &digest, certificate, at(SIGNED));
        let attributes = attributes.expect("attributes");
        let cms = town.cms(&signer, &attributes, None);
        check("cms", &format!("detached-b-b-{name}.p7s"), &cms);
        if kind == KeyKind::EcdsaP256 {
            let stamped = town.cms(&signer, &attributes, Some(SIGNED));
            check("cms", "detached-b-t.p7s", &stamped);
            check("cms", "detached-b-lta.p7s", &lasting(town, &stamped));
        }
    }
    let signer = town.person(KeyKind::EcdsaP256, 10);
    let token = crate::authority::token(&town.first_stamps, &[CONTENT], SIGNED);
    check("cms", "token.p7s", &token);
    let bare = signed_cms(&signer, &[CONTENT], &Extras::default());
    check("cms", "extras.p7s", &bare);
}

/// A structure with evidence and an archive timestamp.
fn lasting(town: &Town, cms: &[u8]) -> Vec<u8> {
    let wanted = sig::Extension {
        level: LongTermLevel::Lta,
        evidence: &town.evidence(),
        anchors: &town.anchors(),
        policy: &sig::ValidationPolicy::default(),
        at: at(GATHERED),
        limits: &sig::Limits::default(),
    };
    let stamps = &town.first_stamps;
    let extended = sig::extend_cms(cms, CONTENT, &wanted, |imprint| {
        Ok(stamp(stamps, imprint, GATHERED))
    });
    extended.expect("evidence for everything").bytes
}

fn check_tokens(town: &Town) {
    let token = crate::authority::token(&town.first_stamps, &[CONTENT], SIGNED);
    check("timestamp", "over-content.tst", &token);
    let other = crate::authority::token(&town.second_stamps, &[b"other"], SIGNED);
    check("timestamp", "over-other.tst", &other);
    check(
        "timestamp",
        "with-nonce.tst",
        &house().token(CONTENT, at(SIGNED)),
    );
}

fn check_certificates(town: &Town) {
    let signer = town.person(KeyKind::EcdsaP256, 10);
    let chain = [&signer, &town.authority, &town.root];
    let chain: Vec<&[u8]> = chain.iter().map(|one| one.certificate.as_slice()).collect();
    check("certificate", "chain.der", &chain.concat());
    for kind in [KeyKind::Ed25519, KeyKind::Rsa] {
        let name = format!("{kind:?}").to_lowercase();
        let other = town.person(kind, 12);
        check("certificate", &format!("{name}.der"), &other.certificate);
    }
    let stamps = &town.first_stamps.certificate;
    check("certificate", "timestamping.der", stamps);
    let revoked = vec![entry(10, SIGNED, Some(1))];
    let list = List::of("2026-08-01T00:00:00Z", "2026-08-08T00:00:00Z", revoked);
    let list = list.by(&town.authority);
    check("certificate", "list.crl", &[chain.concat(), list].concat());
    let reply = Reply::new(Says::Good, "2026-08-01T00:00:00Z", None);
    let reply = reply.about(10, &town.authority, &town.authority);
    check(
        "certificate",
        "answer.ocsp",
        &[chain.concat(), reply].concat(),
    );
    let text: String = chain.iter().map(|one| crate::support::pem(one)).collect();
    check("certificate", "chain.pem", text.as_bytes());
}

#[test]
fn the_seeds_of_fuzzing_are_what_is_made_here() {
    let town = Town::new(Stamps::NeverRevoked);
    check_pdfs(&town);
    check_cms(&town);
    check_tokens(&town);
    check_certificates(&town);
}
