//! What counts as good enough. A policy is stored beside each report by its name.

use chancery_types::Instant;
use serde::{Deserialize, Serialize};

use crate::algorithm::DigestAlgorithm;
use crate::certificate::Certificate;
use crate::public_key::rsa_sizes;
use crate::purposes::SIGNING;

/// The rules that an organisation may choose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ValidationPolicy {
    /// Its name in reports.
    pub name: String,
    /// Shortest RSA modulus, in bits: of signers, of every authority above them, and of whoever
    /// vouches for time or says what was revoked.
    pub rsa_bits_min: u32,
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

    /// The size of a certificate's RSA key, in bits, if that is shorter than a key may be.
    pub(crate) fn short_key(&self, certificate: &Certificate<'_>) -> Option<u32> {
        let (bits, _) = rsa_sizes(certificate.spki)?;
        (bits < self.rsa_bits_min).then_some(bits)
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

fn moment(text: &str) -> Option<Instant> {
    text.parse().ok()
}
