//! The two layouts of a letter.

use super::letter::Letter;

/// `templates/mail/letter.txt`.
#[derive(askama::Template)]
#[template(path = "mail/letter.txt")]
pub struct Text<'a> {
    /// The parts.
    pub letter: &'a Letter,
    /// The first line.
    pub greeting: &'a str,
}

/// `templates/mail/letter.html`.
#[derive(askama::Template)]
#[template(path = "mail/letter.html")]
pub struct Html<'a> {
    /// The parts.
    pub letter: &'a Letter,
    /// The first line.
    pub greeting: &'a str,
    /// The language's code.
    pub locale: &'static str,
}
