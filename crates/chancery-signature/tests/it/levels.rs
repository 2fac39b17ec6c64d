//! Levels of PAdES: what is raised passes by what it holds, and years later too.

use crate::support::{packed_pdf, small_pdf};
use crate::town::*;
use chancery_pdf::xref::XrefKind;
use chancery_pdf::{Limits, Pdf};
use chancery_signature as sig;
use sig::{ExtendError, GivenEvidence, Indication, KeyKind, LongTermLevel};

pub const KINDS: [KeyKind; 3] = [KeyKind::EcdsaP256, KeyKind::Rsa, KeyKind::Ed25519];

/// How many revisions there are, all with cross-references of one kind.
fn revisions(file: &[u8], kind: XrefKind) -> usize {
    let limits = Limits::default();
    let pdf = Pdf::open(file, &limits).unwrap();
    let kinds: Vec<XrefKind> = pdf.revisions().iter().map(|one| one.kind).collect();
    assert_eq!(kinds, vec![kind; kinds.len()]);
    kinds.len()
}

/// Goal: every level passes for every kind of key, number of signers and kind of cross-references:
/// on the day, and where the level says so after the certificates ended. Method: files are made by
/// our own code and judged by what they hold; B-B and B-T need the lists beside them.
#[test]
fn every_level_passes_on_the_day_and_as_long_as_it_says() {
    let town = Town::new(Stamps::NeverRevoked);
    let none = GivenEvidence::none();
    for (original, xref) in [
        (small_pdf(), XrefKind::Table),
        (packed_pdf(), XrefKind::Stream),
    ] {
        for kind in KINDS {
            for count in 1..=3_u8 {
                let what = |level| format!("{level} {kind:?} {count} {xref:?}");
                let signers = usize::from(count);
                let bare = town.signed(&original, kind, count, None);
                let report = town.judged(&bare, GATHERED, &town.evidence());
                all_passed(&report, signers, &what("B-B"));

                let stamped = town.signed(&original, kind, count, Some(SIGNED));
                let report = town.judged(&stamped, GATHERED, &town.evidence());
                all_passed(&report, signers, &what("B-T"));
                let report = town.judged(&stamped, YEARS_LATER, &none);
                assert_eq!(report.indication, Indication::Indeterminate);

                let kept = town.extended(&stamped, LongTermLevel::Lt);
                assert!(kept.starts_with(&stamped));
                let archived = town.extended(&stamped, LongTermLevel::Lta);
                assert!(archived.starts_with(&kept), "the store is the same");
                for moment in [GATHERED, YEARS_LATER] {
                    let report = town.judged(&kept, moment, &none);
                    all_passed(&report, signers, &what("B-LT"));
                    let report = town.judged(&archived, moment, &none);
                    all_passed(&report, signers + 1, &what("B-LTA"));
                }
                let by = (&town.second_stamps, RENEWED);
                let renewed = town.try_extend(&archived, LongTermLevel::Lta, by, &none);
                let renewed = [archived.clone(), renewed.unwrap().bytes].concat();
                let report = town.judged(&renewed, DECADE_LATER, &none);
                all_passed(&report, signers + 2, &what("B-LTA again"));
                for level in [&kept, &archived] {
                    let report = town.judged(level, DECADE_LATER, &none);
                    assert_ne!(report.indication, Indication::TotalPassed);
                }
                let expected = signers + 4;
                assert_eq!(revisions(&renewed, xref), expected, "{}", what("revisions"));
            }
        }
    }
}

#[test]
fn what_the_store_holds_is_not_written_again() {
    let town = Town::new(Stamps::NeverRevoked);
    let stamped = town.signed(&small_pdf(), KeyKind::EcdsaP256, 1, Some(SIGNED));
    let kept = town.extended(&stamped, LongTermLevel::Lt);
    assert_eq!(town.extended(&kept, LongTermLevel::Lt), kept);
    let archived = town.extended(&kept, LongTermLevel::Lta);
    assert_eq!(archived, town.extended(&stamped, LongTermLevel::Lta));
}

/// Goal: only what the paths need is kept. Method: evidence of strangers beside that of the town.
#[test]
fn evidence_of_strangers_is_left_out() {
    let town = Town::new(Stamps::NeverRevoked);
    let stamped = town.signed(&small_pdf(), KeyKind::EcdsaP256, 1, Some(SIGNED));
    let stranger = crate::authority::Draft::authority("Чужой", 9).own();
    let list = crate::authority::List::of("2026-08-01T00:00:00Z", "2026-08-08T00:00:00Z", vec![]);
    let mut pieces = town.lists("2026-08-01T00:00:00Z", "2026-08-08T00:00:00Z");
    pieces.push(list.by(&stranger));
    pieces.push(stranger.certificate.clone());
    let by = (&town.first_stamps, GATHERED);
    let extended = town.try_extend(&stamped, LongTermLevel::Lt, by, &given(&pieces));
    let kept = [stamped, extended.unwrap().bytes].concat();
    let facts = sig::gather_pdf(&kept, &sig::Limits::default());
    // The signatory, the issuing authority, the root; the timestamping authority and its root.
    assert_eq!(facts.evidence.certificates.len(), 5);
    assert_eq!(facts.evidence.crls.len(), 3);
}

/// Goal: what is kept beside a file that cannot grow yet is what raising it takes, as long as the
/// file does not hold it, and it is told until when it can be had. Method: evidence of the town and
/// of a stranger; a raised file; the certificates of everybody who is asked about.
#[test]
fn what_is_kept_beside_a_file_is_what_raising_it_takes() {
    use crate::support::at;
    let town = Town::new(Stamps::NeverRevoked);
    let stamped = town.signed(&small_pdf(), KeyKind::EcdsaP256, 2, Some(SIGNED));
    let stranger = crate::authority::Draft::authority("Чужой", 9).own();
    let list = crate::authority::List::of("2026-08-01T00:00:00Z", "2026-08-08T00:00:00Z", vec![]);
    let mut pieces = town.lists("2026-08-01T00:00:00Z", "2026-08-08T00:00:00Z");
    let own = pieces.clone();
    pieces.extend([list.by(&stranger), stranger.certificate.clone()]);
    let evidence = given(&pieces);
    let keepable = |file: &[u8], moment: &str| {
        let limits = sig::Limits::default();
        let facts = sig::gather_pdf(file, &limits);
        let wanted = sig::Extension {
            level: LongTermLevel::Lta,
            evidence: &evidence,
            anchors: &town.anchors(),
            policy: &sig::ValidationPolicy::default(),
            at: at(moment),
            limits: &limits,
        };
        sig::keepable(&facts, &wanted)
    };
    let found = keepable(&stamped, GATHERED);
    assert!(!found.pieces.is_empty());
    assert!(found.pieces.iter().all(|piece| own.contains(piece)));
    let by = (&town.first_stamps, GATHERED);
    let raised = |pieces: &[Vec<u8>]| {
        let raised = town.try_extend(&stamped, LongTermLevel::Lta, by, &given(pieces));
        raised.map(|one| one.bytes)
    };
    assert_eq!(raised(&found.pieces), raised(&own));
    assert!(raised(&found.pieces[1..]).is_err());
    // The signatories' certificates end first, and then nobody needs to be asked about them.
    assert!(found.ends.is_sorted() && found.ends.len() > 1);
    assert_eq!(keepable(&stamped, YEARS_LATER).ends, found.ends[1..]);
    let whole = [stamped.clone(), raised(&own).unwrap()].concat();
    assert_eq!(keepable(&whole, GATHERED).pieces, Vec::<Vec<u8>>::new());
}

#[test]
fn answers_of_a_responder_serve_as_lists_do() {
    use crate::authority::{Reply, Says};
    let town = Town::new(Stamps::NeverRevoked);
    let stamped = town.signed(&packed_pdf(), KeyKind::EcdsaP256, 2, Some(SIGNED));
    let reply = Reply::new(
        Says::Good,
        "2026-08-01T00:00:00Z",
        Some("2026-08-08T00:00:00Z"),
    );
    let evidence = given(&[
        reply.about(2, &town.root, &town.root),
        reply.about(10, &town.authority, &town.authority),
        reply.about(11, &town.authority, &town.authority),
        reply.about(77, &town.authority, &town.authority),
    ]);
    let by = (&town.first_stamps, GATHERED);
    let extended = town.try_extend(&stamped, LongTermLevel::Lta, by, &evidence);
    let archived = [stamped, extended.unwrap().bytes].concat();
    let facts = sig::gather_pdf(&archived, &sig::Limits::default());
    assert_eq!(facts.evidence.ocsps.len(), 3);
    let report = town.judged(&archived, YEARS_LATER, &GivenEvidence::none());
    all_passed(&report, 3, "B-LTA by OCSP");
}

#[test]
fn a_level_that_would_not_carry_is_refused_by_name() {
    let town = Town::new(Stamps::NeverRevoked);
    let by = (&town.first_stamps, GATHERED);
    let lists = town.evidence();
    let refused = |file: &[u8], evidence: &GivenEvidence| {
        let refused = town.try_extend(file, LongTermLevel::Lta, by, evidence);
        refused.unwrap_err()
    };
    assert_eq!(refused(&small_pdf(), &lists), ExtendError::NothingSigned);
    assert_eq!(refused(b"nothing", &lists), ExtendError::NothingSigned);
    let bare = town.signed(&small_pdf(), KeyKind::EcdsaP256, 1, None);
    let signature = "Chancery".to_owned();
    assert_eq!(
        refused(&bare, &lists),
        ExtendError::NotTimestamped { signature }
    );
    let stamped = town.signed(&small_pdf(), KeyKind::EcdsaP256, 2, Some(SIGNED));
    let poor = refused(&stamped, &GivenEvidence::none());
    assert_eq!(
        poor.to_string(),
        "the signatures would not pass by what the file holds: revocation_unchecked"
    );
    let mut broken = stamped.clone();
    broken[20] ^= 1;
    assert!(matches!(
        refused(&broken, &lists),
        ExtendError::NotProven(_) | ExtendError::NothingSigned | ExtendError::Pdf(_)
    ));
    let foreign = Town {
        root: crate::authority::Draft::authority("Чужой корень", 9).own(),
        ..Town::new(Stamps::NeverRevoked)
    };
    let lost = foreign.try_extend(&stamped, LongTermLevel::Lt, by, &lists);
    let subject = "CN=Анна 10".to_owned();
    assert_eq!(lost.unwrap_err(), ExtendError::PathMissing { subject });
}

#[test]
fn a_token_that_is_none_or_over_something_else_is_refused() {
    let town = Town::new(Stamps::NeverRevoked);
    let stamped = town.signed(&small_pdf(), KeyKind::EcdsaP256, 1, Some(SIGNED));
    let wanted = sig::Extension {
        level: LongTermLevel::Lta,
        evidence: &town.evidence(),
        anchors: &town.anchors(),
        policy: &sig::ValidationPolicy::default(),
        at: crate::support::at(GATHERED),
        limits: &sig::Limits::default(),
    };
    let answers = |answer: Result<Vec<u8>, String>| {
        let extended = sig::extend_pdf(&stamped, &wanted, |_| answer);
        extended.unwrap_err().to_string()
    };
    let silent = answers(Err("503 Service Unavailable".to_owned()));
    assert_eq!(silent, "no timestamp was given: 503 Service Unavailable");
    let other = stamp(&town.first_stamps, &[7; 32], GATHERED);
    assert_eq!(answers(Ok(other)), "the token is over something else");
    assert!(answers(Ok(b"nonsense".to_vec())).starts_with("not a timestamp token"));
}

/// Goal: a level is of what verifies, and is told whoever is trusted. Method: an archived file
/// judged where nobody is trusted, with one byte changed, and with its last timestamp broken.
#[test]
fn a_level_is_told_without_trust_and_not_of_what_does_not_verify() {
    use sig::report::SignatureLevel;
    let town = Town::new(Stamps::NeverRevoked);
    let stamped = town.signed(&small_pdf(), KeyKind::EcdsaP256, 1, Some(SIGNED));
    let archived = town.extended(&stamped, LongTermLevel::Lta);
    let level = |file: &[u8]| {
        let facts = sig::gather_pdf(file, &sig::Limits::default());
        let policy = sig::ValidationPolicy::default();
        let at = GATHERED.parse().unwrap();
        let report = sig::judge(&facts, &policy, at, &sig::Anchors::none());
        assert_ne!(report.indication, Indication::TotalPassed);
        report.signatures[0].level
    };
    assert_eq!(level(&archived), Some(SignatureLevel::Lta));
    assert_eq!(level(&stamped), Some(SignatureLevel::T));
    let mut changed = archived.clone();
    changed[9] ^= 1;
    assert_eq!(level(&changed), None);
    // Nothing but the bytes that the document timestamp covers: the store before it.
    let store = archived.windows(6).position(|one| one == b"/Certs");
    let mut unproven = archived.clone();
    unproven[store.unwrap() - 1] ^= 0x20;
    assert!(level(&unproven) < Some(SignatureLevel::Lta));
}

/// Goal: what is raised tells on which digests it rests, and ends when the policy takes one of them
/// no more, if that comes before its certificate ends. Method: a timestamping authority whose
/// certificate is over SHA-1, by policies with and without a day to come, at both levels; one whose
/// certificate is not.
#[test]
fn what_is_raised_ends_when_a_digest_that_it_rests_on_ages() {
    use crate::authority::{Draft, NO_REV_AVAIL, TIME_STAMPING};
    use crate::support::at;
    let aging = sig::ValidationPolicy {
        sha1_until: Some(at("2028-03-01T00:00:00Z")),
        ..sig::ValidationPolicy::default()
    };
    let mut town = Town::new(Stamps::NeverRevoked);
    let weak = Draft::service("Старая служба времени", 8, TIME_STAMPING)
        .valid("2026-01-01T00:00:00Z", "2029-01-01T00:00:00Z")
        .with(NO_REV_AVAIL, false, &[5, 0])
        .weak()
        .by(&town.stamps_roots[0]);
    let good = std::mem::replace(&mut town.first_stamps, weak);
    let stamped = town.signed(&small_pdf(), KeyKind::EcdsaP256, 2, Some(SIGNED));
    let raised = |stamps, level| {
        let wanted = sig::Extension {
            level,
            evidence: &town.evidence(),
            anchors: &town.anchors(),
            policy: &aging,
            at: at(GATHERED),
            limits: &sig::Limits::default(),
        };
        let stamp = |imprint: &[u8; 32]| Ok(stamp(stamps, imprint, GATHERED));
        sig::extend_pdf(&stamped, &wanted, stamp).unwrap().ground
    };
    use sig::DigestAlgorithm::{Sha1, Sha256};
    let rests = |ends: &str, digests: &[sig::DigestAlgorithm]| sig::Ground {
        ends: Some(at(ends)),
        digests: digests.iter().copied().collect(),
        rsa_bits: None,
    };
    for level in [LongTermLevel::Lt, LongTermLevel::Lta] {
        let ground = raised(&town.first_stamps, level);
        let expected = rests("2028-03-01T00:00:00Z", &[Sha1, Sha256]);
        assert_eq!(ground, expected, "{level:?}");
    }
    let ground = raised(&good, LongTermLevel::Lta);
    assert_eq!(ground, rests("2029-01-01T00:00:00Z", &[Sha256]));
}

/// Goal: what is raised tells on how long a key it rests, and ends when the policy takes such keys
/// no more; by one that it takes no more nothing is raised. Method: a timestamping authority with
/// an RSA key, and one whose root has one, by policies with days to come and past.
#[test]
fn what_is_raised_ends_when_a_key_that_it_rests_on_ages() {
    use crate::authority::{Draft, NO_REV_AVAIL, TIME_STAMPING};
    use crate::support::{at, key};
    let rsa = key(KeyKind::Rsa, 0);
    let mut town = Town::new(Stamps::NeverRevoked);
    let service = |by: &crate::authority::Holder, seed| {
        let draft = Draft::service("Служба времени", seed, TIME_STAMPING);
        let draft = draft.valid("2026-01-01T00:00:00Z", "2029-01-01T00:00:00Z");
        (draft.with(NO_REV_AVAIL, false, &[5, 0]), by.clone())
    };
    let old_root = Draft::authority("Старый корень времени", 8);
    let old_root = old_root.valid("2026-01-01T00:00:00Z", "2046-01-01T00:00:00Z");
    let old_root = old_root.of_key(&rsa).own();
    let (own, by) = service(&town.stamps_roots[0], 9);
    let own = own.of_key(&rsa).by(&by);
    let (above, by) = service(&old_root, 9);
    let above = above.by(&by);
    town.stamps_roots[1] = old_root;
    let stamped = town.signed(&small_pdf(), KeyKind::EcdsaP256, 2, Some(SIGNED));
    let raised = |stamps, until: &str| {
        let day = sig::KeyDay {
            bits: 2048,
            until: at(until),
        };
        let wanted = sig::Extension {
            level: LongTermLevel::Lta,
            evidence: &town.evidence(),
            anchors: &town.anchors(),
            policy: &sig::ValidationPolicy {
                rsa_bits_min: 4096,
                rsa_until: vec![day],
                ..sig::ValidationPolicy::default()
            },
            at: at(GATHERED),
            limits: &sig::Limits::default(),
        };
        let stamp = |imprint: &[u8; 32]| Ok(stamp(stamps, imprint, GATHERED));
        sig::extend_pdf(&stamped, &wanted, stamp)
    };
    let ahead = "2028-03-01T00:00:00Z";
    for (stamps, bits, ends) in [
        (&own, true, ahead),
        (&above, true, ahead),
        (&town.first_stamps, false, "2029-01-01T00:00:00Z"),
    ] {
        let ground = raised(stamps, ahead).unwrap().ground;
        assert_eq!(
            (ground.rsa_bits.is_some(), ground.ends),
            (bits, Some(at(ends)))
        );
        let past = raised(stamps, GATHERED);
        let refused = matches!(past, Err(ExtendError::StampKey { .. }));
        assert_eq!(refused, bits, "{past:?}");
    }
}
