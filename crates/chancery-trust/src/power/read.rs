//! From the XML of a power to its fields.

use chancery_xades::Limits;
use chancery_xml::{Document, Element};

use crate::outcome::Reason;
use crate::power::form::Flaws;
use crate::power::identifiers::{inn, ogrn, snils};
use crate::power::{
    AuthorityCode, Delegation, Exercise, NaturalPerson, ParentPower, PartyKind, Power,
    PowerOfAttorney, Powers, Principal, Representative, names,
};
use crate::text::{attribute_text, child_text, shown};

/// Most parties of one kind, and most powers, of one file.
const EACH_MAX: usize = 1000;

/// Reads a power of attorney. Nothing is asked of its signature.
///
/// # Errors
///
/// A reason if it is not XML, exceeds the limits, or is no power of attorney. What is missing or
/// malformed in one is among its [`flaws`](PowerOfAttorney::flaws).
pub fn read_power_of_attorney(
    bytes: &[u8],
    limits: &Limits,
) -> Result<PowerOfAttorney, Reason<AuthorityCode>> {
    let document = Document::parse(bytes, &limits.xml)
        .map_err(|error| Reason::new(AuthorityCode::Unreadable, &[("why", error.code())]))?;
    let not_a_power = || {
        let name = shown(document.root().local());
        Reason::new(AuthorityCode::NotAPower, &[("element", &name)])
    };
    let mut found = document
        .root()
        .descendants()
        .filter(|one| one.local() == names::ROOT);
    let (Some(root), None) = (found.next(), found.next()) else {
        return Err(not_a_power());
    };
    let mut reader = Reader {
        namespace: root.namespace(),
        flaws: Flaws::default(),
    };
    reader.power(root).ok_or_else(not_a_power)
}

struct Reader<'d> {
    namespace: &'d str,
    flaws: Flaws,
}

impl<'d> Reader<'d> {
    fn child(&self, element: Element<'d>, local: &str) -> Option<Element<'d>> {
        element.child(self.namespace, local)
    }

    fn all(&self, element: Element<'d>, local: &str) -> Vec<Element<'d>> {
        let found = element.named(self.namespace, local);
        found.take(EACH_MAX).collect()
    }

    fn power(&mut self, root: Element<'d>) -> Option<PowerOfAttorney> {
        let version = self.version(root);
        let document = self.child(root, names::DOCUMENT)?;
        let first = self.child(document, names::FIRST);
        let delegated = self.child(document, names::DELEGATED);
        let (body, is_first) = match (first, delegated) {
            (Some(body), None) => (body, true),
            (None, Some(body)) => (body, false),
            _ => return None,
        };
        let about = if is_first {
            names::ABOUT
        } else {
            names::ABOUT_DELEGATED
        };
        let about = match self.child(body, about) {
            Some(about) => about,
            None => {
                self.flaws.missing(about);
                // Its fields are then missing one by one.
                body
            }
        };
        let delegation = [Delegation::Forbidden, Delegation::Once, Delegation::Onward];
        let choice = self
            .flaws
            .choice(about, names::DELEGATION, &["1", "2", "3"]);
        let revocable = self.flaws.choice(about, names::REVOCABLE, &["1", "2"]);
        if child_text(about, self.namespace, names::SYSTEM).is_none() {
            let args = [("field", names::SYSTEM)];
            self.flaws.note(AuthorityCode::FieldOmitted, &args);
        }
        let mut power = PowerOfAttorney {
            version,
            file_id: self.flaws.asked(root, names::FILE_ID),
            number: self.flaws.uuid(about, names::NUMBER),
            internal_number: self.flaws.asked(about, names::NUMBER_INTERNAL),
            issued_on: self.flaws.day(about, names::ISSUED),
            expires_on: self.flaws.day(about, names::EXPIRES),
            irrevocable: revocable.map(|place| place == 1),
            delegation: choice
                .and_then(|place| delegation.get(place).copied())
                .unwrap_or(Delegation::Unknown),
            parent: (!is_first).then(|| self.parent(body)),
            principals: self.principals(body, is_first),
            representatives: self.representatives(body, is_first),
            powers: self.powers(body),
            flaws: Vec::new(),
        };
        self.check_whole(&power);
        power.flaws = std::mem::take(&mut self.flaws.found);
        Some(power)
    }

    fn version(&mut self, root: Element<'d>) -> String {
        let version = self
            .flaws
            .required(root, names::VERSION)
            .unwrap_or_default();
        let known = [names::NAMESPACE, ""].contains(&self.namespace);
        if version != names::VERSION_KNOWN || !known {
            let shown = if known {
                version.clone()
            } else {
                shown(self.namespace)
            };
            let args = [("version", shown.as_str())];
            self.flaws.note(AuthorityCode::VersionUnknown, &args);
        }
        if let Some(flag) = self.flaws.asked(root, names::ELEMENTS_FLAG)
            && (flag.len() != 8 || !flag.bytes().all(|byte| matches!(byte, b'0' | b'1')))
        {
            let args = [("field", names::ELEMENTS_FLAG), ("value", flag.as_str())];
            self.flaws.note(AuthorityCode::FieldMalformed, &args);
        }
        version
    }

    /// What can only be told of the power as a whole.
    fn check_whole(&mut self, power: &PowerOfAttorney) {
        if let (Some(first), Some(last)) = (power.issued_on, power.expires_on)
            && last < first
        {
            self.flaws.note(AuthorityCode::TermReversed, &[]);
        }
        // The identifier of a file ends with the number: ON_EMCHD_20260110_<number>.
        if let (Some(file), Some(number)) = (&power.file_id, &power.number)
            && !file.to_lowercase().ends_with(number.as_str())
        {
            let args = [("file", file.as_str()), ("number", number.as_str())];
            self.flaws.note(AuthorityCode::NumberDiffers, &args);
        }
        if power.powers.text.is_none() && power.powers.codes.is_empty() {
            self.flaws.missing(names::POWERS);
        }
    }

    fn parent(&mut self, body: Element<'d>) -> ParentPower {
        let mut found = ParentPower {
            first_number: None,
            previous_number: None,
            first_principals: Vec::new(),
        };
        let Some(first) = self.child(body, names::ABOUT_FIRST) else {
            self.flaws.missing(names::ABOUT_FIRST);
            return found;
        };
        let lower = |text: String| text.to_lowercase();
        found.first_number = attribute_text(first, names::NUMBER_FIRST).map(lower);
        let previous = self.child(body, names::ABOUT_PREVIOUS);
        let previous = previous.unwrap_or(first);
        found.previous_number = attribute_text(previous, names::NUMBER_PREVIOUS).map(lower);
        for one in self.all(first, names::FIRST_PRINCIPAL) {
            if let Some(party) = self.child(one, names::FIRST_PRINCIPAL_PARTY) {
                found.first_principals.extend(self.principal(party));
            }
        }
        found
    }

    fn principals(&mut self, body: Element<'d>, is_first: bool) -> Vec<Principal> {
        let (list, inner) = if is_first {
            (names::PRINCIPAL, names::PRINCIPAL_PARTY)
        } else {
            (names::DELEGATOR, names::DELEGATOR_PARTY)
        };
        let mut found = Vec::new();
        for one in self.all(body, list) {
            let Some(party) = self.child(one, inner) else {
                continue;
            };
            let principal = self.principal(party);
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

    fn check_type(&mut self, element: Element<'d>, field: &str, expected: &str) {
        if let Some(value) = self.flaws.asked(element, field)
            && value != expected
        {
            let args = [("field", field), ("value", value.as_str())];
            self.flaws.note(AuthorityCode::TypeDisagrees, &args);
        }
    }

    fn representatives(&mut self, body: Element<'d>, is_first: bool) -> Vec<Representative> {
        let list = if is_first {
            names::REPRESENTATIVE
        } else {
            names::RECIPIENT
        };
        let mut found = Vec::new();
        for one in self.all(body, list) {
            let Some(party) = self.child(one, names::REPRESENTATIVE_PARTY) else {
                continue;
            };
            let Some((kind, element, details)) = self.party(party) else {
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
            let is_person = matches!(kind, PartyKind::Person | PartyKind::Entrepreneur);
            let person = if is_person {
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

    /// What a party is, its element, and the element with its attributes.
    fn party(&self, parent: Element<'d>) -> Option<(PartyKind, Element<'d>, Element<'d>)> {
        let kinds: [(PartyKind, &[&str]); 5] = [
            (PartyKind::Organisation, &names::ORGANISATIONS),
            (PartyKind::Branch, &names::BRANCHES),
            (PartyKind::Entrepreneur, &names::ENTREPRENEURS),
            (PartyKind::Person, &names::PERSONS),
            (PartyKind::Foreign, &names::FOREIGN),
        ];
        let mut children = parent.children();
        children.find_map(|child| {
            let own = child.namespace() == self.namespace;
            let mut kinds = kinds.iter();
            let found = kinds.find(|(_, names)| own && names.contains(&child.local()));
            let (kind, _) = found?;
            let mut inner = child.children();
            let details = inner.find(|one| names::PARTY_DETAILS.contains(&one.local()));
            Some((*kind, child, details.unwrap_or(child)))
        })
    }

    fn principal(&mut self, parent: Element<'d>) -> Option<Principal> {
        let (kind, element, details) = self.party(parent)?;
        let mut heads = Vec::new();
        let mut heads_joint = false;
        if matches!(kind, PartyKind::Person | PartyKind::Entrepreneur) {
            heads.extend(self.person(element));
        }
        for head in self.all(element, names::HEAD) {
            heads_joint |= attribute_text(head, names::HEADS_JOINT).as_deref() == Some("2");
            for local in [names::PERSON, names::ENTREPRENEUR] {
                for one in self.all(head, local) {
                    heads.extend(self.person(one));
                }
            }
            for managing in self.all(head, names::MANAGING) {
                for one in self.all(managing, names::PERSON) {
                    heads.extend(self.person(one));
                }
            }
        }
        for local in names::PARTY_PEOPLE {
            for one in self.all(element, local) {
                heads.extend(self.person(one));
            }
        }
        let principal = Principal {
            kind,
            name: self.party_name(kind, details, heads.first()),
            inn: self.party_inn(kind, details),
            kpp: attribute_text(details, names::KPP),
            ogrn: self.party_ogrn(kind, details),
            heads,
            heads_joint,
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

    fn powers(&mut self, body: Element<'d>) -> Powers {
        let mut found = Powers {
            text: None,
            codes: Vec::new(),
            exercise: Exercise::Unknown,
            lost_by_delegator: None,
        };
        let Some(powers) = self.child(body, names::POWERS) else {
            return found;
        };
        found.text = child_text(powers, self.namespace, names::POWERS_TEXT);
        for one in self.all(powers, names::POWER) {
            let Some(code) = self.flaws.required(one, names::POWER_CODE) else {
                continue;
            };
            found.codes.push(Power {
                code,
                name: attribute_text(one, names::POWER_NAME),
            });
        }
        let by_codes = if found.codes.is_empty() { "0" } else { "1" };
        self.check_type(powers, names::POWERS_TYPE, by_codes);
        found.exercise = match self.flaws.choice(powers, names::EXERCISE, &["1", "2"]) {
            Some(0) => Exercise::Separately,
            Some(_) => Exercise::Jointly,
            None => Exercise::Unknown,
        };
        if attribute_text(powers, names::LOSS).is_some() {
            let choice = self.flaws.choice(powers, names::LOSS, &["1", "2"]);
            found.lost_by_delegator = choice.map(|place| place == 0);
        }
        found
    }
}
