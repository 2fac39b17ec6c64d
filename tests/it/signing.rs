//! The end of a contract's life: our signature, the link, the counterparty's signature.

mod again;
mod calls;
mod certificates;
pub mod contract;
mod detached;
mod disagreements;
pub mod elsewhere;
mod gost;
mod key_token;
mod lasting;
pub mod letters;
mod links;
mod online;
mod openssl;
mod outsiders;
mod pages;
mod remote;
mod revocation;
mod rotation;
mod rounds;
mod seats;
mod stamps;
mod verdicts;
mod visitor;
mod ways;
mod whole;
mod worklist;
