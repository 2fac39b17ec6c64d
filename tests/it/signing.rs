//! The end of a contract's life: our signature, the link, the counterparty's signature.

mod again;
mod calls;
mod certificates;
pub mod contract;
mod disagreements;
mod lasting;
mod letters;
mod links;
mod outsiders;
mod pages;
mod rotation;
mod rounds;
mod seats;
mod stamps;
mod verdicts;
mod visitor;
mod ways;
mod whole;
mod worklist;
