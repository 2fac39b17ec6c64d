//! `chancery workflow explain --today`, and the names of webhooks from the server's configuration.

use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

use crate::support::{TestApp, on_both};

const DOCUMENT: &str = "doc: { amount: \"RUB 90000.00\", payment_days: 10 }
initiator: { login: initiator@vector.example }
";

/// A chain that tells a system outside, and that only its configuration names.
const CALLING: &str = r#"apiVersion: approvals/v1
id: calling
title: { ru: Проба, en: Test }
document: { type: contract }
effects: { completed: [{ webhook: erp-signed }] }
stages:
  - { id: chief, type: approve, title: { ru: а, en: a }, assignees: [{ role: cfo }] }
tests:
  - name: the chief is asked
    doc: { amount: "RUB 1.00" }
    expect: { path: [chief], outcome: completed }
"#;

fn workflow(house: &TestApp, folder: &Path, arguments: &[&str]) -> Output {
    let config = &house.app.config;
    let mut command = Command::new(env!("CARGO_BIN_EXE_chancery"));
    command
        .current_dir(folder)
        .env_clear()
        .env("CHANCERY__DATABASE__URL", config.database.url.reveal())
        .env(
            "CHANCERY__SECRETS__MASTER_KEY",
            config.secrets.master_key.reveal(),
        )
        .env("CHANCERY__WORKFLOWS__DIRECTORY", FOLDER)
        .arg("workflow")
        .args(arguments)
        .args(["--workflows", FOLDER, "--lang", "en"]);
    command.output().expect("it runs")
}

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/workflows");
const CHAIN: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/workflows/chains/contract.yaml"
);

/// Goal: a document is explained with the people of the server as they are now: those of one
/// organisation, by the logins they have there. Method: both databases; the manager of a contract
/// is who heads the initiator's department.
#[tokio::test]
async fn a_document_is_explained_with_the_people_of_today() {
    on_both(async |house: &TestApp| {
        let folder = tempfile::TempDir::new().expect("a folder");
        let place = folder.path().join("document.yaml");
        std::fs::write(&place, DOCUMENT).expect("written");
        let own = house.vector.organisation.to_string();
        let asked = ["explain", CHAIN, "--doc", "document.yaml", "--today"];
        let with = |more: &[&str]| {
            let all: Vec<&str> = asked.iter().chain(more).copied().collect();
            workflow(house, folder.path(), &all)
        };
        let told = with(&["--organisation", &own, "--json"]);
        let said = String::from_utf8_lossy(&told.stderr).into_owned();
        let found: Value = serde_json::from_slice(&told.stdout).expect(&said);
        assert_eq!(found[0]["people"][0]["name"], "head@vector.example");
        let stages = found.as_array().expect("stages").iter();
        let people = stages.flat_map(|stage| stage["people"].as_array().expect("people"));
        let mut names = people.filter_map(|one| one["name"].as_str());
        assert!(names.all(|name| !name.ends_with("@northwind.example")));
        // An initiator who is not of the organisation starts nothing.
        std::fs::write(&place, DOCUMENT.replace("initiator@", "nobody@")).expect("written");
        let told = with(&["--organisation", &own]);
        assert_eq!(told.status.code(), Some(1));
        let both = with(&["--org", "document.yaml"]);
        assert_eq!(both.status.code(), Some(2), "one organisation at once");
    })
    .await;
}

/// Goal: a check with the people of today says whom a chain names in vain, and so does the page of
/// a text, until somebody is there. Method: a role that nobody has, given to somebody.
#[tokio::test]
async fn whom_a_chain_names_in_vain_is_said_with_the_people_of_today() {
    on_both(async |house: &TestApp| {
        let folder = tempfile::TempDir::new().expect("a folder");
        let own = house.vector.organisation.to_string();
        let text = CALLING
            .replace("effects: { completed: [{ webhook: erp-signed }] }\n", "")
            .replace("id: calling", "id: contract")
            .replace("role: cfo", "role: treasurer");
        std::fs::write(folder.path().join("own.yaml"), &text).expect("written");
        let asked = [
            "check",
            "own.yaml",
            "--json",
            "--today",
            "--organisation",
            &own,
        ];
        let told = workflow(house, folder.path(), &asked);
        let said = String::from_utf8_lossy(&told.stderr).into_owned();
        let found: Value = serde_json::from_slice(&told.stdout).expect(&said);
        assert_eq!(told.status.code(), Some(0), "{found}");
        let found = found.as_array().expect("a list");
        assert!(found.iter().any(|one| one["code"] == "W201"), "{found:?}");
        let administrator = house.actor("administrator");
        let on_page = async || {
            let checked = house
                .app
                .check_edition(&administrator, "contract", &text)
                .await;
            let checked = checked.expect("checked");
            let mut warnings = checked.warnings.iter();
            warnings.any(|one| (one.code, one.key) == ("W201", "nobody-role"))
        };
        assert!(on_page().await);
        let lawyer = house.vector.person("lawyer");
        let card = house.app.load_person(&administrator, lawyer).await;
        let mut draft = card.expect("somebody").draft;
        draft.roles.push(("treasurer".to_owned(), None));
        let edited = house.app.edit_person(&administrator, lawyer, 0, &draft);
        edited.await.expect("edited");
        assert!(!on_page().await);
    })
    .await;
}

/// Goal: a chain that tells systems outside is tried with the names that the configuration gives.
#[tokio::test]
async fn a_chain_is_tried_with_the_names_of_the_configuration() {
    let house = TestApp::single().await;
    let folder = tempfile::TempDir::new().expect("a folder");
    let write = |name: &str, text: &str| {
        std::fs::write(folder.path().join(name), text).expect("written");
    };
    write("calling.yaml", CALLING);
    write(
        "script.yaml",
        "doc: { amount: \"RUB 1.00\" }\nscript: [approve chief]\n",
    );
    write("document.yaml", "doc: { amount: \"RUB 1.00\" }\n");
    write(
        "chancery.toml",
        "[webhooks]\nhosts = [\"erp.example\"]\n\
         [webhooks.calls.erp-signed]\nurl = \"https://erp.example/hooks\"\n\
         secret = \"0123456789012345678901234567890123456789\"\n",
    );
    for asked in [
        &["test", "calling.yaml"][..],
        &["explore", "calling.yaml"],
        &["explain", "calling.yaml", "--doc", "document.yaml"],
        &["simulate", "calling.yaml", "script.yaml"],
    ] {
        let bare = workflow(&house, folder.path(), asked);
        assert_eq!(bare.status.code(), Some(1), "{asked:?}");
        let said = [bare.stdout, bare.stderr].concat();
        let said = String::from_utf8_lossy(&said).into_owned();
        assert!(said.contains("W501") || said.contains("W010"), "{said}");
        let mut with = asked.to_vec();
        with.extend(["--config", "chancery.toml"]);
        let told = workflow(&house, folder.path(), &with);
        let said = String::from_utf8_lossy(&told.stderr).into_owned();
        let out = String::from_utf8_lossy(&told.stdout).into_owned();
        assert_eq!(told.status.code(), Some(0), "{asked:?}: {said}{out}");
    }
    house.close().await;
}
