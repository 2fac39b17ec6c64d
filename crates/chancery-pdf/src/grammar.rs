//! Whether content is written so that all readers take it apart alike (ISO 32000-2, 7.8.2 and
//! annex A).
//!
//! What readers make of faults was tried with Poppler, PDFium and MuPDF: only what they draw
//! differently is told, and what they draw alike is not.

mod image;
mod token;

use std::collections::HashSet;

use crate::readings::Divided;
use token::{Operand, Token, Tokens};

/// Most saved states at a time that all readers hold.
const SAVED_MAX: usize = 512;
/// Most words and delimiters that mean nothing: some readers leave the rest of a page out after a
/// hundred.
const STRANGE_MAX: u32 = 50;
/// Most operands that one operator has.
const OPERANDS_MAX: usize = 6;
/// Letters as narrow as this some readers draw otherwise, in hundredths.
const STRETCH_OVER: f64 = 1.0;
/// Sizes of letters that all readers draw.
const SIZES: std::ops::RangeInclusive<f64> = 1e-5..=1e5;
/// Most components of a colour, and a name.
const COMPONENTS_MAX: u32 = 33;

/// What one operand must be.
#[derive(Clone, Copy)]
enum Kind {
    Number,
    /// A width or a limit of corners.
    Extent,
    /// How wide letters are, in hundredths: not so narrow that some readers leave them out.
    Stretch,
    /// A size of letters that all readers draw.
    Size,
    /// How lines end and meet.
    Style,
    /// How text is shown.
    Mode,
    Name,
    Text,
    Shown,
    Dashes,
    Any,
}

/// What is found in content.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Grammar {
    /// Why readers draw different things.
    pub(crate) divided: Option<Divided>,
    /// Whether there is something that means nothing.
    pub(crate) is_strange: bool,
    /// The names of the fonts in which text is shown.
    pub(crate) fonts: HashSet<Vec<u8>>,
    /// How many bytes of images were inflated.
    pub(crate) inflated: u64,
}

/// Looks at `content`, in which one stream ends and the next begins at `joints`. `is_page` tells
/// whether it begins with the colours of a page.
pub(crate) fn look(content: &[u8], joints: &[usize], is_page: bool, inflated_max: u64) -> Grammar {
    let space = is_page.then_some(1);
    let mut reading = Reading {
        state: State {
            colours: [space, space],
            is_lost: false,
            moves: 0,
            font: None,
        },
        saved: Vec::new(),
        fonts: HashSet::new(),
        last: None,
        operands: [Operand::Other; OPERANDS_MAX],
        count: 0,
        is_over: false,
        displaced: false,
        unplaced: false,
        path: false,
        clips: false,
        is_text: false,
        has_forms: false,
        compatible: 0,
        strange: 0,
        inflated_left: inflated_max,
    };
    let divided = reading.run(Tokens::new(content, joints)).err();
    Grammar {
        divided,
        is_strange: reading.strange > 0,
        fonts: reading.fonts.into_iter().map(token::plain).collect(),
        inflated: inflated_max.saturating_sub(reading.inflated_left),
    }
}

/// What is saved and restored.
#[derive(Clone, Copy)]
struct State<'a> {
    /// How many components the colours of surfaces and lines have, where it is known.
    colours: [Option<u32>; 2],
    /// Whether paint is let through a path that is none: by some readers all of it, by some
    /// nothing.
    is_lost: bool,
    /// How often text was placed or shown.
    moves: u32,
    /// The font as it is named.
    font: Option<&'a [u8]>,
}

/// Content that is being read.
struct Reading<'a> {
    state: State<'a>,
    saved: Vec<State<'a>>,
    /// The fonts in which text was shown, and the last of them.
    fonts: HashSet<&'a [u8]>,
    last: Option<&'a [u8]>,
    /// The first operands of the operator that comes, and how many they are.
    operands: [Operand<'a>; OPERANDS_MAX],
    count: u32,
    /// Whether more was restored than saved, or `endstream` was read: some readers stop there.
    is_over: bool,
    /// Whether a path was drawn since text was placed: some readers write where it ends.
    displaced: bool,
    /// Whether a state was restored in which text stood elsewhere: some readers put it back.
    unplaced: bool,
    /// Whether a path waits to be painted.
    path: bool,
    /// Whether later paint is let through the path that is painted next.
    clips: bool,
    /// Whether text was begun and not ended.
    is_text: bool,
    /// Whether a form was drawn: some readers go on with the path and the text that it left open.
    has_forms: bool,
    /// How many sections of compatibility are open.
    compatible: u32,
    strange: u32,
    inflated_left: u64,
}

impl<'a> Reading<'a> {
    fn run(&mut self, mut tokens: Tokens<'a>) -> Result<(), Divided> {
        while let Some(token) = tokens.next()? {
            match token {
                Token::Operand(operand) => self.take(operand),
                Token::Stray => self.strange()?,
                Token::Word(b"BI") => {
                    self.paints()?;
                    let inflated = image::pass(&mut tokens, self.inflated_left)?;
                    self.inflated_left = self.inflated_left.saturating_sub(inflated);
                    self.forget();
                }
                Token::Word(word) => {
                    match shape(word) {
                        Some(kinds) => {
                            self.fit(kinds)?;
                            self.step(word)?;
                        }
                        None => self.other(word)?,
                    }
                    self.forget();
                }
            }
        }
        Ok(())
    }

    fn take(&mut self, operand: Operand<'a>) {
        let at = usize::try_from(self.count).unwrap_or(usize::MAX);
        if let Some(place) = self.operands.get_mut(at) {
            *place = operand;
        }
        self.count = self.count.saturating_add(1);
    }

    fn forget(&mut self) {
        self.count = 0;
    }

    fn strange(&mut self) -> Result<(), Divided> {
        self.forget();
        // What a writer that edits in place left behind the end of its content.
        if self.is_over {
            return Ok(());
        }
        self.strange = self.strange.saturating_add(1);
        match self.strange > STRANGE_MAX {
            true => Err(Divided::Tokens),
            false => Ok(()),
        }
    }

    /// Whether the operands are as many as the operator has, and of these kinds. What comes before
    /// operators without any is passed over by all.
    fn fit(&self, kinds: &[Kind]) -> Result<(), Divided> {
        let count = usize::try_from(self.count).unwrap_or(usize::MAX);
        let fits = |(kind, operand): (&Kind, &Operand<'_>)| kind.fits(operand);
        let fit = count == kinds.len()
            && kinds.iter().zip(&self.operands).all(fits)
            && !self.begins_within_odd_dashes();
        match kinds.is_empty() || fit {
            true => Ok(()),
            false => Err(Divided::Operands),
        }
    }

    /// Lists of one dash or of three mean dashes and gaps in turn; begun further on, some readers
    /// take the one for the other.
    fn begins_within_odd_dashes(&self) -> bool {
        match self.operands {
            [Operand::List(dashes), Operand::Number { value, .. }, ..] if self.count == 2 => {
                value > 0.0 && !dashes.count.is_multiple_of(2)
            }
            _ => false,
        }
    }

    /// Operators whose operands vary, and words that are none.
    fn other(&mut self, word: &[u8]) -> Result<(), Divided> {
        match word {
            b"sc" | b"scn" => self.coloured(self.state.colours[0]),
            b"SC" | b"SCN" => self.coloured(self.state.colours[1]),
            b"endstream" => {
                self.is_over = true;
                Ok(())
            }
            _ if self.compatible > 0 => Ok(()),
            _ => self.strange(),
        }
    }

    fn coloured(&self, components: Option<u32>) -> Result<(), Divided> {
        let fits = match components {
            Some(components) => self.count == components,
            None => (1..=COMPONENTS_MAX).contains(&self.count),
        };
        match fits {
            true => Ok(()),
            false => Err(Divided::Operands),
        }
    }

    /// Something is painted.
    fn paints(&self) -> Result<(), Divided> {
        match self.is_over || self.state.is_lost {
            true => Err(Divided::States),
            false => Ok(()),
        }
    }

    /// Letters are shown.
    fn shows(&mut self) -> Result<(), Divided> {
        if self.last != self.state.font {
            self.last = self.state.font;
            self.fonts.extend(self.last);
        }
        let is_placed = !self.displaced && !self.unplaced;
        match self.is_over || self.state.is_lost || !is_placed {
            true => Err(Divided::States),
            false => Ok(()),
        }
    }

    fn step(&mut self, word: &[u8]) -> Result<(), Divided> {
        match word {
            b"q" if self.saved.len() >= SAVED_MAX => return Err(Divided::States),
            b"q" => self.saved.push(self.state),
            b"Q" => self.restore(),
            b"ET" => self.is_text = false,
            b"BT" | b"Tm" | b"Td" | b"TD" | b"T*" | b"Tj" | b"TJ" | b"'" | b"\"" => {
                self.is_text |= word == b"BT";
                self.text(word)?;
            }
            b"Tf" => {
                if let Some(Operand::Name(font)) = self.operands.first() {
                    self.state.font = Some(font);
                }
            }
            b"m" | b"re" => (self.displaced, self.path) = (true, true),
            // Some readers begin a path here, and some draw nothing.
            b"l" | b"c" | b"v" | b"y" if !self.path => return Err(Divided::States),
            b"l" | b"c" | b"v" | b"y" | b"h" => self.displaced = true,
            b"W" | b"W*" => self.clips = true,
            b"n" => self.end_path(),
            b"f" | b"F" | b"f*" | b"S" | b"s" | b"B" | b"B*" | b"b" | b"b*" => {
                self.paints()?;
                if self.has_forms && !self.path {
                    return Err(Divided::States);
                }
                self.end_path();
            }
            // Some readers end a path where something else is drawn.
            b"Do" if self.path => return Err(Divided::States),
            b"Do" | b"sh" => {
                self.has_forms |= word == b"Do";
                self.paints()?;
            }
            b"BX" => self.compatible = self.compatible.saturating_add(1),
            b"EX" => self.compatible = self.compatible.saturating_sub(1),
            _ => self.colour(word),
        }
        Ok(())
    }

    fn end_path(&mut self) {
        let (clips, path) = (self.clips, self.path);
        (self.clips, self.path) = (false, false);
        self.state.is_lost |= clips && !path;
    }

    fn restore(&mut self) {
        let Some(state) = self.saved.pop() else {
            self.is_over = true;
            return;
        };
        let moves = self.state.moves;
        self.unplaced |= moves != state.moves;
        self.state = State { moves, ..state };
    }

    fn text(&mut self, word: &[u8]) -> Result<(), Divided> {
        match word {
            b"BT" | b"Tm" => (self.displaced, self.unplaced) = (false, false),
            b"Tj" | b"TJ" => {}
            _ => self.displaced = false,
        }
        self.state.moves = self.state.moves.saturating_add(1);
        match word {
            b"Tj" | b"TJ" | b"'" | b"\"" if self.has_forms && !self.is_text => Err(Divided::States),
            b"Tj" | b"TJ" | b"'" | b"\"" => self.shows(),
            _ => Ok(()),
        }
    }

    fn colour(&mut self, word: &[u8]) {
        let [surfaces, lines] = &mut self.state.colours;
        match word {
            b"g" => *surfaces = Some(1),
            b"rg" => *surfaces = Some(3),
            b"k" => *surfaces = Some(4),
            b"cs" => *surfaces = components(&self.operands),
            b"G" => *lines = Some(1),
            b"RG" => *lines = Some(3),
            b"K" => *lines = Some(4),
            b"CS" => *lines = components(&self.operands),
            _ => {}
        }
    }
}

/// How many components a colour of the named space has.
fn components(operands: &[Operand<'_>]) -> Option<u32> {
    match operands.first() {
        Some(Operand::Name(b"DeviceGray")) => Some(1),
        Some(Operand::Name(b"DeviceRGB")) => Some(3),
        Some(Operand::Name(b"DeviceCMYK")) => Some(4),
        _ => None,
    }
}

impl Kind {
    fn fits(self, operand: &Operand<'_>) -> bool {
        match (self, operand) {
            (Self::Any, _)
            | (Self::Number, Operand::Number { .. })
            | (Self::Name, Operand::Name(_))
            | (Self::Text, Operand::Text) => true,
            (Self::Mode, Operand::Number { value, is_whole }) => {
                *is_whole && (0.0..=7.0).contains(value)
            }
            (Self::Style, Operand::Number { value, is_whole }) => {
                *is_whole && (0.0..=2.0).contains(value)
            }
            (Self::Extent, Operand::Number { value, .. }) => *value >= 0.0,
            (Self::Stretch, Operand::Number { value, .. }) => value.abs() > STRETCH_OVER,
            (Self::Size, Operand::Number { value, .. }) => {
                *value == 0.0 || SIZES.contains(&value.abs())
            }
            (Self::Shown, Operand::List(list)) => list.is_shown,
            (Self::Dashes, Operand::List(list)) => {
                list.is_numbers
                    && !list.has_negative
                    && !list.has_sliver
                    && (list.count == 0 || list.sum > 0.0)
            }
            _ => false,
        }
    }
}

/// The operands of an operator (annex A); nothing for those that vary, and for other words.
fn shape(word: &[u8]) -> Option<&'static [Kind]> {
    use Kind::{Any, Dashes, Extent, Mode, Name, Number, Shown, Size, Stretch, Style, Text};
    const NUMBERS: [Kind; 6] = [Number; 6];
    let numbers = |count: usize| NUMBERS.get(..count);
    match word {
        b"b" | b"B" | b"b*" | b"B*" | b"f" | b"F" | b"f*" | b"n" | b"s" | b"S" | b"h" | b"W"
        | b"W*" | b"q" | b"Q" | b"BT" | b"ET" | b"T*" | b"BX" | b"EX" | b"EMC" => Some(&[]),
        b"g" | b"G" | b"i" | b"Tc" | b"TL" | b"Ts" | b"Tw" => numbers(1),
        b"M" | b"w" => Some(&[Extent]),
        b"j" | b"J" => Some(&[Style]),
        b"Tz" => Some(&[Stretch]),
        b"l" | b"m" | b"Td" | b"TD" | b"d0" => numbers(2),
        b"rg" | b"RG" => numbers(3),
        b"k" | b"K" | b"re" | b"v" | b"y" => numbers(4),
        b"c" | b"cm" | b"Tm" | b"d1" => numbers(6),
        b"Tr" => Some(&[Mode]),
        b"cs" | b"CS" | b"Do" | b"gs" | b"sh" | b"ri" | b"BMC" | b"MP" => Some(&[Name]),
        b"BDC" | b"DP" => Some(&[Name, Any]),
        b"Tf" => Some(&[Name, Size]),
        b"d" => Some(&[Dashes, Extent]),
        b"Tj" | b"'" => Some(&[Text]),
        b"\"" => Some(&[Number, Number, Text]),
        b"TJ" => Some(&[Shown]),
        _ => None,
    }
}
