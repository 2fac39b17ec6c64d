//! Who may give a power: whom its file names as acting for the principal is what the one who signed
//! it says, so only the principal's own numbers in the certificate count.

use chancery_trust::Outcome;

use crate::forge::{
    Ask, HEAD, POWERS, Person, REPRESENTATIVE, STRANGER, TO_STRANGER, delegator, natural,
    organisation, passed_on, power,
};

const CONFIRMED: (Outcome, Vec<&str>) = (Outcome::Confirmed, vec![]);

fn undecided(code: &'static str) -> (Outcome, Vec<&'static str>) {
    (Outcome::Undecided, vec![code])
}

fn refused(code: &'static str) -> (Outcome, Vec<&'static str>) {
    (Outcome::Refused, vec![code])
}

fn body(within: &str) -> String {
    format!("<ЛицоБезДов ПолнЮЛ=\"1\">{within}</ЛицоБезДов>")
}

#[test]
fn the_head_with_the_numbers_of_the_organisation_gives_its_power() {
    let good = power(&organisation(HEAD), REPRESENTATIVE, POWERS);
    for by in [Person::head(), Person::organisation()] {
        assert_eq!(Ask::of(&good, &[&by]).answer(), CONFIRMED);
    }
    assert_eq!(
        Ask::of(&good, &[&Person::stranger()]).answer(),
        refused("signer_other")
    );
}

/// Whoever writes the file writes who acts for the organisation.
#[test]
fn nobody_makes_themselves_the_head_of_an_organisation() {
    let stranger = body(STRANGER);
    let unit = format!(
        "{HEAD}<СвРукОП ИННФЛ=\"500100732259\" СНИЛС=\"087-654-303 00\"><ФИО Фамилия=\"Злодеев\" \
         Имя=\"Пётр\" Отчество=\"Кузьмич\"/></СвРукОП>"
    );
    let branch = organisation(&stranger)
        .replace("РосОргДовер", "СведФилиал")
        .replace("СвРосОрг", "СвФил");
    let foreign = organisation(&stranger)
        .replace("РосОргДовер", "ИнОргДовер")
        .replace("СвРосОрг НаимОрг", "СвИнОрг НаимИО");
    let principals = [
        organisation(&stranger),
        organisation(&format!("{HEAD}{stranger}")),
        organisation(&unit),
        branch,
        foreign,
    ];
    for principal in principals {
        for by in [Person::stranger(), Person::stranger_as_entrepreneur()] {
            let ask = Ask::of(&power(&principal, TO_STRANGER, POWERS), &[&by]).for_stranger();
            let (result, said) = ask.answer();
            assert_eq!(result, Outcome::Undecided, "{principal}");
            assert!(said.contains(&"signer_unproven"), "{said:?}");
        }
        let file = power(&principal, TO_STRANGER, POWERS);
        let by = Person::stranger_of_company();
        let ask = Ask::of(&file, &[&by]).for_stranger();
        assert_eq!(ask.answer().0, Outcome::Refused, "{principal}");
    }
    let file = power(&organisation(HEAD), REPRESENTATIVE, POWERS);
    let ask = Ask::of(&file, &[&Person::head_in_private()]);
    assert_eq!(ask.answer(), undecided("signer_unproven"));
}

#[test]
fn another_name_than_the_heads_is_told() {
    let renamed = organisation(HEAD).replace("Тестова", "Другова");
    let file = power(&renamed, REPRESENTATIVE, POWERS);
    assert_eq!(
        Ask::of(&file, &[&Person::head()]).answer(),
        (Outcome::Confirmed, vec!["signer_renamed"])
    );
    assert_eq!(
        Ask::of(&file, &[&Person::head_in_private()]).answer(),
        (
            Outcome::Undecided,
            vec!["signer_unproven", "signer_renamed"]
        )
    );
}

/// Goal: acting as another by a certificate that has the other's name or number beside one's own.
/// Whoever takes the first and whoever takes the last would meet two people.
#[test]
fn two_names_or_numbers_of_one_certificate_name_nobody() {
    const KINDS: [(&str, &str, &str); 6] = [
        ("2.5.4.4", "Тестова", "Злодеев"),
        ("2.5.4.42", "Анна Ивановна", "Пётр Кузьмич"),
        ("1.2.643.3.131.1.1", "770000010193", "500100732259"),
        ("1.2.643.100.3", "112-233-445 95", "08765430300"),
        ("1.2.643.100.4", "7700000016", "7707083893"),
        ("1.2.643.100.1", "1027700000019", "1027700132195"),
    ];
    let file = power(&organisation(HEAD), REPRESENTATIVE, POWERS);
    for (kind, own, other) in KINDS {
        let twice = Person::head_with(&[(kind, own)]);
        let ask = Ask::of(&file, &[&twice]).trusting(&twice);
        assert_eq!(ask.answer(), CONFIRMED, "{kind}");
        let two = Person::head_with(&[(kind, other)]);
        let ask = Ask::of(&file, &[&two]).trusting(&two);
        let (result, said) = ask.answer();
        assert_eq!(result, Outcome::Undecided, "{kind}: {said:?}");
        assert!(said.contains(&"signer_unproven"), "{kind}: {said:?}");
        // Nor is such a one the representative.
        let given = file.replace("770000020201", "770000010193");
        let given = given.replace("123-456-789 64", "112-233-445 95");
        let head = Person::head();
        let mut ask = Ask::of(&given, &[&head]);
        ask.signer = twice.identity();
        assert_eq!(ask.answer(), (Outcome::Confirmed, vec!["person_renamed"]));
        ask.signer = two.identity();
        assert_ne!(ask.answer().0, Outcome::Confirmed, "{kind}");
    }
    // An organisation's number of before 2021 beside another.
    let old = Person::of(
        1,
        &[
            ("1.2.643.3.131.1.1", "007707083893"),
            ("1.2.643.100.4", "7700000016"),
        ],
    );
    let identity = old.identity();
    assert!(identity.ambiguous && identity.organisation_inn.is_none());
    let same = Person::of(
        1,
        &[
            ("1.2.643.3.131.1.1", "007700000016"),
            ("1.2.643.100.4", "7700000016"),
        ],
    );
    assert!(!same.identity().ambiguous);
}

#[test]
fn an_employee_is_not_the_head() {
    let employee = Person::employee();
    let file = power(&organisation(HEAD), REPRESENTATIVE, POWERS);
    assert_eq!(
        Ask::of(&file, &[&employee]).answer(),
        refused("signer_other")
    );
    let file = power(&organisation(""), REPRESENTATIVE, POWERS);
    assert_eq!(
        Ask::of(&file, &[&employee]).answer(),
        undecided("signer_unproven")
    );
    assert_eq!(
        Ask::of(&file, &[&Person::organisation()]).answer(),
        CONFIRMED
    );
}

/// Those who act for a person are said by the file too.
#[test]
fn for_a_person_only_that_person_signs() {
    let head = Person::head_in_private();
    let file = power(&natural(""), REPRESENTATIVE, POWERS);
    assert_eq!(Ask::of(&file, &[&head]).for_head().answer(), CONFIRMED);
    let unit = "<СведРукоп ИННФЛ=\"500100732259\" СНИЛС=\"087-654-303 00\"><ФИО \
                Фамилия=\"Злодеев\" Имя=\"Пётр\"/></СведРукоп>";
    let managing = format!("<СВЮЛ НаимОрг=\"УК\" ИННЮЛ=\"7707083893\">{STRANGER}</СВЮЛ>");
    for within in [body(STRANGER), unit.to_owned(), managing] {
        let entrepreneur = natural(&within)
            .replace("ТипДоверит=\"4\"", "ТипДоверит=\"3\"")
            .replace("ФЛДовер", "ИПДовер");
        for principal in [natural(&within), entrepreneur] {
            let file = power(&principal, TO_STRANGER, POWERS);
            for by in [Person::stranger(), Person::stranger_of_company()] {
                let ask = Ask::of(&file, &[&by]).for_head().for_stranger();
                let (result, said) = ask.answer();
                assert_eq!(result, Outcome::Refused, "{principal}");
                assert!(said.contains(&"signer_other"), "{said:?}");
                assert!(said.contains(&"element_misplaced"), "{said:?}");
            }
            // Such a file is malformed whoever signs it.
            let ask = Ask::of(&file, &[&head]).for_head().for_stranger();
            assert_eq!(ask.answer().0, Outcome::Undecided);
        }
    }
}

#[test]
fn nobody_passes_on_what_another_one_has() {
    let first = power(&organisation(HEAD), REPRESENTATIVE, POWERS);
    let asked = |by: &str, signer: &Person| {
        let ask = Ask::of(&passed_on(by, POWERS), &[signer]).for_stranger();
        ask.parent(&first, &Person::head()).answer()
    };
    let representative = Person::representative();
    assert_eq!(asked(&delegator(""), &representative), CONFIRMED);
    let unit = "<СведРукоп ИННФЛ=\"500100732259\" СНИЛС=\"087-654-303 00\"><ФИО \
                Фамилия=\"Злодеев\" Имя=\"Пётр\"/></СведРукоп>";
    for within in [body(STRANGER), unit.to_owned()] {
        let (result, said) = asked(&delegator(&within), &Person::stranger());
        assert_eq!(result, Outcome::Refused, "{within}");
        assert!(said.contains(&"signer_other"), "{said:?}");
    }
    let company = "НаимОрг=\"ООО Посредник\" ИННЮЛ=\"7707083893\" ОГРН=\"1027700132195\"";
    let to_company =
        format!("<СвУпПред ТипПред=\"1\"><Пред><СведОрг {company}/></Пред></СвУпПред>");
    let first = power(&organisation(HEAD), &to_company, POWERS);
    let by = format!(
        "<РосОргПерПолн><СвРосОрг {company}/>{}</РосОргПерПолн>",
        body(STRANGER)
    );
    let file = passed_on(&by, POWERS);
    let asked = |signer: &Person| {
        let ask = Ask::of(&file, &[signer]).for_stranger();
        ask.parent(&first, &Person::head()).answer()
    };
    assert_eq!(asked(&Person::stranger()), undecided("signer_unproven"));
    assert_eq!(asked(&Person::stranger_of_company()), CONFIRMED);
}

/// Honest files: the certificate is that of who acts for the principal, and whether they do stands
/// in a register, not in the file.
#[test]
fn a_managing_body_a_notary_and_a_guardian_are_not_accused() {
    let company = format!(
        "<СВЮЛ><СвЮЛЕИО НаимОрг=\"ООО УК\" ИННЮЛ=\"7707083893\" КПП=\"770001001\" \
         ОГРН=\"1027700132195\"/>{STRANGER}</СВЮЛ>"
    );
    let older = format!("<СВЮЛ НаимОрг=\"ООО УК\" ИННЮЛ=\"7707083893\">{STRANGER}</СВЮЛ>");
    let entrepreneur = "<СвИП НаимИП=\"ИП З\" ОГРНИП=\"304500116000157\" ИННФЛ=\"500100732259\" \
                        СНИЛС=\"087-654-303 00\"><СведФЛ><ФИО Фамилия=\"Злодеев\" Имя=\"Пётр\" \
                        Отчество=\"Кузьмич\"/></СведФЛ></СвИП>";
    let asked = |managing: &str, by: &Person| {
        let principal = organisation(&body(managing));
        Ask::of(&power(&principal, REPRESENTATIVE, POWERS), &[by]).answer()
    };
    for managing in [&company, &older] {
        let by = Person::stranger_of_company();
        assert_eq!(asked(managing, &by), undecided("signer_managing"));
        let by = Person::stranger();
        assert_eq!(asked(managing, &by), undecided("signer_unproven"));
    }
    let by = Person::stranger_as_entrepreneur();
    assert_eq!(asked(entrepreneur, &by), undecided("signer_managing"));
    // Its own certificate needs nobody's word.
    let by = Person::organisation();
    assert_eq!(asked(&company, &by), CONFIRMED);
    let notary = "<СвНотУд МестоДовер=\"Москва\" УплНотДейст=\"100\"><СвНотДейств \
                  Должность=\"нотариус\" РегНомНот=\"77/1\"><ФИОНотДейств Фамилия=\"Злодеев\" \
                  Имя=\"Пётр\" Отчество=\"Кузьмич\"/></СвНотДейств></СвНотУд>";
    let file = power(&natural(""), REPRESENTATIVE, &format!("{POWERS}{notary}"));
    let ask = Ask::of(&file, &[&Person::stranger()]).for_head();
    assert_eq!(ask.answer(), undecided("signer_notary"));
    let guardian = format!("<СвЗакПредРук ПолнЮЛ=\"1\">{STRANGER}</СвЗакПредРук>");
    let file = power(&natural(&guardian), REPRESENTATIVE, POWERS);
    let ask = Ask::of(&file, &[&Person::stranger()]).for_head();
    assert_eq!(ask.answer(), undecided("signer_guardian"));
    let ask = Ask::of(&file, &[&Person::second_head()]).for_head();
    assert_eq!(ask.answer().0, Outcome::Undecided);
}

#[test]
fn heads_who_act_together_all_sign_and_each_is_one() {
    let joint = |within: &str| format!("<ЛицоБезДов ПолнЮЛ=\"2\">{within}</ЛицоБезДов>");
    let (first, second) = (
        HEAD.replace("ПолнЮЛ=\"1\"", "ПолнЮЛ=\"2\""),
        joint(&STRANGER.replace("Злодеев", "Второв")),
    );
    let third = joint(
        "<СвФЛ СНИЛС=\"123-456-789 64\"><СведФЛ><ФИО Фамилия=\"Третья\" Имя=\"Вера\"/>\
         </СведФЛ></СвФЛ>",
    );
    let two = power(
        &organisation(&format!("{first}{second}")),
        REPRESENTATIVE,
        POWERS,
    );
    let (head, renewed, other) = (
        Person::head(),
        Person::head_renewed(),
        Person::second_head(),
    );
    let alone = undecided("signer_alone");
    assert_eq!(Ask::of(&two, &[&head]).answer(), alone);
    assert_eq!(Ask::of(&two, &[&head, &head]).answer(), alone);
    assert_eq!(Ask::of(&two, &[&head, &renewed]).answer(), alone);
    assert_eq!(Ask::of(&two, &[&head, &other]).answer(), CONFIRMED);
    let three = format!("{first}{second}{third}");
    let three = power(&organisation(&three), REPRESENTATIVE, POWERS);
    assert_eq!(Ask::of(&three, &[&head, &other]).answer(), alone);
    // The same head written twice is one.
    let twice = power(
        &organisation(&format!("{first}{first}")),
        REPRESENTATIVE,
        POWERS,
    );
    assert_eq!(Ask::of(&twice, &[&head, &renewed]).answer(), alone);
}

/// One number of one's own opens no door to what stands beside it under another's.
#[test]
fn a_number_that_the_certificate_does_not_have_is_a_word() {
    let mixed = organisation("").replace("7700000016", "7707083893");
    let mut ask = Ask::of(
        &power(&mixed, TO_STRANGER, POWERS),
        &[&Person::company_by_inn()],
    );
    ask = ask.for_stranger();
    ask.organisation.inn = None;
    ask.organisation.ogrn = Some("1027700000019".to_owned());
    assert_eq!(ask.answer(), undecided("principal_unnumbered"));
    ask.organisation.ogrn = None;
    ask.organisation.inn = Some("7707083893".to_owned());
    assert_eq!(ask.answer(), CONFIRMED);
    // A person, by the ИНН of another one.
    let mixed = natural("").replace("112-233-445 95", "087-654-303 00");
    let by = Person::stranger_by_snils();
    let ask = Ask::of(&power(&mixed, TO_STRANGER, POWERS), &[&by]);
    let (result, said) = ask.for_head().for_stranger().answer();
    assert_eq!(result, Outcome::Undecided);
    assert!(said.contains(&"principal_unnumbered"), "{said:?}");
    // And one who passes a power on.
    let by_inn = REPRESENTATIVE.replace(" СНИЛС=\"123-456-789 64\"", "");
    let first = power(&organisation(HEAD), &by_inn, POWERS);
    let mixed = delegator("").replace("123-456-789 64", "087-654-303 00");
    let ask = Ask::of(&passed_on(&mixed, POWERS), &[&by]).for_stranger();
    let (result, said) = ask.parent(&first, &Person::head()).answer();
    assert_eq!(result, Outcome::Undecided);
    assert!(said.contains(&"signer_unproven"), "{said:?}");
}
