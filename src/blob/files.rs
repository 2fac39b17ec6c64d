//! Files of the embedded store: how a key becomes a path, and how bytes become an object at once.
//!
//! ```text
//! ROOT/.spool/…                     what is being written; cleaned at start
//! ROOT/<bucket>/<2 hex>/<name>.blob the bytes of an object, nothing else
//! ROOT/<bucket>/<2 hex>/<name>.meta its type and digest; an object without it is still an object
//! ```
//!
//! `<name>` is the key with every byte outside `a-z 0-9 - _` written as `%XX`, so that no key
//! leaves its bucket, no key is a folder of another, and a file system that ignores case keeps
//! them apart.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use chancery_types::Digest;
use serde::{Deserialize, Serialize};
use tokio::fs;
use tokio::io::AsyncWriteExt as _;

use crate::private;

/// The longest encoded name: file systems take 255 bytes.
const NAME_BYTES_MAX: usize = 240;
const SPOOL: &str = ".spool";

/// The folder of the embedded store.
#[derive(Debug)]
pub struct Files {
    root: PathBuf,
    /// Held as long as this process lives: tells others not to clean the spool.
    _lock: File,
}

/// What is kept beside an object's bytes.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Meta {
    /// The media type it was put with.
    pub media_type: Option<String>,
    /// The entity tag: the first 32 digits of the digest.
    pub tag: Option<String>,
}

/// How an object comes to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Publish {
    /// Only if there is none: link(2) decides between racers.
    New,
    /// In any case.
    Replace,
}

/// Why an object did not come to be.
#[derive(Debug, thiserror::Error)]
pub enum PublishError {
    /// There is one.
    #[error("an object with this key exists")]
    Exists,
    /// The file system failed.
    #[error("the file system failed")]
    Io(#[from] io::Error),
}

/// The paths of one object.
#[derive(Clone, Debug)]
pub struct Place {
    folder: PathBuf,
    blob: PathBuf,
    meta: PathBuf,
}

impl Files {
    /// Opens the store in `root`; removes what an earlier process left half-written, unless another
    /// process still works here.
    ///
    /// # Errors
    ///
    /// The file system's.
    pub fn open(root: PathBuf) -> io::Result<Self> {
        let spool = root.join(SPOOL);
        private::make_folder(&spool)?;
        let lock = private::create(&root.join(".lock"))?;
        if lock.try_lock().is_ok() {
            for entry in std::fs::read_dir(&spool)? {
                let path = entry?.path();
                if path.is_dir() {
                    std::fs::remove_dir_all(path)?;
                } else {
                    std::fs::remove_file(path)?;
                }
            }
            lock.unlock()?;
        }
        lock.lock_shared()?;
        Ok(Self { root, _lock: lock })
    }

    /// Where things of `name` are spooled.
    #[must_use]
    pub fn spool(&self, name: &str) -> PathBuf {
        self.root.join(SPOOL).join(name)
    }

    /// The folder of a bucket. Bucket names come checked by the protocol (no slash, no dot first).
    #[must_use]
    pub fn bucket(&self, bucket: &str) -> PathBuf {
        self.root.join(encode(bucket))
    }

    /// Where the object `key` is, or nothing if the key is too long.
    #[must_use]
    pub fn place(&self, bucket: &str, key: &str) -> Option<Place> {
        let name = encode(key);
        if name.len() > NAME_BYTES_MAX {
            return None;
        }
        let shard: String = Digest::of(key.as_bytes()).hex().chars().take(2).collect();
        let folder = self.bucket(bucket).join(shard);
        Some(Place {
            blob: folder.join(format!("{name}.blob")),
            meta: folder.join(format!("{name}.meta")),
            folder,
        })
    }

    /// The keys of a bucket that begin with `prefix` and come after `after`, in order, at most
    /// `count_max`, each with its size and time of writing.
    ///
    /// # Errors
    ///
    /// The file system's.
    pub fn list(
        &self,
        bucket: &str,
        prefix: &str,
        after: &str,
        count_max: usize,
    ) -> io::Result<Vec<(String, std::fs::Metadata)>> {
        let mut found = std::collections::BTreeMap::new();
        for shard in std::fs::read_dir(self.bucket(bucket))? {
            for entry in std::fs::read_dir(shard?.path())? {
                let entry = entry?;
                let name = entry.file_name();
                let Some(key) = name.to_str().and_then(|n| n.strip_suffix(".blob")) else {
                    continue;
                };
                let key = decode(key);
                if key.starts_with(prefix) && key.as_str() > after {
                    found.insert(key, entry.metadata()?);
                }
                if found.len() > count_max {
                    found.pop_last();
                }
            }
        }
        Ok(found.into_iter().collect())
    }
}

impl Place {
    /// The file with the bytes.
    #[must_use]
    pub fn blob(&self) -> &Path {
        &self.blob
    }

    /// What is kept beside the bytes; nothing if it was lost in a crash.
    pub async fn meta(&self) -> Meta {
        match fs::read(&self.meta).await {
            Ok(bytes) => serde_json::from_slice(&bytes).unwrap_or_default(),
            Err(_) => Meta::default(),
        }
    }

    /// Makes the finished file `spooled` the object, at once and durably.
    ///
    /// # Errors
    ///
    /// [`PublishError::Exists`] for [`Publish::New`] when there is one; the file system's.
    pub async fn publish(
        &self,
        spooled: &Path,
        meta: &Meta,
        how: Publish,
    ) -> Result<(), PublishError> {
        make_folder_durably(&self.folder).await?;
        let meta_spooled = spooled.with_extension("meta");
        let mut written = private::create_async(&meta_spooled).await?;
        let bytes = serde_json::to_vec(meta).unwrap_or_default();
        written.write_all(&bytes).await?;
        written.sync_all().await?;
        match how {
            Publish::New => {
                if let Err(error) = fs::hard_link(spooled, &self.blob).await {
                    fs::remove_file(&meta_spooled).await?;
                    if error.kind() != io::ErrorKind::AlreadyExists {
                        return Err(PublishError::Io(error));
                    }
                    // Whoever was first may not have synced yet, and this answer is taken for
                    // "it is kept": the file's name must survive a power cut before it is given.
                    sync(&self.folder).await?;
                    if let Some(above) = self.folder.parent() {
                        sync(above).await?;
                    }
                    return Err(PublishError::Exists);
                }
                fs::remove_file(spooled).await?;
            }
            Publish::Replace => {
                remove_if_there(&self.meta).await?;
                fs::rename(spooled, &self.blob).await?;
            }
        }
        fs::rename(&meta_spooled, &self.meta).await?;
        sync(&self.folder).await?;
        Ok(())
    }

    /// Removes the object, if there is one.
    ///
    /// # Errors
    ///
    /// The file system's.
    pub async fn remove(&self) -> io::Result<()> {
        remove_if_there(&self.blob).await?;
        remove_if_there(&self.meta).await?;
        if fs::try_exists(&self.folder).await? {
            sync(&self.folder).await?;
        }
        Ok(())
    }
}

/// Makes what was written to `path` (a file or a folder) survive a power cut.
///
/// # Errors
///
/// The file system's.
pub async fn sync(path: &Path) -> io::Result<()> {
    fs::File::open(path).await?.sync_all().await
}

/// Makes `folder` and remembers it in the folder above.
///
/// # Errors
///
/// The file system's.
pub async fn make_folder_durably(folder: &Path) -> io::Result<()> {
    if fs::try_exists(folder).await? {
        return Ok(());
    }
    private::make_folder_async(folder).await?;
    match folder.parent() {
        Some(above) => sync(above).await,
        None => Ok(()),
    }
}

async fn remove_if_there(path: &Path) -> io::Result<()> {
    match fs::remove_file(path).await {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

fn encode(key: &str) -> String {
    use std::fmt::Write as _;
    let mut name = String::with_capacity(key.len());
    for byte in key.bytes() {
        if byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'_') {
            name.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(name, "%{byte:02X}");
        }
    }
    name
}

fn decode(name: &str) -> String {
    let mut bytes = Vec::with_capacity(name.len());
    let mut rest = name.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        let mut byte = [*first];
        rest = tail;
        if *first == b'%'
            && let Some((digits, after)) = tail.split_at_checked(2)
            && hex::decode_to_slice(digits, &mut byte).is_ok()
        {
            rest = after;
        }
        bytes.extend(byte);
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_becomes_a_name_without_slashes_and_back() {
        for key in ["a/b", "../../etc/passwd", "Договор", "A", "a%2Fb", ".", ""] {
            let name = encode(key);
            assert!(!name.contains(['/', '.']), "{name}");
            assert_eq!(decode(&name), key);
        }
    }

    #[test]
    fn the_spool_is_cleaned_at_start_but_not_under_a_living_process() {
        let folder = tempfile::tempdir().expect("a folder");
        let first = Files::open(folder.path().to_owned()).expect("opened");
        std::fs::write(first.spool("half"), b"x").expect("written");
        let second = Files::open(folder.path().to_owned()).expect("opened beside");
        assert!(second.spool("half").exists(), "the first still works there");
        drop((first, second));
        let third = Files::open(folder.path().to_owned()).expect("opened again");
        assert!(!third.spool("half").exists());
    }
}
