//! Texts and formats for pages: the house's own, under the name that templates' authors look for.

pub use crate::i18n::{Formats, Value, find, t, t_named};
