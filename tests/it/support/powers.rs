//! Powers of attorney and the people in them, with keys of the tests' own: the files of
//! `chancery-trust` were signed by others.

use std::path::Path;

use chancery_signature as sig;
use chancery_types::Instant;
use sig::{KeyKind, SigningKey};

use super::der::{self, tag};

const FIXTURES: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/crates/chancery-trust/tests/fixtures"
);
/// The organisation that gives the first power.
pub const ORGANISATION: &str = "7700000016";
/// A power that every one of them has.
pub const CODE: &str = "BBB_2_002";
/// The number of the first power.
pub const FIRST: &str = "4f1c2d3e-5a6b-4c7d-8e9f-0a1b2c3d4e5f";
/// The number of the one that its representative passes on.
pub const SECOND: &str = "5a1c2d3e-5a6b-4c7d-8e9f-0a1b2c3d4e60";
/// The number of the one that is passed on once more.
pub const THIRD: &str = "6b1c2d3e-5a6b-4c7d-8e9f-0a1b2c3d4e61";

/// Somebody with a certificate that names them as Russian ones do, issued by nobody.
pub struct Person {
    pub key: SigningKey,
    pub certificate: Vec<u8>,
}

impl Person {
    /// The head of the organisation that gives the power.
    pub fn head() -> Self {
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
    pub fn representative(seed: u8) -> Self {
        Self::of(
            seed,
            &[
                ("2.5.4.3", tag::UTF8, "Пробный Иван Петрович"),
                ("1.2.643.3.131.1.1", tag::DIGITS, "770000020201"),
                ("1.2.643.100.3", tag::DIGITS, "12345678964"),
            ],
        )
    }

    /// The one to whom the representative passes it on.
    pub fn second() -> Self {
        Self::of(
            55,
            &[
                ("2.5.4.3", tag::UTF8, "Чужой Петр Петрович"),
                ("1.2.643.3.131.1.1", tag::DIGITS, "500100732259"),
                ("1.2.643.100.3", tag::DIGITS, "08765430300"),
            ],
        )
    }

    /// The one to whom that one passes it on.
    pub fn third() -> Self {
        Self::of(
            56,
            &[
                ("2.5.4.3", tag::UTF8, "Третья Вера Львовна"),
                ("1.2.643.3.131.1.1", tag::DIGITS, "500100732259"),
                ("1.2.643.100.3", tag::DIGITS, "00100199811"),
            ],
        )
    }

    pub fn stranger() -> Self {
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
    pub fn signs(&self, content: &[u8], at: Instant) -> Vec<u8> {
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

/// Certificates of all of them but who only says to be the representative, as files to trust.
pub fn keep_certificates(folder: &Path) {
    let people = [
        Person::head(),
        Person::representative(52),
        Person::second(),
        Person::third(),
        Person::stranger(),
    ];
    for (index, person) in people.iter().enumerate() {
        let path = folder.join(format!("{index}.der"));
        std::fs::write(path, &person.certificate).expect("kept");
    }
}

/// A power with its signature.
#[derive(Clone)]
pub struct Signed {
    pub power: Vec<u8>,
    pub signature: Vec<u8>,
}

impl Signed {
    fn of(text: String, by: &Person, at: Instant) -> Self {
        let power = text.into_bytes();
        let signature = by.signs(&power, at);
        Self { power, signature }
    }
}

/// The power of the fixtures, in force until this day, and its signature by the head.
pub fn power_until(day: &str, at: Instant) -> Signed {
    changed_power(&[("2027-01-09", day)], at)
}

/// The same with other texts in it, each once.
pub fn changed_power(changes: &[(&str, &str)], at: Instant) -> Signed {
    let mut text = std::fs::read_to_string(format!("{FIXTURES}/power.xml")).expect("a fixture");
    for (old, new) in changes {
        assert!(text.contains(old), "{old}");
        text = text.replacen(old, new, 1);
    }
    Signed::of(text, &Person::head(), at)
}

/// What the representative passes on to the second, once more if `onward` allows it (`ПрПередов`).
pub fn passed_on(changes: &[(&str, &str)], at: Instant) -> Signed {
    let text = passed_on_text(
        SECOND,
        &format!("НомДоверПерв=\"{FIRST}\""),
        "",
        REPRESENTATIVE,
        SECOND_ONE,
    );
    Signed::of(changed(text, changes), &Person::representative(52), at)
}

/// What the second passes on to the third.
pub fn passed_on_again(changes: &[(&str, &str)], at: Instant) -> Signed {
    let first = format!("НомДоверПерв=\"{FIRST}\"");
    let between = format!("<СвПередов НомДоверN=\"{SECOND}\"/>");
    let text = passed_on_text(THIRD, &first, &between, SECOND_ONE, THIRD_ONE);
    Signed::of(changed(text, changes), &Person::second(), at)
}

fn changed(mut text: String, changes: &[(&str, &str)]) -> String {
    for (old, new) in changes {
        assert!(text.contains(old), "{old}");
        text = text.replacen(old, new, 1);
    }
    text
}

/// Numbers and name of a person, as the file has them.
type Named = (&'static str, &'static str);

const REPRESENTATIVE: Named = (
    "ИННФЛ=\"770000020201\" СНИЛС=\"123-456-789 64\"",
    "Фамилия=\"Пробный\" Имя=\"Иван\" Отчество=\"Петрович\"",
);
const SECOND_ONE: Named = (
    "ИННФЛ=\"500100732259\" СНИЛС=\"087-654-303 00\"",
    "Фамилия=\"Чужой\" Имя=\"Петр\" Отчество=\"Петрович\"",
);
const THIRD_ONE: Named = (
    "ИННФЛ=\"500100732259\" СНИЛС=\"001-001-998 11\"",
    "Фамилия=\"Третья\" Имя=\"Вера\" Отчество=\"Львовна\"",
);

fn passed_on_text(number: &str, first: &str, between: &str, from: Named, to: Named) -> String {
    let ((from_numbers, from_name), (to_numbers, to_name)) = (from, to);
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <Доверенность xmlns=\"urn://x-artefacts/EMCHD_1\" ВерсФорм=\"EMCHD_1\" \
         ПрЭлФорм=\"00000000\" ИдФайл=\"ON_EMCHD_20260201_{number}\"><Документ>\
         <Передов ПрНалПередов=\"1\"><СвПервДовер ПрДовер=\"1\" ФормДовер=\"1\" \
         ДатаВыдДовер=\"2026-01-10\" СрокДейст=\"2027-01-09\" {first}>\
         <СвДоверПерв ТипДоверит=\"1\"><ДоверитПерв><РосОргДовер \
         НаимОрг=\"ООО &quot;Ромашка-Тест&quot;\" ИННЮЛ=\"7700000016\" КПП=\"770001001\" \
         ОГРН=\"1027700000019\"/></ДоверитПерв></СвДоверПерв></СвПервДовер>{between}\
         <СвПереДовер ВидДовер=\"1\" ПрПередов=\"1\" ВнНомДовер=\"МЧД\" НомДовер=\"{number}\" \
         ДатаВыдДовер=\"2026-02-01\" СрокДейст=\"2026-12-31\">\
         <СведСист>https://m4d.nalog.gov.ru/</СведСист></СвПереДовер>\
         <СвПередПолн ТипПерПолн=\"3\"><ПередПолн><ФЛПерПолн {from_numbers}><СведФЛ><СведФЛ>\
         <ФИО {from_name}/></СведФЛ></СведФЛ></ФЛПерПолн></ПередПолн></СвПередПолн>\
         <СвПолучПолн ТипПред=\"3\"><Пред><СведФизЛ {to_numbers}><СведФЛ><ФИО {to_name}/>\
         </СведФЛ></СведФизЛ></Пред></СвПолучПолн>\
         <СвПолн ТипПолн=\"1\" ПрСовмПолн=\"1\" ПрУтрПолн=\"2\">\
         <МашПолн КодПолн=\"BBB_2_002\" НаимПолн=\"Подписание актов\"/></СвПолн>\
         </Передов></Документ></Доверенность>\n"
    )
}
