//! The authority's keys in enciphered files.

use std::fs::{Permissions, set_permissions};
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;

use bytes::Bytes;
use chancery::app::authority::KeyPlace;
use chancery::app::build::{StartError, open_key_folder};
use chancery::app::{App, AppError};
use chancery::cli::{self, Migrate};
use chancery::config::{Config, KeyStore, Keys, Secret};
use chancery::domain::actor::Actor;
use chancery::key_file::{KeyFileError, KeyFolder};
use chancery::store::entity::{authority_keys, signings};
use chancery_signature::{Indication, KeyError, KeyKind, SigningKey, public_key_info};
use chancery_types::Locale;
use chancery_types::id::DocumentId;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use tempfile::TempDir;

use super::contract::{Contract, code};
use super::lasting::{file, round, signed, verdicts};
use crate::support::{Backend, TestApp, has_openssl};

const PASSPHRASE: &str = "correct horse battery staple";
const DAY: i64 = 24 * 3600;

/// The settings of keys as they are by default.
pub fn no_keys() -> Keys {
    chancery::config::load(None, []).expect("the defaults").keys
}

/// A folder that key files are made in, and nothing is in yet.
struct Folder {
    above: TempDir,
}

impl Folder {
    fn make() -> Self {
        let above = TempDir::with_prefix("chancery-test-").expect("a folder");
        Self { above }
    }

    fn path(&self) -> PathBuf {
        self.above.path().join("keys")
    }

    fn settings(&self) -> Keys {
        Keys {
            store: KeyStore::File,
            file_directory: self.path(),
            file_passphrase: Secret::new(PASSPHRASE.to_owned()),
            ..no_keys()
        }
    }

    fn configure(&self, store: KeyStore) -> impl FnOnce(&mut Config) + use<> {
        let keys = Keys {
            store,
            ..self.settings()
        };
        move |config| config.keys = keys
    }

    /// The files in it, whatever they are called, in their order.
    fn files(&self) -> Vec<PathBuf> {
        let entries = std::fs::read_dir(self.path()).into_iter().flatten();
        let mut files: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
        files.sort();
        files
    }

    /// The file of the key that issues, or stamps, of the only authority.
    fn file_of(&self, purpose: &str) -> PathBuf {
        let files = self.files();
        let mut of_purpose = files.into_iter().filter(|path| {
            let name = path.file_name().and_then(|name| name.to_str());
            name.is_some_and(|name| name.starts_with(purpose))
        });
        let found = of_purpose.next().expect("a file");
        assert_eq!(of_purpose.next(), None, "of one authority");
        found
    }
}

fn mode(path: &Path) -> u32 {
    let found = std::fs::metadata(path).expect("there");
    found.permissions().mode() & 0o777
}

/// Another process of this house: nothing that this one opened is open in it.
async fn started_again(
    house: &TestApp,
    change: impl FnOnce(&mut Config),
) -> Result<App, StartError> {
    let mut config = (*house.app.config).clone();
    change(&mut config);
    let clock = house.app.clock.clone();
    let mut app = cli::start(config, clock, Migrate::EmbeddedOnly).await?;
    app.pdf = house.app.pdf.clone();
    Ok(app)
}

/// Why a server of these settings does not start; `None` if it would.
async fn refusal(house: &TestApp, change: impl FnOnce(&mut Config)) -> Option<String> {
    let app = match started_again(house, change).await {
        Ok(app) => app,
        Err(refused) => return Some(refused.to_string()),
    };
    let checked = app.check_key_files().await;
    checked.err().map(|error| match error {
        AppError::Unavailable { source, .. } | AppError::Internal(source) => source.to_string(),
        other => panic!("{other:?}"),
    })
}

/// The rows of the keys that an organisation uses.
async fn rows(house: &TestApp) -> Vec<authority_keys::Model> {
    let rows = authority_keys::Entity::find()
        .filter(authority_keys::Column::OrganisationId.eq(house.vector.organisation.uuid()))
        .filter(authority_keys::Column::RetiredAt.is_null())
        .all(house.app.store.reader());
    rows.await.expect("rows")
}

/// A house whose authority's keys are in files.
async fn filed(folder: &Folder, backend: &Backend) -> TestApp {
    let house = TestApp::start_with(backend, folder.configure(KeyStore::File)).await;
    let operator = Actor::operator(house.vector.organisation, Locale::En);
    let done = house.app.rotate_authority(&operator, true).await;
    done.expect("moved into files");
    assert_eq!(folder.files().len(), 3);
    house
}

/// Goal: keys of the authority move into files, sign there what every check passes, also after a
/// new start, are destroyed when replaced, and move back; nothing that was signed breaks. Method: a
/// contract by each generation.
#[tokio::test]
async fn the_authority_s_keys_live_in_files() {
    for backend in Backend::all() {
        let folder = Folder::make();
        let sealed = folder.configure(KeyStore::Sealed);
        let mut house = TestApp::start_with(&backend, sealed).await;
        let mut contracts = Vec::new();
        let operator = Actor::operator(house.vector.organisation, Locale::En);
        contracts.push(signed(&house).await.id);
        assert_eq!(folder.files(), Vec::<PathBuf>::new(), "sealed");

        let started = started_again(&house, folder.configure(KeyStore::File)).await;
        house.app = started.expect("an app");
        house.advance_seconds(DAY);
        contracts.push(signed(&house).await.id);
        assert_eq!(folder.files().len(), 0, "keys that are there stay");
        let done = house.app.rotate_authority(&operator, true).await;
        done.expect("moved into files");
        assert_eq!(mode(&folder.path()), 0o700);
        for path in folder.files() {
            assert_eq!(mode(&path), 0o600);
            let text = std::fs::read_to_string(&path).expect("a text");
            assert!(text.starts_with("-----BEGIN ENCRYPTED PRIVATE KEY-----\n"));
        }
        house.advance_seconds(DAY);
        contracts.push(signed(&house).await.id);
        let first = folder.files();
        lists_files(&house, &operator, &first).await;

        // Another process opens them, and signs with them.
        let started = started_again(&house, |_| {}).await;
        house.app = started.expect("an app");
        house.app.check_key_files().await.expect("they open");
        contracts.push(signed(&house).await.id);
        let done = house.app.rotate_authority(&operator, false).await;
        done.expect("replaced in files");
        let second = folder.files();
        let stayed = second.iter().filter(|path| first.contains(path)).count();
        assert_eq!((second.len(), stayed), (3, 1), "only the root's stays");
        house.advance_seconds(DAY);
        contracts.push(signed(&house).await.id);

        let started = started_again(&house, folder.configure(KeyStore::Sealed)).await;
        house.app = started.expect("an app");
        house.advance_seconds(DAY);
        let done = house.app.rotate_authority(&operator, true).await;
        done.expect("moved back");
        assert_eq!(folder.files().len(), 0, "no key stays behind");
        contracts.push(signed(&house).await.id);
        house.advance_seconds(3600);
        round(&house).await;
        every_copy_passes(&house, &contracts).await;
        house.close().await;
    }
}

/// What the database holds opens to no key but to the names of these files, and the list says so.
async fn lists_files(house: &TestApp, operator: &Actor, files: &[PathBuf]) {
    let names: Vec<&str> = files
        .iter()
        .map(|path| {
            path.file_name()
                .and_then(|name| name.to_str())
                .expect("a name")
        })
        .collect();
    for row in rows(house).await {
        let plain = house.app.vault.open(row.id.as_bytes(), &row.sealed_key);
        let name = format!("{}-{}.pem", row.purpose, row.id);
        assert_eq!(plain.expect("opened"), format!("file:{name}").into_bytes());
        assert!(names.contains(&name.as_str()), "{name}");
    }
    let listed = house.app.list_authority(operator).await.expect("a list");
    let (there, gone): (Vec<_>, Vec<_>) = listed.iter().partition(|card| card.retired_at.is_none());
    assert_eq!((there.len(), gone.len()), (3, 3));
    let is_filed = |place: &Option<KeyPlace>| match place {
        Some(KeyPlace::File(name)) => names.contains(&name.as_str()),
        _ => false,
    };
    assert!(there.iter().all(|card| is_filed(&card.place)));
    assert!(gone.iter().all(|card| card.place.is_none()));
}

/// Both signatures and the last timestamp of every contract, now and in fifteen years.
async fn every_copy_passes(house: &TestApp, contracts: &[DocumentId]) {
    let now = house.app.now();
    for (place, id) in contracts.iter().enumerate() {
        let contract = Contract {
            house,
            id: *id,
            file: Bytes::new(),
        };
        let copy = file(&contract).await;
        for at in [now, now.plus_seconds(15 * 366 * DAY)] {
            let told = verdicts(house, &copy, at).await;
            assert_eq!(told, vec![Indication::TotalPassed; 3], "{place} at {at}");
        }
    }
}

/// Goal: a server does not start with key files that it could not sign with, and says of each what
/// to do; put right, it starts. Method: each thing that can have happened to a file, alone.
#[tokio::test]
async fn a_start_is_refused_unless_every_key_file_opens() {
    let folder = Folder::make();
    let house = filed(&folder, &Backend::single()).await;
    assert_eq!(refusal(&house, |_| {}).await, None);

    let wrong = |config: &mut Config| {
        config.keys.file_passphrase = Secret::new("another passphrase".to_owned());
    };
    let told = refusal(&house, wrong).await.expect("refused");
    assert!(told.contains("keys.file_passphrase"), "{told}");
    assert!(!told.contains("another passphrase"), "{told}");
    let unnamed = |config: &mut Config| config.keys = no_keys();
    let told = refusal(&house, unnamed).await.expect("refused");
    assert!(told.contains("keys.file_directory"), "{told}");

    let (issuing, root) = (folder.file_of("issuing"), folder.file_of("root"));
    let whole = std::fs::read(&issuing).expect("a file");
    let away = folder.above.path().join("away.pem");
    std::fs::rename(&issuing, &away).expect("taken away");
    is_refused(&house, &issuing, "is not there").await;
    symlink(&away, &issuing).expect("a link");
    is_refused(&house, &issuing, "not a plain file").await;
    std::fs::remove_file(&issuing).expect("removed");
    std::fs::rename(&away, &issuing).expect("put back");

    set_permissions(&issuing, Permissions::from_mode(0o604)).expect("set");
    is_refused(&house, &issuing, "chmod 600").await;
    set_permissions(&issuing, Permissions::from_mode(0o600)).expect("set");
    set_permissions(folder.path(), Permissions::from_mode(0o750)).expect("set");
    is_refused(&house, &folder.path(), "chmod 700").await;
    set_permissions(folder.path(), Permissions::from_mode(0o700)).expect("set");

    for (bytes, said) in [
        (whole[..whole.len() / 2].to_vec(), "damaged"),
        (vec![b'A'; 64 * 1024 + 1], "not a plain file"),
        (std::fs::read(&root).expect("a file"), "another key"),
        (with_other_octets(&whole), "does not open"),
    ] {
        std::fs::write(&issuing, bytes).expect("written");
        is_refused(&house, &issuing, said).await;
    }
    std::fs::write(&issuing, &whole).expect("put back");
    assert_eq!(refusal(&house, |_| {}).await, None, "put right");
    house.close().await;
}

async fn is_refused(house: &TestApp, path: &Path, said: &str) {
    let told = refusal(house, |_| {}).await.expect("refused");
    let path = path.display().to_string();
    assert!(told.contains(&path) && told.contains(said), "{told}");
}

/// The same text with other octets where the enciphered key ends.
fn with_other_octets(text: &[u8]) -> Vec<u8> {
    let text = std::str::from_utf8(text).expect("a text");
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let last = lines.len() - 3;
    lines[last] = "A".repeat(lines[last].len());
    (lines.join("\n") + "\n").into_bytes()
}

/// Goal: the program itself refuses to serve, in one line that names the file. Method: `chancery
/// serve` as a process, with another passphrase, and a key file that all may read.
#[tokio::test]
async fn a_server_of_another_passphrase_does_not_serve() {
    let folder = Folder::make();
    let house = filed(&folder, &Backend::single()).await;
    for (passphrase, rights, said) in [
        ("another passphrase", 0o600, "keys.file_passphrase"),
        (PASSPHRASE, 0o644, "chmod 600"),
    ] {
        let issuing = folder.file_of("issuing");
        set_permissions(&issuing, Permissions::from_mode(rights)).expect("set");
        let config = Arc::clone(&house.app.config);
        let mut command = Command::new(env!("CARGO_BIN_EXE_chancery"));
        command
            .arg("serve")
            .current_dir(folder.above.path())
            .env_clear()
            .env("CHANCERY__SERVER__LISTEN", "127.0.0.1:0")
            .env("CHANCERY__DATABASE__URL", config.database.url.reveal())
            .env(
                "CHANCERY__SECRETS__MASTER_KEY",
                config.secrets.master_key.reveal(),
            )
            .env("CHANCERY__BLOBS__DIRECTORY", &config.blobs.directory)
            .env("CHANCERY__MAIL__DIRECTORY", &config.mail.directory)
            .env(
                "CHANCERY__WORKFLOWS__DIRECTORY",
                &config.workflows.directory,
            )
            .env("CHANCERY__KEYS__STORE", "file")
            .env("CHANCERY__KEYS__FILE_DIRECTORY", folder.path())
            .env("CHANCERY__KEYS__FILE_PASSPHRASE", passphrase)
            .stdin(Stdio::null());
        let done = tokio::task::spawn_blocking(move || command.output());
        let done = done.await.expect("run").expect("the program");
        let wrong = String::from_utf8(done.stderr).expect("UTF-8");
        assert_eq!(done.status.code(), Some(1), "{wrong}");
        let line = wrong.lines().last().expect("a line");
        assert!(line.contains(said), "{wrong}");
        assert!(line.contains(&issuing.display().to_string()), "{wrong}");
        assert!(!wrong.contains(passphrase), "{wrong}");
    }
    house.close().await;
}

/// Goal: `chancery config check --probe` opens the files and says how many, or what is wrong with
/// the first. Method: two files, made; the command run as a process, with their passphrase and
/// another.
#[test]
fn the_check_opens_the_key_files() {
    let folder = Folder::make();
    let opened = KeyFolder::of(&folder.settings()).expect("named");
    for (name, seed) in [("one.pem", 1), ("two.pem", 2)] {
        opened.keep(name, fresh(seed), &[seed; 32]).expect("kept");
    }
    let secret = folder.above.path().join("passphrase");
    for (passphrase, said) in [
        (PASSPHRASE, "the passphrase opens 2 key file(s)"),
        (
            "another passphrase",
            "keys.file_passphrase is not its passphrase",
        ),
    ] {
        std::fs::write(&secret, format!("{passphrase}\n")).expect("written");
        let done = Command::new(env!("CARGO_BIN_EXE_chancery"))
            .args(["config", "check", "--probe"])
            .current_dir(folder.above.path())
            .env_clear()
            .env("CHANCERY__SECRETS__MASTER_KEY", "0".repeat(64))
            .env("CHANCERY__KEYS__FILE_DIRECTORY", folder.path())
            .env("CHANCERY__KEYS__FILE_PASSPHRASE_FILE", &secret)
            .output()
            .expect("the program");
        let lines = String::from_utf8(done.stdout).expect("UTF-8");
        assert!(lines.contains(said), "{lines}");
        assert!(
            lines.contains("sealed in the database; earlier ones in files in "),
            "{lines}"
        );
        assert!(!lines.contains(passphrase), "{lines}");
    }
}

/// What `/readyz` says of the files.
async fn file_problem(house: &TestApp) -> Option<String> {
    let parts = house.app.readiness().await;
    let mut parts = parts.into_iter().filter(|part| part.part == "key_files");
    parts.next().expect("the part").problem
}

/// Goal: what happens to a file while the server runs is noticed at once, nothing is signed and
/// nothing is half done; put right, it signs without a new start. Method: the file taken away,
/// opened to others, exchanged.
#[tokio::test]
async fn a_running_server_signs_only_with_the_file_as_it_was() {
    let folder = Folder::make();
    let house = filed(&folder, &Backend::single()).await;
    let contract = Contract::approved(&house).await;
    let (signatory, task) = contract.signatory_may_sign().await;
    assert_eq!(file_problem(&house).await, None);
    let issuing = folder.file_of("issuing");
    let whole = std::fs::read(&issuing).expect("a file");
    let root = std::fs::read(folder.file_of("root")).expect("a file");

    let away = folder.above.path().join("away.pem");
    std::fs::rename(&issuing, &away).expect("taken away");
    says_and_signs_nothing(&house, "is not there").await;
    let refused = contract.signs(&signatory, task).await;
    assert_eq!(code(&refused.expect_err("away")), "unavailable");
    std::fs::rename(&away, &issuing).expect("put back");

    set_permissions(&issuing, Permissions::from_mode(0o640)).expect("set");
    says_and_signs_nothing(&house, "chmod 600").await;
    let refused = contract.signs(&signatory, task).await;
    assert_eq!(code(&refused.expect_err("open")), "unavailable");
    set_permissions(&issuing, Permissions::from_mode(0o600)).expect("set");

    std::fs::write(&issuing, root).expect("exchanged");
    says_and_signs_nothing(&house, "another key").await;
    let refused = contract.signs(&signatory, task).await;
    assert!(matches!(refused, Err(AppError::Internal(_))), "{refused:?}");
    std::fs::write(&issuing, whole).expect("put back");

    assert_eq!(contract.state().await, "in_run");
    let prepared = signings::Entity::find().all(house.app.store.reader()).await;
    assert!(prepared.expect("rows").is_empty());
    assert_eq!(file_problem(&house).await, None, "without a start");
    contract.signs(&signatory, task).await.expect("signed");
    house.close().await;
}

async fn says_and_signs_nothing(house: &TestApp, said: &str) {
    let problem = file_problem(house).await.expect("a problem");
    assert!(problem.contains(said), "{problem}");
}

/// Goal: a rotation that is not kept leaves no file, and one that cannot write a file leaves the
/// authority as it was. Method: a folder that others may read.
#[tokio::test]
async fn a_key_that_is_not_kept_leaves_no_file() {
    let folder = Folder::make();
    let house = filed(&folder, &Backend::single()).await;
    let operator = Actor::operator(house.vector.organisation, Locale::En);
    let before = (folder.files(), rows(&house).await);
    set_permissions(folder.path(), Permissions::from_mode(0o755)).expect("set");
    let refused = house.app.rotate_authority(&operator, true).await;
    assert_eq!(code(&refused.expect_err("open")), "unavailable");
    set_permissions(folder.path(), Permissions::from_mode(0o700)).expect("set");
    // The new keys are made, and the last list of the old issuing key is not to be signed.
    let issuing = folder.file_of("issuing");
    let away = folder.above.path().join("away.pem");
    std::fs::rename(&issuing, &away).expect("taken away");
    let refused = house.app.rotate_authority(&operator, true).await;
    assert_eq!(code(&refused.expect_err("away")), "unavailable");
    std::fs::rename(&away, &issuing).expect("put back");
    assert_eq!((folder.files(), rows(&house).await), before);
    house.close().await;
}

/// Goal: settings that cannot be are refused by name before anything is made.
#[test]
fn settings_of_key_files_are_refused_by_name() {
    let folder = Folder::make();
    let mut config = chancery::config::load(None, []).expect("the defaults");
    assert!(open_key_folder(&config).expect("none").is_none());
    config.keys.store = KeyStore::File;
    assert!(matches!(
        open_key_folder(&config),
        Err(StartError::NoKeyFolder)
    ));
    config.keys = folder.settings();
    for short in ["", "elevenchars"] {
        config.keys.file_passphrase = Secret::new(short.to_owned());
        let refused = open_key_folder(&config).expect_err("short").to_string();
        assert!(refused.contains("keys.file_passphrase"), "{refused}");
        assert!(!folder.path().exists());
    }
    config.keys = folder.settings();
    open_key_folder(&config).expect("made");
    assert_eq!(mode(&folder.path()), 0o700);
    set_permissions(folder.path(), Permissions::from_mode(0o701)).expect("set");
    let refused = open_key_folder(&config).expect_err("open").to_string();
    assert!(refused.contains("chmod 700"), "{refused}");
    let shown = format!("{config:?}");
    assert!(!shown.contains(PASSPHRASE), "{shown}");
}

fn fresh(seed: u8) -> SigningKey {
    SigningKey::from_seed(KeyKind::EcdsaP256, &[seed; 32]).expect("a key")
}

/// Goal: nothing reads a key out of its file but the file's passphrase, a value is not taken on
/// trust, and no name leads out of the folder.
#[test]
fn a_key_stays_in_its_file() {
    let folder = Folder::make();
    let opened = KeyFolder::of(&folder.settings()).expect("named");
    let key = opened.keep("one.pem", fresh(1), &[3; 32]).expect("kept");
    assert_eq!(key.to_pkcs8_der().expect_err("held"), KeyError::Held);
    let value = key.sign(b"message").expect("signed");
    chancery_signature::check_value(&key.spki_der(), b"message", &value).expect("its own");
    assert!(!format!("{opened:?} {key:?}").contains(PASSPHRASE));
    // Another key in its place is noticed.
    opened.keep("one.pem", fresh(2), &[4; 32]).expect("kept");
    assert_eq!(
        key.sign(b"message").expect_err("other"),
        KeyError::StoreWrong
    );
    opened.destroy("one.pem").expect("destroyed");
    opened.destroy("one.pem").expect("and again");
    assert_eq!(
        key.sign(b"message").expect_err("gone"),
        KeyError::StoreSilent
    );
    let outside = folder.above.path().join("outside.pem");
    std::fs::write(&outside, "x").expect("written");
    let asked = opened.check_key("../outside.pem", &key.spki_der());
    assert!(matches!(asked, Err(KeyFileError::Absent { .. })));
}

/// Goal: the files are those of other programs too: OpenSSL reads them, and what it writes with
/// another passphrase, and as many rounds, is read here; fewer rounds are not.
#[tokio::test]
async fn openssl_reads_a_key_file_and_changes_its_passphrase() {
    if !has_openssl() {
        return;
    }
    let folder = Folder::make();
    let house = filed(&folder, &Backend::single()).await;
    let issuing = folder.file_of("issuing");
    let der = folder.above.path().join("bare.der");
    openssl(
        &issuing,
        &der,
        &[
            "-passin",
            &format!("pass:{PASSPHRASE}"),
            "-topk8",
            "-nocrypt",
            "-outform",
            "DER",
        ],
    );
    let read = SigningKey::from_pkcs8_der(&std::fs::read(&der).expect("DER")).expect("a key");
    let rows = rows(&house).await;
    let row = rows.iter().find(|row| row.purpose == "issuing");
    let certified = public_key_info(&row.expect("a row").certificate).expect("a key");
    assert_eq!(read.spki_der(), certified);

    let other = "a passphrase of the new administrator";
    for (rounds, is_taken) in [("600000", true), ("2048", false)] {
        for path in folder.files() {
            let changed = folder.above.path().join("changed.pem");
            let passphrases = [format!("pass:{PASSPHRASE}"), format!("pass:{other}")];
            let bare = folder.above.path().join("bare.pem");
            openssl(
                &path,
                &bare,
                &["-passin", &passphrases[usize::from(!is_taken)]],
            );
            openssl(
                &bare,
                &changed,
                &[
                    "-topk8",
                    "-v2",
                    "aes-256-cbc",
                    "-iter",
                    rounds,
                    "-passout",
                    &passphrases[1],
                ],
            );
            std::fs::write(&path, std::fs::read(&changed).expect("a file")).expect("written");
        }
        let told = refusal(&house, |config| {
            config.keys.file_passphrase = Secret::new(other.to_owned());
        });
        match told.await {
            None => assert!(is_taken),
            Some(told) => assert!(!is_taken && told.contains("600000"), "{told}"),
        }
    }
    house.close().await;
}

fn openssl(from: &Path, to: &Path, arguments: &[&str]) {
    let done = Command::new("openssl")
        .args(["pkcs8", "-in"])
        .arg(from)
        .arg("-out")
        .arg(to)
        .args(arguments)
        .output()
        .expect("openssl");
    let said = String::from_utf8_lossy(&done.stderr).into_owned();
    assert!(done.status.success(), "{said}");
}
