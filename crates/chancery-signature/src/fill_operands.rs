//! The operands of one operator of a content stream: exactly those that it takes.
//!
//! Readers differ over an operator with more or other operands than it takes (ISO 32000-2, 7.8.2):
//! some take the last ones, some the first, some none.

use crate::appearance::{Reader, Token};

/// One operand.
pub(crate) enum Operand {
    Name(Vec<u8>),
    Number(f64),
    Text(Vec<u8>),
    Array(Vec<Piece>),
    /// The number of a marked part (14.7.5.1).
    Marked,
}

/// A piece of an array of text (9.4.3, `TJ`).
pub(crate) enum Piece {
    Text(Vec<u8>),
    /// In thousandths of the size, to the left.
    Gap(f64),
}

/// The operands before an operator.
pub(crate) struct Operands(Vec<Operand>);

impl Operands {
    /// The next operator with what stands before it; the outer `None` for content that cannot be
    /// read, the inner at its end.
    #[expect(
        clippy::option_option,
        reason = "unreadable and at the end are two answers"
    )]
    pub(crate) fn next<'a>(reader: &mut Reader<'a>) -> Option<Option<(&'a [u8], Self)>> {
        let (mut own, mut array) = (Vec::new(), None::<Vec<Piece>>);
        while let Some(token) = reader.next()? {
            match (token, &mut array) {
                (Token::Text(text), Some(pieces)) => pieces.push(Piece::Text(text)),
                (Token::Number(number), Some(pieces)) => pieces.push(Piece::Gap(number)),
                (Token::End, Some(_)) => own.push(Operand::Array(array.take()?)),
                (_, Some(_)) | (Token::End, None) => return None,
                (Token::Begin, None) => array = Some(Vec::new()),
                (Token::Text(text), None) => own.push(Operand::Text(text)),
                (Token::Number(number), None) => own.push(Operand::Number(number)),
                (Token::Marked, None) => own.push(Operand::Marked),
                (Token::Name(name), None) => own.push(Operand::Name(name.to_vec())),
                (Token::Operator(operator), None) => return Some(Some((operator, Self(own)))),
            }
        }
        (own.is_empty() && array.is_none()).then_some(None)
    }

    pub(crate) fn none(&self) -> Option<()> {
        self.0.is_empty().then_some(())
    }

    pub(crate) fn numbers<const N: usize>(&self) -> Option<[f64; N]> {
        self.all_numbers()?.try_into().ok()
    }

    pub(crate) fn all_numbers(&self) -> Option<Vec<f64>> {
        let number = |operand: &Operand| match operand {
            Operand::Number(number) => Some(*number),
            _ => None,
        };
        self.0.iter().map(number).collect()
    }

    /// What `BDC` takes, where it says nothing but a number.
    pub(crate) fn marked(&self) -> Option<()> {
        matches!(self.0.as_slice(), [Operand::Name(_), Operand::Marked]).then_some(())
    }

    pub(crate) fn name(&self) -> Option<&[u8]> {
        match self.0.as_slice() {
            [Operand::Name(name)] => Some(name),
            _ => None,
        }
    }

    /// What `Tf` takes: a font and a size.
    pub(crate) fn font(&self) -> Option<(&[u8], f64)> {
        match self.0.as_slice() {
            [Operand::Name(name), Operand::Number(size)] => Some((name, *size)),
            _ => None,
        }
    }

    /// What `d` takes: lengths of dashes, and where they begin.
    pub(crate) fn dashes(&self) -> Option<Vec<f64>> {
        let length = |one: &Piece| match one {
            Piece::Gap(length) => Some(*length),
            Piece::Text(_) => None,
        };
        match self.0.as_slice() {
            [Operand::Array(lengths), Operand::Number(_)] => lengths.iter().map(length).collect(),
            _ => None,
        }
    }

    /// What `Tj` takes.
    pub(crate) fn text(&self) -> Option<&[u8]> {
        match self.0.as_slice() {
            [Operand::Text(text)] => Some(text),
            _ => None,
        }
    }

    /// What `TJ` takes.
    pub(crate) fn pieces(&self) -> Option<&[Piece]> {
        match self.0.as_slice() {
            [Operand::Array(pieces)] => Some(pieces),
            _ => None,
        }
    }
}
