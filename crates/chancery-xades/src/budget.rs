//! What all signatures of a document together may cost: octets that are digested, and steps.

use std::cell::Cell;

use chancery_signature::DigestAlgorithm;

/// What writing a node costs, beside its octets, in looks at a node.
const WRITE_STEPS: usize = 16;
/// What comparing a value with a key costs.
const VERIFY_STEPS: usize = 100_000;
/// How much longer the oldest Russian digest takes than others.
const SLOW_DIGEST: usize = 32;
/// How many octets are digested while one node is looked at.
const DIGEST_STEP_BYTES: usize = 4;

/// Spent by everything that is looked at, for whichever reference or signature.
pub(crate) struct Budget {
    bytes: Cell<usize>,
    steps: Cell<usize>,
    is_spent: Cell<bool>,
}

impl Budget {
    pub fn new(bytes: usize, steps: usize) -> Self {
        Self {
            bytes: Cell::new(bytes),
            steps: Cell::new(steps),
            is_spent: Cell::new(false),
        }
    }

    /// Octets that may still be digested.
    pub fn bytes(&self) -> usize {
        self.bytes.get()
    }

    /// Whether more was asked for than there was.
    pub fn is_spent(&self) -> bool {
        self.is_spent.get()
    }

    /// Takes steps: looks at a node. No if there are not so many left.
    pub fn spend(&self, steps: usize) -> bool {
        let left = self.steps.get().checked_sub(steps);
        self.steps.set(left.unwrap_or(0));
        if left.is_none() {
            self.is_spent.set(true);
        }
        left.is_some()
    }

    /// Takes the steps of writing nodes in a form with so many listed prefixes.
    pub fn spend_written(&self, nodes: usize, prefixes: usize) -> bool {
        self.spend(nodes.saturating_mul(WRITE_STEPS.saturating_add(prefixes)))
    }

    /// Takes the steps of comparing a value with a key.
    pub fn spend_verification(&self) -> bool {
        self.spend(VERIFY_STEPS)
    }

    /// Takes the steps of digesting what is no octet of the document.
    pub fn spend_digest(&self, bytes: usize, digest: Option<DigestAlgorithm>) -> bool {
        self.spend(weighed(bytes, digest) / DIGEST_STEP_BYTES)
    }

    /// Takes octets of the document that are to be digested.
    pub fn spend_bytes(&self, bytes: usize, digest: DigestAlgorithm) -> bool {
        let left = self.bytes.get().checked_sub(weighed(bytes, Some(digest)));
        self.bytes.set(left.unwrap_or(0));
        left.is_some()
    }
}

fn weighed(bytes: usize, digest: Option<DigestAlgorithm>) -> usize {
    match digest {
        Some(DigestAlgorithm::Gost94) => bytes.saturating_mul(SLOW_DIGEST),
        _ => bytes,
    }
}
