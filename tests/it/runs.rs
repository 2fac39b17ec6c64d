//! Runs: a contract's way through its route, each step as rows, letters and one audit event.

mod absences;
mod allowed;
mod by_itself;
mod children;
mod daily;
mod decisions;
mod discussion;
mod effects;
mod faults;
mod forms;
mod hands;
mod inbox;
mod keeping;
mod lookups;
mod mandates;
mod news;
pub mod own;
mod pages;
pub mod paper;
pub mod peer;
mod places;
mod progress;
mod returned;
mod rounds;
mod route;
mod timers;
mod together;
