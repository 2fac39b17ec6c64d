//! Keys on the curves of RFC 5639, in certificates and signatures that OpenSSL makes.

use chancery_signature as sig;
use chancery_types::Instant;
use sig::{Anchors, Answer, Indication, Limits, ValidationPolicy, ValidationReport};

use crate::support::{folder, run};

const TEXT: &str = "Счёт на оплату № 12";

/// A signature by a key on this curve, beneath an authority on the same one, and the authority's
/// certificate. Nothing if the program is not here.
fn signed(curve: &str, digest: &str) -> Option<(Vec<u8>, Vec<u8>)> {
    let folder = folder("brainpool").join(format!("{curve}-{digest}"));
    std::fs::create_dir_all(&folder).expect("a folder");
    let at = |name: &str| folder.join(name).to_str().expect("a path").to_owned();
    let [root, root_key] = ["root.pem", "root.key"].map(&at);
    let [leaf, leaf_key] = ["leaf.pem", "leaf.key"].map(&at);
    let [text, cms] = ["a.txt", "a.p7s"].map(&at);
    std::fs::write(&text, TEXT).expect("written");
    let curve = format!("ec_paramgen_curve:{curve}");
    let make = |subject: &str, key: &str, out: &str, more: &[&str]| {
        let digest = format!("-{digest}");
        let common = [
            "req", "-x509", "-newkey", "ec", "-pkeyopt", &curve, "-nodes", "-days", "3", &digest,
            "-keyout", key, "-out", out, "-subj", subject,
        ];
        run("openssl", &[&common, more].concat())
    };
    let authority = ["-addext", "keyUsage=critical,keyCertSign,cRLSign"];
    let signer = [
        "-CA",
        &root,
        "-CAkey",
        &root_key,
        "-addext",
        "basicConstraints=critical,CA:FALSE",
        "-addext",
        "keyUsage=critical,digitalSignature",
        "-addext",
        "2.5.29.56=DER:05:00",
    ];
    let sign = [
        "cms",
        "-sign",
        "-cades",
        "-binary",
        "-nodetach",
        "-md",
        digest,
        "-in",
        &text,
        "-signer",
        &leaf,
        "-inkey",
        &leaf_key,
        "-outform",
        "DER",
        "-out",
        &cms,
    ];
    let made = [
        make("/CN=Root", &root_key, &root, &authority)?,
        make("/CN=Signer", &leaf_key, &leaf, &signer)?,
        run("openssl", &sign)?,
    ];
    for (good, text) in made {
        assert!(good, "{text}");
    }
    let read = |path: &str| std::fs::read(path).expect("what was made");
    Some((read(&cms), read(&root)))
}

fn judged(cms: &[u8], root: &[u8]) -> ValidationReport {
    let facts = sig::gather_cms(cms, None, &Limits::default());
    let anchors = Anchors::from_pem_or_der(root).expect("a root");
    // The certificates are as old as this run, by the machine's clock, which may be set back or
    // forth while they are made: the moment is a day into their three. The program asks it twice,
    // so that they live a second longer now and then.
    let policy = ValidationPolicy {
        no_revocation_seconds_max: 4 * 86_400,
        ..ValidationPolicy::default()
    };
    let seconds = std::time::UNIX_EPOCH.elapsed().expect("a clock").as_secs() + 86_400;
    let now = Instant::from_seconds(i64::try_from(seconds).expect("in range"));
    sig::judge(&facts, &policy, now, &anchors)
}

/// Goal: a signature by a key on any of these curves is judged, not left open, with any digest.
/// Method: OpenSSL makes an authority, a signer and CMS on each; then one byte of it is another.
#[test]
fn what_openssl_signs_on_these_curves_passes() {
    for (curve, digest) in [
        ("brainpoolP256r1", "sha256"),
        ("brainpoolP384r1", "sha384"),
        ("brainpoolP512r1", "sha512"),
        ("brainpoolP512r1", "sha256"),
        ("brainpoolP256t1", "sha512"),
        ("brainpoolP384t1", "sha384"),
        ("brainpoolP512t1", "sha512"),
    ] {
        let Some((cms, root)) = signed(curve, digest) else {
            return;
        };
        let report = judged(&cms, &root);
        let told = &report.signatures[0];
        assert_eq!(
            report.indication,
            Indication::TotalPassed,
            "{curve}: {:?}",
            told.reasons
        );
        assert_eq!(
            (report.intact, report.crypto),
            (Answer::Yes, Answer::Yes),
            "{curve}"
        );
        let key = told.algorithm.as_ref().and_then(|one| one.key.as_ref());
        let key = key.expect("a key");
        assert_eq!(key.algorithm, format!("ECDSA {curve}"));
        assert_eq!(key.bits.to_string(), curve[10..13]);

        // The value is the last of the structure, and s the last of the value.
        let mut other = cms.clone();
        *other.last_mut().expect("bytes") ^= 1;
        let report = judged(&other, &root);
        assert_eq!(report.indication, Indication::TotalFailed, "{curve}");
        assert_eq!(report.crypto, Answer::No, "{curve}");
    }
}
