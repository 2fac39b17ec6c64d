//! Fields that readers draw themselves, because no appearance stands there: what they draw is the
//! value only where nothing says otherwise.

use std::collections::BTreeSet;

use chancery_pdf::{Dictionary, Object, PdfError};

use crate::appearance::Reader;
use crate::changes::Comparison;
use crate::changes_fill::{Filled, said_by};
use crate::changes_walk::same_option;
use crate::fill_fonts::Face;
use crate::fill_look::{CONTRAST_MIN, SIZE_MIN};
use crate::fill_measure::brightness;
use crate::fill_operands::Operands;
use crate::fill_rules::{COMBO, MULTILINE, PASSWORD, RADIO, inherited, state_of};

/// Most bytes of what says how a field is drawn.
const WAY_BYTES_MAX: usize = 1024;
/// The size that readers take for lines of no given size, in points, and the height of a line in
/// sizes.
const SIZE_OF_LINES: f64 = 12.0;
const LINE_HEIGHT: f64 = 1.2;

impl Comparison<'_, '_> {
    /// Whether readers show the value in a widget that has no appearance, as one that has its value
    /// from a signed form would be shown.
    pub(crate) fn readers_draw(
        &self,
        filled: &Filled,
        (old, new): (&Dictionary, &Dictionary),
    ) -> Result<bool, PdfError> {
        let lost = old.get(b"AP").is_some();
        // A field whose widgets are others shows nothing itself.
        if !lost && old.get(b"Rect").is_none() {
            return Ok(true);
        }
        match filled.kind.as_slice() {
            // What was signed is taken away: nobody filled anything in.
            _ if lost && self.earlier_value(filled.id)? == filled.value => Ok(false),
            // Readers draw a tick by the state, or by the value.
            b"Btn" => {
                let state = state_of(new);
                let value = match &filled.value {
                    Object::Null => Some(b"Off".as_slice()),
                    value => value.as_name(),
                };
                Ok(!lost && state.is_some() && state == value)
            }
            b"Tx" | b"Ch" if self.earlier_value(filled.id)? == filled.value => Ok(true),
            b"Tx" | b"Ch" => self.is_plainly_drawn(filled, old),
            _ => Ok(false),
        }
    }

    fn is_plainly_drawn(&self, filled: &Filled, widget: &Dictionary) -> Result<bool, PdfError> {
        let texts = self.texts_of(filled)?;
        let value = said_by(&filled.value);
        let [text] = texts.as_slice() else {
            return Ok(false);
        };
        if text.trim().is_empty() {
            return Ok(true);
        }
        // Some readers draw the name of an option and some what it stands for.
        if value.as_ref() != Some(text) {
            return Ok(false);
        }
        let most = inherited(self.before, filled.id, b"MaxLen")?.as_integer();
        let count = i64::try_from(text.chars().count()).unwrap_or(i64::MAX);
        if most.is_some_and(|most| count > most) {
            return Ok(false);
        }
        let look = self.before.value(widget, b"MK")?;
        let look = look.as_dictionary().cloned().unwrap_or_default();
        let turn = self.before.value(&look, b"R")?;
        let ground = match self.before.value(&look, b"BG")? {
            Object::Null => 1.0,
            ground => match ground.as_array().and_then(numbers) {
                Some(parts) if parts.is_empty() => 1.0,
                Some(parts) => match brightness(&parts) {
                    Some(ground) => ground,
                    None => return Ok(false),
                },
                None => return Ok(false),
            },
        };
        if !matches!(turn, Object::Null | Object::Integer(0)) {
            return Ok(false);
        }
        let Some(way) = self.way_of(widget.clone())?.as_deref().and_then(Way::read) else {
            return Ok(false);
        };
        let legible = way.size == 0.0 || way.size >= SIZE_MIN;
        if !legible || (way.ink - ground).abs() < CONTRAST_MIN {
            return Ok(false);
        }
        let form = self.before.form()?.unwrap_or_default();
        let resources = self.before.value(&form, b"DR")?;
        let resources = resources.as_dictionary().cloned().unwrap_or_default();
        let fonts = self.before.value(&resources, b"Font")?;
        let fonts = fonts.as_dictionary().cloned().unwrap_or_default();
        match self.face(&fonts, &way.font)? {
            Some(face) => self.fits(filled, widget, (text, way.size), &face),
            None => Ok(false),
        }
    }

    /// Whether a text has room in its widget, in letters of `size` points that the font has.
    fn fits(
        &self,
        filled: &Filled,
        widget: &Dictionary,
        (text, size): (&str, f64),
        face: &Face,
    ) -> Result<bool, PdfError> {
        let is_field = |bit: i64| -> Result<bool, PdfError> {
            let flags = inherited(self.before, filled.id, b"Ff")?;
            Ok(flags.as_integer().unwrap_or(0) & bit != 0)
        };
        if is_field(PASSWORD)? {
            return Ok(false);
        }
        let rect = self.before.rectangle(widget, b"Rect")?;
        let Some([left, bottom, right, top]) = rect else {
            return Ok(false);
        };
        let (width, height) = ((right - left).abs(), (top - bottom).abs());
        let one_line = filled.kind == b"Ch" && is_field(COMBO)?
            || filled.kind == b"Tx" && !is_field(MULTILINE)?;
        if one_line {
            // Of size 0 readers choose one that fits.
            let least = if size > 0.0 { size } else { SIZE_MIN };
            let most = width_of(text, face);
            return Ok(most.is_some_and(|most| most * least <= width) && least <= height * 1.5);
        }
        if filled.kind == b"Ch" {
            return Ok(width_of(text, face).is_some());
        }
        let size = if size > 0.0 { size } else { SIZE_OF_LINES };
        let text = text.replace("\r\n", "\n");
        let lines = text.split(['\n', '\r']).map(|line| {
            let most = width_of(line, face)?;
            Some((most * size / width).ceil().max(1.0))
        });
        let lines: Option<Vec<f64>> = lines.collect();
        let least = height.max(size * LINE_HEIGHT);
        Ok(width > 0.0
            && lines.is_some_and(|lines| lines.iter().sum::<f64>() * size * LINE_HEIGHT <= least))
    }

    /// Whether nothing beside the value says another one: a text with forms of its own (`/RV`), the
    /// numbers of the chosen options (`/I`).
    pub(crate) fn says_one_thing(
        &self,
        filled: &Filled,
        old: &Dictionary,
        new: &Dictionary,
    ) -> Result<bool, PdfError> {
        let same_value = self.earlier_value(filled.id)? == filled.value;
        let Object::Dictionary(field) = self.after.get(filled.id)? else {
            return Ok(false);
        };
        if !same_value && field.get(b"RV").is_some() {
            return Ok(false);
        }
        let chosen = self.after.value(&field, b"I")?;
        let same_choice = same_option(old.get(b"I"), new.get(b"I"));
        if filled.kind != b"Ch" || chosen == Object::Null || same_value && same_choice {
            return Ok(true);
        }
        let mut wanted = BTreeSet::new();
        let value = match &filled.value {
            Object::Array(several) => several.to_vec(),
            Object::Null => Vec::new(),
            one => vec![one.clone()],
        };
        let options = inherited(self.after, filled.id, b"Opt")?;
        let options = options.as_array().unwrap_or(&[]);
        let each = value.len().max(1);
        self.looks
            .spend_elements(options.len().saturating_mul(each));
        for (at, option) in options.iter().enumerate() {
            let option = self.after.resolve(option)?;
            let stands_for = match &option {
                Object::Array(pair) => pair.first().cloned().unwrap_or(Object::Null),
                one => one.clone(),
            };
            if value.contains(&stands_for) {
                wanted.insert(i64::try_from(at).unwrap_or(i64::MAX));
            }
        }
        let chosen = chosen.as_array().unwrap_or(&[]).iter();
        let chosen: Option<BTreeSet<i64>> = chosen.map(Object::as_integer).collect();
        Ok(chosen == Some(wanted))
    }

    /// Whether one of several radio buttons shows what their field says, where one of them could.
    pub(crate) fn one_shows(
        &self,
        filled: &Filled,
        widgets: &[chancery_pdf::ObjectId],
    ) -> Result<bool, PdfError> {
        let flags = inherited(self.before, filled.id, b"Ff")?;
        if filled.kind != b"Btn" || flags.as_integer().unwrap_or(0) & RADIO == 0 {
            return Ok(true);
        }
        let Some(value) = filled.value.as_name().filter(|name| *name != b"Off") else {
            return Ok(true);
        };
        for id in widgets {
            let Object::Dictionary(widget) = self.after.get(*id)? else {
                continue;
            };
            if self.after.value(&widget, b"AS")?.as_name() == Some(value) {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// What `/DA` says (ISO 32000-2, 12.7.4.3).
pub(crate) struct Way {
    font: Vec<u8>,
    /// 0: as large as fits.
    size: f64,
    pub ink: f64,
}

impl Way {
    /// Nothing if it says more than a font, a size and a colour.
    pub fn read(way: &[u8]) -> Option<Self> {
        if way.len() > WAY_BYTES_MAX {
            return None;
        }
        let mut reader = Reader { rest: way };
        let (mut font, mut ink) = (None, 0.0);
        while let Some((operator, operands)) = Operands::next(&mut reader)? {
            match operator {
                b"Tf" => font = operands.font().map(|(name, size)| (name.to_vec(), size)),
                b"g" => ink = brightness(&operands.numbers::<1>()?)?,
                b"rg" => ink = brightness(&operands.numbers::<3>()?)?,
                b"k" => ink = brightness(&operands.numbers::<4>()?)?,
                _ => return None,
            }
        }
        let (font, size) = font?;
        Some(Self { font, size, ink })
    }
}

fn numbers(array: &[Object]) -> Option<Vec<f64>> {
    array.iter().map(Object::as_number).collect()
}

/// How wide a text may become, of its size; nothing where it has letters that the font lacks, or
/// that readers find in none.
fn width_of(text: &str, face: &Face) -> Option<f64> {
    let widths = text.chars().map(|letter| match letter {
        '\n' | '\r' | '\t' => Some(face.sign(' ')?.most),
        ' '..='~' | '\u{a1}'..='\u{ff}' => Some(face.sign(letter)?.most),
        _ => None,
    });
    widths.sum()
}
