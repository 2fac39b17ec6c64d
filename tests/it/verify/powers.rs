//! A power of attorney beside a signed file: told apart from the verdict, by page, call and
//! protocol.

use actix_web::http::StatusCode;
use chancery_types::Instant;
use serde_json::Value;
use tempfile::TempDir;

use super::{Part, ask, ask_page};
use crate::support::powers::{self, Person};
use crate::support::{Backend, TestApp, Traces};

const CONTENT: &[u8] = b"contract";
const ORGANISATION: &[u8] = powers::ORGANISATION.as_bytes();
const CODE: &[u8] = b"BBB_2_001";

/// A house that trusts the head, the representative and the stranger.
struct Trusting {
    house: TestApp,
    _folder: TempDir,
}

impl Trusting {
    async fn start() -> Self {
        let folder = TempDir::with_prefix("chancery-test-").expect("a folder");
        powers::keep_certificates(folder.path());
        let anchors = folder.path().to_owned();
        let house = TestApp::start_with(&Backend::single(), |config| {
            config.trust.anchors = vec![anchors];
            config.rate_limits.verify_per_minute = 1_000;
        })
        .await;
        Self {
            house,
            _folder: folder,
        }
    }

    fn now(&self) -> Instant {
        self.house.app.now()
    }
}

/// The power of the fixtures, in force until this day, and its signature by the head.
fn power_until(day: &str, at: Instant) -> (Vec<u8>, Vec<u8>) {
    let made = powers::power_until(day, at);
    (made.power, made.signature)
}

/// A file that `person` signed, with everything that is asked of a power.
fn asked<'a>(file: &'a [u8], power: &'a [u8], signature: &'a [u8]) -> Vec<Part<'a>> {
    vec![
        ("file", Some("c.p7s"), file),
        ("content", Some("c.txt"), CONTENT),
        ("power", Some("power.xml"), power),
        ("power_signature", Some("power.xml.sig"), signature),
        ("organisation", None, ORGANISATION),
        ("power_code", None, CODE),
    ]
}

fn reasons(told: &Value) -> Vec<&str> {
    let reasons = told["authority"]["reasons"].as_array().expect("reasons");
    let codes = reasons.iter().map(|one| one["code"].as_str());
    codes.map(|code| code.expect("a code")).collect()
}

/// Goal: the call tells what the power allows beside the verdict, and neither moves the other.
/// Method: a good power, one that is not asked about everything, one that ended, one for another
/// person, one of a signer whom nobody vouches for, one whose signature is missing or another's.
#[actix_web::test]
async fn a_power_is_told_beside_the_verdict_by_call() {
    let trusting = Trusting::start().await;
    let (app, now) = (&trusting.house.app, trusting.now());
    let file = Person::representative(52).signs(CONTENT, now);
    let (power, signature) = power_until("2027-01-09", now);
    let good = asked(&file, &power, &signature);
    let before = Traces::of(&trusting.house).await;
    let (status, told) = ask(app, &good).await;
    assert_eq!(status, StatusCode::OK, "{told:#}");
    assert_eq!(told["indication"], "TOTAL-PASSED", "{told:#}");
    assert_eq!(
        told["authority"]["result"], "confirmed",
        "{:#}",
        told["authority"]
    );
    assert_eq!(told["authority"]["compared_with"], 0);
    assert_eq!(told["authority"]["compared_indication"], "TOTAL-PASSED");
    let by = &told["authority"]["granted_by"];
    assert_eq!(by["organisation_inn"], "7700000016");
    let (_, alone) = ask(app, &good[..2]).await;
    assert!(alone.get("authority").is_none());

    let (_, told) = ask(app, &good[..4]).await;
    assert_eq!(told["authority"]["result"], "undecided");
    assert_eq!(reasons(&told), ["principal_unasked", "powers_unasked"]);

    let (ended, its_signature) = power_until("2026-06-30", now);
    let (_, told) = ask(app, &asked(&file, &ended, &its_signature)).await;
    assert_eq!(told["authority"]["result"], "refused");
    assert_eq!(reasons(&told), ["expired"]);
    assert_eq!(told["indication"], "TOTAL-PASSED", "the signature is right");

    let other = Person::stranger().signs(CONTENT, now);
    let (_, told) = ask(app, &asked(&other, &power, &signature)).await;
    assert_eq!(told["authority"]["result"], "refused");
    assert_eq!(reasons(&told), ["person_other"]);
    assert_eq!(told["indication"], "TOTAL-PASSED");

    let unproven = Person::representative(54).signs(CONTENT, now);
    let (_, told) = ask(app, &asked(&unproven, &power, &signature)).await;
    assert_eq!(told["indication"], "INDETERMINATE");
    assert_eq!(told["authority"]["compared_indication"], "INDETERMINATE");

    let (_, told) = ask(app, &asked(&file, &power, &its_signature)).await;
    assert_eq!(told["authority"]["result"], "refused");
    assert_eq!(reasons(&told), ["signature_wrong"]);
    let unsigned = [&good[..3], &good[4..]].concat();
    let (_, told) = ask(app, &unsigned).await;
    assert_eq!(told["authority"]["result"], "undecided");
    assert_eq!(reasons(&told), ["signature_missing"]);

    let mut failed = good.clone();
    failed[1] = ("content", Some("c.txt"), b"another");
    let (_, told) = ask(app, &failed).await;
    assert_eq!(told["indication"], "TOTAL-FAILED");
    assert_eq!(Traces::of(&trusting.house).await, before, "nothing is kept");
    trusting.house.close().await;
}

/// Goal: the page shows the power in a block of its own after the verdict, in both languages: whose
/// it is, whose, for what, until when, what is wrong; what fits a signer of whom nothing is proven
/// is not green; the protocol has it too.
#[actix_web::test]
async fn a_power_is_told_beside_the_verdict_by_page_and_protocol() {
    let trusting = Trusting::start().await;
    let (app, now) = (&trusting.house.app, trusting.now());
    let file = Person::representative(52).signs(CONTENT, now);
    let (power, signature) = power_until("2027-01-09", now);
    let good = asked(&file, &power, &signature);
    let (status, html) = ask_page(app, "ru", &good).await;
    assert_eq!(status, StatusCode::OK, "{html}");
    for text in [
        "data-verdict=\"good\"",
        "data-authority=\"attention\"",
        "Полномочия подтверждены, кроме одного: в реестре не спросили",
        "Вывод о подписи от неё не зависит.",
        "Ромашка-Тест",
        "ИНН 7700000016",
        "Пробный Иван Петрович, Менеджер",
        "BBB_2_001 Подписание договоров",
        "с 10\u{a0}января 2026 по 9\u{a0}января 2027",
        "Тестова Анна Ивановна",
    ] {
        assert!(html.contains(text), "{text} is missing in {html}");
    }
    let verdict = html.find("data-verdict").expect("a verdict");
    assert!(html.find("data-authority").expect("a block") > verdict);

    let (ended, its_signature) = power_until("2026-06-30", now);
    let (_, html) = ask_page(app, "en", &asked(&file, &ended, &its_signature)).await;
    for text in [
        "data-verdict=\"good\"",
        "data-authority=\"bad\"",
        "There is no authority.",
        "The term of the power of attorney ended on 30",
    ] {
        assert!(html.contains(text), "{text} is missing in {html}");
    }
    let other = Person::stranger().signs(CONTENT, now);
    let (_, html) = ask_page(app, "en", &asked(&other, &power, &signature)).await;
    assert!(
        html.contains("The power of attorney is given to somebody else"),
        "{html}"
    );
    let unproven = Person::representative(54).signs(CONTENT, now);
    let (_, html) = ask_page(app, "en", &asked(&unproven, &power, &signature)).await;
    assert!(html.contains("data-authority=\"attention\""), "{html}");
    assert!(
        html.contains("The power of attorney fits, but who signed is not confirmed."),
        "{html}"
    );
    let form: Part<'_> = ("form", None, b"html");
    let (_, protocol) = ask_page(app, "ru", &[good.as_slice(), &[form]].concat()).await;
    assert!(
        protocol
            .contains("Полномочия: Полномочия подтверждены, кроме одного: в реестре не спросили")
            && protocol.contains("Пробный Иван Петрович, Менеджер"),
        "{protocol}"
    );
    let form: Part<'_> = ("form", None, b"pdf");
    let (status, pdf) = ask_page(app, "ru", &[good.as_slice(), &[form]].concat()).await;
    assert!(status == StatusCode::OK && pdf.starts_with("%PDF-1.7"));
    trusting.house.close().await;
}

/// Goal: what is no power is refused at its field, by call with a code and by page with a sentence
/// in both languages. Method: broken XML, other XML, a file that is too large, a signature without
/// its power, numbers that are none.
#[actix_web::test]
async fn what_is_no_power_is_refused_at_its_field() {
    let trusting = Trusting::start().await;
    let (app, now) = (&trusting.house.app, trusting.now());
    let file = Person::representative(52).signs(CONTENT, now);
    let (power, signature) = power_until("2027-01-09", now);
    let good = asked(&file, &power, &signature);
    let with = |place: usize, bytes| {
        let mut parts = good.clone();
        parts[place].2 = bytes;
        parts
    };
    let large = vec![b' '; 256 * 1024 + 1];
    let cut = &power[..power.len() / 2];
    let long = [b'1'; 400];
    let cases = [
        (
            with(2, cut),
            "power",
            "power-unreadable",
            ["нельзя прочитать", "cannot be read"],
        ),
        (
            with(2, b"<a/>"),
            "power",
            "power-other",
            [
                "не машиночитаемая доверенность",
                "not a machine-readable power",
            ],
        ),
        (
            with(2, &large),
            "power",
            "power-too-large",
            ["больше 256\u{a0}КБ", "larger than 256 KB"],
        ),
        (
            with(3, &large),
            "power_signature",
            "power-too-large",
            ["Файл больше", "larger than"],
        ),
        (
            [&good[..2], &good[3..]].concat(),
            "power",
            "power-missing",
            ["саму доверенность", "power of attorney itself"],
        ),
        (
            with(4, b"7700000017"),
            "organisation",
            "tax-id-control-digit",
            ["не сходится", "control digit"],
        ),
        (with(5, &long), "power_code", "too-long", ["60", "60"]),
    ];
    for (parts, field, code, said) in cases {
        let (status, problem) = ask(app, &parts).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{problem:#}");
        let found = &problem["fields"][0];
        assert_eq!(
            (&found["field"], &found["code"]),
            (&field.into(), &code.into())
        );
        for (language, said) in ["ru", "en"].into_iter().zip(said) {
            let (status, html) = ask_page(app, language, &parts).await;
            assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{code}");
            let at_field = html.split(&format!("id=\"{field}-error\">")).nth(1);
            let sentence = at_field.and_then(|rest| rest.split('<').next());
            let sentence = sentence.unwrap_or_else(|| panic!("{code}: no sentence in {html}"));
            let plain = |text: &str| text.replace('\u{a0}', " ");
            let fits = plain(sentence).contains(&plain(said));
            assert!(fits, "{code}, {language}: {sentence}");
            assert!(html.contains("<details class=\"field\" open>"), "{code}");
            // What was typed stands there still; a file must be chosen again.
            for (name, _, typed) in parts.iter().filter(|(_, file, _)| file.is_none()) {
                let typed = std::str::from_utf8(typed).expect("text");
                let kept = format!("name=\"{name}\" type=\"text\" value=\"{typed}\"");
                let is_kept = typed.len() > 60 || html.contains(&kept);
                assert!(is_kept, "{code}, {language}: {name} was lost: {html}");
            }
        }
    }
    let limit = vec![b' '; 256 * 1024];
    let (_, problem) = ask(app, &with(2, &limit)).await;
    assert_eq!(problem["fields"][0]["code"], "power-unreadable");
    // A browser sends empty parts for what was left empty.
    let mut empty = good[..2].to_vec();
    empty.extend::<[Part<'_>; 4]>([
        ("power", Some(""), b""),
        ("power_signature", Some(""), b""),
        ("organisation", None, b""),
        ("power_code", None, b""),
    ]);
    let (status, told) = ask(app, &empty).await;
    assert_eq!(status, StatusCode::OK);
    assert!(told.get("authority").is_none(), "{told:#}");
    trusting.house.close().await;
}

fn passed_on_parts<'a>(
    file: &'a [u8],
    power: &'a powers::Signed,
    parents: &'a [powers::Signed],
) -> Vec<Part<'a>> {
    let mut parts = vec![
        ("file", Some("c.p7s"), file),
        ("content", Some("c.txt"), CONTENT),
        ("power", Some("power.xml"), power.power.as_slice()),
        (
            "power_signature",
            Some("power.sig"),
            power.signature.as_slice(),
        ),
        ("organisation", None, ORGANISATION),
        ("power_code", None, powers::CODE.as_bytes()),
    ];
    for parent in parents.iter().rev() {
        parts.push(("parents", Some("1.sig"), parent.signature.as_slice()));
    }
    for parent in parents {
        parts.push(("parents", Some("1.xml"), parent.power.as_slice()));
    }
    parts
}

/// Goal: a power that was passed on is judged through the powers that it comes from, up to the one
/// who gave the first; without them it stays open and says which is missing. Method: a chain of
/// two and one of three, each rule of the chain broken alone, by call; files in any order.
#[actix_web::test]
async fn a_power_that_was_passed_on_is_judged_through_its_parents() {
    let trusting = Trusting::start().await;
    let (app, now) = (&trusting.house.app, trusting.now());
    let answer = async |who: &Person, power: &powers::Signed, parents: &[powers::Signed]| {
        let file = who.signs(CONTENT, now);
        let (status, told) = ask(app, &passed_on_parts(&file, power, parents)).await;
        assert_eq!(status, StatusCode::OK, "{told:#}");
        assert_eq!(told["indication"], "TOTAL-PASSED");
        let result = told["authority"]["result"].as_str().expect("a result");
        (format!("{result} {}", reasons(&told).join(" ")), told)
    };
    let onward = [("ПрПередов=\"2\"", "ПрПередов=\"3\"")];
    let first = powers::changed_power(&onward, now);
    let once = powers::changed_power(&[], now);
    let second = powers::passed_on(&[], now);
    let who = Person::second();

    let (said, told) = answer(&who, &second, &[]).await;
    assert_eq!(said, "undecided parent_missing");
    let missing = &told["authority"]["reasons"][0]["args"]["number"];
    assert_eq!(missing, powers::FIRST);
    let (said, told) = answer(&who, &second, std::slice::from_ref(&once)).await;
    assert_eq!(said, "confirmed ", "{told:#}");
    let parents = told["authority"]["parents"].as_array().expect("parents");
    assert_eq!(parents.len(), 1);
    assert_eq!(parents[0]["result"], "confirmed");
    assert_eq!(parents[0]["power"]["number"], powers::FIRST);
    assert_eq!(
        parents[0]["granted_by"]["organisation_inn"],
        powers::ORGANISATION
    );

    // The chain's principal counts, not who passed it on.
    let other = powers::changed_power(
        &[
            ("ИННЮЛ=\"7700000016\"", "ИННЮЛ=\"7707083893\""),
            ("1027700000019", "1027700132195"),
        ],
        now,
    );
    let (said, _) = answer(&who, &second, &[other]).await;
    assert!(
        said.starts_with("refused") && said.contains("principal_other"),
        "{said}"
    );
    for (changes, code) in [
        ([("ПрПередов=\"2\"", "ПрПередов=\"1\"")], "parent_forbids"),
        (
            [("СрокДейст=\"2027-01-09\"", "СрокДейст=\"2026-12-30\"")],
            "parent_shorter",
        ),
        (
            [("ДатаВыдДовер=\"2026-01-10\"", "ДатаВыдДовер=\"2026-02-02\"")],
            "parent_later",
        ),
        (
            [("СрокДейст=\"2027-01-09\"", "СрокДейст=\"2026-06-30\"")],
            "parent_refused",
        ),
        (
            [("СНИЛС=\"123-456-789 64\"", "СНИЛС=\"087-654-303 00\"")],
            "parent_other",
        ),
    ] {
        let (said, _) = answer(&who, &second, &[powers::changed_power(&changes, now)]).await;
        assert!(
            said.starts_with("refused") && said.contains(code),
            "{code}: {said}"
        );
    }
    let narrow = powers::changed_power(&[("BBB_2_002", "BBB_2_003")], now);
    let (said, _) = answer(&who, &second, &[narrow]).await;
    assert_eq!(said, "undecided parent_narrower");
    let unsigned = powers::Signed {
        signature: Vec::new(),
        ..once.clone()
    };
    let file = who.signs(CONTENT, now);
    let mut parts = passed_on_parts(&file, &second, std::slice::from_ref(&unsigned));
    parts.retain(|(name, _, bytes)| *name != "parents" || !bytes.is_empty());
    let (_, told) = ask(app, &parts).await;
    assert_eq!(reasons(&told), ["parent_undecided"]);
    let by_another = powers::Signed {
        signature: Person::second().signs(&once.power, now),
        ..once.clone()
    };
    let (said, _) = answer(&who, &second, &[by_another]).await;
    assert_eq!(said, "refused parent_refused");

    let middle = powers::passed_on(&[("ПрПередов=\"1\"", "ПрПередов=\"2\"")], now);
    let third = powers::passed_on_again(&[], now);
    let who = Person::third();
    let (said, told) = answer(&who, &third, &[first.clone(), middle.clone()]).await;
    assert_eq!(said, "confirmed ", "{told:#}");
    let numbers = [0, 1].map(|at| told["authority"]["parents"][at]["power"]["number"].clone());
    assert_eq!(numbers, [powers::SECOND, powers::FIRST]);
    let (said, told) = answer(&who, &third, std::slice::from_ref(&middle)).await;
    assert_eq!(said, "undecided parent_undecided");
    assert_eq!(
        told["authority"]["parents"][0]["reasons"][0]["code"],
        "parent_missing"
    );
    let (said, _) = answer(&who, &third, std::slice::from_ref(&first)).await;
    assert_eq!(said, "undecided parent_missing");
    // Once is not twice.
    let (said, _) = answer(&who, &third, &[once.clone(), middle.clone()]).await;
    assert_eq!(said, "refused parent_refused");
    // It names a first power that is not the one at the beginning.
    let lies = powers::passed_on_again(&[(powers::FIRST, powers::THIRD)], now);
    let (said, _) = answer(&who, &lies, &[first.clone(), middle.clone()]).await;
    assert!(
        said.starts_with("refused") && said.contains("first_other"),
        "{said}"
    );
    // A power that comes from itself has no beginning.
    let round = powers::passed_on(&[(powers::FIRST, powers::SECOND)], now);
    let (said, _) = answer(&Person::second(), &round, std::slice::from_ref(&round)).await;
    assert!(!said.starts_with("confirmed"), "{said}");
    trusting.house.close().await;
}

/// Goal: page and protocol show the chain in words of both languages, and what is wrong with the
/// files of parents is told at their field.
#[actix_web::test]
async fn parents_are_told_by_page_and_protocol() {
    let trusting = Trusting::start().await;
    let (app, now) = (&trusting.house.app, trusting.now());
    let file = Person::second().signs(CONTENT, now);
    let (first, second) = (powers::changed_power(&[], now), powers::passed_on(&[], now));
    let whole = passed_on_parts(&file, &second, std::slice::from_ref(&first));
    let form: Part<'_> = ("form", None, b"html");
    for parts in [whole.clone(), [whole.as_slice(), &[form]].concat()] {
        let (status, html) = ask_page(app, "ru", &parts).await;
        assert_eq!(status, StatusCode::OK, "{html}");
        for text in [
            "Полномочия подтверждены, кроме одного: в реестре не спросили",
            "Исходная доверенность",
            "Кто доверил первым",
            "Ромашка-Тест",
            powers::FIRST,
        ] {
            assert!(html.contains(text), "{text} is missing in {html}");
        }
    }
    let (_, html) = ask_page(app, "en", &whole[..6]).await;
    let wanted = format!("Add the one that it comes from, number {}", powers::FIRST);
    assert!(html.contains(&wanted), "{html}");

    let many = vec![first.clone(); 9];
    let large = vec![b' '; 256 * 1024 + 1];
    let with = |parts: &[Part<'static>]| [&whole[..6], parts].concat();
    let stray: &'static [u8] = Box::leak(second.signature.clone().into_boxed_slice());
    let large: &'static [u8] = Box::leak(large.into_boxed_slice());
    let cases = [
        (
            with(&[("parents", Some("x"), b"nonsense")]),
            "power-parent-unreadable",
        ),
        (with(&[("parents", Some("x"), b"<a/>")]), "power-other"),
        (with(&[("parents", Some("x"), stray)]), "power-parent-loose"),
        (with(&[("parents", Some("x"), large)]), "power-too-large"),
        (
            passed_on_parts(&file, &second, &many),
            "power-parents-too-many",
        ),
    ];
    for (parts, code) in cases {
        let (status, problem) = ask(app, &parts).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{code}");
        let found = &problem["fields"][0];
        assert_eq!(
            (&found["field"], &found["code"]),
            (&"parents".into(), &code.into())
        );
        for language in ["ru", "en"] {
            let (_, html) = ask_page(app, language, &parts).await;
            assert!(html.contains("id=\"parents-error\">"), "{code}: {html}");
            assert!(!html.contains(code), "{code} is shown: {html}");
        }
    }
    let none: [Part<'_>; 1] = [("parents", Some("first.xml"), &first.power)];
    let (_, problem) = ask(app, &[&whole[..2], &none].concat()).await;
    assert_eq!(problem["fields"][0]["code"], "power-missing");
    trusting.house.close().await;
}
