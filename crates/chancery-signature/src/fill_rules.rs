//! What a field lets be filled in: by whom, and with which of its options.

use chancery_pdf::{Dictionary, Object, ObjectId, Pdf, PdfError};

use crate::changes::Comparison;
use crate::changes_fill::Filled;
use crate::changes_walk::{pairs, same_entry, same_option};

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

/// How much a part of a colour may differ that is written anew: what it is rounded to.
const ROUNDED: f64 = 1.0 / 255.0;

impl Comparison<'_, '_> {
    /// Whether what a widget says under a key beside its value may be what it is now.
    pub(crate) fn may_change(
        &self,
        filled: &Filled,
        id: ObjectId,
        key: &[u8],
        new: &Dictionary,
    ) -> Result<bool, PdfError> {
        let is_field = id == filled.id;
        match key {
            b"Ff" if is_field => self.is_only_closed(id),
            // Which option a list shows first, where it is shown.
            b"TI" if is_field && filled.kind == b"Ch" => {
                let first = new.get(b"TI").and_then(Object::as_integer);
                Ok(new.get(b"AP").is_some() && first.is_some_and(|first| first >= 0))
            }
            b"MK" => self.has_same_look(id, new),
            _ => Ok(false),
        }
    }

    /// Whether the flags of a field gained nothing but the first, `ReadOnly` (ISO 32000-2,
    /// 12.7.4.1): whoever fills a field in may close it. Those that it has from above are lost
    /// where it has its own.
    fn is_only_closed(&self, id: ObjectId) -> Result<bool, PdfError> {
        let flags = |flags: &Object| match flags {
            Object::Null => Some(0),
            flags => flags.as_integer(),
        };
        let was = flags(&inherited(self.before, id, b"Ff")?);
        let is = flags(&inherited(self.after, id, b"Ff")?);
        Ok(matches!((was, is), (Some(was), Some(is)) if is == was || is == was | READ_ONLY))
    }

    /// Whether a widget that brings an appearance would be drawn as before: in the same colours up
    /// to their rounding. The sign that it would be drawn with may be gone where it is not drawn.
    fn has_same_look(&self, id: ObjectId, new: &Dictionary) -> Result<bool, PdfError> {
        let Object::Dictionary(old) = self.before.get(id)? else {
            return Ok(false);
        };
        let was = self.before.value(&old, b"MK")?;
        let (Some(was), Some(Object::Dictionary(is)), Some(appearance)) =
            (was.as_dictionary(), new.get(b"MK"), new.get(b"AP"))
        else {
            return Ok(false);
        };
        let form = self.after.form()?.unwrap_or_default();
        let drawn_anew = self.after.value(&form, b"NeedAppearances")? == Object::Boolean(true);
        if was.has_duplicate_keys() || is.has_duplicate_keys() || drawn_anew {
            return Ok(false);
        }
        let untouched = self.is_untouched(old.get(b"AP"), appearance);
        Ok(pairs(was, is)
            .into_iter()
            .all(|(key, (was, is))| match key {
                b"BC" | b"BG" => same_entry(key, was, is) || is_rounded(was, is),
                b"CA" => same_option(was, is) || untouched && is.is_none(),
                _ => same_option(was, is),
            }))
    }

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

    /// Whether an appearance has the states that it had, drawn in the same words: some programs
    /// write them anew.
    pub(crate) fn same_states(&self, old: Option<&Object>, new: &Object) -> Result<bool, PdfError> {
        let (was, is) = (
            self.before.resolve(old.unwrap_or(&Object::Null))?,
            self.after.resolve(new)?,
        );
        let (Some(was), Some(is)) = (was.as_dictionary(), is.as_dictionary()) else {
            return Ok(false);
        };
        let [one] = is.entries() else {
            return Ok(false);
        };
        let was = self.before.value(was, b"N")?;
        let is = self.after.resolve(&one.value)?;
        let (Some(was), Some(is)) = (was.as_dictionary(), is.as_dictionary()) else {
            return Ok(false);
        };
        let plain = one.key == b"N" && !was.has_duplicate_keys() && !is.has_duplicate_keys();
        for (_, (was, is)) in pairs(was, is) {
            let (Some(was), Some(is)) = (was, is) else {
                return Ok(false);
            };
            if !self.is_untouched(Some(was), is) && !self.same_words(was, is)? {
                return Ok(false);
            }
        }
        Ok(plain)
    }

    /// Whether two forms are drawn by the same words, and lead to nothing that was written.
    fn same_words(&self, was: &Object, is: &Object) -> Result<bool, PdfError> {
        let (Some(old), Some(new)) = (was.as_reference(), is.as_reference()) else {
            return Ok(false);
        };
        let (Object::Stream(was), Object::Stream(is)) =
            (self.before.get(old)?, self.after.get(new)?)
        else {
            return Ok(false);
        };
        let packed: [&[u8]; 4] = [b"Length", b"Filter", b"DecodeParms", b"FormType"];
        let same = |(key, (was, is)): (&[u8], (Option<&Object>, Option<&Object>))| {
            packed.contains(&key)
                || same_entry(key, was, is) && is.is_none_or(|is| !self.leads_to_written(is))
        };
        if is.dictionary.has_duplicate_keys()
            || !pairs(&was.dictionary, &is.dictionary).into_iter().all(same)
        {
            return Ok(false);
        }
        let words = (
            self.before.stream_bytes(old, &was),
            self.after.stream_bytes(new, &is),
        );
        Ok(matches!(words, (Ok(was), Ok(is)) if was == is))
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

/// Whether a colour is the same, rounded.
fn is_rounded(was: Option<&Object>, is: Option<&Object>) -> bool {
    let (Some(was), Some(is)) = (
        was.and_then(Object::as_array),
        is.and_then(Object::as_array),
    ) else {
        return false;
    };
    let near = |(was, is): (&Object, &Object)| match (was.as_number(), is.as_number()) {
        (Some(was), Some(is)) => (was - is).abs() <= ROUNDED,
        _ => false,
    };
    was.len() == is.len() && was.iter().zip(is).all(near)
}

/// The state that a button's widget shows (12.5.5, table 166). `None` where it is no name: some
/// readers take a string for one, others draw nothing of the page.
pub(crate) fn state_of(widget: &Dictionary) -> Option<&[u8]> {
    match widget.get(b"AS") {
        None => Some(b"Off"),
        Some(state) => state.as_name(),
    }
}
