//! Intervals of whole numbers, amounts and dates.

use rust_decimal::Decimal;

/// A value with an order. Only values of one sort are ever compared.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Scalar {
    Int(i64),
    Amount(Decimal),
    Date(jiff::civil::Date),
}

impl std::fmt::Display for Scalar {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Int(number) => number.fmt(f),
            Self::Amount(amount) => amount.fmt(f),
            Self::Date(date) => date.fmt(f),
        }
    }
}

/// An end of an interval, and whether it belongs to it.
type End = Option<(Scalar, bool)>;

/// An interval; without an end it has no bound there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Range {
    low: End,
    high: End,
}

impl Range {
    pub(super) fn between(low: Option<Scalar>, high: Option<Scalar>) -> Self {
        let closed = |end: Option<Scalar>| end.map(|value| (value, true));
        Self {
            low: closed(low),
            high: closed(high),
        }
    }

    pub(super) fn point(value: Scalar) -> Self {
        Self::between(Some(value.clone()), Some(value))
    }

    pub(super) fn at_least(value: Scalar) -> Self {
        Self::between(Some(value), None)
    }

    pub(super) fn at_most(value: Scalar) -> Self {
        Self::between(None, Some(value))
    }

    /// Whole numbers and dates have a next one, so that an open end is a closed one beside it.
    pub(super) fn above(value: Scalar) -> Self {
        let low = match &value {
            Scalar::Int(number) => number.checked_add(1).map(|next| (Scalar::Int(next), true)),
            Scalar::Date(date) => date.tomorrow().ok().map(|next| (Scalar::Date(next), true)),
            Scalar::Amount(_) => None,
        };
        Self {
            low: low.or(Some((value, false))),
            high: None,
        }
    }

    pub(super) fn below(value: Scalar) -> Self {
        let high = match &value {
            Scalar::Int(number) => number.checked_sub(1).map(|next| (Scalar::Int(next), true)),
            Scalar::Date(date) => date.yesterday().ok().map(|next| (Scalar::Date(next), true)),
            Scalar::Amount(_) => None,
        };
        Self {
            low: None,
            high: high.or(Some((value, false))),
        }
    }

    pub(super) fn meet(&self, other: &Self) -> Self {
        let pick =
            |a: &End, b: &End, wins: fn(&(Scalar, bool), &(Scalar, bool)) -> bool| match (a, b) {
                (Some(a), Some(b)) => Some(if wins(a, b) { a.clone() } else { b.clone() }),
                (Some(end), None) | (None, Some(end)) => Some(end.clone()),
                (None, None) => None,
            };
        Self {
            // Of equal ends the open one is the narrower.
            low: pick(&self.low, &other.low, |a, b| {
                a.0 > b.0 || (a.0 == b.0 && !a.1)
            }),
            high: pick(&self.high, &other.high, |a, b| {
                a.0 < b.0 || (a.0 == b.0 && !a.1)
            }),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        match (&self.low, &self.high) {
            (Some((low, low_in)), Some((high, high_in))) => {
                low > high || (low == high && !(*low_in && *high_in))
            }
            _ => false,
        }
    }

    /// The interval as one or two comparisons.
    pub(super) fn text(&self, name: &str) -> Vec<String> {
        if let (Some((low, true)), Some((high, true))) = (&self.low, &self.high)
            && low == high
        {
            return vec![format!("{name} == {low}")];
        }
        let mut parts = Vec::new();
        if let Some((low, closed)) = &self.low {
            parts.push(format!("{name} {} {low}", if *closed { ">=" } else { ">" }));
        }
        if let Some((high, closed)) = &self.high {
            parts.push(format!(
                "{name} {} {high}",
                if *closed { "<=" } else { "<" }
            ));
        }
        parts
    }
}
