//! `docs/adr/0001-dependencies.md` has a row for each direct dependency, and none for another.

#![expect(
    clippy::unwrap_used,
    reason = "a file that cannot be read is a failed test"
)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The names of all kinds of dependencies that are not ours.
fn direct(manifest: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let mut listed = false;
    for line in manifest.lines() {
        if let Some(section) = line.strip_prefix('[') {
            listed = section.ends_with("dependencies]") && !section.starts_with("workspace");
        } else if listed && line.starts_with(|first: char| first.is_ascii_alphabetic()) {
            let name = line.split(['.', ' ', '=']).next().unwrap();
            if !name.starts_with("chancery") {
                names.insert(name.to_owned());
            }
        }
    }
    names
}

#[test]
fn the_table_and_the_manifests_name_the_same_crates() {
    let mut manifests = vec![root().join("Cargo.toml")];
    for folder in ["crates", "."] {
        let entries = fs::read_dir(root().join(folder)).unwrap().flatten();
        manifests.extend(entries.map(|entry| entry.path().join("Cargo.toml")));
    }
    let readable = manifests
        .iter()
        .filter_map(|path| fs::read_to_string(path).ok());
    let used: BTreeSet<String> = readable.flat_map(|text| direct(&text)).collect();
    let text = fs::read_to_string(root().join("docs/adr/0001-dependencies.md")).unwrap();
    let rows = text.lines().filter_map(|line| line.strip_prefix("| `"));
    let told: BTreeSet<String> = rows
        .map(|row| row.split('`').next().unwrap().to_owned())
        .collect();
    assert!(used.len() > 20, "only {used:?}");
    let untold: Vec<_> = used.difference(&told).collect();
    let unused: Vec<_> = told.difference(&used).collect();
    assert!(
        untold.is_empty() && unused.is_empty(),
        "no row for {untold:?}; no use of {unused:?}"
    );
}

#[test]
fn only_dependencies_are_read_from_a_manifest() {
    let text = "[package]\nname = \"x\"\n[workspace.dependencies]\nder = \"1\"\n[dependencies]\n\
                # why\nhex.workspace = true\nchancery-types.workspace = true\n[dev-dependencies]\n\
                insta = \"1\"\n[lints]\nworkspace = true\n";
    assert_eq!(direct(text), ["hex", "insta"].map(str::to_owned).into());
}
