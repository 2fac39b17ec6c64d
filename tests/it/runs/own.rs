//! A house with a chain of its own for contracts.

use chancery::config::Config;
use tempfile::TempDir;

use crate::support::{Backend, TestApp, workflows_like};

/// A house whose contracts have one more field, `account`, that is not material, and take these
/// stages (YAML, under `stages:`). The folder lives as long as the house.
pub async fn house_with(backend: &Backend, stages: &str) -> (TestApp, TempDir) {
    house_like(backend, stages, |_| {}).await
}

/// As [`house_with`], with settings changed by `change`.
pub async fn house_like(
    backend: &Backend,
    stages: &str,
    change: impl FnOnce(&mut Config),
) -> (TestApp, TempDir) {
    let folder = chains_like(|chain| {
        let (head, _) = chain.split_once("\nstages:\n").expect("stages");
        let head = head.replace("withdraw: { until: sign_internal }\n", "");
        let (head, _) = head.split_once("\nparticipants:\n").expect("participants");
        format!("{head}\nstages:\n{stages}")
    });
    let directory = folder.path().to_owned();
    let house = TestApp::start_with(backend, |config| {
        config.workflows.directory = directory;
        change(config);
    })
    .await;
    (house, folder)
}

/// The house's workflows, with one more field of contracts, `account`, and their chain as `change`
/// makes it.
pub fn chains_like(change: impl Fn(&str) -> String) -> TempDir {
    workflows_like(|path, text| match path {
        "kinds/contract.yaml" => format!("{text}{ACCOUNT}"),
        "chains/contract.yaml" => change(&text),
        _ => text,
    })
}

const ACCOUNT: &str = "  - name: account
    type: text
    material: false
    label: { ru: Счёт проводки, en: Posting account }
    length_max: 20
";
