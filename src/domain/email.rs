//! E-mail addresses: enough of a check to catch slips and to keep headers safe.

/// The longest address (RFC 5321, 4.5.3.1.3, without the angle brackets).
pub const BYTES_MAX: usize = 254;

/// The address, trimmed and lower case, if it has the form `local@domain`: ASCII, one `@`, a dot in
/// the domain (or `localhost`), no spaces, quotes, commas or control characters.
#[must_use]
pub fn check(text: &str) -> Option<String> {
    let address = text.trim().to_lowercase();
    let (local, domain) = address.split_once('@')?;
    let local_good = !local.is_empty()
        && local.len() <= 64
        && !local.starts_with('.')
        && !local.ends_with('.')
        && !local.contains("..")
        && local
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+/=?^_`{|}~.-".contains(&b));
    let label_good = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b == b'-')
    };
    let domain_good =
        domain.split('.').all(label_good) && (domain.contains('.') || domain == "localhost");
    (local_good && domain_good && address.len() <= BYTES_MAX).then_some(address)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_folded_and_slips_are_found() {
        assert_eq!(
            check(" Olga@Vector.Example ").as_deref(),
            Some("olga@vector.example")
        );
        for bad in [
            "",
            "olga",
            "olga@",
            "@vector.example",
            "a b@c.de",
            "a@b@c.de",
            "a@b",
            "a..b@c.de",
            "a@c.de\r\nBcc: x@y.z",
            "\"a\"@c.de",
            "a@-c.de",
            "ольга@вектор.рф",
        ] {
            assert_eq!(check(bad), None, "{bad}");
        }
    }
}
