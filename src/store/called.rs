//! Names that have certain letters, in whichever case.
//!
//! Neither `LIKE` nor `lower` folds Cyrillic on SQLite, nor on PostgreSQL with the locale `C`. So
//! each letter is asked for in both its cases: `[Ии][Вв][Аа][Нн]` means the same to both databases.

use sea_orm::DbBackend;
use sea_orm::sea_query::{BinOper, Expr, ExprTrait as _, IntoColumnRef};

/// Whether `column` has `text` in it.
pub(super) fn has(backend: DbBackend, column: impl IntoColumnRef, text: &str) -> Expr {
    let column = Expr::col(column);
    match backend {
        DbBackend::Postgres => column.binary(BinOper::Custom("~"), regex(text)),
        _ => column.binary(BinOper::Custom("GLOB"), format!("*{}*", glob(text))),
    }
}

fn glob(text: &str) -> String {
    pattern(text, |c, pattern| match c {
        '*' | '?' | '[' => pattern.extend(['[', c, ']']),
        c => pattern.push(c),
    })
}

fn regex(text: &str) -> String {
    pattern(text, |c, pattern| {
        if c.is_ascii_punctuation() {
            pattern.push('\\');
        }
        pattern.push(c);
    })
}

fn pattern(text: &str, plain: impl Fn(char, &mut String)) -> String {
    let mut pattern = String::new();
    for c in text.chars() {
        let (lower, upper) = (only(c.to_lowercase()), only(c.to_uppercase()));
        match (lower, upper) {
            (Some(lower), Some(upper)) if lower != upper => {
                pattern.extend(['[', lower, upper, ']']);
            }
            _ => plain(c, &mut pattern),
        }
    }
    pattern
}

/// The other case of a letter, if it is one letter: ß has none.
fn only(mut letters: impl Iterator<Item = char>) -> Option<char> {
    let first = letters.next();
    first.filter(|_| letters.next().is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_stand_in_both_cases_and_signs_mean_nothing() {
        assert_eq!(glob("Ив*н [1]"), "[иИ][вВ][*][нН] [[]1]");
        assert_eq!(regex("о.к^"), "[оО]\\.[кК]\\^");
        assert_eq!(glob("ß"), "ß");
    }
}
