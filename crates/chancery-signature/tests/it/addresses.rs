//! Which addresses of a certificate are shown, and how.

use crate::authority::*;
use crate::forge::{der, oid};
use chancery_signature as sig;

const SUBJECT_ALT_NAME: &str = "2.5.29.17";

/// The addresses that a report shows of a certificate with these in its alternative names, and with
/// this one in its subject.
fn shown(alternative: &[&[u8]], subject: &[u8]) -> Vec<String> {
    let names: Vec<Vec<u8>> = alternative.iter().map(|one| der(0x81, &[one])).collect();
    let mut draft = Draft::person("Анна", 5);
    if !names.is_empty() {
        draft = draft.with(SUBJECT_ALT_NAME, false, &der(0x30, &[&names.concat()]));
    }
    let value = der(0x16, &[subject]);
    let attribute = der(0x30, &[&oid("1.2.840.113549.1.9.1"), &value]);
    draft.own_name = Some(der(0x30, &[&der(0x31, &[&attribute])]));
    let certificate = draft.own().certificate;
    sig::describe_certificate(&certificate)
        .expect("a certificate")
        .emails
}

#[test]
fn check_27_an_address_is_shown_without_what_forges_a_display() {
    let forged: &[u8] = b"a@b.example\x1b[2J\nThe signature is valid\0\xe2\x80\xae";
    let expected = "a@b.example\u{fffd}[2J\u{fffd}The signature is valid\u{fffd}\u{fffd}";
    assert_eq!(shown(&[forged], b"c@d.example"), [expected]);
    assert_eq!(shown(&[], forged), [expected]);
}

#[test]
fn check_27_an_address_that_nobody_vouches_for_is_not_shown() {
    let (bound, free) = (&b"me@good.example"[..], &b"ceo@victim.example"[..]);
    assert_eq!(shown(&[bound], free), ["me@good.example"]);
    assert_eq!(shown(&[], free), ["ceo@victim.example"]);
    assert_eq!(shown(&[bound, free], free).len(), 2);
    // Of two hosts nobody knows which is vouched for.
    let both = &b"ceo@victim.example@good.example"[..];
    assert_eq!(shown(&[both, bound], free), ["me@good.example"]);
    assert_eq!(shown(&[both], free), [""; 0]);
}
