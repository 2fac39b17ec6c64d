//! Places for signatures that nobody has signed in: some readers paint a sign of their own there.

use crate::object::{Dictionary, ObjectId};
use crate::readings::Varies;
use crate::readings_walk::Walk;
use crate::shown::{Mass, Place, Shown, ShownLimits, is_hidden};

/// Most places that are looked at, and the least side of one that anything is seen in, in points.
const PLACES_MAX: usize = 64;
const SIDE_MIN: f64 = 4.0;

/// Most operators and bytes of the pages around them.
const OPERATORS_MAX: u64 = 500_000;
const BYTES_MAX: u64 = 8 * 1024 * 1024;

impl Walk<'_, '_> {
    /// Takes note of a widget without an appearance, if it is such a place.
    pub(crate) fn unsigned_place(&mut self, page: ObjectId, widget: &Dictionary) {
        let flags = self.value(widget, b"F").as_integer().unwrap_or(0);
        if is_hidden(flags) || self.unsigned.len() >= PLACES_MAX {
            return;
        }
        if !self.is_unsigned(widget) {
            return;
        }
        let rect = self.pdf.rectangle(widget, b"Rect").ok().flatten();
        if let Some([left, bottom, right, top]) = rect
            && (right - left).abs() >= SIDE_MIN
            && (top - bottom).abs() >= SIDE_MIN
        {
            self.unsigned.push((page, [left, bottom, right, top]));
        }
    }

    /// Whether text or an image lies beneath one of them: it is hidden where readers paint.
    pub(crate) fn unsigned_places(&mut self) {
        let mut limits = ShownLimits {
            operators_left: OPERATORS_MAX,
            bytes_left: BYTES_MAX,
            ..ShownLimits::default()
        };
        let mut last: Option<(ObjectId, Shown)> = None;
        for (page, rect) in std::mem::take(&mut self.unsigned) {
            let shown = match last.take().filter(|(known, _)| *known == page) {
                Some((_, shown)) => Ok(shown),
                None => self.pdf.shown_by_page(page, &mut limits),
            };
            let Ok(shown) = shown else {
                // Nobody knows what is beneath.
                return self.varies(Varies::Unpainted);
            };
            let beneath = Shown::beneath([&shown], rect, Place::Mark, &mut limits);
            if !matches!(beneath, Ok(None | Some(Mass::Figure))) {
                return self.varies(Varies::Unpainted);
            }
            last = Some((page, shown));
        }
    }
}
