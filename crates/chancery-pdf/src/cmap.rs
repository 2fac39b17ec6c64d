//! In which direction a composite font writes (ISO 32000-2, 9.7.5): its `CMap` says so, in several
//! places, of which each reader asks another.

use crate::error::PdfError;
use crate::letter::unclear;
use crate::object::Object;
use crate::reader::Pdf;

/// Deepest chain of tables that go on from one another.
const CHAIN_MAX: u32 = 4;
/// How many bytes take as long to look through as one value takes to read.
const BYTES_A_VALUE: usize = 64;
const WRITING_MODE: &[u8] = b"WMode";
const USE: &[u8] = b"usecmap";

/// Whether text runs from top to bottom; also what finding out has cost, in values.
///
/// # Errors
///
/// Where the places that tell it differ, or one of them cannot be read.
pub(crate) fn is_vertical(
    pdf: &Pdf<'_>,
    encoding: Option<&Object>,
) -> Result<(bool, usize), PdfError> {
    let mut cost = 0;
    let vertical = way(pdf, encoding, 0, &mut cost)?;
    Ok((vertical, cost))
}

fn way(
    pdf: &Pdf<'_>,
    encoding: Option<&Object>,
    depth: u32,
    cost: &mut usize,
) -> Result<bool, PdfError> {
    let encoding = encoding.filter(|_| depth < CHAIN_MAX);
    let encoding = encoding.ok_or_else(|| unclear("/Encoding"))?;
    let table = match pdf.resolve(encoding)? {
        Object::Name(name) => return by_name(&name),
        Object::Stream(table) => table,
        _ => return Err(unclear("/Encoding")),
    };
    let id = encoding.as_reference();
    let id = id.ok_or_else(|| unclear("/Encoding"))?;
    let stated = match pdf.value(&table.dictionary, b"WMode")? {
        Object::Null | Object::Integer(0) => false,
        Object::Integer(1) => true,
        _ => return Err(unclear("/WMode")),
    };
    let body = pdf.stream_bytes(id, &table)?;
    *cost = cost.saturating_add(body.len() / BYTES_A_VALUE);
    let mut ways = ways_in(&body)?;
    if let Some(used) = table.dictionary.get(b"UseCMap") {
        ways.push(way(pdf, Some(used), depth.saturating_add(1), cost)?);
    }
    if ways.is_empty() {
        ways.push(false);
    }
    match ways.iter().all(|way| *way == stated) {
        true => Ok(stated),
        false => Err(unclear("/WMode")),
    }
}

/// The names of table 116 end with the direction.
fn by_name(name: &[u8]) -> Result<bool, PdfError> {
    match name {
        b"H" => Ok(false),
        b"V" => Ok(true),
        name if name.ends_with(b"-H") => Ok(false),
        name if name.ends_with(b"-V") => Ok(true),
        _ => Err(unclear("/Encoding")),
    }
}

/// What the text of a table says: `/WMode 1 def`, `/Identity-V usecmap`.
fn ways_in(body: &[u8]) -> Result<Vec<bool>, PdfError> {
    let holds = |text: &[u8], word: &[u8]| text.windows(word.len()).any(|part| part == word);
    let tells = |text: &[u8]| holds(text, WRITING_MODE) || holds(text, USE);
    // A name may be spelt otherwise for some.
    if body.contains(&b'#') {
        return Err(unclear("a CMap"));
    }
    let mut ways = Vec::new();
    if !tells(body) {
        return Ok(ways);
    }
    let mut words: Vec<&[u8]> = Vec::new();
    for line in body.split(|byte| matches!(byte, b'\n' | b'\r')) {
        let count = |one: u8| line.iter().filter(|byte| **byte == one).count();
        // What stands in a comment, a string or a procedure is said to nobody, or to some.
        let aside = tells(line) && line.iter().any(|byte| b"%(){}".contains(byte));
        if aside || count(b'(') != count(b')') || count(b'{') != count(b'}') {
            return Err(unclear("a CMap"));
        }
        let own = line.split(|byte| byte.is_ascii_whitespace() || *byte == 0);
        words.extend(own.filter(|word| !word.is_empty()));
    }
    for (place, word) in words.iter().enumerate() {
        let behind = |offset: usize| {
            let at = place.checked_add(offset)?;
            words.get(at).copied()
        };
        if *word == b"/WMode" && behind(2) == Some(b"def") {
            ways.push(match behind(1) {
                Some(b"0") => false,
                Some(b"1") => true,
                _ => return Err(unclear("a CMap")),
            });
        } else if *word == USE {
            let before = place.checked_sub(1).and_then(|at| words.get(at));
            let name = before.and_then(|word| word.strip_prefix(b"/"));
            ways.push(by_name(name.unwrap_or_default())?);
        } else if tells(word) {
            return Err(unclear("a CMap"));
        }
    }
    Ok(ways)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_says_one_direction_or_is_not_believed() {
        let told = |body: &[u8]| ways_in(body).ok();
        assert_eq!(told(b"begincmap endcmap"), Some(vec![]));
        assert_eq!(told(b"%!PS\n/WMode 1 def\n"), Some(vec![true]));
        assert_eq!(
            told(b"/WMode 0 def /GBK-V usecmap"),
            Some(vec![false, true])
        );
        for body in [
            &b"/#57Mode 1 def"[..],
            b"/WMode 2 def",
            b"/WMode 1",
            b"(WMode) cvn 1 def",
            b"/WMode 1 def % /WMode 0 def",
            b"(\n/WMode 1 def\n)",
            b"{ /WMode 1 def }",
            b"/Other usecmap",
            b"/X/WMode 1 def",
        ] {
            assert_eq!(told(body), None, "{}", body.escape_ascii());
        }
    }
}
