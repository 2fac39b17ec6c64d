//! JSON as it is written: enough for a schema, in the order it is given.

use std::fmt::{self, Write as _};

/// A JSON value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Json {
    Text(String),
    Number(i64),
    Bool(bool),
    List(Vec<Json>),
    Map(Vec<(String, Json)>),
}

impl Json {
    pub(super) fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    pub(super) fn map<const N: usize>(pairs: [(&str, Self); N]) -> Self {
        let pairs = pairs.into_iter();
        Self::Map(pairs.map(|(key, value)| (key.to_owned(), value)).collect())
    }

    /// With one more key.
    pub(super) fn with(mut self, key: &str, value: Self) -> Self {
        if let Self::Map(pairs) = &mut self {
            pairs.push((key.to_owned(), value));
        }
        self
    }

    fn write(&self, out: &mut String, depth: usize) {
        match self {
            Self::Text(text) => quoted(text, out),
            Self::Number(number) => out.push_str(&number.to_string()),
            Self::Bool(answer) => out.push_str(if *answer { "true" } else { "false" }),
            Self::List(members) => {
                let members = members.iter().map(|member| (None, member));
                lines(('[', ']'), members, out, depth);
            }
            Self::Map(pairs) => {
                let pairs = pairs.iter().map(|(key, value)| (Some(key), value));
                lines(('{', '}'), pairs, out, depth);
            }
        }
    }
}

impl fmt::Display for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = String::new();
        self.write(&mut out, 0);
        f.write_str(&out)
    }
}

/// One member a line, two spaces deeper than what is around it.
fn lines<'j>(
    (open, close): (char, char),
    members: impl Iterator<Item = (Option<&'j String>, &'j Json)>,
    out: &mut String,
    depth: usize,
) {
    let indent = |out: &mut String, depth: usize| {
        out.push('\n');
        out.push_str(&"  ".repeat(depth));
    };
    out.push(open);
    let mut is_empty = true;
    for (key, value) in members {
        if !is_empty {
            out.push(',');
        }
        is_empty = false;
        indent(out, depth.saturating_add(1));
        if let Some(key) = key {
            quoted(key, out);
            out.push_str(": ");
        }
        value.write(out, depth.saturating_add(1));
    }
    if !is_empty {
        indent(out, depth);
    }
    out.push(close);
}

/// RFC 8259, 7.
fn quoted(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            c if c.is_control() => {
                // Writing to a text does not fail.
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
}
