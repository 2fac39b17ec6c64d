//! What counts as good enough. A policy is stored beside each report by its name.

use chancery_types::Instant;
use serde::{Deserialize, Serialize};

/// The rules that an organisation may choose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ValidationPolicy {
    /// Its name in reports.
    pub name: String,
    /// Shortest RSA modulus, in bits.
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
    /// The largest share of a page that a later signature's mark may cover, in percent.
    pub mark_percent_max: u8,
}

impl Default for ValidationPolicy {
    fn default() -> Self {
        Self {
            name: "chancery-1".to_owned(),
            rsa_bits_min: 2048,
            // Until January 2020 nobody could make two different prefixes collide ("SHA-1 is a
            // Shambles"), for MD5 until December 2008 (the rogue authority of 25C3).
            sha1_until: moment("2020-01-01T00:00:00Z"),
            md5_until: moment("2009-01-01T00:00:00Z"),
            // The old standard's last year for new signatures was 2019.
            gost94_until: moment("2020-01-01T00:00:00Z"),
            no_revocation_seconds_max: crate::LEAF_SECONDS_MAX,
            mark_percent_max: 50,
        }
    }
}

fn moment(text: &str) -> Option<Instant> {
    text.parse().ok()
}
