//! What the signatures of one file may cost together. A small file can name one large key, one
//! large certificate and one large content thousands of times.

use std::cell::Cell;

use crate::asn1::{Node, tag};
use crate::gather::SignatureLimits;
use crate::oid;
use crate::public_key::rsa_sizes;
use crate::scheme::AlgorithmId;

/// Most work of verifying values, in units of [`weight`], once for the signatures of a file and
/// once for the certificates and words behind them: two seconds or three each.
pub(crate) const VERIFICATION_WORK_MAX: u64 = 131_072;
/// The same for what is told beside a verdict.
const BESIDE_WORK_MAX: u64 = VERIFICATION_WORK_MAX / 4;
/// What the largest RSA key costs that a value is verified with.
const RSA_WEIGHT_MAX: u64 = 128;
/// Most counter-signatures of one structure, those of counter-signatures included.
pub(crate) const COUNTER_SIGNATURES_MAX: usize = 128;
/// Most candidates that are looked at for all paths of a file.
const STEPS_MAX: u64 = 262_144;
/// Most things that all archive timestamps of a file prove.
const COVERED_MAX: u64 = 262_144;

/// What one verification costs, in units of about 17 microseconds: that of RSA grows with the
/// square of the modulus and with the exponent. Keys that are too large to be made cost nothing
/// else.
fn weight(spki: Node<'_>) -> u64 {
    if let Some((modulus, exponent)) = rsa_sizes(spki) {
        let size = u64::from(modulus.div_ceil(1024));
        let square = size.saturating_mul(size);
        let all = square.saturating_mul(u64::from(exponent)).div_ceil(17);
        return all.min(RSA_WEIGHT_MAX);
    }
    let algorithm = spki.reader().next().and_then(AlgorithmId::parse);
    let kind = algorithm.map(|one| {
        let curve = one.parameters.filter(|node| node.tag == tag::OID);
        curve.map_or(Ok(one.oid), |curve| curve.oid())
    });
    match kind {
        Ok(Ok(oid::P256 | oid::ED25519)) => 4,
        Ok(Ok(oid::P384)) => 12,
        _ => 32,
    }
}

/// What is left of it.
#[derive(Debug)]
pub(crate) struct Work {
    verifications: Left,
    /// Bytes that are read again because a scheme takes no digest of them (RFC 8032, 5.1.6).
    bytes: Left,
    covered: Left,
    /// Candidates of paths, beyond those of any path.
    steps: Left,
    /// The first limit that was met, and its value.
    exceeded: Cell<Option<(&'static str, u64)>>,
}

/// What is left of one limit.
#[derive(Debug)]
struct Left {
    limit: &'static str,
    max: u64,
    left: Cell<u64>,
}

impl Left {
    fn of(limit: &'static str, max: u64) -> Self {
        let left = Cell::new(max);
        Self { limit, max, left }
    }
}

impl Default for Work {
    fn default() -> Self {
        Self::new(&SignatureLimits::default())
    }
}

impl Work {
    pub fn new(limits: &SignatureLimits) -> Self {
        Self {
            verifications: Left::of("verification_work_max", limits.verification_work_max),
            bytes: Left::of("covered_bytes_max", limits.covered_bytes_max),
            covered: Left::of("covered_max", COVERED_MAX),
            steps: Left::of("steps_max", STEPS_MAX),
            exceeded: Cell::new(None),
        }
    }

    /// For what no verdict rests on.
    pub fn beside() -> Self {
        Self::new(&SignatureLimits {
            verification_work_max: BESIDE_WORK_MAX,
            ..SignatureLimits::default()
        })
    }

    /// Whether a value may still be verified with this key.
    pub fn verifies(&self, spki: Node<'_>) -> bool {
        self.spend(&self.verifications, weight(spki))
    }

    /// Whether so many bytes may still be read again.
    pub fn reads_again(&self, bytes: u64) -> bool {
        self.spend(&self.bytes, bytes)
    }

    /// Whether one more candidate of a path may be looked at.
    pub fn searches(&self) -> bool {
        self.spend(&self.steps, 1)
    }

    /// Whether so many things more may be proven by archive timestamps.
    pub fn covers(&self, count: usize) -> bool {
        self.spend(&self.covered, count as u64)
    }

    fn spend(&self, of: &Left, cost: u64) -> bool {
        match of.left.get().checked_sub(cost) {
            Some(rest) => {
                of.left.set(rest);
                true
            }
            None => {
                // Nothing cheaper slips through afterwards: the answer would depend on the order.
                of.left.set(0);
                self.exceed(of.limit, of.max);
                false
            }
        }
    }

    /// Notes that something was left out.
    pub fn exceed(&self, limit: &'static str, max: u64) {
        let first = self.exceeded.get();
        self.exceeded.set(first.or(Some((limit, max))));
    }

    /// The first limit that was met, and its value.
    pub fn exceeded(&self) -> Option<(&'static str, u64)> {
        self.exceeded.get()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::asn1;
    use crate::encode;
    use crate::{KeyKind, SigningKey};

    fn cost(spki: &[u8]) -> u64 {
        weight(asn1::read_all(spki, tag::SEQUENCE).unwrap())
    }

    fn rsa(bits: usize, exponent: &[u8]) -> Vec<u8> {
        let numbers = [vec![0xff; bits / 8], exponent.to_vec()];
        let numbers = numbers.map(|number| encode::unsigned(&number)).concat();
        let kind = encode::sequence(&[&encode::oid(oid::RSA), &encode::null()]);
        encode::sequence(&[&kind, &encode::bits(&encode::sequence(&[&numbers]))])
    }

    #[test]
    fn check_37_what_takes_longer_costs_more() {
        let own = |kind| SigningKey::from_seed(kind, &[1; 32]).unwrap().spki_der();
        assert_eq!(cost(&own(KeyKind::EcdsaP256)), 4);
        assert_eq!(cost(&own(KeyKind::Ed25519)), 4);
        assert_eq!(cost(&rsa(2048, &[1, 0, 1])), 4);
        assert_eq!(cost(&rsa(4096, &[1, 0, 1])), 16);
        assert_eq!(cost(&rsa(8192, &[2, 0, 0, 0, 1])), 128);
        let work = Work::default();
        let large = rsa(8192, &[2, 0, 0, 0, 1]);
        let large = asn1::read_all(&large, tag::SEQUENCE).unwrap();
        let verified = std::iter::repeat_with(|| work.verifies(large));
        assert_eq!(verified.take(9_999).filter(|one| *one).count(), 1_024);
        let exceeded = work.exceeded();
        assert_eq!(exceeded, Some(("verification_work_max", 131_072)));
        let small = own(KeyKind::EcdsaP256);
        assert!(!work.verifies(asn1::read_all(&small, tag::SEQUENCE).unwrap()));
    }
}
