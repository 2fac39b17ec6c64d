//! `chancery config`: what would be used, what is wrong with it, a new master key.

use anyhow::bail;

use super::schema;
use super::{Settings, in_runtime, print_line};
use crate::app::build::{open_store, open_vault};
use crate::blob::Blobs;
use crate::config::{Config, MailTransport};
use crate::entropy;
use crate::mail::Mailer;

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
    report.add("server", Ok(describe_server(&config)));
    let key = open_vault(&config).map(|_| "given".to_owned());
    report.add("master key", key.map_err(|error| error.to_string()));
    report.add("database", describe_database(&config));
    report.add("blobs", Ok(describe_blobs(&config)));
    report.add("mail", describe_mail(&config));
    report.add("workflows", describe_workflows(&config));
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

fn describe_server(config: &Config) -> String {
    let server = &config.server;
    format!(
        "listens on {}, reached as {}",
        server.listen, server.public_url
    )
}

fn describe_database(config: &Config) -> Result<String, String> {
    // The address may hold a password: only the backend is told.
    let url = config.database.url.reveal();
    match url.split_once(':') {
        Some(("sqlite", file)) => Ok(format!("SQLite, {}", file.trim_start_matches("//"))),
        Some(("postgres" | "postgresql", _)) => Ok("PostgreSQL".to_owned()),
        _ => Err("database.url begins with sqlite:// or postgres://".to_owned()),
    }
}

fn describe_blobs(config: &Config) -> String {
    let blobs = &config.blobs;
    if blobs.endpoint.is_empty() {
        return format!("embedded, in {}", blobs.directory.display());
    }
    format!("bucket {} at {}", blobs.bucket, blobs.endpoint)
}

fn describe_mail(config: &Config) -> Result<String, String> {
    let mail = &config.mail;
    Ok(match mail.transport {
        MailTransport::Directory => format!("files in {}", mail.directory.display()),
        MailTransport::Smtp => {
            // Reads the authority's file and the sender's address; connects to nobody.
            Mailer::open(mail).map_err(|error| error.to_string())?;
            format!(
                "{}:{} ({:?})",
                mail.smtp_host, mail.smtp_port, mail.smtp_tls
            )
        }
    })
}

fn describe_workflows(config: &Config) -> Result<String, String> {
    let directory = &config.workflows.directory;
    if directory.is_dir() {
        Ok(directory.display().to_string())
    } else {
        Err(format!(
            "workflows.directory: {} is not a folder; check the path",
            directory.display()
        ))
    }
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
}
