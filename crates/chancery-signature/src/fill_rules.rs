//! What a field lets be filled in: by whom, and with which of its options.

use chancery_pdf::{Dictionary, Object, ObjectId, Pdf, PdfError};

use crate::changes::Comparison;
use crate::changes_fill::Filled;
use crate::changes_walk::same_option;

/// Most nodes above a field that are asked for what it inherits.
pub(crate) const ABOVE_MAX: usize = 32;
/// Flags of fields (ISO 32000-2, 12.7.4.1 and 12.7.5).
const READ_ONLY: i64 = 1;
pub(crate) const RADIO: i64 = 1 << 15;
const PUSH_BUTTON: i64 = 1 << 16;
pub(crate) const MULTILINE: i64 = 1 << 12;
pub(crate) const PASSWORD: i64 = 1 << 13;
pub(crate) const COMBO: i64 = 1 << 17;
const EDIT: i64 = 1 << 18;

/// What a node of the form says itself or has from above.
pub(crate) fn inherited(pdf: &Pdf<'_>, id: ObjectId, key: &[u8]) -> Result<Object, PdfError> {
    let mut number = id.number;
    for _ in 0..ABOVE_MAX {
        // Thousands of fields may have one parent, with a long list of them.
        let node = pdf.shared(number)?;
        let Object::Dictionary(own) = &node.object else {
            break;
        };
        let value = pdf.value(own, key)?;
        if value != Object::Null {
            return Ok(value);
        }
        match own.get(b"Parent").and_then(Object::as_reference) {
            Some(above) => number = above.number,
            None => break,
        }
    }
    Ok(Object::Null)
}

impl Comparison<'_, '_> {
    fn flags_before(&self, id: ObjectId) -> Result<i64, PdfError> {
        let flags = inherited(self.before, id, b"Ff")?;
        Ok(flags.as_integer().unwrap_or(0))
    }

    /// Whether nobody could fill the field in when it was signed, and now it says or shows another
    /// thing than it did.
    pub(crate) fn is_closed(
        &self,
        filled: &Filled,
        old: &Dictionary,
        new: &Dictionary,
    ) -> Result<bool, PdfError> {
        if self.flags_before(filled.id)? & READ_ONLY == 0 {
            return Ok(false);
        }
        let (was, is) = (self.earlier_value(filled.id)?, &filled.value);
        let same = same_option(Some(&was), Some(is));
        let keeps = |key: &[u8]| same_option(old.get(key), new.get(key));
        let redrawn = match (old.get(b"AP"), new.get(b"AP")) {
            (None, None) => false,
            (was, Some(is)) => !self.is_untouched(was, is),
            (Some(_), None) => true,
        };
        Ok(!same || redrawn || !keeps(b"AS") || !keeps(b"I"))
    }

    /// Whether the value is one of the options, where a field has nothing else to choose from.
    pub(crate) fn may_choose(&self, filled: &Filled) -> Result<bool, PdfError> {
        if filled.kind != b"Ch" || filled.value == self.earlier_value(filled.id)? {
            return Ok(true);
        }
        let free = COMBO | EDIT;
        if self.flags_before(filled.id)? & free == free {
            return Ok(true);
        }
        let chosen = match &filled.value {
            Object::Null => return Ok(true),
            Object::Array(chosen) => chosen.to_vec(),
            one => vec![one.clone()],
        };
        let mut options = Vec::new();
        let all = inherited(self.before, filled.id, b"Opt")?;
        let all = all.as_array().unwrap_or(&[]);
        self.looks
            .spend_elements(all.len().saturating_mul(chosen.len().max(1)));
        for option in all {
            options.push(match self.before.resolve(option)? {
                Object::Array(pair) => pair.first().cloned().unwrap_or(Object::Null),
                one => one,
            });
        }
        Ok(chosen.iter().all(|one| {
            let empty = one.as_string().is_some_and(<[u8]>::is_empty);
            empty
                || options
                    .iter()
                    .any(|option| same_option(Some(option), Some(one)))
        }))
    }

    /// Whether a button shows one of its own states, and the one that its value names.
    pub(crate) fn chooses_own_state(
        &self,
        filled: &Filled,
        widget: &Dictionary,
    ) -> Result<bool, PdfError> {
        let flags = self.flags_before(filled.id)?;
        if flags & PUSH_BUTTON != 0 {
            return Ok(widget.get(b"AS").is_none());
        }
        let Object::Dictionary(appearance) = self.after.value(widget, b"AP")? else {
            return Ok(false);
        };
        let normal = self.after.value(&appearance, b"N")?;
        let has = |state: &[u8]| {
            let states = normal.as_dictionary();
            states.is_some_and(|states| states.get(state).is_some())
        };
        let Some(state) = state_of(widget) else {
            return Ok(false);
        };
        let value = inherited(self.after, filled.id, b"V")?;
        let value = match &value {
            Object::Null => b"Off",
            value => value.as_name().or(value.as_string()).unwrap_or_default(),
        };
        Ok(match state {
            // One of several radio buttons of the same state may be off.
            b"Off" => !has(value) || value == b"Off" || flags & RADIO != 0,
            state => has(state) && state == value,
        })
    }
}

/// The state that a button's widget shows (12.5.5, table 166). `None` where it is no name: some
/// readers take a string for one, others draw nothing of the page.
pub(crate) fn state_of(widget: &Dictionary) -> Option<&[u8]> {
    match widget.get(b"AS") {
        None => Some(b"Off"),
        Some(state) => state.as_name(),
    }
}
