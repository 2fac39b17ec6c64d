//! Conditions of other engines (JUEL of Camunda 7, Flowable and Activiti, FEEL of Camunda 8) as
//! ours, as far as nothing has to be guessed: comparisons of the card's fields with values, joined
//! by "and", "or" and "not".

use chancery_types::FieldType;

use super::Known;
use super::who::bare;
use crate::bpmn::write::CEL;
use crate::kind::Field;

/// A condition as read.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Read {
    /// It was one of ours.
    Ours(String),
    /// It was said in another language.
    Translated(String),
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    Name(String),
    Number(String),
    Text(String),
    Sign(&'static str),
}

const SIGNS: [&str; 12] = [
    "&&", "||", "==", "!=", ">=", "<=", ">", "<", "!", "(", ")", "=",
];
/// Signs that are written as words.
const WORDS: [(&str, &str); 9] = [
    ("and", "&&"),
    ("or", "||"),
    ("not", "!"),
    ("eq", "=="),
    ("ne", "!="),
    ("ge", ">="),
    ("le", "<="),
    ("gt", ">"),
    ("lt", "<"),
];

/// A condition as a file of ours writes it; nothing, if something in it is not known.
pub(super) fn read(text: &str, language: &str, known: &Known<'_>) -> Option<Read> {
    if language == CEL {
        return Some(Read::Ours(text.to_owned()));
    }
    let is_feel = text.trim_start().starts_with('=') || language.to_lowercase().contains("feel");
    let tokens = tokens(bare(text), is_feel)?;
    let mut out = String::new();
    for (at, token) in tokens.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|at| tokens.get(at));
        let written = match token {
            Token::Name(name) if matches!(name.as_str(), "true" | "false") => name.clone(),
            Token::Name(name) => format!("doc.{}", field(name, known)?.name),
            Token::Text(text) => format!("'{text}'"),
            Token::Number(number) => value(number, other_side(&tokens, at), known)?,
            Token::Sign(sign) => (*sign).to_owned(),
        };
        let is_tight = matches!(token, Token::Sign(")"))
            || matches!(before, None | Some(Token::Sign("(" | "!")));
        if !is_tight {
            out.push(' ');
        }
        out.push_str(&written);
    }
    Some(Read::Translated(out)).filter(|_| !tokens.is_empty())
}

fn field<'k>(name: &str, known: &Known<'k>) -> Option<&'k Field> {
    known.kind?.field(name.strip_prefix("doc.").unwrap_or(name))
}

/// The field that a number is compared with.
fn other_side(tokens: &[Token], at: usize) -> Option<&str> {
    let side = |sign: Option<usize>, name: Option<usize>| {
        let (sign, name) = (tokens.get(sign?)?, tokens.get(name?)?);
        match (sign, name) {
            (Token::Sign("==" | "!=" | ">=" | "<=" | ">" | "<"), Token::Name(name)) => {
                Some(name.as_str())
            }
            _ => None,
        }
    };
    side(at.checked_sub(1), at.checked_sub(2)).or_else(|| side(Some(at + 1), Some(at + 2)))
}

/// A number beside a field: an amount has a currency, which only a field of one currency says.
fn value(number: &str, beside: Option<&str>, known: &Known<'_>) -> Option<String> {
    let field = field(beside?, known)?;
    match (field.field_type, field.currencies.as_slice()) {
        (FieldType::Money, [currency]) => {
            let (whole, part) = number.split_once('.').unwrap_or((number, ""));
            (part.len() <= 2).then(|| format!("money('{currency}', '{whole}.{part:0<2}')"))
        }
        (FieldType::Integer, _) if !number.contains('.') => Some(number.to_owned()),
        _ => None,
    }
}

fn tokens(text: &str, is_feel: bool) -> Option<Vec<Token>> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let (token, after) = match first {
            '\'' | '"' => quoted(rest, first)?,
            '0'..='9' => {
                let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.');
                let (number, after) = rest.split_at(end.unwrap_or(rest.len()));
                let is_number = number.matches('.').count() <= 1 && !number.ends_with('.');
                is_number.then(|| (Token::Number(number.to_owned()), after))?
            }
            c if c.is_ascii_alphabetic() || c == '_' => {
                let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.');
                let end = rest.find(|c: char| !is_name(c)).unwrap_or(rest.len());
                let (name, after) = rest.split_at(end);
                let word = WORDS.iter().find(|(word, _)| *word == name);
                match word {
                    Some((_, sign)) => (Token::Sign(sign), after),
                    // What calls something is not a field.
                    None if after.trim_start().starts_with('(') => return None,
                    None => (Token::Name(name.to_owned()), after),
                }
            }
            _ => {
                let sign = SIGNS.iter().find(|sign| rest.starts_with(**sign))?;
                let after = rest.get(sign.len()..)?;
                match *sign {
                    "=" if is_feel => (Token::Sign("=="), after),
                    "=" => return None,
                    sign => (Token::Sign(sign), after),
                }
            }
        };
        tokens.push(token);
        rest = after.trim_start();
    }
    Some(tokens)
}

fn quoted(rest: &str, mark: char) -> Option<(Token, &str)> {
    let inner = rest.get(mark.len_utf8()..)?;
    let (text, after) = inner.split_once(mark)?;
    let is_plain = !text.contains(['\'', '"', '\\']);
    is_plain.then(|| (Token::Text(text.to_owned()), after))
}
