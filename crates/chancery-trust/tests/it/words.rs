//! Every code has a sentence in both languages.

use chancery_trust::{AuthorityCheck, AuthorityCode, ListCode};

fn sentences(locale: &str) -> String {
    let path = format!(
        "{}/../../locales/{locale}/trust.ftl",
        env!("CARGO_MANIFEST_DIR")
    );
    std::fs::read_to_string(path).expect("the sentences")
}

#[test]
fn every_code_has_a_sentence_in_both_languages() {
    let lists = ListCode::ALL
        .iter()
        .map(|code| format!("list-reason-{}", code.key()));
    let powers = AuthorityCode::ALL
        .iter()
        .map(|code| format!("authority-reason-{}", code.key()));
    let checks = AuthorityCheck::ALL
        .iter()
        .map(|check| format!("authority-check-{}", check.key()));
    let results = ["confirmed", "undecided", "refused"];
    let results = results.iter().flat_map(|one| {
        [
            format!("list-result-{one}"),
            format!("authority-result-{one}"),
        ]
    });
    let mut keys: Vec<String> = lists.chain(powers).chain(checks).chain(results).collect();
    for key in &mut keys {
        *key = key.replace('_', "-");
    }
    keys.push("authority-title".to_owned());
    let facts = [
        "operator",
        "territory",
        "number",
        "issued",
        "next",
        "signer",
        "digest",
        "judged",
    ];
    keys.extend(facts.map(|one| format!("list-fact-{one}")));
    let standings = ["granted", "national", "withdrawn", "unknown", "none"];
    keys.extend(standings.map(|one| format!("list-service-{one}")));
    let kinds = [
        "sites",
        "qualified",
        "other-certificates",
        "qualified-times",
        "times",
    ];
    keys.extend(kinds.map(|one| format!("list-kind-{one}")));
    keys.extend(["list-taken", "list-not-taken"].map(str::to_owned));
    for locale in ["ru", "en"] {
        let text = sentences(locale);
        let mut known: Vec<&str> = text
            .lines()
            .filter_map(|line| line.split_once(" = "))
            .map(|(key, _)| key)
            .collect();
        for key in &keys {
            assert!(known.contains(&key.as_str()), "{locale}: {key}");
        }
        known.retain(|key| !keys.iter().any(|one| one == key));
        assert_eq!(known, [""; 0], "{locale}: nothing that no code asks for");
    }
}
