//! Round trips: what we sign passes, now and in two years, and every tampering has its name.

use crate::support::{House, at, key, packed_pdf, signing_moment, small_pdf, visible_plan};
use chancery_signature as sig;
use chancery_types::Instant;
use sig::facts::{Facts, FileFormat, Unreadable};
use sig::report::{Check, CheckResult};
use sig::{
    Anchors, Answer, Code, Indication, KeyKind, Limits, SubIndication, ValidationPolicy,
    ValidationReport, Verification,
};

fn now() -> Instant {
    signing_moment().plus_seconds(3600)
}

fn two_years_on() -> Instant {
    at("2028-07-31T12:00:00Z")
}

fn anchors(house: &House) -> Anchors {
    Anchors::from_pem_or_der(house.pem().as_bytes()).expect("our own anchors")
}

fn judged(house: &House, file: &[u8], moment: Instant) -> ValidationReport {
    let facts = sig::gather(file, None, &Limits::default());
    sig::judge(
        &facts,
        &ValidationPolicy::default(),
        moment,
        &anchors(house),
    )
}

fn codes(report: &ValidationReport) -> Vec<&'static str> {
    let own = report.reasons.iter();
    let all = own.chain(report.signatures.iter().flat_map(|one| &one.reasons));
    all.map(|reason| reason.code.key()).collect()
}

fn twice_signed(house: &House, kind: KeyKind) -> Vec<u8> {
    let moment = Some(signing_moment());
    let once = house.sign_pdf(&small_pdf(), &key(kind, 5), "Анна", moment);
    house.sign_pdf(&once, &key(kind, 6), "Борис", moment)
}

#[test]
fn a_contract_signed_by_two_passes_now_and_two_years_on() {
    for kind in [KeyKind::EcdsaP256, KeyKind::Ed25519] {
        let house = House::new(kind);
        let file = twice_signed(&house, kind);
        for moment in [now(), two_years_on()] {
            let report = judged(&house, &file, moment);
            assert_eq!(codes(&report), Vec::<&str>::new());
            assert_eq!(report.indication, Indication::TotalPassed);
            assert_eq!((report.intact, report.crypto), (Answer::Yes, Answer::Yes));
            let [first, second] = report.signatures.as_slice() else {
                panic!("two signatures")
            };
            assert_eq!(first.warnings, vec![]);
            let name = |one: &sig::report::SignatureReport| {
                one.signer
                    .as_ref()
                    .unwrap()
                    .subject
                    .common_name
                    .clone()
                    .unwrap()
            };
            assert_eq!(
                (name(first).as_str(), name(second).as_str()),
                ("Анна", "Борис")
            );
            let covers = first.covers.as_ref().unwrap();
            assert_eq!((covers.whole_file, covers.revisions_after), (false, 1));
            assert!(second.covers.as_ref().unwrap().whole_file);
            assert_eq!(first.time.proven, Some(signing_moment()));
            assert!(
                first
                    .time
                    .proven_by
                    .as_ref()
                    .unwrap()
                    .contains("Служба времени")
            );
            assert_eq!(first.chain.len(), 2);
        }
    }
}

#[test]
fn three_visible_marks_on_the_sheet_disturb_no_earlier_signature() {
    let house = House::new(KeyKind::EcdsaP256);
    for original in [small_pdf(), packed_pdf()] {
        let mut file = original;
        for (seed, name) in [(5, "Анна"), (6, "Борис"), (7, "Вера")] {
            let key = key(KeyKind::EcdsaP256, seed);
            file = house.sign_plan(&file, &key, &visible_plan(name), Some(signing_moment()));
        }
        let report = judged(&house, &file, now());
        assert_eq!(codes(&report), Vec::<&str>::new());
        assert_eq!(report.indication, Indication::TotalPassed);
        assert_eq!((report.signatures.len(), report.intact), (3, Answer::Yes));
        let warned: Vec<Code> = report.signatures[0]
            .warnings
            .iter()
            .map(|reason| reason.code)
            .collect();
        assert_eq!(warned, [Code::MarkAdded, Code::MarkAdded]);
        assert_eq!(report.signatures[2].warnings, vec![]);
    }
}

#[test]
fn without_a_timestamp_a_day_certificate_ends_with_its_day() {
    let house = House::new(KeyKind::EcdsaP256);
    let file = house.sign_pdf(&small_pdf(), &key(KeyKind::EcdsaP256, 5), "Анна", None);
    let report = judged(&house, &file, now());
    assert_eq!(
        report.indication,
        Indication::TotalPassed,
        "{:?}",
        codes(&report)
    );
    assert_eq!(report.signatures[0].warnings[0].code, Code::TimeUnproven);
    let report = judged(&house, &file, two_years_on());
    assert_eq!(codes(&report), ["certificate_expired"]);
    assert_eq!(report.indication, Indication::Indeterminate);
    assert_eq!(report.sub_indication, Some(SubIndication::OutOfBoundsNoPoe));
    assert_eq!(report.intact, Answer::Yes, "trust is not integrity");
}

#[test]
fn a_timestamp_before_the_certificate_is_a_contradiction() {
    let house = House::new(KeyKind::EcdsaP256);
    let early = signing_moment().plus_seconds(-3600);
    let file = house.sign_pdf(
        &small_pdf(),
        &key(KeyKind::EcdsaP256, 5),
        "Анна",
        Some(early),
    );
    let report = judged(&house, &file, now());
    assert_eq!(report.sub_indication, Some(SubIndication::NotYetValid));
    assert_eq!(report.indication, Indication::TotalFailed);
}

#[test]
fn trust_comes_from_anchors_only_and_an_unchecked_authority_is_never_green() {
    let house = House::new(KeyKind::EcdsaP256);
    let file = twice_signed(&house, KeyKind::EcdsaP256);
    let facts = sig::gather(&file, None, &Limits::default());
    let policy = ValidationPolicy::default();
    let report = sig::judge(&facts, &policy, now(), &Anchors::none());
    assert_eq!(
        report.sub_indication,
        Some(SubIndication::NoCertificateChainFound)
    );
    assert_eq!(
        (report.indication, report.intact),
        (Indication::Indeterminate, Answer::Yes)
    );
    // The root alone: nobody says whether the issuing authority is revoked.
    let root = Anchors::from_pem_or_der(&house.root).unwrap();
    let report = sig::judge(&facts, &policy, now(), &root);
    assert_eq!(report.sub_indication, Some(SubIndication::TryLater));
    assert!(codes(&report).contains(&"revocation_unchecked"));
    assert_eq!(report.indication, Indication::Indeterminate);
    // Another house.
    let stranger = Anchors::from_pem_or_der(&House::new(KeyKind::Ed25519).root).unwrap();
    let report = sig::judge(&facts, &policy, now(), &stranger);
    assert_eq!(
        report.sub_indication,
        Some(SubIndication::NoCertificateChainFound)
    );
}

fn position(file: &[u8], needle: &[u8]) -> usize {
    file.windows(needle.len())
        .position(|window| window == needle)
        .expect("the place")
}

type Tampering = (
    &'static str,
    fn(&mut Vec<u8>),
    Indication,
    SubIndication,
    &'static str,
);

#[test]
fn every_tampering_has_its_name() {
    use Indication::{Indeterminate, TotalFailed};
    use SubIndication::{FormatFailure, HashFailure, SigConstraintsFailure};
    let house = House::new(KeyKind::EcdsaP256);
    let file = house.sign_pdf(
        &small_pdf(),
        &key(KeyKind::EcdsaP256, 5),
        "Анна",
        Some(signing_moment()),
    );
    let table: [Tampering; 9] = [
        (
            "a signed byte",
            |file| {
                let place = position(file, b"100 100 l");
                file[place] = b'9';
            },
            TotalFailed,
            HashFailure,
            "digest_differs",
        ),
        (
            "garbage behind the end",
            |file| file.extend(b"(hidden)\n"),
            TotalFailed,
            FormatFailure,
            "hidden_bytes",
        ),
        (
            "an object behind the end",
            |file| file.extend(b"4 0 obj\n<</Length 0>>\nstream\n\nendstream\nendobj\n"),
            TotalFailed,
            FormatFailure,
            "hidden_bytes",
        ),
        (
            "an empty /Contents",
            |file| {
                let start = position(file, b"/Contents<") + 10;
                let end = start + position(&file[start..], b">");
                file[start..end].fill(b'0');
            },
            TotalFailed,
            FormatFailure,
            "coverage_unsound",
        ),
        (
            "a /ByteRange that begins later",
            |file| {
                let start = position(file, b"/ByteRange[0") + 11;
                file[start] = b'1';
            },
            TotalFailed,
            FormatFailure,
            "coverage_unsound",
        ),
        (
            "no /ByteRange",
            |file| {
                let start = position(file, b"/ByteRange");
                file[start..start + 10].copy_from_slice(b"/ByteRenge");
            },
            TotalFailed,
            FormatFailure,
            "coverage_unsound",
        ),
        (
            "another kind of signature",
            |file| {
                let start = position(file, b"ETSI.CAdES.detached");
                file[start..start + 19].copy_from_slice(b"ETSI.CAdES.detoured");
            },
            Indeterminate,
            SigConstraintsFailure,
            "kind_unsupported",
        ),
        (
            "page content replaced by an update",
            |file| {
                append(
                    file,
                    &["4 0 obj\n<</Length 3>>\nstream\n1 w\nendstream\nendobj\n"],
                )
            },
            TotalFailed,
            FormatFailure,
            "content_changed",
        ),
        (
            "an unknown object added by an update",
            |file| {
                append(
                    file,
                    &["77 0 obj\n<</Type/Annot/Subtype/FreeText>>\nendobj\n"],
                )
            },
            Indeterminate,
            SigConstraintsFailure,
            "added_after_signing",
        ),
    ];
    for (what, tamper, indication, sub_indication, code) in table {
        let mut copy = file.clone();
        tamper(&mut copy);
        let report = judged(&house, &copy, now());
        assert_eq!(
            report.indication,
            indication,
            "{what}: {:?}",
            codes(&report)
        );
        assert_eq!(
            report.sub_indication,
            Some(sub_indication),
            "{what}: {:?}",
            codes(&report)
        );
        assert!(
            codes(&report).contains(&code),
            "{what}: {:?}",
            codes(&report)
        );
        assert_ne!(report.intact, Answer::Yes, "{what}");
    }
}

/// Appends a well-formed update with these objects, which keeps the newest trailer's keys.
fn append(file: &mut Vec<u8>, objects: &[&str]) {
    let text = String::from_utf8_lossy(file).into_owned();
    let previous = text.rsplit("startxref").next().unwrap().trim();
    let previous: u64 = previous.split_whitespace().next().unwrap().parse().unwrap();
    let mut places = vec![];
    for object in objects {
        let number: u32 = object.split(' ').next().unwrap().parse().unwrap();
        places.push((number, file.len()));
        file.extend(object.as_bytes());
    }
    let table = file.len();
    file.extend(b"xref\n");
    for (number, place) in places {
        file.extend(format!("{number} 1\n{place:010} 00000 n\r\n").into_bytes());
    }
    let trailer =
        format!("trailer\n<</Size 100/Root 1 0 R/Prev {previous}>>\nstartxref\n{table}\n%%EOF\n");
    file.extend(trailer.into_bytes());
}

#[test]
fn a_signature_exchanged_for_another_ones_is_caught() {
    let house = House::new(KeyKind::EcdsaP256);
    let content: &[u8] = b"content";
    let cms = house.sign_spans(&key(KeyKind::EcdsaP256, 5), "Анна", &[content], None);
    let report = |cms: &[u8], content: Option<&[u8]>| {
        let facts = sig::gather_cms(cms, content, &Limits::default());
        sig::judge(
            &facts,
            &ValidationPolicy::default(),
            now(),
            &anchors(&house),
        )
    };
    let good = report(&cms, Some(content));
    assert_eq!(
        good.indication,
        Indication::TotalPassed,
        "{:?}",
        codes(&good)
    );
    let other = report(&cms, Some(b"contents"));
    assert_eq!(other.sub_indication, Some(SubIndication::HashFailure));
    let none = report(&cms, None);
    assert_eq!(none.sub_indication, Some(SubIndication::SignedDataNotFound));
    assert_eq!(none.indication, Indication::Indeterminate);
    // The last bytes of the structure are the signature value.
    let mut flipped = cms.clone();
    *flipped.last_mut().unwrap() ^= 1;
    let wrong = report(&flipped, Some(content));
    assert_eq!(wrong.sub_indication, Some(SubIndication::SigCryptoFailure));
    assert_eq!(wrong.crypto, Answer::No);
    let checks = &wrong.signatures[0].checks;
    let value = checks.iter().find(|one| one.check == Check::Value).unwrap();
    assert_eq!(value.result, CheckResult::Failed);
    let digest = checks
        .iter()
        .find(|one| one.check == Check::Digest)
        .unwrap();
    assert_eq!(digest.result, CheckResult::Passed);
    let base64 = crate::support::pem(&cms).replace("CERTIFICATE", "CMS");
    let armoured = report(base64.as_bytes(), Some(content));
    assert_eq!(
        armoured.indication,
        Indication::TotalPassed,
        "{:?}",
        codes(&armoured)
    );
}

/// Goal: what nobody checked is not told as checked. Method: a signature over the content itself
/// whose value nobody can verify, and a file that could not be read to its end.
#[test]
fn a_check_that_stands_on_nothing_is_not_passed() {
    let house = House::new(KeyKind::EcdsaP256);
    let content: &[u8] = b"content";
    let cms = house.sign_spans(&key(KeyKind::EcdsaP256, 5), "Анна", &[content], None);
    let whole = sig::gather_cms(&cms, Some(content), &Limits::default());
    let told = |facts: &Facts, check: Check| {
        let policy = ValidationPolicy::default();
        let report = sig::judge(facts, &policy, now(), &anchors(&house));
        let checks = &report.signatures[0].checks;
        let found = checks.iter().find(|one| one.check == check);
        found.expect("a check").result
    };
    let mut bare = whole.clone();
    let signer = bare.signatures[0].signer.as_mut().expect("a signer");
    (signer.attributes, signer.certificate) = (None, None);
    signer.value = Verification::Unsupported {
        algorithm: "no_certificate".to_owned(),
    };
    let mut torn = whole.clone();
    torn.unreadable = Some(Unreadable {
        code: "damaged".to_owned(),
        detail: "startxref".to_owned(),
    });
    for (check, of_bare, of_torn) in [
        (Check::Digest, CheckResult::NotMade, CheckResult::Passed),
        (Check::Changes, CheckResult::NotMade, CheckResult::Passed),
        (Check::Format, CheckResult::Passed, CheckResult::Undecided),
    ] {
        assert_eq!(told(&whole, check), CheckResult::Passed, "{check:?}");
        assert_eq!(told(&bare, check), of_bare, "{check:?}");
        assert_eq!(told(&torn, check), of_torn, "{check:?}");
    }
}

#[test]
fn what_is_not_signed_or_not_readable_says_so() {
    let house = House::new(KeyKind::EcdsaP256);
    let html = b"<!-- a --><HTML lang=en><body>".to_vec();
    let named = b"\x31\x20\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02".to_vec();
    let labelled = b"-----BEGIN CMS-----\n!\n-----END CMS-----\n".to_vec();
    let (undecided, no) = (Answer::Undecided, Answer::No);
    for (file, code, format, crypto) in [
        (small_pdf(), "no_signature", FileFormat::Pdf, undecided),
        (b"".to_vec(), "unreadable", FileFormat::Unknown, undecided),
        (
            b"hello".to_vec(),
            "unreadable",
            FileFormat::Unknown,
            undecided,
        ),
        (html, "unreadable", FileFormat::Unknown, undecided),
        (
            b"%PDF-1.7 but no more".to_vec(),
            "unreadable",
            FileFormat::Pdf,
            undecided,
        ),
        (
            b"<?xml version='1.0'?><a/>".to_vec(),
            "unreadable",
            FileFormat::Xml,
            undecided,
        ),
        (
            b"<htmlx>".to_vec(),
            "unreadable",
            FileFormat::Xml,
            undecided,
        ),
        // What claims to be a signature and cannot be read is a wrong one.
        (b"\x30\x80\xff".to_vec(), "unreadable", FileFormat::Cms, no),
        (named, "unreadable", FileFormat::Cms, no),
        (labelled, "unreadable", FileFormat::Cms, no),
    ] {
        let report = judged(&house, &file, now());
        assert_eq!(codes(&report), [code]);
        assert_eq!(report.indication, Indication::Indeterminate);
        let said = (report.format, report.intact, report.crypto);
        assert_eq!(said, (format, undecided, crypto), "{file:?}");
    }
}

#[test]
fn codes_are_stable_words_each_once() {
    let mut keys: Vec<&str> = Code::ALL.iter().map(|code| code.key()).collect();
    keys.sort_unstable();
    let count = keys.len();
    keys.dedup();
    assert_eq!(keys.len(), count);
    let plain = |key: &str| {
        key.bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte == b'_')
    };
    assert!(keys.iter().all(|key| plain(key)), "{keys:?}");
}

#[test]
fn a_report_is_written_as_the_command_line_promises() {
    let house = House::new(KeyKind::EcdsaP256);
    let mut report = judged(&house, &twice_signed(&house, KeyKind::EcdsaP256), now());
    report.file = Some("a.pdf".to_owned());
    let json = serde_json::to_value(&report).unwrap();
    assert_eq!(json["file"], "a.pdf");
    assert_eq!(
        (&json["intact"], &json["crypto"]),
        (&"yes".into(), &"yes".into())
    );
    assert_eq!(json["indication"], "TOTAL-PASSED");
    let first = &json["signatures"][0];
    assert_eq!(first["signer"]["subject"]["organisation"], "ООО «Вектор»");
    assert_eq!(first["signer"]["emails"][0], "signer@example.org");
    assert_eq!(first["algorithm"]["key"]["algorithm"], "ECDSA P-256");
    assert_eq!(first["changes"][0]["change"], "signature_added");
    assert_eq!(first["time"]["proven"], "2026-07-31T12:00:00Z");
    let back: ValidationReport = serde_json::from_value(json).unwrap();
    assert_eq!(back, report);
}

#[test]
fn no_mutation_makes_the_validator_panic_or_believe() {
    let house = House::new(KeyKind::EcdsaP256);
    let file = twice_signed(&house, KeyKind::EcdsaP256);
    let limits = Limits::default();
    let policy = ValidationPolicy::default();
    let anchors = anchors(&house);
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state % below as u64).unwrap()
    };
    // Inside /Contents the outer parts of the structure are not signed by anything: a change there
    // may be harmless. Everywhere else it is not.
    let original = judged(&house, &file, now());
    let gaps: Vec<[usize; 2]> = original
        .signatures
        .iter()
        .map(|one| {
            let [_, start, end, _] = one.covers.as_ref().unwrap().byte_range.unwrap();
            [start, end].map(|place| usize::try_from(place).unwrap())
        })
        .collect();
    let mut believed = 0;
    for round in 0..200 {
        let mut copy = file.clone();
        match round % 3 {
            0 => copy.truncate(next(file.len())),
            1 => {
                let (from, to) = (next(file.len()), next(file.len()));
                copy[to] = file[from];
            }
            _ => {
                let place = next(file.len());
                copy.insert(place, b'0');
            }
        }
        let facts = sig::gather(&copy, None, &limits);
        let report = sig::judge(&facts, &policy, now(), &anchors);
        // A cut after the first revision is an honest file again.
        if report.intact == Answer::Yes && copy != file && !file.starts_with(&copy) {
            believed += 1;
            let place = copy.iter().zip(&file).position(|(one, other)| one != other);
            let place = place.unwrap_or(copy.len());
            let around = |bytes: &[u8]| {
                let window = &bytes[place.saturating_sub(40)..(place + 40).min(bytes.len())];
                String::from_utf8_lossy(window).into_owned()
            };
            assert!(
                gaps.iter()
                    .any(|[start, end]| (*start..*end).contains(&place)),
                "round {round}, byte {place}: {} was {}",
                around(&copy),
                around(&file)
            );
        }
    }
    assert!(
        believed < 80,
        "{believed}: the generator hardly leaves /Contents"
    );
}
