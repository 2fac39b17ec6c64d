//! What a raised file rests on, and how long that carries.

use std::collections::BTreeSet;
use std::rc::Rc;

use chancery_types::Instant;

use crate::algorithm::DigestAlgorithm;
use crate::certificate::Certificate;
use crate::chain;
use crate::extend::{ExtendError, Extension};
use crate::extend_needed::pool_of;
use crate::facts::{Der, Facts, SignatureForm, SignerFacts, TokenFacts};
use crate::judge_trust::Purpose;
use crate::policy::ValidationPolicy;
use crate::pool::Pool;
use crate::public_key::rsa_sizes;
use crate::scheme::scheme_of;
use crate::timestamp::TimestampToken;

/// What everything in a file rests on: its newest timestamp over all of it, else those of its
/// signatures.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ground {
    /// When it is over: the last moment of a certificate, or the moment from which the policy takes
    /// a digest or a key no more, whichever comes first.
    pub ends: Option<Instant>,
    /// The digests of its timestamps: of what they are over, of their signatures, and of the
    /// certificates that came with them, but for those that nobody else signed.
    pub digests: BTreeSet<DigestAlgorithm>,
    /// The shortest RSA modulus, in bits, of the keys of its timestamps and of everybody above
    /// them, up to the anchor: longer keys never end before it. Absent if none is RSA.
    pub rsa_bits: Option<u32>,
}

impl Ground {
    /// As long as all of these last, one beside another.
    fn beside(self, other: Self) -> Self {
        let sizes = self.rsa_bits.into_iter().chain(other.rsa_bits);
        Self {
            ends: self.ends.zip(other.ends).map(|(one, other)| one.min(other)),
            digests: self.digests.into_iter().chain(other.digests).collect(),
            rsa_bits: sizes.min(),
        }
    }

    /// From when on the policy takes its shortest key no more.
    #[must_use]
    pub fn key_ends(&self, policy: &ValidationPolicy) -> Option<Instant> {
        policy.rsa_accepted_until(self.rsa_bits?)
    }

    fn by(self, policy: &ValidationPolicy) -> Self {
        let aged = self.digests.iter();
        let aged = aged.filter_map(|digest| policy.accepted_until(*digest));
        let keys = self.key_ends(policy);
        Self {
            ends: self.ends.into_iter().chain(aged).chain(keys).min(),
            ..self
        }
    }

    /// An error if the new timestamp that this is of is not worth its key at `at`.
    pub(crate) fn check_key(
        &self,
        policy: &ValidationPolicy,
        at: Instant,
    ) -> Result<(), ExtendError> {
        match (self.rsa_bits, self.key_ends(policy)) {
            (Some(bits), Some(until)) if until <= at => Err(ExtendError::StampKey { bits, until }),
            _ => Ok(()),
        }
    }
}

/// Measures what timestamps rest on, by every certificate at hand.
struct Measure<'a> {
    pool: Pool<'a>,
    at: Instant,
}

impl<'a> Measure<'a> {
    fn of(
        &self,
        certificates: &'a [Der],
        signer: Option<&SignerFacts>,
        token: Option<&TimestampToken>,
    ) -> Option<Ground> {
        let signer = signer?;
        let leaf = chain::at_index(certificates, signer.certificate)?;
        let imprint = token.and_then(|token| token.imprint_algorithm);
        let own = [signer.digest, signer.signature_digest, imprint];
        let above = certificates.iter().filter_map(|der| {
            let one = Certificate::parse(&der.0).ok()?;
            let is_issued = one.issuer.raw != one.subject.raw;
            let scheme = scheme_of(&one.algorithm, None).ok().filter(|_| is_issued)?;
            scheme.digest()
        });
        Some(Ground {
            ends: Some(leaf.not_after),
            digests: own.into_iter().flatten().chain(above).collect(),
            rsa_bits: self.shortest(leaf),
        })
    }

    fn of_token(&self, facts: &'a TokenFacts) -> Option<Ground> {
        let signer = facts.signer.as_deref();
        self.of(&facts.certificates, signer, facts.token.as_ref())
    }

    /// The shortest RSA key of the path from a certificate, or of itself if no path is known.
    fn shortest(&self, leaf: Certificate<'a>) -> Option<u32> {
        let leaf = Rc::new(leaf);
        let found = chain::build(&leaf, &self.pool, self.at, Purpose::of(&leaf));
        let path = found.paths.into_iter().next();
        let path = path.map_or_else(|| vec![leaf], |path| path.certificates);
        let sizes = path.iter().filter_map(|one| rsa_sizes(one.spki));
        sizes.map(|(bits, _)| bits).min()
    }

    /// The newest timestamp over everything, else those of each signature.
    fn all(&self, facts: &'a Facts) -> Ground {
        let stamps = facts.signatures.iter();
        let stamps = stamps.filter(|one| one.form == SignatureForm::DocumentTimestamp);
        let newest = stamps.max_by_key(|one| one.coverage.as_ref().ok().map(|one| one.revision));
        if let Some(newest) = newest {
            let (signer, token) = (newest.signer.as_ref(), newest.token.as_ref());
            let found = self.of(&newest.certificates, signer, token);
            return found.unwrap_or_default();
        }
        let signers = facts.signatures.iter();
        let signers = signers.filter_map(|one| one.signer.as_ref());
        let each = signers.map(|signer| {
            let archives = signer.archives.iter().map(|archive| &archive.token);
            let longest = |one: &Ground| one.ends;
            let over_signer = archives.filter_map(|one| self.of_token(one));
            let over_value = || {
                let tokens = signer.tokens.iter().filter_map(|one| self.of_token(one));
                tokens.max_by_key(longest)
            };
            let longest = over_signer.max_by_key(longest);
            longest.or_else(over_value).unwrap_or_default()
        });
        each.reduce(Ground::beside).unwrap_or_default()
    }
}

/// How long what was gathered carries by itself, and by what.
pub(crate) fn ground(facts: &Facts, wanted: &Extension<'_>) -> Ground {
    let measure = Measure {
        pool: pool_of(facts, wanted),
        at: wanted.at,
    };
    measure.all(facts).by(wanted.policy)
}
