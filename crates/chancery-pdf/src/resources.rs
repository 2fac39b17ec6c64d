//! Where content finds fonts, forms and graphics states by their names (ISO 32000-2, 7.8.3).
//!
//! A form has resources of its own, and what they lack it lacks. Most readers look for it in those
//! of the content around it all the same.

use crate::error::PdfError;
use crate::object::{Dictionary, Object};
use crate::painter::{Painter, damaged};

/// The resources of a content stream, and of what is around it.
#[derive(Clone, Copy)]
pub(crate) struct Resources<'r> {
    pub(crate) own: &'r Dictionary,
    pub(crate) outer: Outer<'r>,
}

/// Whose content is around.
#[derive(Clone, Copy)]
pub(crate) enum Outer<'r> {
    /// None: it is a page's.
    Nothing,
    Around(&'r Resources<'r>),
    /// A page's that is not known here: of an annotation, of letters that content draws.
    Unknown,
}

/// What a name stands for, with references not followed.
pub(crate) enum Named {
    Here(Object),
    /// Something around, to most readers.
    Around(Object),
    Nowhere,
    /// Perhaps something around.
    Unknown,
}

impl Named {
    /// What every reader finds.
    pub(crate) fn here(self) -> Option<Object> {
        match self {
            Self::Here(object) => Some(object),
            Self::Around(_) | Self::Nowhere | Self::Unknown => None,
        }
    }
}

impl Painter<'_, '_, '_> {
    /// The entry of one kind of resources that `name` names.
    pub(crate) fn named(
        &mut self,
        resources: &Resources<'_>,
        kind: &[u8],
        name: &Object,
    ) -> Result<Named, PdfError> {
        let name = name.as_name().ok_or_else(damaged)?;
        let mut level = *resources;
        let mut is_own = true;
        loop {
            let entries = self.pdf.value(level.own, kind)?;
            if let Some(entries) = entries.as_dictionary() {
                // Looking through a long dictionary again and again is work too.
                self.limits.spend(entries.entries().len() as u64 / 8)?;
                if let Some(found) = entries.get(name)
                    && self.pdf.resolve(found)? != Object::Null
                {
                    return Ok(match is_own {
                        true => Named::Here(found.clone()),
                        false => Named::Around(found.clone()),
                    });
                }
            }
            is_own = false;
            match level.outer {
                Outer::Nothing => return Ok(Named::Nowhere),
                Outer::Unknown => return Ok(Named::Unknown),
                Outer::Around(outer) => level = *outer,
            }
        }
    }

    /// Whether they say anew what the colours of devices are (8.6.5.6), or those around do.
    pub(crate) fn remaps(&self, resources: &Resources<'_>) -> Result<bool, PdfError> {
        let mut level = *resources;
        loop {
            let spaces = self.pdf.value(level.own, b"ColorSpace")?;
            if let Some(spaces) = spaces.as_dictionary() {
                let mut defaults = [&b"DefaultGray"[..], b"DefaultRGB", b"DefaultCMYK"].into_iter();
                if defaults.any(|name| spaces.get(name).is_some()) {
                    return Ok(true);
                }
            }
            match level.outer {
                Outer::Around(outer) => level = *outer,
                Outer::Nothing | Outer::Unknown => return Ok(false),
            }
        }
    }
}
