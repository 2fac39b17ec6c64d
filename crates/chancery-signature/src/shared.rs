//! What many signatures of one file say alike, held once.

use std::collections::HashSet;
use std::fmt;
use std::hash::Hash;
use std::ops::Deref;
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::facts::{EvidenceFacts, SignatureFacts, TokenFacts};

/// A value that others may hold too. It reads, compares and is written as the value itself.
#[derive(Default, PartialEq, Eq, Hash)]
pub struct Shared<T>(Arc<T>);

impl<T> Clone for Shared<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T> From<T> for Shared<T> {
    fn from(value: T) -> Self {
        Self(Arc::new(value))
    }
}

impl<T> Deref for Shared<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: fmt::Debug> fmt::Debug for Shared<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

impl<T: schemars::JsonSchema> schemars::JsonSchema for Shared<T> {
    fn inline_schema() -> bool {
        T::inline_schema()
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        T::schema_name()
    }

    fn schema_id() -> std::borrow::Cow<'static, str> {
        T::schema_id()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        T::json_schema(generator)
    }
}

impl<T: Serialize> Serialize for Shared<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Shared<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::deserialize(deserializer).map(Self::from)
    }
}

/// The values that were met so far.
#[derive(Debug)]
pub(crate) struct Met<T>(HashSet<Shared<T>>);

impl<T> Default for Met<T> {
    fn default() -> Self {
        Self(HashSet::new())
    }
}

impl<T: Eq + Hash> Met<T> {
    /// Puts the value that was met first in the place of an equal one.
    pub fn share(&mut self, one: &mut Shared<T>) {
        match self.0.get(one) {
            Some(known) => *one = known.clone(),
            None => {
                self.0.insert(one.clone());
            }
        }
    }
}

impl EvidenceFacts {
    fn share(&mut self, met: &mut Met<Vec<u8>>) {
        let pieces = self.certificates.iter_mut().chain(&mut self.crls);
        for piece in pieces.chain(&mut self.ocsps) {
            met.share(&mut piece.der.0);
        }
    }
}

impl TokenFacts {
    fn share(&mut self, met: &mut Met<Vec<u8>>) {
        self.evidence.share(met);
        for der in &mut self.certificates {
            met.share(&mut der.0);
        }
    }
}

impl SignatureFacts {
    /// Holds certificates, lists and answers once with those that were met in other signatures.
    pub(crate) fn share(&mut self, met: &mut Met<Vec<u8>>) {
        self.evidence.share(met);
        for der in &mut self.certificates {
            met.share(&mut der.0);
        }
        if let Some(signer) = &mut self.signer {
            let archives = signer.archives.iter_mut().map(|archive| &mut archive.token);
            let tokens = signer.tokens.iter_mut().chain(&mut signer.content_tokens);
            for token in tokens.chain(archives) {
                token.share(met);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_met_is_held_once_and_reads_the_same() {
        let mut met = Met::default();
        let mut both = [Shared::from(vec![1, 2]), Shared::from(vec![1, 2])];
        let mut other = Shared::from(vec![3]);
        for one in both.iter_mut().chain([&mut other]) {
            met.share(one);
        }
        assert!(Arc::ptr_eq(&both[0].0, &both[1].0));
        assert_eq!((&*both[1], &*other), (&vec![1, 2], &vec![3]));
        let json = serde_json::to_string(&both).unwrap();
        assert_eq!(json, "[[1,2],[1,2]]");
        assert_eq!(
            serde_json::from_str::<[Shared<Vec<u8>>; 2]>(&json).unwrap(),
            both
        );
    }
}
