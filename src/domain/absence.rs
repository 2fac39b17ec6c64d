//! Whether people may stand in for one another as it is said: nobody in a circle, nobody further
//! than the engine follows.

use std::collections::BTreeSet;

use chancery_types::Instant;
use chancery_types::id::PersonId;
use chancery_workflow::Absence;
use chancery_workflow::absence::SUBSTITUTES_CHAIN_MAX;

/// Why an absence cannot be recorded beside those that there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChainError {
    /// Whoever stands in is away then too, and leads back to whoever is away.
    #[error("people would stand in for one another in a circle")]
    Circle,
    /// The last one who would stand in is further than [`SUBSTITUTES_CHAIN_MAX`] people.
    #[error("more than {SUBSTITUTES_CHAIN_MAX} people would stand in one after another")]
    TooFar,
}

/// When several absences hold at once, and for which kinds of documents: empty for all.
#[derive(Clone)]
struct Overlap {
    from: Instant,
    until: Instant,
    kinds: BTreeSet<String>,
}

impl Overlap {
    fn of(absence: &Absence) -> Self {
        Self {
            from: absence.from,
            until: absence.until,
            kinds: absence
                .substitute
                .as_ref()
                .map_or_else(BTreeSet::new, |one| one.kinds.clone()),
        }
    }

    /// What it has in overlap with one more absence; `None` for no moment or no kind.
    fn with(&self, absence: &Absence) -> Option<Self> {
        let other = Self::of(absence);
        let (from, until) = (self.from.max(other.from), self.until.min(other.until));
        let kinds = match (self.kinds.is_empty(), other.kinds.is_empty()) {
            (true, _) => other.kinds,
            (_, true) => self.kinds.clone(),
            (false, false) => {
                let both: BTreeSet<String> =
                    self.kinds.intersection(&other.kinds).cloned().collect();
                if both.is_empty() {
                    return None;
                }
                both
            }
        };
        (from < until).then_some(Self { from, until, kinds })
    }
}

/// Whether `new` may stand beside the absences that are `known`: at no moment, and for no kind of
/// documents, do people stand in for one another in a circle or too far.
///
/// # Errors
///
/// [`ChainError`].
pub fn check_chain(known: &[Absence], new: &Absence) -> Result<(), ChainError> {
    let Some(substitute) = &new.substitute else {
        return Ok(());
    };
    let whole = Overlap::of(new);
    // Steps from whoever is stood in for by the one who is away now, to them.
    let mut before = vec![(new.person, 0_usize, whole)];
    while let Some((person, steps, overlap)) = before.pop() {
        follow(known, new.person, substitute.person, steps + 1, &overlap)?;
        if steps >= SUBSTITUTES_CHAIN_MAX {
            continue;
        }
        let leading = known.iter().filter(|one| names(one, person));
        before.extend(leading.filter_map(|one| Some((one.person, steps + 1, overlap.with(one)?))));
    }
    Ok(())
}

/// Whether the tasks that `first` stands in for could come to `person` at some moment from `from`
/// to `until`: `first` is `person`, or is away then with somebody in their place who leads there.
/// Kinds of documents are not told apart.
#[must_use]
pub fn leads_to(
    known: &[Absence],
    first: PersonId,
    person: PersonId,
    from: Instant,
    until: Instant,
) -> bool {
    let mut seen = BTreeSet::from([first]);
    let mut open = vec![first];
    while let Some(at) = open.pop() {
        if at == person {
            return true;
        }
        let away = known.iter().filter(|one| one.person == at);
        let away = away.filter(|one| one.from < until && from < one.until);
        let next = away.filter_map(|one| Some(one.substitute.as_ref()?.person));
        open.extend(next.filter(|next| seen.insert(*next)).collect::<Vec<_>>());
    }
    false
}

fn names(absence: &Absence, person: PersonId) -> bool {
    let named = absence.substitute.as_ref();
    named.is_some_and(|substitute| substitute.person == person)
}

/// Follows whoever stands in from `at`, who is `steps` from the first one who is away.
fn follow(
    known: &[Absence],
    first: PersonId,
    at: PersonId,
    steps: usize,
    overlap: &Overlap,
) -> Result<(), ChainError> {
    if at == first {
        return Err(ChainError::Circle);
    }
    if steps > SUBSTITUTES_CHAIN_MAX {
        return Err(ChainError::TooFar);
    }
    for absence in known.iter().filter(|one| one.person == at) {
        let (Some(next), Some(overlap)) = (&absence.substitute, overlap.with(absence)) else {
            continue;
        };
        follow(known, first, next.person, steps + 1, &overlap)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use chancery_workflow::Substitute;
    use uuid::Uuid;

    use super::*;

    /// Days `from` to `until`, `person` away, `other` in their place for `kinds`.
    fn away(person: u128, other: u128, (from, until): (i64, i64), kinds: &[&str]) -> Absence {
        let day = |day: i64| Instant::from_micros(day * 86_400_000_000);
        Absence {
            person: Uuid::from_u128(person).into(),
            from: day(from),
            until: day(until),
            substitute: Some(Substitute {
                person: Uuid::from_u128(other).into(),
                kinds: kinds.iter().map(|kind| (*kind).to_owned()).collect(),
                signs: false,
            }),
        }
    }

    #[test]
    fn a_circle_is_refused_only_where_all_of_it_holds_at_once() {
        let known = [away(1, 2, (1, 10), &[]), away(2, 3, (5, 15), &["contract"])];
        let circle =
            |from, until, kinds: &[&str]| check_chain(&known, &away(3, 1, (from, until), kinds));
        assert_eq!(circle(5, 6, &[]), Err(ChainError::Circle));
        assert_eq!(
            circle(9, 30, &["contract", "invoice"]),
            Err(ChainError::Circle)
        );
        assert_eq!(circle(5, 6, &["invoice"]), Ok(()), "no kind in overlap");
        assert_eq!(circle(10, 30, &[]), Ok(()), "the first is back by then");
        assert_eq!(circle(1, 5, &[]), Ok(()), "the second is not away yet");
    }

    #[test]
    fn whom_tasks_could_come_to_is_found_through_everybody_who_is_away_then() {
        let known = [away(1, 2, (1, 10), &[]), away(2, 3, (5, 15), &["contract"])];
        let id = |person: u128| Uuid::from_u128(person).into();
        let day = |day: i64| Instant::from_micros(day * 86_400_000_000);
        let leads = |first, person, (from, until)| {
            leads_to(&known, id(first), id(person), day(from), day(until))
        };
        assert!(leads(3, 3, (1, 2)), "directly");
        assert!(leads(1, 3, (4, 6)), "by two, whatever the kinds");
        assert!(!leads(1, 3, (1, 5)), "the second is not away yet");
        assert!(!leads(1, 4, (1, 20)));
    }

    #[test]
    fn whoever_stands_in_is_at_most_three_people_far_whichever_link_comes_last() {
        let line: Vec<Absence> = (1..5).map(|n| away(n, n + 1, (1, 9), &[])).collect();
        for last in 0..4 {
            let mut known = line.clone();
            let new = known.remove(last);
            assert_eq!(check_chain(&known, &new), Err(ChainError::TooFar), "{last}");
            let known: Vec<Absence> = known.into_iter().filter(|one| *one != line[3]).collect();
            if last < 3 {
                assert_eq!(check_chain(&known, &new), Ok(()), "{last}: three far");
            }
        }
    }
}
