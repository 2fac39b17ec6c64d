//! Keys that are in other hands: whichever certificate leads to one, it is the same key.

use std::rc::Rc;

use crate::certificate::Certificate;
use crate::chain::{self, PathFailure};
use crate::crl::{Entry, RevocationReason};
use crate::judge_trust::Trust;
use crate::report::RevocationSource;
use crate::revocation::{Ground, Question};
use crate::revocation_word::Finding;

/// Most certificates of one key that are asked about.
const SAME_KEY_MAX: usize = 64;

impl<'a> Trust<'a> {
    /// What is known of the certificate, and of every other one of its key that a trusted issuer
    /// revoked because the key is lost.
    pub fn ask_of_key(&self, question: Question<'_, 'a>, ground: Ground<'_, 'a>) -> Finding {
        let own = self.revocations.ask(question, ground);
        match (own, self.lost_key(question, ground)) {
            (Finding::Revoked { entry, .. }, Some((lost, _)))
                if entry.reason != Some(RevocationReason::HOLD)
                    && entry.effective() <= lost.effective() =>
            {
                own
            }
            (_, Some((entry, source))) => Finding::Revoked { entry, source },
            (_, None) => own,
        }
    }

    fn lost_key(
        &self,
        question: Question<'_, 'a>,
        ground: Ground<'_, 'a>,
    ) -> Option<(Entry, RevocationSource)> {
        let others = self.pool.of_same_key(question.certificate);
        let named = others.filter(|one| self.revocations.names_lost_key(one));
        let findings = named.take(SAME_KEY_MAX).filter_map(|one| {
            let issuer = self.trusted_issuer(one, ground)?;
            let about = Question {
                certificate: one,
                issuer: &issuer,
                ..question
            };
            match self.revocations.ask(about, ground) {
                Finding::Revoked { entry, source } if is_of_key(&entry) => Some((entry, source)),
                _ => None,
            }
        });
        findings.min_by_key(|(entry, _)| entry.effective())
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
