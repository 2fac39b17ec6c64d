//! Hands bytes to [`chancery_fuzz::pdf`].

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| chancery_fuzz::pdf(bytes));
