//! Letters that are written from top to bottom: `/DW2` and `/W2` (ISO 32000-2, 9.7.4.3).

use crate::error::PdfError;
use crate::letter::{Between, Down, unclear};
use crate::object::{Dictionary, Object};
use crate::reader::Pdf;

/// Most values of one font.
const VALUES_MAX: usize = 70_000;
/// Where the pen stands above a letter, and how far that moves it, where nothing is stated.
const USUAL: (f64, f64) = (0.88, -1.0);

/// How the letters of `font` follow each other, whichever they are; `widest` is how wide one is at
/// most. Also how many values were read.
pub(crate) fn read(
    pdf: &Pdf<'_>,
    font: &Dictionary,
    widest: f64,
) -> Result<(Down, usize), PdfError> {
    let (up, advance) = USUAL;
    let mut down = Down {
        advance: Between::exactly(advance),
        across: Between::ZERO.with(Between::exactly(widest / 2.0)),
        up: Between::exactly(up),
    };
    match pdf.value(font, b"DW2")? {
        Object::Null => {}
        Object::Array(two) => {
            let [up, advance] = numbers(pdf, &two)?[..] else {
                return Err(unclear("/DW2"));
            };
            down.up = down.up.with(Between::exactly(up));
            down.advance = down.advance.with(Between::exactly(advance));
        }
        _ => return Err(unclear("/DW2")),
    }
    let list = match pdf.value(font, b"W2")? {
        Object::Null => return Ok((down, 0)),
        Object::Array(list) => list,
        _ => return Err(unclear("/W2")),
    };
    let mut count = 0_usize;
    let mut list = &list[..];
    while let [_, next, rest @ ..] = list {
        let threes = match pdf.resolve(next)? {
            Object::Array(threes) => {
                list = rest;
                numbers(pdf, &threes)?
            }
            _ => {
                let (three, behind) = rest.split_at_checked(3).ok_or_else(|| unclear("/W2"))?;
                list = behind;
                numbers(pdf, three)?
            }
        };
        count = count.saturating_add(threes.len());
        if count > VALUES_MAX {
            return Err(PdfError::LimitExceeded {
                limit: "widths_max",
                max: VALUES_MAX as u64,
            });
        }
        for three in threes.chunks(3) {
            let [advance, across, up] = three else {
                return Err(unclear("/W2"));
            };
            down.advance = down.advance.with(Between::exactly(*advance));
            down.across = down.across.with(Between::exactly(*across));
            down.up = down.up.with(Between::exactly(*up));
        }
    }
    match list.is_empty() {
        true => Ok((down, count)),
        false => Err(unclear("/W2")),
    }
}

fn numbers(pdf: &Pdf<'_>, list: &[Object]) -> Result<Vec<f64>, PdfError> {
    let mut numbers = Vec::new();
    for object in list.iter().take(VALUES_MAX) {
        let number = pdf.resolve(object)?.as_number();
        numbers.push(number.ok_or_else(|| unclear("/W2"))? * 0.001);
    }
    Ok(numbers)
}
