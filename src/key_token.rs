//! Keys in a PKCS#11 token (OASIS PKCS #11 2.40): a hardware module, a smart card, SoftHSM. A key
//! is made in the token, signs there and never leaves it.
//!
//! Everything here blocks: a token takes as long as it takes. Async callers go through
//! `app::authority`, which gives it a thread.

mod module;

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use chancery_signature::{KeyError, KeyHolder, SigningKey, ecdsa_raw_to_der, p256_spki};
use chancery_types::{Digest, Instant};
use cryptoki::error::{Error, RvError};
use cryptoki::mechanism::Mechanism;
use cryptoki::object::{Attribute, AttributeType, KeyType, ObjectClass, ObjectHandle};
use cryptoki::session::{Session, SessionState};

use crate::config::{Keys, Secret};

/// The object identifier of P-256 (RFC 5480, 2.1.1.1) in DER: `CKA_EC_PARAMS`.
const P256_PARAMETERS: [u8; 10] = [6, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7];
/// What a probe signs: nothing that anybody could take for a signature.
const PROBE: &[u8] = b"chancery: does the token sign?";
/// For how long a probe that went well is believed, in seconds.
const PROVEN_SECONDS: i64 = 30;
/// An uncompressed point of P-256: 04, x, y.
const POINT_BYTES: usize = 65;

/// Why a token does not do what it was asked for. No message holds the PIN.
#[derive(Debug, thiserror::Error)]
pub enum KeyTokenError {
    /// The module is not a PKCS#11 library, or does not start.
    #[error("keys.pkcs11_module: {path} cannot be used: {why}")]
    Module {
        /// The file.
        path: PathBuf,
        /// What the system or the library says.
        why: String,
    },
    /// No token of this label is there.
    #[error("keys.pkcs11_token: no token with the label `{wanted}` is there (there is: {found})")]
    NoToken {
        /// The label of the settings.
        wanted: String,
        /// The labels of those that are there.
        found: String,
    },
    /// Several tokens have this label.
    #[error("keys.pkcs11_token: {count} tokens have the label `{wanted}`; give each its own")]
    ManyTokens {
        /// The label.
        wanted: String,
        /// How many.
        count: usize,
    },
    /// The PIN is wrong. It is not tried again by this process: tries are counted by the token.
    #[error(
        "keys.pkcs11_pin: the token refuses this PIN, and it is not tried again: a token locks \
         itself after a few wrong ones; correct the setting and start again"
    )]
    Pin,
    /// One more wrong PIN would lock the token, or has.
    #[error(
        "the token `{label}` is locked or would be by one more wrong PIN; log in once by hand \
         (`pkcs11-tool --login --test`), then start again"
    )]
    Locked {
        /// Its label.
        label: String,
    },
    /// The key is not in the token.
    #[error("the token has no private key with the identifier {id}")]
    NoKey {
        /// `CKA_ID`, hexadecimal.
        id: String,
    },
    /// The token made something that is not a key of P-256.
    #[error("the token's new key is not one of P-256")]
    NotP256,
    /// Anything else that the token says.
    #[error("the token does not do it: {0}")]
    Token(#[from] Error),
}

/// A token, logged in when it is first needed. Cheap to clone.
#[derive(Clone)]
pub struct KeyToken {
    inner: Arc<Inner>,
}

struct Inner {
    module: PathBuf,
    label: String,
    pin: Secret,
    standing: Mutex<Standing>,
    /// When it last signed for a probe.
    proven_at: Mutex<Option<Instant>>,
}

/// The one session that this process works in, and whether its PIN was refused.
#[derive(Default)]
struct Standing {
    session: Option<Session>,
    is_pin_refused: bool,
}

impl std::fmt::Debug for KeyToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "KeyToken({})", self.inner.label)
    }
}

impl KeyToken {
    /// The token of the settings; `None` if they name no module. Nothing is opened yet.
    #[must_use]
    pub fn of(settings: &Keys) -> Option<Self> {
        let is_named = !settings.pkcs11_module.as_os_str().is_empty();
        is_named.then(|| Self {
            inner: Arc::new(Inner {
                module: settings.pkcs11_module.clone(),
                label: settings.pkcs11_token.clone(),
                pin: settings.pkcs11_pin.clone(),
                standing: Mutex::default(),
                proven_at: Mutex::default(),
            }),
        })
    }

    /// Its label.
    #[must_use]
    pub fn label(&self) -> &str {
        &self.inner.label
    }

    /// Opens it and logs in, if that has not happened yet.
    ///
    /// # Errors
    ///
    /// A [`KeyTokenError`].
    pub fn check(&self) -> Result<(), KeyTokenError> {
        self.work(|session| Ok(session.get_session_info().map(|_| ())?))
    }

    /// Makes a key of P-256 that cannot be read out: not extractable, sensitive, for signing only.
    ///
    /// `id` is its `CKA_ID`, by which it is found again; `label` tells people what it is for.
    ///
    /// # Errors
    ///
    /// A [`KeyTokenError`]; no key is left behind then.
    pub fn make_key(&self, id: &[u8], label: &str) -> Result<SigningKey, KeyTokenError> {
        let spki = self.work(|session| {
            let common = [
                Attribute::Token(true),
                Attribute::Id(id.to_vec()),
                Attribute::Label(label.as_bytes().to_vec()),
            ];
            let public = [
                Attribute::Verify(true),
                Attribute::EcParams(P256_PARAMETERS.to_vec()),
            ];
            let private = [
                Attribute::Private(true),
                Attribute::Sensitive(true),
                Attribute::Extractable(false),
                Attribute::Sign(true),
                Attribute::Decrypt(false),
                Attribute::Unwrap(false),
                Attribute::Derive(false),
            ];
            let (public_key, private_key) = session.generate_key_pair(
                &Mechanism::EccKeyPairGen,
                &[&common[..], &public].concat(),
                &[&common[..], &private].concat(),
            )?;
            let spki = public_info(session, public_key);
            if spki.is_err() {
                for left in [public_key, private_key] {
                    session.destroy_object(left)?;
                }
            }
            spki
        })?;
        self.key(id, spki)
    }

    /// The key with this `CKA_ID` and this public key (`SubjectPublicKeyInfo`, DER). The token is
    /// asked when it signs.
    ///
    /// # Errors
    ///
    /// [`KeyTokenError::NotP256`] if it is not a key that signs here.
    pub fn key(&self, id: &[u8], spki_der: Vec<u8>) -> Result<SigningKey, KeyTokenError> {
        let held = HeldKey {
            token: self.clone(),
            id: id.to_vec(),
            spki_der,
        };
        SigningKey::held(Arc::new(held)).map_err(|_| KeyTokenError::NotP256)
    }

    /// Destroys the objects with this `CKA_ID`; none is left, and it may be called again.
    ///
    /// # Errors
    ///
    /// A [`KeyTokenError`].
    pub fn destroy(&self, id: &[u8]) -> Result<(), KeyTokenError> {
        self.work(|session| {
            for object in session.find_objects(&[Attribute::Id(id.to_vec())])? {
                session.destroy_object(object)?;
            }
            Ok(())
        })
    }

    /// Signs something that means nothing with a key that is in it, unless that was done lately:
    /// probes come often, and a token is slow. What it came to when it failed is not kept, so that
    /// a token that was put back is found at once.
    ///
    /// # Errors
    ///
    /// The reason in words, for an operator.
    pub fn probe(&self, key: &SigningKey, now: Instant) -> Result<(), String> {
        let mut proven = self
            .inner
            .proven_at
            .try_lock()
            // Another probe waits for it: a token that hangs is not asked twice.
            .map_err(|_| format!("the token `{}` does not answer", self.label()))?;
        let is_fresh = |at: Instant| (0..PROVEN_SECONDS).contains(&now.seconds_since(at));
        if proven.is_some_and(is_fresh) {
            return Ok(());
        }
        *proven = None;
        key.sign(PROBE)
            .map_err(|error| format!("the token `{}` signs nothing now: {error}", self.label()))?;
        *proven = Some(now);
        Ok(())
    }

    /// Works in a session that is logged in. If the token is gone or does nothing, its module is
    /// started again, once a call: it may have been put back.
    fn work<T>(
        &self,
        mut work: impl FnMut(&Session) -> Result<T, KeyTokenError>,
    ) -> Result<T, KeyTokenError> {
        let inner = &self.inner;
        let mut standing = inner
            .standing
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        match inner.work_in(&mut standing, &mut work) {
            Err(error) if may_be_put_back(&error) => {
                standing.session = None;
                module::end(&inner.module);
                inner.work_in(&mut standing, &mut work)
            }
            done => done,
        }
    }
}

impl Inner {
    /// Works in the session; one that the token has ended, because it was taken out or its reader
    /// restarted, is opened anew once.
    fn work_in<T>(
        &self,
        standing: &mut Standing,
        work: &mut impl FnMut(&Session) -> Result<T, KeyTokenError>,
    ) -> Result<T, KeyTokenError> {
        if standing.is_pin_refused {
            return Err(KeyTokenError::Pin);
        }
        standing.session.take_if(|one| !is_logged_in(one));
        if let Some(session) = &standing.session {
            match work(session) {
                Err(KeyTokenError::Token(error)) if is_over(&error) => standing.session = None,
                done => return done,
            }
        }
        let opened = module::log_in(&self.module, &self.label, &self.pin);
        standing.is_pin_refused = matches!(opened, Err(KeyTokenError::Pin));
        let done = work(standing.session.insert(opened?));
        if matches!(&done, Err(KeyTokenError::Token(error)) if is_over(error)) {
            standing.session = None;
        }
        done
    }
}

/// Whether a module that starts again may find what is missing. A wrong or locked PIN, and what the
/// settings say wrong, stay as they are.
const fn may_be_put_back(error: &KeyTokenError) -> bool {
    matches!(
        error,
        KeyTokenError::Token(_) | KeyTokenError::NoToken { .. } | KeyTokenError::NoKey { .. }
    )
}

/// Whether the session is there and may use private keys. Logins are of the process: somebody
/// else's logout ends ours, and a token then hides its private keys rather than refuse them.
fn is_logged_in(session: &Session) -> bool {
    let state = session.get_session_info().map(|told| told.session_state());
    matches!(state, Ok(SessionState::RwUser))
}

/// Whether the session is gone, rather than the work impossible.
const fn is_over(error: &Error) -> bool {
    matches!(
        error,
        Error::Pkcs11(
            RvError::SessionHandleInvalid
                | RvError::SessionClosed
                | RvError::DeviceRemoved
                | RvError::DeviceError
                | RvError::TokenNotPresent
                | RvError::UserNotLoggedIn,
            _
        )
    )
}

/// `SubjectPublicKeyInfo` of a public key object. `CKA_EC_POINT` is the DER of an OCTET STRING
/// (2.3.3), and the bare point in some tokens.
fn public_info(session: &Session, object: ObjectHandle) -> Result<Vec<u8>, KeyTokenError> {
    let found = session.get_attributes(object, &[AttributeType::EcPoint])?;
    let Some(Attribute::EcPoint(point)) = found.first() else {
        return Err(KeyTokenError::NotP256);
    };
    let bare = match point.len() {
        POINT_BYTES => Some(point.as_slice()),
        _ => point.strip_prefix(&[4, 65]),
    };
    let bare = bare.filter(|point| point.len() == POINT_BYTES);
    p256_spki(bare.ok_or(KeyTokenError::NotP256)?).map_err(|_| KeyTokenError::NotP256)
}

/// A private key in a token.
#[derive(Debug)]
struct HeldKey {
    token: KeyToken,
    id: Vec<u8>,
    spki_der: Vec<u8>,
}

impl HeldKey {
    fn sign_digest(&self, digest: &[u8]) -> Result<Vec<u8>, KeyTokenError> {
        self.token.work(|session| {
            let found = session.find_objects(&[
                Attribute::Class(ObjectClass::PRIVATE_KEY),
                Attribute::KeyType(KeyType::EC),
                Attribute::Id(self.id.clone()),
            ])?;
            let key = found.first().ok_or_else(|| KeyTokenError::NoKey {
                id: hex::encode(&self.id),
            })?;
            Ok(session.sign(&Mechanism::Ecdsa, *key, digest)?)
        })
    }
}

impl KeyHolder for HeldKey {
    fn spki_der(&self) -> Vec<u8> {
        self.spki_der.clone()
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, KeyError> {
        let digest = Digest::of(message);
        let pair = self.sign_digest(digest.as_bytes()).map_err(|error| {
            tracing::error!(
                token = self.token.label(),
                %error,
                "the token did not sign"
            );
            KeyError::StoreSilent
        })?;
        ecdsa_raw_to_der(&pair).map_err(|_| KeyError::StoreWrong)
    }
}
