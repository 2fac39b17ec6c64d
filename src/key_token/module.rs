//! The module of a token: loaded and started once a process, as PKCS#11 demands (5.4: a second
//! `C_Initialize` is an error, and one `C_Finalize` ends it for everybody). Many modules see only
//! the tokens that were there when they started: to find one that was put back they are started
//! again.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use cryptoki::context::{CInitializeArgs, CInitializeFlags, Pkcs11};
use cryptoki::error::{Error, RvError};
use cryptoki::session::{Session, UserType};
use cryptoki::slot::{Slot, TokenInfo};
use cryptoki::types::AuthPin;

use super::KeyTokenError;
use crate::config::Secret;

/// The modules that this process has started.
static STARTED: Mutex<BTreeMap<PathBuf, Pkcs11>> = Mutex::new(BTreeMap::new());

/// A session for reading and writing in the token with this label, logged in as its user.
pub(super) fn log_in(path: &Path, label: &str, pin: &Secret) -> Result<Session, KeyTokenError> {
    let module = started(path)?;
    let (slot, token) = find(&module, label)?;
    // Whoever comes with a wrong PIN at the last try locks everybody out.
    if token.user_pin_locked() || token.user_pin_final_try() {
        return Err(KeyTokenError::Locked {
            label: label.to_owned(),
        });
    }
    let session = module.open_rw_session(slot)?;
    let pin = AuthPin::from(pin.reveal().to_owned());
    match session.login(UserType::User, Some(&pin)) {
        // Logins are of the process, not of the session (5.6).
        Ok(()) | Err(Error::Pkcs11(RvError::UserAlreadyLoggedIn, _)) => Ok(session),
        Err(Error::Pkcs11(
            RvError::PinIncorrect | RvError::PinInvalid | RvError::PinLenRange,
            _,
        )) => Err(KeyTokenError::Pin),
        Err(Error::Pkcs11(RvError::PinLocked, _)) => Err(KeyTokenError::Locked {
            label: label.to_owned(),
        }),
        Err(error) => Err(error.into()),
    }
}

/// Ends a module, so that it is started again when it is next needed. Every session in it is over
/// then; its one user holds none, and makes no call meanwhile.
pub(super) fn end(path: &Path) {
    let mut all = STARTED.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(module) = all.remove(path)
        && let Err(error) = module.finalize()
    {
        // It may have ended by itself with its token; what is wrong with it is told by its start.
        tracing::warn!(%error, "the module of the key token did not end in good order");
    }
}

fn started(path: &Path) -> Result<Pkcs11, KeyTokenError> {
    let mut all = STARTED.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(module) = all.get(path) {
        return Ok(module.clone());
    }
    let unusable = |error: &Error| KeyTokenError::Module {
        path: path.to_owned(),
        why: error.to_string(),
    };
    let module = Pkcs11::new(path).map_err(|error| unusable(&error))?;
    match module.initialize(CInitializeArgs::new(CInitializeFlags::OS_LOCKING_OK)) {
        // Some other part of this process uses the same library by another path.
        Ok(()) | Err(Error::Pkcs11(RvError::CryptokiAlreadyInitialized, _)) => {}
        Err(error) => return Err(unusable(&error)),
    }
    all.insert(path.to_owned(), module.clone());
    Ok(module)
}

fn find(module: &Pkcs11, label: &str) -> Result<(Slot, TokenInfo), KeyTokenError> {
    let mut there = Vec::new();
    for slot in module.get_slots_with_initialized_token()? {
        there.push((slot, module.get_token_info(slot)?));
    }
    let labels: Vec<&str> = there.iter().map(|(_, token)| token.label()).collect();
    let none = KeyTokenError::NoToken {
        wanted: label.to_owned(),
        found: match labels.is_empty() {
            true => "none".to_owned(),
            false => labels.join(", "),
        },
    };
    let (mut wanted, _): (Vec<_>, Vec<_>) = there
        .into_iter()
        .partition(|(_, token)| token.label() == label);
    match (wanted.pop(), wanted.len()) {
        (Some(one), 0) => Ok(one),
        (Some(_), others) => Err(KeyTokenError::ManyTokens {
            wanted: label.to_owned(),
            count: others.saturating_add(1),
        }),
        (None, _) => Err(none),
    }
}
