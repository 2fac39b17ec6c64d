//! Digests: which ones there are, and computing them over parts.

use const_oid::ObjectIdentifier;
use serde::{Deserialize, Serialize};

use crate::oid;

macro_rules! digests {
    ($($(#[$doc:meta])* $name:ident, $oid:ident, $text:literal;)+) => {
        /// A digest that we can compute.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum DigestAlgorithm {$(
            $(#[$doc])*
            $name,
        )+}

        impl DigestAlgorithm {
            /// Every one.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];

            /// The algorithm of an object identifier, if it is one of these.
            #[must_use]
            pub fn from_oid(oid: ObjectIdentifier) -> Option<Self> {
                match oid {
                    $(oid::$oid => Some(Self::$name),)+
                    // RFC 8702, 3.1: with its length named; RFC 8419 means 512 bits.
                    oid::SHAKE256_LEN => Some(Self::Shake256),
                    _ => None,
                }
            }

            /// Its object identifier.
            #[must_use]
            pub fn oid(self) -> ObjectIdentifier {
                match self {$(Self::$name => oid::$oid,)+}
            }

            /// The name people know, `SHA-256`.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self {$(Self::$name => $text,)+}
            }
        }
    };
}

digests! {
    /// MD5: broken since 2004.
    Md5, MD5, "MD5";
    /// SHA-1: broken for signatures made after 2010.
    Sha1, SHA1, "SHA-1";
    /// SHA-224.
    Sha224, SHA224, "SHA-224";
    /// SHA-256.
    Sha256, SHA256, "SHA-256";
    /// SHA-384.
    Sha384, SHA384, "SHA-384";
    /// SHA-512.
    Sha512, SHA512, "SHA-512";
    /// SHA3-224.
    Sha3_224, SHA3_224, "SHA3-224";
    /// SHA3-256.
    Sha3_256, SHA3_256, "SHA3-256";
    /// SHA3-384.
    Sha3_384, SHA3_384, "SHA3-384";
    /// SHA3-512.
    Sha3_512, SHA3_512, "SHA3-512";
    /// Streebog with 256 bits, GOST R 34.11-2012.
    Streebog256, STREEBOG256, "GOST R 34.11-2012 (256 bits)";
    /// Streebog with 512 bits.
    Streebog512, STREEBOG512, "GOST R 34.11-2012 (512 bits)";
    /// GOST R 34.11-94 with the parameters of CryptoPro: no new signature may use it.
    Gost94, GOST94, "GOST R 34.11-94";
    /// SHAKE256 with 512 bits of output, the digest of Ed448 in CMS (RFC 8419, 2.3).
    Shake256, SHAKE256, "SHAKE256";
}

impl DigestAlgorithm {
    /// Whether signatures over it can be made for other content (ETSI TS 119 312, 5).
    pub(crate) fn is_broken(self) -> bool {
        matches!(self, Self::Md5 | Self::Sha1 | Self::Gost94)
    }

    /// How many times longer it takes than the quick ones.
    pub(crate) fn weight(self) -> u64 {
        match self {
            Self::Gost94 => 64,
            Self::Streebog256 | Self::Streebog512 => 4,
            Self::Sha1
            | Self::Sha3_224
            | Self::Sha3_256
            | Self::Sha3_384
            | Self::Sha3_512
            | Self::Shake256 => 2,
            Self::Md5 | Self::Sha224 | Self::Sha256 | Self::Sha384 | Self::Sha512 => 1,
        }
    }

    /// The digest of the parts, one after another.
    #[must_use]
    pub fn digest(self, parts: &[&[u8]]) -> Vec<u8> {
        fn over<D: sha2::Digest>(parts: &[&[u8]]) -> Vec<u8> {
            let mut state = D::new();
            for part in parts {
                state.update(part);
            }
            state.finalize().to_vec()
        }
        match self {
            Self::Md5 => over::<md5::Md5>(parts),
            Self::Sha1 => {
                let mut state = CheckedSha1::default();
                parts.iter().for_each(|part| state.update(part));
                state.finalize()
            }
            Self::Sha224 => over::<sha2::Sha224>(parts),
            Self::Sha256 => over::<sha2::Sha256>(parts),
            Self::Sha384 => over::<sha2::Sha384>(parts),
            Self::Sha512 => over::<sha2::Sha512>(parts),
            Self::Sha3_224 => over::<sha3::Sha3_224>(parts),
            Self::Sha3_256 => over::<sha3::Sha3_256>(parts),
            Self::Sha3_384 => over::<sha3::Sha3_384>(parts),
            Self::Sha3_512 => over::<sha3::Sha3_512>(parts),
            Self::Streebog256 => chancery_gost::Size::Bits256.digest(parts),
            Self::Streebog512 => chancery_gost::Size::Bits512.digest(parts),
            Self::Gost94 => over::<gost94::Gost94CryptoPro>(parts),
            Self::Shake256 => shake256(parts),
        }
    }
}

/// SHA-1 that answers another digest for bytes made to collide: whatever was signed, it does not
/// fit them (Stevens, "Counter-cryptanalysis", 2013). Two files of one SHA-1 could be made since
/// 2017, with one beginning, and with two since 2020; bytes that nobody prepared are digested as
/// ever.
#[derive(Clone, Default)]
pub(crate) struct CheckedSha1(sha1_checked::Sha1);

impl CheckedSha1 {
    pub fn update(&mut self, bytes: &[u8]) {
        sha1_checked::Digest::update(&mut self.0, bytes);
    }

    pub fn finalize(self) -> Vec<u8> {
        self.0.try_finalize().hash().to_vec()
    }
}

fn shake256(parts: &[&[u8]]) -> Vec<u8> {
    use shake::{ExtendableOutput as _, Update as _, XofReader as _};
    let mut state = shake::Shake256::default();
    for part in parts {
        state.update(part);
    }
    let mut output = vec![0; 64];
    state.finalize_xof().read(&mut output);
    output
}
