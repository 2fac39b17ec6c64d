//! Proofs and their verification: what a stranger runs with two heads and a list of hashes.
//!
//! Proofs come from outside. A proof that is too long, too short or has a hash too many is refused
//! by name; none is ever padded, cut or believed in part.

use crate::tree::{Hash, TreeHead, empty_root, node_hash};

/// Longest proof over any tree whose size fits 64 bits, in hashes.
pub const PROOF_HASHES_MAX: usize = 65;

/// That a leaf stands at a position of a tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InclusionProof {
    /// Position of the leaf, counted from 0.
    pub position: u64,
    /// The siblings on the way from the leaf to the root.
    pub hashes: Vec<Hash>,
}

/// That an older tree begins a newer one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsistencyProof {
    /// The nodes of RFC 6962, 2.1.2, in its order.
    pub hashes: Vec<Hash>,
}

/// Why a proof does not prove.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProofError {
    /// The position is not in a tree of that size.
    #[error("position {position} is not in a tree of {size} leaves")]
    NotInTree {
        /// The position claimed.
        position: u64,
        /// Leaves in the tree.
        size: u64,
    },
    /// The tree that is called older is the larger one.
    #[error("the older tree has {older} leaves and the newer only {newer}")]
    Shrunk {
        /// Leaves of the older tree.
        older: u64,
        /// Leaves of the newer tree.
        newer: u64,
    },
    /// The number of hashes is not the one that trees of these sizes need.
    #[error("the proof has {count} hashes, which does not fit these trees")]
    WrongLength {
        /// Hashes in the proof.
        count: usize,
    },
    /// The hashes lead to another root: of the only tree, or of the newer one.
    #[error("the proof leads to another root")]
    OtherRoot,
    /// The hashes lead to another root of the older tree: what it had was changed or taken away.
    #[error("the proof leads to another root of the older tree")]
    OtherOlderRoot,
}

/// Checks that the leaf with `leaf_hash` is in the tree of `head` (RFC 9162, 2.1.3.2).
///
/// # Errors
///
/// A [`ProofError`]; then nothing is proved, neither that the leaf is there nor that it is not.
pub fn verify_inclusion(
    leaf_hash: &Hash,
    proof: &InclusionProof,
    head: &TreeHead,
) -> Result<(), ProofError> {
    let wrong_length = ProofError::WrongLength {
        count: proof.hashes.len(),
    };
    let not_in_tree = ProofError::NotInTree {
        position: proof.position,
        size: head.size,
    };
    if proof.position >= head.size {
        return Err(not_in_tree);
    }
    if proof.hashes.len() > PROOF_HASHES_MAX {
        return Err(wrong_length);
    }
    let mut walk = Walk {
        at: proof.position,
        last: head.size.checked_sub(1).ok_or(not_in_tree)?,
    };
    let mut root = *leaf_hash;
    for hash in &proof.hashes {
        match walk.step().ok_or(wrong_length)? {
            Side::Left => root = node_hash(hash, &root),
            Side::Right => root = node_hash(&root, hash),
        }
    }
    if walk.last != 0 {
        return Err(wrong_length);
    }
    if root == head.root {
        Ok(())
    } else {
        Err(ProofError::OtherRoot)
    }
}

/// Checks that the tree of `older` begins the tree of `newer` (RFC 9162, 2.1.4.2).
///
/// # Errors
///
/// A [`ProofError`]. When the log itself can give no proof that is accepted, it has shown two
/// histories: keep both heads, they are the evidence.
pub fn verify_consistency(
    older: &TreeHead,
    newer: &TreeHead,
    proof: &ConsistencyProof,
) -> Result<(), ProofError> {
    let wrong_length = ProofError::WrongLength {
        count: proof.hashes.len(),
    };
    if older.size > newer.size {
        return Err(ProofError::Shrunk {
            older: older.size,
            newer: newer.size,
        });
    }
    if proof.hashes.len() > PROOF_HASHES_MAX {
        return Err(wrong_length);
    }
    if older.size == 0 || older.size == newer.size {
        return verify_without_hashes(older, newer, proof);
    }
    // A complete older tree is a node of the newer one, and the verifier has its root already.
    let whole = older.size.is_power_of_two().then_some(older.root);
    let mut hashes = whole.iter().chain(&proof.hashes);
    let first = *hashes.next().ok_or(wrong_length)?;
    let mut walk = Walk {
        at: older.size.saturating_sub(1),
        last: newer.size.saturating_sub(1),
    };
    walk.leave_right_children();
    let (mut older_root, mut newer_root) = (first, first);
    for hash in hashes {
        match walk.step().ok_or(wrong_length)? {
            Side::Left => {
                older_root = node_hash(hash, &older_root);
                newer_root = node_hash(hash, &newer_root);
            }
            Side::Right => newer_root = node_hash(&newer_root, hash),
        }
    }
    if walk.last != 0 {
        return Err(wrong_length);
    }
    if older_root != older.root {
        return Err(ProofError::OtherOlderRoot);
    }
    if newer_root == newer.root {
        Ok(())
    } else {
        Err(ProofError::OtherRoot)
    }
}

/// An empty tree begins every tree, and a tree begins itself: neither needs a hash.
fn verify_without_hashes(
    older: &TreeHead,
    newer: &TreeHead,
    proof: &ConsistencyProof,
) -> Result<(), ProofError> {
    if !proof.hashes.is_empty() {
        return Err(ProofError::WrongLength {
            count: proof.hashes.len(),
        });
    }
    if older.size == 0 && older.root != empty_root() {
        return Err(ProofError::OtherOlderRoot);
    }
    if older.size == newer.size && older.root != newer.root {
        return Err(ProofError::OtherRoot);
    }
    Ok(())
}

/// On which side of the node at hand the next hash of the proof stands.
enum Side {
    Left,
    Right,
}

/// The way from a leaf up: `fn` and `sn` of RFC 9162, the node at hand and the last of its row.
struct Walk {
    at: u64,
    last: u64,
}

impl Walk {
    /// One row up; `None` at the root, where no further hash can belong.
    fn step(&mut self) -> Option<Side> {
        if self.last == 0 {
            return None;
        }
        let side = if self.at & 1 == 1 || self.at == self.last {
            // The last node of a row may have no sibling for several rows: it is carried up.
            while self.at & 1 == 0 && self.at != 0 {
                self.up();
            }
            Side::Left
        } else {
            Side::Right
        };
        self.up();
        Some(side)
    }

    /// Leaves the rows in which the node at hand ends a complete subtree.
    fn leave_right_children(&mut self) {
        while self.at & 1 == 1 {
            self.up();
        }
    }

    fn up(&mut self) {
        self.at >>= 1;
        self.last >>= 1;
    }
}
