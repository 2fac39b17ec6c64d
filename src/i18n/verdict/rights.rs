//! What a signature leaves open to those who come later, in the reader's words.

use chancery_signature::facts::FieldLock;
use chancery_signature::report::RightsReport;
use chancery_types::Locale;

use crate::i18n::{quoted, t};

/// The sentences; none for a plain approval signature.
#[must_use]
pub fn rights_sentences(locale: Locale, rights: Option<&RightsReport>) -> Vec<String> {
    let Some(rights) = rights else {
        return Vec::new();
    };
    let say = |key: &str| t(locale, key, &[]);
    let mut sentences = Vec::new();
    match rights.certification {
        None => {}
        Some(1) => sentences.push(say("verify-rights-certified-1")),
        Some(3) => sentences.push(say("verify-rights-certified-3")),
        // As a reader takes a level that is none (ISO 32000-2, table 257: the default is 2).
        Some(_) => sentences.push(say("verify-rights-certified-2")),
    }
    for lock in &rights.locks {
        let (key, names) = match lock {
            FieldLock::Include(names) if names.is_empty() => ("verify-rights-lock-none", &[][..]),
            FieldLock::Exclude(names) if names.is_empty() => ("verify-rights-lock-all", &[][..]),
            FieldLock::All => ("verify-rights-lock-all", &[][..]),
            FieldLock::Include(names) => ("verify-rights-lock", names.as_slice()),
            FieldLock::Exclude(names) => ("verify-rights-lock-but", names.as_slice()),
        };
        sentences.push(t(locale, key, &[("fields", listed(locale, names).into())]));
    }
    if let Some(level @ 1..=3) = rights.lock_permission {
        sentences.push(say(&format!("verify-rights-left-{level}")));
    }
    sentences
}

/// The first names, and how many more.
fn listed(locale: Locale, names: &[String]) -> String {
    const SHOWN: usize = 12;
    let shown: Vec<String> = names
        .iter()
        .take(SHOWN)
        .map(|one| quoted(locale, one))
        .collect();
    match names.len().saturating_sub(SHOWN) {
        0 => shown.join(", "),
        more => format!("{} … +{more}", shown.join(", ")),
    }
}
