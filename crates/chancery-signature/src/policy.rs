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
    /// SHA-1 is accepted in signatures that provably existed before this moment.
    pub sha1_until: Option<Instant>,
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
            sha1_until: None,
            no_revocation_seconds_max: crate::LEAF_SECONDS_MAX,
            mark_percent_max: 50,
        }
    }
}
