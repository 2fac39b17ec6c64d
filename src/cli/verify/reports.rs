//! What a check leaves in a folder: protocols as `1-contract.pdf`, `1-contract.html` and
//! `1-contract.json`; the file as each signature found it as `1-contract.signature-1.pdf`. Of ten
//! files and more the first is `01-contract`.

use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use chancery_types::Locale;

use crate::app::signing::revision::number_of;
use crate::app::validation::{Checked, WrittenReport};
use crate::i18n::Formats;
use crate::i18n::verdict::{Origin, Protocol, protocol_words, shown};
use crate::trust_files::{Complaint, failed};

/// The most characters of a file's name that what is written of it repeats.
const STEM_CHARACTERS_MAX: usize = 80;

/// Where protocols or revisions go.
#[derive(Debug)]
pub struct NewFolder {
    path: PathBuf,
    /// How many digits every number has, so that names sort as the files were given.
    digits: usize,
}

impl NewFolder {
    /// A folder for what is written of `files` files: it is made, or is there and empty, as nothing
    /// is ever written over.
    ///
    /// # Errors
    ///
    /// Why it cannot be used.
    pub fn open(path: &Path, files: usize) -> Result<Self, Complaint> {
        fs::create_dir_all(path).map_err(failed(path))?;
        if path.read_dir().map_err(failed(path))?.next().is_some() {
            return Err(Complaint::of(path, "complaint-folder-not-empty"));
        }
        Ok(Self {
            path: path.to_owned(),
            digits: files.to_string().len(),
        })
    }

    /// Writes the `number`th file as each of its signatures found it, to the byte: as far as it is
    /// a PDF and they cover a sound range.
    ///
    /// # Errors
    ///
    /// Which could not be written.
    pub fn write_revisions(
        &self,
        number: usize,
        path: &Path,
        checked: &Checked,
        file: &[u8],
    ) -> Result<(), Complaint> {
        let stem = stem(path);
        for (place, one) in checked.report.signatures.iter().enumerate() {
            if let Some(revision) = one.signed_revision(file) {
                let signature = number_of(&checked.report, place);
                self.put(number, &format!("{stem}.{signature}.pdf"), revision)?;
            }
        }
        Ok(())
    }

    /// Writes the three protocols of the `number`th file.
    ///
    /// # Errors
    ///
    /// Which could not be written.
    pub fn write_protocols(
        &self,
        number: usize,
        path: &Path,
        checked: &Checked,
        size_bytes: u64,
        locale: Locale,
    ) -> Result<(), Complaint> {
        let formats = Formats::new(locale, "UTC");
        let words = protocol_words(&checked.report, checked.made_at, &formats);
        let name = path.file_name().unwrap_or(path.as_os_str());
        let covered = checked.covered_file.as_ref();
        let covered = covered.map(|file| (shown(base_name(&file.name)), file));
        let protocol = Protocol {
            words: &words,
            name: &shown(&name.to_string_lossy()),
            size_bytes,
            covered: covered
                .as_ref()
                .map(|(name, file)| (name.as_str(), file.bytes, file.sha256.as_str())),
            locale,
            origin: Origin::Command,
            authorities: &[],
            making: &[],
        };
        let stem = stem(path);
        let words = |error: &dyn std::fmt::Display| {
            Complaint::of(path, "complaint-other").with("why", &error.to_string())
        };
        let written = WrittenReport::of(checked.clone(), &formats);
        let pdf = protocol.pdf().map_err(|error| words(&error))?;
        let json = serde_json::to_string_pretty(&written).map_err(|error| words(&error))?;
        let files = [
            ("pdf", pdf),
            ("html", protocol.html().into_bytes()),
            ("json", json.into_bytes()),
        ];
        for (ending, content) in files {
            self.put(number, &format!("{stem}.{ending}"), &content)?;
        }
        Ok(())
    }

    fn put(&self, number: usize, name: &str, content: &[u8]) -> Result<(), Complaint> {
        let digits = self.digits;
        let to = self.path.join(format!("{number:0digits$}-{name}"));
        let written = OpenOptions::new().write(true).create_new(true).open(&to);
        written
            .and_then(|mut file| file.write_all(content))
            .map_err(failed(&to))
    }
}

/// A file's name without its folders: those are nobody else's business.
fn base_name(path: &str) -> &str {
    let name = Path::new(path).file_name().and_then(|name| name.to_str());
    name.unwrap_or(path)
}

/// The beginning of a file's name without its ending.
fn stem(path: &Path) -> String {
    let name = path.file_stem().unwrap_or(path.as_os_str());
    let name = name.to_string_lossy();
    let letters = name.chars().filter(|letter| !letter.is_control());
    letters.take(STEM_CHARACTERS_MAX).collect()
}
