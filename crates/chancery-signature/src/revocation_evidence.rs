//! Which list or answer spoke of a certificate's revocation: whoever keeps a report can look it up.

use chancery_types::Instant;
use serde::{Deserialize, Serialize};

use crate::asn1::{self, Node, tag};
use crate::certificate::{Certificate, Name};
use crate::ocsp::Responder;
use crate::report::RevocationSource;
use crate::revocation::Revocations;

/// The list or the answer that spoke of a certificate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct RevocationEvidence {
    /// Whoever signed it, as `O=…, CN=…`; absent for an answer that names them by their key alone
    /// and was not traced to a certificate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issuer: Option<String>,
    /// SHA-256 of its bytes, hexadecimal.
    pub sha256: String,
    /// Of which moment it is (`thisUpdate`).
    pub this_update: Instant,
    /// By when there is a newer one (`nextUpdate`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_update: Option<Instant>,
    /// When an answer was signed (`producedAt`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub produced_at: Option<Instant>,
}

/// One piece of evidence by its place among those at hand: a list, or what an answer says of one
/// certificate.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Piece {
    List(usize),
    Answer(usize, usize),
}

impl Piece {
    pub const fn source(self) -> RevocationSource {
        match self {
            Self::List(_) => RevocationSource::Crl,
            Self::Answer(..) => RevocationSource::Ocsp,
        }
    }
}

impl<'a> Revocations<'a> {
    /// What a report says of a piece that spoke of a certificate of this issuer.
    pub fn evidence(&self, piece: Piece, issuer: &Certificate<'a>) -> Option<RevocationEvidence> {
        match piece {
            Piece::List(place) => {
                let (list, places) = self.lists.get(place)?;
                Some(RevocationEvidence {
                    issuer: text_of(list.issuer),
                    sha256: places.sha256().to_owned(),
                    this_update: list.this_update,
                    next_update: list.next_update,
                    produced_at: None,
                })
            }
            Piece::Answer(place, index) => {
                let (answer, places) = self.answers.get(place)?;
                let single = answer.singles.get(index)?;
                let signed = self.answer_signed.borrow();
                let signer = signed.get(&(place, issuer.raw)).and_then(Option::as_ref);
                let named = || match &answer.responder {
                    Responder::Name(name) => text_of(asn1::read_all(name, tag::SEQUENCE).ok()?),
                    Responder::Key(_) => None,
                };
                Some(RevocationEvidence {
                    issuer: signer.map(|one| one.subject_text()).or_else(named),
                    sha256: places.sha256().to_owned(),
                    this_update: single.this_update,
                    next_update: single.next_update,
                    produced_at: Some(answer.produced_at),
                })
            }
        }
    }
}

fn text_of(name: Node<'_>) -> Option<String> {
    Name::parse(name).ok().map(|name| name.text)
}
