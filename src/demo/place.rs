//! Where a demo lives: its folder, its configuration, what it remembers between starts.

use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use chancery_types::id::OrganisationId;
use rust_embed::RustEmbed;
use serde::{Deserialize, Serialize};

use crate::config::{self, Config};
use crate::entropy;

/// The chains and kinds this program was built with.
#[derive(RustEmbed)]
#[folder = "workflows"]
struct Workflows;

const NOTES: &str = "demo.json";
const MASTER_KEY: &str = "master.key";
/// What lies in the folder because of the company: the database with its two companions, files,
/// mail.
const MADE_BY_SEEDING: [&str; 5] = [
    "chancery.db",
    "chancery.db-wal",
    "chancery.db-shm",
    "blobs",
    "mail",
];

/// A demo's folder: temporary, or one that is kept.
#[derive(Debug)]
pub struct Place {
    path: PathBuf,
    /// Removes the folder when it goes out of scope.
    _temporary: Option<tempfile::TempDir>,
}

/// What a demo remembers about itself.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Notes {
    /// The demo company.
    pub organisation: OrganisationId,
}

impl Place {
    /// `kept`, made if it is not there; else a temporary folder.
    ///
    /// # Errors
    ///
    /// The file system's; a folder that holds something other than a demo.
    pub fn open(kept: Option<&Path>) -> anyhow::Result<Self> {
        let Some(path) = kept else {
            let folder = tempfile::Builder::new().prefix("chancery-demo-").tempdir();
            let folder = folder.context("no temporary folder can be made")?;
            return Ok(Self {
                path: folder.path().to_owned(),
                _temporary: Some(folder),
            });
        };
        let shown = path.display();
        std::fs::create_dir_all(path).with_context(|| format!("{shown}: cannot be made"))?;
        let path = path.canonicalize().with_context(|| shown.to_string())?;
        let is_empty = std::fs::read_dir(&path)
            .with_context(|| shown.to_string())?
            .count()
            == 0;
        if !is_empty && !path.join(MASTER_KEY).is_file() {
            bail!("{shown}: holds other files and no demo; name an empty or a new folder");
        }
        Ok(Self {
            path,
            _temporary: None,
        })
    }

    /// The configuration of a demo that listens on `address`, with the workflows of `own` over
    /// those of this program. Nothing is taken from the environment.
    ///
    /// # Errors
    ///
    /// If `own` cannot be read or the folder cannot be written.
    pub fn configure(&self, address: SocketAddr, own: Option<&Path>) -> anyhow::Result<Config> {
        self.write_master_key()?;
        self.write_workflows()?;
        if let Some(own) = own {
            self.take_workflows(own)?;
        }
        let path = |name: &str| self.path.join(name).display().to_string();
        let database = format!("sqlite://{}?mode=rwc", path("chancery.db"));
        let settings = [
            ("SERVER__LISTEN", address.to_string()),
            ("SERVER__PUBLIC_URL", format!("http://{address}")),
            ("SERVER__SHUTDOWN_SECONDS", "5".to_owned()),
            ("SERVER__THREADS_COUNT", "2".to_owned()),
            ("DATABASE__URL", database),
            ("BLOBS__DIRECTORY", path("blobs")),
            ("MAIL__DIRECTORY", path("mail")),
            ("MAIL__FROM_ADDRESS", "chancery@vector.example".to_owned()),
            ("SECRETS__MASTER_KEY_FILE", path(MASTER_KEY)),
            ("WORKFLOWS__DIRECTORY", path("workflows")),
            ("WORKFLOWS__PACKS", "[\"all\"]".to_owned()),
            ("LOG__FILTER", "warn".to_owned()),
            // One person plays everybody.
            ("RATE_LIMITS__LINK_PER_MINUTE", "1000".to_owned()),
            ("RATE_LIMITS__VERIFY_PER_MINUTE", "1000".to_owned()),
        ];
        let settings = settings.map(|(name, value)| (format!("CHANCERY__{name}"), value));
        config::load(None, settings).context("the demo's own settings")
    }

    fn write_master_key(&self) -> anyhow::Result<()> {
        let path = self.path.join(MASTER_KEY);
        if path.is_file() {
            return Ok(());
        }
        write_private(&path, hex::encode(entropy::bytes::<32>()).as_bytes())
            .with_context(|| path.display().to_string())
    }

    fn write_workflows(&self) -> anyhow::Result<()> {
        for name in Workflows::iter() {
            let path = self.path.join("workflows").join(name.as_ref());
            let content = Workflows::get(&name).with_context(|| name.to_string())?;
            let folder = path.parent().unwrap_or(&self.path);
            std::fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
            std::fs::write(&path, content.data).with_context(|| path.display().to_string())?;
        }
        Ok(())
    }

    /// Takes the YAML files of a folder that is laid out as `workflows/` is.
    fn take_workflows(&self, own: &Path) -> anyhow::Result<()> {
        let mut taken = 0_usize;
        for folder in ["", "chains", "kinds", "calendars", "packs"] {
            let from = own.join(folder);
            if !from.is_dir() {
                continue;
            }
            let to = self.path.join("workflows").join(folder);
            let entries = std::fs::read_dir(&from).with_context(|| from.display().to_string())?;
            for entry in entries {
                let path = entry.with_context(|| from.display().to_string())?.path();
                let is_yaml = path.extension().is_some_and(|ending| ending == "yaml");
                let Some(name) = path.file_name().filter(|_| is_yaml) else {
                    continue;
                };
                std::fs::copy(&path, to.join(name)).with_context(|| path.display().to_string())?;
                taken = taken.saturating_add(1);
            }
        }
        if taken == 0 {
            let shown = own.display();
            bail!(
                "--workflows {shown}: no .yaml file in it, nor in its chains, kinds, calendars or \
                 packs"
            );
        }
        Ok(())
    }

    /// Removes what a start left that was ended while it seeded: half a company cannot be gone on
    /// with, and a second one beside it would have the same logins. Says whether there was any.
    ///
    /// # Errors
    ///
    /// The file system's.
    pub fn begin_anew_if_unfinished(&self) -> anyhow::Result<bool> {
        if self.path.join(NOTES).is_file() {
            return Ok(false);
        }
        let mut was_begun = false;
        for name in MADE_BY_SEEDING {
            let path = self.path.join(name);
            let removed = match std::fs::symlink_metadata(&path) {
                Ok(found) if found.is_dir() => std::fs::remove_dir_all(&path),
                Ok(_) => std::fs::remove_file(&path),
                Err(_) => continue,
            };
            removed.with_context(|| path.display().to_string())?;
            was_begun = true;
        }
        Ok(was_begun)
    }

    /// Remembers that the folder is seeded.
    ///
    /// # Errors
    ///
    /// The file system's.
    pub fn write_notes(&self, notes: Notes) -> anyhow::Result<()> {
        let path = self.path.join(NOTES);
        let unfinished = self.path.join("demo.json.new");
        std::fs::write(&unfinished, serde_json::to_vec_pretty(&notes)?)
            .and_then(|()| std::fs::rename(&unfinished, &path))
            .with_context(|| path.display().to_string())
    }
}

impl Notes {
    /// The notes of the demo with this configuration; `None` before it was seeded.
    #[must_use]
    pub fn find(config: &Config) -> Option<Self> {
        let folder = config.mail.directory.parent()?;
        let bytes = std::fs::read(folder.join(NOTES)).ok()?;
        serde_json::from_slice(&bytes).ok()
    }
}

#[cfg(unix)]
fn write_private(path: &Path, content: &[u8]) -> std::io::Result<()> {
    use std::io::Write as _;
    use std::os::unix::fs::OpenOptionsExt as _;
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true).mode(0o600);
    options.open(path)?.write_all(content)
}

#[cfg(not(unix))]
fn write_private(path: &Path, content: &[u8]) -> std::io::Result<()> {
    std::fs::write(path, content)
}

/// Listens on `address`, which must be this machine's own: the demo lets anybody in as anybody.
///
/// # Errors
///
/// An address that is none, is not loopback, or is taken.
pub fn listen(address: &str) -> anyhow::Result<(TcpListener, SocketAddr)> {
    let wanted: SocketAddr = address
        .replace("localhost", "127.0.0.1")
        .parse()
        .with_context(|| format!("--listen {address}: not an address such as 127.0.0.1:8080"))?;
    if !wanted.ip().is_loopback() {
        bail!(
            "--listen {address}: the demo has logins without passwords and listens on loopback \
             only; use 127.0.0.1:{}",
            wanted.port()
        );
    }
    let listener = TcpListener::bind(wanted).with_context(|| {
        format!("--listen {address}: cannot listen there; try --listen 127.0.0.1:0")
    })?;
    let bound = listener.local_addr()?;
    Ok((listener, bound))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_loopback_is_listened_on_and_the_refusal_is_one_line() {
        for far in ["0.0.0.0:0", "192.0.2.1:8080", "[::]:8080"] {
            let refusal = format!("{:#}", listen(far).expect_err(far));
            assert!(
                refusal.contains("loopback only") && !refusal.contains('\n'),
                "{refusal}"
            );
        }
        assert!(listen("here").is_err());
        let (_listener, bound) = listen("127.0.0.1:0").expect("a free port");
        assert!(bound.ip().is_loopback() && bound.port() > 0);
    }

    #[test]
    fn a_folder_with_other_files_is_left_alone() {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("mine.txt"), "x").expect("written");
        assert!(Place::open(Some(folder.path())).is_err());
    }

    #[test]
    fn a_folder_whose_seeding_was_cut_short_begins_anew_and_a_seeded_one_stays() {
        let folder = tempfile::tempdir().expect("a folder");
        let place = Place::open(Some(folder.path())).expect("a place");
        let address = "127.0.0.1:1".parse().expect("an address");
        place.configure(address, None).expect("a configuration");
        assert!(!place.begin_anew_if_unfinished().expect("looked"));
        let make = || {
            std::fs::write(folder.path().join("chancery.db"), "half").expect("written");
            std::fs::create_dir_all(folder.path().join("blobs/x")).expect("made");
        };
        make();
        assert!(place.begin_anew_if_unfinished().expect("removed"));
        assert!(!folder.path().join("chancery.db").exists());
        assert!(!folder.path().join("blobs").exists());
        assert!(folder.path().join(MASTER_KEY).is_file(), "the key stays");
        make();
        let organisation = entropy::id(chancery_types::Instant::from_micros(0)).into();
        place.write_notes(Notes { organisation }).expect("noted");
        assert!(!place.begin_anew_if_unfinished().expect("looked"));
        assert!(folder.path().join("chancery.db").is_file());
    }

    #[test]
    fn workflows_of_ones_own_lie_over_those_of_the_program() {
        let (folder, own) = (tempfile::tempdir(), tempfile::tempdir());
        let (folder, own) = (folder.expect("a folder"), own.expect("a folder"));
        let address = "127.0.0.1:1".parse().expect("an address");
        let place = Place::open(Some(folder.path())).expect("a place");
        let refused = place.configure(address, Some(own.path()));
        assert!(refused.expect_err("empty").to_string().contains("no .yaml"));
        std::fs::create_dir(own.path().join("chains")).expect("made");
        std::fs::write(own.path().join("chains/mine.yaml"), "id: mine").expect("written");
        place
            .configure(address, Some(own.path()))
            .expect("a configuration");
        let chains = folder.path().join("workflows/chains");
        assert!(chains.join("mine.yaml").is_file() && chains.join("contract.yaml").is_file());
    }

    #[test]
    fn a_kept_folder_keeps_its_key_and_a_temporary_one_goes_away() {
        let parent = tempfile::tempdir().expect("a folder");
        let kept = parent.path().join("kept");
        let address = "127.0.0.1:1".parse().expect("an address");
        let key = |place: &Place| {
            let config = place.configure(address, None).expect("a configuration");
            config.secrets.master_key.reveal().to_owned()
        };
        let first = key(&Place::open(Some(&kept)).expect("a place"));
        assert_eq!(first, key(&Place::open(Some(&kept)).expect("a place")));
        let temporary = Place::open(None).expect("a place");
        assert_ne!(first, key(&temporary));
        let path = temporary.path.clone();
        assert!(path.join("workflows/chains/contract.yaml").is_file());
        drop(temporary);
        assert!(!path.exists());
    }
}
