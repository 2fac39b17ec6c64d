//! A YAML file as a tree with positions, and nothing that YAML can do beyond a tree.
//!
//! Anchors, aliases, tags, merge keys, directives, several documents, keys that are not text and
//! keys that stand twice are refused: each of them lets a file say something else than what a
//! reader sees. Scalars stay text; whoever expects a number reads a number (so `no` is never a
//! boolean by accident).

mod write;

pub(crate) use write::{Entry, Tree, file};

use granit_parser::{Event, Parser, ScalarStyle, Span};

use crate::diagnostic::{Diagnostic, Position};

/// The longest file, in bytes.
const SOURCE_BYTES_MAX: usize = 256 * 1024;
/// The most scalars, lists and mappings in one file.
const NODES_MAX: usize = 20_000;
/// The deepest nesting.
const DEPTH_MAX: usize = 32;

/// One node of the tree.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    pub(crate) at: Position,
    pub(crate) value: Value,
}

/// What a node holds.
#[derive(Clone, Debug)]
pub(crate) enum Value {
    Scalar(Scalar),
    List(Vec<Node>),
    Map(Vec<(Key, Node)>),
}

/// A key of a mapping and where it stands.
#[derive(Clone, Debug)]
pub(crate) struct Key {
    pub(crate) name: String,
    pub(crate) at: Position,
}

/// A scalar: its text, and what is needed to find a character of the text in the file again.
#[derive(Clone, Debug)]
pub(crate) struct Scalar {
    pub(crate) text: String,
    pub(crate) quoted: bool,
    /// The scalar as written, with its quotes; empty for block scalars.
    raw: String,
}

impl Node {
    /// The place of `length` characters from the `start`th character (from zero) of a scalar's
    /// text. In a scalar of several lines, and where the text cannot be followed, the whole node.
    pub(crate) fn position_in(&self, start: usize, length: usize) -> Position {
        let Value::Scalar(scalar) = &self.value else {
            return self.at;
        };
        let Some(before) = scalar.raw_chars_before(start) else {
            return self.at;
        };
        let shift = |by: usize| u32::try_from(by).unwrap_or(0);
        Position {
            line: self.at.line,
            column: self.at.column.saturating_add(shift(before)),
            length: shift(length).max(1),
        }
    }
}

impl Scalar {
    /// How many characters of the file stand before the `start`th character of the text.
    fn raw_chars_before(&self, start: usize) -> Option<usize> {
        if self.raw.is_empty() || self.raw.contains('\n') {
            return None;
        }
        if !self.quoted {
            return Some(start);
        }
        let double = self.raw.starts_with('"');
        let mut raw = self.raw.chars().skip(1);
        let mut count = 1_usize;
        for _ in 0..start {
            let c = raw.next()?;
            count += 1;
            let escape = if double { c == '\\' } else { c == '\'' };
            if escape {
                let skip = match raw.next()? {
                    'x' if double => 2,
                    'u' if double => 4,
                    'U' if double => 8,
                    _ => 0,
                };
                count += 1;
                for _ in 0..skip {
                    raw.next()?;
                    count += 1;
                }
            }
        }
        Some(count)
    }
}

/// Reads one document into a tree.
///
/// # Errors
///
/// The first thing that is not a plain tree, with its place.
pub(crate) fn parse(source: &str) -> Result<Node, Diagnostic> {
    let top = Position {
        line: 1,
        column: 1,
        length: 1,
    };
    if source.len() > SOURCE_BYTES_MAX {
        return Err(Diagnostic::error("W001", "file-too-large", top).arg("max", SOURCE_BYTES_MAX));
    }
    let options = granit_parser::options! {
        disallow_directives: true,
        strict_indentation: false,
        flow_nesting_limit: DEPTH_MAX,
        block_nesting_limit: DEPTH_MAX,
        emit_comments: false,
    };
    let parser = Parser::new_from_str_with_options(source, options);
    let mut builder = Builder {
        source,
        open: Vec::new(),
        root: None,
        nodes: 0,
        documents: 0,
    };
    for next in parser {
        let (event, span) = next.map_err(|error| {
            let mark = error.marker();
            let at = Position {
                line: number(mark.line()),
                column: number(mark.col()) + 1,
                length: 1,
            };
            match indented_by_tab(source, at.line) {
                Some(at) => Diagnostic::error("W004", "tab", at),
                None => Diagnostic::error("W001", "not-yaml", at).arg("why", error),
            }
        })?;
        builder.take(event, span)?;
    }
    builder
        .root
        .ok_or_else(|| Diagnostic::error("W001", "file-empty", top))
}

/// The tab in the indentation of this line or of a neighbour, if there is one.
fn indented_by_tab(source: &str, line: u32) -> Option<Position> {
    [line, line.saturating_add(1), line.saturating_sub(1)]
        .into_iter()
        .find_map(|line| {
            let text = source.lines().nth((line as usize).checked_sub(1)?)?;
            let indent = text.chars().take_while(|c| c.is_whitespace());
            let column = indent.into_iter().position(|c| c == '\t')?;
            Some(Position {
                line,
                column: number(column) + 1,
                length: 1,
            })
        })
}

/// Where the anchor (`&`) or the tag (`!`) of the node that begins `at` stands: before it in its
/// line, or in the last line above it that is not empty. The node's own place if it is in neither.
fn property_before(source: &str, at: Position, mark: char) -> Position {
    let lines = source.lines().take(at.line as usize);
    let lines: Vec<&str> = lines.collect();
    for (index, line) in lines.iter().enumerate().rev() {
        let line_number = number(index) + 1;
        let is_own = line_number == at.line;
        let text: Vec<char> = match is_own {
            true => line.chars().take(at.column as usize - 1).collect(),
            // What follows a sign of a comment is none.
            false => line.split(" #").next().unwrap_or("").chars().collect(),
        };
        let begins = |start: usize| {
            let before = start.checked_sub(1).and_then(|place| text.get(place));
            before.is_none_or(|before| before.is_whitespace() || "[{,".contains(*before))
        };
        let starts = text.iter().enumerate().rev();
        let mut starts = starts.filter(|(start, sign)| **sign == mark && begins(*start));
        if let Some((start, _)) = starts.next() {
            let word = text.iter().skip(start);
            let length = word.take_while(|sign| !sign.is_whitespace()).count();
            return Position {
                line: line_number,
                column: number(start) + 1,
                length: number(length).max(1),
            };
        }
        if text.iter().any(|sign| !sign.is_whitespace()) {
            break;
        }
    }
    at
}

fn number(value: usize) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX - 1)
}

fn position(span: &Span) -> Position {
    let same_line = span.start.line() == span.end.line();
    let length = if same_line {
        span.end.col().saturating_sub(span.start.col())
    } else {
        1
    };
    Position {
        line: number(span.start.line()),
        column: number(span.start.col()) + 1,
        length: number(length).max(1),
    }
}

/// A collection whose end has not been read yet.
enum Open {
    List(Position, Vec<Node>),
    Map(Position, Vec<(Key, Node)>, Option<Key>),
}

struct Builder<'s> {
    source: &'s str,
    open: Vec<Open>,
    root: Option<Node>,
    nodes: usize,
    documents: usize,
}

impl Builder<'_> {
    fn take(&mut self, event: Event<'_>, span: Span) -> Result<(), Diagnostic> {
        let at = position(&span);
        if matches!(event, Event::SequenceStart(..) | Event::MappingStart(..)) {
            if self.open.len() >= DEPTH_MAX {
                return Err(Diagnostic::error("W001", "too-deep", at).arg("max", DEPTH_MAX));
            }
            if let Some(Open::Map(_, _, None)) = self.open.last() {
                return Err(Diagnostic::error("W003", "key-not-text", at));
            }
        }
        match event {
            Event::DocumentStart(..) => {
                self.documents += 1;
                if self.documents > 1 {
                    return Err(Diagnostic::error("W003", "several-documents", at));
                }
                Ok(())
            }
            Event::Alias(_) | Event::Anchor(..) | Event::UnresolvedAlias(_) => {
                Err(Diagnostic::error("W003", "anchor", at))
            }
            Event::Scalar(text, style, anchor, tag) => {
                self.check_plain(at, anchor, tag.is_some())?;
                let block = matches!(style, ScalarStyle::Literal | ScalarStyle::Folded);
                let raw = if block {
                    ""
                } else {
                    span.slice(self.source).unwrap_or("")
                };
                let scalar = Scalar {
                    text: text.into_owned(),
                    quoted: !block && style != ScalarStyle::Plain,
                    raw: raw.to_owned(),
                };
                self.place(Node {
                    at,
                    value: Value::Scalar(scalar),
                })
            }
            Event::SequenceStart(_, anchor, tag) => {
                self.check_plain(at, anchor, tag.is_some())?;
                self.open.push(Open::List(at, Vec::new()));
                Ok(())
            }
            Event::MappingStart(_, anchor, tag) => {
                self.check_plain(at, anchor, tag.is_some())?;
                self.open.push(Open::Map(at, Vec::new(), None));
                Ok(())
            }
            Event::SequenceEnd | Event::MappingEnd => match self.open.pop() {
                Some(Open::List(at, nodes)) => self.place(Node {
                    at,
                    value: Value::List(nodes),
                }),
                Some(Open::Map(at, pairs, _)) => self.place(Node {
                    at,
                    value: Value::Map(pairs),
                }),
                None => Ok(()),
            },
            // Stream and document bounds, comments, and whatever a later parser may add as
            // presentation: none of them is content.
            _ => Ok(()),
        }
    }

    fn check_plain(&self, at: Position, anchor: usize, tagged: bool) -> Result<(), Diagnostic> {
        if anchor != 0 {
            let at = property_before(self.source, at, '&');
            return Err(Diagnostic::error("W003", "anchor", at));
        }
        if tagged {
            let at = property_before(self.source, at, '!');
            return Err(Diagnostic::error("W003", "tag", at));
        }
        Ok(())
    }

    fn place(&mut self, node: Node) -> Result<(), Diagnostic> {
        self.nodes += 1;
        if self.nodes > NODES_MAX {
            return Err(Diagnostic::error("W001", "too-many-nodes", node.at).arg("max", NODES_MAX));
        }
        match self.open.last_mut() {
            None => self.root = Some(node),
            Some(Open::List(_, nodes)) => nodes.push(node),
            Some(Open::Map(_, pairs, waiting)) => match waiting.take() {
                Some(key) => pairs.push((key, node)),
                None => *waiting = Some(key_of(node, pairs)?),
            },
        }
        Ok(())
    }
}

fn key_of(node: Node, pairs: &[(Key, Node)]) -> Result<Key, Diagnostic> {
    let at = node.at;
    let Value::Scalar(scalar) = node.value else {
        return Err(Diagnostic::error("W003", "key-not-text", at));
    };
    let name = scalar.text;
    if name == "<<" {
        return Err(Diagnostic::error("W003", "anchor", at));
    }
    if let Some((first, _)) = pairs.iter().find(|(key, _)| key.name == name) {
        let first = first.at.line;
        return Err(Diagnostic::error("W002", "duplicate-key", at)
            .arg("key", name)
            .arg("line", first));
    }
    Ok(Key { name, at })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(source: &str) -> (String, u32, u32) {
        let finding = parse(source).expect_err(source);
        (finding.key.to_owned(), finding.line, finding.column)
    }

    #[test]
    fn whatever_is_not_a_plain_tree_is_refused_with_its_place() {
        assert_eq!(
            refused("a: 1\nb: 2\na: 3\n"),
            ("duplicate-key".into(), 3, 1)
        );
        for (source, key, line, column) in [
            ("a: &x 1\n", "anchor", 1, 4),
            ("a: [&x 1]\n", "anchor", 1, 5),
            ("a: &x\n  b: 1\n", "anchor", 1, 4),
            ("a: &x # as &y\n\n  b: 1\n", "anchor", 1, 4),
            ("ключ: !!map &x { b: 1 }\n", "anchor", 1, 13),
            ("a: { b: R&D!, c: !!int 3 }\n", "tag", 1, 18),
            ("a: !!str\n  b\n", "tag", 1, 4),
            ("&x a: 1\n", "anchor", 1, 1),
        ] {
            assert_eq!(refused(source), (key.into(), line, column), "{source}");
        }
        assert_eq!(refused("a: &x 1\nb: *x\n").0, "anchor");
        assert_eq!(refused("a: !!str 1\n").0, "tag");
        assert_eq!(refused("a: {<<: 1}\n").0, "anchor");
        assert_eq!(refused("[1, 2]: 3\n").0, "key-not-text");
        assert_eq!(refused("%YAML 1.1\n---\na: 1\n").0, "not-yaml");
        assert_eq!(
            refused("a: 1\n---\nb: 2\n"),
            ("several-documents".into(), 2, 1)
        );
        assert_eq!(refused("").0, "file-empty");
        assert_eq!(refused("a: [1\n").0, "not-yaml");
        assert_eq!(refused(&"[".repeat(1000)).0, "not-yaml");
        assert_eq!(refused(&"- ".repeat(1000)).0, "not-yaml");
        assert_eq!(
            refused(&format!("a: {}", "x".repeat(SOURCE_BYTES_MAX))).0,
            "file-too-large"
        );
        let many = "- 1\n".repeat(NODES_MAX + 1);
        assert_eq!(refused(&many).0, "too-many-nodes");
    }

    #[test]
    fn a_character_of_a_scalar_is_found_in_the_file_again() {
        let column = |source: &str, start| {
            let tree = parse(source).expect(source);
            let Value::Map(pairs) = tree.value else {
                panic!("a mapping")
            };
            pairs[0].1.position_in(start, 1).column
        };
        assert_eq!(column("k: abc\n", 2), 6);
        assert_eq!(column("k: \"abc\"\n", 2), 7);
        assert_eq!(column("k: \"\\\"bc\"\n", 1), 7);
        assert_eq!(column("k: 'it''s'\n", 3), 9);
        assert_eq!(column("k: \"\\u0041b\"\n", 1), 11);
        assert_eq!(column("k: 'Договор x'\n", 8), 13);
    }
}
