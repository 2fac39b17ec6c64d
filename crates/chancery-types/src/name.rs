//! Bounded text from people: no control characters, no direction overrides, a length in graphemes.

use serde::{Deserialize, Serialize};
use unicode_segmentation::UnicodeSegmentation as _;

/// Why a text may not be a name or a title.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// Nothing but white space.
    #[error("the text is empty")]
    Empty,
    /// Longer than its limit.
    #[error("the text is longer than {max} characters")]
    TooLong {
        /// The limit, in graphemes.
        max: usize,
    },
    /// A control character: a line break, a tab, a zero byte.
    #[error("the text has a line break or another control character")]
    Control,
    /// A bidirectional override or an invisible character that lets text look like other text
    /// (Unicode TR 36, section 3.1): U+202E and its kind.
    #[error("the text has an invisible character (U+{code:04X})")]
    Invisible {
        /// The code point.
        code: u32,
    },
}

/// Checks one line of text from outside and returns it trimmed and with single spaces kept.
///
/// # Errors
///
/// A [`NameError`]: empty, too long (in graphemes), a control or an invisible character.
pub fn check_line(text: &str, graphemes_max: usize) -> Result<String, NameError> {
    let text = text.trim_matches(' ');
    if text.trim().is_empty() {
        return Err(NameError::Empty);
    }
    check_characters(text, false)?;
    // Bytes first: a grapheme may be arbitrarily long.
    if text.len() > graphemes_max.saturating_mul(32) || text.graphemes(true).count() > graphemes_max
    {
        return Err(NameError::TooLong { max: graphemes_max });
    }
    Ok(text.to_owned())
}

/// Checks a text of several lines (a remark, a question): as [`check_line`], but line feeds are
/// allowed and CR LF becomes LF.
///
/// # Errors
///
/// As [`check_line`].
pub fn check_text(text: &str, graphemes_max: usize) -> Result<String, NameError> {
    let text = text.replace("\r\n", "\n");
    let text = text.trim();
    if text.is_empty() {
        return Err(NameError::Empty);
    }
    check_characters(text, true)?;
    if text.len() > graphemes_max.saturating_mul(32) || text.graphemes(true).count() > graphemes_max
    {
        return Err(NameError::TooLong { max: graphemes_max });
    }
    Ok(text.to_owned())
}

fn check_characters(text: &str, lines: bool) -> Result<(), NameError> {
    for c in text.chars() {
        if c.is_control() && !(lines && matches!(c, '\n' | '\t')) {
            return Err(NameError::Control);
        }
        if is_invisible(c) {
            return Err(NameError::Invisible { code: c as u32 });
        }
    }
    Ok(())
}

const fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}'
        | '\u{feff}' | '\u{2028}' | '\u{2029}' | '\u{fff9}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e007f}')
}

macro_rules! bounded {
    ($(#[$doc:meta])* $name:ident, $max:literal) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// The longest allowed, in graphemes.
            pub const GRAPHEMES_MAX: usize = $max;

            /// Checks and wraps a text.
            ///
            /// # Errors
            ///
            /// As [`check_line`].
            pub fn new(text: &str) -> Result<Self, NameError> {
                check_line(text, Self::GRAPHEMES_MAX).map(Self)
            }

            /// The text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = NameError;

            fn try_from(text: String) -> Result<Self, Self::Error> {
                Self::new(&text)
            }
        }

        impl From<$name> for String {
            fn from(name: $name) -> Self {
                name.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

bounded!(
    /// A document's title.
    Title,
    300
);
bounded!(
    /// The name of a person, a department or an organisation.
    DisplayName,
    120
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_lie_are_refused() {
        assert_eq!(
            DisplayName::new("Иван\u{202e}fdp"),
            Err(NameError::Invisible { code: 0x202e })
        );
        assert_eq!(DisplayName::new("Иван\r\nBcc: x"), Err(NameError::Control));
        assert_eq!(DisplayName::new("  "), Err(NameError::Empty));
        assert_eq!(
            DisplayName::new(&"я".repeat(121)),
            Err(NameError::TooLong { max: 120 })
        );
        assert_eq!(
            DisplayName::new(" Ёлкин-Ďáblík ").expect("a name").as_str(),
            "Ёлкин-Ďáblík"
        );
    }

    #[test]
    fn a_remark_may_have_lines() {
        assert_eq!(check_text("a\r\nb", 10), Ok("a\nb".to_owned()));
        assert_eq!(check_text("a\0b", 10), Err(NameError::Control));
    }
}
