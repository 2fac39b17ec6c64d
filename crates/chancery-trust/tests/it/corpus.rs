//! Powers of the corpus and their verdicts (`CHANCERY_CORPUS`); without it the suite says so.

use std::collections::BTreeMap;

use chancery_signature::report::CheckResult;
use chancery_signature::{Anchors, GivenEvidence};
use chancery_trust::{
    AuthorityCheck, AuthorityCode, AuthorityPolicy, AuthorityReport, Grant, Identity, Organisation,
    OwnSignature, PowerSought, Question, judge_authority,
};
use chancery_xades::Limits;

use crate::support::at;

/// The question that the verdicts answer: contracts, for this organisation, by this person.
fn judged(power: &[u8]) -> AuthorityReport {
    let signer = Identity {
        inn: Some("770000020201".to_owned()),
        snils: Some("12345678964".to_owned()),
        name: Some("Пробный Иван Петрович".to_owned()),
        ..Identity::default()
    };
    let organisation = Organisation {
        inn: Some("7700000016".to_owned()),
        ogrn: Some("1027700000019".to_owned()),
    };
    let sought = PowerSought {
        codes: vec![],
        words: vec!["договор".to_owned()],
    };
    let question = Question {
        grant: Grant {
            power,
            signature: OwnSignature::Missing,
        },
        parents: &[],
        signer: Some(&signer),
        organisation: Some(&organisation),
        sought: Some(&sought),
        registry: None,
        evidence: &GivenEvidence::none(),
        at: at("2026-09-14T09:00:00Z"),
        now: at("2026-09-14T09:00:00Z"),
    };
    judge_authority(
        &question,
        &AuthorityPolicy::default(),
        &Anchors::none(),
        &Limits::default(),
    )
}

/// `valid`, `warning` or `invalid`, leaving the signature and the register aside: the files have
/// none. A term `ПрПередов` is a warning, powers that do not fit are one in the corpus.
fn verdict(report: &AuthorityReport) -> &'static str {
    // The corpus asks for words, and takes what has them for proven.
    let mut powers = report.reasons.iter();
    let mut powers = powers
        .by_ref()
        .filter(|one| one.code.check() == AuthorityCheck::Powers);
    let by_words = powers.all(|one| one.code == AuthorityCode::PowersByWords);
    let about = |one: &AuthorityCheck| match one {
        AuthorityCheck::Signature | AuthorityCheck::Registry => false,
        AuthorityCheck::Powers => !by_words,
        _ => true,
    };
    let results = report.checks.iter().filter(|one| about(&one.check));
    let results: Vec<CheckResult> = results.map(|one| one.result).collect();
    let delegated = report
        .checks
        .iter()
        .any(|one| one.check == AuthorityCheck::Delegation && one.result == CheckResult::Warned);
    if results.contains(&CheckResult::Failed) {
        "invalid"
    } else if results.contains(&CheckResult::Undecided) || delegated {
        "warning"
    } else {
        "valid"
    }
}

#[test]
fn every_power_of_the_corpus_has_its_verdict() {
    let Some(corpus) = std::env::var_os("CHANCERY_CORPUS") else {
        assert_ne!(
            std::env::var("CHANCERY_REQUIRE").as_deref(),
            Ok("all"),
            "CHANCERY_CORPUS is not set"
        );
        eprintln!("CHANCERY_CORPUS is not set: skipped");
        return;
    };
    let folder = std::path::Path::new(&corpus).join("invoices/mchd_synthetic");
    let cases = std::fs::read_to_string(folder.join("cases.tsv")).expect("the cases");
    let mut found = BTreeMap::new();
    let mut expected = BTreeMap::new();
    for line in cases.lines().skip(1) {
        let fields: Vec<&str> = line.split('\t').collect();
        let [file, _, wanted, ..] = fields.as_slice() else {
            panic!("{line}")
        };
        let report = judged(&std::fs::read(folder.join(file)).expect("a power"));
        found.insert((*file).to_owned(), verdict(&report));
        expected.insert((*file).to_owned(), *wanted);
    }
    assert_eq!(found, expected);
    assert_eq!(found.len(), 9);
}
