//! Runs: a contract's way through its route, each step as rows, letters and one audit event.

mod absences;
mod decisions;
mod faults;
mod forms;
mod hands;
pub mod own;
mod pages;
pub mod paper;
mod rounds;
mod route;
mod timers;
