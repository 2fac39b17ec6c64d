//! What simulations are made of: a company, invented workflows, moves, and what always holds. The
//! server's tests take this folder too and play the same in its databases.

pub mod company;
pub mod held;
pub mod invented;
pub mod moves;
pub mod player;
