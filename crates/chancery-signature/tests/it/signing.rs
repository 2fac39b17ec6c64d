//! What we sign, other programs read: OpenSSL for certificates, tokens and CMS.

use crate::support::{House, at, folder, key, pem, run, signing_moment};
use chancery_signature as sig;
use sig::{IssueError, KeyKind, LeafRequest, SigningKey};

fn write(name: &str, file: &str, bytes: &[u8]) -> String {
    let path = folder(name).join(file);
    std::fs::write(&path, bytes).expect("a written file");
    path.to_str().expect("a UTF-8 path").to_owned()
}

#[test]
fn openssl_builds_our_chain_and_reads_our_names() {
    for kind in [KeyKind::EcdsaP256, KeyKind::Ed25519, KeyKind::Rsa] {
        let house = House::new(kind);
        let leaf = house.leaf(&key(kind, 5), "Пётр Ильич Вектор");
        let dir = format!("chain-{kind:?}");
        let root = write(&dir, "root.pem", pem(&house.root).as_bytes());
        let issuing = write(
            &dir,
            "issuing.pem",
            pem(house.issuing.certificate()).as_bytes(),
        );
        let leaf = write(&dir, "leaf.pem", pem(&leaf).as_bytes());
        let moment = signing_moment().seconds().to_string();
        let arguments = [
            "verify",
            "-x509_strict",
            "-attime",
            &moment,
            "-CAfile",
            &root,
            "-untrusted",
            &issuing,
            &leaf,
        ];
        let Some((good, text)) = run("openssl", &arguments) else {
            return;
        };
        assert!(good, "{text}");
        let arguments = [
            "x509",
            "-in",
            &leaf,
            "-noout",
            "-text",
            "-nameopt",
            "utf8,sep_comma_plus",
        ];
        let Some((_, text)) = run("openssl", &arguments) else {
            return;
        };
        for expected in [
            "CN=Пётр Ильич Вектор",
            "O=ООО «Вектор»",
            "X509v3 Key Usage: critical",
            "Digital Signature, Non Repudiation",
            "CA:FALSE",
            "email:signer@example.org",
            "Policy: 1.3.6.1.4.1.32473.1",
        ] {
            assert!(text.contains(expected), "{expected} in {text}");
        }
        assert!(!text.contains("Extended Key Usage"), "{text}");
    }
}

#[test]
fn openssl_verifies_our_cms_and_our_token() {
    let house = House::new(KeyKind::EcdsaP256);
    let content: &[u8] = "Договор № 7".as_bytes();
    let cms = house.sign_spans(
        &key(KeyKind::EcdsaP256, 5),
        "Анна",
        &[content],
        Some(signing_moment()),
    );
    let trust = write("cms", "ca.pem", house.pem().as_bytes());
    let signature = write("cms", "a.p7s", &cms);
    let file = write("cms", "a.txt", content);
    let moment = signing_moment().seconds().to_string();
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
        &file,
        "-CAfile",
        &trust,
        "-attime",
        &moment,
        "-purpose",
        "any",
        "-out",
        "/dev/null",
    ];
    let Some((good, text)) = run("openssl", &arguments) else {
        return;
    };
    assert!(good, "{text}");
    let token = write("cms", "a.tst", &house.token(content, signing_moment()));
    let arguments = [
        "ts",
        "-verify",
        "-token_in",
        "-in",
        &token,
        "-data",
        &file,
        "-CAfile",
        &trust,
        "-attime",
        &moment,
    ];
    let Some((good, text)) = run("openssl", &arguments) else {
        return;
    };
    assert!(good, "{text}");
}

#[test]
fn poppler_calls_both_signatures_of_a_contract_valid() {
    let house = House::new(KeyKind::EcdsaP256);
    let moment = Some(signing_moment());
    let once = house.sign_pdf(
        &crate::support::small_pdf(),
        &key(KeyKind::EcdsaP256, 5),
        "Анна",
        moment,
    );
    let twice = house.sign_pdf(&once, &key(KeyKind::EcdsaP256, 6), "Борис", moment);
    let file = write("poppler", "twice.pdf", &twice);
    let Some((_, text)) = run("pdfsig", &["-nocert", &file]) else {
        return;
    };
    assert_eq!(text.matches("Signature is Valid.").count(), 2, "{text}");
    assert_eq!(text.matches("- Total document signed").count(), 1, "{text}");
    assert_eq!(text.matches("- Signing Time").count(), 2, "{text}");
    for name in ["Анна", "Борис"] {
        assert!(text.contains(name), "{name} in {text}");
    }
}

#[test]
fn keys_come_back_from_pkcs8_and_sign_alike() {
    for kind in [KeyKind::EcdsaP256, KeyKind::Ed25519, KeyKind::Rsa] {
        let first = key(kind, 40);
        let again = SigningKey::from_pkcs8_der(&first.to_pkcs8_der().unwrap()).unwrap();
        assert_eq!(again.kind(), kind);
        assert_eq!(again.sign(b"message"), first.sign(b"message"));
        assert_eq!(KeyKind::of_spki(&first.spki_der()), Ok(kind));
        let value = first.sign(b"message").unwrap();
        assert_eq!(
            sig::check_value(&first.spki_der(), b"message", &value),
            Ok(())
        );
        let other = sig::check_value(&first.spki_der(), b"massage", &value);
        assert_eq!(other, Err(sig::ValueError::Mismatch));
        assert!(
            !format!("{first:?}").contains("40"),
            "a key never shows itself"
        );
    }
    assert_eq!(
        SigningKey::from_pkcs8_der(b"0").unwrap_err(),
        sig::KeyError::Unsupported
    );
}

/// Goal: RSA keys of other sizes are refused by name. Method: keys that OpenSSL makes, and a public
/// one of 1024 bits by hand.
#[test]
fn an_rsa_key_that_is_too_short_or_too_long_is_refused() {
    for (bits, expected) in [
        ("1024", Err(sig::KeyError::RsaSize)),
        ("3072", Ok(KeyKind::Rsa)),
    ] {
        let [plain, path] = ["pem", "der"].map(|form| write("rsa", &format!("{bits}.{form}"), b""));
        let size = format!("rsa_keygen_bits:{bits}");
        let make = [
            "genpkey",
            "-algorithm",
            "RSA",
            "-pkeyopt",
            &size,
            "-out",
            &plain,
        ];
        let turn = [
            "pkcs8", "-topk8", "-nocrypt", "-in", &plain, "-outform", "DER", "-out", &path,
        ];
        for arguments in [&make[..], &turn] {
            let Some((made, text)) = run("openssl", arguments) else {
                return;
            };
            assert!(made, "{text}");
        }
        let key = SigningKey::from_pkcs8_der(&std::fs::read(&path).expect("a key"));
        assert_eq!(key.map(|key| key.kind()), expected, "{bits}");
    }
    use crate::forge::der;
    let modulus = der(2, &[&[0], &[0xc3; 128]]);
    let public = der(0x30, &[&modulus, &[2, 3, 1, 0, 1]]);
    let algorithm = der(0x30, &[&crate::forge::oid("1.2.840.113549.1.1.1"), &[5, 0]]);
    let spki = der(0x30, &[&algorithm, &der(3, &[&[0], &public])]);
    assert_eq!(KeyKind::of_spki(&spki), Err(sig::KeyError::RsaSize));
    let none = SigningKey::from_seed(KeyKind::Rsa, &[7; 32]);
    assert_eq!(none.unwrap_err(), sig::KeyError::Unsupported);
}

#[test]
fn a_browsers_raw_value_becomes_der_and_only_if_it_is_one() {
    use p256::ecdsa::signature::Signer as _;
    let SigningKey::EcdsaP256(inner) = key(KeyKind::EcdsaP256, 5) else {
        unreachable!()
    };
    let raw: p256::ecdsa::Signature = inner.sign(b"message");
    let der = sig::ecdsa_raw_to_der(&raw.to_bytes()).unwrap();
    assert_eq!(
        sig::check_value(&key(KeyKind::EcdsaP256, 5).spki_der(), b"message", &der),
        Ok(())
    );
    for bad in [&[][..], &[0; 64], &[0xff; 64], &[1; 63], &[1; 65]] {
        assert_eq!(sig::ecdsa_raw_to_der(bad), Err(sig::ValueError::Form));
    }
}

#[test]
fn what_cannot_stand_in_a_certificate_is_refused() {
    let house = House::new(KeyKind::EcdsaP256);
    let good = LeafRequest {
        spki_der: key(KeyKind::EcdsaP256, 5).spki_der(),
        common_name: "Анна".to_owned(),
        organisation: None,
        email: None,
        serial: [7; 16],
        not_before: signing_moment(),
        not_after: signing_moment().plus_seconds(sig::LEAF_SECONDS_MAX),
        policy: None,
    };
    assert!(sig::issue_leaf(&house.issuing, &good).is_ok());
    let refused = |change: fn(&mut LeafRequest)| {
        let mut request = good.clone();
        change(&mut request);
        sig::issue_leaf(&house.issuing, &request).unwrap_err()
    };
    let long = refused(|leaf| leaf.not_after = leaf.not_after.plus_seconds(1));
    assert_eq!(long, IssueError::Validity);
    let backwards = refused(|leaf| leaf.not_after = leaf.not_before);
    assert_eq!(backwards, IssueError::Validity);
    let orphan = refused(|leaf| {
        (leaf.not_before, leaf.not_after) =
            (at("2050-01-01T00:00:00Z"), at("2050-01-01T01:00:00Z"));
    });
    assert_eq!(orphan, IssueError::Validity);
    assert_eq!(refused(|leaf| leaf.serial = [0; 16]), IssueError::Serial);
    assert_eq!(
        refused(|leaf| leaf.email = Some("a\r\nb@c".to_owned())),
        IssueError::Email
    );
    assert_eq!(
        refused(|leaf| leaf.email = Some("почта@рф".to_owned())),
        IssueError::Email
    );
    let hostile = refused(|leaf| leaf.common_name = "Анна\u{202e}".to_owned());
    assert!(matches!(hostile, IssueError::Name(_)), "{hostile:?}");
    let key = refused(|leaf| leaf.spki_der = b"no key".to_vec());
    assert!(matches!(key, IssueError::Key(_)), "{key:?}");
}

#[test]
fn only_what_fits_is_put_together() {
    let house = House::new(KeyKind::EcdsaP256);
    let (own, other) = (key(KeyKind::EcdsaP256, 5), key(KeyKind::EcdsaP256, 6));
    let leaf = house.leaf(&own, "Анна");
    let digest = sig::DigestAlgorithm::Sha256.digest(&[b"content"]);
    let attributes = sig::signed_attributes(sig::DigestAlgorithm::Sha256, &digest, &leaf).unwrap();
    let value = own.sign(&attributes).unwrap();
    let foreign = other.sign(&attributes).unwrap();
    let token = house.token(b"another value", signing_moment());
    let mut parts = sig::Parts {
        signed_attributes: &attributes,
        value: &foreign,
        certificate: &leaf,
        chain: &[],
        timestamp_token: None,
    };
    let mismatch = sig::SignError::Value(sig::ValueError::Mismatch);
    assert_eq!(sig::assemble(&parts), Err(mismatch));
    parts.value = &value;
    parts.timestamp_token = Some(&token);
    assert_eq!(sig::assemble(&parts), Err(sig::SignError::Token));
    let wrong = sig::signed_attributes(sig::DigestAlgorithm::Sha512, &[0; 64], &leaf);
    assert_eq!(wrong, Err(sig::SignError::Digest));
}

#[test]
fn a_token_says_what_was_asked() {
    let house = House::new(KeyKind::EcdsaP256);
    let token = house.token(b"value", at("2026-07-31T12:00:00.75Z"));
    let read = sig::parse_token(&token).unwrap();
    assert_eq!(read.gen_time, at("2026-07-31T12:00:00Z"));
    assert_eq!(read.nonce.as_deref(), Some("0102030405060708"));
    assert!(read.is_over(&[b"val", b"ue"]) && !read.is_over(&[b"values"]));
    assert_eq!(sig::verify_token(&token, &[b"val", b"ue"]), Ok(read));
    assert_eq!(
        sig::verify_token(&token, &[b"values"]),
        Err(sig::TokenError::Imprint)
    );
    let mut forged = token.clone();
    *forged.last_mut().unwrap() ^= 1;
    assert_eq!(
        sig::verify_token(&forged, &[b"value"]),
        Err(sig::TokenError::Signature)
    );
    let no_token = house.sign_spans(&key(KeyKind::EcdsaP256, 5), "Анна", &[b"x"], None);
    assert_eq!(
        sig::parse_token(&no_token),
        Err(sig::TokenError::NotATimestamp)
    );
}
