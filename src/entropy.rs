//! The only place that draws random numbers: identifiers, secrets, codes, key seeds.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chancery_types::{Digest, Instant};
use rsa::PrivateKey;
use rsa::pkcs8::{EncodePrivateKey as _, SecretDocument};
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

/// A private RSA key with a modulus of so many bits, as PKCS#8 (DER). Takes seconds: off the
/// threads that serve requests.
///
/// # Panics
///
/// As [`bytes`].
#[must_use]
pub fn rsa_key(bits: usize) -> SecretDocument {
    #[expect(clippy::expect_used, reason = "without entropy no secret may be made")]
    let key = PrivateKey::new(&mut getrandom::SysRng, bits)
        .expect("the operating system gives random bytes");
    #[expect(clippy::expect_used, reason = "a key that was just made is in range")]
    key.to_pkcs8_der().expect("a key can be written")
}

/// The milliseconds that identifiers were made of lately, the newest last, each with the 74 random
/// bits of its last one. Several, because two transactions that began in different milliseconds
/// make theirs in turns.
static LATELY: Mutex<VecDeque<(u64, u128)>> = Mutex::new(VecDeque::new());
/// How many milliseconds are remembered.
const MILLISECONDS_KEPT: usize = 256;
/// The random bits of a UUIDv7: 12 of `rand_a`, 62 of `rand_b`.
const RANDOM_BITS: u32 = 74;

/// A UUIDv7: ordered by the time of its making (RFC 9562, 5.7), and within one millisecond by the
/// order in which this process made them (6.2, method 2): what one transaction writes of one
/// instant, mails and events, is read in the order in which it was written.
#[must_use]
pub fn id(now: Instant) -> Uuid {
    let millis = u64::try_from(now.micros().div_euclid(1000)).unwrap_or(0);
    let mut lately = LATELY.lock().unwrap_or_else(PoisonError::into_inner);
    let random = match lately.iter_mut().rev().find(|last| last.0 == millis) {
        Some(last) => {
            // Steps of up to 2^32: the next identifier stays unguessable enough not to collide with
            // another process's, and 2^41 of them fit.
            last.1 += 1 + u128::from(u32::from_le_bytes(bytes()));
            last.1
        }
        None => {
            let random = u128::from_le_bytes(bytes()) >> (u128::BITS - RANDOM_BITS + 1);
            if lately.len() == MILLISECONDS_KEPT {
                lately.pop_front();
            }
            lately.push_back((millis, random));
            random
        }
    };
    drop(lately);
    uuid_of(millis, random)
}

fn uuid_of(millis: u64, random: u128) -> Uuid {
    // The builder takes ten bytes, and puts the version and the variant over bits of them.
    let (rand_a, rand_b) = (random >> 62, random & ((1 << 62) - 1));
    let [.., high, low] = rand_a.to_be_bytes();
    let [_, _, _, _, _, _, _, _, tail @ ..] = rand_b.to_be_bytes();
    let mut filled = [0; 10];
    for (to, from) in filled.iter_mut().zip([high, low].into_iter().chain(tail)) {
        *to = from;
    }
    uuid::Builder::from_unix_timestamp_millis(millis, &filled).into_uuid()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_of_one_instant_keep_the_order_of_their_making() {
        let now = Instant::from_micros(1_790_000_000_123_456);
        // Another transaction, of the next millisecond, makes its own in turns.
        let other = Instant::from_micros(1_790_000_000_124_456);
        let made: Vec<Uuid> = (0..10_000)
            .map(|_| {
                let _ = id(other);
                id(now)
            })
            .collect();
        assert!(made.windows(2).all(|pair| pair[0] < pair[1]));
        assert!(made.iter().all(|id| id.get_version_num() == 7));
        let first = uuid_of(5, 7);
        assert!(first < uuid_of(5, 8) && uuid_of(5, (1 << 62) - 1) < uuid_of(5, 1 << 62));
        assert!(uuid_of(5, (1 << 74) - 1) < uuid_of(6, 0));
    }
}
