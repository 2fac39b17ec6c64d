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

fn write(target: &str, name: &str, bytes: &[u8]) {
    let folder = folder(target);
    std::fs::create_dir_all(&folder).expect("a folder");
    std::fs::write(folder.join(name), bytes).expect("a seed");
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

fn write_pdfs(town: &Town) {
    write("pdf", "unsigned.pdf", &small_pdf());
    write("pdf", "unsigned-packed.pdf", &packed_pdf());
    let house = house();
    write("pdf", "form-signed.pdf", &signed(&house).bytes);
    let mut twice = signed(&house);
    countersign(&mut twice, &house, "0 0 0 0", "", plain);
    write("pdf", "form-signed-twice.pdf", &twice.bytes);
    let mut certified = Forge::form();
    let mut certification_plan = Plan::new(9, vec![sig1(9)]);
    certification_plan.extra = certification(2);
    certified.sign(&certification_plan, |spans| plain(&house, spans));
    let filled = "<</Type/Annot/Subtype/Widget/FT/Tx/T(Amount)/V(200)/Rect[10 10 110 30]/P 3 0 R\
                  /AP<</N 8 0 R>>>>";
    let shown = crate::forge::appearance("(200)");
    certified.update(&[(5, filled.to_owned()), (8, shown)]);
    write("pdf", "certified-filled.pdf", &certified.bytes);
    for (name, file) in [("table", small_pdf()), ("stream", packed_pdf())] {
        let signer = town.person(KeyKind::EcdsaP256, 10);
        let stamped = town.sign(&file, &signer, &small_plan(&signer.name), Some(SIGNED));
        write("pdf", &format!("b-t-{name}.pdf"), &stamped);
        let kept = town.extended(&stamped, LongTermLevel::Lt);
        write("pdf", &format!("b-lt-{name}.pdf"), &kept);
    }
}

fn write_cms(town: &Town) {
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
        write("cms", &format!("detached-b-b-{name}.p7s"), &cms);
        if kind == KeyKind::EcdsaP256 {
            let stamped = town.cms(&signer, &attributes, Some(SIGNED));
            write("cms", "detached-b-t.p7s", &stamped);
            write("cms", "detached-b-lta.p7s", &lasting(town, &stamped));
        }
    }
    let signer = town.person(KeyKind::EcdsaP256, 10);
    let token = crate::authority::token(&town.first_stamps, &[CONTENT], SIGNED);
    write("cms", "token.p7s", &token);
    let bare = signed_cms(&signer, &[CONTENT], &Extras::default());
    write("cms", "extras.p7s", &bare);
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

fn write_tokens(town: &Town) {
    let token = crate::authority::token(&town.first_stamps, &[CONTENT], SIGNED);
    write("timestamp", "over-content.tst", &token);
    let other = crate::authority::token(&town.second_stamps, &[b"other"], SIGNED);
    write("timestamp", "over-other.tst", &other);
    write(
        "timestamp",
        "with-nonce.tst",
        &house().token(CONTENT, at(SIGNED)),
    );
}

fn write_certificates(town: &Town) {
    let signer = town.person(KeyKind::EcdsaP256, 10);
    let chain = [&signer, &town.authority, &town.root];
    let chain: Vec<&[u8]> = chain.iter().map(|one| one.certificate.as_slice()).collect();
    write("certificate", "chain.der", &chain.concat());
    for kind in [KeyKind::Ed25519, KeyKind::Rsa] {
        let name = format!("{kind:?}").to_lowercase();
        let other = town.person(kind, 12);
        write("certificate", &format!("{name}.der"), &other.certificate);
    }
    let stamps = &town.first_stamps.certificate;
    write("certificate", "timestamping.der", stamps);
    let revoked = vec![entry(10, SIGNED, Some(1))];
    let list = List::of("2026-08-01T00:00:00Z", "2026-08-08T00:00:00Z", revoked);
    let list = list.by(&town.authority);
    write("certificate", "list.crl", &[chain.concat(), list].concat());
    let reply = Reply::new(Says::Good, "2026-08-01T00:00:00Z", None);
    let reply = reply.about(10, &town.authority, &town.authority);
    write(
        "certificate",
        "answer.ocsp",
        &[chain.concat(), reply].concat(),
    );
    let text: String = chain.iter().map(|one| crate::support::pem(one)).collect();
    write("certificate", "chain.pem", text.as_bytes());
}

/// Run by hand when the seeds should change: `cargo test -p chancery-signature --test it --
/// --ignored writes_the_seeds`.
#[test]
#[ignore = "writes into fuzz/seeds"]
fn writes_the_seeds_of_fuzzing() {
    let town = Town::new(Stamps::NeverRevoked);
    write_pdfs(&town);
    write_cms(&town);
    write_tokens(&town);
    write_certificates(&town);
}
