//! `migrate` in a text that is published: documents under way are found again in stages that have
//! other names; the page and the operator's list say so, and whoever agreed in vain is told.

use std::process::{Command, Output};

use chancery_workflow::{Decision, StagePhase};
use serde_json::Value;

use super::editions::administrators;
use super::moves::{all, line, own, publish, replayed, sheet, shorter};
use crate::guards::Browser;
use crate::runs::paper::Paper;
use crate::support::{TestApp, on_both};

const WORKFLOW: &str = "contract";

/// The file with the manager under another name, and perhaps what it was called.
fn boss(house: &TestApp, migrate: &str) -> String {
    let changed = own(house).replace("  - id: manager\n", "  - id: boss\n");
    let title = "title: { ru: Руководитель инициатора, en: Initiator's manager }";
    let changed = changed.replace(title, "title: { ru: Начальник, en: Boss }");
    format!("{changed}{migrate}")
}

const NAMED: &str = "migrate: { map: { manager: boss } }\n";

/// What the program says on the database of a house.
fn operator(house: &TestApp, arguments: &[&str]) -> Output {
    let config = &house.app.config;
    // What it keeps in files is none of this house's.
    let folder = tempfile::TempDir::new().expect("a folder");
    let mut command = Command::new(env!("CARGO_BIN_EXE_chancery"));
    command
        .current_dir(&folder)
        .env_clear()
        .env("CHANCERY__DATABASE__URL", config.database.url.reveal())
        .env(
            "CHANCERY__SECRETS__MASTER_KEY",
            config.secrets.master_key.reveal(),
        )
        .env(
            "CHANCERY__WORKFLOWS__DIRECTORY",
            concat!(env!("CARGO_MANIFEST_DIR"), "/workflows"),
        )
        .args(["workflow", "migrate", WORKFLOW, "--lang", "en"])
        .args(["--organisation", &house.vector.organisation.to_string()])
        .args(arguments);
    command.output().expect("it runs")
}

fn listed(output: &Output) -> Vec<Value> {
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{said}");
    let list: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    list.as_array().expect("a list").clone()
}

/// Goal: a document whose open stage has another name goes on in it; its task is the same, opens
/// under the new title, and is decided as any other. Method: both databases; one that the head has,
/// one that the head has passed; the record is played anew.
#[tokio::test]
async fn a_document_goes_on_in_a_stage_that_was_renamed() {
    on_both(async |house: &TestApp| {
        let app = &house.app;
        let (author, second) = administrators(house, &house.vector).await;
        let paper = Paper::started(house, "50000.00").await;
        let further = Paper::started(house, "60000.00").await;
        further.approves("head").await;
        publish(house, &boss(house, NAMED), (&author, &second)).await;
        let sheet = sheet(house, &author).await;
        let fate = line(&sheet, &paper).fate.as_ref().expect("it can be moved");
        let names = ("Руководитель инициатора".to_owned(), "Начальник".to_owned());
        assert_eq!(fate.renamed, [names]);
        assert!(
            line(&sheet, &paper).weaker.is_empty(),
            "the control is kept"
        );
        let other = line(&sheet, &further).fate.as_ref().expect("so can it");
        assert!(other.renamed.is_empty() && other.set_aside.is_empty());
        let task = paper.task_of("head").await;
        let outcomes = app.move_documents(&author, WORKFLOW, &all(&sheet)).await;
        let outcomes = outcomes.expect("answered");
        assert!(outcomes.iter().all(|one| one.done.is_ok()), "{outcomes:?}");
        assert_eq!(paper.waiting().await, "boss: head");
        assert_eq!(paper.task_of("head").await, task);
        paper.approves("head").await;
        further.approves("lawyer").await;
        for moved in [&paper, &further] {
            let (again, kept) = replayed(moved).await;
            assert_eq!(again, kept);
            assert_eq!(kept.stages["boss"].phase, StagePhase::Satisfied);
            let paths = moved.tasks().await;
            assert!(paths.iter().all(|task| task.path != "manager"));
        }
    })
    .await;
}

/// Goal: whoever agreed in a stage that the text in force has not is told, once, by its old name;
/// whoever moved the document is not told of it. Method: both databases; a text without the
/// manager's stage, moved by another administrator.
#[tokio::test]
async fn whoever_agreed_in_vain_is_told() {
    on_both(async |house: &TestApp| {
        let app = &house.app;
        let (author, second) = administrators(house, &house.vector).await;
        let paper = Paper::started(house, "50000.00").await;
        paper.approves("head").await;
        let returned = Paper::started(house, "60000.00").await;
        returned.decides("head", Decision::Return, "the sum").await;
        publish(house, &shorter(house), (&author, &second)).await;
        let sheet = sheet(house, &second).await;
        let fate = line(&sheet, &paper).fate.as_ref().expect("it can be moved");
        assert_eq!(fate.set_aside, ["Руководитель инициатора"]);
        let mut moving = all(&sheet);
        moving.has_seen_weaker = true;
        let outcomes = app.move_documents(&second, WORKFLOW, &moving).await;
        let outcomes = outcomes.expect("answered");
        assert!(outcomes.iter().all(|one| one.done.is_ok()), "{outcomes:?}");
        let told = |letters: Vec<String>| -> Vec<String> {
            let aside = letters.into_iter();
            aside
                .filter(|one| one.starts_with("vote-set-aside"))
                .collect()
        };
        assert_eq!(told(paper.letters().await), ["vote-set-aside → head"]);
        assert_eq!(
            told(returned.letters().await),
            [""; 0],
            "a return is no vote"
        );
    })
    .await;
}

/// Goal: a text that has not the stage in which documents stand says so where it is written, with
/// how many, and says nothing once it names it. Method: both databases; the check, then the page.
#[tokio::test]
async fn the_page_of_a_text_names_stages_that_are_gone_while_documents_stand_in_them() {
    on_both(async |house: &TestApp| {
        let (author, _) = administrators(house, &house.vector).await;
        let found = async |source: &str| -> Vec<String> {
            let checked = house.app.check_edition(&author, WORKFLOW, source).await;
            let checked = checked.expect("checked");
            assert!(checked.is_good(), "{:?}", checked.errors);
            let gone = checked.warnings.iter();
            let gone = gone.filter(|one| one.key == "gone-while-running");
            gone.map(|one| format!("{} {} {}", one.code, one.args["stage"], one.args["count"]))
                .collect()
        };
        assert_eq!(found(&boss(house, "")).await, [""; 0], "nothing runs");
        let first = Paper::started(house, "50000.00").await;
        let _second = Paper::started(house, "60000.00").await;
        assert_eq!(found(&boss(house, "")).await, ["W101 manager 2"]);
        assert_eq!(found(&boss(house, NAMED)).await, [""; 0]);
        first.approves("head").await;
        assert_eq!(found(&boss(house, "")).await, ["W101 manager 1"]);
    })
    .await;
}

/// Goal: the operator sees for each document what would happen, by an edition, the file or a text,
/// and nothing is written. Method: the program on both databases: one that moves, one unchanged,
/// one that is refused, one that is asked anew.
#[tokio::test]
async fn the_operator_sees_what_would_happen_to_each_document() {
    on_both(async |house: &TestApp| {
        let (author, second) = administrators(house, &house.vector).await;
        let stands = Paper::started(house, "50000.00").await;
        let passed = Paper::started(house, "60000.00").await;
        passed.approves("head").await;
        let of = |all: &[Value], paper: &Paper<'_>| -> Value {
            let mut all = all.iter();
            let id = paper.id.to_string();
            let found = all.find(|one| one["document"].as_str() == Some(id.as_str()));
            found.expect("listed").clone()
        };
        let file = listed(&operator(house, &["--to", "file", "--dry-run", "--json"]));
        assert!(file.is_empty(), "both go by the file: {file:?}");

        let number = publish(house, &boss(house, NAMED), (&author, &second)).await;
        let number = number.to_string();
        let json = ["--to", &number, "--dry-run", "--json"];
        let all = listed(&operator(house, &json));
        let first = of(&all, &stands);
        assert_eq!(first["fate"], "moves");
        assert_eq!(first["renamed"][0]["after"], "Boss");
        assert_eq!(of(&all, &passed)["fate"], "unchanged");
        let words = operator(house, &["--to", &number, "--dry-run"]);
        let words = String::from_utf8(words.stdout).expect("text");
        assert!(
            words.contains("“Initiator's manager” is “Boss” from then on"),
            "{words}"
        );
        assert!(words.ends_with("moves: 1; unchanged: 1\n"), "{words}");

        let folder = tempfile::TempDir::new().expect("a folder");
        let place = folder.path().join("next.yaml");
        let path = place.to_str().expect("a path");
        std::fs::write(&place, boss(house, "")).expect("written");
        let all = listed(&operator(house, &["--to", path, "--dry-run", "--json"]));
        let refused = of(&all, &stands);
        assert_eq!(refused["fate"], "refused");
        assert_eq!(refused["stays"]["code"], "open-stage-gone");
        assert_eq!(of(&all, &passed)["stays"]["code"], "stage-passed");
        std::fs::write(&place, shorter(house)).expect("written");
        let all = listed(&operator(house, &["--to", path, "--dry-run", "--json"]));
        assert_eq!(of(&all, &passed)["set_aside"][0], "Initiator's manager");

        // The head's stage asks for two now: it is walked once more, so others would be passed.
        let two = boss(house, NAMED).replace(
            "assignees: [initiator_manager]\n    if_empty: { use: [cfo] }",
            "assignees: [initiator_manager, { role: security_officer }]\n    \
             if_empty: { use: [cfo] }",
        );
        std::fs::write(&place, two).expect("written");
        let all = listed(&operator(house, &["--to", path, "--dry-run", "--json"]));
        assert_eq!(of(&all, &passed)["stays"]["code"], "stage-passed");
        assert_eq!(of(&all, &stands)["asked"].as_array().map(Vec::len), Some(1));

        let bare = operator(house, &["--to", "file"]);
        assert_eq!(bare.status.code(), Some(2), "only a dry run");
        std::fs::write(&place, "stages: 1\n").expect("written");
        let wrong = operator(house, &["--to", path, "--dry-run"]);
        assert_eq!(wrong.status.code(), Some(1));
        let said = String::from_utf8(wrong.stdout).expect("text");
        assert!(said.contains("error[W006]"), "{said}");
        let unknown = operator(house, &["--to", "99", "--dry-run"]);
        assert_eq!(unknown.status.code(), Some(1));
        assert_eq!(
            stands.events().await,
            ["run.started"],
            "nothing was written"
        );
        assert_eq!(stands.waiting().await, "manager: head");
    })
    .await;
}

/// Goal: the page says which stage is called what, in the reader's language.
#[tokio::test]
async fn the_page_of_moves_names_both_titles() {
    let house = TestApp::single().await;
    let (author, second) = administrators(&house, &house.vector).await;
    let _paper = Paper::started(&house, "50000.00").await;
    publish(&house, &boss(&house, NAMED), (&author, &second)).await;
    let served = house.serve();
    let browser = Browser::of(&house, &served, house.vector.person("administrator")).await;
    let page = browser.get("/workflows/contract/moves").await.body;
    let words = "Этап «Руководитель инициатора» теперь называется «Начальник»";
    assert!(page.contains(words), "{page}");
    served.stop().await;
    house.close().await;
}
