//! Hands bytes to [`chancery_fuzz::power_of_attorney`].

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| chancery_fuzz::power_of_attorney(bytes));
