//! Protocols of a check in a folder: `1-contract.pdf`, `1-contract.html`, `1-contract.json`.

use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use chancery_types::Locale;

use crate::app::validation::Checked;
use crate::i18n::Formats;
use crate::i18n::verdict::{Protocol, command_words, shown};
use crate::trust_files::{Complaint, failed};

/// The most characters of a file's name that its protocol's name repeats.
const STEM_CHARACTERS_MAX: usize = 80;

/// Where protocols go.
#[derive(Debug)]
pub struct ReportFolder(PathBuf);

impl ReportFolder {
    /// A folder that is made, or is there and empty: nothing is ever written over.
    ///
    /// # Errors
    ///
    /// Why it cannot be used.
    pub fn open(path: &Path) -> Result<Self, Complaint> {
        fs::create_dir_all(path).map_err(failed(path))?;
        if path.read_dir().map_err(failed(path))?.next().is_some() {
            return Err(Complaint::of(path, "complaint-folder-not-empty"));
        }
        Ok(Self(path.to_owned()))
    }

    /// Writes the three protocols of the `number`th file.
    ///
    /// # Errors
    ///
    /// Which could not be written.
    pub fn write(
        &self,
        number: usize,
        path: &Path,
        checked: &Checked,
        size_bytes: u64,
        locale: Locale,
    ) -> Result<(), Complaint> {
        let formats = Formats::new(locale, "UTC");
        let words = command_words(&checked.report, checked.made_at, &formats);
        let name = path.file_name().unwrap_or(path.as_os_str());
        let protocol = Protocol {
            words: &words,
            name: &shown(&name.to_string_lossy()),
            size_bytes,
            locale,
            authorities: &[],
        };
        let stem: String = path
            .file_stem()
            .unwrap_or(name)
            .to_string_lossy()
            .chars()
            .filter(|letter| !letter.is_control())
            .take(STEM_CHARACTERS_MAX)
            .collect();
        let words = |error: &dyn std::fmt::Display| {
            Complaint::of(path, "complaint-other").with("why", &error.to_string())
        };
        let pdf = protocol.pdf().map_err(|error| words(&error))?;
        let json = serde_json::to_string_pretty(checked).map_err(|error| words(&error))?;
        let files = [
            ("pdf", pdf),
            ("html", protocol.html().into_bytes()),
            ("json", json.into_bytes()),
        ];
        for (ending, content) in files {
            let to = self.0.join(format!("{number}-{stem}.{ending}"));
            let written = OpenOptions::new().write(true).create_new(true).open(&to);
            written
                .and_then(|mut file| file.write_all(&content))
                .map_err(failed(&to))?;
        }
        Ok(())
    }
}
