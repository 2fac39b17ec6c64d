//! A power of attorney beside a signed file: told apart from the verdict, by page, call and
//! protocol.

use actix_web::http::StatusCode;
use chancery_signature as sig;
use chancery_types::Instant;
use serde_json::Value;
use sig::{KeyKind, SigningKey};
use tempfile::TempDir;

use super::{Part, ask, ask_page};
use crate::support::der::{self, tag};
use crate::support::{Backend, TestApp, Traces};

const FIXTURES: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/crates/chancery-trust/tests/fixtures"
);
const CONTENT: &[u8] = b"contract";
const ORGANISATION: &[u8] = b"7700000016";
const CODE: &[u8] = b"BBB_2_001";

/// Somebody with a certificate that names them as Russian ones do, issued by nobody.
struct Person {
    key: SigningKey,
    certificate: Vec<u8>,
}

impl Person {
    /// The head of the organisation that gives the power.
    fn head() -> Self {
        Self::of(
            51,
            &[
                ("2.5.4.3", tag::UTF8, "ООО \"Ромашка-Тест\""),
                ("2.5.4.4", tag::UTF8, "Тестова"),
                ("2.5.4.42", tag::UTF8, "Анна Ивановна"),
                ("1.2.643.3.131.1.1", tag::DIGITS, "770000010193"),
                ("1.2.643.100.3", tag::DIGITS, "11223344595"),
                ("1.2.643.100.4", tag::DIGITS, "7700000016"),
                ("1.2.643.100.1", tag::DIGITS, "1027700000019"),
            ],
        )
    }

    /// The one to whom it is given, or who says so: by another key.
    fn representative(seed: u8) -> Self {
        Self::of(
            seed,
            &[
                ("2.5.4.3", tag::UTF8, "Пробный Иван Петрович"),
                ("1.2.643.3.131.1.1", tag::DIGITS, "770000020201"),
                ("1.2.643.100.3", tag::DIGITS, "12345678964"),
            ],
        )
    }

    fn stranger() -> Self {
        Self::of(
            53,
            &[
                ("2.5.4.3", tag::UTF8, "Чужой Пётр Ильич"),
                ("1.2.643.100.3", tag::DIGITS, "11223344595"),
            ],
        )
    }

    fn of(seed: u8, parts: &[(&str, u8, &str)]) -> Self {
        let key = SigningKey::from_seed(KeyKind::EcdsaP256, &[seed; 32]).expect("a key");
        let sign = |message: &[u8]| key.sign(message).expect("a value");
        let name = der::name(parts);
        let certificate =
            der::self_signed(seed, &name, &key.spki_der(), "1.2.840.10045.4.3.2", sign);
        Self { key, certificate }
    }

    /// A detached signature over `content`.
    fn signs(&self, content: &[u8], at: Instant) -> Vec<u8> {
        let algorithm = sig::DigestAlgorithm::Sha256;
        let digest = algorithm.digest(&[content]);
        let attributes = sig::detached_attributes(algorithm, &digest, &self.certificate, at);
        let attributes = attributes.expect("attributes");
        let value = self.key.sign(&attributes).expect("a value");
        let made = sig::assemble(&sig::Parts {
            signed_attributes: &attributes,
            value: &value,
            certificate: &self.certificate,
            chain: &[],
            timestamp_token: None,
        });
        made.expect("a signature")
    }
}

/// A house that trusts the head, the representative and the stranger.
struct Trusting {
    house: TestApp,
    _folder: TempDir,
}

impl Trusting {
    async fn start() -> Self {
        let folder = TempDir::with_prefix("chancery-test-").expect("a folder");
        let people = [
            Person::head(),
            Person::representative(52),
            Person::stranger(),
        ];
        for (index, person) in people.iter().enumerate() {
            let path = folder.path().join(format!("{index}.der"));
            std::fs::write(path, &person.certificate).expect("kept");
        }
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
    let text = std::fs::read_to_string(format!("{FIXTURES}/power.xml")).expect("a fixture");
    let text = text.replacen("2027-01-09", day, 1);
    let signature = Person::head().signs(text.as_bytes(), at);
    (text.into_bytes(), signature)
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
        "data-authority=\"good\"",
        "Полномочия подтверждены.",
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
        protocol.contains("Полномочия: Полномочия подтверждены.")
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
