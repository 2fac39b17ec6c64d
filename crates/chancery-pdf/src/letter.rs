//! How far letters reach: the widths that a font states, and what is to be assumed where it does
//! not (ISO 32000-2, 9.2.4, 9.6 and 9.7).

use crate::cid_widths::{CidWidths, Stated};
use crate::error::PdfError;
use crate::object::{Dictionary, Object};
use crate::plane::{Matrix, Region};
use crate::reader::Pdf;
use crate::shown::ShownLimits;
use crate::{cmap, glyph_names, program, vertical};

/// Families of fonts of text that readers have or replace by one of the same letters.
pub const TEXT_FAMILIES: &[&[u8]] = &[
    b"AdobeSans",
    b"Arial",
    b"Calibri",
    b"Cambria",
    b"Courier",
    b"DejaVu",
    b"Georgia",
    b"Helvetica",
    b"Liberation",
    b"MyriadPro",
    b"Segoe",
    b"Tahoma",
    b"Times",
    b"Verdana",
];
/// Encodings of letters and signs of texts.
const ENCODINGS: &[&[u8]] = &[
    b"MacRomanEncoding",
    b"PDFDocEncoding",
    b"StandardEncoding",
    b"WinAnsiEncoding",
];
/// Most widths of one font.
const WIDTHS_MAX: usize = 70_000;
/// Width of every letter of Courier, in ems.
const COURIER: f64 = 0.6;
/// The widest letter of the fonts that readers take where nothing is stated, in ems.
const READERS_WIDEST: f64 = 1.1;
/// A letter that states to be wider than this, in ems, or narrower than nothing, is as wide as each
/// reader makes of it: some count in sixteen bits.
const WIDEST: f64 = 32.0;
/// Widths are counted in whole thousandths by some readers and not by others.
const WHOLE: f64 = 0.001;

/// How far something reaches at least and at most, in ems.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Between {
    pub(crate) least: f64,
    pub(crate) most: f64,
}

impl Between {
    pub(crate) const ZERO: Self = Self::exactly(0.0);

    pub(crate) const fn exactly(value: f64) -> Self {
        Self {
            least: value,
            most: value,
        }
    }

    /// A stated width, as readers may count it.
    pub(crate) fn stated(width: f64) -> Self {
        let thousandths = width / WHOLE;
        let whole = thousandths.round();
        if (thousandths - whole).abs() < 1.0e-6 {
            return Self::exactly(width);
        }
        Self {
            least: thousandths.floor() * WHOLE,
            most: thousandths.ceil() * WHOLE,
        }
    }

    pub(crate) fn with(self, other: Self) -> Self {
        Self {
            least: self.least.min(other.least),
            most: self.most.max(other.most),
        }
    }

    pub(crate) fn times(self, size: f64) -> Self {
        let (one, other) = (self.least * size, self.most * size);
        Self {
            least: one.min(other),
            most: one.max(other),
        }
    }
}

/// What is known of a font's letters.
#[derive(Clone, Debug)]
pub(crate) struct Letters {
    coding: Coding,
    /// How wide a letter is of which nothing more is known; nothing where that has no bounds.
    unsure: Option<Between>,
    /// How far letters reach below and above their line, in ems.
    pub(crate) height: (f64, f64),
    /// How far they reach beside their origin whatever their widths say, in ems.
    pub(crate) beside: (f64, f64),
    /// How it is written from top to bottom, if it is.
    pub(crate) down: Option<Down>,
    /// Whether its letters are those of a common font that readers bring.
    pub(crate) is_common: bool,
    /// Whether content streams draw them.
    pub(crate) is_drawn: bool,
}

/// Letters that follow each other downwards (9.7.4.3), in ems.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Down {
    /// How far one moves the pen, upwards counted.
    pub(crate) advance: Between,
    /// Where the pen stands, seen from the origin of a letter.
    pub(crate) across: Between,
    pub(crate) up: Between,
}

#[derive(Clone, Debug)]
enum Coding {
    /// One byte a letter, with the width of each byte that has one.
    Bytes(Box<[Option<Between>; 256]>),
    /// Two bytes a letter, which are its number.
    Pairs {
        usual: Option<Between>,
        runs: CidWidths,
    },
    /// One byte or more a letter: which, only a table could tell.
    Some,
}

/// One letter that is shown.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Letter {
    /// Nothing where it may be any width.
    pub(crate) advance: Option<Between>,
    /// Whether it is the single byte 32, which word spacing widens.
    pub(crate) space: Certain,
    /// Whether it is one letter, which spacing follows.
    pub(crate) whole: Certain,
}

/// Whether something is so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Certain {
    Yes,
    No,
    Perhaps,
}

impl Certain {
    /// An amount that counts if it is so.
    pub(crate) fn counts(self, amount: f64) -> Between {
        match self {
            Self::Yes => Between::exactly(amount),
            Self::No => Between::ZERO,
            Self::Perhaps => Between::ZERO.with(Between::exactly(amount)),
        }
    }
}

impl Letters {
    /// Of a font that nobody knows: no letter is wider than one of the readers' own.
    pub(crate) fn unknown() -> Self {
        Self {
            coding: Coding::Some,
            unsure: Some(Between {
                least: 0.0,
                most: READERS_WIDEST,
            }),
            height: (-0.25, 0.95),
            beside: (0.0, 0.5),
            down: None,
            is_common: false,
            is_drawn: false,
        }
    }

    /// Reads what `font` states, and what its program draws.
    ///
    /// # Errors
    ///
    /// Where it states it in a way that readers may read otherwise: its letters stand anywhere.
    pub(crate) fn read(
        pdf: &Pdf<'_>,
        font: &Dictionary,
        limits: &mut ShownLimits,
    ) -> Result<Self, PdfError> {
        let mut letters = Self::unknown();
        let count = match pdf.value(font, b"Subtype")?.as_name() {
            Some(b"Type0") => letters.read_composite(pdf, font)?,
            Some(b"Type3") => {
                letters.is_drawn = true;
                letters.read_drawn(pdf, font)?
            }
            _ if font.get(b"DescendantFonts").is_some() => return Err(unclear("/Subtype")),
            _ => {
                letters.is_common = is_common(pdf, font)?;
                letters.read_simple(pdf, font, 0.001)?
            }
        };
        limits.spend(count as u64)?;
        let below = pdf.value(font, b"DescendantFonts")?;
        let below = below.as_array().and_then(<[_]>::first);
        let below = pdf.resolve(below.unwrap_or(&Object::Null))?;
        let owner = below.as_dictionary().unwrap_or(font);
        let descriptor = pdf.value(owner, b"FontDescriptor")?;
        if let Some(descriptor) = descriptor.as_dictionary()
            && let Some(drawn) = program::reach(pdf, descriptor, limits)?
        {
            letters.reach(&drawn);
        }
        Ok(letters)
    }

    /// How wide a letter may be, in ems.
    pub(crate) fn widest(&self) -> f64 {
        self.unsure.map_or(WIDEST, |unsure| unsure.most)
    }

    /// Takes in where letters that are drawn by the file itself leave paint.
    pub(crate) fn reach(&mut self, paint: &Region) {
        let Region([left, bottom, right, top]) = *paint;
        self.beside = (self.beside.0.min(left), self.beside.1.max(right));
        self.height = (self.height.0.min(bottom), self.height.1.max(top));
    }

    /// Takes in how wide letters say themselves that they are: some readers ask them where the font
    /// states no width, or none that is more than nothing.
    pub(crate) fn widen(&mut self, own: Between) {
        let known = self.unsure;
        self.unsure = known.map(|unsure| unsure.with(own));
        if let Coding::Bytes(widths) = &mut self.coding {
            for width in widths.iter_mut() {
                if *width == Some(Between::ZERO) || *width == known {
                    *width = self.unsure;
                }
            }
        }
    }

    /// A font of one byte a letter (9.6.2). A width counts for the codes from `FirstChar` to
    /// `LastChar`; for others readers take `MissingWidth`, nothing, or what they know themselves.
    fn read_simple(
        &mut self,
        pdf: &Pdf<'_>,
        font: &Dictionary,
        unit: f64,
    ) -> Result<usize, PdfError> {
        let drawn = pdf.value(font, b"Subtype")?.as_name() == Some(b"Type3");
        let plausible = |width: &f64| drawn || (0.0..=WIDEST).contains(width);
        let missing = self.missing_width(pdf, font)?;
        let stated = pdf.value(font, b"Widths")?;
        let Some(stated) = stated.as_array() else {
            let name = pdf.value(font, b"BaseFont")?;
            // The widths of the standard fonts are not stated; those of one of them are all equal.
            let even = name
                .as_name()
                .is_some_and(|one| one.starts_with(b"Courier"));
            self.take_in(missing.into_iter(), plausible);
            let width = match even && font.get(b"FontDescriptor").is_none() {
                true => Some(Between::exactly(COURIER)),
                false => self.unsure,
            };
            self.coding = Coding::Bytes(Box::new([width; 256]));
            return Ok(0);
        };
        let numbers = numbers(pdf, stated, unit)?;
        let widths = numbers.iter().copied().flatten();
        self.take_in(widths.chain(missing), plausible);
        let first = Bound::read(pdf, font, b"FirstChar")?;
        let last = Bound::read(pdf, font, b"LastChar")?;
        let sane = first.is_sane() && last.is_sane() && first.or(0) <= last.or(255);
        let mut table = Box::new([self.unsure; 256]);
        for (code, width) in (0_i64..).zip(table.iter_mut()) {
            let place = code.checked_sub(first.or(0));
            let place = place.and_then(|place| usize::try_from(place).ok());
            let own = place.and_then(|place| numbers.get(place).copied().flatten());
            if let Some(own) = own.filter(|_| sane && code <= last.or(255)) {
                *width = plausible(&own).then(|| Between::stated(own));
            }
        }
        self.coding = Coding::Bytes(table);
        Ok(stated.len())
    }

    /// The width of codes that `Widths` leaves out, as the descriptor states it (9.8.1).
    fn missing_width(&self, pdf: &Pdf<'_>, font: &Dictionary) -> Result<Option<f64>, PdfError> {
        let descriptor = pdf.value(font, b"FontDescriptor")?;
        let Some(descriptor) = descriptor.as_dictionary() else {
            return Ok(None);
        };
        let width = pdf.value(descriptor, b"MissingWidth")?;
        Ok(width.as_number().map(|width| width * 0.001))
    }

    /// Widens what a letter may be by widths that are stated somewhere.
    fn take_in(&mut self, widths: impl Iterator<Item = f64>, plausible: impl Fn(&f64) -> bool) {
        for width in widths {
            self.unsure = self.unsure.filter(|_| plausible(&width));
            self.unsure = self
                .unsure
                .map(|unsure| unsure.with(Between::stated(width)));
        }
    }

    /// A font whose letters are drawn by content streams of its own, in its own units.
    fn read_drawn(&mut self, pdf: &Pdf<'_>, font: &Dictionary) -> Result<usize, PdfError> {
        let matrix = pdf.value(font, b"FontMatrix")?;
        let matrix =
            six_numbers(pdf, &matrix)?.map_or(Matrix([0.001, 0.0, 0.0, 0.001, 0.0, 0.0]), Matrix);
        if matrix.0[1] != 0.0 {
            // A line that climbs: not for every reader.
            return Err(unclear("/FontMatrix"));
        }
        let count = self.read_simple(pdf, font, matrix.0[0])?;
        let own = Region::of(pdf.rectangle(font, b"FontBBox")?.unwrap_or_default());
        let [_, bottom, _, top] = matrix.region(&own)?.0;
        // Bitmap fonts state their box as empty.
        self.height = (bottom.min(-1.0), top.max(1.0));
        Ok(count)
    }

    fn read_composite(&mut self, pdf: &Pdf<'_>, font: &Dictionary) -> Result<usize, PdfError> {
        let (vertical, read) = cmap::is_vertical(pdf, font.get(b"Encoding"))?;
        let encoding = pdf.value(font, b"Encoding")?;
        let plain = matches!(encoding.as_name(), Some(b"Identity-H" | b"Identity-V"));
        let below = pdf.value(font, b"DescendantFonts")?;
        let below = below.as_array().and_then(<[_]>::first);
        let below = pdf.resolve(below.unwrap_or(&Object::Null))?;
        let below = below
            .as_dictionary()
            .ok_or_else(|| unclear("/DescendantFonts"))?;
        let usual = match pdf.value(below, b"DW")? {
            Object::Null => 1.0,
            usual => usual.as_number().ok_or_else(|| unclear("/DW"))? * 0.001,
        };
        let plausible = |width: &f64| (0.0..=WIDEST).contains(width);
        let (runs, stated, count) = CidWidths::read(pdf, below)?;
        self.take_in(stated.into_iter().chain([usual]), plausible);
        let usual = plausible(&usual).then(|| Between::stated(usual));
        let mut count = count.saturating_add(read);
        if vertical {
            let widest = self.unsure.ok_or_else(|| unclear("/W"))?.most;
            let (down, more) = vertical::read(pdf, below, widest)?;
            self.down = Some(down);
            count = count.saturating_add(more);
        }
        if plain {
            self.coding = Coding::Pairs { usual, runs };
        }
        Ok(count)
    }

    /// The letters of a string.
    pub(crate) fn of<'l>(&'l self, text: &'l [u8]) -> Box<dyn Iterator<Item = Letter> + 'l> {
        let space = |is: bool, so: Certain| if is { so } else { Certain::No };
        match &self.coding {
            Coding::Bytes(widths) => Box::new(text.iter().map(move |byte| Letter {
                advance: widths.get(usize::from(*byte)).copied().flatten(),
                space: space(*byte == b' ', Certain::Yes),
                whole: Certain::Yes,
            })),
            Coding::Pairs { usual, runs } => Box::new(text.chunks(2).map(move |pair| {
                let number = pair.iter().fold(0, |sum, byte| sum << 8 | u32::from(*byte));
                // What stands alone at the end is a letter to some, and nothing to others.
                let whole = pair.len() == 2;
                Letter {
                    advance: match (whole, runs.of(number)) {
                        (false, _) | (_, Stated::Twice) => self.unsure,
                        (_, Stated::Once(width)) => width,
                        (_, Stated::Nowhere) => *usual,
                    },
                    // Some widen the number 32 too.
                    space: space(number == 32, Certain::Perhaps),
                    whole: if whole {
                        Certain::Yes
                    } else {
                        Certain::Perhaps
                    },
                }
            })),
            Coding::Some => Box::new(text.iter().map(move |byte| Letter {
                advance: self.unsure.map(|unsure| unsure.with(Between::ZERO)),
                space: space(*byte == b' ', Certain::Perhaps),
                whole: Certain::Perhaps,
            })),
        }
    }
}

/// Whether a font brings no letters of its own, and readers have it or one of the same letters.
fn is_common(pdf: &Pdf<'_>, font: &Dictionary) -> Result<bool, PdfError> {
    let name = pdf.value(font, b"BaseFont")?;
    let name = name.as_name().unwrap_or_default();
    let descriptor = pdf.value(font, b"FontDescriptor")?;
    let entries = descriptor
        .as_dictionary()
        .map_or(&[][..], Dictionary::entries);
    let embedded = entries
        .iter()
        .any(|entry| entry.key.starts_with(b"FontFile"));
    let known = TEXT_FAMILIES.iter().any(|family| name.starts_with(family));
    Ok(known && !embedded && names_letters(pdf, font)?)
}

/// Whether the codes of a font stand for letters and signs of texts, and not for blocks (9.6.5).
fn names_letters(pdf: &Pdf<'_>, font: &Dictionary) -> Result<bool, PdfError> {
    let known = |name: &Object| match name {
        Object::Null => true,
        name => name.as_name().is_some_and(|name| ENCODINGS.contains(&name)),
    };
    let encoding = pdf.value(font, b"Encoding")?;
    let Some(own) = encoding.as_dictionary() else {
        return Ok(known(&encoding));
    };
    let base = pdf.value(own, b"BaseEncoding")?;
    let differences = pdf.value(own, b"Differences")?;
    let differences = differences.as_array().unwrap_or(&[]);
    let mut names = differences.iter().take(WIDTHS_MAX);
    let plain = names.all(|one| match one {
        Object::Integer(_) => true,
        name => name.as_name().is_some_and(glyph_names::is_of_texts),
    });
    Ok(plain && differences.len() <= WIDTHS_MAX && known(&base))
}

/// One end of the codes that have widths.
enum Bound {
    Absent,
    At(i64),
    /// No code, or no number.
    Wrong,
}

impl Bound {
    fn read(pdf: &Pdf<'_>, font: &Dictionary, key: &[u8]) -> Result<Self, PdfError> {
        Ok(match pdf.value(font, key)? {
            Object::Null => Self::Absent,
            Object::Integer(code @ 0..=255) => Self::At(code),
            _ => Self::Wrong,
        })
    }

    const fn is_sane(&self) -> bool {
        !matches!(self, Self::Wrong)
    }

    const fn or(&self, usual: i64) -> i64 {
        match self {
            Self::At(code) => *code,
            Self::Absent | Self::Wrong => usual,
        }
    }
}

/// Numbers of a list; nothing in the place of what is none: readers make of it what they like.
fn numbers(pdf: &Pdf<'_>, list: &[Object], unit: f64) -> Result<Vec<Option<f64>>, PdfError> {
    let mut numbers = Vec::new();
    for object in list.iter().take(WIDTHS_MAX) {
        numbers.push(pdf.resolve(object)?.as_number().map(|one| one * unit));
    }
    Ok(numbers)
}

/// What readers may read otherwise.
pub(crate) const fn unclear(what: &'static str) -> PdfError {
    PdfError::WrongType { what }
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
