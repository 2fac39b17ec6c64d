//! Runs a content stream for the places where it shows something (ISO 32000-2, 8 and 9).
//!
//! Nothing is drawn, and the text of pages is not clipped: what is told may be more than can be
//! seen, not less.
//! A stream that cannot be read to its end is an error, not an empty page.

use std::collections::HashMap;
use std::rc::Rc;

use crate::error::PdfError;
use crate::ground::{Drawn, Fill, Stroke};
use crate::ink::{Clip, Ink};
use crate::letter::{Between, Letters, six_numbers};
use crate::lexer::Parser;
use crate::lexer::content::Token;
use crate::object::{Dictionary, Object, ObjectId, Stream};
use crate::outline::Path;
use crate::pen::{Line, State};
use crate::plane::{Matrix, Region};
use crate::reader::Pdf;
use crate::resources::{Named, Outer, Resources};
use crate::shown::{Area, Body, Mass, Shape, ShownLimits};
use crate::veil;

/// Deepest nesting of forms within one another.
const FORMS_DEEP: u32 = 12;
/// Most saved states at a time.
const SAVED_MAX: usize = 256;
/// Most operands of one operator.
const OPERANDS_MAX: usize = 64;
/// Dashes, joins and marks: operators that show nothing and move nothing.
const QUIET: &[&[u8]] = &[b"J", b"d", b"ri", b"i", b"MP", b"DP", b"BX", b"EX"];
/// First way of showing letters that lets later paint through them (9.3.6).
const LETTERS_CLIP: f64 = 4.0;

/// Reads content streams of one file.
pub(crate) struct Painter<'p, 'a, 'l> {
    pub(crate) pdf: &'p Pdf<'a>,
    pub(crate) limits: &'l mut ShownLimits,
    fonts: HashMap<ObjectId, Rc<Letters>>,
    /// How many letters are being drawn by content of their own, one within the other.
    within: u32,
    /// How wide the letters say that they are, of the font that is being read.
    widths: Option<Between>,
    /// Whether it is asked how transparent images are.
    pub(crate) veils: bool,
    /// Whether text is cut where nothing is let through: the form of an annotation is seen in its
    /// box, and no reader shows more of it.
    pub(crate) cuts: bool,
    pub(crate) shapes: Vec<Shape>,
}

/// One stream that is being run.
pub(crate) struct Run<'r> {
    pub(crate) resources: &'r Resources<'r>,
    depth: u32,
    pub(crate) state: State,
    saved: Vec<State>,
    line: Line,
    path: Path,
    /// Whether the path is one that paint is let through from the next operator on.
    clips: bool,
    /// How many pieces of content are marked, and from which on they belong to a layer.
    marked: u32,
    layer: Option<u32>,
    /// Whether the resources say anew what the colours of devices are (8.6.5.6).
    pub(crate) remaps: bool,
    /// Where the content as a whole stands: patterns go by it.
    pub(crate) base: Matrix,
}

impl<'p, 'a, 'l> Painter<'p, 'a, 'l> {
    pub(crate) fn new(pdf: &'p Pdf<'a>, limits: &'l mut ShownLimits) -> Self {
        Self {
            pdf,
            limits,
            fonts: HashMap::new(),
            within: 0,
            widths: None,
            veils: false,
            cuts: false,
            shapes: Vec::new(),
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
        resources: &Resources<'_>,
        state: State,
        depth: u32,
    ) -> Result<(), PdfError> {
        let limits = &self.pdf.limits;
        let mut parser = Parser::new(content, 0, limits.depth_max, limits.values_max);
        let remaps = self.remaps(resources)?;
        let mut run = Run {
            resources,
            depth,
            base: state.place,
            state,
            saved: Vec::new(),
            line: Line::default(),
            path: Path::default(),
            clips: false,
            marked: 0,
            layer: None,
            remaps,
        };
        let mut operands: Vec<Object> = Vec::new();
        while let Some(token) = parser.token()? {
            match token {
                Token::Operand(_) if operands.len() >= OPERANDS_MAX => return Err(damaged()),
                Token::Operand(operand) => operands.push(operand),
                Token::Operator(b"BI") => {
                    while !matches!(parser.token()?.ok_or_else(damaged)?, Token::Operator(b"ID")) {}
                    parser.pass_inline_image()?;
                    self.unit_square(&run.state, Body::Solid)?;
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
            // One too many changes nothing; paint behind it is told elsewhere (`grammar`).
            b"Q" => {
                run.state = run.saved.pop().unwrap_or_else(|| run.state.clone());
                run.line.restored();
            }
            b"cm" => run.state.place = Matrix(exactly(operands)?).then(run.state.place),
            b"Do" => self.external(run, operands)?,
            b"gs" => self.graphics_state(run, operands)?,
            b"sh" => self.shade(run, operands)?,
            b"w" => [run.state.width] = exactly(operands)?,
            b"M" => [run.state.corners.most] = exactly(operands)?,
            b"j" => [run.state.corners.way] = exactly(operands)?,
            b"g" | b"rg" | b"k" | b"cs" | b"sc" | b"scn" => {
                run.state.fill = self.ink(run, run.state.fill, word, operands)?;
            }
            b"G" | b"RG" | b"K" | b"CS" | b"SC" | b"SCN" => {
                let word = word.to_ascii_lowercase();
                run.state.stroke = self.ink(run, run.state.stroke, &word, operands)?;
            }
            b"BMC" | b"BDC" | b"EMC" => run.mark(word, operands),
            b"m" | b"l" | b"c" | b"v" | b"y" | b"h" | b"re" => {
                let chords = run.path.draw(word, operands, &run.state.place)?;
                self.limits.spend(chords / 4)?;
            }
            b"W" | b"W*" => run.clips = true,
            b"n" | b"f" | b"F" | b"f*" | b"S" | b"s" | b"B" | b"B*" | b"b" | b"b*" => {
                self.paint(run, word)?;
            }
            b"Tr" => {
                let [way] = exactly(operands)?;
                run.state.clip.odd |= way >= LETTERS_CLIP;
                run.state.way = way;
            }
            b"Tf" => self.choose_font(run, operands)?,
            b"Tj" | b"TJ" | b"'" | b"\"" => {
                let clip = run.state.clip;
                for mut area in run.line.show(&mut run.state, word, operands)? {
                    if self.cuts {
                        let Some(shown) = clip.of(&area.region) else {
                            continue;
                        };
                        area.region = shown;
                    }
                    self.push(area)?;
                }
            }
            b"BT" | b"ET" | b"Tm" | b"Td" | b"TD" | b"T*" | b"Tc" | b"Tw" | b"Tz" | b"TL"
            | b"Ts" => run.line.step(&mut run.state, word, operands)?,
            b"d0" | b"d1" => {
                let width = operands.first().and_then(Object::as_number);
                let width = Between::exactly(width.ok_or_else(damaged)?);
                self.widths = self.widths.map(|widths| widths.with(width));
            }
            quiet if QUIET.contains(&quiet) => {}
            // Readers pass over what they do not know; what they make of the rest differs.
            _ => return Err(damaged()),
        }
        Ok(())
    }

    fn choose_font(&mut self, run: &mut Run<'_>, operands: &[Object]) -> Result<(), PdfError> {
        let [name, size] = operands else {
            return Err(damaged());
        };
        let font = match self.named(run.resources, b"Font", name)? {
            Named::Here(font) => Some(font),
            Named::Nowhere => None,
            // Some readers take that one, others one of their own.
            Named::Around(_) => return Err(damaged()),
            Named::Unknown => {
                self.write_anywhere(run.state.clip)?;
                None
            }
        };
        run.state.font = self.letters(font.as_ref())?;
        run.state.size = size.as_number().ok_or_else(damaged)?;
        Ok(())
    }

    pub(crate) fn push(&mut self, area: Area) -> Result<(), PdfError> {
        self.add(Shape::Area(area))
    }

    pub(crate) fn add(&mut self, shape: Shape) -> Result<(), PdfError> {
        self.limits.spend(1)?;
        self.shapes.push(shape);
        Ok(())
    }

    /// An operator that ends the path, and paints it or does not.
    fn paint(&mut self, run: &mut Run<'_>, word: &[u8]) -> Result<(), PdfError> {
        let mut path = std::mem::take(&mut run.path);
        if matches!(word, b"s" | b"b" | b"b*") {
            path.close();
        }
        let clip = run.state.clip;
        if std::mem::take(&mut run.clips) {
            run.state.clip.add(&path);
        }
        let around = path.figures.iter().map(|figure| figure.region);
        let Some(around) = around.reduce(|all, one| all.around_both(&one)) else {
            return Ok(());
        };
        let State {
            fill,
            stroke,
            mixing,
            ..
        } = run.state;
        let filled = matches!(word, b"f" | b"F" | b"f*" | b"B" | b"B*" | b"b" | b"b*");
        let drawn = matches!(word, b"S" | b"s" | b"B" | b"B*" | b"b" | b"b*");
        if !(filled || drawn) {
            return Ok(());
        }
        let width = (run.state.width * run.state.place.stretch()).abs();
        let corners = run.state.corners.limit();
        let mut region = around.grown(if drawn { width / 2.0 } else { 0.0 });
        if let Some(limit) = corners.filter(|_| drawn) {
            let tips = path.figures.iter().flat_map(|one| one.tips(width, limit));
            region = tips.fold(region, |region, (_, tip)| region.with(tip));
        }
        let pattern = filled && fill.pattern || drawn && stroke.pattern;
        if pattern || mixing.masked {
            let (mass, body) = (Mass::Image, Body::Solid);
            return match clip.of(&region) {
                Some(region) => self.push(Area::of(region, mass, body)),
                None => Ok(()),
            };
        }
        let seen = |ink: Ink, filling| ink.colour.filter(|_| mixing.covers(filling));
        self.add(Shape::Drawn(Box::new(Drawn {
            figures: path.figures,
            region,
            fill: filled.then(|| Fill {
                even_odd: word.ends_with(b"*"),
                colour: seen(fill, true),
                look: mixing.look(fill.colour, true),
            }),
            stroke: drawn.then(|| Stroke {
                width,
                corners,
                colour: seen(stroke, false),
                look: mixing.look(stroke.colour, false),
            }),
            clip,
            always: !(run.state.layered || run.layer.is_some()),
        })))
    }

    /// An image: the unit square, wherever that is by now.
    fn unit_square(&mut self, state: &State, body: Body) -> Result<(), PdfError> {
        let region = state.place.region(&Region([0.0, 0.0, 1.0, 1.0]))?;
        self.push(Area::of(region, Mass::Image, body))
    }

    /// What is known of the letters of a font; little, of one that is not there.
    pub(crate) fn letters(&mut self, font: Option<&Object>) -> Result<Rc<Letters>, PdfError> {
        let id = font.and_then(Object::as_reference);
        if let Some(known) = id.and_then(|id| self.fonts.get(&id)) {
            return Ok(Rc::clone(known));
        }
        let resolved = self.pdf.resolve(font.unwrap_or(&Object::Null))?;
        let letters = match resolved.as_dictionary() {
            None => Letters::unknown(),
            Some(dictionary) => {
                let mut letters = Letters::read(self.pdf, dictionary, self.limits)?;
                self.drawn_letters(dictionary, &mut letters)?;
                letters
            }
        };
        let letters = Rc::new(letters);
        if let Some(id) = id {
            self.fonts.insert(id, Rc::clone(&letters));
        }
        Ok(letters)
    }

    /// Takes in where the letters of a font leave paint that draws them by content streams, in ems
    /// from the origin of each, and how wide they say that they are (9.6.4).
    fn drawn_letters(&mut self, font: &Dictionary, letters: &mut Letters) -> Result<(), PdfError> {
        if self.pdf.value(font, b"Subtype")?.as_name() != Some(b"Type3") {
            return Ok(());
        }
        if self.within >= FORMS_DEEP {
            return Err(PdfError::LimitExceeded {
                limit: "forms_deep",
                max: u64::from(FORMS_DEEP),
            });
        }
        let matrix = self.pdf.value(font, b"FontMatrix")?;
        let usual = [0.001, 0.0, 0.0, 0.001, 0.0, 0.0];
        let matrix = Matrix(six_numbers(self.pdf, &matrix)?.unwrap_or(usual));
        let resources = self.pdf.value(font, b"Resources")?;
        let none = Dictionary::default();
        let resources = Resources {
            own: resources.as_dictionary().unwrap_or(&none),
            outer: Outer::Unknown,
        };
        let procedures = self.pdf.value(font, b"CharProcs")?;
        let outer = std::mem::take(&mut self.shapes);
        let outer_widths = self.widths.replace(Between::ZERO);
        self.within = self.within.saturating_add(1);
        for entry in procedures
            .as_dictionary()
            .map_or(&[][..], Dictionary::entries)
        {
            self.limits.spend(1)?;
            if let Object::Reference(id) = entry.value
                && let Object::Stream(stream) = self.pdf.get(id)?
            {
                let content = self.content(id, &stream)?;
                self.run(&content, &resources, State::at(matrix), 0)?;
            }
        }
        self.within = self.within.saturating_sub(1);
        let shapes = std::mem::replace(&mut self.shapes, outer);
        if let Some(own) = std::mem::replace(&mut self.widths, outer_widths) {
            letters.widen(own.times(matrix.0[0]));
        }
        let regions = shapes.iter().map(Shape::region);
        if let Some(paint) = regions.reduce(|all, one| all.around_both(&one)) {
            letters.reach(&paint);
        }
        Ok(())
    }

    fn external(&mut self, run: &Run<'_>, operands: &[Object]) -> Result<(), PdfError> {
        let [name] = operands else {
            return Err(damaged());
        };
        let id = match self.named(run.resources, b"XObject", name)? {
            Named::Here(Object::Reference(id)) | Named::Around(Object::Reference(id)) => id,
            Named::Unknown => return Err(damaged()),
            // What is not there shows nothing, to no reader.
            Named::Here(_) | Named::Around(_) | Named::Nowhere => return Ok(()),
        };
        let Object::Stream(stream) = self.pdf.get(id)? else {
            return Ok(());
        };
        match self.pdf.value(&stream.dictionary, b"Subtype")?.as_name() {
            Some(b"Image") => {
                let body = match self.veils {
                    true => veil::body(self, id, &stream)?,
                    false => Body::Solid,
                };
                self.unit_square(&run.state, body)
            }
            Some(b"Form") => {
                let mut state = run.state.clone();
                state.layered |= run.layer.is_some();
                self.form(id, &stream, run.resources, &state, run.depth)
            }
            _ => Err(damaged()),
        }
    }

    /// Runs a form that is called where `state` has come to.
    pub(crate) fn form(
        &mut self,
        id: ObjectId,
        form: &Stream,
        outer: &Resources<'_>,
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
        let resources = match own.as_dictionary() {
            Some(own) => Resources {
                own,
                outer: Outer::Around(outer),
            },
            None => *outer,
        };
        let matrix = self.pdf.value(&form.dictionary, b"Matrix")?;
        let matrix = six_numbers(self.pdf, &matrix)?.map_or(Matrix::IDENTITY, Matrix);
        let mut inside = state.clone();
        inside.place = matrix.then(inside.place);
        inside.layered |= form.dictionary.get(b"OC").is_some();
        inside.clip = self.clip_of_form(form, &inside)?;
        self.run(&content, &resources, inside, depth.saturating_add(1))
    }

    /// Letters of a font that readers may find elsewhere: wherever they are let through.
    fn write_anywhere(&mut self, clip: Clip) -> Result<(), PdfError> {
        let region = clip.region.unwrap_or(Region::ENDLESS);
        let (mass, body) = (Mass::Text, Body::Solid);
        self.push(Area::of(region, mass, body))
    }

    /// A form is seen in its box only.
    fn clip_of_form(&self, form: &Stream, inside: &State) -> Result<Clip, PdfError> {
        let mut clip = inside.clip;
        match self.pdf.rectangle(&form.dictionary, b"BBox")? {
            Some(own) => {
                clip.narrow(inside.place.region(&Region::of(own))?);
                clip.odd |= !inside.place.is_upright();
            }
            // Readers take it for nothing or for everything.
            None => clip.odd = true,
        }
        Ok(clip)
    }
}

impl Run<'_> {
    /// Where marked content begins or ends (14.6), and with it a layer (8.11.3.2).
    fn mark(&mut self, word: &[u8], operands: &[Object]) {
        if word == b"EMC" {
            self.marked = self.marked.saturating_sub(1);
            self.layer = self.layer.filter(|layer| *layer < self.marked);
            return;
        }
        let is_layer = operands.first().and_then(Object::as_name) == Some(b"OC");
        if is_layer && self.layer.is_none() {
            self.layer = Some(self.marked);
        }
        self.marked = self.marked.saturating_add(1);
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
