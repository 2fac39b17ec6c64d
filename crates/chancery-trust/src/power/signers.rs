//! Whether those who signed a power act for those who give it.
//!
//! Who acts for an organisation stands in the file, and the file is what the signer wrote. So an
//! organisation's power is its own only by the organisation's numbers in the certificate, for
//! which the authority that issued it vouches (63-FZ, article 17.2: an organisation's power is
//! signed with its certificate); a person's only by that person's.

use crate::outcome::Reason;
use crate::power::identifiers::{pair, pair_ogrn};
use crate::power::identity::{Likeness, is_same_name};
use crate::power::own_signature::Signed;
use crate::power::party::is_person;
use crate::power::{
    AuthorityCode, Identity, ManagingParty, NaturalPerson, PartyKind, PowerOfAttorney, Principal,
};

/// Whether somebody acts for a principal, from the least to the most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Acts {
    No,
    /// The certificate does not tell.
    Unproven,
    /// As the representative by law that the file names.
    Guardian,
    /// As the managing party that the file names.
    Managing,
    Yes,
}

/// How a signer stands to a principal.
struct Stance<'p> {
    acts: Acts,
    /// The head whose numbers the signer has, under another name.
    renamed: Option<&'p NaturalPerson>,
}

impl Stance<'_> {
    const fn of(acts: Acts) -> Self {
        Self {
            acts,
            renamed: None,
        }
    }
}

/// What stands against the signers: for each principal somebody must act, and all together where
/// its heads may not act alone.
pub(crate) fn reasons(power: &PowerOfAttorney, signed: &Signed) -> Vec<Reason<AuthorityCode>> {
    let identities = signed.identities.as_slice();
    if identities.is_empty() {
        // Signed, and nobody can tell by whom.
        let nameless = signed.report.as_ref();
        let reason = |_| Reason::new(AuthorityCode::SignerUnproven, &[("signer", "")]);
        return nameless.map(reason).into_iter().collect();
    }
    let names = identities.iter().filter_map(|one| one.name.clone());
    let signer = names.collect::<Vec<_>>().join("; ");
    let mut reasons = Vec::new();
    for principal in &power.principals {
        let stances: Vec<Stance<'_>> = identities
            .iter()
            .map(|one| stance(one, principal))
            .collect();
        for renamed in stances.iter().filter_map(|one| one.renamed) {
            let head = renamed.name();
            let args = [("signer", signer.as_str()), ("head", head.as_str())];
            reasons.push(Reason::new(AuthorityCode::SignerRenamed, &args));
        }
        let acting = identities.iter().zip(&stances);
        let acting = acting.filter(|(_, stance)| stance.acts == Acts::Yes);
        let acting: Vec<&Identity> = acting.map(|(one, _)| one).collect();
        let enough = if principal.heads_joint {
            all_sign(principal, &acting)
        } else {
            !acting.is_empty()
        };
        if enough {
            continue;
        }
        let name = principal.name.clone().unwrap_or_default();
        let args = [("signer", signer.as_str()), ("principal", name.as_str())];
        // Where several give the power, the signatures of the others may be in another file.
        let partly = !acting.is_empty() || identities.len() < power.principals.len();
        let best = stances.iter().map(|one| one.acts).max();
        reasons.push(match best.unwrap_or(Acts::No) {
            _ if partly => AuthorityCode::SignerAlone.into(),
            Acts::Managing => Reason::new(AuthorityCode::SignerManaging, &args),
            Acts::Guardian => Reason::new(AuthorityCode::SignerGuardian, &args),
            _ if power.notarised => Reason::new(AuthorityCode::SignerNotary, &args[..1]),
            Acts::Unproven => Reason::new(AuthorityCode::SignerUnproven, &args[..1]),
            Acts::No | Acts::Yes => Reason::new(AuthorityCode::SignerOther, &args),
        });
    }
    reasons
}

/// The principals with those of their numbers alone that the certificates of who acts for them
/// have. The others are the word of who signed, who may have put one number of another beside their
/// own. Where nobody acts, or nothing is signed, all stay.
pub(crate) fn proven(power: &PowerOfAttorney, signed: &Signed) -> Vec<Principal> {
    let mut principals = power.principals.clone();
    for principal in &mut principals {
        let identities = signed.identities.iter();
        let acting: Vec<&Identity> = identities
            .filter(|one| stance(one, principal).acts == Acts::Yes)
            .collect();
        if acting.is_empty() {
            continue;
        }
        let person = is_person(principal.kind);
        // That very number, not merely one of its kind.
        let inn = |one: &&Identity| {
            let own = if person {
                &one.inn
            } else {
                &one.organisation_inn
            };
            pair(own.as_deref(), principal.inn.as_deref()) == Some(true)
        };
        if !acting.iter().any(inn) {
            principal.inn = None;
        }
        let ogrn = principal.ogrn.as_deref();
        let same = |one: &&Identity| pair_ogrn(one.ogrn.as_deref(), ogrn) == Some(true);
        if !acting.iter().any(same) {
            principal.ogrn = None;
        }
        if let Some(first) = principal.heads.first_mut().filter(|_| person) {
            let has =
                |own: Option<&str>, said: &Option<String>| pair(own, said.as_deref()) == Some(true);
            if !acting
                .iter()
                .any(|one| has(one.snils.as_deref(), &first.snils))
            {
                first.snils = None;
            }
            if !acting.iter().any(|one| has(one.inn.as_deref(), &first.inn)) {
                first.inn = None;
            }
        }
    }
    principals
}

fn stance<'p>(identity: &Identity, principal: &'p Principal) -> Stance<'p> {
    let mut stance = match principal.kind {
        PartyKind::Person | PartyKind::Entrepreneur => of_person(identity, principal),
        PartyKind::Organisation | PartyKind::Branch | PartyKind::Foreign | PartyKind::Unknown => {
            of_organisation(identity, principal)
        }
    };
    // Of two names or numbers of a certificate nobody knows which is the signer's.
    if identity.ambiguous && stance.acts != Acts::No {
        stance.acts = Acts::Unproven;
    }
    stance
}

/// Only the very person; whoever represents it by law may, and the file alone says who that is.
fn of_person<'p>(identity: &Identity, principal: &'p Principal) -> Stance<'p> {
    let guardians = principal.guardians.iter();
    let guarded = guardians
        .map(|one| identity.likeness(one))
        .any(|likeness| likeness > Likeness::Other);
    let otherwise = if guarded { Acts::Guardian } else { Acts::No };
    let ogrnip = pair_ogrn(identity.ogrn.as_deref(), principal.ogrn.as_deref());
    let inn = pair(identity.inn.as_deref(), principal.inn.as_deref());
    let Some(person) = principal.heads.first() else {
        return Stance::of(otherwise.max(Acts::Unproven));
    };
    if ogrnip == Some(false) || inn == Some(false) {
        return Stance::of(otherwise);
    }
    match identity.likeness(person) {
        Likeness::Same => Stance::of(Acts::Yes),
        Likeness::Renamed => Stance {
            acts: Acts::Yes,
            renamed: Some(person),
        },
        Likeness::NameOnly => Stance::of(otherwise.max(Acts::Unproven)),
        Likeness::Other => Stance::of(otherwise),
    }
}

/// By the organisation's numbers, then by its heads.
fn of_organisation<'p>(identity: &Identity, principal: &'p Principal) -> Stance<'p> {
    let numbers = numbers(
        identity,
        principal.inn.as_deref(),
        principal.ogrn.as_deref(),
    );
    let best = principal
        .heads
        .iter()
        .map(|head| (identity.likeness(head), head))
        .max_by_key(|(likeness, _)| *likeness);
    let renamed = match best {
        Some((Likeness::Renamed, head)) if numbers != Some(false) => Some(head),
        _ => None,
    };
    let likeness = best.map(|(likeness, _)| likeness);
    let managed = principal.managing.iter().any(|one| manages(identity, one));
    let acts = match (numbers, likeness) {
        (Some(true), Some(Likeness::Same | Likeness::Renamed | Likeness::NameOnly)) => Acts::Yes,
        // The certificate is the organisation's own, and names nobody of it.
        (Some(true), _) if !identity.names_person => Acts::Yes,
        (Some(true), Some(Likeness::Other)) => Acts::No,
        _ if managed => Acts::Managing,
        (Some(false), _) | (None, Some(Likeness::Other)) => Acts::No,
        (Some(true), None) | (None, _) => Acts::Unproven,
    };
    Stance { acts, renamed }
}

/// Whether the certificate is that of the managing party: by its numbers, and by who acts for it,
/// if the file says so.
fn manages(identity: &Identity, managing: &ManagingParty) -> bool {
    let best = managing
        .people
        .iter()
        .map(|one| identity.likeness(one))
        .max();
    let inn = managing.inn.as_deref().filter(|inn| inn.len() == 10);
    match numbers(identity, inn, managing.ogrn.as_deref()) {
        Some(true) => !identity.names_person || best != Some(Likeness::Other),
        _ => false,
    }
}

/// Whether a certificate has an organisation's numbers: no if one differs, nothing if none is in
/// both.
fn numbers(identity: &Identity, inn: Option<&str>, ogrn: Option<&str>) -> Option<bool> {
    let inn = pair(identity.organisation_inn.as_deref(), inn);
    let ogrn = pair_ogrn(identity.ogrn.as_deref(), ogrn);
    match (inn, ogrn) {
        (Some(false), _) | (_, Some(false)) => Some(false),
        (None, None) => None,
        _ => Some(true),
    }
}

/// Whether each head of a principal, and there are two at least, is another one of the signers.
fn all_sign(principal: &Principal, acting: &[&Identity]) -> bool {
    let mut heads: Vec<&NaturalPerson> = Vec::new();
    for head in &principal.heads {
        if !heads.iter().any(|known| is_same_person(known, head)) {
            heads.push(head);
        }
    }
    let mut left = acting.to_vec();
    let each = heads.iter().all(|head| {
        let found = left
            .iter()
            .copied()
            .find(|one| one.likeness(head) > Likeness::Other);
        let Some(found) = found else {
            return false;
        };
        left.retain(|one| !is_same_signer(one, found));
        true
    });
    let silent = principal.managing.iter().any(|one| one.people.is_empty());
    heads.len() > 1 && each && !silent
}

fn is_same_person(one: &NaturalPerson, other: &NaturalPerson) -> bool {
    let snils = pair(one.snils.as_deref(), other.snils.as_deref());
    let inn = pair(one.inn.as_deref(), other.inn.as_deref());
    match (snils, inn) {
        (Some(true), _) | (_, Some(true)) => true,
        (None, None) => is_same_name(&one.name(), &other.name()),
        _ => false,
    }
}

/// Whether two certificates may be one person's.
fn is_same_signer(one: &Identity, other: &Identity) -> bool {
    let snils = pair(one.snils.as_deref(), other.snils.as_deref());
    let inn = pair(one.inn.as_deref(), other.inn.as_deref());
    match (snils, inn) {
        (Some(true), _) | (_, Some(true)) => true,
        (None, None) => one.name == other.name,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::power::read_power_of_attorney;

    const FILE: &str = "<Доверенность xmlns=\"urn://x-artefacts/EMCHD_1\"><Документ><Довер>\
        <СвДоверит><Доверит><ИПДовер ИННФЛ=\"500100732259\"><СведФЛ><ФИО Фамилия=\"А\" Имя=\"Б\"/>\
        </СведФЛ></ИПДовер></Доверит></СвДоверит></Довер></Документ></Доверенность>";

    /// Wherever a number was read from, it is that of the certificate or it is nobody's.
    #[test]
    fn check_27_the_number_that_is_proven_is_that_very_number() -> Result<(), String> {
        let read = read_power_of_attorney(FILE.as_bytes(), &chancery_xades::Limits::default());
        let mut power = read.map_err(|reason| reason.code.key().to_owned())?;
        let signed = Signed {
            octets: None,
            report: None,
            certificate: None,
            identities: vec![Identity {
                inn: Some("500100732259".to_owned()),
                ..Identity::default()
            }],
            reasons: Vec::new(),
        };
        assert!(reasons(&power, &signed).is_empty());
        let first = power.principals.first_mut().ok_or("a principal")?;
        first.inn = Some("770000020201".to_owned());
        let said = reasons(&power, &signed);
        let said: Vec<&str> = said.iter().map(|reason| reason.code.key()).collect();
        assert_eq!(said, ["signer_other"]);
        Ok(())
    }
}
