//! Rust source as tokens: enough of the language to tell a name from a string or a comment.
//!
//! This is not a parser. It knows where tokens begin and end, which lines belong to tests, and
//! where a function's body is; every rule of `tidy` is written over that.

use std::ops::Range;
use std::path::{Path, PathBuf};

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A name or keyword; raw identifiers without their `r#`.
    Name,
    /// A string or character literal of any prefix, without its quotes.
    Text,
    /// A comment, with its marks.
    Comment,
    /// A number, a lifetime, or one character of punctuation (`::` is one token).
    Other,
}

/// One token.
#[derive(Clone, Copy, Debug)]
pub struct Token<'a> {
    /// What it is.
    pub kind: Kind,
    /// Its text.
    pub text: &'a str,
    /// The line it begins on, counted from 1.
    pub line: usize,
    /// The line it ends on.
    pub last_line: usize,
}

impl Token<'_> {
    /// Whether it is this name or punctuation.
    pub fn is(&self, text: &str) -> bool {
        matches!(self.kind, Kind::Name | Kind::Other) && self.text == text
    }
}

/// One file.
pub struct Source<'a> {
    /// Path from the project's root, with `/`.
    pub path: &'a str,
    /// The whole text.
    pub text: &'a str,
    /// Tokens that are code: no comments.
    pub code: Vec<Token<'a>>,
    /// Comments alone.
    pub comments: Vec<Token<'a>>,
    /// For each token of `code`, whether it belongs to tests.
    in_test: Vec<bool>,
    /// For each token of `code`, whether it stands in an attribute.
    in_attribute: Vec<bool>,
}

impl<'a> Source<'a> {
    /// Reads `text`, which stands at `path` under the project's root.
    pub fn read(path: &'a str, text: &'a str) -> Self {
        let (comments, code): (Vec<_>, Vec<_>) = tokens(text)
            .into_iter()
            .partition(|token| token.kind == Kind::Comment);
        let mut in_test = vec![is_test_file(path); code.len()];
        let mut in_attribute = vec![false; code.len()];
        for at in 0..code.len() {
            let Some(attribute) = attribute_at(&code, at) else {
                continue;
            };
            in_attribute[attribute.clone()].fill(true);
            if is_test_attribute(&code[attribute.clone()]) {
                let whole = attribute.start..item_end(&code, attribute.end);
                in_test[whole].fill(true);
            }
        }
        Self {
            path,
            text,
            code,
            comments,
            in_test,
            in_attribute,
        }
    }

    /// Whether the token at `at` belongs to tests: a test file, or an item under `#[cfg(test)]`,
    /// `#[test]` or the like.
    pub fn is_test(&self, at: usize) -> bool {
        self.in_test[at]
    }

    /// Whether the token at `at` stands in an attribute.
    pub fn is_attribute(&self, at: usize) -> bool {
        self.in_attribute[at]
    }

    /// Whether the whole file is a test.
    pub fn is_test_file(&self) -> bool {
        is_test_file(self.path)
    }

    /// Lines that do not belong to tests.
    pub fn lines_outside_tests(&self) -> usize {
        let mut of_tests = vec![false; self.text.lines().count()];
        let mut at = 0;
        while at < self.code.len() {
            let start = at;
            while at < self.code.len() && self.in_test[at] {
                at += 1;
            }
            if at > start {
                let lines = self.code[start].line - 1..self.code[at - 1].last_line;
                of_tests[lines].fill(true);
            }
            at += 1;
        }
        of_tests.iter().filter(|test| !**test).count()
    }

    /// Every function with a body: the index of its `fn`, and the tokens from `{` to `}`.
    pub fn functions(&self) -> Vec<(usize, Range<usize>)> {
        let mut found = Vec::new();
        for at in 0..self.code.len() {
            let named = self
                .code
                .get(at + 1)
                .is_some_and(|next| next.kind == Kind::Name);
            if !self.code[at].is("fn") || !named {
                continue;
            }
            let end = item_end(&self.code, at);
            let body = (at..end).find(|index| self.code[*index].is("{"));
            if let Some(open) = body {
                found.push((at, open..end));
            }
        }
        found
    }

    /// The token before `at`, or nothing at the beginning.
    pub fn before(&self, at: usize, back: usize) -> &'a str {
        at.checked_sub(back)
            .map_or("", |index| self.code[index].text)
    }

    /// The token after `at`, or nothing at the end.
    pub fn after(&self, at: usize, ahead: usize) -> &'a str {
        self.code.get(at + ahead).map_or("", |token| token.text)
    }
}

/// Whether everything in the file is a test.
fn is_test_file(path: &str) -> bool {
    let path = Path::new(path);
    let stem = path
        .file_stem()
        .and_then(|stem| stem.to_str())
        .unwrap_or("");
    let folder = |name: &str| {
        path.parent()
            .is_some_and(|up| up.iter().any(|part| part == name))
    };
    stem == "tests" || stem.ends_with("_tests") || folder("tests") || folder("benches")
}

/// If an attribute begins at `at`, its tokens from `#` to `]`.
fn attribute_at(code: &[Token<'_>], at: usize) -> Option<Range<usize>> {
    if !code[at].is("#") {
        return None;
    }
    let inner = code.get(at + 1)?.is("!");
    let open = at + 1 + usize::from(inner);
    code.get(open).filter(|token| token.is("["))?;
    Some(at..matching(code, open) + 1)
}

/// `#[test]`, `#[actix_web::test]`, `#[cfg(test)]` and their like; not `#[cfg(not(test))]`.
fn is_test_attribute(attribute: &[Token<'_>]) -> bool {
    let has = |name: &str| attribute.iter().any(|token| token.is(name));
    has("test") && !has("not") && !has("cfg_attr") && !has("!")
}

/// One past the last token of the item that begins at `at`: its closing brace or semicolon.
fn item_end(code: &[Token<'_>], at: usize) -> usize {
    let mut index = at;
    while index < code.len() {
        match code[index].text {
            ";" => return index + 1,
            "{" => return matching(code, index) + 1,
            // Brackets of parameters, attributes and array types hold semicolons of their own.
            "(" | "[" if code[index].kind == Kind::Other => index = matching(code, index) + 1,
            _ => index += 1,
        }
    }
    code.len()
}

/// The index of the bracket that closes the one at `open`, or the last token.
fn matching(code: &[Token<'_>], open: usize) -> usize {
    let mut depth = 0_usize;
    for (index, token) in code.iter().enumerate().skip(open) {
        if token.kind != Kind::Other {
            continue;
        }
        match token.text {
            "(" | "[" | "{" => depth += 1,
            ")" | "]" | "}" => depth = depth.saturating_sub(1),
            _ => continue,
        }
        if depth == 0 {
            return index;
        }
    }
    code.len() - 1
}

/// The tokens of `text`, comments among them.
fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut found = Vec::new();
    let (mut at, mut line) = (0, 1);
    while let Some(first) = text[at..].chars().next() {
        let rest = &text[at..];
        let (kind, length, shown) = match first {
            space if space.is_whitespace() => {
                line += usize::from(space == '\n');
                at += space.len_utf8();
                continue;
            }
            '/' if rest.starts_with("//") => {
                (Kind::Comment, rest.find('\n').unwrap_or(rest.len()), None)
            }
            '/' if rest.starts_with("/*") => (Kind::Comment, block_comment(rest), None),
            _ => literal_or_name(rest, first),
        };
        let token = &rest[..length];
        let last_line = line + token.matches('\n').count();
        found.push(Token {
            kind,
            text: shown.unwrap_or(token),
            line,
            last_line,
        });
        line = last_line;
        at += length;
    }
    found
}

/// A literal, a name, or one piece of punctuation: kind, length in bytes, text to show.
fn literal_or_name(rest: &str, first: char) -> (Kind, usize, Option<&str>) {
    if let Some((length, inside)) = string_literal(rest) {
        return (Kind::Text, length, Some(inside));
    }
    if first == '\'' {
        return character_or_lifetime(rest);
    }
    if let Some(byte) = rest.strip_prefix('b').filter(|byte| byte.starts_with('\'')) {
        let (kind, length, inside) = character_or_lifetime(byte);
        return (kind, length + 1, inside);
    }
    let word = |from: &str| {
        from.find(|each: char| !each.is_alphanumeric() && each != '_')
            .unwrap_or(from.len())
    };
    if let Some(raw) = rest.strip_prefix("r#") {
        let length = word(raw);
        return (Kind::Name, length + 2, Some(&raw[..length]));
    }
    match first {
        '0'..='9' => (Kind::Other, word(rest), None),
        letter if letter.is_alphabetic() || letter == '_' => (Kind::Name, word(rest), None),
        ':' if rest.starts_with("::") => (Kind::Other, 2, None),
        other => (Kind::Other, other.len_utf8(), None),
    }
}

/// `"…"`, `r"…"`, `br#"…"#`, `c"…"`: length and content.
fn string_literal(rest: &str) -> Option<(usize, &str)> {
    let prefix = ["br", "cr", "b", "c", "r", ""].into_iter().find(|prefix| {
        let after = rest.strip_prefix(prefix);
        after.is_some_and(|after| after.trim_start_matches('#').starts_with('"'))
    })?;
    let after = &rest[prefix.len()..];
    let hashes = after.len() - after.trim_start_matches('#').len();
    if hashes > 0 && !prefix.ends_with('r') {
        return None;
    }
    let start = prefix.len() + hashes + 1;
    let inside = &rest[start..];
    let length = if prefix.ends_with('r') {
        let close = format!("\"{}", "#".repeat(hashes));
        inside.find(&close).unwrap_or(inside.len())
    } else {
        escaped_until(inside, '"')
    };
    let end = (start + length + 1 + hashes).min(rest.len());
    Some((end, &inside[..length]))
}

/// `'a'`, `'\n'`, `'ж'`, or the lifetime `'a`.
fn character_or_lifetime(rest: &str) -> (Kind, usize, Option<&str>) {
    let inside = &rest[1..];
    let mut letters = inside.chars();
    let one = letters.next().map_or(0, char::len_utf8);
    if inside.starts_with('\\') {
        let length = escaped_until(inside, '\'');
        return (
            Kind::Text,
            (length + 2).min(rest.len()),
            Some(&inside[..length]),
        );
    }
    if letters.next() == Some('\'') {
        return (Kind::Text, one + 2, Some(&inside[..one]));
    }
    let name = inside.find(|each: char| !each.is_alphanumeric() && each != '_');
    (Kind::Other, 1 + name.unwrap_or(inside.len()), None)
}

/// Bytes before the first `quote` that no backslash escapes.
fn escaped_until(inside: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, each) in inside.char_indices() {
        if each == quote && !escaped {
            return at;
        }
        escaped = each == '\\' && !escaped;
    }
    inside.len()
}

/// Bytes of a block comment; they nest.
fn block_comment(rest: &str) -> usize {
    let (mut at, mut depth) = (0, 0_usize);
    while at < rest.len() {
        if rest[at..].starts_with("/*") {
            depth += 1;
            at += 2;
        } else if rest[at..].starts_with("*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += rest[at..].chars().next().map_or(1, char::len_utf8);
        }
    }
    rest.len()
}

/// Every file under the project's source folders whose name ends with one of `endings`, sorted.
pub fn files(root: &Path, folders: &[&str], endings: &[&str]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut waiting: Vec<PathBuf> = folders.iter().map(|folder| root.join(folder)).collect();
    while let Some(path) = waiting.pop() {
        let name = path
            .file_name()
            .and_then(|name| name.to_str())
            .unwrap_or("")
            .to_owned();
        if path.is_dir() && name != "target" && !name.starts_with('.') {
            let entries = std::fs::read_dir(&path).into_iter().flatten().flatten();
            waiting.extend(entries.map(|entry| entry.path()));
        } else if path.is_file() && endings.iter().any(|ending| name.ends_with(ending)) {
            found.push(path);
        }
    }
    found.sort();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> Vec<&str> {
        let source = tokens(text);
        source
            .iter()
            .filter(|token| token.kind == Kind::Name)
            .map(|token| token.text)
            .collect()
    }

    #[test]
    fn strings_and_comments_hide_names() {
        let text = r####"let a = "data \" item"; // user
            let b = r#"info " doc"#; /* status /* user */ */ let c = br"data"; let d = b'x';"####;
        assert_eq!(
            names(text),
            ["let", "a", "let", "b", "let", "c", "let", "d"]
        );
    }

    #[test]
    fn lifetimes_are_not_characters() {
        assert_eq!(
            names("fn f<'a>(x: &'a str) { 'b' ; '\\'' ; 'ж' ; y }"),
            ["fn", "f", "x", "str", "y"]
        );
    }

    #[test]
    fn raw_identifiers_are_names() {
        assert_eq!(names("r#type r\"text\" r#\"text\"#"), ["type"]);
    }

    #[test]
    fn tests_are_told_apart_from_code() {
        let text = "fn a() {}\n#[cfg(test)]\nmod tests {\n    fn b() {}\n}\nfn c() {}\n";
        let source = Source::read("src/app/x.rs", text);
        let of_tests: Vec<&str> = source
            .functions()
            .iter()
            .filter(|(at, _)| source.is_test(*at))
            .map(|(at, _)| source.after(*at, 1))
            .collect();
        assert_eq!(of_tests, ["b"]);
        assert_eq!(source.lines_outside_tests(), 2);
    }

    #[test]
    fn a_declared_test_module_is_one_line_of_tests() {
        let source = Source::read("src/x.rs", "#[cfg(test)]\nmod tests;\nfn a() {}\n");
        assert_eq!(source.lines_outside_tests(), 1);
    }

    #[test]
    fn code_for_builds_without_tests_is_code() {
        for attribute in ["#[cfg(not(test))]", "#[cfg_attr(test, derive(Debug))]"] {
            let text = format!("{attribute}\nstruct A {{}}\n");
            assert_eq!(
                Source::read("src/x.rs", &text).lines_outside_tests(),
                2,
                "{attribute}"
            );
        }
    }
}
