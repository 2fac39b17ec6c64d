//! Protocols of a check in a folder: `1-contract.pdf`, `1-contract.html`, `1-contract.json`.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use chancery_signature::ValidationReport;
use chancery_types::Locale;

use super::given::named;
use crate::i18n::Formats;
use crate::i18n::verdict::{Protocol, file_words, shown};

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
    /// Why it cannot be used, in one line.
    pub fn open(path: &Path) -> Result<Self, String> {
        let failed = |error: io::Error| format!("{}: {error}", named(path));
        fs::create_dir_all(path).map_err(failed)?;
        if path.read_dir().map_err(failed)?.next().is_some() {
            return Err(format!(
                "{}: the folder is not empty; name a new one",
                named(path)
            ));
        }
        Ok(Self(path.to_owned()))
    }

    /// Writes the three protocols of the `number`th file.
    ///
    /// # Errors
    ///
    /// Which could not be written, in one line.
    pub fn write(
        &self,
        number: usize,
        path: &Path,
        report: &ValidationReport,
        size_bytes: u64,
        locale: Locale,
    ) -> Result<(), String> {
        let words = file_words(report, &Formats::new(locale, "UTC"));
        let name = path.file_name().unwrap_or(path.as_os_str());
        let protocol = Protocol {
            words: &words,
            name: &shown(&name.to_string_lossy()),
            size_bytes,
            locale,
        };
        let stem: String = path
            .file_stem()
            .unwrap_or(name)
            .to_string_lossy()
            .chars()
            .filter(|letter| !letter.is_control())
            .take(STEM_CHARACTERS_MAX)
            .collect();
        let words = |error: &dyn std::fmt::Display| format!("{}: {error}", named(path));
        let pdf = protocol.pdf().map_err(|error| words(&error))?;
        let json = serde_json::to_string_pretty(report).map_err(|error| words(&error))?;
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
                .map_err(|error| format!("{}: {error}", named(&to)))?;
        }
        Ok(())
    }
}
