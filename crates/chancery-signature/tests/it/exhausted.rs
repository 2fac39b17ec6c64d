//! What is left out because it would cost too much is never taken for good: nobody hides a
//! revocation by making others work.

use crate::authority::*;
use crate::forge::{algorithm, codes, der, oid};
use crate::support::{at, key};
use chancery_signature as sig;
use sig::facts::{Der, Facts, Piece};
use sig::report::{Code, Indication, Reason, SignatureReport};
use sig::{Anchors, GivenEvidence, KeyKind, Limits, ValidationPolicy, ValidationReport};

const TEXT: &[u8] = b"what is signed";
const NOW: &str = "2026-08-01T00:00:00Z";
const EARLY: &str = "2026-05-01T00:00:00Z";
const FRESH: (&str, &str) = ("2026-07-31T00:00:00Z", "2026-08-05T00:00:00Z");
const NEWER: (&str, &str) = ("2026-07-31T12:00:00Z", "2026-08-05T00:00:00Z");

fn list(entries: Vec<Entry>) -> List {
    List::of(FRESH.0, FRESH.1, entries)
}

fn gathered(signer: &Holder, sent: &[Vec<u8>], crls: &[Vec<u8>]) -> Facts {
    let extras = Extras {
        certificates: sent.to_vec(),
        crls: crls.to_vec(),
        ..Extras::default()
    };
    let cms = signed_cms(signer, &[TEXT], &extras);
    sig::gather_cms(&cms, Some(TEXT), &Limits::default())
}

fn judged(facts: &Facts, anchors: &[&Holder], evidence: &[Vec<u8>]) -> ValidationReport {
    let mut trusted = Anchors::none();
    for anchor in anchors {
        trusted.extend(Anchors::from_pem_or_der(&anchor.certificate).unwrap());
    }
    let mut given = GivenEvidence::none();
    for piece in evidence {
        given.add(piece).expect("a piece of evidence");
    }
    sig::judge_with(
        facts,
        &ValidationPolicy::default(),
        at(NOW),
        &trusted,
        &given,
    )
}

fn has(one: &SignatureReport, code: Code) -> bool {
    one.reasons.iter().any(|reason| reason.code == code)
}

/// A key of RSA-8192, which nobody has: none costs more to verify with.
fn dear_key() -> Vec<u8> {
    let modulus = [&[0][..], &[0xff; 1024]].concat();
    let numbers = der(0x30, &[&der(2, &[&modulus]), &[2, 5, 2, 0, 0, 0, 1]]);
    let kind = der(0x30, &[&oid("1.2.840.113549.1.1.1"), &[5, 0]]);
    der(0x30, &[&kind, &der(3, &[&[0], &numbers])])
}

/// A certificate that nobody signed, of the serial number `number`, with this key.
fn junk(subject: &str, number: u16, spki: &[u8], extensions: &[u8]) -> Vec<u8> {
    let [high, low] = number.to_be_bytes();
    let scheme = algorithm("1.2.840.10045.4.3.2");
    let life = [at("2026-01-01T00:00:00Z"), at("2036-01-01T00:00:00Z")].map(time);
    let tbs = der(
        0x30,
        &[
            &der(0xa0, &[&[2, 1, 2]]),
            &[2, 3, 1, high, low],
            &scheme,
            &name(subject),
            &der(0x30, &[&life[0], &life[1]]),
            &name(subject),
            spki,
            extensions,
        ],
    );
    der(0x30, &[&tbs, &scheme, &der(3, &[&[0, 1]])])
}

/// One that could be an authority.
fn junk_authority(subject: &str, number: u16, spki: &[u8]) -> Vec<u8> {
    let constraints = extension(BASIC_CONSTRAINTS, true, &der(0x30, &[&[1, 1, 0xff]]));
    let all = der(0xa3, &[&der(0x30, &[&constraints])]);
    junk(subject, number, spki, &all)
}

/// Goal: hiding that the signer is revoked. Method: a thousand certificates of strangers in places
/// that nobody signed, each of which costs a verification, so that little is left for the answer.
#[test]
fn check_37_strangers_certificates_use_up_nothing_that_a_verdict_needs() {
    let root = Draft::authority("Корень", 1).own();
    let person = Draft::person("Анна", 5).by(&root);
    let good = list(vec![]).by(&root);
    let revoked = Reply::new(Says::Revoked(EARLY, Some(3)), NEWER.0, Some(NEWER.1));
    let revoked = revoked.about(5, &root, &root);
    let plain = gathered(&person, &[], std::slice::from_ref(&good));
    let report = judged(&plain, &[&root], &[]);
    assert_eq!(report.indication, Indication::TotalPassed);
    let (dear, cheap) = (dear_key(), key(KeyKind::EcdsaP256, 77).spki_der());
    for left in [4_u16, 8, 12, 16, 24] {
        let mut facts = plain.clone();
        let small = (128 - left % 128) / 4;
        let all = (0..1_023).map(|number| junk("X", number, &dear, &[]));
        let small = (0..small).map(|number| junk("X", 2_000 + number, &cheap, &[]));
        let pieces = all.chain(small).map(|der| Piece {
            der: Der::from(der),
            revision: None,
            signed: false,
        });
        facts.evidence.certificates.extend(pieces);
        let report = judged(&facts, &[&root], std::slice::from_ref(&revoked));
        assert_eq!(codes(&report)[0], "certificate_revoked", "{left}");
        assert_eq!(report.indication, Indication::Indeterminate, "{left}");
        // And where nothing is revoked, they change nothing.
        let report = judged(&facts, &[&root], &[]);
        assert_eq!(report.indication, Indication::TotalPassed, "{left}");
    }
}

/// Goal: the same, with work that cannot be left out. Method: each of many signers has sixty false
/// issuers; at the last signers nothing is verified any more. One of them is revoked by an answer,
/// one by a list though nobody need ask about it.
#[test]
fn check_37_what_was_not_verified_is_never_good() {
    let root = Draft::authority("Корень", 1).own();
    let authority = Draft::authority("Издатель", 2).by(&root);
    let dear = dear_key();
    let issuers = (0..60).map(|number| junk_authority("Издатель", number, &dear));
    let sent: Vec<Vec<u8>> = issuers.chain([authority.certificate.clone()]).collect();
    let mut all: Option<Facts> = None;
    for serial in 20..42 {
        let mut person = Draft::person("Анна", serial);
        if serial == 41 {
            person = person
                .with(NO_REV_AVAIL, false, &[5, 0])
                .valid("2026-07-31T12:00:00Z", "2026-08-01T12:00:00Z");
        }
        let one = gathered(&person.by(&authority), &sent, &[]);
        match &mut all {
            None => all = Some(one),
            Some(all) => all.signatures.extend(one.signatures),
        }
    }
    let all = all.unwrap();
    let moment = "2026-07-31T13:00:00Z";
    let own = list(vec![entry(41, moment, Some(1))]).by(&authority);
    let revoked = Reply::new(Says::Revoked(EARLY, Some(3)), NEWER.0, Some(NEWER.1));
    let revoked = revoked.about(40, &authority, &authority);
    let evidence = [list(vec![]).by(&root), own, revoked];
    // Given by the administrator, so that each path is found first, and not until its end.
    let given = [&evidence[..], std::slice::from_ref(&authority.certificate)].concat();
    let report = judged(&all, &[&root], &given);
    assert_eq!(report.indication, Indication::Indeterminate);
    let (first, last) = (&report.signatures[0], &report.signatures[20..]);
    assert_eq!(
        first.indication,
        Indication::TotalPassed,
        "{:?}",
        first.reasons
    );
    for one in last {
        assert_eq!(one.indication, Indication::Indeterminate);
        assert!(has(one, Code::WorkExceeded), "{:?}", one.reasons);
    }
    let told = |reason: &&Reason| reason.code == Code::WorkExceeded;
    let told = last[0].reasons.iter().find(told).unwrap();
    assert_eq!(&told.args["limit"], "verification_work_max");
    assert_eq!(&told.args["max"], "131072");
}

/// Evidence that was left out excuses nobody, though nobody need ask about them.
#[test]
fn check_37_a_heap_excuses_no_short_lived_certificate() {
    let root = Draft::authority("Корень", 1).own();
    let person = Draft::person("Анна", 5).with(NO_REV_AVAIL, false, &[5, 0]);
    let person = person.valid("2026-07-31T12:00:00Z", "2026-08-01T12:00:00Z");
    let mut facts = gathered(&person.by(&root), &[], &[]);
    let report = judged(&facts, &[&root], &[]);
    assert_eq!(report.indication, Indication::TotalPassed);
    facts.evidence.cut = true;
    let report = judged(&facts, &[&root], &[]);
    assert_eq!(report.indication, Indication::Indeterminate);
    let reasons = &report.signatures[0].reasons;
    assert_eq!(reasons[0].code, Code::RevocationUnknown);
    assert_eq!(&reasons[0].args["why"], "too_many");
}

fn doubted(report: &ValidationReport, why: &str, what: &str) {
    let found = codes(report);
    assert_eq!(
        report.indication,
        Indication::Indeterminate,
        "{what}: {found:?}"
    );
    let reasons = &report.signatures[0].reasons;
    let doubt = |one: &&Reason| one.code == Code::RevocationDoubted;
    let doubt = reasons.iter().find(doubt).expect(what);
    assert_eq!(&doubt.args["why"], why, "{what}");
}

/// Goal: using a key that is known to be lost. Method: another certificate of it was revoked, and
/// its issuer is hidden beneath false ones of the same name.
#[test]
fn check_37_a_search_that_is_cut_off_hides_no_lost_key() {
    let root = Draft::authority("Корень", 1).own();
    let authority = Draft::authority("Издатель", 2).by(&root);
    let other = Draft::authority("Другой", 3).by(&root);
    let person = Draft::person("Анна", 5).by(&authority);
    let mut again = Draft::person("Анна", 5);
    again.serial = 55;
    let again = again.by(&other);
    let stolen = list(vec![entry(55, EARLY, Some(1))]).by(&other);
    let good = [&root, &authority].map(|one| list(vec![]).by(one));
    let evidence = [&good[..], &[stolen]].concat();
    let cheap = key(KeyKind::EcdsaP256, 77).spki_der();
    let judged = |false_ones: u16, evidence: &[Vec<u8>]| {
        let mut sent = vec![authority.certificate.clone(), again.certificate.clone()];
        sent.extend((0..false_ones).map(|number| junk_authority("Другой", number, &cheap)));
        sent.push(other.certificate.clone());
        judged(&gathered(&person, &sent, &[]), &[&root], evidence)
    };
    let report = judged(0, &good);
    assert_eq!(report.indication, Indication::TotalPassed);
    assert!(codes(&judged(0, &evidence)).contains(&"certificate_revoked"));
    assert!(codes(&judged(40, &evidence)).contains(&"certificate_revoked"));
    doubted(
        &judged(70, &evidence),
        "unsearched",
        "seventy false issuers",
    );
    let report = judged(70, &good);
    assert_eq!(report.indication, Indication::TotalPassed, "nobody says so");
}

/// Goal: calling somebody's key lost. Method: an authority that is trusted for timestamps alone
/// certifies that key and revokes what it certified.
#[test]
fn check_32_who_vouches_for_clocks_revokes_no_signer() {
    let root = Draft::authority("Корень", 1).own();
    let clocks = Draft::authority("Часы", 3).own();
    let person = Draft::person("Анна", 5).by(&root);
    let mut again = Draft::person("Анна", 5);
    again.serial = 55;
    let again = again.by(&clocks);
    let stolen = list(vec![entry(55, EARLY, Some(1))]).by(&clocks);
    let mut given = GivenEvidence::none();
    for piece in [&list(vec![]).by(&root), &stolen] {
        given.add(piece).expect("a piece of evidence");
    }
    let facts = gathered(&person, &[again.certificate], &[]);
    let trusted = |holder: &Holder| Anchors::from_pem_or_der(&holder.certificate).unwrap();
    let indication = |clocks: Anchors| {
        let mut both = trusted(&root);
        both.extend(clocks);
        let policy = ValidationPolicy::default();
        let report = sig::judge_with(&facts, &policy, at(NOW), &both, &given);
        (
            report.indication,
            codes(&report).first().copied() == Some("certificate_revoked"),
        )
    };
    assert_eq!(
        indication(trusted(&clocks)),
        (Indication::Indeterminate, true)
    );
    let alone = trusted(&clocks).for_timestamps();
    assert_eq!(indication(alone), (Indication::TotalPassed, false));
}

/// Goal: the same, beneath many certificates of the lost key itself, each said to be lost.
#[test]
fn check_37_many_certificates_of_a_key_hide_no_loss() {
    let root = Draft::authority("Корень", 1).own();
    let person = Draft::person("Анна", 5).by(&root);
    let mut again = Draft::person("Анна", 5);
    again.serial = 55;
    let again = again.by(&root);
    let own = person.key.spki_der();
    let stranger = Draft::authority("X", 9).own();
    let named = (0..70).map(|_| entry(1, EARLY, Some(1))).collect();
    let mut named = list(named);
    for (number, one) in named.entries.iter_mut().enumerate() {
        one.serial = u8::try_from(number).unwrap();
    }
    let named = named.by(&stranger);
    let copies = (0..70_u8).map(|serial| {
        let mut copy = Draft::person("X", 5).of_spki(own.clone());
        copy.serial = serial;
        copy.by(&stranger).certificate
    });
    let stolen = list(vec![entry(55, EARLY, Some(1))]).by(&root);
    let good = list(vec![]).by(&root);
    let judged = |copies: Vec<Vec<u8>>, evidence: &[Vec<u8>]| {
        let sent = [copies, vec![again.certificate.clone()]].concat();
        judged(&gathered(&person, &sent, &[]), &[&root], evidence)
    };
    let all: Vec<Vec<u8>> = copies.collect();
    let few = judged(all[..20].to_vec(), &[named.clone(), stolen.clone()]);
    assert!(
        codes(&few).contains(&"certificate_revoked"),
        "{:?}",
        codes(&few)
    );
    doubted(
        &judged(all.clone(), &[named, stolen]),
        "unsearched",
        "seventy",
    );
    let report = judged(all, &[good]);
    assert_eq!(report.indication, Indication::TotalPassed);
}

/// Goal: passing over a list by the issuer's next key. Method: false certificates of the issuer's
/// name before that of the key.
#[test]
fn check_37_a_heap_of_namesakes_hides_no_list() {
    let root = Draft::authority("Корень", 1).own();
    let authority = Draft::authority("Издатель", 2).by(&root);
    let next = Draft::authority("Издатель", 3).by(&root);
    let person = Draft::person("Анна", 5).by(&authority);
    let good = [&root, &authority].map(|one| list(vec![]).by(one));
    let newer = List::of(NEWER.0, NEWER.1, vec![entry(5, EARLY, Some(3))]).by(&next);
    let cheap = key(KeyKind::EcdsaP256, 77).spki_der();
    let judged = |false_ones: u16, more: &[Vec<u8>]| {
        let mut sent = vec![authority.certificate.clone()];
        sent.extend((0..false_ones).map(|number| junk_authority("Издатель", number, &cheap)));
        sent.push(next.certificate.clone());
        let evidence = [&good[..], more].concat();
        judged(&gathered(&person, &sent, &[]), &[&root], &evidence)
    };
    let report = judged(20, &[]);
    assert_eq!(report.indication, Indication::TotalPassed);
    let more = std::slice::from_ref(&newer);
    doubted(&judged(0, more), "signature", "its next key");
    doubted(&judged(20, more), "unsearched", "beneath a heap");
}
