//! The authority's keys in a PKCS#11 token: SoftHSM, as Debian has it.

use std::path::{Path, PathBuf};

use chancery::app::authority::KeyPlace;
use chancery::app::build::{StartError, open_key_token};
use chancery::config::{Config, KeyStore, Keys, Secret};
use chancery::domain::actor::Actor;
use chancery::entropy;
use chancery::key_token::{KeyToken, KeyTokenError};
use chancery::store::entity::{authority_keys, signings};
use chancery_signature::{Indication, KeyError};
use chancery_types::Locale;
use cryptoki::context::{CInitializeArgs, CInitializeFlags, Pkcs11};
use cryptoki::error::{Error, RvError};
use cryptoki::session::UserType;
use cryptoki::types::AuthPin;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use tokio::sync::{Mutex, MutexGuard};

use super::contract::{Contract, code};
use super::lasting::{file, round, signed, verdicts};
use crate::support::{Backend, TestApp, is_required, setting};

const PIN: &str = "918273";
const DAY: i64 = 24 * 3600;
/// One test at a time: SoftHSM does not bear a token being made while it is at work.
static ALONE: Mutex<()> = Mutex::const_new(());

/// A token of its own for one test.
struct Token {
    library: PathBuf,
    label: String,
    _alone: MutexGuard<'static, ()>,
}

impl Token {
    /// A new one; `None` where there is no SoftHSM.
    async fn make() -> Option<Self> {
        let Some(library) = setting("CHANCERY_TEST_PKCS11") else {
            is_required("CHANCERY_TEST_PKCS11");
            return None;
        };
        let label = format!("t{}", hex::encode(entropy::bytes::<8>()));
        let library = PathBuf::from(library);
        let alone = ALONE.lock().await;
        // SoftHSM sees the tokens that were there when it started, and those that it made itself.
        let module = Pkcs11::new(&library).expect("a module");
        match module.initialize(CInitializeArgs::new(CInitializeFlags::OS_LOCKING_OK)) {
            Ok(()) | Err(Error::Pkcs11(RvError::CryptokiAlreadyInitialized, _)) => {}
            Err(error) => panic!("{error}"),
        }
        let slots = module.get_all_slots().expect("slots").into_iter();
        let mut free = slots.filter(|slot| {
            let token = module.get_token_info(*slot);
            token.is_ok_and(|token| !token.token_initialized())
        });
        let slot = free.next_back().expect("a free slot");
        let officer = AuthPin::from("12345678".to_owned());
        module.init_token(slot, &officer, &label).expect("a token");
        let session = module.open_rw_session(slot).expect("a session");
        session
            .login(UserType::So, Some(&officer))
            .expect("logged in");
        let pin = AuthPin::from(PIN.to_owned());
        session.init_pin(&pin).expect("a PIN");
        session.logout().expect("logged out");
        Some(Self {
            library,
            label,
            _alone: alone,
        })
    }

    fn settings(&self) -> Keys {
        Keys {
            store: KeyStore::Pkcs11,
            pkcs11_module: self.library.clone(),
            pkcs11_token: self.label.clone(),
            pkcs11_pin: Secret::new(PIN.to_owned()),
            ..super::key_file::no_keys()
        }
    }

    fn configure(&self) -> impl FnOnce(&mut Config) {
        let keys = self.settings();
        move |config| config.keys = keys
    }

    /// Ends every login of this process.
    fn log_out(&self) {
        let module = Pkcs11::new(&self.library).expect("a module");
        let slots = module.get_slots_with_initialized_token().expect("slots");
        let own = slots.into_iter().find(|slot| {
            let token = module.get_token_info(*slot).expect("a token");
            token.label() == self.label
        });
        let session = module
            .open_rw_session(own.expect("a slot"))
            .expect("a session");
        session.logout().expect("logged out");
    }

    /// The folder that SoftHSM keeps this token in.
    fn folder(&self) -> PathBuf {
        let all = setting("CHANCERY_TEST_PKCS11_DIR").expect("beside the library");
        let holds = |folder: &Path| {
            let object = std::fs::read(folder.join("token.object")).unwrap_or_default();
            let label = self.label.as_bytes();
            object.windows(label.len()).any(|part| part == label)
        };
        let entries = std::fs::read_dir(all).expect("tokens").flatten();
        let mut folders = entries.map(|entry| entry.path());
        folders.find(|folder| holds(folder)).expect("the token")
    }

    /// Takes it out of the folder that SoftHSM looks through; answers where it lies.
    fn take_out(&self) -> PathBuf {
        let folder = self.folder();
        let all = folder.parent().expect("a folder");
        let name = folder.file_name().expect("a name");
        let away = all.with_extension("away");
        std::fs::create_dir_all(&away).expect("a folder");
        std::fs::rename(&folder, away.join(name)).expect("taken out");
        away.join(name)
    }

    /// How many objects are in it: two for each key.
    fn objects(&self) -> usize {
        let entries = std::fs::read_dir(self.folder())
            .expect("a folder")
            .flatten();
        let names = entries.filter_map(|entry| entry.file_name().into_string().ok());
        names
            .filter(|name| name.ends_with(".object") && name != "token.object")
            .count()
    }
}

/// Goal: keys of the authority move into a token, sign there what every check passes, cannot be
/// read out, are destroyed when replaced, and move back. Method: a contract by each generation.
#[tokio::test]
async fn the_authority_s_keys_live_in_a_token() {
    let Some(token) = Token::make().await else {
        return;
    };
    for backend in Backend::all() {
        let house = TestApp::start_with(&backend, token.configure()).await;
        let operator = Actor::operator(house.vector.organisation, Locale::En);
        let before = signed(&house).await;
        house.advance_seconds(DAY);
        let done = house.app.rotate_authority(&operator, true).await;
        done.expect("moved into the token");
        assert_eq!(token.objects(), 6);
        house.advance_seconds(DAY);
        let within = signed(&house).await;
        let listed = house.app.list_authority(&operator).await.expect("a list");
        let (there, gone): (Vec<_>, Vec<_>) =
            listed.iter().partition(|card| card.retired_at.is_none());
        assert!(
            there
                .iter()
                .all(|card| card.place == Some(KeyPlace::Token(token.label.clone())))
        );
        assert!(gone.iter().all(|card| card.place.is_none()));

        // What the database holds opens to no key.
        let rows = authority_keys::Entity::find()
            .filter(authority_keys::Column::OrganisationId.eq(house.vector.organisation.uuid()))
            .filter(authority_keys::Column::RetiredAt.is_null())
            .all(house.app.store.reader());
        for row in rows.await.expect("rows") {
            let plain = house.app.vault.open(row.id.as_bytes(), &row.sealed_key);
            let plain = plain.expect("opened");
            assert_eq!(plain, format!("pkcs11:{}", token.label).into_bytes());
        }

        let done = house.app.rotate_authority(&operator, false).await;
        done.expect("replaced in the token");
        assert_eq!(token.objects(), 6, "the replaced keys are destroyed");
        house.advance_seconds(DAY);
        let again = signed(&house).await;
        house.advance_seconds(3600);
        round(&house).await;
        let now = house.app.now();
        for (place, contract) in [&before, &within, &again].into_iter().enumerate() {
            let copy = file(contract).await;
            for at in [now, now.plus_seconds(15 * 366 * DAY)] {
                let told = verdicts(&house, &copy, at).await;
                assert_eq!(told, vec![Indication::TotalPassed; 3], "{place} at {at}");
            }
        }

        // The settings name the token still, for keys that are there, and new ones are sealed.
        let mut app = house.app.clone();
        let mut config = (*app.config).clone();
        config.keys.store = KeyStore::Sealed;
        app.config = std::sync::Arc::new(config);
        // The other organisation's keys were made when its signatures were looked at.
        let other = Actor::operator(house.northwind.organisation, Locale::En);
        for whose in [&operator, &other] {
            let moved = app.rotate_authority(whose, true).await;
            moved.expect("moved back");
        }
        assert_eq!(token.objects(), 0, "no key stays behind");
        signed(&house).await;
        house.close().await;
    }
}

/// Goal: nothing reads a key out of its token, and a value is not taken on trust.
#[tokio::test]
async fn a_key_stays_in_its_token() {
    let Some(token) = Token::make().await else {
        return;
    };
    let opened = KeyToken::of(&token.settings()).expect("named");
    let key = opened.make_key(b"one", "chancery test").expect("made");
    assert_eq!(key.to_pkcs8_der().expect_err("held"), KeyError::Held);
    let value = key.sign(b"message").expect("signed");
    chancery_signature::check_value(&key.spki_der(), b"message", &value).expect("its own");
    // Another key under the same identifier signs with something else, and that is noticed.
    opened.destroy(b"one").expect("destroyed");
    assert_eq!(
        key.sign(b"message").expect_err("gone"),
        KeyError::StoreSilent
    );
    opened.make_key(b"one", "another").expect("made");
    assert_eq!(
        key.sign(b"message").expect_err("other"),
        KeyError::StoreWrong
    );
}

/// Goal: a wrong PIN is tried once, whatever is asked afterwards, so that nobody is locked out by a
/// server that starts again; a token that is not there is named with those that are.
#[tokio::test]
async fn a_wrong_pin_is_tried_once() {
    let Some(token) = Token::make().await else {
        return;
    };
    let wrong = Keys {
        pkcs11_pin: Secret::new("111111".to_owned()),
        ..token.settings()
    };
    let opened = KeyToken::of(&wrong).expect("named");
    for _ in 0..20 {
        assert!(matches!(opened.check(), Err(KeyTokenError::Pin)));
    }
    let right = KeyToken::of(&token.settings()).expect("named");
    right.check().expect("not locked");

    let absent = Keys {
        pkcs11_token: "nowhere".to_owned(),
        ..token.settings()
    };
    let error = KeyToken::of(&absent).expect("named").check();
    let words = error.expect_err("absent").to_string();
    assert!(
        words.contains("`nowhere`") && words.contains(&token.label),
        "{words}"
    );
    let no_library = Keys {
        pkcs11_module: PathBuf::from("/etc/hostname"),
        ..token.settings()
    };
    let error = KeyToken::of(&no_library).expect("named").check();
    assert!(matches!(error, Err(KeyTokenError::Module { .. })));
}

/// Goal: a server that is to make keys in a token does not start without it, and says why.
#[test]
fn a_start_without_the_token_is_refused() {
    let mut config = chancery::config::load(None, []).expect("the defaults");
    assert!(open_key_token(&config).expect("nothing to open").is_none());
    config.keys.store = KeyStore::Pkcs11;
    let refused = open_key_token(&config);
    assert!(matches!(refused, Err(StartError::NoKeyToken)));
    config.keys.pkcs11_module = PathBuf::from("/no/such/library.so");
    let words = open_key_token(&config).expect_err("no library").to_string();
    assert!(words.contains("/no/such/library.so"), "{words}");
}

/// Goal: a login that somebody else ended is made anew. Method: another session of the same process
/// logs out, which logs out all of them.
#[tokio::test]
async fn an_ended_login_is_made_anew() {
    let Some(token) = Token::make().await else {
        return;
    };
    let opened = KeyToken::of(&token.settings()).expect("named");
    let key = opened.make_key(b"one", "chancery test").expect("made");
    token.log_out();
    key.sign(b"message").expect("signed");
    token.log_out();
    opened.destroy(b"one").expect("destroyed");
    assert_eq!(token.objects(), 0);
}

/// Goal: without the token nothing is signed and nothing is half done. Method: its folder is moved
/// away while a signature is to be made.
#[tokio::test]
async fn without_the_token_nothing_is_signed() {
    let Some(token) = Token::make().await else {
        return;
    };
    let house = TestApp::start_with(&Backend::single(), token.configure()).await;
    let operator = Actor::operator(house.vector.organisation, Locale::En);
    let done = house.app.rotate_authority(&operator, true).await;
    done.expect("moved into the token");
    let contract = Contract::approved(&house).await;
    let (signatory, task) = contract.signatory_may_sign().await;
    token.take_out();
    let refused = contract.signs(&signatory, task).await;
    assert_eq!(code(&refused.expect_err("away")), "unavailable");
    assert_eq!(contract.state().await, "in_run");
    let prepared = signings::Entity::find().all(house.app.store.reader()).await;
    assert!(prepared.expect("rows").is_empty());
    house.close().await;
}

/// What `/readyz` says of the token.
async fn token_problem(house: &TestApp) -> Option<String> {
    let parts = house.app.readiness().await;
    let mut parts = parts.into_iter().filter(|part| part.part == "key_token");
    parts.next().expect("the part").problem
}

/// Goal: a token that is put back signs again without a new start of the server, and meanwhile the
/// process says that it does not. Method: its folder moved away and back; a signature before,
/// meanwhile and after.
#[tokio::test]
async fn a_token_that_is_put_back_signs_again() {
    let Some(token) = Token::make().await else {
        return;
    };
    let house = TestApp::start_with(&Backend::single(), token.configure()).await;
    let operator = Actor::operator(house.vector.organisation, Locale::En);
    let done = house.app.rotate_authority(&operator, true).await;
    done.expect("moved into the token");
    assert_eq!(token_problem(&house).await, None);
    let contract = Contract::approved(&house).await;
    let (signatory, task) = contract.signatory_may_sign().await;
    let folder = token.folder();
    for _ in 0..2 {
        let away = token.take_out();
        house.advance_seconds(60);
        let problem = token_problem(&house).await.expect("a problem");
        assert!(problem.contains(&token.label), "{problem}");
        let refused = contract.signs(&signatory, task).await;
        assert_eq!(code(&refused.expect_err("away")), "unavailable");
        std::fs::rename(away, &folder).expect("put back");
        assert_eq!(
            token_problem(&house).await,
            None,
            "at once, and without a start"
        );
    }
    contract.signs(&signatory, task).await.expect("signed");
    house.close().await;
}
