//! The level of a certification signature (ISO 32000-2, 12.8.2.2).

use crate::error::PdfError;
use crate::object::{Dictionary, Object};
use crate::reader::Pdf;

/// A level that is written with a fraction.
fn whole_level(level: f64) -> i64 {
    match level {
        ..2.0 => 1,
        ..3.0 => 2,
        _ => 3,
    }
}

impl Pdf<'_> {
    /// The tightest level of all: readers differ in which they take.
    pub(crate) fn certification_of(&self, signature: &Dictionary) -> Result<Option<i64>, PdfError> {
        let mut tightest: Option<i64> = None;
        for reference in self.references_of(signature)? {
            let Some(reference) = reference.as_dictionary() else {
                continue;
            };
            if self.value(reference, b"TransformMethod")?.as_name() != Some(b"DocMDP") {
                continue;
            }
            let parameters = self.value(reference, b"TransformParams")?;
            let level = match parameters.as_dictionary() {
                Some(parameters) => self.value(parameters, b"P")?,
                None => Object::Null,
            };
            let level = match level {
                // 12.8.2.2, table 257: the default is 2.
                Object::Null => 2,
                Object::Integer(level) => level,
                other => other.as_number().map_or(1, whole_level),
            };
            tightest = Some(tightest.map_or(level, |known| known.min(level)));
        }
        Ok(tightest)
    }

    /// The entries of `/Reference`, a list; some readers take a dictionary that stands alone.
    pub(crate) fn references_of(&self, signature: &Dictionary) -> Result<Vec<Object>, PdfError> {
        match self.value(signature, b"Reference")? {
            Object::Array(list) => list.iter().map(|one| self.resolve(one)).collect(),
            alone @ Object::Dictionary(_) => Ok(vec![alone]),
            _ => Ok(Vec::new()),
        }
    }
}
