//! `chancery verify`: judges files, without configuration, database or network.
//!
//! The exit code is 0 if every file has a signature and every signature is TOTAL-PASSED; 1 if any
//! is TOTAL-FAILED; 3 if nothing failed but something is INDETERMINATE (a file without a signature
//! too); 2 if the arguments are wrong or a file cannot be read, whatever the others say.

use std::fs::File;
use std::io::{self, Read as _, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use chancery_signature::{Anchors, Indication};
use chancery_types::{Instant, Locale};
use clap::Args;

use crate::app::validation::{Checked, validate};
use crate::clock::Clock;
use crate::i18n::verdict::{FileWords, SignatureWords, file_words, shown};
use crate::i18n::{Formats, MEGABYTE, t};

/// The largest file that is read, in bytes.
const FILE_BYTES_MAX: u64 = 256 * 1024 * 1024;
/// The largest file of trusted certificates, in bytes.
const TRUST_BYTES_MAX: u64 = 16 * 1024 * 1024;
/// Most files of a folder of trusted certificates.
const TRUST_FILES_MAX: usize = 1_000;
/// What files of trusted certificates end with, in a folder.
const TRUST_ENDINGS: [&str; 4] = ["pem", "crt", "cer", "der"];
/// The column that values begin in.
const LABEL_CHARS: usize = 24;

const PASSED: u8 = 0;
const FAILED: u8 = 1;
const WRONG_ARGUMENTS: u8 = 2;
const INDETERMINATE: u8 = 3;

/// Check the signatures of files.
///
/// Exit code: 0 if all signatures are TOTAL-PASSED, 1 if any is TOTAL-FAILED, 3 if some are
/// INDETERMINATE or missing, 2 if the arguments are wrong or a file cannot be read.
#[derive(Debug, Args)]
pub struct Verify {
    /// PDF, or CMS (p7s, p7m, sig, sgn; DER, PEM or Base64).
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Print an array of reports, one object a file.
    #[arg(long)]
    json: bool,
    /// A file (PEM, DER) or folder of root certificates to trust; may be repeated.
    #[arg(long, value_name = "PEM-or-DIR")]
    trust: Vec<PathBuf>,
    /// The file that a detached signature signs.
    #[arg(long, value_name = "FILE")]
    content: Option<PathBuf>,
    /// Judge as of this moment, such as 2026-11-23T18:40:00Z; now by default.
    #[arg(long, value_name = "RFC3339")]
    at: Option<Instant>,
    /// The language of the text.
    #[arg(long, value_name = "ru|en", default_value = "en", value_parser = parse_locale)]
    lang: Locale,
}

fn parse_locale(text: &str) -> Result<Locale, String> {
    Locale::from_code(text).ok_or_else(|| "ru or en".to_owned())
}

/// Runs the command.
#[must_use]
pub fn run(arguments: &Verify) -> ExitCode {
    let now = Clock::System.now();
    let code = verify(
        arguments,
        now,
        &mut io::stdout().lock(),
        &mut io::stderr().lock(),
    );
    ExitCode::from(code)
}

fn verify(arguments: &Verify, now: Instant, out: &mut dyn Write, errors: &mut dyn Write) -> u8 {
    let (anchors, content) = match read_arguments(arguments) {
        Ok(read) => read,
        Err(line) => {
            complain(errors, &line);
            return WRONG_ARGUMENTS;
        }
    };
    let at = arguments.at.unwrap_or(now);
    let mut reports = Vec::new();
    let mut code = PASSED;
    for path in &arguments.files {
        let file = match read_bounded(path, FILE_BYTES_MAX) {
            Ok(file) => file,
            Err(line) => {
                complain(errors, &line);
                code = WRONG_ARGUMENTS;
                continue;
            }
        };
        let mut checked = validate(&file, content.as_deref(), &anchors, at);
        let signature = arguments.content.as_ref().filter(|_| checked.swapped);
        let path = signature.unwrap_or(path);
        checked.report.file = Some(path.display().to_string());
        code = worse(code, code_of(checked.report.indication));
        // Texts go out file by file; JSON is one array.
        if arguments.json {
            reports.push(checked);
        } else if write_text(out, path, &checked, arguments.lang).is_err() {
            break;
        }
    }
    if arguments.json {
        let written = serde_json::to_string_pretty(&reports).map_err(io::Error::from);
        // A closed pipe is the reader's decision.
        let _ = written.and_then(|text| writeln!(out, "{text}"));
    }
    code
}

fn code_of(indication: Indication) -> u8 {
    match indication {
        Indication::TotalPassed => PASSED,
        Indication::TotalFailed => FAILED,
        Indication::Indeterminate => INDETERMINATE,
    }
}

fn worse(one: u8, other: u8) -> u8 {
    let order = [WRONG_ARGUMENTS, FAILED, INDETERMINATE];
    order
        .into_iter()
        .find(|code| [one, other].contains(code))
        .unwrap_or(PASSED)
}

fn complain(errors: &mut dyn Write, line: &str) {
    let _ = writeln!(errors, "chancery verify: {line}");
}

fn read_arguments(arguments: &Verify) -> Result<(Anchors, Option<Vec<u8>>), String> {
    let mut anchors = Anchors::none();
    for path in &arguments.trust {
        for file in trust_files(path)? {
            let bytes = read_bounded(&file, TRUST_BYTES_MAX)?;
            let read = Anchors::from_pem_or_der(&bytes);
            anchors.extend(read.map_err(|error| format!("{}: {error}", named(&file)))?);
        }
    }
    let content = arguments.content.as_ref();
    let content = content
        .map(|path| read_bounded(path, FILE_BYTES_MAX))
        .transpose()?;
    Ok((anchors, content))
}

fn trust_files(path: &Path) -> Result<Vec<PathBuf>, String> {
    if !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let failed = |error: io::Error| format!("{}: {error}", named(path));
    let mut files = Vec::new();
    for entry in path.read_dir().map_err(failed)? {
        let file = entry.map_err(failed)?.path();
        let ending = file
            .extension()
            .and_then(|end| end.to_str())
            .map(str::to_ascii_lowercase);
        if ending.is_some_and(|end| TRUST_ENDINGS.contains(&end.as_str())) {
            files.push(file);
        }
        if files.len() > TRUST_FILES_MAX {
            return Err(format!(
                "{}: more than {TRUST_FILES_MAX} certificates",
                named(path)
            ));
        }
    }
    if files.is_empty() {
        let endings = TRUST_ENDINGS.join(", ");
        return Err(format!("{}: no certificates here ({endings})", named(path)));
    }
    files.sort();
    Ok(files)
}

/// Reads a file to its end, but never more than `bytes_max`.
fn read_bounded(path: &Path, bytes_max: u64) -> Result<Vec<u8>, String> {
    let failed = |error: io::Error| format!("{}: {error}", named(path));
    let file = File::open(path).map_err(failed)?;
    let mut bytes = Vec::new();
    let limit = bytes_max.saturating_add(1);
    let read = file.take(limit).read_to_end(&mut bytes).map_err(failed)?;
    if read as u64 > bytes_max {
        return Err(format!(
            "{}: larger than {} MB",
            named(path),
            bytes_max / MEGABYTE
        ));
    }
    Ok(bytes)
}

fn named(path: &Path) -> String {
    shown(&path.display().to_string())
}

fn write_text(
    out: &mut dyn Write,
    path: &Path,
    checked: &Checked,
    locale: Locale,
) -> io::Result<()> {
    let words = file_words(&checked.report, &Formats::new(locale, "UTC"));
    writeln!(out, "{} {}", words.tone.sign(), words.headline)?;
    if checked.swapped {
        writeln!(out, "  {}", t(locale, "verify-swapped", &[]))?;
    }
    if !words.lead.is_empty() {
        writeln!(out, "  {}", words.lead)?;
    }
    if !words.advice.is_empty() {
        writeln!(out, "  {}", words.advice)?;
    }
    let text = |key: &str| t(locale, key, &[]);
    write_file_facts(out, path, &words, &text)?;
    for signature in &words.signatures {
        write_signature(out, signature, &text)?;
    }
    writeln!(out)
}

fn write_file_facts(
    out: &mut dyn Write,
    path: &Path,
    words: &FileWords,
    text: &dyn Fn(&str) -> String,
) -> io::Result<()> {
    write_row(out, &text("verify-file-name"), &named(path))?;
    write_row(out, &text("verify-sha256"), &words.sha256)?;
    write_row(out, &text("verify-judged"), &words.judged_at)?;
    write_row(out, &text("verify-policy"), &words.policy)?;
    write_row(out, &text("verify-codes"), &words.codes.join("; "))
}

fn write_signature(
    out: &mut dyn Write,
    words: &SignatureWords,
    text: &dyn Fn(&str) -> String,
) -> io::Result<()> {
    let sign = words.tone.sign();
    writeln!(
        out,
        "\n  {sign} {}: {} ({})",
        words.number, words.word, words.indication
    )?;
    for reason in &words.reasons {
        writeln!(out, "    — {reason}")?;
    }
    if !words.advice.is_empty() {
        writeln!(out, "    {}: {}", text("verify-advice"), words.advice)?;
    }
    if !words.command.is_empty() {
        writeln!(out, "    {}", words.command)?;
    }
    let parts = [
        &words.who,
        &words.organisation,
        &words.emails,
        &words.issuer,
    ];
    let who: Vec<&str> = parts
        .into_iter()
        .map(String::as_str)
        .filter(|p| !p.is_empty())
        .collect();
    write_row(out, &text("verify-who"), &who.join(", "))?;
    let when = match words.when_source.as_str() {
        "" => words.when.clone(),
        source => format!("{} ({source})", words.when),
    };
    write_row(out, &text("verify-when"), &when)?;
    write_row(out, &text("verify-key"), &words.key)?;
    write_row(out, &text("verify-covers"), &words.covers)?;
    write_row(out, &text("verify-after"), &words.after.join("; "))?;
    for warning in &words.warnings {
        write_row(out, &text("verify-warnings"), warning)?;
    }
    for link in &words.chain {
        let link = format!("{} ({}; {})", link.name, link.validity, link.revocation);
        write_row(out, &text("verify-chain"), &link)?;
    }
    for (name, value) in &words.technical {
        write_row(out, name, value)?;
    }
    Ok(())
}

fn write_row(out: &mut dyn Write, label: &str, value: &str) -> io::Result<()> {
    if value.is_empty() {
        return Ok(());
    }
    let gap = LABEL_CHARS.saturating_sub(label.chars().count()).max(1);
    writeln!(out, "    {label}{}{value}", " ".repeat(gap))
}
