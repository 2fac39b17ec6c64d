//! Rows of a report on a terminal: a label, and its value in a column of its own.

use std::io::{self, Write};

/// The column that values begin in.
const LABEL_CHARS: usize = 24;

/// Writes a label with its value; nothing for an empty value. A label that is longer than its
/// column stands on a line of its own, so that all values begin in one column.
///
/// # Errors
///
/// Those of `out`.
pub fn write_row(out: &mut dyn Write, label: &str, value: &str) -> io::Result<()> {
    if value.is_empty() {
        return Ok(());
    }
    let taken = label.chars().count();
    match LABEL_CHARS.checked_sub(taken).filter(|gap| *gap > 0) {
        Some(gap) => writeln!(out, "    {label}{}{value}", " ".repeat(gap)),
        None => writeln!(out, "    {label}\n    {}{value}", " ".repeat(LABEL_CHARS)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Goal: values stand in one column, whatever the labels are. Method: a short label, one as
    /// wide as the column, a longer one; in letters of two bytes.
    #[test]
    fn all_values_begin_in_one_column() {
        let mut out = Vec::new();
        for label in ["Кто", &"я".repeat(24), &"я".repeat(40)] {
            write_row(&mut out, label, "value").expect("written");
        }
        write_row(&mut out, "Nothing", "").expect("written");
        let text = String::from_utf8(out).expect("text");
        let places: Vec<usize> = text
            .lines()
            .filter_map(|line| line.split_once("value"))
            .map(|(before, _)| before.chars().count())
            .collect();
        assert_eq!(places, [28; 3], "{text}");
        assert!(!text.contains("Nothing"));
    }
}
