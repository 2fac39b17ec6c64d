//! Hands bytes to [`chancery_fuzz::trusted_list`].

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| chancery_fuzz::trusted_list(bytes));
