//! Documents come in, are versioned, numbered, shown and kept apart; what is bad stays outside.

mod bad_input;
mod comparison;
mod kept;
mod life;
mod material;
mod pages;
pub mod paper;
mod undrawable;
