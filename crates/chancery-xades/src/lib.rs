//! Signatures in XML: XML Signature 1.1 and XAdES, gathered for the judgement that CMS has.
//!
//! ```text
//! bytes ── gather_xml ──► Facts ── chancery_signature::judge ──► ValidationReport
//! document ── read_signatures ──► what each signature covers, octet by octet
//! ```
//!
//! Whoever goes on reading what was signed reads [`Covered::octets`] and nothing else: they are the
//! octets whose digest was compared, so an element that was moved, doubled or put beside another
//! (signature wrapping) is never taken for the signed one.
//!
//! # What is understood
//!
//! References to the document itself (`""`, `#id`, and the two forms of `#xpointer`); the
//! identifiers are the attributes `Id`, `ID` and `id`. The transforms enveloped-signature, the
//! canonical forms, Base64, and of XPath the expressions that take signatures out. Certificates in
//! `KeyInfo/X509Data`. Counter-signatures of XAdES. Anything else leaves the signature undecided
//! and is named.
//!
//! # Invariants
//!
//! 1. A bad signature is a report, never an error; no input panics or exceeds [`Limits`].
//! 2. A reference that fits two elements fits none.
//! 3. What a signature does not cover is said.
//! 4. All references and signatures of a document are looked at within one budget.

#![forbid(unsafe_code)]

mod algorithms;
mod budget;
mod coverage;
mod declared;
mod gather;
mod identifiers;
mod names;
mod properties;
mod reference;
mod standing;
mod stated;
mod structure;
mod transforms;
mod unsigned;

pub use gather::{Limits, XmlSignature, gather_xml, read_signatures};
pub use reference::Covered;
