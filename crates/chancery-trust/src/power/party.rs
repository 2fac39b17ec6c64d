//! Parties of a power: who gives it, who gets it, and the people who act for them.

use chancery_xml::Element;

use crate::power::identifiers::{inn, ogrn, pair, snils};
use crate::power::read::Reader;
use crate::power::{
    AuthorityCode, ManagingParty, NaturalPerson, PartyKind, Principal, Representative, names,
};
use crate::text::attribute_text;

/// Who acts for a party, as the file says.
#[derive(Default)]
struct Bodies {
    heads: Vec<NaturalPerson>,
    joint: bool,
    managing: Vec<ManagingParty>,
    guardians: Vec<NaturalPerson>,
}

impl<'d> Reader<'d> {
    pub fn principals(&mut self, body: Element<'d>, is_first: bool) -> Vec<Principal> {
        let (list, inner) = if is_first {
            (names::PRINCIPAL, names::PRINCIPAL_PARTY)
        } else {
            (names::DELEGATOR, names::DELEGATOR_PARTY)
        };
        let mut found = Vec::new();
        for one in self.all(body, list) {
            let party = self.child(one, inner);
            let principal = party.and_then(|party| self.principal(party));
            // One that cannot be read is not passed over because another one can.
            if principal.is_none() {
                self.flaws.missing(inner);
            }
            if is_first && let Some(principal) = &principal {
                let place = match principal.kind {
                    PartyKind::Organisation => "1",
                    PartyKind::Foreign => "2",
                    PartyKind::Entrepreneur => "3",
                    _ => "4",
                };
                self.check_type(one, names::PRINCIPAL_TYPE, place);
            }
            found.extend(principal);
        }
        if found.is_empty() {
            self.flaws.missing(list);
        }
        found
    }

    pub fn check_type(&mut self, element: Element<'d>, field: &str, expected: &str) {
        if let Some(value) = self.flaws.asked(element, field)
            && value != expected
        {
            let args = [("field", field), ("value", value.as_str())];
            self.flaws.note(AuthorityCode::TypeDisagrees, &args);
        }
    }

    pub fn representatives(&mut self, body: Element<'d>, is_first: bool) -> Vec<Representative> {
        let list = if is_first {
            names::REPRESENTATIVE
        } else {
            names::RECIPIENT
        };
        let mut found = Vec::new();
        for one in self.all(body, list) {
            let party = self.child(one, names::REPRESENTATIVE_PARTY);
            let party = party.and_then(|party| self.party(party));
            let Some((kind, element, details)) = party else {
                self.flaws.missing(names::REPRESENTATIVE_PARTY);
                continue;
            };
            let place = match kind {
                PartyKind::Organisation | PartyKind::Unknown => "1",
                PartyKind::Entrepreneur => "2",
                PartyKind::Person => "3",
                PartyKind::Branch => "4",
                PartyKind::Foreign => "5",
            };
            self.check_type(one, names::REPRESENTATIVE_TYPE, place);
            let person = if is_person(kind) {
                self.person(element)
            } else {
                None
            };
            if let Some(person) = &person
                && person.inn.is_none()
                && person.snils.is_none()
            {
                self.flaws.missing(names::SNILS);
            }
            found.push(Representative {
                kind,
                name: self.party_name(kind, details, person.as_ref()),
                inn: self.party_inn(kind, details),
                ogrn: self.party_ogrn(kind, details),
                person,
            });
        }
        if found.is_empty() {
            self.flaws.missing(list);
        }
        found
    }

    /// What a party is, its element, and the element with its attributes: a person's own, whatever
    /// stands within it.
    fn party(&mut self, parent: Element<'d>) -> Option<(PartyKind, Element<'d>, Element<'d>)> {
        let kinds: [(PartyKind, &[&str]); 5] = [
            (PartyKind::Organisation, &names::ORGANISATIONS),
            (PartyKind::Branch, &names::BRANCHES),
            (PartyKind::Entrepreneur, &names::ENTREPRENEURS),
            (PartyKind::Person, &names::PERSONS),
            (PartyKind::Foreign, &names::FOREIGN),
        ];
        let mut found = Vec::new();
        for child in parent.children() {
            let own = child.namespace() == self.namespace;
            let mut kinds = kinds.iter();
            let kind = kinds.find(|(_, names)| own && names.contains(&child.local()));
            found.extend(kind.map(|(kind, _)| (*kind, child)));
        }
        let (kind, element) = *found.first()?;
        if found.len() > 1 {
            self.flaws.repeated(parent.local());
        }
        if is_person(kind) {
            return Some((kind, element, element));
        }
        let inner = element.children();
        let inner: Vec<Element<'d>> = inner
            .filter(|one| one.namespace() == self.namespace)
            .filter(|one| names::PARTY_DETAILS.contains(&one.local()))
            .collect();
        if inner.len() > 1 {
            self.flaws.repeated(element.local());
        }
        let details = inner.first().copied().unwrap_or(element);
        self.note_within_organisation(element, details);
        Some((kind, element, details))
    }

    pub fn principal(&mut self, parent: Element<'d>) -> Option<Principal> {
        let (kind, element, details) = self.party(parent)?;
        let mut bodies = if is_person(kind) {
            self.itself(element)
        } else {
            self.bodies(element)
        };
        let principal = Principal {
            kind,
            name: self.party_name(kind, details, bodies.heads.first()),
            inn: self.party_inn(kind, details),
            kpp: attribute_text(details, names::KPP),
            ogrn: self.party_ogrn(kind, details),
            heads: std::mem::take(&mut bodies.heads),
            heads_joint: bodies.joint,
            managing: bodies.managing,
            guardians: bodies.guardians,
        };
        let numbered = principal.inn.is_some() || principal.ogrn.is_some();
        let by_person = principal.heads.iter().any(|head| head.snils.is_some());
        match kind {
            PartyKind::Organisation | PartyKind::Branch | PartyKind::Entrepreneur if !numbered => {
                self.flaws.missing(names::INN_ORGANISATION);
            }
            PartyKind::Person if !numbered && !by_person => self.flaws.missing(names::SNILS),
            _ => {}
        }
        Some(principal)
    }

    /// A person or an entrepreneur, for whom nobody acts but by law.
    fn itself(&mut self, element: Element<'d>) -> Bodies {
        let mut found = Bodies::default();
        found.heads.extend(self.person(element));
        for guardian in self.all(element, names::GUARDIAN) {
            for one in self.all(guardian, names::PERSON) {
                found.guardians.extend(self.person(one));
            }
        }
        found
    }

    /// A person is one: whoever acts for an organisation, another party, other numbers or a second
    /// name within it say whose power it is in two ways.
    fn note_within_person(&mut self, element: Element<'d>) {
        let mut pending: Vec<Element<'d>> = element.children().collect();
        let mut names_found = 0_usize;
        while let Some(one) = pending.pop() {
            if one.local() == names::GUARDIAN {
                continue;
            }
            names_found = names_found.saturating_add((one.local() == names::FULL_NAME).into());
            let numbers = names::NUMBERS_OF_PERSONS;
            if names::is_never_in_person(one.local()) || differs(one, element, &numbers) {
                self.misplaced(one);
            }
            pending.extend(one.children());
        }
        if names_found > 1 {
            self.flaws.repeated(names::FULL_NAME);
        }
    }

    /// An organisation has its details once. Who acts for it has numbers of their own.
    fn note_within_organisation(&mut self, element: Element<'d>, details: Element<'d>) {
        let numbers = names::NUMBERS_OF_ORGANISATIONS;
        if differs(element, details, &numbers) {
            self.misplaced(element);
        }
        let mut pending: Vec<Element<'d>> = element.children().collect();
        while let Some(one) = pending.pop() {
            let local = one.local();
            if local == names::HEAD || names::PARTY_PEOPLE.contains(&local) {
                continue;
            }
            let is_other = one != details && names::is_party(local);
            if is_other || differs(one, details, &numbers) {
                self.misplaced(one);
            }
            pending.extend(one.children());
        }
    }

    fn misplaced(&mut self, element: Element<'d>) {
        let args = [("element", element.local())];
        self.flaws.note(AuthorityCode::ElementMisplaced, &args);
    }

    /// Who acts for an organisation, as the file says.
    fn bodies(&mut self, element: Element<'d>) -> Bodies {
        let mut found = Bodies::default();
        for head in self.all(element, names::HEAD) {
            found.joint |= attribute_text(head, names::HEADS_JOINT).as_deref() == Some("2");
            for one in self.all(head, names::PERSON) {
                found.heads.extend(self.person(one));
            }
            for one in self.all(head, names::ENTREPRENEUR) {
                let people: Vec<NaturalPerson> = self.person(one).into_iter().collect();
                found.heads.extend(people.iter().cloned());
                found.managing.push(ManagingParty {
                    inn: self.flaws.number(one, names::INN_PERSON, 12, inn),
                    ogrn: self.flaws.number(one, names::OGRNIP, 15, ogrn),
                    people,
                });
            }
            for one in self.all(head, names::MANAGING) {
                let managing = self.managing(one);
                found.heads.extend(managing.people.iter().cloned());
                found.managing.push(managing);
            }
        }
        for local in names::PARTY_PEOPLE {
            for one in self.all(element, local) {
                found.heads.extend(self.person(one));
            }
        }
        found
    }

    /// A managing company; its numbers stand on it or one level deeper.
    fn managing(&mut self, element: Element<'d>) -> ManagingParty {
        let details = self.child(element, names::MANAGING_DETAILS);
        let details = details.unwrap_or(element);
        let mut people = Vec::new();
        for one in self.all(element, names::PERSON) {
            people.extend(self.person(one));
        }
        ManagingParty {
            inn: self.flaws.number(details, names::INN_ORGANISATION, 10, inn),
            ogrn: self.flaws.number(details, names::OGRN, 13, ogrn),
            people,
        }
    }

    fn party_name(
        &mut self,
        kind: PartyKind,
        details: Element<'d>,
        person: Option<&NaturalPerson>,
    ) -> Option<String> {
        let field = match kind {
            PartyKind::Foreign => names::FOREIGN_NAME,
            PartyKind::Organisation | PartyKind::Branch | PartyKind::Unknown => {
                names::ORGANISATION_NAME
            }
            PartyKind::Entrepreneur | PartyKind::Person => {
                let name = attribute_text(details, names::ENTREPRENEUR_NAME);
                return name.or_else(|| person.map(NaturalPerson::name));
            }
        };
        self.flaws.asked(details, field)
    }

    fn party_inn(&mut self, kind: PartyKind, details: Element<'d>) -> Option<String> {
        match kind {
            PartyKind::Entrepreneur | PartyKind::Person => {
                self.flaws.number(details, names::INN_PERSON, 12, inn)
            }
            _ => self.flaws.number(details, names::INN_ORGANISATION, 10, inn),
        }
    }

    fn party_ogrn(&mut self, kind: PartyKind, details: Element<'d>) -> Option<String> {
        match kind {
            PartyKind::Entrepreneur => self.flaws.number(details, names::OGRNIP, 15, ogrn),
            PartyKind::Person => None,
            _ => self.flaws.number(details, names::OGRN, 13, ogrn),
        }
    }

    /// A person whose numbers stand on `element` and whose name stands beneath it.
    fn person(&mut self, element: Element<'d>) -> Option<NaturalPerson> {
        self.note_within_person(element);
        let details = match self.child(element, names::PERSON_DETAILS) {
            // A person who passes a power on stands one level deeper.
            Some(inner) => self.child(inner, names::PERSON_DETAILS).unwrap_or(inner),
            None => element,
        };
        let Some(name) = self.child(details, names::FULL_NAME) else {
            self.flaws.missing(names::FULL_NAME);
            return None;
        };
        let born_on = match attribute_text(details, names::BORN) {
            Some(_) => self.flaws.day(details, names::BORN),
            None => None,
        };
        Some(NaturalPerson {
            family_name: self
                .flaws
                .required(name, names::FAMILY_NAME)
                .unwrap_or_default(),
            given_name: self
                .flaws
                .required(name, names::GIVEN_NAME)
                .unwrap_or_default(),
            patronymic: attribute_text(name, names::PATRONYMIC),
            inn: self.flaws.number(element, names::INN_PERSON, 12, inn),
            snils: self.flaws.number(element, names::SNILS, 11, snils),
            position: attribute_text(element, names::POSITION),
            born_on,
        })
    }
}

/// Whether a natural person is the party.
pub(super) const fn is_person(kind: PartyKind) -> bool {
    matches!(kind, PartyKind::Person | PartyKind::Entrepreneur)
}

/// Whether `one` has one of these numbers, and it is not the one that `read` has.
fn differs(one: Element<'_>, read: Element<'_>, numbers: &[&str]) -> bool {
    numbers.iter().any(|field| {
        let own = attribute_text(one, field);
        own.is_some_and(|own| {
            let known = attribute_text(read, field);
            pair(Some(&own), known.as_deref()) != Some(true)
        })
    })
}
