//! How far letters reach: the widths that a font states, and what is to be assumed where it does
//! not (ISO 32000-2, 9.2.4, 9.6 and 9.7).

use crate::error::PdfError;
use crate::object::{Dictionary, Object};
use crate::plane::{Matrix, Region};
use crate::reader::Pdf;

/// Most widths of one font.
const WIDTHS_MAX: usize = 70_000;
/// Width of every letter of Courier, in ems.
const COURIER: f64 = 0.6;

/// How far something reaches at least and at most, in ems.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Between {
    pub(crate) least: f64,
    pub(crate) most: f64,
}

impl Between {
    pub(crate) const fn exactly(value: f64) -> Self {
        Self {
            least: value,
            most: value,
        }
    }
}

/// What is known of a font's letters.
#[derive(Clone, Debug)]
pub(crate) struct Letters {
    coding: Coding,
    /// The widest one, in ems.
    widest: f64,
    /// How far letters reach below and above their line, in ems.
    pub(crate) height: (f64, f64),
    /// How far they reach beside their origin whatever their widths say, in ems.
    pub(crate) beside: (f64, f64),
    pub(crate) vertical: bool,
}

#[derive(Clone, Debug)]
enum Coding {
    /// One byte a letter, from `first` on.
    Bytes { first: i64, widths: Vec<f64> },
    /// Two bytes a letter, which are its number.
    Pairs { usual: f64, runs: Vec<Run> },
    /// One byte or more a letter: which, only a table could tell.
    Some,
}

/// Letters `first..=last` with their widths; one for all, or one each.
#[derive(Clone, Debug)]
struct Run {
    first: u32,
    last: u32,
    widths: Vec<f64>,
}

/// One letter that is shown.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Letter {
    pub(crate) advance: Between,
    /// Whether it is the single byte 32, which word spacing widens.
    pub(crate) space: bool,
}

impl Letters {
    /// Of a font that nobody knows: no letter is wider than an em.
    pub(crate) fn unknown() -> Self {
        Self {
            coding: Coding::Some,
            widest: 1.0,
            height: (-0.25, 0.95),
            beside: (0.0, 0.5),
            vertical: false,
        }
    }

    /// Reads what `font` states; also how many values that were.
    pub(crate) fn read(pdf: &Pdf<'_>, font: &Dictionary) -> Result<(Self, u64), PdfError> {
        let mut letters = Self::unknown();
        let count = match pdf.value(font, b"Subtype")?.as_name() {
            Some(b"Type0") => letters.read_composite(pdf, font)?,
            Some(b"Type3") => letters.read_drawn(pdf, font)?,
            _ => letters.read_simple(pdf, font, 0.001)?,
        };
        Ok((letters, count as u64))
    }

    /// Takes in where letters that are drawn by the file itself leave paint.
    pub(crate) fn reach(&mut self, paint: &Region) {
        let Region([left, bottom, right, top]) = *paint;
        self.beside = (self.beside.0.min(left), self.beside.1.max(right));
        self.height = (self.height.0.min(bottom), self.height.1.max(top));
    }

    fn read_simple(
        &mut self,
        pdf: &Pdf<'_>,
        font: &Dictionary,
        unit: f64,
    ) -> Result<usize, PdfError> {
        let widths = pdf.value(font, b"Widths")?;
        let Some(widths) = widths.as_array() else {
            let name = pdf.value(font, b"BaseFont")?;
            // The widths of the standard fonts are not stated; those of one of them are all equal.
            let even = name
                .as_name()
                .is_some_and(|one| one.starts_with(b"Courier"));
            if even && font.get(b"FontDescriptor").is_none() {
                let widths = vec![COURIER; 256];
                self.coding = Coding::Bytes { first: 0, widths };
            }
            return Ok(0);
        };
        let first = pdf.value(font, b"FirstChar")?.as_integer().unwrap_or(0);
        let widths = numbers(pdf, widths, unit)?;
        self.widest = widest(&widths).max(1.0);
        let count = widths.len();
        self.coding = Coding::Bytes { first, widths };
        Ok(count)
    }

    /// A font whose letters are drawn by content streams of its own, in its own units.
    fn read_drawn(&mut self, pdf: &Pdf<'_>, font: &Dictionary) -> Result<usize, PdfError> {
        let matrix = pdf.value(font, b"FontMatrix")?;
        let matrix =
            six_numbers(pdf, &matrix)?.map_or(Matrix([0.001, 0.0, 0.0, 0.001, 0.0, 0.0]), Matrix);
        let count = self.read_simple(pdf, font, matrix.0[0])?;
        let own = Region::of(pdf.rectangle(font, b"FontBBox")?.unwrap_or_default());
        let [_, bottom, _, top] = matrix.region(&own)?.0;
        // Bitmap fonts state their box as empty.
        self.height = (bottom.min(-1.0), top.max(1.0));
        Ok(count)
    }

    fn read_composite(&mut self, pdf: &Pdf<'_>, font: &Dictionary) -> Result<usize, PdfError> {
        let encoding = pdf.value(font, b"Encoding")?;
        let plain = matches!(encoding.as_name(), Some(b"Identity-H" | b"Identity-V"));
        self.vertical = match &encoding {
            Object::Name(name) => name.ends_with(b"-V"),
            Object::Stream(table) => table.dictionary.get(b"WMode") == Some(&Object::Integer(1)),
            _ => false,
        };
        let below = pdf.value(font, b"DescendantFonts")?;
        let below = pdf.resolve(
            below
                .as_array()
                .and_then(<[_]>::first)
                .unwrap_or(&Object::Null),
        )?;
        let Some(below) = below.as_dictionary() else {
            return Ok(0);
        };
        let usual = pdf.value(below, b"DW")?.as_number().unwrap_or(1000.0) / 1000.0;
        let (runs, wide, count) = runs(pdf, below)?;
        self.widest = wide.max(usual).max(1.0);
        let restated = below.get(b"W2").is_some() || below.get(b"DW2").is_some();
        if let Some(runs) = runs.filter(|_| plain && !self.vertical) {
            self.coding = Coding::Pairs { usual, runs };
        } else if plain && !restated {
            // From top to bottom each letter takes an em.
            let (usual, runs) = (1.0, Vec::new());
            self.coding = Coding::Pairs { usual, runs };
        } else if self.vertical && restated {
            self.widest = self.widest.max(2.0);
        }
        Ok(count)
    }

    /// The letters of a string.
    pub(crate) fn of<'l>(&'l self, text: &'l [u8]) -> Box<dyn Iterator<Item = Letter> + 'l> {
        let unsure = Between {
            least: 0.0,
            most: self.widest,
        };
        match &self.coding {
            Coding::Bytes { first, widths } => Box::new(text.iter().map(move |byte| {
                let place = i64::from(*byte).checked_sub(*first);
                let place = place.and_then(|place| usize::try_from(place).ok());
                let width = place.and_then(|place| widths.get(place));
                Letter {
                    advance: width.map_or(unsure, |width| Between::exactly(*width)),
                    space: *byte == b' ',
                }
            })),
            Coding::Pairs { usual, runs } => Box::new(text.chunks(2).map(move |pair| {
                let number = pair.iter().fold(0, |sum, byte| sum << 8 | u32::from(*byte));
                let width = width_in(runs, number).unwrap_or(*usual);
                Letter {
                    advance: Between::exactly(width),
                    space: false,
                }
            })),
            Coding::Some => Box::new(text.iter().map(move |byte| Letter {
                advance: unsure,
                space: *byte == b' ',
            })),
        }
    }
}

fn width_in(runs: &[Run], number: u32) -> Option<f64> {
    // The first that begins behind it ends the search: they are kept in order.
    let behind = runs.partition_point(|run| run.first <= number);
    let run = runs.get(behind.checked_sub(1)?)?;
    if number > run.last {
        return None;
    }
    let place = usize::try_from(number.checked_sub(run.first)?).ok()?;
    run.widths
        .get(place)
        .or_else(|| run.widths.first())
        .copied()
}

/// `/W`: `c [w₁ w₂ …]` and `c₁ c₂ w` in any order (9.7.4.3); nothing where it contradicts itself.
/// Then its widest, and how many widths it states.
fn runs(pdf: &Pdf<'_>, font: &Dictionary) -> Result<(Option<Vec<Run>>, f64, usize), PdfError> {
    let list = pdf.value(font, b"W")?;
    let mut list = list.as_array().unwrap_or(&[]).iter();
    let (mut runs, mut count) = (Vec::new(), 0_usize);
    let number = |object: Option<&Object>| {
        let object = pdf.resolve(object.unwrap_or(&Object::Null))?;
        let number = object.as_integer().and_then(|one| u32::try_from(one).ok());
        number.ok_or(PdfError::WrongType { what: "/W" })
    };
    while let Some(first) = list.next() {
        let first = number(Some(first))?;
        let next = list.next();
        let (last, widths) = match pdf.resolve(next.unwrap_or(&Object::Null))? {
            Object::Array(widths) => {
                let widths = numbers(pdf, &widths, 0.001)?;
                let more = u32::try_from(widths.len()).unwrap_or(u32::MAX);
                if more == 0 {
                    continue;
                }
                (first.saturating_add(more).saturating_sub(1), widths)
            }
            _ => {
                let last = number(next)?;
                let width = pdf.resolve(list.next().unwrap_or(&Object::Null))?;
                let width = width
                    .as_number()
                    .ok_or(PdfError::WrongType { what: "/W" })?;
                (last, vec![width / 1000.0])
            }
        };
        count = count.saturating_add(widths.len());
        if count > WIDTHS_MAX {
            return Err(PdfError::LimitExceeded {
                limit: "widths_max",
                max: WIDTHS_MAX as u64,
            });
        }
        runs.push(Run {
            first,
            last,
            widths,
        });
    }
    runs.sort_by_key(|run| run.first);
    // Of what is stated twice, readers take the one or the other.
    let twice = runs
        .windows(2)
        .any(|pair| matches!(pair, [a, b] if a.last >= b.first));
    let wide = runs.iter().map(|run| widest(&run.widths));
    let wide = wide.fold(0.0, f64::max);
    Ok(((!twice).then_some(runs), wide, count))
}

fn numbers(pdf: &Pdf<'_>, list: &[Object], unit: f64) -> Result<Vec<f64>, PdfError> {
    let mut numbers = Vec::new();
    for object in list.iter().take(WIDTHS_MAX) {
        let number = pdf.resolve(object)?.as_number();
        let number = number.ok_or(PdfError::WrongType { what: "a width" })?;
        numbers.push(number * unit);
    }
    Ok(numbers)
}

/// Six numbers in a list.
pub(crate) fn six_numbers(pdf: &Pdf<'_>, object: &Object) -> Result<Option<[f64; 6]>, PdfError> {
    let Some([a, b, c, d, e, f]) = object.as_array() else {
        return Ok(None);
    };
    let mut six = [0.0; 6];
    for (number, object) in six.iter_mut().zip([a, b, c, d, e, f]) {
        let Some(value) = pdf.resolve(object)?.as_number() else {
            return Ok(None);
        };
        *number = value;
    }
    Ok(Some(six))
}

fn widest(widths: &[f64]) -> f64 {
    widths
        .iter()
        .fold(0.0, |most: f64, width| most.max(width.abs()))
}
