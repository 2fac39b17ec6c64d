//! Powers that were passed on: each must come from one that may be, by who had it, and for no more
//! and no longer.

use std::collections::{HashMap, HashSet};

use chancery_signature::{Anchors, GivenEvidence};
use chancery_types::Instant;
use chancery_xades::Limits;

use crate::outcome::{Outcome, Reason, Weight, conclude};
use crate::power::identifiers::{pair, pair_ogrn};
use crate::power::judge::{Judged, judge_grant};
use crate::power::party::is_person;
use crate::power::{
    AuthorityCode, AuthorityPolicy, CheckedParent, Delegation, Exercise, Grant, NaturalPerson,
    Power, PowerOfAttorney, Principal, Representative,
};

/// Longest chain of powers.
pub(crate) const CHAIN_MAX: u32 = 8;

/// What the chain above a power came to.
pub(crate) struct Chain {
    pub reasons: Vec<Reason<AuthorityCode>>,
    /// Who stands at its beginning.
    pub first_principals: Vec<Principal>,
    /// The number of the power at its beginning, if the chain leads there.
    pub first_number: Option<String>,
    /// The powers above, the nearest first.
    pub parents: Vec<CheckedParent>,
}

/// Where and by which rules a chain is judged.
#[derive(Clone, Copy)]
pub(crate) struct Setting<'s> {
    pub parents: &'s [Grant<'s>],
    pub policy: &'s AuthorityPolicy,
    pub at: Instant,
    /// The moment of judgement, no earlier.
    pub now: Instant,
    pub anchors: &'s Anchors,
    pub evidence: &'s GivenEvidence,
    pub limits: &'s Limits,
}

/// Judges the chain above `power`, whose principals are `proven` to be whom these say.
pub(crate) fn check(
    power: &PowerOfAttorney,
    proven: &[Principal],
    setting: Setting<'_>,
    depth: u32,
) -> Chain {
    let mut chain = Chain {
        reasons: Vec::new(),
        first_principals: proven.to_vec(),
        first_number: power.number.clone(),
        parents: Vec::new(),
    };
    if matches!(power.delegation, Delegation::Once | Delegation::Onward) {
        chain.reasons.push(AuthorityCode::DelegationAllowed.into());
    }
    let Some(parent) = &power.parent else {
        return chain;
    };
    chain.first_principals = parent.first_principals.clone();
    chain.first_number = None;
    if power.powers.lost_by_delegator == Some(true) {
        chain.reasons.push(AuthorityCode::DelegatorLost.into());
    }
    let number = parent
        .previous_number
        .clone()
        .or_else(|| parent.first_number.clone());
    let number = number.unwrap_or_default();
    let args = [("number", number.as_str())];
    let found = (depth < CHAIN_MAX)
        .then(|| find(&number, setting, depth.saturating_add(1)))
        .flatten();
    let Some(found) = found else {
        chain
            .reasons
            .push(Reason::new(AuthorityCode::ParentMissing, &args));
        return chain;
    };
    chain
        .reasons
        .extend(compare(power, proven, &found, &number));
    if let (Some(said), Some(first)) = (&parent.first_number, &found.judged.first_number)
        && said != first
    {
        let args = [("number", said.as_str())];
        chain
            .reasons
            .push(Reason::new(AuthorityCode::FirstOther, &args));
    }
    let first = &found.judged.first_principals;
    for said in &parent.first_principals {
        if !first.iter().any(|one| is_same_party(said, one)) {
            let name = said.name.clone().unwrap_or_default();
            let args = [("principal", name.as_str())];
            let reason = Reason::new(AuthorityCode::FirstPrincipalOther, &args);
            chain.reasons.push(reason);
        }
    }
    chain.parents.push(found.checked());
    chain.parents.extend(found.judged.parents);
    chain.first_principals = found.judged.first_principals;
    chain.first_number = found.judged.first_number;
    chain
}

/// A power above another one, as it was found among those that were given.
struct Found {
    power: PowerOfAttorney,
    judged: Judged,
}

impl Found {
    fn outcome(&self) -> Outcome {
        conclude(self.judged.reasons.iter().map(|one| one.code.weight()))
    }

    fn checked(&self) -> CheckedParent {
        let against = self.judged.reasons.iter();
        let against = against.filter(|one| one.code.weight() != Weight::Warns);
        let mut reasons: Vec<_> = against.cloned().collect();
        reasons.sort_by_key(|one| std::cmp::Reverse(one.code.weight()));
        CheckedParent {
            result: self.outcome(),
            reasons,
            power: self.power.clone(),
            granted_by: self.judged.signed.identities.first().cloned(),
        }
    }
}

/// The grant of this number among those that were given.
fn find(number: &str, setting: Setting<'_>, depth: u32) -> Option<Found> {
    if number.is_empty() {
        return None;
    }
    let grants = setting.parents.iter().take(CHAIN_MAX as usize);
    let mut grants = grants.filter(|grant| {
        let read = crate::power::read_power_of_attorney(grant.power, setting.limits);
        read.is_ok_and(|power| power.number.as_deref() == Some(number))
    });
    let mut judged = judge_grant(*grants.next()?, setting, depth);
    // What the signature covers counts, and it may have another number than the file around it.
    let power = judged.power.take();
    let power = power.filter(|power| power.number.as_deref() == Some(number))?;
    Some(Found { power, judged })
}

fn compare(
    power: &PowerOfAttorney,
    proven: &[Principal],
    found: &Found,
    number: &str,
) -> Vec<Reason<AuthorityCode>> {
    let mut reasons = Vec::new();
    let args = [("number", number)];
    let weightiest = found
        .judged
        .reasons
        .iter()
        .max_by_key(|reason| reason.code.weight());
    let why = weightiest.map_or("", |reason| reason.code.key());
    let args_why = [("number", number), ("why", why)];
    match found.outcome() {
        Outcome::Confirmed => {}
        Outcome::Undecided => {
            reasons.push(Reason::new(AuthorityCode::ParentUndecided, &args_why));
        }
        Outcome::Refused => reasons.push(Reason::new(AuthorityCode::ParentRefused, &args_why)),
    }
    let parent = &found.power;
    let once = parent.delegation == Delegation::Once;
    let again = power.delegation != Delegation::Forbidden;
    if parent.delegation == Delegation::Forbidden || (once && again) {
        reasons.push(Reason::new(AuthorityCode::ParentForbids, &args));
    }
    for (delegator, proven) in power.principals.iter().zip(proven) {
        let had = |by: &Principal| parent.representatives.iter().any(|one| is_same(by, one));
        let name = delegator.name.clone().unwrap_or_default();
        if !had(delegator) {
            let args = [("delegator", name.as_str())];
            reasons.push(Reason::new(AuthorityCode::ParentOther, &args));
        } else if !had(proven) {
            let args = [("signer", name.as_str())];
            reasons.push(Reason::new(AuthorityCode::SignerUnproven, &args));
        }
    }
    if let (Some(last), Some(parent_last)) = (power.expires_on, parent.expires_on)
        && last > parent_last
    {
        let day = parent_last.to_string();
        reasons.push(Reason::new(AuthorityCode::ParentShorter, &[("day", &day)]));
    }
    if let (Some(first), Some(parent_first)) = (power.issued_on, parent.issued_on)
        && first < parent_first
    {
        let day = parent_first.to_string();
        reasons.push(Reason::new(AuthorityCode::ParentLater, &[("day", &day)]));
    }
    reasons.extend(alone(&power.principals, proven, parent));
    reasons.extend(unbounded(power, parent));
    reasons.extend(narrower(power, parent));
    reasons
}

/// Representatives who act only together pass nothing on but together, each with a number that is
/// proven to be theirs: one of them may write another's beside their own.
fn alone(
    said: &[Principal],
    proven: &[Principal],
    parent: &PowerOfAttorney,
) -> Option<Reason<AuthorityCode>> {
    let together = parent.representatives.len() > 1 && parent.powers.exercise == Exercise::Jointly;
    let missing = |by: &[Principal]| {
        let delegates = |one: &&Representative| by.iter().any(|by| is_same(by, one));
        let mut all = parent.representatives.iter();
        all.find(|one| !delegates(one))
    };
    if !together {
        return None;
    }
    if missing(said).is_some() {
        return Some(AuthorityCode::ParentJoint.into());
    }
    let missing = missing(proven)?;
    let person = missing.person.as_ref().map(NaturalPerson::name);
    let name = person.or_else(|| missing.name.clone()).unwrap_or_default();
    let args = [("signer", name.as_str())];
    Some(Reason::new(AuthorityCode::SignerUnproven, &args))
}

/// Limits of the power above that this one leaves out, and what is only said in words there.
fn unbounded(power: &PowerOfAttorney, parent: &PowerOfAttorney) -> Vec<Reason<AuthorityCode>> {
    let (own, above) = (&power.powers, &parent.powers);
    let has: HashSet<&String> = own.limits.iter().collect();
    let dropped = above.limits.iter().find(|one| !has.contains(one));
    let dropped = dropped.or_else(|| left_out(&own.codes, &above.codes));
    let reason = |code, limit: &String| Reason::new(code, &[("limit", limit.as_str())]);
    let dropped = dropped.map(|limit| reason(AuthorityCode::ParentLimits, limit));
    let words = above.text.as_ref();
    let words = words.filter(|words| !above.codes.is_empty() && own.text.as_ref() != Some(words));
    let words = words.map(|words| reason(AuthorityCode::PowersLimited, words));
    dropped.into_iter().chain(words).collect()
}

/// The first limit that every power of one code above has and one of that code here leaves out.
/// Limits are counted through first: files may have a hundred thousand of them, each to be looked
/// for in a thousand powers.
fn left_out<'p>(own: &[Power], above: &'p [Power]) -> Option<&'p String> {
    let mut numbers: HashMap<&str, usize> = HashMap::new();
    let mut limits: Vec<&String> = Vec::new();
    let mut known: HashMap<&str, Vec<Vec<usize>>> = HashMap::new();
    let mut seen: HashSet<(&str, Vec<usize>)> = HashSet::new();
    for one in above {
        let own = one.limits.iter().map(|limit| {
            *numbers.entry(limit).or_insert_with(|| {
                limits.push(limit);
                limits.len().saturating_sub(1)
            })
        });
        let own: Vec<usize> = own.collect();
        // Equal ones once.
        if seen.insert((&one.code, own.clone())) {
            known.entry(&one.code).or_default().push(own);
        }
    }
    own.iter().find_map(|one| {
        let of_code = known.get(one.code.as_str())?;
        let mut has = vec![false; limits.len()];
        let numbers = one
            .limits
            .iter()
            .filter_map(|limit| numbers.get(limit.as_str()));
        for number in numbers {
            if let Some(has) = has.get_mut(*number) {
                *has = true;
            }
        }
        let is_missing = |number: &usize| has.get(*number) == Some(&false);
        let mut missing = of_code
            .iter()
            .map(|above| above.iter().copied().find(is_missing));
        // One that is kept whole is enough.
        let first = missing.try_fold(None, |first: Option<usize>, number| {
            number.map(|number| first.or(Some(number)))
        });
        limits.get(first.flatten()?).copied()
    })
}

/// Powers that the one above does not name. What is only said in words cannot be compared.
fn narrower(power: &PowerOfAttorney, parent: &PowerOfAttorney) -> Vec<Reason<AuthorityCode>> {
    let named = parent.powers.codes.iter().map(|one| one.code.as_str());
    let named: HashSet<&str> = named.collect();
    let mut own = power.powers.codes.iter();
    let foreign = own.find(|one| !named.contains(one.code.as_str()));
    let words = power.powers.text.as_ref();
    let other_words = words.filter(|words| parent.powers.text.as_ref() != Some(words));
    let what = foreign
        .map(|one| one.code.as_str())
        .or_else(|| other_words.map(String::as_str));
    let reason = |power: &str| Reason::new(AuthorityCode::ParentNarrower, &[("power", power)]);
    what.map(reason).into_iter().collect()
}

/// Whether who passes a power on is a representative in the one above.
fn is_same(delegator: &Principal, representative: &Representative) -> bool {
    if is_person(delegator.kind) != is_person(representative.kind) {
        return false;
    }
    // Who acts for an organisation is not the organisation.
    let person = delegator
        .heads
        .first()
        .filter(|_| is_person(delegator.kind));
    let snils = person.and_then(|one| one.snils.as_deref());
    let other = representative.person.as_ref();
    let numbers = [
        pair(delegator.inn.as_deref(), representative.inn.as_deref()),
        pair_ogrn(delegator.ogrn.as_deref(), representative.ogrn.as_deref()),
        pair(snils, other.and_then(|one| one.snils.as_deref())),
    ];
    agree(numbers)
}

/// Whether two principals are one by their numbers, or have none to compare.
fn is_same_party(one: &Principal, other: &Principal) -> bool {
    let snils = |party: &Principal| {
        let person = party.heads.first().filter(|_| is_person(party.kind));
        person.and_then(|one| one.snils.clone())
    };
    let numbers = [
        pair(one.inn.as_deref(), other.inn.as_deref()),
        pair_ogrn(one.ogrn.as_deref(), other.ogrn.as_deref()),
        pair(snils(one).as_deref(), snils(other).as_deref()),
    ];
    agree(numbers) || (numbers.iter().all(Option::is_none) && one.name == other.name)
}

/// Whether some numbers are the same and none differs.
fn agree(numbers: [Option<bool>; 3]) -> bool {
    numbers.contains(&Some(true)) && !numbers.contains(&Some(false))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::{Duration, Instant as Clock};

    fn power(code: &str, limits: impl Iterator<Item = usize>) -> Power {
        Power {
            code: code.to_owned(),
            name: None,
            limits: limits.map(|limit| limit.to_string()).collect(),
        }
    }

    #[test]
    fn of_several_powers_above_one_that_is_kept_whole_is_enough() {
        let above = [power("A", 0..3), power("A", 2..5), power("B", 0..1)];
        let kept = |own: Power| left_out(&[own], &above).cloned();
        assert_eq!(kept(power("A", 0..3)), None);
        assert_eq!(kept(power("A", 2..9)), None);
        assert_eq!(kept(power("A", 1..4)), Some("0".to_owned()));
        assert_eq!(kept(power("B", 1..4)), Some("0".to_owned()));
        assert_eq!(kept(power("C", 0..0)), None);
    }

    /// Each with all limits but its own: what was cubic took hours.
    #[test]
    #[expect(clippy::disallowed_methods, reason = "measures the time")]
    fn thousands_of_limits_are_compared_quickly() {
        let all = |first: usize| {
            let powers = (0..600).map(move |own| power("A", (0..100).chain([first + own])));
            powers.collect::<Vec<_>>()
        };
        let started = Clock::now();
        assert!(left_out(&all(1_000), &all(2_000)).is_some());
        assert_eq!(left_out(&all(1_000), &all(1_000)), None);
        assert!(started.elapsed() < Duration::from_secs(20));
    }
}
