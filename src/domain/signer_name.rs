//! Whether a certificate of somebody else's authority names the person who signs with it.
//!
//! People are written in many ways: the family name first or last, with a patronymic or without,
//! with `ё` or `е`. So words are compared and not lines: two names agree if every word of the
//! shorter one stands in the longer one, and the shorter one has at least two words (or both are
//! the same). Initials, transliterations and a seal that names only its organisation do not agree:
//! that is said, and left to people.

use std::collections::BTreeSet;

/// Words that make a name: one alone is shared by too many.
const WORDS_MIN: usize = 2;

/// Whether a name as it was stated and one in a certificate are one person's, as far as a machine
/// can tell.
#[must_use]
pub fn agree(stated: &str, certified: &str) -> bool {
    let (stated, certified) = (words(stated), words(certified));
    if stated == certified {
        return !stated.is_empty();
    }
    let (shorter, longer) = if stated.len() <= certified.len() {
        (stated, certified)
    } else {
        (certified, stated)
    };
    shorter.len() >= WORDS_MIN && shorter.is_subset(&longer)
}

fn words(name: &str) -> BTreeSet<String> {
    let folded = name.to_lowercase().replace('\u{451}', "\u{435}");
    let words = folded.split(|c: char| !c.is_alphanumeric());
    words
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_person_is_written_in_many_ways() {
        for (stated, certified) in [
            ("Виктор Егоров", "Егоров Виктор Петрович"),
            ("Пётр Петров", "ПЕТРОВ ПЕТР"),
            ("Anna Maria Schmidt", "Schmidt, Anna"),
            ("Софроний", "софроний"),
        ] {
            assert!(agree(stated, certified), "{stated}: {certified}");
            assert!(agree(certified, stated), "{certified}: {stated}");
        }
    }

    #[test]
    fn another_person_is_not_taken_for_this_one() {
        for (stated, certified) in [
            ("Виктор Егоров", "Пётр Егоров"),
            ("Виктор Егоров", "Егоров"),
            ("Виктор Егоров", "ООО «Ромашка»"),
            ("Viktor Egorov", "Виктор Егоров"),
            ("Виктор Егоров", ""),
            ("", ""),
        ] {
            assert!(!agree(stated, certified), "{stated}: {certified}");
        }
    }
}
