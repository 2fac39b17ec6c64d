//! The tokens of a content stream: operands, and the words that use them (ISO 32000-2, 7.8.2).

use super::{Parser, is_regular, is_space};
use crate::error::PdfError;
use crate::object::Object;

/// One token.
pub(crate) enum Token<'a> {
    Operand(Object),
    Operator(&'a [u8]),
}

impl<'a> Parser<'a> {
    /// The next token; nothing at the end.
    pub(crate) fn token(&mut self) -> Result<Option<Token<'a>>, PdfError> {
        self.skip_space();
        let Some(byte) = self.peek() else {
            return Ok(None);
        };
        let number = byte.is_ascii_digit() || matches!(byte, b'+' | b'-' | b'.');
        if !is_regular(byte) || number {
            return self.object().map(|object| Some(Token::Operand(object)));
        }
        let before = self.position;
        let word = self.regular_run();
        if matches!(word, b"true" | b"false" | b"null") {
            self.position = before;
            return self.object().map(|object| Some(Token::Operand(object)));
        }
        Ok(Some(Token::Operator(word)))
    }

    /// Passes the data of an inline image behind `ID`, with the first `EI` that stands alone:
    /// readers that know the length of the data end there or later, and show no more than is read
    /// here.
    pub(crate) fn pass_inline_image(&mut self) -> Result<(), PdfError> {
        let rest = self.bytes.get(self.position..).unwrap_or(&[]);
        let mut windows = rest.windows(3).enumerate();
        let end = windows.find(|(at, window)| {
            let next = rest.get(at.saturating_add(3));
            matches!(window, [space, b'E', b'I'] if is_space(*space))
                && next.is_none_or(|byte| is_space(*byte))
        });
        let Some((at, _)) = end else {
            return self.damaged("an inline image");
        };
        self.advance(at.saturating_add(3));
        Ok(())
    }
}
