//! The tokens of a content stream and where readers take them apart differently (7.2, 7.3).

use crate::lexer::{is_blank_to_some, is_regular, is_space, nibble};
use crate::object::{NAME_BYTES_MAX, NUMBER_BYTES_MAX};
use crate::readings::Divided;

/// Deepest nesting of arrays and dictionaries: past some hundreds readers give up.
const DEEP_MAX: usize = 100;
/// From here on some readers draw nothing, and from 2³¹ on each cuts a number off in its own way.
const NUMBER_MAX: f64 = 10_000_000.0;
/// Dashes below it some readers never come to an end of.
const SLIVER: f64 = 0.001;
/// Longest text of an operator: some readers show no more of it (ISO 32000-1, annex C).
const TEXT_BYTES_MAX: usize = 32_767;

/// One token.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Token<'a> {
    Operand(Operand<'a>),
    /// An operator, known or not.
    Word(&'a [u8]),
    /// A delimiter that closes nothing.
    Stray,
}

/// One operand, as far as readers differ over it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Operand<'a> {
    Number {
        value: f64,
        is_whole: bool,
    },
    Name(&'a [u8]),
    Text,
    List(List),
    True,
    /// A dictionary, `false` or `null`.
    Other,
}

/// What an array holds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct List {
    /// Nothing but numbers and strings.
    pub(super) is_shown: bool,
    /// Nothing but numbers.
    pub(super) is_numbers: bool,
    pub(super) has_negative: bool,
    /// Whether some number is so small that some readers never come to an end.
    pub(super) has_sliver: bool,
    pub(super) count: u32,
    pub(super) sum: f64,
}

impl List {
    const EMPTY: Self = Self {
        is_shown: true,
        is_numbers: true,
        has_negative: false,
        has_sliver: false,
        count: 0,
        sum: 0.0,
    };

    fn take(&mut self, operand: Operand<'_>) {
        self.count = self.count.saturating_add(1);
        match operand {
            Operand::Number { value, .. } => {
                self.has_negative |= value < 0.0;
                self.has_sliver |= value > 0.0 && value < SLIVER;
                self.sum += value;
            }
            Operand::Text => self.is_numbers = false,
            Operand::Name(_) | Operand::List(_) | Operand::True | Operand::Other => {
                self.is_numbers = false;
                self.is_shown = false;
            }
        }
    }
}

/// An array or a dictionary that is not closed yet.
struct Open {
    is_dictionary: bool,
    list: List,
}

/// Takes content apart.
pub(super) struct Tokens<'a> {
    pub(super) bytes: &'a [u8],
    pub(super) at: usize,
    /// Where one stream ends and the next begins: no token passes there.
    joints: &'a [usize],
}

impl<'a> Tokens<'a> {
    pub(super) fn new(bytes: &'a [u8], joints: &'a [usize]) -> Self {
        Self {
            bytes,
            at: 0,
            joints,
        }
    }

    pub(super) fn rest(&self) -> &'a [u8] {
        self.bytes.get(self.at..).unwrap_or(&[])
    }

    pub(super) fn pass_space(&mut self) {
        while let Some(byte) = self.bytes.get(self.at) {
            if is_space(*byte) {
                self.at = self.at.saturating_add(1);
            } else if *byte == b'%' {
                let ends = self.rest().iter();
                let ends = ends.take_while(|byte| !matches!(byte, b'\n' | b'\r'));
                self.at = self.at.saturating_add(ends.count());
            } else {
                return;
            }
        }
    }

    fn run(&mut self) -> Result<&'a [u8], Divided> {
        let rest = self.rest();
        let length = rest.iter().position(|byte| !is_regular(*byte));
        let run = rest.get(..length.unwrap_or(rest.len())).unwrap_or(&[]);
        self.at = self.at.saturating_add(run.len());
        match run.iter().any(|byte| is_blank_to_some(*byte)) {
            true => Err(Divided::Tokens),
            false => Ok(run),
        }
    }

    /// The next token with the arrays and dictionaries whole; nothing at the end.
    pub(super) fn next(&mut self) -> Result<Option<Token<'a>>, Divided> {
        let mut open: Vec<Open> = Vec::new();
        loop {
            self.pass_space();
            let Some(byte) = self.bytes.get(self.at).copied() else {
                return match open.is_empty() {
                    true => Ok(None),
                    false => Err(Divided::Tokens),
                };
            };
            let begins = self.rest().starts_with(b"<<");
            let operand = match byte {
                b'[' | b'<' if byte == b'[' || begins => {
                    self.at = self.at.saturating_add(if begins { 2 } else { 1 });
                    open.push(Open {
                        is_dictionary: begins,
                        list: List::EMPTY,
                    });
                    if open.len() > DEEP_MAX {
                        return Err(Divided::Tokens);
                    }
                    continue;
                }
                b']' | b'>' if !open.is_empty() => self.close(&mut open)?,
                _ => match (self.simple(byte)?, open.is_empty()) {
                    (Token::Operand(operand), _) => operand,
                    (other, true) => return Ok(Some(other)),
                    (_, false) => return Err(Divided::Tokens),
                },
            };
            match open.last_mut() {
                None => return Ok(Some(Token::Operand(operand))),
                Some(around) => {
                    let is_key = around.is_dictionary && around.list.count.is_multiple_of(2);
                    if is_key && !matches!(operand, Operand::Name(_)) {
                        return Err(Divided::Tokens);
                    }
                    around.list.take(operand);
                }
            }
        }
    }

    fn close(&mut self, open: &mut Vec<Open>) -> Result<Operand<'a>, Divided> {
        let one = open.pop().ok_or(Divided::Tokens)?;
        let end: &[u8] = if one.is_dictionary { b">>" } else { b"]" };
        if !self.rest().starts_with(end) || one.is_dictionary && !one.list.count.is_multiple_of(2) {
            return Err(Divided::Tokens);
        }
        self.at = self.at.saturating_add(end.len());
        Ok(match one.is_dictionary {
            true => Operand::Other,
            false => Operand::List(one.list),
        })
    }

    fn simple(&mut self, byte: u8) -> Result<Token<'a>, Divided> {
        let operand = match byte {
            b'0'..=b'9' | b'+' | b'-' | b'.' => number(self.run()?)?,
            b'/' => {
                self.at = self.at.saturating_add(1);
                Operand::Name(name(self.run()?)?)
            }
            b'(' => return self.text(),
            b'<' => return self.digits(),
            _ if is_regular(byte) => match self.run()? {
                b"true" => Operand::True,
                b"false" | b"null" => Operand::Other,
                word => return Ok(Token::Word(word)),
            },
            _ => {
                self.at = self.at.saturating_add(1);
                return Ok(Token::Stray);
            }
        };
        Ok(Token::Operand(operand))
    }

    /// A string in parentheses. One that does not end takes in all the rest, for all.
    fn text(&mut self) -> Result<Token<'a>, Divided> {
        let start = self.at;
        let mut open = 0_u64;
        let mut bytes = self.rest().iter();
        while let Some(byte) = bytes.next() {
            match byte {
                b'\\' => drop(bytes.next()),
                b'(' => open = open.saturating_add(1),
                b')' => open = open.saturating_sub(1),
                // One line feed, or a carriage return with or without one (7.3.4.2): readers
                // make one letter, two or another of it.
                b'\r' => return Err(Divided::Tokens),
                _ => {}
            }
            if open == 0 {
                let left = bytes.as_slice().len();
                self.ends(start, left)?;
                if self.at.saturating_sub(start) > TEXT_BYTES_MAX {
                    return Err(Divided::Tokens);
                }
                return Ok(Token::Operand(Operand::Text));
            }
        }
        self.at = self.bytes.len();
        Ok(Token::Stray)
    }

    /// A string of digits.
    fn digits(&mut self) -> Result<Token<'a>, Divided> {
        let start = self.at;
        let rest = self.rest().get(1..).unwrap_or(&[]);
        let Some(length) = rest.iter().position(|byte| *byte == b'>') else {
            self.at = self.bytes.len();
            return Ok(Token::Stray);
        };
        let digits = rest.get(..length).unwrap_or(&[]);
        let is_digit = |byte: &u8| nibble(*byte).is_some() || is_space(*byte);
        if !digits.iter().all(is_digit) {
            return Err(Divided::Tokens);
        }
        let left = rest.len().saturating_sub(length).saturating_sub(1);
        self.ends(start, left)?;
        if length / 2 > TEXT_BYTES_MAX {
            return Err(Divided::Tokens);
        }
        Ok(Token::Operand(Operand::Text))
    }

    /// Goes on behind a token with `left` bytes behind it.
    pub(super) fn ends(&mut self, start: usize, left: usize) -> Result<(), Divided> {
        self.at = self.bytes.len().saturating_sub(left);
        let next = self.joints.partition_point(|joint| *joint < start);
        match self.joints.get(next) {
            Some(joint) if *joint < self.at => Err(Divided::Tokens),
            _ => Ok(()),
        }
    }
}

/// A name, with its escapes as they are written: those that are none are read in two ways.
fn name(run: &[u8]) -> Result<&[u8], Divided> {
    if run.len() > NAME_BYTES_MAX {
        return Err(Divided::Tokens);
    }
    let mut rest = run;
    while let Some(at) = rest.iter().position(|byte| *byte == b'#') {
        rest = rest.get(at.saturating_add(1)..).unwrap_or(&[]);
        match rest {
            [b'0', b'0', ..] => return Err(Divided::Tokens),
            [high, low, ..] if nibble(*high).is_some() && nibble(*low).is_some() => {}
            _ => return Err(Divided::Tokens),
        }
    }
    Ok(run)
}

/// A name with its escapes undone.
pub(super) fn plain(name: &[u8]) -> Vec<u8> {
    let mut parts = name.split(|byte| *byte == b'#');
    let mut plain = parts.next().unwrap_or(&[]).to_vec();
    for part in parts {
        if let [high, low, rest @ ..] = part
            && let (Some(high), Some(low)) = (nibble(*high), nibble(*low))
        {
            plain.push(high << 4 | low);
            plain.extend(rest);
        }
    }
    plain
}

/// A sign, digits and one point (7.3.3); a lone sign or point is 0 to all.
fn number(run: &[u8]) -> Result<Operand<'static>, Divided> {
    if run.len() > NUMBER_BYTES_MAX {
        return Err(Divided::Numbers);
    }
    let (is_negative, digits) = match run {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        _ => (false, run),
    };
    let (mut value, mut scale, mut is_whole) = (0.0_f64, 1.0_f64, true);
    for byte in digits {
        match byte {
            b'0'..=b'9' if is_whole => value = value * 10.0 + f64::from(*byte - b'0'),
            b'0'..=b'9' => {
                scale /= 10.0;
                value += f64::from(*byte - b'0') * scale;
            }
            b'.' if is_whole => is_whole = false,
            _ => return Err(Divided::Numbers),
        }
    }
    if value >= NUMBER_MAX {
        return Err(Divided::Numbers);
    }
    let value = if is_negative { -value } else { value };
    Ok(Operand::Number { value, is_whole })
}
