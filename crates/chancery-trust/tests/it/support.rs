//! Fixtures and moments.

use chancery_signature::Anchors;
use chancery_signature::facts::Der;
use chancery_types::Instant;
use proptest::prelude::*;
use proptest::sample::Index;

pub fn bytes(name: &str) -> Vec<u8> {
    let path = format!("{}/tests/fixtures/{name}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read(path).expect("a fixture")
}

pub fn text(name: &str) -> String {
    String::from_utf8(bytes(name)).expect("a text")
}

pub fn der(name: &str) -> Der {
    Der::from(bytes(name))
}

pub fn anchors(names: &[&str]) -> Anchors {
    let mut anchors = Anchors::none();
    for name in names {
        anchors.extend(Anchors::from_pem_or_der(&bytes(name)).expect("a certificate"));
    }
    anchors
}

pub fn at(text: &str) -> Instant {
    text.parse().expect("a moment")
}

/// When everything is judged that is not judged at another moment.
pub fn now() -> Instant {
    at("2026-07-01T12:00:00Z")
}

/// Edits of a file: two places in it, and what to do there.
pub fn edits() -> impl Strategy<Value = Vec<(Index, Index, u8)>> {
    prop::collection::vec(any::<(Index, Index, u8)>(), 1..8)
}

/// `text` with one piece in the place of another, which must be there.
pub fn with(text: &str, old: &str, new: &str) -> String {
    assert!(text.contains(old), "{old}");
    text.replacen(old, new, 1)
}
