//! The outlines of a Type 1 program, deciphered (Adobe Type 1 Font Format 1.1, 2.4, 7).
//!
//! The library that runs them neither counts what they cost nor gives them away, so they are read
//! here: in the one form that tools write. Whatever else an interpreter might make of a program
//! is no answer.

/// Most bytes that a cipher puts before its text (`/lenIV`).
const LEAD_MAX: usize = 16;
/// Most words between one outline and the next: `noaccess def`.
const WORDS_MAX: usize = 2;
const FILE_KEY: u16 = 55_665;
const OUTLINE_KEY: u16 = 4330;

/// The outlines of `program`, in its order; none where they are not written as they should be.
pub(crate) fn outlines(program: &[u8]) -> Option<Vec<Vec<u8>>> {
    let private = private(&joined(program)?)?;
    let lead = lead(&private)?;
    let mut rest = behind_only(&private, b"/CharStrings")?;
    let count: usize = number(word(&mut rest)?)?;
    for expected in [b"dict".as_slice(), b"dup", b"begin"] {
        (word(&mut rest)? == expected).then_some(())?;
    }
    // Of two outlines with one name interpreters take one, and not all the same one: both count.
    let mut found = Vec::new();
    loop {
        let mut name = word(&mut rest)?;
        let mut words = 0;
        while !name.starts_with(b"/") && name != b"end" {
            words += 1;
            (words <= WORDS_MAX && !found.is_empty()).then_some(())?;
            name = word(&mut rest)?;
        }
        if name == b"end" {
            return (found.len() <= count).then_some(found);
        }
        let length: usize = number(word(&mut rest)?)?;
        // `RD` or `-|`, whichever the program calls it, and one space.
        word(&mut rest)?;
        let (bytes, behind) = rest.get(1..)?.split_at_checked(length)?;
        rest = behind;
        found.push(match lead {
            Some(lead) => deciphered(bytes, OUTLINE_KEY).get(lead..)?.to_vec(),
            None => bytes.to_vec(),
        });
    }
}

/// The program without the marks of its segments, where it has them (PFB).
fn joined(program: &[u8]) -> Option<Vec<u8>> {
    let mut whole = Vec::new();
    let mut rest = program;
    if rest.first() != Some(&0x80) {
        return Some(program.to_vec());
    }
    while let [0x80, 1 | 2, a, b, c, d, behind @ ..] = rest {
        let length = usize::try_from(u32::from_le_bytes([*a, *b, *c, *d])).ok()?;
        // The last, of zeros, is often cut off.
        let (segment, next) = behind.split_at(length.min(behind.len()));
        whole.extend_from_slice(segment);
        rest = next;
    }
    Some(whole)
}

/// The enciphered part, deciphered.
fn private(program: &[u8]) -> Option<Vec<u8>> {
    let at = find(program, b"eexec")?;
    let rest = program.get(at + b"eexec".len()..)?;
    let start = rest.iter().position(|byte| !byte.is_ascii_whitespace())?;
    let rest = rest.get(start..)?;
    let is_text = rest.get(..4)?.iter().all(u8::is_ascii_hexdigit);
    let plain = match is_text {
        false => deciphered(rest, FILE_KEY),
        true => {
            let digits = rest.iter().filter(|byte| !byte.is_ascii_whitespace());
            let digits = digits.map_while(|byte| char::from(*byte).to_digit(16));
            let digits: Vec<u8> = digits
                .filter_map(|digit| u8::try_from(digit).ok())
                .collect();
            let (pairs, _) = digits.as_chunks::<2>();
            let bytes: Vec<u8> = pairs.iter().map(|[high, low]| high << 4 | low).collect();
            deciphered(&bytes, FILE_KEY)
        }
    };
    plain.get(4..).map(<[u8]>::to_vec)
}

/// How many bytes stand before an outline's own; none where outlines are not enciphered.
fn lead(private: &[u8]) -> Option<Option<usize>> {
    const KEY: &[u8] = b"/lenIV";
    if find(private, KEY).is_none() {
        return Some(Some(4));
    }
    let mut rest = behind_only(private, KEY)?;
    match word(&mut rest)? {
        b"-1" => Some(None),
        stated => Some(Some(number(stated).filter(|lead| *lead <= LEAD_MAX)?)),
    }
}

/// What stands behind `key`, which stands there once.
fn behind_only<'a>(text: &'a [u8], key: &[u8]) -> Option<&'a [u8]> {
    let behind = text.get(find(text, key)? + key.len()..)?;
    find(behind, key).is_none().then_some(behind)
}

fn find(text: &[u8], key: &[u8]) -> Option<usize> {
    text.windows(key.len()).position(|window| window == key)
}

/// The next word. What else delimits words has no place among outlines.
fn word<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    let text = rest.trim_ascii_start();
    let from = usize::from(text.first() == Some(&b'/'));
    let body = text.get(from..)?;
    let end = body.iter().position(|byte| !is_regular(*byte));
    let end = from + end.unwrap_or(body.len());
    let (word, behind) = text.split_at_checked(end)?;
    *rest = behind;
    // The slash alone is a name without a letter.
    (end > 0).then_some(word)
}

fn is_regular(byte: u8) -> bool {
    byte.is_ascii_graphic() && !b"()<>[]{}/%".contains(&byte)
}

fn number(word: &[u8]) -> Option<usize> {
    std::str::from_utf8(word).ok()?.parse().ok()
}

/// Adobe Type 1 Font Format, 7.3.
fn deciphered(bytes: &[u8], key: u16) -> Vec<u8> {
    let mut key = key;
    let step = |cipher: &u8| {
        let plain = cipher ^ key.to_be_bytes()[0];
        key = u16::from(*cipher)
            .wrapping_add(key)
            .wrapping_mul(52_845)
            .wrapping_add(22_719);
        plain
    };
    bytes.iter().map(step).collect()
}
