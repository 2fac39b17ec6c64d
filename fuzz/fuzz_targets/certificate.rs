//! Hands bytes to [`chancery_fuzz::certificate`].

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| chancery_fuzz::certificate(bytes));
