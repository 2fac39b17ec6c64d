//! The two sizes of the standard, and what follows from each.

use const_oid::ObjectIdentifier;
use streebog::{Streebog256, Streebog512};

/// GOST R 34.10-2012 comes in two sizes. The size of the key decides that of the digest: a 256-bit
/// key signs 256-bit digests only, a 512-bit key 512-bit digests only (RFC 9215, 2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Size {
    /// Numbers and digests of 32 bytes, keys and signatures of 64.
    Bits256,
    /// Numbers and digests of 64 bytes, keys and signatures of 128.
    Bits512,
}

impl Size {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Bits256, Self::Bits512];

    /// The length in bits of numbers and digests.
    #[must_use]
    pub const fn bits(self) -> u32 {
        match self {
            Self::Bits256 => 256,
            Self::Bits512 => 512,
        }
    }

    /// `id-tc26-gost3410-12-256` or `-512`: the algorithm of a key (RFC 9215, 4.1).
    #[must_use]
    pub const fn key_oid(self) -> ObjectIdentifier {
        match self {
            Self::Bits256 => const { ObjectIdentifier::new_unwrap("1.2.643.7.1.1.1.1") },
            Self::Bits512 => const { ObjectIdentifier::new_unwrap("1.2.643.7.1.1.1.2") },
        }
    }

    /// `id-tc26-gost3411-12-256` or `-512`: the digest (RFC 9215, 3).
    #[must_use]
    pub const fn digest_oid(self) -> ObjectIdentifier {
        match self {
            Self::Bits256 => const { ObjectIdentifier::new_unwrap("1.2.643.7.1.1.2.2") },
            Self::Bits512 => const { ObjectIdentifier::new_unwrap("1.2.643.7.1.1.2.3") },
        }
    }

    /// `id-tc26-signwithdigest-gost3410-12-256` or `-512`: the signature with its digest (RFC 9215,
    /// 2).
    #[must_use]
    pub const fn signature_oid(self) -> ObjectIdentifier {
        match self {
            Self::Bits256 => const { ObjectIdentifier::new_unwrap("1.2.643.7.1.1.3.2") },
            Self::Bits512 => const { ObjectIdentifier::new_unwrap("1.2.643.7.1.1.3.3") },
        }
    }

    /// The Streebog digest of the parts, one after another: 32 or 64 bytes in the order in which
    /// files and CMS carry them (RFC 6986).
    ///
    /// # Example
    ///
    /// ```
    /// use chancery_gost::Size;
    ///
    /// let digest = Size::Bits256.digest(&[b"Test ", b"message"]);
    /// assert_eq!(digest, Size::Bits256.digest(&[b"Test message"]));
    /// assert_eq!(digest.len(), 32);
    /// ```
    #[must_use]
    pub fn digest(self, parts: &[&[u8]]) -> Vec<u8> {
        fn over<D: streebog::Digest>(parts: &[&[u8]]) -> Vec<u8> {
            let mut state = D::new();
            for part in parts {
                state.update(part);
            }
            state.finalize().to_vec()
        }
        match self {
            Self::Bits256 => over::<Streebog256>(parts),
            Self::Bits512 => over::<Streebog512>(parts),
        }
    }
}
