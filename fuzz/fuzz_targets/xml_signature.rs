//! Hands bytes to [`chancery_fuzz::xml_signature`].

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| chancery_fuzz::xml_signature(bytes));
