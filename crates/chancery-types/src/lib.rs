//! The nouns every floor shares: identifiers, instants, digests, names, money, field values.
//!
//! Nothing here reads a clock, draws a random number or touches a file.

pub mod digest;
pub mod field;
pub mod id;
pub mod instant;
pub mod locale;
pub mod money;
pub mod name;

pub use digest::Digest;
pub use field::{FieldType, FieldValue};
pub use instant::Instant;
pub use locale::{Locale, Localized};
pub use money::Money;
pub use name::{DisplayName, NameError, Title};
