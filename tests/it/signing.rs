//! The end of a contract's life: our signature, the link, the counterparty's signature.

mod certificates;
mod contract;
mod disagreements;
mod pages;
mod verdicts;
mod visitor;
mod ways;
mod whole;
