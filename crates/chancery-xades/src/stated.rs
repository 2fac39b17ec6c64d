//! Names that unsigned places give to keys and certificates, against the certificates.
//!
//! Anybody can write a name beside a key. Only the certificate says whose it is, and only the
//! certificate is shown; a name that says something else is told, because other programs show it.

use std::collections::HashSet;

use chancery_signature::{CertificateDescription, Name, describe_certificate};

use crate::unsigned::Stated;

/// The first name that is not that of its certificate: of the signer's for the name of a key, of
/// any that is at hand, or its issuer, for others.
pub(crate) fn differing(
    stated: &[Stated<'_>],
    signer: Option<&[u8]>,
    at_hand: &[&[u8]],
) -> Option<String> {
    // Without a certificate there is nothing to differ from, and that is said by itself.
    let signer = describe_certificate(signer?).ok()?;
    let mut own = HashSet::new();
    add(&mut own, &signer.subject);
    let mut all = own.clone();
    add(&mut all, &signer.issuer);
    if stated.iter().any(|one| !one.of_signer) {
        for der in at_hand {
            if let Ok(CertificateDescription {
                subject, issuer, ..
            }) = describe_certificate(der)
            {
                add(&mut all, &subject);
                add(&mut all, &issuer);
            }
        }
    }
    stated.iter().find_map(|one| {
        let text = one.element.text();
        let known = if one.of_signer { &own } else { &all };
        let agrees = pieces(&text).all(|piece| known.contains(&piece));
        (!agrees).then(|| text.trim().to_owned())
    })
}

fn add(known: &mut HashSet<String>, name: &Name) {
    known.extend(pieces(&name.text));
}

/// The values of a name, however its kinds, its order, its separators and its quotes are written.
/// A value in hexadecimal says nothing to a reader and is left out.
fn pieces(text: &str) -> impl Iterator<Item = String> {
    let plain = text.replace(['\\', '"'], "");
    let split: Vec<String> = plain
        .split([',', ';', '+', '/'])
        .map(|piece| piece.split_once('=').map_or(piece, |(_, value)| value))
        .map(|piece| {
            let words: Vec<&str> = piece.split_whitespace().collect();
            words.join(" ").to_lowercase()
        })
        .filter(|piece| !piece.is_empty() && !is_hexadecimal(piece))
        .collect();
    split.into_iter()
}

fn is_hexadecimal(piece: &str) -> bool {
    let digits = piece.strip_prefix('#');
    digits.is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_compared_by_its_values() {
        let of = |text: &str| pieces(text).collect::<HashSet<String>>();
        let certificate = of("C=RU, O=ООО \"Вектор, Плюс\", CN=Иван  Петров");
        assert_eq!(
            of("CN=иван петров,O=ООО \\\"Вектор\\, Плюс\\\",C=RU"),
            certificate
        );
        assert_eq!(of("1.2.3=#0c0161,CN=Иван Петров").len(), 1);
        assert!(!certificate.contains("другой"));
    }
}
