//! Keys in files: one file a key, PKCS#8 enciphered with a passphrase (PEM, `ENCRYPTED PRIVATE
//! KEY`), in a folder that nobody else may read. Whoever has the database and the master key has no
//! key; whoever has the folder has none without the passphrase.
//!
//! A file is opened when its key first signs, which costs a good part of a second, and its key then
//! stays in the memory of this process, wiped when it is dropped. At every use the file is read
//! again: one that is gone, that others may read, or that is another is noticed at once.
//!
//! Everything here blocks. Async callers go through `app::authority`, which gives it a thread.

mod disk;
mod sealed;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use chancery_signature::{KeyError, KeyHolder, SigningKey};
use chancery_types::Digest;

use crate::config::{Keys, Secret};
use sealed::Unsealable;

/// Random bytes that keeping a key takes.
pub const RANDOM_BYTES: usize = sealed::RANDOM_BYTES;
/// The shortest passphrase, in characters.
const PASSPHRASE_CHARACTERS_MIN: usize = 12;
/// How the name of a file ends.
const ENDING: &str = ".pem";
/// How many files a look at the folder opens.
const LOOKED_AT_MAX: usize = 100;

/// Why a file of a key does not do what it was asked for. No message holds the passphrase.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyFileError {
    /// No passphrase, or too short a one.
    #[error(
        "keys.file_passphrase: key files need a passphrase of at least {PASSPHRASE_CHARACTERS_MIN} \
         characters: give it by CHANCERY__KEYS__FILE_PASSPHRASE or in the file named by \
         keys.file_passphrase_file"
    )]
    NoPassphrase,
    /// The folder is not there.
    #[error(
        "keys.file_directory: {path} is no folder; put it back from a copy, or correct the path"
    )]
    NoFolder {
        /// Which.
        path: PathBuf,
    },
    /// The file is not there.
    #[error("{path}: the key file is not there; put it back from a copy")]
    Absent {
        /// Which.
        path: PathBuf,
    },
    /// Other accounts may read or change it.
    #[error(
        "{path}: other accounts may read or change it: run `chmod {cure} {path}`; if somebody \
         could have, replace the keys by `chancery authority rotate --root`"
    )]
    Open {
        /// The file or folder.
        path: PathBuf,
        /// The rights that it should have.
        cure: &'static str,
    },
    /// A link, a folder, a pipe, or larger than any key.
    #[error("{path}: not a plain file of a key (no link, at most 64 KB); put it back from a copy")]
    NoPlainFile {
        /// Which.
        path: PathBuf,
    },
    /// Not the text of an enciphered key.
    #[error(
        "{path}: the key file is damaged: not an ENCRYPTED PRIVATE KEY; put it back from a copy"
    )]
    Damaged {
        /// Which.
        path: PathBuf,
    },
    /// Enciphered in another way.
    #[error(
        "{path}: the key file is enciphered in another way than PBKDF2 with HMAC-SHA-256, {least} \
         to {most} rounds, and AES-256-CBC (`openssl pkcs8 -topk8 -v2 aes-256-cbc -iter {least}`)",
        least = sealed::ROUNDS,
        most = sealed::ROUNDS_MAX
    )]
    Otherwise {
        /// Which.
        path: PathBuf,
    },
    /// The passphrase does not open it.
    #[error(
        "{path}: the key file does not open: keys.file_passphrase is not its passphrase, or the \
         file is damaged"
    )]
    Closed {
        /// Which.
        path: PathBuf,
    },
    /// It holds another key than the certificate is of.
    #[error(
        "{path}: the file holds another key than its certificate is of; put it back from a copy"
    )]
    OtherKey {
        /// Which.
        path: PathBuf,
    },
    /// What the system says.
    #[error("{path}: {why}; check the path and its rights")]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// Its words.
        why: String,
    },
    /// The key is not one that can be written to a file.
    #[error("the new key cannot be written to a file")]
    Unwritable,
}

impl KeyFileError {
    fn io(path: &Path, error: &std::io::Error) -> Self {
        Self::Io {
            path: path.to_owned(),
            why: error.to_string(),
        }
    }
}

/// The folder of key files. Cheap to clone.
#[derive(Clone)]
pub struct KeyFolder {
    inner: Arc<Inner>,
}

struct Inner {
    folder: PathBuf,
    passphrase: Secret,
    /// What each file came to, by its name. Whoever opens one holds up the others: it takes a
    /// whole core.
    opened: Mutex<BTreeMap<String, Opened>>,
    /// Held while a probe looks at files.
    probed: Mutex<()>,
}

/// What the bytes of a file came to: the same bytes come to the same.
struct Opened {
    digest: Digest,
    key: Result<Arc<SigningKey>, KeyFileError>,
}

impl std::fmt::Debug for KeyFolder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "KeyFolder({})", self.inner.folder.display())
    }
}

impl KeyFolder {
    /// The folder of the settings; `None` if they name none. Nothing is opened yet.
    #[must_use]
    pub fn of(settings: &Keys) -> Option<Self> {
        let is_named = !settings.file_directory.as_os_str().is_empty();
        is_named.then(|| Self {
            inner: Arc::new(Inner {
                folder: settings.file_directory.clone(),
                passphrase: settings.file_passphrase.clone(),
                opened: Mutex::default(),
                probed: Mutex::default(),
            }),
        })
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.inner.folder
    }

    /// Whether the settings can be: there is a passphrase, and the folder, if it is there, is
    /// nobody else's. Nothing is made or opened.
    ///
    /// # Errors
    ///
    /// A [`KeyFileError`].
    pub fn check_settings(&self) -> Result<(), KeyFileError> {
        self.passphrase()?;
        match disk::check_folder(&self.inner.folder) {
            Err(KeyFileError::NoFolder { path }) if !path.exists() => Ok(()),
            checked => checked,
        }
    }

    /// Whether keys can be kept in it: there is a passphrase, and the folder, which is made if it
    /// is not there, is nobody else's.
    ///
    /// # Errors
    ///
    /// A [`KeyFileError`].
    pub fn check(&self) -> Result<(), KeyFileError> {
        self.passphrase()?;
        disk::make_folder(&self.inner.folder)
    }

    /// Opens the files that are in it, a hundred at most; answers how many those were. Nothing is
    /// made, and a folder that is not there has none.
    ///
    /// # Errors
    ///
    /// The first [`KeyFileError`].
    pub fn check_files(&self) -> Result<usize, KeyFileError> {
        self.check_settings()?;
        let folder = &self.inner.folder;
        if !folder.exists() {
            return Ok(0);
        }
        let entries =
            std::fs::read_dir(folder).map_err(|error| KeyFileError::io(folder, &error))?;
        let names = entries.flatten().map(|entry| entry.file_name());
        let names = names.filter_map(|name| name.into_string().ok());
        let mut names: Vec<String> = names.filter(|name| is_name(name)).collect();
        names.sort();
        names.truncate(LOOKED_AT_MAX);
        for name in &names {
            self.open(name)?;
        }
        Ok(names.len())
    }

    /// Writes a key to a new file, durably. `random` comes from the operating system and is used
    /// once. What is answered signs with the key and does not give it away.
    ///
    /// # Errors
    ///
    /// A [`KeyFileError`]; no file is left behind then.
    pub fn keep(
        &self,
        name: &str,
        key: SigningKey,
        random: &[u8; RANDOM_BYTES],
    ) -> Result<SigningKey, KeyFileError> {
        self.check()?;
        let text = sealed::seal(&key, self.passphrase()?, random);
        let text = text.ok_or(KeyFileError::Unwritable)?;
        let held = self.key(name, key.spki_der())?;
        disk::write(&self.inner.folder, name, &text)?;
        let opened = Opened {
            digest: Digest::of(text.as_bytes()),
            key: Ok(Arc::new(key)),
        };
        self.lock().insert(name.to_owned(), opened);
        Ok(held)
    }

    /// The key in the file of this name with this public key (`SubjectPublicKeyInfo`, DER). The
    /// file is read when it signs.
    ///
    /// # Errors
    ///
    /// [`KeyFileError::Unwritable`] if it is not a key that signs here.
    pub fn key(&self, name: &str, spki_der: Vec<u8>) -> Result<SigningKey, KeyFileError> {
        let held = HeldKey {
            folder: self.clone(),
            name: name.to_owned(),
            spki_der,
        };
        SigningKey::held(Arc::new(held)).map_err(|_| KeyFileError::Unwritable)
    }

    /// Opens the file of this name, if that has not happened yet, and compares its key with a
    /// public one (`SubjectPublicKeyInfo`, DER).
    ///
    /// # Errors
    ///
    /// A [`KeyFileError`].
    pub fn check_key(&self, name: &str, spki_der: &[u8]) -> Result<(), KeyFileError> {
        self.open_as(name, spki_der).map(|_| ())
    }

    /// As [`KeyFolder::check_key`] of several, one asker at a time: a disk that hangs is not asked
    /// twice.
    ///
    /// # Errors
    ///
    /// The reason in words, for an operator.
    pub fn probe(&self, keys: &[(String, Vec<u8>)]) -> Result<(), String> {
        let _probed = self
            .inner
            .probed
            .try_lock()
            .map_err(|_| format!("{} does not answer", self.inner.folder.display()))?;
        for (name, spki_der) in keys {
            self.check_key(name, spki_der)
                .map_err(|error| error.to_string())?;
        }
        Ok(())
    }

    /// Destroys the file of this name, and what this process keeps of its key; it may be gone
    /// already.
    ///
    /// # Errors
    ///
    /// A [`KeyFileError`].
    pub fn destroy(&self, name: &str) -> Result<(), KeyFileError> {
        self.lock().remove(name);
        disk::remove(&self.inner.folder, name)
    }

    fn open_as(&self, name: &str, spki_der: &[u8]) -> Result<Arc<SigningKey>, KeyFileError> {
        let key = self.open(name)?;
        match key.spki_der() == spki_der {
            true => Ok(key),
            false => Err(KeyFileError::OtherKey {
                path: self.inner.folder.join(name),
            }),
        }
    }

    /// The key of a file. It is deciphered when its bytes are not those of before; what did not
    /// open then is not tried again.
    fn open(&self, name: &str) -> Result<Arc<SigningKey>, KeyFileError> {
        let passphrase = self.passphrase()?;
        let folder = &self.inner.folder;
        let path = folder.join(name);
        disk::check_folder(folder)?;
        if !is_name(name) {
            return Err(KeyFileError::Absent { path });
        }
        let bytes = disk::read(&path)?;
        let digest = Digest::of(&bytes);
        let mut opened = self.lock();
        if let Some(before) = opened.get(name).filter(|before| before.digest == digest) {
            return before.key.clone();
        }
        // Keys that another process has replaced are not kept in the memory of this one.
        opened.retain(|name, _| folder.join(name).exists());
        let key = sealed::unseal(&bytes, passphrase).map(Arc::new);
        let key = key.map_err(|why| match why {
            Unsealable::Damaged => KeyFileError::Damaged { path },
            Unsealable::Otherwise => KeyFileError::Otherwise { path },
            Unsealable::Closed => KeyFileError::Closed { path },
            Unsealable::NotP256 => KeyFileError::OtherKey { path },
        });
        let now = Opened {
            digest,
            key: key.clone(),
        };
        opened.insert(name.to_owned(), now);
        key
    }

    fn passphrase(&self) -> Result<&str, KeyFileError> {
        let text = self.inner.passphrase.reveal();
        let is_long = text.chars().count() >= PASSPHRASE_CHARACTERS_MIN;
        is_long.then_some(text).ok_or(KeyFileError::NoPassphrase)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, BTreeMap<String, Opened>> {
        let opened = self.inner.opened.lock();
        opened.unwrap_or_else(PoisonError::into_inner)
    }
}

/// The name of the file of a key: what it is for, and the identifier of its row.
#[must_use]
pub fn file_name(purpose: &str, id: &str) -> String {
    format!("{purpose}-{id}{ENDING}")
}

/// Whether it may be the name of a key's file: nothing that leads out of the folder.
fn is_name(name: &str) -> bool {
    let stem = name.strip_suffix(ENDING).unwrap_or("");
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    !stem.is_empty() && stem.bytes().all(is_plain)
}

/// A private key in a file.
#[derive(Debug)]
struct HeldKey {
    folder: KeyFolder,
    name: String,
    spki_der: Vec<u8>,
}

impl KeyHolder for HeldKey {
    fn spki_der(&self) -> Vec<u8> {
        self.spki_der.clone()
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, KeyError> {
        let opened = self.folder.open_as(&self.name, &self.spki_der);
        let key = opened.map_err(|error| {
            tracing::error!(%error, "a key file does not open, so nothing is signed with it");
            match error {
                KeyFileError::OtherKey { .. } => KeyError::StoreWrong,
                _ => KeyError::StoreSilent,
            }
        })?;
        key.sign(message)
    }
}
