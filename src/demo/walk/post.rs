//! Waiting for mail, as a person does who keeps looking into the mailbox.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::bail;

use crate::demo::mailbox::{self, Mail};

const LOOK_MILLISECONDS: u64 = 100;
const LOOKS_MAX: u32 = 600;

/// A mailbox, and what was read of it.
pub struct Postbox {
    folder: PathBuf,
    read: BTreeSet<String>,
}

impl Postbox {
    /// The mailbox in `folder`; what lies in it already counts as read.
    ///
    /// # Errors
    ///
    /// The file system's.
    pub fn open(folder: PathBuf) -> anyhow::Result<Self> {
        let read = mailbox::list(&folder)?.into_iter().collect();
        Ok(Self { folder, read })
    }

    /// The next unread mail to `address` that `wanted` knows.
    ///
    /// # Errors
    ///
    /// If none comes within a minute.
    pub async fn expect(
        &mut self,
        what: &str,
        address: &str,
        wanted: impl Fn(&Mail) -> bool,
    ) -> anyhow::Result<Mail> {
        for _ in 0..LOOKS_MAX {
            let mut names = mailbox::list(&self.folder)?;
            names.reverse();
            for name in names {
                if self.read.contains(&name) {
                    continue;
                }
                let Some(mail) = mailbox::read(&self.folder, &name)? else {
                    continue;
                };
                if mail.address() == address && wanted(&mail) {
                    self.read.insert(name);
                    return Ok(mail);
                }
            }
            tokio::time::sleep(Duration::from_millis(LOOK_MILLISECONDS)).await;
        }
        bail!("{what} did not come to {address} within a minute")
    }
}
