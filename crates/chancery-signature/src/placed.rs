//! Files whose marks stand at one place far from their beginning: tapes and discs.

use std::ops::Range;

/// A block of a tape.
const BLOCK: usize = 512;
/// Where such a block says the sum of its bytes, and in how many (POSIX.1-2017, pax).
const SUM: Range<usize> = 148..156;
/// Where it may name its kind.
const KIND: Range<usize> = 257..262;
/// A sector of a disc, and where its descriptors begin (ECMA-119, 6.2.1; ECMA-167, 2/8).
const SECTOR: usize = 2048;
const DESCRIPTORS: usize = 16 * SECTOR;
/// Names of descriptors: ISO 9660, High Sierra, UDF, and where those begin and end.
const NAMES: &[&[u8]] = &[
    b"CD001", b"CDROM", b"NSR02", b"NSR03", b"BEA01", b"BOOT2", b"TEA01",
];
/// Marks of systems of files on a disc, by their places.
const MARKS: &[(usize, &[u8])] = &[
    (1024, b"H+\0\x04"),
    (1024, b"HX\0\x05"),
    (65_600, b"_BHRfS_M"),
];

/// Of what kind the file is that has such marks among bytes that nobody signed: the runs of
/// `bytes` that `loose` names, in their order.
pub(crate) fn placed(bytes: &[u8], loose: &[Range<usize>]) -> Option<&'static str> {
    let is_loose = |place: Range<usize>| {
        loose
            .iter()
            .any(|run| run.start < place.end && place.start < run.end)
    };
    let blocks = bytes.chunks_exact(BLOCK).zip((0..).step_by(BLOCK));
    let is_tape = |(block, at): (&[u8], usize)| {
        let kind = at.saturating_add(KIND.start)..at.saturating_add(KIND.end);
        let names = block.get(KIND) == Some(b"ustar") && is_loose(kind);
        names || has_sum(block) && is_loose(at..at.saturating_add(BLOCK))
    };
    // The name of a descriptor stands behind its first byte.
    let sectors = (DESCRIPTORS..bytes.len()).step_by(SECTOR);
    let is_descriptor = |at: usize| {
        let name = at.saturating_add(1)..at.saturating_add(16);
        let text = bytes.get(name.clone()).unwrap_or_default();
        let shifted = text.get(8..13).unwrap_or_default();
        let known = NAMES
            .iter()
            .any(|name| text.starts_with(name) || shifted == *name);
        known && is_loose(name)
    };
    let is_mark = |(at, mark): &(usize, &[u8])| {
        let place = *at..at.saturating_add(mark.len());
        bytes.get(place.clone()) == Some(*mark) && is_loose(place)
    };
    let mut sectors = sectors;
    let mut blocks = blocks;
    let found = blocks.any(is_tape)
        || sectors.any(is_descriptor)
        || MARKS.iter().any(is_mark)
        || is_parted(bytes) && is_loose(PARTS..BLOCK)
        || is_ext(bytes) && is_loose(EXT..EXT.saturating_add(6));
    found.then_some("archive")
}

/// Where a disc says its parts: four, each active or not, and two bytes behind them.
const PARTS: usize = 446;

fn is_parted(bytes: &[u8]) -> bool {
    let parts = bytes.get(PARTS..BLOCK).unwrap_or_default();
    let mut each = parts.chunks_exact(16);
    parts.ends_with(b"\x55\xaa") && each.all(|part| matches!(part, [0 | 0x80, ..]))
}

/// Where a system of files for Linux has its mark, and two small numbers behind it.
const EXT: usize = 1080;

fn is_ext(bytes: &[u8]) -> bool {
    let mark = bytes.get(EXT..).unwrap_or_default();
    matches!(mark, [0x53, 0xef, 1..=7, 0, 1..=3, 0, ..])
}

/// Whether a block says the sum of its own bytes, as the first of each file on a tape does. Old
/// programs take bytes for signed ones.
fn has_sum(block: &[u8]) -> bool {
    let said = block.get(SUM).unwrap_or_default();
    let blank = |byte: &u8| matches!(byte, b' ' | 0);
    let digits: Vec<u8> = said
        .iter()
        .copied()
        .skip_while(|byte| *byte == b' ')
        .take_while(|byte| !blank(byte))
        .collect();
    let said = std::str::from_utf8(&digits).ok();
    let Some(said) = said.and_then(|said| i64::from_str_radix(said, 8).ok()) else {
        return false;
    };
    let (mut sum, mut signed) = (0_i64, 0_i64);
    for (at, byte) in block.iter().enumerate() {
        let byte = if SUM.contains(&at) { b' ' } else { *byte };
        sum = sum.saturating_add(i64::from(byte));
        signed = signed.saturating_add(i64::from(byte.cast_signed()));
    }
    [sum, signed].contains(&said)
}
