//! Whom to ask about revocation: which certificates, at which addresses, in which order.

use crate::authority::*;
use crate::forge::{der, oid};
use crate::support::{at, folder, run};
use chancery_signature as sig;
use sig::{Anchors, GivenEvidence, Limits, RevocationQuestion, ValidationPolicy};

const TEXT: &[u8] = b"what is signed";
const NOW: &str = "2026-08-01T00:00:00Z";
const FRESH: (&str, &str) = ("2026-07-31T00:00:00Z", "2026-08-05T00:00:00Z");
const ACCESS: &str = "1.3.6.1.5.5.7.1.1";
const POINTS: &str = "2.5.29.31";

fn url(address: &str) -> Vec<u8> {
    der(0x86, &[address.as_bytes()])
}

fn access(method: &str, address: &str) -> Vec<u8> {
    der(0x30, &[&oid(method), &url(address)])
}

fn point(address: &str, after: &[u8]) -> Vec<u8> {
    let name = der(0xa0, &[&der(0xa0, &[&url(address)])]);
    der(0x30, &[&name, after])
}

/// A root, an authority with a list, and a person who names much.
fn houses() -> (Holder, Holder, Holder) {
    let root = Draft::authority("Корень", 1).own();
    let own = point("http://crl.example/root.crl", &[]);
    let authority = Draft::authority("Издатель", 2)
        .with(POINTS, false, &der(0x30, &[&own]))
        .by(&root);
    let accesses = der(
        0x30,
        &[
            &access("1.3.6.1.5.5.7.48.2", "http://ca.example/issuer.cer"),
            &access("1.3.6.1.5.5.7.48.1", "http://ocsp.example/"),
            &access("1.3.6.1.5.5.7.48.1", "ldap://ocsp.example/"),
            &access("1.3.6.1.5.5.7.48.1", "HTTPS://second.example/ocsp"),
        ],
    );
    let points = der(
        0x30,
        &[
            // For some reasons only, and of another issuer: neither is asked for.
            &point("http://crl.example/some.crl", &[0x81, 2, 6, 0x40]),
            &point(
                "http://crl.example/other.crl",
                &der(0xa2, &[&[0x82, 1, b'x']]),
            ),
            &point("http://crl.example/all.crl", &[]),
        ],
    );
    let person = Draft::person("Анна", 5)
        .with(ACCESS, false, &accesses)
        .with(POINTS, false, &points)
        .by(&authority);
    (root, authority, person)
}

/// The certificates of `among` that are to be asked about, each with its addresses.
fn needs(
    cms: &[u8],
    root: &Holder,
    given: &GivenEvidence,
    among: &[&Holder],
) -> Vec<(String, Vec<RevocationQuestion>)> {
    let facts = sig::gather_cms(cms, Some(TEXT), &Limits::default());
    let anchors = Anchors::from_pem_or_der(&root.certificate).unwrap();
    let policy = ValidationPolicy::default();
    let found = sig::needed_revocation(&facts, &policy, at(NOW), &anchors, given);
    let named = found.into_iter().map(|need| {
        let digest = |one: &&&Holder| {
            *chancery_types::Digest::of(&one.certificate).as_bytes() == need.certificate
        };
        let holder = among.iter().find(digest).unwrap();
        (holder.name.clone(), need.questions)
    });
    named.collect()
}

fn addresses(questions: &[RevocationQuestion]) -> Vec<(&str, bool)> {
    let all = questions.iter();
    all.map(|one| (one.address.as_str(), one.request.is_some()))
        .collect()
}

/// Goal: of every certificate that nothing settles it is named who may be asked, responders first;
/// of what is settled, of anchors and of a stranger's path nothing. Method: evidence by pieces.
#[test]
fn what_nothing_settles_is_asked_about_in_order() {
    let (root, authority, person) = houses();
    let cms = signed_cms(
        &person,
        &[TEXT],
        &Extras {
            certificates: vec![authority.certificate.clone()],
            ..Extras::default()
        },
    );
    let among = [&root, &authority, &person];
    let mut given = GivenEvidence::none();
    let found = needs(&cms, &root, &given, &among);
    let names: Vec<&str> = found.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["Издатель", "Анна"]);
    let root_list = ("http://crl.example/root.crl", false);
    assert_eq!(addresses(&found[0].1), [root_list]);
    assert_eq!(
        addresses(&found[1].1),
        [
            ("http://ocsp.example/", true),
            ("HTTPS://second.example/ocsp", true),
            ("http://crl.example/all.crl", false),
        ]
    );
    let list = List::of(FRESH.0, FRESH.1, vec![]);
    given.add(&list.by(&root)).unwrap();
    let found = needs(&cms, &root, &given, &among);
    assert_eq!(found.len(), 1, "{found:?}");
    // A responder that must be asked about itself.
    let responder = Draft::service("Ответчик", 8, OCSP_SIGNING).by(&authority);
    let reply = Reply::new(Says::Good, FRESH.0, Some(FRESH.1));
    let mut answered = given.clone();
    let reply = reply.about(5, &authority, &responder);
    answered.add(&reply).unwrap();
    let found = needs(&cms, &root, &answered, &[&person, &responder]);
    let mut names: Vec<&str> = found.iter().map(|(name, _)| name.as_str()).collect();
    names.sort_unstable();
    assert_eq!(names, ["Анна", "Ответчик"]);
    // One word of its issuer settles both.
    answered.add(&list.by(&authority)).unwrap();
    assert_eq!(needs(&cms, &root, &answered, &[]), []);
    let stranger = Draft::authority("Чужой", 9).own();
    assert_eq!(needs(&cms, &stranger, &GivenEvidence::none(), &[]), []);
}

/// Goal: the request is one that others read. Method: openssl prints it.
#[test]
fn openssl_reads_the_request() {
    let (root, authority, person) = houses();
    let cms = signed_cms(
        &person,
        &[TEXT],
        &Extras {
            certificates: vec![authority.certificate.clone()],
            ..Extras::default()
        },
    );
    let found = needs(&cms, &root, &GivenEvidence::none(), &[&authority, &person]);
    let request = found[1].1[0].request.as_ref().unwrap();
    let path = folder("ocsp-request").join("request.der");
    std::fs::write(&path, request).unwrap();
    let path = path.display().to_string();
    let Some((done, said)) = run("openssl", &["ocsp", "-reqin", &path, "-req_text"]) else {
        return;
    };
    assert!(done, "{said}");
    assert!(said.contains("Serial Number: 05"), "{said}");
}
