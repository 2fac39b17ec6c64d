//! Passwords: how long they must be, how they are hashed (argon2id, RFC 9106), how they are
//! checked.

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};

/// The fewest characters of a password (NIST SP 800-63B asks for 8; nothing else limits guessing a
/// stolen hash).
pub const CHARACTERS_MIN: usize = 10;
/// The most bytes of a password: hashing must not become a way to keep the server busy.
pub const BYTES_MAX: usize = 512;

/// The least strength that is taken: guessing at a leaked hash takes more than 10⁶ tries. What
/// people do to a dictionary's word (`password1234`) is below.
const WEAKEST: zxcvbn::Score = zxcvbn::Score::Two;

/// Why a text may not be a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PasswordError {
    /// Fewer than [`CHARACTERS_MIN`] characters.
    #[error("a password has at least {CHARACTERS_MIN} characters")]
    TooShort,
    /// More than [`BYTES_MAX`] bytes.
    #[error("a password has at most {BYTES_MAX} bytes")]
    TooLong,
    /// Common, patterned, or the person's own login.
    #[error("this password is the first that anybody tries")]
    TooEasy,
    /// The hash could not be made.
    #[error("the password could not be hashed")]
    Hash,
}

/// What people who write Russian try first; the library knows English lists only.
const FIRST_TRIED: &str = include_str!("first-tried.txt");

/// Checks a new password of the person with this login and name.
///
/// # Errors
///
/// A [`PasswordError`] that names the rule.
pub fn check(password: &str, login: &str, name: &str) -> Result<(), PasswordError> {
    if password.len() > BYTES_MAX {
        return Err(PasswordError::TooLong);
    }
    if password.chars().count() < CHARACTERS_MIN {
        return Err(PasswordError::TooShort);
    }
    let own = [login, name].into_iter();
    let own = own.flat_map(|text| text.split(|c: char| !c.is_alphanumeric()).chain([text]));
    let known: Vec<String> = own
        .filter(|word| word.chars().count() > 2)
        .chain(FIRST_TRIED.lines())
        .map(str::to_lowercase)
        .collect();
    let known: Vec<&str> = known.iter().map(String::as_str).collect();
    if zxcvbn::zxcvbn(password, &known).score() < WEAKEST {
        return Err(PasswordError::TooEasy);
    }
    Ok(())
}

/// Hashes a password with a random salt: the PHC string `$argon2id$v=19$…`. Takes some 30 ms and
/// 19 MB: call it where blocking is allowed.
///
/// # Errors
///
/// [`PasswordError::Hash`] if the operating system gives no salt.
pub fn hash(password: &str) -> Result<String, PasswordError> {
    Argon2::default()
        .hash_password(password.as_bytes())
        .map(|hash| hash.to_string())
        .map_err(|_| PasswordError::Hash)
}

/// Whether `password` is the one that `hash` was made of. Without a hash (an unknown login, a
/// person who set none) the same work is done for nothing, so that the time tells nobody who
/// exists.
#[must_use]
pub fn verify(password: &str, hash: Option<&str>) -> bool {
    if password.len() > BYTES_MAX {
        return false;
    }
    let stands_for_nobody = hash.is_none();
    let parsed = PasswordHash::new(hash.unwrap_or(NOBODY));
    let matches = parsed.is_ok_and(|parsed| {
        Argon2::default()
            .verify_password(password.as_bytes(), &parsed)
            .is_ok()
    });
    matches && !stands_for_nobody
}

/// A hash with the default costs that no password is tried against in earnest.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$\
    Y2hhbmNlcnktbm9ib2R5$7hmIDBtR1lM4DyGp3ZRMFzzqUqYRzLEnY0z8k2b5xxQ";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_known_again_and_no_other_is() {
        let hashed = hash("correct horse").expect("a hash");
        assert!(hashed.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        assert!(verify("correct horse", Some(&hashed)));
        assert!(!verify("correct  horse", Some(&hashed)));
    }

    #[test]
    fn nobody_has_no_password_but_costs_the_same_work() {
        assert!(PasswordHash::new(NOBODY).is_ok());
        assert!(!verify("correct horse", None));
    }

    #[test]
    fn easy_passwords_are_refused_by_name() {
        let check = |password: &str| check(password, "olga.k@example.org", "Ольга Климова");
        assert_eq!(check("short"), Err(PasswordError::TooShort));
        for easy in [
            "aaaaaaaaaaaa",
            "Olga.K@Example.org",
            "password1234",
            "qwertyuiop",
            "1234567890",
            "olgaolga2026",
            "Ольга Климова",
            "пароль123456",
            "йцукенгшщзхъ",
        ] {
            assert_eq!(check(easy), Err(PasswordError::TooEasy), "{easy}");
        }
        assert_eq!(check(&"я".repeat(300)), Err(PasswordError::TooLong));
        assert_eq!(check("длинный пароль у моря"), Ok(()));
        assert_eq!(check("correct horse battery"), Ok(()));
    }
}
