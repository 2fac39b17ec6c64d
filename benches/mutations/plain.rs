//! Mutations of bytes that know nothing of what they change.

use crate::chance::Chance;
use crate::original::Original;

/// A byte of what is signed becomes another.
pub fn flip_signed(original: &Original, chance: &mut Chance) -> Vec<u8> {
    let place = loop {
        let place = chance.below(original.signed_end);
        if !original.gaps.iter().any(|gap| gap.contains(&place)) {
            break place;
        }
    };
    flipped(&original.bytes, place, chance)
}

/// A byte that no digest covers becomes another: in a gap, or behind the last signed one.
pub fn flip_unsigned(original: &Original, chance: &mut Chance) -> Vec<u8> {
    let behind = original.signed_end..original.bytes.len();
    let place = if !behind.is_empty() && chance.once_in(2) {
        behind.start + chance.below(behind.len())
    } else {
        let gap = &original.gaps[chance.below(original.gaps.len())];
        gap.start + chance.below(gap.len())
    };
    flipped(&original.bytes, place, chance)
}

fn flipped(bytes: &[u8], place: usize, chance: &mut Chance) -> Vec<u8> {
    let mut mutant = bytes.to_vec();
    let old = mutant[place];
    let digit = b"0123456789abcdefABCDEF"[chance.below(22)];
    // A digit among digits is a mutant that still reads as a value.
    mutant[place] = match old.is_ascii_hexdigit() && !chance.once_in(3) {
        true if digit != old => digit,
        _ => old ^ (1 << chance.below(8)),
    };
    mutant
}

/// A few bytes come in.
pub fn insert(original: &Original, chance: &mut Chance) -> Vec<u8> {
    let bytes = &original.bytes;
    let place = anywhere(original, chance);
    let texts: [&[u8]; 7] = [
        b" ",
        b"\n",
        b"\0",
        b"%%EOF\n",
        b"%x\n",
        b"(Changed) Tj ",
        b"<</V(1)>>",
    ];
    let random = [chance.byte(), chance.byte(), chance.byte()];
    let new = match chance.below(3) {
        0 => &random[..=chance.below(3)],
        _ => texts[chance.below(texts.len())],
    };
    [&bytes[..place], new, &bytes[place..]].concat()
}

/// Some bytes are gone.
pub fn delete(original: &Original, chance: &mut Chance) -> Vec<u8> {
    let bytes = &original.bytes;
    let place = anywhere(original, chance).min(bytes.len() - 1);
    let many = if chance.once_in(3) { 2000 } else { 8 };
    let end = (place + 1 + chance.below(many)).min(bytes.len());
    [&bytes[..place], &bytes[end..]].concat()
}

/// A piece of the file is put over another piece of it, as long as it is.
pub fn splice(original: &Original, chance: &mut Chance) -> Vec<u8> {
    let mut mutant = original.bytes.clone();
    let length = 1 + chance.below(400.min(mutant.len() / 4));
    let from = chance.below(mutant.len() - length);
    let to = anywhere(original, chance).min(mutant.len() - length);
    mutant.copy_within(from..from + length, to);
    mutant
}

/// Anywhere, half of the time where structure is: near the end, or at the edge of a gap.
fn anywhere(original: &Original, chance: &mut Chance) -> usize {
    let length = original.bytes.len();
    match chance.below(4) {
        0 => length - chance.below(1500.min(length)),
        1 => {
            let gap = &original.gaps[chance.below(original.gaps.len())];
            let edge = if chance.once_in(2) {
                gap.start
            } else {
                gap.end
            };
            (edge + chance.below(60)).saturating_sub(30).min(length)
        }
        _ => chance.below(length + 1),
    }
}
