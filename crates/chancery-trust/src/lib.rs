//! Whom to believe, and for what: trusted lists and machine-readable powers of attorney.
//!
//! ```text
//! list bytes, certificates of its signer, instant ─► read_trusted_list ─► ListReport ─► anchors
//! power bytes, its signature, who, for whom, when  ─► judge_authority   ─► AuthorityReport
//! ```
//!
//! Both are signed files of others, and both are read from the octets that their signature covers.
//! What they say is kept apart from the cryptography: a right signature under a power that names
//! somebody else is a right signature and no authority.
//!
//! # Invariants
//!
//! 1. No clock, no file, no network: the instant of judgement is given.
//! 2. Nothing is confirmed that was not checked: what could not be asked is undecided and named.
//! 3. No input panics or exceeds [`chancery_xades::Limits`].

#![forbid(unsafe_code)]

mod list;
mod outcome;
mod power;
mod text;

pub use list::{
    AnchorEntry, ListCode, ListForm, ListPolicy, ListReport, Pointer, Provider, Qualification,
    Service, ServiceState, ServiceUse, Standing, TrustedList, parse_trusted_list,
    read_trusted_list,
};
pub use outcome::{Outcome, Reason, Weight};
pub use power::{
    AuthorityCheck, AuthorityCode, AuthorityPolicy, AuthorityReport, CheckedAuthority,
    CheckedParent, Delegation, Exercise, Grant, Identity, ManagingParty, NaturalPerson,
    Organisation, OwnSignature, ParentPower, PartyKind, Power, PowerOfAttorney, PowerSought,
    Powers, Principal, Question, RegistryAnswer, RegistryState, Representative, check_inn,
    check_ogrn, check_snils, is_signed_within, judge_authority, own_facts, read_power_of_attorney,
};
