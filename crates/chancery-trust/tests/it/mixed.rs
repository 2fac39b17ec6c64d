//! One person's element with another's details within it: what is compared is what the certificate
//! has, and what stands where the form has none of it leaves the power open.

use chancery_trust::Outcome;

use crate::forge::{
    Ask, HEAD, POWERS, Person, REPRESENTATIVE, TO_STRANGER, delegator, natural, organisation,
    passed_on, power,
};
use crate::support::with;

const CONFIRMED: (Outcome, Vec<&str>) = (Outcome::Confirmed, vec![]);
const OTHER: &str = "ИННФЛ=\"770000020201\"";

/// The stranger as an entrepreneur or as a person who gives a power, with something within.
fn stranger(kind: &str, within: &str) -> String {
    let place = if kind == "ИПДовер" { 3 } else { 4 };
    format!(
        "<СвДоверит ТипДоверит=\"{place}\"><Доверит><{kind} ИННФЛ=\"500100732259\" \
         СНИЛС=\"087-654-303 00\">{within}<СведФЛ><ФИО Фамилия=\"Злодеев\" Имя=\"Пётр\" \
         Отчество=\"Кузьмич\"/></СведФЛ></{kind}></Доверит></СвДоверит>"
    )
}

/// Elements that carry an organisation's details, or are a party of their own.
const DETAILS: [&str; 7] = [
    "СвОрг",
    "СвРосОрг",
    "СвФил",
    "СвИнОрг",
    "СведИП",
    "СведФизЛ",
    "РосОргДовер",
];

#[test]
fn check_27_nobody_gives_a_power_with_anothers_details_in_their_own_element() {
    for kind in ["ИПДовер", "ФЛДовер"] {
        let asked = |within: &str, inn: &str| {
            let file = power(&stranger(kind, within), TO_STRANGER, POWERS);
            let mut ask = Ask::of(&file, &[&Person::stranger()]).for_stranger();
            ask.organisation.inn = Some(inn.to_owned());
            ask.answer()
        };
        assert_eq!(asked("", "500100732259"), CONFIRMED);
        for local in DETAILS {
            for within in [
                format!("<{local} {OTHER} НаимИП=\"ИП Пробный\"/>"),
                format!("<УдЛичнФЛ><{local} {OTHER}/></УдЛичнФЛ>"),
            ] {
                let (result, said) = asked(&within, "770000020201");
                assert_eq!(result, Outcome::Refused, "{within}");
                assert!(said.contains(&"principal_other"), "{said:?}");
                assert!(said.contains(&"element_misplaced"), "{said:?}");
                assert_eq!(asked(&within, "500100732259").0, Outcome::Undecided);
            }
        }
        // Of another form's name space, or an element that says nothing of persons.
        let foreign = format!("<СвОрг xmlns=\"urn:x\" {OTHER}/>");
        assert_eq!(asked(&foreign, "770000020201").0, Outcome::Refused);
        let numbered = format!("<УдЛичнФЛ {OTHER}/>");
        assert_eq!(asked(&numbered, "500100732259").0, Outcome::Undecided);
    }
}

#[test]
fn check_27_nobody_passes_on_with_anothers_details_in_their_own_element() {
    let first = power(&organisation(HEAD), REPRESENTATIVE, POWERS);
    for local in DETAILS {
        let by = stranger("ФЛПерПолн", &format!("<{local} {OTHER}/>"));
        let by = &by[by.find("<ФЛ").expect("a party")..by.find("</Доверит>").expect("its end")];
        let ask = Ask::of(&passed_on(by, POWERS), &[&Person::stranger()]).for_stranger();
        let (result, said) = ask.parent(&first, &Person::head()).answer();
        assert_eq!(result, Outcome::Refused, "{local}");
        assert!(said.contains(&"parent_other"), "{said:?}");
    }
}

#[test]
fn check_27_a_representative_is_one_person() {
    let asked = |old: &str, new: &str| {
        let to = with(REPRESENTATIVE, old, new);
        Ask::of(&power(&organisation(HEAD), &to, POWERS), &[&Person::head()]).answer()
    };
    assert_eq!(asked("<СведФЛ>", "<СведФЛ>"), CONFIRMED);
    let name = "<ФИО Фамилия=\"Злодеев\" Имя=\"Пётр\" Отчество=\"Кузьмич\"/>";
    for (old, new, code) in [
        (
            "<СведФЛ>",
            "<СвОрг ИННФЛ=\"500100732259\"/><СведФЛ>",
            "element_misplaced",
        ),
        (
            "<СведФЛ>",
            "<СведФЛ ИННФЛ=\"500100732259\">",
            "element_misplaced",
        ),
        (
            "<СведФЛ>",
            "<СведФЛ СНИЛС=\"08765430300\">",
            "element_misplaced",
        ),
        (
            "<СведФЛ>",
            "<СведФЛ ОГРНИП=\"304500116000157\">",
            "element_misplaced",
        ),
        ("<СведФЛ>", &format!("{name}<СведФЛ>"), "element_repeated"),
        (
            "</СведФЛ>",
            &format!("<СведФЛ>{name}</СведФЛ></СведФЛ>"),
            "element_repeated",
        ),
    ] {
        let (result, said) = asked(old, new);
        assert_eq!(result, Outcome::Undecided, "{new}");
        assert!(said.contains(&code), "{new}: {said:?}");
    }
    // The same number once more says nothing else.
    assert_eq!(
        asked("<СведФЛ>", "<СведФЛ СНИЛС=\"12345678964\">"),
        CONFIRMED
    );
    // A party that cannot be read is not passed over because another one can.
    for unread in [
        "",
        "<Пред/>",
        "<Пред><СвОрг ИННФЛ=\"500100732259\"/></Пред>",
    ] {
        let both = format!("{REPRESENTATIVE}<СвУпПред ТипПред=\"3\">{unread}</СвУпПред>");
        let file = power(&organisation(HEAD), &both, POWERS);
        let (result, said) = Ask::of(&file, &[&Person::head()]).answer();
        assert_eq!(result, Outcome::Refused, "{unread}");
        assert!(said.contains(&"field_missing"), "{said:?}");
    }
}

#[test]
fn check_27_an_organisation_has_its_details_once() {
    let asked = |old: &str, new: &str| {
        let principal = with(&organisation(HEAD), old, new);
        let file = power(&principal, REPRESENTATIVE, POWERS);
        Ask::of(&file, &[&Person::head()]).answer()
    };
    let other = "ИННЮЛ=\"7707083893\"";
    for (old, new) in [
        ("<РосОргДовер>", format!("<РосОргДовер {other}>")),
        ("<РосОргДовер>", format!("<РосОргДовер><Контакт {other}/>")),
        (
            "<РосОргДовер>",
            format!("<РосОргДовер><Контакт><СвОрг {other}/></Контакт>"),
        ),
        (
            "<РосОргДовер>",
            format!("<РосОргДовер><Контакт><СведОрг {other}/></Контакт>"),
        ),
        (
            "<РосОргДовер>",
            "<РосОргДовер ОГРН=\"1027700132195\">".to_owned(),
        ),
    ] {
        let (result, said) = asked(old, &new);
        assert_eq!(result, Outcome::Undecided, "{new}");
        let told = ["element_misplaced", "element_repeated"];
        assert!(said.iter().any(|one| told.contains(one)), "{new}: {said:?}");
    }
    assert_eq!(
        asked("<РосОргДовер>", "<РосОргДовер ИННЮЛ=\"7700000016\">"),
        CONFIRMED
    );
    // Who manages it has numbers of its own.
    let managing = "<ЛицоБезДов ПолнЮЛ=\"1\"><СВЮЛ><СвЮЛЕИО НаимОрг=\"УК\" ИННЮЛ=\"7707083893\" \
                    ОГРН=\"1027700132195\"/></СВЮЛ></ЛицоБезДов></РосОргДовер>";
    assert_eq!(asked("</РосОргДовер>", managing), CONFIRMED);
}

/// One of two who have a power together writes the other's ИНН beside a СНИЛС of their own.
#[test]
fn check_27_nobody_passes_on_for_two() {
    let to = |numbers: &str, name: &str| {
        format!(
            "<СвУпПред ТипПред=\"3\"><Пред><СведФизЛ {numbers}><СведФЛ><ФИО Фамилия=\"{name}\" \
             Имя=\"Пётр\"/></СведФЛ></СведФизЛ></Пред></СвУпПред>"
        )
    };
    let own = "СНИЛС=\"087-654-303 00\"";
    let both = to(own, "Злодеев") + &to(OTHER, "Пробный");
    let joint = POWERS.replace("ПрСовмПолн=\"1\"", "ПрСовмПолн=\"2\"");
    let first = power(&organisation(HEAD), &both, &joint);
    let by = |numbers: &str| {
        let one = delegator("");
        let start = one.find("<СведФЛ>").expect("a name");
        let name = one[start..]
            .replace("Пробный", "Злодеев")
            .replace("Петрович", "Кузьмич");
        format!("<ФЛПерПолн {numbers}>{}", name.replace("Иван", "Пётр"))
    };
    let another = format!(
        "</ПередПолн></СвПередПолн><СвПередПолн><ПередПолн>{}",
        by(&format!("{OTHER} {own}"))
    );
    let file = passed_on(&format!("{}{another}", by(own)), POWERS);
    let ask = Ask::of(&file, &[&Person::stranger_by_snils()]).for_stranger();
    let (result, said) = ask.parent(&first, &Person::head()).answer();
    assert_eq!(result, Outcome::Undecided, "{said:?}");
    assert_eq!(said, ["signer_unproven"]);
}

/// What cannot be told of a certificate that signed is not taken for nobody's signature.
#[test]
fn check_27_a_signer_whom_nobody_can_name_proves_nothing() {
    let name: Vec<(&str, &str)> = std::iter::repeat_n(("2.5.4.11", "отдел"), 200).collect();
    let nameless = Person::of(30, &name);
    let file = power(&organisation(HEAD), REPRESENTATIVE, POWERS);
    let (result, said) = Ask::of(&file, &[&nameless]).trusting(&nameless).answer();
    assert_ne!(result, Outcome::Confirmed, "{said:?}");
    assert!(said.contains(&"signer_unproven"), "{said:?}");
}

/// A limit bounds a power wherever the file has it.
#[test]
fn check_27_a_limit_is_found_wherever_it_stands() {
    let file = power(&organisation(HEAD), REPRESENTATIVE, POWERS);
    let limit = "<ОгрСвПолн НаимОгр=\"Сумма\"><ЗначОгр>1000</ЗначОгр></ОгрСвПолн>";
    for (old, new) in [
        ("</Довер>", format!("{limit}</Довер>")),
        ("</Пред></СвУпПред>", format!("</Пред>{limit}</СвУпПред>")),
        ("</СвПолн>", format!("<ДокПолн>{limit}</ДокПолн></СвПолн>")),
        (
            "</Довер>",
            "<КодНОДейст>7701</КодНОДейст></Довер>".to_owned(),
        ),
    ] {
        let file = with(&file, old, &new);
        let (result, said) = Ask::of(&file, &[&Person::head()]).answer();
        assert_eq!(
            (result, said),
            (Outcome::Undecided, vec!["powers_limited"]),
            "{new}"
        );
    }
}

/// An authority that is bound to one of them writes another beside it.
#[test]
fn check_27_two_numbers_of_a_certificate_name_nobody() {
    let common = ("2.5.4.3", "ООО Злодей");
    let inn = |number: &'static str| ("1.2.643.3.131.1.1", number);
    let snils = |number: &'static str| ("1.2.643.100.3", number);
    let company = |number: &'static str| ("1.2.643.100.4", number);
    let (head, victim) = (inn("770000010193"), company("7700000016"));
    let asked = |principal: &str, attributes: &[(&str, &str)], for_head: bool| {
        let by = Person::of(31, attributes);
        let ask = Ask::of(&power(principal, REPRESENTATIVE, POWERS), &[&by]).trusting(&by);
        if for_head { ask.for_head() } else { ask }.answer()
    };
    let (own, other) = (inn("500100732259"), company("7707083893"));
    for pair in [[own, head], [head, own]] {
        let (result, said) = asked(&natural(""), &[common, pair[0], pair[1]], true);
        assert_ne!(result, Outcome::Confirmed, "{said:?}");
    }
    for pair in [[other, victim], [victim, other]] {
        let (result, said) = asked(&organisation(""), &[common, pair[0], pair[1]], false);
        assert_eq!(
            (result, said),
            (Outcome::Undecided, vec!["signer_unproven"])
        );
    }
    // Whoever is named twice is somebody, and the certificate not the organisation's own.
    let two = [common, victim, snils("08765430300"), snils("12345678964")];
    let (result, said) = asked(&organisation(HEAD), &two, false);
    assert_eq!((result, said), (Outcome::Refused, vec!["signer_other"]));
    // As older certificates have them: the organisation's beside the person's.
    let old = [common, inn("007700000016"), head];
    assert_eq!(
        asked(&organisation(HEAD), &old, false).0,
        Outcome::Confirmed
    );
}

/// Many light flaws push no heavy one out.
#[test]
fn check_27_every_heavy_flaw_counts() {
    let many: String = (10..260)
        .map(|kind| REPRESENTATIVE.replace("ТипПред=\"3\"", &format!("ТипПред=\"{kind}\"")))
        .collect();
    let nameless = POWERS.replace("</СвПолн>", "<МашПолн/></СвПолн>");
    let file = power(&organisation(HEAD), &many, &nameless);
    let (result, said) = Ask::of(&file, &[&Person::head()]).answer();
    assert_eq!(result, Outcome::Refused);
    assert!(said.contains(&"field_missing"), "{said:?}");
}
