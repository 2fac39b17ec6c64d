//! Files of keys on the disk: written so that they survive a power cut, read only if nobody else
//! may read them.

use std::fs::{File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _, PermissionsExt as _, fchown};
use std::path::Path;

use nix::libc::{O_NOFOLLOW, O_NONBLOCK};

use super::KeyFileError;
use crate::private;

/// The largest file that is read, bytes: one of a P-256 key has some 400.
pub(super) const FILE_BYTES_MAX: u64 = 64 * 1024;
/// What the group and the others may do.
const OTHERS: u32 = 0o077;

/// Makes the folder if it is not there, and remembers it in the folder above.
pub(super) fn make_folder(folder: &Path) -> Result<(), KeyFileError> {
    let failed = |error| KeyFileError::io(folder, &error);
    if !folder.exists() {
        private::make_folder(folder).map_err(failed)?;
        let above = folder
            .parent()
            .filter(|above| !above.as_os_str().is_empty());
        sync(above.unwrap_or(Path::new("."))).map_err(failed)?;
    }
    check_folder(folder)
}

/// Whether the folder is there and nobody else's.
pub(super) fn check_folder(folder: &Path) -> Result<(), KeyFileError> {
    let found = std::fs::metadata(folder).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => KeyFileError::NoFolder {
            path: folder.to_owned(),
        },
        _ => KeyFileError::io(folder, &error),
    })?;
    if !found.is_dir() {
        return Err(KeyFileError::NoFolder {
            path: folder.to_owned(),
        });
    }
    match found.permissions().mode() & OTHERS {
        0 => Ok(()),
        _ => Err(KeyFileError::Open {
            path: folder.to_owned(),
            cure: "700",
        }),
    }
}

/// Writes a new file, at once and durably. A file that root makes belongs to whom the folder
/// belongs to: a command that an administrator runs, and the server that reads it.
pub(super) fn write(folder: &Path, name: &str, text: &str) -> Result<(), KeyFileError> {
    let path = folder.join(name);
    let unfinished = folder.join(format!(".{name}.new"));
    let written = write_as(folder, &unfinished, &path, text);
    written.map_err(|error| {
        // What is left of it is of no use to anybody.
        let _ = std::fs::remove_file(&unfinished);
        KeyFileError::io(&path, &error)
    })
}

fn write_as(folder: &Path, unfinished: &Path, path: &Path, text: &str) -> io::Result<()> {
    let mut file = private::create(unfinished)?;
    let (own, above) = (file.metadata()?, std::fs::metadata(folder)?);
    if own.uid() != above.uid() {
        fchown(&file, Some(above.uid()), Some(above.gid()))?;
    }
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    std::fs::rename(unfinished, path)?;
    sync(folder)
}

/// What is in a file that nobody else may read or write.
pub(super) fn read(path: &Path) -> Result<Vec<u8>, KeyFileError> {
    // Nothing is followed elsewhere, and a pipe in place of the file does not hold us up.
    let opened = OpenOptions::new()
        .read(true)
        .custom_flags(O_NOFOLLOW | O_NONBLOCK)
        .open(path);
    let is_link = || std::fs::symlink_metadata(path).is_ok_and(|found| found.is_symlink());
    let file = opened.map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => KeyFileError::Absent {
            path: path.to_owned(),
        },
        _ if is_link() => KeyFileError::NoPlainFile {
            path: path.to_owned(),
        },
        _ => KeyFileError::io(path, &error),
    })?;
    let failed = |error| KeyFileError::io(path, &error);
    let found = file.metadata().map_err(failed)?;
    if !found.is_file() || found.len() > FILE_BYTES_MAX {
        return Err(KeyFileError::NoPlainFile {
            path: path.to_owned(),
        });
    }
    if found.permissions().mode() & OTHERS != 0 {
        return Err(KeyFileError::Open {
            path: path.to_owned(),
            cure: "600",
        });
    }
    let mut bytes = Vec::new();
    // It may grow while it is read.
    let read = file.take(FILE_BYTES_MAX).read_to_end(&mut bytes);
    read.map_err(failed)?;
    Ok(bytes)
}

/// Removes a file durably; it may be gone already.
pub(super) fn remove(folder: &Path, name: &str) -> Result<(), KeyFileError> {
    let path = folder.join(name);
    let removed = match std::fs::remove_file(&path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
        Ok(()) => sync(folder),
    };
    removed.map_err(|error| KeyFileError::io(&path, &error))
}

fn sync(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}
