//! A house with a chain of its own for contracts.

use std::path::Path;

use chancery::config::Config;
use tempfile::TempDir;

use crate::support::{Backend, TestApp};

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

/// The house's contracts and invoices, with one more field of contracts, `account`, and their chain
/// as `change` makes it.
pub fn chains_like(change: impl Fn(&str) -> String) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("workflows");
    for path in [
        "vocabulary.yaml",
        "kinds/contract.yaml",
        "kinds/invoice.yaml",
        "chains/contract.yaml",
        "chains/invoice.yaml",
    ] {
        let to = folder.path().join(path);
        std::fs::create_dir_all(to.parent().expect("a folder")).expect("made");
        let mut text = std::fs::read_to_string(from.join(path)).expect("a file");
        if path == "kinds/contract.yaml" {
            text.push_str(
                "  - name: account\n    type: text\n    material: false\n    \
                 label: { ru: Счёт проводки, en: Posting account }\n    length_max: 20\n",
            );
        }
        if path == "chains/contract.yaml" {
            text = change(&text);
        }
        std::fs::write(to, text).expect("written");
    }
    folder
}
