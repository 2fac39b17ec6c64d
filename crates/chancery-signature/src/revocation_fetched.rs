//! What came when somebody was asked about revocation: read for what was asked, and kept in mind
//! for the report.

use chancery_types::Instant;

use crate::asn1::{self, tag};
use crate::certificate::Certificate;
use crate::crl::Crl;
use crate::ocsp::OcspAnswer;
use crate::report::{Code, Reason};
use crate::revocation_needed::RevocationQuestion;
use crate::standing::reason;

/// What came of a question about revocation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Came {
    /// Nobody was asked: the host is not one that may be.
    NotListed,
    /// Nobody was asked: as many were as may be for one file.
    TooMany,
    /// Nobody was asked: this is no address that could be.
    NoAddress,
    /// Nobody was asked: the host lies in a private network.
    Private,
    /// No answer, or none in time.
    Silent,
    /// An answer of HTTP with this code.
    Code(u16),
    /// An answer that is too large.
    TooLarge,
    /// An answer that is not what was asked for.
    Unreadable,
    /// The responder says that it will not answer.
    Refused,
    /// An answer. Whether it is good for anything is for the judgement.
    Answered,
}

impl Came {
    /// The stable word for translations: `not_listed`.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::NotListed => "not_listed",
            Self::TooMany => "too_many",
            Self::NoAddress => "no_address",
            Self::Private => "private",
            Self::Silent => "silent",
            Self::Code(_) => "code",
            Self::TooLarge => "too_large",
            Self::Unreadable => "unreadable",
            Self::Refused => "refused",
            Self::Answered => "answered",
        }
    }
}

/// Who was asked about a certificate, and what came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// SHA-256 of the certificate.
    pub certificate: [u8; 32],
    /// Whom.
    pub host: String,
    /// What came.
    pub came: Came,
}

impl Asked {
    /// The words for a report on `link`.
    pub(crate) fn reason(&self, link: &Certificate<'_>) -> Reason {
        let code = match self.came {
            Came::Code(code) => code.to_string(),
            _ => String::new(),
        };
        let args = [
            ("subject", link.subject_text()),
            ("host", self.host.clone()),
            ("came", self.came.key().to_owned()),
            ("code", code),
        ];
        reason(Code::RevocationAsked, &args)
    }
}

/// A piece of evidence that came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fetched {
    /// A list or an answer, DER.
    pub der: Vec<u8>,
    /// When there will be a newer one, by its own words.
    pub next_update: Option<Instant>,
}

/// Reads what came as the kind that was asked for. Its signature is not looked at.
///
/// # Errors
///
/// [`Came::Unreadable`], [`Came::Refused`].
pub fn read_fetched(question: &RevocationQuestion, bytes: &[u8]) -> Result<Fetched, Came> {
    match question.request {
        Some(_) => read_answer(bytes),
        None => read_list(bytes),
    }
}

fn read_answer(bytes: &[u8]) -> Result<Fetched, Came> {
    if let Ok(answer) = OcspAnswer::parse(bytes) {
        let singles = answer.singles.iter();
        return Ok(Fetched {
            der: bytes.to_vec(),
            next_update: singles.filter_map(|single| single.next_update).min(),
        });
    }
    // RFC 6960, 4.2.1: a state alone says why there is no answer.
    let state = asn1::read_all(bytes, tag::SEQUENCE).and_then(|node| {
        let mut reader = node.reader();
        let state = reader.expect(tag::ENUMERATED)?.enumerated()?;
        reader.finish()?;
        Ok(state)
    });
    match state {
        Ok(state) if state != 0 => Err(Came::Refused),
        _ => Err(Came::Unreadable),
    }
}

fn read_list(bytes: &[u8]) -> Result<Fetched, Came> {
    let der = match bytes.first() {
        Some(&tag::SEQUENCE) => bytes.to_vec(),
        _ => of_pem(bytes).ok_or(Came::Unreadable)?,
    };
    let next_update = Crl::parse(&der).map(|list| list.next_update);
    let next_update = next_update.map_err(|_| Came::Unreadable)?;
    Ok(Fetched { der, next_update })
}

/// The first block of a text: RFC 5280 asks for DER, and some places have PEM.
fn of_pem(bytes: &[u8]) -> Option<Vec<u8>> {
    use base64::Engine as _;
    let text = std::str::from_utf8(bytes).ok()?;
    let (_, rest) = text.split_once("-----BEGIN X509 CRL-----")?;
    let (body, _) = rest.split_once("-----END ")?;
    let body: String = body.chars().filter(|c| !c.is_whitespace()).collect();
    let engine = base64::engine::general_purpose::STANDARD;
    engine.decode(body.as_bytes()).ok()
}
