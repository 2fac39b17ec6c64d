//! An append-only log that can prove what it holds, and that it never took anything back.
//!
//! ```text
//! audit event ── Leaf::canonical_bytes ──► bytes ── leaf_hash ──► 32 bytes ── Tree ──► TreeHead
//! ```
//!
//! Three questions have short, checkable answers:
//!
//! 1. *Is this event in the log?* [`Tree::inclusion_proof`], checked by [`verify_inclusion`].
//! 2. *Is today's log yesterday's log with something appended?* [`Tree::consistency_proof`],
//!    checked by [`verify_consistency`].
//! 3. *What exactly was hashed?* [`Leaf`]: one encoding, byte by byte, that two different events
//!    cannot share.
//!
//! The tree is that of certificate transparency (RFC 6962, 2.1) over SHA-256; verification follows
//! the algorithms that RFC 9162, 2.1.3.2 and 2.1.4.2, wrote down for the same tree. Nothing here
//! reads a clock, a file or a database: whoever has the leaf hashes can repeat every answer.
//!
//! # Words
//!
//! Leaf, tree head, inclusion proof, consistency proof: see `docs/glossary.md`.
//!
//! # Example
//!
//! ```
//! use chancery_ledger::{Leaf, Tree, leaf_hash, verify_inclusion};
//!
//! let leaf = Leaf::new([("action", "document.created"), ("at", "1789000000000000")]);
//! let hash = leaf_hash(leaf.canonical_bytes());
//! let tree = Tree::from_leaf_hashes([leaf_hash(b"something earlier"), hash]);
//! let proof = tree.inclusion_proof(1, 2)?;
//! verify_inclusion(&hash, &proof, &tree.head())?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod leaf;
mod proof;
mod tree;

pub use leaf::{LEAF_VERSION, Leaf, LeafError};
pub use proof::{
    ConsistencyProof, InclusionProof, PROOF_HASHES_MAX, ProofError, verify_consistency,
    verify_inclusion,
};
pub use tree::{Hash, OutOfRange, Tree, TreeHead, empty_root, leaf_hash, node_hash};
