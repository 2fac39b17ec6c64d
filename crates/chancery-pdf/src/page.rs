//! The page tree, walked without trust: no loop, no depth and no number of pages can hold us.

use std::collections::HashSet;

use crate::error::PdfError;
use crate::object::{Dictionary, Object, ObjectId};
use crate::reader::Pdf;

/// A page and what it inherits.
#[derive(Clone, Debug, PartialEq)]
pub struct Page {
    /// The page object.
    pub id: ObjectId,
    /// Left, bottom, right, top in points (1/72 inch), in any order the file gives.
    pub media_box: [f64; 4],
    /// The visible part, if the file says so.
    pub crop_box: Option<[f64; 4]>,
    /// Clockwise turn in degrees: 0, 90, 180 or 270.
    pub rotate: u16,
}

/// A page's size as it is seen, in points.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PageSize {
    /// Left to right.
    pub width: f64,
    /// Bottom to top.
    pub height: f64,
}

impl Page {
    /// The visible size, turned as the page is turned.
    #[must_use]
    pub fn size(&self) -> PageSize {
        let [left, bottom, right, top] = self.crop_box.unwrap_or(self.media_box);
        let (width, height) = ((right - left).abs(), (top - bottom).abs());
        match self.rotate {
            90 | 270 => PageSize {
                width: height,
                height: width,
            },
            _ => PageSize { width, height },
        }
    }
}

/// What a node hands down to its children (7.7.3.4).
#[derive(Clone, Copy)]
struct Inherited {
    media_box: [f64; 4],
    crop_box: Option<[f64; 4]>,
    rotate: u16,
}

impl Pdf<'_> {
    /// All pages in order.
    ///
    /// # Errors
    ///
    /// * [`PdfError::PageTreeLoop`]: a node is its own ancestor or stands twice.
    /// * [`PdfError::LimitExceeded`]: more than `pages_max` pages, or deeper than `depth_max`.
    /// * [`PdfError::WrongType`]: a node that is no dictionary.
    pub fn pages(&self) -> Result<Vec<Page>, PdfError> {
        let root = self.page_tree_root()?;
        // US Letter is what common readers assume where the box is missing.
        let none = Inherited {
            media_box: [0.0, 0.0, 612.0, 792.0],
            crop_box: None,
            rotate: 0,
        };
        let mut pages = Vec::new();
        let mut visited = HashSet::new();
        let mut waiting = vec![(root, none, 0_u32)];
        while let Some((id, inherited, depth)) = waiting.pop() {
            let Object::Dictionary(node) = self.get(id)? else {
                return Err(PdfError::WrongType {
                    what: "a page tree node",
                });
            };
            let inherited = self.inherit(&node, inherited)?;
            let kids = self.value(&node, b"Kids")?;
            let Some(kids) = kids.as_array().filter(|_| !node.is_name(b"Type", b"Page")) else {
                let Inherited {
                    media_box,
                    crop_box,
                    rotate,
                } = inherited;
                pages.push(Page {
                    id,
                    media_box,
                    crop_box,
                    rotate,
                });
                if pages.len() as u64 > u64::from(self.limits.pages_max) {
                    return Err(self.limit("pages_max", self.limits.pages_max));
                }
                continue;
            };
            if !visited.insert(id) {
                return Err(PdfError::PageTreeLoop { number: id.number });
            }
            if depth >= self.limits.depth_max {
                return Err(self.limit("depth_max", self.limits.depth_max));
            }
            let room = self.limits.pages_max as usize;
            if waiting.len().saturating_add(kids.len()) > room.saturating_add(1024) {
                return Err(self.limit("pages_max", self.limits.pages_max));
            }
            for kid in kids.iter().rev() {
                let kid = kid
                    .as_reference()
                    .ok_or(PdfError::WrongType { what: "/Kids" })?;
                waiting.push((kid, inherited, depth.saturating_add(1)));
            }
        }
        Ok(pages)
    }

    pub(crate) fn limit(&self, limit: &'static str, max: u32) -> PdfError {
        PdfError::LimitExceeded {
            limit,
            max: u64::from(max),
        }
    }

    /// The root of the page tree.
    ///
    /// # Errors
    ///
    /// [`PdfError::WrongType`] if the catalog names none.
    pub fn page_tree_root(&self) -> Result<ObjectId, PdfError> {
        let root = self.catalog()?.get(b"Pages").and_then(Object::as_reference);
        root.ok_or(PdfError::WrongType { what: "/Pages" })
    }

    fn inherit(&self, node: &Dictionary, from: Inherited) -> Result<Inherited, PdfError> {
        let rotate = match self.value(node, b"Rotate")?.as_integer() {
            Some(turn) => u16::try_from(turn.rem_euclid(360)).unwrap_or(0) / 90 * 90,
            None => from.rotate,
        };
        Ok(Inherited {
            media_box: self.rectangle(node, b"MediaBox")?.unwrap_or(from.media_box),
            crop_box: self.rectangle(node, b"CropBox")?.or(from.crop_box),
            rotate,
        })
    }

    /// Four numbers under `key`, or nothing.
    ///
    /// # Errors
    ///
    /// As [`Pdf::indirect`].
    pub fn rectangle(
        &self,
        dictionary: &Dictionary,
        key: &[u8],
    ) -> Result<Option<[f64; 4]>, PdfError> {
        let value = self.value(dictionary, key)?;
        let Some([left, bottom, right, top]) = value.as_array() else {
            return Ok(None);
        };
        let mut numbers = [0.0; 4];
        for (number, object) in numbers.iter_mut().zip([left, bottom, right, top]) {
            let Some(value) = self.resolve(object)?.as_number() else {
                return Ok(None);
            };
            *number = value;
        }
        Ok(Some(numbers))
    }
}
