//! What a mark covers of the place that it is put in: a grid of cells, and how much ink is on each.
//!
//! Whoever set a place aside agreed that something will stand there, and not that it will hide
//! what stood there. Letters of common fonts and thin lines leave what is beneath them to be read;
//! areas do not, and neither do many lines beside each other or letters over letters.

use crate::cover_ink::Inks;
use crate::error::PdfError;
use crate::ground::{Drawn, Look};
use crate::outline::{Figure, is_inside};
use crate::plane::Region;
use crate::shown::{Body, Mass, Shape, Shown, ShownLimits};

/// Least side of a cell, in points, and most cells of a place.
const CELL: f64 = 0.5;
const CELLS_MAX: f64 = 65_536.0;
/// How many cells are gone over in the time of one operator.
pub(crate) const CELLS_A_STEP: u64 = 64;
/// How many shapes are asked where they are for what one operator costs.
const SHAPES_A_STEP: u64 = 8;
/// Ink of one line of letters, of 1, at most, and about; two of them over each other hide.
const LETTERS: f64 = 0.4;
const LETTERS_ABOUT: f64 = 0.12;
/// Largest letters that leave letters beneath them to be read, in points.
const LETTERS_LARGEST: f64 = 16.0;
/// How much of the height of a line of letters is above and below most of them.
const LETTERS_EDGE: f64 = 0.12;
/// And how much of it at most, in points, of letters that may be areas.
const LETTERS_ROOM: f64 = 1.0;
/// Width of the thinnest line, in points: none is drawn as less than a dot of the screen.
const THINNEST: f64 = 0.5;
/// What a mark hides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hiding {
    /// Whether a letter of the text beneath is covered.
    pub text: bool,
    /// Whether as much as a letter is covered anywhere.
    pub anything: bool,
    /// How much of the images beneath is covered, in percent.
    pub image_percent: u8,
    /// Whether paint that may look like paper covers some of an image, or an area as large as a
    /// letter does: a scanned page is one.
    pub image: bool,
}

impl Shown {
    /// What `mark` hides at `rect` of what `layers` show there.
    ///
    /// # Errors
    ///
    /// [`PdfError::LimitExceeded`]: looking took too long.
    pub fn hidden_by<'s>(
        layers: impl IntoIterator<Item = &'s Self>,
        rect: [f64; 4],
        mark: &Self,
        limits: &mut ShownLimits,
    ) -> Result<Hiding, PdfError> {
        if mark.shapes().is_empty() {
            return Ok(Hiding {
                text: false,
                anything: false,
                image_percent: 0,
                image: false,
            });
        }
        let mut cover = Cover::new(Region::of(rect));
        limits.spend(cover.cells.len() as u64 / CELLS_A_STEP)?;
        for shape in mark.shapes() {
            cover.paint(shape, limits)?;
        }
        let ink = Inks::of(&cover, limits)?;
        let (mut text, mut image) = (false, false);
        let mut images = vec![false; cover.cells.len()];
        for layer in layers {
            limits.spend(layer.shapes().len() as u64 / SHAPES_A_STEP)?;
            for shape in layer.shapes() {
                match shape {
                    Shape::Area(area) if area.mass == Mass::Text => {
                        text |= !text && ink.hides(&cover, area, limits)?;
                    }
                    Shape::Area(area) if area.mass == Mass::Image => {
                        cover.each_in(&area.region, |place| {
                            if let Some(image) = images.get_mut(place) {
                                *image = true;
                            }
                        });
                        image |= !image && ink.wipes(&cover, &area.region);
                        limits.spend(cover.cells.len() as u64 / CELLS_A_STEP)?;
                    }
                    _ => {}
                }
            }
        }
        Ok(Hiding {
            text,
            anything: ink.all.count > 0,
            image_percent: cover.share_of(&images),
            image,
        })
    }
}

/// One cell: ink at most, and about; whether some of it may look like paper, or belongs to an area.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Cell {
    pub(crate) most: f64,
    about: f64,
    pub(crate) pale: bool,
    pub(crate) solid: bool,
}

/// Paint that is put on cells.
#[derive(Clone, Copy)]
struct Paint {
    most: f64,
    about: f64,
    pale: bool,
    solid: bool,
}

impl Paint {
    const LETTERS: Self = Self {
        most: LETTERS,
        about: LETTERS_ABOUT,
        pale: false,
        solid: false,
    };

    /// What a path is painted with.
    const fn of(look: Look) -> Self {
        Self {
            solid: !look.thin,
            ..Self::area(!look.dark)
        }
    }

    const fn area(pale: bool) -> Self {
        Self {
            most: 1.0,
            about: 1.0,
            pale,
            solid: true,
        }
    }
}

pub(crate) struct Cover {
    pub(crate) place: Region,
    pub(crate) columns: usize,
    pub(crate) rows: usize,
    /// Width and height of a cell, in points.
    pub(crate) cell: (f64, f64),
    pub(crate) cells: Vec<Cell>,
}

/// A whole number of cells, one or more.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped to 1..=65,536 just before"
)]
pub(crate) fn whole(number: f64) -> usize {
    number.round().clamp(1.0, CELLS_MAX) as usize
}

/// A number of cells as a length.
fn length(cells: usize) -> f64 {
    f64::from(u32::try_from(cells).unwrap_or(u32::MAX))
}

impl Cover {
    fn new(place: Region) -> Self {
        let (width, height) = place.size();
        let side = CELL.max((width * height / CELLS_MAX).sqrt());
        let columns = whole((width / side).ceil());
        let rows = whole((height / side).ceil());
        Self {
            place,
            columns,
            rows,
            cell: (width / length(columns), height / length(rows)),
            cells: vec![Cell::default(); columns.saturating_mul(rows)],
        }
    }

    /// The cells whose middles are in a region: from, and behind, along each axis.
    pub(crate) fn span(&self, region: &Region) -> [(usize, usize); 2] {
        let Region([left, bottom, right, top]) = *region;
        let Region([x, y, ..]) = self.place;
        let along = |low: f64, high: f64, side: f64, count: usize| {
            let at = |edge: f64| ((edge / side - 0.5).ceil()).clamp(0.0, length(count));
            let (from, to) = (at(low), at(high + side * 1.0e-6));
            let cut = |edge: f64| if edge < 0.5 { 0 } else { whole(edge) };
            (cut(from), cut(to))
        };
        [
            along(left - x, right - x, self.cell.0, self.columns),
            along(bottom - y, top - y, self.cell.1, self.rows),
        ]
    }

    /// The cells that a region touches.
    pub(crate) fn touched(&self, region: &Region) -> [(usize, usize); 2] {
        let half = (self.cell.0 / 2.0, self.cell.1 / 2.0);
        let Region([left, bottom, right, top]) = *region;
        self.span(&Region([
            left - half.0,
            bottom - half.1,
            right + half.0,
            top + half.1,
        ]))
    }

    fn each_in(&self, region: &Region, mut found: impl FnMut(usize)) {
        let [(left, right), (bottom, top)] = self.span(region);
        for row in bottom..top {
            for column in left..right {
                found(row.saturating_mul(self.columns).saturating_add(column));
            }
        }
    }

    fn middle(&self, place: usize) -> (f64, f64) {
        let (column, row) = (place % self.columns, place / self.columns);
        let Region([x, y, ..]) = self.place;
        (
            x + (length(column) + 0.5) * self.cell.0,
            y + (length(row) + 0.5) * self.cell.1,
        )
    }

    fn add(&mut self, place: usize, paint: Paint) {
        if let Some(cell) = self.cells.get_mut(place) {
            cell.most += paint.most;
            cell.about += paint.about;
            cell.pale |= paint.pale;
            cell.solid |= paint.solid;
        }
    }

    fn fill(&mut self, region: &Region, paint: Paint) -> u64 {
        let places = self.places(region);
        for place in &places {
            self.add(*place, paint);
        }
        places.len() as u64
    }

    fn places(&self, region: &Region) -> Vec<usize> {
        let mut places = Vec::new();
        self.each_in(region, |place| places.push(place));
        places
    }

    /// Takes in what the mark paints.
    fn paint(&mut self, shape: &Shape, limits: &mut ShownLimits) -> Result<(), PdfError> {
        let cells = match shape {
            Shape::Area(area) => {
                let (width, height) = area.region.size();
                let lines = area.region.within(width.min(height) * LETTERS_EDGE);
                let text = area.mass == Mass::Text;
                match area.body {
                    Body::Letters { size } if size <= LETTERS_LARGEST => {
                        self.fill(&lines, Paint::LETTERS)
                    }
                    Body::Veil { share } => {
                        let about = share;
                        let (pale, solid) = (false, false);
                        let paint = Paint {
                            most: 1.0,
                            about,
                            pale,
                            solid,
                        };
                        self.fill(&area.region, paint)
                    }
                    Body::Letters { .. } | Body::Solid => {
                        let paint = Paint {
                            solid: !text || area.pale,
                            ..Paint::area(area.pale)
                        };
                        let seen = text && !area.pale;
                        let room = (height.min(width) * LETTERS_EDGE).min(LETTERS_ROOM);
                        self.fill(&area.region.within(if seen { room } else { 0.0 }), paint)
                    }
                }
            }
            Shape::Drawn(drawn) => return self.draw(drawn, limits),
            Shape::Flood(clip) => match clip.of(&self.place) {
                Some(region) => self.fill(&region, Paint::area(true)),
                None => 0,
            },
        };
        limits.spend(cells / CELLS_A_STEP + 1)
    }

    fn draw(&mut self, drawn: &Drawn, limits: &mut ShownLimits) -> Result<(), PdfError> {
        limits.spend(1)?;
        let side = self.cell.0.max(self.cell.1);
        // The thinnest line is on some cell.
        let shown = drawn.clip.of(&drawn.region.grown(side));
        let Some(shown) = shown.and_then(|shown| shown.common(&self.place)) else {
            return Ok(());
        };
        let strokes: u64 = drawn.figures.iter().map(Figure::cost).sum();
        limits.spend(strokes / CELLS_A_STEP)?;
        if let Some(fill) = drawn.fill {
            let mut inside = self.places(&shown);
            limits.spend(strokes.saturating_mul(inside.len() as u64) / CELLS_A_STEP)?;
            inside.retain(|place| {
                let middle = self.middle(*place);
                is_inside(drawn.figures.iter(), middle, fill.even_odd)
            });
            for place in inside {
                self.add(place, Paint::of(fill.look));
            }
        }
        let Some(stroke) = drawn.stroke else {
            return Ok(());
        };
        let width = stroke.width.max(THINNEST);
        let (reach, ink) = (width.max(side) / 2.0, (width / side).min(1.0));
        let paint = Paint {
            most: ink,
            about: ink,
            ..Paint::of(stroke.look)
        };
        let strokes = drawn.figures.iter().flat_map(|figure| {
            let tips = stroke.corners.map(|limit| figure.tips(width, limit));
            figure.strokes(false).chain(tips.unwrap_or_default())
        });
        for line in strokes {
            let ((x, y), (to_x, to_y)) = line;
            let around = Region::of([x, y, to_x, to_y]).grown(reach);
            let around = around.common(&shown);
            let mut near = around.map_or_else(Vec::new, |around| self.places(&around));
            limits.spend(near.len() as u64 / CELLS_A_STEP)?;
            near.retain(|place| is_near(self.middle(*place), line, reach));
            for place in near {
                self.add(place, paint);
            }
        }
        Ok(())
    }

    /// How much of some cells is covered, in percent.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "clamped to 0..=100 just before"
    )]
    fn share_of(&self, chosen: &[bool]) -> u8 {
        let cells = self.cells.iter().zip(chosen).filter(|(_, chosen)| **chosen);
        let (ink, count) = cells.fold((0.0, 0.0), |(ink, count), (cell, _)| {
            (ink + cell.about.min(1.0), count + 1.0)
        });
        match count > 0.0 {
            true => (ink / count * 100.0).ceil().clamp(0.0, 100.0) as u8,
            false => 0,
        }
    }
}

/// Whether a point lies within a distance of a stroke.
fn is_near(
    (x, y): (f64, f64),
    ((from_x, from_y), (to_x, to_y)): ((f64, f64), (f64, f64)),
    reach: f64,
) -> bool {
    let (across, up) = (to_x - from_x, to_y - from_y);
    let length = across * across + up * up;
    let share = match length > 0.0 {
        true => (((x - from_x) * across + (y - from_y) * up) / length).clamp(0.0, 1.0),
        false => 0.0,
    };
    (x - from_x - share * across).hypot(y - from_y - share * up) <= reach
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shown::Area;

    fn area(region: [f64; 4], body: Body) -> Shape {
        let region = Region::of(region);
        let mass = Mass::Text;
        let (pale, level) = (false, true);
        Shape::Area(Area {
            region,
            mass,
            body,
            pale,
            level,
        })
    }

    fn hides(shapes: Vec<Shape>, text: [f64; 4]) -> bool {
        let mark = Shown::of(shapes);
        let page = Shown::of(vec![area(text, Body::Solid)]);
        let mut limits = ShownLimits::default();
        let place = [100.0, 100.0, 200.0, 150.0];
        let found = Shown::hidden_by([&page], place, &mark, &mut limits);
        found.unwrap().text
    }

    #[test]
    fn letters_hide_letters_where_they_are_large_or_over_each_other() {
        let text = [110.0, 110.0, 190.0, 122.0];
        let line = |size| area([100.0, 108.0, 200.0, 124.0], Body::Letters { size });
        assert!(!hides(vec![line(12.0)], text));
        assert!(hides(vec![line(12.0), line(12.0)], text));
        assert!(hides(vec![line(40.0)], text));
        let above = area([100.0, 120.0, 200.0, 136.0], Body::Letters { size: 12.0 });
        assert!(!hides(vec![line(12.0), above], text));
    }

    #[test]
    fn an_area_hides_a_line_of_text_unless_it_stands_over_its_edge() {
        let text = [110.0, 110.0, 190.0, 122.0];
        let solid = |bottom, top| vec![area([100.0, bottom, 200.0, top], Body::Solid)];
        assert!(hides(solid(100.0, 150.0), text));
        assert!(hides(solid(112.0, 118.0), text));
        assert!(!hides(solid(120.0, 150.0), text));
        assert!(!hides(solid(115.0, 117.0), text));
        assert!(hides(solid(100.0, 150.0), [90.0, 92.0, 290.0, 112.0]));
        assert!(!hides(solid(100.0, 150.0), [90.0, 80.0, 290.0, 96.0]));
    }
}
