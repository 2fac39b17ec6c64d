//! Fields of a power, each with the form that it must have; what is wrong is noted, never an error.

use chancery_xml::Element;
use jiff::civil::Date;

use crate::outcome::Reason;
use crate::power::AuthorityCode;
use crate::power::identifiers::Digits;
use crate::text::attribute_text;

/// Most flaws of one weight that are noted of one file: many light ones push no heavy one out.
const FLAWS_MAX: usize = 200;

/// The flaws that were found so far.
#[derive(Default)]
pub(crate) struct Flaws {
    pub found: Vec<Reason<AuthorityCode>>,
}

impl Flaws {
    pub fn note(&mut self, code: AuthorityCode, args: &[(&str, &str)]) {
        let reason = Reason::new(code, args);
        let weight = code.weight();
        let alike = self.found.iter().filter(|one| one.code.weight() == weight);
        if alike.count() < FLAWS_MAX && !self.found.contains(&reason) {
            self.found.push(reason);
        }
    }

    pub fn missing(&mut self, field: &str) {
        self.note(AuthorityCode::FieldMissing, &[("field", field)]);
    }

    pub fn repeated(&mut self, element: &str) {
        self.note(AuthorityCode::ElementRepeated, &[("element", element)]);
    }

    /// An attribute that gives a power its meaning.
    pub fn required(&mut self, element: Element<'_>, field: &str) -> Option<String> {
        let found = attribute_text(element, field);
        if found.is_none() {
            self.missing(field);
        }
        found
    }

    /// An attribute that the form asks for.
    pub fn asked(&mut self, element: Element<'_>, field: &str) -> Option<String> {
        let found = attribute_text(element, field);
        if found.is_none() {
            self.note(AuthorityCode::FieldOmitted, &[("field", field)]);
        }
        found
    }

    fn malformed(&mut self, field: &str, value: &str) {
        let args = [("field", field), ("value", value)];
        self.note(AuthorityCode::FieldMalformed, &args);
    }

    /// A day, as `2026-01-31` or as `31.01.2026`.
    pub fn day(&mut self, element: Element<'_>, field: &str) -> Option<Date> {
        let text = self.required(element, field)?;
        let day = parse_day(&text);
        if day.is_none() {
            self.malformed(field, &text);
        }
        day
    }

    /// One of a few codes, by its place among them.
    pub fn choice(&mut self, element: Element<'_>, field: &str, codes: &[&str]) -> Option<usize> {
        let text = self.required(element, field)?;
        let place = codes.iter().position(|code| *code == text);
        if place.is_none() {
            self.malformed(field, &text);
        }
        place
    }

    /// An identifier with control digits, if it is there.
    pub fn number(
        &mut self,
        element: Element<'_>,
        field: &str,
        length: usize,
        check: fn(&str) -> Digits,
    ) -> Option<String> {
        let text = attribute_text(element, field)?;
        let digits = text.chars().filter(char::is_ascii_digit).count();
        match check(&text) {
            Digits::Right if digits == length => {}
            Digits::Control if digits == length => {
                let args = [("field", field), ("value", text.as_str())];
                self.note(AuthorityCode::ControlDigitWrong, &args);
            }
            _ => self.malformed(field, &text),
        }
        Some(text)
    }

    /// A number in the register: a UUID.
    pub fn uuid(&mut self, element: Element<'_>, field: &str) -> Option<String> {
        let text = self.required(element, field)?;
        if !is_uuid(&text) {
            self.malformed(field, &text);
        }
        Some(text.to_lowercase())
    }
}

pub(crate) fn is_uuid(text: &str) -> bool {
    let fits = |(at, c): (usize, char)| match at {
        8 | 13 | 18 | 23 => c == '-',
        _ => c.is_ascii_hexdigit(),
    };
    text.len() == 36 && text.chars().enumerate().all(fits)
}

fn parse_day(text: &str) -> Option<Date> {
    let plain = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let parts: Vec<&str> = if text.contains('.') {
        text.split('.').rev().collect()
    } else {
        text.split('-').collect()
    };
    let [year, month, day] = parts.as_slice() else {
        return None;
    };
    let lengths = (year.len(), month.len(), day.len()) == (4, 2, 2);
    if !lengths || ![*year, *month, *day].into_iter().all(plain) {
        return None;
    }
    Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_in_both_forms_and_no_other() {
        let day = Date::new(2026, 1, 31).ok();
        assert_eq!(parse_day("2026-01-31"), day);
        assert_eq!(parse_day("31.01.2026"), day);
        for bad in [
            "",
            "2026-1-31",
            "31.02.2026",
            "2026-01-31T00:00:00",
            "31-01-2026",
            "+026-01-01",
        ] {
            assert_eq!(parse_day(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_uuid_has_its_hyphens() {
        assert!(is_uuid("4f1c2d3e-5a6b-4c7d-8e9f-0a1b2c3d4e5f"));
        assert!(!is_uuid("4f1c2d3e5a6b4c7d8e9f0a1b2c3d4e5f"));
        assert!(!is_uuid("4f1c2d3e-5a6b-4c7d-8e9f-0a1b2c3d4e5g"));
    }
}
