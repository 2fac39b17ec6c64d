//! A place on a page, by its share of the page, so that it stays where it was at any size.

/// Ten-thousandths: the whole width, and the whole height.
pub const WHOLE: i64 = 10_000;

/// A page, or a place on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The page, from 1.
    pub page: i64,
    /// From the left and from the upper edge, in ten-thousandths; without it the page as a whole.
    pub at: Option<(i64, i64)>,
}

impl Place {
    /// A page as a whole.
    #[must_use]
    pub const fn on(page: i64) -> Self {
        Self { page, at: None }
    }

    /// As three columns have it.
    #[must_use]
    pub fn of_columns(page: Option<i64>, x: Option<i64>, y: Option<i64>) -> Option<Self> {
        Some(Self {
            page: page?,
            at: x.zip(y),
        })
    }

    /// Where somebody pressed an image of the page: `pressed` from its upper left corner, `shown`
    /// its width and height, all in the same unit. Who pressed it by a key pressed no place: then
    /// browsers say the corner itself, and the page as a whole is meant.
    #[must_use]
    pub fn of_press(page: i64, pressed: (i64, i64), shown: (i64, i64)) -> Self {
        let share = |at: i64, of: i64| {
            let share = at.clamp(0, of.max(1)).saturating_mul(WHOLE);
            share.checked_div(of.max(1)).unwrap_or(0).clamp(0, WHOLE)
        };
        let at =
            (pressed != (0, 0)).then(|| (share(pressed.0, shown.0), share(pressed.1, shown.1)));
        Self { page, at }
    }

    /// Whether it is on a page of `pages_count` and within it.
    #[must_use]
    pub fn is_within(&self, pages_count: i64) -> bool {
        let whole = 0..=WHOLE;
        let within = self
            .at
            .is_none_or(|(x, y)| whole.contains(&x) && whole.contains(&y));
        (1..=pages_count).contains(&self.page) && within
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_press_is_a_share_of_the_page_at_any_size() {
        let middle = Some((5_000, 2_500));
        assert_eq!(Place::of_press(2, (160, 113), (320, 452)).at, middle);
        assert_eq!(Place::of_press(2, (360, 254), (720, 1_016)).at, middle);
        assert_eq!(Place::of_press(2, (0, 0), (320, 452)), Place::on(2));
        let outside = Place::of_press(2, (-5, 9_000), (320, 452));
        assert_eq!(outside.at, Some((0, WHOLE)));
        assert_eq!(Place::of_press(2, (7, 7), (0, -3)).at, Some((WHOLE, WHOLE)));
        let far = Place::of_press(2, (i64::MAX, i64::MIN), (i64::MAX, i64::MAX));
        assert!(far.is_within(2));
    }

    #[test]
    fn a_place_is_on_a_page_that_is_there() {
        assert!(Place::on(1).is_within(1) && !Place::on(2).is_within(1));
        assert!(!Place::on(0).is_within(1) && !Place::on(i64::MIN).is_within(1));
        let of = |x, y| Place {
            page: 1,
            at: Some((x, y)),
        };
        assert!(of(0, WHOLE).is_within(1));
        assert!(!of(-1, 5).is_within(1) && !of(5, WHOLE + 1).is_within(1));
    }

    #[test]
    fn half_a_place_is_the_page_as_a_whole() {
        assert_eq!(
            Place::of_columns(Some(3), Some(1), None),
            Some(Place::on(3))
        );
        assert_eq!(Place::of_columns(None, Some(1), Some(2)), None);
    }
}
