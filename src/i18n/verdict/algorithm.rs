//! Names of algorithms, which the Russian standards have in Russian, and of those that we do not
//! compute.

use chancery_types::Locale;

use crate::i18n::{Value, t};

/// Algorithms and curves that are met and not computed, by their object identifiers.
const KNOWN: [(&str, &str); 24] = [
    ("1.2.156.10197.1.301", "SM2"),
    ("1.2.156.10197.1.501", "SM2 with SM3"),
    ("1.2.840.10040.4.1", "DSA"),
    ("1.2.840.10040.4.3", "DSA with SHA-1"),
    ("2.16.840.1.101.3.4.3.2", "DSA with SHA-256"),
    ("1.2.840.10045.3.1.1", "P-192"),
    ("1.3.132.0.33", "P-224"),
    ("1.3.132.0.10", "secp256k1"),
    ("1.3.36.3.3.2.8.1.1.1", "brainpoolP160r1"),
    ("1.3.36.3.3.2.8.1.1.3", "brainpoolP192r1"),
    ("1.3.36.3.3.2.8.1.1.5", "brainpoolP224r1"),
    ("1.3.36.3.3.2.8.1.1.9", "brainpoolP320r1"),
    ("1.2.840.113549.1.1.2", "RSA with MD2"),
    ("1.2.840.113549.2.2", "MD2"),
    ("1.2.840.113549.2.4", "MD4"),
    ("1.3.36.3.2.1", "RIPEMD-160"),
    ("2.16.840.1.101.3.4.2.5", "SHA-512/224"),
    ("2.16.840.1.101.3.4.2.6", "SHA-512/256"),
    ("2.16.840.1.101.3.4.2.11", "SHAKE128"),
    ("2.16.840.1.101.3.4.2.12", "SHAKE256"),
    ("1.2.643.2.2.20", "GOST R 34.10-94"),
    ("2.16.840.1.101.3.4.3.17", "ML-DSA-44"),
    ("2.16.840.1.101.3.4.3.18", "ML-DSA-65"),
    ("2.16.840.1.101.3.4.3.19", "ML-DSA-87"),
];

/// Algorithms of signatures that are computed, by the identifiers that structures name them by:
/// RFC 8017, 5758, 8410, 9215; GOST names as the Russian standards write them.
const COMPUTED: [(&str, &str); 19] = [
    ("1.2.840.113549.1.1.1", "RSA"),
    ("1.2.840.113549.1.1.4", "RSA with MD5"),
    ("1.2.840.113549.1.1.5", "RSA with SHA-1"),
    ("1.2.840.113549.1.1.10", "RSA-PSS"),
    ("1.2.840.113549.1.1.11", "RSA with SHA-256"),
    ("1.2.840.113549.1.1.12", "RSA with SHA-384"),
    ("1.2.840.113549.1.1.13", "RSA with SHA-512"),
    ("1.2.840.113549.1.1.14", "RSA with SHA-224"),
    ("1.2.840.10045.2.1", "ECDSA"),
    ("1.2.840.10045.4.1", "ECDSA with SHA-1"),
    ("1.2.840.10045.4.3.1", "ECDSA with SHA-224"),
    ("1.2.840.10045.4.3.2", "ECDSA with SHA-256"),
    ("1.2.840.10045.4.3.3", "ECDSA with SHA-384"),
    ("1.2.840.10045.4.3.4", "ECDSA with SHA-512"),
    ("1.3.101.112", "Ed25519"),
    ("1.3.101.113", "Ed448"),
    ("1.2.643.2.2.3", "GOST R 34.10-2001 with GOST R 34.11-94"),
    (
        "1.2.643.7.1.1.3.2",
        "GOST R 34.10-2012 with GOST R 34.11-2012 (256 bits)",
    ),
    (
        "1.2.643.7.1.1.3.3",
        "GOST R 34.10-2012 with GOST R 34.11-2012 (512 bits)",
    ),
];

/// An algorithm as a structure names it: its name, and its identifier behind.
pub(super) fn identified(locale: Locale, oid: &str) -> String {
    let name = algorithm_text(locale, oid);
    match name.contains(oid) {
        true => name,
        false => format!("{name} ({oid})"),
    }
}

/// An algorithm's name as it is written in the reader's language. An object identifier stands alone
/// only where the report has no name for it.
pub(super) fn algorithm_text(locale: Locale, name: &str) -> String {
    let say = |key: &str| t(locale, key, &[]);
    let named = match name.strip_prefix("ECDSA ") {
        Some(curve) if is_identifier(curve) => match known(curve) {
            Some(curve) => format!("ECDSA {curve}"),
            None => {
                let oid = [("oid", Value::from(curve))];
                format!("ECDSA, {}", t(locale, "verify-algorithm-curve", &oid))
            }
        },
        None if is_identifier(name) => match known(name) {
            Some(known) => known.to_owned(),
            None => t(
                locale,
                "verify-algorithm-unknown",
                &[("oid", Value::from(name))],
            ),
        },
        _ => name.to_owned(),
    };
    named
        .replace("GOST R", &say("verify-algorithm-gost"))
        .replace(" with ", &format!(" {} ", say("verify-algorithm-with")))
        .replace(" bits)", &format!(" {})", say("verify-algorithm-bits")))
}

fn known(oid: &str) -> Option<&'static str> {
    let found = KNOWN
        .iter()
        .chain(&COMPUTED)
        .find(|(known, _)| *known == oid);
    found.map(|(_, name)| *name)
}

/// Whether this is an object identifier as numbers with points between.
fn is_identifier(name: &str) -> bool {
    let mut parts = name.split('.');
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|one| one.is_ascii_digit());
    name.contains('.') && parts.all(is_number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_bare_identifier_is_shown_where_there_is_a_name() {
        let text = |name| [Locale::Ru, Locale::En].map(|locale| algorithm_text(locale, name));
        assert_eq!(
            text("2.16.840.1.101.3.4.3.2"),
            ["DSA с SHA-256", "DSA with SHA-256"]
        );
        assert_eq!(text("1.3.132.0.10"), ["secp256k1"; 2]);
        assert_eq!(text("ECDSA 1.3.132.0.10"), ["ECDSA secp256k1"; 2]);
        assert_eq!(
            text("1.2.643.2.2.20"),
            ["ГОСТ Р 34.10-94", "GOST R 34.10-94"]
        );
        assert_eq!(
            text("1.2.3.4"),
            [
                "неизвестный алгоритм (1.2.3.4)",
                "unknown algorithm (1.2.3.4)"
            ]
        );
        assert_eq!(
            text("ECDSA 1.2.3.4"),
            [
                "ECDSA, неизвестная кривая (1.2.3.4)",
                "ECDSA, unknown curve (1.2.3.4)"
            ]
        );
        for other in ["SHA-256", "RSA", "ECDSA brainpoolP512r1", "limit_exceeded"] {
            assert_eq!(text(other), [other; 2]);
        }
    }
}
