//! What the rules of a check demanded, value by value: whoever reads a protocol need not have the
//! file that they came from.

use chancery_signature::{KeyDay, ValidationPolicy};
use chancery_types::Instant;

use super::{Words, shown};
use crate::i18n::t;

/// Extended key usages by their identifiers: RFC 5280, 4.2.1.12; RFC 9336; Microsoft's, Adobe's.
const PURPOSES: [(&str, &str); 6] = [
    ("2.5.29.37.0", "verify-purpose-any"),
    ("1.3.6.1.5.5.7.3.2", "verify-purpose-client"),
    ("1.3.6.1.5.5.7.3.4", "verify-purpose-mail"),
    ("1.3.6.1.5.5.7.3.36", "verify-purpose-documents"),
    (
        "1.3.6.1.4.1.311.10.3.12",
        "verify-purpose-documents-microsoft",
    ),
    ("1.2.840.113583.1.1.5", "verify-purpose-documents-adobe"),
];

impl Words<'_> {
    /// Names and values of the rules; nothing of a report that was stored before they were told.
    pub(super) fn rules(&self, rules: Option<&ValidationPolicy>) -> Vec<(String, String)> {
        let Some(rules) = rules else {
            return Vec::new();
        };
        // Whoever adds a rule must say it here.
        let ValidationPolicy {
            name: _,
            rsa_bits_min,
            rsa_until,
            sha1_until,
            md5_until,
            gost94_until,
            no_revocation_seconds_max,
            revocation_required,
            revocation_seconds_max,
            revocation_seconds_unstated,
            mark_percent_max,
            new_mark_percent_max,
            new_marks_percent_max,
            signing_purposes,
            claim_ahead_seconds_max,
        } = rules;
        let required = match revocation_required {
            true => "verify-rule-yes",
            false => "verify-rule-no",
        };
        let age = match revocation_seconds_max {
            Some(seconds) => self.seconds(*seconds),
            None => self.t("verify-rule-as-stated"),
        };
        let percent = |share: &u8| format!("{share} %");
        let purposes: Vec<String> = signing_purposes
            .iter()
            .map(|one| self.purpose(one))
            .collect();
        let rows = [
            ("rsa-bits-min", rsa_bits_min.to_string()),
            ("rsa-until", self.key_days(rsa_until)),
            ("sha1-until", self.until(*sha1_until)),
            ("md5-until", self.until(*md5_until)),
            ("gost94-until", self.until(*gost94_until)),
            (
                "no-revocation-seconds-max",
                self.seconds(*no_revocation_seconds_max),
            ),
            ("revocation-required", self.t(required)),
            ("revocation-seconds-max", age),
            (
                "revocation-seconds-unstated",
                self.seconds(*revocation_seconds_unstated),
            ),
            ("mark-percent-max", percent(mark_percent_max)),
            ("new-mark-percent-max", percent(new_mark_percent_max)),
            ("new-marks-percent-max", percent(new_marks_percent_max)),
            ("signing-purposes", purposes.join(", ")),
            (
                "claim-ahead-seconds-max",
                self.seconds(*claim_ahead_seconds_max),
            ),
        ];
        let rows = rows.into_iter();
        rows.map(|(key, value)| (self.t(&format!("verify-rule-{key}")), value))
            .collect()
    }

    /// The name of an extended key usage beside its identifier, where it is known.
    fn purpose(&self, oid: &str) -> String {
        let oid = shown(oid);
        match PURPOSES.iter().find(|(known, _)| *known == oid) {
            Some((_, key)) => format!("{} ({oid})", self.t(key)),
            None => oid,
        }
    }

    /// Each size with its day, a line of words.
    fn key_days(&self, days: &[KeyDay]) -> String {
        let each = days.iter().map(|day| {
            let bits = day.bits.to_string();
            let args = [
                ("bits", bits.into()),
                ("until", self.formats.exact(day.until).into()),
            ];
            t(self.formats.locale, "verify-rule-key-day", &args)
        });
        let all: Vec<String> = each.collect();
        match all.is_empty() {
            true => self.t("verify-rule-never"),
            false => all.join("; "),
        }
    }

    fn until(&self, moment: Option<Instant>) -> String {
        moment.map_or_else(
            || self.t("verify-rule-never"),
            |moment| self.formats.exact(moment),
        )
    }

    /// Exact, as the rules are kept to: in whole hours or minutes where it is that.
    fn seconds(&self, seconds: i64) -> String {
        let (unit, count) = match seconds {
            0 => ("seconds", 0),
            _ if seconds % 3_600 == 0 => ("hours", seconds / 3_600),
            _ if seconds % 60 == 0 => ("minutes", seconds / 60),
            _ => ("seconds", seconds),
        };
        self.t1(&format!("verify-rule-{unit}"), "count", count.to_string())
    }
}
