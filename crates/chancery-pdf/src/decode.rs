//! Undoing the filters of a stream, as far as cross-references, object streams and what is compared
//! need it (7.4).

use crate::error::PdfError;
use crate::filter::{self, Predictor};
use crate::object::{Dictionary, Object, ObjectId, Stream};

/// Undoes a stream's filters, as far as cross-references and object streams need them. Whatever
/// readers do not undo in one way is not undone: see [`steps`].
pub(crate) fn decode(
    stream: &Stream,
    id: ObjectId,
    raw: &[u8],
    decoded_max: u64,
) -> Result<Vec<u8>, PdfError> {
    let steps = steps(&stream.dictionary).ok_or(PdfError::FilterUnsupported { id })?;
    let mut decoded = raw.to_vec();
    for (filter, parameters) in steps {
        let result = match filter {
            b"FlateDecode" => filter::inflate(&decoded, decoded_max),
            b"ASCIIHexDecode" => filter::ascii_hex(&decoded),
            b"ASCII85Decode" => filter::ascii_85(&decoded, decoded_max),
            _ => return Err(PdfError::FilterUnsupported { id }),
        };
        decoded = result.map_err(|failure| failure.at(stream.start, decoded_max))?;
        if let Some(predictor) = predictor(parameters, id)? {
            decoded = filter::unpredict(&decoded, predictor)
                .map_err(|failure| failure.at(stream.start, decoded_max))?;
        }
    }
    if decoded.len() as u64 > decoded_max {
        return Err(PdfError::LimitExceeded {
            limit: "decoded_bytes_max",
            max: decoded_max,
        });
    }
    Ok(decoded)
}

/// How much larger inflated bytes may be.
const INFLATED_MAX: u64 = 1032;

/// As [`decode`], to at most `most` bytes, and what it has cost is taken off `left`: nobody knows
/// how far a stream was decoded that cannot be.
pub(crate) fn decode_within(
    stream: &Stream,
    id: ObjectId,
    raw: &[u8],
    most: u64,
    left: &mut u64,
) -> Result<Vec<u8>, PdfError> {
    let most = most.min(*left);
    let decoded = decode(stream, id, raw, most);
    let raw = raw.len() as u64;
    let cost = match &decoded {
        Ok(decoded) => decoded.len() as u64,
        Err(PdfError::LimitExceeded { .. }) => most,
        Err(_) if is_packed(stream) => raw.saturating_mul(INFLATED_MAX).min(most / 2),
        Err(_) => raw.min(most / 2),
    };
    *left = left.saturating_sub(cost);
    decoded
}

/// Whether one of its filters inflates.
fn is_packed(stream: &Stream) -> bool {
    let filter = stream.dictionary.get(b"Filter");
    let is_flate = |filter: &Object| matches!(filter.as_name(), Some(b"FlateDecode" | b"Fl"));
    match filter.and_then(Object::as_array) {
        Some(all) => all.iter().any(is_flate),
        None => filter.is_some_and(is_flate),
    }
}

/// The most filters of one stream: no sound file chains more, and a long chain is a way to spend
/// our time.
const FILTERS_MAX: usize = 4;
/// Keys by which some readers find filters or bytes elsewhere (7.3.8.2 for files outside, 8.9.7 for
/// images within a content).
const OTHER_WAYS: [&[u8]; 4] = [b"DP", b"F", b"FFilter", b"FDecodeParms"];

/// A filter's name and its parameters.
pub(crate) type Step<'d> = (&'d [u8], Option<&'d Dictionary>);

/// The filters of a stream with their parameters, in the order in which they are undone (7.3.8.2,
/// table 5). `None` where readers find them in different ways: a name beside a list, lists of
/// unequal length, something that stands elsewhere or is no dictionary, keys of other ways.
pub(crate) fn steps(dictionary: &Dictionary) -> Option<Vec<Step<'_>>> {
    if OTHER_WAYS.iter().any(|key| dictionary.get(key).is_some()) {
        return None;
    }
    fn of_one(parameters: Option<&Object>) -> Option<Option<&Dictionary>> {
        match parameters {
            None | Some(Object::Null) => Some(None),
            Some(Object::Dictionary(direct)) => Some(Some(direct)),
            Some(_) => None,
        }
    }
    let parameters = dictionary.get(b"DecodeParms");
    match dictionary.get(b"Filter") {
        None | Some(Object::Null) => parameters.is_none().then(Vec::new),
        Some(Object::Name(name)) => Some(vec![(name.as_slice(), of_one(parameters)?)]),
        Some(Object::Array(filters)) if filters.len() <= FILTERS_MAX => {
            let all = match parameters {
                None | Some(Object::Null) => vec![None; filters.len()],
                Some(Object::Array(all)) if all.len() == filters.len() => all
                    .iter()
                    .map(|one| of_one(Some(one)))
                    .collect::<Option<_>>()?,
                Some(_) => return None,
            };
            let filters = filters.iter().map(Object::as_name);
            let pairs = filters.zip(all).map(|(name, of)| Some((name?, of)));
            pairs.collect()
        }
        Some(_) => None,
    }
}

fn predictor(parameters: Option<&Dictionary>, id: ObjectId) -> Result<Option<Predictor>, PdfError> {
    let Some(parameters) = parameters else {
        return Ok(None);
    };
    let number = |key: &[u8], default: usize| match parameters.get(key) {
        None => Some(default),
        Some(object) => object
            .as_integer()
            .and_then(|value| usize::try_from(value).ok()),
    };
    let unsupported = PdfError::FilterUnsupported { id };
    let kind = number(b"Predictor", 1).ok_or_else(|| unsupported.clone())?;
    if kind == 1 {
        return Ok(None);
    }
    let depth = number(b"BitsPerComponent", 8).filter(|bits| matches!(bits, 1 | 2 | 4 | 8 | 16));
    let bits = |colors: usize| colors.checked_mul(depth?);
    // 7.4.4.4, table 8; above four no two readers agree.
    let colors = number(b"Colors", 1).filter(|colors| (1..=4).contains(colors));
    let pixel_bits = colors.and_then(bits);
    let columns = number(b"Columns", 1);
    match (kind, pixel_bits, columns) {
        (10..=15, Some(pixel_bits @ 1..=1024), Some(columns @ 1..=1_000_000)) => {
            Ok(Some(Predictor {
                pixel_bytes: pixel_bits.div_ceil(8),
                row_bytes: pixel_bits.saturating_mul(columns).div_ceil(8),
            }))
        }
        _ => Err(unsupported),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lexer::Parser;

    fn names(dictionary: &str) -> Option<Vec<(String, bool)>> {
        let object = Parser::new(dictionary.as_bytes(), 0, 8, 99)
            .object()
            .unwrap();
        let Object::Dictionary(dictionary) = object else {
            panic!("a dictionary");
        };
        let steps = steps(&dictionary)?.into_iter();
        let named = |(name, parameters): Step<'_>| {
            (
                String::from_utf8_lossy(name).into_owned(),
                parameters.is_some(),
            )
        };
        Some(steps.map(named).collect())
    }

    #[test]
    fn filters_and_their_parameters_have_one_shape() {
        let flate = |with: bool| Some(vec![("FlateDecode".to_owned(), with)]);
        assert_eq!(names("<<>>"), Some(Vec::new()));
        assert_eq!(names("<</Filter/FlateDecode>>"), flate(false));
        assert_eq!(
            names("<</Filter[/FlateDecode]/DecodeParms[null]>>"),
            flate(false)
        );
        assert_eq!(
            names("<</Filter/FlateDecode/DecodeParms<<>>>>"),
            flate(true)
        );
        assert_eq!(
            names("<</Filter[/FlateDecode]/DecodeParms[<<>>]>>"),
            flate(true)
        );
        for divided in [
            "<</Filter/FlateDecode/DecodeParms[<<>>]>>",
            "<</Filter[/FlateDecode]/DecodeParms<<>>>>",
            "<</Filter/FlateDecode/DecodeParms 5 0 R>>",
            "<</Filter[/FlateDecode]/DecodeParms[5 0 R]>>",
            "<</Filter[/FlateDecode]/DecodeParms[null null]>>",
            "<</Filter/FlateDecode/DP<<>>>>",
            "<</F/FlateDecode>>",
            "<</Filter 5 0 R>>",
            "<</DecodeParms<<>>>>",
        ] {
            assert_eq!(names(divided), None, "{divided}");
        }
    }

    #[test]
    fn predictors_that_readers_count_in_other_ways_are_none() {
        let id = ObjectId {
            number: 1,
            generation: 0,
        };
        let is_known = |entries: &str| {
            let text = format!("<<{entries}>>");
            let object = Parser::new(text.as_bytes(), 0, 8, 99).object().unwrap();
            predictor(object.as_dictionary(), id).is_ok()
        };
        assert!(is_known("/Predictor 12/Columns 700"));
        assert!(is_known("/Predictor 1"));
        for divided in [
            "/Predictor 12.0",
            "/Predictor 0",
            "/Predictor 2",
            "/Predictor 9",
            "/Predictor 16",
            "/Predictor 12/Colors 100",
            "/Predictor 12/BitsPerComponent 3",
            "/Predictor 12/Columns 200.0",
        ] {
            assert!(!is_known(divided), "{divided}");
        }
    }
}
