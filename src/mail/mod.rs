//! Mail: what letters say, and two ways of sending them.

mod directory;
pub mod kind;
pub mod letter;
pub mod message;
mod mime;
mod smtp;
mod template;

use std::sync::Arc;
use std::time::Duration;

use chancery_types::Instant;
use lettre::Address;
use tokio::sync::Mutex;

use crate::config::{self, MailTransport};

pub use directory::Directory;
pub use kind::MailKind;
pub use letter::{attachments_of, unread_fields};
pub use mime::{Attached, Outgoing, words_of};

/// Sends mail. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Mailer {
    sender: Arc<Sender>,
    way: Way,
    /// When the server was last asked for a probe, and what is wrong with it.
    asked: Arc<Mutex<Option<Asked>>>,
}

/// A probe's moment, and what was wrong then.
type Asked = (Instant, Option<String>);

/// For how long a server's answer to a probe is believed, in seconds.
const ANSWER_SECONDS: i64 = 30;
/// How long a probe waits for a server, in seconds.
const PROBE_SECONDS_MAX: u64 = 2;

#[derive(Clone, Debug)]
enum Way {
    Directory(Directory),
    Smtp(Box<smtp::Smtp>),
}

/// Who our mails come from.
#[derive(Clone, Debug)]
struct Sender {
    address: Address,
    name: String,
}

/// Why a mail was not sent.
#[derive(Debug, thiserror::Error)]
pub enum MailError {
    /// A setting cannot be used.
    #[error("{setting}: {why}")]
    Settings {
        /// Which.
        setting: &'static str,
        /// What is wrong with it.
        why: String,
    },
    /// It can never be sent as it is.
    #[error("{why}")]
    Unwritable {
        /// Why.
        why: String,
    },
    /// It could not be sent now.
    #[error("{why}")]
    Undelivered {
        /// Why.
        why: String,
    },
}

impl MailError {
    fn unwritable(error: &impl std::fmt::Display) -> Self {
        Self::Unwritable {
            why: error.to_string(),
        }
    }
}

fn sender_address(settings: &config::Mail) -> Result<Address, MailError> {
    let address = settings.from_address.parse();
    address.map_err(|_| MailError::Settings {
        setting: "mail.from_address",
        why: format!("`{}` is not an address", settings.from_address),
    })
}

/// Whether the settings would be taken; makes nothing, connects to nobody.
///
/// # Errors
///
/// [`MailError::Settings`].
pub fn check_settings(settings: &config::Mail) -> Result<(), MailError> {
    sender_address(settings)?;
    match settings.transport {
        MailTransport::Directory => Ok(()),
        MailTransport::Smtp => smtp::open(settings).map(|_| ()),
    }
}

impl Mailer {
    /// Prepares sending as the settings say. No connection is made.
    ///
    /// # Errors
    ///
    /// [`MailError::Settings`].
    pub fn open(settings: &config::Mail) -> Result<Self, MailError> {
        let address = sender_address(settings)?;
        let way = match settings.transport {
            MailTransport::Directory => {
                let path = settings.directory.clone();
                let opened = Directory::open(path.clone());
                Way::Directory(opened.map_err(|error| MailError::Settings {
                    setting: "mail.directory",
                    why: format!("{}: {error}", path.display()),
                })?)
            }
            MailTransport::Smtp => Way::Smtp(Box::new(smtp::open(settings)?)),
        };
        Ok(Self {
            sender: Arc::new(Sender {
                address,
                name: settings.from_name.clone(),
            }),
            way,
            asked: Arc::default(),
        })
    }

    /// Writes and sends one mail.
    ///
    /// # Errors
    ///
    /// [`MailError::Unwritable`], [`MailError::Undelivered`]. Neither message holds the sealed
    /// part.
    pub async fn send(&self, mail: &Outgoing) -> Result<(), MailError> {
        let message = mime::write(&self.sender, mail)?;
        match &self.way {
            Way::Smtp(smtp) => smtp.deliver(&message).await,
            Way::Directory(directory) => {
                let delivered = directory.deliver(mail, &message.formatted()).await;
                delivered.map_err(|error| MailError::Undelivered {
                    why: format!("mail.directory: {error}"),
                })
            }
        }
    }

    /// Asks the mail server whether it is there and takes our login; the folder, whether it is
    /// there. Nothing is sent.
    ///
    /// # Errors
    ///
    /// [`MailError::Undelivered`].
    pub async fn check(&self) -> Result<(), MailError> {
        match &self.way {
            Way::Directory(directory) if !directory.is_there() => Err(MailError::Undelivered {
                why: "mail.directory is gone".to_owned(),
            }),
            Way::Directory(_) => Ok(()),
            Way::Smtp(smtp) => smtp.check().await,
        }
    }
}

impl Mailer {
    /// As [`Mailer::check`], for probes that come often: a server is asked twice a minute at most,
    /// by one probe at a time, and not for long.
    ///
    /// # Errors
    ///
    /// [`MailError::Undelivered`].
    pub async fn check_recently(&self, now: Instant) -> Result<(), MailError> {
        let Way::Smtp(_) = &self.way else {
            return self.check().await;
        };
        let mut asked = self.asked.lock().await;
        let is_fresh = |at: &Instant| now < at.plus_seconds(ANSWER_SECONDS) && *at <= now;
        let problem = match asked.take().filter(|(at, _)| is_fresh(at)) {
            Some((at, problem)) => {
                *asked = Some((at, problem.clone()));
                problem
            }
            None => {
                let limit = Duration::from_secs(PROBE_SECONDS_MAX);
                let problem = match tokio::time::timeout(limit, self.check()).await {
                    Ok(answer) => answer.err().map(|error| error.to_string()),
                    Err(_) => Some(format!("no answer in {PROBE_SECONDS_MAX} seconds")),
                };
                *asked = Some((now, problem.clone()));
                problem
            }
        };
        match problem {
            None => Ok(()),
            Some(why) => Err(MailError::Undelivered { why }),
        }
    }
}

/// An error and what lies beneath it, on one line.
fn causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        let words = cause.to_string();
        if !text.contains(&words) {
            text.push_str(": ");
            text.push_str(&words);
        }
        next = cause.source();
    }
    text.replace(['\r', '\n'], " ")
}

#[cfg(test)]
mod tests;
