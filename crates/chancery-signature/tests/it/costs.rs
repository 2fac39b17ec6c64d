//! What many signers of one structure may cost together.

use crate::authority::*;
use crate::forge::{CONTENT_TYPE, Cms, Forge, Plan, attribute, der, facts, house, sig1};
use crate::support::at;
use chancery_signature as sig;
use sig::{Anchors, Answer, Code, Facts, Limits, ValidationPolicy};
use std::time::{Duration, Instant};

const TEXT: &[u8] = b"what is signed";
const COUNTER_SIGNATURE: &str = "1.2.840.113549.1.9.6";

fn gathered(cms: &[u8], limits: &Limits) -> Facts {
    sig::gather_cms(cms, Some(TEXT), limits)
}

/// A structure of so many signers with so many counter-signatures each.
fn countersigned(signers: usize, each: usize) -> Vec<u8> {
    let mut cms = Cms::over(&house(), &[TEXT]);
    let value = value_of(&cms.build(&[TEXT]));
    let mut counter = Cms::over(&house(), &[&value]);
    counter.replace(CONTENT_TYPE, &[]);
    let counter = counter.signer_info(&[]);
    cms.unsigned = vec![attribute(
        COUNTER_SIGNATURE,
        &vec![counter.as_slice(); each],
    )];
    cms.with_signers(&vec![cms.signer_info(&[TEXT]); signers])
}

#[test]
fn check_37_counter_signatures_of_a_structure_have_one_limit() {
    let found = gathered(&countersigned(4, 32), &Limits::default());
    assert_eq!((found.signatures.len(), found.unreadable), (132, None));
    let found = gathered(&countersigned(43, 3), &Limits::default());
    assert_eq!(found.signatures.len(), 43 + 128);
    assert_eq!(found.unreadable.unwrap().code, "limit_exceeded");
    // In a PDF the same is said.
    let file = |each: usize| {
        let mut forge = Forge::form();
        let mut plan = Plan::new(9, vec![sig1(9)]);
        plan.room = 80_000;
        forge.sign(&plan, |spans| {
            let mut cms = Cms::over(&house(), spans);
            let counter = Cms::over(&house(), spans).signer_info(spans);
            cms.unsigned = vec![attribute(
                COUNTER_SIGNATURE,
                &vec![counter.as_slice(); each],
            )];
            cms.build(spans)
        });
        facts(&forge.bytes).unreadable.map(|why| why.code)
    };
    assert_eq!(file(128), None);
    assert_eq!(file(129).as_deref(), Some("limit_exceeded"));
}

#[test]
fn check_37_certificates_are_held_once() {
    let found = gathered(&countersigned(2, 2), &Limits::default());
    let held = |index: usize| {
        let one = &found.signatures[index];
        std::ptr::from_ref::<Vec<u8>>(&one.certificates[0].0)
    };
    for index in 1..6 {
        assert_eq!(held(0), held(index), "{index}");
    }
}

#[test]
fn check_37_verifications_have_a_limit() {
    let cms = countersigned(2, 2);
    let mut limits = Limits::default();
    // Six values of P-256.
    limits.signatures.verification_work_max = 6 * 4;
    assert_eq!(gathered(&cms, &limits).unreadable, None);
    limits.signatures.verification_work_max -= 1;
    let found = gathered(&cms, &limits);
    let why = found.unreadable.as_ref().unwrap();
    assert_eq!(why.code, "limit_exceeded");
    let anchors = Anchors::from_pem_or_der(house().pem().as_bytes()).unwrap();
    let now = at("2026-07-31T13:00:00Z");
    let report = sig::judge(&found, &ValidationPolicy::default(), now, &anchors);
    assert_eq!(report.intact, Answer::Undecided);
    let told = |one: &sig::report::SignatureReport| {
        let mut reasons = one.reasons.iter();
        let found = reasons.find(|one| one.code == Code::ValueUnsupported);
        found.is_some_and(|one| &one.args["algorithm"] == "limit_exceeded")
    };
    let told: Vec<bool> = report.signatures.iter().map(told).collect();
    assert_eq!(told, [false, false, false, false, false, true]);
}

#[test]
fn check_37_a_content_that_is_read_again_has_a_limit() {
    let key = crate::support::key(sig::KeyKind::Ed25519, 5);
    let mut cms = Cms::over(&house(), &[TEXT]);
    cms.certificate = house().leaf(&key, "Анна");
    (cms.key, cms.attributes) = (key, None);
    cms.scheme = crate::forge::algorithm("1.3.101.112");
    let cms = cms.with_signers(&vec![cms.signer_info(&[TEXT]); 3]);
    let mut limits = Limits::default();
    limits.signatures.covered_bytes_max = 3 * TEXT.len() as u64;
    assert_eq!(gathered(&cms, &limits).unreadable, None);
    limits.signatures.covered_bytes_max -= 1;
    let found = gathered(&cms, &limits);
    assert_eq!(found.unreadable.unwrap().code, "limit_exceeded");
}

/// Goal: what several signers have signed is digested once. Method: a slow digest, and what may be
/// read again is what one of them costs.
#[test]
fn check_37_a_content_is_digested_once_for_all_its_signers() {
    let mut cms = Cms::over(&house(), &[TEXT]);
    cms.digest = crate::forge::algorithm("2.16.840.1.101.3.4.2.10");
    let cms = cms.with_signers(&vec![cms.signer_info(&[TEXT]); 3]);
    let mut limits = Limits::default();
    limits.signatures.covered_bytes_max = TEXT.len() as u64;
    assert_eq!(gathered(&cms, &limits).unreadable, None);
    limits.signatures.covered_bytes_max -= 1;
    let found = gathered(&cms, &limits);
    assert_eq!(found.unreadable.unwrap().code, "limit_exceeded");
}

#[test]
fn check_37_a_search_that_is_cut_off_is_told() {
    let root = Draft::authority("Корень", 1).own();
    let authority = Draft::authority("Издатель", 2).by(&root);
    let person = Draft::person("Анна", 5).by(&authority);
    // Others of the same name, each with its own key.
    let others = (0..70).map(|seed| {
        Draft::authority("Издатель", 100 + seed)
            .by(&root)
            .certificate
    });
    let anchors = Anchors::from_pem_or_der(&root.certificate).unwrap();
    let found = |certificates: Vec<Vec<u8>>| {
        let extras = Extras {
            certificates,
            ..Extras::default()
        };
        let facts = gathered(&signed_cms(&person, &[TEXT], &extras), &Limits::default());
        let policy = ValidationPolicy {
            revocation_required: false,
            ..Default::default()
        };
        let report = sig::judge(&facts, &policy, at("2026-08-01T00:00:00Z"), &anchors);
        let reasons = report.signatures[0].reasons.iter();
        reasons.map(|one| one.code).collect::<Vec<Code>>()
    };
    let all: Vec<Vec<u8>> = others.collect();
    let own = vec![authority.certificate.clone()];
    assert_eq!(found([&all[..60], &own].concat()), []);
    assert_eq!(found([&all[..], &own].concat()), [Code::ChainUnsearched]);
    assert_eq!(found(all[..60].to_vec()), [Code::ChainMissing]);
}

/// A structure that holds more than is read is not called damaged.
#[test]
fn check_37_too_many_signers_or_certificates_are_not_called_damage() {
    let cms = Cms::over(&house(), &[TEXT]);
    let built = cms.with_signers(&vec![cms.signer_info(&[TEXT]); 65]);
    assert_eq!(
        gathered(&built, &Limits::default())
            .unreadable
            .unwrap()
            .code,
        "limit_exceeded"
    );
    let mut many = cms.clone();
    many.certificate = der(0x30, &[]).repeat(257);
    let built = many.with_signers(&[cms.signer_info(&[TEXT])]);
    assert_eq!(
        gathered(&built, &Limits::default())
            .unreadable
            .unwrap()
            .code,
        "limit_exceeded"
    );
}

/// Goal: what readers draw differently does not hide behind what costs too much to read. Method: a
/// sound file with every limit of reading up to what it needs; whoever gets through has read all.
#[test]
fn check_37_what_is_not_read_any_more_is_told() {
    let forge = crate::readings::signed(&[]);
    let judged = |most: u64| {
        let mut limits = Limits::default();
        limits.pdf.parsed_bytes_max = most;
        let facts = sig::gather(&forge.bytes, None, &limits);
        let intact = crate::forge::judge_facts(&house(), &facts).intact;
        (intact, facts)
    };
    let (intact, all) = judged(u64::MAX);
    assert_eq!(intact, Answer::Yes);
    let (mut large, mut most) = (0, 0);
    loop {
        let (intact, facts) = judged(most);
        if intact == Answer::Yes {
            assert_eq!(facts, all, "{most}");
            break;
        }
        let why = facts.pdf.and_then(|pdf| pdf.reads_two_ways);
        large += u32::from(why.as_deref() == Some("large"));
        most += 250;
        assert!(most < 1_000_000);
    }
    assert!(large > 3, "{large}");
}

/// Goal: revisions that cost much are not compared because they are few. Method: a file of two
/// revisions with less than they need.
#[test]
fn check_37_few_revisions_cost_no_more_than_many() {
    let mut forge = crate::readings::signed(&[]);
    let widget = "<</Type/Annot/Subtype/Widget/FT/Tx/F 4/T(Amount)/V(250)/Rect[10 10 110 30]\
        /P 3 0 R/AP<</N 8 0 R>>>>";
    let look = crate::forge::appearance("(250)");
    forge.update(&[(5, widget.to_owned()), (8, look)]);
    for (most, expected) in [(100_000, Answer::Yes), (2_000, Answer::Undecided)] {
        let mut limits = Limits::default();
        limits.signatures.compared_bytes_max = most;
        let facts = sig::gather(&forge.bytes, None, &limits);
        let intact = crate::forge::judge_facts(&house(), &facts).intact;
        assert_eq!(intact, expected, "{most}");
    }
}

/// What was square took a quarter of an hour in a debug build; this is no measure of speed, but the
/// end of a test that hangs.
const QUICK: Duration = Duration::from_secs(120);

/// A signature with its self-made root, authority and timestamp, and these unsigned attributes.
fn self_made(person: Draft, authority: Draft, unsigned: Vec<Vec<u8>>) -> Vec<u8> {
    let root = Draft::authority("Корень", 1).own();
    let authority = authority.by(&root);
    let stamps = Draft::service("Служба времени", 3, TIME_STAMPING).by(&root);
    let extras = Extras {
        certificates: vec![authority.certificate.clone(), root.certificate],
        token_by: Some((stamps, "2026-06-01T00:00:00Z")),
        unsigned,
        ..Extras::default()
    };
    signed_cms(&person.by(&authority), &[TEXT], &extras)
}

#[expect(clippy::disallowed_methods, reason = "measures the time")]
fn judged_quickly(cms: &[u8]) -> sig::ValidationReport {
    let started = Instant::now();
    let anchors = Anchors::from_pem_or_der(&Draft::authority("Корень", 1).own().certificate);
    let (policy, now) = (ValidationPolicy::default(), at("2026-08-01T00:00:00Z"));
    let facts = gathered(cms, &Limits::default());
    let report = sig::judge(&facts, &policy, now, &anchors.unwrap());
    assert!(started.elapsed() < QUICK, "{:?}", started.elapsed());
    report
}

#[test]
fn check_37_an_answer_may_speak_of_one_certificate_many_times() {
    let hash = der(4, &[&[7; 20]]);
    let id = der(
        0x30,
        &[
            &crate::forge::algorithm("1.3.14.3.2.26"),
            &hash,
            &hash,
            &[2, 1, 5],
        ],
    );
    let day = time(at("2026-06-02T00:00:00Z"));
    let single = der(0x30, &[&id, &[0x80, 0], &day]);
    let singles = vec![single.as_slice(); 4_000];
    let by = der(0xa1, &[&name("Издатель")]);
    let tbs = der(0x30, &[&by, &day, &der(0x30, &singles)]);
    let scheme = crate::forge::algorithm(crate::forge::ECDSA_SHA256);
    let basic = der(0x30, &[&tbs, &scheme, &der(3, &[&[0], &[7; 64]])]);
    let values = der(0x30, &[&der(0xa1, &[&der(0x30, &[&basic])])]);
    let values = attribute("1.2.840.113549.1.9.16.2.24", &[&values]);
    let authority = Draft::authority("Издатель", 2);
    let cms = self_made(Draft::person("Анна", 5), authority, vec![values]);
    let report = judged_quickly(&cms);
    assert_eq!(report.signatures[0].level.unwrap().name(), "B-T");
}

#[test]
fn check_37_names_are_compared_with_constraints_in_one_form() {
    let long = |number: usize| {
        let text = format!("{}{number}", "Имя ".repeat(150));
        der(0xa4, &[&name(&text)])
    };
    let excluded: Vec<Vec<u8>> = (0..250).map(|number| der(0x30, &[&long(number)])).collect();
    let excluded: Vec<&[u8]> = excluded.iter().map(Vec::as_slice).collect();
    let constraints = der(0x30, &[&der(0xa1, &excluded)]);
    let names = |first: usize| {
        let names: Vec<Vec<u8>> = (first..first + 60).map(long).collect();
        let names: Vec<&[u8]> = names.iter().map(Vec::as_slice).collect();
        Draft::person("Анна", 5).with("2.5.29.17", false, &der(0x30, &names))
    };
    let authority = || Draft::authority("Издатель", 2).with(NAME_CONSTRAINTS, true, &constraints);
    let breaks = |report: &sig::ValidationReport| {
        let mut reasons = report.signatures[0].reasons.iter();
        reasons.any(|one| one.code == Code::ChainConstraint)
    };
    let report = judged_quickly(&self_made(names(1_000), authority(), vec![]));
    assert!(!breaks(&report));
    let report = judged_quickly(&self_made(names(249), authority(), vec![]));
    assert!(breaks(&report));
}
