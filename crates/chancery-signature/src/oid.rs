//! The object identifiers we speak of, by the names of their standards.

use const_oid::ObjectIdentifier;

use crate::asn1::{Asn1Error, Node, tag};

/// Stands for every identifier that is longer than can be held: all that are known are shorter.
pub(crate) const UNKNOWN: ObjectIdentifier = ObjectIdentifier::new_unwrap("0.0");

/// The most bytes that an identifier can be held in.
const BYTES_MAX: usize = 39;

/// An identifier that need not be known.
pub(crate) fn or_unknown(node: &Node<'_>) -> Result<ObjectIdentifier, Asn1Error> {
    let node = node.expect(tag::OID)?;
    let whole = node.content.last().is_some_and(|last| last & 0x80 == 0);
    match node.content.len() > BYTES_MAX && whole {
        true => Ok(UNKNOWN),
        false => node.oid(),
    }
}

macro_rules! oids {
    ($($name:ident = $text:literal;)+) => {$(
        pub(crate) const $name: ObjectIdentifier = ObjectIdentifier::new_unwrap($text);
    )+};
}

// CMS (RFC 5652, RFC 5035, RFC 3161, EN 319 122-1).
oids! {
    DATA = "1.2.840.113549.1.7.1";
    SIGNED_DATA = "1.2.840.113549.1.7.2";
    CONTENT_TYPE = "1.2.840.113549.1.9.3";
    MESSAGE_DIGEST = "1.2.840.113549.1.9.4";
    COUNTER_SIGNATURE = "1.2.840.113549.1.9.6";
    SIGNING_TIME = "1.2.840.113549.1.9.5";
    TST_INFO = "1.2.840.113549.1.9.16.1.4";
    SIGNING_CERTIFICATE = "1.2.840.113549.1.9.16.2.12";
    CONTENT_TIMESTAMP = "1.2.840.113549.1.9.16.2.20";
    SIGNATURE_TIMESTAMP = "1.2.840.113549.1.9.16.2.14";
    SIGNING_CERTIFICATE_V2 = "1.2.840.113549.1.9.16.2.47";
    POLICY_ID = "1.2.840.113549.1.9.16.2.15";
    POLICY_STORE = "0.4.0.19122.1.3";
    ARCHIVE_TIMESTAMP = "1.2.840.113549.1.9.16.2.27";
    ARCHIVE_TIMESTAMP_V2 = "1.2.840.113549.1.9.16.2.48";
    ARCHIVE_TIMESTAMP_V3 = "0.4.0.1733.2.4";
    ATS_HASH_INDEX = "0.4.0.1733.2.5";
    ATS_HASH_INDEX_V3 = "0.4.0.19122.1.5";
}

// Digests.
oids! {
    MD5 = "1.2.840.113549.2.5";
    SHA1 = "1.3.14.3.2.26";
    SHA224 = "2.16.840.1.101.3.4.2.4";
    SHA256 = "2.16.840.1.101.3.4.2.1";
    SHA384 = "2.16.840.1.101.3.4.2.2";
    SHA512 = "2.16.840.1.101.3.4.2.3";
    SHA3_224 = "2.16.840.1.101.3.4.2.7";
    SHA3_256 = "2.16.840.1.101.3.4.2.8";
    SHA3_384 = "2.16.840.1.101.3.4.2.9";
    SHA3_512 = "2.16.840.1.101.3.4.2.10";
    SHAKE256 = "2.16.840.1.101.3.4.2.12";
    SHAKE256_LEN = "2.16.840.1.101.3.4.2.18";
}

// Keys and signatures.
oids! {
    RSA = "1.2.840.113549.1.1.1";
    RSA_MD5 = "1.2.840.113549.1.1.4";
    RSA_SHA1 = "1.2.840.113549.1.1.5";
    RSA_PSS = "1.2.840.113549.1.1.10";
    MGF1 = "1.2.840.113549.1.1.8";
    RSA_SHA256 = "1.2.840.113549.1.1.11";
    RSA_SHA384 = "1.2.840.113549.1.1.12";
    RSA_SHA512 = "1.2.840.113549.1.1.13";
    RSA_SHA224 = "1.2.840.113549.1.1.14";
    RSA_SHA3_224 = "2.16.840.1.101.3.4.3.13";
    RSA_SHA3_256 = "2.16.840.1.101.3.4.3.14";
    RSA_SHA3_384 = "2.16.840.1.101.3.4.3.15";
    RSA_SHA3_512 = "2.16.840.1.101.3.4.3.16";
    EC_KEY = "1.2.840.10045.2.1";
    ECDSA_SHA1 = "1.2.840.10045.4.1";
    ECDSA_SHA224 = "1.2.840.10045.4.3.1";
    ECDSA_SHA256 = "1.2.840.10045.4.3.2";
    ECDSA_SHA384 = "1.2.840.10045.4.3.3";
    ECDSA_SHA512 = "1.2.840.10045.4.3.4";
    ECDSA_SHA3_224 = "2.16.840.1.101.3.4.3.9";
    ECDSA_SHA3_256 = "2.16.840.1.101.3.4.3.10";
    ECDSA_SHA3_384 = "2.16.840.1.101.3.4.3.11";
    ECDSA_SHA3_512 = "2.16.840.1.101.3.4.3.12";
    P256 = "1.2.840.10045.3.1.7";
    P384 = "1.3.132.0.34";
    P521 = "1.3.132.0.35";
    BRAINPOOL_P256R1 = "1.3.36.3.3.2.8.1.1.7";
    BRAINPOOL_P384R1 = "1.3.36.3.3.2.8.1.1.11";
    ED25519 = "1.3.101.112";
    ED448 = "1.3.101.113";
}

// GOST (RFC 9215, RFC 4491): the curves are known to `chancery_gost`.
oids! {
    STREEBOG256 = "1.2.643.7.1.1.2.2";
    STREEBOG512 = "1.2.643.7.1.1.2.3";
    GOST94 = "1.2.643.2.2.9";
    GOST2001_KEY = "1.2.643.2.2.19";
    GOST2001_WITH_GOST94 = "1.2.643.2.2.3";
}

// Names and certificates (RFC 5280, RFC 9608).
oids! {
    COMMON_NAME = "2.5.4.3";
    ORGANISATION = "2.5.4.10";
    EMAIL_ADDRESS = "1.2.840.113549.1.9.1";
    SUBJECT_KEY_ID = "2.5.29.14";
    KEY_USAGE = "2.5.29.15";
    SUBJECT_ALT_NAME = "2.5.29.17";
    BASIC_CONSTRAINTS = "2.5.29.19";
    NAME_CONSTRAINTS = "2.5.29.30";
    CERTIFICATE_POLICIES = "2.5.29.32";
    AUTHORITY_KEY_ID = "2.5.29.35";
    POLICY_CONSTRAINTS = "2.5.29.36";
    EXTENDED_KEY_USAGE = "2.5.29.37";
    NO_REV_AVAIL = "2.5.29.56";
    INFORMATION_ACCESS = "1.3.6.1.5.5.7.1.1";
    DISTRIBUTION_POINTS = "2.5.29.31";
    POLICY_MAPPINGS = "2.5.29.33";
    ANY_PURPOSE = "2.5.29.37.0";
    INHIBIT_ANY_POLICY = "2.5.29.54";
    ANY_POLICY = "2.5.29.32.0";
    SMTP_UTF8_MAILBOX = "1.3.6.1.5.5.7.8.9";
    TIME_STAMPING = "1.3.6.1.5.5.7.3.8";
    VALIDITY_ASSURED = "0.4.0.194121.2.1";
    QC_STATEMENTS = "1.3.6.1.5.5.7.1.3";
    // The program that the issuer signed with (ФСБ order 795, clause 32).
    ISSUER_SIGN_TOOL = "1.2.643.100.112";
}

// Revocation lists (RFC 5280, 5) and OCSP (RFC 6960, 4), and where files keep them (RFC 5940;
// EN 319 122-1, 5.4.2; ISO 32000-2, 12.8.3.3.2).
oids! {
    CRL_NUMBER = "2.5.29.20";
    CRL_REASON = "2.5.29.21";
    INVALIDITY_DATE = "2.5.29.24";
    DELTA_CRL = "2.5.29.27";
    ISSUING_DISTRIBUTION_POINT = "2.5.29.28";
    CERTIFICATE_ISSUER = "2.5.29.29";
    EXPIRED_CERTS_ON_CRL = "2.5.29.60";
    OCSP = "1.3.6.1.5.5.7.48.1";
    OCSP_BASIC = "1.3.6.1.5.5.7.48.1.1";
    OCSP_NONCE = "1.3.6.1.5.5.7.48.1.2";
    OCSP_NO_CHECK = "1.3.6.1.5.5.7.48.1.5";
    OCSP_ARCHIVE_CUTOFF = "1.3.6.1.5.5.7.48.1.6";
    OCSP_SIGNING = "1.3.6.1.5.5.7.3.9";
    OCSP_IN_CMS = "1.3.6.1.5.5.7.16.2";
    ADOBE_REVOCATION = "1.2.840.113583.1.1.8";
    REVOCATION_VALUES = "1.2.840.113549.1.9.16.2.24";
    CERTIFICATE_VALUES = "1.2.840.113549.1.9.16.2.23";
}
