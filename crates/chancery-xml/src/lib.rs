//! XML, read with limits, and written in its canonical form.
//!
//! ```text
//! bytes ── Document::parse ──► Document ── canonicalize(subset, form) ──► the signed octets
//! ```
//!
//! The reader is for documents that are signed: it knows every prefix and every declaration as it
//! was written, which the canonical form needs and most readers throw away. It reads XML 1.0 with
//! namespaces and refuses what makes two programs see two documents: document type declarations
//! and every entity but the five that XML itself names, characters that XML forbids, names that are
//! bound to nothing, bytes that are not of their encoding.
//!
//! # Invariants
//!
//! 1. No input makes it panic, recurse deeply, or take more memory than its [`Limits`] allow.
//! 2. Nothing is guessed: a document is well-formed and namespace-well-formed, or refused.
//! 3. Reading the canonical form of a document gives a document with the same canonical form.
//!
//! # Sources
//!
//! XML 1.0 (fifth edition), Namespaces in XML 1.0 (third edition), Canonical XML 1.0 and 1.1,
//! Exclusive XML Canonicalization 1.0.
//!
//! # Example
//!
//! ```
//! use chancery_xml::{Canonical, Document, Limits, Subset, canonicalize};
//!
//! let document = Document::parse(b"<a z='1' b=\"&#60;\" ><b/></a>", &Limits::default())?;
//! let octets = canonicalize(&document, &Subset::whole(), &Canonical::exclusive(), 1000)?;
//! assert_eq!(octets, b"<a b=\"&lt;\" z=\"1\"><b></b></a>");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

#![forbid(unsafe_code)]

mod base;
mod bindings;
mod canonical;
mod characters;
mod encoding;
mod error;
mod inherited;
mod limits;
mod names;
mod parser;
mod tree;

pub use bindings::{Bindings, Loose};
pub use canonical::{Canonical, CanonicalError, Method, Subset, canonicalize, canonicalize_told};
pub use encoding::decode;
pub use error::XmlError;
pub use limits::Limits;
pub use tree::{Attribute, Content, Document, Element, NodeId, XML_NAMESPACE};
