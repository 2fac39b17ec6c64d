//! A build folder that was filled from another place.
//!
//! Cargo calls what it built fresh as long as no source is newer, also when the whole tree lies
//! elsewhere now (a second clone with the same `CARGO_TARGET_DIR`). Our tests carry the tree's path
//! within (`env!("CARGO_MANIFEST_DIR")`) and would look for their files where they no longer are.

use std::path::{Path, PathBuf};
use std::{fs, io};

/// Keeps the path of the tree that the build folder was filled from.
const MARK: &str = ".chancery-root";

/// Has cargo build anew what is ours, if the build folder was last filled from another tree than
/// `root`. Dependencies stay as they are: they know nothing of our path.
pub fn forget_what_was_built_elsewhere(root: &Path) -> io::Result<()> {
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(
        || root.join("target"),
        |folder| root.join(PathBuf::from(folder)),
    );
    forget(root, &target)
}

fn forget(root: &Path, target: &Path) -> io::Result<()> {
    let mark = target.join(MARK);
    let here = root.as_os_str().as_encoded_bytes();
    if fs::read(&mark).is_ok_and(|there| there == here) {
        return Ok(());
    }
    for profile in ["debug", "release"] {
        let Ok(entries) = fs::read_dir(target.join(profile).join(".fingerprint")) else {
            continue;
        };
        for entry in entries {
            let entry = entry?;
            if is_ours(&entry.file_name().to_string_lossy()) {
                fs::remove_dir_all(entry.path())?;
            }
        }
    }
    fs::create_dir_all(target)?;
    fs::write(mark, here)
}

fn is_ours(fingerprint: &str) -> bool {
    ["chancery-", "xtask-"]
        .iter()
        .any(|package| fingerprint.starts_with(package))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_another_tree_left_is_forgotten_once_and_dependencies_stay() {
        let target = std::env::temp_dir().join(format!("chancery-moved-{}", std::process::id()));
        let prints = target.join("debug/.fingerprint");
        for name in ["chancery-0f", "chancery-pdf-1a", "xtask-2b", "serde-3c"] {
            fs::create_dir_all(prints.join(name)).unwrap();
        }
        forget(Path::new("/one"), &target).unwrap();
        assert!(prints.join("serde-3c").is_dir());
        for name in ["chancery-0f", "chancery-pdf-1a", "xtask-2b"] {
            assert!(!prints.join(name).exists(), "{name}");
        }
        fs::create_dir_all(prints.join("chancery-0f")).unwrap();
        forget(Path::new("/one"), &target).unwrap();
        assert!(
            prints.join("chancery-0f").is_dir(),
            "the same tree keeps it"
        );
        forget(Path::new("/two"), &target).unwrap();
        assert!(!prints.join("chancery-0f").exists());
        fs::remove_dir_all(target).unwrap();
    }
}
