//! `chancery workflow test|explore|explain|simulate|diagram`: what they say, in both languages, and
//! how they end.

mod models;

use serde_json::Value;
use tempfile::TempDir;

use crate::cli::{chancery, run};

const HOUSE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/workflows");

/// A chain with an example that does not hold, and one without a control.
const OWN: &str = r#"apiVersion: approvals/v1
id: own
title: { ru: Свой договор, en: Own contract }
document: { type: contract }
material: { fields: [amount, payment_days] }
calendar: ru-5x8
stages:
  - id: chief
    type: approve
    title: { ru: Начальник, en: Chief }
    assignees: [{ manager_of: initiator }]
    due: 1bd
    remind: [{ before: 4bh }]
    on_timeout: { escalate: { to: [{ role: cfo }] } }
  - id: law
    type: approve
    title: { ru: Юристы, en: Lawyers }
    when: "doc.payment_days > 30"
    assignees: [{ role: lawyer }]
    quorum: any
    due: 2bd
"#;
const EXAMPLES: &str = r#"tests:
  - name: a short term needs no lawyers
    doc: { amount: "RUB 1.00", payment_days: 30 }
    expect: { path: [chief], outcome: completed }
  - name: thirty days are long
    doc: { amount: "RUB 1.00", payment_days: 30 }
    script: [approve chief]
    expect: { open: [law] }
"#;
const SCRIPT: &str = r#"doc: { amount: "RUB 1.00", payment_days: 31 }
at: 2026-04-29T16:00
script: [wait 1bd, approve chief by initiator, approve chief by cfo, approve law, approve law]
"#;
const DOCUMENT: &str = r#"doc: { amount: "RUB 1.00", payment_days: 31 }
initiator: { login: olga }
at: 2026-03-02T10:00
"#;
const ORGANISATION: &str = r#"people:
  - { login: olga, manager: pavel }
  - { login: pavel, away: { from: 2026-03-01, until: 2026-03-03, substitute: irina } }
  - { login: irina, roles: [lawyer] }
"#;

/// The files of a test, and what the program says of them.
struct Desk {
    folder: TempDir,
}

impl Desk {
    fn new() -> Self {
        let folder = TempDir::new().expect("a folder");
        for (name, text) in [
            ("own.yaml", format!("{OWN}{EXAMPLES}")),
            ("plain.yaml", OWN.to_owned()),
            ("script.yaml", SCRIPT.to_owned()),
            ("document.yaml", DOCUMENT.to_owned()),
            ("organisation.yaml", ORGANISATION.to_owned()),
        ] {
            std::fs::write(folder.path().join(name), text).expect("written");
        }
        Self { folder }
    }

    fn says(&self, arguments: &[&str]) -> (Option<i32>, String) {
        let (verb, rest) = arguments.split_first().expect("a verb");
        let mut command = chancery(&self.folder);
        command
            .args(["workflow", verb, "--workflows", HOUSE])
            .args(rest);
        let (code, said, wrong) = run(&mut command);
        assert_eq!(wrong, "", "{arguments:?}");
        (code, said)
    }

    /// The words of one command in both languages, as they are kept.
    fn golden(&self, name: &str, code: i32, arguments: &[&str]) {
        for language in ["ru", "en"] {
            let with = [arguments, &["--lang", language]].concat();
            let (found, said) = self.says(&with);
            assert_eq!(found, Some(code), "{said}");
            let said = said.replace(HOUSE, "workflows");
            insta::with_settings!({ snapshot_path => "../golden/workflow",
                prepend_module_to_snapshot => false, omit_expression => true },
                { insta::assert_snapshot!(format!("{name}-{language}"), said) });
        }
    }

    fn json(&self, arguments: &[&str]) -> Value {
        let (_, said) = self.says(&[arguments, &["--json"]].concat());
        serde_json::from_str(&said).expect("JSON")
    }
}

/// Goal: the examples of the house hold; one that does not is shown at its line, and ends with 1; a
/// check and a server refuse the same file.
#[test]
fn examples_are_played_and_shown() {
    let desk = Desk::new();
    desk.golden("test-house", 0, &["test", HOUSE]);
    desk.golden("test-own", 1, &["test", "own.yaml"]);
    desk.golden("test-none", 0, &["test", "plain.yaml"]);
    let found = desk.json(&["test", "own.yaml", "--lang", "en"]);
    assert_eq!(found[0]["passed"], true);
    assert_eq!(found[1]["passed"], false);
    assert_eq!(found[1]["findings"][0]["code"], "W801");
    assert_eq!(found[1]["findings"][0]["line"], 29);
    let (code, said) = desk.says(&["check", "own.yaml", "--lang", "en"]);
    assert_eq!(code, Some(1));
    assert!(
        said.contains("error[W801]") && said.contains("own.yaml:29:"),
        "{said}"
    );
}

/// Goal: ends, lengths, refusals; a path without an approval is shown with the values that open it,
/// and ends with 1, though the check refuses the file already.
#[test]
fn every_decision_is_explored() {
    let desk = Desk::new();
    let contract = format!("{HOUSE}/chains/contract.yaml");
    let invoice = format!("{HOUSE}/chains/invoice.yaml");
    let (code, said) = desk.says(&["explore", &contract, "--lang", "en"]);
    assert_eq!(code, Some(0), "{said}");
    desk.golden("explore-own", 0, &["explore", "plain.yaml"]);
    let found = desk.json(&["explore", &invoice, "--rounds", "1"]);
    assert_eq!(found["without_approval"], Value::Null);
    assert_eq!(found["never_reached"], serde_json::json!([]));
    assert_eq!(found["cut"], serde_json::json!([]));
    let open = OWN.replace(
        "    assignees: [{ manager_of: initiator }]",
        "    when: \"doc.payment_days < 30\"\n    assignees: [{ manager_of: initiator }]",
    );
    let read = "  - { id: read, type: acknowledge, title: { ru: ч, en: r }, \
                assignees: [{ role: clerk }], due: 1bd }\n";
    std::fs::write(
        desk.folder.path().join("open.yaml"),
        format!("{open}{read}"),
    )
    .expect("written");
    desk.golden("explore-open", 1, &["explore", "open.yaml"]);
    let found = desk.json(&["explore", "open.yaml"]);
    assert_eq!(found["without_approval"]["document"]["payment_days"], "30");
}

/// Goal: who decides and why, with invented people and with an organisation in which somebody is
/// away.
#[test]
fn a_document_is_explained() {
    let desk = Desk::new();
    desk.golden(
        "explain-invented",
        0,
        &["explain", "plain.yaml", "--doc", "document.yaml"],
    );
    let with = [
        "explain",
        "plain.yaml",
        "--doc",
        "document.yaml",
        "--org",
        "organisation.yaml",
    ];
    desk.golden("explain-organisation", 0, &with);
    let found = desk.json(&with);
    assert_eq!(found[0]["people"][0]["name"], "pavel");
    assert_eq!(
        found[0]["people"][0]["stand_ins"],
        serde_json::json!(["irina"])
    );
    assert_eq!(found[1]["conditions"][0]["holds"], true);
    std::fs::write(
        desk.folder.path().join("document.yaml"),
        "doc: { amount: \"RUB 1.00\" }\n",
    )
    .expect("written");
    let (code, said) = desk.says(&[
        "explain",
        "plain.yaml",
        "--doc",
        "document.yaml",
        "--lang",
        "en",
    ]);
    assert_eq!(code, Some(1));
    assert!(said.contains("payment_days"), "{said}");
}

/// Goal: an author finds every name that a chain may use without opening a file.
#[test]
fn the_names_that_chains_use_are_listed() {
    let desk = Desk::new();
    let (code, said) = desk.says(&["names", "--lang", "en"]);
    assert_eq!(code, Some(0));
    for line in [
        "Roles (role:)",
        "  cfo ",
        "  contract_board ",
        "  ru-5x8 ",
        "  contracts_in_force ",
        "  contract_in_force ",
        "  payment_cfo_from ",
        "  travel_expense ",
    ] {
        assert!(said.contains(line), "{line}\n{said}");
    }
    let (code, said) = desk.says(&["names", "--kind", "contract", "--lang", "ru"]);
    assert_eq!(code, Some(0));
    let amount = said.lines().find(|line| line.contains("doc.amount "));
    let amount = amount.expect("the amount");
    assert!(
        amount.contains("money (RUB") && amount.contains("обязательное"),
        "{amount}"
    );
    assert!(!said.contains("contract_board"), "only the fields");
    let mut command = chancery(&desk.folder);
    command.args([
        "workflow",
        "names",
        "--workflows",
        HOUSE,
        "--kind",
        "contrakt",
    ]);
    let (code, _, wrong) = run(&mut command);
    assert_eq!(code, Some(1));
    assert!(wrong.contains("contrakt"), "{wrong}");
}

/// Goal: people who are missing today are told when people are given, and only then; they refuse
/// nothing, but a file with people that is wrong does.
#[test]
fn a_check_with_people_names_who_is_missing() {
    let desk = Desk::new();
    let codes = |more: &[&str]| -> Vec<(String, String)> {
        let found = desk.json(&[&["check", "plain.yaml"], more].concat());
        let found = found.as_array().expect("a list").iter();
        let told = found.filter(|one| one["code"] == "W201");
        let text = |one: &Value, key: &str| one[key].as_str().unwrap_or_default().to_owned();
        told.map(|one| (text(one, "severity"), text(one, "text")))
            .collect()
    };
    assert_eq!(codes(&["--lang", "en"]), []);
    let found = codes(&["--lang", "en", "--org", "organisation.yaml"]);
    assert!(!found.is_empty());
    for (severity, message) in &found {
        assert_eq!(severity, "warning");
        assert!(message.contains("today"), "{message}");
    }
    let (code, _) = desk.says(&["check", "plain.yaml", "--org", "organisation.yaml"]);
    assert_eq!(code, Some(0));
    let (code, said) = desk.says(&["check", "plain.yaml", "--org", "plain.yaml"]);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("plain.yaml:1:"), "{said}");
}

/// Goal: each event with what follows at its time: reminder and escalation, a refusal, a step that
/// cannot be.
#[test]
fn a_script_is_simulated() {
    let desk = Desk::new();
    desk.golden("simulate", 1, &["simulate", "plain.yaml", "script.yaml"]);
    let found = desk.json(&["simulate", "plain.yaml", "script.yaml"]);
    let refusals: Vec<&Value> = found["events"]
        .as_array()
        .expect("events")
        .iter()
        .filter(|event| event["refusal"].is_string())
        .collect();
    assert_eq!(refusals.len(), 1);
    assert_eq!(found["outcome"], "completed");
    std::fs::write(
        desk.folder.path().join("script.yaml"),
        "doc: {}\nscript: [dance]\n",
    )
    .expect("written");
    let (code, said) = desk.says(&["simulate", "plain.yaml", "script.yaml", "--lang", "en"]);
    assert_eq!(code, Some(1));
    assert!(
        said.contains("error[W802]") && said.contains("script.yaml:2:10"),
        "{said}"
    );
}

/// Goal: of a chain that starts by itself it is told whether this document does. Method: on both
/// sides of its condition; a chain that says nothing of it.
#[test]
fn a_script_tells_whether_a_run_starts_by_itself() {
    let desk = Desk::new();
    let start = "start: { event: document_brought, when: \"doc.payment_days <= 10\" }";
    // A kind takes its own workflow alone.
    let own = OWN.replacen("id: own", &format!("id: contract\n{start}"), 1);
    let file = |name: &str, text: &str| {
        std::fs::write(desk.folder.path().join(name), text).expect("written");
    };
    file("own.yaml", &own);
    for (chain, days, itself, told) in [
        (
            "own.yaml",
            10,
            Value::Bool(true),
            "starts by itself in the name",
        ),
        ("own.yaml", 11, Value::Bool(false), "by hand"),
        ("plain.yaml", 10, Value::Null, ""),
    ] {
        file(
            "script.yaml",
            &format!(
                "doc: {{ amount: RUB 1.00, payment_days: {days} }}\nscript: [approve chief]\n"
            ),
        );
        let found = desk.json(&["simulate", chain, "script.yaml"]);
        assert_eq!(found["starts_itself"], itself, "{chain} {days}: {found}");
        let (code, said) = desk.says(&["simulate", chain, "script.yaml", "--lang", "en"]);
        assert_eq!(code, Some(0), "{said}");
        assert!(said.contains(told), "{said}");
        assert_eq!(said.contains("by itself"), !told.is_empty(), "{said}");
    }
}

/// Goal: a picture of its own, in both languages.
#[test]
fn a_chain_is_drawn_as_a_picture() {
    let desk = Desk::new();
    desk.golden("diagram", 0, &["diagram", "plain.yaml", "--format", "svg"]);
}
