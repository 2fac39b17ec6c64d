//! May this person sign this, for this organisation, at this moment?

use chancery_signature::report::CheckResult;
use chancery_signature::{Anchors, GivenEvidence};
use chancery_trust::{
    AuthorityCheck, AuthorityPolicy, AuthorityReport, Delegation, Exercise, Grant, Identity,
    Organisation, Outcome, OwnSignature, PartyKind, PowerSought, Question, RegistryAnswer,
    RegistryState, judge_authority, read_power_of_attorney,
};
use chancery_xades::Limits;
use proptest::prelude::*;

use crate::support::{anchors, at, bytes, edits, text, with};

/// After the fixtures were signed, and within every term.
fn now() -> chancery_types::Instant {
    at("2026-12-01T12:00:00Z")
}

/// A question that is confirmed, to be changed by each test.
struct Case {
    power: Vec<u8>,
    cms: Option<Vec<u8>>,
    enveloped: bool,
    signer: Option<Identity>,
    organisation: Option<Organisation>,
    sought: Option<PowerSought>,
    registry: Option<RegistryAnswer>,
    parents: Vec<(Vec<u8>, Vec<u8>)>,
    policy: AuthorityPolicy,
    anchors: Anchors,
    evidence: GivenEvidence,
    at: chancery_types::Instant,
    /// When it is asked, if that is later.
    now: Option<chancery_types::Instant>,
}

impl Case {
    fn good() -> Self {
        Self {
            power: bytes("power.xml"),
            cms: Some(bytes("power.p7s")),
            enveloped: false,
            signer: Identity::of_certificate(&bytes("representative.der")),
            organisation: Some(Organisation {
                inn: Some("7700000016".to_owned()),
                ogrn: None,
            }),
            sought: Some(PowerSought {
                codes: vec!["BBB_2_001".to_owned()],
                words: vec![],
            }),
            registry: Some(RegistryAnswer {
                state: RegistryState::InForce,
                asked_at: now(),
            }),
            parents: vec![],
            policy: AuthorityPolicy::default(),
            anchors: anchors(&["head.der", "representative.der", "stranger.der"]),
            evidence: GivenEvidence::none(),
            at: now(),
            now: None,
        }
    }

    fn judge(&self) -> AuthorityReport {
        let signature = match (&self.cms, self.enveloped) {
            (_, true) => OwnSignature::Enveloped,
            (Some(cms), _) => OwnSignature::Detached(cms),
            (None, _) => OwnSignature::Missing,
        };
        let parents: Vec<Grant<'_>> = self
            .parents
            .iter()
            .map(|(power, cms)| Grant {
                power,
                signature: OwnSignature::Detached(cms),
            })
            .collect();
        let question = Question {
            grant: Grant {
                power: &self.power,
                signature,
            },
            parents: &parents,
            signer: self.signer.as_ref(),
            organisation: self.organisation.as_ref(),
            sought: self.sought.as_ref(),
            registry: self.registry.as_ref(),
            evidence: &self.evidence,
            at: self.at,
            now: self.now.unwrap_or(self.at),
        };
        judge_authority(&question, &self.policy, &self.anchors, &Limits::default())
    }

    fn answer(&self) -> (Outcome, Vec<&'static str>) {
        let report = self.judge();
        (
            report.result,
            report
                .reasons
                .iter()
                .map(|reason| reason.code.key())
                .collect(),
        )
    }
}

fn result(report: &AuthorityReport, check: AuthorityCheck) -> CheckResult {
    let found = report.checks.iter().find(|one| one.check == check);
    found.expect("every check").result
}

#[test]
fn a_power_that_fits_is_confirmed() {
    let report = Case::good().judge();
    assert_eq!(
        (report.result, &report.reasons),
        (Outcome::Confirmed, &vec![])
    );
    let warned: Vec<&str> = report
        .warnings
        .iter()
        .map(|reason| reason.code.key())
        .collect();
    assert_eq!(warned, ["delegation_allowed"]);
    let passed = report
        .checks
        .iter()
        .filter(|one| one.result == CheckResult::Passed);
    assert_eq!(passed.count(), AuthorityCheck::ALL.len() - 1);
    let by = report.granted_by.expect("a signer");
    assert_eq!(
        (by.organisation_inn.as_deref(), by.snils.as_deref()),
        (Some("7700000016"), Some("11223344595"))
    );
}

#[test]
fn a_power_tells_everything_it_has() {
    let power = read_power_of_attorney(&bytes("power.xml"), &Limits::default()).expect("a power");
    assert_eq!(power.version, "EMCHD_1");
    assert_eq!(
        power.number.as_deref(),
        Some("4f1c2d3e-5a6b-4c7d-8e9f-0a1b2c3d4e5f")
    );
    assert_eq!(power.internal_number.as_deref(), Some("МЧД-1"));
    assert_eq!(
        power.issued_on.map(|day| day.to_string()).as_deref(),
        Some("2026-01-10")
    );
    assert_eq!(
        power.expires_on.map(|day| day.to_string()).as_deref(),
        Some("2027-01-09")
    );
    assert_eq!(
        (power.delegation, power.irrevocable),
        (Delegation::Once, Some(false))
    );
    let [principal] = power.principals.as_slice() else {
        panic!("one principal")
    };
    assert_eq!(
        (principal.kind, principal.inn.as_deref()),
        (PartyKind::Organisation, Some("7700000016"))
    );
    assert_eq!(principal.name.as_deref(), Some("ООО \"Ромашка-Тест\""));
    assert_eq!(principal.heads[0].name(), "Тестова Анна Ивановна");
    let [representative] = power.representatives.as_slice() else {
        panic!("one representative")
    };
    let person = representative.person.as_ref().expect("a person");
    assert_eq!(person.name(), "Пробный Иван Петрович");
    assert_eq!(
        person.born_on.map(|day| day.to_string()).as_deref(),
        Some("1990-05-06")
    );
    assert_eq!(power.powers.exercise, Exercise::Separately);
    assert_eq!(power.powers.codes.len(), 2);
    assert_eq!(power.flaws, []);
}

#[test]
fn what_was_not_asked_is_undecided() {
    let mut case = Case::good();
    case.signer = None;
    assert_eq!(case.answer(), (Outcome::Undecided, vec!["person_unasked"]));
    assert_eq!(
        result(&case.judge(), AuthorityCheck::Person),
        CheckResult::NotMade
    );
    let mut case = Case::good();
    case.organisation = None;
    assert_eq!(
        case.answer(),
        (Outcome::Undecided, vec!["principal_unasked"])
    );
    let mut case = Case::good();
    case.sought = None;
    assert_eq!(case.answer(), (Outcome::Undecided, vec!["powers_unasked"]));
    let mut case = Case::good();
    case.cms = None;
    assert_eq!(
        case.answer(),
        (Outcome::Undecided, vec!["signature_missing"])
    );
    let mut case = Case::good();
    case.registry = None;
    assert_eq!(case.answer(), (Outcome::Confirmed, vec![]));
    assert_eq!(
        result(&case.judge(), AuthorityCheck::Registry),
        CheckResult::NotMade
    );
    case.policy.registry_demanded = true;
    assert_eq!(
        case.answer(),
        (Outcome::Undecided, vec!["registry_demanded"])
    );
}

/// The days of a term are Moscow's, both ends included.
#[test]
fn a_term_begins_and_ends_with_its_days() {
    let answer = |moment: &str| {
        let mut case = Case::good();
        case.at = at(moment);
        case.registry = None;
        let report = case.judge();
        result(&report, AuthorityCheck::Term)
    };
    assert_eq!(answer("2026-01-09T20:59:59Z"), CheckResult::Failed);
    assert_eq!(answer("2026-01-09T21:00:00Z"), CheckResult::Passed);
    assert_eq!(answer("2027-01-09T20:59:59Z"), CheckResult::Passed);
    assert_eq!(answer("2027-01-09T21:00:00Z"), CheckResult::Failed);
}

#[test]
fn a_power_for_another_organisation_is_refused() {
    let mut case = Case::good();
    let other = |inn: Option<&str>, ogrn: Option<&str>| Organisation {
        inn: inn.map(str::to_owned),
        ogrn: ogrn.map(str::to_owned),
    };
    case.organisation = Some(other(Some("7707083893"), None));
    assert_eq!(case.answer(), (Outcome::Refused, vec!["principal_other"]));
    case.organisation = Some(other(Some("7700000016"), Some("1027700132195")));
    assert_eq!(case.answer(), (Outcome::Refused, vec!["principal_other"]));
    case.organisation = Some(other(None, Some("1027700000019")));
    assert_eq!(case.answer(), (Outcome::Confirmed, vec![]));
    case.organisation = Some(other(None, None));
    assert_eq!(
        case.answer(),
        (Outcome::Undecided, vec!["principal_unnumbered"])
    );
}

#[test]
fn a_power_for_another_person_is_refused() {
    let identity = |inn: Option<&str>, snils: Option<&str>, name: &str| {
        let mut case = Case::good();
        case.signer = Some(Identity {
            inn: inn.map(str::to_owned),
            snils: snils.map(str::to_owned),
            name: Some(name.to_owned()),
            ..Identity::default()
        });
        let report = case.judge();
        let codes = report
            .reasons
            .iter()
            .chain(&report.warnings)
            .map(|reason| reason.code.key());
        (
            report.result,
            codes
                .filter(|code| code.starts_with("person"))
                .collect::<Vec<_>>(),
        )
    };
    let (inn, snils) = (Some("770000020201"), Some("123-456-789 64"));
    let name = "пробный  Иван Петрович";
    assert_eq!(identity(inn, snils, name), (Outcome::Confirmed, vec![]));
    assert_eq!(identity(inn, None, name), (Outcome::Confirmed, vec![]));
    assert_eq!(
        identity(None, snils, "Другой Иван Петрович"),
        (Outcome::Confirmed, vec!["person_renamed"])
    );
    assert_eq!(
        identity(None, None, name),
        (Outcome::Undecided, vec!["person_by_name"])
    );
    assert_eq!(
        identity(None, None, "Другой Иван Петрович"),
        (Outcome::Refused, vec!["person_other"])
    );
    // A right name does not mend a wrong number, nor one right number another wrong one.
    assert_eq!(
        identity(Some("500100732259"), None, name),
        (Outcome::Refused, vec!["person_other"])
    );
    assert_eq!(
        identity(inn, Some("08765430300"), name),
        (Outcome::Refused, vec!["person_other"])
    );
}

#[test]
fn powers_fit_by_code_then_by_words() {
    let answer = |codes: &[&str], words: &[&str]| {
        let mut case = Case::good();
        let owned = |list: &[&str]| list.iter().map(|one| (*one).to_owned()).collect();
        case.sought = Some(PowerSought {
            codes: owned(codes),
            words: owned(words),
        });
        let report = case.judge();
        (report.result, result(&report, AuthorityCheck::Powers))
    };
    assert_eq!(
        answer(&["BBB_2_002"], &[]),
        (Outcome::Confirmed, CheckResult::Passed)
    );
    assert_eq!(
        answer(&["X"], &["Договор"]),
        (Outcome::Undecided, CheckResult::Undecided)
    );
    assert_eq!(
        answer(&["X"], &["накладн"]),
        (Outcome::Undecided, CheckResult::Undecided)
    );
    // The beginning of a word, not any part of one.
    assert_eq!(
        answer(&[], &["говор"]),
        (Outcome::Undecided, CheckResult::Undecided)
    );
    assert_eq!(
        answer(&[], &[""]),
        (Outcome::Undecided, CheckResult::Undecided)
    );
}

#[test]
fn the_signature_of_a_power_is_its_principals() {
    let mut case = Case::good();
    case.cms = Some(bytes("power-stranger.p7s"));
    assert_eq!(case.answer(), (Outcome::Refused, vec!["signer_other"]));
    let mut case = Case::good();
    case.power = with(&text("power.xml"), "Менеджер", "Директор").into_bytes();
    assert_eq!(case.answer(), (Outcome::Refused, vec!["signature_wrong"]));
    let mut case = Case::good();
    case.anchors = Anchors::none();
    assert_eq!(
        case.answer(),
        (Outcome::Undecided, vec!["signature_undecided"])
    );
    let mut case = Case::good();
    case.cms = Some(b"nonsense".to_vec());
    assert_ne!(case.judge().result, Outcome::Confirmed);
}

/// Heads who act only together, and a second principal, ask for more than one signature.
#[test]
fn one_signature_is_not_that_of_several() {
    let good = text("power.xml");
    let joint = with(&good, "ПолнЮЛ=\"1\"", "ПолнЮЛ=\"2\"");
    let (start, end) = (
        good.find("<СвДоверит").expect("one"),
        good.find("<СвУпПред").expect("one"),
    );
    let another = good[start..end]
        .replace("7700000016", "7707083893")
        .replace("1027700000019", "1027700132195");
    let two = with(&good, "<СвУпПред", &format!("{another}<СвУпПред"));
    for power in [joint, two] {
        let mut case = Case::good();
        case.power = power.into_bytes();
        // The file is another than the signed one: that is said too, and first.
        assert_eq!(
            case.answer(),
            (Outcome::Refused, vec!["signature_wrong", "signer_alone"])
        );
    }
}

/// An enveloped signature: what is read is what it covers.
#[test]
fn an_enveloped_signature_counts_as_well() {
    let mut case = Case::good();
    case.cms = None;
    case.enveloped = true;
    case.power = bytes("power-enveloped.xml");
    assert_eq!(case.answer(), (Outcome::Confirmed, vec![]));
    let signed = text("power-enveloped.xml");
    case.power = with(&signed, "BBB_2_002", "BBB_2_003").into_bytes();
    assert_eq!(case.answer(), (Outcome::Refused, vec!["signature_wrong"]));
    case.power = bytes("power.xml");
    assert_eq!(
        case.answer(),
        (Outcome::Undecided, vec!["signature_missing"])
    );
}

/// Every field that is wrong is named; each case is signed by nobody, so only the form is asked.
#[test]
fn a_wrong_field_is_named() {
    let good = text("power.xml");
    let flaws = |old: &str, new: &str| {
        let power = read_power_of_attorney(with(&good, old, new).as_bytes(), &Limits::default());
        let flaws = power.expect("a power").flaws;
        let field = |reason: &chancery_trust::Reason<_>| {
            reason.args.get("field").cloned().unwrap_or_default()
        };
        flaws
            .iter()
            .map(|one| format!("{} {}", one.code.key(), field(one)))
            .collect::<Vec<_>>()
    };
    assert_eq!(
        flaws("ИННЮЛ=\"7700000016\"", "ИННЮЛ=\"7700000017\""),
        ["control_digit_wrong ИННЮЛ"]
    );
    assert_eq!(
        flaws("ОГРН=\"1027700000019\"", "ОГРН=\"1027700000018\""),
        ["control_digit_wrong ОГРН"]
    );
    assert_eq!(
        flaws("123-456-789 64", "123-456-789 65"),
        ["control_digit_wrong СНИЛС"]
    );
    assert_eq!(
        flaws("ИННФЛ=\"770000020201\"", "ИННФЛ=\"77000002020\""),
        ["field_malformed ИННФЛ"]
    );
    assert_eq!(
        flaws("ДатаВыдДовер=\"2026-01-10\"", "ДатаВыдДовер=\"2026-02-30\""),
        ["field_malformed ДатаВыдДовер"]
    );
    assert_eq!(
        flaws("СрокДейст=\"2027-01-09\"", "СрокДейст=\"2025-01-09\""),
        ["term_reversed "]
    );
    assert_eq!(
        flaws(" СрокДейст=\"2027-01-09\"", ""),
        ["field_missing СрокДейст"]
    );
    assert_eq!(flaws("Фамилия=\"Пробный\" ", ""), ["field_missing Фамилия"]);
    assert_eq!(
        flaws("ПрСовмПолн=\"1\"", "ПрСовмПолн=\"3\""),
        ["field_malformed ПрСовмПолн"]
    );
    assert_eq!(
        flaws("ТипПред=\"3\"", "ТипПред=\"1\""),
        ["type_disagrees ТипПред"]
    );
    assert_eq!(flaws(" КПП=\"770001001\"", ""), [""; 0]);
    assert_eq!(
        flaws("ON_EMCHD_20260110_4f1c", "ON_EMCHD_20260110_5f1c"),
        ["number_differs "]
    );
    assert_eq!(
        flaws("ВерсФорм=\"EMCHD_1\"", "ВерсФорм=\"EMCHD_2\""),
        ["version_unknown "]
    );
    let uuid = "НомДовер=\"4f1c2d3e-5a6b-4c7d-8e9f-0a1b2c3d4e5f\" Дата";
    assert_eq!(
        flaws(uuid, "НомДовер=\"17\" Дата")[0],
        "field_malformed НомДовер"
    );
}

#[test]
fn what_is_no_power_is_undecided() {
    for (file, code) in [
        ("<a/>", "not_a_power"),
        ("nonsense", "unreadable"),
        ("<!DOCTYPE a><a/>", "unreadable"),
    ] {
        let mut case = Case::good();
        case.power = file.as_bytes().to_vec();
        case.cms = None;
        let report = case.judge();
        assert_eq!(report.result, Outcome::Undecided);
        assert!(
            report
                .reasons
                .iter()
                .any(|reason| reason.code.key() == code),
            "{code}"
        );
        assert_eq!(
            result(&report, AuthorityCheck::Person),
            CheckResult::NotMade
        );
        assert_eq!(report.power, None);
    }
}

#[test]
fn several_representatives_act_alone_only_if_the_power_says_so() {
    let representative = "<СвУпПред ТипПред=\"3\"><Пред><СведФизЛ ИННФЛ=\"500100732259\" \
                          СНИЛС=\"087-654-303 00\"><СведФЛ><ФИО Фамилия=\"Чужой\" Имя=\"Пётр\"/></СведФЛ>\
                          </СведФизЛ></Пред></СвУпПред>";
    let two = with(
        &text("power.xml"),
        "<СвУпПред",
        &format!("{representative}<СвУпПред"),
    );
    let mut case = Case::good();
    case.cms = None;
    case.power = two.clone().into_bytes();
    assert_eq!(
        case.answer(),
        (Outcome::Undecided, vec!["signature_missing"])
    );
    case.power = with(&two, "ПрСовмПолн=\"1\"", "ПрСовмПолн=\"2\"").into_bytes();
    assert_eq!(
        case.answer(),
        (Outcome::Undecided, vec!["signature_missing", "jointly"])
    );
}

#[test]
fn a_power_given_to_an_organisation_does_not_name_a_person() {
    let (start, end) = ("<СведФизЛ", "</СведФизЛ>");
    let power = text("power.xml");
    let (from, to) = (
        power.find(start).expect("a start"),
        power.find(end).expect("an end") + end.len(),
    );
    let organisation =
        "<СведОрг НаимОрг=\"ООО Поверенный\" ИННЮЛ=\"7707083893\" КПП=\"770701001\"/>";
    let mut case = Case::good();
    case.cms = None;
    case.power = with(&power, &power[from..to], organisation).into_bytes();
    assert_eq!(
        case.answer(),
        (
            Outcome::Undecided,
            vec!["signature_missing", "person_of_organisation"]
        )
    );
}

#[test]
fn a_power_that_was_passed_on_needs_the_one_it_comes_from() {
    let mut case = Case::good();
    case.power = bytes("power-delegated.xml");
    case.cms = Some(bytes("power-delegated.p7s"));
    case.signer = Identity::of_certificate(&bytes("stranger.der"));
    case.sought = Some(PowerSought {
        codes: vec!["BBB_2_002".to_owned()],
        words: vec![],
    });
    assert_eq!(case.answer(), (Outcome::Undecided, vec!["parent_missing"]));
    case.parents = vec![(bytes("power.xml"), bytes("power.p7s"))];
    assert_eq!(case.answer(), (Outcome::Confirmed, vec![]));
    // The parent is judged as itself: its signature, its term.
    case.parents = vec![(bytes("power.xml"), bytes("power-stranger.p7s"))];
    assert_eq!(case.answer(), (Outcome::Refused, vec!["parent_refused"]));
    let changed = |old: &str, new: &str| {
        let parent = with(&text("power.xml"), old, new).into_bytes();
        vec![(parent, bytes("power.p7s"))]
    };
    let has = |case: &Case, code: &str| case.answer().1.contains(&code);
    case.parents = changed("ПрПередов=\"2\"", "ПрПередов=\"1\"");
    assert!(has(&case, "parent_forbids"));
    case.parents = changed("СрокДейст=\"2027-01-09\"", "СрокДейст=\"2026-11-01\"");
    assert!(has(&case, "parent_shorter"));
    case.parents = changed("ИННФЛ=\"770000020201\"", "ИННФЛ=\"500100732259\"");
    assert!(has(&case, "parent_other"));
    case.parents = changed("КодПолн=\"BBB_2_002\"", "КодПолн=\"BBB_2_003\"");
    assert!(has(&case, "parent_narrower"));
}

#[test]
fn a_power_that_was_taken_back_is_refused_from_then_on() {
    let mut case = Case::good();
    let revoked = |since: &str| RegistryAnswer {
        state: RegistryState::Revoked { since: at(since) },
        asked_at: now(),
    };
    case.registry = Some(revoked("2026-11-30T00:00:00Z"));
    assert_eq!(case.answer(), (Outcome::Refused, vec!["revoked"]));
    case.registry = Some(revoked("2026-12-02T00:00:00Z"));
    assert_eq!(case.answer(), (Outcome::Confirmed, vec![]));
    case.registry = Some(RegistryAnswer {
        state: RegistryState::Unknown,
        asked_at: now(),
    });
    assert_eq!(
        case.answer(),
        (Outcome::Undecided, vec!["registry_unknown"])
    );
}

#[test]
fn old_certificates_have_the_organisations_number_after_zeros() {
    let head = Identity::of_certificate(&bytes("head.der")).expect("an identity");
    assert_eq!(head.name.as_deref(), Some("Тестова Анна Ивановна"));
    assert_eq!(head.inn.as_deref(), Some("770000010193"));
    assert_eq!(head.ogrn.as_deref(), Some("1027700000019"));
    assert_eq!(Identity::of_certificate(b"nonsense"), None);
}

#[test]
fn a_report_is_json_and_back() {
    let report = Case::good().judge();
    let json = serde_json::to_value(&report).expect("JSON");
    assert_eq!(json["result"], "confirmed");
    assert_eq!(json["warnings"][0]["code"], "delegation_allowed");
    let back: AuthorityReport = serde_json::from_value(json).expect("a report");
    assert_eq!(back, report);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn no_edit_makes_it_panic_or_confirms(
        made in edits(),
    ) {
        let mut case = Case::good();
        for (from, to, byte) in made {
            let (from, to) = (from.index(case.power.len()), to.index(case.power.len()));
            let (low, high) = (from.min(to), from.max(to).min(from.min(to) + 100));
            match byte % 3 {
                0 => case.power[from] = byte,
                1 => { case.power.drain(low..high); }
                _ => {
                    let piece = case.power[low..high].to_vec();
                    case.power.splice(low..low, piece);
                }
            }
        }
        let confirmed = case.judge().result == Outcome::Confirmed;
        prop_assert!(!confirmed || case.power == bytes("power.xml"));
    }
}
