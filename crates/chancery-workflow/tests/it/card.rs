//! Cards as forms and JSON send them.

use std::collections::BTreeMap;

use chancery_types::{FieldValue, Locale};
use proptest::prelude::*;

use crate::support::*;

fn raw(changes: &[(&str, &str)]) -> BTreeMap<String, String> {
    let mut card: BTreeMap<String, String> = [
        ("counterparty", "00000000-0000-0000-0000-0000000007d1"),
        (
            "counterparty_contact",
            "00000000-0000-0000-0000-0000000003e9",
        ),
        ("subject", "Поставка бумаги\r\nформата А4"),
        ("amount", "1 250 000,00 RUB"),
        ("payment_days", "30"),
        ("department", "00000000-0000-0000-0000-000000000066"),
        ("urgent", "on"),
        ("valid_until", "2027-12-31"),
        ("executor", "  "),
    ]
    .into_iter()
    .map(|(name, text)| (name.to_owned(), text.to_owned()))
    .collect();
    for (name, text) in changes {
        card.insert((*name).to_owned(), (*text).to_owned());
    }
    card
}

#[test]
fn a_proper_card_is_read_with_its_types() {
    let card = kinds()["contract"].check_card(&raw(&[])).expect("a card");
    assert_eq!(card["amount"], money("1250000.00", "RUB"));
    assert_eq!(card["payment_days"], FieldValue::Integer(30));
    assert_eq!(card["urgent"], FieldValue::Boolean(true));
    assert_eq!(
        card["subject"],
        FieldValue::Text("Поставка бумаги\nформата А4".to_owned())
    );
    assert_eq!(
        card["valid_until"],
        FieldValue::Date("2027-12-31".parse().expect("a date"))
    );
    assert!(!card.contains_key("executor"), "blanks are absent");
    for written in ["EUR 5", "5 EUR", "5,00 EUR"] {
        let card = kinds()["contract"]
            .check_card(&raw(&[("amount", written)]))
            .expect(written);
        assert!(matches!(&card["amount"], FieldValue::Money(money) if money.currency == "EUR"));
    }
    let beside = raw(&[("amount", "5"), ("amount.currency", "USD")]);
    let card = kinds()["contract"].check_card(&beside).expect("a card");
    assert_eq!(card["amount"], money("5", "USD"));
}

#[test]
fn every_wrong_value_is_refused_by_name() {
    for (field, text, code) in [
        ("amount", "1E+100 RUB", "field-not-an-amount"),
        ("amount", "NaN RUB", "field-not-an-amount"),
        ("amount", "1234567890123456 RUB", "field-amount-too-large"),
        ("amount", "0.00001 RUB", "field-amount-too-fine"),
        ("amount", "1.250 RUB", "field-amount-too-fine"),
        ("amount", "12,345 EUR", "field-amount-too-fine"),
        ("amount", "-1 RUB", "field-too-small"),
        ("amount", "1", "field-no-currency"),
        ("amount", "1 rub", "field-not-a-currency"),
        ("amount", "1 GBP", "field-other-currency"),
        ("amount.currency", "EUR", "field-two-currencies"),
        ("payment_days", "30.5", "field-not-a-number"),
        ("payment_days", "+30", "field-not-a-number"),
        ("payment_days", "1e2", "field-not-a-number"),
        ("payment_days", "99999999999999999999", "field-not-a-number"),
        ("payment_days", "731", "field-too-great"),
        ("payment_days", "-1", "field-too-small"),
        ("valid_until", "31.12.2027", "field-not-a-date"),
        ("valid_until", "2027-12-31T00:00", "field-not-a-date"),
        ("valid_until", "2027-02-30", "field-not-a-date"),
        ("urgent", "yes", "field-not-yes-or-no"),
        ("department", "sales", "field-not-a-reference"),
        (
            "subject",
            "Договор\u{202e}fdp.exe",
            "field-invisible-character",
        ),
        ("subject", "a\u{0}b", "field-control-character"),
        ("subject", "", "field-required"),
        ("amnt", "1", "field-unknown"),
        ("subject.currency", "RUB", "field-unknown"),
    ] {
        let errors = kinds()["contract"]
            .check_card(&raw(&[(field, text)]))
            .expect_err(text);
        let codes: Vec<&str> = errors.iter().map(|error| error.code).collect();
        assert_eq!(codes, [code], "{field} = {text}");
        for locale in Locale::ALL {
            let sentence = errors[0].text(locale);
            assert!(sentence != code && !sentence.contains('{'), "{sentence}");
        }
    }
    let long = "я".repeat(4001);
    let errors = kinds()["contract"]
        .check_card(&raw(&[("subject", &long)]))
        .expect_err("long");
    assert_eq!(errors[0].code, "field-too-long");
}

#[test]
fn a_one_line_field_has_one_line() {
    let mut card = BTreeMap::from([
        (
            "counterparty".to_owned(),
            "00000000-0000-0000-0000-0000000007d1".to_owned(),
        ),
        ("invoice_number".to_owned(), "17\r\nBcc: all".to_owned()),
        ("invoice_date".to_owned(), "2026-11-01".to_owned()),
        ("amount".to_owned(), "17 RUB".to_owned()),
        ("due_date".to_owned(), "2026-11-30".to_owned()),
        (
            "department".to_owned(),
            "00000000-0000-0000-0000-000000000066".to_owned(),
        ),
    ]);
    let errors = kinds()["invoice"].check_card(&card).expect_err("two lines");
    assert_eq!(
        (errors[0].field.as_str(), errors[0].code),
        ("invoice_number", "field-control-character")
    );
    card.insert("invoice_number".to_owned(), "17/А".to_owned());
    kinds()["invoice"].check_card(&card).expect("a card");
}

#[test]
fn all_errors_come_at_once_in_the_order_of_the_form() {
    let errors = kinds()["contract"]
        .check_card(&raw(&[
            ("urgent", "x"),
            ("amount", "x RUB"),
            ("zzz", "1"),
            ("subject", " "),
        ]))
        .expect_err("errors");
    let fields: Vec<&str> = errors.iter().map(|error| error.field.as_str()).collect();
    assert_eq!(fields, ["subject", "amount", "urgent", "zzz"]);
}

#[test]
fn numbers_are_written_by_their_pattern() {
    assert_eq!(
        kinds()["contract"].numbering().format(2026, 17),
        "Д-2026-00017"
    );
    assert_eq!(
        kinds()["contract"].numbering().format(2026, 1_234_567),
        "Д-2026-1234567"
    );
    assert_eq!(kinds()["invoice"].numbering().journal(), "invoices");
}

proptest! {
    #[test]
    fn any_text_in_any_field_is_answered(
        text in "\\PC{0,40}|[0-9 .,+-]{0,12}( RUB| EUR)?",
        at in 0_usize..9,
    ) {
        let name = kinds()["contract"].fields()[at].name.clone();
        match kinds()["contract"].check_card(&raw(&[(&name, &text)])) {
            Ok(card) => prop_assert!(card.len() >= 6),
            Err(errors) => prop_assert!(errors.iter().all(|error| error.field == name)),
        }
    }
}

#[test]
fn a_value_of_another_document_is_admitted_only_within_the_field() {
    let kinds = kinds();
    let contract = &kinds["contract"];
    let text = |text: &str| FieldValue::Text(text.to_owned());
    assert!(contract.admits("subject", &text("Поставка бумаги")));
    assert!(!contract.admits("subject", &text(&"х".repeat(4001))));
    assert!(!contract.admits("subject", &text("")));
    assert!(contract.admits("amount", &money("1250000.00", "RUB")));
    assert!(!contract.admits("amount", &money("1250000.00", "CHF")));
    assert!(contract.admits("payment_days", &FieldValue::Integer(730)));
    assert!(!contract.admits("payment_days", &FieldValue::Integer(731)));
    assert!(
        !contract.admits("payment_days", &text("30")),
        "another type"
    );
    assert!(contract.admits("urgent", &FieldValue::Boolean(false)));
    assert!(!contract.admits("nothing", &FieldValue::Boolean(false)));
}
