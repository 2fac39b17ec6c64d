//! `chancery verify`: judges files, without configuration or database, and without the network
//! unless hosts are named that may be asked.
//!
//! The exit code is 0 if every file has a signature and every signature is TOTAL-PASSED; 1 if any
//! is TOTAL-FAILED; 3 if nothing failed but something is INDETERMINATE (a file without a signature
//! too); 2 if the arguments are wrong or a file cannot be read, whatever the others say.

mod answers;
pub(super) mod given;
mod reports;
mod tally;
mod text;
mod unread;

use std::io::{self, IsTerminal as _, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering};

use chancery_types::{Instant, Locale};
use clap::Args;

use crate::app::validation::{Checked, Matter, report_schema};
use crate::clock::Clock;
use crate::config::terminal_locale;
use crate::i18n::{MEGABYTE, t_named};
use crate::trust_files::{Complaint, read_bounded};
use answers::{Answers, Manner, PASSED, WRONG_ARGUMENTS, complain};
use given::{Given, read_arguments};
use reports::NewFolder;
use unread::too_large;

/// Files that are read and judged at once, at most: each may take as much memory as is allowed.
const PARALLEL_MAX: usize = 8;

/// Check the signatures of files.
///
/// Exit code: 0 if all signatures are TOTAL-PASSED, 1 if any is TOTAL-FAILED, 3 if some are
/// INDETERMINATE or missing, 2 if the arguments are wrong or a file cannot be read.
#[derive(Debug, Args)]
pub struct Verify {
    /// PDF, XML with its signature inside, or CMS (p7s, p7m, sig, sgn; DER, PEM or Base64).
    #[arg(required_unless_present = "schema", value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Print an array of reports, one object a file.
    #[arg(long)]
    json: bool,
    /// Print the JSON Schema of those objects, and check nothing.
    #[arg(long, conflicts_with = "files")]
    schema: bool,
    /// A file (PEM, DER) or folder of root certificates to trust; may be repeated.
    #[arg(long, value_name = "PEM-or-DIR")]
    trust: Vec<PathBuf>,
    /// The file that a detached signature signs; refused beside a file that holds what it signs.
    #[arg(long, value_name = "FILE")]
    content: Option<PathBuf>,
    /// Judge as of this moment, such as 2026-11-23T18:40:00Z; now by default.
    #[arg(long, value_name = "RFC3339")]
    at: Option<String>,
    /// A policy in TOML: what counts as good enough; the built-in one by default.
    #[arg(long, value_name = "FILE")]
    policy: Option<PathBuf>,
    /// A file or folder of revocation lists, OCSP answers and certificates at hand (DER, PEM); may
    /// be repeated.
    #[arg(long, value_name = "FILE-or-DIR")]
    evidence: Vec<PathBuf>,
    /// A host that may be asked about revocation where nothing at hand tells it, such as
    /// ocsp.example.org or *.example.org; may be repeated. Nobody is asked by default.
    #[arg(long, value_name = "HOST", value_delimiter = ',')]
    online: Vec<String>,
    /// Let those hosts lie in a private network.
    #[arg(long, requires = "online")]
    online_may_be_private: bool,
    /// A file of authorities (PEM) whose https is believed beside those that this system knows.
    #[arg(long, value_name = "FILE", requires = "online")]
    https_ca: Option<String>,
    /// Write a protocol of each file here, as PDF, HTML and JSON; the folder must be new or empty.
    #[arg(long, value_name = "DIR")]
    report: Option<PathBuf>,
    /// Write each file here as each of its signatures found it, to the byte (PDF); the folder must
    /// be new or empty.
    #[arg(long, value_name = "DIR")]
    revisions: Option<PathBuf>,
    /// The largest file that is judged, in megabytes; a larger one is only named in its report.
    #[arg(long, value_name = "N", default_value_t = 256,
        value_parser = clap::value_parser!(u64).range(1..=16_384))]
    max_megabytes: u64,
    /// The language of the text and the protocols; by default that of LC_ALL, LC_MESSAGES or LANG.
    #[arg(long, value_name = "ru|en", hide_default_value = true,
        default_value = terminal_locale().code(), value_parser = parse_locale)]
    lang: Locale,
}

/// A language by its code.
pub(super) fn parse_locale(text: &str) -> Result<Locale, String> {
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
    if arguments.schema {
        // A closed pipe is the reader's decision.
        let _ = writeln!(out, "{:#}", report_schema());
        return PASSED;
    }
    let prepared =
        read_arguments(arguments).and_then(|given| Ok((given, Folders::open(arguments)?)));
    let (given, folders) = match prepared {
        Ok(prepared) => prepared,
        Err(complaint) => {
            complain(errors, &complaint.text(arguments.lang));
            return WRONG_ARGUMENTS;
        }
    };
    warn(errors, &given.warnings, arguments.lang);
    let moments = Moments {
        judged: given.at.unwrap_or(now),
        now,
        made: given.at.map(|_| now),
    };
    let progress = Progress::new(arguments.files.len());
    let manner = Manner {
        is_json: arguments.json,
        files: arguments.files.len(),
        locale: arguments.lang,
    };
    let mut answers = Answers::new((out, errors), &progress, manner);
    let mut number = 0;
    // A batch at a time, so that the text of the first files does not wait for the last.
    for batch in arguments.files.chunks(parallel()) {
        for (path, judged) in batch
            .iter()
            .zip(judge_batch(batch, &given, moments, &progress))
        {
            number += 1;
            let judged = judged.and_then(|one| {
                // Given the wrong way round: the protocol is of the signature.
                let path = signature_of(&one.checked, path, arguments);
                folders.write(number, path, &one, arguments.lang)?;
                Ok((one.checked, path))
            });
            match judged {
                Ok((checked, path)) => {
                    if answers.judged(path, checked).is_err() {
                        return answers.code();
                    }
                }
                Err(complaint) => answers.unread(path, &complaint),
            }
        }
        answers.show_progress();
    }
    answers.end()
}

fn parallel() -> usize {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    cores.min(PARALLEL_MAX)
}

/// A judgement with the file that was given, or why there is none.
type Judged = Result<JudgedFile, Complaint>;

struct JudgedFile {
    checked: Checked,
    /// The size of the file that holds the signature, in bytes.
    size_bytes: u64,
    /// Its bytes, if somebody wants to write some of them.
    file: Option<Vec<u8>>,
}

/// Where something is written for each file, if it is asked for.
struct Folders {
    protocols: Option<NewFolder>,
    revisions: Option<NewFolder>,
}

impl Folders {
    fn open(arguments: &Verify) -> Result<Self, Complaint> {
        let files = arguments.files.len();
        let open = |path: &Option<PathBuf>| {
            let path = path.as_deref();
            path.map(|path| NewFolder::open(path, files)).transpose()
        };
        Ok(Self {
            protocols: open(&arguments.report)?,
            revisions: open(&arguments.revisions)?,
        })
    }

    fn write(
        &self,
        number: usize,
        path: &Path,
        judged: &JudgedFile,
        locale: Locale,
    ) -> Result<(), Complaint> {
        let checked = &judged.checked;
        if let Some(folder) = &self.protocols {
            folder.write_protocols(number, path, checked, judged.size_bytes, locale)?;
        }
        if let (Some(folder), Some(file)) = (&self.revisions, &judged.file) {
            folder.write_revisions(number, path, checked, file)?;
        }
        Ok(())
    }
}

/// As of when files are judged.
#[derive(Clone, Copy)]
struct Moments {
    judged: Instant,
    now: Instant,
    /// Now, if the moment was chosen.
    made: Option<Instant>,
}

/// Where the signature lies: in the place of its content if they were given the wrong way round.
fn signature_of<'a>(checked: &Checked, path: &'a Path, arguments: &'a Verify) -> &'a Path {
    let content = arguments.content.as_deref();
    content.filter(|_| checked.swapped).unwrap_or(path)
}

/// Judges files side by side; answers in their order.
fn judge_batch(
    batch: &[PathBuf],
    given: &Given,
    moments: Moments,
    progress: &Progress,
) -> Vec<Judged> {
    std::thread::scope(|scope| {
        let threads: Vec<_> = batch
            .iter()
            .map(|path| {
                scope.spawn(|| {
                    let judged = judge_one(path, given, moments);
                    progress.done.fetch_add(1, Ordering::Relaxed);
                    judged
                })
            })
            .collect();
        threads
            .into_iter()
            .zip(batch)
            .map(|(thread, path)| {
                let broken = |_| Err(Complaint::of(path, "complaint-check-broke"));
                thread.join().unwrap_or_else(broken)
            })
            .collect()
    })
}

fn judge_one(path: &Path, given: &Given, moments: Moments) -> Judged {
    let policy = &given.basis.policy;
    if let Some(mut report) = too_large(path, given.megabytes_max, (policy, moments.judged))? {
        report.file = Some(path.display().to_string());
        let size_bytes = report.bytes;
        let mut checked = Checked::of(report);
        checked.made_at = moments.made;
        return Ok(JudgedFile {
            checked,
            size_bytes,
            file: None,
        });
    }
    let file = read_bounded(path, given.megabytes_max.saturating_mul(MEGABYTE))?;
    let content = given.content.as_deref();
    let matter = Matter::read(&file, content, given.basis.clone(), moments.judged);
    let mut matter = matter.map_err(|_| Complaint::of(path, "complaint-not-compared"))?;
    if let Some(runtime) = &given.runtime {
        // This thread is one that may wait.
        runtime.block_on(matter.ask(&given.online, moments.now));
    }
    let mut checked = matter.check();
    checked.made_at = moments.made;
    checked.report.made_at(moments.now);
    let signature = given.content_path.as_deref();
    let signature = signature.filter(|_| checked.swapped).unwrap_or(path);
    checked.report.file = Some(signature.display().to_string());
    if let Some(covered) = &mut checked.covered_file {
        let content = given.content_path.as_deref().unwrap_or(path);
        let name = if checked.swapped { path } else { content };
        covered.name = name.display().to_string();
    }
    let size = match content {
        Some(content) if checked.swapped => content.len(),
        _ => file.len(),
    };
    Ok(JudgedFile {
        checked,
        size_bytes: u64::try_from(size).unwrap_or(u64::MAX),
        file: given.keeps_files.then_some(file),
    })
}

/// How far it is, on a terminal and for several files only.
struct Progress {
    done: AtomicUsize,
    all: usize,
    is_shown: bool,
}

impl Progress {
    /// The bar's width, in characters.
    const WIDTH: usize = 30;

    fn new(all: usize) -> Self {
        Self {
            done: AtomicUsize::new(0),
            all,
            is_shown: all > parallel() && io::stderr().is_terminal(),
        }
    }

    fn line(&self) -> String {
        let done = self.done.load(Ordering::Relaxed).min(self.all);
        let full = done * Self::WIDTH / self.all.max(1);
        let (full, left) = ("#".repeat(full), ".".repeat(Self::WIDTH - full));
        format!("[{full}{left}] {done} / {}", self.all)
    }

    fn show(&self, errors: &mut dyn Write) {
        if self.is_shown {
            let _ = write!(errors, "\r{}", self.line()).and_then(|()| errors.flush());
        }
    }

    fn clear(&self, errors: &mut dyn Write) {
        if self.is_shown {
            let _ = write!(errors, "\r{}\r", " ".repeat(self.line().len()));
        }
    }
}

fn warn(errors: &mut dyn Write, passed_over: &[Complaint], locale: Locale) {
    for complaint in passed_over {
        let what = complaint.text(locale);
        let args = [("what", what.as_str())];
        complain(errors, &t_named(locale, "complaint-passed-over", args));
    }
}
