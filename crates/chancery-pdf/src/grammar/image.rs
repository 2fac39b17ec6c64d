//! Where an inline image ends (8.9.7).
//!
//! Some readers know how long its data are, others look for `EI`: they must come to one end.

use flate2::{Decompress, FlushDecompress, Status};
use memchr::memmem;

use super::token::{Operand, Token, Tokens};
use crate::lexer::is_space;
use crate::readings::Divided;

/// How much of inflated data is held at a time.
const CHUNK: usize = 32 * 1024;

/// What an image says of itself.
#[derive(Default)]
struct Said<'a> {
    width: Option<u64>,
    height: Option<u64>,
    bits: Option<u64>,
    is_mask: bool,
    space: Option<&'a [u8]>,
    filter: Filter<'a>,
}

#[derive(Default)]
enum Filter<'a> {
    #[default]
    None,
    One(&'a [u8]),
    /// A list, or something else.
    Many,
}

/// Passes an image behind `BI`; answers how many bytes were inflated.
pub(super) fn pass(tokens: &mut Tokens<'_>, inflated_max: u64) -> Result<u64, Divided> {
    let said = entries(tokens)?;
    let start = tokens.at;
    // One white-space character follows `ID`; two where the first is a carriage return.
    let rest = tokens.rest();
    let samples = match rest {
        [b'\r', b'\n', samples @ ..] => samples,
        [byte, samples @ ..] if is_space(*byte) => samples,
        _ => return Err(Divided::Tokens),
    };
    let (needed, inflated) = needed(&said, samples, inflated_max)?;
    let end = end(samples, needed).ok_or(Divided::Tokens)?;
    let left = samples.len().saturating_sub(end);
    tokens.ends(start, left)?;
    Ok(inflated)
}

/// How many bytes the data have at least, for readers that know it.
fn needed(said: &Said<'_>, samples: &[u8], inflated_max: u64) -> Result<(usize, u64), Divided> {
    let behind = |end: &[u8]| {
        let at = memmem::find(samples, end).ok_or(Divided::Tokens)?;
        Ok((at.saturating_add(end.len()), 0))
    };
    match said.filter {
        Filter::None => Ok((said.length().unwrap_or(0), 0)),
        Filter::One(b"AHx" | b"ASCIIHexDecode") => behind(b">"),
        Filter::One(b"A85" | b"ASCII85Decode") => behind(b"~>"),
        Filter::One(b"Fl" | b"FlateDecode") => packed(samples, inflated_max),
        Filter::One(b"RL" | b"RunLengthDecode") => Ok((runs(samples)?, 0)),
        Filter::One(b"LZW" | b"LZWDecode" | b"CCF" | b"CCITTFaxDecode" | b"DCT" | b"DCTDecode") => {
            Ok((0, 0))
        }
        Filter::One(_) => Err(Divided::Tokens),
        Filter::Many => Ok((0, 0)),
    }
}

/// The end of `EI`, which stands alone or right behind `needed` bytes.
fn end(samples: &[u8], needed: usize) -> Option<usize> {
    let is_end = |at: usize| {
        let rest = samples.get(at..).unwrap_or(&[]);
        rest.starts_with(b"EI") && rest.get(2).is_none_or(|byte| is_space(*byte))
    };
    let mut found = memmem::find_iter(samples, b"EI").filter(|at| is_end(*at));
    let alone = |at: &usize| {
        let before = at.checked_sub(1).and_then(|at| samples.get(at));
        *at == needed || before.is_none_or(|byte| is_space(*byte))
    };
    let at = found.find(alone)?;
    (at >= needed).then_some(at.saturating_add(2))
}

/// What it costs to begin with zipped data, in bytes inflated.
const START_COST: u64 = 1024;

/// How many bytes zipped data have, and what it cost to see it.
fn packed(samples: &[u8], inflated_max: u64) -> Result<(usize, u64), Divided> {
    if inflated_max < START_COST {
        return Err(Divided::Large);
    }
    let mut decoder = Decompress::new(true);
    let mut chunk = vec![0_u8; CHUNK];
    loop {
        let consumed = usize::try_from(decoder.total_in()).unwrap_or(usize::MAX);
        let before = decoder.total_out();
        let rest = samples.get(consumed..).unwrap_or(&[]);
        let step = decoder.decompress(rest, &mut chunk, FlushDecompress::None);
        let is_stuck = decoder.total_in() == consumed as u64 && decoder.total_out() == before;
        match step {
            Ok(Status::StreamEnd) => {
                let used = usize::try_from(decoder.total_in()).unwrap_or(usize::MAX);
                return Ok((used, decoder.total_out().saturating_add(START_COST)));
            }
            Ok(_) if !is_stuck && decoder.total_out() <= inflated_max => {}
            _ => return Err(Divided::Tokens),
        }
    }
}

/// How many bytes run-length data have, with their end (7.4.5).
fn runs(samples: &[u8]) -> Result<usize, Divided> {
    let mut at = 0_usize;
    loop {
        let step = match samples.get(at).ok_or(Divided::Tokens)? {
            128 => return Ok(at.saturating_add(1)),
            length @ 0..=127 => usize::from(*length).saturating_add(2),
            _ => 2,
        };
        at = at.saturating_add(step);
    }
}

fn entries<'a>(tokens: &mut Tokens<'a>) -> Result<Said<'a>, Divided> {
    let mut said = Said::default();
    loop {
        let key = match tokens.next()? {
            Some(Token::Word(b"ID")) => return Ok(said),
            Some(Token::Operand(Operand::Name(key))) => key,
            _ => return Err(Divided::Tokens),
        };
        let Some(Token::Operand(value)) = tokens.next()? else {
            return Err(Divided::Tokens);
        };
        said.take(key, value);
    }
}

impl<'a> Said<'a> {
    fn take(&mut self, key: &[u8], value: Operand<'a>) {
        let whole = match value {
            Operand::Number { value, .. } if value >= 0.0 => format!("{value:.0}").parse().ok(),
            _ => None,
        };
        match key {
            b"W" | b"Width" => self.width = whole,
            b"H" | b"Height" => self.height = whole,
            b"BPC" | b"BitsPerComponent" => self.bits = whole,
            b"IM" | b"ImageMask" => self.is_mask = value == Operand::True,
            b"CS" | b"ColorSpace" => {
                self.space = match value {
                    Operand::Name(space) => Some(space),
                    _ => None,
                }
            }
            b"F" | b"Filter" => {
                self.filter = match value {
                    Operand::Name(filter) => Filter::One(filter),
                    Operand::List(list) if list.count == 0 => Filter::None,
                    _ => Filter::Many,
                }
            }
            _ => {}
        }
    }

    /// How many bytes the samples are, if all that it takes is said.
    fn length(&self) -> Option<usize> {
        let parts = match self.space {
            _ if self.is_mask => 1,
            Some(b"G" | b"DeviceGray") => 1,
            Some(b"RGB" | b"DeviceRGB") => 3,
            Some(b"CMYK" | b"DeviceCMYK") => 4,
            _ => return None,
        };
        let bits = if self.is_mask { 1 } else { self.bits? };
        let row = self.width?.checked_mul(parts)?.checked_mul(bits)?;
        let bytes = row.div_ceil(8).checked_mul(self.height?)?;
        usize::try_from(bytes).ok()
    }
}
