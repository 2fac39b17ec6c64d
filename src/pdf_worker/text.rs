//! Text with the places of its words, collected from what a page draws.
//!
//! The renderer tells which Unicode each glyph stands for and where it is put. Glyphs that follow
//! one another on a line make words; the file's own order of drawing is kept, because producers
//! draw in reading order. Invisible text (the layer beneath a scan) counts; text that a file draws
//! twice for boldness counts once.

use hayro::hayro_interpret::font::{Glyph, GlyphRun};
use hayro::hayro_interpret::hayro_cmap::BfString;
use hayro::hayro_interpret::{
    BlendMode, ClipPath, Device, DrawMode, DrawProps, Image, ImageDrawProps, SoftMask,
};
use hayro::kurbo::{Affine, BezPath, Point};
use serde::{Deserialize, Serialize};

/// The most characters kept of one page.
pub const CHARACTERS_MAX: usize = 200_000;
/// A gap of more than this part of the font's size is a space.
const SPACE_GAP: f64 = 0.17;
/// A shift across the line of more than this part of the size is a new line.
const LINE_SHIFT: f64 = 0.45;
/// Glyphs are drawn in thousandths of the font's size.
const UNITS_PER_EM: f64 = 1000.0;
/// A glyph whose width is not known takes half of the font's size.
const WIDTH_UNKNOWN: f64 = 500.0;

/// A page's text.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PageText {
    /// Width of the page as it is shown, points.
    pub width: f32,
    /// Height, points.
    pub height: f32,
    /// The lines, with line feeds between.
    pub text: String,
    /// Every word with its place.
    pub words: Vec<Word>,
}

/// A word and its box: points from the upper left corner of the page as it is shown.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Word {
    /// The word.
    pub text: String,
    /// Left.
    pub left: f32,
    /// Top.
    pub top: f32,
    /// Right.
    pub right: f32,
    /// Bottom.
    pub bottom: f32,
}

/// One glyph as it was put.
struct Placed {
    text: String,
    start: Point,
    end: Point,
    size: f64,
}

/// Collects glyphs and draws nothing.
pub struct TextDevice {
    base: Affine,
    page: PageText,
    word: Option<Word>,
    last: Option<Placed>,
    characters_count: usize,
}

impl TextDevice {
    /// For a page of this size; `base` is applied after the page's own transformation.
    #[must_use]
    pub fn new(base: Affine, width: f32, height: f32) -> Self {
        Self {
            base,
            page: PageText {
                width,
                height,
                ..PageText::default()
            },
            word: None,
            last: None,
            characters_count: 0,
        }
    }

    /// The text of everything that was drawn.
    #[must_use]
    pub fn finish(mut self) -> PageText {
        self.end_word();
        let lines: Vec<&str> = self.page.text.lines().map(str::trim_end).collect();
        self.page.text = lines.join("\n").trim().to_owned();
        self.page
    }

    fn put(&mut self, placed: Placed) {
        if self.characters_count >= CHARACTERS_MAX {
            return;
        }
        self.characters_count += placed.text.chars().count().max(1);
        match self.last.as_ref().map(|last| step(last, &placed)) {
            Some(Step::Again) => return,
            Some(Step::Line) => {
                self.end_word();
                self.page.text.push('\n');
            }
            Some(Step::Space) => self.space(),
            Some(Step::Next) | None => {}
        }
        if placed.text.trim().is_empty() {
            self.space();
        } else {
            self.page.text.push_str(&placed.text);
            self.widen_word(&placed);
        }
        self.last = Some(placed);
    }

    fn space(&mut self) {
        self.end_word();
        if !self.page.text.is_empty() && !self.page.text.ends_with([' ', '\n']) {
            self.page.text.push(' ');
        }
    }

    fn end_word(&mut self) {
        self.page.words.extend(self.word.take());
    }

    fn widen_word(&mut self, placed: &Placed) {
        let left = placed.start.x.min(placed.end.x) as f32;
        let right = placed.start.x.max(placed.end.x) as f32;
        // Ascent and descent differ by font; these cover what a reader sees of a line.
        let top = (placed.start.y.min(placed.end.y) - placed.size * 0.8) as f32;
        let bottom = (placed.start.y.max(placed.end.y) + placed.size * 0.25) as f32;
        let word = self.word.get_or_insert_with(|| Word {
            text: String::new(),
            left,
            top,
            right,
            bottom,
        });
        word.text.push_str(&placed.text);
        word.left = word.left.min(left);
        word.top = word.top.min(top);
        word.right = word.right.max(right);
        word.bottom = word.bottom.max(bottom);
    }
}

/// How a glyph follows the one before it.
enum Step {
    /// The same glyph in the same place: drawn twice to look bold.
    Again,
    /// Directly after.
    Next,
    /// After a gap.
    Space,
    /// On another line.
    Line,
}

fn step(last: &Placed, next: &Placed) -> Step {
    let size = last.size.max(next.size).max(0.01);
    let near = |a: Point, b: Point| a.distance(b) < size * 0.1;
    if last.text == next.text && near(last.start, next.start) {
        return Step::Again;
    }
    // Along and across the direction in which the last glyph was written.
    let direction = last.end - last.start;
    let length = direction.hypot();
    let (x, y) = if length > 0.0 {
        (direction.x / length, direction.y / length)
    } else {
        (1.0, 0.0)
    };
    let gap = next.start - last.end;
    let along = gap.x * x + gap.y * y;
    let across = (gap.y * x - gap.x * y).abs();
    if across > size * LINE_SHIFT || along < -size * 1.5 {
        Step::Line
    } else if along > size * SPACE_GAP {
        Step::Space
    } else {
        Step::Next
    }
}

fn unicode_of(glyph: &Glyph<'_>) -> String {
    let text = match glyph.as_unicode() {
        Some(BfString::Char(c)) => c.to_string(),
        Some(BfString::String(text)) => text,
        None => String::new(),
    };
    text.chars()
        .map(|c| if c == '\u{a0}' { ' ' } else { c })
        .filter(|c| !c.is_control() && *c != '\u{ad}')
        .collect()
}

impl<'a> Device<'a> for TextDevice {
    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, 'a>, props: DrawProps<'a>, _: &DrawMode) {
        for glyph in run.glyphs() {
            let text = unicode_of(glyph);
            if text.is_empty() {
                continue;
            }
            let width = match &**glyph {
                Glyph::Outline(outline) => outline.advance_width(),
                Glyph::Type3(drawn) => drawn.advance_width(),
            };
            let width = width.map_or(WIDTH_UNKNOWN, f64::from);
            let placing = self.base * props.transform * glyph.transform();
            let start = placing * Point::ZERO;
            let end = placing * Point::new(width, 0.0);
            let size = (placing * Point::new(0.0, UNITS_PER_EM) - start).hypot();
            if start.is_finite() && end.is_finite() && size.is_finite() {
                self.put(Placed {
                    text,
                    start,
                    end,
                    size,
                });
            }
        }
    }

    fn draw_path(&mut self, _: &BezPath, _: DrawProps<'a>, _: &DrawMode) {}
    fn push_clip_path(&mut self, _: &ClipPath) {}
    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'a>>, _: BlendMode) {}
    fn draw_image(&mut self, _: Image<'a, '_>, _: ImageDrawProps<'a>) {}
    fn pop_clip(&mut self) {}
    fn pop_transparency_group(&mut self) {}
}
