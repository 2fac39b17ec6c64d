//! The end of a contract's life: our signature, the link, the counterparty's signature.

mod calls;
pub mod contract;
mod verdicts;
mod ways;
mod whole;
