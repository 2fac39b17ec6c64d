//! The syntax of conditions: the part of CEL's grammar that conditions use, by precedence.
//!
//! Our own because a condition may come from anybody who edits a workflow and is read in a worker
//! thread: the parser of the `cel` crate needs about 200 KiB of stack for each bracket and ends
//! the process at a depth of twelve. This one has a depth, keeps the place of every node, and what
//! it accepts is accepted by `cel` too (`tests/it/conditions.rs` compares them).

use super::EXPRESSION_NODES_MAX;

/// The deepest nesting of brackets, negations and choices.
pub(super) const DEPTH_MAX: usize = 24;

/// A node of the tree and its place in the text, in characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Parsed {
    pub(super) start: usize,
    pub(super) length: usize,
    pub(super) form: Form,
}

/// What a node is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Bool(bool),
    Int(i64),
    Text(String),
    Null,
    Name(String),
    Select(Box<Parsed>, String),
    Index(Box<Parsed>),
    Call {
        target: Option<Box<Parsed>>,
        name: String,
        args: Vec<Parsed>,
    },
    List(Vec<Parsed>),
    Not(Box<Parsed>),
    Negate(Box<Parsed>),
    Binary(&'static str, Box<Parsed>, Box<Parsed>),
    If(Box<[Parsed; 3]>),
}

/// Why a text is no condition: a key of the messages, what was found, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct SyntaxError {
    pub(super) key: &'static str,
    pub(super) found: String,
    pub(super) start: usize,
    pub(super) length: usize,
}

type Read<T> = Result<T, SyntaxError>;

#[derive(Clone, Debug, PartialEq, Eq)]
enum Symbol {
    Int(i64),
    Text(String),
    Name(String),
    Mark(&'static str),
}

#[derive(Clone, Debug)]
struct Token {
    start: usize,
    length: usize,
    symbol: Symbol,
}

/// Longer marks first: `<=` is not `<` and `=`.
const MARKS: [&str; 22] = [
    "&&", "||", "==", "!=", "<=", ">=", "<", ">", "!", "+", "-", "*", "/", "%", "?", ":", ".", ",",
    "(", ")", "[", "]",
];

/// Reads a whole text.
pub(super) fn parse(source: &str) -> Read<Parsed> {
    let chars: Vec<char> = source.chars().collect();
    let tokens = tokens(&chars)?;
    let mut reader = Reader {
        tokens,
        next: 0,
        depth: 0,
        nodes: 0,
        end: chars.len(),
    };
    let root = reader.expression()?;
    match reader.tokens.get(reader.next) {
        None => Ok(root),
        Some(token) => Err(unexpected(token)),
    }
}

fn tokens(chars: &[char]) -> Read<Vec<Token>> {
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(&c) = chars.get(at) {
        if c.is_whitespace() {
            at += 1;
            continue;
        }
        let rest = chars.get(at..).unwrap_or_default();
        let (symbol, length) = match c {
            '\'' | '"' => text(rest, at, c)?,
            '0'..='9' => number(rest, at)?,
            'a'..='z' | 'A'..='Z' | '_' => {
                let name: String = rest.iter().take_while(|c| is_word(**c)).collect();
                let length = name.len();
                (Symbol::Name(name), length)
            }
            _ => mark(rest, at)?,
        };
        tokens.push(Token {
            start: at,
            length,
            symbol,
        });
        at += length;
    }
    Ok(tokens)
}

const fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

fn mark(rest: &[char], at: usize) -> Read<(Symbol, usize)> {
    let found = MARKS.into_iter().find(|mark| {
        mark.chars()
            .enumerate()
            .all(|(index, c)| rest.get(index) == Some(&c))
    });
    match found {
        // What `//` begins is a comment in CEL, and a condition has no room for one.
        Some("/") if rest.get(1) == Some(&'/') => Err(error("expression-syntax", "//", at, 2)),
        Some(mark) => Ok((Symbol::Mark(mark), mark.len())),
        None => {
            let found: String = rest.iter().take(1).collect();
            let key = match found.chars().next() {
                Some('{' | '}') => "expression-not-offered",
                Some('“' | '”' | '„' | '«' | '»' | '‘' | '’') => {
                    "expression-book-quotes"
                }
                Some(c) if c.is_alphabetic() => "expression-other-letter",
                _ => "expression-syntax",
            };
            Err(error(key, &found, at, 1))
        }
    }
}

fn text(rest: &[char], at: usize, quote: char) -> Read<(Symbol, usize)> {
    let mut value = String::new();
    let mut chars = rest.iter().enumerate().skip(1);
    while let Some((index, &c)) = chars.next() {
        match c {
            _ if c == quote => return Ok((Symbol::Text(value), index + 1)),
            '\n' | '\r' => break,
            '\\' => match chars.next() {
                Some((_, &escaped @ ('\\' | '\'' | '"'))) => value.push(escaped),
                _ => return Err(error("expression-not-offered", "\\", at + index, 1)),
            },
            _ => value.push(c),
        }
    }
    Err(error("expression-quote", "", at, 1))
}

fn number(rest: &[char], at: usize) -> Read<(Symbol, usize)> {
    let digits: String = rest.iter().take_while(|c| c.is_ascii_digit()).collect();
    let length = digits.len();
    let after = rest.get(length).copied().unwrap_or(' ');
    let fraction = after == '.' && rest.get(length + 1).is_some_and(char::is_ascii_digit);
    if fraction || matches!(after, 'e' | 'E') {
        return Err(error("double", "", at, length));
    }
    if is_word(after) {
        let found: String = rest.iter().take_while(|c| is_word(**c)).collect();
        return Err(error("expression-not-offered", &found, at, found.len()));
    }
    match digits.parse() {
        Ok(value) => Ok((Symbol::Int(value), length)),
        Err(_) => Err(error("expression-number", &digits, at, length)),
    }
}

fn error(key: &'static str, found: &str, start: usize, length: usize) -> SyntaxError {
    SyntaxError {
        key,
        found: found.to_owned(),
        start,
        length,
    }
}

fn unexpected(token: &Token) -> SyntaxError {
    let found = match &token.symbol {
        Symbol::Int(value) => value.to_string(),
        Symbol::Text(value) => format!("'{value}'"),
        Symbol::Name(name) => name.clone(),
        Symbol::Mark(mark) => (*mark).to_owned(),
    };
    error("expression-syntax", &found, token.start, token.length)
}

struct Reader {
    tokens: Vec<Token>,
    next: usize,
    depth: usize,
    nodes: usize,
    end: usize,
}

impl Reader {
    fn node(&mut self, start: usize, length: usize, form: Form) -> Read<Parsed> {
        self.nodes += 1;
        if self.nodes > EXPRESSION_NODES_MAX {
            let max = EXPRESSION_NODES_MAX.to_string();
            return Err(error("expression-too-large", &max, start, length));
        }
        Ok(Parsed {
            start,
            length,
            form,
        })
    }

    fn peek(&self) -> Option<&Symbol> {
        self.tokens.get(self.next).map(|token| &token.symbol)
    }

    fn take(&mut self) -> Read<Token> {
        let token = self.tokens.get(self.next).cloned();
        self.next += 1;
        token.ok_or_else(|| error("expression-ends", "", self.end, 1))
    }

    /// Takes a mark if it is next.
    fn took(&mut self, mark: &'static str) -> bool {
        let there = self.peek() == Some(&Symbol::Mark(mark));
        self.next += usize::from(there);
        there
    }

    fn expect(&mut self, mark: &'static str) -> Read<()> {
        let token = self.take()?;
        if token.symbol == Symbol::Mark(mark) {
            Ok(())
        } else {
            Err(unexpected(&token))
        }
    }

    fn deeper<T>(&mut self, read: impl FnOnce(&mut Self) -> Read<T>) -> Read<T> {
        if self.depth >= DEPTH_MAX {
            let start = self
                .tokens
                .get(self.next)
                .map_or(self.end, |token| token.start);
            return Err(error(
                "expression-too-deep",
                &DEPTH_MAX.to_string(),
                start,
                1,
            ));
        }
        self.depth += 1;
        let value = read(self);
        self.depth -= 1;
        value
    }

    /// `a ? b : c`, or what binds tighter.
    fn expression(&mut self) -> Read<Parsed> {
        self.deeper(|reader| {
            let condition = reader.binary(0)?;
            if !reader.took("?") {
                return Ok(condition);
            }
            let yes = reader.binary(0)?;
            reader.expect(":")?;
            let no = reader.expression()?;
            let (start, length) = (condition.start, condition.length);
            reader.node(start, length, Form::If(Box::new([condition, yes, no])))
        })
    }

    /// The level of a binary operator, loosest first, and its name.
    fn operator(&self) -> Option<(usize, &'static str)> {
        match self.peek()? {
            Symbol::Mark("||") => Some((0, "||")),
            Symbol::Mark("&&") => Some((1, "&&")),
            Symbol::Mark(mark @ ("==" | "!=" | "<" | "<=" | ">" | ">=")) => Some((2, mark)),
            Symbol::Name(name) if name == "in" => Some((2, "in")),
            Symbol::Mark(mark @ ("+" | "-")) => Some((3, mark)),
            Symbol::Mark(mark @ ("*" | "/" | "%")) => Some((4, mark)),
            _ => None,
        }
    }

    /// Operators of this level and tighter ones; all of them lean to the left.
    fn binary(&mut self, level: usize) -> Read<Parsed> {
        let mut left = self.unary()?;
        while let Some((found, name)) = self.operator().filter(|(found, _)| *found >= level) {
            let at = self.take()?;
            let right = self.binary(found + 1)?;
            let form = Form::Binary(name, Box::new(left), Box::new(right));
            left = self.node(at.start, at.length, form)?;
        }
        Ok(left)
    }

    fn unary(&mut self) -> Read<Parsed> {
        let start = self
            .tokens
            .get(self.next)
            .map_or(self.end, |token| token.start);
        if self.took("!") {
            let inner = self.deeper(Self::unary)?;
            return self.node(start, 1, Form::Not(Box::new(inner)));
        }
        if self.took("-") {
            let inner = self.deeper(Self::unary)?;
            return self.node(start, 1, Form::Negate(Box::new(inner)));
        }
        self.member()
    }

    fn member(&mut self) -> Read<Parsed> {
        let mut whole = self.primary()?;
        loop {
            if self.took(".") {
                let token = self.take()?;
                let Symbol::Name(name) = &token.symbol else {
                    return Err(unexpected(&token));
                };
                let start = whole.start;
                let length = (token.start + token.length).saturating_sub(start);
                let form = if self.took("(") {
                    let args = self.list(")")?;
                    Form::Call {
                        target: Some(Box::new(whole)),
                        name: name.clone(),
                        args,
                    }
                } else {
                    Form::Select(Box::new(whole), name.clone())
                };
                whole = self.node(start, length, form)?;
            } else if self.took("[") {
                let (start, length) = (whole.start, whole.length);
                self.expression()?;
                self.expect("]")?;
                whole = self.node(start, length, Form::Index(Box::new(whole)))?;
            } else {
                return Ok(whole);
            }
        }
    }

    fn primary(&mut self) -> Read<Parsed> {
        let token = self.take()?;
        let form = match &token.symbol {
            Symbol::Int(value) => Form::Int(*value),
            Symbol::Text(value) => Form::Text(value.clone()),
            Symbol::Name(name) => match name.as_str() {
                "true" => Form::Bool(true),
                "false" => Form::Bool(false),
                "null" => Form::Null,
                "in" => return Err(unexpected(&token)),
                _ if self.took("(") => Form::Call {
                    target: None,
                    name: name.clone(),
                    args: self.list(")")?,
                },
                _ => Form::Name(name.clone()),
            },
            Symbol::Mark("(") => {
                let inner = self.expression()?;
                self.expect(")")?;
                return Ok(inner);
            }
            Symbol::Mark("[") => Form::List(self.list("]")?),
            Symbol::Mark(_) => return Err(unexpected(&token)),
        };
        self.node(token.start, token.length, form)
    }

    /// Expressions between commas up to the closing mark, which is taken.
    fn list(&mut self, close: &'static str) -> Read<Vec<Parsed>> {
        let mut members = Vec::new();
        if self.took(close) {
            return Ok(members);
        }
        loop {
            members.push(self.expression()?);
            if self.took(close) {
                return Ok(members);
            }
            self.expect(",")?;
        }
    }
}
