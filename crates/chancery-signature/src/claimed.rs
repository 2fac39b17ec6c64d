//! The time that a signer claims, as files write it.

use chancery_types::Instant;

use crate::certificate::Certificate;
use crate::policy::ValidationPolicy;
use crate::report::{Code, Reason};

/// A PDF date (ISO 32000-2, 7.9.4), whose parts after the year may be missing, or RFC 3339.
pub(crate) fn claimed_time(text: &str) -> Option<Instant> {
    if let Ok(instant) = text.parse() {
        return Some(instant);
    }
    let text = text.strip_prefix("D:").unwrap_or(text);
    let mut digits = text.as_bytes();
    let year = part(&mut digits, 4)?;
    let mut next = |default| part(&mut digits, 2).unwrap_or(default);
    let (month, day) = (next(1), next(1));
    let (hour, minute, second) = (next(0), next(0), next(0));
    let offset_seconds = match digits.split_first() {
        Some((sign @ (b'+' | b'-'), mut rest)) => {
            let hours = part(&mut rest, 2)?;
            rest = rest.strip_prefix(b"'").unwrap_or(rest);
            let minutes = part(&mut rest, 2).unwrap_or(0);
            let seconds = i64::from(hours) * 3600 + i64::from(minutes) * 60;
            if *sign == b'-' { -seconds } else { seconds }
        }
        _ => 0,
    };
    let utc = format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z");
    let instant: Instant = utc.parse().ok()?;
    Some(instant.plus_seconds(offset_seconds.checked_neg()?))
}

/// How far ahead of the moment that is meant a claimed time may be read, in seconds: one that names
/// no zone may be of any, up to fourteen hours east of Greenwich.
pub(crate) fn unsure_seconds(text: &str) -> i64 {
    let text = text.strip_prefix("D:").unwrap_or(text);
    match text.contains(['Z', '+', '-']) {
        true => 0,
        false => 14 * 3600,
    }
}

/// What stands against the time that a signer claims, seen from `at` and from what is proven.
pub(crate) fn claim_reason(
    (claimed, unsure): (Instant, i64),
    proven: Option<Instant>,
    at: Instant,
    policy: &ValidationPolicy,
) -> Option<Reason> {
    let allowed = policy.claim_ahead_seconds_max.saturating_add(unsure);
    let ahead = |of: Instant| claimed.seconds_since(of) > allowed;
    let claim = claimed.to_string();
    if ahead(at) {
        let args = [("claimed", claim.as_str()), ("judged", &at.to_string())];
        return Some(Reason::new(Code::SignedLater, &args));
    }
    let proven = proven.filter(|proven| ahead(*proven))?;
    let minutes = allowed.checked_div(60).unwrap_or(0).to_string();
    let args = [
        ("claimed", claim.as_str()),
        ("proven", &proven.to_string()),
        ("minutes", &minutes),
    ];
    Some(Reason::new(Code::TimestampBeforeClaim, &args))
}

/// What a claimed time outside the life of the signer's certificate is told as: whoever signed then
/// had no such certificate yet, or no longer. A claim without a zone is taken for the moment, of
/// those that it may be, that lies within.
pub(crate) fn outside_reason(
    (claimed, unsure): (Instant, i64),
    certificate: &Certificate<'_>,
    policy: &ValidationPolicy,
) -> Option<Reason> {
    let allowed = policy.claim_ahead_seconds_max.saturating_add(unsure);
    let (from, until) = (certificate.not_before, certificate.not_after);
    let (code, name, end) = if from.seconds_since(claimed) > allowed {
        (Code::ClaimBeforeCertificate, "since", from)
    } else if claimed.seconds_since(until) > allowed {
        (Code::ClaimAfterCertificate, "until", until)
    } else {
        return None;
    };
    let (claimed, end) = (claimed.to_string(), end.to_string());
    Some(Reason::new(
        code,
        &[("claimed", claimed.as_str()), (name, end.as_str())],
    ))
}

/// The number in the next `len` digits.
fn part(rest: &mut &[u8], len: usize) -> Option<u16> {
    let (digits, after) = rest.split_at_checked(len)?;
    let text = std::str::from_utf8(digits).ok()?;
    if !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    *rest = after;
    text.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_of_both_kinds_are_read_and_nonsense_is_not() {
        let read = |text| claimed_time(text).map(|instant| instant.to_string());
        for (text, expected) in [
            ("D:20091117225246+01'00'", "2009-11-17T21:52:46Z"),
            ("D:20091117225246-0330", "2009-11-18T02:22:46Z"),
            ("D:2009", "2009-01-01T00:00:00Z"),
            ("20091117225246Z", "2009-11-17T22:52:46Z"),
            ("2009-11-17T22:52:46Z", "2009-11-17T22:52:46Z"),
        ] {
            assert_eq!(read(text).as_deref(), Some(expected), "{text}");
        }
        for text in ["", "D:", "D:20", "yesterday", "D:20091399"] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
