//! Names in the XML of machine-readable powers of attorney, as the Federal Tax Service chose them
//! (единый формат, `EMCHD_1`). Elements first, attributes after them.

pub(crate) const NAMESPACE: &str = "urn://x-artefacts/EMCHD_1";
/// Of XML signatures, as XML-Signature has it (section 1.3).
pub(crate) const SIGNATURES: &str = "http://www.w3.org/2000/09/xmldsig#";
pub(crate) const VERSION_KNOWN: &str = "EMCHD_1";

pub(crate) const ROOT: &str = "Доверенность";
pub(crate) const DOCUMENT: &str = "Документ";
pub(crate) const FIRST: &str = "Довер";
pub(crate) const DELEGATED: &str = "Передов";
pub(crate) const ABOUT: &str = "СвДов";
pub(crate) const ABOUT_DELEGATED: &str = "СвПереДовер";
pub(crate) const ABOUT_FIRST: &str = "СвПервДовер";
pub(crate) const ABOUT_PREVIOUS: &str = "СвПередов";
pub(crate) const SYSTEM: &str = "СведСист";
pub(crate) const PRINCIPAL: &str = "СвДоверит";
pub(crate) const PRINCIPAL_PARTY: &str = "Доверит";
pub(crate) const FIRST_PRINCIPAL: &str = "СвДоверПерв";
pub(crate) const FIRST_PRINCIPAL_PARTY: &str = "ДоверитПерв";
pub(crate) const DELEGATOR: &str = "СвПередПолн";
pub(crate) const DELEGATOR_PARTY: &str = "ПередПолн";
pub(crate) const REPRESENTATIVE: &str = "СвУпПред";
pub(crate) const RECIPIENT: &str = "СвПолучПолн";
pub(crate) const REPRESENTATIVE_PARTY: &str = "Пред";
pub(crate) const POWERS: &str = "СвПолн";
pub(crate) const POWERS_TEXT: &str = "ТекстПолн";
pub(crate) const POWER: &str = "МашПолн";
pub(crate) const HEAD: &str = "ЛицоБезДов";
pub(crate) const PERSON: &str = "СвФЛ";
pub(crate) const ENTREPRENEUR: &str = "СвИП";
pub(crate) const MANAGING: &str = "СВЮЛ";
/// Its numbers, in newer files.
pub(crate) const MANAGING_DETAILS: &str = "СвЮЛЕИО";
/// Who represents a person by law.
pub(crate) const GUARDIAN: &str = "СвЗакПредРук";
pub(crate) const NOTARY: &str = "СвНотУд";
pub(crate) const PERSON_DETAILS: &str = "СведФЛ";
pub(crate) const FULL_NAME: &str = "ФИО";

/// Elements that are a party, by what it is.
pub(crate) const ORGANISATIONS: [&str; 4] = ["РосОргДовер", "РосОргПерПолн", "СведОрг", "СвРосОрг"];
pub(crate) const BRANCHES: [&str; 3] = ["СведФилиал", "ФилПерПолн", "СвФил"];
pub(crate) const ENTREPRENEURS: [&str; 3] = ["ИПДовер", "ИППерПолн", "СведИП"];
pub(crate) const PERSONS: [&str; 3] = ["ФЛДовер", "ФЛПерПолн", "СведФизЛ"];
pub(crate) const FOREIGN: [&str; 4] = ["ИнОргДовер", "ИнПерПолн", "СведИО", "СвИнОрг"];
/// Elements inside a party that carry its attributes.
pub(crate) const PARTY_DETAILS: [&str; 4] = ["СвРосОрг", "СвФил", "СвИнОрг", "СвОрг"];
/// Elements inside a party that are people who act for it.
pub(crate) const PARTY_PEOPLE: [&str; 3] = ["СвРукОП", "СвРукФил", "СведРукоп"];
/// Elements that are a party of their own, or that carry its attributes.
pub(crate) fn is_party(local: &str) -> bool {
    let kinds: [&[&str]; 6] = [
        &ORGANISATIONS,
        &BRANCHES,
        &ENTREPRENEURS,
        &PERSONS,
        &FOREIGN,
        &PARTY_DETAILS,
    ];
    kinds.iter().any(|names| names.contains(&local))
}

/// Elements that stand within organisations and never within a person, but for its guardians.
pub(crate) fn is_never_in_person(local: &str) -> bool {
    let bodies = [HEAD, MANAGING, MANAGING_DETAILS, PERSON, ENTREPRENEUR];
    is_party(local) || bodies.contains(&local) || PARTY_PEOPLE.contains(&local)
}

pub(crate) const VERSION: &str = "ВерсФорм";
pub(crate) const FILE_ID: &str = "ИдФайл";
pub(crate) const ELEMENTS_FLAG: &str = "ПрЭлФорм";
pub(crate) const REVOCABLE: &str = "ВидДовер";
pub(crate) const DELEGATION: &str = "ПрПередов";
pub(crate) const NUMBER_INTERNAL: &str = "ВнНомДовер";
pub(crate) const NUMBER: &str = "НомДовер";
pub(crate) const NUMBER_FIRST: &str = "НомДоверПерв";
pub(crate) const NUMBER_PREVIOUS: &str = "НомДоверN";
pub(crate) const ISSUED: &str = "ДатаВыдДовер";
pub(crate) const EXPIRES: &str = "СрокДейст";
pub(crate) const PRINCIPAL_TYPE: &str = "ТипДоверит";
pub(crate) const REPRESENTATIVE_TYPE: &str = "ТипПред";
pub(crate) const HEADS_JOINT: &str = "ПолнЮЛ";
pub(crate) const ORGANISATION_NAME: &str = "НаимОрг";
pub(crate) const ENTREPRENEUR_NAME: &str = "НаимИП";
pub(crate) const FOREIGN_NAME: &str = "НаимИО";
pub(crate) const INN_ORGANISATION: &str = "ИННЮЛ";
pub(crate) const INN_PERSON: &str = "ИННФЛ";
pub(crate) const KPP: &str = "КПП";
pub(crate) const OGRN: &str = "ОГРН";
pub(crate) const OGRNIP: &str = "ОГРНИП";
pub(crate) const SNILS: &str = "СНИЛС";
/// What tells persons and organisations apart.
pub(crate) const NUMBERS_OF_PERSONS: [&str; 5] =
    [INN_PERSON, SNILS, OGRNIP, INN_ORGANISATION, OGRN];
pub(crate) const NUMBERS_OF_ORGANISATIONS: [&str; 2] = [INN_ORGANISATION, OGRN];
pub(crate) const POSITION: &str = "Должность";
pub(crate) const BORN: &str = "ДатаРожд";
pub(crate) const FAMILY_NAME: &str = "Фамилия";
pub(crate) const GIVEN_NAME: &str = "Имя";
pub(crate) const PATRONYMIC: &str = "Отчество";
pub(crate) const POWERS_TYPE: &str = "ТипПолн";
pub(crate) const EXERCISE: &str = "ПрСовмПолн";
pub(crate) const LOSS: &str = "ПрУтрПолн";
pub(crate) const POWER_CODE: &str = "КодПолн";
pub(crate) const POWER_NAME: &str = "НаимПолн";

/// What the names of limits have in them.
pub(crate) const LIMIT: &str = "Огр";
/// How the attributes of a limit begin that tell it.
pub(crate) const LIMIT_WORDS: [&str; 3] = ["Наим", "Знач", "Текст"];
/// Tax offices that a power is for.
pub(crate) const OFFICE: &str = "КодНОДейст";
