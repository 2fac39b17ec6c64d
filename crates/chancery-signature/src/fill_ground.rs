//! Whether a value that was filled in is seen: on its ground, and beneath nothing.

use std::collections::HashSet;
use std::rc::Rc;

use chancery_pdf::{Dictionary, GroundColour, Object, ObjectId, PdfError, is_hidden};

use crate::changes::Comparison;
use crate::changes_fill::Filled;
use crate::fill_drawn::Way;
use crate::fill_look::CONTRAST_MIN;
use crate::fill_measure::{brightness, within};

/// How far another annotation may reach into a widget, in points: borders touch.
const TOUCH: f64 = 2.0;
/// How many places are compared for what reading one byte costs.
const PLACES_A_BYTE: u64 = 16;

/// The places of the annotations of a page that paint something, by their object numbers.
pub(crate) type Painted = Rc<Vec<(Option<u32>, [f64; 4])>>;

impl Comparison<'_, '_> {
    /// Whether what a widget shows now is seen by every reader. What stands before others in a
    /// page's list is beneath them for some readers, and above them for others.
    pub(crate) fn is_seen(
        &mut self,
        filled: &Filled,
        id: ObjectId,
        own: &HashSet<u32>,
    ) -> Result<bool, PdfError> {
        let Object::Dictionary(widget) = self.after.get(id)? else {
            return Ok(false);
        };
        let flags = self.after.value(&widget, b"F")?.as_integer().unwrap_or(0);
        let rect = self.after.rectangle(&widget, b"Rect")?;
        let Some(rect) = rect.filter(|_| !is_hidden(flags)) else {
            return Ok(true);
        };
        let [a, b, c, d] = rect;
        let rect = [a.min(c), b.min(d), a.max(c), b.max(d)];
        let inks = self.inks_of(filled, &widget)?;
        let pages = self.pages_after()?.all_showing(id.number);
        let pages: Vec<ObjectId> = pages.map(|(page, _)| page.id).collect();
        for page in pages {
            let others = self.painted_on(page)?;
            self.looks.spend(others.len() as u64 / PLACES_A_BYTE);
            let covers = others.iter().any(|(number, place)| {
                let [left, bottom, right, top] = within(rect, *place);
                let meets = right - left > TOUCH && top - bottom > TOUCH;
                meets && number.is_none_or(|number| !own.contains(&number))
            });
            if covers {
                return Ok(false);
            }
            if let Some((darkest, lightest)) = inks {
                let ground = self.shown.ground(self.before, page, rect, own)?;
                let Some(ground) = self.brightness_of(ground)? else {
                    return Ok(false);
                };
                let differs = |ink: f64| (ink - ground).abs() >= CONTRAST_MIN;
                if !differs(darkest) || !differs(lightest) {
                    return Ok(false);
                }
            }
        }
        Ok(true)
    }

    /// The darkest and the lightest of what is written upon the page itself.
    fn inks_of(
        &self,
        filled: &Filled,
        widget: &Dictionary,
    ) -> Result<Option<(f64, f64)>, PdfError> {
        if !matches!(filled.kind.as_slice(), b"Tx" | b"Ch") {
            return Ok(None);
        }
        let Some(appearance) = widget.get(b"AP") else {
            let look = self.after.value(widget, b"MK")?;
            let look = look.as_dictionary().cloned().unwrap_or_default();
            let ground = self.after.value(&look, b"BG")?;
            let way = self.way_of(widget.clone())?;
            let way = way.as_deref().and_then(Way::read);
            let bare = ground.as_array().is_none_or(<[Object]>::is_empty);
            return Ok(way.filter(|_| bare).map(|way| (way.ink, way.ink)));
        };
        self.inks_in(appearance)
    }

    /// What of the annotations of a page paints.
    fn painted_on(&self, page: ObjectId) -> Result<Painted, PdfError> {
        if let Some(known) = self.looks.painted(page.number) {
            return Ok(known);
        }
        let page_object = self.after.get(page)?;
        let page_object = page_object.as_dictionary().cloned().unwrap_or_default();
        let list = self.after.value(&page_object, b"Annots")?;
        let mut painted = Vec::new();
        for one in list.as_array().unwrap_or(&[]) {
            let number = one.as_reference().map(|id| id.number);
            let Object::Dictionary(one) = self.after.resolve(one)? else {
                continue;
            };
            let flags = self.after.value(&one, b"F")?.as_integer().unwrap_or(0);
            let kind = self.after.value(&one, b"Subtype")?;
            let paints = match (one.get(b"AP"), kind.as_name()) {
                (_, Some(b"Popup")) | (None, Some(b"Link" | b"Widget")) => false,
                (None, _) => true,
                (Some(_), _) => !self.after.is_blank(&one).unwrap_or(false),
            };
            let rect = self.after.rectangle(&one, b"Rect")?;
            if let Some([a, b, c, d]) = rect.filter(|_| paints && !is_hidden(flags)) {
                painted.push((number, [a.min(c), b.min(d), a.max(c), b.max(d)]));
            }
        }
        self.looks.spend_elements(painted.len());
        let painted = Rc::new(painted);
        self.looks.keep_painted(page.number, &painted);
        Ok(painted)
    }

    /// How bright a colour is; nothing where a file explains it itself and nobody knows how.
    fn brightness_of(&self, ground: Option<GroundColour>) -> Result<Option<f64>, PdfError> {
        let Some(GroundColour { space, mut parts }) = ground else {
            return Ok(None);
        };
        if let Some(space) = space {
            let mut space = self.before.get(space)?;
            if let Object::Array(named) = &space {
                let [_, profile] = &named[..] else {
                    return Ok(None);
                };
                space = self.before.resolve(profile)?;
            }
            let count = match &space {
                Object::Stream(profile) => self.before.value(&profile.dictionary, b"N")?,
                // Of red, green and blue, if it has more than one.
                Object::Dictionary(_) if parts.get(1) == parts.first() => Object::Integer(3),
                _ => return Ok(None),
            };
            match count.as_integer() {
                Some(1) => parts.truncate(1),
                Some(3) => parts.truncate(3),
                Some(4) => {}
                _ => return Ok(None),
            }
        }
        Ok(brightness(&parts))
    }
}
