//! The words of a content stream.

use chancery_pdf::object::{NAME_BYTES_MAX, NUMBER_BYTES_MAX};

pub(crate) enum Token<'a> {
    Name(&'a [u8]),
    Number(f64),
    Text(Vec<u8>),
    Operator(&'a [u8]),
    /// `[` and `]`.
    Begin,
    End,
    /// A dictionary that holds nothing but the number of a marked part (ISO 32000-2, 14.7.5.1).
    Marked,
}

pub(crate) struct Reader<'a> {
    pub(crate) rest: &'a [u8],
}

impl<'a> Reader<'a> {
    /// The next token; the outer `None` for content that cannot be read.
    #[expect(
        clippy::option_option,
        reason = "unreadable and at the end are two answers"
    )]
    pub(crate) fn next(&mut self) -> Option<Option<Token<'a>>> {
        self.pass_blanks()?;
        let Some(first) = self.rest.first() else {
            return Some(None);
        };
        let token = match first {
            b'(' => self.literal()?,
            // Showing text needs no other dictionary.
            b'<' if self.rest.get(1) == Some(&b'<') => self.marked()?,
            b'<' => self.hexadecimal()?,
            b'[' => self.skip(Token::Begin)?,
            b']' => self.skip(Token::End)?,
            b'/' => {
                let len = self
                    .rest
                    .iter()
                    .skip(1)
                    .take_while(|byte| is_regular(**byte))
                    .count();
                let (name, rest) = self.rest.split_at_checked(len.checked_add(1)?)?;
                self.rest = rest;
                if len > NAME_BYTES_MAX {
                    return None;
                }
                // Names have other ways to be written (7.3.5); no writer needs them here.
                Token::Name(name.get(1..).filter(|name| !name.contains(&b'#'))?)
            }
            byte if is_regular(*byte) => {
                let len = self
                    .rest
                    .iter()
                    .take_while(|byte| is_regular(**byte))
                    .count();
                let (word, rest) = self.rest.split_at_checked(len)?;
                self.rest = rest;
                let number = word
                    .iter()
                    .all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-' | b'+'));
                if word.len() > NUMBER_BYTES_MAX {
                    return None;
                }
                if number {
                    Token::Number(std::str::from_utf8(word).ok()?.parse().ok()?)
                } else {
                    Token::Operator(word)
                }
            }
            _ => return None,
        };
        Some(Some(token))
    }

    fn skip(&mut self, token: Token<'a>) -> Option<Token<'a>> {
        self.rest = self.rest.get(1..)?;
        Some(token)
    }

    fn marked(&mut self) -> Option<Token<'a>> {
        self.rest = self.rest.get(2..)?;
        let (Some(Token::Name(b"MCID")), Some(Token::Number(_))) = (self.next()?, self.next()?)
        else {
            return None;
        };
        self.pass_blanks()?;
        self.rest = self.rest.strip_prefix(b">>")?;
        Some(Token::Marked)
    }

    /// Passes white space and comments.
    fn pass_blanks(&mut self) -> Option<()> {
        let blank = |byte: &u8| byte.is_ascii_whitespace() || *byte == 0;
        loop {
            let spaces = self.rest.iter().take_while(|byte| blank(byte)).count();
            self.rest = self.rest.get(spaces..)?;
            if self.rest.first() != Some(&b'%') {
                return Some(());
            }
            let line = |byte: &&u8| !matches!(**byte, b'\n' | b'\r');
            let comment = self.rest.iter().take_while(line).count();
            self.rest = self.rest.get(comment..)?;
        }
    }

    fn literal(&mut self) -> Option<Token<'a>> {
        let mut bytes = Vec::new();
        let mut open = 0_u32;
        let mut at = 0_usize;
        loop {
            let byte = *self.rest.get(at)?;
            at = at.checked_add(1)?;
            match byte {
                b'(' => {
                    open = open.checked_add(1)?;
                    if open == 1 {
                        continue;
                    }
                }
                b')' => {
                    open = open.checked_sub(1)?;
                    if open == 0 {
                        self.rest = self.rest.get(at..)?;
                        return Some(Token::Text(bytes));
                    }
                }
                b'\\' => {
                    at = escape(self.rest, at, &mut bytes)?;
                    continue;
                }
                _ => {}
            }
            bytes.push(byte);
        }
    }

    fn hexadecimal(&mut self) -> Option<Token<'a>> {
        let end = self.rest.iter().position(|byte| *byte == b'>')?;
        let digits = self.rest.get(1..end)?;
        let mut digits: Vec<u8> = digits
            .iter()
            .copied()
            .filter(|byte| !byte.is_ascii_whitespace())
            .collect();
        if digits.len() % 2 == 1 {
            digits.push(b'0');
        }
        self.rest = self.rest.get(end.checked_add(1)?..)?;
        Some(Token::Text(hex::decode(digits).ok()?))
    }
}

/// One escaped character (ISO 32000-2, 7.3.4.2); answers the place after it.
fn escape(rest: &[u8], at: usize, bytes: &mut Vec<u8>) -> Option<usize> {
    let byte = *rest.get(at)?;
    let after = at.checked_add(1)?;
    match byte {
        b'n' => bytes.push(b'\n'),
        b'r' => bytes.push(b'\r'),
        b't' => bytes.push(b'\t'),
        b'b' | b'f' => bytes.push(b' '),
        b'\n' | b'\r' => {}
        b'0'..=b'7' => {
            let octal = rest.get(at..)?.iter().take(3);
            let octal: Vec<u8> = octal
                .copied()
                .take_while(|byte| (b'0'..=b'7').contains(byte))
                .collect();
            let value = octal
                .iter()
                .fold(0_u32, |sum, digit| (sum << 3) | u32::from(digit - b'0'));
            bytes.push(value.to_le_bytes()[0]);
            return at.checked_add(octal.len());
        }
        other => bytes.push(other),
    }
    Some(after)
}

fn is_regular(byte: u8) -> bool {
    !byte.is_ascii_whitespace()
        && !matches!(byte, 0 | 0x80 | 0xff)
        && !b"()<>[]{}/%".contains(&byte)
}
