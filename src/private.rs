//! Files and folders that only the server's own account may read, whatever the umask is: they hold
//! documents, mails with links in them, and the database.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::Path;

const FILE_MODE: u32 = 0o600;
const FOLDER_MODE: u32 = 0o700;
/// What the group and the others may do.
const OTHERS: u32 = 0o077;

/// Makes a folder and those above it, if they are not there. One that is there stays as it is.
///
/// # Errors
///
/// The file system's.
pub fn make_folder(path: &Path) -> io::Result<()> {
    DirBuilder::new()
        .recursive(true)
        .mode(FOLDER_MODE)
        .create(path)
}

/// As [`make_folder`], for who may not wait for the disk.
///
/// # Errors
///
/// The file system's.
pub async fn make_folder_async(path: &Path) -> io::Result<()> {
    tokio::fs::DirBuilder::new()
        .recursive(true)
        .mode(FOLDER_MODE)
        .create(path)
        .await
}

/// Makes a file, empty; one that is there is emptied.
///
/// # Errors
///
/// The file system's.
pub fn create(path: &Path) -> io::Result<File> {
    OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(FILE_MODE)
        .open(path)
}

/// As [`create`], for who may not wait for the disk.
///
/// # Errors
///
/// The file system's.
pub async fn create_async(path: &Path) -> io::Result<tokio::fs::File> {
    tokio::fs::OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(FILE_MODE)
        .open(path)
        .await
}

/// Makes a file if there is none; leaves one that is there as it is.
///
/// # Errors
///
/// The file system's.
pub fn touch(path: &Path) -> io::Result<()> {
    OpenOptions::new()
        .append(true)
        .create(true)
        .mode(FILE_MODE)
        .open(path)?;
    Ok(())
}

/// Whether other accounts of this machine may read or write a file; not, if it cannot be looked at.
#[must_use]
pub fn is_open_to_others(path: &Path) -> bool {
    std::fs::metadata(path).is_ok_and(|found| found.permissions().mode() & OTHERS != 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_made_is_nobody_elses() {
        let folder = tempfile::TempDir::new().expect("a folder");
        let inner = folder.path().join("data/mail");
        make_folder(&inner).expect("made");
        let (made, touched) = (inner.join("a.eml"), inner.join("b.db"));
        create(&made).expect("made");
        touch(&touched).expect("made");
        for path in [&inner, &folder.path().join("data"), &made, &touched] {
            assert!(!is_open_to_others(path), "{}", path.display());
        }
        let readable = std::fs::Permissions::from_mode(0o640);
        std::fs::set_permissions(&touched, readable).expect("set");
        touch(&touched).expect("there");
        assert!(is_open_to_others(&touched));
    }
}
