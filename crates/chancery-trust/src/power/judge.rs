//! From a question about authority to its report.

use chancery_signature::Anchors;
use chancery_signature::report::CheckResult;
use chancery_types::Instant;
use chancery_xades::Limits;
use jiff::civil::Date;

use crate::outcome::{Reason, Weight, conclude};
use crate::power::delegation::{self, Setting};
use crate::power::identifiers::{pair, pair_ogrn};
use crate::power::identity::Likeness;
use crate::power::own_signature::{self, Signed};
use crate::power::signers;
use crate::power::{
    AuthorityCheck, AuthorityCode, AuthorityPolicy, AuthorityReport, CheckedAuthority,
    CheckedParent, Exercise, Grant, Identity, NaturalPerson, Organisation, PowerOfAttorney,
    PowerSought, Powers, Principal, Question, RegistryAnswer, RegistryState,
    read_power_of_attorney,
};

type Reasons = Vec<Reason<AuthorityCode>>;

/// How much of a power's words is told in a reason.
const SHOWN_CHARACTERS: usize = 200;

/// Judges authority. The same arguments give the same report on any machine and in any year.
#[must_use]
pub fn judge_authority(
    question: &Question<'_>,
    policy: &AuthorityPolicy,
    anchors: &Anchors,
    limits: &Limits,
) -> AuthorityReport {
    let setting = Setting {
        parents: question.parents,
        policy,
        at: question.at,
        now: question.now.max(question.at),
        anchors,
        evidence: question.evidence,
        limits,
    };
    let judged = judge_grant(question.grant, setting, 0);
    let mut reasons = judged.reasons;
    if let Some(power) = &judged.power {
        reasons.extend(principal_reasons(
            &judged.first_principals,
            question.organisation,
        ));
        reasons.extend(person_reasons(power, question.signer));
        reasons.extend(powers_reasons(power, question.sought));
    }
    reasons.extend(registry_reasons(question.registry, policy, question.at));
    let result = conclude(reasons.iter().map(|reason| reason.code.weight()));
    let checks = checks(&reasons, judged.power.is_some());
    reasons.sort_by_key(|reason| std::cmp::Reverse(reason.code.weight()));
    let (warnings, reasons): (Reasons, Reasons) = reasons
        .into_iter()
        .partition(|reason| reason.code.weight() == Weight::Warns);
    AuthorityReport {
        result,
        register_asked: question.registry.is_some(),
        reasons,
        warnings,
        checks,
        power: judged.power,
        parents: judged.parents,
        signature: judged.signed.report,
        granted_by: judged.signed.identities.into_iter().next(),
        granted_by_certificate: judged.signed.certificate,
        judged_at: question.at,
    }
}

/// A power judged by itself: its form, signature and term, and the chain above it.
pub(crate) struct Judged {
    pub power: Option<PowerOfAttorney>,
    pub signed: Signed,
    pub reasons: Reasons,
    pub first_principals: Vec<Principal>,
    /// The number of the power at the beginning of the chain.
    pub first_number: Option<String>,
    /// The chain above it, the nearest first.
    pub parents: Vec<CheckedParent>,
}

pub(crate) fn judge_grant(grant: Grant<'_>, setting: Setting<'_>, depth: u32) -> Judged {
    let Setting {
        policy, at, limits, ..
    } = setting;
    let signed = own_signature::check(grant, setting);
    // What an enveloped signature covers is what is read; without one, the file is.
    let read = read_power_of_attorney(signed.octets.as_deref().unwrap_or(grant.power), limits);
    let mut judged = Judged {
        power: None,
        reasons: signed.reasons.clone(),
        first_principals: Vec::new(),
        first_number: None,
        parents: Vec::new(),
        signed,
    };
    match read {
        Ok(power) => {
            judged.reasons.extend(power.flaws.iter().cloned());
            judged.reasons.extend(term_reasons(&power, policy, at));
            judged
                .reasons
                .extend(signers::reasons(&power, &judged.signed));
            let proven = signers::proven(&power, &judged.signed);
            let chain = delegation::check(&power, &proven, setting, depth);
            judged.reasons.extend(chain.reasons);
            judged.first_principals = chain.first_principals;
            judged.first_number = chain.first_number;
            judged.parents = chain.parents;
            judged.power = Some(power);
        }
        Err(reason) => {
            judged
                .reasons
                .retain(|known| known.code != AuthorityCode::Unreadable);
            judged.reasons.push(reason);
        }
    }
    judged
}

/// The day that a moment falls on, where the term's days begin and end.
fn day_of(at: Instant, policy: &AuthorityPolicy) -> Date {
    let local = at.plus_seconds(i64::from(policy.utc_offset_seconds));
    jiff::tz::TimeZone::UTC
        .to_datetime(local.timestamp())
        .date()
}

fn term_reasons(power: &PowerOfAttorney, policy: &AuthorityPolicy, at: Instant) -> Reasons {
    let today = day_of(at, policy);
    let mut reasons = Reasons::new();
    if let Some(first) = power.issued_on.filter(|first| today < *first) {
        let day = first.to_string();
        reasons.push(Reason::new(AuthorityCode::NotYet, &[("day", &day)]));
    }
    if let Some(last) = power.expires_on.filter(|last| *last < today) {
        let day = last.to_string();
        reasons.push(Reason::new(AuthorityCode::Expired, &[("day", &day)]));
    }
    reasons
}

fn principal_reasons(principals: &[Principal], asked: Option<&Organisation>) -> Reasons {
    let Some(asked) = asked else {
        return vec![AuthorityCode::PrincipalUnasked.into()];
    };
    let mut unnumbered = None;
    for principal in principals {
        let inn = pair(asked.inn.as_deref(), principal.inn.as_deref());
        let ogrn = pair_ogrn(asked.ogrn.as_deref(), principal.ogrn.as_deref());
        match (inn, ogrn) {
            (Some(false), _) | (_, Some(false)) => {}
            (Some(true), _) | (_, Some(true)) => return Reasons::new(),
            (None, None) => unnumbered = Some(principal),
        }
    }
    let names: Vec<String> = principals
        .iter()
        .filter_map(|one| one.name.clone())
        .collect();
    let names = names.join("; ");
    let number = asked.inn.clone().or_else(|| asked.ogrn.clone());
    let number = number.unwrap_or_default();
    let args = [("principal", names.as_str()), ("asked", number.as_str())];
    if unnumbered.is_some() || principals.is_empty() {
        return vec![Reason::new(AuthorityCode::PrincipalUnnumbered, &args)];
    }
    vec![Reason::new(AuthorityCode::PrincipalOther, &args)]
}

fn person_reasons(power: &PowerOfAttorney, signer: Option<&Identity>) -> Reasons {
    let mut reasons = Reasons::new();
    let Some(signer) = signer else {
        return vec![AuthorityCode::PersonUnasked.into()];
    };
    let name = signer.name.clone().unwrap_or_default();
    let people = || {
        power
            .representatives
            .iter()
            .filter_map(|one| one.person.as_ref())
    };
    let best = people()
        .map(|person| (signer.likeness(person), person))
        .max_by_key(|(likeness, _)| *likeness);
    let organisation = power
        .representatives
        .iter()
        .find(|one| one.person.is_none());
    match (best, organisation) {
        (Some((Likeness::Same, _)), _) => {}
        (Some((Likeness::Renamed, person)), _) => {
            let other = person.name();
            let args = [
                ("representative", other.as_str()),
                ("signer", name.as_str()),
            ];
            reasons.push(Reason::new(AuthorityCode::PersonRenamed, &args));
        }
        (Some((Likeness::NameOnly, _)), _) => {
            let args = [("signer", name.as_str())];
            reasons.push(Reason::new(AuthorityCode::PersonByName, &args));
        }
        (_, Some(organisation)) => {
            let other = organisation.name.clone().unwrap_or_default();
            let args = [("representative", other.as_str())];
            reasons.push(Reason::new(AuthorityCode::PersonOfOrganisation, &args));
        }
        (_, None) => {
            let names: Vec<String> = people().map(NaturalPerson::name).collect();
            let names = names.join("; ");
            let args = [
                ("representative", names.as_str()),
                ("signer", name.as_str()),
            ];
            reasons.push(Reason::new(AuthorityCode::PersonOther, &args));
        }
    }
    if power.representatives.len() > 1 && power.powers.exercise != Exercise::Separately {
        reasons.push(AuthorityCode::Jointly.into());
    }
    reasons
}

fn powers_reasons(power: &PowerOfAttorney, sought: Option<&PowerSought>) -> Reasons {
    let Some(sought) = sought else {
        return vec![AuthorityCode::PowersUnasked.into()];
    };
    let powers = &power.powers;
    let fitting = powers.codes.iter();
    let fitting = fitting.filter(|one| sought.codes.contains(&one.code));
    // Of several that fit, the one with the fewest limits is enough.
    if let Some(one) = fitting.min_by_key(|one| one.limits.len()) {
        return limit_reasons(powers, &one.limits, true);
    }
    let stems: Vec<String> = sought
        .words
        .iter()
        .map(|word| word.to_lowercase())
        .collect();
    let speaks = |text: &&String| {
        let text = text.to_lowercase();
        let mut words = text.split(|c: char| !c.is_alphanumeric());
        words.any(|word| {
            stems
                .iter()
                .any(|stem| !stem.is_empty() && word.starts_with(stem))
        })
    };
    let named = powers.codes.iter().filter_map(|one| one.name.as_ref());
    let Some(text) = named.chain(&powers.text).find(speaks) else {
        return vec![AuthorityCode::PowersOther.into()];
    };
    let shown = excerpt(text);
    let by_words = Reason::new(AuthorityCode::PowersByWords, &[("power", &shown)]);
    let mut reasons = vec![by_words];
    reasons.extend(limit_reasons(powers, &[], false));
    reasons
}

fn excerpt(text: &str) -> String {
    text.chars().take(SHOWN_CHARACTERS).collect()
}

/// What bounds a power that fits: its own limits, those of all, and whatever is said in words
/// beside its code, which may take away what the code gives.
fn limit_reasons(powers: &Powers, own: &[String], by_code: bool) -> Reasons {
    let text = powers.text.iter().filter(|_| by_code);
    let limits: Vec<&str> = own
        .iter()
        .chain(&powers.limits)
        .chain(text)
        .map(String::as_str)
        .collect();
    if limits.is_empty() {
        return Reasons::new();
    }
    let limits = excerpt(&limits.join("; "));
    let args = [("limit", limits.as_str())];
    vec![Reason::new(AuthorityCode::PowersLimited, &args)]
}

fn registry_reasons(
    answer: Option<&RegistryAnswer>,
    policy: &AuthorityPolicy,
    at: Instant,
) -> Reasons {
    let Some(answer) = answer else {
        let code = if policy.registry_demanded {
            AuthorityCode::RegistryDemanded
        } else {
            AuthorityCode::RegistryUnasked
        };
        return vec![code.into()];
    };
    let mut reasons = Reasons::new();
    match answer.state {
        RegistryState::InForce => {}
        RegistryState::Unknown => reasons.push(AuthorityCode::RegistryUnknown.into()),
        RegistryState::Revoked { since } if since <= at => {
            let since = since.to_string();
            reasons.push(Reason::new(AuthorityCode::Revoked, &[("since", &since)]));
        }
        RegistryState::Revoked { .. } => {}
    }
    if answer.asked_at < at {
        let asked = answer.asked_at.to_string();
        reasons.push(Reason::new(
            AuthorityCode::RegistryOld,
            &[("asked", &asked)],
        ));
    }
    reasons
}

fn checks(reasons: &[Reason<AuthorityCode>], is_read: bool) -> Vec<CheckedAuthority> {
    let result = |check: AuthorityCheck| {
        let about = || reasons.iter().filter(|reason| reason.code.check() == check);
        let result = match about().map(|reason| reason.code.weight()).max() {
            _ if !is_read && check != AuthorityCheck::Form && about().next().is_none() => {
                CheckResult::NotMade
            }
            _ if about().any(|reason| reason.code.is_unasked()) => CheckResult::NotMade,
            None => CheckResult::Passed,
            Some(Weight::Warns) => CheckResult::Warned,
            Some(Weight::Undecides) => CheckResult::Undecided,
            Some(Weight::Refuses) => CheckResult::Failed,
        };
        CheckedAuthority { check, result }
    };
    AuthorityCheck::ALL.map(result).to_vec()
}
