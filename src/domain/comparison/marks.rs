//! Where two drawings of a page differ: rectangles to be outlined.

/// Most rectangles of one page; more are told as one around them all.
const MARKS_MAX: usize = 40;
/// Squares that are so near each other are of one rectangle: a line of text is one, not its words.
const NEAR_SQUARES: usize = 2;

/// A drawing as squares, each with a number for its pixels: row by row from the top left corner.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Grid {
    /// Width of the drawing, pixels.
    pub width: u32,
    /// Its height.
    pub height: u32,
    /// The side of a square, pixels.
    pub side: u32,
    /// The numbers.
    pub squares: Vec<u64>,
}

/// A rectangle of a drawing, pixels from its top left corner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    /// From the left.
    pub x: u32,
    /// From the top.
    pub y: u32,
    /// How wide.
    pub width: u32,
    /// How high.
    pub height: u32,
}

/// A rectangle of squares, both ends within.
#[derive(Clone, Copy)]
struct Squares {
    left: usize,
    top: usize,
    right: usize,
    bottom: usize,
}

impl Squares {
    const fn one(x: usize, y: usize) -> Self {
        Self {
            left: x,
            top: y,
            right: x,
            bottom: y,
        }
    }

    fn around(self, other: Self) -> Self {
        Self {
            left: self.left.min(other.left),
            top: self.top.min(other.top),
            right: self.right.max(other.right),
            bottom: self.bottom.max(other.bottom),
        }
    }
}

impl Grid {
    fn columns(&self) -> usize {
        usize::try_from(self.width.div_ceil(self.side.max(1))).unwrap_or(0)
    }

    fn whole(&self) -> Mark {
        Mark {
            x: 0,
            y: 0,
            width: self.width,
            height: self.height,
        }
    }

    fn mark(&self, squares: Squares) -> Mark {
        let pixels = |count: usize, most: u32| {
            let count = u32::try_from(count).unwrap_or(u32::MAX);
            count.saturating_mul(self.side).min(most)
        };
        let (x, y) = (
            pixels(squares.left, self.width),
            pixels(squares.top, self.height),
        );
        let right = pixels(squares.right.saturating_add(1), self.width);
        let bottom = pixels(squares.bottom.saturating_add(1), self.height);
        Mark {
            x,
            y,
            width: right.saturating_sub(x),
            height: bottom.saturating_sub(y),
        }
    }
}

/// Where `newer` differs from `older`, from the top; all of it if their sizes do.
#[must_use]
pub fn differing(older: &Grid, newer: &Grid) -> Vec<Mark> {
    let shape = |grid: &Grid| (grid.width, grid.height, grid.side, grid.squares.len());
    let columns = newer.columns();
    if shape(older) != shape(newer) || columns == 0 {
        return vec![newer.whole()];
    }
    let pairs = older.squares.iter().zip(&newer.squares);
    let mut differ: Vec<bool> = pairs.map(|(before, now)| before != now).collect();
    let mut found = Vec::new();
    for start in 0..differ.len() {
        if let Some(around) = take_near(&mut differ, columns, start) {
            found.push(around);
        }
    }
    if found.len() > MARKS_MAX {
        let all = found.iter().copied().reduce(Squares::around);
        found = all.into_iter().collect();
    }
    found
        .into_iter()
        .map(|squares| newer.mark(squares))
        .collect()
}

/// Takes what differs at `start` and everything that is near it, and near that.
fn take_near(differ: &mut [bool], columns: usize, start: usize) -> Option<Squares> {
    let mut around: Option<Squares> = None;
    let mut open = vec![start];
    while let Some(at) = open.pop() {
        let Some(differs) = differ.get_mut(at).filter(|differs| **differs) else {
            continue;
        };
        *differs = false;
        let (x, y) = (at.checked_rem(columns)?, at.checked_div(columns)?);
        let one = Squares::one(x, y);
        around = Some(around.map_or(one, |around| around.around(one)));
        let last = columns.saturating_sub(1);
        for y in y.saturating_sub(NEAR_SQUARES)..=y.saturating_add(NEAR_SQUARES) {
            let across = x.saturating_sub(NEAR_SQUARES)..=x.saturating_add(NEAR_SQUARES).min(last);
            let near = across.map(|x| y.saturating_mul(columns).saturating_add(x));
            open.extend(near.filter(|at| differ.get(*at) == Some(&true)));
        }
    }
    around
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Ten squares by ten, the last column and row cut; `changed` are the ones that differ.
    fn grid(changed: &[(usize, usize)]) -> Grid {
        let mut squares = vec![7; 100];
        for (x, y) in changed {
            squares[y * 10 + x] = 8;
        }
        Grid {
            width: 155,
            height: 150,
            side: 16,
            squares,
        }
    }

    fn mark(x: u32, y: u32, width: u32, height: u32) -> Mark {
        Mark {
            x,
            y,
            width,
            height,
        }
    }

    #[test]
    fn near_squares_are_one_rectangle_and_far_ones_are_not() {
        let older = grid(&[]);
        let newer = grid(&[(0, 0), (2, 1), (9, 9)]);
        let found = differing(&older, &newer);
        assert_eq!(found, [mark(0, 0, 48, 32), mark(144, 144, 11, 6)]);
        assert!(differing(&older, &older).is_empty());
    }

    #[test]
    fn what_has_another_size_differs_as_a_whole() {
        let older = Grid {
            width: 300,
            ..grid(&[])
        };
        assert_eq!(
            differing(&older, &grid(&[])),
            [grid(&[]).whole()],
            "another width"
        );
        let cut = Grid {
            squares: vec![7; 3],
            ..grid(&[])
        };
        assert_eq!(differing(&cut, &grid(&[])), [grid(&[]).whole()]);
        let none = Grid::default();
        assert_eq!(differing(&none, &none), [none.whole()]);
    }

    #[test]
    fn too_many_are_told_as_one() {
        let side = 60;
        let squares = vec![7; side * side];
        let older = Grid {
            width: 960,
            height: 960,
            side: 16,
            squares,
        };
        let mut newer = older.clone();
        for y in (0..side).step_by(4) {
            for x in (0..side).step_by(4) {
                newer.squares[y * side + x] = 8;
            }
        }
        assert_eq!(differing(&older, &newer), [mark(0, 0, 57 * 16, 57 * 16)]);
    }
}
