//! Powers of attorney that a test writes and signs itself, with people of its own.

use chancery_signature as sig;
use chancery_signature::{Anchors, GivenEvidence, ObjectIdentifier};
use chancery_trust::{
    AuthorityPolicy, AuthorityReport, Grant, Identity, Organisation, Outcome, OwnSignature,
    PowerSought, Question, RegistryAnswer, RegistryState, judge_authority,
};
use chancery_types::Instant;
use chancery_xades::Limits;
use sig::{KeyKind, SigningKey};

use crate::support::{at, now};

/// The first power's number, and that of one that is passed on.
pub const FIRST: &str = "4f1c2d3e-5a6b-4c7d-8e9f-0a1b2c3d4e5f";
pub const SECOND: &str = "5f1c2d3e-5a6b-4c7d-8e9f-0a1b2c3d4e5f";

const FAMILY: &str = "2.5.4.4";
const GIVEN: &str = "2.5.4.42";
const COMMON: &str = "2.5.4.3";
const INN: &str = "1.2.643.3.131.1.1";
const SNILS: &str = "1.2.643.100.3";
const INN_OF_ORGANISATION: &str = "1.2.643.100.4";
const OGRN: &str = "1.2.643.100.1";
const OGRNIP: &str = "1.2.643.100.5";

fn der(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let content = parts.concat();
    let head = match u16::try_from(content.len()).expect("a small value") {
        short @ ..0x80 => vec![tag, u8::try_from(short).expect("one octet")],
        long => [&[tag, 0x82][..], &long.to_be_bytes()].concat(),
    };
    [head, content].concat()
}

/// The values within a value, each whole.
fn parts(value: &[u8]) -> Vec<&[u8]> {
    let head = |value: &[u8]| match value[1] {
        short @ ..=0x7f => (2, usize::from(short)),
        0x81 => (3, usize::from(value[2])),
        _ => (4, usize::from(u16::from_be_bytes([value[2], value[3]]))),
    };
    let mut rest = &value[head(value).0..];
    let mut found = Vec::new();
    while !rest.is_empty() {
        let (start, length) = head(rest);
        let (one, after) = rest.split_at(start + length);
        found.push(one);
        rest = after;
    }
    found
}

fn content(value: &[u8]) -> Vec<u8> {
    parts(value).concat()
}

/// Somebody with a certificate that only its own key signs.
pub struct Person {
    key: SigningKey,
    pub certificate: Vec<u8>,
}

impl Person {
    /// With these attributes in the certificate's name, object identifier and text.
    pub fn of(seed: u8, attributes: &[(&str, &str)]) -> Self {
        Self::certified(seed, attributes, "250101000000Z", None)
    }

    /// With a certificate that begins then, by whose key and certificate this is.
    pub fn certified(
        seed: u8,
        attributes: &[(&str, &str)],
        since: &str,
        by: Option<(&SigningKey, &[u8])>,
    ) -> Self {
        let key = SigningKey::from_seed(KeyKind::EcdsaP256, &[seed; 32]).expect("a key");
        let oid = |text: &str| der(6, &[ObjectIdentifier::new_unwrap(text).as_bytes()]);
        let name = attributes.iter().map(|(kind, text)| {
            let part = der(0x30, &[&oid(kind), &der(0x0c, &[text.as_bytes()])]);
            der(0x31, &[&part])
        });
        let name = der(0x30, &[&name.collect::<Vec<_>>().concat()]);
        let algorithm = der(0x30, &[&oid("1.2.840.10045.4.3.2")]);
        let time = |text: &str| der(0x17, &[text.as_bytes()]);
        let validity = der(0x30, &[&time(since), &time("360101000000Z")]);
        let issuer = by.map_or(name.clone(), |(_, own)| parts(parts(own)[0])[5].to_vec());
        let usage = der(4, &[&[3, 2, 6, 0xc0]]);
        let usage = der(0x30, &[&oid("2.5.29.15"), &der(1, &[&[0xff]]), &usage]);
        let to_be_signed = der(
            0x30,
            &[
                &der(0xa0, &[&der(2, &[&[2]])]),
                &der(2, &[&[seed]]),
                &algorithm,
                &issuer,
                &validity,
                &name,
                &key.spki_der(),
                &der(0xa3, &[&der(0x30, &[&usage])]),
            ],
        );
        let signs = by.map_or(&key, |(own, _)| own);
        let value = signs.sign(&to_be_signed).expect("a value");
        let value = der(3, &[&[0], &value]);
        let certificate = der(0x30, &[&to_be_signed, &algorithm, &value]);
        Self { key, certificate }
    }

    /// The head of the organisation, with its numbers.
    pub fn head() -> Self {
        Self::of(
            1,
            &[
                (FAMILY, "Тестова"),
                (GIVEN, "Анна Ивановна"),
                (INN, "770000010193"),
                (SNILS, "11223344595"),
                (INN_OF_ORGANISATION, "7700000016"),
                (OGRN, "1027700000019"),
            ],
        )
    }

    /// The head, in whose certificate stand these too.
    pub fn head_with(more: &[(&str, &str)]) -> Self {
        let mut attributes = Self::of_organisation("Тестова", "Анна Ивановна");
        attributes.extend([(INN, "770000010193"), (SNILS, "11223344595")]);
        attributes.extend(more);
        Self::of(1, &attributes)
    }

    /// The head, by a certificate of their own that no organisation stands in.
    pub fn head_in_private() -> Self {
        Self::of(
            2,
            &[
                (FAMILY, "Тестова"),
                (GIVEN, "Анна Ивановна"),
                (INN, "770000010193"),
                (SNILS, "11223344595"),
            ],
        )
    }

    /// The same head with a certificate and a key that came later.
    pub fn head_renewed() -> Self {
        let mut attributes = Self::of_organisation("Тестова", "Анна Ивановна");
        attributes.extend([(INN, "770000010193"), (SNILS, "11223344595")]);
        Self::of(3, &attributes)
    }

    /// Another head of the same organisation.
    pub fn second_head() -> Self {
        let mut attributes = Self::of_organisation("Второв", "Пётр Кузьмич");
        attributes.extend([(INN, "500100732259"), (SNILS, "08765430300")]);
        Self::of(4, &attributes)
    }

    /// Somebody of the organisation, by their ИНН alone.
    pub fn employee() -> Self {
        let mut attributes = Self::of_organisation("Работников", "Олег");
        attributes.push((INN, "500100732259"));
        Self::of(5, &attributes)
    }

    /// The organisation's own certificate, which names nobody.
    pub fn organisation() -> Self {
        Self::of(
            6,
            &[
                (COMMON, "ООО Ромашка"),
                (INN_OF_ORGANISATION, "7700000016"),
                (OGRN, "1027700000019"),
            ],
        )
    }

    fn of_organisation<'a>(family: &'a str, given: &'a str) -> Vec<(&'a str, &'a str)> {
        vec![
            (FAMILY, family),
            (GIVEN, given),
            (INN_OF_ORGANISATION, "7700000016"),
            (OGRN, "1027700000019"),
        ]
    }

    pub fn representative() -> Self {
        Self::of(
            7,
            &[
                (FAMILY, "Пробный"),
                (GIVEN, "Иван Петрович"),
                (INN, "770000020201"),
                (SNILS, "12345678964"),
            ],
        )
    }

    /// Somebody with a certificate of their own, who has nothing to do with anything.
    pub fn stranger() -> Self {
        Self::of(8, &Self::STRANGER)
    }

    const STRANGER: [(&'static str, &'static str); 4] = [
        (FAMILY, "Злодеев"),
        (GIVEN, "Пётр Кузьмич"),
        (INN, "500100732259"),
        (SNILS, "08765430300"),
    ];

    /// The same with the numbers of an organisation, or as an entrepreneur.
    pub fn stranger_of_company() -> Self {
        let of = [(INN_OF_ORGANISATION, "7707083893"), (OGRN, "1027700132195")];
        Self::of(9, &[&Self::STRANGER[..], &of].concat())
    }

    pub fn stranger_as_entrepreneur() -> Self {
        let of = [(OGRNIP, "304500116000157")];
        Self::of(10, &[&Self::STRANGER[..], &of].concat())
    }

    /// With one of their numbers alone in the certificate.
    pub fn stranger_by_snils() -> Self {
        Self::of(
            11,
            &[
                (FAMILY, "Злодеев"),
                (GIVEN, "Пётр Кузьмич"),
                (SNILS, "08765430300"),
            ],
        )
    }

    pub fn company_by_inn() -> Self {
        Self::of(
            12,
            &[(COMMON, "ООО Злодей"), (INN_OF_ORGANISATION, "7707083893")],
        )
    }

    pub fn identity(&self) -> Identity {
        Identity::of_certificate(&self.certificate).expect("an identity")
    }

    fn signs(&self, octets: &[u8], when: Instant) -> Vec<u8> {
        let algorithm = sig::DigestAlgorithm::Sha256;
        let digest = algorithm.digest(&[octets]);
        let attributes = sig::detached_attributes(algorithm, &digest, &self.certificate, when);
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

/// One file of the signatures of all of these.
pub fn signed(by: &[&Person], octets: &[u8], when: Instant) -> Vec<u8> {
    let made = by.iter().map(|one| one.signs(octets, when));
    let joined = made.reduce(|one, other| {
        let (one, other) = (inner(&one), inner(&other));
        let (one, other) = (parts(&one), parts(&other));
        let certificates = der(0xa0, &[&content(one[3]), &content(other[3])]);
        let signers = der(0x31, &[&content(one[4]), &content(other[4])]);
        let whole = der(0x30, &[one[0], one[1], one[2], &certificates, &signers]);
        let kind = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.2");
        der(0x30, &[&der(6, &[kind.as_bytes()]), &der(0xa0, &[&whole])])
    });
    joined.expect("somebody")
}

/// The signed data of a CMS file.
fn inner(file: &[u8]) -> Vec<u8> {
    parts(parts(file)[1])[0].to_vec()
}

/// The head as the body of an organisation.
pub const HEAD: &str = "<ЛицоБезДов ПолнЮЛ=\"1\"><СвФЛ ИННФЛ=\"770000010193\" \
    СНИЛС=\"112-233-445 95\" Должность=\"Генеральный директор\"><СведФЛ><ФИО Фамилия=\"Тестова\" Имя=\"Анна\" \
    Отчество=\"Ивановна\"/></СведФЛ></СвФЛ></ЛицоБезДов>";
/// The stranger, as a person within something.
pub const STRANGER: &str = "<СвФЛ ИННФЛ=\"500100732259\" СНИЛС=\"087-654-303 00\"><СведФЛ>\
    <ФИО Фамилия=\"Злодеев\" Имя=\"Пётр\" Отчество=\"Кузьмич\"/></СведФЛ></СвФЛ>";
pub const REPRESENTATIVE: &str = "<СвУпПред ТипПред=\"3\"><Пред><СведФизЛ ИННФЛ=\"770000020201\" \
    СНИЛС=\"123-456-789 64\"><СведФЛ><ФИО Фамилия=\"Пробный\" Имя=\"Иван\" Отчество=\"Петрович\"/>\
    </СведФЛ></СведФизЛ></Пред></СвУпПред>";
pub const TO_STRANGER: &str = "<СвУпПред ТипПред=\"3\"><Пред><СведФизЛ ИННФЛ=\"500100732259\" \
    СНИЛС=\"087-654-303 00\"><СведФЛ><ФИО Фамилия=\"Злодеев\" Имя=\"Пётр\" Отчество=\"Кузьмич\"/>\
    </СведФЛ></СведФизЛ></Пред></СвУпПред>";
pub const POWERS: &str = "<СвПолн ТипПолн=\"1\" ПрСовмПолн=\"1\"><МашПолн КодПолн=\"BBB_2_001\" \
    НаимПолн=\"Подписание договоров\"/></СвПолн>";
/// A natural person who gives a power, with something within.
pub fn natural(within: &str) -> String {
    format!(
        "<СвДоверит ТипДоверит=\"4\"><Доверит><ФЛДовер ИННФЛ=\"770000010193\" \
         СНИЛС=\"112-233-445 95\"><СведФЛ><ФИО Фамилия=\"Тестова\" Имя=\"Анна\" \
         Отчество=\"Ивановна\"/></СведФЛ>{within}</ФЛДовер></Доверит></СвДоверит>"
    )
}

/// An organisation that gives a power, with those who act for it.
pub fn organisation(bodies: &str) -> String {
    format!(
        "<СвДоверит ТипДоверит=\"1\"><Доверит><РосОргДовер><СвРосОрг НаимОрг=\"ООО Ромашка\" \
         ИННЮЛ=\"7700000016\" КПП=\"770001001\" ОГРН=\"1027700000019\"/>{bodies}</РосОргДовер>\
         </Доверит></СвДоверит>"
    )
}

/// A first power of these parts.
pub fn power(principal: &str, representative: &str, powers: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Доверенность \
         xmlns=\"urn://x-artefacts/EMCHD_1\" ВерсФорм=\"EMCHD_1\" ПрЭлФорм=\"00000000\" \
         ИдФайл=\"ON_EMCHD_20260110_{FIRST}\"><Документ><Довер><СвДов ВидДовер=\"1\" \
         ПрПередов=\"2\" ВнНомДовер=\"1\" НомДовер=\"{FIRST}\" ДатаВыдДовер=\"2026-01-10\" \
         СрокДейст=\"2027-01-09\"><СведСист>https://m4d.nalog.gov.ru/</СведСист></СвДов>{principal}\
         {representative}{powers}</Довер></Документ></Доверенность>"
    )
}

/// The representative as the one who passes a power on, with something within.
pub fn delegator(within: &str) -> String {
    format!(
        "<ФЛПерПолн ИННФЛ=\"770000020201\" СНИЛС=\"123-456-789 64\"><СведФЛ><ФИО \
         Фамилия=\"Пробный\" Имя=\"Иван\" Отчество=\"Петрович\"/></СведФЛ>{within}</ФЛПерПолн>"
    )
}

/// What this one passes on to the stranger.
pub fn passed_on(by: &str, powers: &str) -> String {
    let powers = powers.replacen("<СвПолн ", "<СвПолн ПрУтрПолн=\"2\" ", 1);
    let to = TO_STRANGER.replace("СвУпПред", "СвПолучПолн");
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Доверенность \
         xmlns=\"urn://x-artefacts/EMCHD_1\" ВерсФорм=\"EMCHD_1\" ПрЭлФорм=\"00000000\" \
         ИдФайл=\"ON_EMCHD_20260201_{SECOND}\"><Документ><Передов><СвПервДовер \
         НомДоверПерв=\"{FIRST}\"><СвДоверПерв><ДоверитПерв><РосОргДовер НаимОрг=\"ООО Ромашка\" \
         ИННЮЛ=\"7700000016\" ОГРН=\"1027700000019\"/></ДоверитПерв></СвДоверПерв></СвПервДовер>\
         <СвПереДовер ВидДовер=\"1\" ПрПередов=\"1\" ВнНомДовер=\"2\" НомДовер=\"{SECOND}\" \
         ДатаВыдДовер=\"2026-02-01\" СрокДейст=\"2026-12-01\"><СведСист>x</СведСист></СвПереДовер>\
         <СвПередПолн><ПередПолн>{by}</ПередПолн></СвПередПолн>{to}{powers}</Передов></Документ>\
         </Доверенность>"
    )
}

/// A question about a power: may the representative of it sign contracts for the organisation?
pub struct Ask {
    pub power: Vec<u8>,
    pub signature: Vec<u8>,
    pub parents: Vec<(Vec<u8>, Vec<u8>)>,
    pub signer: Identity,
    pub organisation: Organisation,
    pub sought: PowerSought,
    pub at: Instant,
    /// Certificates that are trusted beside those of the people here.
    pub trusted: Vec<Vec<u8>>,
}

/// When the powers here are signed, unless a test says otherwise.
pub fn then() -> Instant {
    at("2026-01-10T12:00:00Z")
}

impl Ask {
    pub fn of(power: &str, by: &[&Person]) -> Self {
        Self {
            signature: signed(by, power.as_bytes(), then()),
            power: power.as_bytes().to_vec(),
            parents: Vec::new(),
            signer: Person::representative().identity(),
            organisation: Organisation {
                inn: Some("7700000016".to_owned()),
                ogrn: None,
            },
            sought: PowerSought {
                codes: vec!["BBB_2_001".to_owned()],
                words: vec![],
            },
            at: now(),
            trusted: Vec::new(),
        }
    }

    /// With this certificate trusted too.
    pub fn trusting(mut self, person: &Person) -> Self {
        self.trusted.push(person.certificate.clone());
        self
    }

    pub fn parent(mut self, power: &str, by: &Person) -> Self {
        let signature = signed(&[by], power.as_bytes(), then());
        self.parents.push((power.as_bytes().to_vec(), signature));
        self
    }

    /// The power names the stranger.
    pub fn for_stranger(mut self) -> Self {
        self.signer = Person::stranger().identity();
        self
    }

    /// The power is given by the head as a person.
    pub fn for_head(mut self) -> Self {
        self.organisation.inn = Some("770000010193".to_owned());
        self
    }

    pub fn report(&self) -> AuthorityReport {
        let people = [
            Person::head(),
            Person::head_in_private(),
            Person::head_renewed(),
            Person::second_head(),
            Person::employee(),
            Person::organisation(),
            Person::representative(),
            Person::stranger(),
            Person::stranger_of_company(),
            Person::stranger_as_entrepreneur(),
            Person::stranger_by_snils(),
            Person::company_by_inn(),
        ];
        let mut anchors = Anchors::none();
        let known = people.iter().map(|person| &person.certificate);
        for certificate in known.chain(&self.trusted) {
            anchors.extend(Anchors::from_pem_or_der(certificate).expect("a certificate"));
        }
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
                signature: OwnSignature::Detached(&self.signature),
            },
            parents: &parents,
            signer: Some(&self.signer),
            organisation: Some(&self.organisation),
            sought: Some(&self.sought),
            registry: Some(&RegistryAnswer {
                state: RegistryState::InForce,
                asked_at: now(),
            }),
            evidence: &GivenEvidence::none(),
            at: self.at,
            now: self.at,
        };
        let policy = AuthorityPolicy::default();
        judge_authority(&question, &policy, &anchors, &Limits::default())
    }

    /// The conclusion, and every reason and warning but that it may be passed on.
    pub fn answer(&self) -> (Outcome, Vec<&'static str>) {
        let report = self.report();
        let said = report.reasons.iter().chain(&report.warnings);
        let said = said.map(|reason| reason.code.key());
        let said = said.filter(|code| *code != "delegation_allowed").collect();
        (report.result, said)
    }
}
