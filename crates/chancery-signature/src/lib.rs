//! Signatures of PDF and CMS: made in two steps, kept for years, and judged in three.
//!
//! ```text
//! signing:    digest ─► signed_attributes ─► (key holder) ─► assemble ─► CMS
//! later:      file, evidence ─► extend_pdf | extend_cms ─► a level that lasts longer
//! validation: bytes ─► gather ─► Facts ─► judge(policy, instant, anchors) ─► ValidationReport
//! ```
//!
//! # Invariants
//!
//! 1. No clock, no randomness, no file, no network: instants, seeds, serials and nonces are given.
//! 2. A bad signature is a report, never an error; no input makes this crate panic.
//! 3. Digests are over bytes as they were sent, never over something encoded again.
//! 4. What cannot be decided is INDETERMINATE with its reason, never green.
//!
//! # Words
//!
//! To *verify* is to compare one value with one key; to *validate* is to judge a signature against
//! a policy. Indications and sub-indications are those of ETSI EN 319 102-1.

mod algorithm;
mod anchors;
mod appearance;
mod archive;
mod args;
mod armour;
mod asn1;
mod asn1_time;
mod bare_value;
mod beneath;
mod bytes_accounted;
mod certificate;
mod chain;
mod changes;
mod changes_catalog;
mod changes_fill;
mod changes_form;
mod changes_mark;
mod changes_page;
mod changes_read;
mod changes_spent;
mod changes_tables;
mod changes_walk;
mod checks;
mod claimed;
mod cms;
mod cms_edit;
mod content;
mod crl;
mod crl_entry;
mod der;
mod digest;
mod ecdsa_quick;
mod elements;
mod encode;
mod evidence;
mod evidence_given;
mod extend;
mod extend_cms;
mod extend_ground;
mod extend_needed;
mod extend_pdf;
pub mod facts;
mod fill_border;
mod fill_drawn;
mod fill_fonts;
mod fill_ground;
mod fill_look;
mod fill_measure;
mod fill_old;
mod fill_operands;
mod fill_rules;
mod fill_shown;
mod fill_signs;
mod gather;
mod gather_any;
mod gather_attributes;
mod gather_pdf;
mod gather_signer;
mod gather_value;
mod issue;
mod judge;
mod judge_changes;
mod judge_covers;
mod judge_order;
mod judge_signer;
mod judge_strength;
mod judge_times;
mod judge_token;
mod judge_trust;
mod judged;
mod key;
mod ledger;
mod level;
pub mod listed;
mod locks;
mod lookalikes;
mod loose;
mod lost_key;
mod name_constraints;
mod names;
mod ocsp;
mod oid;
mod opened;
mod other_file;
mod outside;
mod outside_cms;
mod placed;
mod policy;
mod pool;
mod proofs;
mod public_key;
mod purposes;
mod reason;
pub mod report;
mod revocation;
mod revocation_evidence;
mod revocation_fetched;
mod revocation_list;
mod revocation_listed;
mod revocation_needed;
mod revocation_word;
mod rsa_key;
mod scheme;
mod shared;
mod shown_name;
mod sign;
pub mod signature_kind;
mod stamp_cms;
mod standing;
mod surroundings;
mod timestamp;
mod tsp;
mod value;
mod work;
mod xml_facts;

pub use algorithm::{DigestAlgorithm, ValueError, Verification, check_value, ecdsa_raw_to_der};
pub use asn1::Asn1Error;
pub use certificate::{CertificateDescription, Name};
pub use chain::{AnchorError, Anchors, self_signed};
pub use const_oid::ObjectIdentifier;
pub use evidence_given::{EvidenceError, GivenEvidence};
pub use extend::{ExtendError, Extended, Extension, LongTermLevel, TOKEN_BYTES};
pub use extend_cms::extend_cms;
pub use extend_ground::Ground;
pub use extend_needed::{Keepable, keepable};
pub use extend_pdf::extend_pdf;
pub use facts::Facts;
pub use gather::{Limits, SignatureLimits, gather_cms, gather_cms_with};
pub use gather_any::{gather, gather_with};
pub use gather_pdf::gather_pdf;
pub use issue::{
    AuthorityRequest, IssueError, IssuingAuthority, LEAF_SECONDS_MAX, LeafRequest,
    NAME_CHARACTERS_MAX, issue_leaf, make_issuing, make_root, make_timestamping,
};
pub use judge::{judge, judge_with};
pub use key::{KeyError, KeyHolder, KeyKind, SigningKey, p256_spki};
pub use outside::{
    CertificateFault, OutsideCertificate, OutsideScheme, assemble_outside, examine_outside,
    outside_attributes, outside_detached_attributes, outside_value,
};
pub use outside_cms::{CmsFault, OutsideCms, SignedDigest, signed_digests};
pub use policy::{KeyDay, ValidationPolicy};
pub use public_key::KeyDescription;
pub use report::{Answer, Code, Indication, SubIndication, ValidationReport};
pub use revocation_fetched::{Asked, Came, Fetched, read_fetched};
pub use revocation_list::{
    ListRequest, RevocationReason, RevokedCertificate, make_revocation_list,
};
pub use revocation_needed::{RevocationNeed, RevocationQuestion, needed_revocation};
pub use rsa_key::RsaKey;
pub use sign::{Parts, SignError, assemble, detached_attributes, signed_attributes};
pub use stamp_cms::{signer_values, stamp_signers};
pub use timestamp::{
    TimestampAuthority, TimestampRequest, TimestampToken, TokenError, parse_token, verify_token,
};
pub use tsp::{AnswerError, timestamp_answer, timestamp_query, token_ends};
pub use value::{
    Scheme, describe_certificate, gather_timestamp, is_issued_by, public_key_info,
    subject_attributes, verify_value,
};
