//! The named values of a reason, in one piece of text: reports may list twenty thousand reasons.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Index;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Names with their values, by name, each name once.
///
/// ```
/// use chancery_signature::report::Args;
///
/// let mut args = Args::from([("page", "7"), ("field", "Amount")]);
/// args.insert("page", "8");
/// assert_eq!(args.get("page"), Some("8"));
/// assert_eq!(args.get("object"), None);
/// let all: Vec<(&str, &str)> = args.iter().collect();
/// assert_eq!(all, [("field", "Amount"), ("page", "8")]);
/// ```
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Args {
    /// Name, value, name, value, …
    text: Box<str>,
    /// Where each of them ends.
    ends: Box<[u32]>,
}

impl Args {
    /// The value of this name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        let mut all = self.iter();
        all.find(|(known, _)| *known == name)
            .map(|(_, value)| value)
    }

    /// Whether there is a value of this name.
    #[must_use]
    pub fn contains_key(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// Whether there is none at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// Sets a value, in place of the one of the same name.
    pub fn insert(&mut self, name: &str, value: &str) {
        let mut all: BTreeMap<&str, &str> = self.iter().collect();
        all.insert(name, value);
        *self = Self::in_order(&all);
    }

    /// Every name with its value, by name.
    #[must_use]
    pub fn iter(&self) -> Iter<'_> {
        Iter { args: self, at: 0 }
    }

    /// Every value, by name.
    pub fn values(&self) -> impl Iterator<Item = &str> {
        self.iter().map(|(_, value)| value)
    }

    fn in_order(all: &BTreeMap<&str, &str>) -> Self {
        let pieces = || all.iter().flat_map(|(name, value)| [*name, *value]);
        let mut text = String::with_capacity(pieces().map(str::len).sum());
        let ends = pieces().map(|piece| {
            text.push_str(piece);
            u32::try_from(text.len()).unwrap_or(u32::MAX)
        });
        let ends = ends.collect();
        let text = text.into_boxed_str();
        Self { text, ends }
    }

    /// The piece at this place of `ends`.
    fn piece(&self, at: usize) -> Option<&str> {
        let end = *self.ends.get(at)?;
        let before = at.checked_sub(1).and_then(|before| self.ends.get(before));
        let start = before.copied().unwrap_or(0);
        self.text.get(start as usize..end as usize)
    }
}

/// Walks over [`Args`].
#[derive(Clone, Debug)]
pub struct Iter<'a> {
    args: &'a Args,
    at: usize,
}

impl<'a> Iterator for Iter<'a> {
    type Item = (&'a str, &'a str);

    fn next(&mut self) -> Option<Self::Item> {
        let value_at = self.at.checked_add(1)?;
        let pair = (self.args.piece(self.at)?, self.args.piece(value_at)?);
        self.at = value_at.checked_add(1)?;
        Some(pair)
    }
}

impl<'a> IntoIterator for &'a Args {
    type Item = (&'a str, &'a str);
    type IntoIter = Iter<'a>;

    fn into_iter(self) -> Iter<'a> {
        self.iter()
    }
}

/// Panics where there is no such name, as maps do.
impl Index<&str> for Args {
    type Output = str;

    #[expect(clippy::expect_used, reason = "what indexing says of itself")]
    fn index(&self, name: &str) -> &str {
        self.get(name).expect("a value of this name")
    }
}

impl<'a> FromIterator<(&'a str, &'a str)> for Args {
    fn from_iter<I: IntoIterator<Item = (&'a str, &'a str)>>(all: I) -> Self {
        Self::in_order(&all.into_iter().collect())
    }
}

impl<N: AsRef<str>, V: AsRef<str>, const COUNT: usize> From<[(N, V); COUNT]> for Args {
    fn from(all: [(N, V); COUNT]) -> Self {
        let all = all.iter();
        all.map(|(name, value)| (name.as_ref(), value.as_ref()))
            .collect()
    }
}

impl fmt::Debug for Args {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_map().entries(self).finish()
    }
}

impl schemars::JsonSchema for Args {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Args".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "description": "Named values for the sentence of a reason.",
            "type": "object",
            "additionalProperties": { "type": "string" },
        })
    }
}

impl Serialize for Args {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self)
    }
}

impl<'de> Deserialize<'de> for Args {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let all = BTreeMap::<String, String>::deserialize(deserializer)?;
        let all = all.iter();
        Ok(all
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Goal: any value survives, be it empty or full of what might separate. Method: kept, read,
    /// written as JSON and read again, and as the map that they are.
    #[test]
    fn what_goes_in_comes_out() {
        let strange = "a\0b\u{1F}\"\u{1F600}";
        let args = Args::from([("why", strange), ("empty", ""), ("", "nameless")]);
        assert_eq!(args.get("why"), Some(strange));
        assert_eq!(
            (args.get("empty"), args.get("")),
            (Some(""), Some("nameless"))
        );
        assert_eq!(args.get("wh"), None);
        let json = serde_json::to_string(&args).unwrap();
        let map: BTreeMap<String, String> = serde_json::from_str(&json).unwrap();
        assert_eq!(map.len(), 3);
        assert_eq!(serde_json::to_string(&map).unwrap(), json);
        assert_eq!(serde_json::from_str::<Args>(&json).unwrap(), args);
        let mut changed = args.clone();
        changed.insert("why", "x");
        assert_ne!(changed, args);
        assert_eq!(changed.values().collect::<Vec<_>>(), ["nameless", "", "x"]);
        assert!(Args::default().is_empty() && !changed.is_empty());
    }
}
