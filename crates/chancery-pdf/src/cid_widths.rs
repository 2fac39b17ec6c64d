//! The widths of letters by their numbers, `/W` (ISO 32000-2, 9.7.4.3).

use crate::error::PdfError;
use crate::letter::{Between, unclear};
use crate::object::{Dictionary, Object};
use crate::reader::Pdf;

/// Most widths of one font.
const WIDTHS_MAX: usize = 70_000;
/// Widest letter, in ems, that every reader takes for as wide as it says.
const WIDEST: f64 = 32.0;

/// Letters `first..=last` with their widths; one for all, or one each.
#[derive(Clone, Debug)]
struct Run {
    first: u32,
    last: u32,
    widths: Vec<f64>,
}

/// Numbers that one run speaks of, or several.
#[derive(Clone, Copy, Debug)]
struct Stretch {
    first: u32,
    last: u32,
    /// The run, by its place; nothing where there is more than one.
    run: Option<usize>,
}

/// `/W`: `c [w₁ w₂ …]` and `c₁ c₂ w`, in any order.
#[derive(Clone, Debug, Default)]
pub(crate) struct CidWidths {
    runs: Vec<Run>,
    stretches: Vec<Stretch>,
}

/// What is stated of one number.
pub(crate) enum Stated {
    Nowhere,
    /// Its width; nothing, if that may be any.
    Once(Option<Between>),
    /// Of what is stated twice, readers take the one or the other.
    Twice,
}

impl CidWidths {
    /// What `font` states, every width of it, and how many values that were.
    pub(crate) fn read(
        pdf: &Pdf<'_>,
        font: &Dictionary,
    ) -> Result<(Self, Vec<f64>, usize), PdfError> {
        let list = match pdf.value(font, b"W")? {
            Object::Null => return Ok((Self::default(), Vec::new(), 0)),
            Object::Array(list) => list,
            _ => return Err(unclear("/W")),
        };
        let mut list = list.iter();
        let (mut runs, mut all) = (Vec::new(), Vec::new());
        while let Some(first) = list.next() {
            let first = number(pdf, Some(first))?;
            let next = list.next();
            let (last, widths) = match pdf.resolve(next.unwrap_or(&Object::Null))? {
                Object::Array(widths) => {
                    let widths = numbers(pdf, &widths)?;
                    let more = u32::try_from(widths.len()).unwrap_or(u32::MAX);
                    if more == 0 {
                        continue;
                    }
                    (first.saturating_add(more).saturating_sub(1), widths)
                }
                _ => {
                    let last = number(pdf, next)?;
                    let width = pdf.resolve(list.next().unwrap_or(&Object::Null))?;
                    (last, numbers(pdf, &[width])?)
                }
            };
            all.extend(&widths);
            if all.len() > WIDTHS_MAX || runs.len() > WIDTHS_MAX {
                return Err(PdfError::LimitExceeded {
                    limit: "widths_max",
                    max: WIDTHS_MAX as u64,
                });
            }
            if first > last {
                return Err(unclear("/W"));
            }
            runs.push(Run {
                first,
                last,
                widths,
            });
        }
        let stretches = stretches(&runs);
        let count = all.len();
        Ok((Self { runs, stretches }, all, count))
    }

    pub(crate) fn of(&self, number: u32) -> Stated {
        let behind = self.stretches.partition_point(|one| one.first <= number);
        let stretch = behind
            .checked_sub(1)
            .and_then(|place| self.stretches.get(place));
        let Some(stretch) = stretch.filter(|one| number <= one.last) else {
            return Stated::Nowhere;
        };
        let Some(run) = stretch.run.and_then(|place| self.runs.get(place)) else {
            return Stated::Twice;
        };
        let place = usize::try_from(number.saturating_sub(run.first)).unwrap_or(usize::MAX);
        let width = run.widths.get(place).or_else(|| run.widths.first());
        let width = width.filter(|width| (0.0..=WIDEST).contains(*width));
        Stated::Once(width.map(|width| Between::stated(*width)))
    }
}

/// Goes along the numbers: where runs begin and where they end.
fn stretches(runs: &[Run]) -> Vec<Stretch> {
    let mut edges = Vec::new();
    for (place, run) in runs.iter().enumerate() {
        edges.push((run.first, true, place));
        edges.push((run.last.saturating_add(1), false, place));
    }
    edges.sort_unstable();
    let mut stretches: Vec<Stretch> = Vec::new();
    // Of one open run all open places together are its own.
    let (mut open, mut places, mut from) = (0_usize, 0_usize, 0);
    for (at, begins, place) in edges {
        if open > 0 && at > from {
            stretches.push(Stretch {
                first: from,
                last: at.saturating_sub(1),
                run: (open == 1).then_some(places),
            });
        }
        from = at;
        places ^= place;
        open = match begins {
            true => open.saturating_add(1),
            false => open.saturating_sub(1),
        };
    }
    stretches
}

fn number(pdf: &Pdf<'_>, object: Option<&Object>) -> Result<u32, PdfError> {
    let object = pdf.resolve(object.unwrap_or(&Object::Null))?;
    let number = object.as_integer().and_then(|one| u32::try_from(one).ok());
    number.ok_or_else(|| unclear("/W"))
}

fn numbers(pdf: &Pdf<'_>, list: &[Object]) -> Result<Vec<f64>, PdfError> {
    let mut numbers = Vec::new();
    for object in list.iter().take(WIDTHS_MAX) {
        let number = pdf.resolve(object)?.as_number();
        numbers.push(number.ok_or_else(|| unclear("/W"))? * 0.001);
    }
    Ok(numbers)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_that_several_runs_speak_of_are_told_from_those_of_one() {
        let run = |first, last, width| Run {
            first,
            last,
            widths: vec![width],
        };
        let runs = vec![run(5, 9, 0.5), run(7, 7, 0.9), run(20, 30, 0.1)];
        let widths = CidWidths {
            stretches: stretches(&runs),
            runs,
        };
        let told = |number| match widths.of(number) {
            Stated::Nowhere => None,
            Stated::Once(width) => width.map(|width| width.most),
            Stated::Twice => Some(f64::INFINITY),
        };
        let expected = [
            (4, None),
            (5, Some(0.5)),
            (6, Some(0.5)),
            (7, Some(f64::INFINITY)),
            (8, Some(0.5)),
            (9, Some(0.5)),
            (10, None),
            (20, Some(0.1)),
            (30, Some(0.1)),
            (31, None),
        ];
        for (number, width) in expected {
            assert_eq!(told(number), width, "{number}");
        }
    }
}
