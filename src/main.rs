//! The entrance: reads arguments, starts what they name.

fn main() {}
