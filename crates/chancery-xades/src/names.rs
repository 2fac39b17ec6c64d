//! Namespaces, and values as XML writes them.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chancery_xml::Element;

/// XML Signature.
pub(crate) const DSIG: &str = "http://www.w3.org/2000/09/xmldsig#";
/// What XML Signature 1.1 added.
pub(crate) const DSIG11: &str = "http://www.w3.org/2009/xmldsig11#";
/// Exclusive XML Canonicalization.
pub(crate) const EXCLUSIVE: &str = "http://www.w3.org/2001/10/xml-exc-c14n#";
/// XML-Signature XPath Filter 2.0.
pub(crate) const XPATH_FILTER: &str = "http://www.w3.org/2002/06/xmldsig-filter2";
/// RSA-PSS parameters (RFC 6931, 2.3.9).
pub(crate) const PSS: &str = "http://www.w3.org/2007/05/xmldsig-more#";
/// XML Schema, and what instances of schemas say.
pub(crate) const SCHEMA: &str = "http://www.w3.org/2001/XMLSchema";
pub(crate) const INSTANCE: &str = "http://www.w3.org/2001/XMLSchema-instance";
/// XAdES, the edition in use and the two before it.
pub(crate) const XADES: [&str; 3] = [
    "http://uri.etsi.org/01903/v1.3.2#",
    "http://uri.etsi.org/01903/v1.2.2#",
    "http://uri.etsi.org/01903/v1.1.1#",
];
/// XAdES 1.4.1, for validation material of timestamps.
pub(crate) const XADES_141: &str = "http://uri.etsi.org/01903/v1.4.1#";

/// The bytes of a Base64 text, with white space anywhere.
pub(crate) fn base64_of(text: &str) -> Option<Vec<u8>> {
    let packed: Vec<u8> = text
        .bytes()
        .filter(|byte| !byte.is_ascii_whitespace())
        .collect();
    STANDARD.decode(packed).ok()
}

/// The bytes of the only child of this name.
pub(crate) fn base64_child(element: Element<'_>, namespace: &str, local: &str) -> Option<Vec<u8>> {
    base64_of(&element.only(namespace, local)?.text())
}

/// The attribute `Algorithm` of the only child of this name.
pub(crate) fn algorithm_of<'d>(element: Element<'d>, local: &str) -> Option<&'d str> {
    element.only(DSIG, local)?.attribute("Algorithm")
}

/// Whether bytes, a big-endian number without a sign, are the number that `decimal` writes.
pub(crate) fn is_decimal(bytes: &[u8], decimal: &str) -> bool {
    let decimal = decimal.trim();
    let decimal = decimal.trim_start_matches('0');
    // Twenty bytes at most by RFC 5280, 4.1.2.2; some issuers have a few more.
    if bytes.len() > 64 || decimal.len() > 160 {
        return false;
    }
    let mut digits: Vec<u8> = Vec::new();
    for byte in bytes {
        let mut carry = u32::from(*byte);
        for digit in &mut digits {
            let sum = u32::from(*digit) * 256 + carry;
            *digit = u8::try_from(sum % 10).unwrap_or(0);
            carry = sum / 10;
        }
        while carry > 0 {
            digits.push(u8::try_from(carry % 10).unwrap_or(0));
            carry /= 10;
        }
    }
    let written = digits.iter().rev().map(|digit| char::from(b'0' + digit));
    written.eq(decimal.chars())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn serial_numbers_are_compared_as_numbers() {
        assert!(is_decimal(&[0x01, 0x00], "256"));
        assert!(is_decimal(&[0x00, 0xff], " 0255 "));
        assert!(is_decimal(&[0], "0"));
        assert!(!is_decimal(&[0x01, 0x00], "257"));
        assert!(!is_decimal(&[0x01], "x"));
        let wide = "1461501637330902918203684832716283019655932542975";
        assert!(is_decimal(&[0xff; 20], wide));
    }
}
