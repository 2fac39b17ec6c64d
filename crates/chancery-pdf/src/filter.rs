//! Decoding of the streams that carry cross-references and objects, with a bound on the output.
//!
//! Page contents, images and fonts are never decoded here: whoever shows them runs elsewhere.

use flate2::{Decompress, FlushDecompress, Status};

use crate::error::PdfError;
use crate::lexer::nibble;

/// Why a filter gave up.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum FilterFailure {
    Damaged,
    TooLarge,
}

impl FilterFailure {
    pub(crate) fn at(self, offset: usize, decoded_max: u64) -> PdfError {
        match self {
            Self::Damaged => PdfError::Damaged {
                what: "a compressed stream",
                offset,
            },
            Self::TooLarge => PdfError::LimitExceeded {
                limit: "decoded_bytes_max",
                max: decoded_max,
            },
        }
    }
}

/// Undoes `/FlateDecode`. The output never passes `decoded_max` bytes.
pub(crate) fn inflate(encoded: &[u8], decoded_max: u64) -> Result<Vec<u8>, FilterFailure> {
    let mut decoder = Decompress::new(true);
    let mut decoded = Vec::new();
    let mut chunk = vec![0_u8; 32 * 1024];
    loop {
        let consumed = usize::try_from(decoder.total_in()).map_err(|_| FilterFailure::TooLarge)?;
        let before = decoder.total_out();
        let rest = encoded.get(consumed..).unwrap_or(&[]);
        let step = decoder
            .decompress(rest, &mut chunk, FlushDecompress::None)
            .map_err(|_| FilterFailure::Damaged)?;
        let produced = usize::try_from(decoder.total_out().saturating_sub(before))
            .map_err(|_| FilterFailure::TooLarge)?;
        if decoder.total_out() > decoded_max {
            return Err(FilterFailure::TooLarge);
        }
        decoded.extend_from_slice(chunk.get(..produced).unwrap_or(&[]));
        let stuck = produced == 0 && decoder.total_in() == consumed as u64;
        match step {
            Status::StreamEnd => return Ok(decoded),
            // Acrobat writes streams whose last block or checksum is cut off behind the last
            // byte that matters. What could be decoded is the same for every reader.
            Status::Ok | Status::BufError if stuck && consumed >= encoded.len() => {
                return if decoded.is_empty() {
                    Err(FilterFailure::Damaged)
                } else {
                    Ok(decoded)
                };
            }
            Status::Ok | Status::BufError if stuck => return Err(FilterFailure::Damaged),
            Status::Ok | Status::BufError => {}
        }
    }
}

/// Undoes `/ASCIIHexDecode`.
pub(crate) fn ascii_hex(encoded: &[u8]) -> Result<Vec<u8>, FilterFailure> {
    let mut decoded = Vec::with_capacity(encoded.len() / 2);
    let mut pending: Option<u8> = None;
    for &byte in encoded {
        if byte == b'>' {
            break;
        }
        if is_blank(byte) {
            continue;
        }
        let digit = nibble(byte).ok_or(FilterFailure::Damaged)?;
        pending = match pending {
            None => Some(digit),
            Some(high) => {
                decoded.push(high << 4 | digit);
                None
            }
        };
    }
    decoded.extend(pending.map(|high| high << 4));
    Ok(decoded)
}

/// White space that all readers pass over here: at a null or a form feed some stop (7.4.2).
const fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n')
}

/// Undoes `/ASCII85Decode`.
pub(crate) fn ascii_85(encoded: &[u8], decoded_max: u64) -> Result<Vec<u8>, FilterFailure> {
    let mut decoded = Vec::new();
    let mut group: Vec<u8> = Vec::with_capacity(5);
    for &byte in encoded {
        // One `z` stands for four bytes: the output may be larger than the input.
        if decoded.len() as u64 > decoded_max {
            return Err(FilterFailure::TooLarge);
        }
        match byte {
            b'~' => break,
            b'z' if group.is_empty() => decoded.extend([0; 4]),
            b'!'..=b'u' => group.push(byte - b'!'),
            _ if is_blank(byte) => {}
            _ => return Err(FilterFailure::Damaged),
        }
        if group.len() == 5 {
            decoded.extend(base_85(&group)?);
            group.clear();
        }
    }
    if group.is_empty() {
        return Ok(decoded);
    }
    let kept = group.len().saturating_sub(1);
    group.resize(5, 84);
    decoded.extend(base_85(&group)?.into_iter().take(kept));
    if kept == 0 {
        Err(FilterFailure::Damaged)
    } else {
        Ok(decoded)
    }
}

fn base_85(group: &[u8]) -> Result<[u8; 4], FilterFailure> {
    let value = group
        .iter()
        .fold(0_u64, |value, digit| value * 85 + u64::from(*digit));
    u32::try_from(value)
        .map(u32::to_be_bytes)
        .map_err(|_| FilterFailure::Damaged)
}

/// The parameters of a PNG predictor (7.4.4.4), in bytes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Predictor {
    pub(crate) pixel_bytes: usize,
    pub(crate) row_bytes: usize,
}

/// Undoes the PNG predictors 10–15: each row begins with the number of its filter.
pub(crate) fn unpredict(rows: &[u8], predictor: Predictor) -> Result<Vec<u8>, FilterFailure> {
    let stride = predictor
        .row_bytes
        .checked_add(1)
        .ok_or(FilterFailure::Damaged)?;
    let mut decoded: Vec<u8> = Vec::with_capacity(rows.len());
    let mut above = vec![0_u8; predictor.row_bytes];
    for row in rows.chunks(stride) {
        let Some((&kind, raw)) = row.split_first() else {
            break;
        };
        let mut current: Vec<u8> = Vec::with_capacity(raw.len());
        for (index, &byte) in raw.iter().enumerate() {
            let back = index.checked_sub(predictor.pixel_bytes);
            let left = back.and_then(|at| current.get(at)).copied().unwrap_or(0);
            let up = above.get(index).copied().unwrap_or(0);
            let corner = back.and_then(|at| above.get(at)).copied().unwrap_or(0);
            let guess = match kind {
                0 => 0,
                1 => left,
                2 => up,
                3 => (u16::from(left).midpoint(u16::from(up))).to_le_bytes()[0],
                4 => paeth(left, up, corner),
                _ => return Err(FilterFailure::Damaged),
            };
            current.push(byte.wrapping_add(guess));
        }
        decoded.extend_from_slice(&current);
        above = current;
    }
    Ok(decoded)
}

/// The Paeth predictor of the PNG specification, 9.4.
fn paeth(left: u8, up: u8, corner: u8) -> u8 {
    let estimate = i16::from(left) + i16::from(up) - i16::from(corner);
    let distance = |byte: u8| (estimate - i16::from(byte)).abs();
    if distance(left) <= distance(up) && distance(left) <= distance(corner) {
        left
    } else if distance(up) <= distance(corner) {
        up
    } else {
        corner
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn deflated(plain: &[u8]) -> Vec<u8> {
        use std::io::Write as _;
        let mut encoder = flate2::write::ZlibEncoder::new(vec![], flate2::Compression::best());
        encoder.write_all(plain).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn inflating_stops_at_the_limit_and_not_before() {
        let packed = deflated(&[7; 100_000]);
        assert_eq!(inflate(&packed, 100_000).unwrap(), vec![7; 100_000]);
        assert_eq!(inflate(&packed, 99_999), Err(FilterFailure::TooLarge));
        assert_eq!(inflate(b"not deflated", 10), Err(FilterFailure::Damaged));
        assert_eq!(inflate(b"", 10), Err(FilterFailure::Damaged));
    }

    #[test]
    fn a_lost_checksum_is_forgiven_and_a_broken_one_is_not() {
        let packed = deflated(b"cross-reference");
        assert_eq!(
            inflate(&packed[..packed.len() - 4], 100).unwrap(),
            b"cross-reference"
        );
        let mut broken = packed;
        *broken.last_mut().unwrap() ^= 1;
        assert_eq!(inflate(&broken, 100), Err(FilterFailure::Damaged));
    }

    #[test]
    fn text_filters_decode_what_the_standard_shows() {
        assert_eq!(ascii_hex(b"48 65 6C6c 6F7>rest").unwrap(), b"Hello\x70");
        assert_eq!(ascii_hex(b"4x"), Err(FilterFailure::Damaged));
        assert_eq!(
            ascii_85(b"87cURD]i,\"Ebo80~>", 99).unwrap(),
            b"Hello World!"
        );
        assert_eq!(ascii_85(b"z!!~>", 99).unwrap(), [0, 0, 0, 0, 0]);
        assert_eq!(ascii_85(b"s8W-\"~>", 99), Err(FilterFailure::Damaged));
        assert_eq!(ascii_85(b"v~>", 99), Err(FilterFailure::Damaged));
        assert_eq!(ascii_85(&[b'z'; 1_000], 99), Err(FilterFailure::TooLarge));
    }

    #[test]
    fn every_png_predictor_is_undone() {
        let predictor = Predictor {
            pixel_bytes: 1,
            row_bytes: 3,
        };
        let rows = [
            0, 1, 2, 3, // none
            1, 1, 1, 1, // sub: 1 2 3
            2, 1, 1, 1, // up: 2 3 4
            3, 1, 1,
            1, // average: 2 3 4 (left 0, up 2 -> 1; left 2, up 3 -> 2; left 3, up 4 -> 3)
            4, 1, 1, 1, // Paeth
        ];
        let plain = unpredict(&rows, predictor).unwrap();
        assert_eq!(plain, [1, 2, 3, 1, 2, 3, 2, 3, 4, 2, 3, 4, 3, 4, 5]);
        assert_eq!(
            unpredict(&[9, 1, 1, 1], predictor),
            Err(FilterFailure::Damaged)
        );
    }
}
