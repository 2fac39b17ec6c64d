//! From the XML of a power to its fields.

use chancery_xades::Limits;
use chancery_xml::{Document, Element};

use crate::outcome::Reason;
use crate::power::form::Flaws;
use crate::power::{
    AuthorityCode, Delegation, Exercise, ParentPower, Power, PowerOfAttorney, Powers, names,
};
use crate::power::{known, limited};
use crate::text::{attribute_text, shown, text_of};

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
    // A power within something else is quoted there, perhaps to be taken back.
    let root = document.root();
    if root.local() != names::ROOT {
        return Err(not_a_power());
    }
    let mut reader = Reader {
        namespace: root.namespace(),
        flaws: Flaws::default(),
    };
    known::note_unknown(root, &mut reader.flaws);
    reader.power(root).ok_or_else(not_a_power)
}

pub(super) struct Reader<'d> {
    pub namespace: &'d str,
    pub flaws: Flaws,
}

impl<'d> Reader<'d> {
    /// The first of this name. That there are more is noted: a reader may take any.
    pub fn child(&mut self, element: Element<'d>, local: &str) -> Option<Element<'d>> {
        let mut found = element.named(self.namespace, local);
        let first = found.next()?;
        if found.next().is_some() {
            self.flaws.repeated(local);
        }
        Some(first)
    }

    pub fn all(&self, element: Element<'d>, local: &str) -> Vec<Element<'d>> {
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
        if self.child(about, names::SYSTEM).and_then(text_of).is_none() {
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
            powers: self.powers(about, body),
            notarised: self.child(body, names::NOTARY).is_some(),
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

    fn powers(&mut self, about: Element<'d>, body: Element<'d>) -> Powers {
        let mut found = Powers {
            text: None,
            codes: Vec::new(),
            exercise: Exercise::Unknown,
            lost_by_delegator: None,
            limits: limited::of_whole(about),
        };
        let Some(powers) = self.child(body, names::POWERS) else {
            return found;
        };
        found.limits.extend(limited::of_whole(powers));
        let elsewhere = limited::elsewhere(body, &[about, powers]);
        found.limits.extend(elsewhere);
        found.text = self.child(powers, names::POWERS_TEXT).and_then(text_of);
        for one in self.all(powers, names::POWER) {
            let Some(code) = self.flaws.required(one, names::POWER_CODE) else {
                continue;
            };
            found.codes.push(Power {
                code,
                name: attribute_text(one, names::POWER_NAME),
                limits: limited::of_power(one),
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
