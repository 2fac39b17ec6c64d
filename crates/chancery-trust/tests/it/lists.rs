//! Trusted lists.

use chancery_signature::listed::ListedAuthority;
use chancery_signature::signature_kind::Law;
use chancery_trust::{
    ListForm, ListPolicy, ListReport, Outcome, ServiceState, ServiceUse, Standing, TrustedList,
    parse_trusted_list, read_trusted_list,
};
use chancery_xades::Limits;
use proptest::prelude::*;

use crate::support::{at, bytes, der, edits, now, text, with};

fn read(list: &str) -> ListReport {
    read_at(list, "2026-07-01T12:00:00Z")
}

fn read_at(list: &str, moment: &str) -> ListReport {
    let policy = ListPolicy::default();
    read_trusted_list(
        list.as_bytes(),
        &[der("list-signer.der")],
        &policy,
        at(moment),
        &Limits::default(),
    )
}

fn codes(report: &ListReport) -> Vec<&'static str> {
    report
        .reasons
        .iter()
        .map(|reason| reason.code.key())
        .collect()
}

fn list() -> TrustedList {
    read(&text("list.xml")).list.expect("the list")
}

#[test]
fn a_list_is_read_from_what_its_signer_signed() {
    let report = read(&text("list.xml"));
    // Of a country whose law is not known here.
    assert_eq!(
        (report.result, codes(&report)),
        (Outcome::Confirmed, vec!["confirms_nothing"])
    );
    let list = report.list.expect("the list");
    assert_eq!(
        (list.form, list.version, list.sequence),
        (ListForm::Etsi, Some(5), Some(17))
    );
    assert_eq!(list.territory.as_deref(), Some("XX"));
    assert_eq!(list.operator.as_deref(), Some("Test scheme"));
    assert_eq!(list.next_update_at, Some(at("2026-12-01T00:00:00Z")));
    let [pointer] = list.pointers.as_slice() else {
        panic!("one pointer")
    };
    assert_eq!(pointer.location, "https://lists.example.org/yy.xml");
    assert_eq!(pointer.territory.as_deref(), Some("YY"));
    assert_eq!(
        pointer.mime_type.as_deref(),
        Some("application/vnd.etsi.tsl+xml")
    );
    assert_eq!(pointer.certificates, [der("other-signer.der")]);
    let [provider] = list.providers.as_slice() else {
        panic!("one provider")
    };
    assert_eq!(provider.name, "First provider");
    assert_eq!(provider.registration.as_deref(), Some("VATXX-123456789"));
    let [issuing, stamping] = provider.services.as_slice() else {
        panic!("two services")
    };
    assert_eq!(
        (issuing.name.as_str(), stamping.name.as_str()),
        ("Qualified certificates", "Timestamps")
    );
    let state = &issuing.states[0];
    assert!(state.uses[0].ends_with("ForeSignatures"));
    let [qualification] = state.qualifications.as_slice() else {
        panic!("one qualification")
    };
    assert!(qualification.qualifiers[0].ends_with("QCWithQSCD") && !qualification.incomplete);
    assert_eq!(qualification.policies, [["1.2.3.4"]]);
    assert_eq!(
        qualification.key_usages,
        [[("nonRepudiation".to_owned(), true)]]
    );
}

/// The history decides what a service was at a moment.
#[test]
fn a_service_is_what_it_was_at_the_moment() {
    let list = list();
    let services = &list.providers[0].services;
    let standing = |service: usize, moment: &str| {
        let state = services[service].state_at(at(moment));
        state.map(|state| state.standing)
    };
    assert_eq!(standing(0, "2026-07-01T00:00:00Z"), Some(Standing::Granted));
    assert_eq!(standing(0, "2015-01-01T00:00:00Z"), Some(Standing::Granted));
    assert_eq!(standing(0, "2011-01-01T00:00:00Z"), None);
    assert_eq!(standing(1, "2023-12-31T23:59:59Z"), Some(Standing::Granted));
    assert_eq!(
        standing(1, "2024-01-01T00:00:00Z"),
        Some(Standing::Withdrawn)
    );
    let granted = |moment: &str| {
        let entries = list.entries_at(at(moment), &[Standing::Granted]);
        entries.map(|entry| entry.certificate).collect::<Vec<_>>()
    };
    assert_eq!(granted("2026-07-01T00:00:00Z"), [der("service.der")]);
    assert_eq!(
        granted("2020-07-01T00:00:00Z"),
        [der("service.der"), der("service-withdrawn.der")]
    );
    // Of one that was withdrawn since, what is proven to be older still counts.
    let trusted = |moment: &str| {
        let all = list.trusted_at(at(moment));
        all.map(|(entry, _)| (entry.certificate, entry.until))
            .collect::<Vec<_>>()
    };
    let withdrawn = at("2023-12-31T23:59:59Z");
    assert_eq!(
        trusted("2026-07-01T00:00:00Z"),
        [
            (der("service.der"), None),
            (der("service-withdrawn.der"), Some(withdrawn))
        ]
    );
    assert_eq!(trusted("2020-07-01T00:00:00Z").len(), 2);
    assert_eq!(list.anchors_at(at("2026-07-01T00:00:00Z")).len(), 2);
    assert_eq!(list.anchors_at(at("2010-07-01T00:00:00Z")).len(), 0);
}

/// A service vouches for what it is listed for, and for nothing else.
#[test]
fn services_of_other_kinds_vouch_for_no_signature() {
    let changed = |old: &str, new: &str| {
        let text = with(&text("list.xml"), old, new);
        let list = parse_trusted_list(text.as_bytes(), &Limits::default()).expect("a list");
        let state = list.providers[0].services[0].state_at(at("2026-07-01T00:00:00Z"));
        let state = state.expect("a state").clone();
        let trusted = list.trusted_at(at("2026-07-01T00:00:00Z"));
        let now = trusted.filter(|(entry, _)| entry.until.is_none());
        (state.standing, state.vouches_for(), now.count())
    };
    let (granted, kind) = (Standing::Granted, "Svctype/CA/QC");
    for (other, expected, count) in [
        ("Svctype/CA/PKC", ServiceUse::Signatures, 1),
        ("Svctype/TSA/QTST", ServiceUse::Timestamps, 1),
        ("Svctype/Certstatus/OCSP/QC", ServiceUse::Other, 0),
        ("Svctype/EDS/Q", ServiceUse::Other, 0),
        ("Svctype/unspecified", ServiceUse::Other, 0),
    ] {
        assert_eq!(changed(kind, other), (granted, expected, count), "{other}");
    }
    for (other, expected, count) in [
        ("ForeSeals", ServiceUse::Signatures, 1),
        ("ForWebSiteAuthentication", ServiceUse::Other, 0),
    ] {
        let found = changed("ForeSignatures", other);
        assert_eq!(found, (granted, expected, count), "{other}");
    }
    // What must be understood and is not.
    let extension = "<Extension Critical=\"true\">";
    for (part, standing) in [
        ("<Strange/>", Standing::Unknown),
        ("<ExpiredCertsRevocationInfo/>", granted),
    ] {
        let more = format!("{extension}{part}</Extension>{extension}");
        assert_eq!(changed(extension, &more).0, standing, "{part}");
    }
}

#[test]
fn the_present_state_of_a_service_is_the_first() {
    let late = "2026-05-01T00:00:00Z";
    let text = with(&text("list.xml"), "2018-01-01T00:00:00Z", late);
    let list = parse_trusted_list(text.as_bytes(), &Limits::default()).expect("a list");
    let state = list.providers[0].services[1].state_at(at("2026-07-01T00:00:00Z"));
    assert_eq!(state.map(|one| one.standing), Some(Standing::Withdrawn));
}

#[test]
fn a_list_of_another_time_is_undecided_and_shown() {
    for (moment, code) in [
        ("2026-12-01T00:00:01Z", "expired"),
        ("2026-05-31T23:59:59Z", "in_future"),
    ] {
        let report = read_at(&text("list.xml"), moment);
        assert_eq!(
            (report.result, codes(&report)),
            (Outcome::Undecided, vec![code, "confirms_nothing"])
        );
        assert!(report.list.is_some());
    }
    assert_eq!(list().is_expired_at(at("2026-12-01T00:00:01Z")), Some(true));
}

#[test]
fn only_those_who_may_sign_a_list_do() {
    let stranger = read_trusted_list(
        &bytes("list.xml"),
        &[der("other-signer.der")],
        &ListPolicy::default(),
        now(),
        &Limits::default(),
    );
    assert_eq!(
        (stranger.result, codes(&stranger)),
        (Outcome::Refused, vec!["signer_unknown"])
    );
    assert_eq!(stranger.list, None);
    let nobody = read_trusted_list(
        &bytes("list.xml"),
        &[],
        &ListPolicy::default(),
        now(),
        &Limits::default(),
    );
    assert_eq!(
        (nobody.result, codes(&nobody)),
        (Outcome::Refused, vec!["signer_unknown"])
    );
    // The form of the list demands a signature that names its certificate.
    let plain = read(&text("list-plain.xml"));
    assert_eq!(
        (plain.result, codes(&plain)),
        (Outcome::Undecided, vec!["signature_undecided"])
    );
    assert_eq!(plain.list, None);
}

#[test]
fn a_changed_list_is_refused_and_not_shown() {
    let signed = text("list.xml");
    for (old, new) in [
        ("Svcstatus/withdrawn", "Svcstatus/granted"),
        ("<TSLSequenceNumber>17<", "<TSLSequenceNumber>18<"),
        ("2026-12-01", "2036-12-01"),
    ] {
        let report = read(&with(&signed, old, new));
        assert_eq!(
            (report.result, codes(&report)),
            (Outcome::Refused, vec!["signature_wrong"])
        );
        assert_eq!(report.list, None);
    }
}

/// What is no list, what nobody signed, and signatures where they do not belong.
#[test]
fn wrapped_doubled_and_missing_signatures_are_no_lists() {
    let signed = text("list.xml");
    let start = signed.find("<ds:Signature").expect("a signature");
    let end = signed.find("</ds:Signature>").expect("its end") + "</ds:Signature>".len();
    let signature = &signed[start..end];
    let unsigned = with(&signed, signature, "");
    let answer = |list: &str| {
        let report = read(list);
        assert_eq!(report.list, None);
        (report.result, codes(&report))
    };
    assert_eq!(answer(&unsigned), (Outcome::Refused, vec!["unsigned"]));
    let twice = with(&signed, signature, &signature.repeat(2));
    assert_eq!(
        answer(&twice),
        (Outcome::Refused, vec!["several_signatures"])
    );
    let deep = with(
        &unsigned,
        "</SchemeInformation>",
        &format!("{signature}</SchemeInformation>"),
    );
    assert_eq!(
        answer(&deep),
        (Outcome::Refused, vec!["signature_misplaced"])
    );
    // The signed list inside a forged one.
    let forged = with(&unsigned, "XX</SchemeTerritory>", "ZZ</SchemeTerritory>");
    let wrapped = with(
        &forged,
        "</TrustServiceStatusList>",
        &format!("{signed}</TrustServiceStatusList>"),
    );
    assert_eq!(
        answer(&wrapped),
        (Outcome::Refused, vec!["signature_misplaced"])
    );
    let beside = with(&wrapped, signature, "");
    let beside = with(
        &beside,
        "<SchemeInformation>",
        &format!("{signature}<SchemeInformation>"),
    );
    assert_eq!(answer(&beside), (Outcome::Refused, vec!["signature_wrong"]));
    assert_eq!(answer("<a/>"), (Outcome::Refused, vec!["unsigned"]));
    assert_eq!(answer("nonsense"), (Outcome::Undecided, vec!["unreadable"]));
}

/// A reference to a part, rightly signed, is not a signature over the list.
#[test]
fn a_signature_that_covers_a_part_is_refused() {
    let partial = chancery_xades_part();
    let report = read_trusted_list(
        partial.as_bytes(),
        &[part_signer(&partial)],
        &ListPolicy::default(),
        now(),
        &Limits::default(),
    );
    assert_eq!(
        (report.result, codes(&report)),
        (Outcome::Refused, vec!["coverage_wrong"])
    );
}

fn chancery_xades_part() -> String {
    let path = format!(
        "{}/../chancery-xades/tests/fixtures/part-exclusive.xml",
        env!("CARGO_MANIFEST_DIR")
    );
    std::fs::read_to_string(path).expect("a fixture")
}

fn part_signer(document: &str) -> chancery_signature::facts::Der {
    let facts = chancery_xades::gather_xml(document.as_bytes(), &Limits::default());
    facts.signatures[0].certificates[0].clone()
}

#[test]
fn the_list_of_accredited_centres_is_read() {
    let report = read_at(&text("accredited.xml"), "2026-09-01T00:00:00Z");
    assert_eq!(
        (report.result, codes(&report)),
        (Outcome::Confirmed, vec![])
    );
    let list = report.list.expect("the list");
    assert_eq!(
        (list.form, list.sequence),
        (ListForm::AccreditedCentres, Some(16326))
    );
    assert_eq!(list.territory.as_deref(), Some("RU"));
    let provider = &list.providers[0];
    assert_eq!(provider.name, "Пробный удостоверяющий центр");
    assert_eq!(provider.registration.as_deref(), Some("1027700000019"));
    let service = &provider.services[0];
    assert_eq!(service.name, "Комплекс 1");
    assert_eq!(service.revocation_lists, ["http://ca.example.org/1.crl"]);
    let granted = |moment: &str| list.entries_at(at(moment), &[Standing::Granted]).count();
    assert_eq!(granted("2026-09-01T00:00:00Z"), 1);
    assert_eq!(granted("2021-12-01T00:00:00Z"), 0);
    assert_eq!(granted("2016-12-01T00:00:00Z"), 1);
    assert_eq!(granted("2014-12-01T00:00:00Z"), 0);
    let old = read_at(&text("accredited.xml"), "2026-10-01T00:00:00Z");
    assert_eq!((old.result, codes(&old)), (Outcome::Undecided, vec!["old"]));
}

#[test]
fn a_list_without_what_every_list_has_is_undecided() {
    let parse = |text: &str| {
        let read = parse_trusted_list(text.as_bytes(), &Limits::default());
        read.map(|_| ())
            .map_err(|reason| (reason.code.key(), reason.args.get("field").cloned()))
    };
    let signed = text("list.xml");
    assert_eq!(parse(&signed), Ok(()));
    let missing = |field: &str| Err(("field_missing", Some(field.to_owned())));
    let without = with(
        &signed,
        "<ListIssueDateTime>2026-06-01T00:00:00Z</ListIssueDateTime>",
        "",
    );
    assert_eq!(parse(&without), missing("ListIssueDateTime"));
    let broken = with(
        &signed,
        "<dateTime>2026-12-01T00:00:00Z</dateTime>",
        "<dateTime>soon</dateTime>",
    );
    assert_eq!(parse(&broken), missing("NextUpdate"));
    let unstated = with(
        &signed,
        "<StatusStartingTime>2016-06-30T22:00:00Z</StatusStartingTime>",
        "",
    );
    assert_eq!(parse(&unstated), missing("StatusStartingTime"));
    assert_eq!(parse("<a/>"), Err(("not_a_list", None)));
}

/// Whoever changes one byte gets no list, or the very same one.
#[test]
fn a_flipped_byte_never_changes_a_list() {
    let (signed, expected) = (bytes("list.xml"), list());
    let signers = [der("list-signer.der")];
    let mut same = 0_usize;
    for index in 0..signed.len() {
        let flip = if index % 2 == 0 { 0x01 } else { 0x20 };
        let mut bytes = signed.clone();
        bytes[index] ^= flip;
        let policy = ListPolicy::default();
        let report = read_trusted_list(&bytes, &signers, &policy, now(), &Limits::default());
        match report.list {
            Some(list) => {
                assert_eq!(list, expected, "byte {index} flipped by {flip:#x}");
                same += 1;
            }
            None => assert_ne!(report.result, Outcome::Confirmed, "byte {index}"),
        }
    }
    // White space within tags only.
    assert!(same < 60, "{same} of {}", signed.len());
}

#[test]
fn a_report_is_json_and_back() {
    let report = read(&text("list.xml"));
    let json = serde_json::to_string(&report).expect("JSON");
    let back: ListReport = serde_json::from_str(&json).expect("a report");
    assert_eq!(back, report);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_edit_makes_it_panic(
        name in prop::sample::select(vec!["list.xml", "accredited.xml"]),
        made in edits(),
    ) {
        let mut edited = bytes(name);
        for (from, to, byte) in made {
            let (from, to) = (from.index(edited.len()), to.index(edited.len()));
            let (low, high) = (from.min(to), from.max(to));
            match byte % 3 {
                0 => edited[from] = byte,
                1 => { edited.drain(low..high.min(low + 200)); }
                _ => {
                    let piece = edited[low..high.min(low + 200)].to_vec();
                    edited.splice(low..low, piece);
                }
            }
        }
        let _ = parse_trusted_list(&edited, &Limits::default());
        let (signers, policy) = ([der("list-signer.der")], ListPolicy::default());
        let _ = read_trusted_list(&edited, &signers, &policy, now(), &Limits::default());
    }
}

/// The first authority that a list names.
fn first_of(list: &TrustedList) -> ListedAuthority {
    let issue = list.issue().expect("an issue");
    issue.authorities.first().cloned().expect("an authority")
}

/// The list of a country of the Union, with one piece in the place of another.
fn european(old: &str, new: &str) -> TrustedList {
    let text = with(&text("list.xml"), old, new);
    let read = parse_trusted_list(text.as_bytes(), &Limits::default());
    let mut list = read.expect("a list");
    list.territory = Some("DE".to_owned());
    list
}

/// Goal: what the regulation asks of a list is asked from its day on, and what was before it
/// before. Method: a state without uses, with seals, and of the words of the directive, that begins
/// before that day, and lasts.
#[test]
fn the_regulation_is_asked_from_its_day_on() {
    let status = |word: &str| format!("http://uri.etsi.org/TrstSvc/TrustedList/Svcstatus/{word}");
    let spans = |word: &str, uses: &[&str]| {
        let mut list = european("Test scheme", "Test scheme");
        let service = &mut list.providers[0].services[0];
        let uri = |one: &&str| format!("http://uri.etsi.org/TrstSvc/TrustedList/SvcInfoExt/{one}");
        service.states = vec![ServiceState {
            state: status(word),
            standing: match word {
                "withdrawn" => Standing::Withdrawn,
                _ => Standing::Granted,
            },
            since: at("2014-01-01T00:00:00Z"),
            uses: uses.iter().map(uri).collect(),
            ..service.states[0].clone()
        }];
        let found = first_of(&list).spans.into_iter();
        let found = found.map(|one| (one.since.to_string(), one.signatures, one.seals));
        found.collect::<Vec<_>>()
    };
    let expected = |before: bool, now: (bool, bool)| {
        vec![
            ("2014-01-01T00:00:00Z".to_owned(), before, false),
            ("2016-06-30T22:00:00Z".to_owned(), now.0, now.1),
        ]
    };
    let (both, none) = ((true, true), (false, false));
    for (word, uses, before, now) in [
        ("granted", &["ForeSignatures", "ForeSeals"][..], true, both),
        ("granted", &["ForeSeals"], false, (false, true)),
        ("granted", &[], true, none),
        // A use that narrows nothing.
        ("granted", &["RootCA-QC"], true, none),
        ("granted", &["ForWebSiteAuthentication"], false, none),
        (
            "undersupervision",
            &["ForeSignatures", "ForeSeals"],
            true,
            none,
        ),
        ("accredited", &[], true, none),
        ("supervisionincessation", &[], true, none),
        ("withdrawn", &["ForeSignatures"], false, none),
    ] {
        assert_eq!(spans(word, uses), expected(before, now), "{word} {uses:?}");
    }
}

/// Goal: a list is one of services of the Union only if it says so; one that confirms nothing now,
/// and one with an authority of whom nobody can say which it is, say so. Method: other types, other
/// states, and entries without a certificate, with one that is none, and with broken Base64.
#[test]
fn a_list_says_what_it_does_not_confirm() {
    let kind = "TSLType/EUgeneric</TSLType><SchemeOperatorName";
    assert_eq!(european(kind, kind).law(), Some(Law::EuropeanUnion));
    for other in [
        "TSLType/EUlistofthelists",
        "TSLType/CClist",
        "TSLType/CAgeneric",
    ] {
        let other = format!("{other}</TSLType><SchemeOperatorName");
        assert_eq!(european(kind, &other).law(), None, "{other}");
        assert_eq!(european(kind, &other).issue(), None);
    }
    let russian = |standing: &str| {
        let original = text("accredited.xml");
        let begin = original.find("<Статус>").expect("a state");
        let end = original.find("</Статус>").expect("its end");
        let (before, after) = (&original[..begin], &original[end..]);
        let text = format!("{before}<Статус>{standing}{after}");
        parse_trusted_list(text.as_bytes(), &Limits::default()).expect("a list")
    };
    let granted = |list: &TrustedList| {
        let spans = first_of(list).spans;
        spans.last().is_some_and(|one| one.signatures)
    };
    assert!(granted(&russian("Действует")));
    assert!(!granted(&russian("Приостановлена")));
    assert!(!granted(&russian("Как-то")));

    let service = text("list.xml");
    let begin = service.find("<ServiceTypeIdentifier>").expect("a service");
    let certificate = &service[begin..];
    let from = certificate.find("<X509Certificate>").expect("one");
    let to = certificate.find("</X509Certificate>").expect("its end");
    let certificate = &certificate[from..to];
    let broken = with(&service, certificate, "<X509Certificate>MIIB*");
    let read = parse_trusted_list(broken.as_bytes(), &Limits::default());
    let missing = read.expect_err("nobody knows whose entry it is");
    assert_eq!(
        missing.args.get("field").map(String::as_str),
        Some("X509Certificate")
    );
    let none = european(certificate, "<X509Certificate>MAA=");
    let named = first_of(&none);
    assert_eq!(named.certificates.len(), 1, "named, and on no path");
}

/// Goal: a state that cannot be read is never passed over for an older one, of the centres of the
/// Russian list. Method: the present state without its date, with one that is none, twice, and a
/// past one without its date.
#[test]
fn a_state_of_a_centre_that_cannot_be_read_is_not_passed_over() {
    let original = text("accredited.xml");
    let standings = |text: &str| {
        let read = parse_trusted_list(text.as_bytes(), &Limits::default());
        let service = read.expect("a list").providers[0].services[0].clone();
        let standing = |moment: &str| service.state_at(at(moment)).map(|one| one.standing);
        [
            standing("2016-12-01T00:00:00Z"),
            standing("2026-09-01T00:00:00Z"),
        ]
    };
    let (granted, unknown) = (Some(Standing::Granted), Some(Standing::Unknown));
    assert_eq!(standings(&original), [granted, granted]);
    let begin = original.find("<СтатусАккредитации>").expect("a state");
    let since = original[begin..].find("<ДействуетС>").expect("a date") + begin;
    let end = original[since..].find("</ДействуетС>").expect("its end") + since;
    let (before, after) = (&original[..since], &original[end..]);
    for date in ["", "soon"] {
        let spoilt = format!("{before}<ДействуетС>{date}{after}");
        assert_eq!(standings(&spoilt), [unknown, unknown], "{date:?}");
    }
    let whole = original[begin..]
        .find("</СтатусАккредитации>")
        .expect("its end")
        + begin;
    let whole = &original[begin..whole + "</СтатусАккредитации>".len()];
    let twice = with(&original, whole, &format!("{whole}{whole}"));
    assert_eq!(standings(&twice), [unknown, unknown]);
    let history = original
        .find("<ИсторияСтатусовАккредитации>")
        .expect("a history");
    let date = original[history..].find("<ДействуетС>").expect("a date") + history;
    let (before, after) = original.split_at(date);
    let undated = format!(
        "{before}{}",
        after.replacen("<ДействуетС>", "<ДействуетС>x", 1)
    );
    assert_eq!(standings(&undated), [unknown, granted]);
}

/// Goal: criteria and qualifiers that cannot be read are not left out. Method: one of each that is
/// spoilt.
#[test]
fn what_cannot_be_read_of_a_qualification_leaves_it_open() {
    let qualification = |old: &str, new: &str| {
        let list = european(old, new);
        list.providers[0].services[0].states[0].qualifications[0].clone()
    };
    let kept = qualification("nonRepudiation", "nonRepudiation");
    assert!(!kept.incomplete);
    for (old, new) in [
        (" name=\"nonRepudiation\">", ">"),
        (">true</q:KeyUsageBit>", ">maybe</q:KeyUsageBit>"),
        (">urn:oid:1.2.3.4<", "><"),
        ("q:PolicyIdentifier", "q:Other"),
        (
            "<q:CriteriaList assert=\"all\">",
            "<q:CriteriaList/><q:CriteriaList assert=\"all\">",
        ),
    ] {
        let new_text = match old {
            "q:PolicyIdentifier" => text("list.xml").replace(old, new),
            _ => with(&text("list.xml"), old, new),
        };
        let read = parse_trusted_list(new_text.as_bytes(), &Limits::default());
        let list = read.expect("a list");
        let found = &list.providers[0].services[0].states[0].qualifications[0];
        assert!(found.incomplete, "{old}: {found:?}");
    }
    let nameless = qualification("Qualifier uri=", "Qualifier other=");
    assert_eq!(nameless.qualifiers, [""]);
}

/// Goal: a list accredits by its law, and names every authority with what it may issue, from when
/// until when, also those that may issue nothing (any more); for the uses that it names alone.
/// Method: the service of the list with each of that taken away, in lists of the Union, of another
/// country, and of the Russian ministry.
#[test]
fn a_list_accredits_by_its_own_law_and_only_who_issues_qualified_certificates() {
    let state = list().providers[0].services[0].states[0].clone();
    let mut european = list();
    european.territory = Some("DE".to_owned());
    let mut russian = list();
    (russian.form, russian.territory) = (ListForm::AccreditedCentres, None);
    for (list, law) in [
        (&european, Some(Law::EuropeanUnion)),
        (&russian, Some(Law::Russia)),
        (&list(), None),
    ] {
        assert_eq!(list.law(), law, "{:?}", list.territory);
        let issue = list.issue();
        assert_eq!(issue.as_ref().map(|one| one.law), law);
        // Who vouches for times alone issues nothing.
        let found = issue.map_or(0, |one| one.authorities.len());
        assert_eq!(found, usize::from(law.is_some()));
        let anchors = list.anchors_at(at("2026-07-01T12:00:00Z"));
        assert!(!anchors.is_empty());
    }
    let present = |state: &ServiceState| {
        let mut list = european.clone();
        list.providers[0].services[0].states[0] = state.clone();
        let found = first_of(&list);
        found.spans.last().cloned().expect("what it is now")
    };
    let may = |state: &ServiceState| {
        let span = present(state);
        assert_eq!((span.since, span.until), (state.since, None));
        (span.signatures, span.seals)
    };
    assert_eq!(may(&state), (true, false), "{:?}", state.uses);
    let mut other = state.clone();
    other.service_type = other.service_type.replace("CA/QC", "CA/PKC");
    let mut ended = state.clone();
    ended.standing = Standing::Withdrawn;
    let mut national = state.clone();
    national.standing = Standing::National;
    for state in [other, ended, national] {
        assert_eq!(may(&state), (false, false), "{state:?}");
    }
    let uses = |names: &[&str]| {
        let mut state = state.clone();
        let uri =
            |name: &&str| format!("http://uri.etsi.org/TrstSvc/TrustedList/SvcInfoExt/{name}");
        state.uses = names.iter().map(uri).collect();
        may(&state)
    };
    assert_eq!(uses(&["ForeSeals"]), (false, true));
    assert_eq!(uses(&["ForWebSiteAuthentication"]), (false, false));
    assert_eq!(uses(&["ForeSeals", "ForeSignatures"]), (true, true));
    assert_eq!(uses(&[]), (false, false));
    assert_eq!(present(&state).qualifications, state.qualifications);
}

/// Goal: what a service was counts from one state to the next, whichever order its history stands
/// in, and what it is now is told by its present state. Method: a history out of order, with two
/// states of one moment and one that is said to begin after the present.
#[test]
fn a_history_is_one_span_after_another() {
    let mut listed = list();
    listed.territory = Some("DE".to_owned());
    let service = &mut listed.providers[0].services[0];
    let state = |since: &str, standing| ServiceState {
        since: at(since),
        standing,
        ..service.states[0].clone()
    };
    let (first, second, third, after) = (
        "2012-01-01T00:00:00Z",
        "2014-01-01T00:00:00Z",
        "2016-06-30T22:00:00Z",
        "2017-01-01T00:00:00Z",
    );
    service.states = vec![
        state(third, Standing::Withdrawn),
        state(first, Standing::Granted),
        state(after, Standing::Granted),
        state(second, Standing::National),
        state(second, Standing::Granted),
    ];
    let found = first_of(&listed);
    let found: Vec<_> = found
        .spans
        .iter()
        .map(|one| (one.since, one.until, one.signatures))
        .collect();
    let expected = [
        (at(first), Some(at(second)), true),
        (at(second), Some(at(third)), false),
        (at(third), None, false),
    ];
    assert_eq!(found, expected);
}

/// Goal: a small list makes no large one: states that the keys of a centre share, and certificates
/// of one identity, have their limits. Method: a centre with many states and keys, and a service
/// with many certificates, each below and beyond the limit.
#[test]
fn what_a_small_list_multiplies_is_bounded() {
    let parse = |text: &str| {
        let read = parse_trusted_list(text.as_bytes(), &Limits::default());
        read.map(|_| ())
            .map_err(|reason| reason.args["field"].clone())
    };
    let original = text("accredited.xml");
    let state = "<СтатусАккредитации><Статус>Прекращена</Статус>\
        <ДействуетС>2010-01-01T00:00:00</ДействуетС></СтатусАккредитации>";
    let centre = |states: usize, keys: usize| {
        let history = "<ИсторияСтатусовАккредитации>";
        let more = with(
            &original,
            history,
            &[history, &state.repeat(states)].concat(),
        );
        let all = "<КлючиУполномоченныхЛиц>";
        with(&more, all, &[all, &"<Ключ/>".repeat(keys)].concat())
    };
    assert_eq!(parse(&centre(900, 500)), Ok(()));
    let refused = parse(&centre(1100, 500)).expect_err("too many");
    assert_eq!(refused, "shared_states_max");

    let listed = text("list.xml");
    let service = listed.find("<ServiceTypeIdentifier>").expect("a service");
    let at = listed[service..].find("<DigitalId>").expect("an identity") + service;
    let (before, after) = listed.split_at(at);
    let many = |count: u32| {
        let one = |number: u32| {
            // Three octets each, all of them different.
            let text = format!("{:04}", 1000 + number);
            format!("<DigitalId><X509Certificate>{text}</X509Certificate></DigitalId>")
        };
        let all: String = (0..count).map(one).collect();
        format!("{before}{all}{after}")
    };
    assert_eq!(parse(&many(999)), Ok(()));
    let refused = parse(&many(1001)).expect_err("too many");
    assert_eq!(refused, "identity_certificates_max");
}
