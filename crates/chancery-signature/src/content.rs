//! The signed content, digested as seldom as possible.
//!
//! Signatures of a PDF cover it from its first byte to their own gap: the beginning of one is the
//! beginning of the next. A digest is taken over the file once, and its state at each gap is kept.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use crate::algorithm::DigestAlgorithm;
use crate::digest::CheckedSha1;
use crate::work::Work;

/// What is signed, in parts that follow one another.
#[derive(Clone, Copy)]
pub(crate) struct Content<'c> {
    pub parts: &'c [&'c [u8]],
    beginnings: Option<&'c Beginnings<'c>>,
    digested: Option<&'c Digested>,
    work: Option<&'c Work>,
}

/// Digests of one content.
#[derive(Debug, Default)]
pub(crate) struct Digested(RefCell<BTreeMap<DigestAlgorithm, Vec<u8>>>);

impl<'c> Content<'c> {
    pub fn of(parts: &'c [&'c [u8]]) -> Self {
        Self {
            parts,
            beginnings: None,
            digested: None,
            work: None,
        }
    }

    /// The same, digested once by each algorithm.
    pub fn remembered(self, digested: &'c Digested) -> Self {
        Self {
            digested: Some(digested),
            ..self
        }
    }

    /// The same, whose slow digests take of what may be spent.
    pub fn within(self, work: &'c Work) -> Self {
        Self {
            work: Some(work),
            ..self
        }
    }

    /// The same, of a file whose beginnings may be known.
    pub fn of_file(parts: &'c [&'c [u8]], beginnings: &'c Beginnings<'c>) -> Self {
        Self {
            parts,
            beginnings: Some(beginnings),
            digested: None,
            work: None,
        }
    }

    /// How many bytes it has.
    pub fn bytes(&self) -> u64 {
        self.parts.iter().map(|part| part.len() as u64).sum()
    }

    /// Its digest, unless it costs more than may be spent.
    pub fn digest(&self, algorithm: DigestAlgorithm) -> Option<Vec<u8>> {
        let Some(digested) = self.digested else {
            return self.digest_within(algorithm);
        };
        let known = digested.0.borrow().get(&algorithm).cloned();
        if known.is_some() {
            return known;
        }
        let made = self.digest_within(algorithm)?;
        digested.0.borrow_mut().insert(algorithm, made.clone());
        Some(made)
    }

    /// A digest as quick as most has its bytes counted by whoever reads them.
    fn digest_within(&self, algorithm: DigestAlgorithm) -> Option<Vec<u8>> {
        let beyond = algorithm.weight().saturating_sub(1);
        let passed = self.beginnings.map_or(0, |one| one.bytes_to_run(algorithm));
        let cost = self
            .bytes_anew()
            .saturating_add(passed)
            .saturating_mul(beyond);
        let fits = self.work.is_none_or(|work| work.reads_again(cost));
        fits.then(|| self.digest_anew(algorithm))
    }

    fn digest_anew(&self, algorithm: DigestAlgorithm) -> Vec<u8> {
        let known = self
            .beginnings
            .and_then(|beginnings| beginnings.digest(algorithm, self.parts));
        known.unwrap_or_else(|| algorithm.digest(self.parts))
    }

    /// How many bytes must be read anew to digest it, when the beginning is known.
    pub fn bytes_anew(&self) -> u64 {
        match (self.parts, self.beginnings) {
            ([first, second], Some(beginnings)) if beginnings.begins_with(first) => {
                second.len() as u64
            }
            _ => self.bytes(),
        }
    }
}

/// Digests of the beginnings of one file.
pub(crate) struct Beginnings<'c> {
    bytes: &'c [u8],
    /// Where the gaps begin, sorted, each once.
    ends: Vec<usize>,
    kept: RefCell<BTreeMap<DigestAlgorithm, Vec<Box<dyn Running>>>>,
}

impl<'c> Beginnings<'c> {
    pub fn new(bytes: &'c [u8], mut ends: Vec<usize>) -> Self {
        ends.retain(|end| *end <= bytes.len());
        ends.sort_unstable();
        ends.dedup();
        Self {
            bytes,
            ends,
            kept: RefCell::default(),
        }
    }

    /// How many bytes are read before the digest of a beginning is known.
    fn bytes_to_run(&self, algorithm: DigestAlgorithm) -> u64 {
        let is_known = self.kept.borrow().contains_key(&algorithm);
        let last = self.ends.last().filter(|_| !is_known);
        last.map_or(0, |end| *end as u64)
    }

    /// Whether the part is a beginning that is kept.
    fn begins_with(&self, part: &[u8]) -> bool {
        std::ptr::eq(part.as_ptr(), self.bytes.as_ptr())
            && self.ends.binary_search(&part.len()).is_ok()
    }

    fn digest(&self, algorithm: DigestAlgorithm, parts: &[&[u8]]) -> Option<Vec<u8>> {
        let [first, second] = parts else {
            return None;
        };
        if !self.begins_with(first) {
            return None;
        }
        let mut state = self.state_before(algorithm, first.len())?;
        state.take(second);
        Some(state.finish())
    }

    /// The digest of everything up to `end`, for a gap of these that begins at `gap`: what stands
    /// before the gap is not read again.
    pub fn up_to(&self, algorithm: DigestAlgorithm, gap: u64, end: u64) -> Option<Vec<u8>> {
        let (gap, end) = (usize::try_from(gap).ok()?, usize::try_from(end).ok()?);
        let mut state = self.state_before(algorithm, gap)?;
        state.take(self.bytes.get(gap..end)?);
        Some(state.finish())
    }

    fn state_before(&self, algorithm: DigestAlgorithm, gap: usize) -> Option<Box<dyn Running>> {
        let place = self.ends.binary_search(&gap).ok()?;
        let mut kept = self.kept.borrow_mut();
        let states = match kept.entry(algorithm) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(vacant) => vacant.insert(self.run(algorithm)?),
        };
        Some(states.get(place)?.copied())
    }

    /// The digest of the whole file. Where a signature was digested the same way, only what follows
    /// the last gap is read.
    pub fn of_whole(&self, algorithm: DigestAlgorithm) -> Vec<u8> {
        let kept = self.kept.borrow();
        let furthest = kept.get(&algorithm).and_then(|states| states.last());
        let rest = self.ends.last().and_then(|end| self.bytes.get(*end..));
        match (furthest, rest) {
            (Some(state), Some(rest)) => {
                let mut state = state.copied();
                state.take(rest);
                state.finish()
            }
            _ => algorithm.digest(&[self.bytes]),
        }
    }

    /// One pass over the file, up to the last gap.
    fn run(&self, algorithm: DigestAlgorithm) -> Option<Vec<Box<dyn Running>>> {
        let mut state = running(algorithm)?;
        let mut at = 0;
        let mut states = Vec::with_capacity(self.ends.len());
        for end in &self.ends {
            state.take(self.bytes.get(at..*end)?);
            at = *end;
            states.push(state.copied());
        }
        Some(states)
    }
}

/// A digest in the making.
trait Running {
    fn take(&mut self, bytes: &[u8]);
    fn copied(&self) -> Box<dyn Running>;
    fn finish(self: Box<Self>) -> Vec<u8>;
}

impl<D: sha2::Digest + Clone + 'static> Running for D {
    fn take(&mut self, bytes: &[u8]) {
        self.update(bytes);
    }

    fn copied(&self) -> Box<dyn Running> {
        Box::new(self.clone())
    }

    fn finish(self: Box<Self>) -> Vec<u8> {
        (*self).finalize().to_vec()
    }
}

impl Running for CheckedSha1 {
    fn take(&mut self, bytes: &[u8]) {
        self.update(bytes);
    }

    fn copied(&self) -> Box<dyn Running> {
        Box::new(self.clone())
    }

    fn finish(self: Box<Self>) -> Vec<u8> {
        (*self).finalize()
    }
}

fn running(algorithm: DigestAlgorithm) -> Option<Box<dyn Running>> {
    use sha2::Digest as _;
    Some(match algorithm {
        DigestAlgorithm::Md5 => Box::new(md5::Md5::new()),
        DigestAlgorithm::Sha1 => Box::new(CheckedSha1::default()),
        DigestAlgorithm::Sha224 => Box::new(sha2::Sha224::new()),
        DigestAlgorithm::Sha256 => Box::new(sha2::Sha256::new()),
        DigestAlgorithm::Sha384 => Box::new(sha2::Sha384::new()),
        DigestAlgorithm::Sha512 => Box::new(sha2::Sha512::new()),
        DigestAlgorithm::Sha3_224 => Box::new(sha3::Sha3_224::new()),
        DigestAlgorithm::Sha3_256 => Box::new(sha3::Sha3_256::new()),
        DigestAlgorithm::Sha3_384 => Box::new(sha3::Sha3_384::new()),
        DigestAlgorithm::Sha3_512 => Box::new(sha3::Sha3_512::new()),
        DigestAlgorithm::Streebog256 => Box::new(streebog::Streebog256::new()),
        DigestAlgorithm::Streebog512 => Box::new(streebog::Streebog512::new()),
        DigestAlgorithm::Gost94 => Box::new(gost94::Gost94CryptoPro::new()),
        // Ed448 alone digests with it: not worth a pass.
        DigestAlgorithm::Shake256 => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn check_37_a_remembered_digest_is_not_taken_again() {
        let parts: [&[u8]; 2] = [b"one", b"two"];
        let (digested, algorithm) = (Digested::default(), DigestAlgorithm::Sha256);
        let content = Content::of(&parts).remembered(&digested);
        assert_eq!(content.digest(algorithm).unwrap(), algorithm.digest(&parts));
        // What is remembered is what is answered.
        digested.0.borrow_mut().insert(algorithm, vec![7]);
        assert_eq!(content.digest(algorithm).unwrap(), [7]);
        let other = DigestAlgorithm::Sha512;
        assert_eq!(content.digest(other).unwrap(), other.digest(&parts));
    }

    #[test]
    fn check_37_a_slow_digest_costs_what_it_takes() {
        let bytes = vec![7; 4_000];
        let beginnings = Beginnings::new(&bytes, vec![1_000]);
        let parts = [&bytes[..1_000], &bytes[2_000..]];
        let limits = |covered_bytes_max| crate::SignatureLimits {
            covered_bytes_max,
            ..crate::SignatureLimits::default()
        };
        let slow = DigestAlgorithm::Gost94;
        // The beginning once, and what follows the gap each time.
        let work = Work::new(&limits(63 * 5_000));
        let content = Content::of_file(&parts, &beginnings).within(&work);
        assert_eq!(content.digest(slow), Some(slow.digest(&parts)));
        assert_eq!(work.exceeded(), None);
        assert_eq!(content.digest(slow), Some(slow.digest(&parts)));
        assert_eq!(content.digest(slow), None);
        let limit = ("covered_bytes_max", 63 * 5_000);
        assert_eq!(work.exceeded(), Some(limit));
        let quick = DigestAlgorithm::Sha256;
        assert_eq!(content.digest(quick), Some(quick.digest(&parts)));
    }

    #[test]
    fn known_beginnings_give_the_same_digests() {
        let bytes: Vec<u8> = (0..5_000_u32).map(|index| index as u8).collect();
        let beginnings = Beginnings::new(&bytes, vec![3_000, 17, 17, 0, 9_999]);
        for algorithm in [
            DigestAlgorithm::Md5,
            DigestAlgorithm::Sha1,
            DigestAlgorithm::Sha256,
            DigestAlgorithm::Sha512,
            DigestAlgorithm::Sha3_256,
            DigestAlgorithm::Streebog256,
            DigestAlgorithm::Streebog512,
            DigestAlgorithm::Gost94,
            DigestAlgorithm::Shake256,
        ] {
            for (end, from, to) in [
                (17, 40, 100),
                (3_000, 3_100, 5_000),
                (0, 1, 2),
                (18, 20, 21),
            ] {
                let parts = [&bytes[..end], &bytes[from..to]];
                let content = Content::of_file(&parts, &beginnings);
                assert_eq!(content.digest(algorithm).unwrap(), algorithm.digest(&parts));
            }
        }
        for algorithm in [DigestAlgorithm::Sha256, DigestAlgorithm::Sha1] {
            let whole = beginnings.of_whole(algorithm);
            assert_eq!(whole, algorithm.digest(&[&bytes]));
        }
        let none = Beginnings::new(&bytes, Vec::new());
        let whole = none.of_whole(DigestAlgorithm::Sha256);
        assert_eq!(whole, DigestAlgorithm::Sha256.digest(&[&bytes]));
        let cost = |parts: &[&[u8]]| Content::of_file(parts, &beginnings).bytes_anew();
        assert_eq!(cost(&[&bytes[..17], &bytes[40..100]]), 60);
        assert_eq!(cost(&[&bytes[..18], &bytes[40..100]]), 78, "not kept");
        assert_eq!(cost(&[&bytes[1..18], &bytes[40..100]]), 77, "no beginning");
        assert_eq!(cost(&[&bytes[..17]]), 17);
    }
}
