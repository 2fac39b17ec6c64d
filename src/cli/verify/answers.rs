//! What the command says of its files: each as it comes, and all of them at the end.

use std::io::{self, Write};
use std::path::Path;

use chancery_signature::Indication;
use chancery_types::Locale;

use super::Progress;
use super::tally::Tally;
use super::text::write_text;
use crate::app::validation::{Checked, Entry, UnreadFile, WrittenReport};
use crate::i18n::Formats;
use crate::i18n::verdict::{Tone, summary};
use crate::trust_files::{Complaint, named};

pub const PASSED: u8 = 0;
pub const FAILED: u8 = 1;
pub const WRONG_ARGUMENTS: u8 = 2;
pub const INDETERMINATE: u8 = 3;

/// How it is said.
#[derive(Clone, Copy, Debug)]
pub struct Manner {
    /// As one array of objects.
    pub is_json: bool,
    /// Of how many files.
    pub files: usize,
    /// In which language.
    pub locale: Locale,
}

/// The answers of one run.
pub struct Answers<'a> {
    out: &'a mut dyn Write,
    errors: &'a mut dyn Write,
    progress: &'a Progress,
    manner: Manner,
    reports: Vec<Entry>,
    /// One a file.
    lines: Vec<String>,
    tally: Tally,
    code: u8,
}

impl<'a> Answers<'a> {
    /// None yet.
    pub fn new(
        (out, errors): (&'a mut dyn Write, &'a mut dyn Write),
        progress: &'a Progress,
        manner: Manner,
    ) -> Self {
        Self {
            out,
            errors,
            progress,
            manner,
            reports: Vec::new(),
            lines: Vec::new(),
            tally: Tally::default(),
            code: PASSED,
        }
    }

    /// A file of which there is no report.
    pub fn unread(&mut self, path: &Path, complaint: &Complaint) {
        self.progress.clear(self.errors);
        let error = complaint.text(self.manner.locale);
        complain(self.errors, &error);
        self.lines.push(format!("{} {error}", Tone::Bad.sign()));
        let file = path.display().to_string();
        self.reports
            .push(Entry::Unread(UnreadFile::new(file, error)));
        self.code = WRONG_ARGUMENTS;
        self.tally.unread += 1;
    }

    /// A file that was judged.
    ///
    /// # Errors
    ///
    /// Nobody reads any more.
    pub fn judged(&mut self, path: &Path, checked: Checked) -> io::Result<()> {
        let report = &checked.report;
        self.code = worse(self.code, code_of(report.indication));
        self.tally.add(report);
        let formats = Formats::new(self.manner.locale, "UTC");
        // Texts go out file by file; JSON is one array.
        if self.manner.is_json {
            let written = WrittenReport::of(checked, &formats);
            self.reports.push(Entry::Judged(Box::new(written)));
            return Ok(());
        }
        let (sign, text) = (Tone::of_file(report).sign(), summary(report, &formats));
        self.lines.push(format!("{sign} {}: {text}", named(path)));
        self.progress.clear(self.errors);
        write_text(self.out, path, &checked, self.manner.locale)
    }

    /// How far it is.
    pub fn show_progress(&mut self) {
        self.progress.show(self.errors);
    }

    /// The code so far.
    pub const fn code(&self) -> u8 {
        self.code
    }

    /// What is said of all of them together; the code.
    pub fn end(self) -> u8 {
        self.progress.clear(self.errors);
        // A closed pipe is the reader's decision.
        if self.manner.is_json {
            let written = serde_json::to_string_pretty(&self.reports).map_err(io::Error::from);
            let _ = written.and_then(|text| writeln!(self.out, "{text}"));
        } else if self.manner.files > 1 {
            for line in &self.lines {
                let _ = writeln!(self.out, "{line}");
            }
            let _ = writeln!(self.errors, "{}", self.tally.text(self.manner.locale));
        }
        self.code
    }
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

/// A line about what went wrong.
pub fn complain(errors: &mut dyn Write, line: &str) {
    let _ = writeln!(errors, "chancery verify: {line}");
}
