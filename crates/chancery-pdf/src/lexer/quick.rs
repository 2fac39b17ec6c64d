//! The two tokens that signed files are made of, as every program writes them: references in long
//! lists, and the value of a signature. Whatever else they may look like is read the long way.

use super::is_regular;
use crate::object::ObjectId;

/// No hexadecimal digit.
const NONE: u8 = 0xff;

/// The value of each byte as a hexadecimal digit.
const DIGITS: [u8; 256] = digits();

const fn digits() -> [u8; 256] {
    let mut table = [NONE; 256];
    let mut value: u8 = 0;
    while value < 16 {
        let (small, capital) = match value {
            0..=9 => (b'0' + value, b'0' + value),
            _ => (b'a' + value - 10, b'A' + value - 10),
        };
        table[small as usize] = value;
        table[capital as usize] = value;
        value += 1;
    }
    table
}

/// `N G R` with single spaces, and how many bytes it has.
pub(super) fn reference(bytes: &[u8]) -> Option<(ObjectId, usize)> {
    let (number, after) = whole(bytes)?;
    let after = after.strip_prefix(b" ")?;
    let (generation, after) = whole(after)?;
    let after = after.strip_prefix(b" R")?;
    if after.first().copied().is_some_and(is_regular) {
        return None;
    }
    let generation = u16::try_from(generation).ok()?;
    let length = bytes.len().checked_sub(after.len())?;
    Some((ObjectId { number, generation }, length))
}

/// One to nine digits, and what follows them.
fn whole(bytes: &[u8]) -> Option<(u32, &[u8])> {
    let mut value: u32 = 0;
    let mut rest = bytes;
    while let [digit @ b'0'..=b'9', tail @ ..] = rest {
        value = value
            .checked_mul(10)?
            .checked_add(u32::from(digit - b'0'))?;
        rest = tail;
    }
    let count = bytes.len().checked_sub(rest.len())?;
    (1..=9).contains(&count).then_some((value, rest))
}

/// Pairs of digits up to `>`, decoded, and how many bytes they have with it.
pub(super) fn hexadecimal(bytes: &[u8]) -> Option<(Vec<u8>, usize)> {
    let length = bytes.iter().position(|byte| *byte == b'>')?;
    let (pairs, odd) = bytes.get(..length)?.as_chunks::<2>();
    if !odd.is_empty() {
        return None;
    }
    let mut decoded = Vec::with_capacity(pairs.len());
    let mut wrong = 0;
    for [high, low] in pairs {
        let (high, low) = (DIGITS[usize::from(*high)], DIGITS[usize::from(*low)]);
        // Only what is no digit has any of these bits.
        wrong |= (high | low) & 0xf0;
        decoded.push(high << 4 | low);
    }
    (wrong == 0).then_some((decoded, length.checked_add(1)?))
}
