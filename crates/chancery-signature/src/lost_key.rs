//! Keys that are in other hands: whichever certificate leads to one, it is the same key.

use std::rc::Rc;

use crate::certificate::Certificate;
use crate::chain::{self, PathFailure};
use crate::crl::{Entry, RevocationReason};
use crate::judge_trust::Trust;
use crate::report::RevocationSource;
use crate::revocation::{Ground, Question};
use crate::revocation_word::{Doubt, Finding, Word};

/// The earliest loss of a key, and the earliest that is not simply believed.
type Lost = (Option<(Entry, RevocationSource)>, Option<Doubt>);

/// Most certificates of one key that are asked about.
const SAME_KEY_MAX: usize = 64;

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
        let named = others.filter(|one| self.revocations.names_lost_key(one));
        let words = named.take(SAME_KEY_MAX).filter_map(|one| {
            let issuer = self.trusted_issuer(one, ground)?;
            let about = Question {
                certificate: one,
                issuer: &issuer,
                ..question
            };
            Some(self.revocations.ask(about, ground))
        });
        let (mut lost, mut doubt): Lost = (None, None);
        for word in words {
            let own = word.doubt.filter(|doubt| is_of_key(&doubt.entry));
            doubt = Doubt::earlier(doubt, own);
            if let Finding::Revoked { entry, source } = word.finding
                && is_of_key(&entry)
                && lost.is_none_or(|(known, _)| entry.effective() < known.effective())
            {
                lost = Some((entry, source));
            }
        }
        (lost, doubt)
    }

    /// Who issued it, on the path of its own that leads to an anchor; of a time when it was valid.
    fn trusted_issuer(
        &self,
        certificate: &Rc<Certificate<'a>>,
        ground: Ground<'_, 'a>,
    ) -> Option<Rc<Certificate<'a>>> {
        if let Some(known) = self.trusted_issuers.borrow().get(certificate.raw) {
            return known.clone();
        }
        let at = certificate.not_after.min(ground.existence.now);
        let found = chain::build(certificate, &self.pool, at);
        let carries = |failure: &Option<PathFailure>| {
            matches!(failure, None | Some(PathFailure::Expired { .. }))
        };
        let path = found.paths.iter().find(|path| carries(&path.failure));
        let issuer = path.and_then(|path| path.certificates.get(1)).cloned();
        let mut known = self.trusted_issuers.borrow_mut();
        known.insert(certificate.raw, issuer.clone());
        issuer
    }
}

fn is_of_key(entry: &Entry) -> bool {
    entry.reason.is_some_and(RevocationReason::is_of_key)
}
