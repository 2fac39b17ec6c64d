//! What a report tells beside its verdict, so that it can be held against the papers: who said that
//! a certificate was not revoked, who vouched for the time, and what the rules demanded.

use crate::authority::*;
use crate::forge::codes;
use crate::revocation::{FRESH, houses, list};
use crate::support::at;
use chancery_signature as sig;
use serde_json::Value;
use sig::report::{Revocation, TimestampOver};
use sig::{Indication, ValidationPolicy, ValidationReport};

const STAMPED: &str = "2026-06-01T00:00:00Z";

fn sha256(bytes: &[u8]) -> String {
    hex::encode(sig::DigestAlgorithm::Sha256.digest(&[bytes]))
}

/// Goal: of each certificate that is not revoked the report names the list or the answer that says
/// so, who signed it and of when it is; of an anchor none. Method: a list of the issuer, an answer
/// of the root, signed later than the moment that it speaks of.
#[test]
fn the_list_or_the_answer_is_named_with_its_issuer_and_date() {
    let houses = houses();
    let own = list(FRESH, vec![]).by(&houses.authority);
    let mut reply = Reply::new(Says::Good, FRESH.0, Some(FRESH.1));
    reply.produced_at = Some(at("2026-07-31T06:00:00Z"));
    let answer = reply.about(2, &houses.root, &houses.root);
    let report = houses.judged(&houses.signed(None), &[own.clone(), answer.clone()]);
    assert_eq!(report.indication, Indication::TotalPassed);
    let chain = &report.signatures[0].chain;
    let told = chain[0].revocation_evidence.as_ref().expect("a list");
    assert_eq!(told.issuer.as_deref(), Some("CN=Издатель"));
    assert_eq!(told.sha256, sha256(&own));
    assert_eq!(
        (told.this_update, told.next_update),
        (at(FRESH.0), Some(at(FRESH.1)))
    );
    assert_eq!(told.produced_at, None);
    let told = chain[1].revocation_evidence.as_ref().expect("an answer");
    assert_eq!(told.issuer.as_deref(), Some("CN=Корень"));
    assert_eq!(told.sha256, sha256(&answer));
    assert_eq!(told.this_update, at(FRESH.0));
    assert_eq!(told.produced_at, Some(at("2026-07-31T06:00:00Z")));
    assert_eq!(chain[2].revocation_evidence, None);
    // What revokes is named too.
    let own = list(FRESH, vec![entry(5, "2026-07-01T00:00:00Z", None)]).by(&houses.authority);
    let report = houses.judged(&houses.signed(None), &[own.clone(), answer]);
    let link = &report.signatures[0].chain[0];
    assert_eq!(link.revocation, Revocation::Revoked);
    let told = link.revocation_evidence.as_ref().expect("the list");
    assert_eq!(told.sha256, sha256(&own));
}

/// Goal: the authority of a timestamp within a signature is told as the signer is: its certificate
/// with number, term and digest, its path, and why it proves nothing where it does not. Method: a
/// token of an authority that the root vouches for, and of one that nobody knows.
#[test]
fn the_authority_of_a_timestamp_is_told_with_its_path() {
    let mut houses = houses();
    let evidence = [
        list(FRESH, vec![]).by(&houses.authority),
        list(FRESH, vec![]).by(&houses.root),
    ];
    let report = houses.judged(&houses.signed(Some(STAMPED)), &evidence);
    assert_eq!(report.indication, Indication::TotalPassed);
    let [stamp] = report.signatures[0].timestamps.as_slice() else {
        panic!("one timestamp")
    };
    assert_eq!(stamp.over, TimestampOver::Signature);
    assert_eq!((stamp.at, &stamp.objection), (Some(at(STAMPED)), &None));
    let authority = stamp.authority.as_ref().expect("an authority");
    assert_eq!(
        authority.subject.common_name.as_deref(),
        Some("Служба времени")
    );
    let [leaf, root] = stamp.chain.as_slice() else {
        panic!("the path: {:?}", stamp.chain)
    };
    assert_eq!(leaf.sha256, sha256(&houses.stamps.certificate));
    assert_eq!(leaf.serial, authority.serial);
    assert_eq!(leaf.revocation, Revocation::Good);
    assert_eq!(root.sha256, sha256(&houses.root.certificate));
    houses.stamps = Draft::service("Чужая служба", 9, TIME_STAMPING).own();
    let report = houses.judged(&houses.signed(Some(STAMPED)), &evidence);
    let [stamp] = report.signatures[0].timestamps.as_slice() else {
        panic!("one timestamp")
    };
    let objection = stamp.objection.as_ref().expect("an objection");
    assert_eq!(objection.code, sig::Code::TimestampUntrusted);
    assert_eq!(stamp.chain[0].sha256, sha256(&houses.stamps.certificate));
}

fn lenient() -> ValidationPolicy {
    ValidationPolicy {
        name: "lenient".to_owned(),
        revocation_required: false,
        ..ValidationPolicy::default()
    }
}

/// Goal: a report says what its policy demanded, and one that was stored before it did is still
/// read. Method: a policy of one's own; the same report without the fields that came later.
#[test]
fn the_rules_are_told_and_older_reports_are_still_read() {
    let houses = houses();
    let report = houses.judged_by(&houses.signed(Some(STAMPED)), &[], &lenient());
    assert_eq!(report.policy, "lenient");
    assert_eq!(report.rules.as_deref(), Some(&lenient()));
    let mut stored = serde_json::to_value(&report).expect("written");
    let read: ValidationReport = serde_json::from_value(stored.clone()).expect("read");
    assert_eq!(read, report);
    let take = |from: &mut Value, name: &str| {
        let taken = from.as_object_mut().and_then(|object| object.remove(name));
        assert!(taken.is_some(), "{name}");
    };
    take(&mut stored, "rules");
    take(&mut stored["signatures"][0], "timestamps");
    let read: ValidationReport = serde_json::from_value(stored).expect("read");
    assert_eq!(read.rules, None);
    assert_eq!(read.signatures[0].timestamps, vec![]);
}

/// Goal: what passed although nobody knows whether a certificate was revoked says so of itself, of
/// whichever certificate: the signer's, one between, the timestamp authority's. Method: a policy
/// that does not ask, with all lists but one's; with all of them; the policy that asks.
#[test]
fn a_passed_signature_knows_that_its_revocation_is_open() {
    let mut houses = houses();
    let stamps = Draft::service("Служба времени", 3, TIME_STAMPING);
    houses.stamps = stamps.by(&houses.authority);
    let own = list(FRESH, vec![]).by(&houses.authority);
    let root = list(FRESH, vec![]).by(&houses.root);
    let cms = houses.signed(Some(STAMPED));
    let told = |evidence: &[Vec<u8>]| {
        let report = houses.judged_by(&cms, evidence, &lenient());
        assert_eq!(
            report.indication,
            Indication::TotalPassed,
            "{:?}",
            codes(&report)
        );
        let one = &report.signatures[0];
        assert_eq!(
            one.leaves_revocation_open(),
            report.leaves_revocation_open()
        );
        let kind = one.kind.expect("a kind");
        assert_eq!(kind.confirmed, !one.leaves_revocation_open());
        report.leaves_revocation_open()
    };
    assert!(told(&[]), "nothing is known");
    assert!(
        told(std::slice::from_ref(&own)),
        "of the issuer nothing is known"
    );
    assert!(
        told(std::slice::from_ref(&root)),
        "of the signer nothing is known"
    );
    assert!(!told(&[own.clone(), root.clone()]), "all is known");
    // Of the timestamp's authority alone nothing is known.
    let service = Draft::authority("Издатель службы", 8).by(&houses.root);
    houses.stamps = Draft::service("Служба времени", 3, TIME_STAMPING).by(&service);
    let extras = Extras {
        certificates: vec![
            houses.authority.certificate.clone(),
            service.certificate.clone(),
        ],
        token_by: Some((houses.stamps.clone(), STAMPED)),
        ..Extras::default()
    };
    let cms = signed_cms(&houses.person, &[crate::revocation::TEXT], &extras);
    let evidence = [own, root];
    let report = houses.judged_by(&cms, &evidence, &lenient());
    assert_eq!(report.signatures[0].time.proven, Some(at(STAMPED)));
    assert!(report.leaves_revocation_open(), "{:?}", codes(&report));
    let strict = houses.judged(&cms, &evidence);
    assert!(!strict.leaves_revocation_open());
    assert_eq!(strict.signatures[0].time.proven, None);
}
