//! What a judgement here comes to, and its reasons as codes.
//!
//! Sentences are made by whoever shows a report, from the codes: `locales/{ru,en}/trust.ftl` has
//! one for each.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The conclusion.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Everything that was asked was checked and holds.
    Confirmed,
    /// Something is missing or could not be checked.
    Undecided,
    /// Something is proven wrong.
    Refused,
}

/// What a reason does to the conclusion.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    /// Should be known.
    Warns,
    /// Leaves open.
    Undecides,
    /// Refuses.
    Refuses,
}

/// A reason with its arguments.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Reason<C> {
    /// The code.
    pub code: C,
    /// Named values for the sentence.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub args: BTreeMap<String, String>,
}

impl<C> Reason<C> {
    pub(crate) fn new(code: C, args: &[(&str, &str)]) -> Self {
        let args = args
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Self {
            code,
            args: args.collect(),
        }
    }
}

impl<C> From<C> for Reason<C> {
    fn from(code: C) -> Self {
        Self::new(code, &[])
    }
}

/// The weightiest reason decides.
pub(crate) fn conclude(weights: impl Iterator<Item = Weight>) -> Outcome {
    match weights.max() {
        None | Some(Weight::Warns) => Outcome::Confirmed,
        Some(Weight::Undecides) => Outcome::Undecided,
        Some(Weight::Refuses) => Outcome::Refused,
    }
}

/// Declares an enum of codes with their keys and weights, and, where there are checks, the check
/// that each belongs to.
macro_rules! codes {
    (
        $(#[$top:meta])* $name:ident:
        $($(#[$doc:meta])* $code:ident, $key:literal, $weight:ident;)+
    ) => {
        $(#[$top])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
        #[derive(schemars::JsonSchema)]
        pub enum $name {$(
            $(#[$doc])*
            #[serde(rename = $key)]
            $code,
        )+}

        impl $name {
            /// Every code, for translations to be complete.
            pub const ALL: &[Self] = &[$(Self::$code,)+];

            /// The stable word for translations.
            #[must_use]
            pub const fn key(self) -> &'static str {
                match self {$(Self::$code => $key,)+}
            }

            /// What it does to the conclusion.
            #[must_use]
            pub const fn weight(self) -> $crate::outcome::Weight {
                match self {$(Self::$code => $crate::outcome::Weight::$weight,)+}
            }
        }
    };
}
pub(crate) use codes;
