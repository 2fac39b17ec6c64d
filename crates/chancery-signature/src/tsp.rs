//! Asking somebody else's timestamping authority (RFC 3161, 2.4): the question, and what the answer
//! holds. How it travels is the caller's matter.

use chancery_types::Instant;

use crate::asn1::{self, Asn1Error, tag};
use crate::timestamp::{TokenError, parse_token};
use crate::{encode, oid};

/// Granted, and granted with changes (RFC 3161, 2.4.2).
const GRANTED: [u64; 2] = [0, 1];
/// The longest words of a refusal that are taken.
const WORDS_CHARS_MAX: usize = 200;

/// Why an answer holds no token for the question.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AnswerError {
    /// Not a `TimeStampResp`.
    #[error("the answer is not that of a timestamping authority: {0}")]
    Malformed(#[from] Asn1Error),
    /// The authority refused; its status and its words.
    #[error("the authority refused (status {code}) {words}")]
    Refused {
        /// `PKIStatus`.
        code: u64,
        /// What it says of it, as far as it may be shown.
        words: String,
    },
    /// It said that it grants a token and gave none.
    #[error("the answer holds no token")]
    NoToken,
    /// What it gave is no token.
    #[error(transparent)]
    Token(#[from] TokenError),
    /// The token answers another question.
    #[error("the token is over something else, or answers another question")]
    Other,
}

/// `TimeStampReq` over a SHA-256, DER. The certificate is asked for; `nonce` comes back in the
/// token.
#[must_use]
pub fn timestamp_query(imprint: &[u8; 32], nonce: &[u8; 8]) -> Vec<u8> {
    let digest = encode::sequence(&[&encode::oid(oid::SHA256)]);
    let imprint = encode::sequence(&[&digest, &encode::octets(imprint)]);
    encode::sequence(&[
        &encode::unsigned(&[1]),
        &imprint,
        &encode::unsigned(nonce),
        &encode::boolean_true(),
    ])
}

/// The token of a `TimeStampResp`, if it answers this question. Its signature is not verified:
/// [`verify_token`](crate::verify_token()) does that.
///
/// # Errors
///
/// An [`AnswerError`] that says what is wrong.
pub fn timestamp_answer(
    answer: &[u8],
    imprint: &[u8; 32],
    nonce: &[u8; 8],
) -> Result<Vec<u8>, AnswerError> {
    let mut reader = asn1::read_all(answer, tag::SEQUENCE)?.reader();
    let mut outcome = reader.expect(tag::SEQUENCE)?.reader();
    let code = outcome.expect(tag::INTEGER)?.small()?;
    if !GRANTED.contains(&code) {
        let words = match outcome.optional(tag::SEQUENCE)? {
            Some(text) => text.reader().expect(tag::UTF8)?.text()?,
            None => String::new(),
        };
        let shown = words.chars().filter(|c| !c.is_control());
        return Err(AnswerError::Refused {
            code,
            words: shown.take(WORDS_CHARS_MAX).collect(),
        });
    }
    if reader.is_empty() {
        return Err(AnswerError::NoToken);
    }
    let token = reader.rest();
    let read = parse_token(token)?;
    let asked = encode::unsigned(nonce);
    let asked = asked.get(2..).unwrap_or_default();
    let fits = read.imprint == hex::encode(imprint) && read.nonce == Some(hex::encode(asked));
    match fits {
        true => Ok(token.to_vec()),
        false => Err(AnswerError::Other),
    }
}

/// The last moment of the certificate that a token is signed with.
///
/// # Errors
///
/// [`TokenError::Signature`] if the token does not bring it.
pub fn token_ends(token: &[u8]) -> Result<Instant, TokenError> {
    let facts = crate::gather_signer::gather_token_alone(token, &[]);
    let signer = facts.signer.as_deref().ok_or(TokenError::Signature)?;
    let certificate = crate::chain::at_index(&facts.certificates, signer.certificate);
    let certificate = certificate.ok_or(TokenError::Signature)?;
    Ok(certificate.not_after)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        AuthorityRequest, IssuingAuthority, KeyKind, ObjectIdentifier, SigningKey,
        TimestampAuthority, TimestampRequest, make_root, make_timestamping, verify_token,
    };

    fn authority() -> TimestampAuthority {
        let key = |seed| SigningKey::from_seed(KeyKind::EcdsaP256, &[seed; 32]).expect("a key");
        let moment = |text: &str| text.parse::<Instant>().expect("a moment");
        let request = |name: &str, number: u8| AuthorityRequest {
            common_name: name.to_owned(),
            organisation: None,
            serial: [number; 16],
            not_before: moment("2026-01-01T00:00:00Z"),
            not_after: moment("2036-01-01T00:00:00Z"),
        };
        let root = make_root(&key(1), &request("Root", 1)).expect("a root");
        let issuing = IssuingAuthority::new(key(1), root.clone()).expect("an authority");
        let spki = key(2).spki_der();
        let own = make_timestamping(&issuing, &spki, &request("Stamps", 2)).expect("it");
        TimestampAuthority::new(key(2), own, vec![root]).expect("an authority")
    }

    fn answer(imprint: [u8; 32], nonce: Option<[u8; 8]>) -> Vec<u8> {
        let token = authority().timestamp(&TimestampRequest {
            imprint,
            gen_time: "2026-11-26T12:00:00Z".parse().expect("a moment"),
            serial: [7; 16],
            policy: ObjectIdentifier::new_unwrap("2.25.1"),
            nonce,
        });
        let granted = encode::sequence(&[&encode::unsigned(&[0])]);
        encode::sequence(&[&granted, &token.expect("a token")])
    }

    #[test]
    fn the_answer_to_this_question_is_taken_and_no_other() {
        let message: &[u8] = b"a contract";
        let imprint: [u8; 32] = crate::DigestAlgorithm::Sha256
            .digest(&[message])
            .try_into()
            .expect("32 bytes");
        for nonce in [[0x81; 8], [0x00, 0x01, 2, 3, 4, 5, 6, 7], [0x7f; 8]] {
            let whole = answer(imprint, Some(nonce));
            let token = timestamp_answer(&whole, &imprint, &nonce).expect("a token");
            assert!(verify_token(&token, &[message]).is_ok());
            let ends = token_ends(&token).map(|ends| ends.to_string());
            assert_eq!(ends.as_deref(), Ok("2036-01-01T00:00:00Z"));
            let other = timestamp_answer(&whole, &imprint, &[9; 8]);
            assert_eq!(other, Err(AnswerError::Other));
            let other = timestamp_answer(&whole, &[1; 32], &nonce);
            assert_eq!(other, Err(AnswerError::Other));
            for cut in 0..whole.len() {
                assert!(
                    timestamp_answer(&whole[..cut], &imprint, &nonce).is_err(),
                    "{cut}"
                );
            }
        }
        let without = timestamp_answer(&answer(imprint, None), &imprint, &[9; 8]);
        assert_eq!(without, Err(AnswerError::Other));
    }

    #[test]
    fn a_refusal_is_told_in_its_words() {
        let words = encode::sequence(&[&encode::utf8("no\u{7} more today")]);
        let outcome = encode::sequence(&[&encode::unsigned(&[2]), &words]);
        let refused = timestamp_answer(&encode::sequence(&[&outcome]), &[0; 32], &[1; 8]);
        let told = refused.expect_err("refused").to_string();
        assert_eq!(told, "the authority refused (status 2) no more today");
        let granted = encode::sequence(&[&encode::sequence(&[&encode::unsigned(&[0])])]);
        let empty = timestamp_answer(&granted, &[0; 32], &[1; 8]);
        assert_eq!(empty, Err(AnswerError::NoToken));
    }

    #[test]
    fn the_question_is_as_others_read_it() {
        let query = timestamp_query(&[5; 32], &[0x81, 2, 3, 4, 5, 6, 7, 8]);
        let mut reader = asn1::read_all(&query, tag::SEQUENCE)
            .expect("a sequence")
            .reader();
        assert_eq!(reader.next().expect("a version").small(), Ok(1));
        let imprint = reader.expect(tag::SEQUENCE).expect("an imprint");
        assert!(imprint.content.ends_with(&[5; 32]));
        let nonce = reader.expect(tag::INTEGER).expect("a nonce");
        assert_eq!(nonce.content, [0, 0x81, 2, 3, 4, 5, 6, 7, 8]);
        assert_eq!(reader.next().expect("a wish").boolean(), Ok(true));
    }
}
