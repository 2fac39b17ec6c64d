//! `chancery trust`: trusted lists and machine-readable powers of attorney, without configuration,
//! database or network.
//!
//! The exit code is 0 if everything that was asked is confirmed, 1 if something is refused, 3 if it
//! stays undecided, 2 if the arguments are wrong or a file cannot be read. Of a power of attorney
//! that fits, whether it was taken back stays undecided: no register is asked here.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use bytes::Bytes;
use chancery_signature::Anchors;
use chancery_signature::facts::Der;
use chancery_trust::{
    AnchorEntry, AuthorityPolicy, AuthorityReport, Grant, Identity, ListPolicy, ListReport,
    Organisation, Outcome, PowerSought, Question, judge_authority, read_trusted_list,
};
use chancery_types::{Instant, Locale};
use chancery_xades::Limits;
use clap::{Args, Subcommand};

use super::rows::write_row;
use super::verify::parse_locale;
use crate::app::validation::power::GivenPower;
use crate::clock::Clock;
use crate::config::terminal_locale;
use crate::i18n::authority::{authority_words, list_words};
use crate::i18n::{Formats, Value, t};
use crate::trust_files::{
    Complaint, failed, not_certificates, read_anchors, read_bounded, read_evidence, write_trusted,
};

/// The largest list or power that is read, in bytes.
const FILE_BYTES_MAX: u64 = 64 * 1024 * 1024;

const CONFIRMED: u8 = 0;
const REFUSED: u8 = 1;
const WRONG_ARGUMENTS: u8 = 2;
const UNDECIDED: u8 = 3;

/// What programs learn without reading the text.
const EXIT_CODES: &str = "Exit codes:
  0  everything that was asked is confirmed
  1  something is refused
  2  the arguments are wrong, or a file cannot be read
  3  something stays undecided; of a power of attorney that fits, always whether it was taken back,
     for no register is asked";

/// Trusted lists and powers of attorney.
#[derive(Debug, Subcommand)]
pub enum TrustCommand {
    #[command(after_help = EXIT_CODES)]
    List(List),
    #[command(after_help = EXIT_CODES)]
    Power(Power),
}

/// Check a trusted list (ETSI TS 119 612, or of accredited centres) and take its certificates.
#[derive(Debug, Args)]
pub struct List {
    /// The list, XML.
    #[arg(value_name = "LIST")]
    file: PathBuf,
    /// A certificate (PEM, DER) of who may sign the list; may be repeated.
    #[arg(long, required = true, value_name = "CERTIFICATE")]
    signer: Vec<PathBuf>,
    /// Write the certificates of granted services here, for `verify --trust`, and those of services
    /// that were granted, for what is proven to be older; the folder must be new or empty.
    #[arg(long, value_name = "DIR")]
    into: Option<PathBuf>,
    #[command(flatten)]
    how: How,
}

/// Check a machine-readable power of attorney: its form, term, signature, and whom it allows what.
#[derive(Debug, Args)]
pub struct Power {
    /// The power, XML.
    #[arg(value_name = "POWER")]
    file: PathBuf,
    /// Its signature, if that lies beside it.
    #[arg(long, value_name = "FILE")]
    signature: Option<PathBuf>,
    /// A power that it was passed on from, signed within or by FILE.sig beside it; may be repeated.
    #[arg(long, value_name = "FILE")]
    parent: Vec<PathBuf>,
    /// A file (PEM, DER) or folder of root certificates to trust; may be repeated.
    #[arg(long, value_name = "PEM-or-DIR")]
    trust: Vec<PathBuf>,
    /// A file or folder of revocation lists, OCSP answers and certificates at hand (DER, PEM); may
    /// be repeated.
    #[arg(long, value_name = "FILE-or-DIR")]
    evidence: Vec<PathBuf>,
    /// The certificate of who signed the document.
    #[arg(long, value_name = "CERTIFICATE")]
    signer: Option<PathBuf>,
    /// ИНН of the organisation for which it was signed.
    #[arg(long, value_name = "INN")]
    organisation_inn: Option<String>,
    /// ОГРН of the organisation for which it was signed.
    #[arg(long, value_name = "OGRN")]
    organisation_ogrn: Option<String>,
    /// The code of a power, one of which is needed; may be repeated.
    #[arg(long, value_name = "CODE")]
    code: Vec<String>,
    /// The beginning of a word, one of which the powers must have; may be repeated.
    #[arg(long, value_name = "WORD")]
    word: Vec<String>,
    #[command(flatten)]
    how: How,
}

#[derive(Debug, Args)]
struct How {
    /// Judge as of this moment, such as 2026-11-23T18:40:00Z; now by default.
    #[arg(long, value_name = "RFC3339")]
    at: Option<Instant>,
    /// Print the report as JSON.
    #[arg(long)]
    json: bool,
    /// The language of the text; by default that of LC_ALL, LC_MESSAGES or LANG.
    #[arg(long, value_name = "ru|en", hide_default_value = true,
        default_value = terminal_locale().code(), value_parser = parse_locale)]
    lang: Locale,
}

/// Runs the command.
#[must_use]
pub fn run(command: &TrustCommand) -> ExitCode {
    let now = Clock::System.now();
    let out = &mut io::stdout().lock();
    let (done, locale) = match command {
        TrustCommand::List(list) => (check_list(list, now, out), list.how.lang),
        TrustCommand::Power(power) => (check_power(power, now, out), power.how.lang),
    };
    ExitCode::from(done.unwrap_or_else(|complaint| {
        complain(&complaint, locale);
        WRONG_ARGUMENTS
    }))
}

fn complain(complaint: &Complaint, locale: Locale) {
    let _ = writeln!(io::stderr(), "chancery trust: {}", complaint.text(locale));
}

fn code_of(outcome: Outcome) -> u8 {
    match outcome {
        Outcome::Confirmed => CONFIRMED,
        Outcome::Refused => REFUSED,
        Outcome::Undecided => UNDECIDED,
    }
}

/// Prints a report as JSON. A closed pipe is the reader's decision.
fn print_json(out: &mut dyn Write, report: &impl serde::Serialize) {
    let text = serde_json::to_string_pretty(report).map_err(io::Error::from);
    let _ = text.and_then(|text| writeln!(out, "{text}"));
}

/// The certificates of a file, DER.
fn certificates(path: &Path) -> Result<Vec<Der>, Complaint> {
    let bytes = read_bounded(path, FILE_BYTES_MAX)?;
    let read = Anchors::from_pem_or_der(&bytes);
    let read = read.map_err(|error| not_certificates(path, error))?;
    let found = read.certificates().map(|der| Der::from(der.to_vec()));
    Ok(found.collect())
}

fn check_list(arguments: &List, now: Instant, out: &mut dyn Write) -> Result<u8, Complaint> {
    let bytes = read_bounded(&arguments.file, FILE_BYTES_MAX)?;
    let mut signers = Vec::new();
    for path in &arguments.signer {
        signers.extend(certificates(path)?);
    }
    let at = arguments.how.at.unwrap_or(now);
    let policy = ListPolicy::default();
    let report = read_trusted_list(&bytes, &signers, &policy, at, &Limits::default());
    if arguments.how.json {
        print_json(out, &report);
    } else {
        let _ = write_list(out, &report, arguments.how.lang);
    }
    if let Some(folder) = &arguments.into {
        let taken = take(&report, at, folder)?;
        if !arguments.how.json {
            let key = taken.map_or("list-not-taken", |_| "list-taken");
            let is_listed = report
                .list
                .as_ref()
                .is_some_and(|list| list.law().is_some());
            let (now, ended) = taken.unwrap_or_default();
            let count = |count: u64| Value::from(i64::try_from(count).unwrap_or(i64::MAX));
            let args = [
                ("count", count(now)),
                ("ended", count(ended)),
                ("listed", Value::from(if is_listed { "yes" } else { "no" })),
                ("folder", Value::from(folder.display().to_string())),
            ];
            let _ = writeln!(out, "\n{}", t(arguments.how.lang, key, &args));
        }
    }
    Ok(code_of(report.result))
}

fn write_list(out: &mut dyn Write, report: &ListReport, locale: Locale) -> io::Result<()> {
    let words = list_words(report, &Formats::new(locale, "UTC"));
    writeln!(out, "{} {}", words.tone.sign(), words.headline)?;
    for reason in &words.reasons {
        writeln!(out, "  — {reason}")?;
    }
    for (name, value) in &words.facts {
        write_row(out, name, value)?;
    }
    for (is_granted, text) in &words.services {
        let sign = if *is_granted { "✓" } else { "✕" };
        writeln!(out, "  {sign} {text}")?;
    }
    Ok(())
}

/// Writes what a confirmed list makes trusted into a new folder. Says how many certificates these
/// are, and how many more are trusted until a moment; nothing if the list is not confirmed.
fn take(report: &ListReport, at: Instant, folder: &Path) -> Result<Option<(u64, u64)>, Complaint> {
    let list = report.list.as_ref();
    let list = list.filter(|_| report.result == Outcome::Confirmed);
    let Some(list) = list else {
        return Ok(None);
    };
    fs::create_dir_all(folder).map_err(failed(folder))?;
    if folder.read_dir().map_err(failed(folder))?.next().is_some() {
        return Err(Complaint::of(folder, "complaint-folder-not-empty"));
    }
    let entries = list.trusted_at(at).map(|(entry, _)| entry);
    let entries: Vec<AnchorEntry> = entries.collect();
    write_trusted(folder, &entries, list.issue().as_ref()).map(Some)
}

/// Reads a power and what lies beside it.
fn read_power(power: &Path, signature: Option<&Path>) -> Result<GivenPower, Complaint> {
    let read = |path: &Path| read_bounded(path, FILE_BYTES_MAX).map(Bytes::from);
    Ok(GivenPower {
        power: read(power)?,
        signature: signature.map(read).transpose()?,
    })
}

fn check_power(arguments: &Power, now: Instant, out: &mut dyn Write) -> Result<u8, Complaint> {
    let (anchors, passed_over) = read_anchors(&arguments.trust)?;
    for complaint in &passed_over {
        complain(complaint, arguments.how.lang);
    }
    let evidence = read_evidence(&arguments.evidence)?;
    let given = read_power(&arguments.file, arguments.signature.as_deref())?;
    let mut parents = Vec::new();
    for path in &arguments.parent {
        let mut beside = path.clone().into_os_string();
        beside.push(".sig");
        let beside = PathBuf::from(beside);
        parents.push(read_power(
            path,
            beside.exists().then_some(beside.as_path()),
        )?);
    }
    let parents: Vec<Grant<'_>> = parents.iter().map(GivenPower::grant).collect();
    let signer = arguments.signer.as_deref().map(identity).transpose()?;
    let organisation = Organisation {
        inn: arguments.organisation_inn.clone(),
        ogrn: arguments.organisation_ogrn.clone(),
    };
    let sought = PowerSought {
        codes: arguments.code.clone(),
        words: arguments.word.clone(),
    };
    let question = Question {
        grant: given.grant(),
        parents: &parents,
        signer: signer.as_ref(),
        organisation: Some(&organisation).filter(|one| **one != Organisation::default()),
        sought: Some(&sought).filter(|one| **one != PowerSought::default()),
        registry: None,
        evidence: &evidence,
        at: arguments.how.at.unwrap_or(now),
        now,
    };
    let policy = AuthorityPolicy::default();
    let report = judge_authority(&question, &policy, &anchors, &Limits::default());
    if arguments.how.json {
        print_json(out, &report);
    } else {
        let _ = write_power(out, &report, arguments.how.lang);
    }
    Ok(match code_of(report.result) {
        // The register may have it taken back: whoever reads only the code learns that too.
        CONFIRMED if !report.register_asked => UNDECIDED,
        code => code,
    })
}

/// Whom a certificate names.
fn identity(path: &Path) -> Result<Identity, Complaint> {
    let found = certificates(path)?;
    let first = found
        .first()
        .and_then(|der| Identity::of_certificate(&der.0));
    first.ok_or_else(|| Complaint::of(path, "complaint-certificate-of-nobody"))
}

fn write_power(out: &mut dyn Write, report: &AuthorityReport, locale: Locale) -> io::Result<()> {
    let words = authority_words(report, &Formats::new(locale, "UTC"));
    writeln!(
        out,
        "{} {}: {}",
        words.tone.sign(),
        words.title,
        words.headline
    )?;
    for reason in &words.reasons {
        writeln!(out, "  — {reason}")?;
    }
    // What is only to be known is no reason against it.
    if !words.warnings.is_empty() {
        writeln!(out, "  {}:", t(locale, "verify-warnings", &[]))?;
    }
    for warning in &words.warnings {
        writeln!(out, "    · {warning}")?;
    }
    for (name, value) in &words.facts {
        // A label once, and its lines below one another.
        for (place, line) in value.lines().enumerate() {
            write_row(out, if place == 0 { name } else { "" }, line)?;
        }
    }
    for check in &words.checks {
        write_row(out, &check.name, &check.result)?;
    }
    Ok(())
}
