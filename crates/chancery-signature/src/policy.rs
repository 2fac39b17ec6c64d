//! What counts as good enough. A policy is stored beside each report by its name.

use chancery_types::Instant;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};

use crate::algorithm::DigestAlgorithm;
use crate::certificate::Certificate;
use crate::public_key::rsa_sizes;
use crate::purposes::SIGNING;

/// Most days that a policy may set for keys.
const KEY_DAYS_MAX: usize = 16;

/// Until when keys of a size are taken that are shorter than [`ValidationPolicy::rsa_bits_min`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct KeyDay {
    /// The shortest of them, in bits of the modulus; the next larger size that is named, or
    /// `rsa_bits_min`, bounds them from above.
    pub bits: u32,
    /// They are taken in what provably existed before this moment.
    pub until: Instant,
}

/// The rules that an organisation may choose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ValidationPolicy {
    /// Its name in reports.
    pub name: String,
    /// Shortest RSA modulus that is taken without an end, in bits: of signers, of every authority
    /// above them, and of whoever vouches for time or says what was revoked.
    pub rsa_bits_min: u32,
    /// Until when shorter ones are taken, at most 16 sizes, none of which ends before a shorter
    /// one. What is shorter than all of them is never taken. A report that was stored before there
    /// were such days has none.
    #[serde(default, deserialize_with = "key_days")]
    pub rsa_until: Vec<KeyDay>,
    /// SHA-1 is accepted in signatures that existed before this moment: provably, or else, for the
    /// question of integrity alone, by what the signer claims under the signature.
    pub sha1_until: Option<Instant>,
    /// The same for MD5.
    pub md5_until: Option<Instant>,
    /// The same for GOST R 34.11-94, and so for signatures of GOST R 34.10-2001.
    pub gost94_until: Option<Instant>,
    /// Longest life of a certificate that needs no revocation because it says so (RFC 9608), in
    /// seconds. Timestamping authorities are exempt: their certificates must live long.
    pub no_revocation_seconds_max: i64,
    /// Whether a certificate of which nobody says whether it is revoked leaves the signature open.
    /// If not, that is only told.
    pub revocation_required: bool,
    /// How old a good word about revocation may be when the certificate is used, in seconds.
    /// Absent: as old as the word itself says (`nextUpdate`). Zero asks for a later word.
    pub revocation_seconds_max: Option<i64>,
    /// How long a word without `nextUpdate` speaks, in seconds.
    pub revocation_seconds_unstated: i64,
    /// The largest share of a page that a later signature's mark may cover, in percent, where its
    /// field was there already: whoever signed before saw its place.
    pub mark_percent_max: u8,
    /// The same for a mark in a place of its signer's own choice.
    pub new_mark_percent_max: u8,
    /// How much of one page all such marks together may cover, in percent.
    pub new_marks_percent_max: u8,
    /// Purposes (`ExtKeyUsage`) of which a certificate must have one to sign documents, if it has
    /// any: object identifiers, and arcs that end with `.*`. Another set is told; where it is
    /// critical, the signature stays open.
    pub signing_purposes: Vec<String>,
    /// How far the clock that a signer claims a time by may be ahead, in seconds.
    pub claim_ahead_seconds_max: i64,
}

impl Default for ValidationPolicy {
    fn default() -> Self {
        Self {
            name: "chancery-1".to_owned(),
            rsa_bits_min: 2048,
            // NIST SP 800-131A let 1024 bits sign until the end of 2013; none are known to have
            // been factored.
            rsa_until: moment("2014-01-01T00:00:00Z")
                .map(|until| KeyDay { bits: 1024, until })
                .into_iter()
                .collect(),
            // Until January 2020 nobody could make two different prefixes collide ("SHA-1 is a
            // Shambles"); of one prefix since February 2017, which the bytes themselves show (see
            // `CheckedSha1`). For MD5 of one prefix since August 2004 (Wang and others), which
            // nothing here looks for.
            sha1_until: moment("2020-01-01T00:00:00Z"),
            md5_until: moment("2004-08-17T00:00:00Z"),
            // The old standard's last year for new signatures was 2019.
            gost94_until: moment("2020-01-01T00:00:00Z"),
            no_revocation_seconds_max: crate::LEAF_SECONDS_MAX,
            revocation_required: true,
            revocation_seconds_max: None,
            revocation_seconds_unstated: 24 * 60 * 60,
            mark_percent_max: 50,
            new_mark_percent_max: 10,
            // A sheet of signatures that is full of marks stays below it.
            new_marks_percent_max: 70,
            signing_purposes: SIGNING.map(str::to_owned).to_vec(),
            claim_ahead_seconds_max: 5 * 60,
        }
    }
}

impl ValidationPolicy {
    /// Until when signatures over `digest` prove anything: absent for a digest that is still good.
    fn broken_at(&self, digest: DigestAlgorithm) -> Option<Option<Instant>> {
        match digest {
            DigestAlgorithm::Md5 => Some(self.md5_until),
            DigestAlgorithm::Sha1 => Some(self.sha1_until),
            DigestAlgorithm::Gost94 => Some(self.gost94_until),
            _ => None,
        }
    }

    /// From when on signatures over `digest` are not accepted any more: absent for a digest of
    /// which no end is known, the epoch for one that never was accepted.
    #[must_use]
    pub fn accepted_until(&self, digest: DigestAlgorithm) -> Option<Instant> {
        let never = Instant::from_micros(0);
        Some(self.broken_at(digest)?.unwrap_or(never))
    }

    /// Whether a signature over `digest` that existed at `since` is to be believed.
    pub(crate) fn is_reliable(&self, digest: DigestAlgorithm, since: Instant) -> bool {
        match self.broken_at(digest) {
            None => true,
            Some(until) => until.is_some_and(|until| since < until),
        }
    }

    /// From when on an RSA key of so many bits is not taken any more: absent for one of which no
    /// end is known, the epoch for one that never was taken. A longer key never ends before a
    /// shorter one.
    #[must_use]
    pub fn rsa_accepted_until(&self, bits: u32) -> Option<Instant> {
        if bits >= self.rsa_bits_min {
            return None;
        }
        let days = || {
            let all = self.rsa_until.iter();
            all.filter(|day| day.bits < self.rsa_bits_min)
        };
        let own = days().map(|day| day.bits).filter(|least| *least <= bits);
        let of_longer = |own| days().filter(move |day| day.bits >= own);
        let until = own.max().and_then(|own| {
            let untils = of_longer(own).map(|day| day.until);
            untils.min()
        });
        Some(until.unwrap_or(Instant::from_micros(0)))
    }

    /// The shortest RSA modulus, in bits, that is taken at `moment` and after it for a while.
    #[must_use]
    pub fn rsa_bits_taken_at(&self, moment: Instant) -> u32 {
        let sizes = self.rsa_until.iter().map(|day| day.bits);
        let taken = sizes.filter(|bits| {
            let until = self.rsa_accepted_until(*bits);
            until.is_none_or(|until| moment < until)
        });
        taken.fold(self.rsa_bits_min, u32::min)
    }

    /// A size that [`Self::rsa_until`] names in vain, since such keys are taken without an end.
    #[must_use]
    pub fn idle_key_day(&self) -> Option<u32> {
        let mut sizes = self.rsa_until.iter().map(|day| day.bits);
        sizes.find(|bits| *bits >= self.rsa_bits_min)
    }

    /// The size of a certificate's RSA key, in bits, if it is too short for what exists since this
    /// moment.
    pub(crate) fn short_key(&self, certificate: &Certificate<'_>, since: Instant) -> Option<u32> {
        let (bits, until) = self.aging_key(certificate)?;
        (since >= until).then_some(bits)
    }

    /// The size of a certificate's RSA key, in bits, and its end, if it has one.
    pub(crate) fn aging_key(&self, certificate: &Certificate<'_>) -> Option<(u32, Instant)> {
        let (bits, _) = rsa_sizes(certificate.spki)?;
        Some((bits, self.rsa_accepted_until(bits)?))
    }

    /// Until when a word about revocation speaks.
    pub(crate) fn speaks_until(
        &self,
        this_update: Instant,
        next_update: Option<Instant>,
    ) -> Instant {
        let unstated = || this_update.plus_seconds(self.revocation_seconds_unstated);
        let own = next_update.unwrap_or_else(unstated);
        let allowed = self.revocation_seconds_max;
        allowed.map_or(own, |seconds| own.min(this_update.plus_seconds(seconds)))
    }
}

/// Days that do not contradict each other.
fn key_days<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<KeyDay>, D::Error> {
    let mut days = Vec::<KeyDay>::deserialize(deserializer)?;
    if days.len() > KEY_DAYS_MAX {
        return Err(D::Error::custom("too many sizes of keys"));
    }
    days.sort_by_key(|day| day.bits);
    let in_order = |pair: &[KeyDay]| match pair {
        [short, long] => short.bits < long.bits && short.until <= long.until,
        _ => true,
    };
    match days.first().is_none_or(|day| day.bits > 0) && days.windows(2).all(in_order) {
        true => Ok(days),
        false => Err(D::Error::custom("a longer key ends before a shorter one")),
    }
}

fn moment(text: &str) -> Option<Instant> {
    text.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Instant {
        moment(text).unwrap()
    }

    fn days(days: &[(u32, &str)]) -> Vec<KeyDay> {
        let days = days.iter().map(|(bits, day)| KeyDay {
            bits: *bits,
            until: at(&format!("{day}T00:00:00Z")),
        });
        days.collect()
    }

    #[test]
    fn a_key_ends_on_the_day_of_its_size() {
        let built_in = ValidationPolicy::default();
        let never = Some(Instant::from_micros(0));
        let of_2014 = Some(at("2014-01-01T00:00:00Z"));
        for (bits, until) in [
            (1023, never),
            (1024, of_2014),
            (2047, of_2014),
            (2048, None),
            (4096, None),
        ] {
            assert_eq!(built_in.rsa_accepted_until(bits), until, "{bits}");
        }
        let until = days(&[(1024, "2014-01-01"), (2048, "2031-01-01")]);
        let ours = ValidationPolicy {
            rsa_bits_min: 3072,
            rsa_until: until.clone(),
            ..built_in
        };
        let of_2031 = Some(at("2031-01-01T00:00:00Z"));
        for (bits, until) in [
            (512, never),
            (1536, of_2014),
            (2048, of_2031),
            (3071, of_2031),
            (3072, None),
        ] {
            assert_eq!(ours.rsa_accepted_until(bits), until, "{bits}");
        }
        for (moment, bits) in [
            ("2013-12-31T00:00:00Z", 1024),
            ("2014-01-01T00:00:00Z", 2048),
            ("2031-01-01T00:00:00Z", 3072),
        ] {
            assert_eq!(ours.rsa_bits_taken_at(at(moment)), bits, "{moment}");
        }
        assert_eq!(ours.idle_key_day(), None);
        let idle = ValidationPolicy {
            rsa_bits_min: 2048,
            ..ours
        };
        assert_eq!(idle.idle_key_day(), Some(2048));
        assert_eq!(idle.rsa_accepted_until(2048), None);
        // A longer key never ends before a shorter one, whoever wrote the days.
        let crossed = ValidationPolicy {
            rsa_bits_min: 3072,
            rsa_until: days(&[(1024, "2040-01-01"), (2048, "2031-01-01")]),
            ..idle
        };
        assert_eq!(crossed.rsa_accepted_until(1024), of_2031);
    }

    #[test]
    fn days_that_contradict_each_other_are_no_policy() {
        let read = |days: &str| {
            let text = format!(r#"{{"rsa_until":[{days}]}}"#);
            serde_json::from_str::<ValidationPolicy>(&text)
        };
        let day =
            |bits: u32, year: u32| format!(r#"{{"bits":{bits},"until":"{year}-01-01T00:00:00Z"}}"#);
        let many: Vec<String> = (1..=17).map(|number| day(number, 2030)).collect();
        for wrong in [
            [day(1024, 2040), day(2048, 2031)].join(","),
            [day(1024, 2031), day(1024, 2031)].join(","),
            day(0, 2031),
            many.join(","),
        ] {
            assert!(read(&wrong).is_err(), "{wrong}");
        }
        let turned = [day(2048, 2031), day(1024, 2014)].join(",");
        let known = days(&[(1024, "2014-01-01"), (2048, "2031-01-01")]);
        assert_eq!(read(&turned).unwrap().rsa_until, known);
        // What was stored before there were days had none.
        let old = serde_json::from_str::<ValidationPolicy>("{}").unwrap();
        assert_eq!(old.rsa_until, []);
    }
}
