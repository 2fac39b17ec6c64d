//! Hands bytes to [`chancery_fuzz::cms`].

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| chancery_fuzz::cms(bytes));
