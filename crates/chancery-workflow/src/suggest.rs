//! The nearest known name, for "did you mean".

/// The longest name that is compared, in characters: the table below grows with its square.
const NAME_CHARS_MAX: usize = 64;

/// The name of `known` that is nearest to `given`, if it is near enough to be a slip: at most one
/// edit in three characters. Of equally near names the first wins.
pub(crate) fn nearest<'a>(
    given: &str,
    known: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let given: Vec<char> = given.chars().collect();
    if given.is_empty() || given.len() > NAME_CHARS_MAX {
        return None;
    }
    let allowed = given.len().div_ceil(3);
    let mut best: Option<(usize, &str)> = None;
    for name in known {
        let distance = distance(&given, name);
        if distance <= allowed && best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, name));
        }
    }
    best.map(|(_, name)| name)
}

/// Insertions, deletions and replacements of one character (Levenshtein), row by row.
fn distance(given: &[char], name: &str) -> usize {
    let mut row: Vec<usize> = (0..=given.len()).collect();
    for (line, letter) in name.chars().take(NAME_CHARS_MAX).enumerate() {
        let mut corner = line;
        let mut left = line + 1;
        let mut next = vec![left];
        for (other, above) in given.iter().zip(row.iter().skip(1)) {
            let replaced = corner + usize::from(*other != letter);
            left = replaced.min(above + 1).min(left + 1);
            corner = *above;
            next.push(left);
        }
        row = next;
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_recognised_and_another_word_is_not() {
        let known = ["quorum", "assignees", "due"];
        assert_eq!(nearest("quorm", known), Some("quorum"));
        assert_eq!(nearest("asignees", known), Some("assignees"));
        assert_eq!(nearest("banana", known), None);
        assert_eq!(nearest("", known), None);
    }
}
