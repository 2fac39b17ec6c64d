//! Runs a content stream for the places where it shows something (ISO 32000-2, 8 and 9).
//!
//! Nothing is drawn and nothing is clipped: what is told may be more than can be seen, never less.
//! A stream that cannot be read to its end is an error, not an empty page.

use std::collections::HashMap;
use std::rc::Rc;

use crate::error::PdfError;
use crate::letter::{Letters, six_numbers};
use crate::lexer::Parser;
use crate::lexer::content::Token;
use crate::object::{Dictionary, Object, ObjectId, Stream};
use crate::pen::{Line, Path, State};
use crate::plane::{Matrix, Region};
use crate::reader::Pdf;
use crate::shown::{Area, Mass, ShownLimits};

/// Deepest nesting of forms within one another.
const FORMS_DEEP: u32 = 12;
/// Most saved states at a time.
const SAVED_MAX: usize = 256;
/// Most operands of one operator.
const OPERANDS_MAX: usize = 64;
/// Colours, marks and dashes: operators that show nothing and move nothing.
const QUIET: &[&[u8]] = &[
    b"w", b"J", b"j", b"M", b"d", b"ri", b"i", b"MP", b"DP", b"BMC", b"BDC", b"EMC", b"BX", b"EX",
    b"d0", b"d1", b"W", b"W*", b"Tr",
];

/// Reads content streams of one file.
pub(crate) struct Painter<'p, 'a, 'l> {
    pdf: &'p Pdf<'a>,
    limits: &'l mut ShownLimits,
    fonts: HashMap<ObjectId, Rc<Letters>>,
    pub(crate) areas: Vec<Area>,
}

/// One stream that is being run.
struct Run<'r> {
    resources: &'r Dictionary,
    depth: u32,
    state: State,
    saved: Vec<State>,
    line: Line,
    path: Path,
}

impl<'p, 'a, 'l> Painter<'p, 'a, 'l> {
    pub(crate) fn new(pdf: &'p Pdf<'a>, limits: &'l mut ShownLimits) -> Self {
        Self {
            pdf,
            limits,
            fonts: HashMap::new(),
            areas: Vec::new(),
        }
    }

    /// The decoded bytes of a content stream, within the limits.
    pub(crate) fn content(&mut self, id: ObjectId, stream: &Stream) -> Result<Vec<u8>, PdfError> {
        let content = self.pdf.stream_bytes(id, stream)?;
        self.limits.spend_bytes(content.len())?;
        Ok(content)
    }

    /// Runs `content`, which stands on the page by `matrix`.
    pub(crate) fn run(
        &mut self,
        content: &[u8],
        resources: &Dictionary,
        state: State,
        depth: u32,
    ) -> Result<(), PdfError> {
        let limits = &self.pdf.limits;
        let mut parser = Parser::new(content, 0, limits.depth_max, limits.values_max);
        let mut run = Run {
            resources,
            depth,
            state,
            saved: Vec::new(),
            line: Line::default(),
            path: Path::default(),
        };
        let mut operands: Vec<Object> = Vec::new();
        while let Some(token) = parser.token()? {
            match token {
                Token::Operand(_) if operands.len() >= OPERANDS_MAX => return Err(damaged()),
                Token::Operand(operand) => operands.push(operand),
                Token::Operator(b"BI") => {
                    while !matches!(parser.token()?.ok_or_else(damaged)?, Token::Operator(b"ID")) {}
                    parser.pass_inline_image()?;
                    self.unit_square(&run.state)?;
                    operands.clear();
                }
                Token::Operator(word) => {
                    self.limits.spend(1)?;
                    self.step(&mut run, word, &operands)?;
                    operands.clear();
                }
            }
        }
        Ok(())
    }

    fn step(
        &mut self,
        run: &mut Run<'_>,
        word: &[u8],
        operands: &[Object],
    ) -> Result<(), PdfError> {
        match word {
            b"q" if run.saved.len() >= SAVED_MAX => return Err(damaged()),
            b"q" => run.saved.push(run.state.clone()),
            // One too many changes nothing, for every reader.
            b"Q" => run.state = run.saved.pop().unwrap_or_else(|| run.state.clone()),
            b"cm" => run.state.place = Matrix(exactly(operands)?).then(run.state.place),
            b"Do" => self.external(run, operands)?,
            b"gs" => self.graphics_state(run, operands)?,
            b"sh" => {
                if !self.is_smooth(run.resources, operands)? {
                    self.push(Area::everywhere())?;
                }
            }
            b"cs" | b"g" | b"rg" | b"k" | b"sc" => run.state.fills_pattern = false,
            b"CS" | b"G" | b"RG" | b"K" | b"SC" => run.state.strokes_pattern = false,
            b"scn" => run.state.fills_pattern = self.is_pattern(run.resources, operands)?,
            b"SCN" => run.state.strokes_pattern = self.is_pattern(run.resources, operands)?,
            b"m" | b"l" | b"c" | b"v" | b"y" | b"h" | b"re" => {
                run.path.draw(word, operands, &run.state.place)?;
            }
            b"n" => run.path = Path::default(),
            b"f" | b"F" | b"f*" | b"S" | b"s" | b"B" | b"B*" | b"b" | b"b*" => {
                let pattern = match word {
                    b"f" | b"F" | b"f*" => run.state.fills_pattern,
                    b"S" | b"s" => run.state.strokes_pattern,
                    _ => run.state.fills_pattern || run.state.strokes_pattern,
                };
                let pattern = pattern || run.state.masked;
                for area in std::mem::take(&mut run.path).areas(pattern) {
                    self.push(area)?;
                }
            }
            b"Tf" => {
                let [name, size] = operands else {
                    return Err(damaged());
                };
                let font = self.named(run.resources, b"Font", name)?;
                run.state.font = self.letters(font.as_ref())?;
                run.state.size = size.as_number().ok_or_else(damaged)?;
            }
            b"Tj" | b"TJ" | b"'" | b"\"" => {
                for area in run.line.show(&mut run.state, word, operands)? {
                    self.push(area)?;
                }
            }
            b"BT" | b"ET" | b"Tm" | b"Td" | b"TD" | b"T*" | b"Tc" | b"Tw" | b"Tz" | b"TL"
            | b"Ts" => run.line.step(&mut run.state, word, operands)?,
            quiet if QUIET.contains(&quiet) => {}
            // Readers pass over what they do not know; what they make of the rest differs.
            _ => return Err(damaged()),
        }
        Ok(())
    }

    fn push(&mut self, area: Area) -> Result<(), PdfError> {
        self.limits.spend(1)?;
        self.areas.push(area);
        Ok(())
    }

    /// An image: the unit square, wherever that is by now.
    fn unit_square(&mut self, state: &State) -> Result<(), PdfError> {
        let region = state.place.region(&Region([0.0, 0.0, 1.0, 1.0]))?;
        self.push(Area {
            region,
            mass: Mass::Image,
        })
    }

    /// The entry of one kind of resources that `name` names, with references not followed.
    fn named(
        &mut self,
        resources: &Dictionary,
        kind: &[u8],
        name: &Object,
    ) -> Result<Option<Object>, PdfError> {
        let name = name.as_name().ok_or_else(damaged)?;
        let entries = self.pdf.value(resources, kind)?;
        let Some(entries) = entries.as_dictionary() else {
            return Ok(None);
        };
        // Looking through a long dictionary again and again is work too.
        self.limits.spend(entries.entries().len() as u64 / 8)?;
        Ok(entries.get(name).cloned())
    }

    /// What is known of the letters of a font; little, of one that is not there.
    fn letters(&mut self, font: Option<&Object>) -> Result<Rc<Letters>, PdfError> {
        let id = font.and_then(Object::as_reference);
        if let Some(known) = id.and_then(|id| self.fonts.get(&id)) {
            return Ok(Rc::clone(known));
        }
        let resolved = self.pdf.resolve(font.unwrap_or(&Object::Null))?;
        let letters = match resolved.as_dictionary() {
            None => Letters::unknown(),
            Some(dictionary) => match Letters::read(self.pdf, dictionary) {
                Ok((letters, count)) => {
                    self.limits.spend(count)?;
                    letters
                }
                Err(limit @ PdfError::LimitExceeded { .. }) => return Err(limit),
                Err(_) => Letters::unknown(),
            },
        };
        let letters = Rc::new(letters);
        if let Some(id) = id {
            self.fonts.insert(id, Rc::clone(&letters));
        }
        Ok(letters)
    }

    fn external(&mut self, run: &Run<'_>, operands: &[Object]) -> Result<(), PdfError> {
        let [name] = operands else {
            return Err(damaged());
        };
        let named = self.named(run.resources, b"XObject", name)?;
        let Some(Object::Reference(id)) = named else {
            // What is not there shows nothing, to no reader.
            return Ok(());
        };
        let Object::Stream(stream) = self.pdf.get(id)? else {
            return Ok(());
        };
        match self.pdf.value(&stream.dictionary, b"Subtype")?.as_name() {
            Some(b"Image") => self.unit_square(&run.state),
            Some(b"Form") => self.form(id, &stream, run.resources, &run.state, run.depth),
            _ => Err(damaged()),
        }
    }

    /// Runs a form that is called where `state` has come to.
    pub(crate) fn form(
        &mut self,
        id: ObjectId,
        form: &Stream,
        outer: &Dictionary,
        state: &State,
        depth: u32,
    ) -> Result<(), PdfError> {
        if depth >= FORMS_DEEP {
            return Err(PdfError::LimitExceeded {
                limit: "forms_deep",
                max: u64::from(FORMS_DEEP),
            });
        }
        let content = self.content(id, form)?;
        let own = self.pdf.value(&form.dictionary, b"Resources")?;
        // Old writers leave a form to the resources of its page.
        let resources = own.as_dictionary().unwrap_or(outer);
        let matrix = self.pdf.value(&form.dictionary, b"Matrix")?;
        let matrix = six_numbers(self.pdf, &matrix)?.map_or(Matrix::IDENTITY, Matrix);
        let mut inside = state.clone();
        inside.place = matrix.then(inside.place);
        self.run(&content, resources, inside, depth.saturating_add(1))
    }

    fn graphics_state(&mut self, run: &mut Run<'_>, operands: &[Object]) -> Result<(), PdfError> {
        let [name] = operands else {
            return Err(damaged());
        };
        let named = self.named(run.resources, b"ExtGState", name)?;
        let named = self.pdf.resolve(named.as_ref().unwrap_or(&Object::Null))?;
        let Some(entries) = named.as_dictionary() else {
            return Ok(());
        };
        if let Some([font, size]) = self.pdf.value(entries, b"Font")?.as_array() {
            run.state.font = self.letters(Some(font))?;
            run.state.size = self.pdf.resolve(size)?.as_number().ok_or_else(damaged)?;
        }
        // A mask can show letters of whatever is filled through it.
        match self.pdf.value(entries, b"SMask")? {
            Object::Null => {}
            Object::Name(_) => run.state.masked = false,
            _ => run.state.masked = true,
        }
        Ok(())
    }

    /// Whether a colour is a pattern that may show letters.
    fn is_pattern(
        &mut self,
        resources: &Dictionary,
        operands: &[Object],
    ) -> Result<bool, PdfError> {
        let Some(name @ Object::Name(_)) = operands.last() else {
            return Ok(false);
        };
        let named = self.named(resources, b"Pattern", name)?;
        let pattern = self.pdf.resolve(named.as_ref().unwrap_or(&Object::Null))?;
        let Some(pattern) = pattern.as_dictionary() else {
            return Ok(true);
        };
        let shading = self.pdf.value(pattern, b"Shading")?;
        Ok(!self.is_smooth_shading(&shading)?)
    }

    /// Whether `sh` paints a plain gradient.
    fn is_smooth(&mut self, resources: &Dictionary, operands: &[Object]) -> Result<bool, PdfError> {
        let [name] = operands else {
            return Err(damaged());
        };
        let named = self.named(resources, b"Shading", name)?;
        let shading = self.pdf.resolve(named.as_ref().unwrap_or(&Object::Null))?;
        self.is_smooth_shading(&shading)
    }

    /// Gradients along a line or between circles show no letters.
    fn is_smooth_shading(&self, shading: &Object) -> Result<bool, PdfError> {
        let Some(shading) = shading.as_dictionary() else {
            return Ok(false);
        };
        let kind = self.pdf.value(shading, b"ShadingType")?.as_integer();
        Ok(matches!(kind, Some(2 | 3)))
    }
}

/// What a content stream that cannot be read is.
pub(crate) fn damaged() -> PdfError {
    PdfError::WrongType {
        what: "a content stream",
    }
}

/// As many numbers as are needed, no more and no fewer.
pub(crate) fn exactly<const N: usize>(operands: &[Object]) -> Result<[f64; N], PdfError> {
    let mut numbers = [0.0; N];
    if operands.len() != N {
        return Err(damaged());
    }
    for (number, operand) in numbers.iter_mut().zip(operands) {
        *number = operand.as_number().ok_or_else(damaged)?;
    }
    Ok(numbers)
}
