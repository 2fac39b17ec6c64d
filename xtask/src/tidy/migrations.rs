//! A released migration never changes (rule 17).
//!
//! `migrations/CHECKSUMS` lists what was released, in the form of `sha256sum`, with paths from the
//! folder `migrations`. It is written when a version is tagged; until the first it does not exist.

use std::path::Path;
use std::process::Command;

use super::Finding;

const HELP: &str = "a released file never changes: mend it by a new migration";

/// Compares the released migrations with their checksums.
pub fn check(root: &Path) -> Vec<Finding> {
    let folder = root.join("migrations");
    if !folder.join("CHECKSUMS").is_file() {
        return Vec::new();
    }
    let ran = Command::new("sha256sum")
        .args(["--check", "--strict", "--quiet", "CHECKSUMS"])
        .current_dir(&folder)
        .env("LC_ALL", "C")
        .output();
    match ran {
        Ok(output) if output.status.success() => Vec::new(),
        Ok(output) => {
            let said = String::from_utf8_lossy(&output.stdout).into_owned()
                + &String::from_utf8_lossy(&output.stderr);
            said.lines().map(|line| finding(line.to_owned())).collect()
        }
        Err(error) => vec![finding(format!("sha256sum could not be run: {error}"))],
    }
}

fn finding(message: String) -> Finding {
    Finding {
        path: "migrations/CHECKSUMS".to_owned(),
        line: 0,
        rule: "released-migration",
        message,
        help: HELP,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HELLO: &str = "5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03";

    #[test]
    fn a_changed_released_file_is_found() {
        let root = std::env::temp_dir().join(format!("tidy-migrations-{}", std::process::id()));
        let folder = root.join("migrations/src");
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("m1.rs"), "hello\n").unwrap();
        assert_eq!(check(&root), [], "nothing is released yet");

        std::fs::write(
            root.join("migrations/CHECKSUMS"),
            format!("{HELLO}  src/m1.rs\n"),
        )
        .unwrap();
        assert_eq!(check(&root), []);

        std::fs::write(folder.join("m1.rs"), "changed\n").unwrap();
        assert!(
            check(&root)
                .iter()
                .any(|finding| finding.message.contains("src/m1.rs"))
        );
        std::fs::remove_dir_all(&root).unwrap();
    }
}
