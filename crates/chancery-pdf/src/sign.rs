//! A signature's place in a file: everything but the signature itself.
//!
//! [`prepare_signature`] makes a tail with a hole, the caller hashes the original and the tail
//! around the hole ([`Prepared::signed_spans`]), and [`Prepared::embed`] fills it. The key and the
//! CMS structure are made elsewhere.

use std::ops::Range;

use crate::append::Update;
use crate::byte_range::ByteRange;
use crate::canvas::Typefaces;
use crate::error::PdfError;
use crate::lift;
use crate::limits::Limits;
use crate::lock::FieldLock;
use crate::mark;
use crate::object::{Object, ObjectId};
use crate::page::Page;
use crate::reader::Pdf;
use crate::sheet::{self, MarkPlan, Slot};
use crate::sheet_slots;
use crate::sign_dictionary::{self, CONTENTS_BYTES_MAX};
use crate::sign_field::{self, NewField};
use crate::sign_standing::Standing;

/// How the signature in `/Contents` is encoded (ISO 32000-2:2020, 12.8.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SubFilter {
    /// `ETSI.CAdES.detached`: PAdES.
    EtsiCadesDetached,
    /// `adbe.pkcs7.detached`: what older readers know.
    AdbePkcs7Detached,
}

/// What the author allows after certifying (12.8.2.2, table 257).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Certification {
    /// P = 1: nothing.
    NoChanges,
    /// P = 2: filling forms and signing.
    FillAndSign,
    /// P = 3: also annotating.
    FillSignAndAnnotate,
}

impl Certification {
    /// `/P`.
    #[must_use]
    pub const fn level(self) -> i64 {
        match self {
            Self::NoChanges => 1,
            Self::FillAndSign => 2,
            Self::FillSignAndAnnotate => 3,
        }
    }
}

/// Which field is signed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FieldTarget {
    /// A new one. If its name is taken it gets a number.
    #[default]
    New,
    /// The empty signature field of this full name, as it stands: its place and look are the
    /// author's, so no mark is drawn.
    Existing,
}

/// What to prepare. Text is written as given; nothing in it is ever proof of anything.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignaturePlan<'f> {
    /// The name of the field: of a new one without points, of an existing one in full.
    pub field_name: String,
    /// Which field it names.
    pub target: FieldTarget,
    /// Bytes reserved for the CMS structure, before hexadecimal encoding.
    pub contents_bytes: usize,
    /// The encoding.
    pub sub_filter: SubFilter,
    /// `/M`: a PDF date with its zone, as `D:20260731120000+03'00'`.
    pub signing_time: String,
    /// `/Name`.
    pub name: Option<String>,
    /// `/Reason`.
    pub reason: Option<String>,
    /// `/Location`.
    pub location: Option<String>,
    /// `/ContactInfo`.
    pub contact: Option<String>,
    /// Certifies the file: only possible for its first signature.
    pub certification: Option<Certification>,
    /// What the signature locks. An existing field's own lock is taken over without being named
    /// here.
    pub lock: Option<FieldLock>,
    /// The visible mark on the signature sheet; without it the signature is invisible.
    pub mark: Option<MarkPlan<'f>>,
    /// How many empty fields the first signature leaves in further slots of its sheet, as far as
    /// there are any: in a certified file marks can be seen in these only.
    pub kept_fields: u16,
}

/// Where a signature can be seen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum MarkPlace {
    /// Nowhere on the pages: none was asked for, no slot was left, or the file is certified without
    /// a field for it or signed without a sheet, so that adding one would break what is there.
    Invisible,
    /// On a page of the signature sheet.
    Sheet {
        /// The page, from 0.
        page_index: u32,
        /// Left, bottom, right, top in points.
        rect: [f64; 4],
    },
}

/// A tail with a hole where the signature will be.
#[derive(Clone, Debug, PartialEq)]
pub struct Prepared {
    /// The bytes to append to the original.
    pub tail: Vec<u8>,
    /// How long the original is.
    pub original_len: u64,
    /// What the signature covers, over original and tail together.
    pub byte_range: ByteRange,
    /// The hole with its `<` and `>`, as offsets of original and tail together.
    pub contents_gap: Range<u64>,
    /// The name the field got.
    pub field_name: String,
    /// Where its mark is.
    pub mark: MarkPlace,
}

/// Why a signature was not embedded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EmbedError {
    /// Prepare again with more room: the hole cannot grow.
    #[error("the signature needs {needed} bytes and {reserved} are reserved")]
    TooLarge {
        /// Bytes of the signature.
        needed: usize,
        /// Bytes of the hole.
        reserved: usize,
    },
    /// `tail` or `contents_gap` were changed since they were prepared.
    #[error("the prepared tail has no hole where it should be")]
    NoHole,
}

impl Prepared {
    fn hole(&self) -> Option<Range<usize>> {
        let start = self.contents_gap.start.checked_sub(self.original_len)?;
        let end = self.contents_gap.end.checked_sub(self.original_len)?;
        Some(usize::try_from(start).ok()?..usize::try_from(end).ok()?)
    }

    /// The three slices to hash, in order: the original, the tail before and after the hole.
    #[must_use]
    pub fn signed_spans<'s>(&'s self, original: &'s [u8]) -> [&'s [u8]; 3] {
        let hole = self.hole().unwrap_or(0..0);
        let before = self.tail.get(..hole.start).unwrap_or(&[]);
        let after = self.tail.get(hole.end..).unwrap_or(&[]);
        [original, before, after]
    }

    /// Fills the hole with `cms` (DER), the rest of it with zeros.
    ///
    /// # Errors
    ///
    /// [`EmbedError::TooLarge`] says how much room is needed; nothing is changed then.
    pub fn embed(&mut self, cms: &[u8]) -> Result<(), EmbedError> {
        let hole = self.hole().ok_or(EmbedError::NoHole)?;
        let Some([b'<', digits @ .., b'>']) = self.tail.get_mut(hole) else {
            return Err(EmbedError::NoHole);
        };
        let reserved = digits.len() / 2;
        if cms.len() > reserved {
            return Err(EmbedError::TooLarge {
                needed: cms.len(),
                reserved,
            });
        }
        digits.fill(b'0');
        for (pair, byte) in digits.as_chunks_mut::<2>().0.iter_mut().zip(cms) {
            let digit = |nibble: u8| b"0123456789abcdef".get(usize::from(nibble)).copied();
            *pair = [
                digit(byte >> 4).unwrap_or(b'0'),
                digit(byte & 15).unwrap_or(b'0'),
            ];
        }
        Ok(())
    }
}

/// Prepares a signature over `original` as one more revision.
///
/// # Errors
///
/// * Whatever [`Pdf::open`] and [`Update::new`] refuse.
/// * What earlier signatures forbid: [`PdfError::CertifiedAgainstChanges`],
///   [`PdfError::CertificationTooLate`], [`PdfError::LockedAgainstChanges`],
///   [`PdfError::FieldLocked`], [`PdfError::LockLoosens`].
/// * A field that cannot be signed: [`PdfError::FieldMissing`], [`PdfError::FieldNotForSigning`],
///   [`PdfError::FieldSigned`], [`PdfError::FieldDemands`].
/// * [`PdfError::PlanInvalid`] names the field of `plan` that cannot be written.
pub fn prepare_signature(
    original: &[u8],
    limits: &Limits,
    plan: &SignaturePlan<'_>,
) -> Result<Prepared, PdfError> {
    check_plan(plan)?;
    let pdf = Pdf::open(original, limits)?;
    let mut update = Update::new(&pdf)?;
    let standing = Standing::of(&pdf)?;
    standing.check(plan)?;
    let empty = standing.empty_field(&pdf, plan)?;
    let pages = pdf.pages()?;
    // Later there are signatures that such a change would break.
    if !standing.signed && standing.certification.is_none() {
        lift::direct_objects(&mut update, &pages)?;
    }
    let signature = update.reserve();
    let (field_name, mark) = match &empty {
        Some(empty) => {
            sign_field::fill(&mut update, empty.id, signature, None)?;
            (plan.field_name.clone(), MarkPlace::Invisible)
        }
        None => add_field(&mut update, plan, &standing, &pages, signature)?,
    };
    if plan.certification.is_some() {
        enter_certification(&mut update, signature)?;
    }
    let lock = plan.lock.as_ref();
    let lock = lock.or_else(|| empty.as_ref()?.lock.as_ref());
    let (bytes, holes) = sign_dictionary::signature_bytes(plan, lock, pdf.catalog_id()?);
    update.put_raw(signature, bytes);
    let written = update.write()?;
    let body = written.bodies.get(&signature).map_or(0, |body| body.start);
    let mut prepared = sign_dictionary::finish(original, written.tail, body, &holes)?;
    (prepared.field_name, prepared.mark) = (field_name, mark);
    Ok(prepared)
}

/// Puts `signature` into the field that was left for it, or into a new one of the planned name;
/// answers its name and where its mark is.
fn add_field(
    update: &mut Update<'_, '_>,
    plan: &SignaturePlan<'_>,
    standing: &Standing,
    pages: &[Page],
    signature: ObjectId,
) -> Result<(String, MarkPlace), PdfError> {
    if let Some(wanted) = &plan.mark
        && let Some(kept) = kept_field(update.pdf(), standing, pages)?
    {
        let appearance = draw_mark(update, wanted)?;
        sign_field::fill(update, kept.id, signature, Some(appearance))?;
        return Ok((kept.name, kept.place));
    }
    let name = sign_field::free_name(&plan.field_name, &standing.names);
    let shown = plan.mark.as_ref().map_or("", |wanted| &wanted.mark.name);
    standing.check_unlocked(&name)?;
    let placed = place_mark(update, plan, standing, pages)?;
    let (first, others) = match placed {
        Some(placed) => (Some((placed.slot, placed.appearance, shown)), placed.others),
        None => (None, Vec::new()),
    };
    let field = NewField {
        name: &name,
        signature: Some(signature),
        placed: first,
        lock: plan.lock.as_ref(),
    };
    let mark = sign_field::add(update, pages, &field)?;
    keep_fields(update, plan, standing, pages, (&name, others))?;
    Ok((name, mark))
}

/// An empty field in a slot of the sheet.
struct Kept {
    id: ObjectId,
    name: String,
    place: MarkPlace,
}

/// The next field that an earlier signature left for this one, if nothing forbids it.
fn kept_field(
    pdf: &Pdf<'_>,
    standing: &Standing,
    pages: &[Page],
) -> Result<Option<Kept>, PdfError> {
    let free = standing.unasked_fields(pdf)?;
    let ids: Vec<ObjectId> = free.iter().map(|(id, _)| *id).collect();
    let Some((id, slot)) = sheet_slots::kept_slot(pdf, pages, &ids)? else {
        return Ok(None);
    };
    let name = free.into_iter().find(|(one, _)| *one == id);
    Ok(name.map(|(_, name)| Kept {
        id,
        name,
        place: MarkPlace::Sheet {
            page_index: slot.page_index,
            rect: slot.rect,
        },
    }))
}

/// Leaves empty fields in the slots that are left, as many as are wanted.
fn keep_fields(
    update: &mut Update<'_, '_>,
    plan: &SignaturePlan<'_>,
    standing: &Standing,
    pages: &[Page],
    (own, slots): (&str, Vec<Slot>),
) -> Result<(), PdfError> {
    let mut taken = standing.names.clone();
    taken.push(own.to_owned());
    for slot in slots.into_iter().take(usize::from(plan.kept_fields)) {
        let name = sign_field::free_name(&plan.field_name, &taken);
        let field = NewField {
            name: &name,
            signature: None,
            placed: Some((slot, None, "")),
            lock: None,
        };
        sign_field::add(update, pages, &field)?;
        taken.push(name);
    }
    Ok(())
}

/// Where a mark goes.
struct Placed {
    slot: Slot,
    appearance: Option<ObjectId>,
    /// The further slots of a sheet that was made for it.
    others: Vec<Slot>,
}

/// Draws the mark, and the sheet if this is the first signature; answers where it goes, or nothing
/// where no mark may be.
fn place_mark(
    update: &mut Update<'_, '_>,
    plan: &SignaturePlan<'_>,
    standing: &Standing,
    pages: &[Page],
) -> Result<Option<Placed>, PdfError> {
    let Some(wanted) = &plan.mark else {
        return Ok(None);
    };
    // A file with a level takes signatures, but new visible ones count as annotations.
    if standing.level().is_some() {
        return Ok(None);
    }
    if standing.signed {
        let Some(slot) = sheet_slots::free_slot(update.pdf(), pages)? else {
            return Ok(None);
        };
        let appearance = Some(draw_mark(update, wanted)?);
        return Ok(Some(Placed {
            slot,
            appearance,
            others: Vec::new(),
        }));
    }
    let mut faces = Typefaces::new(wanted.regular, wanted.bold)?;
    let drawn = sheet::draw(&mut faces, &wanted.sheet);
    let canvas = mark::draw(&mut faces, &wanted.mark);
    let resources = faces.embed(update)?;
    let slots = sheet::enter(update, &drawn, resources, &plan.signing_time, pages.len())?;
    let appearance = Some(mark::enter(update, &canvas, resources)?);
    let mut slots = slots.into_iter();
    let slot = slots.next().ok_or(PdfError::WrongType {
        what: "the signature sheet",
    })?;
    Ok(Some(Placed {
        slot,
        appearance,
        others: slots.collect(),
    }))
}

/// The mark alone: its sheet is there already.
fn draw_mark(update: &mut Update<'_, '_>, wanted: &MarkPlan<'_>) -> Result<ObjectId, PdfError> {
    let mut faces = Typefaces::new(wanted.regular, wanted.bold)?;
    let canvas = mark::draw(&mut faces, &wanted.mark);
    let resources = faces.embed(update)?;
    mark::enter(update, &canvas, resources)
}

fn check_plan(plan: &SignaturePlan<'_>) -> Result<(), PdfError> {
    let invalid = |field| Err(PdfError::PlanInvalid { field });
    let pointed = plan.field_name.contains('.') && plan.target == FieldTarget::New;
    if plan.field_name.is_empty() || pointed {
        return invalid("field_name");
    }
    if plan.contents_bytes == 0 || plan.contents_bytes > CONTENTS_BYTES_MAX {
        return invalid("contents_bytes");
    }
    if !plan.lock.as_ref().is_none_or(FieldLock::is_writable) {
        return invalid("lock");
    }
    if !is_date(plan.signing_time.as_bytes()) {
        return invalid("signing_time");
    }
    Ok(())
}

/// `D:YYYYMMDDHHmmSS` and `Z` or `±HH'mm` with an optional last apostrophe (7.9.4).
fn is_date(text: &[u8]) -> bool {
    let Some((head, zone)) = text.split_at_checked(16) else {
        return false;
    };
    let digits = |bytes: &[u8]| bytes.iter().all(u8::is_ascii_digit);
    let Some(moment) = head.strip_prefix(b"D:") else {
        return false;
    };
    let zoned = match zone {
        b"Z" => true,
        [b'+' | b'-', hours @ .., b'\'', first, second]
        | [b'+' | b'-', hours @ .., b'\'', first, second, b'\''] => {
            hours.len() == 2 && digits(hours) && digits(&[*first, *second])
        }
        _ => false,
    };
    digits(moment) && zoned
}

fn enter_certification(update: &mut Update<'_, '_>, signature: ObjectId) -> Result<(), PdfError> {
    let catalog_id = update.pdf().catalog_id()?;
    let mut catalog = update.dictionary(catalog_id, "the catalog")?;
    let permissions = update.pdf().value(&catalog, b"Perms")?;
    let mut permissions = permissions.as_dictionary().cloned().unwrap_or_default();
    permissions.set(b"DocMDP", Object::Reference(signature));
    catalog.set(b"Perms", Object::Dictionary(permissions));
    update.put(catalog_id, catalog);
    Ok(())
}
