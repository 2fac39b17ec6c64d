//! What of a mark hides what is beneath it: blocks of covered cells, paint that may look like
//! paper, and more ink than leaves a letter to be read.

use crate::cover::{CELLS_A_STEP, Cell, Cover, whole};
use crate::error::PdfError;
use crate::plane::Region;
use crate::shown::{Area, ShownLimits};

/// From how much ink on a cell is covered.
const COVERED: f64 = 0.7;
/// Least width and height, in points, of what hides a letter, and as a share of the height of a
/// line of letters.
const BLOCK: f64 = 4.0;
const BLOCK_SHARE: f64 = 0.25;
/// From how much ink on the whole a letter is covered, within as much of its line as it is high.
const DENSE: f64 = 0.48;
const DENSE_SHARE: f64 = 0.8;
/// In how many parts of a cell's full ink is counted.
const PARTS: f64 = 100.0;
/// The share of the height of a line of text, above and below, that a mark may stand over: the room
/// that its region leaves. A comma's tail is above it.
const EDGE_ABOVE: f64 = 0.25;
const EDGE_BELOW: f64 = 0.12;

/// A line of text without what a mark may stand over.
fn core(area: &Area) -> Region {
    let Region([left, bottom, right, top]) = area.region;
    match area.level {
        true => {
            let height = top - bottom;
            let (below, above) = (height * EDGE_BELOW, height * EDGE_ABOVE);
            Region([left, bottom + below, right, top - above])
        }
        // Which side is above is not known.
        false => area.region,
    }
}

impl Cover {
    /// How many cells a length is, of one side of cells, of so many at most.
    fn block(&self, length: f64) -> (usize, usize) {
        let size = |side: f64, count: usize| whole((length / side).ceil()).min(count);
        (
            size(self.cell.0, self.columns),
            size(self.cell.1, self.rows),
        )
    }

    fn sums(&self, count: impl Fn(&Cell) -> u32) -> Sums {
        Sums::new(self.cells.iter().map(count), self.columns, self.rows)
    }

    /// The cells from which on blocks of the size of a letter are covered.
    fn blocks(&self, covered: impl Fn(&Cell) -> bool) -> Blocks {
        let (across, up) = self.block(BLOCK);
        let sums = self.sums(|cell| u32::from(covered(cell)));
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
            starts: Sums::new(
                starts.iter().map(|start| u32::from(*start)),
                self.columns,
                self.rows,
            ),
            size: (across, up),
        }
    }
}

/// What of a mark hides what is beneath it.
pub(crate) struct Inks {
    /// How many cells are covered, how many may look like paper, how much ink is on all.
    covered: Sums,
    pale: Sums,
    ink: Sums,
    /// Blocks of any ink, and those of areas alone.
    pub(crate) all: Blocks,
    areas: Blocks,
}

impl Inks {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "clamped to 0..=100 just before"
    )]
    pub(crate) fn of(cover: &Cover, limits: &mut ShownLimits) -> Result<Self, PdfError> {
        limits.spend(cover.cells.len() as u64 / CELLS_A_STEP * 4)?;
        Ok(Self {
            covered: cover.sums(|cell| u32::from(cell.most >= COVERED)),
            pale: cover.sums(|cell| u32::from(cell.pale)),
            ink: cover.sums(|cell| (cell.most.clamp(0.0, 1.0) * PARTS) as u32),
            all: cover.blocks(|cell| cell.most >= COVERED),
            areas: cover.blocks(|cell| cell.solid && cell.most >= COVERED),
        })
    }

    /// Whether a letter of a line of text is covered: by a stroke that may look like paper, by a
    /// block, by more ink than leaves it to be read.
    pub(crate) fn hides(
        &self,
        cover: &Cover,
        area: &Area,
        limits: &mut ShownLimits,
    ) -> Result<bool, PdfError> {
        let core = core(area);
        if !core.meets(&cover.place) {
            return Ok(false);
        }
        let (width, height) = area.region.size();
        let line = width.min(height);
        let [(left, right), (bottom, top)] = cover.touched(&core);
        let cells = right
            .saturating_sub(left)
            .saturating_mul(top.saturating_sub(bottom));
        limits.spend(cells as u64 / CELLS_A_STEP)?;
        if self.pale.within((left, bottom), (right, top)) > 0 || self.all.meet(cover, &core) {
            return Ok(true);
        }
        let (across, up) = cover.block(BLOCK.min(line * BLOCK_SHARE));
        let (across, up) = (across.min(right - left), up.min(top - bottom));
        let full = u32::try_from(across.saturating_mul(up)).unwrap_or(u32::MAX);
        let blocks = Windows {
            sums: &self.covered,
            from: (left, bottom),
            to: (right, top),
        };
        if blocks.any((across, up), f64::from(full)) {
            return Ok(true);
        }
        // A window of the whole height of the line, as far as it is in the place.
        let (across, up) = match width < height {
            true => (
                (width / cover.cell.0).ceil(),
                (line * DENSE_SHARE / cover.cell.1).ceil(),
            ),
            false => (
                (line * DENSE_SHARE / cover.cell.0).ceil(),
                (core.size().1 / cover.cell.1).ceil(),
            ),
        };
        let most = across.max(1.0) * up.max(1.0) * DENSE * PARTS;
        let size = (whole(across).min(right - left), whole(up).min(top - bottom));
        let windows = Windows {
            sums: &self.ink,
            ..blocks
        };
        Ok(windows.any(size, most))
    }

    /// Whether some of an image is gone for who sees it.
    pub(crate) fn wipes(&self, cover: &Cover, region: &Region) -> bool {
        if !region.meets(&cover.place) {
            return false;
        }
        let [(left, right), (bottom, top)] = cover.touched(region);
        self.pale.within((left, bottom), (right, top)) > 0 || self.areas.meet(cover, region)
    }
}

/// Places of one size within a part of the cells.
struct Windows<'s> {
    sums: &'s Sums,
    from: (usize, usize),
    to: (usize, usize),
}

impl Windows<'_> {
    /// Whether one of them holds as much as this.
    fn any(&self, (across, up): (usize, usize), least: f64) -> bool {
        if across == 0 || up == 0 {
            return false;
        }
        (self.from.1..=self.to.1.saturating_sub(up)).any(|row| {
            (self.from.0..=self.to.0.saturating_sub(across)).any(|column| {
                let to = (column.saturating_add(across), row.saturating_add(up));
                f64::from(self.sums.within((column, row), to)) >= least
            })
        })
    }
}

/// Where covered blocks begin.
pub(crate) struct Blocks {
    starts: Sums,
    size: (usize, usize),
    pub(crate) count: usize,
}

impl Blocks {
    /// Whether one of them holds a cell that touches a region.
    fn meet(&self, cover: &Cover, region: &Region) -> bool {
        if self.count == 0 || !region.meets(&cover.place) {
            return false;
        }
        let [(left, right), (bottom, top)] = cover.touched(region);
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
    fn new(cells: impl Iterator<Item = u32>, columns: usize, rows: usize) -> Self {
        let wide = columns.saturating_add(1);
        let mut sums = vec![0_u32; wide.saturating_mul(rows.saturating_add(1))];
        let mut along = 0_u32;
        for (place, count) in cells.enumerate() {
            let (column, row) = (place % columns, place / columns);
            along = count.saturating_add(if column == 0 { 0 } else { along });
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
