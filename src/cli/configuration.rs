//! `chancery config`: what would be used, what is wrong with it, a new master key.

mod calls;
mod parts;

use std::fmt::Write as _;
use std::net::ToSocketAddrs as _;
use std::path::Path;

use anyhow::bail;
use chancery_types::Locale;

use super::schema;
use super::{Settings, in_runtime, print_line};
use crate::app::build::{StartError, open_store, open_vault};
use crate::app::chains::{Chains, ChainsError, Known};
use crate::app::online::Online;
use crate::app::stamps::Stamps;
use crate::blob::Blobs;
use crate::clock::Clock;
use crate::config::{self, Config, KeyStore, MailTransport};
use crate::entropy;
use crate::i18n::t;
use crate::key_file::KeyFolder;
use crate::key_token::KeyToken;
use crate::mail::{Mailer, check_settings};
use crate::trust_files::{Complaint, read_anchors, read_evidence, read_policy};
use crate::{private, telemetry};

/// Prints every setting; secrets show only whether they are there.
///
/// # Errors
///
/// The configuration's.
pub fn show(settings: &Settings) -> anyhow::Result<()> {
    print_line(&format!("{:#?}", settings.load()?));
    Ok(())
}

/// A new master key: 64 hexadecimal digits.
pub fn new_key() -> String {
    hex::encode(entropy::bytes::<32>())
}

/// Says what each part would use and what is wrong with it; with `probe` it also reaches out.
///
/// # Errors
///
/// How many parts are unusable, after all of them were told.
pub fn check(settings: &Settings, probe: bool) -> anyhow::Result<()> {
    let config = settings.load()?;
    let mut report = Report::default();
    report.add("server", describe_server(&config));
    let key = open_vault(&config).map(|_| match open_secrets(&config).as_slice() {
        [] => "given".to_owned(),
        found => format!("given; {}", found.join("; ")),
    });
    report.add("master key", key.map_err(|error| error.to_string()));
    report.add("database", describe_database(&config));
    report.add("blobs", describe_blobs(&config));
    report.add("mail", describe_mail(&config));
    report.add("workflows", describe_workflows(&config));
    report.add("trust", describe_trust(&config));
    report.add("timestamps", describe_timestamps(&config));
    report.add("keys", describe_keys(&config));
    for (part, text) in parts::describe(&config) {
        report.add(part, Ok(text));
    }
    report.add("calls", calls::describe(&config));
    report.add("log", describe_log(&config));
    if probe {
        in_runtime(reach_out(&config, &mut report))?;
    }
    match report.wrong_count {
        0 => Ok(()),
        count => bail!("{count} part(s) cannot be used as configured"),
    }
}

#[derive(Default)]
struct Report {
    wrong_count: usize,
}

impl Report {
    fn add(&mut self, part: &str, answer: Result<String, String>) {
        let (mark, text) = match answer {
            Ok(text) => ("ok", text),
            Err(why) => {
                self.wrong_count = self.wrong_count.saturating_add(1);
                ("WRONG", why)
            }
        };
        print_line(&format!("{part:<14}{mark:<7}{text}"));
    }
}

/// What is wrong with the rights of the files that hold secrets.
pub(super) fn open_secrets(config: &Config) -> Vec<String> {
    let files = [
        &config.secrets.master_key_file,
        &config.blobs.secret_key_file,
        &config.mail.smtp_password_file,
        &config.keys.pkcs11_pin_file,
        &config.keys.file_passphrase_file,
    ];
    let webhooks = config.webhooks.calls.values().map(|call| &call.secret_file);
    let lookups = config.lookups.calls.values().map(|call| &call.secret_file);
    let files = files.into_iter().chain(webhooks).chain(lookups);
    let named = files.filter(|file| !file.is_empty());
    let open = named.filter(|file| private::is_open_to_others(Path::new(file)));
    open.map(|file| format!("other accounts may read {file}: run `chmod 600 {file}`"))
        .collect()
}

/// What the checks would trust; reading it is the check.
fn describe_trust(config: &Config) -> Result<String, String> {
    let told = |error: Complaint| error.text(Locale::En);
    let (anchors, passed_over) = read_anchors(&config.trust.anchors).map_err(told)?;
    read_evidence(&config.trust.evidence).map_err(told)?;
    let policy = match config.trust.policy.as_os_str().is_empty() {
        true => "the built-in policy".to_owned(),
        false => format!(
            "policy {}",
            read_policy(&config.trust.policy).map_err(told)?.name
        ),
    };
    let online = Online::open(&config.trust).map_err(|error| format!("trust.online: {error}"))?;
    let online = match online.is_off() {
        true => "nobody is asked about revocation".to_owned(),
        false => format!(
            "{} may be asked about revocation, {} s and {} bytes an answer",
            config.trust.online.join(", "),
            config.trust.online_seconds_max,
            config.trust.online_bytes_max
        ),
    };
    let passed_over = match passed_over.len() {
        0 => String::new(),
        count => format!(" ({count} files passed over)"),
    };
    Ok(format!(
        "{} roots beside our own{passed_over}; {policy}; {online}",
        anchors.len()
    ))
}

/// Where the authority's keys are made. A token is asked only by the server and by `--probe`: each
/// wrong PIN counts.
fn describe_keys(config: &Config) -> Result<String, String> {
    let keys = &config.keys;
    let token = KeyToken::of(keys).map(|token| format!("the token {}", token.label()));
    let folder = KeyFolder::of(keys);
    if let Some(folder) = &folder {
        folder.check_settings().map_err(|error| error.to_string())?;
    }
    let folder = folder.map(|folder| format!("files in {}", folder.path().display()));
    let (made, others) = match keys.store {
        KeyStore::Sealed => ("sealed in the database".to_owned(), [token, folder]),
        KeyStore::Pkcs11 => {
            let token = token.ok_or_else(|| StartError::NoKeyToken.to_string())?;
            (format!("made in {token}"), [None, folder])
        }
        KeyStore::File => {
            let folder = folder.ok_or_else(|| StartError::NoKeyFolder.to_string())?;
            (format!("made in {folder}"), [token, None])
        }
    };
    let others = others.into_iter().flatten();
    let others = others.map(|place| format!("; earlier ones in {place}"));
    Ok(others.fold(made, |told, place| told + &place))
}

/// Whose timestamps signatures get.
fn describe_timestamps(config: &Config) -> Result<String, String> {
    match Stamps::open(&config.signing, &config.trust).map_err(|error| error.to_string())? {
        Stamps::Own => Ok("of our own authority".to_owned()),
        Stamps::Asked(_) if config.trust.anchors.is_empty() => {
            Err("signing.tsa_url: its root must stand in trust.anchors, which is empty".to_owned())
        }
        Stamps::Asked(asked) => Ok(format!("of {}", asked.host())),
    }
}

fn describe_server(config: &Config) -> Result<String, String> {
    let server = &config.server;
    check_address("server.listen", &server.listen)?;
    let metrics = if server.metrics_listen.is_empty() {
        "the same, for this machine".to_owned()
    } else {
        check_address("server.metrics_listen", &server.metrics_listen)?;
        server.metrics_listen.clone()
    };
    Ok(format!(
        "listens on {}, reached as {}; metrics on {metrics}; trusts {} proxies",
        server.listen,
        server.public_url,
        server.trusted_proxies.len()
    ))
}

/// An address that this machine has: nothing is bound, so that a running server does not disturb.
fn check_address(setting: &str, address: &str) -> Result<(), String> {
    let found = address.to_socket_addrs().map(|mut found| found.next());
    match found {
        Ok(Some(_)) => Ok(()),
        Ok(None) => Err(format!(
            "{setting}: `{address}` is no address of this machine"
        )),
        Err(error) => Err(format!(
            "{setting}: `{address}` is not an address and port such as 127.0.0.1:8080 ({error})"
        )),
    }
}

fn describe_log(config: &Config) -> Result<String, String> {
    telemetry::check(&config.log).map_err(|error| error.to_string())?;
    Ok(format!(
        "{:?} lines, filter `{}`",
        config.log.format, config.log.filter
    ))
}

fn describe_database(config: &Config) -> Result<String, String> {
    // The address may hold a password: only the backend is told.
    let url = config.database.url.reveal();
    let backend = match url.split_once(':') {
        Some(("sqlite", file)) => format!("SQLite, {}", file.trim_start_matches("//")),
        Some(("postgres" | "postgresql", _)) => "PostgreSQL".to_owned(),
        _ => return Err("database.url begins with sqlite:// or postgres://".to_owned()),
    };
    let database = &config.database;
    Ok(format!(
        "{backend}; at most {} connections, a request waits {} ms for one",
        database.connections_max, database.acquire_timeout_ms
    ))
}

fn describe_blobs(config: &Config) -> Result<String, String> {
    let blobs = &config.blobs;
    let max = blobs.object_bytes_max;
    if blobs.endpoint.is_empty() {
        let folder = blobs.directory.display();
        return Ok(format!("embedded, in {folder}; objects up to {max} bytes"));
    }
    if !(blobs.endpoint.starts_with("http://") || blobs.endpoint.starts_with("https://")) {
        return Err("blobs.endpoint begins with http:// or https://".to_owned());
    }
    if blobs.access_key.is_empty() || blobs.secret_key.is_empty() {
        return Err("blobs.access_key and blobs.secret_key are needed for an endpoint".to_owned());
    }
    Ok(format!(
        "bucket {} at {}; objects up to {max} bytes",
        blobs.bucket, blobs.endpoint
    ))
}

fn describe_mail(config: &Config) -> Result<String, String> {
    let mail = &config.mail;
    // Reads the authority's file and the sender's address; connects to nobody.
    check_settings(mail).map_err(|error| error.to_string())?;
    Ok(match mail.transport {
        MailTransport::Directory => format!("files in {}", mail.directory.display()),
        MailTransport::Smtp => {
            format!(
                "{}:{} ({:?}), at most {} s a mail, {} tries",
                mail.smtp_host,
                mail.smtp_port,
                mail.smtp_tls,
                mail.smtp_timeout_seconds,
                mail.attempts_max
            )
        }
    })
}

/// Loads them as the server does; what is wrong is printed as `chancery workflow check` does.
fn describe_workflows(config: &Config) -> Result<String, String> {
    let directory = &config.workflows.directory;
    let chains = Chains::load_knowing(directory, Known::of(config))
        .map_err(|error| format!("workflows.directory: {error}"))?;
    let on = &config.workflows.packs;
    let locale = config::terminal_locale();
    if let Err(ChainsError::UnknownPack { name, known }) = chains.check_switched_on(on) {
        let args = [("name", name.into()), ("known", known.into())];
        return Err(t(locale, "workflow-unknown-pack", &args));
    }
    let kinds = chains.kinds().values();
    let offered = kinds.filter(|kind| chains.offers(kind, on)).count();
    let mut said = format!(
        "{}: {} kinds, {} chains; {offered} kinds offered",
        directory.display(),
        chains.kinds().len(),
        chains.chains().len()
    );
    for finding in chains.outside_packs() {
        let cure = finding.help(locale).unwrap_or_default();
        let _ = write!(said, "; {}: {cure}", finding.text(locale));
    }
    Ok(said)
}

async fn reach_out(config: &Config, report: &mut Report) {
    let database = match open_store(config).await {
        Ok(store) => schema::count_missing(&store).await,
        Err(error) => Err(error),
    };
    let database = database.map(|missing| match missing {
        0 => "reached, up to date".to_owned(),
        count => format!("reached, lacks {count} migration(s): run `chancery migrate`"),
    });
    report.add("… database", database.map_err(|error| error.to_string()));
    let blobs = match Blobs::open(&config.blobs, &entropy::secret()).await {
        Ok(blobs) => blobs.probe(&entropy::secret()).await,
        Err(error) => Err(error),
    };
    let blobs = blobs.map(|probe| probe.to_string());
    report.add("… blobs", blobs.map_err(|error| error.to_string()));
    let mail = match Mailer::open(&config.mail) {
        Ok(mailer) => mailer.check().await,
        Err(error) => Err(error),
    };
    let mail = mail.map(|()| "reached".to_owned());
    report.add("… mail", mail.map_err(|error| error.to_string()));
    if let Some(folder) = KeyFolder::of(&config.keys) {
        let asked = tokio::task::spawn_blocking(move || folder.check_files()).await;
        let asked = asked.map_err(|error| error.to_string());
        let asked = asked.and_then(|asked| asked.map_err(|error| error.to_string()));
        let told = asked.map(|count| format!("the passphrase opens {count} key file(s)"));
        report.add("… key files", told);
    }
    if let Some(token) = KeyToken::of(&config.keys) {
        let asked = tokio::task::spawn_blocking(move || token.check()).await;
        let asked = asked.map_err(|error| error.to_string());
        let asked = asked.and_then(|asked| asked.map_err(|error| error.to_string()));
        report.add(
            "… keys",
            asked.map(|()| "the token takes the PIN".to_owned()),
        );
    }
    calls::reach_out(config, report).await;
    // What is wrong with the address itself was told before.
    if let Ok(Stamps::Asked(asked)) = Stamps::open(&config.signing, &config.trust) {
        let given = asked.probe(Clock::System.now()).await;
        let given = given.map(|at| format!("{} gave one of {at}", asked.host()));
        report.add("… timestamps", given);
    }
}
