//! What a mark covers of the place that it is put in: a grid of cells, and how much ink is on each.
//!
//! Whoever set a place aside agreed that something will stand there, and not that it will hide
//! what stood there. Letters of common fonts and thin lines leave what is beneath them to be read;
//! areas do not, and neither do many lines beside each other or letters over letters.

use crate::error::PdfError;
use crate::ground::Drawn;
use crate::outline::{Figure, is_inside};
use crate::plane::Region;
use crate::shown::{Area, Body, Mass, Shape, Shown, ShownLimits};

/// Least side of a cell, in points, and most cells of a place.
const CELL: f64 = 1.0;
const CELLS_MAX: f64 = 65_536.0;
/// How many cells are gone over in the time of one operator.
const CELLS_A_STEP: u64 = 64;
/// How many shapes are asked where they are for what one operator costs.
const SHAPES_A_STEP: u64 = 8;
/// Ink of one line of letters, of 1, at most, and about; two of them over each other hide.
const LETTERS: f64 = 0.4;
const LETTERS_ABOUT: f64 = 0.12;
/// Largest letters that leave letters beneath them to be read, in points.
const LETTERS_LARGEST: f64 = 16.0;
/// How much of the height of a line of letters is above and below most of them.
const LETTERS_EDGE: f64 = 0.12;
/// Width of the thinnest line, in points: none is drawn as less than a dot of the screen.
const THINNEST: f64 = 0.5;
/// From how much ink on a cell is covered.
const COVERED: f64 = 0.7;
/// Least width and height, in points, of what hides a letter.
const BLOCK: f64 = 4.0;
/// The share of a line of text, on each side, that a mark may stand over: the room that its region
/// leaves, and the tails of its letters.
const EDGE: f64 = 0.25;

/// What a mark hides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hiding {
    /// Whether a letter of the text beneath is covered.
    pub text: bool,
    /// Whether as much as a letter is covered anywhere.
    pub anything: bool,
    /// How much of the images beneath is covered, in percent.
    pub image_percent: u8,
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
            });
        }
        let mut cover = Cover::new(Region::of(rect));
        limits.spend(cover.cells.len() as u64 / CELLS_A_STEP)?;
        for shape in mark.shapes() {
            cover.paint(shape, limits)?;
        }
        let blocks = cover.blocks();
        let (mut text, mut images) = (false, vec![false; cover.cells.len()]);
        for layer in layers {
            limits.spend(layer.shapes().len() as u64 / SHAPES_A_STEP)?;
            for shape in layer.shapes() {
                match shape {
                    Shape::Area(area) if area.mass == Mass::Text => {
                        text |= blocks.meet(&cover, &core(&area.region));
                    }
                    Shape::Area(area) if area.mass == Mass::Image => {
                        cover.each_in(&area.region, |place| {
                            if let Some(image) = images.get_mut(place) {
                                *image = true;
                            }
                        });
                        limits.spend(cover.cells.len() as u64 / CELLS_A_STEP)?;
                    }
                    _ => {}
                }
            }
        }
        Ok(Hiding {
            text,
            anything: blocks.count > 0,
            image_percent: cover.share_of(&images),
        })
    }
}

/// A line of text without what a mark may stand over.
fn core(region: &Region) -> Region {
    let (width, height) = region.size();
    region.within(width.min(height) * EDGE)
}

/// One cell: ink at most, and about.
#[derive(Clone, Copy, Debug, Default)]
struct Cell {
    most: f64,
    about: f64,
}

struct Cover {
    place: Region,
    columns: usize,
    rows: usize,
    /// Width and height of a cell, in points.
    cell: (f64, f64),
    cells: Vec<Cell>,
}

/// A whole number of cells, one or more.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped to 1..=65,536 just before"
)]
fn whole(number: f64) -> usize {
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
    fn span(&self, region: &Region) -> [(usize, usize); 2] {
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

    fn add(&mut self, place: usize, most: f64, about: f64) {
        if let Some(cell) = self.cells.get_mut(place) {
            cell.most += most;
            cell.about += about;
        }
    }

    fn fill(&mut self, region: &Region, most: f64, about: f64) -> u64 {
        let places = self.places(region);
        for place in &places {
            self.add(*place, most, about);
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
            Shape::Area(Area { region, body, .. }) => match *body {
                Body::Letters { size } if size <= LETTERS_LARGEST => {
                    let (width, height) = region.size();
                    let lines = region.within(width.min(height) * LETTERS_EDGE);
                    self.fill(&lines, LETTERS, LETTERS_ABOUT)
                }
                Body::Veil { share } => self.fill(region, 1.0, share),
                Body::Letters { .. } | Body::Solid => self.fill(region, 1.0, 1.0),
            },
            Shape::Drawn(drawn) => return self.draw(drawn, limits),
            Shape::Flood(clip) => match clip.of(&self.place) {
                Some(region) => self.fill(&region, 1.0, 1.0),
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
                self.add(place, 1.0, 1.0);
            }
        }
        let Some(stroke) = drawn.stroke else {
            return Ok(());
        };
        let width = stroke.width.max(THINNEST);
        let (reach, ink) = (width.max(side) / 2.0, (width / side).min(1.0));
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
                self.add(place, ink, ink);
            }
        }
        Ok(())
    }

    /// The blocks of cells that are covered, each as large as a letter.
    fn blocks(&self) -> Blocks {
        let size = |side: f64, count: usize| whole((BLOCK / side).ceil()).min(count);
        let (across, up) = (
            size(self.cell.0, self.columns),
            size(self.cell.1, self.rows),
        );
        let covered = self.cells.iter().map(|cell| cell.most >= COVERED);
        let sums = Sums::new(covered, self.columns, self.rows);
        let all = u32::try_from(across.saturating_mul(up)).unwrap_or(u32::MAX);
        let mut starts = Vec::with_capacity(self.cells.len());
        for row in 0..self.rows {
            for column in 0..self.columns {
                let to = (column.saturating_add(across), row.saturating_add(up));
                starts.push(sums.within((column, row), to) == all);
            }
        }
        Blocks {
            count: starts.iter().filter(|start| **start).count(),
            starts: Sums::new(starts.into_iter(), self.columns, self.rows),
            size: (across, up),
        }
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

/// Where covered blocks begin.
struct Blocks {
    starts: Sums,
    size: (usize, usize),
    count: usize,
}

impl Blocks {
    /// Whether one of them holds a cell that touches a region.
    fn meet(&self, cover: &Cover, region: &Region) -> bool {
        if self.count == 0 || !region.meets(&cover.place) {
            return false;
        }
        let half = (cover.cell.0 / 2.0, cover.cell.1 / 2.0);
        let Region([left, bottom, right, top]) = *region;
        let touched = Region([left - half.0, bottom - half.1, right + half.0, top + half.1]);
        let [(left, right), (bottom, top)] = cover.span(&touched);
        let before = |edge: usize, size: usize| edge.saturating_sub(size.saturating_sub(1));
        let from = (before(left, self.size.0), before(bottom, self.size.1));
        self.starts.within(from, (right, top)) > 0
    }
}

/// How many cells are so, from the first one up to each.
struct Sums {
    sums: Vec<u32>,
    columns: usize,
    rows: usize,
}

impl Sums {
    fn new(cells: impl Iterator<Item = bool>, columns: usize, rows: usize) -> Self {
        let wide = columns.saturating_add(1);
        let mut sums = vec![0_u32; wide.saturating_mul(rows.saturating_add(1))];
        let mut along = 0_u32;
        for (place, is) in cells.enumerate() {
            let (column, row) = (place % columns, place / columns);
            along = u32::from(is).saturating_add(if column == 0 { 0 } else { along });
            let at = row
                .saturating_mul(wide)
                .saturating_add(column)
                .saturating_add(1);
            let below = sums.get(at).copied().unwrap_or(0);
            if let Some(sum) = sums.get_mut(at.saturating_add(wide)) {
                *sum = below.saturating_add(along);
            }
        }
        Self {
            sums,
            columns,
            rows,
        }
    }

    /// How many there are from one cell up to another; none, where that is outside.
    fn within(&self, from: (usize, usize), to: (usize, usize)) -> u32 {
        if to.0 > self.columns || to.1 > self.rows || from.0 >= to.0 || from.1 >= to.1 {
            return 0;
        }
        let wide = self.columns.saturating_add(1);
        let at = |column: usize, row: usize| {
            let place = row.saturating_mul(wide).saturating_add(column);
            self.sums.get(place).copied().unwrap_or(0)
        };
        let outer = at(to.0, to.1).saturating_add(at(from.0, from.1));
        outer
            .saturating_sub(at(from.0, to.1))
            .saturating_sub(at(to.0, from.1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn area(region: [f64; 4], body: Body) -> Shape {
        let region = Region::of(region);
        let mass = Mass::Text;
        Shape::Area(Area { region, mass, body })
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
