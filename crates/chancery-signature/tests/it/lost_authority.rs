//! Certificates that an authority cannot have made in time: its key was stolen, or it has ended.

use crate::authority::*;
use crate::forge::{attribute, codes, der};
use crate::support::at;
use chancery_signature as sig;
use sig::report::{Code, Indication, SignatureReport};
use sig::{Anchors, GivenEvidence, Limits, SubIndication, ValidationPolicy, ValidationReport};

const TEXT: &[u8] = b"what is signed";
const NOW: &str = "2026-08-01T00:00:00Z";
const STAMPED: &str = "2026-06-01T12:00:00Z";
const ARCHIVED: &str = "2026-06-15T12:00:00Z";
/// When the key of the authority was stolen, or its life was over.
pub const LOST: &str = "2026-07-01T00:00:00Z";
const JUNE: (&str, &str) = ("2026-06-02T00:00:00Z", "2026-12-31T00:00:00Z");
const FRESH: (&str, &str) = ("2026-07-31T00:00:00Z", "2026-08-05T00:00:00Z");

pub struct Town {
    root: Holder,
    pub authority: Holder,
    person: Holder,
    stamps: Holder,
}

/// The root, and the authority beneath it, live until these days.
pub fn town(root_until: &str, authority_until: &str) -> Town {
    let start = "2026-01-01T00:00:00Z";
    let root = Draft::authority("Корень", 1).valid(start, root_until).own();
    let authority = Draft::authority("Издатель", 2).valid(start, authority_until);
    let authority = authority.by(&root);
    let stamps_root = Draft::authority("Корень времени", 7).own();
    let stamps = Draft::service("Служба времени", 3, TIME_STAMPING);
    Town {
        person: Draft::person("Директор", 5).by(&authority),
        stamps: stamps.with(NO_REV_AVAIL, false, &[5, 0]).by(&stamps_root),
        root,
        authority,
    }
}

/// What of it all existed when everything was put under an archive timestamp.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Old {
    All,
    ButTheSigner,
    ButTheAuthority,
}

impl Town {
    /// A signature of June with lists of June, all under an archive timestamp as far as it is old.
    pub fn signed(&self, unbound: bool, old: Old) -> Vec<u8> {
        let list = List::of(JUNE.0, JUNE.1, vec![]);
        let lists = [list.by(&self.root), list.by(&self.authority)].concat();
        let values = der(0x30, &[&der(0xa0, &[&der(0x30, &[&lists])])]);
        let mut extras = Extras {
            certificates: vec![self.authority.certificate.clone()],
            unsigned: vec![attribute("1.2.840.113549.1.9.16.2.24", &[&values])],
            unbound,
            ..Extras::default()
        };
        let value = value_of(&signed_cms(&self.person, &[TEXT], &extras));
        let token = token(&self.stamps, &[&value], STAMPED);
        extras
            .unsigned
            .push(attribute("1.2.840.113549.1.9.16.2.14", &[&token]));
        let mut covered = extras.clone();
        match old {
            Old::All => {}
            Old::ButTheSigner => covered.without_own = true,
            Old::ButTheAuthority => covered.certificates.clear(),
        }
        let stamp = archive_stamp(&self.person, &[TEXT], &covered, &self.stamps, ARCHIVED);
        extras.unsigned.push(stamp);
        signed_cms(&self.person, &[TEXT], &extras)
    }

    /// Judged with this word of the root.
    fn judged(&self, cms: &[u8], entries: Vec<Entry>) -> ValidationReport {
        let list = List::of(FRESH.0, FRESH.1, entries);
        self.judged_beside(cms, &[list.by(&self.root)])
    }

    /// Judged with this evidence beside that of June.
    pub fn judged_beside(&self, cms: &[u8], evidence: &[Vec<u8>]) -> ValidationReport {
        let mut anchors = Anchors::from_pem_or_der(&self.root.certificate).unwrap();
        let stamps = Draft::authority("Корень времени", 7).own();
        anchors.extend(Anchors::from_pem_or_der(&stamps.certificate).unwrap());
        let mut given = GivenEvidence::none();
        for piece in evidence {
            given.add(piece).unwrap();
        }
        let facts = sig::gather_cms(cms, Some(TEXT), &Limits::default());
        let policy = ValidationPolicy::default();
        sig::judge_with(&facts, &policy, at(NOW), &anchors, &given)
    }
}

fn proof_missing_of(one: &SignatureReport) -> Vec<&str> {
    let reasons = one.reasons.iter();
    let missing = reasons.filter(|one| one.code == Code::ProofMissing);
    missing.map(|one| &one.args["subject"]).collect()
}

fn passed(report: &ValidationReport, what: &str) {
    let found = codes(report);
    assert_eq!(
        report.indication,
        Indication::TotalPassed,
        "{what}: {found:?}"
    );
}

fn open(report: &ValidationReport, subject: &str, what: &str) {
    let found = codes(report);
    assert_eq!(
        report.sub_indication,
        Some(SubIndication::NoPoe),
        "{what}: {found:?}"
    );
    assert_eq!(
        proof_missing_of(&report.signatures[0]),
        [subject],
        "{what}: {found:?}"
    );
}

#[test]
fn check_32_a_certificate_that_nothing_names_may_be_made_with_a_stolen_key() {
    let town = town("2030-01-01T00:00:00Z", "2030-01-01T00:00:00Z");
    let stolen = || vec![entry(2, LOST, Some(2))];
    let director = "CN=Директор";
    let made_later = town.signed(true, Old::ButTheSigner);
    open(&town.judged(&made_later, stolen()), director, "made later");
    // Of before the theft: proven by the archive timestamp, or because the signature names it.
    for (what, cms) in [
        ("archived", town.signed(true, Old::All)),
        ("named", town.signed(false, Old::ButTheSigner)),
    ] {
        let report = town.judged(&cms, stolen());
        passed(&report, what);
        assert!(
            codes(&report).contains(&"certificate_revoked_later"),
            "{what}"
        );
    }
    // As long as nobody stole anything it is the authority's own.
    passed(&town.judged(&made_later, vec![]), "no theft");
}

#[test]
fn check_32_an_authority_that_has_ended_makes_no_certificates() {
    let late = "2030-01-01T00:00:00Z";
    let ended = town(late, LOST);
    let report = ended.judged(&ended.signed(true, Old::ButTheSigner), vec![]);
    open(&report, "CN=Директор", "the signer's");
    for (what, cms) in [
        ("archived", ended.signed(true, Old::All)),
        ("named", ended.signed(false, Old::ButTheSigner)),
    ] {
        passed(&ended.judged(&cms, vec![]), what);
    }
    // An authority beneath it is no older than its proof either.
    let ended = town(LOST, late);
    let report = ended.judged(&ended.signed(false, Old::ButTheAuthority), vec![]);
    open(&report, "CN=Издатель", "an authority's");
    passed(&ended.judged(&ended.signed(false, Old::All), vec![]), "all");
}
