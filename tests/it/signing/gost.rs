//! Detached signatures by GOST R 34.10-2012: bound by their Streebog digest.

use chancery::app::signing::detached::Covers;
use chancery_signature::{Answer, DigestAlgorithm};
use chancery_types::Digest;

use super::contract::{Contract, code};
use crate::support::der::{self, tag};
use crate::support::{TestApp, on_both};

const SIGNATORY: &str = "Егоров Виктор";
const WITH_DIGEST: &str = "1.2.643.7.1.1.3.2";
const STREEBOG: &str = "1.2.643.7.1.1.2.2";
/// The generator of CryptoPro-A (RFC 4357, 11.4), which is the public key of the private key one.
const GENERATOR_Y: [u8; 32] = [
    0x8d, 0x91, 0xe4, 0x71, 0xe0, 0x98, 0x9c, 0xda, 0x27, 0xdf, 0x50, 0x5a, 0x45, 0x3f, 0x2b, 0x76,
    0x35, 0x29, 0x4f, 0x2d, 0xdf, 0x23, 0xe3, 0xb1, 0x22, 0xac, 0xc9, 0x9c, 0x9e, 0x9f, 0x1e, 0x14,
];

/// `s ‖ r` over `message` by the private key `d = 1` with the random number `k = 1` (RFC 7091,
/// 6.1). Then `C = k·P` is the generator, `r = 1` is its `x`, and `s = r·d + k·e` is `e + 1`: no
/// arithmetic of points is needed. The order begins with so many ones that no digest reaches it.
fn sign(message: &[u8]) -> Vec<u8> {
    // Streebog gives its least significant byte first.
    let mut s = DigestAlgorithm::Streebog256.digest(&[message]);
    for byte in &mut s {
        let (sum, carried) = byte.overflowing_add(1);
        *byte = sum;
        if !carried {
            break;
        }
    }
    s.reverse();
    let mut r = [0; 32];
    r[31] = 1;
    [s.as_slice(), &r].concat()
}

/// The key as certificates have it: `x ‖ y`, little-endian (RFC 9215, 4.3).
fn spki() -> Vec<u8> {
    let mut point = [0; 64];
    point[0] = 1;
    for (to, from) in point[32..].iter_mut().zip(GENERATOR_Y.iter().rev()) {
        *to = *from;
    }
    let curve = der::oid("1.2.643.2.2.35.1");
    let parameters = der::sequence(&[&curve, &der::oid(STREEBOG)]);
    let algorithm = der::sequence(&[&der::oid("1.2.643.7.1.1.1.1"), &parameters]);
    let point = der::value(tag::OCTETS, &point);
    der::sequence(&[&algorithm, &der::bits(&point)])
}

/// A detached CAdES signature over `content` by a holder of that key who is called so.
fn detached(who: &str, content: &[u8]) -> Vec<u8> {
    let name = der::name(&[("2.5.4.3", tag::UTF8, who)]);
    let certificate = der::self_signed(7, &name, &spki(), WITH_DIGEST, sign);
    let attribute = |kind: &str, value: &[u8]| {
        let values = der::nested(tag::SET, &[value]);
        der::sequence(&[&der::oid(kind), &values])
    };
    let digest = der::value(
        tag::OCTETS,
        &DigestAlgorithm::Streebog256.digest(&[content]),
    );
    // By SHA-256, which need not be named (RFC 5035, 4).
    let hash = der::value(tag::OCTETS, Digest::of(&certificate).as_bytes());
    let signer = der::sequence(&[&der::sequence(&[&der::sequence(&[&hash])])]);
    // In the order that DER asks of a set: the shortest first.
    let mut attributes = [
        attribute("1.2.840.113549.1.9.3", &der::oid("1.2.840.113549.1.7.1")),
        attribute("1.2.840.113549.1.9.4", &digest),
        attribute("1.2.840.113549.1.9.16.2.47", &signer),
    ];
    attributes.sort();
    let attributes = attributes.concat();
    let value = sign(&der::value(tag::SET, &attributes));
    let streebog = der::sequence(&[&der::oid(STREEBOG)]);
    let signer_info = der::sequence(&[
        &der::integer(1),
        &der::sequence(&[&name, &der::integer(7)]),
        &streebog,
        &der::value(tag::context(0), &attributes),
        &der::sequence(&[&der::oid("1.2.643.7.1.1.1.1")]),
        &der::value(tag::OCTETS, &value),
    ]);
    let signed_data = der::sequence(&[
        &der::integer(1),
        &der::nested(tag::SET, &[&streebog]),
        &der::sequence(&[&der::oid("1.2.840.113549.1.7.1")]),
        &der::value(tag::context(0), &certificate),
        &der::nested(tag::SET, &[&signer_info]),
    ]);
    der::sequence(&[
        &der::oid("1.2.840.113549.1.7.2"),
        &der::nested(tag::context(0), &[&signed_data]),
    ])
}

/// Goal: a GOST signature that was made elsewhere is found to be over the main file by its Streebog
/// digest, verifies, and completes the task; over another file it is refused, and so is one whose
/// value is another's. Method: the smallest key that there is.
#[tokio::test]
async fn a_gost_signature_binds_by_its_streebog_digest() {
    on_both(async |house: &TestApp| {
        let contract = Contract::approved(house).await;
        let (actor, _) = contract.signatory_may_sign().await;
        let good = detached(SIGNATORY, &contract.file);
        let mut broken = good.clone();
        let at = broken.len() - 40;
        broken[at] ^= 1;
        for (bytes, refusal) in [
            (
                detached(SIGNATORY, b"another file"),
                "detached-covers-nothing",
            ),
            (broken, "signature-failed"),
            (
                detached("Семён Печаткин", &contract.file),
                "certificate-name-differs",
            ),
        ] {
            let given = contract.brings_signature(&actor, &bytes).await;
            assert_eq!(code(&given.expect_err(refusal)), refusal);
        }
        let taken = contract.brings_signature(&actor, &good).await;
        let taken = taken.unwrap_or_else(|error| panic!("{error:?}"));
        assert_eq!(
            (taken.covers, taken.is_completing, taken.indication),
            (Covers::Main, true, "INDETERMINATE")
        );
        let listed = house.app.list_detached(&actor, contract.id).await;
        let listed = listed.expect("listed");
        let report = listed[0].report.as_ref().expect("judged");
        assert_eq!((report.crypto, report.intact), (Answer::Yes, Answer::Yes));
        let algorithm = report.signatures[0].algorithm.as_ref();
        let digest = algorithm.map(|one| one.digest.as_str());
        assert!(
            digest.is_some_and(|name| name.contains("34.11-2012")),
            "{digest:?}"
        );
    })
    .await;
}
