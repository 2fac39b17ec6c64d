//! How far a signature carries by itself: the baseline levels of EN 319 142-1 (PAdES), EN 319 122-1
//! (CAdES) and EN 319 132-1 (XAdES), told by what the file holds.
//!
//! A level says which parts are there and fit one another. Whether its certificates and authorities
//! are trusted is the verdict, which is judged apart: a file of level B-LTA may be INDETERMINATE,
//! and one of level B-B may be TOTAL-PASSED today. So the level is the same whoever asks, but for
//! roots that only the reader has.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use chancery_types::Instant;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::certificate::Certificate;
use crate::chain::{self, Anchors, is_self_signed};
use crate::crl::Crl;
use crate::facts::{
    Agreement, Der, EvidenceFacts, Facts, SignatureFacts, SignatureForm, SignerFacts, TokenFacts,
};
use crate::judge_signer::crypto_answer;
use crate::judge_token::check_token_signer;
use crate::names::NameKey;
use crate::ocsp::{OcspAnswer, Single, Subject};
use crate::pool::Pool;
use crate::report::Answer;
use crate::work::Work;

/// Most certificates of a file that are tried as roots: a path has one.
const ROOTS_MAX: usize = 64;

/// The baseline levels, each with all that the one before it has.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
pub enum SignatureLevel {
    /// A signature that binds its certificate.
    #[serde(rename = "B-B")]
    B,
    /// A timestamp tells since when it exists.
    #[serde(rename = "B-T")]
    T,
    /// Certificates, and what is known of their revocation, are in the file.
    #[serde(rename = "B-LT")]
    Lt,
    /// A timestamp over all of that.
    #[serde(rename = "B-LTA")]
    Lta,
}

impl SignatureLevel {
    /// As the standards write it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::B => "B-B",
            Self::T => "B-T",
            Self::Lt => "B-LT",
            Self::Lta => "B-LTA",
        }
    }
}

/// Roots that the file itself brings, beside those of the reader: a path must end somewhere.
pub(crate) struct Roots {
    roots: Anchors,
    /// What may be spent on levels.
    work: Rc<Work>,
    /// Whether there are more that might be roots than are looked at.
    is_cut: bool,
}

impl Roots {
    pub fn of(facts: &Facts, anchors: &Anchors) -> Self {
        let work = Rc::new(Work::beside());
        let mut roots = anchors.clone();
        let mut seen: HashSet<&[u8]> = HashSet::new();
        let mut tried = 0_usize;
        let mut is_cut = false;
        for der in certificates(facts) {
            if !seen.insert(der) {
                continue;
            }
            let parsed = Certificate::parse(der).ok();
            let Some(one) = parsed.filter(Certificate::is_self_issued) else {
                continue;
            };
            tried = tried.saturating_add(1);
            // Anybody may add as many as they like.
            if tried > ROOTS_MAX {
                is_cut = true;
                break;
            }
            if is_self_signed(&one, &work) {
                roots.extend(Anchors::of(der));
            }
        }
        Self {
            roots,
            work,
            is_cut,
        }
    }
}

/// The bytes of a certificate and of its issuer.
type Pair<'a> = (&'a [u8], &'a [u8]);

/// Everything of a file that levels rest on, read once.
pub(crate) struct Levels<'a> {
    pool: Pool<'a>,
    /// Whether some certificate that may be a root was not looked at.
    is_cut: bool,
    /// The issuers that lists in the file are of.
    listed: HashSet<NameKey>,
    /// What answers in the file say, by the serial number that it is about.
    answered: HashMap<&'a [u8], Vec<Single<'a>>>,
    /// Whether there is a word on a certificate of an issuer, asked once.
    words: RefCell<HashMap<Pair<'a>, bool>>,
    /// The first revision that holds a piece of the store, from 0.
    stored_in: Option<u32>,
    stamps: Vec<&'a SignatureFacts>,
}

impl<'a> Levels<'a> {
    pub fn new(facts: &'a Facts, roots: &'a Roots) -> Self {
        let mut levels = Self {
            pool: Pool::within(&roots.roots, &roots.work),
            is_cut: roots.is_cut,
            listed: HashSet::new(),
            answered: HashMap::new(),
            words: RefCell::default(),
            stored_in: None,
            stamps: Vec::new(),
        };
        for der in certificates(facts) {
            levels.pool.add(der);
        }
        for evidence in evidence(facts) {
            levels.take(evidence);
        }
        let store = &facts.evidence;
        let pieces = [&store.certificates, &store.crls, &store.ocsps];
        let revisions = pieces.into_iter().flatten().filter_map(|one| one.revision);
        levels.stored_in = revisions.min();
        levels.stamps = facts.signatures.iter().filter(|one| stands(one)).collect();
        levels
    }

    fn take(&mut self, evidence: &'a EvidenceFacts) {
        let lists = evidence.crls.iter();
        let lists = lists.filter_map(|piece| Crl::parse(&piece.der.0).ok());
        self.listed
            .extend(lists.map(|list| NameKey::of(list.issuer.raw)));
        let answers = evidence.ocsps.iter();
        for answer in answers.filter_map(|piece| OcspAnswer::parse(&piece.der.0).ok()) {
            for single in answer.singles {
                self.answered.entry(single.serial).or_default().push(single);
            }
        }
    }

    /// The level of a signature that was judged as of `at`; nothing for one that is not of these
    /// forms, or that does not verify, or where there is more than is looked at.
    pub fn of(&self, facts: &SignatureFacts, at: Instant) -> Option<SignatureLevel> {
        let signer = facts.signer.as_ref().filter(|_| is_baseline(facts))?;
        let tokens = signer.tokens.iter().filter(|token| fits(token));
        let tokens: Vec<&TokenFacts> = tokens.collect();
        let later = self.stamps_after(facts);
        if tokens.is_empty() && later.is_empty() {
            return Some(SignatureLevel::B);
        }
        let mut signers = vec![(signer, facts.certificates.as_slice())];
        let sent = tokens.iter().filter_map(|one| sent_of(one));
        signers.extend(sent);
        if tokens.is_empty() {
            let first = later.iter().min_by_key(|one| revision(one));
            signers.extend(first.and_then(|one| Some((one.signer.as_ref()?, &*one.certificates))));
        }
        let has_store = !facts.form.is_in_pdf() || self.stored_in.is_some();
        if !has_store {
            return Some(SignatureLevel::T);
        }
        if !signers.iter().all(|one| self.is_carried(*one, at)) {
            // Where not everything was looked at, nobody knows.
            let all_seen = !self.is_cut && self.pool.work().exceeded().is_none();
            return all_seen.then_some(SignatureLevel::T);
        }
        let archived = signer.archives.iter();
        let archived = archived.filter(|one| one.supported && fits(&one.token));
        let over_store = |one: &&&SignatureFacts| revision(one) >= self.stored_in;
        let is_archived = match facts.form.is_in_pdf() {
            true => later.iter().any(|one| over_store(&one)),
            false => archived.count() > 0,
        };
        Some(match is_archived {
            true => SignatureLevel::Lta,
            false => SignatureLevel::Lt,
        })
    }

    /// Document timestamps over the revision that a signature ends.
    fn stamps_after(&self, facts: &SignatureFacts) -> Vec<&'a SignatureFacts> {
        let own = revision(facts);
        let all = self.stamps.iter().copied();
        all.filter(|stamp| facts.form.is_in_pdf() && revision(stamp) > own)
            .collect()
    }

    /// Whether a path to a root is in the file, with a word on each certificate's revocation.
    fn is_carried(&self, (signer, sent): (&SignerFacts, &[Der]), at: Instant) -> bool {
        let place = signer.certificate.and_then(|at| usize::try_from(at).ok());
        let leaf = place.and_then(|place| sent.get(place));
        let Some(leaf) = leaf.and_then(|der| self.pool.get(&der.0)) else {
            return false;
        };
        let carries = |path: &Vec<Rc<Certificate<'a>>>| {
            let above = path.iter().skip(1);
            let mut pairs = path.iter().zip(above);
            // Of whoever vouches for themselves nobody has a word.
            path.len() > 1 && pairs.all(|(one, issuer)| self.has_word_on(one, issuer))
        };
        chain::ways(leaf, &self.pool, at).iter().any(carries)
    }

    fn has_word_on(&self, one: &Certificate<'a>, issuer: &Certificate<'a>) -> bool {
        let pair = (one.raw, issuer.raw);
        if let Some(known) = self.words.borrow().get(&pair) {
            return *known;
        }
        let subject = Subject::new(one, issuer);
        let mut singles = self.answered.get(one.serial).into_iter().flatten();
        let found = one.declares_no_revocation()
            || self.listed.contains(&one.issuer_key())
            || singles.any(|single| single.is_about(&subject));
        self.words.borrow_mut().insert(pair, found);
        found
    }
}

/// Whether it is of one of the three forms, binds its certificate and verifies.
fn is_baseline(facts: &SignatureFacts) -> bool {
    let of_form = match facts.form {
        SignatureForm::Pdf => facts.sub_filter.as_deref() == Some("ETSI.CAdES.detached"),
        SignatureForm::Cms => true,
        SignatureForm::Xml => facts.counter_signs.is_none(),
        SignatureForm::DocumentTimestamp | SignatureForm::CounterSignature => false,
    };
    let signer = facts.signer.as_ref();
    let attributes = signer.and_then(|signer| signer.attributes.as_ref());
    let binds = attributes.is_some_and(|one| one.signing_certificate == Agreement::Agrees);
    of_form && binds && facts.coverage.is_ok() && crypto_answer(facts) == Answer::Yes
}

/// Whether a document timestamp is right, whoever made it.
fn stands(facts: &SignatureFacts) -> bool {
    let signer = facts.signer.as_ref();
    facts.form == SignatureForm::DocumentTimestamp
        && facts.token.is_some()
        && facts.coverage.is_ok()
        && crypto_answer(facts) == Answer::Yes
        && signer.is_some_and(|signer| check_token_signer(signer).is_ok())
}

/// Whether a token is right and over what it should be, whoever made it.
fn fits(token: &TokenFacts) -> bool {
    let signer = token.signer.as_deref();
    token.imprint == Agreement::Agrees
        && signer.is_some_and(|signer| check_token_signer(signer).is_ok())
}

fn sent_of(token: &TokenFacts) -> Option<(&SignerFacts, &[Der])> {
    Some((token.signer.as_deref()?, &token.certificates))
}

fn revision(facts: &SignatureFacts) -> Option<u32> {
    facts.coverage.as_ref().ok().map(|one| one.revision)
}

fn tokens(facts: &Facts) -> impl Iterator<Item = &TokenFacts> {
    let signers = facts.signatures.iter().flat_map(|one| &one.signer);
    signers.flat_map(|signer| {
        let archives = signer.archives.iter().map(|one| &one.token);
        signer.tokens.iter().chain(archives)
    })
}

fn evidence(facts: &Facts) -> impl Iterator<Item = &EvidenceFacts> {
    let signatures = facts.signatures.iter().map(|one| &one.evidence);
    let tokens = tokens(facts).map(|one| &one.evidence);
    std::iter::once(&facts.evidence)
        .chain(signatures)
        .chain(tokens)
}

fn certificates(facts: &Facts) -> impl Iterator<Item = &[u8]> {
    let signatures = facts.signatures.iter().flat_map(|one| &one.certificates);
    let tokens = tokens(facts).flat_map(|one| &one.certificates);
    let stored = evidence(facts).flat_map(|one| &one.certificates);
    let sent = signatures.chain(tokens).chain(stored.map(|one| &one.der));
    sent.map(|der| der.0.as_slice())
}
