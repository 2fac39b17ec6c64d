//! The only integration binary: everything below runs against a real [`support::TestApp`].

mod start;
#[expect(
    dead_code,
    unused_imports,
    reason = "each area uses its own part of the house"
)]
mod support;
