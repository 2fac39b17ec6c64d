//! Reading DER (X.690, 10): as much of it as a `SubjectPublicKeyInfo` needs.

pub(crate) const BIT_STRING: u8 = 0x03;
pub(crate) const OCTET_STRING: u8 = 0x04;
pub(crate) const OID: u8 = 0x06;
pub(crate) const SEQUENCE: u8 = 0x30;

/// The content of the value at the beginning of `bytes`, and what follows it; nothing if it is not
/// of this type, is cut off, or its length is not written in the one way of DER.
///
/// Lengths stop at 255: a `SubjectPublicKeyInfo` of the largest key has fewer than 200 bytes.
pub(crate) fn value(tag: u8, bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = match bytes {
        [first, length, rest @ ..] if *first == tag && *length < 0x80 => (*length, rest),
        [first, 0x81, length, rest @ ..] if *first == tag && *length >= 0x80 => (*length, rest),
        _ => return None,
    };
    rest.split_at_checked(usize::from(length))
}

/// The content of the one value that fills `bytes`.
pub(crate) fn whole(tag: u8, bytes: &[u8]) -> Option<&[u8]> {
    match value(tag, bytes)? {
        (content, []) => Some(content),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_length_has_one_form() {
        let long = [&[OCTET_STRING, 0x81, 0x80][..], &[7; 0x80]].concat();
        assert_eq!(whole(OCTET_STRING, &long), Some(&[7; 0x80][..]));
        assert_eq!(whole(OCTET_STRING, &[4, 1, 7]), Some(&[7][..]));
        for wrong in [
            &[][..],
            &[4],
            &[4, 1],
            &[4, 0x80, 0, 0],
            &[4, 0x81],
            &[4, 0x81, 1, 7],
            &[4, 0x82, 0, 1, 7],
            &[4, 2, 7],
            &[4, 1, 7, 0],
            &[5, 1, 7],
        ] {
            assert_eq!(whole(OCTET_STRING, wrong), None, "{wrong:?}");
        }
    }
}
