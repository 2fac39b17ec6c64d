//! A signature dictionary as bytes, so that its holes are known without searching for them.

use std::ops::Range;

use crate::byte_range::ByteRange;
use crate::error::PdfError;
use crate::lock::FieldLock;
use crate::object::{Dictionary, Object, ObjectId};
use crate::sign::{MarkPlace, Prepared, SignaturePlan, SubFilter};
use crate::write;

/// Digits kept for each number of `/ByteRange`: files up to a petabyte.
const BYTE_RANGE_DIGITS: usize = 15;
/// Most bytes that may be reserved for a signature.
pub(crate) const CONTENTS_BYTES_MAX: usize = 1024 * 1024;

/// Where the patches go, as offsets into the bytes of the signature dictionary.
pub(crate) struct Holes {
    byte_range: Range<usize>,
    contents: Range<usize>,
}

/// The dictionary of a signature: `/Contents` reserved, all else as planned.
pub(crate) fn signature_bytes(
    plan: &SignaturePlan<'_>,
    lock: Option<&FieldLock>,
    catalog: ObjectId,
) -> (Vec<u8>, Holes) {
    let sub_filter = match plan.sub_filter {
        SubFilter::EtsiCadesDetached => "ETSI.CAdES.detached",
        SubFilter::AdbePkcs7Detached => "adbe.pkcs7.detached",
    };
    let (mut bytes, holes) = beginning("Sig", sub_filter, plan.contents_bytes);
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
    let references = references(plan, lock, catalog);
    if !references.is_empty() {
        bytes.extend(b"/Reference");
        write::object(&mut bytes, &Object::from(references));
    }
    bytes.extend(b">>");
    (bytes, holes)
}

/// The dictionary of a document timestamp (12.8.5): it says nothing but the time of its token.
pub(crate) fn timestamp_bytes(contents_bytes: usize) -> (Vec<u8>, Holes) {
    let (mut bytes, holes) = beginning("DocTimeStamp", "ETSI.RFC3161", contents_bytes);
    bytes.extend(b">>");
    (bytes, holes)
}

/// What the signature allows and locks (12.8.2): its own level, and its field's lock.
fn references(
    plan: &SignaturePlan<'_>,
    lock: Option<&FieldLock>,
    catalog: ObjectId,
) -> Vec<Object> {
    let reference = |method: &'static str, parameters: Dictionary| {
        Dictionary::new()
            .with("Type", Object::name("SigRef"))
            .with("TransformMethod", Object::name(method))
            .with("TransformParams", Object::Dictionary(parameters))
    };
    let mut references = Vec::new();
    if let Some(certification) = plan.certification {
        let parameters = Dictionary::new()
            .with("Type", Object::name("TransformParams"))
            .with("P", certification.level())
            .with("V", Object::name("1.2"));
        references.push(Object::Dictionary(reference("DocMDP", parameters)));
    }
    if let Some(lock) = lock {
        let mut parameters = lock.dictionary("TransformParams");
        parameters.set(b"V", Object::name("1.2"));
        // Table 255: required with this method.
        let reference = reference("FieldMDP", parameters).with("Data", catalog);
        references.push(Object::Dictionary(reference));
    }
    references
}

fn beginning(kind: &str, sub_filter: &str, contents_bytes: usize) -> (Vec<u8>, Holes) {
    let mut bytes = Vec::new();
    write::text(
        &mut bytes,
        format_args!("<</Type/{kind}/Filter/Adobe.PPKLite/SubFilter/{sub_filter}/ByteRange["),
    );
    let from = bytes.len();
    bytes.resize(from.saturating_add(BYTE_RANGE_DIGITS * 3 + 4), b' ');
    let byte_range = from..bytes.len();
    bytes.extend(b"]/Contents");
    let from = bytes.len();
    let digits = contents_bytes.saturating_mul(2);
    bytes.push(b'<');
    bytes.resize(bytes.len().saturating_add(digits), b'0');
    bytes.push(b'>');
    let contents = from..bytes.len();
    (
        bytes,
        Holes {
            byte_range,
            contents,
        },
    )
}

/// Writes the numbers that are known only when everything else is.
pub(crate) fn finish(
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
