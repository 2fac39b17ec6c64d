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
        let mut named = pieces_stated(&text).into_iter();
        let agrees = named.all(|piece| known.contains(&piece));
        (!agrees).then(|| text.trim().to_owned())
    })
}

fn add(known: &mut HashSet<String>, name: &Name) {
    known.extend(pieces(&name.text));
}

/// The values of a name in a certificate, which is written as it is.
fn pieces(text: &str) -> Vec<String> {
    let plain = text.replace(['\\', '"'], "");
    let values = plain
        .split([',', ';', '+', '/'])
        .map(|piece| piece.split_once('=').map_or(piece, |(_, value)| value));
    let values = values.map(|piece| {
        let words: Vec<&str> = piece.split_whitespace().collect();
        words.join(" ").to_lowercase()
    });
    values
        .filter(|piece| !piece.is_empty() && !is_hexadecimal(piece))
        .collect()
}

/// The values of a name that somebody wrote, however its kinds, its order, its separators, its
/// quotes and its escapes are written (RFC 4514, 2.4; RFC 2253 before it).
fn pieces_stated(text: &str) -> Vec<String> {
    let whole = text.split([',', ';', '+', '/']).filter_map(|piece| {
        let value = piece.split_once('=').map_or(piece, |(_, value)| value);
        // What stands for the encoded value is read by the programs that show it.
        decoded(value.trim().strip_prefix('#')?)
    });
    let whole: Vec<String> = whole.flat_map(|value| pieces(&value)).collect();
    let mut found = pieces(&unescaped(text));
    found.extend(whole);
    found
}

/// The text without its escapes: `\D0\98` are two bytes of UTF-8, `\,` is a comma.
fn unescaped(text: &str) -> String {
    let mut plain = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        match (byte, after) {
            (b'\\', [high, low, behind @ ..])
                if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() =>
            {
                let value = nibble(*high) << 4 | nibble(*low);
                match value.is_ascii_control() {
                    // As it stands in the name of a certificate: see `clean` there.
                    true => plain.extend("\u{fffd}".as_bytes()),
                    false => plain.push(value),
                }
                rest = behind;
            }
            (b'\\', [escaped, behind @ ..]) => {
                plain.push(*escaped);
                rest = behind;
            }
            _ => plain.push(byte),
        }
    }
    String::from_utf8_lossy(&plain).into_owned()
}

/// The text that a value in hexadecimal encodes: one DER string of a short length. Anything else
/// says nothing to a reader and is left out.
fn decoded(digits: &str) -> Option<String> {
    let (pairs, odd) = digits.as_bytes().as_chunks::<2>();
    let plain = pairs.iter().flatten().all(u8::is_ascii_hexdigit) && odd.is_empty();
    let bytes = pairs
        .iter()
        .map(|[high, low]| nibble(*high) << 4 | nibble(*low));
    let bytes: Vec<u8> = bytes.collect();
    let [kind, length, text @ ..] = bytes.as_slice() else {
        return None;
    };
    if !plain || usize::from(*length) != text.len() || *length > 127 {
        return None;
    }
    match kind {
        // UTF8String, NumericString, PrintableString, IA5String.
        0x0c | 0x12 | 0x13 | 0x16 => Some(String::from_utf8_lossy(text).into_owned()),
        // TeletexString, which everybody fills with Latin-1.
        0x14 => Some(text.iter().map(|byte| char::from(*byte)).collect()),
        // BMPString.
        0x1e => {
            let units = text.as_chunks::<2>().0.iter();
            let units: Vec<u16> = units.map(|pair| u16::from_be_bytes(*pair)).collect();
            Some(String::from_utf16_lossy(&units))
        }
        _ => None,
    }
}

fn nibble(digit: u8) -> u8 {
    let value = char::from(digit).to_digit(16);
    value
        .and_then(|value| u8::try_from(value).ok())
        .unwrap_or(0)
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
        let of = |text: &str| pieces(text).into_iter().collect::<HashSet<String>>();
        let stated = |text: &str| pieces_stated(text).into_iter().collect::<HashSet<String>>();
        let certificate = of("C=RU, O=ООО \"Вектор, Плюс\", CN=Иван  Петров");
        assert_eq!(
            stated("CN=иван петров,O=ООО \\\"Вектор\\, Плюс\\\",C=RU"),
            certificate
        );
        assert!(!certificate.contains("другой"));
        // Of a type that is no text: nobody reads it.
        assert_eq!(stated("1.2.3=#020161,CN=Иван Петров").len(), 1);
    }

    /// The examples of RFC 4514, 4, and what programs make of Cyrillic.
    #[test]
    fn hexadecimal_escapes_are_read_as_the_letters_they_stand_for() {
        for (written, certificate) in [
            (
                "CN=Before\\0dAfter,DC=example",
                "DC=example, CN=Before\u{fffd}After",
            ),
            ("CN=Lu\\C4\\8Di\\C4\\87", "CN=Lučić"),
            (
                "CN=\\D0\\98\\d0\\b2\\D0\\B0\\D0\\BD,O=a\\2Cb",
                "O=a,b, CN=Иван",
            ),
            ("CN=#0C04D098D0B2", "CN=Ив"),
            ("CN=#1E0404180432", "CN=Ив"),
            (
                "CN=James \\\"Jim\\\" Smith\\\\AB",
                "CN=James \"Jim\" Smith\\AB",
            ),
        ] {
            let of = |pieces: Vec<String>| pieces.into_iter().collect::<HashSet<String>>();
            assert_eq!(
                of(pieces_stated(written)),
                of(pieces(certificate)),
                "{written}"
            );
        }
        let known = pieces("CN=Иван");
        for other in ["CN=\\D0\\98", "CN=#0C04D098D0B2", "CN=\\ff", "CN=\\"] {
            let named = pieces_stated(other);
            let agrees = named.iter().all(|one| known.contains(one));
            assert_eq!(agrees, named.is_empty(), "{other}");
        }
    }
}
