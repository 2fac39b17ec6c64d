//! The signed files that mutants are made of.

use std::path::Path;

use chancery_pdf::{Limits, Pdf};
use sha2::{Digest as _, Sha256};

/// Largest file that is taken: mutants of larger ones differ in nothing but time.
const BYTES_MAX: usize = 110_000;

/// One signed file.
pub struct Original {
    /// Its path below the folder of signatures.
    pub name: String,
    /// Its class in the manifest.
    pub class: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// The gaps of its signatures: the delimiters and digits of `/Contents`.
    pub gaps: Vec<std::ops::Range<usize>>,
    /// Where the last signed byte ends.
    pub signed_end: usize,
}

/// `count` files that the manifest calls good, in turns over its classes; within a class by digest,
/// so that the choice is nobody's.
pub fn choose(folder: &Path, count: usize) -> Vec<Original> {
    let manifest = std::fs::read_to_string(folder.join("MANIFEST.tsv")).expect("the manifest");
    let mut rows: Vec<(String, String, String)> = Vec::new();
    for line in manifest.lines().skip(1) {
        let cells: Vec<&str> = line.split('\t').collect();
        let is_pdf = cells[0].ends_with(".pdf") && cells[6] == "yes";
        if is_pdf
            && cells[2]
                .parse()
                .is_ok_and(|bytes: usize| bytes <= BYTES_MAX)
        {
            let digest = hex_of(cells[0].as_bytes());
            rows.push((cells[4].to_owned(), digest, cells[0].to_owned()));
        }
    }
    rows.sort();
    let mut chosen = Vec::new();
    for turn in 0.. {
        let before = chosen.len();
        let mut classes: Vec<&str> = rows.iter().map(|row| row.0.as_str()).collect();
        classes.dedup();
        for class in classes {
            let of_class = rows.iter().filter(|row| row.0 == class).nth(turn);
            if let Some((class, _, name)) = of_class
                && chosen.len() < count
            {
                chosen.push(read(folder, name, class));
            }
        }
        if chosen.len() >= count || chosen.len() == before {
            return chosen;
        }
    }
    unreachable!("turns end with the files");
}

fn hex_of(bytes: &[u8]) -> String {
    let digest = Sha256::digest(bytes);
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn read(folder: &Path, name: &str, class: &str) -> Original {
    let bytes = std::fs::read(folder.join(name)).expect("a file of the manifest");
    let limits = Limits::default();
    let pdf = Pdf::survey(&bytes, &limits).expect("a good file opens");
    let mut gaps = Vec::new();
    let mut signed_end = 0;
    for field in pdf.signature_fields().expect("its fields") {
        let Some(signature) = field.signature else {
            continue;
        };
        if let Some(contents) = &signature.contents {
            gaps.push(contents.span.clone());
        }
        if let Ok(coverage) = chancery_pdf::signature_coverage(&pdf, &signature) {
            let end = usize::try_from(coverage.byte_range.end()).expect("within the file");
            signed_end = signed_end.max(end);
        }
    }
    assert!(!gaps.is_empty(), "{name} is signed");
    drop(pdf);
    Original {
        name: name.to_owned(),
        class: class.to_owned(),
        bytes,
        gaps,
        signed_end,
    }
}
