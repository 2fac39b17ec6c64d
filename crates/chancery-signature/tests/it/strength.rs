//! Every key and every digest that a verdict rests on is strong enough: along the path, of those
//! who speak of revocation, and of timestamps.

use crate::authority::*;
use crate::forge::{
    Forge, Plan, SHA256, algorithm, attribute, codes, der, facts, oid, plain, sig1, split,
};
use crate::short_keys::short_key;
use crate::support::{at, key};
use chancery_signature as sig;
use sig::report::SignatureReport;
use sig::{
    Anchors, Code, DigestAlgorithm, Facts, GivenEvidence, Indication, KeyKind, Limits,
    SubIndication, ValidationPolicy, ValidationReport,
};

const TEXT: &[u8] = b"what is signed";
const NOW: &str = "2026-08-01T00:00:00Z";
const STAMPED: &str = "2026-07-31T12:00:00Z";
const FRESH: (&str, &str) = ("2026-07-31T00:00:00Z", "2026-08-05T00:00:00Z");
const SIGNATURE_TIMESTAMP: &str = "1.2.840.113549.1.9.16.2.14";
const SHA1: (DigestAlgorithm, &str) = (DigestAlgorithm::Sha1, "1.3.14.3.2.26");
const RSASSA_PSS: &str = "1.2.840.113549.1.1.10";
const MD5: (DigestAlgorithm, &str) = (DigestAlgorithm::Md5, "1.2.840.113549.2.5");

/// Everybody whose key counts, and the words about revocation.
struct Town {
    root: Holder,
    authority: Holder,
    person: Holder,
    stamps: Holder,
    evidence: Vec<Vec<u8>>,
}

/// Whose key is another one than P-256.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Whose {
    Nobodys,
    Roots,
    Authoritys,
    Persons,
    Stamps,
}

fn town(whose: Whose, other: &sig::SigningKey) -> Town {
    let keyed = |draft: Draft, own: Whose| match own == whose {
        true => draft.of_key(other),
        false => draft,
    };
    let root = keyed(Draft::authority("Корень", 1), Whose::Roots).own();
    let authority = keyed(Draft::authority("Издатель", 2), Whose::Authoritys).by(&root);
    let person = keyed(Draft::person("Анна", 5), Whose::Persons).by(&authority);
    let stamps = Draft::service("Служба времени", 3, TIME_STAMPING);
    let stamps = stamps.with(NO_REV_AVAIL, false, &[5, 0]);
    let stamps = keyed(stamps, Whose::Stamps).by(&root);
    let list = |of: &Holder| List::of(FRESH.0, FRESH.1, vec![]).by(of);
    let evidence = vec![list(&root), list(&authority)];
    Town {
        root,
        authority,
        person,
        stamps,
        evidence,
    }
}

impl Town {
    fn judge(&self, facts: &Facts) -> ValidationReport {
        self.judge_by(facts, &ValidationPolicy::default())
    }

    fn judge_by(&self, facts: &Facts, policy: &ValidationPolicy) -> ValidationReport {
        let anchors = Anchors::from_pem_or_der(&self.root.certificate).unwrap();
        let mut given = GivenEvidence::none();
        for piece in &self.evidence {
            given.add(piece).expect("a piece of evidence");
        }
        sig::judge_with(facts, policy, at(NOW), &anchors, &given)
    }

    fn judged(&self, extras: &Extras) -> ValidationReport {
        self.judge(&self.signed(extras))
    }

    fn signed(&self, extras: &Extras) -> Facts {
        let mut extras = extras.clone();
        extras.certificates.push(self.authority.certificate.clone());
        let cms = signed_cms(&self.person, &[TEXT], &extras);
        sig::gather_cms(&cms, Some(TEXT), &Limits::default())
    }

    /// With everything that it is judged by under an archive timestamp.
    fn archived(&self) -> Facts {
        let mut extras = Extras {
            certificates: vec![self.authority.certificate.clone()],
            crls: self.evidence.clone(),
            ..Extras::default()
        };
        let sha256 = (DigestAlgorithm::Sha256, SHA256);
        let stamp = archive_stamp_by(
            &self.person,
            &[TEXT],
            &extras,
            &self.stamps,
            STAMPED,
            sha256,
        );
        extras.unsigned.push(stamp);
        let cms = signed_cms(&self.person, &[TEXT], &extras);
        sig::gather_cms(&cms, Some(TEXT), &Limits::default())
    }

    fn stamped(&self) -> ValidationReport {
        self.judged(&Extras {
            token_by: Some((self.stamps.clone(), STAMPED)),
            ..Extras::default()
        })
    }
}

fn untrusted(one: &SignatureReport) -> Option<&str> {
    let mut warnings = one.warnings.iter();
    let found = warnings.find(|one| one.code == Code::TimestampUntrusted)?;
    Some(&found.args["why"])
}

#[test]
fn check_35_every_key_of_a_path_is_long_enough() {
    let long = key(KeyKind::Rsa, 0);
    for whose in [
        Whose::Nobodys,
        Whose::Roots,
        Whose::Authoritys,
        Whose::Persons,
        Whose::Stamps,
    ] {
        let report = town(whose, &long).stamped();
        let passed = Indication::TotalPassed;
        assert_eq!(report.indication, passed, "{:?}", codes(&report));
        assert_eq!(report.signatures[0].time.proven, Some(at(STAMPED)));
    }
    let short = short_key();
    for (whose, code) in [
        (Whose::Roots, Code::ChainWeak),
        (Whose::Authoritys, Code::ChainWeak),
        (Whose::Persons, Code::KeyWeak),
    ] {
        let report = town(whose, &short).stamped();
        let weak = SubIndication::CryptoConstraintsFailure;
        assert_eq!(report.sub_indication, Some(weak), "{:?}", codes(&report));
        assert_eq!(report.indication, Indication::Indeterminate);
        let reasons = report.signatures[0].reasons.iter();
        let found = reasons.filter(|one| one.code == code).count();
        assert_eq!(found, 1, "{:?}", codes(&report));
    }
}

/// A policy by which keys of 1,024 bits end at this moment.
fn ends_at(until: &str) -> ValidationPolicy {
    let day = sig::KeyDay {
        bits: 1024,
        until: at(until),
    };
    ValidationPolicy {
        rsa_until: vec![day],
        ..ValidationPolicy::default()
    }
}

/// Goal: a short key counts in what is proven to have existed before its day, and is told; a claim
/// proves nothing. Method: each one of the path with such a key, stamped before the day, on it, and
/// only claimed to be older; certificates and lists under the timestamp too, or not. The root is
/// above the timestamps too, of which nothing proves when they were made.
#[test]
fn check_35_a_short_key_counts_until_its_day() {
    let short = short_key();
    let claim = Extras {
        signed: vec![attribute(
            "1.2.840.113549.1.9.5",
            &[&der(0x17, &[b"260731110000Z"])],
        )],
        ..Extras::default()
    };
    let stamp = |town: &Town| Extras {
        token_by: Some((town.stamps.clone(), STAMPED)),
        ..Extras::default()
    };
    let (passed, aged) = (Indication::TotalPassed, Code::KeyAged);
    for (whose, stamped, archived) in [
        (Whose::Persons, true, true),
        (Whose::Authoritys, false, true),
        (Whose::Roots, false, false),
        (Whose::Stamps, true, true),
    ] {
        let town = town(whose, &short);
        let judged = |facts: &Facts, until: &str| {
            let report = town.judge_by(facts, &ends_at(until));
            let mut warnings = report.signatures[0].warnings.iter();
            let is_aged = warnings.any(|one| one.code == aged);
            (report.indication == passed, is_aged)
        };
        let (passes, is_aged) = judged(&town.signed(&stamp(&town)), NOW);
        assert_eq!(passes, stamped, "{whose:?}");
        assert_eq!(is_aged, whose == Whose::Persons, "{whose:?}");
        let (passes, _) = judged(&town.archived(), NOW);
        assert_eq!(passes, archived, "{whose:?}");
        let report = town.judge_by(&town.archived(), &ends_at(NOW));
        let is_proven = matches!(whose, Whose::Persons | Whose::Authoritys);
        assert_eq!(report.signatures[0].time.proven.is_some(), is_proven);
        let no_time = whose == Whose::Stamps;
        let (passes, _) = judged(&town.archived(), STAMPED);
        assert_eq!(passes, no_time, "{whose:?}: on its day");
        let (passes, _) = judged(&town.signed(&claim), NOW);
        assert_eq!(passes, no_time, "{whose:?}: claimed");
        // Until a day to come nothing is said.
        let (passes, is_aged) = judged(&town.signed(&claim), "2031-01-01T00:00:00Z");
        assert!(passes && !is_aged, "{whose:?}");
    }
}

#[test]
fn check_35_a_short_key_stamps_no_time() {
    let town = town(Whose::Stamps, &short_key());
    let report = town.stamped();
    let one = &report.signatures[0];
    assert_eq!((one.time.proven, untrusted(one)), (None, Some("key_weak")));
    // The same in a PDF: the stamp proves nothing, and does not stand itself.
    let file = stamped_pdf(&town, (DigestAlgorithm::Sha256, SHA256));
    let report = town.judge(&facts(&file));
    let [signature, stamp] = report.signatures.as_slice() else {
        panic!("two signatures");
    };
    assert_eq!((signature.time.proven, stamp.time.proven), (None, None));
    let weak = |one: &&sig::report::Reason| one.code == Code::KeyWeak;
    assert_eq!(stamp.reasons.iter().filter(weak).count(), 1);
}

/// The form, signed and then stamped with an imprint of this digest.
fn stamped_pdf(town: &Town, imprint: (DigestAlgorithm, &str)) -> Vec<u8> {
    let house = crate::forge::house();
    let mut forge = Forge::form();
    forge.sign(&Plan::new(9, vec![sig1(9)]), |spans| plain(&house, spans));
    let own = |number: u32, text: &str| (number, text.to_owned());
    let mut plan = Plan::new(
        11,
        vec![
            own(
                1,
                "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[5 0 R 6 0 R 10 0 R]/SigFlags 3>>>>",
            ),
            own(10, "<</FT/Sig/T(Stamp)/V 11 0 R>>"),
        ],
    );
    plan.sub_filter = "ETSI.RFC3161";
    forge.sign(&plan, |spans| {
        stamped(
            &town.stamps,
            spans,
            STAMPED,
            imprint,
            &[],
            &Extras::default(),
        )
    });
    forge.bytes
}

#[test]
fn check_36_the_imprint_of_a_timestamp_is_strong_enough() {
    let town = town(Whose::Nobodys, &short_key());
    let sha256 = (DigestAlgorithm::Sha256, SHA256);
    let bare = signed_cms(&town.person, &[TEXT], &Extras::default());
    let value = value_of(&bare);
    for (imprint, proven) in [(sha256, true), (SHA1, false), (MD5, false)] {
        let extras = Extras::default();
        let token = stamped(&town.stamps, &[&value], STAMPED, imprint, &[], &extras);
        let report = town.judged(&Extras {
            unsigned: vec![attribute(SIGNATURE_TIMESTAMP, &[&token])],
            ..Extras::default()
        });
        let one = &report.signatures[0];
        assert_eq!(one.time.proven.is_some(), proven, "{:?}", codes(&report));
        assert_eq!(untrusted(one), (!proven).then_some("weak"));
        let report = town.judge(&facts(&stamped_pdf(&town, imprint)));
        let [signature, stamp] = report.signatures.as_slice() else {
            panic!("two signatures");
        };
        assert_eq!(signature.time.proven.is_some(), proven);
        let weak = stamp.reasons.iter().any(|one| one.code == Code::DigestWeak);
        assert_eq!(weak, !proven, "{:?}", codes(&report));
    }
}

#[test]
fn check_36_the_index_of_an_archive_timestamp_is_strong_enough() {
    let town = town(Whose::Nobodys, &short_key());
    for (index, proven) in [((DigestAlgorithm::Sha256, SHA256), true), (SHA1, false)] {
        let mut extras = Extras::default();
        extras.certificates.push(town.authority.certificate.clone());
        let stamp = archive_stamp_by(&town.person, &[TEXT], &extras, &town.stamps, STAMPED, index);
        extras.unsigned.push(stamp);
        let cms = signed_cms(&town.person, &[TEXT], &extras);
        let report = town.judge(&sig::gather_cms(&cms, Some(TEXT), &Limits::default()));
        let one = &report.signatures[0];
        assert_eq!(one.time.proven.is_some(), proven, "{:?}", codes(&report));
        assert_eq!(untrusted(one), (!proven).then_some("weak"));
    }
}

#[test]
fn check_35_who_answers_for_an_issuer_is_strong_enough() {
    let mut town = town(Whose::Nobodys, &short_key());
    let answered = |draft: Draft, town: &Town| {
        let delegate = draft
            .with(OCSP_NO_CHECK, false, &[5, 0])
            .by(&town.authority);
        let reply = Reply::new(Says::Good, FRESH.0, Some(FRESH.1));
        reply.about(5, &town.authority, &delegate)
    };
    let draft = || Draft::service("Ответчик", 6, OCSP_SIGNING);
    let lists = town.evidence.clone();
    for (draft, good) in [
        (draft(), true),
        (draft().of_key(&short_key()), false),
        (draft().weak(), false),
    ] {
        town.evidence = vec![lists[0].clone(), answered(draft, &town)];
        let report = town.judged(&Extras::default());
        let passed = report.indication == Indication::TotalPassed;
        assert_eq!(passed, good, "{:?}", codes(&report));
        let mut reasons = report.signatures[0].reasons.iter();
        let found = reasons.find(|one| one.code == Code::RevocationUnknown);
        assert_eq!(found.map(|one| &one.args["why"]), (!good).then_some("weak"));
    }
}

/// The key as one for RSASSA-PSS alone, with these parameters.
fn pss_spki(parameters: &[u8]) -> Vec<u8> {
    let spki = key(KeyKind::Rsa, 0).spki_der();
    let (_, _, inside, _) = split(&spki);
    let (_, _, _, bits) = split(inside);
    let kind = der(0x30, &[&oid(RSASSA_PSS), parameters]);
    der(0x30, &[&kind, bits])
}

/// `RSASSA-PSS-params` over one digest.
fn pss_parameters(digest: &str, salt: u8) -> Vec<u8> {
    let mask = der(0x30, &[&oid("1.2.840.113549.1.1.8"), &algorithm(digest)]);
    let digest = der(0xa0, &[&algorithm(digest)]);
    let parts = [digest, der(0xa1, &[&mask]), der(0xa2, &[&[2, 1, salt]])];
    der(0x30, &[&parts.concat()])
}

#[test]
fn check_31_a_key_for_pss_signs_by_pss_and_as_it_says() {
    let mut town = town(Whose::Nobodys, &short_key());
    let sha512 = "2.16.840.1.101.3.4.2.3";
    let pss = pss_parameters(SHA256, 32);
    for (bound, used, good) in [
        (None, Some(&pss), true),
        (Some(pss.clone()), Some(&pss), true),
        (Some(pss_parameters(SHA256, 20)), Some(&pss), true),
        (Some(pss_parameters(SHA256, 33)), Some(&pss), false),
        (Some(pss_parameters(sha512, 32)), Some(&pss), false),
        (None, None, false),
    ] {
        let draft = Draft::person("Анна", 5).of_key(&key(KeyKind::Rsa, 0));
        let spki = pss_spki(&bound.unwrap_or_default());
        town.person = draft.of_spki(spki).by(&town.authority);
        let way: Signs = by_pss;
        let report = town.judged(&Extras {
            signed_by: used.map(|pss| (der(0x30, &[&oid(RSASSA_PSS), pss]), way)),
            ..Extras::default()
        });
        let passed = report.indication == Indication::TotalPassed;
        assert_eq!(passed, good, "{:?}", codes(&report));
        assert_eq!(codes(&report).contains(&"value_inconsistent"), !good);
    }
}

/// Over SHA-256, with a salt as long.
fn by_pss(message: &[u8]) -> Vec<u8> {
    let pkcs8 = key(KeyKind::Rsa, 0).to_pkcs8_der().unwrap();
    let pair = ring::signature::RsaKeyPair::from_pkcs8(&pkcs8).unwrap();
    let mut value = vec![0; pair.public().modulus_len()];
    let random = ring::rand::SystemRandom::new();
    let scheme = &ring::signature::RSA_PSS_SHA256;
    pair.sign(scheme, &random, message, &mut value).unwrap();
    value
}
