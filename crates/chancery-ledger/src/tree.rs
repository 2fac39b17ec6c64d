//! The Merkle tree of RFC 6962, 2.1: hashes, heads, and the paths that proofs consist of.

use sha2::{Digest as _, Sha256};

use crate::proof::{ConsistencyProof, InclusionProof};

/// SHA-256 of something.
pub type Hash = [u8; 32];

/// The hash of a leaf: `SHA-256(0x00 ‖ leaf)` (RFC 6962, 2.1).
#[must_use]
pub fn leaf_hash(canonical_bytes: &[u8]) -> Hash {
    Sha256::new()
        .chain_update([0x00])
        .chain_update(canonical_bytes)
        .finalize()
        .into()
}

/// The hash of an inner node: `SHA-256(0x01 ‖ left ‖ right)` (RFC 6962, 2.1). The two prefixes
/// keep a node from being passed off as a leaf.
#[must_use]
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    Sha256::new()
        .chain_update([0x01])
        .chain_update(left)
        .chain_update(right)
        .finalize()
        .into()
}

/// The root of a tree without leaves: the hash of nothing (RFC 6962, 2.1).
#[must_use]
pub fn empty_root() -> Hash {
    Sha256::digest([]).into()
}

/// What a log was at one moment: how many leaves, and the root over them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TreeHead {
    /// Number of leaves.
    pub size: u64,
    /// The root over exactly these leaves.
    pub root: Hash,
}

/// A question about leaves that this tree does not have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the tree has {size} leaves; asked for {asked}")]
pub struct OutOfRange {
    /// Leaves in the tree, or in the earlier tree that was asked about.
    pub size: u64,
    /// The position or size that was asked for.
    pub asked: u64,
}

/// A tree over leaf hashes, in memory: 32 bytes a leaf.
///
/// A root is computed when it is asked for, in time linear in its leaves.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tree {
    leaves: Vec<Hash>,
}

impl Tree {
    /// The tree over these hashes, the first at position 0.
    #[must_use]
    pub fn from_leaf_hashes(hashes: impl IntoIterator<Item = Hash>) -> Self {
        Self {
            leaves: hashes.into_iter().collect(),
        }
    }

    /// Appends a leaf hash and returns its position.
    pub fn push(&mut self, leaf_hash: Hash) -> u64 {
        let position = self.size();
        self.leaves.push(leaf_hash);
        position
    }

    /// Number of leaves.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.leaves.len() as u64
    }

    /// The head over all leaves.
    #[must_use]
    pub fn head(&self) -> TreeHead {
        TreeHead {
            size: self.size(),
            root: root_of(&self.leaves),
        }
    }

    /// The head as it was when the tree had `size` leaves.
    ///
    /// # Errors
    ///
    /// [`OutOfRange`] if it never had that many.
    pub fn head_at(&self, size: u64) -> Result<TreeHead, OutOfRange> {
        Ok(TreeHead {
            size,
            root: root_of(self.first(size)?),
        })
    }

    /// Proves that the leaf at `position` is in the tree of the first `size` leaves: the audit path
    /// of RFC 6962, 2.1.1.
    ///
    /// # Errors
    ///
    /// [`OutOfRange`] if there are not `size` leaves, or `position` is not among them.
    pub fn inclusion_proof(&self, position: u64, size: u64) -> Result<InclusionProof, OutOfRange> {
        let leaves = self.first(size)?;
        let at = usize::try_from(position)
            .ok()
            .filter(|at| *at < leaves.len());
        let at = at.ok_or(OutOfRange {
            size,
            asked: position,
        })?;
        let mut hashes = Vec::new();
        push_path(leaves, at, &mut hashes);
        Ok(InclusionProof { position, hashes })
    }

    /// Proves that the tree of the first `older` leaves begins the tree of the first `newer`:
    /// RFC 6962, 2.1.2. It is empty when the two are the same, or the older has no leaf.
    ///
    /// # Errors
    ///
    /// [`OutOfRange`] if there are not `newer` leaves, or `older` is more than `newer`.
    pub fn consistency_proof(
        &self,
        older: u64,
        newer: u64,
    ) -> Result<ConsistencyProof, OutOfRange> {
        let leaves = self.first(newer)?;
        let kept = usize::try_from(older)
            .ok()
            .filter(|kept| *kept <= leaves.len());
        let kept = kept.ok_or(OutOfRange {
            size: newer,
            asked: older,
        })?;
        let mut hashes = Vec::new();
        if kept > 0 {
            push_subproof(leaves, kept, KnownRoot::Yes, &mut hashes);
        }
        Ok(ConsistencyProof { hashes })
    }

    fn first(&self, size: u64) -> Result<&[Hash], OutOfRange> {
        let out_of_range = OutOfRange {
            size: self.size(),
            asked: size,
        };
        let count = usize::try_from(size).map_err(|_| out_of_range)?;
        self.leaves.get(..count).ok_or(out_of_range)
    }
}

/// Splits two or more leaves where RFC 6962 does: at the largest power of two below their number.
fn split(leaves: &[Hash]) -> (&[Hash], &[Hash]) {
    leaves.split_at(leaves.len().next_power_of_two() / 2)
}

/// `MTH` of RFC 6962, 2.1. Depth is the logarithm of the number of leaves.
fn root_of(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => empty_root(),
        [only] => *only,
        more => {
            let (left, right) = split(more);
            node_hash(&root_of(left), &root_of(right))
        }
    }
}

/// `PATH` of RFC 6962, 2.1.1: the siblings from the leaf up to the root.
fn push_path(leaves: &[Hash], at: usize, hashes: &mut Vec<Hash>) {
    if leaves.len() < 2 {
        return;
    }
    let (left, right) = split(leaves);
    match at.checked_sub(left.len()) {
        None => {
            push_path(left, at, hashes);
            hashes.push(root_of(right));
        }
        Some(at) => {
            push_path(right, at, hashes);
            hashes.push(root_of(left));
        }
    }
}

/// Whether the verifier already has the root of the subtree at hand (the `b` of RFC 6962).
#[derive(Clone, Copy, PartialEq, Eq)]
enum KnownRoot {
    Yes,
    No,
}

/// `SUBPROOF` of RFC 6962, 2.1.2. `kept` is at least 1 and at most the number of leaves.
fn push_subproof(leaves: &[Hash], kept: usize, known: KnownRoot, hashes: &mut Vec<Hash>) {
    if kept == leaves.len() {
        if known == KnownRoot::No {
            hashes.push(root_of(leaves));
        }
        return;
    }
    let (left, right) = split(leaves);
    if kept <= left.len() {
        push_subproof(left, kept, known, hashes);
        hashes.push(root_of(right));
    } else {
        push_subproof(right, kept - left.len(), KnownRoot::No, hashes);
        hashes.push(root_of(left));
    }
}
