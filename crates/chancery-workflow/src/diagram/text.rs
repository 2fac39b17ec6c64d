//! Text in a drawing: lines of limited length, escaped.

/// The lines of a text, each at most so many characters: broken at spaces, and within a word that
/// is longer. What does not fit into so many lines ends with an ellipsis.
pub(super) fn lines(text: &str, chars_max: usize, lines_max: usize) -> Vec<String> {
    let mut lines: Vec<String> = vec![String::new()];
    for word in text.split_whitespace() {
        let mut word: Vec<char> = word.chars().filter(|c| !c.is_control()).collect();
        while !word.is_empty() {
            let last = lines.last().map_or(0, |line| line.chars().count());
            let space = usize::from(last > 0);
            if last + space + word.len() <= chars_max {
                push(&mut lines, space, &word);
                word.clear();
            } else if last > 0 {
                lines.push(String::new());
            } else {
                let rest = word.split_off(chars_max.min(word.len()));
                push(&mut lines, 0, &word);
                word = rest;
            }
        }
    }
    if lines.len() > lines_max {
        lines.truncate(lines_max);
        if let Some(last) = lines.last_mut() {
            let kept: String = last.chars().take(chars_max.saturating_sub(1)).collect();
            *last = format!("{}…", kept.trim_end());
        }
    }
    lines
}

fn push(lines: &mut [String], spaces: usize, word: &[char]) {
    if let Some(line) = lines.last_mut() {
        line.push_str(&" ".repeat(spaces));
        line.extend(word);
    }
}

/// As text and as the value of an attribute.
pub(crate) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_broken_at_spaces_and_a_long_word_within() {
        assert_eq!(lines("one two three", 7, 9), ["one two", "three"]);
        assert_eq!(lines("abcdefgh", 3, 9), ["abc", "def", "gh"]);
        assert_eq!(lines("a bcdefgh", 3, 9), ["a", "bcd", "efg", "h"]);
        assert_eq!(lines("one two three four", 7, 2), ["one two", "three…"]);
        assert_eq!(lines("", 7, 2), [""]);
        assert_eq!(lines("договор аренды", 7, 2), ["договор", "аренды"]);
    }

    #[test]
    fn nothing_of_a_text_is_markup() {
        assert_eq!(
            escape("<a b=\"c\">&'\u{7}"),
            "&lt;a b=&quot;c&quot;&gt;&amp;&#39; "
        );
    }
}
