//! What revocation lists say of a certificate (RFC 5280, 6.3), and what those say that may not be
//! used: nobody is believed for them, and nobody is trusted against them.

use std::rc::Rc;

use crate::certificate::{Certificate, usage};
use crate::chain::{self, PathFailure};
use crate::crl::{Crl, Defect};
use crate::revocation::{Ground, Places, Question, Revocations, check_signer};
use crate::revocation_evidence::Piece;
use crate::revocation_word::{Objection, Statement, Times, statement};

/// Most certificates of the issuer's name that are tried for one list.
const NAMESAKES_MAX: usize = 16;

impl<'a> Revocations<'a> {
    pub fn word_of_lists<'s>(
        &'s self,
        question: Question<'s, 'a>,
        ground: Ground<'s, 'a>,
    ) -> impl Iterator<Item = Result<Statement, Objection>> + 's {
        let named = &self.lists_by_issuer;
        let named = named.get(&question.issuer.subject_key());
        let named = named.map_or(&[][..], Vec::as_slice);
        named.iter().filter_map(move |place| {
            let (list, places) = self.lists.get(*place)?;
            let own = question.issuer.extensions.subject_key_id;
            let other_key =
                matches!((list.issuer_key_id, own), (Some(wanted), Some(own)) if wanted != own);
            let is_own = !other_key && self.is_signed(*place, list, question.issuer, ground);
            if is_own && question.issuer.allows(usage::CRL_SIGN) {
                let said = list_statement(*place, (list, places), question, ground);
                return Some(said.map_err(|defect| objection(defect, *place, list, question)));
            }
            let known = match is_own {
                true => Some(Defect::Signature),
                false => self.by_namesake(*place, list, question, ground),
            };
            let objection = match known {
                Some(defect) => objection(defect, *place, list, question),
                None => Defect::Signature.into(),
            };
            // Of another key, and about others: of no matter here.
            (!other_key || objection.revokes.is_some()).then_some(Err(objection))
        })
    }

    /// Whether the list was signed with the issuer's key.
    fn is_signed(
        &self,
        place: usize,
        list: &Crl<'a>,
        issuer: &Certificate<'a>,
        ground: Ground<'_, 'a>,
    ) -> bool {
        let key = (place, issuer.raw);
        let known = self.list_signed.borrow().get(&key).copied();
        let signed = known.unwrap_or_else(|| fits(list, issuer, ground));
        self.list_signed.borrow_mut().insert(key, signed);
        signed
    }

    /// The defect of a list that was signed by another certificate of the issuer's name that leads
    /// to an anchor, or may have been, as there is more than is looked at: by the issuer's next
    /// key, or by one that it has for lists (RFC 5280, 6.3.3, f). What it says good is not believed
    /// here.
    fn by_namesake(
        &self,
        place: usize,
        list: &Crl<'a>,
        question: Question<'_, 'a>,
        ground: Ground<'_, 'a>,
    ) -> Option<Defect> {
        let asked = (place, ground.purpose);
        if let Some(known) = self.namesake_signed.borrow().get(&asked) {
            return *known;
        }
        let fitting = |one: &&Rc<Certificate<'a>>| {
            let own = one.extensions.subject_key_id;
            let other =
                matches!((list.issuer_key_id, own), (Some(wanted), Some(own)) if wanted != own);
            let extensions = &one.extensions;
            let says_so = extensions.is_ca || extensions.key_usage.is_some();
            let may = says_so && one.allows(usage::CRL_SIGN);
            one.raw != question.issuer.raw && !other && may
        };
        let namesakes = ground.pool.named(list.issuer.raw).iter().filter(fitting);
        let mut defect = None;
        for (number, one) in namesakes.enumerate() {
            if number >= NAMESAKES_MAX {
                defect = Some(Defect::Unsearched);
                break;
            }
            let trusted = self.is_trusted(one, ground);
            if trusted != Some(false) && fits(list, one, ground) {
                defect = Some(match trusted {
                    Some(_) => Defect::Signature,
                    None => Defect::Unsearched,
                });
                if trusted.is_some() {
                    break;
                }
            }
        }
        self.namesake_signed.borrow_mut().insert(asked, defect);
        defect
    }

    /// Whether a path leads from it to an anchor, at a time when it was valid; nothing where the
    /// search was cut off.
    fn is_trusted(
        &self,
        certificate: &Rc<Certificate<'a>>,
        ground: Ground<'_, 'a>,
    ) -> Option<bool> {
        let asked = (certificate.raw, ground.purpose);
        if let Some(known) = self.namesakes_trusted.borrow().get(&asked) {
            return *known;
        }
        let at = certificate.not_after.min(ground.existence.now);
        let found = chain::build(certificate, ground.pool, at, ground.purpose);
        let carries = |failure: &Option<PathFailure>| {
            matches!(failure, None | Some(PathFailure::Expired { .. }))
        };
        let trusted = found.paths.iter().any(|path| carries(&path.failure));
        let trusted = (trusted || !found.is_cut).then_some(trusted);
        let mut known = self.namesakes_trusted.borrow_mut();
        known.insert(asked, trusted);
        trusted
    }
}

fn fits(list: &Crl<'_>, signer: &Certificate<'_>, ground: Ground<'_, '_>) -> bool {
    let pool = ground.pool;
    pool.fits(signer, &list.algorithm, list.tbs, list.signature)
}

fn objection(
    defect: Defect,
    place: usize,
    list: &Crl<'_>,
    question: Question<'_, '_>,
) -> Objection {
    let entry = list.names(question.certificate.serial);
    Objection {
        defect,
        revokes: entry.map(|entry| (entry, Piece::List(place), list.this_update)),
    }
}

fn list_statement(
    place: usize,
    (list, places): (&Crl<'_>, &Places<'_>),
    question: Question<'_, '_>,
    ground: Ground<'_, '_>,
) -> Result<Statement, Defect> {
    if let Some(defect) = list.defect() {
        return Err(defect);
    }
    let certificate = question.certificate;
    let since = places.since(&ground.existence);
    check_signer(&list.algorithm, question.issuer, since, ground)?;
    let revoked = list.find(certificate.serial)?;
    // An entry is an entry, whatever part of the certificates the list is for, and though it only
    // says what is new (RFC 5280, 5.2.4).
    if revoked.is_none() {
        list.covers(certificate)?;
    }
    let times = Times {
        this_update: list.this_update,
        next_update: list.next_update,
        keeps_expired_since: list.keeps_expired_since,
        since,
    };
    statement(Piece::List(place), times, revoked, certificate, ground)
}
