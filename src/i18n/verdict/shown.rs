//! Texts out of files of others, as far as they may be shown.

/// The longest name or value, in characters.
const CHARS_MAX: usize = 120;
/// The longest text that is there to be read, in characters.
const TEXT_CHARS_MAX: usize = 4_000;

/// A text out of a file, as far as it may be shown: one line, no direction marks, not too long.
#[must_use]
pub fn shown(text: &str) -> String {
    cut(text, CHARS_MAX)
}

/// The same of what is there to be read, such as powers in words: much longer.
#[must_use]
pub fn shown_text(text: &str) -> String {
    cut(text, TEXT_CHARS_MAX)
}

fn cut(text: &str, chars_max: usize) -> String {
    let hostile = |c: char| {
        c.is_control()
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{2069}' | '\u{feff}')
    };
    let clean = text
        .chars()
        .map(|c| if hostile(c) { '\u{fffd}' } else { c });
    let mut short: String = clean.take(chars_max).collect();
    if text.chars().count() > chars_max {
        short.push('…');
    }
    short
}
