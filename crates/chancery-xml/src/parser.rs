//! The grammar of XML 1.0 without document types (XML 1.0, 2 to 4), as a loop over markup.

mod tags;

use crate::characters::{continues_name, is_char, is_space, starts_name};
use crate::error::XmlError;
use crate::limits::Limits;
use crate::names::Names;
use crate::tree::{AttributeRecord, Declaration, Document, Kind, Node, QName, Span, Value};

/// Reads the text of a document, line ends normalised and every character allowed.
pub(crate) fn parse(text: String, limits: &Limits) -> Result<Document, XmlError> {
    let mut parser = Parser {
        text: &text,
        at: 0,
        limits,
        names: Names::new(limits),
        nodes: vec![Node {
            parent: 0,
            end: 0,
            kind: Kind::Document,
        }],
        attributes: Vec::new(),
        declarations: Vec::new(),
        open: Vec::new(),
        root: None,
    };
    parser.declaration()?;
    while parser.at < text.len() {
        parser.step()?;
    }
    let root = match (parser.root, parser.open.is_empty()) {
        (Some(root), true) => root,
        (Some(_), false) => return parser.wrong("the document ends inside an element"),
        (None, _) => return parser.wrong("there is no element"),
    };
    let end = index(parser.nodes.len());
    if let Some(document) = parser.nodes.first_mut() {
        document.end = end;
    }
    Ok(Document {
        root,
        nodes: parser.nodes,
        attributes: parser.attributes,
        declarations: parser.declarations,
        namespaces: parser.names.namespaces,
        text,
    })
}

/// Texts are shorter than 4 GiB by their limit.
fn index(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

/// An element whose end was not read yet.
struct Open<'t> {
    node: u32,
    name: &'t str,
    bindings: usize,
}

/// An attribute before its prefix is looked up: declarations may follow it.
struct Pending {
    name: QName,
    at: usize,
    value: Value,
}

struct Parser<'t> {
    text: &'t str,
    at: usize,
    limits: &'t Limits,
    names: Names<'t>,
    nodes: Vec<Node>,
    attributes: Vec<AttributeRecord>,
    declarations: Vec<Declaration>,
    open: Vec<Open<'t>>,
    root: Option<u32>,
}

impl<'t> Parser<'t> {
    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or("")
    }

    fn wrong<T>(&self, what: &'static str) -> Result<T, XmlError> {
        Err(XmlError::Syntax { what, at: self.at })
    }

    fn span(&self, start: usize, end: usize) -> Span {
        Span {
            start: index(start),
            end: index(end),
        }
    }

    fn slice(&self, span: Span) -> &'t str {
        let range = span.start as usize..span.end as usize;
        self.text.get(range).unwrap_or("")
    }

    /// Takes `literal` if it comes next.
    fn takes(&mut self, literal: &str) -> bool {
        let found = self.rest().starts_with(literal);
        if found {
            self.at += literal.len();
        }
        found
    }

    /// Skips white space; answers whether there was any.
    fn space(&mut self) -> bool {
        let rest = self.rest();
        let after = rest.trim_start_matches(is_space);
        self.at += rest.len() - after.len();
        rest.len() > after.len()
    }

    /// The text up to `end`, which is taken too.
    fn until(&mut self, end: &str, what: &'static str) -> Result<Span, XmlError> {
        let Some(length) = self.rest().find(end) else {
            return self.wrong(what);
        };
        let span = self.span(self.at, self.at + length);
        self.at += length + end.len();
        Ok(span)
    }

    /// `XMLDecl`, if there is one. Its encoding was looked at before.
    fn declaration(&mut self) -> Result<(), XmlError> {
        let rest = self.rest();
        if !rest
            .strip_prefix("<?xml")
            .is_some_and(|rest| rest.starts_with(is_space))
        {
            return Ok(());
        }
        self.at += "<?xml".len();
        let mut expected = ["version", "encoding", "standalone"].as_slice();
        let mut seen_version = false;
        loop {
            let spaced = self.space();
            if self.takes("?>") {
                break;
            }
            let place = expected
                .iter()
                .position(|name| self.rest().starts_with(name));
            let (Some(place), true) = (place, spaced) else {
                return self.wrong("the XML declaration is malformed");
            };
            let name = expected.get(place).copied().unwrap_or("");
            expected = expected.get(place + 1..).unwrap_or(&[]);
            self.at += name.len();
            self.space();
            if !self.takes("=") {
                return self.wrong("the XML declaration is malformed");
            }
            self.space();
            let value = self.quoted()?;
            let value = self.slice(value);
            let good = match name {
                "version" => value == "1.0",
                "encoding" => !value.is_empty(),
                _ => matches!(value, "yes" | "no"),
            };
            if !good {
                return self.wrong("the XML declaration is malformed");
            }
            seen_version |= name == "version";
        }
        if seen_version {
            Ok(())
        } else {
            self.wrong("the XML declaration has no version")
        }
    }

    fn quoted(&mut self) -> Result<Span, XmlError> {
        if self.takes("\"") {
            self.until("\"", "a value has no end")
        } else if self.takes("'") {
            self.until("'", "a value has no end")
        } else {
            self.wrong("a value stands without quotes")
        }
    }

    /// Reads whatever comes next.
    fn step(&mut self) -> Result<(), XmlError> {
        let rest = self.rest();
        if rest.starts_with("<!DOCTYPE") {
            return Err(XmlError::Doctype { at: self.at });
        }
        if rest.starts_with("<![CDATA[") || !rest.starts_with('<') {
            return self.character_data();
        }
        if self.takes("<!--") {
            return self.comment();
        }
        if self.takes("<?") {
            return self.instruction();
        }
        if self.takes("</") {
            return self.end_tag();
        }
        self.start_tag()
    }

    /// The node that what comes next stands in.
    fn parent(&self) -> u32 {
        self.open.last().map_or(0, |open| open.node)
    }

    fn push(&mut self, kind: Kind) -> Result<u32, XmlError> {
        let beside = self
            .attributes
            .len()
            .saturating_add(self.declarations.len());
        if self.nodes.len().saturating_add(beside) >= self.limits.nodes_max {
            return Err(XmlError::Limit { limit: "nodes_max" });
        }
        let at = index(self.nodes.len());
        let parent = self.parent();
        self.nodes.push(Node {
            parent,
            end: at + 1,
            kind,
        });
        Ok(at)
    }

    /// Text, references and marked sections until the next other markup: one node.
    fn character_data(&mut self) -> Result<(), XmlError> {
        if self.open.is_empty() {
            let spaced = self.space();
            return if spaced {
                Ok(())
            } else {
                self.wrong("text outside the root element")
            };
        }
        let start = self.at;
        let mut replaced: Option<String> = None;
        loop {
            let before = self.at;
            if self.takes("<![CDATA[") {
                let joined = replaced.get_or_insert_with(|| self.text[start..before].to_owned());
                let section = self.until("]]>", "a marked section has no end")?;
                joined.push_str(self.slice(section));
                continue;
            }
            let rest = self.rest();
            let length = rest.find(['<', '&']).unwrap_or(rest.len());
            let plain = rest.get(..length).unwrap_or("");
            if plain.contains("]]>") {
                return self.wrong("the end of a marked section stands in a text");
            }
            self.at += length;
            if let Some(joined) = &mut replaced {
                joined.push_str(plain);
            }
            if self.rest().starts_with('&') {
                let before = self.at;
                let joined = replaced.get_or_insert_with(|| self.text[start..before].to_owned());
                joined.push(self.reference()?);
            } else if !self.rest().starts_with("<![CDATA[") {
                break;
            }
        }
        let value = match replaced {
            Some(text) => Value::Replaced(text.into_boxed_str()),
            None => Value::Plain(self.span(start, self.at)),
        };
        self.push(Kind::Text(value)).map(|_| ())
    }

    /// A character reference, or one of the five entities that need no declaration.
    fn reference(&mut self) -> Result<char, XmlError> {
        let at = self.at;
        self.at += 1;
        let rest = self.rest();
        let end = rest
            .as_bytes()
            .iter()
            .take(16)
            .position(|byte| *byte == b';');
        let Some(name) = end.and_then(|end| rest.get(..end)) else {
            return self.wrong("a reference has no end");
        };
        self.at += name.len() + 1;
        let number = |digits: &str, radix| {
            let code = u32::from_str_radix(digits, radix).ok();
            let plain = !digits.starts_with('+');
            code.filter(|_| plain)
                .and_then(char::from_u32)
                .filter(|c| is_char(*c))
        };
        let found = match name {
            "lt" => Some('<'),
            "gt" => Some('>'),
            "amp" => Some('&'),
            "apos" => Some('\''),
            "quot" => Some('"'),
            _ => match (name.strip_prefix("#x"), name.strip_prefix('#')) {
                (Some(digits), _) => number(digits, 16),
                (None, Some(digits)) => number(digits, 10),
                (None, None) => return Err(XmlError::Entity { at }),
            },
        };
        let what = "a reference to a character that XML forbids";
        found.ok_or(XmlError::Syntax { what, at })
    }

    fn comment(&mut self) -> Result<(), XmlError> {
        let content = self.until("--", "a comment has no end")?;
        if !self.takes(">") {
            return self.wrong("two hyphens inside a comment");
        }
        self.push(Kind::Comment(content)).map(|_| ())
    }

    fn instruction(&mut self) -> Result<(), XmlError> {
        let target = self.name()?;
        let name = self.slice(target);
        if name.eq_ignore_ascii_case("xml") {
            return self.wrong("an XML declaration that does not come first");
        }
        if self.rest().starts_with(':') {
            return self.wrong("a colon in the name of an instruction");
        }
        let spaced = self.space();
        let content = self.until("?>", "an instruction has no end")?;
        if !spaced && content.start != content.end {
            return self.wrong("an instruction without white space after its name");
        }
        self.push(Kind::Instruction { target, content }).map(|_| ())
    }

    /// A name without a colon.
    fn name(&mut self) -> Result<Span, XmlError> {
        let rest = self.rest();
        if !rest.starts_with(starts_name) {
            return self.wrong("a name is expected");
        }
        let length = rest.find(|c| !continues_name(c)).unwrap_or(rest.len());
        if length > self.limits.name_bytes_max {
            return Err(XmlError::Limit {
                limit: "name_bytes_max",
            });
        }
        let span = self.span(self.at, self.at + length);
        self.at += length;
        Ok(span)
    }

    /// A name with or without a prefix.
    fn qualified(&mut self) -> Result<QName, XmlError> {
        let first = self.name()?;
        if !self.takes(":") {
            let prefix = Span {
                start: first.start,
                end: first.start,
            };
            return Ok(QName {
                prefix,
                local: first,
            });
        }
        let local = self.name()?;
        if self.rest().starts_with(':') {
            return self.wrong("two colons in a name");
        }
        Ok(QName {
            prefix: first,
            local,
        })
    }
}
