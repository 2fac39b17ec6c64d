//! What the changes of a file mean, said once and asked by every signature.
//!
//! A change means the same to all signatures before it, so it is judged once. What is listed for
//! each signature is bounded: thousands of signatures with thousands of changes behind each would
//! make a report of millions of lines. What decides the conclusion is always among the listed.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::facts::{FieldLock, SignatureFacts};
use crate::judge_changes::coverage_in_pdf;
use crate::judged::Judged;
use crate::reason::Weight;
use crate::report::{ChangeReport, Reason};

/// Most changes listed in one report, over all signatures; each signature lists some.
const LISTED_MAX: usize = 20_000;
const LISTED_MIN: usize = 10;
/// Most bytes of names in one report, as far as at least one change after each signature is listed.
const TEXT_MAX: usize = 4 * 1024 * 1024;
/// Most names that are compared to tell whether fields are locked. A field counts as locked beyond.
const NAMES_COMPARED_MAX: u64 = 50_000_000;

/// Every change in order, with what it means.
#[derive(Debug, Default)]
pub(crate) struct Ledger<'f> {
    changes: Vec<Judged<'f>>,
    /// For each change, the place of the first one from there on that fails, and of the first that
    /// leaves open.
    weightiest: Vec<[Option<u32>; 2]>,
    listed_max: usize,
}

impl<'f> Ledger<'f> {
    pub fn new(changes: Vec<Judged<'f>>, signatures: usize) -> Self {
        let mut weightiest = vec![[None, None]; changes.len()];
        let mut next = [None, None];
        let slots = changes.iter().zip(&mut weightiest);
        for (place, (one, slot)) in slots.enumerate().rev() {
            let place = u32::try_from(place).ok();
            match one.meaning.map(|meaning| meaning.code.weight()) {
                Some(Weight::Fails(_)) => next[0] = place,
                Some(Weight::Undecides(_)) => next[1] = place,
                Some(Weight::Warns) | None => {}
            }
            *slot = next;
        }
        let share = |all: usize| all.checked_div(signatures).unwrap_or(all);
        let longest = changes.iter().map(|one| one.change.text_bytes()).max();
        let by_text = share(TEXT_MAX).checked_div(longest.unwrap_or(0));
        let listed_max = share(LISTED_MAX).max(LISTED_MIN);
        Self {
            changes,
            weightiest,
            listed_max: listed_max.min(by_text.unwrap_or(listed_max).max(1)),
        }
    }

    /// The first change after the revision that ends a signature, which counts from 0.
    fn first_after(&self, revision: u32) -> usize {
        let ends = revision.saturating_add(1);
        self.changes.partition_point(|one| one.revision <= ends)
    }

    /// The changes after a revision, as far as they are listed, and how many more there are.
    pub fn changes_after(&self, revision: u32) -> (Vec<ChangeReport>, u32) {
        let after = self.changes.get(self.first_after(revision)..);
        let after = after.unwrap_or(&[]);
        let listed = after.iter().take(self.listed_max);
        let left = after.len().saturating_sub(self.listed_max);
        let listed = listed.map(Judged::report).collect();
        (listed, u32::try_from(left).unwrap_or(u32::MAX))
    }

    /// What the changes after a revision mean: the first ones, and the weightiest.
    pub fn reasons_after(&self, revision: u32) -> impl Iterator<Item = Reason> {
        let first = self.first_after(revision);
        let end = first.saturating_add(self.listed_max);
        let listed = self.changes.iter().skip(first).take(self.listed_max);
        let weightiest = self.weightiest.get(first).copied().unwrap_or_default();
        let beyond = weightiest.into_iter().flatten();
        let beyond = beyond
            .filter_map(|place| usize::try_from(place).ok())
            .filter(move |place| *place >= end)
            .filter_map(|place| self.changes.get(place));
        listed.chain(beyond).filter_map(Judged::reason)
    }
}

/// The signatures of a PDF in order: what each leaves open to those that come later.
#[derive(Debug, Default)]
pub(crate) struct Order<'a> {
    /// By the revision after the one that ends a signature: the tightest level until then.
    levels: BTreeMap<u32, i64>,
    certified: bool,
    /// The first signature of each field.
    fields: HashMap<&'a str, usize>,
    /// The revision after the first signature that locks everything, or these names with all
    /// beneath them, or everything but some.
    all: Option<u32>,
    included: HashMap<&'a str, u32>,
    excluded: HashMap<&'a [String], u32>,
    names_left: std::cell::Cell<u64>,
    shared_gaps: HashSet<[u64; 4]>,
}

impl<'a> Order<'a> {
    pub fn new(signatures: &'a [SignatureFacts]) -> Self {
        let mut order = Self {
            names_left: std::cell::Cell::new(NAMES_COMPARED_MAX),
            ..Self::default()
        };
        let mut gaps = HashSet::new();
        for (place, one) in signatures.iter().enumerate() {
            order.certified |= one.certification.is_some();
            if let Some(field) = &one.field {
                order.fields.entry(field).or_insert(place);
            }
            let Some(coverage) = coverage_in_pdf(one) else {
                continue;
            };
            if !gaps.insert(coverage.byte_range) {
                order.shared_gaps.insert(coverage.byte_range);
            }
            // Counted as reports count, the signature binds what comes after this one.
            let ends = coverage.revision.saturating_add(1);
            for level in [one.certification, one.lock_permission]
                .into_iter()
                .flatten()
            {
                let known = order.levels.entry(ends).or_insert(level);
                *known = level.min(*known);
            }
            for lock in &one.locks {
                order.add_lock(lock, ends);
            }
        }
        let mut tightest = i64::MAX;
        for level in order.levels.values_mut() {
            tightest = tightest.min(*level);
            *level = tightest;
        }
        order
    }

    fn add_lock(&mut self, lock: &'a FieldLock, ends: u32) {
        let earliest = |known: &mut u32| *known = ends.min(*known);
        match lock {
            FieldLock::All => self.all = Some(self.all.map_or(ends, |known| known.min(ends))),
            FieldLock::Include(names) => {
                for name in names {
                    earliest(self.included.entry(name).or_insert(ends));
                }
            }
            FieldLock::Exclude(names) => {
                earliest(self.excluded.entry(names.as_slice()).or_insert(ends));
            }
        }
    }

    /// The tightest level that is left before `revision`, which counts from 1.
    pub fn level_before(&self, revision: u32) -> Option<i64> {
        let (_, level) = self.levels.range(..revision).next_back()?;
        Some(*level)
    }

    pub fn is_certified(&self) -> bool {
        self.certified
    }

    /// The first signature in the field of this name.
    pub fn of_field(&self, field: &str) -> Option<usize> {
        self.fields.get(field).copied()
    }

    pub fn shares_gap(&self, byte_range: [u64; 4]) -> bool {
        self.shared_gaps.contains(&byte_range)
    }

    /// Whether a signature before `revision` locks fields by their names, and not all of them.
    pub fn locks_by_name(&self, revision: u32) -> bool {
        let before = |ends: &u32| *ends < revision;
        let excluded = self.excluded.iter().any(|(_, ends)| before(ends));
        let all = self.all.as_ref().is_some_and(before);
        !all && (excluded || self.included.values().any(before))
    }

    /// Whether a signature before `revision` locks the field of this full name.
    pub fn is_locked(&self, revision: u32, field: &str) -> bool {
        let before = |ends: &u32| *ends < revision;
        if self.all.as_ref().is_some_and(before) {
            return true;
        }
        let whole = std::iter::once(field);
        let above = field.match_indices('.').map(|(at, _)| field.get(..at));
        let mut names = whole.chain(above.flatten());
        if names.any(|name| self.included.get(name).is_some_and(before)) {
            return true;
        }
        let mut excluded = self.excluded.iter().filter(|(_, ends)| before(ends));
        excluded.any(|(names, _)| {
            let left = self.names_left.get().checked_sub(names.len() as u64);
            self.names_left.set(left.unwrap_or(0));
            left.is_none() || !FieldLock::names(names, field)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::{Change, CoverageFacts, SignatureForm};
    use crate::report::Code;

    fn change(revision: u32, code: Option<Code>) -> Judged<'static> {
        Judged {
            revision,
            change: &Change::EvidenceAdded,
            meaning: code.map(Into::into),
        }
    }

    #[test]
    fn a_long_list_is_cut_and_keeps_what_decides() {
        let mut changes: Vec<_> = (2..5_002)
            .map(|revision| change(revision, Some(Code::MetadataChanged)))
            .collect();
        changes[4_000].meaning = Some(Code::AddedAfterSigning.into());
        changes[4_900].meaning = Some(Code::ContentChanged.into());
        let ledger = Ledger::new(changes, 1_000);
        let codes = |revision| {
            let reasons: Vec<Reason> = ledger.reasons_after(revision).collect();
            let last = reasons.iter().rev().take(2).map(|one| one.code);
            (reasons.len(), last.collect::<Vec<Code>>())
        };
        let weighty = vec![Code::AddedAfterSigning, Code::ContentChanged];
        assert_eq!(codes(0), (22, weighty));
        assert_eq!(codes(4_500).1[0], Code::ContentChanged);
        assert_eq!(codes(4_950), (20, vec![Code::MetadataChanged; 2]));
        assert_eq!(codes(5_001), (0, vec![]));
        let (listed, left) = ledger.changes_after(0);
        assert_eq!((listed.len(), left), (20, 4_980));
        assert_eq!(listed[0].revision, 2);
        assert_eq!(ledger.changes_after(4_990).0[0].revision, 4_992);
    }

    #[test]
    fn long_names_are_listed_less_often() {
        let filled = |length: usize| Change::FieldFilled {
            beneath: crate::facts::Beneath::Nothing,
            field: "n".repeat(length),
            replaces: false,
            page: None,
        };
        for (length, signatures, expected) in [
            (10, 2_000, 10),
            (4_000, 1, 1_048),
            (4_000, 100, 10),
            (4_000, 2_000, 1),
        ] {
            let change = filled(length);
            let one = Judged {
                revision: 2,
                change: &change,
                meaning: Some(Code::FieldFilled.into()),
            };
            let ledger = Ledger::new(vec![one; 5_000], signatures);
            assert_eq!(ledger.changes_after(0).0.len(), expected);
            assert_eq!(ledger.reasons_after(0).count(), expected);
        }
    }

    fn signed(revision: u32) -> SignatureFacts {
        let mut facts = SignatureFacts::empty(SignatureForm::Pdf);
        facts.coverage = Ok(CoverageFacts {
            byte_range: [0, u64::from(revision), 0, 0],
            revision,
            whole_file: false,
            revision_sha256: None,
        });
        facts
    }

    #[test]
    fn levels_tighten_and_locks_bind_what_comes_after() {
        let names = |text: &str| vec![text.to_owned()];
        let mut first = signed(0);
        first.certification = Some(3);
        first.locks = vec![FieldLock::Include(names("a.b"))];
        let mut second = signed(4);
        second.lock_permission = Some(1);
        second.locks = vec![FieldLock::Exclude(names("free"))];
        let mut third = signed(7);
        third.lock_permission = Some(2);
        third.locks = vec![FieldLock::All];
        let signatures = [third, first, second];
        let order = Order::new(&signatures);
        let levels = [1, 2, 5, 6, 9].map(|revision| order.level_before(revision));
        assert_eq!(levels, [None, Some(3), Some(3), Some(1), Some(1)]);
        let locked = |revision, field| order.is_locked(revision, field);
        assert!(!locked(1, "a.b") && locked(2, "a.b") && locked(2, "a.b.c"));
        assert!(!locked(5, "a.bc") && locked(6, "a.bc"));
        assert!(!locked(8, "free.text") && locked(9, "free.text"));
    }
}
