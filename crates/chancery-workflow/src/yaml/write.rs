//! A tree as the text of a YAML file: on one line where it fits, else in blocks.

use super::{Node, Value};

/// How long a line may get before what is on it is written in blocks.
const COLUMNS: usize = 100;

/// What is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Tree {
    /// A text; in quotes where it needs them, or where they are wanted.
    Scalar {
        /// The text.
        text: String,
        /// Whether quotes are wanted.
        quoted: bool,
    },
    /// A list, on one line if it fits.
    List(Vec<Self>),
    /// A mapping, on one line if it fits.
    Map(Vec<Entry>),
    /// A list that is never on one line.
    Lines(Vec<Self>),
    /// A mapping that is never on one line.
    Block(Vec<Entry>),
}

/// A key with its value, and what is said above it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    /// Lines above it, without their marks.
    pub(crate) comments: Vec<String>,
    pub(crate) key: String,
    pub(crate) value: Tree,
}

impl Entry {
    pub(crate) fn new(key: impl Into<String>, value: Tree) -> Self {
        Self {
            comments: Vec::new(),
            key: key.into(),
            value,
        }
    }
}

impl Tree {
    /// A word, without quotes unless it needs them.
    pub(crate) fn word(text: impl Into<String>) -> Self {
        Self::Scalar {
            text: text.into(),
            quoted: false,
        }
    }

    /// A text in quotes.
    pub(crate) fn quoted(text: impl Into<String>) -> Self {
        Self::Scalar {
            text: text.into(),
            quoted: true,
        }
    }

    /// A mapping on one line.
    pub(crate) fn map<const N: usize>(pairs: [(&str, Self); N]) -> Self {
        let entries = pairs.into_iter();
        Self::Map(entries.map(|(key, value)| Entry::new(key, value)).collect())
    }

    /// What was read, without its comments.
    pub(crate) fn of(node: &Node) -> Self {
        match &node.value {
            Value::Scalar(scalar) => Self::Scalar {
                text: scalar.text.clone(),
                quoted: scalar.quoted,
            },
            Value::List(nodes) => Self::List(nodes.iter().map(Self::of).collect()),
            Value::Map(pairs) => {
                let entries = pairs.iter();
                let entry =
                    |(key, node): &(super::Key, Node)| Entry::new(&key.name, Self::of(node));
                Self::Map(entries.map(entry).collect())
            }
        }
    }

    /// On one line.
    pub(crate) fn in_line(&self) -> String {
        match self {
            Self::Scalar { text, quoted } => scalar(text, *quoted),
            Self::List(all) | Self::Lines(all) => {
                let all: Vec<String> = all.iter().map(Self::in_line).collect();
                format!("[{}]", all.join(", "))
            }
            Self::Map(all) | Self::Block(all) if all.is_empty() => "{}".to_owned(),
            Self::Map(all) | Self::Block(all) => {
                let all = all.iter();
                let pair = |one: &Entry| format!("{}: {}", key(&one.key), one.value.in_line());
                let all: Vec<String> = all.map(pair).collect();
                format!("{{ {} }}", all.join(", "))
            }
        }
    }

    /// Whether it may stand on the rest of a line of which so much is taken.
    fn fits(&self, taken: usize) -> bool {
        match self {
            Self::Scalar { .. } => true,
            Self::Lines(all) => all.is_empty(),
            Self::Block(all) => all.is_empty(),
            Self::List(_) | Self::Map(_) => {
                let length = self.in_line().chars().count();
                !self.has_blocks() && taken.saturating_add(length) <= COLUMNS
            }
        }
    }

    /// Whether something within it needs lines of its own.
    fn has_blocks(&self) -> bool {
        match self {
            Self::Scalar { .. } => false,
            Self::List(all) => all.iter().any(Self::has_blocks),
            Self::Map(all) => all
                .iter()
                .any(|one| !one.comments.is_empty() || one.value.has_blocks()),
            Self::Lines(_) | Self::Block(_) => true,
        }
    }
}

/// The text of a file with these keys.
pub(crate) fn file(entries: &[Entry]) -> String {
    let mut out = String::new();
    for entry in entries {
        put_entry(&mut out, entry, 0);
    }
    out
}

fn put_entry(out: &mut String, entry: &Entry, indent: usize) {
    let space = " ".repeat(indent);
    for line in &entry.comments {
        out.push_str(&format!("{space}# {}\n", remark(line)));
    }
    out.push_str(&space);
    put_pair(out, entry, indent);
}

fn put_pair(out: &mut String, entry: &Entry, indent: usize) {
    let head = format!("{}:", key(&entry.key));
    let taken = indent + head.chars().count() + 1;
    out.push_str(&head);
    if entry.value.fits(taken) {
        out.push_str(&format!(" {}\n", entry.value.in_line()));
        return;
    }
    out.push('\n');
    put_block(out, &entry.value, indent + 2);
}

/// A value on lines of its own.
fn put_block(out: &mut String, tree: &Tree, indent: usize) {
    match tree {
        Tree::Scalar { .. } => out.push_str(&format!("{}\n", tree.in_line())),
        Tree::Map(entries) | Tree::Block(entries) => {
            for entry in entries {
                put_entry(out, entry, indent);
            }
        }
        Tree::List(all) | Tree::Lines(all) => {
            for one in all {
                put_item(out, one, indent);
            }
        }
    }
}

fn put_item(out: &mut String, one: &Tree, indent: usize) {
    let space = " ".repeat(indent);
    if let Tree::Map(entries) | Tree::Block(entries) = one
        && !one.fits(indent + 2)
        && let Some((first, rest)) = entries.split_first()
    {
        for line in &first.comments {
            out.push_str(&format!("{space}# {}\n", remark(line)));
        }
        out.push_str(&format!("{space}- "));
        put_pair(out, first, indent + 2);
        for entry in rest {
            put_entry(out, entry, indent + 2);
        }
        return;
    }
    // A list right within a list stays on its line: no key of ours holds a long one.
    out.push_str(&format!("{space}- {}\n", one.in_line()));
}

/// A line of a comment: nothing of it ends the line.
fn remark(text: &str) -> String {
    let text: String = text
        .chars()
        .map(|c| if breaks(c) { ' ' } else { c })
        .take(300)
        .collect();
    text.trim().to_owned()
}

/// What ends a line for some reader, or is not printed.
fn breaks(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}'
        )
}

fn key(name: &str) -> String {
    scalar(name, false)
}

fn scalar(text: &str, quoted: bool) -> String {
    if !quoted && is_plain(text) {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            c if breaks(c) => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// Whether a text reads as itself without quotes, on a line with others too.
fn is_plain(text: &str) -> bool {
    let mark = |c: char| matches!(c, '_' | '-' | '.' | '/' | '(' | ')' | '\'' | '+' | ' ');
    text.starts_with(char::is_alphanumeric)
        && !text.ends_with(' ')
        && text.chars().all(|c| c.is_alphanumeric() || mark(c))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::yaml::parse;

    /// Goal: what is written is what was read. Method: texts that YAML reads as something else.
    #[test]
    fn what_is_written_reads_as_what_it_was() {
        let source = "a: { b: [x, 'it''s', \"q\\\"\\\\\"], c: param('t') }\n\
                      d: \"- # : [ \\n\\u0085 \\ufffe\"\n\
                      e: [{ f: '' }, [], {}, [[g]]]\n\
                      doc.amount: 'true'\n\
                      long: [{ k: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa, l: bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb }, \
                      { m: cccccccccccccccccccccccccccccccccccccccccccc, n: [1, 2] }]\n";
        let tree = Tree::of(&parse(source).expect("a tree"));
        let Tree::Map(entries) = &tree else {
            panic!("a mapping")
        };
        let text = file(entries);
        let again = Tree::of(&parse(&text).expect("a tree"));
        assert_eq!(texts(&again), texts(&tree), "{text}");
        assert!(text.contains("long:\n  - { k: a"), "{text}");
    }

    /// The tree without its quotes.
    fn texts(tree: &Tree) -> Tree {
        match tree {
            Tree::Scalar { text, .. } => Tree::word(text),
            Tree::List(all) | Tree::Lines(all) => Tree::List(all.iter().map(texts).collect()),
            Tree::Map(all) | Tree::Block(all) => {
                let all = all.iter();
                Tree::Map(
                    all.map(|one| Entry::new(&one.key, texts(&one.value)))
                        .collect(),
                )
            }
        }
    }

    #[test]
    fn what_is_said_above_a_key_never_ends_its_line() {
        let mut entry = Entry::new("a", Tree::word("b"));
        entry.comments = vec!["one\ntwo: three\u{2028}four\u{85}five".to_owned()];
        assert_eq!(file(&[entry]), "# one two: three four five\na: b\n");
    }
}
