//! A signature's place in a file: everything but the signature itself.
//!
//! [`prepare_signature`] makes a tail with a hole, the caller hashes the original and the tail
//! around the hole ([`Prepared::signed_spans`]), and [`Prepared::embed`] fills it. The key and the
//! CMS structure are made elsewhere.

use std::ops::Range;

use crate::append::Update;
use crate::byte_range::ByteRange;
use crate::canvas::{Typefaces, rectangle};
use crate::error::PdfError;
use crate::lift;
use crate::limits::Limits;
use crate::mark;
use crate::object::{Dictionary, Object, ObjectId};
use crate::page::Page;
use crate::reader::Pdf;
use crate::sheet::{self, MarkPlan, Slot};
use crate::write;

/// Digits kept for each number of `/ByteRange`: files up to a petabyte.
const BYTE_RANGE_DIGITS: usize = 15;
/// Most bytes that may be reserved for a signature.
const CONTENTS_BYTES_MAX: usize = 1024 * 1024;

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

/// What to prepare. Text is written as given; nothing in it is ever proof of anything.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignaturePlan<'f> {
    /// The name of the new field, without points. A number is added if it is taken.
    pub field_name: String,
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
    /// The visible mark on the signature sheet; without it the signature is invisible.
    pub mark: Option<MarkPlan<'f>>,
}

/// Where a signature can be seen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum MarkPlace {
    /// Nowhere on the pages: none was asked for, no slot was left, or the file is certified or
    /// signed without a sheet, so that adding one would break what is there.
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
/// * [`PdfError::CertifiedAgainstChanges`], [`PdfError::CertificationTooLate`].
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
    check_standing(plan, &standing)?;
    let pages = pdf.pages()?;
    // Later there are signatures that such a change would break.
    if !standing.signed && standing.certification.is_none() {
        lift::direct_objects(&mut update, &pages)?;
    }
    let signature = update.reserve();
    let widget = update.reserve();
    let field_name = free_name(&plan.field_name, &standing.names);
    let placed = place_mark(&mut update, plan, &standing, &pages)?;
    let mut dictionary = Dictionary::new()
        .with("Type", Object::name("Annot"))
        .with("Subtype", Object::name("Widget"))
        .with("FT", Object::name("Sig"))
        .with("T", Object::text(&field_name))
        .with("V", signature)
        // Print and Locked (12.5.3).
        .with("F", 132);
    let (page, mark) = match placed {
        Some((
            Slot {
                page,
                page_index,
                rect,
            },
            appearance,
        )) => {
            dictionary.set(b"Rect", rectangle(rect));
            let appearances = Dictionary::new().with("N", appearance);
            dictionary.set(b"AP", Object::Dictionary(appearances));
            // What a screen reader says instead of the field's name (12.7.4.1, table 226).
            if let Some(wanted) = &plan.mark {
                dictionary.set(b"TU", Object::text(&wanted.mark.name));
            }
            (page, MarkPlace::Sheet { page_index, rect })
        }
        None => {
            dictionary.set(b"Rect", Object::Array(vec![Object::Integer(0); 4]));
            let first = pages.first().ok_or(PdfError::WrongType {
                what: "the first page",
            })?;
            (first.id, MarkPlace::Invisible)
        }
    };
    dictionary.set(b"P", Object::Reference(page));
    update.put(widget, dictionary);
    update.push(page, b"Annots", Object::Reference(widget))?;
    enter_field(&mut update, widget)?;
    if plan.certification.is_some() {
        enter_certification(&mut update, signature)?;
    }
    let (bytes, holes) = signature_bytes(plan);
    update.put_raw(signature, bytes);
    let written = update.write()?;
    let body = written.bodies.get(&signature).map_or(0, |body| body.start);
    let mut prepared = finish(original, written.tail, body, &holes)?;
    (prepared.field_name, prepared.mark) = (field_name, mark);
    Ok(prepared)
}

/// Whether what stands in the file lets this signature in.
fn check_standing(plan: &SignaturePlan<'_>, standing: &Standing) -> Result<(), PdfError> {
    match standing.certification {
        Some(..2) => Err(PdfError::CertifiedAgainstChanges),
        _ if plan.certification.is_some() && standing.signed => Err(PdfError::CertificationTooLate),
        _ => Ok(()),
    }
}

/// Draws the mark, and the sheet if this is the first signature; answers the slot and the
/// appearance, or nothing where no mark may be.
fn place_mark(
    update: &mut Update<'_, '_>,
    plan: &SignaturePlan<'_>,
    standing: &Standing,
    pages: &[Page],
) -> Result<Option<(Slot, ObjectId)>, PdfError> {
    let Some(wanted) = &plan.mark else {
        return Ok(None);
    };
    // A certified file takes signatures, but new visible ones count as annotations.
    if standing.certification.is_some() {
        return Ok(None);
    }
    let mut faces = Typefaces::new(wanted.regular, wanted.bold)?;
    if standing.signed {
        let Some(slot) = sheet::free_slot(update.pdf(), pages)? else {
            return Ok(None);
        };
        let canvas = mark::draw(&mut faces, &wanted.mark);
        let resources = faces.embed(update)?;
        return Ok(Some((slot, mark::enter(update, &canvas, resources)?)));
    }
    let drawn = sheet::draw(&mut faces, &wanted.sheet);
    let canvas = mark::draw(&mut faces, &wanted.mark);
    let resources = faces.embed(update)?;
    let slot = sheet::enter(update, &drawn, resources, &plan.signing_time, pages.len())?;
    Ok(Some((slot, mark::enter(update, &canvas, resources)?)))
}

/// What the file already holds that binds us.
struct Standing {
    names: Vec<String>,
    signed: bool,
    certification: Option<i64>,
}

impl Standing {
    fn of(pdf: &Pdf<'_>) -> Result<Self, PdfError> {
        let signatures = pdf.signature_fields()?;
        let signed: Vec<_> = signatures
            .iter()
            .filter_map(|field| field.signature.as_ref())
            .collect();
        let certified = signed
            .iter()
            .filter_map(|signature| signature.certification);
        let certification = pdf.certification()?.into_iter().chain(certified).min();
        Ok(Self {
            names: pdf.fields()?.into_iter().map(|field| field.name).collect(),
            signed: !signed.is_empty(),
            certification,
        })
    }
}

fn check_plan(plan: &SignaturePlan<'_>) -> Result<(), PdfError> {
    let invalid = |field| Err(PdfError::PlanInvalid { field });
    if plan.field_name.is_empty() || plan.field_name.contains('.') {
        return invalid("field_name");
    }
    if plan.contents_bytes == 0 || plan.contents_bytes > CONTENTS_BYTES_MAX {
        return invalid("contents_bytes");
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

fn free_name(wanted: &str, taken: &[String]) -> String {
    if !taken.iter().any(|name| name == wanted) {
        return wanted.to_owned();
    }
    // There is a free number among one more than are taken.
    let numbered = (2..taken.len().saturating_add(3)).map(|number| format!("{wanted} {number}"));
    let mut free = numbered.filter(|name| !taken.contains(name));
    free.next().unwrap_or_else(|| wanted.to_owned())
}

/// Adds the field to the form, which is made if there is none.
fn enter_field(update: &mut Update<'_, '_>, field: ObjectId) -> Result<(), PdfError> {
    let catalog_id = update.pdf().catalog_id()?;
    let mut catalog = update.dictionary(catalog_id, "the catalog")?;
    let present = catalog.get(b"AcroForm").cloned().unwrap_or(Object::Null);
    let (mut form, separate) = match present {
        Object::Dictionary(form) => (form, None),
        Object::Reference(id) => match update.get(id)? {
            Object::Dictionary(form) => (form, Some(id)),
            _ => (Dictionary::new(), None),
        },
        _ => (Dictionary::new(), None),
    };
    update.push_within(&mut form, b"Fields", Object::Reference(field))?;
    let flags = update
        .pdf()
        .value(&form, b"SigFlags")?
        .as_integer()
        .unwrap_or(0);
    // SignaturesExist and AppendOnly (12.7.3, table 225).
    form.set(b"SigFlags", Object::Integer(flags | 3));
    match separate {
        Some(id) => update.put(id, form),
        None => {
            let id = update.add(form);
            catalog.set(b"AcroForm", Object::Reference(id));
            update.put(catalog_id, catalog);
        }
    }
    Ok(())
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

/// Where the patches go, as offsets into the bytes of the signature dictionary.
struct Holes {
    byte_range: Range<usize>,
    contents: Range<usize>,
}

/// The signature dictionary as bytes, so that the holes are known without searching for them.
fn signature_bytes(plan: &SignaturePlan<'_>) -> (Vec<u8>, Holes) {
    let sub_filter = match plan.sub_filter {
        SubFilter::EtsiCadesDetached => "ETSI.CAdES.detached",
        SubFilter::AdbePkcs7Detached => "adbe.pkcs7.detached",
    };
    let mut bytes = Vec::new();
    write::text(
        &mut bytes,
        format_args!("<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/{sub_filter}/ByteRange["),
    );
    let from = bytes.len();
    bytes.resize(from.saturating_add(BYTE_RANGE_DIGITS * 3 + 4), b' ');
    let byte_range = from..bytes.len();
    bytes.extend(b"]/Contents");
    let from = bytes.len();
    bytes.push(b'<');
    bytes.resize(
        bytes
            .len()
            .saturating_add(plan.contents_bytes.saturating_mul(2)),
        b'0',
    );
    bytes.push(b'>');
    let contents = from..bytes.len();
    let texts = [
        ("M", Some(&plan.signing_time)),
        ("Name", plan.name.as_ref()),
        ("Reason", plan.reason.as_ref()),
        ("Location", plan.location.as_ref()),
        ("ContactInfo", plan.contact.as_ref()),
    ];
    for (key, text) in texts {
        if let Some(text) = text {
            write::text(&mut bytes, format_args!("/{key}"));
            write::object(&mut bytes, &Object::text(text));
        }
    }
    if let Some(certification) = plan.certification {
        let level = match certification {
            Certification::NoChanges => 1,
            Certification::FillAndSign => 2,
            Certification::FillSignAndAnnotate => 3,
        };
        write::text(
            &mut bytes,
            format_args!(
                "/Reference[<</Type/SigRef/TransformMethod/DocMDP/TransformParams\
                 <</Type/TransformParams/P {level}/V/1.2>>>>]"
            ),
        );
    }
    bytes.extend(b">>");
    (
        bytes,
        Holes {
            byte_range,
            contents,
        },
    )
}

/// Writes the numbers that are known only when everything else is.
fn finish(
    original: &[u8],
    mut tail: Vec<u8>,
    body: usize,
    holes: &Holes,
) -> Result<Prepared, PdfError> {
    let lost = PdfError::WrongType {
        what: "the prepared signature",
    };
    let original_len = original.len() as u64;
    let total = original_len.saturating_add(tail.len() as u64);
    let place = |offset: usize| {
        original_len
            .saturating_add(body as u64)
            .saturating_add(offset as u64)
    };
    let gap = place(holes.contents.start)..place(holes.contents.end);
    let entry = [0, gap.start, gap.end, total.saturating_sub(gap.end)];
    let byte_range = ByteRange::new(entry, total).map_err(|_| lost.clone())?;
    let [first, second, third, fourth] = entry;
    let numbers = format!("{first} {second} {third} {fourth}");
    let at = holes.byte_range.start.saturating_add(body);
    let room = tail
        .get_mut(at..at.saturating_add(numbers.len()))
        .ok_or(lost.clone())?;
    if numbers.len() > holes.byte_range.len() {
        return Err(lost);
    }
    room.copy_from_slice(numbers.as_bytes());
    Ok(Prepared {
        tail,
        original_len,
        byte_range,
        contents_gap: gap,
        field_name: String::new(),
        mark: MarkPlace::Invisible,
    })
}
