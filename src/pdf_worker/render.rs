//! A page as an image and as text, by hayro. Runs in the child only.

use std::hash::{DefaultHasher, Hasher as _};
use std::sync::Arc;

use hayro::hayro_interpret::font::{FontData, FontQuery, StandardFont};
use hayro::hayro_interpret::util::TransformExt as _;
use hayro::hayro_interpret::{Context, InterpreterCache, InterpreterSettings, interpret_page};
use hayro::hayro_syntax::Pdf;
use hayro::hayro_syntax::page::Page;
use hayro::kurbo::{Affine, Rect};
use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::{PixmapSettings, RenderCache, RenderSettings, render};

use super::WorkerError;
use super::text::{PageText, TextDevice};
use super::wire::{PageImage, TILE_PIXELS};

/// The resolution of page images: sharp on a desk, small enough for a phone.
pub const DPI: u32 = 110;
/// The resolutions that may be asked for.
const DPI_RANGE: std::ops::RangeInclusive<u32> = 36..=300;
/// The longest side of an image, pixels: a poster is shown smaller rather than refused.
const SIDE_MAX: f32 = 5_000.0;
/// The most pixels of an image (64 MB of memory).
const PIXELS_MAX: f32 = 16_000_000.0;
/// The most bytes of a page's content once unpacked: a dense technical drawing has a few million,
/// and a packed file of a hundred kilobytes can hold a hundred million.
const CONTENT_BYTES_MAX: usize = 24_000_000;
/// PDF's unit is a 72nd of an inch.
const POINTS_PER_INCH: f32 = 72.0;

/// One opened file with its caches.
pub struct Renderer<'a> {
    pdf: &'a Pdf,
    /// With the standard fonts as they should look: they have no Cyrillic.
    latin: Fonts<'a>,
    /// With fonts that have Cyrillic, for pages that show some.
    cyrillic: Fonts<'a>,
}

/// How fonts that a file does not carry are replaced, with what was drawn so far.
struct Fonts<'a> {
    settings: InterpreterSettings,
    images: RenderCache<'a>,
}

impl<'a> Renderer<'a> {
    /// Over an opened file.
    #[must_use]
    pub fn new(pdf: &'a Pdf) -> Self {
        let cyrillic = InterpreterSettings {
            font_resolver: Arc::new(|query| Some(with_cyrillic(query))),
            ..InterpreterSettings::default()
        };
        Self {
            pdf,
            latin: Fonts {
                settings: InterpreterSettings::default(),
                images: RenderCache::new(),
            },
            cyrillic: Fonts {
                settings: cyrillic,
                images: RenderCache::new(),
            },
        }
    }

    /// How many pages.
    #[must_use]
    pub fn pages_count(&self) -> u32 {
        u32::try_from(self.pdf.pages().len()).unwrap_or(u32::MAX)
    }

    fn page(&self, page: u32) -> Result<&'a Page<'a>, WorkerError> {
        let index = usize::try_from(page).map_err(|_| WorkerError::NoSuchPage)?;
        self.pdf.pages().get(index).ok_or(WorkerError::NoSuchPage)
    }

    /// A page as PNG.
    ///
    /// # Errors
    ///
    /// [`WorkerError::NoSuchPage`], [`WorkerError::TooLarge`] for more content than
    /// [`CONTENT_BYTES_MAX`], [`WorkerError::Unsupported`] for a resolution or a page size that no
    /// image can have.
    pub fn image(&self, page: u32, dpi: u32) -> Result<PageImage, WorkerError> {
        let page = self.bounded_page(page)?;
        if !DPI_RANGE.contains(&dpi) {
            return Err(WorkerError::Unsupported);
        }
        let scale = scale_of(page.render_dimensions(), dpi).ok_or(WorkerError::Unsupported)?;
        let fonts = if has_cyrillic(&self.text_of(page)) {
            &self.cyrillic
        } else {
            &self.latin
        };
        let pixmap = render(
            page,
            &fonts.images,
            &fonts.settings,
            &RenderSettings::default(),
            &PixmapSettings {
                x_scale: scale,
                y_scale: scale,
                bg_color: WHITE,
            },
        );
        let (width, height) = (u32::from(pixmap.width()), u32::from(pixmap.height()));
        let tiles = tiles_of(pixmap.data_as_u8_slice(), usize::from(pixmap.width()));
        let png = pixmap.into_png().map_err(|_| WorkerError::Crashed)?;
        Ok(PageImage {
            width,
            height,
            png,
            tiles,
        })
    }

    /// A page's text.
    ///
    /// # Errors
    ///
    /// [`WorkerError::NoSuchPage`], [`WorkerError::TooLarge`].
    pub fn text(&self, page: u32) -> Result<PageText, WorkerError> {
        Ok(self.text_of(self.bounded_page(page)?))
    }

    /// A page whose unpacked content is no more than a page may have.
    fn bounded_page(&self, page: u32) -> Result<&'a Page<'a>, WorkerError> {
        let page = self.page(page)?;
        let content = page.page_stream().map_or(0, <[u8]>::len);
        if content > CONTENT_BYTES_MAX {
            return Err(WorkerError::TooLarge);
        }
        Ok(page)
    }

    fn text_of(&self, page: &'a Page<'a>) -> PageText {
        let (width, height) = page.render_dimensions();
        let cache = InterpreterCache::new();
        let mut context = Context::new(
            page.initial_transform(true).to_kurbo(),
            Rect::new(0.0, 0.0, f64::from(width), f64::from(height)),
            &cache,
            page.xref(),
            self.latin.settings.clone(),
        );
        let mut device = TextDevice::new(Affine::IDENTITY, width, height);
        interpret_page(page, &mut context, &mut device);
        device.finish()
    }
}

/// Pixels a point, smaller than asked if the page is huge; `None` if it has no area.
fn scale_of((width, height): (f32, f32), dpi: u32) -> Option<f32> {
    let usable = |side: f32| side.is_finite() && side > 0.0;
    if !usable(width) || !usable(height) {
        return None;
    }
    // The range of resolutions is exact in a float.
    let asked = dpi as f32 / POINTS_PER_INCH;
    let by_side = SIDE_MAX / width.max(height);
    let by_area = (PIXELS_MAX / (width * height)).sqrt();
    let scale = asked.min(by_side).min(by_area);
    (width * scale >= 1.0 && height * scale >= 1.0).then_some(scale)
}

/// The numbers of an image's squares. `pixels` are rows of `width` pixels of four bytes. Every
/// process of this program numbers alike: the hasher has no key of its own.
fn tiles_of(pixels: &[u8], width: usize) -> Vec<u64> {
    let side = TILE_PIXELS as usize;
    let (row, tile) = (width.saturating_mul(4).max(1), side.saturating_mul(4));
    let mut tiles = Vec::new();
    for rows in pixels.chunks(row.saturating_mul(side)) {
        let mut hashers = vec![DefaultHasher::new(); width.div_ceil(side)];
        for row in rows.chunks(row) {
            for (hasher, pixels) in hashers.iter_mut().zip(row.chunks(tile)) {
                hasher.write(pixels);
            }
        }
        tiles.extend(hashers.iter().map(DefaultHasher::finish));
    }
    tiles
}

fn has_cyrillic(text: &PageText) -> bool {
    text.text
        .chars()
        .any(|c| matches!(c, '\u{400}'..='\u{52f}' | '№' | '₽'))
}

/// DejaVu in place of the standard fonts. The condensed cuts are nearest in width to Helvetica and
/// Times; the renderer stretches each glyph to the width that the file states.
fn with_cyrillic(query: &FontQuery) -> (FontData, u32) {
    let standard = match query {
        FontQuery::Standard(font) => *font,
        FontQuery::Fallback(wanted) => wanted.pick_standard_font(),
    };
    let bytes: &'static [u8] = match standard {
        StandardFont::Helvetica => dejavu::sans_condensed::regular(),
        StandardFont::HelveticaBold => dejavu::sans_condensed::bold(),
        StandardFont::HelveticaOblique => dejavu::sans_condensed::oblique(),
        StandardFont::HelveticaBoldOblique => dejavu::sans_condensed::bold_oblique(),
        StandardFont::Courier => dejavu::sans_mono::regular(),
        StandardFont::CourierBold => dejavu::sans_mono::bold(),
        StandardFont::CourierOblique => dejavu::sans_mono::oblique(),
        StandardFont::CourierBoldOblique => dejavu::sans_mono::bold_oblique(),
        StandardFont::TimesRoman => dejavu::serif_condensed::regular(),
        StandardFont::TimesBold => dejavu::serif_condensed::bold(),
        StandardFont::TimesItalic => dejavu::serif_condensed::italic(),
        StandardFont::TimesBoldItalic => dejavu::serif_condensed::bold_italic(),
        StandardFont::ZapfDingBats | StandardFont::Symbol => return standard.get_font_data(),
    };
    (Arc::new(bytes), 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_pixel_changes_its_square_alone() {
        let white = vec![255; 40 * 20 * 4];
        let before = tiles_of(&white, 40);
        assert_eq!(before.len(), 3 * 2);
        let mut dotted = white.clone();
        dotted[(17 * 40 + 39) * 4] = 0;
        let changed = before.iter().zip(tiles_of(&dotted, 40));
        let changed: Vec<bool> = changed.map(|(before, now)| *before != now).collect();
        assert_eq!(changed, [false, false, false, false, false, true]);
        assert!(tiles_of(&[], 0).is_empty());
    }

    #[test]
    fn a_poster_is_shown_smaller_and_a_point_is_refused() {
        let a4 = scale_of((595.0, 842.0), 110).expect("a scale");
        assert!((a4 - 110.0 / 72.0).abs() < 0.001);
        let poster = scale_of((14_400.0, 14_400.0), 110).expect("a scale");
        assert!(14_400.0 * poster <= 4_001.0);
        assert_eq!(scale_of((0.0, 100.0), 110), None);
        assert_eq!(scale_of((f32::NAN, 100.0), 110), None);
        assert_eq!(scale_of((0.001, 14_400.0), 110), None);
    }
}
