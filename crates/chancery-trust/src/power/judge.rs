//! From a question about authority to its report.

use chancery_signature::Anchors;
use chancery_signature::report::CheckResult;
use chancery_types::Instant;
use chancery_xades::Limits;
use jiff::civil::Date;

use crate::outcome::{Reason, Weight, conclude};
use crate::power::delegation::{self, Setting};
use crate::power::identifiers::only_digits;
use crate::power::identity::Likeness;
use crate::power::own_signature::{self, Signed};
use crate::power::{
    AuthorityCheck, AuthorityCode, AuthorityPolicy, AuthorityReport, CheckedAuthority,
    CheckedParent, Exercise, Grant, Identity, NaturalPerson, Organisation, PartyKind,
    PowerOfAttorney, PowerSought, Principal, Question, RegistryAnswer, RegistryState,
    read_power_of_attorney,
};

type Reasons = Vec<Reason<AuthorityCode>>;

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
                .extend(signer_reasons(&power, &judged.signed));
            let chain = delegation::check(&power, setting, depth);
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

/// Whether those who signed the power act for those who give it: for each of them somebody must.
fn signer_reasons(power: &PowerOfAttorney, signed: &Signed) -> Reasons {
    let identities = signed.identities.as_slice();
    if identities.is_empty() {
        return Reasons::new();
    }
    let names = identities.iter().filter_map(|one| one.name.clone());
    let signer = names.collect::<Vec<_>>().join("; ");
    let mut reasons = Reasons::new();
    for principal in &power.principals {
        let answers: Vec<Option<bool>> = identities
            .iter()
            .map(|one| acts_for(one, principal))
            .collect();
        let acting = answers.iter().filter(|one| **one == Some(true)).count();
        let name = principal.name.clone().unwrap_or_default();
        let args = [("signer", signer.as_str()), ("principal", name.as_str())];
        let together = if principal.heads_joint { 2 } else { 1 };
        if acting >= together {
            continue;
        }
        // Where several give the power, the signatures of the others may be in another file.
        let partly = acting > 0 || identities.len() < power.principals.len();
        reasons.push(if partly {
            AuthorityCode::SignerAlone.into()
        } else if answers.contains(&None) {
            Reason::new(AuthorityCode::SignerUnproven, &args[..1])
        } else {
            Reason::new(AuthorityCode::SignerOther, &args)
        });
    }
    reasons
}

/// Yes, no, or not to be told: by the organisation's numbers in the certificate, then by its heads.
fn acts_for(identity: &Identity, principal: &Principal) -> Option<bool> {
    let organisation = matches!(
        principal.kind,
        PartyKind::Organisation | PartyKind::Branch | PartyKind::Foreign
    );
    if organisation {
        let inn = pair(
            identity.organisation_inn.as_deref(),
            principal.inn.as_deref(),
        );
        let ogrn = pair(identity.ogrn.as_deref(), principal.ogrn.as_deref());
        if inn == Some(false) || ogrn == Some(false) {
            return Some(false);
        }
        let by_number = inn == Some(true) || ogrn == Some(true);
        let likeness = principal
            .heads
            .iter()
            .map(|head| identity.likeness(head))
            .max();
        return match likeness {
            Some(Likeness::Same | Likeness::Renamed) => Some(true),
            // The certificate is the organisation's own, and names nobody of it.
            None if by_number => Some(true),
            Some(Likeness::Other) if by_number && identity.snils.is_none() => Some(true),
            Some(Likeness::NameOnly) if by_number => Some(true),
            Some(Likeness::NameOnly) | None => None,
            Some(Likeness::Other) => Some(false),
        };
    }
    match principal
        .heads
        .iter()
        .map(|head| identity.likeness(head))
        .max()
    {
        Some(Likeness::Same | Likeness::Renamed) => Some(true),
        Some(Likeness::Other) => Some(false),
        Some(Likeness::NameOnly) | None => None,
    }
}

/// Whether two numbers are the same, if both are there.
fn pair(one: Option<&str>, other: Option<&str>) -> Option<bool> {
    Some(only_digits(one?) == only_digits(other?))
}

fn principal_reasons(principals: &[Principal], asked: Option<&Organisation>) -> Reasons {
    let Some(asked) = asked else {
        return vec![AuthorityCode::PrincipalUnasked.into()];
    };
    let mut unnumbered = None;
    for principal in principals {
        let inn = pair(asked.inn.as_deref(), principal.inn.as_deref());
        let ogrn = pair(asked.ogrn.as_deref(), principal.ogrn.as_deref());
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
    if powers
        .codes
        .iter()
        .any(|one| sought.codes.contains(&one.code))
    {
        return Reasons::new();
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
    match named.chain(&powers.text).find(speaks) {
        Some(text) => {
            let shown: String = text.chars().take(200).collect();
            vec![Reason::new(
                AuthorityCode::PowersByWords,
                &[("power", &shown)],
            )]
        }
        None => vec![AuthorityCode::PowersOther.into()],
    }
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
