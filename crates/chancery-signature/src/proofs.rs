//! Proofs of existence (EN 319 102-1, 5.6.2.3): what is known to have been there, and since when.

use chancery_types::Instant;

/// A document timestamp that is in order: every byte up to the end of its revision existed then.
#[derive(Clone, Debug)]
pub(crate) struct Proof {
    pub revision: u32,
    pub gen_time: Instant,
    pub by: String,
}

/// Proofs of one file, added from the newest revision to the oldest.
#[derive(Clone, Debug, Default)]
pub(crate) struct Proofs {
    /// Newest revision first; each with the place of the earliest among it and those before it.
    added: Vec<(Proof, usize)>,
}

impl Proofs {
    pub fn add(&mut self, proof: Proof) {
        let own = self.added.len();
        let before = self.added.last().map(|(_, earliest)| *earliest);
        let earliest = before.filter(|place| {
            let known = self.added.get(*place);
            known.is_some_and(|(known, _)| known.gen_time <= proof.gen_time)
        });
        self.added.push((proof, earliest.unwrap_or(own)));
    }

    /// The earliest proof for the bytes of `revision`.
    pub fn earliest(&self, revision: u32) -> Option<&Proof> {
        let count = self
            .added
            .partition_point(|(proof, _)| proof.revision >= revision);
        let (_, earliest) = self.added.get(count.checked_sub(1)?)?;
        self.added.get(*earliest).map(|(proof, _)| proof)
    }

    /// The latest moment that what ends with `revision` was certainly made after: it covers a
    /// timestamp of that moment.
    pub fn latest_before(&self, revision: u32) -> Option<Instant> {
        let earlier = self
            .added
            .iter()
            .filter(|(proof, _)| proof.revision < revision);
        earlier.map(|(proof, _)| proof.gen_time).max()
    }
}

/// Since when pieces of evidence are known to exist, as far as one judgement knows it.
#[derive(Clone, Copy)]
pub(crate) struct Existence<'p> {
    /// The moment of judgement: everything at hand exists then.
    pub now: Instant,
    pub proofs: &'p Proofs,
    /// The signature at hand and since when it exists: what it signs is as old.
    pub own: Option<(usize, Instant)>,
}

impl Existence<'_> {
    /// Since when something exists that the bytes of `revision` hold.
    pub fn of_revision(&self, revision: Option<u32>) -> Instant {
        let proof = revision.and_then(|revision| self.proofs.earliest(revision));
        proof.map_or(self.now, |proof| proof.gen_time.min(self.now))
    }
}
