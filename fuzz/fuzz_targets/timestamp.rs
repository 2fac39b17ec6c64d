//! Hands bytes to [`chancery_fuzz::timestamp`].

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| chancery_fuzz::timestamp(bytes));
