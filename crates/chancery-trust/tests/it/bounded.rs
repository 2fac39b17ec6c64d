//! What takes away from a power: limits, joint action, a signature that came later, and parts that
//! can be read in more than one way.

use chancery_trust::{Outcome, is_signed_within};
use chancery_xades::Limits;

use crate::forge::{
    Ask, FIRST, HEAD, POWERS, Person, REPRESENTATIVE, TO_STRANGER, delegator, natural,
    organisation, passed_on, power, signed,
};
use crate::support::{at, bytes, text, with};

const CONFIRMED: (Outcome, Vec<&str>) = (Outcome::Confirmed, vec![]);

fn undecided(code: &'static str) -> (Outcome, Vec<&'static str>) {
    (Outcome::Undecided, vec![code])
}

fn good() -> String {
    power(&organisation(HEAD), REPRESENTATIVE, POWERS)
}

/// The answer to a power of the organisation, signed by its head.
fn answer(file: &str) -> (Outcome, Vec<&'static str>) {
    Ask::of(file, &[&Person::head()]).answer()
}

#[test]
fn a_power_signed_after_the_document_is_not_signed_yet() {
    let file = good();
    let mut ask = Ask::of(&file, &[&Person::head()]);
    ask.signature = signed(
        &[&Person::head()],
        file.as_bytes(),
        at("2026-09-01T12:00:00Z"),
    );
    assert_eq!(ask.answer(), undecided("signed_later"));
    ask.at = at("2026-09-01T12:00:00Z");
    assert_eq!(ask.answer().0, Outcome::Confirmed);
    // A power above it as well.
    let on = passed_on(&delegator(""), POWERS);
    let mut ask = Ask::of(&on, &[&Person::representative()]).for_stranger();
    let late = signed(
        &[&Person::head()],
        file.as_bytes(),
        at("2026-09-01T12:00:00Z"),
    );
    ask.parents = vec![(file.into_bytes(), late)];
    assert_eq!(ask.answer(), undecided("parent_undecided"));
}

const LIMITED: &str = "<СвПолн ТипПолн=\"1\" ПрСовмПолн=\"1\"><МашПолн КодПолн=\"BBB_2_001\" \
    НаимПолн=\"Подписание договоров\"><ОгрСвПолн ИдОгр=\"1\" КодОгр=\"S1\" \
    НаимОгр=\"Сумма сделки\" НаимЗначОгр=\"не более 1000 руб.\"><ЗначОгр>1000</ЗначОгр></ОгрСвПолн></МашПолн></СвПолн>";

#[test]
fn a_limited_power_is_told_with_its_limits() {
    let file = power(&organisation(HEAD), REPRESENTATIVE, LIMITED);
    assert_eq!(answer(&file), undecided("powers_limited"));
    let report = Ask::of(&file, &[&Person::head()]).report();
    let limit = "Сумма сделки: не более 1000 руб.: 1000";
    assert_eq!(report.reasons[0].args["limit"], limit);
    let read = report.power.expect("a power");
    assert_eq!(read.powers.codes[0].limits, [limit]);
    // Another power of the same code that is not limited is enough.
    let free = LIMITED.replace("</СвПолн>", "<МашПолн КодПолн=\"BBB_2_001\"/></СвПолн>");
    let file = power(&organisation(HEAD), REPRESENTATIVE, &free);
    assert_eq!(answer(&file), CONFIRMED);
    let within =
        |what: &str| POWERS.replace("\"/></СвПолн>", &format!("\">{what}</МашПолн></СвПолн>"));
    let beside = |what: &str| POWERS.replace("<МашПолн", &format!("{what}<МашПолн"));
    for powers in [
        within("<ОгрПолн КодОгр=\"X\" НаимОгр=\"Сумма\" ЗначОгр=\"1000\"/>"),
        within("<Условие/>"),
        beside("<ОгрПолн ЗначОгр=\"1000\"/>"),
        beside("<ТекстПолн>Кроме договоров займа</ТекстПолн>"),
        POWERS.replace("<МашПолн", "<МашПолн НаимОгр=\"не более 1000 руб\""),
    ] {
        let (result, said) = answer(&power(&organisation(HEAD), REPRESENTATIVE, &powers));
        assert_eq!(result, Outcome::Undecided, "{powers}");
        assert!(said.contains(&"powers_limited"), "{powers}: {said:?}");
    }
    let office = with(
        &good(),
        "</СведСист>",
        "</СведСист><КодНОДейст>7701</КодНОДейст>",
    );
    assert_eq!(answer(&office), undecided("powers_limited"));
    let report = Ask::of(&office, &[&Person::head()]).report();
    assert_eq!(report.reasons[0].args["limit"], "КодНОДейст: 7701");
}

#[test]
fn a_power_in_words_is_read_by_a_person() {
    let words = "<СвПолн ТипПолн=\"0\" ПрСовмПолн=\"1\"><ТекстПолн>Всё, кроме: подписание \
                 договоров запрещено</ТекстПолн></СвПолн>";
    let file = power(&organisation(HEAD), REPRESENTATIVE, words);
    let mut ask = Ask::of(&file, &[&Person::head()]);
    ask.sought.words = vec!["подписан".to_owned()];
    assert_eq!(ask.answer(), undecided("powers_by_words"));
}

#[test]
fn what_is_unknown_is_named() {
    let element = with(
        &good(),
        "</Довер>",
        "<Аннулирована Дата=\"2026-02-01\">Отменена</Аннулирована></Довер>",
    );
    let report = Ask::of(&element, &[&Person::head()]).report();
    let named: Vec<&str> = report
        .warnings
        .iter()
        .filter(|one| one.code.key() == "element_unknown")
        .map(|one| one.args["element"].as_str())
        .collect();
    assert_eq!(named, ["Аннулирована", "Дата"]);
    for (old, new) in [
        ("ВидДовер", "Отменена=\"да\" ВидДовер"),
        ("</Документ>", "<x xmlns=\"urn:other\"/></Документ>"),
    ] {
        let (_, said) = answer(&with(&good(), old, new));
        assert_eq!(said, ["element_unknown"], "{new}");
    }
    assert_eq!(answer(&good()), CONFIRMED);
}

#[test]
fn what_stands_twice_may_be_read_either_way() {
    let file = good();
    let start = file.find("<СвДов ").expect("a term");
    let end = file.find("</СвДов>").expect("its end") + "</СвДов>".len();
    let term = &file[start..end];
    let twice = |old: &str, new: &str| with(&file, old, &format!("{new}{old}"));
    let person = "<СведФизЛ ИННФЛ=\"500100732259\" СНИЛС=\"087-654-303 00\"><СведФЛ><ФИО \
                  Фамилия=\"Злодеев\" Имя=\"Пётр\"/></СведФЛ></СведФизЛ>";
    let organisation = "<СвРосОрг НаимОрг=\"Другая\" ИННЮЛ=\"7707083893\" ОГРН=\"1027700132195\"/>";
    for file in [
        twice("<СвПолн", &POWERS.replace("BBB_2_001", "AAA")),
        twice("<СвДов ", &term.replace("2027-01-09", "2026-02-01")),
        with(&file, "</Доверенность>", "<Документ/></Доверенность>"),
        with(&file, "</Пред>", &format!("</Пред><Пред>{person}</Пред>")),
        with(&file, "</Пред>", &format!("{person}</Пред>")),
        with(&file, "<ЛицоБезДов", &format!("{organisation}<ЛицоБезДов")),
        with(
            &file,
            "<ФИО Фамилия=\"Пробный\" Имя=\"Иван\" Отчество=\"Петрович\"/>",
            "<ФИО Фамилия=\"Пробный\" Имя=\"Иван\" Отчество=\"Петрович\"/>\
             <ФИО Фамилия=\"А\" Имя=\"Б\"/>",
        ),
        with(
            &file,
            "</Доверит>",
            "<ФЛДовер ИННФЛ=\"500100732259\"><СведФЛ><ФИО Фамилия=\"X\" Имя=\"Y\"/></СведФЛ>\
             </ФЛДовер></Доверит>",
        ),
    ] {
        let (result, said) = answer(&file);
        assert_ne!(result, Outcome::Confirmed, "{file}");
        assert!(said.contains(&"element_repeated"), "{said:?} {file}");
    }
}

/// A power within a file that takes it back is quoted there.
#[test]
fn only_a_file_that_is_a_power_is_one() {
    let quoted = with(
        &good(),
        "<Доверенность",
        "<ОтменаДоверенности><Доверенность",
    );
    let quoted = with(
        &quoted,
        "</Доверенность>",
        "</Доверенность></ОтменаДоверенности>",
    );
    assert_eq!(answer(&quoted), undecided("not_a_power"));
}

#[test]
fn representatives_who_act_together_pass_on_together() {
    let both = REPRESENTATIVE.to_owned()
        + "<СвУпПред ТипПред=\"3\"><Пред><СведФизЛ СНИЛС=\"112-233-445 95\"><СведФЛ><ФИО \
           Фамилия=\"Вторая\" Имя=\"Вера\"/></СведФЛ></СведФизЛ></Пред></СвУпПред>";
    let asked = |exercise: &str| {
        let powers = POWERS.replace("ПрСовмПолн=\"1\"", exercise);
        let first = power(&organisation(HEAD), &both, &powers);
        let on = passed_on(&delegator(""), POWERS);
        let ask = Ask::of(&on, &[&Person::representative()]).for_stranger();
        ask.parent(&first, &Person::head()).answer()
    };
    assert_eq!(asked("ПрСовмПолн=\"1\""), CONFIRMED);
    assert_eq!(
        asked("ПрСовмПолн=\"2\""),
        (Outcome::Refused, vec!["parent_joint"])
    );
}

#[test]
fn limits_go_along_with_what_is_passed_on() {
    let first = power(&organisation(HEAD), REPRESENTATIVE, LIMITED);
    let asked = |powers: &str| {
        let on = passed_on(&delegator(""), powers);
        let ask = Ask::of(&on, &[&Person::representative()]).for_stranger();
        ask.parent(&first, &Person::head()).answer()
    };
    assert_eq!(asked(POWERS), (Outcome::Refused, vec!["parent_limits"]));
    assert_eq!(asked(LIMITED), undecided("powers_limited"));
}

#[test]
fn the_first_principal_is_the_one_that_the_chain_leads_to() {
    let first = good();
    let asked = |old: &str, new: &str| {
        let on = passed_on(&delegator(""), POWERS).replace(old, new);
        let ask = Ask::of(&on, &[&Person::representative()]).for_stranger();
        ask.parent(&first, &Person::head()).answer()
    };
    let other = (Outcome::Refused, vec!["first_principal_other"]);
    let company = "ИННЮЛ=\"7700000016\" ОГРН=\"1027700000019\"";
    let another = "ИННЮЛ=\"7707083893\" ОГРН=\"1027700132195\"";
    assert_eq!(asked(company, another), other);
    assert_eq!(asked(company, company), CONFIRMED);
    // As newer files have it, its numbers one level deeper.
    let bare = "<РосОргДовер НаимОрг=\"ООО Ромашка\"";
    let inner = "<СвРосОрг НаимОрг=\"ООО Ромашка\"";
    assert_eq!(asked(bare, inner), CONFIRMED);
    let on = passed_on(&delegator(""), POWERS)
        .replace(bare, inner)
        .replace(company, another);
    let ask = Ask::of(&on, &[&Person::representative()]).for_stranger();
    assert_eq!(ask.parent(&first, &Person::head()).answer(), other);
}

/// A number of zeros is nobody's, and a number is in its form or is none.
#[test]
fn zeros_and_texts_name_nobody() {
    let of = |snils: &str| {
        let person = Person::of(
            20,
            &[
                ("2.5.4.4", "Чужой"),
                ("2.5.4.42", "Пётр"),
                ("1.2.643.100.3", snils),
            ],
        );
        person.identity()
    };
    assert_eq!(of("123-456-789 64").snils.as_deref(), Some("12345678964"));
    let zeros = REPRESENTATIVE
        .replace("ИННФЛ=\"770000020201\" ", "")
        .replace("123-456-789 64", "000-000-000 00");
    for (representative, snils) in [
        (zeros.as_str(), "00000000000"),
        (REPRESENTATIVE, "не 123-456-789 64"),
        (REPRESENTATIVE, "123456789 64"),
    ] {
        let file = power(&organisation(HEAD), representative, POWERS);
        let mut ask = Ask::of(&file, &[&Person::head()]);
        ask.signer = of(snils);
        let (result, said) = ask.answer();
        assert_eq!(result, Outcome::Refused, "{snils}");
        assert!(said.contains(&"person_other"), "{said:?}");
    }
}

#[test]
fn a_name_is_the_same_in_letters_with_marks() {
    let marked = REPRESENTATIVE.replace("Пробный", "Пробныи\u{306}");
    assert_ne!(marked, REPRESENTATIVE);
    let file = power(&organisation(HEAD), &marked, POWERS);
    assert_eq!(answer(&file), CONFIRMED);
}

#[test]
fn a_signature_within_is_found_in_any_encoding() {
    let limits = Limits::default();
    let file = text("power-enveloped.xml");
    let wide = |units: &dyn Fn(u16) -> [u8; 2]| {
        let declared = file.replacen("UTF-8", "UTF-16", 1);
        let all = std::iter::once(0xfeff).chain(declared.encode_utf16());
        all.flat_map(units).collect::<Vec<u8>>()
    };
    let escaped = file.replacen("xmldsig#\"", "xmldsig&#35;\"", 1);
    assert_ne!(escaped, file);
    for bytes in [
        file.clone().into_bytes(),
        wide(&u16::to_le_bytes),
        wide(&u16::to_be_bytes),
        escaped.into_bytes(),
    ] {
        assert!(is_signed_within(&bytes, &limits));
    }
    // The words alone are no signature.
    let comment = good() + "<!-- http://www.w3.org/2000/09/xmldsig# -->";
    for bytes in [
        comment.into_bytes(),
        bytes("power.xml"),
        b"nonsense".to_vec(),
    ] {
        assert!(!is_signed_within(&bytes, &limits));
    }
}

/// Of a person as of an organisation: the day and the numbers count, whoever gives the power.
#[test]
fn a_persons_power_is_bounded_alike() {
    let file = power(&natural(""), TO_STRANGER, LIMITED);
    let by = Person::head_in_private();
    let ask = Ask::of(&file, &[&by]).for_head().for_stranger();
    assert_eq!(ask.answer(), undecided("powers_limited"));
    assert!(file.contains(FIRST));
}
