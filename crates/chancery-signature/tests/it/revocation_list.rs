//! Lists that our own authority publishes, read by our own reader and by OpenSSL.

use std::process::Command;

use crate::support::folder;
use chancery_signature::{
    AuthorityRequest, IssuingAuthority, KeyKind, ListRequest, RevocationReason, RevokedCertificate,
    SigningKey, make_revocation_list, make_root,
};
use chancery_types::Instant;

fn moment(text: &str) -> Instant {
    text.parse().expect("a moment")
}

fn authority() -> IssuingAuthority {
    let key = SigningKey::from_seed(KeyKind::EcdsaP256, &[7; 32]).expect("a key");
    let request = AuthorityRequest {
        common_name: "Root".to_owned(),
        organisation: None,
        serial: [1; 16],
        not_before: moment("2026-01-01T00:00:00Z"),
        not_after: moment("2036-01-01T00:00:00Z"),
    };
    let root = make_root(&key, &request).expect("a root");
    IssuingAuthority::new(key, root).expect("an authority")
}

fn request(revoked: Vec<RevokedCertificate>) -> ListRequest {
    ListRequest {
        number: 258,
        this_update: moment("2026-06-01T00:00:00Z"),
        next_update: moment("2026-07-01T00:00:00Z"),
        ended_stay_since: moment("2026-01-01T00:00:00Z"),
        revoked,
    }
}

/// Goal: OpenSSL verifies the list with the root and reads what it says. Method: `openssl crl`.
#[test]
fn openssl_reads_and_verifies_the_list() {
    let issuer = authority();
    let folder = folder("revocation_list");
    let revoked = vec![
        RevokedCertificate {
            serial: vec![0x5a, 1, 2],
            at: moment("2026-05-05T10:00:00Z"),
            reason: RevocationReason::KeyCompromise,
        },
        RevokedCertificate {
            serial: vec![0xff, 1],
            at: moment("2026-05-06T10:00:00Z"),
            reason: RevocationReason::Superseded,
        },
    ];
    for (list, told) in [
        (
            request(revoked),
            &["5A0102", "FF01", "Key Compromise", "Superseded"][..],
        ),
        (request(Vec::new()), &["No Revoked Certificates"][..]),
    ] {
        let der = make_revocation_list(&issuer, &list).expect("a list");
        let (crl, root) = (folder.join("list.crl"), folder.join("root.pem"));
        std::fs::write(&crl, der).expect("written");
        let der = folder.join("root.der");
        std::fs::write(&der, issuer.certificate()).expect("written");
        let made = Command::new("openssl")
            .args(["x509", "-inform", "DER", "-in"])
            .arg(&der)
            .arg("-out")
            .arg(&root)
            .output()
            .expect("openssl");
        assert!(made.status.success());
        let read = Command::new("openssl")
            .args(["crl", "-inform", "DER", "-noout", "-text", "-in"])
            .arg(&crl)
            .arg("-CAfile")
            .arg(&root)
            .output()
            .expect("openssl");
        let words = String::from_utf8_lossy(&read.stdout).into_owned();
        let verdict = String::from_utf8_lossy(&read.stderr).into_owned();
        assert!(verdict.contains("verify OK"), "{verdict}");
        for word in told.iter().chain(&["258", "Jun  1 00:00:00 2026 GMT"]) {
            assert!(words.contains(word), "{word}: {words}");
        }
    }
}

/// Goal: what cannot be a list is refused.
#[test]
fn an_impossible_list_is_refused() {
    let mut upside_down = request(Vec::new());
    upside_down.next_update = upside_down.this_update;
    make_revocation_list(&authority(), &upside_down).expect_err("no time");
    let nameless = request(vec![RevokedCertificate {
        serial: Vec::new(),
        at: moment("2026-05-05T10:00:00Z"),
        reason: RevocationReason::Superseded,
    }]);
    make_revocation_list(&authority(), &nameless).expect_err("no serial");
    for reason in RevocationReason::ALL {
        assert_eq!(RevocationReason::from_code(reason.code()), Some(reason));
    }
}
