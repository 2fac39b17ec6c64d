//! One test for each check on structures, digests and timestamps (`docs/signature-checks.md`).

use crate::forge::*;
use crate::support::{House, at, key, signing_moment};
use chancery_signature as sig;
use sig::{Answer, DigestAlgorithm, Indication, KeyKind, Limits, ValidationReport};

const TEXT: &[u8] = b"what is signed";
const TST_INFO: &str = "1.2.840.113549.1.9.16.1.4";

fn judged_cms(cms: &[u8]) -> ValidationReport {
    let facts = sig::gather_cms(cms, Some(TEXT), &Limits::default());
    judge_facts(&house(), &facts)
}

fn over() -> Cms {
    Cms::over(&house(), &[TEXT])
}

fn stopped(cms: &[u8], code: &str) -> ValidationReport {
    let report = judged_cms(cms);
    assert!(
        codes(&report).contains(&code),
        "{code}: {:?}",
        codes(&report)
    );
    assert_ne!(report.intact, Answer::Yes, "{code}");
    report
}

fn warned(cms: &[u8], code: &str) {
    let report = judged_cms(cms);
    assert!(
        codes(&report).contains(&code),
        "{code}: {:?}",
        codes(&report)
    );
    assert_eq!(report.intact, Answer::Yes, "{:?}", codes(&report));
}

#[test]
fn the_untouched_structure_of_these_tests_passes() {
    let report = judged_cms(&over().build(&[TEXT]));
    assert_eq!(codes(&report), ["time_unproven"]);
    assert_eq!(report.indication, Indication::TotalPassed);
}

#[test]
fn check_29_a_detached_structure_holds_no_content() {
    let mut cms = over();
    cms.content = Some(vec![]);
    stopped(&cms.build(&[TEXT]), "inner_content_empty");
    cms.content = Some(b"something else".to_vec());
    stopped(&cms.build(&[TEXT]), "inner_content_differs");
    cms.content = Some(TEXT.to_vec());
    let good = judged_cms(&cms.build(&[TEXT]));
    assert_eq!(good.intact, Answer::Yes);
    // Only a PDF has ranges.
    let told = serde_json::to_value(&good.signatures[0].covers).unwrap();
    assert_eq!(told.get("byte_range"), None);
    assert_eq!(told["bytes"], TEXT.len());
    // In a PDF no content has a place there.
    let mut forge = Forge::form();
    forge.sign(&Plan::new(9, vec![sig1(9)]), |spans| {
        let mut cms = Cms::over(&house(), spans);
        cms.content = Some(b"not what the range names".to_vec());
        cms.build(spans)
    });
    let report = judged(&house(), &forge.bytes);
    assert!(
        codes(&report).contains(&"inner_content_differs"),
        "{:?}",
        codes(&report)
    );
    assert_eq!(report.intact, Answer::No);
}

#[test]
fn check_30_attributes_are_there_each_once_and_agree() {
    let mut cms = over();
    cms.attributes = None;
    stopped(&cms.build(&[TEXT]), "attributes_missing");
    let mut cms = over();
    cms.replace(CONTENT_TYPE, &[]);
    stopped(&cms.build(&[TEXT]), "content_type_wrong");
    cms.replace(CONTENT_TYPE, &[attribute(CONTENT_TYPE, &[&oid(TST_INFO)])]);
    stopped(&cms.build(&[TEXT]), "content_type_wrong");
    let mut cms = over();
    cms.replace(MESSAGE_DIGEST, &[]);
    stopped(&cms.build(&[TEXT]), "digest_missing");
    let other = der(4, &[&DigestAlgorithm::Sha256.digest(&[b"other"])]);
    cms.replace(MESSAGE_DIGEST, &[attribute(MESSAGE_DIGEST, &[&other])]);
    stopped(&cms.build(&[TEXT]), "digest_differs");
    let right = der(4, &[&DigestAlgorithm::Sha256.digest(&[TEXT])]);
    cms.replace(
        MESSAGE_DIGEST,
        &[attribute(MESSAGE_DIGEST, &[&right, &other])],
    );
    stopped(&cms.build(&[TEXT]), "attribute_repeated");
    let twice = attribute(MESSAGE_DIGEST, &[&right]);
    cms.replace(MESSAGE_DIGEST, &[twice.clone(), twice]);
    stopped(&cms.build(&[TEXT]), "attribute_repeated");
    let mut cms = over();
    cms.replace(SIGNING_CERTIFICATE_V2, &[]);
    warned(&cms.build(&[TEXT]), "signing_certificate_unbound");
}

#[test]
fn check_31_one_digest_is_named_everywhere() {
    let mut cms = over();
    cms.digest = algorithm("2.16.840.1.101.3.4.2.3");
    let wide = der(4, &[&DigestAlgorithm::Sha512.digest(&[TEXT])]);
    cms.replace(MESSAGE_DIGEST, &[attribute(MESSAGE_DIGEST, &[&wide])]);
    let report = stopped(&cms.build(&[TEXT]), "digests_disagree");
    assert_eq!(report.crypto, Answer::Yes);
    // Ed25519 goes with SHA-512 (RFC 8419).
    let mut cms = over();
    cms.key = key(KeyKind::Ed25519, 5);
    cms.certificate = house().leaf(&cms.key, "Анна");
    cms.scheme = algorithm("1.3.101.112");
    cms.replace(SIGNING_CERTIFICATE_V2, &[]);
    stopped(&cms.build(&[TEXT]), "digests_disagree");
    // Two digests within one PSS, and parameters where there must be none.
    let pss = |hash: &str, mask: &str| {
        let mask = der(0x30, &[&oid("1.2.840.113549.1.1.8"), &algorithm(mask)]);
        let parameters = der(
            0x30,
            &[
                &der(0xa0, &[&algorithm(hash)]),
                &der(0xa1, &[&mask]),
                &der(0xa2, &[&[2, 1, 32]]),
            ],
        );
        der(0x30, &[&oid("1.2.840.113549.1.1.10"), &parameters])
    };
    let mut cms = over();
    cms.scheme = pss(SHA256, "2.16.840.1.101.3.4.2.3");
    let report = stopped(&cms.build(&[TEXT]), "value_unsupported");
    assert_eq!(report.crypto, Answer::Undecided);
    cms.scheme = algorithm("2.16.840.1.101.3.4.2.1");
    stopped(&cms.build(&[TEXT]), "value_inconsistent");
    let mut cms = over();
    cms.digest = algorithm(ECDSA_SHA256);
    stopped(&cms.build(&[TEXT]), "value_inconsistent");
}

#[test]
fn check_32_the_certificate_is_the_one_that_the_signer_names() {
    let hash = |certificate: &[u8]| {
        der(
            0x30,
            &[&der(
                0x30,
                &[&der(
                    0x30,
                    &[&der(4, &[&DigestAlgorithm::Sha256.digest(&[certificate])])],
                )],
            )],
        )
    };
    let mut cms = over();
    let other = attribute(SIGNING_CERTIFICATE_V2, &[&hash(b"another certificate")]);
    cms.replace(SIGNING_CERTIFICATE_V2, &[other]);
    let report = stopped(&cms.build(&[TEXT]), "signing_certificate_differs");
    assert_eq!(report.crypto, Answer::Yes);
    // Another certificate stands first: the identifier decides, not the place.
    let mut cms = over();
    let own = cms.certificate.clone();
    let signed_by = cms.signer_info(&[TEXT]);
    cms.certificate = [house().issuing.certificate(), &own].concat();
    let report = judged_cms(&cms.with_signers(std::slice::from_ref(&signed_by)));
    assert_eq!(report.intact, Answer::Yes, "{:?}", codes(&report));
    cms.certificate = house().issuing.certificate().to_vec();
    stopped(&cms.with_signers(&[signed_by]), "certificate_missing");
}

#[test]
fn check_33_content_that_reads_as_attributes_is_no_content() {
    // A signature over attributes, passed off as one over that very content without attributes.
    let cms = over();
    let parts: Vec<Vec<u8>> = cms.attributes.clone().unwrap();
    // However large they are, and wherever the digest stands among them.
    let heap = attribute("1.2.3.4", &[&der(4, &[&vec![0; 1024 * 1024]])]);
    let many = vec![attribute("1.2.3.4", &[]); 300];
    for before in [vec![], vec![heap], many] {
        reads_as_attributes(&[before, parts.clone()].concat());
    }
}

fn reads_as_attributes(parts: &[Vec<u8>]) {
    let parts: Vec<&[u8]> = parts.iter().map(Vec::as_slice).collect();
    let content = der(0x31, &parts);
    let mut forged = over();
    forged.attributes = None;
    let forged = forged.build(&[&content]);
    let facts = sig::gather_cms(&forged, Some(&content), &Limits::default());
    let report = judge_facts(&house(), &facts);
    assert!(
        codes(&report).contains(&"content_reads_as_attributes"),
        "{:?}",
        codes(&report)
    );
    assert_eq!((report.intact, report.crypto), (Answer::No, Answer::Yes));
}

#[test]
fn check_34_attributes_are_verified_as_sent_and_as_der() {
    let mut cms = over();
    cms.attributes.as_mut().unwrap().reverse();
    warned(&cms.build(&[TEXT]), "attributes_unordered");
    // Sent out of order, signed in order.
    let sorted = over();
    let mut sent = over();
    sent.attributes.as_mut().unwrap().reverse();
    let (right, wrong) = (sorted.signer_info(&[TEXT]), sent.signer_info(&[TEXT]));
    let value = |signed_by: &[u8]| {
        let (_, _, content, _) = split(signed_by);
        let mut rest = content;
        let mut parts = vec![];
        while !rest.is_empty() {
            let (_, whole, _, more) = split(rest);
            parts.push(whole.to_vec());
            rest = more;
        }
        parts
    };
    let mut mixed = value(&wrong);
    mixed[5] = value(&right)[5].clone();
    let mixed: Vec<&[u8]> = mixed.iter().map(Vec::as_slice).collect();
    warned(
        &sent.with_signers(&[der(0x30, &mixed)]),
        "attributes_unordered",
    );
}

#[test]
fn check_35_weak_digests_and_keys_are_judged_by_their_time() {
    let sha1 = |claimed: Option<&str>| {
        let mut cms = over();
        cms.digest = algorithm("1.3.14.3.2.26");
        cms.scheme = algorithm("1.2.840.10045.4.1");
        let digest = der(4, &[&DigestAlgorithm::Sha1.digest(&[TEXT])]);
        cms.replace(MESSAGE_DIGEST, &[attribute(MESSAGE_DIGEST, &[&digest])]);
        if let Some(claimed) = claimed {
            let time = der(0x17, &[claimed.as_bytes()]);
            cms.replace(
                "1.2.840.113549.1.9.5",
                &[attribute("1.2.840.113549.1.9.5", &[&time])],
            );
        }
        sig::gather_cms(&Sha1(cms).build(), Some(TEXT), &Limits::default())
    };
    let house = house();
    let judge = |facts: &sig::Facts, until: &str| {
        let anchors = sig::Anchors::from_pem_or_der(house.pem().as_bytes()).unwrap();
        let policy = sig::ValidationPolicy {
            sha1_until: Some(at(until)),
            ..Default::default()
        };
        sig::judge(
            facts,
            &policy,
            signing_moment().plus_seconds(3600),
            &anchors,
        )
    };
    let none = judge(&sha1(None), "2030-01-01T00:00:00Z");
    assert!(codes(&none).contains(&"digest_weak"), "{:?}", codes(&none));
    assert_ne!(none.intact, Answer::Yes);
    let late = judge(&sha1(Some("260731120000Z")), "2020-01-01T00:00:00Z");
    assert!(codes(&late).contains(&"digest_weak"), "{:?}", codes(&late));
    // A claim before the limit is enough for integrity and never for the whole verdict.
    let claimed = judge(&sha1(Some("260731120000Z")), "2030-01-01T00:00:00Z");
    assert!(
        codes(&claimed).contains(&"digest_aged_unproven"),
        "{:?}",
        codes(&claimed)
    );
    assert_eq!(
        (claimed.intact, claimed.indication),
        (Answer::Yes, Indication::Indeterminate)
    );
    // A claim outside the life of the certificate is no claim.
    let outside = judge(&sha1(Some("100731120000Z")), "2030-01-01T00:00:00Z");
    assert!(
        codes(&outside).contains(&"digest_weak"),
        "{:?}",
        codes(&outside)
    );
}

/// ECDSA over SHA-1, for which the signing side has no way.
struct Sha1(Cms);

impl Sha1 {
    fn build(&self) -> Vec<u8> {
        use p256::ecdsa::signature::hazmat::PrehashSigner as _;
        let cms = &self.0;
        let parts: Vec<&[u8]> = cms
            .attributes
            .as_ref()
            .unwrap()
            .iter()
            .map(Vec::as_slice)
            .collect();
        let hashed = DigestAlgorithm::Sha1.digest(&[&der(0x31, &parts)]);
        let secret = p256::ecdsa::SigningKey::from_slice(&[5; 32]).unwrap();
        let value: p256::ecdsa::Signature = secret.sign_prehash(&hashed).unwrap();
        let signed_by = cms.signer_info(&[]);
        let (_, _, content, _) = split(&signed_by);
        let kept = content.len() - {
            let (mut rest, mut last) = (content, 0);
            while !rest.is_empty() {
                let (_, whole, _, more) = split(rest);
                (rest, last) = (more, whole.len());
            }
            last
        };
        let signed_by = der(
            0x30,
            &[&content[..kept], &der(4, &[value.to_der().as_bytes()])],
        );
        cms.with_signers(&[signed_by])
    }
}

fn stamped(token: impl FnOnce(&House, &[u8]) -> Vec<u8>) -> ValidationReport {
    let house = house();
    let bare = over();
    let signed_by = bare.signer_info(&[TEXT]);
    let (_, _, content, _) = split(&signed_by);
    let (mut rest, mut value) = (content, vec![]);
    while !rest.is_empty() {
        let (_, _, inner, more) = split(rest);
        value = inner.to_vec();
        rest = more;
    }
    let token = token(&house, &value);
    let stamp = attribute("1.2.840.113549.1.9.16.2.14", &[&token]);
    let signed_by = der(0x30, &[content, &der(0xa1, &[&stamp])]);
    judged_cms(&bare.with_signers(&[signed_by]))
}

#[test]
fn check_36_a_timestamp_proves_time_only_if_it_is_one() {
    let moment = signing_moment();
    let good = stamped(|house, value| house.token(value, moment));
    assert_eq!(
        good.signatures[0].time.proven,
        Some(moment),
        "{:?}",
        codes(&good)
    );
    let other = stamped(|house, _| house.token(b"another value", moment));
    assert!(codes(&other).contains(&"timestamp_unsound"));
    assert_eq!(other.signatures[0].time.proven, None);
    let future = stamped(|house, value| house.token(value, moment.plus_seconds(86_400)));
    assert!(codes(&future).contains(&"timestamp_untrusted"));
    assert_eq!(future.signatures[0].time.proven, None);
    // The moment in the token was changed: its own signature no longer fits.
    let forged = stamped(|house, value| {
        let token = house.token(value, moment);
        patched_bytes(&token, b"20260731120000Z", b"20260731110000Z")
    });
    assert!(codes(&forged).contains(&"timestamp_unsound"));
    assert_eq!(forged.signatures[0].time.proven, None);
    // The last byte of a token is one of its value.
    let flipped = stamped(|house, value| {
        let mut token = house.token(value, moment);
        *token.last_mut().unwrap() ^= 1;
        token
    });
    assert!(codes(&flipped).contains(&"timestamp_unsound"));
    assert_eq!(flipped.signatures[0].time.proven, None);
    // Signed by somebody who is no timestamping authority.
    let layman = stamped(|house, value| {
        let token = house.token(value, moment);
        let tst = tst_info(&token);
        let mut cms = Cms::over(house, &[&tst]);
        cms.replace(CONTENT_TYPE, &[attribute(CONTENT_TYPE, &[&oid(TST_INFO)])]);
        cms.content = Some(tst);
        cms.content_type = TST_INFO;
        cms.build(&[])
    });
    let warnings = &layman.signatures[0].warnings;
    let untrusted = warnings
        .iter()
        .find(|one| one.code == sig::Code::TimestampUntrusted);
    assert_eq!(&untrusted.unwrap().args["why"], "key_usage_wrong");
    assert_eq!(layman.signatures[0].time.proven, None);
}

fn tst_info(token: &[u8]) -> Vec<u8> {
    let kind = oid(TST_INFO);
    let (_, _, wrapped, _) = split(&token[place(token, &kind) + kind.len()..]);
    let (_, _, content, _) = split(wrapped);
    content.to_vec()
}

fn patched_bytes(bytes: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let at = place(bytes, from);
    let mut copy = bytes.to_vec();
    copy[at..at + to.len()].copy_from_slice(to);
    copy
}

#[test]
fn check_37_everything_has_a_limit() {
    // Nested without end, and a length without bytes.
    for depth in [500, 50_000] {
        let deep = [0x30, 0x80].repeat(depth);
        let unreadable = sig::gather_cms(&deep, None, &Limits::default()).unreadable;
        assert!(unreadable.unwrap().detail.contains("deeply"), "{depth}");
    }
    let cms = over().build(&[TEXT]);
    let mut limits = Limits::default();
    limits.signatures.cms_bytes_max = cms.len() - 1;
    let facts = sig::gather_cms(&cms, Some(TEXT), &limits);
    assert_eq!(facts.unreadable.unwrap().code, "limit_exceeded");
    // A chain of revisions that comes back to itself.
    let mut forge = signed(&house());
    let table = forge.bytes.len();
    let text = format!(
        "xref\n0 0\ntrailer\n<</Size 9/Root 1 0 R/Prev {table}>>\nstartxref\n{table}\n%%EOF\n"
    );
    forge.bytes.extend(text.into_bytes());
    let looped = judged(&house(), &forge.bytes);
    assert_eq!(&looped.reasons[0].args["why"], "loop");
    // More signatures than anybody reads.
    let mut forge = signed(&house());
    countersign(&mut forge, &house(), "0 0 0 0", "", plain);
    let mut limits = Limits::default();
    limits.signatures.signatures_max = 1;
    let facts = sig::gather(&forge.bytes, None, &limits);
    assert_eq!(facts.unreadable.unwrap().code, "limit_exceeded");
    let mut limits = Limits::default();
    limits.signatures.covered_bytes_max = 64;
    let facts = sig::gather(&forge.bytes, None, &limits);
    assert_eq!(facts.unreadable.unwrap().code, "limit_exceeded");
    let mut limits = Limits::default();
    limits.signatures.compared_revisions_max = 0;
    let facts = sig::gather(&forge.bytes, None, &limits);
    assert_ne!(judge_facts(&house(), &facts).intact, Answer::Yes);
    // What may not be opened anew for a comparison is not compared, and does not pass.
    let mut limits = Limits::default();
    limits.signatures.reopened_revisions_max = 0;
    let facts = sig::gather(&forge.bytes, None, &limits);
    assert_ne!(judge_facts(&house(), &facts).intact, Answer::Yes);
    // The first is opened, and the others cost more than is allowed for them.
    countersign_again(&mut forge);
    let mut limits = Limits::default();
    let facts = sig::gather(&forge.bytes, None, &limits);
    assert_eq!(judge_facts(&house(), &facts).intact, Answer::Yes);
    (
        limits.signatures.reopened_revisions_max,
        limits.signatures.compared_objects_max,
    ) = (1, 0);
    let facts = sig::gather(&forge.bytes, None, &limits);
    assert_ne!(judge_facts(&house(), &facts).intact, Answer::Yes);
}

/// A third signature, in a field of its own, as objects 12 and 13.
fn countersign_again(forge: &mut Forge) {
    let own = |number: u32, text: &str| (number, text.to_owned());
    let objects = vec![
        own(
            1,
            "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[5 0 R 6 0 R 10 0 R 12 0 R]\
                /SigFlags 3>>>>",
        ),
        own(
            3,
            "<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<</Font<</F1 7 0 R>>>>\
                /Annots[5 0 R 6 0 R 10 0 R 12 0 R]>>",
        ),
        own(
            12,
            "<</Type/Annot/Subtype/Widget/FT/Sig/T(Sig3)/Rect[0 0 0 0]/F 132/P 3 0 R\
                /V 13 0 R>>",
        ),
    ];
    forge.sign(&Plan::new(13, objects), |spans| plain(&house(), spans));
}

#[test]
fn every_signer_and_counter_signer_is_a_signature_of_its_own() {
    let cms = over();
    let own = over().signer_info(&[TEXT]);
    let (_, _, content, _) = split(&own);
    let (mut rest, mut value) = (content, vec![]);
    while !rest.is_empty() {
        let (_, _, inner, more) = split(rest);
        value = inner.to_vec();
        rest = more;
    }
    let counter = |over: &[u8], typed: bool| {
        let mut counter = Cms::over(&house(), &[over]);
        if !typed {
            counter.replace(CONTENT_TYPE, &[]);
        }
        counter.signer_info(&[])
    };
    let with = |counter: Vec<u8>| {
        let unsigned = der(0xa1, &[&attribute("1.2.840.113549.1.9.6", &[&counter])]);
        let signed_by = der(0x30, &[content, &unsigned]);
        judged_cms(&cms.with_signers(&[cms.signer_info(&[TEXT]), signed_by]))
    };
    let report = with(counter(&value, false));
    assert_eq!(report.intact, Answer::Yes, "{:?}", codes(&report));
    assert_eq!(report.signatures.len(), 3);
    assert_eq!(report.signatures[2].counter_signs, Some(1));
    assert!(codes(&with(counter(&value, true))).contains(&"content_type_forbidden"));
    assert_eq!(with(counter(b"another value", false)).intact, Answer::No);
}

/// What stands where certificates stand is read for each signer: it must not be megabytes.
#[test]
fn check_37_a_heap_of_certificates_is_refused() {
    let house = house();
    let signer = key(KeyKind::EcdsaP256, 40);
    let leaf = house.leaf(&signer, "Иван Иванов");
    let digest = DigestAlgorithm::Sha256.digest(&[TEXT]);
    let attributes = sig::signed_attributes(DigestAlgorithm::Sha256, &digest, &leaf).unwrap();
    let value = signer.sign(&attributes).unwrap();
    let built = |heap: usize| {
        let junk = fattened(house.issuing.certificate(), heap);
        let parts = sig::Parts {
            signed_attributes: &attributes,
            value: &value,
            certificate: &leaf,
            chain: &[house.issuing.certificate().to_vec(), junk],
            timestamp_token: None,
        };
        sig::assemble(&parts).unwrap()
    };
    let read = |cms: &[u8]| sig::gather_cms(cms, Some(TEXT), &Limits::default()).unreadable;
    assert!(read(&built(100_000)).is_none());
    let refused = read(&built(600_000)).unwrap();
    assert!(refused.detail.contains("larger"), "{}", refused.detail);
}

/// A certificate whose signature value has `heap` bytes.
fn fattened(certificate: &[u8], heap: usize) -> Vec<u8> {
    let head = |tag: u8, length: usize| {
        let [_, length @ ..] = u32::try_from(length).unwrap().to_be_bytes();
        [[tag, 0x83].as_slice(), &length].concat()
    };
    let end = |from: usize| {
        let node = &certificate[from..];
        let body = match node[1] {
            0x82 => 4 + usize::from(u16::from_be_bytes([node[2], node[3]])),
            0x81 => 3 + usize::from(node[2]),
            short => 2 + usize::from(short),
        };
        from + body
    };
    // Outer header, what is signed, and the algorithm stay.
    let kept = &certificate[4..end(end(4))];
    let value = [head(0x03, heap + 1), vec![0; heap + 1]].concat();
    [head(0x30, kept.len() + value.len()), kept.to_vec(), value].concat()
}
