//! Where a key of an authority is kept, and the store that new ones go to.

use chancery_signature::{KeyKind, SigningKey};
use chancery_types::id::OrganisationId;
use uuid::Uuid;
use zeroize::Zeroizing;

use super::fresh_key;
use crate::app::{App, AppError};
use crate::config::KeyStore;
use crate::entropy;
use crate::key_file::{KeyFileError, KeyFolder, file_name};
use crate::key_token::{KeyToken, KeyTokenError};

/// How what a row seals begins if the key itself is in a token; a key begins with 0x30.
const TOKEN_PREFIX: &str = "pkcs11:";
/// The same if it is in a file.
const FILE_PREFIX: &str = "file:";

/// Where a key is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyPlace {
    /// In its row, under the master key.
    Sealed,
    /// In the token with this label, with the row's identifier as `CKA_ID`.
    Token(String),
    /// In the file of this name.
    File(String),
}

impl KeyPlace {
    /// What a row seals, read.
    pub(super) fn of(plain: &[u8]) -> Self {
        let text = std::str::from_utf8(plain).unwrap_or("");
        let of_token = text.strip_prefix(TOKEN_PREFIX).map(str::to_owned);
        let of_file = text.strip_prefix(FILE_PREFIX).map(str::to_owned);
        match (of_token, of_file) {
            (Some(label), _) => Self::Token(label),
            (None, Some(name)) => Self::File(name),
            (None, None) => Self::Sealed,
        }
    }
}

/// A store that keys are made in.
#[derive(Clone, Debug)]
pub(super) enum Shelf {
    /// The database.
    Sealed,
    /// A token.
    Token(KeyToken),
    /// A folder of files.
    Folder(KeyFolder),
}

impl Shelf {
    /// The store of the settings for new keys.
    pub fn of(app: &App) -> Result<Self, AppError> {
        let found = match app.config.keys.store {
            KeyStore::Sealed => Some(Self::Sealed),
            KeyStore::Pkcs11 => app.key_token.clone().map(Self::Token),
            KeyStore::File => app.key_folder.clone().map(Self::Folder),
        };
        found.ok_or_else(|| AppError::internal("keys.store names a store that is not set up"))
    }

    /// A new key of P-256, in its store. It blocks.
    pub fn make(
        &self,
        id: Uuid,
        purpose: &str,
        organisation: OrganisationId,
    ) -> Result<SigningKey, AppError> {
        match self {
            Self::Sealed => Ok(fresh_key(KeyKind::EcdsaP256)),
            Self::Token(token) => {
                let label = format!("chancery {purpose} {}", organisation.uuid());
                let made = token.make_key(id.as_bytes(), &label);
                made.map_err(token_error)
            }
            Self::Folder(folder) => {
                let fresh = fresh_key(KeyKind::EcdsaP256);
                let kept = folder.keep(&name(purpose, id), fresh, &entropy::bytes());
                kept.map_err(file_error)
            }
        }
    }

    /// What the row of a key seals: the key itself, or where it is.
    pub fn plain(
        &self,
        id: Uuid,
        purpose: &str,
        key: &SigningKey,
    ) -> Result<Zeroizing<Vec<u8>>, AppError> {
        let plain = match self {
            Self::Sealed => {
                let written = key.to_pkcs8_der();
                written.map_err(|error| AppError::Internal(error.into()))?
            }
            Self::Token(token) => format!("{TOKEN_PREFIX}{}", token.label()).into_bytes(),
            Self::Folder(_) => format!("{FILE_PREFIX}{}", name(purpose, id)).into_bytes(),
        };
        Ok(Zeroizing::new(plain))
    }

    /// Takes a key that no row names out of its store again. One that stays there signs nothing
    /// that anybody trusts. It blocks.
    pub fn undo(&self, id: Uuid, purpose: &str) {
        let undone = match self {
            Self::Sealed => Ok(()),
            Self::Token(token) => token
                .destroy(id.as_bytes())
                .map_err(|error| error.to_string()),
            Self::Folder(folder) => folder
                .destroy(&name(purpose, id))
                .map_err(|error| error.to_string()),
        };
        if let Err(error) = undone {
            tracing::warn!(%id, error, "a key that is not used stays in its store");
        }
    }
}

/// The token and the folder of the settings, for keys that are to go. It blocks.
#[derive(Clone, Debug)]
pub(super) struct Stores {
    pub token: Option<KeyToken>,
    pub folder: Option<KeyFolder>,
}

impl Stores {
    pub fn of(app: &App) -> Self {
        Self {
            token: app.key_token.clone(),
            folder: app.key_folder.clone(),
        }
    }

    /// Destroys a replaced key where it is; one in a row is gone with the row's change. What is not
    /// destroyed is told to the operator.
    pub fn destroy(&self, id: Uuid, place: &KeyPlace) {
        match place {
            KeyPlace::Sealed => {}
            KeyPlace::Token(label) => {
                let token = self.token.as_ref().filter(|token| token.label() == label);
                let destroyed = match token {
                    Some(token) => token.destroy(id.as_bytes()).map_err(|why| why.to_string()),
                    None => Err(format!("the settings do not name the token `{label}`")),
                };
                if let Err(why) = destroyed {
                    tracing::error!(
                        %id, label, why,
                        "a replaced key stays in its token: destroy it by hand, by this CKA_ID"
                    );
                }
            }
            KeyPlace::File(name) => {
                let destroyed = match &self.folder {
                    Some(folder) => folder.destroy(name).map_err(|why| why.to_string()),
                    None => Err("keys.file_directory names no folder".to_owned()),
                };
                if let Err(why) = destroyed {
                    tracing::error!(
                        %id, name, why,
                        "the file of a replaced key stays in its folder: remove it by hand"
                    );
                }
            }
        }
    }
}

fn name(purpose: &str, id: Uuid) -> String {
    file_name(purpose, &id.to_string())
}

fn token_error(error: KeyTokenError) -> AppError {
    AppError::Unavailable {
        what: "keys",
        source: error.into(),
    }
}

fn file_error(error: KeyFileError) -> AppError {
    AppError::Unavailable {
        what: "keys",
        source: error.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_row_seals_says_where_the_key_is() {
        let key = fresh_key(KeyKind::EcdsaP256);
        let der = key.to_pkcs8_der().expect("DER");
        assert_eq!(KeyPlace::of(&der), KeyPlace::Sealed);
        assert_eq!(
            KeyPlace::of(b"pkcs11:house"),
            KeyPlace::Token("house".to_owned())
        );
        assert_eq!(
            KeyPlace::of(b"file:root-1.pem"),
            KeyPlace::File("root-1.pem".to_owned())
        );
    }
}
