//! Mail: what letters say, and two ways of sending them.

mod directory;
pub mod kind;
pub mod letter;
pub mod message;
mod mime;
mod smtp;
mod template;

use std::sync::Arc;

use lettre::Address;

use crate::config::{self, MailTransport};

pub use directory::Directory;
pub use kind::MailKind;
pub use letter::{attachment_of, unread_fields};
pub use mime::{Attached, Outgoing, words_of};

/// Sends mail. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Mailer {
    sender: Arc<Sender>,
    way: Way,
}

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

impl Mailer {
    /// Prepares sending as the settings say. No connection is made.
    ///
    /// # Errors
    ///
    /// [`MailError::Settings`].
    pub fn open(settings: &config::Mail) -> Result<Self, MailError> {
        let address = settings.from_address.parse();
        let address = address.map_err(|_| MailError::Settings {
            setting: "mail.from_address",
            why: format!("`{}` is not an address", settings.from_address),
        })?;
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
            Way::Smtp(smtp) => smtp::deliver(smtp, message).await,
            Way::Directory(directory) => {
                let delivered = directory.deliver(mail, &message.formatted()).await;
                delivered.map_err(|error| MailError::Undelivered {
                    why: format!("mail.directory: {error}"),
                })
            }
        }
    }

    /// Whether the folder is there, when mail goes into one. Asks no server.
    ///
    /// # Errors
    ///
    /// [`MailError::Undelivered`].
    pub fn check_folder(&self) -> Result<(), MailError> {
        match &self.way {
            Way::Directory(directory) if !directory.is_there() => Err(MailError::Undelivered {
                why: "mail.directory is gone".to_owned(),
            }),
            Way::Directory(_) | Way::Smtp(_) => Ok(()),
        }
    }

    /// Asks the mail server whether it is there and takes our login; the folder, whether it is
    /// there. Nothing is sent.
    ///
    /// # Errors
    ///
    /// [`MailError::Undelivered`].
    pub async fn check(&self) -> Result<(), MailError> {
        let undelivered = |why: String| Err(MailError::Undelivered { why });
        match &self.way {
            Way::Directory(_) => self.check_folder(),
            Way::Smtp(smtp) => match smtp.test_connection().await {
                Ok(true) => Ok(()),
                Ok(false) => undelivered("the mail server does not answer NOOP".to_owned()),
                Err(error) => undelivered(causes(&error)),
            },
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
