//! Whether a certificate was revoked: what the lists and answers at hand prove of it
//! (RFC 5280, 6.3; RFC 6960, 3.2; EN 319 102-1, 5.2.5 and 5.6.2.2).

use std::cell::{OnceCell, RefCell};
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use chancery_types::Instant;

use crate::algorithm::DigestAlgorithm;
use crate::certificate::Certificate;
use crate::crl::{Crl, Defect, Entry};
use crate::judge_trust::Purpose;
use crate::names::NameKey;
use crate::ocsp::{CertificateStatus, OcspAnswer, Single, Subject};
use crate::policy::ValidationPolicy;
use crate::pool::Pool;
use crate::proofs::Existence;
use crate::revocation_evidence::Piece;
use crate::revocation_needed::Unsettled;
use crate::revocation_word::{
    Finding, Objection, Statement, Times, Word, conclude, is_ahead, statement,
};
use crate::scheme::{AlgorithmId, scheme_of};

/// Most pieces of evidence of one kind that are read for one file.
const PIECES_MAX: usize = 8_192;
/// Where a piece of evidence stands.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Held {
    /// The first revision whose timestamp proves it.
    pub revision: Option<u32>,
    /// The signature that signs it, by its place in the facts.
    pub signed_by: Option<usize>,
}

/// Where one piece stands, in all its copies.
#[derive(Debug, Default)]
pub(crate) struct Places<'a> {
    bytes: &'a [u8],
    revision: Option<u32>,
    signed_by: HashSet<usize>,
    /// SHA-256, hexadecimal, once somebody asked for it.
    sha256: OnceCell<String>,
}

impl<'a> Places<'a> {
    fn of(bytes: &'a [u8], held: Held) -> Self {
        let mut places = Self {
            bytes,
            ..Self::default()
        };
        places.add(held);
        places
    }

    fn add(&mut self, held: Held) {
        self.revision = match (self.revision, held.revision) {
            (Some(one), Some(other)) => Some(one.min(other)),
            (one, other) => one.or(other),
        };
        self.signed_by.extend(held.signed_by);
    }

    /// SHA-256 of its bytes, hexadecimal: a list may speak of thousands of certificates.
    pub fn sha256(&self) -> &str {
        self.sha256
            .get_or_init(|| hex::encode(DigestAlgorithm::Sha256.digest(&[self.bytes])))
    }

    pub fn since(&self, existence: &Existence<'_>) -> Instant {
        let stamped = existence.of(self.bytes, self.revision);
        match existence.own {
            Some((own, since)) if self.signed_by.contains(&own) => stamped.min(since),
            _ => stamped,
        }
    }
}

/// Lists and answers, each read once.
#[derive(Debug, Default)]
pub(crate) struct Revocations<'a> {
    pub lists: Vec<(Crl<'a>, Places<'a>)>,
    pub lists_by_issuer: HashMap<NameKey, Vec<usize>>,
    pub answers: Vec<(OcspAnswer<'a>, Places<'a>)>,
    answers_by_serial: HashMap<&'a [u8], Vec<(usize, usize)>>,
    /// What an answer says of a serial number of which it says that the key is lost.
    lost_by_answers: HashMap<&'a [u8], (Entry, Piece)>,
    /// Copies: the place of a piece by its bytes; none if it cannot be read.
    known: HashMap<&'a [u8], Option<usize>>,
    /// Whether an issuer signed a list.
    pub list_signed: RefCell<HashMap<(usize, &'a [u8]), bool>>,
    /// Whether another trusted certificate of the issuer's name did, or may have.
    pub namesake_signed: RefCell<HashMap<(usize, Purpose), Option<Defect>>>,
    /// Whether such a certificate leads to an anchor; nothing where the search was cut off.
    pub namesakes_trusted: RefCell<HashMap<Used<'a>, Option<bool>>>,
    /// Whether some were left out, which could be those that revoke.
    pub cut: bool,
    /// Certificates that nothing settles.
    pub unsettled: Unsettled<'a>,
    /// Who signed an answer about an issuer's certificates, if that is anybody who may.
    pub answer_signed: RefCell<HashMap<(usize, &'a [u8]), Signer<'a>>>,
    /// What is said of the loss of a key, by issuer and serial number.
    named_losses: RefCell<HashMap<(NameKey, &'a [u8]), Loss>>,
}

/// The earliest loss of a key that somebody speaks of, and where.
type Loss = Option<(Entry, Piece)>;

/// Who signed an answer, if anybody who may.
type Signer<'a> = Option<Rc<Certificate<'a>>>;

/// What is asked about one certificate of a path.
#[derive(Clone, Copy)]
pub(crate) struct Question<'q, 'a> {
    pub certificate: &'q Rc<Certificate<'a>>,
    pub issuer: &'q Rc<Certificate<'a>>,
    /// The moment at which it was used.
    pub used: Instant,
    /// Evidence must have existed by then: after it the issuer's own signature proves nothing.
    pub control: Instant,
}

/// By what a question is answered.
#[derive(Clone, Copy)]
pub(crate) struct Ground<'g, 'a> {
    pub pool: &'g Pool<'a>,
    pub policy: &'g ValidationPolicy,
    pub existence: Existence<'g>,
    /// What the certificates that are asked about were used for.
    pub purpose: Purpose,
}

/// A certificate, and what it was used for.
pub(crate) type Used<'a> = (&'a [u8], Purpose);

impl<'a> Revocations<'a> {
    pub fn add_list(&mut self, der: &'a [u8], held: Held) {
        self.named_losses.get_mut().clear();
        if let Some(known) = self.known.get(der) {
            if let Some((_, places)) = known.and_then(|place| self.lists.get_mut(place)) {
                places.add(held);
            }
            return;
        }
        let place = self.lists.len();
        self.cut |= place >= PIECES_MAX;
        let list = Crl::parse(der).ok().filter(|_| place < PIECES_MAX);
        self.known.insert(der, list.as_ref().map(|_| place));
        if let Some(list) = list {
            let issuer = NameKey::of(list.issuer.raw);
            self.lists_by_issuer.entry(issuer).or_default().push(place);
            self.lists.push((list, Places::of(der, held)));
        }
    }

    /// Adds an answer; the certificates that it sends along go into the pool.
    pub fn add_answer(&mut self, der: &'a [u8], held: Held, pool: &mut Pool<'a>) {
        self.named_losses.get_mut().clear();
        if let Some(known) = self.known.get(der) {
            if let Some((_, places)) = known.and_then(|place| self.answers.get_mut(place)) {
                places.add(held);
            }
            return;
        }
        let place = self.answers.len();
        self.cut |= place >= PIECES_MAX;
        let answer = OcspAnswer::parse(der).ok().filter(|_| place < PIECES_MAX);
        self.known.insert(der, answer.as_ref().map(|_| place));
        if let Some(answer) = answer {
            for (index, single) in answer.singles.iter().enumerate() {
                let about = self.answers_by_serial.entry(single.serial).or_default();
                about.push((place, index));
                if let CertificateStatus::Revoked(entry) = single.status
                    && entry.is_of_key()
                {
                    let lost = (entry, Piece::Answer(place, index));
                    let known = self.lost_by_answers.entry(single.serial).or_insert(lost);
                    if entry.effective() < known.0.effective() {
                        *known = lost;
                    }
                }
            }
            for certificate in &answer.certificates {
                pool.add(certificate);
            }
            self.answers.push((answer, Places::of(der, held)));
        }
    }

    /// What is known of the certificate.
    pub fn ask(&self, question: Question<'_, 'a>, ground: Ground<'_, 'a>) -> Word {
        let lists = self.word_of_lists(question, ground);
        let answers = self.word_of_answers(question, ground, Delegation::Allowed);
        let mut word = conclude(question, lists.chain(answers));
        let is_known = matches!(
            word.finding,
            Finding::Revoked { .. } | Finding::HeldThen { .. }
        );
        if self.cut && !is_known {
            word.finding = Finding::Unusable(Defect::TooMany);
        }
        word
    }

    /// The earliest that some list or answer at hand says of the loss of the key of this
    /// certificate, whoever signed it.
    pub fn named_loss(&self, certificate: &Certificate<'a>) -> Loss {
        let name = (certificate.issuer_key(), certificate.serial);
        // Hundreds of certificates may share a number, and each is asked about for every signer.
        if let Some(known) = self.named_losses.borrow().get(&name) {
            return *known;
        }
        let found = self.find_named_loss(certificate);
        self.named_losses.borrow_mut().insert(name, found);
        found
    }

    fn find_named_loss(&self, certificate: &Certificate<'a>) -> Loss {
        let named = self.lists_by_issuer.get(&certificate.issuer_key());
        let lists = named.into_iter().flatten().filter_map(|place| {
            let (list, _) = self.lists.get(*place)?;
            Some((list.names(certificate.serial)?, Piece::List(*place)))
        });
        let answered = self.lost_by_answers.get(certificate.serial);
        let losses = lists
            .chain(answered.copied())
            .filter(|(entry, _)| entry.is_of_key());
        losses.min_by_key(|(entry, _)| entry.effective())
    }

    fn word_of_answers<'s>(
        &'s self,
        question: Question<'s, 'a>,
        ground: Ground<'s, 'a>,
        delegation: Delegation,
    ) -> impl Iterator<Item = Result<Statement, Objection>> + 's {
        let about = self.answers_by_serial.get(question.certificate.serial);
        let about = about.map_or(&[][..], Vec::as_slice);
        let subject = Subject::new(question.certificate, question.issuer);
        let relevant = about.iter().filter_map(move |(place, index)| {
            let (answer, places) = self.answers.get(*place)?;
            let single = answer.singles.get(*index)?;
            let is_about = single.is_about(&subject);
            is_about.then_some((
                Piece::Answer(*place, *index),
                *place,
                answer,
                single,
                places,
            ))
        });
        relevant.map(move |(piece, place, answer, single, places)| {
            let signer = self.responder(place, answer, question.issuer, ground.pool);
            let signer = signer.ok_or(Defect::Signature)?;
            let since = places.since(&ground.existence);
            let said = self
                .check_answerer(&signer, answer, since, question, ground, delegation)
                .and_then(|()| answer_statement(piece, (answer, single), since, question, ground));
            said.map_err(|defect| Objection {
                defect,
                revokes: match single.status {
                    CertificateStatus::Revoked(entry) => Some((entry, piece, single.this_update)),
                    CertificateStatus::Good | CertificateStatus::Unknown => None,
                },
            })
        })
    }

    /// Whether who signed an answer may be believed.
    fn check_answerer(
        &self,
        signer: &Rc<Certificate<'a>>,
        answer: &OcspAnswer<'a>,
        since: Instant,
        question: Question<'_, 'a>,
        ground: Ground<'_, 'a>,
        delegation: Delegation,
    ) -> Result<(), Defect> {
        check_signer(&answer.algorithm, signer, since, ground)?;
        if signer.raw == question.issuer.raw {
            return Ok(());
        }
        // Nobody vouches for their own key.
        if signer.key_form() == question.certificate.key_form() {
            return Err(Defect::Responder);
        }
        // Its certificate is a link of its own: the issuer's signature carries it.
        check_strength(&signer.algorithm, question.issuer, since, ground)?;
        self.check_responder(signer, answer, question, ground, delegation)
    }

    /// Who signed the answer: the issuer, or one to whom the issuer itself delegated it
    /// (RFC 6960, 4.2.2.2).
    fn responder(
        &self,
        place: usize,
        answer: &OcspAnswer<'a>,
        issuer: &Rc<Certificate<'a>>,
        pool: &Pool<'a>,
    ) -> Option<Rc<Certificate<'a>>> {
        let key = (place, issuer.raw);
        if let Some(known) = self.answer_signed.borrow().get(&key) {
            return known.clone();
        }
        let signed =
            |one: &Certificate<'_>| pool.fits(one, &answer.algorithm, answer.tbs, answer.signature);
        let found = if answer.is_by(issuer) && signed(issuer) {
            Some(Rc::clone(issuer))
        } else {
            let delegates = pool.responders(&answer.responder).iter();
            let fitting = delegates.filter(|one| {
                answer.may_be_by(one, issuer) && pool.is_signed_by(one, issuer) && signed(one)
            });
            // Of several certificates of one key the one that lives longest.
            fitting.max_by_key(|one| one.not_after).cloned()
        };
        self.answer_signed.borrow_mut().insert(key, found.clone());
        found
    }

    /// A delegated responder must not be revoked itself, unless its issuer says that nobody need
    /// ask (RFC 6960, 4.2.2.2.1).
    fn check_responder(
        &self,
        responder: &Rc<Certificate<'a>>,
        answer: &OcspAnswer<'a>,
        question: Question<'_, 'a>,
        ground: Ground<'_, 'a>,
        delegation: Delegation,
    ) -> Result<(), Defect> {
        if delegation == Delegation::Refused {
            return Err(Defect::Responder);
        }
        let about = Question {
            certificate: responder,
            used: answer.produced_at,
            ..question
        };
        let lists = self.word_of_lists(about, ground);
        // What the issuer signs itself; a responder does not vouch for responders.
        let answers: Vec<_> = self
            .word_of_answers(about, ground, Delegation::Refused)
            .collect();
        let short = responder.life_seconds() <= ground.policy.no_revocation_seconds_max;
        let exempt =
            responder.extensions.ocsp_no_check || responder.declares_no_revocation() && short;
        let word = conclude(about, lists.chain(answers));
        match word.finding {
            _ if word.doubt.is_some() => Err(Defect::Responder),
            Finding::Good { .. } => Ok(()),
            Finding::Revoked { .. }
            | Finding::HeldThen { .. }
            | Finding::Unusable(Defect::TooMany) => Err(Defect::Responder),
            _ if exempt => Ok(()),
            _ => {
                self.unsettled.add(responder, question.issuer);
                Err(Defect::Responder)
            }
        }
    }
}

/// Whether a delegated responder may have signed an answer.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Delegation {
    Allowed,
    Refused,
}

/// A piece proves nothing that may have been made after its signer's certificate ended, or after
/// its algorithm was broken.
pub(crate) fn check_signer(
    algorithm: &AlgorithmId<'_>,
    signer: &Certificate<'_>,
    since: Instant,
    ground: Ground<'_, '_>,
) -> Result<(), Defect> {
    check_strength(algorithm, signer, since, ground)?;
    if since.seconds() > signer.not_after.seconds() {
        return Err(Defect::NoProof);
    }
    Ok(())
}

/// Digest and key of a signature are strong enough.
fn check_strength(
    algorithm: &AlgorithmId<'_>,
    signer: &Certificate<'_>,
    since: Instant,
    ground: Ground<'_, '_>,
) -> Result<(), Defect> {
    let scheme = scheme_of(algorithm, None).map_err(|_| Defect::Signature)?;
    let digest = scheme.digest();
    let broken = digest.is_some_and(|digest| !ground.policy.is_reliable(digest, since));
    if broken || ground.policy.short_key(signer, since).is_some() {
        return Err(Defect::Weak);
    }
    Ok(())
}

fn answer_statement(
    piece: Piece,
    (answer, single): (&OcspAnswer<'_>, &Single<'_>),
    since: Instant,
    question: Question<'_, '_>,
    ground: Ground<'_, '_>,
) -> Result<Statement, Defect> {
    if answer.unknown_critical || single.unknown_critical {
        return Err(Defect::RuleUnknown);
    }
    if is_ahead(answer.produced_at, ground) {
        return Err(Defect::InFuture);
    }
    let revoked = match single.status {
        CertificateStatus::Good => None,
        CertificateStatus::Revoked(entry) => Some(entry),
        CertificateStatus::Unknown => return Err(Defect::Unknown),
    };
    let times = Times {
        this_update: single.this_update,
        next_update: single.next_update,
        keeps_expired_since: single.keeps_expired_since,
        since,
    };
    let certificate = question.certificate;
    statement(piece, times, revoked, certificate, ground)
}
