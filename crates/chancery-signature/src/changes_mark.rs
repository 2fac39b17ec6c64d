//! The part of a revision's changes that a signer's mark brings: what it covers of its page.
//!
//! Whoever signs later may hide with a small mark what was signed before: an amount, a clause, the
//! "not" of a sentence. A place that the signed revision had set aside for a signature is agreed; a
//! place of the later signer's own choice has to be empty. What a mark paints is not asked: letters
//! of its own over others say something else as well.

use std::collections::{HashMap, HashSet};

use chancery_pdf::page::Page;
use chancery_pdf::{
    Dictionary, GroundColour, Hiding, Mass, Object, ObjectId, Pdf, PdfError, Place, Shown,
    ShownLimits, is_hidden,
};

use crate::changes::Comparison;
use crate::facts::{Beneath, Change};

/// The farthest from the origin, in points, that a mark may stand: readers count with other numbers
/// beyond (ISO 32000-1, annex C.2).
const PLACE_MAX: f64 = 100_000.0;
/// What is wrong with a mark of which readers differ where it is.
const PLACES: [&str; 3] = ["/BBox", "/Matrix", "/Rect"];
/// What such a mark covers.
const EVERYWHERE: [f64; 4] = [-1.0e6, -1.0e6, 1.0e6, 1.0e6];
/// How far, in points and as a share of a field's height, lines of text above and below a field may
/// reach into it: labels stand close, and their letters' tails are thought longer than they are.
const TAIL_MAX: f64 = 3.0;
const TAIL_SHARE: f64 = 0.15;
/// How much of the images in a place that was set aside a mark may cover, in percent: a scanned
/// page is one, and nobody can tell what it shows.
const IMAGE_PERCENT_MAX: u8 = 30;
/// How many annotations of a page are asked what they show for what one operator costs.
const LAYERS_A_STEP: u64 = 8;
/// Flags of an annotation that does not grow or turn with its page (ISO 32000-2, 12.5.3): what it
/// covers is another place on every screen.
const NO_ZOOM: i64 = 8;
const NO_ROTATE: i64 = 16;

/// What pages show, of those that a mark was put on: each is read once, however many marks come.
#[derive(Default)]
pub(crate) struct PagesShown {
    limits: ShownLimits,
    pages: HashMap<u32, PageShown>,
}

/// What is known of one page; nothing yet, or that it cannot be read.
#[derive(Default)]
struct PageShown {
    content: Option<Result<Shown, PdfError>>,
    annotations: Option<Result<Annotations, PdfError>>,
}

/// What each annotation of a page shows, by its object number where it has one.
type Annotations = Vec<(Option<u32>, Shown)>;

/// What each annotation of a page of `pdf` shows.
fn each_annotation(
    pdf: &Pdf<'_>,
    page: ObjectId,
    limits: &mut ShownLimits,
) -> Result<Annotations, PdfError> {
    let Object::Dictionary(page) = pdf.get(page)? else {
        return Err(PdfError::WrongType { what: "a page" });
    };
    let list = pdf.value(&page, b"Annots")?;
    let mut shown = Vec::new();
    for annotation in list.as_array().unwrap_or(&[]) {
        let number = annotation.as_reference().map(|id| id.number);
        if let Object::Dictionary(annotation) = pdf.resolve(annotation)? {
            shown.push((number, pdf.shown_by_annotation(&annotation, limits)?));
        }
    }
    Ok(shown)
}

fn told(mass: Option<Mass>) -> Beneath {
    match mass {
        None => Beneath::Nothing,
        Some(Mass::Text) => Beneath::Text,
        Some(Mass::Image) => Beneath::Image,
        Some(Mass::Figure) => Beneath::Drawing,
    }
}

impl PagesShown {
    /// What stands beneath `rect` in `before`, on the page that is object `page`, beside what the
    /// widgets `own` show themselves.
    fn beneath(
        &mut self,
        before: &Pdf<'_>,
        page: ObjectId,
        (rect, place): ([f64; 4], Place),
        own: &HashSet<u32>,
    ) -> Beneath {
        let (layers, unread, limits) = self.layers(before, page, own);
        let found = Shown::beneath(layers, rect, place, limits);
        let found = found.map_or(Beneath::Unread, told);
        match unread {
            true => found.max(Beneath::Unread),
            false => found,
        }
    }

    /// What is shown on the page that is object `page`, beside what the widgets `own` show; whether
    /// some of it could not be read.
    fn layers(
        &mut self,
        before: &Pdf<'_>,
        page: ObjectId,
        own: &HashSet<u32>,
    ) -> (Vec<&Shown>, bool, &mut ShownLimits) {
        let Self { limits, pages } = self;
        let known = pages.entry(page.number).or_default();
        let content = known
            .content
            .get_or_insert_with(|| before.shown_by_page(page, limits));
        let annotations = known
            .annotations
            .get_or_insert_with(|| each_annotation(before, page, limits));
        let many = annotations.as_ref().map_or(0, Vec::len) as u64;
        if limits.spend(many / LAYERS_A_STEP).is_err() {
            return (Vec::new(), true, limits);
        }
        let (mut layers, mut unread) = (Vec::new(), false);
        match content {
            Ok(shown) => layers.push(&*shown),
            Err(_) => unread = true,
        }
        match annotations {
            Ok(each) => layers.extend(
                each.iter()
                    .filter(|(number, _)| number.is_none_or(|number| !own.contains(&number)))
                    .map(|(_, shown)| shown),
            ),
            Err(_) => unread = true,
        }
        (layers, unread, limits)
    }

    /// The colour of the ground that a field stands on, if it is even and known.
    pub(crate) fn ground(
        &mut self,
        before: &Pdf<'_>,
        page: ObjectId,
        rect: [f64; 4],
        own: &HashSet<u32>,
    ) -> Result<Option<GroundColour>, PdfError> {
        let (layers, unread, limits) = self.layers(before, page, own);
        match unread {
            true => Ok(None),
            false => Shown::ground(layers, inner(rect, TAIL_MAX), limits),
        }
    }

    /// Whether a mark of `after` shows nothing, and what it hides of the page of `before` that is
    /// object `page`.
    fn hidden_by(
        &mut self,
        (before, after): (&Pdf<'_>, &Pdf<'_>),
        page: ObjectId,
        (mark, rect): (&Dictionary, [f64; 4]),
        own: &HashSet<u32>,
    ) -> Result<(bool, Hiding), PdfError> {
        let mark = after.shown_by_mark(mark, &mut self.limits)?;
        let (layers, unread, limits) = self.layers(before, page, own);
        if unread && layers.is_empty() {
            return Err(PdfError::WrongType { what: "a page" });
        }
        let hiding = Shown::hidden_by(layers, rect, &mark, limits)?;
        Ok((mark.is_empty(), hiding))
    }

    /// Takes in what a mark of `after` shows: the next one must leave it to be seen.
    fn put(&mut self, after: &Pdf<'_>, page: ObjectId, (number, widget): (u32, &Dictionary)) {
        let Self { limits, pages } = self;
        if let Some(known) = pages.get_mut(&page.number)
            && let Some(Ok(shown)) = &mut known.annotations
        {
            match after.shown_by_annotation(widget, limits) {
                Ok(mark) => shown.push((Some(number), mark)),
                Err(error) => known.annotations = Some(Err(error)),
            }
        }
    }

    /// Forgets what a revision with these changes may have changed.
    pub(crate) fn forget(&mut self, changes: &[Change]) {
        for change in changes {
            match change {
                Change::SignatureAdded { .. }
                | Change::SignatureFieldAdded { .. }
                | Change::PermissionsChanged
                | Change::EvidenceAdded
                | Change::MetadataChanged
                | Change::OrphanAdded { .. } => {}
                Change::FieldFilled { .. }
                | Change::FieldLetters { .. }
                | Change::AnnotationAdded { .. } => {
                    for page in self.pages.values_mut() {
                        page.annotations = None;
                    }
                }
                Change::ContentChanged { .. }
                | Change::PagesChanged { .. }
                | Change::ActionAdded { .. }
                | Change::HiddenBytes { .. }
                | Change::Unexplained { .. } => self.pages.clear(),
            }
        }
    }
}

/// What the widgets of a field cover.
#[derive(Clone, Copy)]
pub(crate) struct Covered {
    /// The share of a page, in percent, rounded up; of several, what all of them cover.
    pub percent: u8,
    pub beneath: Beneath,
    /// The page where the gravest stands, from 1.
    pub page: Option<u32>,
}

impl Comparison<'_, '_> {
    /// What the widget of a field, and those beneath it, cover; whether the place is agreed.
    pub(crate) fn covered_by(
        &mut self,
        id: ObjectId,
        field: &Dictionary,
        agreed: bool,
    ) -> Result<Covered, PdfError> {
        let kids = self.after.value(field, b"Kids")?;
        let kids = kids.as_array().unwrap_or(&[]).iter();
        let mut widgets = vec![(id.number, field.clone())];
        for kid in kids.filter_map(Object::as_reference) {
            if let Object::Dictionary(widget) = self.after.get(kid)? {
                widgets.push((kid.number, widget));
            }
        }
        let own: HashSet<u32> = widgets.iter().map(|(number, _)| *number).collect();
        let mut covered = Covered {
            percent: 0,
            beneath: match agreed {
                true => Beneath::Agreed,
                false => Beneath::Nothing,
            },
            page: None,
        };
        let mut places = Vec::new();
        for (number, widget) in &widgets {
            let Some(rect) = self.stand(widget)? else {
                continue;
            };
            let pages = self.pages_after()?.all_showing(*number);
            let pages: Vec<(Page, u32)> = pages.map(|(page, at)| (page.clone(), at)).collect();
            for (page, at) in pages {
                covered.page = covered.page.or(Some(at));
                let share = share_of(&page, rect).max(1);
                let beneath = match agreed {
                    _ if rect == EVERYWHERE => Beneath::Unread,
                    true => self.agreed_beneath(&page, widget, rect, &own)?,
                    false => self.chosen_beneath(&page, widget, rect)?,
                };
                if beneath > covered.beneath {
                    covered.page = Some(at);
                }
                covered.beneath = covered.beneath.max(beneath);
                covered.percent = covered.percent.saturating_add(share).min(100);
                places.push((page.id, (*number, widget)));
            }
        }
        for (page, widget) in places {
            self.shown.put(self.after, page, widget);
        }
        Ok(covered)
    }

    /// Where a widget shows something: `None` if it shows nothing, everywhere if readers differ
    /// over where or over what. Of thin strips a picture can be made, of a rectangle without area
    /// some readers make one of their own.
    fn stand(&mut self, widget: &Dictionary) -> Result<Option<[f64; 4]>, PdfError> {
        let rect = self.after.rectangle(widget, b"Rect")?;
        let has_area = rect.is_some_and(|[left, bottom, right, top]| {
            (right - left).abs() > 0.0 && (top - bottom).abs() > 0.0
        });
        let is_near = rect.is_some_and(|rect| rect.iter().all(|at| at.abs() <= PLACE_MAX));
        if self.after.value(widget, b"AP")? == Object::Null {
            // What readers draw themselves they draw within it.
            return Ok(match rect {
                Some(rect) if is_near => has_area.then_some(rect),
                None if self.after.value(widget, b"Rect")? == Object::Null => None,
                _ => Some(EVERYWHERE),
            });
        }
        if self.after.is_blank(widget).unwrap_or(false) {
            return Ok(None);
        }
        // Whether anything is shown is asked of a place that has room for it.
        let mut somewhere = widget.clone();
        let room = [0.0, 0.0, 100.0, 100.0].map(Object::Real).to_vec();
        somewhere.set(b"Rect", Object::from(room));
        let shown = self.after.shown_by_mark(&somewhere, &mut self.shown.limits);
        Ok(match (shown, rect) {
            (Ok(shown), _) if shown.is_empty() => None,
            // Readers draw outside of it where its box is none.
            (Err(PdfError::WrongType { what }), _) if PLACES.contains(&what) => Some(EVERYWHERE),
            (_, Some(rect)) if has_area && is_near => Some(rect),
            _ => Some(EVERYWHERE),
        })
    }

    /// What stands beneath a place of the signer's own choice.
    fn chosen_beneath(
        &mut self,
        page: &Page,
        widget: &Dictionary,
        rect: [f64; 4],
    ) -> Result<Beneath, PdfError> {
        Ok(match self.moves(page, widget)? {
            true => Beneath::Unread,
            false => {
                let place = (rect, Place::Mark);
                self.shown
                    .beneath(self.before, page.id, place, &HashSet::new())
            }
        })
    }

    /// What a mark does in a place that was set aside for it. Whoever set it aside saw the text
    /// there, and did not see what would hide it.
    fn agreed_beneath(
        &mut self,
        page: &Page,
        widget: &Dictionary,
        rect: [f64; 4],
        own: &HashSet<u32>,
    ) -> Result<Beneath, PdfError> {
        // Pages draw the box that a mark is to stand in.
        let place = (inner(rect, TAIL_MAX), Place::Field);
        let near = self.shown.beneath(self.before, page.id, place, own);
        let found = self
            .shown
            .hidden_by((self.before, self.after), page.id, (widget, rect), own);
        let (is_empty, hiding) = match found {
            Ok(found) => found,
            // What cannot be read may hide everything.
            Err(_) if near == Beneath::Nothing => return Ok(Beneath::Agreed),
            Err(_) => return Ok(near),
        };
        if is_empty {
            return Ok(told_agreed(near));
        }
        if self.moves(page, widget)? {
            return Ok(Beneath::Unread);
        }
        Ok(match near {
            _ if hiding.text => Beneath::Text,
            // A scanned page may have its text over it, unseen.
            Beneath::Text | Beneath::Image if hiding.image => Beneath::Image,
            Beneath::Drawing | Beneath::Unread if hiding.anything => near,
            Beneath::Image if hiding.image_percent > IMAGE_PERCENT_MAX => near,
            near => told_agreed(near),
        })
    }

    /// Whether a widget covers another place than its rectangle: it stays as large and as upright
    /// as it is, whatever becomes of its page (ISO 32000-2, 12.5.3).
    fn moves(&self, page: &Page, widget: &Dictionary) -> Result<bool, PdfError> {
        let flags = self.after.value(widget, b"F")?.as_integer().unwrap_or(0);
        let turns = page.rotate != 0 && flags & NO_ROTATE != 0;
        Ok(turns || flags & NO_ZOOM != 0)
    }
}

/// What stands in a place that was set aside, and is seen beneath the mark.
fn told_agreed(near: Beneath) -> Beneath {
    match near {
        Beneath::Text => Beneath::AgreedOver,
        Beneath::Drawing => Beneath::AgreedOverDrawing,
        Beneath::Image => Beneath::AgreedOverImage,
        _ => Beneath::Agreed,
    }
}

/// What filled fields stand over.
impl Comparison<'_, '_> {
    /// What stands where a widget shows something new, beside the widgets `own` of its field; and
    /// the page of it, from 1.
    pub(crate) fn beneath_filled(
        &mut self,
        number: u32,
        widget: &Dictionary,
        own: &HashSet<u32>,
    ) -> Result<(Beneath, Option<u32>), PdfError> {
        let mut gravest = (Beneath::Nothing, None);
        let Some(rect) = self.stand(widget)? else {
            return Ok(gravest);
        };
        let flags = self.after.value(widget, b"F")?.as_integer().unwrap_or(0);
        if is_hidden(flags) {
            return Ok(gravest);
        }
        let pages = self.pages_after()?.all_showing(number);
        let pages: Vec<(Page, u32)> = pages.map(|(page, at)| (page.clone(), at)).collect();
        for (page, at) in pages {
            let beneath = match rect == EVERYWHERE || self.moves(&page, widget)? {
                true => Beneath::Unread,
                false => {
                    let place = (inner(rect, TAIL_MAX), Place::Field);
                    self.shown.beneath(self.before, page.id, place, own)
                }
            };
            if beneath > gravest.0 {
                gravest = (beneath, Some(at));
            }
        }
        Ok(gravest)
    }
}

/// A field's place without what the lines above and below it may reach into, `most` points.
fn inner([left, bottom, right, top]: [f64; 4], most: f64) -> [f64; 4] {
    let (bottom, top) = (bottom.min(top), bottom.max(top));
    let tail = most.min((top - bottom) * TAIL_SHARE);
    [left, bottom + tail, right, top - tail]
}

/// How much of its page a rectangle covers, in percent rounded up.
fn share_of(page: &Page, rect: [f64; 4]) -> u8 {
    let size = |[left, bottom, right, top]: [f64; 4]| ((right - left).abs(), (top - bottom).abs());
    let (width, height) = size(rect);
    let (across, up) = size(page.crop_box.unwrap_or(page.media_box));
    percent((width.min(across) * height.min(up)) / (across * up) * 100.0)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped to 0..=100 just before"
)]
fn percent(share: f64) -> u8 {
    if share.is_nan() {
        100
    } else {
        share.ceil().clamp(0.0, 100.0) as u8
    }
}
