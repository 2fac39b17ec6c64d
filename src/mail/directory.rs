//! Mail into a folder: one `.eml` file a message, for machines without a mail server and for tests.

use std::io;
use std::path::{Path, PathBuf};

use chancery_types::Digest;
use tokio::fs;
use tokio::io::AsyncWriteExt as _;

use super::mime::Outgoing;
use crate::private;

/// Writes into one folder.
#[derive(Clone, Debug)]
pub struct Directory {
    path: PathBuf,
}

impl Directory {
    /// Opens (or makes) the folder.
    ///
    /// # Errors
    ///
    /// The file system's.
    pub fn open(path: PathBuf) -> io::Result<Self> {
        private::make_folder(&path)?;
        Ok(Self { path })
    }

    /// Delivers a message, at once and durably. The same message again replaces itself: the name
    /// is made of the time it was written down and of its Message-ID.
    ///
    /// # Errors
    ///
    /// The file system's.
    pub async fn deliver(&self, mail: &Outgoing, bytes: &[u8]) -> io::Result<()> {
        let id: String = Digest::of(mail.message_id.as_bytes())
            .hex()
            .chars()
            .take(16)
            .collect();
        let name = format!("{:016}-{id}", mail.written_at.micros());
        let unfinished = self.path.join(format!(".{name}.new"));
        let mut file = private::create_async(&unfinished).await?;
        file.write_all(bytes).await?;
        file.sync_all().await?;
        fs::rename(&unfinished, self.path.join(format!("{name}.eml"))).await?;
        sync(&self.path).await
    }

    /// Whether mail can be delivered now.
    #[must_use]
    pub fn is_there(&self) -> bool {
        self.path.is_dir()
    }
}

async fn sync(folder: &Path) -> io::Result<()> {
    fs::File::open(folder).await?.sync_all().await
}
