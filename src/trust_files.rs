//! Trusted certificates, evidence of revocation and policies in files and folders, and what is
//! wrong with one of them, in words.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chancery_signature::listed::ListedIssue;
use chancery_signature::{AnchorError, Anchors, EvidenceError, GivenEvidence, ValidationPolicy};
use chancery_trust::{AnchorEntry, ServiceUse};
use chancery_types::Locale;

use crate::i18n::verdict::shown;
use crate::i18n::{MEGABYTE, t_named};

/// The largest file of trusted certificates, in bytes.
const TRUST_BYTES_MAX: u64 = 16 * 1024 * 1024;
/// The folder, within one of trusted certificates, of those that are trusted for timestamps alone.
const TIMESTAMPS_FOLDER: &str = "timestamps";
/// The folder, within one of these two, of those that are trusted until a moment which each file
/// names.
const ENDED_FOLDER: &str = "ended";
/// How it names it, in a line before the certificate (RFC 7468, 2): that counts wherever the file
/// lies, so that one that was copied elsewhere is not trusted for good.
const UNTIL_LINE: &str = "Trusted-Until: ";
/// Such a line of those that are trusted for timestamps alone, and for signers alone.
const TIMES_LINE: &str = "Trusted-For: timestamps";
const SIGNERS_LINE: &str = "Trusted-For: signatures";
/// Folders of before [`LISTED_FILE`]: of what stands there nobody knows since when it holds, nor
/// for what.
const UNDATED_FOLDERS: [&str; 2] = ["accredited-russia", "qualified-eu"];
/// The file, within a folder of trusted certificates, of what a trusted list says of authorities.
const LISTED_FILE: &str = "listed.json";
/// The largest of these, in bytes: the largest real list makes one of some megabytes.
const LISTED_BYTES_MAX: u64 = 32 * 1024 * 1024;
/// Most files of a folder of trusted certificates.
const TRUST_FILES_MAX: usize = 10_000;
/// What files of trusted certificates end with, in a folder.
const TRUST_ENDINGS: [&str; 4] = ["pem", "crt", "cer", "der"];
/// What files of evidence end with, in a folder.
const EVIDENCE_ENDINGS: [&str; 7] = ["crl", "ocsp", "ors", "pem", "crt", "cer", "der"];
/// The one field of a policy that the built-in one leaves out, so that no example of it is at hand.
const UNSET_BY_DEFAULT: &str = "revocation_seconds_max";
/// The largest policy, in bytes.
const POLICY_BYTES_MAX: u64 = 64 * 1024;

/// What is wrong with a file, in one line of the reader's language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Complaint {
    key: &'static str,
    args: Vec<(&'static str, String)>,
}

impl Complaint {
    /// Of a file, by the key of its sentence.
    pub fn of(path: &Path, key: &'static str) -> Self {
        Self {
            key,
            args: vec![("file", named(path))],
        }
    }

    /// With a value.
    pub fn with(mut self, name: &'static str, value: &str) -> Self {
        self.args.push((name, shown(value)));
        self
    }

    /// The line.
    pub fn text(&self, locale: Locale) -> String {
        let args = self.args.iter();
        t_named(
            locale,
            self.key,
            args.map(|(name, value)| (*name, value.as_str())),
        )
    }
}

/// What the operating system says of a file.
pub fn failed(path: &Path) -> impl Fn(io::Error) -> Complaint {
    move |error| match error.kind() {
        io::ErrorKind::NotFound => Complaint::of(path, "complaint-no-such-file"),
        io::ErrorKind::PermissionDenied => Complaint::of(path, "complaint-not-permitted"),
        io::ErrorKind::IsADirectory => Complaint::of(path, "complaint-is-a-folder"),
        _ => Complaint::of(path, "complaint-other").with("why", &error.to_string()),
    }
}

/// A policy as TOML: any of the fields of [`ValidationPolicy`], the rest by default. Its name is
/// the file's unless it says another; that of the built-in policy is refused for other rules, so
/// that no report names it for them.
///
/// # Errors
///
/// What is wrong with the file.
pub fn read_policy(path: &Path) -> Result<ValidationPolicy, Complaint> {
    let bytes = read_bounded(path, POLICY_BYTES_MAX)?;
    let text = String::from_utf8(bytes);
    let text = text.map_err(|_| Complaint::of(path, "complaint-not-utf8"))?;
    let table: Result<toml::Table, _> = toml::from_str(&text);
    let mut table = table.map_err(|error| not_toml(path, &text, &error))?;
    if !table.contains_key("name") {
        let stem = path.file_stem().unwrap_or_default();
        let name = toml::Value::String(stem.to_string_lossy().into_owned());
        table.insert("name".to_owned(), name);
    }
    let days_are_own = table.contains_key("rsa_until");
    let mut policy = read_rules(path, table)?;
    let built_in = ValidationPolicy::default();
    match policy.idle_key_day().filter(|_| days_are_own) {
        Some(bits) => {
            let idle = Complaint::of(path, "complaint-policy-key-day");
            let least = policy.rsa_bits_min.to_string();
            return Err(idle.with("bits", &bits.to_string()).with("least", &least));
        }
        None if !days_are_own => policy.rsa_until.clone_from(&built_in.rsa_until),
        None => {}
    }
    let is_called_so = policy.name.trim().to_lowercase() == built_in.name;
    if is_called_so && policy != built_in {
        let taken = Complaint::of(path, "complaint-policy-name");
        return Err(taken.with("name", &built_in.name));
    }
    Ok(policy)
}

/// Where a text stops being TOML.
fn not_toml(path: &Path, text: &str, error: &toml::de::Error) -> Complaint {
    let at = error.span().map_or(0, |span| span.start);
    let before = text.get(..at).unwrap_or(text);
    let line = before.matches('\n').count().saturating_add(1);
    let start_of_line = before.rfind('\n').map_or(0, |end| end.saturating_add(1));
    let column = before.get(start_of_line..).unwrap_or_default();
    let column = column.chars().count().saturating_add(1);
    Complaint::of(path, "complaint-not-toml")
        .with("line", &line.to_string())
        .with("column", &column.to_string())
}

/// The policy of a table; each field is read by itself, so that the wrong one can be named.
fn read_rules(path: &Path, table: toml::Table) -> Result<ValidationPolicy, Complaint> {
    let known = toml::Table::try_from(ValidationPolicy::default()).unwrap_or_default();
    for (name, value) in &table {
        let alone = toml::Table::from_iter([(name.clone(), value.clone())]);
        if alone.try_into::<ValidationPolicy>().is_ok() {
            continue;
        }
        return Err(match (known.get(name), name == UNSET_BY_DEFAULT) {
            (Some(usual), _) => Complaint::of(path, "complaint-policy-value")
                .with("name", name)
                .with("usual", &usual.to_string()),
            (None, true) => Complaint::of(path, "complaint-policy-seconds").with("name", name),
            (None, false) => {
                let mut names: Vec<&str> = known.keys().map(String::as_str).collect();
                names.push(UNSET_BY_DEFAULT);
                names.sort_unstable();
                let mut unknown =
                    Complaint::of(path, "complaint-policy-unknown").with("name", name);
                // Our own names, which are not cut short.
                unknown.args.push(("known", names.join(", ")));
                unknown
            }
        });
    }
    let other = |error: toml::de::Error| {
        Complaint::of(path, "complaint-other").with("why", error.message())
    };
    table.try_into().map_err(other)
}

/// Writes what a trusted list makes trusted into a folder that is new or empty, as
/// [`read_anchors`] reads it: each certificate into a file, into a folder of its own if it is
/// trusted for times alone, or until a moment; and what the list says of every authority. Says how
/// many are trusted, and how many until a moment.
///
/// # Errors
///
/// That there are more than are read, in a folder, before any is written; what the operating
/// system says.
pub fn write_trusted(
    folder: &Path,
    entries: &[AnchorEntry],
    listed: Option<&ListedIssue>,
) -> Result<(u64, u64), Complaint> {
    let mut places = BTreeMap::<PathBuf, Vec<&AnchorEntry>>::new();
    for entry in entries {
        let mut place = folder.to_owned();
        if entry.state.vouches_for() == ServiceUse::Timestamps {
            place.push(TIMESTAMPS_FOLDER);
        }
        if entry.until.is_some() {
            place.push(ENDED_FOLDER);
        }
        places.entry(place).or_default().push(entry);
    }
    if let Some((place, _)) = places.iter().find(|(_, all)| all.len() > TRUST_FILES_MAX) {
        let many = Complaint::of(place, "complaint-too-many-files");
        return Err(many.with("max", &TRUST_FILES_MAX.to_string()));
    }
    if let Some(listed) = listed {
        write_listed(folder, listed)?;
    }
    for (place, all) in &places {
        std::fs::create_dir_all(place).map_err(failed(place))?;
        for (index, entry) in all.iter().enumerate() {
            let path = place.join(format!("{:04}.pem", index.saturating_add(1)));
            let file = OpenOptions::new().write(true).create_new(true).open(&path);
            let written = file.and_then(|mut file| file.write_all(pem(entry).as_bytes()));
            written.map_err(failed(&path))?;
        }
    }
    let ended = entries.iter().filter(|one| one.until.is_some()).count() as u64;
    Ok(((entries.len() as u64).saturating_sub(ended), ended))
}

/// A certificate as a file, with until when it is trusted.
fn pem(entry: &AnchorEntry) -> String {
    let until = entry.until.map(|until| format!("{UNTIL_LINE}{until}\n"));
    let use_of = match entry.state.vouches_for() {
        ServiceUse::Timestamps => format!("{TIMES_LINE}\n"),
        _ if entry.is_for_signers => format!("{SIGNERS_LINE}\n"),
        _ => String::new(),
    };
    let text = STANDARD.encode(entry.certificate.0.as_slice());
    let lines = text.as_bytes().chunks(64);
    let lines: Vec<_> = lines.map(|line| String::from_utf8_lossy(line)).collect();
    format!(
        "{}{use_of}-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n",
        until.unwrap_or_default(),
        lines.join("\n")
    )
}

/// Writes what a trusted list says of authorities into a folder, as [`read_anchors`] reads it.
///
/// # Errors
///
/// What the operating system says.
pub fn write_listed(folder: &Path, listed: &ListedIssue) -> Result<(), Complaint> {
    let path = folder.join(LISTED_FILE);
    let text = serde_json::to_vec_pretty(listed).map_err(io::Error::from);
    let text = text.map_err(failed(&path))?;
    if text.len() as u64 > LISTED_BYTES_MAX {
        return Err(too_large(&path, LISTED_BYTES_MAX));
    }
    std::fs::write(&path, text).map_err(failed(&path))
}

fn read_listed(file: &Path) -> Result<ListedIssue, Complaint> {
    let bytes = read_bounded(file, LISTED_BYTES_MAX)?;
    let read = serde_json::from_slice(&bytes);
    read.map_err(|_| Complaint::of(file, "complaint-not-listed"))
}

/// Root certificates from files and folders; those in [`TIMESTAMPS_FOLDER`] of a folder are trusted
/// for timestamps alone, those in [`ENDED_FOLDER`] until a moment, and [`LISTED_FILE`] tells which
/// of them confirm what certificates say of themselves. A file of a folder that cannot be read is
/// passed over and named: others' certificates are not ours to mend. One that was named itself must
/// be read.
///
/// # Errors
///
/// What is wrong with which file; a folder of which no file can be read.
pub fn read_anchors(paths: &[PathBuf]) -> Result<(Anchors, Vec<Complaint>), Complaint> {
    let mut anchors = Anchors::none();
    let mut warnings = Vec::new();
    for path in paths {
        let (mut found, mut passed_over) = (0_usize, Vec::new());
        let inner = inner_folders(path);
        let has_list = path.join(LISTED_FILE).is_file();
        let files = match has_list || !inner.is_empty() {
            // Nobody may be trusted any more of whom a list tells.
            true => files_within(path, &TRUST_ENDINGS)?,
            false => files_of(path, &TRUST_ENDINGS)?,
        };
        for file in files {
            match within(path, &file).and_then(|()| Inner::default().read(&file)) {
                Ok(read) => {
                    anchors.extend(read);
                    found = found.saturating_add(1);
                }
                Err(complaint) if path.is_dir() => passed_over.push(complaint),
                Err(complaint) => return Err(complaint),
            }
        }
        if has_list {
            let listed = read_listed(&path.join(LISTED_FILE))?;
            anchors.extend(Anchors::none().with_listed([listed]));
        }
        for (folder, kind) in inner {
            if kind.is_undated {
                warnings.push(Complaint::of(&folder, "complaint-list-undated"));
            }
            // Of those who stamped times all may have ended.
            let files = match folder.join(ENDED_FOLDER).is_dir() {
                true => files_within(&folder, &TRUST_ENDINGS)?,
                false => files_of(&folder, &TRUST_ENDINGS)?,
            };
            for file in files {
                match within(&folder, &file).and_then(|()| kind.read(&file)) {
                    Ok(read) => {
                        anchors.extend(read);
                        found = found.saturating_add(1);
                    }
                    Err(complaint) => passed_over.push(complaint),
                }
            }
        }
        match passed_over.first() {
            Some(first) if found == 0 => return Err(first.clone()),
            _ => warnings.append(&mut passed_over),
        }
    }
    Ok((anchors, warnings))
}

/// For what the certificates of a folder within one are trusted.
#[derive(Clone, Copy, Debug, Default)]
struct Inner {
    /// For timestamps alone.
    is_for_times: bool,
    /// Until a moment that each file names.
    is_ended: bool,
    /// Written by an earlier version.
    is_undated: bool,
}

impl Inner {
    fn read(self, file: &Path) -> Result<Anchors, Complaint> {
        let bytes = read_bounded(file, TRUST_BYTES_MAX)?;
        let read = Anchors::from_pem_or_der(&bytes);
        let mut read = read.map_err(|error| not_certificates(file, error))?;
        let said = std::str::from_utf8(&bytes).unwrap_or_default();
        let said = || said.lines().take_while(|line| !line.starts_with("-----"));
        let ends: Vec<&str> = said()
            .filter_map(|line| line.strip_prefix(UNTIL_LINE))
            .collect();
        if self.is_ended || !ends.is_empty() {
            let until = match ends.as_slice() {
                [until] if read.len() == 1 => until.trim().parse().ok(),
                _ => None,
            };
            let until = until.ok_or_else(|| Complaint::of(file, "complaint-no-end"))?;
            read = read.ended(until);
        }
        let is_for_times = self.is_for_times || said().any(|line| line.trim() == TIMES_LINE);
        if said().any(|line| line.trim() == SIGNERS_LINE) {
            read = read.for_signers();
        }
        Ok(match is_for_times {
            true => read.for_timestamps(),
            false => read,
        })
    }
}

/// The folders within a folder of which certificates are read too.
fn inner_folders(path: &Path) -> Vec<(PathBuf, Inner)> {
    let times = path.join(TIMESTAMPS_FOLDER);
    let inner = |is_for_times, is_ended| Inner {
        is_for_times,
        is_ended,
        is_undated: false,
    };
    let undated = Inner {
        is_undated: true,
        ..Inner::default()
    };
    let known = [
        (times.join(ENDED_FOLDER), inner(true, true)),
        (times, inner(true, false)),
        (path.join(ENDED_FOLDER), inner(false, true)),
    ];
    let older = UNDATED_FOLDERS
        .iter()
        .map(|name| (path.join(name), undated));
    let all = known.into_iter().chain(older);
    all.filter(|(folder, _)| folder.is_dir()).collect()
}

/// Why a file was not read as certificates.
pub fn not_certificates(file: &Path, error: AnchorError) -> Complaint {
    match error {
        AnchorError::None => Complaint::of(file, "complaint-no-certificate"),
        AnchorError::Certificate { number, .. } => {
            let broken = Complaint::of(file, "complaint-not-a-certificate");
            broken.with("number", &number.to_string())
        }
        AnchorError::TooMany => Complaint::of(file, "complaint-too-many-certificates"),
    }
}

/// What is known of revocation, from files and folders.
///
/// # Errors
///
/// What is wrong with which file.
pub fn read_evidence(paths: &[PathBuf]) -> Result<GivenEvidence, Complaint> {
    let mut evidence = GivenEvidence::none();
    for path in paths {
        add_evidence(&mut evidence, path)?;
    }
    Ok(evidence)
}

/// Takes what a file, or the files of a folder, say of revocation.
///
/// # Errors
///
/// What is wrong with which file; what was taken before stays.
pub fn add_evidence(evidence: &mut GivenEvidence, path: &Path) -> Result<(), Complaint> {
    for file in files_of(path, &EVIDENCE_ENDINGS)? {
        within(path, &file)?;
        let bytes = read_bounded(&file, TRUST_BYTES_MAX)?;
        evidence.add(&bytes).map_err(|error| match error {
            EvidenceError::Unreadable => Complaint::of(&file, "complaint-not-evidence"),
            EvidenceError::TooMuch => Complaint::of(&file, "complaint-too-much-evidence"),
        })?;
    }
    Ok(())
}

/// That what was found in a folder is a file: whoever opens a pipe waits for its writer. What was
/// named itself may be one.
fn within(folder: &Path, file: &Path) -> Result<(), Complaint> {
    match folder.is_dir() && !file.is_file() {
        true => Err(Complaint::of(file, "complaint-not-a-file")),
        false => Ok(()),
    }
}

/// The file, or the files of a folder that have one of these endings, in the order of their names.
fn files_of(path: &Path, endings: &[&str]) -> Result<Vec<PathBuf>, Complaint> {
    if !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let files = files_within(path, endings)?;
    if files.is_empty() {
        let endings: Vec<String> = endings.iter().map(|end| format!(".{end}")).collect();
        let endings = endings.join(", ");
        return Err(Complaint::of(path, "complaint-no-files-here").with("endings", &endings));
    }
    Ok(files)
}

/// As [`files_of`], of a folder that may have none.
fn files_within(path: &Path, endings: &[&str]) -> Result<Vec<PathBuf>, Complaint> {
    let mut files = Vec::new();
    for entry in path.read_dir().map_err(failed(path))? {
        let file = entry.map_err(failed(path))?.path();
        let ending = file
            .extension()
            .and_then(|end| end.to_str())
            .map(str::to_ascii_lowercase);
        if ending.is_some_and(|end| endings.contains(&end.as_str())) {
            files.push(file);
        }
        if files.len() > TRUST_FILES_MAX {
            let many = Complaint::of(path, "complaint-too-many-files");
            return Err(many.with("max", &TRUST_FILES_MAX.to_string()));
        }
    }
    files.sort();
    Ok(files)
}

/// Reads a file to its end, but never more than `bytes_max`.
///
/// # Errors
///
/// What the operating system says, or that it is too large.
pub fn read_bounded(path: &Path, bytes_max: u64) -> Result<Vec<u8>, Complaint> {
    let file = File::open(path).map_err(failed(path))?;
    let mut bytes = Vec::new();
    let limit = bytes_max.saturating_add(1);
    let read = file
        .take(limit)
        .read_to_end(&mut bytes)
        .map_err(failed(path))?;
    if read as u64 > bytes_max {
        return Err(too_large(path, bytes_max));
    }
    Ok(bytes)
}

fn too_large(path: &Path, bytes_max: u64) -> Complaint {
    let large = Complaint::of(path, "complaint-too-large");
    large.with("megabytes", &(bytes_max / MEGABYTE).to_string())
}

/// A path as it may stand on a terminal.
#[must_use]
pub fn named(path: &Path) -> String {
    shown(&path.display().to_string())
}
