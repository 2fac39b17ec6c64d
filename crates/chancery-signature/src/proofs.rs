//! Proofs of existence (EN 319 102-1, 5.6.2.3): what is known to have been there, and since when.

use std::collections::HashMap;

use chancery_types::Instant;

use crate::archive::digest_of;
use crate::report::Reason;

/// A document timestamp that is in order: every byte up to the end of its revision existed then.
#[derive(Clone, Debug)]
pub(crate) struct Proof {
    pub revision: u32,
    /// By when.
    pub gen_time: Instant,
    pub by: String,
    /// What nobody knows of the revocation of whoever made it.
    pub open: Vec<Reason>,
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

    /// Those that cover the bytes of `revision`.
    pub fn over(&self, revision: u32) -> impl Iterator<Item = &Proof> {
        let newer = self.added.iter().map(|(proof, _)| proof);
        newer.take_while(move |proof| proof.revision >= revision)
    }

    /// The earliest moment for the bytes of `revision` that is not before `moment`.
    pub fn earliest_from(&self, revision: u32, moment: Instant) -> Option<Instant> {
        let moments = self.over(revision).map(|proof| proof.gen_time);
        moments.filter(|one| *one >= moment).min()
    }
}

/// Moments of timestamps that are in order, whatever contradicts them: what covers one was made
/// after it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Stated {
    /// By the revision that holds them, each with the latest up to there.
    moments: Vec<(u32, Instant)>,
}

impl Stated {
    pub fn new(mut moments: Vec<(u32, Instant)>) -> Self {
        moments.sort_unstable();
        let mut latest: Option<Instant> = None;
        for (_, moment) in &mut moments {
            *moment = latest.map_or(*moment, |latest| latest.max(*moment));
            latest = Some(*moment);
        }
        Self { moments }
    }

    /// The latest moment that what ends with `revision` was certainly made after.
    pub fn latest_before(&self, revision: u32) -> Option<Instant> {
        let count = self.moments.partition_point(|(held, _)| *held < revision);
        let last = count.checked_sub(1).and_then(|last| self.moments.get(last));
        last.map(|(_, moment)| *moment)
    }
}

/// Since when things exist that archive timestamps cover, by SHA-256 of their bytes, hexadecimal.
#[derive(Clone, Debug, Default)]
pub(crate) struct Archived {
    things: HashMap<String, Instant>,
    /// The same for signatures, by their place in the facts, with who says so.
    signatures: HashMap<usize, (Instant, String)>,
}

impl Archived {
    /// Adds what one timestamp over the signature at `place` proves.
    pub fn add(&mut self, place: usize, covers: &[String], proof: &(Instant, String)) {
        for digest in covers {
            let known = self.things.entry(digest.clone()).or_insert(proof.0);
            *known = proof.0.min(*known);
        }
        let known = self
            .signatures
            .entry(place)
            .or_insert_with(|| proof.clone());
        if proof.0 < known.0 {
            *known = proof.clone();
        }
    }

    pub fn is_empty(&self) -> bool {
        self.things.is_empty()
    }

    pub fn thing(&self, digest: &str) -> Option<Instant> {
        self.things.get(digest).copied()
    }

    pub fn signature(&self, place: usize) -> Option<&(Instant, String)> {
        self.signatures.get(&place)
    }
}

/// Since when pieces of evidence are known to exist, as far as one judgement knows it.
#[derive(Clone, Copy)]
pub(crate) struct Existence<'p> {
    /// The moment of judgement: everything at hand exists then.
    pub now: Instant,
    pub proofs: &'p Proofs,
    pub archived: &'p Archived,
    /// The signature at hand and since when it exists: what it signs is as old.
    pub own: Option<(usize, Instant)>,
}

impl Existence<'_> {
    /// Since when these bytes exist, which the given revision of the file holds too.
    pub fn of(&self, bytes: &[u8], revision: Option<u32>) -> Instant {
        let proof = revision.and_then(|revision| self.proofs.earliest(revision));
        let archived = match self.archived.is_empty() {
            true => None,
            false => self.archived.thing(&digest_of(bytes)),
        };
        let proven = proof
            .map(|proof| proof.gen_time)
            .into_iter()
            .chain(archived);
        proven.fold(self.now, Instant::min)
    }
}
