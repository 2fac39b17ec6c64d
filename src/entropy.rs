//! The only place that draws random numbers: identifiers, secrets, codes, key seeds.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chancery_types::{Digest, Instant};
use uuid::Uuid;

/// `N` bytes from the operating system.
///
/// # Panics
///
/// If the operating system has no entropy to give: nothing safe can be done then.
#[must_use]
pub fn bytes<const N: usize>() -> [u8; N] {
    let mut filled = [0; N];
    #[expect(clippy::expect_used, reason = "without entropy no secret may be made")]
    getrandom::fill(&mut filled).expect("the operating system gives random bytes");
    filled
}

/// A UUIDv7: ordered by the time of its making (RFC 9562, 5.7).
#[must_use]
pub fn id(now: Instant) -> Uuid {
    let millis = u64::try_from(now.micros().div_euclid(1000)).unwrap_or(0);
    uuid::Builder::from_unix_timestamp_millis(millis, &bytes()).into_uuid()
}

/// A secret of 256 bits, as 43 characters that are safe in a URL fragment.
#[must_use]
pub fn secret() -> String {
    URL_SAFE_NO_PAD.encode(bytes::<32>())
}

/// A code of six decimal digits, each of the million equally likely.
#[must_use]
pub fn six_digits() -> String {
    loop {
        let drawn = u32::from_le_bytes(bytes());
        // Reject the tail, so that no code is likelier than another.
        if drawn < u32::MAX - u32::MAX % 1_000_000 {
            return format!("{:06}", drawn % 1_000_000);
        }
    }
}

/// A code that a person types: twelve characters of a 32-letter alphabet without look-alikes, in
/// three groups (60 bits).
#[must_use]
pub fn typed_code() -> String {
    const ALPHABET: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
    let mut code = String::with_capacity(14);
    for (position, byte) in bytes::<12>().into_iter().enumerate() {
        if position > 0 && position % 4 == 0 {
            code.push('-');
        }
        code.push(char::from(
            *ALPHABET.get(usize::from(byte % 32)).unwrap_or(&b'2'),
        ));
    }
    code
}

/// How a secret is kept: the SHA-256 of its text. Secrets have 256 bits (or are short-lived and
/// counted), so no slow hash is needed.
#[must_use]
pub fn secret_hash(secret: &str) -> String {
    Digest::of(secret.as_bytes()).hex()
}
