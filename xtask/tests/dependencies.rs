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

/// A row's two dates were looked up, both of them.
#[test]
fn every_row_has_its_dates() {
    let text = fs::read_to_string(root().join("docs/adr/0001-dependencies.md")).unwrap();
    for row in text.lines().filter(|line| line.starts_with("| `")) {
        let columns: Vec<&str> = row.split(" | ").collect();
        for date in [columns[3], columns[4]] {
            let is_date = date.len() == 10
                && date.split('-').map(str::len).eq([4, 2, 2])
                && date.split('-').all(|part| part.parse::<u16>().is_ok());
            assert!(is_date, "`{date}` is no date: {row}");
        }
    }
}

#[test]
fn only_dependencies_are_read_from_a_manifest() {
    let text = "[package]\nname = \"x\"\n[workspace.dependencies]\nder = \"1\"\n[dependencies]\n\
                # why\nhex.workspace = true\nchancery-types.workspace = true\n[dev-dependencies]\n\
                insta = \"1\"\n[lints]\nworkspace = true\n";
    assert_eq!(direct(text), ["hex", "insta"].map(str::to_owned).into());
}
