//! Keys that are in other hands: whichever certificate leads to one, it is the same key.

use std::rc::Rc;

use crate::certificate::Certificate;
use crate::chain::{self, PathFailure};
use crate::crl::{Defect, Entry};
use crate::judge_trust::Trust;
use crate::revocation::{Ground, Question};
use crate::revocation_evidence::Piece;
use crate::revocation_word::{Doubt, Finding, Word};

/// The earliest loss of a key, and the earliest that is not simply believed.
type Lost = (Option<(Entry, Piece)>, Option<Doubt>);

/// Most certificates of one key that are asked about; of what is said of more nobody knows who said
/// it.
const SAME_KEY_MAX: usize = 64;

/// Who issued a certificate, on a path that leads to an anchor.
#[derive(Clone)]
pub(crate) enum TrustedIssuer<'a> {
    Is(Rc<Certificate<'a>>),
    Nobody,
    /// There is more than is looked at: perhaps somebody.
    Unsearched,
}

impl<'a> Trust<'a> {
    /// What is known of the certificate, and of every other one of its key that a trusted issuer
    /// revoked because the key is lost.
    pub fn ask_of_key(&self, question: Question<'_, 'a>, ground: Ground<'_, 'a>) -> Word {
        let mut word = self.revocations.ask(question, ground);
        let (lost, doubt) = self.lost_key(question, ground);
        word.doubt = Doubt::earlier(word.doubt, doubt);
        let Some((entry, source)) = lost else {
            return word;
        };
        let is_worse = match word.finding {
            Finding::Revoked { entry: own, .. } => {
                own.is_hold() || entry.effective() < own.effective()
            }
            _ => true,
        };
        if is_worse {
            word.finding = Finding::Revoked { entry, source };
        }
        word
    }

    fn lost_key(&self, question: Question<'_, 'a>, ground: Ground<'_, 'a>) -> Lost {
        let others = self.pool.of_same_key(question.certificate);
        let named = others.filter_map(|one| Some((one, self.revocations.named_loss(one)?)));
        let (mut lost, mut doubt): Lost = (None, None);
        for (number, (one, (entry, source))) in named.enumerate() {
            let unsearched = Doubt {
                entry,
                source,
                defect: Defect::Unsearched,
            };
            let issuer = match number < SAME_KEY_MAX {
                true => self.trusted_issuer(one, ground),
                false => TrustedIssuer::Unsearched,
            };
            let own = match issuer {
                TrustedIssuer::Nobody => None,
                TrustedIssuer::Unsearched => Some(unsearched),
                TrustedIssuer::Is(issuer) => {
                    let about = Question {
                        certificate: one,
                        issuer: &issuer,
                        ..question
                    };
                    let word = self.revocations.ask(about, ground);
                    if let Finding::Revoked { entry, source } = word.finding
                        && entry.is_of_key()
                        && lost.is_none_or(|(known, _)| entry.effective() < known.effective())
                    {
                        lost = Some((entry, source));
                    }
                    let heap = matches!(word.finding, Finding::Unusable(Defect::TooMany));
                    let own = word.doubt.filter(|doubt| doubt.entry.is_of_key());
                    own.or(heap.then_some(unsearched))
                }
            };
            doubt = Doubt::earlier(doubt, own);
        }
        (lost, doubt)
    }

    /// Who issued it, on the path of its own that leads to an anchor; of a time when it was valid.
    fn trusted_issuer(
        &self,
        certificate: &Rc<Certificate<'a>>,
        ground: Ground<'_, 'a>,
    ) -> TrustedIssuer<'a> {
        let asked = (certificate.raw, ground.purpose);
        if let Some(known) = self.trusted_issuers.borrow().get(&asked) {
            return known.clone();
        }
        let at = certificate.not_after.min(ground.existence.now);
        let found = chain::build(certificate, &self.pool, at, ground.purpose);
        let carries = |failure: &Option<PathFailure>| {
            matches!(failure, None | Some(PathFailure::Expired { .. }))
        };
        let path = found.paths.iter().find(|path| carries(&path.failure));
        let issuer = path.and_then(|path| path.certificates.get(1));
        let issuer = match issuer {
            Some(issuer) => TrustedIssuer::Is(Rc::clone(issuer)),
            None if path.is_none() && found.is_cut => TrustedIssuer::Unsearched,
            None => TrustedIssuer::Nobody,
        };
        let mut known = self.trusted_issuers.borrow_mut();
        known.insert(asked, issuer.clone());
        issuer
    }
}
