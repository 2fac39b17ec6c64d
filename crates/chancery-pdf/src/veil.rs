//! How transparent an image is (ISO 32000-2, 8.9.6 and 11.6.5.2).

use crate::error::PdfError;
use crate::object::{Dictionary, Object, ObjectId, Stream};
use crate::painter::Painter;
use crate::shown::Body;

/// How much of its square an image covers: less than all only where a mask says so that can be
/// read here.
pub(crate) fn body(
    painter: &mut Painter<'_, '_, '_>,
    id: ObjectId,
    image: &Stream,
) -> Result<Body, PdfError> {
    let entries = &image.dictionary;
    let stencil = painter.pdf.value(entries, b"ImageMask")? == Object::Boolean(true);
    let (mask, id, light) = match (entries.get(b"SMask"), entries.get(b"Mask")) {
        _ if stencil => (image.clone(), id, false),
        (Some(Object::Reference(id)), _) => match painter.pdf.get(*id)? {
            Object::Stream(mask) => (*mask, *id, true),
            _ => return Ok(Body::Solid),
        },
        (None, Some(Object::Reference(id))) => match painter.pdf.get(*id)? {
            Object::Stream(mask) => (*mask, *id, false),
            _ => return Ok(Body::Solid),
        },
        _ => return Ok(Body::Solid),
    };
    let share = share(painter, id, &mask, light);
    match share {
        Ok(Some(share)) => Ok(Body::Veil { share }),
        Err(limit @ PdfError::LimitExceeded { .. }) => Err(limit),
        _ => Ok(Body::Solid),
    }
}

/// The mean of a mask: of one whose light shows the image, or of one whose zeros do.
fn share(
    painter: &mut Painter<'_, '_, '_>,
    id: ObjectId,
    mask: &Stream,
    light: bool,
) -> Result<Option<f64>, PdfError> {
    let entries: &Dictionary = &mask.dictionary;
    let number = |key: &[u8]| {
        let number = painter.pdf.value(entries, key)?.as_integer();
        Ok::<_, PdfError>(number.and_then(|number| usize::try_from(number).ok()))
    };
    let (Some(width), Some(height)) = (number(b"Width")?, number(b"Height")?) else {
        return Ok(None);
    };
    let bits = if light {
        number(b"BitsPerComponent")?
    } else {
        Some(1)
    };
    let Some(bits @ (1 | 8)) = bits.filter(|_| entries.get(b"Decode").is_none()) else {
        return Ok(None);
    };
    let bytes = painter.content(id, mask)?;
    let row = width.saturating_mul(bits).div_ceil(8);
    if row == 0 || bytes.len() < row.saturating_mul(height) {
        return Ok(None);
    }
    let bytes = bytes.get(..row.saturating_mul(height)).unwrap_or_default();
    let sum: u64 = match bits {
        8 => bytes.iter().map(|byte| u64::from(*byte)).sum(),
        // What fills the last byte of a row up is counted too.
        _ => bytes.iter().map(|byte| u64::from(byte.count_ones())).sum(),
    };
    let most = if bits == 8 { 255.0 } else { 8.0 };
    let all = most * f64::from(u32::try_from(bytes.len()).unwrap_or(u32::MAX));
    #[expect(clippy::cast_precision_loss, reason = "a share need not be exact")]
    let share = sum as f64 / all;
    Ok((all > 0.0).then_some(if light { share } else { 1.0 - share }))
}
