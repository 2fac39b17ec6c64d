//! Files on their way in: hashed while they stream, bounded, and gone when they are not wanted.
//!
//! A spooled file has no name: the system frees it with its last descriptor, so not even a killed
//! process leaves one behind. Under `/proc` it can be opened again.

use std::fs::File;
use std::io::Write as _;
use std::os::fd::AsRawFd as _;
use std::path::PathBuf;

use bytes::Bytes;
use chancery_types::Digest;
use chancery_types::name::check_line;
use sha2::Digest as _;

use crate::app::{AppError, FieldProblem, name_problem};

/// The longest name of a file, in graphemes.
pub const NAME_GRAPHEMES_MAX: usize = 200;

/// A file that is arriving. Dropped, it is gone.
#[derive(Debug)]
pub struct Spool {
    field: String,
    name: String,
    file: File,
    hasher: sha2::Sha256,
    size_bytes: u64,
    bytes_max: u64,
}

/// A file that has arrived. Dropped, it is gone.
#[derive(Debug)]
pub struct Upload {
    /// The field it came in.
    pub field: String,
    /// Its name, checked.
    pub name: String,
    /// Its digest.
    pub digest: Digest,
    /// Its size.
    pub size_bytes: u64,
    file: File,
}

impl Spool {
    /// For a file called `name`, in the form's field `field`, of at most `bytes_max` bytes.
    ///
    /// # Errors
    ///
    /// [`AppError::Invalid`] for a name with a line break, a control or an invisible character;
    /// [`AppError::Unavailable`] if there is no room to write.
    pub fn new(field: &str, name: &str, bytes_max: u64) -> Result<Self, AppError> {
        // Some browsers send the whole path.
        let name = name.rsplit(['/', '\\']).next().unwrap_or(name);
        let name = check_line(name, NAME_GRAPHEMES_MAX).map_err(|why| name_problem(field, why))?;
        let file = tempfile::tempfile().map_err(no_room)?;
        Ok(Self {
            field: field.to_owned(),
            name,
            file,
            hasher: sha2::Sha256::new(),
            size_bytes: 0,
            bytes_max,
        })
    }

    /// Takes the next bytes.
    ///
    /// # Errors
    ///
    /// [`AppError::TooLarge`] as soon as the limit is passed: nothing more is written.
    pub fn write(&mut self, chunk: &Bytes) -> Result<(), AppError> {
        let length = u64::try_from(chunk.len()).unwrap_or(u64::MAX);
        let size = self.size_bytes.saturating_add(length);
        if size > self.bytes_max {
            return Err(AppError::TooLarge {
                max_bytes: self.bytes_max,
            });
        }
        self.hasher.update(chunk);
        self.file.write_all(chunk).map_err(no_room)?;
        self.size_bytes = size;
        Ok(())
    }

    /// The whole file.
    ///
    /// # Errors
    ///
    /// [`AppError::Invalid`] `file-empty`; [`AppError::Unavailable`].
    pub fn finish(mut self) -> Result<Upload, AppError> {
        if self.size_bytes == 0 {
            return Err(AppError::Invalid {
                fields: vec![FieldProblem::new(self.field, "file-empty").with("name", self.name)],
            });
        }
        self.file.flush().map_err(no_room)?;
        Ok(Upload {
            field: self.field,
            name: self.name,
            file: self.file,
            digest: Digest::from_bytes(self.hasher.finalize().into()),
            size_bytes: self.size_bytes,
        })
    }
}

impl Upload {
    /// Where its bytes can be read, as long as this value lives.
    #[must_use]
    pub fn path(&self) -> PathBuf {
        PathBuf::from(format!("/proc/self/fd/{}", self.file.as_raw_fd()))
    }

    /// The file's bytes, read in a thread that may wait for the disk.
    ///
    /// # Errors
    ///
    /// [`AppError::Unavailable`].
    pub async fn bytes(&self) -> Result<Bytes, AppError> {
        Ok(tokio::fs::read(self.path()).await.map_err(no_room)?.into())
    }

    /// The first bytes, enough to tell what kind of file it is.
    ///
    /// # Errors
    ///
    /// [`AppError::Unavailable`].
    pub async fn head(&self) -> Result<Vec<u8>, AppError> {
        use tokio::io::AsyncReadExt as _;
        let file = tokio::fs::File::open(self.path()).await.map_err(no_room)?;
        let mut head = Vec::new();
        file.take(HEAD_BYTES)
            .read_to_end(&mut head)
            .await
            .map_err(no_room)?;
        Ok(head)
    }

    /// A file made by ourselves (a repaired copy) in place of this one.
    ///
    /// # Errors
    ///
    /// [`AppError::TooLarge`], [`AppError::Unavailable`].
    pub fn replaced_by(&self, bytes: Bytes, bytes_max: u64) -> Result<Self, AppError> {
        let mut spool = Spool::new(&self.field, &self.name, bytes_max)?;
        spool.write(&bytes)?;
        spool.finish()
    }
}

/// Bytes that wait on the disk, without a name: what a stranger sends must not lie in memory until
/// its turn comes.
#[derive(Debug)]
pub struct Scratch {
    file: File,
    size_bytes: u64,
}

impl Scratch {
    /// Empty.
    ///
    /// # Errors
    ///
    /// [`AppError::Unavailable`] if there is no room to write.
    pub fn new() -> Result<Self, AppError> {
        let file = tempfile::tempfile().map_err(no_room)?;
        Ok(Self {
            file,
            size_bytes: 0,
        })
    }

    /// Takes the next bytes.
    ///
    /// # Errors
    ///
    /// [`AppError::Unavailable`].
    pub fn write(&mut self, chunk: &Bytes) -> Result<(), AppError> {
        self.file.write_all(chunk).map_err(no_room)?;
        let length = u64::try_from(chunk.len()).unwrap_or(u64::MAX);
        self.size_bytes = self.size_bytes.saturating_add(length);
        Ok(())
    }

    /// How many there are.
    #[must_use]
    pub const fn size_bytes(&self) -> u64 {
        self.size_bytes
    }

    /// All of them, read in a thread that may wait for the disk.
    ///
    /// # Errors
    ///
    /// [`AppError::Unavailable`].
    pub async fn bytes(&self) -> Result<Bytes, AppError> {
        let path = format!("/proc/self/fd/{}", self.file.as_raw_fd());
        Ok(tokio::fs::read(path).await.map_err(no_room)?.into())
    }
}

/// How much of a file is looked at to tell its kind.
const HEAD_BYTES: u64 = 8 * 1024;

fn no_room(error: std::io::Error) -> AppError {
    AppError::Unavailable {
        what: "disk",
        source: error.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_past_its_limit_is_refused_and_never_had_a_name() {
        let mut spool = Spool::new("main", "a.pdf", 10).expect("a spool");
        spool.write(&Bytes::from_static(b"12345")).expect("written");
        assert!(matches!(
            spool.write(&Bytes::from_static(b"678901")),
            Err(AppError::TooLarge { max_bytes: 10 })
        ));
        let place = format!("/proc/self/fd/{}", spool.file.as_raw_fd());
        let place = std::fs::read_link(place).expect("an open file");
        assert!(!place.exists(), "{}", place.display());
    }

    #[test]
    fn names_are_checked_and_paths_are_cut() {
        let name = |text: &str| Spool::new("main", text, 10).map(|spool| spool.name);
        assert_eq!(name("C:\\Договоры\\17.pdf").expect("a name"), "17.pdf");
        for bad in ["a\u{202e}fdp.exe", "a\r\nb.pdf", ""] {
            assert!(
                matches!(name(bad), Err(AppError::Invalid { .. })),
                "{bad:?}"
            );
        }
    }

    #[test]
    fn the_digest_is_of_all_that_was_written() {
        let mut spool = Spool::new("main", "a.pdf", 10).expect("a spool");
        spool.write(&Bytes::from_static(b"ab")).expect("written");
        spool.write(&Bytes::from_static(b"c")).expect("written");
        let upload = spool.finish().expect("a file");
        assert_eq!(upload.digest, Digest::of(b"abc"));
        assert_eq!(upload.size_bytes, 3);
        let empty = Spool::new("main", "a.pdf", 10).expect("a spool").finish();
        assert!(matches!(empty, Err(AppError::Invalid { .. })));
    }
}
