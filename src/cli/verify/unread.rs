//! Files of which there is no judgement: too large for one, or not to be read at all. Each still
//! has its place among the reports.

use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::Path;

use chancery_signature::report::{Args, Reason};
use chancery_signature::{
    Answer, Code, Indication, SubIndication, ValidationPolicy, ValidationReport, facts,
};
use chancery_types::Instant;
use sha2::{Digest as _, Sha256};

use crate::i18n::MEGABYTE;
use crate::trust_files::{Complaint, failed};

/// How much of a large file is held at once, in bytes.
const PIECE_BYTES: usize = 1024 * 1024;

/// The report on a file that is larger than `megabytes_max`: which file it is, and why nothing is
/// said of its signatures. Nothing if it is not so large, and if it is no file whose end is known.
///
/// # Errors
///
/// Why it cannot be read.
pub fn too_large(
    path: &Path,
    megabytes_max: u64,
    (policy, judged_at): (&ValidationPolicy, Instant),
) -> Result<Option<ValidationReport>, Complaint> {
    let met = fs::metadata(path).map_err(failed(path))?;
    if !met.is_file() || met.len() <= megabytes_max.saturating_mul(MEGABYTE) {
        return Ok(None);
    }
    let (sha256, bytes) = digest(path).map_err(failed(path))?;
    let max = megabytes_max.to_string();
    let reason = Reason {
        code: Code::Unreadable,
        args: Args::from([("why", "too_large"), ("megabytes_max", max.as_str())]),
    };
    Ok(Some(ValidationReport {
        file: None,
        sha256,
        bytes,
        format: facts::FileFormat::Unknown,
        indication: Indication::Indeterminate,
        sub_indication: Some(SubIndication::SignedDataNotFound),
        intact: Answer::Undecided,
        crypto: Answer::Undecided,
        reasons: vec![reason],
        signatures: Vec::new(),
        judged_at,
        policy: policy.name.clone(),
        rules: Some(Box::new(policy.clone())),
    }))
}

/// SHA-256, hexadecimal, and the length of a file, a piece at a time.
fn digest(path: &Path) -> io::Result<(String, u64)> {
    let mut file = File::open(path)?;
    let mut hash = Sha256::new();
    let mut piece = vec![0; PIECE_BYTES];
    let mut bytes = 0_u64;
    loop {
        let read = file.read(&mut piece)?;
        let Some(read) = piece.get(..read).filter(|read| !read.is_empty()) else {
            return Ok((hex::encode(hash.finalize()), bytes));
        };
        hash.update(read);
        bytes = bytes.saturating_add(u64::try_from(read.len()).unwrap_or(u64::MAX));
    }
}
